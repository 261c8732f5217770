/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An applicant tracking system. */
#pragma once

#include "assay-connector.h"

G_BEGIN_DECLS

/* A page of records. */
typedef struct
{
  GPtrArray *items;    /* AssayJob, AssayApplication, or ids as text */
  char *next;          /* (nullable) what to ask for next; NULL after the last page */
  gint64 total;        /* how many there are in all, -1 where the vendor doesn't say */
  gint64 server_time;  /* the vendor's clock when it answered, 0 if unknown */
  guint requests;      /* how many requests it took, retries not counted; usually 1 */
} AssayPage;

AssayPage *assay_page_new (GDestroyNotify free_item);
void       assay_page_free (AssayPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPage, assay_page_free)

#define ASSAY_TYPE_ATS (assay_ats_get_type ())
G_DECLARE_INTERFACE (AssayAts, assay_ats, ASSAY, ATS, GObject)

/* A vfunc that is NULL means "this vendor can't": the call ends with G_IO_ERROR_NOT_SUPPORTED. */
struct _AssayAtsInterface
{
  GTypeInterface parent_iface;

  void        (*probe_async) (AssayAts *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  AssayProbe *(*probe_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void        (*list_jobs_async) (AssayAts *self, const char *next, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
  AssayPage  *(*list_jobs_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void        (*list_applications_async) (AssayAts *self, gint64 changed_since, const char *next,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  AssayPage  *(*list_applications_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void        (*list_deleted_async) (AssayAts *self, gint64 deleted_since, const char *next, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
  AssayPage  *(*list_deleted_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void              (*get_application_async) (AssayAts *self, const char *remote_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
  AssayApplication *(*get_application_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void     (*move_stage_async) (AssayAts *self, const char *remote_id, const char *stage_remote_id,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*move_stage_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void     (*add_tags_async) (AssayAts *self, const char *remote_id, const char *const *tags,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*add_tags_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void     (*remove_tag_async) (AssayAts *self, const char *remote_id, const char *tag, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*remove_tag_finish) (AssayAts *self, GAsyncResult *result, GError **error);

  void     (*add_note_async) (AssayAts *self, const char *remote_id, const char *text, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
  gboolean (*add_note_finish) (AssayAts *self, GAsyncResult *result, char **note_id, GError **error);
};

/* Checks the key, and each permission on its own. An error is returned only when nothing could be learned
 * (cancelled); a refused key is an AssayProbe that isn't ok. */
void        assay_ats_probe_async (AssayAts *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
AssayProbe *assay_ats_probe_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* One page of all jobs with their stages. @next is NULL at first, then the page's. */
void        assay_ats_list_jobs_async (AssayAts *self, const char *next, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
AssayPage  *assay_ats_list_jobs_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* One page of the applications that changed after @changed_since (0: all). */
void        assay_ats_list_applications_async (AssayAts *self, gint64 changed_since, const char *next,
                                               GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer user_data);
AssayPage  *assay_ats_list_applications_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* One page of the remote ids of applications that were deleted after @deleted_since, some of which may never have been
 * listed. %G_IO_ERROR_NOT_SUPPORTED where the vendor, or the key, can't tell. */
void        assay_ats_list_deleted_async (AssayAts *self, gint64 deleted_since, const char *next,
                                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
AssayPage  *assay_ats_list_deleted_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* One application as it is now, with its documents. */
void              assay_ats_get_application_async (AssayAts *self, const char *remote_id, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
AssayApplication *assay_ats_get_application_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Writes. What a vendor answers to one isn't a full record, so nothing of it is passed on: read the application again.
 * Errors are the HTTP client's. A lost answer is %ASSAY_ERROR_UNSURE where doing the same twice might show (a note; at
 * Pinpoint a tag), and otherwise the request is repeated by itself. A write on the wire isn't cancelled. */

/* Moves the application to a stage of its job. Whether it is one is the caller's to know: not every vendor checks. */
void     assay_ats_move_stage_async (AssayAts *self, const char *remote_id, const char *stage_remote_id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_ats_move_stage_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Adds tags, at least one; NULL-terminated. */
void     assay_ats_add_tags_async (AssayAts *self, const char *remote_id, const char *const *tags,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_ats_add_tags_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Removes a tag that was added by the above. One at a time is what each vendor can. */
void     assay_ats_remove_tag_async (AssayAts *self, const char *remote_id, const char *tag, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_ats_remove_tag_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Adds a note in plain text, which everybody who may see the application sees. At Lever “@name” notifies that user.
 * @note_id: (out) (optional) (nullable) (transfer full): its id at the vendor, if the vendor told it */
void     assay_ats_add_note_async (AssayAts *self, const char *remote_id, const char *text, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_ats_add_note_finish (AssayAts *self, GAsyncResult *result, char **note_id, GError **error);

G_END_DECLS
