/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl watch: runs the service as the window does, and tells each change as it lands in the store. */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-error.h"
#include "ctl-record.h"

/* Rows are read newest change first, a page at a time, until a page holds nothing new. */
#define PAGE 100

typedef struct
{
  CtlContext *context;
  gint64 invitation_id;      /* the only one looked at; 0: all */
  int until;                 /* the status waited for; -1: none */
  GHashTable *invitations;   /* id → fingerprint */
  GHashTable *connections;   /* id → fingerprint */
  GHashTable *watched;       /* ids the service is asked to poll often */
  gboolean started;          /* whether what is there already has been noted, so that differences are news */
  gboolean met;
  gboolean timed_out;
  GError *error;             /* (nullable) what ended it */
} Watch;

typedef struct
{
  gint64 id;
  guint limit;
  guint offset;
} Query;

static void
watch_clear (Watch *self)
{
  g_hash_table_unref (self->invitations);
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->watched);
  g_clear_error (&self->error);
}

/* (transfer full): what of an invitation is news when it changes; not when it was last asked for, nor how
 * the provider spells a status that this program knows */
static char *
dup_invitation_fingerprint (const AssayInvitation *invitation)
{
  char score[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (invitation->score != NULL)
    g_ascii_dtostr (score, sizeof score, invitation->score->value);
  return g_strdup_printf ("%d|%s|%s|%u|%" G_GINT64_FORMAT "|%s|%s", (int) invitation->status, score,
                          invitation->report_url != NULL ? invitation->report_url : "",
                          invitation->scores != NULL ? invitation->scores->len : 0, invitation->completed_at,
                          invitation->status == ASSAY_INVITATION_UNKNOWN && invitation->status_text != NULL
                            ? invitation->status_text : "",
                          invitation->error != NULL ? invitation->error : "");
}

static char *
dup_connection_fingerprint (const AssayConnection *connection)
{
  return g_strdup_printf ("%d|%s", (int) connection->state,
                          connection->reason != NULL ? connection->reason : "");
}

/* Notes @fingerprint (transfer full) for @id; whether it is another one than before. */
static gboolean
take_note (GHashTable *table,
           gint64      id,
           char       *fingerprint)
{
  gboolean differs = g_strcmp0 (g_hash_table_lookup (table, &id), fingerprint) != 0;

  if (differs)
    g_hash_table_replace (table, g_memdup2 (&id, sizeof id), fingerprint);
  else
    g_free (fingerprint);
  return differs;
}

static void
watch_end (Watch *self)
{
  g_main_loop_quit (self->context->loop);
}

static void
watch_fail (Watch  *self,
            GError *error)
{
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
  watch_end (self);
}

/* ---- Telling ---- */

static const char *
get_source (const AssayInvitation *invitation)
{
  const AssayInvitationEvent *last = NULL;

  if (invitation->history != NULL && invitation->history->len > 0)
    last = g_ptr_array_index (invitation->history, invitation->history->len - 1);
  return last != NULL && g_strcmp0 (last->source, "push") == 0 ? "push" : "poll";
}

static void
tell_invitation (Watch                 *self,
                 const AssayInvitation *invitation)
{
  gboolean written;

  if (self->context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_time (json, "at", invitation->updated_at != 0 ? invitation->updated_at : assay_time_now ());
      ctl_json_string (json, "event", "invitation");
      ctl_json_member (json, "invitation");
      ctl_record_add_invitation (json, invitation, TRUE);
      ctl_json_string (json, "source", get_source (invitation));
      ctl_json_end_object (json);
      written = ctl_output_json (json);
    }
  else
    {
      g_autofree char *id = assay_id_format (ASSAY_ID_INVITATION, invitation->id);
      g_autofree char *time = ctl_record_dup_time (invitation->updated_at);
      g_autofree char *status = ctl_record_dup_status (invitation);
      g_autofree char *score = invitation->score != NULL ? assay_score_format (invitation->score) : NULL;
      g_autofree char *line = g_strdup_printf ("%s  %s  %s  %s  %s%s%s", time != NULL ? time : "", id,
                                               invitation->candidate_name, invitation->assessment_name,
                                               status, score != NULL ? "  " : "", score != NULL ? score : "");
      g_autofree char *harmless = ctl_output_sanitize (line);
      g_autofree char *text = g_strconcat (harmless, "\n", NULL);

      written = ctl_output_text (text);
    }

  if (self->until == (int) invitation->status)
    self->met = TRUE;
  if (!written || self->met)
    watch_end (self);
}

static void
tell_connection (Watch                 *self,
                 const AssayConnection *connection)
{
  gboolean written;

  if (self->context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_time (json, "at", connection->updated_at != 0 ? connection->updated_at : assay_time_now ());
      ctl_json_string (json, "event", "connection");
      ctl_json_member (json, "connection");
      ctl_record_add_connection (json, connection);
      ctl_json_string (json, "source", "poll");
      ctl_json_end_object (json);
      written = ctl_output_json (json);
    }
  else
    {
      g_autofree char *id = assay_id_format (ASSAY_ID_CONNECTION, connection->id);
      g_autofree char *time = ctl_record_dup_time (connection->updated_at);
      g_autofree char *line =
        g_strdup_printf ("%s  %s  %s  %s%s%s", time != NULL ? time : "", id, connection->name,
                         ctl_record_get_state_label (connection->state),
                         connection->reason != NULL ? "  " : "",
                         connection->reason != NULL ? connection->reason : "");
      g_autofree char *harmless = ctl_output_sanitize (line);
      g_autofree char *text = g_strconcat (harmless, "\n", NULL);

      written = ctl_output_text (text);
    }
  if (!written)
    watch_end (self);
}

/* ---- Looking ---- */

static gpointer
read_page (AssayDatabase  *database,
           gpointer        data,
           GError        **error)
{
  const Query *query = data;

  return assay_invitations_list (database, 0, -1, query->limit, query->offset, error);
}

static gpointer
read_connections (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  return assay_connections_list (database, error);
}

/* While somebody watches an invitation the provider is asked often; a settled one needs no asking. */
static void
follow (Watch                 *self,
        const AssayInvitation *invitation)
{
  AssayService *service = self->context->service;
  gboolean open = assay_invitation_status_is_open (invitation->status);
  gboolean watched = g_hash_table_contains (self->watched, &invitation->id);

  if (open && !watched)
    {
      g_hash_table_add (self->watched, g_memdup2 (&invitation->id, sizeof invitation->id));
      assay_service_watch_invitation (service, invitation->id);
    }
  else if (!open && watched)
    {
      g_hash_table_remove (self->watched, &invitation->id);
      assay_service_unwatch_invitation (service, invitation->id);
    }
}

/* Notes an invitation's state, and tells it if it is news; whether it was. */
static gboolean
look_at (Watch                 *self,
         const AssayInvitation *invitation)
{
  g_autoptr (AssayInvitation) full = NULL;
  GError *error = NULL;

  if (!take_note (self->invitations, invitation->id, dup_invitation_fingerprint (invitation)))
    return FALSE;
  follow (self, invitation);
  if (!self->started || self->met)
    return TRUE;
  full = ctl_load_invitation (self->context, invitation->id, &error);
  if (full != NULL)
    tell_invitation (self, full);
  else
    watch_fail (self, error);
  return TRUE;
}

static gboolean
look_at_invitations (Watch   *self,
                     GError **error)
{
  g_autoptr (GPtrArray) news = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_invitation_free);
  Query query = { .limit = PAGE };
  gboolean any = TRUE;

  if (self->invitation_id != 0)
    {
      g_autoptr (AssayInvitation) invitation =
        ctl_load_invitation (self->context, self->invitation_id, error);

      if (invitation == NULL)
        return FALSE;
      look_at (self, invitation);
      return TRUE;
    }

  while (any)
    {
      g_autoptr (GPtrArray) page = ctl_context_read (self->context, read_page, &query, error);

      if (page == NULL)
        return FALSE;
      any = FALSE;
      for (guint i = 0; i < page->len; i++)
        {
          const AssayInvitation *invitation = g_ptr_array_index (page, i);
          g_autofree char *fingerprint = dup_invitation_fingerprint (invitation);

          if (g_strcmp0 (g_hash_table_lookup (self->invitations, &invitation->id), fingerprint) == 0)
            continue;
          any = TRUE;
          g_ptr_array_add (news, assay_invitation_copy (invitation));
        }
      any = any && page->len == PAGE;
      query.offset += PAGE;
    }

  /* In the order in which they happened. */
  for (guint i = news->len; i > 0; i--)
    look_at (self, g_ptr_array_index (news, i - 1));
  return TRUE;
}

