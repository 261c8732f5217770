/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for reading from every applicant tracking system: each failure ends as the error that says what can be done
 * about it, a passing one is overcome, and cancelling ends a call wherever it is. */
#include "config.h"

#include <string.h>

#include "assay-http-private.h"
#include "assay-kombo.h"
#include "assay-lever.h"
#include "assay-pinpoint.h"
#include "assay-secrets.h"
#include "test-support.h"

typedef enum
{
  READ_JOBS,
  READ_APPLICATIONS,
  READ_APPLICATION,
  READ_DELETED,
  N_READS
} Read;

typedef struct
{
  const AssayConnectorDescription *description;
  const char *operations[N_READS];   /* as the sandbox calls them; NULL: the vendor doesn't have it */
  const char *setting;               /* (nullable): one beyond the base address, and its value */
  const char *value;
} Vendor;

static const Vendor vendors[] = {
  { &assay_pinpoint_description, { "jobs.list", "applications.list", "applications.get", NULL }, NULL, NULL },
  { &assay_lever_description,
    { "postings.list", "opportunities.list", "opportunities.get", "opportunities.deleted" }, NULL, NULL },
  { &assay_kombo_description,
    { "jobs.list", "applications.list", "applications.get", "applications.deleted" },
    "integration", "greenhouse:SandboxSandboxSandbox001" },
};

typedef struct
{
  const Vendor *vendor;
  TestSandbox *sandbox;
  AssayAts *ats;
  char *remote_id;
} Fixture;

static void
begin (Fixture             *fixture,
       Read                 read,
       GCancellable        *cancellable,
       GAsyncResult       **result)
{
  switch (read)
    {
    case READ_JOBS:
      assay_ats_list_jobs_async (fixture->ats, NULL, cancellable, test_keep_result, result);
      break;
    case READ_APPLICATIONS:
      assay_ats_list_applications_async (fixture->ats, 0, NULL, cancellable, test_keep_result, result);
      break;
    case READ_APPLICATION:
      assay_ats_get_application_async (fixture->ats, fixture->remote_id, cancellable, test_keep_result, result);
      break;
    case READ_DELETED:
      assay_ats_list_deleted_async (fixture->ats, G_GINT64_CONSTANT (1600000000000), NULL, cancellable, test_keep_result,
                                    result);
      break;
    case N_READS:
    default:
      g_assert_not_reached ();
    }
}

/* Whether it was read; else @error. */
static gboolean
finish (Fixture       *fixture,
        Read           read,
        GAsyncResult  *result,
        GError       **error)
{
  g_autoptr (AssayApplication) application = NULL;
  g_autoptr (AssayPage) page = NULL;

  switch (read)
    {
    case READ_JOBS:
      page = assay_ats_list_jobs_finish (fixture->ats, result, error);
      break;
    case READ_APPLICATIONS:
      page = assay_ats_list_applications_finish (fixture->ats, result, error);
      break;
    case READ_DELETED:
      page = assay_ats_list_deleted_finish (fixture->ats, result, error);
      break;
    case READ_APPLICATION:
      application = assay_ats_get_application_finish (fixture->ats, result, error);
      break;
    case N_READS:
    default:
      g_assert_not_reached ();
    }
  return page != NULL || application != NULL;
}

static gboolean
read_it (Fixture  *fixture,
         Read      read,
         GError  **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  begin (fixture, read, NULL, &result);
  test_wait_result (&result);
  return finish (fixture, read, result, error);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  const Vendor *vendor = data;
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  AssayConnectorDescription hurried = *vendor->description;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayPage) page = NULL;
  g_autoptr (GError) error = NULL;

  fixture->vendor = vendor;
  /* The vendor's pace isn't the sandbox's. */
  hurried.pace = (AssayHttpPace) { .per_second = 10000, .burst = 1000, .concurrency = hurried.pace.concurrency };
  assay_http_set_backoff_base (http, 1);
  fixture->sandbox = test_sandbox_start ("--jobs=3", "--applications=12", NULL);
  connection->kind = g_strdup (vendor->description->id);
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strdup (test_sandbox_get_base_url (fixture->sandbox, vendor->description->id)));
  if (vendor->setting != NULL)
    g_hash_table_insert (connection->settings, g_strdup (vendor->setting), g_strdup (vendor->value));
  assay_secrets_table_set (secrets, "api-key", test_sandbox_get_key (fixture->sandbox, vendor->description->id));
  fixture->ats = ASSAY_ATS (hurried.create (&hurried, &context, &error));
  g_assert_no_error (error);

  TEST_CALL (result, assay_ats_list_applications_async, fixture->ats, 0, NULL, NULL);
  page = assay_ats_list_applications_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  fixture->remote_id = g_strdup (((AssayApplication *) g_ptr_array_index (page->items, 0))->remote_id);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  gpointer ats = fixture->ats;

  /* The thread that decoded the last page gives its reference back in its own time. */
  g_object_add_weak_pointer (ats, &ats);
  g_object_unref (fixture->ats);
  while (ats != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
  g_free (fixture->remote_id);
  test_sandbox_stop (fixture->sandbox);
}

