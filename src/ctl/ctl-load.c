/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading single records, and what several commands share. */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-record.h"

/* Says by its id which record is missing; the store itself knows only row numbers. */
static void
explain_not_found (AssayIdKind   kind,
                   gint64        id,
                   GError      **error)
{
  g_autofree char *text = NULL;

  if (error == NULL || !g_error_matches (*error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    return;
  g_clear_error (error);
  text = assay_id_format (kind, id);
  switch (kind)
    {
    case ASSAY_ID_CONNECTION:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   _("There is no connection %s; “assayctl connection list” shows those there are."), text);
      break;
    case ASSAY_ID_APPLICATION:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   _("There is no application %s; “assayctl application list” shows those there are."), text);
      break;
    case ASSAY_ID_ASSESSMENT:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   _("There is no assessment %s; “assayctl assessment list” shows those there are."), text);
      break;
    case ASSAY_ID_INVITATION:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   _("There is no invitation %s; “assayctl invitation list” shows those there are."), text);
      break;
    case ASSAY_ID_JOB:
    case ASSAY_ID_STAGE:
    case ASSAY_ID_OUTBOX:
    case ASSAY_ID_BATCH:
    case ASSAY_ID_IMPORTED:
    default:
      g_assert_not_reached ();
    }
}

static gpointer
read_connection (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  return assay_connections_get (database, *(const gint64 *) data, error);
}

static gpointer
read_application (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  return assay_applications_get (database, *(const gint64 *) data, error);
}

static gpointer
read_assessment (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  return assay_assessments_get (database, *(const gint64 *) data, error);
}

static gpointer
read_invitation (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  return assay_invitations_get (database, *(const gint64 *) data, error);
}

static gpointer
read_outbox (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  return assay_outbox_list (database, error);
}

static gpointer
load (CtlContext      *context,
      AssayStoreFunc   function,
      AssayIdKind      kind,
      gint64           id,
      GError         **error)
{
  g_autoptr (GError) local_error = NULL;
  gpointer record = ctl_context_read (context, function, &id, &local_error);

  if (record == NULL)
    {
      if (local_error == NULL)
        g_set_error_literal (&local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "");
      explain_not_found (kind, id, &local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
  return record;
}

AssayConnection *
ctl_load_connection (CtlContext  *context,
                     gint64       id,
                     GError     **error)
{
  return load (context, read_connection, ASSAY_ID_CONNECTION, id, error);
}

AssayApplication *
ctl_load_application (CtlContext  *context,
                      gint64       id,
                      GError     **error)
{
  return load (context, read_application, ASSAY_ID_APPLICATION, id, error);
}

AssayAssessment *
ctl_load_assessment (CtlContext  *context,
                     gint64       id,
                     GError     **error)
{
  return load (context, read_assessment, ASSAY_ID_ASSESSMENT, id, error);
}

AssayInvitation *
ctl_load_invitation (CtlContext  *context,
                     gint64       id,
                     GError     **error)
{
  return load (context, read_invitation, ASSAY_ID_INVITATION, id, error);
}

GPtrArray *
ctl_load_outbox (CtlContext  *context,
                 GError     **error)
{
  return ctl_context_read (context, read_outbox, NULL, error);
}

gboolean
ctl_print_invitation (CtlContext  *context,
                      gint64       id,
                      GError     **error)
{
  g_autoptr (AssayInvitation) invitation = ctl_load_invitation (context, id, error);

  if (invitation == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_record_add_invitation (json, invitation, TRUE);
      ctl_output_json (json);
    }
  else
    {
      g_autofree char *text = ctl_record_describe_invitation (invitation);

      ctl_output_text (text);
    }
  return TRUE;
}

/* Whether its request is on the wire, or its answer on the way to the disk. */
static gboolean
is_being_sent (CtlContext *context,
               gint64      id)
{
  g_autoptr (GPtrArray) rows = ctl_load_outbox (context, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const AssayOutboxRow *row = g_ptr_array_index (rows, i);

      if (row->invitation_id == id && g_str_equal (row->kind, "invite"))
        return row->state == ASSAY_OUTBOX_SENDING;
    }
  return FALSE;
}

static gboolean
run_outbox (CtlContext    *context,
            AssayService  *service,
            gint64         id,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_service_run_outbox_async (service, id, cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  return assay_service_run_outbox_finish (service, result, error);
}

gboolean
ctl_send_invitation (CtlContext  *context,
                     gint64       id,
                     GError     **error)
{
  AssayService *service = ctl_context_get_service (context, error);
  g_autoptr (AssayInvitation) invitation = NULL;
  g_autoptr (GError) local_error = NULL;

  if (service == NULL)
    return FALSE;
  if (run_outbox (context, service, id, context->cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && is_being_sent (context, id))
    {
      /* Interrupted, but what is on its way is worth its answer; a second interrupt ends the program at once. */
      g_clear_error (&local_error);
      if (run_outbox (context, service, id, NULL, &local_error))
        return TRUE;
    }
  if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  invitation = ctl_load_invitation (context, id, error);
  if (invitation == NULL)
    return FALSE;
  if (invitation->status != ASSAY_INVITATION_QUEUED && invitation->status != ASSAY_INVITATION_FAILED &&
      invitation->status != ASSAY_INVITATION_UNSURE)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR,
                       invitation->status == ASSAY_INVITATION_UNSURE ? ASSAY_ERROR_UNSURE
                                                                     : ASSAY_ERROR_FAILED,
                       _("The command was interrupted."));
  return FALSE;
}

void
ctl_explain_failed_sending (CtlContext *context,
                            gint64      invitation_id,
                            GError     *error)
{
  g_autoptr (AssayInvitation) invitation = ctl_load_invitation (context, invitation_id, NULL);
  g_autofree char *id = assay_id_format (ASSAY_ID_INVITATION, invitation_id);
  g_autofree char *sentence = ctl_output_dup_message (error);
  char *message = NULL;

  if (invitation == NULL)
    return;
  if (invitation->status == ASSAY_INVITATION_QUEUED)
    /* Translators: %1$s is a whole sentence, %2$s the invitation's id */
    message =
      g_strdup_printf (_("%1$s Nothing is lost: invitation %2$s stays queued, and “assayctl outbox run” "
                         "tries it again."),
                       sentence, id);
  else if (invitation->status == ASSAY_INVITATION_UNSURE)
    /* Translators: %1$s is a whole sentence, %2$s the invitation's id */
    message =
      g_strdup_printf (_("%1$s “assayctl outbox resolve %2$s --as sent”, or “--as not-sent”, settles it."),
                       sentence, id);
  if (message != NULL)
    {
      g_free (error->message);
      error->message = message;
    }
}
