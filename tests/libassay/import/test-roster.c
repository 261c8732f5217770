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

static gpointer
check_columns (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  static const struct
  {
    const char *text;
    guint n_rows;        /* 0 for a refusal */
    guint n_found;
    guint line;          /* of the first row */
    const char *refusal;
  } files[] = {
    { "Vorname;E-Mail-Adresse\nAda;open@example.com\nBob;nobody@example.com\n", 2, 1, 2, NULL },
    { "Courriel | Nom\nopen@example.com | Ada\n", 1, 1, 2, NULL },
    /* Without headings the first line is somebody. */
    { "open@example.com\nnobody@example.com\n", 2, 1, 1, NULL },
    { "Ada\tAda <open@example.com>\n", 1, 1, 1, NULL },
    /* An address in a note doesn't make it a list of them. */
    { "Mail;Notes\nopen@example.com;knows bob@example.com\nb@example.com;\nc@example.com;x@example.com\n", 3, 1, 2, NULL },
    { "Candidate;Recruiter\nopen@example.com;me@example.com\n", 0, 0, 0, "Several columns" },
    /* The heading wins over what is only alike. */
    { "Recruiter;Email\nme@example.com;open@example.com\n", 1, 1, 2, NULL },
    { "Name;Phone\nAda;123\n", 0, 0, 0, "none has e-mail addresses" },
    { "email\n", 0, 0, 0, "names nobody" },
    { "\n \n", 0, 0, 0, "is empty" },
    { "", 0, 0, 0, "is empty" },
  };
  gint64 connection = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "Pinpoint");

  store_fixture_add_job (database, connection, "1", "Engineer");
  add (database, connection, "10", "1", "open@example.com", FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (GPtrArray) rows = assay_csv_parse (files[i].text, strlen (files[i].text), error);
      g_autoptr (GPtrArray) roster = NULL;
      guint n_found = 0;

      g_assert_no_error (*error);
      g_test_message ("%s", files[i].text);
      roster = assay_roster_read (database, rows, &local_error);
      if (files[i].n_rows == 0)
        {
          g_assert_error (local_error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
          g_assert_nonnull (strstr (local_error->message, files[i].refusal));
          continue;
        }
      g_assert_no_error (local_error);
      g_assert_cmpuint (roster->len, ==, files[i].n_rows);
      for (guint j = 0; j < roster->len; j++)
        n_found += ((AssayRosterRow *) g_ptr_array_index (roster, j))->kind == ASSAY_ROSTER_FOUND;
      g_assert_cmpuint (n_found, ==, files[i].n_found);
      g_assert_cmpuint (((AssayRosterRow *) g_ptr_array_index (roster, 0))->line, ==, files[i].line);
    }
  return NULL;
}

static void
check_in_store (AssayStoreFunc check)
{
  g_autofree char *directory = store_fixture_make_directory ();
  AssayStore *store = store_fixture_open (directory);
  g_autoptr (GError) error = NULL;

  assay_store_write (store, check, NULL, &error);
  g_assert_no_error (error);
  store_fixture_close (store);
  store_fixture_remove_directory (directory);
}

static void
test_kinds (void)
{
  check_in_store (check_kinds);
}

static void
test_columns (void)
{
  check_in_store (check_columns);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roster/kinds", test_kinds);
  g_test_add_func ("/roster/columns", test_columns);

  return g_test_run ();
}
