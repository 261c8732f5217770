/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's REST API, as its own document and the framework behind it have it, strictly: what the
 * document doesn't name is refused, so that a client is held to what is documented.
 *
 * Keys, all fixed: `sandbox-pinpoint-full-access`, `sandbox-pinpoint-read-only`,
 * `sandbox-pinpoint-no-jobs`, `sandbox-pinpoint-no-applications`, `sandbox-pinpoint-no-comments`,
 * `sandbox-pinpoint-no-custom-fields`, `sandbox-pinpoint-no-custom-attributes` and
 * `sandbox-pinpoint-no-users` (each lacks that category), `sandbox-pinpoint-disabled` (the account's API
 * is switched off), and `sandbox-pinpoint-assessments`, whose account has candidate assessments: what
 * they look like is a guess, as nothing public shows one, and every other account has none.
 *
 * Chosen where no document says: a write needs its category's Write, a wrong verb is 404 as for a
 * route that isn't there, an attribute that may be read but not written is 400, a job that isn't open
 * takes no application (422), and an include of a forbidden category comes as not included. */

#include "config.h"

#include <string.h>

#include "sandbox-files.h"
#include "sandbox-names.h"
#include "sandbox-pinpoint-hooks.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_PINPOINT (sandbox_pinpoint_get_type ())
G_DECLARE_FINAL_TYPE (SandboxPinpoint, sandbox_pinpoint, SANDBOX, PINPOINT, GObject)

#define MEDIA_TYPE "application/vnd.api+json"
#define BASE "/api/v1/"
#define PAGES "/admin/jobs/"

struct _SandboxPinpoint
{
  GObject        parent_instance;

  SandboxWorld  *world;
  SandboxLedger *ledger;
  SandboxFiles  *files;
  SandboxPinpointHooks *hooks;
  char          *origin;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxPinpoint, sandbox_pinpoint, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

/* ---- Keys ---- */

typedef enum
{
  CATEGORY_APPLICATION,
  CATEGORY_COMMENT,
  CATEGORY_CUSTOM_ATTRIBUTE,
  CATEGORY_CUSTOM_FIELD,
  CATEGORY_DEPARTMENT,
  CATEGORY_HIRING_WORKFLOW,
  CATEGORY_JOB,
  CATEGORY_LOCATION,
  CATEGORY_USER,
  N_CATEGORIES
} Category;

typedef enum { NONE, READ, WRITE } Access;

typedef struct
{
  const char *key;
  gboolean    enabled;
  Access      access[N_CATEGORIES];
  gboolean    assessments;
} Key;

#define ALL(access) { access, access, access, access, access, access, access, access, access }
static const Key keys[] = {
  { "sandbox-pinpoint-full-access", TRUE, ALL (WRITE), FALSE },
  { "sandbox-pinpoint-read-only", TRUE, ALL (READ), FALSE },
  { "sandbox-pinpoint-no-applications", TRUE, { NONE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE },
    FALSE },
  { "sandbox-pinpoint-no-comments", TRUE, { WRITE, NONE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE },
    FALSE },
  { "sandbox-pinpoint-no-custom-attributes", TRUE,
    { WRITE, WRITE, NONE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE }, FALSE },
  { "sandbox-pinpoint-no-custom-fields", TRUE,
    { WRITE, WRITE, WRITE, NONE, WRITE, WRITE, WRITE, WRITE, WRITE }, FALSE },
  { "sandbox-pinpoint-no-jobs", TRUE, { WRITE, WRITE, WRITE, WRITE, WRITE, WRITE, NONE, WRITE, WRITE }, FALSE },
  { "sandbox-pinpoint-no-users", TRUE, { WRITE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE, WRITE, NONE }, FALSE },
  { "sandbox-pinpoint-assessments", TRUE, ALL (WRITE), TRUE },
  { "sandbox-pinpoint-disabled", FALSE, ALL (WRITE), FALSE },
};

/* ---- Resources ---- */

typedef struct _Resource Resource;
typedef struct _Render Render;
typedef struct _Document Document;

typedef enum
{
  FILTER_ID,
  FILTER_TEXT,        /* a part of it, in any case */
  FILTER_CHOICE,
  FILTER_BOOLEAN,
  FILTER_TIME         /* with [gt] or [lt] */
} FilterKind;

typedef struct
{
  const char        *name;
  FilterKind         kind;
  const char *const *choices;
} FilterSpec;

typedef struct
{
  const FilterSpec *spec;
  GStrv             values;
  GHashTable       *ids;
  gboolean          has_after, has_before;
  gint64            after, before;
} Filter;

struct _Resource
{
  const char        *type;
  Category           category;
  const char        *verbs;              /* of L G C U */
  const char *const *includes;
  const char *const *extras;
  const FilterSpec  *filters;
  GPtrArray       *(*records) (SandboxPinpoint *self);
  gboolean         (*matches) (SandboxPinpoint *self,
                               gpointer         record,
                               const Filter    *filter);
  void             (*attributes) (Render   *render,
                                  gpointer  record);
  void             (*relationships) (Render     *render,
                                     gpointer    record,
                                     const char *path);
  gpointer         (*create) (SandboxPinpoint *self,
                              SandboxRequest  *request,
                              Document        *document);
  gboolean         (*update) (SandboxPinpoint *self,
                              SandboxRequest  *request,
                              Document        *document,
                              gpointer         record);
};

static const Resource *find_resource (const char *type);

/* ---- Failures ---- */

static void
begin_errors (SandboxJson *json)
{
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "errors");
  sandbox_json_begin_array (json);
}

static void
end_errors (SandboxRequest *request,
            guint           status,
            SandboxJson    *json)
{
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, MEDIA_TYPE, json);
}

static void
answer_error (SandboxRequest *request,
              guint           status,
              const char     *detail)
{
  static const struct { guint status; const char *title, *code, *detail; } texts[] = {
    { 400, "Bad Request", "bad_request", "Malformed query params" },
    { 401, "Unauthorized", "unauthorized", "Invalid API key" },
    { 403, "Forbidden", "forbidden", "You are not authorized to perform this action" },
    { 404, "Not Found", "not_found", "Record not found" },
    { 409, "Conflict", "conflict", "Record is in use" },
    { 415, "Unsupported Media Type", "unsupported_media_type", "Unsupported media type" },
    { 422, "Validation Error", "unprocessable_entity", "Record is invalid" },
    { 429, "Too Many Requests", "too_many_requests", "Rate limit exceeded" },
    { 500, "Internal Server Error", "internal_server_error",
      "We've notified our engineers and hope to address this issue shortly." },
  };
  SandboxJson *json = sandbox_json_new ();
  guint found = G_N_ELEMENTS (texts) - 1;
  g_autofree char *number = g_strdup_printf ("%u", status);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].status == status)
      found = i;
  begin_errors (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "title", texts[found].title);
  sandbox_json_member_string (json, "code", texts[found].code);
  sandbox_json_member_string (json, "status", number);
  sandbox_json_member_string (json, "detail", detail != NULL ? detail : texts[found].detail);
  sandbox_json_end_object (json);
  end_errors (request, status, json);
}

static void
note_incident (SandboxPinpoint *self,
               SandboxRequest  *request,
               const char      *kind,
               const char      *what)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->path, what);

  sandbox_ledger_add_incident (self->ledger, "pinpoint", kind, detail);
}

static void
answer_malformed (SandboxPinpoint *self,
                  SandboxRequest  *request,
                  const char      *what)
{
  note_incident (self, request, "malformed-query", what);
  answer_error (request, 400, NULL);
}

/* The framework's answer to a member of a body that it doesn't take. */
static void
answer_bad_member (SandboxPinpoint *self,
                   SandboxRequest  *request,
                   const char      *member,
                   const char      *message,
                   const char      *code)
{
  SandboxJson *json = sandbox_json_new ();
  g_autofree char *detail = g_strdup_printf ("%s %s", member, message);
  g_autofree char *pointer = g_strdelimit (g_strdup (member), ".", '/');

  note_incident (self, request, "malformed-body", detail);
  begin_errors (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "code", "bad_request");
  sandbox_json_member_string (json, "status", "400");
  sandbox_json_member_string (json, "title", "Request Error");
  sandbox_json_member_string (json, "detail", detail);
  sandbox_json_key (json, "source");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "pointer", pointer);
  sandbox_json_end_object (json);
  sandbox_json_key (json, "meta");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "attribute", member);
  sandbox_json_member_string (json, "message", message);
  sandbox_json_member_string (json, "code", code);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  end_errors (request, 400, json);
}

/* @attribute is one that the record has; @relationship says that it is one of those instead. */
static void
answer_invalid (SandboxRequest *request,
                const char     *attribute,
                gboolean        relationship,
                const char     *message,
                const char     *code)
{
  SandboxJson *json = sandbox_json_new ();
  g_autofree char *title = g_strdelimit (g_strdup (attribute), "_", ' ');
  g_autofree char *detail = NULL;
  g_autofree char *pointer
    = g_strdup_printf ("/data/%s/%s", relationship ? "relationships" : "attributes", attribute);

  title[0] = g_ascii_toupper (title[0]);
  detail = g_strdup_printf ("%s %s", title, message);
  begin_errors (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "code", "unprocessable_entity");
  sandbox_json_member_string (json, "status", "422");
  sandbox_json_member_string (json, "title", "Validation Error");
  sandbox_json_member_string (json, "detail", detail);
  sandbox_json_key (json, "source");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "pointer", pointer);
  sandbox_json_end_object (json);
  sandbox_json_key (json, "meta");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "attribute", attribute);
  sandbox_json_member_string (json, "message", message);
  sandbox_json_member_string (json, "code", code);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  end_errors (request, 422, json);
}

/* ---- Rendering ---- */

struct _Render
{
  SandboxPinpoint *self;
  const Key       *key;
  SandboxJson     *json;
  GHashTable      *includes;      /* set of dotted paths, each with all that lead to it */
  GHashTable      *extras;        /* set of `type.name` */
  GHashTable      *fields;        /* type → set of names */
  GHashTable      *seen;          /* set of `type id` that are primary or waiting */
  GQueue           waiting;       /* of Waiting */
  GHashTable      *chosen;        /* not owned: the fields wanted of the type at hand, or NULL for all */
};

typedef struct
{
  const Resource *resource;
  gpointer        record;
  char           *path;
} Waiting;

static gboolean
wants (Render     *render,
       const char *name)
{
  return render->chosen == NULL || g_hash_table_contains (render->chosen, name);
}

static gboolean
wants_extra (Render     *render,
             const char *type,
             const char *name)
{
  g_autofree char *both = g_strdup_printf ("%s.%s", type, name);

  return g_hash_table_contains (render->extras, both);
}

static void
attribute (Render     *render,
           const char *name,
           const char *value)
{
  if (wants (render, name))
    sandbox_json_member_string (render->json, name, value);
}

static void
attribute_id (Render     *render,
              const char *name,
              guint       id)
{
  if (wants (render, name))
    sandbox_json_member_id (render->json, name, id);
}

static void
attribute_time (Render     *render,
                const char *name,
                gint64      time)
{
  if (wants (render, name))
    sandbox_json_member_time (render->json, name, time);
}

static void
attribute_boolean (Render     *render,
                   const char *name,
                   gboolean    value)
{
  if (wants (render, name))
    sandbox_json_member_boolean (render->json, name, value);
}

static void
attribute_integer (Render     *render,
                   const char *name,
                   gint64      value)
{
  if (wants (render, name))
    sandbox_json_member_integer (render->json, name, value);
}

static void
attribute_times (Render        *render,
                 SandboxRecord *record)
{
  attribute_time (render, "created_at", record->created);
  attribute_time (render, "updated_at", record->updated);
}

static char *
join_path (const char *path,
           const char *name)
{
  return path != NULL ? g_strdup_printf ("%s.%s", path, name) : g_strdup (name);
}

