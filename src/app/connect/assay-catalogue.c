/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalogue of systems. */
#include "config.h"

#include "assay-catalogue.h"

#include <glib/gi18n.h>

#include "assay-connector.h"
#include "assay-format.h"
#include "assay-queries.h"
#include "assay-service-drafts.h"
#include "assay-question.h"

struct _AssayCatalogue
{
  AdwBin parent_instance;

  AssayService *service;
  GCancellable *cancellable;
  GPtrArray *rows;         /* (element-type System) */
  GPtrArray *draft_rows;   /* borrowed */

  /* template */
  GtkSearchEntry *search;
  AdwPreferencesGroup *draft_group;
  AdwPreferencesGroup *ats_group;
  AdwPreferencesGroup *provider_group;
  GtkWidget *no_system_label;
};

/* A line of it. */
typedef struct
{
  const AssayConnectorDescription *description;
  GtkWidget *row;
  GtkBox *state_box;
  GtkImage *state_icon;
  GtkLabel *state_label;
} System;

enum
{
  CHOSEN,
  RESUME,
  CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayCatalogue, assay_catalogue, ADW_TYPE_BIN)

/* ---- Searching ---- */

static gboolean
matches (const AssayConnectorDescription *description,
         const char                      *search)
{
  g_autofree char *all = g_strjoin (" ", description->id, _(description->name), _(description->summary), NULL);

  return g_str_match_string (search, all, TRUE);
}

static void
search_changed_cb (AssayCatalogue *self)
{
  const char *search = gtk_editable_get_text (GTK_EDITABLE (self->search));
  gboolean found[] = { FALSE, FALSE };

  for (guint i = 0; i < self->rows->len; i++)
    {
      const System *system = g_ptr_array_index (self->rows, i);
      gboolean visible = *search == '\0' || matches (system->description, search);

      gtk_widget_set_visible (system->row, visible);
      found[system->description->role] = found[system->description->role] || visible;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->ats_group), found[ASSAY_ROLE_ATS]);
  gtk_widget_set_visible (GTK_WIDGET (self->provider_group), found[ASSAY_ROLE_PROVIDER]);
  gtk_widget_set_visible (self->no_system_label, !found[ASSAY_ROLE_ATS] && !found[ASSAY_ROLE_PROVIDER]);
}

/* A search entry keeps Escape to itself. */
static void
search_stopped_cb (AssayCatalogue *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  else
    g_signal_emit (self, signals[CANCELLED], 0);
}

/* Enter in the search takes the first that is left. */
static void
search_activated_cb (AssayCatalogue *self)
{
  /* The entry tells of a change a moment later, Enter at once. */
  search_changed_cb (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const System *system = g_ptr_array_index (self->rows, i);

      if (gtk_widget_get_visible (system->row))
        {
          g_signal_emit (self, signals[CHOSEN], 0, system->description);
          return;
        }
    }
}

/* ---- Systems ---- */

static void
activated_cb (AssayCatalogue *self,
              GtkWidget      *row)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const System *system = g_ptr_array_index (self->rows, i);

      if (system->row == row)
        {
          g_signal_emit (self, signals[CHOSEN], 0, system->description);
          return;
        }
    }
}

