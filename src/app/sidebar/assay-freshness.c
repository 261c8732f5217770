/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The foot of the sidebar, and of the list where there is no room for a sidebar. It says one thing, the one that matters most: a keyring that can't be read, a
 * connection that needs a person, a sync under way, no network, or how far what one sees is complete. */
#include "config.h"

#include "assay-freshness.h"

#include <glib/gi18n.h>

#include "assay-format.h"

/* When a sync ends, the sidebar reads the connections again, and with them how far they are complete. */
#define SETTLE_MILLISECONDS 800

struct _AssayFreshness
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *label;
  GtkButton *button;

  AssayService *service;
  GPtrArray *connections;  /* (nullable) (element-type AssayConnection) */
  guint settle_id;
};

G_DEFINE_FINAL_TYPE (AssayFreshness, assay_freshness, ADW_TYPE_BIN)

static void
show (AssayFreshness *self, const char *icon_name, const char *style, const char *text, const char *tooltip)
{
  static const char *const styles[] = { "success", "warning", "error", "dim-label", NULL };

  for (guint i = 0; styles[i] != NULL; i++)
    if (g_strcmp0 (styles[i], style) == 0)
      gtk_widget_add_css_class (GTK_WIDGET (self->icon), styles[i]);
    else
      gtk_widget_remove_css_class (GTK_WIDGET (self->icon), styles[i]);

  gtk_widget_set_visible (GTK_WIDGET (self->icon), icon_name != NULL);
  if (icon_name != NULL)
    gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), icon_name == NULL);
  gtk_spinner_set_spinning (self->spinner, icon_name == NULL);
  gtk_label_set_label (self->label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
}

static void
show_button (AssayFreshness *self, const char *label, const char *action_name, GVariant *target)
{
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
  if (label == NULL)
    return;

  gtk_button_set_label (self->button, label);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
}

static char *
describe_failure (const AssayConnection *connection)
{
  /* The codes are those of assay_error_get_name(). Translators: %s is a connection's name, as in
   * "Pinpoint" */
  if (g_strcmp0 (connection->reason_code, "unauthorized") == 0)
    return g_strdup_printf (_("%s refuses the key"), connection->name);
  if (g_strcmp0 (connection->reason_code, "forbidden") == 0)
    return g_strdup_printf (_("%s needs a permission"), connection->name);

  return g_strdup_printf (_("%s needs your help"), connection->name);
}

/* The oldest time up to which all enabled ATSs are complete; 0 when one was never read. */
static gint64
get_complete_up_to (AssayFreshness *self, guint *n_ats)
{
  gint64 oldest = G_MAXINT64;

  *n_ats = 0;
  for (guint i = 0; self->connections != NULL && i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);

      if (connection->role != ASSAY_ROLE_ATS || connection->state != ASSAY_CONNECTION_ENABLED)
        continue;

      (*n_ats)++;
      oldest = MIN (oldest, connection->complete_up_to);
    }

  return *n_ats > 0 ? oldest : 0;
}

static char *
list_times (AssayFreshness *self)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  for (guint i = 0; self->connections != NULL && i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);
      g_autofree char *time = NULL;

      if (connection->role != ASSAY_ROLE_ATS || connection->complete_up_to == 0)
        continue;

      time = assay_format_full_time (connection->complete_up_to);
      if (lines->len > 0)
        g_string_append_c (lines, '\n');
      /* Translators: a connection's name, and up to when all of its changes are here */
      g_string_append_printf (lines, _("%s: complete up to %s"), connection->name, time);
    }

  return lines->len > 0 ? g_strdup (lines->str) : NULL;
}

static const AssayConnection *
find_failing (AssayFreshness *self)
{
  for (guint i = 0; self->connections != NULL && i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);

      if (connection->state == ASSAY_CONNECTION_FAILING)
        return connection;
    }

  return NULL;
}

static const AssayConnection *
find_asking (AssayFreshness *self)
{
  for (guint i = 0; self->connections != NULL && i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);

      if (connection->state == ASSAY_CONNECTION_ENABLED && connection->removals > 0)
        return connection;
    }

  return NULL;
}