static void
write_linkage (Render         *render,
               const Resource *resource,
               gpointer        record,
               const char     *path)
{
  guint id = ((SandboxRecord *) record)->id;
  char *identity = g_strdup_printf ("%s %u", resource->type, id);

  sandbox_json_begin_object (render->json);
  sandbox_json_member_string (render->json, "type", resource->type);
  sandbox_json_member_id (render->json, "id", id);
  sandbox_json_end_object (render->json);
  if (g_hash_table_add (render->seen, identity))
    {
      Waiting *waiting = g_new0 (Waiting, 1);

      waiting->resource = resource;
      waiting->record = record;
      waiting->path = g_strdup (path);
      g_queue_push_tail (&render->waiting, waiting);
    }
}

/* Whether the relationship is to be shown with its data; else it is written as not included. */
static gboolean
begin_relationship (Render         *render,
                    const char     *name,
                    const Resource *resource,
                    const char     *full)
{
  if (!wants (render, name))
    return FALSE;
  sandbox_json_key (render->json, name);
  sandbox_json_begin_object (render->json);
  if (resource != NULL && g_hash_table_contains (render->includes, full)
      && render->key->access[resource->category] >= READ)
    {
      sandbox_json_key (render->json, "data");
      return TRUE;
    }
  sandbox_json_key (render->json, "meta");
  sandbox_json_begin_object (render->json);
  sandbox_json_member_boolean (render->json, "included", FALSE);
  sandbox_json_end_object (render->json);
  sandbox_json_end_object (render->json);
  return FALSE;
}

static void
relate_one (Render     *render,
            const char *path,
            const char *name,
            const char *type,
            gpointer    record)
{
  const Resource *resource = find_resource (type);
  g_autofree char *full = join_path (path, name);

  if (!begin_relationship (render, name, resource, full))
    return;
  if (record != NULL)
    write_linkage (render, resource, record, full);
  else
    sandbox_json_null (render->json);
  sandbox_json_end_object (render->json);
}

/* @records: (nullable): none */
static void
relate_many (Render     *render,
             const char *path,
             const char *name,
             const char *type,
             GPtrArray  *records)
{
  const Resource *resource = find_resource (type);
  g_autofree char *full = join_path (path, name);

  if (!begin_relationship (render, name, resource, full))
    return;
  sandbox_json_begin_array (render->json);
  for (guint i = 0; records != NULL && i < records->len; i++)
    write_linkage (render, resource, g_ptr_array_index (records, i), full);
  sandbox_json_end_array (render->json);
  sandbox_json_end_object (render->json);
}

/* A relationship that the sandbox has nothing for and that can't be included. */
static void
relate_never (Render     *render,
              const char *name)
{
  begin_relationship (render, name, NULL, "");
}

static void
render_record (Render         *render,
               const Resource *resource,
               gpointer        record,
               const char     *path)
{
  sandbox_json_begin_object (render->json);
  sandbox_json_member_id (render->json, "id", ((SandboxRecord *) record)->id);
  sandbox_json_member_string (render->json, "type", resource->type);
  render->chosen = g_hash_table_lookup (render->fields, resource->type);
  sandbox_json_key (render->json, "attributes");
  sandbox_json_begin_object (render->json);
  resource->attributes (render, record);
  sandbox_json_end_object (render->json);
  if (resource->relationships != NULL)
    {
      sandbox_json_key (render->json, "relationships");
      sandbox_json_begin_object (render->json);
      resource->relationships (render, record, path);
      sandbox_json_end_object (render->json);
    }
  sandbox_json_end_object (render->json);
}

static void
see (Render         *render,
     const Resource *resource,
     gpointer        record)
{
  g_hash_table_add (render->seen, g_strdup_printf ("%s %u", resource->type, ((SandboxRecord *) record)->id));
}

static void
render_included (Render *render)
{
  Waiting *waiting = g_queue_pop_head (&render->waiting);

  if (waiting == NULL)
    return;
  sandbox_json_key (render->json, "included");
  sandbox_json_begin_array (render->json);
  for (; waiting != NULL; waiting = g_queue_pop_head (&render->waiting))
    {
      render_record (render, waiting->resource, waiting->record, waiting->path);
      g_free (waiting->path);
      g_free (waiting);
    }
  sandbox_json_end_array (render->json);
}

static void
render_clear (Render *render)
{
  g_clear_pointer (&render->json, sandbox_json_free);
  g_hash_table_unref (render->includes);
  g_hash_table_unref (render->extras);
  g_hash_table_unref (render->fields);
  g_hash_table_unref (render->seen);
}

static void
render_init (Render          *render,
             SandboxPinpoint *self,
             const Key       *key)
{
  memset (render, 0, sizeof *render);
  render->self = self;
  render->key = key;
  render->json = sandbox_json_new ();
  render->includes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  render->extras = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  render->fields
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  render->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&render->waiting);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Render, render_clear)

/* ---- Bodies ---- */

struct _Document
{
  JsonNode   *root;
  JsonObject *attributes;        /* never NULL */
  JsonObject *relationships;     /* never NULL */
  JsonArray  *included;          /* nullable */
};

static void
document_clear (Document *document)
{
  g_clear_pointer (&document->root, json_node_unref);
  g_clear_pointer (&document->attributes, json_object_unref);
  g_clear_pointer (&document->relationships, json_object_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static gboolean
members_are (SandboxPinpoint   *self,
             SandboxRequest    *request,
             JsonObject        *object,
             const char        *prefix,
             const char *const *known)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      {
        g_autofree char *whole = g_strconcat (prefix, member->data, NULL);

        answer_bad_member (self, request, whole, "is an unknown attribute", "unknown_attribute");
        return FALSE;
      }
  return TRUE;
}

/* Checks the envelope. @id is the one of the address, %NULL for a new record. */
static gboolean
read_document (SandboxPinpoint *self,
               SandboxRequest  *request,
               const Resource  *resource,
               const char      *id,
               Document        *document)
{
  static const char *const top[] = { "data", "included", "meta", NULL };
  static const char *const inner[]
    = { "id", "type", "attributes", "relationships", "temp-id", "method", NULL };
  g_autofree char *type = sandbox_request_dup_type (request);
  JsonObject *data;

  if (g_strcmp0 (type, MEDIA_TYPE) != 0 && g_strcmp0 (type, "application/json") != 0)
    {
      note_incident (self, request, "media-type", type != NULL ? type : "(none)");
      answer_error (request, 415, NULL);
      return FALSE;
    }
  document->root = sandbox_json_parse (request->body, NULL);
  if (document->root == NULL || !JSON_NODE_HOLDS_OBJECT (document->root))
    {
      note_incident (self, request, "malformed-body", "not a JSON object");
      answer_error (request, 400, "Malformed request body");
      return FALSE;
    }
  if (!members_are (self, request, json_node_get_object (document->root), "", top))
    return FALSE;
  data = sandbox_json_get_object (json_node_get_object (document->root), "data");
  document->included = sandbox_json_get_array (json_node_get_object (document->root), "included");
  if (data == NULL)
    {
      answer_bad_member (self, request, "data", "is missing", "missing");
      return FALSE;
    }
  if (!members_are (self, request, data, "data.", inner))
    return FALSE;
  if (g_strcmp0 (sandbox_json_get_string (data, "type"), resource->type) != 0)
    {
      answer_bad_member (self, request, "data.type", "is not the type of this address", "invalid_type");
      return FALSE;
    }
  if (json_object_has_member (data, "id")
      && (id == NULL || g_strcmp0 (sandbox_json_get_string (data, "id"), id) != 0))
    {
      answer_bad_member (self, request, "data.id", "is not the id of this address", "invalid_id");
      return FALSE;
    }
  if ((json_object_has_member (data, "attributes") && sandbox_json_get_object (data, "attributes") == NULL)
      || (json_object_has_member (data, "relationships")
          && sandbox_json_get_object (data, "relationships") == NULL))
    {
      answer_bad_member (self, request, "data", "has members that are not objects", "invalid_type");
      return FALSE;
    }
  document->attributes = json_object_has_member (data, "attributes")
                           ? json_object_ref (sandbox_json_get_object (data, "attributes"))
                           : json_object_new ();
  document->relationships = json_object_has_member (data, "relationships")
                              ? json_object_ref (sandbox_json_get_object (data, "relationships"))
                              : json_object_new ();
  return TRUE;
}

/* Each attribute of the document is among @writable and has a value of a kind it takes: strings, unless
 * @others says otherwise by name. */
static gboolean
check_attributes (SandboxPinpoint   *self,
                  SandboxRequest    *request,
                  Document          *document,
                  const char *const *writable,
                  const char *const *others,
                  const char *const *readable)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, document->attributes);
  while (json_object_iter_next (&iter, &name, &value))
    {
      g_autofree char *member = g_strconcat ("data.attributes.", name, NULL);

      if (others != NULL && g_strv_contains (others, name))
        continue;
      if (!g_strv_contains (writable, name))
        {
          if (readable != NULL && g_strv_contains (readable, name))
            answer_bad_member (self, request, member, "cannot be written", "unwritable_attribute");
          else
            answer_bad_member (self, request, member, "is an unknown attribute", "unknown_attribute");
          return FALSE;
        }
      if (!JSON_NODE_HOLDS_NULL (value) && !sandbox_json_node_is (value, G_TYPE_STRING))
        {
          answer_bad_member (self, request, member, "should be type string", "type_error");
          return FALSE;
        }
    }
  return TRUE;
}

/* (nullable): the id of a to-one relationship of that type; answers where it is there and wrong. */
static gboolean
read_relationship (SandboxPinpoint   *self,
                   SandboxRequest    *request,
                   Document          *document,
                   const char        *name,
                   const char *const *types,
                   const char       **type,
                   const char       **id)
{
  JsonObject *relationship = sandbox_json_get_object (document->relationships, name);
  JsonObject *data = sandbox_json_get_object (relationship, "data");

  *id = NULL;
  if (!json_object_has_member (document->relationships, name))
    return TRUE;
  *id = sandbox_json_get_string (data, "id");
  *type = sandbox_json_get_string (data, "type");
  if (*id == NULL || *type == NULL || !g_strv_contains (types, *type))
    {
      g_autofree char *member = g_strconcat ("data.relationships.", name, NULL);

      answer_bad_member (self, request, member, "is not a link to a record of its type",
                         "invalid_relationship");
      return FALSE;
    }
  return TRUE;
}

static gboolean
relationships_are (SandboxPinpoint   *self,
                   SandboxRequest    *request,
                   Document          *document,
                   const char *const *known)
{
  g_autoptr (GList) members = json_object_get_members (document->relationships);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      {
        g_autofree char *whole = g_strconcat ("data.relationships.", member->data, NULL);

        answer_bad_member (self, request, whole, "is an unknown relationship", "unknown_relationship");
        return FALSE;
      }
  return TRUE;
}

static gboolean
is_blank (JsonObject *object,
          const char *name)
{
  const char *value = sandbox_json_get_string (object, name);

  return value == NULL || value[strspn (value, " \t\r\n")] == '\0';
}

/* ---- Filters in common ---- */

static gboolean
matches_id (const Filter *filter,
            guint         id)
{
  return g_hash_table_contains (filter->ids, GUINT_TO_POINTER (id));
}

static gboolean
matches_choice (const Filter *filter,
                const char   *value)
{
  return g_strv_contains ((const char *const *) filter->values, value);
}

static gboolean
matches_boolean (const Filter *filter,
                 gboolean      value)
{
  return g_strv_contains ((const char *const *) filter->values, value ? "true" : "false");
}

static gboolean
matches_text (const Filter *filter,
              const char   *value)
{
  g_autofree char *folded = g_utf8_casefold (value, -1);

  for (guint i = 0; filter->values[i] != NULL; i++)
    {
      g_autofree char *wanted = g_utf8_casefold (filter->values[i], -1);

      if (strstr (folded, wanted) != NULL)
        return TRUE;
    }
  return FALSE;
}

