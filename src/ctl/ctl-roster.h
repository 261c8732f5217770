/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a CSV file names: rows of e-mail addresses or ids, turned into applications before anything is
 * sent. */
#pragma once

#include "ctl-context.h"

G_BEGIN_DECLS

/**
 * ctl_roster_read:
 * @context: the command's context
 * @path: the file
 * @error: return location for %ASSAY_ERROR_INVALID when the file or any of its rows can't be used
 *
 * Reads the column `application` (ids) or `email`. An address must belong to exactly one application that is
 * open; who has several must be named by id. When a row can't be used, all such rows are printed and nothing
 * is returned.
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the applications, each once, in the file's order
 */
GArray *ctl_roster_read (CtlContext *context, const char *path, GError **error);

G_END_DECLS
