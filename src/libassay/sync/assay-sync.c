/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sync of one ATS connection. */
#include "config.h"

#include "assay-sync.h"

#include <glib/gi18n-lib.h>
#include "assay-ats.h"

/* How much of what the last sync saw is asked for again. */
#define MARGIN (2 * 60 * 1000)
/* How often the applications are gone through at most, because rows moved while pages were turned. */
#define MAX_PASSES 4u
/* How often a pass begins anew because the vendor no longer knows where it was. */
#define MAX_RESTARTS 2u
/* The vendor's clock is read from a header that has whole seconds. */
#define CLOCK_STEP 1000
/* How old what the disk says of a connection may be while nothing changes. */
#define KEEP_AFTER (15 * 60 * 1000)
/* One part in so many may go by itself. */
#define REMOVAL_PART 10

/* One time through the list of applications. */
typedef struct
{
  guint pages;
  guint count;             /* of different applications */
  guint digest;            /* of their ids, whatever their order */
  gint64 first_total;      /* what the vendor counted with the first page, -1 where it doesn't */
  gint64 total;            /* and with the last */
  gint64 began_at;         /* there, with the first page; 0 if it doesn't say */
  guint arrived;           /* of those seen later, how many may have come into the list since then */
  gboolean shrank;         /* the count did, from one page to the next */
} Pass;

