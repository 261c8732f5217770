/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imported candidates: writing and reading their rows. */
#include "config.h"

#include "assay-queries-imported.h"

#include <glib/gi18n-lib.h>

#include "assay-queries-private.h"

#define QUERY \
  "SELECT p.id, p.connection_id, c.name, p.first_name, p.last_name, p.email, p.phone, p.location, p.linkedin_url," \
  "  p.role, p.stage, p.origin, p.cv_name, p.cv_file, p.profile_name, p.profile_file, p.accepted_at, p.created_at," \
  "  p.updated_at" \
  " FROM imported_candidate AS p JOIN connection AS c ON c.id = p.connection_id "

char *
assay_imported_fold_role (const char *role)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (role != NULL ? role : ""));

  return g_utf8_casefold (trimmed, -1);
}

static AssayImportedCandidate *
read_candidate (AssayStatement *statement)
{
  AssayImportedCandidate *candidate = assay_imported_candidate_new ();

  candidate->id = assay_statement_get_int64 (statement, 0);
  candidate->connection_id = assay_statement_get_int64 (statement, 1);
  candidate->connection_name = assay_statement_dup_text (statement, 2);
  candidate->first_name = assay_statement_dup_text (statement, 3);
  candidate->last_name = assay_statement_dup_text (statement, 4);
  candidate->email = assay_statement_dup_text (statement, 5);
  candidate->phone = assay_statement_dup_text (statement, 6);
  candidate->location = assay_statement_dup_text (statement, 7);
  candidate->linkedin_url = assay_statement_dup_text (statement, 8);
  candidate->role = assay_statement_dup_text (statement, 9);
  candidate->stage = assay_statement_dup_text (statement, 10);
  candidate->origin = assay_statement_dup_text (statement, 11);
  candidate->documents[ASSAY_IMPORTED_CV].name = assay_statement_dup_text (statement, 12);
  candidate->documents[ASSAY_IMPORTED_CV].file = assay_statement_dup_text (statement, 13);
  candidate->documents[ASSAY_IMPORTED_PROFILE].name = assay_statement_dup_text (statement, 14);
  candidate->documents[ASSAY_IMPORTED_PROFILE].file = assay_statement_dup_text (statement, 15);
  candidate->accepted_at = assay_statement_get_int64 (statement, 16);
  candidate->created_at = assay_statement_get_int64 (statement, 17);
  candidate->updated_at = assay_statement_get_int64 (statement, 18);
  return candidate;
}

gint64
assay_imported_find (AssayDatabase  *database,
                     gint64          connection_id,
                     const char     *email,
                     const char     *role,
                     GError        **error)
{
  g_autofree char *email_folded = assay_email_fold (email);
  g_autofree char *role_folded = assay_imported_fold_role (role);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id FROM imported_candidate"
                            " WHERE connection_id = ?1 AND email_folded = ?2 AND role_folded = ?3",
                            error);
  gint64 id = 0;

  if (statement == NULL)
    return -1;
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_text (statement, 2, email_folded);
  assay_statement_bind_text (statement, 3, role_folded);
  if (assay_statement_step (statement, &local_error))
    id = assay_statement_get_int64 (statement, 0);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return -1;
    }
  return id;
}

