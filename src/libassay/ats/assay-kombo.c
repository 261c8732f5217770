/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo: one API in front of many applicant tracking systems.
 *
 * What is read is Kombo's copy of the ATS, which it brings up to date in its own time. What is written goes through
 * to the ATS while the request waits, and Kombo may give up waiting: see assay_kombo_translate(). Which ATS it is
 * follows from the integration's id, and a write that one ATS takes another may not. */
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
  AssayAtsBase parent_instance;

  char *integration;          /* "greenhouse:" and 24 characters */
};

static void assay_kombo_ats_init (AssayAtsInterface *iface);

static const AssayAtsTest kombo_test;

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayKombo, assay_kombo, ASSAY_TYPE_ATS_BASE,
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

  g_free (self->integration);

  G_OBJECT_CLASS (assay_kombo_parent_class)->finalize (object);
}

static void
assay_kombo_class_init (AssayKomboClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_kombo_finalize;
  ASSAY_ATS_BASE_CLASS (klass)->test = &kombo_test;
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

/* Asks for a page, by @cursor (nullable). Takes @request. */
static void
read_page (GTask              *task,
           const AssayAtsList *list,
           AssayHttpRequest   *request,
           const char         *cursor)
{
  assay_http_request_add_query (request, "page_size", MAX_PAGE);
  if (cursor != NULL)
    assay_http_request_add_query (request, "cursor", cursor);
  assay_ats_base_read_page (task, list, request, cursor);
}

/* ---- Reading ---- */

static GError *
judge_jobs (GTask  *task,
            GError *error)
{
  return assay_kombo_translate (error, get_permission_name (GETS_JOBS), FALSE);
}

static GError *
judge_applications (GTask  *task,
                    GError *error)
{
  return assay_kombo_translate (error, get_permission_name (GETS_APPLICATIONS), FALSE);
}

static AssayPage *
decode_jobs (GTask       *task,
             JsonNode    *root,
             const char  *cursor,
             GError     **error)
{
  return assay_kombo_decode_jobs (root, cursor, error);
}

static const AssayAtsList jobs_list = { .decode = decode_jobs, .judge = judge_jobs };

static void
assay_kombo_list_jobs_async (AssayAts            *ats,
                             const char          *next,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_kombo_list_jobs_async, cancellable, callback, user_data);
  AssayHttpRequest *request = new_request (ASSAY_KOMBO (ats), ASSAY_HTTP_READ, "GET", "ats/jobs");

  assay_http_request_set_background (request, TRUE);
  read_page (task, &jobs_list, request, next);
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

static AssayPage *
decode_applications (GTask       *task,
                     JsonNode    *root,
                     const char  *cursor,
                     GError     **error)
{
  return assay_kombo_decode_applications (root, cursor, error);
}

static const AssayAtsList applications_list = { .decode = decode_applications, .judge = judge_applications };

static void
assay_kombo_list_applications_async (AssayAts            *ats,
                                     gint64               changed_since,
                                     const char          *next,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_kombo_list_applications_async, cancellable, callback, user_data);

  read_page (task, &applications_list, new_changes_request (ASSAY_KOMBO (ats), changed_since), next);
}

static AssayPage *
decode_deleted (GTask       *task,
                JsonNode    *root,
                const char  *cursor,
                GError     **error)
{
  return assay_kombo_decode_deleted (root, cursor, error);
}

static GError *
judge_deleted (GTask  *task,
               GError *error)
{
  error = judge_applications (task, error);
  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return error;
  g_error_free (error);
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("Kombo doesn't tell this key who was deleted."));
}

static const AssayAtsList deleted_list = { .decode = decode_deleted, .judge = judge_deleted };

static void
assay_kombo_list_deleted_async (AssayAts            *ats,
                                gint64               deleted_since,
                                const char          *next,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_kombo_list_deleted_async, cancellable, callback, user_data);
  AssayHttpRequest *request = new_changes_request (ASSAY_KOMBO (ats), deleted_since);

  assay_http_request_add_query (request, "include_deleted", "true");
  read_page (task, &deleted_list, request, next);
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

static gpointer
end_with_application (GTask      *task,
                      AssayPage  *page,
                      GError    **error)
{
  g_autoptr (AssayPage) taken = page;

  if (taken->items->len > 0)
    return g_ptr_array_steal_index (taken->items, 0);
  g_propagate_error (error, new_unknown_error ());
  return NULL;
}

