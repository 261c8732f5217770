/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person in a list, in two lines. The widgets inside are made when the row is first seen. */
#include "config.h"

#include "assay-person-row.h"

#include <glib/gi18n.h>

#include "assay-format.h"
#include "assay-initials.h"
#include "assay-status-pill.h"

#define INITIALS_SIZE 36
/* What of a text is always seen, in pixels; in characters, Pango would measure a font's digits for each row. */
#define TEXT_WIDTH 64

struct _AssayPersonRow
{
  AdwBin parent_instance;

  AssayInitials *initials; /* (nullable) like its siblings, before the first filling */
  GtkOverlay *overlay;   /* (nullable) around it where people can be picked */
  GtkCheckButton *check; /* (nullable) made last, since it is seen under the pointer only */
  GtkLabel *title;
  GtkLabel *subtitle;
  AssayStatusPill *pill;

  AssayRow *row;       /* (nullable) */
  gboolean filled;
  gboolean show_job;
  gboolean can_pick;
  gboolean picked;
};

G_DEFINE_FINAL_TYPE (AssayPersonRow, assay_person_row, ADW_TYPE_BIN)

static guint toggled_signal;

static void
append_part (GString *line, const char *part)
{
  if (part == NULL || *part == '\0')
    return;
  if (line->len > 0)
    g_string_append (line, " · ");
  g_string_append (line, part);
}

static void
set_unseen (AssayPersonRow *self, gboolean unseen)
{
  if (unseen)
    gtk_widget_add_css_class (GTK_WIDGET (self->title), "heading");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->title), "heading");
}

static void
set_name (AssayPersonRow *self, const char *name)
{
  gtk_label_set_label (self->title, name);
  assay_initials_set_name (self->initials, name);
}

/* The list item around us is what a screen reader reads. */
static void
set_accessible_label (AssayPersonRow *self, const char *label)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));

  if (item != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
show_application (AssayPersonRow *self, const AssayApplication *application)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GString) spoken = g_string_new (application->full_name);
  g_autofree char *when = assay_format_relative_time (application->updated_at);

  set_name (self, application->full_name);
  set_unseen (self, application->unseen);
  append_part (line, application->stage_name);
  append_part (line, when);
  /* There is room for one more; where somebody came from stands on the page too. */
  append_part (line, self->show_job ? application->job_title : application->source);
  gtk_label_set_label (self->subtitle, line->str);

  if (application->stage_name != NULL)
    g_string_append_printf (spoken, ", %s", application->stage_name);
  gtk_widget_set_visible (GTK_WIDGET (self->pill), application->invitation_id != 0);
  if (application->invitation_id != 0)
    {
      g_autofree char *described = assay_status_pill_describe (
        application->invitation_status, application->invitation_status_text, application->invitation_score);

      assay_status_pill_set (self->pill, application->invitation_status, application->invitation_status_text,
                             application->invitation_score);
      g_string_append_printf (spoken, ", %s", described);
    }
  if (application->unseen)
    g_string_append_printf (spoken, ", %s", _("new"));
  set_accessible_label (self, spoken->str);
}

static void
show_invitation (AssayPersonRow *self, const AssayInvitation *invitation)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GString) spoken = g_string_new (invitation->candidate_name);
  g_autofree char *when = assay_format_relative_time (invitation->updated_at);
  g_autofree char *described = assay_status_pill_describe (invitation->status, invitation->status_text,
                                                           invitation->score);

  set_name (self, invitation->candidate_name);
  set_unseen (self, FALSE);
  append_part (line, invitation->assessment_name);
  append_part (line, when);
  append_part (line, invitation->connection_name);
  gtk_label_set_label (self->subtitle, line->str);
  assay_status_pill_set (self->pill, invitation->status, invitation->status_text, invitation->score);
  gtk_widget_set_visible (GTK_WIDGET (self->pill), TRUE);
  g_string_append_printf (spoken, ", %s, %s", invitation->assessment_name, described);
  set_accessible_label (self, spoken->str);
}

