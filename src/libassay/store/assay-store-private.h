/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of the store that are files of their own: its lock files, opening and mending, the set of changes. */
#pragma once

#include "assay-database-private.h"

G_BEGIN_DECLS

/* ---- assay-store-files.c: the folder, its lock and its owners ---- */

typedef struct _AssayStoreFiles AssayStoreFiles;

AssayStoreFiles *assay_store_files_open (const char  *directory,
                                         GError     **error);
void             assay_store_files_close (AssayStoreFiles *files);
const char      *assay_store_files_get_database_path (AssayStoreFiles *files);

/* The turn among all processes on these files; held for a write transaction, a checkpoint, opening and closing. Waits
 * up to half a minute. */
gboolean assay_store_files_lock (AssayStoreFiles  *files,
                                 GError          **error);
void     assay_store_files_unlock (AssayStoreFiles *files);
/* Marks these files as in use, and tells whether nobody else uses them. Under the lock. */
gboolean assay_store_files_enter (AssayStoreFiles *files);

/* A file that asks the next one to open the database to check it. */
void     assay_store_files_mark_suspect (AssayStoreFiles *files);
gboolean assay_store_files_is_suspect (AssayStoreFiles *files);
void     assay_store_files_clear_suspect (AssayStoreFiles *files);

gint64   assay_store_files_claim_owner (AssayStoreFiles *files);
gboolean assay_store_files_owner_is_alive (AssayStoreFiles *files,
                                           gint64           owner);

/* A sentence for what the system says about a path. */
void     assay_store_files_set_error (GError     **error,
                                      int          errsv,
                                      const char  *path);

/* ---- assay-store-open.c ---- */

/* Opens the writing connection, creates or migrates; sets a damaged file aside. Under the lock. @check_later is set
 * when the file should be checked but is too large to do so while somebody waits. */
AssayDatabase *assay_store_open_database (AssayStoreFiles  *files,
                                          gboolean          alone,
                                          gboolean         *check_later,
                                          GError          **error);
/* Reads all of the file (a reader's job). */
gboolean       assay_store_check_database (AssayDatabase  *database,
                                           GError        **error);

/* ---- assay-store-salvage.c ---- */

typedef struct
{
  guint applications;
  guint invitations;
  guint outbox;
  gboolean outbox_readable; /* whether all of the ledger could be read */
} AssaySalvage;

/* Copies what can be read of the damaged file at @path into the empty @target. */
void           assay_store_salvage (const char    *path,
                                    AssayDatabase *target,
                                    AssaySalvage  *salvage);

/* ---- assay-store-changes.c ---- */

AssayChanges  *assay_changes_new (void);
void           assay_changes_free (AssayChanges *changes);
void           assay_changes_add (AssayChanges    *changes,
                                  AssayChangeKind  kind,
                                  gint64           id);
void           assay_changes_add_everything (AssayChanges *changes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayChanges, assay_changes_free)

G_END_DECLS
