/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving an application at Pinpoint: read whose it is, look whether the stage is that job's, then write.
 *
 * What Pinpoint does with a stage of another job isn't documented, so none is ever sent. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

typedef struct
{
  char *remote_id;
  char *stage;
  char *job;       /* (nullable) once it is known */
} Move;

static void
move_free (gpointer data)
{
  Move *move = data;

  g_free (move->remote_id);
  g_free (move->stage);
  g_free (move->job);
  g_free (move);
}

static void
moved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    g_task_return_error (task, assay_pinpoint_name_permission (error, "Application", "Write"));
  else
    g_task_return_boolean (task, TRUE);
}

static void
write_move (GTask *task)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  Move *move = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = assay_pinpoint_encode_move (move->remote_id, move->stage);
  g_autofree char *path = assay_pinpoint_build_path ("applications", move->remote_id);

  assay_http_channel_send_async (assay_connector_base_get_channel (self),
                                 assay_pinpoint_new_write (ASSAY_HTTP_REPEATABLE_WRITE, "PUT", path, body),
                                 g_task_get_cancellable (task), moved_cb, task);
}

/* Takes @task. */
static void
write_if_own (GTask      *task,
              const char *stage_job)
{
  Move *move = g_task_get_task_data (task);

  if (g_strcmp0 (stage_job, move->job) == 0)
    {
      write_move (task);
      return;
    }
  g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s",
                           _ ("This stage belongs to another job, or is no longer there, so nothing was moved. "
                              "Refresh, then choose a stage of the candidate's own job."));
  g_object_unref (task);
}

static void
job_read_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPinpoint *self = g_task_get_source_object (task);
  Move *move = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPage) page = NULL;
  g_autoptr (GError) error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    page = assay_pinpoint_decode_jobs (assay_http_response_get_root (response), &error);
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    {
      /* A key that may not read jobs can't know; Pinpoint then has the last word. */
      write_move (g_steal_pointer (&task));
      return;
    }
  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  for (guint i = 0; i < page->items->len; i++)
    assay_pinpoint_remember_stages (self, g_ptr_array_index (page->items, i));
  write_if_own (g_steal_pointer (&task), g_hash_table_lookup (self->stage_jobs, move->stage));
}

static void
application_read_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPinpoint *self = g_task_get_source_object (task);
  Move *move = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPage) page = NULL;
  const AssayApplication *application;
  const char *stage_job;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, assay_pinpoint_name_permission (error, "Application", "Read"));
      return;
    }
  page = assay_pinpoint_decode_applications (assay_http_response_get_root (response), &error);
  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  application = page->items->len == 1 ? g_ptr_array_index (page->items, 0) : NULL;
  if (application != NULL && g_strcmp0 (application->stage_remote_id, move->stage) == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (application == NULL || application->job_remote_id == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE, "%s",
                               _ ("Pinpoint doesn't say which job this application is for, so nothing was moved. "
                                  "Try again later."));
      return;
    }

  move->job = g_strdup (application->job_remote_id);
  stage_job = g_hash_table_lookup (self->stage_jobs, move->stage);
  if (stage_job != NULL)
    write_if_own (g_steal_pointer (&task), stage_job);
  else
    {
      g_autofree char *path = assay_pinpoint_build_path ("jobs", move->job);
      AssayHttpRequest *request = assay_pinpoint_new_read (path);
      GCancellable *cancellable = g_task_get_cancellable (task);

      assay_http_request_add_query (request, "include", "stages");
      assay_http_channel_send_async (assay_connector_base_get_channel (self), request, cancellable, job_read_cb, g_steal_pointer (&task));
    }
}

void
assay_pinpoint_move_stage_async (AssayAts            *ats,
                                 const char          *remote_id,
                                 const char          *stage_remote_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = assay_pinpoint_build_path ("applications", remote_id);
  Move *move = g_new0 (Move, 1);

  g_task_set_source_tag (task, assay_pinpoint_move_stage_async);
  /* What came of a request on the wire must be learned even when the caller gave up. */
  g_task_set_check_cancellable (task, FALSE);
  move->remote_id = g_strdup (remote_id);
  move->stage = g_strdup (stage_remote_id);
  g_task_set_task_data (task, move, move_free);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), assay_pinpoint_new_read (path), cancellable, application_read_cb, task);
}

gboolean
assay_pinpoint_move_stage_finish (AssayAts      *ats,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
