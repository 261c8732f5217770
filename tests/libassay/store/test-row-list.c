/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list over a query: it announces exactly what it does, reads only what is looked at, keeps its rows' identity,
 * holds back what would push others, and goes without leaving anything behind. */
#include "config.h"

#include <string.h>

#include "assay-row-list.h"
#include "store-fixture.h"

typedef struct
{
  char *directory;
  AssayStore *store;
  gint64 connection_id;
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

/* ---- Writing ---- */

typedef struct
{
  Fixture *fixture;
  guint first;
  guint n;
} People;

static gpointer
add_people (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  People *people = data;

  if (people->fixture->connection_id == 0)
    {
      people->fixture->connection_id = store_fixture_add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME");
      store_fixture_add_job (database, people->fixture->connection_id, "1", "Backend Engineer");
    }
  store_fixture_add_people (database, people->fixture->connection_id, people->first, people->n);
  return NULL;
}

static void
add (Fixture *fixture,
     guint    first,
     guint    n)
{
  People people = { fixture, first, n };
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, add_people, &people, &error);
  g_assert_no_error (error);
}

/* Whether the ATS was read to its end. */
static void
write_read_whole (AssayDatabase *database,
                  gint64         connection_id,
                  gboolean       whole)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayConnection) connection = assay_connections_get (database, connection_id, &error);

  g_assert_no_error (error);
  connection->complete_up_to = whole ? 1000 : 0;
  assay_connections_update (database, connection, &error);
  g_assert_no_error (error);
}

typedef struct
{
  Fixture *fixture;
  gboolean whole;
} Reading;

static gpointer
write_reading (AssayDatabase  *database,
               gpointer        data,
               GError        **error)
{
  Reading *reading = data;

  write_read_whole (database, reading->fixture->connection_id, reading->whole);
  return NULL;
}

static void
set_read_whole (Fixture  *fixture,
                gboolean  whole)
{
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, write_reading, &(Reading) { fixture, whole }, &error);
  g_assert_no_error (error);
}

/* A person with that number, changed or new. */
typedef struct
{
  Fixture *fixture;
  guint number;
  const char *name;
  gint64 updated_at;
  gboolean archived;
} Change;

static gpointer
write_change (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  Change *change = data;
  g_autofree char *remote_id = g_strdup_printf ("%u", change->number);
  g_autoptr (AssayApplication) application =
    store_fixture_make_application (remote_id, "1", change->name, change->updated_at);

  application->archived = change->archived;
  store_fixture_upsert (database, change->fixture->connection_id, application);
  return NULL;
}

static void
change (Fixture    *fixture,
        guint       number,
        const char *name,
        gint64      updated_at,
        gboolean    archived)
{
  Change data = { fixture, number, name, updated_at, archived };
  g_autoptr (GError) error = NULL;

  assay_store_write (fixture->store, write_change, &data, &error);
  g_assert_no_error (error);
}

/* ---- A watcher that believes only what is announced ---- */

typedef struct
{
  AssayRowList *list;
  GArray *ids;
  guint announcements;
} Watcher;

static gint64
get_id_at (AssayRowList *list,
           guint         position)
{
  g_autoptr (AssayRow) row = g_list_model_get_item (G_LIST_MODEL (list), position);

  g_assert_nonnull (row);
  return assay_row_get_id (row);
}

/* A list widget takes two rows that are the same for one. */
static void
check_unique (GArray *ids)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < ids->len; i++)
    g_assert_true (g_hash_table_add (seen, &g_array_index (ids, gint64, i)));
}

static void
items_changed (GListModel *model,
               guint       position,
               guint       removed,
               guint       added,
               Watcher    *watcher)
{
  watcher->announcements++;
  g_assert_cmpuint (position + removed, <=, watcher->ids->len);
  if (removed > 0)
    g_array_remove_range (watcher->ids, position, removed);
  for (guint i = 0; i < added; i++)
    {
      gint64 id = get_id_at (ASSAY_ROW_LIST (model), position + i);

      g_array_insert_val (watcher->ids, position + i, id);
    }
  check_unique (watcher->ids);
  /* In the middle of several steps too, the list is what it said. */
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, watcher->ids->len);
  if (watcher->ids->len > 0)
    g_assert_cmpint (get_id_at (ASSAY_ROW_LIST (model), watcher->ids->len - 1), ==,
                     g_array_index (watcher->ids, gint64, watcher->ids->len - 1));
}

