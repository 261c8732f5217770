/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a pane shows in place of its content: nothing here yet, nothing found, failed. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * AssayStatePage:
 *
 * Properties (construct them in .ui): "icon-name", "title", "description" (plain text, unlike
 * #AdwStatusPage's), "button-label" (nullable: no button), "action-name" and "action-target" (a #GVariant) of
 * the button.
 */
#define ASSAY_TYPE_STATE_PAGE (assay_state_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayStatePage, assay_state_page, ASSAY, STATE_PAGE, AdwBin)

GtkWidget *assay_state_page_new (void);

/**
 * assay_state_page_set_text:
 * @self: a page
 * @title: (nullable): a few words
 * @description: (nullable): a sentence or two
 */
void assay_state_page_set_text (AssayStatePage *self, const char *title, const char *description);

/**
 * assay_state_page_set_error:
 * @self: a page
 * @error: (nullable): what went wrong; its sentence becomes the description, and the vendor's own words go
 *   under *Details*
 */
void assay_state_page_set_error (AssayStatePage *self, const GError *error);

G_END_DECLS
