/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files the store can't use as they are: damaged, foreign, from the future, on disks that are full or read-only. Each
 * gets a sentence; nothing is deleted; what was sent is remembered. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "store-fixture.h"

#define N_PEOPLE 400
#define N_SENT 300

static char *
get_path (const char *directory,
          const char *name)
{
  return g_build_filename (directory, name, NULL);
}

static gpointer
fill (AssayDatabase  *database,
      gpointer        data,
      GError        **error)
{
  gint64 ats = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  gint64 provider = store_fixture_add_connection (database, "testtrick", ASSAY_ROLE_PROVIDER, "TestTrick");
  gint64 assessment = store_fixture_add_assessment (database, provider, "Python");

  store_fixture_add_job (database, ats, "1", "Backend Engineer");
  store_fixture_add_people (database, ats, 0, N_PEOPLE);
  for (gint64 i = 1; i <= N_SENT; i++)
    {
      gint64 invitation = store_fixture_add_invitation (database, i, assessment, provider, ASSAY_INVITATION_PENDING);
      AssayStatement *statement =
        assay_database_prepare (database,
                                "INSERT INTO outbox (kind, connection_id, application_id, invitation_id, natural_key,"
                                "  state, cause, due_at, created_at, updated_at)"
                                " VALUES ('invite', ?1, ?2, ?3, 'key-' || ?2, 'done', 'user', 1, 1, 1)",
                                error);

      assay_statement_bind_int64 (statement, 1, provider);
      assay_statement_bind_int64 (statement, 2, i);
      assay_statement_bind_int64 (statement, 3, invitation);
      g_assert_true (assay_statement_run (statement, error));
    }
  return NULL;
}

static char *
make_filled_directory (void)
{
  char *directory = store_fixture_make_directory ();
  AssayStore *store = store_fixture_open (directory);
  g_autoptr (GError) error = NULL;

  assay_store_write (store, fill, NULL, &error);
  g_assert_no_error (error);
  store_fixture_close (store);
  return directory;
}

static gpointer
count_sent (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT count(*) FROM outbox WHERE natural_key LIKE 'key-%'", error);
  guint count;

  g_assert_true (assay_statement_step (statement, error));
  count = (guint) assay_statement_get_int64 (statement, 0);
  return GUINT_TO_POINTER (count);
}

static gpointer
check_references (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, "PRAGMA foreign_key_check", error);
  g_autoptr (GPtrArray) invitations = NULL;

  g_assert_false (assay_statement_step (statement, error));
  invitations = assay_invitations_list (database, 0, -1, 0, 0, error);
  g_assert_nonnull (invitations);
  for (guint i = 0; i < invitations->len; i++)
    g_assert_nonnull (((AssayInvitation *) invitations->pdata[i])->assessment_name);
  return NULL;
}

/* (transfer full) (nullable): the file that was set aside */
static char *
find_aside (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "assay-damaged-") && g_str_has_suffix (name, ".db"))
      return get_path (directory, name);
  return NULL;
}

/* Opens a damaged file: it is set aside and said so; the next start works. Returns how many entries of the ledger
 * that one has. */
static guint
open_damaged (const char *directory)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;
  AssayStore *store = assay_store_open (directory, &error);
  guint sent;

  g_assert_null (store);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "damaged"));
  g_assert_nonnull (strstr (error->message, "sync"));
  aside = find_aside (directory);
  g_assert_nonnull (aside);
  g_assert_nonnull (strstr (error->message, aside));
  g_clear_error (&error);

  store = store_fixture_open (directory);
  sent = GPOINTER_TO_UINT (assay_store_read (store, count_sent, NULL, &error));
  g_assert_no_error (error);
  assay_store_read (store, check_references, NULL, &error);
  g_assert_no_error (error);
  store_fixture_close (store);
  return sent;
}

/* ---- Damage ---- */

