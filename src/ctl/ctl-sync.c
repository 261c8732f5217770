/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl sync */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-record.h"
#include "ctl-results.h"

static void
on_progress (gint64   connection_id,
             guint    applications,
             gint64   total,
             gpointer user_data)
{
  g_autofree char *id = assay_id_format (ASSAY_ID_CONNECTION, connection_id);
  g_autofree char *text = NULL;

  if (total >= 0)
    /* Translators: %1$s is a connection's id */
    text = g_strdup_printf (_("%1$s: %2$u of %3$" G_GINT64_FORMAT " applications"), id, applications, total);
  else
    text = g_strdup_printf (ngettext ("%1$s: %2$u application", "%1$s: %2$u applications", applications), id,
                            applications);
  ctl_output_progress (text);
}

static void
add_result (CtlJson               *json,
            const AssaySyncResult *result,
            gboolean               with_error)
{
  ctl_json_begin_object (json);
  ctl_json_id (json, "id", ASSAY_ID_CONNECTION, result->connection_id);
  ctl_json_integer (json, "jobs", result->jobs);
  ctl_json_integer (json, "stages", result->stages);
  ctl_json_integer (json, "applications", result->applications);
  ctl_json_integer (json, "changed", result->changed);
  ctl_json_integer (json, "removed", result->removed);
  ctl_json_time (json, "complete_up_to", result->complete_up_to);
  ctl_json_integer (json, "requests", result->requests);
  if (with_error)
    ctl_json_error (json, "error", result->error, 0);
  ctl_json_end_object (json);
}

static void
print_results (CtlContext *context,
               GPtrArray  *results)
{
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_member (json, "connections");
      ctl_json_begin_array (json);
      for (guint i = 0; i < results->len; i++)
        add_result (json, g_ptr_array_index (results, i), results->len > 1);
      ctl_json_end_array (json);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table = ctl_table_new (_("Id"), _("Jobs"), _("Applications"), _("Changed"),
                                                  _("Complete up to"), _("Problem"), NULL);

      for (guint i = 0; i < results->len; i++)
        {
          const AssaySyncResult *result = g_ptr_array_index (results, i);
          g_autofree char *id = assay_id_format (ASSAY_ID_CONNECTION, result->connection_id);
          g_autofree char *jobs = g_strdup_printf ("%u", result->jobs);
          g_autofree char *applications = g_strdup_printf ("%u", result->applications);
          g_autofree char *changed = g_strdup_printf ("%u", result->changed);
          g_autofree char *complete = ctl_record_dup_time (result->complete_up_to);
          g_autofree char *problem = result->error != NULL ? ctl_output_dup_message (result->error) : NULL;

          ctl_table_add_row (table, id, jobs, applications, changed, complete, problem);
        }
      ctl_table_print (table, _("No applicant tracking system is enabled, so there is nothing to sync; "
                                "“assayctl connection enable” enables one."));
    }
}

static int
compare_results (gconstpointer a,
                 gconstpointer b)
{
  const AssaySyncResult *result_a = *(const AssaySyncResult *const *) a;
  const AssaySyncResult *result_b = *(const AssaySyncResult *const *) b;

  if ((result_a->error != NULL) != (result_b->error != NULL))
    return result_a->error != NULL ? -1 : 1;
  return (result_a->connection_id > result_b->connection_id) -
         (result_a->connection_id < result_b->connection_id);
}

static gboolean
check_connection (CtlContext  *context,
                  gint64       id,
                  GError     **error)
{
  g_autoptr (AssayConnection) connection = ctl_load_connection (context, id, error);

  if (connection == NULL)
    return FALSE;
  if (connection->role != ASSAY_ROLE_ATS)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _("“%s” is an assessment provider, and only applicant tracking systems are synced; "
                     "“assayctl assessment list --refresh” reads its assessments."),
                   connection->name);
      return FALSE;
    }
  return TRUE;
}

static gpointer
read_connections (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  return assay_connections_list (database, error);
}

/* (transfer full) (nullable) (element-type gint64): what is to be synced when nothing is named. The
 * service leaves out those that are failing, but whoever asks is to hear of them, and a mended one is to
 * be found. */
static GArray *
list_connections (CtlContext  *context,
                  GError     **error)
{
  g_autoptr (GPtrArray) connections = ctl_context_read (context, read_connections, NULL, error);
  GArray *ids;

  if (connections == NULL)
    return NULL;
  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (connection->role == ASSAY_ROLE_ATS &&
          (connection->state == ASSAY_CONNECTION_ENABLED || connection->state == ASSAY_CONNECTION_FAILING))
        g_array_append_val (ids, connection->id);
    }
  return ids;
}

/* Syncs one connection into @results. */
static gboolean
sync_into (CtlContext  *context,
           gint64       id,
           gboolean     full,
           gboolean     accept_removals,
           GPtrArray   *results,
           GError     **error)
{
  AssayService *service = ctl_context_get_service (context, error);
  gboolean show_progress = !context->quiet;
  g_autoptr (GAsyncResult) async_result = NULL;
  g_autoptr (GPtrArray) more = NULL;

  if (service == NULL)
    return FALSE;
  if (accept_removals)
    assay_service_settle_removals_async (service, id, TRUE, show_progress ? on_progress : NULL, NULL,
                                         context->cancellable, ctl_context_done, context);
  else
    assay_service_sync_async (service, id, full, show_progress ? on_progress : NULL, NULL, context->cancellable,
                              ctl_context_done, context);
  async_result = ctl_context_wait (context);
  ctl_output_clear_progress ();
  more = accept_removals ? assay_service_settle_removals_finish (service, async_result, error)
                         : assay_service_sync_finish (service, async_result, error);
  if (more == NULL)
    return FALSE;
  g_ptr_array_extend_and_steal (results, g_steal_pointer (&more));
  return TRUE;
}

gboolean
ctl_sync (CtlContext    *context,
          CtlArguments  *arguments,
          GError       **error)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_sync_result_free);
  g_autoptr (GArray) ids = ctl_arguments_get_ids (arguments, ASSAY_ID_CONNECTION, error);
  gboolean full = ctl_arguments_has (arguments, "full");
  gboolean accept_removals = ctl_arguments_has (arguments, "accept-removals");
  const GError *worst = NULL;

  if (ids == NULL)
    return FALSE;
  if (accept_removals && ids->len == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("“--accept-removals” answers the question of one connection, so name it."));
      return FALSE;
    }
  for (guint i = 0; i < ids->len; i++)
    if (!check_connection (context, g_array_index (ids, gint64, i), error))
      return FALSE;

  if (ids->len == 0)
    {
      g_array_unref (ids);
      ids = list_connections (context, error);
      if (ids == NULL)
        return FALSE;
    }
  for (guint i = 0; i < ids->len; i++)
    if (!sync_into (context, g_array_index (ids, gint64, i), full, accept_removals, results, error))
      return FALSE;

  g_ptr_array_sort (results, compare_results);
  for (guint i = 0; i < results->len; i++)
    worst = ctl_get_worse_error (worst, ((const AssaySyncResult *) g_ptr_array_index (results, i))->error);

  /* Of a single one that failed there is nothing to report but the error. */
  if (worst == NULL || results->len > 1)
    print_results (context, results);
  if (worst != NULL)
    g_propagate_error (error, g_error_copy (worst));
  return worst == NULL;
}
