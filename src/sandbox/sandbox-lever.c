/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever's Data API, as its documentation and recorded answers have it, strictly: a parameter or a
 * member of a body that isn't documented is refused. Of its resources the ones that an assessment
 * client needs are played: opportunities, notes, files, resumes, postings, stages, users, contacts, archive
 * reasons and webhooks.
 *
 * Keys, all fixed, by HTTP Basic with an empty password: `sandbox-lever-full-access`,
 * `sandbox-lever-read-only`, `sandbox-lever-no-opportunities`, `sandbox-lever-no-postings`,
 * `sandbox-lever-no-stages` (each lacks “find all” of that), `sandbox-lever-no-deleted`,
 * `sandbox-lever-no-notes`, `sandbox-lever-no-webhooks`, `sandbox-lever-no-files` and
 * `sandbox-lever-no-confidential`. Or by a bearer token that somebody consented
 * to, see sandbox-oauth.h.
 *
 * The company is the one that Pinpoint shows: an opportunity is an application, its posting is the job,
 * rejected and hired ones are archived. Stages are the account's, not the posting's. Chosen where
 * nothing says: a bad parameter or body is 400, an unknown stage in a body too, and lists come in the
 * recorded order with filters as well. */

#include "config.h"

#include <string.h>

#include "sandbox-files.h"
#include "sandbox-lever-hooks.h"
#include "sandbox-multipart.h"
#include "sandbox-names.h"
#include "sandbox-oauth.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_LEVER (sandbox_lever_get_type ())
G_DECLARE_FINAL_TYPE (SandboxLever, sandbox_lever, SANDBOX, LEVER, GObject)

#define BASE "/v1/"
#define MEDIA_TYPE "application/json; charset=utf-8"
#define MAX_LIMIT 100

/* Properties that Lever introduced later are null on what nobody touched since. */
#define NULL_UPDATED_AFTER (30 * 24 * 60 * 60)

struct _SandboxLever
{
  GObject        parent_instance;

  SandboxWorld  *world;
  SandboxLedger *ledger;
  SandboxOauth  *oauth;
  SandboxLeverHooks *hooks;
  char          *origin;
  char          *second_id;         /* (nullable): of the request under way, where its path has two */
  gboolean       quiet;             /* a change that is reported apart */
  GHashTable    *moves;             /* application id → Move */
  guint          page;              /* rows in a list's page at most; 0: as many as asked for */
  GHashTable    *reasons;           /* application id → index into archive_reasons + 1 */
  GHashTable    *links;             /* application id → GStrv */
  GHashTable    *uploads;           /* application id → GPtrArray of Upload */
  guint          n_uploads;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxLever, sandbox_lever, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

/* ---- Stages ---- */

typedef struct
{
  const char *id;
  const char *text;
  const char *name;                 /* (nullable): of the company's stages that are this one */
  double      rank;                 /* by which lists are ordered */
} Stage;

/* The order is that of the list. */
static const Stage stages[] = {
  { "lead-new", "New lead", NULL, 3 },
  { "lead-reached-out", "Reached out", NULL, 4 },
  { "lead-responded", "Responded", NULL, 5.5 },
  { "applicant-new", "New applicant", "Applied", 12 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a01", "CV Review", "CV Review", 20 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a02", "Phone Screen", "Phone Screen", 31.25 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a03", "Online Assessment", "Online Assessment", 40 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a04", "Assessment Centre", "Assessment Centre", 52 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a05", "Trial Shift", "Trial Shift", 60.5 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a06", "Interview", "Interview", 71 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a07", "First Interview", "First Interview", 80 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a08", "Technical Interview", "Technical Interview", 93 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a09", "Panel Interview", "Panel Interview", 104.5 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a0a", "Final Interview", "Final Interview", 131 },
  { "5f1c8a52-0b6e-4a55-9d7e-1d1c6b3e0a0b", "References", "References", 200 },
  { "offer", "Offer", "Offer", 265.5 },
};
#define FIRST_STAGE 3

/* A move to a stage that the job doesn't have in the company, or of somebody archived. It holds until
 * the application is moved otherwise. */
typedef struct
{
  guint               stage;        /* index into stages */
  const SandboxStage *from;
} Move;

/* A file that was put on an opportunity. */
typedef struct
{
  guint   number;
  char   *name;
  GBytes *bytes;
  gint64  time;                     /* milliseconds */
} Upload;

static void
upload_free (gpointer data)
{
  Upload *upload = data;

  g_free (upload->name);
  g_bytes_unref (upload->bytes);
  g_free (upload);
}

static const struct
{
  const char *id, *text, *status, *type;
} archive_reasons[] = {
  { "7c1d4a10-93f5-4b7e-8a21-6a0f5f2b1c01", "Under-qualified", "active", "non-hired" },
  { "7c1d4a10-93f5-4b7e-8a21-6a0f5f2b1c02", "Withdrew", "active", "non-hired" },
  { "7c1d4a10-93f5-4b7e-8a21-6a0f5f2b1c03", "Position closed", "active", "non-hired" },
  { "7c1d4a10-93f5-4b7e-8a21-6a0f5f2b1c04", "No response (old)", "inactive", "non-hired" },
  { "7c1d4a10-93f5-4b7e-8a21-6a0f5f2b1c05", "Hired", "active", "hired" },
};
#define REASON_HIRED 4

static gboolean
find_stage (const char *id,
            guint      *index)
{
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (g_strcmp0 (stages[i].id, id) == 0)
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static guint
stage_of_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (g_strcmp0 (stages[i].name, name) == 0)
      return i;
  return FIRST_STAGE;
}

static gboolean
is_archived (const SandboxApplication *application)
{
  return g_str_equal (application->stage->basic_type, "hired")
         || g_str_equal (application->stage->basic_type, "rejected");
}

static guint
get_stage (SandboxLever             *self,
           const SandboxApplication *application)
{
  const Move *move = g_hash_table_lookup (self->moves, GUINT_TO_POINTER (application->record.id));

  if (move != NULL && move->from == application->stage)
    return move->stage;
  if (is_archived (application))
    {
      /* How far somebody had come isn't kept; it follows from who they are. */
      GPtrArray *own = application->job->stages;
      const SandboxStage *last = g_ptr_array_index (own, application->serial % MAX (own->len - 2, 1));

      return stage_of_name (last->name);
    }
  return stage_of_name (application->stage->name);
}

/* ---- Ids ---- */

typedef enum
{
  ID_OPPORTUNITY = 0x0a11,
  ID_APPLICATION = 0x0a22,
  ID_CONTACT = 0x0a33,
  ID_POSTING = 0x0a44,
  ID_USER = 0x0a55,
  ID_NOTE = 0x0a66,
  ID_FILE = 0x0a77,
  ID_RESUME = 0x0a88
} IdKind;

/* Opaque to clients; here the number can be read back. */
static char *
make_id (IdKind  kind,
         guint64 number)
{
  return g_strdup_printf ("%08x-%04x-4%03x-8b0c-%012" G_GINT64_MODIFIER "x",
                          (guint) (number * 2654435761u) ^ kind, kind, (guint) (number % 4093),
                          number & G_GUINT64_CONSTANT (0xffffffffffff));
}

static guint64
read_id (IdKind      kind,
         const char *id)
{
  g_autofree char *again = NULL;
  guint64 number;

  if (id == NULL || strlen (id) != 36 || !g_ascii_string_to_unsigned (id + 24, 16, 0, G_MAXUINT64, &number, NULL))
    return 0;
  again = make_id (kind, number);
  return g_str_equal (again, id) ? number : 0;
}

/* One who applies twice is one contact. */
static guint64
contact_number (const SandboxApplication *application)
{
  return (guint64) application->culture << 32 | (guint64) application->first << 24 | (guint64) application->last << 16
         | application->suffix;
}

static gint64
milliseconds (const SandboxRecord *record,
              gint64               seconds)
{
  return seconds * 1000 + record->id % 1000;
}

/* 0 for null */
static gint64
get_updated (SandboxLever             *self,
             const SandboxApplication *application)
{
  if (!application->touched && !application->arrived
      && application->record.updated < self->world->options.epoch - NULL_UPDATED_AFTER)
    return 0;
  return milliseconds (&application->record, application->record.updated);
}

/* ---- Keys ---- */

enum
{
  FIND_ALL_OPPORTUNITIES = 1 << 0,
  FIND_OPPORTUNITY = 1 << 1,
  FIND_ALL_POSTINGS = 1 << 2,
  FIND_POSTING = 1 << 3,
  FIND_ALL_STAGES = 1 << 4,
  FIND_STAGE = 1 << 5,
  FIND_USERS = 1 << 6,
  FIND_CONTACT = 1 << 7,
  FIND_ARCHIVE_REASONS = 1 << 8,
  FIND_NOTES = 1 << 9,
  CREATE_NOTE = 1 << 10,
  UPDATE_STAGE = 1 << 11,
  ADD_TAGS = 1 << 12,
  REMOVE_TAGS = 1 << 13,
  CONFIDENTIAL = 1 << 14,
  FIND_DELETED = 1 << 15,
  ARCHIVE = 1 << 16,
  CHANGE_LINKS = 1 << 17,
  CREATE_OPPORTUNITY = 1 << 18,
  UPLOAD_FILE = 1 << 19,
  FIND_FILES = 1 << 20,
  FIND_RESUMES = 1 << 21,
  FIND_WEBHOOKS = 1 << 22,
  CHANGE_WEBHOOKS = 1 << 23,
  EVERYTHING = (1 << 24) - 1,
  WRITES = CREATE_NOTE | UPDATE_STAGE | ADD_TAGS | REMOVE_TAGS | ARCHIVE | CHANGE_LINKS | CREATE_OPPORTUNITY
           | UPLOAD_FILE | CHANGE_WEBHOOKS
};

typedef struct
{
  const char *key;
  guint       permissions;
} Key;

static const Key keys[] = {
  { "sandbox-lever-full-access", EVERYTHING },
  { "sandbox-lever-read-only", EVERYTHING & ~WRITES },
  { "sandbox-lever-no-opportunities", EVERYTHING & ~FIND_ALL_OPPORTUNITIES },
  { "sandbox-lever-no-postings", EVERYTHING & ~FIND_ALL_POSTINGS },
  { "sandbox-lever-no-stages", EVERYTHING & ~FIND_ALL_STAGES },
  { "sandbox-lever-no-deleted", EVERYTHING & ~FIND_DELETED },
  { "sandbox-lever-no-notes", EVERYTHING & ~(FIND_NOTES | CREATE_NOTE) },
  { "sandbox-lever-no-confidential", EVERYTHING & ~CONFIDENTIAL },
  { "sandbox-lever-no-webhooks", EVERYTHING & ~(FIND_WEBHOOKS | CHANGE_WEBHOOKS) },
  { "sandbox-lever-no-files", EVERYTHING & ~(UPLOAD_FILE | FIND_FILES | FIND_RESUMES) },
};

/* What is documented; a scope to write has the one to read in it. */
static const struct
{
  const char *scope;
  guint       permissions;
} scopes[] = {
  { "opportunities:read:admin", FIND_ALL_OPPORTUNITIES | FIND_OPPORTUNITY | FIND_DELETED },
  { "opportunities:write:admin", FIND_ALL_OPPORTUNITIES | FIND_OPPORTUNITY | FIND_DELETED | UPDATE_STAGE | ADD_TAGS
                                   | REMOVE_TAGS | ARCHIVE | CHANGE_LINKS | CREATE_OPPORTUNITY },
  { "files:read:admin", FIND_FILES },
  { "files:write:admin", FIND_FILES | UPLOAD_FILE },
  { "resumes:read:admin", FIND_RESUMES },
  { "webhooks:read:admin", FIND_WEBHOOKS },
  { "webhooks:write:admin", FIND_WEBHOOKS | CHANGE_WEBHOOKS },
  { "postings:read:admin", FIND_ALL_POSTINGS | FIND_POSTING },
  { "postings:write:admin", FIND_ALL_POSTINGS | FIND_POSTING },
  { "stages:read:admin", FIND_ALL_STAGES | FIND_STAGE },
  { "users:read:admin", FIND_USERS },
  { "users:write:admin", FIND_USERS },
  { "contact:read:admin", FIND_CONTACT },
  { "contact:write:admin", FIND_CONTACT },
  { "archive_reasons:read:admin", FIND_ARCHIVE_REASONS },
  { "notes:read:admin", FIND_NOTES },
  { "notes:write:admin", FIND_NOTES | CREATE_NOTE },
  { "confidential:access:admin", CONFIDENTIAL },
};

/* All there are. */
static const char *const scope_names[] = {
  "offline_access", "confidential:access:admin", "applications:read:admin", "archive_reasons:read:admin",
  "audit_events:read:admin", "contact:read:admin", "contact:write:admin", "diversity_surveys:read:admin",
  "eeo_responses:read:admin", "eeo_responses_pii:read:admin", "feedback:read:admin", "feedback:write:admin",
  "feedback_templates:read:admin", "feedback_templates:write:admin", "files:read:admin", "files:write:admin",
  "forms:read:admin", "forms:write:admin", "form_templates:read:admin", "form_templates:write:admin",
  "groups:read:admin", "groups:write:admin", "interviews:read:admin", "interviews:write:admin", "notes:read:admin",
  "notes:write:admin", "offers:read:admin", "opportunities:read:admin", "opportunities:write:admin",
  "panels:read:admin", "panels:write:admin", "permissions:read:admin", "permissions:write:admin",
  "postings:read:admin", "postings:write:admin", "referrals:read:admin", "requisitions:read:admin",
  "requisitions:write:admin", "requisition_fields:read:admin", "requisition_fields:write:admin", "resumes:read:admin",
  "roles:read:admin", "roles:write:admin", "sources:read:admin", "stages:read:admin", "tags:read:admin",
  "tasks:read:admin", "uploads:write:admin", "users:read:admin", "users:write:admin", "webhooks:read:admin",
  "webhooks:write:admin", NULL,
};

static guint
permissions_of_scopes (const char *const *granted)
{
  guint permissions = 0;

  for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
    if (g_strv_contains (granted, scopes[i].scope))
      permissions |= scopes[i].permissions;
  return permissions;
}

/* ---- Failures ---- */

static void
answer_error (SandboxRequest *request,
              guint           status,
              const char     *message)
{
  static const struct { guint status; const char *code, *message; } texts[] = {
    { 400, "BadRequest", "Bad request" },
    { 401, "Unauthorized", "Unauthorized" },
    { 403, "Forbidden", "Your API key is not permitted to perform this action" },
    { 404, "ResourceNotFound", "Not found" },
    { 429, "TooManyRequests", "Rate limit exceeded" },
    { 503, "ServiceUnavailable", "The service is down for maintenance" },
    { 500, "InternalServerError", "Internal server error" },
  };
  SandboxJson *json = sandbox_json_new ();
  guint found = G_N_ELEMENTS (texts) - 1;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].status == status)
      found = i;
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "code", texts[found].code);
  sandbox_json_member_string (json, "message", message != NULL ? message : texts[found].message);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, MEDIA_TYPE, json);
}

