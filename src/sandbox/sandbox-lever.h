/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever's Data API, as its documentation and recorded answers have it. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-vendor.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_LEVER (sandbox_lever_get_type ())
G_DECLARE_FINAL_TYPE (SandboxLever, sandbox_lever, SANDBOX, LEVER, GObject)

/* @world and @ledger must outlive it. */
SandboxLever *sandbox_lever_new (SandboxWorld  *world,
                                 SandboxLedger *ledger);

/* Its lists come in pages of so many at most, whatever is asked for; 0: as asked. */
void          sandbox_lever_set_page (SandboxLever *self,
                                      guint         page);
/* The company is another one. */
void          sandbox_lever_forget   (SandboxLever *self);

G_END_DECLS
