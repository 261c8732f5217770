/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of applications in their ATS by way of the outbox: each kind, each misfortune, and the tag by which copies of Assay
 * on other machines know of an invitation. The sandbox says what took effect. */
#include "config.h"

#include <string.h>

#include "assay-offers.h"
#include "test-support.h"

#define ATS "pinpoint"
#define UPDATE "applications.update"
#define COMMENT "comments.create"

static TestBench *
make_bench (void)
{
  return test_bench_new ("--jobs=4", "--applications=40", NULL);
}

static gint64
queue (TestBench         *bench,
       const AssayEffect *effect,
       GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_queue_effect_async, bench->service, effect, NULL);
  return assay_service_queue_effect_finish (bench->service, result, error);
}

static gboolean
run (TestBench *bench,
     gint64     id,
     GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_run_effect_async, bench->service, id, NULL);
  return assay_service_run_effect_finish (bench->service, result, error);
}

static AssayEffect *
make (AssayEffectKind kind,
      gint64          application,
      const char     *text)
{
  AssayEffect *effect = assay_effect_new (kind);

  effect->application_id = application;
  effect->text = g_strdup (text);
  return effect;
}

/* Queues one that must be good. */
static gint64
queue_text (TestBench       *bench,
            AssayEffectKind  kind,
            gint64           application,
            const char      *text)
{
  g_autoptr (AssayEffect) effect = make (kind, application, text);
  g_autoptr (GError) error = NULL;
  gint64 id = queue (bench, effect, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static void
do_text (TestBench       *bench,
         AssayEffectKind  kind,
         gint64           application,
         const char      *text)
{
  g_autoptr (GError) error = NULL;

  run (bench, queue_text (bench, kind, application, text), &error);
  g_assert_no_error (error);
}

static char *
get_state (TestBench *bench,
           gint64     id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT state FROM outbox WHERE id = %" G_GINT64_FORMAT, id);

  return test_query_text (bench->service, sql);
}

static void
assert_state (TestBench  *bench,
              gint64      id,
              const char *expected)
{
  g_autofree char *state = get_state (bench, id);

  g_assert_cmpstr (state, ==, expected);
}

/* The application as the ATS has it now, by way of the store. */
static void
refresh (TestBench *bench,
         gint64     application)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_service_refresh_application_async, bench->service, application, NULL);
  assay_service_refresh_application_finish (bench->service, result, &error);
  g_assert_no_error (error);
}

static char *
get_column (TestBench  *bench,
            gint64      application,
            const char *column)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT %s FROM application WHERE id = %" G_GINT64_FORMAT, column, application);

  return test_query_text (bench->service, sql);
}

static gboolean
is_tagged (TestBench  *bench,
           gint64      application,
           const char *tag)
{
  g_autofree char *tags = get_column (bench, application, "tags");
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", tag);

  return strstr (tags, quoted) != NULL;
}

static guint
count_requests (TestBench  *bench,
                const char *operation)
{
  return test_sandbox_count_requests (bench->sandbox, ATS, operation);
}

/* Each arrives, and what is known here follows at once. */
static void
test_kinds (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autoptr (AssayEffect) move = assay_effect_new (ASSAY_EFFECT_MOVE);
  g_autofree char *stage_sql =
    g_strdup_printf ("SELECT s.id FROM stage s JOIN application a ON a.job_id = s.job_id AND"
                     " s.remote_id <> a.stage_remote_id WHERE a.id = %" G_GINT64_FORMAT " ORDER BY s.id DESC LIMIT 1",
                     application);
  g_autofree char *stage_name = NULL, *name_sql = NULL, *now = NULL, *later = NULL;
  g_autoptr (GError) error = NULL;
  guint updates = count_requests (bench, UPDATE);

  do_text (bench, ASSAY_EFFECT_TAG, application, " Shortlist ");
  g_assert_true (is_tagged (bench, application, "Shortlist"));
  refresh (bench, application);
  g_assert_true (is_tagged (bench, application, "Shortlist"));

  do_text (bench, ASSAY_EFFECT_UNTAG, application, "Shortlist");
  g_assert_false (is_tagged (bench, application, "Shortlist"));
  refresh (bench, application);
  g_assert_false (is_tagged (bench, application, "Shortlist"));

  do_text (bench, ASSAY_EFFECT_NOTE, application, "Please look at “this”.");
  g_assert_cmpuint (count_requests (bench, COMMENT), ==, 1);

  move->application_id = application;
  move->stage_id = test_query_int64 (bench->service, stage_sql);
  name_sql = g_strdup_printf ("SELECT name FROM stage WHERE id = %" G_GINT64_FORMAT, move->stage_id);
  stage_name = test_query_text (bench->service, name_sql);
  run (bench, queue (bench, move, &error), &error);
  g_assert_no_error (error);
  now = get_column (bench, application, "stage_name");
  g_assert_cmpstr (now, ==, stage_name);
  refresh (bench, application);
  later = get_column (bench, application, "stage_name");
  g_assert_cmpstr (later, ==, stage_name);
  g_assert_cmpuint (count_requests (bench, UPDATE), ==, updates + 3);

  /* It is there already: the vendor is asked, and nothing is written. */
  run (bench, queue (bench, move, &error), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_requests (bench, UPDATE), ==, updates + 3);
  test_sandbox_assert_no_incidents (bench->sandbox);
}

