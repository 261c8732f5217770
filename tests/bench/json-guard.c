/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cost of the JSON guard as a part of JsonParser's on the same bytes (goal P6: at most 0.05). */
#include "config.h"

#include "assay-json.h"

#include <string.h>

#define ROUNDS 15
#define N_RECORDS 5000
#define LIMIT 0.05

/* A page of applications as Pinpoint words it, with names of many scripts. */
static char *
make_page (void)
{
  static const char *const names[] = { "Amara Okafor", "Jonas Šimek", "李 明", "Zoë O'Neill",
                                       "Александра Иванова" };
  GString *text = g_string_new ("{\"data\":[");

  for (guint i = 0; i < N_RECORDS; i++)
    g_string_append_printf (
      text,
      "%s{\"id\":\"%u\",\"type\":\"applications\",\"attributes\":{\"full_name\":\"%s\",\"email\":\"candidate.%u@example.com\","
      "\"created_at\":\"2024-03-%02uT09:41:%02u.123Z\",\"score\":%u.%u,\"anonymized\":false,\"phone\":null,\"summary\":"
      "\"Eight years in teams of all sizes.\\nLikes \\\"plain\\\" words, clear goals and good tools; has led a move "
      "from one data centre to another without a minute of downtime.\"},\"relationships\":{\"stage\":{\"data\":{\"id\":\"%u\","
      "\"type\":\"stages\"}},\"tags\":{\"data\":[]}}}",
      i > 0 ? "," : "", 100000 + i, names[i % G_N_ELEMENTS (names)], i, 1 + i % 28, i % 60, i % 100, i % 10,
      i % 7);
  g_string_append (text, "],\"meta\":{\"count\":5000}}");
  return g_string_free (text, FALSE);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof *values, compare);
  return values[ROUNDS / 2];
}

static void
measure (const char *name,
         const char *text)
{
  gsize length = strlen (text);
  double guard[ROUNDS];
  double strict[ROUNDS];
  double parser[ROUNDS];
  double mebibytes = (double) length / (1024 * 1024);

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (JsonParser) json = json_parser_new_immutable ();
      gint64 start = g_get_monotonic_time ();

      if (!assay_json_guard (text, length, FALSE, NULL))
        g_error ("The guard refuses the page");
      guard[i] = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;

      start = g_get_monotonic_time ();
      if (!assay_json_guard (text, length, TRUE, NULL))
        g_error ("The guard refuses the page");
      strict[i] = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;

      start = g_get_monotonic_time ();
      if (!json_parser_load_from_data (json, text, (gssize) length, NULL))
        g_error ("JsonParser refuses the page");
      parser[i] = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
    }
  g_print (
    "%-8s %.1f MiB: JsonParser %.0f MiB/s, guard %.0f MiB/s, ratio %.4f (limit %.2f); with names checked %.4f\n",
    name, mebibytes, mebibytes / median (parser), mebibytes / median (guard),
    median (guard) / median (parser), LIMIT, median (strict) / median (parser));
}

int
main (void)
{
  g_autofree char *compact = make_page ();
  g_autoptr (JsonNode) root = json_from_string (compact, NULL);
  g_autofree char *pretty = json_to_string (root, TRUE);

  measure ("compact", compact);
  measure ("pretty", pretty);
  return 0;
}
