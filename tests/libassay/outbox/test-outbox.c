/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox against a provider that misbehaves in every way the sandbox knows: each has a stated end, and none makes
 * a second invitation. The sandbox's own ledger is the judge. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "assay-partner.h"
#include "test-support.h"

#define PARTNER "testtrick"

static TestBench *
make_bench (void)
{
  return test_bench_new ("--jobs=4", "--applications=40", NULL);
}

/* Everything that could go wrong with one invitation */

typedef enum
{
  FREE,       /* the key is free: the same invitation may be queued anew */
  TAKEN,      /* the key is taken */
} Key;

typedef struct
{
  const char *name;
  const char *kind;      /* the fault */
  guint times;
  int code;              /* the error of sending, -1: none */
  const char *state;     /* of the row */
  const char *status;    /* of the invitation */
  guint requests;        /* how many left */
  guint effects;
  Key key;
} Misfortune;

static const Misfortune misfortunes[] = {
  { "none", NULL, 0, -1, "done", "pending", 1, 1, TAKEN },

  /* The answer is lost: whether it arrived, nobody knows. */
  { "drop-before", "drop-before", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "drop-after", "drop-after", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 1, TAKEN },
  { "truncate", "truncate", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 1, TAKEN },
  { "truncate-chunked", "truncate-chunked", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 1, TAKEN },

  /* An answer that says nothing. */
  { "html", "html", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "empty", "empty", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "deep", "deep", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  /* A number where the id was due is an id (an earlier revision of the protocol has it so). */
  { "wrong-type", "wrong-type", 1, -1, "done", "pending", 1, 1, TAKEN },
  { "huge", "huge", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "redirect", "redirect:http://127.0.0.1:9/elsewhere", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "500", "status:500", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "502", "status:502", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "503", "status:503", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },
  { "504", "status:504", 1, ASSAY_ERROR_UNSURE, "unsure", "unsure", 1, 0, TAKEN },

  /* "Later": nothing took effect, and the next attempt may follow at once or has to wait. */
  { "429-seconds", "retry-after:1", 1, -1, "done", "pending", 2, 1, TAKEN },
  { "429-date", "retry-after-date:1", 1, -1, "done", "pending", 2, 1, TAKEN },
  { "429-long", "retry-after:3600", 9, ASSAY_ERROR_RATE_LIMITED, "queued", "queued", 1, 0, TAKEN },
  { "429-long-date", "retry-after-date:3600", 9, ASSAY_ERROR_RATE_LIMITED, "queued", "queued", 1, 0, TAKEN },

  { "delay", "delay:0.5", 1, -1, "done", "pending", 1, 1, TAKEN },

  /* The key isn't good any more: it waits for a new one. */
  { "401", "status:401", 1, ASSAY_ERROR_UNAUTHORIZED, "queued", "queued", 1, 0, TAKEN },
  { "403", "status:403", 1, ASSAY_ERROR_FORBIDDEN, "queued", "queued", 1, 0, TAKEN },

  /* Refused for good. */
  { "400", "status:400", 1, ASSAY_ERROR_INVALID, "failed", "failed", 1, 0, FREE },
  { "404", "status:404", 1, ASSAY_ERROR_NOT_FOUND, "failed", "failed", 1, 0, FREE },
  { "422", "status:422", 1, ASSAY_ERROR_INVALID, "failed", "failed", 1, 0, FREE },

  /* The provider has it already. */
  { "409", "status:409", 1, ASSAY_ERROR_DUPLICATE, "done", "unknown", 1, 0, TAKEN },
};

static void
assert_key (TestBench *bench,
            gint64     application,
            gint64     assessment,
            gint64     invitation,
            Key        key)
{
  GError *error = NULL;
  gint64 again = test_bench_queue (bench, application, assessment, &error);

  if (key == FREE)
    {
      g_assert_no_error (error);
      g_assert_cmpint (again, >, 0);
      return;
    }
  g_assert_cmpint (again, ==, 0);
  g_assert_cmpint (assay_service_get_duplicate (error), ==, invitation);
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
}

static void
test_misfortune (gconstpointer data)
{
  const Misfortune *misfortune = data;
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  gint64 assessment = test_bench_get_assessment (bench, 0);
  g_autofree char *email = test_bench_dup_email (bench, application);
  g_autoptr (AssayInvitation) invitation = NULL;
  GError *error = NULL;
  gint64 id;

  if (misfortune->kind != NULL)
    test_sandbox_fault (bench->sandbox, PARTNER, "send_test", misfortune->kind, misfortune->times);
  id = test_bench_queue (bench, application, assessment, &error);
  g_assert_no_error (error);

  g_assert_cmpint (test_bench_send (bench, id, &error), ==, misfortune->code == -1);
  if (misfortune->code == -1)
    g_assert_no_error (error);
  else
    test_assert_error (error, misfortune->code);

  g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, misfortune->state);
  invitation = test_bench_get_invitation (bench, id);
  g_assert_cmpstr (assay_invitation_status_to_string (invitation->status), ==, misfortune->status);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, misfortune->requests);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, misfortune->effects);
  if (misfortune->code == -1)
    {
      g_assert_nonnull (invitation->remote_id);
      g_assert_null (invitation->error);
      g_assert_cmpint (invitation->sent_at, >, 0);
    }
  else
    test_assert_sentence (invitation->error);
  if (g_str_equal (misfortune->state, "unsure"))
    {
      g_autofree char *evidence = test_query_text (bench->service, "SELECT evidence FROM outbox");

      test_assert_sentence (evidence);
      g_assert_nonnull (strstr (evidence, "TestTrick"));
    }
  /* For the next process, too: ours rests by itself. */
  if (misfortune->kind != NULL && g_str_has_prefix (misfortune->kind, "retry-after") && g_str_has_suffix (misfortune->kind, ":3600"))
    g_assert_cmpint (test_query_int64 (bench->service, "SELECT due_at - updated_at FROM outbox"), >=, 3590 * 1000);
  g_assert_nonnull (invitation->history);
  g_assert_cmpuint (invitation->history->len, >=, 1);

  /* Nothing that follows sends an unsure one again: neither draining the queue nor a new start. */
  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/faults", NULL));
  if (!g_str_equal (misfortune->state, "queued"))
    {
      test_bench_send (bench, 0, &error);
      g_assert_no_error (error);
      test_bench_reopen (bench);
      test_bench_send (bench, 0, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, misfortune->requests);
      g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, misfortune->state);
    }
  assert_key (bench, application, assessment, id, misfortune->key);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), <=, 1);
}

