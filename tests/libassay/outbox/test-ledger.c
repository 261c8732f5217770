/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger of outside effects, as SQL: what makes "at most once" true. No network here. */
#include "config.h"

#include "assay-ledger.h"

#include <string.h>

#include "test-support.h"

#define ADDRESS "https://api.example.com/partner"

typedef struct
{
  char *directory;
  AssayStore *store;
  gint64 ats;
  gint64 provider;
  gint64 assessment;
  gint64 other_assessment;
  gint64 ada;            /* applications */
  gint64 bob;
} Fixture;

/* Runs a function in a write transaction that must be good. */
static void
write_good (Fixture       *fixture,
            AssayStoreFunc function,
            gpointer       data)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, function, data, &error);
  g_assert_no_error (error);
}

static gint64
get_int64 (Fixture    *fixture,
           const char *sql);

typedef struct
{
  const char *kind;
  AssayRole role;
  const char *address;
  gint64 id;
} NewConnection;

static gpointer
insert_connection (AssayDatabase *database,
                   gpointer       data,
                   GError       **error)
{
  NewConnection *wanted = data;
  g_autoptr (AssayConnection) connection = assay_connection_new ();

  connection->kind = g_strdup (wanted->kind);
  connection->role = wanted->role;
  connection->name = g_strdup_printf ("My %s", wanted->kind);
  connection->state = ASSAY_CONNECTION_ENABLED;
  g_hash_table_insert (connection->settings, g_strdup ("base-url"), g_strdup (wanted->address));
  assay_connections_insert (database, connection, error);
  wanted->id = connection->id;
  return NULL;
}

static gint64
add_connection (Fixture    *fixture,
                const char *kind,
                AssayRole   role,
                const char *address)
{
  NewConnection wanted = { kind, role, address, 0 };

  write_good (fixture, insert_connection, &wanted);
  return wanted.id;
}

static gpointer
insert_people (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  static const struct
  {
    const char *id, *first, *last, *email;
  } people[] = {
    { "1", "Ada", "Lovelace", "ada@example.com" },
    { "2", "Bob", "Stone", "bob@example.com" },
    { "3", "No", "Mail", NULL },
  };
  Fixture *fixture = data;
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (GPtrArray) applications = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_application_free);
  AssayJob *job = assay_job_new ();

  job->remote_id = g_strdup ("10");
  job->title = g_strdup ("Analyst");
  job->open = TRUE;
  g_ptr_array_add (jobs, job);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      AssayApplication *application = assay_application_new ();

      application->remote_id = g_strdup (people[i].id);
      application->job_remote_id = g_strdup ("10");
      application->first_name = g_strdup (people[i].first);
      application->last_name = g_strdup (people[i].last);
      application->full_name = g_strdup_printf ("%s %s", people[i].first, people[i].last);
      application->email = g_strdup (people[i].email);
      application->updated_at = 1000;
      g_ptr_array_add (applications, application);
    }
  if (assay_jobs_upsert (database, fixture->ats, jobs, TRUE, NULL, error))
    assay_applications_upsert (database, fixture->ats, applications, NULL, error);
  return NULL;
}

typedef struct
{
  gint64 connection_id;
  const char *const *ids;
} NewAssessments;

static gpointer
replace_assessments (AssayDatabase *database,
                     gpointer       data,
                     GError       **error)
{
  const NewAssessments *wanted = data;
  g_autoptr (GPtrArray) assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);

  for (guint i = 0; wanted->ids[i] != NULL; i++)
    {
      AssayAssessment *assessment = assay_assessment_new ();

      assessment->remote_id = g_strdup (wanted->ids[i]);
      assessment->name = g_strdup_printf ("Test %s", wanted->ids[i]);
      assessment->active = TRUE;
      g_ptr_array_add (assessments, assessment);
    }
  assay_assessments_replace (database, wanted->connection_id, assessments, error);
  return NULL;
}

static void
set_assessments (Fixture           *fixture,
                 gint64             connection_id,
                 const char *const *ids)
{
  NewAssessments wanted = { connection_id, ids };

  write_good (fixture, replace_assessments, &wanted);
}

static gpointer
read_int64 (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  AssayStatement *statement = assay_database_prepare (database, data, error);
  gint64 value = -1;

  if (statement != NULL && assay_statement_step (statement, error))
    value = assay_statement_get_int64 (statement, 0);
  return g_memdup2 (&value, sizeof value);
}

static gint64
get_int64 (Fixture    *fixture,
           const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *value = assay_store_read (fixture->store, read_int64, (gpointer) sql, &error);

  g_assert_no_error (error);
  return *value;
}

