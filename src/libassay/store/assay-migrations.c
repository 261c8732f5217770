/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brings a database to the newest schema, a version at a time, each in a transaction of its own. */
#include "config.h"

#include "assay-database-private.h"
#include "assay-store-resources.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#define APPLICATION_ID 1095979353 /* as in schema-1.sql */

/* schema-N.sql sets user_version to N itself, so that the number lands with the tables or not at all. */
static const char *const schemas[ASSAY_SCHEMA_VERSION] = {
  "/io/github/assayapp/Assay/store/schema-1.sql",
  "/io/github/assayapp/Assay/store/schema-2.sql",
  "/io/github/assayapp/Assay/store/schema-3.sql",
  "/io/github/assayapp/Assay/store/schema-4.sql",
  "/io/github/assayapp/Assay/store/schema-5.sql",
  "/io/github/assayapp/Assay/store/schema-6.sql",
  "/io/github/assayapp/Assay/store/schema-7.sql",
};

static gboolean
get_number (AssayDatabase  *database,
            const char     *sql,
            gint64         *number,
            GError        **error)
{
  AssayStatement *statement = assay_database_prepare (database, sql, error);
  g_autoptr (GError) local_error = NULL;

  if (statement == NULL)
    return FALSE;
  *number = 0;
  if (assay_statement_step (statement, &local_error))
    *number = assay_statement_get_int64 (statement, 0);
  assay_database_reset_statements (database);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

gboolean
assay_migrations_check (AssayDatabase  *database,
                        const char     *path,
                        GError        **error)
{
  gint64 version, application_id, tables;

  if (!get_number (database, "PRAGMA user_version", &version, error) ||
      !get_number (database, "PRAGMA application_id", &application_id, error) ||
      !get_number (database, "SELECT count(*) FROM sqlite_schema", &tables, error))
    return FALSE;

  if (tables > 0 && application_id != APPLICATION_ID)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                   _("“%s” belongs to another program, so Assay leaves it alone. Move it away, or choose another "
                     "folder."),
                   path);
      return FALSE;
    }
  if (version > ASSAY_SCHEMA_VERSION)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE,
                   _("“%s” was made by a newer version of Assay. It is left as it is; install that version to use "
                     "it."),
                   path);
      return FALSE;
    }
  return TRUE;
}

gboolean
assay_migrations_run (AssayDatabase  *database,
                      GError        **error)
{
  gint64 version;

  if (!get_number (database, "PRAGMA user_version", &version, error))
    return FALSE;

  for (guint i = (guint) MAX (version, 0); i < ASSAY_SCHEMA_VERSION; i++)
    {
      /* Asked by its own name, because from a static library nothing would link it in otherwise. */
      g_autoptr (GBytes) sql =
        g_resource_lookup_data (assay_store_get_resource (), schemas[i], G_RESOURCE_LOOKUP_FLAGS_NONE, error);

      /* A resource's bytes are followed by a zero, so they are a string. */
      if (sql == NULL || !assay_database_exec (database, "BEGIN IMMEDIATE", error))
        return FALSE;
      if (!assay_database_exec (database, g_bytes_get_data (sql, NULL), error) ||
          !assay_database_exec (database, "COMMIT", error))
        {
          assay_database_exec (database, "ROLLBACK", NULL);
          return FALSE;
        }
    }
  return TRUE;
}
