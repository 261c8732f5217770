/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger of outside effects. */
#include "config.h"

#include "assay-ledger-private.h"
#include "assay-raw.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
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

static char *
format_cause (const char *cause)
{
  if (cause != NULL && g_str_has_prefix (cause, "rule:"))
    /* Translators: %s is the name of a rule */
    return g_strdup_printf (_ ("the rule “%s”"), cause + strlen ("rule:"));
  return g_strdup (_ ("you"));
}

/* The natural key */

char *
assay_ledger_make_key (const AssayConnection *connection,
                       const char            *kind,
                       const char *const     *parts)
{
  const AssayConnectorDescription *description = assay_connector_find (connection->kind);
  g_autofree char *address = NULL, *rest = g_strjoinv ("\n", (char **) parts);
  g_autofree char *text = NULL;

  if (description != NULL)
    address = assay_connector_dup_base_url (description, connection->settings, NULL);
  /* The address and not the connection or its kind: the same account connected anew is the same account. */
  text = g_strconcat (kind, "\n", address != NULL ? address : connection->kind, "\n", rest, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static char *
make_invitation_key (const AssayConnection *connection,
                     const AssayAssessment *assessment,
                     const char            *folded_email)
{
  const char *const parts[] = { assessment->remote_id, folded_email, NULL };

  return assay_ledger_make_key (connection, "invite", parts);
}

/* Checking */

/* What a draft comes to. */
typedef struct
{
  AssayApplication *application;
  AssayAssessment *assessment;
  AssayConnection *connection;
  char *first_name;
  char *last_name;
  char *email;
  char *key;
  AssayVerdictKind kind;   /* what stands in the way, where something does */
  gint64 earlier_id;       /* of INVITED */
  gint64 earlier_at;
  char *earlier_by;
} Resolved;

static void
resolved_clear (Resolved *resolved)
{
  assay_application_free (resolved->application);
  assay_assessment_free (resolved->assessment);
  assay_connection_free (resolved->connection);
  g_free (resolved->first_name);
  g_free (resolved->last_name);
  g_free (resolved->email);
  g_free (resolved->key);
  g_free (resolved->earlier_by);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Resolved, resolved_clear)

static char *
dup_trimmed (const char *text)
{
  return g_strstrip (g_strdup (text != NULL ? text : ""));
}

static gboolean
differs (const char *typed,
         const char *known)
{
  g_autofree char *clean = NULL;

  if (typed == NULL)
    return FALSE;
  clean = dup_trimmed (typed);
  return g_strcmp0 (clean, known != NULL ? known : "") != 0;
}

static gboolean
check_provider (const AssayConnection *connection,
                GError               **error)
{
  switch (connection->state)
    {
    case ASSAY_CONNECTION_ENABLED:
      return TRUE;
    case ASSAY_CONNECTION_FAILING:
      g_set_error (error, ASSAY_ERROR,
                   g_strcmp0 (connection->reason_code, "forbidden") == 0 ? ASSAY_ERROR_FORBIDDEN : ASSAY_ERROR_UNAUTHORIZED,
                   /* Translators: %1$s is a connection's name, %2$s a sentence that says why */
                   _ ("“%1$s” can't be used now. %2$s"), connection->name,
                   connection->reason != NULL ? connection->reason : _ ("Test the connection to see why."));
      return FALSE;
    case ASSAY_CONNECTION_SAVED:
    case ASSAY_CONNECTION_DISABLED:
    default:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("“%s” is not enabled. Enable the connection first."),
                   connection->name);
      return FALSE;
    }
}

static gboolean
check_candidate (Resolved *resolved,
                 GError  **error)
{
  const AssayApplication *application = resolved->application;

  if (application->gone)
    {
      resolved->kind = ASSAY_VERDICT_GONE;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("%s is no longer in the ATS, so no assessment can be sent."), application->full_name);
    }
  else if (application->archived)
    {
      resolved->kind = ASSAY_VERDICT_ARCHIVED;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("The application of %s is closed (rejected, hired or archived). Reopen it in the ATS to send an "
                      "assessment."),
                   application->full_name);
    }
  else if (application->job_id != 0 && !application->job_open)
    {
      resolved->kind = ASSAY_VERDICT_CLOSED_JOB;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %1$s is a job's title, %2$s a person's name */
                   _ ("The job “%1$s” is not open, so %2$s can't be invited. Open the job in the ATS first."),
                   application->job_title != NULL ? application->job_title : "", application->full_name);
    }
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_invitee (const AssayLedgerDraft          *draft,
               const AssayConnectorDescription *description,
               Resolved                        *resolved,
               GError                         **error)
{
  const AssayApplication *application = resolved->application;
  gboolean named = application->first_name != NULL && *application->first_name != '\0';
  gboolean editable = (assay_connector_get_capabilities (resolved->connection) & ASSAY_CAN_EDIT_INVITEE) != 0;

  if (!editable &&
      (differs (draft->first_name, application->first_name) || differs (draft->last_name, application->last_name) ||
       differs (draft->email, application->email)))
    {
      resolved->kind = ASSAY_VERDICT_LOCKED;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("%s takes the name and the e-mail address from the ATS. Change them there, then sync."),
                   description->name);
      return FALSE;
    }

  resolved->first_name = dup_trimmed (draft->first_name != NULL ? draft->first_name
                                      : named                   ? application->first_name
                                                                : application->full_name);
  resolved->last_name = dup_trimmed (draft->last_name != NULL ? draft->last_name : application->last_name);
  resolved->email = dup_trimmed (draft->email != NULL ? draft->email : application->email);

  resolved->kind = *resolved->first_name == '\0' ? ASSAY_VERDICT_NO_NAME : ASSAY_VERDICT_NO_EMAIL;
  if (*resolved->first_name == '\0')
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("The invitation needs a first name. Enter it."));
  else if (*resolved->email == '\0')
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 editable ? _ ("The ATS has no e-mail address of %s. Enter one, or add it in the ATS and sync.")
                          : _ ("The ATS has no e-mail address of %s. Add it there and sync."),
                 application->full_name);
  else if (!assay_email_is_plausible (resolved->email))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 editable ? _ ("“%s” is not an e-mail address. Correct it, then send again.")
                          : _ ("“%s” is not an e-mail address. Correct it in the ATS, and sync."),
                 resolved->email);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_duplicate (AssayDatabase *database,
                 Resolved      *resolved,
                 GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT o.invitation_id, o.state, o.cause, o.created_at, coalesce (i.sent_at, 0),"
                            "       coalesce (a.name, '') FROM outbox o"
                            " LEFT JOIN invitation i ON i.id = o.invitation_id"
                            " LEFT JOIN assessment a ON a.id = i.assessment_id"
                            " WHERE o.natural_key = ?1 AND o.state NOT IN ('failed', 'discarded')",
                            error);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *when = NULL, *who = NULL;
  GError *duplicate;
  const char *state;
  gint64 sent_at;
  gboolean elsewhere;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_text (statement, 1, resolved->key);
  if (!assay_statement_step (statement, &local_error))
    {
      if (local_error == NULL)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  state = assay_statement_get_text (statement, 1);
  sent_at = assay_statement_get_int64 (statement, 4);
  when = assay_ledger_format_moment (sent_at != 0 ? sent_at : assay_statement_get_int64 (statement, 3));
  /* What was done and never sent was found at the provider: it isn't known who sent it. */
  elsewhere = g_strcmp0 (state, "done") == 0 && sent_at == 0;
  who = elsewhere ? g_strdup (_ ("somebody else")) : format_cause (assay_statement_get_text (statement, 2));
  resolved->kind = ASSAY_VERDICT_INVITED;
  resolved->earlier_id = assay_statement_get_int64 (statement, 0);
  resolved->earlier_at = sent_at != 0 ? sent_at : assay_statement_get_int64 (statement, 3);
  resolved->earlier_by = g_strdup (who);

  if (g_strcmp0 (state, "queued") == 0 || g_strcmp0 (state, "sending") == 0)
    duplicate = assay_error_new_from_vendor (
      ASSAY_ERROR_DUPLICATE, 0, NULL,
      /* Translators: %1$s is a person, %2$s an assessment, %3$s a date with time, %4$s "you" or a rule */
      _ ("An invitation of %1$s to “%2$s” is on its way since %3$s, sent by %4$s. Nothing more was sent."),
      resolved->application->full_name, resolved->assessment->name, when, who);
  else if (g_strcmp0 (state, "unsure") == 0)
    duplicate = assay_error_new_from_vendor (
      ASSAY_ERROR_DUPLICATE, 0, NULL,
      /* Translators: %1$s is a person, %2$s an assessment, %3$s a date with time */
      _ ("%1$s may have been invited to “%2$s” on %3$s: the answer was lost. Say first whether that invitation "
         "arrived. Nothing more was sent."),
      resolved->application->full_name, resolved->assessment->name, when);
  else if (elsewhere)
    duplicate = assay_error_new_from_vendor (
      ASSAY_ERROR_DUPLICATE, 0, NULL,
      /* Translators: %1$s is a person, %2$s an assessment, %3$s a provider, %4$s a date with time */
      _ ("%1$s was invited to “%2$s” already, by somebody else or another program: %3$s said so on %4$s. Nothing more was "
         "sent."),
      resolved->application->full_name, resolved->assessment->name, resolved->connection->name, when);
  else
    duplicate = assay_error_new_from_vendor (
      ASSAY_ERROR_DUPLICATE, 0, NULL,
      /* Translators: %1$s is a person, %2$s an assessment, %3$s a date with time, %4$s "you" or a rule */
      _ ("%1$s was invited to “%2$s” on %3$s by %4$s already. Nothing more was sent."),
      resolved->application->full_name, resolved->assessment->name, when, who);
  assay_error_set_record (duplicate, resolved->earlier_id);
  g_propagate_error (error, duplicate);
  return FALSE;
}

