/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger: how far invitations are, and what came of them. */
#include "config.h"

#include "assay-ledger-private.h"
#include "assay-raw.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

GPtrArray *
assay_ledger_list_to_check (AssayDatabase *database,
                            gint64         now,
                            guint          limit,
                            GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT i.id, i.connection_id, i.remote_id, i.sent_at, i.updated_at, i.status FROM invitation i"
                            " JOIN connection c ON c.id = i.connection_id"
                            " WHERE i.next_check_at > 0 AND i.next_check_at <= ?1 AND i.remote_id IS NOT NULL"
                            " AND c.state = 'enabled' AND NOT c.removed"
                            " ORDER BY i.next_check_at LIMIT ?2",
                            error);
  g_autoptr (GPtrArray) invitations = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_invitation_free);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, now);
  assay_statement_bind_int64 (statement, 2, limit);
  while (assay_statement_step (statement, &local_error))
    {
      AssayInvitation *invitation = assay_invitation_new ();

      invitation->id = assay_statement_get_int64 (statement, 0);
      invitation->connection_id = assay_statement_get_int64 (statement, 1);
      invitation->remote_id = assay_statement_dup_text (statement, 2);
      invitation->sent_at = assay_statement_get_int64 (statement, 3);
      invitation->updated_at = assay_statement_get_int64 (statement, 4);
      assay_invitation_status_from_string (assay_statement_get_text (statement, 5), &invitation->status);
      g_ptr_array_add (invitations, invitation);
    }
  if (local_error == NULL)
    return g_steal_pointer (&invitations);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

gint64
assay_ledger_get_next_check (AssayDatabase *database,
                             GError       **error)
{
  return assay_ledger_read_number (assay_database_prepare (database,
                                                 "SELECT coalesce (min (i.next_check_at), 0) FROM invitation i"
                                                 " JOIN connection c ON c.id = i.connection_id"
                                                 " WHERE i.next_check_at > 0 AND i.remote_id IS NOT NULL"
                                                 " AND c.state = 'enabled' AND NOT c.removed",
                                                 error),
                         error);
}

gboolean
assay_ledger_postpone_check (AssayDatabase *database,
                             gint64         invitation_id,
                             gint64         next_check_at,
                             const char    *sentence,
                             GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "UPDATE invitation SET next_check_at = CASE WHEN next_check_at > 0 THEN ?2 ELSE 0 END,"
                            " error = ?3 WHERE id = ?1",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_int64 (statement, 2, next_check_at);
  assay_statement_bind_text (statement, 3, sentence);
  if (!assay_statement_run (statement, error))
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_INVITATIONS, invitation_id);
  return TRUE;
}

static void
add_score (JsonBuilder      *builder,
           const AssayScore *score)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, score->name != NULL ? score->name : "");
  json_builder_set_member_name (builder, "value");
  json_builder_add_double_value (builder, score->value);
  json_builder_set_member_name (builder, "max");
  if (isnan (score->max))
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, score->max);
  json_builder_set_member_name (builder, "unit");
  if (score->unit == ASSAY_UNIT_PERCENT)
    json_builder_add_string_value (builder, "percent");
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

static char *
scores_to_text (GPtrArray *scores)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; scores != NULL && i < scores->len; i++)
    add_score (builder, g_ptr_array_index (scores, i));
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static char *
strings_to_text (char **strings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; strings != NULL && strings[i] != NULL; i++)
    json_builder_add_string_value (builder, strings[i]);
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
scores_equal (const AssayScore *first,
              const AssayScore *second)
{
  if (first == NULL || second == NULL)
    return first == second;
  return first->value == second->value && first->unit == second->unit &&
         (first->max == second->max || (isnan (first->max) && isnan (second->max)));
}

