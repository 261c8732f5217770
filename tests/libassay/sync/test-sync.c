/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Syncing an ATS: all of it, only what changed, and every way of being interrupted. */
#include "config.h"

#include "assay-pinpoint-private.h"
#include "assay-service-private.h"
#include "test-support.h"

#include <string.h>

/* Rows in a page, where a test takes several pages. */
#define SMALL_PAGE 40

static gint64
count_applications (TestBench *bench)
{
  return test_query_int64 (bench->service, "SELECT count (*) FROM application");
}

static gint64
get_complete_up_to (TestBench *bench)
{
  g_autoptr (AssayConnection) connection = test_bench_get_connection (bench, bench->pinpoint);

  g_assert_cmpint (connection->cursor != NULL, ==, connection->complete_up_to != 0);
  return connection->complete_up_to;
}

/* Enabled and not yet synced. */
static TestBench *
make_bench (const char *applications)
{
  TestBench *bench = test_bench_new_empty ("--jobs=5", applications, NULL);
  g_autoptr (GError) error = NULL;

  bench->pinpoint = test_bench_add (bench, "pinpoint", NULL, NULL, NULL);
  test_bench_enable (bench, bench->pinpoint, &error);
  g_assert_no_error (error);
  return bench;
}

/* Something goes wrong with the second page, or happens at the vendor when the first is in the store. By then the second
 * may have been read. */
typedef struct
{
  TestBench *bench;
  const char *fault;      /* (nullable) on the requests for applications but the first */
  guint times;
  gboolean erase;         /* somebody of the first page vanishes */
  gboolean full;          /* everything is read */
  guint pages;
} Interruption;

static void
interrupt_cb (gint64   connection_id,
              guint    applications,
              gint64   total,
              gpointer data)
{
  Interruption *interruption = data;
  TestBench *bench = interruption->bench;

  g_assert_cmpint (connection_id, ==, bench->pinpoint);
  if (interruption->pages++ > 0)
    return;
  g_assert_cmpuint (applications, ==, SMALL_PAGE);
  if (!interruption->full)
    g_assert_cmpint (count_applications (bench), ==, SMALL_PAGE);
  if (interruption->erase)
    {
      g_autofree char *id = test_query_text (bench->service, "SELECT remote_id FROM application ORDER BY id LIMIT 1");
      g_autofree char *path = g_strconcat ("/applications/", id, NULL);

      json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", path, NULL));
    }
}

static AssaySyncResult *
sync_interrupted (Interruption *interruption,
                  GCancellable *cancellable)
{
  AssayService *service = interruption->bench->service;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GError) error = NULL;

  if (interruption->fault != NULL)
    json_node_unref (test_sandbox_ask (interruption->bench->sandbox, "POST", "/faults",
                                       "{\"vendor\":\"pinpoint\",\"operation\":\"applications.list\",\"kind\":\"%s\","
                                       "\"times\":%u,\"after\":1}",
                                       interruption->fault, interruption->times));
  TEST_CALL (result, assay_service_sync_async, service, interruption->bench->pinpoint, interruption->full,
             interrupt_cb, interruption, cancellable);
  results = assay_service_sync_finish (service, result, &error);
  g_assert_no_error (error);
  return g_ptr_array_steal_index (results, 0);
}

static void
test_full (void)
{
  g_autoptr (TestBench) bench = make_bench ("--applications=1200");
  gint64 before = assay_time_now ();
  g_autoptr (AssaySyncResult) first = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_autoptr (AssaySyncResult) again = NULL;

  g_assert_no_error (first->error);
  g_assert_cmpuint (first->jobs, ==, 5);
  g_assert_cmpuint (first->stages, >, 5);
  g_assert_cmpuint (first->applications, ==, 1200);
  g_assert_cmpuint (first->changed, ==, 1205);
  g_assert_cmpuint (first->requests, ==, 3);
  g_assert_cmpint (first->complete_up_to, >=, before);
  g_assert_cmpint (first->complete_up_to, <=, assay_time_now ());
  g_assert_cmpint (get_complete_up_to (bench), ==, first->complete_up_to);
  g_assert_cmpint (count_applications (bench), ==, 1200);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application WHERE job_id IS NULL"), ==, 0);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application WHERE stage_name IS NULL"), ==, 0);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM stage"), ==, first->stages);

  /* Everything again: read, and nothing of it differs. */
  again = test_bench_sync (bench, bench->pinpoint, TRUE);
  g_assert_no_error (again->error);
  g_assert_cmpuint (again->applications, ==, 1200);
  g_assert_cmpuint (again->changed, ==, 0);
  test_sandbox_assert_no_incidents (bench->sandbox);
}