static const AssayAtsList single_list = {
  .decode = decode_applications,
  .judge = judge_applications,
  .end = end_with_application,
  .free_value = (GDestroyNotify) assay_application_free,
};

static void
assay_kombo_get_application_async (AssayAts            *ats,
                                   const char          *remote_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_kombo_get_application_async, cancellable, callback, user_data);

  read_page (task, &single_list, new_application_request (ASSAY_KOMBO (ats), remote_id), NULL);
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

static gpointer
read_searched (GTask     *task,
               JsonNode  *root,
               GError   **error)
{
  Search *search = g_task_get_task_data (task);
  GError *fault = NULL;
  g_autoptr (AssayPage) page = assay_kombo_decode_applications (root, search->cursor, &fault);
  char *found;

  if (page == NULL)
    {
      g_propagate_error (error, judge_applications (task, fault));
      return NULL;
    }
  found = assay_ats_base_find_person (page, search->email, search->since);
  if (found != NULL || page->next == NULL)
    return found;
  if (++search->n_pages == MAX_SEARCH_PAGES)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("Kombo's list doesn't come to an end. Try again later."));
      return NULL;
    }
  g_free (search->cursor);
  search->cursor = g_steal_pointer (&page->next);
  search_page (task);
  return NULL;
}

static const AssayConnectorCall search_call = {
  .read = read_searched,
  .free_value = g_free,
  .judge = judge_applications,
};

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
  assay_connector_base_ask (task, &search_call, request);
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
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_kombo_find_application_async, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->job = g_strdup (job_remote_id);
  search->email = assay_email_fold (email);
  search->since = since;
  g_task_set_task_data (task, search, search_free);
  search_page (task);
}

/* ---- Writing ---- */

/* A write of one request, or of one for each of several tags. */
typedef struct
{
  Permission permission;
  const char *method;
  char *candidate;      /* (nullable) */
  GStrv tags;           /* (nullable) */
  guint next_tag;
  char *remote_id;      /* (nullable): of the application that was made */
} Write;

static void write_tag (GTask *task, const AssayConnectorCall *call);

static void
write_free (gpointer data)
{
  Write *write = data;

  g_free (write->candidate);
  g_strfreev (write->tags);
  g_free (write->remote_id);
  g_free (write);
}

static GError *
judge_write (GTask  *task,
             GError *error)
{
  const Write *write = g_task_get_task_data (task);

  return assay_kombo_translate (error, get_permission_name (write->permission), TRUE);
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
open_written (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  GError *fault = NULL;
  JsonObject *data = assay_kombo_open_envelope (root, &fault);

  if (data != NULL)
    {
      log_warnings (root);
      return data;
    }
  if (!g_error_matches (fault, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
    g_propagate_error (error, judge_write (task, fault));
  else
    {
      g_error_free (fault);
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                           _ ("Kombo took the request and gave no clear answer, so it may or may not have taken "
                              "effect. Look in the ATS before you send it again."));
    }
  return NULL;
}

static gpointer
read_written (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  return GINT_TO_POINTER (open_written (task, root, error) != NULL);
}

static const AssayConnectorCall write_call = { .read = read_written, .judge = judge_write };

static void
send_write (GTask                    *task,
            const AssayConnectorCall *call,
            AssayHttpKind             kind,
            const char               *path,
            JsonNode                 *body)
{
  AssayKombo *self = g_task_get_source_object (task);
  const Write *write = g_task_get_task_data (task);
  AssayHttpRequest *request = new_request (self, kind, write->method, path);

  assay_http_request_set_json (request, body, JSON_TYPE);
  assay_connector_base_ask (task, call, request);
}

static GTask *
begin_write (AssayAts            *ats,
             gpointer             tag,
             Permission           permission,
             const char          *method,
             GCancellable        *cancellable,
             GAsyncReadyCallback  callback,
             gpointer             user_data)
{
  GTask *task = assay_connector_base_begin_write (ats, tag, cancellable, callback, user_data);
  Write *write = g_new0 (Write, 1);

  write->permission = permission;
  write->method = method;
  g_task_set_task_data (task, write, write_free);
  return task;
}

static void
assay_kombo_move_stage_async (AssayAts            *ats,
                              const char          *remote_id,
                              const char          *stage_remote_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_kombo_move_stage_async, MOVES_APPLICATIONS, "PUT", cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_kombo_encode_stage (stage_remote_id);
  g_autofree char *path = build_path ("applications", remote_id, "stage");

  send_write (task, &write_call, ASSAY_HTTP_REPEATABLE_WRITE, path, body);
}

static void
assay_kombo_archive_async (AssayAts            *ats,
                           const char          *remote_id,
                           const char          *reason_remote_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_kombo_archive_async, REJECTS_APPLICATIONS, "POST", cancellable, callback, user_data);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;

  if (reason_remote_id == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s",
                               _ ("Kombo can reject an application and can't take that back. Do it in the ATS."));
      return;
    }
  body = assay_kombo_encode_rejection (reason_remote_id);
  path = build_path ("applications", remote_id, "reject");
  send_write (task, &write_call, ASSAY_HTTP_ONCE, path, body);
}

