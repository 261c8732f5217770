/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main window.
 *
 * The sidebar is a flap, list and page are a leaflet: three panes on a wide window, the sidebar laid over the
 * two others on a medium one, and one at a time on a narrow one. What is selected doesn't depend on how many
 * of them are seen. */
#include "config.h"

#include "assay-window.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-application-page.h"
#include "assay-batch-page.h"
#include "assay-bulk-dialog.h"
#include "assay-candidates-page.h"
#include "assay-chooser.h"
#include "assay-connect-dialog.h"
#include "assay-connections-page.h"
#include "assay-format.h"
#include "assay-imported-page.h"
#include "assay-invitations-page.h"
#include "assay-pane.h"
#include "assay-portable.h"
#include "assay-sandbox-launcher.h"
#include "assay-send-dialog.h"
#include "assay-settings.h"
#include "assay-sidebar.h"
#include "assay-state-page.h"
#include "assay-welcome-page.h"

/* How long an invitation can be undone; the send dialog queues it with this delay. */
#define UNDO_SECONDS 10
#define ERROR_SECONDS 12

struct _AssayWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwToast *told;                     /* (nullable) weak: the last one that only says something */
  GPtrArray *undo_toasts;             /* (element-type AdwToast): those with an Undo that are there, or displaced */
  GtkStack *main_stack;
  AdwBin *starting_bin;
  AssayStatePage *starting;           /* (nullable) made when first shown */
  AdwBin *welcome_bin;
  AdwFlap *flap;
  AssaySidebar *sidebar;
  GtkStack *content_stack;
  AdwLeaflet *leaflet;
  GtkStack *list_stack;
  AssayCandidatesPage *candidates;
  AdwBin *invitations_bin;
  AssayInvitationsPage *invitations;  /* (nullable) made when first shown */
  GtkStack *page_stack;
  AssayApplicationPage *page;
  AdwBin *batch_bin;
  AssayBatchPage *batch;              /* (nullable) made when first shown */
  AdwBin *imported_bin;
  AdwBin *connections_bin;
  GtkRevealer *keyring_bar;
  GtkLabel *keyring_label;
  GtkButton *keyring_button;

  AssayService *service;
  GSettings *settings;                /* (nullable) */
  GCancellable *cancellable;
  AssaySandboxLauncher *launcher;     /* (nullable) */
  gboolean launching;
  gint64 return_batch;                /* the batch that whoever is shown was opened from; 0 for none */
  gboolean invites_picked;            /* as soon as all that were asked for are picked */
};

G_DEFINE_FINAL_TYPE (AssayWindow, assay_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- Toasts ---- */

static AdwToast *
make_toast (const char *text)
{
  g_autofree char *sentence = assay_format_sentence (text);
  g_autofree char *title = assay_format_markup (sentence);

  return adw_toast_new (title);
}

/* What was asked for may end after the window did. */
static gboolean
is_gone (AssayWindow *self)
{
  return self->toasts == NULL;
}

static void
say (AssayWindow *self, const char *text)
{
  AdwToast *toast;

  if (is_gone (self))
    return;
  toast = make_toast (text);
  g_set_weak_pointer (&self->told, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* What went wrong takes longer to read than what went well. */
static void
say_error (AssayWindow *self, const GError *error)
{
  AdwToast *toast;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_gone (self))
    return;

  toast = make_toast (error->message);
  adw_toast_set_timeout (toast, ERROR_SECONDS);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* ---- Panes ---- */

static AssayRowListView *
get_list (AssayWindow *self)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->list_stack), "invitations") == 0)
    return assay_invitations_page_get_list (self->invitations);

  return assay_candidates_page_get_list (self->candidates);
}

static gboolean
is_page_on_top (AssayWindow *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "page") == 0;
}

static gboolean
shows_panes (AssayWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->main_stack), "main") == 0 &&
         g_strcmp0 (gtk_stack_get_visible_child_name (self->content_stack), "panes") == 0;
}

static gboolean
shows_batch (AssayWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->page_stack), "batch") == 0;
}

/* Side by side, list and page are both seen, and the focus stays where one works. */
static void
show_page (AssayWindow *self)
{
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child_name (self->leaflet, "page");
}

