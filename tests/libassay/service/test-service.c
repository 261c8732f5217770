/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections from adding to removing, and what becomes of the queue meanwhile. */
#include "config.h"

#include <string.h>

#include "test-support.h"

static TestBench *
make_empty (void)
{
  return test_bench_new_empty ("--jobs=4", "--applications=40", NULL);
}

static AssayConnectionState
get_state (TestBench *bench,
           gint64     id)
{
  g_autoptr (AssayConnection) connection = test_bench_get_connection (bench, id);

  return connection->state;
}

static AssayProbe *
test_connection (TestBench *bench,
                 gint64     id,
                 GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_test_connection_async, bench->service, id, NULL, NULL, NULL);
  return assay_service_test_connection_finish (bench->service, result, error);
}

static gboolean
disable (TestBench *bench,
         gint64     id,
         GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_disable_connection_async, bench->service, id, NULL);
  return assay_service_disable_connection_finish (bench->service, result, error);
}

static gboolean
remove_connection (TestBench *bench,
                   gint64     id,
                   gboolean   erase,
                   GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  test_begin_library_leak ();
  TEST_CALL (result, assay_service_remove_connection_async, bench->service, id, erase, NULL);
  test_end_library_leak ();
  return assay_service_remove_connection_finish (bench->service, result, error);
}

static char *
read_keyring (void)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  g_file_get_contents (g_getenv ("SECRET_FILE_TEST_PATH"), &content, &length, NULL);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) (content != NULL ? content : ""), length);
}

static void
test_add (void)
{
  g_autoptr (TestBench) bench = make_empty ();
  g_autoptr (AssayConnection) pinpoint = NULL;
  static const char *const settings[] = { "subdomain=https://acme.pinpointhq.com/admin", NULL };
  gint64 id = test_bench_add (bench, "pinpoint", NULL, "  sandbox-pinpoint-full-access\n", settings);
  g_autoptr (AssayProbe) probe = NULL;
  g_autoptr (GError) error = NULL;

  pinpoint = test_bench_get_connection (bench, id);
  g_assert_cmpint (pinpoint->state, ==, ASSAY_CONNECTION_SAVED);
  g_assert_cmpint (pinpoint->role, ==, ASSAY_ROLE_ATS);
  g_assert_cmpstr (pinpoint->name, ==, "Pinpoint");
  g_assert_cmpstr (assay_connection_get_setting (pinpoint, "subdomain"), ==, "acme");
  g_assert_cmpstr (assay_connection_get_setting (pinpoint, "confidential"), ==, "yes");
  g_assert_null (assay_connection_get_setting (pinpoint, "api-key"));
  g_assert_cmpint (pinpoint->complete_up_to, ==, 0);
  /* Saved isn't enabled: nobody was asked anything. */
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "jobs.list"), ==, 0);

  /* The key was cleaned of what the clipboard brought along. */
  probe = test_connection (bench, id, &error);
  g_assert_no_error (error);
  g_assert_true (probe->ok);
  g_assert_cmpstr (probe->account, ==, "acme");
  /* A test doesn't enable. */
  g_assert_cmpint (get_state (bench, id), ==, ASSAY_CONNECTION_SAVED);
}

static void
test_add_refused (void)
{
  static const struct
  {
    const char *kind, *setting, *secret, *says;
  } cases[] = {
    { "workday", "base-url=https://a.example", "api-key", "workday" },
    { "pinpoint", "base-url=http://a.example", "api-key", "" },
    { "pinpoint", "confidential=yes", "api-key", "Subdomain" },
    { "pinpoint", "colour=red", "api-key", "" },
    { "pinpoint", "subdomain=acme", "password", "password" },
    { "testtrick", "subdomain=acme", "api-key", "" },
  };
  g_autoptr (TestBench) bench = make_empty ();
  g_autofree char *before = read_keyring ();
  g_autofree char *after = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_autoptr (GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr (GAsyncResult) result = NULL;
      const char *sign = strchr (cases[i].setting, '=');
      GError *error = NULL;

      g_hash_table_insert (settings, g_strndup (cases[i].setting, (gsize) (sign - cases[i].setting)),
                           (gpointer) (sign + 1));
      g_hash_table_insert (secrets, (gpointer) cases[i].secret, (gpointer) "canary-that-was-refused");
      TEST_CALL (result, assay_service_add_connection_async, bench->service, cases[i].kind, NULL, settings, secrets, NULL);
      g_assert_cmpint (assay_service_add_connection_finish (bench->service, result, &error), ==, 0);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      test_assert_error (error, ASSAY_ERROR_INVALID);
    }
  /* Nothing is left behind. */
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM connection"), ==, 0);
  after = read_keyring ();
  g_assert_cmpstr (before, ==, after);
  g_assert_false (test_directory_contains (bench->directory, "canary-that-was-refused"));
}

