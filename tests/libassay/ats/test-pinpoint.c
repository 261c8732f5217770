/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint: its documented answers become the model, and the connector against the strict sandbox. */
#include "config.h"

#include "assay-pinpoint.h"

#include <libsoup/soup.h>
#include <string.h>

#include "assay-secrets.h"
#include "test-support.h"

#define NEW_YEAR_2019 (G_GINT64_CONSTANT (1546300800) * 1000)

typedef AssayPage *(*DecodePage) (JsonNode *root, GError **error);

static AssayPage *
decode_fixture (const char *name,
                DecodePage  decode)
{
  g_autoptr (JsonNode) root = test_load_fixture (name);
  g_autoptr (GError) error = NULL;
  AssayPage *page = decode (root, &error);

  g_assert_no_error (error);
  g_assert_nonnull (page);
  return page;
}

/* What the documentation's three examples of an application share. */
static void
assert_joe_bloggs (const AssayApplication *application)
{
  g_assert_cmpstr (application->first_name, ==, "Joe");
  g_assert_cmpstr (application->last_name, ==, "Bloggs");
  g_assert_cmpstr (application->full_name, ==, "Joe Bloggs");
  g_assert_cmpstr (application->email, ==, "joe.bloggs@pinpoint.dev");
  g_assert_cmpstr (application->phone, ==, "+447797000000");
  g_assert_cmpstr (application->location, ==, "St Helier, Jersey");
  g_assert_cmpstr (application->source, ==, "Added manually");
  g_assert_null (application->linkedin_url);
  g_assert_cmpstr (application->summary, ==,
                   "I'm not a great developer, but I try and be a good developer with great habits");
  g_assert_cmpint (application->created_at, ==, NEW_YEAR_2019);
  g_assert_cmpint (application->updated_at, ==, NEW_YEAR_2019);
  /* rejected_at is set */
  g_assert_true (application->archived);
}

static void
test_applications_collection (void)
{
  g_autoptr (AssayPage) page =
    decode_fixture ("pinpoint/applications_collection.json", assay_pinpoint_decode_applications);
  const AssayApplication *application;
  const AssayDocument *document;

  g_assert_cmpuint (page->items->len, ==, 1);
  g_assert_cmpint (page->total, ==, -1);
  application = g_ptr_array_index (page->items, 0);
  assert_joe_bloggs (application);
  g_assert_cmpstr (application->remote_id, ==, "1000014");
  g_assert_cmpstr (application->job_remote_id, ==, "1000008");
  g_assert_cmpstr (application->stage_remote_id, ==, "1000009");
  g_assert_cmpstr (application->stage_name, ==, "rejected");
  g_assert_cmpstr (application->stage_kind, ==, "rejected");
  g_assert_cmpuint (g_strv_length (application->tags), ==, 1);
  g_assert_cmpstr (application->tags[0], ==, "Under-qualified for this role");
  g_assert_cmpuint (application->documents->len, ==, 1);
  document = g_ptr_array_index (application->documents, 0);
  g_assert_cmpstr (document->context, ==, "cv");
  g_assert_cmpstr (document->filename, ==, "luce_resume_pdf.pdf");
  g_assert_true (g_str_has_prefix (document->url, "https://pinpointhq.com/rails/active_storage/blobs/"));
}

static void
test_application_single (void)
{
  g_autoptr (AssayPage) page = decode_fixture ("pinpoint/application_single.json", assay_pinpoint_decode_applications);
  const AssayApplication *application;

  g_assert_cmpuint (page->items->len, ==, 1);
  application = g_ptr_array_index (page->items, 0);
  assert_joe_bloggs (application);
  g_assert_cmpstr (application->remote_id, ==, "1000050");
  g_assert_cmpstr (application->job_remote_id, ==, "1000044");
  g_assert_cmpstr (application->stage_name, ==, "rejected");
}

