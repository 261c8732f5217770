/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of people on a screen shows those who are in the list, and each at their place, whatever leaves it. */
#include "config.h"

#include <adwaita.h>

#include "assay-row-list-view.h"
#include "store-fixture.h"

#define PEOPLE 3000
#define PLACE 1500
#define JUMPS 6

typedef struct
{
  AssayStore *store;
  gint64 connection_id;
  AssayRowList *rows;
  GtkWidget *window;
  GtkWidget *list;
  guint frames;
} Screen;

static gpointer
add_people (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  Screen *screen = data;

  screen->connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  store_fixture_add_job (database, screen->connection_id, "1", "Backend Engineer");
  store_fixture_add_people (database, screen->connection_id, 0, PEOPLE);
  return NULL;
}

typedef struct
{
  gint64 connection_id;
  guint first;
  guint n;
  gboolean archived;
} Leaving;

/* The latest person is at the top. */
static gpointer
archive_people (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  Leaving *leaving = data;

  for (guint i = leaving->first; i < leaving->first + leaving->n; i++)
    {
      guint number = PEOPLE - 1 - i;
      g_autofree char *remote_id = g_strdup_printf ("%u", number);
      g_autofree char *name = g_strdup_printf ("Person %u", number);
      g_autoptr (AssayApplication) application = store_fixture_make_application (remote_id, "1", name, 1000 + number);

      application->archived = leaving->archived;
      store_fixture_upsert (database, leaving->connection_id, application);
    }
  return NULL;
}

static void
set_archived (Screen   *screen,
              guint     first,
              guint     n,
              gboolean  archived)
{
  Leaving leaving = { screen->connection_id, first, n, archived };
  g_autoptr (GError) error = NULL;

  assay_store_write (screen->store, archive_people, &leaving, &error);
  g_assert_no_error (error);
}

static GtkWidget *
find_list (GtkWidget *widget)
{
  if (GTK_IS_LIST_VIEW (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_list (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
wait_for_length (Screen *screen,
                 guint   length)
{
  while (assay_row_list_get_loading (screen->rows) || !assay_row_list_is_complete (screen->rows) ||
         g_list_model_get_n_items (G_LIST_MODEL (screen->rows)) != length)
    g_main_context_iteration (NULL, TRUE);
}

static void
painted_cb (Screen *screen)
{
  screen->frames++;
}

static void
wait_for_frames (Screen *screen)
{
  screen->frames = 0;
  while (screen->frames < 3)
    {
      gtk_widget_queue_draw (screen->window);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Every widget is one of a person who is in the list, at the place where GTK takes it to be. */
static void
check_widgets (Screen *screen)
{
  GListModel *model = G_LIST_MODEL (screen->rows);
  guint before = G_MAXUINT;
  guint n_widgets = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (screen->list); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = gtk_widget_get_first_child (child);
      GtkListItem *item = g_object_get_data (G_OBJECT (row), "assay-list-item");
      guint position = gtk_list_item_get_position (item);
      g_autoptr (AssayRow) there = g_list_model_get_item (model, position);

      g_assert_true (gtk_list_item_get_item (item) == (gpointer) there);
      g_assert_true (before == G_MAXUINT || before < position);
      before = position;
      n_widgets++;
    }
  g_assert_cmpuint (n_widgets, >, 0);
}

static void
test_leaving (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;
  Screen screen = { .store = store_fixture_open (directory) };
  GtkWidget *view;

  assay_store_write (screen.store, add_people, &screen, &error);
  g_assert_no_error (error);
  screen.rows = assay_row_list_new_applications (screen.store);
  g_object_set (screen.rows, "hold-back", FALSE, NULL);
  screen.window = g_object_ref_sink (gtk_window_new ());
  gtk_window_set_default_size (GTK_WINDOW (screen.window), 400, 700);
  view = g_object_new (ASSAY_TYPE_ROW_LIST_VIEW, NULL);
  assay_row_list_view_set_rows (ASSAY_ROW_LIST_VIEW (view), screen.rows, "People");
  gtk_window_set_child (GTK_WINDOW (screen.window), view);
  screen.list = find_list (view);
  gtk_window_present (GTK_WINDOW (screen.window));
  g_signal_connect_swapped (gtk_widget_get_frame_clock (screen.window), "after-paint", G_CALLBACK (painted_cb), &screen);
  wait_for_length (&screen, PEOPLE);
  wait_for_frames (&screen);
  check_widgets (&screen);

  /* From before the widgets until among them: the rest of GTK's run is shorter than what leaves. */
  for (guint i = 0; i < JUMPS; i++)
    {
      guint place = i == 0 ? PLACE : (guint) g_rand_int_range (random, 400, PEOPLE - 400);
      guint n = (guint) g_rand_int_range (random, 50, 400);
      guint first = place - (guint) g_rand_int_range (random, 0, (gint32) MIN (n + 100, place));

      gtk_widget_activate_action (screen.list, "list.scroll-to-item", "u", place);
      wait_for_frames (&screen);
      check_widgets (&screen);
      set_archived (&screen, first, n, TRUE);
      wait_for_length (&screen, PEOPLE - n);
      check_widgets (&screen);
      wait_for_frames (&screen);
      check_widgets (&screen);
      set_archived (&screen, first, n, FALSE);
      wait_for_length (&screen, PEOPLE);
      check_widgets (&screen);
    }

  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (screen.window), &screen);
  gtk_window_destroy (GTK_WINDOW (screen.window));
  g_object_unref (screen.window);
  g_object_unref (screen.rows);
  store_fixture_close (screen.store);
  store_fixture_remove_directory (directory);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/row-list-view/leaving", test_leaving);
  return g_test_run ();
}
