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

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPinpoint, assay_pinpoint, ASSAY_TYPE_ATS_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_ATS, assay_pinpoint_ats_init))

static void
assay_pinpoint_finalize (GObject *object)
{
  AssayPinpoint *self = ASSAY_PINPOINT (object);

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
  ASSAY_ATS_BASE_CLASS (klass)->test = &assay_pinpoint_test;
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

static guint
page_number (const char *next)
{
  guint64 number = next != NULL ? g_ascii_strtoull (next, NULL, 10) : 1;

  return (guint) CLAMP (number, 1, G_MAXINT);
}

/* Collections carry no links: a page with fewer rows than asked for is the last. */
static void
name_next (AssayPage  *page,
           const char *asked,
           guint       size)
{
  if (page->items->len >= size)
    page->next = g_strdup_printf ("%u", page_number (asked) + 1);
}

static AssayPage *
decode_jobs (GTask       *task,
             JsonNode    *root,
             const char  *asked,
             GError     **error)
{
  const AssayPinpoint *self = g_task_get_source_object (task);
  AssayPage *page = assay_pinpoint_decode_jobs (root, error);

  if (page == NULL)
    return NULL;
  for (guint i = 0; i < page->items->len && self->pages != NULL; i++)
    {
      AssayJob *job = g_ptr_array_index (page->items, i);
      g_autofree char *path = assay_pinpoint_build_path ("admin/jobs", job->remote_id);

      job->url = g_strconcat (self->pages, "/", path, "/applications", NULL);
    }
  name_next (page, asked, JOBS_PER_PAGE);
  return page;
}

static gpointer
end_with_jobs (GTask      *task,
               AssayPage  *page,
               GError    **error)
{
  for (guint i = 0; i < page->items->len; i++)
    assay_pinpoint_remember_stages (g_task_get_source_object (task), g_ptr_array_index (page->items, i));
  return page;
}

static const AssayAtsList jobs_list = {
  .decode = decode_jobs,
  .end = end_with_jobs,
  .free_value = (GDestroyNotify) assay_page_free,
};

static void
assay_pinpoint_list_jobs_async (AssayAts            *ats,
                                const char          *next,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_list_jobs_async, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_pinpoint_new_read ("jobs");

  assay_http_request_set_background (request, TRUE);
  assay_http_request_add_query (request, "include", "stages,department,location");
  assay_http_request_add_query (request, "sort", "id");
  if (ASSAY_PINPOINT (ats)->confidential)
    assay_http_request_add_query (request, "filter[visibility]", ASSAY_PINPOINT_ALL_VISIBILITIES);
  assay_pinpoint_add_page (request, page_number (next), JOBS_PER_PAGE);
  assay_ats_base_read_page (task, &jobs_list, request, next);
}

/* tags and attachments are silently absent unless asked for. */
static void
add_application_query (AssayHttpRequest *request)
{
  assay_http_request_add_query (request, "include", "stage");
  assay_http_request_add_query (request, "extra_fields[applications]", "attachments,tags");
}

static AssayPage *
decode_applications (GTask       *task,
                     JsonNode    *root,
                     const char  *asked,
                     GError     **error)
{
  const AssayPinpoint *self = g_task_get_source_object (task);
  AssayPage *page = assay_pinpoint_decode_applications (root, error);

  if (page == NULL)
    return NULL;
  for (guint i = 0; i < page->items->len; i++)
    {
      AssayApplication *application = g_ptr_array_index (page->items, i);

      application->url = build_application_page (self->pages, application->job_remote_id, application->remote_id);
    }
  name_next (page, asked, rows_in_page);
  return page;
}

static const AssayAtsList applications_list = { .decode = decode_applications };

static void
assay_pinpoint_list_applications_async (AssayAts            *ats,
                                        gint64               changed_since,
                                        const char          *next,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_list_applications_async, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_pinpoint_new_read ("applications");

  assay_http_request_set_background (request, TRUE);
  add_application_query (request);
  if (ASSAY_PINPOINT (ats)->confidential)
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
  assay_pinpoint_add_page (request, page_number (next), rows_in_page);
  assay_ats_base_read_page (task, &applications_list, request, next);
}

static gpointer
end_with_application (GTask      *task,
                      AssayPage  *page,
                      GError    **error)
{
  return assay_ats_base_take_only (
    page, _ ("Pinpoint answered with something other than the application. Try again later."), error);
}

static const AssayAtsList single_list = {
  .decode = decode_applications,
  .end = end_with_application,
  .free_value = (GDestroyNotify) assay_application_free,
};

static void
assay_pinpoint_get_application_async (AssayAts            *ats,
                                      const char          *remote_id,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_get_application_async, cancellable, callback, user_data);
  g_autofree char *path = assay_pinpoint_build_path ("applications", remote_id);
  AssayHttpRequest *request = assay_pinpoint_new_read (path);

  add_application_query (request);
  assay_ats_base_read_page (task, &single_list, request, NULL);
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

/* Of a call whose data is a category in Pinpoint's words. */
static GError *
judge_write (GTask  *task,
             GError *error)
{
  return assay_pinpoint_name_permission (error, g_task_get_task_data (task), "Write");
}

static const AssayConnectorCall write_call = { .read = assay_connector_base_read_done, .judge = judge_write };

/* What a second, equal request does to tags isn't documented, so that it isn't repeated. */
static void
update_tags (GTask      *task,
             const char *remote_id,
             JsonNode   *body)
{
  g_autofree char *path = assay_pinpoint_build_path ("applications", remote_id);

  g_task_set_task_data (task, (gpointer) "Application", NULL);
  assay_connector_base_ask (task, &write_call, assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "PUT", path, body));
}

