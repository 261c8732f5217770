/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's threads: one writes, in batches; the others read snapshots. Results, and with them the last references,
 * go back to the context of whoever asked. */
#include "config.h"

#include "assay-queries.h"
#include "assay-store-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define N_READERS 2
/* A batch is committed after this long even if more is waiting, so that nobody waits for a whole sync. */
#define BATCH_TIME (50 * G_TIME_SPAN_MILLISECOND)
#define EMISSION_INTERVAL (16 * G_TIME_SPAN_MILLISECOND)
#define TRUNCATE_RETRY (200 * G_TIME_SPAN_MILLISECOND)

typedef enum
{
  JOB_CALL,
  JOB_CHECK_VERSION, /* whether another process wrote */
  JOB_QUIT,
} JobKind;

/* One function to run. Somebody waits for it by @task, or in assay_store_read() by @done, or nobody does. */
typedef struct
{
  JobKind kind;
  AssayStoreFunc function;
  gpointer data;
  GDestroyNotify result_free;
  GCancellable *cancellable;
  GTask *task;
  gboolean blocking;

  gpointer result;
  GError *error;

  GMutex mutex;
  GCond cond;
  gboolean done;
} Job;

typedef struct
{
  AssayStore *store;
  AssayDatabase *database;
  GThread *thread;
  gint64 data_version;
} Reader;

struct _AssayStore
{
  GObject parent_instance;

  char *directory;
  AssayStoreFiles *files;
  AssayFreshness *freshness;
  GFileMonitor *monitor;

  GMutex queue_mutex;       /* of closed: nothing is queued behind JOB_QUIT */
  gboolean closed;          /* also read without it: atomic */
  GAsyncQueue *writes;
  GAsyncQueue *reads;
  GCancellable *check_cancellable;
  gint check_queued;        /* atomic */

  /* Of the writer thread alone */
  GThread *writer_thread;
  AssayDatabase *writer;
  gint64 writer_version;

  Reader readers[N_READERS];

  GMutex change_mutex;      /* of the three below */
  AssayChanges *changes;
  GSource *emission;
  gint64 last_emission;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AssayStore, assay_store, G_TYPE_OBJECT)

/* ---- The change signal ---- */

static void
weak_ref_free (gpointer data)
{
  GWeakRef *weak = data;

  g_weak_ref_clear (weak);
  g_free (weak);
}

static gboolean
emit_changed (gpointer data)
{
  g_autoptr (AssayStore) self = g_weak_ref_get (data);
  g_autoptr (AssayChanges) changes = NULL;

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_mutex_lock (&self->change_mutex);
  changes = g_steal_pointer (&self->changes);
  g_clear_pointer (&self->emission, g_source_unref);
  self->last_emission = g_get_monotonic_time ();
  g_mutex_unlock (&self->change_mutex);

  if (changes != NULL)
    g_signal_emit (self, signals[CHANGED], 0, changes);
  return G_SOURCE_REMOVE;
}

/* With change_mutex held. */
static void
schedule_emission (AssayStore *self)
{
  gint64 wait = self->last_emission + EMISSION_INTERVAL - g_get_monotonic_time ();
  GWeakRef *weak;

  if (self->emission != NULL || g_atomic_int_get (&self->closed))
    return;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->emission = g_timeout_source_new (wait > 0 ? (guint) ((wait + 999) / 1000) : 0);
  g_source_set_priority (self->emission, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->emission, "AssayStore changes");
  g_source_set_callback (self->emission, emit_changed, weak, weak_ref_free);
  g_source_attach (self->emission, NULL);
}

static void
add_notes (AssayStore *self,
           GArray     *notes)
{
  if (notes->len == 0)
    return;
  g_mutex_lock (&self->change_mutex);
  if (self->changes == NULL)
    self->changes = assay_changes_new ();
  for (guint i = 0; i < notes->len; i++)
    {
      AssayNote *note = &g_array_index (notes, AssayNote, i);

      assay_changes_add (self->changes, note->kind, note->id);
    }
  schedule_emission (self);
  g_mutex_unlock (&self->change_mutex);
}

/* ---- Jobs ---- */

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->result != NULL && job->result_free != NULL)
    job->result_free (job->result);
  g_clear_error (&job->error);
  g_clear_object (&job->cancellable);
  g_clear_object (&job->task);
  g_mutex_clear (&job->mutex);
  g_cond_clear (&job->cond);
  g_free (job);
}

