/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl invite */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-deadline.h"
#include "assay-error.h"
#include "ctl-record.h"
#include "ctl-results.h"
#include "ctl-roster.h"

static AssayInvitationDraft
make_draft (CtlArguments *arguments,
            gint64        application_id,
            gint64        assessment_id)
{
  AssayInvitationDraft draft = {
    .application_id = application_id,
    .assessment_id = assessment_id,
    .first_name = ctl_arguments_get (arguments, "first-name"),
    .last_name = ctl_arguments_get (arguments, "last-name"),
    .email = ctl_arguments_get (arguments, "email"),
    .again = ctl_arguments_has (arguments, "again"),
  };

  if (ctl_arguments_has (arguments, "deadline"))
    /* Checked when the command began. */
    assay_deadline_parse (ctl_arguments_get (arguments, "deadline"), &draft.deadline, NULL);
  return draft;
}

static gboolean
check_deadline (CtlArguments  *arguments,
                GError       **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 deadline;

  if (!ctl_arguments_has (arguments, "deadline") ||
      assay_deadline_parse (ctl_arguments_get (arguments, "deadline"), &deadline, &local_error))
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, local_error->message);
  return FALSE;
}

/* ---- --dry-run ---- */

static void
add_preview (CtlContext      *context,
             CtlArguments    *arguments,
             AssayAssessment *assessment,
             const CtlResult *result,
             CtlJson         *json)
{
  g_autoptr (AssayApplication) application = ctl_load_application (context, result->application_id, NULL);
  AssayInvitationDraft draft = make_draft (arguments, result->application_id, assessment->id);

  ctl_json_begin_object (json);
  ctl_json_id (json, "application", ASSAY_ID_APPLICATION, result->application_id);
  ctl_json_id (json, "assessment", ASSAY_ID_ASSESSMENT, assessment->id);
  ctl_json_string (json, "assessment_name", assessment->name);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, assessment->connection_id);
  if (application != NULL)
    {
      ctl_json_string (json, "first_name",
                       draft.first_name != NULL ? draft.first_name : application->first_name);
      ctl_json_string (json, "last_name", draft.last_name != NULL ? draft.last_name : application->last_name);
      ctl_json_string (json, "email", draft.email != NULL ? draft.email : application->email);
    }
  ctl_json_boolean (json, "dry_run", TRUE);
  ctl_json_error (json, "error", result->error, result->invitation_id);
  ctl_json_end_object (json);
}

static void
add_preview_row (CtlContext      *context,
                 CtlArguments    *arguments,
                 AssayAssessment *assessment,
                 const CtlResult *result,
                 CtlTable        *table)
{
  g_autoptr (AssayApplication) application = ctl_load_application (context, result->application_id, NULL);
  g_autofree char *id = result->application_id != 0
                          ? assay_id_format (ASSAY_ID_APPLICATION, result->application_id) : NULL;
  g_autofree char *problem = result->error != NULL ? ctl_output_dup_message (result->error) : NULL;
  const char *email = ctl_arguments_get (arguments, "email");

  if (email == NULL && application != NULL)
    email = application->email;
  ctl_table_add_row (table, id, application != NULL ? application->full_name : NULL, email,
                     result->error == NULL ? _("would be sent") : _("would not be sent"), problem);
}

static gboolean
preview (CtlContext       *context,
         CtlArguments     *arguments,
         AssayAssessment  *assessment,
         CtlResults       *results,
         GError          **error)
{
  const GError *worst;

  for (guint i = 0; i < results->length; i++)
    {
      CtlResult *item = &results->items[i];
      AssayInvitationDraft draft = make_draft (arguments, item->application_id, assessment->id);
      g_autoptr (GAsyncResult) result = NULL;

      if (item->error != NULL)
        continue;
      assay_service_check_invitation_async (context->service, &draft, context->cancellable, ctl_context_done,
                                            context);
      result = ctl_context_wait (context);
      if (!assay_service_check_invitation_finish (context->service, result, &item->error))
        item->invitation_id = assay_service_get_duplicate (item->error);
    }

  worst = ctl_results_get_worst (results);
  ctl_results_sort (results);
  if (results->length == 1)
    context->invitation = results->items[0].invitation_id;
  if (results->length > 1 || worst == NULL)
    {
      if (context->json)
        {
          g_autoptr (CtlJson) json = ctl_json_new ();

          if (results->length > 1)
            ctl_json_begin_array (json);
          for (guint i = 0; i < results->length; i++)
            add_preview (context, arguments, assessment, &results->items[i], json);
          if (results->length > 1)
            ctl_json_end_array (json);
          ctl_output_json (json);
        }
      else
        {
          g_autoptr (CtlTable) table = ctl_table_new (_("Application"), _("Candidate"), _("Email"),
                                                      _("Outcome"), _("Problem"), NULL);

          for (guint i = 0; i < results->length; i++)
            add_preview_row (context, arguments, assessment, &results->items[i], table);
          ctl_table_print (table, "");
        }
    }
  if (worst != NULL)
    g_propagate_error (error, g_error_copy (worst));
  return worst == NULL;
}

/* ---- Sending ---- */

static void
queue (CtlContext      *context,
       CtlArguments    *arguments,
       AssayAssessment *assessment,
       CtlResult       *item)
{
  AssayInvitationDraft draft = make_draft (arguments, item->application_id, assessment->id);
  g_autoptr (GAsyncResult) result = NULL;

  assay_service_invite_async (context->service, &draft, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  item->invitation_id = assay_service_invite_finish (context->service, result, &item->error);
  if (item->error != NULL)
    item->invitation_id = assay_service_get_duplicate (item->error);
}

static void
send_all (CtlContext *context,
          CtlResults *results)
{
  g_autoptr (GError) stop = NULL;

  for (guint i = 0; i < results->length; i++)
    {
      CtlResult *item = &results->items[i];

      if (item->error != NULL)
        continue;
      if (stop == NULL && g_cancellable_is_cancelled (context->cancellable))
        stop = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_FAILED, _("The command was interrupted."));
      if (stop != NULL)
        item->error = g_error_copy (stop);
      else if (ctl_send_invitation (context, item->invitation_id, &item->error))
        continue;
      else if (ctl_error_concerns_connection (item->error))
        stop = g_error_copy (item->error);
      ctl_explain_failed_sending (context, item->invitation_id, item->error);
    }
}

