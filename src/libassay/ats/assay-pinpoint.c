/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint: JSON:API over HTTPS with a key in a header.
 *
 * Facts: Pinpoint's OpenAPI document 1.0.23 and developers.pinpointhq.com, unless a comment says otherwise. No rate
 * limit is documented, so one request at a time goes out, with a small gap. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

/* Jobs carry long descriptions. */
#define JOBS_PER_PAGE 200u

static guint rows_in_page = ASSAY_PINPOINT_MAX_PAGE;

void
assay_pinpoint_set_rows_in_page (guint rows)
{
  rows_in_page = rows > 0 ? MIN (rows, ASSAY_PINPOINT_MAX_PAGE) : ASSAY_PINPOINT_MAX_PAGE;
}

static void assay_pinpoint_ats_init (AssayAtsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPinpoint, assay_pinpoint, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_ATS, assay_pinpoint_ats_init))

static void
assay_pinpoint_finalize (GObject *object)
{
  AssayPinpoint *self = ASSAY_PINPOINT (object);

  g_clear_object (&self->channel);
  g_free (self->subdomain);
  g_free (self->pages);
  g_clear_pointer (&self->stage_jobs, g_hash_table_unref);
  g_clear_pointer (&self->score_fields, g_hash_table_unref);

  G_OBJECT_CLASS (assay_pinpoint_parent_class)->finalize (object);
}

static void
assay_pinpoint_class_init (AssayPinpointClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_pinpoint_finalize;
}

static void
assay_pinpoint_init (AssayPinpoint *self)
{
  self->stage_jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->score_fields =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) assay_pinpoint_field_free);
}

void
assay_pinpoint_remember_stages (AssayPinpoint  *self,
                                const AssayJob *job)
{
  for (guint i = 0; i < job->stages->len; i++)
    {
      const AssayStage *stage = g_ptr_array_index (job->stages, i);

      g_hash_table_replace (self->stage_jobs, g_strdup (stage->remote_id), g_strdup (job->remote_id));
    }
}

/* Requests */

AssayHttpRequest *
assay_pinpoint_new_read (const char *path)
{
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", path);

  assay_http_request_add_header (request, "Accept", ASSAY_PINPOINT_MEDIA_TYPE);
  /* Pinpoint asks third parties to name themselves (a public digest of its developer site). */
  assay_http_request_add_header (request, "x-vendor-name", "Assay");
  return request;
}

AssayHttpRequest *
assay_pinpoint_new_write (AssayHttpKind kind,
                          const char   *method,
                          const char   *path,
                          JsonNode     *body)
{
  AssayHttpRequest *request = assay_http_request_new (kind, method, path);

  assay_http_request_add_header (request, "Accept", ASSAY_PINPOINT_MEDIA_TYPE);
  assay_http_request_add_header (request, "x-vendor-name", "Assay");
  assay_http_request_set_json (request, body, ASSAY_PINPOINT_MEDIA_TYPE);
  return request;
}

char *
assay_pinpoint_build_path (const char *type,
                           const char *id)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (type, "/", escaped, NULL);
}

char *
assay_pinpoint_format_time (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_milliseconds / 1000);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%S+00:00");
}

static void
add_unsigned_query (AssayHttpRequest *request,
                    const char       *name,
                    guint             value)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  assay_http_request_add_query (request, name, text);
}

void
assay_pinpoint_add_page (AssayHttpRequest *request,
                         guint             number,
                         guint             size)
{
  add_unsigned_query (request, "page[number]", number);
  add_unsigned_query (request, "page[size]", size);
}

typedef AssayPage *(*DecodePage) (JsonNode *root, GError **error);

/* A page that is being read: which, and how to read it. */
typedef struct
{
  guint number;
  guint size;
  DecodePage decode;
  AssayHttpResponse *response;
} PageRead;

static void
page_read_free (gpointer data)
{
  PageRead *read = data;

  g_clear_pointer (&read->response, assay_http_response_free);
  g_free (read);
}

