/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever's documents, all of them: what is read becomes the model, what is written is what was recorded member for member, and
 * what is reported is believed only with its signature. And what is Lever's own among the writes. */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "assay-http-private.h"
#include "assay-lever.h"
#include "assay-secrets.h"
#include "assay-signature.h"
#include "assay-webhook.h"
#include "test-support.h"

#define NOW G_GINT64_CONSTANT (1782974410000)

/* Every fixture there is */

typedef enum
{
  FIXTURE_OPPORTUNITIES,
  FIXTURE_POSTINGS,
  FIXTURE_STAGES,
  FIXTURE_USERS,
  FIXTURE_RESUMES,
  FIXTURE_FILES,
  FIXTURE_WEBHOOKS,
  FIXTURE_DELETED,
  FIXTURE_ERROR,
  FIXTURE_BODY,        /* compared in test_bodies() */
  FIXTURE_DELIVERY,
  FIXTURE_ELSEWHERE,   /* nothing that Assay asks for here: it only mustn't hurt */
} FixtureKind;

static const struct
{
  const char *part;    /* of the file's name; the first that is in it */
  FixtureKind kind;
} fixture_kinds[] = {
  { ".request.json", FIXTURE_BODY },
  { "webhook-signature-vectors", FIXTURE_ELSEWHERE },
  { "assembled-webhook", FIXTURE_DELIVERY },
  { "docs-webhook-delivery", FIXTURE_ELSEWHERE },
  { "webhook", FIXTURE_WEBHOOKS },
  { "oauth", FIXTURE_ELSEWHERE },
  { "error", FIXTURE_ERROR },
  { "opportunities-deleted", FIXTURE_DELETED },
  { "resume", FIXTURE_RESUMES },
  { "thirdparty-opportunities", FIXTURE_OPPORTUNITIES },
  { "opportunit", FIXTURE_OPPORTUNITIES },
  { "posting", FIXTURE_POSTINGS },
  { "disposition-stages", FIXTURE_ELSEWHERE },
  { "stage", FIXTURE_STAGES },
  { "user", FIXTURE_USERS },
  { "docs-file", FIXTURE_FILES },
};

static FixtureKind
find_kind (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture_kinds); i++)
    if (strstr (name, fixture_kinds[i].part) != NULL)
      return fixture_kinds[i].kind;
  return FIXTURE_ELSEWHERE;
}

static void
check_page (AssayPage *page,
            GError    *error)
{
  g_assert_no_error (error);
  g_assert_nonnull (page);
  assay_page_free (page);
}

static void
check_array (GPtrArray *array,
             GError    *error)
{
  g_assert_no_error (error);
  g_assert_nonnull (array);
  g_ptr_array_unref (array);
}

static gboolean
read_fixture (FixtureKind kind,
              JsonNode   *root)
{
  GError *error = NULL;

  switch (kind)
    {
    case FIXTURE_OPPORTUNITIES:
      check_page (assay_lever_decode_opportunities (root, &error), error);
      break;
    case FIXTURE_POSTINGS:
      check_page (assay_lever_decode_postings (root, NULL, &error), error);
      break;
    case FIXTURE_STAGES:
      check_page (assay_lever_decode_stages (root, &error), error);
      break;
    case FIXTURE_DELETED:
      check_page (assay_lever_decode_deleted (root, &error), error);
      break;
    case FIXTURE_USERS:
      check_array (assay_lever_decode_users (root, &error), error);
      break;
    case FIXTURE_WEBHOOKS:
      check_array (assay_lever_decode_webhooks (root, &error), error);
      break;
    case FIXTURE_RESUMES:
    case FIXTURE_FILES:
      check_array (assay_lever_decode_documents (root, kind == FIXTURE_RESUMES, "https://api.lever.co/v1/x", &error), error);
      break;
    case FIXTURE_ERROR:
      {
        g_autofree char *text = json_to_string (root, FALSE);
        g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
        const AssayHttpAnswer answer = { .place = "Lever", .status = 400, .body = body, .retry_after = -1 };
        g_autofree char *detail = assay_http_answer_dup_detail (&answer);

        g_assert_nonnull (detail);
        break;
      }
    case FIXTURE_BODY:
    case FIXTURE_DELIVERY:
    case FIXTURE_ELSEWHERE:
    default:
      return FALSE;
    }
  return TRUE;
}

