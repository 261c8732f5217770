/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo's unified API, as its OpenAPI document has it, strictly: what the document doesn't name is refused.
 *
 *   GET    /v1/check-api-key
 *   GET    /v1/ats/jobs, /v1/ats/applications, /v1/ats/rejection-reasons
 *   POST   /v1/ats/jobs/ID/applications
 *   PUT    /v1/ats/applications/ID/stage
 *   POST   /v1/ats/applications/ID/notes, …/attachments, …/reject
 *   POST   /v1/ats/candidates/ID/tags, DELETE likewise
 *
 * Keys: `sandbox-kombo-full-access`, `sandbox-kombo-read-only` (each action is switched off in the integration's scope),
 * `sandbox-kombo-no-jobs` and `sandbox-kombo-no-applications` (that model is). The integration is
 * `greenhouse:SandboxSandboxSandbox001`.
 *
 * The control sets {"vendor": "kombo", "page"}: so many rows in a page at most; and {"vendor": "kombo", "code", "status",
 * "operation"}: from now on every request of an integration (or only that operation) fails with this code, which "" ends.
 *
 * Chosen where no document says: the HTTP statuses of failures, the order of the lists (by id), the length of a cursor's
 * life (for ever), and that a candidate has one application. */

#include "config.h"

#include <string.h>

#include "sandbox-names.h"
#include "sandbox-provider.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_KOMBO (sandbox_kombo_get_type ())
G_DECLARE_FINAL_TYPE (SandboxKombo, sandbox_kombo, SANDBOX, KOMBO, GObject)

#define KIND "kombo"
#define BASE "/v1/"
#define INTEGRATION "greenhouse:SandboxSandboxSandbox001"
#define MAX_PAGE 250

typedef struct
{
  const char *key;
  gboolean    jobs, applications, writes;
} Key;

static const Key keys[] = {
  { "sandbox-kombo-full-access", TRUE, TRUE, TRUE },
  { "sandbox-kombo-read-only", TRUE, TRUE, FALSE },
  { "sandbox-kombo-no-jobs", FALSE, TRUE, TRUE },
  { "sandbox-kombo-no-applications", TRUE, FALSE, TRUE },
};

static const char *const reasons[] = { "Not a fit", "Withdrew", "Position filled" };

struct _SandboxKombo
{
  GObject        parent_instance;

  SandboxWorld  *world;
  SandboxLedger *ledger;
  char          *origin;
  guint          page;             /* rows at most */
  char          *code;             /* (nullable): with which everything fails */
  char          *code_operation;   /* (nullable): or only this */
  guint          code_status;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxKombo, sandbox_kombo, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

/* ---- Ids: a letter for the kind of record, and 23 digits ---- */

#define ID_JOB 'J'
#define ID_STAGE 'S'
#define ID_APPLICATION 'A'
#define ID_CANDIDATE 'C'
#define ID_TAG 'T'
#define ID_NOTE 'N'
#define ID_REASON 'R'

static void
write_id (SandboxJson *json,
          const char  *name,
          char         kind,
          guint        id)
{
  g_autofree char *text = g_strdup_printf ("%c%023u", kind, id);

  sandbox_json_member_string (json, name, text);
}

/* 0 for anything else */
static guint
read_id (char        kind,
         const char *text)
{
  guint64 id;

  if (text == NULL || strlen (text) != 24 || text[0] != kind || strspn (text + 1, "0123456789") != 23 ||
      !g_ascii_string_to_unsigned (text + 1, 10, 1, G_MAXUINT, &id, NULL))
    return 0;
  return (guint) id;
}

static void
write_time (SandboxJson *json,
            const char  *name,
            gint64       seconds)
{
  g_autoptr (GDateTime) time = seconds != 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.000Z") : NULL;

  sandbox_json_member_string (json, name, text);
}

/* ---- Answers ---- */

static void
answer_error (SandboxRequest *request,
              guint           status,
              const char     *code,
              const char     *message)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "status", "error");
  sandbox_json_key (json, "error");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "code", code);
  sandbox_json_member_string (json, "title", NULL);
  sandbox_json_member_string (json, "message", message);
  sandbox_json_member_string (json, "log_url", NULL);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, "application/json", json);
}

static void
sandbox_kombo_answer_failure (SandboxVendor  *vendor,
                              SandboxRequest *request,
                              guint           status)
{
  answer_error (request, status, status == 429 ? "PLATFORM.RATE_LIMIT_EXCEEDED" : NULL,
                status >= 500 ? "Something went wrong." : "The request was refused.");
}

/* What a careful client never sends. */
static void
answer_malformed (SandboxKombo   *self,
                  SandboxRequest *request,
                  const char     *what)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->path, what);

  sandbox_ledger_add_incident (self->ledger, KIND, "malformed-request", detail);
  answer_error (request, 400, "PLATFORM.INPUT_INVALID", what);
}

static SandboxJson *
begin_answer (void)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "status", "success");
  sandbox_json_key (json, "data");
  sandbox_json_begin_object (json);
  return json;
}

