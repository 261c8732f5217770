/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of connections. */
#include "config.h"

#include "assay-connections-page.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-connection-row.h"
#include "assay-connector.h"
#include "assay-doctor.h"
#include "assay-draft.h"
#include "assay-format.h"
#include "assay-portable-actions.h"
#include "assay-queries.h"
#include "assay-question.h"
#include "assay-steps.h"

struct _AssayConnectionsPage
{
  AdwBin parent_instance;

  AssayService *service;
  GCancellable *cancellable;
  GHashTable *rows;       /* id (gint64*, owned) → AssayConnectionRow (borrowed) */
  gboolean loading;
  gboolean load_again;
  gboolean focus_wanted;  /* the focus was offered before there was anything to take it */

  /* template */
  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  GtkWidget *ats_group;
  GtkListBox *ats_list;
  GtkWidget *provider_group;
  GtkListBox *provider_list;
};

G_DEFINE_FINAL_TYPE (AssayConnectionsPage, assay_connections_page, ADW_TYPE_BIN)

static void load (AssayConnectionsPage *self);

static void
say (AssayConnectionsPage *self,
     const char           *sentence)
{
  g_autofree char *markup = assay_format_markup (sentence);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

/* ---- Disconnecting ---- */

/* What a removal needs to be told afterwards, when the row is gone. */
typedef struct
{
  AssayConnectionsPage *page;   /* owned */
  gint64 id;
  char *name;
  const AssayConnectorDescription *description;   /* (nullable) */
} Removal;

static void
removal_free (Removal *removal)
{
  g_object_unref (removal->page);
  g_free (removal->name);
  g_free (removal);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static gboolean
has_steps (const AssayConnectorDescription *description)
{
  return description != NULL && description->disconnect_steps != NULL &&
         description->disconnect_steps[0] != NULL;
}

static void
add_steps (GtkWidget         *box,
           const char        *sentence,
           const char *const *steps)
{
  GtkWidget *heading = g_object_new (GTK_TYPE_LABEL, "label", sentence, "wrap", TRUE, "xalign", 0.0f, NULL);

  gtk_widget_add_css_class (heading, "heading");
  if (gtk_widget_get_first_child (box) != NULL)
    gtk_widget_set_margin_top (heading, 12);
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), assay_steps_new (steps));
}

/* (transfer container) (element-type AssayConnection): borrowed from the rows */
static GPtrArray *
list_connections (GtkListBox *list)
{
  GPtrArray *connections = g_ptr_array_new ();

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (ASSAY_IS_CONNECTION_ROW (row))
      g_ptr_array_add (connections, (gpointer) assay_connection_row_get_connection (ASSAY_CONNECTION_ROW (row)));
  return connections;
}

static GtkWidget *
make_steps_left (AssayConnectionsPage            *self,
                 const AssayConnectorDescription *description)
{
  g_autoptr (GPtrArray) connections = list_connections (self->ats_list);
  g_autoptr (GPtrArray) systems = assay_connector_list_direct (description, connections);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *sentence = NULL;

  /* Translators: %s is a system such as Pinpoint */
  sentence = g_strdup_printf (_("What is left to do at %s:"), _(description->name));
  add_steps (box, sentence, description->disconnect_steps);

  for (guint i = 0; i < systems->len; i++)
    {
      const AssayConnectorDescription *ats = g_ptr_array_index (systems, i);
      g_autofree char *direct = NULL;

      /* Translators: %1$s is a provider such as TestTrick, %2$s an ATS such as Lever */
      direct = g_strdup_printf (_("What is left to do at %2$s, if %1$s was also connected to it without Assay:"),
                                _(description->name), _(ats->name));
      add_steps (box, direct, ats->direct_steps);
    }
  return box;
}

static void
show_steps (AssayConnectionsPage *self,
            Removal              *removal)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  if (root == NULL)
    return;
  /* Translators: %s is the name of a connection */
  heading = g_strdup_printf (_("%s is disconnected"), removal->name);
  if (!has_steps (removal->description))
    {
      say (self, heading);
      return;
    }
  dialog = assay_question_new (
    GTK_WINDOW (root), heading,
    _("The key is out of your keyring. It stays valid until you delete it where it was "
      "made."));
  adw_message_dialog_set_extra_child (dialog, make_steps_left (self, removal->description));
  adw_message_dialog_add_response (dialog, "close", _("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
remove_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Removal) removal = user_data;
  AssayConnectionsPage *self = removal->page;
  g_autoptr (GError) error = NULL;
  gboolean removed = assay_service_remove_connection_finish (ASSAY_SERVICE (source), result, &error);
  AssayConnectionRow *row;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  row = g_hash_table_lookup (self->rows, &removal->id);
  if (row != NULL)
    assay_connection_row_set_working (row, FALSE);
  if (removed)
    show_steps (self, removal);
  else if (row != NULL)
    assay_connection_row_show_error (row, error);
  else
    say (self, error->message);
}

