/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A deterministic simulation of the outbox: the real ledger and the real runner, twice at once, over a clock, a disk,
 * a keyring and a network that are made up, with faults drawn by a seed. An ATS and a provider in memory keep ledgers
 * of their own, which share nothing with the program's; those say whether anybody was invited twice, and what became
 * of what was asked for.
 *
 *     simulation [--seed=N] [--seeds=N] [--verbose]
 *
 * The same seed gives the same run. The seed that fails is printed. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "assay-ats.h"
#include "assay-database-private.h"
#include "assay-ledger.h"
#include "assay-outbox.h"
#include "assay-provider.h"
#include "simulation-shim.h"

#define PEOPLE 6
#define COPIES 2
#define START G_GINT64_CONSTANT (1800000000000)
#define TEN_YEARS (G_GINT64_CONSTANT (10) * 365 * 24 * 3600 * 1000)
/* How long users and faults are at work, and how long afterwards everything may take to settle. */
#define CHAOS (120 * 1000)
#define QUIET (G_GINT64_CONSTANT (26) * 3600 * 1000)

typedef enum
{
  FAULT_REFUSED,           /* no connection */
  FAULT_LOST_BEFORE,       /* the request is lost, and it can't be told from the next */
  FAULT_LOST_AFTER,        /* the answer is lost */
  FAULT_LATE,              /* no answer in time, and the request arrives after that */
  FAULT_SLOW,              /* all is well, half a minute later */
  FAULT_TRUNCATED,         /* half a 200 */
  FAULT_GARBAGE,           /* a 200 that says nothing, of a request that took effect */
  FAULT_REDIRECT,          /* 302 */
  FAULT_500_BEFORE,
  FAULT_500_AFTER,
  FAULT_429,
  FAULT_401,
  FAULT_403,
  FAULT_422,
  FAULT_UNFORESEEN,        /* an error that isn't one of ours, of a request that took effect */
  FAULT_READ_FAILS,        /* what is read before or after can't be */
  FAULT_DISK_FULL,         /* a commit fails */
  FAULT_DISK_SLOW,
  FAULT_KEYRING,
  FAULT_CLOCK,             /* ten years forward or back, or some minutes */
  FAULT_CRASH_BEFORE_COMMIT,
  FAULT_CRASH_AFTER_COMMIT,
  FAULT_CRASH,             /* at any other moment */
  FAULT_DOUBLE_CLICK,
  N_FAULTS,
} Fault;

/* In place of an AssayError: what no code of ours foresaw. */
#define UNFORESEEN 9999

static const char *const fault_names[N_FAULTS] = {
  "refused", "lost before", "lost after", "late", "slow", "truncated", "garbage", "redirect", "500 before", "500 after",
  "429", "401", "403", "422", "unforeseen", "read fails", "disk full", "disk slow", "keyring", "clock", "crash "
                                                                                                        "before "
                                                                                                        "commit",
  "crash after commit", "crash", "double click",
};

/* One copy of the program. When it dies its objects live on as ghosts until what they wait for has been refused:
 * nothing that a ghost does has an effect. */
typedef struct
{
  guint number;
  gboolean alive;
  gint64 owner;
  AssayOutbox *outbox;
  GObject *store;     /* stand-ins, by which a call's copy is known */
  GObject *pool;
} Copy;

/* What is to happen. */
typedef struct
{
  gint64 at;
  guint64 serial;
  guint id;           /* of a timer; else 0 */
  Copy *copy;         /* (nullable) whose it is */
  void (*fire) (gpointer data);
  gpointer data;
} Event;

static struct
{
  AssayDatabase *database;
  GRand *lots;
  GSequence *events;
  guint64 serial;
  guint next_timer;
  gint64 clock;               /* the true time */
  gint64 skew;                /* by which the programs' clock is wrong */
  gint64 next_owner;
  gboolean chaos;
  double danger;              /* the part of all chances that a fault takes */
  gboolean looks_up;          /* whether the provider can be asked */
  gboolean refuses;           /* whether the provider refuses a second invitation by itself */
  Copy *copies[COPIES];
  GPtrArray *ghosts;          /* (element-type Copy): freed at the end of a seed */
  Copy *current;
  GObject *provider;
  GObject *ats;
  GHashTable *effects;        /* what reached a vendor: key → how often */
  GHashTable *seen_at;        /* key → from when on the provider lists it */
  GHashTable *in_flight;      /* key → how many requests may still arrive */
  guint faults[N_FAULTS];
  guint all_faults;
  guint crashes;
  gboolean verbose;
} world;

static gint64 provider_id, ats_id, assessment_id;
static gint64 people[PEOPLE];
static gint64 last_wanted;    /* the newest row when the seed began: only later ones are its */

static void G_GNUC_PRINTF (1, 2)
tell (const char *format,
      ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  if (!world.verbose)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_print ("%10.3f  %s\n", (double) (world.clock - START) / 1000, text);
}

/* ---- Chance ---- */

static gint32
draw (gint32 begin,
      gint32 end)
{
  return g_rand_int_range (world.lots, begin, end);
}

static gboolean
chance (double probability)
{
  return g_rand_double (world.lots) < probability;
}

static gboolean
strikes (Fault  fault,
         double probability)
{
  if (!world.chaos || !chance (probability * world.danger))
    return FALSE;
  world.faults[fault]++;
  world.all_faults++;
  tell ("! %s", fault_names[fault]);
  return TRUE;
}

gint32
simulation_random (gint32 begin,
                   gint32 end)
{
  return draw (begin, end);
}

/* ---- Time ---- */

gint64
simulation_time_now (void)
{
  return world.clock + world.skew;
}

static int
compare_events (gconstpointer a,
                gconstpointer b,
                gpointer      data)
{
  const Event *first = a, *second = b;

  if (first->at != second->at)
    return first->at < second->at ? -1 : 1;
  return first->serial < second->serial ? -1 : 1;
}

