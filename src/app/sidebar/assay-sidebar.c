/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sidebar. Its rows are made anew only when jobs or connections come or go; a count that changes is
 * written into the row that is there. */
#include "config.h"

#include "assay-sidebar.h"

#include <glib/gi18n.h>

#include "assay-format.h"
#include "assay-freshness.h"
#include "assay-menu.h"

/* As the style has it, for how many rows the window may show. */
#define MINIMUM_ROW_HEIGHT 30
/* While a sync writes, the counts change all the time. */
#define RELOAD_MILLISECONDS 400

/* What a row is for. */
typedef struct
{
  const char *page;        /* NULL for a heading */
  gint64 connection_id;
  gint64 job_id;
  char *title;
  char *subtitle;
  GtkLabel *label;
  GtkLabel *count;         /* (nullable) */
} SidebarItem;

/* What the store was asked for. */
typedef struct
{
  GPtrArray *connections;
  GPtrArray *jobs;
  guint invitations[ASSAY_N_INVITATION_STATUSES];
} SidebarContent;

struct _AssaySidebar
{
  AdwBin parent_instance;

  GtkMenuButton *menu_button;
  GMenu *main_menu;
  GtkListBox *list;
  GtkListBox *foot_list;
  AssayFreshness *freshness;

  GtkListBoxRow *invitations_row;
  GtkListBoxRow *imported_row;   /* hidden until a connection has candidates of its own; the last that is always there */
  GtkListBoxRow *selected_row;
  guint n_job_rows;              /* with their headings, made so far */

  AssayService *service;
  GCancellable *cancellable;
  SidebarContent *content;       /* (nullable) */
  guint reload_id;
  gboolean reading;
  gboolean stale;                /* changed while reading */
};

typedef enum
{
  PROP_LOADED = 1,
  PROP_EMPTY,
  PROP_HAS_ATS,
} AssaySidebarProperty;

static GParamSpec *properties[PROP_HAS_ATS + 1];
static guint selected_signal;

G_DEFINE_FINAL_TYPE (AssaySidebar, assay_sidebar, ADW_TYPE_BIN)

static void reload (AssaySidebar *self);

static void
sidebar_item_free (gpointer data)
{
  SidebarItem *item = data;

  g_free (item->title);
  g_free (item->subtitle);
  g_free (item);
}

static void
sidebar_content_free (gpointer data)
{
  SidebarContent *content = data;

  g_clear_pointer (&content->connections, g_ptr_array_unref);
  g_clear_pointer (&content->jobs, g_ptr_array_unref);
  g_free (content);
}

static SidebarItem *
get_item (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "assay-sidebar-item");
}

/* ---- Rows ---- */

static GtkListBoxRow *
make_row (const char *page, const char *icon_name, const char *title, gboolean counted)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  SidebarItem *item = g_new0 (SidebarItem, 1);

  item->page = page;
  item->title = g_strdup (title);
  item->label = GTK_LABEL (gtk_label_new (title));
  gtk_label_set_xalign (item->label, 0);
  gtk_label_set_ellipsize (item->label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (item->label), TRUE);
  if (icon_name != NULL)
    gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name (icon_name));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (item->label));
  if (counted)
    {
      item->count = GTK_LABEL (gtk_label_new (NULL));
      gtk_widget_add_css_class (GTK_WIDGET (item->count), "numeric");
      gtk_widget_add_css_class (GTK_WIDGET (item->count), "dim-label");
      gtk_widget_add_css_class (GTK_WIDGET (item->count), "caption");
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (item->count));
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set_data_full (G_OBJECT (row), "assay-sidebar-item", item, sidebar_item_free);

  return GTK_LIST_BOX_ROW (row);
}