static gpointer
run_sql (AssayDatabase *database,
         gpointer       data,
         GError       **error)
{
  AssayStatement *statement = assay_database_prepare (database, data, error);

  if (statement != NULL)
    assay_statement_run (statement, error);
  return NULL;
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  static const char *const ids[] = { "100", "200", NULL };
  g_autoptr (GError) error = NULL;

  fixture->directory = test_make_directory ();
  fixture->store = assay_store_open (fixture->directory, &error);
  g_assert_no_error (error);
  fixture->ats = add_connection (fixture, "pinpoint", ASSAY_ROLE_ATS, "https://acme.pinpointhq.com/api/v1");
  fixture->provider = add_connection (fixture, "testtrick", ASSAY_ROLE_PROVIDER, ADDRESS);
  write_good (fixture, insert_people, fixture);
  set_assessments (fixture, fixture->provider, ids);
  fixture->ada = get_int64 (fixture, "SELECT id FROM application WHERE remote_id = '1'");
  fixture->bob = get_int64 (fixture, "SELECT id FROM application WHERE remote_id = '2'");
  fixture->assessment = get_int64 (fixture, "SELECT id FROM assessment WHERE remote_id = '100'");
  fixture->other_assessment = get_int64 (fixture, "SELECT id FROM assessment WHERE remote_id = '200'");
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  assay_store_close (fixture->store);
  g_object_unref (fixture->store);
  test_remove_directory (fixture->directory);
  g_free (fixture->directory);
}

/* One call of the ledger in a transaction of its own. */

typedef enum
{
  CHECK,
  ENQUEUE,
  UNDO,
  CLAIM,
  MARK_DONE,
  MARK_ELSEWHERE,
  MARK_FAILED,
  MARK_QUEUED,
  MARK_UNSURE,
  RESOLVE_SENT,
  RESOLVE_NOT_SENT,
  DISCARD,
} Verb;

typedef struct
{
  Verb verb;
  AssayLedgerDraft draft;
  gint64 id;
  gint64 answer;
} Call;

static gpointer
run_call (AssayDatabase *database,
          gpointer       data,
          GError       **error)
{
  Call *call = data;
  AssayInvited invited = { (char *) "98001", ASSAY_INVITATION_PENDING, NULL, NULL };

  switch (call->verb)
    {
    case CHECK:
      call->answer = assay_ledger_check (database, &call->draft, error);
      break;
    case ENQUEUE:
      call->answer = assay_ledger_enqueue (database, &call->draft, error);
      break;
    case UNDO:
      call->answer = assay_ledger_undo (database, call->id, error);
      break;
    case CLAIM:
      call->answer = assay_ledger_claim (database, call->id, 7, error);
      break;
    case MARK_DONE:
      call->answer = assay_ledger_mark_done (database, call->id, &invited, 5000, error);
      break;
    case MARK_ELSEWHERE:
      call->answer = assay_ledger_mark_known_elsewhere (database, call->id, "They have it.", error);
      break;
    case MARK_FAILED:
      call->answer = assay_ledger_mark_failed (database, call->id, "They refuse.", error);
      break;
    case MARK_QUEUED:
      call->answer = assay_ledger_mark_queued (database, call->id, 77000, "They are away.", error);
      break;
    case MARK_UNSURE:
      call->answer = assay_ledger_mark_unsure (database, call->id, "Who knows.", "It left at noon.", error);
      break;
    case RESOLVE_SENT:
    case RESOLVE_NOT_SENT:
      call->answer = assay_ledger_resolve (database, call->id, call->verb == RESOLVE_SENT, error);
      break;
    case DISCARD:
    default:
      call->answer = assay_ledger_discard (database, call->id, error);
      break;
    }
  return NULL;
}

static gint64
call_ledger (Fixture *fixture,
             Verb     verb,
             gint64   id,
             GError **error)
{
  Call call = { .verb = verb, .id = id };

  assay_store_write (fixture->store, run_call, &call, error);
  return call.answer;
}

static void
good (Fixture *fixture,
      Verb     verb,
      gint64   id)
{
  g_autoptr (GError) error = NULL;
  gint64 answer = call_ledger (fixture, verb, id, &error);

  g_assert_no_error (error);
  g_assert_cmpint (answer, !=, 0);
}

static void
refused (Fixture *fixture,
         Verb     verb,
         gint64   id)
{
  GError *error = NULL;

  g_assert_cmpint (call_ledger (fixture, verb, id, &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

static gint64
draft (Fixture    *fixture,
       Verb        verb,
       gint64      application,
       gint64      assessment,
       const char *email,
       const char *cause,
       GError    **error)
{
  Call call = {
    .verb = verb,
    .draft = { .application_id = application, .assessment_id = assessment, .email = (char *) email,
               .cause = (char *) cause },
  };

  assay_store_write (fixture->store, run_call, &call, error);
  return call.answer;
}

/* Queues and gives the row of the outbox; @invitation (nullable) is the invitation's id. */
static gint64
enqueue (Fixture *fixture,
         gint64   application,
         gint64   assessment,
         gint64  *invitation)
{
  g_autoptr (GError) error = NULL;
  gint64 id = draft (fixture, ENQUEUE, application, assessment, NULL, "user", &error);
  g_autofree char *sql =
    g_strdup_printf ("SELECT id FROM outbox WHERE invitation_id = %" G_GINT64_FORMAT, id);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  if (invitation != NULL)
    *invitation = id;
  return get_int64 (fixture, sql);
}

static gboolean
has_state (Fixture    *fixture,
           gint64      row,
           const char *state,
           const char *status)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count (*) FROM outbox o JOIN invitation i ON i.id = o.invitation_id WHERE o.id = %"
                     G_GINT64_FORMAT " AND o.state = '%s' AND i.status = '%s'",
                     row, state, status);

  return get_int64 (fixture, sql) == 1;
}

/* Takes @error. */
static void
assert_duplicate_of (GError     *error,
                     gint64      invitation,
                     const char *says)
{
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, says));
  g_assert_cmpint (assay_service_get_duplicate (error), ==, invitation);
  g_assert_cmpint (assay_error_get_exit_status (error), ==, 4);
  test_assert_error (error, ASSAY_ERROR_DUPLICATE);
}

