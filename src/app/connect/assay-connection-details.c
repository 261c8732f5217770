/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is known of one connection. */
#include "config.h"

#include "assay-connection-details.h"

#include <glib/gi18n.h>

#include "assay-check-row.h"
#include "assay-connect-dialog.h"
#include "assay-connection-row.h"
#include "assay-connector.h"
#include "assay-format.h"
#include "assay-notice.h"
#include "assay-queries.h"
#include "assay-service-doctor.h"

#define LOG_LENGTH 50
/* While the window is open the load is read this often. */
#define LOAD_SECONDS 1

struct _AssayConnectionDetails
{
  AdwWindow parent_instance;

  AssayService *service;
  GCancellable *cancellable;
  gint64 connection_id;
  gboolean loading;
  gboolean load_again;
  guint load_timer_id;
  GPtrArray *rows;             /* borrowed, with their group as data "group" */
  GtkWidget *waiting_row;      /* (nullable) borrowed: requests in hand */
  GtkWidget *headroom_row;     /* (nullable) borrowed */

  /* template */
  AdwWindowTitle *window_title;
  AssayNotice *notice;
  AdwPreferencesGroup *facts_group;
  AdwPreferencesGroup *findings_group;
  AdwPreferencesGroup *log_group;
  GtkWidget *check_button;
};

G_DEFINE_FINAL_TYPE (AssayConnectionDetails, assay_connection_details, ADW_TYPE_WINDOW)

/* ---- What is shown ---- */

typedef struct
{
  AssayConnection *connection;
  GPtrArray *findings;   /* (element-type AssayFinding) */
  GPtrArray *events;     /* (element-type AssayConnectionEvent) */
} Contents;

static void
contents_free (gpointer data)
{
  Contents *contents = data;

  assay_connection_free (contents->connection);
  g_clear_pointer (&contents->findings, g_ptr_array_unref);
  g_clear_pointer (&contents->events, g_ptr_array_unref);
  g_free (contents);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Contents, contents_free)

static gpointer
read_contents (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  g_autoptr (Contents) contents = g_new0 (Contents, 1);
  const gint64 *id = data;

  contents->connection = assay_connections_get (database, *id, error);
  if (contents->connection != NULL)
    contents->findings = assay_findings_list (database, *id, error);
  if (contents->findings != NULL)
    contents->events = assay_connection_events_list (database, *id, LOG_LENGTH, error);
  return contents->events != NULL ? g_steal_pointer (&contents) : NULL;
}

