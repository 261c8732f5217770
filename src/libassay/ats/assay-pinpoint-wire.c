/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's JSON:API documents: what is read becomes the model, and the bodies of writes.
 *
 * Facts: Pinpoint's OpenAPI document 1.0.23 and developers.pinpointhq.com, unless a comment says otherwise. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-json.h"

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
                                                          : g_strdup_printf (_ ("Candidate "
                                                                                "%s"), application->remote_id);
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
  return decode_page (root, "Pinpoint's list of "
                            "jobs", (DecodeRecord) decode_job, (GDestroyNotify) assay_job_free, error);
}

AssayPage *
assay_pinpoint_decode_applications (JsonNode *root,
                                    GError  **error)
{
  return decode_page (root, "Pinpoint's list of applications", (DecodeRecord) decode_application,
                      (GDestroyNotify) assay_application_free, error);
}

/* Users, without a role: that isn't among their attributes. */
static AssayUser *
decode_user (JsonObject *record,
             GHashTable *included,
             GError    **error)
{
  g_autoptr (AssayUser) user = assay_user_new ();
  JsonObject *attributes;
  const char *first, *last;

  user->remote_id = assay_json_expect_member_id (record, "id", "Pinpoint's list of users", error);
  if (user->remote_id == NULL)
    return NULL;
  attributes = assay_json_expect_member_object (record, "attributes", "Pinpoint's list of users", error);
  if (attributes == NULL)
    return NULL;
  user->email = assay_json_dup_string (attributes, "email");
  first = assay_json_get_string (attributes, "first_name");
  last = assay_json_get_string (attributes, "last_name");
  user->name = g_strstrip (g_strjoin (" ", first != NULL ? first : "", last != NULL ? last : "", NULL));
  if (*user->name == '\0')
    {
      g_free (user->name);
      user->name = g_strdup (user->email != NULL ? user->email : user->remote_id);
    }
  user->active = TRUE;
  return g_steal_pointer (&user);
}

AssayPage *
assay_pinpoint_decode_users (JsonNode *root,
                             GError  **error)
{
  return decode_page (root, "Pinpoint's list of users", (DecodeRecord) decode_user, (GDestroyNotify) assay_user_free,
                      error);
}

/* An attribute of a name that nobody documented, as text; NULL for nothing. */
static char *
dup_any_value (JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_VALUE:
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        return g_strdup (json_node_get_string (node));
      if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
        return g_strdup (json_node_get_boolean (node) ? _ ("Yes") : _ ("No"));
      return json_to_string (node, FALSE);
    case JSON_NODE_ARRAY:
    case JSON_NODE_OBJECT:
      return assay_json_to_text (node, 500);
    case JSON_NODE_NULL:
    default:
      return NULL;
    }
}

/* The attributes of this resource aren't public: all are shown as they come. */
static AssayAtsRecord *
decode_assessment (JsonObject *record,
                   GHashTable *included,
                   GError    **error)
{
  g_autoptr (AssayAtsRecord) assessment = assay_ats_record_new ();
  JsonObject *attributes = assay_json_get_object (record, "attributes");

  assessment->remote_id = assay_json_expect_member_id (record, "id", "Pinpoint's list of assessments", error);
  if (assessment->remote_id == NULL)
    return NULL;
  assessment->application_remote_id = dup_related_id (record, "application");
  if (assessment->application_remote_id == NULL && attributes != NULL)
    assessment->application_remote_id = assay_json_dup_string (attributes, "application_id");
  if (attributes != NULL)
    {
      g_autoptr (GList) members = json_object_get_members (attributes);

      for (GList *link = members; link != NULL; link = link->next)
        {
          char *value = dup_any_value (json_object_get_member (attributes, link->data));

          if (value != NULL)
            {
              g_ptr_array_add (assessment->names, humanise_channel (link->data));
              g_ptr_array_add (assessment->values, value);
            }
        }
    }
  return g_steal_pointer (&assessment);
}

AssayPage *
assay_pinpoint_decode_assessments (JsonNode *root,
                                   GError  **error)
{
  return decode_page (root, "Pinpoint's list of assessments", (DecodeRecord) decode_assessment,
                      (GDestroyNotify) assay_ats_record_free, error);
}

/* Custom fields */

AssayPinpointField *
assay_pinpoint_field_new (const char *remote_id,
                          const char *field_type)
{
  AssayPinpointField *field = g_new0 (AssayPinpointField, 1);

  field->remote_id = g_strdup (remote_id);
  field->field_type = g_strdup (field_type);
  return field;
}

