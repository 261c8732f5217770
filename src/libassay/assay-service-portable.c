/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssayService: importing connections from a file. */
#include "config.h"

#include "assay-service-portable.h"

/* Where an import is. */
typedef struct
{
  GPtrArray *imports;
  guint next;
  gint64 done;
} Progress;

static void
progress_free (gpointer data)
{
  Progress *progress = data;

  g_ptr_array_unref (progress->imports);
  g_free (progress);
}

static void go_on (GTask *task);

static void
one_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  AssayService *self = ASSAY_SERVICE (source);
  g_autoptr (GTask) task = user_data;
  Progress *progress = g_task_get_task_data (task);
  const AssayImport *import = g_ptr_array_index (progress->imports, progress->next);
  GError *error = NULL;

  if (import->action == ASSAY_IMPORT_ADD)
    assay_service_add_connection_finish (self, result, &error);
  else
    assay_service_set_connection_finish (self, result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  progress->done++;
  progress->next++;
  go_on (task);
}

static void
go_on (GTask *task)
{
  AssayService *self = g_task_get_source_object (task);
  Progress *progress = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GHashTable) settings = NULL;
  const AssayImport *import;

  while (progress->next < progress->imports->len &&
         ((const AssayImport *) g_ptr_array_index (progress->imports, progress->next))->action == ASSAY_IMPORT_SAME)
    progress->next++;
  if (progress->next == progress->imports->len)
    {
      g_task_return_int (task, progress->done);
      return;
    }
  import = g_ptr_array_index (progress->imports, progress->next);
  if (import->action == ASSAY_IMPORT_ADD)
    {
      assay_service_add_connection_async (self, import->description->id, import->name, import->settings, NULL,
                                          cancellable, one_done_cb, g_object_ref (task));
      return;
    }
  /* An empty value takes the old one away. */
  settings = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < import->differences->len; i++)
    {
      const AssayImportDifference *difference = g_ptr_array_index (import->differences, i);

      g_hash_table_insert (settings, difference->name, difference->after != NULL ? difference->after : (char *) "");
    }
  assay_service_set_connection_async (self, import->connection_id, NULL, settings, NULL, cancellable, one_done_cb,
                                      g_object_ref (task));
}

void
assay_service_import_async (AssayService        *self,
                            GPtrArray           *imports,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Progress *progress = g_new0 (Progress, 1);

  g_task_set_source_tag (task, assay_service_import_async);
  progress->imports = g_ptr_array_ref (imports);
  g_task_set_task_data (task, progress, progress_free);
  go_on (task);
}

gint64
assay_service_import_finish (AssayService  *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}
