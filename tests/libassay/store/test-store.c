/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's threads, transactions, signal and files, with one process. */
#include "config.h"

#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "store-fixture.h"

typedef struct
{
  char *directory;
  AssayStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->directory = store_fixture_make_directory ();
  fixture->store = store_fixture_open (fixture->directory);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  store_fixture_close (fixture->store);
  store_fixture_remove_directory (fixture->directory);
  g_free (fixture->directory);
}

static char acme[] = "ACME";

static gpointer
add_connection (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  gint64 id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, data);

  return GSIZE_TO_POINTER ((gsize) id);
}

static gpointer
count_connections (AssayDatabase  *database,
                   gpointer        data,
                   GError        **error)
{
  g_autoptr (GPtrArray) connections = assay_connections_list (database, error);

  return connections != NULL ? GUINT_TO_POINTER (connections->len) : NULL;
}

static guint
get_count (AssayStore *store)
{
  g_autoptr (GError) error = NULL;
  guint count = GPOINTER_TO_UINT (assay_store_read (store, count_connections, NULL, &error));

  g_assert_no_error (error);
  return count;
}

/* ---- Files ---- */

static guint
get_mode (const char *directory,
          const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
test_files (void)
{
  g_autofree char *parent = store_fixture_make_directory ();
  g_autofree char *directory = g_build_filename (parent, "deep", "er", NULL);
  g_autofree char *wal = g_build_filename (directory, "assay.db-wal", NULL);
  g_autoptr (GError) error = NULL;
  AssayStore *store = store_fixture_open (directory);

  g_assert_cmpstr (assay_store_get_directory (store), ==, directory);
  assay_store_write (store, add_connection, acme, &error);
  g_assert_no_error (error);
  g_assert_cmphex (get_mode (directory, ""), ==, 0700);
  g_assert_cmphex (get_mode (directory, "assay.db"), ==, 0600);
  g_assert_cmphex (get_mode (directory, "assay.db-wal"), ==, 0600);
  g_assert_cmphex (get_mode (directory, "assay.db-shm"), ==, 0600);
  g_assert_cmphex (get_mode (directory, "assay.lock"), ==, 0600);
  g_assert_cmphex (get_mode (directory, "assay.owners"), ==, 0600);
  store_fixture_close (store);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));

  store = store_fixture_open (directory);
  g_assert_cmpuint (get_count (store), ==, 1);
  store_fixture_close (store);
  store_fixture_remove_directory (parent);
}

/* ---- Transactions ---- */

static gpointer
add_and_fail (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "never");
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE, "not this one");
  return NULL;
}

static void
test_rollback (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (assay_store_write (fixture->store, add_and_fail, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE);
  g_assert_cmpuint (get_count (fixture->store), ==, 0);
}

typedef struct
{
  guint done;
  guint failed;
  GThread *thread;
  GString *order;
} Answers;

static void
write_done (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Answers *answers = user_data;
  g_autoptr (GError) error = NULL;
  gpointer id = assay_store_finish (ASSAY_STORE (source), result, &error);

  g_assert_true (g_thread_self () == answers->thread);
  answers->done++;
  if (error != NULL)
    {
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE);
      answers->failed++;
      g_string_append_c (answers->order, '-');
    }
  else
    {
      g_assert_nonnull (id);
      /* The commit is there for everybody by now. */
      g_assert_cmpuint (get_count (ASSAY_STORE (source)), >, 0);
      g_string_append_c (answers->order, '+');
    }
}

static gboolean
has_five_answers (gpointer data)
{
  return ((Answers *) data)->done == 5;
}

