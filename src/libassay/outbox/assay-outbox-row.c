/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the outbox on its way: what is asked before it leaves, the attempt, and what its end means. */
#include "config.h"

#include "assay-outbox-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-ats.h"
#include "assay-effect-run.h"
#include "assay-provider-wire.h"
#include "assay-provider.h"

/* An attempt that couldn't be made waits longer each time: so long at most. */
#define RETRY_MOST (15 * 60 * 1000)
/* A person who has just been invited opens the mail soon: the first question comes early. */
#define FIRST_CHECK_AFTER (5 * 1000)
/* When what became of a request is written again after the disk refused. */
#define SETTLE_AGAIN_AFTER 3000
/* An ATS that is to be looked at and can't be reached holds an invitation up so long, and no longer: the ledger here and the
 * provider's own list go on guarding. */
#define ATS_PATIENCE (15 * 60 * 1000)

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
  AssayOutboxBusy *busy = g_new0 (AssayOutboxBusy, 1);

  busy->outbox_id = item->outbox_id;
  g_hash_table_replace (self->busy, g_memdup2 (&item->connection_id, sizeof item->connection_id), busy);
}

/* The row is no longer under way, however that came. */
static void
end_sending (Sending *sending)
{
  AssayOutbox *self = sending->outbox;

  g_hash_table_remove (self->busy, &sending->item->connection_id);
  assay_outbox_finish_waiters (self, sending->item, sending->error);
  assay_outbox_look (self);
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
        gint64 wait = MIN ((gint64) ASSAY_OUTBOX_RETRY_FIRST << doublings, RETRY_MOST);
        /* What the vendor asked for holds for the next process, too. */
        gint64 asked = (gint64) assay_error_get_retry_after (sending->error) * 1000;

        /* Half fixed, half jitter: many rows don't come back all at once. */
        wait = MAX (wait / 2, asked) + g_random_int_range (0, (gint32) (wait / 2));
        assay_ledger_mark_queued (database, id, now + wait, sentence, error);
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
          assay_outbox_finish_waiters (self, sending->item, error);
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
  gint64 until = assay_time_now () + 2 * ASSAY_OUTBOX_RETRY_FIRST;

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
  AssayOutboxBusy *busy = g_hash_table_lookup (self->busy, &connection_id);

  /* Whoever waits for one row sends no other. */
  if (busy == NULL || (!self->started && !assay_outbox_has_waiter_for_all (self)))
    return;
  busy->on_wire = TRUE;
  assay_outbox_look (self);
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
      assay_outbox_look (sending->outbox);
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

  assay_ledger_postpone (database, sending->item->outbox_id, assay_time_now () + 2 * ASSAY_OUTBOX_RETRY_FIRST,
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
                                      _ ("%1$s shows that %2$s was already invited to “%3$s”, by another way than "
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
gboolean
assay_outbox_needs_ats (AssayOutbox           *self,
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

  if (assay_outbox_needs_ats (self, sending->item))
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
        assay_outbox_tell_keyring_failed (self, sending->error);
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

void
assay_outbox_begin_row (AssayOutbox     *self,
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
  assay_outbox_look (self);
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

void
assay_outbox_begin_reviews (AssayOutbox *self)
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
