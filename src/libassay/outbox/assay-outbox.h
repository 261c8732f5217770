/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends what the ledger holds: the only place from which anything at a vendor is changed. On the main context. */
#pragma once

#include "assay-connector-pool.h"
#include "assay-store.h"

G_BEGIN_DECLS

/**
 * AssayOutbox:
 *
 * The life of a row:
 *
 * It waits until it is due and its connection is enabled. Then its connector is made (a locked keyring or a missing key leave it
 * where it is), and it is claimed: `sending` with our owner number, committed, before a byte leaves. What the provider's
 * answer means is settled in a second commit. A row whose owner died in between is found by the next process, and
 * becomes `unsure`: nobody can tell whether its request arrived, and it is never sent again by itself.
 *
 * A provider that can be asked whom it has invited is asked: before a row is claimed (whom it lists is invited already, and
 * nothing is sent), after an answer was lost, and for rows that are unsure when the program starts (whom it lists was
 * invited). That it doesn't list somebody proves nothing: the row stays unsure, and a person decides.
 *
 * Before an invitation its ATS is asked as well, while that connection is enabled: for one who is gone or whose application was
 * closed, and for a tag by which another copy of Assay, or the provider's own integration, says that it has invited. An ATS that
 * can't be reached holds an invitation up only where its setting "mark-invitations" is on, and then for a quarter of an hour at
 * most; the invitation's history says so.
 *
 * Other effects (assay-effect.h) are rows too. Those that leave the same when they are done twice are done again after a lost
 * answer, once the ATS was asked how things are; the others become `unsure` as an invitation does. A permission that is missing
 * ends that one effect; a key that is refused stops the connection and keeps its queue.
 *
 * What stopped one row for now (the vendor is out of order, or says wait) holds the others of that connection for half a minute
 * unless somebody waits for them.
 *
 * One row of a connection is under way at a time; connections don't wait for each other. While an invitation is on the wire,
 * the ATS is asked about the next one, so that a bulk leaves at the provider's pace; what it says is used for three seconds.
 *
 * Signal "keyring-failed" (GError*): the keyring stands in the way of something that is due.
 */
#define ASSAY_TYPE_OUTBOX (assay_outbox_get_type ())
G_DECLARE_FINAL_TYPE (AssayOutbox, assay_outbox, ASSAY, OUTBOX, GObject)

AssayOutbox *assay_outbox_new (AssayStore *store, AssayConnectorPool *pool);

/* From now on everything that is due leaves by itself. */
void     assay_outbox_start (AssayOutbox *self);
/* Begins nothing more; what is on the wire stays there. */
void     assay_outbox_stop (AssayOutbox *self);
gboolean assay_outbox_is_sending (AssayOutbox *self);

/* Looks again: a row was queued, by us or by another process. */
void     assay_outbox_wake (AssayOutbox *self);
/* Looks again at what waits after a failure too: the network came back, the keyring was unlocked. */
void     assay_outbox_retry (AssayOutbox *self);

/* Sends one invitation, due or not, and waits until it is settled (@invitation_id 0: all that is due). The error is that of
 * the one: UNAVAILABLE, RATE_LIMITED, UNAUTHORIZED, FORBIDDEN and the keyring's mean that it stays queued.
 * Cancelling ends the waiting, not the request. */
void     assay_outbox_run_async (AssayOutbox *self, gint64 invitation_id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* The same for any row. */
void     assay_outbox_run_row_async (AssayOutbox *self, gint64 outbox_id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_outbox_run_finish (AssayOutbox *self, GAsyncResult *result, GError **error);

G_END_DECLS
