/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of AssayService share. */
#pragma once

#include "assay-connector-pool.h"
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
  GHashTable *syncs;             /* gint64 connection id → GPtrArray of GTask: who waits for the sync under way */

  GError *keyring_error;
  gboolean offline;
};

/* Sets or clears (NULL) the property; borrows @error. */
void assay_service_set_keyring_error (AssayService *self, const GError *error);
void assay_service_set_offline (AssayService *self, gboolean offline);
/* Begins and ends the daily look at every connection. */
void assay_service_start_doctor (AssayService *self);
void assay_service_stop_doctor (AssayService *self);
/* "syncing" may have changed. */
void assay_service_notify_syncing (AssayService *self);

G_END_DECLS