static void
test_garbage (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  g_autofree char *path = get_path (directory, "assay.db");
  g_autofree char *aside = NULL;
  g_autofree char *content = NULL;
  g_autofree char *garbage = g_strnfill (50000, '?');

  g_assert_true (g_file_set_contents (path, garbage, -1, NULL));
  g_assert_cmpuint (open_damaged (directory), ==, 0);
  /* Kept as it was. */
  aside = find_aside (directory);
  g_assert_true (g_file_get_contents (aside, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, garbage);
  store_fixture_remove_directory (directory);
}

static void
test_truncated (void)
{
  static const int parts[] = { 20, 50, 90 };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *directory = make_filled_directory ();
      g_autofree char *path = get_path (directory, "assay.db");
      GStatBuf info;
      guint sent;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (truncate (path, info.st_size * parts[i] / 100), ==, 0);
      sent = open_damaged (directory);
      g_test_message ("%d %%: %u of %d saved", parts[i], sent, N_SENT);
      g_assert_true (parts[i] < 90 || sent > 0);
      store_fixture_remove_directory (directory);
    }
}

/* Finds pages of one table by what they hold, and ruins those. */
static guint
ruin_pages_with (const char *path,
                 const char *text)
{
  g_autofree char *content = NULL;
  gsize length = 0;
  guint ruined = 0;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  for (gsize page = 4096; page + 4096 <= length; page += 4096)
    if (memmem (content + page, 4096, text, strlen (text)) != NULL)
      {
        for (guint i = 0; i < 64; i++)
          content[page + i] ^= 0x5a;
        ruined++;
      }
  g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
  return ruined;
}