/* Where applications are in the browser isn't documented. This is what another public browser extension for recruiters
 * matches (its manifest: SUBDOMAIN.pinpointhq.com/admin/jobs/…/applications/…), with the API's ids in it.
 * @pages, @job_remote_id: (nullable); (nullable) (transfer full) */
static char *
build_application_page (const char *pages,
                        const char *job_remote_id,
                        const char *remote_id)
{
  g_autofree char *job = NULL;
  g_autofree char *application = NULL;

  if (pages == NULL || job_remote_id == NULL)
    return NULL;
  job = assay_pinpoint_build_path ("admin/jobs", job_remote_id);
  application = assay_pinpoint_build_path ("applications", remote_id);
  return g_strdup_printf ("%s/%s/%s", pages, job, application);
}

/* Only what is set once, when the connector is made, is read here: this is a worker thread. */
static void
add_addresses (AssayPinpoint *self,
               DecodePage     decode,
               gpointer       item)
{
  if (decode == assay_pinpoint_decode_applications)
    {
      AssayApplication *application = item;

      application->url = build_application_page (self->pages, application->job_remote_id, application->remote_id);
    }
  else if (decode == assay_pinpoint_decode_jobs && self->pages != NULL)
    {
      AssayJob *job = item;
      g_autofree char *path = assay_pinpoint_build_path ("admin/jobs", job->remote_id);

      job->url = g_strconcat (self->pages, "/", path, "/applications", NULL);
    }
}

/* On a worker thread: a page of 1,000 applications takes longer to decode than a frame lasts. */
static void
decode_page_thread (GTask        *task,
                    gpointer      source,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  PageRead *read = task_data;
  /* Let go of here, once the page is on its way: the tree of a page takes half as long to free as to make. */
  g_autoptr (AssayHttpResponse) response = g_steal_pointer (&read->response);
  GError *error = NULL;
  AssayPage *page = read->decode (assay_http_response_get_root (response), &error);

  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < page->items->len; i++)
    add_addresses (source, read->decode, g_ptr_array_index (page->items, i));
  page->server_time = assay_http_response_get_date (response);
  /* Collections carry no links: a page with fewer rows than asked for is the last. */
  if (page->items->len >= read->size)
    page->next = g_strdup_printf ("%u", read->number + 1);
  g_task_return_pointer (task, page, (GDestroyNotify) assay_page_free);
}

static void
page_received_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PageRead *read = g_task_get_task_data (task);
  GError *error = NULL;

  read->response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (read->response == NULL)
    g_task_return_error (task, error);
  else
    g_task_run_in_thread (task, decode_page_thread);
}

static void
read_page (GTask            *task,
           AssayHttpRequest *request,
           guint             number,
           guint             size,
           DecodePage        decode)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  PageRead *read = g_new0 (PageRead, 1);

  read->number = number;
  read->size = size;
  read->decode = decode;
  g_task_set_task_data (task, read, page_read_free);

  if (size > 0)
    assay_pinpoint_add_page (request, number, size);
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), page_received_cb, task);
}

static guint
page_number (const char *next)
{
  guint64 number = next != NULL ? g_ascii_strtoull (next, NULL, 10) : 1;

  return (guint) CLAMP (number, 1, G_MAXINT);
}

static void
assay_pinpoint_list_jobs_async (AssayAts            *ats,
                                const char          *next,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_pinpoint_new_read ("jobs");

  g_task_set_source_tag (task, assay_pinpoint_list_jobs_async);
  assay_http_request_set_background (request, TRUE);
  assay_http_request_add_query (request, "include", "stages,department,location");
  assay_http_request_add_query (request, "sort", "id");
  if (self->confidential)
    assay_http_request_add_query (request, "filter[visibility]", ASSAY_PINPOINT_ALL_VISIBILITIES);
  read_page (task, request, page_number (next), JOBS_PER_PAGE, assay_pinpoint_decode_jobs);
}

