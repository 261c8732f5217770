/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of an application's page. Cards are kept by the id of their invitation and written into, so that nothing jumps
 * while one reads. */
#include "config.h"

#include "assay-application-view.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"
#include "assay-format.h"
#include "assay-invitation-card.h"
#include "assay-offers.h"
#include "assay-state-page.h"
#include "assay-uri.h"

struct _AssayApplicationView
{
  AdwBin parent_instance;

  GtkScrolledWindow *scroller;
  AdwAvatar *avatar;
  GtkLabel *name;
  GtkLabel *job;
  AdwBin *stage_dot;
  GtkLabel *stage;
  GtkLabel *source;
  GtkLabel *notice;
  AdwViewStack *views;
  AdwViewStackPage *assessments_page;
  GtkStack *assessments_stack;
  GtkBox *cards;
  GtkFlowBox *tags;
  GtkListBox *contact;
  GtkBox *summary_section;
  GtkLabel *summary;
  GtkBox *documents_section;
  GtkListBox *documents;

  AssayService *service;
  GHashTable *cards_by_id;       /* invitation id → AssayInvitationCard, borrowed */
};

G_DEFINE_FINAL_TYPE (AssayApplicationView, assay_application_view, ADW_TYPE_BIN)

/* ---- Overview ---- */

/* The texts beside it say it all. */
static GtkWidget *
make_icon (const char *icon_name)
{
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name,
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_widget_add_css_class (icon, "dim-label");
  return icon;
}

static GtkWidget *
add_contact_row (AssayApplicationView *self, const char *icon_name, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), make_icon (icon_name));
  gtk_list_box_append (self->contact, row);

  return row;
}

static void
add_opening_mark (GtkWidget *row, const char *uri)
{
  g_autofree char *tooltip = assay_uri_describe (uri);

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_icon ("assay-open-symbolic"));
  gtk_widget_set_tooltip_text (row, tooltip);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
}

static void
show_contact (AssayApplicationView *self, const AssayApplication *application)
{
  GtkWidget *child;
  GtkWidget *row;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->contact))) != NULL)
    gtk_list_box_remove (self->contact, child);

  if (application->email != NULL)
    {
      GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");

      row = add_contact_row (self, "mail-unread-symbolic", application->email, _("E-mail"));
      gtk_widget_add_css_class (copy, "flat");
      gtk_widget_set_valign (copy, GTK_ALIGN_CENTER);
      gtk_widget_set_tooltip_text (copy, _("Copy E-mail"));
      gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Copy E-mail"),
                                      -1);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (copy), "application.copy-email");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), copy);
    }
  if (application->phone != NULL)
    add_contact_row (self, "call-start-symbolic", application->phone, _("Phone"));
  if (application->location != NULL)
    add_contact_row (self, "mark-location-symbolic", application->location, _("Location"));
  if (application->linkedin_url != NULL)
    {
      row = add_contact_row (self, "contact-new-symbolic", application->linkedin_url, "LinkedIn");
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
      if (assay_uri_is_safe (application->linkedin_url))
        {
          add_opening_mark (row, application->linkedin_url);
          gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "application.open-linkedin");
        }
    }
  if (application->created_at != 0)
    {
      g_autofree char *day = assay_format_day (application->created_at);
      g_autofree char *full = assay_format_full_time (application->created_at);

      row = add_contact_row (self, "x-office-calendar-symbolic", day, _("Applied"));
      gtk_widget_set_tooltip_text (row, full);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->contact),
                          gtk_widget_get_first_child (GTK_WIDGET (self->contact)) != NULL);
}

static const char *
describe_document (const AssayDocument *document)
{
  /* The words are Pinpoint's; see its attachments. */
  if (g_strcmp0 (document->context, "cv") == 0)
    return _("CV");
  if (g_strcmp0 (document->context, "pdf_cv") == 0)
    return _("CV as PDF");

  return document->context;
}

