/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sync of one ATS connection. */
#include "config.h"

#include "assay-sync.h"

#include <glib/gi18n-lib.h>
#include "assay-ats.h"

/* How much of what the last sync saw is asked for again. */
#define MARGIN (2 * 60 * 1000)

typedef struct
{
  AssayConnectorPool *pool;
  gint64 connection_id;
  gboolean full;
  AssaySyncProgress progress;
  gpointer progress_data;

  AssayAts *ats;
  gint64 changed_since;      /* at the vendor's clock; 0: everything */
  gint64 began_at;           /* here */
  gint64 began_at_vendor;    /* there, 0 if it doesn't say */
  GPtrArray *jobs;           /* (element-type AssayJob) so far */
  AssayPage *page;           /* being written */
  GHashTable *seen;          /* remote ids of this pass */
  gint64 total;              /* of the last page */
  gint64 first_total;        /* of the first */
  gboolean second_pass;

  AssaySyncResult *result;
} Sync;

void
assay_sync_result_free (AssaySyncResult *result)
{
  if (result == NULL)
    return;
  g_clear_error (&result->error);
  g_free (result);
}

static void
sync_free (gpointer data)
{
  Sync *sync = data;

  g_clear_object (&sync->pool);
  g_clear_object (&sync->ats);
  g_clear_pointer (&sync->jobs, g_ptr_array_unref);
  g_clear_pointer (&sync->page, assay_page_free);
  g_clear_pointer (&sync->seen, g_hash_table_unref);
  assay_sync_result_free (sync->result);
  g_free (sync);
}

/* Ends it with what was reached; takes @error. */
static void
end_sync (GTask  *task,
          GError *error)
{
  Sync *sync = g_task_get_task_data (task);

  sync->result->error = error;
  assay_connector_pool_note_contact (sync->pool, sync->connection_id, error);
  g_task_return_pointer (task, g_steal_pointer (&sync->result), (GDestroyNotify) assay_sync_result_free);
  g_object_unref (task);
}

/* The end: where the next sync goes on from. */

static gpointer
write_cursor (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  Sync *sync = data;
  g_autoptr (AssayConnection) connection = assay_connections_get (database, sync->connection_id, error);

  if (connection == NULL)
    return NULL;
  g_free (connection->cursor);
  connection->cursor =
    g_strdup_printf ("%" G_GINT64_FORMAT, sync->began_at_vendor != 0 ? sync->began_at_vendor : sync->began_at);
  connection->complete_up_to = sync->began_at;
  connection->last_contact_at = assay_time_now ();
  assay_connections_update (database, connection, error);
  return NULL;
}

static void
cursor_written_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error == NULL)
    sync->result->complete_up_to = sync->began_at;
  end_sync (task, error);
}

/* Applications */

static void list_applications (GTask *task, const char *next);

static gpointer
write_applications (AssayDatabase *database,
                    gpointer       data,
                    GError       **error)
{
  Sync *sync = data;
  guint changed = 0;

  if (assay_applications_upsert (database, sync->connection_id, sync->page->items, &changed, error))
    sync->result->changed += changed;
  return NULL;
}

static void
applications_written_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  g_autoptr (AssayPage) page = g_steal_pointer (&sync->page);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    {
      end_sync (task, error);
      return;
    }

  sync->result->applications = MAX (sync->result->applications, g_hash_table_size (sync->seen));
  if (sync->progress != NULL)
    sync->progress (sync->connection_id, sync->result->applications, sync->total, sync->progress_data);

  if (page->next != NULL)
    list_applications (task, page->next);
  else if (!sync->second_pass &&
           (sync->total > (gint64) g_hash_table_size (sync->seen) || sync->total < sync->first_total))
    {
      /* Rows that move or vanish while pages are turned let others slip through between two of them. */
      sync->second_pass = TRUE;
      list_applications (task, NULL);
    }
  else
    assay_store_write_async (g_task_get_source_object (task), write_cursor, sync, NULL, NULL, NULL, cursor_written_cb,
                             task);
}

static void
applications_listed_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;

  sync->page = assay_ats_list_applications_finish (ASSAY_ATS (source), result, &error);
  if (sync->page == NULL)
    {
      end_sync (task, error);
      return;
    }
  sync->total = sync->page->total;
  if (g_hash_table_size (sync->seen) == 0)
    sync->first_total = sync->total;
  if (sync->began_at_vendor == 0)
    sync->began_at_vendor = sync->page->server_time;
  for (guint i = 0; i < sync->page->items->len; i++)
    g_hash_table_add (sync->seen,
                      g_strdup (((AssayApplication *) g_ptr_array_index (sync->page->items, i))->remote_id));
  assay_store_write_async (g_task_get_source_object (task), write_applications, sync, NULL, NULL, NULL,
                           applications_written_cb, task);
}

