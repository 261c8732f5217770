/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the providers how far the open invitations are: new ones often, old ones seldom, those that somebody looks at
 * every few seconds. On the main context. */
#pragma once

#include "assay-connector-pool.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* How often an invitation that somebody looks at is asked for, in milliseconds. */
#define ASSAY_POLLER_WATCH_INTERVAL (5 * 1000)

/* Signal "keyring-failed" (GError*): the keyring stands in the way. */
#define ASSAY_TYPE_POLLER (assay_poller_get_type ())
G_DECLARE_FINAL_TYPE (AssayPoller, assay_poller, ASSAY, POLLER, GObject)

AssayPoller *assay_poller_new (AssayStore *store, AssayConnectorPool *pool);

void assay_poller_start (AssayPoller *self);
void assay_poller_stop (AssayPoller *self);
/* Looks again: invitations changed. */
void assay_poller_wake (AssayPoller *self);
/* Looks again at what waits after a failure too: the network came back, the keyring was unlocked. */
void assay_poller_retry (AssayPoller *self);

/* Calls nest. */
void assay_poller_watch (AssayPoller *self, gint64 invitation_id);
void assay_poller_unwatch (AssayPoller *self, gint64 invitation_id);

/* Asks for one now, whether open or not. INVALID where the provider's id of it isn't known. */
void     assay_poller_ask_async (AssayPoller *self, gint64 invitation_id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_poller_ask_finish (AssayPoller *self, GAsyncResult *result, GError **error);

/* When to ask next, in milliseconds from now, for an invitation sent and last changed so many milliseconds ago: a tenth of
 * the time since something last happened, from 10 s to an hour; once a day after eight weeks (how long Greenhouse, whose
 * protocol this is, goes on asking). */
gint64 assay_poller_get_interval (gint64 since_sent, gint64 since_change);

G_END_DECLS