static void
hide_sidebar (AssayWindow *self)
{
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
set_action_enabled (AssayWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
reveal_flap_cb (AssayWindow *self)
{
  assay_accessible_set_hidden (GTK_WIDGET (self->sidebar), !adw_flap_get_reveal_flap (self->flap));
}

/* The window's buttons belong to the pane at its edge. */
static void
update_title_buttons (AssayWindow *self, AdwHeaderBar *header)
{
  adw_header_bar_set_show_start_title_buttons (header, adw_flap_get_folded (self->flap));
  adw_header_bar_set_show_end_title_buttons (header, adw_leaflet_get_folded (self->leaflet));
}

/* The sidebar's foot can't be seen while the sidebar is away. */
static void
update_freshness (AssayWindow *self)
{
  if (self->service != NULL)
    assay_candidates_page_set_freshness (self->candidates, adw_flap_get_folded (self->flap)
                                                             ? assay_sidebar_get_connections (self->sidebar)
                                                             : NULL);
}

static guint
get_n_picked (AssayWindow *self)
{
  AssayRowListView *list = assay_candidates_page_get_list (self->candidates);

  if (!shows_panes (self) ||
      g_strcmp0 (gtk_stack_get_visible_child_name (self->list_stack), "candidates") != 0)
    return 0;
  return assay_selection_get_n_picked (assay_row_list_view_get_selection (list));
}

/* One action stands out: with several people picked beside the page, it is the one for all of them. */
static void
update_suggestion (AssayWindow *self)
{
  assay_application_page_set_suggests_sending (self->page, adw_leaflet_get_folded (self->leaflet) ||
                                                             get_n_picked (self) == 0);
}

static void
folded_cb (AssayWindow *self)
{
  gboolean flap_folded = adw_flap_get_folded (self->flap);
  gboolean leaflet_folded = adw_leaflet_get_folded (self->leaflet);

  update_title_buttons (self, assay_candidates_page_get_header (self->candidates));
  if (self->invitations != NULL)
    update_title_buttons (self, assay_invitations_page_get_header (self->invitations));
  /* Of the two, the one that somebody was reading stays. */
  if (leaflet_folded && (shows_batch (self) || assay_application_page_get_application_id (self->page) != 0))
    adw_leaflet_set_visible_child_name (self->leaflet, "page");
  g_object_set (self->page, "folded", leaflet_folded, NULL);
  update_suggestion (self);
  if (self->batch != NULL)
    g_object_set (self->batch, "folded", leaflet_folded, NULL);
  set_action_enabled (self, "show-sidebar", flap_folded);
  if (flap_folded)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  update_freshness (self);
}

static void invitation_activated_cb (AssayWindow *self, gint64 id);
static void invitation_selected_cb (AssayWindow *self, GParamSpec *pspec, AssaySelection *selection);

static void
ensure_invitations (AssayWindow *self)
{
  AssaySelection *selection;

  if (self->invitations != NULL)
    return;

  self->invitations = g_object_new (ASSAY_TYPE_INVITATIONS_PAGE, NULL);
  assay_invitations_page_set_service (self->invitations, self->service);
  update_title_buttons (self, assay_invitations_page_get_header (self->invitations));
  g_signal_connect_object (self->invitations, "activated", G_CALLBACK (invitation_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->invitations, "batch-activated", G_CALLBACK (assay_window_show_batch), self,
                           G_CONNECT_SWAPPED);
  selection = assay_row_list_view_get_selection (assay_invitations_page_get_list (self->invitations));
  g_signal_connect_object (selection, "notify::selected-id", G_CALLBACK (invitation_selected_cb), self,
                           G_CONNECT_SWAPPED);
  adw_bin_set_child (self->invitations_bin, GTK_WIDGET (self->invitations));
}

static void
show_content (AssayWindow *self, const char *page)
{
  if (g_strcmp0 (page, "connections") == 0)
    {
      if (adw_bin_get_child (self->connections_bin) == NULL)
        adw_bin_set_child (self->connections_bin, assay_connections_page_new (self->service));
      gtk_stack_set_visible_child_name (self->content_stack, "connections");
    }
  else if (g_strcmp0 (page, "imported") == 0)
    {
      if (adw_bin_get_child (self->imported_bin) == NULL)
        adw_bin_set_child (self->imported_bin, assay_imported_page_new (self->service));
      gtk_stack_set_visible_child_name (self->content_stack, "imported");
    }
  else
    {
      if (g_strcmp0 (page, "invitations") == 0)
        ensure_invitations (self);
      gtk_stack_set_visible_child_name (self->list_stack, page);
      gtk_stack_set_visible_child_name (self->content_stack, "panes");
      update_suggestion (self);
    }
}

static void
sidebar_selected_cb (AssayWindow *self, const char *page, gint64 connection_id, gint64 job_id,
                     const char *title,
                     const char *subtitle)
{
  show_content (self, page);
  if (g_strcmp0 (page, "invitations") != 0)
    gtk_stack_set_visible_child_name (self->page_stack, "application");
  if (g_strcmp0 (page, "candidates") == 0)
    assay_candidates_page_set_scope (self->candidates, connection_id, job_id, title, subtitle);
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child_name (self->leaflet, "list");
  hide_sidebar (self);
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "sidebar-page", page);
}

static void
make_starting_page (AssayWindow *self)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();

  gtk_widget_add_css_class (header, "flat");
  gtk_box_append (GTK_BOX (page), header);
  self->starting = g_object_new (ASSAY_TYPE_STATE_PAGE,
                                 "vexpand", TRUE,
                                 "icon-name", ASSAY_APP_ID "-symbolic",
                                 "title", _("Starting the Sandbox"),
                                 "description", _("It plays Pinpoint and TestTrick on this computer, with invented "
                                                  "people. Nothing you do here leaves it."),
                                 NULL);
  gtk_box_append (GTK_BOX (page), GTK_WIDGET (self->starting));
  adw_bin_set_child (self->starting_bin, page);
}

static void
update_main_child (AssayWindow *self)
{
  gboolean loaded, empty, has_ats;

  g_object_get (self->sidebar, "loaded", &loaded, "empty", &empty, "has-ats", &has_ats, NULL);
  if (loaded)
    assay_candidates_page_set_ats (self->candidates, has_ats);

  if (!loaded || (empty && self->launching))
    {
      if (self->starting == NULL)
        make_starting_page (self);
      gtk_widget_set_visible (GTK_WIDGET (self->starting), self->launching);
      gtk_stack_set_visible_child_name (self->main_stack, "starting");
    }
  else if (empty)
    {
      if (adw_bin_get_child (self->welcome_bin) == NULL)
        adw_bin_set_child (self->welcome_bin, assay_welcome_page_new ());
      gtk_stack_set_visible_child_name (self->main_stack, "welcome");
    }
  else
    gtk_stack_set_visible_child_name (self->main_stack, "main");
}

/* Whoever tried the sandbox finds it running again; it is a process of ours and ended with the last
 * window. */
static void
resume_sandbox (AssayWindow *self)
{
  GPtrArray *connections = assay_sidebar_get_connections (self->sidebar);

  if (self->launcher != NULL)
    return;
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (connection->state == ASSAY_CONNECTION_ENABLED && assay_sandbox_launcher_serves (connection))
        {
          assay_window_try_sandbox (self);
          return;
        }
    }
}