static AssayPage *
assay_pinpoint_list_jobs_finish (AssayAts      *ats,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  AssayPage *page = g_task_propagate_pointer (G_TASK (result), error);

  for (guint i = 0; page != NULL && i < page->items->len; i++)
    assay_pinpoint_remember_stages (ASSAY_PINPOINT (ats), g_ptr_array_index (page->items, i));
  return page;
}

/* tags and attachments are silently absent unless asked for. */
static void
add_application_query (AssayHttpRequest *request)
{
  assay_http_request_add_query (request, "include", "stage");
  assay_http_request_add_query (request, "extra_fields[applications]", "attachments,tags");
}

static void
assay_pinpoint_list_applications_async (AssayAts            *ats,
                                        gint64               changed_since,
                                        const char          *next,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_pinpoint_new_read ("applications");

  g_task_set_source_tag (task, assay_pinpoint_list_applications_async);
  assay_http_request_set_background (request, TRUE);
  add_application_query (request);
  if (self->confidential)
    assay_http_request_add_query (request, "filter[job_visibility]", ASSAY_PINPOINT_ALL_VISIBILITIES);
  if (changed_since > 0)
    {
      g_autofree char *text = assay_pinpoint_format_time (changed_since);

      assay_http_request_add_query (request, "filter[updated_at][gt]", text);
      assay_http_request_add_query (request, "sort", "updated_at");
    }
  else
    /* By id, rows that are changed meanwhile stay where they are. */
    assay_http_request_add_query (request, "sort", "id");
  assay_http_request_add_query (request, "stats[total]", "count");
  read_page (task, request, page_number (next), rows_in_page, assay_pinpoint_decode_applications);
}

static AssayPage *
assay_pinpoint_list_finish (AssayAts      *ats,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
assay_pinpoint_get_application_async (AssayAts            *ats,
                                      const char          *remote_id,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  g_autofree char *path = assay_pinpoint_build_path ("applications", remote_id);
  AssayHttpRequest *request = assay_pinpoint_new_read (path);

  g_task_set_source_tag (task, assay_pinpoint_get_application_async);
  add_application_query (request);
  read_page (task, request, 1, 0, assay_pinpoint_decode_applications);
}

static AssayApplication *
assay_pinpoint_get_application_finish (AssayAts      *ats,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  g_autoptr (AssayPage) page = g_task_propagate_pointer (G_TASK (result), error);

  if (page == NULL)
    return NULL;
  if (page->items->len != 1)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("Pinpoint answered with something other than the application. Try again later."));
      return NULL;
    }
  g_ptr_array_set_free_func (page->items, NULL);
  return g_ptr_array_index (page->items, 0);
}

/* Writing */

GError *
assay_pinpoint_name_permission (GError     *error,
                                const char *permission,
                                const char *access)
{
  GError *named;

  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return error;
  named = assay_error_new_from_vendor (
    ASSAY_ERROR_FORBIDDEN, assay_error_get_vendor_status (error), assay_error_get_vendor_detail (error),
    /* Translators: %1$s is a permission's name such as "Comment", %2$s an access such as "Write" */
    _ ("Pinpoint refuses the key the permission “%1$s: %2$s”. In Pinpoint open Settings, API & Webhooks, edit the "
       "key and grant it, then try again. Only somebody of the “Administrator” access group can."),
    permission, access);
  g_error_free (error);
  return named;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *permission = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    g_task_return_error (task, assay_pinpoint_name_permission (error, permission, "Write"));
  else
    g_task_return_boolean (task, TRUE);
}

