/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbered steps, to be done in a vendor's own screens. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @steps: NULL-terminated sentences, marked for translation; text, not markup */
GtkWidget *assay_steps_new (const char *const *steps);

G_END_DECLS
