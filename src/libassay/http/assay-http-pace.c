/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pacing: the token bucket, Retry-After and backoff. */
#include "config.h"

#include "assay-http-pace.h"

#include <string.h>

#define BACKOFF_CAP_MS 30000u
#define RETRY_AFTER_MAX_S 3600
/* Where a vendor's true limit is below the pace, this is how it is found. Refusals in quick succession say that we are
 * far above it, and slow us down by a fifth each; one after a long peace says that we have just reached it, and costs a
 * twentieth. Then we are soon nearly as fast as we were when it refused, and from there on get faster so slowly that the
 * next refusal is some thousand requests away; and if it doesn't come, because the vendor bears more than it did, soon
 * faster again. The numbers are those with which a thousand played vendors are used to 95 % and refuse one request in a
 * thousand at most. */
#define FACTOR_MIN 0.05
#define CUT_FAR 0.8
#define CUT_NEAR 0.95
#define PEACE 200u
#define NEARLY 0.94
#define BEYOND 1.05
#define STEP_FAST 0.0005
#define STEP_UNSURE 0.00005
#define STEP_SLOW 0.000012

void
assay_http_bucket_init (AssayHttpBucket     *bucket,
                        const AssayHttpPace *pace,
                        gint64               now)
{
  *bucket = (AssayHttpBucket) {
    .pace = {
      /* Written so that a NaN ends as the lower bound, too. */
      .per_second = pace->per_second > 0.001 ? MIN (pace->per_second, 10000.0) : 0.001,
      .burst = MAX (pace->burst, 1),
      .concurrency = MAX (pace->concurrency, 1),
    },
    .factor = 1.0,
    .ceiling = 1.0,
    .counted_until = now,
    .paused_until = now,
  };
  bucket->tokens = bucket->pace.burst;
}

static void
refill (AssayHttpBucket *bucket,
        gint64           now)
{
  double earned;

  if (now <= bucket->counted_until)
    return;
  earned = (double) (now - bucket->counted_until) / G_USEC_PER_SEC * bucket->pace.per_second * bucket->factor;
  bucket->tokens = MIN (bucket->tokens + earned, (double) bucket->pace.burst);
  bucket->counted_until = now;
}

gint64
assay_http_bucket_get_wait (AssayHttpBucket *bucket,
                            gint64           now)
{
  double missing;

  if (bucket->running >= bucket->pace.concurrency)
    return ASSAY_HTTP_BUCKET_FULL;
  if (now < bucket->paused_until)
    return bucket->paused_until - now;
  refill (bucket, now);
  missing = 1.0 - bucket->tokens;
  /* A hair's breadth is a rounding error, not a missing token. */
  if (missing < 1e-6)
    return 0;
  return (gint64) (missing / (bucket->pace.per_second * bucket->factor) * G_USEC_PER_SEC) + 1;
}

guint
assay_http_bucket_get_headroom (AssayHttpBucket *bucket,
                                gint64           now)
{
  if (now < bucket->paused_until)
    return 0;
  refill (bucket, now);
  return bucket->tokens > 0.0 ? (guint) (bucket->tokens + 1e-6) : 0;
}

void
assay_http_bucket_take (AssayHttpBucket *bucket,
                        gint64           now)
{
  refill (bucket, now);
  bucket->tokens -= 1.0;
  bucket->running++;
}

void
assay_http_bucket_release (AssayHttpBucket *bucket,
                           gboolean         was_welcome)
{
  g_return_if_fail (bucket->running > 0);

  bucket->running--;
  if (was_welcome)
    {
      double step = STEP_FAST;

      if (bucket->factor >= NEARLY * bucket->ceiling && bucket->factor <= BEYOND * bucket->ceiling)
        step = bucket->near ? STEP_SLOW : STEP_UNSURE;

      bucket->welcome++;
      bucket->factor = MIN (bucket->factor + bucket->ceiling * step, 1.0);
    }
}

void
assay_http_bucket_pause (AssayHttpBucket *bucket,
                         gint64           now,
                         gint64           until)
{
  /* All requests that were under way are refused together; that is one refusal, not several. */
  if (now >= bucket->paused_until)
    {
      bucket->near = bucket->welcome >= PEACE;
      bucket->ceiling = bucket->factor;
      bucket->factor = MAX (bucket->factor * (bucket->near ? CUT_NEAR : CUT_FAR), FACTOR_MIN);
      bucket->welcome = 0;
    }
  if (until <= bucket->paused_until)
    return;
  bucket->paused_until = until;
  /* The vendor's own bucket is empty, whatever ours thought. */
  bucket->tokens = 1.0;
  bucket->counted_until = until;
}

/* Reads exactly @count digits at *@text. */
static int
read_digits (const char **text,
             guint        count)
{
  int value = 0;

  for (guint i = 0; i < count; i++)
    {
      char c = **text;

      if (!g_ascii_isdigit (c))
        return -1;
      value = value * 10 + (c - '0');
      (*text)++;
    }
  return value;
}

static gboolean
skip (const char **text,
      const char  *expected)
{
  gsize length = strlen (expected);

  if (strncmp (*text, expected, length) != 0)
    return FALSE;
  *text += length;
  return TRUE;
}

static int
find_name (const char        **text,
           const char *const   names[],
           guint               count)
{
  for (guint i = 0; i < count; i++)
    if (skip (text, names[i]))
      return (int) i;
  return -1;
}

gint64
assay_http_parse_date (const char *text)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) time = NULL;
  int day, month, year, hour, minute, second;

  /* libsoup's reader of dates is lenient, and Debian 12's has open reports against it; this one form is all a
   * vendor may send. */
  if (text == NULL)
    return 0;
  if (find_name (&text, days, G_N_ELEMENTS (days)) < 0 || !skip (&text, ", "))
    return 0;
  day = read_digits (&text, 2);
  if (day < 0 || !skip (&text, " "))
    return 0;
  month = find_name (&text, months, G_N_ELEMENTS (months));
  if (month < 0 || !skip (&text, " "))
    return 0;
  year = read_digits (&text, 4);
  if (year < 1970 || !skip (&text, " "))
    return 0;
  hour = read_digits (&text, 2);
  if (hour < 0 || !skip (&text, ":"))
    return 0;
  minute = read_digits (&text, 2);
  if (minute < 0 || !skip (&text, ":"))
    return 0;
  second = read_digits (&text, 2);
  if (second < 0 || strcmp (text, " GMT") != 0)
    return 0;

  /* A leap second is the last one that GDateTime knows. */
  time = g_date_time_new_utc (year, month + 1, day, hour, minute, MIN (second, 59));
  return time != NULL ? MAX (g_date_time_to_unix (time), 0) : 0;
}

int
assay_http_parse_retry_after (const char *value,
                              const char *date,
                              gint64      now)
{
  guint64 seconds;
  gint64 until;

  if (value == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (value, 10, 0, RETRY_AFTER_MAX_S, &seconds, NULL))
    return (int) seconds;

  until = assay_http_parse_date (value);
  if (until == 0)
    return -1;
  if (assay_http_parse_date (date) != 0)
    now = assay_http_parse_date (date);
  return until >= now && until - now <= RETRY_AFTER_MAX_S ? (int) (until - now) : -1;
}

guint
assay_http_get_backoff (guint  base,
                        guint  attempt,
                        double random)
{
  guint ceiling = base;

  for (guint i = 1; i < attempt && ceiling < BACKOFF_CAP_MS; i++)
    ceiling *= 2;
  return (guint) (random * MIN (ceiling, BACKOFF_CAP_MS));
}
