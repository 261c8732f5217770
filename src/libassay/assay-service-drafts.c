/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssayService: set-ups that were left half-way, and what the keyring holds of them.
 *
 * The note that there is a secret is written before the secret, and removed after it: whatever ends in between, a later
 * sweep finds it. */
#include "config.h"

#include "assay-service-drafts.h"

#include <glib/gi18n-lib.h>

#include "assay-service-private.h"

typedef struct
{
  AssayDraft *draft;
  GHashTable *secrets;   /* (nullable) */
} Keep;

static void
keep_free (gpointer data)
{
  Keep *keep = data;

  assay_draft_free (keep->draft);
  g_clear_pointer (&keep->secrets, g_hash_table_unref);
  g_free (keep);
}

static char *
dup_secret_id (gint64 draft_id)
{
  return g_strdup_printf ("draft-%" G_GINT64_FORMAT, draft_id);
}

static gboolean
run_with_id (AssayDatabase  *database,
             const char     *sql,
             gint64          id,
             GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, sql, error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  return assay_statement_run (statement, error);
}

/* ---- Keeping ---- */

static gpointer
write_kept (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  const Keep *keep = data;
  AssayStatement *statement;

  if (!assay_drafts_save (database, keep->draft, error))
    return NULL;
  if (keep->secrets == NULL)
    {
      run_with_id (database, "UPDATE draft_secret SET kept_at = (SELECT updated_at FROM draft WHERE id = draft_id)"
                             " WHERE draft_id = ?1",
                   keep->draft->id, error);
      return NULL;
    }
  statement = assay_database_prepare (database,
                                      "INSERT INTO draft_secret (draft_id, kept_at) VALUES (?1, ?2)"
                                      " ON CONFLICT (draft_id) DO UPDATE SET kept_at = excluded.kept_at",
                                      error);
  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, keep->draft->id);
  assay_statement_bind_int64 (statement, 2, keep->draft->updated_at);
  assay_statement_run (statement, error);
  return NULL;
}

static void
secrets_stored_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->drafts_being_kept--;
  if (assay_secrets_store_finish (ASSAY_SECRETS (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
kept_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Keep *keep = g_task_get_task_data (task);
  g_autofree char *secret_id = dup_secret_id (keep->draft->id);
  g_autofree char *label = NULL;
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL || keep->secrets == NULL)
    {
      self->drafts_being_kept--;
      if (error != NULL)
        g_task_return_error (task, error);
      else
        g_task_return_boolean (task, TRUE);
      return;
    }
  /* Translators: shown in the keyring's own program; %s is the name of a connection */
  label = g_strdup_printf (_ ("Assay: %s, not set up yet"),
                           keep->draft->name != NULL && *keep->draft->name != '\0' ? keep->draft->name
                                                                                   : keep->draft->kind);
  assay_secrets_store_async (self->secrets, secret_id, label, keep->secrets, NULL, secrets_stored_cb,
                             g_object_ref (task));
}

void
assay_service_keep_draft_async (AssayService        *self,
                                AssayDraft          *draft,
                                GHashTable          *secrets,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Keep *keep = g_new0 (Keep, 1);

  g_task_set_source_tag (task, assay_service_keep_draft_async);
  keep->draft = draft;
  keep->secrets = secrets != NULL && g_hash_table_size (secrets) > 0 ? g_hash_table_ref (secrets) : NULL;
  g_task_set_task_data (task, keep, keep_free);
  self->drafts_being_kept++;
  assay_store_write_async (self->store, write_kept, keep, NULL, NULL, NULL, kept_cb, task);
}

gboolean
assay_service_keep_draft_finish (AssayService  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* ---- Looking up ---- */

typedef struct
{
  gint64 draft_id;
  gboolean interactive;
} LookUp;

static gpointer
read_noted (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT 1 FROM draft_secret WHERE draft_id = ?1 AND kept_at > 0", error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, ((const LookUp *) data)->draft_id);
  return GINT_TO_POINTER (assay_statement_step (statement, error));
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GHashTable *secrets = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &error);

  if (secrets != NULL)
    g_task_return_pointer (task, secrets, (GDestroyNotify) g_hash_table_unref);
  else
    g_task_return_error (task, error);
}

static void
noted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  GError *error = NULL;
  const gboolean noted = assay_store_finish (ASSAY_STORE (source), result, &error) != NULL;
  const LookUp *look_up = g_task_get_task_data (task);
  g_autofree char *secret_id = dup_secret_id (look_up->draft_id);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (!noted)
    /* Most have none: then nobody is asked to unlock anything. */
    g_task_return_pointer (task, assay_secrets_table_new (), (GDestroyNotify) g_hash_table_unref);
  else
    assay_secrets_lookup_async (self->secrets, secret_id, look_up->interactive, g_task_get_cancellable (task), looked_up_cb,
                                g_object_ref (task));
}