static void
note_incident (SandboxLever   *self,
               SandboxRequest *request,
               const char     *kind,
               const char     *what)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->path, what);

  sandbox_ledger_add_incident (self->ledger, "lever", kind, detail);
}

/* Always %FALSE, for callers that end with it. */
static gboolean
answer_malformed (SandboxLever   *self,
                  SandboxRequest *request,
                  const char     *kind,
                  const char     *what)
{
  note_incident (self, request, kind, what);
  answer_error (request, 400, what);
  return FALSE;
}

static void
answer_not_found (SandboxRequest *request,
                  const char     *resource,
                  const char     *id)
{
  g_autofree char *message = g_strdup_printf ("%s %s was not found", resource, id);

  answer_error (request, 404, message);
}

/* ---- Queries ---- */

typedef struct
{
  const char *name;
  gboolean    has_start, has_end;
  gint64      start, end;           /* milliseconds, both inclusive */
} Span;

typedef enum { CREATED, UPDATED, ADVANCED, ARCHIVED, DELETED, N_SPANS } SpanKind;

typedef struct
{
  SandboxRequest *request;
  const Key      *key;
  guint           limit;
  const char     *offset;           /* (nullable) */
  double          rank;             /* of the offset */
  gint64          time;
  char           *id;
  gboolean        confidential, open;
  Span            spans[N_SPANS];
} Query;

