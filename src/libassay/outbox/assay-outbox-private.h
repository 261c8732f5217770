/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the outbox's own files share: assay-outbox.c finds what is to be done, assay-outbox-row.c does it. */
#pragma once

#include "assay-outbox.h"

#include "assay-ledger.h"
#include "assay-read-ahead.h"

G_BEGIN_DECLS

/* How long an attempt that couldn't be made waits for the next, in milliseconds; doubled each time. */
#define ASSAY_OUTBOX_RETRY_FIRST (15 * 1000)

struct _AssayOutbox
{
  GObject parent_instance;

  AssayStore *store;
  AssayConnectorPool *pool;
  GCancellable *cancellable;    /* of what may be cancelled: reads, the keyring; never a request on the wire */
  gboolean started;
  gboolean looking;             /* a look is under way */
  gboolean look_again;
  guint timer_id;
  gint64 orphans_looked_at;
  gboolean settling;            /* rows of processes that died are being looked for */
  GPtrArray *to_review;         /* (element-type AssayLedgerItem): unsure ones whose provider can be asked */
  GHashTable *reviewed;         /* gint64 outbox id: asked for already */
  GHashTable *busy;             /* gint64 connection id → AssayOutboxBusy: one of its rows is under way */
  GHashTable *held;             /* gint64 connection id → gint64: not before, because of the keyring */
  GHashTable *unreachable;      /* gint64 ATS connection id → gint64: not looked at before */
  AssayReadAhead *read_ahead;
  GPtrArray *waiters;
};

/* A connection one of whose rows is under way. */
typedef struct
{
  gint64 outbox_id;
  gboolean on_wire;             /* an invitation is: the next one's application may be read meanwhile, once */
} AssayOutboxBusy;

/* Looks for what is to be done, now or when the look that is under way has ended. */
void     assay_outbox_look (AssayOutbox *self);
/* A row has come to its end: whoever waits for it is told. @error: (nullable): why it isn't done */
void     assay_outbox_finish_waiters (AssayOutbox *self, const AssayLedgerItem *item, const GError *error);
gboolean assay_outbox_has_waiter_for_all (AssayOutbox *self);
void     assay_outbox_tell_keyring_failed (AssayOutbox *self, const GError *error);

/* Sends @item's row, whose connection isn't busy; (transfer full) @item */
void     assay_outbox_begin_row (AssayOutbox *self, AssayLedgerItem *item);
/* Asks the providers of those in to_review whose connections aren't busy. */
void     assay_outbox_begin_reviews (AssayOutbox *self);
/* Whether the ATS is looked at before @item leaves. */
gboolean assay_outbox_needs_ats (AssayOutbox *self, const AssayLedgerItem *item);

G_END_DECLS
