/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssessFirst, by either version of its API. */
#pragma once

#include "assay-provider-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_ASSESSFIRST (assay_assessfirst_get_type ())
G_DECLARE_FINAL_TYPE (AssayAssessfirst, assay_assessfirst, ASSAY, ASSESSFIRST, AssayProviderBase)

extern const AssayConnectorDescription assay_assessfirst_description;

/* The assessment that stands for an invitation without a predictive model. */
#define ASSAY_ASSESSFIRST_NO_MODEL "none"

/* For the connector and its tests. Answers of a shape that is no use end as %ASSAY_ERROR_BAD_RESPONSE. */

/* (transfer full) (nullable): the setting "field-map" over its defaults, char* → char*; an empty value is
 * a field that isn't sent. @json: (nullable): as typed. %ASSAY_ERROR_INVALID names what is wrong. */
GHashTable *assay_assessfirst_parse_field_map (const char *json, GError **error);

/* (transfer full) (nullable) (element-type AssayAssessment): the predictive models, and the choice to use
 * none. */
GPtrArray *assay_assessfirst_decode_models (JsonNode *root, GError **error);

/* (transfer full): name, value, name, value …, NULL-terminated: what an invitation says by version 2 */
char **assay_assessfirst_make_fields (GHashTable *field_map, const AssayInvitee *invitee, const char *locale);

/* (transfer full) (nullable): the candidate's id in an answer of either version, wrapped or not */
char *assay_assessfirst_dup_uuid (JsonNode *root);

/* (transfer full) (nullable): what opens a person's results in version 1: a secret */
char *assay_assessfirst_dup_candidate_token (JsonNode *user);

/* (transfer full) (nullable): how far a person is, by version 1. @adequacies: (nullable): the answer about
 * the match with
 * @model. Neither the candidate's token nor anything that holds it is in what is kept. */
AssayResult *assay_assessfirst_decode_user (JsonNode *user, JsonNode *adequacies, const char *model, GError **error);

/* (transfer full) (nullable): a result by version 2, from the places that @field_map names */
AssayResult *assay_assessfirst_decode_result (JsonNode *root, GHashTable *field_map, GError **error);

G_END_DECLS
