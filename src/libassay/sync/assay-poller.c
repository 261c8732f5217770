/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks the providers how far the open invitations are. */
#include "config.h"

#include "assay-poller.h"

#include <glib/gi18n-lib.h>

#include "assay-ledger.h"
#include "assay-provider.h"

#define SECOND ((gint64) 1000)
#define HOUR (3600 * SECOND)
#define EIGHT_WEEKS (56 * 24 * HOUR)
#define AT_ONCE 40u
/* After a failure that is about the connection, not the invitation. */
#define HOLD_AFTER_FAILURE (30 * SECOND)

struct _AssayPoller
{
  GObject parent_instance;

  AssayStore *store;
  AssayConnectorPool *pool;
  GCancellable *cancellable;
  gboolean started;
  gboolean looking;
  gboolean look_again;
  guint timer_id;
  GHashTable *watched;     /* gint64 invitation id → Watched */
  GHashTable *asking;      /* gint64 connection id: being asked */
  GHashTable *held;        /* gint64 connection id → gint64: not before */
};

typedef struct
{
  guint count;
  gint64 asked_at;
} Watched;

enum
{
  KEYRING_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayPoller, assay_poller, G_TYPE_OBJECT)

static void look (AssayPoller *self);

static void
assay_poller_dispose (GObject *object)
{
  AssayPoller *self = ASSAY_POLLER (object);

  assay_poller_stop (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->pool);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (assay_poller_parent_class)->dispose (object);
}

static void
assay_poller_finalize (GObject *object)
{
  AssayPoller *self = ASSAY_POLLER (object);

  g_hash_table_unref (self->watched);
  g_hash_table_unref (self->asking);
  g_hash_table_unref (self->held);

  G_OBJECT_CLASS (assay_poller_parent_class)->finalize (object);
}

static void
assay_poller_class_init (AssayPollerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_poller_dispose;
  object_class->finalize = assay_poller_finalize;

  signals[KEYRING_FAILED] = g_signal_new ("keyring-failed", ASSAY_TYPE_POLLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
assay_poller_init (AssayPoller *self)
{
  self->cancellable = g_cancellable_new ();
  self->watched = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->asking = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->held = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

AssayPoller *
assay_poller_new (AssayStore         *store,
                  AssayConnectorPool *pool)
{
  AssayPoller *self = g_object_new (ASSAY_TYPE_POLLER, NULL);

  self->store = g_object_ref (store);
  self->pool = g_object_ref (pool);
  return self;
}

gint64
assay_poller_get_interval (gint64 since_sent,
                           gint64 since_change)
{
  if (since_sent > EIGHT_WEEKS)
    return 24 * HOUR;
  return CLAMP (since_change / 10, 10 * SECOND, HOUR);
}

/* Asking for one: its row, its connector, the provider, the ledger. */

typedef struct
{
  gint64 invitation_id;
  AssayInvitation *invitation;
  AssayResult *result;      /* (nullable) */
  GError *error;            /* (nullable) why there is no result */
  gint64 next_check_at;
} Ask;

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  assay_invitation_free (ask->invitation);
  assay_result_free (ask->result);
  g_clear_error (&ask->error);
  g_free (ask);
}

static gpointer
write_answer (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  Ask *ask = data;

  if (ask->result != NULL)
    assay_ledger_apply_result (database, ask->invitation_id, ask->result, "poll", ask->next_check_at, NULL, error);
  else
    assay_ledger_postpone_check (database, ask->invitation_id, ask->next_check_at,
                                 /* Only what is about this invitation belongs on its card. */
                                 g_error_matches (ask->error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND)
                                   ? ask->error->message
                                   : ask->invitation->error,
                                 error);
  return NULL;
}

static void
answer_written_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Ask *ask = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (ask->error != NULL)
    {
      g_clear_error (&error);
      error = g_steal_pointer (&ask->error);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
result_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPoller *self = g_task_get_source_object (task);
  Ask *ask = g_task_get_task_data (task);
  gint64 now = assay_time_now ();
  gint64 since;
  gint64 interval;

  ask->result = assay_provider_read_result_finish (ASSAY_PROVIDER (source), result, &ask->error);
  if (g_error_matches (ask->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&ask->error));
      return;
    }
  if (g_error_matches (ask->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    {
      /* Nobody was asked: this account can't be, as long as its settings are what they are. */
      GError *error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_INVALID, ask->error->message);

      g_error_free (ask->error);
      ask->error = error;
      ask->next_check_at = now + 24 * HOUR;
      assay_store_write_async (self->store, write_answer, ask, NULL, NULL, NULL, answer_written_cb,
                               g_object_ref (task));
      return;
    }
  assay_connector_pool_note_contact (self->pool, ask->invitation->connection_id,
                                     g_error_matches (ask->error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ? NULL : ask->error);

  /* One that somebody else sent is as old as we know it. */
  since = now - (ask->invitation->sent_at != 0 ? ask->invitation->sent_at : ask->invitation->created_at);
  interval = assay_poller_get_interval (since, now - ask->invitation->updated_at);
  if (ask->result != NULL && ask->result->status != ask->invitation->status)
    interval = assay_poller_get_interval (since, 0);
  if (ask->error != NULL)
    interval = MIN (MAX (2 * interval, HOLD_AFTER_FAILURE), 24 * HOUR);
  ask->next_check_at = now + interval;
  assay_store_write_async (self->store, write_answer, ask, NULL, NULL, NULL, answer_written_cb,
                           g_object_ref (task));
}

static void
connector_got_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPoller *self = g_task_get_source_object (task);
  Ask *ask = g_task_get_task_data (task);
  g_autoptr (GObject) connector = NULL;
  GError *error = NULL;

  connector = assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &error);
  if (connector == NULL)
    {
      assay_connector_pool_note_contact (self->pool, ask->invitation->connection_id, error);
      if (assay_error_is_keyring (error))
        g_signal_emit (self, signals[KEYRING_FAILED], 0, error);
      g_task_return_error (task, error);
      return;
    }
  assay_provider_read_result_async (ASSAY_PROVIDER (connector), ask->invitation->remote_id,
                                    g_task_get_cancellable (task), result_read_cb, g_object_ref (task));
}

static gpointer
read_invitation (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  return assay_invitations_get (database, ((Ask *) data)->invitation_id, error);
}

static void
invitation_read_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPoller *self = g_task_get_source_object (task);
  Ask *ask = g_task_get_task_data (task);
  GError *error = NULL;

  ask->invitation = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (ask->invitation == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (ask->invitation->remote_id == NULL)
    {
      const char *provider = ask->invitation->connection_name;

      if (ask->invitation->status == ASSAY_INVITATION_QUEUED)
        g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                 _ ("The invitation hasn't left yet, so there is nothing to ask %s for."), provider);
      else
        g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                 _ ("%s gave no number for this invitation, so it can't be asked for. Look it up "
                                    "there."),
                                 provider);
      return;
    }
  assay_connector_pool_get_async (self->pool, ask->invitation->connection_id, g_task_get_cancellable (task),
                                  connector_got_cb, g_object_ref (task));
}