static void
end_answer (SandboxRequest *request,
            SandboxJson    *json)
{
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

/* ---- Records ---- */

static void
render_stage (SandboxJson        *json,
              const SandboxStage *stage)
{
  g_autofree char *remote = g_strdup_printf ("%u", stage->record.id);

  sandbox_json_begin_object (json);
  write_id (json, "id", ID_STAGE, stage->record.id);
  sandbox_json_member_string (json, "remote_id", remote);
  sandbox_json_member_string (json, "name", stage->name);
  sandbox_json_key (json, "remote_data");
  sandbox_json_null (json);
  sandbox_json_member_integer (json, "index", stage->position - 1);
  sandbox_json_end_object (json);
}

static void
render_job (SandboxJson      *json,
            const SandboxJob *job)
{
  const SandboxPlace *place = &sandbox_places[job->location->place];
  gboolean archived = g_str_equal (job->status, "archived");
  g_autofree char *remote = g_strdup_printf ("%u", job->record.id);
  g_autofree char *status = g_ascii_strup (job->status, -1);
  g_autofree char *url = g_strdup_printf ("https://app.greenhouse.io/jobs/%u", job->record.id);

  sandbox_json_begin_object (json);
  write_id (json, "id", ID_JOB, job->record.id);
  sandbox_json_member_string (json, "remote_id", remote);
  sandbox_json_member_string (json, "name", job->title);
  sandbox_json_member_string (json, "job_code", job->requisition_id);
  sandbox_json_member_boolean (json, "confidential", g_str_equal (job->visibility, "confidential"));
  sandbox_json_member_string (json, "status", status);
  sandbox_json_member_string (json, "visibility",
                              g_str_equal (job->visibility, "confidential") ? "CONFIDENTIAL"
                              : g_str_equal (job->visibility, "internal")   ? "INTERNAL"
                                                                            : "PUBLIC");
  sandbox_json_member_string (json, "department", job->department->name);
  sandbox_json_key (json, "location");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "city", place->city);
  sandbox_json_member_string (json, "country", place->country_code);
  sandbox_json_member_string (json, "raw", place->name);
  sandbox_json_end_object (json);
  sandbox_json_member_string (json, "remote_url", url);
  write_time (json, "opened_at", job->opened);
  write_time (json, "closed_at", archived || g_str_equal (job->status, "closed") ? job->record.updated : 0);
  write_time (json, "remote_created_at", job->record.created);
  write_time (json, "changed_at", job->record.updated);
  write_time (json, "remote_deleted_at", 0);
  sandbox_json_key (json, "stages");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < job->stages->len; i++)
    render_stage (json, g_ptr_array_index (job->stages, i));
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
}

static void
render_array_of_one (SandboxJson *json,
                     const char  *name,
                     const char  *member,
                     const char  *value,
                     const char  *type)
{
  sandbox_json_key (json, name);
  sandbox_json_begin_array (json);
  if (value != NULL && *value != '\0')
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, member, value);
      sandbox_json_member_string (json, "type", type);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
}

static void
render_candidate (SandboxJson        *json,
                  SandboxApplication *application)
{
  g_autofree char *first = sandbox_application_dup_field (application, SANDBOX_FIELD_FIRST_NAME);
  g_autofree char *last = sandbox_application_dup_field (application, SANDBOX_FIELD_LAST_NAME);
  g_autofree char *phone = sandbox_application_dup_field (application, SANDBOX_FIELD_PHONE);
  g_autofree char *link = sandbox_application_dup_field (application, SANDBOX_FIELD_LINKEDIN_URL);
  g_autofree char *town = sandbox_application_dup_field (application, SANDBOX_FIELD_TOWN);
  g_autofree char *country = sandbox_application_dup_field (application, SANDBOX_FIELD_COUNTRY);
  g_autofree char *email = sandbox_application_dup_email (application);
  g_autoptr (GPtrArray) tags = sandbox_application_get_tags (application);

  sandbox_json_begin_object (json);
  write_id (json, "id", ID_CANDIDATE, application->record.id);
  sandbox_json_member_string (json, "first_name", first);
  sandbox_json_member_string (json, "last_name", last);
  render_array_of_one (json, "email_addresses", "email_address", email, "PRIVATE");
  render_array_of_one (json, "phone_numbers", "phone_number", phone, "HOME");
  render_array_of_one (json, "social_media", "link", link, "LINKEDIN");
  sandbox_json_key (json, "location");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "city", town);
  sandbox_json_member_string (json, "country", country);
  sandbox_json_member_string (json, "raw", NULL);
  sandbox_json_end_object (json);
  sandbox_json_member_string (json, "source", sandbox_sources[application->source].source);
  sandbox_json_key (json, "tags");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < tags->len; i++)
    {
      const SandboxTag *tag = g_ptr_array_index (tags, i);

      sandbox_json_begin_object (json);
      write_id (json, "id", ID_TAG, g_str_hash (tag->name));
      sandbox_json_member_string (json, "name", tag->name);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
}

