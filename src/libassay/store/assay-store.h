/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store: what Assay knows, on disk. One writer thread, a few reader threads, one change signal.
 *
 * SQL is written in functions over an AssayDatabase (below, and in the headers beside this one); they run on a thread
 * of the store and never on the main one. */
#pragma once

#include <gio/gio.h>

#include "assay-error.h"
#include "assay-model.h"

G_BEGIN_DECLS

/* A connection to the database, and statements by their literal SQL (cached). Belongs to one thread. */
typedef struct _AssayDatabase AssayDatabase;
typedef struct _AssayStatement AssayStatement;

/**
 * assay_database_prepare:
 * @database: a database
 * @sql: one literal statement; values are bound, never formatted in
 * @error: return location for %ASSAY_ERROR_STORAGE
 *
 * Returns: (transfer none) (nullable): the statement, reset and without bindings; valid until the same SQL is
 *   prepared again
 */
AssayStatement *assay_database_prepare (AssayDatabase *database, const char *sql, GError **error);

/* Parameters count from 1. NULL text binds NULL. Text is copied. */
void assay_statement_bind_int64 (AssayStatement *statement, int index, gint64 value);
void assay_statement_bind_double (AssayStatement *statement, int index, double value); /* NAN binds NULL */
void assay_statement_bind_text (AssayStatement *statement, int index, const char *value);
/* Steps once: TRUE with a row. FALSE at the end, or with @error set. */
gboolean    assay_statement_step (AssayStatement *statement, GError **error);
/* Steps to the end, for statements that give no rows (or whose rows don't matter). */
gboolean    assay_statement_run (AssayStatement *statement, GError **error);
/* Columns count from 0. */
gint64      assay_statement_get_int64 (AssayStatement *statement, int column);
double      assay_statement_get_double (AssayStatement *statement, int column); /* NAN for NULL */
const char *assay_statement_get_text (AssayStatement *statement, int column);   /* (nullable) until the next step */
char       *assay_statement_dup_text (AssayStatement *statement, int column);   /* (nullable) (transfer full) */
gboolean    assay_statement_is_null (AssayStatement *statement, int column);

gint64 assay_database_get_last_insert_id (AssayDatabase *database);
guint  assay_database_get_changes (AssayDatabase *database);
/* Whether the last error was a broken UNIQUE constraint. */
gboolean assay_database_error_is_unique (AssayDatabase *database);

/* What a change signal tells. */
typedef enum
{
  ASSAY_CHANGE_CONNECTIONS = 1 << 0,
  ASSAY_CHANGE_JOBS = 1 << 1,
  ASSAY_CHANGE_APPLICATIONS = 1 << 2,
  ASSAY_CHANGE_ASSESSMENTS = 1 << 3,
  ASSAY_CHANGE_INVITATIONS = 1 << 4,
  ASSAY_CHANGE_OUTBOX = 1 << 5,
  ASSAY_CHANGE_BATCHES = 1 << 6,
  ASSAY_CHANGE_IMPORTED = 1 << 7,
} AssayChangeKind;

/* Notes within a write that a record changed; the store tells it after the commit. */
void assay_database_note_change (AssayDatabase *database, AssayChangeKind kind, gint64 id);

/* What changed since the last signal. */
typedef struct _AssayChanges AssayChanges;
/* Whether anything of one of @kinds (flags) changed. */
gboolean assay_changes_has_kind (const AssayChanges *changes, guint kinds);
/* Whether that record changed (TRUE too when so many changed that ids aren't kept, or another process wrote). */
gboolean assay_changes_has (const AssayChanges *changes, AssayChangeKind kind, gint64 id);
/* Whether only records that are in @ids (GArray of gint64) changed… callers that can't tell reload all. */
gboolean assay_changes_is_everything (const AssayChanges *changes, AssayChangeKind kind);

#define ASSAY_TYPE_STORE (assay_store_get_type ())
G_DECLARE_FINAL_TYPE (AssayStore, assay_store, ASSAY, STORE, GObject)