static Event *
plan (Copy   *copy,
      gint64  wait,
      void  (*fire) (gpointer data),
      gpointer data)
{
  Event *event = g_new0 (Event, 1);

  event->at = world.clock + wait;
  event->serial = world.serial++;
  event->copy = copy;
  event->fire = fire;
  event->data = data;
  g_sequence_insert_sorted (world.events, event, compare_events, NULL);
  return event;
}

guint
simulation_timeout_add_once (guint           milliseconds,
                             GSourceOnceFunc function,
                             gpointer        data)
{
  Event *event;

  /* A ghost gets no new timers; those that it has fire, and find nothing to do. */
  if (!world.current->alive)
    return ++world.next_timer;
  event = plan (world.current, milliseconds, function, data);
  event->id = ++world.next_timer;
  return event->id;
}

gboolean
simulation_source_remove (guint id)
{
  for (GSequenceIter *i = g_sequence_get_begin_iter (world.events); !g_sequence_iter_is_end (i);
       i = g_sequence_iter_next (i))
    if (((Event *) g_sequence_get (i))->id == id)
      {
        g_sequence_remove (i);
        return TRUE;
      }
  return FALSE;
}

/* Does what is next. FALSE when there is nothing before @until. */
static gboolean
step (gint64 until)
{
  GSequenceIter *first = g_sequence_get_begin_iter (world.events);
  Event event;

  if (g_sequence_iter_is_end (first) || ((Event *) g_sequence_get (first))->at > until)
    {
      world.clock = MAX (world.clock, until);
      return FALSE;
    }
  event = *(Event *) g_sequence_get (first);
  g_sequence_remove (first);
  world.clock = MAX (world.clock, event.at);
  world.current = event.copy != NULL ? event.copy : world.copies[0];
  event.fire (event.data);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return TRUE;
}

/* ---- Copies of the program ---- */

static void
revive (guint number)
{
  Copy *copy = g_new0 (Copy, 1);

  copy->number = number;
  copy->alive = TRUE;
  copy->owner = ++world.next_owner;
  copy->store = g_object_new (G_TYPE_OBJECT, NULL);
  copy->pool = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data (copy->store, "copy", copy);
  g_object_set_data (copy->pool, "copy", copy);
  copy->outbox = assay_outbox_new ((AssayStore *) copy->store, (AssayConnectorPool *) copy->pool);
  world.copies[number] = copy;
  world.current = copy;
  tell ("copy %u begins as %" G_GINT64_FORMAT, number, copy->owner);
  assay_outbox_start (copy->outbox);
}

static void
revive_event (gpointer data)
{
  if (world.copies[GPOINTER_TO_UINT (data)] == NULL)
    revive (GPOINTER_TO_UINT (data));
}

static void
kill_copy (Copy *copy)
{
  if (!copy->alive)
    return;
  tell ("copy %u dies", copy->number);
  copy->alive = FALSE;
  world.crashes++;
  world.copies[copy->number] = NULL;
  g_ptr_array_add (world.ghosts, copy);
  plan (NULL, draw (500, 8000), revive_event, GUINT_TO_POINTER (copy->number));
}

static void
ghost_free (gpointer data)
{
  Copy *copy = data;

  world.current = copy;
  assay_outbox_stop (copy->outbox);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (copy->outbox);
  g_object_unref (copy->store);
  g_object_unref (copy->pool);
  g_free (copy);
}

static void
return_dead (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "This copy is dead.");
}

/* ---- The disk ---- */

typedef struct
{
  Copy *copy;
  AssayStoreFunc function;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
  gboolean write;
  GTask *task;
} Access;

/* One transaction. A commit is durable: that a torn one is none is SQLite's affair, and tested elsewhere. */
static gpointer
transact (AssayStoreFunc   function,
          gpointer         data,
          gboolean         write,
          GError         **error)
{
  g_autoptr (GError) local_error = NULL;
  gpointer result;

  g_assert_true (assay_database_exec (world.database, "BEGIN", NULL));
  result = function (world.database, data, &local_error);
  assay_database_reset_statements (world.database);
  g_array_set_size (assay_database_get_notes (world.database), 0);
  if (local_error == NULL && write && strikes (FAULT_DISK_FULL, 0.02))
    local_error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_STORAGE, "The disk is full.");
  g_assert_true (assay_database_exec (world.database, local_error == NULL && write ? "COMMIT" : "ROLLBACK", NULL));
  if (local_error == NULL)
    return result;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gpointer
do_nothing (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  return NULL;
}

static void
access_event (gpointer data)
{
  Access *access = data;
  GError *error = NULL;
  gpointer result = NULL;

  if (access->copy->alive && access->write && strikes (FAULT_CRASH_BEFORE_COMMIT, 0.02))
    kill_copy (access->copy);
  if (access->copy->alive)
    {
      result = transact (access->function, access->data, access->write, &error);
      if (access->write && strikes (FAULT_CRASH_AFTER_COMMIT, 0.03))
        kill_copy (access->copy);
    }
  if (!access->copy->alive)
    {
      if (result != NULL && access->result_free != NULL)
        access->result_free (result);
      g_clear_error (&error);
      return_dead (access->task);
    }
  else if (error != NULL)
    g_task_return_error (access->task, error);
  else
    g_task_return_pointer (access->task, result, access->result_free);
  if (access->data_free != NULL)
    access->data_free (access->data);
  g_object_unref (access->task);
  g_free (access);
}

