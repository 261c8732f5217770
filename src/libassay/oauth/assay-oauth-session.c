/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of one connection that signs in through the browser.
 *
 *   obtain ─▶ lock ─▶ keyring ─▶ (newer tokens there: taken) ─▶ vendor ─▶ keyring ─▶ unlock ─▶ all that wait
 *
 * The vendor replaces the refresh token with each use, so that between its answer and the keyring's there is a moment in
 * which the only good token is in memory: nothing is sent with it before it is saved, and if it can't be saved the next
 * try saves it instead of asking the vendor again with a token that is used up. */
#include "config.h"

#include "assay-oauth-session.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "assay-model.h"
#include "assay-oauth-exchange.h"

struct _AssayOauthSession
{
  GObject parent_instance;

  AssayHttp *http;
  AssaySecrets *secrets;
  char *secret_id;
  char *label;
  AssayOauthProfile *profile;
  char *lock_path;            /* (nullable) */
  gint64 lock_number;

  AssayOauthTokens *tokens;   /* (nullable): those in the keyring, as far as is known */
  gboolean rejected;          /* the access token is no good, whatever the clock says */
  AssayOauthTokens *unsaved;  /* (nullable): newer than the keyring's */
  char *refused;              /* (nullable): the refresh token that the vendor refused for good */
  GError *refusal;            /* (nullable): how it said so */

  GPtrArray *waiting;         /* (element-type GTask) */
  gboolean renewing;
  int lock;
};

static void assay_oauth_session_tokens_init (AssayHttpTokensInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayOauthSession, assay_oauth_session, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_HTTP_TOKENS, assay_oauth_session_tokens_init))

static void
assay_oauth_session_finalize (GObject *object)
{
  AssayOauthSession *self = ASSAY_OAUTH_SESSION (object);

  g_clear_object (&self->http);
  g_clear_object (&self->secrets);
  g_free (self->secret_id);
  g_free (self->label);
  assay_oauth_profile_free (self->profile);
  g_free (self->lock_path);
  assay_oauth_tokens_free (self->tokens);
  assay_oauth_tokens_free (self->unsaved);
  secret_password_free (self->refused);
  g_clear_error (&self->refusal);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (assay_oauth_session_parent_class)->finalize (object);
}

static void
assay_oauth_session_class_init (AssayOauthSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_oauth_session_finalize;
}

static void
assay_oauth_session_init (AssayOauthSession *self)
{
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->lock = -1;
}

AssayOauthSession *
assay_oauth_session_new (AssayHttp         *http,
                         AssaySecrets      *secrets,
                         const char        *secret_id,
                         const char        *label,
                         AssayOauthProfile *profile,
                         const char        *stored,
                         const char        *lock_path,
                         gint64             lock_number)
{
  AssayOauthSession *self = g_object_new (ASSAY_TYPE_OAUTH_SESSION, NULL);

  self->http = g_object_ref (http);
  self->secrets = g_object_ref (secrets);
  self->secret_id = g_strdup (secret_id);
  self->label = g_strdup (label);
  self->profile = profile;
  self->tokens = assay_oauth_tokens_from_secret (stored);
  self->lock_path = g_strdup (lock_path);
  self->lock_number = lock_number;
  return self;
}

gboolean
assay_oauth_session_is_renewing (AssayOauthSession *self)
{
  return self->renewing;
}

static const char *
assay_oauth_session_get_scope (AssayHttpTokens *tokens)
{
  AssayOauthSession *self = ASSAY_OAUTH_SESSION (tokens);

  return self->tokens != NULL ? self->tokens->scope : NULL;
}

static const char *
assay_oauth_session_peek (AssayHttpTokens *tokens)
{
  AssayOauthSession *self = ASSAY_OAUTH_SESSION (tokens);

  if (self->tokens == NULL || self->rejected || self->unsaved != NULL ||
      assay_time_now () >= assay_oauth_tokens_get_renewal (self->tokens))
    return NULL;
  return self->tokens->access_token;
}

static void
assay_oauth_session_reject (AssayHttpTokens *tokens,
                            const char      *token)
{
  AssayOauthSession *self = ASSAY_OAUTH_SESSION (tokens);

  /* A request that left with an older token says nothing about this one. */
  if (self->tokens != NULL && strcmp (self->tokens->access_token, token) == 0)
    self->rejected = TRUE;
}

/* Renewing */

/* Ends it for all that wait; takes @error (nullable). */
static void
finish (AssayOauthSession *self,
        GError            *error)
{
  g_autoptr (AssayOauthSession) kept = g_object_ref (self);
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  assay_oauth_unlock (self->lock);
  self->lock = -1;
  self->renewing = FALSE;
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    if (error != NULL)
      g_task_return_error (g_ptr_array_index (waiting, i), g_error_copy (error));
    else
      g_task_return_boolean (g_ptr_array_index (waiting, i), TRUE);
  g_clear_error (&error);
}

