/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the played assessment providers share. */

#pragma once

#include "sandbox-life.h"
#include "sandbox-request.h"

G_BEGIN_DECLS

gboolean sandbox_provider_is_email         (const char        *text);

/* The page for people about a finished assessment, with the names of its three parts. */
void     sandbox_provider_answer_report    (SandboxRequest    *request,
                                            SandboxInvitation *invitation,
                                            const char *const  sections[3]);
/* The page where there is no report, or not yet. */
void     sandbox_provider_answer_no_report (SandboxRequest    *request);

G_END_DECLS