/* @permission: a category in Pinpoint's words; a literal */
static void
send_write (AssayPinpoint       *self,
            gpointer             tag,
            AssayHttpKind        kind,
            const char          *method,
            const char          *path,
            JsonNode            *body,
            const char          *permission,
            GCancellable        *cancellable,
            GAsyncReadyCallback  written,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  /* What came of a request on the wire must be learned even when the caller gave up. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer) permission, NULL);
  assay_http_channel_send_async (self->channel, assay_pinpoint_new_write (kind, method, path, body), cancellable, written,
                                 task);
}

static void
update_application (AssayPinpoint       *self,
                    gpointer             tag,
                    AssayHttpKind        kind,
                    const char          *remote_id,
                    JsonNode            *body,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autofree char *path = assay_pinpoint_build_path ("applications", remote_id);

  send_write (self, tag, kind, "PUT", path, body, "Application", cancellable, written_cb, callback, user_data);
}

static gboolean
assay_pinpoint_write_finish (AssayAts      *ats,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What a second, equal request does to tags isn't documented, so neither of these is repeated. */

static void
assay_pinpoint_add_tags_async (AssayAts            *ats,
                               const char          *remote_id,
                               const char *const   *tags,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (JsonNode) body = assay_pinpoint_encode_tags (remote_id, tags);

  update_application (ASSAY_PINPOINT (ats), assay_pinpoint_add_tags_async, ASSAY_HTTP_ONCE, remote_id, body,
                      cancellable, callback, user_data);
}

static void
assay_pinpoint_remove_tag_async (AssayAts            *ats,
                                 const char          *remote_id,
                                 const char          *tag,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (JsonNode) body = assay_pinpoint_encode_tag_removal (remote_id, tag);

  update_application (ASSAY_PINPOINT (ats), assay_pinpoint_remove_tag_async, ASSAY_HTTP_ONCE, remote_id, body,
                      cancellable, callback, user_data);
}

char *
assay_pinpoint_dup_written_id (AssayHttpResponse *response)
{
  JsonNode *root = assay_http_response_get_root (response);
  JsonObject *data = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    data = assay_json_get_object (json_node_get_object (root), "data");
  return data != NULL ? assay_json_dup_string (data, "id") : NULL;
}

static void
comment_written_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *permission = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, assay_pinpoint_name_permission (error, permission, "Write"));
      return;
    }
  g_task_return_pointer (task, assay_pinpoint_dup_written_id (response), g_free);
}

static void
assay_pinpoint_add_note_async (AssayAts            *ats,
                               const char          *remote_id,
                               const char          *text,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (JsonNode) body = assay_pinpoint_encode_comment (remote_id, text);

  send_write (ASSAY_PINPOINT (ats), assay_pinpoint_add_note_async, ASSAY_HTTP_ONCE, "POST", "comments", body, "Comment",
              cancellable, comment_written_cb, callback, user_data);
}

static gboolean
assay_pinpoint_add_note_finish (AssayAts      *ats,
                                GAsyncResult  *result,
                                char         **note_id,
                                GError       **error)
{
  GError *local_error = NULL;
  g_autofree char *id = g_task_propagate_pointer (G_TASK (result), &local_error);

  if (note_id != NULL)
    *note_id = g_steal_pointer (&id);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* Files */

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;
  GBytes *bytes;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  bytes = assay_http_response_get_bytes (response);
  g_task_return_pointer (task, bytes != NULL ? g_bytes_ref (bytes) : g_bytes_new (NULL, 0),
                         (GDestroyNotify) g_bytes_unref);
}

/* Attachments are signed addresses on another host than the account's, which redirect to object storage. They open
 * without the key. */
static void
assay_pinpoint_download_document_async (AssayAts            *ats,
                                        const AssayDocument *document,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", "");

  g_task_set_source_tag (task, assay_pinpoint_download_document_async);
  assay_http_request_set_download (request, document->url);
  assay_http_channel_send_async (self->channel, request, cancellable, downloaded_cb, task);
}

