/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyring: what goes in comes out and goes away, its absence is explained, and keys are nowhere else. */
#include "config.h"

#include "assay-secrets.h"

#include <string.h>

#include "test-support.h"

static gboolean
store (AssaySecrets *secrets,
       const char   *id,
       const char   *name,
       const char   *value,
       GError      **error)
{
  g_autoptr (GHashTable) table = assay_secrets_table_new ();
  g_autoptr (GAsyncResult) result = NULL;

  if (name != NULL)
    assay_secrets_table_set (table, name, value);
  test_begin_library_leak ();
  TEST_CALL (result, assay_secrets_store_async, secrets, id, "Assay: a test", table, NULL);
  test_end_library_leak ();
  return assay_secrets_store_finish (secrets, result, error);
}

static GHashTable *
look_up (AssaySecrets *secrets,
         const char   *id,
         GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_secrets_lookup_async, secrets, id, FALSE, NULL);
  return assay_secrets_lookup_finish (secrets, result, error);
}

static gboolean
clear (AssaySecrets *secrets,
       const char   *id,
       GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  test_begin_library_leak ();
  TEST_CALL (result, assay_secrets_clear_async, secrets, id, NULL);
  test_end_library_leak ();
  return assay_secrets_clear_finish (secrets, result, error);
}

/* @expected NULL: there is none of that name. */
static void
assert_secret (AssaySecrets *secrets,
               const char   *id,
               const char   *name,
               const char   *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) table = look_up (secrets, id, &error);

  g_assert_no_error (error);
  g_assert_nonnull (table);
  g_assert_cmpstr (g_hash_table_lookup (table, name), ==, expected);
}

static void
test_round_trip (void)
{
  g_autoptr (AssaySecrets) secrets = assay_secrets_new ();
  g_autofree char *long_key = g_strnfill (4000, 'k');
  const char *const values[] = { "sk-1234", "Schlüssel 鍵 \"'\\ %s", long_key };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      store (secrets, "one", "api-key", values[i], &error);
      g_assert_no_error (error);
      assert_secret (secrets, "one", "api-key", values[i]);
    }
  /* Another name and another connection are others. */
  store (secrets, "one", "webhook-secret", "w", &error);
  store (secrets, "two", "api-key", "other", &error);
  g_assert_no_error (error);
  assert_secret (secrets, "one", "api-key", long_key);
  assert_secret (secrets, "one", "webhook-secret", "w");
  assert_secret (secrets, "two", "api-key", "other");
  assert_secret (secrets, "two", "webhook-secret", NULL);
  assert_secret (secrets, "three", "api-key", NULL);
  /* Nothing to store is no error, and changes nothing. */
  store (secrets, "one", NULL, NULL, &error);
  g_assert_no_error (error);
  assert_secret (secrets, "one", "api-key", long_key);

  g_assert_true (clear (secrets, "one", &error));
  g_assert_no_error (error);
  assert_secret (secrets, "one", "api-key", NULL);
  assert_secret (secrets, "one", "webhook-secret", NULL);
  assert_secret (secrets, "two", "api-key", "other");
  g_assert_true (clear (secrets, "one", &error));
  g_assert_true (clear (secrets, "two", &error));
  g_assert_no_error (error);
  assert_secret (secrets, "two", "api-key", NULL);
}

