/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An opportunity with its résumés and files, which are two lists of their own at Lever: asked for when somebody opens
 * one person, never for a list of them. What Lever gives as `downloadUrl` is a page for people who are signed in
 * there; the file itself is below the API's address (documented: `.../resumes/:resume/download`,
 * `.../files/:file/download`). */
#include "config.h"

#include "assay-lever-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

/* The two lists, in the order to show. */
static const struct
{
  const char *rest;   /* of the path */
  gboolean is_resume;
} lists[] = {
  { "/resumes", TRUE },
  { "/files", FALSE },
};

GPtrArray *
assay_lever_decode_documents (JsonNode   *root,
                              gboolean    resumes,
                              const char *base_address,
                              GError    **error)
{
  g_autoptr (GPtrArray) records = assay_lever_collect_records (root, "Lever's list of files", error);
  g_autoptr (GPtrArray) documents = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_document_free);

  if (records == NULL)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    {
      JsonObject *record = g_ptr_array_index (records, i);
      /* A résumé may have no file any more. */
      JsonObject *file = resumes ? assay_json_get_object (record, "file") : record;
      g_autofree char *id = assay_json_expect_member_id (record, "id", "Lever's list of files", error);
      g_autofree char *escaped = NULL;
      g_autofree char *url = NULL;
      const char *name;

      if (id == NULL)
        return NULL;
      if (file == NULL)
        continue;
      name = assay_json_get_string (file, "name");
      escaped = g_uri_escape_string (id, NULL, FALSE);
      url = g_strdup_printf ("%s/%s/download", base_address, escaped);
      g_ptr_array_add (documents, assay_document_new (resumes ? "resume" : "file",
                                                      name != NULL && *name != '\0' ? name : id, url));
    }
  return g_steal_pointer (&documents);
}

typedef struct
{
  char *remote_id;
  AssayApplication *application;
  guint next;         /* of the lists */
  gboolean refused;   /* the list that was asked for */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->remote_id);
  assay_application_free (reading->application);
  g_free (reading);
}

static gpointer read_next_list (GTask *task);

static gpointer
read_list (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  Reading *reading = g_task_get_task_data (task);
  AssayApplication *application = reading->application;
  g_autoptr (GPtrArray) documents = NULL;

  if (root != NULL)
    {
      const char *base_url = assay_connector_base_get_base_url (g_task_get_source_object (task));
      g_autofree char *path = assay_lever_dup_path ("opportunities", reading->remote_id, lists[reading->next].rest);
      g_autofree char *base = g_strconcat (base_url, "/", path, NULL);

      documents = assay_lever_decode_documents (root, lists[reading->next].is_resume, base, NULL);
    }
  if (documents != NULL)
    g_ptr_array_extend_and_steal (application->documents, g_steal_pointer (&documents));
  else if (!reading->refused)
    /* The person is worth more than the list of their files; which files there are isn't known then. */
    g_clear_pointer (&application->documents, g_ptr_array_unref);
  reading->refused = FALSE;
  reading->next++;
  return read_next_list (task);
}

static GError *
judge_list (GTask  *task,
            GError *error)
{
  Reading *reading = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;
  reading->refused = g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN);
  g_error_free (error);
  return NULL;
}

static const AssayConnectorCall list_call = {
  .read = read_list,
  .free_value = (GDestroyNotify) assay_application_free,
  .judge = judge_list,
  .reads_missing = TRUE,
};

static gpointer
read_next_list (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  g_autofree char *path = NULL;

  if (reading->next == G_N_ELEMENTS (lists) || reading->application->documents == NULL)
    return g_steal_pointer (&reading->application);
  path = assay_lever_dup_path ("opportunities", reading->remote_id, lists[reading->next].rest);
  assay_connector_base_ask (task, &list_call, assay_lever_new_read (path));
  return NULL;
}

gpointer
assay_lever_read_documents (GTask            *task,
                            AssayApplication *application)
{
  Reading *reading = g_new0 (Reading, 1);

  reading->remote_id = g_strdup (g_task_get_task_data (task));
  reading->application = application;
  g_clear_pointer (&application->documents, g_ptr_array_unref);
  application->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_document_free);
  g_task_set_task_data (task, reading, reading_free);
  return read_next_list (task);
}

/* Downloading */

static GError *
judge_download (GTask  *task,
                GError *error)
{
  /* Documented: a file that Lever couldn't process. */
  if (assay_error_get_vendor_status (error) == 422)
    {
      g_clear_error (&error);
      error = assay_error_new_from_vendor (ASSAY_ERROR_NOT_FOUND, 422, NULL,
                                           _ ("Lever couldn't process this file, so it can't be downloaded. Look for "
                                              "it in Lever."));
    }
  return assay_lever_explain (g_task_get_source_object (task), error, ASSAY_LEVER_FINDS_FILES);
}

static const AssayConnectorCall download_call = {
  .free_value = (GDestroyNotify) g_bytes_unref,
  .judge = judge_download,
  .is_download = TRUE,
};

static void
assay_lever_download_document_async (AssayAts            *ats,
                                     const AssayDocument *document,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_lever_download_document_async, cancellable, callback, user_data);

  assay_ats_base_download (task, &download_call, document);
}

void
assay_lever_ats_init_documents (AssayAtsInterface *iface)
{
  iface->download_document_async = assay_lever_download_document_async;
}
