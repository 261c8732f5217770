/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a CSV file names: its rows, each turned into the application it means or into the reason why it can't be. For the
 * window and assayctl alike; nothing is sent by it. */
#pragma once

#include "assay-csv.h"
#include "assay-queries.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_ROSTER_FOUND,
  ASSAY_ROSTER_TWICE,     /* an earlier row means the same application */
  ASSAY_ROSTER_EMPTY,     /* names nobody */
  ASSAY_ROSTER_NO_EMAIL,  /* what is there can't be an address */
  ASSAY_ROSTER_UNKNOWN,   /* nobody has applied with that address, or there is no such id */
  ASSAY_ROSTER_CLOSED,    /* none of the person's applications is open */
  ASSAY_ROSTER_SEVERAL,   /* the person has several open applications */
} AssayRosterKind;

typedef struct
{
  guint line;              /* where the row begins in the file, from 1 */
  char *text;              /* (nullable) what it says: the id or the address */
  AssayRosterKind kind;
  gint64 application_id;   /* of FOUND and TWICE; of SEVERAL the latest; else 0 */
  GArray *candidates;      /* (element-type gint64): of SEVERAL, the open applications, latest first */
  char *full_name;         /* (nullable) */
  char *email;             /* (nullable) the application's */
  char *job_title;         /* (nullable) */
  char *sentence;          /* (nullable) what is wrong and what to do; NULL for FOUND and TWICE */
} AssayRosterRow;

void assay_roster_row_free (AssayRosterRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRosterRow, assay_roster_row_free)

/**
 * assay_roster_read:
 * @database: within a read
 * @rows: (element-type AssayCsvRow): of assay_csv_parse()
 * @error: return location for %ASSAY_ERROR_INVALID when it can't be told which column has the people, or when there are no
 *   rows; and for %ASSAY_ERROR_STORAGE
 *
 * The headings name a column `application` or `email` (or "e-mail address" and the like); a cell of `application` counts before
 * one of `email`. Without either, the only column of addresses is taken, whatever it is called and in whatever language; where
 * its first cell is an address too, the file has no headings. An address may come as "Ada Lovelace <ada@example.com>" or with
 * "mailto:" before it.
 *
 * Returns: (transfer full) (nullable) (element-type AssayRosterRow): one for each row
 */
GPtrArray *assay_roster_read (AssayDatabase *database, GPtrArray *rows, GError **error);

G_END_DECLS
