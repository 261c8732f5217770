/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with accepted candidates: CSV, or JSON of the shape that assay-import(5) documents. */
#pragma once

#include <gio/gio.h>

#include "assay-imported.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* Nobody accepts more at once; a file that has more is no such list. */
#define ASSAY_CANDIDATE_FILE_MAX_ENTRIES 10000u

/* What an entry is. Only those that are GOOD are imported. */
typedef enum
{
  ASSAY_CANDIDATE_GOOD,
  ASSAY_CANDIDATE_PROBLEM,   /* not understood: @sentence says why */
  ASSAY_CANDIDATE_TWICE,     /* good, and an earlier one of the file is the same person for the same role */
  ASSAY_CANDIDATE_KNOWN,     /* good, and on the list already */
} AssayCandidateKind;

typedef struct
{
  guint line;                          /* of a CSV file; from 1 */
  gboolean counted;                    /* of a JSON file: then @line is which of the candidates it is */
  AssayCandidateKind kind;
  char *text;                          /* what it says of who it is, for people; never NULL */
  AssayImportedCandidate *candidate;   /* (nullable) NULL for a problem; its documents have a name and no copy yet */
  char *paths[ASSAY_N_IMPORTED_DOCUMENTS]; /* (nullable) where the documents are now */
  char *sentence;                      /* (nullable) for all but GOOD: what is so and what to do */
} AssayCandidateEntry;

void assay_candidate_entry_free (AssayCandidateEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCandidateEntry, assay_candidate_entry_free)

/* How many of @entries (element-type AssayCandidateEntry) are of @kind. */
guint assay_candidate_entries_count (GPtrArray *entries, AssayCandidateKind kind);

/**
 * assay_candidate_file_parse:
 * @data: the file's content
 * @length: its length in bytes
 * @folder: (nullable): the folder it lies in, to which its paths are relative; without one no document is found
 * @stages: (array zero-terminated=1): the connection's stages; who has none gets the first
 * @error: return location for %ASSAY_ERROR_INVALID: the file as a whole makes no sense
 *
 * What begins with '{' or '[' is JSON, anything else CSV. Looks at the documents too, so that it blocks.
 *
 * Returns: (transfer full) (nullable) (element-type AssayCandidateEntry): one for each row
 */
GPtrArray *assay_candidate_file_parse (const char *data, gsize length, const char *folder, const char *const *stages,
                                       GError **error);

/* The same of a file, whose name becomes the candidates' origin. INVALID too when it can't be read or is too large. */
GPtrArray *assay_candidate_file_load (GFile *file, const char *const *stages, GCancellable *cancellable, GError **error);

/* Checks what a person typed as a row is checked: @values as the members of the documented JSON shape are called. Documents
 * are absolute paths, and may lie anywhere. (transfer full) */
AssayCandidateEntry *assay_candidate_entry_new (GHashTable *values, const char *const *stages);

/* Marks those who are on @connection_id's list, and those who are in @entries before. Within a read or a write. */
gboolean assay_candidate_entries_judge (GPtrArray *entries, AssayDatabase *database, gint64 connection_id, GError **error);

G_END_DECLS
