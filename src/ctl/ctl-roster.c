/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a CSV file names, as the command line shows it. */
#include "config.h"

#include "ctl-roster.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-output.h"

static gpointer
read_roster (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  return assay_roster_read (database, data, error);
}

GPtrArray *
ctl_roster_read (CtlContext  *context,
                 const char  *path,
                 GError     **error)
{
  g_autoptr (GFile) file = g_str_equal (path, "-") ? g_file_new_for_path ("/dev/stdin")
                                                   : g_file_new_for_commandline_arg (path);
  g_autoptr (GPtrArray) rows = assay_csv_load (file, context->cancellable, error);

  return rows != NULL ? ctl_context_read (context, read_roster, rows, error) : NULL;
}

gboolean
ctl_roster_row_is_problem (const AssayRosterRow *row)
{
  return row->kind != ASSAY_ROSTER_FOUND && row->kind != ASSAY_ROSTER_TWICE;
}

GError *
ctl_roster_make_error (const AssayRosterRow *row)
{
  return g_error_new_literal (ASSAY_ERROR,
                              row->kind == ASSAY_ROSTER_UNKNOWN ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_INVALID,
                              row->sentence);
}

static void
print_json (GPtrArray *roster)
{
  g_autoptr (CtlJson) json = ctl_json_new ();

  ctl_json_begin_array (json);
  for (guint i = 0; i < roster->len; i++)
    {
      const AssayRosterRow *row = g_ptr_array_index (roster, i);
      g_autoptr (GError) problem = NULL;

      if (!ctl_roster_row_is_problem (row))
        continue;
      problem = ctl_roster_make_error (row);
      ctl_json_begin_object (json);
      ctl_json_integer (json, "line", row->line);
      ctl_json_string (json, "row", row->text);
      ctl_json_error (json, "error", problem, 0);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  ctl_output_json (json);
}

static void
print_table (GPtrArray *roster)
{
  g_autoptr (CtlTable) table = ctl_table_new (_("Line"), _("Row"), _("Candidate"), _("Job"), _("Problem"), NULL);

  for (guint i = 0; i < roster->len; i++)
    {
      const AssayRosterRow *row = g_ptr_array_index (roster, i);
      gboolean problem = ctl_roster_row_is_problem (row);
      g_autofree char *line = g_strdup_printf ("%u", row->line);

      ctl_table_add_row (table, line, row->text, problem ? NULL : row->full_name, problem ? NULL : row->job_title,
                         row->kind == ASSAY_ROSTER_TWICE ? _("Is in the file already, and counts once.")
                                                         : row->sentence);
    }
  ctl_table_print (table, "");
}

void
ctl_roster_print_problems (CtlContext  *context,
                           GPtrArray   *roster,
                           GError     **error)
{
  const AssayRosterRow *first = NULL;
  guint n = 0;

  for (guint i = 0; i < roster->len; i++)
    {
      const AssayRosterRow *row = g_ptr_array_index (roster, i);

      if (!ctl_roster_row_is_problem (row))
        continue;
      if (first == NULL)
        first = row;
      n++;
    }
  g_return_if_fail (first != NULL);

  if (context->json)
    print_json (roster);
  else
    print_table (roster);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %1$u is a number of rows, %2$u a line's number, %3$s a whole sentence */
               ngettext ("%1$u row of the file can't be used, so nothing was sent. Line %2$u: %3$s",
                         "%1$u rows of the file can't be used, so nothing was sent. Line %2$u: %3$s", n),
               n, first->line, first->sentence);
}
