/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields that a connector's description names: its settings and secrets, and the connection's name. */
#pragma once

#include <gtk/gtk.h>

#include "assay-connector.h"

G_BEGIN_DECLS

/**
 * AssayConnectForm:
 *
 * Signals: "changed"; "activate", when Enter was pressed in a field.
 */
#define ASSAY_TYPE_CONNECT_FORM (assay_connect_form_get_type ())
G_DECLARE_FINAL_TYPE (AssayConnectForm, assay_connect_form, ASSAY, CONNECT_FORM, GtkBox)

/**
 * assay_connect_form_fill:
 * @self: a form
 * @description: what to draw; borrowed for the life of the program
 * @name: (nullable): the connection's name; NULL for the system's
 * @settings: (nullable): name → value to begin with
 * @keeps_saved: whether the keyring has the secrets already, so that their fields may stay empty
 *
 * Draws the fields anew. A secret that the description's webhook signs with isn't among them.
 */
void assay_connect_form_fill (AssayConnectForm                *self,
                              const AssayConnectorDescription *description,
                              const char                      *name,
                              GHashTable                      *settings,
                              gboolean                         keeps_saved);

/* Checks all fields as before saving; the first that is wrong gets the focus. */
gboolean assay_connect_form_check (AssayConnectForm *self);

/* (transfer full): the trimmed name; "" for none */
char *assay_connect_form_dup_name (AssayConnectForm *self);

/* (transfer full): name → value as typed; @with_empty: the empty ones too, which take away what was saved */
GHashTable *assay_connect_form_dup_settings (AssayConnectForm *self,
                                             gboolean          with_empty);

/* (transfer full): name → secret, cleaned, in a table that wipes them; those left empty aren't in it */
GHashTable *assay_connect_form_dup_secrets (AssayConnectForm *self);

/* The keyring has the secrets now: they are taken out of their entries. */
void assay_connect_form_set_saved (AssayConnectForm *self);

/* Which of @secrets (name → secret) the keyring has from before: their fields may stay empty. What was typed since stays. */
void assay_connect_form_note_kept (AssayConnectForm *self, GHashTable *secrets);

/* Puts the cursor into the first field that one has to fill in; with @secret into the first secret. */
void assay_connect_form_focus (AssayConnectForm *self,
                               gboolean          secret);

G_END_DECLS