/* A 5xx that came after the effect, and a redirect of a write: the same, with an effect. */
static void
test_effect_behind_the_failure (void)
{
  static const char *const kinds[] = { "status:500", "html", "redirect:http://127.0.0.1:9/", "empty", "deep" };
  g_autoptr (TestBench) bench = make_bench ();

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gint64 application = test_bench_get_candidate (bench, i);
      g_autofree char *email = test_bench_dup_email (bench, application);
      GError *error = NULL;
      gint64 id;

      g_test_message ("%s", kinds[i]);
      json_node_unref (test_sandbox_ask (bench->sandbox, "POST", "/faults",
                                         "{\"operation\":\"send_test\",\"kind\":\"%s\",\"effect\":true}", kinds[i]));
      id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
      g_assert_no_error (error);
      g_assert_false (test_bench_send (bench, id, &error));
      test_assert_error (error, ASSAY_ERROR_UNSURE);
      g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "unsure");
      g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, 1);
    }
}

/* The provider's words are shown, and what it names can be corrected. */
static void
test_refused_in_its_words (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  AssayInvitationDraft draft = {
    .application_id = test_bench_get_candidate (bench, 0),
    .assessment_id = test_bench_get_assessment (bench, 0),
    .email = "somebody@refused.example",
  };
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gint64 id;

  TEST_CALL (result, assay_service_invite_async, bench->service, &draft, NULL);
  id = assay_service_invite_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_false (test_bench_send (bench, id, &error));
  g_assert_nonnull (strstr (error->message, "Mail to this address is refused."));
  g_assert_cmpuint (assay_error_get_vendor_status (error), ==, 422);
  test_assert_error (error, ASSAY_ERROR_INVALID);

  draft.email = "somebody@accepted.example";
  TEST_CALL (result, assay_service_invite_async, bench->service, &draft, NULL);
  id = assay_service_invite_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_true (test_bench_send (bench, id, &error));
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, "somebody@accepted.example"), ==, 1);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);
}

