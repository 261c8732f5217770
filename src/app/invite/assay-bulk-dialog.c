/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog in which one sends an assessment to many.
 *
 * First the people, then the assessment with a line that says what will happen. Whether somebody was invited already
 * depends on the assessment, so all are judged again when another one is picked; until one is, that question is left open.
 * What the dialog holds of each is what the service says of them; the rows are made for those that are seen. */
#include "config.h"

#include "assay-bulk-dialog.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-assessment-picker.h"
#include "assay-connect-dialog.h"
#include "assay-deadline-row.h"
#include "assay-format.h"
#include "assay-list-widgets.h"
#include "assay-notice.h"
#include "assay-outcome.h"
#include "assay-roster.h"
#include "assay-state-page.h"
#include "assay-verdict-list.h"
#include "assay-verdict-row.h"

#define UNDO_MILLISECONDS 10000
#define LOADING_DELAY_MILLISECONDS 300
/* Others may write a lot: a sync, a bulk that leaves. */
#define RECHECK_MILLISECONDS 700
/* What is quicker isn't worth a sentence. */
#define WORTH_SAYING_MILLISECONDS (60 * 1000)

#define N_KINDS (ASSAY_VERDICT_OTHER + 1)

/* What was typed over: NULL where it is what the ATS says. */
typedef struct
{
  char *first_name;
  char *last_name;
  char *email;
} Typed;

struct _AssayBulkDialog
{
  AdwWindow parent_instance;

  AssayService *service;
  GArray *ids;                       /* (element-type gint64) */
  GFile *file;                       /* (nullable) whom it names */
  GPtrArray *roster;                 /* (element-type AssayRosterRow) (nullable) until the file was read */
  AssayVerdictList *file_model;
  char *batch_title;                 /* (nullable) */
  GHashTable *typed;                 /* id → Typed */
  GHashTable *again;                 /* ids of those who are invited again on purpose */
  GHashTable *left_out;              /* id → AssayVerdict: those whom the user took off the list */
  GPtrArray *verdicts;               /* (element-type AssayVerdict) (nullable) until all were judged once */
  guint counts[N_KINDS];
  AssayVerdictList *model;
  gint64 edited_id;
  GCancellable *cancellable;
  GCancellable *check_cancellable;   /* (nullable) of the latest check */
  guint check_id;
  guint loading_id;
  gboolean sending;
  gboolean leaving_out;              /* somebody leaves the list by the button that has the keyboard */

  /* template */
  AdwWindowTitle *title;
  GtkButton *cancel_button;
  GtkButton *back_button;
  GtkStack *stack;
  GtkLabel *loading_label;
  AssayStatePage *failed_page;
  AssayStatePage *no_provider_page;
  GtkLabel *file_label;
  GtkWidget *file_tabs;
  GtkToggleButton *known_tab;
  GtkToggleButton *unknown_tab;
  GtkListView *file_list;
  GtkButton *file_button;
  GtkLabel *people_label;
  GtkWidget *tabs;
  GtkToggleButton *ready_tab;
  GtkToggleButton *aside_tab;
  GtkListView *list;
  GtkLabel *locked_label;
  GtkButton *continue_button;
  AdwEntryRow *first_name_row;
  AdwEntryRow *last_name_row;
  AdwEntryRow *email_row;
  GtkWidget *form;
  AssayAssessmentPicker *picker;
  GtkWidget *options_group;
  AssayDeadlineRow *deadline_row;
  GtkLabel *outcome_label;
  AssayNotice *aside_notice;
  AssayNotice *problem_notice;
  GtkButton *send_button;
};

static guint sent_signal;

G_DEFINE_FINAL_TYPE (AssayBulkDialog, assay_bulk_dialog, ADW_TYPE_WINDOW)

static void check (AssayBulkDialog *self);

static void
typed_free (Typed *typed)
{
  g_free (typed->first_name);
  g_free (typed->last_name);
  g_free (typed->email);
  g_free (typed);
}