static void
take (AssayOauthSession *self,
      AssayOauthTokens  *tokens)
{
  assay_oauth_tokens_free (self->tokens);
  self->tokens = tokens;
  self->rejected = FALSE;
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (AssayOauthSession) self = user_data;
  GError *error = NULL;

  if (assay_secrets_store_finish (ASSAY_SECRETS (source), result, &error))
    take (self, g_steal_pointer (&self->unsaved));
  finish (self, error);
}

/* Takes @self. */
static void
save (AssayOauthSession *self)
{
  g_autoptr (GHashTable) table = assay_secrets_table_new ();
  char *text = assay_oauth_tokens_to_secret (self->unsaved);

  assay_secrets_table_set (table, ASSAY_OAUTH_SECRET, text);
  secret_password_free (text);
  assay_secrets_store_async (self->secrets, self->secret_id, self->label, table, NULL, saved_cb, self);
}

static void
renewed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (AssayOauthSession) self = user_data;
  GError *error = NULL;
  AssayOauthTokens *tokens = assay_oauth_exchange_finish (result, &error);

  if (tokens == NULL)
    {
      if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED))
        {
          /* Asking again with the same token would only be refused again. */
          secret_password_free (self->refused);
          self->refused = assay_secret_dup (self->tokens->refresh_token);
          g_clear_error (&self->refusal);
          self->refusal = g_error_copy (error);
        }
      finish (self, error);
      return;
    }
  assay_oauth_tokens_free (self->unsaved);
  self->unsaved = tokens;
  save (g_steal_pointer (&self));
}

static GError *
new_nobody_error (AssayOauthSession *self)
{
  return g_error_new (ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                      /* Translators: %s is a system such as Lever */
                      _ ("Nobody has signed in to %s for this connection yet, or not for good. Sign in through the "
                         "browser in the connection's settings."),
                      self->profile->vendor);
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (AssayOauthSession) self = user_data;
  GError *error = NULL;
  g_autoptr (GHashTable) table = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &error);
  AssayOauthTokens *stored;

  if (table == NULL)
    {
      finish (self, error);
      return;
    }
  stored = assay_oauth_tokens_from_secret (g_hash_table_lookup (table, ASSAY_OAUTH_SECRET));
  if (stored == NULL)
    {
      finish (self, new_nobody_error (self));
      return;
    }
  /* Another copy of Assay has renewed them, or somebody has signed in again. */
  if (self->tokens == NULL || strcmp (self->tokens->access_token, stored->access_token) != 0)
    take (self, stored);
  else
    assay_oauth_tokens_free (stored);

  if (assay_oauth_session_peek (ASSAY_HTTP_TOKENS (self)) != NULL)
    finish (self, NULL);
  else if (self->tokens->refresh_token == NULL)
    finish (self, new_nobody_error (self));
  else if (self->refused != NULL && strcmp (self->refused, self->tokens->refresh_token) == 0)
    finish (self, g_error_copy (self->refusal));
  else
    assay_oauth_exchange_async (self->http, self->profile, NULL, NULL, NULL, self->tokens, NULL, renewed_cb,
                                g_object_ref (self));
}

static void
locked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AssayOauthSession) self = user_data;
  GError *error = NULL;

  self->lock = assay_oauth_lock_finish (result, &error);
  if (error != NULL)
    finish (self, error);
  else if (self->unsaved != NULL)
    save (g_steal_pointer (&self));
  else
    assay_secrets_lookup_async (self->secrets, self->secret_id, FALSE, NULL, looked_up_cb, g_object_ref (self));
}

static void
assay_oauth_session_obtain_async (AssayHttpTokens     *tokens,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  AssayOauthSession *self = ASSAY_OAUTH_SESSION (tokens);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_oauth_session_obtain_async);
  g_ptr_array_add (self->waiting, task);
  if (self->renewing)
    return;
  self->renewing = TRUE;
  assay_oauth_lock_async (self->lock_path, self->lock_number, NULL, locked_cb, g_object_ref (self));
}

static gboolean
assay_oauth_session_obtain_finish (AssayHttpTokens *tokens,
                                   GAsyncResult    *result,
                                   GError         **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
assay_oauth_session_tokens_init (AssayHttpTokensInterface *iface)
{
  iface->peek = assay_oauth_session_peek;
  iface->obtain_async = assay_oauth_session_obtain_async;
  iface->obtain_finish = assay_oauth_session_obtain_finish;
  iface->reject = assay_oauth_session_reject;
  iface->get_scope = assay_oauth_session_get_scope;
}