static void
add_system (AssayCatalogue                  *self,
            const AssayConnectorDescription *description)
{
  gboolean is_ats = description->role == ASSAY_ROLE_ATS;
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  System *system = g_new0 (System, 1);

  system->description = description;
  system->row = adw_action_row_new ();
  system->state_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  system->state_icon = GTK_IMAGE (gtk_image_new ());
  system->state_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (system->state_label), "caption");
  gtk_box_append (system->state_box, GTK_WIDGET (system->state_icon));
  gtk_box_append (system->state_box, GTK_WIDGET (system->state_label));
  gtk_widget_hide (GTK_WIDGET (system->state_box));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (system->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (system->row), _(description->name));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (system->row), _(description->summary));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (system->row), 0);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (system->row),
                                is_ats ? "assay-candidates-symbolic" : "assay-assessments-symbolic");
  gtk_widget_add_css_class (arrow, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (system->row), GTK_WIDGET (system->state_box));
  adw_action_row_add_suffix (ADW_ACTION_ROW (system->row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (system->row), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (system->row),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(description->summary),
                                  -1);
  g_signal_connect_object (system->row, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (is_ats ? self->ats_group : self->provider_group, system->row);
  g_ptr_array_add (self->rows, system);
}

/* How those of a kind are that are connected, the worst first. */
static const struct
{
  AssayConnectionState state;
  const char *icon;
  const char *css_class;
  const char *word;
} looks[] = {
  { ASSAY_CONNECTION_FAILING, "dialog-error-symbolic", "error", N_("Failing") },
  { ASSAY_CONNECTION_ENABLED, "object-select-symbolic", "success", N_("Enabled") },
  { ASSAY_CONNECTION_DISABLED, "media-playback-pause-symbolic", "dim-label", N_("Disabled") },
  { ASSAY_CONNECTION_SAVED, "media-floppy-symbolic", "dim-label", N_("Saved") },
};

static void
show_state (const System *system,
            GPtrArray    *connections)
{
  guint counts[G_N_ELEMENTS (looks)] = { 0 };
  guint all = 0;

  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (g_strcmp0 (connection->kind, system->description->id) != 0)
        continue;
      all++;
      for (guint j = 0; j < G_N_ELEMENTS (looks); j++)
        if (looks[j].state == connection->state)
          counts[j]++;
    }
  gtk_widget_set_visible (GTK_WIDGET (system->state_box), all > 0);
  for (guint j = 0; j < G_N_ELEMENTS (looks); j++)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (system->state_icon), looks[j].css_class);
      gtk_widget_remove_css_class (GTK_WIDGET (system->state_label), looks[j].css_class);
    }
  for (guint j = 0; j < G_N_ELEMENTS (looks); j++)
    if (counts[j] > 0)
      {
        g_autofree char *text = NULL;
        g_autofree char *spoken = NULL;

        text = all == 1 ? g_strdup (_(looks[j].word))
                        /* Translators: %1$u is a number of connections that are as the word %2$s says ("Failing"),
                         * %3$u how many connections to the system there are */
                        : g_strdup_printf (_("%1$u of %3$u: %2$s"), counts[j], _(looks[j].word), all);
        gtk_image_set_from_icon_name (system->state_icon, looks[j].icon);
        gtk_label_set_label (system->state_label, text);
        gtk_widget_add_css_class (GTK_WIDGET (system->state_icon), looks[j].css_class);
        gtk_widget_add_css_class (GTK_WIDGET (system->state_label), looks[j].css_class);
        /* Translators: %1$s is what a system can do, %2$s how it is connected ("Enabled") */
        spoken = g_strdup_printf (_("%1$s. Connected: %2$s"), _(system->description->summary), text);
        gtk_accessible_update_property (GTK_ACCESSIBLE (system->row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken, -1);
        return;
      }
  gtk_accessible_update_property (GTK_ACCESSIBLE (system->row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _(system->description->summary), -1);
}

/* ---- Drafts ---- */

static void
discarded_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (AssayCatalogue) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_remove_connection_finish (ASSAY_SERVICE (source), result, &error) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.message", "s", error->message);
}

/* What is discarded: the draft, and the connection that only it has use for. */
typedef struct
{
  AssayCatalogue *catalogue;   /* owned */
  gint64 draft_id;
  gint64 connection_id;        /* 0 for none */
} Discard;

static void
discard_free (gpointer  data,
              GClosure *closure)
{
  Discard *discard = data;

  g_object_unref (discard->catalogue);
  g_free (discard);
}

static void
discard_response_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     Discard          *discard)
{
  AssayService *service = discard->catalogue->service;

  if (!g_str_equal (response, "discard"))
    return;
  assay_service_discard_draft (service, discard->draft_id);
  if (discard->connection_id != 0)
    assay_service_remove_connection_async (service, discard->connection_id, TRUE, NULL, discarded_cb,
                                           g_object_ref (discard->catalogue));
}

static void
discard_clicked_cb (AssayCatalogue *self,
                    GtkWidget      *button)
{
  const AssayDraft *draft = g_object_get_data (G_OBJECT (button), "draft");
  Discard *discard = g_new0 (Discard, 1);
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  discard->catalogue = g_object_ref (self);
  discard->draft_id = draft->id;
  discard->connection_id = draft->connection_id;
  /* Translators: %s is what a connection is called */
  heading = g_strdup_printf (_("Discard the set-up of %s?"), draft->name);
  dialog = assay_question_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading,
                                   draft->connection_id != 0
                                     ? _("What you filled in is forgotten, and its key leaves your keyring.")
                                     : _("What you filled in is forgotten."));
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "discard", _("Discard"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (discard_response_cb), discard, discard_free,
                         G_CONNECT_DEFAULT);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
draft_activated_cb (AssayCatalogue *self,
                    GtkWidget      *row)
{
  const AssayDraft *draft = g_object_get_data (G_OBJECT (row), "draft");

  g_signal_emit (self, signals[RESUME], 0, draft->id);
}

