/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coderbyte's webhooks: the documented deliveries, and forged ones. */
#include "config.h"

#include "assay-coderbyte.h"

#include <string.h>

#include "assay-signature.h"
#include "test-support.h"

#define KEY "test-api-key-0123456789"
#define NOW (G_GINT64_CONSTANT (1740921600) * 1000)
#define BODY \
  "{\"operation\":\"assessment_completed\",\"organization_id\":\"exampleorg\",\"email\":\"Ada+x@example.test\"," \
  "\"assessment_id\":\"backend-assessment-1\",\"report_ready\":true}"

static char *
encode (const guint8 *data,
        gsize         length)
{
  char *text = g_base64_encode (data, length);

  text[strcspn (text, "=")] = '\0';
  return g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_');
}

static char *
sign (const char *head,
      const char *claims,
      const char *key)
{
  g_autofree char *first = encode ((const guint8 *) head, strlen (head));
  g_autofree char *second = encode ((const guint8 *) claims, strlen (claims));
  g_autofree char *message = g_strconcat (first, ".", second, NULL);
  guint8 signature[ASSAY_SIGNATURE_LENGTH];
  g_autofree char *third = NULL;

  assay_signature_compute (key, message, strlen (message), signature);
  third = encode (signature, sizeof signature);
  return g_strconcat ("Bearer ", message, ".", third, NULL);
}

static AssayWebhookEvent *
deliver (const char *authorization,
         const char *body,
         const char *key,
         GError    **error)
{
  g_autoptr (GHashTable) headers = assay_webhook_headers_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  AssayWebhookEvent *event = NULL;
  gboolean accepted;

  if (authorization != NULL)
    assay_webhook_headers_set (headers, "AUTHORIZATION", authorization);
  accepted = assay_coderbyte_description.parse_webhook (headers, bytes, key, NOW, &event, error);
  g_assert_true (accepted == (event != NULL));
  return event;
}

static void
test_vectors (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("coderbyte/webhook_jwt_vectors.json");
  JsonArray *cases = json_object_get_array_member (json_node_get_object (root), "cases");

  g_assert_cmpuint (json_array_get_length (cases), ==, 5);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *vector = json_array_get_object_element (cases, i);
      g_autofree char *header = g_strconcat ("Bearer ", json_object_get_string_member (vector, "token"), NULL);
      GError *error = NULL;
      g_autoptr (AssayWebhookEvent) event = deliver (header, BODY, KEY, &error);

      g_test_message ("%s", json_object_get_string_member (vector, "name"));
      if (json_object_get_boolean_member (vector, "valid"))
        g_assert_no_error (error);
      else
        test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
    }
}

