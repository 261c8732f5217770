/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog in which one sends an assessment to one person: who, what, and what exactly will happen. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssaySendDialog:
 *
 * A modal window of one page. It reads the application by itself, shows the assessments that the store knows
 * at once, and has the providers' lists read again meanwhile.
 */
#define ASSAY_TYPE_SEND_DIALOG (assay_send_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AssaySendDialog, assay_send_dialog, ASSAY, SEND_DIALOG, AdwWindow)

/**
 * AssaySendDialog::sent:
 * @self: the dialog, which closes itself after this
 * @invitation_id: the invitation, in the outbox, due in ten seconds
 * @first_name: (nullable): what the candidate is called, for "Invitation to Amara goes out in 10 s"
 */

/**
 * AssaySendDialog::show-invitation:
 * @self: the dialog, which closes itself after this
 * @invitation_id: the invitation that stands in the way of another one
 */

/**
 * assay_send_dialog_new:
 * @service: the service
 * @application_id: whom to invite
 *
 * Returns: (transfer full): the dialog; the caller sets what it is transient for, and presents it
 */
GtkWindow *assay_send_dialog_new (AssayService *service,
                                  gint64        application_id);

G_END_DECLS
