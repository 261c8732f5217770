/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hackajob: candidates who accepted a request, brought here in a file or by hand. */
#pragma once

#include "assay-provider.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HACKAJOB (assay_hackajob_get_type ())
G_DECLARE_FINAL_TYPE (AssayHackajob, assay_hackajob, ASSAY, HACKAJOB, GObject)

extern const AssayConnectorDescription assay_hackajob_description;

/* How many stages a list may have. */
#define ASSAY_HACKAJOB_MAX_STAGES 50u

/**
 * assay_hackajob_parse_stages:
 * @setting: (nullable): the setting "stages" as typed: names with commas between them
 * @error: return location for %ASSAY_ERROR_INVALID, which names what is wrong
 *
 * Takes the list apart, in its order. Without a setting it is the neutral list that Assay ships, since hackajob doesn't
 * publish its own.
 *
 * Returns: (transfer full) (nullable): the names, at least one, no two alike in any case of their letters
 */
char **assay_hackajob_parse_stages (const char *setting, GError **error);

/* (transfer none) (nullable): the one of @stages that is @stage in whatever case of its letters */
const char *assay_hackajob_find_stage (const char *const *stages, const char *stage);

G_END_DECLS
