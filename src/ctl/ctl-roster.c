/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a CSV file names. */
#include "config.h"

#include "ctl-roster.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-commands.h"
#include "ctl-csv.h"
#include "ctl-output.h"

/* A list of people is far below this. */
#define MAX_FILE (64 * 1024 * 1024)

/* A row that can't be used. */
typedef struct
{
  guint line;
  char *text;     /* what it names */
  GError *error;
} Problem;

static void
problem_free (gpointer data)
{
  Problem *problem = data;

  g_free (problem->text);
  g_error_free (problem->error);
  g_free (problem);
}

static gpointer
find_by_email (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  return assay_applications_find_by_email (database, data, error);
}

/* The one open application of an address; 0 on error. */
static gint64
resolve_email (CtlContext  *context,
               const char  *email,
               GError     **error)
{
  g_autoptr (GPtrArray) found = ctl_context_read (context, find_by_email, (gpointer) email, error);
  g_autoptr (GString) ids = g_string_new (NULL);
  gint64 id = 0;
  guint n = 0;

  if (found == NULL)
    return 0;
  for (guint i = 0; i < found->len; i++)
    {
      const AssayApplication *application = g_ptr_array_index (found, i);
      g_autofree char *text = assay_id_format (ASSAY_ID_APPLICATION, application->id);

      if (application->archived || application->gone || !application->job_open)
        continue;
      id = application->id;
      g_string_append_printf (ids, "%s%s", n > 0 ? ", " : "", text);
      n++;
    }

  if (n == 1)
    return id;
  if (found->len == 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _("Nobody with the address %s has applied."),
                 email);
  else if (n == 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 _("No application of %s is open; reopen one in the applicant tracking system."), email);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 /* Translators: %1$s is an e-mail address, %2$s a list of ids */
                 _("%1$s has several open applications (%2$s); say which one in a column “application”."),
                 email, ids->str);
  return 0;
}

/* The application of a row; 0 on error. */
static gint64
resolve (CtlContext  *context,
         const char  *application_text,
         const char  *email,
         GError     **error)
{
  g_autoptr (AssayApplication) application = NULL;
  gint64 id;

  if (application_text == NULL && email == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _("The row names neither an application nor an address."));
      return 0;
    }
  if (application_text == NULL)
    return resolve_email (context, email, error);
  if (!ctl_parse_id (application_text, ASSAY_ID_APPLICATION, &id, error))
    return 0;
  application = ctl_load_application (context, id, error);
  return application != NULL ? id : 0;
}

static void
print_problems (CtlContext *context,
                GPtrArray  *problems)
{
  g_autoptr (CtlTable) table = NULL;

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < problems->len; i++)
        {
          const Problem *problem = g_ptr_array_index (problems, i);

          ctl_json_begin_object (json);
          ctl_json_integer (json, "line", problem->line);
          ctl_json_string (json, "row", problem->text);
          ctl_json_error (json, "error", problem->error, 0);
          ctl_json_end_object (json);
        }
      ctl_json_end_array (json);
      ctl_output_json (json);
      return;
    }

  table = ctl_table_new (_("Line"), _("Row"), _("Problem"), NULL);
  for (guint i = 0; i < problems->len; i++)
    {
      const Problem *problem = g_ptr_array_index (problems, i);
      g_autofree char *line = g_strdup_printf ("%u", problem->line);

      ctl_table_add_row (table, line, problem->text, problem->error->message);
    }
  ctl_table_print (table, "");
}

/* (transfer full) (nullable): the rows of the file */
static GPtrArray *
load_rows (const char  *path,
           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize length;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, &local_error);
  if (info != NULL && g_file_info_get_size (info) > MAX_FILE)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _("“%s” is too large for a list of candidates."),
                   path);
      return NULL;
    }
  if (info == NULL || !g_file_load_contents (file, NULL, &text, &length, NULL, &local_error))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %1$s is a file's name, %2$s the system's reason */
                   _("“%1$s” can't be read: %2$s."), path, local_error->message);
      return NULL;
    }
  return ctl_csv_parse (text, length, error);
}

GArray *
ctl_roster_read (CtlContext  *context,
                 const char  *path,
                 GError     **error)
{
  g_autoptr (GPtrArray) rows = load_rows (path, error);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (problem_free);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  int application_column;
  int email_column;

  if (rows == NULL)
    return NULL;
  application_column = rows->len > 0 ? ctl_csv_find_column (g_ptr_array_index (rows, 0), "application") : -1;
  email_column = rows->len > 0 ? ctl_csv_find_column (g_ptr_array_index (rows, 0), "email") : -1;
  if (application_column < 0 && email_column < 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _("The first line of the file must name its columns, and one of them must be "
                             "“email” or “application”."));
      return NULL;
    }
  if (rows->len == 1)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _("The file names nobody."));
      return NULL;
    }

  for (guint i = 1; i < rows->len; i++)
    {
      const CtlCsvRow *row = g_ptr_array_index (rows, i);
      const char *application = ctl_csv_get_cell (row, application_column);
      const char *email = ctl_csv_get_cell (row, email_column);
      GError *row_error = NULL;
      gint64 id = resolve (context, application, email, &row_error);

      if (row_error != NULL)
        {
          Problem *problem = g_new0 (Problem, 1);

          problem->line = row->line;
          problem->text = g_strdup (application != NULL ? application : email);
          problem->error = row_error;
          g_ptr_array_add (problems, problem);
        }
      else if (g_hash_table_add (seen, g_memdup2 (&id, sizeof id)))
        {
          g_array_append_val (ids, id);
        }
    }

  if (problems->len > 0)
    {
      const Problem *first = g_ptr_array_index (problems, 0);

      print_problems (context, problems);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %1$u is a number of rows, %2$u a line's number, %3$s a whole sentence */
                   ngettext ("%1$u row of the file can't be used, so nothing was sent. Line %2$u: %3$s",
                             "%1$u rows of the file can't be used, so nothing was sent. Line %2$u: %3$s",
                             problems->len),
                   problems->len, first->line, first->error->message);
      return NULL;
    }
  return g_steal_pointer (&ids);
}