static void
watch (Watcher      *watcher,
       AssayRowList *list)
{
  watcher->list = list;
  watcher->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  watcher->announcements = 0;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed), watcher);
}

static void
check_watcher (Watcher *watcher)
{
  guint length = g_list_model_get_n_items (G_LIST_MODEL (watcher->list));

  g_assert_cmpuint (length, ==, watcher->ids->len);
  for (guint i = 0; i < length; i++)
    g_assert_cmpint (get_id_at (watcher->list, i), ==, g_array_index (watcher->ids, gint64, i));
}

static void
watcher_clear (Watcher *watcher)
{
  check_watcher (watcher);
  g_signal_handlers_disconnect_by_data (watcher->list, watcher);
  g_array_unref (watcher->ids);
}

/* ---- Waiting ---- */

typedef struct
{
  AssayRowList *list;
  guint n;
} Length;

static gboolean
has_length (gpointer data)
{
  Length *length = data;

  return !assay_row_list_get_loading (length->list) && g_list_model_get_n_items (G_LIST_MODEL (length->list)) == length->n;
}

static gboolean
has_held_back (gpointer data)
{
  Length *length = data;

  return assay_row_list_get_held_back (length->list) == length->n;
}

static void
wait_for_length (AssayRowList *list,
                 guint         n)
{
  Length length = { list, n };

  store_fixture_wait (has_length, &length);
}

static void
wait_for_held_back (AssayRowList *list,
                    guint         n)
{
  Length length = { list, n };

  store_fixture_wait (has_held_back, &length);
}

static gboolean
is_done_loading (gpointer data)
{
  return !assay_row_list_get_loading (data);
}

static gboolean
is_loaded (gpointer data)
{
  return assay_row_is_loaded (data);
}

static void
count (guint *counter)
{
  *counter += 1;
}

static gboolean
is_counted (gpointer data)
{
  return *(guint *) data > 0;
}

/* ---- Tests ---- */

static void
test_empty (Fixture       *fixture,
            gconstpointer  unused)
{
  AssayRowList *list = assay_row_list_new_applications (fixture->store);
  Watcher watcher;

  watch (&watcher, list);
  g_assert_true (assay_row_list_get_loading (list));
  wait_for_length (list, 0);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 0));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == ASSAY_TYPE_ROW);

  /* Nothing is held back from a short list. */
  add (fixture, 0, 10);
  wait_for_length (list, 10);
  add (fixture, 10, 10);
  wait_for_length (list, 20);
  g_assert_cmpuint (assay_row_list_get_held_back (list), ==, 0);
  watcher_clear (&watcher);
  g_assert_finalize_object (list);
}

static void
test_content (Fixture       *fixture,
              gconstpointer  unused)
{
  AssayRowList *list;
  g_autoptr (AssayRow) row = NULL;
  g_autoptr (AssayRow) again = NULL;
  guint changes = 0;
  guint length = 0;

  add (fixture, 0, 500);
  list = assay_row_list_new_applications (fixture->store);
  wait_for_length (list, 500);
  g_object_get (list, "n-items", &length, NULL);
  g_assert_cmpuint (length, ==, 500);

  row = g_list_model_get_item (G_LIST_MODEL (list), 300);
  g_assert_false (assay_row_is_loaded (row));
  g_assert_null (assay_row_get_application (row));
  store_fixture_wait (is_loaded, row);
  g_assert_cmpstr (assay_row_get_application (row)->full_name, ==, "Person 199");
  g_assert_null (assay_row_get_invitation (row));
  g_assert_cmpuint (assay_row_list_find (list, assay_row_get_id (row)), ==, 300);
  g_assert_cmpuint (assay_row_list_find (list, 4711), ==, G_MAXUINT);
  again = g_list_model_get_item (G_LIST_MODEL (list), 300);
  g_assert_true (again == row);

  /* New content in place. */
  g_signal_connect_swapped (row, "changed", G_CALLBACK (count), &changes);
  change (fixture, 199, "Person with a new name", 1199, FALSE);
  store_fixture_wait (is_counted, &changes);
  g_assert_cmpstr (assay_row_get_application (row)->full_name, ==, "Person with a new name");
  g_signal_handlers_disconnect_by_data (row, &changes);
  g_assert_finalize_object (list);
  /* A row outlives its list. */
  g_assert_cmpstr (assay_row_get_application (row)->full_name, ==, "Person with a new name");
}

