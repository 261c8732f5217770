/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever happens at the vendor while it is read, and however its answers go wrong: once it is quiet, what is here is what
 * is there. Each seed is a company of its own in which people apply, move on, are renamed, tagged, merged and deleted, and
 * come back under a number that was used before, at every request.
 *
 *   ASSAY_SEEDS=1-1000      which seeds; a failing one is named, and ASSAY_SEEDS=417 repeats it
 *   ASSAY_KIND=lever        of one vendor only */
#include "config.h"

#include "assay-pinpoint-private.h"
#include "test-support.h"

#include <string.h>

#define DEFAULT_FIRST_SEED 1
#define DEFAULT_LAST_SEED 25

typedef struct
{
  const char *kind;
  const char *list;           /* the sandbox's name of reading applications */
  guint rows_in_page;
  gboolean tells_deletions;   /* also when only changes are asked for */
  gboolean tells_end;         /* a full page is known to be the last one */
  guint job_requests;         /* what reading the jobs takes */
} Vendor;

static const Vendor vendors[] = {
  { "pinpoint", "applications.list", 12, FALSE, FALSE, 1 },
  { "lever", "opportunities.list", 12, TRUE, TRUE, 2 },
  { "kombo", "applications.list", 12, TRUE, TRUE, 1 },
};

typedef struct
{
  TestBench *bench;
  const Vendor *vendor;
  gint64 here;                /* the connection that is put to the test */
  gint64 judge;               /* another one to the same account, that reads everything while all is quiet */
  guint seed;
  GRand *chance;
  guint requests;             /* of the syncs while all is quiet */
  guint needed;               /* how many of them there had to be */
} World;

static const char same_columns[] =
  "remote_id, job_remote_id, job_title, stage_remote_id, stage_name, stage_kind, first_name, last_name, full_name,"
  " email, email_folded, phone, location, linkedin_url, source, summary, tags, documents, archived, url, created_at,"
  " updated_at";

/* (transfer full) (nullable): the first row that is in one and not in the other */
static char *
find_difference (World  *world,
                 gint64  one,
                 gint64  other)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT remote_id || ' ' || full_name || ' ' || ifnull(stage_name, '') || ' ' || tags || ' ' ||"
                     " updated_at FROM (SELECT %s FROM application WHERE gone = 0 AND connection_id = %" G_GINT64_FORMAT
                     " EXCEPT SELECT %s FROM application WHERE gone = 0 AND connection_id = %" G_GINT64_FORMAT ") LIMIT 1",
                     same_columns, one, same_columns, other);

  return test_query_text (world->bench->service, sql);
}

static gint64
count_present (World  *world,
               gint64  connection)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT count (*) FROM application WHERE gone = 0 AND connection_id = %" G_GINT64_FORMAT, connection);

  return test_query_int64 (world->bench->service, sql);
}

/* A sync, with a person who says of everybody who is asked about that they are gone. */
static AssaySyncResult *
sync_and_answer (World    *world,
                 gint64    connection,
                 gboolean  full)
{
  AssaySyncResult *result = test_bench_sync (world->bench, connection, full);

  while (g_error_matches (result->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS))
    {
      g_autoptr (GAsyncResult) answer = NULL;
      g_autoptr (GPtrArray) results = NULL;
      g_autoptr (GError) error = NULL;
      guint requests = result->requests;

      assay_sync_result_free (result);
      TEST_CALL (answer, assay_service_settle_removals_async, world->bench->service, connection, TRUE, NULL, NULL, NULL);
      results = assay_service_settle_removals_finish (world->bench->service, answer, &error);
      g_assert_no_error (error);
      result = g_ptr_array_steal_index (results, 0);
      result->requests += requests;
    }
  return result;
}

static void
set_unrest (World *world,
            guint  times)
{
  json_node_unref (
    test_sandbox_ask (world->bench->sandbox, "POST", "/unrest", "{\"seed\":%u,\"times\":%u}", world->seed, times));
}

