/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applications one by one: what sync writes, and what a page shows. */
#include "config.h"

#include "assay-queries-private.h"

/* ---- Writing ---- */

typedef struct
{
  gint64 id;
  char *title;
} KnownJob;

static void
known_job_free (gpointer data)
{
  KnownJob *job = data;

  g_free (job->title);
  g_free (job);
}

/* (nullable) without an error: the job isn't in the store. @cache spares a query for each of a job's applications. */
static const KnownJob *
find_job (AssayDatabase  *database,
          gint64          connection_id,
          const char     *remote_id,
          GHashTable     *cache,
          GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement;
  KnownJob *job;

  if (remote_id == NULL)
    return NULL;
  job = g_hash_table_lookup (cache, remote_id);
  if (job == NULL)
    {
      statement = assay_database_prepare (
        database, "SELECT id, title FROM job WHERE connection_id = ?1 AND remote_id = ?2", error);
      if (statement == NULL)
        return NULL;
      assay_statement_bind_int64 (statement, 1, connection_id);
      assay_statement_bind_text (statement, 2, remote_id);
      job = g_new0 (KnownJob, 1);
      if (assay_statement_step (statement, &local_error))
        {
          job->id = assay_statement_get_int64 (statement, 0);
          job->title = assay_statement_dup_text (statement, 1);
        }
      if (local_error != NULL)
        {
          known_job_free (job);
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      g_hash_table_insert (cache, g_strdup (remote_id), job);
    }
  return job->id != 0 ? job : NULL;
}

static const char *
get_display_name (AssayApplication *application)
{
  if (application->full_name != NULL && application->full_name[0] != '\0')
    return application->full_name;
  if (application->email != NULL && application->email[0] != '\0')
    return application->email;
  return application->remote_id;
}

typedef struct
{
  gint64 connection_id;
  AssayApplication *application;
  gint64 job_id; /* 0: not known */
  const char *job_title;
  char *tags;
  char *documents;
  char *email_folded;
} Incoming;

static void
bind_application (AssayStatement *statement,
                  const Incoming *incoming)
{
  AssayApplication *application = incoming->application;

  assay_statement_bind_int64 (statement, 1, incoming->connection_id);
  assay_statement_bind_text (statement, 2, application->remote_id);
  if (incoming->job_id != 0)
    assay_statement_bind_int64 (statement, 3, incoming->job_id);
  assay_statement_bind_text (statement, 4, application->job_remote_id);
  assay_statement_bind_text (statement, 5, incoming->job_title);
  assay_statement_bind_text (statement, 6, application->stage_remote_id);
  assay_statement_bind_text (statement, 7, application->stage_name);
  assay_statement_bind_text (statement, 8, application->stage_kind);
  assay_statement_bind_text (statement, 9, application->first_name);
  assay_statement_bind_text (statement, 10, application->last_name);
  assay_statement_bind_text (statement, 11, get_display_name (application));
  assay_statement_bind_text (statement, 12, application->email);
  assay_statement_bind_text (statement, 13, incoming->email_folded);
  assay_statement_bind_text (statement, 14, application->phone);
  assay_statement_bind_text (statement, 15, application->location);
  assay_statement_bind_text (statement, 16, application->linkedin_url);
  assay_statement_bind_text (statement, 17, application->source);
  assay_statement_bind_text (statement, 18, application->summary);
  assay_statement_bind_text (statement, 19, incoming->tags);
  assay_statement_bind_text (statement, 20, incoming->documents);
  assay_statement_bind_int64 (statement, 21, application->archived != FALSE);
  assay_statement_bind_int64 (statement, 22, application->gone != FALSE);
  assay_statement_bind_text (statement, 23, application->url);
  assay_statement_bind_int64 (statement, 24, application->created_at);
  assay_statement_bind_int64 (statement, 25, application->updated_at);
}

/* The comparison is the database's: of a row that didn't change nothing is copied, and nothing is written. */
static const char sql_compare[] =
  "SELECT id, updated_at, job_id IS ?3 AND job_remote_id IS ?4 AND job_title IS ?5 AND stage_remote_id IS ?6"
  "  AND stage_name IS ?7 AND stage_kind IS ?8 AND first_name IS ?9 AND last_name IS ?10 AND full_name IS ?11"
  "  AND email IS ?12 AND email_folded IS ?13 AND phone IS ?14 AND location IS ?15 AND linkedin_url IS ?16"
  "  AND source IS ?17 AND summary IS ?18 AND tags IS ?19 AND documents IS ifnull (?20, documents) AND archived IS ?21"
  "  AND gone IS ?22 AND url IS ?23 AND created_at IS ?24 AND updated_at IS ?25,"
  "  full_name IS ?11 AND email IS ?12 AND job_id IS ?3 AND job_title IS ?5 AND stage_name IS ?7 AND tags IS ?19"
  "  AND archived IS ?21 AND gone IS ?22"
  " FROM application WHERE connection_id = ?1 AND remote_id = ?2";

static const char sql_insert[] =
  "INSERT INTO application (connection_id, remote_id, job_id, job_remote_id, job_title, stage_remote_id, stage_name,"
  "  stage_kind, first_name, last_name, full_name, email, email_folded, phone, location, linkedin_url, source,"
  "  summary, tags, documents, archived, gone, url, created_at, updated_at)"
  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ifnull (?20, '[]'),"
  "  ?21, ?22, ?23, ?24, ?25)";

static const char sql_update[] =
  "UPDATE application SET job_id = ?3, job_remote_id = ?4, job_title = ?5, stage_remote_id = ?6, stage_name = ?7,"
  "  stage_kind = ?8, first_name = ?9, last_name = ?10, full_name = ?11, email = ?12, email_folded = ?13,"
  "  phone = ?14, location = ?15, linkedin_url = ?16, source = ?17, summary = ?18, tags = ?19, documents = ifnull (?20, documents),"
  "  archived = ?21, gone = ?22, url = ?23, created_at = ?24, updated_at = ?25"
  " WHERE connection_id = ?1 AND remote_id = ?2";

static gboolean
write_application (AssayDatabase   *database,
                   const Incoming  *incoming,
                   gboolean        *differs,
                   GError         **error)
{
  AssayApplication *application = incoming->application;
  AssayStatement *statement = assay_database_prepare (database, sql_compare, error);
  g_autoptr (GError) local_error = NULL;
  gint64 stored_update = 0;
  gboolean same = FALSE;
  gboolean same_words = FALSE;
  gboolean known;

  if (statement == NULL)
    return FALSE;
  bind_application (statement, incoming);
  application->id = 0;
  if (assay_statement_step (statement, &local_error))
    {
      application->id = assay_statement_get_int64 (statement, 0);
      stored_update = assay_statement_get_int64 (statement, 1);
      same = assay_statement_get_int64 (statement, 2) != 0;
      same_words = assay_statement_get_int64 (statement, 3) != 0;
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  known = application->id != 0;
  *differs = !known || (!same && application->updated_at >= stored_update);
  if (!*differs)
    return TRUE;

  if (known && !same_words && !assay_search_remove (database, application->id, error))
    return FALSE;
  statement = assay_database_prepare (database, known ? sql_update : sql_insert, error);
  if (statement == NULL)
    return FALSE;
  bind_application (statement, incoming);
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (!known)
    application->id = assay_database_get_last_insert_id (database);
  return same_words || assay_search_add (database, application->id, error);
}

gboolean
assay_applications_upsert (AssayDatabase  *database,
                           gint64          connection_id,
                           GPtrArray      *applications,
                           guint          *changed,
                           GError        **error)
{
  g_autoptr (GHashTable) jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_job_free);
  guint n_changed = 0;

  for (guint i = 0; i < applications->len; i++)
    {
      AssayApplication *application = g_ptr_array_index (applications, i);
      Incoming incoming = { .connection_id = connection_id, .application = application };
      g_autoptr (GError) local_error = NULL;
      g_autofree char *tags = assay_column_from_strv (application->tags);
      /* NULL: a list that doesn't say leaves what reading the one application brought. */
      g_autofree char *documents =
        application->documents != NULL ? assay_column_from_documents (application->documents) : NULL;
      g_autofree char *email_folded = application->email != NULL ? assay_email_fold (application->email) : NULL;
      const KnownJob *job =
        find_job (database, connection_id, application->job_remote_id, jobs, &local_error);
      gboolean differs = FALSE;

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      incoming.job_id = job != NULL ? job->id : 0;
      incoming.job_title = job != NULL ? job->title : application->job_title;
      incoming.tags = tags;
      incoming.documents = documents;
      incoming.email_folded = email_folded;
      if (!write_application (database, &incoming, &differs, error))
        return FALSE;

      application->connection_id = connection_id;
      application->job_id = incoming.job_id;
      if (differs)
        {
          assay_database_note_change (database, ASSAY_CHANGE_APPLICATIONS, application->id);
          n_changed++;
        }
    }

  if (changed != NULL)
    *changed = n_changed;
  return TRUE;
}

/* Whether @statement gives a row. */
static gboolean
has_row (AssayStatement  *statement,
         gboolean        *found,
         GError         **error)
{
  g_autoptr (GError) local_error = NULL;

  *found = assay_statement_step (statement, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

gboolean
assay_applications_mark_gone (AssayDatabase  *database,
                              gint64          id,
                              GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT 1 FROM application WHERE id = ?1 AND gone = 0", error);
  gboolean found;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  if (!has_row (statement, &found, error))
    return FALSE;
  if (!found)
    return TRUE;

  if (!assay_search_remove (database, id, error))
    return FALSE;
  statement = assay_database_prepare (database, "UPDATE application SET gone = 1 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  if (!assay_statement_run (statement, error))
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_APPLICATIONS, id);
  return assay_search_add (database, id, error);
}

gboolean
assay_applications_mark_gone_by_remote_id (AssayDatabase  *database,
                                           gint64          connection_id,
                                           const char     *remote_id,
                                           gboolean       *changed,
                                           GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 id = 0;
  AssayStatement *statement = assay_database_prepare (
    database, "SELECT id FROM application WHERE connection_id = ?1 AND remote_id = ?2 AND gone = 0", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_text (statement, 2, remote_id);
  if (assay_statement_step (statement, &local_error))
    id = assay_statement_get_int64 (statement, 0);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *changed = id != 0;
  return id == 0 || assay_applications_mark_gone (database, id, error);
}

gboolean
assay_applications_mark_seen (AssayDatabase  *database,
                              gint64          id,
                              GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "UPDATE application SET unseen = 0 WHERE id = ?1 AND unseen <> 0", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) > 0)
    assay_database_note_change (database, ASSAY_CHANGE_APPLICATIONS, id);
  return TRUE;
}

static void
bind_latest (AssayStatement *statement,
             gint64          application_id,
             gint64          invitation_id,
             const char     *status,
             gboolean        unseen)
{
  assay_statement_bind_int64 (statement, 1, application_id);
  assay_statement_bind_int64 (statement, 2, invitation_id);
  assay_statement_bind_text (statement, 3, status);
  assay_statement_bind_int64 (statement, 4, unseen != FALSE);
}

gboolean
assay_applications_refresh_invitation (AssayDatabase  *database,
                                       gint64          application_id,
                                       gboolean        unseen,
                                       GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *status = NULL;
  gint64 invitation_id = 0;
  gboolean found;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id, status FROM invitation WHERE application_id = ?1"
                            " ORDER BY created_at DESC, id DESC LIMIT 1",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, application_id);
  if (assay_statement_step (statement, &local_error))
    {
      invitation_id = assay_statement_get_int64 (statement, 0);
      status = assay_statement_dup_text (statement, 1);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* Noted even if the row stays as it is: its list also shows the invitation's score. */
  assay_database_note_change (database, ASSAY_CHANGE_APPLICATIONS, application_id);

  statement = assay_database_prepare (database,
                                      "SELECT 1 FROM application WHERE id = ?1 AND (invitation_id IS NOT ?2"
                                      "  OR invitation_status IS NOT ?3 OR unseen < ?4)",
                                      error);
  if (statement == NULL)
    return FALSE;
  bind_latest (statement, application_id, invitation_id, status, unseen);
  if (!has_row (statement, &found, error))
    return FALSE;
  if (!found)
    return TRUE;

  if (!assay_search_remove (database, application_id, error))
    return FALSE;
  statement = assay_database_prepare (database,
                                      "UPDATE application SET invitation_id = ?2, invitation_status = ?3,"
                                      "  unseen = max (unseen, ?4) WHERE id = ?1",
                                      error);
  if (statement == NULL)
    return FALSE;
  bind_latest (statement, application_id, invitation_id, status, unseen);
  return assay_statement_run (statement, error) && assay_search_add (database, application_id, error);
}

/* ---- Reading ---- */

#define QUERY_WITH(details) \
  "SELECT a.id, a.connection_id, c.name, a.remote_id, a.job_id, a.job_remote_id, a.job_title, j.open," \
  "  a.stage_remote_id, a.stage_name, a.stage_kind, a.first_name, a.last_name, a.full_name, a.email, a.phone," \
  "  a.location, a.linkedin_url, a.source, " details ", a.archived, a.gone, a.created_at," \
  "  a.updated_at, a.url, a.invitation_id, a.invitation_status, a.unseen, i.score, i.score_max, i.score_unit," \
  "  i.status_text" \
  " FROM application AS a LEFT JOIN connection AS c ON c.id = a.connection_id LEFT JOIN job AS j ON j.id = a.job_id" \
  "  LEFT JOIN invitation AS i ON i.id = a.invitation_id "
#define QUERY QUERY_WITH ("a.summary, a.tags, a.documents")
#define BRIEF_QUERY QUERY_WITH ("NULL, NULL, NULL")

static AssayApplication *
read_application (AssayStatement *statement)
{
  AssayApplication *application = g_new0 (AssayApplication, 1);

  application->id = assay_statement_get_int64 (statement, 0);
  application->connection_id = assay_statement_get_int64 (statement, 1);
  application->connection_name = assay_statement_dup_text (statement, 2);
  application->remote_id = assay_statement_dup_text (statement, 3);
  application->job_id = assay_statement_get_int64 (statement, 4);
  application->job_remote_id = assay_statement_dup_text (statement, 5);
  application->job_title = assay_statement_dup_text (statement, 6);
  application->job_open = assay_statement_get_int64 (statement, 7) != 0;
  application->stage_remote_id = assay_statement_dup_text (statement, 8);
  application->stage_name = assay_statement_dup_text (statement, 9);
  application->stage_kind = assay_statement_dup_text (statement, 10);
  application->first_name = assay_statement_dup_text (statement, 11);
  application->last_name = assay_statement_dup_text (statement, 12);
  application->full_name = assay_statement_dup_text (statement, 13);
  application->email = assay_statement_dup_text (statement, 14);
  application->phone = assay_statement_dup_text (statement, 15);
  application->location = assay_statement_dup_text (statement, 16);
  application->linkedin_url = assay_statement_dup_text (statement, 17);
  application->source = assay_statement_dup_text (statement, 18);
  application->summary = assay_statement_dup_text (statement, 19);
  application->tags = assay_column_to_strv (assay_statement_get_text (statement, 20));
  application->documents = assay_column_to_documents (assay_statement_get_text (statement, 21));
  application->archived = assay_statement_get_int64 (statement, 22) != 0;
  application->gone = assay_statement_get_int64 (statement, 23) != 0;
  application->created_at = assay_statement_get_int64 (statement, 24);
  application->updated_at = assay_statement_get_int64 (statement, 25);
  application->url = assay_statement_dup_text (statement, 26);
  application->invitation_id = assay_statement_get_int64 (statement, 27);
  if (!assay_invitation_status_from_string (assay_statement_get_text (statement, 28),
                                            &application->invitation_status))
    application->invitation_status = ASSAY_INVITATION_UNKNOWN;
  application->unseen = assay_statement_get_int64 (statement, 29) != 0;
  if (!assay_statement_is_null (statement, 30))
    application->invitation_score =
      assay_score_new (NULL, assay_statement_get_double (statement, 30), assay_statement_get_double (statement, 31),
                       g_strcmp0 (assay_statement_get_text (statement, 32), "percent") == 0 ? ASSAY_UNIT_PERCENT
                                                                                           : ASSAY_UNIT_NONE);
  application->invitation_status_text = assay_statement_dup_text (statement, 33);
  return application;
}

static AssayApplication *
find_application (AssayDatabase  *database,
                  const char     *sql,
                  gint64          id,
                  GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, sql, error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  return assay_statement_step (statement, error) ? read_application (statement) : NULL;
}

AssayApplication *
assay_applications_find (AssayDatabase  *database,
                         gint64          id,
                         GError        **error)
{
  return find_application (database, QUERY "WHERE a.id = ?1", id, error);
}

AssayApplication *
assay_applications_find_brief (AssayDatabase  *database,
                               gint64          id,
                               GError        **error)
{
  return find_application (database, BRIEF_QUERY "WHERE a.id = ?1", id, error);
}

AssayApplication *
assay_applications_get (AssayDatabase  *database,
                        gint64          id,
                        GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayApplication *application = assay_applications_find (database, id, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (application == NULL)
    assay_queries_set_not_found (error);
  return application;
}

GPtrArray *
assay_applications_find_by_email (AssayDatabase  *database,
                                  const char     *email,
                                  GError        **error)
{
  g_autoptr (GPtrArray) applications = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_application_free);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *folded = assay_email_fold (email);
  AssayStatement *statement =
    assay_database_prepare (database, QUERY "WHERE a.email_folded = ?1 ORDER BY a.updated_at DESC, a.id DESC", error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_text (statement, 1, folded);
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (applications, read_application (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&applications);
}