typedef struct
{
  AssayConnectorPool *pool;
  gint64 connection_id;
  AssaySyncFlags flags;
  AssaySyncProgress progress;
  gpointer progress_data;

  AssayAts *ats;
  gint64 changed_since;      /* at the vendor's clock; 0: everything */
  gint64 deleted_since;      /* there; 0: nothing of before is known here */
  gint64 began_at;           /* here */
  gint64 began_at_vendor;    /* there, 0 if it doesn't say */
  GPtrArray *jobs;           /* (element-type AssayJob) so far */
  AssayPage *page;           /* (nullable) being written */
  AssayPage *next_page;      /* (nullable) to be written after it */
  gboolean listing;          /* a page is on its way: one is read while the one before it is written */
  GError *list_error;        /* (nullable) why none comes */
  guint seen_before;         /* how many were seen before the page that waits */
  GHashTable *seen;          /* remote id → number of the pass that saw it last */
  GPtrArray *deleted;        /* (element-type utf8) remote ids that the vendor says were deleted */
  Pass pass;                 /* under way */
  Pass last_pass;            /* before it */
  guint passes;              /* complete or begun */
  guint restarts;
  gboolean whole;            /* nobody slipped through between two pages */
  gboolean listing_deleted;  /* who was deleted is asked for */
  gboolean listed;           /* the applications are, or it failed */
  GError *error;             /* (nullable) why it failed */
  AssayConnection *connection; /* as it was at the beginning */
  gboolean unknown_job;      /* an application has a job that isn't here */
  gboolean uncertain;        /* somebody did, so the next sync is to begin where this one did */

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
  g_clear_error (&sync->error);
  g_clear_pointer (&sync->connection, assay_connection_free);
  g_clear_pointer (&sync->page, assay_page_free);
  g_clear_pointer (&sync->next_page, assay_page_free);
  g_clear_error (&sync->list_error);
  g_clear_pointer (&sync->seen, g_hash_table_unref);
  g_clear_pointer (&sync->deleted, g_ptr_array_unref);
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

/* The end: who is gone, and where the next sync goes on from. */

typedef struct
{
  GArray *ids;               /* (element-type gint64) of those who are gone */
  gint64 present;            /* how many of the connection aren't marked, they included */
} Removals;

static void
removals_clear (Removals *removals)
{
  g_clear_pointer (&removals->ids, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Removals, removals_clear)

/* That a list is silent about somebody says something only if the list is whole, and nothing about those who came
 * since it was begun. */
static gboolean
is_missing (Sync       *sync,
            const char *remote_id,
            gint64      created_at)
{
  gint64 began_at = sync->began_at_vendor != 0 ? sync->began_at_vendor : sync->began_at;

  return (sync->flags & ASSAY_SYNC_FULL) != 0 && created_at < began_at && !g_hash_table_contains (sync->seen, remote_id);
}

static gboolean
find_removals (AssayDatabase  *database,
               Sync           *sync,
               Removals       *removals,
               GError        **error)
{
  g_autoptr (GHashTable) deleted = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement;

  removals->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  /* An id that was deleted and is listed all the same was given out again; or it was deleted since, and the next sync
   * is told so once more. */
  for (guint i = 0; i < sync->deleted->len; i++)
    if (!g_hash_table_contains (sync->seen, g_ptr_array_index (sync->deleted, i)))
      g_hash_table_add (deleted, g_ptr_array_index (sync->deleted, i));
  if (g_hash_table_size (deleted) == 0 && (sync->flags & ASSAY_SYNC_FULL) == 0)
    return TRUE;

  statement = assay_database_prepare (
    database, "SELECT id, remote_id, created_at FROM application WHERE connection_id = ?1 AND gone = 0", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, sync->connection_id);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);
      const char *remote_id = assay_statement_get_text (statement, 1);

      removals->present++;
      if (g_hash_table_contains (deleted, remote_id) ||
          is_missing (sync, remote_id, assay_statement_get_int64 (statement, 2)))
        g_array_append_val (removals->ids, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

/* More than a tenth at once is rather a mistake than the truth: a filter, a permission that was taken away, an account
 * that was mixed up. A person's word covers as many as were asked about, and a few more. */
static gboolean
may_remove (Sync                  *sync,
            const AssayConnection *connection,
            const Removals        *removals)
{
  gint64 allowed = MAX (removals->present / REMOVAL_PART, 1);

  if ((sync->flags & ASSAY_SYNC_ACCEPT_REMOVALS) != 0)
    allowed += connection->removals;
  return removals->ids->len <= allowed;
}

/* Keeps all, and asks. */
static gboolean
ask_about_removals (AssayDatabase   *database,
                    Sync            *sync,
                    AssayConnection *connection,
                    const Removals  *removals,
                    GError         **error)
{
  gboolean full = (sync->flags & ASSAY_SYNC_FULL) != 0;

  if (connection->removals != removals->ids->len || connection->removals_of != removals->present ||
      connection->removals_full != full || g_strcmp0 (connection->reason_code, "removals") != 0)
    {
      connection->removals = removals->ids->len;
      connection->removals_of = removals->present;
      connection->removals_full = full;
      connection->last_contact_at = assay_time_now ();
      assay_connection_note_removals (connection);
      if (!assay_connections_update (database, connection, error))
        return FALSE;
    }
  sync->result->error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_REMOVALS, connection->reason);
  return TRUE;
}

static gpointer
write_end (AssayDatabase *database,
           gpointer       data,
           GError       **error)
{
  Sync *sync = data;
  g_autoptr (AssayConnection) connection = assay_connections_get (database, sync->connection_id, error);
  g_auto (Removals) removals = { 0 };

  if (connection == NULL || !find_removals (database, sync, &removals, error))
    return NULL;
  if (!may_remove (sync, connection, &removals))
    {
      ask_about_removals (database, sync, connection, &removals, error);
      return NULL;
    }
  for (guint i = 0; i < removals.ids->len; i++)
    if (!assay_applications_mark_gone (database, g_array_index (removals.ids, gint64, i), error))
      return NULL;
  sync->result->removed = removals.ids->len;
  sync->result->changed += removals.ids->len;

  if (connection->removals != 0 && ((sync->flags & ASSAY_SYNC_FULL) != 0 || !connection->removals_full))
    {
      connection->removals = connection->removals_of = 0;
      connection->removals_full = FALSE;
      assay_connection_note_removals (connection);
    }
  if (!sync->uncertain)
    {
      g_free (connection->cursor);
      connection->cursor =
        g_strdup_printf ("%" G_GINT64_FORMAT, sync->began_at_vendor != 0 ? sync->began_at_vendor : sync->began_at);
      sync->result->complete_up_to = connection->complete_up_to = sync->began_at;
    }
  connection->last_contact_at = assay_time_now ();
  assay_connections_update (database, connection, error);
  return NULL;
}

static void
end_written_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error == NULL)
    error = g_steal_pointer (&sync->result->error);
  else
    g_clear_error (&sync->result->error);
  end_sync (task, error);
}

/* Whether the disk needn't hear of it. */
static gboolean
changed_nothing (Sync *sync)
{
  return sync->result->changed == 0 && sync->deleted->len == 0 && !sync->uncertain && (sync->flags & (ASSAY_SYNC_FULL | ASSAY_SYNC_ACCEPT_REMOVALS)) == 0 &&
         sync->connection->state == ASSAY_CONNECTION_ENABLED && sync->connection->reason_code == NULL &&
         sync->connection->removals == 0 && sync->connection->complete_up_to != 0 &&
         assay_time_now () - sync->connection->updated_at < KEEP_AFTER;
}

