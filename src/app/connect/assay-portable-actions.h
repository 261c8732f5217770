/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exporting and importing connections from the window: choosing the file, and looking at the differences before
 * anything is done. */
#pragma once

#include <gtk/gtk.h>

#include "assay-service.h"

G_BEGIN_DECLS

/* Asks where to, and writes all connections there, without their secrets. What came of it is said in the window. */
void assay_portable_export_from (GtkWidget    *widget,
                                 AssayService *service);

/* Asks for a file, shows what it would add and change, and does that if the user wants it. */
void assay_portable_import_from (GtkWidget    *widget,
                                 AssayService *service);

G_END_DECLS
