/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wizard in which one connects a system, drawn from the system's description.
 *
 *   systems ──▶ prepare ──▶ credentials ──▶ (sign-in) ──▶ check ──▶ (events) ──▶ summary ──▶ done
 *
 * The connection exists, as *saved*, from the moment its credentials are complete: only then can the keyring keep a key
 * that the vendor shows once. Until *Save* or *Enable* on the last page it is a draft too, which remembers where one was;
 * leaving says that it is kept. Nothing that was typed is lost by going back. A connection that was there before begins
 * at its credentials, or at its check, and has those two steps; or shows its live events alone. Everything long can be cancelled: a check by going back,
 * all of it by closing the window. */
#include "config.h"

#include "assay-connect-dialog.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>
#include <string.h>

#include "assay-accessible.h"
#include "assay-catalogue.h"
#include "assay-check-list.h"
#include "assay-chooser.h"
#include "assay-connect-form.h"
#include "assay-connection-row.h"
#include "assay-draft.h"
#include "assay-events-page.h"
#include "assay-notice.h"
#include "assay-portable.h"
#include "assay-prerequisites.h"
#include "assay-queries.h"
#include "assay-secrets.h"
#include "assay-service-doctor.h"
#include "assay-service-drafts.h"
#include "assay-sign-in-page.h"
#include "assay-step-rail.h"
#include "assay-webhook-choice.h"

#define MAX_STEPS 6

/* What the button of a notice does. */
typedef enum
{
  REMEDY_NONE,
  REMEDY_UNLOCK,
  REMEDY_CHANGE_SETTINGS,
  REMEDY_CHECK,
} Remedy;

struct _AssayConnectDialog
{
  AdwWindow parent_instance;

  AssayService *service;
  GCancellable *cancellable;
  GCancellable *check_cancellable;                /* (nullable) while a check is under way */
  const AssayConnectorDescription *description;   /* (nullable) until a system was chosen */
  AssayConnection *connection;                    /* (nullable) as it was read last */
  gint64 connection_id;                           /* 0 until it is saved */
  gint64 draft_id;                                /* 0 until there is one */
  gboolean chosen_here;                           /* whether *Back* leads to the choice of systems */
  gboolean existing;                              /* whether it was there before this window, and no draft */
  gboolean begin_with_check;
  gboolean begin_with_key;
  gboolean events_only;                           /* whether this window is for the live events of one that exists */
  gboolean busy;
  guint folded_id;
  gboolean finished;                              /* saved or enabled: no draft is left */
  gboolean dirty;                                 /* whether there is anything to keep as a draft */
  const char *steps[MAX_STEPS + 1];               /* the pages that are steps, NULL-terminated */
  Remedy remedy;                                  /* of the notice that shows */
  AssayProbe *probe;                              /* (nullable) the last one */
  GPtrArray *findings;                            /* (nullable) (element-type AssayFinding) of the same check */
  GHashTable *kept_secrets;                       /* (nullable) of the draft that one goes on with: name → secret */
  gboolean kept_secrets_locked;                   /* whether the keyring didn't give them yet */

  /* template */
  AdwWindowTitle *window_title;
  GtkWidget *back_button;
  AdwLeaflet *leaflet;
  AssayStepRail *rail;
  GtkStack *stack;
  AdwStatusPage *failed_page;
  AssayCatalogue *catalogue;
  GtkLabel *prepare_title;
  AssayNotice *request_notice;
  GtkBox *prerequisites;
  GtkWidget *hand_over_button;
  GtkWidget *prepare_button;
  GtkWidget *credentials_box;
  GtkLabel *form_title;
  AssayNotice *reason_notice;
  AssayConnectForm *form;
  AssayNotice *form_notice;
  GtkButton *store_button;
  GtkLabel *check_title;
  GtkLabel *check_description;
  AssayCheckList *check_list;
  AssaySignInPage *sign_in_page;
  AssayNotice *check_notice;
  GtkWidget *check_button;
  GtkWidget *check_next_button;
  GtkWidget *check_enable_button;
  GtkWidget *check_close_button;
  AssayEventsPage *events_page;
  AssayNotice *events_notice;
  GtkWidget *events_button;
  GtkLabel *summary_title;
  GtkLabel *summary_description;
  AdwPreferencesGroup *summary_group;
  AssayNotice *summary_notice;
  GtkWidget *save_button;
  GtkWidget *enable_button;
  AdwStatusPage *done_page;
  GtkButton *next_button;
  GtkWidget *done_button;

  GPtrArray *summary_rows;                        /* borrowed */
};

G_DEFINE_FINAL_TYPE (AssayConnectDialog, assay_connect_dialog, ADW_TYPE_WINDOW)

static void start_check (AssayConnectDialog *self);
static void stop_check (AssayConnectDialog *self);
static void show_page (AssayConnectDialog *self, const char *name);
static void leave_draft (AssayConnectDialog *self);

/* (transfer none): the connection's name, or its kind's */
static const char *
get_name (AssayConnectDialog *self)
{
  return self->connection != NULL ? self->connection->name : _(self->description->name);
}

static const char *
get_page (AssayConnectDialog *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

static gboolean
is_page (AssayConnectDialog *self,
         const char         *name)
{
  return g_strcmp0 (get_page (self), name) == 0;
}

static gboolean
is_enabled (AssayConnectDialog *self)
{
  return self->connection != NULL && (self->connection->state == ASSAY_CONNECTION_ENABLED ||
                                      self->connection->state == ASSAY_CONNECTION_FAILING);
}

/* ---- Steps ---- */

static const struct
{
  const char *page;
  const char *title;
} step_titles[] = {
  { "prepare", N_("Before you begin") },
  { "credentials", N_("Address and key") },
  { "sign-in", N_("Sign in") },
  { "check", N_("Check") },
  { "events", N_("Live events") },
  { "summary", N_("Save and enable") },
};

/* Whether the connection is one that signs in through the browser. */
static gboolean
signs_in (AssayConnectDialog *self)
{
  return self->connection != NULL && assay_connector_uses_sign_in (self->description, self->connection->settings);
}

static void
set_steps (AssayConnectDialog *self)
{
  const char *titles[MAX_STEPS + 1] = { NULL };
  guint n = 0;

  if (!self->existing)
    self->steps[n++] = "prepare";
  if (!self->events_only)
    {
      self->steps[n++] = "credentials";
      if (signs_in (self))
        self->steps[n++] = "sign-in";
      self->steps[n++] = "check";
    }
  if (self->events_only || (!self->existing && self->description->webhook != NULL))
    self->steps[n++] = "events";
  if (!self->existing)
    self->steps[n++] = "summary";
  self->steps[n] = NULL;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < G_N_ELEMENTS (step_titles); j++)
      if (g_str_equal (step_titles[j].page, self->steps[i]))
        titles[i] = _(step_titles[j].title);
  assay_step_rail_set_steps (self->rail, titles);
}

