/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The larger writes of every applicant tracking system, over the strict sandbox: people entered with their CV,
 * documents, scores, links, archiving; each with its read-back, its refusals, its lost answers, and cancelled at
 * every await.
 *
 * A vendor joins with a line in the table. What its connector leaves out has to end as "not supported", and is
 * then skipped. */
#include "config.h"

#include <string.h>

#include "assay-kombo.h"
#include "assay-lever.h"
#include "assay-pinpoint.h"
#include "assay-secrets.h"
#include "test-support.h"

typedef struct
{
  const AssayConnectorDescription *description;
  const char *full;                 /* a key that may do everything */
  const char *read_only;
  const char *create_operation;     /* as the sandbox calls it */
  const char *create_permission;    /* what a refusal names */
  const char *users_operation;
  const char *const *settings;      /* (nullable) name, value, …, NULL: beyond the base address */
} Vendor;

/* Whoever the sandbox's Lever has as its first user. */
static const char *const lever_settings[] = { "perform-as", "073a1f48-0a55-412d-8b0c-00000000012d", NULL };

static const char *const kombo_settings[] = { "integration", "greenhouse:SandboxSandboxSandbox001", NULL };

static const Vendor vendors[] = {
  {
    .description = &assay_pinpoint_description,
    .full = "sandbox-pinpoint-full-access",
    .read_only = "sandbox-pinpoint-read-only",
    .create_operation = "applications.create",
    .create_permission = "“Application: Write”",
    .users_operation = "users.list",
  },
  {
    .description = &assay_lever_description,
    .full = "sandbox-lever-full-access",
    .read_only = "sandbox-lever-read-only",
    .create_operation = "opportunities.create",
    .create_permission = "“Create an opportunity”",
    .users_operation = "users.list",
    .settings = lever_settings,
  },
  {
    .description = &assay_kombo_description,
    .full = "sandbox-kombo-full-access",
    .read_only = "sandbox-kombo-read-only",
    .create_operation = "applications.create",
    .create_permission = "“Create application”",
    .settings = kombo_settings,
  },
};

typedef struct
{
  const Vendor *vendor;
  TestSandbox *sandbox;
  AssayAts *ats;
  AssayApplication *application;    /* somebody who is there */
  AssayApplication *with_documents; /* (nullable) the same, read alone */
  char *job;                        /* an open one */
  char *other_stage;                /* of the person's job, and not where they are */
} Fixture;

static AssayAts *
connect_to (TestSandbox  *sandbox,
            const Vendor *vendor,
            const char   *key)
{
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  AssayConnectorDescription hurried = *vendor->description;
  g_autoptr (GError) error = NULL;
  GObject *connector;

  connection->kind = g_strdup (vendor->description->id);
  g_hash_table_insert (connection->settings, g_strdup ("base-url"),
                       g_strdup (test_sandbox_get_base_url (sandbox, vendor->description->id)));
  for (guint i = 0; vendor->settings != NULL && vendor->settings[i] != NULL; i += 2)
    g_hash_table_insert (connection->settings, g_strdup (vendor->settings[i]), g_strdup (vendor->settings[i + 1]));
  assay_secrets_table_set (secrets, "api-key", key);
  /* The vendor's pace isn't the sandbox's. */
  hurried.pace = (AssayHttpPace) { .per_second = 10000, .burst = 1000, .concurrency = hurried.pace.concurrency };
  connector = hurried.create (&hurried, &context, &error);
  g_assert_no_error (error);
  return ASSAY_ATS (connector);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayPage) jobs = NULL;
  g_autoptr (AssayPage) page = NULL;
  g_autoptr (GError) error = NULL;

  fixture->vendor = data;
  fixture->sandbox = test_sandbox_start ("--jobs=3", "--applications=30", NULL);
  fixture->ats = connect_to (fixture->sandbox, fixture->vendor, fixture->vendor->full);
  TEST_CALL (result, assay_ats_list_jobs_async, fixture->ats, NULL, NULL);
  jobs = assay_ats_list_jobs_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < jobs->items->len && fixture->job == NULL; i++)
    if (((AssayJob *) g_ptr_array_index (jobs->items, i))->open)
      fixture->job = g_strdup (((AssayJob *) g_ptr_array_index (jobs->items, i))->remote_id);
  TEST_CALL (result, assay_ats_list_applications_async, fixture->ats, 0, NULL, NULL);
  page = assay_ats_list_applications_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; fixture->application == NULL && i < page->items->len; i++)
    {
      const AssayApplication *application = g_ptr_array_index (page->items, i);

      if (!application->archived && application->job_remote_id != NULL && application->email != NULL)
        fixture->application = assay_application_copy (application);
    }
  g_assert_nonnull (fixture->application);
  g_assert_nonnull (fixture->job);
  for (guint i = 0; i < jobs->items->len && fixture->other_stage == NULL; i++)
    {
      const AssayJob *job = g_ptr_array_index (jobs->items, i);

      for (guint j = 0; strcmp (job->remote_id, fixture->application->job_remote_id) == 0 && j < job->stages->len; j++)
        {
          const AssayStage *stage = g_ptr_array_index (job->stages, j);

          if (strcmp (stage->remote_id, fixture->application->stage_remote_id) != 0)
            {
              g_free (fixture->other_stage);
              fixture->other_stage = g_strdup (stage->remote_id);
            }
        }
    }
  g_assert_nonnull (fixture->other_stage);
}

