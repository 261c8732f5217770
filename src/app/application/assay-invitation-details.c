/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All there is to know of one invitation. */
#include "config.h"

#include "assay-invitation-details.h"

#include <glib/gi18n.h>

#include "assay-connector.h"
#include "assay-deadline.h"
#include "assay-format.h"
#include "assay-raw.h"
#include "assay-score-chart.h"
#include "assay-score-ring.h"
#include "assay-status-pill.h"
#include "assay-uri.h"

/* Of what a provider sent, so much is listed; all of it can be copied. */
#define MAX_RAW_MEMBERS 200
#define MAX_RAW_CHARACTERS 400

struct _AssayInvitationDetails
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  GtkLabel *title;
  AssayStatusPill *pill;
  GtkLabel *provider;
  AssayScoreRing *ring;
  GtkButton *report_button;
  GtkBox *offers;
  GtkButton *resend_button;
  GtkButton *call_off_button;
  GtkButton *retake_button;
  GtkButton *enter_button;
  GtkBox *flags_section;
  GtkBox *flags;
  GtkBox *scores_section;
  AssayScoreChart *scores;
  GtkLabel *scores_note;
  GtkBox *link_section;
  GtkLabel *link_note;
  GtkLabel *link;
  GtkLabel *note;
  GtkBox *history;
  GtkGrid *facts;
  GtkExpander *expander;
  GtkGrid *more;
  GtkBox *raw_section;
  GtkLabel *raw_title;
  GtkGrid *raw;
  GtkLabel *raw_note;

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

static const AssayConnectorDescription *
get_description (const AssayInvitation *invitation)
{
  return invitation->connection_kind != NULL ? assay_connector_find (invitation->connection_kind) : NULL;
}

/* Whose words and doings these are. */
static const char *
get_provider_name (const AssayInvitation *invitation)
{
  const AssayConnectorDescription *description = get_description (invitation);

  /* A protocol's name is nobody's: what its user calls the provider is. */
  if (description != NULL && !g_str_equal (description->id, "partner"))
    return _(description->name);
  return invitation->connection_name != NULL ? invitation->connection_name : _("The provider");
}

/* ---- Scores ---- */

static void
show_scores (AssayInvitationDetails *self, const AssayInvitation *invitation)
{
  const char *provider = get_provider_name (invitation);
  guint n_bars = 0;
  g_autofree char *note = NULL;

  for (guint i = 0; i < invitation->scores->len; i++)
    if (assay_score_get_fraction (g_ptr_array_index (invitation->scores, i)) >= 0)
      n_bars++;

  if (assay_invitation_status_is_open (invitation->status))
    /* Translators: %s is an assessment provider */
    note = g_strdup_printf (_("%s may report more."), provider);
  else if (n_bars > 0 && n_bars < invitation->scores->len)
    /* Translators: %s is an assessment provider */
    note = g_strdup_printf (_("Where there is no bar, %s doesn’t say out of how much."), provider);
  else if (n_bars == 0)
    /* Translators: %s is an assessment provider */
    note = g_strdup_printf (_("%s doesn’t say out of how much."), provider);

  assay_score_chart_set_scores (self->scores, invitation->scores);
  gtk_label_set_label (self->scores_note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->scores_note), note != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->scores_section), invitation->scores->len > 0);
}

/* ---- What there is not, and why ---- */

