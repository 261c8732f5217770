/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for secrets: at the terminal without echo, or line by line from standard input. */
#pragma once

#include <gio/gio.h>

#include "assay-connector.h"

G_BEGIN_DECLS

/**
 * ctl_secret_read_all:
 * @description: the kind of system
 * @names: (array zero-terminated=1): which secrets, in order
 * @error: return location for %ASSAY_ERROR_INVALID (a secret that the kind doesn't take, or an empty one),
 *   %ASSAY_ERROR_USAGE (standard input ended too early) or %G_IO_ERROR_CANCELLED
 *
 * Names are checked before anything is asked for. What was read is kept only in the table, in non-pageable
 * memory.
 *
 * Returns: (transfer full) (nullable): name → secret
 */
GHashTable *ctl_secret_read_all (const AssayConnectorDescription  *description,
                                 const char *const                *names,
                                 GError                          **error);

G_END_DECLS