static void
release_ats (AssayAts *ats)
{
  gpointer weak = ats;

  /* The thread that decoded the last page gives its reference back in its own time. */
  g_object_add_weak_pointer (weak, &weak);
  g_object_unref (ats);
  while (weak != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  test_sandbox_assert_no_incidents (fixture->sandbox);
  assay_application_free (fixture->application);
  assay_application_free (fixture->with_documents);
  g_free (fixture->job);
  g_free (fixture->other_stage);
  release_ats (fixture->ats);
  test_sandbox_stop (fixture->sandbox);
}

static guint
count_writes (Fixture    *fixture,
              const char *operation)
{
  g_autoptr (JsonNode) ledger = test_sandbox_ask (fixture->sandbox, "GET", "/ledger", NULL);
  JsonArray *writes = json_object_get_array_member (json_node_get_object (ledger), "writes");
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (writes); i++)
    {
      JsonObject *write = json_array_get_object_element (writes, i);

      if (strcmp (json_object_get_string_member (write, "vendor"), fixture->vendor->description->id) == 0 &&
          strcmp (json_object_get_string_member (write, "operation"), operation) == 0)
        count++;
    }
  return count;
}

static void
fault (Fixture    *fixture,
       const char *operation,
       const char *kind)
{
  test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, operation, kind, 1);
}

/* Whether the connector can; where it can't, the call says so. */
#define SKIP_UNLESS(fixture, method, error)                                       \
  G_STMT_START                                                                    \
    {                                                                             \
      if (ASSAY_ATS_GET_IFACE ((fixture)->ats)->method == NULL)                   \
        {                                                                         \
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);           \
          test_assert_sentence ((error)->message);                                \
          g_clear_error (&(error));                                               \
          return;                                                                 \
        }                                                                         \
    }                                                                             \
  G_STMT_END

/* Entering a person */

static const char *const person_tags[] = { "hackajob", "Größe: Ω", NULL };
static const char *const person_links[] = { "https://www.linkedin.com/in/ada", "https://profile.example/1?a=b&c=d", NULL };

static GBytes *
get_cv (void)
{
  static const char cv[] = "%PDF-1.4\n\0\xff\xfe binary\n%%EOF\n";

  return g_bytes_new_static (cv, sizeof cv - 1);
}

