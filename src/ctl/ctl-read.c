/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read from the store: assayctl job, application, assessment and invitation. */
#include "config.h"

#include "ctl-commands.h"

#include <math.h>

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-record.h"
#include "ctl-results.h"

/* What the functions that run in the store are asked for. */
typedef struct
{
  gint64 id;
  gboolean all;
  int status;
  guint limit;
  guint offset;
} Query;

/* ---- job ---- */

static gpointer
read_jobs (AssayDatabase  *database,
           gpointer        data,
           GError        **error)
{
  const Query *query = data;

  return assay_jobs_list (database, query->id, query->all, error);
}

static gpointer
read_job (AssayDatabase  *database,
          gpointer        data,
          GError        **error)
{
  const Query *query = data;

  return assay_jobs_get (database, query->id, error);
}

gboolean
ctl_job_list (CtlContext    *context,
              CtlArguments  *arguments,
              GError       **error)
{
  Query query = { .all = ctl_arguments_has (arguments, "all") };
  g_autoptr (GPtrArray) jobs = NULL;

  if (!ctl_arguments_get_id (arguments, "connection", ASSAY_ID_CONNECTION, &query.id, error))
    return FALSE;
  if (query.id != 0)
    {
      g_autoptr (AssayConnection) connection = ctl_load_connection (context, query.id, error);

      if (connection == NULL)
        return FALSE;
    }
  jobs = ctl_context_read (context, read_jobs, &query, error);
  if (jobs == NULL)
    return FALSE;

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < jobs->len; i++)
        ctl_record_add_job (json, g_ptr_array_index (jobs, i));
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table =
        ctl_table_new (_("Id"), _("Title"), _("Status"), _("Applications"), _("Stages"), NULL);

      for (guint i = 0; i < jobs->len; i++)
        {
          const AssayJob *job = g_ptr_array_index (jobs, i);
          g_autofree char *id = assay_id_format (ASSAY_ID_JOB, job->id);
          g_autofree char *applications = g_strdup_printf ("%u", job->applications);
          g_autoptr (GString) stages = g_string_new (NULL);

          for (guint k = 0; job->stages != NULL && k < job->stages->len; k++)
            g_string_append_printf (stages, "%s%s", k > 0 ? ", " : "",
                                    ((const AssayStage *) g_ptr_array_index (job->stages, k))->name);
          ctl_table_add_row (table, id, job->title, job->status, applications, stages->str);
        }
      ctl_table_print (table, _("There are no jobs here yet; “assayctl sync” reads them."));
    }
  return TRUE;
}

/* ---- application ---- */

/* Applications are written out as they are read, so that a long list isn't in memory twice. */
typedef struct
{
  const AssayApplicationFilter *filter;
  guint limit;
  guint offset;
  CtlJson *json;     /* (nullable) one of both */
  CtlTable *table;
} Listing;

/* Rows read at once. */
#define PAGE 5000

static void
add_application_row (CtlTable               *table,
                     const AssayApplication *application)
{
  g_autofree char *id = assay_id_format (ASSAY_ID_APPLICATION, application->id);
  g_autofree char *changed = ctl_record_dup_time (application->updated_at);

  ctl_table_add_row (table, id, application->full_name, application->job_title, application->stage_name,
                     application->email,
                     application->invitation_id != 0
                       ? assay_invitation_status_get_label (application->invitation_status) : NULL,
                     changed);
}

/* All pages in one snapshot of the store. A search is ranked as a whole and can't be taken apart. */
static gpointer
list_applications (AssayDatabase  *database,
                   gpointer        data,
                   GError        **error)
{
  Listing *listing = data;
  guint most = listing->filter->search != NULL ? listing->limit : PAGE;

  while (listing->limit > 0)
    {
      guint wanted = MIN (listing->limit, most);
      g_autoptr (GPtrArray) page =
        assay_applications_list (database, listing->filter, wanted, listing->offset, error);

      if (page == NULL)
        return NULL;
      for (guint i = 0; i < page->len; i++)
        {
          if (listing->json != NULL)
            ctl_record_add_application (listing->json, g_ptr_array_index (page, i));
          else
            add_application_row (listing->table, g_ptr_array_index (page, i));
        }
      if (page->len < wanted)
        break;
      listing->limit -= wanted;
      listing->offset += wanted;
    }
  return NULL;
}

