/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program without a window: the store, the keyring, the connectors, the outbox and the poller, tied together.
 * The window and assayctl run this same object; all of it lives on the main context. */
#pragma once

#include "assay-batch.h"
#include "assay-connector.h"
#include "assay-effect.h"
#include "assay-model.h"
#include "assay-oauth-sign-in.h"
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
/* On a @store that is open, and that nobody else closes. */
AssayService *assay_service_new_for_store (AssayStore *store);
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

/* Checks key and permissions, and writes what it learned into the connection. @progress: (nullable): told of the answers as
 * they come, until @cancellable is cancelled; a system that answers for everything at once tells only in the end. */
void        assay_service_test_connection_async (AssayService *self, gint64 id, AssayProbeProgress progress,
                                                 gpointer progress_data, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
AssayProbe *assay_service_test_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Tests first; fails with the probe's error and stays as it was when the probe isn't ok. A provider's assessments are
 * then listed; an ATS is synced by the running service, or by assay_service_sync_async(). */
void     assay_service_enable_connection_async (AssayService *self, gint64 id, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_enable_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

/**
 * assay_service_sign_in_connection_async:
 * @id: a saved connection for which assay_connector_uses_sign_in() holds (Lever with auth=oauth)
 * @patience: how long to wait for the browser, in milliseconds; 0: %ASSAY_OAUTH_PATIENCE
 * @opener: called once, soon, on the main context, with the address to open in the user's browser; libassay opens
 *   nothing by itself. The window gives it to g_app_info_launch_default_for_uri_async()
 * @opener_data: for @opener; must live until @callback
 *
 * Signs in through the user's own browser and keeps the tokens in the keyring, where they replace those of an earlier
 * sign-in. A page in the window does this, in this order:
 *
 *  1. draw what will be asked for: assay_connector_list_scopes() with the settings, each scope with its purpose, and
 *     description->roles (who may consent);
 *  2. save the connection (assay_service_add_connection_async(), or _set_connection_async()): the client id is a
 *     setting, the client secret a secret;
 *  3. call this with a #GCancellable that its Cancel button and its closing cancel, show "Waiting for the browser", the
 *     address that @opener gets with a button that copies it (no browser may come up), and one that opens it again;
 *  4. on success go on to assay_service_enable_connection_async(), as after saving a key; on an error show its sentence
 *     and its details, and offer the step again. Cancelled is no error to show. Nothing is to be undone: the saved
 *     connection stays, and an earlier sign-in stays good.
 *
 * Data and what is queued are kept throughout. A failing connection is enabled again, and what waited goes on.
 *
 * Errors: %ASSAY_ERROR_FORBIDDEN: consent was refused; %ASSAY_ERROR_FAILED: the browser didn't come back in time;
 * %ASSAY_ERROR_UNAUTHORIZED: the client secret is wrong, or the code was refused; %ASSAY_ERROR_INVALID: a setting;
 * %ASSAY_ERROR_UNAVAILABLE, %ASSAY_ERROR_BAD_RESPONSE, the keyring's, %G_IO_ERROR_CANCELLED.
 */
void     assay_service_sign_in_connection_async (AssayService *self, gint64 id, guint patience,
                                                 AssayOauthOpener opener, gpointer opener_data,
                                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                                 gpointer user_data);
gboolean assay_service_sign_in_connection_finish (AssayService *self, GAsyncResult *result, GError **error);

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
  guint removed;          /* of them, applications that are gone at the vendor */
  gint64 complete_up_to;
  guint requests;
  GError *error;          /* (nullable) what stopped it; what was read before is kept */
} AssaySyncResult;

void assay_sync_result_free (AssaySyncResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySyncResult, assay_sync_result_free)

/* Called now and then during a sync; @total is -1 where the vendor doesn't say. */
typedef void (*AssaySyncProgress) (gint64 connection_id, guint applications, gint64 total, gpointer user_data);

/* How often the running service asks each enabled ATS what has changed, in milliseconds. */
guint assay_service_get_sync_interval (AssayService *self);

/* Syncs one ATS connection, or all enabled ones (@connection_id 0), side by side. @full reads everything again, and marks
 * as gone who isn't listed any more. Who asks for a connection that is being synced joins that sync; or waits for its end
 * and the next, if that one doesn't read everything and this one is to. It ends for all but who cancels theirs.
 * Gives (element-type AssaySyncResult) (transfer full); an error only when nothing was begun. A sync that would mark more
 * than a tenth of a connection's applications as gone keeps them all and ends with %ASSAY_ERROR_REMOVALS. */
void       assay_service_sync_async (AssayService *self, gint64 connection_id, gboolean full,
                                     AssaySyncProgress progress, gpointer progress_data, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *assay_service_sync_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Answers the question that a sync asked (AssayConnection.removals), by another sync: @gone marks as many as were asked
 * about; else everything is read again, which asks anew if they still aren't there. Where nothing was asked, @gone allows
 * nothing more than any sync may. The result is assay_service_sync_finish()'s. */
void       assay_service_settle_removals_async (AssayService *self, gint64 connection_id, gboolean gone,
                                                AssaySyncProgress progress, gpointer progress_data,
                                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                                gpointer user_data);
GPtrArray *assay_service_settle_removals_finish (AssayService *self, GAsyncResult *result, GError **error);

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
  gint64 deadline;          /* until when it is to be valid, Unix milliseconds: where ASSAY_CAN_DEADLINE, else INVALID; 0: none */
  gboolean again;           /* on purpose, although the person was invited before: where ASSAY_CAN_RETAKE, else INVALID */
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

/* Which of @assessments (element-type AssayAssessment) @email (nullable) was invited to already, or is about to be: a
 * set of their ids, (transfer full) (element-type gint64). To be called inside an AssayStoreFunc. */
GHashTable *assay_assessments_find_invited (AssayDatabase *database, const char *email, GPtrArray *assessments,
                                            GError **error);

/* Takes back an invitation that hasn't left; fails with INVALID once it has. */
void     assay_service_undo_invitation_async (AssayService *self, gint64 invitation_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_undo_invitation_finish (AssayService *self, GAsyncResult *result, GError **error);

/* ---- Inviting many: see assay-batch.h ---- */

/* Judges each draft without changing anything; the drafts are copied. Gives (element-type AssayVerdict) (transfer full), one
 * for each draft in their order. It is one read, so that somebody among them is TWICE if an earlier draft has the address. */
void       assay_service_check_invitations_async (AssayService *self, const AssayInvitationDraft *drafts, guint n_drafts,
                                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                                  gpointer user_data);
GPtrArray *assay_service_check_invitations_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Writes down a batch: its id, 0 on error (INVALID for no drafts). All drafts are to the first one's assessment, by its cause,
 * and with its delay; @title NULL: the assessment's name. It ends when the people are written down. From then on the batch goes
 * on whatever happens: they are put into the outbox in the background (assay_service_prepare_batches_async() waits for it), by
 * this process or by the next that starts, and leave by the running service, or by assay_service_run_outbox_async(). Whoever
 * can't be invited is set aside with the reason; no error comes of it. */
void   assay_service_invite_batch_async (AssayService *self, const AssayInvitationDraft *drafts, guint n_drafts,
                                         const char *title, GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
gint64 assay_service_invite_batch_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Puts the people of all batches into the outbox who aren't there yet, and waits for it. */
void     assay_service_prepare_batches_async (AssayService *self, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_prepare_batches_finish (AssayService *self, GAsyncResult *result, GError **error);

/* What hasn't left waits until it is resumed, over restarts too. What is on the wire is settled. */
void     assay_service_pause_batch_async (AssayService *self, gint64 batch_id, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_pause_batch_finish (AssayService *self, GAsyncResult *result, GError **error);
void     assay_service_resume_batch_async (AssayService *self, gint64 batch_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_resume_batch_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Gives up what hasn't left: those invitations end as cancelled. What has left stays as it is. */
void     assay_service_cancel_batch_async (AssayService *self, gint64 batch_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_cancel_batch_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Takes back what was never tried, so that no trace of it is left, and the batch itself when that is all of it: the undo of the
 * first ten seconds. Gives how many invitations had left already and stay; -1 on error. */
void assay_service_undo_batch_async (AssayService *self, gint64 batch_id, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
int  assay_service_undo_batch_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Queues those that failed again, with the address that was typed for the invitation, else that which the ATS has now, and tries those again who were set aside for another
 * reason than an invitation. Unsure ones stay: a person decides about each by assay_service_resolve_outbox_async(). */
void     assay_service_retry_batch_failures_async (AssayService *self, gint64 batch_id, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_retry_batch_failures_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Sends an invitation that failed to another address, or under another name: the remedy where the provider refused what it had.
 * Checked like a new one, and part of its batch as before. Errors: those of assay_service_check_invitation_async(); INVALID when
 * it hasn't failed. */
void     assay_service_amend_invitation_async (AssayService *self, gint64 invitation_id, const char *first_name,
                                               const char *last_name, const char *email, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_amend_invitation_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Sends what is due, and waits until it is settled. @invitation_id 0: all of it. With one given, its error is
 * returned as the call's: UNAVAILABLE and RATE_LIMITED mean that it stays queued. */
void     assay_service_run_outbox_async (AssayService *self, gint64 invitation_id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_run_outbox_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Puts a change of something at a vendor into the outbox; gives the row's id. Errors as assay_ledger_enqueue_effect(): INVALID,
 * NOT_FOUND, DUPLICATE. It leaves by the running service, or by assay_service_run_effect_async(). */
void   assay_service_queue_effect_async (AssayService *self, const AssayEffect *effect, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gint64 assay_service_queue_effect_finish (AssayService *self, GAsyncResult *result, GError **error);

/* Sends one row, due or not, and waits until it is settled. Its error is the call's: UNAVAILABLE, RATE_LIMITED, UNAUTHORIZED and
 * the keyring's mean that it stays queued. */
void     assay_service_run_effect_async (AssayService *self, gint64 outbox_id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_run_effect_finish (AssayService *self, GAsyncResult *result, GError **error);

/* (element-type AssayOutboxRow): what is still to reach a vendor, or needs a person */
GPtrArray *assay_outbox_list (AssayDatabase *database, GError **error);
/* One of them as it is now, settled or not; NOT_FOUND when there is none. */
AssayOutboxRow *assay_outbox_get (AssayDatabase *database, gint64 outbox_id, GError **error);
/* The latest of an invitation's own; NOT_FOUND when there is none. */
AssayOutboxRow *assay_outbox_get_by_invitation (AssayDatabase *database, gint64 invitation_id, GError **error);
/* The queued row of the tag that tells other copies of Assay of an invitation that was sent; 0 for none, or on error. */
gint64 assay_outbox_find_marker (AssayDatabase *database, gint64 invitation_id, GError **error);

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

/* What a person says of an invitation whose provider can't be asked: %ASSAY_ERROR_INVALID for one whose provider can
 * (then the provider's word counts), for one that hasn't left, and for a status that isn't an outcome (queued, failed,
 * unsure, unknown). Unlike a provider, a person may correct themselves: a completed invitation may go back. Of @result
 * (transfer full) status, status_text, score and report_url count. */
void     assay_service_enter_result_async (AssayService *self, gint64 invitation_id, AssayResult *result,
                                           GCancellable *cancellable, GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean assay_service_enter_result_finish (AssayService *self, GAsyncResult *result, GError **error);

/* While somebody looks at an invitation it is asked for every 5 s, within the provider's pace. Calls nest. */
void assay_service_watch_invitation (AssayService *self, gint64 invitation_id);
void assay_service_unwatch_invitation (AssayService *self, gint64 invitation_id);

/* ---- The keyring ---- */

/* Asks the user to unlock it, and tries again what waited for it. */
void     assay_service_unlock_keyring_async (AssayService *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
gboolean assay_service_unlock_keyring_finish (AssayService *self, GAsyncResult *result, GError **error);

G_END_DECLS
