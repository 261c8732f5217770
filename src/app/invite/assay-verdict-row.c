/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody among the many. */
#include "config.h"

#include "assay-verdict-row.h"

#include <glib/gi18n.h>

#include "assay-format.h"

#define AVATAR_SIZE 32
/* A reason is read to its end. */
#define MAX_LINES 8

struct _AssayVerdictRow
{
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkLabel *number;
  GtkLabel *name;
  GtkLabel *line;
  GtkButton *again_button;
  GtkButton *edit_button;
  GtkButton *leave_button;

  gint64 application_id;
  AssayVerdictKind kind;
  char *again_label;
  guint line_number;    /* 0: it isn't of a file */
  gboolean read_only;
};

enum
{
  EDIT,
  LEAVE_OUT,
  PUT_BACK,
  AGAIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayVerdictRow, assay_verdict_row, ADW_TYPE_BIN)

static void
set_button (GtkButton *button, gboolean visible, const char *words, const char *name)
{
  gtk_widget_set_visible (GTK_WIDGET (button), visible);
  if (visible)
    {
      /* Translators: %s are what a button does and to whom, as in "Edit: Amara Okafor" */
      g_autofree char *spoken = g_strdup_printf (_("%s: %s"), words, name);

      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
}

/* The one with words is for what is done seldom. */
static void
update_again_button (AssayVerdictRow *self, gboolean can_retake, const char *name)
{
  gboolean left_out = self->kind == ASSAY_VERDICT_CANCELLED;
  const char *label = left_out ? _("Put Back") : self->again_label;

  gtk_button_set_label (self->again_button, label);
  set_button (self->again_button,
              !self->read_only && (left_out || (can_retake && self->kind == ASSAY_VERDICT_INVITED)), label, name);
}

void
assay_verdict_row_set (AssayVerdictRow *self, const AssayVerdict *verdict, gboolean can_edit, gboolean can_retake)
{
  g_autofree char *typed = NULL;
  g_autofree char *line = NULL;
  g_autofree char *spoken = NULL;
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  const char *name;

  g_return_if_fail (ASSAY_IS_VERDICT_ROW (self));

  self->application_id = verdict != NULL ? verdict->application_id : 0;
  if (verdict == NULL)
    return;

  self->kind = verdict->kind;
  if (verdict->first_name != NULL && verdict->last_name != NULL)
    typed = g_strstrip (g_strdup_printf ("%s %s", verdict->first_name, verdict->last_name));
  if (typed != NULL && *typed != '\0' && verdict->kind == ASSAY_VERDICT_READY)
    name = typed;
  else
    name = verdict->full_name != NULL ? verdict->full_name : typed != NULL ? typed : "";

  if (verdict->kind != ASSAY_VERDICT_READY && verdict->sentence != NULL)
    line = assay_format_sentence (verdict->sentence);
  else if (verdict->email != NULL && verdict->job_title != NULL)
    /* Translators: %s are somebody's e-mail and the title of the job */
    line = g_strdup_printf (_("%s · %s"), verdict->email, verdict->job_title);
  else
    line = g_strdup (verdict->email != NULL ? verdict->email : "");

  adw_avatar_set_text (self->avatar, name);
  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->line, line);
  update_again_button (self, can_retake, name);
  set_button (self->edit_button,
              !self->read_only && can_edit &&
                (verdict->kind == ASSAY_VERDICT_READY || verdict->kind == ASSAY_VERDICT_NO_EMAIL ||
                 verdict->kind == ASSAY_VERDICT_NO_NAME || verdict->kind == ASSAY_VERDICT_TWICE),
              _("Edit"), name);
  set_button (self->leave_button,
              !self->read_only && self->line_number == 0 && verdict->kind == ASSAY_VERDICT_READY, _("Leave Out"), name);

  if (self->line_number != 0)
    /* Translators: which line of a file, whom it names, and their e-mail or what is wrong */
    spoken = g_strdup_printf (_("Line %u: %s, %s"), self->line_number, name, line);
  else
    spoken = g_strdup_printf ("%s, %s", name, line);
  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

void
assay_verdict_row_set_read_only (AssayVerdictRow *self, gboolean read_only)
{
  g_return_if_fail (ASSAY_IS_VERDICT_ROW (self));

  self->read_only = read_only;
}

void
assay_verdict_row_set_line (AssayVerdictRow *self, guint line)
{
  g_autofree char *number = NULL;

  g_return_if_fail (ASSAY_IS_VERDICT_ROW (self));

  self->line_number = line;
  number = g_strdup_printf ("%u", line);
  gtk_label_set_label (self->number, number);
  gtk_widget_set_visible (GTK_WIDGET (self->number), line != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->avatar), line == 0);
}