static const char *
get_page (AssayBulkDialog *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

static gboolean
is_page (AssayBulkDialog *self, const char *name)
{
  return g_strcmp0 (get_page (self), name) == 0;
}

static AssayCapabilities
get_capabilities (AssayBulkDialog *self)
{
  const AssayConnection *provider = assay_assessment_picker_get_provider (self->picker);

  /* Before one is picked, names can be typed over; a provider that takes them from the ATS says so then. */
  return provider != NULL ? assay_connector_get_capabilities (provider) : ASSAY_CAN_EDIT_INVITEE;
}

/* ---- What is shown ---- */

static guint
get_n_aside (AssayBulkDialog *self)
{
  return self->verdicts != NULL ? self->verdicts->len - self->counts[ASSAY_VERDICT_READY] : 0;
}

/* "9 invited already, 3 without a valid e-mail" */
static char *
dup_reasons (AssayBulkDialog *self)
{
  const char *words[N_KINDS];
  GString *text = g_string_new (NULL);

  words[ASSAY_VERDICT_READY] = NULL;
  words[ASSAY_VERDICT_INVITED] = ngettext ("%s invited already", "%s invited already",
                                           self->counts[ASSAY_VERDICT_INVITED]);
  words[ASSAY_VERDICT_TWICE] = ngettext ("%s with the address of another", "%s with the address of another",
                                         self->counts[ASSAY_VERDICT_TWICE]);
  words[ASSAY_VERDICT_NO_EMAIL] = ngettext ("%s without a valid e-mail", "%s without a valid e-mail",
                                            self->counts[ASSAY_VERDICT_NO_EMAIL]);
  words[ASSAY_VERDICT_NO_NAME] = ngettext ("%s without a name", "%s without a name",
                                           self->counts[ASSAY_VERDICT_NO_NAME]);
  words[ASSAY_VERDICT_LOCKED] = ngettext ("%s whose name or e-mail can’t differ from the ATS",
                                          "%s whose name or e-mail can’t differ from the ATS",
                                          self->counts[ASSAY_VERDICT_LOCKED]);
  words[ASSAY_VERDICT_ARCHIVED] = ngettext ("%s archived", "%s archived", self->counts[ASSAY_VERDICT_ARCHIVED]);
  words[ASSAY_VERDICT_CLOSED_JOB] = ngettext ("%s in a closed job", "%s in closed jobs",
                                              self->counts[ASSAY_VERDICT_CLOSED_JOB]);
  words[ASSAY_VERDICT_GONE] = ngettext ("%s no longer in the ATS", "%s no longer in the ATS",
                                        self->counts[ASSAY_VERDICT_GONE]);
  words[ASSAY_VERDICT_CANCELLED] = ngettext ("%s left out by you", "%s left out by you",
                                             self->counts[ASSAY_VERDICT_CANCELLED]);
  words[ASSAY_VERDICT_OTHER] = ngettext ("%s for another reason", "%s for another reason",
                                         self->counts[ASSAY_VERDICT_OTHER]);

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_autofree char *number = assay_format_count (self->counts[kind]);
      char **parts;

      if (kind == ASSAY_VERDICT_READY || self->counts[kind] == 0)
        continue;
      if (text->len > 0)
        g_string_append (text, ", ");
      parts = g_strsplit (words[kind], "%s", 2);
      g_string_append (text, parts[0]);
      g_string_append (text, number);
      if (parts[0] != NULL && parts[1] != NULL)
        g_string_append (text, parts[1]);
      g_strfreev (parts);
    }

  return g_string_free (text, FALSE);
}

static void
show_tab (AssayBulkDialog *self)
{
  assay_verdict_list_set (self->model, self->verdicts,
                          gtk_toggle_button_get_active (self->ready_tab) || get_n_aside (self) == 0);
}

static void
update_people (AssayBulkDialog *self)
{
  guint n_ready = self->counts[ASSAY_VERDICT_READY];
  guint n_aside = get_n_aside (self);
  const AssayConnection *provider = assay_assessment_picker_get_provider (self->picker);
  g_autofree char *ready = assay_format_count (n_ready);
  g_autofree char *aside = assay_format_count (n_aside);
  g_autofree char *ready_words = g_strdup_printf (ngettext ("%s person can be invited",
                                                            "%s people can be invited", n_ready), ready);
  /* Translators: %s is how many people can be invited */
  g_autofree char *ready_tab = g_strdup_printf (_("Ready %s"), ready);
  /* Translators: %s is how many people can’t be invited */
  g_autofree char *aside_tab = g_strdup_printf (_("Set Aside %s"), aside);

  gtk_label_set_label (self->people_label, n_ready > 0 ? ready_words : _("Nobody of them can be invited"));
  gtk_button_set_label (GTK_BUTTON (self->ready_tab), ready_tab);
  gtk_button_set_label (GTK_BUTTON (self->aside_tab), aside_tab);
  gtk_widget_set_visible (self->tabs, n_aside > 0);
  if (n_aside == 0)
    gtk_toggle_button_set_active (self->ready_tab, TRUE);
  else if (n_ready == 0)
    gtk_toggle_button_set_active (self->aside_tab, TRUE);

  if (provider != NULL && (get_capabilities (self) & ASSAY_CAN_EDIT_INVITEE) == 0)
    {
      /* Translators: %s is the name of an assessment provider */
      g_autofree char *sentence = g_strdup_printf (_("%s takes names and e-mails from the ATS."), provider->name);

      gtk_label_set_label (self->locked_label, sentence);
      gtk_widget_set_visible (GTK_WIDGET (self->locked_label), TRUE);
    }
  else
    gtk_widget_set_visible (GTK_WIDGET (self->locked_label), FALSE);
}

static char *
dup_outcome (AssayBulkDialog *self)
{
  const AssayConnection *provider = assay_assessment_picker_get_provider (self->picker);
  const AssayConnectorDescription *description;
  guint n_ready = self->counts[ASSAY_VERDICT_READY];
  g_autofree char *sentence = NULL;
  GString *text;

  if (provider == NULL || n_ready == 0)
    return NULL;

  sentence = assay_outcome_dup_for_many (provider, n_ready, assay_service_get_offline (self->service),
                                         UNDO_MILLISECONDS / 1000);
  text = g_string_new (sentence);
  description = assay_connector_find (provider->kind);
  if (description != NULL && description->pace.per_second > 0)
    {
      gint64 time = (gint64) (n_ready / description->pace.per_second * 1000);

      if (time >= WORTH_SAYING_MILLISECONDS)
        {
          g_autofree char *duration = assay_format_duration (time);

          g_string_append_c (text, ' ');
          /* Translators: %s are the name of an assessment provider and a duration, as in "5 min" */
          g_string_append_printf (text, _("At the pace that %s permits it takes about %s; the window can be closed meanwhile."),
                                  provider->name, duration);
        }
    }

  return g_string_free (text, FALSE);
}

