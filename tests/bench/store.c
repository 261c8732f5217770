/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much quicker the search is than a scan of the same rows, and what a list costs in memory for each row. Prints
 * ratios of one run on one machine; asserts only that both find the same. ASSAY_BENCH_ROWS sets the number of rows. */
#include "config.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <string.h>

#include "assay-row-list.h"
#include "fill-store.h"

#define ROUNDS 40

/* As somebody types them, letter by letter. */
static const char *const searches[] = {
  "a", "am", "ama", "amar", "amara", "amara o", "amara okafor", "j", "jo", "jon",  "e",  "en", "eng", "engi", "engineer",
  "s", "si", "m",   "ma",   "mail",  "r",       "re",           "a e", "b e", "明", "李", "z",  "zo",  "zoe",  "o'br",
};

typedef struct
{
  const char *search;
  guint found;
  gint64 time;
} Query;

static gpointer
search_index (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  Query *query = data;
  g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();
  g_autoptr (GPtrArray) found = NULL;
  gint64 start = g_get_monotonic_time ();

  filter->search = g_strdup (query->search);
  found = assay_applications_list (database, filter, 64, 0, error);
  query->time = g_get_monotonic_time () - start;
  query->found = found != NULL ? found->len : 0;
  return NULL;
}

/* What a program without an index does: every row, the same columns, the newest matches. */
static gpointer
search_by_scan (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  Query *query = data;
  g_autofree char *pattern = g_strdup_printf ("%%%s%%", query->search);
  gint64 start = g_get_monotonic_time ();
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT id FROM application WHERE archived = 0 AND gone = 0 AND (full_name LIKE ?1"
                            "  OR email LIKE ?1 OR job_title LIKE ?1 OR stage_name LIKE ?1 OR tags LIKE ?1)"
                            " ORDER BY full_name LIMIT 64",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_text (statement, 1, pattern);
  query->found = 0;
  while (assay_statement_step (statement, error))
    query->found++;
  query->time = g_get_monotonic_time () - start;
  return NULL;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return (first > second) - (first < second);
}

static gint64
get_percentile (GArray *times,
                double  part)
{
  return g_array_index (times, gint64, MIN ((guint) (times->len * part), times->len - 1));
}

static void
measure_search (AssayStore *store)
{
  g_autoptr (GArray) index_times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) scan_times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_autoptr (GArray) own_times = g_array_new (FALSE, FALSE, sizeof (gint64));
      Query query = { .search = searches[i] };
      gint64 scan;

      assay_store_read (store, search_by_scan, &query, &error);
      g_assert_no_error (error);
      scan = query.time;
      g_array_append_val (scan_times, scan);
      for (guint j = 0; j < ROUNDS; j++)
        {
          assay_store_read (store, search_index, &query, &error);
          g_assert_no_error (error);
          g_array_append_val (index_times, query.time);
          g_array_append_val (own_times, query.time);
        }
      g_array_sort (own_times, compare_times);
      g_print ("  %-14s scan %7.2f ms   index median %6.2f ms, worst %6.2f ms   found %u\n", searches[i],
               (double) scan / 1000, (double) get_percentile (own_times, 0.5) / 1000,
               (double) get_percentile (own_times, 1) / 1000, query.found);
    }
  g_array_sort (index_times, compare_times);
  g_array_sort (scan_times, compare_times);
  g_print ("search p50: index %.2f ms, scan %.1f ms: %.0f times quicker\n",
           (double) get_percentile (index_times, 0.5) / 1000, (double) get_percentile (scan_times, 0.5) / 1000,
           (double) get_percentile (scan_times, 0.5) / (double) get_percentile (index_times, 0.5));
  g_print ("search p99: index %.2f ms, scan %.1f ms: %.0f times quicker\n",
           (double) get_percentile (index_times, 0.99) / 1000, (double) get_percentile (scan_times, 0.99) / 1000,
           (double) get_percentile (scan_times, 0.99) / (double) get_percentile (index_times, 0.99));
}

typedef struct
{
  gint64 start;
  gint64 first;
} Landing;

static void
landed (AssayRowList *list,
        guint         position,
        guint         removed,
        guint         added,
        Landing      *landing)
{
  if (landing->first == 0)
    landing->first = g_get_monotonic_time () - landing->start;
}

static gsize
get_memory (void)
{
  struct mallinfo2 info;

  malloc_trim (0);
  info = mallinfo2 ();
  return info.uordblks + info.hblkhd;
}

static void
measure_list (AssayStore *store,
              guint       n_live)
{
  gsize before = get_memory (), after, scrolled;
  Landing landing = { g_get_monotonic_time (), 0 };
  AssayRowList *list = assay_row_list_new_applications (store);
  gint64 all;

  g_signal_connect (list, "items-changed", G_CALLBACK (landed), &landing);
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) < n_live)
    g_main_context_iteration (NULL, TRUE);
  all = g_get_monotonic_time () - landing.start;
  after = get_memory ();
  for (guint i = 0; i < n_live; i += 50)
    {
      g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), i));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  scrolled = get_memory ();
  g_print ("list: first rows after %.1f ms, all ids after %.1f ms; %.1f bytes a row, and %.1f MiB after scrolling "
           "through it\n",
           (double) landing.first / 1000, (double) all / 1000, ((double) after - (double) before) / n_live,
           ((double) scrolled - (double) before) / 1048576);
  g_object_unref (list);
}

static gpointer
count_live (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  return GUINT_TO_POINTER ((guint) assay_applications_count (database, NULL, 0, error));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *directory = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *rows = g_getenv ("ASSAY_BENCH_ROWS");
  guint64 n = 100000;
  gint64 start = g_get_monotonic_time ();
  AssayStore *store;
  const char *name;

  if (rows != NULL && !g_ascii_string_to_unsigned (rows, 10, 1, 100 * 1000 * 1000, &n, &error))
    g_error ("ASSAY_BENCH_ROWS: %s", error->message);

  directory = g_dir_make_tmp ("assay-bench-XXXXXX", &error);
  g_assert_no_error (error);
  store = assay_store_open (directory, &error);
  g_assert_no_error (error);
  fill_store (store, (guint) n, 60, &error);
  g_assert_no_error (error);
  g_print ("%" G_GUINT64_FORMAT " applications written in %.1f s\n", n,
           (double) (g_get_monotonic_time () - start) / 1000000);

  measure_search (store);
  measure_list (store, GPOINTER_TO_UINT (assay_store_read (store, count_live, NULL, &error)));
  assay_store_close (store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (store);

  dir = g_dir_open (directory, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (directory);
  return 0;
}