static void
update (AssayPersonRow *self)
{
  const AssayApplication *application = self->row != NULL ? assay_row_get_application (self->row) : NULL;
  const AssayInvitation *invitation = self->row != NULL ? assay_row_get_invitation (self->row) : NULL;
  gboolean loaded = application != NULL || invitation != NULL;

  /* An outline in place of the text until the content is here. */
  if (loaded)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "unloaded");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "unloaded");

  if (application != NULL)
    show_application (self, application);
  else if (invitation != NULL)
    show_invitation (self, invitation);
  else
    {
      set_name (self, " ");
      set_unseen (self, FALSE);
      gtk_label_set_label (self->subtitle, " ");
      gtk_widget_set_visible (GTK_WIDGET (self->pill), FALSE);
      set_accessible_label (self, _("Loading"));
    }
}

static void
check_toggled_cb (AssayPersonRow *self)
{
  g_signal_emit (self, toggled_signal, 0);
}

static void make_check (AssayPersonRow *self);

static void
show_picked (AssayPersonRow *self)
{
  if (self->check == NULL && self->picked && self->overlay != NULL)
    make_check (self);
  if (self->check == NULL)
    return;
  g_signal_handlers_block_by_func (self->check, check_toggled_cb, self);
  gtk_check_button_set_active (self->check, self->picked);
  g_signal_handlers_unblock_by_func (self->check, check_toggled_cb, self);
}

/* The mark takes the avatar's place, so that nothing moves when one begins to pick. It is for the pointer: the list item
 * itself is what the keyboard picks, and what a screen reader calls checked. */
static void
make_check (AssayPersonRow *self)
{
  self->check = g_object_new (GTK_TYPE_CHECK_BUTTON,
                              "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                              "can-focus", FALSE,
                              "focusable", FALSE,
                              "halign", GTK_ALIGN_CENTER,
                              "valign", GTK_ALIGN_CENTER,
                              "visible", FALSE,
                              NULL);
  /* For each one that is seen already, GTK asks the display where the pointer is. */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->check), _("Select"));
  gtk_widget_set_visible (GTK_WIDGET (self->check), TRUE);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->check), "pick");
  g_signal_connect_object (self->check, "toggled", G_CALLBACK (check_toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_overlay_add_overlay (self->overlay, GTK_WIDGET (self->check));
}

static void
make_content (AssayPersonRow *self)
{
  static const char *const subtitle_styles[] = { "dim-label", "caption", "numeric", NULL };
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *first = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  /* The list item says it all; the initials would only be spelled out once more. */
  self->initials = ASSAY_INITIALS (assay_initials_new (INITIALS_SIZE));
  self->title = g_object_new (GTK_TYPE_LABEL,
                              "xalign", 0.0f,
                              "hexpand", TRUE,
                              "ellipsize", PANGO_ELLIPSIZE_END,
                              "width-request", TEXT_WIDTH,
                              NULL);
  self->subtitle = g_object_new (GTK_TYPE_LABEL,
                                 "xalign", 0.0f,
                                 "ellipsize", PANGO_ELLIPSIZE_END,
                                 "width-request", TEXT_WIDTH,
                                 "css-classes", subtitle_styles,
                                 NULL);
  self->pill = ASSAY_STATUS_PILL (assay_status_pill_new ());

  gtk_box_append (GTK_BOX (first), GTK_WIDGET (self->title));
  gtk_box_append (GTK_BOX (first), GTK_WIDGET (self->pill));
  gtk_box_append (GTK_BOX (lines), first);
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->subtitle));
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  if (self->can_pick)
    {
      self->overlay = GTK_OVERLAY (gtk_overlay_new ());
      gtk_overlay_set_child (self->overlay, GTK_WIDGET (self->initials));
      gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->overlay));
    }
  else
    gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->initials));
  show_picked (self);
  gtk_box_append (GTK_BOX (content), lines);
  gtk_widget_add_css_class (content, "person");
  adw_bin_set_child (ADW_BIN (self), content);
}

