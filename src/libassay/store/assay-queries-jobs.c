/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Jobs with their stages, and the assessments of providers. */
#include "config.h"

#include "assay-queries-private.h"

#define OWN_COLUMNS \
  "id, connection_id, remote_id, title, status, open, confidential, department, location, url, updated_at"
#define JOB_COLUMNS OWN_COLUMNS \
  ", (SELECT count(*) FROM application WHERE job_id = job.id AND archived = 0 AND gone = 0)"

/* ---- Writing jobs ---- */

static void
bind_job (AssayStatement *statement,
          gint64          connection_id,
          AssayJob       *job)
{
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_text (statement, 2, job->remote_id);
  assay_statement_bind_text (statement, 3, job->title);
  assay_statement_bind_text (statement, 4, job->status);
  assay_statement_bind_int64 (statement, 5, job->open != FALSE);
  assay_statement_bind_int64 (statement, 6, job->confidential != FALSE);
  assay_statement_bind_text (statement, 7, job->department);
  assay_statement_bind_text (statement, 8, job->location);
  assay_statement_bind_text (statement, 9, job->url);
  assay_statement_bind_int64 (statement, 10, job->updated_at);
}

/* What an application shows of its job is kept in its own row. */
static gboolean
link_applications (AssayDatabase  *database,
                   gint64          connection_id,
                   AssayJob       *job,
                   GError        **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id FROM application WHERE job_id = ?1 AND job_title IS NOT ?2"
                            " UNION ALL SELECT id FROM application"
                            "  WHERE job_id IS NULL AND connection_id = ?3 AND job_remote_id = ?4",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, job->id);
  assay_statement_bind_text (statement, 2, job->title);
  assay_statement_bind_int64 (statement, 3, connection_id);
  assay_statement_bind_text (statement, 4, job->remote_id);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (!assay_search_remove (database, id, error))
        return FALSE;
      statement =
        assay_database_prepare (database, "UPDATE application SET job_id = ?1, job_title = ?2 WHERE id = ?3", error);
      if (statement == NULL)
        return FALSE;
      assay_statement_bind_int64 (statement, 1, job->id);
      assay_statement_bind_text (statement, 2, job->title);
      assay_statement_bind_int64 (statement, 3, id);
      if (!assay_statement_run (statement, error) || !assay_search_add (database, id, error))
        return FALSE;
      assay_database_note_change (database, ASSAY_CHANGE_APPLICATIONS, id);
    }
  return TRUE;
}

static gboolean
upsert_stages (AssayDatabase  *database,
               AssayJob       *job,
               gboolean       *differs,
               GError        **error)
{
  g_autoptr (GHashTable) present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement;
  GHashTableIter iter;
  gpointer key;

  statement = assay_database_prepare (database, "SELECT remote_id FROM stage WHERE job_id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, job->id);
  while (assay_statement_step (statement, &local_error))
    g_hash_table_add (present, assay_statement_dup_text (statement, 0));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; job->stages != NULL && i < job->stages->len; i++)
    {
      AssayStage *stage = g_ptr_array_index (job->stages, i);

      g_hash_table_remove (present, stage->remote_id);
      statement = assay_database_prepare (
        database,
        "INSERT INTO stage (job_id, remote_id, name, kind, position) SELECT ?1, ?2, ?3, ?4, ?5"
        " WHERE NOT EXISTS (SELECT 1 FROM stage WHERE job_id = ?1 AND remote_id = ?2 AND name IS ?3 AND kind IS ?4"
        "  AND position IS ?5)"
        " ON CONFLICT (job_id, remote_id) DO UPDATE SET name = ?3, kind = ?4, position = ?5 RETURNING id",
        error);
      if (statement == NULL)
        return FALSE;
      assay_statement_bind_int64 (statement, 1, job->id);
      assay_statement_bind_text (statement, 2, stage->remote_id);
      assay_statement_bind_text (statement, 3, stage->name);
      assay_statement_bind_text (statement, 4, stage->kind);
      assay_statement_bind_int64 (statement, 5, stage->position);
      if (assay_statement_step (statement, &local_error))
        {
          *differs = TRUE;
          assay_statement_run (statement, &local_error);
        }
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  g_hash_table_iter_init (&iter, present);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      statement =
        assay_database_prepare (database, "DELETE FROM stage WHERE job_id = ?1 AND remote_id = ?2", error);
      if (statement == NULL)
        return FALSE;
      assay_statement_bind_int64 (statement, 1, job->id);
      assay_statement_bind_text (statement, 2, key);
      if (!assay_statement_run (statement, error))
        return FALSE;
      *differs = TRUE;
    }
  return TRUE;
}

