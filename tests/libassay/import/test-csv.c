/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV files as they come: each separator, each line end, each encoding, and what isn't one. */
#include "config.h"

#include <string.h>

#include "assay-csv.h"
#include "assay-error.h"

/* "line: cell|cell" for each row; (transfer full) */
static char *
describe (const char *data,
          gsize       length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = assay_csv_parse (data, length, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const AssayCsvRow *row = g_ptr_array_index (rows, i);
      g_autofree char *cells = g_strjoinv ("|", row->cells);

      g_string_append_printf (text, "%s%u: %s", i > 0 ? " / " : "", row->line, cells);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_good (void)
{
  static const struct
  {
    const char *data;
    const char *expected;
  } files[] = {
    { "", "" },
    { "\n\n", "" },
    { "email\na@b.c\n", "1: email / 2: a@b.c" },
    { "email\na@b.c", "1: email / 2: a@b.c" },
    { "name,email\r\nAda,a@b.c\r\n", "1: name|email / 2: Ada|a@b.c" },
    { "name;email\rAda;a@b.c\r", "1: name|email / 2: Ada|a@b.c" },
    { "name\temail\nAda\ta@b.c\n", "1: name|email / 2: Ada|a@b.c" },
    { "name|email\nAda, B; C|a@b.c\n", "1: name|email / 2: Ada, B; C|a@b.c" },
    { "first|last,email\nAda,a@b.c\n", "1: first|last|email / 2: Ada|a@b.c" },
    /* A comma within quotes is no separator. */
    { "\"name, first, last, any\";email\n\"Lovelace, Ada\";a@b.c\n", "1: name, first, last, any|email / 2: Lovelace, Ada|a@b.c" },
    /* Excel's own word, with and without quotes and padding; and a heading that only looks like it. */
    { "sep=;\r\nname;email\r\nA,B;a@b.c\r\n", "2: name|email / 3: A,B|a@b.c" },
    { "\"sep=,\"\nname,email\n", "2: name|email" },
    { "sep=;;;\nname;email\n", "2: name|email" },
    { "SEP=\t\nname\temail\n", "2: name|email" },
    { "sep=;x;email\n", "1: sep=|x|email" },
    /* Quoted line ends count, so that later lines keep their numbers. */
    { "name,email\n\"two\nlines\",a@b.c\nx,y\n", "1: name|email / 2: two\nlines|a@b.c / 4: x|y" },
    { "name,email\r\n\"two\r\nlines\",a@b.c\r\nx,y\r\n", "1: name|email / 2: two\r\nlines|a@b.c / 4: x|y" },
    { "name\n\"say \"\"so\"\"\"\n", "1: name / 2: say \"so\"" },
    { "name,email\n=\"0042\",=\"a@b.c\"\n", "1: name|email / 2: 0042|a@b.c" },
    /* Rows that are too short or too long, and empty ones. */
    { "a,b\n1\n\n,,\n1,2,3\n", "1: a|b / 2: 1 / 5: 1|2|3" },
    /* What can't be seen around a text. */
    { "\xef\xbb\xbf" "email\n\xc2\xa0 a@b.c\xe2\x80\x8b\n", "1: email / 2: a@b.c" },
    /* Windows-1252 */
    { "name;email\nJos\xe9;a@b.c\n", "1: name|email / 2: José|a@b.c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *description = describe (files[i].data, strlen (files[i].data));

      g_assert_cmpstr (description, ==, files[i].expected);
    }
}

static void
test_utf16 (void)
{
  static const char *const encodings[] = { "UTF-16LE", "UTF-16BE" };
  static const char text[] = "\xef\xbb\xbfname\temail\r\nJosé\ta@b.c\r\n";

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      gsize length;
      g_autofree char *data = g_convert (text, -1, encodings[i], "UTF-8", NULL, &length, NULL);
      g_autofree char *description = describe (data, length);

      g_assert_cmpstr (description, ==, "1: name|email / 2: José|a@b.c");
    }
}

static void
assert_refused (const char *data,
                gsize       length,
                const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (assay_csv_parse (data, length, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_bad (void)
{
  g_autofree char *wide = g_strnfill (ASSAY_CSV_MAX_COLUMNS + 1, ',');

  assert_refused ("email\n\"never closed\n", 20, "line 2");
  assert_refused ("PK\003\004whatever\0\0", 14, "workbook");
  assert_refused ("email\na\0b\n", 10, "isn't text");
  assert_refused ("\xff\xfe" "a\0b", 5, "isn't text");
  /* A zero in the middle hides nothing behind it. */
  assert_refused ("\xff\xfe" "a\0\n\0\0\0b\0", 10, "isn't text");
  assert_refused ("\xff\xfe\x00\xd8" "a\0", 6, "isn't text");
  assert_refused (wide, strlen (wide), "Line 1");
}

static void
test_columns (void)
{
  static const char *const email[] = { "email", "emailaddress", NULL };
  static const char *const phone[] = { "phone", NULL };
  static const char text[] = "E-Mail Address;  EMAIL ;x\n1;;3\n";
  g_autoptr (GPtrArray) rows = assay_csv_parse (text, strlen (text), NULL);
  const AssayCsvRow *row = g_ptr_array_index (rows, 1);

  /* The first name wins, whatever the order of the columns. */
  g_assert_cmpint (assay_csv_find_column (g_ptr_array_index (rows, 0), email), ==, 1);
  g_assert_cmpint (assay_csv_find_column (g_ptr_array_index (rows, 0), email + 1), ==, 0);
  g_assert_cmpint (assay_csv_find_column (g_ptr_array_index (rows, 0), phone), ==, -1);
  g_assert_cmpstr (assay_csv_get_cell (row, 0), ==, "1");
  g_assert_null (assay_csv_get_cell (row, 1));
  g_assert_null (assay_csv_get_cell (row, 7));
  g_assert_null (assay_csv_get_cell (row, -1));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/good", test_good);
  g_test_add_func ("/csv/utf16", test_utf16);
  g_test_add_func ("/csv/bad", test_bad);
  g_test_add_func ("/csv/columns", test_columns);
  return g_test_run ();
}
