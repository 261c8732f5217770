/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections: the systems with an account there. */
#include "config.h"

#include "assay-database-private.h"
#include "assay-queries-private.h"

#define COLUMNS "id, kind, role, name, state, settings, account, reason_code, reason, remedy, last_contact_at, " \
                "complete_up_to, cursor, created_at, updated_at, secret_id, removals, removals_of, removals_full"

static AssayConnection *
read_connection (AssayDatabase  *database,
                 AssayStatement *statement)
{
  AssayConnection *connection = assay_connection_new ();

  connection->id = assay_statement_get_int64 (statement, 0);
  connection->kind = assay_statement_dup_text (statement, 1);
  connection->role = g_strcmp0 (assay_statement_get_text (statement, 2), "provider") == 0 ? ASSAY_ROLE_PROVIDER
                                                                                          : ASSAY_ROLE_ATS;
  connection->name = assay_statement_dup_text (statement, 3);
  if (!assay_connection_state_from_string (assay_statement_get_text (statement, 4), &connection->state))
    connection->state = ASSAY_CONNECTION_DISABLED;
  g_hash_table_unref (connection->settings);
  connection->settings = assay_column_to_settings (assay_statement_get_text (statement, 5));
  connection->account = assay_statement_dup_text (statement, 6);
  connection->reason_code = assay_statement_dup_text (statement, 7);
  connection->reason = assay_statement_dup_text (statement, 8);
  connection->remedy = assay_statement_dup_text (statement, 9);
  connection->last_contact_at = assay_statement_get_int64 (statement, 10);
  connection->complete_up_to = assay_statement_get_int64 (statement, 11);
  connection->cursor = assay_statement_dup_text (statement, 12);
  connection->created_at = assay_statement_get_int64 (statement, 13);
  connection->updated_at = assay_statement_get_int64 (statement, 14);
  connection->secret_id = assay_statement_dup_text (statement, 15);
  connection->removals = assay_statement_get_int64 (statement, 16);
  connection->removals_of = assay_statement_get_int64 (statement, 17);
  connection->removals_full = assay_statement_get_int64 (statement, 18) != 0;
  if (assay_database_get_freshness (database) != NULL)
    assay_freshness_apply (assay_database_get_freshness (database), connection);
  return connection;
}

static void
bind_connection (AssayStatement  *statement,
                 AssayConnection *connection)
{
  g_autofree char *settings = assay_column_from_settings (connection->settings);

  assay_statement_bind_text (statement, 1, connection->kind);
  assay_statement_bind_text (statement, 2, assay_role_to_string (connection->role));
  assay_statement_bind_text (statement, 3, connection->name);
  assay_statement_bind_text (statement, 4, assay_connection_state_to_string (connection->state));
  assay_statement_bind_text (statement, 5, settings);
  assay_statement_bind_text (statement, 6, connection->account);
  assay_statement_bind_text (statement, 7, connection->reason_code);
  assay_statement_bind_text (statement, 8, connection->reason);
  assay_statement_bind_text (statement, 9, connection->remedy);
  assay_statement_bind_int64 (statement, 10, connection->last_contact_at);
  assay_statement_bind_int64 (statement, 11, connection->complete_up_to);
  assay_statement_bind_text (statement, 12, connection->cursor);
  assay_statement_bind_text (statement, 13, connection->secret_id);
}

gboolean
assay_connections_insert (AssayDatabase    *database,
                          AssayConnection  *connection,
                          GError          **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO connection (kind, role, name, state, settings, account, reason_code, reason,"
                            "  remedy, last_contact_at, complete_up_to, cursor, secret_id, created_at, updated_at)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14)",
                            error);
  gint64 now = assay_time_now ();

  if (statement == NULL)
    return FALSE;
  if (connection->secret_id == NULL)
    connection->secret_id = g_uuid_string_random ();
  bind_connection (statement, connection);
  assay_statement_bind_int64 (statement, 14, now);
  if (!assay_statement_run (statement, error))
    return FALSE;

  connection->id = assay_database_get_last_insert_id (database);
  connection->created_at = connection->updated_at = now;
  assay_database_note_change (database, ASSAY_CHANGE_CONNECTIONS, connection->id);
  return TRUE;
}

gboolean
assay_connections_update (AssayDatabase    *database,
                          AssayConnection  *connection,
                          GError          **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "UPDATE connection SET kind = ?1, role = ?2, name = ?3, state = ?4, settings = ?5,"
                            "  account = ?6, reason_code = ?7, reason = ?8, remedy = ?9, last_contact_at = ?10,"
                            "  complete_up_to = ?11, cursor = ?12, secret_id = ?13, updated_at = ?14,"
                            "  removals = ?16, removals_of = ?17, removals_full = ?18"
                            " WHERE id = ?15 AND removed = 0",
                            error);
  gint64 now = assay_time_now ();

  if (statement == NULL)
    return FALSE;
  bind_connection (statement, connection);
  assay_statement_bind_int64 (statement, 14, now);
  assay_statement_bind_int64 (statement, 15, connection->id);
  assay_statement_bind_int64 (statement, 16, connection->removals);
  assay_statement_bind_int64 (statement, 17, connection->removals_of);
  assay_statement_bind_int64 (statement, 18, connection->removals_full != FALSE);
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) == 0)
    {
      assay_queries_set_not_found (error);
      return FALSE;
    }
  connection->updated_at = now;
  assay_database_note_change (database, ASSAY_CHANGE_CONNECTIONS, connection->id);
  return TRUE;
}