/* As of the last sync. Before it leaves the ATS is asked once more. */
static gboolean
check_marker (AssayDatabase *database,
              Resolved      *resolved,
              GError       **error)
{
  const AssayLedgerMarked marked = {
    .application_id = resolved->application->id,
    .connection_id = resolved->connection->id,
    .connection_kind = resolved->connection->kind,
    .assessment_name = resolved->assessment->name,
  };
  g_autoptr (AssayConnection) ats = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *marker = assay_ledger_find_marker (database, &marked, resolved->application->tags, &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (marker == NULL)
    return TRUE;
  ats = assay_connections_get (database, resolved->application->connection_id, error);
  if (ats == NULL)
    return FALSE;
  resolved->kind = ASSAY_VERDICT_INVITED;
  resolved->earlier_by = g_strdup (_ ("somebody else"));
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE,
               /* Translators: %1$s is an ATS, %2$s a person, %3$s a tag */
               _ ("In “%1$s” %2$s has the tag “%3$s”: somebody else sent this invitation. If that is wrong, remove the tag "
                  "there and sync."),
               ats->name, resolved->application->full_name, marker);
  return FALSE;
}

char *
assay_ledger_renew_key (AssayDatabase *database,
                        const char    *key,
                        GError       **error)
{
  g_autofree char *renewed = g_strdup (key);

  for (guint turn = 1;; turn++)
    {
      AssayStatement *statement = assay_database_prepare (
        database, "SELECT state FROM outbox WHERE natural_key = ?1 AND state NOT IN ('failed', 'discarded')", error);
      g_autoptr (GError) local_error = NULL;
      g_autofree char *text = NULL;

      if (statement == NULL)
        return NULL;
      assay_statement_bind_text (statement, 1, renewed);
      if (!assay_statement_step (statement, &local_error) ||
          g_strcmp0 (assay_statement_get_text (statement, 0), "done") != 0)
        {
          if (local_error == NULL)
            return g_steal_pointer (&renewed);
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      text = g_strdup_printf ("%s\nagain %u", key, turn);
      g_free (renewed);
      renewed = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
    }
}

/* A retake has a key of its own, which it doesn't get before the last one is settled: each is one of a row. */
static gboolean
make_retake (AssayDatabase                   *database,
             const AssayConnectorDescription *description,
             Resolved                        *resolved,
             GError                         **error)
{
  g_autofree char *key = NULL;

  if ((assay_connector_get_capabilities (resolved->connection) & ASSAY_CAN_RETAKE) == 0)
    {
      resolved->kind = ASSAY_VERDICT_OTHER;
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %s is a provider's name */
                   _ ("%s doesn't let the same person be invited to the same assessment again."), description->name);
      return FALSE;
    }
  key = g_steal_pointer (&resolved->key);
  /* Free, or still under way: the check for duplicates says which. */
  resolved->key = assay_ledger_renew_key (database, key, error);
  return resolved->key != NULL;
}

