/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of people with all that can be in its place.
 *
 * What is shown follows from the list alone: rows if there are some; else, while a query runs, nothing for
 * the first 300 ms and outlines from then on; else the empty page. A failed query shows its sentence until
 * the next one. */
#include "config.h"

#include "assay-row-list-view.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-format.h"
#include "assay-list-widgets.h"
#include "assay-person-row.h"
#include "assay-skeleton-row.h"

#define SKELETON_DELAY_MILLISECONDS 300
#define N_SKELETON_ROWS 14
#define ROW_HEIGHT 56

struct _AssayRowListView
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkBox *skeleton;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkRevealer *held_back_revealer;
  GtkButton *held_back_button;
  AssayStatePage *empty;
  AssayStatePage *failed;

  AssayRowList *rows;
  AssaySelection *selection;
  GPtrArray *widgets;       /* (element-type AssayPersonRow) borrowed: those the list has made */
  guint skeleton_id;
  guint fill_id;
  gboolean has_filled_seen; /* what is seen is filled, what may be seen next isn't yet */
  gboolean has_failed;
  gboolean show_job;
  gboolean can_pick;
  gboolean wants_top;       /* the rows that were held back are asked for */
};

G_DEFINE_FINAL_TYPE (AssayRowListView, assay_row_list_view, ADW_TYPE_BIN)

static guint activated_signal;
static guint retry_signal;

static void
skeleton_cb (gpointer user_data)
{
  AssayRowListView *self = user_data;

  self->skeleton_id = 0;
  if (gtk_widget_get_first_child (GTK_WIDGET (self->skeleton)) == NULL)
    for (guint i = 0; i < N_SKELETON_ROWS; i++)
      gtk_box_append (self->skeleton, assay_skeleton_row_new ());
  gtk_stack_set_visible_child_name (self->stack, "loading");
}

static void
update_state (AssayRowListView *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  const char *state;

  if (self->has_failed)
    state = "failed";
  else if (n_items > 0)
    state = "list";
  else if (assay_row_list_get_loading (self->rows))
    {
      if (self->skeleton_id == 0 &&
          g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "loading") != 0)
        {
          gtk_stack_set_visible_child_name (self->stack, "blank");
          self->skeleton_id = g_timeout_add_once (SKELETON_DELAY_MILLISECONDS, skeleton_cb, self);
        }
      return;
    }
  else
    state = "empty";

  g_clear_handle_id (&self->skeleton_id, g_source_remove);
  gtk_stack_set_visible_child_name (self->stack, state);
}

static void
update_held_back (AssayRowListView *self)
{
  guint held_back = assay_row_list_get_held_back (self->rows);

  if (held_back > 0)
    {
      g_autofree char *count = assay_format_count (held_back);
      /* Translators: %s is a number of rows that came while one was reading, as in "3 new" */
      g_autofree char *label = g_strdup_printf (ngettext ("%s new", "%s new", held_back), count);

      gtk_button_set_label (self->held_back_button, label);
    }
  gtk_revealer_set_reveal_child (self->held_back_revealer, held_back > 0);
  /* What can't be seen shouldn't take the focus or be read out. */
  assay_accessible_set_hidden (GTK_WIDGET (self->held_back_revealer), held_back == 0);
  gtk_widget_set_can_focus (GTK_WIDGET (self->held_back_button), held_back > 0);
  gtk_widget_set_can_target (GTK_WIDGET (self->held_back_revealer), held_back > 0);
}

static void
rows_failed_cb (AssayRowListView *self, GError *error)
{
  self->has_failed = TRUE;
  assay_state_page_set_error (self->failed, error);
  update_state (self);
}

static void
rows_loading_cb (AssayRowListView *self)
{
  if (assay_row_list_get_loading (self->rows))
    self->has_failed = FALSE;
  update_state (self);
}

/* ---- Filling rows ---- */

static GtkListItem *
get_item (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "assay-list-item");
}

static int
get_height_of_window (AssayRowListView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  int width, height = 0;

  if (GTK_IS_WINDOW (root))
    gtk_window_get_default_size (GTK_WINDOW (root), &width, &height);
  return MAX (height, 0);
}

/* The positions that are seen now, and within @margin pages before and after them. All rows are equally
 * high. */
