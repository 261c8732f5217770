/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saves what can be read of a damaged database: above all the ledger, because without it somebody could be invited
 * twice; and the rest, so that ids stay what they were. */
#include "config.h"

#include "assay-queries-private.h"
#include "assay-store-private.h"

#include <glib/gi18n-lib.h>

#define CONNECTION "id, kind, role, name, state, settings, account, reason_code, reason, remedy, last_contact_at, " \
                   "removed, created_at, updated_at, secret_id"
#define JOB "id, connection_id, remote_id, title, status, open, confidential, department, location, url, updated_at"
#define STAGE "id, job_id, remote_id, name, kind, position"
#define APPLICATION "id, connection_id, remote_id, job_id, job_remote_id, job_title, stage_remote_id, stage_name, " \
                    "stage_kind, first_name, last_name, full_name, email, email_folded, phone, location, " \
                    "linkedin_url, source, summary, tags, documents, archived, gone, url, created_at, updated_at, " \
                    "invitation_id, invitation_status, unseen"
#define ASSESSMENT "id, connection_id, remote_id, name, active, refreshed_at"
#define INVITATION "id, application_id, assessment_id, connection_id, first_name, last_name, email, remote_id, " \
                   "status, status_text, error, score, score_max, score_unit, scores, flags, report_url, raw, cause, " \
                   "created_at, sent_at, updated_at, completed_at, checked_at, next_check_at"
#define EVENT "id, invitation_id, at, status, status_text, source"
#define OUTBOX "id, kind, connection_id, application_id, invitation_id, natural_key, payload, state, cause, owner, " \
               "attempts, last_error, evidence, due_at, created_at, updated_at"

#define BATCH "id, title, assessment_id, cause, total, paused, due_at, created_at, updated_at"
#define IMPORTED "id, connection_id, first_name, last_name, email, email_folded, phone, location, linkedin_url, role, " \
                 "role_folded, stage, origin, cv_name, cv_file, profile_name, profile_file, accepted_at, created_at, " \
                 "updated_at"
#define PERSON "id, batch_id, application_id, first_name, last_name, email, again, verdict, sentence"

#define COPY(table, columns, values) \
  { "SELECT " columns " FROM " table " ORDER BY id", "SELECT " columns " FROM " table " ORDER BY id DESC", \
    "INSERT OR IGNORE INTO " table " (" columns ") VALUES (" values ")" }

#define VALUES_6 "?1, ?2, ?3, ?4, ?5, ?6"
#define VALUES_9 VALUES_6 ", ?7, ?8, ?9"
#define VALUES_11 VALUES_9 ", ?10, ?11"
#define VALUES_14 VALUES_11 ", ?12, ?13, ?14"
#define VALUES_15 VALUES_14 ", ?15"
#define VALUES_16 VALUES_15 ", ?16"
#define VALUES_20 VALUES_16 ", ?17, ?18, ?19, ?20"
#define VALUES_25 VALUES_20 ", ?21, ?22, ?23, ?24, ?25"
#define VALUES_29 VALUES_25 ", ?26, ?27, ?28, ?29"

typedef enum
{
  TABLE_OUTBOX,
  TABLE_INVITATION,
  TABLE_EVENT,
  TABLE_CONNECTION,
  TABLE_ASSESSMENT,
  TABLE_JOB,
  TABLE_STAGE,
  TABLE_APPLICATION,
  TABLE_BATCH,
  TABLE_PERSON,
  TABLE_IMPORTED,
  TABLE_BATCH_OF_ROW,
  TABLE_LINK_OF_INVITATION,
  TABLE_DEADLINE_OF_INVITATION,
  TABLE_DEADLINE_OF_PERSON,
  N_TABLES,
} Table;