static void
access_disk (gpointer            store,
             AssayStoreFunc      function,
             gpointer            data,
             GDestroyNotify      data_free,
             GDestroyNotify      result_free,
             gboolean            write,
             GAsyncReadyCallback callback,
             gpointer            user_data)
{
  Access *access = g_new0 (Access, 1);

  access->copy = g_object_get_data (store, "copy");
  access->function = function != NULL ? function : do_nothing;
  access->data = data;
  access->data_free = data_free;
  access->result_free = result_free;
  access->write = write;
  access->task = g_task_new (store, NULL, callback, user_data);
  plan (access->copy, strikes (FAULT_DISK_SLOW, 0.02) ? draw (1000, 5000) : draw (0, 4), access_event, access);
}

void
simulation_store_read_async (gpointer            store,
                             AssayStoreFunc      function,
                             gpointer            data,
                             GDestroyNotify      data_free,
                             GDestroyNotify      result_free,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  access_disk (store, function, data, data_free, result_free, FALSE, callback, user_data);
}

void
simulation_store_write_async (gpointer            store,
                              AssayStoreFunc      function,
                              gpointer            data,
                              GDestroyNotify      data_free,
                              GDestroyNotify      result_free,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  access_disk (store, function, data, data_free, result_free, TRUE, callback, user_data);
}

