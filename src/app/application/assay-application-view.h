/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of an application's page: who, the overview, and the assessments. */
#pragma once

#include <adwaita.h>

#include "assay-application-content.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_APPLICATION_VIEW (assay_application_view_get_type ())
G_DECLARE_FINAL_TYPE (AssayApplicationView, assay_application_view, ASSAY, APPLICATION_VIEW, AdwBin)

AssayApplicationView *assay_application_view_new (AssayService *service);

/* @before: (nullable): what was shown until now; of the same application, only what differs is written. */
void assay_application_view_show (AssayApplicationView          *self,
                                  const AssayApplicationContent *before,
                                  const AssayApplicationContent *content);

/* Turns to the assessments. */
void assay_application_view_show_assessments (AssayApplicationView *self);

/* (nullable) (transfer none): the card of an invitation */
GtkWidget *assay_application_view_get_card (AssayApplicationView *self, gint64 invitation_id);

G_END_DECLS