/* What matters most first. */
static const struct
{
  const char *forward;
  const char *backward;
  const char *insert;
} copies[N_TABLES] = {
  [TABLE_OUTBOX] = COPY ("outbox", OUTBOX, VALUES_16),
  [TABLE_INVITATION] = COPY ("invitation", INVITATION, VALUES_25),
  [TABLE_EVENT] = COPY ("invitation_event", EVENT, VALUES_6),
  [TABLE_CONNECTION] = COPY ("connection", CONNECTION, VALUES_15),
  [TABLE_ASSESSMENT] = COPY ("assessment", ASSESSMENT, VALUES_6),
  [TABLE_JOB] = COPY ("job", JOB, VALUES_11),
  [TABLE_STAGE] = COPY ("stage", STAGE, VALUES_6),
  [TABLE_APPLICATION] = COPY ("application", APPLICATION, VALUES_29),
  [TABLE_BATCH] = COPY ("batch", BATCH, VALUES_9),
  [TABLE_PERSON] = COPY ("batch_person", PERSON, VALUES_9),
  [TABLE_IMPORTED] = COPY ("imported_candidate", IMPORTED, VALUES_20),
  /* On its own, so that the ledger of a file that has no batches yet is read all the same. */
  [TABLE_BATCH_OF_ROW] = { "SELECT id, batch_id, priority, held FROM outbox WHERE batch_id > 0 ORDER BY id",
                           "SELECT id, batch_id, priority, held FROM outbox WHERE batch_id > 0 ORDER BY id DESC",
                           "UPDATE outbox SET batch_id = ?2, priority = ?3, held = ?4 WHERE id = ?1" },
  [TABLE_LINK_OF_INVITATION] = { "SELECT id, link FROM invitation WHERE link IS NOT NULL ORDER BY id",
                                 "SELECT id, link FROM invitation WHERE link IS NOT NULL ORDER BY id DESC",
                                 "UPDATE invitation SET link = ?2 WHERE id = ?1" },
  [TABLE_DEADLINE_OF_INVITATION] = { "SELECT id, deadline FROM invitation WHERE deadline > 0 ORDER BY id",
                                     "SELECT id, deadline FROM invitation WHERE deadline > 0 ORDER BY id DESC",
                                     "UPDATE invitation SET deadline = ?2 WHERE id = ?1" },
  [TABLE_DEADLINE_OF_PERSON] = { "SELECT id, deadline FROM batch_person WHERE deadline > 0 ORDER BY id",
                                 "SELECT id, deadline FROM batch_person WHERE deadline > 0 ORDER BY id DESC",
                                 "UPDATE batch_person SET deadline = ?2 WHERE id = ?1" },
};

/* Rows may have lost what they point to. Where the schema lets them stand alone they do; otherwise a removed
 * connection or an inactive assessment takes the place. */
static const char fix_references[] =
  "UPDATE application SET job_id = NULL WHERE job_id NOT IN (SELECT id FROM job);"
  "UPDATE invitation SET application_id = NULL WHERE application_id NOT IN (SELECT id FROM application);"
  "UPDATE application SET invitation_id = 0, invitation_status = NULL"
  "  WHERE invitation_id > 0 AND invitation_id NOT IN (SELECT id FROM invitation);"
  "DELETE FROM stage WHERE job_id NOT IN (SELECT id FROM job);"
  "DELETE FROM invitation_event WHERE invitation_id NOT IN (SELECT id FROM invitation);"
  "UPDATE outbox SET connection_id = NULL WHERE connection_id NOT IN (SELECT id FROM connection);"
  "UPDATE outbox SET application_id = NULL WHERE application_id NOT IN (SELECT id FROM application);"
  "UPDATE outbox SET invitation_id = NULL WHERE invitation_id NOT IN (SELECT id FROM invitation);"
  "DELETE FROM batch WHERE assessment_id NOT IN (SELECT id FROM assessment);"
  "DELETE FROM batch_person WHERE batch_id NOT IN (SELECT id FROM batch)"
  "  OR application_id NOT IN (SELECT id FROM application);"
  /* Without its batch nobody could resume it. */
  "UPDATE outbox SET batch_id = NULL, held = 0 WHERE batch_id NOT IN (SELECT id FROM batch);"
  /* The next sync reads everything, not only what changed since. */
  "UPDATE connection SET cursor = NULL, complete_up_to = 0;";

