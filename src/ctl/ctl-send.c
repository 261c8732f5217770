/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sending what waits in the outbox, row by row, and saying what became of it. */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-output.h"

static gpointer
read_row (AssayDatabase  *database,
          gpointer        data,
          GError        **error)
{
  return assay_outbox_get (database, *(const gint64 *) data, error);
}

static gpointer
read_row_of_invitation (AssayDatabase  *database,
                        gpointer        data,
                        GError        **error)
{
  return assay_outbox_get_by_invitation (database, *(const gint64 *) data, error);
}

AssayOutboxRow *
ctl_load_outbox_row (CtlContext  *context,
                     gint64       outbox_id,
                     GError     **error)
{
  return ctl_context_read (context, read_row, &outbox_id, error);
}

AssayOutboxRow *
ctl_load_outbox_row_of_invitation (CtlContext  *context,
                                   gint64       invitation_id,
                                   GError     **error)
{
  return ctl_context_read (context, read_row_of_invitation, &invitation_id, error);
}

static gboolean
run_row (CtlContext            *context,
         AssayService          *service,
         const AssayOutboxRow  *row,
         GCancellable          *cancellable,
         GError               **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (g_str_equal (row->kind, "invite"))
    assay_service_run_outbox_async (service, row->invitation_id, cancellable, ctl_context_done, context);
  else
    assay_service_run_effect_async (service, row->id, cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  return g_str_equal (row->kind, "invite") ? assay_service_run_outbox_finish (service, result, error)
                                           : assay_service_run_effect_finish (service, result, error);
}

static gpointer
read_marker (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  gint64 id = assay_outbox_find_marker (database, *(const gint64 *) data, error);

  return id != 0 ? assay_outbox_get (database, id, error) : NULL;
}

/* Tells other copies of Assay of an invitation that has left, where the connection's setting says so. It takes nothing from the
 * invitation when that fails: it stays queued. */
static void
send_marker (CtlContext   *context,
             AssayService *service,
             gint64        invitation_id)
{
  g_autoptr (AssayOutboxRow) marker = ctl_context_read (context, read_marker, &invitation_id, NULL);

  if (marker != NULL)
    run_row (context, service, marker, context->cancellable, NULL);
}

static void
set_interrupted (AssayOutboxState  state,
                 GError          **error)
{
  g_set_error_literal (error, ASSAY_ERROR,
                       state == ASSAY_OUTBOX_UNSURE ? ASSAY_ERROR_UNSURE : ASSAY_ERROR_FAILED,
                       _("The command was interrupted."));
}

gboolean
ctl_send_row (CtlContext            *context,
              const AssayOutboxRow  *row,
              GError               **error)
{
  AssayService *service = ctl_context_get_service (context, error);
  g_autoptr (AssayOutboxRow) now = NULL;
  g_autoptr (GError) local_error = NULL;

  if (service == NULL)
    return FALSE;
  if (run_row (context, service, row, context->cancellable, &local_error))
    {
      if (g_str_equal (row->kind, "invite"))
        send_marker (context, service, row->invitation_id);
      return TRUE;
    }

  now = ctl_load_outbox_row (context, row->id, NULL);
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && now != NULL &&
      now->state == ASSAY_OUTBOX_SENDING)
    {
      /* Interrupted, but what is on its way is worth its answer; a second interrupt ends the program at once. */
      g_clear_error (&local_error);
      if (run_row (context, service, row, NULL, &local_error))
        return TRUE;
    }
  else if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (now != NULL && now->state == ASSAY_OUTBOX_DONE)
        return TRUE;
      set_interrupted (now != NULL ? now->state : ASSAY_OUTBOX_QUEUED, error);
      return FALSE;
    }

  /* Its end couldn't be written down, so that the next run finds it on its way and asks a person. */
  if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_STORAGE) && now != NULL &&
      now->state == ASSAY_OUTBOX_SENDING)
    local_error->code = ASSAY_ERROR_UNSURE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
