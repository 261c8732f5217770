/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo (kombo.dev): one API in front of many applicant tracking systems, for those that Assay has no connector for.
 *
 * Facts: Kombo's OpenAPI document (api-evangelist/kombo, openapi/kombo-openapi.json at 62378fa2), unless a comment says
 * otherwise. */
#pragma once

#include "assay-ats-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_KOMBO (assay_kombo_get_type ())
G_DECLARE_FINAL_TYPE (AssayKombo, assay_kombo, ASSAY, KOMBO, AssayAtsBase)

extern const AssayConnectorDescription assay_kombo_description;

/* No sizes are published; a larger file is refused before it is sent. In bytes. */
#define ASSAY_KOMBO_MAX_FILE (10u * 1024u * 1024u)

/* Of any answer: what is in its envelope's `data`. An envelope of a failure is the error that its code stands for,
 * whatever the HTTP status was. (transfer none) (nullable): %ASSAY_ERROR_BAD_RESPONSE */
JsonObject *assay_kombo_open_envelope (JsonNode *root, GError **error);

/* Reads an answer of `GET /ats/jobs` or `GET /ats/applications`; for the connector and its tests. @cursor:
 * (nullable): the page that was asked for. (transfer full) (nullable): without those who were deleted;
 * %ASSAY_ERROR_BAD_RESPONSE */
AssayPage *assay_kombo_decode_jobs (JsonNode *root, const char *cursor, GError **error);
AssayPage *assay_kombo_decode_applications (JsonNode *root, const char *cursor, GError **error);
/* (element-type utf8): the ids of those who were deleted, and of nobody else */
AssayPage *assay_kombo_decode_deleted (JsonNode *root, const char *cursor, GError **error);

/* The bodies of writes; (transfer full) */
JsonNode *assay_kombo_encode_stage (const char *stage_remote_id);
JsonNode *assay_kombo_encode_tag (const char *tag);
JsonNode *assay_kombo_encode_note (const char *text);
JsonNode *assay_kombo_encode_rejection (const char *reason_remote_id);
/* @type: "CV" or "OTHER" */
JsonNode *assay_kombo_encode_attachment (const AssayUpload *upload, const char *type);
JsonNode *assay_kombo_encode_application (const AssayNewApplication *person);

/* What Kombo's code for a failure means here. Takes @error and returns the one to pass on, with Kombo's own words;
 * @error itself where it has no code that is known. @permission: (nullable): what the request needed, in Kombo's
 * words. @write: whether something may have taken effect when Kombo gave up waiting */
GError *assay_kombo_translate (GError *error, const char *permission, gboolean write);

/* See AssayConnectorDescription.parse_webhook(). */
gboolean assay_kombo_parse_webhook (GHashTable *headers, GBytes *body, const char *secret, gint64 now,
                                    AssayWebhookEvent **event, GError **error);
extern const AssayWebhookDescription assay_kombo_webhook_description;

G_END_DECLS
