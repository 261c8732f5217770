/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding people: names of many scripts, hostile text, every condition against a plain reference, and the bound. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "store-fixture.h"

typedef struct
{
  char *directory;
  AssayStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->directory = store_fixture_make_directory ();
  fixture->store = store_fixture_open (fixture->directory);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  store_fixture_close (fixture->store);
  store_fixture_remove_directory (fixture->directory);
  g_free (fixture->directory);
}

static void
run_write (Fixture        *fixture,
           AssayStoreFunc  function)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, function, NULL, &error);
  g_assert_no_error (error);
}

/* (transfer full): the names found, joined */
static char *
find (AssayDatabase *database,
      const char    *search)
{
  g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;
  gint64 count;

  filter->search = g_strdup (search);
  found = assay_applications_list (database, filter, 0, 0, &error);
  g_assert_no_error (error);
  count = assay_applications_count (database, filter, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count, ==, found->len);
  for (guint i = 0; i < found->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "; " : "", ((AssayApplication *) found->pdata[i])->full_name);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static void
assert_found (AssayDatabase *database,
              const char    *search,
              const char    *expected)
{
  g_autofree char *names = find (database, search);

  if (g_strcmp0 (names, expected) != 0)
    g_error ("“%.100s” finds “%s”, not “%s”", search, names, expected);
}

/* ---- Words ---- */

static gpointer
check_words (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  gint64 connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  static const char *const names[] = {
    "Amara Okafor", "Jonas Šimek", "李 明", "王小明", "José María Núñez-O'Neil", "Никита Иванов", "김민준", "Łukasz Żak",
    "Alexandra Long", "Alexandrovich Long",
  };

  store_fixture_add_job (database, connection_id, "1", "Backend Engineer");
  store_fixture_add_job (database, connection_id, "2", "Designer");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *remote_id = g_strdup_printf ("%u", i);
      g_autoptr (AssayApplication) application =
        store_fixture_make_application (remote_id, i == 0 ? "2" : "1", names[i], 100 - i);

      if (i == 1)
        {
          g_strfreev (application->tags);
          application->tags = g_strsplit ("Remote-only", ",", -1);
          g_free (application->stage_name);
          application->stage_name = g_strdup ("Phone Screen");
        }
      store_fixture_upsert (database, connection_id, application);
    }

  assert_found (database, "amara", "Amara Okafor");
  assert_found (database, "  OKA   ama ", "Amara Okafor");
  assert_found (database, "mara", "");
  assert_found (database, "simek", "Jonas Šimek");
  assert_found (database, "Šim", "Jonas Šimek");
  assert_found (database, "李", "李 明");
  assert_found (database, "明", "李 明; 王小明");
  assert_found (database, "李明", "李 明");
  assert_found (database, "小明", "王小明");
  assert_found (database, "民", "");
  assert_found (database, "민준", "김민준");
  assert_found (database, "nunez", "José María Núñez-O'Neil");
  assert_found (database, "o'neil josé", "José María Núñez-O'Neil");
  assert_found (database, "иван", "Никита Иванов");
  assert_found (database, "zak", "Łukasz Żak");
  assert_found (database, "p3@mail", "王小明");
  assert_found (database, "remote", "Jonas Šimek");
  assert_found (database, "phone scr", "Jonas Šimek");
  /* Longer than what the index knows of a word. */
  assert_found (database, "alexan", "Alexandra Long; Alexandrovich Long");
  assert_found (database, "alexandra", "Alexandra Long");
  assert_found (database, "long alexandrov", "Alexandrovich Long");
  assert_found (database, "alexandria", "");
  assert_found (database, "designer", "Amara Okafor");
  assert_found (database, "engineer jonas", "Jonas Šimek");
  assert_found (database, "engineer amara", "");
  return NULL;
}

static void
test_words (Fixture       *fixture,
            gconstpointer  unused)
{
  run_write (fixture, check_words);
}

/* ---- Text that isn't meant to be searched for ---- */

