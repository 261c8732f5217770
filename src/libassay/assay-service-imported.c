/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Candidates from files and by hand. Each of these is one thread's work from beginning to end, because files are copied while
 * the folder's lock is held, and the lock is to be held until the rows are on disk. */
#include "config.h"

#include "assay-service-imported.h"

#include <glib/gi18n-lib.h>

#include "assay-document-folder.h"
#include "assay-hackajob.h"
#include "assay-queries-imported.h"
#include "assay-service-private.h"

typedef struct
{
  AssayStore *store;
  gint64 id;                 /* the connection's; the candidate's to remove */
  GFile *file;               /* (nullable) */
  GPtrArray *entries;        /* (nullable) (element-type AssayCandidateEntry) */
  GHashTable *values;        /* (nullable) char* → char* */
  gboolean alone;            /* somebody who is on the list already is an error */
  GArray *ids;               /* (nullable) (element-type gint64) */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_object (&work->store);
  g_clear_object (&work->file);
  g_clear_pointer (&work->entries, g_ptr_array_unref);
  g_clear_pointer (&work->values, g_hash_table_unref);
  g_clear_pointer (&work->ids, g_array_unref);
  g_free (work);
}

static GTask *
new_task (AssayService        *self,
          gpointer             tag,
          gint64               id,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->store = g_object_ref (self->store);
  work->id = id;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, work, work_free);
  return task;
}

/* ---- Within the store ---- */

static gpointer
read_connection (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  const Work *work = data;

  return assay_connections_get (database, work->id, error);
}

static gpointer
judge (AssayDatabase  *database,
       gpointer        data,
       GError        **error)
{
  const Work *work = data;

  assay_candidate_entries_judge (work->entries, database, work->id, error);
  return NULL;
}