static GtkListBoxRow *
make_heading (const AssayConnection *connection, const char *kind_name)
{
  /* A name that already says which ATS it is needs no second word. */
  g_autofree char *name = g_utf8_casefold (connection->name, -1);
  g_autofree char *kind = g_utf8_casefold (kind_name, -1);
  g_autofree char *title = NULL;
  GtkListBoxRow *row;

  if (strstr (name, kind) != NULL)
    title = g_strdup (connection->name);
  else
    /* Translators: a connection's name and its vendor's, as in "ACME · Pinpoint" */
    title = g_strdup_printf (_("%s · %s"), connection->name, kind_name);

  row = make_row (NULL, NULL, title, FALSE);
  gtk_list_box_row_set_selectable (row, FALSE);
  gtk_list_box_row_set_activatable (row, FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (row), FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (row), "sidebar-heading");
  gtk_widget_add_css_class (GTK_WIDGET (get_item (row)->label), "caption-heading");
  gtk_widget_add_css_class (GTK_WIDGET (get_item (row)->label), "dim-label");

  return row;
}

static void
set_count (GtkListBoxRow *row, guint count, const char *spoken)
{
  SidebarItem *item = get_item (row);
  g_autofree char *number = assay_format_count (count);
  g_autofree char *label = NULL;

  gtk_label_set_label (item->count, number);
  gtk_widget_set_visible (GTK_WIDGET (item->count), count > 0);
  label = count > 0 ? g_strdup_printf ("%s, %s", item->title, spoken) : g_strdup (item->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_job_row (GtkListBoxRow *row, const AssayJob *job, const AssayConnection *connection)
{
  SidebarItem *item = get_item (row);
  g_autofree char *number = assay_format_count (job->applications);
  g_autofree char *spoken = NULL;

  g_free (item->title);
  item->title = g_strdup (job->title);
  g_free (item->subtitle);
  item->subtitle = g_strdup (connection->name);
  gtk_label_set_label (item->label, job->title);
  /* GTK asks the display where the pointer is, each time. */
  if (g_strcmp0 (gtk_widget_get_tooltip_text (GTK_WIDGET (row)), job->title) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (row), job->title);
  spoken = g_strdup_printf (ngettext ("%s candidate", "%s candidates", job->applications), number);
  set_count (row, job->applications, spoken);
}

/* Whether the jobs under their headings are those of before, so that the rows can stay. */
static gboolean
is_same_outline (const SidebarContent *a, const SidebarContent *b)
{
  if (a == NULL || a->connections->len != b->connections->len || a->jobs->len != b->jobs->len)
    return FALSE;

  for (guint i = 0; i < a->connections->len; i++)
    {
      const AssayConnection *one = g_ptr_array_index (a->connections, i);
      const AssayConnection *other = g_ptr_array_index (b->connections, i);

      if (one->id != other->id || one->state != other->state || !g_str_equal (one->name, other->name))
        return FALSE;
    }
  for (guint i = 0; i < a->jobs->len; i++)
    {
      const AssayJob *one = g_ptr_array_index (a->jobs, i);
      const AssayJob *other = g_ptr_array_index (b->jobs, i);

      if (one->id != other->id || one->connection_id != other->connection_id)
        return FALSE;
    }

  return TRUE;
}

static const AssayConnection *
find_connection (const SidebarContent *content, gint64 id)
{
  for (guint i = 0; i < content->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (content->connections, i);

      if (connection->id == id)
        return connection;
    }

  return NULL;
}

static void
remove_job_rows (AssaySidebar *self)
{
  GtkListBoxRow *row;
  int first = gtk_list_box_row_get_index (self->imported_row) + 1;

  while ((row = gtk_list_box_get_row_at_index (self->list, first)) != NULL)
    {
      if (self->selected_row == row)
        self->selected_row = NULL;
      gtk_list_box_remove (self->list, GTK_WIDGET (row));
    }
  self->n_job_rows = 0;
}

static gboolean
is_due (AssaySidebar *self, guint n_rows_before, guint limit)
{
  return n_rows_before >= self->n_job_rows && n_rows_before < limit;
}

/* Of all rows with a heading or a job, makes those that aren't there yet, up to the first @limit. */
static void
add_job_rows (AssaySidebar *self, gint64 selected_job, guint limit)
{
  guint n_rows = 0;

  for (guint i = 0; i < self->content->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->content->connections, i);
      const AssayConnectorDescription *kind = assay_connector_find (connection->kind);
      GtkListBoxRow *heading;

      if (connection->role != ASSAY_ROLE_ATS || connection->state == ASSAY_CONNECTION_SAVED)
        continue;

      if (is_due (self, n_rows++, limit))
        {
          heading = make_heading (connection, kind != NULL ? kind->name : connection->kind);
          gtk_list_box_append (self->list, GTK_WIDGET (heading));
        }
      for (guint j = 0; j < self->content->jobs->len; j++)
        {
          const AssayJob *job = g_ptr_array_index (self->content->jobs, j);
          GtkListBoxRow *row;

          if (job->connection_id != connection->id)
            continue;
          if (!is_due (self, n_rows++, limit))
            continue;

          row = make_row ("candidates", NULL, job->title, TRUE);
          get_item (row)->connection_id = connection->id;
          get_item (row)->job_id = job->id;
          gtk_widget_add_css_class (GTK_WIDGET (row), "job");
          /* While it isn't seen its tooltip asks for no pointer. */
          gtk_widget_set_visible (GTK_WIDGET (row), FALSE);
          update_job_row (row, job, connection);
          gtk_widget_set_visible (GTK_WIDGET (row), TRUE);
          gtk_list_box_append (self->list, GTK_WIDGET (row));
          if (job->id == selected_job)
            {
              self->selected_row = row;
              gtk_list_box_select_row (self->list, row);
            }
        }
    }
  self->n_job_rows = MAX (self->n_job_rows, MIN (n_rows, limit));
}

static void
update_job_rows (AssaySidebar *self)
{
  GtkListBoxRow *row;
  guint next = 0;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      gint64 job_id = get_item (row)->job_id;

      if (job_id == 0)
        continue;

      /* Rows are in the order of connections, jobs in that of titles; the next one is mostly where the last
       * was. */
      for (guint tried = 0; tried < self->content->jobs->len; tried++)
        {
          const AssayJob *job = g_ptr_array_index (self->content->jobs,
                                                   (next + tried) % self->content->jobs->len);

          if (job->id == job_id)
            {
              update_job_row (row, job, find_connection (self->content, job->connection_id));
              next += tried + 1;
              break;
            }
        }
    }
}

