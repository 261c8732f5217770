/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssayService: connections, and reading from the vendors. */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "assay-ats.h"
#include "assay-provider.h"
#include "assay-service-imported.h"
#include "assay-service-private.h"
#include "assay-sync.h"

/* What the steps of one operation share. */
typedef struct
{
  gint64 id;
  gboolean erase;
  gboolean enable;               /* the test is the first half of enabling */
  AssayConnection *connection;   /* (nullable) */
  GHashTable *secrets;           /* (nullable) */
  char *name;                    /* (nullable) */
  GHashTable *settings;          /* (nullable) */
  AssayProbe *probe;             /* (nullable) */
  AssayProbeProgress progress;   /* (nullable) */
  gpointer progress_data;
  GPtrArray *assessments;        /* (nullable) */
  GObject *connector;            /* (nullable) */
  AssayApplication *application; /* (nullable) */
  gint64 application_id;
  GError *error;                 /* (nullable) to return after cleaning up */
} Operation;

static void
operation_free (gpointer data)
{
  Operation *operation = data;

  assay_connection_free (operation->connection);
  g_clear_pointer (&operation->secrets, g_hash_table_unref);
  g_clear_pointer (&operation->settings, g_hash_table_unref);
  assay_probe_free (operation->probe);
  g_clear_pointer (&operation->assessments, g_ptr_array_unref);
  g_clear_object (&operation->connector);
  assay_application_free (operation->application);
  g_clear_error (&operation->error);
  g_free (operation->name);
  g_free (operation);
}

static GTask *
new_operation (AssayService        *self,
               gpointer             source_tag,
               gint64               id,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Operation *operation = g_new0 (Operation, 1);

  g_task_set_source_tag (task, source_tag);
  operation->id = id;
  g_task_set_task_data (task, operation, operation_free);
  return task;
}

/* Takes @error. */
static void
fail (AssayService *self,
      GTask        *task,
      GError       *error)
{
  if (assay_error_is_keyring (error))
    assay_service_set_keyring_error (self, error);
  g_task_return_error (task, error);
}

static char *
make_label (const AssayConnection *connection)
{
  /* Translators: what the keyring's own program shows; %s is a connection's name */
  return g_strdup_printf (_ ("Assay: %s"), connection->name);
}

static gpointer
read_connection (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  return assay_connections_get (database, ((Operation *) data)->id, error);
}

/* Adding: the secrets first, so that no connection is left without them. */

static void
add_secrets_cleared_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *operation = g_task_get_task_data (task);

  assay_secrets_clear_finish (ASSAY_SECRETS (source), result, NULL);
  fail (g_task_get_source_object (task), task, g_steal_pointer (&operation->error));
}

static gpointer
write_new_connection (AssayDatabase *database,
                      gpointer       data,
                      GError       **error)
{
  assay_connections_insert (database, ((Operation *) data)->connection, error);
  return NULL;
}

static void
connection_inserted_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  assay_store_finish (ASSAY_STORE (source), result, &operation->error);
  if (operation->error != NULL)
    {
      assay_secrets_clear_async (self->secrets, operation->connection->secret_id, NULL, add_secrets_cleared_cb,
                                 g_object_ref (task));
      return;
    }
  g_task_return_pointer (task, g_memdup2 (&operation->connection->id, sizeof (gint64)), g_free);
}

static void
add_secrets_stored_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  if (!assay_secrets_store_finish (ASSAY_SECRETS (source), result, &error))
    {
      fail (self, task, error);
      return;
    }
  assay_store_write_async (self->store, write_new_connection, operation, NULL, NULL, NULL, connection_inserted_cb,
                           g_object_ref (task));
}

static gboolean
check_secret_names (const AssayConnectorDescription *description,
                    GHashTable                      *secrets,
                    GError                         **error)
{
  GHashTableIter iter;
  gpointer name;

  if (secrets == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      gboolean known = FALSE;

      for (guint i = 0; description->secrets[i].name != NULL && !known; i++)
        known = g_strcmp0 (description->secrets[i].name, name) == 0;
      if (!known)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       /* Translators: %1$s is a system's name, %2$s what was typed */
                       _ ("%1$s takes no secret called “%2$s”. `assayctl connection kinds` lists them."),
                       description->name, (const char *) name);
          return FALSE;
        }
    }
  return TRUE;
}

