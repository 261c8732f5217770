/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-ups that were left half-way, with what was typed as a secret: a vendor shows a key once, so it isn't lost because the
 * rest of a form is still empty. The keyring holds it, for thirty days or until the set-up is finished or discarded. */
#pragma once

#include "assay-draft.h"
#include "assay-service.h"

G_BEGIN_DECLS

/* How long the keyring holds the secrets of a draft, in milliseconds since it was left last. */
#define ASSAY_DRAFT_SECRETS_KEPT (30 * 24 * 60 * 60 * G_GINT64_CONSTANT (1000))

/**
 * assay_service_keep_draft_async:
 * @self: the service
 * @draft: (transfer full): what to remember
 * @secrets: (nullable): name → secret; put into the keyring, beside those that it has of this draft
 * @callback: (nullable): called when it is kept
 * @user_data: for @callback
 *
 * Can't be cancelled: the window that asks is about to close.
 */
void     assay_service_keep_draft_async (AssayService *self, AssayDraft *draft, GHashTable *secrets,
                                         GAsyncReadyCallback callback, gpointer user_data);
/* Errors are %ASSAY_ERROR_STORAGE, or the keyring's: then the draft is kept without its secrets. */
gboolean assay_service_keep_draft_finish (AssayService *self, GAsyncResult *result, GError **error);

/* What the keyring holds of a draft, unlocking it (and so prompting) only if @interactive. */
void        assay_service_look_up_draft_async (AssayService *self, gint64 draft_id, gboolean interactive,
                                               GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer user_data);
/* (transfer full) (nullable): name → secret, empty where there is nothing; see assay_secrets_table_new() */
GHashTable *assay_service_look_up_draft_finish (AssayService *self, GAsyncResult *result, GError **error);

/* The connection has the secrets now, and the keyring lets go of the draft's; the draft stays. */
void assay_service_forget_draft_secrets (AssayService *self, gint64 draft_id);
/* Finished, or given up: removes the draft, and its secrets. */
void assay_service_discard_draft (AssayService *self, gint64 draft_id);

G_END_DECLS
