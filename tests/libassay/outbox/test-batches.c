/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inviting many at once: who is set aside and why, what leaves first, pausing, giving up, taking back, trying again, and what
 * is left of it after a restart. The sandbox's ledger says what reached the provider. */
#include "config.h"

#include <signal.h>
#include <sys/resource.h>

#include <glib/gstdio.h>

#include "assay-row-list.h"
#include "test-support.h"

#define PARTNER "testtrick"
#define LONG_DELAY (60 * 60 * 1000)

static TestBench *
make_bench (void)
{
  return test_bench_new ("--jobs=4", "--applications=40", NULL);
}

static gint64
write_down (TestBench *bench,
            guint      first,
            guint      people,
            guint      delay)
{
  g_autofree AssayInvitationDraft *drafts = g_new0 (AssayInvitationDraft, people);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  for (guint i = 0; i < people; i++)
    {
      drafts[i].application_id = test_bench_get_candidate (bench, first + i);
      drafts[i].assessment_id = test_bench_get_assessment (bench, 0);
      drafts[i].delay = delay;
    }
  TEST_CALL (result, assay_service_invite_batch_async, bench->service, drafts, people, "Analysts", NULL);
  id = assay_service_invite_batch_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static void
prepare (TestBench *bench)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_service_prepare_batches_async, bench->service, NULL);
  g_assert_true (assay_service_prepare_batches_finish (bench->service, result, &error));
  g_assert_no_error (error);
}

static gpointer
read_batch (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  return assay_batches_get (database, *(gint64 *) data, error);
}

static AssayBatch *
get_batch (TestBench *bench,
           gint64     id)
{
  g_autoptr (GError) error = NULL;
  AssayBatch *batch = assay_store_read (assay_service_get_store (bench->service), read_batch, &id, &error);

  g_assert_no_error (error);
  return batch;
}

