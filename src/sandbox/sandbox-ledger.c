/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The judge: what took effect at the played vendors, what was asked, and what nobody may ask. */

#include "config.h"

#include "sandbox-ledger.h"

/* A body longer than this is kept by its length only; CVs would fill the ledger. */
#define LONGEST_BODY 4096
/* Lists stop growing here, so that a demo left running for weeks stays small. */
#define LONGEST_LIST 50000

typedef struct
{
  char  *vendor;
  char  *test;
  char  *email;
  char  *key;
  char  *interview;
  gint64 at;
  guint  attempts;
  guint  count;
} Invitation;

typedef struct
{
  char  *vendor;
  char  *what;                 /* the operation, or the kind of incident */
  char  *key;
  char  *id;
  char  *detail;
  gint64 at;
} Entry;

typedef struct
{
  GHashTable *operations;      /* name → count */
  GHashTable *answers;         /* status → count */
  GQueue      window;          /* monotonic times of the last second's requests */
  guint       max_in_window;
} Traffic;

struct _SandboxLedger
{
  GPtrArray  *invitations;
  GHashTable *by_person;       /* vendor, test and folded e-mail → the last Invitation, not owned */
  GPtrArray  *writes;
  GPtrArray  *incidents;
  GHashTable *traffic;         /* vendor → Traffic */
};

static void
invitation_free (gpointer data)
{
  Invitation *invitation = data;

  g_free (invitation->vendor);
  g_free (invitation->test);
  g_free (invitation->email);
  g_free (invitation->key);
  g_free (invitation->interview);
  g_free (invitation);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->vendor);
  g_free (entry->what);
  g_free (entry->key);
  g_free (entry->id);
  g_free (entry->detail);
  g_free (entry);
}

static void
traffic_free (gpointer data)
{
  Traffic *traffic = data;

  g_hash_table_unref (traffic->operations);
  g_hash_table_unref (traffic->answers);
  g_queue_clear_full (&traffic->window, g_free);
  g_free (traffic);
}

SandboxLedger *
sandbox_ledger_new (void)
{
  SandboxLedger *self = g_new0 (SandboxLedger, 1);

  self->invitations = g_ptr_array_new_with_free_func (invitation_free);
  self->by_person = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->writes = g_ptr_array_new_with_free_func (entry_free);
  self->incidents = g_ptr_array_new_with_free_func (entry_free);
  self->traffic = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, traffic_free);
  return self;
}

void
sandbox_ledger_free (SandboxLedger *self)
{
  g_hash_table_unref (self->by_person);
  g_ptr_array_unref (self->invitations);
  g_ptr_array_unref (self->writes);
  g_ptr_array_unref (self->incidents);
  g_hash_table_unref (self->traffic);
  g_free (self);
}

void
sandbox_ledger_clear (SandboxLedger *self)
{
  g_hash_table_remove_all (self->by_person);
  g_ptr_array_set_size (self->invitations, 0);
  g_ptr_array_set_size (self->writes, 0);
  g_ptr_array_set_size (self->incidents, 0);
  g_hash_table_remove_all (self->traffic);
}

static Traffic *
ensure_traffic (SandboxLedger *self,
                const char    *vendor)
{
  Traffic *traffic = g_hash_table_lookup (self->traffic, vendor);

  if (traffic == NULL)
    {
      traffic = g_new0 (Traffic, 1);
      traffic->operations = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      traffic->answers = g_hash_table_new (NULL, NULL);
      g_queue_init (&traffic->window);
      g_hash_table_insert (self->traffic, g_strdup (vendor), traffic);
    }
  return traffic;
}

void
sandbox_ledger_add_request (SandboxLedger *self,
                            const char    *vendor,
                            const char    *operation)
{
  Traffic *traffic = ensure_traffic (self, vendor);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (traffic->operations, operation));
  gint64 *now = g_new (gint64, 1);

  g_hash_table_insert (traffic->operations, g_strdup (operation), GUINT_TO_POINTER (count + 1));
  *now = g_get_monotonic_time ();
  g_queue_push_tail (&traffic->window, now);
  while (*(gint64 *) g_queue_peek_head (&traffic->window) <= *now - G_USEC_PER_SEC)
    g_free (g_queue_pop_head (&traffic->window));
  traffic->max_in_window = MAX (traffic->max_in_window, g_queue_get_length (&traffic->window));
}

void
sandbox_ledger_add_answer (SandboxLedger *self,
                           const char    *vendor,
                           guint          status)
{
  Traffic *traffic = ensure_traffic (self, vendor);
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (traffic->answers, GUINT_TO_POINTER (status)));

  g_hash_table_insert (traffic->answers, GUINT_TO_POINTER (status), GUINT_TO_POINTER (count + 1));
}

static char *
person_key (const char *vendor,
            const char *test,
            const char *email)
{
  g_autofree char *folded = g_utf8_casefold (email, -1);

  return g_strdup_printf ("%s\n%s\n%s", vendor, test, folded);
}

static Invitation *
ensure_invitation (SandboxLedger *self,
                   const char    *vendor,
                   const char    *test,
                   const char    *email)
{
  g_autofree char *key = person_key (vendor, test, email);
  Invitation *invitation = g_hash_table_lookup (self->by_person, key);

  if (invitation == NULL)
    {
      invitation = g_new0 (Invitation, 1);
      invitation->vendor = g_strdup (vendor);
      invitation->test = g_strdup (test);
      invitation->email = g_strdup (email);
      g_ptr_array_add (self->invitations, invitation);
      g_hash_table_insert (self->by_person, g_steal_pointer (&key), invitation);
    }
  return invitation;
}