static gboolean
apply_result (AssayDatabase     *database,
              AssayInvitation   *known,
              const AssayResult *result,
              const char        *source,
              gint64             next_check_at,
              gboolean          *changed,
              GError           **error)
{
  gint64 invitation_id = known->id;
  AssayInvitationStatus status = result->status;
  gboolean status_changed, differs_for_people;
  gint64 now = assay_time_now ();
  gint64 completed_at;
  AssayStatement *statement;
  g_autofree char *scores = NULL, *flags = NULL, *raw = NULL;

  status_changed = known->status != status || (status == ASSAY_INVITATION_UNKNOWN &&
                                               g_strcmp0 (known->status_text, result->status_text) != 0);
  scores = scores_to_text (result->scores);
  flags = strings_to_text (result->flags);
  raw = assay_raw_clean (result->raw);
  differs_for_people = status_changed || known->error != NULL || !scores_equal (known->score, result->score) ||
                       (result->report_url != NULL && g_strcmp0 (known->report_url, result->report_url) != 0) ||
                       g_strcmp0 (known->raw, raw) != 0;
  completed_at = known->completed_at;
  if (status == ASSAY_INVITATION_COMPLETED && completed_at == 0)
    completed_at = result->completed_at != 0 ? result->completed_at : now;

  statement = assay_database_prepare (database,
                                      "UPDATE invitation SET status = ?2, status_text = ?3, error = NULL, score = ?4,"
                                      " score_max = ?5, score_unit = ?6, scores = ?7, flags = ?8,"
                                      " report_url = coalesce (?9, report_url), raw = ?10, completed_at = ?11,"
                                      " checked_at = ?12, next_check_at = ?13,"
                                      " deadline = CASE WHEN ?15 > 0 THEN ?15 ELSE deadline END,"
                                      " updated_at = CASE WHEN ?14 THEN ?12 ELSE updated_at END WHERE id = ?1",
                                      error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, assay_invitation_status_to_string (status));
  assay_statement_bind_text (statement, 3, result->status_text);
  assay_statement_bind_double (statement, 4, result->score != NULL ? result->score->value : NAN);
  assay_statement_bind_double (statement, 5, result->score != NULL ? result->score->max : NAN);
  assay_statement_bind_text (
    statement, 6, result->score != NULL && result->score->unit == ASSAY_UNIT_PERCENT ? "percent" : NULL);
  assay_statement_bind_text (statement, 7, scores);
  assay_statement_bind_text (statement, 8, flags);
  assay_statement_bind_text (statement, 9, result->report_url);
  assay_statement_bind_text (statement, 10, raw);
  assay_statement_bind_int64 (statement, 11, completed_at);
  assay_statement_bind_int64 (statement, 12, now);
  assay_statement_bind_int64 (statement, 13, assay_invitation_status_is_open (status) ? next_check_at : 0);
  assay_statement_bind_int64 (statement, 14, differs_for_people);
  assay_statement_bind_int64 (statement, 15, result->deadline);
  if (!assay_statement_run (statement, error))
    return FALSE;

  if (status_changed && !assay_ledger_add_event (database, invitation_id, status, result->status_text, source, error))
    return FALSE;
  if (changed != NULL)
    *changed = differs_for_people;
  return !differs_for_people || assay_ledger_note_invitation_changed (database, invitation_id, status_changed, error);
}

gboolean
assay_ledger_apply_result (AssayDatabase     *database,
                           gint64             invitation_id,
                           const AssayResult *result,
                           const char        *source,
                           gint64             next_check_at,
                           gboolean          *changed,
                           GError           **error)
{
  g_autoptr (AssayInvitation) known = assay_invitations_get (database, invitation_id, error);

  if (changed != NULL)
    *changed = FALSE;
  if (known == NULL)
    return FALSE;

  /* Answers may come late and out of order; what is finished stays finished. */
  if (known->status == ASSAY_INVITATION_COMPLETED && result->status != ASSAY_INVITATION_COMPLETED)
    {
      g_debug ("invitation %" G_GINT64_FORMAT ": ignoring “%s” after completion", invitation_id,
               assay_invitation_status_to_string (result->status));
      return TRUE;
    }
  return apply_result (database, known, result, source, next_check_at, changed, error);
}

static gboolean
is_outcome (AssayInvitationStatus status)
{
  return status == ASSAY_INVITATION_PENDING || status == ASSAY_INVITATION_IN_PROGRESS ||
         status == ASSAY_INVITATION_COMPLETED || status == ASSAY_INVITATION_EXPIRED ||
         status == ASSAY_INVITATION_CANCELLED;
}

gboolean
assay_ledger_enter_result (AssayDatabase     *database,
                           gint64             invitation_id,
                           const AssayResult *result,
                           GError           **error)
{
  g_autoptr (AssayInvitation) known = assay_invitations_get (database, invitation_id, error);
  g_autoptr (AssayConnection) connection = NULL;
  gboolean changed;

  if (known == NULL)
    return FALSE;
  connection = assay_connections_get (database, known->connection_id, error);
  if (connection == NULL)
    return FALSE;

  if ((assay_connector_get_capabilities (connection) & ASSAY_NEEDS_HAND_ENTRY) == 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 /* Translators: %s is the name of a connection */
                 _ ("%s tells by itself how far this invitation is, so that nobody enters it. Refresh it instead."),
                 connection->name);
  else if (!is_outcome (result->status))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                         _ ("Enter one of pending, in progress, completed, expired or cancelled."));
  else if (!is_outcome (known->status) && known->status != ASSAY_INVITATION_UNKNOWN)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                         _ ("This invitation hasn't left, so that there is nothing to enter. Look into the outbox."));
  else if (result->score != NULL && !(isfinite (result->score->value) && result->score->value >= 0))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("A score is a number from 0 up."));
  else
    {
      if (result->status != ASSAY_INVITATION_COMPLETED)
        known->completed_at = 0;
      return apply_result (database, known, result, "hand", 0, &changed, error);
    }
  return FALSE;
}