static void
test_every_fixture (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("ASSAY_FIXTURES"), "lever", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint read = 0, deliveries = 0;
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_strconcat ("lever/", name, NULL);
      g_autoptr (JsonNode) root = NULL;

      if (!g_str_has_suffix (name, ".json"))
        continue;
      g_test_message ("%s", name);
      root = test_load_fixture (file);
      if (read_fixture (find_kind (name), root))
        read++;
      deliveries += find_kind (name) == FIXTURE_DELIVERY;
    }
  g_assert_cmpuint (read, >=, 45);
  g_assert_cmpuint (deliveries, ==, 12);
}

static void
test_users_documents_webhooks (void)
{
  g_autoptr (JsonNode) users_root = test_load_fixture ("lever/recorded-users-list.response.json");
  g_autoptr (JsonNode) files_root = test_load_fixture ("lever/docs-files-list.json");
  g_autoptr (JsonNode) resume_root = test_load_fixture ("lever/docs-resume-get.json");
  g_autoptr (JsonNode) made_root = test_load_fixture ("lever/recorded-webhook-create.response.json");
  g_autoptr (JsonNode) twice_root = test_load_fixture ("lever/docs-webhook-create.json");
  g_autoptr (JsonNode) hooks_root = test_load_fixture ("lever/recorded-webhooks-list.response.json");
  g_autoptr (GPtrArray) users = assay_lever_decode_users (users_root, NULL);
  g_autoptr (GPtrArray) files = assay_lever_decode_documents (files_root, FALSE, "https://a/files", NULL);
  g_autoptr (GPtrArray) resumes = assay_lever_decode_documents (resume_root, TRUE, "https://a/resumes", NULL);
  g_autoptr (GPtrArray) made = assay_lever_decode_webhooks (made_root, NULL);
  g_autoptr (GPtrArray) twice = assay_lever_decode_webhooks (twice_root, NULL);
  g_autoptr (GPtrArray) hooks = assay_lever_decode_webhooks (hooks_root, NULL);
  const AssayUser *user = g_ptr_array_index (users, 0);
  const AssayDocument *document;
  const AssayWebhook *hook;

  /* As Lever's window spells it. */
  g_assert_cmpstr (user->role, ==, "Interviewer");
  g_assert_true (user->active);

  g_assert_cmpuint (files->len, ==, 2);
  document = g_ptr_array_index (files, 0);
  g_assert_cmpstr (document->filename, ==, "JaneSmithArticle.pdf");
  /* Not the page of the window, which wants somebody to be signed in. */
  g_assert_cmpstr (document->url, ==, "https://a/files/b02a3b97-dc41-48e3-b003-44d211ed2a4c/download");
  document = g_ptr_array_index (resumes, 0);
  g_assert_cmpstr (document->filename, ==, "JenniferOldeUpdated.pdf");
  g_assert_cmpstr (document->context, ==, "resume");

  hook = g_ptr_array_index (made, 0);
  g_assert_cmpstr (hook->secret, ==, "81358960e95ed76bf1def200692c2f956818caf168682e26");
  g_assert_cmpstr (hook->event, ==, "candidateHired");
  hook = g_ptr_array_index (twice, 0);
  g_assert_cmpstr (hook->secret, ==, "73311ged32110cc40e00c672c2e03e1a42fa28a4fabde089");
  for (guint i = 0; i < hooks->len; i++)
    g_assert_null (((AssayWebhook *) g_ptr_array_index (hooks, i))->secret);
}

/* Bodies */

