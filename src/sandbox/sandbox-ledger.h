/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The judge: what took effect at the played vendors, what was asked, and what nobody may ask. */

#pragma once

#include <glib.h>

#include "sandbox-json.h"

G_BEGIN_DECLS

typedef struct _SandboxLedger SandboxLedger;

SandboxLedger *sandbox_ledger_new            (void);
void           sandbox_ledger_free           (SandboxLedger *self);

/* Every request that a vendor received, before any fault. */
void           sandbox_ledger_add_request    (SandboxLedger *self,
                                              const char    *vendor,
                                              const char    *operation);
void           sandbox_ledger_add_answer     (SandboxLedger *self,
                                              const char    *vendor,
                                              guint          status);
/* A well-formed invitation arrived: an attempt. Whether it took effect is told apart, by
 * sandbox_ledger_add_invitation(). */
void           sandbox_ledger_add_attempt    (SandboxLedger *self,
                                              const char    *vendor,
                                              const char    *test,
                                              const char    *email);
void           sandbox_ledger_add_invitation (SandboxLedger *self,
                                              const char    *vendor,
                                              const char    *key,
                                              const char    *test,
                                              const char    *email,
                                              const char    *interview);
void           sandbox_ledger_add_write      (SandboxLedger *self,
                                              const char    *vendor,
                                              const char    *operation,
                                              const char    *key,
                                              const char    *id,
                                              GBytes        *body);
/* Something a careful client never does. */
void           sandbox_ledger_add_incident   (SandboxLedger *self,
                                              const char    *vendor,
                                              const char    *kind,
                                              const char    *detail);
void           sandbox_ledger_clear          (SandboxLedger *self);
void           sandbox_ledger_write          (SandboxLedger *self,
                                              SandboxJson   *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxLedger, sandbox_ledger_free)

G_END_DECLS
