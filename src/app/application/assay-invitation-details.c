/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All there is to know of one invitation. */
#include "config.h"

#include "assay-invitation-details.h"

#include <glib/gi18n.h>

#include "assay-format.h"
#include "assay-score-ring.h"
#include "assay-status-pill.h"
#include "assay-uri.h"

struct _AssayInvitationDetails
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkLabel *title;
  AssayStatusPill *pill;
  GtkLabel *provider;
  AssayScoreRing *ring;
  GtkButton *report_button;
  GtkBox *flags_section;
  GtkBox *flags;
  GtkBox *scores_section;
  GtkGrid *scores;
  GtkBox *history;
  GtkGrid *facts;
  GtkGrid *more;

  AssayInvitation *invitation;  /* (nullable) */
};

G_DEFINE_FINAL_TYPE (AssayInvitationDetails, assay_invitation_details, ADW_TYPE_BIN)

static void
clear_children (GtkWidget *parent)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (parent)) != NULL)
    if (GTK_IS_GRID (parent))
      gtk_grid_remove (GTK_GRID (parent), child);
    else
      gtk_box_remove (GTK_BOX (parent), child);
}

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);

  return label;
}

/* ---- Scores ---- */

static gboolean
is_same_scores (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    {
      const AssayScore *one = g_ptr_array_index (a, i);
      const AssayScore *other = g_ptr_array_index (b, i);

      if (g_strcmp0 (one->name, other->name) != 0 || one->value != other->value)
        return FALSE;
    }

  return TRUE;
}

static void
show_scores (AssayInvitationDetails *self, const AssayInvitation *invitation)
{
  clear_children (GTK_WIDGET (self->scores));
  for (guint i = 0; i < invitation->scores->len; i++)
    {
      const AssayScore *score = g_ptr_array_index (invitation->scores, i);
      g_autofree char *number = assay_score_format (score);
      double fraction = assay_score_get_fraction (score);
      GtkWidget *name = make_label (score->name != NULL ? score->name : _("Overall"), NULL);
      GtkWidget *value = make_label (number, "numeric");

      gtk_widget_set_halign (value, GTK_ALIGN_END);
      gtk_widget_set_valign (value, GTK_ALIGN_CENTER);
      gtk_grid_attach (self->scores, name, 0, (int) i, 1, 1);
      gtk_grid_attach (self->scores, value, 2, (int) i, 1, 1);
      if (fraction >= 0)
        {
          GtkWidget *bar = gtk_progress_bar_new ();

          gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), CLAMP (fraction, 0, 1));
          gtk_widget_set_hexpand (bar, TRUE);
          gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
          gtk_widget_add_css_class (bar, "score");
          /* The number beside it is what is read out. */
          gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                          score->name != NULL ? score->name : _("Overall"), -1);
          gtk_grid_attach (self->scores, bar, 1, (int) i, 1, 1);
        }
    }
  gtk_widget_set_visible (GTK_WIDGET (self->scores_section), invitation->scores->len > 0);
}

static void
show_flags (AssayInvitationDetails *self, const AssayInvitation *invitation)
{
  clear_children (GTK_WIDGET (self->flags));
  for (guint i = 0; invitation->flags != NULL && invitation->flags[i] != NULL; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
      GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

      gtk_widget_add_css_class (icon, "warning");
      gtk_box_append (GTK_BOX (box), icon);
      gtk_box_append (GTK_BOX (box), make_label (invitation->flags[i], NULL));
      gtk_box_append (self->flags, box);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->flags_section),
                          invitation->flags != NULL && invitation->flags[0] != NULL);
}

/* ---- History ---- */

