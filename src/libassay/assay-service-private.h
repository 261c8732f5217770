/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of AssayService share. */
#pragma once

#include "assay-connector-pool.h"
#include "assay-ledger.h"
#include "assay-outbox.h"
#include "assay-poller.h"
#include "assay-secrets.h"
#include "assay-service.h"

G_BEGIN_DECLS

struct _AssayService
{
  GObject parent_instance;

  AssayStore *store;
  AssaySecrets *secrets;
  AssayHttp *http;
  AssayConnectorPool *pool;
  AssayOutbox *outbox;
  AssayPoller *poller;

  gboolean started;
  gboolean stopped;              /* for good */
  GCancellable *cancellable;     /* of what the service does by itself */
  GNetworkMonitor *network;      /* borrowed */
  gulong network_id;
  guint sync_timer_id;
  guint doctor_timer_id;
  guint drafts_being_kept;       /* in the store and in the keyring */
  GHashTable *jobs_read;         /* gint64 connection id → gint64: when its jobs were read, by the monotonic clock */
  GHashTable *syncs;             /* gint64 connection id → the sync under way; each holds the service */

  gboolean preparing;            /* people of batches are being put into the outbox */
  gboolean prepare_again;

  GError *keyring_error;
  gboolean offline;
};

/* Sets or clears (NULL) the property; borrows @error. */
void assay_service_set_keyring_error (AssayService *self, const GError *error);
void assay_service_set_offline (AssayService *self, gboolean offline);
/* What goes on every few minutes: all enabled ATSs, with jobs read now and then only. Ends as assay_service_sync_async(). */
void assay_service_sync_by_itself_async (AssayService *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
/* Has an open keyring forget what it holds of drafts that are gone, or that nobody went on with. */
void assay_service_sweep_drafts (AssayService *self);
/* Looks at every enabled connection that nobody has looked at for a day; the service does so every hour. */
void assay_service_make_rounds (AssayService *self);
/* Begins and ends the daily look at every connection. */
void assay_service_start_doctor (AssayService *self);
void assay_service_stop_doctor (AssayService *self);
/* "syncing" may have changed. */
void assay_service_notify_syncing (AssayService *self);

/* (transfer full): a copy for the ledger */
AssayLedgerDraft *assay_service_copy_draft (const AssayInvitationDraft *draft);
/* Puts into the outbox who isn't there yet, without waiting: a batch that another process began too. */
void assay_service_continue_batches (AssayService *self);

G_END_DECLS