static gboolean
look_at_connections (Watch   *self,
                     GError **error)
{
  g_autoptr (GPtrArray) connections = ctl_context_read (self->context, read_connections, NULL, error);

  if (connections == NULL)
    return FALSE;
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (take_note (self->connections, connection->id, dup_connection_fingerprint (connection)) &&
          self->started && !self->met)
        tell_connection (self, connection);
    }
  return TRUE;
}

static void
on_changed (AssayStore         *store,
            const AssayChanges *changes,
            Watch              *self)
{
  GError *error = NULL;

  if (self->met || self->error != NULL)
    return;
  if ((assay_changes_has_kind (changes, ASSAY_CHANGE_CONNECTIONS) && !look_at_connections (self, &error)) ||
      (assay_changes_has_kind (changes, ASSAY_CHANGE_INVITATIONS) && !look_at_invitations (self, &error)))
    watch_fail (self, error);
}

static gboolean
on_time_out (gpointer user_data)
{
  Watch *self = user_data;

  self->timed_out = TRUE;
  watch_end (self);
  return G_SOURCE_REMOVE;
}

/* ---- The command ---- */

/* Seconds, fractions allowed, as milliseconds; leaves @milliseconds alone when the option isn't given. */
static gboolean
parse_time_out (CtlArguments  *arguments,
                gint64        *milliseconds,
                GError       **error)
{
  const char *text = ctl_arguments_get (arguments, "timeout");
  char *end = NULL;
  double seconds;

  if (text == NULL)
    return TRUE;
  seconds = g_ascii_strtod (text, &end);
  if (!g_ascii_isdigit (*text) || *end != '\0' || !isfinite (seconds) || seconds > 1e6)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   /* Translators: %s is what the user typed */
                   _("“--timeout” takes a number of seconds, and “%s” isn't one."), text);
      return FALSE;
    }
  *milliseconds = (gint64) ceil (seconds * 1000.0);
  return TRUE;
}

