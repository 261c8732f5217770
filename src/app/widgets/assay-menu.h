/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Menus that are made when they are asked for. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * assay_menu_set:
 * @button: a button without a menu
 * @model: what its menu shows
 * @closed: (nullable) (scope notified): called, with @data alone, each time the menu has closed
 * @data: (nullable): an object that outlives neither
 *
 * As gtk_menu_button_set_menu_model(), which makes all widgets of the menu at once, but only when it is opened first.
 */
void assay_menu_set (GtkMenuButton *button, GMenuModel *model, GCallback closed, gpointer data);

G_END_DECLS