/* Copies cleaned secrets; empty ones are left out. */
static GHashTable *
copy_secrets (GHashTable *secrets)
{
  GHashTable *copy = assay_secrets_table_new ();
  GHashTableIter iter;
  gpointer name, value;

  if (secrets == NULL)
    return copy;
  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      char *clean = assay_connector_clean_secret (value, NULL);

      if (*clean != '\0')
        g_hash_table_replace (copy, g_strdup (name), clean);
      else
        secret_password_free (clean);
    }
  return copy;
}

void
assay_service_add_connection_async (AssayService        *self,
                                    const char          *kind,
                                    const char          *name,
                                    GHashTable          *settings,
                                    GHashTable          *secrets,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr (GTask) task =
    new_operation (self, assay_service_add_connection_async, 0, cancellable, callback, user_data);
  Operation *operation = g_task_get_task_data (task);
  const AssayConnectorDescription *description = assay_connector_find (kind);
  g_autoptr (GHashTable) nothing = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) checked = NULL;
  g_autofree char *label = NULL;
  GError *error = NULL;

  if (description == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               _ ("Assay doesn't know the system “%s”. `assayctl connection kinds` lists those it "
                                  "knows."),
                               kind);
      return;
    }
  checked = assay_connector_check_settings (description, settings != NULL ? settings : nothing, &error);
  if (checked == NULL || !check_secret_names (description, secrets, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  operation->connection = assay_connection_new ();
  operation->connection->kind = g_strdup (kind);
  operation->connection->role = description->role;
  operation->connection->name = g_strstrip (g_strdup (name != NULL ? name : ""));
  if (*operation->connection->name == '\0')
    {
      g_free (operation->connection->name);
      operation->connection->name = g_strdup (_ (description->name));
    }
  operation->connection->secret_id = g_uuid_string_random ();
  operation->connection->state = ASSAY_CONNECTION_SAVED;
  g_clear_pointer (&operation->connection->settings, g_hash_table_unref);
  operation->connection->settings = g_steal_pointer (&checked);
  operation->secrets = copy_secrets (secrets);

  label = make_label (operation->connection);
  assay_secrets_store_async (self->secrets, operation->connection->secret_id, label, operation->secrets, cancellable,
                             add_secrets_stored_cb, g_object_ref (task));
}

gint64
assay_service_add_connection_finish (AssayService  *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  g_autofree gint64 *id = g_task_propagate_pointer (G_TASK (result), error);

  return id != NULL ? *id : 0;
}

/* Changing */

static gboolean
settings_equal (GHashTable *one,
                GHashTable *other)
{
  GHashTableIter iter;
  gpointer key, value;

  if (g_hash_table_size (one) != g_hash_table_size (other))
    return FALSE;
  g_hash_table_iter_init (&iter, one);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_strcmp0 (value, g_hash_table_lookup (other, key)) != 0)
      return FALSE;
  return TRUE;
}

static gpointer
write_connection (AssayDatabase *database,
                  gpointer       data,
                  GError       **error)
{
  const AssayConnection *wanted = ((Operation *) data)->connection;
  /* As it is now: the keyring may have taken its time, and a sync have ended meanwhile. */
  g_autoptr (AssayConnection) connection = assay_connections_get (database, wanted->id, error);

  if (connection == NULL)
    return NULL;
  /* Other settings can show records that no change would bring: the next sync reads everything. */
  if (!settings_equal (connection->settings, wanted->settings))
    {
      g_clear_pointer (&connection->cursor, g_free);
      connection->removals = connection->removals_of = 0;
    }
  g_hash_table_unref (connection->settings);
  connection->settings = g_hash_table_ref (wanted->settings);
  g_free (connection->name);
  connection->name = g_strdup (wanted->name);
  if (connection->state == ASSAY_CONNECTION_FAILING)
    connection->state = ASSAY_CONNECTION_ENABLED;
  assay_connection_note_removals (connection);
  assay_connections_update (database, connection, error);
  return NULL;
}

