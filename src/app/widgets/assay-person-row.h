/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person in a list, in two lines: a candidate's application, or an invitation. */
#pragma once

#include <adwaita.h>

#include "assay-row-list.h"

G_BEGIN_DECLS

/**
 * AssayPersonRow:
 *
 * Signal: "toggled", when its mark was clicked; whoever counts what is picked answers with
 * assay_person_row_set_picked().
 */
#define ASSAY_TYPE_PERSON_ROW (assay_person_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayPersonRow, assay_person_row, ASSAY, PERSON_ROW, AdwBin)

GtkWidget *assay_person_row_new (void);

/**
 * assay_person_row_set_row:
 * @self: a widget
 * @row: (nullable): what it shows and follows; %NULL when it is recycled
 *
 * Until assay_person_row_fill() the widget stays blank. A list view keeps two hundred rows around the dozen
 * that is seen, and binds all of them anew for every letter of a search; only those that are seen are worth
 * the work.
 */
void assay_person_row_set_row (AssayPersonRow *self, AssayRow *row);

/* Shows the content of its row, and follows it from then on; nothing when that is done already. */
void assay_person_row_fill (AssayPersonRow *self);

/* Makes what a filled row only shows under the pointer, once there is time for it. */
void assay_person_row_complete (AssayPersonRow *self);

/* (nullable) (transfer none): what it shows */
AssayRow *assay_person_row_get_row (AssayPersonRow *self);

/* Whether the job is named in the second line: in a list of one job's candidates it would say the same on
 * each row. */
void assay_person_row_set_show_job (AssayPersonRow *self, gboolean show_job);

/* Whether it has a mark to pick it by; before it is first filled. */
void assay_person_row_set_can_pick (AssayPersonRow *self, gboolean can_pick);
void assay_person_row_set_picked (AssayPersonRow *self, gboolean picked);

G_END_DECLS