/* The step at hand, from 0; -1 when the page is none. */
static int
get_step (AssayConnectDialog *self)
{
  for (int i = 0; self->steps[i] != NULL; i++)
    if (is_page (self, self->steps[i]))
      return i;
  return -1;
}

/* ---- The frame ---- */

static void
update_frame (AssayConnectDialog *self)
{
  const char *page = get_page (self);
  const int step = self->description != NULL ? get_step (self) : -1;
  const gboolean rail = step >= 0 && !self->existing;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  gboolean back;

  if (self->description == NULL || g_strcmp0 (page, "systems") == 0)
    title = g_strdup (self->existing ? _("Connection") : _("Connect a System"));
  else if (self->existing)
    title = g_strdup (get_name (self));
  else
    /* Translators: %s is a system such as Pinpoint, or what the user calls the connection to it */
    title = g_strdup_printf (_("Connect %s"), get_name (self));
  if (rail && adw_leaflet_get_folded (self->leaflet))
    /* Translators: %1$d is the number of the step at hand, %2$u how many steps there are */
    subtitle = g_strdup_printf (_("Step %1$d of %2$u"), step + 1, g_strv_length ((char **) self->steps));
  adw_window_title_set_title (self->window_title, title);
  adw_window_title_set_subtitle (self->window_title, subtitle != NULL ? subtitle : "");
  gtk_window_set_title (GTK_WINDOW (self), title);

  gtk_widget_set_visible (GTK_WIDGET (self->rail), rail);
  if (step >= 0)
    assay_step_rail_set_current (self->rail, (guint) step);

  back = step > 0 || (step == 0 && self->chosen_here && !self->existing);
  gtk_widget_set_visible (self->back_button, back);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.back",
                                 back && (!self->busy || self->check_cancellable != NULL));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.next",
                                 !self->busy && step >= 0 && (self->steps[step + 1] != NULL || self->events_only) &&
                                   !is_page (self, "sign-in") &&
                                   (!is_page (self, "check") || (self->probe != NULL && self->probe->ok)));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.check",
                                 !self->busy && self->connection_id != 0 && !self->events_only);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.save", !self->busy && is_page (self, "summary"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.enable",
                                 !self->busy && self->probe != NULL && self->probe->ok);
  gtk_widget_set_sensitive (self->credentials_box, !self->busy);
  gtk_button_set_label (self->store_button, self->busy && g_strcmp0 (page, "credentials") == 0 ? _("Saving…")
                                            : self->existing                                   ? _("Save and test")
                                                                                               : _("Continue"));
}

static void
folded_idle_cb (gpointer user_data)
{
  AssayConnectDialog *self = user_data;

  self->folded_id = 0;
  update_frame (self);
}

/* Told in the middle of a layout, where a header bar that wants another size isn't drawn at all. */
static void
folded_cb (AssayConnectDialog *self)
{
  /* Told too while the template is being made. */
  if (self->stack != NULL && self->window_title != NULL && self->folded_id == 0)
    self->folded_id = g_idle_add_once (folded_idle_cb, self);
}

static void
set_busy (AssayConnectDialog *self,
          gboolean            busy)
{
  self->busy = busy;
  update_frame (self);
}

/* Says what went wrong, with the remedy that this window knows. */
static void
say_error (AssayConnectDialog *self,
           AssayNotice        *notice,
           const GError       *error)
{
  const char *button = NULL;

  self->remedy = REMEDY_NONE;
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_LOCKED))
    {
      self->remedy = REMEDY_UNLOCK;
      button = _("Unlock");
    }
  else if (notice == self->form_notice && assay_error_is_keyring (error))
    {
      self->remedy = REMEDY_UNLOCK;
      button = _("Try again");
    }
  else if (notice == self->check_notice &&
           (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
            g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) ||
            g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID) ||
            g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ||
            g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE) ||
            /* No answer may be a matter of the address; a vendor that is out of order isn't. */
            (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) &&
             assay_error_get_vendor_status (error) == 0)))
    {
      self->remedy = REMEDY_CHANGE_SETTINGS;
      /* Some systems can't give a key another permission: it takes another key. */
      button = g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
                   g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN)
                 ? _("Change the key")
                 : _("Change settings");
    }
  else if (notice == self->summary_notice)
    {
      self->remedy = REMEDY_CHECK;
      button = _("Check again");
    }
  assay_notice_say_error (notice, error, button);
}

/* ---- Drafts ---- */

static AssayDraft *
make_draft (AssayConnectDialog *self)
{
  AssayDraft *draft = assay_draft_new ();

  if (self->draft_id == 0)
    self->draft_id = draft->id;
  draft->id = self->draft_id;
  draft->kind = g_strdup (self->description->id);
  draft->connection_id = self->connection_id;
  draft->name = assay_connect_form_dup_name (self->form);
  g_hash_table_unref (draft->settings);
  draft->settings = assay_connect_form_dup_settings (self->form, FALSE);
  draft->step = g_strdup (get_step (self) >= 0 ? get_page (self) : "credentials");
  return draft;
}

/* Remembers where one is, as far as there is anything to remember. */
static void
keep_draft (AssayConnectDialog *self)
{
  if (self->existing || self->finished || self->description == NULL || !self->dirty)
    return;
  assay_service_keep_draft_async (self->service, make_draft (self), NULL, NULL, NULL);
}

/* What is begun is finished, or given up. */
static void
drop_draft (AssayConnectDialog *self)
{
  self->finished = TRUE;
  if (self->draft_id != 0)
    assay_service_discard_draft (self->service, self->draft_id);
  self->draft_id = 0;
}

/* (transfer full): what was typed as a secret on any page and isn't in the keyring yet */
static GHashTable *
dup_typed_secrets (AssayConnectDialog *self)
{
  GHashTable *secrets = assay_connect_form_dup_secrets (self->form);
  g_autoptr (GHashTable) more = assay_events_page_dup_secrets (self->events_page);
  GHashTableIter iter;
  const char *name;
  const char *value;

  g_hash_table_iter_init (&iter, more);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    assay_secrets_table_set (secrets, name, value);
  return secrets;
}

/* Adds to @secrets what the keyring holds of the draft, where nothing else was typed since. */
static void
add_kept_secrets (AssayConnectDialog *self,
                  GHashTable         *secrets)
{
  GHashTableIter iter;
  const char *name;
  const char *value;

  if (self->kept_secrets == NULL)
    return;
  g_hash_table_iter_init (&iter, self->kept_secrets);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    if (!g_hash_table_contains (secrets, name))
      assay_secrets_table_set (secrets, name, value);
}

/* The connection has them now. */
static void
forget_kept_secrets (AssayConnectDialog *self)
{
  if (self->kept_secrets == NULL)
    return;
  g_clear_pointer (&self->kept_secrets, g_hash_table_unref);
  assay_service_forget_draft_secrets (self->service, self->draft_id);
}