/* Erased data has files too. */
static void
documents_swept_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (assay_service_sweep_documents_finish (ASSAY_SERVICE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
connection_updated_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  assay_connector_pool_forget (self->pool, operation->id);
  g_hash_table_remove (self->jobs_read, &operation->id);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_outbox_retry (self->outbox);
  assay_poller_retry (self->poller);
  if (operation->erase)
    assay_service_sweep_documents_async (self, documents_swept_cb, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

static void
set_secrets_stored_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  if (!assay_secrets_store_finish (ASSAY_SECRETS (source), result, &error))
    {
      fail (self, task, error);
      return;
    }
  assay_store_write_async (self->store, write_connection, operation, NULL, NULL, NULL, connection_updated_cb,
                           g_object_ref (task));
}

static void
set_connection_read_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  const AssayConnectorDescription *description;
  g_autoptr (GHashTable) checked = NULL;
  g_autofree char *label = NULL;
  GError *error = NULL;
  GHashTableIter iter;
  gpointer key, value;

  operation->connection = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (operation->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  description = assay_connector_find (operation->connection->kind);
  if (description == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               _ ("This version of Assay doesn't know the system “%s”."), operation->connection->kind);
      return;
    }

  if (operation->settings != NULL)
    {
      g_hash_table_iter_init (&iter, operation->settings);
      while (g_hash_table_iter_next (&iter, &key, &value))
        g_hash_table_replace (operation->connection->settings, g_strdup (key), g_strdup (value));
    }
  checked = assay_connector_check_settings (description, operation->connection->settings, &error);
  if (checked == NULL || !check_secret_names (description, operation->secrets, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  g_hash_table_unref (operation->connection->settings);
  operation->connection->settings = g_steal_pointer (&checked);
  if (operation->name != NULL && *operation->name != '\0')
    {
      g_free (operation->connection->name);
      operation->connection->name = g_steal_pointer (&operation->name);
    }

  label = make_label (operation->connection);
  assay_secrets_store_async (self->secrets, operation->connection->secret_id, label, operation->secrets,
                             g_task_get_cancellable (task), set_secrets_stored_cb, g_object_ref (task));
}

void
assay_service_set_connection_async (AssayService        *self,
                                    gint64               id,
                                    const char          *name,
                                    GHashTable          *settings,
                                    GHashTable          *secrets,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task = new_operation (self, assay_service_set_connection_async, id, cancellable, callback, user_data);
  Operation *operation = g_task_get_task_data (task);

  operation->name = name != NULL ? g_strstrip (g_strdup (name)) : NULL;
  operation->settings = settings != NULL ? g_hash_table_ref (settings) : NULL;
  operation->secrets = copy_secrets (secrets);
  assay_store_read_async (self->store, read_connection, operation, NULL, (GDestroyNotify) assay_connection_free,
                          cancellable, set_connection_read_cb, task);
}

gboolean
assay_service_set_connection_finish (AssayService  *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Testing, and enabling, which begins with a test */

static gpointer
write_probe (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  Operation *operation = data;
  g_autoptr (AssayConnection) connection = assay_connections_get (database, operation->id, error);

  if (connection == NULL)
    return NULL;
  if (operation->probe->account != NULL)
    {
      g_free (connection->account);
      connection->account = g_strdup (operation->probe->account);
    }
  if (operation->probe->ok)
    {
      connection->last_contact_at = assay_time_now ();
      assay_connection_note_removals (connection);
      if (operation->enable || connection->state == ASSAY_CONNECTION_FAILING)
        connection->state = ASSAY_CONNECTION_ENABLED;
      assay_connections_update (database, connection, error);
      return NULL;
    }
  if (assay_connections_update (database, connection, error))
    assay_connection_note_contact (database, operation->id, operation->probe->error, error);
  return NULL;
}

static void
enable_assessments_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* The probe has just listed them; should it fail now, the next look into the list says so. */
  if (!assay_service_refresh_assessments_finish (ASSAY_SERVICE (source), result, &error))
    g_debug ("Listing assessments failed: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
probe_written_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (operation->probe->ok)
    {
      assay_service_set_keyring_error (self, NULL);
      assay_outbox_retry (self->outbox);
      assay_poller_retry (self->poller);
    }

  if (!operation->enable)
    g_task_return_pointer (task, g_steal_pointer (&operation->probe), (GDestroyNotify) assay_probe_free);
  else if (!operation->probe->ok)
    g_task_return_error (task, g_error_copy (operation->probe->error));
  else if (ASSAY_IS_PROVIDER (operation->connector))
    assay_service_refresh_assessments_async (self, operation->id, g_task_get_cancellable (task), enable_assessments_cb,
                                             g_object_ref (task));
  else
    {
      if (self->started)
        assay_service_sync_async (self, operation->id, FALSE, NULL, NULL, self->cancellable, NULL, NULL);
      g_task_return_boolean (task, TRUE);
    }
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  operation->probe = ASSAY_IS_ATS (source) ? assay_ats_probe_finish (ASSAY_ATS (source), result, &error)
                                           : assay_provider_probe_finish (ASSAY_PROVIDER (source), result, &error);
  if (operation->probe == NULL)
    {
      fail (self, task, error);
      return;
    }
  assay_store_write_async (self->store, write_probe, operation, NULL, NULL, NULL, probe_written_cb,
                           g_object_ref (task));
}

static void
test_connector_got_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  operation->connector = assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &error);
  if (operation->connector == NULL)
    {
      assay_connector_pool_note_contact (self->pool, operation->id, error);
      fail (self, task, error);
      return;
    }
  if (ASSAY_IS_ATS (operation->connector))
    assay_ats_probe_async (ASSAY_ATS (operation->connector), operation->progress, operation->progress_data, cancellable,
                           probed_cb, g_object_ref (task));
  else
    assay_provider_probe_async (ASSAY_PROVIDER (operation->connector), cancellable, probed_cb,
                                g_object_ref (task));
}

static void
begin_test (AssayService *self,
            GTask        *task)
{
  Operation *operation = g_task_get_task_data (task);

  /* With what the keyring has now. */
  assay_connector_pool_forget (self->pool, operation->id);
  assay_connector_pool_get_async (self->pool, operation->id, g_task_get_cancellable (task), test_connector_got_cb,
                                  task);
}

void
assay_service_test_connection_async (AssayService        *self,
                                     gint64               id,
                                     AssayProbeProgress   progress,
                                     gpointer             progress_data,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  GTask *task = new_operation (self, assay_service_test_connection_async, id, cancellable, callback, user_data);
  Operation *operation = g_task_get_task_data (task);

  operation->progress = progress;
  operation->progress_data = progress_data;
  begin_test (self, task);
}

AssayProbe *
assay_service_test_connection_finish (AssayService  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_service_enable_connection_async (AssayService        *self,
                                       gint64               id,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  GTask *task = new_operation (self, assay_service_enable_connection_async, id, cancellable, callback, user_data);
  Operation *operation = g_task_get_task_data (task);

  operation->enable = TRUE;
  begin_test (self, task);
}

gboolean
assay_service_enable_connection_finish (AssayService  *self,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Disabling */

static gpointer
write_disabled (AssayDatabase *database,
                gpointer       data,
                GError       **error)
{
  g_autoptr (AssayConnection) connection = assay_connections_get (database, ((Operation *) data)->id, error);

  if (connection == NULL)
    return NULL;
  connection->state = ASSAY_CONNECTION_DISABLED;
  assay_connection_note_removals (connection);
  assay_connections_update (database, connection, error);
  return NULL;
}

void
assay_service_disable_connection_async (AssayService        *self,
                                        gint64               id,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  GTask *task = new_operation (self, assay_service_disable_connection_async, id, cancellable, callback, user_data);

  assay_store_write_async (self->store, write_disabled, g_task_get_task_data (task), NULL, NULL, cancellable,
                           connection_updated_cb, task);
}

gboolean
assay_service_disable_connection_finish (AssayService  *self,
                                         GAsyncResult  *result,
                                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Disconnecting: the secrets first; as long as they are there, so is the connection. */

static gpointer
write_removed (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  const Operation *operation = data;

  assay_connections_remove (database, operation->id, operation->erase, error);
  return NULL;
}

static void
remove_secrets_cleared_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  /* Without a keyring nothing can be removed from it, and nobody should have to keep a connection for that. */
  if (!assay_secrets_clear_finish (ASSAY_SECRETS (source), result, &error) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_MISSING))
    {
      fail (self, task, error);
      return;
    }
  g_clear_error (&error);
  assay_store_write_async (self->store, write_removed, operation, NULL, NULL, NULL, connection_updated_cb,
                           g_object_ref (task));
}

static void
remove_connection_read_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  operation->connection = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (operation->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_secrets_clear_async (self->secrets, operation->connection->secret_id, g_task_get_cancellable (task),
                             remove_secrets_cleared_cb, g_object_ref (task));
}

void
assay_service_remove_connection_async (AssayService        *self,
                                       gint64               id,
                                       gboolean             erase,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  GTask *task = new_operation (self, assay_service_remove_connection_async, id, cancellable, callback, user_data);
  Operation *operation = g_task_get_task_data (task);

  operation->erase = erase;
  assay_store_read_async (self->store, read_connection, operation, NULL, (GDestroyNotify) assay_connection_free,
                          cancellable, remove_connection_read_cb, task);
}

gboolean
assay_service_remove_connection_finish (AssayService  *self,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Syncing: any number of connections side by side. Who asks for a connection that is being synced waits for the same
 * sync, or, if it doesn't read what they want, for the one after it. */

typedef struct
{
  GPtrArray *results;   /* (element-type AssaySyncResult) */
  guint pending;
  AssaySyncFlags flags;
  AssaySyncProgress progress;
  gpointer progress_data;
} SyncAll;

static void
sync_all_free (gpointer data)
{
  SyncAll *all = data;

  g_clear_pointer (&all->results, g_ptr_array_unref);
  g_free (all);
}

static AssaySyncResult *
copy_sync_result (const AssaySyncResult *result)
{
  AssaySyncResult *copy = g_memdup2 (result, sizeof *result);

  copy->error = result->error != NULL ? g_error_copy (result->error) : NULL;
  return copy;
}

/* One of the pending is there; takes @result (nullable). */
static void
count_down (GTask           *task,
            AssaySyncResult *result)
{
  SyncAll *all = g_task_get_task_data (task);

  if (result != NULL)
    g_ptr_array_add (all->results, result);
  if (--all->pending == 0)
    g_task_return_pointer (task, g_steal_pointer (&all->results), (GDestroyNotify) g_ptr_array_unref);
}

/* For how long the jobs that were read needn't be read again by what goes on by itself. */
#define JOBS_FRESH (10 * 60 * G_TIME_SPAN_SECOND)

/* Whether who wants that is served by a sync with those flags. */
static gboolean
covers (AssaySyncFlags flags,
        AssaySyncFlags wanted)
{
  /* The one that says what is left out. */
  const AssaySyncFlags less = ASSAY_SYNC_KNOWN_JOBS;

  return (wanted & ~flags & ~less) == 0 && (flags & ~wanted & less) == 0;
}

static AssaySyncFlags
without_fresh_jobs (AssayService   *self,
                    gint64          id,
                    AssaySyncFlags  flags)
{
  const gint64 *read_at = g_hash_table_lookup (self->jobs_read, &id);

  if (read_at == NULL || g_get_monotonic_time () - *read_at > JOBS_FRESH || (flags & ASSAY_SYNC_FULL) != 0)
    flags &= ~(guint) ASSAY_SYNC_KNOWN_JOBS;
  return flags;
}

/* The sync of one connection that is under way, in AssayService.syncs. */
typedef struct
{
  AssayService *self;
  gint64 id;
  AssaySyncFlags flags;
  GCancellable *cancellable;
  GPtrArray *waiters;        /* (element-type Waiter) */
  gboolean cancelling;       /* a waiter's handler runs, and can't be disconnected */
  gboolean ended;            /* meanwhile */
} Run;

/* Somebody who waits for it. */
typedef struct
{
  Run *run;                  /* borrowed: a run outlives who waits for it */
  GTask *task;
  GCancellable *cancellable; /* (nullable) their own */
  gulong cancelled_id;
  guint leave_id;
} Waiter;

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  g_clear_handle_id (&waiter->leave_id, g_source_remove);
  g_cancellable_disconnect (waiter->cancellable, waiter->cancelled_id);
  g_clear_object (&waiter->cancellable);
  g_object_unref (waiter->task);
  g_free (waiter);
}

static void
run_free (gpointer data)
{
  Run *run = data;

  g_ptr_array_unref (run->waiters);
  g_object_unref (run->cancellable);
  g_object_unref (run->self);
  g_free (run);
}

static gboolean
waits (const Waiter *waiter)
{
  return waiter->cancellable == NULL || !g_cancellable_is_cancelled (waiter->cancellable);
}

/* They go, and the sync goes on for the others. */
static void
leave_cb (gpointer user_data)
{
  Waiter *waiter = user_data;
  Run *run = waiter->run;
  g_autoptr (GTask) task = g_object_ref (waiter->task);
  AssaySyncResult *result = g_new0 (AssaySyncResult, 1);

  waiter->leave_id = 0;
  result->connection_id = run->id;
  g_cancellable_set_error_if_cancelled (waiter->cancellable, &result->error);
  g_ptr_array_remove (run->waiters, waiter);
  count_down (task, result);
}

static void
waiter_cancelled_cb (GCancellable *cancellable,
                     Waiter       *waiter)
{
  Run *run = waiter->run;

  for (guint i = 0; i < run->waiters->len; i++)
    if (waits (g_ptr_array_index (run->waiters, i)))
      {
        /* Not from in here: a handler can't be disconnected while it runs. */
        if (waiter->leave_id == 0)
          waiter->leave_id = g_idle_add_once (leave_cb, waiter);
        return;
      }
  /* The last one; what was reached is told at the end. */
  run->cancelling = TRUE;
  g_cancellable_cancel (run->cancellable);
  run->cancelling = FALSE;
  if (run->ended)
    g_idle_add_once (run_free, run);
}

static void
add_waiter (Run   *run,
            GTask *task)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->run = run;
  waiter->task = g_object_ref (task);
  g_set_object (&waiter->cancellable, g_task_get_cancellable (task));
  g_ptr_array_add (run->waiters, waiter);
  if (waiter->cancellable != NULL)
    waiter->cancelled_id =
      g_cancellable_connect (waiter->cancellable, G_CALLBACK (waiter_cancelled_cb), waiter, NULL);
}

static void
run_progress_cb (gint64   connection_id,
                 guint    applications,
                 gint64   total,
                 gpointer data)
{
  AssayService *self = data;
  Run *run = g_hash_table_lookup (self->syncs, &connection_id);
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);

  /* Whoever is called may add somebody, or cancel. */
  for (guint i = 0; i < run->waiters->len; i++)
    g_ptr_array_add (tasks, g_object_ref (((Waiter *) g_ptr_array_index (run->waiters, i))->task));
  for (guint i = 0; i < tasks->len; i++)
    {
      const SyncAll *all = g_task_get_task_data (g_ptr_array_index (tasks, i));

      if (all->progress != NULL)
        all->progress (connection_id, applications, total, all->progress_data);
    }
}

static void join_sync (AssayService *self, GTask *task, gint64 id);

static void
ran_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Run *run = user_data;
  g_autoptr (AssayService) self = g_object_ref (run->self);
  g_autoptr (AssaySyncResult) outcome = assay_sync_run_finish (ASSAY_STORE (source), result);

  g_hash_table_steal (self->syncs, &run->id);
  assay_service_notify_syncing (self);
  if (outcome->error == NULL)
    assay_service_set_keyring_error (self, NULL);
  else if (assay_error_is_keyring (outcome->error))
    assay_service_set_keyring_error (self, outcome->error);
  if (!g_error_matches (outcome->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    assay_service_set_offline (self, g_error_matches (outcome->error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE));

  if (outcome->error == NULL && (run->flags & ASSAY_SYNC_KNOWN_JOBS) == 0)
    {
      gint64 now = g_get_monotonic_time ();

      g_hash_table_replace (self->jobs_read, g_memdup2 (&run->id, sizeof run->id), g_memdup2 (&now, sizeof now));
    }

  for (guint i = 0; i < run->waiters->len; i++)
    {
      Waiter *waiter = g_ptr_array_index (run->waiters, i);
      SyncAll *all = g_task_get_task_data (waiter->task);

      /* Who wanted more than this one did waits for the next; a failure is a failure for both. */
      if (outcome->error == NULL && waits (waiter) && !covers (run->flags, all->flags))
        {
          join_sync (self, waiter->task, run->id);
          all->pending--;
        }
      else
        count_down (waiter->task, copy_sync_result (outcome));
    }
  run->ended = run->cancelling;
  if (!run->ended)
    run_free (run);
}

static void
join_sync (AssayService *self,
           GTask        *task,
           gint64        id)
{
  SyncAll *all = g_task_get_task_data (task);
  Run *run = g_hash_table_lookup (self->syncs, &id);

  all->pending++;
  if (run != NULL && !g_cancellable_is_cancelled (run->cancellable))
    {
      add_waiter (run, task);
      return;
    }

  run = g_new0 (Run, 1);
  run->self = g_object_ref (self);
  run->id = id;
  run->flags = without_fresh_jobs (self, id, all->flags);
  run->cancellable = g_cancellable_new ();
  run->waiters = g_ptr_array_new_with_free_func (waiter_free);
  g_hash_table_insert (self->syncs, &run->id, run);
  assay_service_notify_syncing (self);
  add_waiter (run, task);
  assay_sync_run_async (self->store, self->pool, id, run->flags, run_progress_cb, self, run->cancellable, ran_cb, run);
}

static gpointer
read_connections (AssayDatabase *database,
                  gpointer       data,
                  GError       **error)
{
  return assay_connections_list (database, error);
}

static void
sync_connections_read_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  SyncAll *all = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) connections = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (connections == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  /* One that stands for the loop itself, so that an early end doesn't return too soon. */
  all->pending = 1;
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (connection->role == ASSAY_ROLE_ATS && connection->state == ASSAY_CONNECTION_ENABLED)
        join_sync (self, task, connection->id);
    }
  count_down (task, NULL);
}

