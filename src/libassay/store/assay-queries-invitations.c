/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading invitations. They are written by the outbox and the poller. */
#include "config.h"

#include "assay-queries-private.h"

#define QUERY \
  "SELECT i.id, i.application_id, i.first_name, i.last_name, i.email, a.job_title, i.assessment_id, t.remote_id," \
  "  t.name, i.connection_id, c.name, c.kind, i.remote_id, i.status, i.status_text, i.error, i.score, i.score_max," \
  "  i.score_unit, i.scores, i.flags, i.report_url, i.raw, i.cause, i.created_at, i.sent_at, i.updated_at," \
  "  i.completed_at, i.checked_at, i.next_check_at," \
  "  (SELECT due_at FROM outbox WHERE invitation_id = i.id AND state = 'queued' ORDER BY id DESC LIMIT 1)," \
  "  i.link, i.deadline" \
  " FROM invitation AS i LEFT JOIN assessment AS t ON t.id = i.assessment_id" \
  "  LEFT JOIN connection AS c ON c.id = i.connection_id LEFT JOIN application AS a ON a.id = i.application_id "

static AssayInvitation *
read_invitation (AssayStatement *statement)
{
  AssayInvitation *invitation = g_new0 (AssayInvitation, 1);

  invitation->history = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_invitation_event_free);
  invitation->id = assay_statement_get_int64 (statement, 0);
  invitation->application_id = assay_statement_get_int64 (statement, 1);
  invitation->first_name = assay_statement_dup_text (statement, 2);
  invitation->last_name = assay_statement_dup_text (statement, 3);
  invitation->candidate_name =
    g_strstrip (g_strdup_printf ("%s %s", invitation->first_name, invitation->last_name));
  invitation->email = assay_statement_dup_text (statement, 4);
  invitation->job_title = assay_statement_dup_text (statement, 5);
  invitation->assessment_id = assay_statement_get_int64 (statement, 6);
  invitation->assessment_remote_id = assay_statement_dup_text (statement, 7);
  invitation->assessment_name = assay_statement_dup_text (statement, 8);
  invitation->connection_id = assay_statement_get_int64 (statement, 9);
  invitation->connection_name = assay_statement_dup_text (statement, 10);
  invitation->connection_kind = assay_statement_dup_text (statement, 11);
  invitation->remote_id = assay_statement_dup_text (statement, 12);
  if (!assay_invitation_status_from_string (assay_statement_get_text (statement, 13), &invitation->status))
    invitation->status = ASSAY_INVITATION_UNKNOWN;
  invitation->status_text = assay_statement_dup_text (statement, 14);
  invitation->error = assay_statement_dup_text (statement, 15);
  if (!assay_statement_is_null (statement, 16))
    invitation->score =
      assay_score_new (NULL, assay_statement_get_double (statement, 16), assay_statement_get_double (statement, 17),
                       g_strcmp0 (assay_statement_get_text (statement, 18), "percent") == 0 ? ASSAY_UNIT_PERCENT
                                                                                           : ASSAY_UNIT_NONE);
  invitation->scores = assay_column_to_scores (assay_statement_get_text (statement, 19));
  invitation->flags = assay_column_to_strv (assay_statement_get_text (statement, 20));
  invitation->report_url = assay_statement_dup_text (statement, 21);
  invitation->raw = assay_statement_dup_text (statement, 22);
  invitation->cause = assay_statement_dup_text (statement, 23);
  invitation->created_at = assay_statement_get_int64 (statement, 24);
  invitation->sent_at = assay_statement_get_int64 (statement, 25);
  invitation->updated_at = assay_statement_get_int64 (statement, 26);
  invitation->completed_at = assay_statement_get_int64 (statement, 27);
  invitation->checked_at = assay_statement_get_int64 (statement, 28);
  invitation->next_check_at = assay_statement_get_int64 (statement, 29);
  invitation->due_at = assay_statement_get_int64 (statement, 30);
  invitation->link = assay_statement_dup_text (statement, 31);
  invitation->deadline = assay_statement_get_int64 (statement, 32);
  return invitation;
}