void
assay_poller_ask_async (AssayPoller         *self,
                        gint64               invitation_id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Ask *ask = g_new0 (Ask, 1);

  g_task_set_source_tag (task, assay_poller_ask_async);
  ask->invitation_id = invitation_id;
  g_task_set_task_data (task, ask, ask_free);
  assay_store_read_async (self->store, read_invitation, ask, NULL, (GDestroyNotify) assay_invitation_free, cancellable,
                          invitation_read_cb, task);
}

gboolean
assay_poller_ask_finish (AssayPoller   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The round */

typedef struct
{
  GArray *watched;          /* (element-type gint64) of which the time has come */
  GPtrArray *due;           /* (element-type AssayInvitation) */
  gint64 next_check;
} Look;

static void
look_free (gpointer data)
{
  Look *looked = data;

  g_array_unref (looked->watched);
  g_clear_pointer (&looked->due, g_ptr_array_unref);
  g_free (looked);
}

static gpointer
read_look (AssayDatabase *database,
           gpointer       data,
           GError       **error)
{
  Look *looked = data;

  looked->due = assay_ledger_list_to_check (database, assay_time_now (), AT_ONCE, error);
  if (looked->due == NULL)
    return NULL;
  looked->next_check = assay_ledger_get_next_check (database, error);

  for (guint i = 0; i < looked->watched->len; i++)
    {
      g_autoptr (AssayInvitation) invitation =
        assay_invitations_get (database, g_array_index (looked->watched, gint64, i), NULL);

      if (invitation != NULL && invitation->remote_id != NULL && assay_invitation_status_is_open (invitation->status))
        /* In front: somebody looks at it. */
        g_ptr_array_insert (looked->due, 0, g_steal_pointer (&invitation));
    }
  return NULL;
}

static void
timer_cb (gpointer user_data)
{
  AssayPoller *self = user_data;

  self->timer_id = 0;
  look (self);
}

static void
schedule (AssayPoller *self,
          gint64       at)
{
  gint64 wait = CLAMP (at - assay_time_now (), 1, HOUR);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  self->timer_id = g_timeout_add_once ((guint) wait, timer_cb, self);
}

typedef struct
{
  AssayPoller *self;   /* owned */
  gint64 connection_id;
} Round;

static void
asked_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Round *round = user_data;
  AssayPoller *self = round->self;
  g_autoptr (GError) error = NULL;

  g_hash_table_remove (self->asking, &round->connection_id);
  if (!assay_poller_ask_finish (self, result, &error) && !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID))
    {
      gint64 until = assay_time_now () + HOLD_AFTER_FAILURE;

      g_hash_table_replace (self->held, g_memdup2 (&round->connection_id, sizeof (gint64)),
                            g_memdup2 (&until, sizeof until));
    }
  look (self);
  g_object_unref (round->self);
  g_free (round);
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPoller *self = g_task_get_source_object (task);
  Look *looked = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gint64 now = assay_time_now ();
  gint64 next = 0;
  GHashTableIter iter;
  gpointer value;

  self->looking = FALSE;
  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (!self->started)
    return;
  if (error != NULL)
    {
      schedule (self, now + HOLD_AFTER_FAILURE);
      return;
    }

  for (guint i = 0; i < looked->due->len; i++)
    {
      const AssayInvitation *invitation = g_ptr_array_index (looked->due, i);
      const gint64 *not_before = g_hash_table_lookup (self->held, &invitation->connection_id);
      Watched *watched = g_hash_table_lookup (self->watched, &invitation->id);
      Round *round;

      if (g_hash_table_contains (self->asking, &invitation->connection_id))
        continue;
      if (not_before != NULL && *not_before > now)
        {
          next = next == 0 ? *not_before : MIN (next, *not_before);
          continue;
        }
      if (watched != NULL)
        watched->asked_at = now;
      g_hash_table_add (self->asking, g_memdup2 (&invitation->connection_id, sizeof (gint64)));
      round = g_new0 (Round, 1);
      round->self = g_object_ref (self);
      round->connection_id = invitation->connection_id;
      assay_poller_ask_async (self, invitation->id, self->cancellable, asked_cb, round);
    }

  g_hash_table_iter_init (&iter, self->watched);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      gint64 at = ((Watched *) value)->asked_at + ASSAY_POLLER_WATCH_INTERVAL;

      /* What is due but waits for its connection is looked at when the answer that it waits for is here. */
      if (at > now)
        next = next == 0 ? at : MIN (next, at);
    }
  if (looked->next_check > now)
    next = next == 0 ? looked->next_check : MIN (next, looked->next_check);
  if (next != 0)
    schedule (self, next);
  if (self->look_again)
    {
      self->look_again = FALSE;
      look (self);
    }
}