static void
test_bounded (Fixture       *fixture,
              gconstpointer  unused)
{
  /* Far more than a list keeps. */
  const guint n = 10000;
  AssayRowList *list;
  g_autoptr (AssayRow) held = NULL;
  g_autoptr (AssayRow) same = NULL;
  guint alive = 0;
  GWeakRef first;

  add (fixture, 0, n);
  list = assay_row_list_new_applications (fixture->store);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count), &alive);
  wait_for_length (list, n);
  /* The first rows at once, then all others. */
  g_assert_cmpuint (alive, ==, 2);
  g_signal_handlers_disconnect_by_data (list, &alive);

  held = g_list_model_get_item (G_LIST_MODEL (list), 7);
  g_weak_ref_init (&first, NULL);
  same = g_list_model_get_item (G_LIST_MODEL (list), 8);
  g_weak_ref_set (&first, same);
  g_clear_object (&same);
  for (guint i = 0; i < n; i += 50)
    g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), i));
  store_fixture_wait (is_loaded, held);

  /* What nobody holds goes; what somebody holds stays the same object. */
  g_assert_null (g_weak_ref_get (&first));
  g_weak_ref_clear (&first);
  same = g_list_model_get_item (G_LIST_MODEL (list), 7);
  g_assert_true (same == held);
  g_assert_finalize_object (list);
}

static void
test_held_back (Fixture       *fixture,
                gconstpointer  unused)
{
  AssayRowList *list;
  Watcher watcher;
  gint64 first_id;
  g_autoptr (AssayRow) row = NULL;

  add (fixture, 0, 300);
  set_read_whole (fixture, TRUE);
  list = assay_row_list_new_applications (fixture->store);
  watch (&watcher, list);
  wait_for_length (list, 300);
  first_id = get_id_at (list, 0);
  row = g_list_model_get_item (G_LIST_MODEL (list), 100);

  add (fixture, 300, 3);
  wait_for_held_back (list, 3);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 300);
  g_assert_cmpint (get_id_at (list, 0), ==, first_id);

  /* One that leaves is taken out, and only that one. */
  watcher.announcements = 0;
  change (fixture, 250, "Person 250", 5000, TRUE);
  wait_for_length (list, 299);
  g_assert_cmpuint (watcher.announcements, ==, 1);
  g_assert_cmpuint (assay_row_list_get_held_back (list), ==, 3);

  watcher.announcements = 0;
  assay_row_list_show_held_back (list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 302);
  g_assert_cmpuint (assay_row_list_get_held_back (list), ==, 0);
  g_assert_cmpuint (watcher.announcements, ==, 1);
  g_assert_cmpuint (assay_row_list_find (list, first_id), ==, 3);
  g_assert_cmpuint (assay_row_list_find (list, assay_row_get_id (row)), ==, 102);
  check_watcher (&watcher);
  watcher_clear (&watcher);
  g_assert_finalize_object (list);
}

static void
test_find (Fixture       *fixture,
           gconstpointer  unused)
{
  AssayRowList *list;
  gint64 id;

  add (fixture, 0, 300);
  list = assay_row_list_new_applications (fixture->store);
  wait_for_length (list, 300);
  id = get_id_at (list, 100);

  g_assert_cmpuint (assay_row_list_find (list, id), ==, 100);
  g_assert_cmpuint (assay_row_list_find (list, -1), ==, G_MAXUINT);
  g_assert_cmpuint (assay_row_list_find_between (list, id, 100, 101), ==, 100);
  g_assert_cmpuint (assay_row_list_find_between (list, id, 0, 100), ==, G_MAXUINT);
  g_assert_cmpuint (assay_row_list_find_between (list, id, 101, 300), ==, G_MAXUINT);
  g_assert_cmpuint (assay_row_list_find_between (list, id, 50, 50), ==, G_MAXUINT);
  /* A range may go beyond the list. */
  g_assert_cmpuint (assay_row_list_find_between (list, id, 50, G_MAXUINT), ==, 100);
  g_assert_cmpuint (assay_row_list_find_between (list, id, 300, 400), ==, G_MAXUINT);
  g_assert_finalize_object (list);
}

