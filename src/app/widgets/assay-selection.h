/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The selection in a list of rows: one record that is open, and any number that are picked, all kept by their ids. */
#pragma once

#include <gtk/gtk.h>

#include "assay-row-list.h"

G_BEGIN_DECLS

/**
 * AssaySelection:
 *
 * A #GtkSelectionModel with at most one selected row: the one that is open. Unlike #GtkSingleSelection it holds
 * the record's id, so the selection survives any reordering, and it never reads rows to find out where the
 * selected one went: on a list of a hundred thousand rows that would load all of them.
 *
 * Beside it any number of records can be picked, to do something to all of them. Opening another row leaves them
 * picked; Ctrl+click, Shift+click and Ctrl+A, which the list view hands on, change what is picked and not what is
 * open. Picks too are ids, a bit each, and stay over other searches.
 *
 * Properties: "selected-id" (int64, notifies): 0 for none; it stays when the record leaves the list. "n-picked"
 * (uint, read-only): notifies whenever something else is picked.
 */
#define ASSAY_TYPE_SELECTION (assay_selection_get_type ())
G_DECLARE_FINAL_TYPE (AssaySelection, assay_selection, ASSAY, SELECTION, GObject)

AssaySelection *assay_selection_new (AssayRowList *rows);
gint64          assay_selection_get_selected_id (AssaySelection *self);
void            assay_selection_set_selected_id (AssaySelection *self, gint64 id);
/* The position of the selected record, or G_MAXUINT. */
guint           assay_selection_get_position (AssaySelection *self);

/* Whether rows can be picked; at first they can't. */
void     assay_selection_set_can_pick (AssaySelection *self, gboolean can_pick);
guint    assay_selection_get_n_picked (AssaySelection *self);
gboolean assay_selection_is_picked (AssaySelection *self, gint64 id);
/* Picks the row there, or lets it go; out of range nothing happens. */
void     assay_selection_toggle (AssaySelection *self, guint position);
/* Picks all that the list's query gives, once it is known. */
void     assay_selection_pick_all (AssaySelection *self);
void     assay_selection_clear_picked (AssaySelection *self);
/* (transfer full) (element-type gint64): what is picked: in the list's order, then what isn't in the list now */
GArray  *assay_selection_dup_picked (AssaySelection *self);

G_END_DECLS
