/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's documents, all of them: what is read becomes the model, what is written is what the documentation
 * shows member for member, what is refused says so, and what is reported is believed only with its signature. */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "assay-http-private.h"
#include "assay-pinpoint-private.h"
#include "assay-signature.h"
#include "test-support.h"

/* Every fixture there is */

typedef enum
{
  FIXTURE_APPLICATIONS,
  FIXTURE_JOBS,
  FIXTURE_USERS,
  FIXTURE_ASSESSMENTS,
  FIXTURE_COMMENTS,
  FIXTURE_FIELDS,
  FIXTURE_ATTRIBUTES,
  FIXTURE_ERROR,
  FIXTURE_BODY,        /* compared in test_bodies() */
  FIXTURE_WEBHOOK,
  FIXTURE_ELSEWHERE,   /* nothing that Assay asks for: it only mustn't hurt */
} FixtureKind;

static const struct
{
  const char *prefix;   /* of the file's name; the first that fits */
  FixtureKind kind;
} fixture_kinds[] = {
  { "application_add_tags_request", FIXTURE_BODY },
  { "application_create_request", FIXTURE_BODY },
  { "application_move_stage_request", FIXTURE_BODY },
  { "application_remove_tag_request", FIXTURE_BODY },
  { "application_update_attributes_request", FIXTURE_ELSEWHERE },
  { "application", FIXTURE_APPLICATIONS },
  { "assembled_applications", FIXTURE_APPLICATIONS },
  { "assembled_custom_attribute_create_request", FIXTURE_BODY },
  { "assembled_error", FIXTURE_ERROR },
  { "assembled_webhook_signature_vectors", FIXTURE_ELSEWHERE },
  { "assembled_webhook", FIXTURE_WEBHOOK },
  { "assembled_", FIXTURE_ELSEWHERE },
  { "candidate_update", FIXTURE_ELSEWHERE },
  { "comment_create_request", FIXTURE_BODY },
  { "comment", FIXTURE_COMMENTS },
  { "custom_attribute_create_request", FIXTURE_BODY },
  { "custom_attribute_update_request", FIXTURE_BODY },
  { "custom_attribute", FIXTURE_ATTRIBUTES },
  { "custom_field_create_request", FIXTURE_BODY },
  { "custom_field_single", FIXTURE_ELSEWHERE },
  { "custom_fields", FIXTURE_FIELDS },
  { "deleted_200", FIXTURE_ELSEWHERE },
  { "department", FIXTURE_ELSEWHERE },
  { "divisions", FIXTURE_ELSEWHERE },
  { "error", FIXTURE_ERROR },
  { "guess_candidate_assessments", FIXTURE_ASSESSMENTS },
  { "hiring_workflow", FIXTURE_ELSEWHERE },
  { "interview", FIXTURE_ELSEWHERE },
  { "job_seeker", FIXTURE_ELSEWHERE },
  { "job", FIXTURE_JOBS },
  { "location", FIXTURE_ELSEWHERE },
  { "plugin", FIXTURE_ELSEWHERE },
  { "postings", FIXTURE_ELSEWHERE },
  { "structure", FIXTURE_ELSEWHERE },
  { "user", FIXTURE_USERS },
  { "webhook", FIXTURE_WEBHOOK },
};

static void
check_application (gconstpointer item)
{
  const AssayApplication *application = item;

  g_assert_true (application->remote_id != NULL && *application->remote_id != '\0');
  g_assert_true (application->full_name != NULL && *application->full_name != '\0');
  g_assert_nonnull (application->tags);
}

static void
check_job (gconstpointer item)
{
  const AssayJob *job = item;

  g_assert_true (job->remote_id != NULL && *job->remote_id != '\0');
  g_assert_true (job->title != NULL && *job->title != '\0');
}

static void
check_user (gconstpointer item)
{
  const AssayUser *user = item;

  g_assert_cmpstr (user->name, ==, "Joe Bloggs");
  g_assert_true (g_str_has_suffix (user->email, "@example.com"));
  g_assert_true (g_str_has_prefix (user->remote_id, "10003"));
  g_assert_null (user->role);
  g_assert_true (user->active);
}

static void
check_assessment (gconstpointer item)
{
  const AssayAtsRecord *record = item;

  g_assert_cmpstr (record->remote_id, ==, "501");
  g_assert_cmpstr (record->application_remote_id, ==, "8863902");
  g_assert_cmpuint (record->names->len, ==, 5);
  g_assert_cmpstr (g_ptr_array_index (record->names, 2), ==, "Score");
  g_assert_cmpstr (g_ptr_array_index (record->values, 2), ==, "85");
}

