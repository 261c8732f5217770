/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thin layer over SQLite: one connection of one thread, its statements by their SQL, errors as sentences. */
#include "config.h"

#include "assay-database-private.h"

#include <math.h>

#include <glib/gi18n-lib.h>

struct _AssayStatement
{
  AssayDatabase *database;
  sqlite3_stmt *handle;
};

struct _AssayDatabase
{
  sqlite3 *handle;
  GHashTable *statements; /* SQL → AssayStatement */
  AssayTokenizer *tokenizer;
  GArray *notes;
  AssayFreshness *freshness;
  int last_result;        /* extended */
  int wal_pages;
  gboolean truncate_requested;
  gboolean damaged;
};

static void
statement_free (gpointer data)
{
  AssayStatement *statement = data;

  sqlite3_finalize (statement->handle);
  g_free (statement);
}

/* ---- Errors ---- */

void
assay_database_set_result_error (int      result,
                                 GError **error)
{
  switch (result & 0xff)
    {
    case SQLITE_INTERRUPT:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The operation was cancelled."));
      break;
    case SQLITE_FULL:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                           _("The disk is full, so Assay can’t save. Free some space; nothing that was saved before "
                             "is lost."));
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                           _("Assay may not write to its database. Check the permissions of its folder and whether "
                             "the disk is mounted read-only."));
      break;
    case SQLITE_IOERR:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                           _("The disk doesn’t read or write as it should, so Assay can’t use its database now. "
                             "Check the disk and its free space."));
      break;
    case SQLITE_CANTOPEN:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                           _("Assay can’t open its database. Check that its folder exists and that you may write to "
                             "it."));
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                           _("Assay’s database is damaged. Close Assay and start it again: it sets the damaged file "
                             "aside and keeps what can be read of it."));
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                           _("Another program keeps Assay’s database busy. Close other copies of Assay and try "
                             "again."));
      break;
    case SQLITE_CONSTRAINT:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
                           _("The change contradicts what Assay’s database already holds, so it wasn’t saved."));
      break;
    case SQLITE_TOOBIG:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _("The record is too large to be saved."));
      break;
    default:
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                           _("Assay’s database refuses the request."));
      break;
    }
}

void
assay_database_set_error (AssayDatabase  *database,
                          int             result,
                          GError        **error)
{
  database->last_result = result;
  if ((result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB)
    database->damaged = TRUE;
  /* The message may name columns, but never holds a value. */
  g_debug ("SQLite: %s (%d)", sqlite3_errmsg (database->handle), result);
  assay_database_set_result_error (result, error);
}

gboolean
assay_database_error_is_unique (AssayDatabase *database)
{
  return database->last_result == SQLITE_CONSTRAINT_UNIQUE || database->last_result == SQLITE_CONSTRAINT_PRIMARYKEY;
}

gboolean
assay_database_get_damaged (AssayDatabase *database)
{
  return database->damaged;
}

/* ---- Opening ---- */

static int
wal_hook (void       *data,
          sqlite3    *handle,
          const char *name,
          int         pages)
{
  AssayDatabase *database = data;

  database->wal_pages = pages;
  return SQLITE_OK;
}

/* The file may have been put there by anyone: nothing in its schema is trusted, and SQLite may not be asked to break
 * it. */
static void
harden (sqlite3 *handle)
{
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
  sqlite3_limit (handle, SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024);
  sqlite3_limit (handle, SQLITE_LIMIT_ATTACHED, 0);
}

static gboolean
configure (AssayDatabase  *database,
           gboolean        writable,
           GError        **error)
{
  if (writable)
    {
      /* Not with temporary files in memory: there SQLite walks through a savepoint's whole journal after each
       * statement. */
      if (!assay_database_exec (database,
                                "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA synchronous = FULL;"
                                "PRAGMA secure_delete = ON; PRAGMA cache_size = -16000;"
                                "PRAGMA journal_size_limit = 16777216;",
                                error))
        return FALSE;
      /* In place of SQLite's own checkpoints, which don't know of our lock. */
      sqlite3_wal_hook (database->handle, wal_hook, database);
      return TRUE;
    }

  sqlite3_db_config (database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return assay_database_exec (database,
                              "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA query_only = ON;"
                              "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000;"
                              "PRAGMA wal_autocheckpoint = 0;",
                              error);
}

AssayDatabase *
assay_database_open (const char  *path,
                     gboolean     writable,
                     gboolean    *damaged,
                     GError     **error)
{
  static gsize configured;
  AssayDatabase *database = g_new0 (AssayDatabase, 1);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  int result;

  database->statements = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, statement_free);
  database->notes = g_array_new (FALSE, FALSE, sizeof (AssayNote));

  /* Counting its memory takes a lock for each piece of it, and nobody asks for the count. Too late, and no harm, where
   * somebody else in this process uses SQLite already. */
  if (g_once_init_enter (&configured))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&configured, 1);
    }

  flags |= writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  result = sqlite3_open_v2 (path, &database->handle, flags, NULL);
  if (result == SQLITE_OK)
    {
      harden (database->handle);
      sqlite3_busy_timeout (database->handle, 5000);
      result = assay_tokenizer_register (database->handle, &database->tokenizer);
    }
  if (result != SQLITE_OK)
    assay_database_set_error (database, result, error);
  else if (configure (database, writable, error))
    return database;

  if (damaged != NULL)
    *damaged = database->damaged;
  /* What was found is left as it is. */
  sqlite3_db_config (database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  assay_database_close (database);
  return NULL;
}

