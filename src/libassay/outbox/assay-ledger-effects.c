/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger's part for effects other than inviting: the same rows, the same states, keys of their own. */
#include "config.h"

#include "assay-ledger-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "assay-queries-private.h"

/* What vendors take; longer ones would be cut by them or refused. */
#define MAX_TAG 100
#define MAX_NOTE 20000

static gboolean
is_users (const char *cause)
{
  return g_strcmp0 (cause, "user") == 0;
}

static gboolean
set_invalid (GError    **error,
             const char *sentence)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, sentence);
  return FALSE;
}

/* The stage as the vendor calls it, if it is one of @job_id's. */
static gboolean
resolve_stage (AssayDatabase          *database,
               AssayEffect            *effect,
               gint64                  job_id,
               const AssayApplication *application,
               GError                **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT remote_id, name, job_id FROM stage WHERE id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, effect->stage_id);
  if (!assay_statement_step (statement, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                             _ ("There is no such stage any more. Sync, then choose another one."));
      return FALSE;
    }
  if (job_id == 0 || assay_statement_get_int64 (statement, 2) != job_id)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %1$s is a stage, %2$s a person or a job */
                   _ ("“%1$s” is a stage of another job than that of %2$s. Choose a stage of the same job."),
                   assay_statement_get_text (statement, 1),
                   application != NULL ? application->full_name : _ ("the new application"));
      return FALSE;
    }
  g_free (effect->stage_remote_id);
  g_free (effect->stage_name);
  effect->stage_remote_id = assay_statement_dup_text (statement, 0);
  effect->stage_name = assay_statement_dup_text (statement, 1);
  return TRUE;
}

static gboolean
check_document (const AssayEffect *effect,
                GError           **error)
{
  if (effect->file_name == NULL || *effect->file_name == '\0' || effect->bytes == NULL ||
      g_bytes_get_size (effect->bytes) == 0)
    return set_invalid (error, _ ("The document is empty. Choose another file."));
  if (g_bytes_get_size (effect->bytes) > ASSAY_EFFECT_MAX_DOCUMENT)
    return set_invalid (error, _ ("The document is larger than 8 MB. Choose a smaller one."));
  return TRUE;
}

static gboolean
check_tag (const AssayEffect *effect,
           GError           **error)
{
  if (effect->text == NULL || *effect->text == '\0')
    return set_invalid (error, _ ("The tag is empty. Enter one."));
  if (g_utf8_strlen (effect->text, -1) > MAX_TAG)
    return set_invalid (error, _ ("The tag is longer than 100 characters. Enter a shorter one."));
  for (const char *p = effect->text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return set_invalid (error, _ ("A tag is one line of text. Remove the line breaks."));
  return TRUE;
}

static gboolean
check_score (AssayEffect           *effect,
             const AssayConnection *connection,
             GError               **error)
{
  const char *setting = assay_connection_get_setting (connection, "score-field");
  char *end = NULL;

  if (effect->field == NULL && setting != NULL && *setting != '\0')
    effect->field = g_strdup (setting);
  if (effect->field == NULL || *effect->field == '\0')
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("“%s” has no field for scores. Name one in the connection's settings."), connection->name);
      return FALSE;
    }
  if (effect->text != NULL)
    g_ascii_strtod (effect->text, &end);
  if (end == NULL || end == effect->text || *end != '\0' || strlen (effect->text) > 32)
    return set_invalid (error, _ ("A score is a number."));
  return TRUE;
}

static gboolean
check_person (AssayDatabase *database,
              AssayEffect   *effect,
              AssayJob     **job,
              GError       **error)
{
  *job = assay_jobs_get (database, effect->job_id, error);
  if (*job == NULL)
    return FALSE;
  if (effect->first_name == NULL || *effect->first_name == '\0' || effect->last_name == NULL ||
      *effect->last_name == '\0')
    return set_invalid (error, _ ("A new application needs a first and a last name."));
  if (effect->email == NULL || !assay_email_is_plausible (effect->email))
    return set_invalid (error, _ ("A new application needs an e-mail address."));
  if (!(*job)->open)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("The job “%s” is not open, so nobody can be entered. Open it in the ATS first."), (*job)->title);
      return FALSE;
    }
  effect->job_remote_id = g_strdup ((*job)->remote_id);
  if (effect->stage_id != 0 && !resolve_stage (database, effect, effect->job_id, NULL, error))
    return FALSE;
  return effect->bytes == NULL || check_document (effect, error);
}