static void
assay_pinpoint_add_tags_async (AssayAts            *ats,
                               const char          *remote_id,
                               const char *const   *tags,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin_write (ats, assay_pinpoint_add_tags_async, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_pinpoint_encode_tags (remote_id, tags);

  update_tags (task, remote_id, body);
}

static void
assay_pinpoint_remove_tag_async (AssayAts            *ats,
                                 const char          *remote_id,
                                 const char          *tag,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin_write (ats, assay_pinpoint_remove_tag_async, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_pinpoint_encode_tag_removal (remote_id, tag);

  update_tags (task, remote_id, body);
}

char *
assay_pinpoint_dup_written_id (JsonNode *root)
{
  JsonObject *data = NULL;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    data = assay_json_get_object (json_node_get_object (root), "data");
  return data != NULL ? assay_json_dup_string (data, "id") : NULL;
}

static gpointer
read_comment (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  return assay_pinpoint_dup_written_id (root);
}

static const AssayConnectorCall comment_call = { .read = read_comment, .free_value = g_free, .judge = judge_write };

static void
assay_pinpoint_add_note_async (AssayAts            *ats,
                               const char          *remote_id,
                               const char          *text,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin_write (ats, assay_pinpoint_add_note_async, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_pinpoint_encode_comment (remote_id, text);

  g_task_set_task_data (task, (gpointer) "Comment", NULL);
  assay_connector_base_ask (task, &comment_call, assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "POST", "comments", body));
}

/* Files */

static const AssayConnectorCall download_call = {
  .free_value = (GDestroyNotify) g_bytes_unref,
  .is_download = TRUE,
};

/* Attachments are signed addresses on another host than the account's, which redirect to object storage. They open
 * without the key. */
static void
assay_pinpoint_download_document_async (AssayAts            *ats,
                                        const AssayDocument *document,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_download_document_async, cancellable, callback, user_data);

  assay_ats_base_download (task, &download_call, document);
}

/* Lists that are read to their end */

typedef struct
{
  const char *path;
  const char *permission;
  AssayPage *(*decode) (JsonNode *root, GError **error);
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

/* Takes what isn't that application's out of @records. */
static void
pick_out (GPtrArray  *records,
          const char *application_remote_id)
{
  for (guint i = records->len; i > 0; i--)
    {
      const AssayAtsRecord *record = g_ptr_array_index (records, i - 1);

      if (g_strcmp0 (record->application_remote_id, application_remote_id) != 0)
        g_ptr_array_remove_index (records, i - 1);
    }
}

static gpointer
read_list (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  WholeList *list = g_task_get_task_data (task);
  g_autoptr (AssayPage) page = list->decode (root, error);
  guint rows;

  if (page == NULL)
    return NULL;
  rows = page->items->len;
  if (list->items == NULL)
    list->items = g_ptr_array_ref (page->items);
  else
    g_ptr_array_extend_and_steal (list->items, g_ptr_array_ref (page->items));
  if (rows >= ASSAY_PINPOINT_MAX_PAGE)
    {
      list->page++;
      list_next (task);
      return NULL;
    }
  if (list->remote_id != NULL)
    pick_out (list->items, list->remote_id);
  return g_steal_pointer (&list->items);
}

static GError *
judge_list (GTask  *task,
            GError *error)
{
  const WholeList *list = g_task_get_task_data (task);

  /* Not there for this account, or not for this key: nothing to show, and nothing to mend. */
  if (list->remote_id != NULL && (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ||
                                  g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) ||
                                  g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID)))
    {
      g_error_free (error);
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                  _ ("This Pinpoint account shows no assessments of its own."));
    }
  return assay_pinpoint_name_permission (error, list->permission, "Read");
}

