/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo: one API in front of many applicant tracking systems.
 *
 * What is read is Kombo's copy of the ATS, which it brings up to date in its own time. What is written goes through to the
 * ATS while the request waits, and Kombo may give up waiting: see assay_kombo_translate(). Which ATS it is follows from the
 * integration's id, and a write that one ATS takes another may not. */
#include "config.h"

#include "assay-kombo.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

#define JSON_TYPE "application/json"
#define MAX_PAGE "250"
/* As many as no job has applications. */
#define MAX_SEARCH_PAGES 100u
/* What follows the colon in the header X-Integration-Id. */
#define INTEGRATION_LENGTH 24

struct _AssayKombo
{
  GObject parent_instance;

  AssayHttpChannel *channel;
  char *integration;          /* "greenhouse:" and 24 characters */
};

static void assay_kombo_ats_init (AssayAtsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayKombo, assay_kombo, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_ATS, assay_kombo_ats_init))

/* The description's permissions, in its order; Kombo's names of its calls. */
typedef enum
{
  GETS_JOBS,
  GETS_APPLICATIONS,
  MOVES_APPLICATIONS,
  ADDS_TAGS,
  REMOVES_TAGS,
  ADDS_NOTES,
  CREATES_APPLICATIONS,
  ADDS_ATTACHMENTS,
  REJECTS_APPLICATIONS,
  N_PERMISSIONS
} Permission;

static const char *
get_permission_name (Permission permission)
{
  return assay_kombo_description.permissions[permission].name;
}

static void
assay_kombo_finalize (GObject *object)
{
  AssayKombo *self = ASSAY_KOMBO (object);

  g_clear_object (&self->channel);
  g_free (self->integration);

  G_OBJECT_CLASS (assay_kombo_parent_class)->finalize (object);
}

static void
assay_kombo_class_init (AssayKomboClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_kombo_finalize;
}

static void
assay_kombo_init (AssayKombo *self)
{
}

/* ---- Requests ---- */

static AssayHttpRequest *
new_request (AssayKombo   *self,
             AssayHttpKind kind,
             const char   *method,
             const char   *path)
{
  AssayHttpRequest *request = assay_http_request_new (kind, method, path);

  assay_http_request_add_header (request, "Accept", JSON_TYPE);
  assay_http_request_add_header (request, "X-Integration-Id", self->integration);
  return request;
}

/* (transfer full): "ats/RECORDS/ID/ACTION" */
static char *
build_path (const char *records,
            const char *id,
            const char *action)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strdup_printf ("ats/%s/%s/%s", records, escaped, action);
}

/* As filters take a time: in UTC with milliseconds. (transfer full) */
static char *
format_time (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_milliseconds / 1000);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%03uZ", text, (guint) (unix_milliseconds % 1000));
}

typedef AssayPage *(*DecodePage) (JsonNode *root, const char *cursor, GError **error);

/* A page that is being read. */
typedef struct
{
  char *cursor;                /* (nullable) */
  DecodePage decode;
  Permission permission;
  AssayHttpResponse *response;
} PageRead;

static void
page_read_free (gpointer data)
{
  PageRead *read = data;

  g_free (read->cursor);
  g_clear_pointer (&read->response, assay_http_response_free);
  g_free (read);
}

/* On a worker thread: a page of 250 takes longer to decode than a frame lasts. */
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
  AssayPage *page = read->decode (assay_http_response_get_root (response), read->cursor, &error);

  if (page == NULL)
    {
      g_task_return_error (task, assay_kombo_translate (error, get_permission_name (read->permission), FALSE));
      return;
    }
  page->server_time = assay_http_response_get_date (response);
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
    g_task_return_error (task, assay_kombo_translate (error, get_permission_name (read->permission), FALSE));
  else
    g_task_run_in_thread (task, decode_page_thread);
}

/* Takes @task and @request. */
static void
read_page (GTask            *task,
           AssayHttpRequest *request,
           const char       *cursor,
           Permission        permission,
           DecodePage        decode)
{
  AssayKombo *self = g_task_get_source_object (task);
  PageRead *read = g_new0 (PageRead, 1);

  read->cursor = g_strdup (cursor);
  read->permission = permission;
  read->decode = decode;
  g_task_set_task_data (task, read, page_read_free);
  assay_http_request_add_query (request, "page_size", MAX_PAGE);
  if (cursor != NULL)
    assay_http_request_add_query (request, "cursor", cursor);
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), page_received_cb, task);
}

