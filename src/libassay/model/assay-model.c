/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, copying and freeing the values of the model. What they mean as words and numbers is in
 * assay-model-values.c. */
#include "config.h"

#include "assay-model.h"

/* GPtrArrays of model values, copied with the values in them. */
static GPtrArray *
copy_values (GPtrArray      *values,
             GCopyFunc       copy,
             GDestroyNotify  free)
{
  GPtrArray *result = g_ptr_array_new_full (values != NULL ? values->len : 0, free);

  for (guint i = 0; values != NULL && i < values->len; i++)
    g_ptr_array_add (result, copy (g_ptr_array_index (values, i), NULL));
  return result;
}

/* ---- Connections ---- */

AssayConnection *
assay_connection_new (void)
{
  AssayConnection *connection = g_new0 (AssayConnection, 1);

  connection->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return connection;
}

AssayConnection *
assay_connection_copy (const AssayConnection *connection)
{
  AssayConnection *copy = assay_connection_new ();
  GHashTable *settings = copy->settings;
  GHashTableIter iter;
  gpointer key, value;

  *copy = *connection;
  copy->settings = settings;
  copy->kind = g_strdup (connection->kind);
  copy->name = g_strdup (connection->name);
  copy->secret_id = g_strdup (connection->secret_id);
  copy->account = g_strdup (connection->account);
  copy->reason_code = g_strdup (connection->reason_code);
  copy->reason = g_strdup (connection->reason);
  copy->remedy = g_strdup (connection->remedy);
  copy->cursor = g_strdup (connection->cursor);

  if (connection->settings != NULL)
    {
      g_hash_table_iter_init (&iter, connection->settings);
      while (g_hash_table_iter_next (&iter, &key, &value))
        g_hash_table_insert (copy->settings, g_strdup (key), g_strdup (value));
    }
  return copy;
}

void
assay_connection_free (AssayConnection *connection)
{
  if (connection == NULL)
    return;
  g_free (connection->kind);
  g_free (connection->name);
  g_free (connection->secret_id);
  g_clear_pointer (&connection->settings, g_hash_table_unref);
  g_free (connection->account);
  g_free (connection->reason_code);
  g_free (connection->reason);
  g_free (connection->remedy);
  g_free (connection->cursor);
  g_free (connection);
}

const char *
assay_connection_get_setting (const AssayConnection *connection,
                              const char            *key)
{
  if (connection->settings == NULL)
    return NULL;
  return g_hash_table_lookup (connection->settings, key);
}

/* ---- Jobs ---- */

AssayStage *
assay_stage_new (void)
{
  return g_new0 (AssayStage, 1);
}

void
assay_stage_free (AssayStage *stage)
{
  if (stage == NULL)
    return;
  g_free (stage->remote_id);
  g_free (stage->name);
  g_free (stage->kind);
  g_free (stage);
}

AssayJob *
assay_job_new (void)
{
  AssayJob *job = g_new0 (AssayJob, 1);

  job->stages = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stage_free);
  return job;
}

void
assay_job_free (AssayJob *job)
{
  if (job == NULL)
    return;
  g_free (job->remote_id);
  g_free (job->title);
  g_free (job->status);
  g_free (job->department);
  g_free (job->location);
  g_free (job->url);
  g_clear_pointer (&job->stages, g_ptr_array_unref);
  g_free (job);
}

/* ---- Applications ---- */

AssayDocument *
assay_document_new (const char *context,
                    const char *filename,
                    const char *url)
{
  AssayDocument *document = g_new0 (AssayDocument, 1);

  document->context = g_strdup (context);
  document->filename = g_strdup (filename);
  document->url = g_strdup (url);
  return document;
}

static gpointer
copy_document (gconstpointer source,
               gpointer      unused)
{
  const AssayDocument *document = source;

  return assay_document_new (document->context, document->filename, document->url);
}

void
assay_document_free (AssayDocument *document)
{
  if (document == NULL)
    return;
  g_free (document->context);
  g_free (document->filename);
  g_free (document->url);
  g_free (document);
}

AssayApplication *
assay_application_new (void)
{
  AssayApplication *application = g_new0 (AssayApplication, 1);

  application->tags = g_new0 (char *, 1);
  application->documents = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_document_free);
  return application;
}

