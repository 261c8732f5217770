/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's webhooks. In the real account they are made by hand, so here the control makes them, with POST /settings:
 *
 *   {"vendor": "pinpoint", "webhook": {"url": "http://127.0.0.1:…", "secret": "…", "events": ["New application", …]}}
 *   {"vendor": "pinpoint", "webhook": null}        takes all away
 *   {"vendor": "pinpoint", "test_event": true}     sends a test event to each
 *
 * Addresses are on loopback only. */

#pragma once

#include "sandbox-json.h"
#include "sandbox-ledger.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

typedef struct _SandboxPinpointHooks SandboxPinpointHooks;

/* @world and @ledger must outlive it, and nothing may happen in @world after it. */
SandboxPinpointHooks *sandbox_pinpoint_hooks_new       (SandboxWorld         *world,
                                                        SandboxLedger        *ledger);
void                  sandbox_pinpoint_hooks_free      (SandboxPinpointHooks *self);
void                  sandbox_pinpoint_hooks_configure (SandboxPinpointHooks *self,
                                                        JsonObject           *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxPinpointHooks, sandbox_pinpoint_hooks_free)

G_END_DECLS
