/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a wizard, one beneath the other: those behind, the one at hand, those to come. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * AssayStepRail:
 *
 * A list to look at, not to click: a step is reached by *Continue* and *Back*.
 */
#define ASSAY_TYPE_STEP_RAIL (assay_step_rail_get_type ())
G_DECLARE_FINAL_TYPE (AssayStepRail, assay_step_rail, ASSAY, STEP_RAIL, GtkBox)

/* @titles: NULL-terminated, ready to be read; copied */
void assay_step_rail_set_steps (AssayStepRail     *self,
                                const char *const *titles);

/* @current: from 0; as many as there are steps: all are behind */
void assay_step_rail_set_current (AssayStepRail *self,
                                  guint          current);

G_END_DECLS
