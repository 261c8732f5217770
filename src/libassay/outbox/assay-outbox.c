/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sends what the ledger holds. */
#include "config.h"

#include "assay-outbox.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "assay-ats.h"
#include "assay-effect-run.h"
#include "assay-ledger.h"
#include "assay-provider-wire.h"
#include "assay-provider.h"
#include "assay-read-ahead.h"

/* How long an attempt that couldn't be made waits for the next: 15 s, doubled each time, 15 min at most. */
#define RETRY_FIRST (15 * 1000)
#define RETRY_MOST (15 * 60 * 1000)
/* A person who has just been invited opens the mail soon: the first question comes early. */
#define FIRST_CHECK_AFTER (5 * 1000)
/* How often rows of processes that died are looked for, and rows that another process is sending are looked at. */
#define ORPHAN_INTERVAL (60 * 1000)
#define OTHERS_INTERVAL 500
/* When what became of a request is written again after the disk refused. */
#define SETTLE_AGAIN_AFTER 3000
/* An ATS that is to be looked at and can't be reached holds an invitation up so long, and no longer: the ledger here and the
 * provider's own list go on guarding. */
#define ATS_PATIENCE (15 * 60 * 1000)

/* What somebody waits for: an invitation, a row, or, with neither, all that is due. */
typedef struct
{
  gint64 invitation_id;
  gint64 outbox_id;
} Target;

typedef struct
{
  Target target;
  GTask *task;            /* owned; it keeps the outbox */
  GSource *cancelled;     /* owned, nullable */
} Waiter;

struct _AssayOutbox
{
  GObject parent_instance;

  AssayStore *store;
  AssayConnectorPool *pool;
  GCancellable *cancellable;    /* of what may be cancelled: reads, the keyring; never a request on the wire */
  gboolean started;
  gboolean looking;             /* a look is under way */
  gboolean look_again;
  guint timer_id;
  gint64 orphans_looked_at;
  gboolean settling;            /* rows of processes that died are being looked for */
  GPtrArray *to_review;         /* (element-type AssayLedgerItem): unsure ones whose provider can be asked */
  GHashTable *reviewed;         /* gint64 outbox id: asked for already */
  GHashTable *busy;             /* gint64 connection id → Busy: one of its rows is under way */
  GHashTable *held;             /* gint64 connection id → gint64: not before, because of the keyring */
  GHashTable *unreachable;      /* gint64 ATS connection id → gint64: not looked at before */
  AssayReadAhead *read_ahead;
  GPtrArray *waiters;
};

/* A connection one of whose rows is under way. */
typedef struct
{
  gint64 outbox_id;
  gboolean on_wire;             /* an invitation is: the next one's application may be read meanwhile, once */
} Busy;

enum
{
  KEYRING_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayOutbox, assay_outbox, G_TYPE_OBJECT)

static void look (AssayOutbox *self);

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  if (waiter->cancelled != NULL)
    g_source_destroy (waiter->cancelled);
  g_clear_pointer (&waiter->cancelled, g_source_unref);
  g_object_unref (waiter->task);
  g_free (waiter);
}

static void
assay_outbox_dispose (GObject *object)
{
  AssayOutbox *self = ASSAY_OUTBOX (object);

  assay_outbox_stop (self);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->read_ahead, assay_read_ahead_free);
  g_clear_object (&self->pool);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (assay_outbox_parent_class)->dispose (object);
}

static void
assay_outbox_finalize (GObject *object)
{
  AssayOutbox *self = ASSAY_OUTBOX (object);

  g_hash_table_unref (self->busy);
  g_hash_table_unref (self->held);
  g_hash_table_unref (self->unreachable);
  g_hash_table_unref (self->reviewed);
  g_ptr_array_unref (self->to_review);
  g_ptr_array_unref (self->waiters);

  G_OBJECT_CLASS (assay_outbox_parent_class)->finalize (object);
}

