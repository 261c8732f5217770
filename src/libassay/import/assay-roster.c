/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a CSV file names. */
#include "config.h"

#include "assay-roster.h"

#include <string.h>

#include <glib/gi18n-lib.h>

static const char *const application_headings[] = { "application", "applicationid", NULL };
static const char *const email_headings[] = { "email", "emailaddress", "mail", NULL };

void
assay_roster_row_free (AssayRosterRow *row)
{
  if (row == NULL)
    return;
  g_free (row->text);
  g_clear_pointer (&row->candidates, g_array_unref);
  g_free (row->full_name);
  g_free (row->email);
  g_free (row->job_title);
  g_free (row->sentence);
  g_free (row);
}

static void
set_person (AssayRosterRow         *row,
            const AssayApplication *application)
{
  row->application_id = application->id;
  row->full_name = g_strdup (application->full_name);
  row->email = g_strdup (application->email);
  row->job_title = g_strdup (application->job_title);
}

/* (transfer full): the address in "Ada Lovelace <ada@example.com>" or "mailto:ada@example.com" */
static char *
dup_address (const char *text)
{
  const char *open = strrchr (text, '<');
  const char *close = open != NULL ? strchr (open, '>') : NULL;

  if (close != NULL && close[1] == '\0')
    return g_strstrip (g_strndup (open + 1, (gsize) (close - open - 1)));
  if (g_ascii_strncasecmp (text, "mailto:", strlen ("mailto:")) == 0)
    text += strlen ("mailto:");
  return g_strstrip (g_strdup (text));
}

static gboolean
is_address (const char *text)
{
  g_autofree char *address = NULL;

  /* Most cells aren't. */
  if (text == NULL || strchr (text, '@') == NULL)
    return FALSE;
  address = dup_address (text);
  return assay_email_is_plausible (address);
}

static gboolean
read_address (AssayDatabase  *database,
              AssayRosterRow *row,
              GError        **error)
{
  g_autofree char *address = dup_address (row->text);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GString) ids = g_string_new (NULL);

  if (!assay_email_is_plausible (address))
    {
      row->kind = ASSAY_ROSTER_NO_EMAIL;
      row->sentence = g_strdup_printf (_ ("“%s” is not an e-mail address. Correct it in the file."), row->text);
      return TRUE;
    }
  found = assay_applications_find_by_email (database, address, error);
  if (found == NULL)
    return FALSE;

  row->candidates = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < found->len; i++)
    {
      const AssayApplication *application = g_ptr_array_index (found, i);
      g_autofree char *id = assay_id_format (ASSAY_ID_APPLICATION, application->id);

      if (application->archived || application->gone || (application->job_id != 0 && !application->job_open))
        continue;
      if (row->candidates->len == 0)
        set_person (row, application);
      g_string_append_printf (ids, "%s%s", row->candidates->len > 0 ? ", " : "", id);
      g_array_append_val (row->candidates, application->id);
    }

  if (found->len == 0)
    {
      row->kind = ASSAY_ROSTER_UNKNOWN;
      row->sentence = g_strdup_printf (_ ("Nobody with the address %s has applied."), address);
    }
  else if (row->candidates->len == 0)
    {
      row->kind = ASSAY_ROSTER_CLOSED;
      row->sentence = g_strdup_printf (
        _ ("No application of %s is open. Reopen one in the applicant tracking system."), address);
    }
  else if (row->candidates->len > 1)
    {
      row->kind = ASSAY_ROSTER_SEVERAL;
      /* Translators: %1$s is an e-mail address, %2$s a list of ids */
      row->sentence = g_strdup_printf (
        _ ("%1$s has several open applications (%2$s). Say which one in a column “application”."), address, ids->str);
    }
  return TRUE;
}

static gboolean
read_id (AssayDatabase  *database,
         AssayRosterRow *row,
         GError        **error)
{
  g_autoptr (AssayApplication) application = NULL;
  g_autoptr (GError) local_error = NULL;
  gint64 id;

  if (assay_id_parse (row->text, ASSAY_ID_APPLICATION, &id))
    application = assay_applications_get (database, id, &local_error);
  if (application != NULL)
    {
      set_person (row, application);
      return TRUE;
    }
  if (local_error != NULL && !g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  row->kind = ASSAY_ROSTER_UNKNOWN;
  row->sentence = g_strdup_printf (_ ("There is no application “%s”. Sync, or correct it in the file."), row->text);
  return TRUE;
}

static gboolean
read_row (AssayDatabase     *database,
          const AssayCsvRow *source,
          int                application_column,
          int                email_column,
          AssayRosterRow    *row,
          GError           **error)
{
  const char *application = assay_csv_get_cell (source, application_column);
  const char *email = assay_csv_get_cell (source, email_column);

  row->line = source->line;
  row->text = g_strdup (application != NULL ? application : email);
  if (row->text == NULL)
    {
      row->kind = ASSAY_ROSTER_EMPTY;
      row->sentence = g_strdup (_ ("The row names neither an application nor an address."));
      return TRUE;
    }
  return application != NULL ? read_id (database, row, error) : read_address (database, row, error);
}

/* The column whose cells are addresses, -1 for none. One that has an address now and then, such as a note, is none. */
static int
guess_email_column (GPtrArray *rows,
                    GError   **error)
{
  guint counts[ASSAY_CSV_MAX_COLUMNS] = { 0 };
  guint best = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const AssayCsvRow *row = g_ptr_array_index (rows, i);

      for (guint column = 0; row->cells[column] != NULL && column < G_N_ELEMENTS (counts); column++)
        counts[column] += is_address (row->cells[column]);
    }
  for (guint column = 1; column < G_N_ELEMENTS (counts); column++)
    if (counts[column] > counts[best])
      best = column;
  if (counts[best] == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("No column of the file is called “email” or “application”, and none has e-mail addresses. Add "
                              "one that has."));
      return -1;
    }
  for (guint column = 0; column < G_N_ELEMENTS (counts); column++)
    if (column != best && counts[column] * 2 >= counts[best])
      {
        g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                             _ ("Several columns of the file have e-mail addresses. Call the one of the candidates “email” in "
                                "the first line."));
        return -1;
      }
  return (int) best;
}

GPtrArray *
assay_roster_read (AssayDatabase *database,
                   GPtrArray     *rows,
                   GError       **error)
{
  g_autoptr (GPtrArray) roster = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_roster_row_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  int application_column;
  int email_column;
  guint first = 1;

  if (rows->len == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("The file is empty. Choose another one."));
      return NULL;
    }
  application_column = assay_csv_find_column (rows->pdata[0], application_headings);
  email_column = assay_csv_find_column (rows->pdata[0], email_headings);
  if (application_column < 0 && email_column < 0)
    {
      email_column = guess_email_column (rows, error);
      if (email_column < 0)
        return NULL;
      /* A list of nothing but addresses has no headings: its first line is somebody. */
      if (is_address (assay_csv_get_cell (rows->pdata[0], email_column)))
        first = 0;
    }
  if (rows->len == first)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("The file names nobody."));
      return NULL;
    }

  for (guint i = first; i < rows->len; i++)
    {
      AssayRosterRow *row = g_new0 (AssayRosterRow, 1);

      g_ptr_array_add (roster, row);
      if (!read_row (database, rows->pdata[i], application_column, email_column, row, error))
        return NULL;
      if (row->kind == ASSAY_ROSTER_FOUND && !g_hash_table_add (seen, &row->application_id))
        row->kind = ASSAY_ROSTER_TWICE;
    }
  return g_steal_pointer (&roster);
}