static AssayPage *
assay_kombo_page_finish (AssayAts      *ats,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Reading ---- */

static void
assay_kombo_list_jobs_async (AssayAts            *ats,
                             const char          *next,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  AssayHttpRequest *request = new_request (ASSAY_KOMBO (ats), ASSAY_HTTP_READ, "GET", "ats/jobs");

  g_task_set_source_tag (task, assay_kombo_list_jobs_async);
  assay_http_request_set_background (request, TRUE);
  read_page (task, request, next, GETS_JOBS, assay_kombo_decode_jobs);
}

static AssayHttpRequest *
new_changes_request (AssayKombo *self,
                     gint64      since)
{
  AssayHttpRequest *request = new_request (self, ASSAY_HTTP_READ, "GET", "ats/applications");

  assay_http_request_set_background (request, TRUE);
  if (since > 0)
    {
      g_autofree char *text = format_time (since);

      /* Unlike the record's own changed_at it counts what changed at the candidate, too. */
      assay_http_request_add_query (request, "updated_after", text);
    }
  return request;
}

static void
assay_kombo_list_applications_async (AssayAts            *ats,
                                     gint64               changed_since,
                                     const char          *next,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_kombo_list_applications_async);
  read_page (task, new_changes_request (ASSAY_KOMBO (ats), changed_since), next, GETS_APPLICATIONS,
             assay_kombo_decode_applications);
}

static void
assay_kombo_list_deleted_async (AssayAts            *ats,
                                gint64               deleted_since,
                                const char          *next,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  AssayHttpRequest *request = new_changes_request (ASSAY_KOMBO (ats), deleted_since);

  g_task_set_source_tag (task, assay_kombo_list_deleted_async);
  assay_http_request_add_query (request, "include_deleted", "true");
  read_page (task, request, next, GETS_APPLICATIONS, assay_kombo_decode_deleted);
}

static AssayPage *
assay_kombo_list_deleted_finish (AssayAts      *ats,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  GError *local_error = NULL;
  AssayPage *page = g_task_propagate_pointer (G_TASK (result), &local_error);

  if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    {
      g_clear_error (&local_error);
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("Kombo doesn't tell this key who was deleted."));
    }
  else if (local_error != NULL)
    g_propagate_error (error, local_error);
  return page;
}

static AssayHttpRequest *
new_application_request (AssayKombo *self,
                         const char *remote_id)
{
  AssayHttpRequest *request = new_request (self, ASSAY_HTTP_READ, "GET", "ats/applications");

  assay_http_request_add_query (request, "ids", remote_id);
  return request;
}

static GError *
new_unknown_error (void)
{
  return g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                              _ ("Kombo doesn't know this application. It may have been deleted in the ATS."));
}

static void
assay_kombo_get_application_async (AssayAts            *ats,
                                   const char          *remote_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_kombo_get_application_async);
  read_page (task, new_application_request (ASSAY_KOMBO (ats), remote_id), NULL, GETS_APPLICATIONS,
             assay_kombo_decode_applications);
}

static AssayApplication *
assay_kombo_get_application_finish (AssayAts      *ats,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_autoptr (AssayPage) page = g_task_propagate_pointer (G_TASK (result), error);

  if (page == NULL)
    return NULL;
  if (page->items->len == 0)
    {
      g_propagate_error (error, new_unknown_error ());
      return NULL;
    }
  return assay_application_copy (g_ptr_array_index (page->items, 0));
}

/* ---- Looking for somebody after a lost answer ---- */

typedef struct
{
  char *job;
  char *email;      /* folded */
  gint64 since;
  char *cursor;     /* (nullable) */
  guint n_pages;
} Search;

static void search_page (GTask *task);

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->job);
  g_free (search->email);
  g_free (search->cursor);
  g_free (search);
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPage) page = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    page = assay_kombo_decode_applications (assay_http_response_get_root (response), search->cursor, &error);
  if (page == NULL)
    {
      g_task_return_error (task, assay_kombo_translate (error, get_permission_name (GETS_APPLICATIONS), FALSE));
      return;
    }
  for (guint i = 0; i < page->items->len; i++)
    {
      const AssayApplication *application = g_ptr_array_index (page->items, i);
      g_autofree char *folded = application->email != NULL ? assay_email_fold (application->email) : NULL;

      if (g_strcmp0 (folded, search->email) == 0 &&
          (application->created_at == 0 || application->created_at >= search->since))
        {
          g_task_return_pointer (task, g_strdup (application->remote_id), g_free);
          return;
        }
    }
  if (page->next == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }
  if (++search->n_pages == MAX_SEARCH_PAGES)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                               _ ("Kombo's list doesn't come to an end. Try again later."));
      return;
    }
  g_free (search->cursor);
  search->cursor = g_steal_pointer (&page->next);
  search_page (g_steal_pointer (&task));
}

