/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fresh connections are since their rows were written last: a sync that finds nothing new every few minutes is no
 * reason to write to the disk. Whoever reads a connection gets it with this; whoever writes it, writes this too. For any
 * thread. */
#pragma once

#include "assay-model.h"

G_BEGIN_DECLS

typedef struct _AssayFreshness AssayFreshness;

AssayFreshness *assay_freshness_new (void);
void            assay_freshness_free (AssayFreshness *self);

/* @connection: as it was read; if its row is written meanwhile, nothing comes of it
 * @cursor: (nullable) */
void            assay_freshness_set (AssayFreshness *self, const AssayConnection *connection, gint64 complete_up_to,
                                     const char *cursor);
/* To a connection that was just read from its row. */
void            assay_freshness_apply (AssayFreshness *self, AssayConnection *connection);
/* (transfer full) (element-type gint64): the ids of connections that it knows something of */
GArray         *assay_freshness_list (AssayFreshness *self);

G_END_DECLS