static void
show_documents (AssayApplicationView *self, const AssayApplication *application)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->documents))) != NULL)
    gtk_list_box_remove (self->documents, child);

  for (guint i = 0; i < application->documents->len; i++)
    {
      const AssayDocument *document = g_ptr_array_index (application->documents, i);
      const char *description = describe_document (document);
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), document->filename);
      adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
      if (description != NULL)
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row), description);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), make_icon ("text-x-generic-symbolic"));
      if (assay_uri_is_safe (document->url))
        {
          add_opening_mark (row, document->url);
          gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "u", i);
          gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "application.open-document");
        }
      gtk_list_box_append (self->documents, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->documents_section), application->documents->len > 0);
}

static void
show_tags (AssayApplicationView *self, const AssayApplication *application)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tags))) != NULL)
    gtk_flow_box_remove (self->tags, child);

  for (guint i = 0; application->tags[i] != NULL; i++)
    {
      GtkWidget *label = gtk_label_new (application->tags[i]);
      GtkWidget *item = gtk_flow_box_child_new ();

      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
      gtk_widget_add_css_class (label, "tag");
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (item), label);
      gtk_widget_set_focusable (item, FALSE);
      gtk_flow_box_append (self->tags, item);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->tags), application->tags[0] != NULL);
}

static gboolean
is_same_overview (const AssayApplication *a, const AssayApplication *b)
{
  if (a == NULL || a->id != b->id || a->updated_at != b->updated_at ||
      a->documents->len != b->documents->len ||
      g_strcmp0 (a->email, b->email) != 0 || g_strcmp0 (a->phone, b->phone) != 0 ||
      g_strcmp0 (a->location, b->location) != 0 || g_strcmp0 (a->linkedin_url, b->linkedin_url) != 0 ||
      g_strcmp0 (a->summary, b->summary) != 0 ||
      !g_strv_equal ((const char *const *) a->tags, (const char *const *) b->tags))
    return FALSE;

  for (guint i = 0; i < a->documents->len; i++)
    {
      const AssayDocument *one = g_ptr_array_index (a->documents, i);
      const AssayDocument *other = g_ptr_array_index (b->documents, i);

      if (g_strcmp0 (one->filename, other->filename) != 0 || g_strcmp0 (one->url, other->url) != 0)
        return FALSE;
    }

  return TRUE;
}

static void
show_notice (AssayApplicationView *self, const AssayApplication *application)
{
  const char *ats = application->connection_name;
  g_autofree char *text = NULL;

  if (application->gone)
    /* Translators: %s is a connection's name */
    text = g_strdup_printf (_("This application is no longer in %s. What Assay knows of it stays."),
                            ats != NULL ? ats : _("the ATS"));
  else if (application->archived)
    text = g_strdup (_("This application is archived in your ATS."));
  else if (application->job_id != 0 && !application->job_open)
    text = g_strdup (_("This job is closed."));

  gtk_label_set_label (self->notice, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->notice), text != NULL);
}

static void
show_head (AssayApplicationView *self, const AssayApplication *application)
{
  const char *ats = application->connection_name != NULL ? application->connection_name : "";
  /* Where the person came from, and in which ATS the application is. */
  g_autofree char *origin = application->source != NULL ? g_strjoin (" · ", application->source, ats, NULL)
                                                        : g_strdup (ats);

  adw_avatar_set_text (self->avatar, application->full_name);
  gtk_label_set_label (self->name, application->full_name);
  gtk_label_set_label (self->job, application->job_title != NULL ? application->job_title : "");
  gtk_widget_set_visible (GTK_WIDGET (self->job), application->job_title != NULL);
  gtk_label_set_label (self->stage, application->stage_name != NULL ? application->stage_name : "");
  gtk_widget_set_visible (GTK_WIDGET (self->stage), application->stage_name != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->stage_dot), application->stage_name != NULL);
  gtk_label_set_label (self->source, origin);
  show_notice (self, application);
}

/* ---- Assessments ---- */

static gint64 *
make_key (gint64 id)
{
  return g_memdup2 (&id, sizeof id);
}

