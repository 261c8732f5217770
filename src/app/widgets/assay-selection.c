/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The selection in a list of rows: one record, kept by its id. */
#include "config.h"

#include "assay-selection.h"

struct _AssaySelection
{
  GObject parent_instance;

  AssayRowList *rows;
  gint64 selected_id;
  guint position;   /* of selected_id, or G_MAXUINT */
};

typedef enum
{
  PROP_SELECTED_ID = 1,
} AssaySelectionProperty;

static GParamSpec *properties[PROP_SELECTED_ID + 1];

static void assay_selection_list_init (GListModelInterface *iface);
static void assay_selection_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssaySelection, assay_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, assay_selection_list_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                      assay_selection_selection_init))

static GType
get_item_type (GListModel *model)
{
  return ASSAY_TYPE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  AssaySelection *self = ASSAY_SELECTION (model);

  return self->rows != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->rows)) : 0;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AssaySelection *self = ASSAY_SELECTION (model);

  return self->rows != NULL ? g_list_model_get_item (G_LIST_MODEL (self->rows), position) : NULL;
}

static void
assay_selection_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
move_to (AssaySelection *self, guint position)
{
  guint before = self->position;
  guint n_items = get_n_items (G_LIST_MODEL (self));

  if (before == position)
    return;

  self->position = position;
  if (before < n_items)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), before, 1);
  if (position < n_items)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), position, 1);
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  return ASSAY_SELECTION (model)->position == position;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  AssaySelection *self = ASSAY_SELECTION (model);
  GtkBitset *selected = gtk_bitset_new_empty ();

  if (self->position != G_MAXUINT)
    gtk_bitset_add (selected, self->position);

  return selected;
}

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  AssaySelection *self = ASSAY_SELECTION (model);
  g_autoptr (AssayRow) row = get_item (G_LIST_MODEL (self), position);

  if (row == NULL)
    return FALSE;

  if (self->selected_id != assay_row_get_id (row))
    {
      self->selected_id = assay_row_get_id (row);
      move_to (self, position);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ID]);
    }

  return TRUE;
}

/* As in a browse selection, what is selected stays until something else is. */
static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  return FALSE;
}

static void
assay_selection_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
}

/* Looked for only where it can be: a list of a million rows changes in many small steps. */
static guint
find_after_change (AssaySelection *self, guint position, guint removed, guint added)
{
  guint before = self->position;
  guint found;

  if (self->selected_id == 0)
    return G_MAXUINT;
  if (before < position)
    return before;
  if (before != G_MAXUINT && before - position >= removed)
    return before - removed + added;

  found = assay_row_list_find_between (self->rows, self->selected_id, position, position + added);
  /* What moves up is added at its new place before it is removed from the old one. */
  if (found == G_MAXUINT && before != G_MAXUINT)
    found = assay_row_list_find (self->rows, self->selected_id);
  return found;
}

static void
items_changed_cb (AssaySelection *self, guint position, guint removed, guint added)
{
  guint before = self->position;

  self->position = find_after_change (self, position, removed, added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);

  /* Rows in the changed range are looked at anyway; a row outside of it moved by the same distance as its
   * neighbours, but for one that was there twice for a moment. */
  if (before != self->position && self->position < get_n_items (G_LIST_MODEL (self)))
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), self->position, 1);
}

gint64
assay_selection_get_selected_id (AssaySelection *self)
{
  g_return_val_if_fail (ASSAY_IS_SELECTION (self), 0);

  return self->selected_id;
}

guint
assay_selection_get_position (AssaySelection *self)
{
  g_return_val_if_fail (ASSAY_IS_SELECTION (self), G_MAXUINT);

  return self->position;
}

void
assay_selection_set_selected_id (AssaySelection *self, gint64 id)
{
  g_return_if_fail (ASSAY_IS_SELECTION (self));

  if (self->selected_id == id)
    return;

  self->selected_id = id;
  move_to (self, id != 0 ? assay_row_list_find (self->rows, id) : G_MAXUINT);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ID]);
}

static void
assay_selection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AssaySelection *self = ASSAY_SELECTION (object);

  switch ((AssaySelectionProperty) id)
    {
    case PROP_SELECTED_ID:
      g_value_set_int64 (value, self->selected_id);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_selection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AssaySelection *self = ASSAY_SELECTION (object);

  switch ((AssaySelectionProperty) id)
    {
    case PROP_SELECTED_ID:
      assay_selection_set_selected_id (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_selection_dispose (GObject *object)
{
  AssaySelection *self = ASSAY_SELECTION (object);

  g_clear_object (&self->rows);

  G_OBJECT_CLASS (assay_selection_parent_class)->dispose (object);
}

static void
assay_selection_class_init (AssaySelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_selection_dispose;
  object_class->get_property = assay_selection_get_property;
  object_class->set_property = assay_selection_set_property;

  properties[PROP_SELECTED_ID] = g_param_spec_int64 ("selected-id", NULL, NULL, 0, G_MAXINT64, 0,
                                                     G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                     G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
assay_selection_init (AssaySelection *self)
{
  self->position = G_MAXUINT;
}

AssaySelection *
assay_selection_new (AssayRowList *rows)
{
  AssaySelection *self = g_object_new (ASSAY_TYPE_SELECTION, NULL);

  g_return_val_if_fail (ASSAY_IS_ROW_LIST (rows), NULL);

  self->rows = g_object_ref (rows);
  g_signal_connect_object (rows, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