static void
assay_outbox_class_init (AssayOutboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_outbox_dispose;
  object_class->finalize = assay_outbox_finalize;

  signals[KEYRING_FAILED] = g_signal_new ("keyring-failed", ASSAY_TYPE_OUTBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
assay_outbox_init (AssayOutbox *self)
{
  self->cancellable = g_cancellable_new ();
  self->busy = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->held = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->unreachable = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->reviewed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->to_review = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ledger_item_free);
  self->waiters = g_ptr_array_new_with_free_func (waiter_free);
}

AssayOutbox *
assay_outbox_new (AssayStore         *store,
                  AssayConnectorPool *pool)
{
  AssayOutbox *self = g_object_new (ASSAY_TYPE_OUTBOX, NULL);

  self->store = g_object_ref (store);
  self->pool = g_object_ref (pool);
  self->read_ahead = assay_read_ahead_new (pool);
  return self;
}

/* Waiters */

static void
finish_waiter (AssayOutbox  *self,
               guint         index,
               const GError *error)
{
  Waiter *waiter = g_ptr_array_index (self->waiters, index);
  g_autoptr (GTask) task = g_object_ref (waiter->task);

  g_ptr_array_remove_index_fast (self->waiters, index);
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
is_for_all (const Target *target)
{
  return target->invitation_id == 0 && target->outbox_id == 0;
}

/* Whether a row is what somebody waits for. @invitation_id 0: the row isn't one of an invitation. */
static gboolean
is_for_row (const Target *target,
            gint64        outbox_id,
            gint64        invitation_id)
{
  return target->outbox_id != 0 ? target->outbox_id == outbox_id
                                : target->invitation_id != 0 && target->invitation_id == invitation_id;
}

static void
finish_waiters_for_all (AssayOutbox *self)
{
  for (guint i = self->waiters->len; i > 0; i--)
    if (is_for_all (&((Waiter *) g_ptr_array_index (self->waiters, i - 1))->target))
      finish_waiter (self, i - 1, NULL);
}

static void
finish_waiters_for_row (AssayOutbox  *self,
                        gint64        outbox_id,
                        gint64        invitation_id,
                        const GError *error)
{
  for (guint i = self->waiters->len; i > 0; i--)
    if (is_for_row (&((Waiter *) g_ptr_array_index (self->waiters, i - 1))->target, outbox_id, invitation_id))
      finish_waiter (self, i - 1, error);
}

static gint64
get_item_invitation (const AssayLedgerItem *item)
{
  return item->effect == NULL ? item->invitation_id : 0;
}

static void
finish_waiters_for_item (AssayOutbox           *self,
                         const AssayLedgerItem *item,
                         const GError          *error)
{
  finish_waiters_for_row (self, item->outbox_id, get_item_invitation (item), error);
}

static gboolean
has_waiter (AssayOutbox           *self,
            const AssayLedgerItem *item)
{
  for (guint i = 0; i < self->waiters->len; i++)
    if (is_for_row (&((Waiter *) g_ptr_array_index (self->waiters, i))->target, item->outbox_id,
                    get_item_invitation (item)))
      return TRUE;
  return FALSE;
}

static gboolean
has_waiter_for_all (AssayOutbox *self)
{
  for (guint i = 0; i < self->waiters->len; i++)
    if (is_for_all (&((Waiter *) g_ptr_array_index (self->waiters, i))->target))
      return TRUE;
  return FALSE;
}

/* Whoever waits may stop waiting; what is on the wire goes on. */
static gboolean
waiter_cancelled_cb (GCancellable *cancellable,
                     gpointer      user_data)
{
  Waiter *waiter = user_data;
  g_autoptr (GTask) task = g_object_ref (waiter->task);
  AssayOutbox *self = g_task_get_source_object (task);

  g_ptr_array_remove_fast (self->waiters, waiter);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/* One row under way */

typedef enum
{
  OUTCOME_NONE,             /* still to be sent */
  OUTCOME_DONE,
  OUTCOME_KNOWN_ELSEWHERE,
  OUTCOME_FAILED,
  OUTCOME_QUEUED,
  OUTCOME_UNSURE,
} Outcome;

typedef struct
{
  AssayOutbox *outbox;       /* owned */
  AssayLedgerItem *item;     /* owned */
  GObject *connector;        /* owned, nullable */
  AssayApplication *fresh;   /* owned, nullable: the application as its ATS has it now */
  char *marker;              /* owned, nullable: the tag there that says that somebody else invited */
  gboolean unmarked;         /* its ATS couldn't be asked, and no longer is waited for */
  char *created;             /* owned, nullable: what an effect made */
  gboolean gone;             /* the application is no longer at the vendor */
  gint64 owner;
  Outcome outcome;
  AssayInvited *invited;     /* owned, nullable */
  GError *error;             /* owned, nullable: why it isn't done */
  char *evidence;            /* owned, nullable */
} Sending;

static void
sending_free (Sending *sending)
{
  assay_ledger_item_free (sending->item);
  assay_application_free (sending->fresh);
  g_free (sending->marker);
  g_free (sending->created);
  assay_invited_free (sending->invited);
  g_clear_error (&sending->error);
  g_clear_object (&sending->connector);
  g_clear_object (&sending->outbox);
  g_free (sending->evidence);
  g_free (sending);
}

static void
set_busy (AssayOutbox           *self,
          const AssayLedgerItem *item)
{
  Busy *busy = g_new0 (Busy, 1);

  busy->outbox_id = item->outbox_id;
  g_hash_table_replace (self->busy, g_memdup2 (&item->connection_id, sizeof item->connection_id), busy);
}

/* The row is no longer under way, however that came. */
static void
end_sending (Sending *sending)
{
  AssayOutbox *self = sending->outbox;

  g_hash_table_remove (self->busy, &sending->item->connection_id);
  finish_waiters_for_item (self, sending->item, sending->error);
  look (self);
  sending_free (sending);
}

/* (transfer full) (nullable): why it isn't done. What a vendor says to a change of a record tells more than our sentence. */
static char *
describe_error (const Sending *sending)
{
  const char *detail;

  if (sending->error == NULL)
    return NULL;
  detail = assay_error_get_vendor_detail (sending->error);
  if (sending->item->effect == NULL || detail == NULL || *detail == '\0' ||
      strstr (sending->error->message, detail) != NULL)
    return g_strdup (sending->error->message);
  /* Translators: %1$s is a sentence, %2$s a vendor's name, %3$s what it answered */
  return g_strdup_printf (_ ("%1$s “%2$s” says: %3$s"), sending->error->message, sending->item->connection_name, detail);
}

static gpointer
write_settlement (AssayDatabase *database,
                  gpointer       data,
                  GError       **error)
{
  Sending *sending = data;
  gint64 id = sending->item->outbox_id;
  gint64 now = assay_time_now ();
  g_autofree char *sentence = describe_error (sending);

  if (sending->gone && sending->item->application != NULL &&
      !assay_applications_mark_gone (database, sending->item->application->id, error))
    return NULL;
  switch (sending->outcome)
    {
    case OUTCOME_DONE:
      if (sending->item->effect != NULL)
        assay_ledger_mark_effect_done (database, sending->item, sending->created, error);
      else if (assay_ledger_mark_done (database, id, sending->invited, now + FIRST_CHECK_AFTER, error) &&
               assay_ledger_enqueue_marker (database, sending->item, error) && sending->unmarked)
        assay_ledger_note (database, sending->item->invitation_id,
                           _ ("The ATS couldn't be asked whether somebody else had sent this invitation."), error);
      break;
    case OUTCOME_KNOWN_ELSEWHERE:
      if (sending->invited != NULL)
        assay_ledger_mark_found_elsewhere (database, id, sending->invited, now + FIRST_CHECK_AFTER, sentence, error);
      else
        assay_ledger_mark_known_elsewhere (database, id, sentence, error);
      break;
    case OUTCOME_FAILED:
      assay_ledger_mark_failed (database, id, sentence, error);
      break;
    case OUTCOME_QUEUED:
      {
        guint doublings = MIN (sending->item->attempts, 6);
        gint64 wait = MIN ((gint64) RETRY_FIRST << doublings, RETRY_MOST);

        /* Half fixed, half jitter: many rows don't come back all at once. */
        assay_ledger_mark_queued (database, id, now + wait / 2 + g_random_int_range (0, (gint32) (wait / 2)), sentence,
                                  error);
        break;
      }
    case OUTCOME_UNSURE:
    case OUTCOME_NONE:
    default:
      assay_ledger_mark_unsure (database, id, sentence, sending->evidence, error);
      break;
    }
  return NULL;
}

static void settle_again_cb (gpointer user_data);

static void
settled_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Sending *sending = user_data;
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    {
      AssayOutbox *self = sending->outbox;

      /* It stays `sending` and ours: nobody sends it again. As long as this process lives what became of it is known, and is
       * written once there is room; nothing else of the connection leaves before. Else the next start asks a person. */
      g_message ("What became of a request couldn't be written: %s", error->message);
      if (self->started && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE))
        {
          finish_waiters_for_item (self, sending->item, error);
          g_timeout_add_once (SETTLE_AGAIN_AFTER, settle_again_cb, sending);
          return;
        }
      if (sending->error == NULL)
        sending->error = g_steal_pointer (&error);
    }
  end_sending (sending);
}

static char *
describe_evidence (const Sending *sending)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");
  guint status = assay_error_get_vendor_status (sending->error);

  if (status != 0)
    /* Translators: %1$s is a provider's name, %2$s a time of day, %3$u a number such as 502 */
    return g_strdup_printf (_ ("The request reached %1$s at %2$s, which answered with status %3$u."),
                            sending->item->connection_name, time, status);
  /* Translators: %1$s is a provider's name, %2$s a time of day */
  return g_strdup_printf (_ ("The request to %1$s left at %2$s, and no usable answer came back."),
                          sending->item->connection_name, time);
}