static void
render_application (SandboxJson        *json,
                    SandboxApplication *application)
{
  gint64 rejected = sandbox_application_get_rejected (application);
  g_autofree char *remote = g_strdup_printf ("%u", application->record.id);
  g_autofree char *url = g_strdup_printf ("https://app.greenhouse.io/applications/%u", application->record.id);

  sandbox_json_begin_object (json);
  write_id (json, "id", ID_APPLICATION, application->record.id);
  sandbox_json_member_string (json, "remote_id", remote);
  sandbox_json_member_string (json, "outcome",
                              rejected != 0                                         ? "DECLINED"
                              : sandbox_application_get_hired (application) != 0 ? "HIRED"
                                                                                    : "PENDING");
  write_time (json, "rejected_at", rejected);
  write_id (json, "current_stage_id", ID_STAGE, application->stage->record.id);
  write_id (json, "job_id", ID_JOB, application->job->record.id);
  write_id (json, "candidate_id", ID_CANDIDATE, application->record.id);
  sandbox_json_member_string (json, "remote_url", url);
  write_time (json, "changed_at", application->record.updated);
  write_time (json, "remote_deleted_at", 0);
  write_time (json, "remote_created_at", application->record.created);
  sandbox_json_key (json, "candidate");
  render_candidate (json, application);
  sandbox_json_key (json, "current_stage");
  render_stage (json, application->stage);
  sandbox_json_end_object (json);
}

static void
render_erasure (SandboxJson         *json,
                const SandboxRecord *erasure)
{
  sandbox_json_begin_object (json);
  write_id (json, "id", ID_APPLICATION, erasure->id);
  write_time (json, "changed_at", erasure->created);
  write_time (json, "remote_deleted_at", erasure->created);
  sandbox_json_key (json, "candidate");
  sandbox_json_null (json);
  sandbox_json_end_object (json);
}

/* ---- Lists ---- */

typedef struct
{
  gint64    updated_after;   /* 0: all */
  gboolean  deleted;
  GHashTable *ids;           /* (nullable): set of numbers */
  GHashTable *jobs;          /* (nullable): likewise */
  guint     page_size;
  guint     after;           /* the last id of the page before */
  guint     after_erasure;   /* how many erasures came already */
} Query;

static void
query_clear (Query *query)
{
  g_clear_pointer (&query->ids, g_hash_table_unref);
  g_clear_pointer (&query->jobs, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

/* (nullable): a comma-separated list of ids */
static GHashTable *
read_ids (char        kind,
          const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  g_autoptr (GHashTable) ids = g_hash_table_new (NULL, NULL);

  for (guint i = 0; words[i] != NULL; i++)
    g_hash_table_add (ids, GUINT_TO_POINTER (read_id (kind, words[i])));
  return g_steal_pointer (&ids);
}

/* `YYYY-MM-DDTHH:mm:ss.sssZ`, and nothing else */
static gboolean
read_exact_time (const char *text,
                 gint64     *seconds)
{
  g_autoptr (GDateTime) time = NULL;

  if (strlen (text) != strlen ("2022-08-07T14:01:29.196Z") || text[10] != 'T' || text[19] != '.' || text[23] != 'Z')
    return FALSE;
  time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return FALSE;
  *seconds = g_date_time_to_unix (time);
  return TRUE;
}

/* A cursor is a page's end and what the list was asked with; opaque to whoever gets it. */
static char *
make_cursor (SandboxRequest *request,
             const Query    *query)
{
  g_autofree char *plain = g_strdup_printf ("%s %" G_GINT64_FORMAT " %d %u %u", request->operation, query->updated_after,
                                            query->deleted, query->after, query->after_erasure);

  return g_base64_encode ((const guchar *) plain, strlen (plain));
}

static gboolean
read_cursor (SandboxRequest *request,
             const char     *cursor,
             Query          *query)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (cursor, &length);
  g_autofree char *plain = bytes != NULL ? g_strndup ((const char *) bytes, length) : NULL;
  g_autofree char *again = NULL;
  g_auto (GStrv) words = plain != NULL ? g_strsplit (plain, " ", -1) : NULL;

  if (words == NULL || g_strv_length (words) != 5)
    return FALSE;
  query->after = (guint) g_ascii_strtoull (words[3], NULL, 10);
  query->after_erasure = (guint) g_ascii_strtoull (words[4], NULL, 10);
  again = make_cursor (request, query);
  return g_str_equal (again, cursor);
}

static gboolean
read_query (SandboxKombo   *self,
            SandboxRequest *request,
            gboolean        applications,
            Query          *query)
{
  const char *cursor = NULL;

  query->page_size = 100;
  for (guint i = 0; i < request->parameters->len; i++)
    {
      const SandboxParameter *parameter = g_ptr_array_index (request->parameters, i);
      const char *value = parameter->value;
      guint64 number;

      if (g_str_equal (parameter->name, "page_size") && g_ascii_string_to_unsigned (value, 10, 1, MAX_PAGE, &number, NULL))
        query->page_size = (guint) number;
      else if (g_str_equal (parameter->name, "cursor"))
        cursor = value;
      else if (g_str_equal (parameter->name, "updated_after") && read_exact_time (value, &query->updated_after))
        continue;
      else if (g_str_equal (parameter->name, "include_deleted") &&
               (g_str_equal (value, "true") || g_str_equal (value, "false")))
        query->deleted = g_str_equal (value, "true");
      else if (g_str_equal (parameter->name, "ids") && query->ids == NULL)
        query->ids = read_ids (applications ? ID_APPLICATION : ID_JOB, value);
      else if (g_str_equal (parameter->name, "job_ids") && applications && query->jobs == NULL)
        query->jobs = read_ids (ID_JOB, value);
      else
        {
          g_autofree char *what = g_strdup_printf ("The query parameter %s=%s isn't documented.", parameter->name, value);

          answer_malformed (self, request, what);
          return FALSE;
        }
    }
  if (cursor != NULL && !read_cursor (request, cursor, query))
    {
      answer_malformed (self, request, "The cursor is not one of this list.");
      return FALSE;
    }
  query->page_size = MIN (query->page_size, self->page);
  return TRUE;
}

static void
end_list (SandboxRequest *request,
          SandboxJson    *json,
          const Query    *query,
          gboolean        more)
{
  g_autofree char *next = more ? make_cursor (request, query) : NULL;

  sandbox_json_end_array (json);
  sandbox_json_member_string (json, "next", next);
  end_answer (request, json);
}

static SandboxJson *
begin_list (void)
{
  SandboxJson *json = begin_answer ();

  sandbox_json_key (json, "results");
  sandbox_json_begin_array (json);
  return json;
}

static gboolean
is_wanted (const Query         *query,
           const SandboxRecord *record)
{
  return (query->updated_after == 0 || record->updated > query->updated_after) &&
         (query->ids == NULL || g_hash_table_contains (query->ids, GUINT_TO_POINTER (record->id)));
}

static void
list_jobs (SandboxKombo   *self,
           SandboxRequest *request)
{
  g_auto (Query) query = { 0 };
  SandboxJson *json;
  guint rows = 0;
  gboolean more = FALSE;

  if (!read_query (self, request, FALSE, &query))
    return;
  json = begin_list ();
  for (guint i = 0; i < self->world->jobs->len && !more; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->world->jobs, i);

      if (job->record.id <= query.after || !is_wanted (&query, &job->record))
        continue;
      more = rows == query.page_size;
      if (more)
        break;
      render_job (json, job);
      query.after = job->record.id;
      rows++;
    }
  end_list (request, json, &query, more);
}

