/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rate limits are used, and not hit: the bucket, against played vendors with buckets of their own, on a clock of the
 * test's own and with a network that delays at random. Each seed is another vendor: one that declares its limit, or one
 * that doesn't; one that says how long to wait in seconds, by a date, or in nonsense.
 *
 *   ASSAY_SEEDS=1-1000      which seeds; a failing one is named, and ASSAY_SEEDS=417 repeats it */
#include "config.h"

#include "assay-http-pace.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define REQUESTS 20000u
#define MOST_AT_ONCE 4

typedef struct
{
  gint64 arrives;         /* at the vendor; 0 once it has */
  gint64 answered;        /* when its answer is here */
  gboolean refused;
  int retry_after;        /* in seconds; -1 for nothing of use */
} Request;

typedef struct
{
  guint seed;
  GRand *chance;
  double rate;            /* of the vendor */
  gboolean declared;
  AssayHttpBucket vendor;
  AssayHttpBucket ours;
  Request running[MOST_AT_ONCE];
  guint n_running;
  gint64 now;

  guint good;
  guint refused;
  gint64 told;            /* how long the vendor said to wait, in all */

  gint64 asked_at;        /* when the user asked for something; 0: nothing waits */
  guint longest;          /* that one such request had to wait, in turns */
} Simulation;

/* What the vendor puts into Retry-After, as the client reads it. */
static int
draw_retry_after (Simulation *simulation)
{
  const gint64 now = 784111777; /* Sun, 06 Nov 1994 08:49:37 GMT */
  static const char *const values[] = {
    NULL,
    "1",
    "2",
    "Sun, 06 Nov 1994 08:49:38 GMT",
    "Sun, 06 Nov 1994 08:49:30 GMT", /* before now */
    "Sunday, 06-Nov-94 08:49:38 GMT", /* of an old form */
    "Sat, 06 Nov 2004 08:49:38 GMT", /* in ten years */
    "-5",
    "315360000", /* ten years */
    "soon",
  };

  return assay_http_parse_retry_after (values[g_rand_int_range (simulation->chance, 0, G_N_ELEMENTS (values))],
                                       "Sun, 06 Nov 1994 08:49:37 GMT", now);
}

static void
arrive (Simulation *simulation,
        Request    *request)
{
  request->arrives = 0;
  if (assay_http_bucket_get_wait (&simulation->vendor, simulation->now) == 0)
    {
      assay_http_bucket_take (&simulation->vendor, simulation->now);
      assay_http_bucket_release (&simulation->vendor, FALSE);
      return;
    }
  request->refused = TRUE;
  request->retry_after = draw_retry_after (simulation);
}

static void
answer (Simulation *simulation,
        Request    *request)
{
  gint64 wait;

  assay_http_bucket_release (&simulation->ours, !request->refused);
  if (!request->refused)
    {
      simulation->good++;
      return;
    }
  simulation->refused++;
  wait = request->retry_after >= 0
           ? request->retry_after * SECOND
           : (gint64) assay_http_get_backoff (500, 1, g_rand_double (simulation->chance)) * 1000;
  if (request->retry_after > 0)
    simulation->told += MAX (simulation->now + wait - MAX (simulation->ours.paused_until, simulation->now), 0);
  assay_http_bucket_pause (&simulation->ours, simulation->now, simulation->now + wait);
}

static void
start (Simulation *simulation)
{
  Request *request = &simulation->running[simulation->n_running++];

  assay_http_bucket_take (&simulation->ours, simulation->now);
  *request = (Request) { .arrives = simulation->now + g_rand_int_range (simulation->chance, 1000, 40000) };
  request->answered = request->arrives + g_rand_int_range (simulation->chance, 1000, 60000);

  if (simulation->asked_at != 0)
    {
      /* The user's own goes first: so long had it to wait, measured in the time from one request to the next. */
      double turn = SECOND / (simulation->ours.pace.per_second * simulation->ours.factor);
      gint64 since = MAX (simulation->asked_at, simulation->ours.paused_until);

      simulation->longest = MAX (simulation->longest, (guint) ((simulation->now - since) / turn + 0.999));
      simulation->asked_at = 0;
    }
  else if (g_rand_int_range (simulation->chance, 0, 50) == 0)
    simulation->asked_at = simulation->now + 1;
}

