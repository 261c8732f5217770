/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue of systems: search, both roles, what each can do, and which are connected and how they are. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayCatalogue:
 *
 * Drawn from the list of kinds and from the store, which it follows.
 *
 * Signals: "chosen" (gpointer: the borrowed #AssayConnectorDescription to connect); "resume" (gint64: the id of a
 * set-up that was begun); "cancelled", when Escape was pressed in an empty search.
 */
#define ASSAY_TYPE_CATALOGUE (assay_catalogue_get_type ())
G_DECLARE_FINAL_TYPE (AssayCatalogue, assay_catalogue, ASSAY, CATALOGUE, AdwBin)

/* To be called once. */
void assay_catalogue_set_service (AssayCatalogue *self,
                                  AssayService   *service);

G_END_DECLS
