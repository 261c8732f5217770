/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger of outside effects. */
#include "config.h"

#include "assay-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
assay_ledger_draft_free (AssayLedgerDraft *draft)
{
  if (draft == NULL)
    return;
  g_free (draft->first_name);
  g_free (draft->last_name);
  g_free (draft->email);
  g_free (draft->cause);
  g_free (draft);
}

void
assay_ledger_item_free (AssayLedgerItem *item)
{
  if (item == NULL)
    return;
  g_free (item->connection_name);
  assay_invitation_free (item->invitation);
  assay_effect_free (item->effect);
  assay_application_free (item->application);
  assay_connection_free (item->ats);
  g_free (item);
}

/* Sentences that say when and by whom */

/* "12 November 2026 at 14:02", in the user's time zone; (transfer full) */
char *
assay_ledger_format_moment (gint64 milliseconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (milliseconds / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  /* Translators: a date and a time of day, as g_date_time_format() spells them */
  return local != NULL ? g_date_time_format (local, _ ("%-d %B %Y at %H:%M")) : g_strdup ("");
}

/* Writing */

gboolean
assay_ledger_add_event (AssayDatabase         *database,
                        gint64                 invitation_id,
                        AssayInvitationStatus  status,
                        const char            *status_text,
                        const char            *source,
                        GError               **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO invitation_event (invitation_id, at, status, status_text, source)"
                            " VALUES (?1, ?2, ?3, ?4, ?5)",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_int64 (statement, 2, assay_time_now ());
  assay_statement_bind_text (statement, 3, assay_invitation_status_to_string (status));
  assay_statement_bind_text (statement, 4, status_text);
  assay_statement_bind_text (statement, 5, source);
  return assay_statement_run (statement, error);
}

gboolean
assay_ledger_note_invitation_changed (AssayDatabase *database,
                                      gint64         invitation_id,
                                      gboolean       unseen,
                                      GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT coalesce (application_id, 0) FROM invitation WHERE id = ?1", error);
  g_autoptr (GError) local_error = NULL;
  gint64 application_id = 0;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  if (assay_statement_step (statement, &local_error))
    application_id = assay_statement_get_int64 (statement, 0);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  assay_database_note_change (database, ASSAY_CHANGE_INVITATIONS, invitation_id);
  return application_id == 0 || assay_applications_refresh_invitation (database, application_id, unseen, error);
}

gboolean
assay_ledger_undo (AssayDatabase *database,
                   gint64         invitation_id,
                   GError       **error)
{
  g_autoptr (AssayInvitation) invitation = assay_invitations_get (database, invitation_id, error);
  AssayStatement *statement;

  if (invitation == NULL)
    return FALSE;

  statement = assay_database_prepare (
    database, "DELETE FROM outbox WHERE invitation_id = ?1 AND state = 'queued' AND attempts = 0", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("Sending the invitation of %s has begun, so it can't be undone any more. If it is still queued, "
                      "cancel it."),
                   invitation->candidate_name);
      return FALSE;
    }

  statement = assay_database_prepare (database, "DELETE FROM invitation WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  if (!assay_statement_run (statement, error))
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_INVITATIONS, invitation_id);
  assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, 0);
  return invitation->application_id == 0 ||
         assay_applications_refresh_invitation (database, invitation->application_id, FALSE, error);
}

/* Sending */

/* Whether what a row is about is still known: an erased person's rows stay as they are. */
#define IS_WHOLE(row)                                                                                                 \
  "(CASE " row ".kind WHEN 'create' THEN 1 WHEN 'invite' THEN " row ".invitation_id IS NOT NULL"                      \
  " WHEN 'resend' THEN " row ".invitation_id IS NOT NULL WHEN 'cancel' THEN " row ".invitation_id IS NOT NULL"        \
  " ELSE " row ".application_id IS NOT NULL END)"

#define ITEM_COLUMNS                                                                                                  \
  "o.id, o.invitation_id, o.connection_id, o.attempts, o.updated_at, o.kind, o.payload, o.application_id, o.due_at,"   \
  " o.owner"

