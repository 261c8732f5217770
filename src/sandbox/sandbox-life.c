/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What invited candidates do: they open the assessment, work, finish, or let it lie.
 *
 * The life clock counts seconds since the first start; it stands still while the sandbox isn't
 * running, so a demo goes on where it stopped. Nothing runs in the background: an invitation is
 * brought up to the present whenever somebody looks at it. */

#include "config.h"

#include "sandbox-life.h"

#include <string.h>

/* The schedule of candidates where nothing but the control moves the clock. */
#define PACE_OF_STILL_LIFE 60.0
/* A candidate opens the invitation after about this share of the whole. */
#define SHARE_UNTIL_OPENED 0.25
/* One in so many doesn't finish. */
#define STRAGGLERS 12

struct _SandboxLife
{
  SandboxWorld *world;          /* not owned */
  GPtrArray    *invitations;
  GHashTable   *by_id;          /* not owned */
  GHashTable   *by_person;      /* vendor, test and folded e-mail → invitation, not owned */
  double        pace;
  double        clock;          /* the life clock at @started */
  gint64        started;        /* monotonic */
  guint         next_id;
};

static const char *const status_names[] = { "pending", "in_progress", "complete", "expired", "abandoned" };

const char *
sandbox_life_status_name (SandboxLifeStatus status)
{
  return status_names[status];
}

gboolean
sandbox_life_status_from (const char        *name,
                          SandboxLifeStatus *status)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (status_names); i++)
    if (g_str_equal (status_names[i], name))
      {
        *status = i;
        return TRUE;
      }
  return FALSE;
}

static void
invitation_free (gpointer data)
{
  SandboxInvitation *invitation = data;

  g_free (invitation->id);
  g_free (invitation->vendor);
  g_free (invitation->test);
  g_free (invitation->test_name);
  g_free (invitation->email);
  g_free (invitation->first_name);
  g_free (invitation->last_name);
  g_free (invitation);
}

SandboxLife *
sandbox_life_new (SandboxWorld *world,
                  double        pace)
{
  SandboxLife *self = g_new0 (SandboxLife, 1);

  self->world = world;
  self->invitations = g_ptr_array_new_with_free_func (invitation_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_person = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->pace = pace;
  self->started = g_get_monotonic_time ();
  self->next_id = 98001;
  return self;
}

void
sandbox_life_free (SandboxLife *self)
{
  g_hash_table_unref (self->by_person);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->invitations);
  g_free (self);
}