static void
assert_same (JsonNode   *made,
             const char *name)
{
  g_autoptr (JsonNode) own = made;
  g_autoptr (JsonNode) recorded = test_load_fixture (name);

  if (!json_node_equal (own, recorded))
    {
      g_autofree char *text = json_to_string (own, TRUE);

      g_error ("%s: %s", name, text);
    }
}

static void
test_bodies (void)
{
  static const char *const links[] = { "https://example.com/seed-link", NULL };
  static const char *const tags[] = { "Test", NULL };
  const AssayNewApplication person = {
    .job_remote_id = "75ff237f-c221-4c26-8b23-faf395f5ea1c", .first_name = "Nango Test", .last_name = "Candidate",
    .email = "test@nango.dev", .phone = "(555) 123-4567", .source = "LinkedIn", .tags = tags,
  };
  g_autoptr (JsonNode) made = assay_lever_encode_opportunity (&person);
  g_autoptr (JsonNode) recorded = test_load_fixture ("lever/recorded-opportunity-create.request.json");
  JsonObject *object = json_node_get_object (recorded);
  g_autoptr (JsonNode) unarchived = assay_lever_encode_archive (NULL);

  assert_same (assay_lever_encode_archive ("c97322d4-a7f3-4008-948c-4f8e9c58d372"),
               "lever/recorded-opportunity-archived-put.request.json");
  assert_same (assay_lever_encode_links (links), "lever/recorded-opportunity-addLinks.request.json");
  assert_same (assay_lever_encode_webhook ("https://example.com/webhooks/test-create-nango-2", "candidateHired"),
               "lever/recorded-webhook-create.request.json");
  g_assert_true (json_object_get_null_member (json_node_get_object (unarchived), "reason"));

  /* All but what Assay doesn't know of a person. */
  json_object_remove_member (object, "headline");
  json_object_remove_member (object, "origin");
  json_object_remove_member (json_array_get_object_element (json_object_get_array_member (object, "phones"), 0), "type");
  g_assert_true (json_node_equal (made, recorded));
}

/* Deliveries */

static gboolean
parse (const char         *body,
       gsize               length,
       const char         *secret,
       gint64              now,
       AssayWebhookEvent **event,
       GError            **error)
{
  g_autoptr (GHashTable) headers = assay_webhook_headers_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, length);

  return assay_lever_parse_webhook (headers, bytes, secret, now, event, error);
}

static void
test_vectors (void)
{
  g_autoptr (JsonNode) root = test_load_fixture ("lever/assembled-webhook-signature-vectors.json");
  JsonObject *document = json_node_get_object (root);
  const char *secret = json_object_get_string_member (document, "signatureToken");
  JsonArray *vectors = json_object_get_array_member (document, "vectors");
  guint good = 0, bad = 0;

  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *vector = json_array_get_object_element (vectors, i);
      gboolean valid = json_object_get_boolean_member (vector, "valid");
      g_autoptr (AssayWebhookEvent) event = NULL;
      GError *error = NULL;
      g_autofree char *body = NULL;

      if (json_object_has_member (vector, "file"))
        {
          g_autofree char *path = g_build_filename (g_getenv ("ASSAY_FIXTURES"), "lever",
                                                    json_object_get_string_member (vector, "file"), NULL);

          g_assert_true (g_file_get_contents (path, &body, NULL, NULL));
        }
      else
        body = g_strdup_printf ("{\"event\":\"candidateStageChange\",\"triggeredAt\":%" G_GINT64_FORMAT
                                ",\"token\":\"%s\",\"signature\":\"%s\",\"data\":{}}",
                                json_object_get_int_member (vector, "triggeredAt"),
                                json_object_get_string_member (vector, "token"),
                                json_object_get_string_member (vector, "signature"));
      if (valid)
        {
          g_assert_true (parse (body, strlen (body), secret, NOW, &event, &error));
          g_assert_no_error (error);
          g_assert_cmpint (event->at, ==, json_object_get_int_member (vector, "triggeredAt"));
          good++;
        }
      else
        {
          g_assert_false (parse (body, strlen (body), secret, NOW, &event, &error));
          test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
          bad++;
        }
    }
  g_assert_cmpuint (good, >=, 12);
  g_assert_cmpuint (bad, >=, 5);
}