static void
list_applications (SandboxKombo   *self,
                   SandboxRequest *request)
{
  g_auto (Query) query = { 0 };
  SandboxJson *json;
  guint rows = 0;
  gboolean more = FALSE;

  if (!read_query (self, request, TRUE, &query))
    return;
  json = begin_list ();
  for (guint i = 0; i < self->world->applications->len && !more; i++)
    {
      SandboxApplication *application = g_ptr_array_index (self->world->applications, i);

      if (application->record.id <= query.after || !is_wanted (&query, &application->record) ||
          (query.jobs != NULL &&
           !g_hash_table_contains (query.jobs, GUINT_TO_POINTER (application->job->record.id))))
        continue;
      more = rows == query.page_size;
      if (more)
        break;
      render_application (json, application);
      query.after = application->record.id;
      rows++;
    }
  for (guint i = query.after_erasure; query.deleted && !more && i < self->world->erasures->len; i++)
    {
      const SandboxRecord *erasure = g_ptr_array_index (self->world->erasures, i);

      more = rows == query.page_size;
      if (more)
        break;
      query.after_erasure = i + 1;
      /* A number that was given out again is somebody else's. */
      if (erasure->created <= query.updated_after || sandbox_world_find (self->world->applications, erasure->id) != NULL)
        continue;
      render_erasure (json, erasure);
      rows++;
    }
  end_list (request, json, &query, more);
}

static void
list_reasons (SandboxRequest *request)
{
  SandboxJson *json = begin_list ();

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      sandbox_json_begin_object (json);
      write_id (json, "id", ID_REASON, i + 1);
      sandbox_json_member_string (json, "name", reasons[i]);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_member_string (json, "next", NULL);
  end_answer (request, json);
}

/* ---- Writes ---- */

/* (nullable): the body, when it is an object with @members and no others */
static JsonObject *
read_body (SandboxKombo      *self,
           SandboxRequest    *request,
           const char *const *members,
           JsonNode         **node)
{
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (GList) names = NULL;

  *node = g_strcmp0 (type, "application/json") == 0 ? sandbox_json_parse (request->body, NULL) : NULL;
  if (*node == NULL || !JSON_NODE_HOLDS_OBJECT (*node))
    {
      answer_malformed (self, request, "The body is not a JSON object.");
      return NULL;
    }
  names = json_object_get_members (json_node_get_object (*node));
  for (GList *name = names; name != NULL; name = name->next)
    if (!g_strv_contains (members, name->data))
      {
        answer_malformed (self, request, "The body has a member that is not documented.");
        return NULL;
      }
  return json_node_get_object (*node);
}

static gboolean
is_filled (JsonObject *object,
           const char *name)
{
  const char *text = object != NULL ? sandbox_json_get_string (object, name) : NULL;

  return text != NULL && *text != '\0';
}

