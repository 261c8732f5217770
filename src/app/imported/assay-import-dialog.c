/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file with candidates holds, and importing them. */
#include "config.h"

#include "assay-import-dialog.h"

#include <glib/gi18n.h>

#include "assay-format.h"
#include "assay-imported-row.h"
#include "assay-service-imported.h"
#include "assay-state-page.h"

struct _AssayImportDialog
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkStack *stack;
  AssayStatePage *failed_page;
  GtkLabel *summary;
  GtkToggleButton *good_tab;
  GtkToggleButton *aside_tab;
  GtkListView *list;
  GtkLabel *problem;
  GtkButton *import_button;

  AssayService *service;
  GCancellable *cancellable;
  gint64 connection_id;
  GPtrArray *entries;    /* (nullable) (element-type AssayCandidateEntry) */
  GListStore *items;
};

static guint imported_signal;

G_DEFINE_FINAL_TYPE (AssayImportDialog, assay_import_dialog, ADW_TYPE_WINDOW)

static void
fill_list (AssayImportDialog *self)
{
  gboolean good = gtk_toggle_button_get_active (self->good_tab);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; self->entries != NULL && i < self->entries->len; i++)
    {
      const AssayCandidateEntry *entry = g_ptr_array_index (self->entries, i);

      if ((entry->kind == ASSAY_CANDIDATE_GOOD) == good)
        g_ptr_array_add (items, assay_imported_item_new_for_entry (entry));
    }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata, items->len);
}

static void
tab_toggled_cb (AssayImportDialog *self)
{
  fill_list (self);
}

static void
set_tab (GtkToggleButton *tab, const char *words, guint n)
{
  g_autofree char *number = assay_format_count (n);
  /* Translators: %1$s is "To Import" or "Set Aside", %2$s a number */
  g_autofree char *label = g_strdup_printf (_("%1$s: %2$s"), words, number);

  gtk_button_set_label (GTK_BUTTON (tab), label);
  gtk_widget_set_sensitive (GTK_WIDGET (tab), n > 0);
}

static void
show_entries (AssayImportDialog *self)
{
  guint good = assay_candidate_entries_count (self->entries, ASSAY_CANDIDATE_GOOD);
  guint problems = assay_candidate_entries_count (self->entries, ASSAY_CANDIDATE_PROBLEM);
  guint aside = self->entries->len - good;
  g_autofree char *number = assay_format_count (good);
  g_autofree char *label = NULL;

  if (problems == 0)
    gtk_label_set_label (self->summary, _("Everything in the file is understood"));
  else
    {
      g_autofree char *count = assay_format_count (problems);
      /* Translators: %s is a number of candidates in a file */
      g_autofree char *text = g_strdup_printf (
        ngettext ("%s candidate in the file isn’t understood", "%s candidates in the file aren’t understood", problems),
        count);

      gtk_label_set_label (self->summary, text);
    }
  set_tab (self->good_tab, _("To Import"), good);
  set_tab (self->aside_tab, _("Set Aside"), aside);
  gtk_toggle_button_set_active (good > 0 ? self->good_tab : self->aside_tab, TRUE);
  /* Translators: %s is a number of candidates */
  label = g_strdup_printf (ngettext ("Import %s Candidate", "Import %s Candidates", good), number);
  gtk_button_set_label (self->import_button, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->import_button), good > 0);
  fill_list (self);
  gtk_stack_set_visible_child_name (self->stack, "entries");
  if (good > 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->import_button));
}

/* While a thread works on the entries nothing here reads them. */
static void
set_importing (AssayImportDialog *self, gboolean importing)
{
  gtk_widget_set_sensitive (gtk_widget_get_parent (GTK_WIDGET (self->good_tab)), !importing);
  gtk_widget_set_sensitive (GTK_WIDGET (self->import_button), !importing);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = assay_service_read_candidates_finish (ASSAY_SERVICE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (entries == NULL)
    {
      assay_state_page_set_error (self->failed_page, error);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }
  self->entries = entries;
  show_entries (self);
}

static void
import_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = assay_service_import_candidates_finish (ASSAY_SERVICE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (ids == NULL)
    {
      gtk_label_set_label (self->problem, error->message);
      gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
      set_importing (self, FALSE);
      return;
    }
  g_signal_emit (self, imported_signal, 0, ids->len);
  gtk_window_close (GTK_WINDOW (self));
}

static void
import_clicked_cb (AssayImportDialog *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  set_importing (self, TRUE);
  assay_service_import_candidates_async (self->service, self->connection_id, self->entries, self->cancellable,
                                         import_cb, g_object_ref (self));
}

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, assay_imported_row_new ());
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  assay_imported_row_set (ASSAY_IMPORTED_ROW (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
assay_import_dialog_dispose (GObject *object)
{
  AssayImportDialog *self = ASSAY_IMPORT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_IMPORT_DIALOG);
  g_clear_object (&self->service);
  g_clear_object (&self->items);
  g_clear_pointer (&self->entries, g_ptr_array_unref);

  G_OBJECT_CLASS (assay_import_dialog_parent_class)->dispose (object);
}

static void
assay_import_dialog_class_init (AssayImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_import_dialog_dispose;

  imported_signal = g_signal_new ("imported", ASSAY_TYPE_IMPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (ASSAY_TYPE_STATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, title);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, good_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, aside_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, list);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, AssayImportDialog, import_button);
  gtk_widget_class_bind_template_callback (widget_class, tab_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, import_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
assay_import_dialog_init (AssayImportDialog *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  self->cancellable = g_cancellable_new ();
  self->items = g_list_store_new (ASSAY_TYPE_IMPORTED_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

GtkWindow *
assay_import_dialog_new (AssayService *service, gint64 connection_id, GFile *file)
{
  AssayImportDialog *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (ASSAY_TYPE_IMPORT_DIALOG, NULL);
  self->service = g_object_ref (service);
  self->connection_id = connection_id;
  name = g_file_get_basename (file);
  if (name != NULL && g_utf8_validate (name, -1, NULL))
    adw_window_title_set_subtitle (self->title, name);
  assay_service_read_candidates_async (service, connection_id, file, self->cancellable, read_cb, g_object_ref (self));
  return GTK_WINDOW (self);
}