void
assay_pinpoint_field_free (AssayPinpointField *field)
{
  if (field == NULL)
    return;
  g_free (field->remote_id);
  g_free (field->field_type);
  g_free (field);
}

void
assay_pinpoint_attribute_free (AssayPinpointAttribute *attribute)
{
  if (attribute == NULL)
    return;
  g_free (attribute->remote_id);
  g_free (attribute->value);
  g_free (attribute);
}

static gboolean
is_same_name (const char *one,
              const char *other)
{
  g_autofree char *first = g_utf8_casefold (one, -1);
  g_autofree char *second = g_utf8_casefold (other, -1);

  return strcmp (g_strstrip (first), g_strstrip (second)) == 0;
}

static JsonArray *
get_rows (JsonNode    *root,
          const char  *what,
          guint       *rows,
          GError     **error)
{
  JsonObject *document = assay_json_expect_object (root, what, error);
  JsonArray *data = document != NULL ? assay_json_expect_member_array (document, "data", what, error) : NULL;

  *rows = data != NULL ? json_array_get_length (data) : 0;
  return data;
}

AssayPinpointField *
assay_pinpoint_find_field (JsonNode   *root,
                           const char *name,
                           guint      *rows,
                           GError    **error)
{
  JsonArray *data = get_rows (root, "Pinpoint's list of custom fields", rows, error);

  for (guint i = 0; data != NULL && i < *rows; i++)
    {
      JsonObject *record = assay_json_array_get_object (data, i);
      JsonObject *attributes = record != NULL ? assay_json_get_object (record, "attributes") : NULL;
      const char *found = attributes != NULL ? assay_json_get_string (attributes, "name") : NULL;
      g_autofree char *id = record != NULL ? assay_json_dup_string (record, "id") : NULL;

      if (id != NULL && found != NULL && is_same_name (found, name) &&
          g_strcmp0 (assay_json_get_string (attributes, "resource_type"), "application") == 0)
        return assay_pinpoint_field_new (id, assay_json_get_string (attributes, "field_type"));
    }
  return NULL;
}

AssayPinpointAttribute *
assay_pinpoint_find_attribute (JsonNode                 *root,
                               const AssayPinpointField *field,
                               const char               *name,
                               guint                    *rows,
                               GError                  **error)
{
  JsonArray *data = get_rows (root, "Pinpoint's list of custom attributes", rows, error);

  for (guint i = 0; data != NULL && i < *rows; i++)
    {
      JsonObject *record = assay_json_array_get_object (data, i);
      JsonObject *attributes = record != NULL ? assay_json_get_object (record, "attributes") : NULL;
      g_autofree char *id = record != NULL ? assay_json_dup_string (record, "id") : NULL;
      g_autofree char *field_id = record != NULL ? dup_related_id (record, "custom_field") : NULL;
      const char *field_name = attributes != NULL ? assay_json_get_string (attributes, "field_name") : NULL;

      if (id != NULL && (field_id != NULL ? strcmp (field_id, field->remote_id) == 0
                                          : field_name != NULL && is_same_name (field_name, name)))
        {
          AssayPinpointAttribute *attribute = g_new0 (AssayPinpointAttribute, 1);

          attribute->remote_id = g_steal_pointer (&id);
          attribute->value = attributes != NULL ? assay_json_dup_string (attributes, "value") : NULL;
          return attribute;
        }
    }
  return NULL;
}

/* A value is always read as a string: "84", "84.0". */
gboolean
assay_pinpoint_value_equals (const AssayPinpointAttribute *attribute,
                             const char                   *value)
{
  char *found_end = NULL, *end = NULL;
  double found, wanted;

  if (attribute->value == NULL)
    return FALSE;
  if (strcmp (attribute->value, value) == 0)
    return TRUE;
  found = g_ascii_strtod (attribute->value, &found_end);
  wanted = g_ascii_strtod (value, &end);
  return found_end != attribute->value && *found_end == '\0' && end != value && *end == '\0' &&
         fabs (found - wanted) < 1e-9;
}

/* Line ends and what surrounds a text may come back changed. */
static char *
normalise_text (const char *text)
{
  GString *normal = g_string_new (text);

  g_string_replace (normal, "\r\n", "\n", 0);
  return g_strstrip (g_string_free (normal, FALSE));
}

