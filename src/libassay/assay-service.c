/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program without a window: its parts, and what goes on by itself. */
#include "config.h"

#include "assay-service-private.h"

#include <glib/gi18n-lib.h>

#include "assay-ledger.h"

/* Polling is what makes the lists true: each ATS is asked for what changed this often. */
#define SYNC_INTERVAL (3 * 60 * 1000)
/* How long closing waits for an answer that is on its way. */
#define CLOSE_PATIENCE 5000

typedef enum
{
  PROP_KEYRING_ERROR = 1,
  PROP_OFFLINE,
  PROP_SYNCING,
} AssayServiceProp;

static GParamSpec *props[PROP_SYNCING + 1];

G_DEFINE_FINAL_TYPE (AssayService, assay_service, G_TYPE_OBJECT)

static void
assay_service_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  AssayService *self = ASSAY_SERVICE (object);

  switch ((AssayServiceProp) id)
    {
    case PROP_KEYRING_ERROR:
      g_value_set_boxed (value, self->keyring_error);
      break;
    case PROP_OFFLINE:
      g_value_set_boolean (value, self->offline);
      break;
    case PROP_SYNCING:
      g_value_set_boolean (value, assay_service_get_syncing (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_service_dispose (GObject *object)
{
  AssayService *self = ASSAY_SERVICE (object);

  assay_service_stop (self);
  g_clear_object (&self->outbox);
  g_clear_object (&self->poller);
  g_clear_object (&self->pool);
  g_clear_object (&self->http);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (assay_service_parent_class)->dispose (object);
}

static void
assay_service_finalize (GObject *object)
{
  AssayService *self = ASSAY_SERVICE (object);

  g_hash_table_unref (self->syncs);
  g_hash_table_unref (self->jobs_read);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->keyring_error);

  G_OBJECT_CLASS (assay_service_parent_class)->finalize (object);
}

static void
assay_service_class_init (AssayServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_service_get_property;
  object_class->dispose = assay_service_dispose;
  object_class->finalize = assay_service_finalize;

  props[PROP_KEYRING_ERROR] = g_param_spec_boxed ("keyring-error", NULL, NULL, G_TYPE_ERROR,
                                                  G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_OFFLINE] = g_param_spec_boolean ("offline", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_SYNCING] = g_param_spec_boolean ("syncing", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
assay_service_init (AssayService *self)
{
  self->cancellable = g_cancellable_new ();
  self->jobs_read = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->syncs = g_hash_table_new (g_int64_hash, g_int64_equal);
}

static void
keyring_failed_cb (AssayService *self,
                   const GError *error)
{
  assay_service_set_keyring_error (self, error);
}

guint
assay_service_get_sync_interval (AssayService *self)
{
  return SYNC_INTERVAL;
}

char *
assay_service_dup_default_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "assay", NULL);
}

AssayService *
assay_service_new (const char *directory,
                   GError    **error)
{
  g_autoptr (AssayStore) store = assay_store_open (directory, error);

  return store != NULL ? assay_service_new_for_store (store) : NULL;
}

AssayService *
assay_service_new_for_store (AssayStore *store)
{
  AssayService *self;

  g_return_val_if_fail (ASSAY_IS_STORE (store), NULL);

  self = g_object_new (ASSAY_TYPE_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->secrets = assay_secrets_new ();
  self->http = assay_http_new ();
  self->pool = assay_connector_pool_new (self->store, self->secrets, self->http);
  self->outbox = assay_outbox_new (self->store, self->pool);
  self->poller = assay_poller_new (self->store, self->pool);
  g_signal_connect_object (self->outbox, "keyring-failed", G_CALLBACK (keyring_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->poller, "keyring-failed", G_CALLBACK (keyring_failed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

AssayStore *
assay_service_get_store (AssayService *self)
{
  return self->store;
}

const GError *
assay_service_get_keyring_error (AssayService *self)
{
  return self->keyring_error;
}

void
assay_service_set_keyring_error (AssayService *self,
                                 const GError *error)
{
  if (error == NULL && self->keyring_error == NULL)
    return;
  if (error != NULL && self->keyring_error != NULL && error->code == self->keyring_error->code)
    return;
  g_clear_error (&self->keyring_error);
  self->keyring_error = error != NULL ? g_error_copy (error) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KEYRING_ERROR]);
}

gboolean
assay_service_get_offline (AssayService *self)
{
  return self->offline;
}

void
assay_service_set_offline (AssayService *self,
                           gboolean      offline)
{
  if (self->offline == offline)
    return;
  self->offline = offline;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_OFFLINE]);
}

gboolean
assay_service_get_syncing (AssayService *self)
{
  return g_hash_table_size (self->syncs) > 0;
}

void
assay_service_notify_syncing (AssayService *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SYNCING]);
}

/* What goes on by itself */

static void sync_all (AssayService *self);

static void
sync_timer_cb (gpointer user_data)
{
  AssayService *self = user_data;

  self->sync_timer_id = 0;
  sync_all (self);
}

static void
synced_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssayService *self = ASSAY_SERVICE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) results = assay_service_sync_finish (self, result, &error);

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Syncing failed: %s", error->message);
  /* Counted from the end, so that a slow vendor isn't asked all the time. */
  if (self->started && self->sync_timer_id == 0)
    self->sync_timer_id = g_timeout_add_once (SYNC_INTERVAL, sync_timer_cb, self);
}

