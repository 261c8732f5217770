/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection in the list. */
#include "config.h"

#include "assay-connection-row.h"

#include <glib/gi18n.h>

#include "assay-connect-dialog.h"
#include "assay-connection-details.h"
#include "assay-connector.h"
#include "assay-format.h"

struct _AssayConnectionRow
{
  AdwPreferencesRow parent_instance;

  AssayService *service;
  AssayConnection *connection;    /* (nullable) until the first is set */
  GCancellable *cancellable;
  guint working;                  /* how many things are under way */
  gint64 draft_id;                /* 0 for none */
  char *warning;                  /* (nullable) what the doctor warns of */
  char *progress;                 /* (nullable) how far the one is that tells */
  GError *error;                  /* (nullable) how the last thing the user asked for failed */

  /* template */
  GtkImage *role_icon;
  GtkLabel *name_label;
  GtkLabel *detail_label;
  GtkWidget *reason_box;
  GtkLabel *reason_label;
  GtkButton *fix_button;
  GtkWidget *check_again_button;
  GtkSpinner *spinner;
  GtkImage *state_icon;
  GtkLabel *state_label;
  GtkMenuButton *menu_button;
};

enum
{
  TOLD,
  DISCONNECT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayConnectionRow, assay_connection_row, ADW_TYPE_PREFERENCES_ROW)

/* ---- What is shown ---- */

typedef struct
{
  const char *icon;
  const char *css_class;
  const char *word;
} Look;

static const Look looks[] = {
  [ASSAY_CONNECTION_SAVED] = { "media-floppy-symbolic", "dim-label", N_("Saved") },
  [ASSAY_CONNECTION_ENABLED] = { "object-select-symbolic", "success", N_("Enabled") },
  [ASSAY_CONNECTION_DISABLED] = { "media-playback-pause-symbolic", "dim-label", N_("Disabled") },
  [ASSAY_CONNECTION_FAILING] = { "dialog-error-symbolic", "error", N_("Failing") },
};

static const Look draft_look = { "document-edit-symbolic", "dim-label", N_("Draft") };
static const Look question_look = { "dialog-question-symbolic", "warning", N_("Asks you") };
static const Look warning_look = { "dialog-warning-symbolic", "warning", N_("Warning") };
static const Look relink_look = { "dialog-password-symbolic", "error", N_("Relink needed") };
static const Look offline_look = { "network-offline-symbolic", "warning", N_("Offline") };

/* Whether a sync found so many applications gone that it wants a person's word. */
static gboolean
asks_about_removals (AssayConnectionRow *self)
{
  return self->connection->state == ASSAY_CONNECTION_ENABLED && self->connection->removals > 0;
}

/* Whether nothing but a new key helps. */
static gboolean
needs_relink (const AssayConnection *connection)
{
  return connection->state == ASSAY_CONNECTION_FAILING && g_strcmp0 (connection->reason_code, "unauthorized") == 0;
}

const char *
assay_connection_row_get_state_word (const AssayConnection *connection)
{
  g_return_val_if_fail (connection != NULL, NULL);

  return needs_relink (connection) ? _(relink_look.word) : _(looks[connection->state].word);
}

static const Look *
get_look (AssayConnectionRow *self)
{
  if (self->draft_id != 0 && self->connection->state == ASSAY_CONNECTION_SAVED)
    return &draft_look;
  if (needs_relink (self->connection))
    return &relink_look;
  if (self->connection->state == ASSAY_CONNECTION_ENABLED && assay_service_get_offline (self->service))
    return &offline_look;
  if (asks_about_removals (self))
    return &question_look;
  if (self->connection->state == ASSAY_CONNECTION_ENABLED && self->warning != NULL)
    return &warning_look;
  return &looks[self->connection->state];
}

static void
remove_look (GtkWidget *widget)
{
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (widget, looks[i].css_class);
  gtk_widget_remove_css_class (widget, offline_look.css_class);
  gtk_widget_remove_css_class (widget, warning_look.css_class);
}

static gboolean
in_use (AssayConnectionRow *self)
{
  return self->connection->state == ASSAY_CONNECTION_ENABLED ||
         self->connection->state == ASSAY_CONNECTION_FAILING;
}