/* What an error of an attempt means for the row. */
static Outcome
judge (const GError *error)
{
  if (error == NULL)
    return OUTCOME_DONE;
  if (error->domain != ASSAY_ERROR)
    /* Cancelled, or something nobody thought of. The HTTP client says UNSURE once a byte has left, so that nothing did. */
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? OUTCOME_QUEUED : OUTCOME_UNSURE;

  switch ((AssayError) error->code)
    {
    case ASSAY_ERROR_UNAVAILABLE:
    case ASSAY_ERROR_RATE_LIMITED:
    case ASSAY_ERROR_UNAUTHORIZED:
    case ASSAY_ERROR_FORBIDDEN:
    case ASSAY_ERROR_KEYRING_LOCKED:
    case ASSAY_ERROR_KEYRING_MISSING:
    case ASSAY_ERROR_KEYRING_REFUSED:
      return OUTCOME_QUEUED;
    case ASSAY_ERROR_DUPLICATE:
      return OUTCOME_KNOWN_ELSEWHERE;
    case ASSAY_ERROR_INVALID:
    case ASSAY_ERROR_NOT_FOUND:
      return OUTCOME_FAILED;
    case ASSAY_ERROR_UNSURE:
    case ASSAY_ERROR_FAILED:
    case ASSAY_ERROR_USAGE:
    case ASSAY_ERROR_BAD_RESPONSE:
    case ASSAY_ERROR_STORAGE:
    case ASSAY_ERROR_BUSY:
    case ASSAY_ERROR_REMOVALS:
    default:
      return OUTCOME_UNSURE;
    }
}

/* The same for an effect. One permission that is missing doesn't stop the others, and what leaves the same when it is done
 * twice is done again, after a look. */
static Outcome
judge_effect (Sending *sending)
{
  Outcome outcome = judge (sending->error);

  if (g_error_matches (sending->error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) || outcome == OUTCOME_KNOWN_ELSEWHERE)
    return OUTCOME_FAILED;
  /* What a provider doesn't find says nothing about the ATS. */
  if (g_error_matches (sending->error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    sending->gone = sending->item->application != NULL && sending->item->invitation == NULL &&
                    sending->item->effect->kind != ASSAY_EFFECT_UNTAG;
  if (outcome == OUTCOME_UNSURE && assay_effect_kind_is_repeatable (sending->item->effect->kind))
    {
      g_clear_error (&sending->error);
      /* Translators: %s is a connection's name */
      sending->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                                    _ ("The answer of “%s” was lost. Assay looks whether it arrived, and does it again "
                                       "if it didn't."),
                                    sending->item->connection_name);
      return OUTCOME_QUEUED;
    }
  return outcome;
}

static void
settle (Sending *sending)
{
  assay_store_write_async (sending->outbox->store, write_settlement, sending, NULL, NULL, NULL, settled_cb, sending);
}

static void
settle_again_cb (gpointer user_data)
{
  settle (user_data);
}

static void
hold (GHashTable *held,
      gint64      connection_id)
{
  gint64 until = assay_time_now () + 2 * RETRY_FIRST;

  g_hash_table_replace (held, g_memdup2 (&connection_id, sizeof connection_id), g_memdup2 (&until, sizeof until));
}

static void
hold_connection (AssayOutbox *self,
                 gint64       connection_id)
{
  hold (self->held, connection_id);
}

/* Reading back: where the provider can be asked whom it has invited, it is asked before anything is sent and after an
 * answer was lost. That somebody isn't listed is reason enough to send a first time, and none to send a second time. */

static gboolean
can_look_up (GObject *connector)
{
  return ASSAY_PROVIDER_GET_IFACE (connector)->look_up_async != NULL;
}

/* @reference: as assay_id_format() gives it; must outlive the invitee */
static AssayInvitee
make_invitee (const AssayLedgerItem *item,
              const char            *reference)
{
  const AssayInvitation *invitation = item->invitation;
  AssayInvitee invitee = {
    .assessment_remote_id = invitation->assessment_remote_id,
    .first_name = invitation->first_name,
    .last_name = invitation->last_name,
    .email = invitation->email,
    .deadline = invitation->deadline,
    .again = item->again,
    .reference = reference,
  };

  return invitee;
}

static void
look_up (Sending             *sending,
         GAsyncReadyCallback  callback)
{
  const AssayInvitation *invitation = sending->item->invitation;
  g_autofree char *reference = assay_id_format (ASSAY_ID_INVITATION, invitation->id);
  AssayInvitee invitee = make_invitee (sending->item, reference);

  assay_provider_look_up_async (ASSAY_PROVIDER (sending->connector), &invitee, sending->outbox->cancellable, callback,
                                sending);
}

/* (transfer full) (nullable): what a look-up found, as an invitation of ours: why somebody would be a duplicate is nothing
 * to show of it. */
static AssayInvited *
finish_look_up (GObject      *source,
                GAsyncResult *result,
                GError      **error)
{
  AssayInvited *invited = assay_provider_look_up_finish (ASSAY_PROVIDER (source), result, error);

  if (invited != NULL)
    g_clear_pointer (&invited->status_text, g_free);
  return invited;
}

/* (transfer full): @evidence with what the look-up added, once */
static char *
add_absence (const char *evidence,
             const char *provider)
{
  /* Translators: %s is a provider's name */
  g_autofree char *absence = g_strdup_printf (
    _ ("%s was asked afterwards and doesn't list the invitation, which is no proof that it won't arrive."), provider);

  if (evidence == NULL)
    return g_steal_pointer (&absence);
  if (g_str_has_suffix (evidence, absence))
    return g_strdup (evidence);
  return g_strconcat (evidence, " ", absence, NULL);
}

static void
read_back_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Sending *sending = user_data;
  g_autoptr (GError) error = NULL;

  sending->invited = finish_look_up (source, result, &error);
  if (sending->invited != NULL)
    {
      sending->outcome = OUTCOME_DONE;
      g_clear_error (&sending->error);
    }
  else if (error == NULL)
    {
      g_autofree char *evidence = g_steal_pointer (&sending->evidence);

      sending->evidence = add_absence (evidence, sending->item->connection_name);
    }
  settle (sending);
}

