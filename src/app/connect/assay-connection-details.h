/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is known of one connection: its state and why, how far its data is complete, what the doctor found, and the
 * log of what happened to it. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayConnectionDetails:
 *
 * A window that follows the store. It closes by itself when its connection goes.
 */
#define ASSAY_TYPE_CONNECTION_DETAILS (assay_connection_details_get_type ())
G_DECLARE_FINAL_TYPE (AssayConnectionDetails, assay_connection_details, ASSAY, CONNECTION_DETAILS, AdwWindow)

/* (transfer full): the caller sets what it is transient for, and presents it */
GtkWindow *assay_connection_details_new (AssayService *service,
                                         gint64        connection_id);

G_END_DECLS
