/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system keyring. Every secret is an item of its own, found by (connection, name). */
#include "config.h"

#include "assay-secrets.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

struct _AssaySecrets
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (AssaySecrets, assay_secrets, G_TYPE_OBJECT)

/* Attributes lie in the keyring in the clear: opaque ids only. DONT_MATCH_NAME makes a locked keyring prompt
 * (gnome-keyring#89); the "application" attribute then keeps other programs' items out. */
static const SecretSchema secret_schema = {
  "io.github.assayapp.Assay.Secret",
  SECRET_SCHEMA_DONT_MATCH_NAME,
  {
    { "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "connection", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
  0, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
};

#define APPLICATION_ATTRIBUTE "io.github.assayapp.Assay"

static void
assay_secrets_class_init (AssaySecretsClass *klass)
{
}

static void
assay_secrets_init (AssaySecrets *self)
{
}

AssaySecrets *
assay_secrets_new (void)
{
  return g_object_new (ASSAY_TYPE_SECRETS, NULL);
}

char *
assay_secret_dup (const char *value)
{
  gsize length;

  return secret_value_unref_to_password (secret_value_new (value, -1, "text/plain"), &length);
}

GHashTable *
assay_secrets_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) secret_password_free);
}

void
assay_secrets_table_set (GHashTable *table,
                         const char *name,
                         const char *value)
{
  g_hash_table_replace (table, g_strdup (name), assay_secret_dup (value));
}