static void
test_lasting_failures (Fixture      *fixture,
                       gconstpointer data)
{
  static const struct
  {
    const char *kind;
    int code;
  } cases[] = {
    { "status:400", ASSAY_ERROR_INVALID },
    { "status:401", ASSAY_ERROR_UNAUTHORIZED },
    { "status:403", ASSAY_ERROR_FORBIDDEN },
    { "status:404", ASSAY_ERROR_NOT_FOUND },
    { "html", ASSAY_ERROR_BAD_RESPONSE },
    { "empty", ASSAY_ERROR_BAD_RESPONSE },
    { "deep", ASSAY_ERROR_BAD_RESPONSE },
    { "redirect:http://127.0.0.1:1/", ASSAY_ERROR_UNAVAILABLE },
  };

  for (Read read = 0; read < N_READS; read++)
    for (guint i = 0; fixture->vendor->operations[read] != NULL && i < G_N_ELEMENTS (cases); i++)
      {
        GError *error = NULL;

        g_test_message ("%s: %s", fixture->vendor->operations[read], cases[i].kind);
        test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, fixture->vendor->operations[read],
                            cases[i].kind, 50);
        g_assert_false (read_it (fixture, read, &error));
        if (read == READ_DELETED && cases[i].code == ASSAY_ERROR_FORBIDDEN)
          {
            g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
            g_clear_error (&error);
          }
        else
          test_assert_error (error, cases[i].code);
        json_node_unref (test_sandbox_ask (fixture->sandbox, "DELETE", "/faults", NULL));
        /* And then all is well again. */
        g_assert_true (read_it (fixture, read, &error));
        g_assert_no_error (error);
      }
}

static void
test_passing_failures (Fixture      *fixture,
                       gconstpointer data)
{
  static const char *const kinds[] = {
    "status:500", "status:503", "retry-after:0", "drop-before", "drop-after", "truncate", "truncate-chunked",
  };

  for (Read read = 0; read < N_READS; read++)
    for (guint i = 0; fixture->vendor->operations[read] != NULL && i < G_N_ELEMENTS (kinds); i++)
      {
        GError *error = NULL;
        guint before = test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id,
                                                    fixture->vendor->operations[read]);

        g_test_message ("%s: %s", fixture->vendor->operations[read], kinds[i]);
        test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, fixture->vendor->operations[read],
                            kinds[i], 1);
        read_it (fixture, read, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id,
                                                       fixture->vendor->operations[read]),
                          >=, before + 2);
      }
  test_sandbox_assert_no_incidents (fixture->sandbox);
}

/* Numbers where strings are due: read as far as it makes sense, or refused, and nothing else. */
static void
test_wrong_types (Fixture      *fixture,
                  gconstpointer data)
{
  for (Read read = 0; read < N_READS; read++)
    if (fixture->vendor->operations[read] != NULL)
      {
        GError *error = NULL;

        test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, fixture->vendor->operations[read],
                            "wrong-type", 50);
        if (!read_it (fixture, read, &error))
          test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
        json_node_unref (test_sandbox_ask (fixture->sandbox, "DELETE", "/faults", NULL));
      }
}

typedef struct
{
  Fixture *fixture;
  const char *operation;
  guint before;
} Arrival;

static gboolean
has_arrived (gpointer data)
{
  Arrival *arrival = data;

  return test_sandbox_count_requests (arrival->fixture->sandbox, arrival->fixture->vendor->description->id,
                                      arrival->operation) > arrival->before;
}

