/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what a provider answers, read as each of the answers that a connector asks for. Whatever it is, it is
 * either read or refused with a sentence; a report's address is one that a browser may be sent to. */
#include "config.h"

#include "assay-assessfirst.h"
#include "assay-coderbyte.h"
#include "assay-codility.h"
#include "assay-hackerrank.h"
#include "assay-json.h"
#include "assay-partner.h"
#include "assay-testgorilla.h"

#include "fuzz.h"

#include <math.h>
#include <string.h>

/* Takes both. */
static void
check_list (GPtrArray *list,
            GError    *error)
{
  fuzz_check ((list == NULL) == (error != NULL));
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      const AssayAssessment *assessment = g_ptr_array_index (list, i);

      fuzz_check (assessment->remote_id != NULL && *assessment->remote_id != '\0');
      fuzz_check (assessment->name != NULL && *assessment->name != '\0');
    }
  g_clear_pointer (&list, g_ptr_array_unref);
  g_clear_error (&error);
}

/* Takes both. */
static void
check_result (AssayResult *result,
              GError      *error)
{
  fuzz_check ((result == NULL) == (error != NULL));
  if (result != NULL)
    {
      fuzz_check (result->score == NULL || isfinite (result->score->value));
      for (guint i = 0; i < result->scores->len; i++)
        fuzz_check (((AssayScore *) g_ptr_array_index (result->scores, i))->name != NULL);
      fuzz_check (result->report_url == NULL || g_ascii_strncasecmp (result->report_url, "http", strlen ("http")) == 0);
      fuzz_check (result->raw == NULL || assay_json_guard (result->raw, strlen (result->raw), FALSE, NULL));
    }
  assay_result_free (result);
  g_clear_error (&error);
}

/* Takes both. */
static void
check_invited (AssayInvited *invited,
               GError       *error)
{
  fuzz_check ((invited == NULL) == (error != NULL));
  fuzz_check (invited == NULL || invited->remote_id != NULL);
  assay_invited_free (invited);
  g_clear_error (&error);
}

/* Providers whose lists are read record by record. */
static void
check_record (JsonNode *root)
{
  JsonObject *record = json_node_get_object (root);
  g_autoptr (AssayAssessment) assessment = assay_testgorilla_read_assessment (record);
  g_autoptr (AssayAssessment) test = assay_codility_read_test (record);
  AssayResult *result = assay_testgorilla_read_candidature (record);

  fuzz_check (assessment == NULL || (*assessment->remote_id != '\0' && *assessment->name != '\0'));
  fuzz_check (test == NULL || (*test->remote_id != '\0' && *test->name != '\0'));
  assay_testgorilla_add_score (result, record);
  check_result (result, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (JsonNode) root = assay_json_parse ((const char *) data, size, NULL);
  g_autoptr (GHashTable) field_map = assay_assessfirst_parse_field_map (
    "{\"result-scores\":\"data.assessments\",\"result-url\":\"data.url\"}", NULL);
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GHashTable) typed_map = assay_assessfirst_parse_field_map (text, NULL);
  g_autofree char *uuid = NULL, *token = NULL;
  GError *error = NULL;
  GPtrArray *list;
  AssayResult *result;
  AssayInvited *invited;
  gboolean listed;

  if (root == NULL)
    return 0;

  list = assay_partner_decode_tests (root, "Vendor", &error);
  check_list (list, g_steal_pointer (&error));
  result = assay_partner_decode_status (root, "Vendor", 0, &error);
  check_result (result, g_steal_pointer (&error));

  list = assay_coderbyte_decode_assessments (root, NULL, &error);
  check_list (list, g_steal_pointer (&error));
  result = assay_coderbyte_decode_reports (root, &error);
  check_result (result, g_steal_pointer (&error));
  invited = assay_coderbyte_decode_invited (root, "ada@example.test", "x", TRUE, &error);
  check_invited (invited, g_steal_pointer (&error));
  fuzz_check (assay_coderbyte_decode_listed (root, "x", &listed, &error) == (error == NULL));
  g_clear_error (&error);

  list = assay_assessfirst_decode_models (root, &error);
  check_list (list, g_steal_pointer (&error));
  result = assay_assessfirst_decode_user (root, root, "x", &error);
  token = assay_assessfirst_dup_candidate_token (root);
  fuzz_check (result == NULL || result->raw == NULL || strstr (result->raw, "\"token\":") == NULL);
  check_result (result, g_steal_pointer (&error));
  result = assay_assessfirst_decode_result (root, field_map, &error);
  check_result (result, g_steal_pointer (&error));
  uuid = assay_assessfirst_dup_uuid (root);

  invited = assay_hackerrank_decode_invited (root, "x", FALSE, &error);
  check_invited (invited, g_steal_pointer (&error));
  if (JSON_NODE_HOLDS_OBJECT (root))
    {
      JsonObject *record = json_node_get_object (root);
      AssayAssessment *assessment = assay_hackerrank_read_test (record, 0);

      fuzz_check (assessment == NULL || (*assessment->remote_id != '\0' && *assessment->name != '\0'));
      g_clear_pointer (&assessment, assay_assessment_free);
      check_result (assay_hackerrank_read_candidate (record, 0), NULL);
    }

  if (JSON_NODE_HOLDS_OBJECT (root))
    check_record (root);
  result = assay_codility_read_session (root, &error);
  check_result (result, g_steal_pointer (&error));
  invited = assay_codility_read_invited (root, &error);
  check_invited (invited, g_steal_pointer (&error));
  return 0;
}
