/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl outbox … */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-record.h"
#include "ctl-results.h"

static gboolean
is_invitation (const AssayOutboxRow *row)
{
  return g_str_equal (row->kind, "invite");
}

/* Fills in what an invitation does, which its row leaves to the invitation. Returns (transfer full) (nullable): whom @row is
 * about. */
static char *
name_row (CtlContext     *context,
          AssayOutboxRow *row)
{
  g_autoptr (AssayInvitation) invitation = NULL;
  g_autoptr (AssayApplication) application = NULL;

  if (row->invitation_id != 0)
    invitation = ctl_load_invitation (context, row->invitation_id, NULL);
  if (invitation != NULL && is_invitation (row) && row->summary == NULL && invitation->assessment_name != NULL)
    /* Translators: what an entry of the outbox does; %s is an assessment's name */
    row->summary = g_strdup_printf (_("Invite to “%s”"), invitation->assessment_name);
  if (invitation != NULL)
    return g_strdup (invitation->candidate_name);
  if (row->application_id != 0)
    application = ctl_load_application (context, row->application_id, NULL);
  return application != NULL ? g_strdup (application->full_name) : NULL;
}

static void
add_rows (CtlContext *context,
          CtlJson    *json,
          GPtrArray  *rows)
{
  ctl_json_begin_array (json);
  for (guint i = 0; i < rows->len; i++)
    {
      AssayOutboxRow *row = g_ptr_array_index (rows, i);
      g_autofree char *candidate = name_row (context, row);

      ctl_record_add_outbox_row (json, row, candidate);
    }
  ctl_json_end_array (json);
}

/* Names the batches whose people aren't all in the outbox yet: something stopped the process that was at it. */
static void
print_unprepared (CtlContext *context)
{
  g_autoptr (GPtrArray) batches = ctl_load_batches (context, TRUE, NULL);

  for (guint i = 0; batches != NULL && i < batches->len; i++)
    {
      const AssayBatch *batch = g_ptr_array_index (batches, i);
      g_autofree char *id = assay_id_format (ASSAY_ID_BATCH, batch->id);
      g_autofree char *text = NULL;

      if (batch->preparing == 0)
        continue;
      text = g_strdup_printf (ngettext ("%1$u person of batch %2$s isn't in the outbox yet; “assayctl outbox run” goes "
                                        "on with it.\n",
                                        "%1$u people of batch %2$s aren't in the outbox yet; “assayctl outbox run” goes "
                                        "on with it.\n",
                                        batch->preparing),
                              batch->preparing, id);
      ctl_output_text (text);
    }
}

static void
print_table (CtlContext *context,
             GPtrArray  *rows)
{
  g_autoptr (CtlTable) table = ctl_record_new_outbox_table ();

  for (guint i = 0; i < rows->len; i++)
    {
      AssayOutboxRow *row = g_ptr_array_index (rows, i);
      g_autofree char *candidate = name_row (context, row);

      ctl_record_add_outbox_table_row (table, row, candidate);
    }
  ctl_table_print (table, _("The outbox is empty."));
  print_unprepared (context);
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

      add_rows (context, json, rows);
      ctl_output_json (json);
    }
  else
    {
      print_table (context, rows);
    }
  return TRUE;
}

/* Tries a row now, although a failed attempt may have put it off; one that was never tried waits for its
 * time, because somebody may still take it back. */
static gboolean
is_to_be_tried (const AssayOutboxRow *row)
{
  return row->state == ASSAY_OUTBOX_QUEUED && !row->held &&
         (row->attempts > 0 || row->last_error != NULL || row->due_at <= assay_time_now ());
}

/* What somebody waits for before what is one of many; else in the order in which they were queued. */
static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const AssayOutboxRow *row_a = *(const AssayOutboxRow *const *) a;
  const AssayOutboxRow *row_b = *(const AssayOutboxRow *const *) b;

  if ((row_a->batch_id != 0) != (row_b->batch_id != 0))
    return row_a->batch_id != 0 ? 1 : -1;
  return (row_a->id > row_b->id) - (row_a->id < row_b->id);
}

static guint
count_to_be_tried (GPtrArray *rows)
{
  guint n = 0;

  for (guint i = 0; i < rows->len; i++)
    n += is_to_be_tried (g_ptr_array_index (rows, i));
  return n;
}

/* Sends what of @rows may leave, into @results, one result a row. A vendor that can't be used isn't tried twice. FALSE when
 * nothing can be written down any more, so that nothing more was tried. */
static gboolean
send_rows (CtlContext *context,
           GPtrArray  *rows,
           CtlResults *results)
{
  g_autoptr (GHashTable) stopped = g_hash_table_new (g_int64_hash, g_int64_equal);
  const GError *stop_all = NULL;
  guint total = count_to_be_tried (rows);
  guint done = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const AssayOutboxRow *row = g_ptr_array_index (rows, i);
      CtlResult *item = &results->items[i];
      const GError *stop = stop_all != NULL ? stop_all : g_hash_table_lookup (stopped, &row->connection_id);
      g_autoptr (AssayOutboxRow) now = NULL;

      if (!is_to_be_tried (row) || g_cancellable_is_cancelled (context->cancellable))
        continue;
      ctl_show_sending (context, done++, total);
      if (is_invitation (row))
        item->invitation_id = row->invitation_id;
      if (stop != NULL)
        {
          item->error = g_error_copy (stop);
          continue;
        }
      /* Its batch may have been paused, or somebody gave it up, since the rows were listed. */
      now = ctl_load_outbox_row (context, row->id, NULL);
      if (now == NULL || !is_to_be_tried (now) || ctl_send_row (context, now, &item->error))
        continue;
      if (ctl_error_concerns_storage (item->error))
        stop_all = item->error;
      else if (ctl_error_concerns_connection (item->error))
        g_hash_table_insert (stopped, (gpointer) &row->connection_id, item->error);
    }
  return stop_all == NULL;
}

