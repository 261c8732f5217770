/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writes of every applicant tracking system: what is sent is what its documents show, and against the sandbox each
 * write and its read-back, each refusal, and answers that are lost. */
#include "config.h"

#include <string.h>

#include "assay-kombo.h"
#include "assay-lever.h"
#include "assay-pinpoint.h"
#include "assay-secrets.h"
#include "test-support.h"

/* What differs between the vendors. */
typedef struct
{
  const AssayConnectorDescription *description;
  const char *full;                 /* a key that may do everything */
  const char *read_only;
  const char *stage_operation;      /* as the sandbox calls them */
  const char *add_operation;
  const char *remove_operation;
  const char *note_operation;
  const char *stage_permission;     /* what a refusal names */
  const char *add_permission;
  const char *remove_permission;
  const char *note_permission;
  gboolean repeats_tags;            /* the same request twice is known to do no harm */
  const char *setting;              /* (nullable): one beyond the base address, and its value */
  const char *value;
} Vendor;

static const Vendor vendors[] = {
  {
    .description = &assay_pinpoint_description,
    .full = "sandbox-pinpoint-full-access",
    .read_only = "sandbox-pinpoint-read-only",
    .stage_operation = "applications.update",
    .add_operation = "applications.update",
    .remove_operation = "applications.update",
    .note_operation = "comments.create",
    .stage_permission = "“Application: Write”",
    .add_permission = "“Application: Write”",
    .remove_permission = "“Application: Write”",
    .note_permission = "“Comment: Write”",
  },
  {
    .description = &assay_lever_description,
    .full = "sandbox-lever-full-access",
    .read_only = "sandbox-lever-read-only",
    .stage_operation = "opportunities.stage",
    .add_operation = "opportunities.add_tags",
    .remove_operation = "opportunities.remove_tags",
    .note_operation = "notes.create",
    .stage_permission = "“Update an opportunity's stage”",
    .add_permission = "“Add opportunity tags”",
    .remove_permission = "“Remove opportunity tags”",
    .note_permission = "“Create an opportunity note”",
    .repeats_tags = TRUE,
  },
  {
    .description = &assay_kombo_description,
    .full = "sandbox-kombo-full-access",
    .read_only = "sandbox-kombo-read-only",
    .stage_operation = "applications.stage",
    .add_operation = "candidates.add_tag",
    .remove_operation = "candidates.remove_tag",
    .note_operation = "applications.note",
    .stage_permission = "“Move application to stage”",
    .add_permission = "“Add tag to candidate”",
    .remove_permission = "“Remove tag from candidate”",
    .note_permission = "“Add note to application”",
    .setting = "integration",
    .value = "greenhouse:SandboxSandboxSandbox001",
  },
};

/* Bodies */

static void
assert_fixture (JsonNode   *body,
                const char *name)
{
  g_autoptr (JsonNode) taken = body;
  g_autoptr (JsonNode) documented = test_load_fixture (name);

  g_test_message ("%s", name);
  g_assert_true (json_node_equal (taken, documented));
}

static void
test_bodies (void)
{
  static const char *const one[] = { "nango-test-tag", NULL };
  static const char *const passed[] = { "Assessment: Passed", NULL };
  g_autoptr (JsonNode) added = assay_pinpoint_encode_tags ("1", passed);
  g_autoptr (JsonNode) documented = test_load_fixture ("pinpoint/application_add_tags_request.json");
  JsonArray *tags;

  assert_fixture (assay_lever_encode_stage ("lead-reached-out"), "lever/recorded-opportunity-stage-put.request.json");
  assert_fixture (assay_lever_encode_tags (one), "lever/recorded-opportunity-addTags.request.json");
  assert_fixture (assay_lever_encode_note ("Test note created by Nango action dryrun"),
                  "lever/recorded-note-create.request.json");
  assert_fixture (assay_lever_encode_note ("Hey @melissa please review this candidate!"),
                  "lever/docs-note-create.request.json");

  assert_fixture (assay_pinpoint_encode_move ("1", "2"), "pinpoint/application_move_stage_request.json");
  assert_fixture (assay_pinpoint_encode_tag_removal ("1", "Assessment: Passed"),
                  "pinpoint/application_remove_tag_request.json");
  assert_fixture (assay_pinpoint_encode_comment ("1", "This candidate was fantastic!"),
                  "pinpoint/comment_create_request.json");
  /* The documented one has a second tag, of a background check, which isn't ours to write. */
  tags = json_object_get_array_member (
    json_object_get_object_member (json_object_get_object_member (json_node_get_object (documented), "data"),
                                   "attributes"),
    "add_tags_with_context");
  json_array_remove_element (tags, 1);
  g_assert_true (json_node_equal (added, documented));
}

