/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: its options, its one service, its windows.
 *
 * The store is opened beside the toolkit, so that the first frame has its place filled from what is on disk;
 * what talks to the vendors starts after that frame. */
#include "config.h"

#include "assay-app.h"

#include <malloc.h>

#include <glib-unix.h>
#include <glib/gi18n.h>

#include "assay-background.h"
#include "assay-sandbox-launcher.h"
#include "assay-service.h"
#include "assay-storage-window.h"
#include "assay-window.h"

struct _AssayApp
{
  AdwApplication parent_instance;

  GThread *opener;          /* (nullable) opens the store while the toolkit starts */
  AssayService *service;    /* (nullable) */
  AssayBackground *background;      /* (nullable) */
  AssaySandboxLauncher *launcher;   /* (nullable) the sandbox, while there is no window that looks after it */
  char *data_directory;     /* (nullable) --data-dir */
  gboolean use_sandbox;     /* --sandbox */
  gboolean quitting;
};

G_DEFINE_FINAL_TYPE (AssayApp, assay_app, ADW_TYPE_APPLICATION)

static char *
dup_directory (AssayApp *self)
{
  g_autofree char *directory = NULL;

  if (self->data_directory != NULL)
    return g_strdup (self->data_directory);

  directory = assay_service_dup_default_directory ();
  /* Invented people don't belong among real ones. */
  return self->use_sandbox ? g_build_filename (directory, "sandbox", NULL) : g_steal_pointer (&directory);
}

/* ---- Starting ---- */

typedef struct
{
  char *directory;
  AssayStore *store;        /* (nullable) */
  GError *error;
} Opening;

static void
opening_free (Opening *opening)
{
  g_free (opening->directory);
  g_clear_object (&opening->store);
  g_clear_error (&opening->error);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static gpointer
open_store (gpointer data)
{
  Opening *opening = data;

  opening->store = assay_store_open (opening->directory, &opening->error);
  return opening;
}

static void
begin_opening (AssayApp *self)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->directory = dup_directory (self);
  self->opener = g_thread_new ("assay-opener", open_store, opening);
}

static AssayService *
make_service (AssayApp *self, GError **error)
{
  g_autoptr (Opening) opening = NULL;

  if (self->opener == NULL)
    begin_opening (self);
  opening = g_thread_join (g_steal_pointer (&self->opener));
  if (opening->store != NULL)
    return assay_service_new_for_store (opening->store);

  g_propagate_error (error, g_steal_pointer (&opening->error));
  return NULL;
}

/* While it starts, GTK reads the theme that the desktop names; libadwaita then puts its own empty one in its place, and
 * its own style on top. Reading the first would be a sixth of the start, so GTK is given the empty one from the
 * beginning. Whoever names a theme in the environment is let have it, here as in libadwaita. */
#define THEME_VARIABLE "GTK_THEME"
#define EMPTY_THEME "Adwaita-empty"

static void
start_toolkit (void)
{
  gboolean named = g_getenv (THEME_VARIABLE) != NULL;

#ifdef M_ARENA_MAX
  /* The threads of the store, of icons and of fonts allocate little, and an arena for each keeps pages that lie idle. */
  mallopt (M_ARENA_MAX, 2);
#endif
  if (!named)
    g_setenv (THEME_VARIABLE, EMPTY_THEME, TRUE);
  gtk_init ();
  /* The first to ask for the settings is who has the theme read. */
  gtk_settings_get_default ();
  if (!named)
    g_unsetenv (THEME_VARIABLE);
}

static void
after_paint_cb (GdkFrameClock *clock, AssayApp *self)
{
  g_signal_handlers_disconnect_by_func (clock, after_paint_cb, self);
  if (self->service == NULL || self->background != NULL)
    return;
  assay_service_start (self->service);
  self->background = assay_background_new (G_APPLICATION (self), self->service);
}