static gpointer
check_hostile (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  static const char *const without_words[] = { "", " ", "\"", "*", "\"\"\"", "()", "^", "-", "{}:", "'", ";--", "%_" };
  static const char *const words[] = {
    "AND",           "OR NOT",          "NEAR(",      "NEAR(amara, 2)",  "\"amara",      "amara\"",
    "full_name:x",   "{full_name}: am", "a* OR b*",   "amara AND",       "(amara",       "^amara",
    "amara + okafor", "rowid:1",        "\\",         "\xff\xfe",        "amara\x01\x02", "\356\200\200live",
    "\356\200\200j1", "\356\200\200",   "'; DROP TABLE application; --", "\u0301\u0301", "İstanbul", "ﬁnn", "ǅ",
  };
  gint64 connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  g_autofree char *long_word = g_strnfill (10240, 'a');
  GString *many = g_string_new (NULL);

  store_fixture_add_people (database, connection_id, 0, 3);
  for (guint i = 0; i < G_N_ELEMENTS (without_words); i++)
    assert_found (database, without_words[i], "Person 2; Person 1; Person 0");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_free (find (database, words[i]));

  /* The marks of conditions can't be asked for: what is left finds nobody by them. */
  assert_found (database, "person \356\200\200none", "Person 2; Person 1; Person 0");

  assert_found (database, long_word, "");
  for (guint i = 0; i < 2000; i++)
    g_string_append (many, "明 (\" ");
  g_free (find (database, many->str));
  g_string_truncate (many, 0);
  for (guint i = 0; i < 5000; i++)
    g_string_append (many, "é");
  g_free (find (database, many->str));
  g_string_free (many, TRUE);
  return NULL;
}

static void
test_hostile (Fixture       *fixture,
              gconstpointer  unused)
{
  run_write (fixture, check_hostile);
}

/* ---- Conditions, against a reference ---- */

#define N_PEOPLE 600

static const char *const first_names[] = { "Amara", "Ana", "Jonas", "Lena", "Li", "Omar" };
static const char *const stage_names[] = { "Applied", "Phone Screen", "Screen", "Offer" };

static gboolean
matches (const AssayApplication       *application,
         const AssayApplicationFilter *filter)
{
  if (!filter->include_archived && (application->archived || application->gone))
    return FALSE;
  if (filter->connection_id != 0 && application->connection_id != filter->connection_id)
    return FALSE;
  if (filter->job_id != 0 && application->job_id != filter->job_id)
    return FALSE;
  if (filter->stage_name != NULL && g_strcmp0 (application->stage_name, filter->stage_name) != 0)
    return FALSE;
  if (filter->invitation_status == ASSAY_FILTER_NOT_INVITED && application->invitation_id != 0)
    return FALSE;
  if (filter->invitation_status >= 0 &&
      (application->invitation_id == 0 || (int) application->invitation_status != filter->invitation_status))
    return FALSE;
  if (filter->search != NULL && strncmp (application->full_name, filter->search, strlen (filter->search)) != 0)
    return FALSE;
  return TRUE;
}

static gint
compare_people (gconstpointer a,
                gconstpointer b)
{
  const AssayApplication *first = *(AssayApplication *const *) a;
  const AssayApplication *second = *(AssayApplication *const *) b;

  if (first->updated_at != second->updated_at)
    return first->updated_at > second->updated_at ? -1 : 1;
  return first->id > second->id ? -1 : 1;
}