static void
sidebar_loaded_cb (AssayWindow *self)
{
  update_main_child (self);
  update_freshness (self);
  resume_sandbox (self);
}

static void
show_application (AssayWindow *self, gint64 application_id)
{
  self->return_batch = 0;
  gtk_stack_set_visible_child_name (self->page_stack, "application");
  assay_application_page_show_application (self->page, application_id);
}

static void
candidate_selected_cb (AssayWindow *self, GParamSpec *pspec, AssaySelection *selection)
{
  gint64 id = assay_selection_get_selected_id (selection);

  if (id != 0)
    show_application (self, id);
}

static void
show_invitation_of_list (AssayWindow *self, gint64 invitation_id)
{
  gint64 application_id = assay_invitations_page_get_application (self->invitations, invitation_id);

  if (application_id == 0)
    {
      assay_application_page_show_erased (self->page);
      return;
    }

  show_application (self, application_id);
  assay_application_page_show_invitation (self->page, invitation_id, FALSE);
}

static void
invitation_selected_cb (AssayWindow *self, GParamSpec *pspec, AssaySelection *selection)
{
  gint64 id = assay_selection_get_selected_id (selection);

  if (id != 0)
    show_invitation_of_list (self, id);
}

static void
candidate_activated_cb (AssayWindow *self, gint64 id)
{
  show_application (self, id);
  show_page (self);
}

static void
invitation_activated_cb (AssayWindow *self, gint64 id)
{
  show_invitation_of_list (self, id);
  show_page (self);
}

static void
application_cb (AssayWindow *self)
{
  set_action_enabled (self, "send-assessment", assay_application_page_get_application_id (self->page) != 0);
}

/* ---- Batches ---- */

