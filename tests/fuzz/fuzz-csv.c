/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a file that somebody says is a list of people. Whatever the bytes are, there are rows of text or a sentence. */
#include "config.h"

#include "assay-csv.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char *const names[] = { "email", "application", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = assay_csv_parse ((const char *) data, size, &error);
  guint line = 0;

  fuzz_check ((rows == NULL) == (error != NULL));
  if (rows == NULL)
    {
      fuzz_check (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const AssayCsvRow *row = g_ptr_array_index (rows, i);
      guint cells = g_strv_length (row->cells);
      gboolean empty = TRUE;

      fuzz_check (row->line > line);
      line = row->line;
      fuzz_check (cells >= 1 && cells <= ASSAY_CSV_MAX_COLUMNS);
      for (guint k = 0; k < cells; k++)
        {
          fuzz_check (g_utf8_validate (row->cells[k], -1, NULL));
          empty = empty && *row->cells[k] == '\0';
        }
      fuzz_check (!empty);
      fuzz_check (assay_csv_find_column (row, names) < (int) cells);
      fuzz_check (assay_csv_get_cell (row, (int) cells) == NULL);
    }
  return 0;
}