static void
sync_async (AssayService        *self,
            gint64               connection_id,
            AssaySyncFlags       flags,
            AssaySyncProgress    progress,
            gpointer             progress_data,
            gpointer             source_tag,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SyncAll *all = g_new0 (SyncAll, 1);

  g_task_set_source_tag (task, source_tag);
  g_task_set_check_cancellable (task, FALSE);
  all->results = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_sync_result_free);
  all->flags = flags;
  all->progress = progress;
  all->progress_data = progress_data;
  g_task_set_task_data (task, all, sync_all_free);

  if (connection_id != 0)
    join_sync (self, task, connection_id);
  else
    assay_store_read_async (self->store, read_connections, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, cancellable,
                            sync_connections_read_cb, g_object_ref (task));
}

void
assay_service_sync_async (AssayService        *self,
                          gint64               connection_id,
                          gboolean             full,
                          AssaySyncProgress    progress,
                          gpointer             progress_data,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  sync_async (self, connection_id, full ? ASSAY_SYNC_FULL : ASSAY_SYNC_CHANGES, progress, progress_data,
              assay_service_sync_async, cancellable, callback, user_data);
}

void
assay_service_sync_by_itself_async (AssayService        *self,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  sync_async (self, 0, ASSAY_SYNC_KNOWN_JOBS, NULL, NULL, assay_service_sync_by_itself_async, cancellable, callback,
              user_data);
}

