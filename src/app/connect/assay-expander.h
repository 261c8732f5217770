/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An expander whose content is there only while it is open. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * assay_expander_new:
 * @label: what is written on it
 * @spoken: (nullable): what a screen reader says instead
 * @child: (transfer floating): what it holds
 *
 * GTK 4.8 looks for the focus in the content of a closed expander as well, which isn't in any window then.
 *
 * Returns: (transfer floating): a #GtkExpander
 */
GtkWidget *assay_expander_new (const char *label,
                               const char *spoken,
                               GtkWidget  *child);

G_END_DECLS
