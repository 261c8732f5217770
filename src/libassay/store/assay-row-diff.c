/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one list of ids becomes another: what stays is the longest run of ids that are in both in the same order. */
#include "config.h"

#include "assay-row-diff-private.h"

#include <string.h>

/* Above this many ids that differ, one step for all is quicker for everybody. */
#define MAX_COMPARED 20000
/* More steps than this cost a list widget more than one long one. */
#define MAX_SPLICES 128

/* ---- Sets of ids ---- */

/* The store counts ids up, so that a set of them is mostly dense: a bit for each. */
typedef struct
{
  gint64 first;
  guint64 span;
  guint8 *bits;      /* (nullable) */
  GHashTable *table; /* (nullable) where they lie too far apart */
} IdSet;

static void
id_set_init (IdSet        *set,
             const gint64 *ids,
             guint         n_ids)
{
  gint64 first = G_MAXINT64, last = G_MININT64;

  *set = (IdSet) { 0 };
  for (guint i = 0; i < n_ids; i++)
    {
      first = MIN (first, ids[i]);
      last = MAX (last, ids[i]);
    }
  if (n_ids == 0)
    return;

  set->first = first;
  set->span = (guint64) last - (guint64) first + 1;
  if (set->span != 0 && set->span / 64 <= (guint64) n_ids + 1024)
    {
      set->bits = g_malloc0 (set->span / 8 + 1);
      for (guint i = 0; i < n_ids; i++)
        {
          guint64 bit = (guint64) ids[i] - (guint64) first;

          set->bits[bit / 8] |= (guint8) (1u << (bit % 8));
        }
    }
  else
    {
      set->table = g_hash_table_new (g_int64_hash, g_int64_equal);
      for (guint i = 0; i < n_ids; i++)
        g_hash_table_add (set->table, (gpointer) &ids[i]);
    }
}

static gboolean
id_set_contains (const IdSet *set,
                 gint64       id)
{
  guint64 bit = (guint64) id - (guint64) set->first;

  if (set->table != NULL)
    return g_hash_table_contains (set->table, &id);
  return set->bits != NULL && bit < set->span && (set->bits[bit / 8] & (1u << (bit % 8))) != 0;
}

static void
id_set_clear (IdSet *set)
{
  g_free (set->bits);
  g_clear_pointer (&set->table, g_hash_table_unref);
}

GArray *
assay_row_hold_back (const gint64 *old_ids,
                     guint         n_old,
                     const gint64 *new_ids,
                     guint         n_new,
                     guint        *n_held_back)
{
  GArray *kept = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_old);
  IdSet set;

  id_set_init (&set, new_ids, n_new);
  for (guint i = 0; i < n_old; i++)
    if (id_set_contains (&set, old_ids[i]))
      g_array_append_val (kept, old_ids[i]);
  id_set_clear (&set);

  /* Ids are unique, so whatever of the new ones wasn't kept wasn't there. */
  *n_held_back = n_new - kept->len;
  return kept;
}

/* ---- Steps ---- */

/* Marks in @keep the old positions of a longest increasing run of @positions (-1: not in the old list). */
static void
mark_longest_run (const int *positions,
                  guint      n_positions,
                  gboolean  *keep)
{
  g_autofree guint *ends = g_new (guint, n_positions + 1); /* by length: which element ends the best run */
  g_autofree int *before = g_new (int, n_positions);
  guint length = 0;
  int element;

  for (guint i = 0; i < n_positions; i++)
    {
      guint low = 0, high = length;

      if (positions[i] < 0)
        continue;
      while (low < high)
        {
          guint middle = (low + high) / 2;

          if (positions[ends[middle]] < positions[i])
            low = middle + 1;
          else
            high = middle;
        }
      before[i] = low > 0 ? (int) ends[low - 1] : -1;
      ends[low] = i;
      if (low == length)
        length++;
    }

  for (element = length > 0 ? (int) ends[length - 1] : -1; element >= 0; element = before[element])
    keep[positions[element]] = TRUE;
}

static void
add_splice (GArray *splices,
            guint   position,
            guint   old_position,
            guint   removed,
            guint   added)
{
  AssaySplice splice = { position, old_position, removed, added };

  if (removed > 0 || added > 0)
    g_array_append_val (splices, splice);
}

