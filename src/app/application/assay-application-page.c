/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One candidate's application.
 *
 * What is shown is read from the store in one go, and again after each change that concerns it. The widgets for it are
 * made when somebody is chosen: the window is there sooner without them. */
#include "config.h"

#include "assay-application-page.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-application-view.h"
#include "assay-invitation-details.h"
#include "assay-menu.h"
#include "assay-result-dialog.h"
#include "assay-question.h"
#include "assay-skeleton-row.h"
#include "assay-state-page.h"
#include "assay-uri.h"

#define SKELETON_DELAY_MILLISECONDS 300
#define N_SKELETON_ROWS 3
#define UNDO_MILLISECONDS 10000

struct _AssayApplicationPage
{
  AdwBin parent_instance;

  AdwHeaderBar *header;
  AdwWindowTitle *header_title;
  GtkButton *back_button;
  GtkMenuButton *menu_button;
  GMenu *menu;
  GtkButton *send_button;
  GtkStack *stack;
  AssayStatePage *failed;
  GtkBox *skeleton;
  AdwBin *view_bin;
  AssayApplicationView *view;      /* (nullable) made when first needed */
  AdwBin *details_bin;
  AssayInvitationDetails *details; /* (nullable) likewise */

  AssayService *service;
  GCancellable *lifetime;        /* of actions */
  GCancellable *cancellable;     /* of reading */
  AssayApplicationContent *content; /* (nullable) */
  gint64 application_id;
  gint64 details_id;             /* the invitation whose details are open; 0 for none */
  gint64 wanted_id;              /* one to show once it is read */
  gboolean wanted_details;
  guint skeleton_id;
  gboolean reading;
  gboolean stale;
  gboolean folded;
};

typedef enum
{
  PROP_APPLICATION_ID = 1,
  PROP_FOLDED,
} AssayApplicationPageProperty;

static GParamSpec *properties[PROP_FOLDED + 1];

G_DEFINE_FINAL_TYPE (AssayApplicationPage, assay_application_page, ADW_TYPE_BIN)

static void reload (AssayApplicationPage *self);

static void
say (AssayApplicationPage *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.message", "s", text);
}

static gint64 *
make_key (gint64 id)
{
  return g_memdup2 (&id, sizeof id);
}

static AssayInvitation *
find_invitation (AssayApplicationPage *self, gint64 id)
{
  return self->content != NULL ? assay_application_content_find_invitation (self->content, id) : NULL;
}

static AssayOutboxRow *
find_outbox_row (AssayApplicationPage *self, gint64 invitation_id)
{
  return self->content != NULL ? assay_application_content_find_outbox_row (self->content, invitation_id) : NULL;
}

static AssayCapabilities
get_capabilities (AssayApplicationPage *self, const AssayInvitation *invitation)
{
  return assay_application_content_get_capabilities (self->content, invitation);
}

/* ---- The frame ---- */

static void
update_frame (AssayApplicationPage *self)
{
  const AssayInvitation *invitation = find_invitation (self, self->details_id);
  const AssayApplication *application = self->content != NULL ? self->content->application : NULL;
  gboolean has_application = self->application_id != 0 && application != NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->back_button), self->folded || invitation != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->send_button), has_application && invitation == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->menu_button), has_application);
  /* The name stands large below; the header repeats it only where it doesn't. */
  adw_window_title_set_title (self->header_title,
                              has_application && invitation != NULL ? application->full_name : "");

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "application.copy-email",
                                 has_application && application->email != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "application.open-in-ats",
                                 has_application && assay_uri_is_safe (application->url));
}

static void
show_child (AssayApplicationPage *self, const char *name, GtkStackTransitionType transition)
{
  g_clear_handle_id (&self->skeleton_id, g_source_remove);
  gtk_stack_set_visible_child_full (self->stack, name, transition);
}

