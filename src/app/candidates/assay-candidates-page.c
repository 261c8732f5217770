/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The candidates: a list with search and filters. */
#include "config.h"

#include "assay-candidates-page.h"

#include <glib/gi18n.h>

#include "assay-filter-chips.h"
#include "assay-format.h"
#include "assay-freshness.h"
#include "assay-menu.h"

/* The values of the action filter.status besides a status's own name. */
#define STATUS_ANY "any"
#define STATUS_NOT_INVITED "not-invited"

struct _AssayCandidatesPage
{
  AdwBin parent_instance;

  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkMenuButton *more_button;
  GMenu *more_menu;
  GtkMenuButton *filter_button;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  AssayFilterChips *chips;
  AssayRowListView *list;
  GtkBox *foot;
  GtkLabel *count;
  AssayFreshness *freshness;       /* (nullable) made when first asked for */
  GtkRevealer *picked_revealer;
  GtkLabel *picked_label;

  AssayService *service;
  AssayRowList *rows;
  GSimpleAction *stage_action;
  GSimpleAction *status_action;
  GSimpleAction *archived_action;
  GMenu *stage_menu;

  GCancellable *cancellable;       /* of reading stage names */
  gint64 connection_id;
  gint64 job_id;
  gboolean has_ats;
};

G_DEFINE_FINAL_TYPE (AssayCandidatesPage, assay_candidates_page, ADW_TYPE_BIN)

static guint activated_signal;

static const char *
get_stage (AssayCandidatesPage *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->stage_action));

  return g_intern_string (g_variant_get_string (state, NULL));
}

static int
get_status (AssayCandidatesPage *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->status_action));
  const char *name = g_variant_get_string (state, NULL);
  AssayInvitationStatus status;

  if (g_str_equal (name, STATUS_NOT_INVITED))
    return ASSAY_FILTER_NOT_INVITED;
  if (assay_invitation_status_from_string (name, &status))
    return status;

  return ASSAY_FILTER_ANY_STATUS;
}

static gboolean
get_archived (AssayCandidatesPage *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->archived_action));

  return g_variant_get_boolean (state);
}

static gboolean
has_conditions (AssayCandidatesPage *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  return *search != '\0' || *get_stage (self) != '\0' || get_status (self) != ASSAY_FILTER_ANY_STATUS;
}

static void
update_empty_page (AssayCandidatesPage *self)
{
  AssayStatePage *page = assay_row_list_view_get_empty_page (self->list);
  const char *icon_name = "assay-candidates-symbolic";
  const char *button = NULL;
  const char *action = NULL;

  if (has_conditions (self))
    {
      icon_name = "system-search-symbolic";
      assay_state_page_set_text (page, _("No Candidates Found"), _("Try another word, or fewer filters."));
      button = _("Show All");
      action = "filter.clear";
    }
  else if (!self->has_ats)
    {
      assay_state_page_set_text (page, _("No Candidates Yet"),
                                 _("Connect your ATS, and the people who applied appear here."));
      button = _("Connect Your ATS");
      action = "win.new-connection";
    }
  else if (self->service != NULL && assay_service_get_syncing (self->service))
    assay_state_page_set_text (page, _("Reading Candidates"),
                               _("They appear here as your ATS hands them over."));
  else
    {
      assay_state_page_set_text (page, _("No Candidates Yet"), _("Whoever applies appears here."));
      button = _("Refresh");
      action = "win.refresh";
    }

  g_object_set (page, "icon-name", icon_name, "button-label", button, "action-name", action, NULL);
}

static guint
get_n_picked (AssayCandidatesPage *self)
{
  AssaySelection *selection = assay_row_list_view_get_selection (self->list);

  return selection != NULL ? assay_selection_get_n_picked (selection) : 0;
}

