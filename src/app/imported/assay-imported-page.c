/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of imported candidates. */
#include "config.h"

#include "assay-imported-page.h"

#include <glib/gi18n.h>

#include "assay-chooser.h"
#include "assay-format.h"
#include "assay-hackajob.h"
#include "assay-import-dialog.h"
#include "assay-imported-dialog.h"
#include "assay-imported-row.h"
#include "assay-queries-imported.h"
#include "assay-question.h"
#include "assay-service-imported.h"
#include "assay-state-page.h"

struct _AssayImportedPage
{
  AdwBin parent_instance;

  GtkMenuButton *add_button;
  GtkStack *stack;
  AssayStatePage *failed_page;
  AssayStatePage *empty_page;
  GtkListView *list;
  GtkLabel *count;

  AssayService *service;
  GCancellable *cancellable;
  GListStore *items;
  GPtrArray *connections;           /* (nullable) (element-type AssayConnection): those that take candidates */
  GSimpleActionGroup *actions;
  gint64 chosen_id;                 /* the connection that a file is being chosen for */
  gboolean loading;
  gboolean load_again;
};

G_DEFINE_FINAL_TYPE (AssayImportedPage, assay_imported_page, ADW_TYPE_BIN)

static void load (AssayImportedPage *self);

static void
say (AssayImportedPage *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.message", "s", text);
}

static GtkWindow *
get_window (AssayImportedPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

/* (nullable) (transfer none) */
static const AssayConnection *
find_connection (AssayImportedPage *self, gint64 id)
{
  for (guint i = 0; self->connections != NULL && i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);

      if (connection->id == id)
        return connection;
    }
  return NULL;
}

/* ---- Bringing more ---- */

static void
imported_cb (AssayImportedPage *self, guint n)
{
  g_autofree char *number = assay_format_count (n);
  /* Translators: %s is a number of candidates */
  g_autofree char *text = g_strdup_printf (ngettext ("%s candidate imported", "%s candidates imported", n), number);

  say (self, text);
}

static void
file_chosen_cb (GFile *file, gpointer user_data)
{
  AssayImportedPage *self = user_data;
  GtkWindow *dialog = assay_import_dialog_new (self->service, self->chosen_id, file);

  gtk_window_set_transient_for (dialog, get_window (self));
  g_signal_connect_object (dialog, "imported", G_CALLBACK (imported_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
choose_file (AssayImportedPage *self, gint64 connection_id)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Accepted Candidates"), get_window (self),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  self->chosen_id = connection_id;
  gtk_file_filter_set_name (filter, _("CSV and JSON Files"));
  gtk_file_filter_add_suffix (filter, "csv");
  gtk_file_filter_add_suffix (filter, "tsv");
  gtk_file_filter_add_suffix (filter, "json");
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
  assay_chooser_show (chooser, file_chosen_cb, self, NULL);
}

static void
from_file_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  choose_file (user_data, g_variant_get_int64 (parameter));
}

static void
from_first_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayImportedPage *self = user_data;

  if (self->connections != NULL && self->connections->len > 0)
    choose_file (self, ((const AssayConnection *) g_ptr_array_index (self->connections, 0))->id);
}

static void
by_hand_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayImportedPage *self = user_data;
  const AssayConnection *connection = find_connection (self, g_variant_get_int64 (parameter));
  GtkWindow *dialog;

  if (connection == NULL)
    return;
  dialog = assay_imported_dialog_new (self->service, connection);
  gtk_window_set_transient_for (dialog, get_window (self));
  g_signal_connect_object (dialog, "imported", G_CALLBACK (imported_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
moved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayImportedPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_set_candidate_stage_finish (ASSAY_SERVICE (object), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    say (self, error->message);
}

static void
move_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayImportedPage *self = user_data;
  const char *stage;
  gint64 id;

  g_variant_get (parameter, "(x&s)", &id, &stage);
  assay_service_set_candidate_stage_async (self->service, id, stage, self->cancellable, moved_cb, g_object_ref (self));
}

static const GActionEntry actions[] = {
  { .name = "by-hand", .activate = by_hand_activated, .parameter_type = "x" },
  { .name = "from-file", .activate = from_file_activated, .parameter_type = "x" },
  { .name = "from-first", .activate = from_first_activated },
  { .name = "move", .activate = move_activated, .parameter_type = "(xs)" },
};

static void
append_item (GMenu *menu, const char *label, const char *action, gint64 id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "x", id);
  g_menu_append_item (menu, item);
}

