/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl outbox … */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-record.h"
#include "ctl-results.h"

static void
add_rows (CtlJson   *json,
          GPtrArray *rows)
{
  ctl_json_begin_array (json);
  for (guint i = 0; i < rows->len; i++)
    ctl_record_add_outbox_row (json, g_ptr_array_index (rows, i));
  ctl_json_end_array (json);
}

static void
print_table (GPtrArray *rows)
{
  g_autoptr (CtlTable) table = ctl_record_new_outbox_table ();

  for (guint i = 0; i < rows->len; i++)
    ctl_record_add_outbox_table_row (table, g_ptr_array_index (rows, i));
  ctl_table_print (table, _("The outbox is empty."));
}

gboolean
ctl_outbox_list (CtlContext    *context,
                 CtlArguments  *arguments,
                 GError       **error)
{
  g_autoptr (GPtrArray) rows = ctl_load_outbox (context, error);

  if (rows == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      add_rows (json, rows);
      ctl_output_json (json);
    }
  else
    {
      print_table (rows);
    }
  return TRUE;
}

/* (nullable): the row in @rows with that id */
static const AssayOutboxRow *
find_row (GPtrArray *rows,
          gint64     id)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const AssayOutboxRow *row = g_ptr_array_index (rows, i);

      if (row->id == id)
        return row;
    }
  return NULL;
}

/* Tries a row now, although a failed attempt may have put it off; one that was never tried waits for its
 * time, because somebody may still take it back. */
static gboolean
is_to_be_tried (const AssayOutboxRow *row)
{
  return row->state == ASSAY_OUTBOX_QUEUED && !row->held &&
         (row->attempts > 0 || row->last_error != NULL || row->due_at <= assay_time_now ());
}

static gboolean
is_invitation (const AssayOutboxRow *row)
{
  return g_str_equal (row->kind, "invite");
}

static gboolean
send_row (CtlContext            *context,
          const AssayOutboxRow  *row,
          GError               **error)
{
  return is_invitation (row) ? ctl_send_invitation (context, row->invitation_id, error)
                             : ctl_send_effect (context, row->id, error);
}

/* Sends what of @rows may leave, into @results, one result a row. A vendor that can't be used isn't tried
 * twice. */
static void
send_rows (CtlContext *context,
           GPtrArray  *rows,
           CtlResults *results)
{
  g_autoptr (GHashTable) stopped = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < rows->len; i++)
    {
      const AssayOutboxRow *row = g_ptr_array_index (rows, i);
      CtlResult *item = &results->items[i];
      const GError *stop = g_hash_table_lookup (stopped, &row->connection_id);

      if (!is_to_be_tried (row) || g_cancellable_is_cancelled (context->cancellable))
        continue;
      if (is_invitation (row))
        item->invitation_id = row->invitation_id;
      if (stop != NULL)
        {
          item->error = g_error_copy (stop);
          continue;
        }
      if (!send_row (context, row, &item->error) &&
          ctl_error_concerns_connection (item->error))
        g_hash_table_insert (stopped, (gpointer) &row->connection_id, item->error);
    }
}

static void
print_run (CtlContext *context,
           GPtrArray  *before,
           GPtrArray  *after)
{
  g_autoptr (CtlJson) json = NULL;
  guint done = 0;

  if (!context->json)
    {
      print_table (after);
      return;
    }

  for (guint i = 0; i < before->len; i++)
    if (find_row (after, ((const AssayOutboxRow *) g_ptr_array_index (before, i))->id) == NULL)
      done++;
  json = ctl_json_new ();
  ctl_json_begin_object (json);
  ctl_json_integer (json, "done", done);
  ctl_json_member (json, "left");
  add_rows (json, after);
  ctl_json_end_object (json);
  ctl_output_json (json);
}