static void
query_clear (Query *query)
{
  g_free (query->id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

/* Whether the parameter is there with this value; repeating one means any of them. */
static gboolean
asks_for (SandboxRequest *request,
          const char     *name,
          const char     *value)
{
  for (guint i = 0; i < request->parameters->len; i++)
    {
      SandboxParameter *parameter = g_ptr_array_index (request->parameters, i);

      if (g_str_equal (parameter->name, name) && g_strcmp0 (parameter->value, value) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
passes (SandboxRequest *request,
        const char     *name,
        const char     *value)
{
  return sandbox_request_get_parameter (request, name) == NULL || asks_for (request, name, value);
}

/* The token comes percent-encoded inside its own encoding: `%255B…` on the wire. */
static gboolean
read_offset (SandboxLever *self,
             Query        *query)
{
  g_autofree char *text = g_uri_unescape_string (query->offset, NULL);
  g_autoptr (GBytes) bytes = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  g_autoptr (JsonNode) node = bytes != NULL ? sandbox_json_parse (bytes, NULL) : NULL;
  JsonArray *parts = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (!g_str_has_prefix (query->offset, "%5B"))
    note_incident (self, query->request, "bad-offset", "the token wasn't encoded like any other value");
  else if (parts != NULL && json_array_get_length (parts) == 3
           && sandbox_json_node_is (json_array_get_element (parts, 1), G_TYPE_INT64)
           && sandbox_json_node_is (json_array_get_element (parts, 2), G_TYPE_STRING))
    {
      query->rank = json_array_get_double_element (parts, 0);
      query->time = json_array_get_int_element (parts, 1);
      query->id = g_strdup (json_array_get_string_element (parts, 2));
      return TRUE;
    }
  answer_error (query->request, 400, "Invalid offset token");
  return FALSE;
}

static gboolean
read_span (Query            *query,
           SandboxParameter *parameter,
           gboolean         *known)
{
  for (guint i = 0; i < N_SPANS; i++)
    {
      Span *span = &query->spans[i];
      const char *rest = g_str_has_prefix (parameter->name, span->name) ? parameter->name + strlen (span->name) : "";
      gint64 time;

      if (!g_str_equal (rest, "_start") && !g_str_equal (rest, "_end"))
        continue;
      *known = TRUE;
      if (!g_ascii_string_to_signed (parameter->value, 10, 0, G_MAXINT64, &time, NULL))
        return FALSE;
      /* Seconds are the classic mistake: everything since 1970 would match. */
      if (time != 0 && time < G_GINT64_CONSTANT (100000000000))
        return FALSE;
      if (g_str_equal (rest, "_start"))
        {
          span->has_start = TRUE;
          span->start = time;
        }
      else
        {
          span->has_end = TRUE;
          span->end = time;
        }
      return TRUE;
    }
  return TRUE;
}

static gboolean
is_in_span (const Span *span,
            gint64      time)
{
  if (!span->has_start && !span->has_end)
    return TRUE;
  /* What has no such time matches none. */
  return time != 0 && (!span->has_start || time >= span->start) && (!span->has_end || time <= span->end);
}

/* Answers and returns %FALSE at the first thing that isn't documented. @filters and @expansions: what else
 * this address takes. */
static gboolean
read_query (SandboxLever      *self,
            SandboxRequest    *request,
            const Key         *key,
            gboolean           list,
            const char *const *filters,
            const char *const *expansions,
            Query             *query)
{
  static const char *const span_names[] = { "created_at", "updated_at", "advanced_at", "archived_at",
                                            "deleted_at" };
  static const char *const once[] = { "limit", "offset", "confidentiality", "perform_as", NULL };

  query->request = request;
  query->key = key;
  query->limit = MAX_LIMIT;
  query->open = TRUE;
  for (guint i = 0; i < N_SPANS; i++)
    query->spans[i].name = span_names[i];
  if (request->query_broken)
    return answer_malformed (self, request, "malformed-query", "not a well-formed query");

  for (guint i = 0; i < request->parameters->len; i++)
    {
      SandboxParameter *parameter = g_ptr_array_index (request->parameters, i);
      g_autofree char *what = g_strdup_printf ("%s=%s", parameter->name, parameter->value);
      gboolean known = FALSE;

      for (guint j = 0; j < i; j++)
        if (g_strv_contains (once, parameter->name)
            && g_str_equal (((SandboxParameter *) g_ptr_array_index (request->parameters, j))->name, parameter->name))
          return answer_malformed (self, request, "malformed-query", what);

      if (g_str_equal (parameter->name, "include"))
        continue;
      if (g_str_equal (parameter->name, "expand"))
        {
          /* A list with commas is nowhere shown to work. */
          if (!g_strv_contains (expansions, parameter->value))
            return answer_malformed (self, request, "malformed-query", what);
          continue;
        }
      if (list && g_str_equal (parameter->name, "limit"))
        {
          guint64 limit;

          if (!g_ascii_string_to_unsigned (parameter->value, 10, 1, MAX_LIMIT, &limit, NULL))
            return answer_malformed (self, request, "malformed-query", what);
          query->limit = (guint) limit;
          continue;
        }
      if (list && g_str_equal (parameter->name, "offset"))
        {
          query->offset = parameter->value;
          if (!read_offset (self, query))
            return FALSE;
          continue;
        }
      if (!g_strv_contains (filters, parameter->name))
        return answer_malformed (self, request, "malformed-query", what);
      if (!read_span (query, parameter, &known))
        return answer_malformed (self, request, "malformed-query", what);
      if (g_str_equal (parameter->name, "confidentiality"))
        {
          query->confidential = !g_str_equal (parameter->value, "non-confidential");
          query->open = !g_str_equal (parameter->value, "confidential");
          if (query->confidential && query->open && !g_str_equal (parameter->value, "all"))
            return answer_malformed (self, request, "malformed-query", what);
          if (query->confidential && (key->permissions & CONFIDENTIAL) == 0)
            {
              answer_error (request, 403, "Your API key does not have access to confidential data");
              return FALSE;
            }
        }
    }
  return TRUE;
}

/* ---- Rendering ---- */

static gboolean
wants (SandboxRequest *request,
       const char     *field)
{
  return sandbox_request_get_parameter (request, "include") == NULL || asks_for (request, "include", field)
         || asks_for (request, "expand", field);
}

static gboolean
expands (SandboxRequest *request,
         const char     *field)
{
  return asks_for (request, "expand", field);
}

static void
member_time (SandboxJson *json,
             const char  *name,
             gint64       time)
{
  if (time != 0)
    sandbox_json_member_integer (json, name, time);
  else
    sandbox_json_member_string (json, name, NULL);
}

static void
member_texts (SandboxJson *json,
              const char  *name,
              const char  *first,
              ...) G_GNUC_NULL_TERMINATED;

static void
member_texts (SandboxJson *json,
              const char  *name,
              const char  *first,
              ...)
{
  va_list more;

  sandbox_json_key (json, name);
  sandbox_json_begin_array (json);
  va_start (more, first);
  for (const char *text = first; text != NULL; text = va_arg (more, const char *))
    sandbox_json_string (json, text);
  va_end (more);
  sandbox_json_end_array (json);
}

static void
render_stage (SandboxJson *json,
              guint        stage)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", stages[stage].id);
  sandbox_json_member_string (json, "text", stages[stage].text);
  sandbox_json_end_object (json);
}

static const char *
get_role (const SandboxUser *user)
{
  static const char *const roles[] = { "limited team member", "super admin", "team member", "admin", "interviewer" };

  return roles[user->record.id % G_N_ELEMENTS (roles)];
}

static void
render_user (SandboxJson       *json,
             const SandboxUser *user)
{
  g_autofree char *id = make_id (ID_USER, user->record.id);
  g_autofree char *name = g_strdup_printf ("%s %s", user->first_name, user->last_name);
  g_autofree char *username = g_strndup (user->email, strcspn (user->email, "@"));

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  sandbox_json_member_string (json, "name", name);
  sandbox_json_member_string (json, "username", username);
  sandbox_json_member_string (json, "email", user->email);
  sandbox_json_member_string (json, "accessRole", get_role (user));
  sandbox_json_member_string (json, "photo", NULL);
  sandbox_json_member_integer (json, "createdAt", milliseconds (&user->record, user->record.created));
  sandbox_json_member_string (json, "deactivatedAt", NULL);
  sandbox_json_member_string (json, "externalDirectoryId", NULL);
  sandbox_json_member_string (json, "linkedContactIds", NULL);
  sandbox_json_member_string (json, "jobTitle", NULL);
  sandbox_json_member_string (json, "managerId", NULL);
  sandbox_json_end_object (json);
}

static void
member_user (SandboxRequest    *request,
             SandboxJson       *json,
             const char        *name,
             const SandboxUser *user)
{
  g_autofree char *id = make_id (ID_USER, user->record.id);

  if (!wants (request, name))
    return;
  sandbox_json_key (json, name);
  if (expands (request, name))
    render_user (json, user);
  else
    sandbox_json_string (json, id);
}

static void
render_phones (SandboxJson        *json,
               SandboxApplication *application)
{
  static const char *const types[] = { "mobile", "home", "other" };
  g_autofree char *phone = sandbox_application_dup_field (application, SANDBOX_FIELD_PHONE);

  sandbox_json_key (json, "phones");
  sandbox_json_begin_array (json);
  /* What people type into a field for numbers. */
  if (application->serial % 16 == 3)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "type", "skype");
      sandbox_json_member_string (json, "value", "live:sandbox");
      sandbox_json_end_object (json);
    }
  if (phone != NULL)
    {
      sandbox_json_begin_object (json);
      if (application->serial % 5 != 0)
        sandbox_json_member_string (json, "type", types[application->serial % G_N_ELEMENTS (types)]);
      sandbox_json_member_string (json, "value", phone);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
}

static char *
dup_name (SandboxApplication *application)
{
  g_autofree char *first = sandbox_application_dup_field (application, SANDBOX_FIELD_FIRST_NAME);
  g_autofree char *last = sandbox_application_dup_field (application, SANDBOX_FIELD_LAST_NAME);

  return g_strstrip (g_strdup_printf ("%s %s", first != NULL ? first : "", last != NULL ? last : ""));
}

static void
render_contact (SandboxJson        *json,
                SandboxApplication *application)
{
  g_autofree char *id = make_id (ID_CONTACT, contact_number (application));
  g_autofree char *name = dup_name (application);
  g_autofree char *email = sandbox_application_dup_email (application);
  g_autofree char *town = sandbox_application_dup_field (application, SANDBOX_FIELD_TOWN);
  g_autofree char *summary = sandbox_application_dup_field (application, SANDBOX_FIELD_SUMMARY);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  sandbox_json_member_string (json, "name", name);
  sandbox_json_member_string (json, "headline", summary != NULL ? summary : "");
  sandbox_json_member_boolean (json, "isAnonymized", FALSE);
  sandbox_json_key (json, "location");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "name", town != NULL ? town : "");
  sandbox_json_end_object (json);
  member_texts (json, "emails", email, NULL);
  render_phones (json, application);
  sandbox_json_end_object (json);
}

static const char *
get_origin (const SandboxApplication *application)
{
  static const struct { const char *channel, *origin; } origins[] = {
    { "employee_referral", "referred" }, { "recruiter", "agency" }, { "event", "university" },
    { "chrome_extension", "sourced" }, { "manual", "sourced" }, { "social", "sourced" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    if (g_str_equal (sandbox_sources[application->source].channel, origins[i].channel))
      return origins[i].origin;
  return "applied";
}

/* Somebody found in a network belongs to no posting yet. */
static gboolean
has_posting (const SandboxApplication *application)
{
  return application->arrived || !g_str_equal (sandbox_sources[application->source].channel, "chrome_extension");
}

static void
member_archived (SandboxLever             *self,
                 SandboxJson              *json,
                 const SandboxApplication *application)
{
  guint reason = GPOINTER_TO_UINT (g_hash_table_lookup (self->reasons, GUINT_TO_POINTER (application->record.id)));

  sandbox_json_key (json, "archived");
  if (!is_archived (application))
    {
      sandbox_json_null (json);
      return;
    }
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "reason",
                              reason != 0 ? archive_reasons[reason - 1].id
                              : g_str_equal (application->stage->basic_type, "hired")
                                ? archive_reasons[REASON_HIRED].id
                                : archive_reasons[application->serial % 3].id);
  sandbox_json_member_integer (json, "archivedAt", milliseconds (&application->record, application->record.updated));
  sandbox_json_end_object (json);
}

static void
render_application (SandboxLever             *self,
                    SandboxJson              *json,
                    const SandboxApplication *application)
{
  g_autofree char *id = make_id (ID_APPLICATION, application->record.id);
  g_autofree char *opportunity = make_id (ID_OPPORTUNITY, application->record.id);
  g_autofree char *posting = make_id (ID_POSTING, application->job->record.id);
  g_autofree char *recruiter = make_id (ID_USER, application->job->recruiter->record.id);
  g_autofree char *manager = make_id (ID_USER, application->job->hiring_manager->record.id);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  sandbox_json_member_string (json, "type", application->serial % 3 == 0 ? "user" : "posting");
  sandbox_json_member_string (json, "candidateId", opportunity);
  sandbox_json_member_string (json, "opportunityId", opportunity);
  sandbox_json_member_string (json, "posting", posting);
  sandbox_json_member_string (json, "postingHiringManager", manager);
  sandbox_json_member_string (json, "postingOwner", recruiter);
  /* Contact fields of an application are null where a user made it (recorded). */
  sandbox_json_member_string (json, "name", NULL);
  sandbox_json_member_string (json, "company", NULL);
  sandbox_json_member_string (json, "phone", NULL);
  sandbox_json_member_string (json, "email", NULL);
  member_texts (json, "links", NULL, NULL);
  sandbox_json_member_string (json, "comments", NULL);
  sandbox_json_member_string (json, "user", recruiter);
  member_texts (json, "customQuestions", NULL, NULL);
  sandbox_json_member_integer (json, "createdAt", milliseconds (&application->record, application->record.created));
  member_archived (self, json, application);
  sandbox_json_member_string (json, "requisitionForHire", NULL);
  sandbox_json_end_object (json);
}

static void
member_tags (SandboxJson        *json,
             SandboxApplication *application)
{
  g_autoptr (GPtrArray) tags = sandbox_application_get_tags (application);

  sandbox_json_key (json, "tags");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < tags->len; i++)
    sandbox_json_string (json, ((SandboxTag *) g_ptr_array_index (tags, i))->name);
  /* The posting's own words come along as tags. */
  if (has_posting (application))
    {
      sandbox_json_string (json, application->job->title);
      sandbox_json_string (json, application->job->department->name);
      sandbox_json_string (json, sandbox_places[application->job->location->place].name);
    }
  sandbox_json_end_array (json);
}

/* @written: this answers a write, and contact fields of such answers are empty (recorded). */
static void
render_opportunity (SandboxLever       *self,
                    SandboxRequest     *request,
                    SandboxJson        *json,
                    SandboxApplication *application,
                    gboolean            written)
{
  const SandboxRecord *record = &application->record;
  SandboxJob *job = application->job;
  guint stage = get_stage (self, application);
  g_autofree char *id = make_id (ID_OPPORTUNITY, record->id);
  g_autofree char *contact = make_id (ID_CONTACT, contact_number (application));
  g_autofree char *owner = make_id (ID_USER, job->recruiter->record.id);
  g_autofree char *show = g_strdup_printf ("https://hire.sandbox.lever.co/candidates/%s", id);
  g_autofree char *name = dup_name (application);
  g_autofree char *email = sandbox_application_dup_email (application);
  g_autofree char *town = sandbox_application_dup_field (application, SANDBOX_FIELD_TOWN);
  g_autofree char *summary = sandbox_application_dup_field (application, SANDBOX_FIELD_SUMMARY);
  g_autofree char *linkedin = sandbox_application_dup_field (application, SANDBOX_FIELD_LINKEDIN_URL);
  const char *link = linkedin;

  /* Links come with and without a scheme. */
  if (link != NULL && application->serial % 2 == 0)
    link += strlen ("https://");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  if (wants (request, "name"))
    sandbox_json_member_string (json, "name", written ? "" : name);
  if (wants (request, "contact"))
    {
      sandbox_json_key (json, "contact");
      if (expands (request, "contact"))
        render_contact (json, application);
      else
        sandbox_json_string (json, contact);
    }
  if (wants (request, "headline"))
    sandbox_json_member_string (json, "headline", written || summary == NULL ? "" : summary);
  if (wants (request, "stage"))
    {
      sandbox_json_key (json, "stage");
      if (expands (request, "stage"))
        render_stage (json, stage);
      else
        sandbox_json_string (json, stages[stage].id);
    }
  if (wants (request, "confidentiality"))
    sandbox_json_member_string (json, "confidentiality",
                                g_str_equal (job->visibility, "confidential") ? "confidential" : "non-confidential");
  if (wants (request, "location"))
    sandbox_json_member_string (json, "location", written || town == NULL ? "" : town);
  if (wants (request, "phones") && !written)
    render_phones (json, application);
  else if (wants (request, "phones"))
    member_texts (json, "phones", NULL, NULL);
  if (wants (request, "emails"))
    member_texts (json, "emails", written ? NULL : email, NULL);
  if (wants (request, "links"))
    {
      GStrv more = g_hash_table_lookup (self->links, GUINT_TO_POINTER (record->id));

      sandbox_json_key (json, "links");
      sandbox_json_begin_array (json);
      if (link != NULL && !written)
        sandbox_json_string (json, link);
      for (guint i = 0; more != NULL && more[i] != NULL && !written; i++)
        sandbox_json_string (json, more[i]);
      sandbox_json_end_array (json);
    }
  if (wants (request, "archived"))
    member_archived (self, json, application);
  if (wants (request, "tags"))
    member_tags (json, application);
  if (wants (request, "sources"))
    member_texts (json, "sources", sandbox_sources[application->source].source, NULL);
  if (wants (request, "stageChanges"))
    {
      sandbox_json_key (json, "stageChanges");
      sandbox_json_begin_array (json);
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "toStageId", stages[stage].id);
      sandbox_json_member_integer (json, "toStageIndex", stage);
      sandbox_json_member_integer (json, "updatedAt", milliseconds (record, record->updated));
      if (application->serial % 4 == 0)
        sandbox_json_member_string (json, "userId", owner);
      sandbox_json_end_object (json);
      sandbox_json_end_array (json);
    }
  if (wants (request, "origin"))
    sandbox_json_member_string (json, "origin", get_origin (application));
  if (wants (request, "sourcedBy") && g_str_equal (get_origin (application), "sourced"))
    member_user (request, json, "sourcedBy", job->recruiter);
  else if (wants (request, "sourcedBy"))
    sandbox_json_member_string (json, "sourcedBy", NULL);
  member_user (request, json, "owner", job->recruiter);
  if (wants (request, "followers"))
    member_texts (json, "followers", owner, NULL);
  if (wants (request, "applications"))
    {
      sandbox_json_key (json, "applications");
      sandbox_json_begin_array (json);
      if (has_posting (application) && expands (request, "applications"))
        render_application (self, json, application);
      else if (has_posting (application))
        {
          g_autofree char *own = make_id (ID_APPLICATION, record->id);

          sandbox_json_string (json, own);
        }
      sandbox_json_end_array (json);
    }
  if (wants (request, "createdAt"))
    sandbox_json_member_integer (json, "createdAt", milliseconds (record, record->created));
  if (wants (request, "updatedAt"))
    member_time (json, "updatedAt", get_updated (self, application));
  if (wants (request, "lastInteractionAt"))
    sandbox_json_member_integer (json, "lastInteractionAt", milliseconds (record, record->updated));
  if (wants (request, "lastAdvancedAt"))
    sandbox_json_member_integer (json, "lastAdvancedAt", milliseconds (record, record->updated));
  if (wants (request, "snoozedUntil"))
    sandbox_json_member_string (json, "snoozedUntil", NULL);
  if (wants (request, "urls"))
    {
      sandbox_json_key (json, "urls");
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "list", "https://hire.sandbox.lever.co/candidates");
      sandbox_json_member_string (json, "show", show);
      sandbox_json_end_object (json);
    }
  if (wants (request, "isAnonymized"))
    sandbox_json_member_boolean (json, "isAnonymized", FALSE);
  if (wants (request, "dataProtection"))
    sandbox_json_member_string (json, "dataProtection", NULL);
  if (wants (request, "opportunityLocation") && !written)
    sandbox_json_member_string (json, "opportunityLocation", "unspecified");
  sandbox_json_end_object (json);
}

static const char *
get_state (const SandboxJob *job)
{
  if (g_str_equal (job->status, "draft"))
    return "draft";
  if (!g_str_equal (job->status, "open"))
    return "closed";
  return g_str_equal (job->visibility, "external") ? "published" : "internal";
}

static const char *
get_commitment (const SandboxJob *job)
{
  return g_str_equal (job->employment_type, "part_time") ? "Part-time"
         : g_str_equal (job->employment_type, "contract") ? "Contract" : "Full-time";
}