static gpointer
read_note (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  JsonObject *data = open_written (task, root, error);

  return data != NULL ? assay_json_dup_string (data, "id") : NULL;
}

static const AssayConnectorCall note_call = { .read = read_note, .free_value = g_free, .judge = judge_write };

static void
assay_kombo_add_note_async (AssayAts            *ats,
                            const char          *remote_id,
                            const char          *text,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_kombo_add_note_async, ADDS_NOTES, "POST", cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_kombo_encode_note (text);
  g_autofree char *path = build_path ("applications", remote_id, "notes");

  send_write (task, &note_call, ASSAY_HTTP_ONCE, path, body);
}

/* (nullable): why this file isn't sent: a sentence */
static const char *
find_file_fault (const AssayUpload *upload)
{
  if (upload->name == NULL || *upload->name == '\0' || upload->media_type == NULL || upload->bytes == NULL ||
      g_bytes_get_size (upload->bytes) == 0)
    return _ ("The file is empty. Choose another one.");
  if (g_bytes_get_size (upload->bytes) > ASSAY_KOMBO_MAX_FILE)
    return _ ("The file has more than 10 MiB, and how much Kombo and the ATS behind it take isn't known. Choose a "
              "smaller one, or upload it in the ATS.");
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
  g_autoptr (GTask) task =
    begin_write (ats, assay_kombo_attach_document_async, ADDS_ATTACHMENTS, "POST", cancellable, callback, user_data);
  const char *fault = find_file_fault (upload);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;

  if (fault != NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", fault);
      return;
    }
  body = assay_kombo_encode_attachment (upload, "OTHER");
  path = build_path ("applications", remote_id, "attachments");
  send_write (task, &write_call, ASSAY_HTTP_ONCE, path, body);
}

/* Tags are the candidate's, whose id an application tells. */

static gboolean
has_further_tag (const Write *write)
{
  return write->tags != NULL && write->tags[write->next_tag] != NULL;
}

static gpointer read_tagged (GTask *task, JsonNode *root, GError **error);

static const AssayConnectorCall tag_call = { .read = read_tagged, .judge = judge_write };

static gpointer
read_tagged (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  if (open_written (task, root, error) == NULL)
    return NULL;
  if (!has_further_tag (g_task_get_task_data (task)))
    return GINT_TO_POINTER (TRUE);
  write_tag (task, &tag_call);
  return NULL;
}

static void
write_tag (GTask                    *task,
           const AssayConnectorCall *call)
{
  Write *write = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = assay_kombo_encode_tag (write->tags[write->next_tag++]);
  g_autofree char *path = build_path ("candidates", write->candidate, "tags");

  /* What a second, equal request does isn't documented. */
  send_write (task, call, ASSAY_HTTP_ONCE, path, body);
}

static gpointer
read_candidate (GTask     *task,
                JsonNode  *root,
                GError   **error)
{
  Write *write = g_task_get_task_data (task);
  GError *fault = NULL;
  JsonObject *data = assay_kombo_open_envelope (root, &fault);
  JsonArray *results =
    data != NULL ? assay_json_expect_member_array (data, "results", "Kombo's list of applications", &fault) : NULL;
  JsonObject *record =
    results != NULL && json_array_get_length (results) > 0 ? assay_json_array_get_object (results, 0) : NULL;

  if (record != NULL)
    write->candidate = assay_json_dup_string (record, "candidate_id");
  if (fault == NULL && (write->candidate == NULL || *write->candidate == '\0'))
    fault = new_unknown_error ();
  if (fault != NULL)
    g_propagate_error (error, judge_applications (task, fault));
  else if (!g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), error))
    write_tag (task, &tag_call);
  return NULL;
}

