/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo: its published examples, its codes for failures of writes, its webhooks; what holds for every ATS is in the
 * tests named ats-…. */
#include "config.h"

#include <string.h>

#include "../http/hostile-server.h"
#include "assay-http.h"
#include "assay-kombo.h"
#include "assay-secrets.h"
#include "assay-signature.h"
#include "test-support.h"

/* ---- Documents ---- */

static void
test_jobs (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("kombo/jobs_response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) page = assay_kombo_decode_jobs (root, NULL, &error);
  const AssayJob *job;
  const AssayStage *stage;

  g_assert_no_error (error);
  g_assert_cmpuint (page->items->len, ==, 1);
  g_assert_true (g_str_has_prefix (page->next, "eyJwYWdl"));
  job = g_ptr_array_index (page->items, 0);
  g_assert_cmpstr (job->remote_id, ==, "H5daSm8e85Dmvmne3wLeCPhX");
  g_assert_cmpstr (job->title, ==, "Backend Engineer");
  g_assert_true (job->open);
  g_assert_false (job->confidential);
  g_assert_cmpstr (job->location, ==, "Berlin, Germany");
  g_assert_cmpstr (job->url, ==, "https://app.greenhouse.io/jobs/32");
  g_assert_cmpint (job->updated_at, ==, G_GINT64_CONSTANT (1659880889196));
  g_assert_cmpuint (job->stages->len, ==, 1);
  stage = g_ptr_array_index (job->stages, 0);
  g_assert_cmpstr (stage->remote_id, ==, "5J7L4b48wBfffYwek9Az9pkM");
  g_assert_cmpstr (stage->name, ==, "Initial Screening");
}

static void
test_applications (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("kombo/applications_response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) page = assay_kombo_decode_applications (root, NULL, &error);
  const AssayApplication *application;

  g_assert_no_error (error);
  g_assert_cmpuint (page->items->len, ==, 1);
  application = g_ptr_array_index (page->items, 0);
  g_assert_cmpstr (application->remote_id, ==, "H77fDF8uvEzGNPRubiz5DvQ7");
  g_assert_cmpstr (application->job_remote_id, ==, "H5daSm8e85Dmvmne3wLeCPhX");
  g_assert_cmpstr (application->stage_remote_id, ==, "5J7L4b48wBfffYwek9Az9pkM");
  g_assert_cmpstr (application->stage_name, ==, "Initial Screening");
  g_assert_cmpstr (application->full_name, ==, "John Doe");
  /* Of a type that could not be written. */
  g_assert_cmpstr (application->email, ==, "john.doe@example.com");
  g_assert_cmpstr (application->phone, ==, "+1-541-754-3010");
  g_assert_cmpstr (application->source, ==, "Employee Referral");
  g_assert_cmpstr (application->tags[0], ==, "High Potential");
  g_assert_null (application->linkedin_url);
  g_assert_true (application->archived);
  g_assert_null (application->documents);
}

/* Every member but the id may be missing, null or of another type. */
static void
test_sparse (void)
{
  g_autoptr (JsonNode) root = test_parse (
    "{\"status\":\"success\",\"data\":{\"next\":null,\"results\":["
    "{\"id\":\"a\",\"candidate\":null,\"current_stage\":7,\"job_id\":3,\"outcome\":null,\"remote_url\":\"javascript:1\"},"
    "{\"id\":\"b\",\"candidate\":{\"email_addresses\":[{\"email_address\":null},{\"email_address\":\"b@example.test\"}],"
    "\"tags\":[null,{\"name\":\"\"}]},\"current_stage_id\":\"s\"},"
    "{\"id\":\"c\",\"remote_deleted_at\":\"2026-01-02T03:04:05.678Z\"}]}}");
  g_autoptr (JsonNode) jobs = test_parse (
    "{\"status\":\"success\",\"data\":{\"results\":[{\"id\":\"j\",\"name\":null,\"status\":null,\"stages\":["
    "{\"id\":\"two\",\"name\":null,\"index\":5},{\"id\":\"one\",\"name\":\"One\",\"index\":1},null]}]}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) page = assay_kombo_decode_applications (root, NULL, &error);
  g_autoptr (AssayPage) deleted = assay_kombo_decode_deleted (root, NULL, &error);
  g_autoptr (AssayPage) job_page = assay_kombo_decode_jobs (jobs, NULL, &error);
  const AssayApplication *application;
  const AssayJob *job;

  g_assert_no_error (error);
  g_assert_cmpuint (page->items->len, ==, 2);
  g_assert_null (page->next);
  application = g_ptr_array_index (page->items, 0);
  g_assert_cmpstr (application->full_name, ==, "Candidate a");
  g_assert_cmpstr (application->job_remote_id, ==, "3");
  g_assert_null (application->url);
  application = g_ptr_array_index (page->items, 1);
  g_assert_cmpstr (application->full_name, ==, "b@example.test");
  g_assert_cmpuint (g_strv_length (application->tags), ==, 0);

  g_assert_cmpuint (deleted->items->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (deleted->items, 0), ==, "c");

  job = g_ptr_array_index (job_page->items, 0);
  g_assert_cmpstr (job->title, ==, "Job j");
  g_assert_true (job->open);
  g_assert_cmpstr (((AssayStage *) g_ptr_array_index (job->stages, 0))->remote_id, ==, "one");
  g_assert_cmpstr (((AssayStage *) g_ptr_array_index (job->stages, 1))->name, ==, "Stage 1");
}

static void
test_unreadable (void)
{
  static const char *const documents[] = {
    "[]",
    "{}",
    "{\"data\":{\"results\":[]}}",
    "{\"status\":\"success\"}",
    "{\"status\":\"success\",\"data\":[]}",
    "{\"status\":\"success\",\"data\":{}}",
    "{\"status\":\"success\",\"data\":{\"results\":[null]}}",
    "{\"status\":\"success\",\"data\":{\"results\":[{\"id\":null}]}}",
    /* It would go round in circles. */
    "{\"status\":\"success\",\"data\":{\"results\":[],\"next\":\"here\"}}",
    "{\"status\":\"success\",\"data\":{\"results\":[],\"next\":{}}}",
    "{\"status\":\"success\",\"data\":{\"results\":[],\"next\":[\"there\"]}}",
    "{\"status\":\"success\",\"data\":{\"results\":[],\"next\":true}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    {
      g_autoptr (JsonNode) root = test_parse (documents[i]);
      GError *error = NULL;

      g_test_message ("%s", documents[i]);
      g_assert_null (assay_kombo_decode_applications (root, "here", &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

static void
test_errors (void)
{
  g_autoptr (JsonNode) full = test_load_fixture ("kombo/error_response.json");
  g_autoptr (JsonNode) minimal = test_load_fixture ("kombo/error_minimal.json");
  GError *error = NULL;

  g_assert_null (assay_kombo_open_envelope (minimal, &error));
  g_assert_cmpstr (assay_error_get_vendor_detail (error), ==, "The message is always in the response.");
  g_assert_null (assay_error_get_vendor_code (error));
  error = assay_kombo_translate (error, NULL, TRUE);
  test_assert_error (error, ASSAY_ERROR_INVALID);

  g_assert_null (assay_kombo_open_envelope (full, &error));
  g_assert_cmpstr (assay_error_get_vendor_code (error), ==, "INTEGRATION.MODEL_NOT_AVAILABLE");
  error = assay_kombo_translate (error, "Get jobs", FALSE);
  g_assert_nonnull (strstr (error->message, "“Get jobs”"));
  g_assert_true (g_str_has_prefix (assay_error_get_vendor_detail (error), "The \"employees\" model"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

static void
assert_fixture (JsonNode   *body,
                const char *name)
{
  g_autoptr (JsonNode) taken = body;
  g_autoptr (JsonNode) documented = test_load_fixture (name);

  g_assert_true (json_node_equal (taken, documented));
}

static void
test_bodies (void)
{
  static const char text[] = "Hi there, Kombo is currently hiring engineers that love to work on developer products.";
  static const char *const links[] = { "https://www.linkedin.com/in/ada-example", NULL };
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  const AssayUpload upload = { .name = "Frank Doe CV.txt", .media_type = "text/plain", .bytes = bytes };
  const AssayNewApplication person = {
    .job_remote_id = "H5daSm8e85Dmvmne3wLeCPhX", .stage_remote_id = "8x3YKRDcuRnwShdh96ShBNn1", .first_name = "Frank",
    .last_name = "Doe", .email = "frank.doe@example.com", .phone = "+1-541-754-3010", .source = "hackajob", .cv = &upload,
    .links = links,
  };
  g_autoptr (JsonNode) rejection = test_load_fixture ("kombo/reject_request.json");
  g_autoptr (JsonNode) documented = test_load_fixture ("kombo/create_application_request.json");
  g_autoptr (JsonNode) created = assay_kombo_encode_application (&person);
  g_autoptr (JsonNode) reason = assay_kombo_encode_rejection ("3PJ8PZhZZa1eEdd2DtPNtVup");
  JsonObject *body = json_node_get_object (created);
  JsonObject *candidate = json_object_get_object_member (body, "candidate");
  JsonObject *theirs = json_object_get_object_member (json_node_get_object (documented), "candidate");
  g_autoptr (GList) members = json_object_get_members (candidate);

  assert_fixture (assay_kombo_encode_stage ("3PJ8PZhZZa1eEdd2DtPNtVup"), "kombo/move_stage_request.json");
  assert_fixture (assay_kombo_encode_attachment (&upload, "CV"), "kombo/add_attachment_request.json");
  json_object_remove_member (json_node_get_object (rejection), "note");
  g_assert_true (json_node_equal (reason, rejection));

  g_assert_true (json_node_equal (json_object_get_member (body, "attachments"),
                                  json_object_get_member (json_node_get_object (documented), "attachments")));
  g_assert_cmpstr (json_object_get_string_member (body, "stage_id"), ==, "8x3YKRDcuRnwShdh96ShBNn1");
  /* What is sent of the person is what is documented; the links have no example. */
  for (GList *member = members; member != NULL; member = member->next)
    if (strcmp (member->data, "social_links") != 0)
      g_assert_true (json_node_equal (json_object_get_member (candidate, member->data),
                                      json_object_get_member (theirs, member->data)));
  /* It is deprecated, and Kombo writes it by itself. */
  g_assert_false (json_object_has_member (body, "source"));
  g_assert_false (json_object_has_member (candidate, "source"));
}

/* ---- Against the sandbox ---- */

typedef struct
{
  TestSandbox *sandbox;
  AssayAts *ats;
  char *job;
  char *remote_id;
} Fixture;

static void
answer (Fixture    *fixture,
        const char *code,
        guint       status,
        const char *operation)
{
  json_node_unref (test_sandbox_ask (fixture->sandbox, "POST", "/settings",
                                     "{\"vendor\":\"kombo\",\"code\":\"%s\",\"status\":%u,\"operation\":\"%s\"}", code, status,
                                     operation));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayPage) jobs = NULL;
  g_autoptr (AssayPage) page = NULL;
  g_autoptr (GError) error = NULL;

  fixture->sandbox = test_sandbox_start ("--jobs=4", "--applications=12", NULL);
  connection->kind = g_strdup ("kombo");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strdup (test_sandbox_get_base_url (fixture->sandbox, "kombo")));
  g_hash_table_insert (connection->settings, g_strdup ("integration"),
                       g_strdup ("greenhouse:SandboxSandboxSandbox001"));
  assay_secrets_table_set (secrets, "api-key", "sandbox-kombo-full-access");
  fixture->ats = ASSAY_ATS (assay_kombo_description.create (&assay_kombo_description, &context, &error));
  g_assert_no_error (error);
  TEST_CALL (result, assay_ats_list_jobs_async, fixture->ats, NULL, NULL);
  jobs = assay_ats_list_jobs_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < jobs->items->len && fixture->job == NULL; i++)
    if (((AssayJob *) g_ptr_array_index (jobs->items, i))->open)
      fixture->job = g_strdup (((AssayJob *) g_ptr_array_index (jobs->items, i))->remote_id);
  TEST_CALL (result, assay_ats_list_applications_async, fixture->ats, 0, NULL, NULL);
  page = assay_ats_list_applications_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  fixture->remote_id = g_strdup (((AssayApplication *) g_ptr_array_index (page->items, 0))->remote_id);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  gpointer ats = fixture->ats;

  test_sandbox_assert_no_incidents (fixture->sandbox);
  /* The thread that decoded the last page gives its reference back in its own time. */
  g_object_add_weak_pointer (ats, &ats);
  g_object_unref (fixture->ats);
  while (ats != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
  g_free (fixture->job);
  g_free (fixture->remote_id);
  test_sandbox_stop (fixture->sandbox);
}

static gboolean
add_note (Fixture *fixture,
          GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_add_note_async, fixture->ats, fixture->remote_id, "Score: 84 %", NULL);
  return assay_ats_add_note_finish (fixture->ats, result, NULL, error);
}

/* Whatever the status: the code says whether a write may have taken effect, and it is sent once. */
static void
test_codes_of_writes (Fixture      *fixture,
                      gconstpointer data)
{
  static const struct
  {
    const char *code;
    int expected;
  } cases[] = {
    { "PLATFORM.TASK_TIMED_OUT", ASSAY_ERROR_UNSURE },
    { "PLATFORM.UNKNOWN_ERROR", ASSAY_ERROR_UNSURE },
    { "REMOTE.SERVICE_UNAVAILABLE", ASSAY_ERROR_UNSURE },
    { "REMOTE.UNKNOWN_HTTP_ERROR", ASSAY_ERROR_UNSURE },
    { "INTEGRATION.SETUP_SYNC_PENDING", ASSAY_ERROR_UNAVAILABLE },
    { "PLATFORM.INPUT_INVALID", ASSAY_ERROR_INVALID },
    { "REMOTE.INPUT_INVALID", ASSAY_ERROR_INVALID },
    { "INTEGRATION.ACTION_NOT_AVAILABLE", ASSAY_ERROR_INVALID },
    { "INTEGRATION.PERMISSION_MISSING", ASSAY_ERROR_FORBIDDEN },
    { "ATS.JOB_CLOSED", ASSAY_ERROR_INVALID },
    { "ATS.APPLICATION_ALREADY_EXISTS", ASSAY_ERROR_DUPLICATE },
  };
  static const guint statuses[] = { 200, 400, 500 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < G_N_ELEMENTS (statuses); j++)
      {
        guint before = test_sandbox_count_requests (fixture->sandbox, "kombo", "applications.note");
        GError *error = NULL;

        g_test_message ("%s %u", cases[i].code, statuses[j]);
        answer (fixture, cases[i].code, statuses[j], "applications.note");
        g_assert_false (add_note (fixture, &error));
        g_assert_cmpstr (assay_error_get_vendor_code (error), ==, cases[i].code);
        test_assert_error (error, cases[i].expected);
        g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "kombo", "applications.note"), ==, before + 1);
      }
  answer (fixture, "", 0, "");
  {
    GError *error = NULL;

    g_assert_true (add_note (fixture, &error));
    g_assert_no_error (error);
  }
}

static char *
create (Fixture    *fixture,
        const char *job,
        const char *email,
        GError    **error)
{
  const AssayNewApplication person = { .job_remote_id = job, .first_name = "Ada", .last_name = "Lovelace",
                                       .email = email };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_create_application_async, fixture->ats, &person, NULL);
  return assay_ats_create_application_finish (fixture->ats, result, error);
}

/* A list whose cursors go round in a circle is looked through for so long and no longer. */
static void
test_endless_search (void)
{
  g_autoptr (HostileServer) server = hostile_server_new (NULL);
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (AssayAts) ats = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *page =
        g_strdup_printf ("{\"status\":\"success\",\"data\":{\"results\":[],\"next\":\"c%u\"}}", i % 2);

      hostile_server_add_reply (server, "200 OK", "Content-Type: application/json\r\n", page);
    }
  connection->kind = g_strdup ("kombo");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"), g_strdup (hostile_server_get_url (server)));
  g_hash_table_insert (connection->settings, g_strdup ("integration"), g_strdup ("greenhouse:SandboxSandboxSandbox001"));
  assay_secrets_table_set (secrets, "api-key", "any-key");
  ats = ASSAY_ATS (assay_kombo_description.create (&assay_kombo_description, &context, &error));
  g_assert_no_error (error);
  TEST_CALL (result, assay_ats_find_application_async, ats, "job", "ada@example.test", 0, NULL);
  g_assert_null (assay_ats_find_application_finish (ats, result, &error));
  test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
  g_assert_cmpuint (hostile_server_get_n_requests (server), ==, 100);
}

/* The same person for the same job is one application. */
static void
test_already_there (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  made = create (fixture, fixture->job, "ada@example.test", &error);
  g_assert_no_error (error);
  g_assert_null (create (fixture, fixture->job, "ADA@example.test", &error));
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  TEST_CALL (result, assay_ats_find_application_async, fixture->ats, fixture->job, "Ada@example.test", 0, NULL);
  found = assay_ats_find_application_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, made);
}

static gboolean
attach (Fixture    *fixture,
        gsize       size,
        GError    **error)
{
  g_autofree char *data = g_malloc0 (size);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&data), size);
  const AssayUpload upload = { .name = "profile.pdf", .media_type = "application/pdf", .bytes = bytes };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_attach_document_async, fixture->ats, fixture->remote_id, &upload, NULL);
  return assay_ats_attach_document_finish (fixture->ats, result, error);
}

