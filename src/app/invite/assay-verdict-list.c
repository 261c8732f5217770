/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Those who can be invited, or those who can't, as a list model. */
#include "config.h"

#include "assay-verdict-list.h"

struct _AssayVerdictItem
{
  GObject parent_instance;

  GPtrArray *verdicts;
  guint index;
};

G_DEFINE_FINAL_TYPE (AssayVerdictItem, assay_verdict_item, G_TYPE_OBJECT)

static void
assay_verdict_item_finalize (GObject *object)
{
  g_clear_pointer (&ASSAY_VERDICT_ITEM (object)->verdicts, g_ptr_array_unref);

  G_OBJECT_CLASS (assay_verdict_item_parent_class)->finalize (object);
}

static void
assay_verdict_item_class_init (AssayVerdictItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_verdict_item_finalize;
}

static void
assay_verdict_item_init (AssayVerdictItem *self)
{
}

const AssayVerdict *
assay_verdict_item_get (AssayVerdictItem *self)
{
  g_return_val_if_fail (ASSAY_IS_VERDICT_ITEM (self), NULL);

  return g_ptr_array_index (self->verdicts, self->index);
}

guint
assay_verdict_item_get_index (AssayVerdictItem *self)
{
  g_return_val_if_fail (ASSAY_IS_VERDICT_ITEM (self), 0);

  return self->index;
}

struct _AssayVerdictList
{
  GObject parent_instance;

  GPtrArray *verdicts;    /* (nullable) */
  GArray *indexes;        /* (element-type guint) */
};

static guint items_leaving_signal;

static void assay_verdict_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayVerdictList, assay_verdict_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, assay_verdict_list_model_init))

static GType
get_item_type (GListModel *model)
{
  return ASSAY_TYPE_VERDICT_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return ASSAY_VERDICT_LIST (model)->indexes->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  AssayVerdictList *self = ASSAY_VERDICT_LIST (model);
  AssayVerdictItem *item;

  if (position >= self->indexes->len)
    return NULL;
  item = g_object_new (ASSAY_TYPE_VERDICT_ITEM, NULL);
  item->verdicts = g_ptr_array_ref (self->verdicts);
  item->index = g_array_index (self->indexes, guint, position);
  return item;
}

static void
assay_verdict_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Whether the two look the same in a list. */
static gboolean
is_same (GPtrArray *one, GArray *one_indexes, guint one_position, GPtrArray *other, GArray *other_indexes,
         guint other_position)
{
  const AssayVerdict *a = g_ptr_array_index (one, g_array_index (one_indexes, guint, one_position));
  const AssayVerdict *b = g_ptr_array_index (other, g_array_index (other_indexes, guint, other_position));

  return a->application_id == b->application_id && a->kind == b->kind &&
         g_strcmp0 (a->email, b->email) == 0 && g_strcmp0 (a->first_name, b->first_name) == 0 &&
         g_strcmp0 (a->last_name, b->last_name) == 0 && g_strcmp0 (a->full_name, b->full_name) == 0 &&
         g_strcmp0 (a->job_title, b->job_title) == 0 && g_strcmp0 (a->sentence, b->sentence) == 0;
}

/* Says that the first of them go away, where whoever shows the list wants it to be said apart; returns how many are left. */
static guint
announce_leaving (AssayVerdictList *self, guint position, guint removed)
{
  guint first = 0;

  if (removed < 2)
    return removed;
  g_signal_emit (self, items_leaving_signal, 0, position, removed, &first);
  if (first == 0 || first >= removed)
    return removed;
  g_array_remove_range (self->indexes, position, first);
  g_list_model_items_changed (G_LIST_MODEL (self), position, first, 0);
  return removed - first;
}

void
assay_verdict_list_set (AssayVerdictList *self, GPtrArray *verdicts, gboolean ready)
{
  g_autoptr (GPtrArray) old = NULL;
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint));
  guint head = 0;
  guint tail = 0;
  guint removed;
  guint added;
  guint most;

  g_return_if_fail (ASSAY_IS_VERDICT_LIST (self));

  for (guint i = 0; verdicts != NULL && i < verdicts->len; i++)
    {
      const AssayVerdict *verdict = g_ptr_array_index (verdicts, i);

      if ((verdict->kind == ASSAY_VERDICT_READY) == ready)
        g_array_append_val (indexes, i);
    }

  /* All are judged again whenever something changes, and mostly nothing differs: who is being looked at, or clicked,
   * stays where they are. */
  most = MIN (self->indexes->len, indexes->len);
  while (head < most && is_same (self->verdicts, self->indexes, head, verdicts, indexes, head))
    head++;
  while (tail < most - head && is_same (self->verdicts, self->indexes, self->indexes->len - 1 - tail, verdicts, indexes,
                                        indexes->len - 1 - tail))
    tail++;
  removed = self->indexes->len - head - tail;
  added = indexes->len - head - tail;
  removed = announce_leaving (self, head, removed);

  old = self->verdicts;
  self->verdicts = verdicts != NULL ? g_ptr_array_ref (verdicts) : NULL;
  g_array_unref (self->indexes);
  self->indexes = g_steal_pointer (&indexes);
  if (removed > 0 || added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, removed, added);
}

static void
assay_verdict_list_finalize (GObject *object)
{
  AssayVerdictList *self = ASSAY_VERDICT_LIST (object);

  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  g_clear_pointer (&self->indexes, g_array_unref);

  G_OBJECT_CLASS (assay_verdict_list_parent_class)->finalize (object);
}

static void
assay_verdict_list_class_init (AssayVerdictListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_verdict_list_finalize;

  items_leaving_signal = g_signal_new ("items-leaving", ASSAY_TYPE_VERDICT_LIST, G_SIGNAL_RUN_LAST, 0,
                                       g_signal_accumulator_first_wins, NULL, NULL, G_TYPE_UINT, 2, G_TYPE_UINT,
                                       G_TYPE_UINT);
}

static void
assay_verdict_list_init (AssayVerdictList *self)
{
  self->indexes = g_array_new (FALSE, FALSE, sizeof (guint));
}

AssayVerdictList *
assay_verdict_list_new (void)
{
  return g_object_new (ASSAY_TYPE_VERDICT_LIST, NULL);
}
