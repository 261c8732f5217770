/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading CSV. */
#include "config.h"

#include "ctl-csv.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-error.h"

static void
row_free (gpointer data)
{
  CtlCsvRow *row = data;

  g_strfreev (row->cells);
  g_free (row);
}

/* The separator that the first line uses most. */
static char
find_separator (const char *text)
{
  static const char separators[] = { ',', ';', '\t' };
  gsize line_length = strcspn (text, "\r\n");
  char best = ',';
  guint most = 0;

  for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
    {
      guint n = 0;

      for (gsize k = 0; k < line_length; k++)
        n += text[k] == separators[i];
      if (n > most)
        {
          most = n;
          best = separators[i];
        }
    }
  return best;
}

/* Reads one cell from @position into @cell. Gives where it ends: at a separator, a line break or the end;
 * NULL when a quote is never closed. Counts the line breaks within it. */
static const char *
read_cell (const char *position,
           char        separator,
           GString    *cell,
           guint      *line)
{
  const char *start = position;

  while (*start == ' ')
    start++;
  if (*start != '"')
    {
      const char stops[] = { separator, '\r', '\n', '\0' };
      gsize length = strcspn (position, stops);

      g_string_append_len (cell, position, (gssize) length);
      return position + length;
    }

  for (position = start + 1; *position != '\0'; position++)
    {
      if (*position == '"' && position[1] != '"')
        {
          const char stops[] = { separator, '\r', '\n', '\0' };

          return position + 1 + strcspn (position + 1, stops);
        }
      if (*position == '"')
        position++;
      else if (*position == '\n')
        (*line)++;
      g_string_append_c (cell, *position);
    }
  return NULL;
}

GPtrArray *
ctl_csv_parse (const char  *text,
               gsize        length,
               GError     **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  g_autoptr (GString) cell = g_string_new (NULL);
  const char *position = text;
  guint line = 1;
  char separator;

  if (!g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _("The file isn't text in UTF-8; save it again as “CSV UTF-8”."));
      return NULL;
    }
  if (g_str_has_prefix (position, "\xef\xbb\xbf"))
    position += 3;
  separator = find_separator (position);

  while (*position != '\0')
    {
      g_autoptr (GStrvBuilder) cells = g_strv_builder_new ();
      guint first_line = line;
      gboolean empty = TRUE;

      for (;;)
        {
          g_string_truncate (cell, 0);
          position = read_cell (position, separator, cell, &line);
          if (position == NULL)
            {
              g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _("The quotation mark in line %u is never closed; correct the file."), first_line);
              return NULL;
            }
          g_strv_builder_add (cells, g_strstrip (cell->str));
          empty = empty && *g_strstrip (cell->str) == '\0';
          if (*position != separator)
            break;
          position++;
        }
      if (*position == '\r')
        position++;
      if (*position == '\n')
        position++;
      line++;
      if (!empty)
        {
          CtlCsvRow *row = g_new0 (CtlCsvRow, 1);

          row->line = first_line;
          row->cells = g_strv_builder_end (cells);
          g_ptr_array_add (rows, row);
        }
    }
  return g_steal_pointer (&rows);
}

int
ctl_csv_find_column (const CtlCsvRow *header,
                     const char      *name)
{
  for (guint i = 0; header->cells[i] != NULL; i++)
    if (g_ascii_strcasecmp (header->cells[i], name) == 0)
      return (int) i;
  return -1;
}

const char *
ctl_csv_get_cell (const CtlCsvRow *row,
                  int              column)
{
  if (column < 0 || column >= (int) g_strv_length (row->cells) || *row->cells[column] == '\0')
    return NULL;
  return row->cells[column];
}
