/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A candidate that no vendor's API gave: from a file or by hand. A value like those of assay-model.h. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The documents a candidate comes with. */
typedef enum
{
  ASSAY_IMPORTED_CV,
  ASSAY_IMPORTED_PROFILE,
} AssayImportedDocument;

#define ASSAY_N_IMPORTED_DOCUMENTS (ASSAY_IMPORTED_PROFILE + 1)

/* A document, kept as a copy. Both members are NULL where there is none. */
typedef struct
{
  char *name;    /* (nullable) as the file was called, for people */
  char *file;    /* (nullable) as the copy is called in the folder of documents, see assay-document-folder.h */
} AssayKeptDocument;

typedef struct
{
  gint64 id;
  gint64 connection_id;
  char *connection_name;   /* (nullable) filled by the store */
  char *first_name;        /* never NULL once it is stored, as its siblings without a word */
  char *last_name;
  char *email;
  char *phone;             /* (nullable) */
  char *location;          /* (nullable) */
  char *linkedin_url;      /* (nullable) https only */
  char *role;              /* (nullable) the job they were asked for, as the vendor calls it */
  char *stage;             /* one of the connection's, when it came */
  char *origin;            /* (nullable) the file it is from; NULL: entered by hand */
  AssayKeptDocument documents[ASSAY_N_IMPORTED_DOCUMENTS];
  gint64 accepted_at;      /* 0 where nobody said */
  gint64 created_at;
  gint64 updated_at;
} AssayImportedCandidate;

AssayImportedCandidate *assay_imported_candidate_new (void);
AssayImportedCandidate *assay_imported_candidate_copy (const AssayImportedCandidate *candidate);
void                    assay_imported_candidate_free (AssayImportedCandidate *candidate);
/* (transfer full): "Ada Lovelace" */
char                   *assay_imported_candidate_dup_name (const AssayImportedCandidate *candidate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayImportedCandidate, assay_imported_candidate_free)

G_END_DECLS
