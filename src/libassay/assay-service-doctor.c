/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssayService: the connection doctor. */
#include "config.h"

#include "assay-service-doctor.h"

#include "assay-service-private.h"

/* A while after the start, when the first sync is over; then as often as this a look is taken at who is due. */
#define FIRST_ROUND (2 * 60)
#define ROUND (60 * 60)
#define DAILY (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

void
assay_diagnosis_free (AssayDiagnosis *diagnosis)
{
  if (diagnosis == NULL)
    return;
  assay_probe_free (diagnosis->probe);
  g_clear_error (&diagnosis->error);
  g_clear_pointer (&diagnosis->findings, g_ptr_array_unref);
  g_free (diagnosis);
}

/* What the steps share. */
typedef struct
{
  gint64 id;
  AssayProbeProgress progress;   /* (nullable) */
  gpointer progress_data;
  AssayDiagnosis *diagnosis;
  AssayConnection *connection;   /* (nullable) as it was before */
  GPtrArray *connections;        /* (nullable) */
  guint64 free_bytes;
  gboolean free_bytes_known;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  assay_diagnosis_free (work->diagnosis);
  assay_connection_free (work->connection);
  g_clear_pointer (&work->connections, g_ptr_array_unref);
  g_free (work);
}

static gpointer
write_findings (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  const Work *work = data;

  assay_findings_replace (database, work->id, work->diagnosis->findings, error);
  return NULL;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Work *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  AssayDiagnosis *diagnosis;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_debug ("What the doctor found isn't remembered: %s", error->message);
  diagnosis = g_steal_pointer (&work->diagnosis);
  g_task_return_pointer (task, diagnosis, (GDestroyNotify) assay_diagnosis_free);
}

static void
judge (AssayService *self,
       GTask        *task,
       GHashTable   *secrets)
{
  Work *work = g_task_get_task_data (task);
  AssayDiagnosis *diagnosis = work->diagnosis;
  const AssayConnectorDescription *description = assay_connector_find (work->connection->kind);
  GObject *connector = assay_connector_pool_peek (self->pool, work->id);
  AssayHttpChannel *channel = connector != NULL ? assay_connector_get_channel (connector) : NULL;
  gint64 skew = 0;
  gboolean skew_known = channel != NULL && assay_http_channel_get_clock_skew (channel, &skew);

  assay_doctor_judge_keyring (diagnosis->findings, diagnosis->error);
  if (description != NULL)
    {
      assay_doctor_judge_probe (diagnosis->findings, description, diagnosis->probe, diagnosis->error);
      assay_doctor_judge_role (diagnosis->findings, description, work->connection, diagnosis->probe);
      for (guint i = 0; secrets != NULL && description->secrets[i].name != NULL; i++)
        {
          const char *value = g_hash_table_lookup (secrets, description->secrets[i].name);

          if (value != NULL)
            assay_doctor_judge_expiry (diagnosis->findings, &description->secrets[i],
                                       assay_connector_get_secret_expiry (value), assay_time_now ());
        }
      assay_doctor_judge_twice (diagnosis->findings, description, work->connection, work->connections);
    }
  assay_doctor_judge_clock (diagnosis->findings, skew_known, skew);
  if (work->free_bytes_known)
    assay_doctor_judge_disk (diagnosis->findings, work->free_bytes, assay_store_get_directory (self->store));
  assay_store_write_async (self->store, write_findings, work, NULL, NULL, NULL, written_cb, g_object_ref (task));
}

static void
secrets_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GHashTable) secrets = assay_secrets_lookup_finish (ASSAY_SECRETS (source), result, NULL);

  judge (g_task_get_source_object (task), task, secrets);
}

static void
disk_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);
  g_autoptr (GFileInfo) info = g_file_query_filesystem_info_finish (G_FILE (source), result, NULL);

  if (info != NULL && g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
    {
      work->free_bytes = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
      work->free_bytes_known = TRUE;
    }
  assay_secrets_lookup_async (self->secrets, work->connection->secret_id, FALSE, g_task_get_cancellable (task),
                              secrets_cb, g_object_ref (task));
}

static void
tested_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = ASSAY_SERVICE (source);
  Work *work = g_task_get_task_data (task);
  g_autoptr (GFile) directory = g_file_new_for_path (assay_store_get_directory (self->store));

  work->diagnosis->probe = assay_service_test_connection_finish (self, result, &work->diagnosis->error);
  if (g_error_matches (work->diagnosis->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      GError *error = g_steal_pointer (&work->diagnosis->error);

      g_task_return_error (task, error);
      return;
    }
  g_file_query_filesystem_info_async (directory, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, G_PRIORITY_DEFAULT,
                                      g_task_get_cancellable (task), disk_cb, g_object_ref (task));
}