/* ---- Pages ---- */

static void
show_page (AssayConnectDialog *self,
           const char         *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  update_frame (self);
}

static void fill_summary (AssayConnectDialog *self);

/* To a step, with the focus where one goes on. */
static void
go_to (AssayConnectDialog *self,
       const char         *page)
{
  if (g_str_equal (page, "summary"))
    fill_summary (self);
  assay_notice_clear (self->summary_notice);
  assay_notice_clear (self->events_notice);
  show_page (self, page);
  keep_draft (self);

  if (g_str_equal (page, "prepare"))
    gtk_widget_grab_focus (self->prepare_button);
  else if (g_str_equal (page, "credentials"))
    assay_connect_form_focus (self->form, FALSE);
  else if (g_str_equal (page, "sign-in"))
    gtk_widget_grab_focus (GTK_WIDGET (self->sign_in_page));
  else if (g_str_equal (page, "check"))
    gtk_widget_grab_focus (self->probe != NULL && self->probe->ok ? self->check_next_button : self->check_button);
  else if (g_str_equal (page, "events"))
    gtk_widget_grab_focus (self->events_button);
  else if (g_str_equal (page, "summary"))
    gtk_widget_grab_focus (self->enable_button);
}

/* (nullable) (transfer none): the secret to copy, in the way of connecting that is filled in */
static const AssaySecretDescription *
find_secret (AssayConnectDialog *self)
{
  g_autoptr (GHashTable) settings = assay_connect_form_dup_settings (self->form, FALSE);

  for (guint i = 0; self->description->secrets[i].name != NULL; i++)
    {
      const AssaySecretDescription *secret = &self->description->secrets[i];

      if (secret->required && assay_connector_applies (self->description, secret->only_with, settings))
        return secret;
    }
  return NULL;
}

static void
update_form_title (AssayConnectDialog *self)
{
  const AssayConnectorDescription *description = self->description;
  const AssaySecretDescription *secret = find_secret (self);
  g_autofree char *title = NULL;

  if (self->existing)
    /* Translators: %s is the name of a connection */
    title = g_strdup_printf (_("Change the settings of %s"), get_name (self));
  else if (secret != NULL)
    /* Translators: %1$s is what the system calls its secret ("API key"), %2$s the system */
    title = g_strdup_printf (_("Copy your %1$s from %2$s"), _(secret->title), _(description->name));
  else if ((description->capabilities & ASSAY_CAN_IMPORT) != 0)
    /* Translators: %s is a system such as hackajob */
    title = g_strdup_printf (_("Fill in how you work with %s"), _(description->name));
  else
    /* Translators: %s is a system such as Pinpoint */
    title = g_strdup_printf (_("Fill in how Assay reaches %s"), _(description->name));
  gtk_label_set_label (self->form_title, title);
}

/* Draws what depends on the system alone, and fills the form. */
static void
fill (AssayConnectDialog *self,
      const char         *name,
      GHashTable         *settings)
{
  const AssayConnectorDescription *description = self->description;
  const gboolean keeps_saved = self->connection_id != 0;
  g_autofree char *prepare = NULL;

  set_steps (self);
  /* Translators: %s is a system such as Pinpoint */
  prepare = g_strdup_printf (_("Make sure that you can connect %s"), _(description->name));
  gtk_label_set_label (self->prepare_title, prepare);
  assay_prerequisites_fill (self->prerequisites, description);

  assay_connect_form_fill (self->form, description, name, settings, keeps_saved);
  update_form_title (self);
  if (description->webhook != NULL)
    assay_events_page_fill (self->events_page, description, assay_service_get_sync_interval (self->service),
                            keeps_saved);

  assay_notice_clear (self->request_notice);
  assay_notice_clear (self->form_notice);
  assay_notice_clear (self->reason_notice);
  if (self->connection != NULL && self->connection->state == ASSAY_CONNECTION_FAILING)
    {
      g_autofree char *sentence = assay_connection_row_dup_reason (self->connection);

      assay_notice_say (self->reason_notice, ASSAY_NOTICE_WARNING, sentence, NULL);
    }
}

static void
begin (AssayConnectDialog              *self,
       const AssayConnectorDescription *description)
{
  /* Coming back to the same system finds what was typed; what was begun of another is a draft of its own. */
  if (self->description != description)
    {
      leave_draft (self);
      self->description = description;
      self->connection_id = 0;
      self->draft_id = 0;
      self->dirty = FALSE;
      self->kept_secrets_locked = FALSE;
      g_clear_pointer (&self->kept_secrets, g_hash_table_unref);
      g_clear_pointer (&self->connection, assay_connection_free);
      g_clear_pointer (&self->probe, assay_probe_free);
      g_clear_pointer (&self->findings, g_ptr_array_unref);
      fill (self, NULL, NULL);
    }
  go_to (self, "prepare");
}

static void
system_chosen_cb (AssayConnectDialog              *self,
                  const AssayConnectorDescription *description)
{
  self->chosen_here = TRUE;
  begin (self, description);
}

static void
cancelled_cb (AssayConnectDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
form_changed_cb (AssayConnectDialog *self)
{
  /* What was said of the last attempt doesn't hold for this one. */
  assay_notice_clear (self->form_notice);
  self->dirty = TRUE;
  update_form_title (self);
}

static void
form_activated_cb (AssayConnectDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "connect.next", NULL);
}

/* ---- Handing over ---- */

static void
handed_over_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (AssayConnectDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *sentence = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      if (!g_cancellable_is_cancelled (self->cancellable))
        assay_notice_say_error (self->request_notice, error, NULL);
      return;
    }
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  name = g_file_get_basename (G_FILE (source));
  /* Translators: %s is a file's name */
  sentence = g_strdup_printf (_("“%s” has no key in it. Send it to your colleague: opened in their Assay, it begins "
                                "where you are."),
                              name);
  assay_notice_say (self->request_notice, ASSAY_NOTICE_INFORMATION, sentence, NULL);
}

static void
hand_over_chosen_cb (GFile    *file,
                     gpointer  user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (AssayDraft) draft = make_draft (self);
  g_autofree char *text = assay_setup_request_write (draft);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, self->cancellable,
                                       handed_over_cb, g_object_ref (self));
}

static void
hand_over_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_("Save the Set-Up Request"), GTK_WINDOW (self),
                                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autoptr (AssayDraft) draft = make_draft (self);
  g_autofree char *name = assay_setup_request_dup_file_name (draft);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  assay_chooser_show (chooser, hand_over_chosen_cb, self, NULL);
}

/* ---- Reading the connection ---- */

/* Runs on a thread of the store. */
static gpointer
read_connection (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  const gint64 *id = data;

  return assay_connections_get (database, *id, error);
}

static void
read_async (AssayConnectDialog  *self,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback)
{
  assay_store_read_async (assay_service_get_store (self->service), read_connection,
                          g_memdup2 (&self->connection_id, sizeof self->connection_id), g_free,
                          (GDestroyNotify) assay_connection_free, cancellable, callback, self);
}

