/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields that a connector's description names. */
#include "config.h"

#include "assay-connect-form.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

#include "assay-expander.h"
#include "assay-secrets.h"
#include "assay-setting-field.h"

struct _AssayConnectForm
{
  GtkBox parent_instance;

  const AssayConnectorDescription *description;   /* (nullable) until it is filled */
  GPtrArray *fields;                              /* borrowed AssaySettingFields, in their order */

  /* borrowed */
  GtkBox *plain;
  GtkExpander *expander;
  GtkBox *advanced;
};

enum
{
  CHANGED,
  ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayConnectForm, assay_connect_form, GTK_TYPE_BOX)

static void
field_activated_cb (AssayConnectForm *self)
{
  g_signal_emit (self, signals[ACTIVATE], 0);
}

/* (nullable) */
static const char *
get_only_with (AssayConnectForm *self,
               const char       *name)
{
  for (guint i = 0; self->description->settings[i].name != NULL; i++)
    if (g_str_equal (self->description->settings[i].name, name))
      return self->description->settings[i].only_with;
  for (guint i = 0; self->description->secrets[i].name != NULL; i++)
    if (g_str_equal (self->description->secrets[i].name, name))
      return self->description->secrets[i].only_with;
  return NULL;
}

/* Some fields matter only with a certain choice in another. */
static void
update_applying (AssayConnectForm *self)
{
  g_autoptr (GHashTable) settings = assay_connect_form_dup_settings (self, FALSE);
  gboolean any_advanced = FALSE;

  for (guint i = 0; i < self->fields->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->fields, i);
      const char *only_with = get_only_with (self, assay_setting_field_get_name (field));
      gboolean applies = assay_connector_applies (self->description, only_with, settings);

      gtk_widget_set_visible (GTK_WIDGET (field), applies);
      any_advanced = any_advanced || (applies && assay_setting_field_is_advanced (field));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->expander), any_advanced);
}

static void
field_changed_cb (AssayConnectForm *self)
{
  update_applying (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_field (AssayConnectForm *self,
           GtkWidget        *field)
{
  gboolean advanced = assay_setting_field_is_advanced (ASSAY_SETTING_FIELD (field));

  gtk_box_append (advanced ? self->advanced : self->plain, field);
  g_ptr_array_add (self->fields, field);
  g_signal_connect_object (field, "activate", G_CALLBACK (field_activated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (field, "changed", G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

/* One choice is none: the default will do. */
static gboolean
has_choice (const AssaySettingDescription *setting)
{
  return setting->type != ASSAY_SETTING_CHOICE || setting->choices == NULL || setting->choices[0] == NULL ||
         setting->choices[1] != NULL;
}

static gboolean
is_webhook_secret (const AssayConnectorDescription *description,
                   const AssaySecretDescription    *secret)
{
  return description->webhook != NULL && g_strcmp0 (description->webhook->secret, secret->name) == 0;
}

/* (nullable) (transfer none) */
static AssaySettingField *
find_field (AssayConnectForm *self,
            const char       *name)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->fields, i);

      if (g_strcmp0 (assay_setting_field_get_name (field), name) == 0)
        return field;
    }
  return NULL;
}

void
assay_connect_form_fill (AssayConnectForm                *self,
                         const AssayConnectorDescription *description,
                         const char                      *name,
                         GHashTable                      *settings,
                         gboolean                         keeps_saved)
{
  g_return_if_fail (ASSAY_IS_CONNECT_FORM (self));
  g_return_if_fail (description != NULL);

  self->description = description;
  g_ptr_array_set_size (self->fields, 0);
  clear_box (self->plain);
  clear_box (self->advanced);
  gtk_expander_set_expanded (self->expander, FALSE);

  for (guint i = 0; description->settings[i].name != NULL; i++)
    if (has_choice (&description->settings[i]))
      add_field (self, assay_setting_field_new_setting (description, &description->settings[i]));
  for (guint i = 0; description->secrets[i].name != NULL; i++)
    if (!is_webhook_secret (description, &description->secrets[i]))
      add_field (self, assay_setting_field_new_secret (description, &description->secrets[i]));
  /* Last, since it is good as it is. */
  add_field (self, assay_setting_field_new_name (name != NULL && *name != '\0' ? name : _(description->name)));

  for (guint i = 0; i < self->fields->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->fields, i);
      const char *key = assay_setting_field_get_name (field);
      const char *value = settings != NULL ? g_hash_table_lookup (settings, key) : NULL;

      if (assay_setting_field_is_secret (field))
        assay_setting_field_set_keeps_saved (field, keeps_saved);
      else if (value != NULL)
        assay_setting_field_set_value (field, value);
    }
  update_applying (self);
}

/* A subdomain only serves to make the address: with an address it may stay empty. So may what doesn't apply. */
static gboolean
may_stay_empty (AssayConnectForm  *self,
                AssaySettingField *field)
{
  AssaySettingField *base_url = find_field (self, "base-url");
  g_autofree char *address = base_url != NULL ? assay_setting_field_dup_value (base_url) : NULL;
  g_autofree char *value = NULL;

  if (!gtk_widget_get_visible (GTK_WIDGET (field)))
    return TRUE;
  if (address == NULL || *address == '\0' || g_strcmp0 (assay_setting_field_get_name (field), "subdomain") != 0)
    return FALSE;
  value = assay_setting_field_dup_value (field);
  return *value == '\0';
}

gboolean
assay_connect_form_check (AssayConnectForm *self)
{
  AssaySettingField *wrong = NULL;

  g_return_val_if_fail (ASSAY_IS_CONNECT_FORM (self), FALSE);

  for (guint i = 0; i < self->fields->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->fields, i);

      if (!may_stay_empty (self, field) && !assay_setting_field_check (field) && wrong == NULL)
        wrong = field;
    }
  if (wrong == NULL)
    return TRUE;
  if (assay_setting_field_is_advanced (wrong))
    gtk_expander_set_expanded (self->expander, TRUE);
  assay_setting_field_focus (wrong);
  return FALSE;
}

char *
assay_connect_form_dup_name (AssayConnectForm *self)
{
  AssaySettingField *field;

  g_return_val_if_fail (ASSAY_IS_CONNECT_FORM (self), NULL);

  field = find_field (self, "name");
  return field != NULL ? assay_setting_field_dup_value (field) : g_strdup ("");
}

GHashTable *
assay_connect_form_dup_settings (AssayConnectForm *self,
                                 gboolean          with_empty)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_return_val_if_fail (ASSAY_IS_CONNECT_FORM (self), settings);

  for (guint i = 0; i < self->fields->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->fields, i);
      const char *name = assay_setting_field_get_name (field);
      g_autofree char *value = NULL;

      if (assay_setting_field_is_secret (field) || g_str_equal (name, "name"))
        continue;
      value = assay_setting_field_dup_value (field);
      if (*value != '\0' || with_empty)
        g_hash_table_insert (settings, g_strdup (name), g_steal_pointer (&value));
    }
  return settings;
}

