/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One invitation on the application's page.
 *
 * A card lives as long as its invitation is shown; what changes is written into it. A change of status that
 * happens under the reader's eyes fades in; while the candidate works, the status breathes now and then. */
#include "config.h"

#include "assay-invitation-card.h"

#include <glib/gi18n.h>

#include "assay-deadline.h"
#include "assay-format.h"
#include "assay-score-ring.h"
#include "assay-status-pill.h"
#include "assay-uri.h"

#define FADE_MILLISECONDS 200
#define BREATH_MILLISECONDS 900
#define BREATH_EVERY_SECONDS 4

struct _AssayInvitationCard
{
  AdwBin parent_instance;

  GtkButton *head;
  GtkLabel *title;
  GtkBox *status_box;
  AssayStatusPill *pill;
  GtkLabel *when;
  AssayScoreRing *ring;
  GtkBox *foot;
  GtkLabel *message;
  GtkBox *buttons;

  GtkButton *report_button;
  GtkButton *undo_button;
  GtkButton *cancel_button;
  GtkButton *arrived_button;
  GtkButton *send_button;
  GtkButton *again_button;
  GtkButton *dismiss_button;
  GtkButton *resend_button;
  GtkButton *call_off_button;
  GtkButton *retake_button;

  AssayService *service;
  AssayInvitation *invitation;      /* (nullable) */
  AssayOutboxState outbox_state;    /* DONE without a row */
  gboolean is_one_of_many;
  gboolean held;                    /* its batch is paused */
  char *evidence;                   /* (nullable) of one that is unsure: what is known of it */
  AssayOffers offers;
  AdwAnimation *fade;
  AdwAnimation *breath;
  guint breath_id;
  guint countdown_id;
  gint64 watched_id;                /* the service is asked to watch it; 0 for none */
};

G_DEFINE_FINAL_TYPE (AssayInvitationCard, assay_invitation_card, ADW_TYPE_BIN)

static void update_foot (AssayInvitationCard *self);

/* When what the status says came about. */
static gint64
get_status_time (const AssayInvitation *invitation)
{
  if (invitation->status == ASSAY_INVITATION_COMPLETED && invitation->completed_at != 0)
    return invitation->completed_at;
  if (invitation->status == ASSAY_INVITATION_PENDING && invitation->sent_at != 0)
    return invitation->sent_at;
  if (invitation->status == ASSAY_INVITATION_QUEUED)
    return invitation->created_at;

  return invitation->updated_at;
}

static void
update_when (AssayInvitationCard *self)
{
  gint64 time = get_status_time (self->invitation);
  g_autofree char *when = assay_format_relative_time (time);
  g_autofree char *full = assay_format_full_time (time);
  g_autofree char *text = NULL;

  if (self->invitation->connection_name != NULL)
    /* Translators: the name of a provider and a time, as in "TestTrick · 3 min ago" */
    text = g_strdup_printf (_("%s · %s"), self->invitation->connection_name, when);
  else
    text = g_steal_pointer (&when);
  gtk_label_set_label (self->when, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->when), full);
}

/* ---- Watching, breathing, counting down: only while somebody looks ---- */

static gboolean
breathe_cb (gpointer user_data)
{
  AssayInvitationCard *self = user_data;

  adw_animation_play (self->breath);
  return G_SOURCE_CONTINUE;
}

