/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of an assessment with all that belongs to it: the providers' lists as the store knows them, reading them
 * again, what stands in the way of that, and what was sent last. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayAssessmentPicker:
 *
 * Signals: "picked", when another assessment is picked, by the user or because it is the only one or the last one used;
 * "loaded", whenever what the store knows was read, the first time too, or couldn't be read even once.
 */
#define ASSAY_TYPE_ASSESSMENT_PICKER (assay_assessment_picker_get_type ())
G_DECLARE_FINAL_TYPE (AssayAssessmentPicker, assay_assessment_picker, ASSAY, ASSESSMENT_PICKER, AdwBin)

GtkWidget *assay_assessment_picker_new (void);

/* Begins to read; once. */
void assay_assessment_picker_set_service (AssayAssessmentPicker *self, AssayService *service);

/* Whose last assessment stands first and is picked: a job's id, or 0 for whatever was sent last. Before the service. */
void assay_assessment_picker_set_job (AssayAssessmentPicker *self, gint64 job_id);

/* For whom: the last assessment is that of this application's job, and what the person was invited to already is marked, and
 * isn't picked by itself. Before the service, and instead of a job. */
void assay_assessment_picker_set_application (AssayAssessmentPicker *self, gint64 application_id);

/* Reads the providers' lists again, as its button does. */
void assay_assessment_picker_refresh (AssayAssessmentPicker *self);

/* Whether the store was read, and whether a provider is there whose assessments can be sent. */
gboolean assay_assessment_picker_is_loaded (AssayAssessmentPicker *self);
gboolean assay_assessment_picker_has_provider (AssayAssessmentPicker *self);
/* (nullable) (transfer none): why the store couldn't be read, while it never was */
const GError *assay_assessment_picker_get_error (AssayAssessmentPicker *self);
/* (element-type AssayConnection) (nullable) (transfer none): all there are, valid until the next "loaded" */
GPtrArray *assay_assessment_picker_get_connections (AssayAssessmentPicker *self);

/* (nullable) (transfer none): valid until the next "loaded" */
const AssayAssessment *assay_assessment_picker_get_picked (AssayAssessmentPicker *self);
/* (nullable) (transfer none): the provider of the picked one, likewise */
const AssayConnection *assay_assessment_picker_get_provider (AssayAssessmentPicker *self);
/* The picked one's id, or that of any other that could be sent; 0 for none. */
gint64                 assay_assessment_picker_get_any (AssayAssessmentPicker *self);

/* Remembers the picked one as the last that was sent. */
void assay_assessment_picker_remember (AssayAssessmentPicker *self);

G_END_DECLS