/* Takes @task. */
static void
search_page (GTask *task)
{
  AssayKombo *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  AssayHttpRequest *request = new_request (self, ASSAY_HTTP_READ, "GET", "ats/applications");

  assay_http_request_add_query (request, "job_ids", search->job);
  assay_http_request_add_query (request, "page_size", MAX_PAGE);
  if (search->cursor != NULL)
    assay_http_request_add_query (request, "cursor", search->cursor);
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), searched_cb, task);
}

static void
assay_kombo_find_application_async (AssayAts            *ats,
                                    const char          *job_remote_id,
                                    const char          *email,
                                    gint64               since,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  g_task_set_source_tag (task, assay_kombo_find_application_async);
  search->job = g_strdup (job_remote_id);
  search->email = assay_email_fold (email);
  search->since = since;
  g_task_set_task_data (task, search, search_free);
  search_page (task);
}

static char *
assay_kombo_find_application_finish (AssayAts      *ats,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- Writing ---- */

/* A write of one request, or of one for each of several tags. */
typedef struct
{
  Permission permission;
  const char *method;
  char *application;    /* (nullable): whose candidate is to be found first */
  char *candidate;      /* (nullable) */
  GStrv tags;           /* (nullable) */
  guint next_tag;
  gboolean removes;     /* the tag, instead of adding it */
  gboolean creates;     /* an application, whose id is to be told */
  char *remote_id;      /* (nullable): of what was made */
} Write;

static void write_tag (GTask *task);

static void
write_free (gpointer data)
{
  Write *write = data;

  g_free (write->application);
  g_free (write->candidate);
  g_strfreev (write->tags);
  g_free (write->remote_id);
  g_free (write);
}

/* Takes @error. */
static void
fail_write (GTask  *task,
            GError *error)
{
  Write *write = g_task_get_task_data (task);

  /* The person is there, whatever became of the tags: to report a failure would be to invite a second try. */
  if (write->creates && write->remote_id != NULL)
    {
      g_debug ("The tags of a new application weren't written: %s", assay_error_get_name (error));
      g_error_free (error);
      g_task_return_pointer (task, g_steal_pointer (&write->remote_id), g_free);
      return;
    }
  g_task_return_error (task, assay_kombo_translate (error, get_permission_name (write->permission), TRUE));
}

/* How many, and not what they say, since that may name a person. */
static void
log_warnings (JsonNode *root)
{
  JsonArray *warnings = assay_json_get_array (json_node_get_object (root), "warnings");

  if (warnings != NULL && json_array_get_length (warnings) > 0)
    g_info ("Kombo took a request and made %u remarks.", json_array_get_length (warnings));
}

/* (nullable): the envelope's data; of a write nobody can say that it failed because its answer can't be read */
static JsonObject *
open_written (AssayHttpResponse *response,
              GError           **error)
{
  JsonNode *root = assay_http_response_get_root (response);
  JsonObject *data = assay_kombo_open_envelope (root, error);

  if (data != NULL)
    log_warnings (root);
  else if (g_error_matches (*error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
    {
      g_clear_error (error);
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                           _ ("Kombo took the request and gave no clear answer, so it may or may not have taken effect. "
                              "Look in the ATS before you send it again."));
    }
  return data;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Write *write = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  JsonObject *data = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    data = open_written (response, &error);
  if (data == NULL)
    {
      fail_write (task, error);
      return;
    }
  if (write->creates && write->remote_id == NULL)
    {
      write->remote_id = assay_json_dup_string (data, "id");
      write->candidate = assay_json_dup_string (data, "candidate_id");
      if (write->remote_id == NULL || *write->remote_id == '\0')
        {
          g_clear_pointer (&write->remote_id, g_free);
          g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_UNSURE, "%s",
                                   _ ("Kombo took the application and doesn't say which it is. Look in the ATS whether the "
                                      "candidate is there."));
          return;
        }
    }
  else if (!write->creates && write->tags == NULL)
    write->remote_id = assay_json_dup_string (data, "id");
  if (write->tags != NULL && write->tags[write->next_tag] != NULL && write->candidate != NULL)
    write_tag (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_steal_pointer (&write->remote_id), g_free);
}

static void
send_write (GTask        *task,
            AssayHttpKind kind,
            const char   *path,
            JsonNode     *body)
{
  AssayKombo *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);
  AssayHttpRequest *request = new_request (self, kind, write->method, path);

  assay_http_request_set_json (request, body, JSON_TYPE);
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), written_cb, task);
}