static Job *
job_new (JobKind         kind,
         AssayStoreFunc  function,
         gpointer        data,
         GCancellable   *cancellable)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->function = function;
  job->data = data;
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_mutex_init (&job->mutex);
  g_cond_init (&job->cond);
  return job;
}

static gboolean
return_job (gpointer data)
{
  Job *job = data;

  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (job->task, g_steal_pointer (&job->result), job->result_free);
  return G_SOURCE_REMOVE;
}

/* Hands the job back to whoever waits for it. It isn't ours after this. */
static void
deliver_job (Job *job)
{
  GSource *idle;

  if (job->blocking)
    {
      g_mutex_lock (&job->mutex);
      job->done = TRUE;
      g_cond_signal (&job->cond);
      g_mutex_unlock (&job->mutex);
    }
  else if (job->task != NULL)
    {
      /* Not g_main_context_invoke(): that may run in this thread. */
      idle = g_idle_source_new ();
      g_source_set_priority (idle, g_task_get_priority (job->task));
      g_source_set_static_name (idle, "AssayStore result");
      g_source_set_callback (idle, return_job, job, job_free);
      g_source_attach (idle, g_task_get_context (job->task));
      g_source_unref (idle);
    }
  else
    job_free (job);
}

static gboolean
push_job (AssayStore  *self,
          GAsyncQueue *queue,
          Job         *job)
{
  gboolean open;

  g_mutex_lock (&self->queue_mutex);
  open = !self->closed;
  if (open)
    g_async_queue_push (queue, job);
  g_mutex_unlock (&self->queue_mutex);
  return open;
}

static void
set_closed_error (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE, _("Assay’s database is closed."));
}

static void
queue_version_check (AssayStore *self)
{
  Job *job;

  if (!g_atomic_int_compare_and_exchange (&self->check_queued, 0, 1))
    return;
  job = job_new (JOB_CHECK_VERSION, NULL, NULL, NULL);
  if (!push_job (self, self->writes, job))
    job_free (job);
}

/* ---- The writer ---- */

static gint64
get_data_version (AssayDatabase *database)
{
  AssayStatement *statement = assay_database_prepare (database, "PRAGMA data_version", NULL);
  gint64 version = 0;

  if (statement != NULL && assay_statement_step (statement, NULL))
    version = assay_statement_get_int64 (statement, 0);
  if (statement != NULL)
    assay_database_reset_statements (database);
  return version;
}

/* The version moves only by commits of others, and only one connection of this process commits. */
static void
check_version (AssayStore *self)
{
  gint64 version = get_data_version (self->writer);

  if (version == self->writer_version || version == 0)
    return;
  self->writer_version = version;
  g_mutex_lock (&self->change_mutex);
  if (self->changes == NULL)
    self->changes = assay_changes_new ();
  assay_changes_add_everything (self->changes);
  schedule_emission (self);
  g_mutex_unlock (&self->change_mutex);
}

/* The first of a transaction needs no savepoint: when it fails, all can be rolled back. */
static void
run_write (AssayStore *self,
           Job        *job,
           gboolean    first,
           GArray     *notes)
{
  GArray *noted = assay_database_get_notes (self->writer);
  const char *undo = first ? "ROLLBACK; BEGIN IMMEDIATE" : "ROLLBACK TO job; RELEASE job";

  g_array_set_size (noted, 0);
  if (g_cancellable_set_error_if_cancelled (job->cancellable, &job->error) ||
      (!first && !assay_database_exec (self->writer, "SAVEPOINT job", &job->error)))
    return;

  job->result = job->function (self->writer, job->data, &job->error);
  assay_database_reset_statements (self->writer);

  /* A full disk and the like end the transaction, and the savepoint with it. */
  if (sqlite3_get_autocommit (assay_database_get_handle (self->writer)))
    return;
  if (job->error != NULL)
    {
      assay_database_exec (self->writer, undo, NULL);
      assay_database_clear_truncate_request (self->writer);
    }
  else if (first || assay_database_exec (self->writer, "RELEASE job", &job->error))
    g_array_append_vals (notes, noted->data, noted->len);
}

