/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay-sandbox: plays the vendors on loopback ports, for demos, training and tests.
 *
 * On start it prints one line of JSON with the control's address and what a client needs to connect,
 * and then serves until SIGTERM, SIGINT, POST /quit or, with --watch-stdin, the end of its standard
 * input. The control's requests are described in sandbox-control.c. */

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib-unix.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sandbox-control.h"
#include "sandbox-files.h"
#include "sandbox-server.h"
#include "sandbox-vendors.h"

#define SAVE_DELAY 250              /* milliseconds; several changes are written at once */
#define STATE_FORMAT 1
#define DEFAULT_BURST 60

/* Those that can be played: the list is in meson.build. */
#define DECLARE_VENDOR(name) extern const SandboxVendorType sandbox_##name##_type;
SANDBOX_VENDORS (DECLARE_VENDOR)
#define POINT_TO_VENDOR(name) &sandbox_##name##_type,
static const SandboxVendorType *const vendors[] = { SANDBOX_VENDORS (POINT_TO_VENDOR) };
#define N_VENDORS G_N_ELEMENTS (vendors)

typedef struct
{
  GMainLoop     *loop;
  SandboxWorld  *world;
  SandboxLife   *life;
  SandboxLedger *ledger;
  SandboxFaults *faults;
  GPtrArray     *servers;           /* (element-type SandboxServer), the control's last */
  char          *state_path;        /* (nullable) */
  guint          save_source;
  guint          bustle_source;
  guint          stdin_source;
  gboolean       quiet;
} Sandbox;

typedef struct
{
  int      jobs;
  int      applications;
  int      seed;
  double   pace;
  double   bustle;
  char    *state;
  guint    ports[N_VENDORS];        /* 0: any */
  guint    port_control;
  double   rates[N_VENDORS];
  double   bursts[N_VENDORS];
  gboolean accept_duplicates;
  gboolean watch_stdin;
  gboolean quiet;
} Options;

/* ---- The state file ---- */

static void
save (Sandbox *self)
{
  SandboxJson *json;
  g_autoptr (GString) text = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->save_source, g_source_remove);
  if (self->state_path == NULL)
    return;
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "format", STATE_FORMAT);
  sandbox_json_key (json, "world");
  sandbox_world_save (self->world, json);
  sandbox_json_key (json, "life");
  sandbox_life_save (self->life, json);
  sandbox_json_end_object (json);
  text = sandbox_json_free_to_string (json);
  if (!g_file_set_contents_full (self->state_path, text->str, (gssize) text->len,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_printerr (_("assay-sandbox: The state could not be kept: %s\n"), error->message);
}

static gboolean
save_cb (gpointer data)
{
  Sandbox *self = data;

  self->save_source = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (gpointer data)
{
  Sandbox *self = data;

  if (self->state_path != NULL && self->save_source == 0)
    self->save_source = g_timeout_add (SAVE_DELAY, save_cb, self);
}

/* (nullable): the document of the state file. One that can't be read is put aside, so that a demo
 * starts anew instead of not at all. */
static JsonNode *
load_state (const char *path)
{
  g_autofree char *text = NULL;
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  JsonNode *node = NULL;
  gsize length;

  if (path == NULL)
    return NULL;
  if (!g_file_get_contents (path, &text, &length, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_printerr (_("assay-sandbox: The state could not be read: %s\n"), error->message);
      return NULL;
    }
  bytes = g_bytes_new_take (g_steal_pointer (&text), length);
  node = sandbox_json_parse (bytes, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)
      && sandbox_json_get_integer (json_node_get_object (node), "format", 0) == STATE_FORMAT
      && sandbox_json_get_object (json_node_get_object (node), "world") != NULL)
    return node;
  g_clear_pointer (&node, json_node_unref);
  aside = g_strconcat (path, ".damaged", NULL);
  if (rename (path, aside) == 0)
    g_printerr (_("assay-sandbox: The state was not readable and is now %s.\n"), aside);
  return NULL;
}

/* The world of a state file is that of its own seed and size; options that name another one are an
 * error rather than a silent mix of two worlds. */
static gboolean
take_world_options (JsonObject           *state,
                    const Options        *options,
                    SandboxWorldOptions  *world,
                    GError              **error)
{
  const struct { const char *name; int asked; int fallback; guint *value; } members[] = {
    { "jobs", options->jobs, 30, &world->jobs },
    { "applications", options->applications, 3000, &world->applications },
    { "seed", options->seed, 1, &world->seed },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      gint64 kept = state != NULL ? sandbox_json_get_integer (state, members[i].name, -1) : -1;

      if (kept >= 0 && members[i].asked >= 0 && kept != members[i].asked)
        {
          g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, kept);

          /* Translators: the first %s is an option's name, the second a number. */
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("The state file was made with --%s %s. Use that, or another state file."),
                       members[i].name, number);
          return FALSE;
        }
      *members[i].value = (guint) (kept >= 0 ? MIN (kept, 5000000)
                                   : members[i].asked >= 0 ? members[i].asked : members[i].fallback);
    }
  world->epoch = g_get_real_time () / G_USEC_PER_SEC;
  if (state != NULL)
    world->epoch = sandbox_json_get_integer (state, "epoch", world->epoch);
  return TRUE;
}