char *
assay_pinpoint_find_comment (JsonNode   *root,
                             const char *text,
                             guint      *rows,
                             GError    **error)
{
  JsonArray *data = get_rows (root, "Pinpoint's list of comments", rows, error);
  g_autofree char *wanted = normalise_text (text);

  for (guint i = 0; data != NULL && i < *rows; i++)
    {
      JsonObject *record = assay_json_array_get_object (data, i);
      JsonObject *attributes = record != NULL ? assay_json_get_object (record, "attributes") : NULL;
      const char *body = attributes != NULL ? assay_json_get_string (attributes, "body_text") : NULL;
      g_autofree char *found = body != NULL ? normalise_text (body) : NULL;

      if (found != NULL && strcmp (found, wanted) == 0)
        return assay_json_dup_string (record, "id");
    }
  return NULL;
}

/* Encoding */

/* Of the contexts that a tag can have, the one for assessments. */
#define TAG_CONTEXT "assessment"

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
    assay_json_add_string (builder, "id", id);
  assay_json_add_string (builder, "type", type);
  json_builder_set_member_name (builder, "attributes");
  json_builder_begin_object (builder);
  return builder;
}

/* Ends `attributes`. */
static void
begin_relationships (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "relationships");
  json_builder_begin_object (builder);
}

static void
add_relationship (JsonBuilder *builder,
                  const char  *name,
                  const char  *type,
                  const char  *id)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "data");
  json_builder_begin_object (builder);
  assay_json_add_string (builder, "type", type);
  assay_json_add_string (builder, "id", id);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

/* Ends `attributes` or `relationships`, and what is around it. */
static JsonNode *
end_record (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

JsonNode *
assay_pinpoint_encode_move (const char *remote_id,
                            const char *stage_remote_id)
{
  g_autoptr (JsonBuilder) builder = begin_record ("applications", remote_id);

  begin_relationships (builder);
  add_relationship (builder, "stage", "stages", stage_remote_id);
  return end_record (builder);
}

/* Tags are written with `tag` and read with `name`. */
static void
add_tag (JsonBuilder *builder,
         const char  *tag)
{
  json_builder_begin_object (builder);
  assay_json_add_string (builder, "tag", tag);
  assay_json_add_string (builder, "context", TAG_CONTEXT);
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
  return end_record (builder);
}

JsonNode *
assay_pinpoint_encode_tag_removal (const char *remote_id,
                                   const char *tag)
{
  g_autoptr (JsonBuilder) builder = begin_record ("applications", remote_id);

  json_builder_set_member_name (builder, "remove_tag_with_context");
  add_tag (builder, tag);
  return end_record (builder);
}

JsonNode *
assay_pinpoint_encode_comment (const char *remote_id,
                               const char *text)
{
  g_autoptr (JsonBuilder) builder = begin_record ("comments", NULL);

  assay_json_add_string (builder, "body_text", text);
  begin_relationships (builder);
  add_relationship (builder, "commentable", "applications", remote_id);
  return end_record (builder);
}


JsonNode *
assay_pinpoint_encode_field (const char *name)
{
  g_autoptr (JsonBuilder) builder = begin_record ("custom_fields", NULL);

  /* Translators: describes a custom field that Assay makes in the user's applicant tracking system */
  assay_json_add_string (builder, "description", _ ("The score of the latest assessment, written by Assay"));
  assay_json_add_string (builder, "name", name);
  assay_json_add_string (builder, "resource_type", "application");
  assay_json_add_string (builder, "field_type", "decimal");
  json_builder_set_member_name (builder, "required");
  json_builder_add_boolean_value (builder, FALSE);
  assay_json_add_string (builder, "sample_value", "84");
  return end_record (builder);
}

static gboolean
add_value (JsonBuilder *builder,
           const char  *field_type,
           const char  *name,
           const char  *value,
           GError     **error)
{
  gboolean text = g_strcmp0 (field_type, "text") == 0 || g_strcmp0 (field_type, "varchar") == 0;
  gboolean decimal = g_strcmp0 (field_type, "decimal") == 0;
  g_autofree char *member = g_strconcat (field_type, "_value", NULL);
  char *end = NULL;
  double number;

  if (text)
    {
      assay_json_add_string (builder, member, value);
      return TRUE;
    }
  if (!decimal && g_strcmp0 (field_type, "integer") != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %1$s is a custom field's name, %2$s the vendor's word for its type, such as
                    * "date" */
                   _ ("The custom field “%1$s” in Pinpoint is of the type “%2$s”, which takes no score. Choose "
                      "another field in the connection's settings, or make it a decimal one."),
                   name, field_type != NULL ? field_type : "");
      return FALSE;
    }
  number = g_ascii_strtod (value, &end);
  if (end == value || *end != '\0' || !isfinite (number))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("“%1$s” isn't a number, and the custom field “%2$s” in Pinpoint takes nothing else. Choose "
                      "a text field in the connection's settings."),
                   value, name);
      return FALSE;
    }
  json_builder_set_member_name (builder, member);
  if (fabs (number) < 9e15 && floor (number) == number)
    json_builder_add_int_value (builder, (gint64) number);
  else if (decimal)
    json_builder_add_double_value (builder, number);
  else
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("The custom field “%1$s” in Pinpoint takes whole numbers, and this score is %2$s. Choose a "
                      "decimal or a text field in the connection's settings."),
                   name, value);
      return FALSE;
    }
  return TRUE;
}

