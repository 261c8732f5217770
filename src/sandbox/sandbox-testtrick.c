/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestTrick, which serves the Greenhouse Assessment Partner protocol. */

#include "config.h"

#include "sandbox-partner.h"

#define KIND "testtrick"

static SandboxVendor *
make (const SandboxScene *scene)
{
  return sandbox_partner_make (KIND, "Sandbox TestTrick", "sandbox-testtrick-key", scene);
}

const SandboxVendorType sandbox_testtrick_type = {
  .kind = KIND,
  .make = make,
};
