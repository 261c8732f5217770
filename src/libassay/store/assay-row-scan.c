/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queries of a row list, as they run on a reader thread: ids, how they differ from what is shown, and content. */
#include "config.h"

#include "assay-batch.h"
#include "assay-queries-private.h"
#include "assay-row-diff-private.h"
#include "assay-row-private.h"

static GPtrArray *
new_values (AssayRowKind kind)
{
  return g_ptr_array_new_with_free_func (kind == ASSAY_ROW_APPLICATION ? (GDestroyNotify) assay_application_free
                                                                       : (GDestroyNotify) assay_invitation_free);
}

GPtrArray *
assay_row_read_values (AssayDatabase  *database,
                       AssayRowKind    kind,
                       GArray         *ids,
                       guint           limit,
                       GError        **error)
{
  g_autoptr (GPtrArray) values = new_values (kind);

  for (guint i = 0; i < ids->len && i < limit; i++)
    {
      g_autoptr (GError) local_error = NULL;
      gint64 id = g_array_index (ids, gint64, i);
      gpointer value = kind == ASSAY_ROW_APPLICATION
                         ? (gpointer) assay_applications_find_brief (database, id, &local_error)
                         : (gpointer) assay_invitations_find (database, id, &local_error);

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      g_ptr_array_add (values, value);
    }
  return g_steal_pointer (&values);
}

static gboolean
contains (GArray *ids,
          gint64  id)
{
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == id)
      return TRUE;
  return FALSE;
}

/* Which ATSs are read as a whole. @grown: one of them wasn't when the list was queried last, so that some of the rows
 * that came since are of its first reading. */
static gboolean
read_whole (AssayDatabase       *database,
            const AssayRowScan  *scan,
            AssayRowScanResult  *result,
            gboolean            *grown,
            GError             **error)
{
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id, complete_up_to FROM connection"
                            " WHERE role = 'ats' AND removed = 0 AND state IN ('enabled', 'failing')",
                            error);

  if (statement == NULL)
    return FALSE;

  *grown = FALSE;
  result->whole = g_array_new (FALSE, FALSE, sizeof (gint64));
  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      if (assay_statement_get_int64 (statement, 1) == 0)
        result->first_reading = TRUE;
      else
        g_array_append_val (result->whole, id);
      *grown = *grown || !contains (scan->whole, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

gpointer
assay_row_scan_run (AssayDatabase  *database,
                    gpointer        data,
                    GError        **error)
{
  AssayRowScan *scan = data;
  g_autoptr (AssayRowScanResult) result = g_new0 (AssayRowScanResult, 1);
  gint64 start = g_get_monotonic_time ();
  gboolean grown = FALSE;

  result->all = scan->kind == ASSAY_ROW_APPLICATION
                  ? assay_applications_list_ids (database, scan->filter, scan->limit, error)
                : scan->batch_id != 0
                  ? assay_batches_list_invitation_ids (database, scan->batch_id, scan->limit, error)
                  : assay_invitations_list_ids (database, scan->status, scan->limit, error);
  if (result->all == NULL)
    return NULL;

  if (scan->kind == ASSAY_ROW_APPLICATION && !read_whole (database, scan, result, &grown, error))
    return NULL;

  if (scan->hold_back && !grown && !result->first_reading)
    result->shown = assay_row_hold_back ((const gint64 *) scan->shown->data, scan->shown->len,
                                         (const gint64 *) result->all->data, result->all->len, &result->held_back);
  else
    result->shown = g_array_ref (result->all);
  result->splices = assay_row_diff ((const gint64 *) scan->shown->data, scan->shown->len,
                                    (const gint64 *) result->shown->data, result->shown->len);

  if (scan->limit != 0)
    {
      result->values = assay_row_read_values (database, scan->kind, result->all, ASSAY_ROW_PAGE, error);
      if (result->values == NULL)
        return NULL;
    }
  result->time = g_get_monotonic_time () - start;
  return g_steal_pointer (&result);
}

void
assay_row_scan_free (gpointer data)
{
  AssayRowScan *scan = data;

  g_clear_pointer (&scan->filter, assay_application_filter_free);
  g_array_unref (scan->shown);
  g_clear_pointer (&scan->whole, g_array_unref);
  g_free (scan);
}

void
assay_row_scan_result_free (gpointer data)
{
  AssayRowScanResult *result = data;

  g_clear_pointer (&result->all, g_array_unref);
  g_clear_pointer (&result->shown, g_array_unref);
  g_clear_pointer (&result->splices, g_array_unref);
  g_clear_pointer (&result->whole, g_array_unref);
  g_clear_pointer (&result->values, g_ptr_array_unref);
  g_free (result);
}
