/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of one window, for window.py, which compares them: how long until it shows something, what it costs.
 *
 *   bench-window bare              an AdwApplicationWindow with nothing in it: the floor
 *   bench-window assay DIRECTORY   Assay's own window on a store, until its list is filled; then jumps and searches
 *   bench-window start DIRECTORY   the same, until its list is filled
 *
 * BENCH_BEGAN_AT is the monotonic clock when the process was begun, in microseconds. Prints one JSON object. */
#include "config.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <time.h>

#include "assay-app.h"

#define N_JUMPS 120
/* After the first frame what isn't seen is made too; memory is read once that is done. */
#define SETTLE_MILLISECONDS 700

/* Beginnings of words that every store has: a list without rows is never filled. */
static const char *const queries[] = { "a", "an", "a", "b", "e", "en", "e", "c", "s", "en", "d", "m" };

typedef enum
{
  PHASE_START,
  PHASE_SETTLING,
  PHASE_JUMPS,
  PHASE_SEARCH,
  PHASE_DONE,
} Phase;

typedef struct
{
  GtkApplication *application;
  GtkWidget *window;
  gboolean bare;
  gboolean only_start;
  gint64 began_at;      /* microseconds */
  Phase phase;
  guint step;
  guint frames;         /* painted since the step began */
  gint64 step_at;
  GtkWidget *list;      /* the list of candidates */
  GRand *random;
  JsonBuilder *report;
} Bench;

static void
add_number (Bench      *bench,
            const char *name,
            double      value)
{
  json_builder_set_member_name (bench->report, name);
  json_builder_add_double_value (bench->report, value);
}

/* What the process has used of the processors so far, in milliseconds. */
static double
get_cpu_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double) time.tv_sec * 1000 + (double) time.tv_nsec / 1e6;
}

/* The proportional share of memory, in KiB. */
static double
read_pss (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    return 0;
  line = strstr (text, "\nPss:");
  return line != NULL ? g_ascii_strtod (line + 5, NULL) : 0;
}

static GtkWidget *
find_widget (GtkWidget  *widget,
             const char *type_name)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (strcmp (G_OBJECT_TYPE_NAME (widget), type_name) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type_name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
has_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && *gtk_label_get_label (GTK_LABEL (widget)) != '\0')
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_text (child))
      return TRUE;
  return FALSE;
}

/* Whether the rows on the screen have their names. */
static gboolean
is_filled (Bench *bench)
{
  guint rows = 0;

  bench->list = find_widget (bench->window, "GtkListView");
  if (bench->list == NULL)
    return FALSE;
  for (GtkWidget *item = gtk_widget_get_first_child (bench->list); item != NULL; item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_mapped (item) ? find_widget (item, "AssayPersonRow") : NULL;

      if (row == NULL)
        continue;
      rows++;
      if (!has_text (row))
        return FALSE;
    }
  return rows > 0;
}

static guint
get_n_items (Bench *bench)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (bench->list))));
}

static void
begin_step (Bench *bench)
{
  bench->frames = 0;
  bench->step_at = g_get_monotonic_time ();
  if (bench->phase == PHASE_JUMPS)
    {
      guint position = (guint) g_rand_int_range (bench->random, 0, (gint32) get_n_items (bench));

      gtk_widget_activate_action (bench->list, "list.scroll-to-item", "u", position);
    }
  else if (bench->phase == PHASE_SEARCH)
    gtk_editable_set_text (GTK_EDITABLE (find_widget (bench->window, "GtkSearchEntry")), queries[bench->step]);
  gtk_widget_queue_draw (bench->window);
}

static void
end (Bench *bench)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  bench->phase = PHASE_DONE;
  json_builder_end_object (bench->report);
  root = json_builder_get_root (bench->report);
  text = json_to_string (root, FALSE);
  g_print ("%s\n", text);
  g_application_quit (G_APPLICATION (bench->application));
}

static void
begin_phase (Bench      *bench,
             Phase       phase,
             const char *name)
{
  bench->phase = phase;
  bench->step = 0;
  json_builder_set_member_name (bench->report, name);
  json_builder_begin_array (bench->report);
  begin_step (bench);
}