static gint64
count_rows (Fixture *fixture)
{
  return get_int64 (fixture, "SELECT count (*) FROM outbox") * 1000 +
         get_int64 (fixture, "SELECT count (*) FROM invitation");
}

static void
test_key_is_unique (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const spellings[] = { NULL,          "ada@example.com",  "ADA@Example.COM",
                                           "  Ada@example.com ", "ada@EXAMPLE.com\t" };
  gint64 invitation;

  enqueue (fixture, fixture->ada, fixture->assessment, &invitation);
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      GError *error = NULL;

      g_assert_cmpint (
        draft (fixture, ENQUEUE, fixture->ada, fixture->assessment, spellings[i], "user", &error), ==, 0);
      assert_duplicate_of (error, invitation, "Ada Lovelace");
      error = NULL;
      /* Asking says the same, and so does another application of the same person. */
      g_assert_cmpint (draft (fixture, CHECK, fixture->ada, fixture->assessment, spellings[i], "user", &error), ==, 0);
      assert_duplicate_of (error, invitation, "Test 100");
      error = NULL;
      if (spellings[i] != NULL)
        {
          g_assert_cmpint (
            draft (fixture, ENQUEUE, fixture->bob, fixture->assessment, spellings[i], "user", &error), ==, 0);
          assert_duplicate_of (error, invitation, "Test 100");
        }
    }
  g_assert_cmpint (count_rows (fixture), ==, 1001);

  /* Another person and another assessment are another matter. */
  enqueue (fixture, fixture->bob, fixture->assessment, NULL);
  enqueue (fixture, fixture->ada, fixture->other_assessment, NULL);
  g_assert_cmpint (count_rows (fixture), ==, 3003);
}

/* The database itself refuses, whatever the code above it forgets. */
static void
test_index_is_unique (Fixture      *fixture,
                      gconstpointer data)
{
  GError *error = NULL;

  enqueue (fixture, fixture->ada, fixture->assessment, NULL);
  assay_store_write (fixture->store, run_sql,
                     (gpointer) "INSERT INTO outbox (kind, natural_key, state, cause, due_at, created_at, updated_at)"
                                " SELECT kind, natural_key, 'queued', cause, 0, 0, 0 FROM outbox",
                     &error);
  test_assert_error (error, ASSAY_ERROR_FAILED);
}

