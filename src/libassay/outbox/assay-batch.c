/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading batches. They are written by assay-ledger-batches.c. */
#include "config.h"

#include "assay-batch.h"

#include <glib/gi18n-lib.h>

#include "assay-connector.h"
#include "assay-queries-private.h"

/* The pace is that of the last minute… */
#define PACE_WINDOW (60 * 1000)
/* … once there are so many to tell it from. */
#define PACE_SAMPLE 5

static const char *const verdict_names[] = {
  [ASSAY_VERDICT_READY] = "ready",
  [ASSAY_VERDICT_INVITED] = "invited",
  [ASSAY_VERDICT_TWICE] = "twice",
  [ASSAY_VERDICT_NO_EMAIL] = "no-email",
  [ASSAY_VERDICT_NO_NAME] = "no-name",
  [ASSAY_VERDICT_LOCKED] = "locked",
  [ASSAY_VERDICT_ARCHIVED] = "archived",
  [ASSAY_VERDICT_CLOSED_JOB] = "closed-job",
  [ASSAY_VERDICT_GONE] = "gone",
  [ASSAY_VERDICT_CANCELLED] = "cancelled",
  [ASSAY_VERDICT_OTHER] = "other",
};

const char *
assay_verdict_kind_to_string (AssayVerdictKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (verdict_names), NULL);
  return verdict_names[kind];
}

gboolean
assay_verdict_kind_from_string (const char       *text,
                                AssayVerdictKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (verdict_names); i++)
    if (g_strcmp0 (text, verdict_names[i]) == 0)
      {
        *kind = (AssayVerdictKind) i;
        return TRUE;
      }
  return FALSE;
}

AssayVerdict *
assay_verdict_new (void)
{
  return g_new0 (AssayVerdict, 1);
}

void
assay_verdict_free (AssayVerdict *verdict)
{
  if (verdict == NULL)
    return;
  g_free (verdict->full_name);
  g_free (verdict->first_name);
  g_free (verdict->last_name);
  g_free (verdict->email);
  g_free (verdict->job_title);
  g_free (verdict->sentence);
  g_free (verdict->invited_by);
  g_free (verdict);
}

AssayBatch *
assay_batch_new (void)
{
  return g_new0 (AssayBatch, 1);
}

void
assay_batch_free (AssayBatch *batch)
{
  if (batch == NULL)
    return;
  g_free (batch->title);
  g_free (batch->assessment_name);
  g_free (batch->connection_name);
  g_free (batch->cause);
  g_free (batch->obstacle);
  g_free (batch);
}

gboolean
assay_batch_is_active (const AssayBatch *batch)
{
  return batch->preparing + batch->waiting + batch->sending > 0;
}

