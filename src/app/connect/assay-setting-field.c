/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One field of the form that is drawn from a connector's description. */
#include "config.h"

#include "assay-setting-field.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

#include "assay-expander.h"
#include "assay-steps.h"

/* Half a word is wrong by nature: what is wrong is said once one stops typing, what is right at once. */
#define PAUSE_MILLISECONDS 500

struct _AssaySettingField
{
  GtkBox parent_instance;

  const AssayConnectorDescription *description;
  const AssaySettingDescription *setting;    /* (nullable) NULL for the name and for a secret */
  const AssaySecretDescription *secret;      /* (nullable) */
  gboolean keeps_saved;
  gboolean explained;                        /* whether the choices explain themselves */
  gboolean cleaning;
  guint pause_id;

  /* borrowed */
  AdwPreferencesGroup *group;
  AdwEntryRow *entry;       /* (nullable) with a choice: only where a choice takes a text of its own */
  AdwComboRow *choice;      /* (nullable) */
  AdwActionRow *toggle;     /* (nullable) where the choice is between yes and no */
  GtkSwitch *toggle_switch; /* (nullable) */
  GtkLabel *hint;
};

enum
{
  CHANGED,
  ACTIVATE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssaySettingField, assay_setting_field, GTK_TYPE_BOX)

/* A choice such as "header:" takes a text after its colon. */
static gboolean
takes_text (const char *choice)
{
  return choice != NULL && g_str_has_suffix (choice, ":");
}

static gboolean
is_yes_or_no (const AssaySettingDescription *setting)
{
  return setting->type == ASSAY_SETTING_CHOICE && setting->choices != NULL &&
         g_strv_length ((char **) setting->choices) == 2 && g_strv_contains (setting->choices, "yes") &&
         g_strv_contains (setting->choices, "no");
}

/* (nullable) */
static const char *
get_choice (AssaySettingField *self)
{
  guint selected;

  if (self->toggle_switch != NULL)
    return gtk_switch_get_active (self->toggle_switch) ? "yes" : "no";
  selected = adw_combo_row_get_selected (self->choice);
  return selected != GTK_INVALID_LIST_POSITION ? self->setting->choices[selected] : NULL;
}

/* Choices as people read them; the command line spells them as the description does. The rest stays. */
static const struct
{
  const char *choice;
  const char *label;
  gboolean explains;   /* whether it says as much as the setting's description does */
} choice_labels[] = {
  { "basic", N_("As a user name (Basic)"), TRUE },
  { "bearer", N_("As a token (Bearer)"), TRUE },
  { "header:", N_("In its own header"), TRUE },
};

/* (transfer none) */
static const char *
get_choice_label (AssaySettingField *self,
                  const char        *choice)
{
  for (guint i = 0; i < G_N_ELEMENTS (choice_labels); i++)
    if (g_str_equal (choice_labels[i].choice, choice))
      {
        self->explained = self->explained || choice_labels[i].explains;
        return _(choice_labels[i].label);
      }
  return choice;
}

/* ---- What is said beneath ---- */

static GtkWidget *
get_row (AssaySettingField *self)
{
  if (self->toggle != NULL)
    return GTK_WIDGET (self->toggle);
  return self->entry != NULL ? GTK_WIDGET (self->entry) : GTK_WIDGET (self->choice);
}

static void
say (AssaySettingField *self,
     const char        *sentence,
     gboolean           wrong)
{
  GtkWidget *row = get_row (self);

  gtk_label_set_label (self->hint, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint), sentence != NULL && *sentence != '\0');
  if (wrong)
    {
      gtk_widget_add_css_class (row, "error");
      gtk_widget_add_css_class (GTK_WIDGET (self->hint), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (self->hint), "dim-label");
    }
  else
    {
      gtk_widget_remove_css_class (row, "error");
      gtk_widget_remove_css_class (GTK_WIDGET (self->hint), "error");
      gtk_widget_add_css_class (GTK_WIDGET (self->hint), "dim-label");
    }
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* What the field wants, as long as nothing is wrong. */
static void
say_usual (AssaySettingField *self)
{
  g_autofree char *sentence = NULL;

  if (self->secret != NULL)
    {
      if (self->keeps_saved)
        say (self, _("Leave this empty to keep the saved one."), FALSE);
      else
        say (self, _("It is kept in your keyring and nowhere else."), FALSE);
      return;
    }
  if (self->setting == NULL)
    {
      say (self, _("What this connection is called in your lists."), FALSE);
      return;
    }
  if (self->explained)
    sentence = NULL;
  else if (self->setting->description != NULL && self->setting->placeholder != NULL)
    /* Translators: the first %s is a sentence about a setting, the second an example of a value */
    sentence = g_strdup_printf (_("%s For example: %s"), _(self->setting->description),
                                self->setting->placeholder);
  else if (self->setting->description != NULL)
    sentence = g_strdup (_(self->setting->description));
  else if (self->setting->placeholder != NULL)
    /* Translators: %s is an example of a value */
    sentence = g_strdup_printf (_("For example: %s"), self->setting->placeholder);
  say (self, sentence, FALSE);
}