/* ---- From a file ---- */

/* (transfer full) (nullable): one result for each person of the file, those that can't be used with their error already */
static CtlResults *
read_file (CtlContext    *context,
           CtlArguments  *arguments,
           const char    *path,
           GError       **error)
{
  g_autoptr (GPtrArray) roster = ctl_roster_read (context, path, error);
  gboolean skip = ctl_arguments_has (arguments, "skip-problems");
  CtlResults *results;
  guint n = 0;

  if (roster == NULL)
    return NULL;
  for (guint i = 0; i < roster->len && !skip; i++)
    if (ctl_roster_row_is_problem (g_ptr_array_index (roster, i)))
      {
        ctl_roster_print_problems (context, roster, error);
        return NULL;
      }

  results = ctl_results_new (roster->len);
  for (guint i = 0; i < roster->len; i++)
    {
      const AssayRosterRow *row = g_ptr_array_index (roster, i);

      if (row->kind == ASSAY_ROSTER_TWICE)
        continue;
      if (ctl_roster_row_is_problem (row))
        results->items[n].error = ctl_roster_make_error (row);
      else
        results->items[n].application_id = row->application_id;
      n++;
    }
  results->length = n;
  return results;
}

/* Without waiting it is one batch, which the window and “assayctl batch” show. */
static gboolean
queue_batch (CtlContext       *context,
             CtlArguments     *arguments,
             AssayAssessment  *assessment,
             CtlResults       *results,
             const char       *path,
             GError          **error)
{
  g_autofree AssayInvitationDraft *drafts = g_new0 (AssayInvitationDraft, results->length);
  g_autofree char *title = g_path_get_basename (path);
  g_autoptr (GAsyncResult) result = NULL, prepared = NULL;
  guint n = 0;
  gint64 id;

  for (guint i = 0; i < results->length; i++)
    if (results->items[i].application_id != 0)
      drafts[n++] = make_draft (arguments, results->items[i].application_id, assessment->id);
  assay_service_invite_batch_async (context->service, drafts, n, title, context->cancellable, ctl_context_done,
                                    context);
  result = ctl_context_wait (context);
  id = assay_service_invite_batch_finish (context->service, result, error);
  if (id == 0)
    return FALSE;
  assay_service_prepare_batches_async (context->service, context->cancellable, ctl_context_done, context);
  prepared = ctl_context_wait (context);
  return assay_service_prepare_batches_finish (context->service, prepared, error) &&
         ctl_print_batch (context, id, error);
}

gboolean
ctl_invite (CtlContext    *context,
            CtlArguments  *arguments,
            GError       **error)
{
  g_autoptr (AssayAssessment) assessment = NULL;
  g_autoptr (CtlResults) results = NULL;
  g_autoptr (GArray) ids = NULL;
  const char *file = ctl_arguments_get (arguments, "from-csv");
  gint64 assessment_id = 0;

  if (!ctl_arguments_get_id (arguments, "assessment", ASSAY_ID_ASSESSMENT, &assessment_id, error))
    return FALSE;
  if (assessment_id == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say which assessment to send, by “--assessment ID”; “assayctl assessment "
                             "list” prints their ids."));
      return FALSE;
    }
  if ((ctl_arguments_get_count (arguments) > 0) == (file != NULL))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say whom to invite: the ids of applications, or “--from-csv FILE”."));
      return FALSE;
    }
  ids = ctl_arguments_get_ids (arguments, ASSAY_ID_APPLICATION, error);
  if (ids == NULL)
    return FALSE;
  if ((ids->len > 1 || file != NULL) &&
      (ctl_arguments_has (arguments, "first-name") || ctl_arguments_has (arguments, "last-name") ||
       ctl_arguments_has (arguments, "email")))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("A name or an e-mail address belongs to one person; invite the applications "
                             "one by one to change them."));
      return FALSE;
    }
  if (!check_deadline (arguments, error))
    return FALSE;
  assessment = ctl_load_assessment (context, assessment_id, error);
  if (assessment == NULL)
    return FALSE;
  if (file != NULL)
    {
      results = read_file (context, arguments, file, error);
      if (results == NULL)
        return FALSE;
      if (ctl_arguments_has (arguments, "no-wait") && !ctl_arguments_has (arguments, "dry-run"))
        return queue_batch (context, arguments, assessment, results, file, error);
    }
  else
    {
      results = ctl_results_new (ids->len);
      for (guint i = 0; i < ids->len; i++)
        results->items[i].application_id = g_array_index (ids, gint64, i);
    }

  for (guint i = 0; i < results->length; i++)
    {
      CtlResult *item = &results->items[i];
      g_autoptr (AssayApplication) application = NULL;

      if (item->error != NULL)
        continue;
      application = ctl_load_application (context, item->application_id, &item->error);
      if (application != NULL && !ctl_arguments_has (arguments, "dry-run"))
        queue (context, arguments, assessment, item);
    }

  if (ctl_arguments_has (arguments, "dry-run"))
    return preview (context, arguments, assessment, results, error);
  if (!ctl_arguments_has (arguments, "no-wait"))
    send_all (context, results);
  return ctl_results_print (context, results, error);
}