static gboolean
countdown_cb (gpointer user_data)
{
  AssayInvitationCard *self = user_data;

  update_foot (self);
  /* The update ends the countdown when there is nothing to count. */
  return self->countdown_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
update_presence (AssayInvitationCard *self)
{
  gboolean seen = gtk_widget_get_mapped (GTK_WIDGET (self)) && self->invitation != NULL;
  gboolean open = seen && assay_invitation_status_is_open (self->invitation->status);
  gboolean working = seen && self->invitation->status == ASSAY_INVITATION_IN_PROGRESS;
  gboolean counting = seen && self->invitation->status == ASSAY_INVITATION_QUEUED;

  if (open && self->watched_id == 0)
    {
      self->watched_id = self->invitation->id;
      assay_service_watch_invitation (self->service, self->watched_id);
    }
  else if (!open && self->watched_id != 0)
    {
      assay_service_unwatch_invitation (self->service, self->watched_id);
      self->watched_id = 0;
    }

  if (working && self->breath_id == 0)
    self->breath_id = g_timeout_add_seconds (BREATH_EVERY_SECONDS, breathe_cb, self);
  else if (!working)
    {
      g_clear_handle_id (&self->breath_id, g_source_remove);
      adw_animation_reset (self->breath);
      gtk_widget_set_opacity (GTK_WIDGET (self->pill), 1);
    }

  if (counting && self->countdown_id == 0)
    self->countdown_id = g_timeout_add_seconds (1, countdown_cb, self);
  else if (!counting)
    g_clear_handle_id (&self->countdown_id, g_source_remove);
}

/* ---- The foot: what to know and what can be done ---- */

static GtkButton *
add_button (AssayInvitationCard *self, const char *label, const char *icon_name)
{
  GtkWidget *button = gtk_button_new ();

  if (icon_name != NULL)
    {
      GtkWidget *content = adw_button_content_new ();

      adw_button_content_set_label (ADW_BUTTON_CONTENT (content), label);
      adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), icon_name);
      gtk_button_set_child (GTK_BUTTON (button), content);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    }
  else
    gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_box_append (self->buttons, button);

  return GTK_BUTTON (button);
}

static char *
describe_queued (AssayInvitationCard *self, gboolean *can_undo, gboolean *can_cancel)
{
  gint64 left = self->invitation->due_at - assay_time_now ();
  const char *error = self->invitation->error;

  if (self->outbox_state == ASSAY_OUTBOX_SENDING)
    return g_strdup (_("On its way."));

  if (left > 0 && error == NULL)
    {
      *can_undo = TRUE;
      return g_strdup_printf (ngettext ("Goes out in %d s.", "Goes out in %d s.",
                                        (gulong) ((left + 999) / 1000)),
                              (int) ((left + 999) / 1000));
    }

  *can_cancel = error != NULL || self->held || self->is_one_of_many || assay_service_get_offline (self->service);
  if (self->held)
    return g_strdup (_("It waits until its batch is resumed."));
  if (self->is_one_of_many && error == NULL && !assay_service_get_offline (self->service))
    return g_strdup (_("It waits for its turn in its batch."));
  if (!*can_cancel)
    return g_strdup (_("On its way."));
  if (assay_service_get_offline (self->service) || error == NULL)
    return g_strdup (_("It will be sent when you are back."));

  /* Translators: %s is a whole sentence that says why an invitation waits */
  return g_strdup_printf (_("%s It will be sent as soon as that is possible."), error);
}

static void
update_foot (AssayInvitationCard *self)
{
  const AssayInvitation *invitation = self->invitation;
  const char *error = invitation->error;
  gboolean has_buttons;
  gboolean can_undo = FALSE;
  gboolean can_cancel = FALSE;
  gboolean unsure = invitation->status == ASSAY_INVITATION_UNSURE;
  gboolean failed = invitation->status == ASSAY_INVITATION_FAILED;
  gboolean has_report = assay_uri_is_safe (invitation->report_url);
  gboolean can_resend = (self->offers & ASSAY_OFFER_RESEND) != 0;
  gboolean can_call_off = (self->offers & ASSAY_OFFER_CANCEL) != 0;
  /* Beside a report there is no room on a narrow screen; the details have it. */
  gboolean can_retake = (self->offers & ASSAY_OFFER_RETAKE) != 0 && !has_report;
  gboolean can_dismiss = failed && self->outbox_state == ASSAY_OUTBOX_FAILED;
  g_autofree char *text = NULL;
  g_autofree char *report_host = assay_uri_describe (invitation->report_url);

  if (invitation->status == ASSAY_INVITATION_QUEUED)
    text = describe_queued (self, &can_undo, &can_cancel);
  else if (unsure)
    text = g_strjoin ("\n", error != NULL ? error : _("The answer was lost, so it may or may not have arrived."),
                      self->evidence, NULL);
  else if (failed)
    text = g_strdup (error != NULL ? error : _("The provider ended it without a result."));
  else if (error != NULL)
    text = g_strdup (error);
  else if (invitation->flags != NULL && invitation->flags[0] != NULL)
    {
      g_autofree char *flags = g_strjoinv (", ", invitation->flags);

      /* Translators: %s is a list of what a provider warns of, as in "copy and paste, two faces" */
      text = g_strdup_printf (_("Flagged: %s"), flags);
    }
  else if (invitation->status == ASSAY_INVITATION_PENDING && invitation->deadline != 0)
    {
      g_autofree char *deadline = assay_deadline_format (invitation->deadline);

      /* Translators: %s is a day, as in "1 December 2026" */
      text = g_strdup_printf (_("Valid until %s."), deadline);
    }

  gtk_label_set_label (self->message, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message), text != NULL);
  if (unsure || failed)
    gtk_widget_remove_css_class (GTK_WIDGET (self->message), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->message), "dim-label");

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->report_button), report_host);
  gtk_widget_set_visible (GTK_WIDGET (self->report_button), has_report);
  gtk_widget_set_visible (GTK_WIDGET (self->undo_button), can_undo);
  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), can_cancel);
  gtk_widget_set_visible (GTK_WIDGET (self->arrived_button), unsure);
  gtk_widget_set_visible (GTK_WIDGET (self->send_button), unsure);
  gtk_widget_set_visible (GTK_WIDGET (self->again_button), failed);
  gtk_widget_set_visible (GTK_WIDGET (self->dismiss_button), can_dismiss);
  gtk_widget_set_visible (GTK_WIDGET (self->resend_button), can_resend);
  gtk_widget_set_visible (GTK_WIDGET (self->call_off_button), can_call_off);
  gtk_widget_set_visible (GTK_WIDGET (self->retake_button), can_retake);
  has_buttons = has_report || can_undo || can_cancel || unsure || failed || can_resend || can_call_off || can_retake;
  gtk_widget_set_visible (GTK_WIDGET (self->buttons), has_buttons);
  gtk_widget_set_visible (GTK_WIDGET (self->foot), text != NULL || has_buttons);
}

