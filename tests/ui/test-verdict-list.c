/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of verdicts shows those who are in it, and each at their place, whoever is set aside meanwhile. */
#include "config.h"

#include <adwaita.h>

#include "assay-list-widgets.h"
#include "assay-verdict-list.h"

#define PEOPLE 3000
#define PLACE 1500
#define JUMPS 12

typedef struct
{
  AssayVerdictList *verdicts;
  GtkWidget *window;
  GtkWidget *list;
  guint frames;
} Screen;

/* All but @n of them from @first on are ready. */
static void
set_verdicts (Screen *screen,
              guint   first,
              guint   n)
{
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_verdict_free);

  for (guint i = 0; i < PEOPLE; i++)
    {
      AssayVerdict *verdict = assay_verdict_new ();

      verdict->application_id = i + 1;
      verdict->kind = i >= first && i < first + n ? ASSAY_VERDICT_INVITED : ASSAY_VERDICT_READY;
      g_ptr_array_add (verdicts, verdict);
    }
  assay_verdict_list_set (screen->verdicts, verdicts, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (screen->verdicts)), ==, PEOPLE - n);
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  g_object_set_data (G_OBJECT (label), "list-item", item);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item)
{
  const AssayVerdict *verdict = assay_verdict_item_get (gtk_list_item_get_item (item));
  g_autofree char *text = g_strdup_printf ("%d", (int) verdict->application_id);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
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
  guint before = G_MAXUINT;
  guint n_widgets = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (screen->list); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *label = gtk_widget_get_first_child (child);
      guint position = gtk_list_item_get_position (g_object_get_data (G_OBJECT (label), "list-item"));
      g_autoptr (AssayVerdictItem) there = g_list_model_get_item (G_LIST_MODEL (screen->verdicts), position);
      g_autofree char *text = NULL;

      g_assert_nonnull (there);
      text = g_strdup_printf ("%d", (int) assay_verdict_item_get (there)->application_id);
      g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, text);
      g_assert_true (before == G_MAXUINT || before < position);
      before = position;
      n_widgets++;
    }
  g_assert_cmpuint (n_widgets, >, 0);
}

static void
test_leaving (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  Screen screen = { .verdicts = assay_verdict_list_new () };

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  assay_list_widgets_follow (factory, G_LIST_MODEL (screen.verdicts));
  screen.list = gtk_list_view_new (
    GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (screen.verdicts)))), factory);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), screen.list);
  screen.window = g_object_ref_sink (gtk_window_new ());
  gtk_window_set_default_size (GTK_WINDOW (screen.window), 400, 700);
  gtk_window_set_child (GTK_WINDOW (screen.window), scroller);
  gtk_window_present (GTK_WINDOW (screen.window));
  g_signal_connect_swapped (gtk_widget_get_frame_clock (screen.window), "after-paint", G_CALLBACK (painted_cb), &screen);
  set_verdicts (&screen, 0, 0);
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
      set_verdicts (&screen, first, n);
      check_widgets (&screen);
      wait_for_frames (&screen);
      check_widgets (&screen);
      set_verdicts (&screen, 0, 0);
      wait_for_frames (&screen);
      check_widgets (&screen);
    }

  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (screen.window), &screen);
  gtk_window_destroy (GTK_WINDOW (screen.window));
  g_object_unref (screen.window);
  g_assert_finalize_object (screen.verdicts);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/verdict-list/leaving", test_leaving);
  return g_test_run ();
}