JsonNode *
assay_pinpoint_encode_attribute (const AssayPinpointField *field,
                                 const char               *name,
                                 const char               *remote_id,
                                 const char               *value,
                                 GError                  **error)
{
  g_autoptr (JsonBuilder) builder = begin_record ("custom_attributes", NULL);

  if (!add_value (builder, field->field_type, name, value, error))
    return NULL;
  if (remote_id != NULL)
    {
      begin_relationships (builder);
      add_relationship (builder, "custom_field", "custom_fields", field->remote_id);
      add_relationship (builder, "custom_attributable", "applications", remote_id);
    }
  return end_record (builder);
}

/* Applications */

static gboolean
is_linkedin (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *host =
    uri != NULL && g_uri_get_host (uri) != NULL ? g_ascii_strdown (g_uri_get_host (uri), -1) : NULL;

  return host != NULL && (strcmp (host, "linkedin.com") == 0 || g_str_has_suffix (host, ".linkedin.com"));
}

static void
add_optional (JsonBuilder *builder,
              const char  *name,
              const char  *value)
{
  if (value != NULL && *value != '\0')
    assay_json_add_string (builder, name, value);
}

/* Where a person comes from can be read and not written, and there is one link with a place of its own. The
 * summary is what takes the rest. (nullable) */
static char *
build_summary (const AssayNewApplication *person,
               const char                *linkedin)
{
  g_autoptr (GString) summary = g_string_new (NULL);

  if (person->source != NULL && *person->source != '\0')
    /* Translators: where a candidate comes from, such as "hackajob" */
    g_string_append_printf (summary, _ ("Source: %s"), person->source);
  for (guint i = 0; person->links != NULL && person->links[i] != NULL; i++)
    if (person->links[i] != linkedin)
      g_string_append_printf (summary, "%s%s", summary->len > 0 ? "\n" : "", person->links[i]);
  return summary->len > 0 ? g_strdup (summary->str) : NULL;
}

JsonNode *
assay_pinpoint_encode_application (const AssayNewApplication *person)
{
  g_autoptr (JsonBuilder) builder = begin_record ("applications", NULL);
  g_autofree char *summary = NULL;
  const char *linkedin = NULL;

  for (guint i = 0; person->links != NULL && person->links[i] != NULL && linkedin == NULL; i++)
    if (is_linkedin (person->links[i]))
      linkedin = person->links[i];
  summary = build_summary (person, linkedin);

  add_optional (builder, "summary", summary);
  assay_json_add_string (builder, "first_name", person->first_name);
  assay_json_add_string (builder, "last_name", person->last_name);
  assay_json_add_string (builder, "email", person->email);
  add_optional (builder, "phone", person->phone);
  add_optional (builder, "linkedin_url", linkedin);
  if (person->cv != NULL)
    {
      gsize length;
      const guchar *data = g_bytes_get_data (person->cv->bytes, &length);
      g_autofree char *encoded = g_base64_encode (data, length);
      g_autofree char *url = g_strconcat ("data:", person->cv->media_type, ";base64,", encoded, NULL);

      assay_json_add_string (builder, "cv_base64_filename", person->cv->name);
      assay_json_add_string (builder, "cv_base64_data", url);
    }
  /* Else two notifications go out for each. */
  json_builder_set_member_name (builder, "skip_notifications_on_create");
  json_builder_add_boolean_value (builder, TRUE);

  begin_relationships (builder);
  add_relationship (builder, "job", "jobs", person->job_remote_id);
  if (person->stage_remote_id != NULL)
    add_relationship (builder, "stage", "stages", person->stage_remote_id);
  return end_record (builder);
}