static void
get_seen (AssayRowListView *self, double margin, guint *first, guint *last)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  double page = gtk_adjustment_get_page_size (adjustment);
  double height = n_items > 0 ? gtk_adjustment_get_upper (adjustment) / n_items : 0;

  /* Before the first layout nothing is known but that the list begins at its top, and isn't higher than its window. */
  if (page <= 0)
    page = get_height_of_window (self);
  height = MAX (height, ROW_HEIGHT);
  page = MAX (page, ROW_HEIGHT);
  *first = (guint) MAX (0, (gtk_adjustment_get_value (adjustment) - margin * page) / height);
  *last = (guint) ((gtk_adjustment_get_value (adjustment) + (1 + margin) * page) / height) + 1;
}

static void
fill_row (AssayRowListView *self, GtkWidget *row, guint first, guint last)
{
  guint position = gtk_list_item_get_position (get_item (row));

  if (position >= first && position <= last)
    assay_person_row_fill (ASSAY_PERSON_ROW (row));
}

static void
fill_seen (AssayRowListView *self, double margin)
{
  guint first, last;

  get_seen (self, margin, &first, &last);
  for (guint i = 0; i < self->widgets->len; i++)
    fill_row (self, g_ptr_array_index (self->widgets, i), first, last);
}

/* This frame's rows first; those that may be seen next wait for the one after it. */
static gboolean
fill_tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  AssayRowListView *self = ASSAY_ROW_LIST_VIEW (widget);

  if (!self->has_filled_seen)
    {
      self->has_filled_seen = TRUE;
      fill_seen (self, 0);
      return G_SOURCE_CONTINUE;
    }

  self->fill_id = 0;
  fill_seen (self, 1);
  for (guint i = 0; i < self->widgets->len; i++)
    assay_person_row_complete (g_ptr_array_index (self->widgets, i));
  return G_SOURCE_REMOVE;
}

/* Rows move when others come and go above them, without being bound anew. */
static void
queue_fill (AssayRowListView *self)
{
  self->has_filled_seen = FALSE;
  if (self->fill_id == 0)
    self->fill_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), fill_tick_cb, NULL, NULL);
}

static void
value_changed_cb (AssayRowListView *self)
{
  fill_seen (self, 0);
  queue_fill (self);
}

static void
held_back_clicked_cb (AssayRowListView *self)
{
  self->wants_top = TRUE;
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
  assay_row_list_show_held_back (self->rows);
}

/* Nobody has scrolled, picked a row or gone into the list yet. */
static gboolean
is_untouched (AssayRowListView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller)) < 1 &&
         assay_selection_get_position (self->selection) == G_MAXUINT &&
         (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)));
}

/* The list keeps in place what one is reading; whoever asked for the new rows wants to see them. So does whoever watches
 * the first of them come: GtkListView would follow the one that was at the top down the list. */
static void
items_changed_cb (AssayRowListView *self, guint position, guint removed, guint added)
{
  update_state (self);
  queue_fill (self);
  if (position == 0 && added > 0 && is_untouched (self))
    self->wants_top = TRUE;
  if (!self->wants_top || g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == 0)
    return;

  self->wants_top = FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", 0);
}

static void
activate_position (AssayRowListView *self, guint position)
{
  g_autoptr (AssayRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);

  if (row == NULL || assay_row_get_id (row) == 0)
    return;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, TRUE);
  g_signal_emit (self, activated_signal, 0, assay_row_get_id (row));
}

static void
list_activate_cb (AssayRowListView *self, guint position)
{
  activate_position (self, position);
}

/* One click opens; GtkListView's own single-click mode would select what the pointer only passes over. */
static void
row_released_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *item)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  guint position = gtk_list_item_get_position (item);
  GdkModifierType modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  /* With these, the list view has picked already. */
  if ((modifiers & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != 0)
    return;
  if (position != GTK_INVALID_LIST_POSITION && gtk_widget_contains (widget, x, y))
    gtk_widget_activate_action (widget, "list.activate-item", "u", position);
}

/* ---- Picking ---- */

static void
show_picked (AssayRowListView *self, GtkWidget *widget)
{
  AssayRow *row = assay_person_row_get_row (ASSAY_PERSON_ROW (widget));

  assay_person_row_set_picked (ASSAY_PERSON_ROW (widget),
                               row != NULL &&
                               assay_selection_is_picked (self->selection, assay_row_get_id (row)));
}

static void
n_picked_cb (AssayRowListView *self)
{
  for (guint i = 0; i < self->widgets->len; i++)
    show_picked (self, g_ptr_array_index (self->widgets, i));
  if (assay_selection_get_n_picked (self->selection) > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->list), "picking");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->list), "picking");
}

