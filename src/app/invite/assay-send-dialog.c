/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog in which one sends an assessment to one person.
 *
 * What the store knows is shown at once, and whatever changes in it is taken up in place; the choice of the assessment
 * looks after itself. Each time the person or the assessment changes, the service is asked whether the invitation could be
 * sent: what stands in the way is said beside what causes it, and for somebody who was invited already there is no button,
 * but the way to that invitation. Closing cancels everything but an invitation that was already put into the outbox. */
#include "config.h"

#include "assay-send-dialog.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-assessment-picker.h"
#include "assay-connect-dialog.h"
#include "assay-deadline-row.h"
#include "assay-notice.h"
#include "assay-outcome.h"
#include "assay-queries.h"

#define UNDO_MILLISECONDS 10000
/* A check after each key would only be overtaken by the next one. */
#define CHECK_DELAY_MILLISECONDS 150

/* What the button of the notice above *Send* does. */
typedef enum
{
  REMEDY_NONE,
  REMEDY_SHOW_INVITATION,
  REMEDY_UNLOCK_KEYRING,
  REMEDY_CHECK_AGAIN,
} Remedy;

struct _AssaySendDialog
{
  AdwWindow parent_instance;

  AssayService *service;
  gint64 application_id;
  GCancellable *cancellable;         /* of everything the dialog started */
  GCancellable *check_cancellable;   /* (nullable) of the latest check only */
  guint check_id;
  AssayApplication *application;     /* (nullable) until it was read */
  gint64 provider_id;                /* a provider that could be enabled, or 0 */
  gint64 duplicate_id;
  Remedy remedy;
  gboolean loading;                  /* a read of the store is under way */
  gboolean load_again;               /* … and the store has changed since */
  gboolean blocked;                  /* the latest check said no */
  gboolean sending;
  gboolean shown;                    /* the form, or why there is none, once */
  gboolean has_grown;                /* for the row of the deadline */
  gboolean filling;                  /* the entries are being filled in by us */

  /* template */
  GtkStack *stack;
  AdwStatusPage *failed_page;
  AdwStatusPage *no_provider_page;
  GtkButton *connect_button;
  GtkWidget *form;
  AdwAvatar *avatar;
  GtkLabel *name_label;
  GtkLabel *job_label;
  AssayNotice *application_notice;
  GtkWidget *editable_box;
  AdwEntryRow *first_name_row;
  AdwEntryRow *last_name_row;
  AdwEntryRow *email_row;
  GtkLabel *email_problem;
  GtkWidget *locked_box;
  AdwEntryRow *locked_name_row;
  AdwEntryRow *locked_email_row;
  GtkLabel *locked_label;
  AssayAssessmentPicker *picker;
  GtkWidget *options_group;
  AssayDeadlineRow *deadline_row;
  GtkLabel *outcome_label;
  AssayNotice *problem_notice;
  GtkButton *send_button;
};

enum
{
  SENT,
  SHOW_INVITATION,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssaySendDialog, assay_send_dialog, ADW_TYPE_WINDOW)

static void load (AssaySendDialog *self);

/* ---- The draft ---- */

