/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sync writes and the rest reads: equal rows aren't written, different ones are told, erased ones are gone. */
#include "config.h"

#include "assay-queries-private.h"
#include "store-fixture.h"

typedef struct
{
  char *directory;
  AssayStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->directory = store_fixture_make_directory ();
  fixture->store = store_fixture_open (fixture->directory);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  store_fixture_close (fixture->store);
  store_fixture_remove_directory (fixture->directory);
  g_free (fixture->directory);
}

static void
run_write (Fixture        *fixture,
           AssayStoreFunc  function,
           gpointer        data)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, function, data, &error);
  g_assert_no_error (error);
}

/* The search index holds exactly what the rows hold. */
static void
check_search_index (AssayDatabase *database)
{
  g_autoptr (GError) error = NULL;
  AssayStatement *statement = assay_database_prepare (
    database, "INSERT INTO application_search (application_search, rank) VALUES ('integrity-check', 1)", &error);

  g_assert_no_error (error);
  assay_statement_run (statement, &error);
  g_assert_no_error (error);
}

/* ---- Connections ---- */

static gpointer
check_connections (AssayDatabase  *database,
                   gpointer        data,
                   GError        **error)
{
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (AssayConnection) read = NULL;
  g_autoptr (AssayConnection) missing = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) local_error = NULL;

  connection->kind = g_strdup ("pinpoint");
  connection->name = g_strdup ("Zebra");
  connection->state = ASSAY_CONNECTION_FAILING;
  connection->reason = g_strdup ("Pinpoint refuses the key.");
  connection->secret_id = g_strdup ("secret-1");
  g_hash_table_insert (connection->settings, g_strdup ("subdomain"), g_strdup ("\"acme\" \\ ü"));
  g_assert_true (assay_connections_insert (database, connection, error));
  g_assert_cmpint (connection->id, >, 0);
  g_assert_cmpint (connection->created_at, >, 0);

  connection->complete_up_to = 42;
  g_free (connection->cursor);
  connection->cursor = g_strdup ("page-7");
  g_assert_true (assay_connections_update (database, connection, error));

  read = assay_connections_get (database, connection->id, error);
  g_assert_cmpstr (read->kind, ==, "pinpoint");
  g_assert_cmpint (read->role, ==, ASSAY_ROLE_ATS);
  g_assert_cmpint (read->state, ==, ASSAY_CONNECTION_FAILING);
  g_assert_cmpstr (read->reason, ==, "Pinpoint refuses the key.");
  g_assert_cmpstr (read->secret_id, ==, "secret-1");
  g_assert_cmpstr (assay_connection_get_setting (read, "subdomain"), ==, "\"acme\" \\ ü");
  g_assert_cmpint (read->complete_up_to, ==, 42);
  g_assert_cmpstr (read->cursor, ==, "page-7");

  store_fixture_add_connection (database, "testtrick", ASSAY_ROLE_PROVIDER, "Aardvark");
  store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "acme");
  list = assay_connections_list (database, error);
  g_assert_cmpuint (list->len, ==, 3);
  g_assert_cmpstr (((AssayConnection *) list->pdata[0])->name, ==, "acme");
  g_assert_cmpstr (((AssayConnection *) list->pdata[1])->name, ==, "Zebra");
  g_assert_cmpstr (((AssayConnection *) list->pdata[2])->name, ==, "Aardvark");

  missing = assay_connections_get (database, 999, &local_error);
  g_assert_null (missing);
  g_assert_error (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
  g_clear_error (&local_error);
  g_assert_false (assay_connections_remove (database, 999, TRUE, &local_error));
  g_assert_error (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
  return NULL;
}

static void
test_connections (Fixture       *fixture,
                  gconstpointer  unused)
{
  run_write (fixture, check_connections, NULL);
}

/* ---- Jobs ---- */

static AssayJob *
make_job (const char *remote_id,
          const char *title)
{
  AssayJob *job = assay_job_new ();
  AssayStage *stage = assay_stage_new ();

  job->remote_id = g_strdup (remote_id);
  job->title = g_strdup (title);
  job->open = TRUE;
  stage->remote_id = g_strdup ("s1");
  stage->name = g_strdup ("Applied");
  g_ptr_array_add (job->stages, stage);
  return job;
}

static gpointer
check_jobs (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  gint64 connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (AssayApplication) application = store_fixture_make_application ("9", "2", "Amara Okafor", 5);
  g_autoptr (AssayApplication) read = NULL;
  g_autoptr (AssayJob) job = NULL;
  g_autoptr (GPtrArray) open = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_auto (GStrv) names = NULL;
  AssayStage *stage;
  guint changed = 99;

  /* Its job isn't known yet: the vendor's own title until it is. */
  application->job_title = g_strdup ("designer (vendor)");
  store_fixture_upsert (database, connection_id, application);
  g_assert_cmpint (application->job_id, ==, 0);

  g_ptr_array_add (jobs, make_job ("1", "Backend Engineer"));
  g_ptr_array_add (jobs, make_job ("2", "Designer"));
  g_assert_true (assay_jobs_upsert (database, connection_id, jobs, TRUE, &changed, error));
  g_assert_cmpuint (changed, ==, 2);
  read = assay_applications_get (database, application->id, error);
  g_assert_cmpint (read->job_id, ==, ((AssayJob *) jobs->pdata[1])->id);
  g_assert_cmpstr (read->job_title, ==, "Designer");
  g_assert_true (read->job_open);
  check_search_index (database);

  g_assert_true (assay_jobs_upsert (database, connection_id, jobs, TRUE, &changed, error));
  g_assert_cmpuint (changed, ==, 0);

  /* A stage more, one less, one renamed: each is a change of its job. */
  stage = assay_stage_new ();
  stage->remote_id = g_strdup ("s2");
  stage->name = g_strdup ("Offer");
  stage->position = 1;
  g_ptr_array_add (((AssayJob *) jobs->pdata[0])->stages, stage);
  g_assert_true (assay_jobs_upsert (database, connection_id, jobs, TRUE, &changed, error));
  g_assert_cmpuint (changed, ==, 1);
  g_free (stage->name);
  stage->name = g_strdup ("Final Offer");
  g_assert_true (assay_jobs_upsert (database, connection_id, jobs, TRUE, &changed, error));
  g_assert_cmpuint (changed, ==, 1);
  names = assay_jobs_list_stage_names (database, 0, error);
  g_assert_cmpstr (names[0], ==, "Applied");
  g_assert_cmpstr (names[1], ==, "Final Offer");
  g_assert_null (names[2]);
  g_ptr_array_remove_index (((AssayJob *) jobs->pdata[0])->stages, 0);
  g_assert_true (assay_jobs_upsert (database, connection_id, jobs, TRUE, &changed, error));
  g_assert_cmpuint (changed, ==, 1);
  job = assay_jobs_get (database, ((AssayJob *) jobs->pdata[0])->id, error);
  g_assert_cmpuint (job->stages->len, ==, 1);

  /* No longer listed is closed, not deleted; renamed reaches the application and the search. */
  g_ptr_array_remove_index (jobs, 0);
  g_free (((AssayJob *) jobs->pdata[0])->title);
  ((AssayJob *) jobs->pdata[0])->title = g_strdup ("Product Designer");
  g_assert_true (assay_jobs_upsert (database, connection_id, jobs, TRUE, &changed, error));
  g_assert_cmpuint (changed, ==, 2);
  open = assay_jobs_list (database, connection_id, FALSE, error);
  all = assay_jobs_list (database, 0, TRUE, error);
  g_assert_cmpuint (open->len, ==, 1);
  g_assert_cmpuint (((AssayJob *) open->pdata[0])->applications, ==, 1);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_true (((AssayJob *) all->pdata[0])->open);
  g_assert_false (((AssayJob *) all->pdata[1])->open);
  assay_application_free (g_steal_pointer (&read));
  read = assay_applications_get (database, application->id, error);
  g_assert_cmpstr (read->job_title, ==, "Product Designer");
  check_search_index (database);
  return NULL;
}

static void
test_jobs (Fixture       *fixture,
           gconstpointer  unused)
{
  run_write (fixture, check_jobs, NULL);
}

/* What a first look needs is the same jobs in the same order, without what takes longer the more people there are. */
static gpointer
check_open_jobs (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  static const char *const titles[] = { "accountant", "Designer", "Recruiter" };
  gint64 ats = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  gint64 other_ats = store_fixture_add_connection (database, "lever", ASSAY_ROLE_ATS, "Lever");
  gint64 removed_ats = store_fixture_add_connection (database, "lever", ASSAY_ROLE_ATS, "Old");
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (GPtrArray) outline = NULL;
  g_autoptr (GPtrArray) whole = NULL;

  g_ptr_array_add (jobs, make_job ("1", "Recruiter"));
  g_ptr_array_add (jobs, make_job ("2", "accountant"));
  g_ptr_array_add (jobs, make_job ("3", "Closed"));
  ((AssayJob *) jobs->pdata[2])->open = FALSE;
  g_assert_true (assay_jobs_upsert (database, ats, jobs, TRUE, NULL, error));
  store_fixture_add_job (database, other_ats, "1", "Designer");
  store_fixture_add_job (database, removed_ats, "1", "Baker");
  g_assert_true (assay_connections_remove (database, removed_ats, FALSE, error));
  store_fixture_add_people (database, ats, 0, 3);

  outline = assay_jobs_list_open (database, error);
  whole = assay_jobs_list (database, 0, FALSE, error);
  g_assert_cmpuint (outline->len, ==, G_N_ELEMENTS (titles));
  g_assert_cmpuint (whole->len, ==, outline->len);
  for (guint i = 0; i < outline->len; i++)
    {
      const AssayJob *job = g_ptr_array_index (outline, i);
      const AssayJob *same = g_ptr_array_index (whole, i);

      g_assert_cmpstr (job->title, ==, titles[i]);
      g_assert_cmpint (job->id, ==, same->id);
      g_assert_cmpint (job->connection_id, ==, same->connection_id);
      g_assert_true (job->open);
      g_assert_cmpuint (job->applications, ==, 0);
      g_assert_cmpuint (job->stages->len, ==, 0);
    }
  g_assert_cmpuint (((AssayJob *) whole->pdata[2])->applications, ==, 3);
  return NULL;
}

static void
test_open_jobs (Fixture       *fixture,
                gconstpointer  unused)
{
  run_write (fixture, check_open_jobs, NULL);
}

/* ---- Applications ---- */

static gpointer
check_applications (AssayDatabase  *database,
                    gpointer        data,
                    GError        **error)
{
  gint64 connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  gint64 job_id = store_fixture_add_job (database, connection_id, "1", "Backend Engineer");
  g_autoptr (AssayApplication) application = store_fixture_make_application ("9", "1", "Amara Okafor", 50);
  g_autoptr (AssayApplication) nameless = store_fixture_make_application ("10", "1", NULL, 50);
  g_autoptr (AssayApplication) read = NULL;
  g_autoptr (GPtrArray) found = NULL;
  gint64 id;

  g_strfreev (application->tags);
  application->tags = g_strsplit ("needs \"visa\",日本", ",", -1);
  g_ptr_array_add (application->documents, assay_document_new ("cv", "cv.pdf", "https://example.com/a?b=c&d"));
  g_free (application->email);
  application->email = g_strdup (" Amara@Mail.Example");

  g_assert_cmpuint (store_fixture_upsert (database, connection_id, application), ==, 1);
  id = application->id;
  g_assert_cmpuint (store_fixture_upsert (database, connection_id, application), ==, 0);
  g_assert_cmpint (application->id, ==, id);
  g_assert_cmpuint (store_fixture_upsert (database, connection_id, nameless), ==, 1);

  read = assay_applications_get (database, id, error);
  g_assert_cmpstr (read->full_name, ==, "Amara Okafor");
  g_assert_cmpstr (read->connection_name, ==, "ACME");
  g_assert_cmpint (read->job_id, ==, job_id);
  g_assert_cmpstr (read->job_title, ==, "Backend Engineer");
  g_assert_cmpstr (read->tags[0], ==, "needs \"visa\"");
  g_assert_cmpstr (read->tags[1], ==, "日本");
  g_assert_cmpuint (read->documents->len, ==, 1);
  g_assert_cmpstr (((AssayDocument *) read->documents->pdata[0])->url, ==, "https://example.com/a?b=c&d");
  g_assert_cmpint (read->invitation_id, ==, 0);
  g_clear_pointer (&read, assay_application_free);
  read = assay_applications_get (database, nameless->id, error);
  g_assert_cmpstr (read->full_name, ==, "p10@mail.example");

  found = assay_applications_find_by_email (database, "AMARA@mail.example ", error);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (((AssayApplication *) found->pdata[0])->id, ==, id);

  /* An older copy is ignored, a newer one taken, a newer equal one counts because its time differs. */
  g_free (application->stage_name);
  application->stage_name = g_strdup ("Offer");
  application->updated_at = 49;
  g_assert_cmpuint (store_fixture_upsert (database, connection_id, application), ==, 0);
  application->updated_at = 51;
  g_assert_cmpuint (store_fixture_upsert (database, connection_id, application), ==, 1);
  g_clear_pointer (&read, assay_application_free);
  read = assay_applications_get (database, id, error);
  g_assert_cmpstr (read->stage_name, ==, "Offer");
  check_search_index (database);

  /* Gone, and back. */
  g_assert_true (assay_applications_mark_gone (database, id, error));
  g_assert_true (assay_applications_mark_gone (database, id, error));
  g_assert_cmpint (assay_applications_count (database, NULL, 0, error), ==, 1);
  check_search_index (database);
  g_assert_cmpuint (store_fixture_upsert (database, connection_id, application), ==, 1);
  g_assert_cmpint (assay_applications_count (database, NULL, 0, error), ==, 2);
  check_search_index (database);
  return NULL;
}

/* A list's rows are read without what is long, and are otherwise the same. */
static gpointer
check_brief (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  gint64 connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  gint64 job_id = store_fixture_add_job (database, connection_id, "1", "Backend Engineer");
  g_autoptr (AssayApplication) application = store_fixture_make_application ("9", "1", "Amara Okafor", 50);
  g_autoptr (AssayApplication) brief = NULL;
  g_autoptr (AssayApplication) whole = NULL;

  application->summary = g_strdup ("Long");
  g_strfreev (application->tags);
  application->tags = g_strsplit ("visa", ",", -1);
  g_ptr_array_add (application->documents, assay_document_new ("cv", "cv.pdf", "https://example.com/cv"));
  application->source = g_strdup ("Indeed");
  store_fixture_upsert (database, connection_id, application);

  brief = assay_applications_find_brief (database, application->id, error);
  whole = assay_applications_find (database, application->id, error);
  g_assert_cmpstr (whole->summary, ==, "Long");
  g_assert_cmpstr (whole->tags[0], ==, "visa");
  g_assert_cmpuint (whole->documents->len, ==, 1);
  g_assert_null (brief->summary);
  g_assert_null (brief->tags[0]);
  g_assert_cmpuint (brief->documents->len, ==, 0);

  g_assert_cmpint (brief->id, ==, application->id);
  g_assert_cmpint (brief->job_id, ==, job_id);
  g_assert_cmpstr (brief->full_name, ==, whole->full_name);
  g_assert_cmpstr (brief->job_title, ==, "Backend Engineer");
  g_assert_cmpstr (brief->stage_name, ==, whole->stage_name);
  g_assert_cmpstr (brief->source, ==, "Indeed");
  g_assert_cmpint (brief->updated_at, ==, 50);

  /* One that is gone is no error. */
  g_assert_null (assay_applications_find_brief (database, application->id + 1, error));
  return NULL;
}

static void
test_brief (Fixture       *fixture,
            gconstpointer  unused)
{
  run_write (fixture, check_brief, NULL);
}

static void
test_applications (Fixture       *fixture,
                   gconstpointer  unused)
{
  run_write (fixture, check_applications, NULL);
}

static gpointer
add_people (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  static gint64 connection_id;

  if (connection_id == 0)
    {
      connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
      store_fixture_add_job (database, connection_id, "1", "Backend Engineer");
    }
  store_fixture_add_people (database, connection_id, 0, 1000);
  return NULL;
}

static char *
get_database_content (Fixture *fixture,
                      gsize   *length)
{
  g_autofree char *path = g_build_filename (fixture->directory, "assay.db-wal", NULL);
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, length, NULL));
  return content;
}

