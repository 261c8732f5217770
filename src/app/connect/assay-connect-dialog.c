/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window in which one connects a system.
 *
 *   systems ──▶ form ──(save)──▶ check ──(enable)──▶ done
 *                 ▲                │
 *                 └──── back ──────┘
 *
 * Saving and enabling are two steps. *Save and Test* writes settings and secrets (the first time a new
 * connection, from then on the same one), then checks key and permissions; whatever the check says, what was
 * saved stays saved, and nothing that was typed is lost by going back. A connection that exists begins at its
 * form, or at its check. Everything long can be cancelled: a check by going back, all of it by closing the
 * window. */
#include "config.h"

#include "assay-connect-dialog.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

#include "assay-accessible.h"
#include "assay-check-row.h"
#include "assay-connection-row.h"
#include "assay-notice.h"
#include "assay-queries.h"
#include "assay-secrets.h"
#include "assay-setting-field.h"

/* Between two ticks, so that one sees what was checked. */
#define TICK_MILLISECONDS 90

/* The choice of systems has a search from this many on. */
#define SEARCH_FROM 6

/* What the button of a notice does. */
typedef enum
{
  REMEDY_NONE,
  REMEDY_UNLOCK,
  REMEDY_CHANGE_SETTINGS,
} Remedy;

struct _AssayConnectDialog
{
  AdwWindow parent_instance;

  AssayService *service;
  GCancellable *cancellable;
  GCancellable *check_cancellable;                /* (nullable) while a check is under way */
  const AssayConnectorDescription *description;   /* (nullable) until a system was chosen */
  AssayConnection *connection;                    /* (nullable) as it was read last */
  gint64 connection_id;                           /* 0 until it is saved */
  gboolean chosen_here;                           /* whether *Back* leads to the choice of systems */
  gboolean existing;                              /* whether it was there before this window */
  gboolean begin_with_check;
  gboolean begin_with_key;
  gboolean busy;
  Remedy form_remedy;
  Remedy check_remedy;
  GPtrArray *field_list;                          /* borrowed AssaySettingFields, in the order of the form */
  GPtrArray *check_rows;                          /* borrowed: the key, then the permissions */
  AssayProbe *probe;                              /* (nullable) the last one */
  guint ticked;                                   /* how many rows show their result */
  guint tick_id;

  /* template */
  AdwWindowTitle *window_title;
  GtkWidget *back_button;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkSearchEntry *search;
  AdwPreferencesGroup *ats_group;
  AdwPreferencesGroup *provider_group;
  GtkWidget *no_system_label;
  GtkWidget *form;
  GtkLabel *form_title;
  AssayNotice *reason_notice;
  GtkWidget *prerequisites_box;
  GtkBox *prerequisites;
  GtkBox *fields;
  GtkExpander *advanced_expander;
  GtkBox *advanced;
  AssayNotice *form_notice;
  GtkButton *save_button;
  GtkLabel *check_title;
  GtkLabel *check_description;
  AdwPreferencesGroup *check_group;
  AssayNotice *check_notice;
  GtkWidget *check_button;
  GtkWidget *enable_button;
  GtkWidget *close_button;
  AdwStatusPage *done_page;
  GtkButton *next_button;
  GtkWidget *done_button;
};

G_DEFINE_FINAL_TYPE (AssayConnectDialog, assay_connect_dialog, ADW_TYPE_WINDOW)

static void start_check (AssayConnectDialog *self);

/* (transfer none): the connection's name, or its kind's */
static const char *
get_name (AssayConnectDialog *self)
{
  return self->connection != NULL ? self->connection->name : _(self->description->name);
}

static gboolean
is_page (AssayConnectDialog *self,
         const char         *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), name) == 0;
}

/* ---- The frame ---- */

static void
update_frame (AssayConnectDialog *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);
  g_autofree char *title = NULL;
  const char *subtitle = "";
  gboolean back;

  if (self->description == NULL || g_strcmp0 (page, "systems") == 0)
    title = g_strdup (self->existing ? _("Connection") : _("Connect a System"));
  else if (self->existing)
    title = g_strdup (get_name (self));
  else
    /* Translators: %s is a system such as Pinpoint, or what the user calls the connection to it */
    title = g_strdup_printf (_("Connect %s"), get_name (self));
  if (self->chosen_here && g_strcmp0 (page, "systems") == 0)
    subtitle = _("Step 1 of 3");
  else if (self->chosen_here && g_strcmp0 (page, "form") == 0)
    subtitle = _("Step 2 of 3");
  else if (self->chosen_here && g_strcmp0 (page, "check") == 0)
    subtitle = _("Step 3 of 3");
  adw_window_title_set_title (self->window_title, title);
  adw_window_title_set_subtitle (self->window_title, subtitle);
  gtk_window_set_title (GTK_WINDOW (self), title);

  back = g_strcmp0 (page, "check") == 0 ||
         (g_strcmp0 (page, "form") == 0 && self->chosen_here && self->connection_id == 0);
  gtk_widget_set_visible (self->back_button, back);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.back",
                                 back && (!self->busy || self->check_cancellable != NULL));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.save",
                                 !self->busy && g_strcmp0 (page, "form") == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.check", !self->busy && self->connection_id != 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.enable",
                                 !self->busy && self->probe != NULL && self->probe->ok);
  gtk_widget_set_sensitive (self->form, !self->busy);
  gtk_button_set_label (self->save_button, self->busy && g_strcmp0 (page, "form") == 0 ? _("Saving…")
                                                                                       : _("Save and test"));
}