static void
assert_refused (TestBench         *bench,
                const AssayEffect *effect,
                int                code)
{
  g_autoptr (GError) error = NULL;
  gint64 before = test_query_int64 (bench->service, "SELECT count(*) FROM outbox");

  g_assert_cmpint (queue (bench, effect, &error), ==, 0);
  test_assert_error (error, code);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM outbox"), ==, before);
}

/* What makes no sense never gets into the queue. */
static void
test_refused_at_once (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autofree char *stage_sql =
    g_strdup_printf ("SELECT s.id FROM stage s JOIN application a ON a.job_id <> s.job_id"
                     " WHERE a.id = %" G_GINT64_FORMAT " LIMIT 1", application);
  g_autofree char *long_tag = g_strnfill (101, 'x');
  g_autofree char *big = g_malloc0 (ASSAY_EFFECT_MAX_DOCUMENT + 1);
  static const struct
  {
    AssayEffectKind kind;
    const char *text;
  } texts[] = {
    { ASSAY_EFFECT_TAG, "" },   { ASSAY_EFFECT_TAG, "  " },   { ASSAY_EFFECT_TAG, "two\nlines" },
    { ASSAY_EFFECT_UNTAG, "" }, { ASSAY_EFFECT_NOTE, "" },    { ASSAY_EFFECT_SCORE, "84" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (AssayEffect) effect = make (texts[i].kind, application, texts[i].text);

      assert_refused (bench, effect, ASSAY_ERROR_INVALID);
    }
  {
    g_autoptr (AssayEffect) tag = make (ASSAY_EFFECT_TAG, application, long_tag);
    g_autoptr (AssayEffect) nobody = make (ASSAY_EFFECT_TAG, 987654, "Tag");
    g_autoptr (AssayEffect) move = make (ASSAY_EFFECT_MOVE, application, NULL);
    g_autoptr (AssayEffect) score = make (ASSAY_EFFECT_SCORE, application, "many");
    g_autoptr (AssayEffect) document = make (ASSAY_EFFECT_DOCUMENT, application, NULL);
    g_autoptr (AssayEffect) cancel = assay_effect_new (ASSAY_EFFECT_CANCEL);

    assert_refused (bench, tag, ASSAY_ERROR_INVALID);
    assert_refused (bench, nobody, ASSAY_ERROR_NOT_FOUND);
    move->stage_id = test_query_int64 (bench->service, stage_sql);
    assert_refused (bench, move, ASSAY_ERROR_INVALID);
    move->stage_id = 987654;
    assert_refused (bench, move, ASSAY_ERROR_NOT_FOUND);
    score->field = g_strdup ("Score");
    assert_refused (bench, score, ASSAY_ERROR_INVALID);
    document->file_name = g_strdup ("cv.pdf");
    document->bytes = g_bytes_new_static (big, ASSAY_EFFECT_MAX_DOCUMENT + 1);
    assert_refused (bench, document, ASSAY_ERROR_INVALID);
    cancel->invitation_id = 987654;
    assert_refused (bench, cancel, ASSAY_ERROR_NOT_FOUND);
  }
}

/* A click that came twice is one effect; the same again later is another. What a rule's cause did is never done again. */
static void
test_once (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autoptr (AssayEffect) tag = make (ASSAY_EFFECT_TAG, application, "Shortlist");
  g_autoptr (AssayEffect) note = make (ASSAY_EFFECT_NOTE, application, "Completed.");
  g_autoptr (GError) error = NULL;
  gint64 first = queue (bench, tag, &error);
  gint64 ruled;

  g_assert_no_error (error);
  g_assert_cmpint (queue (bench, tag, &error), ==, 0);
  g_assert_cmpint (assay_error_get_record (error), ==, first);
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  run (bench, first, &error);
  g_assert_no_error (error);
  g_assert_cmpint (queue (bench, tag, &error), !=, first);
  g_assert_no_error (error);

  note->cause = g_strdup ("rule:Analysts i1 completed");
  ruled = queue (bench, note, &error);
  g_assert_no_error (error);
  g_assert_cmpint (queue (bench, note, &error), ==, ruled);
  run (bench, ruled, &error);
  g_assert_no_error (error);
  g_assert_cmpint (queue (bench, note, &error), ==, ruled);
  g_assert_no_error (error);
  g_assert_cmpuint (count_requests (bench, COMMENT), ==, 1);
}

typedef struct
{
  const char *name;
  const char *fault;
  gboolean note;          /* a note; else a tag */
  int code;
  const char *state;
  gboolean done_later;    /* the next run finishes it */
  guint requests;         /* in all */
  const char *connection; /* the ATS's state afterwards */
} Misfortune;

static const Misfortune misfortunes[] = {
  /* The same twice is the same: looked at, and done again only if it isn't there. */
  { "tag/drop-after", "drop-after", FALSE, ASSAY_ERROR_UNAVAILABLE, "queued", TRUE, 1, "enabled" },
  { "tag/drop-before", "drop-before", FALSE, ASSAY_ERROR_UNAVAILABLE, "queued", TRUE, 2, "enabled" },
  { "tag/500", "status:500", FALSE, ASSAY_ERROR_UNAVAILABLE, "queued", TRUE, 2, "enabled" },
  /* A second note would be seen. */
  { "note/drop-after", "drop-after", TRUE, ASSAY_ERROR_UNSURE, "unsure", FALSE, 1, "enabled" },
  /* One permission that is missing doesn't stop the rest; a refused key does, and the queue stays. */
  { "tag/403", "status:403", FALSE, ASSAY_ERROR_FORBIDDEN, "failed", FALSE, 1, "enabled" },
  { "tag/401", "status:401", FALSE, ASSAY_ERROR_UNAUTHORIZED, "queued", FALSE, 1, "failing" },
  { "tag/404", "status:404", FALSE, ASSAY_ERROR_NOT_FOUND, "failed", FALSE, 1, "enabled" },
  { "tag/409", "status:409", FALSE, ASSAY_ERROR_INVALID, "failed", FALSE, 1, "enabled" },
  { "note/422", "status:422", TRUE, ASSAY_ERROR_INVALID, "failed", FALSE, 1, "enabled" },
};

static void
test_misfortune (gconstpointer data)
{
  const Misfortune *misfortune = data;
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  const char *operation = misfortune->note ? COMMENT : UPDATE;
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  gint64 id;

  test_sandbox_fault (bench->sandbox, ATS, operation, misfortune->fault, 1);
  id = queue_text (bench, misfortune->note ? ASSAY_EFFECT_NOTE : ASSAY_EFFECT_TAG, application, "Shortlist");
  g_assert_false (run (bench, id, &error));
  if (!g_str_equal (misfortune->fault, "status:409"))
    g_assert_error (error, ASSAY_ERROR, misfortune->code);
  test_assert_sentence (error->message);
  g_clear_error (&error);
  assert_state (bench, id, misfortune->state);
  sentence = test_query_text (bench->service, "SELECT last_error FROM outbox");
  g_assert_nonnull (sentence);

  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/faults", NULL));
  test_wait_text (bench->service, "SELECT state FROM connection WHERE role = 'ats'", misfortune->connection);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT gone FROM application WHERE id ="
                                                     " (SELECT application_id FROM outbox)"),
                   ==, g_str_equal (misfortune->fault, "status:404"));

  /* Neither a person nor a new start changes what was settled; what waits is finished. */
  test_bench_reopen (bench);
  test_execute (bench->service, "UPDATE outbox SET due_at = 1 WHERE state = 'queued'");
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  assert_state (bench, id, misfortune->done_later ? "done" : misfortune->state);
  g_assert_cmpuint (count_requests (bench, operation), ==, misfortune->requests);
  if (misfortune->done_later)
    g_assert_true (is_tagged (bench, application, "Shortlist"));
}

