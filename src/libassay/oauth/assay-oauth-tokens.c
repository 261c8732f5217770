/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a connection signs in, and what a sign-in gave. */
#include "config.h"

#include "assay-oauth-tokens.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "assay-json.h"
#include "assay-oauth-listener.h"
#include "assay-secrets.h"

/* A token is renewed so long before its end, or after half of its life if that comes later. */
#define MARGIN (5 * 60 * 1000)
/* RFC 6749 only recommends that a server says how long; Lever documents an hour. */
#define DEFAULT_LIFETIME 3600
#define MAX_LIFETIME (366 * 24 * 3600)
/* Lever's access tokens are JWTs; with many scopes they have two or three kilobytes. */
#define MAX_TOKEN 16384

void
assay_oauth_profile_free (AssayOauthProfile *profile)
{
  if (profile == NULL)
    return;
  g_free (profile->vendor);
  g_free (profile->client_id);
  secret_password_free (profile->client_secret);
  g_free (profile->authorize_url);
  g_free (profile->token_url);
  g_free (profile->audience);
  g_free (profile->redirect_url);
  g_strfreev (profile->scopes);
  g_free (profile);
}

/* (transfer full) (nullable): a setting, or what the vendor has for it */
static char *
dup_setting (const AssayConnectorDescription *description,
             GHashTable                      *settings,
             const char                      *name)
{
  const char *value = g_hash_table_lookup (settings, name);

  if (value != NULL && *value != '\0')
    return g_strdup (value);
  return description->sign_in->dup_default != NULL ? description->sign_in->dup_default (name, settings) : NULL;
}

static gboolean
check_address (char   **address,
               GError **error)
{
  char *checked = *address != NULL ? assay_http_check_base_url (*address, error) : NULL;

  if (checked == NULL)
    return FALSE;
  g_free (*address);
  *address = checked;
  return TRUE;
}

AssayOauthProfile *
assay_oauth_profile_new (const AssayConnectorDescription *description,
                         GHashTable                      *settings,
                         GHashTable                      *secrets,
                         GError                         **error)
{
  g_autoptr (AssayOauthProfile) profile = g_new0 (AssayOauthProfile, 1);
  g_autoptr (GPtrArray) scopes = assay_connector_list_scopes (description, settings);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const char *client_secret = secrets != NULL ? g_hash_table_lookup (secrets, "client-secret") : NULL;

  if (!assay_connector_uses_sign_in (description, settings))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %s is a system such as Lever */
                   _ ("This connection to %s works with a key, so there is nothing to sign in to."),
                   description->name);
      return NULL;
    }
  profile->vendor = g_strdup (description->name);
  profile->client_id = dup_setting (description, settings, "client-id");
  profile->authorize_url = dup_setting (description, settings, "authorize-url");
  profile->token_url = dup_setting (description, settings, "token-url");
  profile->audience = dup_setting (description, settings, "audience");
  profile->redirect_url = dup_setting (description, settings, "redirect-url");
  if (client_secret != NULL && *client_secret != '\0')
    profile->client_secret = assay_secret_dup (client_secret);
  for (guint i = 0; i < scopes->len; i++)
    g_strv_builder_add (names, ((const AssayScopeDescription *) g_ptr_array_index (scopes, i))->name);
  profile->scopes = g_strv_builder_end (names);

  if (profile->client_id == NULL || profile->authorize_url == NULL || profile->token_url == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %s is a system such as Lever */
                   _ ("To sign in to %s through the browser, the client id of your registered app is needed. Enter it in "
                      "the connection's settings."),
                   description->name);
      return NULL;
    }
  if (!check_address (&profile->authorize_url, error) || !check_address (&profile->token_url, error))
    return NULL;
  if (profile->redirect_url != NULL)
    {
      g_autofree char *checked = assay_oauth_check_redirect_url (profile->redirect_url, error);

      if (checked == NULL)
        return NULL;
    }
  return g_steal_pointer (&profile);
}

void
assay_oauth_tokens_free (AssayOauthTokens *tokens)
{
  if (tokens == NULL)
    return;
  secret_password_free (tokens->access_token);
  secret_password_free (tokens->refresh_token);
  g_free (tokens->scope);
  g_free (tokens);
}