static void
show_details (AssayApplicationPage *self, const AssayInvitation *invitation)
{
  if (self->details == NULL)
    {
      self->details = g_object_new (ASSAY_TYPE_INVITATION_DETAILS, NULL);
      adw_bin_set_child (self->details_bin, GTK_WIDGET (self->details));
    }
  assay_invitation_details_set (self->details, invitation, get_capabilities (self, invitation));
}

static void
open_details (AssayApplicationPage *self, gint64 invitation_id)
{
  const AssayInvitation *invitation = find_invitation (self, invitation_id);

  if (invitation == NULL)
    return;

  self->details_id = invitation_id;
  show_details (self, invitation);
  show_child (self, "details", GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
  update_frame (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->back_button));
}

void
assay_application_page_set_suggests_sending (AssayApplicationPage *self,
                                             gboolean              suggests)
{
  g_return_if_fail (ASSAY_IS_APPLICATION_PAGE (self));

  if (suggests)
    gtk_widget_add_css_class (GTK_WIDGET (self->send_button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->send_button), "suggested-action");
}

gboolean
assay_application_page_go_back (AssayApplicationPage *self)
{
  GtkWidget *card;

  g_return_val_if_fail (ASSAY_IS_APPLICATION_PAGE (self), FALSE);

  if (self->details_id == 0)
    return FALSE;

  card = assay_application_view_get_card (self->view, self->details_id);
  self->details_id = 0;
  show_child (self, "content", GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
  update_frame (self);
  if (card != NULL)
    gtk_widget_child_focus (card, GTK_DIR_TAB_FORWARD);

  return TRUE;
}

/* ---- Reading ---- */

static gpointer
mark_seen (AssayDatabase *database, gpointer data, GError **error)
{
  assay_applications_mark_seen (database, *(gint64 *) data, error);
  return NULL;
}

static void
mark_seen_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (object), result, &error);
  if (error != NULL)
    g_debug ("The application stays marked as new: %s", error->message);
}

static void
take_content (AssayApplicationPage *self, AssayApplicationContent *content)
{
  AssayApplicationContent *before = self->content;
  const AssayApplication *application = content->application;

  self->content = content;
  if (self->view == NULL)
    {
      self->view = assay_application_view_new (self->service);
      adw_bin_set_child (self->view_bin, GTK_WIDGET (self->view));
    }
  assay_application_view_show (self->view, before, content);

  if (self->details_id != 0)
    {
      const AssayInvitation *invitation = find_invitation (self, self->details_id);

      if (invitation != NULL)
        show_details (self, invitation);
      else
        assay_application_page_go_back (self);
    }
  else
    show_child (self, "content", GTK_STACK_TRANSITION_TYPE_NONE);

  if (self->wanted_id != 0 && find_invitation (self, self->wanted_id) != NULL)
    {
      assay_application_view_show_assessments (self->view);
      if (self->wanted_details)
        open_details (self, self->wanted_id);
      self->wanted_id = 0;
    }
  update_frame (self);

  if (application->unseen && gtk_widget_get_mapped (GTK_WIDGET (self)))
    assay_store_write_async (assay_service_get_store (self->service), mark_seen, make_key (application->id),
                             g_free,
                             NULL, NULL, mark_seen_cb, NULL);

  g_clear_pointer (&before, assay_application_content_free);
}

static void
read_content_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  AssayApplicationPage *self;
  g_autoptr (GError) error = NULL;
  AssayApplicationContent *content = assay_store_finish (ASSAY_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  self->reading = FALSE;
  if (content != NULL)
    take_content (self, content);
  else
    {
      g_clear_pointer (&self->content, assay_application_content_free);
      assay_state_page_set_error (self->failed, error);
      show_child (self, "failed", GTK_STACK_TRANSITION_TYPE_NONE);
      update_frame (self);
    }

  if (self->stale)
    reload (self);
}

static void
skeleton_cb (gpointer user_data)
{
  AssayApplicationPage *self = user_data;

  self->skeleton_id = 0;
  if (gtk_widget_get_first_child (GTK_WIDGET (self->skeleton)) == NULL)
    for (guint i = 0; i < N_SKELETON_ROWS; i++)
      gtk_box_append (self->skeleton, assay_skeleton_row_new ());
  gtk_stack_set_visible_child_name (self->stack, "loading");
}

