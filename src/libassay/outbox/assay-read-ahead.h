/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ATS says of an application before an invitation leaves, read while the invitation before it is on the wire, so that
 * the provider's pace is all that a bulk waits for. On the main context. */
#pragma once

#include "assay-connector-pool.h"
#include "assay-ledger.h"

G_BEGIN_DECLS

/* What was read ahead is used so many milliseconds and no longer; then it is read again. It is about as long as an invitation
 * waits for its turn after its ATS was looked at anyway. */
#define ASSAY_READ_AHEAD_KEEPS 3000

typedef struct _AssayReadAhead AssayReadAhead;

AssayReadAhead *assay_read_ahead_new (AssayConnectorPool *pool);
void            assay_read_ahead_free (AssayReadAhead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReadAhead, assay_read_ahead_free)

/* Begins to read the application of @item, which has one and an ATS, for assay_read_ahead_get_async(). One is kept for each of
 * the outbox's connections: what was read ahead for this one before is forgotten. */
void assay_read_ahead_begin (AssayReadAhead *self, const AssayLedgerItem *item, GCancellable *cancellable);

/* Gets the application of @item as its ATS has it: what was read ahead if that is recent, what is being read ahead once it is
 * here, or by asking now. What was read ahead is used once. */
void              assay_read_ahead_get_async (AssayReadAhead *self, const AssayLedgerItem *item, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full). NULL with @gone set and NOT_FOUND: the ATS has it no more; else with why the ATS couldn't be asked. */
AssayApplication *assay_read_ahead_get_finish (GAsyncResult *result, gboolean *gone, GError **error);

G_END_DECLS
