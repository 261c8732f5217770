/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssayService: signing in through the browser. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "assay-oauth-exchange.h"
#include "assay-service-private.h"

typedef struct
{
  gint64 id;
  guint patience;
  AssayOauthOpener opener;
  gpointer opener_data;
  AssayConnection *connection;   /* (nullable) */
  AssayOauthTokens *tokens;      /* (nullable) */
  int lock;
} SignIn;

static void
sign_in_free (gpointer data)
{
  SignIn *sign_in = data;

  assay_oauth_unlock (sign_in->lock);
  assay_connection_free (sign_in->connection);
  assay_oauth_tokens_free (sign_in->tokens);
  g_free (sign_in);
}

/* Takes @error. */
static void
fail (GTask  *task,
      GError *error)
{
  if (assay_error_is_keyring (error))
    assay_service_set_keyring_error (g_task_get_source_object (task), error);
  g_task_return_error (task, error);
}

static gpointer
read_connection (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  return assay_connections_get (database, ((SignIn *) data)->id, error);
}

static gpointer
write_signed_in (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  g_autoptr (AssayConnection) connection = assay_connections_get (database, ((SignIn *) data)->id, error);

  if (connection == NULL)
    return NULL;
  if (connection->state == ASSAY_CONNECTION_FAILING)
    connection->state = ASSAY_CONNECTION_ENABLED;
  g_clear_pointer (&connection->reason_code, g_free);
  g_clear_pointer (&connection->reason, g_free);
  g_clear_pointer (&connection->remedy, g_free);
  assay_connections_update (database, connection, error);
  return NULL;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_service_set_keyring_error (self, NULL);
  assay_outbox_retry (self->outbox);
  assay_poller_retry (self->poller);
  g_task_return_boolean (task, TRUE);
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;

  assay_oauth_unlock (sign_in->lock);
  sign_in->lock = -1;
  if (!assay_secrets_store_finish (ASSAY_SECRETS (source), result, &error))
    {
      fail (task, error);
      return;
    }
  assay_connector_pool_forget (self->pool, sign_in->id);
  assay_store_write_async (self->store, write_signed_in, sign_in, NULL, NULL, NULL, written_cb, g_object_ref (task));
}

static void
locked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  g_autoptr (GHashTable) table = assay_secrets_table_new ();
  g_autofree char *label = NULL;
  GError *error = NULL;
  char *text;

  sign_in->lock = assay_oauth_lock_finish (result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* Translators: what the keyring's own program shows; %s is a connection's name */
  label = g_strdup_printf (_ ("Assay: %s"), sign_in->connection->name);
  text = assay_oauth_tokens_to_secret (sign_in->tokens);
  assay_secrets_table_set (table, ASSAY_OAUTH_SECRET, text);
  secret_password_free (text);
  /* Whoever cancels now has signed in already. */
  assay_secrets_store_async (self->secrets, sign_in->connection->secret_id, label, table, NULL, stored_cb,
                             g_object_ref (task));
}

static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  g_autofree char *lock_path = assay_connector_pool_dup_sign_in_lock (self->pool);
  GError *error = NULL;

  sign_in->tokens = assay_oauth_sign_in_finish (result, &error);
  if (sign_in->tokens == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* Not while another copy of Assay replaces the old ones. */
  assay_oauth_lock_async (lock_path, sign_in->id, NULL, locked_cb, g_object_ref (task));
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GHashTable) secrets = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &error);
  AssayOauthProfile *profile = NULL;

  if (secrets == NULL)
    {
      fail (task, error);
      return;
    }
  profile = assay_oauth_profile_new (assay_connector_find (sign_in->connection->kind), sign_in->connection->settings,
                                     secrets, &error);
  if (profile == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_oauth_sign_in_async (self->http, profile, sign_in->patience, sign_in->opener, sign_in->opener_data,
                             g_task_get_cancellable (task), signed_in_cb, g_object_ref (task));
}

static void
connection_read_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  SignIn *sign_in = g_task_get_task_data (task);
  GError *error = NULL;

  sign_in->connection = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (sign_in->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (assay_connector_find (sign_in->connection->kind) == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               _ ("This version of Assay doesn't know the system “%s”."), sign_in->connection->kind);
      return;
    }
  assay_secrets_lookup_async (self->secrets, sign_in->connection->secret_id, TRUE, g_task_get_cancellable (task),
                              looked_up_cb, g_object_ref (task));
}

void
assay_service_sign_in_connection_async (AssayService        *self,
                                        gint64               id,
                                        guint                patience,
                                        AssayOauthOpener     opener,
                                        gpointer             opener_data,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  SignIn *sign_in = g_new0 (SignIn, 1);

  g_task_set_source_tag (task, assay_service_sign_in_connection_async);
  /* Tokens that were stored are a success, whatever was pressed meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  sign_in->id = id;
  sign_in->patience = patience;
  sign_in->opener = opener;
  sign_in->opener_data = opener_data;
  sign_in->lock = -1;
  g_task_set_task_data (task, sign_in, sign_in_free);
  assay_store_read_async (self->store, read_connection, sign_in, NULL, (GDestroyNotify) assay_connection_free,
                          cancellable, connection_read_cb, task);
}

gboolean
assay_service_sign_in_connection_finish (AssayService  *self,
                                         GAsyncResult  *result,
                                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
