/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends what the ledger holds. */
#include "config.h"

#include "assay-outbox-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-provider.h"

/* How often rows of processes that died are looked for, and rows that another process is sending are looked at. */
#define ORPHAN_INTERVAL (60 * 1000)
#define OTHERS_INTERVAL 500

/* What somebody waits for: an invitation, a row, or, with neither, all that is due. */
typedef struct
{
  gint64 invitation_id;
  gint64 outbox_id;
} Target;

typedef struct
{
  Target target;
  GTask *task;            /* owned; it keeps the outbox */
  GSource *cancelled;     /* owned, nullable */
} Waiter;

enum
{
  KEYRING_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayOutbox, assay_outbox, G_TYPE_OBJECT)

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  if (waiter->cancelled != NULL)
    g_source_destroy (waiter->cancelled);
  g_clear_pointer (&waiter->cancelled, g_source_unref);
  g_object_unref (waiter->task);
  g_free (waiter);
}

static void
assay_outbox_dispose (GObject *object)
{
  AssayOutbox *self = ASSAY_OUTBOX (object);

  assay_outbox_stop (self);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->read_ahead, assay_read_ahead_free);
  g_clear_object (&self->pool);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (assay_outbox_parent_class)->dispose (object);
}

static void
assay_outbox_finalize (GObject *object)
{
  AssayOutbox *self = ASSAY_OUTBOX (object);

  g_hash_table_unref (self->busy);
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->unreachable);
  g_hash_table_unref (self->reviewed);
  g_ptr_array_unref (self->to_review);
  g_ptr_array_unref (self->waiters);

  G_OBJECT_CLASS (assay_outbox_parent_class)->finalize (object);
}

