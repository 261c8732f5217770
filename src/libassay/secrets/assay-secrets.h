/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system keyring, asynchronously. Keys are looked up when they are needed, never written anywhere else. */
#pragma once

#include <gio/gio.h>

#include "assay-error.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SECRETS (assay_secrets_get_type ())
G_DECLARE_FINAL_TYPE (AssaySecrets, assay_secrets, ASSAY, SECRETS, GObject)

AssaySecrets *assay_secrets_new (void);

/* (transfer full): a copy in memory that isn't swapped; free with secret_password_free(), which wipes it */
char         *assay_secret_dup (const char *value);

/* (transfer full): a table of name → secret whose values are wiped when it is freed. */
GHashTable *assay_secrets_table_new (void);
/* Copies @value into non-pageable memory. */
void        assay_secrets_table_set (GHashTable *table, const char *name, const char *value);

/**
 * assay_secrets_store_async:
 * @self: the keyring
 * @secret_id: whose secrets: an opaque id, in the clear in the keyring's attributes
 * @label: what the user sees in the keyring's own program ("Assay: Pinpoint ACME")
 * @table: name → secret; those not in it stay as they are
 *
 * Errors: %ASSAY_ERROR_KEYRING_LOCKED, _MISSING (no service), _REFUSED (prompt dismissed, or the service said no), each
 * with a sentence that says what to do.
 */
void     assay_secrets_store_async (AssaySecrets *self, const char *secret_id, const char *label, GHashTable *table,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_secrets_store_finish (AssaySecrets *self, GAsyncResult *result, GError **error);

/* All secrets of @secret_id, unlocking (and so prompting) only if @interactive; an empty table when there are none. */
void        assay_secrets_lookup_async (AssaySecrets *self, const char *secret_id, gboolean interactive,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GHashTable *assay_secrets_lookup_finish (AssaySecrets *self, GAsyncResult *result, GError **error);

/* Removes all secrets of @secret_id; it is no error when there are none. */
void     assay_secrets_clear_async (AssaySecrets *self, const char *secret_id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_secrets_clear_finish (AssaySecrets *self, GAsyncResult *result, GError **error);

G_END_DECLS
