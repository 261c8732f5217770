/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint: JSON:API over HTTPS with a key in a header.
 *
 * Facts: Pinpoint's OpenAPI document 1.0.23 and developers.pinpointhq.com, unless a comment says otherwise. No rate
 * limit is documented, so one request at a time goes out, with a small gap. */
#include "config.h"

#include "assay-pinpoint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

#define MEDIA_TYPE "application/vnd.api+json"

/* page[size] may be 0 to 1000. Jobs carry long descriptions. */
#define JOBS_PER_PAGE 200u
#define APPLICATIONS_PER_PAGE 1000u

#define ALL_VISIBILITIES "confidential,external,internal"

struct _AssayPinpoint
{
  GObject parent_instance;

  AssayHttpChannel *channel;
  char *subdomain;          /* (nullable) */
  gboolean confidential;    /* ask for confidential jobs and their applications too */
};

static void assay_pinpoint_ats_init (AssayAtsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPinpoint, assay_pinpoint, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_ATS, assay_pinpoint_ats_init))

static void
assay_pinpoint_finalize (GObject *object)
{
  AssayPinpoint *self = ASSAY_PINPOINT (object);

  g_clear_object (&self->channel);
  g_free (self->subdomain);

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
}

/* Decoding */

/* The included records by "type/id"; borrowed from the document. */
static GHashTable *
index_included (JsonObject *document)
{
  GHashTable *included = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonArray *array = assay_json_get_array (document, "included");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *record = assay_json_array_get_object (array, i);
      const char *type = record != NULL ? assay_json_get_string (record, "type") : NULL;
      g_autofree char *id = record != NULL ? assay_json_dup_string (record, "id") : NULL;

      if (type != NULL && id != NULL)
        g_hash_table_replace (included, g_strconcat (type, "/", id, NULL), record);
    }
  return included;
}

/* The attributes of an included record, or NULL: it may have been left out. */
static JsonObject *
find_included (GHashTable *included,
               const char *type,
               const char *id)
{
  g_autofree char *key = g_strconcat (type, "/", id, NULL);
  JsonObject *record = g_hash_table_lookup (included, key);

  return record != NULL ? assay_json_get_object (record, "attributes") : NULL;
}

/* The `data` of a relationship; NULL when it wasn't included, which means "unknown", not "none". */
static JsonNode *
get_relationship_data (JsonObject *record,
                       const char *name)
{
  JsonObject *relationships = assay_json_get_object (record, "relationships");
  JsonObject *relationship = relationships != NULL ? assay_json_get_object (relationships, name) : NULL;

  return relationship != NULL ? json_object_get_member (relationship, "data") : NULL;
}

/* The id of a to-one relationship; (transfer full) (nullable) */
static char *
dup_related_id (JsonObject *record,
                const char *name)
{
  JsonNode *data = get_relationship_data (record, name);

  if (data == NULL || !JSON_NODE_HOLDS_OBJECT (data))
    return NULL;
  return assay_json_dup_string (json_node_get_object (data), "id");
}

static int
compare_stages (gconstpointer a,
                gconstpointer b)
{
  const AssayStage *first = *(const AssayStage *const *) a;
  const AssayStage *second = *(const AssayStage *const *) b;

  return first->position - second->position;
}

static void
decode_stages (AssayJob   *job,
               JsonObject *record,
               GHashTable *included)
{
  JsonNode *data = get_relationship_data (record, "stages");
  JsonArray *links;

  if (data == NULL || !JSON_NODE_HOLDS_ARRAY (data))
    return;
  links = json_node_get_array (data);
  for (guint i = 0; i < json_array_get_length (links); i++)
    {
      JsonObject *link = assay_json_array_get_object (links, i);
      g_autofree char *id = link != NULL ? assay_json_dup_string (link, "id") : NULL;
      JsonObject *attributes = id != NULL ? find_included (included, "stages", id) : NULL;
      g_autoptr (AssayStage) stage = NULL;
      double position = i;

      if (attributes == NULL)
        continue;
      stage = assay_stage_new ();
      stage->remote_id = g_steal_pointer (&id);
      stage->name = assay_json_dup_string (attributes, "name");
      stage->kind = assay_json_dup_string (attributes, "basic_type");
      assay_json_get_number (attributes, "position", &position, NULL);
      stage->position = (int) CLAMP (position, 0, 10000);
      if (stage->name == NULL)
        stage->name = g_strdup (stage->remote_id);
      g_ptr_array_add (job->stages, g_steal_pointer (&stage));
    }
  g_ptr_array_sort (job->stages, compare_stages);
}

