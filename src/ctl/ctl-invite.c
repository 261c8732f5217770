/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl invite */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-deadline.h"
#include "assay-error.h"
#include "assay-offers.h"
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

/* ---- What stands in the way ---- */

/* Says of somebody who was invited before how to do it once more, where the provider allows that. */
static void
explain_duplicate (CtlContext      *context,
                   CtlArguments    *arguments,
                   AssayAssessment *assessment,
                   CtlResult       *item)
{
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (AssayInvitation) invitation = NULL;
  char *message;

  item->invitation_id = assay_service_get_duplicate (item->error);
  if (item->invitation_id == 0 || ctl_arguments_has (arguments, "again"))
    return;
  connection = ctl_load_connection (context, assessment->connection_id, NULL);
  if (connection == NULL)
    return;
  invitation = ctl_load_invitation (context, item->invitation_id, NULL);
  if (invitation == NULL || (assay_offers_of_invitation (invitation, assay_connector_get_capabilities (connection)) &
                             ASSAY_OFFER_RETAKE) == 0)
    return;
  /* Translators: %s is a whole sentence */
  message = g_strdup_printf (_("%s To invite the same person once more on purpose, use “--again”."),
                             item->error->message);
  g_free (item->error->message);
  item->error->message = message;
}

/* Whether @item's person can be invited; else its error, with the code of what stands in the way. */
static gboolean
check (CtlContext      *context,
       CtlArguments    *arguments,
       AssayAssessment *assessment,
       CtlResult       *item)
{
  AssayInvitationDraft draft = make_draft (arguments, item->application_id, assessment->id);
  g_autoptr (GAsyncResult) result = NULL;

  assay_service_check_invitation_async (context->service, &draft, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  if (assay_service_check_invitation_finish (context->service, result, &item->error))
    return TRUE;
  explain_duplicate (context, arguments, assessment, item);
  return FALSE;
}

/* Turns the verdict on @item into its error. */
static void
take_verdict (CtlContext         *context,
              CtlArguments       *arguments,
              AssayAssessment    *assessment,
              const AssayVerdict *verdict,
              CtlResult          *item)
{
  if (verdict->kind == ASSAY_VERDICT_TWICE)
    g_set_error_literal (&item->error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE, verdict->sentence);
  /* Asked once more, it may say yes meanwhile; but then nothing was sent all the same. */
  else if (verdict->kind == ASSAY_VERDICT_CANCELLED || check (context, arguments, assessment, item))
    g_set_error_literal (&item->error, ASSAY_ERROR, ASSAY_ERROR_INVALID, verdict->sentence);
}

/* (transfer full) (array length=n_drafts): of those that have no error */
static AssayInvitationDraft *
make_drafts (CtlArguments    *arguments,
             AssayAssessment *assessment,
             CtlResults      *results,
             guint           *n_drafts)
{
  AssayInvitationDraft *drafts = g_new0 (AssayInvitationDraft, results->length);
  guint n = 0;

  for (guint i = 0; i < results->length; i++)
    if (results->items[i].error == NULL)
      drafts[n++] = make_draft (arguments, results->items[i].application_id, assessment->id);
  *n_drafts = n;
  return drafts;
}

/* (transfer full) (nullable) (element-type AssayVerdict): one for each draft */
static GPtrArray *
judge (CtlContext                  *context,
       const AssayInvitationDraft  *drafts,
       guint                        n_drafts,
       GError                     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_service_check_invitations_async (context->service, drafts, n_drafts, context->cancellable, ctl_context_done,
                                         context);
  result = ctl_context_wait (context);
  return assay_service_check_invitations_finish (context->service, result, error);
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
  const char *first_name = application != NULL ? application->first_name : NULL;
  const char *last_name = application != NULL ? application->last_name : NULL;
  const char *email = application != NULL ? application->email : NULL;

  ctl_json_begin_object (json);
  ctl_result_add_lines (json, result);
  ctl_json_id (json, "application", ASSAY_ID_APPLICATION, result->application_id);
  ctl_json_id (json, "assessment", ASSAY_ID_ASSESSMENT, assessment->id);
  ctl_json_string (json, "assessment_name", assessment->name);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, assessment->connection_id);
  ctl_json_string (json, "first_name", draft.first_name != NULL ? draft.first_name : first_name);
  ctl_json_string (json, "last_name", draft.last_name != NULL ? draft.last_name : last_name);
  ctl_json_string (json, "email", draft.email != NULL ? draft.email : email);
  ctl_json_time (json, "deadline", draft.deadline);
  ctl_json_boolean (json, "dry_run", TRUE);
  ctl_json_error (json, "error", result->error, result->invitation_id);
  ctl_json_end_object (json);
}

