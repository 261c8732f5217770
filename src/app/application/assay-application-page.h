/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One candidate's application: who, how far, and the assessments. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayApplicationPage:
 *
 * Properties: "application-id" (int64, read-only, notifies; 0: nothing selected), "folded" (boolean: it is
 * the only pane, so there is a way back).
 */
#define ASSAY_TYPE_APPLICATION_PAGE (assay_application_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayApplicationPage, assay_application_page, ASSAY, APPLICATION_PAGE, AdwBin)

/* Once, before it is shown. */
void assay_application_page_set_service (AssayApplicationPage *self, AssayService *service);

gint64 assay_application_page_get_application_id (AssayApplicationPage *self);

/* Shows an application; 0 shows that nothing is selected. The same one again changes nothing. */
void assay_application_page_show_application (AssayApplicationPage *self, gint64 application_id);

/**
 * assay_application_page_show_invitation:
 * @self: the page
 * @invitation_id: an invitation of the application shown
 * @details: whether its details are opened, or only the tab it is on
 */
void assay_application_page_show_invitation (AssayApplicationPage *self, gint64 invitation_id,
                                             gboolean details);

/* Says that what was chosen has no application any more. */
void assay_application_page_show_erased (AssayApplicationPage *self);

/* Whether sending to this one person is what stands out: not while several are picked beside the page. */
void assay_application_page_set_suggests_sending (AssayApplicationPage *self, gboolean suggests);

/* Leaves the details; FALSE if they weren't open. */
gboolean assay_application_page_go_back (AssayApplicationPage *self);

/* Reads it again from its ATS, and asks the providers how far its open invitations are. */
void assay_application_page_refresh (AssayApplicationPage *self);

G_END_DECLS