/* Before it begins, in its first moment, and while the vendor keeps silent. */
static void
test_cancel (Fixture      *fixture,
             gconstpointer data)
{
  for (Read read = 0; read < N_READS; read++)
    for (guint moment = 0; fixture->vendor->operations[read] != NULL && moment < 3; moment++)
      {
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        g_autoptr (GAsyncResult) result = NULL;
        Arrival arrival = { .fixture = fixture, .operation = fixture->vendor->operations[read] };
        GError *error = NULL;

        g_test_message ("%s: %u", arrival.operation, moment);
        arrival.before = test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id,
                                                      arrival.operation);
        test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, arrival.operation, "stall", 50);
        if (moment == 0)
          g_cancellable_cancel (cancellable);
        begin (fixture, read, cancellable, &result);
        g_assert_null (result);
        if (moment == 2)
          {
            /* Looking at the sandbox's ledger takes long enough to let the request on its way. */
            while (!has_arrived (&arrival))
              g_main_context_iteration (NULL, FALSE);
          }
        g_cancellable_cancel (cancellable);
        test_wait_result (&result);
        g_assert_false (finish (fixture, read, result, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
        g_clear_error (&error);
        json_node_unref (test_sandbox_ask (fixture->sandbox, "DELETE", "/faults", NULL));
        g_assert_true (read_it (fixture, read, &error));
        g_assert_no_error (error);
      }
}

/* What a vendor doesn't have ends as such, at once. */
static void
test_not_supported (Fixture      *fixture,
                    gconstpointer data)
{
  for (Read read = 0; read < N_READS; read++)
    if (fixture->vendor->operations[read] == NULL)
      {
        g_autoptr (GError) error = NULL;

        g_assert_false (read_it (fixture, read, &error));
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
        test_assert_sentence (error->message);
      }
}

/* (transfer full) (element-type utf8 AssayApplication): by remote id, all pages of what changed since then */
static GHashTable *
read_all (Fixture *fixture,
          gint64   changed_since,
          guint   *n_pages)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) assay_application_free);
  g_autofree char *next = NULL;
  gint64 total = -1;

  *n_pages = 0;
  do
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (AssayPage) page = NULL;
      g_autoptr (GError) error = NULL;

      TEST_CALL (result, assay_ats_list_applications_async, fixture->ats, changed_since, next, NULL);
      page = assay_ats_list_applications_finish (fixture->ats, result, &error);
      g_assert_no_error (error);
      g_assert_cmpint (page->server_time, >, 0);
      g_assert_cmpuint (page->requests, >=, 1);
      total = page->total;
      (*n_pages)++;
      g_ptr_array_set_free_func (page->items, NULL);
      for (guint i = 0; i < page->items->len; i++)
        {
          AssayApplication *application = g_ptr_array_index (page->items, i);

          /* Nobody twice, while nobody moves. */
          g_assert_true (g_hash_table_insert (all, application->remote_id, application));
        }
      g_free (next);
      next = g_steal_pointer (&page->next);
    }
  while (next != NULL);
  if (total >= 0)
    g_assert_cmpint (total, ==, g_hash_table_size (all));
  return all;
}

static void
assert_same_application (const AssayApplication *one,
                         const AssayApplication *other)
{
  g_assert_cmpstr (one->remote_id, ==, other->remote_id);
  g_assert_cmpstr (one->job_remote_id, ==, other->job_remote_id);
  g_assert_cmpstr (one->stage_remote_id, ==, other->stage_remote_id);
  g_assert_cmpstr (one->stage_name, ==, other->stage_name);
  g_assert_cmpstr (one->first_name, ==, other->first_name);
  g_assert_cmpstr (one->last_name, ==, other->last_name);
  g_assert_cmpstr (one->full_name, ==, other->full_name);
  g_assert_cmpstr (one->email, ==, other->email);
  g_assert_cmpstr (one->phone, ==, other->phone);
  g_assert_cmpint (one->archived, ==, other->archived);
  g_assert_cmpint (one->created_at, ==, other->created_at);
  g_assert_cmpint (one->updated_at, ==, other->updated_at);
  g_assert_true (one->tags == other->tags ||
                 g_strv_equal ((const char *const *) one->tags, (const char *const *) other->tags));
}