/* ---- Life of the program ---- */

static gboolean
quit_cb (gpointer data)
{
  Sandbox *self = data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
quit_once_cb (gpointer data)
{
  quit_cb (data);
  return G_SOURCE_REMOVE;
}

/* Gives the answer to POST /quit time to leave. */
static gboolean
quit_soon_cb (gpointer data)
{
  g_timeout_add (50, quit_once_cb, data);
  return G_SOURCE_REMOVE;
}

static gboolean
stdin_cb (int           fd,
          GIOCondition  condition,
          gpointer      data)
{
  Sandbox *self = data;
  char buffer[256];
  ssize_t length = read (fd, buffer, sizeof buffer);

  if (length > 0 || (length < 0 && (errno == EINTR || errno == EAGAIN)))
    return G_SOURCE_CONTINUE;
  self->stdin_source = 0;
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gboolean
bustle_cb (gpointer data)
{
  Sandbox *self = data;

  sandbox_world_bustle (self->world);
  return G_SOURCE_CONTINUE;
}

static SandboxServer *
add_server (Sandbox        *self,
            SandboxVendor  *vendor,
            guint           port,
            GError        **error)
{
  gboolean control = SANDBOX_IS_CONTROL (vendor);
  g_autoptr (SandboxServer) server = sandbox_server_new (vendor, control ? NULL : self->ledger,
                                                         control ? NULL : self->faults);

  if (!sandbox_server_listen (server, port, error))
    return NULL;
  g_ptr_array_add (self->servers, g_object_ref (server));
  return server;
}

static gboolean
start (Sandbox        *self,
       const Options  *options,
       GError        **error)
{
  g_autoptr (SandboxFiles) files = sandbox_files_new (self->world, self->ledger);
  g_autoptr (SandboxControl) control = sandbox_control_new (self->world, self->life, self->ledger,
                                                            self->faults, self->servers, quit_soon_cb, self);
  const SandboxScene scene = { self->world, self->life, self->ledger, files };
  g_autoptr (JsonObject) settings = json_object_new ();

  json_object_set_boolean_member (settings, "accept_duplicates", options->accept_duplicates);
  if (add_server (self, SANDBOX_VENDOR (files), 0, error) == NULL)
    return FALSE;
  for (guint i = 0; i < N_VENDORS; i++)
    {
      g_autoptr (SandboxVendor) vendor = vendors[i]->make (&scene);
      SandboxServer *server = add_server (self, vendor, options->ports[i], error);

      if (server == NULL)
        return FALSE;
      sandbox_vendor_configure (vendor, settings);
      sandbox_server_set_rate (server, options->rates[i], options->bursts[i]);
      if (vendors[i]->shows_company)
        sandbox_server_set_world (server, self->world);
    }
  return add_server (self, SANDBOX_VENDOR (control), options->port_control, error) != NULL;
}

static void
announce (Sandbox *self)
{
  SandboxServer *control = g_ptr_array_index (self->servers, self->servers->len - 1);
  SandboxJson *json = sandbox_json_new ();
  g_autoptr (GString) text = NULL;

  sandbox_json_begin_object (json);
  sandbox_json_member_boolean (json, "ready", TRUE);
  sandbox_json_member_string (json, "control", sandbox_server_get_origin (control));
  sandbox_json_key (json, "connections");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->servers->len; i++)
    sandbox_vendor_describe (sandbox_server_get_vendor (g_ptr_array_index (self->servers, i)), json);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  text = sandbox_json_free_to_string (json);
  fputs (text->str, stdout);
  fputc ('\n', stdout);
  fflush (stdout);
  if (!self->quiet)
    g_printerr (_("assay-sandbox: Playing %u systems with %u jobs and %u applications. "
                  "Press Ctrl+C to stop.\n"),
                (guint) N_VENDORS, self->world->jobs->len, self->world->applications->len);
}

static void
sandbox_clear (Sandbox *self)
{
  g_clear_handle_id (&self->bustle_source, g_source_remove);
  g_clear_handle_id (&self->stdin_source, g_source_remove);
  for (guint i = 0; i < self->servers->len; i++)
    sandbox_server_stop (g_ptr_array_index (self->servers, i));
  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_pointer (&self->life, sandbox_life_free);
  g_clear_pointer (&self->world, sandbox_world_free);
  g_clear_pointer (&self->faults, sandbox_faults_free);
  g_clear_pointer (&self->ledger, sandbox_ledger_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

/* ---- Options ---- */

/* The place among `vendors` of the one that @value, "VENDOR=…", names: N_VENDORS when it names none. @rest is what follows. */
static guint
find_vendor (const char  *value,
             const char **rest)
{
  const char *equals = strchr (value, '=');

  *rest = equals != NULL ? equals + 1 : value;
  for (guint i = 0; equals != NULL && i < N_VENDORS; i++)
    if (strlen (vendors[i]->kind) == (gsize) (equals - value) && g_str_has_prefix (value, vendors[i]->kind))
      return i;
  return N_VENDORS;
}

static void
set_no_vendor (const char  *option,
               const char  *value,
               GError     **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < N_VENDORS; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", vendors[i]->kind);
  /* Translators: the first %s is an option, the second what was given with it, the third a list of names. */
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("“%s %s” names no system that is played. There are: %s."), option, value, names->str);
}

/* --rate and --burst: of one vendor, or of all. */
static gboolean
take_number (const char  *option,
             const char  *value,
             double      *numbers,
             GError     **error)
{
  const char *text;
  guint only = find_vendor (value, &text);
  char *end;
  double number = g_ascii_strtod (text, &end);

  if (only == N_VENDORS && text != value)
    {
      set_no_vendor (option, value, error);
      return FALSE;
    }
  if (end == text || *end != '\0' || !isfinite (number) || number < 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s %s” has no number from 0 on."), option, value);
      return FALSE;
    }
  for (guint i = 0; i < N_VENDORS; i++)
    if (only == N_VENDORS || only == i)
      numbers[i] = number;
  return TRUE;
}

static gboolean
rate_cb (const char  *option,
         const char  *value,
         gpointer     data,
         GError     **error)
{
  return take_number (option, value, ((Options *) data)->rates, error);
}

static gboolean
burst_cb (const char  *option,
          const char  *value,
          gpointer     data,
          GError     **error)
{
  return take_number (option, value, ((Options *) data)->bursts, error);
}

static gboolean
port_cb (const char  *option,
         const char  *value,
         gpointer     data,
         GError     **error)
{
  Options *options = data;
  const char *text;
  guint vendor = find_vendor (value, &text);
  gboolean control = g_str_has_prefix (value, "control=");
  guint64 port;

  if (vendor == N_VENDORS && !control)
    {
      set_no_vendor (option, value, error);
      return FALSE;
    }
  if (!g_ascii_string_to_unsigned (text, 10, 0, 65535, &port, NULL))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("A port is between 0 and 65535."));
      return FALSE;
    }
  *(control ? &options->port_control : &options->ports[vendor]) = (guint) port;
  return TRUE;
}

