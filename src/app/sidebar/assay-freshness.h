/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The foot of the sidebar, or of a list beside which there is none: the truth about how fresh is what one sees, and what keeps it from being
 * fresher. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_FRESHNESS (assay_freshness_get_type ())
G_DECLARE_FINAL_TYPE (AssayFreshness, assay_freshness, ASSAY, FRESHNESS, AdwBin)

/* Once, before it is shown. */
void assay_freshness_set_service (AssayFreshness *self, AssayService *service);

/* @connections: (element-type AssayConnection): all of them, as the store has them now */
void assay_freshness_set_connections (AssayFreshness *self, GPtrArray *connections);

G_END_DECLS