GHashTable *
assay_connect_form_dup_secrets (AssayConnectForm *self)
{
  GHashTable *secrets = assay_secrets_table_new ();

  g_return_val_if_fail (ASSAY_IS_CONNECT_FORM (self), secrets);

  for (guint i = 0; i < self->fields->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->fields, i);
      char *value;

      if (!assay_setting_field_is_secret (field) || !gtk_widget_get_visible (GTK_WIDGET (field)))
        continue;
      value = assay_setting_field_dup_secret (field);
      if (*value != '\0')
        assay_secrets_table_set (secrets, assay_setting_field_get_name (field), value);
      secret_password_free (value);
    }
  return secrets;
}

void
assay_connect_form_set_saved (AssayConnectForm *self)
{
  g_return_if_fail (ASSAY_IS_CONNECT_FORM (self));

  for (guint i = 0; i < self->fields->len; i++)
    if (assay_setting_field_is_secret (g_ptr_array_index (self->fields, i)))
      assay_setting_field_set_keeps_saved (g_ptr_array_index (self->fields, i), TRUE);
}

void
assay_connect_form_note_kept (AssayConnectForm *self,
                              GHashTable       *secrets)
{
  g_return_if_fail (ASSAY_IS_CONNECT_FORM (self));
  g_return_if_fail (secrets != NULL);

  for (guint i = 0; i < self->fields->len; i++)
    assay_setting_field_note_kept (g_ptr_array_index (self->fields, i), secrets);
}

void
assay_connect_form_focus (AssayConnectForm *self,
                          gboolean          secret)
{
  g_return_if_fail (ASSAY_IS_CONNECT_FORM (self));

  for (guint i = 0; i < self->fields->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->fields, i);

      if (gtk_widget_get_visible (GTK_WIDGET (field)) &&
          (secret ? assay_setting_field_is_secret (field) : !assay_setting_field_is_advanced (field)))
        {
          assay_setting_field_focus (field);
          return;
        }
    }
}

static void
assay_connect_form_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_CONNECT_FORM (object)->fields);
  G_OBJECT_CLASS (assay_connect_form_parent_class)->finalize (object);
}

static void
assay_connect_form_class_init (AssayConnectFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_connect_form_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
}

static GtkBox *
make_column (void)
{
  return GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
}

static void
assay_connect_form_init (AssayConnectForm *self)
{
  self->fields = g_ptr_array_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 18);

  self->plain = make_column ();
  self->advanced = make_column ();
  gtk_widget_set_margin_top (GTK_WIDGET (self->advanced), 12);
  self->expander = GTK_EXPANDER (assay_expander_new (_("Advanced settings"), NULL, GTK_WIDGET (self->advanced)));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->plain));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->expander));
}