static void
take_connection (AssayConnectDialog *self,
                 AssayConnection    *connection)
{
  g_clear_pointer (&self->connection, assay_connection_free);
  self->connection = connection;
}

static void
show_failure (AssayConnectDialog *self,
              const GError       *error)
{
  g_autofree char *escaped = error != NULL ? g_markup_escape_text (error->message, -1) : NULL;

  adw_status_page_set_description (self->failed_page,
                                   escaped != NULL ? escaped : _("This version of Assay doesn’t know its kind."));
  show_page (self, "failed");
}

/* Runs on a thread of the store. */
static gpointer
read_events (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  return assay_webhook_choice_get (database, *(const gint64 *) data, error);
}

static void
events_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) events = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (events == NULL)
    {
      show_failure (self, error);
      return;
    }
  assay_events_page_set_events (self->events_page, (const char *const *) events);
  assay_events_page_expand (self->events_page);
  gtk_button_set_label (GTK_BUTTON (self->events_button), _("Done"));
  go_to (self, "events");
}

static void
first_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (source), result, &error);
  const AssayConnectorDescription *description;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  description = connection != NULL ? assay_connector_find (connection->kind) : NULL;
  if (description == NULL)
    {
      show_failure (self, error);
      return;
    }
  take_connection (self, g_steal_pointer (&connection));
  self->description = description;
  fill (self, self->connection->name, self->connection->settings);
  if (self->events_only)
    assay_store_read_async (assay_service_get_store (self->service), read_events,
                            g_memdup2 (&self->connection_id, sizeof self->connection_id), g_free,
                            (GDestroyNotify) g_strfreev, self->cancellable, events_read_cb, self);
  else if (self->begin_with_check)
    start_check (self);
  else
    {
      show_page (self, "credentials");
      assay_connect_form_focus (self->form,
                                self->begin_with_key ||
                                  g_strcmp0 (self->connection->reason_code, "unauthorized") == 0);
    }
}

/* ---- Going on with a draft ---- */

/* A draft with its connection, if it has one. */
typedef struct
{
  AssayDraft *draft;
  AssayConnection *connection;   /* (nullable) */
  char **events;                 /* (nullable) of its webhook */
} Resumed;

static void
resumed_free (gpointer data)
{
  Resumed *resumed = data;

  assay_draft_free (resumed->draft);
  assay_connection_free (resumed->connection);
  g_strfreev (resumed->events);
  g_free (resumed);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Resumed, resumed_free)

static gpointer
read_draft (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  Resumed *resumed = g_new0 (Resumed, 1);

  resumed->draft = assay_drafts_get (database, *(const gint64 *) data, error);
  if (resumed->draft == NULL)
    {
      resumed_free (resumed);
      return NULL;
    }
  /* One that was disconnected meanwhile begins anew. */
  if (resumed->draft->connection_id != 0)
    {
      resumed->connection = assay_connections_get (database, resumed->draft->connection_id, NULL);
      resumed->events = assay_webhook_choice_get (database, resumed->draft->connection_id, NULL);
    }
  return resumed;
}

static void
kept_secrets_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  GHashTable *secrets = assay_service_look_up_draft_finish (ASSAY_SERVICE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (self->kept_secrets_locked)
    set_busy (self, FALSE);
  self->kept_secrets_locked = secrets == NULL;
  if (secrets == NULL)
    {
      say_error (self, self->form_notice, error);
      return;
    }
  assay_notice_clear (self->form_notice);
  if (g_hash_table_size (secrets) == 0)
    {
      g_hash_table_unref (secrets);
      return;
    }
  g_clear_pointer (&self->kept_secrets, g_hash_table_unref);
  self->kept_secrets = secrets;
  assay_connect_form_note_kept (self->form, secrets);
  assay_events_page_note_kept (self->events_page, secrets);
}

static void
draft_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Resumed) resumed = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->busy = FALSE;
  self->description = resumed != NULL ? assay_connector_find (resumed->draft->kind) : NULL;
  if (self->description == NULL)
    {
      show_failure (self, error);
      return;
    }
  self->draft_id = resumed->draft->id;
  self->dirty = TRUE;
  self->connection_id = resumed->connection != NULL ? resumed->connection->id : 0;
  take_connection (self, g_steal_pointer (&resumed->connection));
  fill (self, resumed->draft->name, resumed->draft->settings);
  if (resumed->events != NULL)
    assay_events_page_set_events (self->events_page, (const char *const *) resumed->events);
  assay_service_look_up_draft_async (self->service, self->draft_id, FALSE, self->cancellable, kept_secrets_cb, self);
  if (self->connection_id == 0)
    go_to (self, g_strcmp0 (resumed->draft->step, "prepare") == 0 ? "prepare" : "credentials");
  else if (g_strcmp0 (resumed->draft->step, "credentials") == 0 || g_strcmp0 (resumed->draft->step, "prepare") == 0)
    go_to (self, resumed->draft->step);
  else
    /* Whatever was found then, it is looked at again; what comes after is a step away. */
    start_check (self);
}

static void
resume (AssayConnectDialog *self,
        gint64              draft_id)
{
  self->busy = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), read_draft, g_memdup2 (&draft_id, sizeof draft_id),
                          g_free, resumed_free, self->cancellable, draft_read_cb, self);
}

static void
resume_cb (AssayConnectDialog *self,
           gint64              draft_id)
{
  if (self->busy)
    return;
  self->chosen_here = TRUE;
  resume (self, draft_id);
}

/* ---- Saving what was filled in ---- */

static void
stored_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->busy = FALSE;
  if (connection != NULL)
    take_connection (self, g_steal_pointer (&connection));
  set_steps (self);
  if (signs_in (self))
    {
      assay_sign_in_page_fill (self->sign_in_page, self->service, self->description, self->connection);
      go_to (self, "sign-in");
      return;
    }
  start_check (self);
}

static void
signed_in_cb (AssayConnectDialog *self)
{
  if (is_page (self, "sign-in"))
    start_check (self);
}

static void
stored (AssayConnectDialog *self,
        const GError       *error)
{
  if (error != NULL)
    {
      set_busy (self, FALSE);
      say_error (self, self->form_notice, error);
      if (!gtk_widget_grab_focus (GTK_WIDGET (self->form_notice)))
        gtk_widget_grab_focus (GTK_WIDGET (self->store_button));
      return;
    }
  /* What is in the keyring now needn't be typed again. */
  assay_connect_form_set_saved (self->form);
  forget_kept_secrets (self);
  self->dirty = TRUE;
  read_async (self, self->cancellable, stored_read_cb);
}

static void
add_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 id = assay_service_add_connection_finish (ASSAY_SERVICE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (id != 0)
    self->connection_id = id;
  stored (self, error);
}

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  assay_service_set_connection_finish (ASSAY_SERVICE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  stored (self, error);
}

