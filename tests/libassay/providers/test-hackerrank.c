/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HackerRank: the messages that are known of it, hostile ones, and the connector against the strict sandbox: a deadline,
 * mailing again, cancelling and a retake. */
#include "config.h"

#include "assay-hackerrank.h"

#include <math.h>
#include <string.h>

#include "assay-secrets.h"
#include "test-support.h"

#define TEST "1801001"
/* 20 March 2026 */
#define THEN G_GINT64_CONSTANT (1774000000000)

static JsonObject *
get_object (JsonNode *root)
{
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
  return json_node_get_object (root);
}

static AssayResult *
read_text (const char *text)
{
  g_autoptr (JsonNode) root = test_parse (text);

  return assay_hackerrank_read_candidate (get_object (root), THEN);
}

static const AssayScore *
find_score (const AssayResult *result,
            const char        *name)
{
  for (guint i = 0; i < result->scores->len; i++)
    {
      const AssayScore *score = g_ptr_array_index (result->scores, i);

      if (g_strcmp0 (score->name, name) == 0)
        return score;
    }
  return NULL;
}

/* ---- Messages ---- */

static void
test_read_tests (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("hackerrank/list_tests_response.json");
  JsonArray *records = json_object_get_array_member (get_object (root), "data");
  g_autoptr (AssayAssessment) first = assay_hackerrank_read_test (json_array_get_object_element (records, 0), THEN);
  static const char *const bad[] = { "{}", "{\"id\":null}", "{\"id\":\"\"}", "{\"id\":[]}", "{\"name\":\"x\"}" };
  g_autoptr (JsonNode) bare = test_parse ("{\"id\":7,\"name\":null,\"state\":null,\"draft\":null,\"endtime\":\"x\"}");
  g_autoptr (AssayAssessment) lenient = assay_hackerrank_read_test (get_object (bare), THEN);

  g_assert_cmpstr (first->remote_id, ==, "70001");
  g_assert_cmpstr (first->name, ==, "Backend Screening");
  g_assert_true (first->active);
  /* A draft, an archived one, and one whose time is over. */
  for (guint i = 1; i < json_array_get_length (records); i++)
    g_assert_null (assay_hackerrank_read_test (json_array_get_object_element (records, i), THEN));
  g_assert_cmpstr (lenient->remote_id, ==, "7");
  g_assert_cmpstr (lenient->name, ==, "Assessment 7");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (JsonNode) record = test_parse (bad[i]);

      g_assert_null (assay_hackerrank_read_test (get_object (record), THEN));
    }
}

static void
test_encode (void)
{
  /* 1 December 2026, 22:59:59 in UTC */
  AssayInvitee invitee = { .assessment_remote_id = "70001", .first_name = "Ana", .last_name = "Lima",
                           .email = "ana.lima@example.com", .deadline = G_GINT64_CONSTANT (1796165999000) };
  g_autoptr (JsonNode) known = test_load_fixture ("hackerrank/invite_request.json");
  g_autoptr (JsonNode) known_retake = test_load_fixture ("hackerrank/invite_reattempt_request.json");
  g_autoptr (JsonNode) plain = assay_hackerrank_encode_invitation (&invitee, TRUE);
  g_autoptr (JsonNode) retake = NULL, silent = NULL;

  g_assert_true (json_node_equal (plain, known));
  invitee.deadline = 0;
  invitee.again = TRUE;
  retake = assay_hackerrank_encode_invitation (&invitee, TRUE);
  g_assert_true (json_node_equal (retake, known_retake));

  /* A name that is only one, and nobody to be mailed. */
  invitee.last_name = NULL;
  invitee.again = FALSE;
  silent = assay_hackerrank_encode_invitation (&invitee, FALSE);
  g_assert_cmpstr (json_object_get_string_member (get_object (silent), "full_name"), ==, "Ana");
  g_assert_false (json_object_get_boolean_member (get_object (silent), "send_email"));
  g_assert_false (json_object_has_member (get_object (silent), "force"));
}

