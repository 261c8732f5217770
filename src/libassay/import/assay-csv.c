/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading CSV. */
#include "config.h"

#include "assay-csv.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "assay-error.h"
#include "assay-local-file.h"

static void
row_free (gpointer data)
{
  AssayCsvRow *row = data;

  g_strfreev (row->cells);
  g_free (row);
}

/* From bytes to text */

static gboolean
set_not_text (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       _ ("The file isn't text. Save the list as “CSV UTF-8”, then choose that file."));
  return FALSE;
}

/* (transfer full) (nullable): the text in UTF-8, without a byte order mark */
static char *
decode (const char *data,
        gsize       length,
        GError    **error)
{
  g_autofree char *text = NULL;
  gsize written = length;

  if (length >= 4 && memcmp (data, "PK\003\004", 4) == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("The file is a workbook. Save the list as “CSV UTF-8”, then choose that file."));
      return NULL;
    }
  if (length >= 2 && memcmp (data, "\xff\xfe", 2) == 0)
    text = g_convert (data + 2, (gssize) (length - 2), "UTF-8", "UTF-16LE", NULL, &written, NULL);
  else if (length >= 2 && memcmp (data, "\xfe\xff", 2) == 0)
    text = g_convert (data + 2, (gssize) (length - 2), "UTF-8", "UTF-16BE", NULL, &written, NULL);
  else if (memchr (data, '\0', length) != NULL)
    text = NULL;
  else if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      written = length - 3;
      text = g_strndup (data + 3, written);
    }
  else if (g_utf8_validate (data, (gssize) length, NULL))
    text = g_strndup (data, length);
  else
    /* What Excel writes without being asked for UTF-8, in most of Europe and the Americas. */
    text = g_convert (data, (gssize) length, "UTF-8", "WINDOWS-1252", NULL, &written, NULL);

  if (text == NULL || strlen (text) != written || !g_utf8_validate (text, -1, NULL))
    {
      set_not_text (error);
      return NULL;
    }
  return g_steal_pointer (&text);
}

/* Parsing */

static gboolean
is_separator (char c)
{
  return c == ',' || c == ';' || c == '\t' || c == '|';
}

/* "sep=;": Excel's own word. Gives what follows that line; leaves @separator alone without one. */
static const char *
read_separator_line (const char *text,
                     char       *separator,
                     guint      *line)
{
  const char *position = text;
  gboolean quoted = *position == '"';

  if (quoted)
    position++;
  if (g_ascii_strncasecmp (position, "sep=", 4) != 0 || !is_separator (position[4]))
    return text;
  *separator = position[4];
  position += 5;
  if (quoted && *position == '"')
    position++;
  /* Excel fills the line up with separators when the list has more columns. */
  while (*position == *separator || *position == ' ')
    position++;
  if (*position != '\r' && *position != '\n')
    {
      *separator = '\0';
      return text;
    }
  position += position[0] == '\r' && position[1] == '\n' ? 2 : 1;
  (*line)++;
  return position;
}

/* The separator that the first line uses most, quoted cells left out. */
static char
find_separator (const char *text)
{
  static const char separators[] = { ',', ';', '\t', '|' };
  guint counts[G_N_ELEMENTS (separators)] = { 0 };
  gboolean quoted = FALSE;
  guint best = 0;

  for (; *text != '\0' && (quoted || (*text != '\r' && *text != '\n')); text++)
    {
      if (*text == '"')
        quoted = !quoted;
      for (guint i = 0; !quoted && i < G_N_ELEMENTS (separators); i++)
        counts[i] += *text == separators[i];
    }
  for (guint i = 1; i < G_N_ELEMENTS (separators); i++)
    if (counts[i] > counts[best])
      best = i;
  return separators[best];
}

/* Reads one cell from @position into @cell. Gives where it ends: at a separator, a line break or the end; NULL when a quote is
 * never closed. Counts the line breaks within it. */
static const char *
read_cell (const char *position,
           char        separator,
           GString    *cell,
           guint      *line)
{
  const char stops[] = { separator, '\r', '\n', '\0' };
  const char *start = position;

  while (*start == ' ')
    start++;
  /* ="0042": a text that was to stay one. */
  if (start[0] == '=' && start[1] == '"')
    start++;
  if (*start != '"')
    {
      gsize length = strcspn (position, stops);

      g_string_append_len (cell, position, (gssize) length);
      return position + length;
    }

  for (position = start + 1; *position != '\0'; position++)
    {
      if (*position == '"' && position[1] != '"')
        return position + 1 + strcspn (position + 1, stops);
      if (*position == '"')
        position++;
      else if (*position == '\n' || (*position == '\r' && position[1] != '\n'))
        (*line)++;
      g_string_append_c (cell, *position);
    }
  return NULL;
}

