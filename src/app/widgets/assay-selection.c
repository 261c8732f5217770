/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The selection in a list of rows: one record that is open, and any number that are picked, all kept by their ids. */
#include "config.h"

#include "assay-selection.h"

struct _AssaySelection
{
  GObject parent_instance;

  AssayRowList *rows;
  gint64 selected_id;
  guint position;   /* of selected_id, or G_MAXUINT */
  gboolean can_pick;
  GtkBitset *picked;          /* ids: a bit each, and less where they lie close together */
  gboolean picks_all;         /* all rows are to be picked once the list knows them all */
};

typedef enum
{
  PROP_SELECTED_ID = 1,
  PROP_N_PICKED,
} AssaySelectionProperty;

static GParamSpec *properties[PROP_N_PICKED + 1];

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

static gboolean toggle_with_open (AssaySelection *self, guint position);

static gboolean
select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  AssaySelection *self = ASSAY_SELECTION (model);
  g_autoptr (AssayRow) row = NULL;

  if (!unselect_rest && self->can_pick)
    return toggle_with_open (self, position);

  row = get_item (G_LIST_MODEL (self), position);
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

/* ---- Picking ---- */

/* Ids count from 1; the bitset holds 32 bits, and no store has that many records. */
static gboolean
can_hold (gint64 id)
{
  return id > 0 && id <= G_MAXUINT32;
}

static void
notify_picked (AssaySelection *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PICKED]);
}

gboolean
assay_selection_is_picked (AssaySelection *self, gint64 id)
{
  g_return_val_if_fail (ASSAY_IS_SELECTION (self), FALSE);

  return can_hold (id) && gtk_bitset_contains (self->picked, (guint) id);
}

guint
assay_selection_get_n_picked (AssaySelection *self)
{
  g_return_val_if_fail (ASSAY_IS_SELECTION (self), 0);

  return (guint) gtk_bitset_get_size (self->picked);
}

void
assay_selection_set_can_pick (AssaySelection *self, gboolean can_pick)
{
  g_return_if_fail (ASSAY_IS_SELECTION (self));

  self->can_pick = can_pick;
}

void
assay_selection_toggle (AssaySelection *self, guint position)
{
  gint64 id;

  g_return_if_fail (ASSAY_IS_SELECTION (self));

  id = position < get_n_items (G_LIST_MODEL (self)) ? assay_row_list_get_id (self->rows, position) : 0;
  if (!self->can_pick || !can_hold (id))
    return;

  self->picks_all = FALSE;
  if (!gtk_bitset_add (self->picked, (guint) id))
    gtk_bitset_remove (self->picked, (guint) id);
  notify_picked (self);
}

static void
pick_range (AssaySelection *self, guint position, guint n_items)
{
  guint end = MIN (position + n_items, get_n_items (G_LIST_MODEL (self)));

  for (guint i = position; i < end; i++)
    {
      gint64 id = assay_row_list_get_id (self->rows, i);

      if (can_hold (id))
        gtk_bitset_add (self->picked, (guint) id);
    }
}

/* A list that has only just come knows its first rows only. */
static void
complete_cb (AssaySelection *self)
{
  if (!self->picks_all || !assay_row_list_is_complete (self->rows))
    return;

  self->picks_all = FALSE;
  pick_range (self, 0, get_n_items (G_LIST_MODEL (self)));
  notify_picked (self);
}

void
assay_selection_pick_all (AssaySelection *self)
{
  g_return_if_fail (ASSAY_IS_SELECTION (self));

  if (!self->can_pick)
    return;
  self->picks_all = TRUE;
  complete_cb (self);
}

void
assay_selection_clear_picked (AssaySelection *self)
{
  g_return_if_fail (ASSAY_IS_SELECTION (self));

  self->picks_all = FALSE;
  if (gtk_bitset_is_empty (self->picked))
    return;
  gtk_bitset_remove_all (self->picked);
  notify_picked (self);
}

GArray *
assay_selection_dup_picked (AssaySelection *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GtkBitset) rest = NULL;
  GtkBitsetIter iter;
  guint n_items;
  guint value;

  g_return_val_if_fail (ASSAY_IS_SELECTION (self), ids);

  rest = gtk_bitset_copy (self->picked);
  n_items = get_n_items (G_LIST_MODEL (self));
  for (guint i = 0; i < n_items && !gtk_bitset_is_empty (rest); i++)
    {
      gint64 id = assay_row_list_get_id (self->rows, i);

      if (can_hold (id) && gtk_bitset_remove (rest, (guint) id))
        g_array_append_val (ids, id);
    }
  /* Those that were picked in another search. */
  for (gboolean more = gtk_bitset_iter_init_first (&iter, rest, &value); more;
       more = gtk_bitset_iter_next (&iter, &value))
    {
      gint64 id = value;

      g_array_append_val (ids, id);
    }

  return ids;
}

