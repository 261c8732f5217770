/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of one connection that signs in through the browser: taken from the keyring, renewed ahead of their end,
 * once for all that wait, and saved before the old ones are given up. */
#pragma once

#include "assay-oauth-tokens.h"
#include "assay-secrets.h"

G_BEGIN_DECLS

/**
 * AssayOauthSession:
 *
 * An #AssayHttpTokens. What it obtains is in the keyring before anybody may use it: a program that ends in between finds
 * it there. It holds a lock while it renews and looks into the keyring first, so that of two copies of Assay one renews
 * and the other takes what came of it.
 *
 * Errors of obtaining: %ASSAY_ERROR_UNAUTHORIZED (nobody signed in, or the grant was revoked), the three keyring errors,
 * %ASSAY_ERROR_UNAVAILABLE, %ASSAY_ERROR_RATE_LIMITED, %ASSAY_ERROR_BUSY, %ASSAY_ERROR_BAD_RESPONSE.
 */
#define ASSAY_TYPE_OAUTH_SESSION (assay_oauth_session_get_type ())
G_DECLARE_FINAL_TYPE (AssayOauthSession, assay_oauth_session, ASSAY, OAUTH_SESSION, GObject)

/**
 * assay_oauth_session_new:
 * @http: the HTTP session
 * @secrets: the keyring
 * @secret_id: whose secrets
 * @label: what the keyring's own program shows
 * @profile: (transfer full): where and as whom
 * @stored: (nullable): what the keyring has under %ASSAY_OAUTH_SECRET
 * @lock_path: (nullable): the file whose byte @lock_number is locked while renewing
 * @lock_number: see there
 *
 * Returns: (transfer full): the tokens
 */
AssayOauthSession *assay_oauth_session_new (AssayHttp *http, AssaySecrets *secrets, const char *secret_id,
                                            const char *label, AssayOauthProfile *profile, const char *stored,
                                            const char *lock_path, gint64 lock_number);
/* Whether new tokens may be on their way or aren't saved yet: ending the program now could lose them. */
gboolean           assay_oauth_session_is_renewing (AssayOauthSession *self);

G_END_DECLS