static void
settled_cb (gpointer user_data)
{
  Bench *bench = user_data;

  add_number (bench, "pss", read_pss ());
  if (bench->bare || bench->only_start)
    end (bench);
  else
    begin_phase (bench, PHASE_JUMPS, "jumps");
}

static void
painted_cb (GdkFrameClock *clock,
            Bench         *bench)
{
  gint64 now = g_get_monotonic_time ();

  bench->frames++;
  switch (bench->phase)
    {
    case PHASE_START:
      if (bench->frames == 1)
        add_number (bench, "first_frame", (double) (now - bench->began_at) / 1000);
      if (!bench->bare && !is_filled (bench))
        return;
      add_number (bench, "filled", (double) (now - bench->began_at) / 1000);
      add_number (bench, "cpu", get_cpu_time ());
      add_number (bench, "pss_filled", read_pss ());
      bench->phase = PHASE_SETTLING;
      g_timeout_add_once (SETTLE_MILLISECONDS, settled_cb, bench);
      break;

    case PHASE_JUMPS:
      /* The frame that a jump was asked in may have been painted before it took effect. */
      if (bench->frames < 2 || !is_filled (bench))
        {
          gtk_widget_queue_draw (bench->window);
          return;
        }
      json_builder_add_double_value (bench->report, (double) (now - bench->step_at) / 1000);
      if (++bench->step < N_JUMPS)
        {
          begin_step (bench);
          return;
        }
      json_builder_end_array (bench->report);
      add_number (bench, "pss_after_jumps", read_pss ());
      gtk_widget_activate_action (bench->window, "win.search", NULL);
      begin_phase (bench, PHASE_SEARCH, "searches");
      break;

    case PHASE_SEARCH:
      if (bench->frames < 2 || !is_filled (bench))
        {
          gtk_widget_queue_draw (bench->window);
          return;
        }
      json_builder_add_double_value (bench->report, (double) (now - bench->step_at) / 1000);
      if (++bench->step < G_N_ELEMENTS (queries))
        {
          begin_step (bench);
          return;
        }
      json_builder_end_array (bench->report);
      end (bench);
      break;

    case PHASE_SETTLING:
    case PHASE_DONE:
    default:
      break;
    }
}

static void
window_added_cb (GtkApplication *application,
                 GtkWindow      *window,
                 Bench          *bench)
{
  if (bench->window != NULL)
    return;
  bench->window = GTK_WIDGET (window);
  gtk_widget_realize (bench->window);
  g_signal_connect (gtk_widget_get_frame_clock (bench->window), "after-paint", G_CALLBACK (painted_cb), bench);
}

static void
activate_cb (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);

  gtk_window_set_default_size (GTK_WINDOW (window), 1180, 760);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  Bench bench = { NULL };
  const char *began_at = g_getenv ("BENCH_BEGAN_AT");
  char *arguments[] = { argv[0], (char *) "--data-dir", argc > 2 ? argv[2] : NULL, NULL };
  int status;

  bench.bare = argc == 2 && strcmp (argv[1], "bare") == 0;
  bench.only_start = argc == 3 && strcmp (argv[1], "start") == 0;
  if (began_at == NULL || (!bench.bare && !bench.only_start && (argc != 3 || strcmp (argv[1], "assay") != 0)))
    {
      g_printerr ("Usage: BENCH_BEGAN_AT=… bench-window bare|assay DIRECTORY|start DIRECTORY\n");
      return 2;
    }
  bench.began_at = g_ascii_strtoll (began_at, NULL, 10);
  bench.random = g_rand_new_with_seed (1);
  bench.report = json_builder_new ();
  json_builder_begin_object (bench.report);

  if (bench.bare)
    {
      bench.application = GTK_APPLICATION (adw_application_new (NULL, G_APPLICATION_NON_UNIQUE));
      g_signal_connect (bench.application, "activate", G_CALLBACK (activate_cb), NULL);
    }
  else
    bench.application = GTK_APPLICATION (assay_app_new ());
  g_signal_connect (bench.application, "window-added", G_CALLBACK (window_added_cb), &bench);

  status = g_application_run (G_APPLICATION (bench.application), bench.bare ? 1 : 3, arguments);
  g_object_unref (bench.application);
  g_object_unref (bench.report);
  g_rand_free (bench.random);
  return status;
}
