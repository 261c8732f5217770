/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program without a window: the store, the keyring, the connectors, the outbox and the poller, tied together.
 * The window and assayctl run this same object; all of it lives on the main context. */
#pragma once

#include "assay-connector.h"
#include "assay-model.h"
#include "assay-queries.h"
#include "assay-store.h"

G_BEGIN_DECLS

/**
 * AssayService:
 *
 * Properties (read-only, notify):
 * - "keyring-error" (GError*, nullable): why the keyring can't be read now; reading the store goes on
 * - "offline" (boolean): whether no vendor could be reached at the last try
 * - "syncing" (boolean): whether a sync is under way
 */
#define ASSAY_TYPE_SERVICE (assay_service_get_type ())
G_DECLARE_FINAL_TYPE (AssayService, assay_service, ASSAY, SERVICE, GObject)

/* (transfer full): where Assay keeps its data by default: $XDG_DATA_HOME/assay */
char         *assay_service_dup_default_directory (void);
/* Opens the store in @directory. Blocks for that; fails with %ASSAY_ERROR_STORAGE. */
AssayService *assay_service_new (const char *directory, GError **error);
/* (transfer none) */
AssayStore   *assay_service_get_store (AssayService *self);
/* (transfer none) (nullable) */
const GError *assay_service_get_keyring_error (AssayService *self);
gboolean      assay_service_get_offline (AssayService *self);
gboolean      assay_service_get_syncing (AssayService *self);

/* Begins what goes on by itself: the outbox, polling open invitations, syncing every few minutes. For the window (and
 * `assayctl rule run`); a single command doesn't call it. */
void assay_service_start (AssayService *self);
/* Ends it, cancels what may be cancelled, and closes the store. An invitation on the wire is left as `sending`, for the
 * next start to settle. */
void assay_service_stop (AssayService *self);

/* ---- Connections ---- */

/* Saves a connection (state saved) and its secrets: (transfer none) tables. @name NULL or empty: the kind's name.
 * Gives the id, 0 on error (then nothing is left behind). */
