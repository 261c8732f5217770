/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row in which one picks an assessment: a drop-down with search over all providers' lists. */
#pragma once

#include <adwaita.h>

#include "assay-model.h"

G_BEGIN_DECLS

/**
 * AssayAssessmentRow:
 *
 * GtkDropDown of GTK 4.8 finds only what a name begins with; here the words one types may stand anywhere in
 * the name or in the provider's. While one types, the arrow keys move in the list and Enter picks.
 *
 * Signals: "picked", when another assessment was picked by the user.
 */
#define ASSAY_TYPE_ASSESSMENT_ROW (assay_assessment_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayAssessmentRow, assay_assessment_row, ASSAY, ASSESSMENT_ROW, AdwActionRow)

/**
 * assay_assessment_row_set_assessments:
 * @self: a row
 * @assessments: (element-type AssayAssessment): what can be picked, in this order; copied
 * @invited: (element-type gint64): a set of the ids of those that the person was invited to already. They are
 *   marked, and can be picked like the others: it is then said when that was
 *
 * Replaces the list. What was picked stays picked while it is in the list.
 */
void assay_assessment_row_set_assessments (AssayAssessmentRow *self,
                                           GPtrArray          *assessments,
                                           GHashTable         *invited);

/* Whether there is anything to pick. */
gboolean assay_assessment_row_has_assessments (AssayAssessmentRow *self);

/* (nullable) (transfer none): valid until the list is replaced */
const AssayAssessment *assay_assessment_row_get_picked (AssayAssessmentRow *self);

/* Picks the assessment with that id, if it is in the list; 0 picks none. Emits nothing. */
void assay_assessment_row_pick (AssayAssessmentRow *self,
                                gint64              id);

G_END_DECLS