/* The process ends on the way: what can be looked at is, the rest is a person's. */
static void
test_orphans (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  gint64 tag = queue_text (bench, ASSAY_EFFECT_TAG, application, "Shortlist");
  gint64 note = queue_text (bench, ASSAY_EFFECT_NOTE, application, "Look.");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *evidence = NULL;

  test_execute (bench->service, "UPDATE outbox SET state = 'sending', owner = 4711, attempts = 1");
  test_bench_reopen (bench);
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  assert_state (bench, tag, "done");
  assert_state (bench, note, "unsure");
  g_assert_cmpuint (count_requests (bench, COMMENT), ==, 0);
  evidence = test_query_text (bench->service, "SELECT evidence FROM outbox WHERE state = 'unsure'");
  test_assert_sentence (evidence);

  TEST_CALL (result, assay_service_resolve_outbox_async, bench->service, note, FALSE, NULL);
  g_assert_true (assay_service_resolve_outbox_finish (bench->service, result, &error));
  g_assert_no_error (error);
  run (bench, note, &error);
  g_assert_no_error (error);
  assert_state (bench, note, "done");
  g_assert_cmpuint (count_requests (bench, COMMENT), ==, 1);
}

/* No provider that is known lets other programs resend or cancel: it is said at once. */
static void
test_provider_cant (void)
{
  static const AssayEffectKind kinds[] = { ASSAY_EFFECT_RESEND, ASSAY_EFFECT_CANCEL };
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GError) error = NULL;
  gint64 invitation =
    test_bench_queue (bench, test_bench_get_candidate (bench, 0), test_bench_get_assessment (bench, 0), &error);

  g_assert_no_error (error);
  test_bench_send (bench, invitation, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (AssayEffect) effect = assay_effect_new (kinds[i]);

      effect->invitation_id = invitation;
      assert_refused (bench, effect, ASSAY_ERROR_INVALID);
    }
}

