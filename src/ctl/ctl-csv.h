/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading lists of people from CSV files as spreadsheets write them. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A row: where it begins in the file, and its cells. */
typedef struct
{
  guint line;    /* from 1 */
  GStrv cells;   /* trimmed */
} CtlCsvRow;

/**
 * ctl_csv_parse:
 * @text: the file's content
 * @length: its length in bytes
 * @error: return location for %ASSAY_ERROR_INVALID, naming the line
 *
 * Reads RFC 4180's format: cells in double quotes may hold line breaks and, doubled, quotes. The cells are
 * separated by what the first line uses: a comma, a semicolon or a tab. A byte order mark and empty rows are
 * left out.
 *
 * Returns: (transfer full) (nullable) (element-type CtlCsvRow): the rows, the headings first
 */
GPtrArray *ctl_csv_parse (const char *text, gsize length, GError **error);

/* Which column of @header has that heading, whatever its case; -1 for none. */
int        ctl_csv_find_column (const CtlCsvRow *header, const char *name);
/* (nullable) (transfer none): a cell; NULL where the row is shorter, where @column is -1, or where it is
 * empty */
const char *ctl_csv_get_cell (const CtlCsvRow *row, int column);

G_END_DECLS
