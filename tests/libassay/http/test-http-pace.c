/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pacing on a clock of the test's own: the bucket, Retry-After, the backoff. */
#include "config.h"

#include "assay-http-pace.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* Lets requests of @duration each start as soon as they may, until @until; returns how many. */
static guint
run_bucket (AssayHttpBucket *bucket,
            gint64           from,
            gint64           until)
{
  gint64 now = from;
  guint count = 0;

  for (;;)
    {
      gint64 wait = assay_http_bucket_get_wait (bucket, now);

      g_assert_cmpint (wait, !=, ASSAY_HTTP_BUCKET_FULL);
      if (now + wait >= until)
        return count;
      now += wait;
      /* What it said is true. */
      g_assert_cmpint (assay_http_bucket_get_wait (bucket, now), ==, 0);
      assay_http_bucket_take (bucket, now);
      assay_http_bucket_release (bucket, TRUE);
      count++;
    }
}

static void
test_rate (void)
{
  const AssayHttpPace pace = { .per_second = 10, .burst = 20, .concurrency = 4 };
  AssayHttpBucket bucket;
  guint count;

  assay_http_bucket_init (&bucket, &pace, 1000);
  count = run_bucket (&bucket, 1000, 1000 + 100 * SECOND);
  /* The burst and a hundred seconds' worth: all of it, and none too many. */
  g_assert_cmpuint (count, >=, 1018);
  g_assert_cmpuint (count, <=, 1020);
  /* After a long rest there is one burst, not an hour's worth. */
  count = run_bucket (&bucket, 4000 * SECOND, 4000 * SECOND + 1);
  g_assert_cmpuint (count, ==, 20);
}

static void
test_slow_rate (void)
{
  const AssayHttpPace pace = { .per_second = 0.5, .burst = 1, .concurrency = 1 };
  AssayHttpBucket bucket;

  assay_http_bucket_init (&bucket, &pace, 0);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), ==, 0);
  assay_http_bucket_take (&bucket, 0);
  assay_http_bucket_release (&bucket, TRUE);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), >=, 2 * SECOND);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), <=, 2 * SECOND + 10);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, SECOND), <=, SECOND + 10);
  /* A clock that stands still or goes back makes no tokens. */
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, SECOND - 100), >, 0);
}

static void
test_concurrency (void)
{
  const AssayHttpPace pace = { .per_second = 1000, .burst = 100, .concurrency = 2 };
  AssayHttpBucket bucket;

  assay_http_bucket_init (&bucket, &pace, 0);
  assay_http_bucket_take (&bucket, 0);
  assay_http_bucket_take (&bucket, 0);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), ==, ASSAY_HTTP_BUCKET_FULL);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 3600 * SECOND), ==, ASSAY_HTTP_BUCKET_FULL);
  assay_http_bucket_release (&bucket, TRUE);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), ==, 0);
}

static void
test_limits (void)
{
  const AssayHttpPace nothing = { .per_second = 0, .burst = 0, .concurrency = 0 };
  AssayHttpBucket bucket;

  assay_http_bucket_init (&bucket, &nothing, 0);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), ==, 0);
  assay_http_bucket_take (&bucket, 0);
  assay_http_bucket_release (&bucket, TRUE);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), >, 0);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), <, 3600 * SECOND);
}

static void
test_pause (void)
{
  const AssayHttpPace pace = { .per_second = 10, .burst = 20, .concurrency = 4 };
  AssayHttpBucket bucket;
  guint count;

  assay_http_bucket_init (&bucket, &pace, 0);
  assay_http_bucket_pause (&bucket, 0, 5 * SECOND);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 0), ==, 5 * SECOND);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, SECOND), ==, 4 * SECOND);
  /* Never shorter, and those refused together count once. */
  assay_http_bucket_pause (&bucket, SECOND, 2 * SECOND);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, SECOND), ==, 4 * SECOND);
  g_assert_cmpfloat (bucket.factor, ==, 0.8);
  assay_http_bucket_pause (&bucket, 2 * SECOND, 6 * SECOND);
  g_assert_cmpint (assay_http_bucket_get_wait (&bucket, 2 * SECOND), ==, 4 * SECOND);
  g_assert_cmpfloat (bucket.factor, ==, 0.8);

  /* One at first, no burst; then somewhat slower, and in the end as before. */
  count = run_bucket (&bucket, 6 * SECOND, 6 * SECOND + 1);
  g_assert_cmpuint (count, ==, 1);
  count = run_bucket (&bucket, 6 * SECOND + 1, 7 * SECOND);
  g_assert_cmpuint (count, >=, 7);
  g_assert_cmpuint (count, <=, 9);
  run_bucket (&bucket, 7 * SECOND, 300 * SECOND);
  g_assert_cmpfloat (bucket.factor, ==, 1.0);

  for (gint64 now = 330; now < 350; now++)
    assay_http_bucket_pause (&bucket, now * SECOND, now * SECOND + 1);
  g_assert_cmpfloat (bucket.factor, >=, 0.05);
}

/* R9: against a vendor's bucket of the same size, with 429s that must stay rare and a rate that must be used.
 */
