/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an address in the user's browser, and a draft in the mail program. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * assay_uri_is_safe:
 * @uri: (nullable): an address from anywhere
 *
 * Returns: whether Assay opens it: `https:`, or `http:` on a loopback address, as the sandbox has
 */
gboolean assay_uri_is_safe (const char *uri);

/**
 * assay_uri_describe:
 * @uri: (nullable): an address
 *
 * Returns: (transfer full) (nullable): where it leads, for a tooltip: "Opens app.testtrick.com in the
 *   browser"; %NULL for one that isn't opened
 */
char *assay_uri_describe (const char *uri);

/**
 * assay_uri_open:
 * @widget: what the user clicked
 * @uri: (nullable): an address
 *
 * Opens @uri in the browser if it is safe, and says so in a toast if it isn't or can't be opened.
 */
void assay_uri_open (GtkWidget *widget, const char *uri);

/**
 * assay_uri_mail:
 * @widget: what the user clicked
 * @address: whom to
 * @subject: of the message
 * @body: its text
 *
 * Opens a draft in the user's mail program. Nothing is sent by it.
 */
void assay_uri_mail (GtkWidget *widget, const char *address, const char *subject, const char *body);

G_END_DECLS