static void
invited_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Sending *sending = user_data;
  AssayOutbox *self = sending->outbox;

  sending->invited = assay_provider_invite_finish (ASSAY_PROVIDER (source), result, &sending->error);
  sending->outcome = judge (sending->error);
  if (sending->outcome == OUTCOME_KNOWN_ELSEWHERE && sending->item->again)
    /* That the person was invited before is known: it is the retake that is refused. */
    sending->outcome = OUTCOME_FAILED;
  if (sending->outcome == OUTCOME_UNSURE)
    {
      sending->evidence = describe_evidence (sending);
      /* Of a retake the provider's list says nothing: the person was on it before. */
      if (can_look_up (source) && !sending->item->again)
        {
          g_hash_table_add (self->reviewed, g_memdup2 (&sending->item->outbox_id, sizeof (gint64)));
          look_up (sending, read_back_cb);
          return;
        }
    }
  else
    {
      /* What stopped one would stop the next: ten thousand of them aren't tried one after the other. */
      if (sending->outcome == OUTCOME_QUEUED)
        hold_connection (self, sending->item->connection_id);
      assay_connector_pool_note_contact (self->pool, sending->item->connection_id,
                                         sending->outcome == OUTCOME_QUEUED ? sending->error : NULL);
    }
  settle (sending);
}

static void
performed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Sending *sending = user_data;
  AssayOutbox *self = sending->outbox;

  assay_effect_perform_finish (result, &sending->created, &sending->error);
  sending->outcome = judge_effect (sending);
  if (sending->outcome == OUTCOME_UNSURE)
    sending->evidence = describe_evidence (sending);
  else if (sending->outcome == OUTCOME_QUEUED)
    hold_connection (self, sending->item->connection_id);
  if (!g_error_matches (sending->error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    assay_connector_pool_note_contact (self->pool, sending->item->connection_id,
                                       sending->outcome == OUTCOME_QUEUED ? sending->error : NULL);
  settle (sending);
}

static gpointer
write_claim (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  Sending *sending = data;

  return GINT_TO_POINTER (assay_ledger_claim (database, sending->item->outbox_id, sending->owner, error));
}

/* While one invitation is on the wire its connection does nothing else, and the next one's ATS can be looked at. */
static void
allow_read_ahead (AssayOutbox *self,
                  gint64       connection_id)
{
  Busy *busy = g_hash_table_lookup (self->busy, &connection_id);

  /* Whoever waits for one row sends no other. */
  if (busy == NULL || (!self->started && !has_waiter_for_all (self)))
    return;
  busy->on_wire = TRUE;
  look (self);
}

static void
claimed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Sending *sending = user_data;
  g_autofree char *reference = NULL;
  AssayInvitee invitee;
  g_autoptr (GError) error = NULL;
  gboolean claimed;

  claimed = GPOINTER_TO_INT (assay_store_finish (ASSAY_STORE (source), result, &error));
  if (!claimed)
    {
      /* Another copy of the program has it (then whoever waits goes on waiting), or the disk refuses. */
      if (error != NULL)
        {
          g_clear_error (&sending->error);
          sending->error = g_steal_pointer (&error);
          hold_connection (sending->outbox, sending->item->connection_id);
          end_sending (sending);
          return;
        }
      g_hash_table_remove (sending->outbox->busy, &sending->item->connection_id);
      look (sending->outbox);
      sending_free (sending);
      return;
    }

  sending->item->attempts++;
  if (sending->outcome != OUTCOME_NONE)
    {
      /* Decided by looking up: nothing is sent. */
      settle (sending);
      return;
    }
  if (sending->item->effect != NULL)
    {
      assay_effect_perform_async (sending->item, sending->connector, performed_cb, sending);
      return;
    }
  reference = assay_id_format (ASSAY_ID_INVITATION, sending->item->invitation_id);
  invitee = make_invitee (sending->item, reference);
  allow_read_ahead (sending->outbox, sending->item->connection_id);
  /* Not cancellable: what came of it must be learned. */
  assay_provider_invite_async (ASSAY_PROVIDER (sending->connector), &invitee, NULL, invited_cb, sending);
}

static void
claim (Sending *sending)
{
  assay_store_write_async (sending->outbox->store, write_claim, sending, NULL, NULL, NULL, claimed_cb, sending);
}

static gpointer
write_postponement (AssayDatabase *database,
                    gpointer       data,
                    GError       **error)
{
  Sending *sending = data;

  assay_ledger_postpone (database, sending->item->outbox_id, assay_time_now () + 2 * RETRY_FIRST,
                         sending->error->message, error);
  return NULL;
}

static void
postponed_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_debug ("Putting off a request failed: %s", error->message);
  end_sending (user_data);
}

static void postpone (Sending *sending, gint64 connection_id);