void
assay_database_close (AssayDatabase *database)
{
  if (database == NULL)
    return;
  g_hash_table_unref (database->statements);
  g_array_unref (database->notes);
  g_clear_pointer (&database->tokenizer, assay_tokenizer_free);
  sqlite3_close (database->handle);
  g_free (database);
}

sqlite3 *
assay_database_get_handle (AssayDatabase *database)
{
  return database->handle;
}

AssayTokenizer *
assay_database_get_tokenizer (AssayDatabase *database)
{
  return database->tokenizer;
}

gboolean
assay_database_exec (AssayDatabase  *database,
                     const char     *sql,
                     GError        **error)
{
  int result = sqlite3_exec (database->handle, sql, NULL, NULL, NULL);

  if (result != SQLITE_OK)
    {
      assay_database_set_error (database, result, error);
      return FALSE;
    }
  return TRUE;
}

/* ---- Statements ---- */

AssayStatement *
assay_database_prepare (AssayDatabase  *database,
                        const char     *sql,
                        GError        **error)
{
  AssayStatement *statement = g_hash_table_lookup (database->statements, sql);
  sqlite3_stmt *handle = NULL;
  int result;

  if (statement != NULL)
    {
      sqlite3_reset (statement->handle);
      sqlite3_clear_bindings (statement->handle);
      return statement;
    }

  result = sqlite3_prepare_v3 (database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (result != SQLITE_OK)
    {
      assay_database_set_error (database, result, error);
      return NULL;
    }

  statement = g_new0 (AssayStatement, 1);
  statement->database = database;
  statement->handle = handle;
  /* SQLite keeps a copy of the text for as long as the statement lives: that is the key. */
  g_hash_table_insert (database->statements, (gpointer) sqlite3_sql (handle), statement);
  return statement;
}

void
assay_database_reset_statements (AssayDatabase *database)
{
  for (sqlite3_stmt *handle = sqlite3_next_stmt (database->handle, NULL); handle != NULL;
       handle = sqlite3_next_stmt (database->handle, handle))
    if (sqlite3_stmt_busy (handle))
      sqlite3_reset (handle);
}

void
assay_statement_bind_int64 (AssayStatement *statement,
                            int             index,
                            gint64          value)
{
  int result = sqlite3_bind_int64 (statement->handle, index, value);

  g_return_if_fail (result == SQLITE_OK);
}

void
assay_statement_bind_double (AssayStatement *statement,
                             int             index,
                             double          value)
{
  int result = isnan (value) ? sqlite3_bind_null (statement->handle, index)
                             : sqlite3_bind_double (statement->handle, index, value);

  g_return_if_fail (result == SQLITE_OK);
}

void
assay_statement_bind_text (AssayStatement *statement,
                           int             index,
                           const char     *value)
{
  int result = value == NULL ? sqlite3_bind_null (statement->handle, index)
                             : sqlite3_bind_text (statement->handle, index, value, -1, SQLITE_TRANSIENT);

  if (result == SQLITE_TOOBIG)
    {
      /* NOT NULL or a comparison refuses it when it runs: never half a text. */
      sqlite3_bind_null (statement->handle, index);
      return;
    }
  g_return_if_fail (result == SQLITE_OK);
}

gboolean
assay_statement_step (AssayStatement  *statement,
                      GError         **error)
{
  int result = sqlite3_step (statement->handle);

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    assay_database_set_error (statement->database, result, error);
  sqlite3_reset (statement->handle);
  return FALSE;
}

gboolean
assay_statement_run (AssayStatement  *statement,
                     GError         **error)
{
  g_autoptr (GError) local_error = NULL;

  while (assay_statement_step (statement, &local_error))
    ;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

gint64
assay_statement_get_int64 (AssayStatement *statement,
                           int             column)
{
  return sqlite3_column_int64 (statement->handle, column);
}

double
assay_statement_get_double (AssayStatement *statement,
                            int             column)
{
  if (sqlite3_column_type (statement->handle, column) == SQLITE_NULL)
    return NAN;
  return sqlite3_column_double (statement->handle, column);
}

const char *
assay_statement_get_text (AssayStatement *statement,
                          int             column)
{
  return (const char *) sqlite3_column_text (statement->handle, column);
}

char *
assay_statement_dup_text (AssayStatement *statement,
                          int             column)
{
  const char *text = assay_statement_get_text (statement, column);

  /* Only a damaged or foreign file holds anything else; the rest of the program relies on UTF-8. */
  if (text != NULL && !g_utf8_validate (text, -1, NULL))
    return g_utf8_make_valid (text, -1);
  return g_strdup (text);
}

gboolean
assay_statement_is_null (AssayStatement *statement,
                         int             column)
{
  return sqlite3_column_type (statement->handle, column) == SQLITE_NULL;
}

gint64
assay_database_get_last_insert_id (AssayDatabase *database)
{
  return sqlite3_last_insert_rowid (database->handle);
}

guint
assay_database_get_changes (AssayDatabase *database)
{
  return (guint) sqlite3_changes (database->handle);
}

/* ---- What a write leaves for the store ---- */

AssayFreshness *
assay_database_get_freshness (AssayDatabase *database)
{
  return database->freshness;
}

void
assay_database_set_freshness (AssayDatabase  *database,
                              AssayFreshness *freshness)
{
  database->freshness = freshness;
}

void
assay_database_note_change (AssayDatabase   *database,
                            AssayChangeKind  kind,
                            gint64           id)
{
  AssayNote note = { kind, id };

  g_array_append_val (database->notes, note);
}

GArray *
assay_database_get_notes (AssayDatabase *database)
{
  return database->notes;
}

int
assay_database_get_wal_pages (AssayDatabase *database)
{
  return database->wal_pages;
}

void
assay_database_set_wal_pages (AssayDatabase *database,
                              int            pages)
{
  database->wal_pages = pages;
}

void
assay_database_request_truncate (AssayDatabase *database)
{
  database->truncate_requested = TRUE;
}

gboolean
assay_database_get_truncate_requested (AssayDatabase *database)
{
  return database->truncate_requested;
}

void
assay_database_clear_truncate_request (AssayDatabase *database)
{
  database->truncate_requested = FALSE;
}