static char *
make_delivery (const char *token,
               gint64      at,
               const char *data)
{
  g_autofree char *message = g_strdup_printf ("%s%" G_GINT64_FORMAT, token, at);
  g_autofree char *signature = assay_signature_compute_hex ("secret", message, strlen (message));

  return g_strdup_printf ("{\"event\":\"candidateStageChange\",\"triggeredAt\":%" G_GINT64_FORMAT
                          ",\"token\":\"%s\",\"signature\":\"%s\",\"data\":%s}",
                          at, token, signature, data);
}

/* The body isn't signed: what it says is a hint, and two that say different things are one event. */
static void
test_body_is_a_hint (void)
{
  g_autofree char *one = make_delivery ("abcdef", NOW, "{\"opportunityId\":\"one\",\"toStageId\":\"offer\"}");
  g_autofree char *other = make_delivery ("abcdef", NOW, "{\"opportunityId\":\"two\"}");
  g_autofree char *old = make_delivery ("abcdef", NOW, "{\"candidateId\":\"three\"}");
  g_autofree char *wild = make_delivery ("abcdef", NOW, "{\"opportunityId\":\"../../users\",\"toStageId\":7}");
  g_autofree char *next = make_delivery ("abcdef", NOW + 1, "{}");
  g_autoptr (AssayWebhookEvent) first = NULL, second = NULL, third = NULL, fourth = NULL, fifth = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (one, strlen (one), "secret", NOW, &first, &error));
  g_assert_true (parse (other, strlen (other), "secret", NOW, &second, &error));
  g_assert_true (parse (old, strlen (old), "secret", NOW, &third, &error));
  g_assert_true (parse (wild, strlen (wild), "secret", NOW, &fourth, &error));
  g_assert_true (parse (next, strlen (next), "secret", NOW, &fifth, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (first->application_remote_id, ==, "one");
  g_assert_cmpstr (first->stage_remote_id, ==, "offer");
  g_assert_cmpstr (first->dedupe_key, ==, second->dedupe_key);
  g_assert_cmpstr (first->dedupe_key, !=, fifth->dedupe_key);
  g_assert_cmpstr (third->application_remote_id, ==, "three");
  g_assert_null (fourth->application_remote_id);
  g_assert_null (fourth->stage_remote_id);
  g_assert_null (fifth->application_remote_id);
}

static void
test_refused_deliveries (void)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 3600 * 1000;
  const gint64 times[] = { NOW - day - 1, NOW + 16 * 60 * 1000, 1 };
  g_autofree char *good = make_delivery ("abcdef", NOW, "{}");
  /* The same message, cut elsewhere: the digits of the time and the token are signed without a mark between. */
  g_autofree char *shifted = g_strdup (good);
  static const char *const bodies[] = {
    "", "{}", "[]", "null", "{\"token\":\"a\"}", "{\"event\":\"x\",\"triggeredAt\":\"1\",\"token\":\"a\",\"signature\":\"b\"}",
    "{\"event\":\"x\",\"triggeredAt\":1.5,\"token\":\"a\",\"signature\":\"b\"}",
    "{\"event\":\"x\",\"triggeredAt\":1782974410000,\"token\":[\"a\"],\"signature\":\"b\"}", "{\"a\":1,\"a\":2}",
  };
  AssayWebhookEvent *event = NULL;
  GError *error = NULL;
  char *at;

  g_assert_false (parse (good, strlen (good), NULL, NOW, &event, &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_false (parse (good, strlen (good), "", NOW, &event, &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_false (parse (good, strlen (good), "Secret", NOW, &event, &error));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *body = make_delivery ("abcdef", times[i], "{}");

      g_assert_false (parse (body, strlen (body), "secret", NOW, &event, &error));
      test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
    }
  at = strstr (shifted, "1782974410000");
  memmove (at, at + 1, strlen (at));
  at = strstr (shifted, "abcdef");
  {
    g_autofree char *whole = g_strdup_printf ("%.*s1%s", (int) (at + 6 - shifted), shifted, at + 6);

    g_assert_false (parse (whole, strlen (whole), "secret", NOW, &event, &error));
    test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_assert_false (parse (bodies[i], strlen (bodies[i]), "secret", NOW, &event, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
    }
  g_assert_null (event);
}

/* A thousand changes to a good one: none is taken but those that leave the three signed members and the event alone. */
static void
test_mutated_deliveries (void)
{
  g_autofree char *good = make_delivery ("0123456789abcdef0123456789abcdef0123456789abcdef", NOW, "{\"opportunityId\":\"one\"}");
  gsize signed_length = (gsize) (strstr (good, ",\"data\"") - good);
  g_autoptr (GRand) chance = g_rand_new_with_seed (4);

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *body = g_strdup (good);
      g_autoptr (AssayWebhookEvent) event = NULL;
      gsize place = (gsize) g_rand_int_range (chance, 0, (gint32) signed_length);
      const char *name = strstr (good, "candidateStageChange");

      body[place] ^= (char) (1 << g_rand_int_range (chance, 0, 7));
      if (place >= (gsize) (name - good) && place < (gsize) (name - good) + strlen ("candidateStageChange"))
        continue;
      /* Hexadecimal digits of either case are one signature. */
      if (g_ascii_strcasecmp (body, good) == 0 && place > (gsize) (strstr (good, "\"signature\":\"") - good) + 13)
        continue;
      g_assert_false (parse (body, strlen (body), "secret", NOW, &event, NULL));
    }
}

/* Against the sandbox */

typedef struct
{
  TestSandbox *sandbox;
  AssayAts *ats;
  char *remote_id;
} Fixture;

/* The sandbox's users in their order: a Super Admin, a Team Member, an Admin, an Interviewer, a Limited Team Member. */
static char *
dup_user (guint number)
{
  guint id = 301 + number;

  return g_strdup_printf ("%08x-0a55-4%03x-8b0c-%012x", (id * 2654435761u) ^ 0x0a55, id % 4093, id);
}

static AssayAts *
connect_as (TestSandbox *sandbox,
            const char  *key,
            const char  *perform_as)
{
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  AssayConnectorDescription hurried = assay_lever_description;
  g_autoptr (GError) error = NULL;
  GObject *connector;

  assay_http_set_backoff_base (http, 1);
  hurried.pace = (AssayHttpPace) { .per_second = 10000, .burst = 1000, .concurrency = 2 };
  connection->kind = g_strdup ("lever");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strdup (test_sandbox_get_base_url (sandbox, "lever")));
  if (perform_as != NULL)
    g_hash_table_insert (connection->settings, g_strdup ("perform-as"), g_strdup (perform_as));
  assay_secrets_table_set (secrets, "api-key", key);
  connector = hurried.create (&hurried, &context, &error);
  g_assert_no_error (error);
  return ASSAY_ATS (connector);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayPage) page = NULL;
  g_autofree char *user = dup_user (0);
  g_autoptr (GError) error = NULL;

  fixture->sandbox = test_sandbox_start ("--jobs=3", "--applications=30", NULL);
  fixture->ats = connect_as (fixture->sandbox, "sandbox-lever-full-access", user);
  TEST_CALL (result, assay_ats_list_applications_async, fixture->ats, 0, NULL, NULL);
  page = assay_ats_list_applications_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < page->items->len && fixture->remote_id == NULL; i++)
    {
      const AssayApplication *application = g_ptr_array_index (page->items, i);

      if (!application->archived && application->job_remote_id != NULL)
        fixture->remote_id = g_strdup (application->remote_id);
    }
  g_assert_nonnull (fixture->remote_id);
}

static void
release (AssayAts *ats)
{
  gpointer weak = ats;

  g_object_add_weak_pointer (weak, &weak);
  g_object_unref (ats);
  while (weak != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  test_sandbox_assert_no_incidents (fixture->sandbox);
  release (fixture->ats);
  g_free (fixture->remote_id);
  test_sandbox_stop (fixture->sandbox);
}

static AssayApplication *
get (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayApplication *application;

  TEST_CALL (result, assay_ats_get_application_async, fixture->ats, fixture->remote_id, NULL);
  application = assay_ats_get_application_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  return application;
}

static gboolean
archive (Fixture    *fixture,
         const char *reason,
         GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_archive_async, fixture->ats, fixture->remote_id, reason, NULL);
  return assay_ats_archive_finish (fixture->ats, result, error);
}

static void
test_archive (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (AssayApplication) before = get (fixture);
  g_autoptr (AssayApplication) archived = NULL;
  g_autoptr (AssayApplication) back = NULL;
  GError *error = NULL;

  g_assert_true (archive (fixture, "7c1d4a10-93f5-4b7e-8a21-6a0f5f2b1c02", &error));
  g_assert_no_error (error);
  archived = get (fixture);
  g_assert_true (archived->archived);
  /* Who is archived stays where they were, and keeps their name: a write's answer has none. */
  g_assert_cmpstr (archived->stage_remote_id, ==, before->stage_remote_id);
  g_assert_cmpstr (archived->full_name, ==, before->full_name);
  g_assert_true (archive (fixture, NULL, &error));
  g_assert_no_error (error);
  back = get (fixture);
  g_assert_false (back->archived);
  g_assert_cmpstr (back->stage_remote_id, ==, before->stage_remote_id);

  test_sandbox_fault (fixture->sandbox, "lever", "opportunities.archive", "drop-after", 1);
  g_assert_true (archive (fixture, "7c1d4a10-93f5-4b7e-8a21-6a0f5f2b1c02", &error));
  g_assert_no_error (error);
}

static gboolean
add_links (AssayAts          *ats,
           const char        *remote_id,
           const char *const *links,
           GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_add_links_async, ats, remote_id, links, NULL);
  return assay_ats_add_links_finish (ats, result, error);
}