static void
end_quietly (GTask *task)
{
  Sync *sync = g_task_get_task_data (task);
  g_autofree char *cursor =
    g_strdup_printf ("%" G_GINT64_FORMAT, sync->began_at_vendor != 0 ? sync->began_at_vendor : sync->began_at);

  assay_store_note_freshness (g_task_get_source_object (task), sync->connection, sync->began_at, cursor);
  sync->result->complete_up_to = sync->began_at;
  g_task_return_pointer (task, g_steal_pointer (&sync->result), (GDestroyNotify) assay_sync_result_free);
  g_object_unref (task);
}

static void list_jobs (GTask *task, const char *next);

/* The applications are listed, and who was deleted; or something failed. */
static void
conclude (GTask *task)
{
  Sync *sync = g_task_get_task_data (task);

  if (!sync->listed || sync->listing_deleted)
    return;
  if (sync->error != NULL)
    end_sync (task, g_steal_pointer (&sync->error));
  else if (sync->unknown_job)
    {
      sync->flags &= ~(guint) ASSAY_SYNC_KNOWN_JOBS;
      sync->unknown_job = FALSE;
      list_jobs (task, NULL);
    }
  else if (changed_nothing (sync))
    end_quietly (task);
  else
    assay_store_write_async (g_task_get_source_object (task), write_end, sync, NULL, NULL, NULL, end_written_cb, task);
}

/* Takes @error (nullable). */
static void
end_listing (GTask  *task,
             GError *error)
{
  Sync *sync = g_task_get_task_data (task);

  sync->listed = TRUE;
  if (sync->error == NULL)
    sync->error = error;
  else
    g_clear_error (&error);
  conclude (task);
}

/* What was deleted, where the vendor tells it apart */

static void list_deleted (GTask *task, const char *next);

/* The next sync goes on from whatever was read first of this one. */
static void
note_time (Sync            *sync,
           const AssayPage *page)
{
  if (page->server_time != 0 && (sync->began_at_vendor == 0 || page->server_time < sync->began_at_vendor))
    sync->began_at_vendor = page->server_time;
}

static void
deleted_listed_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (AssayPage) page = assay_ats_list_deleted_finish (ASSAY_ATS (source), result, &error);

  sync->listing_deleted = FALSE;
  if (page != NULL)
    {
      sync->result->requests += page->requests;
      note_time (sync, page);
      g_ptr_array_extend_and_steal (sync->deleted, g_steal_pointer (&page->items));
      page->items = g_ptr_array_new ();
      if (page->next != NULL)
        list_deleted (task, page->next);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    g_error_free (error);
  else if (sync->error == NULL)
    sync->error = error;
  else
    g_error_free (error);
  conclude (task);
}

static void
list_deleted (GTask      *task,
              const char *next)
{
  Sync *sync = g_task_get_task_data (task);

  sync->listing_deleted = TRUE;
  assay_ats_list_deleted_async (sync->ats, sync->deleted_since, next, g_task_get_cancellable (task), deleted_listed_cb,
                                task);
}

/* Applications */

static void list_applications (GTask *task, const char *next);

static void
begin_pass (GTask *task)
{
  Sync *sync = g_task_get_task_data (task);

  if (sync->passes == 0)
    sync->began_at = assay_time_now ();
  else if (sync->pass.total < 0)
    sync->changed_since = MAX (sync->changed_since,
                               (sync->began_at_vendor != 0 ? sync->began_at_vendor : sync->began_at) - MARGIN);
  sync->passes++;
  sync->last_pass = sync->pass;
  sync->pass = (Pass) { 0 };
  list_applications (task, NULL);
}