/* What is offered for an invitation: no more than its provider can, at a time when it makes sense. */
static void
test_offers (void)
{
  AssayCapabilities all = ASSAY_CAN_RESEND | ASSAY_CAN_CANCEL | ASSAY_CAN_RETAKE;
  g_autoptr (AssayInvitation) invitation = assay_invitation_new ();
  AssayOffers in_flight = ASSAY_OFFER_RESEND | ASSAY_OFFER_CANCEL;
  const AssayOffers expected[ASSAY_N_INVITATION_STATUSES] = {
    [ASSAY_INVITATION_PENDING] = in_flight,
    [ASSAY_INVITATION_COMPLETED] = ASSAY_OFFER_RETAKE,
    [ASSAY_INVITATION_EXPIRED] = ASSAY_OFFER_RETAKE,
    [ASSAY_INVITATION_CANCELLED] = ASSAY_OFFER_RETAKE,
  };
  g_autofree char *neither = NULL, *no_cancelling = NULL, *no_resending = NULL;

  invitation->application_id = 1;
  invitation->remote_id = g_strdup ("r1");
  for (guint status = 0; status < ASSAY_N_INVITATION_STATUSES; status++)
    {
      invitation->status = status;
      g_assert_cmpint (assay_offers_of_invitation (invitation, all), ==, expected[status]);
      g_assert_cmpint (assay_offers_of_invitation (invitation, 0), ==, 0);
    }

  invitation->status = ASSAY_INVITATION_PENDING;
  g_assert_cmpint (assay_offers_of_invitation (invitation, ASSAY_CAN_RESEND), ==, ASSAY_OFFER_RESEND);
  g_assert_null (assay_offers_explain (invitation, all, "TestTrick"));
  neither = assay_offers_explain (invitation, 0, "TestTrick");
  no_cancelling = assay_offers_explain (invitation, ASSAY_CAN_RESEND, "TestTrick");
  no_resending = assay_offers_explain (invitation, ASSAY_CAN_CANCEL, "TestTrick");
  g_assert_true (g_str_has_prefix (neither, "To send it again or call it off, go to TestTrick"));
  g_assert_true (g_str_has_prefix (no_cancelling, "To call it off, go to TestTrick"));
  g_assert_true (g_str_has_prefix (no_resending, "To send it again, go to TestTrick"));

  /* Whoever has no id at the provider can't be spoken of there, and whoever was erased can't be invited. */
  g_clear_pointer (&invitation->remote_id, g_free);
  g_assert_cmpint (assay_offers_of_invitation (invitation, all), ==, 0);
  invitation->status = ASSAY_INVITATION_COMPLETED;
  invitation->application_id = 0;
  g_assert_cmpint (assay_offers_of_invitation (invitation, all), ==, 0);
  g_assert_null (assay_offers_explain (invitation, 0, "TestTrick"));
}