static gboolean
is_required (AssaySettingField *self)
{
  /* What only matters with another setting's value is checked together with that. */
  if (self->secret != NULL)
    return self->secret->required && self->secret->only_with == NULL && !self->keeps_saved;
  return self->setting != NULL && self->setting->required && self->setting->only_with == NULL &&
         self->setting->default_value == NULL;
}

/* (nullable) */
static char *
dup_doubt (AssaySettingField *self)
{
  return assay_connector_doubt_secret (self->description, self->secret,
                                       gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

/* Checks a value; an empty one only with @strict. */
static gboolean
check (AssaySettingField *self,
       gboolean           strict)
{
  g_autofree char *value = NULL;
  g_autofree char *clean = NULL;
  g_autofree char *doubt = NULL;
  g_autoptr (GError) error = NULL;

  if (self->secret != NULL)
    {
      /* Whether it is the right one, only the vendor knows; that it is another's, its form may show. */
      gboolean empty = *gtk_editable_get_text (GTK_EDITABLE (self->entry)) == '\0';

      if (empty && strict && is_required (self))
        {
          g_autofree char *sentence = NULL;

          /* Translators: %s is what the vendor calls it, such as "API key" */
          sentence = g_strdup_printf (_("%s is needed: paste it here."), _(self->secret->title));
          say (self, sentence, TRUE);
          return FALSE;
        }
      doubt = dup_doubt (self);
      if (doubt != NULL)
        {
          say (self, doubt, TRUE);
          return FALSE;
        }
      say_usual (self);
      return TRUE;
    }

  value = assay_setting_field_dup_value (self);
  if (self->setting == NULL)
    {
      say_usual (self);
      return TRUE;
    }
  if (*value == '\0')
    {
      if (strict && is_required (self))
        {
          g_autofree char *sentence = NULL;

          if (self->setting->placeholder != NULL)
            /* Translators: the first %s is a setting such as "Base address", the second an example of it */
            sentence = g_strdup_printf (_("%s is needed. For example: %s"), _(self->setting->title),
                                        self->setting->placeholder);
          else
            sentence = g_strdup_printf (_("%s is needed."), _(self->setting->title));
          say (self, sentence, TRUE);
          return FALSE;
        }
      say_usual (self);
      return TRUE;
    }

  clean = assay_connector_check_setting (self->description, self->setting, value, &error);
  if (clean == NULL)
    {
      say (self, error->message, TRUE);
      return FALSE;
    }
  if (self->setting->type == ASSAY_SETTING_SUBDOMAIN && !g_str_equal (clean, value))
    {
      g_autofree char *sentence = NULL;

      /* Translators: %s is the part of a pasted address that is used, such as "acme" */
      sentence = g_strdup_printf (_("Assay uses “%s” of this."), clean);
      say (self, sentence, FALSE);
    }
  else
    say_usual (self);
  return TRUE;
}

gboolean
assay_setting_field_check (AssaySettingField *self)
{
  g_return_val_if_fail (ASSAY_IS_SETTING_FIELD (self), FALSE);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  return check (self, TRUE);
}

/* Whether what is there would do, without a word; an empty value does. */
static gboolean
is_good (AssaySettingField *self)
{
  g_autofree char *value = NULL;
  g_autofree char *clean = NULL;

  if (self->secret != NULL)
    {
      g_autofree char *doubt = dup_doubt (self);

      return doubt == NULL;
    }
  if (self->setting == NULL)
    return TRUE;
  value = assay_setting_field_dup_value (self);
  clean
    = *value != '\0' ? assay_connector_check_setting (self->description, self->setting, value, NULL) : NULL;
  return *value == '\0' || clean != NULL;
}

static void
paused_cb (gpointer user_data)
{
  AssaySettingField *self = user_data;

  self->pause_id = 0;
  check (self, FALSE);
}

/* ---- Signals of the rows ---- */

static void
clean_secret (AssaySettingField *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  gboolean cleaned = FALSE;
  char *clean = assay_connector_clean_secret (text, &cleaned);

  if (cleaned)
    {
      self->cleaning = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (self->entry), clean);
      gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
      self->cleaning = FALSE;
    }
  secret_password_free (clean);
  if (check (self, FALSE) && cleaned)
    say (self, _("Spaces and line breaks that came along were left out."), FALSE);
}

static void
entry_changed_cb (AssaySettingField *self)
{
  if (self->cleaning)
    return;
  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (self->secret != NULL)
    clean_secret (self);
  else if (is_good (self))
    check (self, FALSE);
  else
    self->pause_id = g_timeout_add_once (PAUSE_MILLISECONDS, paused_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
entry_activated_cb (AssaySettingField *self)
{
  g_signal_emit (self, signals[ACTIVATE], 0);
}

static void
choice_changed_cb (AssaySettingField *self)
{
  if (self->choice != NULL && self->entry != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->entry), takes_text (get_choice (self)));
  check (self, FALSE);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- Values ---- */

const char *
assay_setting_field_get_name (AssaySettingField *self)
{
  g_return_val_if_fail (ASSAY_IS_SETTING_FIELD (self), NULL);

  if (self->secret != NULL)
    return self->secret->name;
  return self->setting != NULL ? self->setting->name : "name";
}

gboolean
assay_setting_field_is_secret (AssaySettingField *self)
{
  g_return_val_if_fail (ASSAY_IS_SETTING_FIELD (self), FALSE);

  return self->secret != NULL;
}

gboolean
assay_setting_field_is_advanced (AssaySettingField *self)
{
  g_return_val_if_fail (ASSAY_IS_SETTING_FIELD (self), FALSE);

  return self->setting != NULL && self->setting->advanced;
}

char *
assay_setting_field_dup_value (AssaySettingField *self)
{
  g_autofree char *text = NULL;
  const char *choice;

  g_return_val_if_fail (ASSAY_IS_SETTING_FIELD (self), NULL);
  g_return_val_if_fail (self->secret == NULL, NULL);

  if (self->entry != NULL)
    text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
  if (self->choice == NULL && self->toggle == NULL)
    return g_steal_pointer (&text);
  choice = get_choice (self);
  if (takes_text (choice))
    return g_strconcat (choice, text, NULL);
  return g_strdup (choice != NULL ? choice : "");
}

char *
assay_setting_field_dup_secret (AssaySettingField *self)
{
  g_return_val_if_fail (ASSAY_IS_SETTING_FIELD (self), NULL);
  g_return_val_if_fail (self->secret != NULL, NULL);

  return assay_connector_clean_secret (gtk_editable_get_text (GTK_EDITABLE (self->entry)), NULL);
}

void
assay_setting_field_set_value (AssaySettingField *self,
                               const char        *value)
{
  g_return_if_fail (ASSAY_IS_SETTING_FIELD (self));

  if (value == NULL)
    value = "";
  if (self->toggle_switch != NULL)
    {
      gtk_switch_set_active (self->toggle_switch, g_str_equal (value, "yes"));
      return;
    }
  if (self->choice == NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->entry), value);
      return;
    }
  for (guint i = 0; self->setting->choices[i] != NULL; i++)
    {
      const char *choice = self->setting->choices[i];

      if (takes_text (choice) ? g_str_has_prefix (value, choice) : g_str_equal (value, choice))
        {
          if (takes_text (choice))
            gtk_editable_set_text (GTK_EDITABLE (self->entry), value + strlen (choice));
          adw_combo_row_set_selected (self->choice, i);
          return;
        }
    }
}

void
assay_setting_field_set_keeps_saved (AssaySettingField *self,
                                     gboolean           keeps_saved)
{
  g_return_if_fail (ASSAY_IS_SETTING_FIELD (self));

  self->keeps_saved = keeps_saved;
  /* What the keyring has is not shown again, and doesn't lie in an entry for longer than it must. */
  if (keeps_saved)
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  check (self, FALSE);
}

void
assay_setting_field_note_kept (AssaySettingField *self,
                               GHashTable        *secrets)
{
  g_return_if_fail (ASSAY_IS_SETTING_FIELD (self));
  g_return_if_fail (secrets != NULL);

  if (self->secret != NULL && g_hash_table_contains (secrets, self->secret->name) &&
      *gtk_editable_get_text (GTK_EDITABLE (self->entry)) == '\0')
    assay_setting_field_set_keeps_saved (self, TRUE);
}

void
assay_setting_field_focus (AssaySettingField *self)
{
  g_return_if_fail (ASSAY_IS_SETTING_FIELD (self));

  if (self->toggle_switch != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->toggle_switch));
  else if (self->entry != NULL && gtk_widget_get_visible (GTK_WIDGET (self->entry)))
    gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->choice));
}

