/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of the window while a bulk leaves, for window-bulk.py: how regularly it paints, and what the main thread costs.
 *
 *   bench-window-bulk DIRECTORY SECONDS [BATCH]
 *
 * Opens Assay on a store, shows the batch if one is named, paints a frame whenever the clock allows one, and prints one
 * JSON object. Gaps are between one frame's painting and the next one's, by the clock, so that whatever else the machine
 * does shows; work is the processor time of the main thread from one to the next, which is ours alone. */
#include "config.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <time.h>

#include "assay-app.h"

/* Until the window has settled, in microseconds. */
#define WARM_UP (2 * G_USEC_PER_SEC)

typedef struct
{
  GApplication *application;
  GtkWidget *window;
  gint64 batch_id;
  gint64 begun_at;
  gint64 ends_at;
  gint64 last_at;
  gint64 cpu_at;
  gint64 last_cpu_at;
  GArray *gaps;        /* (element-type double) milliseconds */
  GArray *work;        /* (element-type double) milliseconds */
} Bench;

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return one < other ? -1 : one > other;
}

static void
add (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
end (Bench *bench, gint64 now)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  guint long_gaps = 0, long_work = 0;

  for (guint i = 0; i < bench->gaps->len; i++)
    if (g_array_index (bench->gaps, double, i) > 2 * 1000 / 60.)
      long_gaps++;
  for (guint i = 0; i < bench->work->len; i++)
    if (g_array_index (bench->work, double, i) > 2 * 1000 / 60.)
      long_work++;
  g_array_sort (bench->gaps, compare);
  g_array_sort (bench->work, compare);
  json_builder_begin_object (builder);
  add (builder, "frames", bench->gaps->len);
  add (builder, "p50", g_array_index (bench->gaps, double, bench->gaps->len / 2));
  add (builder, "p99", g_array_index (bench->gaps, double, bench->gaps->len * 99 / 100));
  add (builder, "max", g_array_index (bench->gaps, double, bench->gaps->len - 1));
  add (builder, "long", long_gaps);
  add (builder, "work_p99", g_array_index (bench->work, double, bench->work->len * 99 / 100));
  add (builder, "work_max", g_array_index (bench->work, double, bench->work->len - 1));
  add (builder, "work_long", long_work);
  add (builder, "cpu", (double) (get_thread_time () - bench->cpu_at) / (now - bench->begun_at));
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  g_print ("%s\n", text);
  g_action_group_activate_action (G_ACTION_GROUP (bench->application), "quit", NULL);
}

static void
painted_cb (GdkFrameClock *clock, Bench *bench)
{
  gint64 now = g_get_monotonic_time ();
  gint64 cpu = get_thread_time ();

  if (now < bench->begun_at)
    return;
  if (bench->last_at == 0)
    bench->cpu_at = cpu;
  else
    {
      double gap = (now - bench->last_at) / 1000.;
      double work = (cpu - bench->last_cpu_at) / 1000.;

      g_array_append_val (bench->gaps, gap);
      g_array_append_val (bench->work, work);
    }
  bench->last_at = now;
  bench->last_cpu_at = cpu;
  if (now >= bench->ends_at && bench->gaps->len > 0)
    {
      g_signal_handlers_disconnect_by_data (clock, bench);
      end (bench, now);
    }
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static gboolean
show_cb (gpointer data)
{
  Bench *bench = data;

  g_action_group_activate_action (G_ACTION_GROUP (bench->application), "show-batch",
                                  g_variant_new_int64 (bench->batch_id));
  return G_SOURCE_REMOVE;
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window, Bench *bench)
{
  GdkFrameClock *clock;

  if (bench->window != NULL)
    return;
  bench->window = GTK_WIDGET (window);
  gtk_widget_realize (bench->window);
  clock = gtk_widget_get_frame_clock (bench->window);
  bench->begun_at = g_get_monotonic_time () + WARM_UP;
  bench->ends_at += bench->begun_at;
  g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), bench);
  gtk_widget_add_tick_callback (bench->window, tick_cb, NULL, NULL);
  if (bench->batch_id != 0)
    g_timeout_add (500, show_cb, bench);
}

int
main (int argc, char *argv[])
{
  Bench bench = { NULL };
  char *arguments[] = { argv[0], (char *) "--data-dir", argc > 1 ? argv[1] : NULL, NULL };
  int status;

  if (argc < 3)
    {
      g_printerr ("Usage: bench-window-bulk DIRECTORY SECONDS [BATCH]\n");
      return 2;
    }
  bench.ends_at = atoi (argv[2]) * G_USEC_PER_SEC;
  bench.batch_id = argc > 3 ? g_ascii_strtoll (argv[3], NULL, 10) : 0;
  bench.gaps = g_array_new (FALSE, FALSE, sizeof (double));
  bench.work = g_array_new (FALSE, FALSE, sizeof (double));
  bench.application = G_APPLICATION (assay_app_new ());
  g_signal_connect (bench.application, "window-added", G_CALLBACK (window_added_cb), &bench);

  status = g_application_run (bench.application, 3, arguments);
  g_object_unref (bench.application);
  g_array_unref (bench.gaps);
  g_array_unref (bench.work);
  return status;
}