AssayApplication *
assay_application_copy (const AssayApplication *application)
{
  AssayApplication *copy = g_new0 (AssayApplication, 1);

  *copy = *application;
  copy->connection_name = g_strdup (application->connection_name);
  copy->remote_id = g_strdup (application->remote_id);
  copy->job_remote_id = g_strdup (application->job_remote_id);
  copy->job_title = g_strdup (application->job_title);
  copy->stage_remote_id = g_strdup (application->stage_remote_id);
  copy->stage_name = g_strdup (application->stage_name);
  copy->stage_kind = g_strdup (application->stage_kind);
  copy->first_name = g_strdup (application->first_name);
  copy->last_name = g_strdup (application->last_name);
  copy->full_name = g_strdup (application->full_name);
  copy->email = g_strdup (application->email);
  copy->phone = g_strdup (application->phone);
  copy->location = g_strdup (application->location);
  copy->linkedin_url = g_strdup (application->linkedin_url);
  copy->source = g_strdup (application->source);
  copy->summary = g_strdup (application->summary);
  copy->tags = application->tags != NULL ? g_strdupv (application->tags) : g_new0 (char *, 1);
  copy->url = g_strdup (application->url);
  if (application->documents != NULL)
    copy->documents = copy_values (application->documents, copy_document, (GDestroyNotify) assay_document_free);
  copy->invitation_status_text = g_strdup (application->invitation_status_text);
  if (application->invitation_score != NULL)
    copy->invitation_score = assay_score_copy (application->invitation_score);
  return copy;
}

void
assay_application_free (AssayApplication *application)
{
  if (application == NULL)
    return;
  g_free (application->connection_name);
  g_free (application->remote_id);
  g_free (application->job_remote_id);
  g_free (application->job_title);
  g_free (application->stage_remote_id);
  g_free (application->stage_name);
  g_free (application->stage_kind);
  g_free (application->first_name);
  g_free (application->last_name);
  g_free (application->full_name);
  g_free (application->email);
  g_free (application->phone);
  g_free (application->location);
  g_free (application->linkedin_url);
  g_free (application->source);
  g_free (application->summary);
  g_strfreev (application->tags);
  g_free (application->url);
  g_clear_pointer (&application->documents, g_ptr_array_unref);
  g_free (application->invitation_status_text);
  assay_score_free (application->invitation_score);
  g_free (application);
}

/* ---- Assessments ---- */

AssayAssessment *
assay_assessment_new (void)
{
  return g_new0 (AssayAssessment, 1);
}

AssayAssessment *
assay_assessment_copy (const AssayAssessment *assessment)
{
  AssayAssessment *copy = g_new0 (AssayAssessment, 1);

  *copy = *assessment;
  copy->connection_name = g_strdup (assessment->connection_name);
  copy->remote_id = g_strdup (assessment->remote_id);
  copy->name = g_strdup (assessment->name);
  return copy;
}

void
assay_assessment_free (AssayAssessment *assessment)
{
  if (assessment == NULL)
    return;
  g_free (assessment->connection_name);
  g_free (assessment->remote_id);
  g_free (assessment->name);
  g_free (assessment);
}

/* ---- Invitations ---- */

AssayScore *
assay_score_new (const char *name,
                 double      value,
                 double      max,
                 AssayUnit   unit)
{
  AssayScore *score = g_new0 (AssayScore, 1);

  score->name = g_strdup (name);
  score->value = value;
  score->max = max;
  score->unit = unit;
  return score;
}

AssayScore *
assay_score_copy (const AssayScore *score)
{
  return assay_score_new (score->name, score->value, score->max, score->unit);
}

static gpointer
copy_score (gconstpointer source,
            gpointer      unused)
{
  return assay_score_copy (source);
}

void
assay_score_free (AssayScore *score)
{
  if (score == NULL)
    return;
  g_free (score->name);
  g_free (score);
}

AssayInvitationEvent *
assay_invitation_event_new (void)
{
  return g_new0 (AssayInvitationEvent, 1);
}