static void
store_credentials (AssayConnectDialog *self)
{
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GHashTable) secrets = NULL;
  g_autofree char *name = NULL;

  if (!assay_connect_form_check (self->form))
    return;
  /* For a connection that exists, an empty value takes the old one away. */
  settings = assay_connect_form_dup_settings (self->form, self->connection_id != 0);
  secrets = assay_connect_form_dup_secrets (self->form);
  add_kept_secrets (self, secrets);
  name = assay_connect_form_dup_name (self->form);
  assay_notice_clear (self->form_notice);
  /* An entry that turns insensitive while it has the focus goes on blinking. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  set_busy (self, TRUE);
  if (self->connection_id == 0)
    assay_service_add_connection_async (self->service, self->description->id, name, settings, secrets,
                                        self->cancellable, add_cb, self);
  else
    assay_service_set_connection_async (self->service, self->connection_id, *name != '\0' ? name : NULL, settings,
                                        secrets, self->cancellable, set_cb, self);
}

/* ---- Remedies ---- */

static void
unlock_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_unlock_keyring_finish (ASSAY_SERVICE (source), result, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      set_busy (self, FALSE);
      say_error (self, is_page (self, "credentials") ? self->form_notice : self->check_notice, error);
      return;
    }
  set_busy (self, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), is_page (self, "credentials") ? "connect.next" : "connect.check",
                              NULL);
}

static void
unlock (AssayConnectDialog *self)
{
  set_busy (self, TRUE);
  if (self->kept_secrets_locked)
    {
      assay_service_look_up_draft_async (self->service, self->draft_id, TRUE, self->cancellable, kept_secrets_cb, self);
      return;
    }
  assay_service_unlock_keyring_async (self->service, self->cancellable, unlock_cb, self);
}

static void
form_notice_activated_cb (AssayConnectDialog *self)
{
  if (self->remedy == REMEDY_UNLOCK && !self->busy)
    unlock (self);
}

static void
check_notice_activated_cb (AssayConnectDialog *self)
{
  if (self->busy)
    return;
  if (self->remedy == REMEDY_UNLOCK)
    unlock (self);
  else if (self->remedy == REMEDY_CHANGE_SETTINGS)
    {
      show_page (self, "credentials");
      assay_connect_form_focus (self->form,
                                self->probe != NULL &&
                                  g_error_matches (self->probe->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED));
    }
}

static void
events_notice_activated_cb (AssayConnectDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "connect.next", NULL);
}

static void
summary_notice_activated_cb (AssayConnectDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "connect.check", NULL);
}

/* ---- Checking ---- */

/* The one step that helps. */
static void
focus_remedy (AssayConnectDialog *self)
{
  if (!gtk_widget_grab_focus (GTK_WIDGET (self->check_notice)))
    gtk_widget_grab_focus (self->check_button);
}

/* The probe is over, and its lines are ticked. */
static void
show_outcome (AssayConnectDialog *self)
{
  const gboolean enabled = is_enabled (self);
  g_autofree char *title = NULL;
  const char *description;
  GtkWidget *next;

  assay_notice_clear (self->check_notice);
  if (self->probe->ok)
    {
      /* Translators: %s is the name of a connection */
      title = g_strdup_printf (_("%s is ready"), get_name (self));
      description = enabled          ? _("It is enabled.")
                    : self->existing ? _("Enable it, and Assay begins to use it.")
                                     : _("Everything that Assay needs is there.");
    }
  else
    {
      /* Translators: %s is the name of a connection */
      title = g_strdup_printf (_("%s isn’t ready yet"), get_name (self));
      if (enabled)
        description = _("It is enabled, but can’t work until this is mended.");
      else if (g_error_matches (self->probe->error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED) ||
               assay_error_get_vendor_status (self->probe->error) >= 500)
        description = _("What you filled in is kept. Check again later.");
      else
        description = _("What you filled in is kept. Mend what is marked, then check again.");
      if (self->probe->error != NULL)
        say_error (self, self->check_notice, self->probe->error);
    }
  gtk_label_set_label (self->check_title, title);
  gtk_label_set_label (self->check_description, description);
  gtk_widget_set_visible (self->check_next_button, self->probe->ok && !self->existing);
  gtk_widget_set_visible (self->check_enable_button, self->probe->ok && self->existing && !enabled);
  gtk_widget_set_visible (self->check_close_button, self->probe->ok && self->existing && enabled);
  g_clear_object (&self->check_cancellable);
  set_busy (self, FALSE);

  next = !self->existing ? self->check_next_button : enabled ? self->check_close_button : self->check_enable_button;
  if (self->probe->ok)
    gtk_widget_grab_focus (next);
  else
    focus_remedy (self);
}

static void
checked_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (connection != NULL)
    take_connection (self, g_steal_pointer (&connection));
  assay_check_list_show (self->check_list, self->probe, self->findings);
  show_outcome (self);
}

/* Each permission as it answers. */
static void
check_progress_cb (const AssayProbe *probe,
                   gpointer          user_data)
{
  assay_check_list_tick (ASSAY_CONNECT_DIALOG (user_data)->check_list, probe);
}

static void
diagnosed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDiagnosis) diagnosis = assay_service_diagnose_finish (ASSAY_SERVICE (source), result, &error);
  g_autofree char *title = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (diagnosis != NULL && diagnosis->probe != NULL)
    {
      self->probe = g_steal_pointer (&diagnosis->probe);
      self->findings = g_steal_pointer (&diagnosis->findings);
      /* The test may have changed the connection's state. */
      read_async (self, self->check_cancellable, checked_read_cb);
      return;
    }
  assay_check_list_stop (self->check_list);
  title = g_strdup_printf (_("%s couldn’t be checked"), get_name (self));
  gtk_label_set_label (self->check_title, title);
  gtk_label_set_label (self->check_description, _("What you filled in is kept."));
  say_error (self, self->check_notice, diagnosis != NULL ? diagnosis->error : error);
  g_clear_object (&self->check_cancellable);
  set_busy (self, FALSE);
  focus_remedy (self);
}

/* Gives up the check under way, if there is one. */
static void
stop_check (AssayConnectDialog *self)
{
  if (self->check_cancellable == NULL)
    return;
  assay_check_list_stop (self->check_list);
  g_cancellable_cancel (self->check_cancellable);
  g_clear_object (&self->check_cancellable);
  self->busy = FALSE;
}