/* What a row is about. */
static gboolean
load_item (AssayDatabase    *database,
           AssayLedgerItem  *item,
           gint64            application_id,
           GError          **error)
{
  g_autoptr (AssayConnection) connection = assay_connections_get (database, item->connection_id, error);
  g_autoptr (GError) local_error = NULL;

  if (connection == NULL)
    return FALSE;
  item->connection_name = g_strdup (connection->name);
  if (item->invitation_id != 0)
    {
      item->invitation = assay_invitations_get (database, item->invitation_id, error);
      if (item->invitation == NULL)
        return FALSE;
    }
  if (application_id == 0)
    return TRUE;
  item->application = assay_applications_get (database, application_id, &local_error);
  if (item->application != NULL)
    item->ats = assay_connections_get (database, item->application->connection_id, &local_error);
  if (local_error != NULL && !g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (item->ats != NULL && item->ats->state != ASSAY_CONNECTION_ENABLED)
    g_clear_pointer (&item->ats, assay_connection_free);
  return TRUE;
}

/* Reads rows of ITEM_COLUMNS, then their invitations: a statement may
 * not be stepped while another function prepares it again. */
static GPtrArray *
read_items (AssayDatabase  *database,
            AssayStatement *statement,
            GArray         *owners,
            GError        **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ledger_item_free);
  g_autoptr (GArray) applications = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;

  while (assay_statement_step (statement, &local_error))
    {
      gint64 application_id = assay_statement_get_int64 (statement, 7);
      const char *payload = assay_statement_get_text (statement, 6);
      AssayEffectKind kind;
      AssayLedgerItem *item = g_new0 (AssayLedgerItem, 1);

      item->outbox_id = assay_statement_get_int64 (statement, 0);
      item->invitation_id = assay_statement_get_int64 (statement, 1);
      item->connection_id = assay_statement_get_int64 (statement, 2);
      item->attempts = (guint) assay_statement_get_int64 (statement, 3);
      item->sent_at = assay_statement_get_int64 (statement, 4);
      item->due_at = assay_statement_get_int64 (statement, 8);
      if (assay_effect_kind_from_string (assay_statement_get_text (statement, 5), &kind))
        {
          item->effect = assay_effect_from_payload (kind, payload);
          if (item->effect == NULL)
            item->effect = assay_effect_new (kind);
          item->effect->application_id = application_id;
          item->effect->invitation_id = item->invitation_id;
        }
      else
        item->again = payload != NULL && strstr (payload, ASSAY_LEDGER_AGAIN) != NULL;
      g_array_append_val (applications, application_id);
      if (owners != NULL)
        {
          gint64 owner = assay_statement_get_int64 (statement, 9);

          g_array_append_val (owners, owner);
        }
      g_ptr_array_add (items, item);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  for (guint i = 0; i < items->len; i++)
    if (!load_item (database, g_ptr_array_index (items, i), g_array_index (applications, gint64, i), error))
      return NULL;
  return g_steal_pointer (&items);
}

GPtrArray *
assay_ledger_peek (AssayDatabase *database,
                   gint64         invitation_id,
                   gint64         now,
                   GError       **error)
{
  AssayStatement *statement;

  if (invitation_id != 0)
    {
      statement = assay_database_prepare (database,
                                          "SELECT " ITEM_COLUMNS
                                          " FROM outbox o JOIN connection c ON c.id = o.connection_id"
                                          " WHERE o.kind = 'invite' AND o.invitation_id = ?1 AND o.state = 'queued'"
                                          " AND o.held = 0 AND c.state = 'enabled' AND NOT c.removed",
                                          error);
      if (statement == NULL)
        return NULL;
      assay_statement_bind_int64 (statement, 1, invitation_id);
    }
  else
    {
      statement = assay_database_prepare (database,
                                          "SELECT " ITEM_COLUMNS " FROM connection c JOIN outbox o ON o.id ="
                                          " (SELECT q.id FROM outbox q WHERE q.connection_id = c.id"
                                          "   AND q.state = 'queued' AND q.held = 0"
                                          /* Written in the future: the clock was wrong then, and so is the time. */
                                          "   AND (q.due_at <= ?1 OR q.updated_at > ?1 + 60000)"
                                          "   AND " IS_WHOLE ("q")
                                          "   ORDER BY q.priority, q.due_at, q.id LIMIT 1)"
                                          " WHERE c.state = 'enabled' AND NOT c.removed",
                                          error);
      if (statement == NULL)
        return NULL;
      assay_statement_bind_int64 (statement, 1, now);
    }
  return read_items (database, statement, NULL, error);
}

GPtrArray *
assay_ledger_peek_row (AssayDatabase *database,
                       gint64         outbox_id,
                       GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT " ITEM_COLUMNS " FROM outbox o JOIN connection c ON c.id = o.connection_id"
                            " WHERE o.id = ?1 AND o.state = 'queued' AND o.held = 0 AND " IS_WHOLE ("o")
                            " AND c.state = 'enabled' AND NOT c.removed",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  return read_items (database, statement, NULL, error);
}

gboolean
assay_ledger_hasten (AssayDatabase *database,
                     GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "UPDATE outbox SET due_at = ?1 WHERE state = 'queued' AND due_at > ?1"
              " AND (attempts > 0 OR last_error IS NOT NULL)", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, assay_time_now ());
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) > 0)
    assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, 0);
  return TRUE;
}

