/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of libassay share. */
#include "config.h"

#include "test-support.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

/* Longer than anything here takes, also under sanitizers on a busy machine: only a hang reaches it. */
#define PATIENCE 60

static char *home;

static void
remove_home (void)
{
  test_remove_directory (home);
  g_free (home);
}

/* G_TEST_OPTION_ISOLATE_DIRS would do, but in GLib 2.74 it leaks what it sets, for each test. */
static void
set_directory (const char *variable,
               const char *name)
{
  g_autofree char *path = g_build_filename (home, name, NULL);

  g_assert_no_errno (g_mkdir_with_parents (path, 0700));
  g_setenv (variable, path, TRUE);
}

/* An empty keyring as libsecret writes it, but its key takes a single round to make. Libsecret's own takes 100,000, in
 * each program that opens it. */
static void
make_keyring (const char *path)
{
  static const char header[] = "GnomeKeyring\n\r\0\n\1";
  guint8 salt[32];
  g_autoptr (GVariant) content = NULL;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < sizeof salt; i++)
    salt[i] = (guint8) g_random_int_range (0, 256);
  /* Salt, rounds, when it was changed and how often, items. */
  content = g_variant_ref_sink (g_variant_new ("(u@ayutu@a(a{say}ay))", (guint32) sizeof salt,
                                               g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, salt, sizeof salt, 1),
                                               1, (guint64) 0, 0,
                                               g_variant_new_array (G_VARIANT_TYPE ("(a{say}ay)"), NULL, 0)));
  g_byte_array_append (file, (const guint8 *) header, sizeof header);
  g_byte_array_append (file, g_variant_get_data (content), (guint) g_variant_get_size (content));
  g_file_set_contents (path, (const char *) file->data, file->len, &error);
  g_assert_no_error (error);
}

void
test_support_init (int    *argc,
                   char ***argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "the keyring's own password", TRUE);
  /* A subprocess of a test shares its home and keyring. */
  if (g_getenv ("SECRET_FILE_TEST_PATH") == NULL)
    {
      g_autofree char *keyring = NULL;

      home = test_make_directory ();
      set_directory ("HOME", "home");
      set_directory ("XDG_CACHE_HOME", "cache");
      set_directory ("XDG_CONFIG_HOME", "config");
      set_directory ("XDG_DATA_HOME", "data");
      set_directory ("XDG_STATE_HOME", "state");
      set_directory ("XDG_RUNTIME_DIR", "runtime");
      keyring = g_build_filename (home, "keyring", NULL);
      make_keyring (keyring);
      g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
      atexit (remove_home);
    }
  g_test_init (argc, argv, NULL);
}

/* There in a program that is built with the leak sanitizer. */
extern void __lsan_disable (void) __attribute__ ((weak));
extern void __lsan_enable (void) __attribute__ ((weak));

void
test_begin_library_leak (void)
{
  if (__lsan_disable != NULL)
    __lsan_disable ();
}

void
test_end_library_leak (void)
{
  if (__lsan_enable != NULL)
    __lsan_enable ();
}

/* Waiting */

static void
patience_ended_cb (gpointer user_data)
{
  g_error ("What was waited for never came.");
}