static void
set_actions (AssayInvitationCard *self, gint64 invitation_id)
{
  const struct
  {
    GtkButton *button;
    const char *action_name;
  } actions[] = {
    { self->head, "invitation.show-details" },
    { self->report_button, "invitation.open-report" },
    { self->undo_button, "invitation.undo" },
    { self->cancel_button, "invitation.withdraw" },
    { self->arrived_button, "invitation.arrived" },
    { self->send_button, "invitation.send-anyway" },
    { self->dismiss_button, "invitation.dismiss" },
    { self->resend_button, "invitation.resend" },
    { self->call_off_button, "invitation.call-off" },
    { self->retake_button, "invitation.retake" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (actions[i].button), "x", invitation_id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (actions[i].button), actions[i].action_name);
    }
}

void
assay_invitation_card_update (AssayInvitationCard   *self,
                              const AssayInvitation *invitation,
                              const AssayOutboxRow  *outbox,
                              AssayOffers            offers)
{
  g_autofree char *described = NULL;
  g_autofree char *label = NULL;
  g_autofree char *details = NULL;
  gboolean changed;

  g_return_if_fail (ASSAY_IS_INVITATION_CARD (self));
  g_return_if_fail (invitation != NULL);
  g_return_if_fail (self->invitation == NULL || self->invitation->id == invitation->id);

  if (self->invitation == NULL)
    set_actions (self, invitation->id);
  changed = self->invitation != NULL && self->invitation->status != invitation->status;
  g_clear_pointer (&self->invitation, assay_invitation_free);
  self->invitation = assay_invitation_copy (invitation);
  self->outbox_state = outbox != NULL ? outbox->state : ASSAY_OUTBOX_DONE;
  self->is_one_of_many = outbox != NULL && outbox->batch_id != 0;
  self->held = outbox != NULL && outbox->held;
  g_free (self->evidence);
  self->evidence = outbox != NULL ? g_strdup (outbox->evidence) : NULL;
  self->offers = offers;

  gtk_label_set_label (self->title, invitation->assessment_name);
  /* The ring has the number, so the pill keeps its word. */
  assay_status_pill_set (self->pill, invitation->status, invitation->status_text, NULL);
  assay_score_ring_set_score (self->ring, invitation->score);
  update_when (self);
  update_foot (self);

  described = assay_status_pill_describe (invitation->status, invitation->status_text, invitation->score);
  label = g_strdup_printf ("%s, %s", invitation->assessment_name, described);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  /* Translators: %s is the name of an assessment */
  details = g_strdup_printf (_("Details of %s"), invitation->assessment_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->head), GTK_ACCESSIBLE_PROPERTY_LABEL, details, -1);

  if (changed && gtk_widget_get_mapped (GTK_WIDGET (self)))
    adw_animation_play (self->fade);
  update_presence (self);
}