void
sandbox_ledger_add_attempt (SandboxLedger *self,
                            const char    *vendor,
                            const char    *test,
                            const char    *email)
{
  ensure_invitation (self, vendor, test, email)->attempts++;
}

void
sandbox_ledger_add_invitation (SandboxLedger *self,
                               const char    *vendor,
                               const char    *key,
                               const char    *test,
                               const char    *email,
                               const char    *interview)
{
  Invitation *invitation = ensure_invitation (self, vendor, test, email);

  g_free (invitation->key);
  invitation->key = g_strdup (key);
  g_free (invitation->interview);
  invitation->interview = g_strdup (interview);
  invitation->at = g_get_real_time () / G_USEC_PER_SEC;
  invitation->count++;
}

static void
add_entry (GPtrArray  *list,
           const char *vendor,
           const char *what,
           const char *key,
           const char *id,
           char       *detail)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->vendor = g_strdup (vendor);
  entry->what = g_strdup (what);
  entry->key = g_strdup (key);
  entry->id = g_strdup (id);
  entry->detail = detail;
  entry->at = g_get_real_time () / G_USEC_PER_SEC;
  g_ptr_array_add (list, entry);
  if (list->len > LONGEST_LIST)
    g_ptr_array_remove_range (list, 0, LONGEST_LIST / 10);
}

void
sandbox_ledger_add_write (SandboxLedger *self,
                          const char    *vendor,
                          const char    *operation,
                          const char    *key,
                          const char    *id,
                          GBytes        *body)
{
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  add_entry (self->writes, vendor, operation, key, id,
             size <= LONGEST_BODY ? g_strndup (text != NULL ? text : "", size)
             : g_strdup_printf ("(%" G_GSIZE_FORMAT " bytes)", size));
}

void
sandbox_ledger_add_incident (SandboxLedger *self,
                             const char    *vendor,
                             const char    *kind,
                             const char    *detail)
{
  add_entry (self->incidents, vendor, kind, NULL, NULL, g_utf8_make_valid (detail != NULL ? detail : "", -1));
}

void
sandbox_ledger_write (SandboxLedger *self,
                      SandboxJson   *json)
{
  GHashTableIter vendors;
  gpointer vendor, value;

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "invitations");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->invitations->len; i++)
    {
      Invitation *invitation = g_ptr_array_index (self->invitations, i);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "vendor", invitation->vendor);
      sandbox_json_member_string (json, "key", invitation->key);
      sandbox_json_member_string (json, "test", invitation->test);
      sandbox_json_member_string (json, "email", invitation->email);
      sandbox_json_member_string (json, "interview_id", invitation->interview);
      sandbox_json_member_time (json, "at", invitation->at);
      sandbox_json_member_integer (json, "count", invitation->count);
      sandbox_json_member_integer (json, "attempts", invitation->attempts);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);

  sandbox_json_key (json, "writes");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->writes->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->writes, i);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "vendor", entry->vendor);
      sandbox_json_member_string (json, "operation", entry->what);
      sandbox_json_member_string (json, "key", entry->key);
      sandbox_json_member_string (json, "id", entry->id);
      sandbox_json_member_time (json, "at", entry->at);
      sandbox_json_member_string (json, "body", entry->detail);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);

  sandbox_json_key (json, "incidents");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->incidents->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->incidents, i);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "vendor", entry->vendor);
      sandbox_json_member_string (json, "kind", entry->what);
      sandbox_json_member_string (json, "detail", entry->detail);
      sandbox_json_member_time (json, "at", entry->at);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);

  sandbox_json_key (json, "traffic");
  sandbox_json_begin_object (json);
  g_hash_table_iter_init (&vendors, self->traffic);
  while (g_hash_table_iter_next (&vendors, &vendor, &value))
    {
      Traffic *traffic = value;
      GHashTableIter counts;
      gpointer name, count;
      guint total = 0;

      sandbox_json_key (json, vendor);
      sandbox_json_begin_object (json);
      sandbox_json_key (json, "requests");
      sandbox_json_begin_object (json);
      g_hash_table_iter_init (&counts, traffic->operations);
      while (g_hash_table_iter_next (&counts, &name, &count))
        {
          sandbox_json_member_integer (json, name, GPOINTER_TO_UINT (count));
          total += GPOINTER_TO_UINT (count);
        }
      sandbox_json_end_object (json);
      sandbox_json_key (json, "answers");
      sandbox_json_begin_object (json);
      g_hash_table_iter_init (&counts, traffic->answers);
      while (g_hash_table_iter_next (&counts, &name, &count))
        {
          g_autofree char *status = g_strdup_printf ("%u", GPOINTER_TO_UINT (name));

          sandbox_json_member_integer (json, status, GPOINTER_TO_UINT (count));
        }
      sandbox_json_end_object (json);
      sandbox_json_member_integer (json, "total", total);
      sandbox_json_member_integer (json, "max_in_window", traffic->max_in_window);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_object (json);
  sandbox_json_member_integer (json, "window_seconds", 1);
  sandbox_json_end_object (json);
}