GPtrArray *
assay_service_sync_finish (AssayService  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_service_settle_removals_async (AssayService        *self,
                                     gint64               connection_id,
                                     gboolean             gone,
                                     AssaySyncProgress    progress,
                                     gpointer             progress_data,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  sync_async (self, connection_id, gone ? ASSAY_SYNC_ACCEPT_REMOVALS : ASSAY_SYNC_FULL, progress, progress_data,
              assay_service_settle_removals_async, cancellable, callback, user_data);
}

GPtrArray *
assay_service_settle_removals_finish (AssayService  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* One application */

static gpointer
write_application (AssayDatabase *database,
                   gpointer       data,
                   GError       **error)
{
  Operation *operation = data;
  g_autoptr (GPtrArray) one = NULL;

  if (operation->application == NULL)
    {
      assay_applications_mark_gone (database, operation->application_id, error);
      return NULL;
    }
  one = g_ptr_array_new ();
  g_ptr_array_add (one, operation->application);
  assay_applications_upsert (database, operation->id, one, NULL, error);
  return NULL;
}

static void
application_written_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error == NULL)
    error = g_steal_pointer (&operation->error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
application_got_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;
  AssayApplication *application = assay_ats_get_application_finish (ASSAY_ATS (source), result, &error);

  if (application == NULL && !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      assay_connector_pool_note_contact (self->pool, operation->id, error);
      g_task_return_error (task, error);
      return;
    }
  /* Gone there: kept here, marked, and said. */
  operation->error = error;
  assay_application_free (operation->application);
  operation->application = application;
  assay_connector_pool_note_contact (self->pool, operation->id, NULL);
  assay_store_write_async (self->store, write_application, operation, NULL, NULL, NULL, application_written_cb,
                           g_object_ref (task));
}

static void
application_connector_got_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  operation->connector = assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &error);
  if (operation->connector == NULL)
    {
      fail (self, task, error);
      return;
    }
  assay_ats_get_application_async (ASSAY_ATS (operation->connector), operation->application->remote_id,
                                   g_task_get_cancellable (task), application_got_cb, g_object_ref (task));
}