/* How fresh it is. (transfer full) */
static char *
dup_freshness (AssayConnectionRow *self)
{
  const AssayConnection *connection = self->connection;
  g_autofree char *time = NULL;

  if (self->progress != NULL)
    return g_strdup (self->progress);
  if (connection->role == ASSAY_ROLE_ATS && connection->complete_up_to != 0)
    {
      time = assay_format_clock_time (connection->complete_up_to);
      /* Translators: %s is a time such as 14:02: everything that changed before it is here */
      return g_strdup_printf (_("Up to %s"), time);
    }
  if (connection->role == ASSAY_ROLE_ATS && in_use (self))
    return g_strdup (assay_service_get_syncing (self->service) ? _("Being read") : _("Not read yet"));
  if (connection->last_contact_at != 0)
    {
      time = assay_format_relative_time (connection->last_contact_at);
      /* Translators: %s is a time such as "3 min ago" */
      return g_strdup_printf (_("Last answer %s"), time);
    }
  return g_strdup (_("Never reached"));
}

static GMenuModel *
make_menu (AssayConnectionRow *self)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) state = g_menu_new ();
  g_autoptr (GMenu) change = g_menu_new ();
  g_autoptr (GMenu) end = g_menu_new ();
  gboolean is_ats = self->connection->role == ASSAY_ROLE_ATS;
  const AssayConnectorDescription *description = assay_connector_find (self->connection->kind);

  if (in_use (self))
    {
      g_menu_append (state, is_ats ? _("Sync now") : _("Refresh assessments"), "connection.read");
      g_menu_append (state, _("Test"), "connection.test");
      g_menu_append (state, _("Disable"), "connection.disable");
    }
  else
    {
      g_menu_append (state, _("Enable"), "connection.enable");
      g_menu_append (state, _("Test"), "connection.test");
    }
  g_menu_append (change, _("Details…"), "connection.details");
  g_menu_append (change, _("Change settings…"), "connection.change");
  g_menu_append (change, _("Relink…"), "connection.key");
  if (description != NULL && description->webhook != NULL)
    g_menu_append (change, _("Live events…"), "connection.events");
  g_menu_append (end, _("Disconnect…"), "connection.disconnect");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (state));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (change));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (end));
  return G_MENU_MODEL (menu);
}

/* What a button beside the reason could do. */
static const char *
get_fix (AssayConnectionRow  *self,
         const char         **label)
{
  if (self->draft_id != 0 && self->connection->state == ASSAY_CONNECTION_SAVED)
    {
      *label = _("Go on with the set-up");
      return "connection.resume";
    }
  if (needs_relink (self->connection))
    {
      *label = _("Relink…");
      return "connection.key";
    }
  if (self->connection->state == ASSAY_CONNECTION_FAILING)
    {
      *label = _("Test");
      return "connection.test";
    }
  if (self->connection->state == ASSAY_CONNECTION_SAVED)
    {
      *label = _("Test and enable");
      return "connection.test";
    }
  if (asks_about_removals (self))
    {
      *label = _("They are gone");
      return "connection.accept-removals";
    }
  return NULL;
}

char *
assay_connection_row_dup_reason (const AssayConnection *connection)
{
  /* An error's sentence says what to do as well; the remedy stands alone only where there is no other. */
  if (connection->reason != NULL)
    return g_strdup (connection->reason);
  if (connection->remedy != NULL)
    return g_strdup (connection->remedy);
  /* Translators: %s is the name of a connection */
  return g_strdup_printf (_("%s needs your attention."), connection->name);
}

