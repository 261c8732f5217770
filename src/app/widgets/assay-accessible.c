/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GTK 4.8 doesn't tell a screen reader by itself. */
#include "config.h"

#include "assay-accessible.h"

#include <adwaita.h>

void
assay_accessible_set_hidden (GtkWidget *widget, gboolean hidden)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (hidden)
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  else
    gtk_accessible_reset_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN);
}

static void
update (GtkWidget *stack)
{
  g_autoptr (GtkWidget) visible = NULL;
  gboolean all = ADW_IS_LEAFLET (stack) && !adw_leaflet_get_folded (ADW_LEAFLET (stack));

  g_object_get (stack, "visible-child", &visible, NULL);
  for (GtkWidget *child = gtk_widget_get_first_child (stack); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assay_accessible_set_hidden (child, !all && child != visible);
}

void
assay_accessible_follow (GtkWidget *stack)
{
  g_return_if_fail (GTK_IS_WIDGET (stack));

  g_signal_connect (stack, "notify::visible-child", G_CALLBACK (update), NULL);
  if (ADW_IS_LEAFLET (stack))
    g_signal_connect (stack, "notify::folded", G_CALLBACK (update), NULL);
  update (stack);
}