static void
start_check (AssayConnectDialog *self)
{
  g_autofree char *title = NULL;

  stop_check (self);
  g_clear_pointer (&self->probe, assay_probe_free);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  assay_notice_clear (self->check_notice);
  assay_check_list_begin (self->check_list, self->description);

  /* Translators: %s is the name of a connection */
  title = g_strdup_printf (_("Checking %s"), get_name (self));
  gtk_label_set_label (self->check_title, title);
  gtk_label_set_label (self->check_description, _("Assay asks for a little of everything that it needs."));
  gtk_widget_hide (self->check_next_button);
  gtk_widget_hide (self->check_enable_button);
  gtk_widget_hide (self->check_close_button);
  self->busy = TRUE;
  self->check_cancellable = g_cancellable_new ();
  show_page (self, "check");
  keep_draft (self);
  assay_service_diagnose_async (self->service, self->connection_id, check_progress_cb, self, self->check_cancellable,
                                diagnosed_cb, self);
}

static void
check_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);

  if (!self->busy)
    start_check (self);
}

/* ---- Live events ---- */

typedef struct
{
  gint64 connection_id;
  char **events;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  g_strfreev (choice->events);
  g_free (choice);
}

static gpointer
write_choice (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  const Choice *choice = data;

  assay_webhook_choice_set (database, choice->connection_id, (const char *const *) choice->events, error);
  return NULL;
}

/* At once, so that it is there however one leaves. */
static void
events_changed_cb (AssayConnectDialog *self)
{
  Choice *choice = g_new0 (Choice, 1);

  choice->connection_id = self->connection_id;
  choice->events = assay_events_page_dup_events (self->events_page);
  assay_store_write_async (assay_service_get_store (self->service), write_choice, choice, choice_free, NULL, NULL, NULL,
                           NULL);
}

static void
leave_events (AssayConnectDialog *self)
{
  if (self->events_only)
    gtk_window_close (GTK_WINDOW (self));
  else
    go_to (self, "summary");
}

static void
events_stored_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  assay_service_set_connection_finish (ASSAY_SERVICE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->busy = FALSE;
  if (error != NULL)
    {
      say_error (self, self->events_notice, error);
      update_frame (self);
      return;
    }
  assay_events_page_set_saved (self->events_page);
  forget_kept_secrets (self);
  leave_events (self);
}

static void
store_events (AssayConnectDialog *self)
{
  g_autoptr (GHashTable) secrets = NULL;

  if (!assay_events_page_check (self->events_page))
    return;
  secrets = assay_events_page_dup_secrets (self->events_page);
  add_kept_secrets (self, secrets);
  if (g_hash_table_size (secrets) == 0)
    {
      leave_events (self);
      return;
    }
  set_busy (self, TRUE);
  assay_service_set_connection_async (self->service, self->connection_id, NULL, NULL, secrets, self->cancellable,
                                      events_stored_cb, self);
}

/* ---- From step to step ---- */

static void
next_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);
  int step = get_step (self);

  if (self->busy || step < 0)
    return;
  if (is_page (self, "credentials"))
    store_credentials (self);
  else if (is_page (self, "sign-in"))
    return;
  else if (is_page (self, "events"))
    store_events (self);
  else if (self->steps[step + 1] != NULL)
    go_to (self, self->steps[step + 1]);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);
  int step;

  stop_check (self);
  assay_sign_in_page_cancel (self->sign_in_page);
  step = get_step (self);
  if (self->busy || step < 0)
    return;
  if (step > 0)
    go_to (self, self->steps[step - 1]);
  else if (self->chosen_here && !self->existing)
    {
      keep_draft (self);
      show_page (self, "systems");
      gtk_widget_grab_focus (GTK_WIDGET (self->catalogue));
    }
}

/* ---- The last page ---- */

static void
add_summary (AssayConnectDialog *self,
             const char         *title,
             const char         *text)
{
  GtkWidget *row;

  if (text == NULL || *text == '\0')
    return;
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  adw_preferences_group_add (self->summary_group, row);
  g_ptr_array_add (self->summary_rows, row);
}

static void
fill_summary (AssayConnectDialog *self)
{
  const gboolean is_ats = self->description->role == ASSAY_ROLE_ATS;
  g_autofree char *title = NULL;
  g_autofree char *address = NULL;
  g_autofree char *unknown = NULL;
  GString *unproved = g_string_new (NULL);
  gboolean all_there = TRUE;

  for (guint i = 0; i < self->summary_rows->len; i++)
    adw_preferences_group_remove (self->summary_group, g_ptr_array_index (self->summary_rows, i));
  g_ptr_array_set_size (self->summary_rows, 0);

  /* Translators: %s is the name of a connection */
  title = g_strdup_printf (_("Enable %s"), get_name (self));
  gtk_label_set_label (self->summary_title, title);
  gtk_label_set_label (self->summary_description,
                       is_ats
                         ? _("Save keeps it for later. Enable lets Assay read jobs and candidates from now on.")
                       : (self->description->capabilities & ASSAY_CAN_IMPORT) != 0
                         ? _("Save keeps it for later. Enable shows the list of its candidates.")
                         : _("Save keeps it for later. Enable lets you send its assessments."));
  address = self->connection != NULL
              ? assay_connector_dup_base_url (self->description, self->connection->settings, NULL)
              : NULL;
  add_summary (self, _("System"), _(self->description->name));
  add_summary (self, _("Account"), self->connection != NULL ? self->connection->account : NULL);
  add_summary (self, _("Address"), address);
  for (guint i = 0; self->probe != NULL && i < self->probe->permissions->len; i++)
    {
      const AssayPermission *permission = g_ptr_array_index (self->probe->permissions, i);

      all_there = all_there && permission->granted == ASSAY_GRANTED_YES;
      if (permission->granted == ASSAY_GRANTED_UNKNOWN)
        g_string_append_printf (unproved, "%s%s: %s", unproved->len > 0 ? ", " : "", permission->name,
                                permission->access);
    }
  unknown = g_string_free (unproved, FALSE);
  add_summary (self, _("Permissions"), all_there ? _("All are there.") : NULL);
  add_summary (self, _("Shown by the first use only"), unknown);
  if (self->description->webhook != NULL)
    add_summary (self, _("Live events"), _("Without a relay Assay asks for news every few minutes."));
}

/* Runs on a thread of the store: whether there is a connection of that role in use. */
static gpointer
read_has_role (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  g_autoptr (GPtrArray) connections = assay_connections_list (database, error);

  for (guint i = 0; connections != NULL && i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (connection->role == (AssayRole) GPOINTER_TO_INT (data) &&
          connection->state == ASSAY_CONNECTION_ENABLED)
        return GINT_TO_POINTER (TRUE);
    }
  return NULL;
}

static void
show_done (AssayConnectDialog *self,
           const char         *title,
           const char         *description,
           gboolean            offer_next)
{
  g_autofree char *escaped = g_markup_escape_text (title, -1);

  drop_draft (self);
  adw_status_page_set_title (self->done_page, escaped);
  adw_status_page_set_description (self->done_page, description);
  gtk_widget_set_visible (GTK_WIDGET (self->next_button), offer_next);
  self->busy = FALSE;
  show_page (self, "done");
  gtk_widget_grab_focus (offer_next ? GTK_WIDGET (self->next_button) : self->done_button);
}