static char *
dup_related_name (JsonObject *record,
                  const char *relationship,
                  const char *type,
                  GHashTable *included)
{
  g_autofree char *id = dup_related_id (record, relationship);
  JsonObject *attributes = id != NULL ? find_included (included, type, id) : NULL;

  return attributes != NULL ? assay_json_dup_string (attributes, "name") : NULL;
}

static AssayJob *
decode_job (JsonObject *record,
            GHashTable *included,
            GError    **error)
{
  g_autoptr (AssayJob) job = assay_job_new ();
  JsonObject *attributes;

  job->remote_id = assay_json_expect_member_id (record, "id", "Pinpoint's list of jobs", error);
  if (job->remote_id == NULL)
    return NULL;
  attributes = assay_json_expect_member_object (record, "attributes", "Pinpoint's list of jobs", error);
  if (attributes == NULL)
    return NULL;

  job->title = assay_json_dup_string (attributes, "title");
  if (job->title == NULL)
    job->title = g_strdup_printf (_ ("Job %s"), job->remote_id);
  job->status = assay_json_dup_string (attributes, "status");
  job->open = g_strcmp0 (job->status, "open") == 0;
  job->confidential = g_strcmp0 (assay_json_get_string (attributes, "visibility"), "confidential") == 0;
  job->updated_at = assay_json_get_time (attributes, "updated_at");
  job->department = dup_related_name (record, "department", "departments", included);
  job->location = dup_related_name (record, "location", "locations", included);
  decode_stages (job, record, included);
  return g_steal_pointer (&job);
}

static char **
decode_tags (JsonObject *attributes)
{
  g_autoptr (GStrvBuilder) tags = g_strv_builder_new ();
  JsonArray *array = assay_json_get_array (attributes, "tags");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *tag = assay_json_array_get_object (array, i);
      const char *name = tag != NULL ? assay_json_get_string (tag, "name") : NULL;

      if (name != NULL)
        g_strv_builder_add (tags, name);
    }
  return g_strv_builder_end (tags);
}

static void
decode_documents (AssayApplication *application,
                  JsonObject       *attributes)
{
  JsonArray *array = assay_json_get_array (attributes, "attachments");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *attachment = assay_json_array_get_object (array, i);
      const char *url = attachment != NULL ? assay_json_get_string (attachment, "url") : NULL;
      const char *filename = attachment != NULL ? assay_json_get_string (attachment, "filename") : NULL;

      if (url != NULL)
        g_ptr_array_add (application->documents,
                         assay_document_new (assay_json_get_string (attachment, "context"),
                                             filename != NULL ? filename : _ ("Document"), url));
    }
}

/* "employee_referral" → "Employee referral". The list of channels grows, so it isn't a table. */
static char *
humanise_channel (const char *channel)
{
  char *text = g_strdelimit (g_strdup (channel), "_", ' ');

  text[0] = g_ascii_toupper (text[0]);
  return text;
}

static char *
join_place (JsonObject *attributes)
{
  const char *town = assay_json_get_string (attributes, "town");
  const char *country = assay_json_get_string (attributes, "country");

  if (town != NULL && *town != '\0' && country != NULL && *country != '\0')
    return g_strdup_printf ("%s, %s", town, country);
  if (town != NULL && *town != '\0')
    return g_strdup (town);
  return country != NULL && *country != '\0' ? g_strdup (country) : NULL;
}