/**
 * AssayStore::changed:
 * @store: the store
 * @changes: (type gpointer): what changed, an #AssayChanges valid during the signal
 *
 * Emitted on the main context after commits, by this process or another one on the same files, at most once in 16 ms.
 */

/**
 * assay_store_open:
 * @directory: where the files are, or are to be made (mode 0700)
 * @error: return location for %ASSAY_ERROR_STORAGE: a sentence for each of read-only, full, damaged (says where the
 *   damaged file was kept: nothing is deleted), newer than this program (left untouched)
 *
 * Opens or creates `assay.db` in @directory, migrates it, and starts the threads. Blocks for the time that takes.
 * WAL, synchronous=FULL, foreign keys on, no mmap, DEFENSIVE, trusted_schema off, cell_size_check on. Writes and
 * checkpoints of all processes take turns by a lock file beside it, because SQLite before 3.51.3 can corrupt a WAL
 * that two connections reset at once.
 *
 * Returns: (transfer full) (nullable): the store
 */
AssayStore *assay_store_open (const char  *directory,
                              GError     **error);

/* (transfer none): the directory it was opened in */
const char *assay_store_get_directory (AssayStore *self);

/* Waits for what is queued, checkpoints, closes, joins the threads. Later calls fail with %ASSAY_ERROR_STORAGE.
 * Safe to call twice; also done on dispose. */
void assay_store_close (AssayStore *self);

/**
 * AssayStoreFunc:
 * @database: the database, in a transaction for writes, in a read transaction (a snapshot) for reads
 * @data: what was given
 * @error: return location
 *
 * Runs on a thread of the store. For writes, an error rolls all of it back.
 *
 * Returns: (nullable): the result; NULL is a valid result when @error isn't set
 */
typedef gpointer (*AssayStoreFunc) (AssayDatabase *database, gpointer data, GError **error);

/**
 * assay_store_read_async:
 * @self: the store
 * @function: what to do
 * @data: for @function
 * @data_free: (nullable): frees @data, in the caller's thread
 * @result_free: (nullable): frees a result nobody took
 * @cancellable: (nullable): a #GCancellable; it interrupts the query
 * @callback: called in the caller's main context
 * @user_data: for @callback
 */
void assay_store_read_async (AssayStore          *self,
                             AssayStoreFunc       function,
                             gpointer             data,
                             GDestroyNotify       data_free,
                             GDestroyNotify       result_free,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data);

/* The same on the writer thread, in order of calling; several may share a commit. The callback comes after the commit
 * is on disk. A write that was begun takes effect even if it is cancelled; the callback is told G_IO_ERROR_CANCELLED all
 * the same, so that a widget that went meanwhile can rely on it. */
void assay_store_write_async (AssayStore          *self,
                              AssayStoreFunc       function,
                              gpointer             data,
                              GDestroyNotify       data_free,
                              GDestroyNotify       result_free,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data);

/* (transfer full) (nullable): for both */
gpointer assay_store_finish (AssayStore *self, GAsyncResult *result, GError **error);

/* The same, blocking; for the command line, tests and start-up, never from a widget. */
gpointer assay_store_read (AssayStore *self, AssayStoreFunc function, gpointer data, GError **error);
gpointer assay_store_write (AssayStore *self, AssayStoreFunc function, gpointer data, GError **error);

/* Notes, without a write, that a connection is complete up to a later moment; @connection as it was read. Whoever reads it
 * from now on gets it so, and whoever writes it writes that too. */
void assay_store_note_freshness (AssayStore *self, const AssayConnection *connection, gint64 complete_up_to,
                                 const char *cursor);
/* Writes what was noted, before the store is closed. Blocks. */
void assay_store_keep_freshness (AssayStore *self);

/**
 * assay_store_claim_owner:
 * @self: the store
 *
 * The number by which this process marks rows of the outbox that it is sending: unique among the processes that run on
 * these files, held by a lock that the system drops when the process ends however it ends.
 *
 * Returns: the number, never 0
 */
gint64 assay_store_claim_owner (AssayStore *self);

/* Whether the process that claimed @owner still runs. */
gboolean assay_store_owner_is_alive (AssayStore *self, gint64 owner);

G_END_DECLS
