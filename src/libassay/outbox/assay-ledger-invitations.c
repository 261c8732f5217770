/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger: whether somebody may be invited, and the row that does it. */
#include "config.h"

#include "assay-ledger-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

gboolean
assay_ledger_check_provider (const AssayConnection *connection,
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
      _ ("An invitation of %1$s to “%2$s” has been on its way since %3$s, sent by %4$s. Nothing more was sent."),
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
      _ ("%1$s was already invited to “%2$s” by somebody else or another program: %3$s said so on %4$s. Nothing more was "
         "sent."),
      resolved->application->full_name, resolved->assessment->name, resolved->connection->name, when);
  else
    duplicate = assay_error_new_from_vendor (
      ASSAY_ERROR_DUPLICATE, 0, NULL,
      /* Translators: %1$s is a person, %2$s an assessment, %3$s a date with time, %4$s "you" or a rule */
      _ ("%1$s was already invited to “%2$s” on %3$s by %4$s. Nothing more was sent."),
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
  if (!assay_ledger_check_provider (resolved->connection, error) || !check_deadline (draft, description, resolved, error))
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

static const char *
get_invitation_payload (const AssayLedgerDraft *draft,
                        const Resolved         *resolved)
{
  if (differs (draft->email, resolved->application->email))
    return draft->again ? "{" ASSAY_LEDGER_AGAIN "," ASSAY_LEDGER_TYPED "}" : "{" ASSAY_LEDGER_TYPED "}";
  return draft->again ? "{" ASSAY_LEDGER_AGAIN "}" : "{}";
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
      !assay_ledger_note_invitation_changed (database, invitation_id, FALSE, error))
    return 0;
  return invitation_id;
}

/* Sending again what failed */

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
  if (invitation->application_id == 0 || has_remark (database, outbox_id, ASSAY_LEDGER_TYPED, &local_error))
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
  draft.again = has_remark (database, outbox_id, ASSAY_LEDGER_AGAIN, &local_error);
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