gpointer
simulation_store_finish (gpointer       store,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gint64
simulation_store_claim_owner (gpointer store)
{
  return ((Copy *) g_object_get_data (store, "copy"))->owner;
}

gboolean
simulation_store_owner_is_alive (gpointer store,
                                 gint64   owner)
{
  for (guint i = 0; i < COPIES; i++)
    if (world.copies[i] != NULL && world.copies[i]->owner == owner)
      return TRUE;
  return FALSE;
}

/* ---- The keyring, and how a connection is said to be ---- */

typedef struct
{
  Copy *copy;
  gint64 connection_id;
  GError *error;
  GTask *task;
} Visit;

static void
visit_event (gpointer data)
{
  Visit *visit = data;

  if (!visit->copy->alive)
    return_dead (visit->task);
  else if (strikes (FAULT_KEYRING, 0.03))
    g_task_return_new_error (visit->task, ASSAY_ERROR, ASSAY_ERROR_KEYRING_LOCKED, "The keyring is locked.");
  else
    g_task_return_pointer (visit->task, g_object_ref (visit->connection_id == ats_id ? world.ats : world.provider),
                           g_object_unref);
  g_object_unref (visit->task);
  g_free (visit);
}

void
simulation_pool_get_async (gpointer            pool,
                           gint64              connection_id,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  Visit *visit = g_new0 (Visit, 1);

  visit->copy = g_object_get_data (pool, "copy");
  visit->connection_id = connection_id;
  visit->task = g_task_new (pool, NULL, callback, user_data);
  plan (visit->copy, draw (0, 3), visit_event, visit);
}

GObject *
simulation_pool_get_finish (gpointer       pool,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
write_contact (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  const Visit *visit = data;

  assay_connection_note_contact (database, visit->connection_id, visit->error, error);
  return NULL;
}

static void
contact_event (gpointer data)
{
  Visit *visit = data;

  if (visit->copy->alive)
    transact (write_contact, visit, TRUE, NULL);
  g_clear_error (&visit->error);
  g_free (visit);
}

void
simulation_pool_note_contact (gpointer      pool,
                              gint64        connection_id,
                              const GError *error)
{
  Visit *visit;

  if (error != NULL && !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return;
  visit = g_new0 (Visit, 1);
  visit->copy = g_object_get_data (pool, "copy");
  visit->connection_id = connection_id;
  visit->error = error != NULL ? g_error_copy (error) : NULL;
  plan (visit->copy, draw (0, 4), contact_event, visit);
}

/* ---- The network ---- */

typedef struct
{
  Copy *copy;
  GTask *task;
  char *key;             /* what takes effect, or what is asked for */
  gboolean write;
  gboolean lost;         /* the request never arrives */
  gboolean answered;     /* by what is below; else as the vendor finds it when it arrives */
  int code;              /* an AssayError, UNFORESEEN, or -1: none */
  gint64 answer_after;   /* milliseconds from its arrival */
  gpointer (*make) (const char *key);
  GDestroyNotify free_made;
} Request;

static guint
get_count (GHashTable *table,
           const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key));
}

static void
add_count (GHashTable *table,
           const char *key,
           int         number)
{
  g_hash_table_replace (table, g_strdup (key), GINT_TO_POINTER ((int) get_count (table, key) + number));
}

static void
answer_event (gpointer data)
{
  Request *request = data;

  if (!request->copy->alive)
    return_dead (request->task);
  else if (request->code == UNFORESEEN)
    g_task_return_new_error (request->task, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "Nobody thought of this.");
  else if (request->code >= 0)
    g_task_return_new_error (request->task, ASSAY_ERROR, request->code, "The network or the vendor says no.");
  else if (request->free_made != NULL)
    g_task_return_pointer (request->task, request->make (request->key), request->free_made);
  else
    g_task_return_boolean (request->task, GPOINTER_TO_INT (request->make (request->key)));
  g_object_unref (request->task);
  g_free (request->key);
  g_free (request);
}

/* It reaches the vendor, whether or not anybody still waits for the answer. */
static void
arrival_event (gpointer data)
{
  Request *request = data;

  if (request->write)
    {
      add_count (world.in_flight, request->key, -1);
      if (world.refuses && g_str_has_prefix (request->key, "invite") && get_count (world.effects, request->key) > 0)
        {
          if (!request->answered)
            request->code = ASSAY_ERROR_DUPLICATE;
        }
      else
        {
          tell ("the vendor has %s", request->key);
          add_count (world.effects, request->key, 1);
          g_hash_table_replace (world.seen_at, g_strdup (request->key),
                                g_memdup2 (&(gint64){ world.clock + draw (0, 3000) }, sizeof (gint64)));
        }
    }
  if (request->task != NULL)
    plan (request->copy, request->answer_after, answer_event, request);
  else
    {
      g_free (request->key);
      g_free (request);
    }
}

static void
send_request (gpointer            source,
              const char         *key,
              gboolean            write,
              gpointer          (*make) (const char *key),
              GDestroyNotify      free_made,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  static const struct
  {
    Fault fault;
    double probability;
    int code;
    gboolean arrives;
  } misfortunes[] = {
    { FAULT_REFUSED, 0.05, ASSAY_ERROR_UNAVAILABLE, FALSE },  { FAULT_LOST_BEFORE, 0.05, ASSAY_ERROR_UNSURE, FALSE },
    { FAULT_LOST_AFTER, 0.06, ASSAY_ERROR_UNSURE, TRUE },     { FAULT_TRUNCATED, 0.03, ASSAY_ERROR_UNSURE, TRUE },
    { FAULT_GARBAGE, 0.03, ASSAY_ERROR_BAD_RESPONSE, TRUE },  { FAULT_REDIRECT, 0.03, ASSAY_ERROR_UNSURE, FALSE },
    { FAULT_500_BEFORE, 0.04, ASSAY_ERROR_UNSURE, FALSE },    { FAULT_500_AFTER, 0.04, ASSAY_ERROR_UNSURE, TRUE },
    { FAULT_429, 0.05, ASSAY_ERROR_RATE_LIMITED, FALSE },     { FAULT_401, 0.02, ASSAY_ERROR_UNAUTHORIZED, FALSE },
    { FAULT_403, 0.02, ASSAY_ERROR_FORBIDDEN, FALSE },        { FAULT_422, 0.03, ASSAY_ERROR_INVALID, FALSE },
    { FAULT_UNFORESEEN, 0.02, UNFORESEEN, TRUE },
  };
  Request *request = g_new0 (Request, 1);
  gint64 travel = draw (1, 200);

  request->copy = world.current;
  request->task = g_task_new (source, NULL, callback, user_data);
  request->key = g_strdup (key);
  request->write = write;
  request->make = make;
  request->free_made = free_made;
  request->code = -1;
  request->answer_after = draw (1, 200);
  if (!request->copy->alive)
    {
      /* Ghosts can't send. */
      plan (request->copy, 0, answer_event, request);
      return;
    }
  if (!write)
    {
      if (strikes (FAULT_READ_FAILS, 0.08))
        request->code = ASSAY_ERROR_UNAVAILABLE;
      plan (request->copy, travel + request->answer_after, answer_event, request);
      return;
    }

  tell ("copy %u sends %s", request->copy->number, key);
  for (guint i = 0; i < G_N_ELEMENTS (misfortunes); i++)
    if (strikes (misfortunes[i].fault, misfortunes[i].probability))
      {
        request->code = misfortunes[i].code;
        request->answered = TRUE;
        request->lost = !misfortunes[i].arrives;
        break;
      }
  if (!request->answered && strikes (FAULT_LATE, 0.04))
    {
      /* The answer is given up, and then it arrives. */
      Request *late = g_new0 (Request, 1);

      late->key = g_strdup (key);
      late->write = TRUE;
      late->answered = TRUE;
      add_count (world.in_flight, key, 1);
      plan (NULL, draw (20000, 50000), arrival_event, late);
      request->code = ASSAY_ERROR_UNSURE;
      request->answered = request->lost = TRUE;
      travel = 15000;
    }
  else if (!request->answered && strikes (FAULT_SLOW, 0.04))
    request->answer_after = draw (10000, 30000);

  if (request->lost)
    plan (request->copy, travel, answer_event, request);
  else
    {
      add_count (world.in_flight, key, 1);
      plan (NULL, travel, arrival_event, request);
    }
  if (strikes (FAULT_CRASH, 0.03))
    kill_copy (request->copy);
}

/* ---- The provider: one that can be asked whom it has invited, and one that can't ---- */

typedef GObject Vendor;
typedef GObjectClass VendorClass;

static char *
make_invitation_key (const AssayInvitee *invitee)
{
  g_autofree char *email = assay_email_fold (invitee->email);

  return g_strdup_printf ("invite %s %s", invitee->assessment_remote_id, email);
}

static gpointer
make_invited (const char *key)
{
  AssayInvited *invited = assay_invited_new ();

  invited->remote_id = g_strdup (key);
  invited->status = ASSAY_INVITATION_PENDING;
  return invited;
}

/* A provider lists what it has a moment later than it has it. */
static gpointer
make_found (const char *key)
{
  const gint64 *since = g_hash_table_lookup (world.seen_at, key);

  return since != NULL && *since <= world.clock ? make_invited (key) : NULL;
}

static void
provider_invite_async (AssayProvider       *provider,
                       const AssayInvitee  *invitee,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autofree char *key = make_invitation_key (invitee);

  send_request (provider, key, TRUE, make_invited, (GDestroyNotify) assay_invited_free, callback, user_data);
}

static void
provider_look_up_async (AssayProvider       *provider,
                        const AssayInvitee  *invitee,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autofree char *key = make_invitation_key (invitee);

  send_request (provider, key, FALSE, make_found, (GDestroyNotify) assay_invited_free, callback, user_data);
}

static void
silent_iface_init (AssayProviderInterface *iface)
{
  iface->invite_async = provider_invite_async;
}

static void
open_iface_init (AssayProviderInterface *iface)
{
  silent_iface_init (iface);
  iface->look_up_async = provider_look_up_async;
}

/* ---- The ATS ---- */

static gpointer
make_application (const char *remote_id)
{
  AssayApplication *application = assay_application_new ();
  g_autoptr (GStrvBuilder) tags = g_strv_builder_new ();
  g_autofree char *prefix = g_strdup_printf ("tag %s ", remote_id);
  GHashTableIter iter;
  gpointer key;

  application->remote_id = g_strdup (remote_id);
  application->full_name = g_strdup ("Somebody");
  application->job_remote_id = g_strdup ("10");
  g_hash_table_iter_init (&iter, world.effects);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (g_str_has_prefix (key, prefix))
      g_strv_builder_add (tags, (const char *) key + strlen (prefix));
  g_strfreev (application->tags);
  application->tags = g_strv_builder_end (tags);
  return application;
}

static gpointer
make_yes (const char *key)
{
  return GINT_TO_POINTER (TRUE);
}

static gpointer
make_note (const char *key)
{
  return g_strdup (key);
}

static void
ats_get_application_async (AssayAts            *ats,
                           const char          *remote_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  send_request (ats, remote_id, FALSE, make_application, (GDestroyNotify) assay_application_free, callback, user_data);
}

static void
ats_add_tags_async (AssayAts            *ats,
                    const char          *remote_id,
                    const char *const   *tags,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autofree char *key = g_strdup_printf ("tag %s %s", remote_id, tags[0]);

  send_request (ats, key, TRUE, make_yes, NULL, callback, user_data);
}

static void
ats_add_note_async (AssayAts            *ats,
                    const char          *remote_id,
                    const char          *text,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autofree char *key = g_strdup_printf ("note %s %s", remote_id, text);

  send_request (ats, key, TRUE, make_note, g_free, callback, user_data);
}

static void
ats_iface_init (AssayAtsInterface *iface)
{
  iface->get_application_async = ats_get_application_async;
  iface->add_tags_async = ats_add_tags_async;
  iface->add_note_async = ats_add_note_async;
}

#define DEFINE_VENDOR(name, interface, init) \
  typedef Vendor name; \
  typedef VendorClass name##Class; \
  GType name##_get_type (void); \
  G_DEFINE_TYPE_WITH_CODE (name, name, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (interface, init)) \
  static void name##_class_init (name##Class *klass) { } \
  static void name##_init (name *self) { }

DEFINE_VENDOR (silent_provider, ASSAY_TYPE_PROVIDER, silent_iface_init)
DEFINE_VENDOR (open_provider, ASSAY_TYPE_PROVIDER, open_iface_init)
DEFINE_VENDOR (plain_ats, ASSAY_TYPE_ATS, ats_iface_init)

/* ---- What people do ---- */

static gint64
read_number (const char *sql)
{
  AssayStatement *statement = assay_database_prepare (world.database, sql, NULL);
  gint64 number = 0;

  g_assert_nonnull (statement);
  if (assay_statement_step (statement, NULL))
    number = assay_statement_get_int64 (statement, 0);
  assay_database_reset_statements (world.database);
  return number;
}

static void
run_sql (const char *sql)
{
  GError *error = NULL;

  assay_database_exec (world.database, sql, &error);
  g_assert_no_error (error);
}

static Copy *
pick_copy (void)
{
  Copy *copy = world.copies[draw (0, COPIES)];

  return copy != NULL ? copy : world.copies[0] != NULL ? world.copies[0] : world.copies[1];
}

static gpointer
write_invitation (AssayDatabase *database,
                  gpointer       data,
                  GError       **error)
{
  return GINT_TO_POINTER ((int) assay_ledger_enqueue (database, data, error));
}

static void
click (gint64 application_id)
{
  g_autoptr (AssayLedgerDraft) draft = g_new0 (AssayLedgerDraft, 1);
  g_autoptr (GError) error = NULL;
  int id;

  draft->application_id = application_id;
  draft->assessment_id = assessment_id;
  draft->cause = g_strdup ("user");
  draft->due_at = simulation_time_now () + (chance (0.3) ? 10000 : 0);
  id = GPOINTER_TO_INT (transact (write_invitation, draft, TRUE, &error));
  tell ("a%" G_GINT64_FORMAT " is invited: i%d %s", application_id, id, error != NULL ? error->message : "");
}

static gpointer
write_effect (AssayDatabase *database,
              gpointer       data,
              GError       **error)
{
  return GINT_TO_POINTER ((int) assay_ledger_enqueue_effect (database, data, error));
}

static void
change_application (void)
{
  g_autoptr (AssayEffect) effect = assay_effect_new (chance (0.5) ? ASSAY_EFFECT_NOTE : ASSAY_EFFECT_TAG);
  static guint number;

  effect->application_id = people[draw (0, PEOPLE)];
  effect->text = effect->kind == ASSAY_EFFECT_TAG ? g_strdup ("Shortlist") : g_strdup_printf ("Note %u", number++);
  transact (write_effect, effect, TRUE, NULL);
}

static gpointer
write_batch (AssayDatabase *database,
             gpointer       data,
             GError       **error)
{
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ledger_draft_free);

  for (guint i = 0; i < 4; i++)
    {
      AssayLedgerDraft *draft = g_new0 (AssayLedgerDraft, 1);

      draft->application_id = people[draw (0, PEOPLE)];
      draft->assessment_id = assessment_id;
      draft->cause = g_strdup ("user");
      g_ptr_array_add (drafts, draft);
    }
  assay_ledger_add_batch (database, "Many", assessment_id, "user", drafts, simulation_time_now () + draw (0, 5000),
                          error);
  return NULL;
}