/* The list hears of both at once. */
static gpointer
write_last_page (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  Fixture *fixture = data;

  store_fixture_add_people (database, fixture->connection_id, 400, 100);
  write_read_whole (database, fixture->connection_id, TRUE);
  return NULL;
}

/* What the first reading of an ATS brings is shown, also where the list hears of the last of it only when all is read;
 * what comes later is held back. */
static void
test_first_reading (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  AssayRowList *list;
  Watcher watcher;

  add (fixture, 0, 300);
  list = assay_row_list_new_applications (fixture->store);
  watch (&watcher, list);
  wait_for_length (list, 300);

  add (fixture, 300, 100);
  wait_for_length (list, 400);
  g_assert_cmpuint (assay_row_list_get_held_back (list), ==, 0);

  assay_store_write (fixture->store, write_last_page, fixture, &error);
  g_assert_no_error (error);
  wait_for_length (list, 500);
  g_assert_cmpuint (assay_row_list_get_held_back (list), ==, 0);

  add (fixture, 500, 3);
  wait_for_held_back (list, 3);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 500);
  check_watcher (&watcher);
  watcher_clear (&watcher);
  g_assert_finalize_object (list);
}

/* A second ATS, of which nothing is in the list yet. */
static gpointer
write_second_ats (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  Fixture *fixture = data;

  fixture->connection_id = store_fixture_add_connection (database, "lever", ASSAY_ROLE_ATS, "Lever");
  store_fixture_add_job (database, fixture->connection_id, "1", "Designer");
  store_fixture_add_people (database, fixture->connection_id, 1000, 60);
  write_read_whole (database, fixture->connection_id, TRUE);
  return NULL;
}

static void
test_second_ats (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr (GError) error = NULL;
  AssayRowList *list;

  add (fixture, 0, 300);
  set_read_whole (fixture, TRUE);
  list = assay_row_list_new_applications (fixture->store);
  wait_for_length (list, 300);

  assay_store_write (fixture->store, write_second_ats, fixture, &error);
  g_assert_no_error (error);
  wait_for_length (list, 360);
  g_assert_cmpuint (assay_row_list_get_held_back (list), ==, 0);
  g_assert_finalize_object (list);
}

/* A row that only moved isn't moved under one's eyes. */
static void
test_reordered (Fixture       *fixture,
                gconstpointer  unused)
{
  AssayRowList *list;
  Watcher watcher;
  g_autoptr (AssayRow) row = NULL;
  guint changes = 0;

  add (fixture, 0, 300);
  set_read_whole (fixture, TRUE);
  list = assay_row_list_new_applications (fixture->store);
  watch (&watcher, list);
  wait_for_length (list, 300);
  row = g_list_model_get_item (G_LIST_MODEL (list), 100);
  store_fixture_wait (is_loaded, row);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (count), &changes);

  watcher.announcements = 0;
  change (fixture, 199, "Person 199", 9000, FALSE);
  store_fixture_wait (is_counted, &changes);
  g_signal_handlers_disconnect_by_data (row, &changes);
  add (fixture, 300, 1);
  wait_for_held_back (list, 1);
  g_assert_cmpuint (watcher.announcements, ==, 0);
  g_assert_cmpuint (assay_row_list_find (list, assay_row_get_id (row)), ==, 100);

  assay_row_list_show_held_back (list);
  g_assert_cmpuint (assay_row_list_find (list, assay_row_get_id (row)), ==, 0);
  watcher_clear (&watcher);
  g_assert_finalize_object (list);
}

