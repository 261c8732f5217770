/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the providers how far an invitation is. */
#include "config.h"

#include "assay-poller.h"

#include <string.h>

#include "test-support.h"

#define SECOND (G_GINT64_CONSTANT (1000))
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void
test_intervals (void)
{
  static const struct
  {
    gint64 since_sent, since_change, interval;
  } cases[] = {
    { 0, 0, 10 * SECOND },
    { 99 * SECOND, 99 * SECOND, 10 * SECOND },
    { 10 * MINUTE, 10 * MINUTE, MINUTE },
    { 10 * DAY, 10 * MINUTE, MINUTE },
    { 10 * HOUR, 10 * HOUR, HOUR },
    { 30 * DAY, 30 * DAY, HOUR },
    { 56 * DAY, 56 * DAY, HOUR },
    { 56 * DAY + 1, 56 * DAY + 1, DAY },
    { 60 * DAY, MINUTE, DAY },
    /* A clock that was set back. */
    { -5 * MINUTE, -5 * MINUTE, 10 * SECOND },
    { 5 * MINUTE, -5 * DAY, 10 * SECOND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (assay_poller_get_interval (cases[i].since_sent, cases[i].since_change), ==, cases[i].interval);
}

/* A bench with one invitation that was sent; its id at the provider in @path's place. */
static TestBench *
make_bench (gint64 *id,
            char  **path)
{
  TestBench *bench = test_bench_new ("--jobs=3", "--applications=20", NULL);
  g_autoptr (AssayInvitation) invitation = NULL;
  g_autoptr (GError) error = NULL;

  *id = test_bench_queue (bench, test_bench_get_candidate (bench, 0), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  test_bench_send (bench, *id, &error);
  g_assert_no_error (error);
  invitation = test_bench_get_invitation (bench, *id);
  *path = g_strconcat ("/invitations/", invitation->remote_id, NULL);
  return bench;
}

static gboolean
ask (TestBench *bench,
     gint64     id,
     GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_refresh_invitation_async, bench->service, id, NULL);
  return assay_service_refresh_invitation_finish (bench->service, result, error);
}

static void
set_at_provider (TestBench  *bench,
                 const char *path,
                 const char *members)
{
  json_node_unref (test_sandbox_ask (bench->sandbox, "POST", path, "{%s}", members));
}

/* Pending, in progress, completed with score and report, each a step of the history. */
static void
test_life (void)
{
  static const AssayInvitationStatus steps[] = { ASSAY_INVITATION_QUEUED, ASSAY_INVITATION_PENDING,
                                                 ASSAY_INVITATION_IN_PROGRESS, ASSAY_INVITATION_COMPLETED };
  g_autofree char *path = NULL;
  gint64 id;
  g_autoptr (TestBench) bench = make_bench (&id, &path);
  g_autoptr (AssayInvitation) pending = NULL, begun = NULL, completed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ask (bench, id, &error));
  g_assert_no_error (error);
  pending = test_bench_get_invitation (bench, id);
  g_assert_cmpint (pending->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_cmpint (pending->checked_at, >, 0);
  g_assert_cmpint (pending->next_check_at, >, pending->checked_at);

  set_at_provider (bench, path, "\"status\":\"in_progress\"");
  g_assert_true (ask (bench, id, &error));
  begun = test_bench_get_invitation (bench, id);
  g_assert_cmpint (begun->status, ==, ASSAY_INVITATION_IN_PROGRESS);
  g_assert_null (begun->score);

  set_at_provider (bench, path, "\"status\":\"complete\",\"score\":84");
  g_assert_true (ask (bench, id, &error));
  g_assert_no_error (error);
  completed = test_bench_get_invitation (bench, id);
  g_assert_cmpint (completed->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (completed->score->value, ==, 84);
  g_assert_cmpint (completed->score->unit, ==, ASSAY_UNIT_PERCENT);
  g_assert_nonnull (completed->report_url);
  g_assert_cmpint (completed->completed_at, >, 0);
  g_assert_cmpint (completed->next_check_at, ==, 0);
  g_assert_cmpuint (completed->history->len, ==, G_N_ELEMENTS (steps));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    g_assert_cmpint (((AssayInvitationEvent *) completed->history->pdata[i])->status, ==, steps[i]);

  /* An answer that comes late or from a confused provider doesn't take it back. */
  set_at_provider (bench, path, "\"status\":\"in_progress\"");
  g_assert_true (ask (bench, id, &error));
  g_assert_no_error (error);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM invitation WHERE status = 'completed'"
                                                     " AND score = 84"), ==, 1);
  test_sandbox_assert_no_incidents (bench->sandbox);
}

/* By the candidates' own clock, with the service running and somebody looking. */
static void
test_watch (void)
{
  g_autofree char *path = NULL;
  gint64 id;
  g_autoptr (TestBench) bench = make_bench (&id, &path);

  /* Long before the poller would ask by itself. */
  test_execute (bench->service, "UPDATE invitation SET next_check_at = 9000000000000000");
  assay_service_start (bench->service);
  assay_service_watch_invitation (bench->service, id);
  test_wait_text (bench->service, "SELECT CASE WHEN checked_at > 0 THEN status END FROM invitation", "pending");

  /* Calls nest: the first to look away doesn't end it for the other. */
  assay_service_watch_invitation (bench->service, id);
  assay_service_unwatch_invitation (bench->service, id);
  set_at_provider (bench, path, "\"status\":\"in_progress\"");
  test_wait_text (bench->service, "SELECT status FROM invitation", "in-progress");
  assay_service_unwatch_invitation (bench->service, id);

  /* Who looks again sees at once what happened meanwhile: a straggler may also not have finished. */
  test_sandbox_advance (bench->sandbox, 3600);
  set_at_provider (bench, path, "\"status\":\"complete\",\"score\":55");
  assay_service_watch_invitation (bench->service, id);
  test_wait_text (bench->service, "SELECT status FROM invitation", "completed");
  assay_service_unwatch_invitation (bench->service, id);
}

/* The life that the candidates lead by themselves ends in one of its ends, for each of several. */
static void
test_advance (void)
{
  g_autofree char *path = NULL;
  gint64 id;
  g_autoptr (TestBench) bench = make_bench (&id, &path);
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i < 4; i++)
    {
      gint64 more = test_bench_queue (bench, test_bench_get_candidate (bench, i), test_bench_get_assessment (bench, 0),
                                      &error);

      g_assert_no_error (error);
      test_bench_send (bench, more, &error);
      g_assert_no_error (error);
    }
  test_sandbox_advance (bench->sandbox, 3600);
  test_execute (bench->service, "UPDATE invitation SET next_check_at = 1");
  assay_service_start (bench->service);
  /* All of them by itself, one after the other. */
  test_wait_int64 (bench->service, "SELECT count (*) FROM invitation WHERE checked_at > 0 AND next_check_at = 0"
                                   " AND status IN ('completed', 'expired', 'failed')", 4);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM invitation WHERE status = 'completed'"
                                                     " AND (score IS NULL OR report_url IS NULL)"), ==, 0);
  test_sandbox_assert_no_incidents (bench->sandbox);
}