gint64
assay_ledger_read_number (AssayStatement *statement,
                          GError        **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 value = 0;

  if (statement == NULL)
    return -1;
  if (assay_statement_step (statement, &local_error))
    value = assay_statement_get_int64 (statement, 0);
  if (local_error == NULL)
    return value;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return -1;
}

gint64
assay_ledger_get_next_due (AssayDatabase *database,
                           GError       **error)
{
  return assay_ledger_read_number (assay_database_prepare (database,
                                                 "SELECT coalesce (min (o.due_at), 0) FROM outbox o"
                                                 " JOIN connection c ON c.id = o.connection_id"
                                                 " WHERE o.state = 'queued' AND o.held = 0"
                                                 " AND c.state = 'enabled' AND NOT c.removed",
                                                 error),
                         error);
}

gboolean
assay_ledger_check_connection (AssayDatabase *database,
                               gint64         connection_id,
                               GError       **error)
{
  g_autoptr (AssayConnection) connection = assay_connections_get (database, connection_id, error);

  if (connection == NULL)
    return FALSE;
  if (connection->state == ASSAY_CONNECTION_SAVED || connection->state == ASSAY_CONNECTION_DISABLED)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                   _ ("“%s” is not enabled. The invitation stays queued and leaves once it is."), connection->name);
      return FALSE;
    }
  return assay_ledger_check_provider (connection, error);
}

gboolean
assay_ledger_claim (AssayDatabase *database,
                    gint64         outbox_id,
                    gint64         owner,
                    GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "UPDATE outbox SET state = 'sending', owner = ?2, attempts = attempts + 1,"
                            " updated_at = ?3 WHERE id = ?1 AND state = 'queued' AND held = 0",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  assay_statement_bind_int64 (statement, 2, owner);
  assay_statement_bind_int64 (statement, 3, assay_time_now ());
  if (!assay_statement_run (statement, error) || assay_database_get_changes (database) == 0)
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, outbox_id);
  return TRUE;
}

GPtrArray *
assay_ledger_list_sending (AssayDatabase *database,
                           GArray        *owners,
                           GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT " ITEM_COLUMNS " FROM outbox o"
                            " WHERE o.state = 'sending' AND o.connection_id IS NOT NULL",
                            error);

  return statement != NULL ? read_items (database, statement, owners, error) : NULL;
}

GPtrArray *
assay_ledger_list_unsure (AssayDatabase *database,
                          GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT " ITEM_COLUMNS
                            " FROM outbox o JOIN connection c ON c.id = o.connection_id"
                            " WHERE o.state = 'unsure' AND o.kind = 'invite' AND o.invitation_id IS NOT NULL"
                            " AND c.state = 'enabled' AND NOT c.removed ORDER BY o.id",
                            error);

  return statement != NULL ? read_items (database, statement, NULL, error) : NULL;
}

gint64
assay_ledger_settle_row (AssayDatabase    *database,
                         gint64            outbox_id,
                         const char       *expected,
                         AssayOutboxState  state,
                         gint64            due_at,
                         const char       *last_error,
                         const char       *evidence,
                         GError          **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "UPDATE outbox SET state = ?3, owner = 0, last_error = ?5, evidence = ?6, updated_at = ?7,"
                            " due_at = CASE WHEN ?4 > 0 THEN ?4 ELSE due_at END"
                            " WHERE id = ?1 AND instr (?2, state) > 0",
                            error);

  if (statement == NULL)
    return -1;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  assay_statement_bind_text (statement, 2, expected);
  assay_statement_bind_text (statement, 3, assay_outbox_state_to_string (state));
  assay_statement_bind_int64 (statement, 4, due_at);
  assay_statement_bind_text (statement, 5, last_error);
  assay_statement_bind_text (statement, 6, evidence);
  assay_statement_bind_int64 (statement, 7, assay_time_now ());
  if (!assay_statement_run (statement, error))
    return -1;
  if (assay_database_get_changes (database) == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("This is settled already. List the outbox again to see how."));
      return -1;
    }
  assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, outbox_id);

  statement = assay_database_prepare (
    database, "SELECT CASE kind WHEN 'invite' THEN invitation_id ELSE 0 END FROM outbox WHERE id = ?1", error);
  if (statement == NULL)
    return -1;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  return assay_ledger_read_number (statement, error);
}