/* "2 waiting, 1 sent": the counts that aren't zero, for one assertion with a telling message; (transfer full) */
static char *
describe (TestBench *bench,
          gint64     id)
{
  g_autoptr (AssayBatch) batch = get_batch (bench, id);
  g_autoptr (GString) text = g_string_new (NULL);
  const struct
  {
    const char *name;
    guint number;
  } counts[] = {
    { "preparing", batch->preparing }, { "aside", batch->set_aside }, { "waiting", batch->waiting },
    { "sending", batch->sending },     { "sent", batch->sent },       { "failed", batch->failed },
    { "unsure", batch->unsure },       { "cancelled", batch->cancelled },
  };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i].number > 0)
      g_string_append_printf (text, "%s%u %s", text->len > 0 ? ", " : "", counts[i].number, counts[i].name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_counts (TestBench  *bench,
               gint64      id,
               const char *expected)
{
  g_autofree char *counts = describe (bench, id);

  g_assert_cmpstr (counts, ==, expected);
}

#define CALL_GOOD(bench, name, id) \
  G_STMT_START \
    { \
      g_autoptr (GAsyncResult) call_result = NULL; \
      g_autoptr (GError) call_error = NULL; \
      TEST_CALL (call_result, assay_service_##name##_async, bench->service, id, NULL); \
      assay_service_##name##_finish (bench->service, call_result, &call_error); \
      g_assert_no_error (call_error); \
    } \
  G_STMT_END

static void
drain (TestBench *bench)
{
  g_autoptr (GError) error = NULL;

  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
}

static void
change_application (TestBench  *bench,
                    gint64      id,
                    const char *assignment)
{
  g_autofree char *sql =
    g_strdup_printf ("UPDATE application SET %s WHERE id = %" G_GINT64_FORMAT, assignment, id);

  test_execute (bench->service, sql);
}

/* Each person is judged before anything is sent, and the judgement changes nothing. */
static void
test_verdicts (void)
{
  enum { READY, INVITED, TWICE, NO_EMAIL, BAD_EMAIL, NO_NAME, ARCHIVED, GONE, MISSING, CLOSED, N };
  static const AssayVerdictKind expected[N] = {
    [READY] = ASSAY_VERDICT_READY,        [INVITED] = ASSAY_VERDICT_INVITED,
    [TWICE] = ASSAY_VERDICT_TWICE,        [NO_EMAIL] = ASSAY_VERDICT_NO_EMAIL,
    [BAD_EMAIL] = ASSAY_VERDICT_NO_EMAIL, [NO_NAME] = ASSAY_VERDICT_NO_NAME,
    [ARCHIVED] = ASSAY_VERDICT_ARCHIVED,  [GONE] = ASSAY_VERDICT_GONE,
    [MISSING] = ASSAY_VERDICT_GONE,       [CLOSED] = ASSAY_VERDICT_CLOSED_JOB,
  };
  g_autoptr (TestBench) bench = make_bench ();
  AssayInvitationDraft drafts[N] = { 0 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) verdicts = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *close_job = NULL;
  const AssayVerdict *verdict;
  gint64 earlier;

  for (guint i = 0; i < N; i++)
    {
      drafts[i].application_id = test_bench_get_candidate (bench, i);
      drafts[i].assessment_id = test_bench_get_assessment (bench, 0);
    }
  earlier = test_bench_queue (bench, drafts[INVITED].application_id, drafts[INVITED].assessment_id, &error);
  g_assert_no_error (error);
  test_bench_send (bench, earlier, &error);
  g_assert_no_error (error);
  drafts[TWICE].application_id = drafts[READY].application_id;
  change_application (bench, drafts[NO_EMAIL].application_id, "email = NULL");
  drafts[BAD_EMAIL].email = "nobody at all";
  drafts[NO_NAME].first_name = " ";
  change_application (bench, drafts[ARCHIVED].application_id, "archived = 1");
  change_application (bench, drafts[GONE].application_id, "gone = 1");
  drafts[MISSING].application_id = 987654;
  /* A job of its own, so that only this one is closed. */
  close_job = g_strdup_printf ("INSERT INTO job (connection_id, remote_id, title, open) SELECT connection_id, 'closed',"
                               " 'Closed', 0 FROM application WHERE id = %" G_GINT64_FORMAT,
                               drafts[CLOSED].application_id);
  test_execute (bench->service, close_job);
  change_application (bench, drafts[CLOSED].application_id,
                      "job_id = (SELECT id FROM job WHERE remote_id = 'closed')");

  TEST_CALL (result, assay_service_check_invitations_async, bench->service, drafts, N, NULL);
  verdicts = assay_service_check_invitations_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (verdicts->len, ==, N);
  for (guint i = 0; i < N; i++)
    {
      verdict = g_ptr_array_index (verdicts, i);
      g_assert_cmpint (verdict->application_id, ==, drafts[i].application_id);
      g_assert_cmpstr (assay_verdict_kind_to_string (verdict->kind), ==, assay_verdict_kind_to_string (expected[i]));
      if (verdict->kind == ASSAY_VERDICT_READY)
        g_assert_null (verdict->sentence);
      else
        test_assert_sentence (verdict->sentence);
    }
  verdict = g_ptr_array_index (verdicts, READY);
  g_assert_nonnull (verdict->email);
  g_assert_nonnull (verdict->full_name);
  g_assert_nonnull (verdict->job_title);
  verdict = g_ptr_array_index (verdicts, INVITED);
  g_assert_cmpint (verdict->invitation_id, ==, earlier);
  g_assert_cmpint (verdict->invited_at, >, 0);
  g_assert_cmpstr (verdict->invited_by, ==, "you");
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM outbox"), ==, 1);
}

/* Those who can't be invited are set aside with the reason; all others leave, once. */
static void
test_whole (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 before = test_bench_get_candidate (bench, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayBatch) batch = NULL;
  gint64 earlier, id;

  earlier = test_bench_queue (bench, before, test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  id = write_down (bench, 0, 5, 0);
  /* What was queued by hand meanwhile is found when its turn comes. */
  prepare (bench);
  assert_counts (bench, id, "1 aside, 4 waiting");
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT application_id FROM batch_person"), ==, before);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM batch_person WHERE verdict = 'invited'"), ==,
                   1);

  batch = get_batch (bench, id);
  g_assert_cmpstr (batch->title, ==, "Analysts");
  g_assert_cmpuint (batch->total, ==, 5);
  g_assert_true (assay_batch_is_active (batch));
  g_assert_cmpfloat (batch->pace, >, 0);
  g_assert_cmpint (batch->time_left, >, 0);
  g_assert_null (batch->obstacle);

  drain (bench);
  assert_counts (bench, id, "1 aside, 4 sent");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 5);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, earlier), ==, "done");
  g_clear_pointer (&batch, assay_batch_free);
  batch = get_batch (bench, id);
  g_assert_false (assay_batch_is_active (batch));
  g_assert_cmpint (batch->time_left, ==, 0);
  test_sandbox_assert_no_incidents (bench->sandbox);
}

