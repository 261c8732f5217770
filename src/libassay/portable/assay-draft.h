/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Set-ups that were begun and left: where the wizard goes on. A draft never holds a secret; what was typed as one is in
 * the keyring: see assay_service_keep_draft_async(). */
#pragma once

#include "assay-store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 id;                /* drawn at random, so that one that is being written can be written again */
  char *kind;
  gint64 connection_id;     /* 0 until the connection is saved */
  char *name;               /* (nullable) */
  GHashTable *settings;     /* char* → char*, as typed: they may be wrong */
  char *step;               /* where one was: a page of the wizard ("prepare", "credentials", "check", "events",
                             * "summary") */
  gint64 created_at;
  gint64 updated_at;
} AssayDraft;

AssayDraft *assay_draft_new (void);
void        assay_draft_free (AssayDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDraft, assay_draft_free)

/* Inserts @draft, or writes the row with its id. */
gboolean    assay_drafts_save (AssayDatabase *database, AssayDraft *draft, GError **error);
/* (nullable): %ASSAY_ERROR_NOT_FOUND when there is none */
AssayDraft *assay_drafts_get (AssayDatabase *database, gint64 id, GError **error);
/* (element-type AssayDraft), the latest first */
GPtrArray  *assay_drafts_list (AssayDatabase *database, GError **error);
/* It is no error when there is none. */
gboolean    assay_drafts_remove (AssayDatabase *database, gint64 id, GError **error);

G_END_DECLS