static void
batch_activated_cb (AssayWindow *self, gint64 application_id, gint64 invitation_id)
{
  gint64 batch_id = assay_batch_page_get_batch (self->batch);

  if (application_id == 0)
    {
      assay_application_page_show_erased (self->page);
      gtk_stack_set_visible_child_name (self->page_stack, "application");
    }
  else
    {
      show_application (self, application_id);
      assay_application_page_show_invitation (self->page, invitation_id, FALSE);
    }
  self->return_batch = batch_id;
  show_page (self);
}

void
assay_window_show_batch (AssayWindow *self, gint64 batch_id)
{
  g_return_if_fail (ASSAY_IS_WINDOW (self));

  if (self->batch == NULL)
    {
      self->batch = assay_batch_page_new (self->service);
      g_object_set (self->batch, "folded", adw_leaflet_get_folded (self->leaflet), NULL);
      g_signal_connect_object (self->batch, "activated", G_CALLBACK (batch_activated_cb), self, G_CONNECT_SWAPPED);
      adw_bin_set_child (self->batch_bin, GTK_WIDGET (self->batch));
    }
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->list_stack), "invitations") != 0 || !shows_panes (self))
    assay_sidebar_select_page (self->sidebar, "invitations");
  self->return_batch = 0;
  assay_batch_page_show (self->batch, batch_id);
  gtk_stack_set_visible_child_name (self->page_stack, "batch");
  show_page (self);
}

static gboolean
undo_over_cb (gpointer user_data)
{
  adw_toast_dismiss (user_data);
  return G_SOURCE_REMOVE;
}

static void
undo_toast_dismissed_cb (AssayWindow *self, AdwToast *toast)
{
  g_ptr_array_remove_fast (self->undo_toasts, toast);
}

/* A toast that another one displaced comes back later, and mustn't promise what is over by then. */
static void
show_undo_toast (AssayWindow *self, const char *text, const char *action, gint64 id)
{
  AdwToast *toast = make_toast (text);

  /* It would come back afterwards, and say of the last invitation what isn't so of this one. */
  if (self->told != NULL)
    adw_toast_dismiss (self->told);
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_button_label (toast, _("Undo"));
  adw_toast_set_action_name (toast, action);
  adw_toast_set_action_target (toast, "x", id);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (undo_toast_dismissed_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->undo_toasts, g_object_ref (toast));
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, UNDO_SECONDS, undo_over_cb, g_object_ref (toast), g_object_unref);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* What was undone elsewhere, such as on its card, isn't offered any more. */
static void
dismiss_undo_toast (AssayWindow *self, const char *action, gint64 id)
{
  for (guint i = self->undo_toasts->len; i > 0; i--)
    {
      AdwToast *toast = g_ptr_array_index (self->undo_toasts, i - 1);

      if (g_str_equal (adw_toast_get_action_name (toast), action) &&
          g_variant_get_int64 (adw_toast_get_action_target_value (toast)) == id)
        adw_toast_dismiss (toast);
    }
}

gboolean
assay_window_shows_batch (AssayWindow *self, gint64 batch_id)
{
  g_return_val_if_fail (ASSAY_IS_WINDOW (self), FALSE);

  return self->batch != NULL && assay_batch_page_get_batch (self->batch) == batch_id &&
         gtk_widget_get_mapped (GTK_WIDGET (self->batch));
}

static void
undo_batch_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  int left = assay_service_undo_batch_finish (ASSAY_SERVICE (object), result, &error);

  if (left < 0)
    say_error (self, error);
  else if (left == 0)
    say (self, _("Invitations taken back"));
  else
    {
      g_autofree char *number = assay_format_count ((guint64) left);
      /* Translators: %s is a number */
      g_autofree char *text = g_strdup_printf (ngettext ("%s had left already; the others are taken back",
                                                         "%s had left already; the others are taken back",
                                                         (gulong) left), number);

      say (self, text);
    }
}

static void
undo_batch_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  dismiss_undo_toast (self, "win.undo-batch", g_variant_get_int64 (parameter));
  assay_service_undo_batch_async (self->service, g_variant_get_int64 (parameter), self->cancellable, undo_batch_cb,
                                  g_object_ref (self));
}

static void
batch_sent_cb (AssayWindow *self, gint64 batch_id, guint n_people)
{
  g_autofree char *number = assay_format_count (n_people);
  g_autofree char *text = NULL;

  /* Translators: %s is a number of invitations, %d one of seconds */
  text = g_strdup_printf (ngettext ("%s invitation goes out in %d s", "%s invitations go out in %d s", n_people), number,
                          UNDO_SECONDS);
  show_undo_toast (self, text, "win.undo-batch", batch_id);
  assay_candidates_page_end_picking (self->candidates);
  assay_window_show_batch (self, batch_id);
  gtk_widget_grab_focus (GTK_WIDGET (self->batch));
}

