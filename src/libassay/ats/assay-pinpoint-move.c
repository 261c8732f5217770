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

static GError *
judge_moved (GTask  *task,
             GError *error)
{
  return assay_pinpoint_name_permission (error, "Application", "Write");
}

static const AssayConnectorCall move_call = { .read = assay_connector_base_read_done, .judge = judge_moved };

static void
write_move (GTask *task)
{
  const Move *move = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = assay_pinpoint_encode_move (move->remote_id, move->stage);
  g_autofree char *path = assay_pinpoint_build_path ("applications", move->remote_id);

  assay_connector_base_ask (task, &move_call,
                            assay_pinpoint_new_write (ASSAY_HTTP_REPEATABLE_WRITE, "PUT", path, body));
}

static void
write_if_own (GTask       *task,
              const char  *stage_job,
              GError     **error)
{
  const Move *move = g_task_get_task_data (task);

  if (g_strcmp0 (stage_job, move->job) == 0)
    write_move (task);
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                         _ ("This stage belongs to another job, or is no longer there, so nothing was moved. "
                            "Refresh, then choose a stage of the candidate's own job."));
}

static gpointer
read_job (GTask     *task,
          JsonNode  *root,
          GError   **error)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  const Move *move = g_task_get_task_data (task);
  g_autoptr (AssayPage) page = assay_pinpoint_decode_jobs (root, error);

  if (page == NULL)
    return NULL;
  for (guint i = 0; i < page->items->len; i++)
    assay_pinpoint_remember_stages (self, g_ptr_array_index (page->items, i));
  write_if_own (task, g_hash_table_lookup (self->stage_jobs, move->stage), error);
  return NULL;
}

static GError *
judge_job (GTask  *task,
           GError *error)
{
  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return error;
  /* A key that may not read jobs can't know; Pinpoint then has the last word. */
  g_error_free (error);
  write_move (task);
  return NULL;
}

static const AssayConnectorCall job_call = { .read = read_job, .judge = judge_job };

static void
ask_for_job (GTask *task)
{
  const Move *move = g_task_get_task_data (task);
  g_autofree char *path = assay_pinpoint_build_path ("jobs", move->job);
  AssayHttpRequest *request = assay_pinpoint_new_read (path);

  assay_http_request_add_query (request, "include", "stages");
  assay_connector_base_ask (task, &job_call, request);
}

static gpointer
read_application (GTask     *task,
                  JsonNode  *root,
                  GError   **error)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  Move *move = g_task_get_task_data (task);
  g_autoptr (AssayPage) page = assay_pinpoint_decode_applications (root, error);
  const AssayApplication *application;
  const char *stage_job;

  if (page == NULL)
    return NULL;
  application = page->items->len == 1 ? g_ptr_array_index (page->items, 0) : NULL;
  if (application != NULL && g_strcmp0 (application->stage_remote_id, move->stage) == 0)
    return GINT_TO_POINTER (TRUE);
  if (application == NULL || application->job_remote_id == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("Pinpoint doesn't say which job this application is for, so nothing was moved. "
                              "Try again later."));
      return NULL;
    }

  move->job = g_strdup (application->job_remote_id);
  stage_job = g_hash_table_lookup (self->stage_jobs, move->stage);
  if (stage_job != NULL)
    write_if_own (task, stage_job, error);
  else
    ask_for_job (task);
  return NULL;
}

static GError *
judge_application (GTask  *task,
                   GError *error)
{
  return assay_pinpoint_name_permission (error, "Application", "Read");
}

static const AssayConnectorCall application_call = { .read = read_application, .judge = judge_application };

void
assay_pinpoint_move_stage_async (AssayAts            *ats,
                                 const char          *remote_id,
                                 const char          *stage_remote_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin_write (ats, assay_pinpoint_move_stage_async, cancellable, callback, user_data);
  g_autofree char *path = assay_pinpoint_build_path ("applications", remote_id);
  Move *move = g_new0 (Move, 1);

  move->remote_id = g_strdup (remote_id);
  move->stage = g_strdup (stage_remote_id);
  g_task_set_task_data (task, move, move_free);
  assay_connector_base_ask (task, &application_call, assay_pinpoint_new_read (path));
}