/* ---- The object ---- */

static void
assay_setting_field_dispose (GObject *object)
{
  AssaySettingField *self = ASSAY_SETTING_FIELD (object);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  G_OBJECT_CLASS (assay_setting_field_parent_class)->dispose (object);
}

static void
assay_setting_field_class_init (AssaySettingFieldClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_setting_field_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
}

static void
assay_setting_field_init (AssaySettingField *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  self->hint = g_object_new (GTK_TYPE_LABEL,
                             "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS,
                             "wrap", TRUE,
                             "wrap-mode", PANGO_WRAP_WORD_CHAR,
                             "xalign", 0.0f,
                             "margin-start", 12,
                             "margin-end", 12,
                             NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "caption");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->group));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->hint));
}

static void
add_row (AssaySettingField *self,
         GtkWidget         *row,
         const char        *title)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_group_add (self->group, row);
}

static void
add_entry (AssaySettingField *self,
           GtkWidget         *row,
           const char        *title)
{
  self->entry = ADW_ENTRY_ROW (row);
  add_row (self, row, title);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect_swapped (row, "entry-activated", G_CALLBACK (entry_activated_cb), self);
}

static void
add_toggle (AssaySettingField *self)
{
  self->toggle = ADW_ACTION_ROW (adw_action_row_new ());
  self->toggle_switch = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->toggle_switch), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle_switch), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _(self->setting->title), -1);
  adw_action_row_add_suffix (self->toggle, GTK_WIDGET (self->toggle_switch));
  adw_action_row_set_activatable_widget (self->toggle, GTK_WIDGET (self->toggle_switch));
  add_row (self, GTK_WIDGET (self->toggle), _(self->setting->title));
  g_signal_connect_swapped (self->toggle_switch, "notify::active", G_CALLBACK (choice_changed_cb), self);
}