static void
test_decode_invited (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("hackerrank/invite_response.json");
  static const char *const nothing[] = { "[]", "\"x\"", "{}", "{\"id\":null}", "{\"id\":\"\"}", "{\"id\":{}}" };
  g_autoptr (AssayInvited) mailed = NULL, silent = NULL, odd = NULL;
  g_autoptr (JsonNode) odd_root = test_parse ("{\"id\":10000,\"test_link\":\"javascript:alert(1)\"}");
  GError *error = NULL;

  mailed = assay_hackerrank_decode_invited (root, "70001", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mailed->remote_id, ==, "70001/90001");
  g_assert_cmpint (mailed->status, ==, ASSAY_INVITATION_PENDING);
  /* It was mailed: the link is the candidate's. */
  g_assert_null (mailed->link);
  silent = assay_hackerrank_decode_invited (root, "70001", FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (silent->link, ==, "https://www.hackerrank.com/tests/abc0de1fg2h/login?b=AAAA");
  odd = assay_hackerrank_decode_invited (odd_root, "a/b c", FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (odd->remote_id, ==, "a%2Fb%20c/10000");
  g_assert_null (odd->link);
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_autoptr (JsonNode) answer = test_parse (nothing[i]);

      g_assert_null (assay_hackerrank_decode_invited (answer, "70001", TRUE, &error));
      test_assert_error (error, ASSAY_ERROR_UNSURE);
    }
}

static void
test_statuses (void)
{
  static const struct
  {
    const char *json;
    AssayInvitationStatus status;
    const char *text;
  } cases[] = {
    { "{\"status\":-1,\"invite_valid\":true}", ASSAY_INVITATION_PENDING, "Invited" },
    { "{\"status\":\"-1\"}", ASSAY_INVITATION_PENDING, "Invited" },
    { "{\"status\":-1,\"invite_valid\":false}", ASSAY_INVITATION_CANCELLED, "Invite not valid" },
    { "{\"status\":-1,\"invite_valid_to\":\"2026-03-19T19:26:29+0000\"}", ASSAY_INVITATION_EXPIRED, "Invite expired" },
    { "{\"status\":-1,\"invite_valid\":false,\"invite_valid_to\":\"2026-03-19T19:26:29+0000\"}",
      ASSAY_INVITATION_EXPIRED, "Invite expired" },
    { "{\"status\":-1,\"invite_valid\":null,\"invite_valid_to\":\"2099-03-19T19:26:29+0000\"}",
      ASSAY_INVITATION_PENDING, "Invited" },
    { "{\"status\":0}", ASSAY_INVITATION_IN_PROGRESS, "In progress" },
    { "{\"status\":1,\"percentage_score\":12}", ASSAY_INVITATION_IN_PROGRESS, "Completed, report not ready" },
    { "{\"status\":4}", ASSAY_INVITATION_IN_PROGRESS, "4" },
    { "{\"status\":7}", ASSAY_INVITATION_COMPLETED, "Report ready" },
    { "{\"status\":-3}", ASSAY_INVITATION_UNKNOWN, "-3" },
    { "{\"status\":-3,\"attempt_starttime\":\"2026-03-19T19:26:29+0000\"}", ASSAY_INVITATION_IN_PROGRESS, "-3" },
    { "{\"status\":\"archived\"}", ASSAY_INVITATION_UNKNOWN, "archived" },
    { "{\"status\":null}", ASSAY_INVITATION_UNKNOWN, NULL },
    { "{\"status\":[7]}", ASSAY_INVITATION_UNKNOWN, NULL },
    { "{}", ASSAY_INVITATION_UNKNOWN, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayResult) result = read_text (cases[i].json);

      g_test_message ("%s", cases[i].json);
      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_cmpstr (result->status_text, ==, cases[i].text);
      /* A score of what isn't graded yet is nobody's. */
      g_assert_null (result->score);
    }
}

static void
test_read_candidates (void)
{
  g_autoptr (JsonNode) invited = test_load_fixture ("hackerrank/candidate_invited_response.json");
  g_autoptr (JsonNode) reported = test_load_fixture ("hackerrank/candidate_reported_response.json");
  g_autoptr (AssayResult) before = assay_hackerrank_read_candidate (get_object (invited), THEN);
  g_autoptr (AssayResult) after = assay_hackerrank_read_candidate (get_object (reported), THEN);

  g_assert_cmpint (before->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_null (before->score);
  g_assert_null (before->report_url);
  g_assert_cmpint (before->deadline, ==, G_GINT64_CONSTANT (4099849199000));

  g_assert_cmpint (after->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (after->score->value, ==, 65);
  g_assert_cmpfloat (after->score->max, ==, 100);
  g_assert_cmpint (after->score->unit, ==, ASSAY_UNIT_PERCENT);
  g_assert_cmpuint (after->scores->len, ==, 4);
  g_assert_cmpfloat (find_score (after, "Points")->value, ==, 32.5);
  /* No scale is documented. */
  g_assert_true (isnan (find_score (after, "SQL")->max));
  g_assert_cmpint (find_score (after, "Problem Solving (Basic)")->unit, ==, ASSAY_UNIT_NONE);
  g_assert_cmpuint (g_strv_length (after->flags), ==, 4);
  g_assert_cmpstr (after->flags[0], ==, "Integrity risk: Medium");
  g_assert_cmpstr (after->flags[2], ==, "Left the window 3 times");
  g_assert_cmpstr (after->flags[3], ==, "Pasted into the editor 1 time");
  g_assert_cmpstr (after->report_url, ==, "https://www.hackerrank.com/x/tests/70001/candidates/90001/report");
  g_assert_cmpint (after->completed_at, ==, G_GINT64_CONSTANT (1773914245000));

  /* What lets anybody in isn't kept, nor what nobody needs. */
  g_assert_nonnull (strstr (after->raw, "Nice experience"));
  for (guint i = 0; i < 2; i++)
    g_assert_null (strstr (i == 0 ? before->raw : after->raw, "LET-ME-IN"));
  g_assert_null (strstr (after->raw, "203.0.113.7"));
  {
    g_autoptr (AssayResult) linked = read_text ("{\"id\":\"1\",\"status\":-1,\"test_link\":\"https://x.example/LET-ME-IN\"}");

    g_assert_null (strstr (linked->raw, "LET-ME-IN"));
  }
}

static void
test_hostile_candidates (void)
{
  g_autoptr (AssayResult) numbers = read_text (
    "{\"status\":7,\"percentage_score\":\"65\",\"score\":null,\"integrity_status\":\"No Issues Detected\","
    "\"plagiarism_status\":null,\"out_of_window_events\":-4,\"editor_paste_count\":1e300,\"report_url\":"
    "\"file:///etc/passwd\",\"scores_tags_split\":{\"\":1,\"Java\":\"x\",\"SQL\":\"3\"},\"scores_skills_split\":[1],"
    "\"attempt_endtime\":\"never\"}");
  g_autoptr (AssayResult) points = read_text ("{\"status\":7,\"score\":12,\"percentage_score\":null}");
  g_autoptr (AssayResult) nothing = read_text ("{\"status\":7,\"score\":\"high\",\"integrity_status\":7,\"flags\":{}}");
  g_autoptr (GString) long_text = g_string_new ("{\"status\":7,\"comments\":\"");
  g_autoptr (AssayResult) large = NULL;

  g_assert_cmpfloat (numbers->score->value, ==, 65);
  g_assert_cmpuint (numbers->scores->len, ==, 1);
  g_assert_cmpuint (g_strv_length (numbers->flags), ==, 0);
  g_assert_null (numbers->report_url);
  g_assert_cmpint (numbers->completed_at, ==, 0);
  /* Points are no percentage. */
  g_assert_cmpfloat (points->score->value, ==, 12);
  g_assert_true (isnan (points->score->max));
  g_assert_cmpint (points->score->unit, ==, ASSAY_UNIT_NONE);
  g_assert_null (nothing->score);
  for (guint i = 0; i < 70000; i++)
    g_string_append_c (long_text, 'x');
  g_string_append (long_text, "\"}");
  large = read_text (long_text->str);
  g_assert_cmpint (large->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_null (large->raw);
}

/* ---- Against the sandbox ---- */

static AssayProvider *
connect_to (TestSandbox *sandbox,
            const char  *key,
            const char  *send_email)
{
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GError) error = NULL;
  GObject *connector;

  connection->kind = g_strdup ("hackerrank");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strdup (test_sandbox_get_base_url (sandbox, "hackerrank")));
  g_hash_table_insert (connection->settings, g_strdup ("send-email"), g_strdup (send_email));
  assay_secrets_table_set (secrets, "api-key", key != NULL ? key : test_sandbox_get_key (sandbox, "hackerrank"));
  connector = assay_hackerrank_description.create (&assay_hackerrank_description, &context, &error);
  g_assert_no_error (error);
  return ASSAY_PROVIDER (connector);
}

static AssayInvited *
invite (AssayProvider *provider,
        const char    *email,
        gint64         deadline,
        gboolean       again,
        GError       **error)
{
  const AssayInvitee invitee = { .assessment_remote_id = TEST, .first_name = "Ana", .last_name = "Lima", .email = email,
                                 .deadline = deadline, .again = again, .reference = "i1" };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_invite_async, provider, &invitee, NULL);
  return assay_provider_invite_finish (provider, result, error);
}

static AssayInvited *
look_up (AssayProvider *provider,
         const char    *email)
{
  const AssayInvitee invitee = { .assessment_remote_id = TEST, .email = email, .reference = "i1" };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayInvited *found;

  TEST_CALL (result, assay_provider_look_up_async, provider, &invitee, NULL);
  found = assay_provider_look_up_finish (provider, result, &error);
  g_assert_no_error (error);
  return found;
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

static gboolean
resend (AssayProvider *provider,
        const char    *id,
        GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_resend_async, provider, id, NULL);
  return assay_provider_resend_finish (provider, result, error);
}

static gboolean
cancel (AssayProvider *provider,
        const char    *id,
        GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_cancel_async, provider, id, NULL);
  return assay_provider_cancel_finish (provider, result, error);
}

