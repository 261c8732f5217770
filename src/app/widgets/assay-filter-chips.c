/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters in force, as chips that a click removes. */
#include "config.h"

#include "assay-filter-chips.h"

#include <glib/gi18n.h>

struct _AssayFilterChips
{
  AdwBin parent_instance;

  GtkBox *box;
};

G_DEFINE_FINAL_TYPE (AssayFilterChips, assay_filter_chips, ADW_TYPE_BIN)

void
assay_filter_chips_clear (AssayFilterChips *self)
{
  GtkWidget *chip;

  g_return_if_fail (ASSAY_IS_FILTER_CHIPS (self));

  while ((chip = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, chip);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
assay_filter_chips_add (AssayFilterChips *self, const char *text, const char *action_name, GVariant *target)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *label = gtk_label_new (text);
  /* Translators: %s is a filter, as in "Phone Screen" */
  g_autofree char *spoken = g_strdup_printf (_("Remove Filter: %s"), text);

  g_return_if_fail (ASSAY_IS_FILTER_CHIPS (self));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_append (GTK_BOX (content), label);
  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), content);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_set_tooltip_text (button, spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
  gtk_box_append (self->box, button);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
assay_filter_chips_class_init (AssayFilterChipsClass *klass)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "chips");
}

static void
assay_filter_chips_init (AssayFilterChips *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