static void
invite_many (AssayWindow *self, GArray *ids)
{
  g_autofree char *title = NULL;
  GtkWindow *dialog;
  gint64 job_id;

  if (ids->len > ASSAY_BULK_MAXIMUM)
    {
      g_autofree char *number = assay_format_count (ids->len);
      g_autofree char *most = assay_format_count (ASSAY_BULK_MAXIMUM);
      /* Translators: %s are two numbers */
      g_autofree char *text = g_strdup_printf (_("These are %s people, and %s can be invited at a time. Narrow them down."),
                                               number, most);

      say (self, text);
      return;
    }

  title = assay_candidates_page_dup_description (self->candidates, &job_id);
  dialog = assay_bulk_dialog_new (self->service, ids, title, job_id);
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  g_signal_connect_object (dialog, "sent", G_CALLBACK (batch_sent_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

void
assay_window_invite_from_file (AssayWindow *self, GFile *file)
{
  GtkWindow *dialog;

  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  dialog = assay_bulk_dialog_new_for_file (self->service, file);
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  g_signal_connect_object (dialog, "sent", G_CALLBACK (batch_sent_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
invite_picked_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;
  AssayRowListView *list = assay_candidates_page_get_list (self->candidates);
  g_autoptr (GArray) ids = NULL;

  if (get_n_picked (self) == 0)
    return;
  ids = assay_selection_dup_picked (assay_row_list_view_get_selection (list));
  invite_many (self, ids);
}

static void
n_picked_cb (AssayWindow *self)
{
  set_action_enabled (self, "invite-picked", get_n_picked (self) > 0);
  update_suggestion (self);
  if (!self->invites_picked)
    return;
  self->invites_picked = FALSE;
  invite_picked_activated (NULL, NULL, self);
}

/* All that the list shows: a job's stage, a search, or everybody. They are picked, so that one sees who is meant. */
static void
invite_found_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;
  AssayRowListView *list = assay_candidates_page_get_list (self->candidates);
  AssaySelection *selection = assay_row_list_view_get_selection (list);

  if (g_list_model_get_n_items (G_LIST_MODEL (selection)) == 0)
    return;
  assay_selection_clear_picked (selection);
  self->invites_picked = TRUE;
  assay_selection_pick_all (selection);
}

static void
file_chosen_cb (GFile *file, gpointer user_data)
{
  assay_window_invite_from_file (user_data, file);
}

static void
invite_csv_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Whom to Invite"), GTK_WINDOW (self),
                                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("CSV Files"));
  gtk_file_filter_add_suffix (filter, "csv");
  gtk_file_filter_add_suffix (filter, "tsv");
  gtk_file_filter_add_suffix (filter, "txt");
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), all);
  assay_chooser_show (chooser, file_chosen_cb, self, NULL);
}

/* ---- Keyring ---- */

static void
update_keyring (AssayWindow *self)
{
  const GError *error = assay_service_get_keyring_error (self->service);

  if (error != NULL)
    {
      gtk_label_set_label (self->keyring_label, error->message);
      /* Without a keyring there is nothing to unlock; starting one is the user's. */
      gtk_button_set_label (self->keyring_button,
                            g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_MISSING)
                                                    ? _("Try Again") : _("Unlock"));
    }
  gtk_revealer_set_reveal_child (self->keyring_bar, error != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->keyring_bar), error != NULL);
}

static void
unlock_keyring_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_unlock_keyring_finish (ASSAY_SERVICE (object), result, &error))
    say_error (self, error);
}

static void
unlock_keyring_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  assay_service_unlock_keyring_async (self->service, self->cancellable, unlock_keyring_cb,
                                      g_object_ref (self));
}

/* ---- Sending ---- */

static void
undo_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (assay_service_undo_invitation_finish (ASSAY_SERVICE (object), result, &error))
    say (self, _("Invitation taken back"));
  else
    say_error (self, error);
}

static void
undo_invitation_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  dismiss_undo_toast (self, "win.undo-invitation", g_variant_get_int64 (parameter));
  assay_service_undo_invitation_async (self->service, g_variant_get_int64 (parameter), self->cancellable,
                                       undo_cb,
                                       g_object_ref (self));
}