static void
check_page (const char *name,
            JsonNode   *root,
            AssayPage *(*decode) (JsonNode *root, GError **error),
            void       (*check) (gconstpointer item))
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) page = decode (root, &error);
  gboolean empty = strstr (name, "empty") != NULL || strstr (name, "count_only") != NULL;

  g_assert_no_error (error);
  g_assert_cmpint (page->items->len == 0, ==, empty);
  for (guint i = 0; i < page->items->len; i++)
    check (g_ptr_array_index (page->items, i));
  if (strstr (name, "count_only") != NULL)
    g_assert_cmpint (page->total, ==, 2417);
}

/* "error_404_record_not_found.json": its code follows from its status, and its words travel along. */
static void
check_error (const char *name,
             JsonNode   *root)
{
  static const struct
  {
    guint status;
    AssayError code;
  } codes[] = {
    { 400, ASSAY_ERROR_INVALID },      { 401, ASSAY_ERROR_UNAUTHORIZED },  { 403, ASSAY_ERROR_FORBIDDEN },
    { 404, ASSAY_ERROR_NOT_FOUND },    { 409, ASSAY_ERROR_DUPLICATE },     { 422, ASSAY_ERROR_INVALID },
    { 429, ASSAY_ERROR_RATE_LIMITED }, { 500, ASSAY_ERROR_UNAVAILABLE },
  };
  g_autofree char *text = json_to_string (root, FALSE);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  JsonArray *errors = json_object_get_array_member (json_node_get_object (root), "errors");
  const char *detail = json_object_get_string_member (json_array_get_object_element (errors, 0), "detail");
  AssayHttpAnswer answer = { .place = "Pinpoint (acme.pinpointhq.com)", .body = body, .retry_after = -1,
                             .content_type = ASSAY_PINPOINT_MEDIA_TYPE };
  g_autoptr (GError) error = NULL;

  answer.status = (guint) g_ascii_strtoull (strstr (name, "error_") + strlen ("error_"), NULL, 10);
  error = assay_http_problem_from_status (&answer, ASSAY_HTTP_READ);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].status == answer.status)
      g_assert_error (error, ASSAY_ERROR, (int) codes[i].code);
  test_assert_sentence (error->message);
  g_assert_cmpuint (assay_error_get_vendor_status (error), ==, answer.status);
  g_assert_nonnull (strstr (assay_error_get_vendor_detail (error), detail));
}

static void
check_fixture (const char  *name,
               FixtureKind  kind,
               JsonNode    *root)
{
  g_autoptr (AssayPinpointField) field = NULL;
  g_autoptr (AssayPinpointAttribute) attribute = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  guint rows;

  switch (kind)
    {
    case FIXTURE_APPLICATIONS:
      check_page (name, root, assay_pinpoint_decode_applications, check_application);
      break;
    case FIXTURE_JOBS:
      check_page (name, root, assay_pinpoint_decode_jobs, check_job);
      break;
    case FIXTURE_USERS:
      check_page (name, root, assay_pinpoint_decode_users, check_user);
      break;
    case FIXTURE_ASSESSMENTS:
      check_page (name, root, assay_pinpoint_decode_assessments, check_assessment);
      break;
    case FIXTURE_ERROR:
      check_error (name, root);
      break;
    case FIXTURE_FIELDS:
      /* It is one of jobs, and so none of ours. */
      field = assay_pinpoint_find_field (root, "Single select - job 1", &rows, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (rows, ==, 1);
      g_assert_null (field);
      break;
    case FIXTURE_ATTRIBUTES:
      field = assay_pinpoint_field_new ("1000134", "single_select");
      attribute = assay_pinpoint_find_attribute (root, field, "Favourite vegetable", &rows, &error);
      /* One record where a list was due. */
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_null (attribute);
      break;
    case FIXTURE_COMMENTS:
      found = assay_pinpoint_find_comment (root, "This isn't there", &rows, &error);
      g_assert_null (found);
      if (g_str_has_prefix (name, "comments"))
        {
          g_assert_no_error (error);
          g_assert_cmpuint (rows, ==, 1);
        }
      else
        g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
      break;
    case FIXTURE_ELSEWHERE:
    case FIXTURE_BODY:
    case FIXTURE_WEBHOOK:
    default:
      break;
    }
}

/* Each decoder survives each document. */
static void
feed_to_all (JsonNode *root)
{
  AssayPage *(*const decoders[]) (JsonNode *, GError **) = {
    assay_pinpoint_decode_applications,
    assay_pinpoint_decode_jobs,
    assay_pinpoint_decode_users,
    assay_pinpoint_decode_assessments,
  };
  g_autoptr (AssayPinpointField) field = assay_pinpoint_field_new ("1", "decimal");
  AssayPinpointField *found_field;
  AssayPinpointAttribute *found_attribute;
  GError *error = NULL;
  guint rows;

  for (guint i = 0; i < G_N_ELEMENTS (decoders); i++)
    {
      g_autoptr (AssayPage) page = decoders[i] (root, &error);

      g_assert_true ((page == NULL) == (error != NULL));
      g_clear_error (&error);
    }
  found_field = assay_pinpoint_find_field (root, "x", &rows, &error);
  g_clear_pointer (&found_field, assay_pinpoint_field_free);
  g_clear_error (&error);
  found_attribute = assay_pinpoint_find_attribute (root, field, "x", &rows, &error);
  g_clear_pointer (&found_attribute, assay_pinpoint_attribute_free);
  g_clear_error (&error);
}

static void
test_fixtures (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("ASSAY_FIXTURES"), "pinpoint", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint count = 0;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_strconcat ("pinpoint/", name, NULL);
      g_autoptr (JsonNode) root = NULL;
      gboolean known = FALSE;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      g_test_message ("%s", name);
      root = test_load_fixture (path);
      for (guint i = 0; !known && i < G_N_ELEMENTS (fixture_kinds); i++)
        if (g_str_has_prefix (name, fixture_kinds[i].prefix))
          {
            known = TRUE;
            check_fixture (name, fixture_kinds[i].kind, root);
          }
      g_assert_true (known);
      feed_to_all (root);
      count++;
    }
  g_assert_cmpuint (count, >, 70);
}

