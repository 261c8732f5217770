/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row in which one picks an assessment. */
#include "config.h"

#include "assay-assessment-row.h"

#include <glib/gi18n.h>

#include "assay-accessible.h"

#define LIST_MIN_WIDTH 260
#define LIST_MIN_HEIGHT 120
#define LIST_MAX_HEIGHT 280
/* What the popover has around its content, on both sides together. */
#define LIST_MARGIN 12

/* An assessment in a list model. */
#define ASSAY_TYPE_ASSESSMENT_ITEM (assay_assessment_item_get_type ())
G_DECLARE_FINAL_TYPE (AssayAssessmentItem, assay_assessment_item, ASSAY, ASSESSMENT_ITEM, GObject)

struct _AssayAssessmentItem
{
  GObject parent_instance;

  AssayAssessment *assessment;
  char *folded;   /* what a search looks through */
  gboolean invited;
};

G_DEFINE_FINAL_TYPE (AssayAssessmentItem, assay_assessment_item, G_TYPE_OBJECT)

static void
assay_assessment_item_finalize (GObject *object)
{
  AssayAssessmentItem *self = ASSAY_ASSESSMENT_ITEM (object);

  g_clear_pointer (&self->assessment, assay_assessment_free);
  g_clear_pointer (&self->folded, g_free);
  G_OBJECT_CLASS (assay_assessment_item_parent_class)->finalize (object);
}

static void
assay_assessment_item_class_init (AssayAssessmentItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_assessment_item_finalize;
}

static void
assay_assessment_item_init (AssayAssessmentItem *self)
{
}

/* Case and the form of accents don't count in a search. */
static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);

  return g_utf8_casefold (normal != NULL ? normal : text, -1);
}

static AssayAssessmentItem *
assay_assessment_item_new (const AssayAssessment *assessment,
                           gboolean               invited)
{
  AssayAssessmentItem *self = g_object_new (ASSAY_TYPE_ASSESSMENT_ITEM, NULL);
  g_autofree char *both = g_strconcat (assessment->name, " ", assessment->connection_name, NULL);

  self->assessment = assay_assessment_copy (assessment);
  self->folded = fold (both);
  self->invited = invited;
  return self;
}

struct _AssayAssessmentRow
{
  AdwActionRow parent_instance;

  GListStore *items;
  GtkFilter *filter;
  GtkSingleSelection *selection;
  gint64 picked;                /* an assessment's id, 0 for none */
  char **words;                 /* (nullable) what is searched for, folded */
  gboolean several_providers;

  /* borrowed */
  GtkMenuButton *button;
  GtkPopover *popover;
  GtkSearchEntry *search;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkStack *results;
};

enum
{
  PICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayAssessmentRow, assay_assessment_row, ADW_TYPE_ACTION_ROW)

static AssayAssessmentItem *
find (AssayAssessmentRow *self,
      gint64              id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayAssessmentItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (item->assessment->id == id)
        return item;    /* the store keeps it */
    }
  return NULL;
}

static void
show_picked (AssayAssessmentRow *self)
{
  const AssayAssessment *picked = assay_assessment_row_get_picked (self);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  const char *title;
  const char *subtitle;

  if (picked != NULL)
    {
      title = picked->name;
      subtitle = picked->connection_name;
    }
  else
    {
      title = n > 0 ? _("Choose an assessment") : _("There is no assessment to choose");
      subtitle = "";
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle != NULL ? subtitle : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self), n > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Assessment"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle != NULL ? subtitle : "",
                                  -1);
}

void
assay_assessment_row_set_assessments (AssayAssessmentRow *self,
                                      GPtrArray          *assessments,
                                      GHashTable         *invited)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 provider = 0;

  g_return_if_fail (ASSAY_IS_ASSESSMENT_ROW (self));
  g_return_if_fail (assessments != NULL);
  g_return_if_fail (invited != NULL);

  self->several_providers = FALSE;
  for (guint i = 0; i < assessments->len; i++)
    {
      const AssayAssessment *assessment = g_ptr_array_index (assessments, i);

      if (provider != 0 && provider != assessment->connection_id)
        self->several_providers = TRUE;
      provider = assessment->connection_id;
      g_ptr_array_add (items, assay_assessment_item_new (assessment, g_hash_table_contains (invited, &assessment->id)));
    }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)), items->pdata,
                       items->len);
  if (find (self, self->picked) == NULL)
    self->picked = 0;
  show_picked (self);
}

gboolean
assay_assessment_row_has_assessments (AssayAssessmentRow *self)
{
  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_ROW (self), FALSE);

  return g_list_model_get_n_items (G_LIST_MODEL (self->items)) > 0;
}

const AssayAssessment *
assay_assessment_row_get_picked (AssayAssessmentRow *self)
{
  AssayAssessmentItem *item;

  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_ROW (self), NULL);

  item = self->picked != 0 ? find (self, self->picked) : NULL;
  return item != NULL ? item->assessment : NULL;
}