/* Takes a page into account, before it is written. */
static void
note_page (Sync            *sync,
           const AssayPage *page)
{
  Pass *pass = &sync->pass;

  if (pass->pages == 0)
    {
      pass->first_total = page->total;
      pass->began_at = page->server_time;
    }
  else if (page->total < pass->total)
    pass->shrank = TRUE;
  pass->total = page->total;
  note_time (sync, page);

  for (guint i = 0; i < page->items->len; i++)
    {
      const AssayApplication *application = g_ptr_array_index (page->items, i);
      /* What brings somebody into the list: to the whole one they come new, to one of changes by a change. */
      gint64 came_at = sync->changed_since == 0 ? application->created_at : application->updated_at;
      gpointer seen_in = NULL;

      if (g_hash_table_lookup_extended (sync->seen, application->remote_id, NULL, &seen_in) &&
          GPOINTER_TO_UINT (seen_in) == sync->passes)
        continue;
      g_hash_table_replace (sync->seen, g_strdup (application->remote_id), GUINT_TO_POINTER (sync->passes));
      pass->count++;
      pass->digest += g_str_hash (application->remote_id);
      if (pass->pages == 0 || pass->began_at == 0)
        continue;
      /* Of who came in the same second the first count may know already. Then it looks as if somebody were missing, and
       * another pass tells. */
      if (came_at >= pass->began_at - CLOCK_STEP)
        pass->arrived++;
    }
  pass->pages++;
}

/* Rows that vanish while pages are turned, or that move, let others slip through between two of them. The vendor's
 * count tells: it is what it was at first and those who came since, and there are as many of them here. */
static gboolean
seems_whole (const Pass *pass)
{
  return pass->pages <= 1 || (!pass->shrank && pass->total == pass->count &&
                              pass->total >= pass->first_total + pass->arrived);
}

static gboolean
is_whole (Sync *sync)
{
  const Pass *pass = &sync->pass;

  if (pass->pages <= 1)
    return TRUE;
  /* Two that saw the same; then a count that doesn't fit counts something else. */
  if (pass->total >= 0 && sync->passes > 1 && sync->last_pass.count == pass->count &&
      sync->last_pass.digest == pass->digest && sync->last_pass.total == pass->total)
    return TRUE;
  return pass->total >= 0 && seems_whole (pass) && pass->total == pass->first_total + pass->arrived;
}

/* Whether somebody slipped through is seen by the vendor's count; where it gives none, a single page is whole, and of
 * several those rows are asked for again that changed since the first: there, only those who changed can move. */
static gboolean
needs_another_pass (Sync *sync)
{
  if (sync->whole || sync->passes >= MAX_PASSES)
    return FALSE;
  return sync->pass.total < 0 || !seems_whole (&sync->pass);
}

static gpointer
write_applications (AssayDatabase *database,
                    gpointer       data,
                    GError       **error)
{
  Sync *sync = data;
  guint changed = 0;

  if (!assay_applications_upsert (database, sync->connection_id, sync->page->items, &changed, error))
    return NULL;
  sync->result->changed += changed;
  for (guint i = 0; (sync->flags & ASSAY_SYNC_KNOWN_JOBS) != 0 && i < sync->page->items->len; i++)
    {
      const AssayApplication *application = g_ptr_array_index (sync->page->items, i);

      if (application->job_id == 0 && application->job_remote_id != NULL)
        sync->unknown_job = TRUE;
    }
  return NULL;
}

static gpointer
read_missing (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  g_auto (Removals) removals = { 0 };

  if (!find_removals (database, data, &removals, error))
    return NULL;
  return GUINT_TO_POINTER (removals.ids->len);
}

static void
end_passes (GTask *task)
{
  Sync *sync = g_task_get_task_data (task);

  /* A list with holes tells who is there, and not who isn't. */
  if (!sync->whole)
    sync->flags &= ~(guint) ASSAY_SYNC_FULL;
  sync->uncertain = !sync->whole && sync->pass.total >= 0 && !seems_whole (&sync->pass);
  /* Not beside the applications: libsoup 3.2 can end a request twice when the server drops another one's connection. */
  if (sync->deleted_since > 0)
    list_deleted (task, NULL);
  end_listing (task, NULL);
}

static void
missing_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  gpointer missing = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (error != NULL)
    end_listing (task, error);
  else if (missing != NULL)
    begin_pass (task);
  else
    end_passes (task);
}

static void write_page (GTask *task, AssayPage *page);

static void
end_pass (GTask *task)
{
  Sync *sync = g_task_get_task_data (task);

  sync->whole = is_whole (sync);
  if (needs_another_pass (sync))
    begin_pass (task);
  else if ((sync->flags & ASSAY_SYNC_FULL) != 0 && !sync->whole && sync->passes < MAX_PASSES)
    /* It seems whole, which isn't enough to say of somebody that they are gone. */
    assay_store_read_async (g_task_get_source_object (task), read_missing, sync, NULL, NULL, NULL, missing_read_cb,
                            task);
  else
    end_passes (task);
}

