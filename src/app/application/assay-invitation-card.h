/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One invitation on the application's page. */
#pragma once

#include <adwaita.h>

#include "assay-offers.h"
#include "assay-service.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_INVITATION_CARD (assay_invitation_card_get_type ())
G_DECLARE_FINAL_TYPE (AssayInvitationCard, assay_invitation_card, ASSAY, INVITATION_CARD, AdwBin)

GtkWidget *assay_invitation_card_new (AssayService *service);

/**
 * assay_invitation_card_update:
 * @self: a card
 * @invitation: what it shows; copied. Always the same record in the life of a card
 * @outbox: (nullable): its row in the outbox, while it has one that isn't done
 * @offers: what can be done with it besides
 *
 * Writes what changed into the card. While it is seen and the provider may still change it, the service asks
 * often.
 */
void assay_invitation_card_update (AssayInvitationCard   *self,
                                   const AssayInvitation *invitation,
                                   const AssayOutboxRow  *outbox,
                                   AssayOffers            offers);

G_END_DECLS
