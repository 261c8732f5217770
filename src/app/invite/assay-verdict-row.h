/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody among the many: who, and ready or why not. */
#pragma once

#include <adwaita.h>

#include "assay-batch.h"

G_BEGIN_DECLS

/**
 * AssayVerdictRow:
 *
 * Signals, when one of its buttons is clicked: "edit", "leave-out", "put-back" (of one whose verdict is
 * %ASSAY_VERDICT_CANCELLED), "again".
 */
#define ASSAY_TYPE_VERDICT_ROW (assay_verdict_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayVerdictRow, assay_verdict_row, ASSAY, VERDICT_ROW, AdwBin)

GtkWidget *assay_verdict_row_new (void);

/**
 * assay_verdict_row_set:
 * @self: a row
 * @verdict: (nullable): whom it shows; copied as far as it is needed
 * @can_edit: whether name and e-mail may differ from the ATS's
 * @can_retake: whether somebody who was invited may be invited again on purpose
 */
void assay_verdict_row_set (AssayVerdictRow *self, const AssayVerdict *verdict, gboolean can_edit,
                            gboolean can_retake);

/* Whether its buttons are there; at first they are. */
void assay_verdict_row_set_read_only (AssayVerdictRow *self, gboolean read_only);

/* Which line of a file it is: shown in place of the avatar, and nobody of it can be left out. To be set before the verdict. */
void assay_verdict_row_set_line (AssayVerdictRow *self, guint line);

/* What the button says that "again" is of. */
void assay_verdict_row_set_again_label (AssayVerdictRow *self, const char *label);

/* Puts the keyboard on its button for leaving out, where it has one. */
void assay_verdict_row_focus_leave_out (AssayVerdictRow *self);

/* Of whom it shows, 0 for nobody. */
gint64 assay_verdict_row_get_application_id (AssayVerdictRow *self);

G_END_DECLS
