/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The test of an ATS connection: a walk over the permissions of its kind, in the description's order. Each that can
 * be tried without changing anything is tried by one request; what isn't granted is told from what can't be seen. */
#include "config.h"

#include "assay-ats-base.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of each request, in milliseconds: somebody is looking on. */
#define DEADLINE 20000

typedef struct
{
  AssayAtsTesting testing;
  const AssayAtsTest *test;
  const AssayPermissionDescription *permissions;
  AssayProbeProgress progress;   /* (nullable) */
  gpointer progress_data;
  gboolean first_refused;        /* the first permission isn't granted */
} Walk;

static void walk_on (GTask *task);

static void
walk_free (gpointer data)
{
  Walk *walk = data;

  assay_probe_free (walk->testing.probe);
  g_free (walk->testing.record);
  g_free (walk);
}

static gboolean
is_at_end (const Walk *walk)
{
  return walk->permissions[walk->testing.permission].name == NULL;
}

static const AssayAtsTrial *
get_trial (const Walk *walk)
{
  return walk->testing.tries_key ? walk->test->key_trial : &walk->test->trials[walk->testing.permission];
}

static gboolean
is_needed (const Walk *walk)
{
  if (walk->test->is_needed != NULL)
    return walk->test->is_needed (walk->testing.connector, walk->testing.permission);
  return walk->permissions[walk->testing.permission].needed;
}

/* Notes what is known of the permission, and goes to the next. */
static void
add_found (Walk        *walk,
           AssayGranted granted)
{
  const AssayAtsTesting *testing = &walk->testing;
  const AssayAtsTest *test = walk->test;

  if (granted == ASSAY_GRANTED_YES || !test->trials[testing->permission].hidden_unless_granted)
    {
      AssayPermission *found = assay_probe_add (testing->probe, &walk->permissions[testing->permission], granted);
      char *remedy = granted != ASSAY_GRANTED_YES && test->dup_remedy != NULL
                       ? test->dup_remedy (testing->connector, testing->permission)
                       : NULL;

      found->needed = is_needed (walk);
      if (remedy != NULL)
        {
          g_free (found->remedy);
          found->remedy = remedy;
        }
    }
  walk->testing.permission++;
}

/* Takes @error. */
static void
note_verdict (Walk            *walk,
              AssayAtsVerdict  verdict,
              GError          *error)
{
  AssayProbe *probe = walk->testing.probe;

  switch (verdict)
    {
    case ASSAY_ATS_VERDICT_GRANTED:
      if (!walk->testing.tries_key)
        add_found (walk, ASSAY_GRANTED_YES);
      break;

    case ASSAY_ATS_VERDICT_REFUSED:
      if (is_needed (walk) && probe->error == NULL)
        probe->error = g_steal_pointer (&error);
      if (walk->testing.permission == 0)
        walk->first_refused = TRUE;
      add_found (walk, ASSAY_GRANTED_NO);
      break;

    case ASSAY_ATS_VERDICT_UNSEEN:
      add_found (walk, ASSAY_GRANTED_UNKNOWN);
      break;

    case ASSAY_ATS_VERDICT_BROKEN:
    default:
      if (walk->testing.is_first)
        error = assay_connector_judge_address (error, _ (walk->test->nothing_there));
      g_clear_error (&probe->error);
      probe->error = g_steal_pointer (&error);
      while (!is_at_end (walk))
        add_found (walk, ASSAY_GRANTED_UNKNOWN);
    }

  walk->testing.tries_key = FALSE;
  walk->testing.is_first = FALSE;
  g_clear_error (&error);
}

static void
tried_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Walk *walk = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  AssayAtsVerdict verdict = ASSAY_ATS_VERDICT_GRANTED;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    walk->test->read (&walk->testing, assay_http_response_get_root (response), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  if (error != NULL)
    verdict = walk->test->judge (&walk->testing, &error);
  note_verdict (walk, verdict, error);
  walk_on (g_steal_pointer (&task));
}

/* Whether the permission can be tried. @granted: (out): what is to be said of it where it can't */
static gboolean
can_try (const Walk   *walk,
         AssayGranted *granted)
{
  const AssayAtsTrial *trial = get_trial (walk);

  *granted = ASSAY_GRANTED_UNKNOWN;
  if (trial->new_request != NULL)
    return TRUE;
  if (trial->path == NULL)
    {
      if (walk->test->presume != NULL)
        *granted = walk->test->presume (walk->testing.connector, walk->testing.permission);
      return FALSE;
    }
  if (trial->repeats_first && walk->first_refused)
    return FALSE;
  /* An account without a record, or a key that can't list them: there is nothing to ask for. */
  return walk->testing.record != NULL || strstr (trial->path, ASSAY_ATS_TRIAL_RECORD) == NULL;
}

static AssayHttpRequest *
new_request (const Walk *walk)
{
  const AssayAtsTrial *trial = get_trial (walk);
  g_autofree char *record = NULL;
  g_autoptr (GString) path = NULL;
  AssayHttpRequest *request;

  if (trial->new_request != NULL)
    return trial->new_request (walk->testing.connector);
  path = g_string_new (trial->path);
  if (walk->testing.record != NULL)
    {
      record = g_uri_escape_string (walk->testing.record, NULL, FALSE);
      g_string_replace (path, ASSAY_ATS_TRIAL_RECORD, record, 1);
    }
  request = walk->test->new_read (walk->testing.connector, path->str);
  for (guint i = 0; trial->query != NULL && trial->query[i] != NULL; i += 2)
    assay_http_request_add_query (request, trial->query[i], trial->query[i + 1]);
  return request;
}

/* Takes @task. */
static void
walk_on (GTask *task)
{
  Walk *walk = g_task_get_task_data (task);
  AssayProbe *probe = walk->testing.probe;
  AssayHttpRequest *request;
  AssayGranted granted;

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  while (!is_at_end (walk) && !can_try (walk, &granted))
    add_found (walk, granted);
  if (is_at_end (walk))
    {
      probe->ok = probe->error == NULL;
      walk->testing.probe = NULL;
      g_task_return_pointer (task, probe, (GDestroyNotify) assay_probe_free);
      g_object_unref (task);
      return;
    }

  if (walk->progress != NULL && probe->permissions->len > 0)
    walk->progress (probe, walk->progress_data);
  request = new_request (walk);
  assay_http_request_set_deadline (request, DEADLINE);
  assay_http_channel_send_async (assay_connector_base_get_channel (walk->testing.connector), request,
                                 g_task_get_cancellable (task), tried_cb, task);
}

void
assay_ats_base_probe_async (AssayAts            *ats,
                            AssayProbeProgress   progress,
                            gpointer             progress_data,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayAtsBase *self = ASSAY_ATS_BASE (ats);
  GTask *task = assay_connector_base_begin (self, assay_ats_base_probe_async, cancellable, callback, user_data);
  Walk *walk = g_new0 (Walk, 1);

  walk->test = ASSAY_ATS_BASE_GET_CLASS (self)->test;
  walk->permissions = assay_connector_base_get_description (self)->permissions;
  walk->progress = progress;
  walk->progress_data = progress_data;
  walk->testing.connector = self;
  walk->testing.probe = assay_probe_new ();
  walk->testing.tries_key = walk->test->key_trial != NULL;
  walk->testing.is_first = TRUE;
  if (walk->test->dup_account != NULL)
    walk->testing.probe->account = walk->test->dup_account (self);
  g_task_set_task_data (task, walk, walk_free);
  walk_on (task);
}