static void
test_flipped (void)
{
  g_autofree char *directory = make_filled_directory ();
  g_autofree char *path = get_path (directory, "assay.db");
  g_autoptr (GError) error = NULL;
  AssayStore *store;

  /* Damage in the candidates' pages: the ledger is saved whole. */
  g_assert_cmpuint (ruin_pages_with (path, "p37@mail.example"), >, 0);
  g_assert_cmpuint (open_damaged (directory), ==, N_SENT);
  store = store_fixture_open (directory);
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

static void
test_flipped_ledger (void)
{
  g_autofree char *directory = make_filled_directory ();
  g_autofree char *path = get_path (directory, "assay.db");
  guint sent;

  /* Damage in the ledger itself: what lies before and behind is saved. */
  g_assert_cmpuint (ruin_pages_with (path, "key-150{}done"), ==, 1);
  sent = open_damaged (directory);
  g_test_message ("%u of %d saved", sent, N_SENT);
  g_assert_cmpuint (sent, <, N_SENT);
  g_assert_cmpuint (sent, >, N_SENT / 2);
  store_fixture_remove_directory (directory);
}

/* A process that died leaves its WAL; the file is checked and used. */
static void
test_unclean (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  g_autofree char *copy = store_fixture_make_directory ();
  static const char *const names[] = { "assay.db", "assay.db-wal" };
  g_autoptr (GError) error = NULL;
  AssayStore *store = store_fixture_open (directory);
  guint sent;

  assay_store_write (store, fill, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = get_path (directory, names[i]);
      g_autofree char *to = get_path (copy, names[i]);
      g_autofree char *content = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (from, &content, &length, NULL));
      g_assert_true (g_file_set_contents (to, content, (gssize) length, NULL));
    }
  store_fixture_close (store);

  store = store_fixture_open (copy);
  sent = GPOINTER_TO_UINT (assay_store_read (store, count_sent, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sent, ==, N_SENT);
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
  store_fixture_remove_directory (copy);
}

/* Damage met while running is looked into at the next start. */
static void
test_suspect (void)
{
  g_autofree char *directory = make_filled_directory ();
  g_autofree char *mark = get_path (directory, "assay.check");
  AssayStore *store;

  g_assert_true (g_file_set_contents (mark, "", 0, NULL));
  store = store_fixture_open (directory);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

/* ---- Not ours, not yet ---- */

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
assert_refused (const char *directory,
                const char *word)
{
  g_autofree char *path = get_path (directory, "assay.db");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *aside = NULL;
  g_autoptr (GError) error = NULL;
  gsize length_before, length_after;

  g_assert_true (g_file_get_contents (path, &before, &length_before, NULL));
  g_assert_null (assay_store_open (directory, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_true (g_file_get_contents (path, &after, &length_after, NULL));
  g_assert_cmpmem (before, length_before, after, length_after);
  aside = find_aside (directory);
  g_assert_null (aside);
}

static void
test_newer (void)
{
  g_autofree char *directory = make_filled_directory ();
  g_autofree char *path = get_path (directory, "assay.db");

  run_sql (path, "PRAGMA user_version = 99");
  assert_refused (directory, "newer");
  store_fixture_remove_directory (directory);
}

static void
test_foreign (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  g_autofree char *path = get_path (directory, "assay.db");

  run_sql (path, "CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('x')");
  assert_refused (directory, "another program");
  store_fixture_remove_directory (directory);
}

/* From each released schema to the newest; so far there is one, and an empty file before it. */
static void
test_migrations (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  g_autofree char *path = get_path (directory, "assay.db");
  AssayStore *store;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  store = store_fixture_open (directory);
  store_fixture_close (store);
  run_sql (path, "CREATE TEMP TABLE t AS SELECT 1; SELECT natural_key FROM outbox");
  store = store_fixture_open (directory);
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

/* ---- Places one can't write to ---- */

static void
test_not_a_folder (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  g_autofree char *file = get_path (directory, "file");
  g_autofree char *below = get_path (file, "below");
  const char *const places[] = { file, below };

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (assay_store_open (places[i], &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
      g_assert_nonnull (strstr (error->message, "not a folder"));
    }
  store_fixture_remove_directory (directory);
}

static void
test_read_only_folder (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  g_autofree char *below = get_path (directory, "below");
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere");
      store_fixture_remove_directory (directory);
      return;
    }
  g_assert_cmpint (g_chmod (directory, 0500), ==, 0);
  g_assert_null (assay_store_open (directory, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_null (assay_store_open (below, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  g_assert_cmpint (g_chmod (directory, 0700), ==, 0);
  store_fixture_remove_directory (directory);
}

/* /proc is a folder where nobody may make a file, root neither. */
static void
test_unwritable_place (void)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_test ("/proc/self", G_FILE_TEST_IS_DIR))
    {
      g_test_skip ("there is no /proc");
      return;
    }
  g_assert_null (assay_store_open ("/proc/assay-test", &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
}

/* In a process of its own: files may not grow beyond a size, as on a full disk. */
static gpointer
fill_more (AssayDatabase  *database,
           gpointer        data,
           GError        **error)
{
  g_autofree char *text = g_strnfill (3 * 1024 * 1024, 'x');
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO connection (kind, role, name, state, secret_id, created_at, updated_at)"
                            " VALUES ('x', 'ats', ?1, 'saved', '', 1, 1)",
                            error);

  assay_statement_bind_text (statement, 1, text);
  assay_statement_run (statement, error);
  return NULL;
}

static void
test_file_size_limit (void)
{
  if (g_test_subprocess ())
    {
      g_autofree char *directory = make_filled_directory ();
      g_autoptr (GError) error = NULL;
      struct rlimit limit, small;
      AssayStore *store = store_fixture_open (directory);

      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      small = limit;
      small.rlim_cur = 2 * 1024 * 1024;
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
      assay_store_write (store, fill_more, NULL, &error);
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
      g_clear_error (&error);
      g_assert_cmpuint (GPOINTER_TO_UINT (assay_store_read (store, count_sent, NULL, &error)), ==, N_SENT);
      g_assert_no_error (error);

      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      assay_store_write (store, fill_more, NULL, &error);
      g_assert_no_error (error);
      store_fixture_close (store);
      store_fixture_remove_directory (directory);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store-damage/garbage", test_garbage);
  g_test_add_func ("/store-damage/truncated", test_truncated);
  g_test_add_func ("/store-damage/flipped", test_flipped);
  g_test_add_func ("/store-damage/flipped-ledger", test_flipped_ledger);
  g_test_add_func ("/store-damage/unclean", test_unclean);
  g_test_add_func ("/store-damage/suspect", test_suspect);
  g_test_add_func ("/store-damage/newer", test_newer);
  g_test_add_func ("/store-damage/foreign", test_foreign);
  g_test_add_func ("/store-damage/migrations", test_migrations);
  g_test_add_func ("/store-damage/not-a-folder", test_not_a_folder);
  g_test_add_func ("/store-damage/read-only-folder", test_read_only_folder);
  g_test_add_func ("/store-damage/unwritable-place", test_unwritable_place);
  g_test_add_func ("/store-damage/file-size-limit", test_file_size_limit);
  return g_test_run ();
}