static void
changed_cb (AssayStore         *store,
            const AssayChanges *changes,
            gpointer            data)
{
  guint *kinds = data;

  for (guint kind = ASSAY_CHANGE_CONNECTIONS; kind <= ASSAY_CHANGE_OUTBOX; kind <<= 1)
    if (assay_changes_has_kind (changes, kind))
      *kinds |= kind;
}

static gboolean
has_connections (gpointer data)
{
  return (*(guint *) data & ASSAY_CHANGE_CONNECTIONS) != 0;
}

static void
test_nothing_changed (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=300", NULL);
  gint64 before = get_complete_up_to (bench);
  g_autofree char *rows = NULL, *rows_after = NULL;
  g_autoptr (AssaySyncResult) result = NULL;
  guint kinds = 0;

  rows = test_query_text (bench->service, "SELECT sum (id * updated_at) || group_concat (stage_name) FROM application");
  /* What the first sync told is still on its way. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_connect (assay_service_get_store (bench->service), "changed", G_CALLBACK (changed_cb), &kinds);

  result = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_no_error (result->error);
  g_assert_cmpuint (result->changed, ==, 0);
  g_assert_cmpuint (result->requests, ==, 2);
  g_assert_cmpint (result->complete_up_to, >, before);
  /* The moment is told; no row of anything else was written. */
  test_run_until (has_connections, &kinds);
  g_assert_cmpuint (kinds, ==, ASSAY_CHANGE_CONNECTIONS);
  rows_after =
    test_query_text (bench->service, "SELECT sum (id * updated_at) || group_concat (stage_name) FROM application");
  g_assert_cmpstr (rows, ==, rows_after);
}

/* What goes on by itself asks once and writes nothing; what it learned is known at once, and after a restart. */
static void
test_nothing_changed_by_itself (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=60", NULL);
  gint64 before = get_complete_up_to (bench);
  g_autofree char *path = g_build_filename (bench->directory, "assay.db-wal", NULL);
  g_autofree char *log = NULL, *log_after = NULL;
  gsize size = 0, size_after = 0;
  gint64 after;
  GError *error = NULL;

  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/ledger", NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* What is still to be written of the first sync is behind this. */
  test_execute (bench->service, "UPDATE connection SET updated_at = updated_at + 1");
  g_assert_true (g_file_get_contents (path, &log, &size, NULL));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) results = NULL;
      const AssaySyncResult *outcome;

      TEST_CALL (result, assay_service_sync_by_itself_async, bench->service, NULL);
      results = assay_service_sync_finish (bench->service, result, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (results->len, ==, 1);
      outcome = g_ptr_array_index (results, 0);
      g_assert_no_error (outcome->error);
      g_assert_cmpuint (outcome->requests, ==, 1);
      g_assert_cmpint (outcome->complete_up_to, >, before);
    }
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "jobs.list"), ==, 0);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "applications.list"), ==, 3);
  g_assert_true (g_file_get_contents (path, &log_after, &size_after, NULL));
  g_assert_cmpmem (log, size, log_after, size_after);
  after = get_complete_up_to (bench);
  g_assert_cmpint (after, >, before);

  test_bench_reopen (bench);
  g_assert_cmpint (get_complete_up_to (bench), ==, after);
}

/* Somebody applies for a job that isn't known yet. */
static void
test_unknown_job_by_itself (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=60", NULL);
  g_autofree char *arrived = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GError) error = NULL;

  test_execute (bench->service, "DELETE FROM job");
  arrived = test_sandbox_arrive (bench->sandbox, "");
  TEST_CALL (result, assay_service_sync_by_itself_async, bench->service, NULL);
  results = assay_service_sync_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_no_error (((AssaySyncResult *) results->pdata[0])->error);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM job"), ==, 5);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application WHERE job_id IS NULL"), ==, 0);
}

