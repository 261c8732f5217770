/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one hears what happens at a vendor's. */
#include "config.h"

#include "assay-events-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <libsecret/secret.h>

#include "assay-expander.h"
#include "assay-secrets.h"
#include "assay-setting-field.h"
#include "assay-steps.h"

struct _AssayEventsPage
{
  GtkBox parent_instance;

  AssaySettingField *secret;   /* (nullable) borrowed: where the webhook signs */
  GtkExpander *preparation;    /* (nullable) borrowed: what the webhook will need */
  GPtrArray *checks;           /* borrowed GtkCheckButtons, each named like its event */
  gboolean choosing;           /* the program does, and not the user */
};

enum
{
  ACTIVATE,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayEventsPage, assay_events_page, GTK_TYPE_BOX)

static void
activate_cb (AssayEventsPage *self)
{
  g_signal_emit (self, signals[ACTIVATE], 0);
}

static void
add_label (GtkWidget  *box,
           const char *text,
           const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                   "xalign", 0.0f, NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
}

/* The button says that it did: this page has no place for toasts. */
static void
copy_cb (GtkButton  *button,
         const char *name)
{
  g_autofree char *copied = NULL;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), name);
  /* Translators: %s is an event, as the vendor spells it: "New application" */
  copied = g_strdup_printf (_("Copied “%s”"), name);
  gtk_button_set_icon_name (button, "object-select-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), copied);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, copied, -1);
}

/* @name: an event of a description, which stays */
static GtkWidget *
make_copy_button (const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  g_autofree char *label = NULL;

  /* Translators: %s is an event, as the vendor spells it: "New application" */
  label = g_strdup_printf (_("Copy “%s”"), name);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_signal_connect (button, "clicked", G_CALLBACK (copy_cb), (gpointer) name);
  return button;
}

static void
toggled_cb (AssayEventsPage *self)
{
  if (!self->choosing)
    g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
make_row (const char *title,
          const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  return row;
}

static GtkWidget *
add_check (GtkWidget *row)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  return check;
}

static GtkWidget *
make_events (AssayEventsPage               *self,
             const AssayWebhookDescription *webhook)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group),
                                   webhook->one_event ? _("Which event to tick: one of these")
                                                      : _("Which events to tick"));
  for (guint i = 0; webhook->events[i].name != NULL; i++)
    {
      GtkWidget *row =
        make_row (webhook->events[i].name, webhook->events[i].purpose != NULL ? _(webhook->events[i].purpose) : NULL);
      GtkWidget *check = add_check (row);

      gtk_widget_set_name (check, webhook->events[i].name);
      if (webhook->one_event && self->checks->len > 0)
        gtk_check_button_set_group (GTK_CHECK_BUTTON (check), g_ptr_array_index (self->checks, 0));
      g_signal_connect_object (check, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
      g_ptr_array_add (self->checks, check);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_copy_button (webhook->events[i].name));
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  return group;
}

/* Both wait for the relay, which is where a vendor can reach somebody. */
static GtkWidget *
make_address (void)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                             make_row (_("Endpoint address"), _("It comes with the relay, and is copied from here.")));
  return group;
}

/* What can't be ticked yet says why, in a sentence that isn't dimmed with it. */
static void
add_created (GtkWidget                       *box,
             const AssayConnectorDescription *description)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row;
  g_autofree char *waiting = NULL;
  g_autofree char *why_not = NULL;

  waiting = g_strconcat (_("Assay then waits for the first report, and says here when it came."),
                         description->webhook->first_event != NULL ? " " : "",
                         description->webhook->first_event != NULL ? _(description->webhook->first_event) : "", NULL);
  row = make_row (_("I created the webhook"), waiting);
  add_check (row);
  gtk_widget_set_sensitive (row, FALSE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  gtk_box_append (GTK_BOX (box), group);
  /* Translators: %s is a system such as Pinpoint */
  why_not = g_strdup_printf (_("You can’t tick this yet, because there is no address to give to %s: it comes with the "
                               "relay. Until then Assay goes on asking."),
                             _(description->name));
  add_label (box, why_not, NULL);
}