static GTask *
new_write (AssayAts            *ats,
           gpointer             tag,
           Permission           permission,
           const char          *method,
           GCancellable        *cancellable,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  Write *write = g_new0 (Write, 1);

  g_task_set_source_tag (task, tag);
  /* What came of a request on the wire must be learned even when the caller gave up. */
  g_task_set_check_cancellable (task, FALSE);
  write->permission = permission;
  write->method = method;
  g_task_set_task_data (task, write, write_free);
  return task;
}

static gboolean
assay_kombo_write_finish (AssayAts      *ats,
                          GAsyncResult  *result,
                          GError       **error)
{
  GError *local_error = NULL;

  g_free (g_task_propagate_pointer (G_TASK (result), &local_error));
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static void
assay_kombo_move_stage_async (AssayAts            *ats,
                              const char          *remote_id,
                              const char          *stage_remote_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (JsonNode) body = assay_kombo_encode_stage (stage_remote_id);
  g_autofree char *path = build_path ("applications", remote_id, "stage");

  send_write (new_write (ats, assay_kombo_move_stage_async, MOVES_APPLICATIONS, "PUT", cancellable, callback, user_data),
              ASSAY_HTTP_REPEATABLE_WRITE, path, body);
}

static void
assay_kombo_archive_async (AssayAts            *ats,
                           const char          *remote_id,
                           const char          *reason_remote_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task =
    new_write (ats, assay_kombo_archive_async, REJECTS_APPLICATIONS, "POST", cancellable, callback, user_data);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;

  if (reason_remote_id == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s",
                               _ ("Kombo can reject an application and can't take that back. Do it in the ATS."));
      g_object_unref (task);
      return;
    }
  body = assay_kombo_encode_rejection (reason_remote_id);
  path = build_path ("applications", remote_id, "reject");
  send_write (task, ASSAY_HTTP_ONCE, path, body);
}

static void
assay_kombo_add_note_async (AssayAts            *ats,
                            const char          *remote_id,
                            const char          *text,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (JsonNode) body = assay_kombo_encode_note (text);
  g_autofree char *path = build_path ("applications", remote_id, "notes");

  send_write (new_write (ats, assay_kombo_add_note_async, ADDS_NOTES, "POST", cancellable, callback, user_data),
              ASSAY_HTTP_ONCE, path, body);
}

static gboolean
assay_kombo_add_note_finish (AssayAts      *ats,
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

/* (nullable): why this file isn't sent: a sentence */
static const char *
find_file_fault (const AssayUpload *upload)
{
  if (upload->name == NULL || *upload->name == '\0' || upload->media_type == NULL || upload->bytes == NULL ||
      g_bytes_get_size (upload->bytes) == 0)
    return _ ("The file is empty. Choose another one.");
  if (g_bytes_get_size (upload->bytes) > ASSAY_KOMBO_MAX_FILE)
    return _ ("The file has more than 10 MiB, and how much Kombo and the ATS behind it take isn't known. Choose a smaller "
              "one, or upload it in the ATS.");
  return NULL;
}

static void
assay_kombo_attach_document_async (AssayAts            *ats,
                                   const char          *remote_id,
                                   const AssayUpload   *upload,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task =
    new_write (ats, assay_kombo_attach_document_async, ADDS_ATTACHMENTS, "POST", cancellable, callback, user_data);
  const char *fault = find_file_fault (upload);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;

  if (fault != NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", fault);
      g_object_unref (task);
      return;
    }
  body = assay_kombo_encode_attachment (upload, "OTHER");
  path = build_path ("applications", remote_id, "attachments");
  send_write (task, ASSAY_HTTP_ONCE, path, body);
}

/* Tags are the candidate's, whose id an application tells. */

/* Takes @task. */
static void
write_tag (GTask *task)
{
  Write *write = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = assay_kombo_encode_tag (write->tags[write->next_tag++]);
  g_autofree char *path = build_path ("candidates", write->candidate, "tags");

  /* What a second, equal request does isn't documented. */
  send_write (task, ASSAY_HTTP_ONCE, path, body);
}

static void
candidate_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Write *write = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  JsonObject *data = NULL, *record = NULL;
  JsonArray *results = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    data = assay_kombo_open_envelope (assay_http_response_get_root (response), &error);
  if (data != NULL)
    results = assay_json_expect_member_array (data, "results", "Kombo's list of applications", &error);
  if (error == NULL && results != NULL && json_array_get_length (results) > 0)
    record = assay_json_array_get_object (results, 0);
  if (record != NULL)
    write->candidate = assay_json_dup_string (record, "candidate_id");
  if (error == NULL && (write->candidate == NULL || *write->candidate == '\0'))
    error = new_unknown_error ();
  /* Nothing was written yet, so that nothing of it can be unsure. */
  if (error != NULL)
    g_task_return_error (task, assay_kombo_translate (error, get_permission_name (GETS_APPLICATIONS), FALSE));
  else if (!g_task_return_error_if_cancelled (task))
    write_tag (g_steal_pointer (&task));
}

