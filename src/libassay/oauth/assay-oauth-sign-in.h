/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in at a vendor in the user's own browser: an authorization code with PKCE (RFC 6749, 7636, 8252). */
#pragma once

#include "assay-oauth-tokens.h"

G_BEGIN_DECLS

/* How long the browser may take: finding a Super Admin who consents takes a while. */
#define ASSAY_OAUTH_PATIENCE (10u * 60u * 1000u)

/**
 * AssayOauthOpener:
 * @address: the vendor's consent page: an https: address (or http: on this computer)
 * @user_data: the caller's
 *
 * Opens the user's browser. Called once, before anything else happens. It doesn't say whether it worked: nobody can tell
 * that a browser came up, so a program shows the address too, for copying.
 */
typedef void (*AssayOauthOpener) (const char *address, gpointer user_data);

/**
 * assay_oauth_sign_in_async:
 * @http: the session
 * @profile: (transfer full): where and as whom
 * @patience: how long to wait for the browser, in milliseconds; 0: %ASSAY_OAUTH_PATIENCE
 * @opener: opens the browser
 * @opener_data: for @opener
 *
 * Listens on a loopback port, has the vendor's page opened, waits for the browser to come back with a code, and gets
 * tokens for it. Nothing is kept anywhere.
 *
 * Errors: %ASSAY_ERROR_FORBIDDEN: consent was refused; %ASSAY_ERROR_FAILED: the browser didn't come back in time;
 * %G_IO_ERROR_CANCELLED; what assay_oauth_exchange_async() and assay_oauth_listener_new() fail with. A callback that
 * isn't this sign-in's is refused in the browser, and the wait goes on.
 */
void              assay_oauth_sign_in_async (AssayHttp *http, AssayOauthProfile *profile, guint patience,
                                             AssayOauthOpener opener, gpointer opener_data, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
AssayOauthTokens *assay_oauth_sign_in_finish (GAsyncResult *result, GError **error);

G_END_DECLS
