/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The port through which tests and trainers steer the sandbox. */

#pragma once

#include "sandbox-faults.h"
#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-server.h"
#include "sandbox-vendor.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_CONTROL (sandbox_control_get_type ())
G_DECLARE_FINAL_TYPE (SandboxControl, sandbox_control, SANDBOX, CONTROL, GObject)

/* All must outlive it. @servers: (element-type SandboxServer), those whose settings it changes.
 * @quit is called, later, for POST /quit. */
SandboxControl *sandbox_control_new (SandboxWorld  *world,
                                     SandboxLife   *life,
                                     SandboxLedger *ledger,
                                     SandboxFaults *faults,
                                     GPtrArray     *servers,
                                     GSourceFunc    quit,
                                     gpointer       quit_data);

G_END_DECLS