static void
note_write (SandboxKombo   *self,
            SandboxRequest *request,
            const Key      *key,
            guint           id)
{
  g_autofree char *text = g_strdup_printf ("%u", id);

  sandbox_ledger_add_write (self->ledger, KIND, request->operation, key->key, text, request->body);
}

static void
answer_written (SandboxRequest *request,
                guint           note)
{
  SandboxJson *json = begin_answer ();

  if (note != 0)
    write_id (json, "id", ID_NOTE, note);
  sandbox_json_end_object (json);
  sandbox_json_key (json, "warnings");
  sandbox_json_begin_array (json);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static SandboxStage *
find_stage (SandboxJob *job,
            const char *text)
{
  guint id = read_id (ID_STAGE, text);

  for (guint i = 0; i < job->stages->len; i++)
    {
      SandboxStage *stage = g_ptr_array_index (job->stages, i);

      if (stage->record.id == id)
        return stage;
    }
  return NULL;
}

static void
put_stage (SandboxKombo       *self,
           SandboxRequest     *request,
           const Key          *key,
           SandboxApplication *application)
{
  static const char *const members[] = { "stage_id", NULL };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = read_body (self, request, members, &node);
  SandboxStage *stage;

  if (object == NULL)
    return;
  stage = find_stage (application->job, sandbox_json_get_string (object, "stage_id"));
  if (stage == NULL)
    {
      answer_error (request, 400, "PLATFORM.INPUT_INVALID", "This stage is not one of the application's job.");
      return;
    }
  sandbox_world_move (self->world, application, stage);
  note_write (self, request, key, application->record.id);
  answer_written (request, 0);
}

static void
post_note (SandboxKombo       *self,
           SandboxRequest     *request,
           const Key          *key,
           SandboxApplication *application)
{
  static const char *const members[] = { "content", "content_type", NULL };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = read_body (self, request, members, &node);
  SandboxComment *comment;

  if (object == NULL)
    return;
  if (!is_filled (object, "content") || g_strcmp0 (sandbox_json_get_string (object, "content_type"), "PLAIN_TEXT") != 0)
    {
      answer_malformed (self, request, "A note has content, and the content_type PLAIN_TEXT.");
      return;
    }
  comment = sandbox_world_add_comment (self->world, application->record.id, sandbox_json_get_string (object, "content"),
                                       FALSE);
  note_write (self, request, key, application->record.id);
  answer_written (request, comment->record.id);
}

/* (nullable): the file's bytes */
static GBytes *
read_attachment (JsonObject *attachment)
{
  static const char *const known[] = { "name", "content_type", "type", "data", NULL };
  static const char *const types[] = { "CV", "COVER_LETTER", "OTHER", NULL };
  g_autoptr (GList) names = attachment != NULL ? json_object_get_members (attachment) : NULL;
  const char *type = attachment != NULL ? sandbox_json_get_string (attachment, "type") : NULL;
  guchar *bytes;
  gsize length;

  for (GList *name = names; name != NULL; name = name->next)
    if (!g_strv_contains (known, name->data))
      return NULL;
  if (type == NULL || !g_strv_contains (types, type) || !is_filled (attachment, "name") ||
      !is_filled (attachment, "content_type") || !is_filled (attachment, "data"))
    return NULL;
  bytes = g_base64_decode (sandbox_json_get_string (attachment, "data"), &length);
  return g_bytes_new_take (bytes, length);
}

static void
post_attachment (SandboxKombo       *self,
                 SandboxRequest     *request,
                 const Key          *key,
                 SandboxApplication *application)
{
  static const char *const members[] = { "attachment", NULL };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = read_body (self, request, members, &node);
  g_autoptr (GBytes) bytes = NULL;

  if (object == NULL)
    return;
  bytes = read_attachment (sandbox_json_get_object (object, "attachment"));
  if (bytes == NULL)
    {
      answer_malformed (self, request, "An attachment has a name, a type, a content_type and data.");
      return;
    }
  note_write (self, request, key, application->record.id);
  answer_written (request, 0);
}

static void
post_rejection (SandboxKombo       *self,
                SandboxRequest     *request,
                const Key          *key,
                SandboxApplication *application)
{
  static const char *const members[] = { "rejection_reason_id", "note", NULL };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = read_body (self, request, members, &node);
  guint reason;

  if (object == NULL)
    return;
  reason = read_id (ID_REASON, sandbox_json_get_string (object, "rejection_reason_id"));
  if (reason == 0 || reason > G_N_ELEMENTS (reasons))
    {
      answer_error (request, 400, "PLATFORM.INPUT_INVALID", "There is no such rejection reason.");
      return;
    }
  for (guint i = 0; i < application->job->stages->len; i++)
    {
      SandboxStage *stage = g_ptr_array_index (application->job->stages, i);

      if (g_str_equal (stage->basic_type, "rejected"))
        sandbox_world_move (self->world, application, stage);
    }
  note_write (self, request, key, application->record.id);
  answer_written (request, 0);
}

static void
write_tag (SandboxKombo       *self,
           SandboxRequest     *request,
           const Key          *key,
           SandboxApplication *application)
{
  static const char *const members[] = { "tag", NULL };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = read_body (self, request, members, &node);
  JsonObject *tag = object != NULL ? sandbox_json_get_object (object, "tag") : NULL;
  const char *name;

  if (object == NULL)
    return;
  if (!is_filled (tag, "name") || json_object_get_size (tag) != 1)
    {
      answer_malformed (self, request, "A tag has a name.");
      return;
    }
  name = sandbox_json_get_string (tag, "name");
  if (g_str_equal (request->method, "POST"))
    sandbox_world_add_tag (self->world, application, name, "custom_green");
  else
    {
      g_autoptr (GPtrArray) tags = sandbox_application_get_tags (application);

      for (guint i = tags->len; i > 0; i--)
        {
          const SandboxTag *found = g_ptr_array_index (tags, i - 1);

          if (g_str_equal (found->name, name))
            {
              g_autofree char *context = g_strdup (found->context);

              sandbox_world_remove_tag (self->world, application, name, context);
              break;
            }
        }
    }
  note_write (self, request, key, application->record.id);
  answer_written (request, 0);
}

/* (nullable): what is wrong with the person */
static const char *
check_person (JsonObject *candidate)
{
  static const char *const known[] = { "first_name", "last_name", "email_address", "phone_number", "social_links",
                                       "title", "company", NULL };
  g_autoptr (GList) names = candidate != NULL ? json_object_get_members (candidate) : NULL;
  JsonArray *links = candidate != NULL ? sandbox_json_get_array (candidate, "social_links") : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    if (!g_strv_contains (known, name->data))
      return "The candidate has a member that is not documented.";
  if (!is_filled (candidate, "first_name") || !is_filled (candidate, "last_name") ||
      !is_filled (candidate, "email_address"))
    return "A candidate has a first_name, a last_name and an email_address.";
  for (guint i = 0; links != NULL && i < json_array_get_length (links); i++)
    {
      JsonNode *link = json_array_get_element (links, i);

      if (!JSON_NODE_HOLDS_OBJECT (link) || !is_filled (json_node_get_object (link), "url"))
        return "A social link has a url.";
    }
  return NULL;
}

/* (nullable): the job's application by that e-mail address */
static SandboxApplication *
find_person (SandboxKombo *self,
             SandboxJob   *job,
             const char   *email)
{
  for (guint i = 0; i < self->world->applications->len; i++)
    {
      SandboxApplication *application = g_ptr_array_index (self->world->applications, i);
      g_autofree char *found = application->job == job ? sandbox_application_dup_email (application) : NULL;

      if (found != NULL && g_ascii_strcasecmp (found, email) == 0)
        return application;
    }
  return NULL;
}

static void
post_application (SandboxKombo   *self,
                  SandboxRequest *request,
                  const Key      *key,
                  SandboxJob     *job)
{
  static const char *const members[] = { "candidate", "stage_id", "attachments", NULL };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object = read_body (self, request, members, &node);
  JsonObject *candidate = object != NULL ? sandbox_json_get_object (object, "candidate") : NULL;
  JsonArray *attachments = object != NULL ? sandbox_json_get_array (object, "attachments") : NULL;
  const char *wrong;
  SandboxStage *stage = NULL;
  SandboxApplication *application;
  SandboxJson *json;

  if (object == NULL)
    return;
  wrong = check_person (candidate);
  for (guint i = 0; wrong == NULL && attachments != NULL && i < json_array_get_length (attachments); i++)
    {
      JsonNode *attachment = json_array_get_element (attachments, i);
      g_autoptr (GBytes) bytes =
        JSON_NODE_HOLDS_OBJECT (attachment) ? read_attachment (json_node_get_object (attachment)) : NULL;

      if (bytes == NULL)
        wrong = "An attachment has a name, a type, a content_type and data.";
    }
  if (wrong != NULL)
    {
      answer_malformed (self, request, wrong);
      return;
    }
  if (!sandbox_provider_is_email (sandbox_json_get_string (candidate, "email_address")))
    {
      answer_error (request, 400, "REMOTE.INPUT_INVALID", "The e-mail address is not valid.");
      return;
    }
  if (json_object_has_member (object, "stage_id"))
    {
      stage = find_stage (job, sandbox_json_get_string (object, "stage_id"));
      if (stage == NULL)
        {
          answer_error (request, 400, "PLATFORM.INPUT_INVALID", "This stage is not one of the job.");
          return;
        }
    }
  if (!g_str_equal (job->status, "open"))
    {
      answer_error (request, 400, "ATS.JOB_CLOSED", "The job is closed and takes no applications.");
      return;
    }
  if (find_person (self, job, sandbox_json_get_string (candidate, "email_address")) != NULL)
    {
      answer_error (request, 409, "ATS.APPLICATION_ALREADY_EXISTS", "The candidate has applied to this job already.");
      return;
    }

  application = sandbox_world_arrive (self->world, job, stage);
  sandbox_world_set_field (self->world, application, SANDBOX_FIELD_FIRST_NAME,
                           sandbox_json_get_string (candidate, "first_name"));
  sandbox_world_set_field (self->world, application, SANDBOX_FIELD_LAST_NAME,
                           sandbox_json_get_string (candidate, "last_name"));
  sandbox_world_set_field (self->world, application, SANDBOX_FIELD_EMAIL,
                           sandbox_json_get_string (candidate, "email_address"));
  if (is_filled (candidate, "phone_number"))
    sandbox_world_set_field (self->world, application, SANDBOX_FIELD_PHONE,
                             sandbox_json_get_string (candidate, "phone_number"));
  if (attachments != NULL && json_array_get_length (attachments) > 0)
    {
      JsonObject *attachment = json_array_get_object_element (attachments, 0);
      g_autoptr (GBytes) bytes = read_attachment (attachment);

      sandbox_world_set_cv (self->world, application, sandbox_json_get_string (attachment, "name"), bytes);
    }
  note_write (self, request, key, application->record.id);
  json = begin_answer ();
  write_id (json, "id", ID_APPLICATION, application->record.id);
  write_id (json, "job_id", ID_JOB, job->record.id);
  write_id (json, "candidate_id", ID_CANDIDATE, application->record.id);
  sandbox_json_member_string (json, "outcome", "PENDING");
  end_answer (request, json);
}

/* ---- Requests ---- */

static const struct
{
  const char *records;
  const char *action;
  const char *method;
  const char *operation;
  char        id;
} routes[] = {
  { "jobs", "applications", "POST", "applications.create", ID_JOB },
  { "applications", "stage", "PUT", "applications.stage", ID_APPLICATION },
  { "applications", "notes", "POST", "applications.note", ID_APPLICATION },
  { "applications", "attachments", "POST", "applications.attach", ID_APPLICATION },
  { "applications", "reject", "POST", "applications.reject", ID_APPLICATION },
  { "candidates", "tags", "POST", "candidates.add_tag", ID_CANDIDATE },
  { "candidates", "tags", "DELETE", "candidates.remove_tag", ID_CANDIDATE },
};

/* Which of the routes, and of whom; @words are those of the path after the base. */
static int
find_route (SandboxRequest *request,
            char          **words)
{
  if (g_strv_length (words) != 4 || !g_str_equal (words[0], "ats"))
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (g_str_equal (routes[i].records, words[1]) && g_str_equal (routes[i].action, words[3]) &&
        g_str_equal (routes[i].method, request->method))
      return (int) i;
  return -1;
}

static char **
split_path (SandboxRequest *request)
{
  return g_strsplit (g_str_has_prefix (request->path, BASE) ? request->path + strlen (BASE) : "", "/", -1);
}

static const char *
sandbox_kombo_get_kind (SandboxVendor *vendor)
{
  return KIND;
}

/* One list serves three purposes here, and a fault or a count is about one of them. */
static char *
sandbox_kombo_dup_operation (SandboxVendor  *vendor,
                             SandboxRequest *request)
{
  g_auto (GStrv) words = split_path (request);
  g_autofree char *path = g_strjoinv ("/", words);
  int route = find_route (request, words);

  if (route >= 0)
    return g_strdup (routes[route].operation);
  if (!g_str_equal (request->method, "GET"))
    return g_strdup ("unknown");
  if (g_str_equal (path, "check-api-key"))
    return g_strdup ("check");
  if (g_str_equal (path, "ats/jobs"))
    return g_strdup ("jobs.list");
  if (g_str_equal (path, "ats/rejection-reasons"))
    return g_strdup ("reasons.list");
  if (!g_str_equal (path, "ats/applications"))
    return g_strdup ("unknown");
  if (sandbox_request_get_parameter (request, "ids") != NULL)
    return g_strdup ("applications.get");
  if (sandbox_request_get_parameter (request, "job_ids") != NULL)
    return g_strdup ("applications.find");
  return g_strdup (sandbox_request_get_parameter (request, "include_deleted") != NULL ? "applications.deleted"
                                                                                      : "applications.list");
}

static const Key *
find_key (SandboxRequest *request)
{
  g_autofree char *bearer = sandbox_request_dup_bearer (request);

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_strcmp0 (keys[i].key, bearer) == 0)
      return &keys[i];
  return NULL;
}