static gboolean
upsert_job (AssayDatabase  *database,
            gint64          connection_id,
            AssayJob       *job,
            gboolean       *differs,
            GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean same = FALSE;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id, title IS ?3 AND status IS ?4 AND open IS ?5 AND confidential IS ?6"
                            "  AND department IS ?7 AND location IS ?8 AND url IS ?9 AND updated_at IS ?10"
                            " FROM job WHERE connection_id = ?1 AND remote_id = ?2",
                            error);

  if (statement == NULL)
    return FALSE;
  bind_job (statement, connection_id, job);
  job->id = 0;
  if (assay_statement_step (statement, &local_error))
    {
      job->id = assay_statement_get_int64 (statement, 0);
      same = assay_statement_get_int64 (statement, 1) != 0;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  job->connection_id = connection_id;
  *differs = !same;

  if (!same)
    {
      statement =
        job->id == 0
          ? assay_database_prepare (database,
                                    "INSERT INTO job (connection_id, remote_id, title, status, open, confidential,"
                                    "  department, location, url, updated_at)"
                                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                                    error)
          : assay_database_prepare (database,
                                    "UPDATE job SET title = ?3, status = ?4, open = ?5, confidential = ?6,"
                                    "  department = ?7, location = ?8, url = ?9, updated_at = ?10"
                                    " WHERE connection_id = ?1 AND remote_id = ?2",
                                    error);
      if (statement == NULL)
        return FALSE;
      bind_job (statement, connection_id, job);
      if (!assay_statement_run (statement, error))
        return FALSE;
      if (job->id == 0)
        job->id = assay_database_get_last_insert_id (database);
      if (!link_applications (database, connection_id, job, error))
        return FALSE;
    }
  return upsert_stages (database, job, differs, error);
}

/* Those the vendor no longer lists. */
static gboolean
close_others (AssayDatabase  *database,
              gint64          connection_id,
              GPtrArray      *jobs,
              guint          *changed,
              GError        **error)
{
  g_autoptr (GHashTable) listed = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT id FROM job WHERE connection_id = ?1 AND open = 1", error);

  for (guint i = 0; i < jobs->len; i++)
    g_hash_table_add (listed, &((AssayJob *) g_ptr_array_index (jobs, i))->id);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, connection_id);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      if (!g_hash_table_contains (listed, &id))
        g_array_append_val (left, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; i < left->len; i++)
    {
      gint64 id = g_array_index (left, gint64, i);

      statement = assay_database_prepare (database, "UPDATE job SET open = 0 WHERE id = ?1", error);
      if (statement == NULL)
        return FALSE;
      assay_statement_bind_int64 (statement, 1, id);
      if (!assay_statement_run (statement, error))
        return FALSE;
      assay_database_note_change (database, ASSAY_CHANGE_JOBS, id);
      *changed += 1;
    }
  return TRUE;
}

gboolean
assay_jobs_upsert (AssayDatabase  *database,
                   gint64          connection_id,
                   GPtrArray      *jobs,
                   gboolean        complete,
                   guint          *changed,
                   GError        **error)
{
  guint n_changed = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      AssayJob *job = g_ptr_array_index (jobs, i);
      gboolean differs = FALSE;

      if (!upsert_job (database, connection_id, job, &differs, error))
        return FALSE;
      if (differs)
        {
          assay_database_note_change (database, ASSAY_CHANGE_JOBS, job->id);
          n_changed++;
        }
    }
  if (complete && !close_others (database, connection_id, jobs, &n_changed, error))
    return FALSE;

  if (changed != NULL)
    *changed = n_changed;
  return TRUE;
}

/* ---- Reading jobs ---- */