static void
add (AssayConnectionDetails *self,
     AdwPreferencesGroup    *group,
     GtkWidget              *row)
{
  g_object_set_data (G_OBJECT (row), "group", group);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

static GtkWidget *
add_fact (AssayConnectionDetails *self,
          AdwPreferencesGroup    *group,
          const char             *title,
          const char             *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  add (self, group, row);
  return row;
}

static void
set_fact (GtkWidget  *row,
          const char *text)
{
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
}

/* When the connection came into the state it is in. */
static gint64
get_since (const Contents *contents)
{
  gint64 since = contents->connection->updated_at;

  for (guint i = 0; i < contents->events->len; i++)
    {
      const AssayConnectionEvent *event = g_ptr_array_index (contents->events, i);

      if (event->state != contents->connection->state)
        break;
      since = event->at;
    }
  return since;
}

static void
show_load (AssayConnectionDetails *self)
{
  AssayLoad load;
  g_autofree char *waiting = NULL;
  g_autofree char *headroom = NULL;

  if (self->waiting_row == NULL)
    return;
  if (!assay_service_get_load (self->service, self->connection_id, &load))
    {
      set_fact (self->waiting_row, _("None"));
      set_fact (self->headroom_row, _("All of it: nothing was asked since Assay started."));
      return;
    }
  waiting = load.waiting == 0
              ? g_strdup (_("None"))
              : g_strdup_printf (ngettext ("%u waits or is on its way", "%u wait or are on their way", load.waiting),
                                 load.waiting);
  /* Translators: %1$u requests may be sent at once now, of %2$u at most; %3$g a second in the long run */
  headroom = g_strdup_printf (_("%1$u of %2$u at once, and %3$g a second from then on"), load.headroom, load.burst,
                              load.per_second);
  set_fact (self->waiting_row, waiting);
  set_fact (self->headroom_row, headroom);
}

static void
show_facts (AssayConnectionDetails *self,
            const Contents         *contents)
{
  const AssayConnection *connection = contents->connection;
  const AssayConnectorDescription *description = assay_connector_find (connection->kind);
  g_autofree char *since = assay_format_clock_time (get_since (contents));
  g_autofree char *state = NULL;
  g_autofree char *contact = NULL;
  g_autofree char *complete = NULL;
  g_autofree char *address = NULL;

  /* Translators: %1$s is the state of a connection ("Enabled"), %2$s a time such as "14:02" */
  state = g_strdup_printf (_("%1$s since %2$s"), assay_connection_row_get_state_word (connection), since);
  contact = connection->last_contact_at != 0 ? assay_format_relative_time (connection->last_contact_at)
                                             : g_strdup (_("Never"));
  add_fact (self, self->facts_group, _("State"), state);
  if (description != NULL)
    {
      add_fact (self, self->facts_group, _("System"), _(description->name));
      address = assay_connector_dup_base_url (description, connection->settings, NULL);
    }
  if (connection->account != NULL)
    add_fact (self, self->facts_group, _("Account"), connection->account);
  if (address != NULL)
    add_fact (self, self->facts_group, _("Address"), address);
  add_fact (self, self->facts_group, _("Last contact"), contact);
  if (connection->role == ASSAY_ROLE_ATS)
    {
      complete = connection->complete_up_to != 0 ? assay_format_clock_time (connection->complete_up_to)
                                                 : g_strdup (_("Not read yet"));
      add_fact (self, self->facts_group, _("Complete up to"), complete);
    }
  self->waiting_row = add_fact (self, self->facts_group, _("Requests in hand"), "");
  self->headroom_row = add_fact (self, self->facts_group, _("Room for more requests"), "");
  show_load (self);
}

static void
show_findings (AssayConnectionDetails *self,
               GPtrArray              *findings)
{
  static const AssayCheckState states[] = {
    [ASSAY_SEVERITY_GOOD] = ASSAY_CHECK_GOOD,
    [ASSAY_SEVERITY_UNKNOWN] = ASSAY_CHECK_UNKNOWN,
    [ASSAY_SEVERITY_WARNING] = ASSAY_CHECK_WARNING,
    [ASSAY_SEVERITY_BAD] = ASSAY_CHECK_BAD,
  };
  g_autofree char *time = NULL;
  g_autofree char *text = NULL;

  if (findings->len == 0)
    {
      adw_preferences_group_set_description (self->findings_group,
                                             _("Nothing yet: it looks once a day, and when you ask."));
      return;
    }
  time = assay_format_relative_time (((const AssayFinding *) g_ptr_array_index (findings, 0))->at);
  /* Translators: %s is a time such as "3 min ago" */
  text = g_strdup_printf (_("Looked at %s"), time);
  adw_preferences_group_set_description (self->findings_group, text);
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char *sentence = NULL;
      GtkWidget *row = assay_check_row_new (finding->title);

      sentence = g_strjoin (finding->sentence != NULL && finding->remedy != NULL ? " " : "",
                            finding->sentence != NULL ? finding->sentence : "",
                            finding->remedy != NULL ? finding->remedy : "", NULL);
      assay_check_row_set_state (ASSAY_CHECK_ROW (row), states[finding->severity], sentence);
      add (self, self->findings_group, row);
    }
}

static void
show_log (AssayConnectionDetails *self,
          GPtrArray              *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      const AssayConnectionEvent *event = g_ptr_array_index (events, i);
      AssayConnection as_it_was = { .state = event->state, .reason_code = event->reason_code };
      g_autofree char *time = assay_format_clock_time (event->at);
      g_autofree char *title = NULL;

      /* Translators: %1$s is a time, %2$s the state that a connection came into then ("Failing") */
      title = g_strdup_printf (_("%1$s · %2$s"), time, assay_connection_row_get_state_word (&as_it_was));
      add_fact (self, self->log_group, title, event->reason != NULL ? event->reason : "");
    }
}

