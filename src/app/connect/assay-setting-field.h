/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field of the form that is drawn from a connector's description: an entry or a choice, what it wants
 * beneath it, and, for a secret, where one finds it. */
#pragma once

#include <adwaita.h>

#include "assay-connector.h"

G_BEGIN_DECLS

/**
 * AssaySettingField:
 *
 * Checks its value with assay_connector_check_setting() as one types. A secret that was pasted with stray
 * spaces or line breaks is cleaned, and says so.
 *
 * Signals: "changed"; "activate", when Enter was pressed in it.
 */
#define ASSAY_TYPE_SETTING_FIELD (assay_setting_field_get_type ())
G_DECLARE_FINAL_TYPE (AssaySettingField, assay_setting_field, ASSAY, SETTING_FIELD, GtkBox)

/* For the name that the user gives the connection; @placeholder is what it is called when left empty. */
GtkWidget *assay_setting_field_new_name (const char *placeholder);

/* @description and @setting are borrowed for the life of the program, as connectors' descriptions are. */
GtkWidget *assay_setting_field_new_setting (const AssayConnectorDescription *description,
                                            const AssaySettingDescription   *setting);
GtkWidget *assay_setting_field_new_secret (const AssayConnectorDescription *description,
                                           const AssaySecretDescription    *secret);

/* (transfer none): the setting's or secret's name; "name" for the connection's name */
const char *assay_setting_field_get_name (AssaySettingField *self);
gboolean    assay_setting_field_is_secret (AssaySettingField *self);
/* Whether it hides among the advanced ones. */
gboolean    assay_setting_field_is_advanced (AssaySettingField *self);

/* (transfer full): trimmed; "" for nothing. A secret is to be freed with secret_password_free(): see
 * assay_setting_field_dup_secret(). */
char *assay_setting_field_dup_value (AssaySettingField *self);
/* (transfer full): cleaned, in non-pageable memory; free with secret_password_free() */
char *assay_setting_field_dup_secret (AssaySettingField *self);
void  assay_setting_field_set_value (AssaySettingField *self,
                                     const char        *value);

/* The keyring has this secret: the entry is emptied, and left empty it keeps the saved one and says so. */
void assay_setting_field_set_keeps_saved (AssaySettingField *self,
                                          gboolean           keeps_saved);

/**
 * assay_setting_field_check:
 * @self: a field
 *
 * Checks as before saving: now an empty required field is wrong too, and says so.
 *
 * Returns: whether the value is good
 */
gboolean assay_setting_field_check (AssaySettingField *self);

/* The same, if it is a secret that is in @secrets (name → secret) and nothing was typed meanwhile. */
void assay_setting_field_note_kept (AssaySettingField *self, GHashTable *secrets);

/* Puts the cursor in. */
void assay_setting_field_focus (AssaySettingField *self);

G_END_DECLS