/* (transfer full) (nullable): the name that @application would be invited under */
static char *
dup_name (CtlArguments           *arguments,
          const AssayApplication *application)
{
  const char *first_name = ctl_arguments_get (arguments, "first-name");
  const char *last_name = ctl_arguments_get (arguments, "last-name");

  if (first_name == NULL && last_name == NULL)
    return g_strdup (application->full_name);
  first_name = first_name != NULL ? first_name : application->first_name;
  last_name = last_name != NULL ? last_name : application->last_name;
  return g_strjoin (" ", first_name != NULL ? first_name : "", last_name, NULL);
}

static void
add_preview_row (CtlContext      *context,
                 CtlArguments    *arguments,
                 const CtlResult *result,
                 gboolean         with_lines,
                 CtlTable        *table)
{
  g_autoptr (AssayApplication) application = ctl_load_application (context, result->application_id, NULL);
  g_autofree char *id = result->application_id != 0
                          ? assay_id_format (ASSAY_ID_APPLICATION, result->application_id) : NULL;
  g_autofree char *problem = result->error != NULL ? ctl_output_dup_message (result->error) : NULL;
  g_autofree char *lines = ctl_result_dup_lines (result);
  g_autofree char *name = application != NULL ? dup_name (arguments, application) : g_strdup (result->text);
  const char *email = ctl_arguments_get (arguments, "email");
  const char *outcome = result->error == NULL ? _("would be sent") : _("would not be sent");

  if (email == NULL && application != NULL)
    email = application->email;
  if (with_lines)
    ctl_table_add_row (table, lines, id, name, email, outcome, problem);
  else
    ctl_table_add_row (table, id, name, email, outcome, problem);
}

static void
print_preview (CtlContext      *context,
               CtlArguments    *arguments,
               AssayAssessment *assessment,
               CtlResults      *results)
{
  gboolean many = results->length > 1 || results->from_file;

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      if (many)
        ctl_json_begin_array (json);
      for (guint i = 0; i < results->length; i++)
        add_preview (context, arguments, assessment, &results->items[i], json);
      if (many)
        ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table =
        results->from_file
          ? ctl_table_new (_("Line"), _("Application"), _("Candidate"), _("Email"), _("Outcome"), _("Problem"), NULL)
          : ctl_table_new (_("Application"), _("Candidate"), _("Email"), _("Outcome"), _("Problem"), NULL);

      for (guint i = 0; i < results->length; i++)
        add_preview_row (context, arguments, &results->items[i], results->from_file, table);
      ctl_table_print (table, "");
    }
}