/* Nothing was written yet, so that nothing of it can be unsure. */
static const AssayConnectorCall candidate_call = { .read = read_candidate, .judge = judge_applications };

static void
write_tags (GTask             *task,
            const char        *remote_id,
            const char *const *tags)
{
  AssayKombo *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);

  write->tags = g_strdupv ((GStrv) tags);
  assay_connector_base_ask (task, &candidate_call, new_application_request (self, remote_id));
}

static void
assay_kombo_add_tags_async (AssayAts            *ats,
                            const char          *remote_id,
                            const char *const   *tags,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_kombo_add_tags_async, ADDS_TAGS, "POST", cancellable, callback, user_data);

  write_tags (task, remote_id, tags);
}

static void
assay_kombo_remove_tag_async (AssayAts            *ats,
                              const char          *remote_id,
                              const char          *tag,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_kombo_remove_tag_async, REMOVES_TAGS, "DELETE", cancellable, callback, user_data);
  const char *const tags[] = { tag, NULL };

  write_tags (task, remote_id, tags);
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

/* The person is there, whatever became of the tags: to report a failure would be to invite a second try. */
static GError *
judge_created_tag (GTask  *task,
                   GError *error)
{
  g_debug ("The tags of a new application weren't written: %s", assay_error_get_name (error));
  g_error_free (error);
  return NULL;
}

static gpointer read_created_tag (GTask *task, JsonNode *root, GError **error);

static const AssayConnectorCall created_tag_call = {
  .read = read_created_tag,
  .free_value = g_free,
  .judge = judge_created_tag,
  .reads_missing = TRUE,
};

/* Writes the next tag; or if that isn't to be, ends with the application's id. */
static gpointer
go_on_tagging (GTask *task)
{
  Write *write = g_task_get_task_data (task);

  if (!has_further_tag (write) || write->candidate == NULL)
    return g_steal_pointer (&write->remote_id);
  write_tag (task, &created_tag_call);
  return NULL;
}

static gpointer
read_created_tag (GTask     *task,
                  JsonNode  *root,
                  GError   **error)
{
  Write *write = g_task_get_task_data (task);
  GError *fault = NULL;

  if (root != NULL && open_written (task, root, &fault) != NULL)
    return go_on_tagging (task);
  if (fault != NULL)
    judge_created_tag (task, fault);
  return g_steal_pointer (&write->remote_id);
}

static gpointer
read_created (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  Write *write = g_task_get_task_data (task);
  JsonObject *data = open_written (task, root, error);

  if (data == NULL)
    return NULL;
  write->remote_id = assay_json_dup_string (data, "id");
  write->candidate = assay_json_dup_string (data, "candidate_id");
  if (write->remote_id != NULL && *write->remote_id != '\0')
    return go_on_tagging (task);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                       _ ("Kombo took the application and doesn't say which it is. Look in the ATS whether the "
                          "candidate is there."));
  return NULL;
}

static const AssayConnectorCall create_call = { .read = read_created, .free_value = g_free, .judge = judge_write };

static void
assay_kombo_create_application_async (AssayAts                  *ats,
                                      const AssayNewApplication *person,
                                      GCancellable              *cancellable,
                                      GAsyncReadyCallback        callback,
                                      gpointer                   user_data)
{
  g_autoptr (GTask) task = begin_write (ats, assay_kombo_create_application_async, CREATES_APPLICATIONS, "POST",
                                        cancellable, callback, user_data);
  Write *write = g_task_get_task_data (task);
  const char *fault = find_person_fault (person);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;

  if (fault != NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", fault);
      return;
    }
  write->tags = g_strdupv ((GStrv) person->tags);
  body = assay_kombo_encode_application (person);
  path = build_path ("jobs", person->job_remote_id, "applications");
  send_write (task, &create_call, ASSAY_HTTP_ONCE, path, body);
}

/* ---- What the key may do ---- */

static const char *const one_record[] = { "page_size", "1", NULL };

static const AssayAtsTrial trials[N_PERMISSIONS] = {
  [GETS_JOBS] = { .path = "ats/jobs", .query = one_record },
  [GETS_APPLICATIONS] = { .path = "ats/applications", .query = one_record },
};

/* It is about no integration. */
static AssayHttpRequest *
new_key_trial (AssayAtsBase *base)
{
  return assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", "check-api-key");
}

static const AssayAtsTrial key_trial = { .new_request = new_key_trial };