static void
tick_cb (AssayInvitationCard *self)
{
  if (self->invitation != NULL)
    update_when (self);
}

static void
offline_cb (AssayInvitationCard *self)
{
  if (self->invitation != NULL)
    update_foot (self);
}

static void
assay_invitation_card_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_invitation_card_parent_class)->map (widget);
  assay_format_on_tick (G_OBJECT (widget), G_CALLBACK (tick_cb));
  tick_cb (ASSAY_INVITATION_CARD (widget));
  update_presence (ASSAY_INVITATION_CARD (widget));
}

static void
assay_invitation_card_unmap (GtkWidget *widget)
{
  assay_format_stop_tick (G_OBJECT (widget), G_CALLBACK (tick_cb));
  GTK_WIDGET_CLASS (assay_invitation_card_parent_class)->unmap (widget);
  update_presence (ASSAY_INVITATION_CARD (widget));
}

static void
assay_invitation_card_dispose (GObject *object)
{
  AssayInvitationCard *self = ASSAY_INVITATION_CARD (object);

  g_clear_handle_id (&self->breath_id, g_source_remove);
  g_clear_handle_id (&self->countdown_id, g_source_remove);
  if (self->watched_id != 0)
    assay_service_unwatch_invitation (self->service, self->watched_id);
  self->watched_id = 0;
  g_clear_object (&self->fade);
  g_clear_object (&self->breath);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_INVITATION_CARD);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (assay_invitation_card_parent_class)->dispose (object);
}

static void
assay_invitation_card_finalize (GObject *object)
{
  AssayInvitationCard *self = ASSAY_INVITATION_CARD (object);

  g_clear_pointer (&self->invitation, assay_invitation_free);
  g_free (self->evidence);

  G_OBJECT_CLASS (assay_invitation_card_parent_class)->finalize (object);
}

static void
assay_invitation_card_class_init (AssayInvitationCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_invitation_card_dispose;
  object_class->finalize = assay_invitation_card_finalize;
  widget_class->map = assay_invitation_card_map;
  widget_class->unmap = assay_invitation_card_unmap;

  g_type_ensure (ASSAY_TYPE_STATUS_PILL);
  g_type_ensure (ASSAY_TYPE_SCORE_RING);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-invitation-card.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, head);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, title);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, status_box);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, pill);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, when);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, ring);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, foot);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, message);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationCard, buttons);
}

static void
assay_invitation_card_init (AssayInvitationCard *self)
{
  self->outbox_state = ASSAY_OUTBOX_DONE;
  gtk_widget_init_template (GTK_WIDGET (self));

  self->report_button = add_button (self, _("View Candidate Report"), "assay-report-symbolic");
  self->undo_button = add_button (self, _("Undo"), NULL);
  self->cancel_button = add_button (self, _("Cancel"), NULL);
  self->arrived_button = add_button (self, _("It Arrived"), NULL);
  self->send_button = add_button (self, _("It Did Not: Send"), NULL);
  self->again_button = add_button (self, _("Send Again…"), NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->again_button), "win.send-assessment");
  self->dismiss_button = add_button (self, _("Dismiss"), NULL);
  self->resend_button = add_button (self, _("Send Again"), NULL);
  self->call_off_button = add_button (self, _("Call Off…"), NULL);
  self->retake_button = add_button (self, _("Invite Again…"), NULL);

  self->fade = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, FADE_MILLISECONDS,
                                        adw_property_animation_target_new (G_OBJECT (self->status_box),
                                                                           "opacity"));
  self->breath = adw_timed_animation_new (GTK_WIDGET (self), 1, 0.5, BREATH_MILLISECONDS,
                                          adw_property_animation_target_new (G_OBJECT (self->pill),
                                                                             "opacity"));
  adw_timed_animation_set_repeat_count (ADW_TIMED_ANIMATION (self->breath), 2);
  adw_timed_animation_set_alternate (ADW_TIMED_ANIMATION (self->breath), TRUE);
  adw_timed_animation_set_easing (ADW_TIMED_ANIMATION (self->breath), ADW_EASE_IN_OUT_SINE);
}

GtkWidget *
assay_invitation_card_new (AssayService *service)
{
  AssayInvitationCard *self = g_object_new (ASSAY_TYPE_INVITATION_CARD, NULL);

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::offline", G_CALLBACK (offline_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