static void
handle_write (SandboxKombo   *self,
              SandboxRequest *request,
              const Key      *key,
              guint           route,
              const char     *text)
{
  guint id = read_id (routes[route].id, text);
  gpointer record = sandbox_world_find (routes[route].id == ID_JOB ? self->world->jobs : self->world->applications, id);

  if (request->parameters->len > 0)
    answer_malformed (self, request, "This call takes no query.");
  else if (!key->writes)
    answer_error (request, 403, "INTEGRATION.ACTION_DISABLED", "This action is disabled in the scope of the integration.");
  else if (record == NULL)
    answer_error (request, 404, "PLATFORM.INPUT_INVALID", "There is no such record.");
  else if (routes[route].id == ID_JOB)
    post_application (self, request, key, record);
  else if (routes[route].id == ID_CANDIDATE)
    write_tag (self, request, key, record);
  else if (g_str_equal (routes[route].action, "stage"))
    put_stage (self, request, key, record);
  else if (g_str_equal (routes[route].action, "notes"))
    post_note (self, request, key, record);
  else if (g_str_equal (routes[route].action, "reject"))
    post_rejection (self, request, key, record);
  else
    post_attachment (self, request, key, record);
}

static void
handle_integration (SandboxKombo   *self,
                    SandboxRequest *request,
                    const Key      *key)
{
  const char *integration = sandbox_request_get_header (request, "X-Integration-Id");
  g_auto (GStrv) words = split_path (request);
  int route = find_route (request, words);

  if (integration == NULL)
    answer_malformed (self, request, "The header X-Integration-Id is missing.");
  else if (!g_str_equal (integration, INTEGRATION))
    answer_error (request, 404, "PLATFORM.INTEGRATION_NOT_FOUND", "There is no such integration.");
  else if (self->code != NULL &&
           (self->code_operation == NULL || g_str_equal (self->code_operation, request->operation)))
    answer_error (request, self->code_status, self->code, "The sandbox was told to answer so.");
  else if (route >= 0)
    handle_write (self, request, key, (guint) route, words[2]);
  else if (g_str_equal (request->operation, "reasons.list"))
    list_reasons (request);
  else if (g_str_equal (request->operation, "jobs.list"))
    {
      if (key->jobs)
        list_jobs (self, request);
      else
        answer_error (request, 403, "INTEGRATION.MODEL_DISABLED", "Jobs are disabled in the scope of the integration.");
    }
  else if (key->applications)
    list_applications (self, request);
  else
    answer_error (request, 403, "INTEGRATION.MODEL_DISABLED",
                  "Applications are disabled in the scope of the integration.");
}