gboolean
assay_imported_insert (AssayDatabase           *database,
                       AssayImportedCandidate  *candidate,
                       GError                 **error)
{
  g_autofree char *email_folded = assay_email_fold (candidate->email);
  g_autofree char *role_folded = assay_imported_fold_role (candidate->role);
  gint64 there = assay_imported_find (database, candidate->connection_id, candidate->email, candidate->role, error);
  gint64 now = assay_time_now ();
  AssayStatement *statement;

  if (there < 0)
    return FALSE;
  if (there > 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE,
                   _ ("%s is on the list for this role already, so nothing was added."), candidate->email);
      return FALSE;
    }

  statement =
    assay_database_prepare (database,
                            "INSERT INTO imported_candidate (connection_id, first_name, last_name, email, email_folded,"
                            "  phone, location, linkedin_url, role, role_folded, stage, origin, cv_name, cv_file,"
                            "  profile_name, profile_file, accepted_at, created_at, updated_at)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?18)",
                            error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, candidate->connection_id);
  assay_statement_bind_text (statement, 2, candidate->first_name);
  assay_statement_bind_text (statement, 3, candidate->last_name);
  assay_statement_bind_text (statement, 4, candidate->email);
  assay_statement_bind_text (statement, 5, email_folded);
  assay_statement_bind_text (statement, 6, candidate->phone);
  assay_statement_bind_text (statement, 7, candidate->location);
  assay_statement_bind_text (statement, 8, candidate->linkedin_url);
  assay_statement_bind_text (statement, 9, candidate->role);
  assay_statement_bind_text (statement, 10, role_folded);
  assay_statement_bind_text (statement, 11, candidate->stage);
  assay_statement_bind_text (statement, 12, candidate->origin);
  assay_statement_bind_text (statement, 13, candidate->documents[ASSAY_IMPORTED_CV].name);
  assay_statement_bind_text (statement, 14, candidate->documents[ASSAY_IMPORTED_CV].file);
  assay_statement_bind_text (statement, 15, candidate->documents[ASSAY_IMPORTED_PROFILE].name);
  assay_statement_bind_text (statement, 16, candidate->documents[ASSAY_IMPORTED_PROFILE].file);
  assay_statement_bind_int64 (statement, 17, candidate->accepted_at);
  assay_statement_bind_int64 (statement, 18, now);
  if (!assay_statement_run (statement, error))
    return FALSE;
  candidate->id = assay_database_get_last_insert_id (database);
  candidate->created_at = candidate->updated_at = now;
  assay_database_note_change (database, ASSAY_CHANGE_IMPORTED, candidate->id);
  return TRUE;
}

AssayImportedCandidate *
assay_imported_get (AssayDatabase  *database,
                    gint64          id,
                    GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement = assay_database_prepare (database, QUERY "WHERE p.id = ?1 AND c.removed = 0", error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  if (assay_statement_step (statement, &local_error))
    return read_candidate (statement);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    assay_queries_set_not_found (error);
  return NULL;
}

GPtrArray *
assay_imported_list (AssayDatabase  *database,
                     gint64          connection_id,
                     GError        **error)
{
  g_autoptr (GPtrArray) candidates =
    g_ptr_array_new_with_free_func ((GDestroyNotify) assay_imported_candidate_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            QUERY "WHERE c.removed = 0 AND (?1 = 0 OR p.connection_id = ?1)"
                                  " ORDER BY p.created_at DESC, p.id DESC",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, connection_id);
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (candidates, read_candidate (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&candidates);
}

gboolean
assay_imported_set_stage (AssayDatabase  *database,
                          gint64          id,
                          const char     *stage,
                          GError        **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "UPDATE imported_candidate SET stage = ?2, updated_at = ?3 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  assay_statement_bind_text (statement, 2, stage);
  assay_statement_bind_int64 (statement, 3, assay_time_now ());
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) == 0)
    {
      assay_queries_set_not_found (error);
      return FALSE;
    }
  assay_database_note_change (database, ASSAY_CHANGE_IMPORTED, id);
  return TRUE;
}

gboolean
assay_imported_remove (AssayDatabase  *database,
                       gint64          id,
                       GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, "DELETE FROM imported_candidate WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) == 0)
    {
      assay_queries_set_not_found (error);
      return FALSE;
    }
  assay_database_note_change (database, ASSAY_CHANGE_IMPORTED, id);
  return TRUE;
}

GHashTable *
assay_imported_list_files (AssayDatabase  *database,
                           GError        **error)
{
  g_autoptr (GHashTable) files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT cv_file FROM imported_candidate WHERE cv_file IS NOT NULL"
                            " UNION SELECT profile_file FROM imported_candidate WHERE profile_file IS NOT NULL",
                            error);

  if (statement == NULL)
    return NULL;
  while (assay_statement_step (statement, &local_error))
    g_hash_table_add (files, assay_statement_dup_text (statement, 0));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&files);
}