/* Where one finds it, in the vendor's own screens. */
static void
add_where_to_find (AssaySettingField *self,
                   const char        *title,
                   const char *const *steps)
{
  GtkWidget *expander;
  GtkWidget *list;
  g_autofree char *spoken = NULL;

  if (steps == NULL || steps[0] == NULL)
    return;
  list = assay_steps_new (steps);
  gtk_widget_set_margin_top (list, 6);
  /* Translators: %s is what is to be found, such as "API key" */
  spoken = g_strdup_printf (_("Where do I find the %s?"), title);
  expander = assay_expander_new (_("Where do I find this?"), spoken, list);
  gtk_widget_set_margin_start (expander, 12);
  gtk_widget_set_margin_end (expander, 12);
  gtk_box_append (GTK_BOX (self), expander);
}

GtkWidget *
assay_setting_field_new_name (const char *placeholder)
{
  AssaySettingField *self = g_object_new (ASSAY_TYPE_SETTING_FIELD, NULL);

  add_entry (self, adw_entry_row_new (), _("Name"));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), placeholder);
  say_usual (self);
  return GTK_WIDGET (self);
}

GtkWidget *
assay_setting_field_new_setting (const AssayConnectorDescription *description,
                                 const AssaySettingDescription   *setting)
{
  AssaySettingField *self = g_object_new (ASSAY_TYPE_SETTING_FIELD, NULL);

  self->description = description;
  self->setting = setting;
  if (is_yes_or_no (setting))
    add_toggle (self);
  else if (setting->type == ASSAY_SETTING_CHOICE && setting->choices != NULL)
    {
      g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
      gboolean text = FALSE;

      for (guint i = 0; setting->choices[i] != NULL; i++)
        {
          gtk_string_list_append (labels, get_choice_label (self, setting->choices[i]));
          text = text || takes_text (setting->choices[i]);
        }
      self->choice = ADW_COMBO_ROW (adw_combo_row_new ());
      adw_combo_row_set_model (self->choice, G_LIST_MODEL (labels));
      add_row (self, GTK_WIDGET (self->choice), _(setting->title));
      if (text)
        {
          add_entry (self, adw_entry_row_new (), _("Name of the header"));
          gtk_widget_hide (GTK_WIDGET (self->entry));
        }
      g_signal_connect_swapped (self->choice, "notify::selected", G_CALLBACK (choice_changed_cb), self);
    }
  else
    {
      add_entry (self, adw_entry_row_new (), _(setting->title));
      if (setting->type == ASSAY_SETTING_URL)
        adw_entry_row_set_input_purpose (self->entry, GTK_INPUT_PURPOSE_URL);
    }
  add_where_to_find (self, _(setting->title), setting->where_to_find);
  say_usual (self);
  if (setting->default_value != NULL)
    assay_setting_field_set_value (self, setting->default_value);
  return GTK_WIDGET (self);
}

GtkWidget *
assay_setting_field_new_secret (const AssayConnectorDescription *description,
                                const AssaySecretDescription    *secret)
{
  AssaySettingField *self = g_object_new (ASSAY_TYPE_SETTING_FIELD, NULL);

  self->description = description;
  self->secret = secret;
  add_entry (self, adw_password_entry_row_new (), _(secret->title));
  add_where_to_find (self, _(secret->title), secret->where_to_find);
  say_usual (self);
  return GTK_WIDGET (self);
}