static char *
dup_entry (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static gboolean
may_edit (AssaySendDialog *self)
{
  const AssayConnection *connection = assay_assessment_picker_get_provider (self->picker);

  return connection == NULL || (assay_connector_get_capabilities (connection) & ASSAY_CAN_EDIT_INVITEE) != 0;
}

/* The address that the invitation would go to; (transfer full) */
static char *
dup_email (AssaySendDialog *self)
{
  if (may_edit (self))
    return dup_entry (self->email_row);
  return g_strdup (self->application->email != NULL ? self->application->email : "");
}

/* What was typed over: NULL where it is what the ATS says. */
typedef struct
{
  char *first_name;
  char *last_name;
  char *email;
} Typed;

static void
typed_clear (Typed *typed)
{
  g_clear_pointer (&typed->first_name, g_free);
  g_clear_pointer (&typed->last_name, g_free);
  g_clear_pointer (&typed->email, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static char *
dup_if_changed (AdwEntryRow *row,
                const char  *from_ats)
{
  g_autofree char *text = dup_entry (row);

  return g_strcmp0 (text, from_ats != NULL ? from_ats : "") != 0 ? g_steal_pointer (&text) : NULL;
}

static void
fill_draft (AssaySendDialog      *self,
            AssayInvitationDraft *draft,
            Typed                *typed)
{
  const AssayAssessment *picked = assay_assessment_picker_get_picked (self->picker);

  if (may_edit (self))
    {
      typed->first_name = dup_if_changed (self->first_name_row, self->application->first_name);
      typed->last_name = dup_if_changed (self->last_name_row, self->application->last_name);
      typed->email = dup_if_changed (self->email_row, self->application->email);
    }
  *draft = (AssayInvitationDraft) {
    .application_id = self->application_id,
    .assessment_id = picked->id,
    .first_name = typed->first_name,
    .last_name = typed->last_name,
    .email = typed->email,
    .delay = UNDO_MILLISECONDS,
    .deadline = assay_deadline_row_get_deadline (self->deadline_row),
  };
}

/* ---- What is shown ---- */

static void
show_person (AssaySendDialog *self)
{
  const AssayApplication *application = self->application;
  const char *job = application->job_title;
  const char *stage = application->stage_name;
  g_autofree char *where = NULL;

  adw_avatar_set_text (self->avatar, application->full_name);
  gtk_label_set_label (self->name_label, application->full_name);
  if (job != NULL && stage != NULL)
    /* Translators: %s are the title of a job and the stage that the candidate is in */
    where = g_strdup_printf (_("%s · %s"), job, stage);
  else
    where = g_strdup (job != NULL ? job : stage);
  gtk_label_set_label (self->job_label, where != NULL ? where : "");
  gtk_widget_set_visible (GTK_WIDGET (self->job_label), where != NULL);

  gtk_editable_set_text (GTK_EDITABLE (self->locked_name_row), application->full_name);
  gtk_editable_set_text (GTK_EDITABLE (self->locked_email_row),
                         application->email != NULL ? application->email : "");

  if (application->gone)
    assay_notice_say (self->application_notice, ASSAY_NOTICE_WARNING,
                      _("This application is no longer in the ATS. Nobody can be invited from it."), NULL);
  else if (application->archived)
    assay_notice_say (self->application_notice, ASSAY_NOTICE_WARNING,
                      _("This application is archived. Reopen it in the ATS to invite this candidate."),
                      NULL);
  else if (application->job_id != 0 && !application->job_open)
    assay_notice_say (self->application_notice, ASSAY_NOTICE_WARNING,
                      _("This job is closed. Reopen it in the ATS to invite its candidates."), NULL);
  else
    assay_notice_clear (self->application_notice);
}

static void
fill_entries (AssaySendDialog *self)
{
  const AssayApplication *application = self->application;

  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->first_name_row),
                         application->first_name != NULL ? application->first_name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->last_name_row),
                         application->last_name != NULL ? application->last_name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->email_row),
                         application->email != NULL ? application->email : "");
  self->filling = FALSE;
}

static gboolean
blocked_by_application (AssaySendDialog *self)
{
  const AssayApplication *application = self->application;

  return application->gone || application->archived || (application->job_id != 0 && !application->job_open);
}

/* One row more, for which the window grows once, so that the button below stays in sight. */
static void
offer_deadline (AssaySendDialog *self,
                gboolean         offered)
{
  gtk_widget_set_visible (self->options_group, offered);
  assay_deadline_row_set_offered (self->deadline_row, offered);
  if (offered && !self->has_grown)
    {
      int width, height, row_height;

      gtk_widget_measure (self->options_group, GTK_ORIENTATION_VERTICAL, -1, NULL, &row_height, NULL, NULL);
      gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
      gtk_window_set_default_size (GTK_WINDOW (self), width, height + row_height);
      self->has_grown = TRUE;
    }
}

