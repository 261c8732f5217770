/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms with files in them, read as strictly as RFC 7578 lets one. */

#pragma once

#include "sandbox-request.h"

G_BEGIN_DECLS

typedef struct
{
  char   *name;
  char   *filename;             /* (nullable): of a file */
  char   *content_type;         /* (nullable) */
  GBytes *bytes;
} SandboxPart;

/* (transfer full) (nullable) (element-type SandboxPart): %NULL where the body isn't such a form */
GPtrArray  *sandbox_multipart_parse    (SandboxRequest *request);
/* (transfer full) (nullable): a part without a file as text; %NULL where it isn't text */
char       *sandbox_part_dup_text      (const SandboxPart *part);

G_END_DECLS