static void
fail_jobs (GPtrArray    *jobs,
           const GError *error)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      Job *job = g_ptr_array_index (jobs, i);

      if (job->error == NULL)
        job->error = g_error_copy (error);
    }
}

static gboolean
checkpoint (AssayStore *self,
            int         mode)
{
  int pages = 0, moved = 0;
  int result = sqlite3_wal_checkpoint_v2 (assay_database_get_handle (self->writer), NULL, mode, &pages, &moved);

  if (result == SQLITE_OK && pages == moved)
    assay_database_set_wal_pages (self->writer, 0);
  return result == SQLITE_OK;
}

/* With the turn. Failing is no harm: the WAL stays, and the next commit asks again. */
static void
checkpoint_if_due (AssayStore *self)
{
  int pages = assay_database_get_wal_pages (self->writer);

  if (pages >= ASSAY_WAL_RESTART_PAGES)
    checkpoint (self, SQLITE_CHECKPOINT_RESTART);
  else if (pages >= ASSAY_WAL_CHECKPOINT_PAGES)
    checkpoint (self, SQLITE_CHECKPOINT_PASSIVE);
}

/* Runs @first and what else is waiting in one transaction. Returns another kind of job that it met. */
static Job *
run_batch (AssayStore *self,
           Job        *first)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();
  g_autoptr (GArray) notes = g_array_new (FALSE, FALSE, sizeof (AssayNote));
  g_autoptr (GError) error = NULL;
  sqlite3 *handle = assay_database_get_handle (self->writer);
  gint64 start = g_get_monotonic_time ();
  gboolean locked = assay_store_files_lock (self->files, &error);
  Job *job = first;
  Job *other = NULL;

  g_ptr_array_add (jobs, job);
  if (locked && assay_database_exec (self->writer, "BEGIN IMMEDIATE", &error))
    {
      check_version (self);
      while (TRUE)
        {
          run_write (self, job, job == first, notes);
          if (sqlite3_get_autocommit (handle))
            {
              error = job->error != NULL ? g_error_copy (job->error) : NULL;
              if (error == NULL)
                assay_database_set_result_error (SQLITE_IOERR, &error);
              break;
            }
          if (g_get_monotonic_time () - start > BATCH_TIME)
            break;
          job = g_async_queue_try_pop (self->writes);
          if (job == NULL)
            break;
          if (job->kind != JOB_CALL)
            {
              other = job;
              break;
            }
          g_ptr_array_add (jobs, job);
        }

      if (error == NULL && !assay_database_exec (self->writer, "COMMIT", &error) && !sqlite3_get_autocommit (handle))
        assay_database_exec (self->writer, "ROLLBACK", NULL);
    }

  if (error != NULL)
    {
      fail_jobs (jobs, error);
      assay_database_clear_truncate_request (self->writer);
    }
  else
    {
      add_notes (self, notes);
      /* Whoever erased something is told once it is gone from the files too. */
      if (assay_database_get_truncate_requested (self->writer) && checkpoint (self, SQLITE_CHECKPOINT_TRUNCATE))
        assay_database_clear_truncate_request (self->writer);
    }
  if (assay_database_get_damaged (self->writer))
    assay_store_files_mark_suspect (self->files);

  for (guint i = 0; i < jobs->len; i++)
    deliver_job (g_ptr_array_index (jobs, i));
  if (locked)
    {
      checkpoint_if_due (self);
      assay_store_files_unlock (self->files);
    }
  return other;
}

static void
retry_truncate (AssayStore *self)
{
  if (!assay_store_files_lock (self->files, NULL))
    return;
  if (checkpoint (self, SQLITE_CHECKPOINT_TRUNCATE))
    assay_database_clear_truncate_request (self->writer);
  assay_store_files_unlock (self->files);
}

static gpointer
writer_main (gpointer data)
{
  AssayStore *self = data;
  gboolean quit = FALSE;

  while (!quit)
    {
      Job *job;

      if (assay_database_get_truncate_requested (self->writer))
        {
          job = g_async_queue_timeout_pop (self->writes, TRUNCATE_RETRY);
          if (job == NULL)
            retry_truncate (self);
        }
      else
        job = g_async_queue_pop (self->writes);

      while (job != NULL)
        {
          Job *next = NULL;

          switch (job->kind)
            {
            case JOB_CALL:
              next = run_batch (self, job);
              break;
            case JOB_CHECK_VERSION:
              g_atomic_int_set (&self->check_queued, 0);
              check_version (self);
              job_free (job);
              break;
            case JOB_QUIT:
            default:
              quit = TRUE;
              job_free (job);
              break;
            }
          job = next;
        }
    }
  return NULL;
}