/* All pages together are all that there is; where the vendor decides how long a page is, too. */
static void
test_pages (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GHashTable) long_pages = NULL, short_pages = NULL;
  g_autofree char *setting = NULL;
  GHashTableIter iter;
  gpointer id, application;
  guint few, many;

  long_pages = read_all (fixture, 0, &few);
  g_assert_cmpuint (g_hash_table_size (long_pages), ==, 12);
  setting = g_strdup_printf ("{\"vendor\":\"%s\",\"page\":5}", fixture->vendor->description->id);
  json_node_unref (test_sandbox_ask (fixture->sandbox, "POST", "/settings", "%s", setting));
  short_pages = read_all (fixture, 0, &many);
  g_assert_cmpuint (g_hash_table_size (short_pages), ==, 12);
  if (!g_str_equal (fixture->vendor->description->id, "pinpoint"))
    g_assert_cmpuint (many, ==, 3);

  g_hash_table_iter_init (&iter, long_pages);
  while (g_hash_table_iter_next (&iter, &id, &application))
    {
      g_assert_true (g_hash_table_contains (short_pages, id));
      assert_same_application (application, g_hash_table_lookup (short_pages, id));
    }
}

/* What a list of changes says of somebody is what the list of everybody says, and so is what is said of them alone; and
 * it lists all who changed since. */
static void
test_changes (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (GHashTable) before = NULL, after = NULL, changes = NULL;
  GHashTableIter iter;
  gpointer id, application;
  gint64 since = 0;
  guint pages, changed = 0;

  json_node_unref (test_sandbox_ask (fixture->sandbox, "POST", "/world", "{\"seed\":3,\"jobs\":3,\"applications\":40}"));
  before = read_all (fixture, 0, &pages);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &application))
    since = MAX (since, ((AssayApplication *) application)->updated_at);
  json_node_unref (test_sandbox_ask (fixture->sandbox, "POST", "/advance", "{\"seconds\":600}"));
  json_node_unref (test_sandbox_ask (fixture->sandbox, "POST", "/unrest", "{\"seed\":7,\"times\":60}"));
  g_assert_true (read_it (fixture, READ_APPLICATIONS, NULL));
  json_node_unref (test_sandbox_ask (fixture->sandbox, "POST", "/unrest", "{\"seed\":7,\"times\":0}"));

  changes = read_all (fixture, since + 300 * 1000, &pages);
  after = read_all (fixture, 0, &pages);
  g_assert_cmpuint (g_hash_table_size (changes), >, 0);
  g_hash_table_iter_init (&iter, after);
  while (g_hash_table_iter_next (&iter, &id, &application))
    {
      const AssayApplication *now = application;
      const AssayApplication *listed = g_hash_table_lookup (changes, id);

      g_assert_cmpint (listed != NULL, ==, now->updated_at > since + 300 * 1000);
      if (listed == NULL)
        continue;
      assert_same_application (listed, now);
      changed++;
      if (changed <= 3)
        {
          g_autoptr (GAsyncResult) result = NULL;
          g_autoptr (AssayApplication) alone = NULL;
          g_autoptr (GError) error = NULL;

          TEST_CALL (result, assay_ats_get_application_async, fixture->ats, id, NULL);
          alone = assay_ats_get_application_finish (fixture->ats, result, &error);
          g_assert_no_error (error);
          assert_same_application (alone, now);
        }
    }
  g_assert_cmpuint (changed, ==, g_hash_table_size (changes));
}

static void
add (const Vendor *vendor,
     const char   *name,
     void        (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/ats-reads/%s/%s", vendor->description->id, name);

  g_test_add (path, Fixture, vendor, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (vendors); i++)
    {
      add (&vendors[i], "lasting-failures", test_lasting_failures);
      add (&vendors[i], "passing-failures", test_passing_failures);
      add (&vendors[i], "wrong-types", test_wrong_types);
      add (&vendors[i], "cancel", test_cancel);
      add (&vendors[i], "not-supported", test_not_supported);
      add (&vendors[i], "pages", test_pages);
      add (&vendors[i], "changes", test_changes);
    }
  return g_test_run ();
}
