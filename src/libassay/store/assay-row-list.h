/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list that is a window on a query: a GListModel whose length is the query's and whose rows are read a page at a time
 * when somebody looks at them. Memory stays within 16 bytes a row plus a bounded number of pages. */
#pragma once

#include <gio/gio.h>

#include "assay-queries.h"
#include "assay-store.h"

G_BEGIN_DECLS

/**
 * AssayRow:
 *
 * One row. It exists before its content does (#AssayRow:loaded) and keeps its identity while its content changes, so
 * that a list widget never has to rebuild it.
 *
 * Properties: "id" (int64), "loaded" (boolean), "value" (pointer: notify only). Signal "changed" after new content.
 */
#define ASSAY_TYPE_ROW (assay_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayRow, assay_row, ASSAY, ROW, GObject)

gint64                  assay_row_get_id (AssayRow *self);
gboolean                assay_row_is_loaded (AssayRow *self);
/* (nullable) (transfer none): the content, if the list is one of applications and it is loaded; without
 * summary, tags and documents, which can be long and which no row shows */
const AssayApplication *assay_row_get_application (AssayRow *self);
/* (nullable) (transfer none): the content, if the list is one of invitations and it is loaded */
const AssayInvitation  *assay_row_get_invitation (AssayRow *self);

/**
 * AssayRowList:
 *
 * Follows the store: after a change signal the loaded rows that changed are read again in place. Rows that came and
 * would push others are held back and counted in #AssayRowList:held-back until assay_row_list_show_held_back(); rows
 * that left are removed. Nothing is held back while the list has fewer than 50 rows, nor what came while an ATS was read
 * for the first time.
 *
 * Properties: "loading" (boolean: the first page of the present query isn't here yet), "held-back" (uint),
 * "hold-back" (boolean, read-write, default TRUE: FALSE holds nothing back),
 * "n-items" (uint, notifies), "complete" (boolean: all ids of the query are here, and not only its first ones).
 * Signals: "failed" (GError*) when a query failed; the old rows stay. "items-leaving" (uint position, uint removed)
 * before an "items-changed" that takes away several, while all are still there; a handler returns how many of them, from
 * the first on, are to be announced by themselves (uint), after which it is asked about the rest; 0: none.
 */
#define ASSAY_TYPE_ROW_LIST (assay_row_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayRowList, assay_row_list, ASSAY, ROW_LIST, GObject)

AssayRowList *assay_row_list_new_applications (AssayStore *store);
/* Invitations, newest change first. */
AssayRowList *assay_row_list_new_invitations (AssayStore *store);

/* Starts the query anew; of several calls in a row only the last one's result is shown. NULL means no conditions. */
void          assay_row_list_set_application_filter (AssayRowList *self, const AssayApplicationFilter *filter);
/* -1: any */
void          assay_row_list_set_invitation_status (AssayRowList *self, int status);
/* Of a list of invitations: only those of a batch, in its order (see assay_batches_list_invitation_ids()); 0: all. */
void          assay_row_list_set_batch (AssayRowList *self, gint64 batch_id);
/* Blocks until the first @n_rows are here, which takes milliseconds: for a list that is to be in the first frame. The
 * others follow when there is nothing else to do. */
void          assay_row_list_await_first (AssayRowList *self, guint n_rows);
gboolean      assay_row_list_get_loading (AssayRowList *self);
guint         assay_row_list_get_held_back (AssayRowList *self);
void          assay_row_list_show_held_back (AssayRowList *self);
gboolean      assay_row_list_is_complete (AssayRowList *self);
/* The id at @position, which is within the list; no row is made for it, or read. */
gint64        assay_row_list_get_id (AssayRowList *self, guint position);
/* The position of a record, or G_MAXUINT. */
guint         assay_row_list_find (AssayRowList *self, gint64 id);
/* The same among the positions from @start up to before @end. */
guint         assay_row_list_find_between (AssayRowList *self, gint64 id, guint start, guint end);

G_END_DECLS