static void
show_page (AssayConnectDialog *self,
           const char         *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  update_frame (self);
}

static void
set_busy (AssayConnectDialog *self,
          gboolean            busy)
{
  self->busy = busy;
  update_frame (self);
}

/* Says what went wrong, with the remedy that this window knows. */
static Remedy
say_error (AssayNotice  *notice,
           const GError *error,
           gboolean      offer_settings)
{
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_LOCKED))
    {
      assay_notice_say_error (notice, error, _("Unlock"));
      return REMEDY_UNLOCK;
    }
  if (offer_settings &&
      (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
       g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID) ||
       g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ||
       g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE) ||
       g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE)))
    {
      assay_notice_say_error (notice, error,
                              g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED)
                                ? _("Change the key")
                                : _("Change settings"));
      return REMEDY_CHANGE_SETTINGS;
    }
  assay_notice_say_error (notice, error, NULL);
  return REMEDY_NONE;
}

/* ---- Choosing a system ---- */

static gboolean
system_matches (const AssayConnectorDescription *description,
                const char                      *search)
{
  g_autofree char *all = g_strjoin (" ", description->id, _(description->name), _(description->summary),
                                    NULL);

  return g_str_match_string (search, all, TRUE);
}

static void
search_changed_cb (AssayConnectDialog *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  AdwPreferencesGroup *groups[] = { self->ats_group, self->provider_group };
  gboolean found[] = { FALSE, FALSE };

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      GPtrArray *rows = g_object_get_data (G_OBJECT (groups[i]), "rows");

      for (guint j = 0; j < rows->len; j++)
        {
          GtkWidget *row = g_ptr_array_index (rows, j);
          const AssayConnectorDescription *description = g_object_get_data (G_OBJECT (row), "description");
          gboolean visible = *search == '\0' || system_matches (description, search);

          gtk_widget_set_visible (row, visible);
          found[i] = found[i] || visible;
        }
      gtk_widget_set_visible (GTK_WIDGET (groups[i]), found[i]);
    }
  gtk_widget_set_visible (self->no_system_label, !found[0] && !found[1]);
}

static void begin_form (AssayConnectDialog *self, const AssayConnectorDescription *description);

static void
system_activated_cb (AssayConnectDialog *self,
                     GtkWidget          *row)
{
  self->chosen_here = TRUE;
  begin_form (self, g_object_get_data (G_OBJECT (row), "description"));
}

/* Enter in the search takes the first that is left. */
/* A search entry keeps Escape to itself. */
static void
search_stopped_cb (AssayConnectDialog *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
search_activated_cb (AssayConnectDialog *self)
{
  AdwPreferencesGroup *groups[] = { self->ats_group, self->provider_group };

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      GPtrArray *rows = g_object_get_data (G_OBJECT (groups[i]), "rows");

      for (guint j = 0; j < rows->len; j++)
        if (gtk_widget_get_visible (g_ptr_array_index (rows, j)))
          {
            system_activated_cb (self, g_ptr_array_index (rows, j));
            return;
          }
    }
}

static void
fill_systems (AssayConnectDialog *self)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();
  GPtrArray *ats_rows = g_ptr_array_new ();
  GPtrArray *provider_rows = g_ptr_array_new ();
  guint n = 0;

  g_object_set_data_full (G_OBJECT (self->ats_group), "rows", ats_rows, (GDestroyNotify) g_ptr_array_unref);
  g_object_set_data_full (G_OBJECT (self->provider_group), "rows", provider_rows,
                          (GDestroyNotify) g_ptr_array_unref);
  for (; kinds[n] != NULL; n++)
    {
      gboolean is_ats = kinds[n]->role == ASSAY_ROLE_ATS;
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(kinds[n]->name));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(kinds[n]->summary));
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      adw_action_row_set_icon_name (ADW_ACTION_ROW (row),
                                    is_ats ? "assay-candidates-symbolic" : "assay-assessments-symbolic");
      gtk_widget_add_css_class (arrow, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(kinds[n]->summary),
                                      -1);
      g_object_set_data (G_OBJECT (row), "description", (gpointer) kinds[n]);
      g_signal_connect_object (row, "activated", G_CALLBACK (system_activated_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (is_ats ? self->ats_group : self->provider_group, row);
      g_ptr_array_add (is_ats ? ats_rows : provider_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->ats_group), ats_rows->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->provider_group), provider_rows->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->search), n >= SEARCH_FROM);
}