static void
add_sentence (GString *text, char *sentence)
{
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

static void
show_note (AssayInvitationDetails *self, const AssayInvitation *invitation, AssayCapabilities capabilities)
{
  const char *provider = get_provider_name (invitation);
  char *not_here = assay_offers_explain (invitation, capabilities, provider);
  gboolean is_out = invitation->status == ASSAY_INVITATION_PENDING ||
                    invitation->status == ASSAY_INVITATION_IN_PROGRESS;
  g_autoptr (GString) text = g_string_new (NULL);

  if (invitation->status == ASSAY_INVITATION_PENDING && invitation->deadline != 0)
    {
      g_autofree char *deadline = assay_deadline_format (invitation->deadline);

      /* Translators: %s is a day, as in "1 December 2026" */
      add_sentence (text, g_strdup_printf (_("The invitation is valid until %s."), deadline));
    }
  if (is_out && invitation->remote_id == NULL)
    /* Translators: %s is an assessment provider */
    add_sentence (text, g_strdup_printf (_("%s gave no id of this invitation, so its progress can’t be asked for."),
                                         provider));
  if (not_here != NULL)
    add_sentence (text, not_here);
  if (invitation->status == ASSAY_INVITATION_COMPLETED && invitation->score == NULL && invitation->scores->len == 0)
    /* Translators: %s is an assessment provider */
    add_sentence (text, g_strdup_printf (_("%s gave no score."), provider));
  if (invitation->status == ASSAY_INVITATION_COMPLETED && !assay_uri_is_safe (invitation->report_url))
    /* Translators: %s is an assessment provider */
    add_sentence (text, g_strdup_printf (_("%s gave no report that can be opened."), provider));

  gtk_label_set_label (self->note, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->note), text->len > 0);
}

/* ---- What can be done ---- */

static void
show_buttons (AssayInvitationDetails *self, const AssayInvitation *invitation, AssayOffers offers)
{
  g_autofree char *report_host = assay_uri_describe (invitation->report_url);
  const struct
  {
    GtkButton *button;
    const char *action_name;
    gboolean visible;
  } buttons[] = {
    { self->report_button, "invitation.open-report", report_host != NULL },
    { self->resend_button, "invitation.resend", (offers & ASSAY_OFFER_RESEND) != 0 },
    { self->call_off_button, "invitation.call-off", (offers & ASSAY_OFFER_CANCEL) != 0 },
    { self->retake_button, "invitation.retake", (offers & ASSAY_OFFER_RETAKE) != 0 },
    { self->enter_button, "invitation.enter-result", (offers & ASSAY_OFFER_ENTER_RESULT) != 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      gtk_widget_set_visible (GTK_WIDGET (buttons[i].button), buttons[i].visible);
      /* In this order: an action without the parameter it wants is warned of. */
      gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i].button), "x", invitation->id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (buttons[i].button), buttons[i].action_name);
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->report_button), report_host);
  gtk_widget_set_visible (GTK_WIDGET (self->offers), offers != 0);
}

/* ---- A link that is ours to hand on ---- */

static void
show_link (AssayInvitationDetails *self, const AssayInvitation *invitation)
{
  g_autofree char *note = NULL;

  /* Whoever has begun has found the way. */
  gtk_widget_set_visible (GTK_WIDGET (self->link_section), assay_uri_is_safe (invitation->link) &&
                                                             invitation->status == ASSAY_INVITATION_PENDING);
  if (invitation->link == NULL)
    return;

  /* Translators: %1$s is an assessment provider, %2$s a person */
  note = g_strdup_printf (_("%1$s mails nobody. Hand this link on to %2$s."), get_provider_name (invitation),
                          invitation->candidate_name);
  gtk_label_set_label (self->link_note, note);
  if (!g_str_equal (gtk_label_get_label (self->link), invitation->link))
    gtk_label_set_label (self->link, invitation->link);
}

static void
copy (AssayInvitationDetails *self, const char *text, const char *said)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.message", "s", said);
}

static void
copy_link_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayInvitationDetails *self = ASSAY_INVITATION_DETAILS (widget);

  if (self->invitation != NULL && self->invitation->link != NULL)
    copy (self, self->invitation->link, _("Link copied"));
}

static void
mail_link_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayInvitationDetails *self = ASSAY_INVITATION_DETAILS (widget);

  if (self->invitation != NULL && self->invitation->link != NULL)
    assay_uri_mail (widget, self->invitation->email, self->invitation->assessment_name, self->invitation->link);
}

/* ---- Flags ---- */

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

/* ---- What the provider sent ---- */