/* ---- The readers ---- */

static void
interrupt_reader (GCancellable *cancellable,
                  gpointer      data)
{
  sqlite3_interrupt (data);
}

static void
run_read (Reader *reader,
          Job    *job)
{
  AssayDatabase *database = reader->database;
  gulong handler = 0;
  gint64 version;

  if (g_cancellable_set_error_if_cancelled (job->cancellable, &job->error) ||
      !assay_database_exec (database, "BEGIN", &job->error))
    return;

  version = get_data_version (database);
  if (version != reader->data_version)
    {
      /* Ours or another process's: the writer can tell. */
      reader->data_version = version;
      queue_version_check (reader->store);
    }

  if (job->cancellable != NULL)
    handler = g_cancellable_connect (job->cancellable, G_CALLBACK (interrupt_reader),
                                     assay_database_get_handle (database), NULL);
  job->result = job->function (database, job->data, &job->error);
  /* Waits for an interruption that is under way, so that the next query can't get it. */
  g_cancellable_disconnect (job->cancellable, handler);

  assay_database_reset_statements (database);
  assay_database_exec (database, "COMMIT", NULL);
  if (assay_database_get_damaged (database))
    assay_store_files_mark_suspect (reader->store->files);
}

static gpointer
reader_main (gpointer data)
{
  Reader *reader = data;

  while (TRUE)
    {
      Job *job = g_async_queue_pop (reader->store->reads);

      if (job->kind == JOB_QUIT)
        {
          job_free (job);
          return NULL;
        }
      run_read (reader, job);
      deliver_job (job);
    }
}

static gpointer
check_everything (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  assay_store_check_database (database, error);
  return NULL;
}

/* ---- Opening and closing ---- */

static void
wal_changed (GFileMonitor      *monitor,
             GFile             *file,
             GFile             *other_file,
             GFileMonitorEvent  event,
             AssayStore        *self)
{
  queue_version_check (self);
}

static void
watch_wal (AssayStore *self)
{
  g_autofree char *path = g_strconcat (assay_store_files_get_database_path (self->files), "-wal", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, &error);
  if (self->monitor == NULL)
    {
      /* Other processes' commits are then seen with the next read or write. */
      g_info ("Can't watch the database: %s", error->message);
      return;
    }
  g_file_monitor_set_rate_limit (self->monitor, 20);
  g_signal_connect (self->monitor, "changed", G_CALLBACK (wal_changed), self);
}

AssayStore *
assay_store_open (const char  *directory,
                  GError     **error)
{
  g_autoptr (AssayStore) self = NULL;
  gboolean alone, check_later;

  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_STORE, NULL);
  self->directory = g_strdup (directory);
  self->files = assay_store_files_open (directory, error);
  if (self->files == NULL || !assay_store_files_lock (self->files, error))
    return NULL;

  alone = assay_store_files_enter (self->files);
  self->writer = assay_store_open_database (self->files, alone, &check_later, error);
  for (guint i = 0; self->writer != NULL && i < N_READERS; i++)
    {
      self->readers[i].store = self;
      self->readers[i].database =
        assay_database_open (assay_store_files_get_database_path (self->files), FALSE, NULL, error);
      if (self->readers[i].database == NULL)
        g_clear_pointer (&self->writer, assay_database_close);
      else
        assay_database_set_freshness (self->readers[i].database, self->freshness);
    }
  if (self->writer != NULL)
    assay_database_set_freshness (self->writer, self->freshness);
  if (self->writer != NULL)
    self->writer_version = get_data_version (self->writer);
  assay_store_files_unlock (self->files);
  if (self->writer == NULL)
    return NULL;

  self->closed = FALSE;
  self->writer_thread = g_thread_new ("assay-writer", writer_main, self);
  for (guint i = 0; i < N_READERS; i++)
    {
      self->readers[i].data_version = get_data_version (self->readers[i].database);
      self->readers[i].thread = g_thread_new ("assay-reader", reader_main, &self->readers[i]);
    }
  if (check_later)
    push_job (self, self->reads, job_new (JOB_CALL, check_everything, NULL, self->check_cancellable));
  watch_wal (self);
  return g_steal_pointer (&self);
}

