/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssayService: inviting many at once. Everything that may touch ten thousand rows goes in steps, each a write of its own. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "assay-service-private.h"

/* Rows a step: at about a third of a millisecond each a step holds the writer for less than a tenth of a second. */
#define STEP 200

/* Checking */

static GPtrArray *
copy_drafts (const AssayInvitationDraft *drafts,
             guint                       n_drafts)
{
  GPtrArray *copies = g_ptr_array_new_full (n_drafts, (GDestroyNotify) assay_ledger_draft_free);

  for (guint i = 0; i < n_drafts; i++)
    g_ptr_array_add (copies, assay_service_copy_draft (&drafts[i]));
  return copies;
}

static gpointer
read_verdicts (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  GPtrArray *drafts = data;
  g_autoptr (GPtrArray) verdicts =
    g_ptr_array_new_full (drafts->len, (GDestroyNotify) assay_verdict_free);
  g_autoptr (GHashTable) addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < drafts->len; i++)
    {
      const AssayLedgerDraft *draft = g_ptr_array_index (drafts, i);
      AssayVerdict *verdict = assay_ledger_judge (database, draft, error);
      g_autofree char *address = NULL, *folded = NULL;

      if (verdict == NULL)
        return NULL;
      g_ptr_array_add (verdicts, verdict);
      if (verdict->kind != ASSAY_VERDICT_READY)
        continue;
      folded = assay_email_fold (verdict->email);
      address = g_strdup_printf ("%" G_GINT64_FORMAT " %s", draft->assessment_id, folded);
      if (g_hash_table_add (addresses, g_steal_pointer (&address)))
        continue;
      verdict->kind = ASSAY_VERDICT_TWICE;
      /* Translators: %s is an e-mail address */
      verdict->sentence = g_strdup_printf (_ ("The address %s is in the list already, so it is invited once."),
                                           verdict->email);
    }
  return g_steal_pointer (&verdicts);
}

static void
verdicts_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *verdicts = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, verdicts, (GDestroyNotify) g_ptr_array_unref);
}

void
assay_service_check_invitations_async (AssayService               *self,
                                       const AssayInvitationDraft *drafts,
                                       guint                       n_drafts,
                                       GCancellable               *cancellable,
                                       GAsyncReadyCallback         callback,
                                       gpointer                    user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_service_check_invitations_async);
  assay_store_read_async (self->store, read_verdicts, copy_drafts (drafts, n_drafts),
                          (GDestroyNotify) g_ptr_array_unref, (GDestroyNotify) g_ptr_array_unref, cancellable,
                          verdicts_read_cb, task);
}

GPtrArray *
assay_service_check_invitations_finish (AssayService  *self,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Putting people into the outbox */

/* What goes in steps until nothing is left. */
typedef struct
{
  gint64 batch_id;          /* while preparing: the batch at hand */
  guint left;
  guint taken;              /* of undoing */
  guint gone;               /* of undoing: how many had left */
  gint64 after;             /* of retrying */
  gboolean hold;            /* of pausing: whether; of cancelling and undoing: whether it is held already */
  gboolean paused;          /* of undoing: whether it was paused before */
} Step;

static gpointer
write_preparation (AssayDatabase *database,
                   gpointer       data,
                   GError       **error)
{
  Step *step = data;
  g_autoptr (GArray) ids = assay_ledger_list_unprepared (database, error);

  step->left = 0;
  if (ids == NULL || ids->len == 0)
    return NULL;
  step->batch_id = g_array_index (ids, gint64, 0);
  if (assay_ledger_prepare_batch (database, step->batch_id, STEP, &step->left, error) && ids->len > 1)
    step->left = MAX (step->left, 1);
  return NULL;
}

static void
prepared_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Step *step = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (step->left > 0)
    {
      assay_store_write_async (self->store, write_preparation, step, NULL, NULL, g_task_get_cancellable (task),
                               prepared_cb, g_object_ref (task));
      return;
    }
  assay_outbox_wake (self->outbox);
  g_task_return_boolean (task, TRUE);
}

void
assay_service_prepare_batches_async (AssayService        *self,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Step *step = g_new0 (Step, 1);

  g_task_set_source_tag (task, assay_service_prepare_batches_async);
  g_task_set_task_data (task, step, g_free);
  assay_store_write_async (self->store, write_preparation, step, NULL, NULL, cancellable, prepared_cb, task);
}