/* ---- The form ---- */

static void
save_from_field_cb (AssayConnectDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "connect.save", NULL);
}

static void
field_changed_cb (AssayConnectDialog *self)
{
  /* What was said of the last attempt doesn't hold for this one. */
  assay_notice_clear (self->form_notice);
}

static void
add_field (AssayConnectDialog *self,
           GtkWidget          *field)
{
  gboolean advanced = assay_setting_field_is_advanced (ASSAY_SETTING_FIELD (field));

  gtk_box_append (advanced ? self->advanced : self->fields, field);
  g_ptr_array_add (self->field_list, field);
  g_signal_connect_object (field, "activate", G_CALLBACK (save_from_field_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (field, "changed", G_CALLBACK (field_changed_cb), self, G_CONNECT_SWAPPED);
  if (advanced)
    gtk_widget_show (GTK_WIDGET (self->advanced_expander));
}

static void
add_prerequisite (AssayConnectDialog *self,
                  const char         *sentence)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *bullet = gtk_label_new ("•");
  GtkWidget *text = g_object_new (GTK_TYPE_LABEL,
                                  "label", sentence,
                                  "wrap", TRUE,
                                  "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                  "xalign", 0.0f,
                                  "hexpand", TRUE,
                                  NULL);

  gtk_widget_set_valign (bullet, GTK_ALIGN_START);
  gtk_widget_add_css_class (bullet, "dim-label");
  gtk_box_append (GTK_BOX (line), bullet);
  gtk_box_append (GTK_BOX (line), text);
  gtk_box_append (self->prerequisites, line);
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

/* Draws the form from the description. */
static void
fill_form (AssayConnectDialog *self)
{
  const AssayConnectorDescription *description = self->description;
  g_autofree char *title = NULL;
  gboolean any = FALSE;

  g_ptr_array_set_size (self->field_list, 0);
  clear_box (self->fields);
  clear_box (self->advanced);
  clear_box (self->prerequisites);
  gtk_widget_hide (GTK_WIDGET (self->advanced_expander));
  assay_notice_clear (self->form_notice);
  assay_notice_clear (self->reason_notice);

  if (self->connection != NULL)
    title = g_strdup_printf (_("Change the settings of %s"), self->connection->name);
  else
    /* Translators: %s is a system such as Pinpoint */
    title = g_strdup_printf (_("Fill in how Assay reaches %s"), _(description->name));
  gtk_label_set_label (self->form_title, title);

  if (self->connection == NULL && description->prerequisites != NULL)
    for (guint i = 0; description->prerequisites[i] != NULL; i++)
      {
        add_prerequisite (self, _(description->prerequisites[i]));
        any = TRUE;
      }
  if (description->help_urls != NULL)
    for (guint i = 0; description->help_urls[i] != NULL; i++)
      {
        g_autofree char *label = NULL;
        GtkWidget *link;

        /* Translators: %s is a system such as Pinpoint */
        label = g_strdup_printf (_("%s’s own guide"), _(description->name));
        link = gtk_link_button_new_with_label (description->help_urls[i], label);
        gtk_widget_set_halign (link, GTK_ALIGN_START);
        gtk_box_append (self->prerequisites, link);
        any = TRUE;
      }
  gtk_widget_set_visible (self->prerequisites_box, any && self->connection == NULL);

  add_field (self, assay_setting_field_new_name (_(description->name)));
  for (guint i = 0; description->settings[i].name != NULL; i++)
    if (has_choice (&description->settings[i]))
      add_field (self, assay_setting_field_new_setting (description, &description->settings[i]));
  for (guint i = 0; description->secrets[i].name != NULL; i++)
    add_field (self, assay_setting_field_new_secret (&description->secrets[i]));

  if (self->connection == NULL)
    return;

  for (guint i = 0; i < self->field_list->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->field_list, i);
      const char *name = assay_setting_field_get_name (field);

      if (assay_setting_field_is_secret (field))
        assay_setting_field_set_keeps_saved (field, TRUE);
      else if (g_str_equal (name, "name"))
        assay_setting_field_set_value (field, self->connection->name);
      else if (assay_connection_get_setting (self->connection, name) != NULL)
        assay_setting_field_set_value (field, assay_connection_get_setting (self->connection, name));
    }
  if (self->connection->state == ASSAY_CONNECTION_FAILING)
    {
      g_autofree char *sentence = assay_connection_row_dup_reason (self->connection);

      assay_notice_say (self->reason_notice, ASSAY_NOTICE_WARNING, sentence, NULL);
    }
}

/* (nullable) (transfer none) */
static AssaySettingField *
find_field (AssayConnectDialog *self,
            const char         *name)
{
  for (guint i = 0; i < self->field_list->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->field_list, i);

      if (g_strcmp0 (assay_setting_field_get_name (field), name) == 0)
        return field;
    }
  return NULL;
}

