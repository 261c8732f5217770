/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection in the list: what it is, how it is, what to do about it. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayConnectionRow:
 *
 * Signals:
 * - "told" (const char *sentence): something ended that the user asked for, to be said in passing
 * - "disconnect": the user wants to disconnect it; the list asks what becomes of its data
 */
#define ASSAY_TYPE_CONNECTION_ROW (assay_connection_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayConnectionRow, assay_connection_row, ASSAY, CONNECTION_ROW, AdwPreferencesRow)

GtkWidget *assay_connection_row_new (AssayService *service);

/* Shows @connection, copied; the row's focus, menu and running work stay. */
void       assay_connection_row_set_connection (AssayConnectionRow    *self,
                                                const AssayConnection *connection);
gint64     assay_connection_row_get_id (AssayConnectionRow *self);
/* (transfer none) (nullable) */
const AssayConnection *assay_connection_row_get_connection (AssayConnectionRow *self);
/* Shows that something is done for it elsewhere. */
void       assay_connection_row_set_working (AssayConnectionRow *self,
                                             gboolean            working);
/* Says in the row what failed, until something else is asked for. */
void       assay_connection_row_show_error (AssayConnectionRow *self,
                                            const GError       *error);
/* (transfer full): why a failing connection fails and what to do, in a sentence or two; text, not markup */
char      *assay_connection_row_dup_reason (const AssayConnection *connection);
/* (transfer none): the state in a word: "Enabled", "Relink needed" … */
const char *assay_connection_row_get_state_word (const AssayConnection *connection);

/* A set-up that isn't finished goes on with this draft; 0 for none. */
void       assay_connection_row_set_draft (AssayConnectionRow *self,
                                           gint64              draft_id);
/* (nullable): what the doctor warns of, and what to do */
void       assay_connection_row_set_warning (AssayConnectionRow *self,
                                             const char         *warning);
/* Shows all that is known of it. */
void       assay_connection_row_open_details (AssayConnectionRow *self);

G_END_DECLS