/* Somebody invited them by another way: the provider says so. */
static void
test_invited_elsewhere (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autofree char *email = test_bench_dup_email (bench, application);
  g_autoptr (AssayInvitation) invitation = NULL;
  GError *error = NULL;
  gint64 id;

  id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  g_assert_true (test_bench_send (bench, id, &error));
  /* As on another machine: a store of its own that knows nothing. */
  test_execute (bench->service, "DELETE FROM outbox");
  test_execute (bench->service, "DELETE FROM invitation");

  id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  g_assert_false (test_bench_send (bench, id, &error));
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
  invitation = test_bench_get_invitation (bench, id);
  g_assert_cmpint (invitation->status, ==, ASSAY_INVITATION_UNKNOWN);
  g_assert_cmpstr (invitation->status_text, ==, "Already invited");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, 1);
}

/* Nobody there: nothing left this machine, and it leaves once somebody is. */
static void
test_unreachable (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autofree char *email = test_bench_dup_email (bench, application);
  g_autofree char *setting = g_strconcat ("base-url=", test_sandbox_get_base_url (bench->sandbox, PARTNER), NULL);
  const char *const there[] = { setting, NULL };
  static const char *const nowhere[] = { "base-url=http://127.0.0.1:9/partner", NULL };
  GError *error = NULL;
  gint64 id;

  test_bench_set (bench, bench->testtrick, NULL, nowhere, &error);
  g_assert_no_error (error);
  id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  g_assert_false (test_bench_send (bench, id, &error));
  test_assert_error (error, ASSAY_ERROR_UNAVAILABLE);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "queued");

  test_bench_set (bench, bench->testtrick, NULL, there, &error);
  g_assert_no_error (error);
  g_assert_true (test_bench_send (bench, id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, 1);
}