static void
assay_outbox_class_init (AssayOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_outbox_dispose;
  object_class->finalize = assay_outbox_finalize;

  signals[KEYRING_FAILED] = g_signal_new ("keyring-failed", ASSAY_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
assay_outbox_init (AssayOutbox *self)
{
  self->cancellable = g_cancellable_new ();
  self->busy = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->held = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->unreachable = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->reviewed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->to_review = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ledger_item_free);
  self->waiters = g_ptr_array_new_with_free_func (waiter_free);
}

AssayOutbox *
assay_outbox_new (AssayStore         *store,
                  AssayConnectorPool *pool)
{
  AssayOutbox *self = g_object_new (ASSAY_TYPE_OUTBOX, NULL);

  self->store = g_object_ref (store);
  self->pool = g_object_ref (pool);
  self->read_ahead = assay_read_ahead_new (pool);
  return self;
}

/* Waiters */

static void
finish_waiter (AssayOutbox  *self,
               guint         index,
               const GError *error)
{
  Waiter *waiter = g_ptr_array_index (self->waiters, index);
  g_autoptr (GTask) task = g_object_ref (waiter->task);

  g_ptr_array_remove_index_fast (self->waiters, index);
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
is_for_all (const Target *target)
{
  return target->invitation_id == 0 && target->outbox_id == 0;
}

/* Whether a row is what somebody waits for. @invitation_id 0: the row isn't one of an invitation. */
static gboolean
is_for_row (const Target *target,
            gint64        outbox_id,
            gint64        invitation_id)
{
  return target->outbox_id != 0 ? target->outbox_id == outbox_id
                                : target->invitation_id != 0 && target->invitation_id == invitation_id;
}

static void
finish_waiters_for_all (AssayOutbox *self)
{
  for (guint i = self->waiters->len; i > 0; i--)
    if (is_for_all (&((Waiter *) g_ptr_array_index (self->waiters, i - 1))->target))
      finish_waiter (self, i - 1, NULL);
}

static void
finish_waiters_for_row (AssayOutbox  *self,
                        gint64        outbox_id,
                        gint64        invitation_id,
                        const GError *error)
{
  for (guint i = self->waiters->len; i > 0; i--)
    if (is_for_row (&((Waiter *) g_ptr_array_index (self->waiters, i - 1))->target, outbox_id, invitation_id))
      finish_waiter (self, i - 1, error);
}

static gint64
get_item_invitation (const AssayLedgerItem *item)
{
  return item->effect == NULL ? item->invitation_id : 0;
}

void
assay_outbox_finish_waiters (AssayOutbox           *self,
                             const AssayLedgerItem *item,
                             const GError          *error)
{
  finish_waiters_for_row (self, item->outbox_id, get_item_invitation (item), error);
}

static gboolean
has_waiter (AssayOutbox           *self,
            const AssayLedgerItem *item)
{
  for (guint i = 0; i < self->waiters->len; i++)
    if (is_for_row (&((Waiter *) g_ptr_array_index (self->waiters, i))->target, item->outbox_id,
                    get_item_invitation (item)))
      return TRUE;
  return FALSE;
}

gboolean
assay_outbox_has_waiter_for_all (AssayOutbox *self)
{
  for (guint i = 0; i < self->waiters->len; i++)
    if (is_for_all (&((Waiter *) g_ptr_array_index (self->waiters, i))->target))
      return TRUE;
  return FALSE;
}

/* Whoever waits may stop waiting; what is on the wire goes on. */
static gboolean
waiter_cancelled_cb (GCancellable *cancellable,
                     gpointer      user_data)
{
  Waiter *waiter = user_data;
  g_autoptr (GTask) task = g_object_ref (waiter->task);
  AssayOutbox *self = g_task_get_source_object (task);

  g_ptr_array_remove_fast (self->waiters, waiter);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

void
assay_outbox_tell_keyring_failed (AssayOutbox  *self,
                                  const GError *error)
{
  g_signal_emit (self, signals[KEYRING_FAILED], 0, error);
}

/* Looking for what is to be done */

typedef struct
{
  AssayStore *store;        /* owned */
  gboolean all;
  GArray *targets;          /* (element-type Target): what somebody waits for */
  GPtrArray *items;         /* (element-type AssayLedgerItem) */
  GPtrArray *rows;          /* (element-type AssayOutboxRow): of @targets, as they are */
  GPtrArray *obstacles;     /* (element-type GError) (nullable items): why the row of the same index doesn't leave */
  GArray *missing;          /* (element-type Target): those of @targets that have no row */
  gint64 next_due;
} Look;

static void
look_free (gpointer data)
{
  Look *looked = data;

  g_clear_object (&looked->store);
  g_array_unref (looked->targets);
  g_array_unref (looked->missing);
  g_clear_pointer (&looked->items, g_ptr_array_unref);
  g_clear_pointer (&looked->rows, g_ptr_array_unref);
  g_clear_pointer (&looked->obstacles, g_ptr_array_unref);
  g_free (looked);
}

static void
clear_obstacle (gpointer data)
{
  if (data != NULL)
    g_error_free (data);
}

static gpointer
read_look (AssayDatabase *database,
           gpointer       data,
           GError       **error)
{
  Look *looked = data;

  looked->items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ledger_item_free);
  looked->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outbox_row_free);
  looked->obstacles = g_ptr_array_new_with_free_func (clear_obstacle);

  for (guint i = 0; i < looked->targets->len; i++)
    {
      Target target = g_array_index (looked->targets, Target, i);
      g_autoptr (GError) local_error = NULL;
      AssayOutboxRow *row = target.outbox_id != 0
                              ? assay_ledger_get_row (database, target.outbox_id, &local_error)
                              : assay_ledger_get_by_invitation (database, target.invitation_id, &local_error);
      GError *obstacle = NULL;
      GPtrArray *items;

      if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
        {
          g_array_append_val (looked->missing, target);
          continue;
        }
      if (row == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      assay_ledger_check_connection (database, row->connection_id, &obstacle);
      g_ptr_array_add (looked->rows, row);
      g_ptr_array_add (looked->obstacles, obstacle);
      items = assay_ledger_peek_row (database, row->id, error);
      if (items == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (looked->items, items);
    }
  if (looked->all)
    {
      GPtrArray *items = assay_ledger_peek (database, 0, assay_time_now (), error);

      if (items == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (looked->items, items);
      looked->next_due = assay_ledger_get_next_due (database, error);
    }
  return NULL;
}

static void
timer_cb (gpointer user_data)
{
  AssayOutbox *self = user_data;

  self->timer_id = 0;
  assay_outbox_look (self);
}

static void
schedule (AssayOutbox *self,
          gint64       at)
{
  gint64 wait = CLAMP (at - assay_time_now (), 1, 60 * 60 * 1000);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  self->timer_id = g_timeout_add_once ((guint) wait, timer_cb, self);
}

static gboolean
is_invitation (const AssayOutboxRow *row)
{
  return g_strcmp0 (row->kind, "invite") == 0;
}

/* What to tell somebody who waits for a row that isn't ours to send now; NULL when waiting makes sense. */
static gboolean
tell_by_row (AssayOutbox          *self,
             const AssayOutboxRow *row,
             const GError         *obstacle)
{
  g_autoptr (GError) error = NULL;

  switch (row->state)
    {
    case ASSAY_OUTBOX_DONE:
      break;
    case ASSAY_OUTBOX_FAILED:
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                   row->last_error != NULL ? row->last_error : _ ("The provider refuses it."));
      break;
    case ASSAY_OUTBOX_UNSURE:
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                                   row->last_error != NULL ? row->last_error : _ ("Whether it arrived isn't certain."));
      break;
    case ASSAY_OUTBOX_DISCARDED:
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("It was given up."));
      break;
    case ASSAY_OUTBOX_SENDING:
      return FALSE;
    case ASSAY_OUTBOX_QUEUED:
    default:
      error = obstacle != NULL
                ? g_error_copy (obstacle)
                : g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                                       row->last_error != NULL ? row->last_error
                                                               : _ ("It stays queued."));
      break;
    }
  finish_waiters_for_row (self, row->id, is_invitation (row) ? row->invitation_id : 0, error);
  return TRUE;
}