static void
update_foot (AssayCandidatesPage *self)
{
  gboolean has_freshness = self->freshness != NULL && gtk_widget_get_visible (GTK_WIDGET (self->freshness));
  gboolean has_count = *gtk_label_get_label (self->count) != '\0';

  gtk_label_set_xalign (self->count, has_freshness ? 0 : 0.5f);
  gtk_widget_set_visible (GTK_WIDGET (self->count), has_count);
  gtk_widget_set_visible (GTK_WIDGET (self->foot), has_count || has_freshness);
}

static void
update_count (AssayCandidatesPage *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  g_autofree char *number = assay_format_count (n_items);
  /* Translators: %s is a number, as in "3,204 candidates" */
  g_autofree char *text = g_strdup_printf (ngettext ("%s candidate", "%s candidates", n_items), number);

  if (n_items == 0 || get_n_picked (self) > 0)
    gtk_label_set_label (self->count, "");
  else
    /* The place is kept for a number that isn't known yet. */
    gtk_label_set_label (self->count, assay_row_list_is_complete (self->rows) ? text : " ");
  update_foot (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "candidates.select-all", n_items > 0);
}

static void
n_picked_cb (AssayCandidatesPage *self)
{
  guint n_picked = get_n_picked (self);

  if (n_picked > 0)
    {
      g_autofree char *number = assay_format_count (n_picked);
      /* Translators: %s is how many people are selected, as in "12 selected" */
      g_autofree char *text = g_strdup_printf (ngettext ("%s selected", "%s selected", n_picked), number);

      gtk_label_set_label (self->picked_label, text);
    }
  gtk_revealer_set_reveal_child (self->picked_revealer, n_picked > 0);
  /* What can't be seen shouldn't take the focus or be read out. */
  gtk_widget_set_visible (GTK_WIDGET (self->picked_revealer), n_picked > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "candidates.select-none", n_picked > 0);
  update_count (self);
}

static void
select_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  assay_selection_pick_all (assay_row_list_view_get_selection (ASSAY_CANDIDATES_PAGE (widget)->list));
}

static void
select_none_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AssayCandidatesPage *self = ASSAY_CANDIDATES_PAGE (widget);

  if (assay_candidates_page_end_picking (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
update_chips (AssayCandidatesPage *self)
{
  const char *stage = get_stage (self);
  int status = get_status (self);

  assay_filter_chips_clear (self->chips);
  if (*stage != '\0')
    assay_filter_chips_add (self->chips, stage, "filter.stage", g_variant_new_string (""));
  if (status == ASSAY_FILTER_NOT_INVITED)
    assay_filter_chips_add (self->chips, _("Not invited"), "filter.status",
                            g_variant_new_string (STATUS_ANY));
  else if (status != ASSAY_FILTER_ANY_STATUS)
    assay_filter_chips_add (self->chips, assay_invitation_status_get_label (status), "filter.status",
                            g_variant_new_string (STATUS_ANY));
  if (get_archived (self))
    assay_filter_chips_add (self->chips, _("Archived too"), "filter.archived", NULL);
}

static void
update_filter (AssayCandidatesPage *self)
{
  g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  const char *stage = get_stage (self);

  if (self->rows == NULL)
    return;

  filter->search = *search != '\0' ? g_strdup (search) : NULL;
  filter->connection_id = self->connection_id;
  filter->job_id = self->job_id;
  filter->stage_name = *stage != '\0' ? g_strdup (stage) : NULL;
  filter->invitation_status = get_status (self);
  filter->include_archived = get_archived (self);

  update_chips (self);
  update_empty_page (self);
  assay_row_list_view_clear_failure (self->list);
  assay_row_list_set_application_filter (self->rows, filter);
}

/* ---- Stages ---- */

typedef struct
{
  gint64 job_id;
} StageQuery;

static gpointer
read_stages (AssayDatabase *database, gpointer data, GError **error)
{
  StageQuery *query = data;

  return assay_jobs_list_stage_names (database, query->job_id, error);
}

static void
read_stages_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  AssayCandidatesPage *self;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = assay_store_finish (ASSAY_STORE (object), result, &error);
  const char *stage;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  g_menu_remove_all (self->stage_menu);
  g_menu_append (self->stage_menu, _("Any Stage"), "filter.stage::");
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (NULL, NULL);
      g_auto (GStrv) parts = g_strsplit (names[i], "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts); /* a menu reads "_" as a mnemonic */

      g_menu_item_set_label (item, label);
      g_menu_item_set_action_and_target (item, "filter.stage", "s", names[i]);
      g_menu_append_item (self->stage_menu, item);
    }

  stage = get_stage (self);
  if (*stage != '\0' && names != NULL && !g_strv_contains ((const char *const *) names, stage))
    g_action_change_state (G_ACTION (self->stage_action), g_variant_new_string (""));
}

static void
reload_stages (AssayCandidatesPage *self)
{
  StageQuery *query = g_new0 (StageQuery, 1);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  query->job_id = self->job_id;
  assay_store_read_async (assay_service_get_store (self->service), read_stages, query, g_free,
                          (GDestroyNotify) g_strfreev, self->cancellable, read_stages_cb, self);
}

static void
store_changed_cb (AssayCandidatesPage *self, const AssayChanges *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_JOBS))
    reload_stages (self);
}