static const char add_connections[] =
  "INSERT OR IGNORE INTO connection (id, kind, role, name, state, secret_id, removed, created_at, updated_at)"
  " SELECT connection_id, '', role, ?1, 'disabled', '', 1, 0, 0 FROM ("
  "   SELECT connection_id, 'ats' AS role FROM application UNION SELECT connection_id, 'ats' FROM job"
  "   UNION SELECT connection_id, 'provider' FROM invitation"
  "   UNION SELECT connection_id, 'provider' FROM assessment"
  "   UNION SELECT connection_id, 'provider' FROM imported_candidate)"
  " WHERE connection_id NOT IN (SELECT id FROM connection)";

static const char add_assessments[] =
  "INSERT OR IGNORE INTO assessment (id, connection_id, remote_id, name, active)"
  " SELECT DISTINCT assessment_id, connection_id, 'lost-' || assessment_id, ?1, 0 FROM invitation"
  " WHERE assessment_id NOT IN (SELECT id FROM assessment)";

/* Copies rows until the end or until one can't be read. */
static gboolean
copy_rows (sqlite3    *source,
           const char *select,
           sqlite3    *target,
           const char *insert,
           guint      *copied)
{
  sqlite3_stmt *reader = NULL;
  sqlite3_stmt *writer = NULL;
  int result = sqlite3_prepare_v2 (source, select, -1, &reader, NULL);

  if (result == SQLITE_OK && sqlite3_prepare_v2 (target, insert, -1, &writer, NULL) == SQLITE_OK)
    {
      while ((result = sqlite3_step (reader)) == SQLITE_ROW)
        {
          for (int i = 0; i < sqlite3_column_count (reader); i++)
            sqlite3_bind_value (writer, i + 1, sqlite3_column_value (reader, i));
          /* A row whose content the schema refuses is damage too; the next one may be sound. */
          if (sqlite3_step (writer) == SQLITE_DONE)
            *copied += (guint) sqlite3_changes (target);
          sqlite3_reset (writer);
        }
    }
  sqlite3_finalize (reader);
  sqlite3_finalize (writer);
  return result == SQLITE_DONE;
}

static void
run_with_name (AssayDatabase *target,
               const char    *sql,
               const char    *name)
{
  AssayStatement *statement = assay_database_prepare (target, sql, NULL);

  if (statement != NULL)
    {
      assay_statement_bind_text (statement, 1, name);
      assay_statement_run (statement, NULL);
    }
}

/* Opened bare: the settings of a proper connection would already read what may be damaged. Nothing is written to it,
 * and without the second setting SQLite reads nothing of a file that is shorter than it says. */
static sqlite3 *
open_damaged (const char *path)
{
  sqlite3 *source = NULL;

  if (sqlite3_open_v2 (path, &source, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
    {
      sqlite3_db_config (source, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
      sqlite3_db_config (source, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
      sqlite3_db_config (source, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
  return source;
}

void
assay_store_salvage (const char    *path,
                     AssayDatabase *target,
                     AssaySalvage  *salvage)
{
  sqlite3 *source = open_damaged (path);
  sqlite3 *handle = assay_database_get_handle (target);
  guint copied[N_TABLES] = { 0 };
  gboolean complete[N_TABLES] = { FALSE };

  *salvage = (AssaySalvage) { 0 };
  if (assay_database_exec (target, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE", NULL))
    {
      for (guint i = 0; i < N_TABLES; i++)
        {
          complete[i] = copy_rows (source, copies[i].forward, handle, copies[i].insert, &copied[i]);
          /* From the other end, to reach what lies behind the damage. */
          if (!complete[i])
            copy_rows (source, copies[i].backward, handle, copies[i].insert, &copied[i]);
        }

      assay_database_exec (target, fix_references, NULL);
      run_with_name (target, add_connections, _("Lost connection"));
      run_with_name (target, add_assessments, _("Lost assessment"));
      assay_search_rebuild (target, NULL);

      if (assay_database_exec (target, "COMMIT; PRAGMA foreign_keys = ON", NULL))
        {
          salvage->applications = copied[TABLE_APPLICATION];
          salvage->invitations = copied[TABLE_INVITATION];
          salvage->outbox = copied[TABLE_OUTBOX];
          salvage->outbox_readable = complete[TABLE_OUTBOX];
        }
      else
        assay_database_exec (target, "ROLLBACK; PRAGMA foreign_keys = ON", NULL);
    }
  sqlite3_close (source);
}