/* Bodies */

/* Takes @body. @change: (nullable): what differs from the documented one, and why is said where it is given */
static void
assert_body (JsonNode   *body,
             const char *name,
             void      (*change) (JsonObject *data))
{
  g_autoptr (JsonNode) taken = body;
  g_autofree char *path = g_strdup_printf ("pinpoint/%s.json", name);
  g_autoptr (JsonNode) read = test_load_fixture (path);
  g_autofree char *text = json_to_string (read, FALSE);
  g_autoptr (JsonNode) documented = json_from_string (text, NULL);
  g_autofree char *sent = json_to_string (taken, TRUE);
  g_autofree char *wanted = NULL;

  if (change != NULL)
    change (json_object_get_object_member (json_node_get_object (documented), "data"));
  /* Answers to a job's questions, which Assay doesn't ask. */
  json_object_remove_member (json_node_get_object (documented), "included");
  wanted = json_to_string (documented, TRUE);
  g_test_message ("%s\n%s\n%s", name, sent, wanted);
  g_assert_true (json_node_equal (taken, documented));
}

/* The attribute hangs off an application, where the documented one hangs off a job. */
static void
hang_off_application (JsonObject *data)
{
  JsonObject *relationships = json_object_get_object_member (data, "relationships");
  JsonObject *owner = json_object_get_object_member (
    json_object_get_object_member (relationships, "custom_attributable"), "data");

  json_object_set_string_member (owner, "type", "applications");
}

static void
skip_notifications (JsonObject *data)
{
  json_object_set_boolean_member (json_object_get_object_member (data, "attributes"), "skip_notifications_on_create", TRUE);
}

/* What Assay knows of a person. */
static void
keep_known_members (JsonObject *data)
{
  static const char *const unknown[] = { "phone_iso2", "start_on", "address1", "address2", "town",
                                         "country",    "postcode", "date_of_birth" };
  JsonObject *attributes = json_object_get_object_member (data, "attributes");

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    json_object_remove_member (attributes, unknown[i]);
  json_object_remove_member (json_object_get_object_member (data, "relationships"), "answers");
  json_object_set_string_member (attributes, "summary", "Source: hackajob\nhttps://profile.example/1");
  json_object_set_string_member (attributes, "cv_base64_data", "data:application/pdf;base64,JVBERi0=");
  skip_notifications (data);
}

static JsonNode *
encode_value (const char *field_type,
              const char *value)
{
  g_autoptr (AssayPinpointField) field = assay_pinpoint_field_new ("1", field_type);
  g_autoptr (GError) error = NULL;
  JsonNode *body = assay_pinpoint_encode_attribute (field, "Score", "1", value, &error);

  g_assert_no_error (error);
  return body;
}