static gboolean
check_deadline (const AssayLedgerDraft          *draft,
                const AssayConnectorDescription *description,
                const Resolved                  *resolved,
                GError                         **error)
{
  if (draft->deadline == 0)
    return TRUE;
  if ((assay_connector_get_capabilities (resolved->connection) & ASSAY_CAN_DEADLINE) == 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 /* Translators: %s is a provider's name */
                 _ ("%s takes no deadline from other programs. Send the invitation without one."), description->name);
  else if (draft->deadline <= MAX (draft->due_at, assay_time_now ()))
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                         _ ("The deadline is over before the invitation leaves. Choose a later one."));
  else
    return TRUE;
  return FALSE;
}

static const AssayConnection *
find_connection (GPtrArray *connections,
                 gint64     id)
{
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (connection->id == id)
        return connection;
    }
  return NULL;
}

GHashTable *
assay_ledger_find_invited (AssayDatabase  *database,
                           const char     *email,
                           GPtrArray      *assessments,
                           GError        **error)
{
  g_autoptr (GHashTable) invited = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GPtrArray) connections = NULL;
  g_autofree char *folded = NULL;

  if (email == NULL)
    return g_steal_pointer (&invited);
  connections = assay_connections_list (database, error);
  if (connections == NULL)
    return NULL;

  folded = assay_email_fold (email);
  for (guint i = 0; i < assessments->len; i++)
    {
      const AssayAssessment *assessment = g_ptr_array_index (assessments, i);
      const AssayConnection *connection = find_connection (connections, assessment->connection_id);
      g_autoptr (GError) local_error = NULL;
      g_autofree char *key = NULL;
      AssayStatement *statement;

      if (connection == NULL)
        continue;
      key = make_invitation_key (connection, assessment, folded);
      statement = assay_database_prepare (database,
                                          "SELECT 1 FROM outbox"
                                          " WHERE natural_key = ?1 AND state NOT IN ('failed', 'discarded')",
                                          error);
      if (statement == NULL)
        return NULL;
      assay_statement_bind_text (statement, 1, key);
      if (assay_statement_step (statement, &local_error))
        g_hash_table_add (invited, g_memdup2 (&assessment->id, sizeof assessment->id));
      else if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  return g_steal_pointer (&invited);
}