/* ---- Actions and signals ---- */

static void
change_state (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  AssayCandidatesPage *self = user_data;

  g_simple_action_set_state (action, state);
  update_filter (self);
}

static void
clear_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayCandidatesPage *self = user_data;

  g_simple_action_set_state (self->stage_action, g_variant_new_string (""));
  g_simple_action_set_state (self->status_action, g_variant_new_string (STATUS_ANY));
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  else
    update_filter (self);
}

static void
search_changed_cb (AssayCandidatesPage *self)
{
  update_filter (self);
}

/* Enter in the search opens the best match. */
static void
search_activate_cb (AssayCandidatesPage *self)
{
  AssaySelection *selection = assay_row_list_view_get_selection (self->list);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->rows)) == 0)
    return;
  if (assay_selection_get_position (selection) == G_MAXUINT)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection), 0, TRUE);
  assay_row_list_view_activate_selected (self->list);
}

static void
search_next_cb (AssayCandidatesPage *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
search_mode_cb (AssayCandidatesPage *self)
{
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

static void
list_activated_cb (AssayCandidatesPage *self, gint64 id)
{
  g_signal_emit (self, activated_signal, 0, id);
}

static void
list_retry_cb (AssayCandidatesPage *self)
{
  update_filter (self);
}

static void
rescue_focus_cb (gpointer user_data)
{
  g_autoptr (AssayCandidatesPage) self = user_data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus != NULL && !gtk_widget_get_mapped (focus))
    gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* A menu that closes from a submenu leaves the focus on what can't be seen (GTK 4.8), and no key does anything. */
static void
filter_closed_cb (AssayCandidatesPage *self)
{
  g_idle_add_once (rescue_focus_cb, g_object_ref (self));
}

static GMenuModel *
make_filter_menu (AssayCandidatesPage *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) kinds = g_menu_new ();
  g_autoptr (GMenu) statuses = g_menu_new ();
  g_autoptr (GMenu) more = g_menu_new ();

  g_menu_append (statuses, _("Any Status"), "filter.status::" STATUS_ANY);
  g_menu_append (statuses, _("Not invited"), "filter.status::" STATUS_NOT_INVITED);
  for (guint status = 0; status < ASSAY_N_INVITATION_STATUSES; status++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (assay_invitation_status_get_label (status), NULL);

      g_menu_item_set_action_and_target (item, "filter.status", "s",
                                         assay_invitation_status_to_string (status));
      g_menu_append_item (statuses, item);
    }

  g_menu_append (self->stage_menu, _("Any Stage"), "filter.stage::");
  g_menu_append_submenu (kinds, _("Stage"), G_MENU_MODEL (self->stage_menu));
  g_menu_append_submenu (kinds, _("Assessment"), G_MENU_MODEL (statuses));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (kinds));
  g_menu_append (more, _("Archived Too"), "filter.archived");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (more));

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

