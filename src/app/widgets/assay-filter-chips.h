/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filters in force, as chips that a click removes. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_FILTER_CHIPS (assay_filter_chips_get_type ())
G_DECLARE_FINAL_TYPE (AssayFilterChips, assay_filter_chips, ASSAY, FILTER_CHIPS, AdwBin)

/* Removes all chips; without any the widget takes no room. */
void assay_filter_chips_clear (AssayFilterChips *self);

/**
 * assay_filter_chips_add:
 * @self: chips
 * @text: what is filtered by, as plain text
 * @action_name: the action that a click activates
 * @target: (nullable): its parameter, sunk if floating
 */
void assay_filter_chips_add (AssayFilterChips *self, const char *text, const char *action_name,
                             GVariant *target);

G_END_DECLS
