/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grey outline of a row whose content isn't here yet. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SKELETON_ROW (assay_skeleton_row_get_type ())
G_DECLARE_FINAL_TYPE (AssaySkeletonRow, assay_skeleton_row, ASSAY, SKELETON_ROW, AdwBin)

GtkWidget *assay_skeleton_row_new (void);

G_END_DECLS