static double
life_now (SandboxLife *self)
{
  if (self->pace <= 0)
    return self->clock;
  return self->clock + (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;
}

static void
changed (SandboxLife *self)
{
  if (self->world->changed != NULL)
    self->world->changed (self->world->changed_data);
}

void
sandbox_life_set_pace (SandboxLife *self,
                       double       pace)
{
  self->clock = life_now (self);
  self->started = g_get_monotonic_time ();
  self->pace = pace;
}

/* Brings one invitation up to the present. The times are those at which things were due, not those
 * at which somebody looked. */
static void
settle (SandboxLife       *self,
        SandboxInvitation *invitation)
{
  double now = life_now (self);
  gint64 wall = sandbox_world_now (self->world);

  if (invitation->status == SANDBOX_LIFE_PENDING && !invitation->withdrawn && invitation->valid_until != 0
      && wall >= invitation->valid_until)
    {
      invitation->status = SANDBOX_LIFE_EXPIRED;
      invitation->due_open = -1;
      invitation->due_end = -1;
      invitation->ended = invitation->valid_until;
      changed (self);
    }
  if (invitation->status == SANDBOX_LIFE_PENDING && invitation->due_open >= 0 && now >= invitation->due_open)
    {
      invitation->status = SANDBOX_LIFE_IN_PROGRESS;
      invitation->opened = MAX (invitation->created, wall - (gint64) (now - invitation->due_open));
      changed (self);
    }
  if (invitation->status <= SANDBOX_LIFE_IN_PROGRESS && invitation->due_end >= 0
      && now >= invitation->due_end)
    {
      invitation->status = invitation->outcome;
      invitation->ended = MAX (MAX (invitation->created, invitation->opened),
                               wall - (gint64) (now - invitation->due_end));
      changed (self);
    }
}

static char *
person_key (const char *vendor,
            const char *test,
            const char *email)
{
  g_autofree char *folded = g_utf8_casefold (email, -1);

  return g_strdup_printf ("%s\n%s\n%s", vendor, test, folded);
}

static void
keep (SandboxLife       *self,
      SandboxInvitation *invitation)
{
  g_ptr_array_add (self->invitations, invitation);
  g_hash_table_insert (self->by_id, invitation->id, invitation);
  g_hash_table_insert (self->by_person, person_key (invitation->vendor, invitation->test, invitation->email),
                       invitation);
}

SandboxInvitation *
sandbox_life_invite (SandboxLife *self,
                     const char  *vendor,
                     const char  *test,
                     const char  *test_name,
                     const char  *email,
                     const char  *first_name,
                     const char  *last_name)
{
  SandboxInvitation *invitation = g_new0 (SandboxInvitation, 1);
  g_autofree char *folded = g_utf8_casefold (email, -1);
  g_autofree char *lot = g_strdup_printf ("%u\n%s\n%s", self->world->options.seed, test, folded);
  g_autofree char *person_lot = g_strdup_printf ("%u\n%s", self->world->options.seed, folded);
  g_autoptr (GRand) chance = g_rand_new_with_seed (g_str_hash (lot));
  double pace = self->pace > 0 ? self->pace : PACE_OF_STILL_LIFE;
  double now = life_now (self);
  double span = pace * g_rand_double_range (chance, 0.6, 1.4);
  guint total = 0;

  invitation->id = g_strdup_printf ("%u", self->next_id++);
  invitation->vendor = g_strdup (vendor);
  invitation->test = g_strdup (test);
  invitation->test_name = g_strdup (test_name);
  invitation->email = g_strdup (email);
  invitation->first_name = g_strdup (first_name);
  invitation->last_name = g_strdup (last_name);
  invitation->created = sandbox_world_now (self->world);
  invitation->due_open = now + span * SHARE_UNTIL_OPENED;
  invitation->due_end = now + span;
  invitation->outcome = SANDBOX_LIFE_COMPLETE;
  if (g_str_hash (person_lot) % STRAGGLERS == 0)
    {
      invitation->outcome = g_rand_boolean (chance) ? SANDBOX_LIFE_EXPIRED : SANDBOX_LIFE_ABANDONED;
      if (invitation->outcome == SANDBOX_LIFE_EXPIRED)
        invitation->due_open = -1;
    }
  for (guint i = 0; i < G_N_ELEMENTS (invitation->sections); i++)
    {
      /* Two throws, so that the middle is more common than the ends. */
      invitation->sections[i]
        = (guint) (g_rand_int_range (chance, 15, 51) + g_rand_int_range (chance, 15, 51));
      total += invitation->sections[i];
    }
  invitation->score = (total + G_N_ELEMENTS (invitation->sections) / 2) / G_N_ELEMENTS (invitation->sections);
  keep (self, invitation);
  changed (self);
  return invitation;
}

SandboxInvitation *
sandbox_life_find (SandboxLife *self,
                   const char  *id)
{
  SandboxInvitation *invitation = g_hash_table_lookup (self->by_id, id);

  if (invitation != NULL)
    settle (self, invitation);
  return invitation;
}

SandboxInvitation *
sandbox_life_find_person (SandboxLife *self,
                          const char  *vendor,
                          const char  *test,
                          const char  *email)
{
  g_autofree char *key = person_key (vendor, test, email);

  return g_hash_table_lookup (self->by_person, key);
}

GPtrArray *
sandbox_life_list (SandboxLife *self)
{
  for (guint i = 0; i < self->invitations->len; i++)
    settle (self, g_ptr_array_index (self->invitations, i));
  return self->invitations;
}

void
sandbox_life_advance (SandboxLife *self,
                      double       seconds)
{
  self->clock += seconds;
  self->world->advanced += (gint64) seconds;
  changed (self);
}

void
sandbox_life_set (SandboxLife       *self,
                  SandboxInvitation *invitation,
                  SandboxLifeStatus  status,
                  guint              score)
{
  gint64 now = sandbox_world_now (self->world);

  invitation->status = status;
  invitation->due_open = -1;
  invitation->due_end = -1;
  if (status == SANDBOX_LIFE_PENDING)
    invitation->opened = 0;
  else if (invitation->opened == 0 && status != SANDBOX_LIFE_EXPIRED)
    invitation->opened = now;
  invitation->ended = status <= SANDBOX_LIFE_IN_PROGRESS ? 0 : now;
  if (status == SANDBOX_LIFE_COMPLETE)
    {
      invitation->score = MIN (score, 100);
      for (guint i = 0; i < G_N_ELEMENTS (invitation->sections); i++)
        invitation->sections[i] = invitation->score;
    }
  changed (self);
}

void
sandbox_life_withdraw (SandboxLife       *self,
                       SandboxInvitation *invitation)
{
  invitation->withdrawn = TRUE;
  invitation->due_open = -1;
  invitation->due_end = -1;
  changed (self);
}

void
sandbox_life_touch (SandboxLife *self)
{
  changed (self);
}

void
sandbox_life_save (SandboxLife *self,
                   SandboxJson *json)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_real (json, "clock", life_now (self));
  sandbox_json_member_integer (json, "next_id", self->next_id);
  sandbox_json_key (json, "invitations");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->invitations->len; i++)
    {
      SandboxInvitation *invitation = g_ptr_array_index (self->invitations, i);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "id", invitation->id);
      sandbox_json_member_string (json, "vendor", invitation->vendor);
      sandbox_json_member_string (json, "test", invitation->test);
      sandbox_json_member_string (json, "test_name", invitation->test_name);
      sandbox_json_member_string (json, "email", invitation->email);
      sandbox_json_member_string (json, "first_name", invitation->first_name);
      sandbox_json_member_string (json, "last_name", invitation->last_name);
      sandbox_json_member_integer (json, "created", invitation->created);
      sandbox_json_member_integer (json, "opened", invitation->opened);
      sandbox_json_member_integer (json, "ended", invitation->ended);
      sandbox_json_member_real (json, "due_open", invitation->due_open);
      sandbox_json_member_real (json, "due_end", invitation->due_end);
      sandbox_json_member_string (json, "status", status_names[invitation->status]);
      sandbox_json_member_string (json, "outcome", status_names[invitation->outcome]);
      sandbox_json_member_integer (json, "score", invitation->score);
      sandbox_json_member_integer (json, "valid_until", invitation->valid_until);
      sandbox_json_member_integer (json, "mails", invitation->mails);
      sandbox_json_member_boolean (json, "withdrawn", invitation->withdrawn);
      sandbox_json_key (json, "sections");
      sandbox_json_begin_array (json);
      for (guint j = 0; j < G_N_ELEMENTS (invitation->sections); j++)
        sandbox_json_integer (json, invitation->sections[j]);
      sandbox_json_end_array (json);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
}

