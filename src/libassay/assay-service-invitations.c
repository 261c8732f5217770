/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssayService: inviting, and what came of it. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-service-private.h"

/* A write of the ledger that answers yes or no. */
static void
boolean_written_cb (GObject      *source,
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
  assay_outbox_wake (self->outbox);
  g_task_return_boolean (task, TRUE);
}

/* Checking and inviting */

AssayLedgerDraft *
assay_service_copy_draft (const AssayInvitationDraft *draft)
{
  AssayLedgerDraft *copy = g_new0 (AssayLedgerDraft, 1);

  copy->application_id = draft->application_id;
  copy->assessment_id = draft->assessment_id;
  copy->first_name = g_strdup (draft->first_name);
  copy->last_name = g_strdup (draft->last_name);
  copy->email = g_strdup (draft->email);
  copy->cause = g_strdup (draft->cause != NULL ? draft->cause : "user");
  copy->due_at = assay_time_now () + draft->delay;
  copy->deadline = draft->deadline;
  copy->again = draft->again;
  return copy;
}

static gpointer
read_check (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  assay_ledger_check (database, data, error);
  return NULL;
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
assay_service_check_invitation_async (AssayService               *self,
                                      const AssayInvitationDraft *draft,
                                      GCancellable               *cancellable,
                                      GAsyncReadyCallback         callback,
                                      gpointer                    user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_check_invitation_async);
  assay_store_read_async (self->store, read_check, assay_service_copy_draft (draft), (GDestroyNotify) assay_ledger_draft_free,
                          NULL, cancellable, checked_cb, task);
}

gboolean
assay_service_check_invitation_finish (AssayService  *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
write_enqueue (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  gint64 id = assay_ledger_enqueue (database, data, error);

  return id != 0 ? g_memdup2 (&id, sizeof id) : NULL;
}

static void
enqueued_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  GError *error = NULL;
  gint64 *id = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (id == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_outbox_wake (self->outbox);
  g_task_return_pointer (task, id, g_free);
}

void
assay_service_invite_async (AssayService               *self,
                            const AssayInvitationDraft *draft,
                            GCancellable               *cancellable,
                            GAsyncReadyCallback         callback,
                            gpointer                    user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_invite_async);
  assay_store_write_async (self->store, write_enqueue, assay_service_copy_draft (draft),
                           (GDestroyNotify) assay_ledger_draft_free, g_free, cancellable, enqueued_cb, task);
}

gint64
assay_service_invite_finish (AssayService  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_autofree gint64 *id = g_task_propagate_pointer (G_TASK (result), error);

  return id != NULL ? *id : 0;
}

GHashTable *
assay_assessments_find_invited (AssayDatabase  *database,
                                const char     *email,
                                GPtrArray      *assessments,
                                GError        **error)
{
  return assay_ledger_find_invited (database, email, assessments, error);
}

gint64
assay_service_get_duplicate (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE) ? assay_error_get_record (error) : 0;
}

/* Taking back, resolving, giving up: one write each. */

typedef struct
{
  gint64 id;
  gboolean sent;
} RowChange;

static void
change_row (AssayService        *self,
            AssayStoreFunc       function,
            gint64               id,
            gboolean             sent,
            gpointer             source_tag,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  RowChange *change = g_new0 (RowChange, 1);

  g_task_set_source_tag (task, source_tag);
  change->id = id;
  change->sent = sent;
  assay_store_write_async (self->store, function, change, g_free, NULL, cancellable, boolean_written_cb, task);
}

static gpointer
write_undo (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  assay_ledger_undo (database, ((RowChange *) data)->id, error);
  return NULL;
}

void
assay_service_undo_invitation_async (AssayService        *self,
                                     gint64               invitation_id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  change_row (self, write_undo, invitation_id, FALSE, assay_service_undo_invitation_async, cancellable, callback,
              user_data);
}

