/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All invitations, newest change first. */
#include "config.h"

#include "assay-invitations-page.h"

#include <glib/gi18n.h>

#include "assay-batch-strip.h"
#include "assay-filter-chips.h"
#include "assay-format.h"

#define STATUS_ANY "any"

struct _AssayInvitationsPage
{
  AdwBin parent_instance;

  AdwHeaderBar *header;
  GtkMenuButton *filter_button;
  AssayBatchStrip *batches;
  AssayFilterChips *chips;
  AssayRowListView *list;
  GtkLabel *count;

  AssayRowList *rows;
  GSimpleAction *status_action;
};

G_DEFINE_FINAL_TYPE (AssayInvitationsPage, assay_invitations_page, ADW_TYPE_BIN)

static guint activated_signal;
static guint batch_activated_signal;

static int
get_status (AssayInvitationsPage *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->status_action));
  AssayInvitationStatus status;

  if (assay_invitation_status_from_string (g_variant_get_string (state, NULL), &status))
    return status;

  return ASSAY_FILTER_ANY_STATUS;
}

static void
update_filter (AssayInvitationsPage *self)
{
  AssayStatePage *empty = assay_row_list_view_get_empty_page (self->list);
  int status = get_status (self);

  assay_filter_chips_clear (self->chips);
  if (status == ASSAY_FILTER_ANY_STATUS)
    {
      assay_state_page_set_text (empty,
                                 _("No Invitations Yet"),
                                 _("Send an assessment to a candidate, and follow it here."));
      g_object_set (empty, "icon-name", "assay-invitations-symbolic", "button-label", _("Show Candidates"),
                    "action-target", g_variant_new_string ("candidates"), "action-name", "win.page", NULL);
    }
  else
    {
      assay_filter_chips_add (self->chips, assay_invitation_status_get_label (status), "filter.status",
                              g_variant_new_string (STATUS_ANY));
      assay_state_page_set_text (empty, _("No Such Invitations"), _("None has this status now."));
      g_object_set (empty, "icon-name", "assay-invitations-symbolic", "button-label", _("Show All"),
                    "action-target", g_variant_new_string (STATUS_ANY), "action-name", "filter.status", NULL);
    }

  assay_row_list_view_clear_failure (self->list);
  if (self->rows != NULL)
    assay_row_list_set_invitation_status (self->rows, status);
}

static void
update_count (AssayInvitationsPage *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  g_autofree char *number = assay_format_count (n_items);
  /* Translators: %s is a number, as in "1,204 invitations" */
  g_autofree char *text = g_strdup_printf (ngettext ("%s invitation", "%s invitations", n_items), number);

  gtk_label_set_label (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), n_items > 0);
}

static void
change_state (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  g_simple_action_set_state (action, state);
  update_filter (user_data);
}

static void
list_activated_cb (AssayInvitationsPage *self, gint64 id)
{
  g_signal_emit (self, activated_signal, 0, id);
}

static void
batch_activated_cb (AssayInvitationsPage *self, gint64 id)
{
  g_signal_emit (self, batch_activated_signal, 0, id);
}

static void
list_retry_cb (AssayInvitationsPage *self)
{
  update_filter (self);
}

static GMenuModel *
make_filter_menu (void)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) any = g_menu_new ();
  g_autoptr (GMenu) statuses = g_menu_new ();

  g_menu_append (any, _("Any Status"), "filter.status::" STATUS_ANY);
  for (guint status = 0; status < ASSAY_N_INVITATION_STATUSES; status++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (assay_invitation_status_get_label (status), NULL);

      g_menu_item_set_action_and_target (item, "filter.status", "s",
                                         assay_invitation_status_to_string (status));
      g_menu_append_item (statuses, item);
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (any));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (statuses));

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

void
assay_invitations_page_set_service (AssayInvitationsPage *self, AssayService *service)
{
  g_return_if_fail (ASSAY_IS_INVITATIONS_PAGE (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->rows == NULL);

  self->rows = assay_row_list_new_invitations (assay_service_get_store (service));
  g_signal_connect_object (self->rows, "items-changed", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  update_filter (self);
  assay_row_list_view_set_rows (self->list, self->rows, _("Invitations"));
  assay_batch_strip_set_service (self->batches, service);
}

gint64
assay_invitations_page_get_application (AssayInvitationsPage *self, gint64 invitation_id)
{
  g_autoptr (AssayRow) row = NULL;
  const AssayInvitation *invitation;
  guint position;

  g_return_val_if_fail (ASSAY_IS_INVITATIONS_PAGE (self), 0);

  position = assay_row_list_find (self->rows, invitation_id);
  if (position == G_MAXUINT)
    return 0;

  row = g_list_model_get_item (G_LIST_MODEL (self->rows), position);
  invitation = row != NULL ? assay_row_get_invitation (row) : NULL;
  return invitation != NULL ? invitation->application_id : 0;
}

AdwHeaderBar *
assay_invitations_page_get_header (AssayInvitationsPage *self)
{
  g_return_val_if_fail (ASSAY_IS_INVITATIONS_PAGE (self), NULL);

  return self->header;
}

AssayRowListView *
assay_invitations_page_get_list (AssayInvitationsPage *self)
{
  g_return_val_if_fail (ASSAY_IS_INVITATIONS_PAGE (self), NULL);

  return self->list;
}

static void
assay_invitations_page_dispose (GObject *object)
{
  AssayInvitationsPage *self = ASSAY_INVITATIONS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_INVITATIONS_PAGE);
  g_clear_object (&self->rows);
  g_clear_object (&self->status_action);

  G_OBJECT_CLASS (assay_invitations_page_parent_class)->dispose (object);
}

static void
assay_invitations_page_class_init (AssayInvitationsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_invitations_page_dispose;

  activated_signal = g_signal_new ("activated", ASSAY_TYPE_INVITATIONS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);

  batch_activated_signal = g_signal_new ("batch-activated", ASSAY_TYPE_INVITATIONS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);

  g_type_ensure (ASSAY_TYPE_BATCH_STRIP);
  g_type_ensure (ASSAY_TYPE_FILTER_CHIPS);
  g_type_ensure (ASSAY_TYPE_ROW_LIST_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-invitations-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationsPage, header);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationsPage, batches);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationsPage, chips);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationsPage, list);
  gtk_widget_class_bind_template_child (widget_class, AssayInvitationsPage, count);
  gtk_widget_class_bind_template_callback (widget_class, batch_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_retry_cb);
}

static void
assay_invitations_page_init (AssayInvitationsPage *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GMenuModel) menu = NULL;

  self->status_action = g_simple_action_new_stateful ("status", G_VARIANT_TYPE_STRING,
                                                      g_variant_new_string (STATUS_ANY));
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_object (self->status_action, "change-state", G_CALLBACK (change_state), self,
                           G_CONNECT_DEFAULT);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->status_action));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "filter", G_ACTION_GROUP (group));

  menu = make_filter_menu ();
  gtk_menu_button_set_menu_model (self->filter_button, menu);
}