/* ---- Selection ---- */

static void
select_row (AssaySidebar *self, GtkListBoxRow *row)
{
  GtkListBox *list = GTK_LIST_BOX (gtk_widget_get_parent (GTK_WIDGET (row)));
  SidebarItem *item = get_item (row);

  self->selected_row = row;
  gtk_list_box_unselect_all (list == self->list ? self->foot_list : self->list);
  gtk_list_box_select_row (list, row);
  g_signal_emit (self, selected_signal, 0, item->page, item->connection_id, item->job_id,
                 item->job_id != 0 ? item->title : NULL, item->subtitle);
}

static void
row_activated_cb (AssaySidebar *self, GtkListBoxRow *row)
{
  select_row (self, row);
}

static GtkListBoxRow *
find_page_row (AssaySidebar *self, const char *page)
{
  GtkListBox *lists[] = { self->list, self->foot_list };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      GtkListBoxRow *row;

      for (int j = 0; (row = gtk_list_box_get_row_at_index (lists[i], j)) != NULL; j++)
        if (get_item (row)->job_id == 0 && gtk_widget_get_visible (GTK_WIDGET (row)) && g_strcmp0 (get_item (row)->page, page) == 0)
          return row;
    }

  return NULL;
}

void
assay_sidebar_select_page (AssaySidebar *self, const char *page)
{
  GtkListBoxRow *row;

  g_return_if_fail (ASSAY_IS_SIDEBAR (self));

  row = find_page_row (self, page);
  if (row != NULL)
    select_row (self, row);
}

GPtrArray *
assay_sidebar_get_connections (AssaySidebar *self)
{
  static GPtrArray *none;

  g_return_val_if_fail (ASSAY_IS_SIDEBAR (self), NULL);

  if (self->content != NULL)
    return self->content->connections;
  if (none == NULL)
    none = g_ptr_array_new ();
  return none;
}