static void
test_links (Fixture      *fixture,
            gconstpointer data)
{
  static const char *const links[] = { "https://www.linkedin.com/in/ada-lovelace", "https://report.example/1?a=b&c=d", NULL };
  g_autoptr (AssayApplication) after = NULL;
  GError *error = NULL;

  test_sandbox_fault (fixture->sandbox, "lever", "opportunities.add_links", "drop-after", 1);
  g_assert_true (add_links (fixture->ats, fixture->remote_id, links, &error));
  g_assert_no_error (error);
  after = get (fixture);
  g_assert_nonnull (after->linkedin_url);
  g_assert_false (add_links (fixture->ats, "none", links, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
}

static gboolean
attach (AssayAts          *ats,
        const char        *remote_id,
        const AssayUpload *upload,
        GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_attach_document_async, ats, remote_id, upload, NULL);
  return assay_ats_attach_document_finish (ats, result, error);
}

static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  static const char content[] = "%PDF-1.4\r\n--boundary\0\xff\r\n%%EOF";
  g_autoptr (GBytes) bytes = g_bytes_new_static (content, sizeof content - 1);
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (30 * 1024 * 1024 + 1), 30 * 1024 * 1024 + 1);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  const AssayUpload upload = { .name = "Bericht \"Größe\"\r\nX-Evil: 1.PDF", .media_type = "application/pdf", .bytes = bytes };
  const AssayUpload unfit[] = {
    { .name = "virus.exe", .media_type = "application/pdf", .bytes = bytes },
    { .name = "pdf", .media_type = "application/pdf", .bytes = bytes },
    { .name = "empty.pdf", .media_type = "application/pdf", .bytes = nothing },
    { .name = "large.pdf", .media_type = "application/pdf", .bytes = large },
  };
  g_autoptr (AssayApplication) after = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) read = NULL;
  const AssayDocument *document;
  AssayAts *nobody = connect_as (fixture->sandbox, "sandbox-lever-full-access", NULL);
  GError *error = NULL;

  g_assert_true (attach (fixture->ats, fixture->remote_id, &upload, &error));
  g_assert_no_error (error);
  after = get (fixture);
  /* The résumé first, then the file, byte for byte. */
  g_assert_cmpuint (after->documents->len, ==, 2);
  document = g_ptr_array_index (after->documents, 1);
  g_assert_cmpstr (document->context, ==, "file");
  g_assert_cmpstr (document->filename, ==, "Bericht %22Größe%22%0D%0AX-Evil: 1.PDF");
  TEST_CALL (result, assay_ats_download_document_async, fixture->ats, document, NULL);
  read = assay_ats_download_document_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, bytes));

  for (guint i = 0; i < G_N_ELEMENTS (unfit); i++)
    {
      g_assert_false (attach (fixture->ats, fixture->remote_id, &unfit[i], &error));
      test_assert_error (error, ASSAY_ERROR_INVALID);
    }
  g_assert_false (attach (nobody, fixture->remote_id, &upload, &error));
  g_assert_nonnull (strstr (error->message, "“Perform as”"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "lever", "files.upload"), ==, 1);
  release (nobody);

  test_sandbox_fault (fixture->sandbox, "lever", "files.upload", "drop-after", 1);
  g_assert_false (attach (fixture->ats, fixture->remote_id, &upload, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "lever", "files.upload"), ==, 2);
}