gboolean
assay_service_prepare_batches_finish (AssayService  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
continued_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  AssayService *self = ASSAY_SERVICE (source);
  g_autoptr (GError) error = NULL;

  /* A full disk, say: they stay written down, and the next occasion goes on. */
  if (!assay_service_prepare_batches_finish (self, result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("Queueing a batch stopped: %s", error->message);
  self->preparing = FALSE;
  if (self->prepare_again && !g_cancellable_is_cancelled (self->cancellable))
    {
      self->prepare_again = FALSE;
      assay_service_continue_batches (self);
    }
}

void
assay_service_continue_batches (AssayService *self)
{
  if (self->preparing)
    {
      self->prepare_again = TRUE;
      return;
    }
  self->preparing = TRUE;
  assay_service_prepare_batches_async (self, self->cancellable, continued_cb, NULL);
}

/* Inviting */

typedef struct
{
  GPtrArray *drafts;   /* (element-type AssayLedgerDraft) */
  char *title;         /* (nullable) */
} NewBatch;

static void
new_batch_free (gpointer data)
{
  NewBatch *batch = data;

  g_ptr_array_unref (batch->drafts);
  g_free (batch->title);
  g_free (batch);
}

static gpointer
write_batch (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  const NewBatch *batch = data;
  const AssayLedgerDraft *first = g_ptr_array_index (batch->drafts, 0);
  g_autoptr (AssayAssessment) assessment = assay_assessments_get (database, first->assessment_id, error);
  gint64 id;

  if (assessment == NULL)
    return NULL;
  id = assay_ledger_add_batch (database, batch->title != NULL ? batch->title : assessment->name, first->assessment_id,
                               first->cause, batch->drafts, first->due_at, error);
  return id != 0 ? g_memdup2 (&id, sizeof id) : NULL;
}

static void
batch_written_cb (GObject      *source,
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
  assay_service_continue_batches (self);
  g_task_return_pointer (task, id, g_free);
}

void
assay_service_invite_batch_async (AssayService               *self,
                                  const AssayInvitationDraft *drafts,
                                  guint                       n_drafts,
                                  const char                 *title,
                                  GCancellable               *cancellable,
                                  GAsyncReadyCallback         callback,
                                  gpointer                    user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  NewBatch *batch;

  g_task_set_source_tag (task, assay_service_invite_batch_async);
  if (n_drafts == 0)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", _ ("There is nobody to invite."));
      g_object_unref (task);
      return;
    }
  batch = g_new0 (NewBatch, 1);
  batch->drafts = copy_drafts (drafts, n_drafts);
  batch->title = g_strdup (title);
  assay_store_write_async (self->store, write_batch, batch, new_batch_free, g_free, cancellable, batch_written_cb,
                           task);
}

gint64
assay_service_invite_batch_finish (AssayService  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_autofree gint64 *id = g_task_propagate_pointer (G_TASK (result), error);

  return id != NULL ? *id : 0;
}

/* Pausing and resuming */

static gpointer
write_hold (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  const Step *step = data;

  assay_ledger_hold_batch (database, step->batch_id, step->hold, error);
  return NULL;
}

static void
held_cb (GObject      *source,
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

/* (transfer full): the task of something that is done to one batch */
static GTask *
step_task_new (AssayService        *self,
               gint64               batch_id,
               gpointer             source_tag,
               GCancellable        *cancellable,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Step *step = g_new0 (Step, 1);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, step, g_free);
  step->batch_id = batch_id;
  return task;
}

static void
write_step (GTask               *task,
            AssayStoreFunc       function,
            GAsyncReadyCallback  callback)
{
  AssayService *self = g_task_get_source_object (task);

  assay_store_write_async (self->store, function, g_task_get_task_data (task), NULL, NULL,
                           g_task_get_cancellable (task), callback, g_object_ref (task));
}

void
assay_service_pause_batch_async (AssayService        *self,
                                 gint64               batch_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task =
    step_task_new (self, batch_id, assay_service_pause_batch_async, cancellable, callback, user_data);

  ((Step *) g_task_get_task_data (task))->hold = TRUE;
  write_step (task, write_hold, held_cb);
}

gboolean
assay_service_pause_batch_finish (AssayService  *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_service_resume_batch_async (AssayService        *self,
                                  gint64               batch_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task =
    step_task_new (self, batch_id, assay_service_resume_batch_async, cancellable, callback, user_data);

  write_step (task, write_hold, held_cb);
}

gboolean
assay_service_resume_batch_finish (AssayService  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Giving up */

static gpointer
write_cancellation (AssayDatabase *database,
                    gpointer       data,
                    GError       **error)
{
  Step *step = data;

  /* Held first, so that nothing of it leaves while the rest is given up. */
  if (!step->hold && !assay_ledger_hold_batch (database, step->batch_id, TRUE, error))
    return NULL;
  step->hold = TRUE;
  if (assay_ledger_cancel_batch (database, step->batch_id, STEP, &step->left, error) && step->left == 0)
    assay_ledger_hold_batch (database, step->batch_id, FALSE, error);
  return NULL;
}

static void
cancelled_step_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Step *step = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (step->left > 0)
    write_step (task, write_cancellation, cancelled_step_cb);
  else
    g_task_return_boolean (task, TRUE);
}

void
assay_service_cancel_batch_async (AssayService        *self,
                                  gint64               batch_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task =
    step_task_new (self, batch_id, assay_service_cancel_batch_async, cancellable, callback, user_data);

  write_step (task, write_cancellation, cancelled_step_cb);
}

gboolean
assay_service_cancel_batch_finish (AssayService  *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Taking back */

static gpointer
write_undoing (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  Step *step = data;
  g_autoptr (AssayBatch) batch = NULL;
  g_autoptr (GError) local_error = NULL;
  guint taken;

  if (!step->hold)
    {
      batch = assay_batches_get (database, step->batch_id, error);
      if (batch == NULL || !assay_ledger_hold_batch (database, step->batch_id, TRUE, error))
        return NULL;
      step->paused = batch->paused;
      step->hold = TRUE;
      g_clear_pointer (&batch, assay_batch_free);
    }
  if (!assay_ledger_undo_batch (database, step->batch_id, STEP, &step->left, &taken, error))
    return NULL;
  step->taken += taken;
  if (step->left > 0)
    return NULL;

  batch = assay_batches_get (database, step->batch_id, &local_error);
  if (batch != NULL)
    {
      step->gone = batch->waiting + batch->sending + batch->sent + batch->failed + batch->unsure;
      /* What was tried and waits for another attempt goes on, unless a person has paused it. */
      if (!step->paused)
        assay_ledger_hold_batch (database, step->batch_id, FALSE, error);
    }
  else if (!g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static void
undone_step_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Step *step = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (step->left > 0)
    write_step (task, write_undoing, undone_step_cb);
  else if (step->taken == 0)
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s",
                             _ ("All invitations of the batch have left already and can't be taken back."));
  else
    g_task_return_int (task, (gssize) step->gone);
}

void
assay_service_undo_batch_async (AssayService        *self,
                                gint64               batch_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task =
    step_task_new (self, batch_id, assay_service_undo_batch_async, cancellable, callback, user_data);

  write_step (task, write_undoing, undone_step_cb);
}

int
assay_service_undo_batch_finish (AssayService  *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

/* Once more */

static gpointer
write_retry (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  Step *step = data;

  assay_ledger_retry_batch (database, step->batch_id, STEP, &step->after, error);
  return NULL;
}

static void
retried_step_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Step *step = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (step->after != 0)
    {
      write_step (task, write_retry, retried_step_cb);
      return;
    }
  assay_service_continue_batches (self);
  assay_outbox_wake (self->outbox);
  g_task_return_boolean (task, TRUE);
}

void
assay_service_retry_batch_failures_async (AssayService        *self,
                                          gint64               batch_id,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr (GTask) task =
    step_task_new (self, batch_id, assay_service_retry_batch_failures_async, cancellable, callback, user_data);

  write_step (task, write_retry, retried_step_cb);
}

gboolean
assay_service_retry_batch_failures_finish (AssayService  *self,
                                           GAsyncResult  *result,
                                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Corrected */

typedef struct
{
  gint64 invitation_id;
  char *first_name;
  char *last_name;
  char *email;
} Amendment;

static void
amendment_free (gpointer data)
{
  Amendment *amendment = data;

  g_free (amendment->first_name);
  g_free (amendment->last_name);
  g_free (amendment->email);
  g_free (amendment);
}

static gpointer
write_amendment (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  const Amendment *amendment = data;

  assay_ledger_amend (database, amendment->invitation_id, amendment->first_name, amendment->last_name, amendment->email,
                      error);
  return NULL;
}

void
assay_service_amend_invitation_async (AssayService        *self,
                                      gint64               invitation_id,
                                      const char          *first_name,
                                      const char          *last_name,
                                      const char          *email,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Amendment *amendment = g_new0 (Amendment, 1);

  g_task_set_source_tag (task, assay_service_amend_invitation_async);
  amendment->invitation_id = invitation_id;
  amendment->first_name = g_strdup (first_name);
  amendment->last_name = g_strdup (last_name);
  amendment->email = g_strdup (email);
  assay_store_write_async (self->store, write_amendment, amendment, amendment_free, NULL, cancellable, held_cb, task);
}

gboolean
assay_service_amend_invitation_finish (AssayService  *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
