/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the rows of a list mean: only applications that somebody can still be invited to. */
#include "config.h"

#include <string.h>

#include "assay-database-private.h"
#include "assay-roster.h"
#include "store-fixture.h"

static void
add (AssayDatabase *database,
     gint64         connection,
     const char    *remote_id,
     const char    *job,
     const char    *email,
     gboolean       archived)
{
  g_autoptr (AssayApplication) application = store_fixture_make_application (remote_id, job, "Ada Lovelace", 1000);

  g_free (application->email);
  application->email = g_strdup (email);
  application->archived = archived;
  store_fixture_upsert (database, connection, application);
}

static void
execute (AssayDatabase *database,
         const char    *sql)
{
  g_autoptr (GError) error = NULL;

  assay_database_exec (database, sql, &error);
  g_assert_no_error (error);
}

static gpointer
check_kinds (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  static const char list[] = "email\n"
                             "open@example.com\n"
                             "OPEN@example.com\n"
                             "archived@example.com\n"
                             "gone@example.com\n"
                             "closed@example.com\n"
                             "one-left@example.com\n"
                             "several@example.com\n"
                             "nobody@example.com\n"
                             "no address\n";
  static const AssayRosterKind kinds[] = {
    ASSAY_ROSTER_FOUND, ASSAY_ROSTER_TWICE, ASSAY_ROSTER_CLOSED, ASSAY_ROSTER_CLOSED, ASSAY_ROSTER_CLOSED,
    ASSAY_ROSTER_FOUND, ASSAY_ROSTER_SEVERAL, ASSAY_ROSTER_UNKNOWN, ASSAY_ROSTER_NO_EMAIL,
  };
  gint64 connection = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "Pinpoint");
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) roster = NULL;
  const AssayRosterRow *row;

  store_fixture_add_job (database, connection, "1", "Engineer");
  store_fixture_add_job (database, connection, "2", "Designer");
  add (database, connection, "10", "1", "open@example.com", FALSE);
  add (database, connection, "11", "1", "archived@example.com", TRUE);
  add (database, connection, "12", "1", "gone@example.com", FALSE);
  add (database, connection, "13", "2", "closed@example.com", FALSE);
  add (database, connection, "14", "1", "one-left@example.com", FALSE);
  add (database, connection, "15", "2", "one-left@example.com", FALSE);
  add (database, connection, "16", "1", "one-left@example.com", TRUE);
  add (database, connection, "17", "1", "several@example.com", FALSE);
  add (database, connection, "18", "1", "several@example.com", FALSE);
  execute (database, "UPDATE application SET gone = 1 WHERE remote_id = '12'");
  execute (database, "UPDATE job SET open = 0 WHERE remote_id = '2'");

  rows = assay_csv_parse (list, strlen (list), error);
  g_assert_no_error (*error);
  roster = assay_roster_read (database, rows, error);
  g_assert_no_error (*error);
  g_assert_cmpuint (roster->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < roster->len; i++)
    {
      row = g_ptr_array_index (roster, i);
      g_test_message ("%s", row->text);
      g_assert_cmpint (row->kind, ==, kinds[i]);
      g_assert_cmpint (row->sentence == NULL, ==, kinds[i] == ASSAY_ROSTER_FOUND || kinds[i] == ASSAY_ROSTER_TWICE);
      g_assert_cmpint (row->application_id != 0, ==,
                       kinds[i] == ASSAY_ROSTER_FOUND || kinds[i] == ASSAY_ROSTER_TWICE ||
                         kinds[i] == ASSAY_ROSTER_SEVERAL);
    }
  row = g_ptr_array_index (roster, 6);
  g_assert_cmpuint (row->candidates->len, ==, 2);
  return NULL;
}

static void
test_kinds (void)
{
  g_autofree char *directory = store_fixture_make_directory ();
  AssayStore *store = store_fixture_open (directory);
  g_autoptr (GError) error = NULL;

  assay_store_write (store, check_kinds, NULL, &error);
  g_assert_no_error (error);
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roster/kinds", test_kinds);

  return g_test_run ();
}