/* Who waits for one invitation hears of that one, whatever becomes of others. */
static void
test_waiters (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 assessment = test_bench_get_assessment (bench, 0);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) nobody = NULL;
  g_autoptr (GAsyncResult) all = NULL;
  GError *error = NULL;
  gint64 ids[2];

  for (guint i = 0; i < 2; i++)
    ids[i] = test_bench_queue (bench, test_bench_get_candidate (bench, i), assessment, &error);
  g_assert_no_error (error);
  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "status:422", 1);

  assay_service_run_outbox_async (bench->service, ids[0], NULL, test_keep_result, &first);
  assay_service_run_outbox_async (bench->service, ids[1], NULL, test_keep_result, &second);
  assay_service_run_outbox_async (bench->service, 4711, NULL, test_keep_result, &nobody);
  assay_service_run_outbox_async (bench->service, 0, NULL, test_keep_result, &all);
  test_wait_result (&first);
  test_wait_result (&second);
  test_wait_result (&nobody);
  test_wait_result (&all);

  g_assert_false (assay_service_run_outbox_finish (bench->service, first, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_true (assay_service_run_outbox_finish (bench->service, second, &error));
  g_assert_no_error (error);
  g_assert_false (assay_service_run_outbox_finish (bench->service, nobody, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_true (assay_service_run_outbox_finish (bench->service, all, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);

  /* What has ended tells how. */
  g_assert_false (test_bench_send (bench, ids[0], &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_true (test_bench_send (bench, ids[1], &error));
  g_assert_no_error (error);
}

/* Many at once: each once, and one request of a connection at a time. */
static void
test_many (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  GError *error = NULL;

  for (guint i = 0; i < 8; i++)
    {
      test_bench_queue (bench, test_bench_get_candidate (bench, i), test_bench_get_assessment (bench, 0), &error);
      g_assert_no_error (error);
    }
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM outbox WHERE state = 'done'"), ==, 8);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 8);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, 8);
  test_sandbox_assert_no_incidents (bench->sandbox);
}

/* The service that runs sends what is due by itself, and what can be undone not before its time. */
static void
test_by_itself (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  AssayInvitationDraft draft = {
    .application_id = test_bench_get_candidate (bench, 0),
    .assessment_id = test_bench_get_assessment (bench, 0),
    .delay = 3600 * 1000,
  };
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gint64 undone;

  assay_service_start (bench->service);
  TEST_CALL (result, assay_service_invite_async, bench->service, &draft, NULL);
  undone = assay_service_invite_finish (bench->service, result, &error);
  g_assert_no_error (error);

  /* Another one, due at once, doesn't wait for the first. */
  draft.application_id = test_bench_get_candidate (bench, 1);
  draft.delay = 0;
  TEST_CALL (result, assay_service_invite_async, bench->service, &draft, NULL);
  assay_service_invite_finish (bench->service, result, &error);
  g_assert_no_error (error);
  test_wait_int64 (bench->service, "SELECT count (*) FROM outbox WHERE state = 'done'", 1);

  TEST_CALL (result, assay_service_undo_invitation_async, bench->service, undone, NULL);
  g_assert_true (assay_service_undo_invitation_finish (bench->service, result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);

  /* And one whose time comes while the service runs. */
  draft.application_id = test_bench_get_candidate (bench, 2);
  draft.delay = 300;
  TEST_CALL (result, assay_service_invite_async, bench->service, &draft, NULL);
  assay_service_invite_finish (bench->service, result, &error);
  g_assert_no_error (error);
  test_wait_int64 (bench->service, "SELECT count (*) FROM outbox WHERE state = 'done'", 2);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 2);
}

/* A person decides about an unsure one. */
static void
test_resolve (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *email = NULL;
  GError *error = NULL;
  gint64 application = test_bench_get_candidate (bench, 0);
  gint64 id;

  email = test_bench_dup_email (bench, application);
  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "drop-before", 1);
  id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  g_assert_false (test_bench_send (bench, id, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);

  TEST_CALL (result, assay_service_resolve_outbox_async, bench->service,
             test_query_int64 (bench->service, "SELECT id FROM outbox"), FALSE, NULL);
  g_assert_true (assay_service_resolve_outbox_finish (bench->service, result, &error));
  g_assert_true (test_bench_send (bench, id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, 1);
}

/* The keyring stands in the way */

/* Runs as a process of its own on the bench's files, with a keyring that doesn't answer. */
static void
test_keyring_missing_child (void)
{
  TestBench bench = { .directory = (char *) g_getenv ("ASSAY_TEST_DIRECTORY") };
  GError *error = NULL;

  if (bench.directory == NULL)
    {
      g_test_skip ("This is the other half of /outbox/keyring.");
      return;
    }
  g_setenv ("SECRET_BACKEND", g_getenv ("ASSAY_TEST_BACKEND"), TRUE);
  if (g_str_equal (g_getenv ("ASSAY_TEST_BACKEND"), "file"))
    {
      g_autofree char *path = g_build_filename (bench.directory, "damaged-keyring", NULL);

      g_file_set_contents (path, "This is not a keyring.", -1, &error);
      g_assert_no_error (error);
      g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
      test_begin_library_leak ();
    }
  bench.service = assay_service_new (bench.directory, &error);
  g_assert_no_error (error);

  g_assert_false (test_bench_send (&bench, 1, &error));
  if (!assay_error_is_keyring (error))
    g_error ("It says: %s", error->message);
  g_assert_cmpint (assay_error_get_exit_status (error), ==, 9);
  g_assert_cmpint (error->code, ==,
                   g_str_equal (g_getenv ("ASSAY_TEST_BACKEND"), "service") ? ASSAY_ERROR_KEYRING_MISSING
                                                                            : ASSAY_ERROR_KEYRING_REFUSED);
  test_assert_sentence (error->message);
  g_clear_error (&error);
  g_assert_nonnull (assay_service_get_keyring_error (bench.service));
  g_assert_cmpstr (test_bench_get_outbox_state (&bench, 1), ==, "queued");
  /* Draining what is due ends as well, and doesn't turn in circles. */
  test_bench_send (&bench, 0, &error);
  g_clear_error (&error);
  if (g_str_equal (g_getenv ("ASSAY_TEST_BACKEND"), "file"))
    test_end_library_leak ();
  test_bench_close (&bench);
}

static void
test_keyring (gconstpointer data)
{
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autofree char *email = test_bench_dup_email (bench, application);
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, ==, 1);
  test_bench_close (bench);

  g_setenv ("ASSAY_TEST_DIRECTORY", bench->directory, TRUE);
  g_setenv ("ASSAY_TEST_BACKEND", data, TRUE);
  g_test_trap_subprocess ("/outbox/subprocess/keyring", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv ("ASSAY_TEST_DIRECTORY");
  g_test_trap_assert_passed ();

  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, 0);
  test_bench_reopen (bench);
  g_assert_cmpint (test_query_int64 (bench->service, "SELECT attempts FROM outbox"), ==, 0);
  /* It isn't the vendor's fault. */
  connection = test_bench_get_connection (bench, bench->testtrick);
  g_assert_cmpint (connection->state, ==, ASSAY_CONNECTION_ENABLED);
  g_assert_null (connection->reason);

  g_assert_true (test_bench_send (bench, id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, 1);
}

/* A process that dies with an invitation on the wire */

static void
test_orphan_child (void)
{
  TestBench bench = { .directory = (char *) g_getenv ("ASSAY_TEST_DIRECTORY") };
  g_autoptr (GError) error = NULL;

  if (bench.directory == NULL)
    {
      g_test_skip ("This is the other half of /outbox/orphan.");
      return;
    }
  bench.service = assay_service_new (bench.directory, &error);
  g_assert_no_error (error);
  test_bench_send (&bench, 0, &error);
  g_assert_not_reached ();
}

typedef struct
{
  TestBench *bench;
  guint requests;
} Received;

static gboolean
provider_received (gpointer data)
{
  const Received *received = data;

  return test_sandbox_count_requests (received->bench->sandbox, PARTNER, "send_test") >= received->requests;
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Waits for something that only the sandbox can tell: it is asked again and again. */
static void
wait_for_requests (TestBench *bench,
                   guint      requests)
{
  Received received = { bench, requests };
  guint tick = g_timeout_add (10, tick_cb, NULL);

  test_run_until (provider_received, &received);
  g_source_remove (tick);
}

static void
exited_cb (GPid     pid,
           int      status,
           gpointer data)
{
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  *(gboolean *) data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_orphan (gconstpointer data)
{
  gboolean effect = GPOINTER_TO_INT (data);
  g_autoptr (TestBench) bench = make_bench ();
  gint64 application = test_bench_get_candidate (bench, 0);
  g_autofree char *email = test_bench_dup_email (bench, application);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *evidence = NULL;
  g_autoptr (AssayInvitation) invitation = NULL;
  gboolean exited = FALSE;
  GError *error = NULL;
  gint64 id = test_bench_queue (bench, application, test_bench_get_assessment (bench, 0), &error);
  GPid pid;

  g_assert_no_error (error);
  test_bench_close (bench);
  json_node_unref (test_sandbox_ask (bench->sandbox, "POST", "/faults",
                                     "{\"operation\":\"send_test\",\"kind\":\"stall\",\"times\":0,\"seconds\":3600,"
                                     "\"effect\":%s}",
                                     effect ? "true" : "false"));

  {
    const char *words[] = { self, "-p", "/outbox/subprocess/orphan", "--GTestSubprocess", NULL };

    g_setenv ("ASSAY_TEST_DIRECTORY", bench->directory, TRUE);
    g_spawn_async (NULL, (char **) words, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                   &pid, &error);
    g_unsetenv ("ASSAY_TEST_DIRECTORY");
    g_assert_no_error (error);
  }
  wait_for_requests (bench, 1);

  /* While it lives, nobody takes its row away. */
  test_bench_reopen (bench);
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "sending");
  test_bench_close (bench);

  g_child_watch_add (pid, exited_cb, &exited);
  kill (pid, SIGKILL);
  test_run_until (is_true, &exited);
  g_spawn_close_pid (pid);
  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/faults", NULL));

  test_bench_reopen (bench);
  g_assert_false (test_bench_send (bench, id, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  test_bench_send (bench, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "unsure");
  invitation = test_bench_get_invitation (bench, id);
  g_assert_cmpint (invitation->status, ==, ASSAY_INVITATION_UNSURE);
  test_assert_sentence (invitation->error);
  evidence = test_query_text (bench->service, "SELECT evidence FROM outbox");
  test_assert_sentence (evidence);

  /* And never again by itself, whoever starts and however often. */
  for (guint i = 0; i < 2; i++)
    {
      test_bench_reopen (bench);
      assay_service_start (bench->service);
      test_bench_send (bench, 0, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, 1);
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, email), ==, effect ? 1 : 0);
}

/* Errors that aren't Assay's own: a connector that was cancelled sent nothing; of any other nobody knows. */

typedef enum
{
  CANCELLED,
  CLOSED,
  NO_SUCH_FILE,
} Foreign;

static Foreign foreign;
static guint n_foreign;

static void
invite_foreign_async (AssayProvider       *self,
                      const AssayInvitee  *invitee,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  n_foreign++;
  switch (foreign)
    {
    case CANCELLED:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
      break;
    case CLOSED:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "Stream is already closed");
      break;
    case NO_SUCH_FILE:
      /* The number of a cancellation, but in another domain, where it means something else. */
      g_task_return_new_error (task, G_FILE_ERROR, G_IO_ERROR_CANCELLED, "No such file or directory");
      break;
    }
}

static void
test_foreign_error (gconstpointer data)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GTypeClass) class = g_type_class_ref (ASSAY_TYPE_PARTNER);
  AssayProviderInterface *interface = g_type_interface_peek (class, ASSAY_TYPE_PROVIDER);
  AssayProviderInterface real = *interface;
  g_autoptr (AssayInvitation) invitation = NULL;
  g_autofree char *evidence = NULL;
  GError *error = NULL;
  gint64 id;

  foreign = GPOINTER_TO_INT (data);
  n_foreign = 0;
  id = test_bench_queue (bench, test_bench_get_candidate (bench, 0), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);

  interface->invite_async = invite_foreign_async;
  g_assert_false (test_bench_send (bench, id, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  interface->invite_async = real.invite_async;
  g_assert_cmpuint (n_foreign, ==, 1);

  if (foreign == CANCELLED)
    g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "queued");
  else
    {
      g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "unsure");
      evidence = test_query_text (bench->service, "SELECT evidence FROM outbox");
      test_assert_sentence (evidence);
    }

  /* What may have arrived doesn't leave once more; what didn't does, and once. */
  test_bench_reopen (bench);
  g_assert_cmpint (test_bench_send (bench, id, &error), ==, foreign == CANCELLED);
  g_clear_error (&error);
  invitation = test_bench_get_invitation (bench, id);
  g_assert_cmpint (invitation->status, ==, foreign == CANCELLED ? ASSAY_INVITATION_PENDING : ASSAY_INVITATION_UNSURE);
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==,
                    foreign == CANCELLED ? 1 : 0);
}

/* Closing with an invitation on the wire waits a moment for its answer, and then leaves it to the next start. */
static void
test_closed_while_sending (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  gint64 late, never;

  late = test_bench_queue (bench, test_bench_get_candidate (bench, 0), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "delay:1", 1);
  assay_service_run_outbox_async (bench->service, late, NULL, test_keep_result, &result);
  wait_for_requests (bench, 1);
  assay_service_stop (bench->service);
  test_wait_result (&result);
  assay_service_run_outbox_finish (bench->service, result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_clear_object (&result);
  test_bench_reopen (bench);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, late), ==, "done");

  never = test_bench_queue (bench, test_bench_get_candidate (bench, 1), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "stall", 1);
  assay_service_run_outbox_async (bench->service, never, NULL, test_keep_result, &result);
  wait_for_requests (bench, 2);
  assay_service_stop (bench->service);
  test_wait_result (&result);
  g_assert_false (assay_service_run_outbox_finish (bench->service, result, &error));
  g_clear_error (&error);
  g_clear_object (&result);

  test_bench_reopen (bench);
  g_assert_false (test_bench_send (bench, never, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, never), ==, "unsure");
  g_assert_cmpuint (test_sandbox_count_requests (bench->sandbox, PARTNER, "send_test"), ==, 2);
}

/* Who doesn't want to wait any longer needn't; the invitation goes on. */
static void
test_cancelled_waiting (void)
{
  g_autoptr (TestBench) bench = make_bench ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) other = NULL;
  GError *error = NULL;
  gint64 id;

  id = test_bench_queue (bench, test_bench_get_candidate (bench, 0), test_bench_get_assessment (bench, 0), &error);
  g_assert_no_error (error);
  test_sandbox_fault (bench->sandbox, PARTNER, "send_test", "delay:1", 1);
  assay_service_run_outbox_async (bench->service, id, cancellable, test_keep_result, &result);
  assay_service_run_outbox_async (bench->service, id, NULL, test_keep_result, &other);
  wait_for_requests (bench, 1);
  g_cancellable_cancel (cancellable);
  test_wait_result (&result);
  g_assert_false (assay_service_run_outbox_finish (bench->service, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (other);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "sending");

  test_wait_result (&other);
  g_assert_true (assay_service_run_outbox_finish (bench->service, other, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (test_bench_get_outbox_state (bench, id), ==, "done");
  g_assert_cmpuint (test_sandbox_count_effects (bench->sandbox, NULL), ==, 1);

  /* Cancelled from the beginning: nobody waits, and nothing is begun for nobody. */
  g_clear_object (&result);
  g_clear_object (&other);
  id = test_bench_queue (bench, test_bench_get_candidate (bench, 1), test_bench_get_assessment (bench, 0), &error);
  TEST_CALL (result, assay_service_run_outbox_async, bench->service, id, cancellable);
  g_assert_false (assay_service_run_outbox_finish (bench->service, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (misfortunes); i++)
    {
      g_autofree char *path = g_strconcat ("/outbox/misfortune/", misfortunes[i].name, NULL);

      g_test_add_data_func (path, &misfortunes[i], test_misfortune);
    }
  g_test_add_func ("/outbox/effect-behind-the-failure", test_effect_behind_the_failure);
  g_test_add_func ("/outbox/refused-in-its-words", test_refused_in_its_words);
  g_test_add_func ("/outbox/invited-elsewhere", test_invited_elsewhere);
  g_test_add_func ("/outbox/unreachable", test_unreachable);
  g_test_add_data_func ("/outbox/foreign-error/cancelled", GINT_TO_POINTER (CANCELLED), test_foreign_error);
  g_test_add_data_func ("/outbox/foreign-error/closed", GINT_TO_POINTER (CLOSED), test_foreign_error);
  g_test_add_data_func ("/outbox/foreign-error/other-domain", GINT_TO_POINTER (NO_SUCH_FILE), test_foreign_error);
  g_test_add_func ("/outbox/waiters", test_waiters);
  g_test_add_func ("/outbox/cancelled-waiting", test_cancelled_waiting);
  g_test_add_func ("/outbox/many", test_many);
  g_test_add_func ("/outbox/by-itself", test_by_itself);
  g_test_add_func ("/outbox/resolve", test_resolve);
  g_test_add_data_func ("/outbox/keyring-missing", "service", test_keyring);
  g_test_add_data_func ("/outbox/keyring-refused", "file", test_keyring);
  g_test_add_func ("/outbox/subprocess/keyring", test_keyring_missing_child);
  g_test_add_data_func ("/outbox/orphan-without-effect", GINT_TO_POINTER (FALSE), test_orphan);
  g_test_add_data_func ("/outbox/orphan-with-effect", GINT_TO_POINTER (TRUE), test_orphan);
  g_test_add_func ("/outbox/subprocess/orphan", test_orphan_child);
  g_test_add_func ("/outbox/closed-while-sending", test_closed_while_sending);

  return g_test_run ();
}