static void
test_bodies (void)
{
  static const char *const tags[] = { "Assessment: Passed", NULL };
  static const char *const links[] = { "https://www.linkedin.com/company/pinpointhq", "https://profile.example/1", NULL };
  g_autoptr (GBytes) pdf = g_bytes_new_static ("%PDF-", 5);
  const AssayUpload cv = { .name = "resume.pdf", .media_type = "application/pdf", .bytes = pdf };
  AssayNewApplication person = { .job_remote_id = "1", .first_name = "Joe", .last_name = "Bloggs",
                                 .email = "joe.bloggs@example.com" };
  g_autoptr (AssayPinpointField) varchar = assay_pinpoint_field_new ("25", "varchar");
  g_autoptr (JsonNode) added = assay_pinpoint_encode_tags ("1", tags);
  g_autoptr (JsonNode) field = assay_pinpoint_encode_field ("Assessment score");
  g_autoptr (JsonNode) documented_field = test_load_fixture ("pinpoint/custom_field_create_request.json");
  JsonObject *attributes, *documented;
  g_autoptr (GList) members = NULL;
  GError *error = NULL;

  assert_body (assay_pinpoint_encode_move ("1", "2"), "application_move_stage_request", NULL);
  assert_body (assay_pinpoint_encode_tag_removal ("1", tags[0]), "application_remove_tag_request", NULL);
  assert_body (assay_pinpoint_encode_comment ("1", "This candidate was fantastic!"), "comment_create_request", NULL);

  assert_body (encode_value ("varchar", "Hello, Globe!"), "custom_attribute_create_request_varchar", hang_off_application);
  assert_body (encode_value ("text", "Hello, Globe!"), "custom_attribute_create_request_text", hang_off_application);
  assert_body (encode_value ("decimal", "123.123"), "custom_attribute_create_request_decimal", hang_off_application);
  assert_body (encode_value ("integer", "123"), "custom_attribute_create_request_integer", hang_off_application);
  assert_body (assay_pinpoint_encode_attribute (varchar, "Score", "8863902", "87", &error),
               "assembled_custom_attribute_create_request_on_application", NULL);
  assert_body (assay_pinpoint_encode_attribute (varchar, "Score", NULL, "Hello, Globe!", &error),
               "custom_attribute_update_request_varchar", NULL);
  g_assert_no_error (error);

  assert_body (assay_pinpoint_encode_application (&person), "application_create_request_minimal", skip_notifications);
  person.stage_remote_id = "1";
  assert_body (assay_pinpoint_encode_application (&person), "application_create_request_with_stage", skip_notifications);
  person.stage_remote_id = NULL;
  person.email = "joe.bloggs@pinpoint.dev";
  person.phone = "02033189441";
  person.source = "hackajob";
  person.links = links;
  person.cv = &cv;
  assert_body (assay_pinpoint_encode_application (&person), "application_create_request_full", keep_known_members);

  /* A new field: no member that the documentation doesn't have, all that it can't do without. */
  documented = json_object_get_object_member (
    json_object_get_object_member (json_node_get_object (documented_field), "data"), "attributes");
  attributes = json_object_get_object_member (json_object_get_object_member (json_node_get_object (field), "data"),
                                              "attributes");
  members = json_object_get_members (attributes);
  for (GList *link = members; link != NULL; link = link->next)
    {
      g_assert_true (json_object_has_member (documented, link->data));
      g_assert_cmpint (json_node_get_value_type (json_object_get_member (documented, link->data)), ==,
                       json_node_get_value_type (json_object_get_member (attributes, link->data)));
    }
  g_assert_cmpstr (json_object_get_string_member (attributes, "name"), ==, "Assessment score");
  g_assert_cmpstr (json_object_get_string_member (attributes, "resource_type"), ==, "application");
  g_assert_cmpstr (json_object_get_string_member (attributes, "field_type"), ==, "decimal");
  g_assert_false (json_object_get_boolean_member (attributes, "required"));
}

