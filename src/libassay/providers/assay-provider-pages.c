/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists that a provider gives page by page. */
#include "config.h"

#include "assay-provider-pages.h"

#include <glib/gi18n-lib.h>

#include "assay-json.h"

/* The most that providers allow: https://www.hackerrank.com/work/apidocs, "Pagination". */
#define PAGE_SIZE "100"
#define MAX_PAGES 100u

typedef struct
{
  AssayHttpChannel *channel;   /* owned */
  char *path;
  char *records;
  const char *what;
  GStrv query;                 /* (nullable) */
  gboolean background;
  AssayProviderRecordFunc take;
  gpointer data;
  guint n_pages;
  guint64 offset;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->channel);
  g_free (reading->path);
  g_free (reading->records);
  g_strfreev (reading->query);
  g_free (reading);
}

/* Where the next page begins: 0 when there is none. */
static guint64
get_next_offset (JsonObject *page,
                 guint64     expected)
{
  const char *next = assay_json_get_string (page, "next");
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GHashTable) parameters = NULL;
  const char *text = NULL;
  guint64 offset;

  if (next == NULL || *next == '\0')
    return 0;
  uri = g_uri_parse (next, G_URI_FLAGS_ENCODED_QUERY, NULL);
  if (uri != NULL && g_uri_get_query (uri) != NULL)
    parameters = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);
  if (parameters != NULL)
    text = g_hash_table_lookup (parameters, "offset");
  return text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &offset, NULL) ? offset : expected;
}

static void read_page (GTask *task);

static void
page_received_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;
  JsonObject *page = NULL;
  JsonArray *records = NULL;
  guint64 next;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    page = assay_json_expect_object (assay_http_response_get_root (response), reading->what, &error);
  if (page != NULL)
    records = assay_json_expect_member_array (page, reading->records, reading->what, &error);
  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      JsonObject *record = assay_json_array_get_object (records, i);

      if (record != NULL && !reading->take (record, reading->data))
        {
          g_task_return_boolean (task, TRUE);
          return;
        }
    }

  reading->n_pages++;
  next = get_next_offset (page, reading->offset + json_array_get_length (records));
  if (next == 0 || json_array_get_length (records) == 0)
    g_task_return_boolean (task, TRUE);
  else if (next > reading->offset && reading->n_pages < MAX_PAGES)
    {
      reading->offset = next;
      read_page (task);
    }
  else
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                             /* Translators: %s is what was asked for, such as "HackerRank's list of tests" */
                             _ ("The answer to the request for %s has no end. Try again later."), reading->what);
}

static void
read_page (GTask *task)
{
  const Reading *reading = g_task_get_task_data (task);
  g_autofree char *offset = g_strdup_printf ("%" G_GUINT64_FORMAT, reading->offset);
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", reading->path);

  assay_http_request_add_header (request, "Accept", "application/json");
  for (guint i = 0; reading->query != NULL && reading->query[i] != NULL && reading->query[i + 1] != NULL; i += 2)
    assay_http_request_add_query (request, reading->query[i], reading->query[i + 1]);
  assay_http_request_add_query (request, "limit", PAGE_SIZE);
  assay_http_request_add_query (request, "offset", offset);
  assay_http_request_set_background (request, reading->background);
  assay_http_channel_send_async (reading->channel, request, g_task_get_cancellable (task), page_received_cb,
                                 g_object_ref (task));
}

void
assay_provider_read_pages_async (AssayHttpChannel         *channel,
                                 const AssayProviderPages *pages,
                                 AssayProviderRecordFunc   take,
                                 gpointer                  data,
                                 GCancellable             *cancellable,
                                 GAsyncReadyCallback       callback,
                                 gpointer                  user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  g_task_set_source_tag (task, assay_provider_read_pages_async);
  reading->channel = g_object_ref (channel);
  reading->path = g_strdup (pages->path);
  reading->records = g_strdup (pages->records);
  reading->what = pages->what;
  reading->query = g_strdupv ((GStrv) pages->query);
  reading->background = pages->background;
  reading->take = take;
  reading->data = data;
  g_task_set_task_data (task, reading, reading_free);
  read_page (task);
}

gboolean
assay_provider_read_pages_finish (GAsyncResult *result,
                                  GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