static void
fill_person (Fixture             *fixture,
             AssayNewApplication *person,
             AssayUpload         *cv)
{
  cv->name = "Lovelace Größe.pdf";
  cv->media_type = "application/pdf";
  cv->bytes = get_cv ();
  *person = (AssayNewApplication) {
    .job_remote_id = fixture->job,
    .first_name = "Ada \"Ω\"",
    .last_name = "Lovelace",
    .email = "ada.lovelace@example.test",
    .phone = "+44 20 7946 0000",
    .source = "hackajob",
    .tags = person_tags,
    .links = person_links,
    .cv = cv,
  };
}

static char *
create (AssayAts                  *ats,
        const AssayNewApplication *person,
        GError                   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_create_application_async, ats, person, NULL);
  return assay_ats_create_application_finish (ats, result, error);
}

static AssayApplication *
get_application (AssayAts   *ats,
                 const char *remote_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayApplication *application;

  TEST_CALL (result, assay_ats_get_application_async, ats, remote_id, NULL);
  application = assay_ats_get_application_finish (ats, result, &error);
  g_assert_no_error (error);
  return application;
}

static GBytes *
download (AssayAts            *ats,
          const AssayDocument *document,
          GError             **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_download_document_async, ats, document, NULL);
  return assay_ats_download_document_finish (ats, result, error);
}

static void
test_create (Fixture      *fixture,
             gconstpointer data)
{
  AssayNewApplication person;
  AssayUpload cv;
  g_autofree char *id = NULL;
  g_autoptr (AssayApplication) made = NULL;
  GError *error = NULL;
  gboolean has_cv = FALSE;

  fill_person (fixture, &person, &cv);
  id = create (fixture->ats, &person, &error);
  if (ASSAY_ATS_GET_IFACE (fixture->ats)->create_application_async == NULL)
    g_bytes_unref (cv.bytes);
  SKIP_UNLESS (fixture, create_application_async, error);
  g_assert_no_error (error);
  g_assert_nonnull (id);
  g_assert_cmpuint (count_writes (fixture, fixture->vendor->create_operation), ==, 1);

  made = get_application (fixture->ats, id);
  g_assert_cmpstr (made->email, ==, person.email);
  g_assert_cmpstr (made->full_name, ==, "Ada \"Ω\" Lovelace");
  g_assert_cmpstr (made->job_remote_id, ==, fixture->job);
  g_assert_nonnull (made->stage_remote_id);
  g_assert_false (made->archived);
  for (guint i = 0; person_tags[i] != NULL; i++)
    g_assert_true (g_strv_contains ((const char *const *) made->tags, person_tags[i]));

  if (ASSAY_ATS_GET_IFACE (fixture->ats)->download_document_async == NULL)
    {
      g_assert_null (made->documents);
      g_bytes_unref (cv.bytes);
      return;
    }
  /* Its CV comes back byte for byte. That the key stayed at home is the sandbox's to say: it counts a leak as an
   * incident. */
  for (guint i = 0; i < made->documents->len; i++)
    {
      const AssayDocument *document = g_ptr_array_index (made->documents, i);
      g_autoptr (GBytes) bytes = NULL;

      if (strcmp (document->filename, cv.name) != 0)
        continue;
      has_cv = TRUE;
      bytes = download (fixture->ats, document, &error);
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (bytes, cv.bytes));
    }
  g_assert_true (has_cv);
  g_bytes_unref (cv.bytes);
}

/* A person is never entered twice, whatever becomes of the answer. */
static void
test_create_with_lost_answer (Fixture      *fixture,
                              gconstpointer data)
{
  static const char *const kinds[] = { "drop-after", "drop-before", "truncate", "html", "empty", "status:500" };
  AssayNewApplication person = { .job_remote_id = fixture->job, .first_name = "Ada", .last_name = "Lovelace" };
  const char *operation = fixture->vendor->create_operation;
  GError *error = NULL;

  if (ASSAY_ATS_GET_IFACE (fixture->ats)->create_application_async == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *email = g_strdup_printf ("ada%u@example.test", i);
      guint before = test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id, operation);

      g_test_message ("%s", kinds[i]);
      person.email = email;
      fault (fixture, operation, kinds[i]);
      g_assert_null (create (fixture->ats, &person, &error));
      test_assert_error (error, ASSAY_ERROR_UNSURE);
      g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id, operation), ==,
                        before + 1);
    }
}