static AssayApplication *
decode_application (JsonObject *record,
                    GHashTable *included,
                    GError    **error)
{
  g_autoptr (AssayApplication) application = assay_application_new ();
  JsonObject *attributes, *stage = NULL;
  const char *channel;

  application->remote_id = assay_json_expect_member_id (record, "id", "Pinpoint's list of applications", error);
  if (application->remote_id == NULL)
    return NULL;
  attributes = assay_json_expect_member_object (record, "attributes", "Pinpoint's list of applications", error);
  if (attributes == NULL)
    return NULL;

  application->first_name = assay_json_dup_string (attributes, "first_name");
  application->last_name = assay_json_dup_string (attributes, "last_name");
  application->full_name = assay_json_dup_string (attributes, "full_name");
  application->email = assay_json_dup_string (attributes, "email");
  application->phone = assay_json_dup_string (attributes, "phone");
  application->linkedin_url = assay_json_dup_string (attributes, "linkedin_url");
  application->summary = assay_json_dup_string (attributes, "summary");
  application->location = join_place (attributes);
  application->created_at = assay_json_get_time (attributes, "created_at");
  application->updated_at = assay_json_get_time (attributes, "updated_at");

  if (application->full_name == NULL || *application->full_name == '\0')
    {
      g_free (application->full_name);
      application->full_name = g_strstrip (g_strjoin (" ", application->first_name != NULL ? application->first_name : "",
                                                      application->last_name != NULL ? application->last_name : "",
                                                      NULL));
    }
  if (*application->full_name == '\0')
    {
      g_free (application->full_name);
      /* Blind screening hides names. */
      application->full_name = application->email != NULL ? g_strdup (application->email)
                                                          : g_strdup_printf (_ ("Candidate %s"), application->remote_id);
    }

  application->source = assay_json_dup_string (attributes, "channel_source");
  channel = assay_json_get_string (attributes, "channel");
  if ((application->source == NULL || *application->source == '\0') && channel != NULL && *channel != '\0')
    {
      g_free (application->source);
      application->source = humanise_channel (channel);
    }

  application->job_remote_id = assay_json_dup_string (attributes, "job_id");
  if (application->job_remote_id == NULL)
    application->job_remote_id = dup_related_id (record, "job");
  application->stage_remote_id = assay_json_dup_string (attributes, "stage_id");
  if (application->stage_remote_id == NULL)
    application->stage_remote_id = dup_related_id (record, "stage");
  if (application->stage_remote_id != NULL)
    stage = find_included (included, "stages", application->stage_remote_id);
  if (stage != NULL)
    {
      application->stage_name = assay_json_dup_string (stage, "name");
      application->stage_kind = assay_json_dup_string (stage, "basic_type");
    }

  application->archived = assay_json_get_time (attributes, "rejected_at") != 0 ||
                          assay_json_get_time (attributes, "hired_at") != 0 ||
                          g_strcmp0 (application->stage_kind, "rejected") == 0 ||
                          g_strcmp0 (application->stage_kind, "hired") == 0;

  g_strfreev (application->tags);
  application->tags = decode_tags (attributes);
  decode_documents (application, attributes);
  return g_steal_pointer (&application);
}

/* The number of matches, asked for by stats[total]=count. The path under `meta` is the framework's. */
static gint64
get_total (JsonObject *document)
{
  JsonObject *meta = assay_json_get_object (document, "meta");
  JsonObject *stats = meta != NULL ? assay_json_get_object (meta, "stats") : NULL;
  JsonObject *total = stats != NULL ? assay_json_get_object (stats, "total") : NULL;
  double count;

  return total != NULL && assay_json_get_number (total, "count", &count, NULL) && count >= 0 ? (gint64) count : -1;
}

typedef gpointer (*DecodeRecord) (JsonObject *record, GHashTable *included, GError **error);