void
assay_candidates_page_set_service (AssayCandidatesPage *self, AssayService *service)
{
  AssayStore *store;

  g_return_if_fail (ASSAY_IS_CANDIDATES_PAGE (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  store = assay_service_get_store (service);
  self->rows = assay_row_list_new_applications (store);
  g_signal_connect_object (self->rows, "items-changed", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "notify::complete", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::syncing", G_CALLBACK (update_empty_page), self,
                           G_CONNECT_SWAPPED);
  update_empty_page (self);
  assay_row_list_view_set_show_job (self->list, TRUE);
  assay_row_list_view_set_can_pick (self->list, TRUE);
  assay_row_list_view_set_rows (self->list, self->rows, _("Candidates"));
  assay_row_list_view_await_first (self->list);
  g_signal_connect_object (assay_row_list_view_get_selection (self->list), "notify::n-picked",
                           G_CALLBACK (n_picked_cb), self, G_CONNECT_SWAPPED);
  n_picked_cb (self);
  reload_stages (self);
}

void
assay_candidates_page_set_scope (AssayCandidatesPage *self, gint64 connection_id, gint64 job_id,
                                 const char *title, const char *subtitle)
{
  gboolean same;

  g_return_if_fail (ASSAY_IS_CANDIDATES_PAGE (self));

  adw_window_title_set_title (self->title, title != NULL ? title : _("All Candidates"));
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");

  same = self->connection_id == connection_id && self->job_id == job_id;
  if (same)
    return;

  self->connection_id = connection_id;
  self->job_id = job_id;
  /* Whoever goes to another job means its people from then on. */
  assay_selection_clear_picked (assay_row_list_view_get_selection (self->list));
  assay_row_list_view_set_show_job (self->list, job_id == 0);
  reload_stages (self);
  update_filter (self);
}

void
assay_candidates_page_set_ats (AssayCandidatesPage *self, gboolean has_ats)
{
  g_return_if_fail (ASSAY_IS_CANDIDATES_PAGE (self));

  self->has_ats = has_ats;
  update_empty_page (self);
}

void
assay_candidates_page_set_freshness (AssayCandidatesPage *self, GPtrArray *connections)
{
  g_return_if_fail (ASSAY_IS_CANDIDATES_PAGE (self));

  if (connections != NULL && self->freshness == NULL)
    {
      self->freshness = g_object_new (ASSAY_TYPE_FRESHNESS, NULL);
      assay_freshness_set_service (self->freshness, self->service);
      gtk_widget_set_hexpand (GTK_WIDGET (self->freshness), FALSE);
      gtk_box_append (self->foot, GTK_WIDGET (self->freshness));
    }
  if (self->freshness == NULL)
    return;

  if (connections != NULL)
    assay_freshness_set_connections (self->freshness, connections);
  gtk_widget_set_visible (GTK_WIDGET (self->freshness), connections != NULL);
  update_foot (self);
}

void
assay_candidates_page_begin_search (AssayCandidatesPage *self)
{
  g_return_if_fail (ASSAY_IS_CANDIDATES_PAGE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

gboolean
assay_candidates_page_end_search (AssayCandidatesPage *self)
{
  g_return_val_if_fail (ASSAY_IS_CANDIDATES_PAGE (self), FALSE);

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
  return TRUE;
}

gboolean
assay_candidates_page_end_picking (AssayCandidatesPage *self)
{
  g_return_val_if_fail (ASSAY_IS_CANDIDATES_PAGE (self), FALSE);

  if (get_n_picked (self) == 0)
    return FALSE;

  assay_selection_clear_picked (assay_row_list_view_get_selection (self->list));
  return TRUE;
}

char *
assay_candidates_page_dup_description (AssayCandidatesPage *self, gint64 *job_id)
{
  const char *search;
  const char *stage;
  GString *text;

  g_return_val_if_fail (ASSAY_IS_CANDIDATES_PAGE (self), NULL);

  *job_id = self->job_id;
  search = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  stage = get_stage (self);
  text = g_string_new (self->job_id != 0 ? adw_window_title_get_title (self->title) : NULL);
  if (*stage != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", stage);
  if (*search != '\0')
    g_string_append_printf (text, "%s“%s”", text->len > 0 ? ", " : "", search);

  if (text->len > 0)
    return g_string_free (text, FALSE);
  g_string_free (text, TRUE);
  return NULL;
}

AdwHeaderBar *
assay_candidates_page_get_header (AssayCandidatesPage *self)
{
  g_return_val_if_fail (ASSAY_IS_CANDIDATES_PAGE (self), NULL);

  return self->header;
}

AssayRowListView *
assay_candidates_page_get_list (AssayCandidatesPage *self)
{
  g_return_val_if_fail (ASSAY_IS_CANDIDATES_PAGE (self), NULL);

  return self->list;
}

static void
assay_candidates_page_dispose (GObject *object)
{
  AssayCandidatesPage *self = ASSAY_CANDIDATES_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CANDIDATES_PAGE);
  g_clear_object (&self->rows);
  g_clear_object (&self->service);
  g_clear_object (&self->stage_action);
  g_clear_object (&self->status_action);
  g_clear_object (&self->archived_action);
  g_clear_object (&self->stage_menu);

  G_OBJECT_CLASS (assay_candidates_page_parent_class)->dispose (object);
}

static void
assay_candidates_page_class_init (AssayCandidatesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_candidates_page_dispose;

  activated_signal = g_signal_new ("activated", ASSAY_TYPE_CANDIDATES_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);

  g_type_ensure (ASSAY_TYPE_FILTER_CHIPS);
  g_type_ensure (ASSAY_TYPE_ROW_LIST_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-candidates-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, header);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, title);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, more_button);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, more_menu);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, chips);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, list);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, foot);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, count);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, picked_revealer);
  gtk_widget_class_bind_template_child (widget_class, AssayCandidatesPage, picked_label);
  gtk_widget_class_install_action (widget_class, "candidates.select-all", NULL, select_all_action);
  gtk_widget_class_install_action (widget_class, "candidates.select-none", NULL, select_none_action);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, list_retry_cb);
}