static void
reload (AssayApplicationPage *self)
{
  self->stale = FALSE;
  if (self->application_id == 0)
    return;

  if (self->reading)
    {
      self->stale = TRUE;
      return;
    }

  self->reading = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), assay_application_content_read,
                          make_key (self->application_id),
                          g_free, assay_application_content_free, self->cancellable, read_content_cb, self);
}

static void
store_changed_cb (AssayApplicationPage *self, const AssayChanges *changes)
{
  if (self->application_id == 0)
    return;

  if (assay_changes_has (changes, ASSAY_CHANGE_APPLICATIONS, self->application_id) ||
      assay_changes_has_kind (changes, ASSAY_CHANGE_INVITATIONS | ASSAY_CHANGE_OUTBOX))
    reload (self);
}

gint64
assay_application_page_get_application_id (AssayApplicationPage *self)
{
  g_return_val_if_fail (ASSAY_IS_APPLICATION_PAGE (self), 0);

  return self->application_id;
}

static void
forget (AssayApplicationPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->reading = FALSE;
  self->stale = FALSE;
  self->details_id = 0;
  self->wanted_id = 0;
}

void
assay_application_page_show_application (AssayApplicationPage *self, gint64 application_id)
{
  g_return_if_fail (ASSAY_IS_APPLICATION_PAGE (self));

  if (self->application_id == application_id && application_id != 0)
    return;

  forget (self);
  self->application_id = application_id;
  if (application_id == 0)
    {
      g_clear_pointer (&self->content, assay_application_content_free);
      show_child (self, "none", GTK_STACK_TRANSITION_TYPE_NONE);
      update_frame (self);
    }
  else
    {
      /* Mostly the answer is here before the next frame; until then what was shown stays. */
      if (self->skeleton_id == 0)
        self->skeleton_id = g_timeout_add_once (SKELETON_DELAY_MILLISECONDS, skeleton_cb, self);
      reload (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_APPLICATION_ID]);
}

void
assay_application_page_show_erased (AssayApplicationPage *self)
{
  g_return_if_fail (ASSAY_IS_APPLICATION_PAGE (self));

  assay_application_page_show_application (self, 0);
  assay_state_page_set_error (self->failed, NULL);
  assay_state_page_set_text (self->failed, _("The Application Can’t Be Shown"),
                             _("It was erased from this computer; only the invitation is left."));
  show_child (self, "failed", GTK_STACK_TRANSITION_TYPE_NONE);
}

void
assay_application_page_show_invitation (AssayApplicationPage *self, gint64 invitation_id, gboolean details)
{
  g_return_if_fail (ASSAY_IS_APPLICATION_PAGE (self));

  if (self->content != NULL && self->content->application->id == self->application_id &&
      find_invitation (self, invitation_id) != NULL)
    {
      assay_application_view_show_assessments (self->view);
      if (details)
        open_details (self, invitation_id);
      return;
    }

  self->wanted_id = invitation_id;
  self->wanted_details = details;
}

/* ---- Actions ---- */

/* What an action works on; the page may be gone when it ends. */
typedef gboolean (*FinishFunc) (AssayService *service, GAsyncResult *result, GError **error);

typedef struct
{
  GtkWidget *page;
  FinishFunc finish;
  const char *done;   /* (nullable) what to say when it worked */
} ActionCall;

static void
action_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree ActionCall *call = user_data;
  g_autoptr (GError) error = NULL;

  if (!call->finish (ASSAY_SERVICE (object), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        gtk_widget_activate_action (call->page, "win.message", "s", error->message);
    }
  else if (call->done != NULL)
    gtk_widget_activate_action (call->page, "win.message", "s", call->done);
  g_object_unref (call->page);
}

/* What is put into the outbox is seen there. */
static gboolean
finish_effect (AssayService *service, GAsyncResult *result, GError **error)
{
  return assay_service_queue_effect_finish (service, result, error) != 0;
}