void
assay_service_look_up_draft_async (AssayService        *self,
                                   gint64               draft_id,
                                   gboolean             interactive,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  LookUp *look_up = g_new0 (LookUp, 1);

  g_task_set_source_tag (task, assay_service_look_up_draft_async);
  look_up->draft_id = draft_id;
  look_up->interactive = interactive;
  g_task_set_task_data (task, look_up, g_free);
  /* The task, which the callback frees, keeps what the store's thread reads. */
  assay_store_read_async (self->store, read_noted, look_up, NULL, NULL, cancellable, noted_cb, task);
}

GHashTable *
assay_service_look_up_draft_finish (AssayService  *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Letting go ---- */

typedef struct
{
  AssayService *service;   /* owned */
  gint64 draft_id;
} Sweep;

static void
sweep_free (Sweep *sweep)
{
  g_object_unref (sweep->service);
  g_free (sweep);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sweep, sweep_free)

static gpointer
remove_note (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  run_with_id (database, "DELETE FROM draft_secret WHERE draft_id = ?1", *(const gint64 *) data, error);
  return NULL;
}

static void
cleared_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Sweep) sweep = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_secrets_clear_finish (ASSAY_SECRETS (source), result, &error))
    g_debug ("The keyring keeps the secrets of a draft: %s", error->message);
  else
    assay_store_write_async (sweep->service->store, remove_note, g_memdup2 (&sweep->draft_id, sizeof sweep->draft_id),
                             g_free, NULL, NULL, NULL, NULL);
}

/* Only an open keyring is told to forget: nobody wants to be asked for a password because a month is over. */
static void
found_open_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Sweep) sweep = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) secrets = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, &error);
  g_autofree char *secret_id = dup_secret_id (sweep->draft_id);

  if (secrets == NULL)
    {
      g_debug ("The secrets of a draft stay for now: %s", error->message);
      return;
    }
  assay_secrets_clear_async (ASSAY_SECRETS (source), secret_id, NULL, cleared_cb, g_steal_pointer (&sweep));
}

/* (element-type gint64): the drafts whose secrets nobody will ask for again */
static gpointer
read_ended (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  g_autoptr (GArray) ended = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT draft_id FROM draft_secret WHERE kept_at <= ?1"
                            " OR NOT EXISTS (SELECT 1 FROM draft WHERE draft.id = draft_id)",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, assay_time_now () - ASSAY_DRAFT_SECRETS_KEPT);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (ended, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&ended);
}

static void
ended_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (AssayService) self = user_data;
  g_autoptr (GArray) ended = assay_store_finish (ASSAY_STORE (source), result, NULL);

  for (guint i = 0; ended != NULL && i < ended->len; i++)
    {
      Sweep *sweep = g_new0 (Sweep, 1);
      g_autofree char *secret_id = NULL;

      sweep->service = g_object_ref (self);
      sweep->draft_id = g_array_index (ended, gint64, i);
      secret_id = dup_secret_id (sweep->draft_id);
      assay_secrets_lookup_async (self->secrets, secret_id, FALSE, NULL, found_open_cb, sweep);
    }
}

void
assay_service_sweep_drafts (AssayService *self)
{
  assay_store_read_async (self->store, read_ended, NULL, NULL, (GDestroyNotify) g_array_unref, NULL, ended_read_cb,
                          g_object_ref (self));
}

static void
let_go_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AssayService) self = user_data;
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_debug ("A draft stays: %s", error->message);
  assay_service_sweep_drafts (self);
}

static gpointer
write_unneeded (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  run_with_id (database, "UPDATE draft_secret SET kept_at = 0 WHERE draft_id = ?1", *(const gint64 *) data, error);
  return NULL;
}

void
assay_service_forget_draft_secrets (AssayService *self,
                                    gint64        draft_id)
{
  g_return_if_fail (ASSAY_IS_SERVICE (self));

  assay_store_write_async (self->store, write_unneeded, g_memdup2 (&draft_id, sizeof draft_id), g_free, NULL, NULL,
                           let_go_cb, g_object_ref (self));
}

static gpointer
write_discarded (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  assay_drafts_remove (database, *(const gint64 *) data, error);
  return NULL;
}

void
assay_service_discard_draft (AssayService *self,
                             gint64        draft_id)
{
  g_return_if_fail (ASSAY_IS_SERVICE (self));

  assay_store_write_async (self->store, write_discarded, g_memdup2 (&draft_id, sizeof draft_id), g_free, NULL, NULL,
                           let_go_cb, g_object_ref (self));
}