static gpointer
read_work (AssayDatabase  *database,
           gpointer        data,
           GError        **error)
{
  Work *work = data;

  work->connection = assay_connections_get (database, work->id, error);
  if (work->connection != NULL)
    work->connections = assay_connections_list (database, error);
  return NULL;
}

static void
work_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  assay_service_test_connection_async (g_task_get_source_object (task), work->id, work->progress, work->progress_data,
                                       g_task_get_cancellable (task), tested_cb, g_object_ref (task));
}

void
assay_service_diagnose_async (AssayService        *self,
                              gint64               connection_id,
                              AssayProbeProgress   progress,
                              gpointer             progress_data,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  g_task_set_source_tag (task, assay_service_diagnose_async);
  work->id = connection_id;
  work->progress = progress;
  work->progress_data = progress_data;
  work->diagnosis = g_new0 (AssayDiagnosis, 1);
  work->diagnosis->findings = assay_findings_new ();
  g_task_set_task_data (task, work, work_free);
  /* The reference keeps what the store's thread fills in. */
  assay_store_read_async (self->store, read_work, work, NULL, NULL, cancellable, work_read_cb, g_object_ref (task));
}

AssayDiagnosis *
assay_service_diagnose_finish (AssayService  *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
assay_service_get_load (AssayService *self,
                        gint64        connection_id,
                        AssayLoad    *load)
{
  GObject *connector = assay_connector_pool_peek (self->pool, connection_id);
  AssayHttpChannel *channel = connector != NULL ? assay_connector_get_channel (connector) : NULL;
  const AssayHttpPace *pace;

  if (channel == NULL)
    return FALSE;
  pace = assay_http_channel_get_pace (channel);
  load->waiting = assay_http_channel_get_queued (channel);
  load->headroom = assay_http_channel_get_headroom (channel);
  load->burst = pace->burst;
  load->per_second = pace->per_second;
  load->sent = assay_http_channel_get_request_count (channel);
  return TRUE;
}

/* ---- The log ---- */

void
assay_connection_event_free (AssayConnectionEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->reason_code);
  g_free (event->reason);
  g_free (event->remedy);
  g_free (event);
}

GPtrArray *
assay_connection_events_list (AssayDatabase  *database,
                              gint64          connection_id,
                              guint           limit,
                              GError        **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_connection_event_free);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT at, state, reason_code, reason, remedy FROM connection_event"
                            " WHERE connection_id = ?1 ORDER BY id DESC LIMIT ?2",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, connection_id);
  assay_statement_bind_int64 (statement, 2, limit);
  while (assay_statement_step (statement, &local_error))
    {
      AssayConnectionEvent *event = g_new0 (AssayConnectionEvent, 1);

      event->at = assay_statement_get_int64 (statement, 0);
      if (!assay_connection_state_from_string (assay_statement_get_text (statement, 1), &event->state))
        event->state = ASSAY_CONNECTION_DISABLED;
      event->reason_code = assay_statement_dup_text (statement, 2);
      event->reason = assay_statement_dup_text (statement, 3);
      event->remedy = assay_statement_dup_text (statement, 4);
      g_ptr_array_add (events, event);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&events);
}

/* ---- Once a day ---- */

/* (element-type gint64): the enabled connections that nobody has looked at for a day */
static gpointer
read_due (AssayDatabase  *database,
          gpointer        data,
          GError        **error)
{
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id FROM connection WHERE removed = 0 AND state IN ('enabled', 'failing')"
                            " AND NOT EXISTS (SELECT 1 FROM connection_finding"
                            "  WHERE connection_id = connection.id AND at > ?1)",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, assay_time_now () - DAILY);
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (due, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&due);
}

static void
due_read_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AssayService) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) due = assay_store_finish (ASSAY_STORE (source), result, &error);

  for (guint i = 0; due != NULL && !self->stopped && i < due->len; i++)
    assay_service_diagnose_async (self, g_array_index (due, gint64, i), NULL, NULL, self->cancellable, NULL,
                                  NULL);
}

void
assay_service_make_rounds (AssayService *self)
{
  assay_service_sweep_drafts (self);
  assay_store_read_async (self->store, read_due, NULL, NULL, (GDestroyNotify) g_array_unref, self->cancellable,
                          due_read_cb, g_object_ref (self));
}

static gboolean
round_cb (gpointer user_data)
{
  AssayService *self = user_data;

  self->doctor_timer_id = g_timeout_add_seconds (ROUND, round_cb, self);
  assay_service_make_rounds (self);
  return G_SOURCE_REMOVE;
}

void
assay_service_start_doctor (AssayService *self)
{
  self->doctor_timer_id = g_timeout_add_seconds (FIRST_ROUND, round_cb, self);
}

void
assay_service_stop_doctor (AssayService *self)
{
  g_clear_handle_id (&self->doctor_timer_id, g_source_remove);
}
