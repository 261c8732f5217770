/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of a check list. */
#include "config.h"

#include "assay-check-row.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"

struct _AssayCheckRow
{
  AdwActionRow parent_instance;

  /* borrowed */
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkImage *image;
};

G_DEFINE_FINAL_TYPE (AssayCheckRow, assay_check_row, ADW_TYPE_ACTION_ROW)

static const struct
{
  const char *icon;
  const char *css_class;
  const char *word;
} looks[] = {
  [ASSAY_CHECK_WAITING] = { "content-loading-symbolic", "dim-label", N_("not checked yet") },
  [ASSAY_CHECK_RUNNING] = { "content-loading-symbolic", "dim-label", N_("being checked") },
  [ASSAY_CHECK_GOOD] = { "object-select-symbolic", "success", N_("in order") },
  [ASSAY_CHECK_BAD] = { "window-close-symbolic", "error", N_("missing") },
  [ASSAY_CHECK_WARNING] = { "dialog-warning-symbolic", "warning", N_("look at this") },
  [ASSAY_CHECK_UNKNOWN] = { "dialog-question-symbolic", "warning", N_("can’t be checked from here") },
  [ASSAY_CHECK_SPARED] = { "list-remove-symbolic", "dim-label", N_("not granted") },
};

void
assay_check_row_set_state (AssayCheckRow   *self,
                           AssayCheckState  state,
                           const char      *sentence)
{
  g_autofree char *name = NULL;

  g_return_if_fail (ASSAY_IS_CHECK_ROW (self));

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->image), looks[i].css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self->image), looks[state].css_class);
  gtk_image_set_from_icon_name (self->image, looks[state].icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->stack), _(looks[state].word));

  gtk_spinner_set_spinning (self->spinner, state == ASSAY_CHECK_RUNNING);
  gtk_stack_set_visible_child (self->stack, state == ASSAY_CHECK_RUNNING ? GTK_WIDGET (self->spinner)
                                                                         : GTK_WIDGET (self->image));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), sentence != NULL ? sentence : "");

  /* Translators: the first %s is a permission such as "Job: Read", the second one of "in order",
   * "missing" … */
  name = g_strdup_printf (_("%s: %s"), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)),
                          _(looks[state].word));
  /* The row is labelled by its title, to which the name would be added. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, sentence != NULL ? sentence : "",
                                  -1);
}

static void
assay_check_row_class_init (AssayCheckRowClass *klass)
{
}

static void
assay_check_row_init (AssayCheckRow *self)
{
  self->stack = GTK_STACK (gtk_stack_new ());
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->image = GTK_IMAGE (gtk_image_new ());
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->spinner));
  gtk_stack_add_child (self->stack, GTK_WIDGET (self->image));
  /* The row says its state in words. */
  assay_accessible_set_hidden (GTK_WIDGET (self->stack), TRUE);
  gtk_stack_set_transition_type (self->stack, GTK_STACK_TRANSITION_TYPE_CROSSFADE);
  gtk_stack_set_transition_duration (self->stack, 200);
  gtk_widget_set_valign (GTK_WIDGET (self->stack), GTK_ALIGN_CENTER);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), GTK_WIDGET (self->stack));
}

GtkWidget *
assay_check_row_new (const char *title)
{
  AssayCheckRow *self = g_object_new (ASSAY_TYPE_CHECK_ROW, NULL);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  assay_check_row_set_state (self, ASSAY_CHECK_WAITING, NULL);
  return GTK_WIDGET (self);
}