/* Waits for what is on the wire after an interrupt: its end must be known. */
static void
await_sending (CtlContext *context)
{
  g_autoptr (GPtrArray) rows = ctl_load_outbox (context, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (((const AssayOutboxRow *) g_ptr_array_index (rows, i))->state == ASSAY_OUTBOX_SENDING)
      ctl_send_row (context, g_ptr_array_index (rows, i), NULL);
}

/* What came since, and what a process left behind that died while sending. */
static void
send_rest (CtlContext  *context,
           GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) local_error = NULL;

  if (g_cancellable_is_cancelled (context->cancellable))
    return;
  assay_service_run_outbox_async (context->service, 0, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  if (assay_service_run_outbox_finish (context->service, result, &local_error))
    return;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    await_sending (context);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
}

static void
print_run (CtlContext *context,
           GPtrArray  *before,
           GPtrArray  *after)
{
  g_autoptr (CtlJson) json = NULL;
  g_autoptr (GHashTable) left = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint done = 0;

  for (guint i = 0; i < after->len; i++)
    g_hash_table_add (left, &((AssayOutboxRow *) g_ptr_array_index (after, i))->id);
  for (guint i = 0; i < before->len; i++)
    done += !g_hash_table_contains (left, &((AssayOutboxRow *) g_ptr_array_index (before, i))->id);

  if (!context->json)
    {
      g_autofree char *text =
        g_strdup_printf (ngettext ("%u action is settled.", "%u actions are settled.", done), done);

      if (done > 0)
        {
          ctl_output_text (text);
          ctl_output_text ("\n");
        }
      print_table (context, after);
      return;
    }

  json = ctl_json_new ();
  ctl_json_begin_object (json);
  ctl_json_integer (json, "done", done);
  ctl_json_member (json, "left");
  add_rows (context, json, after);
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
  g_autoptr (GError) rest = NULL;
  const GError *worst;

  if (before == NULL)
    return FALSE;
  g_ptr_array_sort (before, compare_rows);
  results = ctl_results_new (before->len);
  if (send_rows (context, before, results))
    send_rest (context, &rest);
  worst = ctl_results_get_worst (results);
  after = ctl_load_outbox (context, error);
  if (after == NULL)
    return FALSE;
  print_run (context, before, after);

  for (guint i = 0; i < results->length; i++)
    {
      CtlResult *item = &results->items[i];

      if (item->error == NULL || item->error != worst)
        continue;
      ctl_explain_failed_row (context, g_ptr_array_index (before, i), item->error);
      context->invitation = item->invitation_id;
      g_propagate_error (error, g_steal_pointer (&item->error));
      return FALSE;
    }
  if (rest != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&rest));
      return FALSE;
    }
  if (g_cancellable_is_cancelled (context->cancellable))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           _("The command was interrupted. Nothing is lost: what hasn't left stays queued, and "
                             "“assayctl outbox run” sends it."));
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

gboolean
ctl_print_outbox_row (CtlContext  *context,
                      gint64       outbox_id,
                      GError     **error)
{
  g_autoptr (AssayOutboxRow) row = ctl_load_outbox_row (context, outbox_id, error);
  g_autofree char *candidate = row != NULL ? name_row (context, row) : NULL;

  if (row == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_record_add_outbox_row (json, row, candidate);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table = ctl_record_new_outbox_table ();

      ctl_record_add_outbox_table_row (table, row, candidate);
      ctl_table_print (table, "");
    }
  return TRUE;
}

/* Prints what became of a row: its invitation if it is one. */
static gboolean
print_outcome (CtlContext            *context,
               const AssayOutboxRow  *row,
               GError               **error)
{
  if (is_invitation (row) && row->invitation_id != 0)
    return ctl_print_invitation (context, row->invitation_id, error);
  return ctl_print_outbox_row (context, row->id, error);
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

  /* Not to be interrupted: whether it was settled must be known. */
  assay_service_resolve_outbox_async (context->service, row->id, sent, NULL, ctl_context_done, context);
  result = ctl_context_wait (context);
  if (!assay_service_resolve_outbox_finish (context->service, result, error))
    return FALSE;

  /* It is queued again; as for any action, the command waits for its end. */
  if (!sent && !ctl_arguments_has (arguments, "no-wait") && !ctl_send_row (context, row, &local_error))
    {
      ctl_explain_failed_row (context, row, local_error);
      if (is_invitation (row))
        context->invitation = row->invitation_id;
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
  assay_service_discard_outbox_async (context->service, row->id, NULL, ctl_context_done, context);
  result = ctl_context_wait (context);
  return assay_service_discard_outbox_finish (context->service, result, error) &&
         print_outcome (context, row, error);
}