/* How many changes of that name took effect beside invitations. */
static guint
count_writes (TestSandbox *sandbox,
              const char  *operation)
{
  g_autoptr (JsonNode) ledger = test_sandbox_ask (sandbox, "GET", "/ledger", NULL);
  JsonArray *writes = json_object_get_array_member (get_object (ledger), "writes");
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (writes); i++)
    if (g_str_equal (json_object_get_string_member (json_array_get_object_element (writes, i), "operation"), operation))
      count++;
  return count;
}

static void
test_deadline (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  gint64 until = (assay_time_now () / 1000 + 3600) * 1000;
  g_autoptr (AssayInvited) invited = NULL, over = NULL, found = NULL, anew = NULL;
  g_autoptr (AssayResult) before = NULL, after = NULL;
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", until, FALSE, &error);
  g_assert_no_error (error);
  before = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (before->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_cmpint (before->deadline, ==, until);

  /* Mailing it again leaves the day as it is. */
  g_assert_true (resend (provider, invited->remote_id, &error));
  g_assert_no_error (error);
  after = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->deadline, ==, until);

  over = invite (provider, "eva@example.com", assay_time_now () - 5000, FALSE, &error);
  g_assert_null (over);
  g_assert_nonnull (strstr (error->message, "past"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_resend (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  g_autoptr (AssayInvited) invited = NULL;
  static const char *const strange[] = { "", "x", "1801001/", "/98001", "1801001/98001/invite", "1801001/no-such" };
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (resend (provider, invited->remote_id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (sandbox, "resend"), ==, 1);
  /* It is the same invitation. */
  g_assert_cmpuint (test_sandbox_count_effects (sandbox, "ana@example.com"), ==, 1);

  /* A lost answer isn't followed by a second mail. */
  test_sandbox_fault (sandbox, "hackerrank", "invite", "drop-after", 1);
  g_assert_false (resend (provider, invited->remote_id, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  g_assert_cmpuint (count_writes (sandbox, "resend"), ==, 2);
  /* What can't be read beforehand isn't unsure: nothing has left. */
  test_sandbox_fault (sandbox, "hackerrank", "candidate", "html", 1);
  g_assert_false (resend (provider, invited->remote_id, &error));
  test_assert_error (error, ASSAY_ERROR_UNAVAILABLE);

  json_node_unref (test_sandbox_ask (sandbox, "POST", "/invitations/98001", "{\"status\":\"in_progress\"}"));
  g_assert_false (resend (provider, invited->remote_id, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  for (guint i = 0; i < G_N_ELEMENTS (strange); i++)
    {
      g_assert_false (resend (provider, strange[i], &error));
      test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
    }
  g_assert_cmpuint (count_writes (sandbox, "resend"), ==, 2);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_cancel (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  g_autoptr (AssayInvited) invited = NULL, begun = NULL, lost = NULL, found = NULL;
  g_autoptr (AssayResult) result = NULL;
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  g_assert_true (cancel (provider, invited->remote_id, &error));
  g_assert_no_error (error);
  result = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_CANCELLED);
  /* It stands in nobody's way any more. */
  g_assert_null (look_up (provider, "ana@example.com"));
  /* Twice is once, and there is nothing to be mailed. */
  g_assert_true (cancel (provider, invited->remote_id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (sandbox, "cancel"), ==, 1);
  g_assert_false (resend (provider, invited->remote_id, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);

  begun = invite (provider, "eva@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  json_node_unref (test_sandbox_ask (sandbox, "POST", "/invitations/98002", "{\"status\":\"in_progress\"}"));
  g_assert_false (cancel (provider, begun->remote_id, &error));
  g_assert_nonnull (strstr (error->message, "begun"));
  test_assert_error (error, ASSAY_ERROR_INVALID);

  /* Lost on the way back: the second request finds nothing, and the record tells why. */
  lost = invite (provider, "lea@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  test_sandbox_fault (sandbox, "hackerrank", "cancel", "drop-after", 1);
  g_assert_true (cancel (provider, lost->remote_id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (sandbox, "cancel"), ==, 2);
  test_sandbox_assert_no_incidents (sandbox);
}

/* That the record is gone with the invitation is no failure; that it was never there is one. */
static void
test_cancelled_and_gone (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  test_sandbox_fault (sandbox, "hackerrank", "candidate", "status:404", 1);
  g_assert_false (cancel (provider, invited->remote_id, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_cmpuint (count_writes (sandbox, "cancel"), ==, 0);

  test_sandbox_fault (sandbox, "hackerrank", "cancel", "status:404", 1);
  json_node_unref (test_sandbox_ask (sandbox, "POST", "/faults",
                                     "{\"vendor\":\"hackerrank\",\"operation\":\"candidate\",\"kind\":\"status:404\","
                                     "\"after\":1,\"times\":1}"));
  g_assert_true (cancel (provider, invited->remote_id, &error));
  g_assert_no_error (error);
}

/* That a provider refuses to cancel, and says so by another status than it should. */
static void
test_cancel_refused (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (AssayResult) result = NULL;
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  test_sandbox_fault (sandbox, "hackerrank", "cancel", "status:404", 1);
  g_assert_false (cancel (provider, invited->remote_id, &error));
  g_assert_nonnull (strstr (error->message, "still valid"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  test_sandbox_fault (sandbox, "hackerrank", "cancel", "status:403", 1);
  g_assert_false (cancel (provider, invited->remote_id, &error));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  result = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_PENDING);
}

static void
test_retake (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  g_autoptr (AssayInvited) first = NULL, second = NULL, third = NULL, found = NULL;
  g_autoptr (AssayResult) before = NULL, after = NULL;
  GError *error = NULL;

  first = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  json_node_unref (test_sandbox_ask (sandbox, "POST", "/invitations/98001", "{\"status\":\"complete\",\"score\":40}"));
  g_assert_null (invite (provider, "ana@example.com", 0, FALSE, &error));
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  second = invite (provider, "ana@example.com", 0, TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->remote_id, !=, first->remote_id);
  before = read_result (provider, first->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (before->score->value, ==, 40);
  after = read_result (provider, second->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_cmpuint (count_writes (sandbox, "retake"), ==, 1);

  /* After a cancelled one too. */
  g_assert_true (cancel (provider, second->remote_id, &error));
  g_assert_no_error (error);
  third = invite (provider, "ana@example.com", 0, TRUE, &error);
  g_assert_no_error (error);
  found = look_up (provider, "ana@example.com");
  g_assert_cmpstr (found->remote_id, ==, third->remote_id);
  test_sandbox_assert_no_incidents (sandbox);
}

/* Whoever isn't mailed gets the link from us. */
static void
test_without_mail (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "no");
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (AssayInvited) invited = NULL;
  GError *error = NULL;

  invited = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (invited->link);
  connection->kind = g_strdup ("hackerrank");
  g_assert_true ((assay_connector_get_capabilities (connection) & ASSAY_CAN_RESEND) != 0);
  g_hash_table_insert (connection->settings, g_strdup ("send-email"), g_strdup ("no"));
  g_assert_false ((assay_connector_get_capabilities (connection) & ASSAY_CAN_RESEND) != 0);
}

/* Being graded: 1, then a passing state, then the report. */
static void
test_grading (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  g_autoptr (AssayInvited) invited = NULL;
  static const char *const texts[] = { "Completed, report not ready", "4", "Report ready" };
  GError *error = NULL;

  json_node_unref (
    test_sandbox_ask (sandbox, "POST", "/settings", "{\"vendor\":\"hackerrank\",\"grading\":10000}"));
  invited = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  json_node_unref (test_sandbox_ask (sandbox, "POST", "/invitations/98001", "{\"status\":\"complete\",\"score\":40}"));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (AssayResult) result = read_result (provider, invited->remote_id, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (result->status_text, ==, texts[i]);
      g_assert_true ((result->score != NULL) == (i == 2));
      test_sandbox_advance (sandbox, 6000);
    }
}

/* Somebody who is on the second page of what the search finds. */
static void
test_pages (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, NULL, "yes");
  g_autoptr (AssayInvited) last = NULL, found = NULL;
  GError *error = NULL;

  for (guint i = 0; i < 102; i++)
    {
      g_autofree char *email = g_strdup_printf ("%u.ana@example.com", i);
      g_autoptr (AssayInvited) other = invite (provider, email, 0, FALSE, &error);

      g_assert_no_error (error);
    }
  last = invite (provider, "ana@example.com", 0, FALSE, &error);
  g_assert_no_error (error);
  found = look_up (provider, "ana@example.com");
  g_assert_cmpstr (found->remote_id, ==, last->remote_id);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "hackerrank", "search"), ==, 2);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_probe (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "sandbox-hackerrank-no-tests", "yes");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayProbe) probe = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_provider_probe_async, provider, NULL);
  probe = assay_provider_probe_finish (provider, result, &error);
  g_assert_no_error (error);
  g_assert_false (probe->ok);
  g_assert_cmpint (((const AssayPermission *) probe->permissions->pdata[0])->granted, ==, ASSAY_GRANTED_NO);
  test_assert_error (probe->error, ASSAY_ERROR_FORBIDDEN);
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/hackerrank/read-tests", test_read_tests);
  g_test_add_func ("/hackerrank/encode", test_encode);
  g_test_add_func ("/hackerrank/decode-invited", test_decode_invited);
  g_test_add_func ("/hackerrank/statuses", test_statuses);
  g_test_add_func ("/hackerrank/read-candidates", test_read_candidates);
  g_test_add_func ("/hackerrank/hostile-candidates", test_hostile_candidates);
  g_test_add_func ("/hackerrank/deadline", test_deadline);
  g_test_add_func ("/hackerrank/resend", test_resend);
  g_test_add_func ("/hackerrank/cancel", test_cancel);
  g_test_add_func ("/hackerrank/cancelled-and-gone", test_cancelled_and_gone);
  g_test_add_func ("/hackerrank/cancel-refused", test_cancel_refused);
  g_test_add_func ("/hackerrank/retake", test_retake);
  g_test_add_func ("/hackerrank/without-mail", test_without_mail);
  g_test_add_func ("/hackerrank/grading", test_grading);
  g_test_add_func ("/hackerrank/pages", test_pages);
  g_test_add_func ("/hackerrank/probe", test_probe);

  return g_test_run ();
}