/* The next thing that happens. There is always something to be sent. */
static void
step (Simulation *simulation)
{
  gint64 wait = assay_http_bucket_get_wait (&simulation->ours, simulation->now);
  gint64 next = wait == ASSAY_HTTP_BUCKET_FULL ? G_MAXINT64 : simulation->now + wait;
  Request *first = NULL;

  for (guint i = 0; i < simulation->n_running; i++)
    {
      Request *request = &simulation->running[i];
      gint64 at = request->arrives != 0 ? request->arrives : request->answered;

      if (at <= next)
        {
          next = at;
          first = request;
        }
    }
  g_assert_cmpint (next, <, G_MAXINT64);
  simulation->now = next;
  if (first == NULL)
    start (simulation);
  else if (first->arrives != 0)
    arrive (simulation, first);
  else
    {
      answer (simulation, first);
      *first = simulation->running[--simulation->n_running];
    }
}

static void
simulate (Simulation *simulation)
{
  double burst;
  AssayHttpPace limit, pace;
  double permitted;

  simulation->declared = simulation->seed % 2 == 1;
  /* The one that is known: ten a second, twenty at once. */
  simulation->rate = simulation->declared ? 10 : g_rand_double_range (simulation->chance, 2, 15);
  /* One that bears no two requests at once could not be used to the full over a network that delays at random. */
  burst = simulation->declared ? 20 : g_rand_int_range (simulation->chance, 3, 21);
  limit = (AssayHttpPace) { .per_second = simulation->rate, .burst = (guint) burst, .concurrency = 1000 };
  if (simulation->declared)
    pace = (AssayHttpPace) { .per_second = 9.8, .burst = 18, .concurrency = MOST_AT_ONCE };
  else
    pace = (AssayHttpPace) { .per_second = simulation->rate * g_rand_double_range (simulation->chance, 1, 4),
                             .burst = (guint) g_rand_int_range (simulation->chance, 1, 21),
                             .concurrency = MOST_AT_ONCE };
  assay_http_bucket_init (&simulation->vendor, &limit, 0);
  assay_http_bucket_init (&simulation->ours, &pace, 0);

  while (simulation->good + simulation->refused < REQUESTS)
    step (simulation);

  permitted = simulation->rate * (double) (simulation->now - simulation->told) / SECOND;
  g_test_message ("ASSAY_SEEDS=%u: %s, %.1f a second, we begin with %.1f: %.3f of the rate, %.3f %% refused, %u turns",
                  simulation->seed, simulation->declared ? "declared" : "undeclared", simulation->rate, pace.per_second,
                  simulation->good / permitted, 100.0 * simulation->refused / REQUESTS, simulation->longest);
  g_assert_cmpfloat (simulation->good / permitted, >=, 0.95);
  g_assert_cmpuint (simulation->refused * 1000, <=, REQUESTS);
  g_assert_cmpuint (simulation->longest, <=, 2);
}

static void
test_rate (void)
{
  const char *text = g_getenv ("ASSAY_SEEDS") != NULL ? g_getenv ("ASSAY_SEEDS") : "1-300";
  g_auto (GStrv) ends = g_strsplit (text, "-", 2);
  guint first = (guint) g_ascii_strtoull (ends[0], NULL, 10);
  guint last = ends[1] != NULL ? (guint) g_ascii_strtoull (ends[1], NULL, 10) : first;

  g_assert_cmpuint (first, >=, 1);
  g_assert_cmpuint (first, <=, last);
  for (guint seed = first; seed <= last; seed++)
    {
      Simulation simulation = { .seed = seed, .chance = g_rand_new_with_seed (seed) };

      simulate (&simulation);
      g_rand_free (simulation.chance);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http/rate", test_rate);
  return g_test_run ();
}