/* How many there are of each state, and how fast they went of late. */
static gboolean
read_counts (AssayDatabase *database,
             AssayBatch    *batch,
             gint64         now,
             guint         *recent,
             gint64        *recent_since,
             GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "SELECT state, count(*), sum (updated_at > ?2), min (CASE WHEN updated_at > ?2 THEN updated_at END)"
              " FROM outbox WHERE batch_id = ?1 GROUP BY state", error);
  g_autoptr (GError) local_error = NULL;

  *recent = 0;
  *recent_since = 0;
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch->id);
  assay_statement_bind_int64 (statement, 2, now - PACE_WINDOW);
  while (assay_statement_step (statement, &local_error))
    {
      guint count = (guint) assay_statement_get_int64 (statement, 1);
      gint64 since = assay_statement_get_int64 (statement, 3);
      gboolean settled = TRUE;
      AssayOutboxState state;

      if (!assay_outbox_state_from_string (assay_statement_get_text (statement, 0), &state))
        continue;
      switch (state)
        {
        case ASSAY_OUTBOX_QUEUED:
          batch->waiting = count;
          settled = FALSE;
          break;
        case ASSAY_OUTBOX_SENDING:
          batch->sending = count;
          settled = FALSE;
          break;
        case ASSAY_OUTBOX_DONE:
          batch->sent = count;
          break;
        case ASSAY_OUTBOX_FAILED:
          batch->failed = count;
          break;
        case ASSAY_OUTBOX_UNSURE:
          batch->unsure = count;
          break;
        case ASSAY_OUTBOX_DISCARDED:
        default:
          batch->cancelled = count;
          settled = FALSE;
          break;
        }
      if (!settled || since == 0)
        continue;
      *recent += (guint) assay_statement_get_int64 (statement, 2);
      *recent_since = *recent_since == 0 ? since : MIN (*recent_since, since);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  statement = assay_database_prepare (
    database, "SELECT count(*) FILTER (WHERE verdict IS NULL), count(*) FILTER (WHERE verdict <> 'cancelled'),"
              " count(*) FILTER (WHERE verdict = 'cancelled') FROM batch_person WHERE batch_id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch->id);
  if (assay_statement_step (statement, &local_error))
    {
      batch->preparing = (guint) assay_statement_get_int64 (statement, 0);
      batch->set_aside = (guint) assay_statement_get_int64 (statement, 1);
      batch->cancelled += (guint) assay_statement_get_int64 (statement, 2);
    }
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
estimate (AssayBatch            *batch,
          const AssayConnection *connection,
          guint                  recent,
          gint64                 recent_since,
          gint64                 now)
{
  guint left = batch->preparing + batch->waiting + batch->sending;

  if (recent >= PACE_SAMPLE && now > recent_since)
    batch->pace = (double) (recent - 1) * PACE_WINDOW / (double) (now - recent_since);
  else
    {
      const AssayConnectorDescription *description = assay_connector_find (connection->kind);

      batch->pace = description != NULL ? description->pace.per_second * 60 : 0;
    }

  if (left == 0)
    batch->time_left = 0;
  else if (batch->paused || batch->obstacle != NULL || batch->pace <= 0)
    batch->time_left = -1;
  else
    batch->time_left = MAX (batch->due_at - now, 0) + (gint64) (left / batch->pace * PACE_WINDOW);
}

/* Why nothing leaves: the connection can't be used, or the last try ended so. */
static gboolean
read_obstacle (AssayDatabase         *database,
               AssayBatch            *batch,
               const AssayConnection *connection,
               gint64                 now,
               GError               **error)
{
  AssayStatement *statement;
  g_autoptr (GError) local_error = NULL;

  if (batch->waiting + batch->preparing == 0)
    return TRUE;
  if (connection->state == ASSAY_CONNECTION_FAILING && connection->reason != NULL)
    {
      batch->obstacle = g_strdup (connection->reason);
      return TRUE;
    }
  if (connection->state != ASSAY_CONNECTION_ENABLED)
    {
      batch->obstacle = g_strdup_printf (_ ("“%s” is not enabled. Enable the connection to go on."), connection->name);
      return TRUE;
    }

  /* One that was put off is no obstacle while others leave. */
  statement = assay_database_prepare (
    database,
    "SELECT last_error FROM outbox WHERE batch_id = ?1 AND state = 'queued' AND last_error IS NOT NULL AND due_at > ?2"
    " AND updated_at >= coalesce ((SELECT max (updated_at) FROM outbox WHERE batch_id = ?1 AND state = 'done'), 0)"
    " ORDER BY updated_at DESC LIMIT 1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, batch->id);
  assay_statement_bind_int64 (statement, 2, now);
  if (assay_statement_step (statement, &local_error))
    batch->obstacle = assay_statement_dup_text (statement, 0);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

AssayBatch *
assay_batches_get (AssayDatabase *database,
                   gint64         id,
                   GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT b.id, b.title, b.assessment_id, a.name, a.connection_id, b.cause, b.paused,"
                            " b.created_at, b.due_at, b.total FROM batch b"
                            " JOIN assessment a ON a.id = b.assessment_id WHERE b.id = ?1",
                            error);
  g_autoptr (AssayBatch) batch = NULL;
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GError) local_error = NULL;
  gint64 now = assay_time_now ();
  gint64 recent_since;
  guint recent;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  if (!assay_statement_step (statement, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        assay_queries_set_not_found (error);
      return NULL;
    }
  batch = assay_batch_new ();
  batch->id = assay_statement_get_int64 (statement, 0);
  batch->title = assay_statement_dup_text (statement, 1);
  batch->assessment_id = assay_statement_get_int64 (statement, 2);
  batch->assessment_name = assay_statement_dup_text (statement, 3);
  batch->connection_id = assay_statement_get_int64 (statement, 4);
  batch->cause = assay_statement_dup_text (statement, 5);
  batch->paused = assay_statement_get_int64 (statement, 6) != 0;
  batch->created_at = assay_statement_get_int64 (statement, 7);
  batch->due_at = assay_statement_get_int64 (statement, 8);
  batch->total = (guint) assay_statement_get_int64 (statement, 9);

  connection = assay_connections_get (database, batch->connection_id, error);
  if (connection == NULL)
    return NULL;
  batch->connection_name = g_strdup (connection->name);
  if (!read_counts (database, batch, now, &recent, &recent_since, error) ||
      !read_obstacle (database, batch, connection, now, error))
    return NULL;
  estimate (batch, connection, recent, recent_since, now);
  return g_steal_pointer (&batch);
}

static GArray *
read_ids (AssayStatement *statement,
          GError        **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;

  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  if (local_error == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

GPtrArray *
assay_batches_list (AssayDatabase *database,
                    gboolean       active_only,
                    GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database,
    "SELECT b.id FROM batch b WHERE NOT ?1"
    " OR EXISTS (SELECT 1 FROM outbox o WHERE o.batch_id = b.id AND o.state IN ('queued', 'sending'))"
    " OR EXISTS (SELECT 1 FROM batch_person p WHERE p.batch_id = b.id AND p.verdict IS NULL)"
    " ORDER BY b.id DESC", error);
  g_autoptr (GPtrArray) batches = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_batch_free);
  g_autoptr (GArray) ids = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, active_only);
  ids = read_ids (statement, error);
  if (ids == NULL)
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    {
      AssayBatch *batch = assay_batches_get (database, g_array_index (ids, gint64, i), error);

      if (batch == NULL)
        return NULL;
      g_ptr_array_add (batches, batch);
    }
  return g_steal_pointer (&batches);
}

GArray *
assay_batches_list_invitation_ids (AssayDatabase *database,
                                   gint64         id,
                                   guint          limit,
                                   GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database,
    "SELECT invitation_id FROM outbox WHERE batch_id = ?1 AND invitation_id IS NOT NULL"
    " ORDER BY CASE state WHEN 'failed' THEN 0 WHEN 'unsure' THEN 1 ELSE 2 END, id LIMIT ?2", error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  assay_statement_bind_int64 (statement, 2, limit == 0 ? -1 : (gint64) limit);
  return read_ids (statement, error);
}

GPtrArray *
assay_batches_list_set_aside (AssayDatabase *database,
                              gint64         id,
                              GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database,
    "SELECT p.application_id, p.verdict, p.sentence, a.full_name, coalesce (p.first_name, a.first_name),"
    " coalesce (p.last_name, a.last_name), coalesce (p.email, a.email), a.job_title"
    " FROM batch_person p JOIN application a ON a.id = p.application_id"
    " WHERE p.batch_id = ?1 AND p.verdict IS NOT NULL ORDER BY p.id", error);
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_verdict_free);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  while (assay_statement_step (statement, &local_error))
    {
      AssayVerdict *verdict = assay_verdict_new ();

      verdict->application_id = assay_statement_get_int64 (statement, 0);
      if (!assay_verdict_kind_from_string (assay_statement_get_text (statement, 1), &verdict->kind))
        verdict->kind = ASSAY_VERDICT_OTHER;
      verdict->sentence = assay_statement_dup_text (statement, 2);
      verdict->full_name = assay_statement_dup_text (statement, 3);
      verdict->first_name = assay_statement_dup_text (statement, 4);
      verdict->last_name = assay_statement_dup_text (statement, 5);
      verdict->email = assay_statement_dup_text (statement, 6);
      verdict->job_title = assay_statement_dup_text (statement, 7);
      g_ptr_array_add (verdicts, verdict);
    }
  if (local_error == NULL)
    return g_steal_pointer (&verdicts);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