static gpointer
write_preparation (AssayDatabase *database,
                   gpointer       data,
                   GError       **error)
{
  g_autoptr (GArray) ids = assay_ledger_list_unprepared (database, error);
  guint left;

  if (ids != NULL && ids->len > 0)
    assay_ledger_prepare_batch (database, g_array_index (ids, gint64, 0), 2, &left, error);
  return NULL;
}

static gpointer
write_batch_change (AssayDatabase *database,
                    gpointer       data,
                    GError       **error)
{
  gint64 id = read_number ("SELECT max (id) FROM batch");
  gint64 after = 0;
  guint left, taken;

  switch (GPOINTER_TO_INT (data))
    {
    case 0:
      assay_ledger_hold_batch (database, id, TRUE, error);
      break;
    case 1:
      assay_ledger_hold_batch (database, id, FALSE, error);
      break;
    case 2:
      assay_ledger_cancel_batch (database, id, 2, &left, error);
      break;
    case 3:
      assay_ledger_undo_batch (database, id, 2, &left, &taken, error);
      break;
    default:
      assay_ledger_retry_batch (database, id, 2, &after, error);
      break;
    }
  return NULL;
}

/* A person looks at the vendor's before they say what happened, and not while it may still arrive. */
static gpointer
write_decision (AssayDatabase *database,
                gpointer       data,
                GError       **error)
{
  gint64 id = read_number ("SELECT id FROM outbox WHERE state = 'unsure' ORDER BY id DESC LIMIT 1");
  AssayStatement *statement;
  g_autofree char *key = NULL;

  if (id == 0)
    return NULL;
  statement = assay_database_prepare (
    database,
    "SELECT CASE o.kind WHEN 'invite' THEN 'invite ' || t.remote_id || ' ' || lower (i.email)"
    " ELSE o.kind || ' ' || a.remote_id || ' ' || (o.payload ->> 'text') END FROM outbox o"
    " LEFT JOIN invitation i ON i.id = o.invitation_id LEFT JOIN assessment t ON t.id = i.assessment_id"
    " LEFT JOIN application a ON a.id = o.application_id WHERE o.id = ?1", error);
  assay_statement_bind_int64 (statement, 1, id);
  g_assert_true (assay_statement_step (statement, NULL));
  key = assay_statement_dup_text (statement, 0);
  assay_database_reset_statements (database);
  if (get_count (world.in_flight, key) > 0)
    return NULL;
  tell ("a person says of %s: %s", key, get_count (world.effects, key) > 0 ? "sent" : "not sent");
  assay_ledger_resolve (database, id, get_count (world.effects, key) > 0, error);
  return NULL;
}