static void
show_cards (AssayApplicationView *self, const AssayApplicationContent *content)
{
  g_autoptr (GHashTable) gone = g_hash_table_new (g_int64_hash, g_int64_equal);
  GtkWidget *previous = NULL;
  gboolean needs_attention = FALSE;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->cards_by_id);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (gone, key, value);

  for (guint i = 0; i < content->invitations->len; i++)
    {
      const AssayInvitation *invitation = g_ptr_array_index (content->invitations, i);
      GtkWidget *card = g_hash_table_lookup (self->cards_by_id, &invitation->id);

      g_hash_table_remove (gone, &invitation->id);
      if (card == NULL)
        {
          card = assay_invitation_card_new (self->service);
          g_hash_table_insert (self->cards_by_id, make_key (invitation->id), card);
          gtk_box_insert_child_after (self->cards, card, previous);
        }
      assay_invitation_card_update (ASSAY_INVITATION_CARD (card), invitation,
                                    assay_application_content_find_outbox_row (content, invitation->id),
                                    assay_offers_of_invitation (
                                      invitation, assay_application_content_get_capabilities (content, invitation)));
      previous = card;
      if (invitation->status == ASSAY_INVITATION_UNSURE || invitation->status == ASSAY_INVITATION_FAILED)
        needs_attention = TRUE;
    }

  g_hash_table_iter_init (&iter, gone);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gtk_box_remove (self->cards, value);
      g_hash_table_remove (self->cards_by_id, key);
    }

  gtk_stack_set_visible_child_name (self->assessments_stack,
                                    content->invitations->len > 0 ? "cards" : "empty");
  adw_view_stack_page_set_needs_attention (self->assessments_page, needs_attention);
}

/* ---- All of it ---- */

void
assay_application_view_show (AssayApplicationView          *self,
                             const AssayApplicationContent *before,
                             const AssayApplicationContent *content)
{
  const AssayApplication *application;
  gboolean is_other;

  g_return_if_fail (ASSAY_IS_APPLICATION_VIEW (self));
  g_return_if_fail (content != NULL);

  application = content->application;
  is_other = before == NULL || before->application->id != application->id;
  show_head (self, application);
  if (is_other || !is_same_overview (before->application, application))
    {
      show_contact (self, application);
      show_tags (self, application);
      show_documents (self, application);
      gtk_label_set_label (self->summary, application->summary != NULL ? application->summary : "");
      gtk_widget_set_visible (GTK_WIDGET (self->summary_section), application->summary != NULL);
    }
  show_cards (self, content);
  if (is_other)
    {
      adw_view_stack_set_visible_child_name (self->views,
                                             content->invitations->len > 0 ? "assessments" : "overview");
      gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
    }
  else if (content->invitations->len > before->invitations->len)
    assay_application_view_show_assessments (self);
}

void
assay_application_view_show_assessments (AssayApplicationView *self)
{
  g_return_if_fail (ASSAY_IS_APPLICATION_VIEW (self));

  adw_view_stack_set_visible_child_name (self->views, "assessments");
}

GtkWidget *
assay_application_view_get_card (AssayApplicationView *self, gint64 invitation_id)
{
  g_return_val_if_fail (ASSAY_IS_APPLICATION_VIEW (self), NULL);

  return g_hash_table_lookup (self->cards_by_id, &invitation_id);
}

static void
assay_application_view_dispose (GObject *object)
{
  AssayApplicationView *self = ASSAY_APPLICATION_VIEW (object);

  /* The bin's own would be unparented twice. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_APPLICATION_VIEW);
  g_clear_object (&self->service);
  g_clear_pointer (&self->cards_by_id, g_hash_table_unref);

  G_OBJECT_CLASS (assay_application_view_parent_class)->dispose (object);
}

static void
assay_application_view_class_init (AssayApplicationViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_application_view_dispose;

  g_type_ensure (ASSAY_TYPE_STATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-application-view.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, scroller);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, avatar);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, name);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, job);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, stage_dot);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, stage);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, source);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, notice);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, views);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, assessments_page);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, assessments_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, cards);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, tags);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, contact);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, summary_section);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, summary);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, documents_section);
  gtk_widget_class_bind_template_child (widget_class, AssayApplicationView, documents);
}

static void
assay_application_view_init (AssayApplicationView *self)
{
  self->cards_by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->views));
  assay_accessible_follow (GTK_WIDGET (self->assessments_stack));
}

AssayApplicationView *
assay_application_view_new (AssayService *service)
{
  AssayApplicationView *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_APPLICATION_VIEW, NULL);
  self->service = g_object_ref (service);
  return self;
}
