/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the database: creating, checking, migrating it, and setting a damaged one aside. */
#include "config.h"

#include "assay-queries-private.h"
#include "assay-store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Files up to this size are checked at each start: it takes a few milliseconds. */
#define ALWAYS_CHECK_BYTES (8 * 1024 * 1024)
/* And up to this size after an end that wasn't clean, while the user waits a moment. */
#define CHECK_NOW_BYTES (200 * 1024 * 1024)

static gint64
get_size (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (gint64) info.st_size : -1;
}

/* SQLite would make the file readable for others where the umask allows it. An existing one isn't opened here: closing
 * it again would drop the locks of another store in this process. */
static gboolean
create_private (const char  *path,
                GError     **error)
{
  int fd = g_open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd >= 0)
    close (fd);
  else if (errno != EEXIST)
    {
      assay_store_files_set_error (error, errno, path);
      return FALSE;
    }
  return TRUE;
}

gboolean
assay_store_check_database (AssayDatabase  *database,
                            GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, "PRAGMA quick_check (1)", error);
  g_autoptr (GError) local_error = NULL;
  gboolean sound = FALSE;

  if (statement == NULL)
    return FALSE;
  if (assay_statement_step (statement, &local_error))
    sound = g_strcmp0 (assay_statement_get_text (statement, 0), "ok") == 0;
  assay_database_reset_statements (database);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (!sound)
    assay_database_set_error (database, SQLITE_CORRUPT, error);
  return sound;
}

/* Closes without moving the WAL's content: the files stay as they were found. */
static void
close_untouched (AssayDatabase *database)
{
  if (database == NULL)
    return;
  sqlite3_db_config (assay_database_get_handle (database), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  assay_database_close (database);
}

static AssayDatabase *
prepare_database (AssayStoreFiles  *files,
                  gboolean          check,
                  gboolean         *damaged,
                  GError          **error)
{
  const char *path = assay_store_files_get_database_path (files);
  AssayDatabase *database = assay_database_open (path, TRUE, damaged, error);

  if (database == NULL)
    return NULL;

  if (assay_migrations_check (database, path, error) &&
      (!check || assay_store_check_database (database, error)) &&
      assay_database_exec (database, "PRAGMA journal_mode = WAL", error) &&
      assay_migrations_run (database, error))
    return database;

  *damaged = assay_database_get_damaged (database);
  close_untouched (database);
  return NULL;
}

/* ---- A damaged file ---- */

static gboolean
set_aside (const char  *path,
           char       **aside,
           GError     **error)
{
  static const char *const companions[] = { "-wal", "-shm" };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *target = NULL;

  for (guint i = 0; target == NULL || g_file_test (target, G_FILE_TEST_EXISTS); i++)
    {
      g_autofree char *name = i == 0 ? g_strdup_printf ("assay-damaged-%s.db", stamp)
                                     : g_strdup_printf ("assay-damaged-%s-%u.db", stamp, i);

      g_free (target);
      target = g_build_filename (directory, name, NULL);
    }

  if (g_rename (path, target) < 0)
    {
      assay_store_files_set_error (error, errno, path);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *from = g_strconcat (path, companions[i], NULL);
      g_autofree char *to = g_strconcat (target, companions[i], NULL);

      if (g_rename (from, to) < 0 && errno != ENOENT)
        {
          /* A WAL left behind would be taken for the new file's. */
          assay_store_files_set_error (error, errno, from);
          g_rename (target, path);
          return FALSE;
        }
    }
  *aside = g_steal_pointer (&target);
  return TRUE;
}

/* Always ends with @error set: somebody has to be told, before the program goes on with less than it had. */
static void
replace_damaged (AssayStoreFiles  *files,
                 GError          **error)
{
  const char *path = assay_store_files_get_database_path (files);
  g_autofree char *aside = NULL;
  AssayDatabase *database = NULL;
  AssaySalvage salvage = { 0 };
  gboolean unused = FALSE;

  if (!set_aside (path, &aside, error))
    return;
  assay_store_files_clear_suspect (files);

  if (create_private (path, NULL))
    database = prepare_database (files, FALSE, &unused, NULL);
  if (database != NULL)
    {
      assay_store_salvage (aside, database, &salvage);
      assay_database_close (database);
    }

  if (salvage.outbox_readable)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                 _("Assay’s database was damaged. It is kept as “%s”; the record of all that was sent could be saved "
                   "from it, with %u invitations. Start Assay again to go on with these: jobs and candidates come "
                   "back from your ATS with the next sync."),
                 aside, salvage.invitations);
  else if (salvage.outbox > 0 || salvage.invitations > 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                 _("Assay’s database was damaged. It is kept as “%s”. Only a part of the record of what was sent "
                   "could be saved from it, with %u invitations, so look at your assessment provider before you "
                   "invite somebody again. Start Assay again to go on with these: jobs and candidates come back "
                   "from your ATS with the next sync."),
                 aside, salvage.invitations);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                 _("Assay’s database was damaged. It is kept as “%s”; nothing could be read from it. Start Assay "
                   "again to begin with an empty one: jobs and candidates come back from your ATS with the next sync. "
                   "But the record of who was invited is in the damaged file only, so look at your assessment "
                   "provider before you invite somebody again."),
                 aside);
}

/* ---- Opening ---- */

AssayDatabase *
assay_store_open_database (AssayStoreFiles  *files,
                           gboolean          alone,
                           gboolean         *check_later,
                           GError          **error)
{
  const char *path = assay_store_files_get_database_path (files);
  g_autofree char *wal_path = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) local_error = NULL;
  gboolean suspect = alone && assay_store_files_is_suspect (files);
  gboolean check = FALSE;
  gboolean damaged = FALSE;
  AssayDatabase *database;
  gint64 size;

  *check_later = FALSE;
  if (!create_private (path, error))
    return NULL;

  size = get_size (path);
  if (alone && size > 0)
    {
      /* Whoever closes last takes the WAL away; one that is left tells of an end that wasn't clean. */
      gboolean unclean = get_size (wal_path) > 0;

      check = suspect || size < ALWAYS_CHECK_BYTES || (unclean && size < CHECK_NOW_BYTES);
      *check_later = unclean && !check;
    }

  database = prepare_database (files, check, &damaged, &local_error);
  if (database == NULL)
    {
      /* While another process uses the file it can't be moved; that one's next start will do it. */
      if (damaged && alone)
        replace_damaged (files, error);
      else
        g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (suspect)
    {
      /* The tables are sound. The search index isn't covered by the check, but can be made anew from them. */
      if (!assay_search_rebuild (database, error))
        {
          assay_database_close (database);
          return NULL;
        }
      assay_store_files_clear_suspect (files);
    }
  return database;
}
