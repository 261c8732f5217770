/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loopback address to which a browser is sent back after consent (RFC 8252, 7.3). It knows one address and the
 * pages of assay-oauth-callback.h, reads no body, and has limits that libsoup's server lacks: on the size of a request,
 * the time it may take, and how many there are at once. */
#pragma once

#include <gio/gio.h>

#include "assay-oauth-callback.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_OAUTH_LISTENER (assay_oauth_listener_get_type ())
G_DECLARE_FINAL_TYPE (AssayOauthListener, assay_oauth_listener, ASSAY, OAUTH_LISTENER, GObject)

/* Called for each request: the page to show for it. */
typedef AssayOauthPage (*AssayOauthListenerFunc) (const AssayOauthCallback *callback, gpointer user_data);

/* Checks a redirect address: "http:", this machine by a literal or as "localhost", a port, no query.
 * Returns: (transfer full) (nullable): as it has to be registered; %ASSAY_ERROR_INVALID */
char *assay_oauth_check_redirect_url (const char *redirect_url, GError **error);

/**
 * assay_oauth_listener_new:
 * @redirect_url: (nullable): the address that is registered at the vendor's; NULL: any free port of 127.0.0.1
 * @state: what callbacks have to bring back
 * @error: return location for %ASSAY_ERROR_INVALID (the address) or %ASSAY_ERROR_UNAVAILABLE (the port is taken)
 *
 * Listens from now on, in the thread-default main context of this moment.
 *
 * Returns: (transfer full) (nullable): the listener
 */
AssayOauthListener *assay_oauth_listener_new (const char *redirect_url, const char *state, GError **error);
/* (transfer none): the address to give to the vendor, with its port */
const char         *assay_oauth_listener_get_redirect_url (AssayOauthListener *self);
void                assay_oauth_listener_set_function (AssayOauthListener *self, AssayOauthListenerFunc function,
                                                       gpointer user_data);
/* Listens no more. Answers under way are still written. */
void                assay_oauth_listener_close (AssayOauthListener *self);

G_END_DECLS