/* What a provider can do with an invitation that was sent. */
static gboolean
check_invitation (AssayDatabase         *database,
                  const AssayEffect     *effect,
                  const AssayInvitation *invitation,
                  GError               **error)
{
  g_autoptr (AssayConnection) connection = assay_connections_get (database, invitation->connection_id, error);
  const AssayConnectorDescription *description;
  gboolean resend = effect->kind == ASSAY_EFFECT_RESEND;
  AssayCapabilities wanted = resend ? ASSAY_CAN_RESEND : ASSAY_CAN_CANCEL;

  if (connection == NULL)
    return FALSE;
  description = assay_connector_find (connection->kind);
  if (description == NULL || (assay_connector_get_capabilities (connection) & wanted) == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   resend
                     /* Translators: %1$s and %2$s are the same provider's name */
                     ? _ ("%1$s doesn't let other programs send an invitation again. Do it in %2$s itself.")
                     : _ ("%1$s doesn't let other programs cancel an invitation. Do it in %2$s itself."),
                   description != NULL ? description->name : invitation->connection_kind,
                   description != NULL ? description->name : invitation->connection_kind);
      return FALSE;
    }
  if (invitation->remote_id == NULL || invitation->status == ASSAY_INVITATION_QUEUED)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("The invitation of %s hasn't reached the provider. Look into the outbox."),
                   invitation->candidate_name);
      return FALSE;
    }
  if (!assay_invitation_status_is_open (invitation->status))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %s is a person */
                   _ ("The assessment of %s is over, so nothing is left to do for its invitation."),
                   invitation->candidate_name);
      return FALSE;
    }
  return TRUE;
}

/* What an effect comes to. */
typedef struct
{
  AssayEffect *effect;
  AssayConnection *connection;
  AssayApplication *application;  /* (nullable) */
  AssayInvitation *invitation;    /* (nullable) */
  AssayJob *job;                  /* (nullable) */
  char *key;
} Prepared;

static void
prepared_clear (Prepared *prepared)
{
  assay_effect_free (prepared->effect);
  assay_connection_free (prepared->connection);
  assay_application_free (prepared->application);
  assay_invitation_free (prepared->invitation);
  assay_job_free (prepared->job);
  g_free (prepared->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Prepared, prepared_clear)

/* Whom it is about, and with that the connection that it goes by. */
static gint64
find_connection (AssayDatabase *database,
                 Prepared      *prepared,
                 GError       **error)
{
  AssayEffect *effect = prepared->effect;

  switch (effect->kind)
    {
    case ASSAY_EFFECT_RESEND:
    case ASSAY_EFFECT_CANCEL:
      prepared->invitation = assay_invitations_get (database, effect->invitation_id, error);
      if (prepared->invitation == NULL || !check_invitation (database, effect, prepared->invitation, error))
        return 0;
      effect->application_id = prepared->invitation->application_id;
      return prepared->invitation->connection_id;

    case ASSAY_EFFECT_CREATE:
      return check_person (database, effect, &prepared->job, error) ? prepared->job->connection_id : 0;

    case ASSAY_EFFECT_TAG:
    case ASSAY_EFFECT_UNTAG:
    case ASSAY_EFFECT_NOTE:
    case ASSAY_EFFECT_MOVE:
    case ASSAY_EFFECT_DOCUMENT:
    case ASSAY_EFFECT_SCORE:
    default:
      prepared->application = assay_applications_get (database, effect->application_id, error);
      if (prepared->application == NULL)
        return 0;
      if (!prepared->application->gone)
        return prepared->application->connection_id;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("%s is no longer in the ATS, so nothing can be changed there."), prepared->application->full_name);
      return 0;
    }
}

