/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a file that a user chose: as a whole, and never more of it than it may have. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * assay_local_file_load:
 * @file: what to read; a pipe or a device will do
 * @limit: how many bytes it may have at most
 * @cancellable: (nullable): ends the reading
 * @error: return location for %ASSAY_ERROR_INVALID with a sentence that names the file, and for %G_IO_ERROR_CANCELLED
 *
 * Blocks.
 *
 * Returns: (transfer full) (nullable): the content; NULL without an error when there are more than @limit bytes, which the
 *   caller puts into words of its own
 */
GBytes *assay_local_file_load (GFile *file, gsize limit, GCancellable *cancellable, GError **error);

G_END_DECLS
