/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for a file. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @file: (transfer none) */
typedef void (*AssayChosen) (GFile *file, gpointer user_data);

/**
 * assay_chooser_show:
 * @chooser: (transfer full): it has a window that it belongs to
 * @chosen: what to do with the file; not called when there is none
 * @user_data: for @chosen
 * @destroy: (nullable): frees @user_data
 *
 * Shows @chooser until it is answered, or its window goes.
 */
void assay_chooser_show (GtkFileChooserNative *chooser,
                         AssayChosen           chosen,
                         gpointer              user_data,
                         GDestroyNotify        destroy);

G_END_DECLS
