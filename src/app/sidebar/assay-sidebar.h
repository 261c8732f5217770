/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sidebar: pages, the open jobs under their ATS, connections, and how fresh it all is. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssaySidebar:
 *
 * Properties (read-only, notify): "loaded" (boolean: the first reading of the store is done), "empty"
 * (boolean: no connection at all), "has-ats" (boolean: an ATS is connected).
 *
 * Signal: "selected" (char *page, int64 connection_id, int64 job_id, char *title, char *subtitle): a page
 * ("candidates", "invitations", "imported", "connections"), and for one job's candidates which, with its title and its
 * ATS's name; 0 and NULL otherwise.
 */
#define ASSAY_TYPE_SIDEBAR (assay_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (AssaySidebar, assay_sidebar, ASSAY, SIDEBAR, AdwBin)

/* Once, before it is shown. */
void assay_sidebar_set_service (AssaySidebar *self, AssayService *service);

/* Selects a page by its name and emits #AssaySidebar::selected, also when it was selected before. */
void assay_sidebar_select_page (AssaySidebar *self, const char *page);

/* (transfer none): the connections as last read, (element-type AssayConnection); empty before */
GPtrArray *assay_sidebar_get_connections (AssaySidebar *self);

G_END_DECLS