/* The process ends when the people are only written down, and again when they are in the outbox. */
static void
test_restarts (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 id = write_down (bench, 0, 4, 0);

  /* As if it had been killed before the first step. */
  test_execute (bench->service, "DELETE FROM invitation");
  test_execute (bench->service, "DELETE FROM outbox");
  test_execute (bench->service, "DELETE FROM batch_person");
  test_execute (bench->service, "INSERT INTO batch_person (batch_id, application_id)"
                                " SELECT (SELECT id FROM batch), id FROM application WHERE email IS NOT NULL"
                                " AND NOT archived AND NOT gone AND job_id IN (SELECT id FROM job WHERE open) LIMIT 4");
  assert_counts (bench, id, "4 preparing");
  test_bench_reopen (bench);
  prepare (bench);
  assert_counts (bench, id, "4 waiting");
  CALL_GOOD (bench, pause_batch, id);

  test_bench_reopen (bench);
  drain (bench);
  assert_counts (bench, id, "4 waiting");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 0);
  CALL_GOOD (bench, resume_batch, id);
  drain (bench);
  assert_counts (bench, id, "4 sent");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 4);
}

/* A batch that is paused before its people are in the outbox stays paused when they get there. */
static void
test_paused_while_preparing (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 id = write_down (bench, 0, 3, 0);
  g_autoptr (AssayBatch) batch = NULL;
  g_autoptr (GError) error = NULL;

  CALL_GOOD (bench, pause_batch, id);
  prepare (bench);
  drain (bench);
  /* Nor does one leave that somebody asks for by itself. */
  test_bench_send (bench, test_query_int64 (bench->service, "SELECT min (id) FROM invitation"), &error);
  test_assert_error (error, ASSAY_ERROR_FAILED);
  assert_counts (bench, id, "3 waiting");
  batch = get_batch (bench, id);
  g_assert_true (batch->paused);
  g_assert_cmpint (batch->time_left, ==, -1);
}

static gboolean
is_second_looked_at (gpointer data)
{
  return test_sandbox_count_requests (((TestBench *) data)->sandbox, "pinpoint", "applications.get") == 2;
}

/* While one invitation is on the wire the next one's ATS is looked at; nothing more of it happens. */
static void
test_looks_ahead (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 id = write_down (bench, 0, 3, 0);
  g_autoptr (GAsyncResult) result = NULL;

  prepare (bench);
  test_sandbox_fault (bench->sandbox, "testtrick", "send_test", "stall", 1);
  assay_service_run_outbox_async (bench->service, 0, NULL, test_keep_result, &result);
  test_run_until (is_second_looked_at, bench);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "testtrick", "send_test"), <=, 1);
  assert_counts (bench, id, "2 waiting, 1 sending");
  assay_service_stop (bench->service);
  test_wait_result (&result);
  g_clear_object (&result);
  test_bench_reopen (bench);
  drain (bench);
  assert_counts (bench, id, "2 sent, 1 unsure");
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, "testtrick", "send_test"), ==, 3);
}