/* ---- Reading ---- */

static gpointer
read_content (AssayDatabase *database, gpointer data, GError **error)
{
  SidebarContent *content = g_new0 (SidebarContent, 1);

  if ((content->connections = assay_connections_list (database, error)) == NULL ||
      (content->jobs = assay_jobs_list (database, 0, FALSE, error)) == NULL ||
      !assay_invitations_count (database, content->invitations, error))
    {
      sidebar_content_free (content);
      return NULL;
    }

  return content;
}

/* Whether a connection that is in use has candidates of its own. */
static gboolean
has_imported (const SidebarContent *content)
{
  for (guint i = 0; i < content->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (content->connections, i);

      if (connection->state != ASSAY_CONNECTION_SAVED &&
          (assay_connector_get_capabilities (connection) & ASSAY_CAN_IMPORT) != 0)
        return TRUE;
    }
  return FALSE;
}

/* The same but for the jobs' counts, which take the longer the more candidates there are. */
static gpointer
read_outline (AssayDatabase *database, gpointer data, GError **error)
{
  SidebarContent *content = g_new0 (SidebarContent, 1);

  if ((content->connections = assay_connections_list (database, error)) == NULL ||
      (content->jobs = assay_jobs_list_open (database, error)) == NULL ||
      !assay_invitations_count (database, content->invitations, error))
    {
      sidebar_content_free (content);
      return NULL;
    }

  return content;
}

/* @limit: how many rows of jobs are made now */
static void
take_content (AssaySidebar *self, SidebarContent *content, guint limit)
{
  SidebarContent *before = self->content;
  gint64 selected_job = self->selected_row != NULL ? get_item (self->selected_row)->job_id : 0;
  guint unsure = content->invitations[ASSAY_INVITATION_UNSURE];
  g_autofree char *number = assay_format_count (unsure);
  g_autofree char *spoken = NULL;

  self->content = content;
  gtk_widget_set_visible (GTK_WIDGET (self->imported_row), has_imported (content));
  if (is_same_outline (before, content))
    {
      update_job_rows (self);
      add_job_rows (self, selected_job, limit);
    }
  else
    {
      remove_job_rows (self);
      add_job_rows (self, selected_job, limit);
      /* What one was looking at is closed or gone. */
      if (self->selected_row == NULL || !gtk_widget_get_visible (GTK_WIDGET (self->selected_row)))
        assay_sidebar_select_page (self, "candidates");
    }

  /* Translators: %s is a number of invitations that a person has to decide about */
  spoken = g_strdup_printf (ngettext ("%s needs a decision", "%s need a decision", unsure), number);
  set_count (self->invitations_row, unsure, spoken);

  assay_freshness_set_connections (self->freshness, content->connections);
  g_clear_pointer (&before, sidebar_content_free);
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_ATS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMPTY]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
reload_cb (gpointer user_data)
{
  AssaySidebar *self = user_data;

  self->reload_id = 0;
  reload (self);
}

static void
queue_reload (AssaySidebar *self)
{
  if (self->reading)
    self->stale = TRUE;
  else if (self->reload_id == 0)
    self->reload_id = g_timeout_add_once (RELOAD_MILLISECONDS, reload_cb, self);
}

static void
read_content_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  AssaySidebar *self;
  g_autoptr (GError) error = NULL;
  SidebarContent *content = assay_store_finish (ASSAY_STORE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  self->reading = FALSE;
  if (content != NULL)
    take_content (self, content, G_MAXUINT);
  else
    g_debug ("The sidebar keeps what it has: %s", error->message);

  if (self->stale)
    {
      self->stale = FALSE;
      queue_reload (self);
    }
}

static void
reload (AssaySidebar *self)
{
  self->reading = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), read_content, NULL, NULL,
                          sidebar_content_free,
                          self->cancellable, read_content_cb, self);
}

static void
store_changed_cb (AssaySidebar *self, const AssayChanges *changes)
{
  if (assay_changes_has_kind (changes,
                              ASSAY_CHANGE_CONNECTIONS | ASSAY_CHANGE_JOBS | ASSAY_CHANGE_APPLICATIONS |
                                       ASSAY_CHANGE_INVITATIONS))
    queue_reload (self);
}

