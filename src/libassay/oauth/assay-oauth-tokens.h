/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a connection signs in, and what a sign-in gave: values without behaviour. */
#pragma once

#include <json-glib/json-glib.h>

#include "assay-connector.h"

G_BEGIN_DECLS

/* The name under which the keyring has what a sign-in gave. It is one secret, so that the pair of tokens is replaced
 * as one. No setting or option names it. */
#define ASSAY_OAUTH_SECRET "sign-in"

/* Where and as whom to sign in. */
typedef struct
{
  char *vendor;          /* as sentences spell it */
  char *client_id;
  char *client_secret;   /* (nullable): non-pageable */
  char *authorize_url;
  char *token_url;
  char *audience;        /* (nullable) */
  char *redirect_url;    /* (nullable): any free port */
  char **scopes;         /* NULL-terminated */
} AssayOauthProfile;

/* (transfer full) (nullable): from a connection that signs in through the browser; %ASSAY_ERROR_INVALID says what is
 * missing */
AssayOauthProfile *assay_oauth_profile_new (const AssayConnectorDescription *description, GHashTable *settings,
                                            GHashTable *secrets, GError **error);
void               assay_oauth_profile_free (AssayOauthProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOauthProfile, assay_oauth_profile_free)

/* What a sign-in, or a renewal, gave. Texts are in non-pageable memory. */
typedef struct
{
  char *access_token;
  char *refresh_token;   /* (nullable): none was granted */
  char *scope;           /* (nullable): what was granted, if the vendor says */
  gint64 expires_at;     /* Unix milliseconds, by this computer's clock */
  gint64 lifetime;       /* milliseconds */
} AssayOauthTokens;

void assay_oauth_tokens_free (AssayOauthTokens *tokens);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOauthTokens, assay_oauth_tokens_free)

/**
 * assay_oauth_tokens_decode:
 * @root: the answer of a token address (RFC 6749, 5.1)
 * @vendor: for sentences
 * @before: (nullable): the tokens that were exchanged; what the answer leaves out stays
 * @now: Unix milliseconds
 * @error: return location for %ASSAY_ERROR_BAD_RESPONSE
 *
 * Returns: (transfer full) (nullable): the tokens
 */
AssayOauthTokens *assay_oauth_tokens_decode (JsonNode *root, const char *vendor, const AssayOauthTokens *before,
                                             gint64 now, GError **error);

/* As the keyring keeps them. (transfer full): free with secret_password_free(). The reader returns NULL for what isn't
 * such a text, as a damaged or a newer keyring item. */
char             *assay_oauth_tokens_to_secret (const AssayOauthTokens *tokens);
AssayOauthTokens *assay_oauth_tokens_from_secret (const char *text);

/* Until when a token is used; from then on it is renewed ahead of its end. Unix milliseconds. */
gint64 assay_oauth_tokens_get_renewal (const AssayOauthTokens *tokens);

G_END_DECLS