/* Looking afterwards tells what became of it. */
static char *
find_application (Fixture    *fixture,
                  const char *email,
                  GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_find_application_async, fixture->ats, fixture->job, email, assay_time_now () - 60000, NULL);
  return assay_ats_find_application_finish (fixture->ats, result, error);
}

static char *
find_note (Fixture    *fixture,
           const char *text,
           GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_find_note_async, fixture->ats, fixture->application->remote_id, text,
             assay_time_now () - 60000, NULL);
  return assay_ats_find_note_finish (fixture->ats, result, error);
}

static void
test_find_application (Fixture      *fixture,
                       gconstpointer data)
{
  AssayNewApplication person = { .job_remote_id = fixture->job, .first_name = "Ada", .last_name = "Lovelace",
                                 .email = "Ada@Example.test" };
  g_autofree char *none = NULL;
  g_autofree char *made = NULL;
  g_autoptr (AssayApplication) application = NULL;
  GError *error = NULL;

  none = find_application (fixture, person.email, &error);
  SKIP_UNLESS (fixture, find_application_async, error);
  g_assert_no_error (error);
  g_assert_null (none);

  fault (fixture, fixture->vendor->create_operation, "drop-before");
  g_assert_null (create (fixture->ats, &person, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  none = find_application (fixture, person.email, &error);
  g_assert_no_error (error);
  g_assert_null (none);

  fault (fixture, fixture->vendor->create_operation, "drop-after");
  g_assert_null (create (fixture->ats, &person, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  made = find_application (fixture, "ada@example.test", &error);
  g_assert_no_error (error);
  g_assert_nonnull (made);
  application = get_application (fixture->ats, made);
  g_assert_cmpstr (application->last_name, ==, "Lovelace");
}

static void
test_find_note (Fixture      *fixture,
                gconstpointer data)
{
  static const char text[] = "Score: 84 %\n“Ω” <b>https://report.example/1</b>";
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *none = NULL;
  g_autofree char *written = NULL;
  g_autofree char *found = NULL;
  GError *error = NULL;

  none = find_note (fixture, text, &error);
  SKIP_UNLESS (fixture, find_note_async, error);
  g_assert_no_error (error);
  g_assert_null (none);
  TEST_CALL (result, assay_ats_add_note_async, fixture->ats, fixture->application->remote_id, text, NULL);
  g_assert_true (assay_ats_add_note_finish (fixture->ats, result, &written, &error));
  g_assert_no_error (error);
  found = find_note (fixture, text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, written);
  none = find_note (fixture, "Score: 84 %", &error);
  g_assert_no_error (error);
  g_assert_null (none);
}

/* What the vendor says no to is said in its words; a wait that it asks for is waited, and then it is done once. */
static void
test_create_refused (Fixture      *fixture,
                     gconstpointer data)
{
  AssayNewApplication person = { .job_remote_id = fixture->job, .first_name = "Ada", .last_name = "Lovelace",
                                 .email = "ada@example.test" };
  const Vendor *vendor = fixture->vendor;
  static const struct
  {
    const char *kind;
    int code;
  } cases[] = {
    { "status:401", ASSAY_ERROR_UNAUTHORIZED },
    { "status:403", ASSAY_ERROR_FORBIDDEN },
    { "status:409", ASSAY_ERROR_DUPLICATE },
    { "status:422", ASSAY_ERROR_INVALID },
  };
  GError *error = NULL;
  g_autofree char *id = NULL;
  AssayAts *weak;

  if (ASSAY_ATS_GET_IFACE (fixture->ats)->create_application_async == NULL)
    return;
  weak = connect_to (fixture->sandbox, vendor, vendor->read_only);
  g_assert_null (create (weak, &person, &error));
  g_assert_nonnull (strstr (error->message, vendor->create_permission));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  release_ats (weak);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].kind);
      fault (fixture, vendor->create_operation, cases[i].kind);
      g_assert_null (create (fixture->ats, &person, &error));
      g_assert_nonnull (assay_error_get_vendor_detail (error));
      g_assert_cmpuint (assay_error_get_vendor_status (error), >=, 400);
      test_assert_error (error, cases[i].code);
    }
  g_assert_cmpuint (count_writes (fixture, vendor->create_operation), ==, 0);

  person.job_remote_id = "999999999";
  g_assert_null (create (fixture->ats, &person, &error));
  g_assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ||
                 g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID));
  g_clear_error (&error);
  person.job_remote_id = fixture->job;

  fault (fixture, vendor->create_operation, "retry-after:0");
  id = create (fixture->ats, &person, &error);
  g_assert_no_error (error);
  g_assert_nonnull (id);
  g_assert_cmpuint (count_writes (fixture, vendor->create_operation), ==, 1);
}

