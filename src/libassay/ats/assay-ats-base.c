/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ATS's connector stands on; the test of a connection is in assay-ats-probe.c. */
#include "config.h"

#include "assay-ats-base.h"

static void assay_ats_base_ats_init (AssayAtsInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (AssayAtsBase, assay_ats_base, ASSAY_TYPE_CONNECTOR_BASE,
                                  G_IMPLEMENT_INTERFACE (ASSAY_TYPE_ATS, assay_ats_base_ats_init))

static void
assay_ats_base_class_init (AssayAtsBaseClass *klass)
{
}

static void
assay_ats_base_init (AssayAtsBase *self)
{
}

static void
assay_ats_base_ats_init (AssayAtsInterface *iface)
{
  iface->probe_async = assay_ats_base_probe_async;
}

/* Lists */

/* A page that is being read. */
typedef struct
{
  const AssayAtsList *list;
  GTask *task;                   /* the call */
  char *asked;                   /* (nullable) */
  AssayHttpResponse *response;   /* (nullable) */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->task);
  g_free (reading->asked);
  g_clear_pointer (&reading->response, assay_http_response_free);
  g_free (reading);
}

static void
page_decoded_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  const Reading *reading = g_task_get_task_data (G_TASK (result));
  const AssayAtsList *list = reading->list;
  GTask *task = reading->task;
  GError *error = NULL;
  AssayPage *page = g_task_propagate_pointer (G_TASK (result), &error);
  gpointer value = NULL;

  assay_connector_base_set_asking (task, FALSE);
  if (page == NULL && list->judge != NULL)
    error = list->judge (task, error);
  else if (page != NULL && list->end != NULL)
    value = list->end (task, page, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (assay_connector_base_is_asking (task))
    return;
  else if (list->end != NULL)
    g_task_return_pointer (task, value, list->free_value);
  else
    g_task_return_pointer (task, page, (GDestroyNotify) assay_page_free);
}

static void
decode_page_thread (GTask        *decoding,
                    gpointer      source,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  Reading *reading = task_data;
  /* Let go of here, once the page is on its way: the tree of a page takes half as long to free as to make. */
  g_autoptr (AssayHttpResponse) response = g_steal_pointer (&reading->response);
  GError *error = NULL;
  AssayPage *page =
    reading->list->decode (reading->task, assay_http_response_get_root (response), reading->asked, &error);

  if (page == NULL)
    {
      g_task_return_error (decoding, error);
      return;
    }
  page->server_time = assay_http_response_get_date (response);
  g_task_return_pointer (decoding, page, (GDestroyNotify) assay_page_free);
}

static void
page_received_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) decoding = user_data;
  Reading *reading = g_task_get_task_data (decoding);
  GError *error = NULL;

  reading->response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (reading->response == NULL)
    g_task_return_error (decoding, error);
  else
    g_task_run_in_thread (decoding, decode_page_thread);
}

void
assay_ats_base_read_page (GTask              *task,
                          const AssayAtsList *list,
                          AssayHttpRequest   *request,
                          const char         *asked)
{
  gpointer self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GTask *decoding = g_task_new (self, cancellable, page_decoded_cb, NULL);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (decoding, assay_ats_base_read_page);
  reading->list = list;
  reading->task = g_object_ref (task);
  reading->asked = g_strdup (asked);
  g_task_set_task_data (decoding, reading, reading_free);
  assay_connector_base_set_asking (task, TRUE);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), request, cancellable, page_received_cb,
                                 decoding);
}

gpointer
assay_ats_base_take_only (AssayPage   *page,
                          const char  *sentence,
                          GError     **error)
{
  g_autoptr (AssayPage) taken = page;

  if (taken->items->len == 1)
    return g_ptr_array_steal_index (taken->items, 0);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE, sentence);
  return NULL;
}

char *
assay_ats_base_find_person (const AssayPage *page,
                            const char      *email,
                            gint64           since)
{
  for (guint i = 0; i < page->items->len; i++)
    {
      const AssayApplication *application = g_ptr_array_index (page->items, i);
      g_autofree char *folded = application->email != NULL ? assay_email_fold (application->email) : NULL;

      if (g_strcmp0 (folded, email) == 0 && (application->created_at == 0 || application->created_at >= since))
        return g_strdup (application->remote_id);
    }
  return NULL;
}

/* Files */

void
assay_ats_base_download (GTask                    *task,
                         const AssayConnectorCall *call,
                         const AssayDocument      *document)
{
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", "");

  assay_http_request_set_download (request, document->url);
  assay_connector_base_ask (task, call, request);
}