static void
update_assessment (AssayBulkDialog *self)
{
  guint n_ready = self->counts[ASSAY_VERDICT_READY];
  gboolean picked = assay_assessment_picker_get_picked (self->picker) != NULL;
  g_autofree char *outcome = picked ? dup_outcome (self) : NULL;
  g_autofree char *number = assay_format_count (n_ready);
  gboolean takes_deadline = (get_capabilities (self) & ASSAY_CAN_DEADLINE) != 0;
  g_autofree char *send = g_strdup_printf (ngettext ("Send to %s Person", "Send to %s People", n_ready), number);

  gtk_widget_set_visible (self->options_group, takes_deadline);
  assay_deadline_row_set_offered (self->deadline_row, takes_deadline);
  gtk_label_set_label (self->outcome_label, outcome != NULL ? outcome : "");
  gtk_widget_set_visible (GTK_WIDGET (self->outcome_label), outcome != NULL);
  gtk_button_set_label (self->send_button, picked && n_ready > 0 ? send : _("Send"));

  if (picked && get_n_aside (self) > 0)
    {
      g_autofree char *reasons = dup_reasons (self);
      /* Translators: %s is a list, as in "9 invited already, 3 without a valid e-mail" */
      g_autofree char *sentence = g_strdup_printf (_("Set aside: %s."), reasons);

      assay_notice_say (self->aside_notice, n_ready > 0 ? ASSAY_NOTICE_INFORMATION : ASSAY_NOTICE_WARNING, sentence,
                        _("Show Them"));
    }
  else
    assay_notice_clear (self->aside_notice);
}

static void
update (AssayBulkDialog *self)
{
  gboolean ready = self->verdicts != NULL && self->counts[ASSAY_VERDICT_READY] > 0 && !self->sending;
  gboolean picked = assay_assessment_picker_get_picked (self->picker) != NULL;
  gboolean on_edit = is_page (self, "edit");
  gboolean on_assessment = is_page (self, "assessment");
  g_autofree char *in_file = NULL;
  const char *subtitle = "";
  gboolean has_back;

  if (is_page (self, "file"))
    /* Translators: %s is a file's name */
    subtitle = in_file = g_strdup_printf (_("%s · Step 1 of 3"), self->batch_title);
  else if (is_page (self, "people"))
    subtitle = self->file != NULL ? _("Step 2 of 3") : _("Step 1 of 2");
  else if (on_assessment)
    subtitle = self->file != NULL ? _("Step 3 of 3") : _("Step 2 of 2");
  adw_window_title_set_title (self->title, on_edit ? _("Edit Invitee") : _("Send Assessment"));
  adw_window_title_set_subtitle (self->title, subtitle);
  has_back = on_edit || on_assessment || (self->file != NULL && is_page (self, "people"));
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), has_back);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), !has_back);
  gtk_widget_set_sensitive (self->form, !self->sending);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "bulk.forward",
                                 on_edit || (is_page (self, "file") && self->ids->len > 0) || (on_assessment
                                               ? ready && picked && self->check_cancellable == NULL
                                               : ready && is_page (self, "people")));
  if (self->verdicts == NULL)
    return;
  update_people (self);
  update_assessment (self);
}

static void
show_page (AssayBulkDialog *self, const char *name)
{
  g_clear_handle_id (&self->loading_id, g_source_remove);
  gtk_stack_set_visible_child_name (self->stack, name);
  update (self);
}

static void
tab_toggled_cb (AssayBulkDialog *self)
{
  show_tab (self);
}

static void
show_aside_cb (AssayBulkDialog *self)
{
  gtk_toggle_button_set_active (self->aside_tab, TRUE);
  show_page (self, "people");
  gtk_widget_grab_focus (GTK_WIDGET (self->aside_tab));
}

