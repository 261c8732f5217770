/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All there is to know of one invitation: scores, flags, history, ids. */
#pragma once

#include <adwaita.h>

#include "assay-model.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_INVITATION_DETAILS (assay_invitation_details_get_type ())
G_DECLARE_FINAL_TYPE (AssayInvitationDetails, assay_invitation_details, ASSAY, INVITATION_DETAILS, AdwBin)

/* @invitation: with its history. The parts that didn't change stay as they are. */
void assay_invitation_details_set (AssayInvitationDetails *self, const AssayInvitation *invitation);
/* @by_hand: whether a person enters the result, since the provider can't be asked for it. */
void assay_invitation_details_set_by_hand (AssayInvitationDetails *self, gboolean by_hand);

G_END_DECLS
