/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the program running without a window while something is still to be sent, and says when a batch is done. */
#pragma once

#include <gtk/gtk.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayBackground:
 *
 * While an invitation waits that may leave, it holds the application, so that closing the window doesn't end it. What
 * waits for a person (a paused batch, a connection that has to be mended) doesn't hold. In a sandbox the desktop is asked
 * whether running without a window is allowed, once, when the last window goes; without a portal nothing is asked.
 */
#define ASSAY_TYPE_BACKGROUND (assay_background_get_type ())
G_DECLARE_FINAL_TYPE (AssayBackground, assay_background, ASSAY, BACKGROUND, GObject)

/* @application owns the result, and outlives it. */
AssayBackground *assay_background_new (GApplication *application, AssayService *service);

/* Whether something is still to be sent, as far as is known. */
gboolean assay_background_is_working (AssayBackground *self);

/* To be called when the last window was closed, or the first one opened. */
void assay_background_set_alone (AssayBackground *self, gboolean alone);

G_END_DECLS
