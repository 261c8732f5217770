/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl batch … */
#include "config.h"

#include "ctl-commands.h"

#include <math.h>

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-record.h"
#include "ctl-results.h"

static gpointer
read_batch (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  return assay_batches_get (database, *(const gint64 *) data, error);
}

static gpointer
read_batches (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  return assay_batches_list (database, *(const gboolean *) data, error);
}

static gpointer
read_set_aside (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  return assay_batches_list_set_aside (database, *(const gint64 *) data, error);
}

GPtrArray *
ctl_load_batches (CtlContext  *context,
                  gboolean     active_only,
                  GError     **error)
{
  return ctl_context_read (context, read_batches, &active_only, error);
}

GPtrArray *
ctl_load_set_aside (CtlContext  *context,
                    gint64       batch_id,
                    GError     **error)
{
  return ctl_context_read (context, read_set_aside, &batch_id, error);
}

static AssayBatch *
load_batch (CtlContext  *context,
            gint64       id,
            GError     **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayBatch *batch = ctl_context_read (context, read_batch, &id, &local_error);

  if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_autofree char *text = assay_id_format (ASSAY_ID_BATCH, id);

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   _("There is no batch %s; “assayctl batch list” shows those there are."), text);
    }
  else if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return batch;
}

static void
add_members (CtlJson          *json,
             const AssayBatch *batch)
{
  ctl_json_id (json, "id", ASSAY_ID_BATCH, batch->id);
  ctl_json_string (json, "title", batch->title);
  ctl_json_id (json, "assessment", ASSAY_ID_ASSESSMENT, batch->assessment_id);
  ctl_json_string (json, "assessment_name", batch->assessment_name);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, batch->connection_id);
  ctl_json_boolean (json, "paused", batch->paused);
  ctl_json_boolean (json, "active", assay_batch_is_active (batch));
  ctl_json_time (json, "created_at", batch->created_at);
  ctl_json_integer (json, "total", batch->total);
  ctl_json_integer (json, "preparing", batch->preparing);
  ctl_json_integer (json, "set_aside", batch->set_aside);
  ctl_json_integer (json, "waiting", batch->waiting);
  ctl_json_integer (json, "sending", batch->sending);
  ctl_json_integer (json, "sent", batch->sent);
  ctl_json_integer (json, "failed", batch->failed);
  ctl_json_integer (json, "unsure", batch->unsure);
  ctl_json_integer (json, "cancelled", batch->cancelled);
  ctl_json_number (json, "per_minute", batch->pace);
  ctl_json_number (json, "seconds_left", batch->time_left < 0 ? NAN : (double) (batch->time_left / 1000));
  ctl_json_string (json, "obstacle", batch->obstacle);
}

/* (transfer full): "12 of 200" */
static char *
describe_progress (const AssayBatch *batch)
{
  /* Translators: how many of how many invitations were sent */
  return g_strdup_printf (_("%1$u of %2$u"), batch->sent, batch->total);
}

static const char *
get_state (const AssayBatch *batch)
{
  if (!assay_batch_is_active (batch))
    return _("Ended");
  return batch->paused ? _("Paused") : batch->obstacle != NULL ? _("Waiting") : _("Sending");
}

gboolean
ctl_batch_list (CtlContext    *context,
                CtlArguments  *arguments,
                GError       **error)
{
  g_autoptr (GPtrArray) batches = ctl_load_batches (context, ctl_arguments_has (arguments, "active"), error);

  if (batches == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < batches->len; i++)
        {
          ctl_json_begin_object (json);
          add_members (json, g_ptr_array_index (batches, i));
          ctl_json_end_object (json);
        }
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table = ctl_table_new (_("Id"), _("Title"), _("Assessment"), _("State"), _("Sent"),
                                                  _("Obstacle"), NULL);

      for (guint i = 0; i < batches->len; i++)
        {
          const AssayBatch *batch = g_ptr_array_index (batches, i);
          g_autofree char *id = assay_id_format (ASSAY_ID_BATCH, batch->id);
          g_autofree char *progress = describe_progress (batch);

          ctl_table_add_row (table, id, batch->title, batch->assessment_name, get_state (batch), progress,
                             batch->obstacle);
        }
      ctl_table_print (table, _("There are no batches."));
    }
  return TRUE;
}

/* The rows of the file that the batch was made from that couldn't be used. */
static void
add_problems (CtlJson    *json,
              CtlResults *results)
{
  ctl_json_member (json, "problems");
  ctl_json_begin_array (json);
  for (guint i = 0; i < results->length; i++)
    if (results->items[i].error != NULL)
      {
        ctl_json_begin_object (json);
        ctl_result_add_lines (json, &results->items[i]);
        ctl_json_error (json, "error", results->items[i].error, 0);
        ctl_json_end_object (json);
      }
  ctl_json_end_array (json);
}

