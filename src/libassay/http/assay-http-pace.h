/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pacing: a token bucket with a limit on what runs at once and a common pause. A plain value that is told the
 * time, so that tests can run it on a clock of their own. Internal to http/. */
#pragma once

#include "assay-http.h"

G_BEGIN_DECLS

/* What assay_http_bucket_get_wait() says when only the end of a running request can make room. */
#define ASSAY_HTTP_BUCKET_FULL G_MAXINT64

/* Times are microseconds of a clock that never goes back. */
typedef struct
{
  AssayHttpPace pace;
  double tokens;
  double factor;  /* the part of the pace that the vendor has been seen to bear */
  double ceiling; /* the part at which it refused last */
  gboolean near;  /* after a long peace, so that it is the vendor's limit */
  guint welcome;  /* how many requests were welcome since then */
  gint64 counted_until;
  gint64 paused_until;
  guint running;
} AssayHttpBucket;

/* Out-of-range values of @pace are brought into range. */
void   assay_http_bucket_init (AssayHttpBucket     *bucket,
                               const AssayHttpPace *pace,
                               gint64               now);
/* Returns: microseconds until the next request may start: 0 for at once, or ASSAY_HTTP_BUCKET_FULL */
gint64 assay_http_bucket_get_wait (AssayHttpBucket *bucket,
                                   gint64           now);
/* How many requests may start at once now, whatever runs; 0 during a pause. */
guint  assay_http_bucket_get_headroom (AssayHttpBucket *bucket,
                                       gint64           now);
/* One request starts. */
void   assay_http_bucket_take (AssayHttpBucket *bucket,
                               gint64           now);
/* One request has ended; @was_welcome: it wasn't refused for being too much. */
void   assay_http_bucket_release (AssayHttpBucket *bucket,
                                  gboolean         was_welcome);
/* The vendor asks for a rest: nothing starts before @until, and what starts then starts slowly. A pause is
 * only ever made longer. */
void   assay_http_bucket_pause (AssayHttpBucket *bucket,
                                gint64           now,
                                gint64           until);

/**
 * assay_http_parse_date:
 * @text: (nullable): an HTTP date in the one form that is still allowed to be sent ("Sun, 06 Nov 1994
 * 08:49:37 GMT")
 *
 * Returns: seconds since 1970, or 0 for anything else
 */
gint64 assay_http_parse_date (const char *text);

/**
 * assay_http_parse_retry_after:
 * @value: (nullable): the value of Retry-After
 * @date: (nullable): the value of Date, by which a date in @value is read, so that a wrong clock, here or
 * there, doesn't matter
 * @now: seconds since 1970 by our clock, for want of @date
 *
 * Returns: seconds to wait; -1 when there is no value, or none that makes sense (negative, in the past,
 * garbage, more than an hour)
 */
int assay_http_parse_retry_after (const char *value,
                                  const char *date,
                                  gint64      now);

/* Full jitter: the milliseconds to wait before attempt number @attempt (the first retry is 1), drawn evenly
 * from zero to @base doubled each time, at most thirty seconds. @random is from 0 to below 1. */
guint assay_http_get_backoff (guint  base,
                              guint  attempt,
                              double random);

G_END_DECLS