static void
test_changes_while_away (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=300", NULL);
  g_autofree char *mover = NULL, *move = NULL, *stage = NULL, *arrived = NULL, *sql = NULL, *name = NULL;
  g_autoptr (AssaySyncResult) result = NULL;

  test_bench_close (bench);
  arrived = test_sandbox_arrive (bench->sandbox, "\"first_name\":\"Ada\",\"last_name\":\"Nova\"");
  test_bench_reopen (bench);
  mover = test_query_text (bench->service, "SELECT remote_id FROM application ORDER BY id LIMIT 1 OFFSET 7");
  stage = test_query_text (bench->service, "SELECT s.name FROM application a JOIN stage s ON s.job_id = a.job_id"
                                           " WHERE a.id = (SELECT id FROM application ORDER BY id LIMIT 1 OFFSET 7)"
                                           " AND s.name <> a.stage_name ORDER BY s.position LIMIT 1");
  move = g_strconcat ("/applications/", mover, NULL);
  json_node_unref (test_sandbox_ask (bench->sandbox, "POST", move,
                                     "{\"stage\":\"%s\",\"first_name\":\"Renamed\"}", stage));

  result = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_no_error (result->error);
  g_assert_cmpuint (result->changed, ==, 2);
  g_assert_cmpint (count_applications (bench), ==, 301);
  sql = g_strdup_printf ("SELECT stage_name || '/' || first_name FROM application WHERE remote_id = '%s'", mover);
  name = test_query_text (bench->service, sql);
  g_assert_true (g_str_has_prefix (name, stage));
  g_assert_true (g_str_has_suffix (name, "/Renamed"));
  g_clear_pointer (&sql, g_free);
  g_clear_pointer (&name, g_free);
  sql = g_strdup_printf ("SELECT full_name FROM application WHERE remote_id = '%s'", arrived);
  name = test_query_text (bench->service, sql);
  g_assert_cmpstr (name, ==, "Ada Nova");
}

/* What was read stays, and nobody claims more than was read. */
static void
test_error_in_the_middle (void)
{
  static const struct
  {
    const char *fault;
    int code;
    AssayConnectionState state;
  } cases[] = {
    { "html", ASSAY_ERROR_BAD_RESPONSE, ASSAY_CONNECTION_ENABLED },
    { "status:400", ASSAY_ERROR_INVALID, ASSAY_CONNECTION_ENABLED },
    { "retry-after:3600", ASSAY_ERROR_RATE_LIMITED, ASSAY_CONNECTION_ENABLED },
    { "status:401", ASSAY_ERROR_UNAUTHORIZED, ASSAY_CONNECTION_FAILING },
    { "status:403", ASSAY_ERROR_FORBIDDEN, ASSAY_CONNECTION_FAILING },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TestBench) bench = make_bench ("--applications=45");
      Interruption interruption = { .bench = bench, .fault = cases[i].fault, .times = 20 };
      g_autoptr (AssaySyncResult) result = sync_interrupted (&interruption, NULL);
      g_autoptr (AssaySyncResult) again = NULL;
      g_autoptr (AssayConnection) connection = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].fault);
      g_assert_error (result->error, ASSAY_ERROR, cases[i].code);
      test_assert_sentence (result->error->message);
      g_assert_cmpuint (result->applications, ==, SMALL_PAGE);
      g_assert_cmpint (result->complete_up_to, ==, 0);
      g_assert_cmpint (count_applications (bench), ==, SMALL_PAGE);
      g_assert_cmpint (get_complete_up_to (bench), ==, 0);

      /* The reason is kept with the connection. */
      if (cases[i].code != ASSAY_ERROR_INVALID)
        test_wait_text (bench->service, "SELECT reason FROM connection", result->error->message);
      connection = test_bench_get_connection (bench, bench->pinpoint);
      g_assert_cmpint (connection->state, ==, cases[i].state);
      if (cases[i].state == ASSAY_CONNECTION_FAILING)
        test_assert_sentence (connection->remedy);

      json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/faults", NULL));
      /* After a restart the vendor's "wait an hour" isn't known any more. */
      test_bench_reopen (bench);
      test_bench_enable (bench, bench->pinpoint, &error);
      g_assert_no_error (error);
      again = test_bench_sync (bench, bench->pinpoint, FALSE);
      g_assert_no_error (again->error);
      g_assert_cmpuint (again->applications, ==, 45);
      g_assert_cmpuint (again->changed, ==, 5);
      g_assert_cmpint (count_applications (bench), ==, 45);
      g_assert_cmpint (get_complete_up_to (bench), >, 0);
    }
}

