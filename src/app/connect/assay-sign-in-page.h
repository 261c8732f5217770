/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in at a vendor through the user's own browser: what will be asked for, and the wait for the browser. */
#pragma once

#include <gtk/gtk.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssaySignInPage:
 *
 * Signals: "signed-in", when the browser came back with consent, and the tokens are in the keyring.
 */
#define ASSAY_TYPE_SIGN_IN_PAGE (assay_sign_in_page_get_type ())
G_DECLARE_FINAL_TYPE (AssaySignInPage, assay_sign_in_page, ASSAY, SIGN_IN_PAGE, GtkBox)

/**
 * assay_sign_in_page_fill:
 * @self: the page
 * @service: the service
 * @description: a kind with a sign-in
 * @connection: a saved connection that signs in
 *
 * Shows the permissions that will be asked for, and who may grant them.
 */
void assay_sign_in_page_fill (AssaySignInPage                 *self,
                              AssayService                    *service,
                              const AssayConnectorDescription *description,
                              const AssayConnection           *connection);

/* Waits for the browser no longer; also done when the page goes away. */
void assay_sign_in_page_cancel (AssaySignInPage *self);

G_END_DECLS
