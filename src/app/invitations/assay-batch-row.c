/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody of a batch.
 *
 * Two lines as everywhere; whoever failed has the reason for the second, and in addition the way to correct what was refused.
 * About whom nobody can be sure there is what is known, and the two answers. */
#include "config.h"

#include "assay-batch-row.h"

#include <glib/gi18n.h>

#include "assay-amend-dialog.h"
#include "assay-batch-page.h"
#include "assay-format.h"
#include "assay-ledger.h"
#include "assay-status-pill.h"

#define AVATAR_SIZE 32
/* A reason is read to its end, where it isn't a vendor's whole page. */
#define MAX_LINES 8

struct _AssayBatchRow
{
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkLabel *name;
  GtkLabel *line;
  AssayStatusPill *pill;
  GtkWidget *decision;
  GtkLabel *evidence;
  GtkButton *arrived_button;
  GtkButton *send_button;
  GtkButton *amend_button;

  AssayService *service;
  AssayRow *row;              /* (nullable) */
  gint64 outbox_id;           /* of the row that is asked about, 0 until it is known */
  GCancellable *cancellable;  /* (nullable) of reading it */
};

G_DEFINE_FINAL_TYPE (AssayBatchRow, assay_batch_row, ADW_TYPE_BIN)

/* ---- What is known of one that is unsure ---- */

static gpointer
read_outbox_row (AssayDatabase *database, gpointer data, GError **error)
{
  return assay_ledger_get_by_invitation (database, *(gint64 *) data, error);
}

static void
read_outbox_row_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  AssayOutboxRow *outbox = assay_store_finish (ASSAY_STORE (object), result, &error);
  AssayBatchRow *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  if (outbox != NULL && outbox->state == ASSAY_OUTBOX_UNSURE)
    {
      self->outbox_id = outbox->id;
      gtk_label_set_label (self->evidence, outbox->evidence != NULL ? outbox->evidence : "");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->evidence), *gtk_label_get_label (self->evidence) != '\0');
  gtk_widget_set_sensitive (self->decision, self->outbox_id != 0);
  g_clear_pointer (&outbox, assay_outbox_row_free);
}

static void
forget (AssayBatchRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->outbox_id = 0;
}

static void
ask_for_decision (AssayBatchRow *self, const AssayInvitation *invitation)
{
  if (gtk_widget_get_visible (self->decision) && self->cancellable != NULL)
    return;

  forget (self);
  gtk_label_set_label (self->evidence, "");
  gtk_widget_set_visible (GTK_WIDGET (self->evidence), FALSE);
  gtk_widget_set_sensitive (self->decision, FALSE);
  gtk_widget_set_visible (self->decision, TRUE);
  self->cancellable = g_cancellable_new ();
  assay_store_read_async (assay_service_get_store (self->service), read_outbox_row,
                          g_memdup2 (&invitation->id, sizeof invitation->id), g_free,
                          (GDestroyNotify) assay_outbox_row_free, self->cancellable, read_outbox_row_cb, self);
}

static void
resolve_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AssayBatchRow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (assay_service_resolve_outbox_finish (ASSAY_SERVICE (object), result, &error))
    return;
  gtk_widget_activate_action (GTK_WIDGET (self), "win.message", "s", error->message);
  gtk_widget_set_sensitive (self->decision, self->outbox_id != 0);
}

static void
resolve (AssayBatchRow *self, gboolean sent)
{
  if (self->outbox_id == 0)
    return;
  /* The next one's buttons come to this place: what is pressed twice isn't meant for them. */
  gtk_widget_grab_focus (gtk_widget_get_ancestor (GTK_WIDGET (self), ASSAY_TYPE_BATCH_PAGE));
  gtk_widget_set_sensitive (self->decision, FALSE);
  assay_service_resolve_outbox_async (self->service, self->outbox_id, sent, NULL, resolve_cb, g_object_ref (self));
}

static void
arrived_cb (AssayBatchRow *self)
{
  resolve (self, TRUE);
}

static void
send_cb (AssayBatchRow *self)
{
  resolve (self, FALSE);
}

/* ---- What the provider refused ---- */

static void
amend_cb (AssayBatchRow *self)
{
  const AssayInvitation *invitation = self->row != NULL ? assay_row_get_invitation (self->row) : NULL;

  /* The row goes to another place once it is sent; what its page says stays. */
  if (invitation != NULL)
    assay_amend_dialog_present (gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_LIST_VIEW), self->service,
                                invitation);
}

/* ---- What is shown ---- */

