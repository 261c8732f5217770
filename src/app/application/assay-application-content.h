/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store knows of one application, as its page shows it. */
#pragma once

#include "assay-ledger.h"
#include "assay-service.h"

G_BEGIN_DECLS

typedef struct
{
  AssayApplication *application;
  GPtrArray *invitations;   /* (element-type AssayInvitation) with history, newest first */
  GHashTable *outbox;       /* invitation id → AssayOutboxRow, those that aren't done */
  GPtrArray *connections;   /* (element-type AssayConnection) */
} AssayApplicationContent;

/* An AssayStoreFunc over the application's id (gint64 *), giving an AssayApplicationContent. */
gpointer          assay_application_content_read (AssayDatabase *database, gpointer data, GError **error);
void              assay_application_content_free (gpointer data);

/* (nullable) */
AssayInvitation  *assay_application_content_find_invitation (const AssayApplicationContent *self, gint64 id);
/* (nullable) */
AssayOutboxRow   *assay_application_content_find_outbox_row (const AssayApplicationContent *self, gint64 invitation_id);
/* What the provider of an invitation can do; nothing where it isn't connected any more. */
AssayCapabilities assay_application_content_get_capabilities (const AssayApplicationContent *self,
                                                              const AssayInvitation         *invitation);

G_END_DECLS