/* How many rows the window has room for when it opens. */
static guint
get_room (AssaySidebar *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  int width, height = 0;

  if (!GTK_IS_WINDOW (root) || gtk_window_is_maximized (GTK_WINDOW (root)))
    return G_MAXUINT;
  gtk_window_get_default_size (GTK_WINDOW (root), &width, &height);
  return (guint) MAX (height, 0) / MINIMUM_ROW_HEIGHT;
}

static gboolean
idle_reload_cb (gpointer user_data)
{
  reload_cb (user_data);
  return G_SOURCE_REMOVE;
}

void
assay_sidebar_set_service (AssaySidebar *self, AssayService *service)
{
  SidebarContent *outline;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (ASSAY_IS_SIDEBAR (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  assay_freshness_set_service (self->freshness, service);

  /* Awaited, so that the first frame is that of the window in use and not of one that starts. */
  outline = assay_store_read (assay_service_get_store (service), read_outline, NULL, &error);
  if (outline != NULL)
    take_content (self, outline, get_room (self));
  else
    g_debug ("The sidebar is still empty: %s", error->message);
  /* The counts, and the rows that one has to scroll to, can wait until the window is on the screen. */
  self->reload_id = g_idle_add_full (G_PRIORITY_LOW, idle_reload_cb, self, NULL);
}

static gboolean
has_ats (AssaySidebar *self)
{
  for (guint i = 0; self->content != NULL && i < self->content->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->content->connections, i);

      if (connection->role == ASSAY_ROLE_ATS)
        return TRUE;
    }

  return FALSE;
}

static void
assay_sidebar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AssaySidebar *self = ASSAY_SIDEBAR (object);

  switch ((AssaySidebarProperty) id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, self->content != NULL);
      break;
    case PROP_EMPTY:
      g_value_set_boolean (value, self->content != NULL && self->content->connections->len == 0);
      break;
    case PROP_HAS_ATS:
      g_value_set_boolean (value, has_ats (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_sidebar_dispose (GObject *object)
{
  AssaySidebar *self = ASSAY_SIDEBAR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_SIDEBAR);
  g_clear_object (&self->service);
  g_clear_pointer (&self->content, sidebar_content_free);

  G_OBJECT_CLASS (assay_sidebar_parent_class)->dispose (object);
}

static void
assay_sidebar_class_init (AssaySidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = assay_sidebar_dispose;
  object_class->get_property = assay_sidebar_get_property;

  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_EMPTY] = g_param_spec_boolean ("empty", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_ATS] = g_param_spec_boolean ("has-ats", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  selected_signal = g_signal_new ("selected", ASSAY_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE,
                                  5, G_TYPE_STRING, G_TYPE_INT64, G_TYPE_INT64, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (ASSAY_TYPE_FRESHNESS);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, menu_button);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, main_menu);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, list);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, foot_list);
  gtk_widget_class_bind_template_child (widget_class, AssaySidebar, freshness);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
assay_sidebar_init (AssaySidebar *self)
{
  GtkListBoxRow *row;

  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_menu_set (self->menu_button, G_MENU_MODEL (self->main_menu), NULL, NULL);

  row = make_row ("candidates", "assay-candidates-symbolic", _("Candidates"), FALSE);
  gtk_list_box_append (self->list, GTK_WIDGET (row));
  self->selected_row = row;
  gtk_list_box_select_row (self->list, row);
  self->invitations_row = make_row ("invitations", "assay-invitations-symbolic", _("Invitations"), TRUE);
  gtk_list_box_append (self->list, GTK_WIDGET (self->invitations_row));
  self->imported_row = make_row ("imported", "document-open-symbolic", _("Imported"), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->imported_row), FALSE);
  gtk_list_box_append (self->list, GTK_WIDGET (self->imported_row));
  row = make_row ("connections", "assay-connections-symbolic", _("Connections"), FALSE);
  gtk_list_box_append (self->foot_list, GTK_WIDGET (row));
}
