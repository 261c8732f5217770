/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger's part for batches. Each function is a step of bounded size: ten thousand people aren't one transaction, because
 * nothing could be sent, synced or undone meanwhile. */
#include "config.h"

#include "assay-ledger.h"

#include <glib/gi18n-lib.h>

/* A row id and what goes with it, read before anything is written: a statement may not be stepped while others run. */
typedef struct
{
  gint64 id;
  gint64 second;
} Pair;

/* (transfer full) (nullable): the first two columns of all rows */
static GArray *
read_pairs (AssayStatement *statement,
            GError        **error)
{
  g_autoptr (GArray) pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  g_autoptr (GError) local_error = NULL;

  while (assay_statement_step (statement, &local_error))
    {
      Pair pair = { assay_statement_get_int64 (statement, 0), assay_statement_get_int64 (statement, 1) };

      g_array_append_val (pairs, pair);
    }
  if (local_error == NULL)
    return g_steal_pointer (&pairs);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

/* Runs a literal statement about one record. */
static gboolean
run (AssayDatabase *database,
     const char    *sql,
     gint64         id,
     GError       **error)
{
  AssayStatement *statement = assay_database_prepare (database, sql, error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, id);
  return assay_statement_run (statement, error);
}

static gboolean
count (AssayDatabase *database,
       const char    *sql,
       gint64         batch_id,
       guint         *number,
       GError       **error)
{
  AssayStatement *statement = assay_database_prepare (database, sql, error);
  g_autoptr (GError) local_error = NULL;

  *number = 0;
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch_id);
  if (assay_statement_step (statement, &local_error))
    *number = (guint) assay_statement_get_int64 (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gint64
assay_ledger_add_batch (AssayDatabase *database,
                        const char    *title,
                        gint64         assessment_id,
                        const char    *cause,
                        GPtrArray     *drafts,
                        gint64         due_at,
                        GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO batch (title, assessment_id, cause, total, due_at, created_at, updated_at)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                            error);
  gint64 id;

  if (statement == NULL)
    return 0;
  assay_statement_bind_text (statement, 1, title);
  assay_statement_bind_int64 (statement, 2, assessment_id);
  assay_statement_bind_text (statement, 3, cause);
  assay_statement_bind_int64 (statement, 4, drafts->len);
  assay_statement_bind_int64 (statement, 5, due_at);
  assay_statement_bind_int64 (statement, 6, assay_time_now ());
  if (!assay_statement_run (statement, error))
    return 0;
  id = assay_database_get_last_insert_id (database);

  for (guint i = 0; i < drafts->len; i++)
    {
      const AssayLedgerDraft *draft = g_ptr_array_index (drafts, i);

      statement = assay_database_prepare (database,
                                          "INSERT INTO batch_person (batch_id, application_id, first_name, last_name,"
                                          " email, again, deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                                          error);
      if (statement == NULL)
        return 0;
      assay_statement_bind_int64 (statement, 1, id);
      assay_statement_bind_int64 (statement, 2, draft->application_id);
      assay_statement_bind_text (statement, 3, draft->first_name);
      assay_statement_bind_text (statement, 4, draft->last_name);
      assay_statement_bind_text (statement, 5, draft->email);
      assay_statement_bind_int64 (statement, 6, draft->again);
      assay_statement_bind_int64 (statement, 7, draft->deadline);
      if (!assay_statement_run (statement, error))
        return 0;
    }
  assay_database_note_change (database, ASSAY_CHANGE_BATCHES, id);
  return id;
}

GArray *
assay_ledger_list_unprepared (AssayDatabase *database,
                              GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "SELECT DISTINCT batch_id, 0 FROM batch_person WHERE verdict IS NULL ORDER BY batch_id", error);
  g_autoptr (GArray) pairs = statement != NULL ? read_pairs (statement, error) : NULL;
  GArray *ids;

  if (pairs == NULL)
    return NULL;
  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < pairs->len; i++)
    g_array_append_val (ids, g_array_index (pairs, Pair, i).id);
  return ids;
}

