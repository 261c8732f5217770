/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several processes on the same files: they write in turns, see each other's changes, and know who is alive. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "store-fixture.h"

#define N_PROCESSES 3
#define N_WRITES 60

static const char *program;

static gpointer
add_one (AssayDatabase  *database,
         gpointer        data,
         GError        **error)
{
  store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, data);
  return NULL;
}

static gpointer
count_connections (AssayDatabase  *database,
                   gpointer        data,
                   GError        **error)
{
  g_autoptr (GPtrArray) connections = assay_connections_list (database, error);

  return GUINT_TO_POINTER (connections->len);
}

/* ---- What the other processes do ---- */

static int
write_as_child (const char *directory)
{
  g_autofree char *name = g_strdup_printf ("child %u", g_random_int ());
  AssayStore *store = store_fixture_open (directory);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_WRITES; i++)
    {
      assay_store_write (store, add_one, name, &error);
      g_assert_no_error (error);
    }
  store_fixture_close (store);
  return 0;
}

/* Says its number, then waits to be told to end. */
static int
own_as_child (const char *directory)
{
  AssayStore *store = store_fixture_open (directory);

  g_print ("%" G_GINT64_FORMAT "\n", assay_store_claim_owner (store));
  getchar ();
  store_fixture_close (store);
  return 0;
}

/* ---- Tests ---- */

static void
test_concurrent_writes (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  GSubprocess *children[N_PROCESSES];
  g_autoptr (GError) error = NULL;
  AssayStore *store;
  guint count;

  for (guint i = 0; i < N_PROCESSES; i++)
    {
      children[i] = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--write", directory, NULL);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < N_PROCESSES; i++)
    {
      g_assert_true (g_subprocess_wait_check (children[i], NULL, &error));
      g_assert_no_error (error);
      g_object_unref (children[i]);
    }

  store = store_fixture_open (directory);
  count = GPOINTER_TO_UINT (assay_store_read (store, count_connections, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, N_PROCESSES * N_WRITES);
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

static void
see_everything (AssayStore   *store,
                AssayChanges *changes,
                gboolean     *seen)
{
  if (assay_changes_is_everything (changes, ASSAY_CHANGE_APPLICATIONS))
    *seen = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
test_foreign_changes (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  AssayStore *store = store_fixture_open (directory);
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  gboolean seen = FALSE;

  g_signal_connect (store, "changed", G_CALLBACK (see_everything), &seen);
  child = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--write", directory, NULL);
  g_assert_no_error (error);
  store_fixture_wait (is_true, &seen);
  g_assert_true (g_subprocess_wait_check (child, NULL, &error));

  /* A read tells it too, should the watch have failed. */
  g_assert_cmpuint (GPOINTER_TO_UINT (assay_store_read (store, count_connections, NULL, &error)), ==, N_WRITES);
  g_signal_handlers_disconnect_by_data (store, &seen);
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

static void
test_owner_dies (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  AssayStore *store = store_fixture_open (directory);
  g_autoptr (GError) error = NULL;

  for (guint killed = 0; killed < 2; killed++)
    {
      g_autoptr (GSubprocess) child = g_subprocess_new (
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--own", directory, NULL);
      g_autoptr (GDataInputStream) output = NULL;
      g_autofree char *line = NULL;
      gint64 owner;

      g_assert_no_error (error);
      output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
      line = g_data_input_stream_read_line (output, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
      owner = g_ascii_strtoll (line, NULL, 10);
      g_assert_cmpint (owner, >, 0);
      g_assert_true (assay_store_owner_is_alive (store, owner));

      if (killed)
        g_subprocess_force_exit (child);
      else
        g_output_stream_close (g_subprocess_get_stdin_pipe (child), NULL, NULL);
      g_subprocess_wait (child, NULL, NULL);
      g_assert_false (assay_store_owner_is_alive (store, owner));
    }
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    return write_as_child (argv[2]);
  if (argc == 3 && strcmp (argv[1], "--own") == 0)
    return own_as_child (argv[2]);

  g_test_init (&argc, &argv, NULL);
  program = argv[0];

  g_test_add_func ("/store-processes/concurrent-writes", test_concurrent_writes);
  g_test_add_func ("/store-processes/foreign-changes", test_foreign_changes);
  g_test_add_func ("/store-processes/owner-dies", test_owner_dies);
  return g_test_run ();
}