static GBytes *
assay_pinpoint_download_document_finish (AssayAts      *ats,
                                         GAsyncResult  *result,
                                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Lists that are read to their end */

typedef struct
{
  const char *path;
  DecodePage decode;
  const char *permission;
  GPtrArray *items;
  guint page;
  char *remote_id;      /* (nullable): of assessments: whose are wanted */
} WholeList;

static void
whole_list_free (gpointer data)
{
  WholeList *list = data;

  g_clear_pointer (&list->items, g_ptr_array_unref);
  g_free (list->remote_id);
  g_free (list);
}

static void list_next (GTask *task);

static void
list_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  WholeList *list = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPage) page = NULL;
  GError *error = NULL;
  guint rows;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    page = list->decode (assay_http_response_get_root (response), &error);
  if (page == NULL)
    {
      g_task_return_error (task, assay_pinpoint_name_permission (error, list->permission, "Read"));
      return;
    }
  rows = page->items->len;
  if (list->items == NULL)
    list->items = g_ptr_array_ref (page->items);
  else
    g_ptr_array_extend_and_steal (list->items, g_ptr_array_ref (page->items));
  if (rows < ASSAY_PINPOINT_MAX_PAGE)
    {
      g_task_return_pointer (task, g_steal_pointer (&list->items), (GDestroyNotify) g_ptr_array_unref);
      return;
    }
  list->page++;
  list_next (g_steal_pointer (&task));
}

/* Takes @task. */
static void
list_next (GTask *task)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  WholeList *list = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_pinpoint_new_read (list->path);

  assay_http_request_add_query (request, "sort", "id");
  assay_pinpoint_add_page (request, list->page, ASSAY_PINPOINT_MAX_PAGE);
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), list_read_cb, task);
}

static void
list_whole (AssayPinpoint       *self,
            gpointer             tag,
            const char          *path,
            const char          *permission,
            DecodePage           decode,
            const char          *remote_id,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  WholeList *list = g_new0 (WholeList, 1);

  g_task_set_source_tag (task, tag);
  list->path = path;
  list->permission = permission;
  list->decode = decode;
  list->page = 1;
  list->remote_id = g_strdup (remote_id);
  g_task_set_task_data (task, list, whole_list_free);
  list_next (task);
}

static void
assay_pinpoint_list_users_async (AssayAts            *ats,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  list_whole (ASSAY_PINPOINT (ats), assay_pinpoint_list_users_async, "users", "User", assay_pinpoint_decode_users, NULL,
              cancellable, callback, user_data);
}

static GPtrArray *
assay_pinpoint_list_users_finish (AssayAts      *ats,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The attributes, filters and verbs of candidate assessments aren't public, so all are read and those of one
 * application are picked out here. */
static void
assay_pinpoint_list_own_assessments_async (AssayAts            *ats,
                                           const char          *remote_id,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  list_whole (ASSAY_PINPOINT (ats), assay_pinpoint_list_own_assessments_async, "candidate_assessments",
              "Candidate Assessment", assay_pinpoint_decode_assessments, remote_id, cancellable, callback, user_data);
}

static GPtrArray *
assay_pinpoint_list_own_assessments_finish (AssayAts      *ats,
                                            GAsyncResult  *result,
                                            GError       **error)
{
  const WholeList *list = g_task_get_task_data (G_TASK (result));
  GError *local_error = NULL;
  GPtrArray *all = g_task_propagate_pointer (G_TASK (result), &local_error);

  if (all == NULL)
    {
      /* Not there for this account, or not for this key: nothing to show, and nothing to mend. */
      if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ||
          g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) ||
          g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_INVALID))
        {
          g_error_free (local_error);
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               _ ("This Pinpoint account shows no assessments of its own."));
        }
      else
        g_propagate_error (error, local_error);
      return NULL;
    }
  for (guint i = all->len; i > 0; i--)
    {
      const AssayAtsRecord *record = g_ptr_array_index (all, i - 1);

      if (g_strcmp0 (record->application_remote_id, list->remote_id) != 0)
        g_ptr_array_remove_index (all, i - 1);
    }
  return all;
}

