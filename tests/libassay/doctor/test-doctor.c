/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection doctor: what it makes of what it sees, and that it looks, remembers, and logs. */
#include "config.h"

#include <string.h>

#include "assay-doctor.h"
#include "assay-service-doctor.h"
#include "assay-service-private.h"
#include "test-support.h"

#define MINUTE G_GINT64_CONSTANT (60000)
#define DAY (24 * 60 * MINUTE)

static AssaySeverity
get_severity (GPtrArray  *findings,
              const char *code)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);

      if (g_str_equal (finding->code, code))
        return finding->severity;
    }
  g_error ("Nothing was found of “%s”", code);
}

static gboolean
has (GPtrArray  *findings,
     const char *code)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_str_equal (((const AssayFinding *) g_ptr_array_index (findings, i))->code, code))
      return TRUE;
  return FALSE;
}

static void
test_clock (void)
{
  static const struct
  {
    gboolean known;
    gint64 skew;
    AssaySeverity severity;
  } cases[] = {
    { FALSE, 0, ASSAY_SEVERITY_UNKNOWN },
    { TRUE, 0, ASSAY_SEVERITY_GOOD },
    { TRUE, 2 * MINUTE - 1, ASSAY_SEVERITY_GOOD },
    { TRUE, 2 * MINUTE, ASSAY_SEVERITY_WARNING },
    { TRUE, -2 * MINUTE, ASSAY_SEVERITY_WARNING },
    { TRUE, 3650 * DAY, ASSAY_SEVERITY_WARNING },
    { TRUE, -3650 * DAY, ASSAY_SEVERITY_WARNING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) findings = assay_findings_new ();

      assay_doctor_judge_clock (findings, cases[i].known, cases[i].skew);
      g_assert_cmpint (get_severity (findings, "clock"), ==, cases[i].severity);
    }
}

static void
test_disk (void)
{
  static const struct
  {
    guint64 bytes;
    AssaySeverity severity;
  } cases[] = {
    { 0, ASSAY_SEVERITY_BAD },
    { G_GUINT64_CONSTANT (20) << 20, ASSAY_SEVERITY_WARNING },
    { (G_GUINT64_CONSTANT (200) << 20) - 1, ASSAY_SEVERITY_WARNING },
    { G_GUINT64_CONSTANT (200) << 20, ASSAY_SEVERITY_GOOD },
    { G_MAXUINT64, ASSAY_SEVERITY_GOOD },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) findings = assay_findings_new ();

      assay_doctor_judge_disk (findings, cases[i].bytes, "/somewhere");
      g_assert_cmpint (get_severity (findings, "disk"), ==, cases[i].severity);
    }
}

/* {"alg":"HS256"}, then {"exp":@seconds}. */
static char *
make_token (gint64 seconds)
{
  g_autofree char *claims = g_strdup_printf ("{\"exp\":%" G_GINT64_FORMAT "}", seconds);
  g_autofree char *encoded = g_base64_encode ((const guchar *) claims, strlen (claims));

  g_strdelimit (encoded, "=", '\0');
  return g_strconcat ("eyJhbGciOiJIUzI1NiJ9.", encoded, ".c2lnbmF0dXJl", NULL);
}

static void
test_expiry (void)
{
  const AssaySecretDescription *secret = &assay_connector_find ("assessfirst")->secrets[0];
  const gint64 now = G_GINT64_CONSTANT (1800000000000);
  static const char *const without[] = { "", "abc", "a.b.c", "eyJ.eyJ.eyJ", "eyJh.e30.x", "eyJh..", "eyJh.!!!.x" };
  static const struct
  {
    gint64 ahead;
    AssaySeverity severity;
  } cases[] = {
    { -1000, ASSAY_SEVERITY_BAD },
    { 0, ASSAY_SEVERITY_BAD },
    { 14 * DAY - 1000, ASSAY_SEVERITY_WARNING },
    { 14 * DAY, ASSAY_SEVERITY_GOOD },
  };

  for (guint i = 0; i < G_N_ELEMENTS (without); i++)
    {
      g_autoptr (GPtrArray) findings = assay_findings_new ();

      g_assert_cmpint (assay_connector_get_secret_expiry (without[i]), ==, 0);
      assay_doctor_judge_expiry (findings, secret, 0, now);
      g_assert_cmpuint (findings->len, ==, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) findings = assay_findings_new ();
      g_autofree char *token = make_token ((now + cases[i].ahead) / 1000);

      g_assert_cmpint (assay_connector_get_secret_expiry (token), ==, now + cases[i].ahead);
      assay_doctor_judge_expiry (findings, secret, assay_connector_get_secret_expiry (token), now);
      g_assert_cmpint (get_severity (findings, "expiry"), ==, cases[i].severity);
    }
}

