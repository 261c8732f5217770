/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fresh connections are since their rows were written last. */
#include "config.h"

#include "assay-freshness-private.h"

/* Of one connection */
typedef struct
{
  gint64 row_updated_at;   /* the row that it is newer than: one that was written since knows better */
  gint64 complete_up_to;
  gint64 last_contact_at;
  char *cursor;
} Moment;

struct _AssayFreshness
{
  GMutex mutex;
  GHashTable *moments;     /* gint64 connection id → Moment */
};

static void
moment_free (gpointer data)
{
  Moment *moment = data;

  g_free (moment->cursor);
  g_free (moment);
}

AssayFreshness *
assay_freshness_new (void)
{
  AssayFreshness *self = g_new0 (AssayFreshness, 1);

  g_mutex_init (&self->mutex);
  self->moments = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, moment_free);
  return self;
}

void
assay_freshness_free (AssayFreshness *self)
{
  g_hash_table_unref (self->moments);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
assay_freshness_set (AssayFreshness        *self,
                     const AssayConnection *connection,
                     gint64                 complete_up_to,
                     const char            *cursor)
{
  Moment *moment = g_new0 (Moment, 1);

  moment->row_updated_at = connection->updated_at;
  moment->complete_up_to = complete_up_to;
  moment->last_contact_at = assay_time_now ();
  moment->cursor = g_strdup (cursor);
  g_mutex_lock (&self->mutex);
  g_hash_table_replace (self->moments, g_memdup2 (&connection->id, sizeof connection->id), moment);
  g_mutex_unlock (&self->mutex);
}

void
assay_freshness_apply (AssayFreshness  *self,
                       AssayConnection *connection)
{
  const Moment *moment;

  g_mutex_lock (&self->mutex);
  moment = g_hash_table_lookup (self->moments, &connection->id);
  if (moment != NULL && moment->row_updated_at == connection->updated_at)
    {
      connection->complete_up_to = moment->complete_up_to;
      connection->last_contact_at = moment->last_contact_at;
      g_free (connection->cursor);
      connection->cursor = g_strdup (moment->cursor);
    }
  g_mutex_unlock (&self->mutex);
}

GArray *
assay_freshness_list (AssayFreshness *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer id;

  g_mutex_lock (&self->mutex);
  g_hash_table_iter_init (&iter, self->moments);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_array_append_vals (ids, id, 1);
  g_mutex_unlock (&self->mutex);
  return ids;
}