static void
assay_pinpoint_ats_init (AssayAtsInterface *iface)
{
  iface->probe_async = assay_pinpoint_probe_async;
  iface->probe_finish = assay_pinpoint_probe_finish;
  iface->list_jobs_async = assay_pinpoint_list_jobs_async;
  iface->list_jobs_finish = assay_pinpoint_list_jobs_finish;
  iface->list_applications_async = assay_pinpoint_list_applications_async;
  iface->list_applications_finish = assay_pinpoint_list_finish;
  iface->get_application_async = assay_pinpoint_get_application_async;
  iface->get_application_finish = assay_pinpoint_get_application_finish;
  iface->move_stage_async = assay_pinpoint_move_stage_async;
  iface->move_stage_finish = assay_pinpoint_move_stage_finish;
  iface->add_tags_async = assay_pinpoint_add_tags_async;
  iface->add_tags_finish = assay_pinpoint_write_finish;
  iface->remove_tag_async = assay_pinpoint_remove_tag_async;
  iface->remove_tag_finish = assay_pinpoint_write_finish;
  iface->add_note_async = assay_pinpoint_add_note_async;
  iface->add_note_finish = assay_pinpoint_add_note_finish;
  iface->set_score_async = assay_pinpoint_set_score_async;
  iface->set_score_finish = assay_pinpoint_set_score_finish;
  iface->create_application_async = assay_pinpoint_create_application_async;
  iface->create_application_finish = assay_pinpoint_create_application_finish;
  iface->download_document_async = assay_pinpoint_download_document_async;
  iface->download_document_finish = assay_pinpoint_download_document_finish;
  iface->list_users_async = assay_pinpoint_list_users_async;
  iface->list_users_finish = assay_pinpoint_list_users_finish;
  iface->list_own_assessments_async = assay_pinpoint_list_own_assessments_async;
  iface->list_own_assessments_finish = assay_pinpoint_list_own_assessments_finish;
  iface->find_note_async = assay_pinpoint_find_note_async;
  iface->find_note_finish = assay_pinpoint_find_finish;
  iface->find_application_async = assay_pinpoint_find_application_async;
  iface->find_application_finish = assay_pinpoint_find_finish;
  /* Left out, because Pinpoint's public API has nothing for it: archiving (a stage of the kind "rejected" is
   * moved to), links, webhooks. Left out, because the names of the members aren't known and a wrong one loses
   * the file silently: documents on a candidate. */
}

/* Description */

/* What stands before the path of a page for people: the API's address without its own path; the account's host
 * where that is left to the default. (nullable) (transfer full) */
static char *
build_pages (GHashTable *settings)
{
  g_autofree char *base_url = assay_connector_dup_base_url (&assay_pinpoint_description, settings, NULL);

  if (base_url == NULL || !g_str_has_suffix (base_url, "/api/v1"))
    return NULL;
  return g_strndup (base_url, strlen (base_url) - strlen ("/api/v1"));
}

static char *
build_application_url (GHashTable *settings,
                       const char *job_remote_id,
                       const char *remote_id)
{
  g_autofree char *pages = build_pages (settings);

  return build_application_page (pages, job_remote_id, remote_id);
}

static GObject *
create_pinpoint (const AssayConnectorDescription *description,
                 const AssayConnectorContext     *context,
                 GError                         **error)
{
  AssayPinpoint *self;
  g_autofree char *base_url = assay_connector_dup_base_url (description, context->connection->settings, error);

  if (base_url == NULL)
    return NULL;
  self = g_object_new (ASSAY_TYPE_PINPOINT, NULL);
  self->channel = assay_http_channel_new (context->http, description->name, base_url, &description->pace);
  assay_connector_set_channel (G_OBJECT (self), self->channel);
  assay_http_channel_set_credential (self->channel, ASSAY_HTTP_AUTH_HEADER, "X-API-KEY",
                                     g_hash_table_lookup (context->secrets, "api-key"));
  self->subdomain = g_strdup (assay_connection_get_setting (context->connection, "subdomain"));
  self->pages = build_pages (context->connection->settings);
  self->writes_scores = assay_connection_get_setting (context->connection, "score-field") != NULL;
  self->confidential = g_strcmp0 (assay_connection_get_setting (context->connection, "confidential"), "no") != 0;
  return G_OBJECT (self);
}

static char *
get_default_base_url (GHashTable *settings)
{
  const char *subdomain = g_hash_table_lookup (settings, "subdomain");

  return subdomain != NULL ? g_strdup_printf ("https://%s.pinpointhq.com/api/v1", subdomain) : NULL;
}