static gpointer
write_entries (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  Work *work = data;

  for (guint i = 0; i < work->entries->len; i++)
    {
      AssayCandidateEntry *entry = g_ptr_array_index (work->entries, i);
      g_autoptr (GError) local_error = NULL;

      if (entry->kind != ASSAY_CANDIDATE_GOOD)
        continue;
      entry->candidate->connection_id = work->id;
      if (assay_imported_insert (database, entry->candidate, &local_error))
        g_array_append_val (work->ids, entry->candidate->id);
      else if (work->alone || !g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  return NULL;
}

static gpointer
write_removal (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  const Work *work = data;

  assay_imported_remove (database, work->id, error);
  return NULL;
}

static gpointer
read_files (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  return assay_imported_list_files (database, error);
}

/* ---- What the threads share ---- */

/* The connection's stages; (transfer full) (nullable) */
static char **
load_stages (Work    *work,
             GError **error)
{
  g_autoptr (AssayConnection) connection = assay_store_read (work->store, read_connection, work, error);

  if (connection == NULL)
    return NULL;
  if ((assay_connector_get_capabilities (connection) & ASSAY_CAN_IMPORT) == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("“%s” takes no candidates from files. Choose a connection to hackajob."), connection->name);
      return NULL;
    }
  return assay_hackajob_parse_stages (assay_connection_get_setting (connection, "stages"), error);
}

/* The copies that no row names. That it fails is nothing that somebody who just imported has to know of: the next one
 * tries again. */
static gboolean
sweep (AssayStore           *store,
       AssayDocumentFolder  *folder,
       GError              **error)
{
  g_autoptr (GHashTable) files = assay_store_read (store, read_files, NULL, error);

  return files != NULL && assay_document_folder_sweep (folder, files, error);
}

static void
sweep_quietly (AssayStore          *store,
               AssayDocumentFolder *folder)
{
  g_autoptr (GError) error = NULL;

  if (!sweep (store, folder, &error))
    g_debug ("Copies of documents stay for now: %s", error->message);
}

static gboolean
copy_documents (Work                 *work,
                AssayDocumentFolder  *folder,
                GCancellable         *cancellable,
                GError              **error)
{
  for (guint i = 0; i < work->entries->len; i++)
    {
      AssayCandidateEntry *entry = g_ptr_array_index (work->entries, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      for (guint k = 0; entry->kind == ASSAY_CANDIDATE_GOOD && k < ASSAY_N_IMPORTED_DOCUMENTS; k++)
        {
          if (entry->paths[k] == NULL)
            continue;
          g_free (entry->candidate->documents[k].file);
          entry->candidate->documents[k].file = assay_document_folder_add (folder, entry->paths[k], error);
          if (entry->candidate->documents[k].file == NULL)
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
import_entries (Work          *work,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr (AssayDocumentFolder) folder =
    assay_document_folder_open (assay_store_get_directory (work->store), error);
  g_autoptr (GError) local_error = NULL;

  if (folder == NULL)
    return FALSE;
  work->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (copy_documents (work, folder, cancellable, &local_error))
    assay_store_write (work->store, write_entries, work, &local_error);
  sweep_quietly (work->store, folder);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

/* ---- Reading a file ---- */

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_auto (GStrv) stages = load_stages (work, &error);

  if (stages != NULL)
    work->entries = assay_candidate_file_load (work->file, (const char *const *) stages, cancellable, &error);
  if (error == NULL)
    assay_store_read (work->store, judge, work, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&work->entries), (GDestroyNotify) g_ptr_array_unref);
}

void
assay_service_read_candidates_async (AssayService        *self,
                                     gint64               connection_id,
                                     GFile               *file,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task =
    new_task (self, assay_service_read_candidates_async, connection_id, cancellable, callback, user_data);
  Work *work = g_task_get_task_data (task);

  work->file = g_object_ref (file);
  g_task_run_in_thread (task, read_thread);
}

GPtrArray *
assay_service_read_candidates_finish (AssayService  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Importing ---- */

static void
import_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_auto (GStrv) stages = load_stages (work, &error);

  if (stages == NULL || !import_entries (work, cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&work->ids), (GDestroyNotify) g_array_unref);
}

void
assay_service_import_candidates_async (AssayService        *self,
                                       gint64               connection_id,
                                       GPtrArray           *entries,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autoptr (GTask) task =
    new_task (self, assay_service_import_candidates_async, connection_id, cancellable, callback, user_data);
  Work *work = g_task_get_task_data (task);

  work->entries = g_ptr_array_ref (entries);
  g_task_run_in_thread (task, import_thread);
}

GArray *
assay_service_import_candidates_finish (AssayService  *self,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- By hand ---- */

static void
add_thread (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_auto (GStrv) stages = load_stages (work, &error);
  AssayCandidateEntry *entry;

  if (stages == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  entry = assay_candidate_entry_new (work->values, (const char *const *) stages);
  work->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_candidate_entry_free);
  g_ptr_array_add (work->entries, entry);
  work->alone = TRUE;
  if (entry->candidate == NULL)
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", entry->sentence);
  else if (!import_entries (work, cancellable, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&work->ids), (GDestroyNotify) g_array_unref);
}

void
assay_service_add_candidate_async (AssayService        *self,
                                   gint64               connection_id,
                                   GHashTable          *values,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task =
    new_task (self, assay_service_add_candidate_async, connection_id, cancellable, callback, user_data);
  Work *work = g_task_get_task_data (task);

  work->values = g_hash_table_ref (values);
  g_task_run_in_thread (task, add_thread);
}

gint64
assay_service_add_candidate_finish (AssayService  *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_autoptr (GArray) ids = g_task_propagate_pointer (G_TASK (result), error);

  return ids != NULL ? g_array_index (ids, gint64, 0) : 0;
}

/* ---- Removing ---- */

static void
remove_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_autoptr (AssayDocumentFolder) folder =
    assay_document_folder_open (assay_store_get_directory (work->store), &error);

  if (folder != NULL)
    assay_store_write (work->store, write_removal, work, &error);
  if (error == NULL)
    sweep (work->store, folder, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
assay_service_remove_candidate_async (AssayService        *self,
                                      gint64               id,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr (GTask) task =
    new_task (self, assay_service_remove_candidate_async, id, cancellable, callback, user_data);

  g_task_run_in_thread (task, remove_thread);
}

gboolean
assay_service_remove_candidate_finish (AssayService  *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  gint64 id;
  char *stage;
} StageChange;

static void
stage_change_free (gpointer data)
{
  StageChange *change = data;

  g_free (change->stage);
  g_free (change);
}

static gpointer
write_stage (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  StageChange *change = data;
  g_autoptr (AssayImportedCandidate) candidate = assay_imported_get (database, change->id, error);
  g_autoptr (AssayConnection) connection =
    candidate != NULL ? assay_connections_get (database, candidate->connection_id, error) : NULL;
  g_auto (GStrv) stages =
    connection != NULL
      ? assay_hackajob_parse_stages (assay_connection_get_setting (connection, "stages"), error)
      : NULL;
  const char *stage = stages != NULL ? assay_hackajob_find_stage ((const char *const *) stages, change->stage) : NULL;

  if (stage != NULL)
    assay_imported_set_stage (database, change->id, stage, error);
  else if (stages != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 _ ("The connection has no stage “%s”. Correct it, or add it to the connection's stages."), change->stage);
  return NULL;
}

static void
stage_written_cb (GObject      *source,
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
assay_service_set_candidate_stage_async (AssayService        *self,
                                         gint64               id,
                                         const char          *stage,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  StageChange *change = g_new0 (StageChange, 1);

  g_task_set_source_tag (task, assay_service_set_candidate_stage_async);
  change->id = id;
  change->stage = g_strstrip (g_strdup (stage));
  assay_store_write_async (self->store, write_stage, change, stage_change_free, NULL, cancellable, stage_written_cb, task);
}

gboolean
assay_service_set_candidate_stage_finish (AssayService  *self,
                                          GAsyncResult  *result,
                                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
sweep_thread (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  g_autofree char *path = assay_document_folder_dup_path (assay_store_get_directory (work->store), NULL);
  g_autoptr (AssayDocumentFolder) folder = NULL;

  /* Without a folder there is nothing in it. */
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  folder = assay_document_folder_open (assay_store_get_directory (work->store), &error);
  if (folder == NULL || !sweep (work->store, folder, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
assay_service_sweep_documents_async (AssayService        *self,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task = new_task (self, assay_service_sweep_documents_async, 0, NULL, callback, user_data);

  g_task_run_in_thread (task, sweep_thread);
}

gboolean
assay_service_sweep_documents_finish (AssayService  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

char *
assay_service_dup_candidate_document (AssayService                 *self,
                                      const AssayImportedCandidate *candidate,
                                      AssayImportedDocument         which)
{
  const char *file = candidate->documents[which].file;

  return file != NULL ? assay_document_folder_dup_path (assay_store_get_directory (self->store), file) : NULL;
}