static gboolean
is_token (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > MAX_TOKEN)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return TRUE;
}

AssayOauthTokens *
assay_oauth_tokens_decode (JsonNode               *root,
                           const char             *vendor,
                           const AssayOauthTokens *before,
                           gint64                  now,
                           GError                **error)
{
  g_autoptr (AssayOauthTokens) tokens = g_new0 (AssayOauthTokens, 1);
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  const char *access = object != NULL ? assay_json_get_string (object, "access_token") : NULL;
  const char *refresh = object != NULL ? assay_json_get_string (object, "refresh_token") : NULL;
  const char *type = object != NULL ? assay_json_get_string (object, "token_type") : NULL;
  double seconds = DEFAULT_LIFETIME;

  if (!is_token (access) || (refresh != NULL && *refresh != '\0' && !is_token (refresh)) ||
      (type != NULL && g_ascii_strcasecmp (type, "Bearer") != 0))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                   /* Translators: %s is a system such as Lever */
                   _ ("%s answered the sign-in with something other than tokens. Check the token address in the "
                      "connection's settings."),
                   vendor);
      return NULL;
    }
  if (assay_json_get_number (object, "expires_in", &seconds, NULL))
    seconds = CLAMP (seconds, 0, MAX_LIFETIME);

  tokens->access_token = assay_secret_dup (access);
  if (refresh != NULL && *refresh != '\0')
    tokens->refresh_token = assay_secret_dup (refresh);
  else if (before != NULL && before->refresh_token != NULL)
    /* A server that doesn't rotate sends none. */
    tokens->refresh_token = assay_secret_dup (before->refresh_token);
  tokens->scope = assay_json_dup_string (object, "scope");
  if (tokens->scope == NULL && before != NULL)
    tokens->scope = g_strdup (before->scope);
  tokens->lifetime = (gint64) (seconds * 1000);
  tokens->expires_at = now + tokens->lifetime;
  return g_steal_pointer (&tokens);
}

gint64
assay_oauth_tokens_get_renewal (const AssayOauthTokens *tokens)
{
  return tokens->expires_at - MIN (MARGIN, tokens->lifetime / 2);
}

char *
assay_oauth_tokens_to_secret (const AssayOauthTokens *tokens)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  char *text;
  char *secret;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "access_token");
  json_builder_add_string_value (builder, tokens->access_token);
  if (tokens->refresh_token != NULL)
    {
      json_builder_set_member_name (builder, "refresh_token");
      json_builder_add_string_value (builder, tokens->refresh_token);
    }
  if (tokens->scope != NULL)
    {
      json_builder_set_member_name (builder, "scope");
      json_builder_add_string_value (builder, tokens->scope);
    }
  json_builder_set_member_name (builder, "expires_at");
  json_builder_add_int_value (builder, tokens->expires_at);
  json_builder_set_member_name (builder, "lifetime");
  json_builder_add_int_value (builder, tokens->lifetime);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  secret = assay_secret_dup (text);
  explicit_bzero (text, strlen (text));
  g_free (text);
  return secret;
}

AssayOauthTokens *
assay_oauth_tokens_from_secret (const char *text)
{
  g_autoptr (AssayOauthTokens) tokens = NULL;
  g_autoptr (JsonNode) root = text != NULL ? assay_json_parse (text, strlen (text), NULL) : NULL;
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  const char *access = object != NULL ? assay_json_get_string (object, "access_token") : NULL;
  const char *refresh = object != NULL ? assay_json_get_string (object, "refresh_token") : NULL;
  double number = 0;

  if (!is_token (access))
    return NULL;
  tokens = g_new0 (AssayOauthTokens, 1);
  tokens->access_token = assay_secret_dup (access);
  if (is_token (refresh))
    tokens->refresh_token = assay_secret_dup (refresh);
  tokens->scope = assay_json_dup_string (object, "scope");
  if (assay_json_get_number (object, "lifetime", &number, NULL))
    tokens->lifetime = (gint64) CLAMP (number, 0, MAX_LIFETIME * 1000.0);
  if (assay_json_get_number (object, "expires_at", &number, NULL))
    tokens->expires_at = (gint64) CLAMP (number, 0, 1e15);
  return g_steal_pointer (&tokens);
}