const AssayConnectorDescription assay_pinpoint_description = {
  .id = "pinpoint",
  .name = "Pinpoint",
  .role = ASSAY_ROLE_ATS,
  .summary = N_ ("Applicant tracking: jobs, stages and candidates"),
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "subdomain",
        .title = N_ ("Subdomain"),
        .description = N_ ("The first part of your Pinpoint address. You can paste the whole address."),
        .type = ASSAY_SETTING_SUBDOMAIN,
        .required = TRUE,
        .placeholder = "yourcompany",
        .domain = "pinpointhq.com",
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to Pinpoint, and look at the address in your browser."),
            N_ ("It begins as in https://yourcompany.pinpointhq.com: the subdomain is “yourcompany”. You can copy all "
                "of it."),
            NULL,
          },
      },
      ASSAY_ATS_SETTING_MARK_INVITATIONS,
      {
        .name = "confidential",
        .title = N_ ("Confidential jobs"),
        .description = N_ ("Whether confidential jobs and their candidates are shown in Assay."),
        .type = ASSAY_SETTING_CHOICE,
        .advanced = TRUE,
        .default_value = "yes",
        .choices = (const char *const[]){ "yes", "no", NULL },
      },
      {
        .name = "score-field",
        .title = N_ ("Custom field for scores"),
        .description = N_ ("The custom field of applications that takes the score of a completed assessment. It "
                           "is made if there is none by that name. Leave it empty to write no score."),
        .type = ASSAY_SETTING_TEXT,
        .advanced = TRUE,
        .placeholder = "Assessment score",
      },
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("Only if Pinpoint's support gave you another address for the API."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://yourcompany.pinpointhq.com/api/v1",
      },
      { .name = NULL },
    },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "api-key",
        .title = N_ ("API key"),
        .required = TRUE,
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to Pinpoint as an administrator."),
            N_ ("Open Settings, then API & Webhooks (in older accounts: Settings, Integrations, Apps, Pinpoint "
                "API)."),
            N_ ("Make sure that the API is switched on."),
            N_ ("Add an API key named Assay, and give it the permissions Job: Read and Application: Read. To let "
                "Assay move candidates and write tags, notes and scores, also give it Application: Write, "
                "Comment: Write, Custom Attributes: Read and Write, Custom Field: Read and Write, and User: Read."),
            N_ ("Copy the key. Pinpoint shows it once."),
            NULL,
          },
      },
      {
        .name = "webhook-secret",
        .title = N_ ("Webhook signing secret"),
        .where_to_find =
          (const char *const[]){
            N_ ("In Pinpoint open Settings, API & Webhooks, then Webhooks (in older accounts: Company, Profile, "
                "Webhooks)."),
            N_ ("Open the webhook that you made for Assay."),
            N_ ("Copy its signing secret."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      [ASSAY_PINPOINT_READS_JOBS] = {
        .name = "Job",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows jobs and their stages."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set Job to Read."),
      },
      [ASSAY_PINPOINT_READS_APPLICATIONS] = {
        .name = "Application",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows candidates, their stage and their documents."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set Application to Read."),
      },
      [ASSAY_PINPOINT_WRITES_APPLICATIONS] = {
        .name = "Application",
        .access = "Write",
        .purpose = N_ ("Moves candidates to another stage, tags them, and enters new ones."),
        .remedy = N_ ("It can't be checked without changing something. In Pinpoint open Settings, API & Webhooks, "
                      "edit the key, and look whether Application is set to Write."),
      },
      [ASSAY_PINPOINT_WRITES_COMMENTS] = {
        .name = "Comment",
        .access = "Write",
        .purpose = N_ ("Writes results as a comment on the candidate."),
        .remedy = N_ ("It can't be checked without changing something. In Pinpoint open Settings, API & Webhooks, "
                      "edit the key, and look whether Comment is set to Write."),
      },
      [ASSAY_PINPOINT_READS_CUSTOM_FIELDS] = {
        .name = "Custom Field",
        .access = "Read",
        .purpose = N_ ("Finds the custom field that takes scores."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set Custom Field to Read."),
      },
      [ASSAY_PINPOINT_WRITES_CUSTOM_FIELDS] = {
        .name = "Custom Field",
        .access = "Write",
        .purpose = N_ ("Makes the custom field that takes scores, if there is none."),
        .remedy = N_ ("It can't be checked without changing something. In Pinpoint open Settings, API & Webhooks, "
                      "edit the key, and look whether Custom Field is set to Write."),
      },
      [ASSAY_PINPOINT_READS_CUSTOM_ATTRIBUTES] = {
        .name = "Custom Attributes",
        .access = "Read",
        .purpose = N_ ("Sees whether a candidate has a score already."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set Custom Attributes to "
                      "Read."),
      },
      [ASSAY_PINPOINT_WRITES_CUSTOM_ATTRIBUTES] = {
        .name = "Custom Attributes",
        .access = "Write",
        .purpose = N_ ("Writes scores into the custom field."),
        .remedy = N_ ("It can't be checked without changing something. In Pinpoint open Settings, API & Webhooks, "
                      "edit the key, and look whether Custom Attributes is set to Write."),
      },
      [ASSAY_PINPOINT_READS_USERS] = {
        .name = "User",
        .access = "Read",
        .purpose = N_ ("Names the people of your company."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set User to Read."),
      },
      [ASSAY_PINPOINT_READS_ASSESSMENTS] = {
        .name = "Candidate Assessment",
        .access = "Read",
        .purpose = N_ ("Shows what other tools wrote on Pinpoint's Assessments tab, where your account offers "
                       "that."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set Candidate Assessment to "
                      "Read."),
      },
      { .name = NULL },
    },
  .roles =
    (const AssayRoleDescription[]){
      {
        .name = "Administrator",
        .can_enable = TRUE,
        .can_use = TRUE,
        .note = N_ ("Members of Pinpoint's “Administrator” access group see Settings in Pinpoint's sidebar, and "
                    "can make API keys and webhooks."),
      },
      {
        /* Translators: of the access groups in Pinpoint: all but the one named Administrator */
        .name = N_ ("Any other access group"),
        .can_use = TRUE,
        .note = N_ ("If you can't see Settings in Pinpoint's sidebar, you can't make API keys or webhooks. Find "
                    "out who is in the “Administrator” access group, and ask them to promote you or to take over "
                    "the set-up. Once Assay is connected, anybody can use it."),
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("You belong to Pinpoint's “Administrator” access group."),
        .how_to_tell = N_ ("You can see Settings in Pinpoint's sidebar."),
        .if_not = N_ ("Ask an administrator to promote you, or to do this for you."),
      },
      {
        .requirement = N_ ("Your Pinpoint account has the API."),
        .how_to_tell = N_ ("Settings in Pinpoint has the page API & Webhooks."),
        .if_not = N_ ("Ask your contact at Pinpoint to switch it on."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In Pinpoint open Settings, then API & Webhooks."),
      N_ ("Find the key that you made for Assay, and delete it."),
      N_ ("If you made a webhook for Assay, open Webhooks and delete it too."),
      NULL,
    },
  /* Where an app is enabled is documented; how it is switched off isn't, so no button is named. */
  .direct_steps =
    (const char *const[]){
      N_ ("In Pinpoint open Settings, then Integrations, find the provider under Apps, and switch it off."),
      N_ ("If a key or a webhook was made for the provider, delete it under Settings, API & Webhooks. Leave the key that "
          "you made for Assay."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://developers.pinpointhq.com", NULL },
  /* Nothing is documented: one request at a time, and a small gap. */
  .pace = { .per_second = 5, .burst = 5, .concurrency = 1 },
  .create = create_pinpoint,
  .get_default_base_url = get_default_base_url,
  .build_application_url = build_application_url,
  .webhook = &assay_pinpoint_webhook_description,
  .parse_webhook = assay_pinpoint_parse_webhook,
};