static gboolean
finish_retake (AssayService *service, GAsyncResult *result, GError **error)
{
  return assay_service_invite_finish (service, result, error) != 0;
}

static ActionCall *
make_call (AssayApplicationPage *self, FinishFunc finish, const char *done)
{
  ActionCall *call = g_new0 (ActionCall, 1);

  call->page = g_object_ref (GTK_WIDGET (self));
  call->finish = finish;
  call->done = done;
  return call;
}

static void
show_details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  open_details (ASSAY_APPLICATION_PAGE (widget), g_variant_get_int64 (parameter));
}

static void
open_report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);
  const AssayInvitation *invitation = find_invitation (self, g_variant_get_int64 (parameter));

  if (invitation != NULL)
    assay_uri_open (widget, invitation->report_url);
}

static void
enter_result_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);
  const AssayInvitation *invitation = find_invitation (self, g_variant_get_int64 (parameter));

  if (invitation != NULL)
    assay_result_dialog_present (widget, self->service, invitation);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  /* The window's, which has a toast that offers the same. */
  gtk_widget_activate_action (widget, "win.undo-invitation", "x", g_variant_get_int64 (parameter));
}

/* One that waits. After a refused attempt its history says so, and stays. */
static void
withdraw_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);
  const AssayOutboxRow *row = find_outbox_row (self, g_variant_get_int64 (parameter));

  if (row == NULL || row->attempts == 0)
    undo_action (widget, name, parameter);
  else
    assay_service_discard_outbox_async (self->service, row->id, self->lifetime, action_cb,
                                        make_call (self, assay_service_discard_outbox_finish, _("Invitation cancelled")));
}

static void
resolve (AssayApplicationPage *self, gint64 invitation_id, gboolean sent)
{
  const AssayOutboxRow *row = find_outbox_row (self, invitation_id);

  if (row == NULL)
    {
      say (self, _("This is settled already."));
      return;
    }

  assay_service_resolve_outbox_async (self->service, row->id, sent, self->lifetime, action_cb,
                                      make_call (self, assay_service_resolve_outbox_finish, NULL));
}

static void
arrived_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  resolve (ASSAY_APPLICATION_PAGE (widget), g_variant_get_int64 (parameter), TRUE);
}

static void
send_anyway_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  resolve (ASSAY_APPLICATION_PAGE (widget), g_variant_get_int64 (parameter), FALSE);
}

static void
dismiss_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);
  const AssayOutboxRow *row = find_outbox_row (self, g_variant_get_int64 (parameter));

  if (row != NULL)
    assay_service_discard_outbox_async (self->service, row->id, self->lifetime, action_cb,
                                        make_call (self, assay_service_discard_outbox_finish, NULL));
}

/* ---- What a provider does with an invitation that is out, and another one ---- */

static void
queue_effect (AssayApplicationPage *self, AssayEffectKind kind, gint64 invitation_id, const char *done)
{
  g_autoptr (AssayEffect) effect = assay_effect_new (kind);

  effect->invitation_id = invitation_id;
  assay_service_queue_effect_async (self->service, effect, self->lifetime, action_cb,
                                    make_call (self, finish_effect, done));
}

static void
resend_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  queue_effect (ASSAY_APPLICATION_PAGE (widget), ASSAY_EFFECT_RESEND, g_variant_get_int64 (parameter),
                _("The invitation is being sent again"));
}

static void
retake (AssayApplicationPage *self, const AssayInvitation *invitation)
{
  /* As the first one went, if somebody typed another name or address; others come from the ATS as it has them now. */
  gboolean as_typed = (get_capabilities (self, invitation) & ASSAY_CAN_EDIT_INVITEE) != 0;
  AssayInvitationDraft draft = {
    .application_id = invitation->application_id,
    .assessment_id = invitation->assessment_id,
    .first_name = as_typed ? invitation->first_name : NULL,
    .last_name = as_typed ? invitation->last_name : NULL,
    .email = as_typed ? invitation->email : NULL,
    .delay = UNDO_MILLISECONDS,
    .again = TRUE,
  };

  assay_service_invite_async (self->service, &draft, self->lifetime, action_cb,
                              make_call (self, finish_retake, NULL));
  /* To where its card appears, with its Undo. */
  assay_application_page_go_back (self);
}