/* What passes by itself is waited for. */
static void
test_short_trouble_in_the_middle (void)
{
  static const char *const faults[] = { "retry-after:1", "truncate", "truncate-chunked", "drop-before", "status:502" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (TestBench) bench = make_bench ("--applications=45");
      Interruption interruption = { .bench = bench, .fault = faults[i], .times = 1 };
      g_autoptr (AssaySyncResult) result = sync_interrupted (&interruption, NULL);

      g_test_message ("%s", faults[i]);
      g_assert_no_error (result->error);
      g_assert_cmpint (count_applications (bench), ==, 45);
      g_assert_cmpint (get_complete_up_to (bench), >, 0);
      g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "applications.list"), ==, 4);
    }
}

/* Somebody vanishes while pages are turned, so that somebody else slips from the second page to the first: a second
 * pass finds them. Nobody is taken for gone because a list was silent. */
static void
test_second_pass (void)
{
  g_autoptr (TestBench) bench = make_bench ("--applications=85");
  Interruption interruption = { .bench = bench, .erase = TRUE };
  g_autoptr (AssaySyncResult) result = sync_interrupted (&interruption, NULL);

  g_assert_no_error (result->error);
  g_assert_cmpint (count_applications (bench), ==, 85);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT sum (gone) FROM application"), ==, 0);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "applications.list"), ==, 1 + 6);
}

/* Takes away so many of the vendor's, oldest first. */
static void
erase_remotely (TestBench *bench,
                guint      count)
{
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *sql =
        g_strdup_printf ("SELECT remote_id FROM application WHERE gone = 0 ORDER BY id LIMIT 1 OFFSET %u", i);
      g_autofree char *id = test_query_text (bench->service, sql);
      g_autofree char *path = g_strconcat ("/applications/", id, NULL);

      json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", path, NULL));
    }
}

static gint64
count_gone (TestBench *bench)
{
  return test_query_int64 (bench->service, "SELECT sum (gone) FROM application");
}

static AssaySyncResult *
settle (TestBench *bench,
        gboolean   gone)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_service_settle_removals_async, bench->service, bench->pinpoint, gone, NULL, NULL, NULL);
  results = assay_service_settle_removals_finish (bench->service, result, &error);
  g_assert_no_error (error);
  return g_ptr_array_steal_index (results, 0);
}

/* A few may go without a word. */
static void
test_few_removals (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=100", NULL);
  g_autoptr (AssaySyncResult) changes = NULL, full = NULL;

  erase_remotely (bench, 10);
  /* What changed says nothing of who vanished. */
  changes = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_no_error (changes->error);
  g_assert_cmpint (count_gone (bench), ==, 0);

  full = test_bench_sync (bench, bench->pinpoint, TRUE);
  g_assert_no_error (full->error);
  g_assert_cmpuint (full->removed, ==, 10);
  g_assert_cmpuint (full->changed, ==, 10);
  g_assert_cmpint (count_gone (bench), ==, 10);
  g_assert_cmpint (count_applications (bench), ==, 100);
}