static void
show_people (AssayBulkDialog *self)
{
  show_page (self, "people");
  if (!gtk_widget_grab_focus (GTK_WIDGET (self->continue_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* ---- Judging ---- */

static AssayInvitationDraft
make_draft (AssayBulkDialog *self, gint64 id, gint64 assessment_id)
{
  const Typed *typed = g_hash_table_lookup (self->typed, &id);

  return (AssayInvitationDraft) {
    .application_id = id,
    .assessment_id = assessment_id,
    .first_name = typed != NULL ? typed->first_name : NULL,
    .last_name = typed != NULL ? typed->last_name : NULL,
    .email = typed != NULL ? typed->email : NULL,
    .delay = UNDO_MILLISECONDS,
    .deadline = assay_deadline_row_get_deadline (self->deadline_row),
    .again = g_hash_table_contains (self->again, &id),
  };
}

/* Before an assessment is picked nobody has been invited to it, and no provider has refused anything. */
static void
leave_open (AssayVerdict *verdict)
{
  if (verdict->kind != ASSAY_VERDICT_INVITED && verdict->kind != ASSAY_VERDICT_LOCKED &&
      verdict->kind != ASSAY_VERDICT_OTHER)
    return;
  verdict->kind = ASSAY_VERDICT_READY;
  g_clear_pointer (&verdict->sentence, g_free);
}

/* Of a batch that isn't sent yet nobody is cancelled; here it is who was left out. */
static AssayVerdict *
make_left_out (const AssayVerdict *verdict)
{
  AssayVerdict *left_out = assay_verdict_new ();

  left_out->kind = ASSAY_VERDICT_CANCELLED;
  left_out->application_id = verdict->application_id;
  left_out->full_name = g_strdup (verdict->full_name);
  left_out->first_name = g_strdup (verdict->first_name);
  left_out->last_name = g_strdup (verdict->last_name);
  left_out->email = g_strdup (verdict->email);
  left_out->job_title = g_strdup (verdict->job_title);
  left_out->sentence = g_strdup (_("You left this person out."));
  return left_out;
}

/* Takes @verdicts: of all but those who were left out, who come first. */
static void
take_verdicts (AssayBulkDialog *self, GPtrArray *verdicts)
{
  g_autoptr (GPtrArray) judged = verdicts;

  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  self->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_verdict_free);
  memset (self->counts, 0, sizeof self->counts);
  for (guint i = 0; i < self->ids->len; i++)
    {
      const AssayVerdict *left_out = g_hash_table_lookup (self->left_out, &g_array_index (self->ids, gint64, i));

      if (left_out != NULL)
        g_ptr_array_add (self->verdicts, make_left_out (left_out));
    }
  self->counts[ASSAY_VERDICT_CANCELLED] = self->verdicts->len;
  for (guint i = 0; i < judged->len; i++)
    {
      AssayVerdict *verdict = g_ptr_array_index (judged, i);

      if (assay_assessment_picker_get_picked (self->picker) == NULL)
        leave_open (verdict);
      self->counts[verdict->kind]++;
    }
  g_ptr_array_extend_and_steal (self->verdicts, g_steal_pointer (&judged));
}

static void
check_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AssayBulkDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) verdicts
    = assay_service_check_invitations_finish (ASSAY_SERVICE (source), result, &error);
  gboolean first;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->check_cancellable);
  first = self->verdicts == NULL;
  if (verdicts == NULL)
    {
      if (first)
        {
          assay_state_page_set_error (self->failed_page, error);
          show_page (self, "failed");
        }
      else
        assay_notice_say_error (self->problem_notice, error, NULL);
      update (self);
      return;
    }

  take_verdicts (self, g_steal_pointer (&verdicts));
  /* What is the same for everybody is said once. */
  if (self->counts[ASSAY_VERDICT_OTHER] > 0 && self->counts[ASSAY_VERDICT_READY] == 0)
    {
      for (guint i = 0; i < self->verdicts->len; i++)
        {
          const AssayVerdict *verdict = g_ptr_array_index (self->verdicts, i);

          if (verdict->kind == ASSAY_VERDICT_OTHER && verdict->sentence != NULL)
            assay_notice_say (self->problem_notice, ASSAY_NOTICE_WARNING, verdict->sentence, NULL);
        }
    }
  else
    assay_notice_clear (self->problem_notice);
  update (self);
  show_tab (self);
  if ((first && !is_page (self, "file")) || is_page (self, "loading") || is_page (self, "no-provider"))
    show_people (self);
  else
    update (self);
}

static void
check (AssayBulkDialog *self)
{
  g_autofree AssayInvitationDraft *drafts = NULL;
  gint64 assessment_id = assay_assessment_picker_get_any (self->picker);
  guint n_drafts = 0;

  g_clear_handle_id (&self->check_id, g_source_remove);
  g_cancellable_cancel (self->check_cancellable);
  g_clear_object (&self->check_cancellable);
  if (assessment_id == 0 || self->sending || self->ids->len == 0)
    return;

  drafts = g_new0 (AssayInvitationDraft, self->ids->len);
  for (guint i = 0; i < self->ids->len; i++)
    if (!g_hash_table_contains (self->left_out, &g_array_index (self->ids, gint64, i)))
      drafts[n_drafts++] = make_draft (self, g_array_index (self->ids, gint64, i), assessment_id);
  if (n_drafts == 0)
    {
      take_verdicts (self, g_ptr_array_new ());
      show_tab (self);
      update (self);
      return;
    }
  self->check_cancellable = g_cancellable_new ();
  assay_service_check_invitations_async (self->service, drafts, n_drafts, self->check_cancellable, check_cb, self);
  update (self);
}

static void
check_timeout_cb (gpointer user_data)
{
  AssayBulkDialog *self = user_data;

  self->check_id = 0;
  check (self);
}

static void
store_changed_cb (AssayBulkDialog *self, const AssayChanges *changes)
{
  if (self->check_id == 0 && self->verdicts != NULL &&
      assay_changes_has_kind (changes, ASSAY_CHANGE_APPLICATIONS | ASSAY_CHANGE_JOBS | ASSAY_CHANGE_INVITATIONS))
    self->check_id = g_timeout_add_once (RECHECK_MILLISECONDS, check_timeout_cb, self);
}