static gboolean
matches_time (const Filter *filter,
              gint64        time)
{
  return (!filter->has_after || time > filter->after) && (!filter->has_before || time < filter->before);
}

static const char *const boolean_choices[] = { "true", "false", NULL };
static const char *const visibilities[] = { "external", "internal", "confidential", NULL };
static const char *const locales[] = { "de", "en", "es", "fr", "pt", "pt-BR", NULL };
static const char *const nothing[] = { NULL };

#define TIME_FILTERS { "created_at", FILTER_TIME, NULL }, { "updated_at", FILTER_TIME, NULL }, { NULL }
#define IS(filter, wanted) g_str_equal ((filter)->spec->name, wanted)

static gboolean
matches_record (const Filter  *filter,
                SandboxRecord *record)
{
  return matches_time (filter, IS (filter, "created_at") ? record->created : record->updated);
}

/* ---- Jobs and stages ---- */

static const char *const job_includes[] = {
  "custom_attributes", "department", "division", "hiring_manager_user", "location", "questions",
  "recruitment_manager_user", "stages", "structure_custom_group_one", NULL
};
static const char *const job_statuses[] = { "draft", "open", "closed", "archived", "pending_approval", NULL };
static const char *const employment_types[] = {
  "full_time", "part_time", "contract", "temporary", "internship", "volunteer", "fixed_term", NULL
};
static const char *const workplace_types[] = { "onsite", "hybrid", "remote", NULL };
static const FilterSpec job_filters[] = {
  { "status", FILTER_CHOICE, job_statuses },
  { "visibility", FILTER_CHOICE, visibilities },
  { "employment_type", FILTER_CHOICE, employment_types },
  { "workplace_type", FILTER_CHOICE, workplace_types },
  { "remote", FILTER_BOOLEAN, boolean_choices },
  { "search", FILTER_TEXT, NULL },
  { "requisition_id", FILTER_TEXT, NULL },
  { "department_id", FILTER_ID, NULL },
  { "department_name", FILTER_TEXT, NULL },
  { "location_id", FILTER_ID, NULL },
  { "location_name", FILTER_TEXT, NULL },
  { "hiring_manager_user_id", FILTER_ID, NULL },
  { "recruitment_manager_user_id", FILTER_ID, NULL },
  TIME_FILTERS
};

static GPtrArray *
job_records (SandboxPinpoint *self)
{
  return self->world->jobs;
}

static gboolean
job_matches (SandboxPinpoint *self,
             gpointer         record,
             const Filter    *filter)
{
  SandboxJob *job = record;

  if (IS (filter, "status"))
    return matches_choice (filter, job->status);
  if (IS (filter, "visibility"))
    return matches_choice (filter, job->visibility);
  if (IS (filter, "employment_type"))
    return matches_choice (filter, job->employment_type);
  if (IS (filter, "workplace_type"))
    return matches_choice (filter, job->workplace_type);
  if (IS (filter, "remote"))
    return matches_boolean (filter, g_str_equal (job->workplace_type, "remote"));
  if (IS (filter, "search"))
    return matches_text (filter, job->title);
  if (IS (filter, "requisition_id"))
    return matches_text (filter, job->requisition_id);
  if (IS (filter, "department_id"))
    return matches_id (filter, job->department->record.id);
  if (IS (filter, "department_name"))
    return matches_text (filter, job->department->name);
  if (IS (filter, "location_id"))
    return matches_id (filter, job->location->record.id);
  if (IS (filter, "location_name"))
    return matches_text (filter, sandbox_places[job->location->place].name);
  if (IS (filter, "hiring_manager_user_id"))
    return matches_id (filter, job->hiring_manager->record.id);
  if (IS (filter, "recruitment_manager_user_id"))
    return matches_id (filter, job->recruiter->record.id);
  return matches_record (filter, record);
}

/* `full_time` as `Full Time` */
static char *
title_case (const char *word)
{
  char *title = g_strdelimit (g_strdup (word), "_", ' ');

  for (char *at = title; *at != '\0'; at++)
    if (at == title || at[-1] == ' ')
      *at = g_ascii_toupper (*at);
  return title;
}

static void
job_attributes (Render   *render,
                gpointer  record)
{
  SandboxJob *job = record;
  const SandboxPlace *place = &sandbox_places[job->location->place];
  g_autofree char *description = g_strdup_printf ("<div>%s</div>", job->duties);
  g_autofree char *form
    = g_strdup_printf ("%s/en/jobs/%u/applications/new", render->self->origin, job->record.id);
  g_autofree char *url = g_strdup_printf ("%s/en/jobs/%u", render->self->origin, job->record.id);
  g_autofree char *path = g_strdup_printf ("/en/jobs/%u", job->record.id);
  g_autofree char *pay
    = g_strdup_printf ("%s %u – %u / year", place->currency, job->pay, job->pay + job->pay / 5);
  g_autofree char *employment = title_case (job->employment_type);
  g_autofree char *workplace = title_case (job->workplace_type);

  attribute (render, "title", job->title);
  attribute (render, "description", description);
  attribute_times (render, &job->record);
  attribute (render, "application_form_url", form);
  attribute (render, "benefits", "<div>Twenty-eight days of holiday<br>A desk you choose</div>");
  attribute (render, "benefits_header", "Benefits");
  attribute (render, "compensation", pay);
  /* Pinpoint writes this number sometimes as a string, so both occur here. */
  if (job->record.id % 3 == 0)
    {
      g_autofree char *minimum = g_strdup_printf ("%u.0", job->pay);

      attribute (render, "compensation_minimum", minimum);
    }
  else
    attribute_integer (render, "compensation_minimum", job->pay);
  attribute_integer (render, "compensation_maximum", job->pay + job->pay / 5);
  attribute (render, "compensation_currency", place->currency);
  attribute (render, "compensation_frequency", "year");
  attribute_boolean (render, "compensation_visible", TRUE);
  attribute_time (render, "deadline_at", 0);
  attribute (render, "employment_type", job->employment_type);
  attribute (render, "employment_type_text", employment);
  attribute (render, "key_responsibilities", description);
  attribute (render, "key_responsibilities_header", "Key Responsibilities");
  attribute_time (render, "opened_at", g_str_equal (job->status, "draft") ? 0 : job->opened);
  attribute_boolean (render, "remote", g_str_equal (job->workplace_type, "remote"));
  attribute (render, "reporting_to", job->hiring_manager->last_name);
  attribute (render, "requisition_id", job->requisition_id);
  attribute (render, "skills_knowledge_expertise", "<ul><li>Curiosity</li><li>Clear writing</li></ul>");
  attribute (render, "skills_knowledge_expertise_header", "Skills, Knowledge and Expertise");
  attribute (render, "status", job->status);
  attribute (render, "visibility", job->visibility);
  attribute (render, "url", url);
  attribute (render, "path", path);
  attribute (render, "workplace_type", job->workplace_type);
  attribute (render, "workplace_type_text", workplace);
}

/* (transfer container) */
static GPtrArray *
attributes_of (SandboxPinpoint *self,
               const char      *owner_type,
               guint            owner)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < self->world->custom_attributes->len; i++)
    {
      SandboxCustomAttribute *custom = g_ptr_array_index (self->world->custom_attributes, i);

      if (custom->owner == owner && g_str_equal (custom->owner_type, owner_type))
        g_ptr_array_add (found, custom);
    }
  return found;
}

static void
job_relationships (Render     *render,
                   gpointer    record,
                   const char *path)
{
  SandboxJob *job = record;
  g_autoptr (GPtrArray) custom = attributes_of (render->self, "jobs", job->record.id);

  relate_one (render, path, "department", "departments", job->department);
  relate_one (render, path, "division", "departments", NULL);
  relate_one (render, path, "location", "locations", job->location);
  relate_one (render, path, "structure_custom_group_one", "departments", NULL);
  relate_one (render, path, "hiring_manager_user", "users", job->hiring_manager);
  relate_one (render, path, "recruitment_manager_user", "users", job->recruiter);
  relate_never (render, "applications");
  relate_many (render, path, "questions", "jobs", NULL);
  relate_many (render, path, "custom_attributes", "custom_attributes", custom);
  relate_many (render, path, "stages", "stages", job->stages);
}

static void
stage_attributes (Render   *render,
                  gpointer  record)
{
  SandboxStage *stage = record;

  attribute (render, "description", NULL);
  attribute_times (render, &stage->record);
  attribute (render, "name", stage->name);
  attribute (render, "external_name", NULL);
  attribute_boolean (render, "visible", TRUE);
  attribute_integer (render, "position", stage->position);
  attribute (render, "basic_type", stage->basic_type);
}

static void
stage_relationships (Render     *render,
                     gpointer    record,
                     const char *path)
{
  relate_never (render, "stageable");
  relate_never (render, "applications");
}

/* ---- Applications ---- */

static const char *const application_includes[] = {
  "answers", "comments", "custom_attributes", "job", "offers", "stage", NULL
};
static const char *const application_extras[] = { "attachments", "average_rating", "tags", NULL };
static const char *const basic_types[]
  = { "applied", "rejected", "review", "interview", "hired", "offer", NULL };
static const FilterSpec application_filters[] = {
  { "internal_candidate", FILTER_BOOLEAN, boolean_choices },
  { "job_id", FILTER_ID, NULL },
  { "job_visibility", FILTER_CHOICE, visibilities },
  { "stage_basic_type", FILTER_CHOICE, basic_types },
  { "stage_id", FILTER_ID, NULL },
  { "locale", FILTER_CHOICE, locales },
  TIME_FILTERS
};
static const char *const application_readable[] = { "full_name",
                                                    "job_id",
                                                    "stage_id",
                                                    "created_at",
                                                    "updated_at",
                                                    "hired_at",
                                                    "rejected_at",
                                                    "internal_candidate",
                                                    "channel",
                                                    "channel_source",
                                                    "concealed",
                                                    "is_demo",
                                                    "attachments",
                                                    "average_rating",
                                                    "tags",
                                                    "summary",
                                                    "cv_base64_filename",
                                                    "cv_base64_data",
                                                    NULL };

static GPtrArray *
application_records (SandboxPinpoint *self)
{
  return self->world->applications;
}

static gboolean
application_matches (SandboxPinpoint *self,
                     gpointer         record,
                     const Filter    *filter)
{
  SandboxApplication *application = record;

  if (IS (filter, "internal_candidate"))
    return matches_boolean (filter, FALSE);
  if (IS (filter, "job_id"))
    return matches_id (filter, application->job->record.id);
  if (IS (filter, "job_visibility"))
    return matches_choice (filter, application->job->visibility);
  if (IS (filter, "stage_basic_type"))
    return matches_choice (filter, application->stage->basic_type);
  if (IS (filter, "stage_id"))
    return matches_id (filter, application->stage->record.id);
  if (IS (filter, "locale"))
    {
      g_autofree char *locale = sandbox_application_dup_field (application, SANDBOX_FIELD_LOCALE);

      return matches_choice (filter, locale != NULL ? locale : "en");
    }
  return matches_record (filter, record);
}

static void
write_attachment (SandboxJson *json,
                  const char  *context,
                  const char  *filename,
                  const char  *url)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "context", context);
  sandbox_json_member_string (json, "filename", filename);
  sandbox_json_member_string (json, "url", url);
  sandbox_json_end_object (json);
}

