/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's REST API, as its own document and the framework behind it have it. */

#pragma once

#include "sandbox-files.h"
#include "sandbox-ledger.h"
#include "sandbox-vendor.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_PINPOINT (sandbox_pinpoint_get_type ())
G_DECLARE_FINAL_TYPE (SandboxPinpoint, sandbox_pinpoint, SANDBOX, PINPOINT, GObject)

/* @world and @ledger must outlive it. */
SandboxPinpoint *sandbox_pinpoint_new (SandboxWorld  *world,
                                       SandboxLedger *ledger,
                                       SandboxFiles  *files);

G_END_DECLS
