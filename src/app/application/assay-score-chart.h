/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named scores as thin bars, each with its name and its number beside it. */
#pragma once

#include <adwaita.h>

#include "assay-model.h"

G_BEGIN_DECLS

/**
 * AssayScoreChart:
 *
 * A table with a row for each score. With a keyboard one goes through the rows, and a screen reader reads name and number;
 * the bars only repeat them. A score of which the scale isn't known has no bar: none is guessed.
 */
#define ASSAY_TYPE_SCORE_CHART (assay_score_chart_get_type ())
G_DECLARE_FINAL_TYPE (AssayScoreChart, assay_score_chart, ASSAY, SCORE_CHART, AdwBin)

/* @scores: (element-type AssayScore): shown in this order; rows that are there are written into */
void assay_score_chart_set_scores (AssayScoreChart *self, GPtrArray *scores);

G_END_DECLS
