/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connectors in use: made from the store's settings and the keyring's secrets when first asked for, kept until the
 * connection changes. All callbacks on the main context. */
#pragma once

#include "assay-connector.h"
#include "assay-secrets.h"
#include "assay-store.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CONNECTOR_POOL (assay_connector_pool_get_type ())
G_DECLARE_FINAL_TYPE (AssayConnectorPool, assay_connector_pool, ASSAY, CONNECTOR_POOL, GObject)

AssayConnectorPool *assay_connector_pool_new (AssayStore *store, AssaySecrets *secrets, AssayHttp *http);

/* (transfer full): the AssayAts or AssayProvider of a connection. Errors: NOT_FOUND, UNAUTHORIZED (no key in the
 * keyring), the three keyring errors, INVALID (settings). Never prompts. */
void     assay_connector_pool_get_async (AssayConnectorPool *self, gint64 connection_id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
GObject *assay_connector_pool_get_finish (AssayConnectorPool *self, GAsyncResult *result, GError **error);

/* (nullable) (transfer none): the connector that is kept for a connection, if there is one now */
GObject *assay_connector_pool_peek (AssayConnectorPool *self, gint64 connection_id);

/* Drops a connector, and with it its secrets' copies (0: all of them). */
void assay_connector_pool_forget (AssayConnectorPool *self, gint64 connection_id);

/* Makes a connector that isn't kept, from a connection that may not be stored; (transfer full) (nullable) */
GObject *assay_connector_pool_make (AssayConnectorPool *self, const AssayConnection *connection, GHashTable *secrets,
                                    GError **error);

/* Whether tokens of a sign-in are being renewed: ending the program now could lose the only good ones. */
gboolean assay_connector_pool_is_renewing (AssayConnectorPool *self);
/* (transfer full): the file whose byte of a connection's id is locked while its tokens are replaced */
char    *assay_connector_pool_dup_sign_in_lock (AssayConnectorPool *self);

/* Makes the reason what the question about removals says, or none where nothing is asked. */
void     assay_connection_note_removals (AssayConnection *connection);
/* Writes into a connection's row what the last call to its vendor showed: @error NULL for a good answer. A refused key or
 * permission makes an enabled connection failing; an unreachable vendor leaves its state, and says why. */
gboolean assay_connection_note_contact (AssayDatabase *database, gint64 connection_id, const GError *error,
                                        GError **store_error);
/* The same in a write of its own, without waiting. Errors that say nothing about the vendor are ignored. */
void     assay_connector_pool_note_contact (AssayConnectorPool *self, gint64 connection_id, const GError *error);

G_END_DECLS