static gboolean
parse (Options   *options,
       int       *argc,
       char    ***argv,
       GError   **error)
{
  const GOptionEntry entries[] = {
    { "jobs", 0, 0, G_OPTION_ARG_INT, &options->jobs,
      N_("How many jobs the company has (30)"), N_("NUMBER") },
    { "applications", 0, 0, G_OPTION_ARG_INT, &options->applications,
      N_("How many people have applied (3000)"), N_("NUMBER") },
    { "seed", 0, 0, G_OPTION_ARG_INT, &options->seed,
      N_("What the made-up world follows from (1)"), N_("NUMBER") },
    { "pace", 0, 0, G_OPTION_ARG_DOUBLE, &options->pace,
      N_("Mean time from invitation to completion (60); 0 stands still"), N_("SECONDS") },
    { "bustle", 0, 0, G_OPTION_ARG_DOUBLE, &options->bustle,
      N_("Somebody applies or moves on so often (never)"), N_("SECONDS") },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &options->state,
      N_("Keep invitations and changes here"), N_("FILE") },
    { "port", 0, 0, G_OPTION_ARG_CALLBACK, port_cb,
      N_("Port of a system, such as “lever”, or of the control (any)"), N_("SYSTEM=PORT") },
    { "rate", 0, 0, G_OPTION_ARG_CALLBACK, rate_cb,
      N_("Requests a second that a system takes, or each (as its documents have it); 0: no limit"),
      N_("[SYSTEM=]NUMBER") },
    { "burst", 0, 0, G_OPTION_ARG_CALLBACK, burst_cb,
      N_("Requests that it takes at once"), N_("[SYSTEM=]NUMBER") },
    { "accept-duplicates", 0, 0, G_OPTION_ARG_NONE, &options->accept_duplicates,
      N_("Let a second invitation to the same assessment take effect"), NULL },
    { "watch-stdin", 0, 0, G_OPTION_ARG_NONE, &options->watch_stdin,
      N_("Stop at the end of standard input"), NULL },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options->quiet,
      N_("Print nothing but the line with the addresses"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new ("main", "", "", options, NULL);

  g_option_context_set_summary (context,
                                _("Plays the systems that Assay connects to on this machine, filled with made-up people."));
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_group_add_entries (group, entries);
  g_option_context_set_main_group (context, group);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, _("There is no argument “%s”."),
                   (*argv)[1]);
      return FALSE;
    }
  if (options->jobs > 10000 || options->applications > 5000000 || options->pace < 0 || options->bustle < 0)
    {
      g_set_error_literal (
        error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        _("There can be up to 10000 jobs and 5000000 applications, and times are not negative."));
      return FALSE;
    }
  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  Options options = {
    .jobs = -1, .applications = -1, .seed = -1, .pace = 60,
  };
  Sandbox self = { 0 };
  SandboxWorldOptions world_options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) state = NULL;
  g_autofree char *state_path = NULL;
  JsonObject *world_state = NULL;
  guint terminate, interrupt;
  int status = 0;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ASSAY_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  for (guint i = 0; i < N_VENDORS; i++)
    {
      options.rates[i] = vendors[i]->rate;
      options.bursts[i] = vendors[i]->burst > 0 ? vendors[i]->burst : DEFAULT_BURST;
    }
  if (!parse (&options, &argc, &argv, &error))
    {
      g_printerr ("assay-sandbox: %s\n", error->message);
      g_free (options.state);
      return 2;
    }
  state_path = options.state;
  state = load_state (state_path);
  if (state != NULL)
    world_state = sandbox_json_get_object (json_node_get_object (state), "world");
  if (!take_world_options (world_state, &options, &world_options, &error))
    {
      g_printerr ("assay-sandbox: %s\n", error->message);
      return 2;
    }

  self.loop = g_main_loop_new (NULL, FALSE);
  self.quiet = options.quiet;
  self.world = sandbox_world_new (&world_options);
  self.life = sandbox_life_new (self.world, options.pace);
  self.ledger = sandbox_ledger_new ();
  self.faults = sandbox_faults_new ();
  self.servers = g_ptr_array_new_with_free_func (g_object_unref);
  if (world_state != NULL)
    {
      JsonObject *life_state = sandbox_json_get_object (json_node_get_object (state), "life");

      sandbox_world_load (self.world, world_state);
      if (life_state != NULL)
        sandbox_life_load (self.life, life_state);
    }
  self.state_path = state_path;
  self.world->changed = changed_cb;
  self.world->changed_data = &self;

  terminate = g_unix_signal_add (SIGTERM, quit_cb, &self);
  interrupt = g_unix_signal_add (SIGINT, quit_cb, &self);
  if (options.watch_stdin)
    self.stdin_source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_cb, &self);
  if (options.bustle > 0)
    self.bustle_source = g_timeout_add ((guint) MAX (options.bustle * 1000, 1), bustle_cb, &self);

  if (start (&self, &options, &error))
    {
      announce (&self);
      g_main_loop_run (self.loop);
      save (&self);
    }
  else
    {
      g_printerr ("assay-sandbox: %s\n", error->message);
      status = 1;
    }
  g_source_remove (terminate);
  g_source_remove (interrupt);
  sandbox_clear (&self);
  return status;
}