/* The first field that one has to fill in; with a refused key, the key. */
static void
focus_form (AssayConnectDialog *self,
            gboolean            secret)
{
  for (guint i = 0; i < self->field_list->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->field_list, i);
      gboolean is_name = g_strcmp0 (assay_setting_field_get_name (field), "name") == 0;

      if (secret ? assay_setting_field_is_secret (field)
                 : !is_name && !assay_setting_field_is_advanced (field))
        {
          assay_setting_field_focus (field);
          return;
        }
    }
}

static void
begin_form (AssayConnectDialog              *self,
            const AssayConnectorDescription *description)
{
  /* Coming back to the same system finds what was typed. */
  if (self->description != description || self->field_list->len == 0)
    {
      self->description = description;
      fill_form (self);
    }
  show_page (self, "form");
  focus_form (self, self->begin_with_key || (self->connection != NULL &&
                                             g_strcmp0 (self->connection->reason_code, "unauthorized") == 0));
}

/* Checks all fields; the first wrong one gets the focus. */
static gboolean
check_form (AssayConnectDialog *self)
{
  AssaySettingField *wrong = NULL;
  AssaySettingField *base_url = find_field (self, "base-url");
  g_autofree char *address = base_url != NULL ? assay_setting_field_dup_value (base_url) : NULL;

  for (guint i = 0; i < self->field_list->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->field_list, i);

      /* A subdomain only serves to make the address. */
      if (address != NULL && *address != '\0' &&
          g_strcmp0 (assay_setting_field_get_name (field), "subdomain") == 0)
        {
          g_autofree char *subdomain = assay_setting_field_dup_value (field);

          if (*subdomain == '\0')
            continue;
        }
      if (!assay_setting_field_check (field) && wrong == NULL)
        wrong = field;
    }
  if (wrong == NULL)
    return TRUE;
  if (assay_setting_field_is_advanced (wrong))
    gtk_expander_set_expanded (self->advanced_expander, TRUE);
  assay_setting_field_focus (wrong);
  return FALSE;
}

/* ---- Reading the connection ---- */

/* Runs on a thread of the store. */
static gpointer
read_connection (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  const gint64 *id = data;

  return assay_connections_get (database, *id, error);
}

static void
read_async (AssayConnectDialog  *self,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback)
{
  assay_store_read_async (assay_service_get_store (self->service), read_connection,
                          g_memdup2 (&self->connection_id, sizeof self->connection_id), g_free,
                          (GDestroyNotify) assay_connection_free, cancellable, callback, self);
}

static void
take_connection (AssayConnectDialog *self,
                 AssayConnection    *connection)
{
  g_clear_pointer (&self->connection, assay_connection_free);
  self->connection = connection;
}

static void
first_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (source), result, &error);
  const AssayConnectorDescription *description;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  description = connection != NULL ? assay_connector_find (connection->kind) : NULL;
  if (description == NULL)
    {
      g_autofree char *escaped = NULL;

      if (error != NULL)
        escaped = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (
        self->failed_page, error != NULL ? escaped : _("This version of Assay doesn’t know its kind."));
      show_page (self, "failed");
      return;
    }
  take_connection (self, g_steal_pointer (&connection));
  self->description = description;
  fill_form (self);
  if (self->begin_with_check)
    start_check (self);
  else
    begin_form (self, description);
}

/* ---- Saving ---- */

static GHashTable *
collect_settings (AssayConnectDialog *self)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < self->field_list->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->field_list, i);
      const char *name = assay_setting_field_get_name (field);
      g_autofree char *value = NULL;

      if (assay_setting_field_is_secret (field) || g_str_equal (name, "name"))
        continue;
      value = assay_setting_field_dup_value (field);
      /* For a connection that exists, an empty value takes the old one away. */
      if (*value != '\0' || self->connection_id != 0)
        g_hash_table_insert (settings, g_strdup (name), g_steal_pointer (&value));
    }
  return settings;
}

static GHashTable *
collect_secrets (AssayConnectDialog *self)
{
  GHashTable *secrets = assay_secrets_table_new ();

  for (guint i = 0; i < self->field_list->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->field_list, i);
      char *value;

      if (!assay_setting_field_is_secret (field))
        continue;
      value = assay_setting_field_dup_secret (field);
      if (*value != '\0')
        assay_secrets_table_set (secrets, assay_setting_field_get_name (field), value);
      secret_password_free (value);
    }
  return secrets;
}

static void
saved_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->busy = FALSE;
  if (connection != NULL)
    take_connection (self, g_steal_pointer (&connection));
  start_check (self);
}

