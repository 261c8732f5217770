/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane of the window, whose width doesn't depend on what is in it. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * AssayPane:
 *
 * The leaflet and the flap fold where the natural widths of their children no longer fit. Those widths would
 * follow the texts shown (and the language); a pane says its own, "preferred-width", in pixels.
 */
#define ASSAY_TYPE_PANE (assay_pane_get_type ())
G_DECLARE_FINAL_TYPE (AssayPane, assay_pane, ASSAY, PANE, GtkWidget)

G_END_DECLS