static void
test_deliveries (void)
{
  static const struct
  {
    const char *file;
    const char *name;
    gboolean names_invitation;
  } cases[] = {
    { "coderbyte/webhook_assessment_completed.json", "assessment_completed", TRUE },
    { "coderbyte/webhook_assessment_completed_legacy.json", "assessment_completed", TRUE },
    { "coderbyte/webhook_assessment_completed_not_ready.json", "assessment_completed", TRUE },
    { "coderbyte/webhook_candidate_joined.json", "candidate_joined", TRUE },
    { "coderbyte/webhook_scorecard_updated.json", "scorecard_updated", TRUE },
    { "coderbyte/webhook_interview_completed.json", "interview_completed", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = test_load_fixture (cases[i].file);
      g_autofree char *body = json_to_string (root, FALSE);
      g_autofree char *claims =
        g_strdup_printf ("{\"iss\":\"%s\"}",
                         json_object_get_string_member (json_node_get_object (root), "organization_id"));
      g_autofree char *header = sign ("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims, KEY);
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayWebhookEvent) event = deliver (header, body, KEY, &error);
      g_autoptr (AssayWebhookEvent) again = deliver (header, body, KEY, NULL);

      g_test_message ("%s", cases[i].file);
      g_assert_no_error (error);
      g_assert_cmpstr (event->name, ==, cases[i].name);
      g_assert_true ((event->invitation_remote_id != NULL) == cases[i].names_invitation);
      g_assert_cmpstr (event->dedupe_key, ==, again->dedupe_key);
      g_assert_null (event->application_remote_id);
    }
}

/* The report to read is named by the id that reading takes. */
static void
test_what_to_read (void)
{
  g_autofree char *header = sign ("{\"alg\":\"HS256\"}", "{\"iss\":\"exampleorg\",\"more\":[1]}", KEY);
  g_autofree char *id = assay_coderbyte_make_remote_id ("Ada+x@example.test", "backend-assessment-1");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayWebhookEvent) event = deliver (header, BODY, KEY, &error);
  g_autoptr (AssayWebhookEvent) odd = deliver (
    header, "{\"operation\":\"<b>\",\"organization_id\":\"exampleorg\",\"email\":7,\"assessment_id\":\"../x\"}", KEY, &error);
  g_autoptr (AssayWebhookEvent) hostile = deliver (
    header, "{\"organization_id\":\"exampleorg\",\"email\":\"a@b/../c\",\"assessment_id\":\"../x?y\"}", KEY, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (event->invitation_remote_id, ==, id);
  g_assert_cmpstr (odd->name, ==, "");
  g_assert_null (odd->invitation_remote_id);
  /* Two parts, whatever is in them. */
  g_assert_cmpstr (strchr (strchr (hostile->invitation_remote_id, '/') + 1, '/'), ==, NULL);
  g_assert_null (strchr (hostile->invitation_remote_id, '?'));
}

static void
test_forged (void)
{
  static const char good[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  static const struct
  {
    const char *head;
    const char *claims;
    const char *key;
  } cases[] = {
    { good, "{\"iss\":\"exampleorg\"}", "another-key" },
    { good, "{\"iss\":\"exampleorg\"}", "" },
    { good, "{\"iss\":\"exampleorg2\"}", KEY },
    { good, "{\"iss\":\"EXAMPLEORG\"}", KEY },
    { good, "{\"iss\":\"\"}", KEY },
    { good, "{\"iss\":[\"exampleorg\"]}", KEY },
    { good, "{\"iss\":\"someone\",\"iss\":\"exampleorg\"}", KEY },
    { good, "{}", KEY },
    { good, "[]", KEY },
    { good, "", KEY },
    { good, "{\"iss\":\"exampleorg\",\"exp\":1740921000}", KEY },
    { good, "{\"iss\":\"exampleorg\",\"exp\":\"soon\"}", KEY },
    { good, "{\"iss\":\"exampleorg\",\"exp\":null}", KEY },
    { "{\"alg\":\"none\"}", "{\"iss\":\"exampleorg\"}", KEY },
    { "{\"alg\":\"hs256\"}", "{\"iss\":\"exampleorg\"}", KEY },
    { "{\"alg\":\"HS512\"}", "{\"iss\":\"exampleorg\"}", KEY },
    { "{\"alg\":\"RS256\"}", "{\"iss\":\"exampleorg\"}", KEY },
    { "{\"alg\":\"none\",\"alg\":\"HS256\"}", "{\"iss\":\"exampleorg\"}", KEY },
    { "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", "{\"iss\":\"exampleorg\"}", KEY },
    { "{\"alg\":null}", "{\"iss\":\"exampleorg\"}", KEY },
    { "{}", "{\"iss\":\"exampleorg\"}", KEY },
  };
  static const char *const headers[] = { NULL, "", "Bearer", "Bearer ", "Bearer a.b", "Bearer ..", "Bearer a.b.c",
                                         "Bearer a.b.c.d" };
  g_autofree char *right = sign (good, "{\"iss\":\"exampleorg\",\"exp\":1740921700}", KEY);
  g_autofree char *basic = g_strconcat ("Basic ", right + strlen ("Bearer "), NULL);
  g_autofree char *longer = g_strconcat (right, "=", NULL);
  g_autofree char *cut = g_strndup (right, strlen (right) - 1);
  const char *const changed[] = { basic, longer, cut };
  g_autoptr (AssayWebhookEvent) accepted = NULL;
  GError *error = NULL;

  accepted = deliver (right, BODY, KEY, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *header = sign (cases[i].head, cases[i].claims, cases[i].key);

      g_test_message ("%s %s", cases[i].head, cases[i].claims);
      g_assert_null (deliver (header, BODY, KEY, &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
      error = NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (headers) + G_N_ELEMENTS (changed); i++)
    {
      g_assert_null (
        deliver (i < G_N_ELEMENTS (headers) ? headers[i] : changed[i - G_N_ELEMENTS (headers)], BODY, KEY, &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
      error = NULL;
    }
  /* Nobody's key checks nothing. */
  g_assert_null (deliver (right, BODY, "", &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  error = NULL;
  g_assert_null (deliver (right, BODY, NULL, &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
}

static void
test_wrong_bodies (void)
{
  static const struct
  {
    const char *body;
    AssayError code;
  } cases[] = {
    { "", ASSAY_ERROR_BAD_RESPONSE },
    { "[]", ASSAY_ERROR_BAD_RESPONSE },
    { "{\"organization_id\":\"a\",\"organization_id\":\"exampleorg\"}", ASSAY_ERROR_BAD_RESPONSE },
    { "{}", ASSAY_ERROR_UNAUTHORIZED },
    { "{\"organization_id\":7}", ASSAY_ERROR_UNAUTHORIZED },
    { "{\"organization_id\":\"otherorg--\"}", ASSAY_ERROR_UNAUTHORIZED },
  };
  g_autofree char *header = sign ("{\"alg\":\"HS256\"}", "{\"iss\":\"exampleorg\"}", KEY);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GError *error = NULL;

      g_test_message ("%s", cases[i].body);
      g_assert_null (deliver (header, cases[i].body, KEY, &error));
      test_assert_error (error, (int) cases[i].code);
    }
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/coderbyte-webhook/vectors", test_vectors);
  g_test_add_func ("/coderbyte-webhook/deliveries", test_deliveries);
  g_test_add_func ("/coderbyte-webhook/what-to-read", test_what_to_read);
  g_test_add_func ("/coderbyte-webhook/forged", test_forged);
  g_test_add_func ("/coderbyte-webhook/wrong-bodies", test_wrong_bodies);

  return g_test_run ();
}
