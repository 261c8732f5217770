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