static void
sent_cb (AssayWindow *self, gint64 invitation_id, const char *first_name)
{
  g_autofree char *text = NULL;

  /* Translators: %s is a candidate's first name, %d a number of seconds */
  text = g_strdup_printf (_("Invitation to %s goes out in %d s"), first_name, UNDO_SECONDS);
  show_undo_toast (self, text, "win.undo-invitation", invitation_id);
  assay_application_page_show_invitation (self->page, invitation_id, FALSE);
}

static void
earlier_invitation_cb (AssayWindow *self, gint64 invitation_id)
{
  assay_application_page_show_invitation (self->page, invitation_id, TRUE);
  show_page (self);
}

static void
send_assessment_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;
  gint64 application_id = assay_application_page_get_application_id (self->page);
  GtkWindow *dialog;

  if (application_id == 0 || !shows_panes (self))
    return;

  dialog = assay_send_dialog_new (self->service, application_id);
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_set_modal (dialog, TRUE);
  g_signal_connect_object (dialog, "sent", G_CALLBACK (sent_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "show-invitation", G_CALLBACK (earlier_invitation_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

/* What `e` means: those who are picked, or else whoever is open. */
static void
invite_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  if (get_n_picked (self) > 0)
    invite_picked_activated (NULL, NULL, self);
  else if (!shows_batch (self))
    send_assessment_activated (NULL, NULL, self);
}

/* ---- Connections and the sandbox ---- */

static void
present_connect_dialog (AssayWindow *self, GtkWindow *dialog)
{
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_set_modal (dialog, TRUE);
  gtk_window_present (dialog);
}

static void
new_connection_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  present_connect_dialog (self, assay_connect_dialog_new (self->service, NULL));
}

static void
fix_connection_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  present_connect_dialog (self, assay_connect_dialog_new_for_connection (self->service,
                                                                         g_variant_get_int64 (parameter)));
}

/* A file that is too large is none of ours, and isn't read to its end. */
static gboolean
wants_more (const char *contents, goffset size, gpointer user_data)
{
  return size <= ASSAY_PORTABLE_MAX_SIZE;
}

static void
file_loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayWindow) self = user_data;
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDraft) request = NULL;

  if (g_file_load_partial_contents_finish (G_FILE (object), result, &text, &length, NULL, &error))
    request = assay_setup_request_parse (text, length, &error);
  if (is_gone (self))
    return;
  if (request != NULL)
    present_connect_dialog (self, assay_connect_dialog_new_for_request (self->service, request));
  else
    say_error (self, error);
}

void
assay_window_open_file (AssayWindow *self, GFile *file)
{
  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  g_file_load_partial_contents_async (file, self->cancellable, wants_more, file_loaded_cb, g_object_ref (self));
}

static void
launch_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  self->launching = FALSE;
  if (!assay_sandbox_launcher_start_finish (ASSAY_SANDBOX_LAUNCHER (object), result, &error))
    say_error (self, error);
  if (!is_gone (self))
    update_main_child (self);
}

static void
sandbox_died_cb (AssayWindow *self, const char *sentence)
{
  adw_toast_overlay_add_toast (self->toasts, make_toast (sentence));
}

void
assay_window_try_sandbox (AssayWindow *self)
{
  g_return_if_fail (ASSAY_IS_WINDOW (self));

  if (self->launching)
    return;

  if (self->launcher == NULL)
    {
      self->launcher = assay_sandbox_launcher_new (self->service);
      g_signal_connect_object (self->launcher, "died", G_CALLBACK (sandbox_died_cb), self, G_CONNECT_SWAPPED);
    }
  self->launching = TRUE;
  update_main_child (self);
  assay_sandbox_launcher_start_async (self->launcher, self->cancellable, launch_cb, g_object_ref (self));
}

AssaySandboxLauncher *
assay_window_steal_launcher (AssayWindow *self)
{
  g_return_val_if_fail (ASSAY_IS_WINDOW (self), NULL);

  if (self->launcher != NULL)
    g_signal_handlers_disconnect_by_data (self->launcher, self);
  return g_steal_pointer (&self->launcher);
}

void
assay_window_take_launcher (AssayWindow *self, AssaySandboxLauncher *launcher)
{
  g_return_if_fail (ASSAY_IS_WINDOW (self));
  g_return_if_fail (ASSAY_IS_SANDBOX_LAUNCHER (launcher));
  g_return_if_fail (self->launcher == NULL);

  self->launcher = launcher;
  g_signal_connect_object (launcher, "died", G_CALLBACK (sandbox_died_cb), self, G_CONNECT_SWAPPED);
}

static void
try_sandbox_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  assay_window_try_sandbox (user_data);
}

/* ---- Refresh ---- */