static char *
describe_source (const char *source)
{
  static const struct
  {
    const char *source;
    const char *text;
  } texts[] = {
    { "user", N_("by you") },
    { "rule", N_("by a rule") },
    { "outbox", N_("on sending") },
    { "poll", N_("seen when asking the provider") },
    { "hand", N_("entered by hand") },
    { "push", N_("told by the provider") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (texts[i].source, source) == 0)
      return g_strdup (_(texts[i].text));

  return g_strdup (source);
}

static GtkWidget *
make_event (const AssayInvitationEvent *event, gboolean is_last)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *rail = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon = gtk_image_new_from_icon_name (assay_status_pill_get_icon_name (event->status));
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  g_autofree char *word = assay_format_invitation_status (event->status, event->status_text);
  g_autofree char *clock = assay_format_clock_time (event->at);
  g_autofree char *full = assay_format_full_time (event->at);
  g_autofree char *source = describe_source (event->source);
  g_autofree char *when = NULL;
  g_autofree char *spoken = NULL;
  GtkWidget *when_label;

  gtk_image_set_pixel_size (GTK_IMAGE (icon), 12);
  gtk_widget_add_css_class (icon, "event");
  gtk_widget_add_css_class (icon, assay_status_pill_get_style (event->status));
  gtk_box_append (GTK_BOX (rail), icon);
  if (!is_last)
    {
      GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_VERTICAL);

      gtk_widget_set_halign (line, GTK_ALIGN_CENTER);
      gtk_widget_set_vexpand (line, TRUE);
      gtk_box_append (GTK_BOX (rail), line);
    }

  gtk_box_append (GTK_BOX (texts), make_label (word, NULL));
  /* Translators: a time and how Assay learned of it, as in "14:02 · told by the provider" */
  when = g_strdup_printf (_("%s · %s"), clock, source);
  when_label = make_label (when, "caption");
  gtk_widget_add_css_class (when_label, "dim-label");
  gtk_widget_add_css_class (when_label, "numeric");
  gtk_widget_set_tooltip_text (when_label, full);
  gtk_box_append (GTK_BOX (texts), when_label);
  /* A word of the provider's own, where Assay has another one for it. */
  if (event->status_text != NULL && !g_str_equal (event->status_text, word))
    {
      GtkWidget *detail = make_label (event->status_text, "caption");

      gtk_widget_add_css_class (detail, "dim-label");
      gtk_box_append (GTK_BOX (texts), detail);
    }
  gtk_widget_set_margin_bottom (texts, is_last ? 0 : 14);
  gtk_widget_set_hexpand (texts, TRUE);

  gtk_box_append (GTK_BOX (row), rail);
  gtk_box_append (GTK_BOX (row), texts);
  spoken = g_strdup_printf ("%s, %s", word, when);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);

  return row;
}

static void
show_history (AssayInvitationDetails *self, const AssayInvitation *invitation)
{
  clear_children (GTK_WIDGET (self->history));
  for (guint i = 0; i < invitation->history->len; i++)
    gtk_box_append (self->history,
                    make_event (g_ptr_array_index (invitation->history, i),
                                i + 1 == invitation->history->len));
}

/* ---- Facts ---- */

/* Writes into the labels that are there, so that what somebody is selecting to copy stays selected. */
static void
add_fact (GtkGrid *grid, int *row, const char *name, const char *value, const char *tooltip)
{
  GtkWidget *name_label = gtk_grid_get_child_at (grid, 0, *row);
  GtkWidget *value_label = gtk_grid_get_child_at (grid, 1, *row);

  if (value == NULL || *value == '\0')
    return;

  if (name_label == NULL)
    {
      name_label = make_label (NULL, "dim-label");
      gtk_widget_set_valign (name_label, GTK_ALIGN_BASELINE);
      gtk_grid_attach (grid, name_label, 0, *row, 1, 1);
      value_label = make_label (NULL, "numeric");
      gtk_widget_set_valign (value_label, GTK_ALIGN_BASELINE);
      gtk_widget_set_hexpand (value_label, TRUE);
      gtk_label_set_selectable (GTK_LABEL (value_label), TRUE);
      gtk_grid_attach (grid, value_label, 1, *row, 1, 1);
    }

  if (!g_str_equal (gtk_label_get_label (GTK_LABEL (name_label)), name))
    gtk_label_set_label (GTK_LABEL (name_label), name);
  if (!g_str_equal (gtk_label_get_label (GTK_LABEL (value_label)), value))
    gtk_label_set_label (GTK_LABEL (value_label), value);
  gtk_widget_set_tooltip_text (value_label, tooltip);
  (*row)++;
}

static void
end_facts (GtkGrid *grid, int rows)
{
  while (gtk_grid_get_child_at (grid, 0, rows) != NULL)
    gtk_grid_remove_row (grid, rows);
}

static void
add_time (GtkGrid *grid, int *row, const char *name, gint64 time)
{
  g_autofree char *clock = assay_format_clock_time (time);
  g_autofree char *full = assay_format_full_time (time);

  add_fact (grid, row, name, clock, full);
}