static void
next_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean has_other = assay_store_finish (ASSAY_STORE (source), result, &error) != NULL;
  g_autofree char *title = NULL;
  gboolean is_ats;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  is_ats = self->description->role == ASSAY_ROLE_ATS;
  /* Translators: %s is the name of a connection */
  title = g_strdup_printf (_("%s is enabled"), get_name (self));
  gtk_button_set_label (self->next_button, is_ats ? _("Connect an assessment provider") : _("Connect your ATS"));
  show_done (self, title,
             is_ats ? _("Jobs and candidates appear as they are read.")
             : (self->description->capabilities & ASSAY_CAN_IMPORT) != 0
               ? _("Its candidates come from files or by hand, under Imported.")
               : _("Its assessments can be sent now."),
             error == NULL && !has_other);
}

static void
enable_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssayConnectDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean enabled = assay_service_enable_connection_finish (ASSAY_SERVICE (source), result, &error);
  gboolean on_summary;
  g_autofree char *title = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (enabled)
    {
      AssayRole other = self->description->role == ASSAY_ROLE_ATS ? ASSAY_ROLE_PROVIDER : ASSAY_ROLE_ATS;

      assay_store_read_async (assay_service_get_store (self->service), read_has_role, GINT_TO_POINTER (other),
                              NULL, NULL, self->cancellable, next_read_cb, self);
      return;
    }
  on_summary = is_page (self, "summary");
  title = g_strdup_printf (_("%s isn’t enabled"), get_name (self));
  gtk_label_set_label (on_summary ? self->summary_title : self->check_title, title);
  say_error (self, on_summary ? self->summary_notice : self->check_notice, error);
  set_busy (self, FALSE);
  if (!on_summary)
    focus_remedy (self);
  else if (!gtk_widget_grab_focus (GTK_WIDGET (self->summary_notice)))
    gtk_widget_grab_focus (self->enable_button);
}

static void
enable_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);
  g_autofree char *title = NULL;

  if (self->busy || self->connection_id == 0)
    return;
  assay_notice_clear (self->check_notice);
  assay_notice_clear (self->summary_notice);
  title = g_strdup_printf (_("Enabling %s"), get_name (self));
  gtk_label_set_label (is_page (self, "summary") ? self->summary_title : self->check_title, title);
  set_busy (self, TRUE);
  assay_service_enable_connection_async (self->service, self->connection_id, self->cancellable, enable_cb,
                                         self);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (widget);
  g_autofree char *title = NULL;

  if (self->busy || self->connection_id == 0)
    return;
  /* Translators: %s is the name of a connection */
  title = g_strdup_printf (_("%s is saved"), get_name (self));
  show_done (self, title, _("Assay doesn’t use it yet. Enable it under Connections when you want it to."), FALSE);
}

/* Ctrl+Return goes on, and on the last page enables. */
static void
proceed_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  gtk_widget_activate_action (widget, is_page (ASSAY_CONNECT_DIALOG (widget), "summary") ? "connect.enable"
                                                                                          : "connect.next",
                              NULL);
}

/* The same window begins anew, for the other half. */
static void
next_clicked_cb (AssayConnectDialog *self)
{
  self->description = NULL;
  self->connection_id = 0;
  self->draft_id = 0;
  self->existing = FALSE;
  self->chosen_here = TRUE;
  self->finished = FALSE;
  self->dirty = FALSE;
  g_clear_pointer (&self->connection, assay_connection_free);
  g_clear_pointer (&self->probe, assay_probe_free);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  show_page (self, "systems");
  gtk_widget_grab_focus (GTK_WIDGET (self->catalogue));
}

/* ---- Leaving ---- */

/* Who is told how it went once the window is gone. */
typedef struct
{
  GtkWindow *parent;        /* (nullable) owned */
  const char *system;
  gboolean with_secrets;
} Left;

static void
left_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Left *left = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!assay_service_keep_draft_finish (ASSAY_SERVICE (source), result, &error))
    sentence = assay_error_is_keyring (error)
                 /* Translators: %1$s is a system such as Pinpoint, %2$s a sentence on the keyring */
                 ? g_strdup_printf (_("The set-up of %1$s is kept as a draft, without the key. %2$s"), left->system,
                                    error->message)
                 : g_strdup (error->message);
  else if (left->with_secrets)
    /* Translators: %s is a system such as Pinpoint */
    sentence = g_strdup_printf (_("The set-up of %s is kept as a draft; its key waits in your keyring for 30 days."),
                                left->system);
  else
    /* Translators: %s is a system such as Pinpoint */
    sentence = g_strdup_printf (_("The set-up of %s is kept as a draft."), left->system);
  if (left->parent != NULL && gtk_widget_get_mapped (GTK_WIDGET (left->parent)))
    gtk_widget_activate_action (GTK_WIDGET (left->parent), "win.message", "s", sentence);
  g_clear_object (&left->parent);
  g_free (left);
}

/* Vendors show a key once: the keyring takes it, although nobody has pressed Continue. */
static void
leave_draft (AssayConnectDialog *self)
{
  g_autoptr (GHashTable) secrets = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  Left *left;

  if (self->existing || self->finished || self->description == NULL || !self->dirty)
    return;
  secrets = dup_typed_secrets (self);
  left = g_new0 (Left, 1);
  left->parent = parent != NULL ? g_object_ref (parent) : NULL;
  left->system = _(self->description->name);
  left->with_secrets = g_hash_table_size (secrets) > 0;
  assay_service_keep_draft_async (self->service, make_draft (self), secrets, left_cb, left);
}

static gboolean
close_request_cb (GtkWindow *window,
                  gpointer   user_data)
{
  leave_draft (ASSAY_CONNECT_DIALOG (window));
  return GDK_EVENT_PROPAGATE;
}

/* ---- The object ---- */

static void
assay_connect_dialog_dispose (GObject *object)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (object);

  g_clear_handle_id (&self->folded_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->check_cancellable != NULL)
    g_cancellable_cancel (self->check_cancellable);
  g_clear_object (&self->check_cancellable);
  /* Waiting for the browser keeps the page; nobody is left to wait. */
  if (self->sign_in_page != NULL)
    assay_sign_in_page_cancel (self->sign_in_page);
  gtk_widget_dispose_template (GTK_WIDGET (self), ASSAY_TYPE_CONNECT_DIALOG);
  G_OBJECT_CLASS (assay_connect_dialog_parent_class)->dispose (object);
}

static void
assay_connect_dialog_finalize (GObject *object)
{
  AssayConnectDialog *self = ASSAY_CONNECT_DIALOG (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->connection, assay_connection_free);
  g_clear_pointer (&self->probe, assay_probe_free);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->summary_rows, g_ptr_array_unref);
  g_clear_pointer (&self->kept_secrets, g_hash_table_unref);
  G_OBJECT_CLASS (assay_connect_dialog_parent_class)->finalize (object);
}