/* A sync that brings nothing new doesn't touch the disk. */
static void
test_nothing_written (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length_before, length_after;

  run_write (fixture, add_people, NULL);
  before = get_database_content (fixture, &length_before);
  run_write (fixture, add_people, NULL);
  after = get_database_content (fixture, &length_after);
  g_assert_cmpuint (length_before, >, 0);
  g_assert_cmpmem (before, length_before, after, length_after);
}

/* ---- Assessments and invitations ---- */

static gpointer
check_invitations (AssayDatabase  *database,
                   gpointer        data,
                   GError        **error)
{
  gint64 ats = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  gint64 provider = store_fixture_add_connection (database, "testtrick", ASSAY_ROLE_PROVIDER, "TestTrick");
  g_autoptr (AssayApplication) application = store_fixture_make_application ("9", "1", "Amara Okafor", 50);
  g_autoptr (AssayApplication) read = NULL;
  g_autoptr (AssayInvitation) invitation = NULL;
  g_autoptr (GPtrArray) offered = NULL;
  g_autoptr (GPtrArray) everything = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (AssayAssessment) assessment = NULL;
  guint counts[ASSAY_N_INVITATION_STATUSES];
  gint64 python, logic, first, second;
  AssayStatement *statement;

  store_fixture_upsert (database, ats, application);
  python = store_fixture_add_assessment (database, provider, "Python");
  logic = store_fixture_add_assessment (database, provider, "Logic");
  offered = assay_assessments_list (database, provider, FALSE, error);
  everything = assay_assessments_list (database, 0, TRUE, error);
  g_assert_cmpuint (offered->len, ==, 1);
  g_assert_cmpint (((AssayAssessment *) offered->pdata[0])->id, ==, logic);
  g_assert_cmpuint (everything->len, ==, 2);
  assessment = assay_assessments_get (database, python, error);
  g_assert_false (assessment->active);
  g_assert_cmpstr (assessment->connection_name, ==, "TestTrick");
  g_assert_cmpint (store_fixture_add_assessment (database, provider, "Python"), ==, python);

  first = store_fixture_add_invitation (database, application->id, python, provider, ASSAY_INVITATION_COMPLETED);
  second = store_fixture_add_invitation (database, application->id, logic, provider, ASSAY_INVITATION_QUEUED);
  statement = assay_database_prepare (database,
                                      "INSERT INTO invitation_event (invitation_id, at, status, source)"
                                      " VALUES (?1, 7, 'pending', 'outbox')",
                                      error);
  assay_statement_bind_int64 (statement, 1, second);
  g_assert_true (assay_statement_run (statement, error));
  statement = assay_database_prepare (database,
                                      "INSERT INTO outbox (kind, connection_id, invitation_id, natural_key, state,"
                                      "  cause, due_at, created_at, updated_at)"
                                      " VALUES ('invite', ?1, ?2, 'k', 'queued', 'user', 4711, 1, 1)",
                                      error);
  assay_statement_bind_int64 (statement, 1, provider);
  assay_statement_bind_int64 (statement, 2, second);
  g_assert_true (assay_statement_run (statement, error));

  invitation = assay_invitations_get (database, second, error);
  g_assert_cmpstr (invitation->candidate_name, ==, "Amara Okafor");
  g_assert_cmpstr (invitation->assessment_name, ==, "Logic");
  g_assert_cmpstr (invitation->connection_kind, ==, "testtrick");
  g_assert_cmpint (invitation->due_at, ==, 4711);
  g_assert_cmpfloat (invitation->score->value, ==, 84);
  g_assert_cmpint (invitation->score->unit, ==, ASSAY_UNIT_PERCENT);
  g_assert_cmpuint (invitation->scores->len, ==, 1);
  g_assert_cmpfloat (((AssayScore *) invitation->scores->pdata[0])->max, ==, 5);
  g_assert_cmpstr (invitation->flags[0], ==, "left the tab");
  g_assert_cmpuint (invitation->history->len, ==, 1);
  g_assert_cmpint (((AssayInvitationEvent *) invitation->history->pdata[0])->at, ==, 7);

  list = assay_invitations_list (database, application->id, -1, 0, 0, error);
  g_assert_cmpuint (list->len, ==, 2);
  g_assert_cmpint (((AssayInvitation *) list->pdata[0])->id, ==, second);
  g_assert_cmpuint (((AssayInvitation *) list->pdata[0])->history->len, ==, 1);
  g_clear_pointer (&list, g_ptr_array_unref);
  list = assay_invitations_list (database, 0, ASSAY_INVITATION_COMPLETED, 0, 0, error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpint (((AssayInvitation *) list->pdata[0])->id, ==, first);
  g_clear_pointer (&list, g_ptr_array_unref);
  list = assay_invitations_list (database, 0, -1, 1, 1, error);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpint (((AssayInvitation *) list->pdata[0])->id, ==, first);

  g_assert_true (assay_invitations_count (database, counts, error));
  g_assert_cmpuint (counts[ASSAY_INVITATION_COMPLETED], ==, 1);
  g_assert_cmpuint (counts[ASSAY_INVITATION_QUEUED], ==, 1);
  g_assert_cmpuint (counts[ASSAY_INVITATION_PENDING], ==, 0);

  statement = assay_database_prepare (database, "UPDATE invitation SET status_text = 'On its way' WHERE id = ?1", error);
  assay_statement_bind_int64 (statement, 1, second);
  g_assert_true (assay_statement_run (statement, error));
  read = assay_applications_get (database, application->id, error);
  g_assert_cmpint (read->invitation_id, ==, second);
  g_assert_cmpint (read->invitation_status, ==, ASSAY_INVITATION_QUEUED);
  g_assert_cmpstr (read->invitation_status_text, ==, "On its way");
  g_assert_cmpfloat (read->invitation_score->value, ==, 84);
  g_assert_true (read->unseen);
  g_assert_true (assay_applications_mark_seen (database, application->id, error));
  g_clear_pointer (&read, assay_application_free);
  read = assay_applications_get (database, application->id, error);
  g_assert_false (read->unseen);
  check_search_index (database);
  return NULL;
}

static void
test_invitations (Fixture       *fixture,
                  gconstpointer  unused)
{
  run_write (fixture, check_invitations, NULL);
}

/* ---- Disconnecting ---- */

typedef struct
{
  gint64 ats;
  gint64 provider;
  gint64 application_id;
  gint64 other_application_id;
} Erasure;

static gpointer
prepare_erasure (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  Erasure *erasure = data;
  g_autoptr (AssayApplication) application = store_fixture_make_application ("9", "1", "Quetzalcoatl Zyx", 50);
  g_autoptr (AssayApplication) other = store_fixture_make_application ("9", "1", "Jonas Šimek", 50);
  gint64 other_ats, python;
  AssayStatement *statement;

  erasure->ats = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  other_ats = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "BETA");
  erasure->provider = store_fixture_add_connection (database, "testtrick", ASSAY_ROLE_PROVIDER, "TestTrick");
  store_fixture_add_job (database, erasure->ats, "1", "Xylophonist");
  application->summary = g_strdup ("Plays the xylophone in Ouagadougou.");
  store_fixture_upsert (database, erasure->ats, application);
  store_fixture_upsert (database, other_ats, other);
  python = store_fixture_add_assessment (database, erasure->provider, "Python");
  store_fixture_add_invitation (database, application->id, python, erasure->provider, ASSAY_INVITATION_PENDING);
  store_fixture_add_invitation (database, other->id, python, erasure->provider, ASSAY_INVITATION_PENDING);
  statement = assay_database_prepare (database,
                                      "INSERT INTO outbox (kind, connection_id, application_id, natural_key, payload,"
                                      "  state, cause, due_at, created_at, updated_at)"
                                      " VALUES ('invite', ?1, ?2, 'digest-1', '{\"to\":\"Quetzalcoatl\"}', 'done',"
                                      "  'user', 1, 1, 1), ('invite', ?1, ?2, 'digest-2', '{}', 'queued', 'user', 1,"
                                      "  1, 1)",
                                      error);
  assay_statement_bind_int64 (statement, 1, erasure->provider);
  assay_statement_bind_int64 (statement, 2, application->id);
  g_assert_true (assay_statement_run (statement, error));
  erasure->application_id = application->id;
  erasure->other_application_id = other->id;
  return NULL;
}

