/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Until when an invitation is valid, as people say it: a day counts to its end, where they are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The last second of @day's day in its time zone, as Unix milliseconds. */
gint64 assay_deadline_from_day (GDateTime *day);

/**
 * assay_deadline_parse:
 * @text: a day ("2026-12-01"), or a moment as in RFC 3339 ("2026-12-01T18:00:00Z"); without an offset it is local time
 * @deadline: (out): Unix milliseconds
 * @error: return location for %ASSAY_ERROR_INVALID
 *
 * Returns: whether @text is one
 */
gboolean assay_deadline_parse (const char *text, gint64 *deadline, GError **error);

/* (transfer full): "1 December 2026", or with the time of day where it isn't the end of that day; in the user's time zone */
char  *assay_deadline_format (gint64 deadline);

G_END_DECLS