static gboolean
resolve_draft (AssayDatabase          *database,
               const AssayLedgerDraft *draft,
               Resolved               *resolved,
               GError                **error)
{
  const AssayConnectorDescription *description;
  g_autofree char *folded = NULL;

  resolved->kind = ASSAY_VERDICT_OTHER;
  resolved->application = assay_applications_get (database, draft->application_id, error);
  if (resolved->application == NULL)
    return FALSE;
  resolved->assessment = assay_assessments_get (database, draft->assessment_id, error);
  if (resolved->assessment == NULL)
    return FALSE;
  resolved->connection = assay_connections_get (database, resolved->assessment->connection_id, error);
  if (resolved->connection == NULL)
    return FALSE;

  description = assay_connector_find (resolved->connection->kind);
  if (description == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("This version of Assay doesn't know the system “%s”."),
                   resolved->connection->kind);
      return FALSE;
    }
  if (!check_invitee (draft, description, resolved, error))
    return FALSE;

  folded = assay_email_fold (resolved->email);
  resolved->key = make_invitation_key (resolved->connection, resolved->assessment, folded);

  if (draft->again && !make_retake (database, description, resolved, error))
    return FALSE;

  /* That somebody has it already is the first thing to say, whatever else is wrong. */
  if (!check_duplicate (database, resolved, error) ||
      (!draft->again && !check_marker (database, resolved, error)) || !check_candidate (resolved, error))
    return FALSE;
  resolved->kind = ASSAY_VERDICT_OTHER;
  if (!check_provider (resolved->connection, error) || !check_deadline (draft, description, resolved, error))
    return FALSE;

  if (!resolved->assessment->active)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %1$s is a provider's name, %2$s an assessment */
                   _ ("%1$s doesn't offer “%2$s” any more. Choose another assessment."), description->name,
                   resolved->assessment->name);
      return FALSE;
    }
  resolved->kind = ASSAY_VERDICT_READY;
  return TRUE;
}