static void
sync_all (AssayService *self)
{
  g_clear_handle_id (&self->sync_timer_id, g_source_remove);
  assay_service_sync_by_itself_async (self, self->cancellable, synced_cb, NULL);
}

static void
network_changed_cb (AssayService    *self,
                    gboolean         available,
                    GNetworkMonitor *monitor)
{
  /* A hint to try sooner; never a reason not to try. */
  if (!available)
    return;
  assay_outbox_retry (self->outbox);
  assay_poller_retry (self->poller);
  sync_all (self);
}

static void
store_changed_cb (AssayService       *self,
                  const AssayChanges *changes,
                  AssayStore         *store)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_OUTBOX | ASSAY_CHANGE_CONNECTIONS))
    assay_outbox_wake (self->outbox);
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_INVITATIONS | ASSAY_CHANGE_CONNECTIONS))
    assay_poller_wake (self->poller);
}

void
assay_service_start (AssayService *self)
{
  if (self->started)
    return;
  self->started = TRUE;
  self->network = g_network_monitor_get_default ();
  self->network_id =
    g_signal_connect_object (self->network, "network-changed", G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  assay_outbox_start (self->outbox);
  assay_service_continue_batches (self);
  assay_poller_start (self->poller);
  assay_service_start_doctor (self);
  sync_all (self);
}

static void
patience_ended_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

void
assay_service_stop (AssayService *self)
{
  gboolean over = FALSE;
  guint timer_id;

  /* Once: dispose calls it too, and who waited in vain for an answer doesn't wait again. */
  if (self->stopped)
    return;
  self->stopped = TRUE;
  if (self->store == NULL)
    return;

  self->started = FALSE;
  g_clear_handle_id (&self->sync_timer_id, g_source_remove);
  assay_service_stop_doctor (self);
  if (self->network != NULL)
    g_clear_signal_handler (&self->network_id, self->network);
  g_cancellable_cancel (self->cancellable);
  assay_poller_stop (self->poller);
  assay_outbox_stop (self->outbox);

  /* An invitation on the wire is worth a moment: without its answer a person would have to find out. */
  timer_id = g_timeout_add_once (CLOSE_PATIENCE, patience_ended_cb, &over);
  /* So are tokens that replace those of the keyring: without them somebody would have to sign in again; and a key that
   * its vendor showed once. */
  while ((assay_outbox_is_sending (self->outbox) || assay_connector_pool_is_renewing (self->pool) ||
          self->drafts_being_kept > 0) &&
         !over)
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (timer_id);

  assay_connector_pool_forget (self->pool, 0);
  assay_store_keep_freshness (self->store);
  assay_store_close (self->store);
}

/* The keyring */

static void
unlocked_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GHashTable) secrets = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &error);

  if (secrets == NULL)
    {
      if (assay_error_is_keyring (error))
        assay_service_set_keyring_error (self, error);
      g_task_return_error (task, error);
      return;
    }
  assay_service_set_keyring_error (self, NULL);
  assay_connector_pool_forget (self->pool, 0);
  assay_outbox_retry (self->outbox);
  assay_poller_retry (self->poller);
  if (self->started)
    sync_all (self);
  g_task_return_boolean (task, TRUE);
}

static gpointer
read_any_secret_id (AssayDatabase *database,
                    gpointer       data,
                    GError       **error)
{
  g_autoptr (GPtrArray) connections = assay_connections_list (database, error);

  if (connections == NULL)
    return NULL;
  return connections->len > 0 ? g_strdup (((AssayConnection *) g_ptr_array_index (connections, 0))->secret_id)
                              : g_strdup ("");
}

static void
secret_id_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autofree char *secret_id = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (secret_id == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_secrets_lookup_async (self->secrets, secret_id, TRUE, g_task_get_cancellable (task), unlocked_cb,
                              g_object_ref (task));
}

void
assay_service_unlock_keyring_async (AssayService        *self,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_unlock_keyring_async);
  assay_store_read_async (self->store, read_any_secret_id, NULL, NULL, g_free, cancellable, secret_id_read_cb, task);
}

gboolean
assay_service_unlock_keyring_finish (AssayService  *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