static GtkWidget *
make_preparation (AssayEventsPage                 *self,
                  const AssayConnectorDescription *description,
                  gboolean                         keeps_saved)
{
  const AssayWebhookDescription *webhook = description->webhook;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_set_margin_top (box, 12);
  if (webhook->who != NULL)
    add_label (box, _(webhook->who), NULL);
  gtk_box_append (GTK_BOX (box), make_address ());
  if (webhook->events != NULL)
    gtk_box_append (GTK_BOX (box), make_events (self, webhook));
  if (webhook->steps != NULL)
    gtk_box_append (GTK_BOX (box), assay_steps_new (webhook->steps));
  add_label (box,
             webhook->address_changes
               ? _("The address changes once it is validated: afterwards it has to be put in again.")
               : _("The address stays the same once it is validated."),
             NULL);
  if (webhook->address_changes && webhook->edit_steps != NULL)
    gtk_box_append (GTK_BOX (box), assay_steps_new (webhook->edit_steps));
  for (guint i = 0; description->secrets[i].name != NULL; i++)
    if (webhook->secret != NULL && g_str_equal (description->secrets[i].name, webhook->secret))
      {
        GtkWidget *field = assay_setting_field_new_secret (description, &description->secrets[i]);

        self->secret = ASSAY_SETTING_FIELD (field);
        assay_setting_field_set_keeps_saved (self->secret, keeps_saved);
        g_signal_connect_object (field, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
        gtk_box_append (GTK_BOX (box), field);
      }
  add_created (box, description);
  return box;
}

void
assay_events_page_fill (AssayEventsPage                 *self,
                        const AssayConnectorDescription *description,
                        guint                            interval,
                        gboolean                         keeps_saved)
{
  const guint minutes = MAX (1, (interval + 30 * 1000) / (60 * 1000));
  g_autofree char *title = NULL;
  g_autofree char *polling = NULL;
  g_autofree char *relay = NULL;
  GtkWidget *child;

  g_return_if_fail (ASSAY_IS_EVENTS_PAGE (self));
  g_return_if_fail (description != NULL && description->webhook != NULL);

  self->secret = NULL;
  g_ptr_array_set_size (self->checks, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_box_remove (GTK_BOX (self), child);

  /* Translators: %s is a system such as Pinpoint */
  title = g_strdup_printf (_("See how Assay hears of news in %s"), _(description->name));
  add_label (GTK_WIDGET (self), title, "title-2");
  /* Translators: %1$s is a system such as Pinpoint, %2$u a number of minutes */
  polling = g_strdup_printf (ngettext ("Assay asks %1$s every minute what has changed. That needs nothing from you.",
                                       "Assay asks %1$s every %2$u minutes what has changed. That needs nothing from "
                                       "you.",
                                       minutes),
                             _(description->name), minutes);
  add_label (GTK_WIDGET (self), polling, NULL);
  /* Translators: %s is a system such as Pinpoint */
  relay = g_strdup_printf (_("%s can also report by itself, within a second. Its reports go to a relay, because this "
                             "computer can’t be reached from outside. No relay is set yet; once one is, the address to "
                             "copy is here."),
                           _(description->name));
  add_label (GTK_WIDGET (self), relay, "dim-label");

  self->preparation = GTK_EXPANDER (assay_expander_new (_("What the webhook will need"), NULL,
                                                        make_preparation (self, description, keeps_saved)));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->preparation));
}

void
assay_events_page_expand (AssayEventsPage *self)
{
  g_return_if_fail (ASSAY_IS_EVENTS_PAGE (self));

  if (self->preparation != NULL)
    gtk_expander_set_expanded (self->preparation, TRUE);
}

char **
assay_events_page_dup_events (AssayEventsPage *self)
{
  g_autoptr (GStrvBuilder) events = g_strv_builder_new ();

  g_return_val_if_fail (ASSAY_IS_EVENTS_PAGE (self), NULL);

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (g_ptr_array_index (self->checks, i)))
      g_strv_builder_add (events, gtk_widget_get_name (g_ptr_array_index (self->checks, i)));
  return g_strv_builder_end (events);
}

void
assay_events_page_set_events (AssayEventsPage   *self,
                              const char *const *events)
{
  g_return_if_fail (ASSAY_IS_EVENTS_PAGE (self));
  g_return_if_fail (events != NULL);

  self->choosing = TRUE;
  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->checks, i);

      gtk_check_button_set_active (check, g_strv_contains (events, gtk_widget_get_name (GTK_WIDGET (check))));
    }
  self->choosing = FALSE;
}

gboolean
assay_events_page_check (AssayEventsPage *self)
{
  g_return_val_if_fail (ASSAY_IS_EVENTS_PAGE (self), FALSE);

  if (self->secret == NULL || assay_setting_field_check (self->secret))
    return TRUE;
  assay_setting_field_focus (self->secret);
  return FALSE;
}

GHashTable *
assay_events_page_dup_secrets (AssayEventsPage *self)
{
  GHashTable *secrets = assay_secrets_table_new ();

  g_return_val_if_fail (ASSAY_IS_EVENTS_PAGE (self), secrets);

  if (self->secret != NULL)
    {
      char *value = assay_setting_field_dup_secret (self->secret);

      if (*value != '\0')
        assay_secrets_table_set (secrets, assay_setting_field_get_name (self->secret), value);
      secret_password_free (value);
    }
  return secrets;
}

void
assay_events_page_note_kept (AssayEventsPage *self,
                             GHashTable      *secrets)
{
  g_return_if_fail (ASSAY_IS_EVENTS_PAGE (self));
  g_return_if_fail (secrets != NULL);

  if (self->secret != NULL)
    assay_setting_field_note_kept (self->secret, secrets);
}

void
assay_events_page_set_saved (AssayEventsPage *self)
{
  g_return_if_fail (ASSAY_IS_EVENTS_PAGE (self));

  if (self->secret != NULL)
    assay_setting_field_set_keeps_saved (self->secret, TRUE);
}

static void
assay_events_page_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_EVENTS_PAGE (object)->checks);
  G_OBJECT_CLASS (assay_events_page_parent_class)->finalize (object);
}

static void
assay_events_page_class_init (AssayEventsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_events_page_finalize;

  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
assay_events_page_init (AssayEventsPage *self)
{
  self->checks = g_ptr_array_new ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 18);
}