static void
write_tags (AssayAts            *ats,
            gpointer             source_tag,
            Permission           permission,
            const char          *method,
            const char          *remote_id,
            const char *const   *tags,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  AssayKombo *self = ASSAY_KOMBO (ats);
  GTask *task = new_write (ats, source_tag, permission, method, cancellable, callback, user_data);
  Write *write = g_task_get_task_data (task);

  write->tags = g_strdupv ((GStrv) tags);
  assay_http_channel_send_async (self->channel, new_application_request (self, remote_id), cancellable, candidate_read_cb,
                                 task);
}

static void
assay_kombo_add_tags_async (AssayAts            *ats,
                            const char          *remote_id,
                            const char *const   *tags,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  write_tags (ats, assay_kombo_add_tags_async, ADDS_TAGS, "POST", remote_id, tags, cancellable, callback, user_data);
}

static void
assay_kombo_remove_tag_async (AssayAts            *ats,
                              const char          *remote_id,
                              const char          *tag,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  const char *const tags[] = { tag, NULL };

  write_tags (ats, assay_kombo_remove_tag_async, REMOVES_TAGS, "DELETE", remote_id, tags, cancellable, callback,
              user_data);
}

/* (nullable): why nobody can be made of this: a sentence */
static const char *
find_person_fault (const AssayNewApplication *person)
{
  if (person->first_name == NULL || *person->first_name == '\0' || person->last_name == NULL ||
      *person->last_name == '\0')
    return _ ("Kombo takes no candidate without a first and a last name. Fill in both.");
  if (person->email == NULL || !assay_email_is_plausible (person->email))
    return _ ("Kombo takes no candidate without an e-mail address. Fill in a correct one.");
  if (person->job_remote_id == NULL || *person->job_remote_id == '\0')
    return _ ("Kombo takes no candidate without a job. Choose one.");
  return person->cv != NULL ? find_file_fault (person->cv) : NULL;
}

static void
assay_kombo_create_application_async (AssayAts                  *ats,
                                      const AssayNewApplication *person,
                                      GCancellable              *cancellable,
                                      GAsyncReadyCallback        callback,
                                      gpointer                   user_data)
{
  GTask *task =
    new_write (ats, assay_kombo_create_application_async, CREATES_APPLICATIONS, "POST", cancellable, callback, user_data);
  Write *write = g_task_get_task_data (task);
  const char *fault = find_person_fault (person);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;

  if (fault != NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", fault);
      g_object_unref (task);
      return;
    }
  write->creates = TRUE;
  write->tags = g_strdupv ((GStrv) person->tags);
  body = assay_kombo_encode_application (person);
  path = build_path ("jobs", person->job_remote_id, "applications");
  send_write (task, ASSAY_HTTP_ONCE, path, body);
}