static const AssayConnectorCall list_call = {
  .read = read_list,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
  .judge = judge_list,
};

static void
list_next (GTask *task)
{
  const WholeList *list = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_pinpoint_new_read (list->path);

  assay_http_request_add_query (request, "sort", "id");
  assay_pinpoint_add_page (request, list->page, ASSAY_PINPOINT_MAX_PAGE);
  assay_connector_base_ask (task, &list_call, request);
}

static void
list_whole (GTask       *task,
            const char  *path,
            const char  *permission,
            AssayPage *(*decode) (JsonNode *root, GError **error),
            const char  *remote_id)
{
  WholeList *list = g_new0 (WholeList, 1);

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
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_list_users_async, cancellable, callback, user_data);

  list_whole (task, "users", "User", assay_pinpoint_decode_users, NULL);
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
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_list_own_assessments_async, cancellable, callback, user_data);

  list_whole (task, "candidate_assessments", "Candidate Assessment", assay_pinpoint_decode_assessments, remote_id);
}

static void
assay_pinpoint_ats_init (AssayAtsInterface *iface)
{
  iface->list_jobs_async = assay_pinpoint_list_jobs_async;
  iface->list_applications_async = assay_pinpoint_list_applications_async;
  iface->get_application_async = assay_pinpoint_get_application_async;
  iface->move_stage_async = assay_pinpoint_move_stage_async;
  iface->add_tags_async = assay_pinpoint_add_tags_async;
  iface->remove_tag_async = assay_pinpoint_remove_tag_async;
  iface->add_note_async = assay_pinpoint_add_note_async;
  iface->set_score_async = assay_pinpoint_set_score_async;
  iface->create_application_async = assay_pinpoint_create_application_async;
  iface->download_document_async = assay_pinpoint_download_document_async;
  iface->list_users_async = assay_pinpoint_list_users_async;
  iface->list_own_assessments_async = assay_pinpoint_list_own_assessments_async;
  iface->find_note_async = assay_pinpoint_find_note_async;
  iface->find_application_async = assay_pinpoint_find_application_async;
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
  AssayPinpoint *self = assay_connector_base_new (ASSAY_TYPE_PINPOINT, description, context, error);

  if (self == NULL)
    return NULL;
  assay_http_channel_set_credential (assay_connector_base_get_channel (self), ASSAY_HTTP_AUTH_HEADER, "X-API-KEY",
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
      N_ ("If a key or a webhook was made for the provider, delete it under Settings, API & Webhooks. Leave the key "
          "that you made for Assay."),
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