static gboolean
item_is_for (GPtrArray *items,
             gint64     outbox_id)
{
  for (guint i = 0; i < items->len; i++)
    if (((AssayLedgerItem *) g_ptr_array_index (items, i))->outbox_id == outbox_id)
      return TRUE;
  return FALSE;
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AssayOutbox) self = user_data;
  Look *looked = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gint64 now = assay_time_now ();
  gint64 next = 0;
  gboolean waiting_for_others = FALSE, held_back = FALSE;

  self->looking = FALSE;
  g_task_propagate_pointer (G_TASK (result), &error);
  /* Stopped meanwhile, or nobody waits any more: nothing is begun. */
  if (g_cancellable_is_cancelled (self->cancellable) || (!self->started && self->waiters->len == 0))
    {
      self->look_again = FALSE;
      return;
    }
  if (error != NULL)
    {
      while (self->waiters->len > 0)
        finish_waiter (self, self->waiters->len - 1, error);
      if (self->started)
        schedule (self, now + ASSAY_OUTBOX_RETRY_FIRST);
      return;
    }

  for (guint i = 0; i < looked->missing->len; i++)
    {
      const Target *target = &g_array_index (looked->missing, Target, i);
      g_autoptr (GError) missing = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                                                        target->outbox_id != 0
                                                          ? _ ("There is no such entry in the outbox.")
                                                          : _ ("There is no such invitation in the outbox."));

      finish_waiters_for_row (self, target->outbox_id, target->invitation_id, missing);
    }
  for (guint i = 0; i < looked->rows->len; i++)
    {
      const AssayOutboxRow *row = g_ptr_array_index (looked->rows, i);

      if (!item_is_for (looked->items, row->id) &&
          !tell_by_row (self, row, g_ptr_array_index (looked->obstacles, i)))
        waiting_for_others = TRUE;
    }

  assay_outbox_begin_reviews (self);
  for (guint i = 0; i < looked->items->len; i++)
    {
      AssayLedgerItem *item = g_ptr_array_index (looked->items, i);
      const gint64 *not_before = g_hash_table_lookup (self->held, &item->connection_id);
      AssayOutboxBusy *busy = g_hash_table_lookup (self->busy, &item->connection_id);

      if (busy != NULL)
        {
          /* What was read before the claim shows the row that is on the wire now. */
          if (busy->on_wire && busy->outbox_id != item->outbox_id && assay_outbox_needs_ats (self, item))
            {
              busy->on_wire = FALSE;
              assay_read_ahead_begin (self->read_ahead, item, self->cancellable);
            }
          continue;
        }
      if (not_before != NULL && *not_before > now && !has_waiter (self, item))
        {
          next = next == 0 ? *not_before : MIN (next, *not_before);
          held_back = TRUE;
          continue;
        }
      assay_outbox_begin_row (self, g_steal_pointer (&looked->items->pdata[i]));
    }

  if (g_hash_table_size (self->busy) == 0 && !self->settling && (looked->items->len == 0 || held_back))
    finish_waiters_for_all (self);

  if (looked->next_due > now)
    next = next == 0 ? looked->next_due : MIN (next, looked->next_due);
  if (waiting_for_others)
    next = now + OTHERS_INTERVAL;
  if (next != 0 && (self->started || self->waiters->len > 0))
    schedule (self, next);
  if (self->look_again)
    {
      self->look_again = FALSE;
      assay_outbox_look (self);
    }
}

