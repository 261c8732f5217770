/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HackerRank for Work, played. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-vendor.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_HACKERRANK (sandbox_hackerrank_get_type ())
G_DECLARE_FINAL_TYPE (SandboxHackerrank, sandbox_hackerrank, SANDBOX, HACKERRANK, GObject)

/* @world tells the time. It, @life, where invited candidates live, and @ledger, where invitations are judged, must outlive
 * it. */
SandboxHackerrank *sandbox_hackerrank_new (SandboxWorld  *world,
                                           SandboxLife   *life,
                                           SandboxLedger *ledger);

G_END_DECLS