/* Nothing is being written: what now? */
static void
go_on (GTask *task)
{
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;

  if (sync->listing)
    return;
  if (sync->list_error == NULL)
    g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &sync->list_error);
  if (sync->next_page != NULL && sync->list_error == NULL)
    {
      write_page (task, g_steal_pointer (&sync->next_page));
      return;
    }
  g_clear_pointer (&sync->next_page, assay_page_free);
  error = g_steal_pointer (&sync->list_error);
  if (error == NULL)
    end_pass (task);
  else if (sync->pass.pages > 0 && sync->restarts < MAX_RESTARTS && assay_error_get_vendor_status (error) == 400)
    {
      /* It took the query before, so it is the token of the next page that it doesn't take: they don't live long. */
      g_clear_error (&error);
      sync->restarts++;
      sync->passes++;
      sync->pass = (Pass) { 0 };
      list_applications (task, NULL);
    }
  else
    end_listing (task, error);
}

static void
tell_progress (Sync *sync)
{
  if (sync->progress != NULL)
    sync->progress (sync->connection_id, sync->result->applications, sync->pass.total, sync->progress_data);
}

static void
applications_written_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;
  guint seen;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  g_clear_pointer (&sync->page, assay_page_free);
  /* Of those who are seen by now, the page that waits isn't written yet. */
  seen = sync->next_page != NULL ? sync->seen_before : g_hash_table_size (sync->seen);
  if (error != NULL)
    {
      /* What is on its way has to end first. */
      g_clear_error (&sync->list_error);
      sync->list_error = error;
    }
  else
    sync->result->applications = MAX (sync->result->applications, seen);
  if (error == NULL)
    tell_progress (sync);
  go_on (task);
}

/* Writes it while the next one is read. */
static void
write_page (GTask     *task,
            AssayPage *page)
{
  Sync *sync = g_task_get_task_data (task);

  if (page->items->len == 0 && page->next == NULL)
    {
      assay_page_free (page);
      tell_progress (sync);
      go_on (task);
      return;
    }
  sync->page = page;
  assay_store_write_async (g_task_get_source_object (task), write_applications, sync, NULL, NULL, NULL,
                           applications_written_cb, task);
  if (page->next != NULL)
    list_applications (task, page->next);
}

static void
applications_listed_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  GTask *task = user_data;
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;
  AssayPage *page = assay_ats_list_applications_finish (ASSAY_ATS (source), result, &error);

  sync->listing = FALSE;
  if (page != NULL)
    {
      sync->result->requests += page->requests - 1;
      sync->seen_before = g_hash_table_size (sync->seen);
      note_page (sync, page);
      sync->next_page = page;
    }
  else if (sync->list_error == NULL)
    sync->list_error = error;
  else
    g_error_free (error);
  if (sync->page == NULL)
    go_on (task);
}

static void
list_applications (GTask      *task,
                   const char *next)
{
  Sync *sync = g_task_get_task_data (task);

  sync->listing = TRUE;
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
  Sync *sync = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    end_sync (task, error);
  else if (sync->listed)
    conclude (task);
  else
    begin_pass (task);
}

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
  sync->result->requests += page->requests - 1;
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
  else if ((sync->flags & ASSAY_SYNC_KNOWN_JOBS) != 0)
    begin_pass (task);
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
  sync->connection = assay_connection_copy (connection);
  if (connection->cursor != NULL)
    sync->deleted_since = MAX (g_ascii_strtoll (connection->cursor, NULL, 10) - MARGIN, 0);
  if ((sync->flags & ASSAY_SYNC_ACCEPT_REMOVALS) != 0 && connection->removals_full)
    sync->flags |= ASSAY_SYNC_FULL;
  if ((sync->flags & ASSAY_SYNC_FULL) == 0)
    sync->changed_since = sync->deleted_since;
  assay_connector_pool_get_async (sync->pool, sync->connection_id, g_task_get_cancellable (task), connector_got_cb,
                                  task);
}

void
assay_sync_run_async (AssayStore          *store,
                      AssayConnectorPool  *pool,
                      gint64               connection_id,
                      AssaySyncFlags       flags,
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
  sync->flags = flags;
  sync->progress = progress;
  sync->progress_data = progress_data;
  sync->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  sync->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sync->deleted = g_ptr_array_new_with_free_func (g_free);
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