static gpointer
read_application (AssayDatabase *database,
                  gpointer       data,
                  GError       **error)
{
  return assay_applications_get (database, ((Operation *) data)->application_id, error);
}

static void
application_read_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  operation->application = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (operation->application == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  operation->id = operation->application->connection_id;
  assay_connector_pool_get_async (self->pool, operation->id, g_task_get_cancellable (task),
                                  application_connector_got_cb, g_object_ref (task));
}

void
assay_service_refresh_application_async (AssayService        *self,
                                         gint64               application_id,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task = new_operation (self, assay_service_refresh_application_async, 0, cancellable, callback, user_data);
  Operation *operation = g_task_get_task_data (task);

  operation->application_id = application_id;
  assay_store_read_async (self->store, read_application, operation, NULL, (GDestroyNotify) assay_application_free,
                          cancellable, application_read_cb, task);
}

gboolean
assay_service_refresh_application_finish (AssayService  *self,
                                          GAsyncResult  *result,
                                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Assessments: of one provider, or of one after the other. */

typedef struct
{
  GArray *ids;              /* (element-type gint64) still to be asked */
  gint64 id;                /* being asked */
  GPtrArray *assessments;   /* being written */
  GError *error;            /* the first one */
} RefreshAll;

static void
refresh_all_free (gpointer data)
{
  RefreshAll *all = data;

  g_array_unref (all->ids);
  g_clear_pointer (&all->assessments, g_ptr_array_unref);
  g_clear_error (&all->error);
  g_free (all);
}

static void refresh_next (GTask *task);

static void
refresh_failed (GTask  *task,
                GError *error)
{
  AssayService *self = g_task_get_source_object (task);
  RefreshAll *all = g_task_get_task_data (task);

  assay_connector_pool_note_contact (self->pool, all->id, error);
  if (assay_error_is_keyring (error))
    assay_service_set_keyring_error (self, error);
  if (all->error == NULL)
    all->error = error;
  else
    g_error_free (error);
  refresh_next (task);
}

static gpointer
write_assessments (AssayDatabase *database,
                   gpointer       data,
                   GError       **error)
{
  RefreshAll *all = data;

  assay_assessments_replace (database, all->id, all->assessments, error);
  return NULL;
}

static void
assessments_written_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  GTask *task = user_data;
  RefreshAll *all = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_pointer (&all->assessments, g_ptr_array_unref);
  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    refresh_failed (task, error);
  else
    refresh_next (task);
}