static void
test_documents (Fixture      *fixture,
                gconstpointer data)
{
  GError *error = NULL;

  g_assert_true (attach (fixture, 1000, &error));
  g_assert_no_error (error);
  g_assert_false (attach (fixture, ASSAY_KOMBO_MAX_FILE + 1, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_false (attach (fixture, 0, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "kombo", "applications.attach"), ==, 1);
}

static void
test_rejection (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayApplication) rejected = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_ats_archive_async, fixture->ats, fixture->remote_id, "R00000000000000000000001", NULL);
  g_assert_true (assay_ats_archive_finish (fixture->ats, result, &error));
  g_assert_no_error (error);
  TEST_CALL (result, assay_ats_get_application_async, fixture->ats, fixture->remote_id, NULL);
  rejected = assay_ats_get_application_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  g_assert_true (rejected->archived);
  TEST_CALL (result, assay_ats_archive_async, fixture->ats, fixture->remote_id, NULL, NULL);
  g_assert_false (assay_ats_archive_finish (fixture->ats, result, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

/* ---- Webhooks ---- */

#define SECRET "kombo-test-secret"

static AssayWebhookEvent *
deliver (const char *signature,
         const char *body,
         const char *secret,
         GError    **error)
{
  g_autoptr (GHashTable) headers = assay_webhook_headers_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  AssayWebhookEvent *event = NULL;
  gboolean accepted;

  if (signature != NULL)
    assay_webhook_headers_set (headers, "X-Kombo-Signature", signature);
  accepted = assay_kombo_description.parse_webhook (headers, bytes, secret, 0, &event, error);
  g_assert_true (accepted == (event != NULL));
  return event;
}

static void
test_signature (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("kombo/signature_vector.json");
  JsonObject *vector = json_node_get_object (root);
  JsonArray *cases = json_object_get_array_member (vector, "cases");
  const char *secret = json_object_get_string_member (vector, "secret");

  g_assert_cmpuint (json_array_get_length (cases), >, 1);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *one = json_array_get_object_element (cases, i);
      const char *body = json_object_get_string_member (one, "raw_body");
      const char *signature = json_object_get_string_member (one, "signature");
      g_autoptr (AssayWebhookEvent) event = NULL;
      g_autoptr (AssayWebhookEvent) relayed = NULL;
      g_autofree char *hex = NULL;
      GError *error = NULL;

      event = deliver (signature, body, secret, &error);
      if (!json_object_get_boolean_member (one, "valid"))
        {
          g_assert_null (event);
          test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (event->name, ==, "integration-created");
      g_assert_cmpstr (event->dedupe_key, ==, "kombo:evt-1");
      hex = assay_signature_compute_hex (secret, body, strlen (body));
      relayed = deliver (hex, body, secret, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (relayed->dedupe_key, ==, event->dedupe_key);
    }
}

static void
test_events (void)
{
  static const char *const names[] = { "webhook_data_changed", "webhook_integration_state_changed" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *fixture = g_strdup_printf ("kombo/%s.json", names[i]);
      g_autoptr (JsonNode) root = test_load_fixture (fixture);
      g_autofree char *body = json_to_string (root, FALSE);
      g_autofree char *hex = assay_signature_compute_hex (SECRET, body, strlen (body));
      g_autoptr (AssayWebhookEvent) event = NULL;
      GError *error = NULL;

      event = deliver (hex, body, SECRET, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (event->dedupe_key, ==, "kombo:Cbfk5sHtDxrSrJBRjsDtbaN9");
      g_assert_cmpstr (event->name, ==, json_object_get_string_member (json_node_get_object (root), "type"));
      g_assert_null (event->application_remote_id);

      g_assert_null (deliver (NULL, body, SECRET, &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
      g_assert_null (deliver (hex, body, NULL, &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
      g_assert_null (deliver (hex, body, "another-secret", &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
    }
}

static void
add (const char *name,
     void      (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/kombo/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/kombo/jobs", test_jobs);
  g_test_add_func ("/kombo/applications", test_applications);
  g_test_add_func ("/kombo/sparse", test_sparse);
  g_test_add_func ("/kombo/unreadable", test_unreadable);
  g_test_add_func ("/kombo/endless-search", test_endless_search);
  g_test_add_func ("/kombo/errors", test_errors);
  g_test_add_func ("/kombo/bodies", test_bodies);
  g_test_add_func ("/kombo/signature", test_signature);
  g_test_add_func ("/kombo/events", test_events);
  add ("codes-of-writes", test_codes_of_writes);
  add ("already-there", test_already_there);
  add ("documents", test_documents);
  add ("rejection", test_rejection);
  return g_test_run ();
}