static void
loaded_cb (AssayBulkDialog *self)
{
  if (assay_assessment_picker_get_any (self->picker) != 0)
    {
      check (self);
      return;
    }
  if (self->verdicts != NULL || self->file != NULL)
    return;
  if (!assay_assessment_picker_is_loaded (self->picker))
    {
      assay_state_page_set_error (self->failed_page, assay_assessment_picker_get_error (self->picker));
      show_page (self, "failed");
      return;
    }
  if (assay_assessment_picker_has_provider (self->picker))
    {
      assay_state_page_set_text (self->no_provider_page, _("There Is No Assessment Yet"),
                                 _("Your provider lists none. Once it does, its list is here."));
      g_object_set (self->no_provider_page, "button-label", NULL, NULL);
    }
  show_page (self, "no-provider");
}

static void
picked_cb (AssayBulkDialog *self)
{
  /* What can be edited may be another thing for another provider: all rows are made anew. */
  assay_verdict_list_set (self->model, NULL, TRUE);
  check (self);
}

/* ---- Whom a file names ---- */

/* A row of the file as the list shows it: understood, or what is wrong with it. */
static AssayVerdict *
make_file_verdict (const AssayRosterRow *row)
{
  AssayVerdict *verdict = assay_verdict_new ();

  verdict->application_id = row->application_id;
  verdict->full_name = g_strdup (row->full_name != NULL ? row->full_name : row->text != NULL ? row->text : _("Nobody"));
  verdict->email = g_strdup (row->email != NULL ? row->email : row->text);
  verdict->job_title = g_strdup (row->job_title);
  verdict->kind = ASSAY_VERDICT_OTHER;
  switch (row->kind)
    {
    case ASSAY_ROSTER_FOUND:
      verdict->kind = ASSAY_VERDICT_READY;
      break;
    case ASSAY_ROSTER_TWICE:
      verdict->sentence = g_strdup (_("An earlier line names the same person."));
      break;
    case ASSAY_ROSTER_SEVERAL:
      /* Who applied several times can be taken by the latest of it. */
      verdict->kind = ASSAY_VERDICT_INVITED;
      if (row->job_title != NULL)
        /* Translators: %s are an e-mail address and the title of a job */
        verdict->sentence = g_strdup_printf (_("%s has several open applications. The latest is for %s."), row->text,
                                             row->job_title);
      else
        /* Translators: %s is an e-mail address */
        verdict->sentence = g_strdup_printf (_("%s has several open applications."), row->text);
      break;
    case ASSAY_ROSTER_EMPTY:
    case ASSAY_ROSTER_NO_EMAIL:
    case ASSAY_ROSTER_UNKNOWN:
    case ASSAY_ROSTER_CLOSED:
      verdict->sentence = g_strdup (row->sentence);
      break;
    }
  return verdict;
}

static void
show_file (AssayBulkDialog *self)
{
  g_autoptr (GPtrArray) verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_verdict_free);
  guint n_known = 0;
  guint n_unknown;
  g_autofree char *known = NULL;
  g_autofree char *unknown = NULL;
  g_autofree char *all = NULL;
  g_autofree char *text = NULL;
  g_autofree char *known_tab = NULL;
  g_autofree char *unknown_tab = NULL;

  g_array_set_size (self->ids, 0);
  for (guint i = 0; i < self->roster->len; i++)
    {
      const AssayRosterRow *row = g_ptr_array_index (self->roster, i);

      g_ptr_array_add (verdicts, make_file_verdict (row));
      if (row->kind != ASSAY_ROSTER_FOUND)
        continue;
      g_array_append_val (self->ids, row->application_id);
      n_known++;
    }
  n_unknown = self->roster->len - n_known;

  known = assay_format_count (n_known);
  unknown = assay_format_count (n_unknown);
  all = assay_format_count (self->roster->len);
  /* Translators: %s are how many lines of a file are understood, and how many there are */
  text = g_strdup_printf (ngettext ("%s of %s line is understood", "%s of %s lines are understood", self->roster->len),
                          known, all);
  /* Translators: %s is how many lines of a file are understood */
  known_tab = g_strdup_printf (_("Understood %s"), known);
  /* Translators: %s is how many lines of a file aren’t understood */
  unknown_tab = g_strdup_printf (_("Not Understood %s"), unknown);
  gtk_label_set_label (self->file_label, text);
  gtk_button_set_label (GTK_BUTTON (self->known_tab), known_tab);
  gtk_button_set_label (GTK_BUTTON (self->unknown_tab), unknown_tab);
  gtk_widget_set_visible (self->file_tabs, n_unknown > 0);
  if (n_unknown == 0)
    gtk_toggle_button_set_active (self->known_tab, TRUE);
  else if (n_known == 0)
    gtk_toggle_button_set_active (self->unknown_tab, TRUE);
  assay_verdict_list_set (self->file_model, verdicts, gtk_toggle_button_get_active (self->known_tab));
  show_page (self, "file");
  check (self);
}

static void
file_tab_toggled_cb (AssayBulkDialog *self)
{
  if (self->roster != NULL)
    show_file (self);
}

static gpointer
read_file (AssayDatabase *database, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) rows = assay_csv_load (data, NULL, error);

  return rows != NULL ? assay_roster_read (database, rows, error) : NULL;
}