void   assay_service_add_connection_async (AssayService *self, const char *kind, const char *name,
                                           GHashTable *settings, GHashTable *secrets, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gint64 assay_service_add_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Changes settings (those not named stay) and secrets (those not named stay); @name NULL keeps the name. A failing
 * connection is tried again. */
void     assay_service_set_connection_async (AssayService *self, gint64 id, const char *name, GHashTable *settings,
                                             GHashTable *secrets, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_set_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Checks key and permissions, and writes what it learned into the connection. */
void        assay_service_test_connection_async (AssayService *self, gint64 id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
AssayProbe *assay_service_test_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Tests first; fails with the probe's error and stays as it was when the probe isn't ok. A provider's assessments are
 * then listed; an ATS is synced by the running service, or by assay_service_sync_async(). */
void     assay_service_enable_connection_async (AssayService *self, gint64 id, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_enable_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

void     assay_service_disable_connection_async (AssayService *self, gint64 id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_disable_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Removes the secrets, and the cached data with @erase. */
void     assay_service_remove_connection_async (AssayService *self, gint64 id, gboolean erase,
                                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                                gpointer user_data);
gboolean assay_service_remove_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

/* ---- Reading from the vendors ---- */

typedef struct
{
  gint64 connection_id;
  guint jobs;             /* read */
  guint stages;           /* read */
  guint applications;     /* read */
  guint changed;          /* records that differed from the store */
  gint64 complete_up_to;
  guint requests;
  GError *error;          /* (nullable) what stopped it; what was read before is kept */
} AssaySyncResult;

void assay_sync_result_free (AssaySyncResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySyncResult, assay_sync_result_free)

/* Called now and then during a sync; @total is -1 where the vendor doesn't say. */
typedef void (*AssaySyncProgress) (gint64 connection_id, guint applications, gint64 total, gpointer user_data);

/* Syncs one ATS connection, or all enabled ones (@connection_id 0), side by side. @full reads everything again.
 * Gives (element-type AssaySyncResult) (transfer full); an error only when nothing was begun. */
void       assay_service_sync_async (AssayService *self, gint64 connection_id, gboolean full,
                                     AssaySyncProgress progress, gpointer progress_data, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *assay_service_sync_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Reads one application again from its ATS. */
void     assay_service_refresh_application_async (AssayService *self, gint64 application_id, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_refresh_application_finish (AssayService *self, GAsyncResult *result, GError **error);

/* What the ATS itself keeps about an application's assessments, from whatever else is connected to it; asked for now.
 * %G_IO_ERROR_NOT_SUPPORTED where it keeps nothing, or nothing that the key may read: then nothing is to be shown.
 * (element-type AssayAtsRecord) (transfer full) */
void       assay_service_list_own_assessments_async (AssayService *self, gint64 application_id,
                                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                                     gpointer user_data);
GPtrArray *assay_service_list_own_assessments_finish (AssayService *self, GAsyncResult *result, GError **error);

/* What a document of an application holds, by its index in the stored application. Its address is read anew, since such
 * addresses expire, and the key doesn't go along to where files are kept. (transfer full): hostile bytes */
void    assay_service_download_document_async (AssayService *self, gint64 application_id, guint index,
                                               GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer user_data);
GBytes *assay_service_download_document_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Lists a provider's assessments again (0: of all enabled providers). */
void     assay_service_refresh_assessments_async (AssayService *self, gint64 connection_id, GCancellable *cancellable,
                                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_refresh_assessments_finish (AssayService *self, GAsyncResult *result, GError **error);

/* ---- Inviting ---- */

/* What the user typed over; NULL members come from the ATS. */
typedef struct
{
  gint64 application_id;
  gint64 assessment_id;
  const char *first_name;   /* (nullable) */
  const char *last_name;    /* (nullable) */
  const char *email;        /* (nullable) */
  const char *cause;        /* (nullable) "user" if NULL */
  guint delay;              /* milliseconds in which it can be undone; 0: at once */
} AssayInvitationDraft;

/* Checks without changing anything: the same errors as inviting. The window asks before it offers the button. */
void     assay_service_check_invitation_async (AssayService *self, const AssayInvitationDraft *draft,
                                               GCancellable *cancellable, GAsyncReadyCallback callback,
                                               gpointer user_data);
gboolean assay_service_check_invitation_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Puts an invitation into the outbox; gives its id. Errors: DUPLICATE (with when and by whom the first was sent; its id
 * by assay_service_get_duplicate()), INVALID (no plausible e-mail, archived application, closed job, locked name or
 * e-mail changed, inactive assessment), NOT_FOUND. It leaves by the running service, or by assay_service_run_outbox_async(). */
void   assay_service_invite_async (AssayService *self, const AssayInvitationDraft *draft, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gint64 assay_service_invite_finish (AssayService *self, GAsyncResult *result, GError **error);

/* The invitation that makes @draft a duplicate, as an error of the calls above carries it; 0 for none. */
gint64 assay_service_get_duplicate (const GError *error);

/* Takes back an invitation that hasn't left; fails with INVALID once it has. */
void     assay_service_undo_invitation_async (AssayService *self, gint64 invitation_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_undo_invitation_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Sends what is due, and waits until it is settled. @invitation_id 0: all of it. With one given, its error is
 * returned as the call's: UNAVAILABLE and RATE_LIMITED mean that it stays queued. */
void     assay_service_run_outbox_async (AssayService *self, gint64 invitation_id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_run_outbox_finish (AssayService *self, GAsyncResult *result, GError **error);

/* (element-type AssayOutboxRow): what is still to reach a vendor, or needs a person */
GPtrArray *assay_outbox_list (AssayDatabase *database, GError **error);

/* A person says whether an unsure one arrived. Not sent: it is queued again. */
void     assay_service_resolve_outbox_async (AssayService *self, gint64 outbox_id, gboolean sent,
                                             GCancellable *cancellable, GAsyncReadyCallback callback,
                                             gpointer user_data);
gboolean assay_service_resolve_outbox_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Gives up one that is queued, failed or unsure. */
void     assay_service_discard_outbox_async (AssayService *self, gint64 outbox_id, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_discard_outbox_finish (AssayService *self, GAsyncResult *result, GError **error);

/* ---- Results ---- */

/* Asks the provider now. */
void     assay_service_refresh_invitation_async (AssayService *self, gint64 invitation_id, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_refresh_invitation_finish (AssayService *self, GAsyncResult *result, GError **error);

/* While somebody looks at an invitation it is asked for every 5 s, within the provider's pace. Calls nest. */
void assay_service_watch_invitation (AssayService *self, gint64 invitation_id);
void assay_service_unwatch_invitation (AssayService *self, gint64 invitation_id);

/* ---- The keyring ---- */

/* Asks the user to unlock it, and tries again what waited for it. */
void     assay_service_unlock_keyring_async (AssayService *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_unlock_keyring_finish (AssayService *self, GAsyncResult *result, GError **error);

G_END_DECLS
