/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to be so before one can connect a system: how to tell, what to do if not, and who may do it. */
#pragma once

#include <gtk/gtk.h>

#include "assay-connector.h"

G_BEGIN_DECLS

/* Fills @box with what @description says, in place of what is in it. */
void assay_prerequisites_fill (GtkBox                          *box,
                               const AssayConnectorDescription *description);

G_END_DECLS
