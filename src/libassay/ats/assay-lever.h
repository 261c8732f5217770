/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever (lever.co), an ATS. */
#pragma once

#include "assay-ats-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_LEVER (assay_lever_get_type ())
G_DECLARE_FINAL_TYPE (AssayLever, assay_lever, ASSAY, LEVER, AssayAtsBase)

extern const AssayConnectorDescription assay_lever_description;

/* These read an answer of Lever's; for the connector and its tests. All return (transfer full) (nullable) a page with
 * `next` as Lever gave it, or %ASSAY_ERROR_BAD_RESPONSE. One record is a page of one. */

/* `GET /stages`: AssayStage in the order of the list, which is all the order there is. */
AssayPage *assay_lever_decode_stages (JsonNode *root, GError **error);
/* `GET /postings`: AssayJob. @stages (element-type AssayStage): the account's, which every posting gets a copy of. */
AssayPage *assay_lever_decode_postings (JsonNode *root, GPtrArray *stages, GError **error);
/* `GET /opportunities` with or without `expand`: AssayApplication. */
AssayPage *assay_lever_decode_opportunities (JsonNode *root, GError **error);

/* `GET /opportunities/deleted`: ids as text. */
AssayPage *assay_lever_decode_deleted (JsonNode *root, GError **error);

/* The bodies of writes; (transfer full) */
JsonNode *assay_lever_encode_stage (const char *stage_remote_id);
JsonNode *assay_lever_encode_tags (const char *const *tags);
JsonNode *assay_lever_encode_note (const char *text);
JsonNode *assay_lever_encode_links (const char *const *links);
/* @reason_remote_id: (nullable): NULL takes the opportunity out of the archive */
JsonNode *assay_lever_encode_archive (const char *reason_remote_id);
/* One without a file; with one it is a form. */
JsonNode *assay_lever_encode_opportunity (const AssayNewApplication *person);
JsonNode *assay_lever_encode_webhook (const char *address, const char *event);

/* `GET /users` and `GET /webhooks`, or one record of them: (transfer full) (nullable) AssayUser, AssayWebhook */
GPtrArray *assay_lever_decode_users (JsonNode *root, GError **error);
GPtrArray *assay_lever_decode_webhooks (JsonNode *root, GError **error);

/* `GET .../resumes` (@resumes) or `.../files`: (transfer full) (nullable) (element-type AssayDocument).
 * @base_address: that of the list, below which the files are */
GPtrArray *assay_lever_decode_documents (JsonNode *root, gboolean resumes, const char *base_address, GError **error);

/* See AssayConnectorDescription.parse_webhook(). The signature covers the token and the time alone, so that the ids of
 * @event are a hint, and its dedupe key holds those two: a delivery that is sent again with another body is the
 * same. */
gboolean assay_lever_parse_webhook (GHashTable *headers, GBytes *body, const char *secret, gint64 now,
                                    AssayWebhookEvent **event, GError **error);

G_END_DECLS
