/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the sandbox beside the program, and connects to it.
 *
 * Starting is one chain, each step the callback of the last: read the connections (for the ports of the last
 * time), spawn, read the line in which the sandbox says where it listens, then for each of its systems save
 * and enable a connection, then sync. A port that somebody else has taken meanwhile ends the sandbox before
 * that line; then it is spawned once more with ports of its own choice. */
#include "config.h"

#include "assay-sandbox-launcher.h"

#include <glib/gi18n.h>
#include <signal.h>

#include "assay-json.h"
#include "assay-queries.h"
#include "assay-secrets.h"

/* It fills itself with people before it answers, which takes a slow computer a while. */
#define START_MILLISECONDS 60000

#define MAX_ANNOUNCEMENT 65536

struct _AssaySandboxLauncher
{
  GObject parent_instance;

  AssayService *service;
  GSubprocess *process;         /* (nullable) while it runs */
  char *announcement;           /* (nullable) the line it printed; holds its keys, which are no secrets */
};

typedef enum
{
  PROP_RUNNING = 1,
} Property;

static GParamSpec *properties[PROP_RUNNING + 1];

enum
{
  DIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssaySandboxLauncher, assay_sandbox_launcher, G_TYPE_OBJECT)

/* What a start under way knows. */
typedef struct
{
  GPtrArray *saved;           /* (element-type AssayConnection) what the store has */
  gboolean asked_for_ports;   /* whether the ports of the last time were asked for */
  guint timeout_id;
  gboolean timed_out;
  JsonNode *root;
  guint index;                /* of the system being connected */
  gint64 connection_id;
} Start;

static void
start_free (Start *start)
{
  g_clear_handle_id (&start->timeout_id, g_source_remove);
  g_clear_pointer (&start->saved, g_ptr_array_unref);
  g_clear_pointer (&start->root, json_node_unref);
  g_free (start);
}

static void connect_next (GTask *task);
static void spawn (GTask *task, gboolean same_ports);

/* ---- Which connections are a sandbox's ---- */

static GUri *
parse_loopback (const char *address)
{
  g_autoptr (GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (g_strcmp0 (host, "127.0.0.1") != 0 && g_strcmp0 (host, "::1") != 0 &&
      g_strcmp0 (host, "localhost") != 0)
    return NULL;
  return g_steal_pointer (&uri);
}

gboolean
assay_sandbox_launcher_serves (const AssayConnection *connection)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (connection != NULL, FALSE);

  uri = parse_loopback (assay_connection_get_setting (connection, "base-url"));
  /* The names are the sandbox's own, and not translated. */
  return uri != NULL && g_str_has_prefix (connection->name, "Sandbox ");
}

/* (nullable) (transfer none): the saved connection for a system of the sandbox */
static const AssayConnection *
find_saved (Start      *start,
            const char *kind,
            const char *name)
{
  for (guint i = 0; i < start->saved->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (start->saved, i);

      if (assay_sandbox_launcher_serves (connection) && g_strcmp0 (connection->kind, kind) == 0 &&
          (name == NULL || g_strcmp0 (connection->name, name) == 0))
        return connection;
    }
  return NULL;
}

/* ---- The process ---- */

/* (transfer full) (nullable) */
static char *
find_program (void)
{
  const char *given = g_getenv ("ASSAY_SANDBOX");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;

  if (given != NULL && *given != '\0')
    return g_strdup (given);
  if (folder != NULL)
    {
      /* Installed, and in the build folder. */
      g_autofree char *beside = g_build_filename (folder, "assay-sandbox", NULL);
      g_autofree char *built = g_build_filename (folder, "..", "sandbox", "assay-sandbox", NULL);

      if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (beside, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&beside);
      if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (built, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&built);
    }
  return g_find_program_in_path ("assay-sandbox");
}

