/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An authorization server for a played vendor: a consent page, codes, tokens that expire, refresh tokens that are
 * replaced with each use, and revocation. Strict as Lever's is known to be, and where nothing is known as RFC 6749, 7636
 * and 9700 want it: codes and refresh tokens are good once, and a second use of either revokes the whole grant. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-request.h"

G_BEGIN_DECLS

typedef struct _SandboxOauth SandboxOauth;

/* @vendor: its name in the ledger; @scopes: NULL-terminated, those there are. Borrowed all three. */
SandboxOauth *sandbox_oauth_new             (const char        *vendor,
                                             SandboxLedger     *ledger,
                                             const char *const *scopes);
void          sandbox_oauth_free            (SandboxOauth      *self);
/* Where it is: `http://127.0.0.1:PORT`. What may be signed in to is @audience. */
void          sandbox_oauth_mount           (SandboxOauth      *self,
                                             const char        *origin,
                                             const char        *audience);

/* (transfer none) (nullable): `oauth.authorize`, `oauth.consent` or `oauth.token` if the request is for one of those */
const char   *sandbox_oauth_get_operation   (SandboxRequest    *request);
/* Answers one of them. */
void          sandbox_oauth_handle          (SandboxOauth      *self,
                                             SandboxRequest    *request);
/* (transfer none) (nullable): the scopes, NULL-terminated, that a bearer token has that is good now */
const char *const *sandbox_oauth_get_scopes (SandboxOauth      *self,
                                             const char        *token);

/* From the control: "consent" is "page" (the default: somebody has to click), "auto" or "deny"; "token_seconds" how long
 * access tokens live from now on; "expire_tokens" ends all access tokens, "revoke_grants" all that was ever granted. */
void          sandbox_oauth_configure       (SandboxOauth      *self,
                                             JsonObject        *settings);
/* Writes the members "settings" and "secrets" that a client signs in with. */
void          sandbox_oauth_describe        (SandboxOauth      *self,
                                             SandboxJson       *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxOauth, sandbox_oauth_free)

G_END_DECLS
