/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssessFirst: the messages that are known of both versions, hostile ones, and the connector against the
 * strict sandbox. */
#include "config.h"

#include "assay-assessfirst.h"

#include <math.h>
#include <string.h>

#include "assay-secrets.h"
#include "test-support.h"

#define MODEL "1d9c00000e264fe49a4ce330e51e6ac7"
#define TOKEN "sandbox-assessfirst-token"

/* ---- The list ---- */

static void
test_decode_models (void)
{
  static const struct
  {
    const char *fixture;
    guint length;
    const char *first;
  } cases[] = {
    { "assessfirst/v2_predictive_models_response.json", 3, "web designer" },
    { "assessfirst/v1_targets_response.json", 2, "Example SAS - web designer" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = test_load_fixture (cases[i].fixture);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) models = assay_assessfirst_decode_models (root, &error);
      const AssayAssessment *first, *last;

      g_assert_no_error (error);
      g_assert_cmpuint (models->len, ==, cases[i].length);
      first = g_ptr_array_index (models, 0);
      last = g_ptr_array_index (models, models->len - 1);
      g_assert_cmpstr (first->remote_id, ==, MODEL);
      g_assert_cmpstr (first->name, ==, cases[i].first);
      /* Inviting without one is a choice of AssessFirst's own. */
      g_assert_cmpstr (last->remote_id, ==, ASSAY_ASSESSFIRST_NO_MODEL);
      g_assert_cmpstr (last->name, ==, "Don't use a predictive model");
    }
}