static void
assessments_listed_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  GTask *task = user_data;
  AssayService *self = g_task_get_source_object (task);
  RefreshAll *all = g_task_get_task_data (task);
  GError *error = NULL;

  all->assessments = assay_provider_list_assessments_finish (ASSAY_PROVIDER (source), result, &error);
  if (all->assessments == NULL)
    {
      refresh_failed (task, error);
      return;
    }
  assay_connector_pool_note_contact (self->pool, all->id, NULL);
  assay_store_write_async (self->store, write_assessments, all, NULL, NULL, NULL, assessments_written_cb, task);
}

static void
refresh_connector_got_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GObject) connector =
    assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &error);

  if (connector != NULL && !ASSAY_IS_PROVIDER (connector))
    error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                 _ ("This connection is not an assessment provider, so it has no assessments."));
  if (error != NULL)
    refresh_failed (task, error);
  else
    assay_provider_list_assessments_async (ASSAY_PROVIDER (connector), g_task_get_cancellable (task),
                                           assessments_listed_cb, task);
}

static void
refresh_next (GTask *task)
{
  AssayService *self = g_task_get_source_object (task);
  RefreshAll *all = g_task_get_task_data (task);

  if (all->ids->len == 0)
    {
      if (all->error != NULL)
        g_task_return_error (task, g_steal_pointer (&all->error));
      else
        g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  all->id = g_array_index (all->ids, gint64, 0);
  g_array_remove_index (all->ids, 0);
  assay_connector_pool_get_async (self->pool, all->id, g_task_get_cancellable (task), refresh_connector_got_cb, task);
}

static void
refresh_connections_read_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  GTask *task = user_data;
  RefreshAll *all = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) connections = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (connections == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (connection->role == ASSAY_ROLE_PROVIDER && connection->state == ASSAY_CONNECTION_ENABLED)
        g_array_append_val (all->ids, connection->id);
    }
  refresh_next (task);
}

void
assay_service_refresh_assessments_async (AssayService        *self,
                                         gint64               connection_id,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  RefreshAll *all = g_new0 (RefreshAll, 1);

  g_task_set_source_tag (task, assay_service_refresh_assessments_async);
  all->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_task_set_task_data (task, all, refresh_all_free);
  if (connection_id != 0)
    {
      g_array_append_val (all->ids, connection_id);
      refresh_next (task);
    }
  else
    assay_store_read_async (self->store, read_connections, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, cancellable,
                            refresh_connections_read_cb, task);
}

gboolean
assay_service_refresh_assessments_finish (AssayService  *self,
                                          GAsyncResult  *result,
                                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