static AssayPage *
decode_page (JsonNode       *root,
             const char     *what,
             DecodeRecord    decode,
             GDestroyNotify  free_item,
             GError        **error)
{
  g_autoptr (AssayPage) page = assay_page_new (free_item);
  g_autoptr (GHashTable) included = NULL;
  JsonObject *document = assay_json_expect_object (root, what, error);
  JsonNode *data;

  if (document == NULL)
    return NULL;
  included = index_included (document);
  data = json_object_get_member (document, "data");

  /* A single record comes as an object. */
  if (data != NULL && JSON_NODE_HOLDS_OBJECT (data))
    {
      gpointer item = decode (json_node_get_object (data), included, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (page->items, item);
    }
  else
    {
      JsonArray *array = assay_json_expect_member_array (document, "data", what, error);

      if (array == NULL)
        return NULL;
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonObject *record = assay_json_expect_object (json_array_get_element (array, i), what, error);
          gpointer item = record != NULL ? decode (record, included, error) : NULL;

          if (item == NULL)
            return NULL;
          g_ptr_array_add (page->items, item);
        }
    }

  page->total = get_total (document);
  return g_steal_pointer (&page);
}

AssayPage *
assay_pinpoint_decode_jobs (JsonNode *root,
                            GError  **error)
{
  return decode_page (root, "Pinpoint's list of jobs", (DecodeRecord) decode_job, (GDestroyNotify) assay_job_free, error);
}

AssayPage *
assay_pinpoint_decode_applications (JsonNode *root,
                                    GError  **error)
{
  return decode_page (root, "Pinpoint's list of applications", (DecodeRecord) decode_application,
                      (GDestroyNotify) assay_application_free, error);
}

/* Requests */

static AssayHttpRequest *
new_read (const char *path)
{
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", path);

  assay_http_request_add_header (request, "Accept", MEDIA_TYPE);
  /* Pinpoint asks third parties to name themselves (a public digest of its developer site). */
  assay_http_request_add_header (request, "x-vendor-name", "Assay");
  return request;
}

static void
add_unsigned_query (AssayHttpRequest *request,
                    const char       *name,
                    guint             value)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  assay_http_request_add_query (request, name, text);
}

/* A page that is being read: which, and how to read it. */
typedef struct
{
  guint number;
  guint size;
  AssayPage *(*decode) (JsonNode *root, GError **error);
  AssayHttpResponse *response;
} PageRead;

static void
page_read_free (gpointer data)
{
  PageRead *read = data;

  g_clear_pointer (&read->response, assay_http_response_free);
  g_free (read);
}

