/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store knows of one application. */
#include "config.h"

#include "assay-application-content.h"

#include "assay-connector.h"

void
assay_application_content_free (gpointer data)
{
  AssayApplicationContent *content = data;

  g_clear_pointer (&content->application, assay_application_free);
  g_clear_pointer (&content->invitations, g_ptr_array_unref);
  g_clear_pointer (&content->outbox, g_hash_table_unref);
  g_clear_pointer (&content->connections, g_ptr_array_unref);
  g_free (content);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const AssayInvitation *one = *(const AssayInvitation *const *) a;
  const AssayInvitation *other = *(const AssayInvitation *const *) b;

  if (one->created_at != other->created_at)
    return one->created_at > other->created_at ? -1 : 1;

  return one->id > other->id ? -1 : one->id < other->id;
}

gpointer
assay_application_content_read (AssayDatabase *database, gpointer data, GError **error)
{
  gint64 id = *(gint64 *) data;
  AssayApplicationContent *content = g_new0 (AssayApplicationContent, 1);

  content->outbox = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                           (GDestroyNotify) assay_outbox_row_free);
  content->application = assay_applications_get (database, id, error);
  if (content->application != NULL)
    content->connections = assay_connections_list (database, error);
  if (content->connections != NULL)
    content->invitations = assay_invitations_list (database, id, ASSAY_FILTER_ANY_STATUS, 0, 0, error);
  if (content->invitations == NULL)
    {
      assay_application_content_free (content);
      return NULL;
    }

  /* A card keeps its place while its status changes. */
  g_ptr_array_sort (content->invitations, compare_newest_first);
  /* Its own rows: while a bulk leaves, those of all others are many. */
  for (guint i = 0; i < content->invitations->len; i++)
    {
      const AssayInvitation *invitation = g_ptr_array_index (content->invitations, i);
      AssayOutboxRow *row = assay_ledger_get_by_invitation (database, invitation->id, NULL);

      if (row != NULL)
        g_hash_table_insert (content->outbox, &row->invitation_id, row);
    }

  return content;
}

AssayInvitation *
assay_application_content_find_invitation (const AssayApplicationContent *self, gint64 id)
{
  for (guint i = 0; i < self->invitations->len; i++)
    {
      AssayInvitation *invitation = g_ptr_array_index (self->invitations, i);

      if (invitation->id == id)
        return invitation;
    }

  return NULL;
}

AssayOutboxRow *
assay_application_content_find_outbox_row (const AssayApplicationContent *self, gint64 invitation_id)
{
  return g_hash_table_lookup (self->outbox, &invitation_id);
}

AssayCapabilities
assay_application_content_get_capabilities (const AssayApplicationContent *self, const AssayInvitation *invitation)
{
  for (guint i = 0; i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);

      if (connection->id == invitation->connection_id)
        return assay_connector_get_capabilities (connection);
    }
  return 0;
}
