/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sync of one ATS connection: its jobs, then its applications, page by page into the store. */
#pragma once

#include "assay-connector-pool.h"
#include "assay-service.h"
#include "assay-store.h"

G_BEGIN_DECLS

/**
 * assay_sync_run_async:
 * @store: the store
 * @pool: the connectors
 * @connection_id: an ATS
 * @full: read everything, not only what changed since the last sync
 * @progress: (nullable): called after each page
 *
 * A connection is complete up to the moment at which its last sync began, and only a sync that came to its end moves that
 * moment. What changed is asked for with a margin of two minutes, since clocks differ; rows that are the same are not
 * written.
 */
void             assay_sync_run_async (AssayStore *store, AssayConnectorPool *pool, gint64 connection_id, gboolean full,
                                       AssaySyncProgress progress, gpointer progress_data, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): never NULL; what stopped it is in its error */
AssaySyncResult *assay_sync_run_finish (AssayStore *store, GAsyncResult *result);

G_END_DECLS