static void
test_filter (Fixture       *fixture,
             gconstpointer  unused)
{
  AssayRowList *list;
  Watcher watcher;
  g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();

  add (fixture, 0, 1500);
  list = assay_row_list_new_applications (fixture->store);
  watch (&watcher, list);
  /* Only the last of several is shown. */
  filter->search = g_strdup ("person");
  assay_row_list_set_application_filter (list, filter);
  g_free (filter->search);
  filter->search = g_strdup ("p14@");
  assay_row_list_set_application_filter (list, filter);
  g_assert_true (assay_row_list_get_loading (list));
  wait_for_length (list, 1 + 10 + 100);
  /* More than a ranked page: first those, then the rest. */
  g_free (filter->search);
  filter->search = g_strdup ("person");
  assay_row_list_set_application_filter (list, filter);
  wait_for_length (list, 1500);
  assay_row_list_set_application_filter (list, NULL);
  wait_for_length (list, 1500);
  watcher_clear (&watcher);
  g_assert_finalize_object (list);
}

/* The list as the query gives it, and as one is shown it. */
static gpointer
list_all (AssayDatabase  *database,
          gpointer        data,
          GError        **error)
{
  g_autoptr (GPtrArray) found = assay_applications_list (database, NULL, 0, 0, error);
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < found->len; i++)
    g_array_append_val (ids, ((AssayApplication *) found->pdata[i])->id);
  return ids;
}

typedef struct
{
  GArray *shown;
  GArray *wanted;
} Comparison;

static gboolean
is_same (gpointer data)
{
  Comparison *comparison = data;

  return comparison->shown->len == comparison->wanted->len &&
         memcmp (comparison->shown->data, comparison->wanted->data, comparison->wanted->len * sizeof (gint64)) == 0;
}

static void
test_random (Fixture       *fixture,
             gconstpointer  unused)
{
  AssayRowList *list;
  Watcher watcher;
  g_autoptr (GArray) all = NULL;
  g_autoptr (GError) error = NULL;
  guint next = 400;

  add (fixture, 0, 400);
  list = assay_row_list_new_applications (fixture->store);
  watch (&watcher, list);
  wait_for_length (list, 400);

  for (guint round = 0; round < 300; round++)
    {
      guint number = (guint) g_test_rand_int_range (0, (gint32) next);

      switch (g_test_rand_int_range (0, 6))
        {
        case 0:
          add (fixture, next, (guint) g_test_rand_int_range (1, 4));
          next += 3;
          break;
        case 1:
        case 2:
          change (fixture, number, "Person", 1000 + g_test_rand_int_range (0, 3000), g_test_rand_bit ());
          break;
        case 3:
          if (assay_row_list_get_held_back (list) > 0)
            assay_row_list_show_held_back (list);
          break;
        case 4:
          set_read_whole (fixture, g_test_rand_bit ());
          break;
        default:
          while (g_main_context_iteration (NULL, FALSE))
            ;
          break;
        }
    }

  /* In the end it is what the query gives. */
  set_read_whole (fixture, FALSE);
  add (fixture, next, 1);
  all = assay_store_read (fixture->store, list_all, NULL, &error);
  g_assert_no_error (error);
  store_fixture_wait (is_same, &(Comparison) { watcher.ids, all });
  watcher_clear (&watcher);
  g_assert_finalize_object (list);
}

/* ---- Played by a seed ---- */

#define RESTLESS_PEOPLE 2500

/* Somebody who holds on to rows, as a list widget does, and wants what leaves announced in pieces. */
typedef struct
{
  Watcher watcher;
  GRand *random;
  GHashTable *held;    /* AssayRow, owned */
} Restless;

static guint
items_leaving (AssayRowList *list,
               guint         position,
               guint         removed,
               Restless     *restless)
{
  /* Nothing has happened yet. */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, restless->watcher.ids->len);
  g_assert_cmpuint (removed, >, 1);
  g_assert_cmpuint (position + removed, <=, restless->watcher.ids->len);
  return g_rand_boolean (restless->random) ? (guint) g_rand_int_range (restless->random, 0, (gint32) removed + 1) : 0;
}

/* The whole list is what was announced, and a row that is held on to is at one position, or at none. */
static void
check_restless (GListModel *model,
                guint       position,
                guint       removed,
                guint       added,
                Restless   *restless)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, restless->held);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      gint64 *id = g_new (gint64, 1);

      *id = assay_row_get_id (row);
      g_assert_true (g_hash_table_insert (by_id, id, row));
    }
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, restless->watcher.ids->len);
  for (guint i = 0; i < restless->watcher.ids->len; i++)
    {
      gint64 id = g_array_index (restless->watcher.ids, gint64, i);
      gpointer holder = g_hash_table_lookup (by_id, &id);

      g_assert_cmpint (assay_row_list_get_id (ASSAY_ROW_LIST (model), i), ==, id);
      if (holder != NULL)
        {
          g_autoptr (AssayRow) there = g_list_model_get_item (model, i);

          g_assert_true (there == holder);
        }
    }
}

