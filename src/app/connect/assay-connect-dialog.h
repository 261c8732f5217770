/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wizard in which one connects a system: choose it, prepare, fill in, check, save, enable. */
#pragma once

#include <adwaita.h>

#include "assay-draft.h"
#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayConnectDialog:
 *
 * A modal window. It may be closed at any time: what was begun is kept as a draft, and the window it is transient for
 * says so.
 */
#define ASSAY_TYPE_CONNECT_DIALOG (assay_connect_dialog_get_type ())
G_DECLARE_FINAL_TYPE (AssayConnectDialog, assay_connect_dialog, ASSAY, CONNECT_DIALOG, AdwWindow)

/**
 * assay_connect_dialog_new:
 * @service: the service
 * @kind: (nullable): the system to connect; NULL begins with the choice of one
 *
 * Returns: (transfer full): the dialog; the caller sets what it is transient for, and presents it
 */
GtkWindow *assay_connect_dialog_new (AssayService *service,
                                     const char   *kind);

/* Goes on with a set-up that was begun: see assay-draft.h. */
GtkWindow *assay_connect_dialog_new_for_draft (AssayService *service,
                                               gint64        draft_id);

/* Goes on where a colleague was, who handed the set-up over: see assay_setup_request_parse(). Borrows @request. */
GtkWindow *assay_connect_dialog_new_for_request (AssayService *service,
                                                 AssayDraft   *request);

/* For a connection that exists: its settings, or a new key. A saved secret stays when its field is left
 * empty. */
GtkWindow *assay_connect_dialog_new_for_connection (AssayService *service,
                                                    gint64        connection_id);

/* The same, with the cursor in the key. */
GtkWindow *assay_connect_dialog_new_for_key (AssayService *service,
                                             gint64        connection_id);

/* For a connection that exists: checks key and permissions at once, and offers to enable it. */
GtkWindow *assay_connect_dialog_new_for_check (AssayService *service,
                                               gint64        connection_id);

/* For a connection that exists, of a kind with a webhook: how Assay hears of news in it, and what the webhook needs. */
GtkWindow *assay_connect_dialog_new_for_events (AssayService *service,
                                                gint64        connection_id);

G_END_DECLS