/* More than a tenth: nobody goes until a person says so. */
static void
test_many_removals (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=100", NULL);
  gint64 before = get_complete_up_to (bench);
  g_autoptr (AssayConnection) connection = NULL, after = NULL, settled = NULL;
  g_autoptr (AssaySyncResult) first = NULL, changes = NULL, kept = NULL, gone = NULL;

  erase_remotely (bench, 11);
  first = test_bench_sync (bench, bench->pinpoint, TRUE);
  g_assert_error (first->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS);
  test_assert_sentence (first->error->message);
  g_assert_cmpuint (first->removed, ==, 0);
  g_assert_cmpint (count_gone (bench), ==, 0);
  g_assert_cmpint (get_complete_up_to (bench), ==, before);
  connection = test_bench_get_connection (bench, bench->pinpoint);
  g_assert_cmpint (connection->state, ==, ASSAY_CONNECTION_ENABLED);
  g_assert_cmpint (connection->removals, ==, 11);
  g_assert_cmpint (connection->removals_of, ==, 100);
  g_assert_cmpstr (connection->reason_code, ==, "removals");
  g_assert_cmpstr (connection->reason, ==, first->error->message);
  test_assert_sentence (connection->remedy);

  /* The question outlives a restart, and what else goes well or wrong meanwhile. */
  test_bench_reopen (bench);
  changes = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_no_error (changes->error);
  test_sandbox_fault (bench->sandbox, "pinpoint", "jobs.list", "html", 20);
  g_clear_pointer (&changes, assay_sync_result_free);
  changes = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_error (changes->error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/faults", NULL));
  g_clear_pointer (&changes, assay_sync_result_free);
  changes = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_no_error (changes->error);
  test_wait_text (bench->service, "SELECT reason_code FROM connection WHERE role = 'ats'", "removals");
  after = test_bench_get_connection (bench, bench->pinpoint);
  g_assert_cmpint (after->removals, ==, 11);
  g_assert_cmpstr (after->reason, ==, connection->reason);

  /* Kept and looked for again: still not there. */
  kept = settle (bench, FALSE);
  g_assert_error (kept->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS);
  g_assert_cmpint (count_gone (bench), ==, 0);

  gone = settle (bench, TRUE);
  g_assert_no_error (gone->error);
  g_assert_cmpuint (gone->removed, ==, 11);
  g_assert_cmpint (count_gone (bench), ==, 11);
  g_assert_cmpint (count_applications (bench), ==, 100);
  settled = test_bench_get_connection (bench, bench->pinpoint);
  g_assert_cmpint (settled->removals, ==, 0);
  g_assert_null (settled->reason);
  g_assert_cmpint (settled->complete_up_to, >, before);
}

/* A person's word covers what was asked about, and not what went since. */
static void
test_removals_grow (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=100", NULL);
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (AssaySyncResult) unasked = NULL, first = NULL, more = NULL;

  erase_remotely (bench, 20);
  /* Nothing was asked, so nothing can be answered. */
  unasked = settle (bench, TRUE);
  g_assert_no_error (unasked->error);
  g_assert_cmpint (count_gone (bench), ==, 0);

  first = test_bench_sync (bench, bench->pinpoint, TRUE);
  g_assert_error (first->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS);
  /* The vendor's list is empty now. */
  for (guint i = 20; i < 100; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT remote_id FROM application ORDER BY id LIMIT 1 OFFSET %u", i);
      g_autofree char *id = test_query_text (bench->service, sql);
      g_autofree char *path = g_strconcat ("/applications/", id, NULL);

      json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", path, NULL));
    }
  more = settle (bench, TRUE);
  g_assert_error (more->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS);
  g_assert_cmpint (count_gone (bench), ==, 0);
  connection = test_bench_get_connection (bench, bench->pinpoint);
  g_assert_cmpint (connection->removals, ==, 100);
}

/* They were there after all. */
static void
test_removals_unfounded (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=100", NULL);
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (AssaySyncResult) first = NULL, again = NULL;

  /* Half of those who are known here are unknown there, and then unknown here too. */
  test_execute (bench->service, "UPDATE application SET remote_id = 'x' || remote_id WHERE id % 2 = 0");
  first = test_bench_sync (bench, bench->pinpoint, TRUE);
  g_assert_error (first->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS);
  test_execute (bench->service, "DELETE FROM application WHERE remote_id LIKE 'x%'");
  again = settle (bench, FALSE);
  g_assert_no_error (again->error);
  g_assert_cmpuint (again->removed, ==, 0);
  g_assert_cmpint (count_gone (bench), ==, 0);
  g_assert_cmpint (count_applications (bench), ==, 100);
  connection = test_bench_get_connection (bench, bench->pinpoint);
  g_assert_cmpint (connection->removals, ==, 0);
  g_assert_null (connection->reason);
}

/* Somebody vanishes while a sync of everything turns pages: who slipped isn't taken for gone, who vanished is. */
static void
test_full_second_pass (void)
{
  g_autoptr (TestBench) bench = make_bench ("--applications=85");
  Interruption interruption = { .bench = bench, .erase = TRUE, .full = TRUE };
  g_autoptr (AssaySyncResult) first = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_autoptr (AssaySyncResult) result = NULL;

  g_assert_no_error (first->error);
  result = sync_interrupted (&interruption, NULL);
  g_assert_no_error (result->error);
  g_assert_cmpint (count_gone (bench), ==, 0);
  g_assert_cmpuint (result->applications, ==, 85);
  /* They were seen in the first pass; the next sync knows. */
  g_clear_pointer (&result, assay_sync_result_free);
  result = test_bench_sync (bench, bench->pinpoint, TRUE);
  g_assert_no_error (result->error);
  g_assert_cmpuint (result->removed, ==, 1);
  g_assert_cmpint (count_gone (bench), ==, 1);
}

/* Who joins a sync has their own wishes: to read everything, and to stop waiting. */
static void
test_join (void)
{
  g_autoptr (TestBench) bench = make_bench ("--applications=45");
  GCancellable *cancellables[4];
  GAsyncResult *results[4] = { NULL };
  g_autoptr (AssaySyncResult) first = test_bench_sync (bench, bench->pinpoint, FALSE);

  g_assert_no_error (first->error);
  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/ledger", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      cancellables[i] = g_cancellable_new ();
      assay_service_sync_async (bench->service, bench->pinpoint, i == 2, NULL, NULL, cancellables[i], test_keep_result,
                                &results[i]);
    }
  /* The one who began it leaves, and one more; it goes on for the others. */
  g_cancellable_cancel (cancellables[0]);
  g_cancellable_cancel (cancellables[3]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GPtrArray) outcomes = NULL;
      g_autoptr (GError) error = NULL;
      const AssaySyncResult *outcome;

      test_wait_result (&results[i]);
      outcomes = assay_service_sync_finish (bench->service, results[i], &error);
      g_assert_no_error (error);
      g_assert_cmpuint (outcomes->len, ==, 1);
      outcome = g_ptr_array_index (outcomes, 0);
      g_assert_cmpint (outcome->connection_id, ==, bench->pinpoint);
      if (i == 0 || i == 3)
        g_assert_error (outcome->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else
        g_assert_no_error (outcome->error);
      if (i == 1)
        g_assert_cmpuint (outcome->applications, <, 45);
      if (i == 2)
        g_assert_cmpuint (outcome->applications, ==, 45);
      g_clear_object (&results[i]);
    }
  g_assert_false (assay_service_get_syncing (bench->service));
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "jobs.list"), ==, 2);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "applications.list"), ==, 1 + 2);

  /* The last one who leaves ends it. */
  cancellables[0] = (g_object_unref (cancellables[0]), g_cancellable_new ());
  assay_service_sync_async (bench->service, bench->pinpoint, TRUE, NULL, NULL, cancellables[0], test_keep_result,
                            &results[0]);
  g_cancellable_cancel (cancellables[0]);
  test_wait_result (&results[0]);
  {
    g_autoptr (GPtrArray) outcomes = assay_service_sync_finish (bench->service, results[0], NULL);

    g_assert_error (((AssaySyncResult *) outcomes->pdata[0])->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
  g_assert_false (assay_service_get_syncing (bench->service));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_clear_object (&results[i]);
      g_clear_object (&cancellables[i]);
    }
}

