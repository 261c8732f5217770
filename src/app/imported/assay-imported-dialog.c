/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entering an accepted candidate by hand. What is typed is checked where a file's rows are. */
#include "config.h"

#include "assay-imported-dialog.h"

#include <glib/gi18n.h>

#include "assay-hackajob.h"
#include "assay-service-imported.h"

struct _AssayImportedDialog
{
  AdwWindow parent_instance;

  GtkButton *add_button;
  GtkLabel *problem;
  GtkEditable *first_name;
  GtkEditable *last_name;
  GtkEditable *email;
  GtkEditable *phone;
  GtkEditable *role;
  AdwComboRow *stage;
  AdwActionRow *cv_row;
  AdwActionRow *profile_row;
  GtkButton *cv_button;
  GtkButton *profile_button;

  AssayService *service;
  GCancellable *cancellable;
  gint64 connection_id;
  GFile *documents[ASSAY_N_IMPORTED_DOCUMENTS];   /* (nullable) */
  GtkFileChooserNative *chooser;                  /* (nullable) while it is open */
  AssayImportedDocument chosen;                   /* for which it is open */
};

static guint imported_signal;

G_DEFINE_FINAL_TYPE (AssayImportedDialog, assay_imported_dialog, ADW_TYPE_WINDOW)

/* ---- Documents ---- */

static void
chooser_response_cb (AssayImportedDialog *self, int response, GtkNativeDialog *chooser)
{
  AdwActionRow *row = self->chosen == ASSAY_IMPORTED_CV ? self->cv_row : self->profile_row;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autofree char *name = NULL;

      g_clear_object (&self->documents[self->chosen]);
      self->documents[self->chosen] = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      name = self->documents[self->chosen] != NULL ? g_file_get_basename (self->documents[self->chosen]) : NULL;
      if (name != NULL)
        {
          g_autofree char *valid = g_utf8_make_valid (name, -1);
          g_autofree char *escaped = g_markup_escape_text (valid, -1);

          adw_action_row_set_subtitle (row, escaped);
        }
    }
  g_clear_object (&self->chooser);
}

static void
choose_cb (AssayImportedDialog *self, GtkButton *button)
{
  static const char *const suffixes[] = { "pdf", "doc", "docx", "odt", "rtf", "txt", "md", "png", "jpg", "jpeg" };
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  if (self->chooser != NULL)
    return;
  self->chosen = button == self->cv_button ? ASSAY_IMPORTED_CV : ASSAY_IMPORTED_PROFILE;
  self->chooser = gtk_file_chooser_native_new (self->chosen == ASSAY_IMPORTED_CV ? _("CV") : _("Profile"),
                                               GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  gtk_file_filter_set_name (filter, _("Documents"));
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chooser_response_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* ---- Adding ---- */

static void
added_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayImportedDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 id = assay_service_add_candidate_finish (ASSAY_SERVICE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (id == 0)
    {
      gtk_label_set_label (self->problem, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
      gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), TRUE);
      return;
    }
  g_signal_emit (self, imported_signal, 0, 1u);
  gtk_window_close (GTK_WINDOW (self));
}

static void
take (GHashTable *values, const char *member, GtkEditable *editable)
{
  g_hash_table_insert (values, (gpointer) member, g_strstrip (g_strdup (gtk_editable_get_text (editable))));
}

static void
add_cb (AssayImportedDialog *self)
{
  static const char *const members[] = { "cv", "profile" };
  g_autoptr (GHashTable) values = NULL;
  GtkStringObject *stage = adw_combo_row_get_selected_item (self->stage);

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->add_button)))
    return;
  values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  take (values, "first_name", self->first_name);
  take (values, "last_name", self->last_name);
  take (values, "email", self->email);
  take (values, "phone", self->phone);
  take (values, "role", self->role);
  if (stage != NULL)
    g_hash_table_insert (values, (gpointer) "stage", g_strdup (gtk_string_object_get_string (stage)));
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    if (self->documents[i] != NULL)
      g_hash_table_insert (values, (gpointer) members[i], g_file_get_path (self->documents[i]));

  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), FALSE);
  assay_service_add_candidate_async (self->service, self->connection_id, values, self->cancellable, added_cb,
                                     g_object_ref (self));
}

static void
assay_imported_dialog_dispose (GObject *object)
{
  AssayImportedDialog *self = ASSAY_IMPORTED_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_IMPORTED_DIALOG);
  g_clear_object (&self->service);
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    g_clear_object (&self->documents[i]);

  G_OBJECT_CLASS (assay_imported_dialog_parent_class)->dispose (object);
}

static void
assay_imported_dialog_class_init (AssayImportedDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_imported_dialog_dispose;

  imported_signal = g_signal_new ("imported", ASSAY_TYPE_IMPORTED_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-imported-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, add_button);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, first_name);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, last_name);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, email);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, phone);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, role);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, stage);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, cv_row);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, profile_row);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, cv_button);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedDialog, profile_button);
  gtk_widget_class_bind_template_callback (widget_class, add_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
assay_imported_dialog_init (AssayImportedDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
assay_imported_dialog_new (AssayService *service, const AssayConnection *connection)
{
  AssayImportedDialog *self;
  g_auto (GStrv) stages = NULL;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (connection != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_IMPORTED_DIALOG, NULL);
  self->service = g_object_ref (service);
  self->connection_id = connection->id;
  /* A list that makes no sense is said when one adds. */
  stages = assay_hackajob_parse_stages (assay_connection_get_setting (connection, "stages"), NULL);
  if (stages != NULL)
    {
      g_autoptr (GtkStringList) model = gtk_string_list_new ((const char *const *) stages);

      adw_combo_row_set_model (self->stage, G_LIST_MODEL (model));
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->first_name));
  return GTK_WINDOW (self);
}
