/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All invitations, newest change first. */
#pragma once

#include <adwaita.h>

#include "assay-row-list-view.h"
#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayInvitationsPage:
 *
 * Signal: "activated" (int64 invitation id).
 */
#define ASSAY_TYPE_INVITATIONS_PAGE (assay_invitations_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayInvitationsPage, assay_invitations_page, ASSAY, INVITATIONS_PAGE, AdwBin)

/* Once, before it is shown. */
void assay_invitations_page_set_service (AssayInvitationsPage *self, AssayService *service);

/* The application that an invitation of the list belongs to; 0 when it was erased or isn't loaded. */
gint64 assay_invitations_page_get_application (AssayInvitationsPage *self, gint64 invitation_id);

AdwHeaderBar     *assay_invitations_page_get_header (AssayInvitationsPage *self);
AssayRowListView *assay_invitations_page_get_list (AssayInvitationsPage *self);

G_END_DECLS
