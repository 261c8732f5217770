/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever: its documented and recorded answers become the model, and the connector against the strict sandbox. */
#include "config.h"

#include "assay-lever.h"

#include <libsoup/soup.h>
#include <string.h>

#include "assay-queries.h"
#include "assay-secrets.h"
#include "test-support.h"

#define FULL "sandbox-lever-full-access"

static AssayPage *
decode_postings (JsonNode *root,
                 GError  **error)
{
  return assay_lever_decode_postings (root, NULL, error);
}

static AssayPage *
decode_fixture (const char *name,
                AssayPage *(*decode) (JsonNode *root, GError **error))
{
  g_autoptr (JsonNode) root = test_load_fixture (name);
  g_autoptr (GError) error = NULL;
  AssayPage *page = decode (root, &error);

  g_assert_no_error (error);
  g_assert_nonnull (page);
  g_assert_cmpint (page->total, ==, -1);
  return page;
}

static const AssayApplication *
get_application (AssayPage *page,
                 guint      index)
{
  g_assert_cmpuint (page->items->len, >, index);
  return g_ptr_array_index (page->items, index);
}

/* Decoding */

static void
test_recorded_opportunity (void)
{
  static const char *const tags[] = {
    "Nango Seed", "Nango Seed Posting 1", "Research & Development", "Engineering", "San Francisco, CA", "Full-time", NULL,
  };
  g_autoptr (AssayPage) page =
    decode_fixture ("lever/recorded-opportunity-get.response.json", assay_lever_decode_opportunities);
  const AssayApplication *application = get_application (page, 0);

  g_assert_cmpuint (page->items->len, ==, 1);
  g_assert_null (page->next);
  g_assert_cmpstr (application->remote_id, ==, "6408dc54-7015-4e5b-8d60-23afff2b1efc");
  g_assert_cmpstr (application->full_name, ==, "Nango Seed Candidate 1");
  g_assert_cmpstr (application->first_name, ==, "Nango Seed Candidate");
  g_assert_cmpstr (application->last_name, ==, "1");
  g_assert_cmpstr (application->email, ==, "nango-seed-candidate-1@example.com");
  g_assert_cmpstr (application->phone, ==, "5555550100");
  g_assert_cmpstr (application->summary, ==, "Seed candidate for Nango testing");
  g_assert_cmpstr (application->source, ==, "Referral");
  g_assert_cmpstr (application->stage_remote_id, ==, "lead-reached-out");
  /* Without `expand` these aren't said. */
  g_assert_null (application->stage_name);
  g_assert_null (application->job_remote_id);
  g_assert_null (application->location);
  g_assert_true (application->archived);
  g_assert_true (g_strv_equal ((const char *const *) application->tags, tags));
  g_assert_cmpint (application->created_at, ==, G_GINT64_CONSTANT (1782972986091));
  g_assert_cmpint (application->updated_at, ==, G_GINT64_CONSTANT (1782974048515));
  g_assert_cmpstr (application->url, ==, "https://hire.lever.co/candidates/6408dc54-7015-4e5b-8d60-23afff2b1efc");
}

static void
test_expanded_opportunity (void)
{
  g_autoptr (AssayPage) page =
    decode_fixture ("lever/thirdparty-opportunity-expanded.json", assay_lever_decode_opportunities);
  const AssayApplication *application = get_application (page, 0);

  g_assert_cmpstr (application->full_name, ==, "Tony Stark");
  g_assert_cmpstr (application->stage_remote_id, ==, "lead-new");
  g_assert_cmpstr (application->stage_name, ==, "New lead");
  g_assert_cmpstr (application->job_remote_id, ==, "2784f8c5-a62c-45d2-8a8a-3437437c20fd");
  g_assert_cmpstr (application->email, ==, "tony@starkenterprises.com");
  /* Not the second one, which is a name at Skype. */
  g_assert_cmpstr (application->phone, ==, "5555555555");
  g_assert_cmpstr (application->source, ==, "Added manually");
  g_assert_false (application->archived);
  /* There is no updatedAt at all: the latest of the other times. */
  g_assert_cmpint (application->updated_at, ==, G_GINT64_CONSTANT (1576703372059));
  g_assert_cmpstr (application->url, ==,
                   "https://hire.sandbox.lever.co/candidates/74fd168f-1505-4d2e-afd4-6daf29bbc3a9");
}

