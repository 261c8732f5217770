/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading lists of people from CSV files as spreadsheets write them. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A list of people is far below this, in bytes. */
#define ASSAY_CSV_MAX_FILE (64u * 1024u * 1024u)
/* Nobody has more columns; a file that has is no such list. */
#define ASSAY_CSV_MAX_COLUMNS 1000

/* A row: where it begins in the file, and its cells. */
typedef struct
{
  guint line;    /* from 1 */
  GStrv cells;   /* in UTF-8, trimmed; may be fewer than there are headings */
} AssayCsvRow;

/**
 * assay_csv_parse:
 * @data: the file's content
 * @length: its length in bytes
 * @error: return location for %ASSAY_ERROR_INVALID, naming the line
 *
 * Reads RFC 4180's format and what Excel makes of it: cells in double quotes may hold line breaks and, doubled, quotes; the
 * cells are separated by what the first line uses most (a comma, a semicolon, a tab or a bar) or what a line "sep=;" before
 * it says; lines end with LF, CR LF or CR; the text is in UTF-8, in UTF-16 with a byte order mark, or else in Windows-1252. A
 * cell that is a formula for a text (="x") is that text. Empty rows are left out. A workbook, or anything else that isn't
 * text, is refused.
 *
 * Returns: (transfer full) (nullable) (element-type AssayCsvRow): the rows, the headings first
 */
GPtrArray *assay_csv_parse (const char *data, gsize length, GError **error);

/* The same of a file; blocks. INVALID too when it can't be read or is too large. */
GPtrArray *assay_csv_load (GFile *file, GCancellable *cancellable, GError **error);

/* Which column of @header has one of the headings in @names (NULL-terminated, without spaces and hyphens), whatever their
 * case; -1 for none. */
int         assay_csv_find_column (const AssayCsvRow *header, const char *const *names);
/* (nullable) (transfer none): a cell; NULL where the row is shorter, where @column is -1, or where it is empty */
const char *assay_csv_get_cell (const AssayCsvRow *row, int column);

G_END_DECLS