/* Against the sandbox */

typedef struct
{
  const Vendor *vendor;
  TestSandbox *sandbox;
  AssayAts *ats;
  AssayApplication *application;    /* somebody who can be moved */
  AssayJob *job;                    /* theirs */
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
  if (vendor->setting != NULL)
    g_hash_table_insert (connection->settings, g_strdup (vendor->setting), g_strdup (vendor->value));
  assay_secrets_table_set (secrets, "api-key", key);
  /* The vendor's pace isn't the sandbox's. */
  hurried.pace = (AssayHttpPace) { .per_second = 10000, .burst = 1000, .concurrency = hurried.pace.concurrency };
  connector = hurried.create (&hurried, &context, &error);
  g_assert_no_error (error);
  return ASSAY_ATS (connector);
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

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayPage) jobs = NULL;
  g_autoptr (AssayPage) page = NULL;
  g_autoptr (GError) error = NULL;

  fixture->vendor = data;
  fixture->sandbox = test_sandbox_start ("--jobs=3", "--applications=60", NULL);
  fixture->ats = connect_to (fixture->sandbox, fixture->vendor, fixture->vendor->full);
  TEST_CALL (result, assay_ats_list_jobs_async, fixture->ats, NULL, NULL);
  jobs = assay_ats_list_jobs_finish (fixture->ats, result, &error);
  g_assert_no_error (error);
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
  g_ptr_array_set_free_func (jobs->items, NULL);
  for (guint i = 0; i < jobs->items->len; i++)
    {
      AssayJob *job = g_ptr_array_index (jobs->items, i);

      if (strcmp (job->remote_id, fixture->application->job_remote_id) == 0)
        fixture->job = job;
      else
        assay_job_free (job);
    }
  g_assert_nonnull (fixture->job);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  gpointer ats = fixture->ats;

  test_sandbox_assert_no_incidents (fixture->sandbox);
  assay_job_free (fixture->job);
  assay_application_free (fixture->application);
  /* The thread that decoded the last page gives its reference back in its own time. */
  g_object_add_weak_pointer (ats, &ats);
  g_object_unref (fixture->ats);
  while (ats != NULL)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }
  test_sandbox_stop (fixture->sandbox);
}

/* A stage of the job where the person isn't. */
static const AssayStage *
find_other_stage (Fixture *fixture)
{
  for (guint i = 0; i < fixture->job->stages->len; i++)
    {
      const AssayStage *stage = g_ptr_array_index (fixture->job->stages, i);

      if (strcmp (stage->remote_id, fixture->application->stage_remote_id) != 0)
        return stage;
    }
  g_assert_not_reached ();
}

static gboolean
move (AssayAts   *ats,
      const char *remote_id,
      const char *stage,
      GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_move_stage_async, ats, remote_id, stage, NULL);
  return assay_ats_move_stage_finish (ats, result, error);
}

static gboolean
add_tags (AssayAts          *ats,
          const char        *remote_id,
          const char *const *tags,
          GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_add_tags_async, ats, remote_id, tags, NULL);
  return assay_ats_add_tags_finish (ats, result, error);
}

static gboolean
remove_tag (AssayAts   *ats,
            const char *remote_id,
            const char *tag,
            GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_remove_tag_async, ats, remote_id, tag, NULL);
  return assay_ats_remove_tag_finish (ats, result, error);
}

static gboolean
add_note (AssayAts   *ats,
          const char *remote_id,
          const char *text,
          char      **id,
          GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_ats_add_note_async, ats, remote_id, text, NULL);
  return assay_ats_add_note_finish (ats, result, id, error);
}