void
test_run_until (gboolean (*condition) (gpointer data),
                gpointer data)
{
  guint watchdog = g_timeout_add_once (PATIENCE * 1000, patience_ended_cb, NULL);

  while (!condition (data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

void
test_keep_result (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

void
test_wait_result (GAsyncResult **result)
{
  test_run_until (has_result, result);
}

/* Assertions */

void
test_assert_sentence (const char *text)
{
  gunichar first;

  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  first = g_utf8_get_char (text);
  /* A sentence may begin with somebody's name, in whatever script. */
  if ((!g_unichar_isalnum (first) && first != 0x201c) || g_unichar_islower (first) ||
      (!g_str_has_suffix (text, ".") && !g_str_has_suffix (text, "”")) || strpbrk (text, "!\n") != NULL)
    g_error ("This is not a sentence: “%s”", text);
}

/* Files */

char *
test_make_directory (void)
{
  g_autoptr (GError) error = NULL;
  char *directory = g_dir_make_tmp ("assay-test-XXXXXX", &error);

  g_assert_no_error (error);
  return directory;
}

void
test_remove_directory (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        test_remove_directory (path);
      else
        g_unlink (path);
    }
  g_rmdir (directory);
}

gboolean
test_directory_contains (const char *directory,
                         const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  gboolean found = FALSE;
  const char *name;

  g_assert_nonnull (dir);
  while (!found && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *content = NULL;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found = test_directory_contains (path, text);
      else if (g_file_get_contents (path, &content, &length, NULL))
        found = memmem (content, length, text, strlen (text)) != NULL;
    }
  return found;
}

JsonNode *
test_parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = assay_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return root;
}

JsonNode *
test_load_fixture (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ASSAY_FIXTURES"), name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return test_parse (text);
}

/* The sandbox */

struct _TestSandbox
{
  GSubprocess *process;
  JsonNode *start;         /* what it printed */
  SoupSession *session;    /* to the control */
};

static TestSandbox *
sandbox_start_valist (const char *first_option,
                      va_list     options)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GDataInputStream) stream = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;
  TestSandbox *sandbox = g_new0 (TestSandbox, 1);
  const char *program = g_getenv ("ASSAY_SANDBOX");

  g_assert_nonnull (program);
  g_ptr_array_add (words, (gpointer) program);
  g_ptr_array_add (words, (gpointer) "--quiet");
  g_ptr_array_add (words, (gpointer) "--watch-stdin");
  g_ptr_array_add (words, (gpointer) "--pace=0");
  g_ptr_array_add (words, (gpointer) "--rate=0");
  for (const char *option = first_option; option != NULL; option = va_arg (options, const char *))
    g_ptr_array_add (words, (gpointer) option);
  g_ptr_array_add (words, NULL);

  sandbox->process = g_subprocess_newv ((const char *const *) words->pdata,
                                        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (sandbox->process));
  line = g_data_input_stream_read_line (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  sandbox->start = test_parse (line);
  sandbox->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  return sandbox;
}

TestSandbox *
test_sandbox_start (const char *first_option,
                    ...)
{
  TestSandbox *sandbox;
  va_list options;

  va_start (options, first_option);
  sandbox = sandbox_start_valist (first_option, options);
  va_end (options);
  return sandbox;
}

void
test_sandbox_stop (TestSandbox *sandbox)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (sandbox->process), NULL, &error);
  g_assert_no_error (error);
  /* Its own leaks and errors count too. */
  g_subprocess_wait_check (sandbox->process, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (sandbox->process);
  json_node_unref (sandbox->start);
  g_object_unref (sandbox->session);
  g_free (sandbox);
}

static const char *
sandbox_get_member (TestSandbox *sandbox,
                    const char  *kind,
                    const char  *group,
                    const char  *name)
{
  JsonArray *connections = json_object_get_array_member (json_node_get_object (sandbox->start), "connections");

  for (guint i = 0; i < json_array_get_length (connections); i++)
    {
      JsonObject *connection = json_array_get_object_element (connections, i);

      if (g_str_equal (json_object_get_string_member (connection, "kind"), kind))
        return json_object_get_string_member (json_object_get_object_member (connection, group), name);
    }
  g_assert_not_reached ();
}

const char *
test_sandbox_get_base_url (TestSandbox *sandbox,
                           const char  *kind)
{
  return sandbox_get_member (sandbox, kind, "settings", "base-url");
}

const char *
test_sandbox_get_key (TestSandbox *sandbox,
                      const char  *kind)
{
  return sandbox_get_member (sandbox, kind, "secrets", "api-key");
}

const char *
test_sandbox_get_control (TestSandbox *sandbox)
{
  return json_object_get_string_member (json_node_get_object (sandbox->start), "control");
}

JsonNode *
test_sandbox_ask (TestSandbox *sandbox,
                  const char  *method,
                  const char  *path,
                  const char  *body,
                  ...)
{
  g_autofree char *address = g_strconcat (test_sandbox_get_control (sandbox), path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, address);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = NULL;
      va_list arguments;
      char *text;

      va_start (arguments, body);
      text = g_strdup_vprintf (body, arguments);
      va_end (arguments);
      bytes = g_bytes_new_take (text, strlen (text));
      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  answer = soup_session_send_and_read (sandbox->session, message, NULL, &error);
  g_assert_no_error (error);
  root = assay_json_parse (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), &error);
  g_assert_no_error (error);
  if (soup_message_get_status (message) != 200)
    {
      g_autofree char *text = json_to_string (root, FALSE);

      g_error ("%s %s: %u %s", method, path, soup_message_get_status (message), text);
    }
  return root;
}

