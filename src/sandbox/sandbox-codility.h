/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codility's API. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-vendor.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_CODILITY (sandbox_codility_get_type ())
G_DECLARE_FINAL_TYPE (SandboxCodility, sandbox_codility, SANDBOX, CODILITY, GObject)

/* @life and @ledger must outlive it. */
SandboxCodility *sandbox_codility_new (SandboxLife   *life,
                                       SandboxLedger *ledger);

G_END_DECLS