/* What a field can't take is said before anything is sent. */
static void
test_values (void)
{
  static const struct
  {
    const char *field_type;   /* NULL: unknown */
    const char *value;
    gboolean good;
  } cases[] = {
    { "decimal", "84", TRUE },       { "decimal", "12.5", TRUE },  { "decimal", "many", FALSE },
    { "decimal", "", FALSE },        { "decimal", "nan", FALSE },  { "decimal", "1e999", FALSE },
    { "decimal", "12,5", FALSE },    { "integer", "84", TRUE },    { "integer", "84.0", TRUE },
    { "integer", "84.5", FALSE },    { "integer", "-3", TRUE },    { "integer", "1e300", FALSE },
    { "varchar", "84.5 %", TRUE },   { "text", "", TRUE },         { "date", "84", FALSE },
    { "boolean", "1", FALSE },       { "single_select", "84", FALSE }, { "multi_select", "84", FALSE },
    { "rating", "84", FALSE },       { NULL, "84", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayPinpointField) field = assay_pinpoint_field_new ("1", cases[i].field_type);
      GError *error = NULL;
      g_autoptr (JsonNode) body = assay_pinpoint_encode_attribute (field, "Score", "1", cases[i].value, &error);

      g_test_message ("%s %s", cases[i].field_type, cases[i].value);
      g_assert_cmpint (body != NULL, ==, cases[i].good);
      if (!cases[i].good)
        test_assert_error (error, ASSAY_ERROR_INVALID);
    }
}

static void
test_field_lookup (void)
{
  g_autoptr (JsonNode) fields = test_parse (
    "{\"data\":[{\"id\":\"1\",\"attributes\":{\"name\":\"Score\",\"resource_type\":\"job\",\"field_type\":\"decimal\"}},"
    "{\"id\":\"2\",\"attributes\":null},{},7,"
    "{\"id\":\"3\",\"attributes\":{\"name\":\" SCORE "
    "\",\"resource_type\":\"application\",\"field_type\":\"varchar\"}}]}");
  g_autoptr (JsonNode) attributes = test_parse (
    "{\"data\":[{\"id\":\"7\",\"attributes\":{\"value\":\"84.0\",\"field_name\":\"Score\"},\"relationships\":"
    "{\"custom_field\":{\"data\":{\"type\":\"custom_fields\",\"id\":\"9\"}}}},"
    "{\"id\":\"8\",\"attributes\":{\"value\":\"84.0\",\"field_name\":\"Score\"},\"relationships\":"
    "{\"custom_field\":{\"meta\":{\"included\":false}}}}]}");
  g_autoptr (AssayPinpointField) field = NULL;
  g_autoptr (AssayPinpointField) none = NULL;
  g_autoptr (AssayPinpointAttribute) attribute = NULL;
  g_autoptr (GError) error = NULL;
  guint rows;

  field = assay_pinpoint_find_field (fields, "Score", &rows, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows, ==, 5);
  g_assert_cmpstr (field->remote_id, ==, "3");
  g_assert_cmpstr (field->field_type, ==, "varchar");
  none = assay_pinpoint_find_field (fields, "Scores", &rows, &error);
  g_assert_no_error (error);
  g_assert_null (none);

  /* The first is of another field by its id, however it is called; of the second it isn't known, so its name
   * decides. */
  attribute = assay_pinpoint_find_attribute (attributes, field, "score", &rows, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (attribute->remote_id, ==, "8");
  g_assert_true (assay_pinpoint_value_equals (attribute, "84"));
  g_assert_false (assay_pinpoint_value_equals (attribute, "84.5"));
  g_assert_false (assay_pinpoint_value_equals (attribute, "84 %"));
}

/* Webhooks */

static gboolean
parse (const char         *body,
       const char         *secret,
       const char         *signature,
       AssayWebhookEvent **event,
       GError            **error)
{
  g_autoptr (GHashTable) headers = assay_webhook_headers_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  if (signature != NULL)
    assay_webhook_headers_set (headers, "Pinpoint-HMAC-SHA256", signature);
  return assay_pinpoint_description.parse_webhook (headers, bytes, secret, 0, event, error);
}

/* (transfer full): with its right signature; NULL and @code where it is refused all the same */
static AssayWebhookEvent *
parse_signed (const char *body,
              int         code)
{
  g_autofree char *signature = assay_signature_compute_base64 ("secret", body, strlen (body));
  AssayWebhookEvent *event = NULL;
  GError *error = NULL;

  if (parse (body, "secret", signature, &event, &error))
    {
      g_assert_cmpint (code, ==, -1);
      g_assert_no_error (error);
      return event;
    }
  g_assert_null (event);
  test_assert_error (error, code);
  return NULL;
}

static void
test_webhook_vectors (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("pinpoint/assembled_webhook_signature_vectors.json");
  JsonObject *document = json_node_get_object (root);
  const char *secret = json_object_get_string_member (document, "secret_utf8");
  JsonArray *vectors = json_object_get_array_member (document, "vectors");

  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *vector = json_array_get_object_element (vectors, i);
      const char *body = json_object_get_string_member (vector, "body_utf8");
      JsonNode *value = json_object_get_member (vector, "header_value");
      g_autoptr (AssayWebhookEvent) event = NULL;
      g_autoptr (GError) error = NULL;
      gboolean accepted = parse (body, secret, JSON_NODE_HOLDS_NULL (value) ? NULL : json_node_get_string (value), &event,
                                 &error);

      g_test_message ("%s", json_object_get_string_member (vector, "name"));
      if (!json_object_get_boolean_member (vector, "valid"))
        {
          g_assert_false (accepted);
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
          test_assert_sentence (error->message);
        }
      else if (*body == '\0')
        /* Rightly signed, and nothing to read. */
        g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
      else
        {
          g_assert_no_error (error);
          g_assert_true (accepted);
          g_assert_cmpstr (event->name, ==, "application_hired");
          g_assert_cmpint (event->at, ==, G_GINT64_CONSTANT (1614687278) * 1000);
          g_assert_true (g_str_equal (event->application_remote_id, "8863880") ||
                         g_str_equal (event->application_remote_id, "1"));
        }
    }
}