static void
saved (AssayConnectDialog *self,
       const GError       *error)
{
  if (error != NULL)
    {
      set_busy (self, FALSE);
      self->form_remedy = say_error (self->form_notice, error, FALSE);
      if (!gtk_widget_grab_focus (GTK_WIDGET (self->form_notice)))
        gtk_widget_grab_focus (GTK_WIDGET (self->save_button));
      return;
    }
  /* What is in the keyring now needn't be typed again. */
  for (guint i = 0; i < self->field_list->len; i++)
    {
      AssaySettingField *field = g_ptr_array_index (self->field_list, i);

      if (assay_setting_field_is_secret (field))
        assay_setting_field_set_keeps_saved (field, TRUE);
    }
  read_async (self, self->cancellable, saved_read_cb);
}

static void
add_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 id = assay_service_add_connection_finish (ASSAY_SERVICE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (id != 0)
    self->connection_id = id;
  saved (self, error);
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  assay_service_set_connection_finish (ASSAY_SERVICE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  saved (self, error);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GHashTable) secrets = NULL;
  g_autofree char *name = NULL;

  if (self->busy || !check_form (self))
    return;

  assay_notice_clear (self->form_notice);
  settings = collect_settings (self);
  secrets = collect_secrets (self);
  name = assay_setting_field_dup_value (find_field (self, "name"));
  /* An entry that turns insensitive while it has the focus goes on blinking. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  set_busy (self, TRUE);
  if (self->connection_id == 0)
    assay_service_add_connection_async (self->service, self->description->id, name, settings, secrets,
                                        self->cancellable, add_cb, self);
  else
    assay_service_set_connection_async (self->service, self->connection_id, *name != '\0' ? name : NULL,
                                        settings, secrets, self->cancellable, set_cb, self);
}

static void
unlock_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_unlock_keyring_finish (ASSAY_SERVICE (source), result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      set_busy (self, FALSE);
      if (is_page (self, "form"))
        self->form_remedy = say_error (self->form_notice, error, FALSE);
      else
        self->check_remedy = say_error (self->check_notice, error, TRUE);
      return;
    }
  set_busy (self, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), is_page (self, "form") ? "connect.save" : "connect.check",
                              NULL);
}

static void
unlock (AssayConnectDialog *self)
{
  set_busy (self, TRUE);
  assay_service_unlock_keyring_async (self->service, self->cancellable, unlock_cb, self);
}

static void
form_notice_activated_cb (AssayConnectDialog *self)
{
  if (self->form_remedy == REMEDY_UNLOCK && !self->busy)
    unlock (self);
}

/* ---- Checking ---- */

static char *
format_permission (const char *name,
                   const char *access)
{
  /* Translators: the first %s is a permission as the vendor calls it, such as "Job", the second its degree,
   * "Read" */
  return access != NULL && *access != '\0' ? g_strdup_printf (_("%s: %s"), name, access) : g_strdup (name);
}

static void
add_check_row (AssayConnectDialog *self,
               const char         *title)
{
  GtkWidget *row = assay_check_row_new (title);

  adw_preferences_group_add (self->check_group, row);
  g_ptr_array_add (self->check_rows, row);
}

static void
clear_check_rows (AssayConnectDialog *self)
{
  for (guint i = 0; i < self->check_rows->len; i++)
    adw_preferences_group_remove (self->check_group, g_ptr_array_index (self->check_rows, i));
  g_ptr_array_set_size (self->check_rows, 0);
}

static const AssayPermissionDescription *
find_permission (AssayConnectDialog    *self,
                 const AssayPermission *permission)
{
  const AssayPermissionDescription *descriptions = self->description->permissions;

  for (guint i = 0; descriptions[i].name != NULL; i++)
    if (g_strcmp0 (descriptions[i].name, permission->name) == 0 &&
        g_strcmp0 (descriptions[i].access, permission->access) == 0)
      return &descriptions[i];
  return NULL;
}

/* Whether the key as such was refused, so that nothing is known of its permissions. */
static gboolean
key_is_bad (AssayConnectDialog *self)
{
  return self->probe->error != NULL &&
         !g_error_matches (self->probe->error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN);
}

static void
show_tick (AssayConnectDialog *self,
           guint               index)
{
  AssayCheckRow *row = g_ptr_array_index (self->check_rows, index);
  const AssayPermissionDescription *description;
  const AssayPermission *permission;
  const char *purpose;

  if (index == 0)
    {
      g_autofree char *account = NULL;

      if (key_is_bad (self))
        {
          assay_check_row_set_state (row, ASSAY_CHECK_BAD, NULL);
          return;
        }
      if (self->probe->account != NULL)
        /* Translators: %s is whose account it is at the vendor's, such as a company's name */
        account = g_strdup_printf (_("The account of %s."), self->probe->account);
      assay_check_row_set_state (row, ASSAY_CHECK_GOOD, account);
      return;
    }

  permission = g_ptr_array_index (self->probe->permissions, index - 1);
  description = find_permission (self, permission);
  purpose = description != NULL && description->purpose != NULL ? _(description->purpose) : NULL;
  switch (permission->granted)
    {
    case ASSAY_GRANTED_YES:
      assay_check_row_set_state (row, ASSAY_CHECK_GOOD, purpose);
      break;
    case ASSAY_GRANTED_NO:
      if (key_is_bad (self))
        assay_check_row_set_state (row, ASSAY_CHECK_WAITING, purpose);
      else
        assay_check_row_set_state (row, permission->needed ? ASSAY_CHECK_BAD : ASSAY_CHECK_UNKNOWN,
                                   permission->remedy);
      break;
    case ASSAY_GRANTED_UNKNOWN:
    default:
      if (key_is_bad (self))
        assay_check_row_set_state (row, ASSAY_CHECK_WAITING, purpose);
      else
        assay_check_row_set_state (row, ASSAY_CHECK_UNKNOWN, permission->remedy);
      break;
    }
}

/* The one step that helps. */
static void
focus_remedy (AssayConnectDialog *self)
{
  if (!gtk_widget_grab_focus (GTK_WIDGET (self->check_notice)))
    gtk_widget_grab_focus (self->check_button);
}

static void
show_verdict (AssayConnectDialog *self)
{
  gboolean enabled = self->connection != NULL && (self->connection->state == ASSAY_CONNECTION_ENABLED ||
                                                  self->connection->state == ASSAY_CONNECTION_FAILING);
  g_autofree char *title = NULL;
  const char *description;

  self->check_remedy = REMEDY_NONE;
  assay_notice_clear (self->check_notice);
  if (self->probe->ok)
    {
      /* Translators: %s is the name of a connection */
      title = g_strdup_printf (_("%s is ready"), get_name (self));
      description = enabled ? _("It is enabled.") : _("Enable it, and Assay begins to use it.");
    }
  else
    {
      /* Translators: %s is the name of a connection */
      title = g_strdup_printf (_("%s isn’t ready yet"), get_name (self));
      description = enabled ? _("It is enabled, but can’t work until this is mended.")
                            : _("What you filled in is saved. Mend what is marked, then check again.");
      if (self->probe->error != NULL)
        self->check_remedy = say_error (self->check_notice, self->probe->error, TRUE);
    }
  gtk_label_set_label (self->check_title, title);
  gtk_label_set_label (self->check_description, description);
  gtk_widget_set_visible (self->enable_button, self->probe->ok && !enabled);
  gtk_widget_set_visible (self->close_button, self->probe->ok && enabled);
  g_clear_object (&self->check_cancellable);
  set_busy (self, FALSE);

  if (self->probe->ok)
    gtk_widget_grab_focus (enabled ? self->close_button : self->enable_button);
  else
    focus_remedy (self);
}

static gboolean
tick_cb (gpointer user_data)
{
  AssayConnectDialog *self = user_data;

  if (self->ticked < self->check_rows->len)
    {
      show_tick (self, self->ticked++);
      if (self->ticked < self->check_rows->len)
        {
          if (!key_is_bad (self))
            assay_check_row_set_state (g_ptr_array_index (self->check_rows, self->ticked),
                                       ASSAY_CHECK_RUNNING, NULL);
          return G_SOURCE_CONTINUE;
        }
    }
  self->tick_id = 0;
  show_verdict (self);
  return G_SOURCE_REMOVE;
}

static void
show_probe (AssayConnectDialog *self)
{
  gboolean animate = TRUE;

  /* The answer may know more permissions than the description. */
  for (guint i = self->check_rows->len; i < self->probe->permissions->len + 1; i++)
    {
      const AssayPermission *permission = g_ptr_array_index (self->probe->permissions, i - 1);
      g_autofree char *title = format_permission (permission->name, permission->access);

      add_check_row (self, title);
    }
  while (self->check_rows->len > self->probe->permissions->len + 1)
    {
      adw_preferences_group_remove (self->check_group,
                                    g_ptr_array_index (self->check_rows, self->check_rows->len - 1));
      g_ptr_array_set_size (self->check_rows, self->check_rows->len - 1);
    }
  for (guint i = 0; i < self->probe->permissions->len; i++)
    {
      const AssayPermission *permission = g_ptr_array_index (self->probe->permissions, i);
      g_autofree char *title = format_permission (permission->name, permission->access);

      adw_preferences_row_set_title (g_ptr_array_index (self->check_rows, i + 1), title);
    }

  self->ticked = 0;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animate, NULL);
  if (animate)
    {
      self->tick_id = g_timeout_add (TICK_MILLISECONDS, tick_cb, self);
      return;
    }
  while (self->ticked < self->check_rows->len)
    show_tick (self, self->ticked++);
  show_verdict (self);
}

