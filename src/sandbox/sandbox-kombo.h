/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo's unified ATS API. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-vendor.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_KOMBO (sandbox_kombo_get_type ())
G_DECLARE_FINAL_TYPE (SandboxKombo, sandbox_kombo, SANDBOX, KOMBO, GObject)

/* @world and @ledger must outlive it. */
SandboxKombo *sandbox_kombo_new (SandboxWorld  *world,
                                 SandboxLedger *ledger);

G_END_DECLS
