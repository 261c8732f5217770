/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which events the webhook of a connection is to report: chosen while it is set up, and needed when it is made. */
#pragma once

#include "assay-store.h"

G_BEGIN_DECLS

/* @events: as the vendor spells them, see #AssayWebhookEventDescription; none forgets the choice */
gboolean assay_webhook_choice_set (AssayDatabase *database, gint64 connection_id, const char *const *events,
                                   GError **error);
/* (transfer full) (nullable): NULL-terminated, empty while nothing is chosen */
char   **assay_webhook_choice_get (AssayDatabase *database, gint64 connection_id, GError **error);

G_END_DECLS