/* Looks at a few rows somewhere, and lets go of some others. */
static void
jump (Restless *restless)
{
  GListModel *model = G_LIST_MODEL (restless->watcher.list);
  guint length = g_list_model_get_n_items (model);
  guint start = length > 0 ? (guint) g_rand_int_range (restless->random, 0, (gint32) length) : 0;
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, restless->held);
  while (g_hash_table_iter_next (&iter, NULL, NULL))
    if (g_rand_int_range (restless->random, 0, 3) == 0)
      g_hash_table_iter_remove (&iter);
  for (guint i = start; i < MIN (start + 20, length); i++)
    g_hash_table_add (restless->held, g_list_model_get_item (model, i));
}

static void
search_for (Restless *restless)
{
  static const char *const searches[] = { NULL, "person", "p1", "p2", "p12", "p24", "nobody" };
  g_autoptr (AssayApplicationFilter) filter = assay_application_filter_new ();

  filter->search = g_strdup (searches[g_rand_int_range (restless->random, 0, G_N_ELEMENTS (searches))]);
  assay_row_list_set_application_filter (restless->watcher.list, filter);
}

/* Person @number is taken to another place, comes back, or leaves. */
static void
move_somebody (Fixture  *fixture,
               Restless *restless,
               guint     number)
{
  g_autofree char *name = g_strdup_printf ("Person %u", number);

  change (fixture, number, name, g_rand_int_range (restless->random, 1000, 1000 + RESTLESS_PEOPLE),
          g_rand_int_range (restless->random, 0, 4) == 0);
}

static void
play (Fixture *fixture,
      guint    seed,
      guint   *next)
{
  Restless restless = { .random = g_rand_new_with_seed (seed) };
  AssayRowList *list = assay_row_list_new_applications (fixture->store);
  g_autoptr (GArray) all = NULL;
  g_autoptr (GError) error = NULL;

  g_test_message ("ASSAY_SEEDS=%u", seed);
  restless.held = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  watch (&restless.watcher, list);
  g_signal_connect (list, "items-leaving", G_CALLBACK (items_leaving), &restless);
  g_signal_connect (list, "items-changed", G_CALLBACK (check_restless), &restless);
  for (guint round = 0; round < 40; round++)
    {
      switch (g_rand_int_range (restless.random, 0, 10))
        {
        case 0:
          if (*next < 2 * RESTLESS_PEOPLE)
            {
              add (fixture, *next, (guint) g_rand_int_range (restless.random, 1, 30));
              *next += 30;
            }
          break;
        case 1:
        case 2:
          for (guint i = 0; i < 3; i++)
            move_somebody (fixture, &restless, (guint) g_rand_int_range (restless.random, 0, (gint32) *next));
          break;
        case 3:
          search_for (&restless);
          break;
        case 4:
          assay_row_list_show_held_back (list);
          break;
        case 5:
          g_object_set (list, "hold-back", g_rand_boolean (restless.random), NULL);
          break;
        case 6:
          store_fixture_wait (is_done_loading, list);
          break;
        default:
          jump (&restless);
          break;
        }
      /* Answers come late, and in between. */
      for (int i = g_rand_int_range (restless.random, 0, 4); i > 0; i--)
        g_main_context_iteration (NULL, FALSE);
    }

  g_object_set (list, "hold-back", FALSE, NULL);
  assay_row_list_set_application_filter (list, NULL);
  all = assay_store_read (fixture->store, list_all, NULL, &error);
  g_assert_no_error (error);
  store_fixture_wait (is_same, &(Comparison) { restless.watcher.ids, all });
  g_signal_handlers_disconnect_by_data (list, &restless);
  watcher_clear (&restless.watcher);
  g_hash_table_unref (restless.held);
  g_rand_free (restless.random);
  g_assert_finalize_object (list);
}

