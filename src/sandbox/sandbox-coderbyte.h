/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coderbyte's organisation API. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-vendor.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_CODERBYTE (sandbox_coderbyte_get_type ())
G_DECLARE_FINAL_TYPE (SandboxCoderbyte, sandbox_coderbyte, SANDBOX, CODERBYTE, GObject)

/* @life, where invited candidates live, and @ledger, where invitations are judged, must outlive it. */
SandboxCoderbyte *sandbox_coderbyte_new (SandboxLife   *life,
                                         SandboxLedger *ledger);

G_END_DECLS