/* What was begun goes on without a window; a sandbox that the window started has to stay for it. */
static void
assay_app_window_removed (GtkApplication *application, GtkWindow *window)
{
  AssayApp *self = ASSAY_APP (application);
  gboolean alone = ASSAY_IS_WINDOW (window) && self->background != NULL && !self->quitting;

  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (ASSAY_IS_WINDOW (l->data) && l->data != window)
      alone = FALSE;
  if (alone)
    {
      if (assay_background_is_working (self->background))
        self->launcher = assay_window_steal_launcher (ASSAY_WINDOW (window));
      assay_background_set_alone (self->background, TRUE);
    }

  GTK_APPLICATION_CLASS (assay_app_parent_class)->window_removed (application, window);
}

static void
open_window (AssayApp *self)
{
  AssayWindow *window = assay_window_new (GTK_APPLICATION (self), self->service);

  if (self->background != NULL)
    assay_background_set_alone (self->background, FALSE);
  if (self->launcher != NULL)
    assay_window_take_launcher (window, g_steal_pointer (&self->launcher));
  else if (self->use_sandbox)
    assay_window_try_sandbox (window);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_connect_object (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                           G_CALLBACK (after_paint_cb), self, G_CONNECT_DEFAULT);
}

static void open_service (AssayApp *self);

static void
retry_cb (AssayApp *self, GtkWindow *window)
{
  /* The new window first: without any the program ends. */
  open_service (self);
  gtk_window_destroy (window);
}

static void
open_service (AssayApp *self)
{
  g_autoptr (GError) error = NULL;
  GtkWindow *window;

  self->service = make_service (self, &error);
  if (self->service != NULL)
    {
      open_window (self);
      return;
    }

  window = assay_storage_window_new (GTK_APPLICATION (self), error);
  g_signal_connect_object (window, "retry", G_CALLBACK (retry_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (window);
}

static void
assay_app_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (window != NULL)
    gtk_window_present (window);
  else if (ASSAY_APP (application)->service != NULL)
    open_window (ASSAY_APP (application));
  else
    open_service (ASSAY_APP (application));
}

static AssayWindow *
get_main_window (AssayApp *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (ASSAY_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

static gboolean
is_list_of_people (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *folded = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return folded != NULL && (g_str_has_suffix (folded, ".csv") || g_str_has_suffix (folded, ".tsv") ||
                            g_str_has_suffix (folded, ".txt"));
}

/* Files from a file manager or the command line: people to invite, or a set-up request that a colleague sent. */
static void
assay_app_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  AssayWindow *window;

  g_application_activate (application);
  window = get_main_window (ASSAY_APP (application));
  for (int i = 0; window != NULL && i < n_files; i++)
    if (is_list_of_people (files[i]))
      assay_window_invite_from_file (window, files[i]);
    else
      assay_window_open_file (window, files[i]);
}

/* A notification was clicked, perhaps long after the window was closed. */
static void
show_batch_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AssayApp *self = user_data;
  AssayWindow *window;

  g_application_activate (G_APPLICATION (self));
  window = get_main_window (self);
  if (window != NULL)
    assay_window_show_batch (window, g_variant_get_int64 (parameter));
}

static void
quit_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkApplication *application = user_data;
  GList *windows;

  ASSAY_APP (application)->quitting = TRUE;
  /* Closing, rather than quitting, lets windows put their things in order. */
  while ((windows = gtk_application_get_windows (application)) != NULL)
    gtk_window_destroy (windows->data);
  g_application_quit (G_APPLICATION (application));
}

static void
about_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  static const char *const developers[] = { "The Assay contributors", NULL };

  adw_show_about_window (gtk_application_get_active_window (user_data),
                         "application-name", "Assay",
                         "application-icon", ASSAY_APP_ID,
                         "version", ASSAY_VERSION,
                         "comments", _("Send assessments to candidates and follow their results."),
                         "developer-name", _("The Assay contributors"),
                         "developers", developers,
                         "license-type", GTK_LICENSE_GPL_3_0,
                         /* Translators: put your names here, one a line */
                         "translator-credits", _("translator-credits"),
                         NULL);
}

static void
shortcuts_activated (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);

  while (window != NULL && !GTK_IS_APPLICATION_WINDOW (window))
    window = gtk_window_get_transient_for (window);
  if (window == NULL)
    return;

  /* Made when it is asked for: the start is quicker without it, and GTK 4.8 crashes when a screen reader asks for a
   * window that has just closed and the last of the others is one that was never shown. */
  if (gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (window)) == NULL)
    {
      g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/io/github/assayapp/Assay/shortcuts.ui");
      GObject *overlay = gtk_builder_get_object (builder, "help_overlay");

      gtk_application_window_set_help_overlay (GTK_APPLICATION_WINDOW (window), GTK_SHORTCUTS_WINDOW (overlay));
    }
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-help-overlay", NULL);
}

