/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The batches, newest first, above the list of invitations. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayBatchStrip:
 *
 * Takes no room while there is no batch. Signal: "activated" (int64 batch id).
 */
#define ASSAY_TYPE_BATCH_STRIP (assay_batch_strip_get_type ())
G_DECLARE_FINAL_TYPE (AssayBatchStrip, assay_batch_strip, ASSAY, BATCH_STRIP, AdwBin)

GtkWidget *assay_batch_strip_new (void);
/* Once. */
void       assay_batch_strip_set_service (AssayBatchStrip *self, AssayService *service);

G_END_DECLS