static gboolean
check_content (AssayDatabase *database,
               Prepared      *prepared,
               GError       **error)
{
  AssayEffect *effect = prepared->effect;

  if ((effect->kind == ASSAY_EFFECT_TAG || effect->kind == ASSAY_EFFECT_UNTAG) && effect->text != NULL)
    g_strstrip (effect->text);
  switch (effect->kind)
    {
    case ASSAY_EFFECT_TAG:
    case ASSAY_EFFECT_UNTAG:
      return check_tag (effect, error);
    case ASSAY_EFFECT_NOTE:
      if (effect->text == NULL || *effect->text == '\0')
        return set_invalid (error, _ ("The note is empty. Enter a text."));
      if (g_utf8_strlen (effect->text, -1) > MAX_NOTE)
        return set_invalid (error, _ ("The note is longer than 20,000 characters. Enter a shorter one."));
      return TRUE;
    case ASSAY_EFFECT_MOVE:
      return resolve_stage (database, effect, prepared->application->job_id, prepared->application, error);
    case ASSAY_EFFECT_DOCUMENT:
      return check_document (effect, error);
    case ASSAY_EFFECT_SCORE:
      return check_score (effect, prepared->connection, error);
    case ASSAY_EFFECT_CREATE:
    case ASSAY_EFFECT_RESEND:
    case ASSAY_EFFECT_CANCEL:
    default:
      return TRUE;
    }
}

static gboolean
prepare (AssayDatabase     *database,
         const AssayEffect *effect,
         Prepared          *prepared,
         GError           **error)
{
  const char *kind = assay_effect_kind_to_string (effect->kind);
  gint64 connection_id;

  prepared->effect = assay_effect_copy (effect);
  if (prepared->effect->cause == NULL)
    prepared->effect->cause = g_strdup ("user");
  connection_id = find_connection (database, prepared, error);
  if (connection_id == 0)
    return FALSE;
  prepared->connection = assay_connections_get (database, connection_id, error);
  if (prepared->connection == NULL)
    return FALSE;
  if (prepared->connection->state == ASSAY_CONNECTION_SAVED || prepared->connection->state == ASSAY_CONNECTION_DISABLED)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("“%s” is not enabled. Enable the connection first."),
                   prepared->connection->name);
      return FALSE;
    }
  if (!check_content (database, prepared, error))
    return FALSE;

  {
    g_autofree char *payload = assay_effect_to_payload (prepared->effect);
    g_autofree char *invitation = g_strdup_printf ("%" G_GINT64_FORMAT, effect->invitation_id);
    const char *const parts[] = {
      prepared->application != NULL ? prepared->application->remote_id : "",
      prepared->effect->cause,
      invitation,
      /* One cause has one effect of a kind; a user's is told from the next by what it says. */
      is_users (prepared->effect->cause) || effect->kind == ASSAY_EFFECT_TAG || effect->kind == ASSAY_EFFECT_UNTAG
        ? payload : "",
      NULL,
    };

    prepared->key = assay_ledger_make_key (prepared->connection, kind, parts);
  }
  return TRUE;
}

/* The row that has the key; 0 without one, -1 on error. */
static gint64
find_row (AssayDatabase *database,
          const char    *key,
          GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "SELECT id FROM outbox WHERE natural_key = ?1 AND state NOT IN ('failed', 'discarded')", error);

  if (statement == NULL)
    return -1;
  assay_statement_bind_text (statement, 1, key);
  return assay_ledger_read_number (statement, error);
}

gint64
assay_ledger_enqueue_effect (AssayDatabase     *database,
                             const AssayEffect *effect,
                             GError           **error)
{
  g_auto (Prepared) prepared = { NULL };
  gint64 now = assay_time_now ();
  g_autofree char *payload = NULL;
  AssayStatement *statement;
  gint64 id;

  if (!prepare (database, effect, &prepared, error))
    return 0;
  if (is_users (prepared.effect->cause))
    {
      g_autofree char *key = g_steal_pointer (&prepared.key);

      prepared.key = assay_ledger_renew_key (database, key, error);
      if (prepared.key == NULL)
        return 0;
    }
  id = find_row (database, prepared.key, error);
  if (id < 0)
    return 0;
  if (id > 0 && !is_users (prepared.effect->cause))
    return id;
  if (id > 0)
    {
      GError *duplicate = assay_error_new_from_vendor (
        ASSAY_ERROR_DUPLICATE, 0, NULL, "%s",
        _ ("The same is on its way already, or waits for your word on whether it arrived. Look into the outbox."));

      assay_error_set_record (duplicate, id);
      g_propagate_error (error, duplicate);
      return 0;
    }

  statement = assay_database_prepare (database,
                                      "INSERT INTO outbox (kind, connection_id, application_id, invitation_id,"
                                      " natural_key, payload, state, cause, due_at, created_at, updated_at)"
                                      " VALUES (?1, ?2, nullif (?3, 0), nullif (?4, 0), ?5, ?6, 'queued', ?7, ?8, ?9, ?9)",
                                      error);
  if (statement == NULL)
    return 0;
  payload = assay_effect_to_payload (prepared.effect);
  assay_statement_bind_text (statement, 1, assay_effect_kind_to_string (effect->kind));
  assay_statement_bind_int64 (statement, 2, prepared.connection->id);
  assay_statement_bind_int64 (statement, 3, prepared.effect->application_id);
  assay_statement_bind_int64 (statement, 4, effect->invitation_id);
  assay_statement_bind_text (statement, 5, prepared.key);
  assay_statement_bind_text (statement, 6, payload);
  assay_statement_bind_text (statement, 7, prepared.effect->cause);
  assay_statement_bind_int64 (statement, 8, MAX (effect->due_at, 1));
  assay_statement_bind_int64 (statement, 9, now);
  if (!assay_statement_run (statement, error))
    return 0;
  id = assay_database_get_last_insert_id (database);
  assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, id);
  return id;
}