/* One that fails takes nothing with it of those that share its commit. */
static void
test_batch (Fixture       *fixture,
            gconstpointer  unused)
{
  Answers answers = { 0, 0, g_thread_self (), g_string_new (NULL) };

  for (guint i = 0; i < 5; i++)
    assay_store_write_async (fixture->store, i % 2 == 0 ? add_connection : add_and_fail, acme, NULL, NULL, NULL,
                             write_done, &answers);
  store_fixture_wait (has_five_answers, &answers);
  g_assert_cmpstr (answers.order->str, ==, "+-+-+");
  g_assert_cmpuint (get_count (fixture->store), ==, 3);
  g_string_free (answers.order, TRUE);
}

static gpointer
try_to_write (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, "DELETE FROM connection", error);

  if (statement != NULL)
    assay_statement_run (statement, error);
  return NULL;
}

static void
test_reader_cannot_write (Fixture       *fixture,
                          gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, add_connection, acme, NULL);
  assay_store_read (fixture->store, try_to_write, NULL, &error);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  g_assert_cmpuint (get_count (fixture->store), ==, 1);
}

static gpointer
insert_twice (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  gint64 connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");

  for (guint i = 0; i < 2; i++)
    {
      AssayStatement *statement =
        assay_database_prepare (database, "INSERT INTO job (connection_id, remote_id, title) VALUES (?1, '1', 'x')",
                                error);

      assay_statement_bind_int64 (statement, 1, connection_id);
      if (!assay_statement_run (statement, error))
        return GINT_TO_POINTER (assay_database_error_is_unique (database) ? 1 : 2);
    }
  return NULL;
}

static gpointer
check_unique (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  g_autoptr (GError) local_error = NULL;

  g_assert_cmpint (GPOINTER_TO_INT (insert_twice (database, NULL, &local_error)), ==, 1);
  g_assert_error (local_error, ASSAY_ERROR, ASSAY_ERROR_FAILED);
  return NULL;
}

static void
test_unique (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, check_unique, NULL, &error);
  g_assert_no_error (error);
}

static gpointer
check_values (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, "SELECT ?1, ?2, ?3, ?4", error);

  assay_statement_bind_int64 (statement, 1, G_MAXINT64);
  assay_statement_bind_double (statement, 2, 0.5);
  assay_statement_bind_double (statement, 3, (double) NAN);
  assay_statement_bind_text (statement, 4, NULL);
  g_assert_true (assay_statement_step (statement, error));
  g_assert_cmpint (assay_statement_get_int64 (statement, 0), ==, G_MAXINT64);
  g_assert_cmpfloat (assay_statement_get_double (statement, 1), ==, 0.5);
  g_assert_true (assay_statement_is_null (statement, 2));
  g_assert_true (isnan (assay_statement_get_double (statement, 2)));
  g_assert_null (assay_statement_get_text (statement, 3));
  g_assert_null (assay_statement_dup_text (statement, 3));
  /* Prepared again: the bindings are gone. */
  g_assert_true (assay_database_prepare (database, "SELECT ?1, ?2, ?3, ?4", error) == statement);
  g_assert_true (assay_statement_step (statement, error));
  g_assert_true (assay_statement_is_null (statement, 0));
  return NULL;
}

static void
test_values (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  assay_store_read (fixture->store, check_values, NULL, &error);
  g_assert_no_error (error);
}

/* ---- Cancelling and closing ---- */

static gpointer
count_for_ever (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", error);

  g_atomic_int_set ((int *) data, 1);
  assay_statement_run (statement, error);
  return NULL;
}