/* Ctrl+click and Ctrl+space. Whoever adds a second person to the one that is open means both. */
static gboolean
toggle_with_open (AssaySelection *self, guint position)
{
  if (!self->can_pick)
    return FALSE;
  if (gtk_bitset_is_empty (self->picked) && can_hold (self->selected_id) && position != self->position &&
      self->position != G_MAXUINT)
    gtk_bitset_add (self->picked, (guint) self->selected_id);
  assay_selection_toggle (self, position);
  return TRUE;
}

/* As in a browse selection, what is open stays until something else is. */
static gboolean
unselect_item (GtkSelectionModel *model, guint position)
{
  return toggle_with_open (ASSAY_SELECTION (model), position);
}

/* Shift+click, and Shift with the arrows. */
static gboolean
select_range (GtkSelectionModel *model, guint position, guint n_items, gboolean unselect_rest)
{
  AssaySelection *self = ASSAY_SELECTION (model);

  if (!self->can_pick)
    return FALSE;
  self->picks_all = FALSE;
  if (unselect_rest)
    gtk_bitset_remove_all (self->picked);
  pick_range (self, position, n_items);
  notify_picked (self);
  return TRUE;
}

/* Ctrl+Shift+click: GTK takes a range away when the row it begins at isn't selected, and only the open one is. */
static gboolean
unselect_range (GtkSelectionModel *model, guint position, guint n_items)
{
  return select_range (model, position, n_items, FALSE);
}

static gboolean
select_all (GtkSelectionModel *model)
{
  assay_selection_pick_all (ASSAY_SELECTION (model));
  return ASSAY_SELECTION (model)->can_pick;
}

static gboolean
unselect_all (GtkSelectionModel *model)
{
  assay_selection_clear_picked (ASSAY_SELECTION (model));
  return ASSAY_SELECTION (model)->can_pick;
}

static void
assay_selection_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->select_item = select_item;
  iface->unselect_item = unselect_item;
  iface->select_range = select_range;
  iface->unselect_range = unselect_range;
  iface->select_all = select_all;
  iface->unselect_all = unselect_all;
}

/* Looked for only where it can be: a list of a million rows changes in many small steps. */
static guint
find_after_change (AssaySelection *self, guint position, guint removed, guint added)
{
  guint before = self->position;

  if (self->selected_id == 0)
    return G_MAXUINT;
  if (before < position)
    return before;
  if (before != G_MAXUINT && before - position >= removed)
    return before - removed + added;

  /* What moves leaves in an earlier step than the one in which it comes again. */
  return assay_row_list_find_between (self->rows, self->selected_id, position, position + added);
}

static void
items_changed_cb (AssaySelection *self, guint position, guint removed, guint added)
{
  self->position = find_after_change (self, position, removed, added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
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
    case PROP_N_PICKED:
      g_value_set_uint (value, assay_selection_get_n_picked (self));
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
    case PROP_N_PICKED:
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
assay_selection_finalize (GObject *object)
{
  AssaySelection *self = ASSAY_SELECTION (object);

  g_clear_pointer (&self->picked, gtk_bitset_unref);

  G_OBJECT_CLASS (assay_selection_parent_class)->finalize (object);
}

static void
assay_selection_class_init (AssaySelectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_selection_dispose;
  object_class->finalize = assay_selection_finalize;
  object_class->get_property = assay_selection_get_property;
  object_class->set_property = assay_selection_set_property;

  properties[PROP_SELECTED_ID] = g_param_spec_int64 ("selected-id", NULL, NULL, 0, G_MAXINT64, 0,
                                                     G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                     G_PARAM_STATIC_STRINGS);
  properties[PROP_N_PICKED] = g_param_spec_uint ("n-picked", NULL, NULL, 0, G_MAXUINT, 0,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
assay_selection_init (AssaySelection *self)
{
  self->position = G_MAXUINT;
  self->picked = gtk_bitset_new_empty ();
}

AssaySelection *
assay_selection_new (AssayRowList *rows)
{
  AssaySelection *self = g_object_new (ASSAY_TYPE_SELECTION, NULL);

  g_return_val_if_fail (ASSAY_IS_ROW_LIST (rows), NULL);

  self->rows = g_object_ref (rows);
  g_signal_connect_object (rows, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (rows, "notify::complete", G_CALLBACK (complete_cb), self, G_CONNECT_SWAPPED);

  return self;
}