static void
render_posting (SandboxRequest *request,
                SandboxJson    *json,
                SandboxJob     *job)
{
  const char *state = get_state (job);
  const char *place = sandbox_places[job->location->place].name;
  g_autofree char *id = make_id (ID_POSTING, job->record.id);
  g_autofree char *recruiter = make_id (ID_USER, job->recruiter->record.id);
  g_autofree char *html = g_markup_printf_escaped ("<div>%s</div>", job->duties);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  sandbox_json_member_string (json, "text", job->title);
  sandbox_json_member_string (json, "state", state);
  if (g_str_equal (state, "published"))
    member_texts (json, "distributionChannels", "internal", "public", NULL);
  else
    sandbox_json_member_string (json, "distributionChannels", NULL);
  member_user (request, json, "user", job->recruiter);
  member_user (request, json, "owner", job->recruiter);
  member_user (request, json, "hiringManager", job->hiring_manager);
  sandbox_json_key (json, "categories");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "commitment", get_commitment (job));
  sandbox_json_member_string (json, "department", job->department->name);
  sandbox_json_member_string (json, "level", NULL);
  sandbox_json_member_string (json, "location", place);
  sandbox_json_member_string (json, "team", job->department->name);
  member_texts (json, "allLocations", place, NULL);
  sandbox_json_end_object (json);
  member_texts (json, "tags", NULL, NULL);
  sandbox_json_key (json, "content");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "description", job->duties);
  sandbox_json_member_string (json, "descriptionHtml", html);
  member_texts (json, "lists", NULL, NULL);
  sandbox_json_member_string (json, "closing", "");
  sandbox_json_member_string (json, "closingHtml", "");
  sandbox_json_end_object (json);
  sandbox_json_member_string (json, "country", sandbox_places[job->location->place].country_code);
  member_texts (json, "followers", recruiter, NULL);
  sandbox_json_member_string (json, "reqCode", NULL);
  member_texts (json, "requisitionCodes", job->requisition_id, NULL);
  sandbox_json_key (json, "urls");
  if (g_str_equal (state, "draft"))
    sandbox_json_null (json);
  else
    {
      g_autofree char *show = g_strdup_printf ("https://jobs.sandbox.lever.co/sandbox/%s", id);
      g_autofree char *apply = g_strconcat (show, "/apply", NULL);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "list", "https://jobs.sandbox.lever.co/sandbox");
      sandbox_json_member_string (json, "show", show);
      sandbox_json_member_string (json, "apply", apply);
      sandbox_json_end_object (json);
    }
  sandbox_json_member_string (json, "confidentiality",
                              g_str_equal (job->visibility, "confidential") ? "confidential" : "non-confidential");
  sandbox_json_member_integer (json, "createdAt", milliseconds (&job->record, job->record.created));
  sandbox_json_member_integer (json, "updatedAt", milliseconds (&job->record, job->record.updated));
  sandbox_json_member_string (json, "workplaceType", job->workplace_type);
  sandbox_json_member_boolean (json, "transcribeInterviews", FALSE);
  sandbox_json_key (json, "screening");
  sandbox_json_begin_object (json);
  sandbox_json_member_boolean (json, "enabled", FALSE);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
}

/* As recorded: the answer to creating one is the whole note with its id a second time. */
static void
render_note (SandboxLever         *self,
             SandboxJson          *json,
             const SandboxComment *comment,
             guint                 stage,
             gboolean              created)
{
  g_autofree char *id = make_id (ID_NOTE, comment->record.id);
  g_autofree char *user = make_id (ID_USER, comment->user->record.id);
  gint64 time = milliseconds (&comment->record, comment->record.created);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  sandbox_json_member_string (json, "text", "Note");
  sandbox_json_key (json, "fields");
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "createdAt", time);
  sandbox_json_member_string (json, "score", NULL);
  sandbox_json_member_string (json, "stage", stages[stage].id);
  sandbox_json_member_string (json, "text", "Comment");
  sandbox_json_member_string (json, "type", "note");
  sandbox_json_member_string (json, "user", user);
  sandbox_json_member_string (json, "value", comment->body_text);
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
  sandbox_json_member_string (json, "user", user);
  sandbox_json_member_boolean (json, "secret", comment->private_comment);
  sandbox_json_member_integer (json, "completedAt", time);
  sandbox_json_member_string (json, "deletedAt", NULL);
  sandbox_json_member_integer (json, "createdAt", time);
  if (created)
    sandbox_json_member_string (json, "noteId", id);
  sandbox_json_end_object (json);
}

static SandboxJson *
begin_data (void)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "data");
  return json;
}

static void
answer_data (SandboxRequest *request,
             guint           status,
             SandboxJson    *json)
{
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, MEDIA_TYPE, json);
}

/* ---- Lists ---- */

/* A record with where it stands in the list. */
typedef struct
{
  gpointer record;
  double   rank;
  gint64   time;
  guint    id;
} Row;

static gint
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const Row *first = a;
  const Row *second = b;

  if (first->rank != second->rank)
    return first->rank < second->rank ? -1 : 1;
  /* Newest first. */
  if (first->time != second->time)
    return first->time > second->time ? -1 : 1;
  return first->id < second->id ? -1 : first->id > second->id;
}

typedef void (*RenderRow) (SandboxLever *self, SandboxRequest *request, SandboxJson *json, gpointer record);

/* Answers with the page. A token is where the next page begins, so a row that moves across it meanwhile
 * comes twice or not at all. */
static void
answer_rows (SandboxLever *self,
             Query        *query,
             IdKind        kind,
             GArray       *rows,
             RenderRow     render)
{
  SandboxJson *json = begin_data ();
  guint first = 0, end;

  g_array_sort (rows, compare_rows);
  if (query->offset != NULL)
    {
      Row from = { NULL, query->rank, query->time, (guint) read_id (kind, query->id) };

      while (first < rows->len && compare_rows (&g_array_index (rows, Row, first), &from) < 0)
        first++;
    }
  end = MIN (rows->len, first + (self->page != 0 ? MIN (query->limit, self->page) : query->limit));
  sandbox_json_begin_array (json);
  for (guint i = first; i < end; i++)
    render (self, query->request, json, g_array_index (rows, Row, i).record);
  sandbox_json_end_array (json);
  sandbox_json_member_boolean (json, "hasNext", end < rows->len);
  if (end < rows->len)
    {
      const Row *next = &g_array_index (rows, Row, end);
      g_autofree char *id = make_id (kind, next->id);
      char rank[G_ASCII_DTOSTR_BUF_SIZE];
      g_autofree char *text = g_strdup_printf ("[%s,%" G_GINT64_FORMAT ",\"%s\"]",
                                               g_ascii_formatd (rank, sizeof rank, "%g", next->rank), next->time, id);
      g_autofree char *token = g_uri_escape_string (text, NULL, FALSE);

      sandbox_json_member_string (json, "next", token);
    }
  answer_data (query->request, 200, json);
}

static void
add_row (GArray              *rows,
         const SandboxRecord *record,
         double               rank)
{
  Row row = { (gpointer) record, rank, milliseconds (record, record->created), record->id };

  g_array_append_val (rows, row);
}

static void
render_opportunity_row (SandboxLever   *self,
                        SandboxRequest *request,
                        SandboxJson    *json,
                        gpointer        record)
{
  render_opportunity (self, request, json, record, FALSE);
}

static void
render_posting_row (SandboxLever   *self,
                    SandboxRequest *request,
                    SandboxJson    *json,
                    gpointer        record)
{
  render_posting (request, json, record);
}

static gboolean
has_asked_tag (SandboxRequest     *request,
               SandboxApplication *application)
{
  g_autoptr (GPtrArray) tags = NULL;

  if (passes (request, "tag", application->job->title) || asks_for (request, "tag", application->job->department->name))
    return TRUE;
  tags = sandbox_application_get_tags (application);
  for (guint i = 0; i < tags->len; i++)
    if (asks_for (request, "tag", ((SandboxTag *) g_ptr_array_index (tags, i))->name))
      return TRUE;
  return FALSE;
}

static gboolean
opportunity_matches (SandboxLever       *self,
                     const Query        *query,
                     SandboxApplication *application)
{
  SandboxRequest *request = query->request;
  gboolean confidential = g_str_equal (application->job->visibility, "confidential");
  gint64 updated = milliseconds (&application->record, application->record.updated);

  if (confidential ? !query->confidential : !query->open)
    return FALSE;
  if (!is_in_span (&query->spans[CREATED], milliseconds (&application->record, application->record.created))
      || !is_in_span (&query->spans[UPDATED], get_updated (self, application))
      || !is_in_span (&query->spans[ADVANCED], updated)
      || !is_in_span (&query->spans[ARCHIVED], is_archived (application) ? updated : 0))
    return FALSE;
  /* Most requests have no other filter. */
  if (!passes (request, "archived", is_archived (application) ? "true" : "false")
      || !passes (request, "snoozed", "false")
      || !passes (request, "origin", get_origin (application))
      || !passes (request, "source", sandbox_sources[application->source].source)
      || !passes (request, "stage_id", stages[get_stage (self, application)].id))
    return FALSE;
  if (sandbox_request_get_parameter (request, "posting_id") != NULL)
    {
      g_autofree char *posting = make_id (ID_POSTING, application->job->record.id);

      if (!has_posting (application) || !asks_for (request, "posting_id", posting))
        return FALSE;
    }
  if (sandbox_request_get_parameter (request, "contact_id") != NULL)
    {
      g_autofree char *contact = make_id (ID_CONTACT, contact_number (application));

      if (!asks_for (request, "contact_id", contact))
        return FALSE;
    }
  if (sandbox_request_get_parameter (request, "email") != NULL)
    {
      g_autofree char *email = sandbox_application_dup_email (application);

      if (!asks_for (request, "email", email))
        return FALSE;
    }
  return sandbox_request_get_parameter (request, "tag") == NULL || has_asked_tag (request, application);
}

static const char *const opportunity_expansions[] = { "applications", "stage", "contact", "owner", "sourcedBy", NULL };
static const char *const user_expansions[] = { "user", "owner", "hiringManager", NULL };
static const char *const nothing[] = { NULL };

static void
list_opportunities (SandboxLever   *self,
                    SandboxRequest *request,
                    const Key      *key,
                    const char     *id)
{
  static const char *const filters[] = {
    "tag", "email", "origin", "source", "confidentiality", "stage_id", "posting_id", "archived", "snoozed",
    "contact_id", "created_at_start", "created_at_end", "updated_at_start", "updated_at_end", "advanced_at_start", "advanced_at_end",
    "archived_at_start", "archived_at_end", NULL,
  };
  g_auto (Query) query = { 0 };
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));

  if (!read_query (self, request, key, TRUE, filters, opportunity_expansions, &query))
    return;
  for (guint i = 0; i < self->world->applications->len; i++)
    {
      SandboxApplication *application = g_ptr_array_index (self->world->applications, i);

      if (opportunity_matches (self, &query, application))
        add_row (rows, &application->record, stages[get_stage (self, application)].rank);
    }
  answer_rows (self, &query, ID_OPPORTUNITY, rows, render_opportunity_row);
}

static void
render_erasure_row (SandboxLever   *self,
                    SandboxRequest *request,
                    SandboxJson    *json,
                    gpointer        record)
{
  const SandboxRecord *erasure = record;
  const SandboxUser *user = g_ptr_array_index (self->world->users, 0);
  g_autofree char *id = make_id (ID_OPPORTUNITY, erasure->id);
  g_autofree char *actor = make_id (ID_USER, user->record.id);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  sandbox_json_member_string (json, "deletedBy", actor);
  sandbox_json_member_integer (json, "deletedAt", milliseconds (erasure, erasure->created));
  sandbox_json_end_object (json);
}

/* What else Lever keeps of a deleted one isn't documented; here it is nothing of the person. */
static void
list_deleted (SandboxLever   *self,
              SandboxRequest *request,
              const Key      *key,
              const char     *id)
{
  static const char *const filters[] = { "deleted_at_start", "deleted_at_end", NULL };
  g_auto (Query) query = { 0 };
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));

  if (!read_query (self, request, key, TRUE, filters, nothing, &query))
    return;
  for (guint i = 0; i < self->world->erasures->len; i++)
    {
      const SandboxRecord *erasure = g_ptr_array_index (self->world->erasures, i);

      if (is_in_span (&query.spans[DELETED], milliseconds (erasure, erasure->created)))
        add_row (rows, erasure, 0);
    }
  answer_rows (self, &query, ID_OPPORTUNITY, rows, render_erasure_row);
}

