/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a list view have a widget. */
#include "config.h"

#include "assay-list-widgets.h"

#define ASSAY_TYPE_LIST_WIDGETS (assay_list_widgets_get_type ())
G_DECLARE_FINAL_TYPE (AssayListWidgets, assay_list_widgets, ASSAY, LIST_WIDGETS, GObject)

struct _AssayListWidgets
{
  GObject parent_instance;

  GPtrArray *items;   /* (element-type GtkListItem) borrowed, from bind to unbind */
};

G_DEFINE_FINAL_TYPE (AssayListWidgets, assay_list_widgets, G_TYPE_OBJECT)

static void
bind_cb (AssayListWidgets *self, GtkListItem *item)
{
  g_ptr_array_add (self->items, item);
}

static void
unbind_cb (AssayListWidgets *self, GtkListItem *item)
{
  g_ptr_array_remove_fast (self->items, item);
}

static guint
items_leaving_cb (AssayListWidgets *self, guint position, guint removed)
{
  guint first = removed;

  for (guint i = 0; i < self->items->len; i++)
    {
      guint place = gtk_list_item_get_position (g_ptr_array_index (self->items, i));

      if (place >= position && place - position < first)
        first = place - position;
    }

  return first < removed ? first : 0;
}

static void
assay_list_widgets_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_LIST_WIDGETS (object)->items);

  G_OBJECT_CLASS (assay_list_widgets_parent_class)->finalize (object);
}

static void
assay_list_widgets_class_init (AssayListWidgetsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_list_widgets_finalize;
}

static void
assay_list_widgets_init (AssayListWidgets *self)
{
  self->items = g_ptr_array_new ();
}

void
assay_list_widgets_follow (GtkListItemFactory *factory, GListModel *model)
{
  AssayListWidgets *self;

  g_return_if_fail (GTK_IS_SIGNAL_LIST_ITEM_FACTORY (factory));
  g_return_if_fail (G_IS_LIST_MODEL (model));

  self = g_object_new (ASSAY_TYPE_LIST_WIDGETS, NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "items-leaving", G_CALLBACK (items_leaving_cb), self, G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (factory), "assay-list-widgets", self, g_object_unref);
}