/* A section for each connection; its name only where there are several. */
static void
update_menu (AssayImportedPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  for (guint i = 0; i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);
      g_autoptr (GMenu) section = g_menu_new ();

      append_item (section, _("From a File…"), "imported.from-file", connection->id);
      append_item (section, _("By Hand…"), "imported.by-hand", connection->id);
      g_menu_append_section (menu, self->connections->len > 1 ? connection->name : NULL, G_MENU_MODEL (section));
    }
  gtk_menu_button_set_menu_model (self->add_button, G_MENU_MODEL (menu));
  gtk_widget_set_sensitive (GTK_WIDGET (self->add_button), self->connections->len > 0);
}

/* ---- What a row's buttons do ---- */

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayImportedPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (object), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_debug ("The document can't be opened: %s", error->message);
  say (self, _("No program opens this document. Install one, or choose it in your system’s settings."));
}

static void
row_open_cb (AssayImportedPage *self, int document, AssayImportedRow *row)
{
  const AssayImportedCandidate *candidate = assay_imported_item_get_candidate (assay_imported_row_get (row));
  g_autofree char *path = assay_service_dup_candidate_document (self->service, candidate,
                                                                (AssayImportedDocument) document);
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri != NULL)
    gtk_show_uri_full (get_window (self), uri, GDK_CURRENT_TIME, self->cancellable, opened_cb, g_object_ref (self));
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayImportedPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_remove_candidate_finish (ASSAY_SERVICE (object), result, &error) &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    say (self, error->message);
}

static void
question_response_cb (AssayImportedPage *self, const char *response, AdwMessageDialog *question)
{
  const gint64 *id = g_object_get_data (G_OBJECT (question), "assay-imported-id");

  if (g_strcmp0 (response, "remove") == 0)
    assay_service_remove_candidate_async (self->service, *id, self->cancellable, removed_cb, g_object_ref (self));
}

