/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Greenhouse Assessment Partner protocol: its documented messages, and the connector against the strict sandbox. */
#include "config.h"

#include "assay-partner.h"

#include <math.h>
#include <string.h>

#include "assay-secrets.h"
#include "assay-testtrick.h"
#include "test-support.h"

static void
test_decode_list (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("greenhouse/list_tests_response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = assay_partner_decode_tests (root, "TestTrick", &error);
  const AssayAssessment *first, *second;

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);
  first = g_ptr_array_index (list, 0);
  second = g_ptr_array_index (list, 1);
  g_assert_cmpstr (first->remote_id, ==, "12345");
  g_assert_cmpstr (first->name, ==, "My First Test");
  g_assert_true (first->active);
  g_assert_cmpstr (second->remote_id, ==, "54321");
  g_assert_cmpstr (second->name, ==, "My Second Test");
}

static void
test_decode_list_lenient (void)
{
  g_autoptr (JsonNode) root =
    test_parse ("[{\"partner_test_id\":7,\"partner_test_name\":null,\"more\":[]},"
                "{\"partner_test_id\":\"x\",\"partner_test_name\":\"\"}]");
  g_autoptr (JsonNode) none = test_parse ("[]");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = assay_partner_decode_tests (root, "TestTrick", &error);
  g_autoptr (GPtrArray) empty = assay_partner_decode_tests (none, "TestTrick", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (((AssayAssessment *) list->pdata[0])->remote_id, ==, "7");
  g_assert_cmpstr (((AssayAssessment *) list->pdata[0])->name, ==, "Assessment 7");
  g_assert_cmpstr (((AssayAssessment *) list->pdata[1])->name, ==, "Assessment x");
  g_assert_cmpuint (empty->len, ==, 0);
}

static void
test_wrong_shapes (void)
{
  static const char *const lists[] = {
    "{}", "\"x\"", "[null]", "[\"x\"]", "[[]]", "[{}]", "[{\"partner_test_id\":\"\"}]", "[{\"partner_test_id\":null}]",
    "[{\"partner_test_id\":{}}]", "{\"tests\":[]}",
  };
  static const char *const statuses[] = {
    "[]", "\"complete\"", "{}", "{\"partner_status\":null}", "{\"partner_status\":[]}", "{\"status\":\"complete\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (JsonNode) root = test_parse (lists[i]);
      GError *error = NULL;

      g_test_message ("%s", lists[i]);
      g_assert_null (assay_partner_decode_tests (root, "TestTrick", &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr (JsonNode) root = test_parse (statuses[i]);
      GError *error = NULL;

      g_test_message ("%s", statuses[i]);
      g_assert_null (assay_partner_decode_status (root, "TestTrick", 0, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

/* Every documented member is there, with our values, in the documented places; none besides. */
static void
test_encode (void)
{
  g_autoptr (JsonNode) documented = test_load_fixture ("greenhouse/send_test_request.json");
  const AssayInvitee invitee = {
    .assessment_remote_id = "12345",
    .first_name = "Harry",
    .last_name = "Potter \"the boy\" \\ \u2028",
    .email = "hpotter@hogwarts.edu",
    .phone = "123-456-7890",
    .profile_url = "https://app.greenhouse.io/people/17681532?application_id=26234709",
    .reference = "i77",
  };
  g_autoptr (JsonNode) body = assay_partner_encode_invitee (&invitee);
  g_autoptr (JsonNode) expected = test_parse (
    "{\"partner_test_id\":\"12345\",\"candidate\":{\"first_name\":\"Harry\","
    "\"last_name\":\"Potter \\\"the boy\\\" \\\\ \\u2028\",\"preferred_name\":null,\"resume_url\":null,"
    "\"phone_number\":null,\"email\":\"hpotter@hogwarts.edu\","
    "\"greenhouse_profile_url\":\"https://app.greenhouse.io/people/17681532?application_id=26234709\"},"
    "\"sent_by\":null,\"url\":\"https://assay.invalid/i77\"}");
  g_autofree char *text = json_to_string (body, FALSE);
  JsonObject *ours = json_node_get_object (body);
  JsonObject *theirs = json_node_get_object (documented);

  g_assert_true (json_node_equal (body, expected));
  g_assert_true (assay_json_guard (text, strlen (text), TRUE, NULL));

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GList) members = json_object_get_members (theirs);

      g_assert_cmpuint (json_object_get_size (ours), ==, json_object_get_size (theirs));
      for (GList *member = members; member != NULL; member = member->next)
        g_assert_true (json_object_has_member (ours, member->data));
      if (i == 0)
        {
          ours = json_object_get_object_member (ours, "candidate");
          theirs = json_object_get_object_member (theirs, "candidate");
        }
    }
}

/* Nobody's telephone number, and an address that leads nowhere where the ATS documents none. */
static void
test_encode_least (void)
{
  const AssayInvitee invitee = { .assessment_remote_id = "1", .first_name = "A", .last_name = "", .email = "a@b.c",
                                 .reference = "i1" };
  g_autoptr (JsonNode) body = assay_partner_encode_invitee (&invitee);
  JsonObject *candidate = json_object_get_object_member (json_node_get_object (body), "candidate");

  g_assert_cmpstr (json_object_get_string_member (candidate, "greenhouse_profile_url"), ==, "https://assay.invalid/i1");
  g_assert_cmpstr (json_object_get_string_member (candidate, "last_name"), ==, "");
}

static AssayResult *
decode (JsonNode         *root,
        AssayCapabilities capabilities)
{
  g_autoptr (GError) error = NULL;
  AssayResult *result = assay_partner_decode_status (root, "TestTrick", capabilities, &error);

  g_assert_no_error (error);
  return result;
}

static void
test_decode_status (void)
{
  g_autoptr (JsonNode) complete = test_load_fixture ("greenhouse/test_status_complete.json");
  g_autoptr (JsonNode) incomplete = test_load_fixture ("greenhouse/test_status_incomplete.json");
  g_autoptr (AssayResult) done = decode (complete, 0);
  g_autoptr (AssayResult) open = decode (incomplete, 0);
  g_autoptr (JsonNode) kept = NULL;

  g_assert_cmpint (done->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpstr (done->status_text, ==, "complete");
  g_assert_cmpstr (done->report_url, ==, "http://example.com/tests/12345");
  g_assert_cmpfloat (done->score->value, ==, 81);
  /* The protocol names no scale. */
  g_assert_cmpint (done->score->unit, ==, ASSAY_UNIT_NONE);
  g_assert_true (isnan (done->score->max));
  /* The metadata is kept as it came. */
  kept = test_parse (done->raw);
  g_assert_true (json_node_equal (kept, complete));

  g_assert_cmpint (open->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_cmpstr (open->status_text, ==, "incomplete");
  g_assert_null (open->report_url);
  g_assert_null (open->score);
}

static void
test_nested_metadata (void)
{
  g_autoptr (JsonNode) root =
    test_parse ("{\"partner_status\":\"complete\",\"partner_score\":null,\"partner_profile_url\":null,"
                "\"metadata\":{\"Sections\":[{\"Name\":\"Logic\",\"Score\":[1,2,[3]]},\"x\"],\"Null\":null,"
                "\"Deep\":{\"a\":{\"b\":{\"c\":1.5}}}}}");
  g_autoptr (AssayResult) result = decode (root, 0);
  g_autoptr (JsonNode) kept = test_parse (result->raw);

  g_assert_true (json_node_equal (kept, root));
}

/* As it was given, never scaled: a fraction stays one, since nobody says that it is. */
static void
test_scores (void)
{
  static const struct
  {
    const char *json;
    double value;       /* NAN: none */
    gboolean percent;   /* even where the provider's description says nothing */
  } cases[] = {
    { "84", 84, FALSE },       { "\"84\"", 84, FALSE },   { "\"84%\"", 84, TRUE },  { "\"84 %\"", 84, TRUE },
    { "0.84", 0.84, FALSE },   { "84.5", 84.5, FALSE },   { "0", 0, FALSE },        { "-3", -3, FALSE },
    { "120", 120, FALSE },     { "null", NAN, FALSE },    { "\"\"", NAN, FALSE },   { "\"A+\"", NAN, FALSE },
    { "\"84/100\"", NAN, FALSE }, { "[84]", NAN, FALSE }, { "{}", NAN, FALSE },     { "true", NAN, FALSE },
    { "\"nan\"", NAN, FALSE }, { "\"inf\"", NAN, FALSE }, { "\"0x54\"", NAN, FALSE }, { "\"84,5\"", NAN, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"partner_status\":\"complete\",\"partner_score\":%s}", cases[i].json);
      g_autoptr (JsonNode) root = test_parse (text);
      g_autoptr (AssayResult) plain = decode (root, 0);
      g_autoptr (AssayResult) percent = decode (root, ASSAY_CAN_REPORT_PERCENT);

      g_test_message ("%s", cases[i].json);
      if (isnan (cases[i].value))
        {
          g_assert_null (plain->score);
          g_assert_null (percent->score);
          continue;
        }
      g_assert_cmpfloat (plain->score->value, ==, cases[i].value);
      g_assert_cmpint (plain->score->unit, ==, cases[i].percent ? ASSAY_UNIT_PERCENT : ASSAY_UNIT_NONE);
      g_assert_cmpfloat (percent->score->value, ==, cases[i].value);
      g_assert_cmpint (percent->score->unit, ==, ASSAY_UNIT_PERCENT);
      g_assert_cmpfloat (percent->score->max, ==, 100);
    }
}

static void
test_statuses (void)
{
  static const struct
  {
    const char *word;
    AssayInvitationStatus status;
  } cases[] = {
    { "complete", ASSAY_INVITATION_COMPLETED },    { "Completed", ASSAY_INVITATION_COMPLETED },
    { "in_progress", ASSAY_INVITATION_IN_PROGRESS }, { "In Progress", ASSAY_INVITATION_IN_PROGRESS },
    { "pending", ASSAY_INVITATION_PENDING },       { "expired", ASSAY_INVITATION_EXPIRED },
    { "abandoned", ASSAY_INVITATION_FAILED },      { "proctoring review", ASSAY_INVITATION_UNKNOWN },
    { "<b>done</b>", ASSAY_INVITATION_UNKNOWN },   { "完了", ASSAY_INVITATION_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"partner_status\":\"%s\"}", cases[i].word);
      g_autoptr (JsonNode) root = test_parse (text);
      g_autoptr (AssayResult) result = decode (root, 0);

      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_cmpstr (result->status_text, ==, cases[i].word);
    }
}

/* Only what a browser may be sent to. */
static void
test_report_addresses (void)
{
  static const struct
  {
    const char *address;
    gboolean kept;
  } cases[] = {
    { "https://example.com/r/1", TRUE },  { "http://example.com/r/1", TRUE },    { "HTTPS://example.com/", TRUE },
    { "javascript:alert(1)", FALSE },     { "file:///etc/passwd", FALSE },       { "data:text/html,x", FALSE },
    { "example.com/r/1", FALSE },         { "", FALSE },                         { "https://", FALSE },
    { "https://exa mple.com/", FALSE },   { "//example.com", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"partner_status\":\"complete\",\"partner_profile_url\":\"%s\"}", cases[i].address);
      g_autoptr (JsonNode) root = test_parse (text);
      g_autoptr (AssayResult) result = decode (root, 0);

      g_test_message ("%s", cases[i].address);
      g_assert_cmpstr (result->report_url, ==, cases[i].kept ? cases[i].address : NULL);
    }
}

/* Against the sandbox */

static AssayProvider *
connect_to (TestSandbox *sandbox,
            const char  *mount,
            const char  *auth,
            const char  *key)
{
  const char *base_url = test_sandbox_get_base_url (sandbox, "testtrick");
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autofree char *origin = g_strndup (base_url, (gsize) (strrchr (base_url, '/') - base_url));
  g_autoptr (GError) error = NULL;
  GObject *connector;

  connection->kind = g_strdup ("testtrick");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"), g_strconcat (origin, mount, NULL));
  g_hash_table_insert (connection->settings, g_strdup ("auth"), g_strdup (auth));
  assay_secrets_table_set (secrets, "api-key", key != NULL ? key : test_sandbox_get_key (sandbox, "testtrick"));
  connector = assay_testtrick_description.create (&assay_testtrick_description, &context, &error);
  g_assert_no_error (error);
  return ASSAY_PROVIDER (connector);
}

static AssayProbe *
probe (AssayProvider *provider)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayProbe *found;

  TEST_CALL (result, assay_provider_probe_async, provider, NULL);
  found = assay_provider_probe_finish (provider, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->permissions->len, ==, 2);
  return found;
}

static AssayInvited *
invite (AssayProvider *provider,
        const char    *email,
        GError       **error)
{
  const AssayInvitee invitee = { .assessment_remote_id = "1018", .first_name = "Ana", .last_name = "Lima",
                                 .email = email, .reference = "i1" };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_invite_async, provider, &invitee, NULL);
  return assay_provider_invite_finish (provider, result, error);
}

static AssayResult *
read_result (AssayProvider *provider,
             const char    *id,
             GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_read_result_async, provider, id, NULL);
  return assay_provider_read_result_finish (provider, result, error);
}

/* The key in each of its three forms, through all that the protocol does. */
static void
test_forms_of_the_key (void)
{
  static const struct
  {
    const char *mount, *auth;
  } forms[] = {
    { "/partner", "basic" }, { "/partner-bearer", "bearer" }, { "/partner-header", "header:X-API-KEY" },
  };
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (AssayProvider) provider = connect_to (sandbox, forms[i].mount, forms[i].auth, NULL);
      g_autoptr (AssayProbe) found = probe (provider);
      g_autofree char *email = g_strdup_printf ("ana%u@example.com", i);
      g_autoptr (AssayInvited) invited = NULL;
      g_autoptr (AssayResult) status = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) list = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_no_error (found->error);
      g_assert_true (found->ok);
      g_assert_cmpint (((AssayPermission *) found->permissions->pdata[0])->granted, ==, ASSAY_GRANTED_YES);
      /* Inviting can't be tried without inviting. */
      g_assert_cmpint (((AssayPermission *) found->permissions->pdata[1])->granted, ==, ASSAY_GRANTED_UNKNOWN);

      TEST_CALL (result, assay_provider_list_assessments_async, provider, NULL);
      list = assay_provider_list_assessments_finish (provider, result, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (list->len, ==, 12);

      invited = invite (provider, email, &error);
      g_assert_no_error (error);
      g_assert_cmpint (invited->status, ==, ASSAY_INVITATION_PENDING);
      status = read_result (provider, invited->remote_id, &error);
      g_assert_no_error (error);
      g_assert_cmpint (status->status, ==, ASSAY_INVITATION_PENDING);
    }
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_wrong_form_of_the_key (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) form = connect_to (sandbox, "/partner", "bearer", NULL);
  g_autoptr (AssayProvider) key = connect_to (sandbox, "/partner", "basic", "wrong");
  AssayProvider *const providers[] = { form, key };

  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    {
      g_autoptr (AssayProbe) found = probe (providers[i]);
      GError *error = NULL;

      g_assert_false (found->ok);
      g_assert_error (found->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
      test_assert_sentence (found->error->message);
      g_assert_cmpint (((AssayPermission *) found->permissions->pdata[0])->granted, ==, ASSAY_GRANTED_NO);
      test_assert_sentence (((AssayPermission *) found->permissions->pdata[0])->remedy);

      g_assert_null (invite (providers[i], "ana@example.com", &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
    }
  g_assert_cmpuint (test_sandbox_count_effects (sandbox, NULL), ==, 0);
}

/* The probe says what is wrong: nothing there, and where. */
static void
test_wrong_base_address (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "/partners", "basic", NULL);
  g_autoptr (AssayProbe) found = probe (provider);

  g_assert_false (found->ok);
  g_assert_error (found->error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  g_assert_cmpuint (assay_error_get_vendor_status (found->error), ==, 404);
  g_assert_nonnull (strstr (found->error->message, "“list_tests”"));
  g_assert_nonnull (strstr (found->error->message, "base address"));
  test_assert_sentence (found->error->message);
  g_assert_cmpint (((AssayPermission *) found->permissions->pdata[0])->granted, ==, ASSAY_GRANTED_UNKNOWN);
}

static void
test_duplicate (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "/partner", "basic", NULL);
  g_autoptr (AssayInvited) invited = NULL;
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", &error);
  g_assert_no_error (error);
  g_assert_null (invite (provider, "ANA@example.com", &error));
  g_assert_cmpuint (assay_error_get_vendor_status (error), ==, 409);
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  g_assert_cmpuint (test_sandbox_count_effects (sandbox, NULL), ==, 1);
}

static void
test_result_of_a_completed_one (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "/partner", "basic", NULL);
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (AssayResult) status = NULL;
  g_autofree char *path = NULL;
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", &error);
  g_assert_no_error (error);
  path = g_strconcat ("/invitations/", invited->remote_id, NULL);
  json_node_unref (test_sandbox_ask (sandbox, "POST", path, "{\"status\":\"complete\",\"score\":73}"));

  status = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (status->score->value, ==, 73);
  /* TestTrick's description says percent. */
  g_assert_cmpint (status->score->unit, ==, ASSAY_UNIT_PERCENT);
  g_assert_nonnull (strstr (status->report_url, "/reports/"));
  g_assert_nonnull (strstr (status->raw, "Section: "));

  g_assert_null (read_result (provider, "4711", &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_null (read_result (provider, "1&x=y#z", &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  test_sandbox_assert_no_incidents (sandbox);
}

/* What the protocol can't ends as such, not as a crash. */
static void
test_not_supported (void)
{
  const AssayInvitee invitee = { .assessment_remote_id = "1018", .first_name = "Ana", .email = "ana@example.com",
                                 .reference = "i1" };
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "/partner", "basic", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_provider_look_up_async, provider, &invitee, NULL);
  g_assert_null (assay_provider_look_up_finish (provider, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  TEST_CALL (result, assay_provider_resend_async, provider, "1", NULL);
  g_assert_false (assay_provider_resend_finish (provider, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  TEST_CALL (result, assay_provider_cancel_async, provider, "1", NULL);
  g_assert_false (assay_provider_cancel_finish (provider, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  test_assert_sentence (error->message);
  g_clear_error (&error);
}

/* The id as a number, as an earlier revision of the protocol has it. */
static void
test_numeric_id (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "/partner", "basic", NULL);
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (AssayResult) status = NULL;
  g_autoptr (JsonNode) legacy = test_load_fixture ("greenhouse/send_test_response_numeric_legacy.json");
  g_autofree char *id =
    assay_json_expect_member_id (json_node_get_object (legacy), "partner_interview_id", "it", NULL);
  GError *error = NULL;

  g_assert_cmpstr (id, ==, "98765");
  test_sandbox_fault (sandbox, "testtrick", "send_test", "wrong-type", 1);
  invited = invite (provider, "ana@example.com", &error);
  g_assert_no_error (error);
  status = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->status, ==, ASSAY_INVITATION_PENDING);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/partner/decode/list", test_decode_list);
  g_test_add_func ("/partner/decode/list-lenient", test_decode_list_lenient);
  g_test_add_func ("/partner/decode/wrong-shapes", test_wrong_shapes);
  g_test_add_func ("/partner/decode/status", test_decode_status);
  g_test_add_func ("/partner/decode/nested-metadata", test_nested_metadata);
  g_test_add_func ("/partner/decode/scores", test_scores);
  g_test_add_func ("/partner/decode/statuses", test_statuses);
  g_test_add_func ("/partner/decode/report-addresses", test_report_addresses);
  g_test_add_func ("/partner/encode", test_encode);
  g_test_add_func ("/partner/encode-least", test_encode_least);
  g_test_add_func ("/partner/forms-of-the-key", test_forms_of_the_key);
  g_test_add_func ("/partner/wrong-form-of-the-key", test_wrong_form_of_the_key);
  g_test_add_func ("/partner/wrong-base-address", test_wrong_base_address);
  g_test_add_func ("/partner/duplicate", test_duplicate);
  g_test_add_func ("/partner/result-of-a-completed-one", test_result_of_a_completed_one);
  g_test_add_func ("/partner/not-supported", test_not_supported);
  g_test_add_func ("/partner/numeric-id", test_numeric_id);

  return g_test_run ();
}