/* Somebody's own invitation leaves before the rest of a batch that was there first. */
static void
test_own_goes_first (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 id = write_down (bench, 0, 4, 0);
  g_autoptr (GError) error = NULL;
  gint64 own;

  prepare (bench);
  own = test_bench_queue (bench, test_bench_get_candidate (bench, 10), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  drain (bench);
  assert_counts (bench, id, "4 sent");
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT id FROM invitation ORDER BY sent_at, id LIMIT 1"), ==, own);
}

/* Within the delay all of it can be taken back, and nothing is left of it. */
static void
test_undo (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 id = write_down (bench, 0, 3, LONG_DELAY);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  prepare (bench);
  drain (bench);
  assert_counts (bench, id, "3 waiting");
  CALL_GOOD (bench, undo_batch, id);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM outbox)"
                                                     " + (SELECT count(*) FROM invitation)"
                                                     " + (SELECT count(*) FROM batch_person)"),
                   ==, 0);
  drain (bench);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 0);

  /* Once it has left it can't be. */
  id = write_down (bench, 0, 2, 0);
  prepare (bench);
  drain (bench);
  TEST_CALL (result, assay_service_undo_batch_async, bench->service, id, NULL);
  g_assert_cmpint (assay_service_undo_batch_finish (bench->service, result, &error), ==, -1);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  assert_counts (bench, id, "2 sent");
}

/* What an undo leaves of a batch goes on, or stays paused, as it was. */
static void
test_undo_keeps_pause (void)
{
  static const gboolean pauses[] = { FALSE, TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    {
      g_autoptr (TestBench) bench = make_bench ();
      gint64 id = write_down (bench, 0, 3, LONG_DELAY);
      g_autoptr (AssayBatch) batch = NULL;

      prepare (bench);
      /* As if the provider had refused one for now. */
      test_execute (bench->service, "UPDATE outbox SET attempts = 1, due_at = 0 WHERE id = (SELECT min (id) FROM outbox)");
      if (pauses[i])
        CALL_GOOD (bench, pause_batch, id);
      CALL_GOOD (bench, undo_batch, id);
      assert_counts (bench, id, "1 waiting");
      batch = get_batch (bench, id);
      g_assert_cmpint (batch->paused, ==, pauses[i]);
      drain (bench);
      g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, pauses[i] ? 0 : 1);
    }
}

/* Cancelling gives up what hasn't left; those people can be invited anew. */
static void
test_cancel (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 id = write_down (bench, 0, 4, 0);
  g_autoptr (GError) error = NULL;
  gint64 first;

  prepare (bench);
  first = test_query_int64 (bench->service, "SELECT min (invitation_id) FROM outbox");
  test_bench_send (bench, first, &error);
  g_assert_no_error (error);
  CALL_GOOD (bench, cancel_batch, id);
  assert_counts (bench, id, "1 sent, 3 cancelled");
  drain (bench);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);

  id = write_down (bench, 0, 4, 0);
  prepare (bench);
  assert_counts (bench, id, "1 aside, 3 waiting");

  /* Before they are in the outbox there is less to give up. */
  test_execute (bench->service, "UPDATE outbox SET state = 'discarded' WHERE state = 'queued'");
  test_execute (bench->service, "INSERT INTO batch_person (batch_id, application_id)"
                                " SELECT max (id), (SELECT max (application_id) FROM outbox) FROM batch");
  CALL_GOOD (bench, cancel_batch, id);
  assert_counts (bench, id, "1 aside, 4 cancelled");
}

static gpointer
read_ids (AssayDatabase *database,
          gpointer       data,
          GError       **error)
{
  return assay_batches_list_invitation_ids (database, *(gint64 *) data, 0, error);
}

static GArray *
list_invitations (TestBench *bench,
                  gint64     id)
{
  g_autoptr (GError) error = NULL;
  GArray *ids = assay_store_read (assay_service_get_store (bench->service), read_ids, &id, &error);

  g_assert_no_error (error);
  return ids;
}