/* What the provider knows of the person before anything was sent. */
static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Sending *sending = user_data;
  const AssayInvitation *invitation = sending->item->invitation;

  sending->invited = assay_provider_look_up_finish (ASSAY_PROVIDER (source), result, &sending->error);
  if (g_error_matches (sending->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    /* This account can't be asked. */
    g_clear_error (&sending->error);
  else if (g_error_matches (sending->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      end_sending (sending);
      return;
    }
  else if (g_error_matches (sending->error, ASSAY_ERROR, ASSAY_ERROR_INVALID))
    sending->outcome = OUTCOME_FAILED;
  else if (sending->error != NULL)
    {
      postpone (sending, sending->item->connection_id);
      return;
    }
  else if (sending->invited != NULL && sending->item->again)
    /* A retake: that the person is listed is why it is sent on purpose. */
    g_clear_pointer (&sending->invited, assay_invited_free);
  else if (sending->invited != NULL && sending->item->attempts > 0)
    {
      /* An earlier attempt of ours arrived after all. */
      sending->outcome = OUTCOME_DONE;
      g_clear_pointer (&sending->invited->status_text, g_free);
    }
  else if (sending->invited != NULL)
    {
      sending->outcome = OUTCOME_KNOWN_ELSEWHERE;
      if (sending->invited->status_text != NULL)
        sending->error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_DUPLICATE, sending->invited->status_text);
      else
        sending->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_DUPLICATE,
                                      /* Translators: %1$s is a provider, %2$s a person, %3$s an assessment */
                                      _ ("%1$s shows that %2$s was invited to “%3$s” already, by another way than "
                                         "Assay. Nothing was sent."),
                                      invitation->connection_name, invitation->candidate_name,
                                      invitation->assessment_name);
    }
  claim (sending);
}

/* Without knowing, nothing is sent. It was never claimed, so that nothing is lost. Takes the error of @connection_id. */
static void
postpone (Sending *sending,
          gint64   connection_id)
{
  AssayOutbox *self = sending->outbox;

  sending->error = assay_provider_judge_preparation (sending->error);
  assay_connector_pool_note_contact (self->pool, connection_id, sending->error);
  hold_connection (self, sending->item->connection_id);
  assay_store_write_async (self->store, write_postponement, sending, NULL, NULL, NULL, postponed_cb, sending);
}

/* Whom the provider itself knows. */
static void
ask_provider (Sending *sending)
{
  if (can_look_up (sending->connector))
    look_up (sending, looked_up_cb);
  else
    claim (sending);
}

/* The ATS before an invitation: another recruiter's copy of Assay, or the provider's own integration, leaves a tag there. */

static gpointer
read_marker (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  Sending *sending = data;
  const AssayLedgerItem *item = sending->item;
  const AssayLedgerMarked marked = {
    .application_id = item->application->id,
    .connection_id = item->connection_id,
    .connection_kind = item->invitation->connection_kind,
    .assessment_name = item->invitation->assessment_name,
  };

  sending->marker = assay_ledger_find_marker (database, &marked, sending->fresh->tags, error);
  return NULL;
}

static void
marker_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  Sending *sending = user_data;

  assay_store_finish (ASSAY_STORE (source), result, &sending->error);
  if (sending->error != NULL)
    {
      end_sending (sending);
      return;
    }
  if (sending->marker == NULL)
    {
      ask_provider (sending);
      return;
    }
  sending->outcome = OUTCOME_FAILED;
  sending->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_DUPLICATE,
                                /* Translators: %1$s is an ATS, %2$s a person, %3$s a tag */
                                _ ("In “%1$s” %2$s has the tag “%3$s”: somebody else sent this invitation. Nothing was "
                                   "sent. If that is wrong, remove the tag and send again."),
                                sending->item->ats->name, sending->item->application->full_name, sending->marker);
  claim (sending);
}

/* The ATS can't be asked now. Whoever shares it with others by markers waits a while for it; everybody else doesn't. */
static void
go_on_without_ats (Sending *sending)
{
  const AssayLedgerItem *item = sending->item;
  gboolean marks = g_strcmp0 (assay_connection_get_setting (item->ats, "mark-invitations"), "yes") == 0;

  if (marks && item->due_at - item->invitation->created_at < ATS_PATIENCE)
    {
      postpone (sending, item->ats->id);
      return;
    }
  if (sending->error->domain == ASSAY_ERROR)
    assay_connector_pool_note_contact (sending->outbox->pool, item->ats->id, sending->error);
  g_clear_error (&sending->error);
  sending->unmarked = marks;
  /* The next ones don't wait for it either. */
  hold (sending->outbox->unreachable, item->ats->id);
  ask_provider (sending);
}

static void
application_got_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  Sending *sending = user_data;
  const AssayApplication *application = sending->item->application;
  gboolean gone;

  sending->fresh = assay_read_ahead_get_finish (result, &gone, &sending->error);
  if (g_error_matches (sending->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    end_sending (sending);
  else if (sending->fresh == NULL && gone)
    {
      sending->gone = TRUE;
      sending->outcome = OUTCOME_FAILED;
      g_clear_error (&sending->error);
      sending->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                    _ ("%s is no longer in the ATS, so no assessment was sent."), application->full_name);
      claim (sending);
    }
  else if (sending->fresh == NULL)
    go_on_without_ats (sending);
  else if (sending->fresh->archived && !application->archived)
    {
      sending->outcome = OUTCOME_FAILED;
      sending->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                    _ ("The application of %s was closed in the ATS meanwhile (rejected, hired or "
                                       "archived), so no assessment was sent."),
                                    application->full_name);
      claim (sending);
    }
  else
    assay_store_read_async (sending->outbox->store, read_marker, sending, NULL, NULL, NULL, marker_read_cb, sending);
}

/* Whether the ATS is looked at before @item leaves. */
static gboolean
needs_ats (AssayOutbox           *self,
           const AssayLedgerItem *item)
{
  const gint64 *not_before;

  /* Each attempt looks: between two of them somebody else may have invited, or somebody here have chosen “Try Again” for all
   * that failed, those with a marker among them. */
  if (item->effect != NULL || item->ats == NULL || item->application == NULL || item->again)
    return FALSE;
  not_before = g_hash_table_lookup (self->unreachable, &item->ats->id);
  return not_before == NULL || *not_before <= assay_time_now ();
}

static void
look_at_ats (Sending *sending)
{
  AssayOutbox *self = sending->outbox;

  if (needs_ats (self, sending->item))
    assay_read_ahead_get_async (self->read_ahead, sending->item, self->cancellable, application_got_cb, sending);
  else
    ask_provider (sending);
}

