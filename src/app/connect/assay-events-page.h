/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one hears what happens at a vendor's: by asking, and what to prepare so that it reports by itself. */
#pragma once

#include <gtk/gtk.h>

#include "assay-connector.h"

G_BEGIN_DECLS

/**
 * AssayEventsPage:
 *
 * Drawn from the webhook that a connector's description names.
 *
 * Signals: "activate", when Enter was pressed in the secret's field.
 */
#define ASSAY_TYPE_EVENTS_PAGE (assay_events_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayEventsPage, assay_events_page, ASSAY, EVENTS_PAGE, GtkBox)

/**
 * assay_events_page_fill:
 * @self: the page
 * @description: a kind with a webhook
 * @interval: how often the vendor is asked for what changed, in milliseconds
 * @keeps_saved: whether the keyring may have the signing secret already
 */
void assay_events_page_fill (AssayEventsPage                 *self,
                             const AssayConnectorDescription *description,
                             guint                            interval,
                             gboolean                         keeps_saved);

/* Shows what the webhook needs without being asked. */
void assay_events_page_expand (AssayEventsPage *self);

/* (transfer full): the events that are chosen, as the vendor spells them; NULL-terminated */
char **assay_events_page_dup_events (AssayEventsPage *self);
/* Shows what was chosen before. */
void   assay_events_page_set_events (AssayEventsPage *self, const char *const *events);

/* Checks what was typed; what is wrong gets the focus. */
gboolean assay_events_page_check (AssayEventsPage *self);

/* (transfer full): name → secret: the signing secret, if one was typed */
GHashTable *assay_events_page_dup_secrets (AssayEventsPage *self);

/* Which of @secrets (name → secret) the keyring has from before. */
void assay_events_page_note_kept (AssayEventsPage *self, GHashTable *secrets);

/* The keyring has the secret now. */
void assay_events_page_set_saved (AssayEventsPage *self);

G_END_DECLS