static void
answered_cb (AssayApplicationPage *self, const char *response, AdwMessageDialog *dialog)
{
  gint64 id = *(gint64 *) g_object_get_data (G_OBJECT (dialog), "assay-invitation");
  const AssayInvitation *invitation = find_invitation (self, id);

  /* It may have changed while the question stood; the service says so. */
  if (g_str_equal (response, "call-off"))
    queue_effect (self, ASSAY_EFFECT_CANCEL, id, _("The invitation is being called off"));
  else if (g_str_equal (response, "again") && invitation != NULL)
    retake (self, invitation);
}

static void
ask (AssayApplicationPage  *self,
     const AssayInvitation *invitation,
     const char            *heading,
     const char            *body,
     const char            *response,
     const char            *label,
     AdwResponseAppearance  appearance)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  AdwMessageDialog *dialog = assay_question_new (window, heading, body);

  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), response, label, NULL);
  adw_message_dialog_set_response_appearance (dialog, response, appearance);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "assay-invitation", make_key (invitation->id), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
call_off_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);
  const AssayInvitation *invitation = find_invitation (self, g_variant_get_int64 (parameter));
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  if (invitation == NULL)
    return;
  /* Translators: %s is the name of an assessment */
  heading = g_strdup_printf (_("Call off “%s”?"), invitation->assessment_name);
  /* Translators: %1$s is a person, %2$s a provider */
  body = g_strdup_printf (_("%1$s can’t take the assessment any more. %2$s is told at once, and it can’t be undone."),
                          invitation->candidate_name,
                          invitation->connection_name != NULL ? invitation->connection_name : _("The provider"));
  ask (self, invitation, heading, body, "call-off", _("Call Off"), ADW_RESPONSE_DESTRUCTIVE);
}

static void
retake_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);
  const AssayInvitation *invitation = find_invitation (self, g_variant_get_int64 (parameter));
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  if (invitation == NULL)
    return;
  /* Translators: %s is a person */
  heading = g_strdup_printf (_("Invite %s again?"), invitation->candidate_name);
  /* Translators: %1$s is a person, %2$s the name of an assessment, %3$u a number of seconds */
  body = g_strdup_printf (_("%1$s was invited to “%2$s” before. What came of that stays. The new invitation goes out in "
                            "%3$u seconds, unless you undo it."),
                          invitation->candidate_name, invitation->assessment_name, UNDO_MILLISECONDS / 1000u);
  ask (self, invitation, heading, body, "again", _("Invite Again"), ADW_RESPONSE_SUGGESTED);
}

void
assay_application_page_refresh (AssayApplicationPage *self)
{
  g_return_if_fail (ASSAY_IS_APPLICATION_PAGE (self));

  if (self->content == NULL || self->application_id == 0)
    return;

  assay_service_refresh_application_async (self->service, self->application_id, self->lifetime, action_cb,
                                           make_call (self, assay_service_refresh_application_finish, NULL));
  for (guint i = 0; i < self->content->invitations->len; i++)
    {
      const AssayInvitation *invitation = g_ptr_array_index (self->content->invitations, i);

      if (assay_invitation_status_is_open (invitation->status) &&
          (get_capabilities (self, invitation) & ASSAY_NEEDS_HAND_ENTRY) == 0)
        assay_service_refresh_invitation_async (self->service, invitation->id, self->lifetime, action_cb,
                                                make_call (self, assay_service_refresh_invitation_finish,
                                                           NULL));
    }
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  assay_application_page_refresh (ASSAY_APPLICATION_PAGE (widget));
}

static void
copy_email_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);

  if (self->content == NULL || self->content->application->email == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->content->application->email);
  say (self, _("E-mail copied"));
}