/* What can't be right never leaves. */
static void
test_create_invalid (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  const AssayUpload empty = { .name = "cv.pdf", .media_type = "application/pdf", .bytes = nothing };
  const AssayNewApplication people[] = {
    { .job_remote_id = fixture->job, .first_name = "Ada", .last_name = "Lovelace", .email = "no address" },
    { .job_remote_id = fixture->job, .first_name = "", .last_name = "", .email = "ada@example.test" },
    { .job_remote_id = fixture->job, .first_name = "Ada", .last_name = "Lovelace", .email = "ada@example.test",
      .cv = &empty },
  };
  GError *error = NULL;

  if (ASSAY_ATS_GET_IFACE (fixture->ats)->create_application_async == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    {
      g_assert_null (create (fixture->ats, &people[i], &error));
      test_assert_error (error, ASSAY_ERROR_INVALID);
    }
  g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id,
                                                 fixture->vendor->create_operation),
                    ==, 0);
}

/* Documents */

static void
test_download (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (AssayApplication) application = get_application (fixture->ats, fixture->application->remote_id);
  const AssayDocument strange = { .filename = (char *) "x", .url = (char *) "file:///etc/passwd" };
  const AssayDocument *document = &strange;
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  if (application->documents != NULL && application->documents->len > 0)
    document = g_ptr_array_index (application->documents, 0);
  bytes = download (fixture->ats, document, &error);
  SKIP_UNLESS (fixture, download_document_async, error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), MIN (5, g_bytes_get_size (bytes)), "%PDF-", 5);

  g_assert_null (download (fixture->ats, &strange, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

/* Users */

static void
test_users (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) users = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_ats_list_users_async, fixture->ats, NULL);
  users = assay_ats_list_users_finish (fixture->ats, result, &error);
  SKIP_UNLESS (fixture, list_users_async, error);
  g_assert_no_error (error);
  g_assert_cmpuint (users->len, >, 0);
  for (guint i = 0; i < users->len; i++)
    {
      const AssayUser *user = g_ptr_array_index (users, i);

      g_assert_nonnull (user->remote_id);
      g_assert_true (user->name != NULL && *user->name != '\0');
      g_assert_true (assay_email_is_plausible (user->email));
    }

  fault (fixture, fixture->vendor->users_operation, "status:403");
  TEST_CALL (result, assay_ats_list_users_async, fixture->ats, NULL);
  g_assert_null (assay_ats_list_users_finish (fixture->ats, result, &error));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
}

/* Scores */

static gboolean
set_score (AssayAts   *ats,
           const char *remote_id,
           const char *field,
           const char *value,
           GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_set_score_async, ats, remote_id, field, value, NULL);
  return assay_ats_set_score_finish (ats, result, error);
}

