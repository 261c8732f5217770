/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only the store's own files may do with a connection to the database. */
#pragma once

#include <sqlite3.h>

#include "assay-freshness-private.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* A record that a write changed. */
typedef struct
{
  AssayChangeKind kind;
  gint64 id;
} AssayNote;

/* Above this many pages the writer moves the WAL's content into the database. */
#define ASSAY_WAL_CHECKPOINT_PAGES 1000
/* Above this many (48 MiB) it waits for readers, so that the WAL can't pass 64 MiB. */
#define ASSAY_WAL_RESTART_PAGES 12288

/* Opens @path; for @writable connections it is created where it isn't there. @damaged (nullable) tells whether it
 * failed because the file is damaged. */
AssayDatabase *assay_database_open (const char  *path,
                                    gboolean     writable,
                                    gboolean    *damaged,
                                    GError     **error);
void           assay_database_close (AssayDatabase *database);

/* Runs literal SQL of one or more statements. */
gboolean       assay_database_exec (AssayDatabase  *database,
                                    const char     *sql,
                                    GError        **error);
sqlite3       *assay_database_get_handle (AssayDatabase *database);
/* Ends what a function left half-read, so that it doesn't hold its snapshot. */
void           assay_database_reset_statements (AssayDatabase *database);
/* Turns SQLite's result into a sentence, with what the database was doing in the debug log. */
void           assay_database_set_error (AssayDatabase  *database,
                                         int             result,
                                         GError        **error);
/* The sentence alone, for results without a connection. */
void           assay_database_set_result_error (int      result,
                                                GError **error);

/* (element-type AssayNote): what the present write noted */
GArray        *assay_database_get_notes (AssayDatabase *database);
/* How many pages the WAL had after the last commit. */
int            assay_database_get_wal_pages (AssayDatabase *database);
void           assay_database_set_wal_pages (AssayDatabase *database,
                                             int            pages);

/* Asks, within a write, that nothing of what it deletes stays in the WAL after the commit. */
void           assay_database_request_truncate (AssayDatabase *database);
gboolean       assay_database_get_truncate_requested (AssayDatabase *database);
void           assay_database_clear_truncate_request (AssayDatabase *database);

/* What is known of connections beyond their rows (nullable); borrowed. */
AssayFreshness *assay_database_get_freshness (AssayDatabase *database);
void            assay_database_set_freshness (AssayDatabase  *database,
                                              AssayFreshness *freshness);

/* Whether SQLite found the file damaged while it was used. */
gboolean       assay_database_get_damaged (AssayDatabase *database);

/* assay-tokenizer.c: makes the search's tokenizer known to a connection, and splits texts as the index does. */
typedef struct _AssayTokenizer AssayTokenizer;

/* Of how many letters of a word the index knows: as many as schema-1.sql has prefixes for, and one. */
#define ASSAY_INDEXED_LETTERS 6
/* U+E000, with which facets begin, as in schema-1.sql */
#define ASSAY_FACET_MARK "\356\200\200"

/* Called with each word, whole and folded, not terminated; returns whether to go on. */
typedef gboolean (*AssayWordFunc) (const char *word, gsize length, gpointer data);

int             assay_tokenizer_register (sqlite3         *handle,
                                          AssayTokenizer **tokenizer);
void            assay_tokenizer_free (AssayTokenizer *tokenizer);
void            assay_tokenizer_split (AssayTokenizer *tokenizer,
                                       const char     *text,
                                       AssayWordFunc   function,
                                       gpointer        data);
AssayTokenizer *assay_database_get_tokenizer (AssayDatabase *database);

/* assay-migrations.c: the newest schema this program knows. */
#define ASSAY_SCHEMA_VERSION 7
/* Whether the file is one of ours that we understand; changes nothing. */
gboolean       assay_migrations_check (AssayDatabase  *database,
                                       const char     *path,
                                       GError        **error);
gboolean       assay_migrations_run (AssayDatabase  *database,
                                     GError        **error);

G_END_DECLS