static void
store_error (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GError **error = user_data;

  g_assert_null (assay_store_finish (ASSAY_STORE (source), result, error));
  g_assert_nonnull (*error);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  int begun = 0;

  assay_store_read_async (fixture->store, count_for_ever, &begun, NULL, NULL, cancellable, store_error, &error);
  while (!g_atomic_int_get (&begun))
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  store_fixture_wait (is_set, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* The reader takes the next one. */
  g_assert_cmpuint (get_count (fixture->store), ==, 0);
  g_assert_cmpuint (get_count (fixture->store), ==, 0);

  /* Cancelled before it begins, a write has no effect. */
  g_clear_error (&error);
  assay_store_write_async (fixture->store, add_connection, acme, NULL, NULL, cancellable, store_error, &error);
  store_fixture_wait (is_set, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (get_count (fixture->store), ==, 0);
}

static void
test_close (Fixture       *fixture,
            gconstpointer  unused)
{
  Answers answers = { 0, 0, g_thread_self (), g_string_new (NULL) };
  g_autoptr (GError) error = NULL;
  AssayStore *store;

  /* What was queued is done first. */
  for (guint i = 0; i < 5; i++)
    assay_store_write_async (fixture->store, add_and_fail, NULL, NULL, NULL, NULL, write_done, &answers);
  assay_store_close (fixture->store);
  assay_store_close (fixture->store);
  store_fixture_wait (has_five_answers, &answers);
  g_string_free (answers.order, TRUE);

  g_assert_null (assay_store_read (fixture->store, count_connections, NULL, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  g_clear_error (&error);
  assay_store_write_async (fixture->store, add_connection, acme, NULL, NULL, NULL, store_error, &error);
  store_fixture_wait (is_set, &error);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);

  store = store_fixture_open (fixture->directory);
  g_assert_cmpuint (get_count (store), ==, 0);
  store_fixture_close (store);
}

/* ---- The change signal ---- */

typedef struct
{
  guint signals;
  guint seen;
  gint64 ids[100];
  guint n_ids;
  gboolean everything;
} Seen;

static void
see_changes (AssayStore   *store,
             AssayChanges *changes,
             Seen         *seen)
{
  seen->signals++;
  if (assay_changes_is_everything (changes, ASSAY_CHANGE_CONNECTIONS))
    seen->everything = TRUE;
  for (guint i = 0; i < seen->n_ids; i++)
    if (assay_changes_has (changes, ASSAY_CHANGE_CONNECTIONS, seen->ids[i]))
      seen->seen++;
  g_assert_false (assay_changes_has_kind (changes, ASSAY_CHANGE_OUTBOX) && !seen->everything);
}

static gboolean
saw_all (gpointer data)
{
  Seen *seen = data;

  return seen->seen >= seen->n_ids;
}

static gboolean
saw_everything (gpointer data)
{
  return ((Seen *) data)->everything;
}

static gpointer
note_many (AssayDatabase  *database,
           gpointer        data,
           GError        **error)
{
  for (guint i = 0; i < 10000; i++)
    assay_database_note_change (database, ASSAY_CHANGE_CONNECTIONS, i + 1);
  return NULL;
}

static void
test_changes (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };
  gulong handler = g_signal_connect (fixture->store, "changed", G_CALLBACK (see_changes), &seen);

  for (; seen.n_ids < G_N_ELEMENTS (seen.ids); seen.n_ids++)
    seen.ids[seen.n_ids] = GPOINTER_TO_SIZE (assay_store_write (fixture->store, add_connection, acme, &error));
  g_assert_no_error (error);
  store_fixture_wait (saw_all, &seen);
  g_assert_false (seen.everything);
  /* A hundred commits while the main context didn't run are one signal. */
  g_assert_cmpuint (seen.signals, ==, 1);

  assay_store_write (fixture->store, note_many, NULL, &error);
  g_assert_no_error (error);
  store_fixture_wait (saw_everything, &seen);
  g_signal_handler_disconnect (fixture->store, handler);
}

static void
test_no_change_after_rollback (Fixture       *fixture,
                               gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  Seen seen = { 0 };
  gulong handler = g_signal_connect (fixture->store, "changed", G_CALLBACK (see_changes), &seen);

  assay_store_write (fixture->store, add_and_fail, NULL, NULL);
  seen.ids[seen.n_ids++] = GPOINTER_TO_SIZE (assay_store_write (fixture->store, add_connection, acme, &error));
  store_fixture_wait (saw_all, &seen);
  /* The id that was rolled back was given out again, once. */
  g_assert_cmpuint (seen.seen, ==, 1);
  g_assert_cmpuint (seen.signals, ==, 1);
  g_signal_handler_disconnect (fixture->store, handler);
}

/* ---- A full disk ---- */

static gpointer
set_page_limit (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  AssayStatement *statement = assay_database_prepare (
    database, data != NULL ? "PRAGMA max_page_count = 90" : "PRAGMA max_page_count = 1000000", error);

  assay_statement_run (statement, error);
  return NULL;
}

static gpointer
add_much (AssayDatabase  *database,
          gpointer        data,
          GError        **error)
{
  AssayStatement *statement;
  g_autofree char *text = g_strnfill (100000, 'x');

  for (guint i = 0; i < 20; i++)
    {
      statement = assay_database_prepare (database,
                                          "INSERT INTO connection (kind, role, name, state, secret_id, created_at,"
                                          "  updated_at) VALUES ('x', 'ats', ?1, 'saved', '', 1, 1)",
                                          error);
      assay_statement_bind_text (statement, 1, text);
      if (!assay_statement_run (statement, error))
        return NULL;
    }
  return NULL;
}

static void
test_full (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, add_connection, acme, &error);
  g_assert_no_error (error);
  assay_store_write (fixture->store, set_page_limit, GINT_TO_POINTER (TRUE), &error);
  g_assert_no_error (error);

  assay_store_write (fixture->store, add_much, NULL, &error);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "full"));
  g_clear_error (&error);
  /* What was there can still be read, and with space the store goes on. */
  g_assert_cmpuint (get_count (fixture->store), ==, 1);
  assay_store_write (fixture->store, set_page_limit, NULL, &error);
  g_assert_no_error (error);
  assay_store_write (fixture->store, add_much, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (get_count (fixture->store), ==, 21);
}

