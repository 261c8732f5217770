/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections and set-ups as files: what goes out, what comes back, and what nobody trusts; and drafts in the store. */
#include "config.h"

#include <string.h>

#include "assay-portable.h"
#include "assay-secrets.h"
#include "assay-service-drafts.h"
#include "assay-service-portable.h"
#include "assay-webhook-choice.h"
#include "test-support.h"

static AssayConnection *
make_connection (gint64      id,
                 const char *kind,
                 const char *name,
                 const char *setting,
                 const char *value)
{
  AssayConnection *connection = assay_connection_new ();

  connection->id = id;
  connection->kind = g_strdup (kind);
  connection->name = g_strdup (name);
  connection->account = g_strdup ("the account");
  connection->secret_id = g_strdup ("the secret's id");
  g_hash_table_insert (connection->settings, g_strdup (setting), g_strdup (value));
  return connection;
}

static GPtrArray *
make_list (void)
{
  GPtrArray *connections = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_connection_free);

  g_ptr_array_add (connections, make_connection (1, "pinpoint", "ACME", "subdomain", "acme"));
  g_ptr_array_add (connections,
                   make_connection (2, "testtrick", "TestTrick", "base-url", "https://api.example.com/partner"));
  return connections;
}

static const AssayImport *
get (GPtrArray *imports,
     guint      index)
{
  g_assert_cmpuint (index, <, imports->len);
  return g_ptr_array_index (imports, index);
}

static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) connections = make_list ();
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (GPtrArray) same = NULL;
  g_autoptr (GPtrArray) added = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = assay_portable_export (connections);
  const AssayImportDifference *difference;

  g_assert_null (strstr (text, "secret"));
  g_assert_null (strstr (text, "the account"));

  same = assay_portable_compare (text, strlen (text), connections, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (same->len, ==, 2);
  g_assert_cmpint (get (same, 0)->action, ==, ASSAY_IMPORT_SAME);
  g_assert_cmpint (get (same, 1)->action, ==, ASSAY_IMPORT_SAME);

  added = assay_portable_compare (text, strlen (text), nothing, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get (added, 0)->action, ==, ASSAY_IMPORT_ADD);
  g_assert_cmpint (get (added, 0)->connection_id, ==, 0);
  g_assert_cmpstr (g_hash_table_lookup (get (added, 0)->settings, "subdomain"), ==, "acme");

  g_hash_table_replace (((AssayConnection *) g_ptr_array_index (connections, 0))->settings, g_strdup ("subdomain"),
                        g_strdup ("other"));
  changed = assay_portable_compare (text, strlen (text), connections, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get (changed, 0)->action, ==, ASSAY_IMPORT_CHANGE);
  g_assert_cmpint (get (changed, 0)->connection_id, ==, 1);
  g_assert_cmpuint (get (changed, 0)->differences->len, ==, 1);
  difference = g_ptr_array_index (get (changed, 0)->differences, 0);
  g_assert_cmpstr (difference->name, ==, "subdomain");
  g_assert_cmpstr (difference->before, ==, "other");
  g_assert_cmpstr (difference->after, ==, "acme");
}

static void
test_what_nobody_trusts (void)
{
  static const char *const texts[] = {
    "",
    "[]",
    "{}",
    "not JSON",
    "{\"format\":\"assay-setup-request\",\"version\":1}",
    "{\"format\":\"assay-connections\",\"version\":2,\"connections\":[]}",
    "{\"format\":\"assay-connections\",\"version\":1,\"connections\":[1]}",
    "{\"format\":\"assay-connections\",\"version\":1,\"connections\":[{\"kind\":\"nobody\",\"name\":\"x\"}]}",
    "{\"format\":\"assay-connections\",\"version\":1,\"connections\":[{\"kind\":\"pinpoint\",\"name\":\"x\","
    "\"settings\":{\"subdomain\":\"no subdomain\"}}]}",
    "{\"format\":\"assay-connections\",\"version\":1,\"connections\":[{\"kind\":\"pinpoint\",\"name\":\"x\","
    "\"settings\":{\"subdomain\":\"acme\",\"base-url\":\"http://keys.example/\"}}]}",
  };
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autofree char *huge = g_strnfill (ASSAY_PORTABLE_MAX_SIZE + 1, ' ');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GError *error = NULL;

      g_assert_null (assay_portable_compare (texts[i], strlen (texts[i]), nothing, &error));
      test_assert_error (error, ASSAY_ERROR_INVALID);
      if (strstr (texts[i], "setup-request") == NULL)
        {
          g_assert_null (assay_setup_request_parse (texts[i], strlen (texts[i]), &error));
          test_assert_error (error, ASSAY_ERROR_INVALID);
        }
    }
  g_assert_null (assay_portable_compare (huge, ASSAY_PORTABLE_MAX_SIZE + 1, nothing, NULL));
}