/* Cancelled at every point where it waits. */
static void
test_cancel (void)
{
  gboolean ended = FALSE;
  g_autoptr (TestBench) bench = make_bench ("--applications=60");
  guint cancelled = 0;

  for (guint steps = 0; !ended; steps += steps < 8 ? 1 : 3)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) results = NULL;
      g_autoptr (GError) error = NULL;
      const AssaySyncResult *outcome;

      test_bench_reopen (bench);
      assay_service_sync_async (bench->service, bench->pinpoint, TRUE, NULL, NULL, cancellable, test_keep_result,
                                &result);
      for (guint i = 0; i < steps && result == NULL; i++)
        g_main_context_iteration (NULL, TRUE);
      ended = result != NULL;
      g_cancellable_cancel (cancellable);
      test_wait_result (&result);
      results = assay_service_sync_finish (bench->service, result, &error);
      g_assert_no_error (error);
      outcome = g_ptr_array_index (results, 0);
      if (outcome->error == NULL)
        continue;
      cancelled++;
      g_assert_error (outcome->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (assay_service_get_syncing (bench->service));
    }
  g_test_message ("cancelled at %u points", cancelled);
  g_assert_cmpuint (cancelled, >=, 5);
  g_assert_cmpint (count_applications (bench), ==, 60);
  g_assert_cmpint (get_complete_up_to (bench), >, 0);
  {
    g_autoptr (AssayConnection) connection = test_bench_get_connection (bench, bench->pinpoint);

    /* A person's "stop" isn't the vendor's fault. */
    g_assert_cmpint (connection->state, ==, ASSAY_CONNECTION_ENABLED);
    g_assert_null (connection->reason);
  }
}

