/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as JSON and as text. JSON is the same in every language; text is translated. */
#include "config.h"

#include "ctl-record.h"

#include <glib/gi18n.h>
#include <math.h>

#include "assay-deadline.h"

/* ---- JSON ---- */

/* The settings in the order of their names, so that the same connection prints the same document. */
static void
add_settings (CtlJson    *json,
              GHashTable *settings)
{
  g_autoptr (GList) names = settings != NULL ? g_hash_table_get_keys (settings) : NULL;

  names = g_list_sort (names, (GCompareFunc) g_strcmp0);
  ctl_json_member (json, "settings");
  ctl_json_begin_object (json);
  for (GList *name = names; name != NULL; name = name->next)
    ctl_json_string (json, name->data, g_hash_table_lookup (settings, name->data));
  ctl_json_end_object (json);
}

void
ctl_record_add_connection (CtlJson               *json,
                           const AssayConnection *connection)
{
  g_auto (GStrv) capabilities = assay_capabilities_to_strings (assay_connector_get_capabilities (connection));

  ctl_json_begin_object (json);
  ctl_json_id (json, "id", ASSAY_ID_CONNECTION, connection->id);
  ctl_json_string (json, "kind", connection->kind);
  ctl_json_string (json, "role", assay_role_to_string (connection->role));
  ctl_json_string (json, "name", connection->name);
  ctl_json_string (json, "state", assay_connection_state_to_string (connection->state));
  ctl_json_string (json, "reason_code", connection->reason_code);
  ctl_json_string (json, "reason", connection->reason);
  ctl_json_string (json, "remedy", connection->remedy);
  ctl_json_integer (json, "removals", connection->removals);
  ctl_json_string (json, "account", connection->account);
  ctl_json_strings (json, "capabilities", (const char *const *) capabilities);
  add_settings (json, connection->settings);
  ctl_json_time (json, "last_contact_at", connection->last_contact_at);
  ctl_json_time (json, "complete_up_to", connection->complete_up_to);
  ctl_json_time (json, "created_at", connection->created_at);
  ctl_json_time (json, "updated_at", connection->updated_at);
  ctl_json_end_object (json);
}

static const char *
setting_type_to_string (AssaySettingType type)
{
  switch (type)
    {
    case ASSAY_SETTING_URL:
      return "url";
    case ASSAY_SETTING_SUBDOMAIN:
      return "subdomain";
    case ASSAY_SETTING_CHOICE:
      return "choice";
    case ASSAY_SETTING_PATH:
      return "path";
    case ASSAY_SETTING_LINKS:
      return "links";
    case ASSAY_SETTING_TEXT:
    default:
      return "text";
    }
}