static AssayConnection *
make_coderbyte (gint64                id,
                const char           *mode,
                AssayConnectionState  state)
{
  AssayConnection *connection = assay_connection_new ();

  connection->id = id;
  connection->kind = g_strdup ("coderbyte");
  connection->name = g_strdup (mode);
  connection->state = state;
  g_hash_table_insert (connection->settings, g_strdup ("mode"), g_strdup (mode));
  return connection;
}

static void
test_twice (void)
{
  const AssayConnectorDescription *description = assay_connector_find ("coderbyte");
  static const struct
  {
    const char *other;
    AssayConnectionState state;
    AssaySeverity severity;
  } cases[] = {
    { "plugin", ASSAY_CONNECTION_ENABLED, ASSAY_SEVERITY_WARNING },
    { "plugin", ASSAY_CONNECTION_FAILING, ASSAY_SEVERITY_WARNING },
    { "plugin", ASSAY_CONNECTION_DISABLED, ASSAY_SEVERITY_GOOD },
    { "plugin", ASSAY_CONNECTION_SAVED, ASSAY_SEVERITY_GOOD },
    { "automations", ASSAY_CONNECTION_ENABLED, ASSAY_SEVERITY_GOOD },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) findings = assay_findings_new ();
      g_autoptr (GPtrArray) connections =
        g_ptr_array_new_with_free_func ((GDestroyNotify) assay_connection_free);

      g_ptr_array_add (connections, make_coderbyte (1, "automations", ASSAY_CONNECTION_ENABLED));
      g_ptr_array_add (connections, make_coderbyte (2, cases[i].other, cases[i].state));
      assay_doctor_judge_twice (findings, description, g_ptr_array_index (connections, 0), connections);
      g_assert_cmpint (get_severity (findings, "twice"), ==, cases[i].severity);
    }
}

static AssayDiagnosis *
diagnose (TestBench *bench,
          gint64     id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayDiagnosis *diagnosis;

  TEST_CALL (result, assay_service_diagnose_async, bench->service, id, NULL, NULL, NULL);
  diagnosis = assay_service_diagnose_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (diagnosis);
  return diagnosis;
}

/* All is well; then a permission goes, and then the key. */
static void
test_the_whole_look (void)
{
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=4", "--applications=20", NULL);
  g_autoptr (AssayDiagnosis) well = NULL;
  g_autoptr (AssayDiagnosis) forbidden = NULL;
  g_autoptr (AssayDiagnosis) refused = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *states = NULL;
  AssayLoad load;
  gint64 id;

  id = test_bench_add (bench, "pinpoint", test_sandbox_get_base_url (bench->sandbox, "pinpoint"), NULL, NULL);
  g_assert_false (assay_service_get_load (bench->service, id, &load));
  test_bench_enable (bench, id, &error);
  g_assert_no_error (error);

  well = diagnose (bench, id);
  g_assert_true (well->probe->ok);
  g_assert_no_error (well->error);
  g_assert_cmpint (get_severity (well->findings, "keyring"), ==, ASSAY_SEVERITY_GOOD);
  g_assert_cmpint (get_severity (well->findings, "key"), ==, ASSAY_SEVERITY_GOOD);
  g_assert_true (has (well->findings, "permission"));
  g_assert_true (has (well->findings, "clock"));
  g_assert_true (has (well->findings, "disk"));
  g_assert_false (has (well->findings, "role"));
  g_assert_true (assay_service_get_load (bench->service, id, &load));
  g_assert_cmpuint (load.waiting, ==, 0);
  g_assert_cmpuint (load.sent, >, 0);
  g_assert_cmpuint (load.headroom, <=, load.burst);

  test_bench_set (bench, id, "sandbox-pinpoint-no-jobs", NULL, &error);
  g_assert_no_error (error);
  forbidden = diagnose (bench, id);
  g_assert_false (forbidden->probe->ok);
  g_assert_cmpint (get_severity (forbidden->findings, "key"), ==, ASSAY_SEVERITY_GOOD);
  g_assert_cmpint (assay_findings_get_severity (forbidden->findings), ==, ASSAY_SEVERITY_BAD);
  g_assert_cmpint (get_severity (forbidden->findings, "role"), ==, ASSAY_SEVERITY_WARNING);

  test_bench_set (bench, id, "no-such-key", NULL, &error);
  g_assert_no_error (error);
  refused = diagnose (bench, id);
  g_assert_cmpint (get_severity (refused->findings, "key"), ==, ASSAY_SEVERITY_BAD);
  g_assert_false (has (refused->findings, "permission"));

  /* It is remembered, once, and the log has what happened, with its cause. */
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM connection_finding WHERE code = 'key'"), ==, 1);
  states = test_query_text (bench->service, "SELECT group_concat (state || ':' || ifnull (reason_code, ''), ' ')"
                                            " FROM (SELECT * FROM connection_event ORDER BY id)");
  g_assert_cmpstr (states, ==,
                   "saved: enabled: failing:forbidden enabled: failing:unauthorized");
}