/* How many writes of @operation took effect. */
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
test_move (Fixture      *fixture,
           gconstpointer data)
{
  const AssayStage *stage = find_other_stage (fixture);
  const char *id = fixture->application->remote_id;
  g_autoptr (AssayApplication) moved = NULL;
  GError *error = NULL;

  g_assert_true (move (fixture->ats, id, stage->remote_id, &error));
  g_assert_no_error (error);
  moved = get_application (fixture->ats, id);
  g_assert_cmpstr (moved->stage_remote_id, ==, stage->remote_id);
  g_assert_cmpstr (moved->stage_name, ==, stage->name);
  /* Nothing of the person was lost. */
  g_assert_cmpstr (moved->full_name, ==, fixture->application->full_name);
  g_assert_cmpstr (moved->email, ==, fixture->application->email);
  g_assert_cmpuint (count_writes (fixture, fixture->vendor->stage_operation), ==, 1);
}

/* The answer is lost after it took effect: the same move once more changes nothing, so it is simply made again. */
static void
test_move_with_lost_answer (Fixture      *fixture,
                            gconstpointer data)
{
  const AssayStage *stage = find_other_stage (fixture);
  g_autoptr (AssayApplication) moved = NULL;
  GError *error = NULL;

  test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, fixture->vendor->stage_operation, "drop-after",
                      1);
  g_assert_true (move (fixture->ats, fixture->application->remote_id, stage->remote_id, &error));
  g_assert_no_error (error);
  moved = get_application (fixture->ats, fixture->application->remote_id);
  g_assert_cmpstr (moved->stage_remote_id, ==, stage->remote_id);
}

static void
test_tags (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const tags[] = { "TestTrick-Invitation Sent", "Größe: Ω", NULL };
  const char *id = fixture->application->remote_id;
  g_autoptr (AssayApplication) tagged = NULL;
  g_autoptr (AssayApplication) untagged = NULL;
  g_autoptr (AssayApplication) bare = NULL;
  GError *error = NULL;

  g_assert_true (add_tags (fixture->ats, id, tags, &error));
  g_assert_no_error (error);
  tagged = get_application (fixture->ats, id);
  for (guint i = 0; tags[i] != NULL; i++)
    g_assert_true (g_strv_contains ((const char *const *) tagged->tags, tags[i]));
  g_assert_cmpuint (g_strv_length (tagged->tags), ==, g_strv_length (fixture->application->tags) + 2);

  g_assert_true (remove_tag (fixture->ats, id, tags[0], &error));
  g_assert_no_error (error);
  untagged = get_application (fixture->ats, id);
  g_assert_false (g_strv_contains ((const char *const *) untagged->tags, tags[0]));
  g_assert_true (g_strv_contains ((const char *const *) untagged->tags, tags[1]));
  g_assert_true (remove_tag (fixture->ats, id, tags[1], &error));
  g_assert_no_error (error);
  bare = get_application (fixture->ats, id);
  g_assert_cmpuint (g_strv_length (bare->tags), ==, g_strv_length (fixture->application->tags));
}

static void
test_tags_with_lost_answer (Fixture      *fixture,
                            gconstpointer data)
{
  static const char *const tags[] = { "TestTrick-Invitation Sent", NULL };
  const char *id = fixture->application->remote_id;
  g_autoptr (AssayApplication) tagged = NULL;
  GError *error = NULL;
  gboolean done;

  test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, fixture->vendor->add_operation, "drop-after", 1);
  done = add_tags (fixture->ats, id, tags, &error);
  if (fixture->vendor->repeats_tags)
    {
      g_assert_no_error (error);
      g_assert_true (done);
    }
  else
    {
      test_assert_error (error, ASSAY_ERROR_UNSURE);
      g_assert_false (done);
      g_assert_cmpuint (count_writes (fixture, fixture->vendor->add_operation), ==, 1);
    }
  /* Reading back tells. */
  tagged = get_application (fixture->ats, id);
  g_assert_true (g_strv_contains ((const char *const *) tagged->tags, tags[0]));
}