static void
list_postings (SandboxLever   *self,
               SandboxRequest *request,
               const Key      *key,
               const char     *id)
{
  static const char *const filters[] = {
    "state", "confidentiality", "team", "department", "location", "commitment", "updated_at_start",
    "updated_at_end", NULL,
  };
  g_auto (Query) query = { 0 };
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));

  if (!read_query (self, request, key, TRUE, filters, user_expansions, &query))
    return;
  if ((query.spans[UPDATED].has_start || query.spans[UPDATED].has_end)
      && sandbox_request_get_parameter (request, "confidentiality") == NULL)
    {
      answer_malformed (self, request, "malformed-query", "updated_at_* only works together with confidentiality");
      return;
    }
  for (guint i = 0; i < self->world->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->world->jobs, i);
      const char *place = sandbox_places[job->location->place].name;

      if (g_str_equal (job->visibility, "confidential") ? query.confidential : query.open)
        if (is_in_span (&query.spans[UPDATED], milliseconds (&job->record, job->record.updated))
            && passes (request, "state", get_state (job)) && passes (request, "team", job->department->name)
            && passes (request, "department", job->department->name) && passes (request, "location", place)
            && passes (request, "commitment", get_commitment (job)))
          add_row (rows, &job->record, 0);
    }
  answer_rows (self, &query, ID_POSTING, rows, render_posting_row);
}

static void
list_stages (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxJson *json;
  guint first = 0, end;

  if (!read_query (self, request, key, TRUE, nothing, nothing, &query))
    return;
  if (query.offset != NULL && !find_stage (query.id, &first))
    {
      answer_error (request, 400, "Invalid offset token");
      return;
    }
  end = MIN (first + query.limit, G_N_ELEMENTS (stages));
  json = begin_data ();
  sandbox_json_begin_array (json);
  for (guint i = first; i < end; i++)
    render_stage (json, i);
  sandbox_json_end_array (json);
  sandbox_json_member_boolean (json, "hasNext", end < G_N_ELEMENTS (stages));
  if (end < G_N_ELEMENTS (stages))
    {
      g_autofree char *text = g_strdup_printf ("[%u,1490220060000,\"%s\"]", end, stages[end].id);
      g_autofree char *token = g_uri_escape_string (text, NULL, FALSE);

      sandbox_json_member_string (json, "next", token);
    }
  answer_data (request, 200, json);
}

static void
list_users (SandboxLever   *self,
            SandboxRequest *request,
            const Key      *key,
            const char     *id)
{
  static const char *const filters[] = { "email", "accessRole", "includeDeactivated", NULL };
  g_auto (Query) query = { 0 };
  SandboxJson *json;

  if (!read_query (self, request, key, TRUE, filters, nothing, &query))
    return;
  json = begin_data ();
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->world->users->len; i++)
    {
      SandboxUser *user = g_ptr_array_index (self->world->users, i);

      if (passes (request, "email", user->email) && passes (request, "accessRole", get_role (user)))
        render_user (json, user);
    }
  sandbox_json_end_array (json);
  sandbox_json_member_boolean (json, "hasNext", FALSE);
  answer_data (request, 200, json);
}

static void
list_archive_reasons (SandboxLever   *self,
                      SandboxRequest *request,
                      const Key      *key,
                      const char     *id)
{
  static const char *const filters[] = { "type", NULL };
  g_auto (Query) query = { 0 };
  SandboxJson *json;

  if (!read_query (self, request, key, TRUE, filters, nothing, &query))
    return;
  json = begin_data ();
  sandbox_json_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (archive_reasons); i++)
    if (passes (request, "type", archive_reasons[i].type))
      {
        sandbox_json_begin_object (json);
        sandbox_json_member_string (json, "id", archive_reasons[i].id);
        sandbox_json_member_string (json, "text", archive_reasons[i].text);
        sandbox_json_member_string (json, "status", archive_reasons[i].status);
        sandbox_json_member_string (json, "type", archive_reasons[i].type);
        sandbox_json_end_object (json);
      }
  sandbox_json_end_array (json);
  sandbox_json_member_boolean (json, "hasNext", FALSE);
  answer_data (request, 200, json);
}

/* ---- Single records ---- */

/* (nullable): answered where there is none */
static SandboxApplication *
take_opportunity (SandboxLever   *self,
                  SandboxRequest *request,
                  const Key      *key,
                  const char     *id)
{
  SandboxApplication *application =
    sandbox_world_find (self->world->applications, (guint) read_id (ID_OPPORTUNITY, id));

  if (application == NULL)
    answer_not_found (request, "opportunities", id);
  else if (g_str_equal (application->job->visibility, "confidential") && (key->permissions & CONFIDENTIAL) == 0)
    {
      answer_error (request, 403, "Your API key does not have access to confidential data");
      return NULL;
    }
  return application;
}

static void
get_opportunity (SandboxLever   *self,
                 SandboxRequest *request,
                 const Key      *key,
                 const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxApplication *application;
  SandboxJson *json;

  if (!read_query (self, request, key, FALSE, nothing, opportunity_expansions, &query))
    return;
  application = take_opportunity (self, request, key, id);
  if (application == NULL)
    return;
  json = begin_data ();
  render_opportunity (self, request, json, application, FALSE);
  answer_data (request, 200, json);
}

static void
get_posting (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxJob *job = sandbox_world_find (self->world->jobs, (guint) read_id (ID_POSTING, id));
  SandboxJson *json;

  if (!read_query (self, request, key, FALSE, nothing, user_expansions, &query))
    return;
  if (job == NULL || (g_str_equal (job->visibility, "confidential") && (key->permissions & CONFIDENTIAL) == 0))
    {
      answer_not_found (request, "postings", id);
      return;
    }
  json = begin_data ();
  render_posting (request, json, job);
  answer_data (request, 200, json);
}

static void
get_one_stage (SandboxLever   *self,
               SandboxRequest *request,
               const Key      *key,
               const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxJson *json;
  guint stage;

  if (!read_query (self, request, key, FALSE, nothing, nothing, &query))
    return;
  if (!find_stage (id, &stage))
    {
      answer_not_found (request, "stages", id);
      return;
    }
  json = begin_data ();
  render_stage (json, stage);
  answer_data (request, 200, json);
}

static void
get_user (SandboxLever   *self,
          SandboxRequest *request,
          const Key      *key,
          const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxUser *user = sandbox_world_find (self->world->users, (guint) read_id (ID_USER, id));
  SandboxJson *json;

  if (!read_query (self, request, key, FALSE, nothing, nothing, &query))
    return;
  if (user == NULL)
    {
      answer_not_found (request, "users", id);
      return;
    }
  json = begin_data ();
  render_user (json, user);
  answer_data (request, 200, json);
}

static void
get_contact (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxApplication *found = NULL;
  SandboxJson *json;

  if (!read_query (self, request, key, FALSE, nothing, nothing, &query))
    return;
  for (guint i = 0; found == NULL && i < self->world->applications->len; i++)
    {
      SandboxApplication *application = g_ptr_array_index (self->world->applications, i);
      g_autofree char *contact = make_id (ID_CONTACT, contact_number (application));

      if (g_str_equal (contact, id))
        found = application;
    }
  if (found == NULL)
    {
      answer_not_found (request, "contacts", id);
      return;
    }
  json = begin_data ();
  render_contact (json, found);
  answer_data (request, 200, json);
}

static void
list_notes (SandboxLever   *self,
            SandboxRequest *request,
            const Key      *key,
            const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxApplication *application;
  SandboxJson *json;

  if (!read_query (self, request, key, TRUE, nothing, nothing, &query))
    return;
  application = take_opportunity (self, request, key, id);
  if (application == NULL)
    return;
  json = begin_data ();
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->world->comments->len; i++)
    {
      SandboxComment *comment = g_ptr_array_index (self->world->comments, i);

      if (comment->application == application->record.id)
        render_note (self, json, comment, get_stage (self, application), FALSE);
    }
  sandbox_json_end_array (json);
  sandbox_json_member_boolean (json, "hasNext", FALSE);
  answer_data (request, 200, json);
}

/* ---- Reports ---- */

static void
add_id (JsonObject *data,
        const char *name,
        IdKind      kind,
        guint64     number)
{
  g_autofree char *id = make_id (kind, number);

  json_object_set_string_member (data, name, id);
}

/* Delivers an event with whom it is about, and what else @data (nullable) (transfer full) says. */
static void
report (SandboxLever             *self,
        const char               *event,
        const SandboxApplication *application,
        JsonObject               *data)
{
  g_autoptr (JsonObject) object = data != NULL ? data : json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = NULL;

  add_id (object, "opportunityId", ID_OPPORTUNITY, application->record.id);
  add_id (object, "contactId", ID_CONTACT, contact_number (application));
  if (g_str_equal (event, "applicationCreated"))
    add_id (object, "applicationId", ID_APPLICATION, application->record.id);
  else
    add_id (object, "candidateId", ID_OPPORTUNITY, application->record.id);
  text = json_to_string (node, FALSE);
  sandbox_lever_hooks_deliver (self->hooks, event, sandbox_world_now (self->world) * 1000, text);
}

static void
report_stage_change (SandboxLever             *self,
                     const SandboxApplication *application,
                     guint                     from,
                     guint                     to)
{
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "fromStageId", stages[from].id);
  json_object_set_string_member (data, "toStageId", stages[to].id);
  report (self, "candidateStageChange", application, data);
}

static gboolean
is_end (const SandboxStage *stage)
{
  return g_str_equal (stage->basic_type, "hired") || g_str_equal (stage->basic_type, "rejected");
}

static void
happened_cb (gpointer            data,
             SandboxHappening    happening,
             SandboxApplication *application,
             SandboxStage       *from)
{
  SandboxLever *self = data;

  if (self->quiet)
    return;
  switch (happening)
    {
    case SANDBOX_HAPPENING_ARRIVED:
      report (self, "applicationCreated", application, NULL);
      break;
    case SANDBOX_HAPPENING_MOVED:
      if (is_end (application->stage) != is_end (from))
        report (self, "candidateArchiveChange", application, NULL);
      else if (!is_end (from))
        report_stage_change (self, application, stage_of_name (from->name), stage_of_name (application->stage->name));
      if (g_str_equal (application->stage->basic_type, "hired"))
        report (self, "candidateHired", application, NULL);
      break;
    case SANDBOX_HAPPENING_ERASED:
    default:
      report (self, "candidateDeleted", application, NULL);
      break;
    }
}

/* ---- Writes ---- */

static const char *const write_parameters[] = { "perform_as", NULL };

/* Whether the write may be done on behalf of whom it names; answered where it may not. Lever documents who has to be
 * named, not whether that user's role matters; here it does as with work in the window: interviewers change nothing. */
static gboolean
check_actor (SandboxLever   *self,
             SandboxRequest *request,
             gboolean        required)
{
  const char *actor = sandbox_request_get_parameter (request, "perform_as");
  const SandboxUser *user = actor != NULL ? sandbox_world_find (self->world->users, (guint) read_id (ID_USER, actor))
                                          : NULL;

  if (actor == NULL && required)
    return answer_malformed (self, request, "no-actor", "perform_as is required");
  if (actor != NULL && user == NULL)
    {
      answer_error (request, 400, "perform_as is not an active user");
      return FALSE;
    }
  if (user != NULL && g_str_equal (get_role (user), "interviewer"))
    {
      answer_error (request, 403, "The user does not have permission to perform this action");
      return FALSE;
    }
  return TRUE;
}

/* The opportunity and the body of a write; answered where something is wrong. Free @body. (nullable) */
static SandboxApplication *
begin_write (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id,
             JsonNode      **body)
{
  g_auto (Query) query = { 0 };
  g_autofree char *type = sandbox_request_dup_type (request);

  if (!read_query (self, request, key, FALSE, write_parameters, nothing, &query) || !check_actor (self, request, FALSE))
    return NULL;
  *body = g_strcmp0 (type, "application/json") == 0 ? sandbox_json_parse (request->body, NULL) : NULL;
  if (*body == NULL || !JSON_NODE_HOLDS_OBJECT (*body))
    {
      answer_malformed (self, request, "malformed-body", "not a JSON object");
      return NULL;
    }
  return take_opportunity (self, request, key, id);
}

/* %FALSE and answered where the body has a member that isn't among @names. */
static gboolean
has_only (SandboxLever      *self,
          SandboxRequest    *request,
          JsonObject        *body,
          const char *const *names)
{
  g_autoptr (GList) members = json_object_get_members (body);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (names, member->data))
      return answer_malformed (self, request, "malformed-body", member->data);
  return TRUE;
}

