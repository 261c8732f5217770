/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window shows while nothing is connected. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * AssayWelcomePage:
 *
 * Two ways on: `win.new-connection` and `win.try-sandbox`.
 */
#define ASSAY_TYPE_WELCOME_PAGE (assay_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayWelcomePage, assay_welcome_page, ASSAY, WELCOME_PAGE, AdwBin)

GtkWidget *assay_welcome_page_new (void);

/**
 * assay_welcome_page_set_starting:
 * @self: the page
 * @starting: whether the sandbox is being started
 *
 * Shows that the sandbox is on its way, and keeps it from being asked for twice.
 */
void assay_welcome_page_set_starting (AssayWelcomePage *self,
                                      gboolean          starting);

G_END_DECLS
