/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssessFirst's API, in both versions. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-vendor.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_ASSESSFIRST (sandbox_assessfirst_get_type ())
G_DECLARE_FINAL_TYPE (SandboxAssessfirst, sandbox_assessfirst, SANDBOX, ASSESSFIRST, GObject)

/* @life, where invited candidates live, and @ledger, where invitations are judged, must outlive it. */
SandboxAssessfirst *sandbox_assessfirst_new (SandboxLife   *life,
                                             SandboxLedger *ledger);

G_END_DECLS
