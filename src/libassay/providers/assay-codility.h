/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codility (codility.com), an assessment provider. */
#pragma once

#include "assay-provider-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CODILITY (assay_codility_get_type ())
G_DECLARE_FINAL_TYPE (AssayCodility, assay_codility, ASSAY, CODILITY, AssayProviderBase)

extern const AssayConnectorDescription assay_codility_description;

/* For the connector and its tests. */

/* (transfer full) (nullable): a test that can be sent now; NULL for one that can't */
AssayAssessment *assay_codility_read_test (JsonObject *record);
/* (transfer full) (nullable): what an invitation gave; %ASSAY_ERROR_BAD_RESPONSE if it doesn't say which session it is */
AssayInvited    *assay_codility_read_invited (JsonNode *root, GError **error);
/* (transfer full) (nullable): how far a session is */
AssayResult     *assay_codility_read_session (JsonNode *root, GError **error);
/* (transfer full) (nullable): the path of @address below @base_url, without a leading slash; NULL if it is elsewhere */
char            *assay_codility_dup_path (const char *address, const char *base_url);

G_END_DECLS