static gpointer
erase_ats (AssayDatabase  *database,
           gpointer        data,
           GError        **error)
{
  assay_connections_remove (database, ((Erasure *) data)->ats, TRUE, error);
  return NULL;
}

static gpointer
check_ats_erased (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  Erasure *erasure = data;
  g_autoptr (GPtrArray) invitations = assay_invitations_list (database, 0, -1, 0, 0, error);
  g_autoptr (GPtrArray) connections = assay_connections_list (database, error);
  g_autoptr (GPtrArray) jobs = assay_jobs_list (database, 0, TRUE, error);
  AssayStatement *statement;

  g_assert_cmpuint (connections->len, ==, 2);
  g_assert_cmpuint (jobs->len, ==, 0);
  g_assert_cmpint (assay_applications_count (database, NULL, 0, error), ==, 1);
  g_assert_cmpuint (invitations->len, ==, 1);
  g_assert_cmpint (((AssayInvitation *) invitations->pdata[0])->application_id, ==, erasure->other_application_id);

  /* The ledger remembers what was sent; what wasn't never will be. */
  statement = assay_database_prepare (
    database, "SELECT natural_key, state, payload, application_id FROM outbox ORDER BY id", error);
  g_assert_true (assay_statement_step (statement, error));
  g_assert_cmpstr (assay_statement_get_text (statement, 0), ==, "digest-1");
  g_assert_cmpstr (assay_statement_get_text (statement, 1), ==, "done");
  g_assert_cmpstr (assay_statement_get_text (statement, 2), ==, "{}");
  g_assert_true (assay_statement_is_null (statement, 3));
  g_assert_true (assay_statement_step (statement, error));
  g_assert_cmpstr (assay_statement_get_text (statement, 1), ==, "discarded");
  return NULL;
}

