/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A played provider as a plugin of Pinpoint's framework. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-request.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id;
  const char *name;
} SandboxPluginTest;

/* Whose plugin it is; all borrowed. */
typedef struct
{
  const char              *kind;
  const char              *key;
  const char              *origin;
  SandboxLife             *life;
  SandboxLedger           *ledger;
  gboolean                 accept_duplicates;
  const SandboxPluginTest *tests;
  guint                    n_tests;
} SandboxPlugin;

/* Whether a path is the plugin's to answer. */
gboolean    sandbox_partner_plugin_has           (const char          *path);
/* What is asked there, as faults and the ledger name it: `plugin-meta`, `plugin-form`, `plugin-submit`. */
const char *sandbox_partner_plugin_get_operation (const char          *path);
void        sandbox_partner_plugin_handle        (const SandboxPlugin *self,
                                                  SandboxRequest      *request);

G_END_DECLS