/* White space of every kind, and what spreadsheets and web pages leave around a text without anybody seeing it. */
static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x00a0 || c == 0x200b || c == 0x2060 || c == 0xfeff;
}

/* (transfer full) */
static char *
dup_trimmed (const char *text)
{
  const char *end = text + strlen (text);

  while (*text != '\0' && is_blank (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  while (end > text)
    {
      const char *last = g_utf8_prev_char (end);

      if (!is_blank (g_utf8_get_char (last)))
        break;
      end = last;
    }
  return g_strndup (text, (gsize) (end - text));
}

/* Reads one row. Gives where it ends; NULL with an error. */
static const char *
read_row (const char   *position,
          char          separator,
          guint        *line,
          AssayCsvRow **row,
          GError      **error)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) cell = g_string_new (NULL);
  guint first_line = *line;
  gboolean empty = TRUE;

  for (;;)
    {
      char *text;

      g_string_truncate (cell, 0);
      position = read_cell (position, separator, cell, line);
      if (position == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       _ ("The quotation mark in line %u is never closed. Correct the file."), first_line);
          return NULL;
        }
      if (cells->len == ASSAY_CSV_MAX_COLUMNS)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       _ ("Line %u has more than 1,000 columns, so the file is no list of people."), first_line);
          return NULL;
        }
      text = dup_trimmed (cell->str);
      empty = empty && *text == '\0';
      g_ptr_array_add (cells, text);
      if (*position != separator)
        break;
      position++;
    }
  if (*position != '\0')
    {
      position += position[0] == '\r' && position[1] == '\n' ? 2 : 1;
      (*line)++;
    }
  *row = NULL;
  if (!empty)
    {
      g_ptr_array_add (cells, NULL);
      *row = g_new0 (AssayCsvRow, 1);
      (*row)->line = first_line;
      (*row)->cells = (GStrv) g_ptr_array_free (g_steal_pointer (&cells), FALSE);
    }
  return position;
}

GPtrArray *
assay_csv_parse (const char *data,
                 gsize       length,
                 GError    **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  g_autofree char *text = decode (data, length, error);
  const char *position;
  char separator = '\0';
  guint line = 1;

  if (text == NULL)
    return NULL;
  position = read_separator_line (text, &separator, &line);
  if (separator == '\0')
    separator = find_separator (position);

  while (*position != '\0')
    {
      AssayCsvRow *row;

      position = read_row (position, separator, &line, &row, error);
      if (position == NULL)
        return NULL;
      if (row != NULL)
        g_ptr_array_add (rows, row);
    }
  return g_steal_pointer (&rows);
}

GPtrArray *
assay_csv_load (GFile        *file,
                GCancellable *cancellable,
                GError      **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) bytes = assay_local_file_load (file, ASSAY_CSV_MAX_FILE, cancellable, &local_error);
  g_autofree char *name = NULL;
  const char *data;
  gsize length;

  if (bytes != NULL)
    {
      data = g_bytes_get_data (bytes, &length);
      return assay_csv_parse (data != NULL ? data : "", length, error);
    }
  name = g_file_get_parse_name (file);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("“%s” is too large for a list of candidates."), name);
  return NULL;
}

/* Whether a heading is @name, spaces, hyphens and case left out: "E-Mail Address" is "emailaddress". */
static gboolean
is_heading (const char *heading,
            const char *name)
{
  for (; *heading != '\0'; heading++)
    {
      if (*heading == ' ' || *heading == '-' || *heading == '_')
        continue;
      if (g_ascii_tolower (*heading) != *name)
        return FALSE;
      name++;
    }
  return *name == '\0';
}

int
assay_csv_find_column (const AssayCsvRow *header,
                       const char *const *names)
{
  /* The first name that there is wins, not the first column; and as it is spelled before what only resembles it. */
  for (; *names != NULL; names++)
    {
      for (guint i = 0; header->cells[i] != NULL; i++)
        if (g_ascii_strcasecmp (header->cells[i], *names) == 0)
          return (int) i;
      for (guint i = 0; header->cells[i] != NULL; i++)
        if (is_heading (header->cells[i], *names))
          return (int) i;
    }
  return -1;
}

const char *
assay_csv_get_cell (const AssayCsvRow *row,
                    int                column)
{
  if (column < 0 || column >= (int) g_strv_length (row->cells) || *row->cells[column] == '\0')
    return NULL;
  return row->cells[column];
}