static AssayHttpRequest *
new_trial_read (AssayAtsBase *base,
                const char   *path)
{
  return new_request (ASSAY_KOMBO (base), ASSAY_HTTP_READ, "GET", path);
}

/* No call names the account; the integration tells which ATS it is. */
static char *
dup_account (AssayAtsBase *base)
{
  const char *integration = ASSAY_KOMBO (base)->integration;

  return g_strndup (integration, strcspn (integration, ":"));
}

static gboolean
read_trial (AssayAtsTesting *testing,
            JsonNode        *root,
            GError         **error)
{
  return assay_kombo_open_envelope (root, error) != NULL;
}

static AssayAtsVerdict
judge_trial (AssayAtsTesting *testing,
             GError         **error)
{
  const char *code;

  *error = assay_kombo_translate (*error, testing->tries_key ? NULL : get_permission_name (testing->permission), FALSE);
  code = assay_error_get_vendor_code (*error);
  if (!testing->tries_key && g_error_matches (*error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) &&
      (code == NULL || g_str_equal (code, "INTEGRATION.MODEL_DISABLED") ||
       g_str_equal (code, "INTEGRATION.PERMISSION_MISSING")))
    return ASSAY_ATS_VERDICT_REFUSED;
  return ASSAY_ATS_VERDICT_BROKEN;
}

static const AssayAtsTest kombo_test = {
  .trials = trials,
  .key_trial = &key_trial,
  .nothing_there = N_ ("Kombo's API isn't at this base address. It is https://api.kombo.dev/v1, or "
                       "https://api.us.kombo.dev/v1 for an account in the US; the end “/v1” belongs to it."),
  .new_read = new_trial_read,
  .read = read_trial,
  .judge = judge_trial,
  .dup_account = dup_account,
};

static void
assay_kombo_ats_init (AssayAtsInterface *iface)
{
  iface->list_jobs_async = assay_kombo_list_jobs_async;
  iface->list_applications_async = assay_kombo_list_applications_async;
  iface->list_deleted_async = assay_kombo_list_deleted_async;
  iface->get_application_async = assay_kombo_get_application_async;
  iface->move_stage_async = assay_kombo_move_stage_async;
  iface->add_tags_async = assay_kombo_add_tags_async;
  iface->remove_tag_async = assay_kombo_remove_tag_async;
  iface->add_note_async = assay_kombo_add_note_async;
  iface->archive_async = assay_kombo_archive_async;
  iface->attach_document_async = assay_kombo_attach_document_async;
  iface->create_application_async = assay_kombo_create_application_async;
  iface->find_application_async = assay_kombo_find_application_async;
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
  g_autoptr (AssayKombo) self = assay_connector_base_new (ASSAY_TYPE_KOMBO, description, context, error);

  if (self == NULL)
    return NULL;
  if (integration == NULL || !is_integration (integration))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("“%s” is not a Kombo integration. It is the name of the tool, a colon and 24 characters; copy it "
                      "again from Kombo."),
                   integration != NULL ? integration : "");
      return NULL;
    }
  assay_http_channel_set_credential (assay_connector_base_get_channel (self), ASSAY_HTTP_AUTH_BEARER, NULL,
                                     g_hash_table_lookup (context->secrets, "api-key"));
  self->integration = g_strdup (integration);
  return G_OBJECT (g_steal_pointer (&self));
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
        .description = N_ ("The id of the integration in Kombo: the name of the tool, a colon and 24 characters. It "
                           "decides which ATS this is."),
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
        .description = N_ ("Where your Kombo account is: https://api.kombo.dev/v1 in the EU, "
                           "https://api.us.kombo.dev/v1 in the US."),
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
        .if_not = N_ ("Pinpoint and Lever need no Kombo: connect them directly. For another ATS ask Kombo. The Kombo "
                      "account of hackajob, or of another vendor, can't be used."),
      },
      {
        .requirement = N_ ("The integration has read your ATS once."),
        .how_to_tell = N_ ("Kombo's dashboard shows its first sync as finished."),
        .if_not = N_ ("Wait until it is. Until then Assay is told to come back later."),
      },
      {
        .requirement = N_ ("You can do without documents and custom fields."),
        .how_to_tell = N_ ("Through Kombo, Assay reads jobs, stages, candidates and tags, as fresh as Kombo's copy "
                           "of your ATS. It moves candidates, and writes tags and notes, where your ATS lets Kombo "
                           "do it. It opens no documents, and writes no scores into custom fields."),
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
