/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog in which one enters the result of an invitation whose provider can't be asked.
 *
 * What is typed is checked at each key: beneath the fields stands what is wrong, and Save waits for it. */
#include "config.h"

#include "assay-result-dialog.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "assay-format.h"
#include "assay-question.h"

static const AssayInvitationStatus statuses[] = {
  ASSAY_INVITATION_PENDING,
  ASSAY_INVITATION_IN_PROGRESS,
  ASSAY_INVITATION_COMPLETED,
  ASSAY_INVITATION_EXPIRED,
  ASSAY_INVITATION_CANCELLED,
};

/* In the order of the list in the dialog. */
typedef enum
{
  SCALE_PERCENT,
  SCALE_MAXIMUM,
  SCALE_NONE,
} Scale;

typedef struct
{
  GtkWidget *parent;        /* owned */
  AssayService *service;    /* owned */
  gint64 invitation_id;
  AdwMessageDialog *dialog; /* which owns this */
  AdwComboRow *status;
  AdwEntryRow *score;
  AdwComboRow *scale;
  AdwEntryRow *maximum;
  AdwEntryRow *report;
  char *given_report;       /* (nullable) (owned): the address that was there already */
  GtkLabel *problem;
} Form;

static void
form_free (gpointer data)
{
  Form *form = data;

  g_object_unref (form->parent);
  g_object_unref (form->service);
  g_free (form->given_report);
  g_free (form);
}

static char *
dup_entry (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

/* A number from 0 up, with a point or a comma; NAN for anything else. */
static double
get_number (AdwEntryRow *row)
{
  g_autofree char *text = g_strdelimit (dup_entry (row), ",", '.');
  char *end = NULL;
  double number;

  /* Neither “inf” nor “0x10”. */
  if (*text == '\0' || strspn (text, "0123456789.") != strlen (text))
    return NAN;
  number = g_ascii_strtod (text, &end);
  return *end == '\0' && end != text && isfinite (number) ? number : NAN;
}

/* (nullable): what stands in the way of saving. @result is filled where nothing does. */
static const char *
read_form (Form *form, AssayResult *result)
{
  Scale scale = adw_combo_row_get_selected (form->scale);
  g_autofree char *score_text = dup_entry (form->score);
  g_autofree char *report = dup_entry (form->report);
  double score = get_number (form->score);
  double maximum = scale == SCALE_PERCENT ? 100 : scale == SCALE_MAXIMUM ? get_number (form->maximum) : NAN;

  result->status = statuses[adw_combo_row_get_selected (form->status)];
  if (result->status != ASSAY_INVITATION_COMPLETED)
    return NULL;

  if (*score_text != '\0')
    {
      if (isnan (score))
        return _("The score is a number from 0 up, as in 84 or 12.5.");
      if (scale == SCALE_MAXIMUM && !(maximum > 0))
        return _("Enter out of how much the score is: a number above 0.");
      if (scale == SCALE_PERCENT && score > maximum)
        return _("A percentage is 100 at most.");
      if (scale == SCALE_MAXIMUM && score > maximum)
        return _("The score is more than what it is out of.");
      result->score = assay_score_new (NULL, score, maximum,
                                       scale == SCALE_PERCENT ? ASSAY_UNIT_PERCENT : ASSAY_UNIT_NONE);
    }
  if (*report != '\0')
    {
      /* What the provider gave stays as it is: who enters a score isn't asked to mend it. */
      if (g_strcmp0 (report, form->given_report) != 0 &&
          (!g_str_has_prefix (report, "https://") || !g_uri_is_valid (report, G_URI_FLAGS_NONE, NULL) ||
           strlen (report) == strlen ("https://")))
        return _("The report’s address begins with “https://”.");
      result->report_url = g_steal_pointer (&report);
    }
  return NULL;
}

static void
changed_cb (Form *form)
{
  g_autoptr (AssayResult) result = assay_result_new ();
  const char *problem = read_form (form, result);
  gboolean completed = result->status == ASSAY_INVITATION_COMPLETED;

  gtk_widget_set_visible (GTK_WIDGET (form->score), completed);
  gtk_widget_set_visible (GTK_WIDGET (form->scale), completed);
  gtk_widget_set_visible (GTK_WIDGET (form->maximum),
                          completed && adw_combo_row_get_selected (form->scale) == SCALE_MAXIMUM);
  gtk_widget_set_visible (GTK_WIDGET (form->report), completed);
  gtk_label_set_label (form->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (form->problem), problem != NULL);
  adw_message_dialog_set_response_enabled (form->dialog, "save", problem == NULL);
}

static void
entered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) parent = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_enter_result_finish (ASSAY_SERVICE (object), result, &error))
    gtk_widget_activate_action (parent, "win.message", "s", error->message);
}