static gboolean
check_job (CtlContext  *context,
           gint64       id,
           GError     **error)
{
  Query query = { .id = id };
  g_autoptr (GError) local_error = NULL;
  g_autoptr (AssayJob) job = ctl_context_read (context, read_job, &query, &local_error);
  g_autofree char *text = assay_id_format (ASSAY_ID_JOB, id);

  if (job != NULL)
    return TRUE;
  if (local_error != NULL && !g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 _("There is no job %s; “assayctl job list --all” shows those there are."), text);
  return FALSE;
}

gboolean
ctl_application_list (CtlContext    *context,
                      CtlArguments  *arguments,
                      GError       **error)
{
  g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();
  g_autoptr (GError) local_error = NULL;
  g_autoptr (CtlJson) json = NULL;
  g_autoptr (CtlTable) table = NULL;
  Listing listing = { .filter = filter, .limit = G_MAXINT32 };

  if (!ctl_arguments_get_id (arguments, "job", ASSAY_ID_JOB, &filter->job_id, error) ||
      !ctl_arguments_get_id (arguments, "connection", ASSAY_ID_CONNECTION, &filter->connection_id, error) ||
      !ctl_arguments_get_number (arguments, "limit", 1, &listing.limit, error) ||
      !ctl_arguments_get_number (arguments, "offset", 0, &listing.offset, error))
    return FALSE;
  filter->stage_name = g_strdup (ctl_arguments_get (arguments, "stage"));
  filter->search = g_strdup (ctl_arguments_get (arguments, "search"));
  filter->invitation_status = ASSAY_FILTER_ANY_STATUS;
  filter->include_archived = !ctl_arguments_has (arguments, "active");

  if (filter->connection_id != 0)
    {
      g_autoptr (AssayConnection) connection = ctl_load_connection (context, filter->connection_id, error);

      if (connection == NULL)
        return FALSE;
    }
  if (filter->job_id != 0 && !check_job (context, filter->job_id, error))
    return FALSE;

  if (context->json)
    {
      json = listing.json = ctl_json_new ();
      ctl_json_begin_array (json);
    }
  else
    {
      table = listing.table = ctl_table_new (_("Id"), _("Name"), _("Job"), _("Stage"), _("Email"),
                                             _("Assessment"), _("Changed"), NULL);
    }
  ctl_context_read (context, list_applications, &listing, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (json != NULL)
    {
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      ctl_table_print (table, filter->search != NULL || filter->stage_name != NULL || filter->job_id != 0
                                ? _("No application matches.")
                                : _("There are no applications here yet; “assayctl sync” reads them."));
    }
  return TRUE;
}

static gpointer
read_invitations (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  const Query *query = data;

  return assay_invitations_list (database, query->id, query->status, query->limit, query->offset, error);
}

static void
print_application (CtlContext             *context,
                   const AssayApplication *application,
                   GPtrArray              *invitations)
{
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_record_add_application_members (json, application, TRUE);
      ctl_json_member (json, "invitations");
      ctl_json_begin_array (json);
      for (guint i = 0; i < invitations->len; i++)
        ctl_record_add_invitation (json, g_ptr_array_index (invitations, i), FALSE);
      ctl_json_end_array (json);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *id = assay_id_format (ASSAY_ID_APPLICATION, application->id);
      g_autofree char *tags = application->tags != NULL ? g_strjoinv (", ", application->tags) : NULL;

      ctl_describe (text, _("Application"), id);
      ctl_describe (text, _("Name"), application->full_name);
      ctl_describe (text, _("Email"), application->email);
      ctl_describe (text, _("Phone"), application->phone);
      ctl_describe (text, _("Location"), application->location);
      ctl_describe (text, _("Job"), application->job_title);
      ctl_describe (text, _("Stage"), application->stage_name);
      ctl_describe (text, _("Source"), application->source);
      ctl_describe (text, _("Tags"), tags);
      ctl_describe (text, _("Page"), application->url);
      for (guint i = 0; application->documents != NULL && i < application->documents->len; i++)
        ctl_describe (text, _("Document"),
                      ((const AssayDocument *) g_ptr_array_index (application->documents, i))->filename);
      if (application->gone)
        ctl_describe (text, _("Note"), _("It is no longer in the applicant tracking system."));
      else if (application->archived)
        ctl_describe (text, _("Note"), _("It is closed in the applicant tracking system."));
      ctl_output_text (text->str);

      if (invitations->len > 0)
        {
          g_autoptr (CtlTable) table = ctl_record_new_invitation_table ();

          for (guint i = 0; i < invitations->len; i++)
            ctl_record_add_invitation_row (table, g_ptr_array_index (invitations, i));
          ctl_output_text ("\n");
          ctl_table_print (table, "");
        }
    }
}