void
assay_verdict_row_set_again_label (AssayVerdictRow *self, const char *label)
{
  g_return_if_fail (ASSAY_IS_VERDICT_ROW (self));

  g_free (self->again_label);
  self->again_label = g_strdup (label);
}

void
assay_verdict_row_focus_leave_out (AssayVerdictRow *self)
{
  g_return_if_fail (ASSAY_IS_VERDICT_ROW (self));

  if (gtk_widget_get_visible (GTK_WIDGET (self->leave_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->leave_button));
}

gint64
assay_verdict_row_get_application_id (AssayVerdictRow *self)
{
  g_return_val_if_fail (ASSAY_IS_VERDICT_ROW (self), 0);

  return self->application_id;
}

static void
edit_cb (AssayVerdictRow *self)
{
  g_signal_emit (self, signals[EDIT], 0);
}

static void
leave_out_cb (AssayVerdictRow *self)
{
  g_signal_emit (self, signals[LEAVE_OUT], 0);
}

static void
again_cb (AssayVerdictRow *self)
{
  g_signal_emit (self, signals[self->kind == ASSAY_VERDICT_CANCELLED ? PUT_BACK : AGAIN], 0);
}

static void
assay_verdict_row_finalize (GObject *object)
{
  g_free (ASSAY_VERDICT_ROW (object)->again_label);

  G_OBJECT_CLASS (assay_verdict_row_parent_class)->finalize (object);
}

static void
assay_verdict_row_class_init (AssayVerdictRowClass *klass)
{
  static const char *const names[] = { "edit", "leave-out", "put-back", "again" };

  G_OBJECT_CLASS (klass)->finalize = assay_verdict_row_finalize;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static GtkButton *
add_icon_button (AssayVerdictRow *self, GtkWidget *box, const char *icon_name, const char *words, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, words);
  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (GTK_BOX (box), button);
  return GTK_BUTTON (button);
}

static void
assay_verdict_row_init (AssayVerdictRow *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->avatar = g_object_new (ADW_TYPE_AVATAR, "size", AVATAR_SIZE, "show-initials", TRUE, "valign",
                               GTK_ALIGN_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->number = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0f, "width-chars", 4, "visible", FALSE, "accessible-role",
                               GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->number), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->number), "numeric");
  self->name = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  self->line = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                             "lines", MAX_LINES, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "dim-label");
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->line));

  self->again_label = g_strdup (_("Invite Again"));
  self->again_button = GTK_BUTTON (gtk_button_new_with_label (self->again_label));
  gtk_widget_add_css_class (GTK_WIDGET (self->again_button), "small");
  gtk_widget_set_valign (GTK_WIDGET (self->again_button), GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->again_button, "clicked", G_CALLBACK (again_cb), self);
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->again_button));
  self->edit_button = add_icon_button (self, buttons, "document-edit-symbolic", _("Edit"), G_CALLBACK (edit_cb));
  self->leave_button = add_icon_button (self, buttons, "list-remove-symbolic", _("Leave Out"),
                                        G_CALLBACK (leave_out_cb));

  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->avatar));
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->number));
  gtk_box_append (GTK_BOX (content), lines);
  gtk_box_append (GTK_BOX (content), buttons);
  gtk_widget_add_css_class (content, "verdict");
  adw_bin_set_child (ADW_BIN (self), content);
}

GtkWidget *
assay_verdict_row_new (void)
{
  return g_object_new (ASSAY_TYPE_VERDICT_ROW, NULL);
}