AssayConnection *
assay_connections_get (AssayDatabase  *database,
                       gint64          id,
                       GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT " COLUMNS " FROM connection WHERE id = ?1 AND removed = 0", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  if (assay_statement_step (statement, &local_error))
    return read_connection (database, statement);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    assay_queries_set_not_found (error);
  return NULL;
}

GPtrArray *
assay_connections_list (AssayDatabase  *database,
                        GError        **error)
{
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_connection_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT " COLUMNS " FROM connection WHERE removed = 0"
                            " ORDER BY role, name COLLATE NOCASE, id",
                            error);

  if (statement == NULL)
    return NULL;
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (connections, read_connection (database, statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&connections);
}

/* ---- Removing ---- */

static gboolean
run_with_id (AssayDatabase  *database,
             const char     *sql,
             gint64          id,
             GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, sql, error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  return assay_statement_run (statement, error);
}

/* Notes the records that are about to change; (nullable) (element-type gint64) them too. */
static gboolean
note_ids (AssayDatabase    *database,
          const char       *sql,
          gint64            id,
          AssayChangeKind   kind,
          GArray           *ids,
          GError          **error)
{
  AssayStatement *statement = assay_database_prepare (database, sql, error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 found = assay_statement_get_int64 (statement, 0);

      assay_database_note_change (database, kind, found);
      if (ids != NULL)
        g_array_append_val (ids, found);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

#define ITS_APPLICATIONS "SELECT id FROM application WHERE connection_id = ?1"
#define ITS_INVITATIONS "SELECT id FROM invitation WHERE connection_id = ?1 OR application_id IN (" ITS_APPLICATIONS ")"

static gboolean
erase (AssayDatabase  *database,
       gint64          id,
       GError        **error)
{
  g_autoptr (GArray) invited = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!note_ids (database, "SELECT id FROM job WHERE connection_id = ?1", id, ASSAY_CHANGE_JOBS, NULL, error) ||
      !note_ids (database, ITS_APPLICATIONS, id, ASSAY_CHANGE_APPLICATIONS, NULL, error) ||
      !note_ids (database, "SELECT id FROM assessment WHERE connection_id = ?1", id, ASSAY_CHANGE_ASSESSMENTS, NULL,
                 error) ||
      !note_ids (database, "SELECT id FROM imported_candidate WHERE connection_id = ?1", id, ASSAY_CHANGE_IMPORTED,
                 NULL, error) ||
      !note_ids (database, ITS_INVITATIONS, id, ASSAY_CHANGE_INVITATIONS, NULL, error) ||
      !note_ids (database, "SELECT id FROM outbox WHERE connection_id = ?1 OR invitation_id IN (" ITS_INVITATIONS ")"
                           " OR application_id IN (" ITS_APPLICATIONS ")",
                 id, ASSAY_CHANGE_OUTBOX, NULL, error) ||
      !note_ids (database, "SELECT DISTINCT application_id FROM invitation"
                           " WHERE connection_id = ?1 AND application_id IS NOT NULL",
                 id, ASSAY_CHANGE_APPLICATIONS, invited, error))
    return FALSE;

  /* The ledger keeps its keys, which are digests, so that nobody is invited twice; but nothing that can be read.
   * What hasn't left yet never will. */
  if (!run_with_id (database,
                    "UPDATE outbox SET payload = '{}', last_error = NULL, evidence = NULL,"
                    "  state = iif (state = 'queued', 'discarded', state)"
                    " WHERE connection_id = ?1 OR invitation_id IN (" ITS_INVITATIONS ")"
                    "  OR application_id IN (" ITS_APPLICATIONS ")",
                    id, error) ||
      !run_with_id (database, "DELETE FROM invitation WHERE id IN (" ITS_INVITATIONS ")", id, error) ||
      !run_with_id (database, "DELETE FROM application WHERE connection_id = ?1", id, error) ||
      !run_with_id (database, "DELETE FROM connection WHERE id = ?1", id, error))
    return FALSE;

  /* FTS5 keeps the words of deleted rows until the index is made anew, secure_delete or not. */
  if (!assay_search_rebuild (database, error))
    return FALSE;
  for (guint i = 0; i < invited->len; i++)
    if (!assay_applications_refresh_invitation (database, g_array_index (invited, gint64, i), FALSE, error))
      return FALSE;

  assay_database_request_truncate (database);
  return TRUE;
}

gboolean
assay_connections_remove (AssayDatabase  *database,
                          gint64          id,
                          gboolean        erase_data,
                          GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT 1 FROM connection WHERE id = ?1 AND removed = 0", error);
  g_autoptr (GError) local_error = NULL;
  gboolean found;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  found = assay_statement_step (statement, &local_error);
  if (!found)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        assay_queries_set_not_found (error);
      return FALSE;
    }

  assay_database_note_change (database, ASSAY_CHANGE_CONNECTIONS, id);
  if (erase_data)
    return erase (database, id, error);
  return run_with_id (database, "UPDATE connection SET removed = 1, state = 'disabled' WHERE id = ?1", id, error);
}