static gboolean
preview (CtlContext       *context,
         CtlArguments     *arguments,
         AssayAssessment  *assessment,
         CtlResults       *results,
         GError          **error)
{
  guint n_drafts = 0, n = 0;
  g_autofree AssayInvitationDraft *drafts = make_drafts (arguments, assessment, results, &n_drafts);
  g_autoptr (GPtrArray) verdicts = judge (context, drafts, n_drafts, error);
  const GError *worst;

  if (verdicts == NULL)
    return FALSE;
  for (guint i = 0; i < results->length; i++)
    {
      const AssayVerdict *verdict;

      if (results->items[i].error != NULL)
        continue;
      verdict = g_ptr_array_index (verdicts, n++);
      if (verdict->kind != ASSAY_VERDICT_READY)
        take_verdict (context, arguments, assessment, verdict, &results->items[i]);
    }

  worst = ctl_results_get_worst (results);
  ctl_results_sort (results);
  if (results->length == 1)
    context->invitation = results->items[0].invitation_id;
  if (results->length > 1 || results->from_file || worst == NULL)
    print_preview (context, arguments, assessment, results);
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

  if (g_cancellable_is_cancelled (context->cancellable))
    {
      g_set_error_literal (&item->error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           _("The command was interrupted before the invitation was queued. Nothing was sent."));
      return;
    }
  /* Not to be interrupted: whether it was queued must be known. */
  assay_service_invite_async (context->service, &draft, NULL, ctl_context_done, context);
  result = ctl_context_wait (context);
  item->invitation_id = assay_service_invite_finish (context->service, result, &item->error);
  if (item->error != NULL)
    explain_duplicate (context, arguments, assessment, item);
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
      ctl_show_sending (context, i, results->length);
      if (stop == NULL && g_cancellable_is_cancelled (context->cancellable))
        stop = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_FAILED, _("The command was interrupted."));
      if (stop != NULL)
        item->error = g_error_copy (stop);
      else if (ctl_send_invitation (context, item->invitation_id, &item->error))
        continue;
      else if (ctl_error_concerns_connection (item->error) || ctl_error_concerns_storage (item->error))
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
  g_autoptr (GHashTable) positions = g_hash_table_new (g_int64_hash, g_int64_equal);
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
  results->from_file = TRUE;
  for (guint i = 0; i < roster->len; i++)
    {
      const AssayRosterRow *row = g_ptr_array_index (roster, i);
      CtlResult *item = &results->items[n];

      if (row->kind == ASSAY_ROSTER_TWICE)
        {
          item = g_hash_table_lookup (positions, &row->application_id);
          if (item->repeated == NULL)
            item->repeated = g_array_new (FALSE, FALSE, sizeof (guint));
          g_array_append_val (item->repeated, row->line);
          continue;
        }
      item->line = row->line;
      item->text = g_strdup (row->text);
      if (ctl_roster_row_is_problem (row))
        item->error = ctl_roster_make_error (row);
      else
        item->application_id = row->application_id;
      if (item->error == NULL)
        g_hash_table_insert (positions, &item->application_id, item);
      n++;
    }
  results->length = n;
  return results;
}

static gpointer
read_invitation_ids (AssayDatabase  *database,
                     gpointer        data,
                     GError        **error)
{
  return assay_batches_list_invitation_ids (database, *(const gint64 *) data, 0, error);
}

/* Sets what kept a batch from being put into the outbox, which it will be by the next process. */
static void
set_kept (gint64        batch_id,
          const GError *cause,
          GError      **error)
{
  gboolean interrupted = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *id = assay_id_format (ASSAY_ID_BATCH, batch_id);

  g_set_error (error, ASSAY_ERROR, interrupted ? ASSAY_ERROR_FAILED : cause->code,
               /* Translators: %1$s is a whole sentence, %2$s a batch's id */
               _("%1$s Nothing is lost: the list is kept as batch %2$s, and “assayctl outbox run” goes on with it."),
               interrupted ? _("The command was interrupted.") : cause->message, id);
}

/* Writes everybody without an error, of whom there is one at least, down as one batch, which the window and “assayctl batch”
 * show: 0 on error. What stands in the way of all is an error of its own, and no batch comes of it. */
static gint64
queue_batch (CtlContext       *context,
             CtlArguments     *arguments,
             AssayAssessment  *assessment,
             CtlResults       *results,
             const char       *path,
             GError          **error)
{
  guint n_drafts = 0;
  g_autofree AssayInvitationDraft *drafts = make_drafts (arguments, assessment, results, &n_drafts);
  g_autofree char *title = g_str_equal (path, "-") ? NULL : g_path_get_basename (path);
  g_autoptr (GPtrArray) first = judge (context, drafts, 1, error);
  g_autoptr (GAsyncResult) result = NULL, prepared = NULL;
  g_autoptr (GError) local_error = NULL;
  gint64 id;

  if (first == NULL)
    return 0;
  if (((const AssayVerdict *) g_ptr_array_index (first, 0))->kind == ASSAY_VERDICT_OTHER)
    {
      CtlResult item = { .application_id = drafts[0].application_id };

      take_verdict (context, arguments, assessment, g_ptr_array_index (first, 0), &item);
      g_propagate_error (error, item.error);
      return 0;
    }

  /* Not to be interrupted: whether the list was written down must be known. */
  assay_service_invite_batch_async (context->service, drafts, n_drafts, title, NULL, ctl_context_done, context);
  result = ctl_context_wait (context);
  id = assay_service_invite_batch_finish (context->service, result, error);
  if (id == 0)
    return 0;
  assay_service_prepare_batches_async (context->service, context->cancellable, ctl_context_done, context);
  prepared = ctl_context_wait (context);
  if (assay_service_prepare_batches_finish (context->service, prepared, &local_error))
    return id;
  set_kept (id, local_error, error);
  return 0;
}