/* What libsecret and the bus say, as one of the three states that a person can do something about. */
static void
explain (GError **error)
{
  GError *old = *error;
  g_autofree char *remote = NULL;
  AssayError code = ASSAY_ERROR_KEYRING_REFUSED;
  const char *text = NULL;

  if (old == NULL || old->domain == ASSAY_ERROR || g_error_matches (old, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (g_error_matches (old, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    {
      code = ASSAY_ERROR_KEYRING_LOCKED;
      text = _ ("The keyring is locked. Unlock it to use the keys that are kept there.");
    }
  else if (g_error_matches (old, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
           g_error_matches (old, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
           g_error_matches (old, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND) ||
           g_error_matches (old, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_CHILD_EXITED) ||
           g_error_matches (old, G_DBUS_ERROR, G_DBUS_ERROR_NO_SERVER) ||
           g_error_matches (old, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED) ||
           g_error_matches (old, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
           g_error_matches (old, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
           g_error_matches (old, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) || old->domain == G_SPAWN_ERROR ||
           g_error_matches (old, G_IO_ERROR, G_IO_ERROR_FAILED))
    {
      code = ASSAY_ERROR_KEYRING_MISSING;
      text = _ ("No keyring answers on this computer, and Assay keeps keys nowhere else. Install and start GNOME "
                "Keyring, KWallet or KeePassXC with its Secret Service switched on, then try again.");
    }
  else
    text = _ ("The keyring refused. Allow Assay to use it when it asks, then try again.");

  remote = g_dbus_error_get_remote_error (old);
  g_debug ("keyring: %s", remote != NULL ? remote : g_quark_to_string (old->domain));
  *error = g_error_new_literal (ASSAY_ERROR, code, text);
  g_error_free (old);
}

/* Storing: one item after the other. */

typedef struct
{
  char *secret_id;
  char *label;
  GHashTable *table;
  GList *names;     /* (element-type utf8) not yet stored; borrowed from the table */
} StoreData;

static void
store_data_free (gpointer data)
{
  StoreData *store = data;

  g_free (store->secret_id);
  g_free (store->label);
  g_list_free (store->names);
  g_hash_table_unref (store->table);
  g_free (store);
}

static void store_next (GTask *task);

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  StoreData *store = g_task_get_task_data (task);
  GError *error = NULL;

  if (!secret_password_store_finish (result, &error))
    {
      if (error == NULL)
        error = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "");
      explain (&error);
      g_task_return_error (task, error);
      return;
    }
  store->names = g_list_delete_link (store->names, store->names);
  store_next (g_steal_pointer (&task));
}

static void
store_next (GTask *task)
{
  StoreData *store = g_task_get_task_data (task);
  const char *name;

  if (store->names == NULL)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  name = store->names->data;
  secret_password_store (&secret_schema, SECRET_COLLECTION_DEFAULT, store->label,
                         g_hash_table_lookup (store->table, name), g_task_get_cancellable (task), stored_cb, task,
                         "application", APPLICATION_ATTRIBUTE, "connection", store->secret_id, "name", name, NULL);
}

void
assay_secrets_store_async (AssaySecrets        *self,
                           const char          *secret_id,
                           const char          *label,
                           GHashTable          *table,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  StoreData *store = g_new0 (StoreData, 1);

  g_task_set_source_tag (task, assay_secrets_store_async);
  store->secret_id = g_strdup (secret_id);
  store->label = g_strdup (label);
  store->table = g_hash_table_ref (table);
  store->names = g_hash_table_get_keys (table);
  g_task_set_task_data (task, store, store_data_free);
  store_next (task);
}

gboolean
assay_secrets_store_finish (AssaySecrets  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Looking up: one search, then the secret of each item found. */

typedef struct
{
  GHashTable *table;
  GList *items;     /* (element-type SecretRetrievable) */
} LookupData;

static void
lookup_data_free (gpointer data)
{
  LookupData *lookup = data;

  g_list_free_full (lookup->items, g_object_unref);
  g_clear_pointer (&lookup->table, g_hash_table_unref);
  g_free (lookup);
}

static void retrieve_next (GTask *task);

static void
retrieved_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  LookupData *lookup = g_task_get_task_data (task);
  GError *error = NULL;
  SecretValue *value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  g_autoptr (GHashTable) attributes = NULL;
  const char *name;
  gsize length;

  if (value == NULL)
    {
      if (error == NULL)
        error = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "");
      explain (&error);
      g_task_return_error (task, error);
      return;
    }

  attributes = secret_retrievable_get_attributes (SECRET_RETRIEVABLE (source));
  name = g_hash_table_lookup (attributes, "name");
  if (name != NULL)
    g_hash_table_replace (lookup->table, g_strdup (name), secret_value_unref_to_password (value, &length));
  else
    secret_value_unref (value);

  g_object_unref (lookup->items->data);
  lookup->items = g_list_delete_link (lookup->items, lookup->items);
  retrieve_next (g_steal_pointer (&task));
}

static void
retrieve_next (GTask *task)
{
  LookupData *lookup = g_task_get_task_data (task);

  if (lookup->items == NULL)
    {
      g_task_return_pointer (task, g_steal_pointer (&lookup->table), (GDestroyNotify) g_hash_table_unref);
      g_object_unref (task);
      return;
    }
  secret_retrievable_retrieve_secret (lookup->items->data, g_task_get_cancellable (task), retrieved_cb, task);
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  LookupData *lookup = g_task_get_task_data (task);
  GError *error = NULL;

  lookup->items = secret_password_search_finish (result, &error);
  if (error != NULL)
    {
      explain (&error);
      g_task_return_error (task, error);
      return;
    }
  for (GList *item = lookup->items; item != NULL; item = item->next)
    if (SECRET_IS_ITEM (item->data) && secret_item_get_locked (item->data))
      {
        error = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "");
        explain (&error);
        g_task_return_error (task, error);
        return;
      }
  retrieve_next (g_steal_pointer (&task));
}

void
assay_secrets_lookup_async (AssaySecrets        *self,
                            const char          *secret_id,
                            gboolean             interactive,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  LookupData *lookup = g_new0 (LookupData, 1);

  g_task_set_source_tag (task, assay_secrets_lookup_async);
  lookup->table = assay_secrets_table_new ();
  g_task_set_task_data (task, lookup, lookup_data_free);
  secret_password_search (&secret_schema, SECRET_SEARCH_ALL | (interactive ? SECRET_SEARCH_UNLOCK : 0), cancellable,
                          searched_cb, task, "application", APPLICATION_ATTRIBUTE, "connection", secret_id, NULL);
}

GHashTable *
assay_secrets_lookup_finish (AssaySecrets  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    {
      explain (&error);
      g_task_return_error (task, error);
    }
  else
    g_task_return_boolean (task, TRUE);
}

void
assay_secrets_clear_async (AssaySecrets        *self,
                           const char          *secret_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_secrets_clear_async);
  secret_password_clear (&secret_schema, cancellable, cleared_cb, task, "application", APPLICATION_ATTRIBUTE,
                         "connection", secret_id, NULL);
}

gboolean
assay_secrets_clear_finish (AssaySecrets  *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