static void
test_enable (void)
{
  g_autoptr (TestBench) bench = make_empty ();
  gint64 id = test_bench_add (bench, "testtrick", NULL, NULL, NULL);
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (test_bench_enable (bench, id, &error));
  g_assert_no_error (error);
  connection = test_bench_get_connection (bench, id);
  g_assert_cmpint (connection->state, ==, ASSAY_CONNECTION_ENABLED);
  g_assert_cmpint (connection->last_contact_at, >, 0);
  g_assert_null (connection->reason);
  /* Its assessments are there at once. */
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM assessment WHERE active"), ==, 12);
}

/* Enabling refuses, says why, and changes nothing. */
static void
test_wrong_key (void)
{
  static const struct
  {
    const char *kind, *key;
    int code;
  } cases[] = {
    { "pinpoint", "wrong", ASSAY_ERROR_UNAUTHORIZED },
    { "pinpoint", "sandbox-pinpoint-no-jobs", ASSAY_ERROR_FORBIDDEN },
    { "pinpoint", "sandbox-pinpoint-disabled", ASSAY_ERROR_FORBIDDEN },
    { "testtrick", "wrong", ASSAY_ERROR_UNAUTHORIZED },
    { "partner", "wrong", ASSAY_ERROR_UNAUTHORIZED },
    { "testtrick", " \n", ASSAY_ERROR_UNAUTHORIZED },
  };
  g_autoptr (TestBench) bench = make_empty ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 id = test_bench_add (bench, cases[i].kind, NULL, cases[i].key, NULL);
      g_autoptr (AssayConnection) connection = NULL;
      GError *error = NULL;

      g_test_message ("%s with %s", cases[i].kind, cases[i].key);
      g_assert_false (test_bench_enable (bench, id, &error));
      test_assert_error (error, cases[i].code);
      test_wait_int64 (bench->service, "SELECT reason IS NULL FROM connection ORDER BY id DESC", 0);
      connection = test_bench_get_connection (bench, id);
      g_assert_cmpint (connection->state, ==, ASSAY_CONNECTION_SAVED);
      test_assert_sentence (connection->reason);
      test_assert_sentence (connection->remedy);

      /* With the right one it is mended, and the reason gone. */
      test_bench_set (bench, id, test_sandbox_get_key (bench->sandbox, i < 3 ? "pinpoint" : "testtrick"), NULL, &error);
      g_assert_no_error (error);
      g_assert_true (test_bench_enable (bench, id, &error));
      g_assert_no_error (error);
      assay_connection_free (connection);
      connection = test_bench_get_connection (bench, id);
      g_assert_cmpint (connection->state, ==, ASSAY_CONNECTION_ENABLED);
      g_assert_null (connection->reason);
      g_assert_null (connection->remedy);
    }
}

