/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rest of the program asks the store, and what sync writes into it. All of these run inside an AssayStoreFunc,
 * and return FALSE or NULL with an ASSAY_ERROR set when they fail. Lists are (transfer full) (element-type as named)
 * GPtrArrays with a free function. */
#pragma once

#include "assay-model.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* ---- Connections ---- */

/* Inserts @connection (its id, created_at and updated_at are filled in). */
gboolean         assay_connections_insert (AssayDatabase *database, AssayConnection *connection, GError **error);
/* Writes all members of the row @connection->id. */
gboolean         assay_connections_update (AssayDatabase *database, AssayConnection *connection, GError **error);
/* (nullable): %ASSAY_ERROR_NOT_FOUND when there is none */
AssayConnection *assay_connections_get (AssayDatabase *database, gint64 id, GError **error);
/* All that aren't removed, ATSs first, then by name; (element-type AssayConnection) */
GPtrArray       *assay_connections_list (AssayDatabase *database, GError **error);
/* Disconnects: out of the lists; with @erase its jobs, applications, assessments and invitations go too, and no trace
 * of their text stays in the files (the search index is rebuilt, the WAL truncated by the store). */
gboolean         assay_connections_remove (AssayDatabase *database, gint64 id, gboolean erase, GError **error);

/* ---- Jobs ---- */

/* Inserts or updates all of a connection's jobs with their stages, in one go. Counts those that differed in @changed
 * (nullable). Rows equal to what is there are not written. With @complete, jobs of the connection that aren't among
 * @jobs are marked closed (open = 0), not deleted. */
gboolean   assay_jobs_upsert (AssayDatabase *database, gint64 connection_id, GPtrArray *jobs, gboolean complete,
                              guint *changed, GError **error);
/* (element-type AssayJob) with stages and counts, open ones first, then by title. @connection_id 0: all connections. */
GPtrArray *assay_jobs_list (AssayDatabase *database, gint64 connection_id, gboolean include_closed, GError **error);
/* (element-type AssayJob) the open ones of all connections in the same order, without stages and with counts
 * of 0: what a first look needs, however many applications there are. */
GPtrArray *assay_jobs_list_open (AssayDatabase *database, GError **error);
AssayJob  *assay_jobs_get (AssayDatabase *database, gint64 id, GError **error);
/* Distinct stage names over the open jobs (@job_id 0) or of one job, in workflow order; (transfer full) */
char     **assay_jobs_list_stage_names (AssayDatabase *database, gint64 job_id, GError **error);

/* ---- Applications ---- */

/* Inserts or updates by (connection, remote id). A row with an older updated_at than the stored one is ignored; one
 * equal to what is there is not written and not counted. */
gboolean          assay_applications_upsert (AssayDatabase *database, gint64 connection_id, GPtrArray *applications,
                                             guint *changed, GError **error);
/* Marks one as no longer at the vendor. */
gboolean          assay_applications_mark_gone (AssayDatabase *database, gint64 id, GError **error);
/* The same by the vendor's id. Nothing happens where there is no such row, or it is marked already; @changed tells. */
gboolean          assay_applications_mark_gone_by_remote_id (AssayDatabase *database, gint64 connection_id,
                                                             const char *remote_id, gboolean *changed, GError **error);
gboolean          assay_applications_mark_seen (AssayDatabase *database, gint64 id, GError **error);
AssayApplication *assay_applications_get (AssayDatabase *database, gint64 id, GError **error);
/* The e-mail compares folded; (element-type AssayApplication) */
GPtrArray        *assay_applications_find_by_email (AssayDatabase *database, const char *email, GError **error);

/* What a list of applications shows. All members are conditions; zero or NULL or -1 means "any". */
typedef struct
{
  char *search;            /* (nullable) words, each a prefix of a word of name, e-mail, job title, tags or stage */
  gint64 connection_id;
  gint64 job_id;
  char *stage_name;        /* (nullable) */
  int invitation_status;   /* an AssayInvitationStatus, or -1 for any, or ASSAY_FILTER_NOT_INVITED */
  gboolean include_archived;
} AssayApplicationFilter;

#define ASSAY_FILTER_ANY_STATUS (-1)
#define ASSAY_FILTER_NOT_INVITED (-2)

AssayApplicationFilter *assay_application_filter_new (void);
AssayApplicationFilter *assay_application_filter_copy (const AssayApplicationFilter *filter);
gboolean                assay_application_filter_equal (const AssayApplicationFilter *a, const AssayApplicationFilter *b);
void                    assay_application_filter_free (AssayApplicationFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayApplicationFilter, assay_application_filter_free)

/* Latest update first; with a search, best match first among a bounded number. (element-type AssayApplication) */
GPtrArray *assay_applications_list (AssayDatabase *database, const AssayApplicationFilter *filter, guint limit,
                                    guint offset, GError **error);
/* How many match; stops counting at @at_most (0: counts all). -1 on error. */
gint64     assay_applications_count (AssayDatabase *database, const AssayApplicationFilter *filter, guint at_most,
                                     GError **error);

/* ---- Assessments ---- */

/* Replaces what a provider offers: those not among @assessments become inactive. */
gboolean         assay_assessments_replace (AssayDatabase *database, gint64 connection_id, GPtrArray *assessments,
                                            GError **error);
/* (element-type AssayAssessment) by name. @connection_id 0: all. */
GPtrArray       *assay_assessments_list (AssayDatabase *database, gint64 connection_id, gboolean include_inactive,
                                         GError **error);
AssayAssessment *assay_assessments_get (AssayDatabase *database, gint64 id, GError **error);

/* ---- Invitations (written by the outbox and the poller; see outbox/assay-ledger.h) ---- */

/* With scores, flags, raw and history. */
AssayInvitation *assay_invitations_get (AssayDatabase *database, gint64 id, GError **error);
/* Newest change first. @application_id 0: all; @status -1: any; @limit 0: no limit. (element-type AssayInvitation),
 * with named scores; with history only when @application_id is given. */
GPtrArray       *assay_invitations_list (AssayDatabase *database, gint64 application_id, int status, guint limit,
                                         guint offset, GError **error);
/* Fills @counts with the number of invitations of each status. */
gboolean         assay_invitations_count (AssayDatabase *database, guint counts[ASSAY_N_INVITATION_STATUSES],
                                          GError **error);

/* Recomputes what an application's row shows of its latest invitation; to be called by whoever writes invitations. */
gboolean         assay_applications_refresh_invitation (AssayDatabase *database, gint64 application_id,
                                                        gboolean unseen, GError **error);

G_END_DECLS