static void
show_notice (AssayConnectionDetails *self,
             const AssayConnection  *connection)
{
  g_autofree char *sentence = NULL;

  if (connection->state != ASSAY_CONNECTION_FAILING)
    {
      assay_notice_clear (self->notice);
      return;
    }
  sentence = assay_connection_row_dup_reason (connection);
  assay_notice_say (self->notice, ASSAY_NOTICE_ERROR, sentence, _("Relink…"));
}

static void load (AssayConnectionDetails *self);

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssayConnectionDetails *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Contents) contents = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->loading = FALSE;
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  if (contents == NULL)
    {
      assay_notice_say_error (self->notice, error, NULL);
      return;
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      adw_preferences_group_remove (g_object_get_data (G_OBJECT (row), "group"), row);
    }
  g_ptr_array_set_size (self->rows, 0);
  adw_window_title_set_title (self->window_title, contents->connection->name);
  gtk_window_set_title (GTK_WINDOW (self), contents->connection->name);
  show_notice (self, contents->connection);
  show_facts (self, contents);
  show_findings (self, contents->findings);
  show_log (self, contents->events);
  if (self->load_again)
    load (self);
}

static void
load (AssayConnectionDetails *self)
{
  if (self->loading)
    {
      self->load_again = TRUE;
      return;
    }
  self->loading = TRUE;
  self->load_again = FALSE;
  assay_store_read_async (assay_service_get_store (self->service), read_contents,
                          g_memdup2 (&self->connection_id, sizeof self->connection_id), g_free, contents_free,
                          self->cancellable, loaded_cb, self);
}

static void
store_changed_cb (AssayConnectionDetails *self,
                  AssayChanges           *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_CONNECTIONS))
    load (self);
}

static gboolean
load_timer_cb (gpointer user_data)
{
  show_load (user_data);
  return G_SOURCE_CONTINUE;
}

/* ---- What one can do ---- */

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AssayConnectionDetails *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDiagnosis) diagnosis = assay_service_diagnose_finish (ASSAY_SERVICE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_widget_set_sensitive (self->check_button, TRUE);
  /* What was found comes by the store. */
  if (diagnosis == NULL)
    assay_notice_say_error (self->notice, error, NULL);
}

static void
check_cb (AssayConnectionDetails *self)
{
  gtk_widget_set_sensitive (self->check_button, FALSE);
  assay_service_diagnose_async (self->service, self->connection_id, NULL, NULL, self->cancellable, checked_cb, self);
}

static void
relink_cb (AssayConnectionDetails *self)
{
  GtkWindow *dialog = assay_connect_dialog_new_for_key (self->service, self->connection_id);

  gtk_window_set_transient_for (dialog, gtk_window_get_transient_for (GTK_WINDOW (self)));
  gtk_window_present (dialog);
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- The object ---- */

static void
assay_connection_details_dispose (GObject *object)
{
  AssayConnectionDetails *self = ASSAY_CONNECTION_DETAILS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->load_timer_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CONNECTION_DETAILS);
  G_OBJECT_CLASS (assay_connection_details_parent_class)->dispose (object);
}

static void
assay_connection_details_finalize (GObject *object)
{
  AssayConnectionDetails *self = ASSAY_CONNECTION_DETAILS (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->rows);
  G_OBJECT_CLASS (assay_connection_details_parent_class)->finalize (object);
}

static void
assay_connection_details_class_init (AssayConnectionDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_connection_details_dispose;
  object_class->finalize = assay_connection_details_finalize;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (ASSAY_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-connection-details.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDetails, window_title);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDetails, notice);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDetails, facts_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDetails, findings_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDetails, log_group);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionDetails, check_button);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, relink_cb);
}

static void
assay_connection_details_init (AssayConnectionDetails *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
assay_connection_details_new (AssayService *service,
                              gint64        connection_id)
{
  AssayConnectionDetails *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (connection_id > 0, NULL);

  self = g_object_new (ASSAY_TYPE_CONNECTION_DETAILS, NULL);
  self->service = g_object_ref (service);
  self->connection_id = connection_id;
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->load_timer_id = g_timeout_add_seconds (LOAD_SECONDS, load_timer_cb, self);
  load (self);
  return GTK_WINDOW (self);
}
