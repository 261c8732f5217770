/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Assessment providers that serve the Greenhouse Assessment Partner protocol. */

#pragma once

#include "sandbox-vendor.h"

G_BEGIN_DECLS

/**
 * sandbox_partner_make:
 * @kind: as a client's connections name it, for example `testtrick`
 * @name: as it is shown
 * @key: the only key it accepts
 * @scene: where it is played
 *
 * The control's setting `accept_duplicates` says whether a second invitation of a person to the same test makes a second one, as
 * the protocol leaves open, instead of being refused with 409.
 *
 * Returns: (transfer full): a vendor, for a #SandboxVendorType's make()
 */
SandboxVendor *sandbox_partner_make (const char         *kind,
                                     const char         *name,
                                     const char         *key,
                                     const SandboxScene *scene);

G_END_DECLS