static void
set_process (AssaySandboxLauncher *self,
             GSubprocess          *process)
{
  if (!g_set_object (&self->process, process))
    return;
  if (process == NULL)
    g_clear_pointer (&self->announcement, g_free);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static void
exited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AssaySandboxLauncher) self = g_weak_ref_get (user_data);
  gboolean announced;

  g_weak_ref_clear (user_data);
  g_free (user_data);
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  /* One that was stopped isn't ours any more. */
  if (self == NULL || self->process != G_SUBPROCESS (source))
    return;
  announced = self->announcement != NULL;
  set_process (self, NULL);
  if (announced)
    g_signal_emit (self, signals[DIED], 0, _("The sandbox has stopped. Start it again to go on with it."));
}

void
assay_sandbox_launcher_stop (AssaySandboxLauncher *self)
{
  g_autoptr (GSubprocess) process = NULL;

  g_return_if_fail (ASSAY_IS_SANDBOX_LAUNCHER (self));

  if (self->process == NULL)
    return;
  process = g_object_ref (self->process);
  set_process (self, NULL);
  /* Closing a pipe doesn't wait. */
  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_subprocess_send_signal (process, SIGTERM);
}

/* Ends a start that failed. One that was cancelled leaves nothing behind; after any other failure the sandbox
 * goes on running, for the next try. */
static void
fail (GTask  *task,
      GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    assay_sandbox_launcher_stop (g_task_get_source_object (task));
  g_task_return_error (task, error);
}

/* ---- The last step: syncing ---- */

static void
synced_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) results = assay_service_sync_finish (ASSAY_SERVICE (source), result, &error);

  if (results == NULL)
    {
      fail (task, error);
      return;
    }
  for (guint i = 0; i < results->len; i++)
    {
      const AssaySyncResult *one = g_ptr_array_index (results, i);

      /* The running service may have begun by itself when the connection was enabled. */
      if (one->error != NULL && !g_error_matches (one->error, ASSAY_ERROR, ASSAY_ERROR_BUSY))
        {
          fail (task, g_error_copy (one->error));
          return;
        }
    }
  g_task_return_boolean (task, TRUE);
}

/* ---- Connecting to each system ---- */

/* The demonstration is one company: an ATS and a provider. The sandbox plays more; who wants those adds them by hand. */
static gboolean
is_shown (JsonObject *announced)
{
  const char *kind = assay_json_get_string (announced, "kind");

  return g_strcmp0 (kind, "pinpoint") == 0 || g_strcmp0 (kind, "testtrick") == 0;
}

/* The one to connect now. */
static JsonObject *
get_announced (Start *start)
{
  JsonArray *connections = assay_json_get_array (json_node_get_object (start->root), "connections");
  JsonObject *announced = assay_json_array_get_object (connections, start->index);

  while (announced != NULL && !is_shown (announced))
    announced = assay_json_array_get_object (connections, ++start->index);
  return announced;
}

static void
enabled_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  if (!assay_service_enable_connection_finish (ASSAY_SERVICE (source), result, &error))
    {
      fail (task, error);
      return;
    }
  start->index++;
  connect_next (task);
}

static void
enable (GTask *task)
{
  AssaySandboxLauncher *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);

  assay_service_enable_connection_async (self->service, start->connection_id, g_task_get_cancellable (task),
                                         enabled_cb, g_object_ref (task));
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  start->connection_id = assay_service_add_connection_finish (ASSAY_SERVICE (source), result, &error);
  if (error != NULL)
    fail (task, error);
  else
    enable (task);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!assay_service_set_connection_finish (ASSAY_SERVICE (source), result, &error))
    fail (task, error);
  else
    enable (task);
}