static void
sync_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) results = assay_service_sync_finish (ASSAY_SERVICE (object), result, &error);

  if (results == NULL)
    {
      say_error (self, error);
      return;
    }

  for (guint i = 0; i < results->len; i++)
    {
      const AssaySyncResult *outcome = g_ptr_array_index (results, i);

      /* One sentence is enough; the sidebar's foot and the connections page keep the rest. */
      if (outcome->error != NULL)
        {
          say_error (self, outcome->error);
          return;
        }
    }
}

static void
refresh_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  assay_service_sync_async (self->service, 0, FALSE, NULL, NULL, self->cancellable, sync_cb,
                            g_object_ref (self));
  if (shows_panes (self))
    assay_application_page_refresh (self->page);
}

/* ---- Moving about ---- */

static void
page_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  assay_sidebar_select_page (self->sidebar, g_variant_get_string (parameter, NULL));
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->content_stack), GTK_DIR_TAB_FORWARD);
}

static void
search_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->main_stack), "main") != 0)
    return;
  if (!shows_panes (self) ||
      g_strcmp0 (gtk_stack_get_visible_child_name (self->list_stack), "candidates") != 0)
    assay_sidebar_select_page (self->sidebar, "candidates");
  if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child_name (self->leaflet, "list");
  assay_candidates_page_begin_search (self->candidates);
}

/* FALSE where there is nothing to go back from. */
static gboolean
go_back (AssayWindow *self)
{
  if (adw_flap_get_folded (self->flap) && adw_flap_get_reveal_flap (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  else if (!shows_panes (self))
    return FALSE;
  else if (assay_application_page_go_back (self->page))
    return TRUE;
  else if (self->return_batch != 0 && !shows_batch (self))
    {
      assay_window_show_batch (self, self->return_batch);
      gtk_widget_grab_focus (GTK_WIDGET (self->batch));
    }
  else if (is_page_on_top (self))
    {
      adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
      gtk_widget_grab_focus (GTK_WIDGET (get_list (self)));
    }
  else if (!assay_candidates_page_end_picking (self->candidates))
    return assay_candidates_page_end_search (self->candidates);

  return TRUE;
}

static void
back_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  go_back (user_data);
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  return go_back (user_data);
}

static void
show_sidebar_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  adw_flap_set_reveal_flap (self->flap, TRUE);
  gtk_widget_child_focus (GTK_WIDGET (self->sidebar), GTK_DIR_TAB_FORWARD);
}

static void
show_application_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;
  AssayRowListView *list = assay_candidates_page_get_list (self->candidates);
  gint64 id = g_variant_get_int64 (parameter);

  show_content (self, "candidates");
  assay_selection_set_selected_id (assay_row_list_view_get_selection (list), id);
  show_application (self, id);
  show_page (self);
}

static void
move_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  if (shows_panes (self))
    assay_row_list_view_move (get_list (self), g_variant_get_int32 (parameter));
}

static void
toggle_picked_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayWindow *self = user_data;

  if (shows_panes (self))
    assay_row_list_view_toggle_picked (get_list (self));
}

static void
message_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  say (user_data, g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { .name = "back", .activate = back_activated },
  { .name = "invite", .activate = invite_activated },
  { .name = "invite-csv", .activate = invite_csv_activated },
  { .name = "invite-found", .activate = invite_found_activated },
  { .name = "invite-picked", .activate = invite_picked_activated },
  { .name = "fix-connection", .activate = fix_connection_activated, .parameter_type = "x" },
  { .name = "message", .activate = message_activated, .parameter_type = "s" },
  { .name = "move", .activate = move_activated, .parameter_type = "i" },
  { .name = "new-connection", .activate = new_connection_activated },
  { .name = "page", .activate = page_activated, .parameter_type = "s" },
  { .name = "refresh", .activate = refresh_activated },
  { .name = "search", .activate = search_activated },
  { .name = "send-assessment", .activate = send_assessment_activated },
  { .name = "show-application", .activate = show_application_activated, .parameter_type = "x" },
  { .name = "show-sidebar", .activate = show_sidebar_activated },
  { .name = "toggle-picked", .activate = toggle_picked_activated },
  { .name = "try-sandbox", .activate = try_sandbox_activated },
  { .name = "undo-batch", .activate = undo_batch_activated, .parameter_type = "x" },
  { .name = "undo-invitation", .activate = undo_invitation_activated, .parameter_type = "x" },
  { .name = "unlock-keyring", .activate = unlock_keyring_activated },
};

