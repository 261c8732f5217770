/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entering an accepted candidate by hand. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayImportedDialog:
 *
 * Signal: "imported" (uint n), with 1
 */
#define ASSAY_TYPE_IMPORTED_DIALOG (assay_imported_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AssayImportedDialog, assay_imported_dialog, ASSAY, IMPORTED_DIALOG, AdwWindow)

/* @connection: copied as far as it is needed */
GtkWindow *assay_imported_dialog_new (AssayService *service, const AssayConnection *connection);

G_END_DECLS
