/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Syncing, beside what it can't do without: a first sync beside JsonParser and a bare insert of the same bytes (goal P5:
 * at most 0.6 of their sum, and twice a page in memory), and one in which nothing changed beside one round trip (goal P7:
 * at most 1.2 of it, and nothing written). And how many requests each takes. */
#include "config.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "assay-service-private.h"
#include "replay-server.h"
#include "test-support.h"

#define N_APPLICATIONS "20000"
#define FIRST_ROUNDS 3
#define SECOND_ROUNDS 41
/* How far a vendor across a network is, in milliseconds there and back. */
#define DISTANCE 20

typedef struct
{
  const char *kind;
  const char *list;       /* the address of applications, in part */
} Vendor;

static const Vendor vendors[] = {
  { "pinpoint", "/applications?" },
  { "lever", "/opportunities?" },
};

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const double *) a < *(const double *) b ? -1 : 1;
}

static double
median (double *values,
        guint   n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

/* In KiB; 0 where the system doesn't tell. */
static guint64
read_memory (const char *member)
{
  g_autofree char *text = NULL;
  const char *found;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  found = strstr (text, member);
  return found != NULL ? g_ascii_strtoull (found + strlen (member) + strspn (found + strlen (member), " \t"), NULL, 10) : 0;
}

/* So that the highest is the highest from now on. */
static void
forget_highest_memory (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file != NULL)
    {
      fputs ("5", file);
      fclose (file);
    }
}

/* ---- The floor of the first ---- */

/* JsonParser, and one insert a record into a table with nothing else to it. */
static double
run_floor (GPtrArray  *bodies,
           const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "floor.db", NULL);
  sqlite3 *database = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 begin;
  double taken;

  g_assert_cmpint (sqlite3_open (path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                           "CREATE TABLE record (id TEXT PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT, e TEXT,"
                                           " f TEXT, g TEXT, h TEXT, i TEXT, j TEXT, k TEXT, l TEXT)",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  begin = g_get_monotonic_time ();
  g_assert_cmpint (sqlite3_prepare_v2 (database, "INSERT OR REPLACE INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", -1, &statement,
                                       NULL), ==, SQLITE_OK);
  for (guint i = 0; i < bodies->len; i++)
    {
      g_autoptr (JsonParser) parser = json_parser_new ();
      GBytes *body = g_ptr_array_index (bodies, i);
      JsonArray *data;

      g_assert_true (json_parser_load_from_data (parser, g_bytes_get_data (body, NULL), (gssize) g_bytes_get_size (body),
                                                 NULL));
      data = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "data");
      sqlite3_exec (database, "BEGIN", NULL, NULL, NULL);
      for (guint j = 0; j < json_array_get_length (data); j++)
        {
          JsonObject *record = json_array_get_object_element (data, j);
          JsonObject *attributes = json_object_has_member (record, "attributes")
                                     ? json_object_get_object_member (record, "attributes")
                                     : record;
          JsonObjectIter iter;
          const char *name;
          JsonNode *node;
          int column = 2;

          sqlite3_bind_text (statement, 1, json_object_get_string_member (record, "id"), -1, SQLITE_STATIC);
          json_object_iter_init_ordered (&iter, attributes);
          while (column <= 13 && json_object_iter_next_ordered (&iter, &name, &node))
            if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
              sqlite3_bind_text (statement, column++, json_node_get_string (node), -1, SQLITE_STATIC);
          g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_DONE);
          sqlite3_reset (statement);
          sqlite3_clear_bindings (statement);
        }
      sqlite3_exec (database, "COMMIT", NULL, NULL, NULL);
    }
  taken = (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  sqlite3_finalize (statement);
  sqlite3_close (database);
  return taken;
}

/* ---- The floor of the second ---- */

static double
run_round_trip (SoupSession *session,
                const char  *address)
{
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) body = NULL;
  gint64 begin = g_get_monotonic_time ();

  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, test_keep_result, &result);
  test_wait_result (&result);
  body = soup_session_send_and_read_finish (session, result, NULL);
  g_assert_nonnull (body);
  return (double) (g_get_monotonic_time () - begin) / 1000;
}

/* ---- Both ---- */

static gint64
get_log_size (TestBench *bench)
{
  g_autofree char *path = g_build_filename (bench->directory, "assay.db-wal", NULL);
  struct stat status;

  return stat (path, &status) == 0 ? (gint64) status.st_size + status.st_mtim.tv_sec * 1000000 + status.st_mtim.tv_nsec / 1000
                                   : 0;
}

/* All of it is asked for by a person, @by_itself what goes on every few minutes. */
static double
run_sync (TestBench *bench,
          gboolean   by_itself,
          guint     *requests)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  if (by_itself)
    TEST_CALL (result, assay_service_sync_by_itself_async, bench->service, NULL);
  else
    TEST_CALL (result, assay_service_sync_async, bench->service, 0, FALSE, NULL, NULL, NULL);
  results = assay_service_sync_finish (bench->service, result, &error);
  g_assert_no_error (error);
  g_assert_no_error (((AssaySyncResult *) results->pdata[0])->error);
  *requests = ((AssaySyncResult *) results->pdata[0])->requests;
  return (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
}

