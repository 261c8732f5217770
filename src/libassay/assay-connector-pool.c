/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connectors in use. */
#include "config.h"

#include "assay-connector-pool.h"

#include <glib/gi18n-lib.h>

#include "assay-oauth-session.h"
#include "assay-queries.h"

/* In the store's directory: a byte of it is locked by who renews the tokens of the connection of that number. */
#define SIGN_IN_LOCK "sign-in.lock"

struct _AssayConnectorPool
{
  GObject parent_instance;

  AssayStore *store;
  AssaySecrets *secrets;
  AssayHttp *http;
  GHashTable *connectors;   /* gint64 connection id → GObject */
  GHashTable *generations;  /* gint64 connection id → how often it was forgotten */
  GPtrArray *sessions;      /* (element-type AssayOauthSession): those that are in use somewhere; not owned */
};

G_DEFINE_FINAL_TYPE (AssayConnectorPool, assay_connector_pool, G_TYPE_OBJECT)

static void
session_gone_cb (gpointer  data,
                 GObject  *session)
{
  g_ptr_array_remove_fast (((AssayConnectorPool *) data)->sessions, session);
}

static void
assay_connector_pool_finalize (GObject *object)
{
  AssayConnectorPool *self = ASSAY_CONNECTOR_POOL (object);

  g_hash_table_unref (self->connectors);
  g_hash_table_unref (self->generations);
  for (guint i = 0; i < self->sessions->len; i++)
    g_object_weak_unref (g_ptr_array_index (self->sessions, i), session_gone_cb, self);
  g_ptr_array_unref (self->sessions);
  g_clear_object (&self->store);
  g_clear_object (&self->secrets);
  g_clear_object (&self->http);

  G_OBJECT_CLASS (assay_connector_pool_parent_class)->finalize (object);
}

static void
assay_connector_pool_class_init (AssayConnectorPoolClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_connector_pool_finalize;
}

static void
assay_connector_pool_init (AssayConnectorPool *self)
{
  self->connectors = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->generations = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->sessions = g_ptr_array_new ();
}

AssayConnectorPool *
assay_connector_pool_new (AssayStore   *store,
                          AssaySecrets *secrets,
                          AssayHttp    *http)
{
  AssayConnectorPool *self = g_object_new (ASSAY_TYPE_CONNECTOR_POOL, NULL);

  self->store = g_object_ref (store);
  self->secrets = g_object_ref (secrets);
  self->http = g_object_ref (http);
  return self;
}

gboolean
assay_connector_pool_is_renewing (AssayConnectorPool *self)
{
  for (guint i = 0; i < self->sessions->len; i++)
    if (assay_oauth_session_is_renewing (g_ptr_array_index (self->sessions, i)))
      return TRUE;
  return FALSE;
}

char *
assay_connector_pool_dup_sign_in_lock (AssayConnectorPool *self)
{
  return g_build_filename (assay_store_get_directory (self->store), SIGN_IN_LOCK, NULL);
}

/* The tokens of a connection that signs in through the browser; (transfer full) (nullable) */
static AssayOauthSession *
make_session (AssayConnectorPool              *self,
              const AssayConnectorDescription *description,
              const AssayConnection           *connection,
              GHashTable                      *secrets,
              GError                         **error)
{
  g_autofree char *lock_path = assay_connector_pool_dup_sign_in_lock (self);
  g_autofree char *label = NULL;
  AssayOauthProfile *profile = assay_oauth_profile_new (description, connection->settings, secrets, error);
  AssayOauthSession *session;

  if (profile == NULL)
    return NULL;
  /* Translators: what the keyring's own program shows; %s is a connection's name */
  label = g_strdup_printf (_ ("Assay: %s"), connection->name);
  session = assay_oauth_session_new (self->http, self->secrets, connection->secret_id, label, profile,
                                     g_hash_table_lookup (secrets, ASSAY_OAUTH_SECRET), lock_path, connection->id);
  g_ptr_array_add (self->sessions, session);
  g_object_weak_ref (G_OBJECT (session), session_gone_cb, self);
  return session;
}

