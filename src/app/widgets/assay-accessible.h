/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What GTK 4.8 doesn't tell a screen reader by itself. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * assay_accessible_follow:
 * @stack: a widget that shows one of its children at a time and names it in a property "visible-child": a
 *   #GtkStack, an #AdwViewStack, an #AdwLeaflet
 *
 * Keeps the children that aren't seen out of the accessible tree. GTK leaves out only what isn't visible by
 * its own property, so that a screen reader would find the contents of all pages at once.
 */
void assay_accessible_follow (GtkWidget *stack);

/* Takes @widget out of the accessible tree, or brings it back. */
void assay_accessible_set_hidden (GtkWidget *widget, gboolean hidden);

G_END_DECLS
