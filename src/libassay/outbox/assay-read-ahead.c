/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ATS says of an application before an invitation leaves. */
#include "config.h"

#include "assay-read-ahead.h"

#include "assay-ats.h"

struct _AssayReadAhead
{
  AssayConnectorPool *pool;     /* owned */
  GHashTable *reads;            /* gint64 connection id → Read */
};

/* One question to an ATS. Whoever waits for it is told; while nobody does, the answer is kept. */
typedef struct
{
  gint64 outbox_id;
  char *remote_id;
  GTask *waiting;               /* owned, nullable */
  gboolean finished;
  AssayApplication *application;  /* owned, nullable */
  gboolean gone;
  GError *error;                /* owned, nullable */
  gint64 answered_at;
  GCancellable *cancellable;    /* owned, nullable */
} Read;

static void
read_clear (gpointer data)
{
  Read *read = data;

  g_free (read->remote_id);
  g_clear_object (&read->waiting);
  assay_application_free (read->application);
  g_clear_error (&read->error);
  g_clear_object (&read->cancellable);
}

static void
read_unref (gpointer data)
{
  g_rc_box_release_full (data, read_clear);
}

AssayReadAhead *
assay_read_ahead_new (AssayConnectorPool *pool)
{
  AssayReadAhead *self = g_new0 (AssayReadAhead, 1);

  self->pool = g_object_ref (pool);
  self->reads = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, read_unref);
  return self;
}

void
assay_read_ahead_free (AssayReadAhead *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->reads);
  g_object_unref (self->pool);
  g_free (self);
}

/* The read itself is the task's data, for assay_read_ahead_get_finish(). */
static void
tell (Read *read)
{
  g_autoptr (GTask) task = g_steal_pointer (&read->waiting);

  g_task_set_task_data (task, g_rc_box_acquire (read), read_unref);
  if (read->application != NULL)
    g_task_return_pointer (task, g_steal_pointer (&read->application), (GDestroyNotify) assay_application_free);
  else
    g_task_return_error (task, g_steal_pointer (&read->error));
}

static void
finish_read (Read *read)
{
  read->finished = TRUE;
  read->answered_at = assay_time_now ();
  if (read->waiting != NULL)
    tell (read);
  read_unref (read);
}

static void
application_got_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  Read *read = user_data;

  read->application = assay_ats_get_application_finish (ASSAY_ATS (source), result, &read->error);
  read->gone = g_error_matches (read->error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
  finish_read (read);
}

static void
ats_got_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Read *read = user_data;
  g_autoptr (GObject) ats = assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &read->error);

  if (ats != NULL)
    assay_ats_get_application_async (ASSAY_ATS (ats), read->remote_id, read->cancellable, application_got_cb, read);
  else
    finish_read (read);
}

/* @waiting: (transfer full) (nullable). Returns: (transfer full): keeps itself until it is finished */
static Read *
begin (AssayReadAhead        *self,
       const AssayLedgerItem *item,
       GCancellable          *cancellable,
       GTask                 *waiting)
{
  Read *read = g_rc_box_new0 (Read);

  read->outbox_id = item->outbox_id;
  read->remote_id = g_strdup (item->application->remote_id);
  read->waiting = waiting;
  g_set_object (&read->cancellable, cancellable);
  assay_connector_pool_get_async (self->pool, item->ats->id, cancellable, ats_got_cb, g_rc_box_acquire (read));
  return read;
}

void
assay_read_ahead_begin (AssayReadAhead        *self,
                        const AssayLedgerItem *item,
                        GCancellable          *cancellable)
{
  const Read *earlier = g_hash_table_lookup (self->reads, &item->connection_id);

  g_return_if_fail (item->application != NULL && item->ats != NULL);

  if (earlier != NULL && earlier->outbox_id == item->outbox_id)
    return;
  g_hash_table_replace (self->reads, g_memdup2 (&item->connection_id, sizeof item->connection_id),
                        begin (self, item, cancellable, NULL));
}

static gboolean
is_usable (const Read            *read,
           const AssayLedgerItem *item)
{
  gint64 age = assay_time_now () - read->answered_at;

  if (read->outbox_id != item->outbox_id || g_strcmp0 (read->remote_id, item->application->remote_id) != 0)
    return FALSE;
  /* Whatever else it said is asked for again. */
  return !read->finished || (read->application != NULL && age >= 0 && age <= ASSAY_READ_AHEAD_KEEPS);
}

void
assay_read_ahead_get_async (AssayReadAhead        *self,
                            const AssayLedgerItem *item,
                            GCancellable          *cancellable,
                            GAsyncReadyCallback    callback,
                            gpointer               user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  gpointer key = NULL, value = NULL;
  Read *read;

  g_task_set_source_tag (task, assay_read_ahead_get_async);
  g_hash_table_steal_extended (self->reads, &item->connection_id, &key, &value);
  g_free (key);
  read = value;
  if (read != NULL && is_usable (read, item))
    {
      read->waiting = task;
      if (read->finished)
        tell (read);
    }
  else
    {
      g_clear_pointer (&read, read_unref);
      read = begin (self, item, cancellable, task);
    }
  read_unref (read);
}

AssayApplication *
assay_read_ahead_get_finish (GAsyncResult  *result,
                             gboolean      *gone,
                             GError       **error)
{
  const Read *read = g_task_get_task_data (G_TASK (result));

  *gone = read->gone;
  return g_task_propagate_pointer (G_TASK (result), error);
}
