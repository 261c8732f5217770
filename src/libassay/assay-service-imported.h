/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Candidates from files and by hand, of connections that can ASSAY_CAN_IMPORT. */
#pragma once

#include "assay-candidate-file.h"
#include "assay-service.h"

G_BEGIN_DECLS

/* Looks what a file would add, and changes nothing: (transfer full) (element-type AssayCandidateEntry). %ASSAY_ERROR_INVALID
 * when the file as a whole makes no sense, or the connection takes no candidates; %ASSAY_ERROR_NOT_FOUND. */
void       assay_service_read_candidates_async (AssayService *self, gint64 connection_id, GFile *file,
                                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                                gpointer user_data);
GPtrArray *assay_service_read_candidates_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Imports those of @entries (element-type AssayCandidateEntry; not to be touched until the end) that are GOOD, with copies of
 * their documents: all of them or, with an error, none. Who came onto the list meanwhile is left as they are. Gives the ids,
 * (transfer full) (element-type gint64). */
void       assay_service_import_candidates_async (AssayService *self, gint64 connection_id, GPtrArray *entries,
                                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                                  gpointer user_data);
GArray    *assay_service_import_candidates_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Adds one by hand; @values: char* → char*, as assay_candidate_entry_new() takes them. Gives the id, 0 on error: INVALID with
 * the sentence about what was typed, DUPLICATE. */
void       assay_service_add_candidate_async (AssayService *self, gint64 connection_id, GHashTable *values,
                                              GCancellable *cancellable, GAsyncReadyCallback callback,
                                              gpointer user_data);
gint64     assay_service_add_candidate_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Puts one at another stage of the connection's list, in whatever case @stage is spelled; nothing is told to anybody.
 * %ASSAY_ERROR_INVALID when there is no such stage, %ASSAY_ERROR_NOT_FOUND. */
void       assay_service_set_candidate_stage_async (AssayService *self, gint64 id, const char *stage,
                                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                                    gpointer user_data);
gboolean   assay_service_set_candidate_stage_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Removes one with the copies of the documents. The files they are copies of stay. */
void       assay_service_remove_candidate_async (AssayService *self, gint64 id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean   assay_service_remove_candidate_finish (AssayService *self, GAsyncResult *result, GError **error);

/* (transfer full) (nullable): where the copy of a document is; NULL where there is none. Not to be written to. */
char      *assay_service_dup_candidate_document (AssayService *self, const AssayImportedCandidate *candidate,
                                                 AssayImportedDocument which);

/* Removes the copies that no candidate has any more; for when a connection's data is erased. */
void       assay_service_sweep_documents_async (AssayService *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean   assay_service_sweep_documents_finish (AssayService *self, GAsyncResult *result, GError **error);

G_END_DECLS