gboolean
assay_ledger_set_invitation_status (AssayDatabase         *database,
                                    gint64                 invitation_id,
                                    AssayInvitationStatus  status,
                                    const char            *status_text,
                                    const char            *sentence,
                                    const char            *source,
                                    gboolean               unseen,
                                    GError               **error)
{
  AssayStatement *statement = assay_database_prepare (
    database,
    "UPDATE invitation SET status = ?2, status_text = ?3, error = ?4, updated_at = ?5 WHERE id = ?1", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, assay_invitation_status_to_string (status));
  assay_statement_bind_text (statement, 3, status_text);
  assay_statement_bind_text (statement, 4, sentence);
  assay_statement_bind_int64 (statement, 5, assay_time_now ());
  return assay_statement_run (statement, error) &&
         assay_ledger_add_event (database, invitation_id, status, sentence != NULL ? sentence : status_text, source,
                                 error) &&
         assay_ledger_note_invitation_changed (database, invitation_id, unseen, error);
}

/* What the provider calls the invitation, and when it is asked for first. @sent_at 0: somebody else sent it. */
static gboolean
set_remote (AssayDatabase      *database,
            gint64              invitation_id,
            const AssayInvited *invited,
            gint64              sent_at,
            gint64              next_check_at,
            GError            **error)
{
  AssayStatement *statement = assay_database_prepare (
    database,
    "UPDATE invitation SET remote_id = ?2, sent_at = ?3, next_check_at = ?4, link = ?5,"
    " report_url = coalesce (?6, report_url) WHERE id = ?1",
    error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, invited->remote_id);
  assay_statement_bind_int64 (statement, 3, sent_at);
  assay_statement_bind_int64 (statement, 4, next_check_at);
  assay_statement_bind_text (statement, 5, invited->link);
  assay_statement_bind_text (statement, 6, invited->report_url);
  return assay_statement_run (statement, error);
}

/* Whether a provider can be asked how far an invitation is. */
static gboolean
is_told_by_provider (AssayDatabase *database,
                     gint64         invitation_id)
{
  g_autoptr (AssayInvitation) invitation = assay_invitations_get (database, invitation_id, NULL);
  g_autoptr (AssayConnection) connection =
    invitation != NULL ? assay_connections_get (database, invitation->connection_id, NULL) : NULL;

  return connection == NULL || (assay_connector_get_capabilities (connection) & ASSAY_NEEDS_HAND_ENTRY) == 0;
}

static gboolean
mark_sent (AssayDatabase      *database,
           gint64              outbox_id,
           const char         *expected,
           const AssayInvited *invited,
           gint64              next_check_at,
           GError            **error)
{
  gint64 invitation_id =
    assay_ledger_settle_row (database, outbox_id, expected, ASSAY_OUTBOX_DONE, 0, NULL, NULL, error);

  if (invitation_id <= 0)
    return invitation_id == 0;
  if (!is_told_by_provider (database, invitation_id))
    next_check_at = 0;
  return set_remote (database, invitation_id, invited, assay_time_now (), next_check_at, error) &&
         assay_ledger_set_invitation_status (database, invitation_id, invited->status, invited->status_text,
                                             NULL, "outbox", FALSE, error);
}

gboolean
assay_ledger_mark_done (AssayDatabase      *database,
                        gint64              outbox_id,
                        const AssayInvited *invited,
                        gint64              next_check_at,
                        GError            **error)
{
  return mark_sent (database, outbox_id, "sending", invited, next_check_at, error);
}

gboolean
assay_ledger_mark_confirmed (AssayDatabase      *database,
                             gint64              outbox_id,
                             const AssayInvited *invited,
                             gint64              next_check_at,
                             GError            **error)
{
  return mark_sent (database, outbox_id, "unsure", invited, next_check_at, error);
}