/* What is known here follows, so that nobody waits for the next sync to see what they did. */
static gboolean
follow_application (AssayDatabase          *database,
                    const AssayLedgerItem  *item,
                    GError                **error)
{
  g_autoptr (AssayApplication) application = assay_applications_get (database, item->effect->application_id, error);
  g_autoptr (GPtrArray) tags = g_ptr_array_new ();
  g_autofree char *text = NULL;
  AssayStatement *statement;
  gboolean moved = item->effect->kind == ASSAY_EFFECT_MOVE;

  if (application == NULL)
    return FALSE;
  for (guint i = 0; application->tags[i] != NULL; i++)
    if (moved || g_strcmp0 (application->tags[i], item->effect->text) != 0)
      g_ptr_array_add (tags, application->tags[i]);
  if (item->effect->kind == ASSAY_EFFECT_TAG)
    g_ptr_array_add (tags, item->effect->text);
  g_ptr_array_add (tags, NULL);
  text = assay_column_from_strv ((char **) tags->pdata);

  if (!assay_search_remove (database, application->id, error))
    return FALSE;
  statement = assay_database_prepare (
    database, "UPDATE application SET tags = ?2, stage_remote_id = ?3, stage_name = ?4 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, application->id);
  assay_statement_bind_text (statement, 2, text);
  assay_statement_bind_text (statement, 3, moved ? item->effect->stage_remote_id : application->stage_remote_id);
  assay_statement_bind_text (statement, 4, moved ? item->effect->stage_name : application->stage_name);
  if (!assay_statement_run (statement, error) || !assay_search_add (database, application->id, error))
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_APPLICATIONS, application->id);
  return TRUE;
}

gboolean
assay_ledger_mark_effect_done (AssayDatabase         *database,
                               const AssayLedgerItem *item,
                               const char            *created,
                               GError               **error)
{
  AssayStatement *statement;

  if (assay_ledger_settle_row (database, item->outbox_id, "sending", ASSAY_OUTBOX_DONE, 0, NULL, NULL, error) < 0)
    return FALSE;
  /* A document's bytes have no further use here. */
  statement = assay_database_prepare (
    database, "UPDATE outbox SET payload = CASE WHEN ?2 IS NULL THEN '{}' ELSE json_object ('created', ?2) END"
              " WHERE id = ?1 AND kind IN ('document', 'create')", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, item->outbox_id);
  assay_statement_bind_text (statement, 2, created);
  if (!assay_statement_run (statement, error))
    return FALSE;

  switch (item->effect->kind)
    {
    case ASSAY_EFFECT_TAG:
    case ASSAY_EFFECT_UNTAG:
    case ASSAY_EFFECT_MOVE:
      return item->effect->application_id == 0 || follow_application (database, item, error);
    case ASSAY_EFFECT_RESEND:
      return assay_ledger_note (database, item->invitation_id, _ ("The invitation was sent again."), error);
    case ASSAY_EFFECT_CANCEL:
      return assay_ledger_set_invitation_status (database, item->invitation_id, ASSAY_INVITATION_CANCELLED, NULL, NULL,
                                                 "user", FALSE, error);
    case ASSAY_EFFECT_NOTE:
    case ASSAY_EFFECT_DOCUMENT:
    case ASSAY_EFFECT_SCORE:
    case ASSAY_EFFECT_CREATE:
    default:
      return TRUE;
    }
}