/* "Not included" means unknown, not none: the ids in the attributes still count, the rest stays empty. */
static void
test_application_without_includes (void)
{
  g_autoptr (AssayPage) page =
    decode_fixture ("pinpoint/application_without_includes.json", assay_pinpoint_decode_applications);
  const AssayApplication *application = g_ptr_array_index (page->items, 0);

  assert_joe_bloggs (application);
  g_assert_cmpstr (application->remote_id, ==, "1000086");
  g_assert_cmpstr (application->job_remote_id, ==, "1000080");
  g_assert_cmpstr (application->stage_remote_id, ==, "1000081");
  g_assert_null (application->stage_name);
  g_assert_nonnull (application->tags);
  g_assert_cmpuint (g_strv_length (application->tags), ==, 0);
  g_assert_cmpuint (application->documents->len, ==, 0);
}

static void
test_application_attachments_minimal (void)
{
  g_autoptr (AssayPage) page =
    decode_fixture ("pinpoint/application_attachments_minimal.json", assay_pinpoint_decode_applications);
  const AssayApplication *application = g_ptr_array_index (page->items, 0);
  const AssayDocument *first, *second;

  g_assert_cmpstr (application->remote_id, ==, "8863902");
  g_assert_cmpstr (application->full_name, ==, "Brian Farrell");
  g_assert_cmpint (application->updated_at, ==, 0);
  g_assert_null (application->job_remote_id);
  g_assert_null (application->location);
  g_assert_null (application->source);
  g_assert_false (application->archived);
  g_assert_cmpuint (application->documents->len, ==, 2);
  first = g_ptr_array_index (application->documents, 0);
  second = g_ptr_array_index (application->documents, 1);
  g_assert_cmpstr (first->context, ==, "cv");
  g_assert_cmpstr (second->context, ==, "pdf_cv");
  g_assert_cmpstr (second->url, ==, "https://pinpointhq.com/tom_hacquoil.pdf");
}

static void
test_jobs_collection (void)
{
  static const char *const names[] = { "rejected", "applied", "review", "interview", "hired" };
  g_autoptr (AssayPage) page = decode_fixture ("pinpoint/jobs_collection.json", assay_pinpoint_decode_jobs);
  const AssayJob *job;

  g_assert_cmpuint (page->items->len, ==, 1);
  job = g_ptr_array_index (page->items, 0);
  g_assert_cmpstr (job->remote_id, ==, "1000168");
  g_assert_cmpstr (job->title, ==, "Paint Watcher");
  g_assert_cmpstr (job->status, ==, "open");
  g_assert_true (job->open);
  g_assert_false (job->confidential);
  g_assert_cmpstr (job->department, ==, "Software Development");
  /* Its location wasn't included. */
  g_assert_null (job->location);
  g_assert_cmpint (job->updated_at, ==, NEW_YEAR_2019);
  g_assert_cmpuint (job->stages->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const AssayStage *stage = g_ptr_array_index (job->stages, i);
      g_autofree char *id = g_strdup_printf ("%u", 1000169 + i);

      g_assert_cmpstr (stage->remote_id, ==, id);
      g_assert_cmpstr (stage->name, ==, names[i]);
      g_assert_cmpstr (stage->kind, ==, names[i]);
      g_assert_cmpint (stage->position, ==, (int) i + 1);
    }
}

static void
test_job_created (void)
{
  g_autoptr (AssayPage) page = decode_fixture ("pinpoint/job_created_201.json", assay_pinpoint_decode_jobs);
  const AssayJob *job = g_ptr_array_index (page->items, 0);

  g_assert_cmpuint (page->items->len, ==, 1);
  g_assert_cmpstr (job->remote_id, ==, "1");
  g_assert_cmpstr (job->title, ==, "Test Job");
  g_assert_cmpstr (job->status, ==, "draft");
  g_assert_false (job->open);
  g_assert_null (job->department);
  g_assert_cmpuint (job->stages->len, ==, 0);
}

static void
test_pages_without_records (void)
{
  g_autoptr (AssayPage) empty =
    decode_fixture ("pinpoint/assembled_applications_empty_page.json", assay_pinpoint_decode_applications);
  g_autoptr (AssayPage) count =
    decode_fixture ("pinpoint/assembled_applications_count_only.json", assay_pinpoint_decode_applications);

  g_assert_cmpuint (empty->items->len, ==, 0);
  g_assert_cmpint (empty->total, ==, -1);
  g_assert_cmpuint (count->items->len, ==, 0);
  g_assert_cmpint (count->total, ==, 2417);
}

