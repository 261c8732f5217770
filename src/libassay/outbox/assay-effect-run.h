/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries out one effect by a connector. Keeps no state: when and how often is the outbox's to know. */
#pragma once

#include <gio/gio.h>

#include "assay-ledger.h"

G_BEGIN_DECLS

/* Whether this connector has what the effect needs; INVALID with a sentence where it hasn't. */
gboolean assay_effect_is_supported (const AssayLedgerItem *item, GObject *connector, GError **error);

/* Whether the vendor should be asked first how things are: always for a move, because only a stage of the job that the
 * application is of now may be set; and for whatever can be told from the application when an earlier attempt may have
 * arrived. */
gboolean assay_effect_needs_look (const AssayLedgerItem *item);

/* Asks. Gives whether it is in effect already. NOT_FOUND: the application is gone. INVALID: it belongs to another job now. */
void     assay_effect_look_async (const AssayLedgerItem *item, GObject *connector, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_effect_look_finish (GAsyncResult *result, gboolean *in_effect, GError **error);

/* Does it: at most one effect. @item is borrowed until the end. Not to be cancelled.
 * Returns: whether it took effect; @created (nullable) (transfer full): the vendor's id of what was made */
void     assay_effect_perform_async (const AssayLedgerItem *item, GObject *connector, GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean assay_effect_perform_finish (GAsyncResult *result, char **created, GError **error);

G_END_DECLS