/* A session that ends, or a terminal's Ctrl+C, closes the store as the menu does. */
static gboolean
signal_cb (gpointer user_data)
{
  g_action_group_activate_action (G_ACTION_GROUP (user_data), "quit", NULL);
  return G_SOURCE_CONTINUE;
}

static const GActionEntry actions[] = {
  { .name = "quit", .activate = quit_activated },
  { .name = "about", .activate = about_activated },
  { .name = "show-batch", .activate = show_batch_activated, .parameter_type = "x" },
  { .name = "shortcuts", .activate = shortcuts_activated },
};

static void
assay_app_startup (GApplication *application)
{
  static const struct
  {
    const char *action;
    const char *accels[3];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "app.shortcuts", { "<Control>question", "<Control>F1" } },
    { "window.close", { "<Control>w" } },
    { "win.refresh", { "F5", "<Control>r" } },
    { "win.search", { "<Control>f" } },
    { "win.invite", { "<Control>Return", "<Control>KP_Enter" } },
    { "win.new-connection", { "<Control>n" } },
    { "win.page::candidates", { "<Alt>1" } },
    { "win.page::invitations", { "<Alt>2" } },
    { "win.page::connections", { "<Alt>3" } },
  };

  start_toolkit ();
  begin_opening (ASSAY_APP (application));
  G_APPLICATION_CLASS (assay_app_parent_class)->startup (application);

  g_unix_signal_add (SIGTERM, signal_cb, application);
  g_unix_signal_add (SIGINT, signal_cb, application);

  /* Tabbing through a page isn't a wish to copy it. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accels[i].action, accels[i].accels);
}

static void
assay_app_shutdown (GApplication *application)
{
  AssayApp *self = ASSAY_APP (application);

  G_APPLICATION_CLASS (assay_app_parent_class)->shutdown (application);

  /* It was started for something that needs no window. */
  if (self->opener != NULL)
    opening_free (g_thread_join (g_steal_pointer (&self->opener)));
  g_clear_object (&self->background);
  if (self->launcher != NULL)
    assay_sandbox_launcher_stop (self->launcher);
  g_clear_object (&self->launcher);
  if (self->service != NULL)
    assay_service_stop (self->service);
  g_clear_object (&self->service);
}

static int
assay_app_handle_local_options (GApplication *application, GVariantDict *options)
{
  AssayApp *self = ASSAY_APP (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Assay %s\n", ASSAY_VERSION);
      return 0;
    }

  g_variant_dict_lookup (options, "data-dir", "^ay", &self->data_directory);
  self->use_sandbox = g_variant_dict_contains (options, "sandbox");
  /* These ask for other data than a running copy has open. */
  if (self->data_directory != NULL || self->use_sandbox)
    g_application_set_flags (application, g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
assay_app_finalize (GObject *object)
{
  AssayApp *self = ASSAY_APP (object);

  g_clear_object (&self->service);
  g_free (self->data_directory);

  G_OBJECT_CLASS (assay_app_parent_class)->finalize (object);
}

static void
assay_app_class_init (AssayAppClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = assay_app_finalize;
  GTK_APPLICATION_CLASS (klass)->window_removed = assay_app_window_removed;
  application_class->activate = assay_app_activate;
  application_class->open = assay_app_open;
  application_class->startup = assay_app_startup;
  application_class->shutdown = assay_app_shutdown;
  application_class->handle_local_options = assay_app_handle_local_options;
}

static void
assay_app_init (AssayApp *self)
{
  static const GOptionEntry options[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_("Keep the data in DIR"), N_("DIR") },
    { "sandbox", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Start on the built-in sandbox"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version and end"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

AssayApp *
assay_app_new (void)
{
  return g_object_new (ASSAY_TYPE_APP, "application-id", ASSAY_APP_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                       NULL);
}