static void
checked_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (connection != NULL)
    take_connection (self, g_steal_pointer (&connection));
  show_probe (self);
}

static void
test_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL;
  AssayProbe *probe;

  probe = assay_service_test_connection_finish (ASSAY_SERVICE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->probe = probe;
  if (probe != NULL)
    {
      /* The test may have changed the connection's state. */
      read_async (self, self->check_cancellable, checked_read_cb);
      return;
    }
  for (guint i = 0; i < self->check_rows->len; i++)
    assay_check_row_set_state (g_ptr_array_index (self->check_rows, i), ASSAY_CHECK_WAITING, NULL);
  title = g_strdup_printf (_("%s couldn’t be checked"), get_name (self));
  gtk_label_set_label (self->check_title, title);
  gtk_label_set_label (self->check_description, _("What you filled in is saved."));
  self->check_remedy = say_error (self->check_notice, error, TRUE);
  g_clear_object (&self->check_cancellable);
  set_busy (self, FALSE);
  focus_remedy (self);
}

/* Gives up the check under way, if there is one. */
static void
stop_check (AssayConnectDialog *self)
{
  if (self->check_cancellable == NULL)
    return;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_cancellable_cancel (self->check_cancellable);
  g_clear_object (&self->check_cancellable);
  self->busy = FALSE;
}