static void
test_set (void)
{
  static const char *const no[] = { "confidential=no", NULL };
  static const char *const wrong[] = { "confidential=perhaps", NULL };
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  g_autoptr (AssayConnection) before = test_bench_get_connection (bench, bench->pinpoint);
  g_autoptr (AssayConnection) after = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  g_assert_false (test_bench_set (bench, bench->pinpoint, NULL, wrong, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_true (test_bench_set (bench, bench->pinpoint, NULL, no, &error));
  g_assert_no_error (error);
  TEST_CALL (result, assay_service_set_connection_async, bench->service, bench->pinpoint, "  Acme  ", NULL, NULL, NULL);
  g_assert_true (assay_service_set_connection_finish (bench->service, result, &error));
  g_assert_no_error (error);

  after = test_bench_get_connection (bench, bench->pinpoint);
  g_assert_cmpstr (after->name, ==, "Acme");
  g_assert_cmpstr (assay_connection_get_setting (after, "confidential"), ==, "no");
  /* Those not named stay, as do identity and data. */
  g_assert_cmpstr (assay_connection_get_setting (after, "base-url"), ==,
                   assay_connection_get_setting (before, "base-url"));
  g_assert_cmpstr (after->secret_id, ==, before->secret_id);
  g_assert_cmpint (after->complete_up_to, ==, before->complete_up_to);
  g_assert_cmpint (after->state, ==, ASSAY_CONNECTION_ENABLED);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application"), ==, 40);
  g_assert_false (test_bench_set (bench, 4711, NULL, no, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
}

/* What other settings show isn't a change at the vendor; it comes all the same. */
static void
test_set_shows_more (void)
{
  static const char *const no[] = { "confidential=no", NULL };
  static const char *const yes[] = { "confidential=yes", NULL };
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=40", "--applications=200", NULL);
  gint64 id = test_bench_add (bench, "pinpoint", NULL, NULL, no);
  g_autoptr (AssaySyncResult) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  test_bench_enable (bench, id, &error);
  g_assert_no_error (error);
  first = test_bench_sync (bench, id, FALSE);
  g_assert_no_error (first->error);
  g_assert_cmpuint (first->applications, <, 200);
  test_bench_set (bench, id, NULL, yes, &error);
  g_assert_no_error (error);
  second = test_bench_sync (bench, id, FALSE);
  g_assert_no_error (second->error);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application"), ==, 200);
}

/* A new key revives what failed, and the queue goes on by itself. */
static void
test_new_key (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autofree char *email = test_bench_dup_email (bench, application);
  g_autoptr (GError) error = NULL;
  GError *refused = NULL;

  test_bench_set (bench, bench->testtrick, "revoked", NULL, &error);
  g_assert_no_error (error);
  assay_service_start (bench->service);
  test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  test_wait_text (bench->service, "SELECT state FROM connection WHERE role = 'provider'", "failing");
  test_wait_text (bench->service, "SELECT state || attempts FROM outbox", "queued1");
  /* However long it would have waited for its next attempt. */
  test_execute (bench->service, "UPDATE outbox SET due_at = 9000000000000000");

  /* Nobody else is queued for it meanwhile. */
  g_assert_cmpint (
    test_bench_queue (bench, test_bench_get_candidate (bench, 1), test_bench_get_assessment (bench, 0), &refused), ==, 0);
  test_assert_error (refused, ASSAY_ERROR_UNAUTHORIZED);

  test_bench_set (bench, bench->testtrick, test_sandbox_get_key (bench->sandbox, "testtrick"), NULL, &error);
  g_assert_no_error (error);
  test_wait_text (bench->service, "SELECT state FROM outbox", "done");
  g_assert_cmpint (get_state (bench, bench->testtrick), ==, ASSAY_CONNECTION_ENABLED);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, 1);
}

/* Disabled: no sync, no invitations, all data. What is queued waits. */
static void
test_disable (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  gint64 assessment = test_bench_get_assessment (bench, 0);
  g_autoptr (AssaySyncResult) synced = NULL;
  GError *error = NULL;
  gint64 queued;

  queued = test_bench_queue (bench, test_bench_get_candidate (bench, 0), assessment, &error);
  g_assert_no_error (error);
  g_assert_true (disable (bench, bench->testtrick, &error));
  g_assert_true (disable (bench, bench->pinpoint, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_state (bench, bench->testtrick), ==, ASSAY_CONNECTION_DISABLED);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application"), ==, 40);

  synced = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_error (synced->error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  g_assert_cmpint (test_bench_queue (bench, test_bench_get_candidate (bench, 1), assessment, &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_false (test_bench_send (bench, queued, &error));
  g_assert_nonnull (strstr (error->message, "not enabled"));
  test_assert_error (error, ASSAY_ERROR_UNAVAILABLE);
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "testtrick", "send_test"), ==, 0);

  g_assert_true (test_bench_enable (bench, bench->testtrick, &error));
  g_assert_true (test_bench_send (bench, queued, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);
}

/* Removing takes the secrets; with erasing, every trace of the people. */
static void
test_remove (gconstpointer data)
{
  gboolean erase = GPOINTER_TO_INT (data);
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  g_autofree char *arrived = test_sandbox_arrive (
    bench->sandbox, "\"first_name\":\"Xylophilia\",\"last_name\":\"Quizzenbury\",\"email\":\"xq@unmistakable.example\"");
  g_autoptr (AssaySyncResult) synced = test_bench_sync (bench, bench->pinpoint, FALSE);
  gint64 application =
    test_query_int64 (bench->service, "SELECT id FROM application WHERE first_name = 'Xylophilia'");
  gint64 id;
  GError *error = NULL;

  g_assert_nonnull (arrived);
  id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  g_assert_true (test_bench_send (bench, id, &error));
  g_assert_no_error (error);

  g_assert_true (remove_connection (bench, bench->pinpoint, erase, &error));
  g_assert_true (remove_connection (bench, bench->testtrick, erase, &error));
  g_assert_no_error (error);
  g_assert_false (remove_connection (bench, bench->pinpoint, erase, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);

  /* Gone for every purpose. */
  g_assert_false (test_bench_enable (bench, bench->pinpoint, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application"), ==, erase ? 0 : 41);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM invitation"), ==, erase ? 0 : 1);
  test_bench_close (bench);
  g_assert_cmpint (test_directory_contains (bench->directory, "Xylophilia"), ==, !erase);
  g_assert_cmpint (test_directory_contains (bench->directory, "unmistakable"), ==, !erase);
}

/* The secrets are really gone: a connection that was only marked as removed finds none when it is brought back. */
static void
test_remove_takes_the_secrets (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  GError *error = NULL;

  g_assert_true (remove_connection (bench, bench->testtrick, FALSE, &error));
  g_assert_no_error (error);
  test_execute (bench->service, "UPDATE connection SET removed = 0");
  g_assert_null (test_connection (bench, bench->testtrick, &error));
  g_assert_nonnull (strstr (error->message, "keyring has no"));
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
}

/* The account connected anew knows whom it has invited. */
static void
test_connected_anew (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  gint64 application = test_bench_get_candidate (bench, 0);
  GError *error = NULL;
  gint64 id;

  id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  g_assert_true (test_bench_send (bench, id, &error));
  g_assert_no_error (error);
  g_assert_true (remove_connection (bench, bench->testtrick, TRUE, &error));
  g_assert_no_error (error);

  bench->testtrick = test_bench_add (bench, "testtrick", NULL, NULL, NULL);
  g_assert_true (test_bench_enable (bench, bench->testtrick, &error));
  g_assert_no_error (error);
  g_assert_cmpint (test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "testtrick", "send_test"), ==, 1);
}

/* Checking says what inviting would say, and changes nothing. */
static void
test_check (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  AssayInvitationDraft draft = {
    .application_id = test_bench_get_candidate (bench, 0),
    .assessment_id = test_bench_get_assessment (bench, 0),
  };
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gint64 id;

  TEST_CALL (result, assay_service_check_invitation_async, bench->service, &draft, NULL);
  g_assert_true (assay_service_check_invitation_finish (bench->service, result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM outbox"), ==, 0);

  id = test_bench_queue (bench, draft.application_id, draft.assessment_id, &error);
  g_assert_no_error (error);
  TEST_CALL (result, assay_service_check_invitation_async, bench->service, &draft, NULL);
  g_assert_false (assay_service_check_invitation_finish (bench->service, result, &error));
  g_assert_cmpint (assay_service_get_duplicate (error), ==, id);
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
}

/* Whether anybody can be reached is told, and takes care of itself. */
static void
test_offline (void)
{
  static const char *const nowhere[] = { "base-url=http://127.0.0.1:9/api/v1", NULL };
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  g_autofree char *there = g_strconcat ("base-url=", test_sandbox_get_base_url (bench->sandbox, "pinpoint"), NULL);
  const char *const back[] = { there, NULL };
  g_autoptr (AssaySyncResult) lost = NULL, found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (assay_service_get_offline (bench->service));
  test_bench_set (bench, bench->pinpoint, NULL, nowhere, &error);
  g_assert_no_error (error);
  lost = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_error (lost->error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE);
  test_assert_sentence (lost->error->message);
  g_assert_true (assay_service_get_offline (bench->service));
  g_assert_cmpint (get_state (bench, bench->pinpoint), ==, ASSAY_CONNECTION_ENABLED);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application"), ==, 40);

  test_bench_set (bench, bench->pinpoint, NULL, back, &error);
  found = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_no_error (found->error);
  g_assert_false (assay_service_get_offline (bench->service));
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/service/add", test_add);
  g_test_add_func ("/service/add-refused", test_add_refused);
  g_test_add_func ("/service/enable", test_enable);
  g_test_add_func ("/service/wrong-key", test_wrong_key);
  g_test_add_func ("/service/set", test_set);
  g_test_add_func ("/service/set-shows-more", test_set_shows_more);
  g_test_add_func ("/service/new-key", test_new_key);
  g_test_add_func ("/service/disable", test_disable);
  g_test_add_data_func ("/service/remove", GINT_TO_POINTER (FALSE), test_remove);
  g_test_add_data_func ("/service/remove-and-erase", GINT_TO_POINTER (TRUE), test_remove);
  g_test_add_func ("/service/remove-takes-the-secrets", test_remove_takes_the_secrets);
  g_test_add_func ("/service/connected-anew", test_connected_anew);
  g_test_add_func ("/service/check", test_check);
  g_test_add_func ("/service/offline", test_offline);

  return g_test_run ();
}