/* What the vendor says of the record before an effect. */
static void
effect_looked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Sending *sending = user_data;
  gboolean in_effect;

  if (assay_effect_look_finish (result, &in_effect, &sending->error))
    sending->outcome = in_effect ? OUTCOME_DONE : OUTCOME_NONE;
  else if (g_error_matches (sending->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      end_sending (sending);
      return;
    }
  else if (g_error_matches (sending->error, ASSAY_ERROR, ASSAY_ERROR_INVALID) ||
           g_error_matches (sending->error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) ||
           g_error_matches (sending->error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    sending->outcome = judge_effect (sending);
  else
    {
      postpone (sending, sending->item->connection_id);
      return;
    }
  claim (sending);
}

static void
connector_got_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Sending *sending = user_data;
  AssayOutbox *self = sending->outbox;

  sending->connector = assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &sending->error);
  if (sending->connector == NULL)
    {
      /* Nothing was claimed, so that nothing is lost: the row stays queued until the cause is mended. */
      hold_connection (self, sending->item->connection_id);
      assay_connector_pool_note_contact (self->pool, sending->item->connection_id, sending->error);
      if (assay_error_is_keyring (sending->error))
        g_signal_emit (self, signals[KEYRING_FAILED], 0, sending->error);
      end_sending (sending);
      return;
    }
  if (sending->item->effect == NULL && sending->item->invitation->deadline != 0 &&
      sending->item->invitation->deadline <= assay_time_now ())
    {
      /* It lay too long. */
      sending->outcome = OUTCOME_FAILED;
      sending->error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                            _ ("The deadline was over before the invitation could leave. Nothing was sent. "
                                               "Send it again with a later one."));
      claim (sending);
    }
  else if (sending->item->effect == NULL)
    look_at_ats (sending);
  else if (!assay_effect_is_supported (sending->item, sending->connector, &sending->error))
    {
      sending->outcome = OUTCOME_FAILED;
      claim (sending);
    }
  else if (assay_effect_needs_look (sending->item))
    assay_effect_look_async (sending->item, sending->connector, self->cancellable, effect_looked_cb, sending);
  else
    claim (sending);
}

static void
begin_sending (AssayOutbox     *self,
               AssayLedgerItem *item)
{
  Sending *sending = g_new0 (Sending, 1);

  sending->outbox = g_object_ref (self);
  sending->item = item;
  sending->owner = assay_store_claim_owner (self->store);
  set_busy (self, item);
  assay_connector_pool_get_async (self->pool, item->connection_id, self->cancellable, connector_got_cb, sending);
}

/* Rows that stay unsure: the provider is asked once in the life of the program, and again when something has changed. */

static gpointer
write_review (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  Sending *review = data;
  g_autoptr (AssayOutboxRow) row = NULL;
  g_autofree char *evidence = NULL;

  if (review->invited != NULL)
    {
      assay_ledger_mark_confirmed (database, review->item->outbox_id, review->invited,
                                   assay_time_now () + FIRST_CHECK_AFTER, error);
      return NULL;
    }
  row = assay_ledger_get_by_invitation (database, review->item->invitation_id, error);
  if (row == NULL)
    return NULL;
  evidence = add_absence (row->evidence, review->item->connection_name);
  assay_ledger_note_evidence (database, review->item->outbox_id, evidence, error);
  return NULL;
}

static void
end_review (Sending *review)
{
  AssayOutbox *self = review->outbox;

  g_hash_table_remove (self->busy, &review->item->connection_id);
  look (self);
  sending_free (review);
}

static void
review_written_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    /* A person was quicker, or the disk refuses; either way the row is as sure as it was. */
    g_debug ("What the provider says of an unsure invitation wasn't written: %s", error->message);
  end_review (user_data);
}

static void
review_looked_up_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  Sending *review = user_data;
  AssayOutbox *self = review->outbox;

  review->invited = finish_look_up (source, result, &review->error);
  if (review->error == NULL)
    {
      assay_connector_pool_note_contact (self->pool, review->item->connection_id, NULL);
      assay_store_write_async (self->store, write_review, review, NULL, NULL, NULL, review_written_cb, review);
      return;
    }
  if (review->error->domain == ASSAY_ERROR)
    assay_connector_pool_note_contact (self->pool, review->item->connection_id, review->error);
  end_review (review);
}

static void
review_connector_got_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  Sending *review = user_data;

  review->connector = assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &review->error);
  if (review->connector == NULL || !can_look_up (review->connector))
    {
      end_review (review);
      return;
    }
  look_up (review, review_looked_up_cb);
}

static void
begin_reviews (AssayOutbox *self)
{
  for (guint i = 0; i < self->to_review->len;)
    {
      AssayLedgerItem *item = g_ptr_array_index (self->to_review, i);
      Sending *review;

      if (g_hash_table_contains (self->busy, &item->connection_id))
        {
          i++;
          continue;
        }
      review = g_new0 (Sending, 1);
      review->outbox = g_object_ref (self);
      review->item = g_ptr_array_steal_index (self->to_review, i);
      set_busy (self, item);
      assay_connector_pool_get_async (self->pool, item->connection_id, self->cancellable, review_connector_got_cb,
                                      review);
    }
}

/* Looking for what is to be done */

typedef struct
{
  AssayStore *store;        /* owned */
  gboolean all;
  GArray *targets;          /* (element-type Target): what somebody waits for */
  GPtrArray *items;         /* (element-type AssayLedgerItem) */
  GPtrArray *rows;          /* (element-type AssayOutboxRow): of @targets, as they are */
  GPtrArray *obstacles;     /* (element-type GError) (nullable items): why the row of the same index doesn't leave */
  GArray *missing;          /* (element-type Target): those of @targets that have no row */
  gint64 next_due;
} Look;

static void
look_free (gpointer data)
{
  Look *looked = data;

  g_clear_object (&looked->store);
  g_array_unref (looked->targets);
  g_array_unref (looked->missing);
  g_clear_pointer (&looked->items, g_ptr_array_unref);
  g_clear_pointer (&looked->rows, g_ptr_array_unref);
  g_clear_pointer (&looked->obstacles, g_ptr_array_unref);
  g_free (looked);
}

static void
clear_obstacle (gpointer data)
{
  if (data != NULL)
    g_error_free (data);
}

