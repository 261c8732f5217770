/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestGorilla: what is made of the answers that its documentation shows. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-testgorilla.h"
#include "test-support.h"

#define STARTED "{\"status\":\"started\",\"avg_score\":76}"

static JsonArray *
get_records (JsonNode *root)
{
  return assay_json_get_array (json_node_get_object (root), "results");
}

static void
test_assessments (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("testgorilla/assessments_response.json");
  JsonArray *records = get_records (root);
  g_autoptr (AssayAssessment) active = assay_testgorilla_read_assessment (assay_json_array_get_object (records, 0));
  g_autoptr (AssayAssessment) fresh = assay_testgorilla_read_assessment (assay_json_array_get_object (records, 1));

  g_assert_cmpstr (active->remote_id, ==, "32");
  g_assert_cmpstr (active->name, ==, "Python developer");
  /* Nobody was invited to it yet, which is no reason not to. */
  g_assert_cmpstr (fresh->remote_id, ==, "33");
  g_assert_true (fresh->active);
  g_assert_null (assay_testgorilla_read_assessment (assay_json_array_get_object (records, 2)));
}

static void
test_result (void)
{
  g_autoptr (JsonNode) candidatures = test_load_fixture ("testgorilla/candidature_response.json");
  g_autoptr (JsonNode) tests = test_load_fixture ("testgorilla/results_response.json");
  JsonArray *records = get_records (tests);
  g_autoptr (AssayResult) result =
    assay_testgorilla_read_candidature (assay_json_array_get_object (get_records (candidatures), 0));
  const AssayScore *score;

  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (result->score->value, ==, 76);
  /* Its scale isn't documented. */
  g_assert_cmpint (result->score->unit, ==, ASSAY_UNIT_NONE);
  g_assert_true (isnan (result->score->max));

  for (guint i = 0; i < json_array_get_length (records); i++)
    assay_testgorilla_add_score (result, assay_json_array_get_object (records, i));
  g_assert_cmpuint (result->scores->len, ==, 1);
  score = g_ptr_array_index (result->scores, 0);
  g_assert_cmpstr (score->name, ==, "Problem solving");
  g_assert_cmpfloat (score->value, ==, 85);
}

/* An average before the end isn't a result. */
static void
test_begun (void)
{
  g_autoptr (JsonNode) root = assay_json_parse (STARTED, strlen (STARTED), NULL);
  g_autoptr (AssayResult) result = assay_testgorilla_read_candidature (json_node_get_object (root));

  g_assert_cmpint (result->status, ==, ASSAY_INVITATION_IN_PROGRESS);
  g_assert_null (result->score);
}

static void
test_remote_id (void)
{
  g_autofree char *id = assay_testgorilla_make_remote_id ("12/3", "a+b/c@example.com");

  g_assert_cmpstr (id, ==, "12%2F3/a%2Bb%2Fc%40example.com");
}

/* Nothing is made of a state that isn't told. */
static void
test_no_status (void)
{
  static const char *const texts[] = { "{\"email\":\"a@b.example\"}", "{\"status\":null}", "{\"status\":\"\"}",
                                       "{\"status\":\"hibernating\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) root = assay_json_parse (texts[i], strlen (texts[i]), &error);
      g_autoptr (AssayResult) result = NULL;

      g_assert_no_error (error);
      result = assay_testgorilla_read_candidature (json_node_get_object (root));
      g_assert_cmpint (result->status, ==, ASSAY_INVITATION_UNKNOWN);
      g_assert_null (result->score);
    }
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/testgorilla/no-status", test_no_status);
  g_test_add_func ("/testgorilla/assessments", test_assessments);
  g_test_add_func ("/testgorilla/result", test_result);
  g_test_add_func ("/testgorilla/begun", test_begun);
  g_test_add_func ("/testgorilla/remote-id", test_remote_id);

  return g_test_run ();
}