/* The marker */

static gint64
invite (TestBench *bench,
        gint64     application,
        guint      assessment,
        GError   **error)
{
  gint64 id = test_bench_queue (bench, application, test_bench_get_assessment (bench, assessment), error);

  if (id != 0)
    test_bench_send (bench, id, error);
  return id;
}

static void
set_marking (TestBench  *bench,
             const char *value)
{
  const char *settings[] = { value, NULL };
  g_autoptr (GError) error = NULL;

  test_bench_set (bench, bench->pinpoint, NULL, settings, &error);
  g_assert_no_error (error);
}

/* What this machine knows of the invitation is taken away: it is another machine from then on. */
static void
forget (TestBench *bench)
{
  test_execute (bench->service, "DELETE FROM outbox");
  test_execute (bench->service, "DELETE FROM invitation");
}

/* Invites by a batch of one: its id. */
static gint64
invite_batch (TestBench *bench,
              gint64     application)
{
  const AssayInvitationDraft draft = { .application_id = application, .assessment_id = test_bench_get_assessment (bench, 0) };
  g_autoptr (GAsyncResult) written = NULL, prepared = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  TEST_CALL (written, assay_service_invite_batch_async, bench->service, &draft, 1, "One", NULL);
  id = assay_service_invite_batch_finish (bench->service, written, &error);
  g_assert_no_error (error);
  TEST_CALL (prepared, assay_service_prepare_batches_async, bench->service, NULL);
  g_assert_true (assay_service_prepare_batches_finish (bench->service, prepared, &error));
  test_bench_send (bench, 0, &error);
  g_clear_error (&error);
  return id;
}

static void
retry_batch (TestBench *bench,
             gint64     id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_service_retry_batch_failures_async, bench->service, id, NULL);
  g_assert_true (assay_service_retry_batch_failures_finish (bench->service, result, &error));
  test_bench_send (bench, 0, &error);
}

static char *
get_batch_state (TestBench *bench,
                 gint64     id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT state || ' ' || ifnull (last_error, '') FROM outbox"
                                          " WHERE batch_id = %" G_GINT64_FORMAT, id);

  return test_query_text (bench->service, sql);
}