static void
remove_response_cb (AdwMessageDialog *dialog,
                    const char       *response,
                    Removal          *removal)
{
  AssayConnectionsPage *self = removal->page;
  gboolean erase = g_str_equal (response, "erase");
  AssayConnectionRow *row = g_hash_table_lookup (self->rows, &removal->id);
  Removal *begun;

  if ((!erase && !g_str_equal (response, "keep")) || g_cancellable_is_cancelled (self->cancellable))
    return;
  if (row != NULL)
    assay_connection_row_set_working (row, TRUE);
  begun = g_new0 (Removal, 1);
  *begun = *removal;
  begun->page = g_object_ref (removal->page);
  begun->name = g_strdup (removal->name);
  /* Leaving the page doesn't stop halfway what was asked for. */
  assay_service_remove_connection_async (self->service, removal->id, erase, NULL, remove_cb, begun);
}

static void
removal_closure_free (gpointer  data,
                      GClosure *closure)
{
  removal_free (data);
}

/* When it is narrow the dialog stacks its buttons the other way round, and the one that erases would have the
 * focus. */
static void
focus_default_cb (GtkWindow *dialog)
{
  gtk_window_set_focus (dialog, gtk_window_get_default_widget (dialog));
}

static void
disconnect_cb (AssayConnectionsPage *self,
               AssayConnectionRow   *row)
{
  const AssayConnection *connection = assay_connection_row_get_connection (row);
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;
  Removal *removal;

  removal = g_new0 (Removal, 1);
  removal->page = g_object_ref (self);
  removal->id = connection->id;
  removal->name = g_strdup (connection->name);
  removal->description = assay_connector_find (connection->kind);

  /* Translators: %s is the name of a connection */
  heading = g_strdup_printf (_("Disconnect %s?"), connection->name);
  dialog = assay_question_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, NULL);
  adw_message_dialog_set_body (dialog,
                               connection->role == ASSAY_ROLE_ATS
                                 ? _("Its key leaves your keyring, and Assay reads nothing from there any "
                                     "more. The jobs, candidates and invitations that are on this computer "
                                     "can stay, or be erased.")
                                 : _("Its key leaves your keyring, and open invitations are no longer "
                                     "followed. The invitations and results that are on this computer can "
                                     "stay, or be erased."));
  if (has_steps (removal->description))
    adw_message_dialog_set_extra_child (dialog, make_steps_left (self, removal->description));
  adw_message_dialog_add_responses (dialog,
                                    "cancel", _("Cancel"),
                                    "keep", _("Keep data"),
                                    "erase", _("Erase data"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "erase", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (remove_response_cb), removal, removal_closure_free,
                         G_CONNECT_DEFAULT);
  g_signal_connect (dialog, "notify::default-widget", G_CALLBACK (focus_default_cb), NULL);
  focus_default_cb (GTK_WINDOW (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- The list ---- */

static void
told_cb (AssayConnectionsPage *self,
         const char           *sentence)
{
  say (self, sentence);
}

static void
row_activated_cb (GtkListBox    *list,
                  GtkListBoxRow *row)
{
  assay_connection_row_open_details (ASSAY_CONNECTION_ROW (row));
}

static AssayConnectionRow *
add_row (AssayConnectionsPage  *self,
         const AssayConnection *connection)
{
  GtkWidget *row = assay_connection_row_new (self->service);

  g_signal_connect_object (row, "told", G_CALLBACK (told_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "disconnect", G_CALLBACK (disconnect_cb), self, G_CONNECT_SWAPPED);
  g_hash_table_insert (self->rows, g_memdup2 (&connection->id, sizeof connection->id), row);
  return ASSAY_CONNECTION_ROW (row);
}

/* What the page shows. */
typedef struct
{
  GPtrArray *connections;   /* (element-type AssayConnection) */
  GPtrArray *drafts;        /* (element-type AssayDraft) */
  GHashTable *warnings;     /* gint64 id → what the doctor warns of */
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_pointer (&listing->connections, g_ptr_array_unref);
  g_clear_pointer (&listing->drafts, g_ptr_array_unref);
  g_clear_pointer (&listing->warnings, g_hash_table_unref);
  g_free (listing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listing, listing_free)

/* (nullable): what would do harm, of what was found */
static char *
dup_warning (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == ASSAY_SEVERITY_WARNING)
        return g_strjoin (" ", finding->sentence != NULL ? finding->sentence : finding->title, finding->remedy, NULL);
    }
  return NULL;
}

/* Runs on a thread of the store. */
static gpointer
read_listing (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  g_autoptr (Listing) listing = g_new0 (Listing, 1);

  listing->warnings = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  listing->connections = assay_connections_list (database, error);
  if (listing->connections != NULL)
    listing->drafts = assay_drafts_list (database, error);
  if (listing->drafts == NULL)
    return NULL;
  for (guint i = 0; i < listing->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (listing->connections, i);
      g_autoptr (GPtrArray) findings = assay_findings_list (database, connection->id, error);
      char *warning;

      if (findings == NULL)
        return NULL;
      warning = dup_warning (findings);
      if (warning != NULL)
        g_hash_table_insert (listing->warnings, g_memdup2 (&connection->id, sizeof connection->id), warning);
    }
  return g_steal_pointer (&listing);
}

/* 0 for none */
static gint64
find_draft (GPtrArray *drafts,
            gint64     connection_id)
{
  for (guint i = 0; i < drafts->len; i++)
    {
      const AssayDraft *draft = g_ptr_array_index (drafts, i);

      if (draft->connection_id == connection_id)
        return draft->id;
    }
  return 0;
}

/* Rows keep their identity, and so the focus, an open menu and what is under way in them. */
static void
show_connections (AssayConnectionsPage *self,
                  const Listing        *listing)
{
  GPtrArray *connections = listing->connections;
  g_autoptr (GHashTable) listed = g_hash_table_new (g_int64_hash, g_int64_equal);
  int positions[] = { 0, 0 };
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      g_hash_table_add (listed, (gpointer) &connection->id);
    }
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (listed, key))
      {
        gtk_list_box_remove (GTK_LIST_BOX (gtk_widget_get_parent (value)), value);
        g_hash_table_iter_remove (&iter);
      }

  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);
      gboolean is_ats = connection->role == ASSAY_ROLE_ATS;
      GtkListBox *list = is_ats ? self->ats_list : self->provider_list;
      int position = positions[is_ats ? 0 : 1]++;
      AssayConnectionRow *row = g_hash_table_lookup (self->rows, &connection->id);

      if (row == NULL)
        {
          row = add_row (self, connection);
          gtk_list_box_insert (list, GTK_WIDGET (row), position);
        }
      else if (gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) != position)
        {
          /* It was renamed. */
          g_object_ref (row);
          gtk_list_box_remove (list, GTK_WIDGET (row));
          gtk_list_box_insert (list, GTK_WIDGET (row), position);
          g_object_unref (row);
        }
      assay_connection_row_set_connection (row, connection);
      assay_connection_row_set_draft (row, find_draft (listing->drafts, connection->id));
      assay_connection_row_set_warning (row, g_hash_table_lookup (listing->warnings, &connection->id));
    }
  gtk_widget_set_visible (self->ats_group, positions[0] > 0);
  gtk_widget_set_visible (self->provider_group, positions[1] > 0);
  gtk_stack_set_visible_child_name (self->stack, connections->len > 0 ? "list" : "empty");
}