static void
merge_splices (GArray *splices)
{
  AssaySplice first = g_array_index (splices, AssaySplice, 0);
  AssaySplice last = g_array_index (splices, AssaySplice, splices->len - 1);

  first.removed = last.old_position + last.removed - first.old_position;
  first.added = last.position + last.added - first.position;
  g_array_set_size (splices, 0);
  g_array_append_val (splices, first);
}

GArray *
assay_row_diff (const gint64 *old_ids,
                guint         n_old,
                const gint64 *new_ids,
                guint         n_new)
{
  GArray *splices = g_array_new (FALSE, FALSE, sizeof (AssaySplice));
  g_autoptr (GHashTable) old_positions = NULL;
  g_autofree int *positions = NULL;
  g_autofree gboolean *keep = NULL;
  guint shorter = MIN (n_old, n_new);
  guint head = 0, tail = 0;
  guint i, j, old_start, new_start;

  while (head < shorter && old_ids[head] == new_ids[head])
    head++;
  while (tail < shorter - head && old_ids[n_old - 1 - tail] == new_ids[n_new - 1 - tail])
    tail++;
  n_old -= head + tail;
  n_new -= head + tail;
  old_ids += head;
  new_ids += head;

  if (n_old == 0 || n_new == 0 || n_old > MAX_COMPARED || n_new > MAX_COMPARED)
    {
      add_splice (splices, head, head, n_old, n_new);
      return splices;
    }

  old_positions = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (i = 0; i < n_old; i++)
    g_hash_table_insert (old_positions, (gpointer) &old_ids[i], GUINT_TO_POINTER (i + 1));
  positions = g_new (int, n_new);
  for (j = 0; j < n_new; j++)
    positions[j] = (int) GPOINTER_TO_UINT (g_hash_table_lookup (old_positions, &new_ids[j])) - 1;
  keep = g_new0 (gboolean, n_old);
  mark_longest_run (positions, n_new, keep);

  i = j = old_start = new_start = 0;
  while (i < n_old || j < n_new)
    {
      if (i < n_old && !keep[i])
        i++;
      else if (j < n_new && (i >= n_old || positions[j] != (int) i))
        j++;
      else
        {
          add_splice (splices, head + new_start, head + old_start, i - old_start, j - new_start);
          old_start = ++i;
          new_start = ++j;
        }
    }
  add_splice (splices, head + new_start, head + old_start, i - old_start, j - new_start);

  if (splices->len > MAX_SPLICES)
    merge_splices (splices);
  return splices;
}

gboolean
assay_row_diff_moves (GArray       *splices,
                      const gint64 *old_ids,
                      const gint64 *new_ids)
{
  g_autoptr (GHashTable) left = NULL;

  if (splices->len < 2)
    return FALSE;

  left = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < splices->len; i++)
    {
      const AssaySplice *splice = &g_array_index (splices, AssaySplice, i);

      for (guint j = 0; j < splice->removed; j++)
        g_hash_table_insert (left, (gpointer) &old_ids[splice->old_position + j], GUINT_TO_POINTER (i + 1));
    }
  for (guint i = 0; i < splices->len; i++)
    {
      const AssaySplice *splice = &g_array_index (splices, AssaySplice, i);

      for (guint j = 0; j < splice->added; j++)
        {
          guint step = GPOINTER_TO_UINT (g_hash_table_lookup (left, &new_ids[splice->position + j]));

          if (step != 0 && step != i + 1)
            return TRUE;
        }
    }
  return FALSE;
}

GArray *
assay_row_diff_part (GArray        *splices,
                     const gint64  *old_ids,
                     guint          n_old,
                     GArray       **leaving,
                     GArray       **coming)
{
  GArray *middle = g_array_sized_new (FALSE, FALSE, sizeof (gint64), n_old);
  guint old_position = 0;

  *leaving = g_array_new (FALSE, FALSE, sizeof (AssaySplice));
  *coming = g_array_new (FALSE, FALSE, sizeof (AssaySplice));
  for (guint i = 0; i < splices->len; i++)
    {
      const AssaySplice *splice = &g_array_index (splices, AssaySplice, i);

      g_array_append_vals (middle, old_ids + old_position, splice->old_position - old_position);
      old_position = splice->old_position + splice->removed;
      add_splice (*leaving, middle->len, splice->old_position, splice->removed, 0);
      add_splice (*coming, splice->position, middle->len, 0, splice->added);
    }
  g_array_append_vals (middle, old_ids + old_position, n_old - old_position);
  return middle;
}