static AssayJob *
read_job (AssayStatement *statement)
{
  AssayJob *job = assay_job_new ();

  job->id = assay_statement_get_int64 (statement, 0);
  job->connection_id = assay_statement_get_int64 (statement, 1);
  job->remote_id = assay_statement_dup_text (statement, 2);
  job->title = assay_statement_dup_text (statement, 3);
  job->status = assay_statement_dup_text (statement, 4);
  job->open = assay_statement_get_int64 (statement, 5) != 0;
  job->confidential = assay_statement_get_int64 (statement, 6) != 0;
  job->department = assay_statement_dup_text (statement, 7);
  job->location = assay_statement_dup_text (statement, 8);
  job->url = assay_statement_dup_text (statement, 9);
  job->updated_at = assay_statement_get_int64 (statement, 10);
  job->applications = (guint) assay_statement_get_int64 (statement, 11);
  return job;
}

static gboolean
read_stages (AssayDatabase  *database,
             AssayJob       *job,
             GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id, remote_id, name, kind, position FROM stage WHERE job_id = ?1"
                            " ORDER BY position, id",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, job->id);
  while (assay_statement_step (statement, &local_error))
    {
      AssayStage *stage = assay_stage_new ();

      stage->id = assay_statement_get_int64 (statement, 0);
      stage->job_id = job->id;
      stage->remote_id = assay_statement_dup_text (statement, 1);
      stage->name = assay_statement_dup_text (statement, 2);
      stage->kind = assay_statement_dup_text (statement, 3);
      stage->position = (int) assay_statement_get_int64 (statement, 4);
      g_ptr_array_add (job->stages, stage);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

GPtrArray *
assay_jobs_list (AssayDatabase  *database,
                 gint64          connection_id,
                 gboolean        include_closed,
                 GError        **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT " JOB_COLUMNS " FROM job"
                            " WHERE (?1 = 0 OR connection_id = ?1) AND (?2 OR open = 1)"
                            "  AND connection_id IN (SELECT id FROM connection WHERE removed = 0)"
                            " ORDER BY open DESC, title COLLATE NOCASE, id",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_int64 (statement, 2, include_closed != FALSE);
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (jobs, read_job (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  for (guint i = 0; i < jobs->len; i++)
    if (!read_stages (database, g_ptr_array_index (jobs, i), error))
      return NULL;
  return g_steal_pointer (&jobs);
}

GPtrArray *
assay_jobs_list_open (AssayDatabase  *database,
                      GError        **error)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT " OWN_COLUMNS ", 0 FROM job"
                            " WHERE open = 1"
                            "  AND connection_id IN (SELECT id FROM connection WHERE removed = 0)"
                            " ORDER BY title COLLATE NOCASE, id",
                            error);

  if (statement == NULL)
    return NULL;
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (jobs, read_job (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&jobs);
}

AssayJob *
assay_jobs_get (AssayDatabase  *database,
                gint64          id,
                GError        **error)
{
  g_autoptr (AssayJob) job = NULL;
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT " JOB_COLUMNS " FROM job WHERE id = ?1", error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  if (assay_statement_step (statement, &local_error))
    job = read_job (statement);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (job == NULL)
    {
      assay_queries_set_not_found (error);
      return NULL;
    }
  if (!read_stages (database, job, error))
    return NULL;
  return g_steal_pointer (&job);
}

char **
assay_jobs_list_stage_names (AssayDatabase  *database,
                             gint64          job_id,
                             GError        **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GError) local_error = NULL;
  /* Jobs share most of their stages; where a shared one stands at different places its mean place counts. */
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT stage.name FROM stage JOIN job ON job.id = stage.job_id"
                            "  JOIN connection ON connection.id = job.connection_id"
                            " WHERE iif (?1 = 0, job.open = 1 AND connection.removed = 0, job.id = ?1)"
                            " GROUP BY stage.name ORDER BY avg (stage.position), min (stage.id)",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, job_id);
  while (assay_statement_step (statement, &local_error))
    {
      g_autofree char *name = assay_statement_dup_text (statement, 0);

      g_strv_builder_add (names, name);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_strv_builder_end (names);
}

/* ---- Assessments ---- */

#define ASSESSMENT_QUERY "SELECT assessment.id, assessment.connection_id, connection.name, assessment.remote_id, " \
                         "assessment.name, assessment.active, assessment.refreshed_at FROM assessment " \
                         "JOIN connection ON connection.id = assessment.connection_id "

static gboolean
upsert_assessment (AssayDatabase    *database,
                   gint64            connection_id,
                   AssayAssessment  *assessment,
                   gint64            now,
                   GError          **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean same = FALSE;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id, name IS ?3 AND active = 1 FROM assessment"
                            " WHERE connection_id = ?1 AND remote_id = ?2",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_text (statement, 2, assessment->remote_id);
  assay_statement_bind_text (statement, 3, assessment->name);
  assessment->id = 0;
  if (assay_statement_step (statement, &local_error))
    {
      assessment->id = assay_statement_get_int64 (statement, 0);
      same = assay_statement_get_int64 (statement, 1) != 0;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  statement = assessment->id == 0
                ? assay_database_prepare (database,
                                          "INSERT INTO assessment (connection_id, remote_id, name, refreshed_at)"
                                          " VALUES (?1, ?2, ?3, ?4)",
                                          error)
                : assay_database_prepare (database,
                                          "UPDATE assessment SET name = ?3, active = 1, refreshed_at = ?4"
                                          " WHERE connection_id = ?1 AND remote_id = ?2",
                                          error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_text (statement, 2, assessment->remote_id);
  assay_statement_bind_text (statement, 3, assessment->name);
  assay_statement_bind_int64 (statement, 4, now);
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assessment->id == 0)
    assessment->id = assay_database_get_last_insert_id (database);
  assessment->connection_id = connection_id;
  assessment->active = TRUE;
  assessment->refreshed_at = now;
  if (!same)
    assay_database_note_change (database, ASSAY_CHANGE_ASSESSMENTS, assessment->id);
  return TRUE;
}

gboolean
assay_assessments_replace (AssayDatabase  *database,
                           gint64          connection_id,
                           GPtrArray      *assessments,
                           GError        **error)
{
  g_autoptr (GHashTable) listed = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement;
  gint64 now = assay_time_now ();

  for (guint i = 0; i < assessments->len; i++)
    {
      AssayAssessment *assessment = g_ptr_array_index (assessments, i);

      if (!upsert_assessment (database, connection_id, assessment, now, error))
        return FALSE;
      g_hash_table_add (listed, &assessment->id);
    }

  statement =
    assay_database_prepare (database, "SELECT id FROM assessment WHERE connection_id = ?1 AND active = 1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, connection_id);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      if (!g_hash_table_contains (listed, &id))
        g_array_append_val (left, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; i < left->len; i++)
    {
      gint64 id = g_array_index (left, gint64, i);

      statement = assay_database_prepare (database, "UPDATE assessment SET active = 0 WHERE id = ?1", error);
      if (statement == NULL)
        return FALSE;
      assay_statement_bind_int64 (statement, 1, id);
      if (!assay_statement_run (statement, error))
        return FALSE;
      assay_database_note_change (database, ASSAY_CHANGE_ASSESSMENTS, id);
    }
  return TRUE;
}

static AssayAssessment *
read_assessment (AssayStatement *statement)
{
  AssayAssessment *assessment = assay_assessment_new ();

  assessment->id = assay_statement_get_int64 (statement, 0);
  assessment->connection_id = assay_statement_get_int64 (statement, 1);
  assessment->connection_name = assay_statement_dup_text (statement, 2);
  assessment->remote_id = assay_statement_dup_text (statement, 3);
  assessment->name = assay_statement_dup_text (statement, 4);
  assessment->active = assay_statement_get_int64 (statement, 5) != 0;
  assessment->refreshed_at = assay_statement_get_int64 (statement, 6);
  return assessment;
}

GPtrArray *
assay_assessments_list (AssayDatabase  *database,
                        gint64          connection_id,
                        gboolean        include_inactive,
                        GError        **error)
{
  g_autoptr (GPtrArray) assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            ASSESSMENT_QUERY "WHERE connection.removed = 0"
                                             " AND (?1 = 0 OR assessment.connection_id = ?1)"
                                             " AND (?2 OR assessment.active = 1)"
                                             " ORDER BY assessment.name COLLATE NOCASE, assessment.id",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_int64 (statement, 2, include_inactive != FALSE);
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (assessments, read_assessment (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&assessments);
}

AssayAssessment *
assay_assessments_get (AssayDatabase  *database,
                       gint64          id,
                       GError        **error)
{
  AssayAssessment *assessment = NULL;
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement = assay_database_prepare (database, ASSESSMENT_QUERY "WHERE assessment.id = ?1", error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  if (assay_statement_step (statement, &local_error))
    assessment = read_assessment (statement);
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    assay_queries_set_not_found (error);
  return assessment;
}
