/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row in which one chooses until when an invitation is valid. */
#include "config.h"

#include "assay-deadline-row.h"

#include <glib/gi18n.h>

#include "assay-deadline.h"
#include "assay-model.h"

struct _AssayDeadlineRow
{
  AdwActionRow parent_instance;

  gint64 deadline;
  gboolean setting;      /* the calendar is being set by us */
  gboolean key_pressed;  /* in the calendar, one that chooses */

  /* borrowed */
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkWidget *choices;
  GtkCalendar *calendar;
  GtkWidget *problem;
};

G_DEFINE_FINAL_TYPE (AssayDeadlineRow, assay_deadline_row, ADW_TYPE_ACTION_ROW)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How many days from today one press chooses; 0: no deadline. */
static const struct
{
  int days;
  const char *label;
} choices[] = {
  { 3, N_("In 3 Days") },
  { 7, N_("In a Week") },
  { 14, N_("In Two Weeks") },
  { 0, N_("No Deadline") },
};

static void
show (AssayDeadlineRow *self)
{
  g_autofree char *day = self->deadline != 0 ? assay_deadline_format (self->deadline) : NULL;
  const char *text = day != NULL ? day : _("No Deadline");
  /* Translators: %s is a day, or "No Deadline" */
  g_autofree char *label = g_strdup_printf (_("Valid until: %s"), text);

  gtk_menu_button_set_label (self->button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_visible (self->problem, FALSE);
}

static void
set_deadline (AssayDeadlineRow *self,
              gint64            deadline)
{
  if (self->deadline == deadline)
    {
      gtk_widget_set_visible (self->problem, FALSE);
      return;
    }
  self->deadline = deadline;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
choice_clicked_cb (AssayDeadlineRow *self,
                   GtkButton        *button)
{
  int days = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "assay-days"));
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = g_date_time_add_days (now, days);

  gtk_popover_popdown (self->popover);
  set_deadline (self, days > 0 ? assay_deadline_from_day (day) : 0);
}

static void
day_selected_cb (AssayDeadlineRow *self)
{
  g_autoptr (GDateTime) day = NULL;
  gint64 deadline;

  if (self->setting)
    return;
  day = gtk_calendar_get_date (self->calendar);
  deadline = assay_deadline_from_day (day);
  /* The calendar chooses a day too when one turns to another month: what is over is said, and not taken. */
  if (deadline > assay_time_now ())
    set_deadline (self, deadline);
  else
    gtk_widget_set_visible (self->problem, TRUE);
}

static gboolean
is_choosing_key (guint keyval)
{
  return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter || keyval == GDK_KEY_space ||
         keyval == GDK_KEY_KP_Space;
}

/* GTK says nothing of a day that the calendar shows as selected already, as it does today until another is chosen. Whoever
 * presses a day, by whatever means, has chosen it. */
static void
take_pressed_day (AssayDeadlineRow *self)
{
  day_selected_cb (self);
  if (!gtk_widget_get_visible (self->problem))
    gtk_popover_popdown (self->popover);
}

static void
calendar_released_cb (AssayDeadlineRow *self, int n_press, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self->calendar), x, y, GTK_PICK_DEFAULT);

  if (widget != NULL && gtk_widget_has_css_class (widget, "day-number"))
    take_pressed_day (self);
}

/* A key that opened the popover is released in it, too. */
static gboolean
calendar_key_pressed_cb (AssayDeadlineRow *self, guint keyval)
{
  self->key_pressed = is_choosing_key (keyval) && gtk_widget_has_focus (GTK_WIDGET (self->calendar));
  return GDK_EVENT_PROPAGATE;
}

/* The calendar has dealt with the key when it was pressed. */
static void
calendar_key_released_cb (AssayDeadlineRow *self, guint keyval)
{
  if (self->key_pressed && is_choosing_key (keyval))
    take_pressed_day (self);
  self->key_pressed = FALSE;
}

/* The calendar begins where the choice is. */
static void
popover_shown_cb (AssayDeadlineRow *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) utc = self->deadline != 0 ? g_date_time_new_from_unix_utc (self->deadline / 1000) : NULL;
  g_autoptr (GDateTime) chosen = utc != NULL ? g_date_time_to_local (utc) : NULL;

  self->key_pressed = FALSE;
  self->setting = TRUE;
  gtk_calendar_select_day (self->calendar, chosen != NULL ? chosen : now);
  self->setting = FALSE;
  gtk_widget_set_visible (self->problem, FALSE);
}

static void
assay_deadline_row_class_init (AssayDeadlineRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-deadline-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayDeadlineRow, button);
  gtk_widget_class_bind_template_child (widget_class, AssayDeadlineRow, popover);
  gtk_widget_class_bind_template_child (widget_class, AssayDeadlineRow, choices);
  gtk_widget_class_bind_template_child (widget_class, AssayDeadlineRow, calendar);
  gtk_widget_class_bind_template_child (widget_class, AssayDeadlineRow, problem);
  gtk_widget_class_bind_template_callback (widget_class, day_selected_cb);
}

static void
assay_deadline_row_init (AssayDeadlineRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  /* The row has labelled it with its title, and it says the title itself. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      GtkWidget *button = gtk_button_new_with_label (_(choices[i].label));

      gtk_widget_add_css_class (button, "flat");
      g_object_set_data (G_OBJECT (button), "assay-days", GINT_TO_POINTER (choices[i].days));
      g_signal_connect_object (button, "clicked", G_CALLBACK (choice_clicked_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (self->choices), button);
    }
  g_signal_connect_object (click, "released", G_CALLBACK (calendar_released_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->calendar), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (calendar_key_pressed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-released", G_CALLBACK (calendar_key_released_cb), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self->calendar), keys);
  g_signal_connect_object (self->popover, "show", G_CALLBACK (popover_shown_cb), self, G_CONNECT_SWAPPED);
  show (self);
}

void
assay_deadline_row_set_offered (AssayDeadlineRow *self,
                                gboolean          offered)
{
  g_return_if_fail (ASSAY_IS_DEADLINE_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), offered);
}

gint64
assay_deadline_row_get_deadline (AssayDeadlineRow *self)
{
  g_return_val_if_fail (ASSAY_IS_DEADLINE_ROW (self), 0);

  return gtk_widget_get_visible (GTK_WIDGET (self)) ? self->deadline : 0;
}
