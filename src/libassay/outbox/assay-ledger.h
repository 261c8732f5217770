/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ledger of outside effects, as SQL: what makes "at most once" true. Everything here runs inside one transaction of
 * the store. A row goes queued → sending → done, failed or unsure; `sending` is on disk before the first byte leaves.
 *
 * A natural key is (provider's address, assessment, e-mail folded), digested; it is unique among rows that
 * have not failed or been discarded, over all copies of the program. */
#pragma once

#include "assay-batch.h"
#include "assay-effect.h"
#include "assay-provider.h"
#include "assay-queries.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* Who is to be invited, as asked for. */
typedef struct
{
  gint64 application_id;
  gint64 assessment_id;
  char *first_name;  /* (nullable) NULL: the ATS's */
  char *last_name;   /* (nullable) */
  char *email;       /* (nullable) */
  char *cause;       /* "user" or "rule:NAME" */
  gint64 due_at;     /* when it may leave */
  gint64 deadline;   /* until when it is to be valid, where the provider takes that; 0: as the provider has it */
  gboolean again;    /* on purpose, although the person was invited before: where the provider allows a retake */
  gint64 batch_id;   /* 0: on its own */
  gboolean held;     /* not to leave until its batch is resumed */
} AssayLedgerDraft;

void assay_ledger_draft_free (AssayLedgerDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLedgerDraft, assay_ledger_draft_free)

/* Whether @draft could be queued: INVALID, NOT_FOUND or DUPLICATE with a sentence when it couldn't; a DUPLICATE carries
 * the earlier invitation as its record. Changes nothing. */
gboolean assay_ledger_check (AssayDatabase *database, const AssayLedgerDraft *draft, GError **error);

/* The same as a value; (transfer full) (nullable): NULL only when the database fails. TWICE isn't among the answers. */
AssayVerdict *assay_ledger_judge (AssayDatabase *database, const AssayLedgerDraft *draft, GError **error);

/* Which of @assessments (element-type AssayAssessment) @email (nullable) was invited to already, or is about to be: a
 * set of their ids, (transfer full) (element-type gint64). An assessment counts by its natural key, so that an account
 * connected anew is the same account. */
GHashTable *assay_ledger_find_invited (AssayDatabase *database, const char *email, GPtrArray *assessments,
                                       GError **error);

/* Checks and queues: the invitation's id, 0 on error. */
gint64 assay_ledger_enqueue (AssayDatabase *database, const AssayLedgerDraft *draft, GError **error);

/* Takes back what hasn't been claimed: row and invitation are gone. INVALID once it has left. */
gboolean assay_ledger_undo (AssayDatabase *database, gint64 invitation_id, GError **error);

/* What is to be sent. */
typedef struct
{
  gint64 outbox_id;
  gint64 invitation_id;
  gint64 connection_id;
  guint attempts;         /* this one included, once claimed */
  gint64 sent_at;         /* when the lost attempt began, for orphans */
  gboolean again;         /* a retake: that the provider lists the person is no reason not to send */
  gint64 due_at;
  char *connection_name;
  AssayInvitation *invitation;       /* (nullable) what is to be invited, or what a RESEND or CANCEL is about */
  AssayEffect *effect;               /* (nullable) NULL for an invitation */
  AssayApplication *application;     /* (nullable) the person, if that is still known */
  AssayConnection *ats;              /* (nullable) the application's, while it is enabled */
} AssayLedgerItem;

void assay_ledger_item_free (AssayLedgerItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLedgerItem, assay_ledger_item_free)

/* The queued rows that are due at @now, of connections that are enabled, one for each connection: what somebody waits for
 * before what is one of many, then by the time they were due. Rows of a paused batch stay.
 * @invitation_id 0: any; else only that one, due or not. (element-type AssayLedgerItem) */
GPtrArray *assay_ledger_peek (AssayDatabase *database, gint64 invitation_id, gint64 now, GError **error);

/* Makes queued rows that wait for another attempt due now: what stood in their way is said to be gone. Those that were
 * never tried keep their time. */
gboolean assay_ledger_hasten (AssayDatabase *database, GError **error);

/* When the next queued row is due; 0 when none is. -1 on error. */
gint64 assay_ledger_get_next_due (AssayDatabase *database, GError **error);

/* Why a queued row of @connection_id doesn't leave though it may: UNAUTHORIZED or FORBIDDEN while the connection is failing,
 * UNAVAILABLE while it isn't enabled. TRUE when nothing of the kind stands in its way. */
gboolean assay_ledger_check_connection (AssayDatabase *database, gint64 connection_id, GError **error);

/* Makes the row @owner's, if it still is queued. FALSE without an error when somebody else has it. */
gboolean assay_ledger_claim (AssayDatabase *database, gint64 outbox_id, gint64 owner, GError **error);

/* Rows that are `sending`, with their owners in @owners (GArray of gint64), for the caller to tell the dead ones;
 * (element-type AssayLedgerItem) */
GPtrArray *assay_ledger_list_sending (AssayDatabase *database, GArray *owners, GError **error);

/* Rows that are `unsure`, of connections that are enabled; oldest first. (element-type AssayLedgerItem) */
GPtrArray *assay_ledger_list_unsure (AssayDatabase *database, GError **error);

/* Puts off a row that nobody has claimed: what must be read before it is sent can't be read now. */
gboolean assay_ledger_postpone (AssayDatabase *database, gint64 outbox_id, gint64 due_at, const char *sentence,
                                GError **error);

/* How an attempt ended. All of them apply only to a row that is `sending`. */
gboolean assay_ledger_mark_done (AssayDatabase *database, gint64 outbox_id, const AssayInvited *invited,
                                 gint64 next_check_at, GError **error);
/* The provider has it already, by whatever way: the key stays taken. */
gboolean assay_ledger_mark_known_elsewhere (AssayDatabase *database, gint64 outbox_id, const char *sentence,
                                            GError **error);
/* The same where the provider says what it calls that invitation, so that its progress can be asked for. */
gboolean assay_ledger_mark_found_elsewhere (AssayDatabase *database, gint64 outbox_id, const AssayInvited *invited,
                                            gint64 next_check_at, const char *sentence, GError **error);
/* Nothing took effect and nothing will: the key is free again. */
gboolean assay_ledger_mark_failed (AssayDatabase *database, gint64 outbox_id, const char *sentence, GError **error);
/* Nothing took effect: queued again for @due_at. */
gboolean assay_ledger_mark_queued (AssayDatabase *database, gint64 outbox_id, gint64 due_at, const char *sentence,
                                   GError **error);
/* It may have taken effect: a person decides. */
gboolean assay_ledger_mark_unsure (AssayDatabase *database, gint64 outbox_id, const char *sentence,
                                   const char *evidence, GError **error);

/* What the provider says of a row that is `unsure`: it has the invitation, so that the row is done. */
gboolean assay_ledger_mark_confirmed (AssayDatabase *database, gint64 outbox_id, const AssayInvited *invited,
                                      gint64 next_check_at, GError **error);
/* What is known about a row that stays `unsure`. Nothing happens to another one. */
gboolean assay_ledger_note_evidence (AssayDatabase *database, gint64 outbox_id, const char *evidence, GError **error);

/* ---- Effects: assay-ledger-effects.c. Those functions above that name a row are for these rows too. ---- */

/* Checks and queues: the row's id, 0 on error: INVALID (a stage of another job, nothing to write, a document that is too large,
 * a system that can't), NOT_FOUND, DUPLICATE (a user's: the same is under way). What a rule's cause brought about already gives
 * that row's id, and nothing more happens. */
gint64 assay_ledger_enqueue_effect (AssayDatabase *database, const AssayEffect *effect, GError **error);

/* It took effect: what is known of the application here follows. @created (nullable): the vendor's id of what was made. */
gboolean assay_ledger_mark_effect_done (AssayDatabase *database, const AssayLedgerItem *item, const char *created,
                                        GError **error);

/* The row @outbox_id; NOT_FOUND when there is none. */
AssayOutboxRow *assay_ledger_get_row (AssayDatabase *database, gint64 outbox_id, GError **error);

/* The item of the row @outbox_id if it is queued and its connection enabled, due or not; (element-type AssayLedgerItem) */
GPtrArray *assay_ledger_peek_row (AssayDatabase *database, gint64 outbox_id, GError **error);

/* Queues the tag that tells other copies of Assay of an invitation that was just sent, where the connection's setting says so:
 * "mark-invitations". */
gboolean assay_ledger_enqueue_marker (AssayDatabase *database, const AssayLedgerItem *item, GError **error);

/* Who may have been invited to what by somebody else. */
typedef struct
{
  gint64 application_id;
  gint64 connection_id;          /* the provider's */
  const char *connection_kind;
  const char *assessment_name;
} AssayLedgerMarked;

/* Whether a tag of @tags (nullable, NULL-terminated) says that @marked was invited by somebody else: the marker of this
 * assessment; or the provider's own tag, which names no assessment, while nothing here explains it.
 * (transfer full) (nullable): the tag; NULL with @error set only when the database fails */
char    *assay_ledger_find_marker (AssayDatabase *database, const AssayLedgerMarked *marked, char **tags, GError **error);

/* An entry of an invitation's history that changes nothing. */
gboolean assay_ledger_note (AssayDatabase *database, gint64 invitation_id, const char *sentence, GError **error);

/* A person's word on an unsure row. @sent: done (without the provider's id its progress can't be asked for);
 * else queued again, due now. INVALID if the row isn't unsure. */
gboolean assay_ledger_resolve (AssayDatabase *database, gint64 outbox_id, gboolean sent, GError **error);
/* Gives up a queued, failed or unsure row: its invitation ends as cancelled. */
gboolean assay_ledger_discard (AssayDatabase *database, gint64 outbox_id, GError **error);

/* The row of an invitation; NOT_FOUND when there is none. */
AssayOutboxRow *assay_ledger_get_by_invitation (AssayDatabase *database, gint64 invitation_id, GError **error);
/* Queued, sending, unsure, and failed ones that nobody has dismissed; oldest first. */
GPtrArray      *assay_ledger_list (AssayDatabase *database, GError **error);

/* ---- Batches: assay-ledger-batches.c ---- */

/* Writes down a batch and its people, (element-type AssayLedgerDraft), who all leave at @due_at at the earliest: its id, 0 on
 * error. Nobody is in the outbox yet. */
gint64   assay_ledger_add_batch (AssayDatabase *database, const char *title, gint64 assessment_id, const char *cause,
                                 GPtrArray *drafts, gint64 due_at, GError **error);
/* Puts up to @limit of a batch's people into the outbox, or sets them aside with the reason. @left tells how many are
 * still to be put there. Nothing happens to a batch that is gone. */
gboolean assay_ledger_prepare_batch (AssayDatabase *database, gint64 batch_id, guint limit, guint *left, GError **error);
/* Batches of which some are still to be put into the outbox; (element-type gint64) */
GArray  *assay_ledger_list_unprepared (AssayDatabase *database, GError **error);
/* What hasn't left stays, or may leave again. */
gboolean assay_ledger_hold_batch (AssayDatabase *database, gint64 batch_id, gboolean hold, GError **error);
/* Gives up what hasn't left, up to @limit of it; @left tells how much is left to give up. Its batch should be held. */
gboolean assay_ledger_cancel_batch (AssayDatabase *database, gint64 batch_id, guint limit, guint *left, GError **error);
/* Takes back what was never tried, up to @limit of it, so that no trace of it is left; the batch goes with the last one.
 * @left tells how much is left to take back, @taken how much was. */
gboolean assay_ledger_undo_batch (AssayDatabase *database, gint64 batch_id, guint limit, guint *left, guint *taken,
                                  GError **error);
/* Queues what failed again, with the address that the ATS has now where it has changed since, up to @limit of it; and lets
 * those be looked at again who were set aside for another reason than an invitation. What stands in the way of one stays with
 * it as the reason. @after: the id of the last row that was looked at, 0 at first; 0 at the end. */
gboolean assay_ledger_retry_batch (AssayDatabase *database, gint64 batch_id, guint limit, gint64 *after, GError **error);

/* Invitations whose provider is to be asked by @now, of enabled connections, at most @limit. Only ids, connections, remote
 * ids and times are filled in. (element-type AssayInvitation) */
GPtrArray *assay_ledger_list_to_check (AssayDatabase *database, gint64 now, guint limit, GError **error);
/* When the next one is to be asked for; 0: none. -1 on error. */
gint64     assay_ledger_get_next_check (AssayDatabase *database, GError **error);
/* Puts off asking, and keeps what went wrong (NULL: nothing did). */
gboolean   assay_ledger_postpone_check (AssayDatabase *database, gint64 invitation_id, gint64 next_check_at,
                                        const char *sentence, GError **error);
/* Applies what a provider says. Idempotent; a completed invitation never goes back. @changed (nullable) tells whether
 * anything a person sees differs. */
gboolean   assay_ledger_apply_result (AssayDatabase *database, gint64 invitation_id, const AssayResult *result,
                                      const char *source, gint64 next_check_at, gboolean *changed, GError **error);

/* ---- What the ledger's files share ---- */

/* A failed row is queued again as part of its batch; INVALID when it isn't failed, DUPLICATE when somebody else got its key
 * meanwhile. */
gboolean assay_ledger_requeue (AssayDatabase *database, gint64 outbox_id, gint64 due_at, gboolean held, GError **error);

/* A failed invitation goes out to the name and the address that a person typed instead, with the checks of a new one. The first
 * two strings may be NULL: the ATS's. */
gboolean assay_ledger_amend (AssayDatabase *database, gint64 invitation_id, const char *first_name, const char *last_name,
                             const char *email, GError **error);

/* Applies what a person says of an invitation whose provider can't be asked; see assay_service_enter_result_async(). */
gboolean   assay_ledger_enter_result (AssayDatabase *database, gint64 invitation_id, const AssayResult *result,
                                      GError **error);

G_END_DECLS