void
assay_assessment_row_pick (AssayAssessmentRow *self,
                           gint64              id)
{
  g_return_if_fail (ASSAY_IS_ASSESSMENT_ROW (self));

  self->picked = find (self, id) != NULL ? id : 0;
  show_picked (self);
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  AssayAssessmentRow *self = user_data;

  if (self->words == NULL)
    return TRUE;
  for (guint i = 0; self->words[i] != NULL; i++)
    if (strstr (ASSAY_ASSESSMENT_ITEM (item)->folded, self->words[i]) == NULL)
      return FALSE;
  return TRUE;
}

static void
select_position (AssayAssessmentRow *self,
                 guint               position)
{
  gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

static void
search_changed_cb (AssayAssessmentRow *self)
{
  g_autofree char *folded = fold (gtk_editable_get_text (GTK_EDITABLE (self->search)));
  guint n;

  g_strfreev (self->words);
  self->words = g_strsplit_set (folded, " \t", -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  gtk_stack_set_visible_child_name (self->results, n > 0 ? "list" : "nothing");
  select_position (self, n > 0 ? 0 : GTK_INVALID_LIST_POSITION);
}

static void
take (AssayAssessmentRow *self,
      guint               position)
{
  g_autoptr (AssayAssessmentItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item == NULL)
    return;
  gtk_menu_button_popdown (self->button);
  if (item->assessment->id == self->picked)
    return;
  self->picked = item->assessment->id;
  show_picked (self);
  g_signal_emit (self, signals[PICKED], 0);
}

static void
list_activate_cb (AssayAssessmentRow *self,
                  guint               position)
{
  take (self, position);
}

static void
search_activate_cb (AssayAssessmentRow *self)
{
  take (self, gtk_single_selection_get_selected (self->selection));
}

static void
search_stop_cb (AssayAssessmentRow *self)
{
  gtk_menu_button_popdown (self->button);
}

static gboolean
search_key_pressed_cb (AssayAssessmentRow *self,
                       guint               keyval,
                       guint               keycode,
                       GdkModifierType     modifiers)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  guint selected = gtk_single_selection_get_selected (self->selection);
  int step;

  switch (keyval)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      step = 1;
      break;
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      step = -1;
      break;
    case GDK_KEY_Page_Down:
      step = 6;
      break;
    case GDK_KEY_Page_Up:
      step = -6;
      break;
    default:
      return GDK_EVENT_PROPAGATE;
    }
  if (n == 0)
    return GDK_EVENT_STOP;
  if (selected == GTK_INVALID_LIST_POSITION)
    selected = 0;
  else
    selected = (guint) CLAMP ((gint64) selected + step, 0, (gint64) n - 1);
  select_position (self, selected);
  return GDK_EVENT_STOP;
}

/* The list hangs from the row, as wide as that. It keeps its height while one types: one that shrinks would jump to the
 * row's other side, from under the pointer. */