static void
read_file_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  AssayBulkDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) roster = assay_store_finish (ASSAY_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (roster != NULL && roster->len > ASSAY_BULK_MAXIMUM)
    {
      g_autofree char *most = assay_format_count (ASSAY_BULK_MAXIMUM);
      /* Translators: %s is a number */
      g_autofree char *text = g_strdup_printf (_("The file names too many people: %s can be invited at a time."), most);

      g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_INVALID, text);
    }
  if (error != NULL)
    {
      assay_state_page_set_error (self->failed_page, error);
      g_object_set (self->failed_page, "title", _("This List Can’t Be Read"), "button-label", _("Choose Another File…"),
                    "action-name", "bulk.choose-file", NULL);
      show_page (self, "failed");
      gtk_widget_child_focus (GTK_WIDGET (self->failed_page), GTK_DIR_TAB_FORWARD);
      return;
    }
  self->roster = g_steal_pointer (&roster);
  show_file (self);
  if (!gtk_widget_grab_focus (GTK_WIDGET (self->file_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->file_list));
}

/* The person is meant, and of several applications the latest. */
static void
take_latest_cb (AssayBulkDialog *self, AssayVerdictRow *row)
{
  gint64 id = assay_verdict_row_get_application_id (row);

  for (guint i = 0; i < self->roster->len; i++)
    {
      AssayRosterRow *entry = g_ptr_array_index (self->roster, i);

      if (entry->application_id != id || entry->kind != ASSAY_ROSTER_SEVERAL)
        continue;
      entry->kind = ASSAY_ROSTER_FOUND;
      g_clear_pointer (&entry->sentence, g_free);
      break;
    }
  show_file (self);
}