static void
set_spoken (AssayBatchRow *self, const char *spoken)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
speak_button (GtkButton *button, const char *words, const char *name)
{
  /* Translators: %s are what a button does and to whom, as in "It Arrived: Amara Okafor" */
  g_autofree char *spoken = g_strdup_printf (_("%s: %s"), words, name);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
update (AssayBatchRow *self)
{
  const AssayInvitation *invitation = self->row != NULL ? assay_row_get_invitation (self->row) : NULL;
  g_autofree char *described = NULL;
  g_autofree char *spoken = NULL;
  g_autofree char *directed = NULL;
  gboolean wrong;
  const char *line;

  if (invitation == NULL)
    {
      forget (self);
      adw_avatar_set_text (self->avatar, " ");
      gtk_label_set_label (self->name, " ");
      gtk_label_set_label (self->line, " ");
      gtk_widget_set_visible (GTK_WIDGET (self->pill), FALSE);
      gtk_widget_set_visible (self->decision, FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->amend_button), FALSE);
      set_spoken (self, _("Loading"));
      return;
    }

  wrong = invitation->status == ASSAY_INVITATION_FAILED || invitation->status == ASSAY_INVITATION_UNSURE;
  line = invitation->error != NULL && (wrong || invitation->status == ASSAY_INVITATION_QUEUED) ? invitation->error
                                                                                                : invitation->email;
  adw_avatar_set_text (self->avatar, invitation->candidate_name);
  gtk_label_set_label (self->name, invitation->candidate_name);
  directed = assay_format_sentence (line);
  gtk_label_set_label (self->line, directed);
  gtk_label_set_lines (self->line, wrong ? MAX_LINES : 1);
  assay_status_pill_set (self->pill, invitation->status, invitation->status_text, invitation->score);
  gtk_widget_set_visible (GTK_WIDGET (self->pill), TRUE);
  speak_button (self->amend_button, _("Correct and Send…"), invitation->candidate_name);
  gtk_widget_set_visible (GTK_WIDGET (self->amend_button),
                          invitation->status == ASSAY_INVITATION_FAILED && invitation->application_id != 0);
  if (invitation->status == ASSAY_INVITATION_UNSURE)
    {
      speak_button (self->arrived_button, _("It Arrived"), invitation->candidate_name);
      speak_button (self->send_button, _("It Did Not: Send"), invitation->candidate_name);
      ask_for_decision (self, invitation);
    }
  else
    {
      forget (self);
      gtk_widget_set_visible (self->decision, FALSE);
    }

  described = assay_status_pill_describe (invitation->status, invitation->status_text, invitation->score);
  spoken = g_strdup_printf ("%s, %s, %s", invitation->candidate_name, described, line);
  set_spoken (self, spoken);
}

void
assay_batch_row_set_row (AssayBatchRow *self, AssayRow *row)
{
  g_return_if_fail (ASSAY_IS_BATCH_ROW (self));
  g_return_if_fail (row == NULL || ASSAY_IS_ROW (row));

  if (self->row != NULL)
    g_signal_handlers_disconnect_by_func (self->row, update, self);
  forget (self);
  g_set_object (&self->row, row);
  if (row == NULL)
    return;
  g_signal_connect_object (row, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
assay_batch_row_dispose (GObject *object)
{
  AssayBatchRow *self = ASSAY_BATCH_ROW (object);

  assay_batch_row_set_row (self, NULL);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (assay_batch_row_parent_class)->dispose (object);
}

static void
assay_batch_row_class_init (AssayBatchRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_batch_row_dispose;
}

static void
assay_batch_row_init (AssayBatchRow *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *first = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->avatar = g_object_new (ADW_TYPE_AVATAR, "size", AVATAR_SIZE, "show-initials", TRUE, "valign", GTK_ALIGN_START,
                               "margin-top", 2, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->name = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "hexpand", TRUE, "ellipsize", PANGO_ELLIPSIZE_END,
                             "width-chars", 8, NULL);
  self->pill = ASSAY_STATUS_PILL (assay_status_pill_new ());
  self->line = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                             "ellipsize", PANGO_ELLIPSIZE_END, "lines", 1, "width-chars", 8, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "dim-label");
  gtk_box_append (GTK_BOX (first), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (first), GTK_WIDGET (self->pill));

  self->decision = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_visible (self->decision, FALSE);
  gtk_widget_set_margin_top (self->decision, 4);
  self->evidence = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                 "visible", FALSE, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->evidence), "caption");
  self->arrived_button = GTK_BUTTON (gtk_button_new_with_label (_("It Arrived")));
  self->send_button = GTK_BUTTON (gtk_button_new_with_label (_("It Did Not: Send")));
  gtk_widget_add_css_class (GTK_WIDGET (self->arrived_button), "small");
  gtk_widget_add_css_class (GTK_WIDGET (self->send_button), "small");
  g_signal_connect_swapped (self->arrived_button, "clicked", G_CALLBACK (arrived_cb), self);
  g_signal_connect_swapped (self->send_button, "clicked", G_CALLBACK (send_cb), self);
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->arrived_button));
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->send_button));
  gtk_box_append (GTK_BOX (self->decision), GTK_WIDGET (self->evidence));
  gtk_box_append (GTK_BOX (self->decision), buttons);

  gtk_box_append (GTK_BOX (column), first);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->line));
  gtk_box_append (GTK_BOX (column), self->decision);
  self->amend_button = GTK_BUTTON (gtk_button_new_with_label (_("Correct and Send…")));
  gtk_widget_set_visible (GTK_WIDGET (self->amend_button), FALSE);
  gtk_widget_set_halign (GTK_WIDGET (self->amend_button), GTK_ALIGN_START);
  gtk_widget_set_margin_top (GTK_WIDGET (self->amend_button), 4);
  gtk_widget_add_css_class (GTK_WIDGET (self->amend_button), "small");
  g_signal_connect_swapped (self->amend_button, "clicked", G_CALLBACK (amend_cb), self);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->amend_button));
  gtk_widget_set_hexpand (column, TRUE);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->avatar));
  gtk_box_append (GTK_BOX (content), column);
  gtk_widget_add_css_class (content, "verdict");
  adw_bin_set_child (ADW_BIN (self), content);
}

GtkWidget *
assay_batch_row_new (AssayService *service)
{
  AssayBatchRow *self = g_object_new (ASSAY_TYPE_BATCH_ROW, NULL);

  self->service = g_object_ref (service);
  return GTK_WIDGET (self);
}