static void
end_write (SandboxLever       *self,
           SandboxRequest     *request,
           const Key          *key,
           const char         *id,
           SandboxApplication *application)
{
  SandboxJson *json = begin_data ();

  sandbox_ledger_add_write (self->ledger, "lever", request->operation, key->key, id, request->body);
  render_opportunity (self, request, json, application, TRUE);
  answer_data (request, 200, json);
}

static SandboxStage *
find_own_stage (SandboxJob *job,
                const char *name)
{
  for (guint i = 0; i < job->stages->len; i++)
    {
      SandboxStage *stage = g_ptr_array_index (job->stages, i);

      if (g_strcmp0 (stage->name, name) == 0)
        return stage;
    }
  return NULL;
}

static void
put_stage (SandboxLever   *self,
           SandboxRequest *request,
           const Key      *key,
           const char     *id)
{
  static const char *const members[] = { "stage", NULL };
  g_autoptr (JsonNode) body = NULL;
  SandboxApplication *application = begin_write (self, request, key, id, &body);
  SandboxStage *own;
  guint stage, from;

  if (application == NULL || !has_only (self, request, json_node_get_object (body), members))
    return;
  if (!find_stage (sandbox_json_get_string (json_node_get_object (body), "stage"), &stage))
    {
      answer_malformed (self, request, "malformed-body", "stage is not a stage of this account");
      return;
    }
  own = is_archived (application) ? NULL : find_own_stage (application->job, stages[stage].name);
  from = get_stage (self, application);
  self->quiet = TRUE;
  if (own != NULL)
    {
      g_hash_table_remove (self->moves, GUINT_TO_POINTER (application->record.id));
      sandbox_world_move (self->world, application, own);
    }
  else
    {
      Move *move = g_new0 (Move, 1);

      move->stage = stage;
      move->from = application->stage;
      g_hash_table_replace (self->moves, GUINT_TO_POINTER (application->record.id), move);
      sandbox_world_move (self->world, application, application->stage);
    }
  self->quiet = FALSE;
  if (from != stage)
    report_stage_change (self, application, from, stage);
  end_write (self, request, key, id, application);
}

static void
change_tags (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id,
             gboolean        add)
{
  static const char *const members[] = { "tags", NULL };
  g_autoptr (JsonNode) body = NULL;
  SandboxApplication *application = begin_write (self, request, key, id, &body);
  JsonArray *tags;

  if (application == NULL || !has_only (self, request, json_node_get_object (body), members))
    return;
  tags = sandbox_json_get_array (json_node_get_object (body), "tags");
  if (tags == NULL || json_array_get_length (tags) == 0)
    {
      answer_malformed (self, request, "malformed-body", "tags is not a filled array");
      return;
    }
  for (guint i = 0; i < json_array_get_length (tags); i++)
    if (!sandbox_json_node_is (json_array_get_element (tags, i), G_TYPE_STRING))
      {
        answer_malformed (self, request, "malformed-body", "tags holds something other than text");
        return;
      }
  for (guint i = 0; i < json_array_get_length (tags); i++)
    {
      const char *name = json_array_get_string_element (tags, i);
      g_autoptr (GPtrArray) present = sandbox_application_get_tags (application);
      g_autofree char *context = NULL;
      g_autofree char *word = g_strdup (name);

      for (guint j = 0; context == NULL && j < present->len; j++)
        {
          const SandboxTag *tag = g_ptr_array_index (present, j);

          if (g_strcmp0 (tag->name, word) == 0)
            context = g_strdup (tag->context);
        }
      if (add)
        sandbox_world_add_tag (self->world, application, word, context != NULL ? context : "custom_green");
      else
        sandbox_world_remove_tag (self->world, application, word, context);
    }
  end_write (self, request, key, id, application);
}

static void
add_tags (SandboxLever   *self,
          SandboxRequest *request,
          const Key      *key,
          const char     *id)
{
  change_tags (self, request, key, id, TRUE);
}

static void
remove_tags (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id)
{
  change_tags (self, request, key, id, FALSE);
}

static void
create_note (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id)
{
  static const char *const members[] = { "value", "secret", "score", "notifyFollowers", "createdAt", NULL };
  g_autoptr (JsonNode) body = NULL;
  SandboxApplication *application = begin_write (self, request, key, id, &body);
  JsonObject *object;
  SandboxComment *comment;
  SandboxJson *json;
  const char *value;

  if (application == NULL)
    return;
  object = json_node_get_object (body);
  if (!has_only (self, request, object, members))
    return;
  value = sandbox_json_get_string (object, "value");
  if (value == NULL || *value == '\0')
    {
      answer_malformed (self, request, "malformed-body", "value is missing");
      return;
    }
  comment = sandbox_world_add_comment (self->world, application->record.id, value,
                                       sandbox_json_get_boolean (object, "secret", FALSE));
  sandbox_ledger_add_write (self->ledger, "lever", request->operation, key->key, id, request->body);
  json = begin_data ();
  render_note (self, json, comment, get_stage (self, application), TRUE);
  answer_data (request, 201, json);
}

static void
put_archived (SandboxLever   *self,
              SandboxRequest *request,
              const Key      *key,
              const char     *id)
{
  static const char *const members[] = { "reason", "cleanInterviews", "requisitionId", NULL };
  g_autoptr (JsonNode) body = NULL;
  SandboxApplication *application = begin_write (self, request, key, id, &body);
  JsonObject *object;
  gpointer number;
  const char *reason;
  guint stage, found = 0;

  if (application == NULL || !has_only (self, request, json_node_get_object (body), members))
    return;
  object = json_node_get_object (body);
  number = GUINT_TO_POINTER (application->record.id);
  if (!json_object_has_member (object, "reason"))
    {
      answer_malformed (self, request, "malformed-body", "reason is missing");
      return;
    }
  reason = sandbox_json_get_string (object, "reason");
  stage = get_stage (self, application);
  if (reason == NULL && !json_object_get_null_member (object, "reason"))
    {
      answer_malformed (self, request, "malformed-body", "reason is no text");
      return;
    }
  if (reason == NULL)
    {
      SandboxStage *own = find_own_stage (application->job, stages[stage].name);

      g_hash_table_remove (self->reasons, number);
      if (is_archived (application))
        sandbox_world_move (self->world, application, own != NULL ? own : g_ptr_array_index (application->job->stages, 0));
    }
  else
    {
      Move *move;

      while (found < G_N_ELEMENTS (archive_reasons) && !g_str_equal (archive_reasons[found].id, reason))
        found++;
      if (found == G_N_ELEMENTS (archive_reasons) || !g_str_equal (archive_reasons[found].status, "active"))
        {
          answer_malformed (self, request, "malformed-body", "reason is no active archive reason");
          return;
        }
      g_hash_table_replace (self->reasons, number, GUINT_TO_POINTER (found + 1));
      for (guint i = 0; i < application->job->stages->len; i++)
        {
          SandboxStage *own = g_ptr_array_index (application->job->stages, i);

          if (g_str_equal (own->basic_type, found == REASON_HIRED ? "hired" : "rejected"))
            {
              sandbox_world_move (self->world, application, own);
              break;
            }
        }
      /* Who is archived stays in their stage. */
      move = g_new0 (Move, 1);
      move->stage = stage;
      move->from = application->stage;
      g_hash_table_replace (self->moves, number, move);
    }
  end_write (self, request, key, id, application);
}

static void
change_links (SandboxLever   *self,
              SandboxRequest *request,
              const Key      *key,
              const char     *id,
              gboolean        add)
{
  static const char *const members[] = { "links", NULL };
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_free);
  SandboxApplication *application = begin_write (self, request, key, id, &body);
  SandboxJson *json;
  JsonArray *links;
  GStrv before;

  if (application == NULL || !has_only (self, request, json_node_get_object (body), members))
    return;
  links = sandbox_json_get_array (json_node_get_object (body), "links");
  if (links == NULL || json_array_get_length (links) == 0)
    {
      answer_malformed (self, request, "malformed-body", "links is not a filled array");
      return;
    }
  before = g_hash_table_lookup (self->links, GUINT_TO_POINTER (application->record.id));
  for (guint i = 0; before != NULL && before[i] != NULL; i++)
    g_ptr_array_add (changed, g_strdup (before[i]));
  for (guint i = 0; i < json_array_get_length (links); i++)
    {
      const char *link = sandbox_json_node_is (json_array_get_element (links, i), G_TYPE_STRING)
                           ? json_array_get_string_element (links, i) : NULL;
      guint index;

      if (link == NULL || *link == '\0')
        {
          answer_malformed (self, request, "malformed-body", "links holds something other than text");
          return;
        }
      if (g_ptr_array_find_with_equal_func (changed, link, g_str_equal, &index))
        {
          if (!add)
            g_ptr_array_remove_index (changed, index);
        }
      else if (add)
        g_ptr_array_add (changed, g_strdup (link));
    }
  g_ptr_array_add (changed, NULL);
  g_hash_table_replace (self->links, GUINT_TO_POINTER (application->record.id),
                        g_strdupv ((char **) changed->pdata));
  sandbox_world_move (self->world, application, application->stage);
  sandbox_ledger_add_write (self->ledger, "lever", request->operation, key->key, id, request->body);
  json = begin_data ();
  /* Other than the rest of the writes, this one answers with the contact's fields (recorded). */
  render_opportunity (self, request, json, application, FALSE);
  answer_data (request, 200, json);
}

static void
add_links (SandboxLever   *self,
           SandboxRequest *request,
           const Key      *key,
           const char     *id)
{
  change_links (self, request, key, id, TRUE);
}

static void
remove_links (SandboxLever   *self,
              SandboxRequest *request,
              const Key      *key,
              const char     *id)
{
  change_links (self, request, key, id, FALSE);
}

/* ---- Files ---- */

static gint64
now_milliseconds (SandboxLever *self)
{
  return sandbox_world_now (self->world) * 1000;
}

static char *
dup_download_url (const char *opportunity,
                  const char *collection,
                  const char *id)
{
  return g_strdup_printf ("https://hire.sandbox.lever.co/candidates/%s/%s/%s/download", opportunity, collection, id);
}

/* Samples print times and sizes as text. */
static void
member_file (SandboxJson *json,
             const char  *name,
             const char  *url,
             gint64       time,
             gsize        size)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *time_text = g_strdup_printf ("%" G_GINT64_FORMAT, time);
  g_autofree char *size_text = g_strdup_printf ("%" G_GSIZE_FORMAT, size);

  sandbox_json_member_string (json, "downloadUrl", url);
  sandbox_json_member_string (json, "ext", dot != NULL ? dot : "");
  sandbox_json_member_string (json, "name", name);
  sandbox_json_member_string (json, "uploadedAt", time_text);
  sandbox_json_member_string (json, "status", "processed");
  sandbox_json_member_string (json, "size", size_text);
}

static void
render_file (SandboxJson              *json,
             const SandboxApplication *application,
             const Upload             *upload)
{
  g_autofree char *opportunity = make_id (ID_OPPORTUNITY, application->record.id);
  g_autofree char *id = make_id (ID_FILE, upload->number);
  g_autofree char *url = dup_download_url (opportunity, "files", id);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  member_file (json, upload->name, url, upload->time, g_bytes_get_size (upload->bytes));
  sandbox_json_end_object (json);
}

static gboolean
is_accepted_file (const char *name)
{
  static const char *const types[] = { "docx", "doc", "js", "jpg", "png", "pdf", "txt", NULL };
  const char *dot = name != NULL ? strrchr (name, '.') : NULL;
  g_autofree char *extension = dot != NULL ? g_ascii_strdown (dot + 1, -1) : NULL;

  return extension != NULL && g_strv_contains (types, extension);
}

static void
upload_file (SandboxLever   *self,
             SandboxRequest *request,
             const Key      *key,
             const char     *id)
{
  g_auto (Query) query = { 0 };
  g_autoptr (GPtrArray) parts = NULL;
  SandboxApplication *application;
  const SandboxPart *part;
  GPtrArray *uploads;
  Upload *upload;
  SandboxJson *json;

  if (!read_query (self, request, key, FALSE, write_parameters, nothing, &query) || !check_actor (self, request, TRUE))
    return;
  parts = sandbox_multipart_parse (request);
  if (parts == NULL || parts->len != 1)
    {
      answer_malformed (self, request, "malformed-body", "not a form with one part");
      return;
    }
  part = g_ptr_array_index (parts, 0);
  if (!g_str_equal (part->name, "file") || !is_accepted_file (part->filename))
    {
      answer_malformed (self, request, "malformed-body", "the part is no file of a type that is taken");
      return;
    }
  application = take_opportunity (self, request, key, id);
  if (application == NULL)
    return;
  uploads = g_hash_table_lookup (self->uploads, GUINT_TO_POINTER (application->record.id));
  if (uploads == NULL)
    {
      uploads = g_ptr_array_new_with_free_func (upload_free);
      g_hash_table_insert (self->uploads, GUINT_TO_POINTER (application->record.id), uploads);
    }
  upload = g_new0 (Upload, 1);
  upload->number = ++self->n_uploads;
  upload->name = g_strdup (part->filename);
  upload->bytes = g_bytes_ref (part->bytes);
  upload->time = now_milliseconds (self);
  g_ptr_array_add (uploads, upload);
  sandbox_ledger_add_write (self->ledger, "lever", request->operation, key->key, id, NULL);
  json = begin_data ();
  render_file (json, application, upload);
  answer_data (request, 201, json);
}