/* How the kind's webhook is set up. */
static void
add_webhook (CtlJson                       *json,
             const AssayWebhookDescription *webhook)
{
  ctl_json_member (json, "webhook");
  ctl_json_begin_object (json);
  ctl_json_member (json, "events");
  ctl_json_begin_array (json);
  for (const AssayWebhookEventDescription *event = webhook->events; event->name != NULL; event++)
    {
      ctl_json_begin_object (json);
      ctl_json_string (json, "name", event->name);
      ctl_json_string (json, "purpose", event->purpose);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  ctl_json_boolean (json, "one_event", webhook->one_event);
  ctl_json_strings (json, "steps", webhook->steps);
  ctl_json_strings (json, "edit_steps", webhook->edit_steps);
  ctl_json_boolean (json, "address_changes", webhook->address_changes);
  ctl_json_boolean (json, "made_by_api", webhook->made_by_api);
  ctl_json_string (json, "secret", webhook->secret);
  ctl_json_string (json, "who", webhook->who);
  ctl_json_string (json, "first_event", webhook->first_event);
  ctl_json_end_object (json);
}

void
ctl_record_add_kind (CtlJson                         *json,
                     const AssayConnectorDescription *description)
{
  g_auto (GStrv) capabilities = assay_capabilities_to_strings (description->capabilities);

  ctl_json_begin_object (json);
  ctl_json_string (json, "id", description->id);
  ctl_json_string (json, "name", description->name);
  ctl_json_string (json, "role", assay_role_to_string (description->role));
  ctl_json_string (json, "summary", description->summary);
  ctl_json_strings (json, "capabilities", (const char *const *) capabilities);

  ctl_json_member (json, "settings");
  ctl_json_begin_array (json);
  for (const AssaySettingDescription *setting = description->settings; setting->name != NULL; setting++)
    {
      ctl_json_begin_object (json);
      ctl_json_string (json, "name", setting->name);
      ctl_json_string (json, "title", setting->title);
      ctl_json_string (json, "description", setting->description);
      ctl_json_string (json, "type", setting_type_to_string (setting->type));
      ctl_json_boolean (json, "required", setting->required);
      ctl_json_string (json, "default", setting->default_value);
      ctl_json_strings (json, "choices", setting->choices);
      ctl_json_string (json, "example", setting->placeholder);
      ctl_json_string (json, "only_with", setting->only_with);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);

  ctl_json_member (json, "secrets");
  ctl_json_begin_array (json);
  for (const AssaySecretDescription *secret = description->secrets; secret->name != NULL; secret++)
    {
      ctl_json_begin_object (json);
      ctl_json_string (json, "name", secret->name);
      ctl_json_string (json, "title", secret->title);
      ctl_json_boolean (json, "required", secret->required);
      ctl_json_strings (json, "where_to_find", secret->where_to_find);
      ctl_json_string (json, "only_with", secret->only_with);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);

  ctl_json_member (json, "permissions");
  ctl_json_begin_array (json);
  for (const AssayPermissionDescription *permission = description->permissions; permission->name != NULL;
       permission++)
    {
      ctl_json_begin_object (json);
      ctl_json_string (json, "name", permission->name);
      ctl_json_string (json, "access", permission->access);
      ctl_json_boolean (json, "needed", permission->needed);
      ctl_json_string (json, "purpose", permission->purpose);
      ctl_json_string (json, "remedy", permission->remedy);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);

  ctl_json_member (json, "roles");
  ctl_json_begin_array (json);
  for (const AssayRoleDescription *role = description->roles; role != NULL && role->name != NULL; role++)
    {
      ctl_json_begin_object (json);
      ctl_json_string (json, "name", role->name);
      ctl_json_boolean (json, "can_enable", role->can_enable);
      ctl_json_boolean (json, "can_use", role->can_use);
      ctl_json_string (json, "note", role->note);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);

  ctl_json_member (json, "scopes");
  ctl_json_begin_array (json);
  for (const AssayScopeDescription *scope = description->sign_in != NULL ? description->sign_in->scopes : NULL;
       scope != NULL && scope->name != NULL; scope++)
    {
      ctl_json_begin_object (json);
      ctl_json_string (json, "name", scope->name);
      ctl_json_string (json, "purpose", scope->purpose);
      ctl_json_string (json, "only_with", scope->only_with);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);

  ctl_json_member (json, "prerequisites");
  ctl_json_begin_array (json);
  for (const AssayPrerequisiteDescription *prerequisite = description->prerequisites;
       prerequisite != NULL && prerequisite->requirement != NULL; prerequisite++)
    ctl_json_add_string (json, prerequisite->requirement);
  ctl_json_end_array (json);
  ctl_json_strings (json, "disconnect_steps", description->disconnect_steps);
  ctl_json_strings (json, "help_urls", description->help_urls);
  if (description->webhook != NULL)
    add_webhook (json, description->webhook);
  ctl_json_end_object (json);
}

void
ctl_record_add_job (CtlJson        *json,
                    const AssayJob *job)
{
  ctl_json_begin_object (json);
  ctl_json_id (json, "id", ASSAY_ID_JOB, job->id);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, job->connection_id);
  ctl_json_string (json, "remote_id", job->remote_id);
  ctl_json_string (json, "title", job->title);
  ctl_json_string (json, "status", job->status);
  ctl_json_boolean (json, "open", job->open);
  ctl_json_boolean (json, "confidential", job->confidential);
  ctl_json_string (json, "department", job->department);
  ctl_json_string (json, "location", job->location);
  ctl_json_string (json, "url", job->url);
  ctl_json_integer (json, "applications", job->applications);

  ctl_json_member (json, "stages");
  ctl_json_begin_array (json);
  for (guint i = 0; job->stages != NULL && i < job->stages->len; i++)
    {
      const AssayStage *stage = g_ptr_array_index (job->stages, i);

      ctl_json_begin_object (json);
      ctl_json_id (json, "id", ASSAY_ID_STAGE, stage->id);
      ctl_json_string (json, "remote_id", stage->remote_id);
      ctl_json_string (json, "name", stage->name);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);

  /* No job can be linked to an assessment in this version. */
  ctl_json_boolean (json, "mapped", FALSE);
  ctl_json_time (json, "updated_at", job->updated_at);
  ctl_json_end_object (json);
}

