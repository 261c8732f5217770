/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row in which one chooses until when an invitation is valid. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * AssayDeadlineRow:
 *
 * A day in one press, or any other in a calendar; or none, and then the provider's own settings count. Days count to
 * their end.
 *
 * Signals: "changed", when the user has chosen another day, or none.
 */
#define ASSAY_TYPE_DEADLINE_ROW (assay_deadline_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayDeadlineRow, assay_deadline_row, ASSAY, DEADLINE_ROW, AdwActionRow)

/* The row is shown only where the provider takes a deadline. What was chosen stays for when one does again. */
void   assay_deadline_row_set_offered (AssayDeadlineRow *self, gboolean offered);

/* Unix milliseconds; 0 for none, and while the row is hidden. */
gint64 assay_deadline_row_get_deadline (AssayDeadlineRow *self);

G_END_DECLS