/* The provider refuses one: it comes first, and is sent again with the address that the ATS has meanwhile. */
static void
test_retry (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GArray) ids = NULL;
  g_autofree char *email = NULL;
  gint64 id, failed;

  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "status:422", 1);
  id = write_down (bench, 0, 3, 0);
  prepare (bench);
  drain (bench);
  assert_counts (bench, id, "2 sent, 1 failed");
  failed = test_query_int64 (bench->service, "SELECT invitation_id FROM outbox WHERE state = 'failed'");
  ids = list_invitations (bench, id);
  g_assert_cmpuint (ids->len, ==, 3);
  g_assert_cmpint (g_array_index (ids, gint64, 0), ==, failed);

  test_execute (bench->service, "UPDATE application SET email = 'corrected@example.com', email_folded ="
                                " 'corrected@example.com', updated_at = 99999999999999 WHERE id ="
                                " (SELECT application_id FROM outbox WHERE state = 'failed')");
  CALL_GOOD (bench, retry_batch_failures, id);
  assert_counts (bench, id, "1 waiting, 2 sent");
  drain (bench);
  assert_counts (bench, id, "3 sent");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, "corrected@example.com"), ==, 1);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 3);

  /* Nothing failed: nothing happens. */
  CALL_GOOD (bench, retry_batch_failures, id);
  assert_counts (bench, id, "3 sent");
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, 4);
}

/* What was typed over stays so, whatever the ATS has meanwhile, and the address that was refused can be corrected. */
static void
test_retry_of_what_was_typed (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  AssayInvitationDraft draft = {
    .application_id = test_bench_get_candidate (bench, 0),
    .assessment_id = test_bench_get_assessment (bench, 0),
    .first_name = (char *) "Typed",
    .email = (char *) "typed@example.com",
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id, invitation_id;

  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "status:422", 2);
  TEST_CALL (result, assay_service_invite_batch_async, bench->service, &draft, 1, "Typed", NULL);
  id = assay_service_invite_batch_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  prepare (bench);
  drain (bench);
  assert_counts (bench, id, "1 failed");
  invitation_id = test_query_int64 (bench->service, "SELECT invitation_id FROM outbox WHERE state = 'failed'");

  change_application (bench, draft.application_id,
                      "email = 'moved@example.com', email_folded = 'moved@example.com', updated_at = 99999999999999");
  CALL_GOOD (bench, retry_batch_failures, id);
  drain (bench);
  assert_counts (bench, id, "1 failed");
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM invitation WHERE first_name = 'Typed'"
                                                     " AND email = 'typed@example.com'"), ==, 1);

  TEST_CALL (result, assay_service_amend_invitation_async, bench->service, invitation_id, "Typed", "Anew", "no address",
             NULL);
  g_assert_false (assay_service_amend_invitation_finish (bench->service, result, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  g_clear_error (&error);
  g_clear_object (&result);
  assert_counts (bench, id, "1 failed");

  TEST_CALL (result, assay_service_amend_invitation_async, bench->service, invitation_id, "Typed", "Anew",
             "corrected@example.com", NULL);
  g_assert_true (assay_service_amend_invitation_finish (bench->service, result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);
  drain (bench);
  assert_counts (bench, id, "1 sent");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, "corrected@example.com"), ==, 1);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);

  /* What has left can't be corrected any more. */
  TEST_CALL (result, assay_service_amend_invitation_async, bench->service, invitation_id, "Typed", "Anew",
             "third@example.com", NULL);
  g_assert_false (assay_service_amend_invitation_finish (bench->service, result, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
}

/* Who failed and was invited by hand meanwhile isn't invited again by a retry. */
static void
test_retry_of_somebody_invited (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GError) error = NULL;
  gint64 id, own;

  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "status:422", 1);
  id = write_down (bench, 0, 1, 0);
  prepare (bench);
  drain (bench);
  assert_counts (bench, id, "1 failed");
  own = test_bench_queue (bench, test_bench_get_candidate (bench, 0), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  test_bench_send (bench, own, &error);
  g_assert_no_error (error);

  CALL_GOOD (bench, retry_batch_failures, id);
  drain (bench);
  assert_counts (bench, id, "1 failed");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);
}