void
ctl_record_add_assessment (CtlJson               *json,
                           const AssayAssessment *assessment)
{
  ctl_json_begin_object (json);
  ctl_json_id (json, "id", ASSAY_ID_ASSESSMENT, assessment->id);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, assessment->connection_id);
  ctl_json_string (json, "remote_id", assessment->remote_id);
  ctl_json_string (json, "name", assessment->name);
  ctl_json_boolean (json, "active", assessment->active);
  ctl_json_time (json, "refreshed_at", assessment->refreshed_at);
  ctl_json_end_object (json);
}

/* When it may leave: one that may at once does so from the moment it was queued. */
static gint64
get_due (const AssayOutboxRow *row)
{
  return MAX (row->due_at, row->created_at);
}

void
ctl_record_add_outbox_row (CtlJson              *json,
                           const AssayOutboxRow *row,
                           const char           *candidate)
{
  ctl_json_begin_object (json);
  ctl_json_id (json, "id", ASSAY_ID_OUTBOX, row->id);
  ctl_json_string (json, "kind", row->kind);
  ctl_json_string (json, "summary", row->summary);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, row->connection_id);
  ctl_json_id (json, "application", ASSAY_ID_APPLICATION, row->application_id);
  ctl_json_string (json, "candidate", candidate);
  ctl_json_id (json, "invitation", ASSAY_ID_INVITATION, row->invitation_id);
  ctl_json_id (json, "batch", ASSAY_ID_BATCH, row->batch_id);
  ctl_json_string (json, "state", assay_outbox_state_to_string (row->state));
  ctl_json_boolean (json, "paused", row->held);
  ctl_json_string (json, "cause", row->cause);
  ctl_json_integer (json, "attempts", row->attempts);
  ctl_json_string (json, "last_error", row->last_error);
  ctl_json_time (json, "due_at", get_due (row));
  ctl_json_string (json, "evidence", row->evidence);
  ctl_json_time (json, "created_at", row->created_at);
  ctl_json_end_object (json);
}

void
ctl_record_add_application_members (CtlJson                *json,
                                    const AssayApplication *application,
                                    gboolean                details)
{
  ctl_json_id (json, "id", ASSAY_ID_APPLICATION, application->id);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, application->connection_id);
  ctl_json_string (json, "remote_id", application->remote_id);
  ctl_json_string (json, "first_name", application->first_name);
  ctl_json_string (json, "last_name", application->last_name);
  ctl_json_string (json, "full_name", application->full_name);
  ctl_json_string (json, "email", application->email);
  ctl_json_id (json, "job", ASSAY_ID_JOB, application->job_id);
  ctl_json_string (json, "job_title", application->job_title);
  ctl_json_string (json, "stage", application->stage_name);
  ctl_json_strings (json, "tags", (const char *const *) application->tags);
  ctl_json_string (json, "source", application->source);
  ctl_json_boolean (json, "archived", application->archived);
  ctl_json_boolean (json, "gone", application->gone);
  ctl_json_id (json, "invitation", ASSAY_ID_INVITATION, application->invitation_id);
  ctl_json_string (json, "invitation_status",
                   application->invitation_id != 0
                     ? assay_invitation_status_to_string (application->invitation_status) : NULL);
  ctl_json_time (json, "created_at", application->created_at);
  ctl_json_time (json, "updated_at", application->updated_at);
  if (!details)
    return;

  ctl_json_string (json, "phone", application->phone);
  ctl_json_string (json, "location", application->location);
  ctl_json_string (json, "linkedin_url", application->linkedin_url);
  ctl_json_string (json, "summary", application->summary);
  ctl_json_string (json, "url", application->url);

  /* Notes aren't read from any ATS in this version. */
  ctl_json_member (json, "notes");
  ctl_json_begin_array (json);
  ctl_json_end_array (json);

  ctl_json_member (json, "documents");
  ctl_json_begin_array (json);
  for (guint i = 0; application->documents != NULL && i < application->documents->len; i++)
    {
      const AssayDocument *document = g_ptr_array_index (application->documents, i);

      ctl_json_begin_object (json);
      ctl_json_string (json, "context", document->context);
      ctl_json_string (json, "filename", document->filename);
      ctl_json_string (json, "url", document->url);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
}

