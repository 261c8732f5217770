/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imported candidates in the store. As in assay-queries.h, these run inside an AssayStoreFunc. */
#pragma once

#include "assay-imported.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* (transfer full): a role as roles are compared; "" for none */
char *assay_imported_fold_role (const char *role);

/* Inserts (its id, created_at and updated_at are filled in). %ASSAY_ERROR_DUPLICATE when the person is on the connection's
 * list for that role already: then nothing is written. */
gboolean                assay_imported_insert (AssayDatabase *database, AssayImportedCandidate *candidate, GError **error);
/* (nullable): %ASSAY_ERROR_NOT_FOUND when there is none */
AssayImportedCandidate *assay_imported_get (AssayDatabase *database, gint64 id, GError **error);
/* The latest to come first; those of disconnected connections are left out. @connection_id 0: of all.
 * (element-type AssayImportedCandidate) */
GPtrArray              *assay_imported_list (AssayDatabase *database, gint64 connection_id, GError **error);
/* The id of the one with that address for that role; 0 for none, -1 on error. */
gint64                  assay_imported_find (AssayDatabase *database, gint64 connection_id, const char *email,
                                             const char *role, GError **error);
/* Puts them at a stage of the connection's list. */
gboolean                assay_imported_set_stage (AssayDatabase *database, gint64 id, const char *stage, GError **error);
/* The row alone; its documents are removed by who sweeps the folder. */
gboolean                assay_imported_remove (AssayDatabase *database, gint64 id, GError **error);
/* (transfer full) (element-type utf8): a set of the names of all copies that the store knows */
GHashTable             *assay_imported_list_files (AssayDatabase *database, GError **error);

G_END_DECLS
