/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint (pinpointhq.com), an ATS. */
#pragma once

#include "assay-ats-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PINPOINT (assay_pinpoint_get_type ())
G_DECLARE_FINAL_TYPE (AssayPinpoint, assay_pinpoint, ASSAY, PINPOINT, AssayAtsBase)

extern const AssayConnectorDescription assay_pinpoint_description;

/* Reads an answer of `GET /jobs` or `GET /applications` (or of one record); for the connector and its tests.
 * (transfer full) (nullable): pages whose `next` isn't set; %ASSAY_ERROR_BAD_RESPONSE */
AssayPage *assay_pinpoint_decode_jobs (JsonNode *root, GError **error);
AssayPage *assay_pinpoint_decode_applications (JsonNode *root, GError **error);

/* The bodies of writes; (transfer full) */
JsonNode *assay_pinpoint_encode_move (const char *remote_id, const char *stage_remote_id);
JsonNode *assay_pinpoint_encode_tags (const char *remote_id, const char *const *tags);
JsonNode *assay_pinpoint_encode_tag_removal (const char *remote_id, const char *tag);
JsonNode *assay_pinpoint_encode_comment (const char *remote_id, const char *text);

G_END_DECLS
