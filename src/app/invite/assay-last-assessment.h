/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which assessment was sent last, for a job and for any: the one that is picked already when somebody is to be invited. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The assessment that was sent last for @job_id, else the one that was sent last at all; 0 for none. @settings: (nullable)
 * where the program isn't installed whole; @job_id: 0 for no job in particular */
gint64 assay_last_assessment_get (GSettings *settings, gint64 job_id);

/* Remembers it for @job_id (0: for no job in particular), and as the last one at all. @settings: (nullable) */
void   assay_last_assessment_set (GSettings *settings, gint64 job_id, gint64 assessment_id);

G_END_DECLS
