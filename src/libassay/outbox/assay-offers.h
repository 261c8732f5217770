/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with one invitation besides waiting for it, and why the rest can't. */
#pragma once

#include "assay-connector.h"
#include "assay-model.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_OFFER_RESEND = 1 << 0,         /* the provider sends the same invitation again */
  ASSAY_OFFER_CANCEL = 1 << 1,         /* the provider calls it off */
  ASSAY_OFFER_RETAKE = 1 << 2,         /* the same person may be invited to the same assessment again, on purpose */
  ASSAY_OFFER_ENTER_RESULT = 1 << 3,   /* a person enters how far it is, for the provider can't be asked */
} AssayOffers;

/* What of it there is for @invitation now, at a provider with @capabilities (assay_connector_get_capabilities()). It is what
 * the window offers; the service checks again. */
AssayOffers assay_offers_of_invitation (const AssayInvitation *invitation, AssayCapabilities capabilities);

/* (transfer full) (nullable): a sentence that says what can't be done from here with an invitation that is out, and where it can
 * be; NULL where nothing is to be said. @provider: its name */
char       *assay_offers_explain (const AssayInvitation *invitation, AssayCapabilities capabilities, const char *provider);

G_END_DECLS