/* Finds out what became of everybody of @results in the batch: an invitation, or the reason why there is none. */
static gboolean
find_invitations (CtlContext       *context,
                  CtlArguments     *arguments,
                  AssayAssessment  *assessment,
                  CtlResults       *results,
                  gint64            batch_id,
                  GError          **error)
{
  g_autoptr (GHashTable) items = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) set_aside = ctl_load_set_aside (context, batch_id, error);
  g_autoptr (GArray) ids = NULL;

  if (set_aside == NULL)
    return FALSE;
  ids = ctl_context_read (context, read_invitation_ids, &batch_id, error);
  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < results->length; i++)
    if (results->items[i].error == NULL)
      g_hash_table_insert (items, &results->items[i].application_id, &results->items[i]);
  for (guint i = 0; i < set_aside->len; i++)
    {
      const AssayVerdict *verdict = g_ptr_array_index (set_aside, i);
      CtlResult *item = g_hash_table_lookup (items, &verdict->application_id);

      if (item != NULL)
        take_verdict (context, arguments, assessment, verdict, item);
    }
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (AssayInvitation) invitation = ctl_load_invitation (context, g_array_index (ids, gint64, i), NULL);
      CtlResult *item = invitation != NULL ? g_hash_table_lookup (items, &invitation->application_id) : NULL;

      if (item != NULL)
        item->invitation_id = invitation->id;
    }
  for (guint i = 0; i < results->length; i++)
    if (results->items[i].error == NULL && results->items[i].invitation_id == 0)
      g_set_error_literal (&results->items[i].error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           _("Somebody took the invitation back before it left. Nothing was sent."));
  return TRUE;
}

static gboolean
has_anybody (CtlResults *results)
{
  for (guint i = 0; i < results->length; i++)
    if (results->items[i].error == NULL)
      return TRUE;
  return FALSE;
}

static gboolean
invite_from_file (CtlContext       *context,
                  CtlArguments     *arguments,
                  AssayAssessment  *assessment,
                  const char       *path,
                  GError          **error)
{
  g_autoptr (CtlResults) results = read_file (context, arguments, path, error);
  gint64 batch_id;

  if (results == NULL)
    return FALSE;
  if (ctl_arguments_has (arguments, "dry-run"))
    return preview (context, arguments, assessment, results, error);
  if (!has_anybody (results))
    return ctl_results_print (context, results, error);
  batch_id = queue_batch (context, arguments, assessment, results, path, error);
  if (batch_id == 0)
    return FALSE;
  if (ctl_arguments_has (arguments, "no-wait"))
    return ctl_print_batch (context, batch_id, results, error);
  if (!find_invitations (context, arguments, assessment, results, batch_id, error))
    return FALSE;
  send_all (context, results);
  return ctl_results_print (context, results, error);
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
  if (file == NULL && ctl_arguments_has (arguments, "skip-problems"))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("“--skip-problems” is about the rows of a file, so it goes with “--from-csv FILE”."));
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
    return invite_from_file (context, arguments, assessment, file, error);

  results = ctl_results_new (ids->len);
  for (guint i = 0; i < results->length; i++)
    {
      CtlResult *item = &results->items[i];
      g_autoptr (AssayApplication) application = NULL;

      item->application_id = g_array_index (ids, gint64, i);
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
