/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog in which one sends an assessment to many: who, then what, and what exactly will happen. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/* So many at a time. What is more is no longer one decision. */
#define ASSAY_BULK_MAXIMUM 20000

/**
 * AssayBulkDialog:
 *
 * Everybody is judged by the service before anything is sent: those who can't be invited are set aside with the reason.
 * Whoever stands in the list as ready, and nobody else, is invited.
 */
#define ASSAY_TYPE_BULK_DIALOG (assay_bulk_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AssayBulkDialog, assay_bulk_dialog, ASSAY, BULK_DIALOG, AdwWindow)

/**
 * AssayBulkDialog::sent:
 * @self: the dialog, which closes itself after this
 * @batch_id: the batch, nothing of which leaves for ten seconds
 * @n_people: how many it invites
 */

/**
 * assay_bulk_dialog_new:
 * @service: the service
 * @application_ids: (element-type gint64): whom, in this order; at most %ASSAY_BULK_MAXIMUM
 * @title: (nullable): where they are from, as in "Backend Engineer, Phone Screen"
 * @job_id: the one job all are of, or 0
 *
 * Returns: (transfer full): the dialog; the caller sets what it is transient for, and presents it
 */
GtkWindow *assay_bulk_dialog_new (AssayService *service, GArray *application_ids, const char *title, gint64 job_id);

/**
 * assay_bulk_dialog_new_for_file:
 * @service: the service
 * @file: a CSV file; what of it is understood is shown before anything else
 *
 * Returns: (transfer full): the dialog, likewise
 */
GtkWindow *assay_bulk_dialog_new_for_file (AssayService *service, GFile *file);

G_END_DECLS