void
ctl_record_add_application (CtlJson                *json,
                            const AssayApplication *application)
{
  ctl_json_begin_object (json);
  ctl_record_add_application_members (json, application, FALSE);
  ctl_json_end_object (json);
}

static void
add_score_members (CtlJson          *json,
                   const AssayScore *score)
{
  gboolean percent = score->unit == ASSAY_UNIT_PERCENT;

  ctl_json_number (json, "value", score->value);
  /* The unit names the maximum where the provider doesn't. */
  ctl_json_number (json, "max", percent && isnan (score->max) ? 100.0 : score->max);
  ctl_json_string (json, "unit", percent ? "percent" : NULL);
}

void
ctl_record_add_invitation_members (CtlJson               *json,
                                   const AssayInvitation *invitation,
                                   gboolean               details)
{
  ctl_json_id (json, "id", ASSAY_ID_INVITATION, invitation->id);
  ctl_json_id (json, "application", ASSAY_ID_APPLICATION, invitation->application_id);
  ctl_json_id (json, "assessment", ASSAY_ID_ASSESSMENT, invitation->assessment_id);
  ctl_json_string (json, "assessment_name", invitation->assessment_name);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, invitation->connection_id);
  ctl_json_string (json, "remote_id", invitation->remote_id);
  ctl_json_string (json, "first_name", invitation->first_name);
  ctl_json_string (json, "last_name", invitation->last_name);
  ctl_json_string (json, "email", invitation->email);
  ctl_json_string (json, "job_title", invitation->job_title);
  ctl_json_string (json, "status", assay_invitation_status_to_string (invitation->status));
  ctl_json_string (json, "status_text", invitation->status_text);
  ctl_json_string (json, "reason", invitation->error);

  ctl_json_member (json, "score");
  if (invitation->score != NULL)
    {
      ctl_json_begin_object (json);
      add_score_members (json, invitation->score);
      ctl_json_end_object (json);
    }
  else
    {
      ctl_json_add_null (json);
    }

  ctl_json_string (json, "report_url", invitation->report_url);
  ctl_json_string (json, "link", invitation->link);
  ctl_json_string (json, "cause", invitation->cause);
  ctl_json_time (json, "deadline", invitation->deadline);
  ctl_json_time (json, "created_at", invitation->created_at);
  ctl_json_time (json, "sent_at", invitation->sent_at);
  ctl_json_time (json, "updated_at", invitation->updated_at);
  ctl_json_time (json, "completed_at", invitation->completed_at);
  if (!details)
    return;

  ctl_json_time (json, "checked_at", invitation->checked_at);
  ctl_json_member (json, "scores");
  ctl_json_begin_array (json);
  for (guint i = 0; invitation->scores != NULL && i < invitation->scores->len; i++)
    {
      const AssayScore *score = g_ptr_array_index (invitation->scores, i);

      ctl_json_begin_object (json);
      ctl_json_string (json, "name", score->name);
      add_score_members (json, score);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);

  ctl_json_strings (json, "flags", (const char *const *) invitation->flags);

  ctl_json_member (json, "history");
  ctl_json_begin_array (json);
  for (guint i = 0; invitation->history != NULL && i < invitation->history->len; i++)
    {
      const AssayInvitationEvent *event = g_ptr_array_index (invitation->history, i);

      ctl_json_begin_object (json);
      ctl_json_time (json, "at", event->at);
      ctl_json_string (json, "status", assay_invitation_status_to_string (event->status));
      ctl_json_string (json, "status_text", event->status_text);
      ctl_json_string (json, "source", event->source);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
}