/* Made when somebody asks for it. */
static void
show_raw (AssayInvitationDetails *self)
{
  g_autoptr (GPtrArray) members = NULL;
  g_autofree char *title = NULL;
  g_autofree char *note = NULL;
  guint n_members = 0;
  int row = 0;

  if (!gtk_expander_get_expanded (self->expander) || self->invitation == NULL)
    return;

  members = assay_raw_list_members (self->invitation->raw, MAX_RAW_MEMBERS, &n_members);
  for (guint i = 0; i < members->len; i++)
    {
      const AssayRawMember *member = g_ptr_array_index (members, i);
      g_autofree char *value = *member->value != '\0' ? g_strdup (member->value) : g_strdup ("\"\"");

      if (g_utf8_strlen (value, -1) > MAX_RAW_CHARACTERS)
        {
          g_autofree char *start = g_utf8_substring (value, 0, MAX_RAW_CHARACTERS);

          g_free (value);
          value = g_strconcat (start, "…", NULL);
        }
      add_fact (self->raw, &row, member->name, value, NULL);
    }
  end_facts (self->raw, row);

  /* Translators: %s is an assessment provider */
  title = g_strdup_printf (_("What %s sent"), get_provider_name (self->invitation));
  gtk_label_set_label (self->raw_title, title);
  if (n_members > members->len)
    {
      guint rest = n_members - members->len;
      g_autofree char *count = assay_format_count (rest);

      /* Translators: %s is a number of values */
      note = g_strdup_printf (ngettext ("%s more is in the JSON.", "%s more are in the JSON.", rest), count);
    }
  gtk_label_set_label (self->raw_note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->raw_note), note != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->raw_section), members->len > 0);
}

static void
expanded_cb (AssayInvitationDetails *self)
{
  show_raw (self);
}

static void
copy_raw_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayInvitationDetails *self = ASSAY_INVITATION_DETAILS (widget);

  if (self->invitation != NULL && self->invitation->raw != NULL)
    copy (self, self->invitation->raw, _("JSON copied"));
}

void
assay_invitation_details_set (AssayInvitationDetails *self,
                              const AssayInvitation  *invitation,
                              AssayCapabilities       capabilities)
{
  AssayInvitation *before = self->invitation;
  gboolean is_other;

  g_return_if_fail (ASSAY_IS_INVITATION_DETAILS (self));
  g_return_if_fail (invitation != NULL);

  is_other = before == NULL || before->id != invitation->id;
  self->invitation = assay_invitation_copy (invitation);

  gtk_label_set_label (self->title, invitation->assessment_name);
  gtk_label_set_label (self->provider,
                       invitation->connection_name != NULL ? invitation->connection_name : "");
  assay_status_pill_set (self->pill, invitation->status, invitation->status_text, NULL);
  assay_score_ring_set_score (self->ring, invitation->score);
  show_buttons (self, invitation, assay_offers_of_invitation (invitation, capabilities));

  show_scores (self, invitation);
  show_note (self, invitation, capabilities);
  show_link (self, invitation);
  if (is_other || before->history->len != invitation->history->len)
    show_history (self, invitation);
  show_flags (self, invitation);
  show_facts (self, invitation);
  if (is_other || g_strcmp0 (before->raw, invitation->raw) != 0)
    show_raw (self);
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
  g_type_ensure (ASSAY_TYPE_SCORE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-invitation-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, scroller);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, title);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, pill);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, provider);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, ring);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, offers);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, report_button);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, resend_button);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, call_off_button);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, retake_button);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, enter_button);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, flags_section);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, flags);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, scores_section);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, scores);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, history);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, more);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, scores_note);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, link_section);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, link_note);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, link);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, note);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, expander);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, raw_section);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, raw_title);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, raw);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationDetails, raw_note);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
  gtk_widget_class_install_action (widget_class, "details.copy-link", NULL, copy_link_action);
  gtk_widget_class_install_action (widget_class, "details.mail-link", NULL, mail_link_action);
  gtk_widget_class_install_action (widget_class, "details.copy-raw", NULL, copy_raw_action);
}

static void
assay_invitation_details_init (AssayInvitationDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