gboolean
assay_service_undo_invitation_finish (AssayService  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
write_resolve (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  const RowChange *change = data;

  assay_ledger_resolve (database, change->id, change->sent, error);
  return NULL;
}

void
assay_service_resolve_outbox_async (AssayService        *self,
                                    gint64               outbox_id,
                                    gboolean             sent,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  change_row (self, write_resolve, outbox_id, sent, assay_service_resolve_outbox_async, cancellable, callback,
              user_data);
}

gboolean
assay_service_resolve_outbox_finish (AssayService  *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
write_discard (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  assay_ledger_discard (database, ((RowChange *) data)->id, error);
  return NULL;
}

void
assay_service_discard_outbox_async (AssayService        *self,
                                    gint64               outbox_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  change_row (self, write_discard, outbox_id, FALSE, assay_service_discard_outbox_async, cancellable, callback,
              user_data);
}

gboolean
assay_service_discard_outbox_finish (AssayService  *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

GPtrArray *
assay_outbox_list (AssayDatabase *database,
                   GError       **error)
{
  return assay_ledger_list (database, error);
}

AssayOutboxRow *
assay_outbox_get (AssayDatabase *database,
                  gint64         outbox_id,
                  GError       **error)
{
  return assay_ledger_get_row (database, outbox_id, error);
}

AssayOutboxRow *
assay_outbox_get_by_invitation (AssayDatabase *database,
                                gint64         invitation_id,
                                GError       **error)
{
  return assay_ledger_get_by_invitation (database, invitation_id, error);
}

/* Sending and asking */

static void
outbox_ran_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (assay_outbox_run_finish (ASSAY_OUTBOX (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
batches_prepared_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = ASSAY_SERVICE (source);
  GError *error = NULL;

  if (assay_service_prepare_batches_finish (self, result, &error))
    assay_outbox_run_async (self->outbox, 0, g_task_get_cancellable (task), outbox_ran_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

void
assay_service_run_outbox_async (AssayService        *self,
                                gint64               invitation_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_run_outbox_async);
  if (invitation_id == 0)
    assay_service_prepare_batches_async (self, cancellable, batches_prepared_cb, task);
  else
    assay_outbox_run_async (self->outbox, invitation_id, cancellable, outbox_ran_cb, task);
}

gboolean
assay_service_run_outbox_finish (AssayService  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_service_run_effect_async (AssayService        *self,
                                gint64               outbox_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_run_effect_async);
  assay_outbox_run_row_async (self->outbox, outbox_id, cancellable, outbox_ran_cb, task);
}

gboolean
assay_service_run_effect_finish (AssayService  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
write_effect (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  gint64 id = assay_ledger_enqueue_effect (database, data, error);

  return id != 0 ? g_memdup2 (&id, sizeof id) : NULL;
}

void
assay_service_queue_effect_async (AssayService        *self,
                                  const AssayEffect   *effect,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_queue_effect_async);
  assay_store_write_async (self->store, write_effect, assay_effect_copy (effect), (GDestroyNotify) assay_effect_free,
                           g_free, cancellable, enqueued_cb, task);
}

gint64
assay_service_queue_effect_finish (AssayService  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_autofree gint64 *id = g_task_propagate_pointer (G_TASK (result), error);

  return id != NULL ? *id : 0;
}

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (assay_poller_ask_finish (ASSAY_POLLER (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
assay_service_refresh_invitation_async (AssayService        *self,
                                        gint64               invitation_id,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_refresh_invitation_async);
  assay_poller_ask_async (self->poller, invitation_id, cancellable, asked_cb, task);
}

gboolean
assay_service_refresh_invitation_finish (AssayService  *self,
                                         GAsyncResult  *result,
                                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_service_watch_invitation (AssayService *self,
                                gint64        invitation_id)
{
  assay_poller_watch (self->poller, invitation_id);
}

void
assay_service_unwatch_invitation (AssayService *self,
                                  gint64        invitation_id)
{
  assay_poller_unwatch (self->poller, invitation_id);
}

/* What a person enters */

typedef struct
{
  gint64 invitation_id;
  AssayResult *result;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  assay_result_free (entry->result);
  g_free (entry);
}

static gpointer
write_entry (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  const Entry *entry = data;

  assay_ledger_enter_result (database, entry->invitation_id, entry->result, error);
  return NULL;
}

void
assay_service_enter_result_async (AssayService        *self,
                                  gint64               invitation_id,
                                  AssayResult         *result,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Entry *entry = g_new0 (Entry, 1);

  g_task_set_source_tag (task, assay_service_enter_result_async);
  entry->invitation_id = invitation_id;
  entry->result = result;
  assay_store_write_async (self->store, write_entry, entry, entry_free, NULL, cancellable, boolean_written_cb, task);
}

gboolean
assay_service_enter_result_finish (AssayService  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