ctl_send_invitation (CtlContext  *context,
                     gint64       id,
                     GError     **error)
{
  g_autoptr (AssayOutboxRow) row = ctl_load_outbox_row_of_invitation (context, id, error);

  if (row == NULL)
    return FALSE;
  if (row->held && row->state == ASSAY_OUTBOX_QUEUED)
    {
      g_autofree char *batch = assay_id_format (ASSAY_ID_BATCH, row->batch_id);

      /* Translators: %s is a batch's id */
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                   _("The batch was paused; “assayctl batch resume %s” and “assayctl outbox run” let it go on."), batch);
      return FALSE;
    }
  if (row->state == ASSAY_OUTBOX_DISCARDED)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           _("Somebody gave the invitation up before it left. Nothing was sent."));
      return FALSE;
    }
  return ctl_send_row (context, row, error);
}

static void
set_message (GError *error,
             char   *message)
{
  g_free (error->message);
  error->message = message;
}

/* Whether the sentence that @error begins with says already that the row stays queued. */
static gboolean
is_of_connection (CtlContext           *context,
                  const AssayOutboxRow *row,
                  const GError         *error)
{
  g_autoptr (AssayConnection) connection = NULL;

  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE))
    return FALSE;
  connection = ctl_load_connection (context, row->connection_id, NULL);
  return connection != NULL && connection->state != ASSAY_CONNECTION_ENABLED &&
         connection->state != ASSAY_CONNECTION_FAILING;
}

void
ctl_explain_failed_row (CtlContext           *context,
                        const AssayOutboxRow *row,
                        GError               *error)
{
  g_autoptr (AssayOutboxRow) now = ctl_load_outbox_row (context, row->id, NULL);
  g_autofree char *sentence = ctl_output_dup_message (error);
  gboolean invitation = g_str_equal (row->kind, "invite");
  g_autofree char *id = invitation ? assay_id_format (ASSAY_ID_INVITATION, row->invitation_id)
                                   : assay_id_format (ASSAY_ID_OUTBOX, row->id);

  if (now == NULL || now->held)
    return;
  if (now->state == ASSAY_OUTBOX_UNSURE)
    /* Translators: %1$s is a whole sentence, %2$s an id */
    set_message (error,
                 g_strdup_printf (_("%1$s “assayctl outbox resolve %2$s --as sent”, or “--as not-sent”, settles it."),
                                  sentence, id));
  else if (now->state == ASSAY_OUTBOX_SENDING)
    set_message (error,
                 /* Translators: %1$s is a whole sentence, %2$s an id */
                 g_strdup_printf (_("%1$s What became of %2$s, which was on its way, could not be written down. Once "
                                    "that is mended, “assayctl outbox run” finds out or asks you."),
                                  sentence, id));
  else if (now->state == ASSAY_OUTBOX_QUEUED && is_of_connection (context, row, error))
    return;
  else if (now->state == ASSAY_OUTBOX_QUEUED && invitation)
    set_message (error,
                 /* Translators: %1$s is a whole sentence, %2$s the invitation's id */
                 g_strdup_printf (_("%1$s Nothing is lost: invitation %2$s stays queued, and “assayctl outbox run” "
                                    "tries it again."),
                                  sentence, id));
  else if (now->state == ASSAY_OUTBOX_QUEUED)
    set_message (error,
                 /* Translators: %1$s is a whole sentence, %2$s an id */
                 g_strdup_printf (_("%1$s Nothing is lost: %2$s stays queued, and “assayctl outbox run” tries it again."),
                                  sentence, id));
}

void
ctl_explain_failed_sending (CtlContext *context,
                            gint64      invitation_id,
                            GError     *error)
{
  g_autoptr (AssayOutboxRow) row = ctl_load_outbox_row_of_invitation (context, invitation_id, NULL);

  if (row != NULL)
    ctl_explain_failed_row (context, row, error);
}

void
ctl_show_sending (CtlContext *context,
                  guint       done,
                  guint       total)
{
  g_autofree char *text = NULL;

  if (context->quiet || total < 2)
    return;
  /* Translators: how many of how many actions are done */
  text = g_strdup_printf (_("%1$u of %2$u"), done, total);
  ctl_output_progress (text);
}
