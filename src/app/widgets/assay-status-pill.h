/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far an invitation is, small: an icon, a word, a colour. The same everywhere. */
#pragma once

#include <adwaita.h>

#include "assay-model.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_STATUS_PILL (assay_status_pill_get_type ())
G_DECLARE_FINAL_TYPE (AssayStatusPill, assay_status_pill, ASSAY, STATUS_PILL, AdwBin)

GtkWidget *assay_status_pill_new (void);

/**
 * assay_status_pill_set:
 * @self: a pill
 * @status: the invitation's status
 * @status_text: (nullable): the provider's own word, shown for a status Assay doesn't know
 * @score: (nullable): the overall score; it stands for the word once there is one
 */
void assay_status_pill_set (AssayStatusPill       *self,
                            AssayInvitationStatus  status,
                            const char            *status_text,
                            const AssayScore      *score);

/**
 * assay_status_pill_describe:
 * @status: a status
 * @status_text: (nullable): the provider's own word
 * @score: (nullable): the overall score
 *
 * Returns: (transfer full): what a pill says, in words: "Completed, 84 %"
 */
char *assay_status_pill_describe (AssayInvitationStatus  status,
                                  const char            *status_text,
                                  const AssayScore      *score);

/* (transfer none): the name of the icon that stands for @status */
const char *assay_status_pill_get_icon_name (AssayInvitationStatus status);

/* (transfer none): the style class that colours @status */
const char *assay_status_pill_get_style (AssayInvitationStatus status);

G_END_DECLS
