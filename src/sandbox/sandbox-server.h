/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loopback port on which one vendor is played. */

#pragma once

#include <gio/gio.h>

#include "sandbox-faults.h"
#include "sandbox-ledger.h"
#include "sandbox-vendor.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_SERVER (sandbox_server_get_type ())
G_DECLARE_FINAL_TYPE (SandboxServer, sandbox_server, SANDBOX, SERVER, GObject)

/**
 * sandbox_server_new:
 * @vendor: what to play
 * @ledger: (nullable): where requests are recorded; %NULL for the control, which nobody judges
 * @faults: (nullable): what goes wrong, or %NULL
 *
 * @ledger and @faults must outlive the server.
 *
 * Returns: (transfer full): a server that doesn't listen yet
 */
SandboxServer *sandbox_server_new        (SandboxVendor  *vendor,
                                          SandboxLedger  *ledger,
                                          SandboxFaults  *faults);
/* Listens on 127.0.0.1:@port (0: any free one) and mounts the vendor there. */
gboolean       sandbox_server_listen     (SandboxServer  *self,
                                          guint           port,
                                          GError        **error);
/* (transfer none): `http://127.0.0.1:PORT`, without a slash */
const char    *sandbox_server_get_origin (SandboxServer  *self);
SandboxVendor *sandbox_server_get_vendor (SandboxServer  *self);
/* A token bucket; a @rate of 0 requests a second means no limit. */
void           sandbox_server_set_rate   (SandboxServer  *self,
                                          double          rate,
                                          double          burst);
/* The world by whose clock it dates its answers, and in which something may happen at each request. It must outlive the
 * server. */
void           sandbox_server_set_world  (SandboxServer  *self,
                                          SandboxWorld   *world);
/* Ends all connections, those that a fault holds open too. */
void           sandbox_server_stop       (SandboxServer  *self);

G_END_DECLS