void
test_sandbox_fault (TestSandbox *sandbox,
                    const char  *vendor,
                    const char  *operation,
                    const char  *kind,
                    guint        times)
{
  json_node_unref (test_sandbox_ask (
    sandbox, "POST", "/faults", "{\"vendor\":\"%s\",\"operation\":\"%s\",\"kind\":\"%s\",\"times\":%u}", vendor,
    operation, kind, times));
}

void
test_sandbox_advance (TestSandbox *sandbox,
                      guint        seconds)
{
  json_node_unref (test_sandbox_ask (sandbox, "POST", "/advance", "{\"seconds\":%u}", seconds));
}

char *
test_sandbox_arrive (TestSandbox *sandbox,
                     const char  *fields)
{
  g_autoptr (JsonNode) answer = test_sandbox_ask (sandbox, "POST", "/applications", "{%s}", fields);

  return assay_json_dup_string (json_node_get_object (answer), "id");
}

guint
test_sandbox_count_effects (TestSandbox *sandbox,
                            const char  *email)
{
  g_autoptr (JsonNode) ledger = test_sandbox_ask (sandbox, "GET", "/ledger", NULL);
  JsonArray *invitations = json_object_get_array_member (json_node_get_object (ledger), "invitations");
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (invitations); i++)
    {
      JsonObject *invitation = json_array_get_object_element (invitations, i);

      if (email == NULL || g_ascii_strcasecmp (json_object_get_string_member (invitation, "email"), email) == 0)
        count += (guint) json_object_get_int_member (invitation, "count");
    }
  return count;
}

guint
test_sandbox_count_requests (TestSandbox *sandbox,
                             const char  *vendor,
                             const char  *operation)
{
  g_autoptr (JsonNode) ledger = test_sandbox_ask (sandbox, "GET", "/ledger", NULL);
  JsonObject *traffic = json_object_get_object_member (json_node_get_object (ledger), "traffic");

  if (!json_object_has_member (traffic, vendor))
    return 0;
  return (guint) json_object_get_int_member_with_default (
    json_object_get_object_member (json_object_get_object_member (traffic, vendor), "requests"), operation, 0);
}

void
test_sandbox_assert_no_incidents (TestSandbox *sandbox)
{
  g_autoptr (JsonNode) ledger = test_sandbox_ask (sandbox, "GET", "/ledger", NULL);
  JsonNode *incidents = json_object_get_member (json_node_get_object (ledger), "incidents");
  g_autofree char *text = json_to_string (incidents, FALSE);

  g_assert_cmpstr (text, ==, "[]");
}

/* The store, read from outside */

static gpointer
query_text (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  AssayStatement *statement = assay_database_prepare (database, data, error);

  if (statement == NULL || !assay_statement_step (statement, error))
    return NULL;
  return assay_statement_dup_text (statement, 0);
}

char *
test_query_text (AssayService *service,
                 const char   *sql)
{
  g_autoptr (GError) error = NULL;
  char *text = assay_store_read (assay_service_get_store (service), query_text, (gpointer) sql, &error);

  g_assert_no_error (error);
  return text;
}

gint64
test_query_int64 (AssayService *service,
                  const char   *sql)
{
  g_autofree char *text = test_query_text (service, sql);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static gpointer
execute (AssayDatabase *database,
         gpointer       data,
         GError       **error)
{
  AssayStatement *statement = assay_database_prepare (database, data, error);

  if (statement != NULL)
    assay_statement_run (statement, error);
  return NULL;
}

void
test_execute (AssayService *service,
              const char   *sql)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (assay_service_get_store (service), execute, (gpointer) sql, &error);
  g_assert_no_error (error);
}

typedef struct
{
  AssayService *service;
  const char *sql;
  const char *expected;
} QueryWait;