static void
test_request (void)
{
  g_autoptr (AssayDraft) draft = assay_draft_new ();
  g_autoptr (AssayDraft) read = NULL;
  g_autoptr (AssayDraft) hostile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  const char *with_key = "{\"format\":\"assay-setup-request\",\"version\":1,\"kind\":\"pinpoint\",\"step\":\"summary\","
                         "\"name\":\"a/b\",\"connection_id\":7,"
                         "\"settings\":{\"subdomain\":\"acme\",\"api-key\":\"a key\",\"region\":7}}";

  draft->kind = g_strdup ("pinpoint");
  draft->name = g_strdup ("ACME");
  draft->step = g_strdup ("credentials");
  draft->connection_id = 3;
  g_hash_table_insert (draft->settings, g_strdup ("subdomain"), g_strdup ("acme"));
  text = assay_setup_request_write (draft);
  read = assay_setup_request_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->kind, ==, "pinpoint");
  g_assert_cmpstr (read->name, ==, "ACME");
  g_assert_cmpstr (read->step, ==, "credentials");
  g_assert_cmpint (read->connection_id, ==, 0);
  g_assert_cmpstr (g_hash_table_lookup (read->settings, "subdomain"), ==, "acme");

  hostile = assay_setup_request_parse (with_key, strlen (with_key), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (hostile->step, ==, "credentials");
  g_assert_cmpint (hostile->connection_id, ==, 0);
  g_assert_cmpuint (g_hash_table_size (hostile->settings), ==, 1);
  name = assay_setup_request_dup_file_name (hostile);
  g_assert_cmpstr (name, ==, "a-b.assay-setup");
}

static void
test_import (void)
{
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=2", "--applications=5", NULL);
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_autoptr (GPtrArray) connections = make_list ();
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = assay_portable_export (connections);
  g_autofree char *names = NULL;

  imports = assay_portable_compare (text, strlen (text), nothing, &error);
  g_assert_no_error (error);
  test_begin_library_leak ();
  TEST_CALL (result, assay_service_import_async, bench->service, imports, NULL);
  test_end_library_leak ();
  g_assert_cmpint (assay_service_import_finish (bench->service, result, &error), ==, 2);
  g_assert_no_error (error);
  names = test_query_text (bench->service, "SELECT group_concat (name || ' ' || state, ', ')"
                                           " FROM (SELECT * FROM connection ORDER BY id)");
  g_assert_cmpstr (names, ==, "ACME saved, TestTrick saved");
  g_clear_object (&result);
}

static gpointer
write_draft (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  assay_drafts_save (database, data, error);
  return NULL;
}

static gpointer
list_drafts (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  return assay_drafts_list (database, error);
}