static void
application_attributes (Render   *render,
                        gpointer  record)
{
  SandboxApplication *application = record;
  g_autofree char *first = sandbox_application_dup_field (application, SANDBOX_FIELD_FIRST_NAME);
  g_autofree char *last = sandbox_application_dup_field (application, SANDBOX_FIELD_LAST_NAME);
  g_autofree char *full = g_strdup_printf ("%s %s", first != NULL ? first : "", last != NULL ? last : "");

  for (guint i = 0; i < SANDBOX_N_FIELDS; i++)
    if (wants (render, sandbox_field_names[i]))
      {
        g_autofree char *value = sandbox_application_dup_field (application, i);

        attribute (render, sandbox_field_names[i], value);
      }
  attribute (render, "full_name", full);
  attribute_times (render, &application->record);
  attribute_time (render, "hired_at", sandbox_application_get_hired (application));
  attribute_time (render, "rejected_at", sandbox_application_get_rejected (application));
  attribute_boolean (render, "internal_candidate", FALSE);
  attribute_id (render, "job_id", application->job->record.id);
  attribute_id (render, "stage_id", application->stage->record.id);
  attribute_boolean (render, "is_demo", FALSE);
  attribute (render, "channel", sandbox_sources[application->source].channel);
  attribute (render, "channel_source", sandbox_sources[application->source].source);
  attribute_boolean (render, "concealed", FALSE);

  if (wants_extra (render, "applications", "tags"))
    {
      g_autoptr (GPtrArray) tags = sandbox_application_get_tags (application);

      sandbox_json_key (render->json, "tags");
      sandbox_json_begin_array (render->json);
      for (guint i = 0; i < tags->len; i++)
        {
          SandboxTag *tag = g_ptr_array_index (tags, i);

          sandbox_json_begin_object (render->json);
          sandbox_json_member_string (render->json, "context", tag->context);
          sandbox_json_member_string (render->json, "name", tag->name);
          sandbox_json_end_object (render->json);
        }
      sandbox_json_end_array (render->json);
    }
  if (wants_extra (render, "applications", "attachments"))
    {
      g_autofree char *filename = sandbox_application_dup_cv_name (application);
      g_autofree char *url = sandbox_files_dup_url (render->self->files, application);

      sandbox_json_key (render->json, "attachments");
      sandbox_json_begin_array (render->json);
      write_attachment (render->json, "cv", filename, url);
      write_attachment (render->json, "pdf_cv", filename, url);
      sandbox_json_end_array (render->json);
    }
  if (wants_extra (render, "applications", "average_rating"))
    {
      sandbox_json_key (render->json, "average_rating");
      if (application->serial % 5 == 0)
        sandbox_json_integer (render->json, 1 + application->serial / 5 % 5);
      else
        sandbox_json_null (render->json);
    }
}

static void
application_relationships (Render     *render,
                           gpointer    record,
                           const char *path)
{
  SandboxApplication *application = record;
  guint id = application->record.id;
  g_autoptr (GPtrArray) custom = attributes_of (render->self, "applications", id);
  g_autoptr (GPtrArray) comments = g_ptr_array_new ();

  for (guint i = 0; i < render->self->world->comments->len; i++)
    {
      SandboxComment *comment = g_ptr_array_index (render->self->world->comments, i);

      if (comment->application == id)
        g_ptr_array_add (comments, comment);
    }
  relate_one (render, path, "job", "jobs", application->job);
  relate_one (render, path, "stage", "stages", application->stage);
  relate_never (render, "onboarding_application");
  relate_many (render, path, "offers", "applications", NULL);
  relate_many (render, path, "answers", "applications", NULL);
  relate_many (render, path, "custom_attributes", "custom_attributes", custom);
  relate_never (render, "scorecard_ratings");
  relate_never (render, "scorecard_notes");
  relate_never (render, "scorecard_answers");
  relate_many (render, path, "comments", "comments", comments);
}

static gboolean
is_writable_field (const char *name)
{
  for (guint i = 0; i < SANDBOX_N_FIELDS; i++)
    if (g_str_equal (sandbox_field_names[i], name))
      return TRUE;
  return FALSE;
}

static SandboxField
field_of (const char *name)
{
  for (guint i = 0; i < SANDBOX_N_FIELDS; i++)
    if (g_str_equal (sandbox_field_names[i], name))
      return i;
  return SANDBOX_N_FIELDS;
}

static gboolean
is_email (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at != text && at[1] != '\0' && strchr (at + 1, '@') == NULL
         && strpbrk (text, " \t\r\n") == NULL;
}

static gboolean
check_tag (SandboxPinpoint *self,
           SandboxRequest  *request,
           const char      *member,
           JsonNode        *node)
{
  static const char *const known[] = { "tag", "context", NULL };
  g_autofree char *prefix = g_strconcat (member, ".", NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
      || sandbox_json_get_string (json_node_get_object (node), "tag") == NULL
      || sandbox_json_get_string (json_node_get_object (node), "context") == NULL)
    {
      answer_bad_member (self, request, member, "should be an object with tag and context", "type_error");
      return FALSE;
    }
  return members_are (self, request, json_node_get_object (node), prefix, known);
}

/* (nullable): the stage of the document's relationship; answers and returns %FALSE where it is wrong. */
static gboolean
read_stage (SandboxPinpoint  *self,
            SandboxRequest   *request,
            Document         *document,
            SandboxJob       *job,
            SandboxStage    **stage)
{
  static const char *const types[] = { "stages", NULL };
  const char *type, *id;

  *stage = NULL;
  if (!read_relationship (self, request, document, "stage", types, &type, &id))
    return FALSE;
  if (id == NULL)
    return TRUE;
  *stage = g_hash_table_lookup (self->world->stages, GUINT_TO_POINTER (sandbox_id_from_string (id)));
  if (*stage == NULL)
    {
      answer_error (request, 404, NULL);
      return FALSE;
    }
  if ((*stage)->owner != &job->record)
    {
      answer_invalid (request, "stage", TRUE, "must belong to the application's job", "invalid");
      return FALSE;
    }
  return TRUE;
}

static gboolean
application_update (SandboxPinpoint *self,
                    SandboxRequest  *request,
                    Document        *document,
                    gpointer         record)
{
  static const char *const tags[] = {
    "add_tag_with_context", "add_tags_with_context", "remove_tag_with_context", NULL
  };
  static const char *const relationships[] = { "stage", NULL };
  SandboxApplication *application = record;
  SandboxStage *stage;
  JsonArray *added = sandbox_json_get_array (document->attributes, "add_tags_with_context");
  JsonNode *added_one = json_object_get_member (document->attributes, "add_tag_with_context");
  JsonNode *removed = json_object_get_member (document->attributes, "remove_tag_with_context");
  const char *writable[SANDBOX_N_FIELDS + 1] = { NULL };
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  for (guint i = 0, n = 0; i < SANDBOX_N_FIELDS; i++)
    if (i != SANDBOX_FIELD_SUMMARY)
      writable[n++] = sandbox_field_names[i];
  if (!check_attributes (self, request, document, writable, tags, application_readable)
      || !relationships_are (self, request, document, relationships)
      || !read_stage (self, request, document, application->job, &stage))
    return FALSE;
  if (json_object_has_member (document->attributes, "add_tags_with_context") && added == NULL)
    {
      answer_bad_member (self, request, "data.attributes.add_tags_with_context", "should be type array",
                         "type_error");
      return FALSE;
    }
  for (guint i = 0; added != NULL && i < json_array_get_length (added); i++)
    if (!check_tag (self, request, "data.attributes.add_tags_with_context",
                    json_array_get_element (added, i)))
      return FALSE;
  if ((added_one != NULL && !check_tag (self, request, "data.attributes.add_tag_with_context", added_one))
      || (removed != NULL && !check_tag (self, request, "data.attributes.remove_tag_with_context", removed)))
    return FALSE;
  for (guint i = SANDBOX_FIELD_FIRST_NAME; i <= SANDBOX_FIELD_EMAIL; i++)
    if (json_object_has_member (document->attributes, sandbox_field_names[i])
        && is_blank (document->attributes, sandbox_field_names[i]))
      {
        answer_invalid (request, sandbox_field_names[i], FALSE, "can't be blank", "blank");
        return FALSE;
      }
  if (json_object_has_member (document->attributes, "email")
      && !is_email (sandbox_json_get_string (document->attributes, "email")))
    {
      answer_invalid (request, "email", FALSE, "is invalid", "invalid");
      return FALSE;
    }

  json_object_iter_init (&iter, document->attributes);
  while (json_object_iter_next (&iter, &name, &value))
    if (is_writable_field (name))
      sandbox_world_set_field (self->world, application, field_of (name),
                               JSON_NODE_HOLDS_NULL (value) ? NULL : json_node_get_string (value));
  for (guint i = 0; added != NULL && i < json_array_get_length (added); i++)
    {
      JsonObject *tag = json_array_get_object_element (added, i);

      sandbox_world_add_tag (self->world, application, sandbox_json_get_string (tag, "tag"),
                             sandbox_json_get_string (tag, "context"));
    }
  if (added_one != NULL)
    sandbox_world_add_tag (self->world, application,
                           sandbox_json_get_string (json_node_get_object (added_one), "tag"),
                           sandbox_json_get_string (json_node_get_object (added_one), "context"));
  if (removed != NULL)
    sandbox_world_remove_tag (self->world, application,
                              sandbox_json_get_string (json_node_get_object (removed), "tag"),
                              sandbox_json_get_string (json_node_get_object (removed), "context"));
  if (stage != NULL)
    sandbox_world_move (self->world, application, stage);
  return TRUE;
}