static void
show_facts (AssayInvitationDetails *self, const AssayInvitation *invitation)
{
  g_autofree char *rule = NULL;
  g_autofree char *id = assay_id_format (ASSAY_ID_INVITATION, invitation->id);
  const char *cause = invitation->cause;
  int row = 0;

  if (g_strcmp0 (cause, "user") == 0)
    cause = _("You");
  else if (cause != NULL && g_str_has_prefix (cause, "rule:"))
    /* Translators: %s is the name of a rule that sent an invitation */
    cause = rule = g_strdup_printf (_("Rule “%s”"), cause + strlen ("rule:"));

  add_fact (self->facts, &row, _("Invited as"), invitation->candidate_name, NULL);
  add_fact (self->facts, &row, _("E-mail"), invitation->email, NULL);
  add_fact (self->facts, &row, _("Sent by"), cause, NULL);
  add_fact (self->facts, &row, _("For"), invitation->job_title, NULL);
  add_time (self->facts, &row, _("Sent"), invitation->sent_at);
  add_time (self->facts, &row, _("Completed"), invitation->completed_at);

  end_facts (self->facts, row);

  row = 0;
  add_fact (self->more, &row, _("Provider’s word"), invitation->status_text, NULL);
  add_fact (self->more, &row, _("Provider’s id"), invitation->remote_id, NULL);
  add_fact (self->more, &row, _("Assessment’s id"), invitation->assessment_remote_id, NULL);
  add_fact (self->more, &row, _("Id in Assay"), id, NULL);
  add_time (self->more, &row, _("Last asked"), invitation->checked_at);
  add_time (self->more, &row, _("Asked next"), invitation->next_check_at);
  end_facts (self->more, row);
}

void
assay_invitation_details_set (AssayInvitationDetails *self, const AssayInvitation *invitation)
{
  AssayInvitation *before = self->invitation;
  g_autofree char *report_host = NULL;
  gboolean is_other;

  g_return_if_fail (ASSAY_IS_INVITATION_DETAILS (self));
  g_return_if_fail (invitation != NULL);

  is_other = before == NULL || before->id != invitation->id;
  report_host = assay_uri_describe (invitation->report_url);
  self->invitation = assay_invitation_copy (invitation);

  gtk_label_set_label (self->title, invitation->assessment_name);
  gtk_label_set_label (self->provider,
                       invitation->connection_name != NULL ? invitation->connection_name : "");
  assay_status_pill_set (self->pill, invitation->status, invitation->status_text, NULL);
  assay_score_ring_set_score (self->ring, invitation->score);
  gtk_widget_set_visible (GTK_WIDGET (self->report_button), report_host != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->report_button), report_host);
  /* In this order: an action without the parameter it wants is warned of. */
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->report_button), "x", invitation->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->report_button), "invitation.open-report");

  if (is_other || !is_same_scores (before->scores, invitation->scores))
    show_scores (self, invitation);
  if (is_other || before->history->len != invitation->history->len)
    show_history (self, invitation);
  show_flags (self, invitation);
  show_facts (self, invitation);
  if (is_other)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);

  g_clear_pointer (&before, assay_invitation_free);
}

static void
assay_invitation_details_dispose (GObject *object)
{
  /* A bound child that is the bin's own would be unparented twice. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_INVITATION_DETAILS);

  G_OBJECT_CLASS (assay_invitation_details_parent_class)->dispose (object);
}

static void
assay_invitation_details_finalize (GObject *object)
{
  AssayInvitationDetails *self = ASSAY_INVITATION_DETAILS (object);

  g_clear_pointer (&self->invitation, assay_invitation_free);

  G_OBJECT_CLASS (assay_invitation_details_parent_class)->finalize (object);
}

static void
assay_invitation_details_class_init (AssayInvitationDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_invitation_details_dispose;
  object_class->finalize = assay_invitation_details_finalize;

  g_type_ensure (ASSAY_TYPE_STATUS_PILL);
  g_type_ensure (ASSAY_TYPE_SCORE_RING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-invitation-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, scroller);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, title);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, pill);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, provider);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, ring);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, report_button);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, flags_section);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, flags);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, scores_section);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, scores);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, history);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, more);
}

static void
assay_invitation_details_init (AssayInvitationDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