static void
start_check (AssayConnectDialog *self)
{
  const AssayPermissionDescription *permissions = self->description->permissions;
  g_autofree char *title = NULL;

  stop_check (self);
  g_clear_pointer (&self->probe, assay_probe_free);
  assay_notice_clear (self->check_notice);
  clear_check_rows (self);
  add_check_row (self, _("Address and key"));
  for (guint i = 0; permissions[i].name != NULL; i++)
    {
      g_autofree char *permission = format_permission (_(permissions[i].name), _(permissions[i].access));

      add_check_row (self, permission);
    }
  assay_check_row_set_state (g_ptr_array_index (self->check_rows, 0), ASSAY_CHECK_RUNNING, NULL);

  /* Translators: %s is the name of a connection */
  title = g_strdup_printf (_("Checking %s"), get_name (self));
  gtk_label_set_label (self->check_title, title);
  gtk_label_set_label (self->check_description, _("Assay asks for a little of everything that it needs."));
  gtk_widget_hide (self->enable_button);
  gtk_widget_hide (self->close_button);
  self->busy = TRUE;
  self->check_cancellable = g_cancellable_new ();
  show_page (self, "check");
  assay_service_test_connection_async (self->service, self->connection_id, self->check_cancellable, test_cb,
                                       self);
}

static void
check_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);

  if (!self->busy)
    start_check (self);
}

static void
check_notice_activated_cb (AssayConnectDialog *self)
{
  if (self->busy)
    return;
  if (self->check_remedy == REMEDY_UNLOCK)
    unlock (self);
  else if (self->check_remedy == REMEDY_CHANGE_SETTINGS)
    {
      show_page (self, "form");
      focus_form (self, self->probe != NULL &&
                          g_error_matches (self->probe->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED));
    }
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);

  stop_check (self);
  if (self->busy)
    return;
  if (is_page (self, "check"))
    {
      show_page (self, "form");
      focus_form (self, FALSE);
    }
  else if (is_page (self, "form") && self->chosen_here && self->connection_id == 0)
    {
      show_page (self, "systems");
      gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
    }
}

/* ---- Enabling ---- */

/* Runs on a thread of the store: whether there is a connection of that role in use. */
static gpointer
read_has_role (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  g_autoptr (GPtrArray) connections = assay_connections_list (database, error);

  for (guint i = 0; connections != NULL && i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (connection->role == (AssayRole) GPOINTER_TO_INT (data) &&
          connection->state == ASSAY_CONNECTION_ENABLED)
        return GINT_TO_POINTER (TRUE);
    }
  return NULL;
}

static void
next_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean has_other = assay_store_finish (ASSAY_STORE (source), result, &error) != NULL;
  g_autofree char *title = NULL;
  g_autofree char *escaped = NULL;
  gboolean is_ats = self->description->role == ASSAY_ROLE_ATS;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* Translators: %s is the name of a connection */
  title = g_strdup_printf (_("%s is enabled"), get_name (self));
  escaped = g_markup_escape_text (title, -1);
  adw_status_page_set_title (self->done_page, escaped);
  adw_status_page_set_description (self->done_page,
                                   is_ats ? _("Jobs and candidates appear as they are read.")
                                          : _("Its assessments can be sent now."));
  gtk_widget_set_visible (GTK_WIDGET (self->next_button), error == NULL && !has_other);
  gtk_button_set_label (self->next_button,
                        is_ats ? _("Connect an assessment provider") : _("Connect your ATS"));
  self->busy = FALSE;
  show_page (self, "done");
  gtk_widget_grab_focus (gtk_widget_get_visible (GTK_WIDGET (self->next_button))
                           ? GTK_WIDGET (self->next_button)
                           : self->done_button);
}

