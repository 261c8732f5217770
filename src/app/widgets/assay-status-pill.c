/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far an invitation is, small: an icon, a word, a colour. */
#include "config.h"

#include "assay-status-pill.h"

#include <glib/gi18n.h>

#include "assay-format.h"

struct _AssayStatusPill
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *label;

  const char *style; /* the class that is set now */
};

G_DEFINE_FINAL_TYPE (AssayStatusPill, assay_status_pill, ADW_TYPE_BIN)

/* Each status is told apart by its icon and its word; the colour only helps. */
static const struct
{
  const char *icon_name;
  const char *style;
} looks[ASSAY_N_INVITATION_STATUSES] = {
  [ASSAY_INVITATION_QUEUED] = { "assay-queued-symbolic", "quiet" },
  [ASSAY_INVITATION_PENDING] = { "assay-pending-symbolic", "quiet" },
  [ASSAY_INVITATION_IN_PROGRESS] = { "assay-in-progress-symbolic", "active" },
  [ASSAY_INVITATION_COMPLETED] = { "assay-completed-symbolic", "good" },
  [ASSAY_INVITATION_EXPIRED] = { "assay-expired-symbolic", "late" },
  [ASSAY_INVITATION_CANCELLED] = { "assay-cancelled-symbolic", "quiet" },
  [ASSAY_INVITATION_FAILED] = { "assay-failed-symbolic", "bad" },
  [ASSAY_INVITATION_UNSURE] = { "assay-unsure-symbolic", "late" },
  [ASSAY_INVITATION_UNKNOWN] = { "assay-unsure-symbolic", "quiet" },
};

const char *
assay_status_pill_get_icon_name (AssayInvitationStatus status)
{
  g_return_val_if_fail ((guint) status < ASSAY_N_INVITATION_STATUSES, NULL);

  return looks[status].icon_name;
}

const char *
assay_status_pill_get_style (AssayInvitationStatus status)
{
  g_return_val_if_fail ((guint) status < ASSAY_N_INVITATION_STATUSES, NULL);

  return looks[status].style;
}

char *
assay_status_pill_describe (AssayInvitationStatus  status,
                            const char            *status_text,
                            const AssayScore      *score)
{
  g_autofree char *word = assay_format_invitation_status (status, status_text);
  g_autofree char *number = NULL;

  if (score == NULL)
    return g_steal_pointer (&word);

  number = assay_score_format (score);
  /* Translators: how far an assessment is, and its score, as in "Completed, 84 %" */
  return g_strdup_printf (_("%s, %s"), word, number);
}

void
assay_status_pill_set (AssayStatusPill       *self,
                       AssayInvitationStatus  status,
                       const char            *status_text,
                       const AssayScore      *score)
{
  g_autofree char *description = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (ASSAY_IS_STATUS_PILL (self));
  g_return_if_fail ((guint) status < ASSAY_N_INVITATION_STATUSES);

  description = assay_status_pill_describe (status, status_text, score);
  text = score != NULL ? assay_score_format (score) : assay_format_invitation_status (status, status_text);
  gtk_label_set_label (self->label, text);
  gtk_image_set_from_icon_name (self->icon, looks[status].icon_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description, -1);

  if (self->style != looks[status].style)
    {
      if (self->style != NULL)
        gtk_widget_remove_css_class (GTK_WIDGET (self), self->style);
      self->style = looks[status].style;
      gtk_widget_add_css_class (GTK_WIDGET (self), self->style);
    }
}

static void
assay_status_pill_class_init (AssayStatusPillClass *klass)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "pill");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_status_pill_init (AssayStatusPill *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);

  self->icon = GTK_IMAGE (gtk_image_new ());
  gtk_image_set_pixel_size (self->icon, 12);
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->label, 18);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");

  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->icon));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  adw_bin_set_child (ADW_BIN (self), box);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_END);
}

GtkWidget *
assay_status_pill_new (void)
{
  return g_object_new (ASSAY_TYPE_STATUS_PILL, NULL);
}