/* Says what will happen, and sets what can be done. */
static void
update (AssaySendDialog *self)
{
  const AssayConnection *connection;
  g_autofree char *email = NULL;
  g_autofree char *outcome = NULL;
  gboolean editable;
  gboolean plausible;
  gboolean ready;

  if (self->application == NULL)
    return;

  connection = assay_assessment_picker_get_provider (self->picker);
  editable = may_edit (self);
  email = dup_email (self);
  plausible = assay_email_is_plausible (email);
  offer_deadline (self, connection != NULL &&
                        (assay_connector_get_capabilities (connection) & ASSAY_CAN_DEADLINE) != 0);

  gtk_widget_set_visible (self->editable_box, editable);
  gtk_widget_set_visible (self->locked_box, !editable);
  if (!editable)
    {
      g_autofree char *sentence = NULL;

      /* Translators: %s is the name of an assessment provider */
      sentence = g_strdup_printf (_("%s takes the name and the e-mail from the ATS."), connection->name);
      gtk_label_set_label (self->locked_label, sentence);
    }

  if (plausible)
    gtk_widget_remove_css_class (GTK_WIDGET (self->email_row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->email_row), "error");
  gtk_label_set_label (self->email_problem,
                       plausible ? ""
                       : *email == '\0'
                         ? _("Type the e-mail that the invitation goes to.")
                         : _("This isn’t an e-mail address: it needs a name, an @ and a domain."));
  gtk_widget_set_visible (GTK_WIDGET (self->email_problem), !plausible);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->email_row), GTK_ACCESSIBLE_STATE_INVALID,
                               plausible ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);

  ready = connection != NULL && plausible && !self->blocked && !blocked_by_application (self);
  if (ready)
    outcome = assay_outcome_dup_for_one (connection, email, assay_service_get_offline (self->service),
                                         UNDO_MILLISECONDS / 1000);
  /* Whatever else stands in the way is said beside its cause. */
  else if (connection == NULL && plausible && assay_assessment_picker_get_any (self->picker) != 0 &&
           !blocked_by_application (self))
    outcome = g_strdup (_("Choose an assessment, and you can send it."));
  gtk_label_set_label (self->outcome_label, outcome != NULL ? outcome : "");
  gtk_widget_set_visible (GTK_WIDGET (self->outcome_label), outcome != NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->send_button), self->duplicate_id == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "invitation.send", ready && !self->sending);
  gtk_widget_set_sensitive (self->form, !self->sending);
}

/* ---- What stands in the way ---- */

static void
clear_problem (AssaySendDialog *self)
{
  self->blocked = FALSE;
  self->duplicate_id = 0;
  self->remedy = REMEDY_NONE;
  assay_notice_clear (self->problem_notice);
}

static void
show_problem (AssaySendDialog *self,
              const GError    *error)
{
  const char *button = NULL;

  self->blocked = TRUE;
  self->duplicate_id = assay_service_get_duplicate (error);
  self->remedy = REMEDY_NONE;
  if (self->duplicate_id != 0)
    {
      self->remedy = REMEDY_SHOW_INVITATION;
      assay_notice_say (self->problem_notice, ASSAY_NOTICE_INFORMATION, error->message, _("Show It"));
      return;
    }
  /* Said at the top already, in the same words each time. */
  if (blocked_by_application (self))
    {
      assay_notice_clear (self->problem_notice);
      return;
    }
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_LOCKED))
    {
      self->remedy = REMEDY_UNLOCK_KEYRING;
      button = _("Unlock");
    }
  else if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID))
    {
      self->remedy = REMEDY_CHECK_AGAIN;
      button = _("Check Again");
    }
  assay_notice_say_error (self->problem_notice, error, button);
}