const char *
assay_store_get_directory (AssayStore *self)
{
  return self->directory;
}

void
assay_store_close (AssayStore *self)
{
  gboolean was_closed;

  g_return_if_fail (ASSAY_IS_STORE (self));

  if (self->monitor != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->monitor, self);
      g_file_monitor_cancel (self->monitor);
      g_clear_object (&self->monitor);
    }
  g_cancellable_cancel (self->check_cancellable);

  g_mutex_lock (&self->queue_mutex);
  was_closed = self->closed;
  g_atomic_int_set (&self->closed, TRUE);
  if (!was_closed)
    {
      g_async_queue_push (self->writes, job_new (JOB_QUIT, NULL, NULL, NULL));
      for (guint i = 0; i < N_READERS; i++)
        g_async_queue_push (self->reads, job_new (JOB_QUIT, NULL, NULL, NULL));
    }
  g_mutex_unlock (&self->queue_mutex);

  g_clear_pointer (&self->writer_thread, g_thread_join);
  for (guint i = 0; i < N_READERS; i++)
    g_clear_pointer (&self->readers[i].thread, g_thread_join);

  g_mutex_lock (&self->change_mutex);
  if (self->emission != NULL)
    g_source_destroy (self->emission);
  g_clear_pointer (&self->emission, g_source_unref);
  g_clear_pointer (&self->changes, assay_changes_free);
  g_mutex_unlock (&self->change_mutex);

  for (guint i = 0; i < N_READERS; i++)
    g_clear_pointer (&self->readers[i].database, assay_database_close);
  if (self->writer != NULL)
    {
      if (assay_store_files_lock (self->files, NULL))
        {
          checkpoint (self, SQLITE_CHECKPOINT_TRUNCATE);
          g_clear_pointer (&self->writer, assay_database_close);
          assay_store_files_unlock (self->files);
        }
      else
        {
          /* Without the turn nothing may be moved: the WAL stays for the next one. */
          sqlite3_db_config (assay_database_get_handle (self->writer), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
          g_clear_pointer (&self->writer, assay_database_close);
        }
    }
  /* Last, because it drops the locks. */
  g_clear_pointer (&self->files, assay_store_files_close);
}

/* ---- Asking ---- */

