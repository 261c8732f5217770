/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of people with all that can be in its place: outlines while loading, nothing, failed; and what is
 * new. */
#pragma once

#include <adwaita.h>

#include "assay-row-list.h"
#include "assay-selection.h"
#include "assay-state-page.h"

G_BEGIN_DECLS

/**
 * AssayRowListView:
 *
 * Signals: "activated" (int64 id) when a row is clicked or Enter is pressed on it; "retry" when the user asks
 * for the query again after it failed.
 */
#define ASSAY_TYPE_ROW_LIST_VIEW (assay_row_list_view_get_type ())
G_DECLARE_FINAL_TYPE (AssayRowListView, assay_row_list_view, ASSAY, ROW_LIST_VIEW, AdwBin)

/**
 * assay_row_list_view_set_rows:
 * @self: a view
 * @rows: what it shows; set once
 * @label: what a screen reader calls the list
 */
void assay_row_list_view_set_rows (AssayRowListView *self, AssayRowList *rows, const char *label);

/* Blocks for the milliseconds that it takes until those rows are here that its window has room for. */
void assay_row_list_view_await_first (AssayRowListView *self);

/* (transfer none) (nullable): the selection, once there are rows */
AssaySelection *assay_row_list_view_get_selection (AssayRowListView *self);

/* (transfer none): what stands in for a list without rows; the page fills in its words */
AssayStatePage *assay_row_list_view_get_empty_page (AssayRowListView *self);

void assay_row_list_view_set_show_job (AssayRowListView *self, gboolean show_job);

/* Selects the next (@step 1) or previous (-1) row and brings it into sight; the first one when none is
 * selected. */
void assay_row_list_view_move (AssayRowListView *self, int step);

/* Whether rows can be picked, see #AssaySelection; before there are rows. */
void assay_row_list_view_set_can_pick (AssayRowListView *self, gboolean can_pick);

/* Picks the row that has the focus, or else the one that is open; or lets it go. */
void assay_row_list_view_toggle_picked (AssayRowListView *self);

/* Opens the selected row. */
void assay_row_list_view_activate_selected (AssayRowListView *self);

/* Forgets a failure, for the caller who starts a new query. */
void assay_row_list_view_clear_failure (AssayRowListView *self);

G_END_DECLS