gboolean
assay_ledger_note_evidence (AssayDatabase *database,
                            gint64         outbox_id,
                            const char    *evidence,
                            GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "UPDATE outbox SET evidence = ?2 WHERE id = ?1 AND state = 'unsure' AND evidence IS NOT ?2", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  assay_statement_bind_text (statement, 2, evidence);
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) > 0)
    assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, outbox_id);
  return TRUE;
}

gboolean
assay_ledger_mark_known_elsewhere (AssayDatabase *database,
                                   gint64         outbox_id,
                                   const char    *sentence,
                                   GError       **error)
{
  gint64 invitation_id =
    assay_ledger_settle_row (database, outbox_id, "sending", ASSAY_OUTBOX_DONE, 0, sentence, NULL, error);

  if (invitation_id <= 0)
    return invitation_id == 0;
  return assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_UNKNOWN,
                                             _ ("Already invited"), sentence, "outbox", TRUE, error);
}

gboolean
assay_ledger_mark_found_elsewhere (AssayDatabase      *database,
                                   gint64              outbox_id,
                                   const AssayInvited *invited,
                                   gint64              next_check_at,
                                   const char         *sentence,
                                   GError            **error)
{
  gint64 invitation_id =
    assay_ledger_settle_row (database, outbox_id, "sending", ASSAY_OUTBOX_DONE, 0, sentence, NULL, error);

  if (invitation_id <= 0)
    return invitation_id == 0;
  return set_remote (database, invitation_id, invited, 0, next_check_at, error) &&
         assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_UNKNOWN,
                                             _ ("Already invited"), sentence, "outbox", TRUE, error);
}

gboolean
assay_ledger_mark_failed (AssayDatabase *database,
                          gint64         outbox_id,
                          const char    *sentence,
                          GError       **error)
{
  gint64 invitation_id =
    assay_ledger_settle_row (database, outbox_id, "sending", ASSAY_OUTBOX_FAILED, 0, sentence, NULL, error);

  if (invitation_id <= 0)
    return invitation_id == 0;
  return assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_FAILED, NULL, sentence,
                                             "outbox", TRUE, error);
}

static gboolean
put_off (AssayDatabase *database,
         gint64         outbox_id,
         const char    *expected,
         gint64         due_at,
         const char    *sentence,
         GError       **error)
{
  gint64 invitation_id =
    assay_ledger_settle_row (database, outbox_id, expected, ASSAY_OUTBOX_QUEUED, due_at, sentence, NULL, error);
  AssayStatement *statement;

  if (invitation_id <= 0)
    return invitation_id == 0;
  statement = assay_database_prepare (
    database, "UPDATE invitation SET error = ?2, updated_at = ?3 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, sentence);
  assay_statement_bind_int64 (statement, 3, assay_time_now ());
  return assay_statement_run (statement, error) &&
         assay_ledger_note_invitation_changed (database, invitation_id, FALSE, error);
}

gboolean
assay_ledger_mark_queued (AssayDatabase *database,
                          gint64         outbox_id,
                          gint64         due_at,
                          const char    *sentence,
                          GError       **error)
{
  return put_off (database, outbox_id, "sending", due_at, sentence, error);
}

gboolean
assay_ledger_postpone (AssayDatabase *database,
                       gint64         outbox_id,
                       gint64         due_at,
                       const char    *sentence,
                       GError       **error)
{
  return put_off (database, outbox_id, "queued", due_at, sentence, error);
}

gboolean
assay_ledger_mark_unsure (AssayDatabase *database,
                          gint64         outbox_id,
                          const char    *sentence,
                          const char    *evidence,
                          GError       **error)
{
  gint64 invitation_id =
    assay_ledger_settle_row (database, outbox_id, "sending", ASSAY_OUTBOX_UNSURE, 0, sentence, evidence, error);

  if (invitation_id <= 0)
    return invitation_id == 0;
  return assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_UNSURE, NULL, sentence,
                                             "outbox", TRUE, error);
}

