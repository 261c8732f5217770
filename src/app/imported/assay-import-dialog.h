/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file with candidates holds: who is understood and who isn't, and why; and importing them. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayImportDialog:
 *
 * Nothing is written before *Import* is pressed, and nothing of what isn't understood.
 *
 * Signal: "imported" (uint n)
 */
#define ASSAY_TYPE_IMPORT_DIALOG (assay_import_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AssayImportDialog, assay_import_dialog, ASSAY, IMPORT_DIALOG, AdwWindow)

GtkWindow *assay_import_dialog_new (AssayService *service, gint64 connection_id, GFile *file);

G_END_DECLS