/* By default nothing is written to the ATS. With the setting a second machine sees that the first has invited. */
static void
test_marker (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = test_query_text (bench->service, "SELECT name FROM assessment WHERE active ORDER BY id LIMIT 1");
  g_autofree char *marker = g_strdup_printf ("TestTrick-Invitation Sent (%s)", name);
  g_autofree char *aside = NULL, *sent = NULL;
  gint64 batch;

  invite (bench, application, 1, &error);
  g_assert_no_error (error);
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_requests (bench, UPDATE), ==, 0);

  set_marking (bench, "mark-invitations=yes");
  invite (bench, application, 0, &error);
  g_assert_no_error (error);
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_requests (bench, UPDATE), ==, 1);
  g_assert_true (is_tagged (bench, application, marker));

  /* A machine that has the tag from a sync says so before anything is queued, and sets the person of a batch aside. */
  forget (bench);
  g_assert_cmpint (invite (bench, application, 0, &error), ==, 0);
  g_assert_nonnull (strstr (error->message, marker));
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  invite_batch (bench, application);
  aside = test_query_text (bench->service, "SELECT verdict || ' ' || sentence FROM batch_person");
  g_assert_true (g_str_has_prefix (aside, "invited "));
  g_assert_nonnull (strstr (aside, marker));
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 2);

  /* One that hasn't asks the ATS before the invitation leaves, each time that is tried. */
  test_execute (bench->service, "UPDATE application SET tags = '[]'");
  batch = invite_batch (bench, application);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *state = get_batch_state (bench, batch);

      g_assert_true (g_str_has_prefix (state, "failed "));
      g_assert_nonnull (strstr (state, marker));
      g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 2);
      retry_batch (bench, batch);
    }

  /* Another assessment is another matter. */
  invite (bench, application, 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 3);

  /* Once it is removed the provider is asked, which knows the first machine's invitation. */
  do_text (bench, ASSAY_EFFECT_UNTAG, application, marker);
  retry_batch (bench, batch);
  sent = get_batch_state (bench, batch);
  g_assert_true (g_str_has_prefix (sent, "done "));
}

/* The provider's own integration writes a tag that names no assessment: it counts while nothing here explains it. */
static void
test_providers_own_tag (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autoptr (GError) error = NULL;

  do_text (bench, ASSAY_EFFECT_TAG, application, "TestTrick-Invitation Sent");
  invite (bench, application, 0, &error);
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 0);

  do_text (bench, ASSAY_EFFECT_UNTAG, application, "TestTrick-Invitation Sent");
  invite (bench, application, 0, &error);
  g_assert_no_error (error);

  do_text (bench, ASSAY_EFFECT_TAG, application, "TestTrick-Invitation Sent");
  invite (bench, application, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 2);
}

/* An ATS out of order holds up only who asked for the markers, and not for ever. */
static void
test_ats_out_of_order (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GError) error = NULL;
  gint64 id;

  test_sandbox_fault (bench->sandbox, ATS, "applications.get", "retry-after:3600", 1000);
  invite (bench, test_bench_get_candidate (bench, 0), 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);

  /* While it is out of order it isn't asked for each of many. */
  invite (bench, test_bench_get_candidate (bench, 2), 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_requests (bench, "applications.get"), ==, 1);

  set_marking (bench, "mark-invitations=yes");
  test_bench_reopen (bench);
  id = invite (bench, test_bench_get_candidate (bench, 1), 0, &error);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED);
  g_clear_error (&error);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "queued");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 2);

  /* A quarter of an hour later. */
  test_execute (bench->service, "UPDATE invitation SET created_at = created_at - 16 * 60 * 1000");
  test_bench_send (bench, id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 3);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM invitation_event WHERE source = 'outbox'"
                                                     " AND status_text LIKE '%ATS%'"),
                   ==, 1);
}

/* Closed or removed in the ATS since the last sync. */
static void
test_closed_meanwhile (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autoptr (GError) error = NULL;

  test_sandbox_fault (bench->sandbox, ATS, "applications.get", "status:404", 1);
  invite (bench, application, 0, &error);
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 0);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count(*) FROM application WHERE gone"), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);
  g_test_add_func ("/effects/kinds", test_kinds);
  g_test_add_func ("/effects/refused-at-once", test_refused_at_once);
  g_test_add_func ("/effects/once", test_once);
  for (guint i = 0; i < G_N_ELEMENTS (misfortunes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/effects/misfortune/%s", misfortunes[i].name);

      g_test_add_data_func (path, &misfortunes[i], test_misfortune);
    }
  g_test_add_func ("/effects/orphans", test_orphans);
  g_test_add_func ("/effects/provider-cant", test_provider_cant);
  g_test_add_func ("/effects/offers", test_offers);
  g_test_add_func ("/effects/marker", test_marker);
  g_test_add_func ("/effects/providers-own-tag", test_providers_own_tag);
  g_test_add_func ("/effects/ats-out-of-order", test_ats_out_of_order);
  g_test_add_func ("/effects/closed-meanwhile", test_closed_meanwhile);
  return g_test_run ();
}
