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

/* (nullable) (transfer full): what is between @before and @after in @path, if it is one part of it */
char    *sandbox_provider_dup_between      (const char        *path,
                                            const char        *before,
                                            const char        *after);
/* Failures as Django's REST framework says them: `{"detail": …}`. */
void     sandbox_provider_answer_detail    (SandboxRequest    *request,
                                            guint              status,
                                            const char        *detail);
void     sandbox_provider_answer_failure_detail (SandboxRequest *request,
                                                 guint           status);

G_END_DECLS
