/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Importing connections from a file. */
#pragma once

#include "assay-portable.h"
#include "assay-service.h"

G_BEGIN_DECLS

/**
 * assay_service_import_async:
 * @self: the service
 * @imports: (element-type AssayImport): what assay_portable_compare() said, after somebody looked at it
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when all is done, or at the first that fails
 * @user_data: for @callback
 *
 * Adds and changes connections, one after the other. Those that are added are saved, without a key: each needs to be
 * relinked before it can be enabled. What was done before a failure stays.
 */
void  assay_service_import_async (AssayService *self, GPtrArray *imports, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
/* How many were added or changed; -1 on error */
gint64 assay_service_import_finish (AssayService *self, GAsyncResult *result, GError **error);

G_END_DECLS