/* Those who come next, with @person_ids (GArray of gint64) beside them. */
static GPtrArray *
read_people (AssayDatabase *database,
             gint64         batch_id,
             guint          limit,
             GArray        *person_ids,
             GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database,
    "SELECT p.id, p.application_id, p.first_name, p.last_name, p.email, p.again, b.assessment_id, b.cause, b.due_at,"
    " b.paused, b.created_at, p.deadline FROM batch_person p JOIN batch b ON b.id = p.batch_id"
    " WHERE p.batch_id = ?1 AND p.verdict IS NULL ORDER BY p.id LIMIT ?2", error);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ledger_draft_free);
  g_autoptr (GError) local_error = NULL;
  gint64 now = assay_time_now ();

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, batch_id);
  assay_statement_bind_int64 (statement, 2, limit);
  while (assay_statement_step (statement, &local_error))
    {
      AssayLedgerDraft *draft = g_new0 (AssayLedgerDraft, 1);
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (person_ids, id);
      draft->application_id = assay_statement_get_int64 (statement, 1);
      draft->first_name = assay_statement_dup_text (statement, 2);
      draft->last_name = assay_statement_dup_text (statement, 3);
      draft->email = assay_statement_dup_text (statement, 4);
      draft->again = assay_statement_get_int64 (statement, 5) != 0;
      draft->assessment_id = assay_statement_get_int64 (statement, 6);
      draft->cause = assay_statement_dup_text (statement, 7);
      /* Written in the future: the clock was wrong then, and so is the time. */
      draft->due_at = assay_statement_get_int64 (statement, 10) > now + 60000
                        ? now : assay_statement_get_int64 (statement, 8);
      draft->held = assay_statement_get_int64 (statement, 9) != 0;
      draft->deadline = assay_statement_get_int64 (statement, 11);
      draft->batch_id = batch_id;
      g_ptr_array_add (drafts, draft);
    }
  if (local_error == NULL)
    return g_steal_pointer (&drafts);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
set_aside (AssayDatabase          *database,
           gint64                  person_id,
           const AssayLedgerDraft *draft,
           const GError           *reason,
           GError                **error)
{
  g_autoptr (AssayVerdict) verdict = assay_ledger_judge (database, draft, error);
  AssayVerdictKind kind;
  AssayStatement *statement;

  if (verdict == NULL)
    return FALSE;
  /* The reason is from the moment before; what is judged now can't be better. */
  kind = verdict->kind != ASSAY_VERDICT_READY ? verdict->kind : ASSAY_VERDICT_OTHER;
  statement = assay_database_prepare (
    database, "UPDATE batch_person SET verdict = ?2, sentence = ?3 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, person_id);
  assay_statement_bind_text (statement, 2, assay_verdict_kind_to_string (kind));
  assay_statement_bind_text (statement, 3, reason->message);
  return assay_statement_run (statement, error);
}

gboolean
assay_ledger_prepare_batch (AssayDatabase *database,
                            gint64         batch_id,
                            guint          limit,
                            guint         *left,
                            GError       **error)
{
  g_autoptr (GArray) person_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) drafts = read_people (database, batch_id, limit, person_ids, error);

  if (drafts == NULL)
    return FALSE;
  for (guint i = 0; i < drafts->len; i++)
    {
      const AssayLedgerDraft *draft = g_ptr_array_index (drafts, i);
      gint64 person_id = g_array_index (person_ids, gint64, i);
      g_autoptr (GError) reason = NULL;
      gboolean written;

      if (assay_ledger_enqueue (database, draft, &reason) != 0)
        written = run (database, "DELETE FROM batch_person WHERE id = ?1", person_id, error);
      else if (g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_STORAGE))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      else
        written = set_aside (database, person_id, draft, reason, error);
      if (!written)
        return FALSE;
    }
  if (drafts->len > 0)
    assay_database_note_change (database, ASSAY_CHANGE_BATCHES, batch_id);
  return count (database, "SELECT count(*) FROM batch_person WHERE batch_id = ?1 AND verdict IS NULL", batch_id, left,
                error);
}

gboolean
assay_ledger_hold_batch (AssayDatabase *database,
                         gint64         batch_id,
                         gboolean       hold,
                         GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "UPDATE batch SET paused = ?2, updated_at = ?3 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch_id);
  assay_statement_bind_int64 (statement, 2, hold);
  assay_statement_bind_int64 (statement, 3, assay_time_now ());
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _ ("There is no such batch any more."));
      return FALSE;
    }
  assay_database_note_change (database, ASSAY_CHANGE_BATCHES, batch_id);
  assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, 0);

  statement = assay_database_prepare (
    database, "UPDATE outbox SET held = ?2 WHERE batch_id = ?1 AND state = 'queued'", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch_id);
  assay_statement_bind_int64 (statement, 2, hold);
  return assay_statement_run (statement, error);
}

