/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What provider connectors share in reading their vendors' answers. Not for anybody else. */
#pragma once

#include "assay-json.h"
#include "assay-provider.h"

G_BEGIN_DECLS

/* What is kept of a provider's answer about an invitation, in bytes. */
#define ASSAY_PROVIDER_MAX_RAW (64u * 1024u)

/* (transfer full) (nullable): the member if it is an http or https address; a provider's link is never
 * anything else. */
char   *assay_provider_dup_web_address (JsonObject *object, const char *member);

/* (transfer full) (nullable): the member as a score: of a hundred only where @percent is set or the text itself says "%", since no
 * scale is ever guessed; NULL for what is no number. @name: (nullable): NULL for the overall one. */
AssayScore *assay_provider_read_score (JsonObject *object, const char *member, const char *name, gboolean percent);

/* (nullable): the member as a finding in the provider's words; NULL where it says that nothing was found. */
const char *assay_provider_get_finding (JsonObject *object, const char *member);

/**
 * assay_provider_is_of:
 * @record: one of a list in which somebody is looked for
 * @folded_email: as assay_email_fold() makes it
 * @what: the list, for the sentence: "TestGorilla's list of candidates"
 * @error: return location for %ASSAY_ERROR_BAD_RESPONSE
 *
 * Whether @record is of that person by its member "email". One with null or nothing there is nobody's. One without the member,
 * or with something else there, is an error, since it may be the one that is looked for: who isn't found is invited.
 *
 * Returns: %TRUE if it is; %FALSE if it isn't, or with @error if that can't be told
 */
gboolean assay_provider_is_of (JsonObject *record, const char *folded_email, const char *what, GError **error);

/**
 * assay_provider_judge_refusal:
 * @error: (transfer full): why an invitation wasn't accepted
 * @vendor: the provider's name
 *
 * Tells a duplicate from a refusal: no provider but two documents how it refuses a duplicate, so that a 4xx whose text
 * says "already" is one. What is refused for another reason is told in the provider's own words.
 *
 * Returns: (transfer full): the error to hand on
 */
GError *assay_provider_judge_refusal (GError *error, const char *vendor);

/**
 * assay_provider_judge_preparation:
 * @error: (transfer full): why something that is read before an invitation couldn't be
 *
 * Nothing has left for the candidate yet, so that whatever went wrong is never unsure: what isn't about the key, and isn't a
 * cancellation, becomes %ASSAY_ERROR_UNAVAILABLE.
 *
 * Returns: (transfer full): the error to hand on
 */
GError *assay_provider_judge_preparation (GError *error);

/**
 * assay_provider_make_probe:
 * @permissions: of the description; the first is the one that listing proves, the others can't be tried without inviting
 * @error: (transfer full) (nullable): why listing the assessments failed; not a cancellation
 * @refused: the sentence for 401 and 403
 * @nothing_there: the sentence for 404, and for an answer that isn't the provider's: the base address is wrong
 *
 * Returns: (transfer full): what a test of a connection found whose key is all or nothing
 */
AssayProbe *assay_provider_make_probe (const AssayPermissionDescription *permissions, GError *error,
                                       const char *refused, const char *nothing_there);

G_END_DECLS
