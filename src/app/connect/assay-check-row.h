/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of a check list: what is checked, and how it ended, as icon, words and colour. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_CHECK_WAITING,   /* not looked at yet */
  ASSAY_CHECK_RUNNING,
  ASSAY_CHECK_GOOD,
  ASSAY_CHECK_BAD,
  ASSAY_CHECK_WARNING,   /* works, but will do harm */
  ASSAY_CHECK_UNKNOWN,   /* can't be seen from here */
  ASSAY_CHECK_SPARED,    /* isn't there, and what needs it is left out */
} AssayCheckState;

#define ASSAY_TYPE_CHECK_ROW (assay_check_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayCheckRow, assay_check_row, ASSAY, CHECK_ROW, AdwActionRow)

/* @title: what is checked; text, not markup */
GtkWidget *assay_check_row_new (const char *title);

/* @sentence: (nullable): what is beneath: a purpose, or the remedy */
void assay_check_row_set_state (AssayCheckRow   *self,
                                AssayCheckState  state,
                                const char      *sentence);

G_END_DECLS
