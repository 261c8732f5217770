/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog in which one enters the result of an invitation whose provider can't be asked. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * assay_result_dialog_present:
 * @parent: a widget of the window it is about
 * @service: to enter the result with
 * @invitation: what is known so far; copied
 *
 * Shows what is known, to be completed or corrected. An error of the service is said in @parent's window.
 */
void assay_result_dialog_present (GtkWidget             *parent,
                                  AssayService          *service,
                                  const AssayInvitation *invitation);

G_END_DECLS