void
assay_person_row_fill (AssayPersonRow *self)
{
  g_return_if_fail (ASSAY_IS_PERSON_ROW (self));

  if (self->filled || self->row == NULL)
    return;

  if (self->initials == NULL)
    make_content (self);
  self->filled = TRUE;
  update (self);
  gtk_widget_set_child_visible (adw_bin_get_child (ADW_BIN (self)), TRUE);
}

void
assay_person_row_complete (AssayPersonRow *self)
{
  g_return_if_fail (ASSAY_IS_PERSON_ROW (self));

  if (self->overlay == NULL || self->check != NULL)
    return;
  make_check (self);
  show_picked (self);
}

static void
row_changed_cb (AssayPersonRow *self)
{
  if (self->filled)
    update (self);
}

void
assay_person_row_set_row (AssayPersonRow *self, AssayRow *row)
{
  g_return_if_fail (ASSAY_IS_PERSON_ROW (self));
  g_return_if_fail (row == NULL || ASSAY_IS_ROW (row));

  if (self->row != NULL)
    g_signal_handlers_disconnect_by_func (self->row, row_changed_cb, self);
  g_set_object (&self->row, row);
  if (row == NULL)
    return;

  g_signal_connect_object (row, "changed", G_CALLBACK (row_changed_cb), self, G_CONNECT_SWAPPED);
  if (self->filled)
    {
      /* Whoever was shown here last must not be seen in this place. */
      self->filled = FALSE;
      gtk_widget_set_child_visible (adw_bin_get_child (ADW_BIN (self)), FALSE);
      set_accessible_label (self, _("Loading"));
    }
}

AssayRow *
assay_person_row_get_row (AssayPersonRow *self)
{
  g_return_val_if_fail (ASSAY_IS_PERSON_ROW (self), NULL);

  return self->row;
}

void
assay_person_row_set_show_job (AssayPersonRow *self, gboolean show_job)
{
  g_return_if_fail (ASSAY_IS_PERSON_ROW (self));

  if (self->show_job == show_job)
    return;

  self->show_job = show_job;
  row_changed_cb (self);
}

void
assay_person_row_set_can_pick (AssayPersonRow *self, gboolean can_pick)
{
  g_return_if_fail (ASSAY_IS_PERSON_ROW (self));

  self->can_pick = can_pick;
}

void
assay_person_row_set_picked (AssayPersonRow *self, gboolean picked)
{
  GtkWidget *item;

  g_return_if_fail (ASSAY_IS_PERSON_ROW (self));

  self->picked = picked;
  show_picked (self);
  item = gtk_widget_get_parent (GTK_WIDGET (self));
  if (item == NULL || !self->can_pick)
    return;
  gtk_accessible_update_state (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_STATE_CHECKED,
                               picked ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
}

static void
tick_cb (AssayPersonRow *self)
{
  if (self->filled && assay_row_is_loaded (self->row))
    update (self);
}

static void
assay_person_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_person_row_parent_class)->map (widget);
  assay_format_on_tick (G_OBJECT (widget), G_CALLBACK (tick_cb));
}

static void
assay_person_row_unmap (GtkWidget *widget)
{
  assay_format_stop_tick (G_OBJECT (widget), G_CALLBACK (tick_cb));
  GTK_WIDGET_CLASS (assay_person_row_parent_class)->unmap (widget);
}

static void
assay_person_row_dispose (GObject *object)
{
  assay_person_row_set_row (ASSAY_PERSON_ROW (object), NULL);

  G_OBJECT_CLASS (assay_person_row_parent_class)->dispose (object);
}

static void
assay_person_row_class_init (AssayPersonRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_person_row_dispose;
  widget_class->map = assay_person_row_map;
  widget_class->unmap = assay_person_row_unmap;

  toggled_signal = g_signal_new ("toggled", ASSAY_TYPE_PERSON_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "person");
}

static void
assay_person_row_init (AssayPersonRow *self)
{
}

GtkWidget *
assay_person_row_new (void)
{
  return g_object_new (ASSAY_TYPE_PERSON_ROW, NULL);
}
