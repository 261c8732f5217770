/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that answers with what another one answered before, as fast as bytes can be copied: so that a benchmark of a
 * client measures the client. It has its own threads, and asks the other one the first time only. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ReplayServer ReplayServer;

/* @origin: `http://127.0.0.1:PORT` of the one that knows */
ReplayServer *replay_server_new (const char *origin);
void          replay_server_free (ReplayServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ReplayServer, replay_server_free)

/* (transfer none) */
const char *replay_server_get_origin (ReplayServer *self);
/* From now on each of its answers takes so long. */
void        replay_server_set_distance (ReplayServer *self, guint milliseconds);
/* How many requests it has answered. */
guint       replay_server_get_requests (ReplayServer *self);
/* (transfer container) (element-type GBytes): the bodies that it knows whose address has @part in it, in order */
GPtrArray  *replay_server_list_bodies (ReplayServer *self, const char *part);
/* (transfer full) (nullable): the first such address */
char       *replay_server_dup_address (ReplayServer *self, const char *part);

G_END_DECLS