gboolean
ctl_application_show (CtlContext    *context,
                      CtlArguments  *arguments,
                      GError       **error)
{
  Query query = { .status = -1 };
  g_autoptr (AssayApplication) application = NULL;
  g_autoptr (GPtrArray) invitations = NULL;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_APPLICATION, &query.id, error))
    return FALSE;
  application = ctl_load_application (context, query.id, error);
  if (application == NULL)
    return FALSE;
  invitations = ctl_context_read (context, read_invitations, &query, error);
  if (invitations == NULL)
    return FALSE;
  print_application (context, application, invitations);
  return TRUE;
}

/* ---- assessment ---- */

static gpointer
read_assessments (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  const Query *query = data;

  return assay_assessments_list (database, query->id, TRUE, error);
}

/* Asks the provider, or all of them. */
static gboolean
refresh_assessments (CtlContext  *context,
                     gint64       connection_id,
                     GError     **error)
{
  AssayService *service = ctl_context_get_service (context, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (service == NULL)
    return FALSE;
  assay_service_refresh_assessments_async (service, connection_id, context->cancellable, ctl_context_done,
                                           context);
  result = ctl_context_wait (context);
  return assay_service_refresh_assessments_finish (service, result, error);
}

gboolean
ctl_assessment_list (CtlContext    *context,
                     CtlArguments  *arguments,
                     GError       **error)
{
  Query query = { 0 };
  g_autoptr (GPtrArray) assessments = NULL;

  if (ctl_arguments_get_count (arguments) > 0)
    {
      g_autoptr (AssayConnection) connection = NULL;

      if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &query.id, error))
        return FALSE;
      connection = ctl_load_connection (context, query.id, error);
      if (connection == NULL)
        return FALSE;
      if (connection->role != ASSAY_ROLE_PROVIDER)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       _("“%s” is an applicant tracking system and has no assessments; give the "
                         "connection of a provider."),
                       connection->name);
          return FALSE;
        }
    }
  if (ctl_arguments_has (arguments, "refresh") && !refresh_assessments (context, query.id, error))
    return FALSE;
  assessments = ctl_context_read (context, read_assessments, &query, error);
  if (assessments == NULL)
    return FALSE;

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < assessments->len; i++)
        ctl_record_add_assessment (json, g_ptr_array_index (assessments, i));
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table = ctl_table_new (_("Id"), _("Name"), _("Provider"), _("Can be sent"), NULL);

      for (guint i = 0; i < assessments->len; i++)
        {
          const AssayAssessment *assessment = g_ptr_array_index (assessments, i);
          g_autofree char *id = assay_id_format (ASSAY_ID_ASSESSMENT, assessment->id);

          ctl_table_add_row (table, id, assessment->name, assessment->connection_name,
                             assessment->active ? _("yes") : _("no"));
        }
      ctl_table_print (table, _("There are no assessments here yet; enabling a provider reads them."));
    }
  return TRUE;
}

/* ---- invitation ---- */

/* (transfer full): every status, as the command line spells it */
static char *
dup_status_list (void)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (int status = 0; status < ASSAY_N_INVITATION_STATUSES; status++)
    g_string_append_printf (list, "%s%s", status > 0 ? ", " : "",
                            assay_invitation_status_to_string ((AssayInvitationStatus) status));
  return g_string_free (g_steal_pointer (&list), FALSE);
}

gboolean
ctl_arguments_get_status (CtlArguments  *arguments,
                          const char    *option,
                          int           *status,
                          GError       **error)
{
  const char *text = ctl_arguments_get (arguments, option);
  AssayInvitationStatus parsed;
  g_autofree char *list = NULL;

  if (text == NULL)
    return TRUE;
  if (assay_invitation_status_from_string (text, &parsed))
    {
      *status = (int) parsed;
      return TRUE;
    }
  list = dup_status_list ();
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               /* Translators: %1$s is what the user typed, %2$s an option, %3$s a list */
               _("“%1$s” is no status; “--%2$s” takes one of: %3$s."), text, option, list);
  return FALSE;
}