gboolean
ctl_outbox_run (CtlContext    *context,
                CtlArguments  *arguments,
                GError       **error)
{
  g_autoptr (GPtrArray) before = ctl_load_outbox (context, error);
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (CtlResults) results = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  const GError *worst;

  if (before == NULL)
    return FALSE;
  results = ctl_results_new (before->len);
  send_rows (context, before, results);
  /* What came since, and what a process left behind that died while sending. */
  assay_service_run_outbox_async (context->service, 0, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  if (!assay_service_run_outbox_finish (context->service, result, error))
    return FALSE;
  after = ctl_load_outbox (context, error);
  if (after == NULL)
    return FALSE;
  print_run (context, before, after);

  worst = ctl_results_get_worst (results);
  for (guint i = 0; i < results->length; i++)
    {
      CtlResult *item = &results->items[i];

      if (item->error == NULL || item->error != worst)
        continue;
      if (item->invitation_id != 0)
        ctl_explain_failed_sending (context, item->invitation_id, item->error);
      context->invitation = item->invitation_id;
      g_propagate_error (error, g_steal_pointer (&item->error));
      return FALSE;
    }
  return TRUE;
}

/* Finds the row that an id of the outbox or of an invitation names; (transfer full) (nullable) */
static AssayOutboxRow *
load_row (CtlContext  *context,
          const char  *text,
          GError     **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  gint64 invitation_id = 0;
  gint64 id = 0;

  if (!assay_id_parse (text, ASSAY_ID_INVITATION, &invitation_id) &&
      !ctl_parse_id (text, ASSAY_ID_OUTBOX, &id, error))
    return NULL;
  rows = ctl_load_outbox (context, error);
  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    {
      const AssayOutboxRow *row = g_ptr_array_index (rows, i);

      if (id != 0 ? row->id == id : row->invitation_id == invitation_id && is_invitation (row))
        return g_ptr_array_steal_index (rows, i);
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
               _("Nothing in the outbox is known as %s; “assayctl outbox list” shows what waits there."),
               text);
  return NULL;
}

/* Prints what became of a row: its invitation if it is one. */
static gboolean
print_outcome (CtlContext            *context,
               const AssayOutboxRow  *row,
               GError               **error)
{
  if (is_invitation (row) && row->invitation_id != 0)
    return ctl_print_invitation (context, row->invitation_id, error);
  return ctl_outbox_list (context, NULL, error);
}

gboolean
ctl_outbox_resolve (CtlContext    *context,
                    CtlArguments  *arguments,
                    GError       **error)
{
  const char *as = ctl_arguments_get (arguments, "as");
  g_autoptr (AssayOutboxRow) row = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) local_error = NULL;
  gboolean sent;

  if (g_strcmp0 (as, "sent") != 0 && g_strcmp0 (as, "not-sent") != 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say what you found at the vendor's: “--as sent” or “--as not-sent”."));
      return FALSE;
    }
  sent = g_str_equal (as, "sent");
  row = load_row (context, ctl_arguments_get_word (arguments, 0), error);
  if (row == NULL)
    return FALSE;
  if (row->state != ASSAY_OUTBOX_UNSURE)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _("There is no doubt about %s, so nothing is to be settled; only actions that are "
                     "unsure are."),
                   ctl_arguments_get_word (arguments, 0));
      return FALSE;
    }

  assay_service_resolve_outbox_async (context->service, row->id, sent, context->cancellable, ctl_context_done,
                                      context);
  result = ctl_context_wait (context);
  if (!assay_service_resolve_outbox_finish (context->service, result, error))
    return FALSE;

  /* It is queued again; as for any action, the command waits for its end. */
  if (!sent && !ctl_arguments_has (arguments, "no-wait") && !send_row (context, row, &local_error))
    {
      if (is_invitation (row))
        {
          ctl_explain_failed_sending (context, row->invitation_id, local_error);
          context->invitation = row->invitation_id;
        }
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return print_outcome (context, row, error);
}

gboolean
ctl_outbox_discard (CtlContext    *context,
                    CtlArguments  *arguments,
                    GError       **error)
{
  g_autoptr (AssayOutboxRow) row = load_row (context, ctl_arguments_get_word (arguments, 0), error);
  g_autoptr (GAsyncResult) result = NULL;

  if (row == NULL)
    return FALSE;
  assay_service_discard_outbox_async (context->service, row->id, context->cancellable, ctl_context_done,
                                      context);
  result = ctl_context_wait (context);
  return assay_service_discard_outbox_finish (context->service, result, error) &&
         print_outcome (context, row, error);
}