static void
enable_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  AssayRole other = self->description->role == ASSAY_ROLE_ATS ? ASSAY_ROLE_PROVIDER : ASSAY_ROLE_ATS;

  if (!assay_service_enable_connection_finish (ASSAY_SERVICE (source), result, &error))
    {
      g_autofree char *title = NULL;

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      title = g_strdup_printf (_("%s isn’t enabled"), get_name (self));
      gtk_label_set_label (self->check_title, title);
      self->check_remedy = say_error (self->check_notice, error, TRUE);
      set_busy (self, FALSE);
      focus_remedy (self);
      return;
    }
  assay_store_read_async (assay_service_get_store (self->service), read_has_role, GINT_TO_POINTER (other),
                          NULL, NULL, self->cancellable, next_read_cb, self);
}

static void
enable_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);
  g_autofree char *title = NULL;

  if (self->busy || self->connection_id == 0)
    return;
  assay_notice_clear (self->check_notice);
  title = g_strdup_printf (_("Enabling %s"), get_name (self));
  gtk_label_set_label (self->check_title, title);
  set_busy (self, TRUE);
  assay_service_enable_connection_async (self->service, self->connection_id, self->cancellable, enable_cb,
                                         self);
}

/* The same window begins anew, for the other half. */
static void
next_clicked_cb (AssayConnectDialog *self)
{
  self->description = NULL;
  self->connection_id = 0;
  self->existing = FALSE;
  self->chosen_here = TRUE;
  g_clear_pointer (&self->connection, assay_connection_free);
  g_clear_pointer (&self->probe, assay_probe_free);
  g_ptr_array_set_size (self->field_list, 0);
  show_page (self, "systems");
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

/* ---- The object ---- */

static void
assay_connect_dialog_dispose (GObject *object)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  stop_check (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CONNECT_DIALOG);
  G_OBJECT_CLASS (assay_connect_dialog_parent_class)->dispose (object);
}

static void
assay_connect_dialog_finalize (GObject *object)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->connection, assay_connection_free);
  g_clear_pointer (&self->probe, assay_probe_free);
  g_clear_pointer (&self->field_list, g_ptr_array_unref);
  g_clear_pointer (&self->check_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (assay_connect_dialog_parent_class)->finalize (object);
}

static void
assay_connect_dialog_class_init (AssayConnectDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_connect_dialog_dispose;
  object_class->finalize = assay_connect_dialog_finalize;

  gtk_widget_class_install_action (widget_class, "connect.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "connect.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "connect.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "connect.enable", NULL, enable_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "connect.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "connect.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "connect.check", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (ASSAY_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-connect-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, window_title);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, search);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, ats_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, provider_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, no_system_label);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, form);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, form_title);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, reason_notice);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, prerequisites_box);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, prerequisites);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, fields);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, advanced_expander);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, advanced);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, form_notice);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, check_title);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, check_description);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, check_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, check_notice);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, check_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, enable_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, done_page);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, next_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, done_button);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_notice_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_notice_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_clicked_cb);
}

static void
assay_connect_dialog_init (AssayConnectDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->field_list = g_ptr_array_new ();
  self->check_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->stack));
  fill_systems (self);
}

static AssayConnectDialog *
new_dialog (AssayService *service)
{
  AssayConnectDialog *self = g_object_new (ASSAY_TYPE_CONNECT_DIALOG, NULL);

  self->service = g_object_ref (service);
  return self;
}

GtkWindow *
assay_connect_dialog_new (AssayService *service,
                          const char   *kind)
{
  const AssayConnectorDescription *description = kind != NULL ? assay_connector_find (kind) : NULL;
  AssayConnectDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (kind == NULL || description != NULL, NULL);

  self = new_dialog (service);
  if (description != NULL)
    begin_form (self, description);
  else
    {
      self->chosen_here = TRUE;
      show_page (self, "systems");
    }
  return GTK_WINDOW (self);
}

GtkWindow *
assay_connect_dialog_new_for_connection (AssayService *service,
                                         gint64        connection_id)
{
  AssayConnectDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (connection_id > 0, NULL);

  self = new_dialog (service);
  self->connection_id = connection_id;
  self->existing = TRUE;
  read_async (self, self->cancellable, first_read_cb);
  update_frame (self);
  return GTK_WINDOW (self);
}

GtkWindow *
assay_connect_dialog_new_for_key (AssayService *service,
                                  gint64        connection_id)
{
  GtkWindow *self = assay_connect_dialog_new_for_connection (service, connection_id);

  if (self != NULL)
    ASSAY_CONNECT_DIALOG (self)->begin_with_key = TRUE;
  return self;
}

GtkWindow *
assay_connect_dialog_new_for_check (AssayService *service,
                                    gint64        connection_id)
{
  GtkWindow *self = assay_connect_dialog_new_for_connection (service, connection_id);

  if (self != NULL)
    ASSAY_CONNECT_DIALOG (self)->begin_with_check = TRUE;
  return self;
}