static void
look (AssayPoller *self)
{
  gint64 now = assay_time_now ();
  GHashTableIter iter;
  gpointer key, value;
  Look *looked;
  GTask *task;

  if (!self->started)
    return;
  if (self->looking)
    {
      self->look_again = TRUE;
      return;
    }
  self->looking = TRUE;

  looked = g_new0 (Look, 1);
  looked->watched = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, self->watched);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (((Watched *) value)->asked_at + ASSAY_POLLER_WATCH_INTERVAL <= now)
      g_array_append_vals (looked->watched, key, 1);

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, look);
  g_task_set_task_data (task, looked, look_free);
  assay_store_read_async (self->store, read_look, looked, NULL, NULL, NULL, looked_cb, task);
}

/* Public */

void
assay_poller_start (AssayPoller *self)
{
  self->started = TRUE;
  look (self);
}

void
assay_poller_stop (AssayPoller *self)
{
  self->started = FALSE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

void
assay_poller_wake (AssayPoller *self)
{
  look (self);
}

void
assay_poller_retry (AssayPoller *self)
{
  g_hash_table_remove_all (self->held);
  look (self);
}

void
assay_poller_watch (AssayPoller *self,
                    gint64       invitation_id)
{
  Watched *watched = g_hash_table_lookup (self->watched, &invitation_id);

  if (watched == NULL)
    {
      watched = g_new0 (Watched, 1);
      g_hash_table_insert (self->watched, g_memdup2 (&invitation_id, sizeof invitation_id), watched);
    }
  watched->count++;
  look (self);
}

void
assay_poller_unwatch (AssayPoller *self,
                      gint64       invitation_id)
{
  Watched *watched = g_hash_table_lookup (self->watched, &invitation_id);

  g_return_if_fail (watched != NULL);
  if (--watched->count == 0)
    g_hash_table_remove (self->watched, &invitation_id);
}
