/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts any number of believable people into an empty store, always the same ones. */
#pragma once

#include "assay-store.h"

G_BEGIN_DECLS

/**
 * fill_store:
 * @store: an empty store
 * @n_applications: how many applications
 * @n_jobs: over how many jobs they are spread, some with far more than others
 * @error: return location
 *
 * Adds an ATS with jobs and applications, and a provider to which one in twenty was invited.
 *
 * Returns: whether it worked
 */
gboolean fill_store (AssayStore  *store,
                     guint        n_applications,
                     guint        n_jobs,
                     GError     **error);

G_END_DECLS