gboolean
assay_ledger_resolve (AssayDatabase *database,
                      gint64         outbox_id,
                      gboolean       sent,
                      GError       **error)
{
  gint64 now = assay_time_now ();
  gint64 invitation_id;
  AssayStatement *statement;

  if (!sent)
    {
      invitation_id =
        assay_ledger_settle_row (database, outbox_id, "unsure", ASSAY_OUTBOX_QUEUED, now, NULL, NULL, error);
      if (invitation_id <= 0)
        return invitation_id == 0;
      return assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_QUEUED, NULL, NULL, "user",
                                                 FALSE, error);
    }

  invitation_id = assay_ledger_settle_row (database, outbox_id, "unsure", ASSAY_OUTBOX_DONE, 0, NULL, NULL, error);
  if (invitation_id <= 0)
    return invitation_id == 0;
  statement = assay_database_prepare (
    database, "UPDATE invitation SET sent_at = ?2 WHERE id = ?1 AND sent_at = 0", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_int64 (statement, 2, now);
  return assay_statement_run (statement, error) &&
         assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_PENDING, NULL, NULL,
                                             "user", FALSE, error);
}

gboolean
assay_ledger_discard (AssayDatabase *database,
                      gint64         outbox_id,
                      GError       **error)
{
  gint64 invitation_id =
    assay_ledger_settle_row (database, outbox_id, "queued,failed,unsure", ASSAY_OUTBOX_DISCARDED, 0, NULL, NULL, error);

  if (invitation_id <= 0)
    return invitation_id == 0;
  return assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_CANCELLED, NULL, NULL,
                                             "user", FALSE, error);
}

/* Reading the outbox */

#define OUTBOX_COLUMNS                                                                                                \
  "id, kind, coalesce (connection_id, 0), coalesce (application_id, 0), coalesce (invitation_id, 0), natural_key,"    \
  " state, cause, attempts, last_error, evidence, due_at, created_at, updated_at, coalesce (batch_id, 0), held,"      \
  /* a document's bytes are no part of a list */                                                                      \
  " CASE kind WHEN 'invite' THEN NULL ELSE json_remove (payload, '$.bytes') END"

static AssayOutboxRow *
read_outbox_row (AssayStatement *statement)
{
  AssayOutboxRow *row = assay_outbox_row_new ();
  g_autoptr (AssayEffect) effect = NULL;
  AssayEffectKind kind;

  row->id = assay_statement_get_int64 (statement, 0);
  row->kind = assay_statement_dup_text (statement, 1);
  row->connection_id = assay_statement_get_int64 (statement, 2);
  row->application_id = assay_statement_get_int64 (statement, 3);
  row->invitation_id = assay_statement_get_int64 (statement, 4);
  row->natural_key = assay_statement_dup_text (statement, 5);
  assay_outbox_state_from_string (assay_statement_get_text (statement, 6), &row->state);
  row->cause = assay_statement_dup_text (statement, 7);
  row->attempts = (guint) assay_statement_get_int64 (statement, 8);
  row->last_error = assay_statement_dup_text (statement, 9);
  row->evidence = assay_statement_dup_text (statement, 10);
  row->due_at = assay_statement_get_int64 (statement, 11);
  row->created_at = assay_statement_get_int64 (statement, 12);
  row->updated_at = assay_statement_get_int64 (statement, 13);
  row->batch_id = assay_statement_get_int64 (statement, 14);
  row->held = assay_statement_get_int64 (statement, 15) != 0;
  if (assay_effect_kind_from_string (row->kind, &kind))
    effect = assay_effect_from_payload (kind, assay_statement_get_text (statement, 16));
  if (effect != NULL)
    row->summary = assay_effect_describe (effect);
  return row;
}

AssayOutboxRow *
assay_ledger_get_by_invitation (AssayDatabase *database,
                                gint64         invitation_id,
                                GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database,
    "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE kind = 'invite' AND invitation_id = ?1 ORDER BY id DESC", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  if (assay_statement_step (statement, &local_error))
    return read_outbox_row (statement);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _ ("There is no such invitation in the outbox."));
  return NULL;
}

AssayOutboxRow *
assay_ledger_get_row (AssayDatabase *database,
                      gint64         outbox_id,
                      GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  if (assay_statement_step (statement, &local_error))
    return read_outbox_row (statement);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _ ("There is no such entry in the outbox."));
  return NULL;
}

GPtrArray *
assay_ledger_list (AssayDatabase *database,
                   GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE state NOT IN ('done', 'discarded') ORDER BY id", error);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outbox_row_free);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  while (assay_statement_step (statement, &local_error))
    g_ptr_array_add (rows, read_outbox_row (statement));
  if (local_error == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
