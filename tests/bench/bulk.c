/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bulk of invitations against a provider that permits so many requests a second and no more: what part of them is used, how
 * often it has to refuse, and how long somebody's own invitation waits behind it.
 *
 *     ASSAY_BULK=10000 ASSAY_BULK_DELAY=0.12 bench-bulk
 *
 * ASSAY_BULK_DELAY is how many seconds away the vendors are: every answer about an application and every answer to an
 * invitation comes so late. */
#include "config.h"

#include <sys/resource.h>

#include "test-support.h"

/* What the sandbox permits: as much as Assay allows itself with a provider that names no limit. */
#define PERMITTED 4.0
/* How many Assay sends at once before it paces itself. */
#define OWN_BURST 4
#define DEFAULT_PEOPLE 120
/* As far as across an ocean, with a little to think. */
#define DEFAULT_DELAY "0.12"

static double
get_cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_THREAD, &usage);
  return (double) usage.ru_utime.tv_sec + (double) usage.ru_stime.tv_sec +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static double
get_seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static gint64
start_batch (TestBench *bench,
             GArray    *people,
             guint      length)
{
  g_autofree AssayInvitationDraft *drafts = g_new0 (AssayInvitationDraft, length);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  for (guint i = 0; i < length; i++)
    {
      drafts[i].application_id = g_array_index (people, gint64, i);
      drafts[i].assessment_id = test_bench_get_assessment (bench, 0);
    }
  TEST_CALL (result, assay_service_invite_batch_async, bench->service, drafts, length, "Everybody", NULL);
  id = assay_service_invite_batch_finish (bench->service, result, &error);
  g_assert_no_error (error);
  return id;
}

static gpointer
read_people (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "SELECT min (a.id) FROM application a JOIN job j ON j.id = a.job_id WHERE NOT a.archived AND NOT a.gone"
              " AND j.open AND a.email IS NOT NULL GROUP BY a.email_folded ORDER BY 1", error);
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_assert_nonnull (statement);
  while (assay_statement_step (statement, NULL))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  return ids;
}

int
main (int   argc,
      char *argv[])
{
  const char *wanted = g_getenv ("ASSAY_BULK");
  const char *delay = g_getenv ("ASSAY_BULK_DELAY") != NULL ? g_getenv ("ASSAY_BULK_DELAY") : DEFAULT_DELAY;
  g_autofree char *fault = g_strconcat ("delay:", delay, NULL);
  guint length = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : DEFAULT_PEOPLE;
  g_autofree char *applications = g_strdup_printf ("--applications=%u", MAX (3 * length, 300));
  g_autofree char *rate = g_strdup_printf ("--rate=testtrick=%g", PERMITTED);
  g_autoptr (TestBench) bench = NULL;
  g_autoptr (GArray) people = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *counted = NULL;
  gint64 start, first, last, own, own_queued, batch;
  double cpu, elapsed, used;
  guint before, requests, statuses;

  /* Here the pace is what is measured. */
  g_unsetenv ("ASSAY_LOOPBACK_HURRY");
  test_support_init (&argc, &argv);
  bench = test_bench_new ("--jobs=30", applications, rate, "--burst=testtrick=8", NULL);
  people = assay_store_read (assay_service_get_store (bench->service), read_people, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (people->len, >, length);

  start = g_get_monotonic_time ();
  batch = start_batch (bench, people, length);
  g_print ("%u people written down in %.2f s\n", length, get_seconds_since (start));
  {
    g_autoptr (GAsyncResult) result = NULL;

    TEST_CALL (result, assay_service_prepare_batches_async, bench->service, NULL);
    g_assert_true (assay_service_prepare_batches_finish (bench->service, result, &error));
  }
  g_print ("queued after %.2f s\n", get_seconds_since (start));

  if (g_ascii_strtod (delay, NULL) > 0)
    {
      test_sandbox_fault (bench->sandbox, "pinpoint", "applications.get", fault, G_MAXINT);
      test_sandbox_fault (bench->sandbox, "testtrick", "send_test", fault, G_MAXINT);
    }
  cpu = get_cpu_seconds ();
  start = g_get_monotonic_time ();
  assay_service_start (bench->service);
  test_wait_int64 (bench->service, "SELECT count(*) >= 10 FROM outbox WHERE state = 'done'", 1);

  /* Somebody's own invitation. */
  before = (guint) test_query_int64 (bench->service, "SELECT count(*) FROM outbox WHERE state IN ('done', 'sending')");
  own = test_bench_queue (bench, g_array_index (people, gint64, length), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  own_queued = g_get_monotonic_time ();
  {
    g_autofree char *sql =
      g_strdup_printf ("SELECT count(*) FROM outbox WHERE state = 'done' AND invitation_id = %" G_GINT64_FORMAT, own);
    g_autofree char *slots =
      g_strdup_printf ("SELECT count(*) FROM outbox WHERE state IN ('done', 'sending') AND invitation_id <>"
                       " %" G_GINT64_FORMAT, own);

    test_wait_int64 (bench->service, sql, 1);
    g_print ("R9: one's own invitation left after %.2f s, behind %d of the bulk (at most 2)\n",
             get_seconds_since (own_queued), (int) test_query_int64 (bench->service, slots) - (int) before);
  }

  while (test_query_int64 (bench->service, "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')") > 0)
    {
      gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

      while (g_get_monotonic_time () < end)
        g_main_context_iteration (NULL, FALSE) ? (void) 0 : g_usleep (2000);
    }
  elapsed = get_seconds_since (start);
  cpu = get_cpu_seconds () - cpu;
  first = test_query_int64 (bench->service, "SELECT min (sent_at) FROM invitation WHERE sent_at > 0");
  last = test_query_int64 (bench->service, "SELECT max (sent_at) FROM invitation");
  /* The burst at the beginning is no part of the rate. */
  used = (double) (length + 1 - OWN_BURST) * 1000 / (double) (last - first) / PERMITTED;
  requests = test_sandbox_count_requests (bench->sandbox, "testtrick", "send_test");
  statuses = test_sandbox_count_requests (bench->sandbox, "testtrick", "test_status");

  g_print ("%u sent in %.1f s to vendors %s s away\n", length + 1, elapsed, delay);
  g_print ("P15: %.1f %% of the permitted %g a second (at least 95 %%)\n", 100 * used, PERMITTED);
  g_print ("R9: %u of %u requests were too many (at most 0.1 %%)\n", requests - length - 1, requests);
  g_print ("%u of the permitted requests asked how far invitations are\n", statuses);
  g_print ("the main thread took %.1f %% of a processor (at most 10 %%)\n", 100 * cpu / elapsed);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, length + 1);
  g_assert_cmpint (batch, >, 0);
  test_bench_close (bench);
  return 0;
}