static void
update (AssayConnectionRow *self)
{
  const AssayConnection *connection = self->connection;
  const AssayConnectorDescription *description;
  g_autofree char *freshness = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *tooltip = NULL;
  g_autofree char *menu_name = NULL;
  g_autofree char *spoken = NULL;
  const char *fix;
  const char *fix_label = NULL;
  const Look *look;

  if (connection == NULL)
    return;

  description = assay_connector_find (connection->kind);
  gtk_image_set_from_icon_name (self->role_icon, connection->role == ASSAY_ROLE_ATS
                                                   ? "assay-candidates-symbolic"
                                                   : "assay-assessments-symbolic");
  gtk_label_set_label (self->name_label, connection->name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name_label), connection->account);

  freshness = dup_freshness (self);
  if (description != NULL && g_strcmp0 (_(description->name), connection->name) != 0)
    /* Translators: the first %s is a system such as Pinpoint, the second how fresh it is, such as "Up to
     * 14:02" */
    detail = g_strdup_printf (_("%s · %s"), _(description->name), freshness);
  else
    detail = g_strdup (freshness);
  gtk_label_set_label (self->detail_label, detail);
  tooltip = assay_format_full_time (connection->last_contact_at);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->detail_label), tooltip);

  look = get_look (self);
  gtk_image_set_from_icon_name (self->state_icon, look->icon);
  gtk_label_set_label (self->state_label, _(look->word));
  remove_look (GTK_WIDGET (self->state_icon));
  remove_look (GTK_WIDGET (self->state_label));
  gtk_widget_add_css_class (GTK_WIDGET (self->state_icon), look->css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self->state_label), look->css_class);

  if (self->error != NULL)
    reason = g_strdup (self->error->message);
  else if (asks_about_removals (self) && connection->reason != NULL && connection->remedy != NULL)
    reason = g_strconcat (connection->reason, " ", connection->remedy, NULL);
  else if (connection->state == ASSAY_CONNECTION_FAILING || asks_about_removals (self))
    reason = assay_connection_row_dup_reason (connection);
  else if (connection->state == ASSAY_CONNECTION_ENABLED)
    reason = g_strdup (self->warning);
  gtk_label_set_label (self->reason_label, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_label), reason != NULL);

  fix = get_fix (self, &fix_label);
  gtk_widget_set_visible (GTK_WIDGET (self->fix_button), fix != NULL);
  gtk_widget_set_visible (self->reason_box, reason != NULL || fix != NULL);
  if (fix != NULL)
    {
      gtk_button_set_label (self->fix_button, fix_label);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->fix_button), fix);
    }
  gtk_widget_set_visible (self->check_again_button, asks_about_removals (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connection.accept-removals", self->working == 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connection.keep-removals", self->working == 0);

  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->working > 0);
  gtk_spinner_set_spinning (self->spinner, self->working > 0);

  /* Translators: %s is the name of a connection */
  menu_name = g_strdup_printf (_("Menu of %s"), connection->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  menu_name, -1);
  /* Translators: the state of a connection, and how fresh it is */
  spoken = g_strdup_printf (_("%s, %s"), _(look->word), detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, connection->name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken,
                                  -1);
}

void
assay_connection_row_set_connection (AssayConnectionRow    *self,
                                     const AssayConnection *connection)
{
  gboolean other_menu;

  g_return_if_fail (ASSAY_IS_CONNECTION_ROW (self));
  g_return_if_fail (connection != NULL);

  other_menu = self->connection == NULL || self->connection->state != connection->state;
  g_clear_pointer (&self->connection, assay_connection_free);
  self->connection = assay_connection_copy (connection);
  if (other_menu)
    {
      g_autoptr (GMenuModel) menu = make_menu (self);

      /* What failed in the last state says nothing of this one. */
      g_clear_error (&self->error);
      gtk_menu_button_set_menu_model (self->menu_button, menu);
    }
  update (self);
}

gint64
assay_connection_row_get_id (AssayConnectionRow *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION_ROW (self), 0);

  return self->connection != NULL ? self->connection->id : 0;
}

const AssayConnection *
assay_connection_row_get_connection (AssayConnectionRow *self)
{
  g_return_val_if_fail (ASSAY_IS_CONNECTION_ROW (self), NULL);

  return self->connection;
}

void
assay_connection_row_set_draft (AssayConnectionRow *self,
                                gint64              draft_id)
{
  g_return_if_fail (ASSAY_IS_CONNECTION_ROW (self));

  self->draft_id = draft_id;
  update (self);
}

void
assay_connection_row_set_warning (AssayConnectionRow *self,
                                  const char         *warning)
{
  g_return_if_fail (ASSAY_IS_CONNECTION_ROW (self));

  g_free (self->warning);
  self->warning = g_strdup (warning);
  update (self);
}

void
assay_connection_row_open_details (AssayConnectionRow *self)
{
  g_return_if_fail (ASSAY_IS_CONNECTION_ROW (self));

  gtk_widget_activate_action (GTK_WIDGET (self), "connection.details", NULL);
}

