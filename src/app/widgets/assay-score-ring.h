/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score as a ring with the number inside; without a known scale, the number alone. */
#pragma once

#include <adwaita.h>

#include "assay-model.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SCORE_RING (assay_score_ring_get_type ())
G_DECLARE_FINAL_TYPE (AssayScoreRing, assay_score_ring, ASSAY, SCORE_RING, GtkWidget)

GtkWidget *assay_score_ring_new (void);

/* @score is (nullable): the ring is empty and takes no room then. A score that arrives while the ring is seen
 * fills it by and by, unless animations are off. */
void assay_score_ring_set_score (AssayScoreRing *self, const AssayScore *score);

G_END_DECLS