/* Which permission it is, and whose role. */
static void
test_refusals (Fixture      *fixture,
               gconstpointer data)
{
  static const char *const links[] = { "https://report.example/1", NULL };
  g_autofree char *interviewer = dup_user (3);
  AssayAts *weak = connect_as (fixture->sandbox, "sandbox-lever-read-only", NULL);
  AssayAts *other = connect_as (fixture->sandbox, "sandbox-lever-full-access", interviewer);
  GError *error = NULL;

  g_assert_false (add_links (weak, fixture->remote_id, links, &error));
  g_assert_nonnull (strstr (error->message, "“Add opportunity links”"));
  g_assert_nonnull (strstr (error->message, "Super Admin"));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  g_assert_false (add_links (other, fixture->remote_id, links, &error));
  g_assert_nonnull (strstr (error->message, "“Interviewer”"));
  g_assert_cmpuint (assay_error_get_vendor_status (error), ==, 403);
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  release (weak);
  release (other);
}

/* What a key can't read of a person's files leaves the person. */
static void
test_without_files (Fixture      *fixture,
                    gconstpointer data)
{
  AssayAts *weak = connect_as (fixture->sandbox, "sandbox-lever-no-files", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayApplication) application = NULL;
  g_autoptr (AssayApplication) unknown = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_ats_get_application_async, weak, fixture->remote_id, NULL);
  application = assay_ats_get_application_finish (weak, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (application->documents->len, ==, 0);
  g_clear_object (&result);
  release (weak);

  /* Which there are isn't known when Lever doesn't say. */
  test_sandbox_fault (fixture->sandbox, "lever", "resumes.list", "html", 20);
  unknown = get (fixture);
  g_assert_null (unknown->documents);
}

