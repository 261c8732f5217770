/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coderbyte: the messages that are known of it, hostile ones, and the connector against the strict
 * sandbox. */
#include "config.h"

#include "assay-coderbyte.h"

#include <math.h>
#include <string.h>

#include "assay-secrets.h"
#include "test-support.h"

#define TEST_ID "backend-assessment-1abc23de45678"
#define PUBLIC_URL "https://coderbyte.com/sl-org?promo=exampleorg-ab1cd:" TEST_ID

/* ---- The list ---- */

static void
test_decode_list (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("coderbyte/list_assessments_response.json");
  g_autoptr (GHashTable) public_urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = assay_coderbyte_decode_assessments (root, public_urls, &error);
  const AssayAssessment *first;

  g_assert_no_error (error);
  /* The other one is closed. */
  g_assert_cmpuint (list->len, ==, 1);
  first = g_ptr_array_index (list, 0);
  g_assert_cmpstr (first->remote_id, ==, TEST_ID);
  g_assert_cmpstr (first->name, ==, "Backend Engineer");
  g_assert_true (first->active);
  g_assert_cmpuint (g_hash_table_size (public_urls), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (public_urls, TEST_ID), ==, PUBLIC_URL);
}

static void
test_decode_list_lenient (void)
{
  g_autoptr (JsonNode) root = test_parse (
    "{\"status\":\"Success\",\"more\":1,\"data\":{\"assessments\":["
    "{\"test_id\":7,\"public_url\":\"https://a.example/\",\"closed\":null,\"display_name\":null},"
    "{\"test_id\":\"closed-1\",\"public_url\":\"https://a.example/\",\"closed\":1},"
    "{\"test_id\":\"closed-2\",\"public_url\":\"https://a.example/\",\"closed\":\"true\"},"
    "{\"test_id\":\"nothing-to-invite-by\",\"public_url\":\"\"}]}}");
  static const char *const none[] = { "{\"status\":\"success\",\"data\":[]}",
                                      "{\"status\":\"success\",\"data\":{\"assessments\":[]}}" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = assay_coderbyte_decode_assessments (root, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (((AssayAssessment *) list->pdata[0])->remote_id, ==, "7");
  g_assert_cmpstr (((AssayAssessment *) list->pdata[0])->name, ==, "Assessment 7");
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr (JsonNode) empty = test_parse (none[i]);
      g_autoptr (GPtrArray) nothing = assay_coderbyte_decode_assessments (empty, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (nothing->len, ==, 0);
    }
}

static const char *const wrong_envelopes[] = {
  "[]", "\"success\"", "{}", "{\"status\":1,\"data\":{}}", "{\"data\":{\"assessments\":[],\"reports\":[]}}",
  "{\"status\":\"success\"}", "{\"status\":\"success\",\"data\":null}", "{\"status\":\"success\",\"data\":\"x\"}",
  "{\"status\":\"success\",\"data\":[1]}",
};

static void
test_wrong_shapes (void)
{
  static const char *const lists[] = {
    "{}", "{\"assessments\":null}", "{\"assessments\":{}}", "{\"assessments\":[null]}", "{\"assessments\":[\"x\"]}",
    "{\"assessments\":[{}]}", "{\"assessments\":[{\"test_id\":\"\"}]}", "{\"assessments\":[{\"test_id\":[]}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong_envelopes); i++)
    {
      g_autoptr (JsonNode) root = test_parse (wrong_envelopes[i]);
      GError *error = NULL;
      gboolean listed = TRUE;

      g_test_message ("%s", wrong_envelopes[i]);
      g_assert_null (assay_coderbyte_decode_assessments (root, NULL, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_null (assay_coderbyte_decode_reports (root, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_false (assay_coderbyte_decode_listed (root, "x", &listed, &error));
      g_assert_false (listed);
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      /* After an invitation, an answer of no use means that nobody knows. */
      g_assert_null (assay_coderbyte_decode_invited (root, "a@b.example", "x", FALSE, &error));
      test_assert_error (error, ASSAY_ERROR_UNSURE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"status\":\"success\",\"data\":%s}", lists[i]);
      g_autoptr (JsonNode) root = test_parse (text);
      GError *error = NULL;

      g_test_message ("%s", text);
      g_assert_null (assay_coderbyte_decode_assessments (root, NULL, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

/* Status 200 and yet a failure: in Coderbyte's own words, wherever it puts them. */
static void
test_failures_by_the_envelope (void)
{
  static const struct
  {
    const char *json, *words;
  } cases[] = {
    { "{\"status\":\"error\",\"message\":\"No credits left.\"}", "No credits left." },
    { "{\"status\":\"failed\",\"error\":\"No credits left.\",\"data\":{}}", "No credits left." },
    { "{\"status\":\"maintenance\"}", "maintenance" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = test_parse (cases[i].json);
      GError *error = NULL;

      g_assert_null (assay_coderbyte_decode_assessments (root, NULL, &error));
      g_assert_cmpstr (assay_error_get_vendor_detail (error), ==, cases[i].words);
      test_assert_error (error, ASSAY_ERROR_INVALID);
      g_assert_null (assay_coderbyte_decode_invited (root, "a@b.example", "x", FALSE, &error));
      test_assert_error (error, ASSAY_ERROR_INVALID);
    }
}

/* ---- The invitation ---- */

static void
test_encode (void)
{
  g_autoptr (JsonNode) mailed = test_load_fixture ("coderbyte/invite_request.json");
  g_autoptr (JsonNode) not_mailed = test_load_fixture ("coderbyte/invite_request_no_email.json");
  g_autoptr (JsonNode) ours = assay_coderbyte_encode_invitation ("ada@example.test", PUBLIC_URL, FALSE);
  g_autoptr (JsonNode) silent = assay_coderbyte_encode_invitation ("ada@example.test", PUBLIC_URL, TRUE);

  g_assert_true (json_node_equal (ours, mailed));
  g_assert_true (json_node_equal (silent, not_mailed));
}

static void
test_decode_invited (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("coderbyte/invite_response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayInvited) mailed = assay_coderbyte_decode_invited (root, "Ada@Example.test", TEST_ID, FALSE, &error);
  g_autoptr (AssayInvited) silent = assay_coderbyte_decode_invited (root, "ada@example.test", TEST_ID, TRUE, &error);
  GError *missing = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (mailed->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_cmpstr (mailed->remote_id, ==, "Ada%40Example.test/" TEST_ID);
  /* A link that Coderbyte mails is nobody else's. */
  g_assert_null (mailed->link);
  g_assert_cmpstr (silent->link, ==, "https://coderbyte.com/sl-candidate?promo=exampleorg-ab1cd:c0ffee123");

  /* Another person's invitation isn't this one's. */
  g_assert_null (assay_coderbyte_decode_invited (root, "grace@example.test", TEST_ID, FALSE, &missing));
  g_assert_nonnull (strstr (missing->message, "grace@example.test"));
  test_assert_error (missing, ASSAY_ERROR_UNSURE);
}

static void
test_decode_invited_without_a_link (void)
{
  static const char *const links[] = { "null", "\"\"", "\"javascript:alert(1)\"", "7" };

  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    {
      g_autofree char *text = g_strdup_printf (
        "{\"status\":\"success\",\"data\":{\"candidates\":[1,{\"email\":\"a@b.example\",\"url\":%s}]}}", links[i]);
      g_autoptr (JsonNode) root = test_parse (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayInvited) invited = assay_coderbyte_decode_invited (root, "a@b.example", "t/1", TRUE, &error);

      g_assert_no_error (error);
      g_assert_null (invited->link);
      test_assert_sentence (invited->status_text);
      g_assert_cmpstr (invited->remote_id, ==, "a%40b.example/t%2F1");
    }
}

static void
test_decode_listed (void)
{
  static const char *const absent[] = {
    "[]", "{}", "{\"assessments\":[]}", "{\"assessments\":null}", "{\"assessments\":{}}",
    "{\"assessments\":[{\"test_id\":7},{\"test_id\":\"" TEST_ID "9\"}]}",
  };
  /* Any of these may be the one. */
  static const char *const unclear[] = {
    "{\"email\":\"a@b.example\"}", "{\"assessments\":\"" TEST_ID "\"}", "{\"assessments\":[null]}",
    "{\"assessments\":[\"" TEST_ID "\"]}", "{\"assessments\":[{}]}", "{\"assessments\":[{\"test_id\":null}]}",
    "{\"assessments\":[],\"next\":\"/2\"}",
  };
  g_autoptr (JsonNode) known = test_load_fixture ("coderbyte/candidate_assessments_response.json");
  g_autoptr (GError) error = NULL;
  gboolean listed = FALSE;

  g_assert_true (assay_coderbyte_decode_listed (known, TEST_ID, &listed, &error));
  g_assert_no_error (error);
  g_assert_true (listed);
  for (guint i = 0; i < G_N_ELEMENTS (absent); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"status\":\"success\",\"data\":%s}", absent[i]);
      g_autoptr (JsonNode) root = test_parse (text);

      g_test_message ("%s", text);
      g_assert_true (assay_coderbyte_decode_listed (root, TEST_ID, &listed, &error));
      g_assert_no_error (error);
      g_assert_false (listed);
    }
  for (guint i = 0; i < G_N_ELEMENTS (unclear); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"status\":\"success\",\"data\":%s}", unclear[i]);
      g_autoptr (JsonNode) root = test_parse (text);

      g_test_message ("%s", text);
      g_assert_false (assay_coderbyte_decode_listed (root, TEST_ID, &listed, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
      g_clear_error (&error);
    }
}

/* ---- The report ---- */

static AssayResult *
decode_report (const char *members)
{
  g_autofree char *text = g_strdup_printf ("{\"status\":\"success\",\"data\":{\"reports\":[{%s}]}}", members);
  g_autoptr (JsonNode) root = test_parse (text);
  g_autoptr (GError) error = NULL;
  AssayResult *result = assay_coderbyte_decode_reports (root, &error);

  g_test_message ("%s", members);
  g_assert_no_error (error);
  return result;
}

/* (nullable): the score of that name */
static const AssayScore *
find_score (const AssayResult *result,
            const char        *name)
{
  for (guint i = 0; i < result->scores->len; i++)
    if (g_str_equal (((AssayScore *) result->scores->pdata[i])->name, name))
      return result->scores->pdata[i];
  return NULL;
}

static void
test_decode_report (void)
{
  static const struct
  {
    const char *name;
    double value;
  } expected[] = {
    { "Challenge Score", 75 }, { "Multiple Choice Score", 80 },  { "Two Sum", 8 },
    { "Scorecard: code-quality", 3 }, { "Scorecard: Python3", 3 },
  };
  g_autoptr (JsonNode) root = test_load_fixture ("coderbyte/candidate_report_response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayResult) result = assay_coderbyte_decode_reports (root, &error);
  g_autoptr (JsonNode) raw = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpstr (result->status_text, ==, "Submitted");
  g_assert_cmpfloat (result->score->value, ==, 78);
  /* "Percent by all appearances" isn't said by Coderbyte, so that it isn't said here. */
  g_assert_cmpint (result->score->unit, ==, ASSAY_UNIT_NONE);
  g_assert_true (isnan (result->score->max));
  g_assert_cmpuint (result->scores->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const AssayScore *score = find_score (result, expected[i].name);

      g_assert_nonnull (score);
      g_assert_cmpfloat (score->value, ==, expected[i].value);
      g_assert_cmpint (score->unit, ==, ASSAY_UNIT_NONE);
    }
  g_assert_cmpstr (result->report_url, ==, "https://coderbyte.com/report/user462h0x1s00y:" TEST_ID);
  g_assert_cmpuint (g_strv_length (result->flags), ==, 0);
  raw = test_parse (result->raw);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (raw), "vote_decision"), ==, "up");
}

/* Nulls, -1, empty maps sent as empty arrays. */
static void
test_decode_incomplete_report (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("coderbyte/candidate_report_incomplete.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayResult) result = assay_coderbyte_decode_reports (root, &error);

  g_assert_no_error (error);
  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_cmpstr (result->status_text, ==, "Joined");
  g_assert_null (result->score);
  g_assert_cmpuint (result->scores->len, ==, 0);
  g_assert_cmpuint (g_strv_length (result->flags), ==, 0);
}

static void
test_no_report_yet (void)
{
  static const char *const none[] = { "[]", "{}", "{\"reports\":[]}", "{\"reports\":null}", "{\"reports\":[null,7]}" };

  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"status\":\"success\",\"data\":%s}", none[i]);
      g_autoptr (JsonNode) root = test_parse (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayResult) result = assay_coderbyte_decode_reports (root, &error);

      g_assert_no_error (error);
      g_assert_cmpint (result->status, ==, ASSAY_INVITATION_PENDING);
      g_assert_null (result->status_text);
      g_assert_null (result->raw);
    }
}

/* Readiness and the final score decide over the status. */
static void
test_statuses (void)
{
  static const struct
  {
    const char *members;
    AssayInvitationStatus status;
  } cases[] = {
    { "\"status\":\"Submitted\",\"report_ready\":true", ASSAY_INVITATION_COMPLETED },
    { "\"status\":\"Joined\",\"report_ready\":true", ASSAY_INVITATION_COMPLETED },
    { "\"status\":null,\"report_ready\":true", ASSAY_INVITATION_COMPLETED },
    { "\"status\":\"Submitted\",\"report_ready\":false,\"final_score\":80", ASSAY_INVITATION_IN_PROGRESS },
    { "\"status\":\"Completed\",\"final_score\":80", ASSAY_INVITATION_COMPLETED },
    { "\"status\":\"Completed\",\"report_ready\":null,\"final_score\":\"80\"", ASSAY_INVITATION_COMPLETED },
    { "\"status\":\"Completed\"", ASSAY_INVITATION_IN_PROGRESS },
    { "\"status\":\"Completed\",\"final_score\":null", ASSAY_INVITATION_IN_PROGRESS },
    { "\"status\":\"Completed\",\"final_score\":-1", ASSAY_INVITATION_IN_PROGRESS },
    { "\"status\":\"Joined\"", ASSAY_INVITATION_PENDING },
    { "\"status\":\"Joined\",\"report_ready\":\"yes\"", ASSAY_INVITATION_PENDING },
    { "\"status\":\"In Progress\",\"report_ready\":false", ASSAY_INVITATION_IN_PROGRESS },
    { "\"status\":\"Expired\",\"report_ready\":false", ASSAY_INVITATION_EXPIRED },
    { "\"status\":\"Being reviewed\",\"report_ready\":false", ASSAY_INVITATION_UNKNOWN },
    { "", ASSAY_INVITATION_PENDING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayResult) result = decode_report (cases[i].members);

      g_assert_cmpint (result->status, ==, cases[i].status);
    }
}

static void
test_flags (void)
{
  static const struct
  {
    const char *members;
    const char *flags;
  } cases[] = {
    { "\"cheating_flag\":\"Not detected\"", "" },
    { "\"cheating_flag\":\"Likely\"", "Cheating: Likely" },
    { "\"cheating_flag\":\"\",\"cheating_details\":[]", "" },
    { "\"cheating_details\":{\"tab_leaving\":1,\"plagiarism\":\"Likely\",\"pasted_code\":\"Yes, 40 lines\","
      "\"suspicious_activity\":true,\"ai_usage\":true}",
      "Plagiarism: Likely|Pasted code: Yes, 40 lines|Left the tab 1 time|Suspicious activity|Use of AI" },
    { "\"cheating_details\":{\"tab_leaving\":\"3\",\"plagiarism\":null,\"pasted_code\":false,"
      "\"suspicious_activity\":\"no\",\"ai_usage\":0}",
      "Left the tab 3 times" },
    { "\"cheating_details\":{\"tab_leaving\":-1}", "" },
    { "\"cheating_details\":{\"tab_leaving\":1e300}", "" },
    { "\"plagiarism\":\"Likely\"", "Plagiarism: Likely" },
    { "\"qualified\":true,\"qualifying_score\":70", "" },
    { "\"qualified\":null,\"qualifying_score\":70", "" },
    { "\"qualified\":false,\"qualifying_score\":70", "Not qualified: the qualifying score is 70" },
    { "\"qualified\":false", "Not qualified" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayResult) result = decode_report (cases[i].members);
      g_autofree char *flags = g_strjoinv ("|", result->flags);

      g_assert_cmpstr (flags, ==, cases[i].flags);
    }
}

static void
test_odd_scores (void)
{
  g_autoptr (AssayResult) result = decode_report (
    "\"final_score\":\"84%\",\"code_score\":\"91.5\",\"mc_score\":{},\"oe_score\":40,"
    "\"challenge_details\":[null,7,{},{\"title\":\"No score\"},{\"title\":\"\",\"score\":1},{\"score\":1},"
    "{\"title\":\"Below\",\"score\":-1},{\"title\":\"Ж \\u202e\",\"score\":\"10\"}],"
    "\"scorecard\":{\"a\":null,\"b\":\"x\",\"\":2}");

  g_assert_cmpfloat (result->score->value, ==, 84);
  g_assert_cmpint (result->score->unit, ==, ASSAY_UNIT_PERCENT);
  g_assert_cmpuint (result->scores->len, ==, 4);
  g_assert_cmpfloat (find_score (result, "Challenge Score")->value, ==, 91.5);
  g_assert_cmpfloat (find_score (result, "Open-Ended Score")->value, ==, 40);
  g_assert_cmpfloat (find_score (result, "Ж \u202e")->value, ==, 10);
}

/* The newest; of equal or unreadable days the one that is ready, else the last. */
static void
test_several_reports (void)
{
  static const struct
  {
    const char *reports;
    double score;
  } cases[] = {
    { "{\"date_joined\":\"2025-03-02\",\"final_score\":1},{\"date_joined\":\"2025-03-03\",\"final_score\":2}", 2 },
    { "{\"date_joined\":\"2025-03-03\",\"final_score\":1},{\"date_joined\":\"2025-03-02\",\"final_score\":2}", 1 },
    { "{\"date_joined\":\"2025-03-02T13:16:00-0500\",\"final_score\":1},"
      "{\"date_joined\":\"2025-03-02T13:16:00Z\",\"final_score\":2}",
      1 },
    { "{\"date_joined\":1740921600,\"final_score\":1},{\"date_joined\":\"2020-01-01\",\"final_score\":2}", 1 },
    { "{\"date_joined\":\"today\",\"final_score\":1},{\"date_joined\":\"yesterday\",\"final_score\":2}", 2 },
    { "{\"final_score\":1,\"report_ready\":true},{\"final_score\":2,\"report_ready\":false}", 1 },
    { "{\"final_score\":1,\"report_ready\":true},{\"final_score\":2,\"report_ready\":true}", 2 },
    { "{\"final_score\":1},[],null", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text =
        g_strdup_printf ("{\"status\":\"success\",\"data\":{\"reports\":[%s]}}", cases[i].reports);
      g_autoptr (JsonNode) root = test_parse (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayResult) result = assay_coderbyte_decode_reports (root, &error);

      g_test_message ("%s", cases[i].reports);
      g_assert_no_error (error);
      g_assert_cmpfloat (result->score->value, ==, cases[i].score);
    }
}

/* What is too long to keep loses its lists, not the whole. */
static void
test_long_report (void)
{
  g_autofree char *answer = g_strnfill (100 * 1000, 'x');
  g_autofree char *members = g_strdup_printf (
    "\"final_score\":50,\"vote_decision\":\"up\",\"oe_details\":[{\"answer\":\"%s\"}]", answer);
  g_autoptr (AssayResult) result = decode_report (members);
  g_autoptr (JsonNode) raw = test_parse (result->raw);

  g_assert_true (json_object_has_member (json_node_get_object (raw), "vote_decision"));
  g_assert_false (json_object_has_member (json_node_get_object (raw), "oe_details"));
}

/* ---- Against the sandbox ---- */

static AssayProvider *
connect_to (TestSandbox *sandbox,
            const char  *path,
            const char  *key,
            const char  *skip_send)
{
  const char *base_url = test_sandbox_get_base_url (sandbox, "coderbyte");
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GError) error = NULL;
  GObject *connector;

  connection->kind = g_strdup ("coderbyte");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"), g_strconcat (base_url, path, NULL));
  g_hash_table_insert (connection->settings, g_strdup ("skip-send"), g_strdup (skip_send));
  assay_secrets_table_set (secrets, "api-key", key != NULL ? key : test_sandbox_get_key (sandbox, "coderbyte"));
  connector = assay_coderbyte_description.create (&assay_coderbyte_description, &context, &error);
  g_assert_no_error (error);
  return ASSAY_PROVIDER (connector);
}

static AssayInvited *
invite (AssayProvider *provider,
        const char    *assessment,
        const char    *email,
        GError       **error)
{
  const AssayInvitee invitee = { .assessment_remote_id = assessment, .first_name = "Ana", .last_name = "Lima",
                                 .email = email, .reference = "i1" };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_invite_async, provider, &invitee, NULL);
  return assay_provider_invite_finish (provider, result, error);
}

static AssayInvited *
look_up (AssayProvider *provider,
         const char    *email,
         GError       **error)
{
  const AssayInvitee invitee = { .assessment_remote_id = TEST_ID, .email = email, .reference = "i1" };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_look_up_async, provider, &invitee, NULL);
  return assay_provider_look_up_finish (provider, result, error);
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

static void
test_the_whole_way (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "", NULL, "no");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (AssayInvited) invited = NULL, found = NULL;
  g_autoptr (AssayResult) pending = NULL, joined = NULL, done = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_provider_list_assessments_async, provider, NULL);
  list = assay_provider_list_assessments_finish (provider, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 3);

  g_assert_null (look_up (provider, "Ana+1@example.com", &error));
  g_assert_no_error (error);
  invited = invite (provider, TEST_ID, "Ana+1@example.com", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (invited->remote_id, ==, "Ana%2B1%40example.com/" TEST_ID);
  found = look_up (provider, "Ana+1@example.com", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->remote_id, ==, invited->remote_id);

  pending = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pending->status, ==, ASSAY_INVITATION_PENDING);
  json_node_unref (test_sandbox_ask (sandbox, "POST", "/invitations/98001", "{\"status\":\"in_progress\"}"));
  joined = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (joined->status_text, ==, "Joined");
  g_assert_null (joined->score);
  json_node_unref (test_sandbox_ask (sandbox, "POST", "/invitations/98001", "{\"status\":\"complete\",\"score\":73}"));
  done = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (done->score->value, ==, 73);
  g_assert_cmpfloat (find_score (done, "Multiple Choice Score")->value, ==, 73);
  g_assert_nonnull (done->report_url);

  g_assert_cmpuint (test_sandbox_count_effects (sandbox, "Ana+1@example.com"), ==, 1);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_probe (void)
{
  static const struct
  {
    const char *path, *key;
    AssayError code;
    AssayGranted granted;
  } cases[] = {
    { "", "wrong", ASSAY_ERROR_UNAUTHORIZED, ASSAY_GRANTED_NO },
    { "", "sandbox-coderbyte-no-add-on", ASSAY_ERROR_FORBIDDEN, ASSAY_GRANTED_NO },
    { "/v2", NULL, ASSAY_ERROR_INVALID, ASSAY_GRANTED_UNKNOWN },
  };
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) good = connect_to (sandbox, "", NULL, "no");
  g_autoptr (GAsyncResult) good_result = NULL;
  g_autoptr (AssayProbe) good_probe = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (good_result, assay_provider_probe_async, good, NULL);
  good_probe = assay_provider_probe_finish (good, good_result, &error);
  g_assert_no_error (error);
  g_assert_no_error (good_probe->error);
  g_assert_true (good_probe->ok);
  g_assert_cmpuint (good_probe->permissions->len, ==, 3);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayProvider) provider = connect_to (sandbox, cases[i].path, cases[i].key, "no");
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (AssayProbe) probe = NULL;

      TEST_CALL (result, assay_provider_probe_async, provider, NULL);
      probe = assay_provider_probe_finish (provider, result, &error);
      g_assert_no_error (error);
      g_assert_false (probe->ok);
      g_assert_error (probe->error, ASSAY_ERROR, (int) cases[i].code);
      test_assert_sentence (probe->error->message);
      g_assert_cmpint (((AssayPermission *) probe->permissions->pdata[0])->granted, ==, cases[i].granted);
    }
}

static void
test_refusals (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "", NULL, "no");
  GError *error = NULL;

  /* A closed one, and one that never was: nothing leaves. */
  g_assert_null (invite (provider, "graphql-assessment-4def56gh78901", "a@example.com", &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_null (invite (provider, "no-such-test", "a@example.com", &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "coderbyte", "invite"), ==, 0);

  g_assert_null (invite (provider, TEST_ID, "a@refused.example", &error));
  g_assert_cmpstr (assay_error_get_vendor_detail (error), ==, "Mail to this address is refused.");
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_null (read_result (provider, "nobody%40example.com/" TEST_ID, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  for (guint i = 0; i < 4; i++)
    {
      static const char *const ids[] = { "", "x", "/x", "a/b/c" };

      g_assert_null (read_result (provider, ids[i], &error));
      test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
    }
}

/* A report that isn't there yet, of somebody whom Coderbyte knows. */
static void
test_report_not_found (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "", NULL, "no");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayInvited) invited = invite (provider, TEST_ID, "a@example.com", &error);
  g_autoptr (AssayResult) result = NULL;

  g_assert_no_error (error);
  test_sandbox_fault (sandbox, "coderbyte", "reports", "status:404", 1);
  result = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_PENDING);
}

/* What goes wrong before the invitation leaves is never unsure; what goes wrong after it is. */
static void
test_faults (void)
{
  static const struct
  {
    const char *operation, *kind;
    AssayError code;
    guint effects;
  } cases[] = {
    { "list", "html", ASSAY_ERROR_UNAVAILABLE, 0 },
    { "list", "wrong-type", ASSAY_ERROR_UNAVAILABLE, 0 },
    { "list", "deep", ASSAY_ERROR_UNAVAILABLE, 0 },
    { "list", "status:401", ASSAY_ERROR_UNAUTHORIZED, 0 },
    { "list", "retry-after:3600", ASSAY_ERROR_RATE_LIMITED, 0 },
    { "invite", "drop-before", ASSAY_ERROR_UNSURE, 0 },
    { "invite", "drop-after", ASSAY_ERROR_UNSURE, 1 },
    { "invite", "truncate", ASSAY_ERROR_UNSURE, 1 },
    { "invite", "wrong-type", ASSAY_ERROR_UNSURE, 1 },
    { "invite", "html", ASSAY_ERROR_UNSURE, 0 },
    { "invite", "status:500", ASSAY_ERROR_UNSURE, 0 },
    { "invite", "status:403", ASSAY_ERROR_FORBIDDEN, 0 },
    { "invite", "status:409", ASSAY_ERROR_DUPLICATE, 0 },
  };
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayProvider) provider = connect_to (sandbox, "", NULL, "no");
      g_autofree char *email = g_strdup_printf ("fault%u@example.com", i);
      GError *error = NULL;

      g_test_message ("%s %s", cases[i].operation, cases[i].kind);
      /* Reads are repeated, so that the fault stays until it is taken away. */
      test_sandbox_fault (sandbox, "coderbyte", cases[i].operation, cases[i].kind,
                          g_str_equal (cases[i].operation, "list") ? 0 : 1);
      g_assert_null (invite (provider, TEST_ID, email, &error));
      test_assert_error (error, (int) cases[i].code);
      g_assert_cmpuint (test_sandbox_count_effects (sandbox, email), ==, cases[i].effects);
      json_node_unref (test_sandbox_ask (sandbox, "DELETE", "/faults", NULL));
    }
}

static void
test_cancelling (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "", NULL, "no");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AssayInvitee invitee = { .assessment_remote_id = TEST_ID, .email = "a@example.com", .reference = "i1" };
  g_autoptr (GAsyncResult) list = NULL, up = NULL, report = NULL, invitation = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  TEST_CALL (list, assay_provider_list_assessments_async, provider, cancellable);
  g_assert_null (assay_provider_list_assessments_finish (provider, list, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  TEST_CALL (up, assay_provider_look_up_async, provider, &invitee, cancellable);
  g_assert_null (assay_provider_look_up_finish (provider, up, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  TEST_CALL (report, assay_provider_read_result_async, provider, "a/b", cancellable);
  g_assert_null (assay_provider_read_result_finish (provider, report, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  TEST_CALL (invitation, assay_provider_invite_async, provider, &invitee, cancellable);
  g_assert_null (assay_provider_invite_finish (provider, invitation, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_sandbox_count_effects (sandbox, NULL), ==, 0);
}

static void
test_not_supported (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "", NULL, "no");
  g_autoptr (GAsyncResult) resent = NULL, cancelled = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (resent, assay_provider_resend_async, provider, "a/b", NULL);
  g_assert_false (assay_provider_resend_finish (provider, resent, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  TEST_CALL (cancelled, assay_provider_cancel_async, provider, "a/b", NULL);
  g_assert_false (assay_provider_cancel_finish (provider, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/coderbyte/decode/list", test_decode_list);
  g_test_add_func ("/coderbyte/decode/list-lenient", test_decode_list_lenient);
  g_test_add_func ("/coderbyte/decode/wrong-shapes", test_wrong_shapes);
  g_test_add_func ("/coderbyte/decode/failures-by-the-envelope", test_failures_by_the_envelope);
  g_test_add_func ("/coderbyte/encode", test_encode);
  g_test_add_func ("/coderbyte/decode/invited", test_decode_invited);
  g_test_add_func ("/coderbyte/decode/invited-without-a-link", test_decode_invited_without_a_link);
  g_test_add_func ("/coderbyte/decode/listed", test_decode_listed);
  g_test_add_func ("/coderbyte/decode/report", test_decode_report);
  g_test_add_func ("/coderbyte/decode/incomplete-report", test_decode_incomplete_report);
  g_test_add_func ("/coderbyte/decode/no-report-yet", test_no_report_yet);
  g_test_add_func ("/coderbyte/decode/statuses", test_statuses);
  g_test_add_func ("/coderbyte/decode/flags", test_flags);
  g_test_add_func ("/coderbyte/decode/odd-scores", test_odd_scores);
  g_test_add_func ("/coderbyte/decode/several-reports", test_several_reports);
  g_test_add_func ("/coderbyte/decode/long-report", test_long_report);
  g_test_add_func ("/coderbyte/the-whole-way", test_the_whole_way);
  g_test_add_func ("/coderbyte/probe", test_probe);
  g_test_add_func ("/coderbyte/refusals", test_refusals);
  g_test_add_func ("/coderbyte/report-not-found", test_report_not_found);
  g_test_add_func ("/coderbyte/faults", test_faults);
  g_test_add_func ("/coderbyte/cancelling", test_cancelling);
  g_test_add_func ("/coderbyte/not-supported", test_not_supported);

  return g_test_run ();
}