static char *
assay_kombo_create_application_finish (AssayAts      *ats,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- What the key may do ---- */

static const struct
{
  Permission permission;
  const char *path;       /* (nullable): can't be asked without changing something */
} probes[] = {
  { GETS_JOBS, "ats/jobs" },
  { GETS_APPLICATIONS, "ats/applications" },
  { MOVES_APPLICATIONS, NULL },
  { ADDS_TAGS, NULL },
  { REMOVES_TAGS, NULL },
  { ADDS_NOTES, NULL },
  { CREATES_APPLICATIONS, NULL },
  { ADDS_ATTACHMENTS, NULL },
  { REJECTS_APPLICATIONS, NULL },
};

typedef struct
{
  AssayProbe *probe;
  AssayProbeProgress progress;   /* (nullable) */
  gpointer progress_data;
  gboolean key_checked;
  guint next;
} ProbeRun;

static void probe_next (GTask *task);

static void
probe_run_free (gpointer data)
{
  ProbeRun *run = data;

  assay_probe_free (run->probe);
  g_free (run);
}

static void
add_found (ProbeRun    *run,
           AssayGranted granted)
{
  assay_probe_add (run->probe, &assay_kombo_description.permissions[probes[run->next++].permission], granted);
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ProbeRun *run = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    assay_kombo_open_envelope (assay_http_response_get_root (response), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  if (error != NULL)
    error = assay_kombo_translate (error, run->key_checked ? get_permission_name (probes[run->next].permission) : NULL,
                                   FALSE);
  if (error == NULL)
    {
      if (run->key_checked)
        add_found (run, ASSAY_GRANTED_YES);
      run->key_checked = TRUE;
    }
  else if (run->key_checked && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) &&
           (assay_error_get_vendor_code (error) == NULL ||
            g_str_equal (assay_error_get_vendor_code (error), "INTEGRATION.MODEL_DISABLED") ||
            g_str_equal (assay_error_get_vendor_code (error), "INTEGRATION.PERMISSION_MISSING")))
    {
      /* One thing isn't granted: the rest may be. */
      add_found (run, ASSAY_GRANTED_NO);
      if (run->probe->error == NULL)
        run->probe->error = g_steal_pointer (&error);
      g_clear_error (&error);
    }
  else
    {
      if (!run->key_checked)
        error = assay_connector_judge_address (
          error, _ ("Kombo's API isn't at this base address. It is https://api.kombo.dev/v1, or https://api.us.kombo.dev/v1 "
                    "for an account in the US; the end “/v1” belongs to it."));
      /* This isn't about one permission: it comes first, and what is left can't be known. */
      g_clear_error (&run->probe->error);
      run->probe->error = error;
      run->key_checked = TRUE;
      while (run->next < G_N_ELEMENTS (probes))
        add_found (run, ASSAY_GRANTED_UNKNOWN);
    }
  probe_next (g_steal_pointer (&task));
}

/* Takes @task. */
static void
probe_next (GTask *task)
{
  AssayKombo *self = g_task_get_source_object (task);
  ProbeRun *run = g_task_get_task_data (task);
  AssayHttpRequest *request;

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  while (run->next < G_N_ELEMENTS (probes) && probes[run->next].path == NULL)
    add_found (run, ASSAY_GRANTED_UNKNOWN);
  if (run->next >= G_N_ELEMENTS (probes))
    {
      run->probe->ok = run->probe->error == NULL;
      g_task_return_pointer (task, g_steal_pointer (&run->probe), (GDestroyNotify) assay_probe_free);
      g_object_unref (task);
      return;
    }
  if (run->progress != NULL && run->probe->permissions->len > 0)
    run->progress (run->probe, run->progress_data);
  if (run->key_checked)
    {
      request = new_request (self, ASSAY_HTTP_READ, "GET", probes[run->next].path);
      assay_http_request_add_query (request, "page_size", "1");
    }
  else
    {
      request = assay_http_request_new (ASSAY_HTTP_READ, "GET", "check-api-key");
      assay_http_request_add_header (request, "Accept", JSON_TYPE);
    }
  assay_http_request_set_deadline (request, 20000);
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), probed_cb, task);
}