static void
sandbox_kombo_handle (SandboxVendor  *vendor,
                      SandboxRequest *request)
{
  SandboxKombo *self = SANDBOX_KOMBO (vendor);
  const Key *key = find_key (request);
  SandboxJson *json;

  if (g_str_equal (request->operation, "unknown"))
    answer_error (request, 404, NULL, "There is nothing at this address.");
  else if (key == NULL)
    answer_error (request, 401, "PLATFORM.AUTHENTICATION_INVALID", "The API key is not valid.");
  else if (request->query_broken)
    answer_malformed (self, request, "The query is not well-formed.");
  else if (!g_str_equal (request->operation, "check"))
    handle_integration (self, request, key);
  else
    {
      json = begin_answer ();
      sandbox_json_member_string (json, "environment_id", "2Uev1YUTqLFdvMPD3Jtrg2FX");
      sandbox_json_member_string (json, "customer_id", "2Uev1YUTqLFdvMPD3Jtrg2FX");
      end_answer (request, json);
    }
}

static void
sandbox_kombo_mount (SandboxVendor *vendor,
                     const char    *origin)
{
  SandboxKombo *self = SANDBOX_KOMBO (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_kombo_configure (SandboxVendor *vendor,
                         JsonObject    *settings)
{
  SandboxKombo *self = SANDBOX_KOMBO (vendor);
  const char *code = sandbox_json_get_string (settings, "code");

  self->page = (guint) CLAMP (sandbox_json_get_integer (settings, "page", self->page), 1, MAX_PAGE);
  if (code == NULL)
    return;
  g_free (self->code);
  g_free (self->code_operation);
  self->code = *code != '\0' ? g_strdup (code) : NULL;
  self->code_operation = g_strdup (sandbox_json_get_string (settings, "operation"));
  self->code_status = (guint) CLAMP (sandbox_json_get_integer (settings, "status", 400), 200, 599);
}

static void
sandbox_kombo_describe (SandboxVendor *vendor,
                        SandboxJson   *json)
{
  static const char *const settings[] = {
    "integration", INTEGRATION,
    NULL,
  };

  sandbox_vendor_write_connection (json, KIND, "Sandbox Kombo", SANDBOX_KOMBO (vendor)->origin, "/v1",
                                   settings, "api-key", keys[0].key);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_kombo_get_kind;
  iface->dup_operation = sandbox_kombo_dup_operation;
  iface->handle = sandbox_kombo_handle;
  iface->answer_failure = sandbox_kombo_answer_failure;
  iface->mount = sandbox_kombo_mount;
  iface->describe = sandbox_kombo_describe;
  iface->configure = sandbox_kombo_configure;
}

static void
sandbox_kombo_finalize (GObject *object)
{
  SandboxKombo *self = SANDBOX_KOMBO (object);

  g_free (self->origin);
  g_free (self->code);
  g_free (self->code_operation);

  G_OBJECT_CLASS (sandbox_kombo_parent_class)->finalize (object);
}

static void
sandbox_kombo_class_init (SandboxKomboClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_kombo_finalize;
}

static void
sandbox_kombo_init (SandboxKombo *self)
{
  self->page = MAX_PAGE;
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxKombo *self = g_object_new (SANDBOX_TYPE_KOMBO, NULL);

  self->world = scene->world;
  self->ledger = scene->ledger;
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_kombo_type = {
  .kind = KIND,
  .make = make,
  .shows_company = TRUE,
};