/* A draft is one row however often it is kept, and ends with its connection's first enabling. */
static void
test_drafts (void)
{
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=2", "--applications=5", NULL);
  AssayStore *store = assay_service_get_store (bench->service);
  g_autoptr (AssayDraft) draft = assay_draft_new ();
  g_autoptr (GPtrArray) drafts = NULL;
  g_autoptr (GError) error = NULL;
  const AssayDraft *read;

  draft->kind = g_strdup ("pinpoint");
  draft->step = g_strdup ("prepare");
  g_hash_table_insert (draft->settings, g_strdup ("subdomain"), g_strdup ("half a"));
  assay_store_write (store, write_draft, draft, &error);
  g_assert_no_error (error);
  draft->connection_id =
    test_bench_add (bench, "pinpoint", test_sandbox_get_base_url (bench->sandbox, "pinpoint"), NULL, NULL);
  g_free (draft->step);
  draft->step = g_strdup ("check");
  assay_store_write (store, write_draft, draft, &error);
  g_assert_no_error (error);

  drafts = assay_store_read (store, list_drafts, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (drafts->len, ==, 1);
  read = g_ptr_array_index (drafts, 0);
  g_assert_cmpint (read->id, ==, draft->id);
  g_assert_cmpstr (read->step, ==, "check");
  g_assert_cmpint (read->connection_id, ==, draft->connection_id);
  g_assert_cmpstr (g_hash_table_lookup (read->settings, "subdomain"), ==, "half a");

  test_bench_enable (bench, draft->connection_id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM draft"), ==, 0);
}

static gpointer
choose (AssayDatabase  *database,
        gpointer        data,
        GError        **error)
{
  assay_webhook_choice_set (database, 1, data, error);
  return NULL;
}

static gpointer
read_choice (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  return assay_webhook_choice_get (database, 1, error);
}

/* (transfer full): the events of the first connection's webhook, a line each */
static char *
dup_choice (TestBench  *bench,
            const char *const *events)
{
  AssayStore *store = assay_service_get_store (bench->service);
  g_auto (GStrv) read = NULL;
  g_autoptr (GError) error = NULL;

  assay_store_write (store, choose, (gpointer) events, &error);
  g_assert_no_error (error);
  read = assay_store_read (store, read_choice, NULL, &error);
  g_assert_no_error (error);
  return g_strjoinv ("\n", read);
}

/* The events that a webhook is to report stay chosen until others are, or the connection is erased. */
static void
test_webhook_choice (void)
{
  static const char *const none[] = { NULL };
  static const char *const one[] = { "New application", NULL };
  static const char *const two[] = { "candidateStageChange", "applicationCreated", NULL };
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=2", "--applications=5", NULL);
  g_autofree char *without = dup_choice (bench, one);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *last = NULL;

  /* Without a connection there is nothing to choose for. */
  g_assert_cmpstr (without, ==, "");
  g_assert_cmpint (test_bench_add (bench, "pinpoint", test_sandbox_get_base_url (bench->sandbox, "pinpoint"), NULL, NULL),
                   ==, 1);
  first = dup_choice (bench, one);
  g_assert_cmpstr (first, ==, "New application");
  second = dup_choice (bench, two);
  g_assert_cmpstr (second, ==, "candidateStageChange\napplicationCreated");
  last = dup_choice (bench, none);
  g_assert_cmpstr (last, ==, "");
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM connection_webhook"), ==, 0);
}

static AssayDraft *
make_draft (gint64 id)
{
  AssayDraft *draft = assay_draft_new ();

  draft->id = id;
  draft->kind = g_strdup ("testtrick");
  draft->step = g_strdup ("credentials");
  return draft;
}

static void
keep_with_key (TestBench  *bench,
               gint64      id,
               const char *key)
{
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  assay_secrets_table_set (secrets, "api-key", key);
  test_begin_library_leak ();
  TEST_CALL (result, assay_service_keep_draft_async, bench->service, make_draft (id), secrets);
  test_end_library_leak ();
  g_assert_true (assay_service_keep_draft_finish (bench->service, result, &error));
  g_assert_no_error (error);
}

/* (transfer full) (nullable): the key that the keyring itself has of a draft */
static char *
find_key (gint64 id)
{
  g_autoptr (AssaySecrets) keyring = assay_secrets_new ();
  g_autofree char *secret_id = g_strdup_printf ("draft-%" G_GINT64_FORMAT, id);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GHashTable) secrets = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_secrets_lookup_async, keyring, secret_id, FALSE, NULL);
  secrets = assay_secrets_lookup_finish (keyring, result, &error);
  g_assert_no_error (error);
  return g_strdup (g_hash_table_lookup (secrets, "api-key"));
}

