/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sentence in place: what happened, what to do, a button that does it, and the vendor's own words on
 * demand. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_NOTICE_INFORMATION,
  ASSAY_NOTICE_WARNING,
  ASSAY_NOTICE_ERROR,
} AssayNoticeKind;

/**
 * AssayNotice:
 *
 * Takes no room until it says something. Its texts are plain text, never markup, so that foreign words may
 * stand in them. Grabbing its focus goes to its button, if it has one.
 *
 * Signals: "activated", when its button was clicked.
 */
#define ASSAY_TYPE_NOTICE (assay_notice_get_type ())
G_DECLARE_FINAL_TYPE (AssayNotice, assay_notice, ASSAY, NOTICE, GtkWidget)

GtkWidget *assay_notice_new (void);

/**
 * assay_notice_say:
 * @self: a notice
 * @kind: how grave it is
 * @sentence: what happened and what to do
 * @button: (nullable): the label of a button that does it
 *
 * Shows @sentence in place of what was said before.
 */
void assay_notice_say (AssayNotice     *self,
                       AssayNoticeKind  kind,
                       const char      *sentence,
                       const char      *button);

/**
 * assay_notice_say_error:
 * @self: a notice
 * @error: what failed
 * @button: (nullable): the label of a button that mends it
 *
 * Shows the error's sentence, with what the vendor said under *Details*.
 */
void assay_notice_say_error (AssayNotice  *self,
                             const GError *error,
                             const char   *button);

/* Says nothing any more. */
void assay_notice_clear (AssayNotice *self);

G_END_DECLS
