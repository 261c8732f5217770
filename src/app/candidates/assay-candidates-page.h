/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The candidates: a list with search and filters. */
#pragma once

#include <adwaita.h>

#include "assay-row-list-view.h"
#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssayCandidatesPage:
 *
 * Property: "header" (read-only): its #AdwHeaderBar. Signal: "activated" (int64 application id).
 */
#define ASSAY_TYPE_CANDIDATES_PAGE (assay_candidates_page_get_type ())
G_DECLARE_FINAL_TYPE (AssayCandidatesPage, assay_candidates_page, ASSAY, CANDIDATES_PAGE, AdwBin)

/* Once, before it is shown. */
void assay_candidates_page_set_service (AssayCandidatesPage *self, AssayService *service);

/**
 * assay_candidates_page_set_scope:
 * @self: the page
 * @connection_id: an ATS connection, or 0 for all
 * @job_id: one of its jobs, or 0 for all
 * @title: (nullable): the job's title
 * @subtitle: (nullable): whose it is
 *
 * Whose candidates are shown. The search stays; a stage filter goes unless the job has that stage too.
 */
void assay_candidates_page_set_scope (AssayCandidatesPage *self, gint64 connection_id, gint64 job_id,
                                      const char *title, const char *subtitle);

/* Whether there is an ATS to read candidates from, for the words of the empty page. */
void assay_candidates_page_set_ats (AssayCandidatesPage *self, gboolean has_ats);

/* Says beside the number of candidates how fresh they are, where there is no room for a sidebar that does: of
 * @connections (nullable) (element-type AssayConnection), or not at all. */
void assay_candidates_page_set_freshness (AssayCandidatesPage *self, GPtrArray *connections);

/* Opens the search and puts the focus there. */
void assay_candidates_page_begin_search (AssayCandidatesPage *self);

/* Closes the search; FALSE if it wasn't open. */
gboolean assay_candidates_page_end_search (AssayCandidatesPage *self);

/* Lets go of who is picked; FALSE if nobody was. */
gboolean assay_candidates_page_end_picking (AssayCandidatesPage *self);

/* (transfer full) (nullable): what is shown now, in a few words: job, stage, search; and the one job that all are of in
 * @job_id, or 0 */
char    *assay_candidates_page_dup_description (AssayCandidatesPage *self, gint64 *job_id);

AdwHeaderBar     *assay_candidates_page_get_header (AssayCandidatesPage *self);
AssayRowListView *assay_candidates_page_get_list (AssayCandidatesPage *self);

G_END_DECLS
