/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One sync of one ATS connection: its jobs, then its applications, page by page into the store. */
#pragma once

#include "assay-connector-pool.h"
#include "assay-service.h"
#include "assay-store.h"

G_BEGIN_DECLS

/**
 * AssaySyncFlags:
 * @ASSAY_SYNC_FULL: read everything, not only what changed since the last sync, and mark as gone who isn't listed any more
 * @ASSAY_SYNC_ACCEPT_REMOVALS: a person said that those are gone about whom the last sync asked
 *   (AssayConnection.removals); everything is read again if it took that to find them
 * @ASSAY_SYNC_KNOWN_JOBS: the jobs were read a moment ago, so they are read only if an application has one that isn't known
 */
typedef enum
{
  ASSAY_SYNC_CHANGES = 0,
  ASSAY_SYNC_FULL = 1 << 0,
  ASSAY_SYNC_ACCEPT_REMOVALS = 1 << 1,
  ASSAY_SYNC_KNOWN_JOBS = 1 << 2,
} AssaySyncFlags;

/**
 * assay_sync_run_async:
 * @store: the store
 * @pool: the connectors
 * @connection_id: an ATS
 * @flags: what to read, and what a person allows
 * @progress: (nullable): called after each page
 *
 * A connection is complete up to the moment at which its last sync began, and only a sync that came to its end moves that
 * moment. If nothing changed, that is noted in memory and seldom on the disk. What changed is asked for with a margin of two minutes, since clocks differ; rows that are the same are not
 * written.
 *
 * Who was deleted is marked as gone and kept: where the vendor tells of it, and after reading everything, if it is sure
 * that nobody slipped through while pages were turned. If that were more than a tenth of the connection's applications,
 * nobody is marked, and the sync ends with %ASSAY_ERROR_REMOVALS and a question on the connection.
 */
void             assay_sync_run_async (AssayStore *store, AssayConnectorPool *pool, gint64 connection_id,
                                       AssaySyncFlags flags, AssaySyncProgress progress, gpointer progress_data,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): never NULL; what stopped it is in its error */
AssaySyncResult *assay_sync_run_finish (AssayStore *store, GAsyncResult *result);

G_END_DECLS
