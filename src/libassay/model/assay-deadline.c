/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Until when an invitation is valid, as people say it. */
#include "config.h"

#include "assay-deadline.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "assay-error.h"

gint64
assay_deadline_from_day (GDateTime *day)
{
  g_autoptr (GDateTime) next = NULL, midnight = NULL;
  int year, month, day_of_month;

  g_return_val_if_fail (day != NULL, 0);

  next = g_date_time_add_days (day, 1);
  if (next == NULL)
    return 0;
  g_date_time_get_ymd (next, &year, &month, &day_of_month);
  midnight = g_date_time_new (g_date_time_get_timezone (day), year, month, day_of_month, 0, 0, 0);
  return midnight != NULL ? (g_date_time_to_unix (midnight) - 1) * 1000 : 0;
}

gboolean
assay_deadline_parse (const char *text,
                      gint64     *deadline,
                      GError    **error)
{
  g_autoptr (GTimeZone) here = g_time_zone_new_local ();
  g_autofree char *midnight = g_strconcat (text, "T00:00:00", NULL);
  g_autoptr (GDateTime) moment = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (deadline != NULL, FALSE);

  *deadline = 0;
  if (strchr (text, 'T') == NULL && strchr (text, 't') == NULL)
    {
      moment = strlen (text) == strlen ("2026-12-01") ? g_date_time_new_from_iso8601 (midnight, here) : NULL;
      if (moment != NULL)
        *deadline = assay_deadline_from_day (moment);
    }
  else
    {
      moment = g_date_time_new_from_iso8601 (text, here);
      if (moment != NULL)
        *deadline = g_date_time_to_unix (moment) * 1000;
    }
  if (*deadline > 0)
    return TRUE;
  *deadline = 0;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               _ ("“%s” is not a day. Write it like “2026-12-01”, or with a time like “2026-12-01T18:00:00Z”."), text);
  return FALSE;
}

char *
assay_deadline_format (gint64 deadline)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (deadline / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  if (local == NULL)
    return g_strdup ("");
  if (assay_deadline_from_day (local) / 1000 == deadline / 1000)
    /* Translators: a date, as g_date_time_format() spells it */
    return g_date_time_format (local, _ ("%-d %B %Y"));
  /* Translators: a date and a time of day, as g_date_time_format() spells them */
  return g_date_time_format (local, _ ("%-d %B %Y at %H:%M"));
}
