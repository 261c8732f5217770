/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbered steps. */
#include "config.h"

#include "assay-steps.h"

#include <glib/gi18n.h>

GtkWidget *
assay_steps_new (const char *const *steps)
{
  GtkWidget *box;

  g_return_val_if_fail (steps != NULL, NULL);

  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  for (guint i = 0; steps[i] != NULL; i++)
    {
      GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
      g_autofree char *number = g_strdup_printf ("%u.", i + 1);
      GtkWidget *number_label = gtk_label_new (number);
      GtkWidget *text = g_object_new (GTK_TYPE_LABEL,
                                      "label", _(steps[i]),
                                      "wrap", TRUE,
                                      "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                      "xalign", 0.0f,
                                      "hexpand", TRUE,
                                      NULL);

      gtk_widget_add_css_class (number_label, "numeric");
      gtk_widget_add_css_class (number_label, "dim-label");
      gtk_widget_set_valign (number_label, GTK_ALIGN_START);
      gtk_box_append (GTK_BOX (line), number_label);
      gtk_box_append (GTK_BOX (line), text);
      gtk_box_append (GTK_BOX (box), line);
    }
  return box;
}