/* Cancelled with a page on the wire. */
static void
cancel_cb (gint64   connection_id,
           guint    applications,
           gint64   total,
           gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_cancel_between_pages (void)
{
  g_autoptr (TestBench) bench = make_bench ("--applications=45");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_service_sync_async, bench->service, bench->pinpoint, FALSE, cancel_cb, cancellable,
             cancellable);
  results = assay_service_sync_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_error (((AssaySyncResult *) results->pdata[0])->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (count_applications (bench), ==, SMALL_PAGE);
  g_assert_cmpint (get_complete_up_to (bench), ==, 0);
}

static void
test_two_at_once (void)
{
  g_autoptr (TestBench) bench = make_bench ("--applications=120");
  g_autoptr (GAsyncResult) first = NULL, second = NULL;
  g_autoptr (GPtrArray) results = NULL, joined = NULL;
  g_autoptr (GError) error = NULL;
  gint64 other = test_bench_add (bench, "pinpoint", NULL, "sandbox-pinpoint-read-only", NULL);

  test_bench_enable (bench, other, &error);
  g_assert_no_error (error);
  /* One of them breaks off; that isn't the other's matter. */
  test_sandbox_fault (bench->sandbox, "pinpoint", "jobs.list", "status:403", 1);
  assay_service_sync_async (bench->service, 0, FALSE, NULL, NULL, NULL, test_keep_result, &first);
  test_wait_result (&first);
  results = assay_service_sync_finish (bench->service, first, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 2);
  g_assert_cmpint ((((AssaySyncResult *) results->pdata[0])->error == NULL) +
                     (((AssaySyncResult *) results->pdata[1])->error == NULL), ==, 1);
  g_assert_cmpint (count_applications (bench), ==, 120);
  g_clear_pointer (&results, g_ptr_array_unref);
  test_wait_int64 (bench->service, "SELECT count (*) FROM connection WHERE state = 'failing'", 1);
  test_execute (bench->service, "UPDATE connection SET state = 'enabled'");

  /* A second call joins the syncs that are under way. */
  g_clear_object (&first);
  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/ledger", NULL));
  assay_service_sync_async (bench->service, 0, FALSE, NULL, NULL, NULL, test_keep_result, &first);
  assay_service_sync_async (bench->service, 0, FALSE, NULL, NULL, NULL, test_keep_result, &second);
  test_wait_result (&first);
  test_wait_result (&second);
  results = assay_service_sync_finish (bench->service, first, &error);
  joined = assay_service_sync_finish (bench->service, second, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 2);
  g_assert_cmpuint (joined->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_no_error (((AssaySyncResult *) results->pdata[i])->error);
      g_assert_no_error (((AssaySyncResult *) joined->pdata[i])->error);
    }
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "pinpoint", "jobs.list"), ==, 2);
  g_assert_cmpint (count_applications (bench), ==, 240);
}