static gpointer
write_undo (AssayDatabase *database,
            gpointer       data,
            GError       **error)
{
  gint64 id = read_number ("SELECT max (invitation_id) FROM outbox WHERE kind = 'invite' AND state = 'queued'");

  if (id != 0)
    assay_ledger_undo (database, id, error);
  return NULL;
}

static gpointer
write_discard (AssayDatabase *database,
               gpointer       data,
               GError       **error)
{
  /* Not an unsure one: who gives that up says that it doesn't matter whether it arrived. */
  gint64 id = read_number ("SELECT max (id) FROM outbox WHERE state IN ('queued', 'failed')");

  if (id != 0)
    assay_ledger_discard (database, id, error);
  return NULL;
}

static void
mend_connections (void)
{
  run_sql ("UPDATE connection SET state = 'enabled', reason = NULL, reason_code = NULL");
}

/* As the store's signal does after a change. */
static void
wake_copies (void)
{
  for (guint i = 0; i < COPIES; i++)
    if (world.copies[i] != NULL)
      {
        world.current = world.copies[i];
        assay_outbox_wake (world.copies[i]->outbox);
      }
}

static void
user_event (gpointer data)
{
  Copy *copy = pick_copy ();
  gint64 application_id = people[draw (0, PEOPLE)];

  switch (draw (0, 15))
    {
    case 0:
    case 1:
    case 2:
    case 3:
      click (application_id);
      if (strikes (FAULT_DOUBLE_CLICK, 0.3))
        click (application_id);
      break;
    case 4:
      change_application ();
      break;
    case 5:
      transact (write_batch, NULL, TRUE, NULL);
      break;
    case 6:
    case 7:
      transact (write_preparation, NULL, TRUE, NULL);
      break;
    case 8:
      transact (write_batch_change, GINT_TO_POINTER (draw (0, 5)), TRUE, NULL);
      break;
    case 9:
      transact (write_decision, NULL, TRUE, NULL);
      break;
    case 10:
      transact (write_undo, NULL, TRUE, NULL);
      break;
    case 11:
      transact (write_discard, NULL, TRUE, NULL);
      break;
    case 12:
      mend_connections ();
      break;
    case 13:
      if (strikes (FAULT_CLOCK, 1))
        world.skew = chance (0.5) ? (chance (0.5) ? TEN_YEARS : -TEN_YEARS) : draw (-600000, 600000);
      break;
    default:
      world.skew = 0;
      if (copy != NULL && chance (0.5))
        {
          world.current = copy;
          assay_outbox_retry (copy->outbox);
        }
      break;
    }
  wake_copies ();
}

static void
crash_event (gpointer data)
{
  Copy *copy = pick_copy ();

  if (copy == NULL)
    return;
  world.faults[FAULT_CRASH]++;
  world.all_faults++;
  kill_copy (copy);
}

/* ---- Judging ---- */