static void
file_setup_cb (AssayBulkDialog *self, GtkListItem *item)
{
  GtkWidget *row = assay_verdict_row_new ();

  gtk_list_item_set_activatable (item, FALSE);
  assay_verdict_row_set_again_label (ASSAY_VERDICT_ROW (row), _("Take the Latest"));
  g_signal_connect_object (row, "again", G_CALLBACK (take_latest_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
file_bind_cb (AssayBulkDialog *self, GtkListItem *item)
{
  AssayVerdictItem *verdict = gtk_list_item_get_item (item);
  const AssayRosterRow *line = g_ptr_array_index (self->roster, assay_verdict_item_get_index (verdict));
  AssayVerdictRow *row = ASSAY_VERDICT_ROW (gtk_list_item_get_child (item));

  assay_verdict_row_set_line (row, line->line);
  assay_verdict_row_set (row, assay_verdict_item_get (verdict), FALSE, TRUE);
}

/* ---- One of them ---- */

static const AssayVerdict *
find_verdict (AssayBulkDialog *self, gint64 id)
{
  for (guint i = 0; i < self->verdicts->len; i++)
    {
      const AssayVerdict *verdict = g_ptr_array_index (self->verdicts, i);

      if (verdict->application_id == id)
        return verdict;
    }
  return NULL;
}

static void
edit_cb (AssayBulkDialog *self, AssayVerdictRow *row)
{
  const AssayVerdict *verdict = find_verdict (self, assay_verdict_row_get_application_id (row));

  if (verdict == NULL)
    return;
  self->edited_id = verdict->application_id;
  gtk_editable_set_text (GTK_EDITABLE (self->first_name_row),
                         verdict->first_name != NULL ? verdict->first_name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->last_name_row), verdict->last_name != NULL ? verdict->last_name : "");
  gtk_editable_set_text (GTK_EDITABLE (self->email_row), verdict->email != NULL ? verdict->email : "");
  show_page (self, "edit");
  gtk_widget_grab_focus (GTK_WIDGET (verdict->kind == ASSAY_VERDICT_READY ? self->first_name_row : self->email_row));
}

static char *
dup_entry (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

static void
edited_cb (AssayBulkDialog *self)
{
  Typed *typed = g_new0 (Typed, 1);

  typed->first_name = dup_entry (self->first_name_row);
  typed->last_name = dup_entry (self->last_name_row);
  typed->email = dup_entry (self->email_row);
  g_hash_table_insert (self->typed, g_memdup2 (&self->edited_id, sizeof self->edited_id), typed);
  show_people (self);
  check (self);
}

/* GTK goes on to the next row, and to the first button of it: whoever leaves out several by the keyboard would edit it. */
static void
focus_moved_cb (AssayBulkDialog *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkWidget *row = focus != NULL ? gtk_widget_get_ancestor (focus, ASSAY_TYPE_VERDICT_ROW) : NULL;

  if (!self->leaving_out || focus == NULL)
    return;
  self->leaving_out = FALSE;
  if (row != NULL)
    assay_verdict_row_focus_leave_out (ASSAY_VERDICT_ROW (row));
}

static void
leave_out_cb (AssayBulkDialog *self, AssayVerdictRow *row)
{
  const AssayVerdict *verdict = find_verdict (self, assay_verdict_row_get_application_id (row));

  if (verdict == NULL)
    return;
  g_hash_table_insert (self->left_out, g_memdup2 (&verdict->application_id, sizeof verdict->application_id),
                       make_left_out (verdict));
  self->leaving_out = TRUE;
  check (self);
}

static void
put_back_cb (AssayBulkDialog *self, AssayVerdictRow *row)
{
  gint64 id = assay_verdict_row_get_application_id (row);

  g_hash_table_remove (self->left_out, &id);
  check (self);
}

static void
again_cb (AssayBulkDialog *self, AssayVerdictRow *row)
{
  gint64 id = assay_verdict_row_get_application_id (row);

  g_hash_table_add (self->again, g_memdup2 (&id, sizeof id));
  check (self);
}

static void
setup_cb (AssayBulkDialog *self, GtkListItem *item)
{
  GtkWidget *row = assay_verdict_row_new ();

  gtk_list_item_set_activatable (item, FALSE);
  g_signal_connect_object (row, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "leave-out", G_CALLBACK (leave_out_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "put-back", G_CALLBACK (put_back_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "again", G_CALLBACK (again_cb), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (AssayBulkDialog *self, GtkListItem *item)
{
  AssayCapabilities capabilities = get_capabilities (self);

  assay_verdict_row_set (ASSAY_VERDICT_ROW (gtk_list_item_get_child (item)),
                         assay_verdict_item_get (gtk_list_item_get_item (item)),
                         (capabilities & ASSAY_CAN_EDIT_INVITEE) != 0,
                         (capabilities & ASSAY_CAN_RETAKE) != 0 &&
                           assay_assessment_picker_get_picked (self->picker) != NULL);
}

/* ---- Sending ---- */

static void
invite_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayBulkDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 batch_id = assay_service_invite_batch_finish (ASSAY_SERVICE (source), result, &error);

  self->sending = FALSE;
  /* The whole program may have gone meanwhile; the batch is written down, and goes on with the next start. */
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (batch_id == 0)
    {
      assay_notice_say_error (self->problem_notice, error, NULL);
      update (self);
      return;
    }
  assay_assessment_picker_remember (self->picker);
  g_signal_emit (self, sent_signal, 0, batch_id, self->counts[ASSAY_VERDICT_READY]);
  gtk_window_close (GTK_WINDOW (self));
}

static void
send_all (AssayBulkDialog *self)
{
  const AssayAssessment *picked = assay_assessment_picker_get_picked (self->picker);
  g_autoptr (GArray) drafts = NULL;

  if (self->sending || picked == NULL || self->verdicts == NULL)
    return;

  drafts = g_array_new (FALSE, TRUE, sizeof (AssayInvitationDraft));
  for (guint i = 0; i < self->verdicts->len; i++)
    {
      const AssayVerdict *verdict = g_ptr_array_index (self->verdicts, i);

      if (verdict->kind == ASSAY_VERDICT_READY)
        {
          AssayInvitationDraft draft = make_draft (self, verdict->application_id, picked->id);

          g_array_append_val (drafts, draft);
        }
    }
  g_clear_handle_id (&self->check_id, g_source_remove);
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  self->sending = TRUE;
  update (self);
  assay_service_invite_batch_async (self->service, (const AssayInvitationDraft *) drafts->data, drafts->len,
                                    self->batch_title, NULL, invite_cb, g_object_ref (self));
}

/* ---- Moving about ---- */

static void
forward_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBulkDialog *self = ASSAY_BULK_DIALOG (widget);

  if (is_page (self, "edit"))
    edited_cb (self);
  else if (is_page (self, "file"))
    {
      if (self->verdicts != NULL)
        show_people (self);
      else
        show_page (self, assay_assessment_picker_get_any (self->picker) != 0 ? "loading" : "no-provider");
    }
  else if (is_page (self, "people"))
    {
      show_page (self, "assessment");
      gtk_widget_grab_focus (GTK_WIDGET (self->picker));
    }
  else if (is_page (self, "assessment"))
    send_all (self);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBulkDialog *self = ASSAY_BULK_DIALOG (widget);

  if (self->sending)
    return;
  if (is_page (self, "edit") || is_page (self, "assessment"))
    show_people (self);
  else if (self->file != NULL && is_page (self, "people"))
    {
      show_file (self);
      gtk_widget_grab_focus (GTK_WIDGET (self->file_button));
    }
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
connect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayBulkDialog *self = ASSAY_BULK_DIALOG (widget);
  GtkWindow *dialog = assay_connect_dialog_new (self->service, NULL);

  gtk_window_set_transient_for (dialog, GTK_WINDOW (self));
  gtk_window_present (dialog);
}

static void
choose_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GtkWindow) parent = NULL;

  g_set_object (&parent, gtk_window_get_transient_for (GTK_WINDOW (widget)));
  gtk_window_close (GTK_WINDOW (widget));
  if (parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.invite-csv", NULL);
}

static void
loading_cb (gpointer user_data)
{
  AssayBulkDialog *self = user_data;

  self->loading_id = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->loading_label), TRUE);
}

/* ---- The object ---- */

static gboolean
assay_bulk_dialog_close_request (GtkWindow *window)
{
  AssayBulkDialog *self = ASSAY_BULK_DIALOG (window);

  /* The answer comes within a moment, and with it the toast that has the Undo. */
  if (self->sending)
    return GDK_EVENT_STOP;
  return GTK_WINDOW_CLASS (assay_bulk_dialog_parent_class)->close_request (window);
}

static void
assay_bulk_dialog_dispose (GObject *object)
{
  AssayBulkDialog *self = ASSAY_BULK_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->check_cancellable);
  g_clear_object (&self->check_cancellable);
  g_clear_handle_id (&self->check_id, g_source_remove);
  g_clear_handle_id (&self->loading_id, g_source_remove);
  if (self->list != NULL)
    gtk_list_view_set_model (self->list, NULL);
  if (self->file_list != NULL)
    gtk_list_view_set_model (self->file_list, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_BULK_DIALOG);
  g_clear_object (&self->model);
  g_clear_object (&self->file_model);
  G_OBJECT_CLASS (assay_bulk_dialog_parent_class)->dispose (object);
}

static void
assay_bulk_dialog_finalize (GObject *object)
{
  AssayBulkDialog *self = ASSAY_BULK_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_object (&self->file);
  g_clear_pointer (&self->roster, g_ptr_array_unref);
  g_clear_pointer (&self->typed, g_hash_table_unref);
  g_clear_pointer (&self->again, g_hash_table_unref);
  g_clear_pointer (&self->left_out, g_hash_table_unref);
  g_clear_pointer (&self->verdicts, g_ptr_array_unref);
  g_free (self->batch_title);
  G_OBJECT_CLASS (assay_bulk_dialog_parent_class)->finalize (object);
}

static void
assay_bulk_dialog_class_init (AssayBulkDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_bulk_dialog_dispose;
  object_class->finalize = assay_bulk_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = assay_bulk_dialog_close_request;

  sent_signal = g_signal_new ("sent", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_UINT);

  gtk_widget_class_install_action (widget_class, "bulk.forward", NULL, forward_action);
  gtk_widget_class_install_action (widget_class, "bulk.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "bulk.connect", NULL, connect_action);
  gtk_widget_class_install_action (widget_class, "bulk.choose-file", NULL, choose_file_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "bulk.forward", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, "bulk.forward", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "bulk.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "bulk.back", NULL);

  g_type_ensure (ASSAY_TYPE_ASSESSMENT_PICKER);
  g_type_ensure (ASSAY_TYPE_DEADLINE_ROW);
  g_type_ensure (ASSAY_TYPE_NOTICE);
  g_type_ensure (ASSAY_TYPE_STATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-bulk-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, title);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, loading_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, no_provider_page);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, file_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, file_tabs);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, known_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, unknown_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, file_list);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, file_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, people_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, tabs);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, ready_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, aside_tab);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, list);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, locked_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, continue_button);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, first_name_row);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, last_name_row);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, email_row);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, form);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, picker);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, options_group);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, deadline_row);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, outcome_label);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, aside_notice);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, problem_notice);
  gtk_widget_class_bind_template_child (widget_class, AssayBulkDialog, send_button);
  gtk_widget_class_bind_template_callback (widget_class, file_tab_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, tab_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, loaded_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_aside_cb);
}