static void
test_against_vendor (void)
{
  const AssayHttpPace limits = { .per_second = 10, .burst = 20, .concurrency = 4 };
  const AssayHttpPace hopes = { .per_second = 20, .burst = 40, .concurrency = 4 };
  AssayHttpBucket vendor;
  AssayHttpBucket ours;
  guint n_good = 0;
  guint n_refused = 0;

  for (guint run = 0; run < 2; run++)
    {
      gint64 now = 0;

      n_good = n_refused = 0;
      assay_http_bucket_init (&vendor, &limits, 0);
      assay_http_bucket_init (&ours, run == 0 ? &limits : &hopes, 0);
      while (now < 600 * SECOND)
        {
          gint64 wait = assay_http_bucket_get_wait (&ours, now);

          now += wait;
          assay_http_bucket_take (&ours, now);
          if (assay_http_bucket_get_wait (&vendor, now) == 0)
            {
              assay_http_bucket_take (&vendor, now);
              assay_http_bucket_release (&vendor, TRUE);
              assay_http_bucket_release (&ours, TRUE);
              n_good++;
            }
          else
            {
              assay_http_bucket_release (&ours, FALSE);
              assay_http_bucket_pause (&ours, now, now + SECOND);
              n_refused++;
            }
        }
      g_test_message ("%u good, %u refused", n_good, n_refused);
      if (run == 0)
        {
          g_assert_cmpuint (n_good, >=, 5700);
          g_assert_cmpuint (n_refused, ==, 0);
        }
      else
        {
          /* Promised too much, it still gets most of what there is. */
          g_assert_cmpuint (n_good, >=, 5700);
          g_assert_cmpuint (n_refused, <=, 10);
        }
    }
}

static void
test_dates (void)
{
  static const char *const wrong[] = {
    NULL,
    "",
    "0",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 06 Nov 1994 08:49:37 GMT ",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Now 1994 08:49:37 GMT",
    "Sun, 31 Feb 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sun, 06 Nov 0000 08:49:37 GMT",
    "Sun, 06 Nov 1969 08:49:37 GMT",
    "Sun, 06 Nov -994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:4",
  };

  g_assert_cmpint (assay_http_parse_date ("Sun, 06 Nov 1994 08:49:37 GMT"), ==, 784111777);
  g_assert_cmpint (assay_http_parse_date ("Thu, 01 Jan 1970 00:00:01 GMT"), ==, 1);
  g_assert_cmpint (assay_http_parse_date ("Fri, 31 Dec 9999 23:59:59 GMT"), ==, 253402300799);
  g_assert_cmpint (assay_http_parse_date ("Sat, 31 Dec 2016 23:59:60 GMT"), ==, 1483228799);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_cmpint (assay_http_parse_date (wrong[i]), ==, 0);
}

static void
test_retry_after (void)
{
  static const char *const wrong[] = {
    NULL, "", "-1", "-99999999999999999999", "+5", "5s", " 5", "1.5", "soon", "0x10", "3601", "315360000",
    "99999999999999999999999999",
    /* Ten years ahead, and behind. */
    "Sun, 06 Nov 2004 08:49:37 GMT", "Sun, 06 Nov 1984 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
  };
  const gint64 now = 784111777; /* Sun, 06 Nov 1994 08:49:37 GMT */

  g_assert_cmpint (assay_http_parse_retry_after ("0", NULL, now), ==, 0);
  g_assert_cmpint (assay_http_parse_retry_after ("120", NULL, now), ==, 120);
  g_assert_cmpint (assay_http_parse_retry_after ("3600", NULL, now), ==, 3600);
  g_assert_cmpint (assay_http_parse_retry_after ("Sun, 06 Nov 1994 08:49:37 GMT", NULL, now), ==, 0);
  g_assert_cmpint (assay_http_parse_retry_after ("Sun, 06 Nov 1994 08:50:07 GMT", NULL, now), ==, 30);
  /* By the vendor's own clock, whatever ours says. */
  g_assert_cmpint (assay_http_parse_retry_after ("Sun, 06 Nov 1994 08:50:07 GMT",
                                                 "Sun, 06 Nov 1994 08:49:57 GMT", now + 1000000),
                   ==, 10);
  g_assert_cmpint (
    assay_http_parse_retry_after ("Sun, 06 Nov 1994 08:50:07 GMT", "Sun, 06 Nov 1994 09:49:57 GMT", now), ==,
    -1);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s", wrong[i] != NULL ? wrong[i] : "none");
      g_assert_cmpint (assay_http_parse_retry_after (wrong[i], NULL, now), ==, -1);
      g_assert_cmpint (assay_http_parse_retry_after (wrong[i], "garbage", now), ==, -1);
    }
}

static void
test_backoff (void)
{
  const double almost_one = 1.0 - 1e-9;

  for (guint attempt = 1; attempt < 100; attempt++)
    g_assert_cmpuint (assay_http_get_backoff (500, attempt, 0.0), ==, 0);
  g_assert_cmpuint (assay_http_get_backoff (500, 1, almost_one), ==, 499);
  g_assert_cmpuint (assay_http_get_backoff (500, 2, almost_one), ==, 999);
  g_assert_cmpuint (assay_http_get_backoff (500, 3, 0.5), ==, 1000);
  g_assert_cmpuint (assay_http_get_backoff (500, 7, almost_one), ==, 29999);
  g_assert_cmpuint (assay_http_get_backoff (500, 1000000, almost_one), ==, 29999);
  g_assert_cmpuint (assay_http_get_backoff (0, 1000000, almost_one), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http/pace/rate", test_rate);
  g_test_add_func ("/http/pace/slow-rate", test_slow_rate);
  g_test_add_func ("/http/pace/concurrency", test_concurrency);
  g_test_add_func ("/http/pace/limits", test_limits);
  g_test_add_func ("/http/pace/pause", test_pause);
  g_test_add_func ("/http/pace/against-vendor", test_against_vendor);
  g_test_add_func ("/http/pace/dates", test_dates);
  g_test_add_func ("/http/pace/retry-after", test_retry_after);
  g_test_add_func ("/http/pace/backoff", test_backoff);

  return g_test_run ();
}