GObject *
assay_connector_pool_make (AssayConnectorPool    *self,
                           const AssayConnection *connection,
                           GHashTable            *secrets,
                           GError               **error)
{
  const AssayConnectorDescription *description = assay_connector_find (connection->kind);
  AssayConnectorContext context = { .http = self->http, .connection = connection, .secrets = secrets };
  g_autoptr (AssayOauthSession) session = NULL;
  AssayHttpChannel *channel;
  GObject *connector;

  if (description == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("This version of Assay doesn't know the system “%s”."),
                   connection->kind);
      return NULL;
    }
  for (guint i = 0; description->secrets[i].name != NULL; i++)
    {
      const char *secret = g_hash_table_lookup (secrets, description->secrets[i].name);

      if (description->secrets[i].required && (secret == NULL || *secret == '\0') &&
          assay_connector_applies (description, description->secrets[i].only_with, connection->settings))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                       /* Translators: %1$s is "API key" or the like, %2$s a connection's name */
                       _ ("The keyring has no “%1$s” for “%2$s”. Enter it in the connection's settings."),
                       _ (description->secrets[i].title), connection->name);
          return NULL;
        }
    }
  if (assay_connector_uses_sign_in (description, connection->settings))
    {
      session = make_session (self, description, connection, secrets, error);
      if (session == NULL)
        return NULL;
      context.tokens = ASSAY_HTTP_TOKENS (session);
    }
  connector = description->create (description, &context, error);
  channel = connector != NULL ? assay_connector_get_channel (connector) : NULL;
  /* What replaces a connector that is still at work, as each test of a connection does, is no second customer. */
  if (channel != NULL)
    assay_http_channel_set_account (channel, connection->id);
  return connector;
}

/* Getting: the connection from the store, its secrets from the keyring. */

typedef struct
{
  gint64 id;
  guint generation;
  AssayConnection *connection;
} GetData;

static void
get_data_free (gpointer data)
{
  GetData *get = data;

  assay_connection_free (get->connection);
  g_free (get);
}

static guint
get_generation (AssayConnectorPool *self,
                gint64              id)
{
  gint64 all = 0;

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->generations, &id)) +
         GPOINTER_TO_UINT (g_hash_table_lookup (self->generations, &all));
}

static gpointer
read_connection (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  return assay_connections_get (database, *(const gint64 *) data, error);
}

static void
secrets_found_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayConnectorPool *self = g_task_get_source_object (task);
  GetData *get = g_task_get_task_data (task);
  g_autoptr (GHashTable) secrets = NULL;
  GError *error = NULL;
  GObject *connector = NULL;

  secrets = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &error);
  if (secrets != NULL)
    connector = assay_connector_pool_make (self, get->connection, secrets, &error);
  if (connector == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* Not kept if the connection was changed while the keyring was asked. */
  if (get_generation (self, get->id) == get->generation)
    g_hash_table_replace (self->connectors, g_memdup2 (&get->id, sizeof get->id), g_object_ref (connector));
  g_task_return_pointer (task, connector, g_object_unref);
}

static void
connection_read_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayConnectorPool *self = g_task_get_source_object (task);
  GetData *get = g_task_get_task_data (task);
  GError *error = NULL;

  get->connection = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (get->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_secrets_lookup_async (self->secrets, get->connection->secret_id, FALSE, g_task_get_cancellable (task),
                              secrets_found_cb, g_object_ref (task));
}

void
assay_connector_pool_get_async (AssayConnectorPool  *self,
                                gint64               connection_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  GObject *kept = g_hash_table_lookup (self->connectors, &connection_id);
  GetData *get;

  g_task_set_source_tag (task, assay_connector_pool_get_async);
  if (kept != NULL)
    {
      g_task_return_pointer (task, g_object_ref (kept), g_object_unref);
      g_object_unref (task);
      return;
    }

  get = g_new0 (GetData, 1);
  get->id = connection_id;
  get->generation = get_generation (self, connection_id);
  g_task_set_task_data (task, get, get_data_free);
  assay_store_read_async (self->store, read_connection, &get->id, NULL, (GDestroyNotify) assay_connection_free,
                          cancellable, connection_read_cb, task);
}

GObject *
assay_connector_pool_get_finish (AssayConnectorPool  *self,
                                 GAsyncResult        *result,
                                 GError             **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

GObject *
assay_connector_pool_peek (AssayConnectorPool *self,
                           gint64              connection_id)
{
  return g_hash_table_lookup (self->connectors, &connection_id);
}

void
assay_connector_pool_forget (AssayConnectorPool *self,
                             gint64              connection_id)
{
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (self->generations, &connection_id));

  g_hash_table_replace (self->generations, g_memdup2 (&connection_id, sizeof connection_id),
                        GUINT_TO_POINTER (count + 1));
  if (connection_id == 0)
    g_hash_table_remove_all (self->connectors);
  else
    g_hash_table_remove (self->connectors, &connection_id);
}

