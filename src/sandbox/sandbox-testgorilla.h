/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestGorilla's public API. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-vendor.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_TESTGORILLA (sandbox_testgorilla_get_type ())
G_DECLARE_FINAL_TYPE (SandboxTestgorilla, sandbox_testgorilla, SANDBOX, TESTGORILLA, GObject)

/* @life and @ledger must outlive it. */
SandboxTestgorilla *sandbox_testgorilla_new (SandboxLife   *life,
                                             SandboxLedger *ledger);

G_END_DECLS