/* The printed sample: an older shape, with members that no recording has. */
static void
test_printed_opportunities (void)
{
  g_autoptr (AssayPage) page =
    decode_fixture ("lever/docs-opportunities-list.json", assay_lever_decode_opportunities);
  g_autoptr (AssayPage) single =
    decode_fixture ("lever/docs-opportunity-get.json", assay_lever_decode_opportunities);
  const AssayApplication *application = get_application (single, 0);

  g_assert_cmpuint (page->items->len, ==, 3);
  g_assert_null (page->next);
  for (guint i = 0; i < page->items->len; i++)
    {
      g_assert_cmpstr (get_application (page, i)->full_name, !=, "");
      g_assert_cmpint (get_application (page, i)->updated_at, >, 0);
    }
  g_assert_cmpstr (application->first_name, ==, "Shane");
  g_assert_cmpstr (application->last_name, ==, "Smith");
  g_assert_cmpstr (application->phone, ==, "(123) 456-7891");
  g_assert_cmpstr (application->location, ==, "Oakland");
  g_assert_cmpstr (application->source, ==, "linkedin");
  /* indeed.com/r/… isn't LinkedIn. */
  g_assert_null (application->linkedin_url);
  g_assert_false (application->archived);
}

static void
test_pages (void)
{
  g_autoptr (AssayPage) first =
    decode_fixture ("lever/recorded-opportunities-list-page1.response.json", assay_lever_decode_opportunities);
  g_autoptr (AssayPage) second =
    decode_fixture ("lever/recorded-opportunities-list-page2.response.json", assay_lever_decode_opportunities);
  g_autoptr (AssayPage) last =
    decode_fixture ("lever/recorded-opportunities-list-last-page.response.json", assay_lever_decode_opportunities);
  g_autoptr (AssayPage) other =
    decode_fixture ("lever/thirdparty-opportunities-page-sandbox.json", assay_lever_decode_opportunities);

  /* As it came: encoded once, and not to be decoded. */
  g_assert_cmpstr (first->next, ==, "%5B3%2C1490220060000%2C%22246cfe63-73fa-4bab-9728-a97023c71f3a%22%5D");
  g_assert_nonnull (second->next);
  g_assert_null (last->next);
  g_assert_cmpstr (other->next, ==, "%5B1%2C1750233409740%2C%2248dd4e94-fea0-4f9a-be5f-95b1853cbbbe%22%5D");

  /* updatedAt is null on what wasn't touched since Lever has it. */
  g_assert_cmpint (get_application (second, 0)->updated_at, ==, G_GINT64_CONSTANT (1564683868539));
  /* Without a source, the origin. */
  g_assert_cmpstr (get_application (second, 0)->source, ==, "Sourced");
  g_assert_null (get_application (second, 0)->email);
  g_assert_cmpstr (get_application (other, 0)->full_name, ==, "karan");
  g_assert_cmpstr (get_application (other, 0)->first_name, ==, "karan");
  g_assert_null (get_application (other, 0)->last_name);
}