static gboolean
read_history (AssayDatabase    *database,
              AssayInvitation  *invitation,
              GError          **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT at, status, status_text, source FROM invitation_event WHERE invitation_id = ?1"
                            " ORDER BY at, id",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation->id);
  while (assay_statement_step (statement, &local_error))
    {
      AssayInvitationEvent *event = assay_invitation_event_new ();

      event->at = assay_statement_get_int64 (statement, 0);
      if (!assay_invitation_status_from_string (assay_statement_get_text (statement, 1), &event->status))
        event->status = ASSAY_INVITATION_UNKNOWN;
      event->status_text = assay_statement_dup_text (statement, 2);
      event->source = assay_statement_dup_text (statement, 3);
      g_ptr_array_add (invitation->history, event);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

AssayInvitation *
assay_invitations_find (AssayDatabase  *database,
                        gint64          id,
                        GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, QUERY "WHERE i.id = ?1", error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, id);
  return assay_statement_step (statement, error) ? read_invitation (statement) : NULL;
}

AssayInvitation *
assay_invitations_get (AssayDatabase  *database,
                       gint64          id,
                       GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (AssayInvitation) invitation = assay_invitations_find (database, id, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (invitation == NULL)
    {
      assay_queries_set_not_found (error);
      return NULL;
    }
  if (!read_history (database, invitation, error))
    return NULL;
  return g_steal_pointer (&invitation);
}

/* Each of these runs backwards over an index. */
static AssayStatement *
prepare_list (AssayDatabase  *database,
              gint64          application_id,
              int             status,
              GError        **error)
{
  AssayStatement *statement;

  if (application_id != 0)
    statement = assay_database_prepare (database,
                                        QUERY "WHERE i.application_id = ?1 AND (?2 IS NULL OR i.status = ?2)"
                                              " ORDER BY i.updated_at DESC, i.id DESC LIMIT ?3 OFFSET ?4",
                                        error);
  else if (status >= 0)
    statement = assay_database_prepare (database,
                                        QUERY "WHERE i.status = ?2"
                                              " ORDER BY i.updated_at DESC, i.id DESC LIMIT ?3 OFFSET ?4",
                                        error);
  else
    statement = assay_database_prepare (database,
                                        QUERY "ORDER BY i.updated_at DESC, i.id DESC LIMIT ?3 OFFSET ?4", error);
  if (statement == NULL)
    return NULL;

  assay_statement_bind_int64 (statement, 1, application_id);
  if (status >= 0)
    assay_statement_bind_text (statement, 2, assay_invitation_status_to_string ((AssayInvitationStatus) status));
  return statement;
}

GPtrArray *
assay_invitations_list (AssayDatabase  *database,
                        gint64          application_id,
                        int             status,
                        guint           limit,
                        guint           offset,
                        GError        **error)
{
  g_autoptr (GPtrArray) invitations = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_invitation_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement = prepare_list (database, application_id, status, error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 3, limit == 0 ? -1 : (gint64) limit);
  assay_statement_bind_int64 (statement, 4, offset);
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (invitations, read_invitation (statement));
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  for (guint i = 0; application_id != 0 && i < invitations->len; i++)
    if (!read_history (database, g_ptr_array_index (invitations, i), error))
      return NULL;
  return g_steal_pointer (&invitations);
}

GArray *
assay_invitations_list_ids (AssayDatabase  *database,
                            int             status,
                            guint           limit,
                            GError        **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement;

  if (status >= 0)
    statement = assay_database_prepare (
      database, "SELECT id FROM invitation WHERE status = ?1 ORDER BY updated_at DESC, id DESC LIMIT ?2", error);
  else
    statement = assay_database_prepare (
      database, "SELECT id FROM invitation ORDER BY updated_at DESC, id DESC LIMIT ?2", error);
  if (statement == NULL)
    return NULL;
  if (status >= 0)
    assay_statement_bind_text (statement, 1, assay_invitation_status_to_string ((AssayInvitationStatus) status));
  assay_statement_bind_int64 (statement, 2, limit == 0 ? -1 : (gint64) limit);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&ids);
}

gboolean
assay_invitations_count (AssayDatabase  *database,
                         guint           counts[ASSAY_N_INVITATION_STATUSES],
                         GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT status, count(*) FROM invitation GROUP BY status", error);

  for (guint i = 0; i < ASSAY_N_INVITATION_STATUSES; i++)
    counts[i] = 0;
  if (statement == NULL)
    return FALSE;
  while (assay_statement_step (statement, &local_error))
    {
      AssayInvitationStatus status;

      if (!assay_invitation_status_from_string (assay_statement_get_text (statement, 0), &status))
        status = ASSAY_INVITATION_UNKNOWN;
      counts[status] += (guint) assay_statement_get_int64 (statement, 1);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}