/* Rows of processes that died while sending. */

static gpointer
write_orphans (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  AssayStore *store = data;
  g_autoptr (GArray) owners = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) items = assay_ledger_list_sending (database, owners, error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const AssayLedgerItem *item = g_ptr_array_index (items, i);
      g_autoptr (GDateTime) begun = g_date_time_new_from_unix_local (item->sent_at / 1000);
      g_autofree char *time = g_date_time_format (begun, "%F %H:%M:%S");
      g_autofree char *evidence = NULL;

      if (assay_store_owner_is_alive (store, g_array_index (owners, gint64, i)))
        continue;
      if (item->effect != NULL && assay_effect_kind_is_repeatable (item->effect->kind))
        {
          /* The vendor is asked before it is done again. */
          if (!assay_ledger_mark_queued (database, item->outbox_id, assay_time_now (), NULL, error))
            return NULL;
          continue;
        }
      if (item->effect != NULL)
        /* Translators: %s is a date and time */
        evidence = g_strdup_printf (_ ("Assay ended while the request was on its way, at %s."), time);
      else
        /* Translators: %s is a date and time */
        evidence = g_strdup_printf (_ ("Assay ended while the invitation was on its way, at %s."), time);
      if (!assay_ledger_mark_unsure (
            database, item->outbox_id,
            item->effect != NULL
              ? _ ("Assay ended while this was on its way, so whether it arrived isn't certain.")
              : _ ("Assay ended while this invitation was on its way, so whether it arrived isn't certain."),
            evidence, error))
        return NULL;
    }
  return items != NULL ? assay_ledger_list_unsure (database, error) : NULL;
}

/* Whether it is worth asking the provider about an unsure row. */
static gboolean
is_to_be_reviewed (AssayOutbox           *self,
                   const AssayLedgerItem *item)
{
  const AssayConnectorDescription *description = assay_connector_find (item->invitation->connection_kind);

  return description != NULL && (description->capabilities & ASSAY_CAN_LOOK_UP) != 0 && !item->again &&
         g_hash_table_add (self->reviewed, g_memdup2 (&item->outbox_id, sizeof item->outbox_id));
}

static void
orphans_settled_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (AssayOutbox) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) unsure = assay_store_finish (ASSAY_STORE (source), result, &error);

  self->settling = FALSE;
  if (error != NULL)
    g_debug ("Looking for abandoned rows failed: %s", error->message);
  for (guint i = 0; unsure != NULL && i < unsure->len; i++)
    if (is_to_be_reviewed (self, g_ptr_array_index (unsure, i)))
      g_ptr_array_add (self->to_review, g_steal_pointer (&unsure->pdata[i]));
  assay_outbox_look (self);
}