static void
test_postings (void)
{
  g_autoptr (AssayPage) stages = decode_fixture ("lever/recorded-stages-list.response.json", assay_lever_decode_stages);
  g_autoptr (AssayPage) printed = decode_fixture ("lever/docs-stages-list.json", assay_lever_decode_stages);
  g_autoptr (AssayPage) one_stage = decode_fixture ("lever/docs-stage-get.json", assay_lever_decode_stages);
  g_autoptr (AssayPage) documented = decode_fixture ("lever/docs-posting-get.json", decode_postings);
  g_autoptr (AssayPage) single = decode_fixture ("lever/recorded-posting-get.response.json", decode_postings);
  g_autoptr (JsonNode) root = test_load_fixture ("lever/recorded-postings-list.response.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) page = assay_lever_decode_postings (root, stages->items, &error);
  const AssayJob *job, *draft;
  const AssayStage *stage;

  g_assert_no_error (error);
  g_assert_cmpuint (stages->items->len, ==, 11);
  g_assert_cmpuint (printed->items->len, ==, 7);
  g_assert_cmpuint (one_stage->items->len, ==, 1);
  g_assert_cmpuint (page->items->len, ==, 2);
  job = g_ptr_array_index (page->items, 0);
  g_assert_cmpstr (job->remote_id, ==, "f00fc049-3ddb-4144-b23b-78688949ce2f");
  g_assert_cmpstr (job->title, ==, "Nango Seed Posting 2");
  g_assert_cmpstr (job->status, ==, "internal");
  g_assert_true (job->open);
  g_assert_false (job->confidential);
  g_assert_cmpstr (job->department, ==, "Sales");
  g_assert_cmpstr (job->location, ==, "San Francisco, CA");
  g_assert_cmpint (job->updated_at, ==, G_GINT64_CONSTANT (1782972983451));
  g_assert_cmpuint (job->stages->len, ==, 11);
  for (guint i = 0; i < job->stages->len; i++)
    g_assert_cmpint (((AssayStage *) g_ptr_array_index (job->stages, i))->position, ==, (int) i);
  stage = g_ptr_array_index (job->stages, 9);
  g_assert_cmpstr (stage->remote_id, ==, "offer");
  g_assert_cmpstr (stage->name, ==, "Offer");

  draft = g_ptr_array_index (page->items, 1);
  g_assert_cmpstr (draft->status, ==, "draft");
  g_assert_false (draft->open);
  job = g_ptr_array_index (documented->items, 0);
  g_assert_cmpstr (job->title, ==, "Infrastructure Engineer");
  g_assert_true (job->open);
  g_assert_cmpuint (job->stages->len, ==, 0);
  g_assert_cmpstr (((AssayJob *) g_ptr_array_index (single->items, 0))->title, ==, "Nango Seed Posting 1");
}

/* What an answer to a write holds must not be taken for the person: contact fields are empty in it. */
static void
test_answer_of_a_write (void)
{
  g_autoptr (AssayPage) page =
    decode_fixture ("lever/recorded-opportunity-stage-put.response.json", assay_lever_decode_opportunities);
  const AssayApplication *application = get_application (page, 0);

  g_assert_null (application->email);
  g_assert_null (application->summary);
  g_assert_cmpstr (application->full_name, ==, "Candidate 6408dc54-7015-4e5b-8d60-23afff2b1efc");
}

/* Members that are null, absent, or of another type than documented; envelopes twice and not at all. */
static void
test_lenient (void)
{
  g_autoptr (JsonNode) root = test_parse (
    "{\"data\":[{\"id\":7,\"name\":null,\"emails\":[null,\"\",3,\"a@b.example\"],\"phones\":[\"1\",{\"value\":5}],"
    "\"links\":[\"linkedin.com/in/x\"],\"archived\":{},\"archivedAt\":null,\"tags\":[1,{\"text\":\"A\"},\"\",\"B\"],"
    "\"stage\":3,\"urls\":{\"show\":\"https://evil.example/lever.co\"},\"applications\":[null,\"x\",{\"posting\":"
    "{\"id\":\"p1\",\"text\":\"Job\"}}],\"updatedAt\":\"1782974048515\",\"origin\":\"\",\"location\":{\"name\":\"x\"}},"
    "{\"id\":\"8\",\"links\":[\"http://www.linkedin.com/in/y\"],\"urls\":[],\"archivedAt\":1407460071043},"
    "{\"id\":\"9\",\"name\":\"  Bo   Li \",\"links\":[\"notlinkedin.com/in/x\"],"
    "\"urls\":{\"show\":\"http://hire.lever.co/candidates/9\"}}],\"hasNext\":\"no\",\"next\":\"x\"}");
  g_autoptr (JsonNode) twice = test_parse ("{\"data\":{\"data\":{\"id\":\"1\",\"text\":\"One\"}}}");
  g_autoptr (JsonNode) bare = test_parse ("[{\"id\":\"1\",\"text\":\"One\"},{\"id\":\"2\",\"text\":\"\"}]");
  g_autoptr (JsonNode) naked = test_parse ("{\"id\":\"1\",\"text\":\"One\",\"data\":{\"id\":\"not this\"}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) page = assay_lever_decode_opportunities (root, &error);
  g_autoptr (AssayPage) enveloped = assay_lever_decode_stages (twice, &error);
  g_autoptr (AssayPage) listed = assay_lever_decode_stages (bare, &error);
  g_autoptr (AssayPage) single = assay_lever_decode_stages (naked, &error);
  const AssayApplication *application;

  g_assert_no_error (error);
  g_assert_null (page->next);
  application = get_application (page, 0);
  g_assert_cmpstr (application->remote_id, ==, "7");
  g_assert_cmpstr (application->full_name, ==, "a@b.example");
  g_assert_null (application->first_name);
  g_assert_cmpstr (application->phone, ==, "5");
  g_assert_cmpstr (application->linkedin_url, ==, "https://linkedin.com/in/x");
  g_assert_true (application->archived);
  g_assert_cmpstr (application->stage_remote_id, ==, "3");
  g_assert_cmpstr (application->job_remote_id, ==, "p1");
  g_assert_cmpint (application->updated_at, ==, G_GINT64_CONSTANT (1782974048515));
  g_assert_cmpuint (g_strv_length (application->tags), ==, 2);
  g_assert_null (application->url);
  g_assert_null (application->source);
  application = get_application (page, 1);
  g_assert_cmpstr (application->full_name, ==, "Candidate 8");
  g_assert_cmpstr (application->linkedin_url, ==, "https://www.linkedin.com/in/y");
  g_assert_true (application->archived);
  application = get_application (page, 2);
  g_assert_cmpstr (application->full_name, ==, "Bo   Li");
  g_assert_cmpstr (application->first_name, ==, "Bo");
  g_assert_cmpstr (application->last_name, ==, "Li");
  g_assert_null (application->linkedin_url);
  g_assert_null (application->url);

  g_assert_cmpstr (((AssayStage *) g_ptr_array_index (enveloped->items, 0))->name, ==, "One");
  g_assert_cmpuint (listed->items->len, ==, 2);
  g_assert_cmpstr (((AssayStage *) g_ptr_array_index (listed->items, 1))->name, ==, "2");
  g_assert_cmpstr (((AssayStage *) g_ptr_array_index (single->items, 0))->remote_id, ==, "1");
}

static void
test_deleted (void)
{
  g_autoptr (AssayPage) nobody =
    decode_fixture ("lever/recorded-opportunities-deleted-list.response.json", assay_lever_decode_deleted);
  g_autoptr (JsonNode) root = test_parse ("{\"data\":[{\"id\":\"1\",\"deletedAt\":1},{\"id\":\"2\"}],\"hasNext\":false}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) two = assay_lever_decode_deleted (root, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (nobody->items->len, ==, 0);
  g_assert_cmpuint (two->items->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (two->items, 1), ==, "2");
}

static void
test_wrong_shapes (void)
{
  static const char *const shapes[] = {
    "\"data\"",
    "{}",
    "{\"data\":null}",
    "{\"data\":\"x\"}",
    "{\"data\":[null]}",
    "{\"data\":[[]]}",
    "{\"data\":[{}]}",
    "{\"data\":[{\"id\":\"\"}]}",
    "{\"data\":[{\"id\":null}]}",
    "{\"data\":[{\"id\":{}}]}",
    "{\"data\":{\"data\":{\"data\":{\"id\":\"1\"}}}}",
    /* One good record doesn't excuse the other. */
    "{\"data\":[{\"id\":\"1\"},{\"name\":\"x\"}]}",
    /* More, but no way there. */
    "{\"data\":[{\"id\":\"1\"}],\"hasNext\":true}",
    "{\"data\":[{\"id\":\"1\"}],\"hasNext\":true,\"next\":null}",
    "{\"data\":[{\"id\":\"1\"}],\"hasNext\":true,\"next\":\"\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (JsonNode) root = test_parse (shapes[i]);
      GError *error = NULL;

      g_test_message ("%s", shapes[i]);
      g_assert_null (assay_lever_decode_opportunities (root, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_null (assay_lever_decode_postings (root, NULL, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_null (assay_lever_decode_stages (root, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_null (assay_lever_decode_deleted (root, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

/* Settings */

static void
test_base_url (void)
{
  static const struct
  {
    const char *name, *value, *base_url;
  } cases[] = {
    { NULL, NULL, "https://api.lever.co/v1" },
    { "region", "global", "https://api.lever.co/v1" },
    { "region", "eu", "https://api.eu.lever.co/v1" },
    { "region", "sandbox", "https://api.sandbox.lever.co/v1" },
    { "base-url", "https://lever.example/v1/", "https://lever.example/v1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) typed = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GHashTable) settings = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *base_url = NULL;

      if (cases[i].name != NULL)
        g_hash_table_insert (typed, (gpointer) cases[i].name, (gpointer) cases[i].value);
      settings = assay_connector_check_settings (&assay_lever_description, typed, &error);
      g_assert_no_error (error);
      base_url = assay_connector_dup_base_url (&assay_lever_description, settings, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (base_url, ==, cases[i].base_url);
    }
}

/* Against the sandbox */

/* (transfer full): a connector to the sandbox; further settings as name, value, …, NULL */
static AssayAts *
connect_to (TestSandbox *sandbox,
            const char  *key,
            ...)
{
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GError) error = NULL;
  GObject *connector;
  va_list settings;

  connection->kind = g_strdup ("lever");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strdup (test_sandbox_get_base_url (sandbox, "lever")));
  va_start (settings, key);
  for (const char *name = va_arg (settings, const char *); name != NULL; name = va_arg (settings, const char *))
    g_hash_table_insert (connection->settings, g_strdup (name), g_strdup (va_arg (settings, const char *)));
  va_end (settings);
  assay_secrets_table_set (secrets, "api-key", key);
  connector = assay_lever_description.create (&assay_lever_description, &context, &error);
  g_assert_no_error (error);
  return ASSAY_ATS (connector);
}

static TestSandbox *
start_sandbox (const char *jobs,
               const char *applications)
{
  return test_sandbox_start (jobs, applications, NULL);
}

/* How far a probe told that it is. */
typedef struct
{
  guint times;
  guint permissions;
  GCancellable *cancellable;   /* (nullable): cancelled when it tells */
} Told;

static void
tell_cb (const AssayProbe *probe,
         gpointer          user_data)
{
  Told *told = user_data;

  g_assert_cmpuint (probe->permissions->len, >, told->permissions);
  told->permissions = probe->permissions->len;
  told->times++;
  if (told->cancellable != NULL)
    g_cancellable_cancel (told->cancellable);
}

static AssayProbe *
probe (AssayAts *ats)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayProbe *found;

  TEST_CALL (result, assay_ats_probe_async, ats, NULL, NULL, NULL);
  found = assay_ats_probe_finish (ats, result, &error);
  g_assert_no_error (error);
  return found;
}

static void
test_probe (void)
{
  enum { NO = ASSAY_GRANTED_NO, YES = ASSAY_GRANTED_YES, UNKNOWN = ASSAY_GRANTED_UNKNOWN };
  static const struct
  {
    const char *key;
    const char *confidential;
    AssayGranted granted[5];
    int code;                  /* -1: ok */
    const char *says;
  } cases[] = {
    { FULL, "no", { YES, YES, YES, YES, YES }, -1, NULL },
    { "sandbox-lever-read-only", "yes", { YES, YES, YES, YES, YES }, -1, NULL },
    { "sandbox-lever-no-confidential", "no", { YES, YES, YES, YES, NO }, -1, NULL },
    { "sandbox-lever-no-confidential", "yes", { YES, YES, YES, YES, NO }, ASSAY_ERROR_FORBIDDEN,
      "“Access to confidential data”" },
    { "sandbox-lever-no-opportunities", "no", { NO, UNKNOWN, YES, YES, UNKNOWN }, ASSAY_ERROR_FORBIDDEN,
      "“Find all opportunities”" },
    { "sandbox-lever-no-postings", "no", { YES, YES, NO, YES, YES }, ASSAY_ERROR_FORBIDDEN, "“Find all postings”" },
    { "sandbox-lever-no-stages", "no", { YES, YES, YES, NO, YES }, ASSAY_ERROR_FORBIDDEN, "“Find all stages”" },
    { "wrong", "no", { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN }, ASSAY_ERROR_UNAUTHORIZED, "Lever" },
  };
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=4", "--applications=5");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayAts) ats = connect_to (sandbox, cases[i].key, "confidential", cases[i].confidential, NULL);
      g_autoptr (AssayProbe) found = probe (ats);

      g_test_message ("%s, confidential=%s", cases[i].key, cases[i].confidential);
      g_assert_cmpuint (found->permissions->len, >, G_N_ELEMENTS (cases[i].granted));
      for (guint j = 0; j < found->permissions->len; j++)
        {
          const AssayPermission *permission = g_ptr_array_index (found->permissions, j);

          if (j >= G_N_ELEMENTS (cases[i].granted))
            {
              /* What only serves writing and looking closer isn't needed, and writing can't be tried. */
              g_assert_false (permission->needed);
              if (strcmp (permission->access, "Write") == 0)
                g_assert_cmpint (permission->granted, ==, UNKNOWN);
              g_assert_true (permission->granted == ASSAY_GRANTED_YES || strstr (permission->remedy, "Super Admin") != NULL);
              continue;
            }

          g_assert_cmpint (permission->granted, ==, cases[i].granted[j]);
          g_assert_cmpint (permission->needed, ==, j < 4 || strcmp (cases[i].confidential, "yes") == 0);
          if (permission->granted == ASSAY_GRANTED_YES)
            g_assert_null (permission->remedy);
          else
            g_assert_nonnull (strstr (permission->remedy, "Super Admin"));
        }
      g_assert_cmpint (found->ok, ==, cases[i].code == -1);
      if (cases[i].code == -1)
        {
          g_assert_no_error (found->error);
          /* From the address of a posting. */
          g_assert_cmpstr (found->account, ==, "sandbox");
        }
      else
        {
          g_assert_error (found->error, ASSAY_ERROR, cases[i].code);
          test_assert_sentence (found->error->message);
          g_assert_nonnull (strstr (found->error->message, cases[i].says));
        }
    }
  test_sandbox_assert_no_incidents (sandbox);
}

/* What is answered is told as it comes, until nobody wants to know any more. */
static void
test_probe_tells (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=2", "--applications=5");
  g_autoptr (AssayAts) ats = connect_to (sandbox, "sandbox-lever-full-access", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Told told = { 0 };
  Told told_once = { .cancellable = cancellable };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProbe) found = NULL;

  TEST_CALL (result, assay_ats_probe_async, ats, tell_cb, &told, NULL);
  found = assay_ats_probe_finish (ats, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (told.times, >=, 4);
  g_assert_cmpuint (told.permissions, <=, found->permissions->len);

  TEST_CALL (result, assay_ats_probe_async, ats, tell_cb, &told_once, cancellable);
  g_assert_null (assay_ats_probe_finish (ats, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (told_once.times, ==, 1);
}

static void
test_probe_of_an_empty_account (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=0", "--applications=0");
  g_autoptr (AssayAts) ats = connect_to (sandbox, FULL, NULL);
  g_autoptr (AssayProbe) found = probe (ats);

  g_assert_true (found->ok);
  g_assert_null (found->account);
  g_assert_cmpint (((AssayPermission *) g_ptr_array_index (found->permissions, 1))->granted, ==, ASSAY_GRANTED_UNKNOWN);
}

static void
test_probe_of_perform_as (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=4", "--applications=5");
  g_autoptr (AssayAts) wrong = connect_to (sandbox, FULL, "perform-as", "nobody", NULL);
  g_autoptr (AssayProbe) found = probe (wrong);

  g_assert_false (found->ok);
  g_assert_nonnull (strstr (found->error->message, "“nobody”"));
  test_assert_error (found->error, ASSAY_ERROR_INVALID);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_probe_html (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=4", "--applications=5");
  g_autoptr (AssayAts) ats = connect_to (sandbox, FULL, NULL);
  g_autoptr (AssayProbe) found = NULL;

  test_sandbox_fault (sandbox, "lever", "opportunities.list", "html", 20);
  found = probe (ats);
  g_assert_false (found->ok);
  test_assert_error (found->error, ASSAY_ERROR_INVALID);
}

static AssayPage *
list (AssayAts   *ats,
      gboolean    jobs,
      gint64      changed_since,
      const char *next)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayPage *page;

  if (jobs)
    {
      TEST_CALL (result, assay_ats_list_jobs_async, ats, next, NULL);
      page = assay_ats_list_jobs_finish (ats, result, &error);
    }
  else
    {
      TEST_CALL (result, assay_ats_list_applications_async, ats, changed_since, next, NULL);
      page = assay_ats_list_applications_finish (ats, result, &error);
    }
  g_assert_no_error (error);
  return page;
}

/* The remote ids of all pages, which took @requests. */
static GHashTable *
list_all (AssayAts *ats,
          gboolean  jobs,
          guint    *requests)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *next = NULL;

  *requests = 0;
  do
    {
      g_autoptr (AssayPage) page = list (ats, jobs, 0, next);

      *requests += page->requests;
      g_assert_cmpint (page->server_time, >, 0);
      for (guint i = 0; i < page->items->len; i++)
        g_assert_true (g_hash_table_add (
          ids, g_strdup (jobs ? ((AssayJob *) g_ptr_array_index (page->items, i))->remote_id
                              : ((AssayApplication *) g_ptr_array_index (page->items, i))->remote_id)));
      g_free (next);
      next = g_strdup (page->next);
    }
  while (next != NULL);
  return ids;
}

static void
test_paging (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=230", "--applications=730");
  g_autoptr (AssayAts) ats = connect_to (sandbox, FULL, "confidential", "yes", NULL);
  g_autoptr (AssayAts) plain = connect_to (sandbox, FULL, NULL);
  g_autoptr (GHashTable) jobs = NULL, applications = NULL, shown = NULL;
  guint requests;

  jobs = list_all (ats, TRUE, &requests);
  g_assert_cmpuint (g_hash_table_size (jobs), ==, 230);
  /* The stages once, and three pages. */
  g_assert_cmpuint (requests, ==, 4);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "lever", "stages.list"), ==, 1);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "lever", "postings.list"), ==, 3);

  applications = list_all (ats, FALSE, &requests);
  g_assert_cmpuint (g_hash_table_size (applications), ==, 730);
  g_assert_cmpuint (requests, ==, 8);
  /* Nothing else was asked: no request for each of them. */
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "lever", "opportunities.list"), ==, 8);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "lever", "opportunities.get"), ==, 0);

  shown = list_all (plain, FALSE, &requests);
  g_assert_cmpuint (g_hash_table_size (shown), <, 730);
  g_assert_cmpuint (g_hash_table_size (shown), >, 500);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_what_a_page_says (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=20", "--applications=300");
  g_autoptr (AssayAts) ats = connect_to (sandbox, FULL, NULL);
  g_autoptr (AssayPage) jobs = list (ats, TRUE, 0, NULL);
  g_autoptr (AssayPage) page = list (ats, FALSE, 0, NULL);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  guint without_job = 0, archived = 0;

  for (guint i = 0; i < jobs->items->len; i++)
    g_hash_table_add (known, ((AssayJob *) g_ptr_array_index (jobs->items, i))->remote_id);
  for (guint i = 0; i < page->items->len; i++)
    {
      const AssayApplication *application = get_application (page, i);

      g_assert_nonnull (application->stage_name);
      g_assert_nonnull (application->email);
      g_assert_true (g_str_has_prefix (application->url, "https://hire.sandbox.lever.co/candidates/"));
      archived += application->archived ? 1 : 0;
      if (application->job_remote_id == NULL)
        without_job++;
      else
        g_assert_true (g_hash_table_contains (known, application->job_remote_id));
    }
  /* Sourced ones may belong to no posting; most do. */
  g_assert_cmpuint (without_job, <, page->items->len / 4);
  g_assert_cmpuint (archived, >, 0);
  g_assert_cmpuint (archived, <, page->items->len);
}

static void
test_changes_only (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=3", "--applications=240");
  g_autoptr (AssayAts) ats = connect_to (sandbox, FULL, "confidential", "yes", NULL);
  gint64 soon = g_get_real_time () / 1000 + 60 * 1000;
  g_autoptr (AssayPage) nothing = list (ats, FALSE, soon, NULL);
  g_autoptr (AssayPage) changes = NULL;
  g_autofree char *arrived = NULL;

  g_assert_cmpuint (nothing->items->len, ==, 0);
  test_sandbox_advance (sandbox, 3600);
  arrived = test_sandbox_arrive (sandbox, "\"first_name\":\"Zoë\",\"last_name\":\"Ñandú\"");
  changes = list (ats, FALSE, soon, NULL);
  g_assert_cmpuint (changes->items->len, ==, 1);
  g_assert_cmpstr (get_application (changes, 0)->full_name, ==, "Zoë Ñandú");
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_one_application (void)
{
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=3", "--applications=5");
  g_autoptr (AssayAts) ats = connect_to (sandbox, FULL, NULL);
  g_autoptr (AssayPage) page = list (ats, FALSE, 0, NULL);
  const AssayApplication *listed = get_application (page, 0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayApplication) application = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_ats_get_application_async, ats, listed->remote_id, NULL);
  application = assay_ats_get_application_finish (ats, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (application->remote_id, ==, listed->remote_id);
  g_assert_cmpstr (application->email, ==, listed->email);
  g_assert_cmpstr (application->stage_name, ==, listed->stage_name);
  g_assert_cmpstr (application->job_remote_id, ==, listed->job_remote_id);
  g_assert_cmpint (application->updated_at, ==, listed->updated_at);

  TEST_CALL (result, assay_ats_get_application_async, ats, "none", NULL);
  g_assert_null (assay_ats_get_application_finish (ats, result, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);

  /* No id can leave its place in the path. */
  TEST_CALL (result, assay_ats_get_application_async, ats, "../stages?limit=1#", NULL);
  g_assert_null (assay_ats_get_application_finish (ats, result, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "lever", "stages.list"), ==, 0);
}

/* A refusal in the middle of a sync says what is missing, too. */
static void
test_forbidden (void)
{
  static const struct
  {
    const char *key, *says;
    gboolean jobs;
  } cases[] = {
    { "sandbox-lever-no-stages", "“Find all stages”", TRUE },
    { "sandbox-lever-no-postings", "“Find all postings”", TRUE },
    { "sandbox-lever-no-opportunities", "“Find all opportunities”", FALSE },
  };
  g_autoptr (TestSandbox) sandbox = start_sandbox ("--jobs=3", "--applications=5");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayAts) ats = connect_to (sandbox, cases[i].key, NULL);
      g_autoptr (GAsyncResult) result = NULL;
      GError *error = NULL;

      if (cases[i].jobs)
        {
          TEST_CALL (result, assay_ats_list_jobs_async, ats, NULL, NULL);
          g_assert_null (assay_ats_list_jobs_finish (ats, result, &error));
        }
      else
        {
          TEST_CALL (result, assay_ats_list_applications_async, ats, 0, NULL, NULL);
          g_assert_null (assay_ats_list_applications_finish (ats, result, &error));
        }
      g_assert_nonnull (strstr (error->message, cases[i].says));
      g_assert_cmpuint (assay_error_get_vendor_status (error), ==, 403);
      test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
    }
}

/* Ten a second and twenty at once are there to be used, and never hit. */
static void
test_pace (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=3", "--applications=2600", NULL);
  g_autoptr (AssayAts) ats = NULL;
  g_autoptr (GHashTable) all = NULL;
  g_autoptr (JsonNode) ledger = NULL;
  JsonObject *answers;
  guint requests;

  /* A vendor on this machine isn't paced, except here. */
  g_unsetenv ("ASSAY_LOOPBACK_HURRY");
  ats = connect_to (sandbox, FULL, NULL);
  g_setenv ("ASSAY_LOOPBACK_HURRY", "1", TRUE);
  all = list_all (ats, FALSE, &requests);
  g_assert_cmpuint (requests, >, 20);
  ledger = test_sandbox_ask (sandbox, "GET", "/ledger", NULL);
  answers = json_object_get_object_member (
    json_object_get_object_member (json_object_get_object_member (json_node_get_object (ledger), "traffic"), "lever"),
    "answers");
  g_assert_cmpint (json_object_get_int_member (answers, "200"), ==, requests);
  g_assert_cmpuint (json_object_get_size (answers), ==, 1);
}

/* Syncing */

typedef struct
{
  TestSandbox *sandbox;
  const char *late;        /* who is moved */
  gboolean moved;
} Mover;

static void
move_once_cb (gint64   connection_id,
              guint    applications,
              gint64   total,
              gpointer user_data)
{
  static const char body[] = "{\"stage\":\"lead-new\"}";
  Mover *mover = user_data;
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (body, strlen (body));
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url =
    g_strdup_printf ("%s/opportunities/%s/stage", test_sandbox_get_base_url (mover->sandbox, "lever"), mover->late);
  g_autofree char *credential = g_base64_encode ((const guchar *) FULL ":", strlen (FULL ":"));
  g_autofree char *authorization = g_strconcat ("Basic ", credential, NULL);

  if (mover->moved)
    return;
  mover->moved = TRUE;
  /* Without the main context, so that the sync stands still between two of its pages. */
  message = soup_message_new ("PUT", url);
  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", authorization);
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  answer = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
}

/* Somebody from a later page moves to the first one while the pages between are turned. */
static void
test_sync_while_rows_move (void)
{
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=6", "--applications=500", NULL);
  g_autoptr (AssayAts) ats = connect_to (bench->sandbox, FULL, NULL);
  g_autoptr (GHashTable) everybody = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autofree char *next = NULL;
  g_autofree char *late = NULL;
  g_autofree char *query = NULL;
  g_autoptr (GError) error = NULL;
  const AssaySyncResult *synced;
  gint64 lever = test_bench_add (bench, "lever", NULL, NULL, NULL);
  Mover mover = { .sandbox = bench->sandbox };
  guint requests;

  everybody = list_all (ats, FALSE, &requests);
  g_assert_cmpuint (requests, >, 3);
  do
    {
      g_autoptr (AssayPage) page = list (ats, FALSE, 0, next);

      for (guint i = 0; next != NULL && i < page->items->len; i++)
        {
          g_free (late);
          late = g_strdup (get_application (page, i)->remote_id);
        }
      g_free (next);
      next = g_strdup (page->next);
    }
  while (next != NULL);
  g_assert_nonnull (late);
  mover.late = late;

  test_bench_enable (bench, lever, &error);
  g_assert_no_error (error);
  TEST_CALL (result, assay_service_sync_async, bench->service, lever, FALSE, move_once_cb, &mover, NULL);
  results = assay_service_sync_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_true (mover.moved);
  synced = g_ptr_array_index (results, 0);
  g_assert_no_error (synced->error);
  g_assert_cmpint (synced->complete_up_to, >, 0);

  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM application"), ==,
                   g_hash_table_size (everybody));
  query = g_strdup_printf ("SELECT stage_name FROM application WHERE remote_id = '%s'", late);
  g_clear_pointer (&next, g_free);
  next = test_query_text (bench->service, query);
  g_assert_cmpstr (next, ==, "New lead");
  test_sandbox_assert_no_incidents (bench->sandbox);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/lever/decode/recorded-opportunity", test_recorded_opportunity);
  g_test_add_func ("/lever/decode/expanded-opportunity", test_expanded_opportunity);
  g_test_add_func ("/lever/decode/printed-opportunities", test_printed_opportunities);
  g_test_add_func ("/lever/decode/pages", test_pages);
  g_test_add_func ("/lever/decode/postings", test_postings);
  g_test_add_func ("/lever/decode/answer-of-a-write", test_answer_of_a_write);
  g_test_add_func ("/lever/decode/lenient", test_lenient);
  g_test_add_func ("/lever/decode/deleted", test_deleted);
  g_test_add_func ("/lever/decode/wrong-shapes", test_wrong_shapes);
  g_test_add_func ("/lever/base-url", test_base_url);
  g_test_add_func ("/lever/probe", test_probe);
  g_test_add_func ("/lever/probe-tells", test_probe_tells);
  g_test_add_func ("/lever/probe-of-an-empty-account", test_probe_of_an_empty_account);
  g_test_add_func ("/lever/probe-of-perform-as", test_probe_of_perform_as);
  g_test_add_func ("/lever/probe-html", test_probe_html);
  g_test_add_func ("/lever/paging", test_paging);
  g_test_add_func ("/lever/what-a-page-says", test_what_a_page_says);
  g_test_add_func ("/lever/changes-only", test_changes_only);
  g_test_add_func ("/lever/one-application", test_one_application);
  g_test_add_func ("/lever/forbidden", test_forbidden);
  g_test_add_func ("/lever/pace", test_pace);
  g_test_add_func ("/lever/sync-while-rows-move", test_sync_while_rows_move);

  return g_test_run ();
}