/* Webhooks */

static AssayWebhook *
ensure (AssayAts   *ats,
        const char *address,
        const char *event,
        GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_ensure_webhook_async, ats, address, event, NULL);
  return assay_ats_ensure_webhook_finish (ats, result, error);
}

static guint
count_webhooks (AssayAts *ats)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) webhooks = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_ats_list_webhooks_async, ats, NULL);
  webhooks = assay_ats_list_webhooks_finish (ats, result, &error);
  g_assert_no_error (error);
  return webhooks->len;
}

#define ADDRESS "https://relay.example/in/1"

static void
test_webhooks (Fixture      *fixture,
               gconstpointer data)
{
  AssayAts *weak = connect_as (fixture->sandbox, "sandbox-lever-no-webhooks", NULL);
  g_autoptr (AssayWebhook) made = NULL;
  g_autoptr (AssayWebhook) again = NULL;
  g_autoptr (AssayWebhook) other = NULL;
  g_autoptr (AssayWebhook) lost = NULL;
  GError *error = NULL;

  made = ensure (fixture->ats, ADDRESS, "candidateStageChange", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (made->secret), ==, 48);
  again = ensure (fixture->ats, ADDRESS, "candidateStageChange", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->remote_id, ==, made->remote_id);
  g_assert_null (again->secret);
  other = ensure (fixture->ats, ADDRESS, "applicationCreated", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_webhooks (fixture->ats), ==, 2);

  /* An answer that is lost takes the signature token along: the stray goes, and one is made whose token is known. */
  test_sandbox_fault (fixture->sandbox, "lever", "webhooks.create", "drop-after", 1);
  lost = ensure (fixture->ats, ADDRESS "/lost", "candidateStageChange", &error);
  g_assert_no_error (error);
  g_assert_nonnull (lost->secret);
  g_assert_cmpuint (count_webhooks (fixture->ats), ==, 3);
  test_sandbox_fault (fixture->sandbox, "lever", "webhooks.create", "drop-before", 2);
  g_assert_null (ensure (fixture->ats, ADDRESS "/never", "candidateStageChange", &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  g_assert_cmpuint (count_webhooks (fixture->ats), ==, 3);

  g_assert_null (ensure (fixture->ats, "http://relay.example/", "candidateStageChange", &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_null (ensure (fixture->ats, ADDRESS, "somethingElse", &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_null (ensure (weak, ADDRESS, "candidateStageChange", &error));
  g_assert_nonnull (strstr (error->message, "“Find all webhooks”"));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  release (weak);
}

static void
test_description (void)
{
  g_autoptr (GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *global = assay_lever_description.build_application_url (settings, NULL, "a/b");
  g_autofree char *eu = NULL;
  g_autofree char *sandbox = NULL;

  g_assert_cmpstr (global, ==, "https://hire.lever.co/candidates/a%2Fb");
  g_hash_table_insert (settings, (gpointer) "region", (gpointer) "eu");
  eu = assay_lever_description.build_application_url (settings, NULL, "1");
  g_assert_cmpstr (eu, ==, "https://hire.eu.lever.co/candidates/1");
  g_hash_table_insert (settings, (gpointer) "region", (gpointer) "sandbox");
  sandbox = assay_lever_description.build_application_url (settings, NULL, "1");
  g_assert_cmpstr (sandbox, ==, "https://hire.sandbox.lever.co/candidates/1");
  test_assert_sentence (assay_lever_description.webhook->who);
  for (guint i = 0; assay_lever_description.webhook->steps[i] != NULL; i++)
    test_assert_sentence (assay_lever_description.webhook->steps[i]);
}

static void
add (const char *name,
     void      (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/lever-wire/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/lever-wire/every-fixture", test_every_fixture);
  g_test_add_func ("/lever-wire/users-documents-webhooks", test_users_documents_webhooks);
  g_test_add_func ("/lever-wire/bodies", test_bodies);
  g_test_add_func ("/lever-wire/vectors", test_vectors);
  g_test_add_func ("/lever-wire/body-is-a-hint", test_body_is_a_hint);
  g_test_add_func ("/lever-wire/refused-deliveries", test_refused_deliveries);
  g_test_add_func ("/lever-wire/mutated-deliveries", test_mutated_deliveries);
  g_test_add_func ("/lever-wire/description", test_description);
  add ("archive", test_archive);
  add ("links", test_links);
  add ("files", test_files);
  add ("refusals", test_refusals);
  add ("without-files", test_without_files);
  add ("webhooks", test_webhooks);
  return g_test_run ();
}