static gpointer
read_look (AssayDatabase *database,
           gpointer       data,
           GError       **error)
{
  Look *looked = data;

  looked->items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ledger_item_free);
  looked->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_outbox_row_free);
  looked->obstacles = g_ptr_array_new_with_free_func (clear_obstacle);

  for (guint i = 0; i < looked->targets->len; i++)
    {
      Target target = g_array_index (looked->targets, Target, i);
      g_autoptr (GError) local_error = NULL;
      AssayOutboxRow *row = target.outbox_id != 0
                              ? assay_ledger_get_row (database, target.outbox_id, &local_error)
                              : assay_ledger_get_by_invitation (database, target.invitation_id, &local_error);
      GError *obstacle = NULL;
      GPtrArray *items;

      if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
        {
          g_array_append_val (looked->missing, target);
          continue;
        }
      if (row == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      assay_ledger_check_connection (database, row->connection_id, &obstacle);
      g_ptr_array_add (looked->rows, row);
      g_ptr_array_add (looked->obstacles, obstacle);
      items = assay_ledger_peek_row (database, row->id, error);
      if (items == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (looked->items, items);
    }
  if (looked->all)
    {
      GPtrArray *items = assay_ledger_peek (database, 0, assay_time_now (), error);

      if (items == NULL)
        return NULL;
      g_ptr_array_extend_and_steal (looked->items, items);
      looked->next_due = assay_ledger_get_next_due (database, error);
    }
  return NULL;
}

static void
timer_cb (gpointer user_data)
{
  AssayOutbox *self = user_data;

  self->timer_id = 0;
  look (self);
}

static void
schedule (AssayOutbox *self,
          gint64       at)
{
  gint64 wait = CLAMP (at - assay_time_now (), 1, 60 * 60 * 1000);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  self->timer_id = g_timeout_add_once ((guint) wait, timer_cb, self);
}

static gboolean
is_invitation (const AssayOutboxRow *row)
{
  return g_strcmp0 (row->kind, "invite") == 0;
}

/* What to tell somebody who waits for a row that isn't ours to send now; NULL when waiting makes sense. */
static gboolean
tell_by_row (AssayOutbox          *self,
             const AssayOutboxRow *row,
             const GError         *obstacle)
{
  g_autoptr (GError) error = NULL;

  switch (row->state)
    {
    case ASSAY_OUTBOX_DONE:
      break;
    case ASSAY_OUTBOX_FAILED:
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                   row->last_error != NULL ? row->last_error : _ ("The provider refuses it."));
      break;
    case ASSAY_OUTBOX_UNSURE:
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                                   row->last_error != NULL ? row->last_error : _ ("Whether it arrived isn't certain."));
      break;
    case ASSAY_OUTBOX_DISCARDED:
      error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("It was given up."));
      break;
    case ASSAY_OUTBOX_SENDING:
      return FALSE;
    case ASSAY_OUTBOX_QUEUED:
    default:
      error = obstacle != NULL
                ? g_error_copy (obstacle)
                : g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                                       row->last_error != NULL ? row->last_error
                                                               : _ ("It stays queued."));
      break;
    }
  finish_waiters_for_row (self, row->id, is_invitation (row) ? row->invitation_id : 0, error);
  return TRUE;
}

static gboolean
item_is_for (GPtrArray *items,
             gint64     outbox_id)
{
  for (guint i = 0; i < items->len; i++)
    if (((AssayLedgerItem *) g_ptr_array_index (items, i))->outbox_id == outbox_id)
      return TRUE;
  return FALSE;
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AssayOutbox) self = user_data;
  Look *looked = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gint64 now = assay_time_now ();
  gint64 next = 0;
  gboolean waiting_for_others = FALSE, held_back = FALSE;

  self->looking = FALSE;
  g_task_propagate_pointer (G_TASK (result), &error);
  /* Stopped meanwhile, or nobody waits any more: nothing is begun. */
  if (g_cancellable_is_cancelled (self->cancellable) || (!self->started && self->waiters->len == 0))
    {
      self->look_again = FALSE;
      return;
    }
  if (error != NULL)
    {
      while (self->waiters->len > 0)
        finish_waiter (self, self->waiters->len - 1, error);
      if (self->started)
        schedule (self, now + RETRY_FIRST);
      return;
    }

  for (guint i = 0; i < looked->missing->len; i++)
    {
      const Target *target = &g_array_index (looked->missing, Target, i);
      g_autoptr (GError) missing = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                                                        target->outbox_id != 0
                                                          ? _ ("There is no such entry in the outbox.")
                                                          : _ ("There is no such invitation in the outbox."));

      finish_waiters_for_row (self, target->outbox_id, target->invitation_id, missing);
    }
  for (guint i = 0; i < looked->rows->len; i++)
    {
      const AssayOutboxRow *row = g_ptr_array_index (looked->rows, i);

      if (!item_is_for (looked->items, row->id) &&
          !tell_by_row (self, row, g_ptr_array_index (looked->obstacles, i)))
        waiting_for_others = TRUE;
    }

  begin_reviews (self);
  for (guint i = 0; i < looked->items->len; i++)
    {
      AssayLedgerItem *item = g_ptr_array_index (looked->items, i);
      const gint64 *not_before = g_hash_table_lookup (self->held, &item->connection_id);
      Busy *busy = g_hash_table_lookup (self->busy, &item->connection_id);

      if (busy != NULL)
        {
          /* What was read before the claim shows the row that is on the wire now. */
          if (busy->on_wire && busy->outbox_id != item->outbox_id && needs_ats (self, item))
            {
              busy->on_wire = FALSE;
              assay_read_ahead_begin (self->read_ahead, item, self->cancellable);
            }
          continue;
        }
      if (not_before != NULL && *not_before > now && !has_waiter (self, item))
        {
          next = next == 0 ? *not_before : MIN (next, *not_before);
          held_back = TRUE;
          continue;
        }
      begin_sending (self, g_steal_pointer (&looked->items->pdata[i]));
    }

  if (g_hash_table_size (self->busy) == 0 && !self->settling && (looked->items->len == 0 || held_back))
    finish_waiters_for_all (self);

  if (looked->next_due > now)
    next = next == 0 ? looked->next_due : MIN (next, looked->next_due);
  if (waiting_for_others)
    next = now + OTHERS_INTERVAL;
  if (next != 0 && (self->started || self->waiters->len > 0))
    schedule (self, next);
  if (self->look_again)
    {
      self->look_again = FALSE;
      look (self);
    }
}

/* Rows of processes that died while sending. */