static gpointer
check_conditions (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_application_free);
  gint64 connections[2], jobs[4], provider, assessment;

  provider = store_fixture_add_connection (database, "testtrick", ASSAY_ROLE_PROVIDER, "TestTrick");
  assessment = store_fixture_add_assessment (database, provider, "Python");
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *remote_id = g_strdup_printf ("%u", i);

      if (i < 2)
        connections[i] = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
      jobs[i] = store_fixture_add_job (database, connections[i % 2], remote_id, "Cook");
    }

  for (guint i = 0; i < N_PEOPLE; i++)
    {
      g_autofree char *remote_id = g_strdup_printf ("%u", i);
      g_autofree char *job = g_strdup_printf ("%d", g_test_rand_int_range (0, 4));
      g_autofree char *name =
        g_strdup_printf ("%s %u", first_names[g_test_rand_int_range (0, G_N_ELEMENTS (first_names))], i);
      g_autoptr (AssayApplication) application =
        store_fixture_make_application (remote_id, job, name, g_test_rand_int_range (0, 50));

      g_free (application->stage_name);
      application->stage_name = g_strdup (stage_names[g_test_rand_int_range (0, G_N_ELEMENTS (stage_names))]);
      application->archived = g_test_rand_int_range (0, 4) == 0;
      store_fixture_upsert (database, connections[atoi (job) % 2], application);
      if (g_test_rand_int_range (0, 10) == 0)
        g_assert_true (assay_applications_mark_gone (database, application->id, error));
      if (g_test_rand_int_range (0, 3) == 0)
        store_fixture_add_invitation (database, application->id, assessment, provider,
                                      (AssayInvitationStatus) g_test_rand_int_range (0, 4));
      g_ptr_array_add (people, assay_applications_get (database, application->id, error));
    }
  g_ptr_array_sort (people, compare_people);

  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();
      g_autoptr (AssayApplicationFilter) copy = NULL;
      g_autoptr (GPtrArray) found = NULL;
      g_autoptr (GPtrArray) page = NULL;
      guint n = 0;

      if (g_test_rand_int_range (0, 3) == 0)
        filter->connection_id = connections[g_test_rand_int_range (0, 2)];
      if (g_test_rand_int_range (0, 3) == 0)
        filter->job_id = jobs[g_test_rand_int_range (0, 4)];
      if (g_test_rand_int_range (0, 3) == 0)
        filter->stage_name = g_strdup (stage_names[g_test_rand_int_range (0, G_N_ELEMENTS (stage_names))]);
      if (g_test_rand_int_range (0, 2) == 0)
        filter->invitation_status = g_test_rand_int_range (-2, 5);
      if (g_test_rand_int_range (0, 2) == 0)
        filter->search = g_strdup (first_names[g_test_rand_int_range (0, G_N_ELEMENTS (first_names))]);
      filter->include_archived = g_test_rand_int_range (0, 2) == 0;
      copy = assay_application_filter_copy (filter);
      g_assert_true (assay_application_filter_equal (filter, copy));
      copy->include_archived = !copy->include_archived;
      g_assert_false (assay_application_filter_equal (filter, copy));

      found = assay_applications_list (database, filter, 0, 0, error);
      g_assert_nonnull (found);
      for (guint i = 0; i < people->len; i++)
        if (matches (people->pdata[i], filter))
          {
            g_assert_cmpuint (n, <, found->len);
            g_assert_cmpint (((AssayApplication *) people->pdata[i])->id, ==,
                             ((AssayApplication *) found->pdata[n])->id);
            n++;
          }
      g_assert_cmpuint (n, ==, found->len);
      g_assert_cmpint (assay_applications_count (database, filter, 0, error), ==, n);
      g_assert_cmpint (assay_applications_count (database, filter, 5, error), ==, MIN (n, 5));

      page = assay_applications_list (database, filter, 7, 3, error);
      g_assert_cmpuint (page->len, ==, n > 3 ? MIN (n - 3, 7) : 0);
      for (guint i = 0; i < page->len; i++)
        g_assert_cmpint (((AssayApplication *) page->pdata[i])->id, ==,
                         ((AssayApplication *) found->pdata[i + 3])->id);
    }
  return NULL;
}

static void
test_conditions (Fixture       *fixture,
                 gconstpointer  unused)
{
  run_write (fixture, check_conditions);
}

/* ---- The bound ---- */

static gpointer
check_bound (AssayDatabase  *database,
             gpointer        data,
             GError        **error)
{
  gint64 connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
  g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();
  g_autoptr (AssayApplication) named = store_fixture_make_application ("x", NULL, "Mail Person", 1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) found = NULL;

  store_fixture_add_people (database, connection_id, 0, 2500);
  store_fixture_upsert (database, connection_id, named);
  filter->search = g_strdup ("mail");
  found = assay_applications_list (database, filter, 0, 0, error);
  /* All have it in their address; the one who is called so comes first, then all others, each once. */
  g_assert_cmpuint (found->len, ==, 2501);
  g_assert_cmpstr (((AssayApplication *) found->pdata[0])->full_name, ==, "Mail Person");
  g_assert_cmpstr (((AssayApplication *) found->pdata[1])->full_name, ==, "Person 2499");
  g_assert_cmpstr (((AssayApplication *) found->pdata[2500])->full_name, ==, "Person 0");
  for (guint i = 0; i < found->len; i++)
    g_assert_true (g_hash_table_add (seen, &((AssayApplication *) found->pdata[i])->id));
  return NULL;
}

static void
test_bound (Fixture       *fixture,
            gconstpointer  unused)
{
  run_write (fixture, check_bound);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/search/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("words", test_words);
  ADD ("hostile", test_hostile);
  ADD ("conditions", test_conditions);
  ADD ("bound", test_bound);
  return g_test_run ();
}