static void
test_duplicates_say_when_and_who (Fixture      *fixture,
                                  gconstpointer data)
{
  GError *error = NULL;
  gint64 row = 0, invitation;

  enqueue (fixture, fixture->ada, fixture->assessment, &invitation);
  write_good (fixture, run_sql, (gpointer) "UPDATE outbox SET created_at = 1794837720000");
  draft (fixture, CHECK, fixture->ada, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (g_steal_pointer (&error), invitation, "on its way since 16 November 2026 at 14:02, sent by you");

  row = get_int64 (fixture, "SELECT id FROM outbox");
  good (fixture, CLAIM, row);
  draft (fixture, CHECK, fixture->ada, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (g_steal_pointer (&error), invitation, "on its way since");
  good (fixture, MARK_DONE, row);
  write_good (fixture, run_sql, (gpointer) "UPDATE invitation SET sent_at = 1794924120000");
  draft (fixture, CHECK, fixture->ada, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (g_steal_pointer (&error), invitation, "was already invited to “Test 100” on 17 November 2026 at 14:02 by you");

  write_good (fixture, run_sql, (gpointer) "UPDATE outbox SET cause = 'rule:New analysts'");
  draft (fixture, CHECK, fixture->ada, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (g_steal_pointer (&error), invitation, "by the rule “New analysts”");

  row = enqueue (fixture, fixture->bob, fixture->assessment, &invitation);
  good (fixture, CLAIM, row);
  good (fixture, MARK_UNSURE, row);
  draft (fixture, CHECK, fixture->bob, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (g_steal_pointer (&error), invitation, "may have been invited");
}

typedef struct
{
  const char *email;
  gboolean first, other; /* invited to the one, to the other */
  gint64 first_id, other_id;
} Invited;

static gpointer
check_invited (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  const Invited *expected = data;
  g_autoptr (GPtrArray) assessments = assay_assessments_list (database, 0, TRUE, error);
  g_autoptr (GHashTable) invited = assay_assessments_find_invited (database, expected->email, assessments, error);

  g_assert_nonnull (invited);
  g_assert_cmpint (g_hash_table_contains (invited, &expected->first_id), ==, expected->first);
  g_assert_cmpint (g_hash_table_contains (invited, &expected->other_id), ==, expected->other);
  g_assert_cmpuint (g_hash_table_size (invited), ==, (guint) expected->first + (guint) expected->other);
  return NULL;
}

static void
assert_invited (Fixture    *fixture,
                const char *email,
                gboolean    first,
                gboolean    other)
{
  g_autoptr (GError) error = NULL;
  Invited expected = { email, first, other, fixture->assessment, fixture->other_assessment };

  assay_store_read (fixture->store, check_invited, &expected, &error);
  g_assert_no_error (error);
}

static void
test_find_invited (Fixture      *fixture,
                   gconstpointer data)
{
  gint64 row;

  assert_invited (fixture, "ada@example.com", FALSE, FALSE);
  row = enqueue (fixture, fixture->ada, fixture->assessment, NULL);
  assert_invited (fixture, "ada@example.com", TRUE, FALSE);
  assert_invited (fixture, " ADA@Example.com", TRUE, FALSE);
  assert_invited (fixture, "bob@example.com", FALSE, FALSE);
  assert_invited (fixture, NULL, FALSE, FALSE);

  enqueue (fixture, fixture->ada, fixture->other_assessment, NULL);
  assert_invited (fixture, "ada@example.com", TRUE, TRUE);

  /* One that failed can be sent again. */
  good (fixture, CLAIM, row);
  good (fixture, MARK_FAILED, row);
  assert_invited (fixture, "ada@example.com", FALSE, TRUE);
}

/* That somebody has it already is the first thing to say, even where nobody could be invited now. */
static void
test_duplicate_comes_first (Fixture      *fixture,
                            gconstpointer data)
{
  GError *error = NULL;
  gint64 invitation;

  enqueue (fixture, fixture->ada, fixture->assessment, &invitation);
  write_good (fixture, run_sql, (gpointer) "UPDATE job SET open = 0");
  write_good (fixture, run_sql, (gpointer) "UPDATE connection SET state = 'disabled'");
  draft (fixture, CHECK, fixture->ada, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (error, invitation, "Ada Lovelace");
}

static void
test_who_cannot_be_invited (Fixture      *fixture,
                            gconstpointer data)
{
  static const struct
  {
    const char *change, *undo;
    int code;
    const char *says;
  } cases[] = {
    { "UPDATE job SET open = 0", "UPDATE job SET open = 1", ASSAY_ERROR_INVALID, "“Analyst” is not open" },
    { "UPDATE application SET archived = 1", "UPDATE application SET archived = 0", ASSAY_ERROR_INVALID, "is closed" },
    { "UPDATE application SET gone = 1", "UPDATE application SET gone = 0", ASSAY_ERROR_INVALID, "no longer in the ATS" },
    { "UPDATE assessment SET active = 0", "UPDATE assessment SET active = 1", ASSAY_ERROR_INVALID, "doesn't offer" },
    { "UPDATE connection SET state = 'saved' WHERE role = 'provider'", NULL, ASSAY_ERROR_INVALID, "is not enabled" },
    { "UPDATE connection SET state = 'disabled' WHERE role = 'provider'", NULL, ASSAY_ERROR_INVALID, "is not enabled" },
    { "UPDATE connection SET state = 'failing', reason_code = 'unauthorized', reason = 'The key is refused.'"
      " WHERE role = 'provider'",
      NULL, ASSAY_ERROR_UNAUTHORIZED, "The key is refused." },
    { "UPDATE connection SET state = 'failing', reason_code = 'forbidden', reason = NULL WHERE role = 'provider'",
      "UPDATE connection SET state = 'enabled', reason_code = NULL", ASSAY_ERROR_FORBIDDEN, "Test the connection" },
    { "UPDATE application SET first_name = '', full_name = '' WHERE remote_id = '1'",
      "UPDATE application SET first_name = 'Ada', full_name = 'Ada Lovelace' WHERE remote_id = '1'", ASSAY_ERROR_INVALID, "a first name" },
  };
  static const char *const emails[] = { "", "  ", "ada", "ada@", "@example.com", "a b@example.com", "ada@exa..mple" };
  GError *error = NULL;
  gint64 without_mail = get_int64 (fixture, "SELECT id FROM application WHERE remote_id = '3'");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].change);
      write_good (fixture, run_sql, (gpointer) cases[i].change);
      g_assert_cmpint (draft (fixture, ENQUEUE, fixture->ada, fixture->assessment, NULL, "user", &error), ==, 0);
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, cases[i].says));
      test_assert_error (error, cases[i].code);
      if (cases[i].undo != NULL)
        write_good (fixture, run_sql, (gpointer) cases[i].undo);
    }
  for (guint i = 0; i < G_N_ELEMENTS (emails); i++)
    {
      g_assert_cmpint (draft (fixture, ENQUEUE, fixture->ada, fixture->assessment, emails[i], "user", &error), ==, 0);
      test_assert_error (error, ASSAY_ERROR_INVALID);
    }
  g_assert_cmpint (draft (fixture, ENQUEUE, without_mail, fixture->assessment, NULL, "user", &error), ==, 0);
  g_assert_nonnull (strstr (error->message, "no e-mail address of No Mail"));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_cmpint (draft (fixture, ENQUEUE, 9999, fixture->assessment, NULL, "user", &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_cmpint (draft (fixture, ENQUEUE, fixture->ada, 9999, NULL, "user", &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  /* Nothing of all that was kept. */
  g_assert_cmpint (count_rows (fixture), ==, 0);
  enqueue (fixture, fixture->ada, fixture->assessment, NULL);
}

static void
test_failed_frees_the_key (Fixture      *fixture,
                           gconstpointer data)
{
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, NULL);

  good (fixture, CLAIM, row);
  good (fixture, MARK_FAILED, row);
  g_assert_true (has_state (fixture, row, "failed", "failed"));
  row = enqueue (fixture, fixture->ada, fixture->assessment, NULL);
  good (fixture, DISCARD, row);
  g_assert_true (has_state (fixture, row, "discarded", "cancelled"));
  enqueue (fixture, fixture->ada, fixture->assessment, NULL);
}

static void
test_elsewhere_keeps_the_key (Fixture      *fixture,
                              gconstpointer data)
{
  GError *error = NULL;
  gint64 invitation;
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, &invitation);

  good (fixture, CLAIM, row);
  good (fixture, MARK_ELSEWHERE, row);
  g_assert_true (has_state (fixture, row, "done", "unknown"));
  draft (fixture, ENQUEUE, fixture->ada, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (error, invitation, "Ada Lovelace");
}

static void
test_undo (Fixture      *fixture,
           gconstpointer data)
{
  gint64 invitation, row;

  row = enqueue (fixture, fixture->ada, fixture->assessment, &invitation);
  g_assert_cmpint (get_int64 (fixture, "SELECT invitation_id FROM application WHERE remote_id = '1'"), ==, invitation);
  good (fixture, UNDO, invitation);
  g_assert_cmpint (count_rows (fixture), ==, 0);
  g_assert_cmpint (get_int64 (fixture, "SELECT count (*) FROM invitation_event"), ==, 0);
  g_assert_cmpint (get_int64 (fixture, "SELECT invitation_id FROM application WHERE remote_id = '1'"), ==, 0);

  /* The key is free, and once it has left there is no way back: not while it is on the wire, not when it came back
   * and waits for the next attempt, not afterwards. */
  row = enqueue (fixture, fixture->ada, fixture->assessment, &invitation);
  good (fixture, CLAIM, row);
  refused (fixture, UNDO, invitation);
  good (fixture, MARK_QUEUED, row);
  refused (fixture, UNDO, invitation);
  good (fixture, CLAIM, row);
  good (fixture, MARK_DONE, row);
  refused (fixture, UNDO, invitation);
  g_assert_true (has_state (fixture, row, "done", "pending"));
}

/* One owner only. */
static void
test_claim (Fixture      *fixture,
            gconstpointer data)
{
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, NULL);
  g_autoptr (GError) error = NULL;

  good (fixture, CLAIM, row);
  g_assert_cmpint (call_ledger (fixture, CLAIM, row, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpint (get_int64 (fixture, "SELECT attempts FROM outbox"), ==, 1);
  g_assert_cmpint (get_int64 (fixture, "SELECT owner FROM outbox"), ==, 7);
}

/* An outcome applies to a row on the wire and to no other; a person's word to one that is unsure. */
static void
test_who_settles_what (Fixture      *fixture,
                       gconstpointer data)
{
  static const Verb outcomes[] = { MARK_DONE, MARK_ELSEWHERE, MARK_FAILED, MARK_QUEUED, MARK_UNSURE };
  static const Verb words[] = { RESOLVE_SENT, RESOLVE_NOT_SENT };

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, NULL);

      for (guint j = 0; j < G_N_ELEMENTS (outcomes); j++)
        refused (fixture, outcomes[j], row);
      for (guint j = 0; j < G_N_ELEMENTS (words); j++)
        refused (fixture, words[j], row);
      g_assert_true (has_state (fixture, row, "queued", "queued"));

      good (fixture, CLAIM, row);
      for (guint j = 0; j < G_N_ELEMENTS (words); j++)
        refused (fixture, words[j], row);
      refused (fixture, DISCARD, row);
      g_assert_true (has_state (fixture, row, "sending", "queued"));

      good (fixture, outcomes[i], row);
      for (guint j = 0; j < G_N_ELEMENTS (outcomes); j++)
        refused (fixture, outcomes[j], row);
      if (outcomes[i] != MARK_UNSURE)
        for (guint j = 0; j < G_N_ELEMENTS (words); j++)
          refused (fixture, words[j], row);
      if (outcomes[i] == MARK_DONE || outcomes[i] == MARK_ELSEWHERE)
        {
          refused (fixture, DISCARD, row);
          write_good (fixture, run_sql, (gpointer) "UPDATE outbox SET state = 'failed'");
        }
      else
        good (fixture, DISCARD, row);
    }
}

static void
test_resolve (Fixture      *fixture,
              gconstpointer data)
{
  GError *error = NULL;
  gint64 invitation;
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, &invitation);

  good (fixture, CLAIM, row);
  good (fixture, MARK_UNSURE, row);
  g_assert_true (has_state (fixture, row, "unsure", "unsure"));
  good (fixture, RESOLVE_NOT_SENT, row);
  g_assert_true (has_state (fixture, row, "queued", "queued"));
  g_assert_cmpint (get_int64 (fixture, "SELECT due_at > 0 AND evidence IS NULL FROM outbox"), ==, 1);

  good (fixture, CLAIM, row);
  good (fixture, MARK_UNSURE, row);
  good (fixture, RESOLVE_SENT, row);
  g_assert_true (has_state (fixture, row, "done", "pending"));
  g_assert_cmpint (get_int64 (fixture, "SELECT sent_at > 0 AND remote_id IS NULL FROM invitation"), ==, 1);
  draft (fixture, ENQUEUE, fixture->ada, fixture->assessment, NULL, "user", &error);
  assert_duplicate_of (error, invitation, "was already invited");
}

static void
test_discard (Fixture      *fixture,
              gconstpointer data)
{
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, NULL);

  good (fixture, CLAIM, row);
  good (fixture, MARK_UNSURE, row);
  good (fixture, DISCARD, row);
  g_assert_true (has_state (fixture, row, "discarded", "cancelled"));
  refused (fixture, DISCARD, row);
}

static gpointer
peek (AssayDatabase *database,
      gpointer       data,
      GError       **error)
{
  return assay_ledger_peek (database, 0, *(gint64 *) data, error);
}

/* What is to be sent: due, of enabled connections, one for each, the oldest first. */
static void
test_peek (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const ids[] = { "1", NULL };
  gint64 other = add_connection (fixture, "partner", ASSAY_ROLE_PROVIDER, "https://other.example.com");
  gint64 now = G_MAXINT64;
  gint64 first, second, third;
  g_autoptr (GError) error = NULL;
  GPtrArray *items;

  set_assessments (fixture, other, ids);
  first = enqueue (fixture, fixture->ada, fixture->assessment, NULL);
  enqueue (fixture, fixture->bob, fixture->assessment, NULL);
  third = enqueue (fixture, fixture->ada, get_int64 (fixture, "SELECT id FROM assessment WHERE remote_id = '1'"), NULL);
  second = get_int64 (fixture, "SELECT id FROM outbox ORDER BY id LIMIT 1 OFFSET 1");

  items = assay_store_read (fixture->store, peek, &now, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (items->len, ==, 2);
  g_assert_cmpint (((AssayLedgerItem *) items->pdata[0])->outbox_id, ==, first);
  g_assert_cmpint (((AssayLedgerItem *) items->pdata[1])->outbox_id, ==, third);
  g_assert_cmpstr (((AssayLedgerItem *) items->pdata[0])->invitation->email, ==, "ada@example.com");
  g_ptr_array_unref (items);

  /* The undo's ten seconds: what isn't due isn't there, and holds nobody up. */
  write_good (fixture, run_sql, (gpointer) "UPDATE outbox SET due_at = 5000 WHERE id = (SELECT min (id) FROM outbox)");
  now = 4999;
  items = assay_store_read (fixture->store, peek, &now, &error);
  g_assert_cmpuint (items->len, ==, 2);
  g_assert_cmpint (((AssayLedgerItem *) items->pdata[0])->outbox_id, ==, second);
  g_ptr_array_unref (items);

  /* What is due longest goes first, so that what was put off doesn't hold up the rest… */
  now = 5000;
  items = assay_store_read (fixture->store, peek, &now, &error);
  g_assert_cmpint (((AssayLedgerItem *) items->pdata[0])->outbox_id, ==, second);
  g_ptr_array_unref (items);
  /* … unless somebody waits for it and the other is one of many… */
  write_good (fixture, run_sql, (gpointer) "UPDATE outbox SET priority = 1 WHERE id = 2");
  items = assay_store_read (fixture->store, peek, &now, &error);
  g_assert_cmpint (((AssayLedgerItem *) items->pdata[0])->outbox_id, ==, first);
  g_ptr_array_unref (items);
  /* … or is held. */
  write_good (fixture, run_sql, (gpointer) "UPDATE outbox SET priority = 0, held = 1 WHERE id = 2");
  items = assay_store_read (fixture->store, peek, &now, &error);
  g_assert_cmpint (((AssayLedgerItem *) items->pdata[0])->outbox_id, ==, first);
  g_ptr_array_unref (items);

  write_good (fixture, run_sql, (gpointer) "UPDATE connection SET state = 'failing' WHERE kind = 'testtrick'");
  items = assay_store_read (fixture->store, peek, &now, &error);
  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpint (((AssayLedgerItem *) items->pdata[0])->outbox_id, ==, third);
  g_ptr_array_unref (items);
}

/* Results */

typedef struct
{
  gint64 invitation;
  AssayResult *result;
  gint64 next_check;
  gboolean changed;
} Apply;

static gpointer
apply_result (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  Apply *apply = data;

  assay_ledger_apply_result (database, apply->invitation, apply->result, "poll", apply->next_check, &apply->changed,
                             error);
  return NULL;
}

/* Applies a result; whether it changed anything that people see. @score below 0: none. */
static gboolean
apply (Fixture              *fixture,
       gint64                invitation,
       AssayInvitationStatus status,
       const char           *status_text,
       double                score,
       const char           *raw)
{
  g_autoptr (AssayResult) result = assay_result_new ();
  Apply data = { .invitation = invitation, .result = result, .next_check = 123456, .changed = TRUE };

  result->status = status;
  result->status_text = g_strdup (status_text);
  result->score = score >= 0 ? assay_score_new (NULL, score, 100, ASSAY_UNIT_PERCENT) : NULL;
  result->report_url = g_strdup (score >= 0 ? "https://example.com/report" : NULL);
  result->raw = g_strdup (raw);
  write_good (fixture, apply_result, &data);
  return data.changed;
}

static void
test_results (Fixture      *fixture,
              gconstpointer data)
{
  gint64 invitation, updated, completed;
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, &invitation);

  good (fixture, CLAIM, row);
  good (fixture, MARK_DONE, row);
  g_assert_cmpint (get_int64 (fixture, "SELECT next_check_at FROM invitation"), ==, 5000);

  /* The same again changes nothing, however often it comes. */
  g_assert_true (apply (fixture, invitation, ASSAY_INVITATION_PENDING, "pending", -1, "{}"));
  write_good (fixture, run_sql, (gpointer) "UPDATE invitation SET updated_at = 1000");
  for (guint i = 0; i < 3; i++)
    g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_PENDING, "pending", -1, "{}"));
  g_assert_cmpint (get_int64 (fixture, "SELECT updated_at FROM invitation"), ==, 1000);
  g_assert_cmpint (get_int64 (fixture, "SELECT next_check_at FROM invitation"), ==, 123456);
  g_assert_cmpint (get_int64 (fixture, "SELECT count (*) FROM invitation_event WHERE source = 'poll'"), ==, 0);

  g_assert_true (apply (fixture, invitation, ASSAY_INVITATION_IN_PROGRESS, "in_progress", -1, "{\"a\":1}"));
  g_assert_true (apply (fixture, invitation, ASSAY_INVITATION_COMPLETED, "complete", 84, "{\"a\":2}"));
  g_assert_cmpint (get_int64 (fixture, "SELECT next_check_at FROM invitation"), ==, 0);
  g_assert_cmpint (get_int64 (fixture, "SELECT unseen FROM application WHERE remote_id = '1'"), ==, 1);
  completed = get_int64 (fixture, "SELECT completed_at FROM invitation");
  g_assert_cmpint (completed, >, 0);
  updated = get_int64 (fixture, "SELECT updated_at FROM invitation");

  /* Late answers: what is finished stays finished, with its score and report. */
  g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_IN_PROGRESS, "in_progress", -1, "{\"a\":1}"));
  g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_PENDING, "pending", -1, "{}"));
  g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_EXPIRED, "expired", -1, "{}"));
  g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_UNKNOWN, "gone fishing", -1, "{}"));
  g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_COMPLETED, "complete", 84, "{\"a\":2}"));
  g_assert_true (has_state (fixture, row, "done", "completed"));
  g_assert_cmpint (get_int64 (fixture, "SELECT score FROM invitation"), ==, 84);
  g_assert_cmpint (get_int64 (fixture, "SELECT report_url IS NOT NULL FROM invitation"), ==, 1);
  g_assert_cmpint (get_int64 (fixture, "SELECT updated_at FROM invitation"), ==, updated);

  /* What opens doors isn't kept. */
  g_assert_true (apply (fixture, invitation, ASSAY_INVITATION_COMPLETED, "complete", 85, "{\"token\":\"T\",\"a\":3}"));
  g_assert_cmpint (get_int64 (fixture, "SELECT raw = '{\"a\":3}' FROM invitation"), ==, 1);
  g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_COMPLETED, "complete", 85, "{\"token\":\"U\",\"a\":3}"));

  /* A provider may correct a score. */
  g_assert_true (apply (fixture, invitation, ASSAY_INVITATION_COMPLETED, "complete", 86, "{\"a\":3}"));
  g_assert_cmpint (get_int64 (fixture, "SELECT score FROM invitation"), ==, 86);
  g_assert_cmpint (get_int64 (fixture, "SELECT completed_at FROM invitation"), ==, completed);
  g_assert_cmpint (get_int64 (fixture, "SELECT count (*) FROM invitation_event WHERE source = 'poll'"), ==, 2);
}

