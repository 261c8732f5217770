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

/* A file on its way to a vendor. Borrowed for the call. */
typedef struct
{
  const char *name;        /* "cv.pdf" */
  const char *media_type;  /* "application/pdf" */
  GBytes *bytes;
} AssayUpload;

/* A person to be entered into the ATS. Borrowed for the call. */
typedef struct
{
  const char *job_remote_id;
  const char *stage_remote_id;   /* (nullable) the job's first one where it is NULL */
  const char *first_name;
  const char *last_name;
  const char *email;
  const char *phone;             /* (nullable) */
  const char *source;            /* (nullable) where the person comes from, in words */
  const char *const *tags;       /* (nullable) NULL-terminated */
  const char *const *links;      /* (nullable) NULL-terminated */
  const AssayUpload *cv;         /* (nullable) */
} AssayNewApplication;

/* Somebody who may sign in to the ATS. */
typedef struct
{
  char *remote_id;
  char *name;
  char *email;      /* (nullable) */
  char *role;       /* (nullable) the vendor's word */
  gboolean active;
} AssayUser;

AssayUser *assay_user_new (void);
void       assay_user_free (AssayUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayUser, assay_user_free)

/* A webhook as the vendor has it. */
typedef struct
{
  char *remote_id;
  char *address;    /* where it reports to */
  char *event;      /* the vendor's word for what it reports */
  char *secret;     /* (nullable) what it signs with, where the vendor tells; for the keyring only, and wiped */
  gboolean active;
} AssayWebhook;

AssayWebhook *assay_webhook_new (void);
void          assay_webhook_free (AssayWebhook *webhook);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayWebhook, assay_webhook_free)

/* A record whose members nobody documents: shown as it comes. */
typedef struct
{
  char *remote_id;
  char *application_remote_id;   /* (nullable) whose it is, if it says */
  GPtrArray *names;              /* (element-type utf8) "Status" */
  GPtrArray *values;             /* (element-type utf8) as many */
} AssayAtsRecord;

AssayAtsRecord *assay_ats_record_new (void);
void            assay_ats_record_free (AssayAtsRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAtsRecord, assay_ats_record_free)

/* A setting that every ATS has; for the list of settings in a description, where N_() is known. */
/* clang-format off */
#define ASSAY_ATS_SETTING_MARK_INVITATIONS \
  { \
    .name = "mark-invitations", \
    .title = N_ ("Mark who was invited"), \
    .description = N_ ("Whether Assay tags everybody it invites, so that colleagues with an Assay of their own don't " \
                       "invite the same person. The key needs the permission to write tags."), \
    .type = ASSAY_SETTING_CHOICE, \
    .advanced = TRUE, \
    .default_value = "no", \
    .choices = (const char *const[]){ "no", "yes", NULL }, \
  }
/* clang-format on */

#define ASSAY_TYPE_ATS (assay_ats_get_type ())
G_DECLARE_INTERFACE (AssayAts, assay_ats, ASSAY, ATS, GObject)

/* A vfunc that is NULL means "this vendor can't": the call ends with G_IO_ERROR_NOT_SUPPORTED. What a call ends with
 * is what its GTask was given: a pointer (of add_note the note's id), or a boolean where the finish function returns
 * no more. */
struct _AssayAtsInterface
{
  GTypeInterface parent_iface;

