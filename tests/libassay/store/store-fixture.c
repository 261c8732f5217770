/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store in a folder of its own, and people to put into it. */
#include "config.h"

#include "store-fixture.h"

#include <string.h>

#include <glib/gstdio.h>

char *
store_fixture_make_directory (void)
{
  g_autoptr (GError) error = NULL;
  char *directory = g_dir_make_tmp ("assay-store-XXXXXX", &error);

  g_assert_no_error (error);
  return directory;
}

void
store_fixture_remove_directory (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        store_fixture_remove_directory (path);
      else
        g_unlink (path);
    }
  g_rmdir (directory);
}

AssayStore *
store_fixture_open (const char *directory)
{
  g_autoptr (GError) error = NULL;
  AssayStore *store = assay_store_open (directory, &error);

  g_assert_no_error (error);
  g_assert_true (ASSAY_IS_STORE (store));
  return store;
}

void
store_fixture_close (AssayStore *store)
{
  assay_store_close (store);
  /* Answers on their way hold it; after closing no more come. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (store);
}

gint64
store_fixture_add_connection (AssayDatabase *database,
                              const char    *kind,
                              AssayRole      role,
                              const char    *name)
{
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GError) error = NULL;

  connection->kind = g_strdup (kind);
  connection->role = role;
  connection->name = g_strdup (name);
  connection->state = ASSAY_CONNECTION_ENABLED;
  assay_connections_insert (database, connection, &error);
  g_assert_no_error (error);
  return connection->id;
}

gint64
store_fixture_add_job (AssayDatabase *database,
                       gint64         connection_id,
                       const char    *remote_id,
                       const char    *title)
{
  static const char *const stages[] = { "Applied", "Phone Screen", "Offer" };
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (GError) error = NULL;
  AssayJob *job = assay_job_new ();

  job->remote_id = g_strdup (remote_id);
  job->title = g_strdup (title);
  job->open = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      AssayStage *stage = assay_stage_new ();

      stage->remote_id = g_strdup_printf ("%s-%u", remote_id, i);
      stage->name = g_strdup (stages[i]);
      stage->position = (int) i;
      g_ptr_array_add (job->stages, stage);
    }
  g_ptr_array_add (jobs, job);
  assay_jobs_upsert (database, connection_id, jobs, FALSE, NULL, &error);
  g_assert_no_error (error);
  return job->id;
}

AssayApplication *
store_fixture_make_application (const char *remote_id,
                                const char *job_remote_id,
                                const char *name,
                                gint64      updated_at)
{
  AssayApplication *application = assay_application_new ();

  application->remote_id = g_strdup (remote_id);
  application->job_remote_id = g_strdup (job_remote_id);
  application->full_name = g_strdup (name);
  application->email = g_strdup_printf ("p%s@mail.example", remote_id);
  application->stage_name = g_strdup ("Applied");
  application->created_at = 1;
  application->updated_at = updated_at;
  return application;
}

guint
store_fixture_upsert (AssayDatabase    *database,
                      gint64            connection_id,
                      AssayApplication *application)
{
  g_autoptr (GPtrArray) applications = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  guint changed = 0;

  g_ptr_array_add (applications, application);
  assay_applications_upsert (database, connection_id, applications, &changed, &error);
  g_assert_no_error (error);
  return changed;
}

void
store_fixture_add_people (AssayDatabase *database,
                          gint64         connection_id,
                          guint          first,
                          guint          n)
{
  g_autoptr (GPtrArray) applications = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_application_free);
  g_autoptr (GError) error = NULL;

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *remote_id = g_strdup_printf ("%u", i);
      g_autofree char *name = g_strdup_printf ("Person %u", i);

      g_ptr_array_add (applications, store_fixture_make_application (remote_id, "1", name, 1000 + i));
    }
  assay_applications_upsert (database, connection_id, applications, NULL, &error);
  g_assert_no_error (error);
}

gint64
store_fixture_add_assessment (AssayDatabase *database,
                              gint64         connection_id,
                              const char    *name)
{
  g_autoptr (GPtrArray) assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  g_autoptr (GError) error = NULL;
  AssayAssessment *assessment = assay_assessment_new ();

  assessment->remote_id = g_strdup (name);
  assessment->name = g_strdup (name);
  g_ptr_array_add (assessments, assessment);
  assay_assessments_replace (database, connection_id, assessments, &error);
  g_assert_no_error (error);
  return assessment->id;
}

gint64
store_fixture_add_invitation (AssayDatabase         *database,
                              gint64                 application_id,
                              gint64                 assessment_id,
                              gint64                 connection_id,
                              AssayInvitationStatus  status)
{
  g_autoptr (GError) error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO invitation (application_id, assessment_id, connection_id, first_name,"
                            "  last_name, email, status, score, score_max, score_unit, scores, flags, cause, created_at,"
                            "  updated_at)"
                            " VALUES (?1, ?2, ?3, 'Amara', 'Okafor', 'amara@mail.example', ?4, 84, 100, 'percent',"
                            "  '[{\"name\":\"Logic\",\"value\":3,\"max\":5}]', '[\"left the tab\"]', 'user', 1, 1)",
                            &error);
  gint64 id;

  g_assert_no_error (error);
  assay_statement_bind_int64 (statement, 1, application_id);
  assay_statement_bind_int64 (statement, 2, assessment_id);
  assay_statement_bind_int64 (statement, 3, connection_id);
  assay_statement_bind_text (statement, 4, assay_invitation_status_to_string (status));
  assay_statement_run (statement, &error);
  g_assert_no_error (error);
  id = assay_database_get_last_insert_id (database);
  assay_database_note_change (database, ASSAY_CHANGE_INVITATIONS, id);
  assay_applications_refresh_invitation (database, application_id, TRUE, &error);
  g_assert_no_error (error);
  return id;
}

static gboolean
give_up (gpointer data)
{
  g_error ("What the test waits for doesn't happen");
  return G_SOURCE_REMOVE;
}

void
store_fixture_wait (gboolean (*condition) (gpointer data),
                    gpointer   data)
{
  guint source = g_timeout_add_seconds (60, give_up, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

gboolean
store_fixture_files_contain (const char *directory,
                             const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *content = NULL;
      gsize length = 0;

      if (!g_file_get_contents (path, &content, &length, NULL))
        continue;
      if (memmem (content, length, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}
