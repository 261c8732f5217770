/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A setting that names links: "Java developer=https://example.com/t/1; Sales=https://example.com/t/2". */
#pragma once

#include "assay-model.h"

G_BEGIN_DECLS

/**
 * assay_links_parse:
 * @text: names with their links, separated by a semicolon and a blank
 * @error: return location for %ASSAY_ERROR_INVALID
 *
 * A link is an http or https address. No name and no link may come twice.
 *
 * Returns: (transfer full) (nullable) (element-type AssayAssessment): the name and, as its remote id, the link of each,
 *   in the order they are named
 */
GPtrArray *assay_links_parse (const char  *text,
                              GError     **error);

/* (transfer full): the setting in its one spelling */
char      *assay_links_to_text (GPtrArray *links);

G_END_DECLS