static void
test_restless (Fixture       *fixture,
               gconstpointer  unused)
{
  const char *text = g_getenv ("ASSAY_SEEDS") != NULL ? g_getenv ("ASSAY_SEEDS") : "1-3";
  const char *dash = strchr (text, '-');
  guint64 first = g_ascii_strtoull (text, NULL, 10);
  guint64 last = dash != NULL ? g_ascii_strtoull (dash + 1, NULL, 10) : first;
  guint next = RESTLESS_PEOPLE;

  add (fixture, 0, RESTLESS_PEOPLE);
  for (guint64 seed = first; seed <= last; seed++)
    play (fixture, (guint) seed, &next);
}

static void
test_teardown (Fixture       *fixture,
               gconstpointer  unused)
{
  add (fixture, 0, 2000);
  for (guint i = 0; i < 20; i++)
    {
      AssayRowList *list = assay_row_list_new_applications (fixture->store);

      if (i % 2 == 0)
        wait_for_length (list, 2000);
      for (guint j = 0; j < g_list_model_get_n_items (G_LIST_MODEL (list)); j += 64)
        g_object_unref (g_list_model_get_item (G_LIST_MODEL (list), j));
      if (i % 3 == 0)
        change (fixture, i, "Person", 9000 + i, FALSE);
      if (i % 4 == 0)
        g_main_context_iteration (NULL, FALSE);
      /* With reads and queries under way. */
      g_assert_finalize_object (list);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
failed (AssayRowList *list,
        GError       *error,
        guint        *counter)
{
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_STORAGE);
  *counter += 1;
}

static void
test_failure (Fixture       *fixture,
              gconstpointer  unused)
{
  AssayRowList *list;
  Watcher watcher;
  guint failures = 0;

  add (fixture, 0, 100);
  list = assay_row_list_new_applications (fixture->store);
  watch (&watcher, list);
  wait_for_length (list, 100);
  g_signal_connect (list, "failed", G_CALLBACK (failed), &failures);
  assay_store_close (fixture->store);
  assay_row_list_set_application_filter (list, NULL);
  store_fixture_wait (is_counted, &failures);
  g_assert_false (assay_row_list_get_loading (list));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 100);
  watcher_clear (&watcher);
  g_assert_finalize_object (list);
}

static gpointer
add_invitations (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  gint64 provider = store_fixture_add_connection (database, "testtrick", ASSAY_ROLE_PROVIDER, "TestTrick");
  gint64 assessment = store_fixture_add_assessment (database, provider, "Python");

  for (gint64 i = 1; i <= 30; i++)
    store_fixture_add_invitation (database, i, assessment, provider,
                                  i <= 10 ? ASSAY_INVITATION_COMPLETED : ASSAY_INVITATION_PENDING);
  return NULL;
}

static void
test_invitations (Fixture       *fixture,
                  gconstpointer  unused)
{
  AssayRowList *list;
  g_autoptr (AssayRow) row = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, 0, 30);
  list = assay_row_list_new_invitations (fixture->store);
  wait_for_length (list, 0);
  assay_store_write (fixture->store, add_invitations, NULL, &error);
  g_assert_no_error (error);
  wait_for_length (list, 30);
  row = g_list_model_get_item (G_LIST_MODEL (list), 0);
  store_fixture_wait (is_loaded, row);
  g_assert_cmpstr (assay_row_get_invitation (row)->assessment_name, ==, "Python");
  assay_row_list_set_invitation_status (list, ASSAY_INVITATION_COMPLETED);
  wait_for_length (list, 10);
  g_assert_finalize_object (list);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) g_test_add ("/row-list/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("empty", test_empty);
  ADD ("content", test_content);
  ADD ("bounded", test_bounded);
  ADD ("held-back", test_held_back);
  ADD ("find", test_find);
  ADD ("first-reading", test_first_reading);
  ADD ("second-ats", test_second_ats);
  ADD ("reordered", test_reordered);
  ADD ("filter", test_filter);
  ADD ("random", test_random);
  ADD ("restless", test_restless);
  ADD ("teardown", test_teardown);
  ADD ("failure", test_failure);
  ADD ("invitations", test_invitations);
  return g_test_run ();
}