AssayVerdict *
assay_ledger_judge (AssayDatabase          *database,
                    const AssayLedgerDraft *draft,
                    GError                **error)
{
  g_auto (Resolved) resolved = { NULL };
  g_autoptr (GError) local_error = NULL;
  AssayVerdict *verdict;

  if (!resolve_draft (database, draft, &resolved, &local_error))
    {
      if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_STORAGE))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      if (resolved.application == NULL)
        resolved.kind = ASSAY_VERDICT_GONE;
    }

  verdict = assay_verdict_new ();
  verdict->application_id = draft->application_id;
  verdict->kind = resolved.kind;
  verdict->sentence = local_error != NULL ? g_strdup (local_error->message) : NULL;
  verdict->first_name = g_steal_pointer (&resolved.first_name);
  verdict->last_name = g_steal_pointer (&resolved.last_name);
  verdict->email = g_steal_pointer (&resolved.email);
  if (resolved.application != NULL)
    {
      verdict->full_name = g_strdup (resolved.application->full_name);
      verdict->job_title = g_strdup (resolved.application->job_title);
    }
  verdict->invitation_id = resolved.earlier_id;
  verdict->invited_at = resolved.earlier_at;
  verdict->invited_by = g_steal_pointer (&resolved.earlier_by);
  return verdict;
}