/* (nullable) (transfer full): what is wrong */
static char *
judge (void)
{
  AssayStatement *statement;
  GHashTableIter iter;
  gpointer key, count;

  g_hash_table_iter_init (&iter, world.effects);
  while (g_hash_table_iter_next (&iter, &key, &count))
    if (GPOINTER_TO_UINT (count) > 1 && !g_str_has_prefix (key, "tag "))
      return g_strdup_printf ("%s took effect %u times", (char *) key, GPOINTER_TO_UINT (count));

  statement = assay_database_prepare (
    world.database,
    "SELECT o.id, o.state, o.evidence, CASE o.kind WHEN 'invite' THEN 'invite ' || t.remote_id || ' ' || lower "
    "(i.email) ELSE o.kind || ' ' || a.remote_id || ' ' || (o.payload ->> 'text') END, i.status, o.held, o.due_at, "
    "o.updated_at, c.state FROM outbox o JOIN connection c ON c.id = o.connection_id LEFT JOIN invitation i ON i.id "
    "= o.invitation_id LEFT JOIN assessment t ON t.id = i.assessment_id LEFT JOIN application a ON a.id = "
    "o.application_id WHERE o.id > ?1", NULL);
  assay_statement_bind_int64 (statement, 1, last_wanted);
  while (assay_statement_step (statement, NULL))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);
      const char *state = assay_statement_get_text (statement, 1);
      const char *what = assay_statement_get_text (statement, 3);
      const char *status = assay_statement_get_text (statement, 4);
      guint arrived = get_count (world.effects, what);

      if (g_str_equal (state, "done") && arrived == 0)
        return g_strdup_printf ("o%" G_GINT64_FORMAT " %s is done and never arrived", id, what);
      if (g_str_equal (state, "unsure") && assay_statement_is_null (statement, 2))
        return g_strdup_printf ("o%" G_GINT64_FORMAT " %s is unsure without evidence", id, what);
      if (g_str_equal (state, "sending") || g_str_equal (state, "queued"))
        return g_strdup_printf ("o%" G_GINT64_FORMAT " %s is still %s, due in %" G_GINT64_FORMAT " s, written "
                                                                                                 "%" G_GINT64_FORMAT
                                " s ago, its provider %s", id, what, state,
                                (assay_statement_get_int64 (statement, 6) - world.clock) / 1000,
                                (world.clock - assay_statement_get_int64 (statement, 7)) / 1000,
                                assay_statement_get_text (statement, 8));
      if (status != NULL && g_str_equal (state, "unsure") != g_str_equal (status, "unsure"))
        return g_strdup_printf ("o%" G_GINT64_FORMAT " %s is %s and shown as %s", id, what, state, status);
    }
  assay_database_reset_statements (world.database);

  /* Whoever was invited is known here by a row that isn't free: nobody could be invited again. */
  g_hash_table_iter_init (&iter, world.effects);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      gint64 known;

      if (!g_str_has_prefix (key, "invite "))
        continue;
      statement = assay_database_prepare (
        world.database,
        "SELECT count(*) FROM outbox o JOIN invitation i ON i.id = o.invitation_id"
        " JOIN assessment t ON t.id = i.assessment_id WHERE o.kind = 'invite' AND o.state IN ('done', 'unsure')"
        " AND 'invite ' || t.remote_id || ' ' || lower (i.email) = ?1", NULL);
      assay_statement_bind_text (statement, 1, key);
      known = assay_statement_step (statement, NULL) ? assay_statement_get_int64 (statement, 0) : 0;
      assay_database_reset_statements (world.database);
      if (known != 1)
        return g_strdup_printf ("%s arrived, and %" G_GINT64_FORMAT " rows know of it", (char *) key, known);
    }
  return NULL;
}

/* ---- One seed ---- */

static GHashTable *
new_table (GDestroyNotify free_value)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_value);
}