/* What was typed as a secret before the rest waits in the keyring, until the draft is finished, discarded or a month old. */
static void
test_draft_secrets (void)
{
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=2", "--applications=5", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GHashTable) secrets = NULL;
  g_autoptr (GHashTable) nothing = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *used = NULL;
  g_autofree char *discarded = NULL;
  g_autofree char *old = NULL;
  g_autofree char *young = NULL;

  keep_with_key (bench, 11, "a canary in a draft");
  kept = find_key (11);
  g_assert_cmpstr (kept, ==, "a canary in a draft");
  g_assert_false (test_directory_contains (bench->directory, "a canary in a draft"));

  TEST_CALL (result, assay_service_look_up_draft_async, bench->service, 11, FALSE, NULL);
  secrets = assay_service_look_up_draft_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_hash_table_lookup (secrets, "api-key"), ==, "a canary in a draft");
  TEST_CALL (result, assay_service_look_up_draft_async, bench->service, 12, FALSE, NULL);
  nothing = assay_service_look_up_draft_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (nothing), ==, 0);

  /* Used: the draft stays. */
  test_begin_library_leak ();
  assay_service_forget_draft_secrets (bench->service, 11);
  test_wait_int64 (bench->service, "SELECT count(*) FROM draft_secret", 0);
  test_end_library_leak ();
  used = find_key (11);
  g_assert_null (used);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM draft"), ==, 1);

  keep_with_key (bench, 11, "another");
  test_begin_library_leak ();
  assay_service_discard_draft (bench->service, 11);
  test_wait_int64 (bench->service, "SELECT count(*) FROM draft_secret", 0);
  test_end_library_leak ();
  discarded = find_key (11);
  g_assert_null (discarded);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM draft"), ==, 0);

  /* Thirty days and a moment; and what is younger stays. */
  keep_with_key (bench, 12, "an old one");
  test_execute (bench->service, "UPDATE draft_secret SET kept_at = kept_at - 30 * 86400000");
  keep_with_key (bench, 13, "a young one");
  test_begin_library_leak ();
  assay_service_discard_draft (bench->service, 14);
  test_wait_int64 (bench->service, "SELECT count(*) FROM draft_secret", 1);
  test_end_library_leak ();
  old = find_key (12);
  young = find_key (13);
  g_assert_null (old);
  g_assert_cmpstr (young, ==, "a young one");
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM draft"), ==, 2);
}

static void
test_doubts (void)
{
  static const struct
  {
    const char *kind;
    const char *value;
    const char *says;   /* (nullable) */
  } cases[] = {
    { "pinpoint", "sandbox-lever-full-access", "Lever" },
    { "pinpoint", "sandbox-pinpoint-full-access", NULL },
    { "partner", "sandbox-testtrick-key", NULL },
    { "lever", "ghp_abcdefghijklmnop", "GitHub" },
    { "testtrick", "https://app.testtrick.com/settings", "address" },
    { "testtrick", "somebody@example.com", "e-mail" },
    { "assessfirst", "Bearerabcdefghijklmnop", "Bearer" },
    { "assessfirst", "Bearer", NULL },
    { "coderbyte", "abc+/=@.", NULL },
    { "coderbyte", "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const AssayConnectorDescription *description = assay_connector_find (cases[i].kind);
      g_autofree char *doubt = assay_connector_doubt_secret (description, &description->secrets[0], cases[i].value);

      if (cases[i].says == NULL)
        {
          g_assert_null (doubt);
          continue;
        }
      test_assert_sentence (doubt);
      g_assert_nonnull (strstr (doubt, cases[i].says));
      g_assert_null (strstr (doubt, cases[i].value));
    }
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/portable/round-trip", test_round_trip);
  g_test_add_func ("/portable/what-nobody-trusts", test_what_nobody_trusts);
  g_test_add_func ("/portable/request", test_request);
  g_test_add_func ("/portable/import", test_import);
  g_test_add_func ("/portable/drafts", test_drafts);
  g_test_add_func ("/portable/draft-secrets", test_draft_secrets);
  g_test_add_func ("/portable/webhook-choice", test_webhook_choice);
  g_test_add_func ("/portable/doubts", test_doubts);
  return g_test_run ();
}