static void
row_remove_cb (AssayImportedPage *self, AssayImportedRow *row)
{
  const AssayImportedCandidate *candidate = assay_imported_item_get_candidate (assay_imported_row_get (row));
  g_autofree char *name = assay_imported_candidate_dup_name (candidate);
  /* Translators: %s is somebody's name */
  g_autofree char *heading = g_strdup_printf (_("Remove %s?"), name);
  AdwMessageDialog *question =
    assay_question_new (get_window (self), heading,
                        _("The candidate leaves this list, and the copies of CV and profile are deleted. The files "
                          "they came from stay, and so does whatever hackajob has."));

  g_object_set_data_full (G_OBJECT (question), "assay-imported-id",
                          g_memdup2 (&candidate->id, sizeof candidate->id), g_free);
  adw_message_dialog_add_responses (question, "cancel", _("Cancel"), "remove", _("Remove"), NULL);
  adw_message_dialog_set_response_appearance (question, "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (question, "response", G_CALLBACK (question_response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (question));
}

static void
setup_row_cb (AssayImportedPage *self, GtkListItem *item)
{
  GtkWidget *row = assay_imported_row_new ();

  g_signal_connect_object (row, "open", G_CALLBACK (row_open_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (row_remove_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_activatable (item, FALSE);
  gtk_list_item_set_child (item, row);
}

/* (transfer full) (nullable): to the other stages of the connection */
static GMenuModel *
make_stages (AssayImportedPage *self, const AssayImportedCandidate *candidate)
{
  const AssayConnection *connection = find_connection (self, candidate->connection_id);
  g_auto (GStrv) stages =
    connection != NULL ? assay_hackajob_parse_stages (assay_connection_get_setting (connection, "stages"), NULL) : NULL;
  GMenu *menu;

  if (stages == NULL)
    return NULL;
  menu = g_menu_new ();
  for (guint i = 0; stages[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (stages[i], NULL);

      if (g_strcmp0 (stages[i], candidate->stage) == 0)
        continue;
      g_menu_item_set_action_and_target (item, "imported.move", "(xs)", candidate->id, stages[i]);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

static void
bind_row_cb (AssayImportedPage *self, GtkListItem *item)
{
  AssayImportedRow *row = ASSAY_IMPORTED_ROW (gtk_list_item_get_child (item));
  AssayImportedItem *shown = gtk_list_item_get_item (item);
  g_autoptr (GMenuModel) stages = make_stages (self, assay_imported_item_get_candidate (shown));

  assay_imported_row_set (row, shown);
  assay_imported_row_set_stages (row, stages);
}

/* ---- Reading ---- */

typedef struct
{
  GPtrArray *connections;
  GPtrArray *candidates;
} Content;

static void
content_free (gpointer data)
{
  Content *content = data;

  g_clear_pointer (&content->connections, g_ptr_array_unref);
  g_clear_pointer (&content->candidates, g_ptr_array_unref);
  g_free (content);
}

static gpointer
read_content (AssayDatabase *database, gpointer data, GError **error)
{
  Content *content = g_new0 (Content, 1);

  if ((content->connections = assay_connections_list (database, error)) == NULL ||
      (content->candidates = assay_imported_list (database, 0, error)) == NULL)
    {
      content_free (content);
      return NULL;
    }
  for (guint i = content->connections->len; i > 0; i--)
    {
      const AssayConnection *connection = g_ptr_array_index (content->connections, i - 1);

      if ((assay_connector_get_capabilities (connection) & ASSAY_CAN_IMPORT) == 0)
        g_ptr_array_remove_index (content->connections, i - 1);
    }
  return content;
}

static void
show_content (AssayImportedPage *self, Content *content)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *number = assay_format_count (content->candidates->len);
  g_autofree char *count = NULL;

  g_clear_pointer (&self->connections, g_ptr_array_unref);
  self->connections = g_steal_pointer (&content->connections);
  update_menu (self);

  for (guint i = 0; i < content->candidates->len; i++)
    g_ptr_array_add (items, assay_imported_item_new (g_ptr_array_index (content->candidates, i)));
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata, items->len);
  count = g_strdup_printf (ngettext ("%s candidate", "%s candidates", items->len), number);
  gtk_label_set_label (self->count, count);
  gtk_stack_set_visible_child_name (self->stack, items->len > 0 ? "list" : "empty");
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayImportedPage) self = user_data;
  g_autoptr (GError) error = NULL;
  Content *content = assay_store_finish (ASSAY_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  if (content != NULL)
    {
      show_content (self, content);
      content_free (content);
    }
  else
    {
      assay_state_page_set_error (self->failed_page, error);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  if (self->load_again)
    {
      self->load_again = FALSE;
      load (self);
    }
}

static void
load (AssayImportedPage *self)
{
  if (self->loading)
    {
      self->load_again = TRUE;
      return;
    }
  self->loading = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), read_content, NULL, NULL, content_free,
                          self->cancellable, read_cb, g_object_ref (self));
}

static void
store_changed_cb (AssayImportedPage *self, const AssayChanges *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_CONNECTIONS | ASSAY_CHANGE_IMPORTED))
    load (self);
}

/* ---- The object ---- */

static void
assay_imported_page_dispose (GObject *object)
{
  AssayImportedPage *self = ASSAY_IMPORTED_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_IMPORTED_PAGE);
  g_clear_object (&self->service);
  g_clear_object (&self->items);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->connections, g_ptr_array_unref);

  G_OBJECT_CLASS (assay_imported_page_parent_class)->dispose (object);
}

static void
assay_imported_page_class_init (AssayImportedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_imported_page_dispose;

  g_type_ensure (ASSAY_TYPE_STATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-imported-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayImportedPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedPage, list);
  gtk_widget_class_bind_template_child (widget_class, AssayImportedPage, count);
}

static void
assay_imported_page_init (AssayImportedPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = NULL;

  self->cancellable = g_cancellable_new ();
  self->items = g_list_store_new (ASSAY_TYPE_IMPORTED_ITEM);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "imported", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_row_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row_cb), self, G_CONNECT_SWAPPED);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

GtkWidget *
assay_imported_page_new (AssayService *service)
{
  AssayImportedPage *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_IMPORTED_PAGE, NULL);
  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
