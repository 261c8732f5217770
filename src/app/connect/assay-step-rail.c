/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a wizard. */
#include "config.h"

#include "assay-step-rail.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *row;
  GtkImage *image;
  GtkLabel *number;
  GtkStack *mark;
  GtkLabel *title;
} Step;

struct _AssayStepRail
{
  GtkBox parent_instance;

  GArray *steps;   /* (element-type Step), whose widgets are borrowed */
};

G_DEFINE_FINAL_TYPE (AssayStepRail, assay_step_rail, GTK_TYPE_BOX)

static void
assay_step_rail_finalize (GObject *object)
{
  g_array_unref (ASSAY_STEP_RAIL (object)->steps);
  G_OBJECT_CLASS (assay_step_rail_parent_class)->finalize (object);
}

static void
assay_step_rail_class_init (AssayStepRailClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_step_rail_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_LIST);
}

static void
assay_step_rail_init (AssayStepRail *self)
{
  self->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Steps"), -1);
}

static void
add_step (AssayStepRail *self,
          guint          number,
          const char    *title)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  Step step = {
    .row = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_LIST_ITEM, "spacing", 9, NULL),
    .image = GTK_IMAGE (gtk_image_new_from_icon_name ("object-select-symbolic")),
    .number = GTK_LABEL (gtk_label_new (text)),
    .mark = GTK_STACK (gtk_stack_new ()),
    .title = g_object_new (GTK_TYPE_LABEL, "label", title, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                           PANGO_WRAP_WORD_CHAR, "hexpand", TRUE, NULL),
  };

  gtk_widget_add_css_class (step.row, "step");
  gtk_widget_add_css_class (GTK_WIDGET (step.mark), "step-mark");
  gtk_widget_add_css_class (GTK_WIDGET (step.number), "numeric");
  gtk_stack_add_child (step.mark, GTK_WIDGET (step.number));
  gtk_stack_add_child (step.mark, GTK_WIDGET (step.image));
  gtk_widget_set_valign (GTK_WIDGET (step.mark), GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (step.row), GTK_WIDGET (step.mark));
  gtk_box_append (GTK_BOX (step.row), GTK_WIDGET (step.title));
  gtk_box_append (GTK_BOX (self), step.row);
  g_array_append_val (self->steps, step);
}

void
assay_step_rail_set_steps (AssayStepRail     *self,
                           const char *const *titles)
{
  g_return_if_fail (ASSAY_IS_STEP_RAIL (self));
  g_return_if_fail (titles != NULL);

  for (guint i = 0; i < self->steps->len; i++)
    gtk_box_remove (GTK_BOX (self), g_array_index (self->steps, Step, i).row);
  g_array_set_size (self->steps, 0);
  for (guint i = 0; titles[i] != NULL; i++)
    add_step (self, i + 1, titles[i]);
}

void
assay_step_rail_set_current (AssayStepRail *self,
                             guint          current)
{
  g_return_if_fail (ASSAY_IS_STEP_RAIL (self));

  for (guint i = 0; i < self->steps->len; i++)
    {
      const Step *step = &g_array_index (self->steps, Step, i);
      const char *title = gtk_label_get_label (step->title);
      g_autofree char *spoken = NULL;

      gtk_widget_remove_css_class (step->row, "done");
      gtk_widget_remove_css_class (step->row, "current");
      gtk_widget_remove_css_class (step->row, "dim-label");
      if (i == current)
        gtk_widget_add_css_class (step->row, "current");
      else
        gtk_widget_add_css_class (step->row, i < current ? "done" : "dim-label");
      gtk_stack_set_visible_child (step->mark, i < current ? GTK_WIDGET (step->image) : GTK_WIDGET (step->number));

      if (i < current)
        /* Translators: %s is the title of a step that is behind */
        spoken = g_strdup_printf (_("%s, done"), title);
      else if (i == current)
        /* Translators: %s is the title of the step at hand */
        spoken = g_strdup_printf (_("%s, now"), title);
      else
        spoken = g_strdup (title);
      gtk_accessible_update_property (GTK_ACCESSIBLE (step->row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
}
