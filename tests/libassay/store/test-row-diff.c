/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps from one list of ids to another: right for any two lists, few for those that are alike. */
#include "config.h"

#include "assay-row-diff-private.h"

#include <string.h>

/* Applies the steps one after another, as a list model announces them; how many rows they touch is told. */
static guint
apply (GArray       *list,
       GArray       *splices,
       const gint64 *old_ids,
       const gint64 *new_ids,
       gboolean      unique)
{
  guint touched = 0;

  for (guint i = 0; i < splices->len; i++)
    {
      AssaySplice *splice = &g_array_index (splices, AssaySplice, i);

      g_assert_cmpuint (splice->removed + splice->added, >, 0);
      g_assert_cmpuint (splice->position + splice->removed, <=, list->len);
      if (splice->removed > 0)
        {
          g_assert_cmpint (g_array_index (list, gint64, splice->position), ==, old_ids[splice->old_position]);
          g_array_remove_range (list, splice->position, splice->removed);
        }
      if (splice->added > 0)
        g_array_insert_vals (list, splice->position, new_ids + splice->position, splice->added);
      touched += splice->removed + splice->added;

      for (guint a = 0; unique && a < list->len; a++)
        for (guint b = a + 1; b < list->len; b++)
          g_assert_cmpint (g_array_index (list, gint64, a), !=, g_array_index (list, gint64, b));
    }
  return touched;
}

/* The same steps in the rounds in which a list shows them: no id is there twice at any moment. */
static void
check_rounds (GArray       *splices,
              const gint64 *old_ids,
              guint         n_old,
              const gint64 *new_ids,
              guint         n_new)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (list, old_ids, n_old);
  if (assay_row_diff_moves (splices, old_ids, new_ids))
    {
      g_autoptr (GArray) leaving = NULL, coming = NULL;
      g_autoptr (GArray) middle = assay_row_diff_part (splices, old_ids, n_old, &leaving, &coming);

      apply (list, leaving, old_ids, (const gint64 *) middle->data, TRUE);
      g_assert_cmpmem (list->data, list->len * sizeof (gint64), middle->data, middle->len * sizeof (gint64));
      apply (list, coming, (const gint64 *) middle->data, new_ids, TRUE);
    }
  else
    apply (list, splices, old_ids, new_ids, TRUE);
  g_assert_cmpmem (list->data, list->len * sizeof (gint64), new_ids, n_new * sizeof (gint64));
}

static void
check_diff (const gint64 *old_ids,
            guint         n_old,
            const gint64 *new_ids,
            guint         n_new,
            guint         max_touched)
{
  g_autoptr (GArray) splices = assay_row_diff (old_ids, n_old, new_ids, n_new);
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint touched;

  g_array_append_vals (list, old_ids, n_old);
  touched = apply (list, splices, old_ids, new_ids, FALSE);
  g_assert_cmpmem (list->data, list->len * sizeof (gint64), new_ids, n_new * sizeof (gint64));
  g_assert_cmpuint (touched, <=, max_touched);
  if (n_old <= 60 && n_new <= 120)
    check_rounds (splices, old_ids, n_old, new_ids, n_new);
}

static void
test_cases (void)
{
  static const gint64 abc[] = { 1, 2, 3, 4, 5, 6 };
  static const gint64 without[] = { 1, 3, 4, 6 };
  static const gint64 moved[] = { 5, 1, 2, 3, 4, 6 };
  static const gint64 more[] = { 9, 8, 1, 2, 3, 4, 5, 6, 7 };
  static const gint64 other[] = { 11, 12 };

  check_diff (abc, 6, abc, 6, 0);
  check_diff (NULL, 0, abc, 6, 6);
  check_diff (abc, 6, NULL, 0, 6);
  check_diff (abc, 6, without, 4, 2);
  check_diff (without, 4, abc, 6, 2);
  check_diff (abc, 6, moved, 6, 2);
  check_diff (abc, 6, more, 9, 3);
  check_diff (abc, 6, other, 2, 8);
}

static void
test_random (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      guint n_old = (guint) g_test_rand_int_range (0, 60);
      guint n_new = 0;
      gint64 old_ids[60], new_ids[120];
      gint64 next = 1000;

      for (guint i = 0; i < n_old; i++)
        old_ids[i] = i + 1;
      for (guint i = 0; i < n_old; i++)
        {
          if (g_test_rand_int_range (0, 5) == 0)
            new_ids[n_new++] = next++;
          if (g_test_rand_int_range (0, 5) != 0)
            new_ids[n_new++] = old_ids[i];
        }
      for (guint i = 0; n_new > 1 && i < (guint) g_test_rand_int_range (0, 4); i++)
        {
          guint a = (guint) g_test_rand_int_range (0, (gint32) n_new), b = (guint) g_test_rand_int_range (0, (gint32) n_new);
          gint64 swap = new_ids[a];

          new_ids[a] = new_ids[b];
          new_ids[b] = swap;
        }
      check_diff (old_ids, n_old, new_ids, n_new, n_old + n_new);
    }
}

/* Lists too long or too different to compare one by one still come out right. */
static void
test_long (void)
{
  const guint n = 50000;
  g_autofree gint64 *up = g_new (gint64, n);
  g_autofree gint64 *down = g_new (gint64, n);
  g_autofree gint64 *odd = g_new (gint64, n);

  for (guint i = 0; i < n; i++)
    {
      up[i] = i + 1;
      down[i] = n - i;
      odd[i] = i % 2 == 0 ? i + 1 : 100000 + i;
    }
  check_diff (up, n, down, n, 2 * n);
  check_diff (up, n, odd, n, 2 * n);
  check_diff (up, 10000, odd, 10000, 20000);
  check_diff (up, n, up + 1, n - 1, 1);
}

static void
test_hold_back (void)
{
  static const gint64 shown[] = { 5, 4, 3, 2, 1 };
  static const gint64 now[] = { 9, 1, 8, 3, 5 };
  static const gint64 kept[] = { 5, 3, 1 };
  static const gint64 far_apart[] = { G_MAXINT64, 5, 1, G_MAXINT64 - 1 };
  guint held_back = 0;
  g_autoptr (GArray) first = assay_row_hold_back (shown, 5, now, 5, &held_back);
  g_autoptr (GArray) second = NULL;
  g_autoptr (GArray) third = NULL;

  g_assert_cmpuint (held_back, ==, 2);
  g_assert_cmpmem (first->data, first->len * sizeof (gint64), kept, sizeof kept);

  second = assay_row_hold_back (shown, 5, far_apart, 4, &held_back);
  g_assert_cmpuint (held_back, ==, 2);
  g_assert_cmpuint (second->len, ==, 2);

  third = assay_row_hold_back (shown, 5, NULL, 0, &held_back);
  g_assert_cmpuint (held_back, ==, 0);
  g_assert_cmpuint (third->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/row-diff/cases", test_cases);
  g_test_add_func ("/row-diff/random", test_random);
  g_test_add_func ("/row-diff/long", test_long);
  g_test_add_func ("/row-diff/hold-back", test_hold_back);
  return g_test_run ();
}
