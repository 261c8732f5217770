/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Put before the outbox's own files when they are compiled for the simulation: clock, timers, chance, disk, keyring and network
 * are the simulation's, everything else is the real code. */
#pragma once

#include "assay-connector-pool.h"
#include "assay-store.h"

gint64   simulation_time_now (void);
guint    simulation_timeout_add_once (guint milliseconds, GSourceOnceFunc function, gpointer data);
gboolean simulation_source_remove (guint id);
gint32   simulation_random (gint32 begin, gint32 end);

void     simulation_store_read_async (gpointer store, AssayStoreFunc function, gpointer data, GDestroyNotify data_free,
                                      GDestroyNotify result_free, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
void     simulation_store_write_async (gpointer store, AssayStoreFunc function, gpointer data,
                                       GDestroyNotify data_free, GDestroyNotify result_free, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
gpointer simulation_store_finish (gpointer store, GAsyncResult *result, GError **error);
gint64   simulation_store_claim_owner (gpointer store);
gboolean simulation_store_owner_is_alive (gpointer store, gint64 owner);

void     simulation_pool_get_async (gpointer pool, gint64 connection_id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
GObject *simulation_pool_get_finish (gpointer pool, GAsyncResult *result, GError **error);
void     simulation_pool_note_contact (gpointer pool, gint64 connection_id, const GError *error);

#define assay_time_now simulation_time_now
#define g_timeout_add_once simulation_timeout_add_once
#define g_source_remove simulation_source_remove
#define g_random_int_range simulation_random
#define assay_store_read_async simulation_store_read_async
#define assay_store_write_async simulation_store_write_async
#define assay_store_finish simulation_store_finish
#define assay_store_claim_owner simulation_store_claim_owner
#define assay_store_owner_is_alive simulation_store_owner_is_alive
#define assay_connector_pool_get_async simulation_pool_get_async
#define assay_connector_pool_get_finish simulation_pool_get_finish
#define assay_connector_pool_note_contact simulation_pool_note_contact
/* Objects that aren't of these types stand in for them. */
#define ASSAY_STORE(object) ((AssayStore *) (object))
#define ASSAY_CONNECTOR_POOL(object) ((AssayConnectorPool *) (object))