static void
test_note (Fixture      *fixture,
           gconstpointer data)
{
  const char *id = fixture->application->remote_id;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  GError *error = NULL;

  g_assert_true (add_note (fixture->ats, id, "Score: 84 %\nhttps://report.example/1", &first, &error));
  g_assert_no_error (error);
  g_assert_nonnull (first);
  g_assert_true (add_note (fixture->ats, id, "“Ω” \\ \"", &second, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (first, !=, second);
  g_assert_true (add_note (fixture->ats, id, "Nobody asks for its id", NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_writes (fixture, fixture->vendor->note_operation), ==, 3);
}

/* A second note would show: it isn't sent again, whatever happens after the first byte. */
static void
test_note_with_lost_answer (Fixture      *fixture,
                            gconstpointer data)
{
  static const char *const kinds[] = { "drop-after", "drop-before", "truncate", "html", "status:500" };
  GError *error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint before = test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id,
                                                  fixture->vendor->note_operation);
      g_autofree char *id = NULL;

      g_test_message ("%s", kinds[i]);
      test_sandbox_fault (fixture->sandbox, fixture->vendor->description->id, fixture->vendor->note_operation, kinds[i],
                          1);
      g_assert_false (add_note (fixture->ats, fixture->application->remote_id, "Once", &id, &error));
      g_assert_null (id);
      test_assert_error (error, ASSAY_ERROR_UNSURE);
      g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, fixture->vendor->description->id,
                                                     fixture->vendor->note_operation),
                        ==, before + 1);
    }
}

/* A key without the permission, and a record that is gone. */
static void
test_refusals (Fixture      *fixture,
               gconstpointer data)
{
  static const char *const tags[] = { "Tag", NULL };
  const Vendor *vendor = fixture->vendor;
  const char *id = fixture->application->remote_id;
  const char *stage = find_other_stage (fixture)->remote_id;
  g_autoptr (AssayAts) weak = connect_to (fixture->sandbox, vendor, vendor->read_only);
  GError *error = NULL;

  g_assert_false (move (weak, id, stage, &error));
  g_assert_nonnull (strstr (error->message, vendor->stage_permission));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  g_assert_false (add_tags (weak, id, tags, &error));
  g_assert_nonnull (strstr (error->message, vendor->add_permission));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  g_assert_false (remove_tag (weak, id, tags[0], &error));
  g_assert_nonnull (strstr (error->message, vendor->remove_permission));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  g_assert_false (add_note (weak, id, "Text", NULL, &error));
  g_assert_nonnull (strstr (error->message, vendor->note_permission));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);

  g_assert_false (move (fixture->ats, "999999999", stage, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_false (add_tags (fixture->ats, "999999999", tags, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_false (remove_tag (fixture->ats, "999999999", tags[0], &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  g_assert_cmpuint (count_writes (fixture, vendor->stage_operation), ==, 0);
}

/* Before anything left, a write can be cancelled. */
static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  g_cancellable_cancel (cancellable);
  TEST_CALL (result, assay_ats_add_note_async, fixture->ats, fixture->application->remote_id, "Never", cancellable);
  g_assert_false (assay_ats_add_note_finish (fixture->ats, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  TEST_CALL (result, assay_ats_move_stage_async, fixture->ats, fixture->application->remote_id,
             find_other_stage (fixture)->remote_id, cancellable);
  g_assert_false (assay_ats_move_stage_finish (fixture->ats, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (count_writes (fixture, fixture->vendor->note_operation), ==, 0);
  g_assert_cmpuint (count_writes (fixture, fixture->vendor->stage_operation), ==, 0);
}

static void
add (const Vendor *vendor,
     const char   *name,
     void        (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/ats-writes/%s/%s", vendor->description->id, name);

  g_test_add (path, Fixture, vendor, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/ats-writes/bodies", test_bodies);
  for (guint i = 0; i < G_N_ELEMENTS (vendors); i++)
    {
      add (&vendors[i], "move", test_move);
      add (&vendors[i], "move-with-lost-answer", test_move_with_lost_answer);
      add (&vendors[i], "tags", test_tags);
      add (&vendors[i], "tags-with-lost-answer", test_tags_with_lost_answer);
      add (&vendors[i], "note", test_note);
      add (&vendors[i], "note-with-lost-answer", test_note_with_lost_answer);
      add (&vendors[i], "refusals", test_refusals);
      add (&vendors[i], "cancelled", test_cancelled);
    }
  return g_test_run ();
}