static gboolean
is_settled (void)
{
  return read_number ("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0 &&
         read_number ("SELECT count(*) FROM batch_person WHERE verdict IS NULL") == 0;
}

static char *
run_seed (guint32 seed)
{
  gint64 end;
  char *problem;

  run_sql ("DELETE FROM batch; DELETE FROM outbox; DELETE FROM invitation");
  mend_connections ();
  world.lots = g_rand_new_with_seed (seed);
  world.events = g_sequence_new (g_free);
  world.clock = START;
  world.skew = 0;
  world.chaos = TRUE;
  world.danger = 0.5 + 2.5 * g_rand_double (world.lots);
  world.looks_up = chance (0.4);
  world.refuses = chance (0.3);
  world.ghosts = g_ptr_array_new_with_free_func (ghost_free);
  world.effects = new_table (NULL);
  world.seen_at = new_table (g_free);
  world.in_flight = new_table (NULL);
  world.all_faults = world.crashes = 0;
  world.provider = g_object_new (world.looks_up ? open_provider_get_type () : silent_provider_get_type (), NULL);
  world.ats = g_object_new (plain_ats_get_type (), NULL);
  run_sql (world.looks_up ? "UPDATE connection SET kind = 'coderbyte' WHERE role = 'provider'"
                          : "UPDATE connection SET kind = 'testtrick' WHERE role = 'provider'");
  run_sql (chance (0.3) ? "UPDATE connection SET settings = '{\"mark-invitations\":\"yes\"}' WHERE role = 'ats'"
                        : "UPDATE connection SET settings = '{}' WHERE role = 'ats'");
  last_wanted = read_number ("SELECT coalesce (max (id), 0) FROM outbox");

  for (guint i = 0; i < COPIES; i++)
    revive (i);
  for (guint i = 0; i < 36; i++)
    plan (NULL, draw (0, CHAOS), user_event, NULL);
  plan (NULL, draw (1000, CHAOS), crash_event, NULL);
  while (step (START + CHAOS))
    ;
  /* Few faults were drawn: some more of the kind that always finds something. */
  while (world.all_faults < 3)
    {
      for (guint i = 0; i < COPIES; i++)
        if (world.copies[i] == NULL)
          revive (i);
      crash_event (NULL);
    }

  /* From now on all is well: what can end does. */
  tell ("quiet");
  world.chaos = FALSE;
  world.skew = 0;
  mend_connections ();
  for (guint i = 0; i < COPIES; i++)
    if (world.copies[i] != NULL)
      kill_copy (world.copies[i]);
  for (end = world.clock + QUIET; world.clock < end && !is_settled ();)
    {
      run_sql ("UPDATE batch SET paused = 0; UPDATE outbox SET held = 0 WHERE held");
      transact (write_preparation, NULL, TRUE, NULL);
      wake_copies ();
      for (gint64 until = world.clock + 60000; step (until);)
        ;
    }
  for (gint64 until = world.clock + 120000; step (until);)
    ;
  problem = judge ();

  for (guint i = 0; i < COPIES; i++)
    if (world.copies[i] != NULL)
      kill_copy (world.copies[i]);
  /* What they wait for is refused, and nothing new begins. */
  while (g_sequence_get_length (world.events) > 0)
    {
      Event *event = g_sequence_get (g_sequence_get_begin_iter (world.events));

      if (event->fire == revive_event)
        g_sequence_remove (g_sequence_get_begin_iter (world.events));
      else
        step (event->at);
    }
  g_ptr_array_unref (world.ghosts);
  g_sequence_free (world.events);
  g_hash_table_unref (world.effects);
  g_hash_table_unref (world.seen_at);
  g_hash_table_unref (world.in_flight);
  g_rand_free (world.lots);
  g_object_unref (world.provider);
  g_object_unref (world.ats);
  return problem;
}

/* ---- The people, once ---- */

static gint64
add_connection (const char *kind,
                AssayRole   role)
{
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  GError *error = NULL;

  connection->kind = g_strdup (kind);
  connection->role = role;
  connection->name = g_strdup (kind);
  connection->state = ASSAY_CONNECTION_ENABLED;
  assay_connections_insert (world.database, connection, &error);
  g_assert_no_error (error);
  return connection->id;
}

static void
add_people (void)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (GPtrArray) applications = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_application_free);
  g_autoptr (GPtrArray) assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  AssayJob *job = assay_job_new ();
  AssayAssessment *assessment = assay_assessment_new ();
  GError *error = NULL;

  ats_id = add_connection ("pinpoint", ASSAY_ROLE_ATS);
  provider_id = add_connection ("testtrick", ASSAY_ROLE_PROVIDER);
  job->remote_id = g_strdup ("10");
  job->title = g_strdup ("Analyst");
  job->open = TRUE;
  g_ptr_array_add (jobs, job);
  assay_jobs_upsert (world.database, ats_id, jobs, TRUE, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < PEOPLE; i++)
    {
      AssayApplication *application = assay_application_new ();

      application->remote_id = g_strdup_printf ("%u", i + 1);
      application->job_remote_id = g_strdup ("10");
      application->first_name = g_strdup_printf ("Person %u", i + 1);
      application->full_name = g_strdup (application->first_name);
      /* The last one is the first in other letters: the same person to a provider. */
      application->email = g_strdup_printf (i + 1 == PEOPLE ? "PERSON%u@example.com" : "person%u@example.com",
                                            i + 1 == PEOPLE ? 1 : i + 1);
      application->updated_at = 1000;
      g_ptr_array_add (applications, application);
    }
  assay_applications_upsert (world.database, ats_id, applications, NULL, &error);
  g_assert_no_error (error);
  assessment->remote_id = g_strdup ("100");
  assessment->name = g_strdup ("Test");
  assessment->active = TRUE;
  g_ptr_array_add (assessments, assessment);
  assay_assessments_replace (world.database, provider_id, assessments, &error);
  g_assert_no_error (error);
  assessment_id = read_number ("SELECT id FROM assessment");
  for (guint i = 0; i < PEOPLE; i++)
    {
      AssayStatement *statement =
        assay_database_prepare (world.database, "SELECT id FROM application WHERE remote_id = ?1", NULL);
      g_autofree char *remote_id = g_strdup_printf ("%u", i + 1);

      assay_statement_bind_text (statement, 1, remote_id);
      g_assert_true (assay_statement_step (statement, NULL));
      people[i] = assay_statement_get_int64 (statement, 0);
      assay_database_reset_statements (world.database);
    }
}

static void
drop_message (const char     *domain,
              GLogLevelFlags  level,
              const char     *text,
              gpointer        data)
{
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- simulate the outbox");
  int first = 1, seeds = 2000;
  guint64 faults = 0, crashes = 0;
  guint fewest_faults = G_MAXUINT, fewest_crashes = G_MAXUINT;
  gboolean verbose = FALSE;
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT, &first, "The first seed", "N" },
    { "seeds", 0, 0, G_OPTION_ARG_INT, &seeds, "How many", "N" },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &verbose, "Tell what happens", NULL },
    { NULL }
  };
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  world.verbose = verbose;
  /* What the program logs about each fault is said thousands of times. */
  if (!verbose)
    g_log_set_handler (NULL, G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_DEBUG, drop_message, NULL);
  world.database = assay_database_open (":memory:", TRUE, NULL, &error);
  g_assert_no_error (error);
  assay_migrations_run (world.database, &error);
  g_assert_no_error (error);
  add_people ();

  for (int i = 0; i < seeds; i++)
    {
      g_autofree char *problem = run_seed ((guint32) (first + i));

      if (problem != NULL)
        {
          g_print ("FAILED with --seed=%d --seeds=1: %s.\n", first + i, problem);
          return 1;
        }
      if ((i + 1) % 5000 == 0)
        g_print ("%d seeds\n", i + 1);
      faults += world.all_faults;
      crashes += world.crashes;
      fewest_faults = MIN (fewest_faults, world.all_faults);
      fewest_crashes = MIN (fewest_crashes, world.crashes);
    }
  g_print ("%d seeds from %d: %" G_GUINT64_FORMAT " faults (%u at least), %" G_GUINT64_FORMAT
           " deaths (%u at least); nobody twice, nothing lost; %.1f s.\n",
           seeds, first, faults, fewest_faults, crashes, fewest_crashes,
           (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  for (guint i = 0; i < N_FAULTS; i++)
    g_print ("  %-20s %u\n", fault_names[i], world.faults[i]);
  assay_database_close (world.database);
  return 0;
}