static void
connect_next (GTask *task)
{
  AssaySandboxLauncher *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  JsonObject *announced = get_announced (start);
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GHashTable) secrets = NULL;
  const AssayConnection *saved;
  JsonObject *members;
  JsonObjectIter iter;
  const char *member;
  const char *kind;
  const char *name;

  if (g_cancellable_is_cancelled (cancellable))
    {
      assay_sandbox_launcher_stop (self);
      g_task_return_error_if_cancelled (task);
      return;
    }
  if (announced == NULL)
    {
      assay_service_sync_async (self->service, 0, FALSE, NULL, NULL, cancellable, synced_cb,
                                g_object_ref (task));
      return;
    }

  kind = assay_json_get_string (announced, "kind");
  name = assay_json_get_string (announced, "name");
  settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  members = assay_json_get_object (announced, "settings");
  if (members != NULL)
    {
      json_object_iter_init (&iter, members);
      while (json_object_iter_next (&iter, &member, NULL))
        if (assay_json_get_string (members, member) != NULL)
          g_hash_table_insert (settings, g_strdup (member),
                               g_strdup (assay_json_get_string (members, member)));
    }
  secrets = assay_secrets_table_new ();
  members = assay_json_get_object (announced, "secrets");
  if (members != NULL)
    {
      json_object_iter_init (&iter, members);
      while (json_object_iter_next (&iter, &member, NULL))
        if (assay_json_get_string (members, member) != NULL)
          assay_secrets_table_set (secrets, member, assay_json_get_string (members, member));
    }

  saved = find_saved (start, kind, name);
  if (saved != NULL)
    {
      start->connection_id = saved->id;
      assay_service_set_connection_async (self->service, saved->id, NULL, settings, secrets, cancellable,
                                          changed_cb, g_object_ref (task));
    }
  else
    assay_service_add_connection_async (self->service, kind, name, settings, secrets, cancellable, added_cb,
                                        g_object_ref (task));
}

/* ---- What the sandbox announces ---- */

static void
take_announcement (GTask      *task,
                   const char *line)
{
  Start *start = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  start->root = assay_json_parse (line, strlen (line), &error);
  if (start->root == NULL || !JSON_NODE_HOLDS_OBJECT (start->root) ||
      assay_json_get_array (json_node_get_object (start->root), "connections") == NULL)
    {
      g_task_return_new_error (
        task, ASSAY_ERROR, ASSAY_ERROR_FAILED,
        _("The sandbox doesn’t say where it listens. Check that it is of the same version as "
          "Assay."));
      return;
    }
  connect_next (task);
}

static void
line_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssaySandboxLauncher *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *line
    = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, &error);

  g_clear_handle_id (&start->timeout_id, g_source_remove);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  if (line == NULL || strlen (line) > MAX_ANNOUNCEMENT)
    {
      assay_sandbox_launcher_stop (self);
      if (start->timed_out)
        g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                                 _("The sandbox didn’t start within a minute. Try again."));
      else if (start->asked_for_ports)
        spawn (task, FALSE);
      else
        g_task_return_new_error (
          task, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
          _("The sandbox ended while it started. Run “assay-sandbox” in a terminal to see "
            "why."));
      return;
    }
  g_free (self->announcement);
  self->announcement = g_strdup (line);
  take_announcement (task, line);
}

static void
start_timed_out_cb (gpointer user_data)
{
  GTask *task = user_data;
  AssaySandboxLauncher *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);

  start->timeout_id = 0;
  start->timed_out = TRUE;
  /* Its end ends the reading. */
  if (self->process != NULL)
    g_subprocess_force_exit (self->process);
}

static void
add_port (GPtrArray  *arguments,
          Start      *start,
          const char *kind)
{
  const AssayConnection *saved = find_saved (start, kind, NULL);
  g_autoptr (GUri) uri = NULL;

  if (saved == NULL)
    return;
  uri = parse_loopback (assay_connection_get_setting (saved, "base-url"));
  if (uri == NULL || g_uri_get_port (uri) <= 0)
    return;
  g_ptr_array_add (arguments, g_strdup_printf ("--port=%s=%d", kind, g_uri_get_port (uri)));
  start->asked_for_ports = TRUE;
}

