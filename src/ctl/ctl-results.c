/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results of commands on several records. */
#include "config.h"

#include "ctl-results.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-commands.h"
#include "ctl-record.h"

CtlResults *
ctl_results_new (guint length)
{
  CtlResults *self = g_new0 (CtlResults, 1);

  self->length = length;
  self->items = g_new0 (CtlResult, length);
  return self;
}

void
ctl_results_free (CtlResults *self)
{
  for (guint i = 0; i < self->length; i++)
    {
      g_clear_error (&self->items[i].error);
      g_free (self->items[i].text);
      g_clear_pointer (&self->items[i].repeated, g_array_unref);
    }
  g_free (self->items);
  g_free (self);
}

/* Exit statuses from the harmless to what a person has to know first: already invited; will be tried
 * again; no such record; anything else; refused; wrong use; the key; can't be told without looking; the
 * keyring, which stops all. */
static int
get_weight (const GError *error)
{
  static const int exit_statuses[] = { 4, 5, 6, 1, 8, 2, 3, 7, 9 };

  if (error == NULL)
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS (exit_statuses); i++)
    if (exit_statuses[i] == assay_error_get_exit_status (error))
      return (int) i;
  return 0;
}

const GError *
ctl_get_worse_error (const GError *a,
                     const GError *b)
{
  return get_weight (b) > get_weight (a) ? b : a;
}

gboolean
ctl_error_concerns_connection (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) || assay_error_is_keyring (error);
}

gboolean
ctl_error_concerns_storage (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
}

const GError *
ctl_results_get_worst (CtlResults *self)
{
  const GError *worst = NULL;

  for (guint i = 0; i < self->length; i++)
    worst = ctl_get_worse_error (worst, self->items[i].error);
  return worst;
}

void
ctl_results_sort (CtlResults *self)
{
  g_autofree CtlResult *sorted = g_new (CtlResult, self->length);
  guint n = 0;

  for (guint i = 0; i < self->length; i++)
    if (self->items[i].error != NULL)
      sorted[n++] = self->items[i];
  for (guint i = 0; i < self->length; i++)
    if (self->items[i].error == NULL)
      sorted[n++] = self->items[i];
  for (guint i = 0; i < self->length; i++)
    self->items[i] = sorted[i];
}

char *
ctl_result_dup_lines (const CtlResult *result)
{
  GString *lines = g_string_new (NULL);

  if (result->line != 0)
    g_string_append_printf (lines, "%u", result->line);
  for (guint i = 0; result->repeated != NULL && i < result->repeated->len; i++)
    g_string_append_printf (lines, ", %u", g_array_index (result->repeated, guint, i));
  return g_string_free (lines, FALSE);
}

void
ctl_result_add_lines (CtlJson         *json,
                      const CtlResult *result)
{
  if (result->line == 0)
    return;
  ctl_json_integer (json, "line", result->line);
  ctl_json_string (json, "row", result->text);
  ctl_json_member (json, "repeated_on_lines");
  ctl_json_begin_array (json);
  for (guint i = 0; result->repeated != NULL && i < result->repeated->len; i++)
    ctl_json_add_integer (json, g_array_index (result->repeated, guint, i));
  ctl_json_end_array (json);
}

/* (transfer full) (nullable): the invitation of @result. Of somebody who was invited by another application of theirs there is
 * none; the error tells which it is. */
static AssayInvitation *
load_invitation (CtlContext      *context,
                 const CtlResult *result)
{
  g_autoptr (AssayInvitation) invitation = NULL;

  if (result->invitation_id != 0)
    invitation = ctl_load_invitation (context, result->invitation_id, NULL);
  if (invitation == NULL || (result->error != NULL && result->application_id != 0 &&
                             result->application_id != invitation->application_id))
    return NULL;
  return g_steal_pointer (&invitation);
}

static void
add_result (CtlContext      *context,
            const CtlResult *result,
            CtlJson         *json)
{
  g_autoptr (AssayInvitation) invitation = load_invitation (context, result);

  ctl_json_begin_object (json);
  ctl_result_add_lines (json, result);
  if (invitation != NULL)
    {
      ctl_record_add_invitation_members (json, invitation, TRUE);
    }
  else
    {
      ctl_json_id (json, "id", ASSAY_ID_INVITATION, 0);
      ctl_json_id (json, "application", ASSAY_ID_APPLICATION, result->application_id);
      ctl_json_string (json, "status", NULL);
    }
  ctl_json_error (json, "error", result->error, result->invitation_id);
  ctl_json_end_object (json);
}

static void
add_result_row (CtlContext      *context,
                const CtlResult *result,
                gboolean         with_lines,
                CtlTable        *table)
{
  g_autoptr (AssayInvitation) invitation = load_invitation (context, result);
  g_autofree char *application = NULL;
  g_autofree char *id = invitation != NULL ? assay_id_format (ASSAY_ID_INVITATION, invitation->id) : NULL;
  g_autofree char *status = NULL;
  g_autofree char *lines = ctl_result_dup_lines (result);
  g_autofree char *problem = result->error != NULL ? ctl_output_dup_message (result->error) : NULL;

  if (result->application_id != 0)
    application = assay_id_format (ASSAY_ID_APPLICATION, result->application_id);
  if (invitation != NULL)
    status = ctl_record_dup_status (invitation);
  if (with_lines)
    ctl_table_add_row (table, lines, application, id, invitation != NULL ? invitation->candidate_name : result->text,
                       status, problem);
  else
    ctl_table_add_row (table, application, id, invitation != NULL ? invitation->candidate_name : NULL, status,
                       problem);
}

gboolean
ctl_results_print (CtlContext  *context,
                   CtlResults  *self,
                   GError     **error)
{
  const GError *worst = ctl_results_get_worst (self);
  gboolean alone = self->length == 1 && !self->from_file;

  if (alone && worst == NULL)
    return ctl_print_invitation (context, self->items[0].invitation_id, error);
  if (alone)
    context->invitation = self->items[0].invitation_id;

  ctl_results_sort (self);
  if (!alone && context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < self->length; i++)
        add_result (context, &self->items[i], json);
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else if (!alone)
    {
      g_autoptr (CtlTable) table =
        self->from_file
          ? ctl_table_new (_("Line"), _("Application"), _("Invitation"), _("Candidate"), _("Status"), _("Problem"), NULL)
          : ctl_table_new (_("Application"), _("Invitation"), _("Candidate"), _("Status"), _("Problem"), NULL);

      for (guint i = 0; i < self->length; i++)
        add_result_row (context, &self->items[i], self->from_file, table);
      ctl_table_print (table, "");
    }

  if (worst != NULL)
    g_propagate_error (error, g_error_copy (worst));
  return worst == NULL;
}