static void
update (AssayFreshness *self)
{
  const GError *keyring_error = assay_service_get_keyring_error (self->service);
  const AssayConnection *failing = find_failing (self);
  const AssayConnection *asking = find_asking (self);
  guint n_ats;
  gint64 up_to = get_complete_up_to (self, &n_ats);
  g_autofree char *clock = assay_format_clock_time (up_to);
  g_autofree char *times = list_times (self);
  g_autofree char *text = NULL;

  show_button (self, NULL, NULL, NULL);

  if (keyring_error != NULL)
    {
      if (g_error_matches (keyring_error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_MISSING))
        text = g_strdup (_("No keyring is running"));
      else
        text = g_strdup (_("The keyring is locked"));
      /* The bar below the window's content has the button. */
      show (self, "channel-secure-symbolic", "warning", text, keyring_error->message);
    }
  else if (failing != NULL)
    {
      text = describe_failure (failing);
      show (self, "dialog-warning-symbolic", "error", text,
            failing->reason != NULL ? failing->reason : failing->remedy);
      show_button (self, _("Fix…"), "win.fix-connection", g_variant_new_int64 (failing->id));
    }
  else if (asking != NULL && !assay_service_get_syncing (self->service))
    {
      /* Translators: %s is a connection's name, as in "Pinpoint" */
      text = g_strdup_printf (_("%s has a question"), asking->name);
      show (self, "dialog-question-symbolic", "warning", text, asking->reason);
      show_button (self, _("Answer…"), "win.page", g_variant_new_string ("connections"));
    }
  else if (assay_service_get_syncing (self->service))
    show (self, NULL, NULL, _("Syncing…"), times);
  else if (assay_service_get_offline (self->service))
    {
      /* Translators: %s is a time as in "13:40" */
      text = up_to > 0 ? g_strdup_printf (_("Offline: showing %s"), clock) : g_strdup (_("Offline"));
      show (self, "network-offline-symbolic", "dim-label", text, times);
    }
  else if (n_ats == 0)
    show (self, "network-offline-symbolic", "dim-label", _("No ATS connected"), NULL);
  else if (up_to == 0)
    show (self, "content-loading-symbolic", "dim-label", _("Not read yet"), times);
  else
    {
      /* Translators: %s is a time as in "14:02": what one sees is complete up to then */
      text = g_strdup_printf (_("Up to %s"), clock);
      show (self, "media-record-symbolic", "success", text, times);
    }
}

static void
settle_cb (gpointer user_data)
{
  AssayFreshness *self = user_data;

  self->settle_id = 0;
  update (self);
}

static void
syncing_cb (AssayFreshness *self)
{
  g_clear_handle_id (&self->settle_id, g_source_remove);
  if (assay_service_get_syncing (self->service))
    update (self);
  else
    self->settle_id = g_timeout_add_once (SETTLE_MILLISECONDS, settle_cb, self);
}

void
assay_freshness_set_service (AssayFreshness *self, AssayService *service)
{
  g_return_if_fail (ASSAY_IS_FRESHNESS (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::keyring-error", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::offline", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::syncing", G_CALLBACK (syncing_cb), self, G_CONNECT_SWAPPED);
  update (self);
}

void
assay_freshness_set_connections (AssayFreshness *self, GPtrArray *connections)
{
  g_return_if_fail (ASSAY_IS_FRESHNESS (self));

  g_clear_pointer (&self->connections, g_ptr_array_unref);
  self->connections = connections != NULL ? g_ptr_array_ref (connections) : NULL;
  update (self);
}

static void
assay_freshness_dispose (GObject *object)
{
  AssayFreshness *self = ASSAY_FRESHNESS (object);

  g_clear_handle_id (&self->settle_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_FRESHNESS);
  g_clear_object (&self->service);
  g_clear_pointer (&self->connections, g_ptr_array_unref);

  G_OBJECT_CLASS (assay_freshness_parent_class)->dispose (object);
}

static void
assay_freshness_class_init (AssayFreshnessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_freshness_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-freshness.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayFreshness, icon);
  gtk_widget_class_bind_template_child (widget_class, AssayFreshness, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayFreshness, label);
  gtk_widget_class_bind_template_child (widget_class, AssayFreshness, button);
}

static void
assay_freshness_init (AssayFreshness *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