/* Nobody is looked at twice on a day, everybody who is enabled is when it is over, and nobody who isn't. */
static void
test_daily (void)
{
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=4", "--applications=20", NULL);
  const char *address = test_sandbox_get_base_url (bench->sandbox, "pinpoint");
  const gint64 enabled = test_bench_add (bench, "pinpoint", address, NULL, NULL);
  const gint64 saved = test_bench_add (bench, "pinpoint", address, NULL, NULL);
  g_autoptr (AssayDiagnosis) first = NULL;
  g_autoptr (AssayDiagnosis) second = NULL;
  g_autoptr (AssayDiagnosis) third = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *old = NULL;
  guint asked;

  test_bench_enable (bench, enabled, &error);
  g_assert_no_error (error);
  first = diagnose (bench, enabled);
  second = diagnose (bench, saved);

  /* A moment before the day is over. */
  test_execute (bench->service, "UPDATE connection_finding SET at = at - 86400000 + 60000");
  assay_service_make_rounds (bench->service);
  /* By the time that this is done the round has long seen who is due. */
  third = diagnose (bench, saved);
  asked = test_sandbox_count_requests (bench->sandbox, "pinpoint", "jobs.list");

  test_execute (bench->service, "UPDATE connection_finding SET title = 'old'");
  test_execute (bench->service, "UPDATE connection_finding SET at = (SELECT min (at) FROM connection_finding) - 60001");
  assay_service_make_rounds (bench->service);
  test_wait_int64 (bench->service, "SELECT count(*) FROM connection_finding WHERE connection_id = 1 AND title = 'old'", 0);
  /* Once, so that the first round found nobody. */
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "jobs.list"), ==, asked + 1);
  old = test_query_text (bench->service, "SELECT DISTINCT title FROM connection_finding WHERE connection_id = 2");
  g_assert_cmpstr (old, ==, "old");

  /* It begins by itself, with the service. */
  g_assert_cmpuint (bench->service->doctor_timer_id, ==, 0);
  assay_service_start (bench->service);
  g_assert_nonnull (g_main_context_find_source_by_id (NULL, bench->service->doctor_timer_id));
}

/* A key that says when it ends, of somebody whose role no longer suffices: both are said, whatever the vendor answers. */
static void
test_expiry_of_a_key_in_use (void)
{
  g_autoptr (TestBench) bench = test_bench_new_empty ("--jobs=4", "--applications=20", NULL);
  g_autofree char *payload =
    g_strdup_printf ("{\"exp\":%" G_GINT64_FORMAT "}", g_get_real_time () / G_USEC_PER_SEC + 5 * 86400);
  g_autofree char *encoded = g_base64_encode ((const guchar *) payload, strlen (payload));
  g_autofree char *key = NULL;
  g_autoptr (AssayDiagnosis) diagnosis = NULL;
  g_autoptr (GError) error = NULL;
  const gint64 id =
    test_bench_add (bench, "pinpoint", test_sandbox_get_base_url (bench->sandbox, "pinpoint"), NULL, NULL);

  encoded[strcspn (encoded, "=")] = '\0';
  g_strdelimit (encoded, "+", '-');
  g_strdelimit (encoded, "/", '_');
  key = g_strdup_printf ("eyJhbGciOiJIUzI1NiJ9.%s.c2ln", encoded);
  test_bench_enable (bench, id, &error);
  g_assert_no_error (error);
  test_bench_set (bench, id, key, NULL, &error);
  g_assert_no_error (error);
  diagnosis = diagnose (bench, id);
  g_assert_cmpint (get_severity (diagnosis->findings, "expiry"), ==, ASSAY_SEVERITY_WARNING);
  g_assert_cmpint (get_severity (diagnosis->findings, "role"), ==, ASSAY_SEVERITY_WARNING);
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/doctor/clock", test_clock);
  g_test_add_func ("/doctor/disk", test_disk);
  g_test_add_func ("/doctor/expiry", test_expiry);
  g_test_add_func ("/doctor/twice", test_twice);
  g_test_add_func ("/doctor/the-whole-look", test_the_whole_look);
  g_test_add_func ("/doctor/daily", test_daily);
  g_test_add_func ("/doctor/expiry-of-a-key-in-use", test_expiry_of_a_key_in_use);
  return g_test_run ();
}
