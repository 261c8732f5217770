/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of imported candidates' documents: a folder `documents` beside the database, which nobody else may read. All of
 * it blocks, and is for a thread of its own.
 *
 * Who copies or sweeps holds the lock from before the first copy until the rows that name the copies are on disk: so a copy
 * that no row names is one that nobody will name. */
#pragma once

#include <gio/gio.h>

#include "assay-error.h"

G_BEGIN_DECLS

/* No vendor publishes a limit; a CV is far below this, in bytes. */
#define ASSAY_DOCUMENT_MAX_SIZE (10u * 1024u * 1024u)

/**
 * assay_document_check:
 * @path: an absolute path
 * @within: (nullable): a folder that it must lie in, links followed; for paths that a file names
 * @resolved: (out) (optional) (transfer full): where it really is
 *
 * Looks whether a document can be taken: it is there, a file that can be read, neither empty nor over
 * %ASSAY_DOCUMENT_MAX_SIZE, and by its ending a text document or a picture of one.
 *
 * Returns: (transfer full) (nullable): a sentence that says what is wrong; %NULL if nothing is
 */
char *assay_document_check (const char *path, const char *within, char **resolved);

typedef struct _AssayDocumentFolder AssayDocumentFolder;

/* (transfer full) (nullable): the folder under the store's, made where it isn't there yet, and locked. */
AssayDocumentFolder *assay_document_folder_open (const char *store_directory, GError **error);
/* Unlocks. */
void                 assay_document_folder_close (AssayDocumentFolder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDocumentFolder, assay_document_folder_close)

/* (transfer full) (nullable): copies @path, which assay_document_check() found good, with mode 0600, and gives the copy's
 * name in the folder. %ASSAY_ERROR_INVALID when it isn't what it was when it was looked at. */
char    *assay_document_folder_add (AssayDocumentFolder *self, const char *path, GError **error);
/* Removes whatever isn't among @files (element-type utf8). */
gboolean assay_document_folder_sweep (AssayDocumentFolder *self, GHashTable *files, GError **error);

/* (transfer full): where a copy is */
char    *assay_document_folder_dup_path (const char *store_directory, const char *file);

G_END_DECLS