static void
place_popover (AssayAssessmentRow *self)
{
  GtkWidget *row = GTK_WIDGET (self);
  double x = 0;
  double y = 0;
  int height;

  gtk_scrolled_window_set_min_content_height (self->scroller, -1);
  gtk_widget_measure (GTK_WIDGET (self->scroller), GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (self->scroller, CLAMP (height, LIST_MIN_HEIGHT, LIST_MAX_HEIGHT));

  gtk_widget_set_size_request (gtk_popover_get_child (self->popover),
                               MAX (LIST_MIN_WIDTH, gtk_widget_get_width (row) - LIST_MARGIN), -1);
  if (gtk_widget_translate_coordinates (row, GTK_WIDGET (self->button), 0, 0, &x, &y))
    gtk_popover_set_pointing_to (self->popover,
                                 &(GdkRectangle) { (int) x, (int) y, gtk_widget_get_width (row),
                                                   gtk_widget_get_height (row) });
}

static void
popover_show_cb (AssayAssessmentRow *self)
{
  guint n;

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  search_changed_cb (self);
  place_popover (self);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayAssessmentItem) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (item->assessment->id == self->picked)
        {
          select_position (self, i);
          break;
        }
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
popover_map_cb (AssayAssessmentRow *self)
{
  assay_accessible_set_hidden (GTK_WIDGET (self->popover), FALSE);
}

static void
popover_unmap_cb (AssayAssessmentRow *self)
{
  assay_accessible_set_hidden (GTK_WIDGET (self->popover), TRUE);
}

static void
popover_closed_cb (AssayAssessmentRow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* A name that can be read whole isn't said twice. */
static gboolean
query_tooltip_cb (GtkLabel   *name,
                  int         x,
                  int         y,
                  gboolean    by_keyboard,
                  GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (name));
  return pango_layout_is_ellipsized (gtk_label_get_layout (name));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item,
          AssayAssessmentRow       *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new (NULL);
  GtkWidget *detail = gtk_label_new (NULL);

  gtk_widget_set_margin_top (box, 6);
  gtk_widget_set_margin_bottom (box, 6);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_has_tooltip (name, TRUE);
  g_signal_connect (name, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  gtk_label_set_xalign (GTK_LABEL (detail), 0);
  gtk_label_set_ellipsize (GTK_LABEL (detail), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (detail, "caption");
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_list_item_set_child (list_item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         AssayAssessmentRow       *self)
{
  AssayAssessmentItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *box = gtk_list_item_get_child (list_item);
  GtkWidget *name = gtk_widget_get_first_child (box);
  GtkWidget *detail = gtk_widget_get_last_child (box);
  const char *provider_name = self->several_providers ? item->assessment->connection_name : NULL;
  const char *invited = item->invited ? _("Invited already") : NULL;
  g_autofree char *both = NULL;
  g_autofree char *spoken = NULL;
  const char *text;

  if (provider_name != NULL && invited != NULL)
    /* Translators: the name of an assessment's provider, and "Invited already" */
    text = both = g_strdup_printf (_("%s · %s"), provider_name, invited);
  else
    text = provider_name != NULL ? provider_name : invited;

  gtk_label_set_label (GTK_LABEL (name), item->assessment->name);
  if (item->invited)
    gtk_widget_add_css_class (name, "dim-label");
  else
    gtk_widget_remove_css_class (name, "dim-label");
  gtk_label_set_label (GTK_LABEL (detail), text != NULL ? text : "");
  gtk_widget_set_visible (detail, text != NULL);
  if (text != NULL)
    /* Translators: the name of an assessment, and its provider or "Invited already", as a screen reader reads them */
    spoken = g_strdup_printf (_("%s, %s"), item->assessment->name, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (box)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken != NULL ? spoken : item->assessment->name, -1);
}

static void
assay_assessment_row_finalize (GObject *object)
{
  AssayAssessmentRow *self = ASSAY_ASSESSMENT_ROW (object);

  g_clear_object (&self->items);
  g_clear_object (&self->filter);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->words, g_strfreev);
  G_OBJECT_CLASS (assay_assessment_row_parent_class)->finalize (object);
}

static void
assay_assessment_row_class_init (AssayAssessmentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_assessment_row_finalize;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static GtkWidget *
make_popover (AssayAssessmentRow *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *nothing = gtk_label_new (_("No assessment is called that"));

  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search, "placeholder-text", _("Search assessments"), NULL);
  gtk_search_entry_set_search_delay (self->search, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search assessments"), -1);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->search, "activate", G_CALLBACK (search_activate_cb), self);
  g_signal_connect_swapped (self->search, "stop-search", G_CALLBACK (search_stop_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (search_key_pressed_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self->search), keys);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  self->list = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)),
                                                 g_steal_pointer (&factory)));
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "choices");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Assessments"), -1);
  g_signal_connect_swapped (self->list, "activate", G_CALLBACK (list_activate_cb), self);
  self->scroller = GTK_SCROLLED_WINDOW (scroller);
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (self->scroller, TRUE);
  gtk_scrolled_window_set_max_content_height (self->scroller, LIST_MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));

  gtk_widget_add_css_class (nothing, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (nothing), TRUE);
  self->results = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->results, scroller, "list");
  gtk_stack_add_named (self->results, nothing, "nothing");
  assay_accessible_follow (GTK_WIDGET (self->results));

  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->results));
  self->popover = GTK_POPOVER (gtk_popover_new ());
  gtk_popover_set_child (self->popover, column);
  gtk_popover_set_has_arrow (self->popover, FALSE);
  g_signal_connect_swapped (self->popover, "show", G_CALLBACK (popover_show_cb), self);
  /* To a screen reader GTK 4.8 shows what is in a popover even while that is closed. */
  assay_accessible_set_hidden (GTK_WIDGET (self->popover), TRUE);
  g_signal_connect_swapped (self->popover, "map", G_CALLBACK (popover_map_cb), self);
  g_signal_connect_swapped (self->popover, "unmap", G_CALLBACK (popover_unmap_cb), self);
  g_signal_connect_swapped (self->popover, "closed", G_CALLBACK (popover_closed_cb), self);
  return GTK_WIDGET (self->popover);
}

static void
assay_assessment_row_init (AssayAssessmentRow *self)
{
  GtkFilterListModel *filtered;

  self->items = g_list_store_new (ASSAY_TYPE_ASSESSMENT_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  filtered
    = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->items)), g_object_ref (self->filter));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (filtered));

  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->button, "pan-down-symbolic");
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  gtk_menu_button_set_popover (self->button, make_popover (self));
  /* The row itself takes the focus and opens the list; of the menu button only the popover is focused. */
  gtk_widget_set_focusable (gtk_widget_get_first_child (GTK_WIDGET (self->button)), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Choose an assessment"), -1);

  /* Names come from the provider: text, not markup. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 2);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), GTK_WIDGET (self->button));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), GTK_WIDGET (self->button));
  show_picked (self);
}