static void
set_up_list (AssayBulkDialog *self, GtkListView *list, AssayVerdictList *model, const char *label, GCallback setup,
             GCallback bind)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (g_object_ref (model)));

  g_signal_connect_object (factory, "setup", setup, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", bind, self, G_CONNECT_SWAPPED);
  assay_list_widgets_follow (factory, G_LIST_MODEL (model));
  gtk_list_view_set_factory (list, factory);
  gtk_list_view_set_model (list, GTK_SELECTION_MODEL (selection));
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
assay_bulk_dialog_init (AssayBulkDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->typed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) typed_free);
  self->again = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->left_out = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) assay_verdict_free);
  self->model = assay_verdict_list_new ();
  self->file_model = assay_verdict_list_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->stack));

  set_up_list (self, self->list, self->model, _("People"), G_CALLBACK (setup_cb), G_CALLBACK (bind_cb));
  set_up_list (self, self->file_list, self->file_model, _("Lines of the File"), G_CALLBACK (file_setup_cb),
               G_CALLBACK (file_bind_cb));
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (focus_moved_cb), NULL);
  self->loading_id = g_timeout_add_once (LOADING_DELAY_MILLISECONDS, loading_cb, self);
  update (self);
}

static AssayBulkDialog *
new_dialog (AssayService *service)
{
  AssayBulkDialog *self = g_object_new (ASSAY_TYPE_BULK_DIALOG, NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::offline", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return self;
}

GtkWindow *
assay_bulk_dialog_new_for_file (AssayService *service, GFile *file)
{
  AssayBulkDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = new_dialog (service);
  self->file = g_object_ref (file);
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->batch_title = g_file_get_basename (file);
  assay_assessment_picker_set_service (self->picker, service);
  assay_store_read_async (assay_service_get_store (service), read_file, g_object_ref (file), g_object_unref,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable, read_file_cb, self);
  return GTK_WINDOW (self);
}

GtkWindow *
assay_bulk_dialog_new (AssayService *service, GArray *application_ids, const char *title, gint64 job_id)
{
  AssayBulkDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (application_ids != NULL && application_ids->len > 0, NULL);
  g_return_val_if_fail (application_ids->len <= ASSAY_BULK_MAXIMUM, NULL);

  self = new_dialog (service);
  self->ids = g_array_copy (application_ids);
  self->batch_title = g_strdup (title);
  assay_assessment_picker_set_job (self->picker, job_id);
  assay_assessment_picker_set_service (self->picker, service);
  return GTK_WINDOW (self);
}
