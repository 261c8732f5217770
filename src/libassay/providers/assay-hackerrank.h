/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HackerRank for Work, by its API. */
#pragma once

#include "assay-json.h"
#include "assay-provider.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HACKERRANK (assay_hackerrank_get_type ())
G_DECLARE_FINAL_TYPE (AssayHackerrank, assay_hackerrank, ASSAY, HACKERRANK, GObject)

extern const AssayConnectorDescription assay_hackerrank_description;

/* For the connector and its tests. @now: Unix milliseconds. */

/* (transfer full) (nullable): a test that can be sent; NULL for a draft, for one that isn't active or that has ended, and
 * for a record without an id */
AssayAssessment *assay_hackerrank_read_test (JsonObject *record, gint64 now);

/* (transfer full): the body of an invitation. @send_email: whether HackerRank mails the candidate, which it doesn't unless
 * it is asked to */
JsonNode *assay_hackerrank_encode_invitation (const AssayInvitee *invitee, gboolean send_email);

/* (transfer full) (nullable): what an invitation to @test gave. @send_email: FALSE makes the candidate's link ours to hand
 * on. %ASSAY_ERROR_UNSURE where HackerRank accepted it and doesn't say what it calls it. */
AssayInvited *assay_hackerrank_decode_invited (JsonNode *root, const char *test, gboolean send_email, GError **error);

/* (transfer full): how far a candidate is */
AssayResult *assay_hackerrank_read_candidate (JsonObject *record, gint64 now);

/* (transfer full): the id of an invitation: HackerRank knows a candidate in a test only */
char *assay_hackerrank_make_remote_id (const char *test, const char *candidate);

G_END_DECLS
