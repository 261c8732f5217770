/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a CSV file names, as the command line shows it. */
#pragma once

#include "assay-roster.h"
#include "ctl-context.h"

G_BEGIN_DECLS

/* (transfer full) (nullable) (element-type AssayRosterRow): the rows of the file at @path, understood or not */
GPtrArray *ctl_roster_read (CtlContext *context, const char *path, GError **error);

/* Whether a row can't be used. */
gboolean   ctl_roster_row_is_problem (const AssayRosterRow *row);
/* (transfer full): the error of such a row */
GError    *ctl_roster_make_error (const AssayRosterRow *row);

/* Prints what was understood and what wasn't: all rows as a table for people, those that can't be used for programs. Sets
 * INVALID with the first of them. */
void       ctl_roster_print_problems (CtlContext *context, GPtrArray *roster, GError **error);

G_END_DECLS
