/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a batch is: pace, time left, pause, resume, cancel, and how it went for each. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayBatchPage:
 *
 * Property: "folded" (boolean): whether it needs a way back. Signal: "activated" (int64 application id, int64 invitation
 * id), when somebody of it is to be opened.
 */
#define ASSAY_TYPE_BATCH_PAGE (assay_batch_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayBatchPage, assay_batch_page, ASSAY, BATCH_PAGE, AdwBin)

AssayBatchPage *assay_batch_page_new (AssayService *service);

/* Shows another one; 0: none. */
void   assay_batch_page_show (AssayBatchPage *self, gint64 batch_id);
gint64 assay_batch_page_get_batch (AssayBatchPage *self);

G_END_DECLS