static void
check_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  AssaySendDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_check_invitation_finish (ASSAY_SERVICE (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->check_cancellable);
  clear_problem (self);
  if (error != NULL)
    show_problem (self, error);
  update (self);
}

static void
forget_check (AssaySendDialog *self)
{
  g_clear_handle_id (&self->check_id, g_source_remove);
  g_cancellable_cancel (self->check_cancellable);
  g_clear_object (&self->check_cancellable);
}

static void
check (gpointer user_data)
{
  AssaySendDialog *self = user_data;
  g_autofree char *email = NULL;
  g_auto (Typed) typed = { 0 };
  AssayInvitationDraft draft;

  self->check_id = 0;
  forget_check (self);
  if (self->application == NULL || self->sending)
    return;

  email = dup_email (self);
  if (assay_assessment_picker_get_picked (self->picker) == NULL || !assay_email_is_plausible (email))
    {
      clear_problem (self);
      update (self);
      return;
    }
  fill_draft (self, &draft, &typed);
  self->check_cancellable = g_cancellable_new ();
  assay_service_check_invitation_async (self->service, &draft, self->check_cancellable, check_cb, self);
}

static void
check_soon (AssaySendDialog *self)
{
  forget_check (self);
  self->check_id = g_timeout_add_once (CHECK_DELAY_MILLISECONDS, check, self);
}

static void
invitee_changed_cb (AssaySendDialog *self)
{
  if (self->filling || self->application == NULL)
    return;
  update (self);
  check_soon (self);
}

static void
assessment_picked_cb (AssaySendDialog *self)
{
  /* The answer for the last one doesn't hold for this one. */
  clear_problem (self);
  update (self);
  check (self);
}

/* ---- Reading ---- */

static void
show_no_provider (AssaySendDialog *self)
{
  GPtrArray *connections = assay_assessment_picker_get_connections (self->picker);
  const AssayConnection *candidate = NULL;
  const AssayConnection *importing = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *escaped = NULL;

  for (guint i = 0; i < connections->len && candidate == NULL; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if ((assay_connector_get_capabilities (connection) & ASSAY_CAN_IMPORT) != 0)
        importing = connection;
      else if (connection->role == ASSAY_ROLE_PROVIDER)
        candidate = connection;
    }
  self->provider_id = candidate != NULL ? candidate->id : 0;
  if (candidate != NULL)
    {
      g_autofree char *title = NULL;

      /* Translators: %s is the name of a connection */
      title = g_strdup_printf (_("%s Isn’t Enabled"), candidate->name);
      escaped = g_markup_escape_text (title, -1);
      adw_status_page_set_title (self->no_provider_page, escaped);
      adw_status_page_set_description (self->no_provider_page,
                                       _("It is saved. Enable it, and its assessments can be sent."));
      gtk_button_set_label (self->connect_button, _("Check and Enable"));
    }
  else
    {
      adw_status_page_set_title (self->no_provider_page, _("Connect an Assessment Provider First"));
      if (importing != NULL)
        /* Translators: %s is the name of a connection */
        sentence = g_strdup_printf (_("%s finds candidates and has no assessments to send. Those come from a provider "
                                      "such as TestTrick. Once one is connected, its list is here."),
                                    importing->name);
      else
        sentence = g_strdup (_("The assessments come from a provider such as TestTrick. "
                               "Once one is connected, its list is here."));
      escaped = g_markup_escape_text (sentence, -1);
      adw_status_page_set_description (self->no_provider_page, escaped);
      gtk_button_set_label (self->connect_button, _("Connect a Provider"));
    }
  gtk_stack_set_visible_child_name (self->stack, "no-provider");
}