/* A signature that differs in any way is none: each bit of it and of the body, cut, longer, in another spelling. */
static void
test_webhook_forged (void)
{
  static const char body[] = "{\"event\":\"application_hired\",\"data\":{\"application\":{\"id\":1}}}";
  g_autofree char *right = assay_signature_compute_base64 ("secret", body, strlen (body));
  g_autofree char *hex = assay_signature_compute_hex ("secret", body, strlen (body));
  g_autofree char *other_secret = assay_signature_compute_base64 ("secret ", body, strlen (body));
  g_autofree char *cut = g_strndup (right, strlen (right) - 1);
  g_autofree char *unpadded = g_strndup (right, 43);
  g_autofree char *longer = g_strconcat (right, "=", NULL);
  g_autofree char *spaced = g_strconcat (right, " ", NULL);
  g_autofree char *led = g_strconcat ("sha256=", right, NULL);
  g_autofree char *twice = g_strconcat (right, right, NULL);
  const char *const wrong[] = { "", hex, other_secret, cut, unpadded, longer, spaced, led, twice, "=", "====" };
  static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  AssayWebhookEvent *event = NULL;
  GError *error = NULL;

  g_assert_true (parse (body, "secret", right, &event, &error));
  g_clear_pointer (&event, assay_webhook_event_free);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_false (parse (body, "secret", wrong[i], &event, &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
    }
  /* The last character before the padding has two bits that count for nothing: they must be zero. */
  for (guint at = 0; at < 43; at++)
    for (guint bit = 0; bit < 6; bit++)
      {
        g_autofree char *mutated = g_strdup (right);

        mutated[at] = base64[(strchr (base64, right[at]) - base64) ^ (1 << bit)];
        g_assert_false (parse (body, "secret", mutated, &event, &error));
        g_clear_error (&error);
      }
  for (guint at = 0; at < strlen (body); at++)
    for (guint bit = 0; bit < 7; bit++)
      {
        g_autofree char *mutated = g_strdup (body);

        mutated[at] = (char) (mutated[at] ^ (1 << bit));
        if (mutated[at] == '\0')
          continue;
        g_assert_false (parse (mutated, "secret", right, &event, &error));
        g_clear_error (&error);
      }
  /* No secret is no reason to believe. */
  g_assert_false (parse (body, NULL, right, &event, &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_false (parse (body, "", right, &event, &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_null (event);
}

/* Whatever is rightly signed and has an id of an application in it says where to look; the rest is optional. */
static void
test_webhook_loose (void)
{
  static const struct
  {
    const char *body;
    const char *name;
    const char *application;
    const char *job;
    const char *stage;
    gint64 at;
  } cases[] = {
    { "{}", "", NULL, NULL, NULL, 0 },
    { "{\"event\":null,\"triggeredAt\":null,\"data\":null}", "", NULL, NULL, NULL, 0 },
    { "{\"event\":7,\"data\":[1]}", "", NULL, NULL, NULL, 0 },
    { "{\"event\":\"application_moved\",\"data\":{\"application\":{\"id\":\"12\"},\"stage\":{\"id\":5}}}",
      "application_moved", "12", NULL, "5", 0 },
    { "{\"event\":\"x\",\"data\":{\"application_id\":12,\"job_id\":\"3\",\"stage_id\":null}}", "x", "12", "3", NULL, 0 },
    { "{\"event\":\"x\",\"data\":{\"application\":{\"id\":\"../../jobs\"},\"job\":{\"id\":\"\"}}}", "x", NULL, NULL, NULL, 0 },
    { "{\"event\":\"x\",\"triggeredAt\":\"2021-03-02T12:01:18Z\"}", "x", NULL, NULL, NULL,
      G_GINT64_CONSTANT (1614686478) * 1000 },
    { "{\"event\":\"x\",\"triggeredAt\":1614687278000}", "x", NULL, NULL, NULL, G_GINT64_CONSTANT (1614687278) * 1000 },
  };
  static const char *const senseless[] = {
    "", "[]", "null", "7", "\"x\"", "{", "{\"event\":\"x\",\"event\":\"y\"}", "{\"event\":\"\\u0000\"}", "<html>", "{}{}",
  };
  g_autoptr (JsonNode) stage_changed = test_load_fixture ("pinpoint/assembled_webhook_application_stage_changed_guess.json");
  g_autofree char *text = json_to_string (stage_changed, FALSE);
  g_autoptr (AssayWebhookEvent) guessed = parse_signed (text, -1);
  g_autofree char *name = g_strnfill (1000, 'e');
  g_autofree char *wordy = g_strdup_printf ("{\"event\":\"%s\"}", name);
  g_autoptr (AssayWebhookEvent) cut = parse_signed (wordy, -1);

  g_assert_cmpstr (guessed->application_remote_id, ==, "8863880");
  g_assert_cmpstr (guessed->job_remote_id, ==, "1");
  g_assert_cmpuint (strlen (cut->name), ==, 128);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayWebhookEvent) event = parse_signed (cases[i].body, -1);
      g_autoptr (AssayWebhookEvent) again = parse_signed (cases[i].body, -1);

      g_test_message ("%s", cases[i].body);
      g_assert_cmpstr (event->name, ==, cases[i].name);
      g_assert_cmpstr (event->application_remote_id, ==, cases[i].application);
      g_assert_cmpstr (event->job_remote_id, ==, cases[i].job);
      g_assert_cmpstr (event->stage_remote_id, ==, cases[i].stage);
      g_assert_cmpint (event->at, ==, cases[i].at);
      /* A delivery that is repeated is the same, and no other is. */
      g_assert_cmpstr (event->dedupe_key, ==, again->dedupe_key);
      g_assert_cmpstr (event->dedupe_key, !=, guessed->dedupe_key);
    }
  for (guint i = 0; i < G_N_ELEMENTS (senseless); i++)
    g_assert_null (parse_signed (senseless[i], ASSAY_ERROR_BAD_RESPONSE));
}

/* Known answers of RFC 4231, and what decodes to one thing only. */
static void
test_signature (void)
{
  static const char *const bad_base64[] = { "A", "AA", "AAA", "AB==", "AAB=", "AA=A", "A===", "====", "AA==AA==",
                                            "AA-_", "AAA\n", "AA==\n" };
  g_autofree char *second = assay_signature_compute_hex ("Jefe", "what do ya want for nothing?", 28);
  g_autofree char *empty = assay_signature_compute_base64 ("", NULL, 0);
  g_autoptr (GBytes) three = assay_base64_decode_strict ("AQID", -1);
  g_autoptr (GBytes) one = assay_base64_decode_strict ("AQ==", -1);
  g_autoptr (GBytes) url = assay_base64url_decode_strict ("_-8", -1);
  g_autoptr (GBytes) part = assay_base64url_decode_strict ("AQ.ID", 2);
  g_autoptr (GBytes) hex = assay_hex_decode_strict ("00fFa0", -1);
  g_autoptr (GBytes) nothing = assay_base64_decode_strict ("", -1);

  g_assert_cmpstr (second, ==, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  g_assert_cmpstr (empty, ==, "thNnmggU2ex3L5XXeMNfxf8Wl8STcVZTxscSFEKSxa0=");
  g_assert_true (assay_signature_verify_hex ("Jefe", "what do ya want for nothing?", 28, second));
  g_assert_false (assay_signature_verify_hex ("Jefe", "what do ya want for nothing?", 27, second));
  g_assert_false (assay_signature_verify_hex ("Jefe", "what do ya want for nothing?", 28, NULL));
  g_assert_cmpmem (g_bytes_get_data (three, NULL), g_bytes_get_size (three), "\1\2\3", 3);
  g_assert_cmpmem (g_bytes_get_data (one, NULL), g_bytes_get_size (one), "\1", 1);
  g_assert_cmpmem (g_bytes_get_data (url, NULL), g_bytes_get_size (url), "\xff\xef", 2);
  g_assert_cmpmem (g_bytes_get_data (part, NULL), g_bytes_get_size (part), "\1", 1);
  g_assert_cmpmem (g_bytes_get_data (hex, NULL), g_bytes_get_size (hex), "\0\xff\xa0", 3);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad_base64); i++)
    {
      g_test_message ("%s", bad_base64[i]);
      g_assert_null (assay_base64_decode_strict (bad_base64[i], -1));
    }
  g_assert_null (assay_base64url_decode_strict ("AQ==", -1));
  g_assert_null (assay_base64url_decode_strict ("A", -1));
  g_assert_null (assay_base64url_decode_strict ("+/8", -1));
  g_assert_null (assay_hex_decode_strict ("0", -1));
  g_assert_null (assay_hex_decode_strict ("0g", -1));
  g_assert_true (assay_signature_equal ("abc", "abd", 2));
  g_assert_false (assay_signature_equal ("abc", "abd", 3));
  g_assert_false (assay_signature_equal ("bbc", "abc", 3));
}

/* The description */

static void
test_description (void)
{
  static const char *const settings[] = { "subdomain", "confidential", "score-field", "base-url" };
  const AssayConnectorDescription *description = &assay_pinpoint_description;
  g_autoptr (GHashTable) given = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *url = NULL;
  g_autofree char *without_job = NULL;
  g_autofree char *strange = NULL;
  g_autofree char *elsewhere = NULL;
  g_autofree char *nowhere = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      guint found = 0;

      for (guint j = 0; description->settings[j].name != NULL; j++)
        if (strcmp (description->settings[j].name, settings[i]) == 0)
          found++;
      g_assert_cmpuint (found, ==, 1);
    }
  g_assert_cmpstr (description->secrets[1].name, ==, "webhook-secret");
  g_assert_false (description->secrets[1].required);
  g_assert_cmpstr (description->webhook->secret, ==, "webhook-secret");
  for (guint i = 0; description->webhook->steps[i] != NULL; i++)
    test_assert_sentence (description->webhook->steps[i]);
  for (guint i = 0; description->permissions[i].name != NULL; i++)
    {
      test_assert_sentence (description->permissions[i].purpose);
      test_assert_sentence (description->permissions[i].remedy);
    }
  for (guint i = 0; description->roles[i].name != NULL; i++)
    test_assert_sentence (description->roles[i].note);

  g_hash_table_insert (given, (char *) "subdomain", (char *) "acme");
  url = description->build_application_url (given, "7", "42");
  g_assert_cmpstr (url, ==, "https://acme.pinpointhq.com/admin/jobs/7/applications/42");
  strange = description->build_application_url (given, "7", "../../x?y#z");
  g_assert_cmpstr (strange, ==, "https://acme.pinpointhq.com/admin/jobs/7/applications/..%2F..%2Fx%3Fy%23z");
  without_job = description->build_application_url (given, NULL, "42");
  g_assert_null (without_job);
  g_hash_table_insert (given, (char *) "base-url", (char *) "https://pinpoint.example/api/v1");
  elsewhere = description->build_application_url (given, "7", "42");
  g_assert_cmpstr (elsewhere, ==, "https://pinpoint.example/admin/jobs/7/applications/42");
  g_hash_table_insert (given, (char *) "base-url", (char *) "https://proxy.example/pinpoint");
  nowhere = description->build_application_url (given, "7", "42");
  g_assert_null (nowhere);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);
  g_test_add_func ("/pinpoint-wire/fixtures", test_fixtures);
  g_test_add_func ("/pinpoint-wire/bodies", test_bodies);
  g_test_add_func ("/pinpoint-wire/values", test_values);
  g_test_add_func ("/pinpoint-wire/field-lookup", test_field_lookup);
  g_test_add_func ("/pinpoint-wire/webhook/vectors", test_webhook_vectors);
  g_test_add_func ("/pinpoint-wire/webhook/forged", test_webhook_forged);
  g_test_add_func ("/pinpoint-wire/webhook/loose", test_webhook_loose);
  g_test_add_func ("/pinpoint-wire/signature", test_signature);
  g_test_add_func ("/pinpoint-wire/description", test_description);
  return g_test_run ();
}
