/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Pinpoint's attachments lie: another origin than the API's, and no place for its key. */

#pragma once

#include "sandbox-ledger.h"
#include "sandbox-vendor.h"
#include "sandbox-world.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_FILES (sandbox_files_get_type ())
G_DECLARE_FINAL_TYPE (SandboxFiles, sandbox_files, SANDBOX, FILES, GObject)

/* @world and @ledger must outlive it. */
SandboxFiles *sandbox_files_new     (SandboxWorld       *world,
                                     SandboxLedger      *ledger);
/* The address of an application's CV. */
char         *sandbox_files_dup_url (SandboxFiles       *self,
                                     SandboxApplication *application);
/* (transfer full): the CV itself: what was uploaded, or a made-up page in PDF */
GBytes       *sandbox_files_make_cv (SandboxApplication *application);

G_END_DECLS
