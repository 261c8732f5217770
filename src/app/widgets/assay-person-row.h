/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person in a list, in two lines: a candidate's application, or an invitation. */
#pragma once

#include <adwaita.h>

#include "assay-row-list.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PERSON_ROW (assay_person_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayPersonRow, assay_person_row, ASSAY, PERSON_ROW, AdwBin)

GtkWidget *assay_person_row_new (void);

/**
 * assay_person_row_set_row:
 * @self: a widget
 * @row: (nullable): what it shows and follows; %NULL when it is recycled
 */
void assay_person_row_set_row (AssayPersonRow *self, AssayRow *row);

/* (nullable) (transfer none): what it shows */
AssayRow *assay_person_row_get_row (AssayPersonRow *self);

/* Whether the job is named in the second line: in a list of one job's candidates it would say the same on each row. */
void assay_person_row_set_show_job (AssayPersonRow *self, gboolean show_job);

G_END_DECLS