static void
add_fault (World *world)
{
  static const char *const kinds[] = { "status:500", "status:502", "status:400", "retry-after:0", "drop-before",
                                       "drop-after", "truncate",   "truncate-chunked", "html",    "empty" };
  const char *kind = kinds[g_rand_int_range (world->chance, 0, G_N_ELEMENTS (kinds))];
  guint times = (guint) g_rand_int_range (world->chance, 1, 4);

  g_test_message ("  %s, %u times", kind, times);
  test_sandbox_fault (world->bench->sandbox, world->vendor->kind, world->vendor->list, kind, times);
}

static void
set_up_seed (World *world)
{
  guint applications = world->vendor->rows_in_page * (guint) g_rand_int_range (world->chance, 1, 5);

  applications += (guint) g_rand_int_range (world->chance, 0, 20);
  json_node_unref (test_sandbox_ask (world->bench->sandbox, "POST", "/world",
                                     "{\"seed\":%u,\"jobs\":4,\"applications\":%u}", world->seed, applications));
  test_execute (world->bench->service, "DELETE FROM application");
  test_execute (world->bench->service, "DELETE FROM job");
  test_execute (world->bench->service, "INSERT INTO application_search (application_search) VALUES ('delete-all')");
  test_execute (world->bench->service,
                "UPDATE connection SET state = 'enabled', cursor = NULL, complete_up_to = 0, removals = 0, reason = NULL,"
                " reason_code = NULL, remedy = NULL, updated_at = updated_at + 1");
}

static void
check_against_judge (World      *world,
                     gboolean    everything,
                     const char *when)
{
  g_autofree char *missing = find_difference (world, world->judge, world->here);
  g_autofree char *extra = everything ? find_difference (world, world->here, world->judge) : NULL;

  if (missing != NULL || extra != NULL)
    {
      g_autofree char *id = g_strndup (missing != NULL ? missing : extra, strcspn (missing != NULL ? missing : extra, " "));
      g_autofree char *sql = g_strdup_printf (
        "SELECT group_concat (iif (gone, 'gone ', '') || connection_id || ' ' || created_at || ' ' || updated_at || ' ' ||"
        " full_name, '; ') FROM application WHERE remote_id = '%s'", id);
      g_autofree char *rows = test_query_text (world->bench->service, sql);

      g_error ("ASSAY_KIND=%s ASSAY_SEEDS=%u %s: %s: %s (%s)", world->vendor->kind, world->seed, when,
               missing != NULL ? "not here as it is there" : "here and not there", missing != NULL ? missing : extra, rows);
    }
}

/* How many requests a sync of everything takes at least. */
static guint
get_needed (World  *world,
            gint64  rows)
{
  guint pages = MAX (1, ((guint) rows + world->vendor->rows_in_page - 1) / world->vendor->rows_in_page);

  if (!world->vendor->tells_end && rows % world->vendor->rows_in_page == 0)
    pages = (guint) rows / world->vendor->rows_in_page + 1;
  /* The jobs; and, of a vendor that gives no count, who changed while pages were turned, and who was deleted. */
  return world->vendor->job_requests + pages + (world->vendor->tells_deletions ? 1 + (pages > 1 ? 1 : 0) : 0);
}

static void
run_seed (World *world)
{
  guint rounds = (guint) g_rand_int_range (world->chance, 1, 4);
  g_autoptr (AssaySyncResult) result = NULL;
  g_autoptr (JsonNode) there = NULL;

  set_up_seed (world);
  set_unrest (world, (guint) g_rand_int_range (world->chance, 1, 6));
  for (guint i = 0; i < rounds; i++)
    {
      gboolean full = g_rand_int_range (world->chance, 0, 3) == 0;
      g_autoptr (AssaySyncResult) wild = NULL;

      if (g_rand_boolean (world->chance))
        add_fault (world);
      wild = sync_and_answer (world, world->here, full);
      g_test_message ("  sync%s: %s", full ? " of everything" : "", wild->error != NULL ? wild->error->message : "well");
    }

  /* All is quiet. */
  set_unrest (world, 0);
  json_node_unref (test_sandbox_ask (world->bench->sandbox, "DELETE", "/faults", NULL));
  json_node_unref (test_sandbox_ask (world->bench->sandbox, "POST", "/advance", "{\"seconds\":300}"));
  result = sync_and_answer (world, world->judge, TRUE);
  g_assert_no_error (result->error);
  there = test_sandbox_ask (world->bench->sandbox, "GET", "/world", NULL);
  g_assert_cmpint (count_present (world, world->judge), ==,
                   json_object_get_int_member (json_node_get_object (there), "applications"));

  g_clear_pointer (&result, assay_sync_result_free);
  result = sync_and_answer (world, world->here, FALSE);
  g_assert_no_error (result->error);
  check_against_judge (world, world->vendor->tells_deletions, "after a sync of changes");

  g_clear_pointer (&result, assay_sync_result_free);
  result = test_bench_sync (world->bench, world->here, TRUE);
  world->requests += result->requests;
  world->needed += get_needed (world, count_present (world, world->judge));
  if (g_error_matches (result->error, ASSAY_ERROR, ASSAY_ERROR_REMOVALS))
    {
      g_clear_pointer (&result, assay_sync_result_free);
      result = sync_and_answer (world, world->here, TRUE);
    }
  g_assert_no_error (result->error);
  check_against_judge (world, TRUE, "after a sync of everything");
}