static void
open_in_ats_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);

  if (self->content != NULL)
    assay_uri_open (widget, self->content->application->url);
}

static void
open_linkedin_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);

  if (self->content != NULL)
    assay_uri_open (widget, self->content->application->linkedin_url);
}

static void
open_document_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (widget);
  guint i = g_variant_get_uint32 (parameter);

  if (self->content != NULL && i < self->content->application->documents->len)
    {
      const AssayDocument *document = g_ptr_array_index (self->content->application->documents, i);

      assay_uri_open (widget, document->url);
    }
}

/* ---- The object ---- */

void
assay_application_page_set_service (AssayApplicationPage *self, AssayService *service)
{
  g_return_if_fail (ASSAY_IS_APPLICATION_PAGE (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
assay_application_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (object);

  switch ((AssayApplicationPageProperty) id)
    {
    case PROP_APPLICATION_ID:
      g_value_set_int64 (value, self->application_id);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_application_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (object);

  switch ((AssayApplicationPageProperty) id)
    {
    case PROP_FOLDED:
      self->folded = g_value_get_boolean (value);
      update_frame (self);
      break;
    case PROP_APPLICATION_ID:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_application_page_dispose (GObject *object)
{
  AssayApplicationPage *self = ASSAY_APPLICATION_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_cancellable_cancel (self->lifetime);
  g_clear_object (&self->lifetime);
  g_clear_handle_id (&self->skeleton_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_APPLICATION_PAGE);
  g_clear_object (&self->service);
  g_clear_pointer (&self->content, assay_application_content_free);

  G_OBJECT_CLASS (assay_application_page_parent_class)->dispose (object);
}

static void
assay_application_page_class_init (AssayApplicationPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_application_page_dispose;
  object_class->get_property = assay_application_page_get_property;
  object_class->set_property = assay_application_page_set_property;

  properties[PROP_APPLICATION_ID] = g_param_spec_int64 ("application-id", NULL, NULL, 0, G_MAXINT64, 0,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  gtk_widget_class_install_action (widget_class, "invitation.show-details", "x", show_details_action);
  gtk_widget_class_install_action (widget_class, "invitation.open-report", "x", open_report_action);
  gtk_widget_class_install_action (widget_class, "invitation.enter-result", "x", enter_result_action);
  gtk_widget_class_install_action (widget_class, "invitation.undo", "x", undo_action);
  gtk_widget_class_install_action (widget_class, "invitation.withdraw", "x", withdraw_action);
  gtk_widget_class_install_action (widget_class, "invitation.arrived", "x", arrived_action);
  gtk_widget_class_install_action (widget_class, "invitation.send-anyway", "x", send_anyway_action);
  gtk_widget_class_install_action (widget_class, "invitation.dismiss", "x", dismiss_action);
  gtk_widget_class_install_action (widget_class, "invitation.resend", "x", resend_action);
  gtk_widget_class_install_action (widget_class, "invitation.call-off", "x", call_off_action);
  gtk_widget_class_install_action (widget_class, "invitation.retake", "x", retake_action);
  gtk_widget_class_install_action (widget_class, "application.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "application.copy-email", NULL, copy_email_action);
  gtk_widget_class_install_action (widget_class, "application.open-in-ats", NULL, open_in_ats_action);
  gtk_widget_class_install_action (widget_class, "application.open-linkedin", NULL, open_linkedin_action);
  gtk_widget_class_install_action (widget_class, "application.open-document", "u", open_document_action);

  g_type_ensure (ASSAY_TYPE_STATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-application-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, header);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, header_title);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, menu);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, send_button);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, failed);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, skeleton);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, view_bin);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationPage, details_bin);
}

static void
assay_application_page_init (AssayApplicationPage *self)
{
  self->lifetime = g_cancellable_new ();
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_menu_set (self->menu_button, G_MENU_MODEL (self->menu), NULL, NULL);
  assay_accessible_follow (GTK_WIDGET (self->stack));
  update_frame (self);
}