static void
spawn (GTask    *task,
       gboolean  same_ports)
{
  AssaySandboxLauncher *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = find_program ();
  GWeakRef *weak;

  if (program == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                               _("The sandbox isn’t installed. Install “assay-sandbox” beside Assay."));
      return;
    }
  g_ptr_array_add (arguments, g_steal_pointer (&program));
  g_ptr_array_add (arguments, g_strdup ("--watch-stdin"));
  g_ptr_array_add (arguments, g_strdup ("--quiet"));
  g_ptr_array_add (arguments, g_strdup ("--state"));
  g_ptr_array_add (arguments,
                   g_build_filename (assay_store_get_directory (assay_service_get_store (self->service)),
                                     "sandbox.json", NULL));
  start->asked_for_ports = FALSE;
  if (same_ports)
    {
      add_port (arguments, start, "pinpoint");
      add_port (arguments, start, "testtrick");
    }
  g_ptr_array_add (arguments, NULL);

  process = g_subprocess_newv ((const char *const *) arguments->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (process == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                               _("The sandbox can’t be started: %s"), error->message);
      return;
    }
  set_process (self, process);
  /* Waiting for its end mustn't keep the launcher alive. */
  weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  g_subprocess_wait_async (process, NULL, exited_cb, weak);

  start->timeout_id = g_timeout_add_once (START_MILLISECONDS, start_timed_out_cb, task);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  /* The pipe stays open for the life of the process: it prints nothing more, but isn't to be killed for it. */
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, g_task_get_cancellable (task), line_read_cb,
                                       g_object_ref (task));
}

/* ---- Starting ---- */

/* Runs on a thread of the store. */
static gpointer
read_connections (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  return assay_connections_list (database, error);
}

static void
saved_read_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssaySandboxLauncher *self = g_task_get_source_object (task);
  Start *start = g_task_get_task_data (task);
  GError *error = NULL;

  start->saved = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (start->saved == NULL)
    g_task_return_error (task, error);
  else if (self->announcement != NULL)
    {
      g_autofree char *line = g_strdup (self->announcement);

      take_announcement (task, line);
    }
  else if (self->process != NULL)
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BUSY, _("The sandbox is being started already."));
  else
    spawn (task, TRUE);
}

void
assay_sandbox_launcher_start_async (AssaySandboxLauncher *self,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ASSAY_IS_SANDBOX_LAUNCHER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, assay_sandbox_launcher_start_async);
  g_task_set_task_data (task, g_new0 (Start, 1), (GDestroyNotify) start_free);
  assay_store_read_async (assay_service_get_store (self->service), read_connections, NULL, NULL,
                          (GDestroyNotify) g_ptr_array_unref, cancellable, saved_read_cb, g_object_ref (task));
}

gboolean
assay_sandbox_launcher_start_finish (AssaySandboxLauncher  *self,
                                     GAsyncResult          *result,
                                     GError               **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
assay_sandbox_launcher_get_running (AssaySandboxLauncher *self)
{
  g_return_val_if_fail (ASSAY_IS_SANDBOX_LAUNCHER (self), FALSE);

  return self->process != NULL;
}

/* ---- The object ---- */

static void
assay_sandbox_launcher_get_property (GObject    *object,
                                     guint       id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  switch ((Property) id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, assay_sandbox_launcher_get_running (ASSAY_SANDBOX_LAUNCHER (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_sandbox_launcher_dispose (GObject *object)
{
  AssaySandboxLauncher *self = ASSAY_SANDBOX_LAUNCHER (object);

  assay_sandbox_launcher_stop (self);
  g_clear_object (&self->service);
  G_OBJECT_CLASS (assay_sandbox_launcher_parent_class)->dispose (object);
}

static void
assay_sandbox_launcher_class_init (AssaySandboxLauncherClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_sandbox_launcher_get_property;
  object_class->dispose = assay_sandbox_launcher_dispose;

  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY |
                                                     G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[DIED] = g_signal_new ("died", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
assay_sandbox_launcher_init (AssaySandboxLauncher *self)
{
}

AssaySandboxLauncher *
assay_sandbox_launcher_new (AssayService *service)
{
  AssaySandboxLauncher *self;

  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_SANDBOX_LAUNCHER, NULL);
  self->service = g_object_ref (service);
  return self;
}
