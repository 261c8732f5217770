/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one list of ids becomes another, in few steps that a list widget can follow. Pure functions, for any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One step: @removed items at @old_position of the old list make way for @added ones at @position of the new one. */
typedef struct
{
  guint position;
  guint old_position;
  guint removed;
  guint added;
} AssaySplice;

/* (transfer full) (element-type AssaySplice): the steps in ascending order; few and small where the lists are alike,
 * one for all where that would take long. Ids are unique within each list. */
GArray *assay_row_diff (const gint64 *old_ids,
                        guint         n_old,
                        const gint64 *new_ids,
                        guint         n_new);

/* Whether an id comes in one of the steps and leaves in another: then it is in the list twice for a moment, or a list
 * widget believes so. */
gboolean assay_row_diff_moves (GArray       *splices,
                               const gint64 *old_ids,
                               const gint64 *new_ids);

/* Parts such steps in two rounds, with a list between them that has only what stays: @leaving leads from the old list
 * to that one, @coming from there to the new one. (transfer full): the ids of the list between */
GArray *assay_row_diff_part (GArray        *splices,
                             const gint64  *old_ids,
                             guint          n_old,
                             GArray       **leaving,
                             GArray       **coming);

/* (transfer full) (element-type gint64): @old_ids, in their order, without those that aren't in @new_ids. How many of
 * @new_ids aren't in @old_ids is told in @n_held_back. */
GArray *assay_row_hold_back (const gint64 *old_ids,
                             guint         n_old,
                             const gint64 *new_ids,
                             guint         n_new,
                             guint        *n_held_back);

G_END_DECLS