  void (*probe_async) (AssayAts *self, AssayProbeProgress progress, gpointer progress_data,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*list_jobs_async) (AssayAts *self, const char *next, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
  void (*list_applications_async) (AssayAts *self, gint64 changed_since, const char *next,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*list_deleted_async) (AssayAts *self, gint64 deleted_since, const char *next, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
  void (*get_application_async) (AssayAts *self, const char *remote_id, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
  void (*move_stage_async) (AssayAts *self, const char *remote_id, const char *stage_remote_id,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*add_tags_async) (AssayAts *self, const char *remote_id, const char *const *tags,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*remove_tag_async) (AssayAts *self, const char *remote_id, const char *tag, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
  void (*add_note_async) (AssayAts *self, const char *remote_id, const char *text, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
  void (*set_score_async) (AssayAts *self, const char *remote_id, const char *field_name, const char *value,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*archive_async) (AssayAts *self, const char *remote_id, const char *reason_remote_id,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*add_links_async) (AssayAts *self, const char *remote_id, const char *const *urls,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*attach_document_async) (AssayAts *self, const char *remote_id, const AssayUpload *upload,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*create_application_async) (AssayAts *self, const AssayNewApplication *person, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
  void (*download_document_async) (AssayAts *self, const AssayDocument *document, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
  void (*list_users_async) (AssayAts *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
  void (*list_webhooks_async) (AssayAts *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
  void (*ensure_webhook_async) (AssayAts *self, const char *address, const char *event,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*list_own_assessments_async) (AssayAts *self, const char *remote_id, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
  void (*find_note_async) (AssayAts *self, const char *remote_id, const char *text, gint64 since,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  void (*find_application_async) (AssayAts *self, const char *job_remote_id, const char *email, gint64 since,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
};

/* Checks the key, and each permission on its own. An error is returned only when nothing could be learned
 * (cancelled); a refused key is an AssayProbe that isn't ok. @progress: (nullable): told of each answer that isn't the
 * last; not called any more once it is cancelled */
void        assay_ats_probe_async (AssayAts *self, AssayProbeProgress progress, gpointer progress_data,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
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

/* Writes a score into a custom field named @field_name, which is made if there is none by that name. @value is a
 * decimal number as text with a point ("84", "12.5"); the last one written stands. */
void     assay_ats_set_score_async (AssayAts *self, const char *remote_id, const char *field_name, const char *value,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_ats_set_score_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Archives the application, with a reason of the vendor's list; without one (@reason_remote_id: (nullable)) it is taken
 * out of the archive again. */
void     assay_ats_archive_async (AssayAts *self, const char *remote_id, const char *reason_remote_id,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_ats_archive_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Adds links to the person, at least one; NULL-terminated. Those already there stay as they are. */
void     assay_ats_add_links_async (AssayAts *self, const char *remote_id, const char *const *urls,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_ats_add_links_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Puts a file on the application. Doing it twice shows twice, so a lost answer is %ASSAY_ERROR_UNSURE. */
void     assay_ats_attach_document_async (AssayAts *self, const char *remote_id, const AssayUpload *upload,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
gboolean assay_ats_attach_document_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Enters a person with an application, telling nobody where the vendor lets us. Never sent twice: after
 * %ASSAY_ERROR_UNSURE look for the e-mail before another try. What a vendor takes in requests of its own afterwards (at
 * Pinpoint tags) may be missing when those fail.
 * Returns: (transfer full): the application's id at the vendor */
void  assay_ats_create_application_async (AssayAts *self, const AssayNewApplication *person,
                                          GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
char *assay_ats_create_application_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* What the file holds. The key never travels to a foreign storage host, nor along a redirect to one.
 * Returns: (transfer full): at most %ASSAY_HTTP_MAX_BODY bytes of whatever the person sent: hostile */
void    assay_ats_download_document_async (AssayAts *self, const AssayDocument *document, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
GBytes *assay_ats_download_document_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Everybody who may sign in, the inactive too.
 * Returns: (transfer full) (element-type AssayUser) */
void       assay_ats_list_users_async (AssayAts *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
GPtrArray *assay_ats_list_users_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* The webhooks there are.
 * Returns: (transfer full) (element-type AssayWebhook) */
void       assay_ats_list_webhooks_async (AssayAts *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                          gpointer user_data);
GPtrArray *assay_ats_list_webhooks_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* Makes sure that there is a webhook of @event (one of the description's) to @address: looks first, and makes one only
 * if there is none, so that none is ever left astray.
 * Returns: (transfer full): the one that is there now. Its secret may be NULL if it was there before */
void          assay_ats_ensure_webhook_async (AssayAts *self, const char *address, const char *event,
                                              GCancellable *cancellable, GAsyncReadyCallback callback,
                                              gpointer user_data);
AssayWebhook *assay_ats_ensure_webhook_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* What the ATS itself keeps about an application's assessments, put there by whatever else is connected to it.
 * %G_IO_ERROR_NOT_SUPPORTED where it keeps nothing, or nothing that this key may read: then nothing is to be shown.
 * Returns: (transfer full) (element-type AssayAtsRecord) */
void       assay_ats_list_own_assessments_async (AssayAts *self, const char *remote_id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *assay_ats_list_own_assessments_finish (AssayAts *self, GAsyncResult *result, GError **error);

/* After a lost answer: whether what was sent took effect. @since: Unix milliseconds by the vendor's clock, some
 * time before it was sent; older records don't count.
 * Returns: (transfer full) (nullable): the record's id; NULL without an error where there is none, which a vendor
 * that takes its time may still make untrue. */
void  assay_ats_find_note_async (AssayAts *self, const char *remote_id, const char *text, gint64 since,
                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *assay_ats_find_note_finish (AssayAts *self, GAsyncResult *result, GError **error);
void  assay_ats_find_application_async (AssayAts *self, const char *job_remote_id, const char *email, gint64 since,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *assay_ats_find_application_finish (AssayAts *self, GAsyncResult *result, GError **error);

G_END_DECLS
