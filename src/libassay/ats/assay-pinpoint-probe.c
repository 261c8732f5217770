/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a key at Pinpoint may do: each category that can be asked for without changing anything is asked once,
 * with a page of one row. Whether it may write can't be known before it does. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>

#include "assay-json.h"

/* @path NULL: can't be asked */
static const struct
{
  AssayPinpointPermission permission;
  const char *path;
} probes[] = {
  { ASSAY_PINPOINT_READS_JOBS, "jobs" },
  { ASSAY_PINPOINT_READS_APPLICATIONS, "applications" },
  { ASSAY_PINPOINT_WRITES_APPLICATIONS, NULL },
  { ASSAY_PINPOINT_WRITES_COMMENTS, NULL },
  { ASSAY_PINPOINT_READS_CUSTOM_FIELDS, "custom_fields" },
  { ASSAY_PINPOINT_WRITES_CUSTOM_FIELDS, NULL },
  { ASSAY_PINPOINT_READS_CUSTOM_ATTRIBUTES, "custom_attributes" },
  { ASSAY_PINPOINT_WRITES_CUSTOM_ATTRIBUTES, NULL },
  { ASSAY_PINPOINT_READS_USERS, "users" },
  { ASSAY_PINPOINT_READS_ASSESSMENTS, "candidate_assessments" },
};

typedef struct
{
  AssayProbe *probe;
  AssayProbeProgress progress;   /* (nullable) */
  gpointer progress_data;
  guint next;
} ProbeRun;

static void probe_next (GTask *task);

static void
probe_run_free (gpointer data)
{
  ProbeRun *run = data;

  assay_probe_free (run->probe);
  g_free (run);
}

static const AssayPermissionDescription *
get_permission (guint index)
{
  return &assay_pinpoint_description.permissions[probes[index].permission];
}

/* Whether Assay does something with it here: the score's field is a setting. */
static gboolean
is_needed (AssayPinpoint *self,
           guint          index)
{
  switch (probes[index].permission)
    {
    case ASSAY_PINPOINT_READS_CUSTOM_FIELDS:
    case ASSAY_PINPOINT_READS_CUSTOM_ATTRIBUTES:
      return self->writes_scores;
    case ASSAY_PINPOINT_READS_JOBS:
    case ASSAY_PINPOINT_READS_APPLICATIONS:
    case ASSAY_PINPOINT_WRITES_APPLICATIONS:
    case ASSAY_PINPOINT_WRITES_COMMENTS:
    case ASSAY_PINPOINT_WRITES_CUSTOM_FIELDS:
    case ASSAY_PINPOINT_WRITES_CUSTOM_ATTRIBUTES:
    case ASSAY_PINPOINT_READS_USERS:
    case ASSAY_PINPOINT_READS_ASSESSMENTS:
    default:
      return get_permission (index)->needed;
    }
}

static void
add_found (AssayPinpoint *self,
           ProbeRun      *run,
           guint          index,
           AssayGranted   granted)
{
  AssayPermission *permission;

  /* Known by name only. Where it doesn't answer there is nothing to show and nothing to grant. */
  if (probes[index].permission == ASSAY_PINPOINT_READS_ASSESSMENTS && granted != ASSAY_GRANTED_YES)
    return;
  permission = assay_probe_add (run->probe, get_permission (index), granted);
  permission->needed = is_needed (self, index);
}

static gboolean
is_about_the_account (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED);
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPinpoint *self = g_task_get_source_object (task);
  ProbeRun *run = g_task_get_task_data (task);
  const AssayPermissionDescription *permission = get_permission (run->next);
  gboolean needed = is_needed (self, run->next);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayHttpResponse) response = NULL;
  AssayGranted granted = ASSAY_GRANTED_YES;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    {
      JsonObject *document =
        assay_json_expect_object (assay_http_response_get_root (response), "Pinpoint's answer", &error);

      if (document != NULL)
        assay_json_expect_member_array (document, "data", "Pinpoint's answer", &error);
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    {
      granted = ASSAY_GRANTED_NO;
      if (needed && run->probe->error == NULL)
        run->probe->error = assay_error_new_from_vendor (
          ASSAY_ERROR_FORBIDDEN, assay_error_get_vendor_status (error), assay_error_get_vendor_detail (error),
          /* Translators: %1$s is a permission's name such as "Job", %2$s an access such as "Read" */
          _ ("Pinpoint refuses the key the permission “%1$s: %2$s”. In Pinpoint open Settings, API & Webhooks, "
             "make sure that the API is switched on, edit the key and grant it, then check again."),
          permission->name, permission->access);
    }
  else if (error != NULL)
    {
      granted = ASSAY_GRANTED_UNKNOWN;
      if (run->next == 0)
        error = assay_connector_judge_address (
          g_steal_pointer (&error), _ ("Pinpoint's API isn't at this address. Check the subdomain; and if you entered a base "
                                       "address, it ends in “/api/v1”, and is best left empty."));
      if (needed || is_about_the_account (error))
        {
          /* This isn't about one permission: say it once, and what is left can't be known. */
          if (run->probe->error == NULL || run->probe->error->code == ASSAY_ERROR_FORBIDDEN)
            {
              g_clear_error (&run->probe->error);
              run->probe->error = g_steal_pointer (&error);
            }
          for (; run->next < G_N_ELEMENTS (probes); run->next++)
            add_found (self, run, run->next, ASSAY_GRANTED_UNKNOWN);
          probe_next (g_steal_pointer (&task));
          return;
        }
    }

  add_found (self, run, run->next, granted);
  run->next++;
  probe_next (g_steal_pointer (&task));
}

/* Takes @task. */
static void
probe_next (GTask *task)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  ProbeRun *run = g_task_get_task_data (task);
  AssayHttpRequest *request;

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  for (; run->next < G_N_ELEMENTS (probes) && probes[run->next].path == NULL; run->next++)
    add_found (self, run, run->next, ASSAY_GRANTED_UNKNOWN);
  if (run->next >= G_N_ELEMENTS (probes))
    {
      run->probe->ok = run->probe->error == NULL;
      g_task_return_pointer (task, g_steal_pointer (&run->probe), (GDestroyNotify) assay_probe_free);
      g_object_unref (task);
      return;
    }

  if (run->progress != NULL && run->probe->permissions->len > 0)
    run->progress (run->probe, run->progress_data);
  request = assay_pinpoint_new_read (probes[run->next].path);
  assay_http_request_set_deadline (request, 20000);
  assay_http_request_add_query (request, "page[size]", "1");
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), probed_cb, task);
}

void
assay_pinpoint_probe_async (AssayAts            *ats,
                            AssayProbeProgress   progress,
                            gpointer             progress_data,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  ProbeRun *run = g_new0 (ProbeRun, 1);

  g_task_set_source_tag (task, assay_pinpoint_probe_async);
  run->probe = assay_probe_new ();
  run->progress = progress;
  run->progress_data = progress_data;
  /* No endpoint names the account; its address does. */
  run->probe->account = g_strdup (self->subdomain);
  g_task_set_task_data (task, run, probe_run_free);
  probe_next (task);
}

AssayProbe *
assay_pinpoint_probe_finish (AssayAts      *ats,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