static void
parse_seeds (guint *first,
             guint *last)
{
  const char *text = g_getenv ("ASSAY_SEEDS");
  g_auto (GStrv) ends = NULL;

  *first = DEFAULT_FIRST_SEED;
  *last = DEFAULT_LAST_SEED;
  if (text == NULL)
    return;
  ends = g_strsplit (text, "-", 2);
  *first = (guint) g_ascii_strtoull (ends[0], NULL, 10);
  *last = ends[1] != NULL ? (guint) g_ascii_strtoull (ends[1], NULL, 10) : *first;
  g_assert_cmpuint (*first, >=, 1);
  g_assert_cmpuint (*first, <=, *last);
}

static void
test_converges (gconstpointer data)
{
  const char *const integration[] = { "integration=greenhouse:SandboxSandboxSandbox001", NULL };
  const Vendor *vendor = data;
  const char *const *settings = g_str_equal (vendor->kind, "kombo") ? integration : NULL;
  g_autoptr (TestBench) bench = NULL;
  World world = { .vendor = vendor };
  guint first, last;
  g_autoptr (GError) error = NULL;

  if (g_getenv ("ASSAY_KIND") != NULL && !g_str_equal (g_getenv ("ASSAY_KIND"), vendor->kind))
    {
      g_test_skip ("Another vendor is asked for.");
      return;
    }
  parse_seeds (&first, &last);
  /* It pages as Lever does, so that a few will do, where nobody asks for more. */
  if (settings != NULL && g_getenv ("ASSAY_SEEDS") == NULL)
    last = MIN (last, 12);
  bench = test_bench_new_empty ("--jobs=4", "--applications=0", NULL);
  json_node_unref (test_sandbox_ask (bench->sandbox, "POST", "/settings", "{\"vendor\":\"%s\",\"page\":%u}", vendor->kind,
                                     vendor->rows_in_page));
  assay_pinpoint_set_rows_in_page (vendors[0].rows_in_page);
  world.bench = bench;
  world.here = test_bench_add (bench, vendor->kind, NULL, NULL, settings);
  world.judge = test_bench_add (bench, vendor->kind, NULL, NULL, settings);
  test_bench_enable (bench, world.here, &error);
  g_assert_no_error (error);
  test_bench_enable (bench, world.judge, &error);
  g_assert_no_error (error);

  for (world.seed = first; world.seed <= last; world.seed++)
    {
      g_test_message ("ASSAY_KIND=%s ASSAY_SEEDS=%u", vendor->kind, world.seed);
      world.chance = g_rand_new_with_seed (world.seed);
      run_seed (&world);
      g_rand_free (world.chance);
    }
  g_test_message ("%s: seeds %u to %u, %u requests where %u had to be: %.3f times as many", vendor->kind, first, last,
                  world.requests, world.needed, (double) world.requests / world.needed);
  g_assert_cmpuint (world.requests * 10, <=, world.needed * 12);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (vendors); i++)
    {
      g_autofree char *path = g_strconcat ("/converge/", vendors[i].kind, NULL);

      g_test_add_data_func (path, &vendors[i], test_converges);
    }
  return g_test_run ();
}