static void
list_applications (GTask      *task,
                   const char *next)
{
  Sync *sync = g_task_get_task_data (task);

  if (next == NULL && !sync->second_pass)
    sync->began_at = assay_time_now ();
  sync->result->requests++;
  assay_ats_list_applications_async (sync->ats, sync->changed_since, next, g_task_get_cancellable (task),
                                     applications_listed_cb, task);
}

/* Jobs */

static gpointer
write_jobs (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  Sync *sync = data;
  guint changed = 0;

  if (assay_jobs_upsert (database, sync->connection_id, sync->jobs, TRUE, &changed, error))
    sync->result->changed += changed;
  return NULL;
}

static void
jobs_written_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    end_sync (task, error);
  else
    list_applications (task, NULL);
}

static void list_jobs (GTask *task, const char *next);

static void
jobs_listed_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (AssayPage) page = assay_ats_list_jobs_finish (ASSAY_ATS (source), result, &error);

  if (page == NULL)
    {
      end_sync (task, error);
      return;
    }
  for (guint i = 0; i < page->items->len; i++)
    sync->result->stages += ((AssayJob *) g_ptr_array_index (page->items, i))->stages->len;
  sync->result->jobs += page->items->len;
  g_ptr_array_extend_and_steal (sync->jobs, g_steal_pointer (&page->items));
  page->items = g_ptr_array_new ();

  if (page->next != NULL)
    list_jobs (task, page->next);
  else
    assay_store_write_async (g_task_get_source_object (task), write_jobs, sync, NULL, NULL, NULL, jobs_written_cb,
                             task);
}

static void
list_jobs (GTask      *task,
           const char *next)
{
  Sync *sync = g_task_get_task_data (task);

  sync->result->requests++;
  assay_ats_list_jobs_async (sync->ats, next, g_task_get_cancellable (task), jobs_listed_cb, task);
}

/* The beginning */

static void
connector_got_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;

  sync->ats = (AssayAts *) assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &error);
  if (sync->ats == NULL)
    end_sync (task, error);
  else
    list_jobs (task, NULL);
}

static gpointer
read_connection (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  return assay_connections_get (database, ((Sync *) data)->connection_id, error);
}

static void
connection_read_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (connection == NULL)
    {
      end_sync (task, error);
      return;
    }
  if (connection->role != ASSAY_ROLE_ATS)
    {
      end_sync (task, g_error_new (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                   _ ("“%s” is not an applicant tracking system, so there is nothing to sync."),
                                   connection->name));
      return;
    }
  if (connection->state == ASSAY_CONNECTION_SAVED || connection->state == ASSAY_CONNECTION_DISABLED)
    {
      end_sync (task, g_error_new (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                   _ ("“%s” is not enabled. Enable the connection first."), connection->name));
      return;
    }
  sync->result->complete_up_to = connection->complete_up_to;
  if (!sync->full && connection->cursor != NULL)
    sync->changed_since = MAX (g_ascii_strtoll (connection->cursor, NULL, 10) - MARGIN, 0);
  assay_connector_pool_get_async (sync->pool, sync->connection_id, g_task_get_cancellable (task), connector_got_cb,
                                  task);
}

void
assay_sync_run_async (AssayStore          *store,
                      AssayConnectorPool  *pool,
                      gint64               connection_id,
                      gboolean             full,
                      AssaySyncProgress    progress,
                      gpointer             progress_data,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Sync *sync = g_new0 (Sync, 1);

  g_task_set_source_tag (task, assay_sync_run_async);
  /* What was reached is told even when it was cancelled. */
  g_task_set_check_cancellable (task, FALSE);
  sync->pool = g_object_ref (pool);
  sync->connection_id = connection_id;
  sync->full = full;
  sync->progress = progress;
  sync->progress_data = progress_data;
  sync->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  sync->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sync->total = -1;
  sync->result = g_new0 (AssaySyncResult, 1);
  sync->result->connection_id = connection_id;
  g_task_set_task_data (task, sync, sync_free);
  assay_store_read_async (store, read_connection, sync, NULL, (GDestroyNotify) assay_connection_free, cancellable,
                          connection_read_cb, task);
}

AssaySyncResult *
assay_sync_run_finish (AssayStore   *store,
                       GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