static void
list_files (SandboxLever   *self,
            SandboxRequest *request,
            const Key      *key,
            const char     *id)
{
  static const char *const filters[] = { "uploaded_at_start", "uploaded_at_end", NULL };
  g_auto (Query) query = { 0 };
  SandboxApplication *application;
  GPtrArray *uploads;
  SandboxJson *json;

  if (!read_query (self, request, key, TRUE, filters, nothing, &query))
    return;
  application = take_opportunity (self, request, key, id);
  if (application == NULL)
    return;
  uploads = g_hash_table_lookup (self->uploads, GUINT_TO_POINTER (application->record.id));
  json = begin_data ();
  sandbox_json_begin_array (json);
  for (guint i = 0; uploads != NULL && i < uploads->len; i++)
    render_file (json, application, g_ptr_array_index (uploads, i));
  sandbox_json_end_array (json);
  sandbox_json_member_boolean (json, "hasNext", FALSE);
  answer_data (request, 200, json);
}

static void
download_file (SandboxLever   *self,
               SandboxRequest *request,
               const Key      *key,
               const char     *id)
{
  SandboxApplication *application = take_opportunity (self, request, key, id);
  GPtrArray *uploads;

  if (application == NULL)
    return;
  uploads = g_hash_table_lookup (self->uploads, GUINT_TO_POINTER (application->record.id));
  for (guint i = 0; uploads != NULL && i < uploads->len; i++)
    {
      const Upload *upload = g_ptr_array_index (uploads, i);
      g_autofree char *own = make_id (ID_FILE, upload->number);

      if (g_strcmp0 (own, self->second_id) == 0)
        {
          sandbox_request_answer (request, 200, "application/octet-stream", upload->bytes);
          return;
        }
    }
  answer_not_found (request, "files", self->second_id);
}

static void
list_resumes (SandboxLever   *self,
              SandboxRequest *request,
              const Key      *key,
              const char     *id)
{
  static const char *const filters[] = { "uploaded_at_start", "uploaded_at_end", NULL };
  g_auto (Query) query = { 0 };
  g_autofree char *resume = NULL;
  g_autofree char *name = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GBytes) bytes = NULL;
  SandboxApplication *application;
  SandboxJson *json;
  gint64 time;

  if (!read_query (self, request, key, TRUE, filters, nothing, &query))
    return;
  application = take_opportunity (self, request, key, id);
  if (application == NULL)
    return;
  resume = make_id (ID_RESUME, application->record.id);
  name = sandbox_application_dup_cv_name (application);
  url = dup_download_url (id, "resumes", resume);
  bytes = sandbox_files_make_cv (application);
  time = milliseconds (&application->record, application->record.created);
  json = begin_data ();
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", resume);
  sandbox_json_member_integer (json, "createdAt", time);
  sandbox_json_key (json, "file");
  sandbox_json_begin_object (json);
  member_file (json, name, url, time, g_bytes_get_size (bytes));
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
  sandbox_json_member_boolean (json, "hasNext", FALSE);
  answer_data (request, 200, json);
}

static void
download_resume (SandboxLever   *self,
                 SandboxRequest *request,
                 const Key      *key,
                 const char     *id)
{
  SandboxApplication *application = take_opportunity (self, request, key, id);
  g_autofree char *resume = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (application == NULL)
    return;
  resume = make_id (ID_RESUME, application->record.id);
  if (g_strcmp0 (resume, self->second_id) != 0)
    {
      answer_not_found (request, "resumes", self->second_id);
      return;
    }
  bytes = sandbox_files_make_cv (application);
  sandbox_request_answer (request, 200, "application/pdf", bytes);
}

/* ---- Creating ---- */

/* What a new opportunity is made from, whichever way it came. */
typedef struct
{
  char      *name, *headline, *stage, *resume_name;
  GPtrArray *emails, *phones, *links, *tags, *sources, *postings;
  GBytes    *resume;
} Draft;

static void
draft_init (Draft *draft)
{
  GPtrArray **const arrays[] = { &draft->emails, &draft->phones, &draft->links, &draft->tags, &draft->sources,
                                 &draft->postings };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    *arrays[i] = g_ptr_array_new_with_free_func (g_free);
}

static void
draft_clear (Draft *draft)
{
  g_free (draft->name);
  g_free (draft->headline);
  g_free (draft->stage);
  g_free (draft->resume_name);
  g_ptr_array_unref (draft->emails);
  g_ptr_array_unref (draft->phones);
  g_ptr_array_unref (draft->links);
  g_ptr_array_unref (draft->tags);
  g_ptr_array_unref (draft->sources);
  g_ptr_array_unref (draft->postings);
  g_clear_pointer (&draft->resume, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draft, draft_clear)

/* (nullable): the list that a member of that name fills */
static GPtrArray *
get_draft_array (Draft      *draft,
                 const char *name)
{
  const struct { const char *name; GPtrArray *array; } arrays[] = {
    { "emails", draft->emails }, { "phones", draft->phones }, { "links", draft->links }, { "tags", draft->tags },
    { "sources", draft->sources }, { "postings", draft->postings },
  };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    if (g_str_equal (arrays[i].name, name))
      return arrays[i].array;
  return NULL;
}

/* (nullable): the text that a member of that name sets */
static char **
get_draft_text (Draft      *draft,
                const char *name)
{
  return g_str_equal (name, "name") ? &draft->name
         : g_str_equal (name, "headline") ? &draft->headline
         : g_str_equal (name, "stage") ? &draft->stage : NULL;
}

/* (transfer full) (nullable): of `{value, type?}` */
static char *
dup_phone_value (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
           ? g_strdup (sandbox_json_get_string (json_node_get_object (node), "value")) : NULL;
}

/* Returns: (nullable): what is wrong */
static const char *
read_draft_object (Draft      *draft,
                   JsonObject *object)
{
  /* Documented, and of no consequence here. */
  static const char *const others[] = { "location", "origin", "owner", "followers", "createdAt", "archived",
                                        "contact", "opportunityLocation", NULL };
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &member))
    {
      GPtrArray *array = get_draft_array (draft, name);
      char **text = get_draft_text (draft, name);

      if (text != NULL && sandbox_json_node_is (member, G_TYPE_STRING))
        *text = g_strdup (json_node_get_string (member));
      else if (array != NULL && JSON_NODE_HOLDS_ARRAY (member))
        for (guint i = 0; i < json_array_get_length (json_node_get_array (member)); i++)
          {
            JsonNode *element = json_array_get_element (json_node_get_array (member), i);
            char *value = array == draft->phones ? dup_phone_value (element)
                          : sandbox_json_node_is (element, G_TYPE_STRING) ? g_strdup (json_node_get_string (element))
                                                                          : NULL;

            if (value == NULL)
              return "an array holds something that doesn't belong there";
            g_ptr_array_add (array, value);
          }
      else if (!g_strv_contains (others, name))
        return "a member is unknown or of the wrong type";
    }
  return NULL;
}

/* The same from a form: arrays are `emails[]`. */
static const char *
read_draft_form (Draft     *draft,
                 GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const SandboxPart *part = g_ptr_array_index (parts, i);
      g_autofree char *text = sandbox_part_dup_text (part);
      g_autofree char *name = g_strdup (part->name);
      GPtrArray *array = NULL;

      if (g_str_equal (name, "resumeFile"))
        {
          if (draft->resume != NULL || !is_accepted_file (part->filename))
            return "resumeFile is no file of a type that is taken";
          draft->resume = g_bytes_ref (part->bytes);
          draft->resume_name = g_strdup (part->filename);
          continue;
        }
      if (text == NULL)
        return "a part is no text";
      if (g_str_has_suffix (name, "[]"))
        {
          name[strlen (name) - 2] = '\0';
          array = get_draft_array (draft, name);
          if (array == NULL)
            return "an array is unknown";
        }
      if (array == draft->phones)
        {
          g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
          g_autoptr (JsonNode) node = sandbox_json_parse (bytes, NULL);
          char *value = dup_phone_value (node);

          if (value == NULL)
            return "a phone is no object";
          g_ptr_array_add (array, value);
        }
      else if (array != NULL)
        g_ptr_array_add (array, g_steal_pointer (&text));
      else if (get_draft_text (draft, name) != NULL)
        *get_draft_text (draft, name) = g_steal_pointer (&text);
      else
        return "a part is unknown";
    }
  return NULL;
}

static void
take_over (SandboxLever       *self,
           SandboxApplication *application,
           const Draft        *draft)
{
  const char *space = draft->name != NULL ? strrchr (draft->name, ' ') : NULL;

  if (draft->name != NULL)
    {
      g_autofree char *first = space != NULL ? g_strndup (draft->name, (gsize) (space - draft->name))
                                             : g_strdup (draft->name);

      sandbox_world_set_field (self->world, application, SANDBOX_FIELD_FIRST_NAME, first);
      sandbox_world_set_field (self->world, application, SANDBOX_FIELD_LAST_NAME, space != NULL ? space + 1 : "");
    }
  if (draft->emails->len > 0)
    sandbox_world_set_field (self->world, application, SANDBOX_FIELD_EMAIL, g_ptr_array_index (draft->emails, 0));
  if (draft->phones->len > 0)
    sandbox_world_set_field (self->world, application, SANDBOX_FIELD_PHONE, g_ptr_array_index (draft->phones, 0));
  for (guint i = 0; i < draft->tags->len; i++)
    sandbox_world_add_tag (self->world, application, g_ptr_array_index (draft->tags, i), "custom_green");
  if (draft->links->len > 0)
    {
      g_ptr_array_add (draft->links, NULL);
      g_hash_table_replace (self->links, GUINT_TO_POINTER (application->record.id),
                            g_strdupv ((char **) draft->links->pdata));
    }
  if (draft->resume != NULL)
    sandbox_world_set_cv (self->world, application, draft->resume_name, draft->resume);
}

static void
create_opportunity (SandboxLever   *self,
                    SandboxRequest *request,
                    const Key      *key,
                    const char     *unused)
{
  static const char *const parameters[] = { "perform_as", "parse", "perform_as_posting_owner", NULL };
  g_auto (Query) query = { 0 };
  g_auto (Draft) draft = { 0 };
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (GPtrArray) parts = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *id = NULL;
  const char *wrong;
  SandboxApplication *application;
  SandboxJob *job = NULL;
  SandboxJson *json;
  guint stage = 0;

  draft_init (&draft);
  if (!read_query (self, request, key, FALSE, parameters, nothing, &query) || !check_actor (self, request, TRUE))
    return;
  if (g_strcmp0 (type, "multipart/form-data") == 0)
    {
      parts = sandbox_multipart_parse (request);
      wrong = parts != NULL ? read_draft_form (&draft, parts) : "not a well-formed form";
    }
  else
    {
      body = g_strcmp0 (type, "application/json") == 0 ? sandbox_json_parse (request->body, NULL) : NULL;
      wrong = body != NULL && JSON_NODE_HOLDS_OBJECT (body) ? read_draft_object (&draft, json_node_get_object (body))
                                                            : "not a JSON object";
    }
  if (wrong == NULL && draft.postings->len > 1)
    wrong = "postings holds more than one";
  if (wrong != NULL)
    {
      answer_malformed (self, request, "malformed-body", wrong);
      return;
    }
  if (draft.postings->len == 1)
    {
      job = sandbox_world_find (self->world->jobs, (guint) read_id (ID_POSTING, g_ptr_array_index (draft.postings, 0)));
      if (job == NULL)
        {
          answer_error (request, 400, "postings does not name a posting");
          return;
        }
    }
  if (draft.stage != NULL && !find_stage (draft.stage, &stage))
    {
      answer_error (request, 400, "stage is not a stage of this account");
      return;
    }

  self->quiet = TRUE;
  application = sandbox_world_arrive (self->world, job, NULL);
  self->quiet = FALSE;
  if (application == NULL)
    {
      answer_error (request, 400, "There is no posting");
      return;
    }
  {
    /* New Lead unless another one is given. */
    Move *move = g_new0 (Move, 1);

    move->stage = stage;
    move->from = application->stage;
    g_hash_table_replace (self->moves, GUINT_TO_POINTER (application->record.id), move);
  }
  take_over (self, application, &draft);
  report (self, "applicationCreated", application, NULL);
  id = make_id (ID_OPPORTUNITY, application->record.id);
  sandbox_ledger_add_write (self->ledger, "lever", request->operation, key->key, id, body != NULL ? request->body : NULL);
  json = begin_data ();
  render_opportunity (self, request, json, application, FALSE);
  answer_data (request, 201, json);
}