/* The provider doesn't know it (any more): said on its card, asked for less often, and nothing else changes. */
static void
test_not_found (void)
{
  g_autofree char *path = NULL;
  gint64 id;
  g_autoptr (TestBench) bench = make_bench (&id, &path);
  g_autoptr (AssayInvitation) lost = NULL, found = NULL;
  GError *error = NULL;

  test_sandbox_fault (bench->sandbox, "testtrick", "test_status", "status:404", 1);
  g_assert_false (ask (bench, id, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  lost = test_bench_get_invitation (bench, id);
  g_assert_cmpint (lost->status, ==, ASSAY_INVITATION_PENDING);
  test_assert_sentence (lost->error);
  g_assert_cmpint (lost->next_check_at, >=, assay_time_now () + 20 * SECOND);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM connection WHERE state = 'enabled'"), ==, 2);

  g_assert_true (ask (bench, id, &error));
  g_assert_no_error (error);
  found = test_bench_get_invitation (bench, id);
  g_assert_null (found->error);
}

/* Trouble that isn't about the invitation doesn't stand on its card. */
static void
test_trouble (void)
{
  static const struct
  {
    const char *fault;
    int code;
  } cases[] = {
    { "html", ASSAY_ERROR_BAD_RESPONSE },
    { "retry-after:3600", ASSAY_ERROR_RATE_LIMITED },
    { "status:401", ASSAY_ERROR_UNAUTHORIZED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = NULL;
      gint64 id;
      g_autoptr (TestBench) bench = make_bench (&id, &path);
      g_autoptr (AssayInvitation) invitation = NULL;
      GError *error = NULL;

      test_sandbox_fault (bench->sandbox, "testtrick", "test_status", cases[i].fault, 1);
      g_assert_false (ask (bench, id, &error));
      test_assert_error (error, cases[i].code);
      invitation = test_bench_get_invitation (bench, id);
      g_assert_cmpint (invitation->status, ==, ASSAY_INVITATION_PENDING);
      g_assert_null (invitation->error);
      g_assert_cmpint (invitation->next_check_at, >, assay_time_now () + 20 * SECOND);
      test_wait_int64 (bench->service, "SELECT count (*) FROM connection WHERE role = 'provider'"
                                       " AND reason IS NOT NULL", 1);
      g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM connection WHERE state = 'failing'"), ==,
                       cases[i].code == ASSAY_ERROR_UNAUTHORIZED ? 1 : 0);
    }
}

static void
test_nothing_to_ask_for (void)
{
  g_autofree char *path = NULL;
  gint64 id, queued;
  g_autoptr (TestBench) bench = make_bench (&id, &path);
  GError *error = NULL;

  queued = test_bench_queue (bench, test_bench_get_candidate (bench, 1), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  g_assert_false (ask (bench, queued, &error));
  g_assert_nonnull (strstr (error->message, "hasn't left yet"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_false (ask (bench, 4711, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);

  /* One that a person says was sent, without the provider's number of it. */
  test_execute (bench->service, "UPDATE invitation SET remote_id = NULL WHERE status = 'pending'");
  g_assert_false (ask (bench, id, &error));
  g_assert_nonnull (strstr (error->message, "Look it up there"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/poller/intervals", test_intervals);
  g_test_add_func ("/poller/life", test_life);
  g_test_add_func ("/poller/watch", test_watch);
  g_test_add_func ("/poller/advance", test_advance);
  g_test_add_func ("/poller/not-found", test_not_found);
  g_test_add_func ("/poller/trouble", test_trouble);
  g_test_add_func ("/poller/nothing-to-ask-for", test_nothing_to_ask_for);

  return g_test_run ();
}
