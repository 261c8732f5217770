/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The question to whom an invitation that failed goes instead. */
#pragma once

#include <gtk/gtk.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * assay_amend_dialog_present:
 * @parent: whose window it is shown over; what goes wrong after *Send* is said there
 * @service: what sends it
 * @invitation: one that failed; copied as far as it is needed
 *
 * Asks for the name and the e-mail that it goes out to, and sends it. Where the provider takes them from the ATS, it says so.
 */
void assay_amend_dialog_present (GtkWidget *parent, AssayService *service, const AssayInvitation *invitation);

G_END_DECLS
