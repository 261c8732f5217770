/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coderbyte, by its organisation API. */
#pragma once

#include "assay-provider-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CODERBYTE (assay_coderbyte_get_type ())
G_DECLARE_FINAL_TYPE (AssayCoderbyte, assay_coderbyte, ASSAY, CODERBYTE, AssayProviderBase)

extern const AssayConnectorDescription assay_coderbyte_description;

/* For the connector and its tests. Answers of another shape than Coderbyte's end as
 * %ASSAY_ERROR_BAD_RESPONSE, and ones that say themselves that they failed as %ASSAY_ERROR_INVALID with
 * Coderbyte's words. */

/* (transfer full) (nullable) (element-type AssayAssessment): those that can be sent: closed ones aren't
 * among them.
 * @public_urls: (nullable): gets test id → the address that invites to it; char* → char*, both freed by
 * the table */
GPtrArray *assay_coderbyte_decode_assessments (JsonNode *root, GHashTable *public_urls, GError **error);

/* (transfer full): the body of an invitation. @public_url: the assessment's; Coderbyte doesn't take its
 * id. */
JsonNode *assay_coderbyte_encode_invitation (const char *email, const char *public_url, gboolean skip_send);

/* (transfer full) (nullable): what an invitation of @email to @test_id gave. %ASSAY_ERROR_UNSURE where
 * Coderbyte accepted it but doesn't name the address among the invited. */
AssayInvited *assay_coderbyte_decode_invited (JsonNode *root, const char *email, const char *test_id,
                                              gboolean skip_send, GError **error);

/* Whether the answer about a candidate names @test_id; @listed is valid where there is no error. */
gboolean assay_coderbyte_decode_listed (JsonNode *root, const char *test_id, gboolean *listed, GError **error);

/* (transfer full) (nullable): the newest of the reports; one that is PENDING where there are none. */
AssayResult *assay_coderbyte_decode_reports (JsonNode *root, GError **error);

/* (transfer full): the id of an invitation, by which its report is asked for: Coderbyte has none of its
 * own. */
char *assay_coderbyte_make_remote_id (const char *email, const char *test_id);

/* As a description's parse_webhook: @secret is the API key. The event names the invitation whose report to read. */
gboolean      assay_coderbyte_parse_webhook (GHashTable *headers, GBytes *body, const char *secret, gint64 now,
                                             AssayWebhookEvent **event, GError **error);

G_END_DECLS