static gpointer
write_orphans (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  AssayStore *store = data;
  g_autoptr (GArray) owners = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) items = assay_ledger_list_sending (database, owners, error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const AssayLedgerItem *item = g_ptr_array_index (items, i);
      g_autoptr (GDateTime) begun = g_date_time_new_from_unix_local (item->sent_at / 1000);
      g_autofree char *time = g_date_time_format (begun, "%F %H:%M:%S");
      g_autofree char *evidence = NULL;

      if (assay_store_owner_is_alive (store, g_array_index (owners, gint64, i)))
        continue;
      if (item->effect != NULL && assay_effect_kind_is_repeatable (item->effect->kind))
        {
          /* The vendor is asked before it is done again. */
          if (!assay_ledger_mark_queued (database, item->outbox_id, assay_time_now (), NULL, error))
            return NULL;
          continue;
        }
      if (item->effect != NULL)
        /* Translators: %s is a date and time */
        evidence = g_strdup_printf (_ ("Assay ended while the request was on its way, at %s."), time);
      else
        /* Translators: %s is a date and time */
        evidence = g_strdup_printf (_ ("Assay ended while the invitation was on its way, at %s."), time);
      if (!assay_ledger_mark_unsure (
            database, item->outbox_id,
            item->effect != NULL
              ? _ ("Assay ended while this was on its way, so whether it arrived isn't certain.")
              : _ ("Assay ended while this invitation was on its way, so whether it arrived isn't certain."),
            evidence, error))
        return NULL;
    }
  return items != NULL ? assay_ledger_list_unsure (database, error) : NULL;
}

/* Whether it is worth asking the provider about an unsure row. */
static gboolean
is_to_be_reviewed (AssayOutbox           *self,
                   const AssayLedgerItem *item)
{
  const AssayConnectorDescription *description = assay_connector_find (item->invitation->connection_kind);

  return description != NULL && (description->capabilities & ASSAY_CAN_LOOK_UP) != 0 && !item->again &&
         g_hash_table_add (self->reviewed, g_memdup2 (&item->outbox_id, sizeof item->outbox_id));
}

static void
orphans_settled_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (AssayOutbox) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) unsure = assay_store_finish (ASSAY_STORE (source), result, &error);

  self->settling = FALSE;
  if (error != NULL)
    g_debug ("Looking for abandoned rows failed: %s", error->message);
  for (guint i = 0; unsure != NULL && i < unsure->len; i++)
    if (is_to_be_reviewed (self, g_ptr_array_index (unsure, i)))
      g_ptr_array_add (self->to_review, g_steal_pointer (&unsure->pdata[i]));
  look (self);
}

static void
settle_orphans (AssayOutbox *self)
{
  gint64 now = assay_time_now ();

  if (self->settling || (self->orphans_looked_at != 0 && now - self->orphans_looked_at < ORPHAN_INTERVAL))
    return;
  self->orphans_looked_at = now;
  self->settling = TRUE;
  /* A process that claims its number first can tell its own rows from those of one that died. */
  assay_store_claim_owner (self->store);
  assay_store_write_async (self->store, write_orphans, g_object_ref (self->store), g_object_unref,
                           (GDestroyNotify) g_ptr_array_unref, NULL, orphans_settled_cb, g_object_ref (self));
}

static void
look_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, NULL, NULL);
}

static void
look (AssayOutbox *self)
{
  Look *looked;
  GTask *task;

  if (g_cancellable_is_cancelled (self->cancellable) || (!self->started && self->waiters->len == 0))
    return;
  if (self->looking)
    {
      self->look_again = TRUE;
      return;
    }
  self->looking = TRUE;
  settle_orphans (self);

  looked = g_new0 (Look, 1);
  looked->all = self->started || has_waiter_for_all (self);
  looked->targets = g_array_new (FALSE, FALSE, sizeof (Target));
  looked->missing = g_array_new (FALSE, FALSE, sizeof (Target));
  for (guint i = 0; i < self->waiters->len; i++)
    {
      const Target *target = &((Waiter *) g_ptr_array_index (self->waiters, i))->target;

      if (!is_for_all (target))
        g_array_append_vals (looked->targets, target, 1);
    }

  /* The task keeps what was read alive until the callback has looked at it. */
  task = g_task_new (self, NULL, looked_cb, g_object_ref (self));
  g_task_set_source_tag (task, look);
  g_task_set_task_data (task, looked, look_free);
  assay_store_read_async (self->store, read_look, looked, NULL, NULL, NULL, look_read_cb, task);
}

/* Public */

void
assay_outbox_start (AssayOutbox *self)
{
  self->started = TRUE;
  look (self);
}

void
assay_outbox_stop (AssayOutbox *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Assay is closing."));

  self->started = FALSE;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  while (self->waiters->len > 0)
    finish_waiter (self, self->waiters->len - 1, error);
}

gboolean
assay_outbox_is_sending (AssayOutbox *self)
{
  return g_hash_table_size (self->busy) > 0;
}

void
assay_outbox_wake (AssayOutbox *self)
{
  look (self);
}

static gpointer
write_hasten (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  assay_ledger_hasten (database, error);
  return NULL;
}

static void
hastened_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (AssayOutbox) self = user_data;
  g_autoptr (GError) error = NULL;

  assay_store_finish (ASSAY_STORE (source), result, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("Hastening what waits failed: %s", error->message);
  look (self);
}

void
assay_outbox_retry (AssayOutbox *self)
{
  g_hash_table_remove_all (self->held);
  g_hash_table_remove_all (self->unreachable);
  g_hash_table_remove_all (self->reviewed);
  self->orphans_looked_at = 0;
  assay_store_write_async (self->store, write_hasten, NULL, NULL, NULL, self->cancellable, hastened_cb,
                           g_object_ref (self));
}

static void
wait_for (AssayOutbox         *self,
          Target               target,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->target = target;
  waiter->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (waiter->task, assay_outbox_run_async);
  if (cancellable != NULL)
    {
      waiter->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->cancelled, G_SOURCE_FUNC (waiter_cancelled_cb), waiter, NULL);
      g_source_attach (waiter->cancelled, g_main_context_get_thread_default ());
    }
  g_ptr_array_add (self->waiters, waiter);
  look (self);
}

void
assay_outbox_run_async (AssayOutbox         *self,
                        gint64               invitation_id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  wait_for (self, (Target){ .invitation_id = invitation_id }, cancellable, callback, user_data);
}

void
assay_outbox_run_row_async (AssayOutbox         *self,
                            gint64               outbox_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  wait_for (self, (Target){ .outbox_id = outbox_id }, cancellable, callback, user_data);
}

gboolean
assay_outbox_run_finish (AssayOutbox   *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