/* The field is made once; the attribute is made once, then changed; what is there already isn't written again. */
static void
test_score (Fixture      *fixture,
            gconstpointer data)
{
  const char *id = fixture->application->remote_id;
  AssayAts *other;
  GError *error = NULL;

  set_score (fixture->ats, id, "Assessment score", "84", &error);
  SKIP_UNLESS (fixture, set_score_async, error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (fixture, "custom_fields.create"), ==, 1);
  g_assert_cmpuint (count_writes (fixture, "custom_attributes.create"), ==, 1);

  g_assert_true (set_score (fixture->ats, id, "Assessment score", "84", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (fixture, "custom_attributes.update"), ==, 0);
  g_assert_true (set_score (fixture->ats, id, " assessment SCORE ", "91.5", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (fixture, "custom_attributes.update"), ==, 1);

  /* Somebody who knows nothing of this finds both, and the value. */
  other = connect_to (fixture->sandbox, fixture->vendor, fixture->vendor->full);
  g_assert_true (set_score (other, id, "Assessment score", "91.5", &error));
  g_assert_no_error (error);
  release_ats (other);
  g_assert_cmpuint (count_writes (fixture, "custom_fields.create"), ==, 1);
  g_assert_cmpuint (count_writes (fixture, "custom_attributes.create"), ==, 1);
  g_assert_cmpuint (count_writes (fixture, "custom_attributes.update"), ==, 1);
}

/* A lost answer to a making is looked for: what took effect is found, what didn't is unsure, and nothing is made
 * twice. */
static void
test_score_with_lost_answer (Fixture      *fixture,
                             gconstpointer data)
{
  const char *id = fixture->application->remote_id;
  GError *error = NULL;

  if (ASSAY_ATS_GET_IFACE (fixture->ats)->set_score_async == NULL)
    return;
  fault (fixture, "custom_fields.create", "drop-before");
  g_assert_false (set_score (fixture->ats, id, "Score", "84", &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  g_assert_cmpuint (count_writes (fixture, "custom_fields.create"), ==, 0);

  fault (fixture, "custom_fields.create", "drop-after");
  fault (fixture, "custom_attributes.create", "drop-after");
  g_assert_true (set_score (fixture->ats, id, "Score", "84", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (fixture, "custom_fields.create"), ==, 1);
  g_assert_cmpuint (count_writes (fixture, "custom_attributes.create"), ==, 1);

  /* The value of an attribute is put again. */
  fault (fixture, "custom_attributes.update", "drop-after");
  g_assert_true (set_score (fixture->ats, id, "Score", "85", &error));
  g_assert_no_error (error);
  g_assert_true (set_score (fixture->ats, id, "Score", "85", &error));
  g_assert_no_error (error);

  fault (fixture, "custom_attributes.create", "status:500");
  g_assert_false (set_score (fixture->ats, id, "Another score", "1", &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  g_assert_cmpuint (count_writes (fixture, "custom_attributes.create"), ==, 1);
}

static void
test_score_refused (Fixture      *fixture,
                    gconstpointer data)
{
  static const struct
  {
    const char *key;
    const char *says;
  } keys[] = {
    { "sandbox-pinpoint-no-custom-fields", "“Custom Field: Read”" },
    { "sandbox-pinpoint-no-custom-attributes", "“Custom Attributes: Read”" },
    { "sandbox-pinpoint-read-only", "“Custom Attributes: Write”" },
  };
  const char *id = fixture->application->remote_id;
  GError *error = NULL;

  if (ASSAY_ATS_GET_IFACE (fixture->ats)->set_score_async == NULL)
    return;
  g_assert_false (set_score (fixture->ats, id, "Score", "high", &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_false (set_score (fixture->ats, id, "  ", "84", &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_false (set_score (fixture->ats, "999999999", "Score", "84", &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  if (strcmp (fixture->vendor->description->id, "pinpoint") != 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      AssayAts *weak = connect_to (fixture->sandbox, fixture->vendor, keys[i].key);

      g_assert_false (set_score (weak, id, "Score", "84", &error));
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, keys[i].says));
      test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
      release_ats (weak);
    }
}

/* Stages */

/* A stage of another job never leaves. */
static void
test_move_to_another_job (Fixture      *fixture,
                          gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayPage) jobs = NULL;
  const char *foreign = NULL;
  AssayAts *fresh;
  GError *error = NULL;

  if (strcmp (fixture->vendor->description->id, "pinpoint") != 0)
    {
      g_test_skip ("Stages belong to the account there");
      return;
    }
  TEST_CALL (result, assay_ats_list_jobs_async, fixture->ats, NULL, NULL);
  jobs = assay_ats_list_jobs_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < jobs->items->len; i++)
    {
      const AssayJob *job = g_ptr_array_index (jobs->items, i);

      if (strcmp (job->remote_id, fixture->application->job_remote_id) != 0)
        foreign = ((AssayStage *) g_ptr_array_index (job->stages, 1))->remote_id;
    }
  TEST_CALL (result, assay_ats_move_stage_async, fixture->ats, fixture->application->remote_id, foreign, NULL);
  g_assert_false (assay_ats_move_stage_finish (fixture->ats, result, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);

  /* Nor by somebody who has read no job yet. */
  fresh = connect_to (fixture->sandbox, fixture->vendor, fixture->vendor->full);
  TEST_CALL (result, assay_ats_move_stage_async, fresh, fixture->application->remote_id, foreign, NULL);
  g_assert_false (assay_ats_move_stage_finish (fresh, result, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_clear_object (&result);
  release_ats (fresh);
  g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "pinpoint", "applications.update"), ==, 0);
}

/* Cancelled at every await */

typedef struct
{
  const char *name;
  gboolean once;        /* cancelled means that nothing happened */
  const char *operation;
  void (*begin) (Fixture *fixture, guint round, GCancellable *cancellable, GAsyncResult **result);
  gboolean (*end) (Fixture *fixture, GAsyncResult *result, GError **error);
} Call;

static void
begin_score (Fixture       *fixture,
             guint          round,
             GCancellable  *cancellable,
             GAsyncResult **result)
{
  g_autofree char *field = g_strdup_printf ("Score %u", round);

  assay_ats_set_score_async (fixture->ats, fixture->application->remote_id, field, "84", cancellable, test_keep_result,
                             result);
}

static gboolean
end_score (Fixture      *fixture,
           GAsyncResult *result,
           GError      **error)
{
  return assay_ats_set_score_finish (fixture->ats, result, error);
}

static void
begin_create (Fixture       *fixture,
              guint          round,
              GCancellable  *cancellable,
              GAsyncResult **result)
{
  g_autofree char *email = g_strdup_printf ("round%u@example.test", round);
  const AssayNewApplication person = { .job_remote_id = fixture->job, .first_name = "Ada", .last_name = "Lovelace",
                                       .email = email, .tags = person_tags };

  assay_ats_create_application_async (fixture->ats, &person, cancellable, test_keep_result, result);
}

static gboolean
end_create (Fixture      *fixture,
            GAsyncResult *result,
            GError      **error)
{
  g_autofree char *id = assay_ats_create_application_finish (fixture->ats, result, error);

  return id != NULL;
}

static void
begin_move (Fixture       *fixture,
            guint          round,
            GCancellable  *cancellable,
            GAsyncResult **result)
{
  assay_ats_move_stage_async (fixture->ats, fixture->application->remote_id,
                              round % 2 == 0 ? fixture->other_stage : fixture->application->stage_remote_id, cancellable,
                              test_keep_result, result);
}

static gboolean
end_move (Fixture      *fixture,
          GAsyncResult *result,
          GError      **error)
{
  return assay_ats_move_stage_finish (fixture->ats, result, error);
}

static void
begin_users (Fixture       *fixture,
             guint          round,
             GCancellable  *cancellable,
             GAsyncResult **result)
{
  assay_ats_list_users_async (fixture->ats, cancellable, test_keep_result, result);
}

static gboolean
end_users (Fixture      *fixture,
           GAsyncResult *result,
           GError      **error)
{
  g_autoptr (GPtrArray) users = assay_ats_list_users_finish (fixture->ats, result, error);

  return users != NULL;
}

static void
begin_download (Fixture       *fixture,
                guint          round,
                GCancellable  *cancellable,
                GAsyncResult **result)
{
  if (fixture->with_documents == NULL)
    fixture->with_documents = get_application (fixture->ats, fixture->application->remote_id);
  assay_ats_download_document_async (fixture->ats, g_ptr_array_index (fixture->with_documents->documents, 0), cancellable,
                                     test_keep_result, result);
}

static gboolean
end_download (Fixture      *fixture,
              GAsyncResult *result,
              GError      **error)
{
  g_autoptr (GBytes) bytes = assay_ats_download_document_finish (fixture->ats, result, error);

  return bytes != NULL;
}

/* After a number of turns of the main loop that grows until the call ends by itself: so each wait is cut at
 * least once. It ends exactly once each time, and "cancelled" means that nothing was done. */
static void
cut_everywhere (Fixture    *fixture,
                const Call *call)
{
  gboolean finished = FALSE;
  guint cancelled = 0, round = 0, possible = call->once ? count_writes (fixture, call->operation) : 0;

  for (guint turns = 0; !finished; turns += 1 + turns / 6, round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (turns, <, 100000);
      call->begin (fixture, round, cancellable, &result);
      for (guint i = 0; i < turns && result == NULL; i++)
        g_main_context_iteration (NULL, TRUE);
      finished = result != NULL;
      g_cancellable_cancel (cancellable);
      test_wait_result (&result);
      if (call->end (fixture, result, &error))
        {
          possible++;
          continue;
        }
      g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
                     g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE));
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          cancelled++;
          /* One that was unsure may have arrived meanwhile; one that was cancelled never does. */
          if (call->once)
            g_assert_cmpuint (count_writes (fixture, call->operation), <=, possible);
        }
      else
        possible++;
    }
  g_test_message ("%s: %u rounds, %u cancelled", call->name, round, cancelled);
  g_assert_cmpuint (cancelled, >, 0);
}

static void
test_cancelled_anywhere (Fixture      *fixture,
                         gconstpointer data)
{
  static const Call calls[] = {
    { "create", TRUE, "", begin_create, end_create },
    { "score", TRUE, "custom_attributes.create", begin_score, end_score },
    { "move", FALSE, NULL, begin_move, end_move },
    { "users", FALSE, NULL, begin_users, end_users },
    { "download", FALSE, NULL, begin_download, end_download },
  };
  const AssayAtsInterface *iface = ASSAY_ATS_GET_IFACE (fixture->ats);
  const gpointer methods[] = { (gpointer) iface->create_application_async, (gpointer) iface->set_score_async,
                               (gpointer) iface->move_stage_async, (gpointer) iface->list_users_async,
                               (gpointer) iface->download_document_async };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      Call call = calls[i];

      if (methods[i] == NULL)
        continue;
      if (i == 0)
        call.operation = fixture->vendor->create_operation;
      cut_everywhere (fixture, &call);
    }
}

static void
add (const Vendor *vendor,
     const char   *name,
     void        (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/ats-records/%s/%s", vendor->description->id, name);

  g_test_add (path, Fixture, vendor, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (vendors); i++)
    {
      add (&vendors[i], "create", test_create);
      add (&vendors[i], "create-with-lost-answer", test_create_with_lost_answer);
      add (&vendors[i], "find-application", test_find_application);
      add (&vendors[i], "find-note", test_find_note);
      add (&vendors[i], "create-refused", test_create_refused);
      add (&vendors[i], "create-invalid", test_create_invalid);
      add (&vendors[i], "download", test_download);
      add (&vendors[i], "users", test_users);
      add (&vendors[i], "score", test_score);
      add (&vendors[i], "score-with-lost-answer", test_score_with_lost_answer);
      add (&vendors[i], "score-refused", test_score_refused);
      add (&vendors[i], "move-to-another-job", test_move_to_another_job);
      add (&vendors[i], "cancelled-anywhere", test_cancelled_anywhere);
    }
  return g_test_run ();
}