static void
describe_problems (GString    *text,
                   CtlResults *results)
{
  for (guint i = 0; i < results->length; i++)
    if (results->items[i].error != NULL)
      {
        /* Translators: %1$u is a line's number, %2$s a whole sentence */
        g_autofree char *line =
          g_strdup_printf (_("Line %1$u: %2$s"), results->items[i].line, results->items[i].error->message);

        ctl_describe (text, _("Left out"), line);
      }
}

gboolean
ctl_print_batch (CtlContext  *context,
                 gint64       id,
                 CtlResults  *results,
                 GError     **error)
{
  g_autoptr (AssayBatch) batch = load_batch (context, id, error);
  g_autoptr (GPtrArray) aside = batch != NULL ? ctl_load_set_aside (context, id, error) : NULL;

  if (aside == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      add_members (json, batch);
      ctl_json_member (json, "people_set_aside");
      ctl_json_begin_array (json);
      for (guint i = 0; i < aside->len; i++)
        {
          const AssayVerdict *verdict = g_ptr_array_index (aside, i);

          ctl_json_begin_object (json);
          ctl_json_id (json, "application", ASSAY_ID_APPLICATION, verdict->application_id);
          ctl_json_string (json, "verdict", assay_verdict_kind_to_string (verdict->kind));
          ctl_json_string (json, "reason", verdict->sentence);
          ctl_json_end_object (json);
        }
      ctl_json_end_array (json);
      if (results != NULL)
        add_problems (json, results);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *name = assay_id_format (ASSAY_ID_BATCH, batch->id);
      g_autofree char *progress = describe_progress (batch);
      const struct
      {
        const char *title;
        guint number;
      } counts[] = {
        { _("Set aside"), batch->set_aside }, { _("Waiting"), batch->preparing + batch->waiting + batch->sending },
        { _("Failed"), batch->failed },       { _("Unsure"), batch->unsure },
        { _("Cancelled"), batch->cancelled },
      };

      ctl_describe (text, _("Batch"), name);
      ctl_describe (text, _("Title"), batch->title);
      ctl_describe (text, _("Assessment"), batch->assessment_name);
      ctl_describe (text, _("State"), get_state (batch));
      ctl_describe (text, _("Obstacle"), batch->obstacle);
      ctl_describe (text, _("Sent"), progress);
      for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
        {
          g_autofree char *number = g_strdup_printf ("%u", counts[i].number);

          if (counts[i].number > 0)
            ctl_describe (text, counts[i].title, number);
        }
      for (guint i = 0; i < aside->len; i++)
        {
          const AssayVerdict *verdict = g_ptr_array_index (aside, i);
          g_autofree char *line = g_strdup_printf ("%s: %s", verdict->full_name, verdict->sentence);

          ctl_describe (text, _("Set aside"), line);
        }
      if (results != NULL)
        describe_problems (text, results);
      ctl_output_text (text->str);
    }
  return TRUE;
}

static gboolean
get_id (CtlArguments  *arguments,
        gint64        *id,
        GError       **error)
{
  return ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_BATCH, id, error);
}

gboolean
ctl_batch_show (CtlContext    *context,
                CtlArguments  *arguments,
                GError       **error)
{
  gint64 id;

  return get_id (arguments, &id, error) && ctl_print_batch (context, id, NULL, error);
}

typedef void (*BatchStart) (AssayService *service, gint64 batch_id, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
typedef gboolean (*BatchFinish) (AssayService *service, GAsyncResult *result, GError **error);

static gboolean
change (CtlContext    *context,
        CtlArguments  *arguments,
        BatchStart     start,
        BatchFinish    finish,
        GError       **error)
{
  AssayService *service;
  g_autoptr (AssayBatch) batch = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  gint64 id;

  if (!get_id (arguments, &id, error))
    return FALSE;
  batch = load_batch (context, id, error);
  if (batch == NULL)
    return FALSE;
  service = ctl_context_get_service (context, error);
  if (service == NULL)
    return FALSE;
  start (service, id, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  return finish (service, result, error) && ctl_print_batch (context, id, NULL, error);
}

gboolean
ctl_batch_pause (CtlContext    *context,
                 CtlArguments  *arguments,
                 GError       **error)
{
  return change (context, arguments, assay_service_pause_batch_async, assay_service_pause_batch_finish, error);
}

gboolean
ctl_batch_resume (CtlContext    *context,
                  CtlArguments  *arguments,
                  GError       **error)
{
  return change (context, arguments, assay_service_resume_batch_async, assay_service_resume_batch_finish, error);
}

gboolean
ctl_batch_cancel (CtlContext    *context,
                  CtlArguments  *arguments,
                  GError       **error)
{
  return change (context, arguments, assay_service_cancel_batch_async, assay_service_cancel_batch_finish, error);
}

gboolean
ctl_batch_retry (CtlContext    *context,
                 CtlArguments  *arguments,
                 GError       **error)
{
  return change (context, arguments, assay_service_retry_batch_failures_async,
                 assay_service_retry_batch_failures_finish, error);
}
