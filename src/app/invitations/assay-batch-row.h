/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody of a batch: how it went, and what a person has to decide. */
#pragma once

#include <adwaita.h>

#include "assay-row-list.h"
#include "assay-service.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_BATCH_ROW (assay_batch_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayBatchRow, assay_batch_row, ASSAY, BATCH_ROW, AdwBin)

GtkWidget *assay_batch_row_new (AssayService *service);

/* What it shows and follows; NULL when it is recycled. */
void assay_batch_row_set_row (AssayBatchRow *self, AssayRow *row);

G_END_DECLS