/* Members that are null, absent, or of another type than documented, where the record still says enough. */
static void
test_lenient (void)
{
  g_autoptr (JsonNode) root = test_parse (
    "{\"data\":[{\"id\":7,\"attributes\":{\"first_name\":null,\"last_name\":\"\",\"email\":\"a@b.example\","
    "\"tags\":null,\"attachments\":[null,3,{\"filename\":\"x\"},{\"url\":\"https://x.example/y\"}],\"job_id\":12,"
    "\"updated_at\":\"not a time\",\"town\":\"\",\"country\":\"Jersey\",\"channel\":\"employee_referral\"},"
    "\"relationships\":{\"stage\":{\"data\":null},\"job\":5}},"
    "{\"id\":\"8\",\"attributes\":{\"concealed\":true}}],"
    "\"included\":[null,4,{\"type\":\"stages\"}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPage) page = assay_pinpoint_decode_applications (root, &error);
  const AssayApplication *first, *second;
  const AssayDocument *document;

  g_assert_no_error (error);
  g_assert_cmpuint (page->items->len, ==, 2);
  first = g_ptr_array_index (page->items, 0);
  g_assert_cmpstr (first->remote_id, ==, "7");
  g_assert_cmpstr (first->full_name, ==, "a@b.example");
  g_assert_cmpstr (first->job_remote_id, ==, "12");
  g_assert_cmpstr (first->location, ==, "Jersey");
  g_assert_cmpstr (first->source, ==, "Employee referral");
  g_assert_cmpint (first->updated_at, ==, 0);
  g_assert_cmpuint (first->documents->len, ==, 1);
  document = g_ptr_array_index (first->documents, 0);
  g_assert_cmpstr (document->filename, ==, "Document");
  /* Blind screening hides even the e-mail. */
  second = g_ptr_array_index (page->items, 1);
  g_assert_cmpstr (second->full_name, ==, "Candidate 8");
  g_assert_null (second->email);
}

static void
test_wrong_shapes (void)
{
  static const char *const shapes[] = {
    "[]",
    "\"data\"",
    "{}",
    "{\"data\":null}",
    "{\"data\":\"x\"}",
    "{\"data\":[null]}",
    "{\"data\":[[]]}",
    "{\"data\":[{}]}",
    "{\"data\":[{\"id\":\"\",\"attributes\":{}}]}",
    "{\"data\":[{\"id\":null,\"attributes\":{}}]}",
    "{\"data\":[{\"id\":{},\"attributes\":{}}]}",
    "{\"data\":[{\"id\":\"1\"}]}",
    "{\"data\":[{\"id\":\"1\",\"attributes\":[]}]}",
    "{\"data\":{\"id\":\"1\",\"attributes\":null}}",
    /* One good record doesn't excuse the other. */
    "{\"data\":[{\"id\":\"1\",\"attributes\":{}},{\"id\":\"2\"}]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (JsonNode) root = test_parse (shapes[i]);
      GError *error = NULL;

      g_test_message ("%s", shapes[i]);
      g_assert_null (assay_pinpoint_decode_applications (root, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_null (assay_pinpoint_decode_jobs (root, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

/* Against the sandbox */

/* (transfer full): a connector to the sandbox with that key and one more setting */
static AssayAts *
connect_with (TestSandbox *sandbox,
              const char  *key,
              const char  *setting,
              const char  *value)
{
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  AssayConnectorDescription hurried = assay_pinpoint_description;
  g_autoptr (GError) error = NULL;
  GObject *connector;

  connection->kind = g_strdup ("pinpoint");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strdup (test_sandbox_get_base_url (sandbox, "pinpoint")));
  g_hash_table_insert (connection->settings, g_strdup ("subdomain"), g_strdup ("acme"));
  g_hash_table_insert (connection->settings, g_strdup (setting), g_strdup (value));
  assay_secrets_table_set (secrets, "api-key", key);
  hurried.pace = (AssayHttpPace) { .per_second = 10000, .burst = 1000, .concurrency = 1 };
  connector = hurried.create (&hurried, &context, &error);
  g_assert_no_error (error);
  return ASSAY_ATS (connector);
}

/* @confidential: "yes" or "no" */
static AssayAts *
connect_to (TestSandbox *sandbox,
            const char  *key,
            const char  *confidential)
{
  return connect_with (sandbox, key, "confidential", confidential);
}

/* How far a probe told that it is. */
typedef struct
{
  guint times;
  guint permissions;
  GCancellable *cancellable;   /* (nullable): cancelled when it tells */
} Told;

static void
tell_cb (const AssayProbe *probe,
         gpointer          user_data)
{
  Told *told = user_data;

  g_assert_cmpuint (probe->permissions->len, >, told->permissions);
  told->permissions = probe->permissions->len;
  told->times++;
  if (told->cancellable != NULL)
    g_cancellable_cancel (told->cancellable);
}

static AssayProbe *
probe (AssayAts *ats)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayProbe *found;

  TEST_CALL (result, assay_ats_probe_async, ats, NULL, NULL, NULL);
  found = assay_ats_probe_finish (ats, result, &error);
  g_assert_no_error (error);
  return found;
}

static const AssayPermission *
find_permission (const AssayProbe *probe,
                 const char       *name,
                 const char       *access)
{
  for (guint i = 0; i < probe->permissions->len; i++)
    {
      const AssayPermission *permission = g_ptr_array_index (probe->permissions, i);

      if (strcmp (permission->name, name) == 0 && strcmp (permission->access, access) == 0)
        return permission;
    }
  return NULL;
}

/* Each category is asked for on its own; what writes isn't tried, and is unknown. */
static void
test_probe (void)
{
  static const char *const reads[] = { "Job", "Application", "Custom Field", "Custom Attributes", "User" };
  static const char *const writes[] = { "Application", "Comment", "Custom Field", "Custom Attributes" };
  static const struct
  {
    const char *key;
    const char *refused;       /* of reads; "*": all */
    int code;                  /* -1: ok */
    const char *says;
  } cases[] = {
    { "sandbox-pinpoint-full-access", NULL, -1, NULL },
    { "sandbox-pinpoint-read-only", NULL, -1, NULL },
    { "sandbox-pinpoint-no-comments", NULL, -1, NULL },
    { "sandbox-pinpoint-no-users", "User", -1, NULL },
    { "sandbox-pinpoint-no-custom-fields", "Custom Field", -1, NULL },
    { "sandbox-pinpoint-no-custom-attributes", "Custom Attributes", -1, NULL },
    { "sandbox-pinpoint-no-applications", "Application", ASSAY_ERROR_FORBIDDEN, "“Application: Read”" },
    { "sandbox-pinpoint-no-jobs", "Job", ASSAY_ERROR_FORBIDDEN, "“Job: Read”" },
    { "sandbox-pinpoint-disabled", "*", ASSAY_ERROR_FORBIDDEN, "API is switched on" },
  };
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=2", "--applications=5", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayAts) ats = connect_to (sandbox, cases[i].key, "yes");
      g_autoptr (AssayProbe) found = probe (ats);

      g_test_message ("%s", cases[i].key);
      g_assert_cmpstr (found->account, ==, "acme");
      g_assert_cmpuint (found->permissions->len, ==, G_N_ELEMENTS (reads) + G_N_ELEMENTS (writes));
      for (guint j = 0; j < G_N_ELEMENTS (reads); j++)
        {
          const AssayPermission *permission = find_permission (found, reads[j], "Read");
          gboolean refused = cases[i].refused != NULL && (strcmp (cases[i].refused, "*") == 0 ||
                                                          strcmp (cases[i].refused, reads[j]) == 0);

          g_assert_cmpint (permission->needed, ==, j < 2);
          g_assert_cmpint (permission->granted, ==, refused ? ASSAY_GRANTED_NO : ASSAY_GRANTED_YES);
          if (refused)
            test_assert_sentence (permission->remedy);
          else
            g_assert_null (permission->remedy);
        }
      for (guint j = 0; j < G_N_ELEMENTS (writes); j++)
        {
          const AssayPermission *permission = find_permission (found, writes[j], "Write");

          g_assert_false (permission->needed);
          g_assert_cmpint (permission->granted, ==, ASSAY_GRANTED_UNKNOWN);
          test_assert_sentence (permission->remedy);
        }
      g_assert_cmpint (found->ok, ==, cases[i].code == -1);
      if (cases[i].code == -1)
        g_assert_no_error (found->error);
      else
        {
          g_assert_error (found->error, ASSAY_ERROR, cases[i].code);
          test_assert_sentence (found->error->message);
          g_assert_nonnull (strstr (found->error->message, cases[i].says));
        }
    }
  test_sandbox_assert_no_incidents (sandbox);
}

/* What is answered is told as it comes, until nobody wants to know any more. */
static void
test_probe_tells (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=2", "--applications=5", NULL);
  g_autoptr (AssayAts) ats = connect_to (sandbox, "sandbox-pinpoint-full-access", "yes");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Told told = { 0 };
  Told told_once = { .cancellable = cancellable };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProbe) found = NULL;

  TEST_CALL (result, assay_ats_probe_async, ats, tell_cb, &told, NULL);
  found = assay_ats_probe_finish (ats, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (told.times, >=, 4);
  g_assert_cmpuint (told.permissions, <=, found->permissions->len);

  TEST_CALL (result, assay_ats_probe_async, ats, tell_cb, &told_once, cancellable);
  g_assert_null (assay_ats_probe_finish (ats, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (told_once.times, ==, 1);
}

/* A refused key: nothing is known of any permission, and no more is asked. */
static void
test_probe_wrong_key (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=2", "--applications=5", NULL);
  g_autoptr (AssayAts) ats = connect_to (sandbox, "wrong", "yes");
  g_autoptr (AssayProbe) found = probe (ats);

  g_assert_false (found->ok);
  g_assert_error (found->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (found->permissions->len, ==, 9);
  for (guint i = 0; i < found->permissions->len; i++)
    {
      const AssayPermission *permission = g_ptr_array_index (found->permissions, i);

      g_assert_cmpint (permission->granted, ==, ASSAY_GRANTED_UNKNOWN);
    }
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "pinpoint", "jobs.list"), ==, 1);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "pinpoint", "applications.list"), ==, 0);
}

/* With a field for scores chosen, what is needed to write them is needed. */
static void
test_probe_score_field (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=2", "--applications=5", NULL);
  g_autoptr (AssayAts) ats =
    connect_with (sandbox, "sandbox-pinpoint-no-custom-fields", "score-field", "Assessment score");
  g_autoptr (AssayProbe) found = probe (ats);

  g_assert_false (found->ok);
  g_assert_true (find_permission (found, "Custom Field", "Read")->needed);
  g_assert_true (find_permission (found, "Custom Attributes", "Read")->needed);
  g_assert_error (found->error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN);
  g_assert_nonnull (strstr (found->error->message, "“Custom Field: Read”"));
}

/* Somebody else's door: a page where JSON was due. */
static void
test_probe_html (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=2", "--applications=5", NULL);
  g_autoptr (AssayAts) ats = connect_to (sandbox, "sandbox-pinpoint-full-access", "yes");
  g_autoptr (AssayProbe) found = NULL;

  test_sandbox_fault (sandbox, "pinpoint", "jobs.list", "html", 20);
  found = probe (ats);
  g_assert_false (found->ok);
  g_assert_error (found->error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  test_assert_sentence (found->error->message);
}

static AssayPage *
list_applications (AssayAts   *ats,
                   gint64      changed_since,
                   const char *next)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayPage *page;

  TEST_CALL (result, assay_ats_list_applications_async, ats, changed_since, next, NULL);
  page = assay_ats_list_applications_finish (ats, result, &error);
  g_assert_no_error (error);
  return page;
}

static AssayPage *
list_jobs (AssayAts   *ats,
           const char *next)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayPage *page;

  TEST_CALL (result, assay_ats_list_jobs_async, ats, next, NULL);
  page = assay_ats_list_jobs_finish (ats, result, &error);
  g_assert_no_error (error);
  return page;
}

/* All pages; the remote ids of what they hold. */
static GHashTable *
list_all (AssayAts *ats,
          gboolean  jobs,
          guint    *pages)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *next = NULL;

  *pages = 0;
  do
    {
      g_autoptr (AssayPage) page = jobs ? list_jobs (ats, next) : list_applications (ats, 0, next);

      (*pages)++;
      for (guint i = 0; i < page->items->len; i++)
        {
          const char *id = jobs ? ((AssayJob *) g_ptr_array_index (page->items, i))->remote_id
                                : ((AssayApplication *) g_ptr_array_index (page->items, i))->remote_id;

          g_assert_true (g_hash_table_add (ids, g_strdup (id)));
        }
      if (!jobs)
        g_assert_cmpint (page->server_time, >, 0);
      g_free (next);
      next = g_strdup (page->next);
    }
  while (next != NULL);
  return ids;
}

static void
test_paging (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=230", "--applications=2300", NULL);
  g_autoptr (AssayAts) ats = connect_to (sandbox, "sandbox-pinpoint-full-access", "yes");
  g_autoptr (GHashTable) jobs = NULL, applications = NULL;
  g_autoptr (AssayPage) first = NULL;
  guint pages;

  jobs = list_all (ats, TRUE, &pages);
  g_assert_cmpuint (g_hash_table_size (jobs), ==, 230);
  g_assert_cmpuint (pages, ==, 2);
  applications = list_all (ats, FALSE, &pages);
  g_assert_cmpuint (g_hash_table_size (applications), ==, 2300);
  g_assert_cmpuint (pages, ==, 3);
  first = list_applications (ats, 0, NULL);
  g_assert_cmpint (first->total, ==, 2300);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_changes_only (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=3", "--applications=40", NULL);
  g_autoptr (AssayAts) ats = connect_to (sandbox, "sandbox-pinpoint-full-access", "yes");
  g_autoptr (AssayPage) all = list_applications (ats, 0, NULL);
  g_autoptr (AssayPage) nothing = NULL;
  g_autoptr (AssayPage) changes = NULL;
  g_autofree char *arrived = NULL;
  gint64 newest = 0;

  for (guint i = 0; i < all->items->len; i++)
    newest = MAX (newest, ((AssayApplication *) g_ptr_array_index (all->items, i))->updated_at);
  nothing = list_applications (ats, newest, NULL);
  g_assert_cmpuint (nothing->items->len, ==, 0);

  arrived = test_sandbox_arrive (sandbox, "\"first_name\":\"Zoë\",\"last_name\":\"Ñandú\"");
  changes = list_applications (ats, newest, NULL);
  g_assert_cmpuint (changes->items->len, ==, 1);
  g_assert_cmpstr (((AssayApplication *) g_ptr_array_index (changes->items, 0))->remote_id, ==, arrived);
  g_assert_cmpstr (((AssayApplication *) g_ptr_array_index (changes->items, 0))->full_name, ==, "Zoë Ñandú");
}

static void
test_confidential (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=60", "--applications=600", NULL);
  g_autoptr (AssayAts) with = connect_to (sandbox, "sandbox-pinpoint-full-access", "yes");
  g_autoptr (AssayAts) without = connect_to (sandbox, "sandbox-pinpoint-full-access", "no");
  g_autoptr (GHashTable) all_jobs = NULL, shown_jobs = NULL, all_people = NULL, shown_people = NULL;
  g_autoptr (AssayPage) page = list_jobs (with, NULL);
  guint pages, confidential = 0;

  for (guint i = 0; i < page->items->len; i++)
    confidential += ((AssayJob *) g_ptr_array_index (page->items, i))->confidential ? 1 : 0;
  g_assert_cmpuint (confidential, >, 0);

  all_jobs = list_all (with, TRUE, &pages);
  shown_jobs = list_all (without, TRUE, &pages);
  g_assert_cmpuint (g_hash_table_size (shown_jobs), ==, g_hash_table_size (all_jobs) - confidential);
  all_people = list_all (with, FALSE, &pages);
  shown_people = list_all (without, FALSE, &pages);
  g_assert_cmpuint (g_hash_table_size (all_people), ==, 600);
  g_assert_cmpuint (g_hash_table_size (shown_people), <, 600);
  test_sandbox_assert_no_incidents (sandbox);
}

static void
test_one_application (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=3", "--applications=5", NULL);
  g_autoptr (AssayAts) ats = connect_to (sandbox, "sandbox-pinpoint-full-access", "yes");
  g_autofree char *id = test_sandbox_arrive (sandbox, "\"first_name\":\"Ana\",\"last_name\":\"Lima\"");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayApplication) application = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_ats_get_application_async, ats, id, NULL);
  application = assay_ats_get_application_finish (ats, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (application->remote_id, ==, id);
  g_assert_cmpstr (application->full_name, ==, "Ana Lima");
  g_assert_nonnull (application->stage_name);

  TEST_CALL (result, assay_ats_get_application_async, ats, "999999999", NULL);
  g_assert_null (assay_ats_get_application_finish (ats, result, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);

  /* No id can leave its place in the path. */
  TEST_CALL (result, assay_ats_get_application_async, ats, "../jobs?page[size]=1#", NULL);
  g_assert_null (assay_ats_get_application_finish (ats, result, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpuint (test_sandbox_count_requests (sandbox, "pinpoint", "jobs.list"), ==, 0);
}

/* Known by name only: where it answers, what comes is shown as it comes; where it doesn't, nothing is. */
static void
test_own_assessments (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=2", "--applications=10", NULL);
  g_autoptr (AssayAts) ats = connect_to (sandbox, "sandbox-pinpoint-assessments", "yes");
  g_autoptr (AssayAts) without = connect_to (sandbox, "sandbox-pinpoint-full-access", "yes");
  g_autoptr (AssayProbe) found = probe (ats);
  g_autoptr (AssayPage) page = list_applications (ats, 0, NULL);
  const AssayApplication *first = g_ptr_array_index (page->items, 0);
  const AssayApplication *second = g_ptr_array_index (page->items, 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GError) error = NULL;
  const AssayAtsRecord *record;
  guint index;

  g_assert_cmpint (find_permission (found, "Candidate Assessment", "Read")->granted, ==, ASSAY_GRANTED_YES);

  TEST_CALL (result, assay_ats_list_own_assessments_async, ats, first->remote_id, NULL);
  records = assay_ats_list_own_assessments_finish (ats, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (records->len, ==, 1);
  record = g_ptr_array_index (records, 0);
  g_assert_cmpstr (record->application_remote_id, ==, first->remote_id);
  g_assert_true (g_ptr_array_find_with_equal_func (record->names, "Status", g_str_equal, &index));
  g_assert_cmpstr (g_ptr_array_index (record->values, index), ==, "completed");

  TEST_CALL (result, assay_ats_list_own_assessments_async, ats, second->remote_id, NULL);
  none = assay_ats_list_own_assessments_finish (ats, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);

  TEST_CALL (result, assay_ats_list_own_assessments_async, without, first->remote_id, NULL);
  g_assert_null (assay_ats_list_own_assessments_finish (without, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  test_sandbox_assert_no_incidents (sandbox);
}

/* Webhooks, from the vendor to us */

typedef struct
{
  SoupServer *server;
  char *url;
  GPtrArray *events;     /* (element-type AssayWebhookEvent) of deliveries that were good */
  guint refused;         /* deliveries that weren't */
  guint fail;            /* how many are still to be answered with a failure */
  const char *secret;
} Receiver;

static void
receive_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Receiver *receiver = user_data;
  g_autoptr (GHashTable) headers = assay_webhook_headers_new ();
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  SoupMessageHeadersIter iter;
  const char *name, *value;
  AssayWebhookEvent *event = NULL;
  g_autoptr (GError) error = NULL;

  if (receiver->fail > 0)
    {
      receiver->fail--;
      soup_server_message_set_status (message, 503, NULL);
      return;
    }
  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    assay_webhook_headers_set (headers, name, value);
  if (assay_pinpoint_description.parse_webhook (headers, body, receiver->secret, assay_time_now (), &event, &error))
    g_ptr_array_add (receiver->events, event);
  else
    {
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
      receiver->refused++;
    }
  soup_server_message_set_status (message, 200, NULL);
}

static void
receiver_init (Receiver *receiver)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  *receiver = (Receiver) { .server = soup_server_new (NULL, NULL), .secret = "whsec" };
  receiver->events = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_webhook_event_free);
  soup_server_add_handler (receiver->server, NULL, receive_cb, receiver, NULL);
  soup_server_listen_local (receiver->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (receiver->server);
  receiver->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
receiver_clear (Receiver *receiver)
{
  soup_server_disconnect (receiver->server);
  g_object_unref (receiver->server);
  g_ptr_array_unref (receiver->events);
  g_free (receiver->url);
}

static gboolean
has_one (gpointer data)
{
  return ((Receiver *) data)->events->len >= 1;
}

static gboolean
has_two (gpointer data)
{
  return ((Receiver *) data)->events->len >= 2;
}

static gboolean
has_refused (gpointer data)
{
  return ((Receiver *) data)->refused >= 1;
}

/* Somebody applies, and is moved; each is reported once it is answered well, and says where to look. */
static void
test_webhooks (void)
{
  g_autoptr (TestSandbox) sandbox = test_sandbox_start ("--jobs=2", "--applications=5", NULL);
  const AssayWebhookEvent *event;
  g_autofree char *path = NULL;
  g_autoptr (JsonNode) made = NULL;
  g_autoptr (JsonNode) moved = NULL;
  g_autoptr (JsonNode) tested = NULL;
  g_autofree char *id = NULL;
  Receiver receiver;

  receiver_init (&receiver);
  made = test_sandbox_ask (sandbox, "POST", "/settings",
                           "{\"vendor\":\"pinpoint\",\"webhook\":{\"url\":\"%s\",\"secret\":\"whsec\",\"events\":"
                           "[\"New application\",\"Application stage changed\"]}}", receiver.url);
  receiver.fail = 1;
  id = test_sandbox_arrive (sandbox, "\"email\":\"ada@example.test\"");
  test_run_until (has_one, &receiver);
  event = g_ptr_array_index (receiver.events, 0);
  g_assert_cmpstr (event->application_remote_id, ==, id);
  g_assert_nonnull (event->job_remote_id);
  g_assert_cmpint (event->at, >, 0);
  g_assert_cmpuint (receiver.fail, ==, 0);

  path = g_strconcat ("/applications/", id, NULL);
  moved = test_sandbox_ask (sandbox, "POST", path, "{\"stage\":\"Rejected\"}");
  test_run_until (has_two, &receiver);
  event = g_ptr_array_index (receiver.events, 1);
  g_assert_cmpstr (event->name, ==, "application_stage_changed");
  g_assert_cmpstr (event->application_remote_id, ==, id);

  /* Another secret than ours: nothing of it is believed. */
  receiver.secret = "another";
  tested = test_sandbox_ask (sandbox, "POST", "/settings", "{\"vendor\":\"pinpoint\",\"test_event\":true}");
  test_run_until (has_refused, &receiver);
  g_assert_cmpuint (receiver.events->len, ==, 2);
  receiver_clear (&receiver);
  test_sandbox_assert_no_incidents (sandbox);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/pinpoint/decode/applications-collection", test_applications_collection);
  g_test_add_func ("/pinpoint/decode/application-single", test_application_single);
  g_test_add_func ("/pinpoint/decode/application-without-includes", test_application_without_includes);
  g_test_add_func ("/pinpoint/decode/application-attachments-minimal", test_application_attachments_minimal);
  g_test_add_func ("/pinpoint/decode/jobs-collection", test_jobs_collection);
  g_test_add_func ("/pinpoint/decode/job-created", test_job_created);
  g_test_add_func ("/pinpoint/decode/pages-without-records", test_pages_without_records);
  g_test_add_func ("/pinpoint/decode/lenient", test_lenient);
  g_test_add_func ("/pinpoint/decode/wrong-shapes", test_wrong_shapes);
  g_test_add_func ("/pinpoint/probe", test_probe);
  g_test_add_func ("/pinpoint/probe-tells", test_probe_tells);
  g_test_add_func ("/pinpoint/probe-wrong-key", test_probe_wrong_key);
  g_test_add_func ("/pinpoint/probe-score-field", test_probe_score_field);
  g_test_add_func ("/pinpoint/own-assessments", test_own_assessments);
  g_test_add_func ("/pinpoint/webhooks", test_webhooks);
  g_test_add_func ("/pinpoint/probe-html", test_probe_html);
  g_test_add_func ("/pinpoint/paging", test_paging);
  g_test_add_func ("/pinpoint/changes-only", test_changes_only);
  g_test_add_func ("/pinpoint/confidential", test_confidential);
  g_test_add_func ("/pinpoint/one-application", test_one_application);

  return g_test_run ();
}