static gpointer
erase_provider (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  assay_connections_remove (database, ((Erasure *) data)->provider, TRUE, error);
  return NULL;
}

static gpointer
check_provider_erased (AssayDatabase  *database,
                       gpointer        data,
                       GError        **error)
{
  g_autoptr (AssayApplication) application =
    assay_applications_get (database, ((Erasure *) data)->other_application_id, error);
  g_autoptr (GPtrArray) invitations = assay_invitations_list (database, 0, -1, 0, 0, error);

  g_assert_cmpuint (invitations->len, ==, 0);
  g_assert_cmpint (application->invitation_id, ==, 0);
  return NULL;
}

static void
test_erase (Fixture       *fixture,
            gconstpointer  unused)
{
  Erasure erasure = { 0 };
  g_autoptr (GError) error = NULL;

  run_write (fixture, prepare_erasure, &erasure);
  g_assert_true (store_fixture_files_contain (fixture->directory, "Quetzalcoatl"));
  run_write (fixture, erase_ats, &erasure);
  /* At once, not only after closing; of the words of the index too, which are in lower case. */
  g_assert_false (store_fixture_files_contain (fixture->directory, "Quetzalcoatl"));
  g_assert_false (store_fixture_files_contain (fixture->directory, "quetzalcoatl"));
  g_assert_false (store_fixture_files_contain (fixture->directory, "Ouagadougou"));
  g_assert_false (store_fixture_files_contain (fixture->directory, "ylophon"));
  g_assert_false (store_fixture_files_contain (fixture->directory, "p9@mail.example\"Quet"));
  g_assert_true (store_fixture_files_contain (fixture->directory, "Jonas"));

  assay_store_read (fixture->store, check_ats_erased, &erasure, &error);
  g_assert_no_error (error);
  run_write (fixture, erase_provider, &erasure);
  assay_store_read (fixture->store, check_provider_erased, &erasure, &error);
  g_assert_no_error (error);
}

