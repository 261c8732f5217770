/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window in place of the main one when the store can't be opened. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * AssayStorageWindow:
 *
 * Signal: "retry": the user asks to open the store again.
 */
#define ASSAY_TYPE_STORAGE_WINDOW (assay_storage_window_get_type ())
G_DECLARE_FINAL_TYPE (AssayStorageWindow, assay_storage_window, ASSAY, STORAGE_WINDOW, AdwApplicationWindow)

GtkWindow *assay_storage_window_new (GtkApplication *application, const GError *error);

G_END_DECLS