static void
row_toggled_cb (AssayRowListView *self, GtkWidget *row)
{
  assay_selection_toggle (self->selection, gtk_list_item_get_position (get_item (row)));
}

/* A finger has no Ctrl key. */
static void
row_pressed_cb (GtkGestureLongPress *gesture, double x, double y, GtkWidget *row)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  g_signal_emit_by_name (row, "toggled");
}

void
assay_row_list_view_toggle_picked (AssayRowListView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  guint position;

  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));

  position = assay_selection_get_position (self->selection);
  for (guint i = 0; i < self->widgets->len; i++)
    {
      GtkWidget *widget = g_ptr_array_index (self->widgets, i);

      if (focus != NULL && gtk_widget_get_parent (widget) == focus)
        position = gtk_list_item_get_position (get_item (widget));
    }
  /* By the list's own action, so that it is where Shift goes on from. */
  if (position != G_MAXUINT)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.select-item", "(ubb)", position, TRUE, FALSE);
}

void
assay_row_list_view_set_can_pick (AssayRowListView *self, gboolean can_pick)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));
  g_return_if_fail (self->rows == NULL);

  self->can_pick = can_pick;
}

/* A list item lets go of its child before it is torn down. */
static void
row_destroy_cb (AssayRowListView *self, GtkWidget *row)
{
  g_ptr_array_remove_fast (self->widgets, row);
}

static void
setup_cb (AssayRowListView *self, GtkListItem *item)
{
  GtkWidget *row = assay_person_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  g_signal_connect (click, "released", G_CALLBACK (row_released_cb), item);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  g_object_set_data (G_OBJECT (row), "assay-list-item", item);
  assay_person_row_set_can_pick (ASSAY_PERSON_ROW (row), self->can_pick);
  if (self->can_pick)
    {
      GtkGesture *press = gtk_gesture_long_press_new ();

      gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
      g_signal_connect (press, "pressed", G_CALLBACK (row_pressed_cb), row);
      gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (press));
      g_signal_connect_object (row, "toggled", G_CALLBACK (row_toggled_cb), self, G_CONNECT_SWAPPED);
    }
  gtk_list_item_set_child (item, row);
  g_ptr_array_add (self->widgets, row);
  g_signal_connect_object (row, "destroy", G_CALLBACK (row_destroy_cb), self, G_CONNECT_SWAPPED);
}

static void
bind_cb (AssayRowListView *self, GtkListItem *item)
{
  AssayPersonRow *row = ASSAY_PERSON_ROW (gtk_list_item_get_child (item));
  guint first, last;

  assay_person_row_set_show_job (row, self->show_job);
  assay_person_row_set_row (row, gtk_list_item_get_item (item));
  if (self->can_pick)
    show_picked (self, GTK_WIDGET (row));
  get_seen (self, 0, &first, &last);
  fill_row (self, GTK_WIDGET (row), first, last);
}

static void
unbind_cb (AssayRowListView *self, GtkListItem *item)
{
  assay_person_row_set_row (ASSAY_PERSON_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayRowListView *self = ASSAY_ROW_LIST_VIEW (widget);

  assay_row_list_view_clear_failure (self);
  g_signal_emit (self, retry_signal, 0);
}

void
assay_row_list_view_set_rows (AssayRowListView *self, AssayRowList *rows, const char *label)
{
  g_autoptr (GtkListItemFactory) factory = NULL;
  GtkAdjustment *adjustment;

  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));
  g_return_if_fail (ASSAY_IS_ROW_LIST (rows));
  g_return_if_fail (self->rows == NULL);

  self->rows = g_object_ref (rows);
  self->selection = assay_selection_new (rows);
  assay_selection_set_can_pick (self->selection, self->can_pick);
  g_signal_connect_object (self->selection, "notify::n-picked", G_CALLBACK (n_picked_cb), self,
                           G_CONNECT_SWAPPED);

  factory = gtk_signal_list_item_factory_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  assay_list_widgets_follow (factory, G_LIST_MODEL (rows));
  gtk_list_view_set_factory (self->list, factory);
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (queue_fill), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  g_signal_connect_object (rows, "failed", G_CALLBACK (rows_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rows, "notify::loading", G_CALLBACK (rows_loading_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rows, "notify::held-back", G_CALLBACK (update_held_back), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rows, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  update_held_back (self);
  update_state (self);
}

void
assay_row_list_view_await_first (AssayRowListView *self)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));
  g_return_if_fail (self->rows != NULL);

  assay_row_list_await_first (self->rows, (guint) get_height_of_window (self) / ROW_HEIGHT + 1);
}