gboolean
assay_ledger_check (AssayDatabase          *database,
                    const AssayLedgerDraft *draft,
                    GError                **error)
{
  g_auto (Resolved) resolved = { NULL };

  return resolve_draft (database, draft, &resolved, error);
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

/* Everything that follows from a change of an invitation's row. */
static gboolean
invitation_changed (AssayDatabase *database,
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

static gint64
insert_invitation (AssayDatabase          *database,
                   const AssayLedgerDraft *draft,
                   const Resolved         *resolved,
                   gint64                  now,
                   GError                **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO invitation (application_id, assessment_id, connection_id, first_name,"
                            " last_name, email, status, cause, created_at, updated_at, deadline)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?8, ?9)",
                            error);

  if (statement == NULL)
    return 0;
  assay_statement_bind_int64 (statement, 1, draft->application_id);
  assay_statement_bind_int64 (statement, 2, draft->assessment_id);
  assay_statement_bind_int64 (statement, 3, resolved->connection->id);
  assay_statement_bind_text (statement, 4, resolved->first_name);
  assay_statement_bind_text (statement, 5, resolved->last_name);
  assay_statement_bind_text (statement, 6, resolved->email);
  assay_statement_bind_text (statement, 7, draft->cause);
  assay_statement_bind_int64 (statement, 8, now);
  assay_statement_bind_int64 (statement, 9, draft->deadline);
  return assay_statement_run (statement, error) ? assay_database_get_last_insert_id (database) : 0;
}

/* What an invitation's row in the outbox keeps beyond the invitation: whether it is a retake, and whether its address was typed
 * over, so that the ATS's doesn't take its place later. */
#define AGAIN "\"again\":true"
#define TYPED "\"typed\":true"

static const char *
get_invitation_payload (const AssayLedgerDraft *draft,
                        const Resolved         *resolved)
{
  if (differs (draft->email, resolved->application->email))
    return draft->again ? "{" AGAIN "," TYPED "}" : "{" TYPED "}";
  return draft->again ? "{" AGAIN "}" : "{}";
}

gint64
assay_ledger_enqueue (AssayDatabase          *database,
                      const AssayLedgerDraft *draft,
                      GError                **error)
{
  g_auto (Resolved) resolved = { NULL };
  gint64 now = assay_time_now ();
  AssayStatement *statement;
  gint64 invitation_id;

  if (!resolve_draft (database, draft, &resolved, error))
    return 0;
  invitation_id = insert_invitation (database, draft, &resolved, now, error);
  if (invitation_id == 0)
    return 0;

  statement = assay_database_prepare (database,
                                      "INSERT INTO outbox (kind, connection_id, application_id, invitation_id,"
                                      " natural_key, state, cause, due_at, created_at, updated_at, payload,"
                                      " batch_id, priority, held)"
                                      " VALUES ('invite', ?1, ?2, ?3, ?4, 'queued', ?5, ?6, ?7, ?7,"
                                      " ?8,"
                                      " nullif (?9, 0), ?9 > 0, ?10)",
                                      error);
  if (statement == NULL)
    return 0;
  assay_statement_bind_int64 (statement, 1, resolved.connection->id);
  assay_statement_bind_int64 (statement, 2, draft->application_id);
  assay_statement_bind_int64 (statement, 3, invitation_id);
  assay_statement_bind_text (statement, 4, resolved.key);
  assay_statement_bind_text (statement, 5, draft->cause);
  assay_statement_bind_int64 (statement, 6, draft->due_at);
  assay_statement_bind_int64 (statement, 7, now);
  assay_statement_bind_text (statement, 8, get_invitation_payload (draft, &resolved));
  assay_statement_bind_int64 (statement, 9, draft->batch_id);
  assay_statement_bind_int64 (statement, 10, draft->held);
  if (!assay_statement_run (statement, error))
    return 0;
  assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, assay_database_get_last_insert_id (database));

  if (!assay_ledger_add_event (database, invitation_id, ASSAY_INVITATION_QUEUED, NULL,
                  g_str_has_prefix (draft->cause, "rule:") ? "rule" : "user", error) ||
      !invitation_changed (database, invitation_id, FALSE, error))
    return 0;
  return invitation_id;
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
                   _ ("The invitation of %s has left already and can't be taken back."), invitation->candidate_name);
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
        item->again = payload != NULL && strstr (payload, AGAIN) != NULL;
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
                                          " AND c.state = 'enabled' AND NOT c.removed",
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
                            " WHERE o.id = ?1 AND o.state = 'queued' AND " IS_WHOLE ("o")
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
  return check_provider (connection, error);
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
                            " updated_at = ?3 WHERE id = ?1 AND state = 'queued'",
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
         invitation_changed (database, invitation_id, unseen, error);
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
  return assay_statement_run (statement, error) && invitation_changed (database, invitation_id, FALSE, error);
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

/* Whether the row's payload says so; FALSE with @error set where it can't be read. */
static gboolean
has_remark (AssayDatabase  *database,
            gint64          outbox_id,
            const char     *remark,
            GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT payload FROM outbox WHERE id = ?1", error);
  gboolean has = FALSE;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  while (assay_statement_step (statement, error))
    {
      const char *payload = assay_statement_get_text (statement, 0);

      has = payload != NULL && strstr (payload, remark) != NULL;
    }
  return has;
}

/* The person's own address as the ATS has it now, where it changed after the invitation was written, and wasn't typed over. */
static gboolean
renew_invitee (AssayDatabase *database,
               gint64         outbox_id,
               gint64         invitation_id,
               GError       **error)
{
  g_autoptr (AssayInvitation) invitation = assay_invitations_get (database, invitation_id, error);
  g_autoptr (AssayApplication) application = NULL;
  g_autoptr (AssayAssessment) assessment = NULL;
  g_autoptr (AssayConnection) connection = NULL;
  g_autofree char *folded = NULL, *folded_now = NULL, *key = NULL;
  AssayStatement *statement;
  g_autoptr (GError) local_error = NULL;

  if (invitation == NULL)
    return FALSE;
  if (invitation->application_id == 0 || has_remark (database, outbox_id, TYPED, &local_error))
    return TRUE;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  application = assay_applications_get (database, invitation->application_id, error);
  if (application == NULL)
    return FALSE;
  if (application->updated_at <= invitation->created_at || !assay_email_is_plausible (application->email))
    return TRUE;
  folded = assay_email_fold (invitation->email);
  folded_now = assay_email_fold (application->email);
  if (g_str_equal (folded, folded_now))
    return TRUE;

  assessment = assay_assessments_get (database, invitation->assessment_id, error);
  if (assessment == NULL)
    return FALSE;
  connection = assay_connections_get (database, invitation->connection_id, error);
  if (connection == NULL)
    return FALSE;
  key = make_invitation_key (connection, assessment, folded_now);
  statement = assay_database_prepare (database, "UPDATE outbox SET natural_key = ?2 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  assay_statement_bind_text (statement, 2, key);
  if (!assay_statement_run (statement, error))
    return FALSE;
  statement = assay_database_prepare (database, "UPDATE invitation SET email = ?2 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, application->email);
  return assay_statement_run (statement, error);
}

gboolean
assay_ledger_requeue (AssayDatabase *database,
                      gint64         outbox_id,
                      gint64         due_at,
                      gboolean       held,
                      GError       **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "SELECT invitation_id FROM outbox WHERE id = ?1 AND state = 'failed'", error);
  gint64 invitation_id;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  invitation_id = assay_ledger_read_number (statement, error);
  if (invitation_id < 0)
    return FALSE;
  if (invitation_id == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("Only an invitation that failed can be sent again."));
      return FALSE;
    }
  if (!renew_invitee (database, outbox_id, invitation_id, error))
    return FALSE;

  /* Its key was free since it failed: whoever took it meanwhile has it. */
  statement = assay_database_prepare (
    database,
    "UPDATE outbox SET state = 'queued', last_error = NULL, evidence = NULL, due_at = ?2, held = ?3, updated_at = ?4"
    " WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM outbox other WHERE other.natural_key = outbox.natural_key"
    "  AND other.state NOT IN ('failed', 'discarded'))", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  assay_statement_bind_int64 (statement, 2, due_at);
  assay_statement_bind_int64 (statement, 3, held);
  assay_statement_bind_int64 (statement, 4, assay_time_now ());
  if (!assay_statement_run (statement, error))
    return FALSE;
  if (assay_database_get_changes (database) == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE,
                           _ ("This person was invited by another invitation meanwhile. Nothing more was sent."));
      return FALSE;
    }
  assay_database_note_change (database, ASSAY_CHANGE_OUTBOX, outbox_id);
  return assay_ledger_set_invitation_status (database, invitation_id, ASSAY_INVITATION_QUEUED, NULL, NULL,
                                             "user", FALSE, error);
}

gboolean
assay_ledger_amend (AssayDatabase *database,
                    gint64         invitation_id,
                    const char    *first_name,
                    const char    *last_name,
                    const char    *email,
                    GError       **error)
{
  g_autoptr (AssayInvitation) invitation = assay_invitations_get (database, invitation_id, error);
  g_auto (Resolved) resolved = { NULL };
  g_autoptr (GError) local_error = NULL;
  AssayLedgerDraft draft = { 0 };
  AssayStatement *statement;
  gint64 outbox_id;
  gboolean paused;

  if (invitation == NULL)
    return FALSE;
  statement = assay_database_prepare (
    database, "SELECT id FROM outbox WHERE invitation_id = ?1 AND kind = 'invite' AND state = 'failed'", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  outbox_id = assay_ledger_read_number (statement, error);
  if (outbox_id < 0)
    return FALSE;
  if (outbox_id == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("Only an invitation that failed can be corrected."));
      return FALSE;
    }
  statement = assay_database_prepare (
    database, "SELECT coalesce (b.paused, 0) FROM outbox o LEFT JOIN batch b ON b.id = o.batch_id WHERE o.id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  paused = assay_ledger_read_number (statement, error) > 0;

  draft.application_id = invitation->application_id;
  draft.assessment_id = invitation->assessment_id;
  draft.first_name = (char *) first_name;
  draft.last_name = (char *) last_name;
  draft.email = (char *) email;
  draft.deadline = invitation->deadline;
  draft.again = has_remark (database, outbox_id, AGAIN, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!resolve_draft (database, &draft, &resolved, error))
    return FALSE;

  statement =
    assay_database_prepare (database, "UPDATE outbox SET natural_key = ?2, payload = ?3 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, outbox_id);
  assay_statement_bind_text (statement, 2, resolved.key);
  assay_statement_bind_text (statement, 3, get_invitation_payload (&draft, &resolved));
  if (!assay_statement_run (statement, error))
    return FALSE;
  statement = assay_database_prepare (
    database, "UPDATE invitation SET first_name = ?2, last_name = ?3, email = ?4 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, resolved.first_name);
  assay_statement_bind_text (statement, 3, resolved.last_name);
  assay_statement_bind_text (statement, 4, resolved.email);
  return assay_statement_run (statement, error) &&
         assay_ledger_requeue (database, outbox_id, assay_time_now (), paused, error);
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

/* Results */

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
  return !differs_for_people || invitation_changed (database, invitation_id, status_changed, error);
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
