/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plugin framework's messages, as documented and as hostile as they may come; and the links of a provider without any. */
#include "config.h"

#include "assay-links.h"
#include "assay-plugin.h"

#include <string.h>

#include "test-support.h"

#define BASE "https://plugin.example/tt"

static AssayPluginMeta *
decode_meta (const char *text,
             GError    **error)
{
  g_autoptr (JsonNode) root = test_parse (text);

  return assay_plugin_decode_meta (root, "TestTrick", BASE, error);
}

static void
test_documented (void)
{
  g_autoptr (JsonNode) meta_root = test_load_fixture ("testtrick/pinpoint_plugin_meta_response.json");
  g_autoptr (JsonNode) form_root = test_load_fixture ("testtrick/pinpoint_plugin_form_response.json");
  g_autoptr (JsonNode) bad_root = test_load_fixture ("testtrick/pinpoint_plugin_form_response_bad_key.json");
  g_autoptr (JsonNode) submit_root = test_load_fixture ("testtrick/pinpoint_plugin_submit_request.json");
  g_autoptr (JsonNode) done_root = test_load_fixture ("testtrick/pinpoint_plugin_submit_response.json");
  g_autoptr (JsonNode) twice_root = test_load_fixture ("testtrick/pinpoint_plugin_submit_response_duplicate.json");
  const AssayInvitee invitee = { .assessment_remote_id = "1024", .first_name = "Ada", .last_name = "Example",
                                 .email = "ada@example.test" };
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPluginMeta) meta = assay_plugin_decode_meta (meta_root, "TestTrick", BASE, &error);
  g_autoptr (AssayPluginForm) form = NULL;
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (JsonNode) body = NULL;
  GError *refusal = NULL;
  JsonObject *ours, *theirs;

  g_assert_no_error (error);
  g_assert_cmpstr (meta->form_path, ==, "createAssessment/meta");
  g_assert_cmpstr (meta->header, ==, "X_TESTTRICK_API_KEY");

  form = assay_plugin_decode_form (form_root, "TestTrick", BASE, meta, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (form->submit_path, ==, "createAssessment/submit");
  g_assert_cmpuint (form->assessments->len, ==, 2);
  g_assert_cmpstr (((AssayAssessment *) form->assessments->pdata[1])->remote_id, ==, "1025");
  g_assert_cmpstr (((AssayAssessment *) form->assessments->pdata[1])->name, ==, "Java Developer");

  g_assert_null (assay_plugin_decode_form (bad_root, "TestTrick", BASE, meta, &refusal));
  g_assert_nonnull (strstr (refusal->message, "The configured API key was not accepted."));
  test_assert_error (refusal, ASSAY_ERROR_UNAUTHORIZED);
  refusal = NULL;

  body = assay_plugin_encode_submission (form, &invitee, "0c29dae9-6d1c-46b4-b82c-bf5576a24103");
  ours = json_node_get_object (body);
  theirs = json_node_get_object (submit_root);
  g_assert_cmpuint (json_object_get_size (ours), ==, json_object_get_size (theirs));
  g_assert_true (json_node_equal (json_object_get_member (ours, "formFields"),
                                  json_object_get_member (theirs, "formFields")));
  g_assert_cmpstr (json_object_get_string_member (ours, "generatedUuid"), ==,
                   json_object_get_string_member (theirs, "generatedUuid"));
  /* Nobody is told an address that leads somewhere. */
  g_assert_cmpstr (json_object_get_string_member (ours, "webhookUrl"), ==,
                   "https://assay.invalid/0c29dae9-6d1c-46b4-b82c-bf5576a24103");

  invited = assay_plugin_decode_submitted (done_root, "TestTrick", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (invited->remote_id, ==, "tt-inv-90817");
  g_assert_cmpint (invited->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_cmpstr (invited->report_url, ==, "https://app.testtrick.example/candidates/tt-inv-90817");
  g_assert_null (invited->link);

  g_assert_null (assay_plugin_decode_submitted (twice_root, "TestTrick", &refusal));
  test_assert_error (refusal, ASSAY_ERROR_DUPLICATE);
}

#define META(fields, endpoint) \
  "{\"actions\":[{\"key\":\"createAssessment\",\"metaEndpoint\":\"" endpoint "\"}],\"configurationFormFields\":[" fields "]}"

/* The key goes under the base address alone, in a header that steers nothing. */
static void
test_hostile_metas (void)
{
  static const char *const strangers[] = {
    "[]",
    "{}",
    "{\"actions\":{}}",
    "{\"actions\":[null]}",
    "{\"actions\":[{\"key\":\"exportCandidate\",\"metaEndpoint\":\"/x\"}]}",
    "{\"actions\":[{\"key\":\"createAssessment\"}]}",
    META ("", "https://elsewhere.example/form"),
    META ("", "https://plugin.example/ttt/form"),
    META ("", "//elsewhere.example/form"),
    META ("", "/../form"),
    META ("", "/form?x=1"),
    META ("", "/a b"),
    META ("", ""),
  };
  static const char *const headers[] = { "Host", "cookie", "X KEY", "X:KEY", "", "Content-Length", "Transfer-Encoding" };
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autoptr (AssayPluginMeta) meta = decode_meta (strangers[i], &error);

      g_test_message ("%s", strangers[i]);
      /* A second slash only shortens to a path below the base address. */
      if (meta != NULL)
        {
          g_assert_cmpstr (meta->form_path, ==, "elsewhere.example/form");
          continue;
        }
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      error = NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *text = g_strdup_printf (
        META ("{\"key\":\"apiKey\",\"label\":\"Key\",\"required\":false,\"useAsHttpHeader\":\"%s\"}", "/form"), headers[i]);
      g_autoptr (AssayPluginMeta) meta = decode_meta (text, &error);

      g_assert_no_error (error);
      g_assert_null (meta->header);
    }
}

static void
test_what_else_a_plugin_wants (void)
{
  GError *error = NULL;
  g_autoptr (AssayPluginMeta) chosen = decode_meta (
    META ("{\"key\":\"region\",\"required\":false,\"useAsHttpHeader\":\"X_REGION\"},"
          "{\"key\":\"apiKey\",\"required\":true,\"sensitive\":true,\"useAsHttpHeader\":\"X_KEY\"},"
          "{\"key\":\"other\",\"required\":false,\"sensitive\":true,\"useAsHttpHeader\":\"X_OTHER\"}",
          BASE "/form"),
    &error);
  g_autoptr (JsonNode) demanding = test_parse (
    "{\"formFields\":[{\"key\":\"email\",\"type\":\"string\"},{\"key\":\"cv\",\"label\":\"CV\",\"type\":\"file\","
    "\"required\":true},{\"key\":\"t\",\"singleSelectOptions\":[]}],\"submitEndpoint\":\"/s\"}");

  g_assert_no_error (error);
  g_assert_cmpstr (chosen->header, ==, "X_KEY");
  g_assert_cmpstr (chosen->form_path, ==, "form");

  g_assert_null (decode_meta (META ("{\"key\":\"apiKey\",\"required\":true,\"useAsHttpHeader\":\"X_KEY\"},"
                                    "{\"key\":\"url\",\"label\":\"Base URL\",\"required\":true}",
                                    "/form"),
                              &error));
  g_assert_nonnull (strstr (error->message, "Base URL"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  error = NULL;
  g_assert_null (assay_plugin_decode_form (demanding, "TestTrick", BASE, chosen, &error));
  g_assert_nonnull (strstr (error->message, "“CV”"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

/* What may have sent the mail is unsure; what says that it hasn't is refused in its words. */
static void
test_submissions (void)
{
  static const struct
  {
    const char *text;
    AssayError code;
  } cases[] = {
    { "[]", ASSAY_ERROR_UNSURE },
    { "{}", ASSAY_ERROR_UNSURE },
    { "{\"success\":true}", ASSAY_ERROR_UNSURE },
    { "{\"success\":true,\"externalIdentifier\":\"\"}", ASSAY_ERROR_UNSURE },
    { "{\"externalIdentifier\":\"x\"}", ASSAY_ERROR_UNSURE },
    { "{\"success\":\"perhaps\",\"externalIdentifier\":\"x\"}", ASSAY_ERROR_UNSURE },
    { "{\"success\":false}", ASSAY_ERROR_INVALID },
    { "{\"success\":false,\"toast\":{\"error\":\"No credit left.\"}}", ASSAY_ERROR_INVALID },
    { "{\"success\":false,\"toast\":{\"error\":\"Was ALREADY invited\"}}", ASSAY_ERROR_DUPLICATE },
  };
  g_autoptr (JsonNode) odd = test_parse ("{\"success\":true,\"externalIdentifier\":7,\"status\":\"in review\","
                                         "\"externalRecordUrl\":\"javascript:alert(1)\"}");
  g_autoptr (AssayInvited) invited = NULL;
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = test_parse (cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_null (assay_plugin_decode_submitted (root, "TestTrick", &error));
      test_assert_error (error, (int) cases[i].code);
      error = NULL;
    }
  invited = assay_plugin_decode_submitted (odd, "TestTrick", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (invited->remote_id, ==, "7");
  g_assert_cmpint (invited->status, ==, ASSAY_INVITATION_UNKNOWN);
  g_assert_cmpstr (invited->status_text, ==, "in review");
  g_assert_null (invited->report_url);
}

static void
test_links (void)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) links =
    assay_links_parse (" Java = https://t.example/a?x=1;y=2 ;; Köche=http://t.example/b; ", &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (links->len, ==, 2);
  text = assay_links_to_text (links);
  g_assert_cmpstr (text, ==, "Java=https://t.example/a?x=1;y=2; Köche=http://t.example/b");
  g_assert_null (assay_links_parse ("Java=https://user:secret@t.example/", &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/plugin/documented", test_documented);
  g_test_add_func ("/plugin/hostile-metas", test_hostile_metas);
  g_test_add_func ("/plugin/what-else-it-wants", test_what_else_a_plugin_wants);
  g_test_add_func ("/plugin/submissions", test_submissions);
  g_test_add_func ("/links", test_links);

  return g_test_run ();
}
