/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codility: what is made of answers of the known shape, and of what is left out of them. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-codility.h"
#include "test-support.h"

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = assay_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return root;
}

static void
test_tests (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("codility/tests_response.json");
  JsonArray *records = assay_json_get_array (json_node_get_object (root), "results");
  g_autoptr (AssayAssessment) test = assay_codility_read_test (assay_json_array_get_object (records, 0));

  g_assert_cmpstr (test->remote_id, ==, "87436");
  g_assert_cmpstr (test->name, ==, "Python engineer");
  g_assert_null (assay_codility_read_test (assay_json_array_get_object (records, 1)));
}

static void
test_invited (void)
{
  static const char *const unclear[] = {
    "{}", "[]", "{\"candidates\":[]}", "{\"candidates\":[7]}", "{\"candidates\":[{\"id\":\"i1\"}]}",
    "{\"candidates\":[{\"session_url\":\"https://codility.com/api/sessions/\"}]}",
    "{\"candidates\":[{\"session_url\":\"sessions/M1\"}]}",
    "{\"candidates\":[{\"session_url\":\"https://codility.com/api/tests/7/\"}]}",
  };
  g_autoptr (JsonNode) root = test_load_fixture ("codility/invite_response.json");
  g_autoptr (JsonNode) without = parse ("{\"candidates\":[{\"session_url\":\"https://codility.com/api/sessions/M1\"}]}");
  GError *error = NULL;
  g_autoptr (AssayInvited) invited = assay_codility_read_invited (root, &error);
  g_autoptr (AssayInvited) bare = assay_codility_read_invited (without, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (invited->remote_id, ==, "M6CW57-7EC");
  g_assert_cmpstr (invited->link, ==, "https://app.codility.com/test/M6CW57-7EC/");
  g_assert_cmpstr (bare->remote_id, ==, "M1");
  g_assert_null (bare->link);
  g_assert_nonnull (bare->status_text);

  for (guint i = 0; i < G_N_ELEMENTS (unclear); i++)
    {
      g_autoptr (JsonNode) node = parse (unclear[i]);

      g_assert_null (assay_codility_read_invited (node, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      error = NULL;
    }
}

static void
test_session (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("codility/session_response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayResult) result = assay_codility_read_session (root, &error);
  const AssayScore *second;

  g_assert_no_error (error);
  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpint (result->completed_at, ==, G_GINT64_CONSTANT (1519988400000));
  g_assert_cmpfloat (result->score->value, ==, 150);
  g_assert_cmpfloat (result->score->max, ==, 200);
  g_assert_cmpuint (result->scores->len, ==, 2);
  second = g_ptr_array_index (result->scores, 1);
  g_assert_cmpstr (second->name, ==, "tree_height");
  g_assert_cmpfloat (second->value, ==, 50);
  /* Nothing found is nothing to warn of. */
  g_assert_true (result->flags == NULL || result->flags[0] == NULL);
  g_assert_cmpstr (result->report_url, ==, "https://app.codility.com/cert/view/x/");
  g_assert_nonnull (strstr (result->raw, "feedback_link"));
  g_assert_null (strstr (result->raw, "test_link"));
}

/* Between the end and the evaluation there is something left to ask for; an account whose sessions have no close_date is done
 * with the result. */
static void
test_progress (void)
{
  static const struct
  {
    const char *text;
    AssayInvitationStatus status;
    gboolean has_score;
  } cases[] = {
    { "{\"id\":\"M1\"}", ASSAY_INVITATION_PENDING, FALSE },
    { "{\"id\":\"M1\",\"start_date\":null,\"close_date\":null,\"evaluation\":null}", ASSAY_INVITATION_PENDING, FALSE },
    { "{\"id\":\"M1\",\"start_date\":\"2018-03-02T10:00:00Z\",\"close_date\":null,\"evaluation\":{\"result\":5}}",
      ASSAY_INVITATION_IN_PROGRESS, FALSE },
    { "{\"id\":\"M1\",\"start_date\":\"2018-03-02T10:00:00Z\",\"close_date\":\"2018-03-02T11:00:00Z\",\"evaluation\":{\"result\":null}}",
      ASSAY_INVITATION_IN_PROGRESS, FALSE },
    { "{\"id\":\"M1\",\"start_date\":\"2018-03-02T10:00:00Z\",\"evaluation\":{\"result\":0,\"max_result\":null}}",
      ASSAY_INVITATION_COMPLETED, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = parse (cases[i].text);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayResult) result = assay_codility_read_session (root, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_no_error (error);
      g_assert_cmpint (result->status, ==, cases[i].status);
      g_assert_true ((result->score != NULL) == cases[i].has_score);
      if (cases[i].has_score)
        g_assert_true (isnan (result->score->max));
    }
}

/* The token goes to nobody else's address. */
static void
test_paths (void)
{
  static const struct
  {
    const char *address;
    const char *base_url;
    const char *path;
  } cases[] = {
    { "https://codility.com/api/tests/7/sessions/", "https://codility.com/api", "tests/7/sessions/" },
    { "https://codility.com/api/sessions/?test=7", "https://codility.com/api/", "sessions/?test=7" },
    { "https://codility.com.evil.example/api/sessions/", "https://codility.com/api", NULL },
    { "https://codility.com/apis/sessions/", "https://codility.com/api", NULL },
    { "https://codility.com/api/../x", "https://codility.com/api", NULL },
    { "http://codility.com/api/sessions/", "https://codility.com/api", NULL },
    { "https://codility.com/api", "https://codility.com/api", NULL },
    { NULL, "https://codility.com/api", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = assay_codility_dup_path (cases[i].address, cases[i].base_url);

      g_assert_cmpstr (path, ==, cases[i].path);
    }
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/codility/tests", test_tests);
  g_test_add_func ("/codility/invited", test_invited);
  g_test_add_func ("/codility/session", test_session);
  g_test_add_func ("/codility/progress", test_progress);
  g_test_add_func ("/codility/paths", test_paths);

  return g_test_run ();
}