#define BIND(child) gtk_widget_class_bind_template_child (widget_class, AssayConnectDialog, child)

static void
assay_connect_dialog_class_init (AssayConnectDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_connect_dialog_dispose;
  object_class->finalize = assay_connect_dialog_finalize;

  gtk_widget_class_install_action (widget_class, "connect.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "connect.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "connect.hand-over", NULL, hand_over_action);
  gtk_widget_class_install_action (widget_class, "connect.proceed", NULL, proceed_action);
  gtk_widget_class_install_action (widget_class, "connect.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "connect.check", NULL, check_action);
  gtk_widget_class_install_action (widget_class, "connect.enable", NULL, enable_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "connect.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "connect.proceed", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "connect.check", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (ASSAY_TYPE_CATALOGUE);
  g_type_ensure (ASSAY_TYPE_CHECK_LIST);
  g_type_ensure (ASSAY_TYPE_CONNECT_FORM);
  g_type_ensure (ASSAY_TYPE_EVENTS_PAGE);
  g_type_ensure (ASSAY_TYPE_NOTICE);
  g_type_ensure (ASSAY_TYPE_SIGN_IN_PAGE);
  g_type_ensure (ASSAY_TYPE_STEP_RAIL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-connect-dialog.ui");
  BIND (window_title);
  BIND (back_button);
  BIND (leaflet);
  BIND (rail);
  BIND (stack);
  BIND (failed_page);
  BIND (catalogue);
  BIND (prepare_title);
  BIND (request_notice);
  BIND (prerequisites);
  BIND (hand_over_button);
  BIND (prepare_button);
  BIND (credentials_box);
  BIND (form_title);
  BIND (reason_notice);
  BIND (form);
  BIND (form_notice);
  BIND (store_button);
  BIND (sign_in_page);
  BIND (check_title);
  BIND (check_description);
  BIND (check_list);
  BIND (check_notice);
  BIND (check_button);
  BIND (check_next_button);
  BIND (check_enable_button);
  BIND (check_close_button);
  BIND (events_page);
  BIND (events_notice);
  BIND (events_button);
  BIND (summary_title);
  BIND (summary_description);
  BIND (summary_group);
  BIND (summary_notice);
  BIND (save_button);
  BIND (enable_button);
  BIND (done_page);
  BIND (next_button);
  BIND (done_button);
  gtk_widget_class_bind_template_callback (widget_class, system_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, resume_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancelled_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, form_notice_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_notice_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, events_notice_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, events_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, summary_notice_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, signed_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
assay_connect_dialog_init (AssayConnectDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->summary_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  assay_accessible_follow (GTK_WIDGET (self->stack));
  assay_accessible_follow (GTK_WIDGET (self->leaflet));
}

static AssayConnectDialog *
new_dialog (AssayService *service)
{
  AssayConnectDialog *self = g_object_new (ASSAY_TYPE_CONNECT_DIALOG, NULL);

  self->service = g_object_ref (service);
  assay_catalogue_set_service (self->catalogue, service);
  return self;
}

GtkWindow *
assay_connect_dialog_new (AssayService *service,
                          const char   *kind)
{
  const AssayConnectorDescription *description = kind != NULL ? assay_connector_find (kind) : NULL;
  AssayConnectDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (kind == NULL || description != NULL, NULL);

  self = new_dialog (service);
  if (description != NULL)
    begin (self, description);
  else
    {
      self->chosen_here = TRUE;
      show_page (self, "systems");
    }
  return GTK_WINDOW (self);
}

GtkWindow *
assay_connect_dialog_new_for_draft (AssayService *service,
                                    gint64        draft_id)
{
  AssayConnectDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (draft_id > 0, NULL);

  self = new_dialog (service);
  resume (self, draft_id);
  update_frame (self);
  return GTK_WINDOW (self);
}

GtkWindow *
assay_connect_dialog_new_for_request (AssayService *service,
                                      AssayDraft   *request)
{
  AssayConnectDialog *self;
  const char *base_url;
  g_autofree char *sentence = NULL;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (request != NULL && assay_connector_find (request->kind) != NULL, NULL);

  self = new_dialog (service);
  self->description = assay_connector_find (request->kind);
  self->dirty = TRUE;
  fill (self, request->name, request->settings);
  base_url = g_hash_table_lookup (request->settings, "base-url");
  /* Whoever sends a file may choose where the key goes. */
  if (base_url != NULL && *base_url != '\0')
    sentence = g_strdup_printf (
      /* Translators: %1$s is an address, %2$s a system such as Pinpoint */
      _("This set-up was begun by somebody else, who filled in the address %1$s. Your key goes there: go on only if you "
        "know that it is %2$s’s."),
      base_url, _(self->description->name));
  else
    sentence = g_strdup (_("This set-up was begun by somebody else, and has no key in it. What they filled in is there."));
  assay_notice_say (self->request_notice, base_url != NULL && *base_url != '\0' ? ASSAY_NOTICE_WARNING
                                                                                 : ASSAY_NOTICE_INFORMATION,
                    sentence, NULL);
  if (g_strcmp0 (request->step, "credentials") == 0)
    assay_notice_say (self->reason_notice, base_url != NULL && *base_url != '\0' ? ASSAY_NOTICE_WARNING
                                                                                  : ASSAY_NOTICE_INFORMATION,
                      sentence, NULL);
  go_to (self, request->step);
  return GTK_WINDOW (self);
}

GtkWindow *
assay_connect_dialog_new_for_connection (AssayService *service,
                                         gint64        connection_id)
{
  AssayConnectDialog *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);
  g_return_val_if_fail (connection_id > 0, NULL);

  self = new_dialog (service);
  self->connection_id = connection_id;
  self->existing = TRUE;
  read_async (self, self->cancellable, first_read_cb);
  update_frame (self);
  return GTK_WINDOW (self);
}

GtkWindow *
assay_connect_dialog_new_for_key (AssayService *service,
                                  gint64        connection_id)
{
  GtkWindow *self = assay_connect_dialog_new_for_connection (service, connection_id);

  if (self != NULL)
    ASSAY_CONNECT_DIALOG (self)->begin_with_key = TRUE;
  return self;
}

GtkWindow *
assay_connect_dialog_new_for_check (AssayService *service,
                                    gint64        connection_id)
{
  GtkWindow *self = assay_connect_dialog_new_for_connection (service, connection_id);

  if (self != NULL)
    ASSAY_CONNECT_DIALOG (self)->begin_with_check = TRUE;
  return self;
}

GtkWindow *
assay_connect_dialog_new_for_events (AssayService *service,
                                     gint64        connection_id)
{
  GtkWindow *self = assay_connect_dialog_new_for_connection (service, connection_id);

  if (self != NULL)
    ASSAY_CONNECT_DIALOG (self)->events_only = TRUE;
  return self;
}