/* (nullable): what a data URL holds, `data:application/pdf;base64,…` */
static GBytes *
decode_data_url (const char *url)
{
  const char *comma = strchr (url, ',');
  const char *data;
  gsize length, size;
  guchar *decoded;

  if (!g_str_has_prefix (url, "data:") || comma == NULL || comma - url < 7
      || strncmp (comma - 7, ";base64", 7) != 0)
    return NULL;
  data = comma + 1;
  length = strspn (data, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
  if (length == 0 || data[length] != '\0' || length % 4 != 0)
    return NULL;
  decoded = g_base64_decode (data, &size);
  return g_bytes_new_take (decoded, size);
}

/* Answers come as new records beside the application: each link must name one that is there. */
static gboolean
check_answers (SandboxPinpoint *self,
               SandboxRequest  *request,
               Document        *document)
{
  JsonObject *relationship = sandbox_json_get_object (document->relationships, "answers");
  JsonArray *links = sandbox_json_get_array (relationship, "data");

  if (!json_object_has_member (document->relationships, "answers"))
    return TRUE;
  for (guint i = 0; links != NULL && i < json_array_get_length (links); i++)
    {
      JsonNode *link = json_array_get_element (links, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (link) ? json_node_get_object (link) : NULL;
      const char *temporary = sandbox_json_get_string (object, "temp-id");
      gboolean found = FALSE;

      for (guint j = 0; document->included != NULL && j < json_array_get_length (document->included); j++)
        {
          JsonNode *other = json_array_get_element (document->included, j);

          found = found || (JSON_NODE_HOLDS_OBJECT (other) && temporary != NULL
                            && g_strcmp0 (sandbox_json_get_string (json_node_get_object (other), "temp-id"),
                                          temporary) == 0
                            && g_strcmp0 (sandbox_json_get_string (json_node_get_object (other), "type"),
                                          "answers") == 0);
        }
      if (!found || g_strcmp0 (sandbox_json_get_string (object, "method"), "create") != 0
          || g_strcmp0 (sandbox_json_get_string (object, "type"), "answers") != 0)
        links = NULL;
    }
  if (links == NULL)
    answer_bad_member (self, request, "data.relationships.answers", "has a link without its record",
                       "invalid_relationship");
  return links != NULL;
}

static gpointer
application_create (SandboxPinpoint *self,
                    SandboxRequest  *request,
                    Document        *document)
{
  static const char *const others[] = { "skip_notifications_on_create", NULL };
  static const char *const relationships[] = { "job", "stage", "answers", NULL };
  static const char *const job_types[] = { "jobs", NULL };
  const char *writable[SANDBOX_N_FIELDS + 3] = { NULL };
  JsonNode *skip = json_object_get_member (document->attributes, "skip_notifications_on_create");
  const char *filename = sandbox_json_get_string (document->attributes, "cv_base64_filename");
  const char *data = sandbox_json_get_string (document->attributes, "cv_base64_data");
  g_autoptr (GBytes) cv = NULL;
  SandboxApplication *application;
  const char *type, *job_id;
  SandboxStage *stage;
  SandboxJob *job;

  memcpy (writable, sandbox_field_names, sizeof sandbox_field_names);
  writable[SANDBOX_N_FIELDS] = "cv_base64_filename";
  writable[SANDBOX_N_FIELDS + 1] = "cv_base64_data";
  if (!check_attributes (self, request, document, writable, others, application_readable)
      || !relationships_are (self, request, document, relationships)
      || !read_relationship (self, request, document, "job", job_types, &type, &job_id)
      || !check_answers (self, request, document))
    return NULL;
  if (skip != NULL && !sandbox_json_node_is (skip, G_TYPE_BOOLEAN))
    {
      answer_bad_member (self, request, "data.attributes.skip_notifications_on_create",
                         "should be type boolean", "type_error");
      return NULL;
    }
  for (guint i = SANDBOX_FIELD_FIRST_NAME; i <= SANDBOX_FIELD_EMAIL; i++)
    if (is_blank (document->attributes, sandbox_field_names[i]))
      {
        answer_invalid (request, sandbox_field_names[i], FALSE, "can't be blank", "blank");
        return NULL;
      }
  if (!is_email (sandbox_json_get_string (document->attributes, "email")))
    {
      answer_invalid (request, "email", FALSE, "is invalid", "invalid");
      return NULL;
    }
  if (job_id == NULL)
    {
      answer_invalid (request, "job", TRUE, "must exist", "blank");
      return NULL;
    }
  job = sandbox_world_find (self->world->jobs, sandbox_id_from_string (job_id));
  if (job == NULL)
    {
      answer_error (request, 404, NULL);
      return NULL;
    }
  if (!g_str_equal (job->status, "open"))
    {
      answer_invalid (request, "job", TRUE, "is not open for applications", "invalid");
      return NULL;
    }
  if (!read_stage (self, request, document, job, &stage))
    return NULL;
  if (data != NULL || filename != NULL)
    {
      cv = data != NULL ? decode_data_url (data) : NULL;
      if (cv == NULL || filename == NULL || *filename == '\0')
        {
          answer_invalid (request, "cv", FALSE, "is invalid", "invalid");
          return NULL;
        }
    }

  application = sandbox_world_arrive (self->world, job, stage);
  for (guint i = 0; i < SANDBOX_N_FIELDS; i++)
    sandbox_world_set_field (self->world, application, i,
                             sandbox_json_get_string (document->attributes, sandbox_field_names[i]));
  if (!json_object_has_member (document->attributes, "locale"))
    sandbox_world_set_field (self->world, application, SANDBOX_FIELD_LOCALE, "en");
  if (cv != NULL)
    sandbox_world_set_cv (self->world, application, filename, cv);
  return application;
}

/* ---- Comments ---- */

static const char *const comment_includes[] = { "commentable", "user", NULL };
static const char *const commentable_types[] = { "Application", "JobSeeker", NULL };
static const FilterSpec comment_filters[] = {
  { "commentable_id", FILTER_ID, NULL },
  { "commentable_type", FILTER_CHOICE, commentable_types },
  TIME_FILTERS
};

static GPtrArray *
comment_records (SandboxPinpoint *self)
{
  return self->world->comments;
}

static gboolean
comment_matches (SandboxPinpoint *self,
                 gpointer         record,
                 const Filter    *filter)
{
  SandboxComment *comment = record;

  if (IS (filter, "commentable_id"))
    return matches_id (filter, comment->application);
  if (IS (filter, "commentable_type"))
    return matches_choice (filter, "Application");
  return matches_record (filter, record);
}

static void
comment_attributes (Render   *render,
                    gpointer  record)
{
  SandboxComment *comment = record;

  attribute (render, "body_text", comment->body_text);
  attribute_id (render, "commentable_id", comment->application);
  attribute (render, "commentable_type", "Application");
  attribute_times (render, &comment->record);
  attribute_boolean (render, "private_comment", comment->private_comment);
  attribute_id (render, "user_id", comment->user->record.id);
}

static void
comment_relationships (Render     *render,
                       gpointer    record,
                       const char *path)
{
  SandboxComment *comment = record;

  relate_one (render, path, "user", "users", comment->user);
  relate_one (render, path, "commentable", "applications",
              sandbox_world_find (render->self->world->applications, comment->application));
}

static gpointer
comment_create (SandboxPinpoint *self,
                SandboxRequest  *request,
                Document        *document)
{
  static const char *const writable[] = { "body_text", NULL };
  static const char *const others[] = { "private_comment", NULL };
  static const char *const readable[] = {
    "commentable_id", "commentable_type", "user_id", "created_at", "updated_at", NULL
  };
  static const char *const relationships[] = { "commentable", NULL };
  static const char *const types[] = { "applications", "job_seekers", NULL };
  JsonNode *private_comment = json_object_get_member (document->attributes, "private_comment");
  const char *type, *id;

  if (!check_attributes (self, request, document, writable, others, readable)
      || !relationships_are (self, request, document, relationships)
      || !read_relationship (self, request, document, "commentable", types, &type, &id))
    return NULL;
  if (private_comment != NULL && !sandbox_json_node_is (private_comment, G_TYPE_BOOLEAN))
    {
      answer_bad_member (self, request, "data.attributes.private_comment", "should be type boolean",
                         "type_error");
      return NULL;
    }
  if (is_blank (document->attributes, "body_text"))
    {
      answer_invalid (request, "body_text", FALSE, "can't be blank", "blank");
      return NULL;
    }
  if (id == NULL)
    {
      answer_invalid (request, "commentable", TRUE, "must exist", "blank");
      return NULL;
    }
  if (!g_str_equal (type, "applications") || sandbox_world_find_application (self->world, id) == NULL)
    {
      answer_error (request, 404, NULL);
      return NULL;
    }
  return sandbox_world_add_comment (
    self->world, sandbox_id_from_string (id), sandbox_json_get_string (document->attributes, "body_text"),
    sandbox_json_get_boolean (document->attributes, "private_comment", FALSE));
}

/* ---- Custom fields and attributes ---- */

static const char *const field_types[] = {
  "boolean", "date", "decimal", "integer", "multi_select", "single_select", "text", "varchar", NULL
};
static const char *const resource_types[] = {
  "application", "candidate", "job", "job_template", "job_seeker", "offer", "position", NULL
};
static const FilterSpec no_filters[] = { { NULL } };

static GPtrArray *
field_records (SandboxPinpoint *self)
{
  return self->world->custom_fields;
}

static void
write_strings (SandboxJson *json,
               GStrv        strings)
{
  sandbox_json_begin_array (json);
  for (guint i = 0; strings[i] != NULL; i++)
    sandbox_json_string (json, strings[i]);
  sandbox_json_end_array (json);
}

static void
field_attributes (Render   *render,
                  gpointer  record)
{
  SandboxCustomField *field = record;
  g_autofree char *reference = g_strdup_printf ("custom_field_%u", field->record.id);

  attribute (render, "description", field->description);
  attribute_times (render, &field->record);
  attribute (render, "field_type", field->field_type);
  attribute (render, "name", field->name);
  if (wants (render, "options"))
    {
      sandbox_json_key (render->json, "options");
      write_strings (render->json, field->options);
    }
  attribute_integer (render, "position", 0);
  attribute_boolean (render, "required", field->required);
  attribute (render, "resource_type", field->resource_type);
  attribute (render, "sample_value", field->sample_value);
  attribute (render, "unique_reference", reference);
}

static gpointer
field_create (SandboxPinpoint *self,
              SandboxRequest  *request,
              Document        *document)
{
  static const char *const writable[]
    = { "name", "description", "field_type", "resource_type", "sample_value", NULL };
  static const char *const others[] = { "options", "required", NULL };
  static const char *const readable[] = { "position", "unique_reference", "created_at", "updated_at", NULL };
  JsonArray *options = sandbox_json_get_array (document->attributes, "options");
  JsonNode *required = json_object_get_member (document->attributes, "required");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  const char *field_type, *resource_type;

  if (!check_attributes (self, request, document, writable, others, readable)
      || !relationships_are (self, request, document, nothing))
    return NULL;
  if ((json_object_has_member (document->attributes, "options") && options == NULL)
      || (required != NULL && !sandbox_json_node_is (required, G_TYPE_BOOLEAN)))
    {
      answer_bad_member (self, request, "data.attributes", "has options or required of a wrong type",
                         "type_error");
      return NULL;
    }
  for (guint i = 0; options != NULL && i < json_array_get_length (options); i++)
    if (sandbox_json_node_is (json_array_get_element (options, i), G_TYPE_STRING))
      g_strv_builder_add (builder, json_array_get_string_element (options, i));
  list = g_strv_builder_end (builder);
  if (is_blank (document->attributes, "name"))
    {
      answer_invalid (request, "name", FALSE, "can't be blank", "blank");
      return NULL;
    }
  field_type = sandbox_json_get_string (document->attributes, "field_type");
  resource_type = sandbox_json_get_string (document->attributes, "resource_type");
  if (field_type == NULL || !g_strv_contains (field_types, field_type))
    {
      answer_invalid (request, "field_type", FALSE, "is not included in the list", "inclusion");
      return NULL;
    }
  if (resource_type == NULL || !g_strv_contains (resource_types, resource_type))
    {
      answer_invalid (request, "resource_type", FALSE, "is not included in the list", "inclusion");
      return NULL;
    }
  if (g_str_has_suffix (field_type, "_select") && list[0] == NULL)
    {
      answer_invalid (request, "options", FALSE, "can't be blank", "blank");
      return NULL;
    }
  return sandbox_world_add_field (self->world, sandbox_json_get_string (document->attributes, "name"),
                                  sandbox_json_get_string (document->attributes, "description"), field_type,
                                  resource_type, list,
                                  sandbox_json_get_string (document->attributes, "sample_value"),
                                  sandbox_json_get_boolean (document->attributes, "required", FALSE));
}

static const char *const attribute_includes[] = { "custom_attributable", "custom_field", NULL };
static const char *const attributable_types[] = {
  "Application", "Job", "JobTemplate", "JobSeeker", "Offer", NULL
};
static const FilterSpec attribute_filters[] = {
  { "custom_attributable_id", FILTER_ID, NULL },
  { "custom_attributable_type", FILTER_CHOICE, attributable_types },
  TIME_FILTERS
};

static GPtrArray *
attribute_records (SandboxPinpoint *self)
{
  return self->world->custom_attributes;
}

static gboolean
attribute_matches (SandboxPinpoint *self,
                   gpointer         record,
                   const Filter    *filter)
{
  SandboxCustomAttribute *custom = record;

  if (IS (filter, "custom_attributable_id"))
    return matches_id (filter, custom->owner);
  if (IS (filter, "custom_attributable_type"))
    return matches_choice (filter, g_str_equal (custom->owner_type, "jobs") ? "Job" : "Application");
  return matches_record (filter, record);
}

static void
attribute_attributes (Render   *render,
                      gpointer  record)
{
  SandboxCustomAttribute *custom = record;

  attribute (render, "value", custom->value);
  attribute (render, "field_name", custom->field->name);
  attribute_times (render, &custom->record);
}

static void
attribute_relationships (Render     *render,
                         gpointer    record,
                         const char *path)
{
  SandboxCustomAttribute *custom = record;
  gboolean job = g_str_equal (custom->owner_type, "jobs");

  relate_one (render, path, "custom_field", "custom_fields", custom->field);
  relate_one (
    render, path, "custom_attributable", job ? "jobs" : "applications",
    sandbox_world_find (job ? render->self->world->jobs : render->self->world->applications, custom->owner));
}

/* (nullable): the value as it is read, a string; answers and returns %NULL where it doesn't fit the field. */
static char *
read_value (SandboxPinpoint    *self,
            SandboxRequest     *request,
            Document           *document,
            SandboxCustomField *field)
{
  static const char *const members[] = { "boolean_value", "date_value",         "decimal_value",
                                         "integer_value", "multi_select_value", "single_select_value",
                                         "text_value",    "varchar_value",      NULL };
  g_autofree char *expected = g_strconcat (field->field_type, "_value", NULL);
  JsonNode *node = json_object_get_member (document->attributes, expected);
  GType type
    = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  g_autofree char *value = NULL;
  gint64 time;

  if (!check_attributes (self, request, document, nothing, members, NULL))
    return NULL;
  if (node == NULL || json_object_get_size (document->attributes) != 1)
    {
      answer_invalid (request, expected, FALSE, "can't be blank", "blank");
      return NULL;
    }
  if (g_str_equal (field->field_type, "boolean") && type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (g_str_equal (field->field_type, "integer") && type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (g_str_equal (field->field_type, "decimal") && (type == G_TYPE_DOUBLE || type == G_TYPE_INT64))
    {
      char digits[G_ASCII_DTOSTR_BUF_SIZE];

      return g_strdup (g_ascii_formatd (digits, sizeof digits, "%.10g", json_node_get_double (node)));
    }
  if (g_str_equal (field->field_type, "multi_select") && JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      GString *joined = g_string_new (NULL);
      guint n = json_array_get_length (array);

      for (guint i = 0; i < n; i++)
        {
          JsonNode *element = json_array_get_element (array, i);

          if (!sandbox_json_node_is (element, G_TYPE_STRING)
              || !g_strv_contains ((const char *const *) field->options, json_node_get_string (element)))
            {
              g_string_free (joined, TRUE);
              answer_invalid (request, expected, FALSE, "is not included in the list", "inclusion");
              return NULL;
            }
          if (i > 0)
            g_string_append (joined, i + 1 < n ? ", " : n > 2 ? ", and " : " and ");
          g_string_append (joined, json_node_get_string (element));
        }
      return g_string_free (joined, FALSE);
    }
  if (type == G_TYPE_STRING)
    {
      value = g_strdup (json_node_get_string (node));
      if (g_str_equal (field->field_type, "single_select")
          && !g_strv_contains ((const char *const *) field->options, value))
        {
          answer_invalid (request, expected, FALSE, "is not included in the list", "inclusion");
          return NULL;
        }
      if (g_str_equal (field->field_type, "text") || g_str_equal (field->field_type, "varchar")
          || g_str_equal (field->field_type, "single_select")
          || (g_str_equal (field->field_type, "date") && sandbox_time_from_string (value, &time)))
        return g_steal_pointer (&value);
    }
  answer_bad_member (self, request, "data.attributes", "has a value of a wrong type", "type_error");
  return NULL;
}

static gpointer
attribute_create (SandboxPinpoint *self,
                  SandboxRequest  *request,
                  Document        *document)
{
  static const char *const relationships[] = { "custom_attributable", "custom_field", NULL };
  static const char *const owners[] = { "applications", "jobs", NULL };
  static const char *const fields[] = { "custom_fields", NULL };
  const char *owner_type, *owner_id, *field_type, *field_id;
  g_autofree char *value = NULL;
  g_autofree char *expected = NULL;
  SandboxCustomField *field;
  gpointer owner;

  if (!relationships_are (self, request, document, relationships)
      || !read_relationship (self, request, document, "custom_field", fields, &field_type, &field_id)
      || !read_relationship (self, request, document, "custom_attributable", owners, &owner_type, &owner_id))
    return NULL;
  if (field_id == NULL || owner_id == NULL)
    {
      answer_invalid (request, field_id == NULL ? "custom_field" : "custom_attributable", TRUE, "must exist",
                      "blank");
      return NULL;
    }
  field = sandbox_world_find (self->world->custom_fields, sandbox_id_from_string (field_id));
  owner
    = sandbox_world_find (g_str_equal (owner_type, "jobs") ? self->world->jobs : self->world->applications,
                          sandbox_id_from_string (owner_id));
  if (field == NULL || owner == NULL)
    {
      answer_error (request, 404, NULL);
      return NULL;
    }
  expected = g_strconcat (field->resource_type, "s", NULL);
  if (!g_str_equal (expected, owner_type))
    {
      answer_invalid (request, "custom_field", TRUE, "is not for records of this kind", "invalid");
      return NULL;
    }
  for (guint i = 0; i < self->world->custom_attributes->len; i++)
    {
      SandboxCustomAttribute *other = g_ptr_array_index (self->world->custom_attributes, i);

      if (other->field == field && other->owner == sandbox_id_from_string (owner_id)
          && g_str_equal (other->owner_type, owner_type))
        {
          answer_invalid (request, "custom_field", TRUE, "has already been taken", "taken");
          return NULL;
        }
    }
  value = read_value (self, request, document, field);
  if (value == NULL)
    return NULL;
  return sandbox_world_add_attribute (self->world, field, owner_type, sandbox_id_from_string (owner_id),
                                      value);
}

static gboolean
attribute_update (SandboxPinpoint *self,
                  SandboxRequest  *request,
                  Document        *document,
                  gpointer         record)
{
  SandboxCustomAttribute *custom = record;
  g_autofree char *value = NULL;

  if (!relationships_are (self, request, document, nothing))
    return FALSE;
  value = read_value (self, request, document, custom->field);
  if (value == NULL)
    return FALSE;
  sandbox_world_set_attribute (self->world, custom, value);
  return TRUE;
}

/* ---- What else hangs off a job ---- */

static const FilterSpec time_filters[] = { TIME_FILTERS };
static const FilterSpec user_filters[] = { { "employee", FILTER_BOOLEAN, boolean_choices }, TIME_FILTERS };
static const char *const workflow_includes[] = { "stages", NULL };

static gboolean
plain_matches (SandboxPinpoint *self,
               gpointer         record,
               const Filter    *filter)
{
  if (IS (filter, "employee"))
    return matches_boolean (filter, TRUE);
  return matches_record (filter, record);
}

static GPtrArray *
user_records (SandboxPinpoint *self)
{
  return self->world->users;
}

static void
user_attributes (Render   *render,
                 gpointer  record)
{
  SandboxUser *user = record;

  attribute (render, "email", user->email);
  attribute (render, "first_name", user->first_name);
  attribute (render, "last_name", user->last_name);
  attribute (render, "time_zone", "Europe/London");
  attribute_times (render, &user->record);
}

static GPtrArray *
department_records (SandboxPinpoint *self)
{
  return self->world->departments;
}

static void
department_attributes (Render   *render,
                       gpointer  record)
{
  attribute (render, "name", ((SandboxDepartment *) record)->name);
  attribute_times (render, record);
}

static GPtrArray *
location_records (SandboxPinpoint *self)
{
  return self->world->locations;
}

static void
location_attributes (Render   *render,
                     gpointer  record)
{
  const SandboxPlace *place = &sandbox_places[((SandboxLocation *) record)->place];

  attribute (render, "name", place->name);
  attribute (render, "city", place->city);
  attribute (render, "province", "");
  attribute (render, "postal_code", place->postal_code);
  attribute (render, "street_address", place->street_address);
  attribute (render, "country_code", place->country_code);
  attribute_times (render, record);
}

static GPtrArray *
workflow_records (SandboxPinpoint *self)
{
  return self->world->workflows;
}

static void
workflow_attributes (Render   *render,
                     gpointer  record)
{
  attribute (render, "name", ((SandboxWorkflow *) record)->name);
  attribute_times (render, record);
}

static void
workflow_relationships (Render     *render,
                        gpointer    record,
                        const char *path)
{
  relate_many (render, path, "stages", "stages", ((SandboxWorkflow *) record)->stages);
}

static const Resource resources[] = {
  { "applications", CATEGORY_APPLICATION, "LGCU", application_includes, application_extras,
    application_filters, application_records, application_matches, application_attributes,
    application_relationships, application_create, application_update },
  { "jobs", CATEGORY_JOB, "LG", job_includes, nothing, job_filters, job_records, job_matches, job_attributes,
    job_relationships, NULL, NULL },
  /* Stages come with jobs only, and so need that category. */
  { "stages", CATEGORY_JOB, "", nothing, nothing, no_filters, NULL, NULL, stage_attributes,
    stage_relationships, NULL, NULL },
  { "comments", CATEGORY_COMMENT, "LGC", comment_includes, nothing, comment_filters, comment_records,
    comment_matches, comment_attributes, comment_relationships, comment_create, NULL },
  { "users", CATEGORY_USER, "LG", nothing, nothing, user_filters, user_records, plain_matches,
    user_attributes, NULL, NULL, NULL },
  { "custom_fields", CATEGORY_CUSTOM_FIELD, "LGC", nothing, nothing, time_filters, field_records,
    plain_matches, field_attributes, NULL, field_create, NULL },
  { "custom_attributes", CATEGORY_CUSTOM_ATTRIBUTE, "LGCU", attribute_includes, nothing, attribute_filters,
    attribute_records, attribute_matches, attribute_attributes, attribute_relationships, attribute_create,
    attribute_update },
  { "departments", CATEGORY_DEPARTMENT, "LG", nothing, nothing, time_filters, department_records,
    plain_matches, department_attributes, NULL, NULL, NULL },
  { "locations", CATEGORY_LOCATION, "LG", nothing, nothing, time_filters, location_records, plain_matches,
    location_attributes, NULL, NULL, NULL },
  { "hiring_workflows", CATEGORY_HIRING_WORKFLOW, "LG", workflow_includes, nothing, time_filters,
    workflow_records, plain_matches, workflow_attributes, workflow_relationships, NULL, NULL },
};

static const Resource *
find_resource (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    if (g_str_equal (resources[i].type, type))
      return &resources[i];
  return NULL;
}

/* ---- Queries ---- */

typedef struct
{
  guint      number;
  guint      size;
  gboolean   count;
  GStrv      sort;          /* (nullable) */
  GPtrArray *filters;       /* (element-type Filter) */
} Query;

static void
filter_free (gpointer data)
{
  Filter *filter = data;

  g_strfreev (filter->values);
  g_clear_pointer (&filter->ids, g_hash_table_unref);
  g_free (filter);
}

static void
query_clear (Query *query)
{
  g_strfreev (query->sort);
  g_ptr_array_unref (query->filters);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

/* What the type behind an included path is; %NULL where it can't be included. */
static const Resource *
related (const Resource *resource,
         const char     *name)
{
  static const struct { const char *name, *type; } targets[] = {
    { "job", "jobs" }, { "stage", "stages" }, { "stages", "stages" }, { "comments", "comments" },
    { "custom_attributes", "custom_attributes" }, { "custom_field", "custom_fields" },
    { "custom_attributable", "applications" }, { "commentable", "applications" }, { "user", "users" },
    { "department", "departments" }, { "location", "locations" }, { "hiring_manager_user", "users" },
    { "recruitment_manager_user", "users" },
  };

  if (!g_strv_contains (resource->includes, name))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (g_str_equal (targets[i].name, name))
      return find_resource (targets[i].type);
  /* Documented, but never any record: nothing can be included below it. */
  return find_resource ("stages");
}

static gboolean
parse_include (Render         *render,
               const Resource *resource,
               const char     *value)
{
  g_auto (GStrv) paths = g_strsplit (value, ",", -1);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_auto (GStrv) names = g_strsplit (paths[i], ".", -1);
      const Resource *at = resource;
      g_autofree char *path = NULL;

      for (guint j = 0; names[j] != NULL; j++)
        {
          g_autofree char *longer = join_path (path, names[j]);

          at = related (at, names[j]);
          if (at == NULL || j > 3)
            return FALSE;
          g_hash_table_add (render->includes, g_strdup (longer));
          g_free (path);
          path = g_steal_pointer (&longer);
        }
    }
  return TRUE;
}

/* Cuts at commas, except within {{ }}, which quote one. */
static GStrv
split_values (const char *text)
{
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  g_autoptr (GString) value = g_string_new (NULL);
  gboolean quoted = FALSE;

  for (const char *at = text; *at != '\0'; at++)
    {
      if (g_str_has_prefix (at, quoted ? "}}" : "{{"))
        {
          quoted = !quoted;
          at++;
        }
      else if (*at == ',' && !quoted)
        {
          g_strv_builder_add (values, value->str);
          g_string_truncate (value, 0);
        }
      else
        g_string_append_c (value, *at);
    }
  g_strv_builder_add (values, value->str);
  return g_strv_builder_end (values);
}

static gboolean
parse_filter (Query          *query,
              const Resource *resource,
              const char     *name,
              const char     *operation,
              const char     *value)
{
  const FilterSpec *spec = resource->filters;
  Filter *filter;

  while (spec->name != NULL && !g_str_equal (spec->name, name))
    spec++;
  if (spec->name == NULL || *value == '\0')
    return FALSE;
  filter = g_new0 (Filter, 1);
  filter->spec = spec;
  g_ptr_array_add (query->filters, filter);
  if (spec->kind == FILTER_TIME)
    {
      gint64 time;

      if (operation == NULL || !sandbox_time_from_string (value, &time))
        return FALSE;
      filter->has_after = g_str_equal (operation, "gt");
      filter->has_before = g_str_equal (operation, "lt");
      filter->after = filter->before = time;
      return filter->has_after || filter->has_before;
    }
  if (operation != NULL)
    return FALSE;
  filter->values = split_values (value);
  if (spec->kind == FILTER_ID)
    {
      filter->ids = g_hash_table_new (NULL, NULL);
      for (guint i = 0; filter->values[i] != NULL; i++)
        {
          guint id = sandbox_id_from_string (filter->values[i]);

          if (id == 0)
            return FALSE;
          g_hash_table_add (filter->ids, GUINT_TO_POINTER (id));
        }
    }
  if (spec->choices != NULL)
    for (guint i = 0; filter->values[i] != NULL; i++)
      if (!g_strv_contains (spec->choices, filter->values[i]))
        return FALSE;
  return TRUE;
}

static gboolean
parse_sort (Query          *query,
            const Resource *resource,
            const char     *value)
{
  query->sort = g_strsplit (value, ",", -1);
  for (guint i = 0; query->sort[i] != NULL; i++)
    {
      const char *name = query->sort[i][0] == '-' ? query->sort[i] + 1 : query->sort[i];

      if (!g_str_equal (name, "id") && !g_str_equal (name, "created_at") && !g_str_equal (name, "updated_at")
          && !(g_str_equal (name, "opened_at") && g_str_equal (resource->type, "jobs")))
        return FALSE;
    }
  return query->sort[0] != NULL;
}

/* `outer[inner]` and `outer[inner][last]` in pieces. */
static gboolean
split_name (const char  *name,
            char       **outer,
            char       **inner,
            char       **last)
{
  static GRegex *pattern = NULL;
  g_autoptr (GMatchInfo) match = NULL;

  if (pattern == NULL)
    pattern = g_regex_new ("^([a-z_]+)(?:\\[([a-z_]+)\\](?:\\[([a-z_]+)\\])?)?$", G_REGEX_OPTIMIZE, 0, NULL);
  if (!g_regex_match (pattern, name, 0, &match))
    return FALSE;
  *outer = g_match_info_fetch (match, 1);
  *inner = g_match_info_fetch (match, 2);
  *last = g_match_info_fetch (match, 3);
  if (*inner != NULL && **inner == '\0')
    g_clear_pointer (inner, g_free);
  if (*last != NULL && **last == '\0')
    g_clear_pointer (last, g_free);
  return TRUE;
}

static gboolean
parse_number (const char *text,
              guint       least,
              guint       most,
              guint      *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, least, most, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

static gboolean
parse_parameter (Query            *query,
                 Render           *render,
                 const Resource   *resource,
                 gboolean          collection,
                 SandboxParameter *parameter)
{
  g_autofree char *outer = NULL;
  g_autofree char *inner = NULL;
  g_autofree char *last = NULL;

  if (!split_name (parameter->name, &outer, &inner, &last))
    return FALSE;
  if (last != NULL && !g_str_equal (outer, "filter"))
    return FALSE;
  if (g_str_equal (outer, "include") && inner == NULL)
    return parse_include (render, resource, parameter->value);
  if ((g_str_equal (outer, "fields") || g_str_equal (outer, "extra_fields")) && inner != NULL)
    {
      const Resource *target = find_resource (inner);
      g_auto (GStrv) names = g_strsplit (parameter->value, ",", -1);

      if (target == NULL)
        return FALSE;
      if (g_str_equal (outer, "fields"))
        {
          GHashTable *chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

          for (guint i = 0; names[i] != NULL; i++)
            g_hash_table_add (chosen, g_strdup (names[i]));
          g_hash_table_replace (render->fields, g_strdup (inner), chosen);
          return TRUE;
        }
      for (guint i = 0; names[i] != NULL; i++)
        {
          if (!g_strv_contains (target->extras, names[i]))
            return FALSE;
          g_hash_table_add (render->extras, g_strdup_printf ("%s.%s", inner, names[i]));
        }
      return TRUE;
    }
  if (!collection)
    return FALSE;
  if (g_str_equal (outer, "filter") && inner != NULL)
    return parse_filter (query, resource, inner, last, parameter->value);
  /* The vendor's document spells this one so. */
  if (g_str_equal (outer, "filters") && g_strcmp0 (inner, "locale") == 0)
    return parse_filter (query, resource, inner, NULL, parameter->value);
  if (g_str_equal (outer, "sort") && inner == NULL)
    return parse_sort (query, resource, parameter->value);
  if (g_str_equal (outer, "page") && g_strcmp0 (inner, "number") == 0)
    return parse_number (parameter->value, 1, G_MAXINT, &query->number);
  if (g_str_equal (outer, "page") && g_strcmp0 (inner, "size") == 0)
    return parse_number (parameter->value, 0, 1000, &query->size);
  if (g_str_equal (outer, "stats") && g_strcmp0 (inner, "total") == 0)
    {
      query->count = g_str_equal (parameter->value, "count");
      return query->count;
    }
  return FALSE;
}

/* Answers and returns %FALSE at the first parameter that the vendor doesn't know, or that comes twice. */
static gboolean
parse_query (SandboxPinpoint *self,
             SandboxRequest  *request,
             const Resource  *resource,
             gboolean         collection,
             Query           *query,
             Render          *render)
{
  if (request->query_broken)
    {
      answer_malformed (self, request, "not a well-formed query");
      return FALSE;
    }
  for (guint i = 0; i < request->parameters->len; i++)
    {
      SandboxParameter *parameter = g_ptr_array_index (request->parameters, i);
      g_autofree char *what = g_strdup_printf ("%s=%s", parameter->name, parameter->value);
      gboolean locale = g_str_equal (parameter->name, "locale") && g_str_equal (resource->type, "jobs");

      if (locale && !g_strv_contains (locales, parameter->value))
        {
          g_autofree char *detail = g_strdup_printf ("%s is not a valid locale", parameter->value);

          note_incident (self, request, "malformed-query", what);
          answer_error (request, 400, detail);
          return FALSE;
        }
      for (guint j = 0; j < i; j++)
        if (g_str_equal (((SandboxParameter *)g_ptr_array_index (request->parameters, j))->name,
                         parameter->name))
          {
            answer_malformed (self, request, what);
            return FALSE;
          }
      if (!locale && !parse_parameter (query, render, resource, collection, parameter))
        {
          answer_malformed (self, request, what);
          return FALSE;
        }
    }
  return TRUE;
}

static gint
compare_by (const char          *order,
            const SandboxRecord *first,
            const SandboxRecord *second)
{
  gboolean down = order[0] == '-';
  const char *name = down ? order + 1 : order;
  gint64 a, b;

  if (g_str_equal (name, "id"))
    {
      a = first->id;
      b = second->id;
    }
  else if (g_str_equal (name, "created_at"))
    {
      a = first->created;
      b = second->created;
    }
  else if (g_str_equal (name, "updated_at"))
    {
      a = first->updated;
      b = second->updated;
    }
  else
    {
      a = ((const SandboxJob *) first)->opened;
      b = ((const SandboxJob *) second)->opened;
    }
  if (a == b)
    return 0;
  return (a < b) == down ? 1 : -1;
}

static gint
compare_records (gconstpointer a,
                 gconstpointer b,
                 gpointer      data)
{
  const SandboxRecord *first = *(SandboxRecord *const *) a;
  const SandboxRecord *second = *(SandboxRecord *const *) b;
  GStrv sort = data;

  for (guint i = 0; sort[i] != NULL; i++)
    {
      gint order = compare_by (sort[i], first, second);

      if (order != 0)
        return order;
    }
  return compare_by ("id", first, second);
}

/* Jobs that only some may know of, and what belongs to them, show only to those who ask for them. */
static gboolean
is_left_out (const Resource *resource,
             gpointer        record,
             Query          *query)
{
  gboolean application = g_str_equal (resource->type, "applications");
  SandboxJob *job;

  if (!application && !g_str_equal (resource->type, "jobs"))
    return FALSE;
  for (guint i = 0; i < query->filters->len; i++)
    {
      Filter *filter = g_ptr_array_index (query->filters, i);

      if (IS (filter, application ? "job_visibility" : "visibility"))
        return FALSE;
    }
  job = application ? ((SandboxApplication *) record)->job : record;
  return g_str_equal (job->visibility, "confidential");
}

static void
list (SandboxPinpoint *self,
      SandboxRequest  *request,
      const Resource  *resource,
      const Key       *key)
{
  g_auto (Render) render;
  g_auto (Query) query
    = { .number = 1, .size = 100, .filters = g_ptr_array_new_with_free_func (filter_free) };
  g_autoptr (GPtrArray) matched = g_ptr_array_new ();
  GPtrArray *records = resource->records (self);
  guint64 first;

  render_init (&render, self, key);
  if (!parse_query (self, request, resource, TRUE, &query, &render))
    return;
  for (guint i = 0; i < records->len; i++)
    {
      gpointer record = g_ptr_array_index (records, i);
      gboolean matches = !is_left_out (resource, record, &query);

      for (guint j = 0; matches && j < query.filters->len; j++)
        matches = resource->matches (self, record, g_ptr_array_index (query.filters, j));
      if (matches)
        g_ptr_array_add (matched, record);
    }
  if (query.sort != NULL && !(g_str_equal (query.sort[0], "id")))
    g_ptr_array_sort_with_data (matched, compare_records, query.sort);

  first = (guint64) (query.number - 1) * query.size;
  sandbox_json_begin_object (render.json);
  sandbox_json_key (render.json, "data");
  sandbox_json_begin_array (render.json);
  for (guint64 i = first; i < matched->len && i < first + query.size; i++)
    see (&render, resource, g_ptr_array_index (matched, i));
  for (guint64 i = first; i < matched->len && i < first + query.size; i++)
    render_record (&render, resource, g_ptr_array_index (matched, i), NULL);
  sandbox_json_end_array (render.json);
  render_included (&render);
  sandbox_json_key (render.json, "meta");
  sandbox_json_begin_object (render.json);
  if (query.count)
    {
      sandbox_json_key (render.json, "stats");
      sandbox_json_begin_object (render.json);
      sandbox_json_key (render.json, "total");
      sandbox_json_begin_object (render.json);
      sandbox_json_member_integer (render.json, "count", matched->len);
      sandbox_json_end_object (render.json);
      sandbox_json_end_object (render.json);
    }
  sandbox_json_end_object (render.json);
  sandbox_json_end_object (render.json);
  sandbox_request_answer_json (request, 200, MEDIA_TYPE, g_steal_pointer (&render.json));
}

static void
answer_record (SandboxRequest *request,
               guint           status,
               const Resource *resource,
               gpointer        record,
               Render         *render)
{
  see (render, resource, record);
  sandbox_json_begin_object (render->json);
  sandbox_json_key (render->json, "data");
  render_record (render, resource, record, NULL);
  render_included (render);
  sandbox_json_key (render->json, "meta");
  sandbox_json_begin_object (render->json);
  sandbox_json_end_object (render->json);
  sandbox_json_end_object (render->json);
  sandbox_request_answer_json (request, status, MEDIA_TYPE, g_steal_pointer (&render->json));
}

/* One record by GET, POST or PUT. @id is %NULL for a new one. */
static void
serve_one (SandboxPinpoint *self,
           SandboxRequest  *request,
           const Resource  *resource,
           const Key       *key,
           const char      *id)
{
  g_auto (Render) render;
  g_auto (Query) query = { .filters = g_ptr_array_new_with_free_func (filter_free) };
  g_auto (Document) document = { 0 };
  gboolean write = !g_str_equal (request->method, "GET");
  gpointer record = NULL;

  render_init (&render, self, key);
  if (!parse_query (self, request, resource, FALSE, &query, &render))
    return;
  if (id != NULL)
    {
      record = sandbox_world_find (resource->records (self), sandbox_id_from_string (id));
      if (record == NULL)
        {
          answer_error (request, 404, NULL);
          return;
        }
    }
  if (write)
    {
      g_autofree char *number = NULL;

      if (!read_document (self, request, resource, id, &document))
        return;
      if (id == NULL)
        record = resource->create (self, request, &document);
      else if (!resource->update (self, request, &document, record))
        record = NULL;
      if (record == NULL)
        return;
      number = g_strdup_printf ("%u", ((SandboxRecord *) record)->id);
      sandbox_ledger_add_write (self->ledger, "pinpoint", request->operation, key->key, number,
                                request->body);
    }
  answer_record (request, id == NULL ? 201 : 200, resource, record, &render);
}

/* ---- Candidate assessments ---- */

/* One application in so many has one. */
#define ASSESSED_IN 5u

/* The vendor has this resource, and nothing public says what its records look like. This is a guess, for proving that a
 * client shows whatever comes. */
static void
list_assessments (SandboxPinpoint *self,
                  SandboxRequest  *request)
{
  static const char *const known[] = { "page[number]", "page[size]", "sort", NULL };
  const char *number = sandbox_request_get_parameter (request, "page[number]");
  const char *size = sandbox_request_get_parameter (request, "page[size]");
  GPtrArray *applications = self->world->applications;
  guint wanted_number = 1, wanted_size = 100, found = 0;
  SandboxJson *json;

  for (guint i = 0; i < request->parameters->len; i++)
    {
      SandboxParameter *parameter = g_ptr_array_index (request->parameters, i);

      if (!g_strv_contains (known, parameter->name))
        {
          answer_malformed (self, request, parameter->name);
          return;
        }
    }
  if ((number != NULL && !parse_number (number, 1, G_MAXINT, &wanted_number))
      || (size != NULL && !parse_number (size, 0, 1000, &wanted_size)))
    {
      answer_malformed (self, request, "page");
      return;
    }

  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "data");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < applications->len; i += ASSESSED_IN, found++)
    {
      SandboxApplication *application = g_ptr_array_index (applications, i);

      if (found / MAX (wanted_size, 1) != wanted_number - 1 || wanted_size == 0)
        continue;
      sandbox_json_begin_object (json);
      sandbox_json_member_id (json, "id", 500000 + application->record.id);
      sandbox_json_member_string (json, "type", "candidate_assessments");
      sandbox_json_key (json, "attributes");
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "name", "JavaScript Developer Test");
      sandbox_json_member_string (json, "status", "completed");
      sandbox_json_member_integer (json, "score", 50 + application->record.id % 50);
      sandbox_json_member_time (json, "created_at", application->record.created);
      sandbox_json_end_object (json);
      sandbox_json_key (json, "relationships");
      sandbox_json_begin_object (json);
      sandbox_json_key (json, "application");
      sandbox_json_begin_object (json);
      sandbox_json_key (json, "data");
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "type", "applications");
      sandbox_json_member_id (json, "id", application->record.id);
      sandbox_json_end_object (json);
      sandbox_json_end_object (json);
      sandbox_json_end_object (json);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_key (json, "meta");
  sandbox_json_begin_object (json);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, MEDIA_TYPE, json);
}

/* ---- Pages for people ---- */

/* What a recruiter's browser would show; it takes no key. */
static void
answer_page (SandboxPinpoint *self,
             SandboxRequest  *request)
{
  g_auto (GStrv) parts = g_strsplit (request->path + strlen (PAGES), "/", -1);
  SandboxApplication *application = NULL;
  SandboxJob *job = NULL;
  g_autofree char *title = NULL;
  g_autofree char *name = NULL;

  if (parts[0] != NULL)
    job = sandbox_world_find (self->world->jobs, sandbox_id_from_string (parts[0]));
  if (job != NULL && parts[1] != NULL && parts[2] != NULL && parts[3] == NULL
      && g_str_equal (parts[1], "applications"))
    application = sandbox_world_find (self->world->applications, sandbox_id_from_string (parts[2]));
  if (application != NULL && application->job != job)
    application = NULL;
  if (job == NULL || (application == NULL && g_strv_length (parts) != 2))
    {
      sandbox_request_answer_text (request, 404, "text/html; charset=utf-8",
                                   g_strdup ("<!doctype html><title>Not found</title>\n"));
      return;
    }
  title = g_markup_escape_text (job->title, -1);
  if (application != NULL)
    {
      g_autofree char *full = sandbox_application_dup_latin (application);

      name = g_markup_escape_text (full, -1);
    }
  sandbox_request_answer_text (
    request, 200, "text/html; charset=utf-8",
    g_strdup_printf ("<!doctype html><title>%s</title><h1>%s</h1><p>%s</p>\n", title,
                     name != NULL ? name : title, name != NULL ? title : "Applications"));
}

/* ---- The vendor ---- */

static const Resource *
route (SandboxRequest  *request,
       char           **id,
       char            *verb)
{
  const char *rest = request->path + strlen (BASE);
  g_auto (GStrv) parts = NULL;
  const Resource *resource;
  gboolean one;

  if (!g_str_has_prefix (request->path, BASE))
    return NULL;
  parts = g_strsplit (rest, "/", -1);
  one = parts[0] != NULL && parts[1] != NULL;
  if (parts[0] == NULL || (one && (parts[2] != NULL || *parts[1] == '\0')))
    return NULL;
  resource = find_resource (parts[0]);
  if (g_str_equal (request->method, "GET"))
    *verb = one ? 'G' : 'L';
  else if (g_str_equal (request->method, "POST") && !one)
    *verb = 'C';
  else if (g_str_equal (request->method, "PUT") && one)
    *verb = 'U';
  else
    return NULL;
  if (resource == NULL || strchr (resource->verbs, *verb) == NULL)
    return NULL;
  *id = one ? g_strdup (parts[1]) : NULL;
  return resource;
}

static gboolean
is_page (SandboxRequest *request)
{
  return g_str_has_prefix (request->path, PAGES) && g_str_equal (request->method, "GET");
}

static char *
sandbox_pinpoint_dup_operation (SandboxVendor  *vendor,
                                SandboxRequest *request)
{
  g_autofree char *id = NULL;
  char verb = '\0';
  const Resource *resource = route (request, &id, &verb);

  if (resource == NULL && is_page (request))
    return g_strdup ("page");
  if (resource == NULL)
    return g_strdup (g_str_equal (request->path, BASE "candidate_assessments")
                         && g_str_equal (request->method, "GET")
                       ? "candidate_assessments.list"
                       : "unknown");
  return g_strdup_printf ("%s.%s", resource->type,
                          verb == 'L' ? "list" : verb == 'G' ? "get" : verb == 'C' ? "create" : "update");
}

static void
sandbox_pinpoint_handle (SandboxVendor  *vendor,
                         SandboxRequest *request)
{
  SandboxPinpoint *self = SANDBOX_PINPOINT (vendor);
  const char *shown = sandbox_request_get_header (request, "X-API-KEY");
  const Key *key = NULL;
  g_autofree char *id = NULL;
  char verb = '\0';
  const Resource *resource = route (request, &id, &verb);

  if (is_page (request))
    {
      answer_page (self, request);
      return;
    }
  if (resource == NULL && !g_str_equal (request->operation, "candidate_assessments.list"))
    {
      note_incident (self, request, "no-route", "no such address, or not with this method");
      answer_error (request, 404, NULL);
      return;
    }
  if (shown == NULL)
    {
      answer_error (request, 401, "X-API-KEY header not provided");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].key, shown))
      key = &keys[i];
  if (key == NULL)
    {
      answer_error (request, 401, NULL);
      return;
    }
  if (!key->enabled)
    {
      answer_error (request, 403, "Integration not enabled");
      return;
    }
  if (resource == NULL)
    {
      if (key->assessments)
        list_assessments (self, request);
      else
        answer_error (request, 404, NULL);
      return;
    }
  if (key->access[resource->category] < (verb == 'C' || verb == 'U' ? WRITE : READ))
    {
      answer_error (request, 403, NULL);
      return;
    }
  if (verb == 'L')
    list (self, request, resource, key);
  else
    serve_one (self, request, resource, key, id);
}

