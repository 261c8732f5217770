/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Menus that are made when they are asked for. */
#include "config.h"

#include "assay-menu.h"

typedef struct
{
  GMenuModel *model;
  GCallback closed;
  gpointer data;
} LazyMenu;

static void
lazy_menu_free (gpointer data)
{
  LazyMenu *menu = data;

  g_object_unref (menu->model);
  g_free (menu);
}

/* Called before each opening. */
static void
create_popup_cb (GtkMenuButton *button, gpointer user_data)
{
  LazyMenu *menu = user_data;

  if (gtk_menu_button_get_popover (button) != NULL)
    return;

  gtk_menu_button_set_menu_model (button, menu->model);
  if (menu->closed != NULL)
    g_signal_connect_object (gtk_menu_button_get_popover (button), "closed", menu->closed, menu->data,
                             G_CONNECT_SWAPPED);
}

void
assay_menu_set (GtkMenuButton *button, GMenuModel *model, GCallback closed, gpointer data)
{
  LazyMenu *menu = g_new0 (LazyMenu, 1);

  g_return_if_fail (GTK_IS_MENU_BUTTON (button));
  g_return_if_fail (G_IS_MENU_MODEL (model));

  menu->model = g_object_ref (model);
  menu->closed = closed;
  menu->data = data;
  gtk_menu_button_set_create_popup_func (button, create_popup_cb, menu, lazy_menu_free);
}
