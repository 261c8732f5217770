/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The circle with somebody's initials, in a list. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * AssayInitials:
 *
 * Looks as #AdwAvatar does, in the same colour for the same name, but with letters of one size. #AdwAvatar fits its letters
 * to the circle, so that a list has a font for nearly each row, and each takes fontconfig and Pango milliseconds to find.
 */
#define ASSAY_TYPE_INITIALS (assay_initials_get_type ())
G_DECLARE_FINAL_TYPE (AssayInitials, assay_initials, ASSAY, INITIALS, AdwBin)

/* @size: in pixels */
GtkWidget *assay_initials_new (int size);

/* @name: the full name; where it has no letters, a figure is shown. */
void assay_initials_set_name (AssayInitials *self, const char *name);

G_END_DECLS