static void
sandbox_pinpoint_answer_failure (SandboxVendor  *vendor,
                                 SandboxRequest *request,
                                 guint           status)
{
  if (status >= 500)
    {
      answer_error (request, 500, NULL);
      request->status = status;
    }
  else
    {
      answer_error (request, status, NULL);
      request->status = status;
    }
}

static const char *
sandbox_pinpoint_get_kind (SandboxVendor *vendor)
{
  return "pinpoint";
}

static void
sandbox_pinpoint_mount (SandboxVendor *vendor,
                        const char    *origin)
{
  SandboxPinpoint *self = SANDBOX_PINPOINT (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_pinpoint_describe (SandboxVendor *vendor,
                           SandboxJson   *json)
{
  static const char *const settings[] = {
    "subdomain", "sandbox",
    NULL,
  };

  sandbox_vendor_write_connection (json, "pinpoint", "Sandbox Pinpoint", SANDBOX_PINPOINT (vendor)->origin, "/api/v1",
                                   settings, "api-key", keys[0].key);
}

static void
sandbox_pinpoint_configure (SandboxVendor *vendor,
                            JsonObject    *settings)
{
  sandbox_pinpoint_hooks_configure (SANDBOX_PINPOINT (vendor)->hooks, settings);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->configure = sandbox_pinpoint_configure;
  iface->get_kind = sandbox_pinpoint_get_kind;
  iface->dup_operation = sandbox_pinpoint_dup_operation;
  iface->handle = sandbox_pinpoint_handle;
  iface->answer_failure = sandbox_pinpoint_answer_failure;
  iface->mount = sandbox_pinpoint_mount;
  iface->describe = sandbox_pinpoint_describe;
}

static void
sandbox_pinpoint_finalize (GObject *object)
{
  SandboxPinpoint *self = SANDBOX_PINPOINT (object);

  g_clear_object (&self->files);
  g_clear_pointer (&self->hooks, sandbox_pinpoint_hooks_free);
  g_free (self->origin);
  G_OBJECT_CLASS (sandbox_pinpoint_parent_class)->finalize (object);
}

static void
sandbox_pinpoint_class_init (SandboxPinpointClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_pinpoint_finalize;
}

static void
sandbox_pinpoint_init (SandboxPinpoint *self)
{
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxPinpoint *self = g_object_new (SANDBOX_TYPE_PINPOINT, NULL);

  self->world = scene->world;
  self->ledger = scene->ledger;
  self->files = g_object_ref (scene->files);
  self->hooks = sandbox_pinpoint_hooks_new (scene->world, scene->ledger);
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_pinpoint_type = {
  .kind = "pinpoint",
  .make = make,
  .rate = 20,
  .burst = 60,
  .shows_company = TRUE,
};