static void
load_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  AssayConnectionsPage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Listing) listing = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  if (listing != NULL)
    show_connections (self, listing);
  else if (g_hash_table_size (self->rows) == 0)
    {
      g_autofree char *markup = assay_format_markup (error->message);

      adw_status_page_set_description (self->failed_page, markup);
      gtk_stack_set_visible_child_name (self->stack, "failed");
    }
  if (self->focus_wanted)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->load_again)
    load (self);
}

static void
load (AssayConnectionsPage *self)
{
  if (self->loading)
    {
      self->load_again = TRUE;
      return;
    }
  self->loading = TRUE;
  self->load_again = FALSE;
  assay_store_read_async (assay_service_get_store (self->service), read_listing, NULL, NULL, listing_free,
                          self->cancellable, load_cb, self);
}

static void
store_changed_cb (AssayConnectionsPage *self,
                  AssayChanges         *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_CONNECTIONS))
    load (self);
}

/* ---- Carrying them elsewhere ---- */

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  assay_portable_export_from (widget, ASSAY_CONNECTIONS_PAGE (widget)->service);
}

static void
import_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  assay_portable_import_from (widget, ASSAY_CONNECTIONS_PAGE (widget)->service);
}

/* ---- The object ---- */

static gboolean
assay_connections_page_grab_focus (GtkWidget *widget)
{
  AssayConnectionsPage *self = ASSAY_CONNECTIONS_PAGE (widget);

  self->focus_wanted = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "loading") == 0;
  return gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static void
assay_connections_page_dispose (GObject *object)
{
  AssayConnectionsPage *self = ASSAY_CONNECTIONS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_hash_table_remove_all (self->rows);
  /* The toast overlay is both the bin's child and one of the template's: it is taken off once only. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CONNECTIONS_PAGE);
  G_OBJECT_CLASS (assay_connections_page_parent_class)->dispose (object);
}

static void
assay_connections_page_finalize (GObject *object)
{
  AssayConnectionsPage *self = ASSAY_CONNECTIONS_PAGE (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  G_OBJECT_CLASS (assay_connections_page_parent_class)->finalize (object);
}

static void
assay_connections_page_class_init (AssayConnectionsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_connections_page_dispose;
  object_class->finalize = assay_connections_page_finalize;
  widget_class->grab_focus = assay_connections_page_grab_focus;

  gtk_widget_class_install_action (widget_class, "connections.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "connections.import", NULL, import_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-connections-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionsPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionsPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionsPage, ats_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionsPage, ats_list);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionsPage, provider_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionsPage, provider_list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
assay_connections_page_init (AssayConnectionsPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->stack));
}

GtkWidget *
assay_connections_page_new (AssayService *service)
{
  AssayConnectionsPage *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_CONNECTIONS_PAGE, NULL);
  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  load (self);
  return GTK_WIDGET (self);
}