static void
assay_kombo_probe_async (AssayAts            *ats,
                         AssayProbeProgress   progress,
                         gpointer             progress_data,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  AssayKombo *self = ASSAY_KOMBO (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  ProbeRun *run = g_new0 (ProbeRun, 1);

  g_task_set_source_tag (task, assay_kombo_probe_async);
  run->probe = assay_probe_new ();
  run->progress = progress;
  run->progress_data = progress_data;
  /* No call names the account; the integration tells which ATS it is. */
  run->probe->account = g_strndup (self->integration, strcspn (self->integration, ":"));
  g_task_set_task_data (task, run, probe_run_free);
  probe_next (task);
}

static AssayProbe *
assay_kombo_probe_finish (AssayAts      *ats,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
assay_kombo_ats_init (AssayAtsInterface *iface)
{
  iface->probe_async = assay_kombo_probe_async;
  iface->probe_finish = assay_kombo_probe_finish;
  iface->list_jobs_async = assay_kombo_list_jobs_async;
  iface->list_jobs_finish = assay_kombo_page_finish;
  iface->list_applications_async = assay_kombo_list_applications_async;
  iface->list_applications_finish = assay_kombo_page_finish;
  iface->list_deleted_async = assay_kombo_list_deleted_async;
  iface->list_deleted_finish = assay_kombo_list_deleted_finish;
  iface->get_application_async = assay_kombo_get_application_async;
  iface->get_application_finish = assay_kombo_get_application_finish;
  iface->move_stage_async = assay_kombo_move_stage_async;
  iface->move_stage_finish = assay_kombo_write_finish;
  iface->add_tags_async = assay_kombo_add_tags_async;
  iface->add_tags_finish = assay_kombo_write_finish;
  iface->remove_tag_async = assay_kombo_remove_tag_async;
  iface->remove_tag_finish = assay_kombo_write_finish;
  iface->add_note_async = assay_kombo_add_note_async;
  iface->add_note_finish = assay_kombo_add_note_finish;
  iface->archive_async = assay_kombo_archive_async;
  iface->archive_finish = assay_kombo_write_finish;
  iface->attach_document_async = assay_kombo_attach_document_async;
  iface->attach_document_finish = assay_kombo_write_finish;
  iface->create_application_async = assay_kombo_create_application_async;
  iface->create_application_finish = assay_kombo_create_application_finish;
  iface->find_application_async = assay_kombo_find_application_async;
  iface->find_application_finish = assay_kombo_find_application_finish;
  /* Left out, because Kombo's documents have nothing for it: scores in custom fields, links on a candidate, notes to
   * be read back, files to be opened, webhooks by the API. */
}

/* ---- Description ---- */

/* "greenhouse:" and 24 letters or digits */
static gboolean
is_integration (const char *text)
{
  const char *colon = strchr (text, ':');

  if (colon == NULL || colon == text || strlen (colon + 1) != INTEGRATION_LENGTH)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && p != colon && !(p < colon && (*p == '-' || *p == '_')))
      return FALSE;
  return TRUE;
}

static GObject *
create_kombo (const AssayConnectorDescription *description,
              const AssayConnectorContext     *context,
              GError                         **error)
{
  const char *integration = assay_connection_get_setting (context->connection, "integration");
  g_autofree char *base_url = assay_connector_dup_base_url (description, context->connection->settings, error);
  AssayKombo *self;

  if (base_url == NULL)
    return NULL;
  if (integration == NULL || !is_integration (integration))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("“%s” is not a Kombo integration. It is the name of the tool, a colon and 24 characters; copy it "
                      "again from Kombo."),
                   integration != NULL ? integration : "");
      return NULL;
    }
  self = g_object_new (ASSAY_TYPE_KOMBO, NULL);
  self->channel = assay_http_channel_new (context->http, description->name, base_url, &description->pace);
  assay_connector_set_channel (G_OBJECT (self), self->channel);
  assay_http_channel_set_credential (self->channel, ASSAY_HTTP_AUTH_BEARER, NULL,
                                     g_hash_table_lookup (context->secrets, "api-key"));
  self->integration = g_strdup (integration);
  return G_OBJECT (self);
}

#define UNPROBED \
  N_ ("It can't be checked without changing something. In Kombo open the integration's scope, and look whether the " \
      "action is switched on.")