static void
assay_candidates_page_init (AssayCandidatesPage *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) clear = g_simple_action_new ("clear", NULL);
  g_autoptr (GMenuModel) menu = NULL;

  self->stage_action = g_simple_action_new_stateful ("stage", G_VARIANT_TYPE_STRING,
                                                     g_variant_new_string (""));
  self->status_action = g_simple_action_new_stateful ("status", G_VARIANT_TYPE_STRING,
                                                      g_variant_new_string (STATUS_ANY));
  self->archived_action = g_simple_action_new_stateful ("archived", NULL, g_variant_new_boolean (FALSE));
  self->stage_menu = g_menu_new ();

  g_type_ensure (ADW_TYPE_WINDOW_TITLE);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect_object (self->search_bar, "notify::search-mode-enabled", G_CALLBACK (search_mode_cb), self,
                           G_CONNECT_SWAPPED);

  g_signal_connect_object (self->stage_action, "change-state", G_CALLBACK (change_state), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (self->status_action, "change-state", G_CALLBACK (change_state), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (self->archived_action, "change-state", G_CALLBACK (change_state), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (clear, "activate", G_CALLBACK (clear_activated), self, G_CONNECT_DEFAULT);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->stage_action));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->status_action));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->archived_action));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (clear));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "filter", G_ACTION_GROUP (group));

  menu = make_filter_menu (self);
  assay_menu_set (self->filter_button, menu, G_CALLBACK (filter_closed_cb), self);
  assay_menu_set (self->more_button, G_MENU_MODEL (self->more_menu), NULL, NULL);
}