/* Runs until the condition, the time-out, a signal or an error. */
static void
watch_run (Watch  *self,
           gint64  time_out)
{
  CtlContext *context = self->context;
  AssayStore *store = assay_service_get_store (context->service);
  gulong cancelled_id;
  gulong changed_id;
  guint time_out_id = 0;

  if (time_out >= 0)
    time_out_id = g_timeout_add ((guint) time_out, on_time_out, self);
  changed_id = g_signal_connect (store, "changed", G_CALLBACK (on_changed), self);
  cancelled_id = g_signal_connect_swapped (context->cancellable, "cancelled", G_CALLBACK (g_main_loop_quit),
                                           context->loop);
  assay_service_start (context->service);

  /* What changed between the first look and now isn't signalled any more. */
  if (!look_at_connections (self, &self->error) || !look_at_invitations (self, &self->error))
    g_assert (self->error != NULL);
  if (!self->met && self->error == NULL && !self->timed_out &&
      !g_cancellable_is_cancelled (context->cancellable))
    g_main_loop_run (context->loop);

  if (!self->timed_out)
    g_clear_handle_id (&time_out_id, g_source_remove);
  g_signal_handler_disconnect (context->cancellable, cancelled_id);
  g_signal_handler_disconnect (store, changed_id);
}

gboolean
ctl_watch (CtlContext    *context,
           CtlArguments  *arguments,
           GError       **error)
{
  Watch self = { .context = context, .until = -1 };
  g_autoptr (AssayInvitation) invitation = NULL;
  gint64 time_out = -1;
  gboolean ok = FALSE;

  if (!parse_time_out (arguments, &time_out, error) ||
      !ctl_arguments_get_id (arguments, "invitation", ASSAY_ID_INVITATION, &self.invitation_id, error) ||
      !ctl_arguments_get_status (arguments, "until", &self.until, error))
    return FALSE;
  if (ctl_context_get_service (context, error) == NULL)
    return FALSE;
  if (self.invitation_id != 0)
    {
      invitation = ctl_load_invitation (context, self.invitation_id, error);
      if (invitation == NULL)
        return FALSE;
    }

  self.invitations = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self.connections = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self.watched = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  if (invitation != NULL && self.until == (int) invitation->status)
    {
      tell_invitation (&self, invitation);
      ok = TRUE;
    }
  else if (look_at_connections (&self, error) && look_at_invitations (&self, error))
    {
      self.started = TRUE;
      watch_run (&self, time_out);
      if (self.error != NULL)
        g_propagate_error (error, g_steal_pointer (&self.error));
      else if (self.until >= 0 && !self.met)
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                     /* Translators: %s is a status: "completed" */
                     _("No invitation that is watched became “%s” in time; look again later, or watch for "
                       "longer."),
                     ctl_arguments_get (arguments, "until"));
      else
        ok = TRUE;
    }
  watch_clear (&self);
  return ok;
}
