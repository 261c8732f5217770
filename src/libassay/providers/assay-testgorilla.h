/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestGorilla (testgorilla.com), an assessment provider. */
#pragma once

#include "assay-provider-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_TESTGORILLA (assay_testgorilla_get_type ())
G_DECLARE_FINAL_TYPE (AssayTestgorilla, assay_testgorilla, ASSAY, TESTGORILLA, AssayProviderBase)

extern const AssayConnectorDescription assay_testgorilla_description;

/* For the connector and its tests. */

/* (transfer full): an invitation has no id that is known for certain; a person can take an assessment once, so that both
 * together are one: "ASSESSMENT/E-MAIL", each percent-encoded */
char        *assay_testgorilla_make_remote_id (const char *assessment, const char *email);
/* (transfer full): what a record of a candidature says */
AssayResult *assay_testgorilla_read_candidature (JsonObject *record);
/* Adds what a record of one test's result says, if it is one with a score of its own. */
void         assay_testgorilla_add_score (AssayResult *result, JsonObject *record);
/* (transfer full) (nullable): an assessment that can be sent now; NULL for one that can't */
AssayAssessment *assay_testgorilla_read_assessment (JsonObject *record);

G_END_DECLS
