/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of imported candidates: the list, and bringing more. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_IMPORTED_PAGE (assay_imported_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayImportedPage, assay_imported_page, ASSAY, IMPORTED_PAGE, AdwBin)

GtkWidget *assay_imported_page_new (AssayService *service);

G_END_DECLS