/* Words nobody knows are kept as they are, each a step of the history, and asking goes on. */
static void
test_unknown_words (Fixture      *fixture,
                    gconstpointer data)
{
  gint64 invitation;
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, &invitation);

  good (fixture, CLAIM, row);
  good (fixture, MARK_DONE, row);
  g_assert_true (apply (fixture, invitation, ASSAY_INVITATION_UNKNOWN, "proctoring", -1, "{}"));
  g_assert_false (apply (fixture, invitation, ASSAY_INVITATION_UNKNOWN, "proctoring", -1, "{}"));
  g_assert_true (apply (fixture, invitation, ASSAY_INVITATION_UNKNOWN, "in review", -1, "{}"));
  g_assert_cmpint (get_int64 (fixture, "SELECT count (*) FROM invitation_event WHERE source = 'poll'"), ==, 2);
  g_assert_cmpint (get_int64 (fixture, "SELECT next_check_at FROM invitation"), ==, 123456);
  g_assert_cmpint (get_int64 (fixture, "SELECT status_text = 'in review' FROM invitation"), ==, 1);
}

static gpointer
remove_provider (AssayDatabase *database,
                 gpointer       data,
                 GError       **error)
{
  assay_connections_remove (database, ((Fixture *) data)->provider, FALSE, error);
  return NULL;
}