static void
run_async (AssayStore          *self,
           GAsyncQueue         *queue,
           gpointer             tag,
           AssayStoreFunc       function,
           gpointer             data,
           GDestroyNotify       data_free,
           GDestroyNotify       result_free,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Job *job;

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, data, data_free);

  job = job_new (JOB_CALL, function, data, cancellable);
  job->result_free = result_free;
  job->task = g_object_ref (task);
  if (!push_job (self, queue, job))
    {
      job_free (job);
      set_closed_error (&error);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

void
assay_store_read_async (AssayStore          *self,
                        AssayStoreFunc       function,
                        gpointer             data,
                        GDestroyNotify       data_free,
                        GDestroyNotify       result_free,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_return_if_fail (ASSAY_IS_STORE (self));

  run_async (self, self->reads, assay_store_read_async, function, data, data_free, result_free, cancellable, callback,
             user_data);
}

void
assay_store_write_async (AssayStore          *self,
                         AssayStoreFunc       function,
                         gpointer             data,
                         GDestroyNotify       data_free,
                         GDestroyNotify       result_free,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_return_if_fail (ASSAY_IS_STORE (self));

  run_async (self, self->writes, assay_store_write_async, function, data, data_free, result_free, cancellable,
             callback, user_data);
}

gpointer
assay_store_finish (AssayStore    *self,
                    GAsyncResult  *result,
                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
run_blocking (AssayStore      *self,
              GAsyncQueue     *queue,
              AssayStoreFunc   function,
              gpointer         data,
              GError         **error)
{
  Job *job = job_new (JOB_CALL, function, data, NULL);
  gpointer result = NULL;

  job->blocking = TRUE;
  if (!push_job (self, queue, job))
    set_closed_error (error);
  else
    {
      g_mutex_lock (&job->mutex);
      while (!job->done)
        g_cond_wait (&job->cond, &job->mutex);
      g_mutex_unlock (&job->mutex);

      if (job->error != NULL)
        g_propagate_error (error, g_steal_pointer (&job->error));
      else
        result = g_steal_pointer (&job->result);
    }
  job_free (job);
  return result;
}

gpointer
assay_store_read (AssayStore      *self,
                  AssayStoreFunc   function,
                  gpointer         data,
                  GError         **error)
{
  g_return_val_if_fail (ASSAY_IS_STORE (self), NULL);

  return run_blocking (self, self->reads, function, data, error);
}

gpointer
assay_store_write (AssayStore      *self,
                   AssayStoreFunc   function,
                   gpointer         data,
                   GError         **error)
{
  g_return_val_if_fail (ASSAY_IS_STORE (self), NULL);

  return run_blocking (self, self->writes, function, data, error);
}

gint64
assay_store_claim_owner (AssayStore *self)
{
  g_return_val_if_fail (ASSAY_IS_STORE (self) && self->files != NULL, 0);

  return assay_store_files_claim_owner (self->files);
}

gboolean
assay_store_owner_is_alive (AssayStore *self,
                            gint64      owner)
{
  g_return_val_if_fail (ASSAY_IS_STORE (self) && self->files != NULL, FALSE);

  return assay_store_files_owner_is_alive (self->files, owner);
}

/* ---- The object ---- */

static void
assay_store_dispose (GObject *object)
{
  assay_store_close (ASSAY_STORE (object));

  G_OBJECT_CLASS (assay_store_parent_class)->dispose (object);
}

void
assay_store_note_freshness (AssayStore            *self,
                            const AssayConnection *connection,
                            gint64                 complete_up_to,
                            const char            *cursor)
{
  const AssayNote note = { ASSAY_CHANGE_CONNECTIONS, connection->id };
  g_autoptr (GArray) notes = g_array_new (FALSE, FALSE, sizeof (AssayNote));

  assay_freshness_set (self->freshness, connection, complete_up_to, cursor);
  g_array_append_val (notes, note);
  add_notes (self, notes);
}

/* Writing a connection writes what is known of it beyond its row, because it was read with that. */
static gpointer
write_freshness (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  const GArray *ids = data;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (AssayConnection) connection =
        assay_connections_get (database, g_array_index (ids, gint64, i), NULL);

      if (connection != NULL && !assay_connections_update (database, connection, error))
        break;
    }
  return NULL;
}

void
assay_store_keep_freshness (AssayStore *self)
{
  g_autoptr (GArray) ids = assay_freshness_list (self->freshness);
  g_autoptr (GError) error = NULL;

  if (ids->len > 0)
    assay_store_write (self, write_freshness, ids, &error);
  if (error != NULL)
    g_debug ("Couldn't keep how fresh connections are: %s", error->message);
}

static void
assay_store_finalize (GObject *object)
{
  AssayStore *self = ASSAY_STORE (object);
  Job *job;

  /* The signs to quit of a store that never had threads. */
  while ((job = g_async_queue_try_pop (self->writes)) != NULL || (job = g_async_queue_try_pop (self->reads)) != NULL)
    job_free (job);
  g_async_queue_unref (self->writes);
  g_async_queue_unref (self->reads);
  g_object_unref (self->check_cancellable);
  assay_freshness_free (self->freshness);
  g_mutex_clear (&self->queue_mutex);
  g_mutex_clear (&self->change_mutex);
  g_free (self->directory);

  G_OBJECT_CLASS (assay_store_parent_class)->finalize (object);
}

static void
assay_store_class_init (AssayStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_store_dispose;
  object_class->finalize = assay_store_finalize;

  signals[CHANGED] = g_signal_new ("changed", ASSAY_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                   1, G_TYPE_POINTER);
}

static void
assay_store_init (AssayStore *self)
{
  self->closed = TRUE; /* until it is opened */
  self->writes = g_async_queue_new ();
  self->reads = g_async_queue_new ();
  self->check_cancellable = g_cancellable_new ();
  self->freshness = assay_freshness_new ();
  g_mutex_init (&self->queue_mutex);
  g_mutex_init (&self->change_mutex);
}