static void
tell (AssayConnectionRow *self,
      const char         *format,
      ...) G_GNUC_PRINTF (2, 3);

static void
tell (AssayConnectionRow *self,
      const char         *format,
      ...)
{
  g_autofree char *sentence = NULL;
  va_list arguments;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_signal_emit (self, signals[TOLD], 0, sentence);
}

static void
begin_work (AssayConnectionRow *self)
{
  g_clear_error (&self->error);
  self->working++;
  update (self);
}

/* Whether the row still shows; takes @error. */
static gboolean
end_work (AssayConnectionRow *self,
          GError             *error)
{
  /* After a cancel that isn't followed by a reference the row may be gone, so the error comes first. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_cancellable_is_cancelled (self->cancellable))
    {
      g_clear_error (&error);
      return FALSE;
    }
  self->working--;
  g_clear_pointer (&self->progress, g_free);
  g_clear_error (&self->error);
  self->error = error;
  update (self);
  return TRUE;
}

void
assay_connection_row_set_working (AssayConnectionRow *self,
                                  gboolean            working)
{
  g_return_if_fail (ASSAY_IS_CONNECTION_ROW (self));

  if (working)
    begin_work (self);
  else
    end_work (self, NULL);
}

void
assay_connection_row_show_error (AssayConnectionRow *self,
                                 const GError       *error)
{
  g_return_if_fail (ASSAY_IS_CONNECTION_ROW (self));

  g_clear_error (&self->error);
  self->error = g_error_copy (error);
  update (self);
}

/* ---- What the user asks for ---- */

static void
enable_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;

  assay_service_enable_connection_finish (ASSAY_SERVICE (source), result, &error);
  end_work (user_data, error);
}

static void
enable_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  begin_work (self);
  assay_service_enable_connection_async (self->service, self->connection->id, self->cancellable, enable_cb,
                                         self);
}

static void
disable_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AssayConnectionRow *self = user_data;
  GError *error = NULL;
  gboolean disabled = assay_service_disable_connection_finish (ASSAY_SERVICE (source), result, &error);

  if (end_work (self, error) && disabled)
    /* Translators: %s is the name of a connection */
    tell (self, _("%s is disabled, its data stays"), self->connection->name);
}

static void
disable_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  begin_work (self);
  assay_service_disable_connection_async (self->service, self->connection->id, self->cancellable, disable_cb,
                                          self);
}

static void
sync_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (AssayConnectionRow) self = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) results = assay_service_sync_finish (ASSAY_SERVICE (source), result, &error);
  const AssaySyncResult *first = results != NULL && results->len > 0 ? g_ptr_array_index (results, 0) : NULL;

  /* What asks is shown by the connection itself, for as long as it asks. */
  if (error == NULL && first != NULL && first->error != NULL &&
      !g_error_matches (first->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS))
    error = g_error_copy (first->error);
  if (!end_work (self, error) || self->error != NULL || first == NULL)
    return;
  if (first->error != NULL)
    /* Translators: %s is the name of a connection */
    tell (self, _("%s has a question for you"), self->connection->name);
  else if (first->changed > 0)
    /* Translators: %u is a number of records, %s the name of a connection */
    tell (self, ngettext ("%u change from %s", "%u changes from %s", first->changed), first->changed,
          self->connection->name);
  else
    /* Translators: %s is the name of a connection */
    tell (self, _("Nothing new from %s"), self->connection->name);
}

static void
refresh_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  AssayConnectionRow *self = user_data;
  GError *error = NULL;
  gboolean refreshed = assay_service_refresh_assessments_finish (ASSAY_SERVICE (source), result, &error);

  if (end_work (self, error) && refreshed)
    /* Translators: %s is the name of a connection */
    tell (self, _("Assessments of %s refreshed"), self->connection->name);
}

/* The call holds a reference on the row, which may be out of its list by now. */
static void
progress_cb (gint64   connection_id,
             guint    applications,
             gint64   total,
             gpointer user_data)
{
  AssayConnectionRow *self = user_data;
  g_autofree char *count = assay_format_count (applications);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  g_free (self->progress);
  if (total >= 0)
    {
      g_autofree char *of = assay_format_count ((guint64) total);

      /* Translators: the first %s is the number of applications read, the second how many there are */
      self->progress = g_strdup_printf (_("Reading: %s of %s"), count, of);
    }
  else
    /* Translators: %s is the number of applications read */
    self->progress = g_strdup_printf (_("Reading: %s"), count);
  update (self);
}