/* ---- Webhooks ---- */

static void
list_webhooks (SandboxLever   *self,
               SandboxRequest *request,
               const Key      *key,
               const char     *id)
{
  g_auto (Query) query = { 0 };
  SandboxJson *json;

  if (!read_query (self, request, key, FALSE, nothing, nothing, &query))
    return;
  json = begin_data ();
  sandbox_lever_hooks_render (self->hooks, json);
  answer_data (request, 200, json);
}

static void
create_webhook (SandboxLever   *self,
                SandboxRequest *request,
                const Key      *key,
                const char     *id)
{
  g_auto (Query) query = { 0 };
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (JsonNode) body = NULL;
  SandboxJson *json;
  const char *wrong;

  if (!read_query (self, request, key, FALSE, nothing, nothing, &query))
    return;
  body = g_strcmp0 (type, "application/json") == 0 ? sandbox_json_parse (request->body, NULL) : NULL;
  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body))
    {
      answer_malformed (self, request, "malformed-body", "not a JSON object");
      return;
    }
  json = begin_data ();
  wrong = sandbox_lever_hooks_create (self->hooks, json_node_get_object (body), now_milliseconds (self), json);
  if (wrong != NULL)
    {
      sandbox_json_free (json);
      answer_malformed (self, request, "malformed-body", wrong);
      return;
    }
  sandbox_ledger_add_write (self->ledger, "lever", request->operation, key->key, NULL, request->body);
  answer_data (request, 201, json);
}

static void
delete_webhook (SandboxLever   *self,
                SandboxRequest *request,
                const Key      *key,
                const char     *id)
{
  if (!sandbox_lever_hooks_remove (self->hooks, id))
    {
      answer_not_found (request, "webhooks", id);
      return;
    }
  sandbox_ledger_add_write (self->ledger, "lever", request->operation, key->key, id, NULL);
  sandbox_request_answer_text (request, 204, NULL, g_strdup (""));
}

/* ---- The vendor ---- */

typedef struct
{
  const char *operation;
  const char *method;
  const char *path;                 /* `:` stands for an id */
  guint       permission;
  void      (*handle) (SandboxLever *self, SandboxRequest *request, const Key *key, const char *id);
} Endpoint;

static const Endpoint endpoints[] = {
  { "opportunities.list", "GET", "opportunities", FIND_ALL_OPPORTUNITIES, list_opportunities },
  { "opportunities.deleted", "GET", "opportunities/deleted", FIND_DELETED, list_deleted },
  { "opportunities.get", "GET", "opportunities/:", FIND_OPPORTUNITY, get_opportunity },
  { "opportunities.stage", "PUT", "opportunities/:/stage", UPDATE_STAGE, put_stage },
  { "opportunities.add_tags", "POST", "opportunities/:/addTags", ADD_TAGS, add_tags },
  { "opportunities.remove_tags", "POST", "opportunities/:/removeTags", REMOVE_TAGS, remove_tags },
  { "opportunities.create", "POST", "opportunities", CREATE_OPPORTUNITY, create_opportunity },
  { "opportunities.archive", "PUT", "opportunities/:/archived", ARCHIVE, put_archived },
  { "opportunities.add_links", "POST", "opportunities/:/addLinks", CHANGE_LINKS, add_links },
  { "opportunities.remove_links", "POST", "opportunities/:/removeLinks", CHANGE_LINKS, remove_links },
  { "files.list", "GET", "opportunities/:/files", FIND_FILES, list_files },
  { "files.upload", "POST", "opportunities/:/files", UPLOAD_FILE, upload_file },
  { "files.download", "GET", "opportunities/:/files/:/download", FIND_FILES, download_file },
  { "resumes.list", "GET", "opportunities/:/resumes", FIND_RESUMES, list_resumes },
  { "resumes.download", "GET", "opportunities/:/resumes/:/download", FIND_RESUMES, download_resume },
  { "webhooks.list", "GET", "webhooks", FIND_WEBHOOKS, list_webhooks },
  { "webhooks.create", "POST", "webhooks", CHANGE_WEBHOOKS, create_webhook },
  { "webhooks.delete", "DELETE", "webhooks/:", CHANGE_WEBHOOKS, delete_webhook },
  { "notes.list", "GET", "opportunities/:/notes", FIND_NOTES, list_notes },
  { "notes.create", "POST", "opportunities/:/notes", CREATE_NOTE, create_note },
  { "postings.list", "GET", "postings", FIND_ALL_POSTINGS, list_postings },
  { "postings.get", "GET", "postings/:", FIND_POSTING, get_posting },
  { "stages.list", "GET", "stages", FIND_ALL_STAGES, list_stages },
  { "stages.get", "GET", "stages/:", FIND_STAGE, get_one_stage },
  { "users.list", "GET", "users", FIND_USERS, list_users },
  { "users.get", "GET", "users/:", FIND_USERS, get_user },
  { "contacts.get", "GET", "contacts/:", FIND_CONTACT, get_contact },
  { "archive_reasons.list", "GET", "archive_reasons", FIND_ARCHIVE_REASONS, list_archive_reasons },
};

/* @id: the first one in the path; @second_id: (nullable): the second one */
static const Endpoint *
route (SandboxRequest  *request,
       char           **id,
       char           **second_id)
{
  g_auto (GStrv) parts = NULL;

  if (!g_str_has_prefix (request->path, BASE))
    return NULL;
  parts = g_strsplit (request->path + strlen (BASE), "/", -1);
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    {
      g_auto (GStrv) pattern = g_strsplit (endpoints[i].path, "/", -1);
      gboolean matches = g_str_equal (endpoints[i].method, request->method)
                         && g_strv_length (pattern) == g_strv_length (parts);
      const char *found = NULL, *second = NULL;

      for (guint j = 0; matches && pattern[j] != NULL; j++)
        if (g_str_equal (pattern[j], ":") && parts[j][0] != '\0')
          *(found == NULL ? &found : &second) = parts[j];
        else
          matches = g_str_equal (pattern[j], parts[j]);
      if (matches)
        {
          *id = g_strdup (found);
          if (second_id != NULL)
            *second_id = g_strdup (second);
          return &endpoints[i];
        }
    }
  return NULL;
}

static char *
sandbox_lever_dup_operation (SandboxVendor  *vendor,
                             SandboxRequest *request)
{
  g_autofree char *id = NULL;
  const Endpoint *endpoint = route (request, &id, NULL);

  if (sandbox_oauth_get_operation (request) != NULL)
    return g_strdup (sandbox_oauth_get_operation (request));
  return g_strdup (endpoint != NULL ? endpoint->operation : "unknown");
}

static void
sandbox_lever_handle (SandboxVendor  *vendor,
                      SandboxRequest *request)
{
  SandboxLever *self = SANDBOX_LEVER (vendor);
  g_autofree char *shown = sandbox_request_dup_basic (request);
  g_autofree char *token = sandbox_request_dup_bearer (request);
  const char *const *granted = sandbox_oauth_get_scopes (self->oauth, token);
  g_autofree char *id = NULL;
  g_autofree char *second_id = NULL;
  const Endpoint *endpoint = route (request, &id, &second_id);
  Key signed_in = { "signed in", granted != NULL ? permissions_of_scopes (granted) : 0 };
  const Key *key = granted != NULL ? &signed_in : NULL;

  if (sandbox_oauth_get_operation (request) != NULL)
    {
      sandbox_oauth_handle (self->oauth, request);
      return;
    }
  soup_message_headers_replace (request->answer_headers, "x-lever-region", "global");
  soup_message_headers_replace (request->answer_headers, "x-stream-path", "dapi");
  if (endpoint == NULL)
    {
      note_incident (self, request, "no-route", "no such address, or not with this method");
      answer_error (request, 404, NULL);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_strcmp0 (keys[i].key, shown) == 0)
      key = &keys[i];
  if (key == NULL)
    answer_error (request, 401, NULL);
  else if ((key->permissions & endpoint->permission) == 0)
    answer_error (request, 403, NULL);
  else
    {
      self->second_id = second_id;
      endpoint->handle (self, request, key, id);
      self->second_id = NULL;
    }
}

static void
sandbox_lever_answer_failure (SandboxVendor  *vendor,
                              SandboxRequest *request,
                              guint           status)
{
  answer_error (request, status, NULL);
}

static const char *
sandbox_lever_get_kind (SandboxVendor *vendor)
{
  return "lever";
}

static void
sandbox_lever_mount (SandboxVendor *vendor,
                     const char    *origin)
{
  SandboxLever *self = SANDBOX_LEVER (vendor);

  g_autofree char *audience = g_strconcat (origin, "/v1/", NULL);

  g_free (self->origin);
  self->origin = g_strdup (origin);
  sandbox_oauth_mount (self->oauth, origin, audience);
}

static void
sandbox_lever_configure (SandboxVendor *vendor,
                         JsonObject    *settings)
{
  SandboxLever *self = SANDBOX_LEVER (vendor);

  self->page = (guint) CLAMP (sandbox_json_get_integer (settings, "page", self->page), 0, 1000);
  sandbox_oauth_configure (self->oauth, settings);
  sandbox_lever_hooks_configure (self->hooks, settings);
}

static void
sandbox_lever_describe (SandboxVendor *vendor,
                        SandboxJson   *json)
{
  SandboxLever *self = SANDBOX_LEVER (vendor);
  g_autofree char *base = g_strconcat (self->origin, "/v1", NULL);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "kind", "lever");
  sandbox_json_member_string (json, "name", "Sandbox Lever");
  sandbox_json_key (json, "settings");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "base-url", base);
  sandbox_json_end_object (json);
  sandbox_json_key (json, "secrets");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "api-key", keys[0].key);
  sandbox_json_end_object (json);
  /* In place of the key, beside the base address. */
  sandbox_json_key (json, "sign_in");
  sandbox_json_begin_object (json);
  sandbox_oauth_describe (self->oauth, json);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
}

static void
sandbox_lever_forget (SandboxVendor *vendor)
{
  SandboxLever *self = SANDBOX_LEVER (vendor);

  g_hash_table_remove_all (self->moves);
  g_hash_table_remove_all (self->reasons);
  g_hash_table_remove_all (self->links);
  g_hash_table_remove_all (self->uploads);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_lever_get_kind;
  iface->dup_operation = sandbox_lever_dup_operation;
  iface->handle = sandbox_lever_handle;
  iface->answer_failure = sandbox_lever_answer_failure;
  iface->mount = sandbox_lever_mount;
  iface->describe = sandbox_lever_describe;
  iface->configure = sandbox_lever_configure;
  iface->forget = sandbox_lever_forget;
}

static void
sandbox_lever_finalize (GObject *object)
{
  SandboxLever *self = SANDBOX_LEVER (object);

  g_free (self->origin);
  g_clear_pointer (&self->oauth, sandbox_oauth_free);
  g_clear_pointer (&self->hooks, sandbox_lever_hooks_free);
  g_hash_table_unref (self->moves);
  g_hash_table_unref (self->reasons);
  g_hash_table_unref (self->links);
  g_hash_table_unref (self->uploads);
  G_OBJECT_CLASS (sandbox_lever_parent_class)->finalize (object);
}

static void
sandbox_lever_class_init (SandboxLeverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_lever_finalize;
}

static void
sandbox_lever_init (SandboxLever *self)
{
  self->moves = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->reasons = g_hash_table_new (NULL, NULL);
  self->links = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_strfreev);
  self->uploads = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxLever *self = g_object_new (SANDBOX_TYPE_LEVER, NULL);

  self->world = scene->world;
  self->ledger = scene->ledger;
  self->oauth = sandbox_oauth_new ("lever", scene->ledger, scope_names);
  self->hooks = sandbox_lever_hooks_new (scene->ledger);
  sandbox_world_listen (scene->world, happened_cb, self);
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_lever_type = {
  .kind = "lever",
  .make = make,
  .rate = 10,
  .burst = 20,
  .shows_company = TRUE,
};
