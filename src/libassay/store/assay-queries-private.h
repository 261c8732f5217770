/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of queries, and the row list, share. */
#pragma once

#include "assay-queries.h"

G_BEGIN_DECLS

/* ---- Columns that hold JSON. Our own data, but read as if it weren't. ---- */

/* (transfer full): a JSON array of strings */
char       *assay_column_from_strv (char **strv);
/* (transfer full), never NULL */
char      **assay_column_to_strv (const char *json);
/* (transfer full): a JSON object of strings, its members sorted, so that equal settings are equal text */
char       *assay_column_from_settings (GHashTable *settings);
GHashTable *assay_column_to_settings (const char *json);
/* (transfer full) (element-type AssayDocument) */
char       *assay_column_from_documents (GPtrArray *documents);
GPtrArray  *assay_column_to_documents (const char *json);
/* (transfer full) (element-type AssayScore): named scores */
char       *assay_column_from_scores (GPtrArray *scores);
GPtrArray  *assay_column_to_scores (const char *json);

/* ---- Lists by id ---- */

/* Ids in the order of the list; (element-type gint64). With a search, the ranked ones first. @limit 0: all. */
GArray *assay_applications_list_ids (AssayDatabase                 *database,
                                     const AssayApplicationFilter  *filter,
                                     guint                          limit,
                                     GError                       **error);
/* -1: any status */
GArray *assay_invitations_list_ids (AssayDatabase  *database,
                                    int             status,
                                    guint           limit,
                                    GError        **error);

/* (nullable) without an error where the record is gone; without history */
AssayApplication *assay_applications_find (AssayDatabase  *database,
                                           gint64          id,
                                           GError        **error);
/* The same without summary, tags and documents */
AssayApplication *assay_applications_find_brief (AssayDatabase  *database,
                                                 gint64          id,
                                                 GError        **error);
AssayInvitation  *assay_invitations_find (AssayDatabase  *database,
                                          gint64          id,
                                          GError        **error);

/* Every change of a column that application_search has, or that its facets are made of (job_id, connection_id,
 * archived, gone, invitation_id, invitation_status), goes between these two. */
gboolean assay_search_remove (AssayDatabase  *database,
                              gint64          application_id,
                              GError        **error);
gboolean assay_search_add (AssayDatabase  *database,
                           gint64          application_id,
                           GError        **error);
/* Makes the whole index anew. */
gboolean assay_search_rebuild (AssayDatabase  *database,
                               GError        **error);

/* Sets %ASSAY_ERROR_NOT_FOUND. */
void assay_queries_set_not_found (GError **error);

G_END_DECLS