/* Health */

/* How stale "last contact" may be before a good answer is worth a commit. */
#define CONTACT_PRECISION (60 * 1000)

static char *
dup_remedy (const AssayConnection *connection,
            const GError          *error)
{
  const AssayConnectorDescription *description = assay_connector_find (connection->kind);
  const char *vendor = description != NULL ? description->name : connection->name;

  if (description != NULL && assay_connector_uses_sign_in (description, connection->settings))
    {
      if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED))
        return g_strdup_printf (_ ("Sign in to %s again through the browser."), vendor);
      if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
        return g_strdup_printf (_ ("Sign in to %s again, grant all that is asked for, then test the connection."), vendor);
    }
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED))
    return g_strdup_printf (_ ("Copy a new key from %s and enter it in the connection's settings."), vendor);
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return g_strdup_printf (_ ("Grant the key the permission in %s, then test the connection."), vendor);
  return NULL;
}

void
assay_connection_note_removals (AssayConnection *connection)
{
  g_clear_pointer (&connection->reason_code, g_free);
  g_clear_pointer (&connection->reason, g_free);
  g_clear_pointer (&connection->remedy, g_free);
  if (connection->removals == 0)
    return;

  connection->reason_code = g_strdup ("removals");
  connection->reason =
    /* Translators: %1$s is the name of a connection; the numbers are counts of applications, the second is never 1 */
    g_strdup_printf (_ ("“%1$s” no longer has %2$" G_GINT64_FORMAT " of its %3$" G_GINT64_FORMAT
                        " applications. Assay keeps them all until you say that they are gone."),
                     connection->name, connection->removals, connection->removals_of);
  connection->remedy = g_strdup (_ ("Look in the applicant tracking system first: a permission that was taken away, or "
                                    "another account, looks the same."));
}

gboolean
assay_connection_note_contact (AssayDatabase *database,
                               gint64         connection_id,
                               const GError  *error,
                               GError       **store_error)
{
  g_autoptr (AssayConnection) connection = assay_connections_get (database, connection_id, store_error);
  gint64 now = assay_time_now ();

  if (connection == NULL)
    return FALSE;

  if (error == NULL)
    {
      if ((connection->reason_code == NULL || g_strcmp0 (connection->reason_code, "removals") == 0) &&
          now - connection->last_contact_at < CONTACT_PRECISION)
        return TRUE;
      connection->last_contact_at = now;
      /* What makes a connection failing is mended by a test, not by one good answer to another question. */
      if (connection->state != ASSAY_CONNECTION_FAILING)
        assay_connection_note_removals (connection);
    }
  else
    {
      if (g_strcmp0 (connection->reason, error->message) == 0)
        return TRUE;
      if (connection->state == ASSAY_CONNECTION_ENABLED &&
          (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
           g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN)))
        connection->state = ASSAY_CONNECTION_FAILING;
      g_free (connection->reason_code);
      g_free (connection->reason);
      g_free (connection->remedy);
      connection->reason_code = g_strdup (assay_error_get_name (error));
      connection->reason = g_strdup (error->message);
      connection->remedy = dup_remedy (connection, error);
    }
  return assay_connections_update (database, connection, store_error);
}

typedef struct
{
  gint64 connection_id;
  GError *error;
} NoteData;

static void
note_data_free (gpointer data)
{
  NoteData *note = data;

  g_clear_error (&note->error);
  g_free (note);
}

static gpointer
write_note (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  const NoteData *note = data;

  assay_connection_note_contact (database, note->connection_id, note->error, error);
  return NULL;
}

static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_debug ("Couldn't note a connection's health: %s", error->message);
}

void
assay_connector_pool_note_contact (AssayConnectorPool *self,
                                   gint64              connection_id,
                                   const GError       *error)
{
  NoteData *note;

  if (error != NULL && !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
    return;

  note = g_new0 (NoteData, 1);
  note->connection_id = connection_id;
  note->error = error != NULL ? g_error_copy (error) : NULL;
  assay_store_write_async (self->store, write_note, note, note_data_free, NULL, NULL, noted_cb, NULL);
}