static void
show_failure (AssaySendDialog *self, const GError *error)
{
  g_autofree char *escaped = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* Takes up what the store says, of the person and of the assessments, once it has said both. */
static void
show_knowledge (AssaySendDialog *self)
{
  gboolean first = !self->shown;

  if (self->application == NULL)
    return;
  if (!assay_assessment_picker_is_loaded (self->picker))
    {
      if (assay_assessment_picker_get_error (self->picker) != NULL)
        show_failure (self, assay_assessment_picker_get_error (self->picker));
      return;
    }

  self->shown = TRUE;
  show_person (self);
  if (first)
    fill_entries (self);
  update (self);
  check (self);

  if (!assay_assessment_picker_has_provider (self->picker))
    {
      show_no_provider (self);
      if (first)
        gtk_widget_grab_focus (GTK_WIDGET (self->connect_button));
      return;
    }
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "form") == 0)
    return;
  gtk_stack_set_visible_child_name (self->stack, "form");
  if (self->application->email == NULL && may_edit (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->email_row));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->picker));
}

/* Runs on a thread of the store. */
static gpointer
read_application (AssayDatabase *database, gpointer data, GError **error)
{
  const gint64 *application_id = data;

  return assay_applications_get (database, *application_id, error);
}

static void
load_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  AssaySendDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayApplication) application = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  if (application != NULL)
    {
      g_clear_pointer (&self->application, assay_application_free);
      self->application = g_steal_pointer (&application);
      show_knowledge (self);
    }
  else if (self->application == NULL)
    show_failure (self, error);
  if (self->load_again)
    load (self);
}

static void
load (AssaySendDialog *self)
{
  if (self->loading)
    {
      self->load_again = TRUE;
      return;
    }
  self->loading = TRUE;
  self->load_again = FALSE;
  assay_store_read_async (assay_service_get_store (self->service), read_application,
                          g_memdup2 (&self->application_id, sizeof self->application_id), g_free,
                          (GDestroyNotify) assay_application_free, self->cancellable, load_cb, self);
}

static void
store_changed_cb (AssaySendDialog *self,
                  AssayChanges    *changes)
{
  if (assay_changes_has (changes, ASSAY_CHANGE_APPLICATIONS, self->application_id))
    load (self);
  else if (assay_changes_has_kind (changes, ASSAY_CHANGE_INVITATIONS))
    check_soon (self);
}

/* ---- Remedies ---- */

static void
unlock_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssaySendDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_unlock_keyring_finish (ASSAY_SERVICE (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          show_problem (self, error);
          update (self);
        }
      return;
    }
  assay_assessment_picker_refresh (self->picker);
  check (self);
}

static void
problem_notice_activated_cb (AssaySendDialog *self)
{
  switch (self->remedy)
    {
    case REMEDY_SHOW_INVITATION:
      g_signal_emit (self, signals[SHOW_INVITATION], 0, self->duplicate_id);
      gtk_window_close (GTK_WINDOW (self));
      break;
    case REMEDY_UNLOCK_KEYRING:
      assay_service_unlock_keyring_async (self->service, self->cancellable, unlock_cb, self);
      break;
    case REMEDY_CHECK_AGAIN:
      check (self);
      break;
    case REMEDY_NONE:
      break;
    }
}

static void
connect_clicked_cb (AssaySendDialog *self)
{
  GtkWindow *dialog;

  dialog = self->provider_id != 0 ? assay_connect_dialog_new_for_check (self->service, self->provider_id)
                                  : assay_connect_dialog_new (self->service, NULL);
  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_present (dialog);
}

/* ---- Sending ---- */

static void
invite_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AssaySendDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *first_name = NULL;
  gint64 invitation_id;

  invitation_id = assay_service_invite_finish (ASSAY_SERVICE (source), result, &error);
  self->sending = FALSE;
  /* The whole program may have gone meanwhile; the invitation is in the outbox, and is shown as queued. */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (invitation_id == 0)
    {
      show_problem (self, error);
      update (self);
      if (!gtk_widget_grab_focus (GTK_WIDGET (self->problem_notice)))
        gtk_widget_grab_focus (GTK_WIDGET (self->picker));
      return;
    }

  assay_assessment_picker_remember (self->picker);
  first_name = may_edit (self) ? dup_entry (self->first_name_row) : g_strdup (self->application->first_name);
  if (first_name == NULL || *first_name == '\0')
    {
      g_free (first_name);
      first_name = g_strdup (self->application->full_name);
    }
  g_signal_emit (self, signals[SENT], 0, invitation_id, first_name);
  gtk_window_close (GTK_WINDOW (self));
}

