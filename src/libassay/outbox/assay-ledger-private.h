/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ledger's own files share. */
#pragma once

#include "assay-ledger.h"

G_BEGIN_DECLS

/* What an invitation's row in the outbox keeps beyond the invitation: whether it is a retake, and whether its address was typed
 * over, so that the ATS's doesn't take its place later. */
#define ASSAY_LEDGER_AGAIN "\"again\":true"
#define ASSAY_LEDGER_TYPED "\"typed\":true"

/* Ends an attempt, or anything else that gives a row a new state: it must be in one of @expected (names, separated by commas),
 * or INVALID is set. @due_at 0 keeps the time. Gives the invitation that follows the row's state; 0 where none does (an effect,
 * or its invitation was erased), -1 on error. */
gint64 assay_ledger_settle_row (AssayDatabase *database, gint64 outbox_id, const char *expected, AssayOutboxState state,
                                gint64 due_at, const char *last_error, const char *evidence, GError **error);

/* Writes an invitation's status, with an entry of its history, and all that follows from it. */
gboolean assay_ledger_set_invitation_status (AssayDatabase *database, gint64 invitation_id, AssayInvitationStatus status,
                                             const char *status_text, const char *sentence, const char *source,
                                             gboolean unseen, GError **error);
/* Whether the connection of a provider can be used now; else an error that says why, and what to do. */
gboolean assay_ledger_check_provider (const AssayConnection *connection, GError **error);

/* Everything that follows from a change of an invitation's row. */
gboolean assay_ledger_note_invitation_changed (AssayDatabase *database, gint64 invitation_id, gboolean unseen, GError **error);
gboolean assay_ledger_add_event (AssayDatabase *database, gint64 invitation_id, AssayInvitationStatus status,
                                 const char *status_text, const char *source, GError **error);

/* The first column of the only row, 0 without a row; -1 on error. @statement NULL: an error is set already. */
gint64 assay_ledger_read_number (AssayStatement *statement, GError **error);

/* (transfer full): a natural key of @kind; @parts: NULL-terminated */
char *assay_ledger_make_key (const AssayConnection *connection, const char *kind, const char *const *parts);

/* A key that a person's action can have: @key itself, or one that counts on, while the last one's row is done. */
char *assay_ledger_renew_key (AssayDatabase *database, const char *key, GError **error);

/* "12 November 2026 at 14:02", in the user's time zone; (transfer full) */
char *assay_ledger_format_moment (gint64 milliseconds);

G_END_DECLS
