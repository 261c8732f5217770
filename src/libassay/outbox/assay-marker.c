/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the marker of an invitation in the outbox. */
#include "config.h"

#include "assay-service.h"

gint64
assay_outbox_find_marker (AssayDatabase *database,
                          gint64         invitation_id,
                          GError       **error)
{
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT o.id FROM invitation i JOIN outbox o ON o.application_id = i.application_id"
                            " WHERE i.id = ?1 AND o.kind = 'tag' AND o.state = 'queued' AND o.cause = ?2",
                            error);
  /* As assay_ledger_enqueue_marker() names it. */
  g_autofree char *cause = g_strdup_printf ("rule:mark-invitations i%" G_GINT64_FORMAT, invitation_id);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return 0;
  assay_statement_bind_int64 (statement, 1, invitation_id);
  assay_statement_bind_text (statement, 2, cause);
  if (assay_statement_step (statement, &local_error))
    return assay_statement_get_int64 (statement, 0);
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return 0;
}