gboolean
assay_ledger_cancel_batch (AssayDatabase *database,
                           gint64         batch_id,
                           guint          limit,
                           guint         *left,
                           GError       **error)
{
  AssayStatement *statement;
  g_autoptr (GArray) rows = NULL;

  /* Those who aren't in the outbox yet: one statement, nothing else knows of them. */
  statement = assay_database_prepare (
    database, "UPDATE batch_person SET verdict = 'cancelled', sentence = ?2 WHERE batch_id = ?1 AND verdict IS NULL", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch_id);
  assay_statement_bind_text (statement, 2, _ ("The batch was cancelled before this invitation left."));
  if (!assay_statement_run (statement, error))
    return FALSE;

  statement = assay_database_prepare (
    database, "SELECT id, 0 FROM outbox WHERE batch_id = ?1 AND state = 'queued' ORDER BY id LIMIT ?2", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch_id);
  assay_statement_bind_int64 (statement, 2, limit);
  rows = read_pairs (statement, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!assay_ledger_discard (database, g_array_index (rows, Pair, i).id, error))
      return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_BATCHES, batch_id);
  return count (database, "SELECT count(*) FROM outbox WHERE batch_id = ?1 AND state = 'queued'", batch_id, left,
                error);
}

gboolean
assay_ledger_undo_batch (AssayDatabase *database,
                         gint64         batch_id,
                         guint          limit,
                         guint         *left,
                         guint         *taken,
                         GError       **error)
{
  AssayStatement *statement;
  g_autoptr (GArray) rows = NULL;
  guint rest;

  if (!run (database, "DELETE FROM batch_person WHERE batch_id = ?1", batch_id, error))
    return FALSE;
  *taken = assay_database_get_changes (database);

  statement = assay_database_prepare (
    database, "SELECT id, coalesce (invitation_id, 0) FROM outbox"
              " WHERE batch_id = ?1 AND state = 'queued' AND attempts = 0 ORDER BY id LIMIT ?2", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch_id);
  assay_statement_bind_int64 (statement, 2, limit);
  rows = read_pairs (statement, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!assay_ledger_undo (database, g_array_index (rows, Pair, i).second, error))
      return FALSE;
  *taken += rows->len;

  if (!count (database, "SELECT count(*) FROM outbox WHERE batch_id = ?1 AND state = 'queued' AND attempts = 0",
              batch_id, left, error) ||
      !count (database, "SELECT count(*) FROM outbox WHERE batch_id = ?1", batch_id, &rest, error))
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_BATCHES, batch_id);
  return rest > 0 || run (database, "DELETE FROM batch WHERE id = ?1", batch_id, error);
}

gboolean
assay_ledger_retry_batch (AssayDatabase *database,
                          gint64         batch_id,
                          guint          limit,
                          gint64        *after,
                          GError       **error)
{
  gint64 now = assay_time_now ();
  g_autoptr (GArray) rows = NULL;
  AssayStatement *statement;

  /* Who was invited already stays set aside, and so does who was given up. */
  if (*after == 0 &&
      !run (database, "UPDATE batch_person SET verdict = NULL, sentence = NULL WHERE batch_id = ?1"
                      " AND verdict NOT IN ('invited', 'twice', 'cancelled')", batch_id, error))
    return FALSE;

  statement = assay_database_prepare (
    database, "SELECT o.id, b.paused FROM outbox o JOIN batch b ON b.id = o.batch_id"
              " WHERE o.batch_id = ?1 AND o.state = 'failed' AND o.id > ?3 ORDER BY o.id LIMIT ?2", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch_id);
  assay_statement_bind_int64 (statement, 2, limit);
  assay_statement_bind_int64 (statement, 3, *after);
  rows = read_pairs (statement, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    {
      const Pair *row = &g_array_index (rows, Pair, i);
      g_autoptr (GError) reason = NULL;

      *after = row->id;
      if (assay_ledger_requeue (database, row->id, now, row->second != 0, &reason))
        continue;
      if (g_error_matches (reason, ASSAY_ERROR, ASSAY_ERROR_STORAGE))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      statement = assay_database_prepare (database, "UPDATE outbox SET last_error = ?2 WHERE id = ?1", error);
      if (statement == NULL)
        return FALSE;
      assay_statement_bind_int64 (statement, 1, row->id);
      assay_statement_bind_text (statement, 2, reason->message);
      if (!assay_statement_run (statement, error))
        return FALSE;
    }
  if (rows->len < limit)
    *after = 0;
  assay_database_note_change (database, ASSAY_CHANGE_BATCHES, batch_id);
  return TRUE;
}