/* Takes @draft. */
static void
add_draft (AssayCatalogue *self,
           AssayDraft     *draft)
{
  const AssayConnectorDescription *description = assay_connector_find (draft->kind);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autofree char *time = assay_format_relative_time (draft->updated_at);
  g_autofree char *subtitle = NULL;
  g_autofree char *spoken = NULL;
  g_autofree char *resume = NULL;

  if (draft->name == NULL || *draft->name == '\0')
    {
      g_free (draft->name);
      draft->name = g_strdup (description != NULL ? _(description->name) : draft->kind);
    }
  if (description != NULL && g_strcmp0 (draft->name, _(description->name)) == 0)
    /* Translators: %s is a time such as "3 min ago" */
    subtitle = g_strdup_printf (_("Left %s"), time);
  else
    /* Translators: %1$s is a system such as Pinpoint, %2$s a time such as "3 min ago" */
    subtitle = g_strdup_printf (_("%1$s, left %2$s"), description != NULL ? _(description->name) : draft->kind, time);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), draft->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), "document-edit-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _("Discard"));
  /* Translators: %s is what a connection is called */
  spoken = g_strdup_printf (_("Discard the set-up of %s"), draft->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  /* The row is labelled by its title, which says nothing of what a click does. */
  resume = g_strdup_printf (_("Go on with %s"), draft->name);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, resume,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, subtitle, -1);
  gtk_widget_add_css_class (arrow, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (button), "draft", draft);
  g_object_set_data_full (G_OBJECT (row), "draft", draft, (GDestroyNotify) assay_draft_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (discard_clicked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "activated", G_CALLBACK (draft_activated_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->draft_group, row);
  g_ptr_array_add (self->draft_rows, row);
}

static void
show_drafts (AssayCatalogue *self,
             GPtrArray      *drafts)
{
  for (guint i = 0; i < self->draft_rows->len; i++)
    adw_preferences_group_remove (self->draft_group, g_ptr_array_index (self->draft_rows, i));
  g_ptr_array_set_size (self->draft_rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->draft_group), drafts->len > 0);
  while (drafts->len > 0)
    add_draft (self, g_ptr_array_steal_index (drafts, 0));
}

/* ---- What the store has ---- */

typedef struct
{
  GPtrArray *connections;
  GPtrArray *drafts;
} Contents;

static void
contents_free (gpointer data)
{
  Contents *contents = data;

  g_clear_pointer (&contents->connections, g_ptr_array_unref);
  g_clear_pointer (&contents->drafts, g_ptr_array_unref);
  g_free (contents);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Contents, contents_free)

static gpointer
read_contents (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  g_autoptr (Contents) contents = g_new0 (Contents, 1);

  contents->connections = assay_connections_list (database, error);
  if (contents->connections == NULL)
    return NULL;
  contents->drafts = assay_drafts_list (database, error);
  return contents->drafts != NULL ? g_steal_pointer (&contents) : NULL;
}

static gboolean
is_draft (const AssayConnection *connection,
          GPtrArray             *drafts)
{
  for (guint i = 0; i < drafts->len; i++)
    if (((const AssayDraft *) g_ptr_array_index (drafts, i))->connection_id == connection->id)
      return TRUE;
  return FALSE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  AssayCatalogue *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Contents) contents = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  /* What can be connected can be shown without what is. */
  if (contents == NULL)
    return;
  for (guint i = contents->connections->len; i > 0; i--)
    if (is_draft (g_ptr_array_index (contents->connections, i - 1), contents->drafts))
      g_ptr_array_remove_index (contents->connections, i - 1);
  for (guint i = 0; i < self->rows->len; i++)
    show_state (g_ptr_array_index (self->rows, i), contents->connections);
  show_drafts (self, contents->drafts);
}

static void
load (AssayCatalogue *self)
{
  assay_store_read_async (assay_service_get_store (self->service), read_contents, NULL, NULL, contents_free,
                          self->cancellable, read_cb, self);
}

static void
store_changed_cb (AssayCatalogue *self,
                  AssayChanges   *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_CONNECTIONS))
    load (self);
}

void
assay_catalogue_set_service (AssayCatalogue *self,
                             AssayService   *service)
{
  g_return_if_fail (ASSAY_IS_CATALOGUE (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  load (self);
}

/* ---- The object ---- */

static gboolean
assay_catalogue_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ASSAY_CATALOGUE (widget)->search));
}

static void
assay_catalogue_dispose (GObject *object)
{
  AssayCatalogue *self = ASSAY_CATALOGUE (object);

  g_cancellable_cancel (self->cancellable);
  /* The scrolled window is both the bin's child and one of the template's: it is taken off once only. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CATALOGUE);
  G_OBJECT_CLASS (assay_catalogue_parent_class)->dispose (object);
}

static void
assay_catalogue_finalize (GObject *object)
{
  AssayCatalogue *self = ASSAY_CATALOGUE (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->draft_rows);
  G_OBJECT_CLASS (assay_catalogue_parent_class)->finalize (object);
}

static void
assay_catalogue_class_init (AssayCatalogueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = assay_catalogue_dispose;
  object_class->finalize = assay_catalogue_finalize;
  widget_class->grab_focus = assay_catalogue_grab_focus;

  signals[CHOSEN] = g_signal_new ("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_POINTER);
  signals[RESUME] = g_signal_new ("resume", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_INT64);
  signals[CANCELLED] = g_signal_new ("cancelled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-catalogue.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayCatalogue, search);
  gtk_widget_class_bind_template_child (widget_class, AssayCatalogue, draft_group);
  gtk_widget_class_bind_template_child (widget_class, AssayCatalogue, ats_group);
  gtk_widget_class_bind_template_child (widget_class, AssayCatalogue, provider_group);
  gtk_widget_class_bind_template_child (widget_class, AssayCatalogue, no_system_label);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
}

static void
assay_catalogue_init (AssayCatalogue *self)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();

  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new_with_free_func (g_free);
  self->draft_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; kinds[i] != NULL; i++)
    add_system (self, kinds[i]);
}