/* A refused key keeps what is there. */
static void
test_unauthorized (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=80", NULL);
  gint64 before = get_complete_up_to (bench);
  g_autoptr (AssaySyncResult) result = NULL;
  g_autoptr (AssayConnection) connection = NULL;

  test_sandbox_fault (bench->sandbox, "pinpoint", "jobs.list", "status:401", 1);
  result = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_error (result->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  test_wait_text (bench->service, "SELECT state FROM connection WHERE role = 'ats'", "failing");
  connection = test_bench_get_connection (bench, bench->pinpoint);
  g_assert_cmpstr (connection->reason_code, ==, "unauthorized");
  test_assert_sentence (connection->reason);
  test_assert_sentence (connection->remedy);
  g_assert_cmpint (count_applications (bench), ==, 80);
  g_assert_cmpint (get_complete_up_to (bench), ==, before);
}

static void
test_not_to_be_synced (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=80", NULL);
  gint64 saved = test_bench_add (bench, "pinpoint", NULL, NULL, NULL);
  const gint64 ids[] = { saved, bench->testtrick, 4711 };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (AssaySyncResult) result = test_bench_sync (bench, ids[i], FALSE);
      int expected = ids[i] == 4711 ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_INVALID;

      g_assert_error (result->error, ASSAY_ERROR, expected);
      test_assert_sentence (result->error->message);
    }
}

/* One application: as it is now, or gone. */
static void
test_refresh_application (void)
{
  g_autoptr (TestBench) bench = test_bench_new ("--jobs=5", "--applications=20", NULL);
  gint64 id = test_bench_get_candidate (bench, 0);
  g_autofree char *sql = g_strdup_printf ("SELECT remote_id FROM application WHERE id = %" G_GINT64_FORMAT, id);
  g_autofree char *remote_id = test_query_text (bench->service, sql);
  g_autofree char *path = g_strconcat ("/applications/", remote_id, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  json_node_unref (test_sandbox_ask (bench->sandbox, "POST", path, "{\"first_name\":\"Renamed\"}"));
  TEST_CALL (result, assay_service_refresh_application_async, bench->service, id, NULL);
  g_assert_true (assay_service_refresh_application_finish (bench->service, result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (
    test_query_int64 (bench->service, "SELECT count (*) FROM application WHERE first_name = 'Renamed'"), ==, 1);

  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", path, NULL));
  TEST_CALL (result, assay_service_refresh_application_async, bench->service, id, NULL);
  g_assert_false (assay_service_refresh_application_finish (bench->service, result, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT sum (gone) FROM application"), ==, 1);
}

/* Runs a test with pages so small that a few people fill several. */
static void
in_small_pages (gconstpointer data)
{
  assay_pinpoint_set_rows_in_page (SMALL_PAGE);
  ((GTestFunc) data) ();
  assay_pinpoint_set_rows_in_page (0);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/sync/full", test_full);
  g_test_add_func ("/sync/nothing-changed", test_nothing_changed);
  g_test_add_func ("/sync/nothing-changed-by-itself", test_nothing_changed_by_itself);
  g_test_add_func ("/sync/unknown-job-by-itself", test_unknown_job_by_itself);
  g_test_add_func ("/sync/changes-while-away", test_changes_while_away);
  g_test_add_data_func ("/sync/error-in-the-middle", test_error_in_the_middle, in_small_pages);
  g_test_add_data_func ("/sync/short-trouble-in-the-middle", test_short_trouble_in_the_middle, in_small_pages);
  g_test_add_data_func ("/sync/second-pass", test_second_pass, in_small_pages);
  g_test_add_func ("/sync/few-removals", test_few_removals);
  g_test_add_func ("/sync/many-removals", test_many_removals);
  g_test_add_func ("/sync/removals-grow", test_removals_grow);
  g_test_add_func ("/sync/removals-unfounded", test_removals_unfounded);
  g_test_add_data_func ("/sync/full-second-pass", test_full_second_pass, in_small_pages);
  g_test_add_data_func ("/sync/join", test_join, in_small_pages);
  g_test_add_func ("/sync/cancel", test_cancel);
  g_test_add_data_func ("/sync/cancel-between-pages", test_cancel_between_pages, in_small_pages);
  g_test_add_func ("/sync/two-at-once", test_two_at_once);
  g_test_add_func ("/sync/unauthorized", test_unauthorized);
  g_test_add_func ("/sync/not-to-be-synced", test_not_to_be_synced);
  g_test_add_func ("/sync/refresh-application", test_refresh_application);

  return g_test_run ();
}
