/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which events the webhook of a connection is to report. */
#include "config.h"

#include "assay-webhook-choice.h"

gboolean
assay_webhook_choice_set (AssayDatabase      *database,
                          gint64              connection_id,
                          const char *const  *events,
                          GError            **error)
{
  g_autofree char *lines = g_strjoinv ("\n", (char **) events);
  AssayStatement *statement =
    assay_database_prepare (database,
                            *lines == '\0'
                              ? "DELETE FROM connection_webhook WHERE connection_id = ?1"
                              : "INSERT INTO connection_webhook (connection_id, events)"
                                " SELECT id, ?2 FROM connection WHERE id = ?1"
                                " ON CONFLICT (connection_id) DO UPDATE SET events = excluded.events",
                            error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, connection_id);
  if (*lines != '\0')
    assay_statement_bind_text (statement, 2, lines);
  return assay_statement_run (statement, error);
}

char **
assay_webhook_choice_get (AssayDatabase  *database,
                          gint64          connection_id,
                          GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "SELECT events FROM connection_webhook WHERE connection_id = ?1", error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, connection_id);
  if (assay_statement_step (statement, &local_error))
    return g_strsplit (assay_statement_get_text (statement, 0), "\n", -1);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_new0 (char *, 1);
}
