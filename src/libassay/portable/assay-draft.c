/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-ups that were begun and left. */
#include "config.h"

#include "assay-draft.h"

#include "assay-queries-private.h"

#define COLUMNS "id, kind, connection_id, name, settings, step, created_at, updated_at"

AssayDraft *
assay_draft_new (void)
{
  AssayDraft *draft = g_new0 (AssayDraft, 1);

  draft->id = ((gint64) g_random_int () << 20) + g_random_int_range (1, 1 << 20);
  draft->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return draft;
}

void
assay_draft_free (AssayDraft *draft)
{
  if (draft == NULL)
    return;
  g_free (draft->kind);
  g_free (draft->name);
  g_free (draft->step);
  g_clear_pointer (&draft->settings, g_hash_table_unref);
  g_free (draft);
}

static AssayDraft *
read_draft (AssayStatement *statement)
{
  AssayDraft *draft = assay_draft_new ();

  draft->id = assay_statement_get_int64 (statement, 0);
  draft->kind = assay_statement_dup_text (statement, 1);
  draft->connection_id = assay_statement_get_int64 (statement, 2);
  draft->name = assay_statement_dup_text (statement, 3);
  g_hash_table_unref (draft->settings);
  draft->settings = assay_column_to_settings (assay_statement_get_text (statement, 4));
  draft->step = assay_statement_dup_text (statement, 5);
  draft->created_at = assay_statement_get_int64 (statement, 6);
  draft->updated_at = assay_statement_get_int64 (statement, 7);
  return draft;
}

gboolean
assay_drafts_save (AssayDatabase  *database,
                   AssayDraft     *draft,
                   GError        **error)
{
  g_autofree char *settings = assay_column_from_settings (draft->settings);
  gint64 now = assay_time_now ();
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO draft (id, kind, connection_id, name, settings, step, created_at, updated_at)"
                            " VALUES (?1, ?2, nullif (?3, 0), ?4, ?5, ?6, ?7, ?7)"
                            " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind,"
                            "  connection_id = excluded.connection_id, name = excluded.name,"
                            "  settings = excluded.settings, step = excluded.step, updated_at = excluded.updated_at",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, draft->id);
  assay_statement_bind_text (statement, 2, draft->kind);
  assay_statement_bind_int64 (statement, 3, draft->connection_id);
  assay_statement_bind_text (statement, 4, draft->name);
  assay_statement_bind_text (statement, 5, settings);
  assay_statement_bind_text (statement, 6, draft->step);
  assay_statement_bind_int64 (statement, 7, now);
  if (!assay_statement_run (statement, error))
    return FALSE;
  draft->updated_at = now;
  assay_database_note_change (database, ASSAY_CHANGE_CONNECTIONS, draft->connection_id);
  return TRUE;
}

AssayDraft *
assay_drafts_get (AssayDatabase  *database,
                  gint64          id,
                  GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT " COLUMNS " FROM draft WHERE id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  if (assay_statement_step (statement, &local_error))
    return read_draft (statement);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    assay_queries_set_not_found (error);
  return NULL;
}

GPtrArray *
assay_drafts_list (AssayDatabase  *database,
                   GError        **error)
{
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_draft_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT " COLUMNS " FROM draft ORDER BY updated_at DESC, id DESC", error);

  if (statement == NULL)
    return NULL;
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (drafts, read_draft (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&drafts);
}

gboolean
assay_drafts_remove (AssayDatabase  *database,
                     gint64          id,
                     GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, "DELETE FROM draft WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  if (!assay_statement_run (statement, error))
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_CONNECTIONS, 0);
  return TRUE;
}
