/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To whom an invitation that failed goes instead.
 *
 * What can be typed depends on the provider, so that its connection is read first. */
#include "config.h"

#include "assay-amend-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "assay-queries.h"
#include "assay-question.h"

typedef struct
{
  GtkWidget *parent;
  AssayService *service;
  AssayInvitation *invitation;
  AdwMessageDialog *dialog;   /* (nullable) until there is one; borrowed: it holds all this */
  AdwEntryRow *first_name;
  AdwEntryRow *last_name;
  AdwEntryRow *email;
  GtkLabel *problem;
} Form;

static void
form_free (gpointer data)
{
  Form *form = data;

  g_object_unref (form->parent);
  g_object_unref (form->service);
  assay_invitation_free (form->invitation);
  g_free (form);
}

static char *
dup_entry (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static void
changed_cb (Form *form)
{
  g_autofree char *first_name = dup_entry (form->first_name);
  g_autofree char *email = dup_entry (form->email);
  const char *problem = NULL;

  if (*first_name == '\0')
    problem = _("The invitation needs a first name.");
  else if (!assay_email_is_plausible (email))
    problem = _("This isn’t an e-mail address: it needs a name, an @ and a domain.");
  gtk_label_set_label (form->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (form->problem), problem != NULL);
  adw_message_dialog_set_response_enabled (form->dialog, "send", problem == NULL);
}

static void
amended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) parent = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_amend_invitation_finish (ASSAY_SERVICE (object), result, &error))
    gtk_widget_activate_action (parent, "win.message", "s", error->message);
}

static void
response_cb (Form *form, const char *response)
{
  g_autofree char *first_name = NULL;
  g_autofree char *last_name = NULL;
  g_autofree char *email = NULL;

  if (!g_str_equal (response, "send"))
    return;
  first_name = dup_entry (form->first_name);
  last_name = dup_entry (form->last_name);
  email = dup_entry (form->email);
  assay_service_amend_invitation_async (form->service, form->invitation->id, first_name, last_name, email, NULL,
                                        amended_cb, g_object_ref (form->parent));
}

static AdwEntryRow *
add_entry (Form *form, AdwPreferencesGroup *group, const char *title, const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text != NULL ? text : "");
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  adw_preferences_group_add (group, row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (changed_cb), form);
  return ADW_ENTRY_ROW (row);
}

static void
add_entries (Form *form)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  form->first_name = add_entry (form, group, _("First name"), form->invitation->first_name);
  form->last_name = add_entry (form, group, _("Last name"), form->invitation->last_name);
  form->email = add_entry (form, group, _("E-mail"), form->invitation->email);
  gtk_text_set_input_purpose (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (form->email))), GTK_INPUT_PURPOSE_EMAIL);
  form->problem = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "max-width-chars", 40, "xalign", 0.0f, "accessible-role",
                                GTK_ACCESSIBLE_ROLE_ALERT, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (form->problem), "error");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (group));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (form->problem));
  adw_message_dialog_set_extra_child (form->dialog, box);
  changed_cb (form);
}

static gpointer
read_connection (AssayDatabase *database, gpointer data, GError **error)
{
  return assay_connections_get (database, *(gint64 *) data, error);
}

static void
read_connection_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Form *form = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (object), result, &error);
  GtkRoot *window = gtk_widget_get_root (form->parent);
  AdwMessageDialog *dialog;

  if (connection == NULL)
    gtk_widget_activate_action (form->parent, "win.message", "s", error->message);
  /* The window may be closed meanwhile. */
  if (connection == NULL || window == NULL)
    {
      form_free (form);
      return;
    }

  dialog = assay_question_new (GTK_WINDOW (window), _("Correct and Send"), form->invitation->error);
  form->dialog = dialog;
  g_object_set_data_full (G_OBJECT (dialog), "form", form, form_free);
  adw_message_dialog_set_close_response (dialog, "cancel");
  if ((assay_connector_get_capabilities (connection) & ASSAY_CAN_EDIT_INVITEE) == 0)
    {
      /* Translators: %s is the name of an assessment provider */
      adw_message_dialog_format_body (dialog, _("%s takes the name and the e-mail from the ATS. Change them there, sync, "
                                                "and retry."),
                                      connection->name);
      adw_message_dialog_add_response (dialog, "cancel", _("Close"));
      gtk_window_present (GTK_WINDOW (dialog));
      return;
    }
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "send", _("Send"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "send", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "send");
  add_entries (form);
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (response_cb), form);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (GTK_WIDGET (form->email));
}

void
assay_amend_dialog_present (GtkWidget *parent, AssayService *service, const AssayInvitation *invitation)
{
  Form *form = g_new0 (Form, 1);

  form->parent = g_object_ref (parent);
  form->service = g_object_ref (service);
  form->invitation = assay_invitation_copy (invitation);
  assay_store_read_async (assay_service_get_store (service), read_connection,
                          g_memdup2 (&invitation->connection_id, sizeof invitation->connection_id), g_free,
                          (GDestroyNotify) assay_connection_free, NULL, read_connection_cb, form);
}
