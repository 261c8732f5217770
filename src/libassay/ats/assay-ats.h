/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An applicant tracking system. */
#pragma once

#include "assay-connector.h"

G_BEGIN_DECLS

/* A page of records. */
typedef struct
{
  GPtrArray *items;    /* AssayJob or AssayApplication */
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

  void              (*get_application_async) (AssayAts *self, const char *remote_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
  AssayApplication *(*get_application_finish) (AssayAts *self, GAsyncResult *result, GError **error);
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

/* One application as it is now, with its documents. */
void              assay_ats_get_application_async (AssayAts *self, const char *remote_id, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
AssayApplication *assay_ats_get_application_finish (AssayAts *self, GAsyncResult *result, GError **error);

G_END_DECLS
