/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An expander whose content is there only while it is open. */
#include "config.h"

#include "assay-expander.h"

static void
expanded_cb (GtkExpander *expander)
{
  GtkWidget *child = g_object_get_data (G_OBJECT (expander), "content");

  gtk_expander_set_child (expander, gtk_expander_get_expanded (expander) ? child : NULL);
}

GtkWidget *
assay_expander_new (const char *label,
                    const char *spoken,
                    GtkWidget  *child)
{
  GtkWidget *expander;

  g_return_val_if_fail (GTK_IS_WIDGET (child), NULL);

  expander = gtk_expander_new (label);
  g_object_set_data_full (G_OBJECT (expander), "content", g_object_ref_sink (child), g_object_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken != NULL ? spoken : label, -1);
  g_signal_connect (expander, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
  return expander;
}
