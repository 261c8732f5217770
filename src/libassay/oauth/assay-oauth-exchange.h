/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two questions that a token address answers: a code for tokens, and old tokens for new ones. And the lock that
 * keeps two copies of Assay from asking the second one at once. */
#pragma once

#include "assay-oauth-tokens.h"

G_BEGIN_DECLS

/**
 * assay_oauth_exchange_async:
 * @http: the session
 * @profile: where and as whom; borrowed for the call
 * @code: (nullable): the code of a callback, with
 * @redirect_url: (nullable): the address it came to, and
 * @verifier: (nullable): the secret behind the challenge (RFC 7636)
 * @before: (nullable): or the tokens to renew; borrowed for the call
 *
 * Errors: %ASSAY_ERROR_UNAUTHORIZED: the vendor refuses what was sent, and somebody has to sign in (again);
 * %ASSAY_ERROR_UNAVAILABLE: it can't be reached, or its answer was lost; %ASSAY_ERROR_RATE_LIMITED;
 * %ASSAY_ERROR_BAD_RESPONSE: no token address answers there. It isn't repeated by itself: a code, and a token that is
 * replaced with each use, are good for one question. Nor is it cancelled once it left, since its answer holds the only
 * token there is.
 */
void              assay_oauth_exchange_async (AssayHttp *http, const AssayOauthProfile *profile, const char *code,
                                              const char *redirect_url, const char *verifier,
                                              const AssayOauthTokens *before, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
AssayOauthTokens *assay_oauth_exchange_finish (GAsyncResult *result, GError **error);

/* A lock between programs and within one: @path is a file, and each @number in it is a lock of its own. Waits for up to
 * a minute, then fails with %ASSAY_ERROR_BUSY. With @path NULL there is nothing to wait for. */
void     assay_oauth_lock_async (const char *path, gint64 number, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* Gives a descriptor that holds the lock until it is given to assay_oauth_unlock(); -1 with an error. */
int      assay_oauth_lock_finish (GAsyncResult *result, GError **error);
void     assay_oauth_unlock (int lock);

G_END_DECLS