/* As a machine without a keyring: no bus, no file. */
static void
test_missing (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (AssaySecrets) secrets = NULL;
      g_autoptr (AssayService) service = NULL;
      g_autoptr (GHashTable) table = assay_secrets_table_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autofree char *directory = test_make_directory ();
      GError *error = NULL;

      g_unsetenv ("SECRET_BACKEND");
      secrets = assay_secrets_new ();
      g_assert_false (store (secrets, "one", "api-key", "sk-1234", &error));
      g_assert_nonnull (strstr (error->message, "GNOME Keyring"));
      test_assert_error (error, ASSAY_ERROR_KEYRING_MISSING);
      g_assert_null (look_up (secrets, "one", &error));
      test_assert_error (error, ASSAY_ERROR_KEYRING_MISSING);
      g_assert_false (clear (secrets, "one", &error));
      test_assert_error (error, ASSAY_ERROR_KEYRING_MISSING);

      /* A connection isn't saved without its key, and nowhere else in plain text. */
      service = assay_service_new (directory, &error);
      g_assert_no_error (error);
      assay_secrets_table_set (table, "api-key", "canary-of-the-missing-keyring");
      {
        g_autoptr (GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);

        g_hash_table_insert (settings, (gpointer) "subdomain", (gpointer) "acme");
        TEST_CALL (result, assay_service_add_connection_async, service, "pinpoint", NULL, settings, table, NULL);
      }
      g_assert_cmpint (assay_service_add_connection_finish (service, result, &error), ==, 0);
      test_assert_error (error, ASSAY_ERROR_KEYRING_MISSING);
      g_assert_nonnull (assay_service_get_keyring_error (service));
      g_assert_cmpint (test_query_int64 (service, "SELECT count (*) FROM connection"), ==, 0);
      assay_service_stop (service);
      g_assert_false (test_directory_contains (directory, "canary-of-the-missing-keyring"));
      test_remove_directory (directory);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* The whole main job with a key that can be searched for, as loud as the program can be. */
static void
main_job (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=4", "--applications=40", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  id = test_bench_queue (bench, test_bench_get_candidate (bench, 0), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  test_bench_send (bench, id, &error);
  g_assert_no_error (error);
  TEST_CALL (result, assay_service_refresh_invitation_async, bench->service, id, NULL);
  g_assert_true (assay_service_refresh_invitation_finish (bench->service, result, &error));
  g_clear_object (&result);

  /* Trouble is told in sentences and evidence: in none of them either. */
  {
    static const char *const faults[] = { "html", "status:401", "status:422", "drop-after" };

    for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
      {
        test_sandbox_fault (bench->sandbox, "testtrick", "send_test", faults[i], 1);
        id = test_bench_queue (bench, test_bench_get_candidate (bench, i + 1), test_bench_get_assessment (bench, 0),
                               &error);
        g_assert_no_error (error);
        test_bench_send (bench, id, NULL);
        test_bench_enable (bench, bench->testtrick, NULL);
      }
    test_sandbox_fault (bench->sandbox, "pinpoint", "jobs.list", "status:401", 1);
    assay_sync_result_free (test_bench_sync (bench, bench->pinpoint, FALSE));
  }
  test_bench_close (bench);
  for (guint i = 0; i < 2; i++)
    {
      const char *key = test_sandbox_get_key (bench->sandbox, i == 0 ? "pinpoint" : "testtrick");
      g_autofree char *user = g_strconcat (key, ":", NULL);
      g_autofree char *basic = g_base64_encode ((const guchar *) user, strlen (user));

      g_assert_false (test_directory_contains (bench->directory, key));
      g_assert_false (test_directory_contains (bench->directory, basic));
    }
  /* That the search finds what is there. */
  g_assert_true (test_directory_contains (bench->directory, "Numerical Reasoning"));
}

static void
test_canary (void)
{
  static const char *const canaries[] = {
    "sandbox-pinpoint-full-access",
    "sandbox-testtrick-key",
    /* Basic authentication: of "sandbox-testtrick-key:" */
    "c2FuZGJveC10ZXN0dHJpY2sta2V5",
  };

  if (g_test_subprocess ())
    {
      main_job ();
      return;
    }
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  /* Not g_unsetenv(), which would say so. */
  unsetenv ("G_MESSAGES_DEBUG");
  g_test_trap_assert_passed ();
  /* It was loud, */
  g_test_trap_assert_stdout ("*send_test*");
  /* and silent about this. */
  for (guint i = 0; i < G_N_ELEMENTS (canaries); i++)
    {
      g_autofree char *pattern = g_strconcat ("*", canaries[i], "*", NULL);

      g_test_trap_assert_stdout_unmatched (pattern);
      g_test_trap_assert_stderr_unmatched (pattern);
    }
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/secrets/round-trip", test_round_trip);
  g_test_add_func ("/secrets/missing", test_missing);
  g_test_add_func ("/secrets/canary", test_canary);

  return g_test_run ();
}