AssaySelection *
assay_row_list_view_get_selection (AssayRowListView *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW_LIST_VIEW (self), NULL);

  return self->selection;
}

AssayStatePage *
assay_row_list_view_get_empty_page (AssayRowListView *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW_LIST_VIEW (self), NULL);

  return self->empty;
}

void
assay_row_list_view_set_show_job (AssayRowListView *self, gboolean show_job)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));

  self->show_job = show_job;
  for (guint i = 0; i < self->widgets->len; i++)
    assay_person_row_set_show_job (g_ptr_array_index (self->widgets, i), show_job);
}

/* GtkListView scrolls on request but doesn't move the focus along (before GTK 4.12). */
static void
focus_row (AssayRowListView *self, gint64 id)
{
  for (guint i = 0; i < self->widgets->len; i++)
    {
      GtkWidget *widget = g_ptr_array_index (self->widgets, i);
      AssayRow *row = assay_person_row_get_row (ASSAY_PERSON_ROW (widget));

      if (row != NULL && assay_row_get_id (row) == id)
        {
          gtk_widget_grab_focus (gtk_widget_get_parent (widget));
          return;
        }
    }
}

void
assay_row_list_view_move (AssayRowListView *self, int step)
{
  guint n_items;
  guint position;

  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  position = assay_selection_get_position (self->selection);
  if (n_items == 0)
    return;

  if (position >= n_items)
    position = 0;
  else if (step < 0)
    position = position > 0 ? position - 1 : 0;
  else
    position = MIN (position + 1, n_items - 1);

  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.select-item", "(ubb)", position, FALSE, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  focus_row (self, assay_selection_get_selected_id (self->selection));
}

void
assay_row_list_view_activate_selected (AssayRowListView *self)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));

  if (assay_selection_get_position (self->selection) != G_MAXUINT)
    activate_position (self, assay_selection_get_position (self->selection));
}

void
assay_row_list_view_clear_failure (AssayRowListView *self)
{
  g_return_if_fail (ASSAY_IS_ROW_LIST_VIEW (self));

  if (!self->has_failed)
    return;

  self->has_failed = FALSE;
  update_state (self);
}

static gboolean
assay_row_list_view_grab_focus (GtkWidget *widget)
{
  AssayRowListView *self = ASSAY_ROW_LIST_VIEW (widget);

  return gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
assay_row_list_view_dispose (GObject *object)
{
  AssayRowListView *self = ASSAY_ROW_LIST_VIEW (object);

  g_clear_handle_id (&self->skeleton_id, g_source_remove);
  if (self->fill_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->fill_id);
  self->fill_id = 0;
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  /* A bound child that is the bin's own would be unparented twice. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_ROW_LIST_VIEW);
  g_clear_object (&self->selection);
  g_clear_object (&self->rows);

  G_OBJECT_CLASS (assay_row_list_view_parent_class)->dispose (object);
}

static void
assay_row_list_view_finalize (GObject *object)
{
  AssayRowListView *self = ASSAY_ROW_LIST_VIEW (object);

  g_ptr_array_unref (self->widgets);

  G_OBJECT_CLASS (assay_row_list_view_parent_class)->finalize (object);
}

static void
assay_row_list_view_class_init (AssayRowListViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_row_list_view_dispose;
  object_class->finalize = assay_row_list_view_finalize;
  widget_class->grab_focus = assay_row_list_view_grab_focus;

  activated_signal = g_signal_new ("activated", ASSAY_TYPE_ROW_LIST_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);
  retry_signal = g_signal_new ("retry", ASSAY_TYPE_ROW_LIST_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_STATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-row-list-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, skeleton);
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, scroller);
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, list);
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, held_back_revealer);
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, held_back_button);
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, empty);
  gtk_widget_class_bind_template_child (widget_class, AssayRowListView, failed);
  gtk_widget_class_bind_template_callback (widget_class, list_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, held_back_clicked_cb);
  gtk_widget_class_install_action (widget_class, "rows.retry", NULL, retry_action);
}

static void
assay_row_list_view_init (AssayRowListView *self)
{
  self->widgets = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->stack));
}
