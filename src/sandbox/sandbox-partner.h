/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An assessment provider that serves the Greenhouse Assessment Partner protocol. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-vendor.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_PARTNER (sandbox_partner_get_type ())
G_DECLARE_FINAL_TYPE (SandboxPartner, sandbox_partner, SANDBOX, PARTNER, GObject)

/**
 * sandbox_partner_new:
 * @kind: as a client's connections name it, for example `testtrick`
 * @name: as it is shown
 * @key: the only key it accepts
 * @life: where invited candidates live
 * @ledger: where invitations are judged
 *
 * @life and @ledger must outlive it.
 */
SandboxPartner *sandbox_partner_new                   (const char     *kind,
                                                       const char     *name,
                                                       const char     *key,
                                                       SandboxLife    *life,
                                                       SandboxLedger  *ledger);
/* Whether a second invitation of a person to the same test makes a second one, as the protocol leaves
 * open, instead of being refused with 409. */
void            sandbox_partner_set_accept_duplicates (SandboxPartner *self,
                                                       gboolean        accept);

G_END_DECLS