static void
send_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  AssaySendDialog *self = ASSAY_SEND_DIALOG (widget);
  g_auto (Typed) typed = { 0 };
  AssayInvitationDraft draft;

  if (self->sending || self->application == NULL ||
      assay_assessment_picker_get_picked (self->picker) == NULL)
    return;

  /* Inviting checks the same things once more; a check under way would only tell them twice. */
  forget_check (self);
  clear_problem (self);
  /* An entry that turns insensitive while it has the focus goes on blinking. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  self->sending = TRUE;
  update (self);
  fill_draft (self, &draft, &typed);
  assay_service_invite_async (self->service, &draft, NULL, invite_cb, g_object_ref (self));
}

/* ---- The object ---- */

static gboolean
assay_send_dialog_close_request (GtkWindow *window)
{
  AssaySendDialog *self = ASSAY_SEND_DIALOG (window);

  /* The outbox answers within a moment, and then the dialog closes itself: who pressed Send and at once
   * Escape gets the toast with its Undo, and not a guess. */
  if (self->sending)
    return GDK_EVENT_STOP;
  return GTK_WINDOW_CLASS (assay_send_dialog_parent_class)->close_request (window);
}

static void
assay_send_dialog_dispose (GObject *object)
{
  AssaySendDialog *self = ASSAY_SEND_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  forget_check (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_SEND_DIALOG);
  G_OBJECT_CLASS (assay_send_dialog_parent_class)->dispose (object);
}

static void
assay_send_dialog_finalize (GObject *object)
{
  AssaySendDialog *self = ASSAY_SEND_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->application, assay_application_free);
  G_OBJECT_CLASS (assay_send_dialog_parent_class)->finalize (object);
}

static void
assay_send_dialog_class_init (AssaySendDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_send_dialog_dispose;
  object_class->finalize = assay_send_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = assay_send_dialog_close_request;

  signals[SENT] = g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_STRING);
  signals[SHOW_INVITATION] = g_signal_new ("show-invitation", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);

  gtk_widget_class_install_action (widget_class, "invitation.send", NULL, send_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "invitation.send",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, "invitation.send",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (ASSAY_TYPE_NOTICE);
  g_type_ensure (ASSAY_TYPE_ASSESSMENT_PICKER);
  g_type_ensure (ASSAY_TYPE_DEADLINE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-send-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, no_provider_page);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, form);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, avatar);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, name_label);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, job_label);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, application_notice);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, editable_box);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, email_row);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, email_problem);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, locked_box);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, locked_name_row);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, locked_email_row);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, locked_label);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, picker);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, options_group);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, deadline_row);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, outcome_label);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, problem_notice);
  gtk_widget_class_bind_template_child (widget_class, AssaySendDialog, send_button);
  gtk_widget_class_bind_template_callback (widget_class, connect_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, invitee_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, assessment_picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_knowledge);
  gtk_widget_class_bind_template_callback (widget_class, problem_notice_activated_cb);
}

static void
assay_send_dialog_init (AssaySendDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->stack));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "invitation.send", FALSE);
}

GtkWindow *
assay_send_dialog_new (AssayService *service,
                       gint64        application_id)
{
  AssaySendDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (application_id > 0, NULL);

  self = g_object_new (ASSAY_TYPE_SEND_DIALOG, NULL);
  self->service = g_object_ref (service);
  self->application_id = application_id;
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::offline", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  assay_assessment_picker_set_application (self->picker, application_id);
  assay_assessment_picker_set_service (self->picker, service);
  load (self);
  return GTK_WINDOW (self);
}