static void
response_cb (Form *form, const char *response)
{
  g_autoptr (AssayResult) result = assay_result_new ();

  if (g_str_equal (response, "save") && read_form (form, result) == NULL)
    assay_service_enter_result_async (form->service, form->invitation_id, g_steal_pointer (&result), NULL,
                                      entered_cb, g_object_ref (form->parent));
}

static AdwEntryRow *
add_entry (Form *form, AdwPreferencesGroup *group, const char *title)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_preferences_group_add (group, row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (changed_cb), form);
  return ADW_ENTRY_ROW (row);
}

static AdwComboRow *
add_choice (AdwPreferencesGroup *group, const char *title, const char *const *choices)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) list = gtk_string_list_new (choices);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (list));
  adw_preferences_group_add (group, row);
  return ADW_COMBO_ROW (row);
}

static void
set_number (AdwEntryRow *row, double number)
{
  g_autofree char *text = g_strdup_printf ("%.10g", number);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
fill (Form *form, const AssayInvitation *invitation)
{
  const AssayScore *score = invitation->score;

  adw_combo_row_set_selected (form->status, 2);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    /* Who opens this for a pending one mostly has a result to enter; what is over is corrected from where it is. */
    if (statuses[i] == invitation->status && !assay_invitation_status_is_open (invitation->status))
      adw_combo_row_set_selected (form->status, i);
  if (score != NULL)
    {
      set_number (form->score, score->value);
      adw_combo_row_set_selected (form->scale, score->unit == ASSAY_UNIT_PERCENT ? SCALE_PERCENT
                                               : isnan (score->max)              ? SCALE_NONE
                                                                                 : SCALE_MAXIMUM);
      if (score->unit != ASSAY_UNIT_PERCENT && !isnan (score->max))
        set_number (form->maximum, score->max);
    }
  form->given_report = g_strdup (invitation->report_url);
  if (invitation->report_url != NULL)
    gtk_editable_set_text (GTK_EDITABLE (form->report), invitation->report_url);
}

void
assay_result_dialog_present (GtkWidget             *parent,
                             AssayService          *service,
                             const AssayInvitation *invitation)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  const char *const scales[] = { _("Percent"), _("Out of a maximum"), _("Without a maximum"), NULL };
  g_auto (GStrv) words = g_new0 (char *, G_N_ELEMENTS (statuses) + 1);
  g_autofree char *body = NULL;
  Form *form = g_new0 (Form, 1);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    words[i] = assay_format_invitation_status (statuses[i], NULL);

  /* Translators: %1$s is an assessment, %2$s a person */
  body = g_strdup_printf (_("%1$s, for %2$s"), invitation->assessment_name, invitation->candidate_name);
  form->dialog = assay_question_new (GTK_WINDOW (gtk_widget_get_root (parent)), _("Enter the Result"), body);
  form->parent = g_object_ref (parent);
  form->service = g_object_ref (service);
  form->invitation_id = invitation->id;
  g_object_set_data_full (G_OBJECT (form->dialog), "form", form, form_free);
  adw_message_dialog_add_responses (form->dialog, "cancel", _("Cancel"), "save", _("Save"), NULL);
  adw_message_dialog_set_response_appearance (form->dialog, "save", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (form->dialog, "save");
  adw_message_dialog_set_close_response (form->dialog, "cancel");

  form->status = add_choice (group, _("Status"), (const char *const *) words);
  form->score = add_entry (form, group, _("Score"));
  form->scale = add_choice (group, _("Scale"), scales);
  form->maximum = add_entry (form, group, _("Out Of"));
  form->report = add_entry (form, group, _("Report’s Address"));
  form->problem = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (form->problem, TRUE);
  gtk_label_set_xalign (form->problem, 0);
  gtk_widget_add_css_class (GTK_WIDGET (form->problem), "error");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (group));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (form->problem));
  adw_message_dialog_set_extra_child (form->dialog, box);

  fill (form, invitation);
  g_signal_connect_swapped (form->status, "notify::selected", G_CALLBACK (changed_cb), form);
  g_signal_connect_swapped (form->scale, "notify::selected", G_CALLBACK (changed_cb), form);
  g_signal_connect_swapped (form->dialog, "response", G_CALLBACK (response_cb), form);
  changed_cb (form);
  gtk_window_present (GTK_WINDOW (form->dialog));
}
