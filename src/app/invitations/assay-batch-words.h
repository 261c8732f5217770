/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the window speaks of a batch. */
#pragma once

#include "assay-batch.h"

G_BEGIN_DECLS

/* How many have come to an end, however it was, of those that are invited; between 0 and 1. */
double assay_batch_words_get_fraction (const AssayBatch *batch);
/* (transfer full): "120 of 188 sent" */
char  *assay_batch_words_dup_progress (const AssayBatch *batch);
/* (transfer full): what it does now: "Goes out in 8 s", "Paused", "40 a minute, about 2 min left", "Done" */
char  *assay_batch_words_dup_pace (const AssayBatch *batch, gboolean offline);
/* (transfer full) (nullable): what there is besides: "3 failed · 1 unsure · 12 set aside"; NULL for nothing */
char  *assay_batch_words_dup_rest (const AssayBatch *batch);
/* (transfer full): what a notification says when it has ended */
char  *assay_batch_words_dup_summary (const AssayBatch *batch);

G_END_DECLS
