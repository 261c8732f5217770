/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The selection in a list of rows: one record, kept by its id. */
#pragma once

#include <gtk/gtk.h>

#include "assay-row-list.h"

G_BEGIN_DECLS

/**
 * AssaySelection:
 *
 * A #GtkSelectionModel with at most one selected row. Unlike #GtkSingleSelection it holds the record's id, so
 * the selection survives any reordering, and it never reads rows to find out where the selected one went: on
 * a list of a hundred thousand rows that would load all of them.
 *
 * Property: "selected-id" (int64, notifies): 0 for none. It stays when the record leaves the list.
 */
#define ASSAY_TYPE_SELECTION (assay_selection_get_type ())
G_DECLARE_FINAL_TYPE (AssaySelection, assay_selection, ASSAY, SELECTION, GObject)

AssaySelection *assay_selection_new (AssayRowList *rows);
gint64          assay_selection_get_selected_id (AssaySelection *self);
void            assay_selection_set_selected_id (AssaySelection *self, gint64 id);
/* The position of the selected record, or G_MAXUINT. */
guint           assay_selection_get_position (AssaySelection *self);

G_END_DECLS
