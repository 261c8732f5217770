/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of records that changed: exact while it is small, "everything" when ids would cost more than they save. */
#include "config.h"

#include "assay-store-private.h"

#define N_KINDS 8
#define MAX_IDS 4096

struct _AssayChanges
{
  GHashTable *ids[N_KINDS]; /* (nullable) of gint64*, owned */
  gboolean everything[N_KINDS];
};

AssayChanges *
assay_changes_new (void)
{
  return g_new0 (AssayChanges, 1);
}

void
assay_changes_free (AssayChanges *changes)
{
  for (guint i = 0; i < N_KINDS; i++)
    g_clear_pointer (&changes->ids[i], g_hash_table_unref);
  g_free (changes);
}

static guint
get_index (AssayChangeKind kind)
{
  guint index = (guint) g_bit_nth_lsf (kind, -1);

  g_return_val_if_fail (index < N_KINDS && kind == 1u << index, 0);
  return index;
}

static void
set_everything (AssayChanges *changes,
                guint         index)
{
  changes->everything[index] = TRUE;
  g_clear_pointer (&changes->ids[index], g_hash_table_unref);
}

void
assay_changes_add (AssayChanges    *changes,
                   AssayChangeKind  kind,
                   gint64           id)
{
  guint index = get_index (kind);

  if (changes->everything[index])
    return;
  if (changes->ids[index] == NULL)
    changes->ids[index] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  else if (g_hash_table_contains (changes->ids[index], &id))
    return;
  if (g_hash_table_size (changes->ids[index]) == MAX_IDS)
    set_everything (changes, index);
  else
    g_hash_table_add (changes->ids[index], g_memdup2 (&id, sizeof id));
}

void
assay_changes_add_everything (AssayChanges *changes)
{
  for (guint i = 0; i < N_KINDS; i++)
    set_everything (changes, i);
}

gboolean
assay_changes_has_kind (const AssayChanges *changes,
                        guint               kinds)
{
  for (guint i = 0; i < N_KINDS; i++)
    if ((kinds & (1u << i)) != 0 && (changes->everything[i] || changes->ids[i] != NULL))
      return TRUE;
  return FALSE;
}

gboolean
assay_changes_has (const AssayChanges *changes,
                   AssayChangeKind     kind,
                   gint64              id)
{
  guint index = get_index (kind);

  return changes->everything[index] ||
         (changes->ids[index] != NULL && g_hash_table_contains (changes->ids[index], &id));
}

gboolean
assay_changes_is_everything (const AssayChanges *changes,
                             AssayChangeKind     kind)
{
  return changes->everything[get_index (kind)];
}
