/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with one invitation. */
#include "config.h"

#include "assay-offers.h"

#include <glib/gi18n-lib.h>

static gboolean
is_out (const AssayInvitation *invitation)
{
  return invitation->status == ASSAY_INVITATION_PENDING || invitation->status == ASSAY_INVITATION_IN_PROGRESS;
}

AssayOffers
assay_offers_of_invitation (const AssayInvitation *invitation,
                            AssayCapabilities      capabilities)
{
  AssayOffers offers = 0;

  g_return_val_if_fail (invitation != NULL, 0);

  /* Without the provider's id there is nothing to call it by, and who has begun needs no mail and can't be called off. */
  if (invitation->status == ASSAY_INVITATION_PENDING && invitation->remote_id != NULL)
    {
      if ((capabilities & ASSAY_CAN_RESEND) != 0)
        offers |= ASSAY_OFFER_RESEND;
      if ((capabilities & ASSAY_CAN_CANCEL) != 0)
        offers |= ASSAY_OFFER_CANCEL;
    }
  /* One that failed reached nobody: it is sent as the first was. */
  if ((capabilities & ASSAY_CAN_RETAKE) != 0 && invitation->application_id != 0 &&
      (invitation->status == ASSAY_INVITATION_COMPLETED || invitation->status == ASSAY_INVITATION_EXPIRED ||
       invitation->status == ASSAY_INVITATION_CANCELLED))
    offers |= ASSAY_OFFER_RETAKE;
  /* Nothing comes back of what hasn't left; what was entered may be corrected. */
  if ((capabilities & ASSAY_NEEDS_HAND_ENTRY) != 0 &&
      (is_out (invitation) || invitation->status == ASSAY_INVITATION_COMPLETED ||
       invitation->status == ASSAY_INVITATION_EXPIRED || invitation->status == ASSAY_INVITATION_CANCELLED))
    offers |= ASSAY_OFFER_ENTER_RESULT;
  return offers;
}

char *
assay_offers_explain (const AssayInvitation *invitation,
                      AssayCapabilities      capabilities,
                      const char            *provider)
{
  gboolean can_resend = (capabilities & ASSAY_CAN_RESEND) != 0;
  gboolean can_cancel = (capabilities & ASSAY_CAN_CANCEL) != 0;

  g_return_val_if_fail (invitation != NULL, NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  if (!is_out (invitation) || (can_resend && can_cancel))
    return NULL;
  if (can_resend)
    /* Translators: %s is an assessment provider */
    return g_strdup_printf (_ ("To call it off, go to %s: that can’t be done from here."), provider);
  if (can_cancel)
    /* Translators: %s is an assessment provider */
    return g_strdup_printf (_ ("To send it again, go to %s: that can’t be done from here."), provider);
  /* Translators: %s is an assessment provider */
  return g_strdup_printf (_ ("To send it again or call it off, go to %s: that can’t be done from here."), provider);
}