/* On a worker thread: a page of 1,000 applications takes longer to decode than a frame lasts. */
static void
decode_page_thread (GTask        *task,
                    gpointer      source,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  PageRead *read = task_data;
  GError *error = NULL;
  AssayPage *page = read->decode (assay_http_response_get_root (read->response), &error);

  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  page->server_time = assay_http_response_get_date (read->response);
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
           AssayPage *(*decode) (JsonNode *root, GError **error))
{
  AssayPinpoint *self = g_task_get_source_object (task);
  PageRead *read = g_new0 (PageRead, 1);

  read->number = number;
  read->size = size;
  read->decode = decode;
  g_task_set_task_data (task, read, page_read_free);

  if (size > 0)
    {
      add_unsigned_query (request, "page[number]", number);
      add_unsigned_query (request, "page[size]", size);
    }
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
  AssayHttpRequest *request = new_read ("jobs");

  g_task_set_source_tag (task, assay_pinpoint_list_jobs_async);
  assay_http_request_set_background (request, TRUE);
  assay_http_request_add_query (request, "include", "stages,department,location");
  assay_http_request_add_query (request, "sort", "id");
  if (self->confidential)
    assay_http_request_add_query (request, "filter[visibility]", ALL_VISIBILITIES);
  read_page (task, request, page_number (next), JOBS_PER_PAGE, assay_pinpoint_decode_jobs);
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
  AssayHttpRequest *request = new_read ("applications");

  g_task_set_source_tag (task, assay_pinpoint_list_applications_async);
  assay_http_request_set_background (request, TRUE);
  add_application_query (request);
  if (self->confidential)
    assay_http_request_add_query (request, "filter[job_visibility]", ALL_VISIBILITIES);
  if (changed_since > 0)
    {
      g_autoptr (GDateTime) since = g_date_time_new_from_unix_utc (changed_since / 1000);
      g_autofree char *text = g_date_time_format (since, "%Y-%m-%dT%H:%M:%S+00:00");

      assay_http_request_add_query (request, "filter[updated_at][gt]", text);
      assay_http_request_add_query (request, "sort", "updated_at");
    }
  else
    /* By id, rows that are changed meanwhile stay where they are. */
    assay_http_request_add_query (request, "sort", "id");
  assay_http_request_add_query (request, "stats[total]", "count");
  read_page (task, request, page_number (next), APPLICATIONS_PER_PAGE, assay_pinpoint_decode_applications);
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
  g_autofree char *escaped = g_uri_escape_string (remote_id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("applications/", escaped, NULL);
  AssayHttpRequest *request = new_read (path);

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

/* Of the contexts that a tag can have, the one for assessments. */
#define TAG_CONTEXT "assessment"

static void
add_member (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* `{"data": {` with what every record begins with, up to and into `attributes`; @id is NULL for a new one */
static JsonBuilder *
begin_record (const char *type,
              const char *id)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "data");
  json_builder_begin_object (builder);
  if (id != NULL)
    add_member (builder, "id", id);
  add_member (builder, "type", type);
  json_builder_set_member_name (builder, "attributes");
  json_builder_begin_object (builder);
  return builder;
}

/* After `attributes` has ended. */
static void
add_relationship (JsonBuilder *builder,
                  const char  *name,
                  const char  *type,
                  const char  *id)
{
  json_builder_set_member_name (builder, "relationships");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "data");
  json_builder_begin_object (builder);
  add_member (builder, "type", type);
  add_member (builder, "id", id);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static JsonNode *
end_record (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

JsonNode *
assay_pinpoint_encode_move (const char *remote_id,
                            const char *stage_remote_id)
{
  g_autoptr (JsonBuilder) builder = begin_record ("applications", remote_id);

  json_builder_end_object (builder);
  add_relationship (builder, "stage", "stages", stage_remote_id);
  return end_record (builder);
}

/* Tags are written with `tag` and read with `name`. */
static void
add_tag (JsonBuilder *builder,
         const char  *tag)
{
  json_builder_begin_object (builder);
  add_member (builder, "tag", tag);
  add_member (builder, "context", TAG_CONTEXT);
  json_builder_end_object (builder);
}

JsonNode *
assay_pinpoint_encode_tags (const char        *remote_id,
                            const char *const *tags)
{
  g_autoptr (JsonBuilder) builder = begin_record ("applications", remote_id);

  json_builder_set_member_name (builder, "add_tags_with_context");
  json_builder_begin_array (builder);
  for (guint i = 0; tags[i] != NULL; i++)
    add_tag (builder, tags[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return end_record (builder);
}

JsonNode *
assay_pinpoint_encode_tag_removal (const char *remote_id,
                                   const char *tag)
{
  g_autoptr (JsonBuilder) builder = begin_record ("applications", remote_id);

  json_builder_set_member_name (builder, "remove_tag_with_context");
  add_tag (builder, tag);
  json_builder_end_object (builder);
  return end_record (builder);
}

JsonNode *
assay_pinpoint_encode_comment (const char *remote_id,
                               const char *text)
{
  g_autoptr (JsonBuilder) builder = begin_record ("comments", NULL);

  add_member (builder, "body_text", text);
  json_builder_end_object (builder);
  add_relationship (builder, "commentable", "applications", remote_id);
  return end_record (builder);
}

/* Says which permission a refused write needed; takes @error. */
static GError *
name_write_permission (GError     *error,
                       const char *permission)
{
  GError *named;

  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return error;
  named = assay_error_new_from_vendor (
    ASSAY_ERROR_FORBIDDEN, assay_error_get_vendor_status (error), assay_error_get_vendor_detail (error),
    /* Translators: %1$s is a permission's name such as "Comment", %2$s an access such as "Write" */
    _ ("Pinpoint refuses the key the permission “%1$s: %2$s”. In Pinpoint open Settings, API & Webhooks, edit the key "
       "and grant it, then try again."),
    permission, "Write");
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
    g_task_return_error (task, name_write_permission (error, permission));
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
  AssayHttpRequest *request = assay_http_request_new (kind, method, path);

  g_task_set_source_tag (task, tag);
  /* What came of a request on the wire must be learned even when the caller gave up. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, (gpointer) permission, NULL);
  assay_http_request_add_header (request, "Accept", MEDIA_TYPE);
  assay_http_request_add_header (request, "x-vendor-name", "Assay");
  assay_http_request_set_json (request, body, MEDIA_TYPE);
  assay_http_channel_send_async (self->channel, request, cancellable, written, task);
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
  g_autofree char *escaped = g_uri_escape_string (remote_id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("applications/", escaped, NULL);

  send_write (self, tag, kind, "PUT", path, body, "Application", cancellable, written_cb, callback, user_data);
}

static gboolean
assay_pinpoint_write_finish (AssayAts      *ats,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
assay_pinpoint_move_stage_async (AssayAts            *ats,
                                 const char          *remote_id,
                                 const char          *stage_remote_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (JsonNode) body = assay_pinpoint_encode_move (remote_id, stage_remote_id);

  update_application (ASSAY_PINPOINT (ats), assay_pinpoint_move_stage_async, ASSAY_HTTP_REPEATABLE_WRITE, remote_id,
                      body, cancellable, callback, user_data);
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

static void
comment_written_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *permission = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;
  JsonNode *root;
  JsonObject *data = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, name_write_permission (error, permission));
      return;
    }
  root = assay_http_response_get_root (response);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    data = assay_json_get_object (json_node_get_object (root), "data");
  g_task_return_pointer (task, data != NULL ? assay_json_dup_string (data, "id") : NULL, g_free);
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

/* Probing: each needed category once, with a page of one row. */

static const struct
{
  const char *path;
  guint permission;   /* index into the description's permissions */
} probes[] = {
  { "jobs", 0 },
  { "applications", 1 },
};

typedef struct
{
  AssayProbe *probe;
  guint next;
} ProbeRun;

static void
probe_run_free (gpointer data)
{
  ProbeRun *run = data;

  assay_probe_free (run->probe);
  g_free (run);
}

static void probe_next (GTask *task);

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ProbeRun *run = g_task_get_task_data (task);
  const AssayPermissionDescription *permission =
    &assay_pinpoint_description.permissions[probes[run->next].permission];
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayHttpResponse) response = NULL;
  AssayGranted granted = ASSAY_GRANTED_YES;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    {
      JsonObject *document =
        assay_json_expect_object (assay_http_response_get_root (response), "Pinpoint's answer", &error);

      if (document != NULL)
        assay_json_expect_member_array (document, "data", "Pinpoint's answer", &error);
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    {
      granted = ASSAY_GRANTED_NO;
      if (run->probe->error == NULL)
        run->probe->error = assay_error_new_from_vendor (
          ASSAY_ERROR_FORBIDDEN, assay_error_get_vendor_status (error), assay_error_get_vendor_detail (error),
          /* Translators: %1$s is a permission's name such as "Job", %2$s an access such as "Read" */
          _ ("Pinpoint refuses the key the permission “%1$s: %2$s”. In Pinpoint open Settings, API & Webhooks, make "
             "sure that the API is switched on, edit the key and grant it, then check again."),
          permission->name, permission->access);
    }
  else if (error != NULL)
    {
      /* Anything else isn't about one permission: say it once, and what is left can't be known. */
      granted = ASSAY_GRANTED_UNKNOWN;
      if (run->probe->error == NULL || run->probe->error->code == ASSAY_ERROR_FORBIDDEN)
        {
          g_clear_error (&run->probe->error);
          run->probe->error = g_steal_pointer (&error);
        }
      assay_probe_add (run->probe, permission, granted);
      for (run->next++; run->next < G_N_ELEMENTS (probes); run->next++)
        assay_probe_add (run->probe, &assay_pinpoint_description.permissions[probes[run->next].permission],
                         ASSAY_GRANTED_UNKNOWN);
      probe_next (g_steal_pointer (&task));
      return;
    }

  assay_probe_add (run->probe, permission, granted);
  run->next++;
  probe_next (g_steal_pointer (&task));
}

static void
probe_next (GTask *task)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  ProbeRun *run = g_task_get_task_data (task);
  AssayHttpRequest *request;

  if (run->next >= G_N_ELEMENTS (probes))
    {
      run->probe->ok = run->probe->error == NULL;
      g_task_return_pointer (task, g_steal_pointer (&run->probe), (GDestroyNotify) assay_probe_free);
      g_object_unref (task);
      return;
    }

  request = new_read (probes[run->next].path);
  assay_http_request_set_deadline (request, 20000);
  assay_http_request_add_query (request, "page[size]", "1");
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), probed_cb, task);
}

static void
assay_pinpoint_probe_async (AssayAts            *ats,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  ProbeRun *run = g_new0 (ProbeRun, 1);

  g_task_set_source_tag (task, assay_pinpoint_probe_async);
  run->probe = assay_probe_new ();
  /* No endpoint names the account; its address does. */
  run->probe->account = g_strdup (self->subdomain);
  g_task_set_task_data (task, run, probe_run_free);
  probe_next (task);
}

static AssayProbe *
assay_pinpoint_probe_finish (AssayAts      *ats,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
assay_pinpoint_ats_init (AssayAtsInterface *iface)
{
  iface->probe_async = assay_pinpoint_probe_async;
  iface->probe_finish = assay_pinpoint_probe_finish;
  iface->list_jobs_async = assay_pinpoint_list_jobs_async;
  iface->list_jobs_finish = assay_pinpoint_list_finish;
  iface->list_applications_async = assay_pinpoint_list_applications_async;
  iface->list_applications_finish = assay_pinpoint_list_finish;
  iface->get_application_async = assay_pinpoint_get_application_async;
  iface->get_application_finish = assay_pinpoint_get_application_finish;
  iface->move_stage_async = assay_pinpoint_move_stage_async;
  iface->move_stage_finish = assay_pinpoint_write_finish;
  iface->add_tags_async = assay_pinpoint_add_tags_async;
  iface->add_tags_finish = assay_pinpoint_write_finish;
  iface->remove_tag_async = assay_pinpoint_remove_tag_async;
  iface->remove_tag_finish = assay_pinpoint_write_finish;
  iface->add_note_async = assay_pinpoint_add_note_async;
  iface->add_note_finish = assay_pinpoint_add_note_finish;
}

/* Description */

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
            N_ ("Open Settings, then API & Webhooks (in older accounts: Settings, Integrations, Apps, Pinpoint API)."),
            N_ ("Make sure that the API is switched on."),
            N_ ("Add an API key named Assay, and give it the permissions Job: Read and Application: Read."),
            N_ ("Copy the key. Pinpoint shows it once."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      {
        .name = "Job",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows jobs and their stages."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set Job to Read."),
      },
      {
        .name = "Application",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows candidates, their stage and their documents."),
        .remedy = N_ ("In Pinpoint open Settings, API & Webhooks, edit the key, and set Application to Read."),
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
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In Pinpoint open Settings, then API & Webhooks."),
      N_ ("Find the key that you made for Assay, and delete it."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://developers.pinpointhq.com", NULL },
  /* Nothing is documented: one request at a time, and a small gap. */
  .pace = { .per_second = 5, .burst = 5, .concurrency = 1 },
  .create = create_pinpoint,
  .get_default_base_url = get_default_base_url,
};