void
ctl_record_add_invitation (CtlJson               *json,
                           const AssayInvitation *invitation,
                           gboolean               details)
{
  ctl_json_begin_object (json);
  ctl_record_add_invitation_members (json, invitation, details);
  ctl_json_end_object (json);
}

/* ---- Text ---- */

char *
ctl_record_dup_time (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (unix_milliseconds == 0)
    return NULL;
  utc = g_date_time_new_from_unix_utc (unix_milliseconds / 1000);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : NULL;
}

const char *
ctl_record_get_state_label (AssayConnectionState state)
{
  switch (state)
    {
    case ASSAY_CONNECTION_ENABLED:
      return _("Enabled");
    case ASSAY_CONNECTION_DISABLED:
      return _("Disabled");
    case ASSAY_CONNECTION_FAILING:
      return _("Failing");
    case ASSAY_CONNECTION_SAVED:
    default:
      return _("Saved, not enabled");
    }
}

char *
ctl_record_describe_connection (const AssayConnection *connection)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const AssayConnectorDescription *description = assay_connector_find (connection->kind);
  g_autoptr (GList) names =
    connection->settings != NULL ? g_hash_table_get_keys (connection->settings) : NULL;
  g_autofree char *id = assay_id_format (ASSAY_ID_CONNECTION, connection->id);
  g_autofree char *contact = ctl_record_dup_time (connection->last_contact_at);
  g_autofree char *complete = ctl_record_dup_time (connection->complete_up_to);

  ctl_describe (text, _("Connection"), id);
  ctl_describe (text, _("Name"), connection->name);
  ctl_describe (text, _("System"), description != NULL ? _(description->name) : connection->kind);
  ctl_describe (text, _("Account"), connection->account);
  ctl_describe (text, _("State"), ctl_record_get_state_label (connection->state));
  ctl_describe (text, _("Reason"), connection->reason);
  ctl_describe (text, _("What to do"), connection->remedy);
  ctl_describe (text, _("Last contact"), contact);
  ctl_describe (text, _("Complete up to"), complete);

  names = g_list_sort (names, (GCompareFunc) g_strcmp0);
  for (GList *name = names; name != NULL; name = name->next)
    {
      const char *value = g_hash_table_lookup (connection->settings, name->data);
      g_autofree char *pair = g_strdup_printf ("%s=%s", (const char *) name->data, value);

      ctl_describe (text, _("Setting"), pair);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
ctl_record_dup_status (const AssayInvitation *invitation)
{
  const char *label = assay_invitation_status_get_label (invitation->status);

  if (invitation->status == ASSAY_INVITATION_UNKNOWN && invitation->status_text != NULL)
    /* Translators: %1$s is a status as this program names it, %2$s the provider's own word */
    return g_strdup_printf (_("%1$s (%2$s)"), label, invitation->status_text);
  return g_strdup (label);
}

char *
ctl_record_describe_invitation (const AssayInvitation *invitation)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *id = assay_id_format (ASSAY_ID_INVITATION, invitation->id);
  g_autofree char *candidate = g_strdup_printf ("%s <%s>", invitation->candidate_name, invitation->email);
  g_autofree char *status = ctl_record_dup_status (invitation);
  g_autofree char *score = invitation->score != NULL ? assay_score_format (invitation->score) : NULL;

  ctl_describe (text, _("Invitation"), id);
  ctl_describe (text, _("Candidate"), candidate);
  ctl_describe (text, _("Job"), invitation->job_title);
  ctl_describe (text, _("Assessment"), invitation->assessment_name);
  ctl_describe (text, _("Provider"), invitation->connection_name);
  ctl_describe (text, _("Status"), status);
  ctl_describe (text, _("Reason"), invitation->error);
  ctl_describe (text, _("Score"), score);
  for (guint i = 0; invitation->scores != NULL && i < invitation->scores->len; i++)
    {
      const AssayScore *part = g_ptr_array_index (invitation->scores, i);
      g_autofree char *value = assay_score_format (part);

      ctl_describe (text, part->name != NULL ? part->name : _("Score"), value);
    }
  for (char **flag = invitation->flags; flag != NULL && *flag != NULL; flag++)
    ctl_describe (text, _("Warning"), *flag);
  ctl_describe (text, _("Report"), invitation->report_url);
  ctl_describe (text, _("The candidate’s link"), invitation->link);
  if (invitation->deadline != 0)
    {
      g_autofree char *deadline = assay_deadline_format (invitation->deadline);

      ctl_describe (text, _("Valid until"), deadline);
    }
  for (guint i = 0; invitation->history != NULL && i < invitation->history->len; i++)
    {
      const AssayInvitationEvent *event = g_ptr_array_index (invitation->history, i);
      g_autofree char *time = ctl_record_dup_time (event->at);
      g_autofree char *line = g_strdup_printf ("%s  %s%s%s", time != NULL ? time : "",
                                               assay_invitation_status_get_label (event->status),
                                               event->status_text != NULL ? "  " : "",
                                               event->status_text != NULL ? event->status_text : "");

      ctl_describe (text, _("History"), line);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

CtlTable *
ctl_record_new_invitation_table (void)
{
  return ctl_table_new (_("Id"), _("Candidate"), _("Assessment"), _("Status"), _("Score"), _("Changed"),
                        NULL);
}

void
ctl_record_add_invitation_row (CtlTable              *table,
                               const AssayInvitation *invitation)
{
  g_autofree char *id = assay_id_format (ASSAY_ID_INVITATION, invitation->id);
  g_autofree char *status = ctl_record_dup_status (invitation);
  g_autofree char *score = invitation->score != NULL ? assay_score_format (invitation->score) : NULL;
  g_autofree char *changed = ctl_record_dup_time (invitation->updated_at);

  ctl_table_add_row (table, id, invitation->candidate_name, invitation->assessment_name, status, score,
                     changed);
}

static const char *
get_outbox_state_label (AssayOutboxState state)
{
  switch (state)
    {
    case ASSAY_OUTBOX_SENDING:
      return _("Sending");
    case ASSAY_OUTBOX_DONE:
      return _("Done");
    case ASSAY_OUTBOX_FAILED:
      return _("Failed");
    case ASSAY_OUTBOX_UNSURE:
      return _("Unsure");
    case ASSAY_OUTBOX_DISCARDED:
      return _("Discarded");
    case ASSAY_OUTBOX_QUEUED:
    default:
      return _("Queued");
    }
}

CtlTable *
ctl_record_new_outbox_table (void)
{
  return ctl_table_new (_("Id"), _("What"), _("Candidate"), _("Application"), _("State"), _("Attempts"), _("Due"),
                        _("What is known"), NULL);
}

void
ctl_record_add_outbox_table_row (CtlTable             *table,
                                 const AssayOutboxRow *row,
                                 const char           *candidate)
{
  g_autofree char *id = assay_id_format (ASSAY_ID_OUTBOX, row->id);
  g_autofree char *application = row->application_id != 0
                                   ? assay_id_format (ASSAY_ID_APPLICATION, row->application_id) : NULL;
  g_autofree char *attempts = g_strdup_printf ("%u", row->attempts);
  g_autofree char *due = ctl_record_dup_time (get_due (row));

  ctl_table_add_row (table, id, row->summary != NULL ? row->summary : row->kind, candidate, application,
                     row->held ? _("Paused") : get_outbox_state_label (row->state), attempts, due,
                     row->evidence != NULL ? row->evidence : row->last_error);
}
