/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of connections: which systems are connected, how each is, and what to do about it. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayConnectionsPage:
 *
 * Follows the store. It has a toast overlay of its own, and no header bar: the window's frame has one. Its
 * buttons activate `win.new-connection`.
 */
#define ASSAY_TYPE_CONNECTIONS_PAGE (assay_connections_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayConnectionsPage, assay_connections_page, ASSAY, CONNECTIONS_PAGE, AdwBin)

GtkWidget *assay_connections_page_new (AssayService *service);

G_END_DECLS
