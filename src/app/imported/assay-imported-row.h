/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody from a file or entered by hand, in a list. */
#pragma once

#include <adwaita.h>

#include "assay-candidate-file.h"

G_BEGIN_DECLS

/* What a row shows: a candidate of the list, or an entry of a file. */
#define ASSAY_TYPE_IMPORTED_ITEM (assay_imported_item_get_type ())
G_DECLARE_FINAL_TYPE (AssayImportedItem, assay_imported_item, ASSAY, IMPORTED_ITEM, GObject)

/* Takes a copy. */
AssayImportedItem *assay_imported_item_new (const AssayImportedCandidate *candidate);
/* Takes what it needs. */
AssayImportedItem *assay_imported_item_new_for_entry (const AssayCandidateEntry *entry);
/* (transfer none) (nullable): NULL for an entry that isn't understood */
const AssayImportedCandidate *assay_imported_item_get_candidate (AssayImportedItem *self);

/**
 * AssayImportedRow:
 *
 * Signals: "open" (int document: an AssayImportedDocument) and "remove", of a row of the list only.
 */
#define ASSAY_TYPE_IMPORTED_ROW (assay_imported_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayImportedRow, assay_imported_row, ASSAY, IMPORTED_ROW, AdwBin)

GtkWidget         *assay_imported_row_new (void);
/* @item: (nullable): to let go of what it showed */
void               assay_imported_row_set (AssayImportedRow *self, AssayImportedItem *item);
/* Where the candidate can be moved to; @menu: (nullable) */
void               assay_imported_row_set_stages (AssayImportedRow *self, GMenuModel *menu);
/* (transfer none) (nullable) */
AssayImportedItem *assay_imported_row_get (AssayImportedRow *self);

G_END_DECLS