static gpointer
erase_provider (AssayDatabase *database,
                gpointer       data,
                GError       **error)
{
  assay_connections_remove (database, ((Fixture *) data)->provider, TRUE, error);
  return NULL;
}

/* The same account connected anew is the same account, in whatever spelling of its address, and even when its data was
 * erased: the digest outlives the data. */
static void
test_connected_anew (Fixture      *fixture,
                     gconstpointer data)
{
  static const char *const ids[] = { "100", NULL };
  static const char *const spellings[] = { ADDRESS, ADDRESS "/", "https://API.Example.com/partner",
                                           "https://api.example.com:443/partner", "HTTPS://api.example.com/partner//" };
  gboolean erase = GPOINTER_TO_INT (data);
  gint64 row = enqueue (fixture, fixture->ada, fixture->assessment, NULL);

  good (fixture, CLAIM, row);
  good (fixture, MARK_DONE, row);
  write_good (fixture, erase ? erase_provider : remove_provider, fixture);

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      gint64 anew = add_connection (fixture, "testtrick", ASSAY_ROLE_PROVIDER, spellings[i]);
      g_autofree char *sql = g_strdup_printf ("SELECT id FROM assessment WHERE connection_id = %" G_GINT64_FORMAT, anew);
      GError *error = NULL;

      g_test_message ("%s", spellings[i]);
      set_assessments (fixture, anew, ids);
      g_assert_cmpint (draft (fixture, ENQUEUE, fixture->ada, get_int64 (fixture, sql), NULL, "user", &error), ==, 0);
      test_assert_error (error, ASSAY_ERROR_DUPLICATE);
      g_assert_cmpint (draft (fixture, CHECK, fixture->bob, get_int64 (fixture, sql), NULL, "user", &error), ==, 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

#define ADD(path, data, function) \
  g_test_add ("/ledger/" path, Fixture, data, fixture_set_up, function, fixture_tear_down)
  ADD ("key-is-unique", NULL, test_key_is_unique);
  ADD ("index-is-unique", NULL, test_index_is_unique);
  ADD ("duplicates-say-when-and-who", NULL, test_duplicates_say_when_and_who);
  ADD ("find-invited", NULL, test_find_invited);
  ADD ("duplicate-comes-first", NULL, test_duplicate_comes_first);
  ADD ("who-cannot-be-invited", NULL, test_who_cannot_be_invited);
  ADD ("failed-frees-the-key", NULL, test_failed_frees_the_key);
  ADD ("elsewhere-keeps-the-key", NULL, test_elsewhere_keeps_the_key);
  ADD ("undo", NULL, test_undo);
  ADD ("claim", NULL, test_claim);
  ADD ("who-settles-what", NULL, test_who_settles_what);
  ADD ("resolve", NULL, test_resolve);
  ADD ("discard", NULL, test_discard);
  ADD ("peek", NULL, test_peek);
  ADD ("results", NULL, test_results);
  ADD ("unknown-words", NULL, test_unknown_words);
  ADD ("connected-anew", GINT_TO_POINTER (FALSE), test_connected_anew);
  ADD ("connected-anew-after-erasing", GINT_TO_POINTER (TRUE), test_connected_anew);
#undef ADD

  return g_test_run ();
}