static gboolean
query_gives (gpointer data)
{
  const QueryWait *wait = data;
  g_autofree char *text = test_query_text (wait->service, wait->sql);

  return g_strcmp0 (text, wait->expected) == 0;
}

void
test_wait_text (AssayService *service,
                const char   *sql,
                const char   *expected)
{
  QueryWait wait = { service, sql, expected };

  test_run_until (query_gives, &wait);
}

void
test_wait_int64 (AssayService *service,
                 const char   *sql,
                 gint64        expected)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, expected);

  test_wait_text (service, sql, text);
}

/* A service at work */

static void
bench_open (TestBench *bench)
{
  g_autoptr (GError) error = NULL;

  bench->service = assay_service_new (bench->directory, &error);
  g_assert_no_error (error);
}

static TestBench *
bench_new_valist (const char *first_option,
                  va_list     options)
{
  TestBench *bench = g_new0 (TestBench, 1);

  bench->sandbox = sandbox_start_valist (first_option, options);
  bench->directory = test_make_directory ();
  bench_open (bench);
  return bench;
}

TestBench *
test_bench_new_empty (const char *first_option,
                      ...)
{
  TestBench *bench;
  va_list options;

  va_start (options, first_option);
  bench = bench_new_valist (first_option, options);
  va_end (options);
  return bench;
}

TestBench *
test_bench_new (const char *first_option,
                ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssaySyncResult) synced = NULL;
  TestBench *bench;
  va_list options;

  va_start (options, first_option);
  bench = bench_new_valist (first_option, options);
  va_end (options);

  bench->pinpoint = test_bench_add (bench, "pinpoint", NULL, NULL, NULL);
  test_bench_enable (bench, bench->pinpoint, &error);
  g_assert_no_error (error);
  bench->testtrick = test_bench_add (bench, "testtrick", NULL, NULL, NULL);
  test_bench_enable (bench, bench->testtrick, &error);
  g_assert_no_error (error);
  synced = test_bench_sync (bench, bench->pinpoint, FALSE);
  g_assert_no_error (synced->error);
  return bench;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

void
test_bench_close (TestBench *bench)
{
  gpointer service = g_steal_pointer (&bench->service);

  if (service == NULL)
    return;
  assay_service_stop (service);
  /* What still waits in the main context gives its reference back. */
  g_object_add_weak_pointer (service, &service);
  g_object_unref (service);
  test_run_until (is_gone, &service);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
test_bench_reopen (TestBench *bench)
{
  test_bench_close (bench);
  bench_open (bench);
}

void
test_bench_free (TestBench *bench)
{
  test_bench_close (bench);
  test_sandbox_stop (bench->sandbox);
  test_remove_directory (bench->directory);
  g_free (bench->directory);
  g_free (bench);
}

static GHashTable *
make_secrets (const char *key)
{
  GHashTable *secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (secrets, g_strdup ("api-key"), g_strdup (key));
  return secrets;
}

static GHashTable *
make_settings (const char *const *pairs)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; pairs != NULL && pairs[i] != NULL; i++)
    {
      const char *sign = strchr (pairs[i], '=');

      g_assert_nonnull (sign);
      g_hash_table_insert (settings, g_strndup (pairs[i], (gsize) (sign - pairs[i])), g_strdup (sign + 1));
    }
  return settings;
}

gint64
test_bench_add (TestBench         *bench,
                const char        *kind,
                const char        *base_url,
                const char        *key,
                const char *const *settings)
{
  /* A partner is what TestTrick's port is under another name. */
  const char *player = g_str_equal (kind, "partner") ? "testtrick" : kind;
  g_autoptr (GHashTable) secrets = make_secrets (key != NULL ? key : test_sandbox_get_key (bench->sandbox, player));
  g_autoptr (GHashTable) all = make_settings (settings);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_hash_table_insert (all, g_strdup ("base-url"),
                       g_strdup (base_url != NULL ? base_url : test_sandbox_get_base_url (bench->sandbox, player)));
  test_begin_library_leak ();
  TEST_CALL (result, assay_service_add_connection_async, bench->service, kind, NULL, all, secrets, NULL);
  test_end_library_leak ();
  id = assay_service_add_connection_finish (bench->service, result, &error);
  g_assert_no_error (error);
  return id;
}