static gpointer
copy_event (gconstpointer source,
            gpointer      unused)
{
  const AssayInvitationEvent *event = source;
  AssayInvitationEvent *copy = assay_invitation_event_new ();

  copy->at = event->at;
  copy->status = event->status;
  copy->status_text = g_strdup (event->status_text);
  copy->source = g_strdup (event->source);
  return copy;
}

void
assay_invitation_event_free (AssayInvitationEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->status_text);
  g_free (event->source);
  g_free (event);
}

AssayInvitation *
assay_invitation_new (void)
{
  AssayInvitation *invitation = g_new0 (AssayInvitation, 1);

  invitation->scores = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_score_free);
  invitation->flags = g_new0 (char *, 1);
  invitation->history = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_invitation_event_free);
  return invitation;
}

AssayInvitation *
assay_invitation_copy (const AssayInvitation *invitation)
{
  AssayInvitation *copy = g_new0 (AssayInvitation, 1);

  *copy = *invitation;
  copy->candidate_name = g_strdup (invitation->candidate_name);
  copy->first_name = g_strdup (invitation->first_name);
  copy->last_name = g_strdup (invitation->last_name);
  copy->email = g_strdup (invitation->email);
  copy->job_title = g_strdup (invitation->job_title);
  copy->assessment_remote_id = g_strdup (invitation->assessment_remote_id);
  copy->assessment_name = g_strdup (invitation->assessment_name);
  copy->connection_name = g_strdup (invitation->connection_name);
  copy->connection_kind = g_strdup (invitation->connection_kind);
  copy->remote_id = g_strdup (invitation->remote_id);
  copy->status_text = g_strdup (invitation->status_text);
  copy->error = g_strdup (invitation->error);
  if (invitation->score != NULL)
    copy->score = assay_score_copy (invitation->score);
  copy->scores = copy_values (invitation->scores, copy_score, (GDestroyNotify) assay_score_free);
  copy->flags = invitation->flags != NULL ? g_strdupv (invitation->flags) : g_new0 (char *, 1);
  copy->report_url = g_strdup (invitation->report_url);
  copy->link = g_strdup (invitation->link);
  copy->raw = g_strdup (invitation->raw);
  copy->cause = g_strdup (invitation->cause);
  copy->history = copy_values (invitation->history, copy_event, (GDestroyNotify) assay_invitation_event_free);
  return copy;
}

void
assay_invitation_free (AssayInvitation *invitation)
{
  if (invitation == NULL)
    return;
  g_free (invitation->candidate_name);
  g_free (invitation->first_name);
  g_free (invitation->last_name);
  g_free (invitation->email);
  g_free (invitation->job_title);
  g_free (invitation->assessment_remote_id);
  g_free (invitation->assessment_name);
  g_free (invitation->connection_name);
  g_free (invitation->connection_kind);
  g_free (invitation->remote_id);
  g_free (invitation->status_text);
  g_free (invitation->error);
  assay_score_free (invitation->score);
  g_clear_pointer (&invitation->scores, g_ptr_array_unref);
  g_strfreev (invitation->flags);
  g_free (invitation->report_url);
  g_free (invitation->link);
  g_free (invitation->raw);
  g_free (invitation->cause);
  g_clear_pointer (&invitation->history, g_ptr_array_unref);
  g_free (invitation);
}

AssayResult *
assay_result_new (void)
{
  AssayResult *result = g_new0 (AssayResult, 1);

  result->scores = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_score_free);
  return result;
}

void
assay_result_free (AssayResult *result)
{
  if (result == NULL)
    return;
  g_free (result->status_text);
  assay_score_free (result->score);
  g_clear_pointer (&result->scores, g_ptr_array_unref);
  g_strfreev (result->flags);
  g_free (result->report_url);
  g_free (result->raw);
  g_free (result);
}

/* ---- Outbox ---- */

AssayOutboxRow *
assay_outbox_row_new (void)
{
  return g_new0 (AssayOutboxRow, 1);
}

void
assay_outbox_row_free (AssayOutboxRow *row)
{
  if (row == NULL)
    return;
  g_free (row->kind);
  g_free (row->summary);
  g_free (row->natural_key);
  g_free (row->cause);
  g_free (row->last_error);
  g_free (row->evidence);
  g_free (row);
}