static void
load_invitation (SandboxLife *self,
                 JsonObject  *object)
{
  static const char *const needed[]
    = { "id", "vendor", "test", "test_name", "email", "first_name", "last_name" };
  SandboxInvitation *invitation;
  JsonArray *sections = sandbox_json_get_array (object, "sections");
  SandboxLifeStatus status, outcome;

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (sandbox_json_get_string (object, needed[i]) == NULL)
      return;
  if (!sandbox_life_status_from (sandbox_json_get_string (object, "status"), &status)
      || !sandbox_life_status_from (sandbox_json_get_string (object, "outcome"), &outcome))
    return;
  invitation = g_new0 (SandboxInvitation, 1);
  invitation->id = g_strdup (sandbox_json_get_string (object, "id"));
  invitation->vendor = g_strdup (sandbox_json_get_string (object, "vendor"));
  invitation->test = g_strdup (sandbox_json_get_string (object, "test"));
  invitation->test_name = g_strdup (sandbox_json_get_string (object, "test_name"));
  invitation->email = g_strdup (sandbox_json_get_string (object, "email"));
  invitation->first_name = g_strdup (sandbox_json_get_string (object, "first_name"));
  invitation->last_name = g_strdup (sandbox_json_get_string (object, "last_name"));
  invitation->created = sandbox_json_get_integer (object, "created", 0);
  invitation->opened = sandbox_json_get_integer (object, "opened", 0);
  invitation->ended = sandbox_json_get_integer (object, "ended", 0);
  invitation->due_open = sandbox_json_get_real (object, "due_open", -1);
  invitation->due_end = sandbox_json_get_real (object, "due_end", -1);
  invitation->valid_until = sandbox_json_get_integer (object, "valid_until", 0);
  invitation->mails = (guint) CLAMP (sandbox_json_get_integer (object, "mails", 0), 0, G_MAXINT);
  invitation->withdrawn = sandbox_json_get_boolean (object, "withdrawn", FALSE);
  invitation->status = status;
  invitation->outcome = outcome;
  invitation->score = (guint) CLAMP (sandbox_json_get_integer (object, "score", 0), 0, 100);
  for (guint i = 0; i < G_N_ELEMENTS (invitation->sections); i++)
    {
      invitation->sections[i] = invitation->score;
      if (sections != NULL && i < json_array_get_length (sections)
          && sandbox_json_node_is (json_array_get_element (sections, i), G_TYPE_INT64))
        invitation->sections[i] = (guint) CLAMP (json_array_get_int_element (sections, i), 0, 100);
    }
  keep (self, invitation);
}

void
sandbox_life_load (SandboxLife *self,
                   JsonObject  *state)
{
  JsonArray *invitations = sandbox_json_get_array (state, "invitations");

  self->clock = MAX (sandbox_json_get_real (state, "clock", 0), 0);
  self->started = g_get_monotonic_time ();
  self->next_id = (guint) CLAMP (sandbox_json_get_integer (state, "next_id", 0), self->next_id, G_MAXINT);
  for (guint i = 0; invitations != NULL && i < json_array_get_length (invitations); i++)
    {
      JsonNode *node = json_array_get_element (invitations, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        load_invitation (self, json_node_get_object (node));
    }
}