static void
settle_orphans (AssayOutbox *self)
{
  gint64 now = assay_time_now ();

  if (self->settling || (self->orphans_looked_at != 0 && now - self->orphans_looked_at < ORPHAN_INTERVAL))
    return;
  self->orphans_looked_at = now;
  self->settling = TRUE;
  /* A process that claims its number first can tell its own rows from those of one that died. */
  assay_store_claim_owner (self->store);
  assay_store_write_async (self->store, write_orphans, g_object_ref (self->store), g_object_unref,
                           (GDestroyNotify) g_ptr_array_unref, NULL, orphans_settled_cb, g_object_ref (self));
}

static void
look_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, NULL, NULL);
}

void
assay_outbox_look (AssayOutbox *self)
{
  Look *looked;
  GTask *task;

  if (g_cancellable_is_cancelled (self->cancellable) || (!self->started && self->waiters->len == 0))
    return;
  if (self->looking)
    {
      self->look_again = TRUE;
      return;
    }
  self->looking = TRUE;
  settle_orphans (self);

  looked = g_new0 (Look, 1);
  looked->all = self->started || assay_outbox_has_waiter_for_all (self);
  looked->targets = g_array_new (FALSE, FALSE, sizeof (Target));
  looked->missing = g_array_new (FALSE, FALSE, sizeof (Target));
  for (guint i = 0; i < self->waiters->len; i++)
    {
      const Target *target = &((Waiter *) g_ptr_array_index (self->waiters, i))->target;

      if (!is_for_all (target))
        g_array_append_vals (looked->targets, target, 1);
    }

  /* The task keeps what was read alive until the callback has looked at it. */
  task = g_task_new (self, NULL, looked_cb, g_object_ref (self));
  g_task_set_source_tag (task, assay_outbox_look);
  g_task_set_task_data (task, looked, look_free);
  assay_store_read_async (self->store, read_look, looked, NULL, NULL, NULL, look_read_cb, task);
}

/* Public */

void
assay_outbox_start (AssayOutbox *self)
{
  self->started = TRUE;
  assay_outbox_look (self);
}

void
assay_outbox_stop (AssayOutbox *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Assay is closing."));

  self->started = FALSE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  while (self->waiters->len > 0)
    finish_waiter (self, self->waiters->len - 1, error);
}

gboolean
assay_outbox_is_sending (AssayOutbox *self)
{
  return g_hash_table_size (self->busy) > 0;
}

void
assay_outbox_wake (AssayOutbox *self)
{
  assay_outbox_look (self);
}

static gpointer
write_hasten (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  assay_ledger_hasten (database, error);
  return NULL;
}

static void
hastened_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AssayOutbox) self = user_data;
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Hastening what waits failed: %s", error->message);
  assay_outbox_look (self);
}

void
assay_outbox_retry (AssayOutbox *self)
{
  g_hash_table_remove_all (self->held);
  g_hash_table_remove_all (self->unreachable);
  g_hash_table_remove_all (self->reviewed);
  self->orphans_looked_at = 0;
  assay_store_write_async (self->store, write_hasten, NULL, NULL, NULL, self->cancellable, hastened_cb,
                           g_object_ref (self));
}

static void
wait_for (AssayOutbox         *self,
          Target               target,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->target = target;
  waiter->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (waiter->task, assay_outbox_run_async);
  if (cancellable != NULL)
    {
      waiter->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (waiter_cancelled_cb), waiter, NULL);
      g_source_attach (waiter->cancelled, g_main_context_get_thread_default ());
    }
  g_ptr_array_add (self->waiters, waiter);
  assay_outbox_look (self);
}

void
assay_outbox_run_async (AssayOutbox         *self,
                        gint64               invitation_id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  wait_for (self, (Target){ .invitation_id = invitation_id }, cancellable, callback, user_data);
}

void
assay_outbox_run_row_async (AssayOutbox         *self,
                            gint64               outbox_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  wait_for (self, (Target){ .outbox_id = outbox_id }, cancellable, callback, user_data);
}

gboolean
assay_outbox_run_finish (AssayOutbox   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