static void
read_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  begin_work (self);
  if (self->connection->role == ASSAY_ROLE_ATS)
    assay_service_sync_async (self->service, self->connection->id, FALSE, progress_cb, self,
                              self->cancellable, sync_cb, g_object_ref (self));
  else
    assay_service_refresh_assessments_async (self->service, self->connection->id, self->cancellable,
                                             refresh_cb, self);
}

static void
settle_removals (AssayConnectionRow *self,
                 gboolean            gone)
{
  begin_work (self);
  assay_service_settle_removals_async (self->service, self->connection->id, gone, progress_cb, self,
                                       self->cancellable, sync_cb, g_object_ref (self));
}

static void
accept_removals_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  settle_removals (ASSAY_CONNECTION_ROW (widget), TRUE);
}

static void
keep_removals_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  settle_removals (ASSAY_CONNECTION_ROW (widget), FALSE);
}

static void
present (AssayConnectionRow *self,
         GtkWindow          *dialog)
{
  gtk_window_set_transient_for (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_present (dialog);
}

static void
test_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  present (self, assay_connect_dialog_new_for_check (self->service, self->connection->id));
}

static void
change_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  present (self, assay_connect_dialog_new_for_connection (self->service, self->connection->id));
}

static void
key_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  present (self, assay_connect_dialog_new_for_key (self->service, self->connection->id));
}

static void
events_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  present (self, assay_connect_dialog_new_for_events (self->service, self->connection->id));
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  present (self, assay_connection_details_new (self->service, self->connection->id));
}

static void
resume_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (widget);

  if (self->draft_id != 0)
    present (self, assay_connect_dialog_new_for_draft (self->service, self->draft_id));
}

static void
disconnect_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  g_signal_emit (widget, signals[DISCONNECT], 0);
}

/* ---- The object ---- */

static void
assay_connection_row_dispose (GObject *object)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CONNECTION_ROW);
  G_OBJECT_CLASS (assay_connection_row_parent_class)->dispose (object);
}

static void
assay_connection_row_finalize (GObject *object)
{
  AssayConnectionRow *self = ASSAY_CONNECTION_ROW (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->connection, assay_connection_free);
  g_clear_pointer (&self->progress, g_free);
  g_clear_pointer (&self->warning, g_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (assay_connection_row_parent_class)->finalize (object);
}

static void
assay_connection_row_class_init (AssayConnectionRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_connection_row_dispose;
  object_class->finalize = assay_connection_row_finalize;

  signals[TOLD] = g_signal_new ("told", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[DISCONNECT] = g_signal_new ("disconnect", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_install_action (widget_class, "connection.enable", NULL, enable_action);
  gtk_widget_class_install_action (widget_class, "connection.disable", NULL, disable_action);
  gtk_widget_class_install_action (widget_class, "connection.read", NULL, read_action);
  gtk_widget_class_install_action (widget_class, "connection.accept-removals", NULL, accept_removals_action);
  gtk_widget_class_install_action (widget_class, "connection.keep-removals", NULL, keep_removals_action);
  gtk_widget_class_install_action (widget_class, "connection.test", NULL, test_action);
  gtk_widget_class_install_action (widget_class, "connection.change", NULL, change_action);
  gtk_widget_class_install_action (widget_class, "connection.key", NULL, key_action);
  gtk_widget_class_install_action (widget_class, "connection.events", NULL, events_action);
  gtk_widget_class_install_action (widget_class, "connection.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "connection.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "connection.disconnect", NULL, disconnect_action);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-connection-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, role_icon);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, reason_box);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, reason_label);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, fix_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, check_again_button);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, state_icon);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, AssayConnectionRow, menu_button);
}

static void
assay_connection_row_init (AssayConnectionRow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
assay_connection_row_new (AssayService *service)
{
  AssayConnectionRow *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_CONNECTION_ROW, NULL);
  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::offline", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::syncing", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  assay_format_on_tick (G_OBJECT (self), G_CALLBACK (update));
  return GTK_WIDGET (self);
}