const AssayConnectorDescription assay_kombo_description = {
  .id = "kombo",
  .name = "Kombo",
  .role = ASSAY_ROLE_ATS,
  .summary = N_ ("Another ATS, through a Kombo account of your own; without documents and custom fields"),
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "integration",
        .title = N_ ("Integration"),
        .description = N_ ("The id of the integration in Kombo: the name of the tool, a colon and 24 characters. It decides "
                           "which ATS this is."),
        .type = ASSAY_SETTING_TEXT,
        .required = TRUE,
        .placeholder = "greenhouse:8d1hpPsbjxUkoCoa1veLZGe5",
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to Kombo's dashboard."),
            N_ ("Open the list of integrations, and choose the one of your ATS."),
            N_ ("Copy its integration id."),
            NULL,
          },
      },
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("Where your Kombo account is: https://api.kombo.dev/v1 in the EU, https://api.us.kombo.dev/v1 "
                           "in the US."),
        .type = ASSAY_SETTING_URL,
        .default_value = "https://api.kombo.dev/v1",
        .placeholder = "https://api.kombo.dev/v1",
      },
      ASSAY_ATS_SETTING_MARK_INVITATIONS,
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
            N_ ("Sign in to Kombo's dashboard, and choose the environment that the integration is in."),
            N_ ("Open its secrets, and create an API key named Assay."),
            N_ ("Copy the key."),
            NULL,
          },
      },
      {
        .name = "webhook-secret",
        .title = N_ ("Webhook secret"),
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to Kombo's dashboard, and choose the environment that the integration is in."),
            N_ ("Open its webhooks, and copy the secret that they are signed with."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      [GETS_JOBS] = {
        .name = "Get jobs",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows jobs and their stages."),
        .remedy = N_ ("In Kombo open the integration's scope, and switch jobs and their stages on."),
      },
      [GETS_APPLICATIONS] = {
        .name = "Get applications",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows candidates and their stage."),
        .remedy = N_ ("In Kombo open the integration's scope, and switch applications and candidates on."),
      },
      [MOVES_APPLICATIONS] = {
        .name = "Move application to stage",
        .access = "Write",
        .purpose = N_ ("Moves candidates to another stage."),
        .remedy = UNPROBED,
      },
      [ADDS_TAGS] = {
        .name = "Add tag to candidate",
        .access = "Write",
        .purpose = N_ ("Tags candidates."),
        .remedy = UNPROBED,
      },
      [REMOVES_TAGS] = {
        .name = "Remove tag from candidate",
        .access = "Write",
        .purpose = N_ ("Takes tags away."),
        .remedy = UNPROBED,
      },
      [ADDS_NOTES] = {
        .name = "Add note to application",
        .access = "Write",
        .purpose = N_ ("Writes results as a note on the application."),
        .remedy = UNPROBED,
      },
      [CREATES_APPLICATIONS] = {
        .name = "Create application",
        .access = "Write",
        .purpose = N_ ("Enters new candidates with their CV."),
        .remedy = UNPROBED,
      },
      [ADDS_ATTACHMENTS] = {
        .name = "Add attachment to application",
        .access = "Write",
        .purpose = N_ ("Adds further documents."),
        .remedy = UNPROBED,
      },
      [REJECTS_APPLICATIONS] = {
        .name = "Reject application",
        .access = "Write",
        .purpose = N_ ("Rejects applications with a reason."),
        .remedy = UNPROBED,
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("You have a Kombo account of your own, and your ATS is connected in it."),
        .how_to_tell = N_ ("Kombo's dashboard shows the integration as active."),
        .if_not = N_ ("Pinpoint and Lever need no Kombo: connect them directly. For another ATS ask Kombo. The Kombo account "
                      "of hackajob, or of another vendor, can't be used."),
      },
      {
        .requirement = N_ ("The integration has read your ATS once."),
        .how_to_tell = N_ ("Kombo's dashboard shows its first sync as finished."),
        .if_not = N_ ("Wait until it is. Until then Assay is told to come back later."),
      },
      {
        .requirement = N_ ("You can do without documents and custom fields."),
        .how_to_tell = N_ ("Through Kombo, Assay reads jobs, stages, candidates and tags, as fresh as Kombo's copy of your "
                           "ATS. It moves candidates, and writes tags and notes, where your ATS lets Kombo do it. It opens "
                           "no documents, and writes no scores into custom fields."),
        .if_not = N_ ("Open documents in the ATS, and put scores into a note."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In Kombo's dashboard open the environment's secrets, and delete the key that you made for Assay."),
      N_ ("If you made a webhook for Assay, delete it too."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://docs.kombo.dev", NULL },
  /* No numbers are published, and the limits of the ATS behind it come through: one request at a time. */
  .pace = { .per_second = 5, .burst = 5, .concurrency = 1 },
  .create = create_kombo,
  .webhook = &assay_kombo_webhook_description,
  .parse_webhook = assay_kombo_parse_webhook,
};
