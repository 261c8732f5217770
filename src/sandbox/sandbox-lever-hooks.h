/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever's webhooks: those that are registered, their groups, and what they deliver. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-request.h"

G_BEGIN_DECLS

typedef struct _SandboxLeverHooks SandboxLeverHooks;

SandboxLeverHooks *sandbox_lever_hooks_new     (SandboxLedger     *ledger);
void               sandbox_lever_hooks_free    (SandboxLeverHooks *self);

/* The webhooks as `GET /webhooks` has them, in a JSON array. */
void               sandbox_lever_hooks_render  (SandboxLeverHooks *self,
                                                SandboxJson       *json);
/* Registers one from a body that is an object. Returns: (nullable): what is wrong with it; else it is rendered, with its
 * signature token, which is told this once. */
const char        *sandbox_lever_hooks_create  (SandboxLeverHooks *self,
                                                JsonObject        *body,
                                                gint64             now,
                                                SandboxJson       *json);
/* Returns: whether there was one */
gboolean           sandbox_lever_hooks_remove  (SandboxLeverHooks *self,
                                                const char        *id);
/* From the control: {"event_group": "candidateStageChange", "on": true}. All groups are off at first, as in a real account
 * until a Super Admin switches one on. */
void               sandbox_lever_hooks_configure (SandboxLeverHooks *self,
                                                JsonObject        *settings);
/* Delivers an event to whoever registered for it, if its group is on. @data: a JSON object as text. Tries five times,
 * waiting longer and longer, until there is a 2xx. */
void               sandbox_lever_hooks_deliver (SandboxLeverHooks *self,
                                                const char        *event,
                                                gint64             now,
                                                const char        *data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxLeverHooks, sandbox_lever_hooks_free)

G_END_DECLS