/* ---- Owners ---- */

static void
test_owners (Fixture       *fixture,
             gconstpointer  unused)
{
  AssayStore *other = store_fixture_open (fixture->directory);
  gint64 owner = assay_store_claim_owner (fixture->store);
  gint64 other_owner = assay_store_claim_owner (other);

  g_assert_cmpint (owner, >, 0);
  g_assert_cmpint (owner, ==, assay_store_claim_owner (fixture->store));
  g_assert_cmpint (owner, !=, other_owner);
  g_assert_true (assay_store_owner_is_alive (fixture->store, owner));
  g_assert_true (assay_store_owner_is_alive (fixture->store, other_owner));
  g_assert_true (assay_store_owner_is_alive (other, owner));
  g_assert_false (assay_store_owner_is_alive (other, 0));
  g_assert_false (assay_store_owner_is_alive (other, -5));
  g_assert_false (assay_store_owner_is_alive (other, G_MAXINT64));
  g_assert_false (assay_store_owner_is_alive (other, owner ^ 1));

  store_fixture_close (other);
  g_assert_false (assay_store_owner_is_alive (fixture->store, other_owner));
}

/* ---- The WAL ---- */

static void
test_wal_is_bounded (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (fixture->directory, "assay.db-wal", NULL);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  for (guint i = 0; i < 60; i++) /* 2 MB each */
    {
      assay_store_write (fixture->store, add_much, NULL, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <, 64 * 1024 * 1024);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/files", test_files);
#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("rollback", test_rollback);
  ADD ("batch", test_batch);
  ADD ("reader-cannot-write", test_reader_cannot_write);
  ADD ("unique", test_unique);
  ADD ("values", test_values);
  ADD ("cancel", test_cancel);
  ADD ("close", test_close);
  ADD ("changes", test_changes);
  ADD ("no-change-after-rollback", test_no_change_after_rollback);
  ADD ("full", test_full);
  ADD ("owners", test_owners);
  ADD ("wal-is-bounded", test_wal_is_bounded);
  return g_test_run ();
}
