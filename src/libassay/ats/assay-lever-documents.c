/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An opportunity with its résumés and files, which are two lists of their own at Lever: asked for when somebody opens one
 * person, never for a list of them. What Lever gives as `downloadUrl` is a page for people who are signed in there; the
 * file itself is below the API's address (documented: `.../resumes/:resume/download`, `.../files/:file/download`). */
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
  AssayApplication *application;   /* (nullable) */
  guint next;                      /* of the lists */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->remote_id);
  assay_application_free (reading->application);
  g_free (reading);
}

static void read_next_list (GTask *task);

static void
list_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayLever *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (GPtrArray) documents = NULL;
  g_autoptr (GError) error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    {
      g_autofree char *escaped = g_uri_escape_string (reading->remote_id, NULL, FALSE);
      g_autofree char *base =
        g_strconcat (assay_connector_base_get_base_url (self), "/opportunities/", escaped, lists[reading->next].rest, NULL);

      documents = assay_lever_decode_documents (assay_http_response_get_root (response),
                                                lists[reading->next].is_resume, base, &error);
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (documents != NULL && reading->application->documents != NULL)
    g_ptr_array_extend_and_steal (reading->application->documents, g_steal_pointer (&documents));
  else if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    /* The person is worth more than the list of their files; which files there are isn't known then. */
    g_clear_pointer (&reading->application->documents, g_ptr_array_unref);
  reading->next++;
  read_next_list (g_steal_pointer (&task));
}

/* Takes @task. */
static void
read_next_list (GTask *task)
{
  AssayLever *self = g_task_get_source_object (task);
  Reading *reading = g_task_get_task_data (task);
  g_autofree char *path = NULL;
  AssayHttpRequest *request;

  if (reading->next == G_N_ELEMENTS (lists) || reading->application->documents == NULL)
    {
      g_task_return_pointer (task, g_steal_pointer (&reading->application), (GDestroyNotify) assay_application_free);
      g_object_unref (task);
      return;
    }
  path = assay_lever_dup_path ("opportunities", reading->remote_id, lists[reading->next].rest);
  request = assay_lever_new_read (path);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), request, g_task_get_cancellable (task), list_read_cb, task);
}

static void
opportunity_read_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  GError *error = NULL;

  reading->application = assay_lever_read_opportunity_finish (ASSAY_LEVER (source), result, &error);
  if (reading->application == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_pointer (&reading->application->documents, g_ptr_array_unref);
  reading->application->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_document_free);
  read_next_list (g_steal_pointer (&task));
}

static void
assay_lever_get_application_async (AssayAts            *ats,
                                   const char          *remote_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, assay_lever_get_application_async);
  reading->remote_id = g_strdup (remote_id);
  g_task_set_task_data (task, reading, reading_free);
  assay_lever_read_opportunity_async (ASSAY_LEVER (ats), remote_id, cancellable, opportunity_read_cb, task);
}

static AssayApplication *
assay_lever_get_application_finish (AssayAts      *ats,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Downloading */

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      /* Documented: a file that Lever couldn't process. */
      if (assay_error_get_vendor_status (error) == 422)
        {
          g_clear_error (&error);
          error = assay_error_new_from_vendor (ASSAY_ERROR_NOT_FOUND, 422, NULL,
                                               _ ("Lever couldn't process this file, so it can't be downloaded. Look for it "
                                                  "in Lever."));
        }
      g_task_return_error (task, assay_lever_explain (g_task_get_source_object (task), error, ASSAY_LEVER_FINDS_FILES));
      return;
    }
  if (assay_http_response_get_bytes (response) != NULL)
    g_task_return_pointer (task, g_bytes_ref (assay_http_response_get_bytes (response)),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_pointer (task, g_bytes_new (NULL, 0), (GDestroyNotify) g_bytes_unref);
}

static void
assay_lever_download_document_async (AssayAts            *ats,
                                     const AssayDocument *document,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  AssayLever *self = ASSAY_LEVER (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", "");

  g_task_set_source_tag (task, assay_lever_download_document_async);
  assay_http_request_set_download (request, document->url);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), request, cancellable, downloaded_cb, task);
}

static GBytes *
assay_lever_download_document_finish (AssayAts      *ats,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_lever_ats_init_documents (AssayAtsInterface *iface)
{
  iface->get_application_async = assay_lever_get_application_async;
  iface->get_application_finish = assay_lever_get_application_finish;
  iface->download_document_async = assay_lever_download_document_async;
  iface->download_document_finish = assay_lever_download_document_finish;
}