static void
measure (const Vendor *vendor)
{
  double first[FIRST_ROUNDS], floors[FIRST_ROUNDS];
  double second[2][SECOND_ROUNDS], trips[2][SECOND_ROUNDS];
  guint64 memory = 0;
  gint64 applications = 0;
  gsize largest = 0, total = 0;
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--applications=" N_APPLICATIONS, NULL);
  g_autoptr (GUri) uri = g_uri_parse (test_sandbox_get_base_url (sandbox, vendor->kind), G_URI_FLAGS_NONE, NULL);
  g_autofree char *origin = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uri));
  g_autoptr (ReplayServer) server = replay_server_new (origin);
  g_autofree char *base = g_strconcat (replay_server_get_origin (server), g_uri_get_path (uri), NULL);
  g_autoptr (GPtrArray) bodies = NULL;
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autofree char *empty = NULL, *address = NULL;
  guint requests = 0, delta_requests = 0, writes = 0;

  /* The first one fetches what the others are answered with. */
  for (int round = -1; round < FIRST_ROUNDS; round++)
    {
      g_autoptr (TestBench) bench = test_bench_new_empty ("--applications=1", NULL);
      guint64 before;
      double taken;

      test_bench_add (bench, vendor->kind, base, test_sandbox_get_key (sandbox, vendor->kind), NULL);
      test_execute (bench->service, "UPDATE connection SET state = 'enabled'");
      before = read_memory ("VmRSS:");
      forget_highest_memory ();
      taken = run_sync (bench, FALSE, &requests);
      if (round < 0)
        {
          applications = test_query_int64 (bench->service, "SELECT count (*) FROM application");
          bodies = replay_server_list_bodies (server, vendor->list);
          /* What is asked for again is small, and no part of the list. */
          while (((const char *) g_bytes_get_data (bodies->pdata[bodies->len - 1], NULL))[0] != '{' ||
                 g_bytes_get_size (bodies->pdata[bodies->len - 1]) < 100)
            g_ptr_array_remove_index (bodies, bodies->len - 1);
          for (guint i = 0; i < bodies->len; i++)
            {
              total += g_bytes_get_size (g_ptr_array_index (bodies, i));
              largest = MAX (largest, g_bytes_get_size (g_ptr_array_index (bodies, i)));
            }
          continue;
        }
      first[round] = taken;
      memory = MAX (memory, read_memory ("VmHWM:") - MIN (before, read_memory ("VmHWM:")));
      floors[round] = run_floor (bodies, bench->directory);
      g_assert_cmpint (test_query_int64 (bench->service, "SELECT count (*) FROM application"), ==, applications);

      if (round < FIRST_ROUNDS - 1)
        continue;
      /* One that only looks: the answer of a list of changes, which is empty. */
      run_sync (bench, FALSE, &delta_requests);
      address = replay_server_dup_address (server, "updated_at");
      empty = g_strconcat (replay_server_get_origin (server), address, NULL);
      for (guint far = 0; far < 2; far++)
        {
          replay_server_set_distance (server, far * DISTANCE);
          for (guint i = 0; i < SECOND_ROUNDS; i++)
            {
              gint64 log = get_log_size (bench);

              trips[far][i] = run_round_trip (session, empty);
              second[far][i] = 1000 * run_sync (bench, TRUE, &delta_requests);
              writes += get_log_size (bench) != log ? 1 : 0;
            }
        }
    }

  g_print ("%s, first sync of %" G_GINT64_FORMAT " applications (%.1f MB in %u pages): %.2f s; JsonParser and bare insert "
           "%.2f s; ratio %.2f (goal 0.60)\n",
           vendor->kind, applications, (double) total / 1e6, bodies->len, median (first, FIRST_ROUNDS), median (floors, FIRST_ROUNDS),
           median (first, FIRST_ROUNDS) / median (floors, FIRST_ROUNDS));
  g_print ("%s, first sync: %u requests; %.1f MB of memory beyond what there was, %.1f pages (goal 2)\n", vendor->kind,
           requests, (double) memory / 1024, (double) memory * 1024 / (double) largest);
  for (guint far = 0; far < 2; far++)
    g_print ("%s %s, nothing changed: %.2f ms, %u requests, %u of %u wrote; one round trip %.2f ms; ratio %.2f"
             " (goal 1.20)\n",
             vendor->kind, far ? "across a network" : "on this machine", median (second[far], SECOND_ROUNDS),
             delta_requests, writes, 2 * SECOND_ROUNDS, median (trips[far], SECOND_ROUNDS),
             median (second[far], SECOND_ROUNDS) / median (trips[far], SECOND_ROUNDS));
  test_sandbox_assert_no_incidents (sandbox);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (vendors); i++)
    if (argc < 2 || g_str_equal (argv[1], vendors[i].kind))
      measure (&vendors[i]);
  return 0;
}