/* A provider that is out of order is left alone for a while: the others of the batch aren't tried one after the other. */
static void
test_provider_out_of_order (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (AssayBatch) batch = NULL;
  gint64 id = write_down (bench, 0, 5, 0);

  prepare (bench);
  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "retry-after:3600", 50);
  drain (bench);
  assert_counts (bench, id, "5 waiting");
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, 1);
  batch = get_batch (bench, id);
  test_assert_sentence (batch->obstacle);
  g_assert_cmpint (batch->time_left, ==, -1);
}

static guint64
get_log_size (TestBench *bench)
{
  g_autofree char *path = g_build_filename (bench->directory, "assay.db-wal", NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return (guint64) status.st_size;
}

/* The disk is full in the middle: what has left is known, the rest stays queued, and goes on once there is room. */
static void
test_disk_full (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (TestBench) bench = make_bench ();
      gint64 id = write_down (bench, 0, 6, LONG_DELAY);
      struct rlimit limit, small;
      guint sent;

      prepare (bench);
      test_execute (bench->service, "UPDATE outbox SET due_at = 1");
      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      small = limit;
      /* Room for some commits. */
      small.rlim_cur = get_log_size (bench) + 300 * 1024;
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
      assay_service_start (bench->service);
      test_wait_int64 (bench->service, "SELECT count(*) > 0 FROM outbox WHERE state = 'done'", 1);
      for (gint64 end = g_get_monotonic_time () + 2 * G_USEC_PER_SEC; g_get_monotonic_time () < end;)
        if (!g_main_context_iteration (NULL, FALSE))
          g_usleep (2000);

      sent = test_sandbox_count_effects (bench->sandbox, NULL);
      g_assert_cmpuint (sent, >, 0);
      g_assert_cmpuint (sent, <, 6);
      /* At most the one whose end couldn't be written is still on its way here. */
      g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM outbox WHERE state IN ('done', 'sending')"),
                       ==, sent);

      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      test_wait_int64 (bench->service, "SELECT count(*) FROM outbox WHERE state = 'sending'", 0);
      g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM outbox WHERE state = 'unsure'"), ==, 0);
      drain (bench);
      test_bench_reopen (bench);
      drain (bench);
      assert_counts (bench, id, "6 sent");
      g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 6);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static gboolean
list_is_loaded (gpointer data)
{
  return !assay_row_list_get_loading (data);
}

/* The window's list of a batch. */
static void
test_row_list (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (AssayRowList) list = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = write_down (bench, 0, 3, 0);

  prepare (bench);
  test_bench_queue (bench, test_bench_get_candidate (bench, 10), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  list = assay_row_list_new_invitations (assay_service_get_store (bench->service));
  assay_row_list_set_batch (list, id);
  test_run_until (list_is_loaded, list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 3);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);
  g_test_add_func ("/batches/verdicts", test_verdicts);
  g_test_add_func ("/batches/whole", test_whole);
  g_test_add_func ("/batches/restarts", test_restarts);
  g_test_add_func ("/batches/paused-while-preparing", test_paused_while_preparing);
  g_test_add_func ("/batches/looks-ahead", test_looks_ahead);
  g_test_add_func ("/batches/own-goes-first", test_own_goes_first);
  g_test_add_func ("/batches/undo", test_undo);
  g_test_add_func ("/batches/undo-keeps-pause", test_undo_keeps_pause);
  g_test_add_func ("/batches/cancel", test_cancel);
  g_test_add_func ("/batches/retry", test_retry);
  g_test_add_func ("/batches/retry-of-what-was-typed", test_retry_of_what_was_typed);
  g_test_add_func ("/batches/retry-of-somebody-invited", test_retry_of_somebody_invited);
  g_test_add_func ("/batches/provider-out-of-order", test_provider_out_of_order);
  g_test_add_func ("/batches/row-list", test_row_list);
  /* The last one: it runs itself, and its end takes the folders that all share along. */
  g_test_add_func ("/batches/disk-full", test_disk_full);
  return g_test_run ();
}