gboolean
test_bench_enable (TestBench *bench,
                   gint64     connection_id,
                   GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_enable_connection_async, bench->service, connection_id, NULL);
  return assay_service_enable_connection_finish (bench->service, result, error);
}

gboolean
test_bench_set (TestBench         *bench,
                gint64             connection_id,
                const char        *key,
                const char *const *settings,
                GError           **error)
{
  g_autoptr (GHashTable) secrets = key != NULL ? make_secrets (key) : NULL;
  g_autoptr (GHashTable) changes = make_settings (settings);
  g_autoptr (GAsyncResult) result = NULL;

  if (key != NULL)
    test_begin_library_leak ();
  TEST_CALL (result, assay_service_set_connection_async, bench->service, connection_id, NULL, changes, secrets, NULL);
  if (key != NULL)
    test_end_library_leak ();
  return assay_service_set_connection_finish (bench->service, result, error);
}

AssaySyncResult *
test_bench_sync (TestBench *bench,
                 gint64     connection_id,
                 gboolean   full)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GError) error = NULL;

  TEST_CALL (result, assay_service_sync_async, bench->service, connection_id, full, NULL, NULL, NULL);
  results = assay_service_sync_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, 1);
  return g_ptr_array_steal_index (results, 0);
}

gint64
test_bench_get_candidate (TestBench *bench,
                          guint      index)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT a.id FROM application a JOIN job j ON j.id = a.job_id WHERE NOT a.archived AND NOT a.gone"
                     " AND j.open AND a.email IS NOT NULL ORDER BY a.id LIMIT 1 OFFSET %u",
                     index);
  gint64 id = test_query_int64 (bench->service, sql);

  g_assert_cmpint (id, >, 0);
  return id;
}

gint64
test_bench_get_assessment (TestBench *bench,
                           guint      index)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT id FROM assessment WHERE active ORDER BY id LIMIT 1 OFFSET %u", index);
  gint64 id = test_query_int64 (bench->service, sql);

  g_assert_cmpint (id, >, 0);
  return id;
}

char *
test_bench_dup_email (TestBench *bench,
                      gint64     application_id)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT email FROM application WHERE id = %" G_GINT64_FORMAT, application_id);

  return test_query_text (bench->service, sql);
}

gint64
test_bench_queue (TestBench *bench,
                  gint64     application_id,
                  gint64     assessment_id,
                  GError   **error)
{
  AssayInvitationDraft draft = { .application_id = application_id, .assessment_id = assessment_id };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_invite_async, bench->service, &draft, NULL);
  return assay_service_invite_finish (bench->service, result, error);
}

gboolean
test_bench_send (TestBench *bench,
                 gint64     invitation_id,
                 GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_service_run_outbox_async, bench->service, invitation_id, NULL);
  return assay_service_run_outbox_finish (bench->service, result, error);
}

const char *
test_bench_get_outbox_state (TestBench *bench,
                             gint64     invitation_id)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT state FROM outbox WHERE invitation_id = %" G_GINT64_FORMAT " ORDER BY id DESC", invitation_id);
  g_autofree char *state = test_query_text (bench->service, sql);

  return g_intern_string (state);
}

static gpointer
get_invitation (AssayDatabase *database,
                gpointer       data,
                GError       **error)
{
  return assay_invitations_get (database, *(gint64 *) data, error);
}

AssayInvitation *
test_bench_get_invitation (TestBench *bench,
                           gint64     invitation_id)
{
  g_autoptr (GError) error = NULL;
  AssayInvitation *invitation =
    assay_store_read (assay_service_get_store (bench->service), get_invitation, &invitation_id, &error);

  g_assert_no_error (error);
  return invitation;
}

static gpointer
get_connection (AssayDatabase *database,
                gpointer       data,
                GError       **error)
{
  return assay_connections_get (database, *(gint64 *) data, error);
}

AssayConnection *
test_bench_get_connection (TestBench *bench,
                           gint64     connection_id)
{
  g_autoptr (GError) error = NULL;
  AssayConnection *connection =
    assay_store_read (assay_service_get_store (bench->service), get_connection, &connection_id, &error);

  g_assert_no_error (error);
  return connection;
}