static gpointer
remove_and_keep (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  Erasure *erasure = data;
  g_autoptr (GPtrArray) connections = NULL;
  g_autoptr (GPtrArray) assessments = NULL;
  g_autoptr (AssayApplication) application = NULL;

  g_assert_true (assay_connections_remove (database, erasure->ats, FALSE, error));
  g_assert_true (assay_connections_remove (database, erasure->provider, FALSE, error));
  connections = assay_connections_list (database, error);
  assessments = assay_assessments_list (database, 0, TRUE, error);
  application = assay_applications_get (database, erasure->application_id, error);
  g_assert_cmpuint (connections->len, ==, 1);
  g_assert_cmpuint (assessments->len, ==, 0);
  g_assert_cmpstr (application->full_name, ==, "Quetzalcoatl Zyx");
  g_assert_false (assay_connections_remove (database, erasure->ats, FALSE, NULL));
  return NULL;
}

static void
test_remove (Fixture       *fixture,
             gconstpointer  unused)
{
  Erasure erasure = { 0 };

  run_write (fixture, prepare_erasure, &erasure);
  run_write (fixture, remove_and_keep, &erasure);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/queries/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("connections", test_connections);
  ADD ("jobs", test_jobs);
  ADD ("open-jobs", test_open_jobs);
  ADD ("applications", test_applications);
  ADD ("brief", test_brief);
  ADD ("nothing-written", test_nothing_written);
  ADD ("invitations", test_invitations);
  ADD ("erase", test_erase);
  ADD ("remove", test_remove);
  return g_test_run ();
}