/* Single letters aren't accelerators of the application: those are looked at before an entry is. These keys
 * reach the window only when whatever has the focus had no use for them. */
static void
add_shortcuts (AssayWindow *self)
{
  static const struct
  {
    const char *trigger;
    const char *action_name;
    int step;
  } shortcuts[] = {
    { "j", "win.move", 1 },
    { "k", "win.move", -1 },
    { "x", "win.toggle-picked", 0 },
    { "e", "win.invite", 0 },
    { "<Alt>Left", "win.back", 0 },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (guint i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string (shortcuts[i].trigger),
                                                gtk_named_action_new (shortcuts[i].action_name));

      if (shortcuts[i].step != 0)
        gtk_shortcut_set_arguments (shortcut, g_variant_new_int32 (shortcuts[i].step));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  gtk_widget_add_controller (GTK_WIDGET (self), controller);

  /* Nearer than the overlay around it, which has a use of its own for Escape: it closes the toast. */
  controller = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (escape_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self->main_stack), controller);
}

/* ---- The object ---- */

static void
assay_window_dispose (GObject *object)
{
  AssayWindow *self = ASSAY_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->launcher != NULL)
    assay_sandbox_launcher_stop (self->launcher);
  g_clear_object (&self->launcher);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->service);
  g_clear_weak_pointer (&self->told);

  G_OBJECT_CLASS (assay_window_parent_class)->dispose (object);
}

static void
assay_window_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_WINDOW (object)->undo_toasts);

  G_OBJECT_CLASS (assay_window_parent_class)->finalize (object);
}

static void
assay_window_class_init (AssayWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_window_dispose;
  object_class->finalize = assay_window_finalize;

  g_type_ensure (ASSAY_TYPE_PANE);
  g_type_ensure (ASSAY_TYPE_SIDEBAR);
  g_type_ensure (ASSAY_TYPE_CANDIDATES_PAGE);
  g_type_ensure (ASSAY_TYPE_APPLICATION_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, main_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, starting_bin);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, welcome_bin);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, content_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, list_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, candidates);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, invitations_bin);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, page_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, page);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, batch_bin);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, imported_bin);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, connections_bin);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, keyring_bar);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, keyring_label);
  gtk_widget_class_bind_template_child (widget_class, AssayWindow, keyring_button);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_loaded_cb);
  gtk_widget_class_bind_template_callback (widget_class, candidate_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, application_cb);
}

static void
assay_window_init (AssayWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->undo_toasts = g_ptr_array_new_with_free_func (g_object_unref);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->main_stack));
  assay_accessible_follow (GTK_WIDGET (self->content_stack));
  assay_accessible_follow (GTK_WIDGET (self->list_stack));
  assay_accessible_follow (GTK_WIDGET (self->leaflet));
  assay_accessible_follow (GTK_WIDGET (self->page_stack));
  g_signal_connect_object (self->flap, "notify::reveal-flap", G_CALLBACK (reveal_flap_cb), self,
                           G_CONNECT_SWAPPED);
  add_shortcuts (self);
  application_cb (self);
  folded_cb (self);
}

static void
bind_settings (AssayWindow *self)
{
  self->settings = assay_settings_new ();
  if (self->settings == NULL)
    return;

  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

/* Where one was the last time. */
static void
restore_page (AssayWindow *self)
{
  g_autofree char *page = NULL;

  if (self->settings == NULL)
    return;

  page = g_settings_get_string (self->settings, "sidebar-page");
  assay_sidebar_select_page (self->sidebar, page);
}

AssayWindow *
assay_window_new (GtkApplication *application, AssayService *service)
{
  AssayWindow *self;
  AssaySelection *selection;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_WINDOW, "application", application, NULL);
  self->service = g_object_ref (service);
  bind_settings (self);

  assay_candidates_page_set_service (self->candidates, service);
  assay_application_page_set_service (self->page, service);
  assay_sidebar_set_service (self->sidebar, service);

  selection = assay_row_list_view_get_selection (assay_candidates_page_get_list (self->candidates));
  g_signal_connect_object (selection, "notify::selected-id", G_CALLBACK (candidate_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (selection, "notify::n-picked", G_CALLBACK (n_picked_cb), self, G_CONNECT_SWAPPED);
  n_picked_cb (self);
  g_signal_connect_object (service, "notify::keyring-error", G_CALLBACK (update_keyring), self,
                           G_CONNECT_SWAPPED);
  update_keyring (self);
  restore_page (self);
  update_main_child (self);

  return self;
}