gboolean
ctl_invitation_list (CtlContext    *context,
                     CtlArguments  *arguments,
                     GError       **error)
{
  Query query = { .status = -1 };
  g_autoptr (GPtrArray) invitations = NULL;

  if (!ctl_arguments_get_id (arguments, "application", ASSAY_ID_APPLICATION, &query.id, error) ||
      !ctl_arguments_get_status (arguments, "status", &query.status, error) ||
      !ctl_arguments_get_number (arguments, "limit", 1, &query.limit, error) ||
      !ctl_arguments_get_number (arguments, "offset", 0, &query.offset, error))
    return FALSE;
  /* Skipping rows needs a limit in SQL. */
  if (query.offset > 0 && query.limit == 0)
    query.limit = G_MAXINT32;
  if (query.id != 0)
    {
      g_autoptr (AssayApplication) application = ctl_load_application (context, query.id, error);

      if (application == NULL)
        return FALSE;
    }
  invitations = ctl_context_read (context, read_invitations, &query, error);
  if (invitations == NULL)
    return FALSE;

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < invitations->len; i++)
        ctl_record_add_invitation (json, g_ptr_array_index (invitations, i), FALSE);
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table = ctl_record_new_invitation_table ();

      for (guint i = 0; i < invitations->len; i++)
        ctl_record_add_invitation_row (table, g_ptr_array_index (invitations, i));
      ctl_table_print (table, query.id != 0 || query.status >= 0
                                ? _("No invitation matches.")
                                : _("Nobody has been invited yet; “assayctl invite” invites."));
    }
  return TRUE;
}

gboolean
ctl_invitation_show (CtlContext    *context,
                     CtlArguments  *arguments,
                     GError       **error)
{
  gint64 id;

  return ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_INVITATION, &id, error) &&
         ctl_print_invitation (context, id, error);
}

static gboolean
refresh_invitation (CtlContext  *context,
                    gint64       id,
                    GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  AssayService *service = ctl_context_get_service (context, error);

  if (service == NULL)
    return FALSE;
  assay_service_refresh_invitation_async (service, id, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  return assay_service_refresh_invitation_finish (service, result, error);
}

gboolean
ctl_invitation_refresh (CtlContext    *context,
                        CtlArguments  *arguments,
                        GError       **error)
{
  g_autoptr (GArray) ids = ctl_arguments_get_ids (arguments, ASSAY_ID_INVITATION, error);
  g_autoptr (CtlResults) results = NULL;

  if (ids == NULL)
    return FALSE;
  results = ctl_results_new (ids->len);
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      g_autoptr (AssayInvitation) invitation = ctl_load_invitation (context, id, &results->items[i].error);

      results->items[i].invitation_id = id;
      if (invitation != NULL)
        refresh_invitation (context, id, &results->items[i].error);
    }
  return ctl_results_print (context, results, error);
}

static gboolean
get_number (CtlArguments  *arguments,
            const char    *option,
            double        *number,
            GError       **error)
{
  const char *text = ctl_arguments_get (arguments, option);
  char *end = NULL;

  *number = NAN;
  if (text == NULL)
    return TRUE;
  *number = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (*number) && *number >= 0)
    return TRUE;
  /* Translators: %1$s is an option's name, %2$s what was given */
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("“--%1$s” takes a number from 0 up, and “%2$s” is none."),
               option, text);
  return FALSE;
}

gboolean
ctl_invitation_set_status (CtlContext    *context,
                           CtlArguments  *arguments,
                           GError       **error)
{
  g_autoptr (GArray) ids = ctl_arguments_get_ids (arguments, ASSAY_ID_INVITATION, error);
  const char *status = ctl_arguments_get (arguments, "status");
  const char *report_url = ctl_arguments_get (arguments, "report-url");
  gboolean percent = ctl_arguments_has (arguments, "percent");
  g_autoptr (AssayResult) entry = assay_result_new ();
  g_autoptr (GAsyncResult) result = NULL;
  AssayService *service;
  double score, max;
  gint64 id;

  if (ids == NULL || !get_number (arguments, "score", &score, error) || !get_number (arguments, "max", &max, error))
    return FALSE;
  id = g_array_index (ids, gint64, 0);
  if (status == NULL || !assay_invitation_status_from_string (status, &entry->status))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say how far it is: “--status” with pending, in-progress, completed, expired or "
                             "cancelled."));
      return FALSE;
    }
  if (report_url != NULL && !g_str_has_prefix (report_url, "https://"))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("The report's address begins with “https://”."));
      return FALSE;
    }
  if (!isnan (score))
    entry->score = assay_score_new (NULL, score, percent ? 100 : max, percent ? ASSAY_UNIT_PERCENT : ASSAY_UNIT_NONE);
  entry->report_url = g_strdup (report_url);

  service = ctl_context_get_service (context, error);
  if (service == NULL)
    return FALSE;
  assay_service_enter_result_async (service, id, g_steal_pointer (&entry), context->cancellable,
                                    ctl_context_done, context);
  result = ctl_context_wait (context);
  return assay_service_enter_result_finish (service, result, error) && ctl_print_invitation (context, id, error);
}