gboolean
assay_ledger_note (AssayDatabase *database,
                   gint64         invitation_id,
                   const char    *sentence,
                   GError       **error)
{
  g_autoptr (AssayInvitation) invitation = assay_invitations_get (database, invitation_id, error);

  if (invitation == NULL ||
      !assay_ledger_add_event (database, invitation_id, invitation->status, sentence, "outbox", error))
    return FALSE;
  assay_database_note_change (database, ASSAY_CHANGE_INVITATIONS, invitation_id);
  return TRUE;
}

/* The marker */

static char *
make_provider_tag (const char *connection_kind)
{
  const AssayConnectorDescription *description = assay_connector_find (connection_kind);

  /* As TestTrick's own integration with Lever writes it; in every language the same, because programs compare it. */
  return g_strdup_printf ("%s-Invitation Sent", description != NULL ? description->name : connection_kind);
}

static char *
make_marker (const char *connection_kind,
             const char *assessment_name)
{
  g_autofree char *tag = make_provider_tag (connection_kind);
  g_autofree char *marker = g_strdup_printf ("%s (%s)", tag, assessment_name);
  glong length = g_utf8_strlen (marker, -1);

  /* A name that is too long for a tag is cut, the same way by everybody. */
  return length <= MAX_TAG ? g_steal_pointer (&marker) : g_utf8_substring (marker, 0, MAX_TAG);
}

/* (transfer full) */
static char *
make_marker_cause (gint64 invitation_id)
{
  return g_strdup_printf ("rule:mark-invitations i%" G_GINT64_FORMAT, invitation_id);
}

gboolean
assay_ledger_enqueue_marker (AssayDatabase         *database,
                             const AssayLedgerItem *item,
                             GError               **error)
{
  g_autoptr (AssayEffect) effect = NULL;
  g_autoptr (GError) local_error = NULL;

  if (item->ats == NULL || item->application == NULL ||
      g_strcmp0 (assay_connection_get_setting (item->ats, "mark-invitations"), "yes") != 0)
    return TRUE;
  effect = assay_effect_new (ASSAY_EFFECT_TAG);
  effect->application_id = item->application->id;
  effect->text = make_marker (item->invitation->connection_kind, item->invitation->assessment_name);
  effect->cause = make_marker_cause (item->invitation_id);
  if (assay_ledger_enqueue_effect (database, effect, &local_error) != 0)
    return TRUE;
  if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_STORAGE))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  /* The invitation was sent; that it can't be marked takes nothing from that. */
  return assay_ledger_note (database, item->invitation_id, local_error->message, error);
}

gint64
assay_ledger_get_queued_marker (AssayDatabase *database,
                                gint64         invitation_id,
                                GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT o.id FROM invitation i JOIN outbox o ON o.application_id = i.application_id"
                            " WHERE i.id = ?1 AND o.kind = 'tag' AND o.state = 'queued' AND o.cause = ?2",
                            error);
  g_autofree char *cause = make_marker_cause (invitation_id);
  gint64 id;

  if (statement == NULL)
    return 0;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, cause);
  id = assay_ledger_read_number (statement, error);
  return MAX (id, 0);
}

char *
assay_ledger_find_marker (AssayDatabase           *database,
                          const AssayLedgerMarked *marked,
                          char                   **tags,
                          GError                 **error)
{
  g_autofree char *marker = make_marker (marked->connection_kind, marked->assessment_name);
  g_autofree char *provider_tag = make_provider_tag (marked->connection_kind);
  const char *plain = NULL;
  gboolean explained = FALSE;
  AssayStatement *statement;
  gint64 known;

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (tags[i], marker) == 0)
        return g_strdup (tags[i]);
      if (g_ascii_strcasecmp (tags[i], provider_tag) == 0)
        plain = tags[i];
      else if (g_ascii_strncasecmp (tags[i], provider_tag, strlen (provider_tag)) == 0)
        explained = TRUE;
    }
  if (plain == NULL || explained)
    return NULL;

  /* Another assessment of the same provider that was sent from here explains it. */
  statement = assay_database_prepare (
    database, "SELECT count(*) FROM invitation WHERE application_id = ?1 AND connection_id = ?2 AND sent_at > 0", error);
  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, marked->application_id);
  assay_statement_bind_int64 (statement, 2, marked->connection_id);
  known = assay_ledger_read_number (statement, error);
  return known == 0 ? g_strdup (plain) : NULL;
}