static void
test_wrong_lists (void)
{
  static const char *const lists[] = {
    "{}", "\"x\"", "{\"data\":null}", "{\"data\":{}}", "[null]", "[{}]", "[{\"uuid\":\"\"}]", "{\"data\":[{\"uuid\":[]}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr (JsonNode) root = test_parse (lists[i]);
      GError *error = NULL;

      g_test_message ("%s", lists[i]);
      g_assert_null (assay_assessfirst_decode_models (root, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

/* ---- The invitation ---- */

static char *
make_fields (const char *json,
             const char *model)
{
  const AssayInvitee invitee = { .assessment_remote_id = model, .first_name = "Ada", .last_name = "Example",
                                 .email = "ada@example.test", .phone = "1", .reference = "i1" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) field_map = assay_assessfirst_parse_field_map (json, &error);
  g_auto (GStrv) fields = NULL;

  g_assert_no_error (error);
  fields = assay_assessfirst_make_fields (field_map, &invitee, "en-US");
  return g_strjoinv ("|", fields);
}

static void
test_fields (void)
{
  static const struct
  {
    const char *json, *model, *fields;
  } cases[] = {
    { NULL, MODEL,
      "email|ada@example.test|firstname|Ada|lastname|Example|predictive_model|" MODEL "|locale|en-US" },
    { "", ASSAY_ASSESSFIRST_NO_MODEL, "email|ada@example.test|firstname|Ada|lastname|Example|locale|en-US" },
    { "{\"email\":\"mail\",\"locale\":\"\",\"last-name\":\"surname\"}", MODEL,
      "mail|ada@example.test|firstname|Ada|surname|Example|predictive_model|" MODEL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fields = make_fields (cases[i].json, cases[i].model);

      g_assert_cmpstr (fields, ==, cases[i].fields);
    }
}

/* The defaults are those of the assembled message, member by member. */
static void
test_default_fields (void)
{
  g_autoptr (JsonNode) assembled = test_load_fixture ("assessfirst/v2_send_invitation_request.json");
  JsonObject *object = json_node_get_object (assembled);
  g_autofree char *fields = make_fields (NULL, MODEL);
  g_auto (GStrv) parts = g_strsplit (fields, "|", -1);

  g_assert_cmpuint (g_strv_length (parts), ==, 2 * json_object_get_size (object));
  for (guint i = 0; parts[i] != NULL; i += 2)
    g_assert_cmpstr (json_object_get_string_member (object, parts[i]), ==, parts[i + 1]);
}

static void
test_wrong_field_maps (void)
{
  static const char *const maps[] = {
    "x", "[]", "{", "{\"email\":1}", "{\"email\":null}", "{\"email\":\"a\\\"b\"}", "{\"email\":\"a\\nb\"}",
    "{\"surname\":\"x\"}", "{\"email\":\"\\u0000\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (maps); i++)
    {
      GError *error = NULL;

      g_test_message ("%s", maps[i]);
      g_assert_null (assay_assessfirst_parse_field_map (maps[i], &error));
      test_assert_error (error, ASSAY_ERROR_INVALID);
    }
}

static void
test_uuids (void)
{
  static const struct
  {
    const char *json, *uuid;
  } cases[] = {
    { "{\"uuid\":\"a\"}", "a" },
    { "{\"data\":{\"uuid\":\"a\"}}", "a" },
    { "{\"data\":{\"candidate\":{\"uuid\":7}}}", "7" },
    { "{\"uuid\":\"\"}", NULL },
    { "{\"data\":[]}", NULL },
    { "[]", NULL },
  };
  g_autoptr (JsonNode) known = test_load_fixture ("assessfirst/v1_send_invitation_response.json");
  g_autofree char *uuid = assay_assessfirst_dup_uuid (known);

  g_assert_cmpstr (uuid, ==, "8c1f00000b0f4b6f9a4ce330e51e6ac7");
  g_assert_null (assay_assessfirst_dup_uuid (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = test_parse (cases[i].json);
      g_autofree char *found = assay_assessfirst_dup_uuid (root);

      g_assert_cmpstr (found, ==, cases[i].uuid);
    }
}

/* ---- Version 1's result ---- */

static void
test_decode_user (void)
{
  g_autoptr (JsonNode) user = test_load_fixture ("assessfirst/v1_user_detail_response.json");
  g_autoptr (JsonNode) adequacies = test_load_fixture ("assessfirst/v1_adequacies_response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayResult) matched = assay_assessfirst_decode_user (user, adequacies, MODEL, &error);
  g_autoptr (AssayResult) unmatched = assay_assessfirst_decode_user (user, NULL, MODEL, &error);
  g_autoptr (AssayResult) other = assay_assessfirst_decode_user (user, adequacies, "another", &error);
  g_autoptr (AssayResult) without =
    assay_assessfirst_decode_user (user, NULL, ASSAY_ASSESSFIRST_NO_MODEL, &error);
  g_autofree char *token = assay_assessfirst_dup_candidate_token (user);

  g_assert_no_error (error);
  g_assert_cmpstr (token, ==, "c4nd1d4t3t0k3n");
  g_assert_cmpint (matched->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpstr (matched->status_text, ==, "SWIPE, DRIVE, BRAIN");
  g_assert_cmpfloat (matched->score->value, ==, 84);
  /* Of 100 or of 10: nobody says. */
  g_assert_cmpint (matched->score->unit, ==, ASSAY_UNIT_NONE);
  g_assert_true (isnan (matched->score->max));
  /* Its times have no zone: they are shown as they came, and nothing is made of them. */
  g_assert_cmpint (matched->completed_at, ==, 0);
  g_assert_nonnull (strstr (matched->raw, "ada@example.test"));
  g_assert_nonnull (strstr (matched->raw, "\"adequacies\""));
  g_assert_null (strstr (matched->raw, token));

  /* All done, and the match still to come. */
  g_assert_cmpint (unmatched->status, ==, ASSAY_INVITATION_IN_PROGRESS);
  g_assert_null (unmatched->score);
  g_assert_cmpint (other->status, ==, ASSAY_INVITATION_IN_PROGRESS);
  g_assert_null (other->score);
  g_assert_cmpint (without->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_null (without->score);
}

static void
test_partial_users (void)
{
  static const struct
  {
    const char *members;
    AssayInvitationStatus status;
    const char *text;
    guint scores;
  } cases[] = {
    { "", ASSAY_INVITATION_PENDING, NULL, 0 },
    { ",\"reports\":null", ASSAY_INVITATION_PENDING, NULL, 0 },
    { ",\"reports\":[]", ASSAY_INVITATION_PENDING, NULL, 0 },
    { ",\"reports\":[null,7,{},{\"assessment\":\"\"}]", ASSAY_INVITATION_PENDING, NULL, 0 },
    { ",\"reports\":[{\"assessment\":\"PERSONNALITÉ\"}]", ASSAY_INVITATION_IN_PROGRESS, "SWIPE", 0 },
    { ",\"reports\":[{\"assessment\":\"Motivation\",\"score\":\"8%\"}]", ASSAY_INVITATION_IN_PROGRESS, "DRIVE", 1 },
    { ",\"reports\":[{\"assessment\":\"Langue vivante\"},{\"assessment\":\"voice\"}]", ASSAY_INVITATION_IN_PROGRESS,
      "Langue vivante, VOICE", 0 },
    { ",\"reports\":[{\"assessment\":\"swipe\"},{\"assessment\":\"swipe\"},{\"assessment\":\"brain\"}]",
      ASSAY_INVITATION_IN_PROGRESS, "SWIPE, SWIPE, BRAIN", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"data\":{\"uuid\":\"u\"%s}}", cases[i].members);
      g_autoptr (JsonNode) root = test_parse (text);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayResult) result =
        assay_assessfirst_decode_user (root, NULL, ASSAY_ASSESSFIRST_NO_MODEL, &error);

      g_test_message ("%s", text);
      g_assert_no_error (error);
      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_cmpstr (result->status_text, ==, cases[i].text);
      g_assert_cmpuint (result->scores->len, ==, cases[i].scores);
      if (cases[i].scores > 0)
        g_assert_cmpint (((AssayScore *) g_ptr_array_index (result->scores, 0))->unit, ==, ASSAY_UNIT_PERCENT);
    }
}

static void
test_wrong_users (void)
{
  static const char *const users[] = { "[]", "{}", "{\"data\":{}}", "{\"uuid\":7}", "\"u\"", "{\"data\":[{\"uuid\":\"u\"}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      g_autoptr (JsonNode) root = test_parse (users[i]);
      GError *error = NULL;

      g_assert_null (assay_assessfirst_decode_user (root, NULL, MODEL, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

/* What opens a person's results is kept nowhere, whatever member it comes in. */
static void
test_token_is_not_kept (void)
{
  g_autoptr (JsonNode) user = test_parse (
    "{\"uuid\":\"u\",\"token\":\"s3cret\",\"link\":\"https://a.example/?t=s3cret\",\"kept\":\"here\","
    "\"reports\":[{\"assessment\":\"swipe\",\"token\":\"x\",\"deep\":[\"s3cret\",{\"url\":\"/s3cret/\"},1,null,true]}]}");
  g_autoptr (JsonNode) adequacies = test_parse ("[{\"score\":5,\"link\":\"s3cret\"}]");
  g_autoptr (GHashTable) field_map = assay_assessfirst_parse_field_map (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayResult) first = assay_assessfirst_decode_user (user, adequacies, MODEL, &error);
  g_autoptr (AssayResult) second = assay_assessfirst_decode_result (user, field_map, &error);

  g_assert_no_error (error);
  g_assert_null (strstr (first->raw, "s3cret"));
  g_assert_null (strstr (second->raw, "s3cret"));
  g_assert_null (strstr (first->raw, "token"));
  g_assert_nonnull (strstr (first->raw, "\"kept\":\"here\""));
  g_assert_nonnull (strstr (second->raw, "\"kept\":\"here\""));
  g_assert_cmpfloat (first->score->value, ==, 5);
}

/* ---- Version 2's result ---- */

static void
test_decode_result (void)
{
  static const struct
  {
    const char *json, *map;
    AssayInvitationStatus status;
    double score;
    guint scores;
    const char *url;
  } cases[] = {
    { "{}", NULL, ASSAY_INVITATION_PENDING, NAN, 0, NULL },
    { "{\"data\":{\"status\":\"completed\",\"score\":\"84\"}}", NULL, ASSAY_INVITATION_COMPLETED, 84, 0, NULL },
    { "{\"status\":\"In Progress\"}", NULL, ASSAY_INVITATION_IN_PROGRESS, NAN, 0, NULL },
    { "{\"status\":\"awaiting debrief\",\"score\":null}", NULL, ASSAY_INVITATION_UNKNOWN, NAN, 0, NULL },
    /* A score alone doesn't say that it is the last. */
    { "{\"score\":8.5}", NULL, ASSAY_INVITATION_IN_PROGRESS, 8.5, 0, NULL },
    { "{\"a\":{\"b\":[],\"s\":\"done\"},\"m\":{\"x\":3},\"r\":{\"swipe\":1,\"drive\":\"x\",\"Brain\":2},"
      "\"u\":\"https://a.example/r\"}",
      "{\"result-status\":\"a.s\",\"result-score\":\"m.x\",\"result-scores\":\"r\",\"result-url\":\"u\"}",
      ASSAY_INVITATION_UNKNOWN, 3, 2, "https://a.example/r" },
    { "{\"u\":\"javascript:alert(1)\",\"r\":[{\"name\":\"voice\",\"score\":4},{\"score\":1},7]}",
      "{\"result-scores\":\"r\",\"result-url\":\"u\",\"result-status\":\"no.where\",\"result-score\":\"u.x\"}",
      ASSAY_INVITATION_IN_PROGRESS, NAN, 1, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = test_parse (cases[i].json);
      g_autoptr (GError) error = NULL;
      g_autoptr (GHashTable) field_map = assay_assessfirst_parse_field_map (cases[i].map, &error);
      g_autoptr (AssayResult) result = assay_assessfirst_decode_result (root, field_map, &error);

      g_test_message ("%s", cases[i].json);
      g_assert_no_error (error);
      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_true ((result->score == NULL) == isnan (cases[i].score));
      if (result->score != NULL)
        g_assert_cmpfloat (result->score->value, ==, cases[i].score);
      g_assert_cmpuint (result->scores->len, ==, cases[i].scores);
      g_assert_cmpstr (result->report_url, ==, cases[i].url);
    }
}

/* ---- Against the sandbox ---- */

static AssayProvider *
connect_to (TestSandbox *sandbox,
            const char  *profile,
            const char  *setting,
            const char  *value)
{
  const char *base_url = test_sandbox_get_base_url (sandbox, "assessfirst");
  gboolean version_1 = g_str_equal (profile, "v1");
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GError) error = NULL;
  GObject *connector;

  connection->kind = g_strdup ("assessfirst");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strndup (base_url, strlen (base_url) - (version_1 ? strlen ("/v2") : 0)));
  g_hash_table_insert (connection->settings, g_strdup ("profile"), g_strdup (profile));
  if (setting != NULL)
    g_hash_table_insert (connection->settings, g_strdup (setting), g_strdup (value));
  assay_secrets_table_set (secrets, "token", TOKEN);
  connector = assay_assessfirst_description.create (&assay_assessfirst_description, &context, &error);
  g_assert_no_error (error);
  return ASSAY_PROVIDER (connector);
}

static AssayInvited *
invite (AssayProvider *provider,
        const char    *email,
        GError       **error)
{
  const AssayInvitee invitee = { .assessment_remote_id = MODEL, .first_name = "Ana", .last_name = "Lima",
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
  const AssayInvitee invitee = { .assessment_remote_id = MODEL, .email = email, .reference = "i1" };
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
set_status (TestSandbox *sandbox,
            const char  *status)
{
  json_node_unref (
    test_sandbox_ask (sandbox, "POST", "/invitations/98001", "{\"status\":\"%s\",\"score\":73}", status));
}

static void
test_version_1 (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "v1", NULL, NULL);
  g_autoptr (AssayInvited) invited = NULL, found = NULL;
  g_autoptr (AssayResult) pending = NULL, partial = NULL, unmatched = NULL, done = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (look_up (provider, "Ana+1@example.com", &error));
  g_assert_no_error (error);
  invited = invite (provider, "Ana+1@example.com", &error);
  g_assert_no_error (error);
  found = look_up (provider, "Ana+1@example.com", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->remote_id, ==, invited->remote_id);
  test_assert_sentence (found->status_text);

  pending = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (pending->status, ==, ASSAY_INVITATION_PENDING);
  set_status (sandbox, "in_progress");
  partial = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (partial->status_text, ==, "SWIPE");
  g_assert_nonnull (partial->score);
  set_status (sandbox, "complete");

  /* No match where there is none, and then it is asked for again. */
  test_sandbox_fault (sandbox, "assessfirst", "adequacies", "status:404", 1);
  unmatched = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (unmatched->status, ==, ASSAY_INVITATION_IN_PROGRESS);
  test_sandbox_fault (sandbox, "assessfirst", "adequacies", "status:401", 1);
  g_assert_null (read_result (provider, invited->remote_id, &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);

  done = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (done->score->value, ==, 73);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_version_2 (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "v2", "result-path", "candidate/{uuid}/results");
  g_autoptr (AssayProvider) blind = connect_to (sandbox, "v2", NULL, NULL);
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (AssayResult) done = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (look_up (provider, "ana@example.com", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  invited = invite (provider, "ana@example.com", &error);
  g_assert_no_error (error);
  set_status (sandbox, "complete");
  done = read_result (provider, invited->remote_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (done->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (done->score->value, ==, 73);

  g_assert_null (read_result (blind, invited->remote_id, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  test_assert_sentence (error->message);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_faults (void)
{
  static const struct
  {
    const char *profile, *operation, *kind;
    AssayError code;
    guint effects;
  } cases[] = {
    { "v2", "send-invitation", "drop-before", ASSAY_ERROR_UNSURE, 0 },
    { "v2", "send-invitation", "drop-after", ASSAY_ERROR_UNSURE, 1 },
    { "v2", "send-invitation", "html", ASSAY_ERROR_UNSURE, 0 },
    { "v2", "send-invitation", "status:500", ASSAY_ERROR_UNSURE, 0 },
    { "v2", "send-invitation", "status:403", ASSAY_ERROR_FORBIDDEN, 0 },
    { "v2", "send-invitation", "status:409", ASSAY_ERROR_DUPLICATE, 0 },
    { "v1", "send-invitation-v1", "truncate", ASSAY_ERROR_UNSURE, 1 },
    { "v1", "send-invitation-v1", "status:422", ASSAY_ERROR_INVALID, 0 },
  };
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayProvider) provider = connect_to (sandbox, cases[i].profile, NULL, NULL);
      g_autofree char *email = g_strdup_printf ("fault%u@example.com", i);
      GError *error = NULL;

      g_test_message ("%s %s", cases[i].operation, cases[i].kind);
      test_sandbox_fault (sandbox, "assessfirst", cases[i].operation, cases[i].kind, 1);
      g_assert_null (invite (provider, email, &error));
      test_assert_error (error, (int) cases[i].code);
      g_assert_cmpuint (test_sandbox_count_effects (sandbox, email), ==, cases[i].effects);
    }
}

static void
test_unknown_results (void)
{
  static const char *const ids[] = { "", "x", "a/b", "//", "/m/u", "a//u", "a/b/c/d", "a%40b.example/" MODEL "/" };
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  g_autoptr (AssayProvider) provider = connect_to (sandbox, "v1", NULL, NULL);
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_test_message ("%s", ids[i]);
      g_assert_null (read_result (provider, ids[i], &error));
      test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
    }
  g_assert_null (read_result (provider, "a%40b.example/" MODEL "/nobody", &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/assessfirst/decode/models", test_decode_models);
  g_test_add_func ("/assessfirst/decode/wrong-lists", test_wrong_lists);
  g_test_add_func ("/assessfirst/fields", test_fields);
  g_test_add_func ("/assessfirst/default-fields", test_default_fields);
  g_test_add_func ("/assessfirst/wrong-field-maps", test_wrong_field_maps);
  g_test_add_func ("/assessfirst/decode/uuids", test_uuids);
  g_test_add_func ("/assessfirst/decode/user", test_decode_user);
  g_test_add_func ("/assessfirst/decode/partial-users", test_partial_users);
  g_test_add_func ("/assessfirst/decode/wrong-users", test_wrong_users);
  g_test_add_func ("/assessfirst/token-is-not-kept", test_token_is_not_kept);
  g_test_add_func ("/assessfirst/decode/result", test_decode_result);
  g_test_add_func ("/assessfirst/version-1", test_version_1);
  g_test_add_func ("/assessfirst/version-2", test_version_2);
  g_test_add_func ("/assessfirst/faults", test_faults);
  g_test_add_func ("/assessfirst/unknown-results", test_unknown_results);

  return g_test_run ();
}
