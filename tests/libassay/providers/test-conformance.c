/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every provider, whatever it speaks: listing, inviting at most once, looking up, a candidate's life, hostile
 * answers, cancelling. A new provider is one more row of the table. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "assay-http-private.h"
#include "assay-provider.h"
#include "assay-secrets.h"
#include "test-support.h"

typedef struct
{
  const char *name;
  const char *kind;
  const char *sandbox;         /* (nullable): whom of the sandbox it speaks to, if not one of its own kind */
  const char *settings[7];     /* name, value, name, value …: what differs from the defaults */
  const char *base_suffix;     /* (nullable) what of the sandbox's base address is cut off */
  const char *mount;           /* (nullable) what takes its place */
  const char *list;            /* operations, as the sandbox calls them; (nullable): there is nobody to ask */
  const char *invite;          /* (nullable): there is nobody to ask */
  const char *read;            /* (nullable): it can't be asked, and results are entered by hand */
  const char *resend;          /* (nullable) */
  const char *cancel;          /* (nullable) */
  const char *unpublished;     /* (nullable): one that is there, but can't be sent */
  gboolean looks_up;
  gboolean refuses_duplicates; /* by itself, without being asked first */
  gboolean any_assessment;     /* an invitation doesn't name one */
  gboolean without_names;      /* that a questionnaire has a score isn't documented, so that the sandbox gives none */
  gboolean partial;            /* the sandbox plays it with scores before the end */
} Provider;

static const Provider providers[] = {
  { .name = "testtrick", .kind = "testtrick", .list = "list_tests", .invite = "send_test", .read = "test_status",
    .refuses_duplicates = TRUE },
  { .name = "testtrick-plugin", .kind = "testtrick", .settings = { "profile", "plugin" }, .base_suffix = "/partner",
    .mount = "/plugin", .list = "plugin-form", .invite = "plugin-submit", .refuses_duplicates = TRUE },
  { .name = "testtrick-manual", .kind = "testtrick",
    .settings = { "profile", "manual", "assessments", "Java=https://tests.example/j; Sales=https://tests.example/s" } },
  { .name = "partner", .kind = "partner", .sandbox = "testtrick", .list = "list_tests", .invite = "send_test",
    .read = "test_status", .refuses_duplicates = TRUE },
  { .name = "coderbyte", .kind = "coderbyte", .list = "list", .invite = "invite", .read = "reports",
    .unpublished = "graphql-assessment-4def56gh78901", .looks_up = TRUE },
  { .name = "coderbyte-plugin", .kind = "coderbyte", .settings = { "mode", "plugin" }, .list = "list",
    .invite = "invite", .read = "reports", .unpublished = "graphql-assessment-4def56gh78901", .looks_up = TRUE },
  { .name = "assessfirst-v2", .kind = "assessfirst",
    .settings = { "profile", "v2", "result-path", "candidate/{uuid}/results", "field-map",
                  "{\"result-scores\":\"data.assessments\"}" },
    .list = "predictive-models", .invite = "send-invitation", .read = "results", .partial = TRUE },
  { .name = "assessfirst-v1", .kind = "assessfirst", .settings = { "profile", "v1" }, .base_suffix = "/v2",
    .list = "targets", .invite = "send-invitation-v1", .read = "user", .looks_up = TRUE, .any_assessment = TRUE,
    .without_names = TRUE },
  { .name = "testgorilla", .kind = "testgorilla", .list = "list", .invite = "invite", .read = "candidature",
    .resend = "resend", .unpublished = "1374053", .looks_up = TRUE, .refuses_duplicates = TRUE, .partial = TRUE },
  { .name = "codility", .kind = "codility", .list = "list", .invite = "invite", .read = "session",
    .unpublished = "87438", .looks_up = TRUE },
  { .name = "hackerrank", .kind = "hackerrank", .list = "list", .invite = "invite", .read = "candidate",
    .resend = "invite", .cancel = "cancel", .unpublished = "1801005", .looks_up = TRUE, .refuses_duplicates = TRUE },
};

/* A sandbox and a connector to it. */
typedef struct
{
  const Provider *provider;
  TestSandbox *sandbox;
  AssayProvider *connector;
  GPtrArray *list;
} Bench;

static void
set_setting (AssayConnection *connection,
             const char      *name,
             const char      *value)
{
  if (value != NULL)
    g_hash_table_insert (connection->settings, g_strdup (name), g_strdup (value));
}

static const char *
get_vendor (const Provider *provider)
{
  return provider->sandbox != NULL ? provider->sandbox : provider->kind;
}

static AssayProvider *
connect_to (const Provider *provider,
            TestSandbox    *sandbox,
            const char     *key)
{
  /* A connector may keep its description. */
  static AssayConnectorDescription quick[G_N_ELEMENTS (providers)];
  AssayConnectorDescription *description = &quick[provider - providers];
  const char *base_url = test_sandbox_get_base_url (sandbox, get_vendor (provider));
  const char *suffix = provider->base_suffix != NULL ? provider->base_suffix : "";
  g_autofree char *cut = g_strndup (base_url, strlen (base_url) - strlen (suffix));
  g_autofree char *address = g_strconcat (cut, provider->mount, NULL);
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GHashTable) checked = NULL;
  g_autoptr (GError) error = NULL;
  GObject *connector;

  *description = *assay_connector_find (provider->kind);
  /* The sandbox sets no limit, and the pace is tested elsewhere. */
  description->pace = (AssayHttpPace){ .per_second = 1000, .burst = 100, .concurrency = 1 };
  assay_http_set_backoff_base (http, 1);

  connection->kind = g_strdup (provider->kind);
  set_setting (connection, "base-url", provider->list != NULL ? address : NULL);
  for (guint i = 0; provider->settings[i] != NULL; i += 2)
    set_setting (connection, provider->settings[i], provider->settings[i + 1]);
  checked = assay_connector_check_settings (description, connection->settings, &error);
  g_assert_no_error (error);
  g_hash_table_unref (connection->settings);
  connection->settings = g_steal_pointer (&checked);
  assay_secrets_table_set (secrets, description->secrets[0].name, key);
  connector = description->create (description, &context, &error);
  g_assert_no_error (error);
  return ASSAY_PROVIDER (connector);
}

static const char *
get_key (const Provider *provider,
         TestSandbox    *sandbox)
{
  return g_str_equal (provider->kind, "assessfirst") ? "sandbox-assessfirst-token"
                                                     : test_sandbox_get_key (sandbox, get_vendor (provider));
}

/* What it says it can, set up as it is. */
static AssayCapabilities
get_capabilities (const Provider *provider)
{
  g_autoptr (AssayConnection) connection = assay_connection_new ();

  connection->kind = g_strdup (provider->kind);
  for (guint i = 0; provider->settings[i] != NULL; i += 2)
    set_setting (connection, provider->settings[i], provider->settings[i + 1]);
  return assay_connector_get_capabilities (connection);
}

static gboolean
can (const Provider    *provider,
     AssayCapabilities  capability)
{
  return (get_capabilities (provider) & capability) != 0;
}

static GPtrArray *
list_assessments (AssayProvider *connector,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_list_assessments_async, connector, cancellable);
  return assay_provider_list_assessments_finish (connector, result, error);
}

static void
bench_init (Bench          *bench,
            const Provider *provider)
{
  g_autoptr (GError) error = NULL;

  bench->provider = provider;
  bench->sandbox = test_sandbox_start ("--jobs=1", "--applications=1", NULL);
  bench->connector = connect_to (provider, bench->sandbox, get_key (provider, bench->sandbox));
  bench->list = list_assessments (bench->connector, NULL, &error);
  g_assert_no_error (error);
}

static void
bench_clear (Bench *bench)
{
  g_clear_pointer (&bench->list, g_ptr_array_unref);
  g_clear_object (&bench->connector);
  test_sandbox_stop (bench->sandbox);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static const char *
get_assessment (const Bench *bench)
{
  return ((const AssayAssessment *) g_ptr_array_index (bench->list, 0))->remote_id;
}

static AssayInvited *
invite (Bench        *bench,
        const char   *assessment,
        const char   *email,
        GCancellable *cancellable,
        GError      **error)
{
  const AssayInvitee invitee = { .assessment_remote_id = assessment, .first_name = "Ana", .last_name = "Lima",
                                 .email = email, .reference = "i1" };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_invite_async, bench->connector, &invitee, cancellable);
  return assay_provider_invite_finish (bench->connector, result, error);
}

static AssayInvited *
look_up (Bench        *bench,
         const char   *email,
         GCancellable *cancellable,
         GError      **error)
{
  const AssayInvitee invitee = { .assessment_remote_id = get_assessment (bench), .email = email, .reference = "i1" };
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_look_up_async, bench->connector, &invitee, cancellable);
  return assay_provider_look_up_finish (bench->connector, result, error);
}

static AssayResult *
read_result (Bench        *bench,
             const char   *id,
             GCancellable *cancellable,
             GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_read_result_async, bench->connector, id, cancellable);
  return assay_provider_read_result_finish (bench->connector, result, error);
}

static gboolean
resend (Bench        *bench,
        const char   *id,
        GCancellable *cancellable,
        GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_resend_async, bench->connector, id, cancellable);
  return assay_provider_resend_finish (bench->connector, result, error);
}

static gboolean
cancel_invitation (Bench      *bench,
                   const char *id,
                   GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  TEST_CALL (result, assay_provider_cancel_async, bench->connector, id, NULL);
  return assay_provider_cancel_finish (bench->connector, result, error);
}

static void
fault (Bench      *bench,
       const char *operation,
       const char *kind,
       guint       times)
{
  test_sandbox_fault (bench->sandbox, get_vendor (bench->provider), operation, kind, times);
}

static void
forget_faults (Bench *bench)
{
  json_node_unref (test_sandbox_ask (bench->sandbox, "DELETE", "/faults", NULL));
}

/* ---- The tests ---- */

static void
test_list (gconstpointer data)
{
  g_auto (Bench) bench = { NULL };
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  bench_init (&bench, data);
  g_assert_cmpuint (bench.list->len, >, 1);
  for (guint i = 0; i < bench.list->len; i++)
    {
      const AssayAssessment *assessment = g_ptr_array_index (bench.list, i);

      g_assert_true (assessment->active);
      g_assert_cmpuint (strlen (assessment->name), >, 0);
      g_assert_true (g_hash_table_add (ids, assessment->remote_id));
      g_assert_cmpstr (assessment->remote_id, !=, bench.provider->unpublished);
    }
}

static void
test_probe (gconstpointer data)
{
  g_auto (Bench) bench = { NULL };
  g_autoptr (AssayProvider) stranger = NULL;
  g_autoptr (GAsyncResult) good_result = NULL, bad_result = NULL;
  g_autoptr (AssayProbe) good = NULL, bad = NULL;
  g_autoptr (GError) error = NULL;

  bench_init (&bench, data);
  TEST_CALL (good_result, assay_provider_probe_async, bench.connector, NULL);
  good = assay_provider_probe_finish (bench.connector, good_result, &error);
  g_assert_no_error (error);
  g_assert_true (good->ok);
  if (bench.provider->list == NULL)
    return;

  stranger = connect_to (data, bench.sandbox, "not-the-key");
  TEST_CALL (bad_result, assay_provider_probe_async, stranger, NULL);
  bad = assay_provider_probe_finish (stranger, bad_result, &error);
  g_assert_no_error (error);
  g_assert_false (bad->ok);
  g_assert_error (bad->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
  test_assert_sentence (bad->error->message);
  g_assert_null (strstr (bad->error->message, "not-the-key"));
  for (guint i = 0; i < bad->permissions->len; i++)
    test_assert_sentence (((AssayPermission *) g_ptr_array_index (bad->permissions, i))->remedy);
}

/* Invited, begun, done: each told as it is, and a score at the end. */
static void
test_life (gconstpointer data)
{
  g_auto (Bench) bench = { NULL };
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (AssayResult) first = NULL, begun = NULL, last = NULL;
  g_autoptr (GError) error = NULL;

  bench_init (&bench, data);
  invited = invite (&bench, get_assessment (&bench), "Ana.Lima+test@example.com", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (invited->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_nonnull (invited->remote_id);
  if (bench.provider->read == NULL)
    {
      g_assert_true (can (data, ASSAY_NEEDS_HAND_ENTRY));
      g_assert_null (read_result (&bench, invited->remote_id, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
      test_sandbox_assert_no_incidents (bench.sandbox);
      return;
    }

  first = read_result (&bench, invited->remote_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first->status, ==, ASSAY_INVITATION_PENDING);
  g_assert_null (first->score);

  json_node_unref (test_sandbox_ask (bench.sandbox, "POST", "/invitations/98001", "{\"status\":\"in_progress\"}"));
  begun = read_result (&bench, invited->remote_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (assay_invitation_status_is_open (begun->status));
  g_assert_true ((begun->scores->len > 0) == bench.provider->partial);
  g_assert_true (!bench.provider->partial || can (data, ASSAY_CAN_PARTIAL_RESULTS));

  json_node_unref (
    test_sandbox_ask (bench.sandbox, "POST", "/invitations/98001", "{\"status\":\"complete\",\"score\":64}"));
  last = read_result (&bench, invited->remote_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (last->status, ==, ASSAY_INVITATION_COMPLETED);
  g_assert_cmpfloat (last->score->value, ==, 64);
  g_assert_true ((last->score->unit == ASSAY_UNIT_PERCENT) == can (data, ASSAY_CAN_REPORT_PERCENT));
  g_assert_nonnull (last->raw);
  g_assert_true ((last->scores->len > 0) == (can (data, ASSAY_CAN_NAMED_SCORES) && !bench.provider->without_names));
  g_assert_cmpuint (last->scores->len, >=, begun->scores->len);
  for (guint i = 0; i < last->scores->len; i++)
    g_assert_cmpuint (strlen (((const AssayScore *) g_ptr_array_index (last->scores, i))->name), >, 0);

  g_assert_cmpuint (test_sandbox_count_effects (bench.sandbox, NULL), ==, 1);
  test_sandbox_assert_no_incidents (bench.sandbox);
}

/* What it says it can is what it can, and the other way round. */
static void
test_capabilities (gconstpointer data)
{
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };
  const AssayProviderInterface *iface;
  g_autoptr (GError) error = NULL;

  bench_init (&bench, data);
  iface = ASSAY_PROVIDER_GET_IFACE (bench.connector);
  g_assert_true (can (provider, ASSAY_CAN_RESEND) == (iface->resend_async != NULL));
  g_assert_true (can (provider, ASSAY_CAN_CANCEL) == (iface->cancel_async != NULL));
  g_assert_true (can (provider, ASSAY_CAN_LOOK_UP) == provider->looks_up);
  g_assert_true (can (provider, ASSAY_CAN_RESEND) == (provider->resend != NULL));
  g_assert_true (can (provider, ASSAY_CAN_CANCEL) == (provider->cancel != NULL));
  g_assert_true (can (provider, ASSAY_NEEDS_HAND_ENTRY) == (provider->read == NULL));
  if (provider->resend == NULL)
    {
      g_assert_false (resend (&bench, "i1", NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
      g_clear_error (&error);
    }
  if (provider->cancel == NULL)
    {
      g_assert_false (cancel_invitation (&bench, "i1", &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
    }
}

/* The same invitation again: once for each time it is asked for, and only to somebody who has not begun. */
static void
test_resending (gconstpointer data)
{
  const Provider *provider = data;
  const char *vendor = get_vendor (provider);
  g_auto (Bench) bench = { NULL };
  g_autoptr (AssayInvited) invited = NULL;
  GError *error = NULL;
  guint before;

  bench_init (&bench, data);
  invited = invite (&bench, get_assessment (&bench), "ana@example.com", NULL, &error);
  g_assert_no_error (error);
  before = test_sandbox_count_requests (bench.sandbox, vendor, provider->resend);
  g_assert_true (resend (&bench, invited->remote_id, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_requests (bench.sandbox, vendor, provider->resend), ==, before + 1);

  g_assert_false (resend (&bench, "no-such-invitation", NULL, &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  error = NULL;
  fault (&bench, provider->resend, "drop-after", 1);
  g_assert_false (resend (&bench, invited->remote_id, NULL, &error));
  test_assert_error (error, ASSAY_ERROR_UNSURE);
  error = NULL;
  g_assert_cmpuint (test_sandbox_count_requests (bench.sandbox, vendor, provider->resend), ==, before + 2);

  json_node_unref (test_sandbox_ask (bench.sandbox, "POST", "/invitations/98001", "{\"status\":\"in_progress\"}"));
  g_assert_false (resend (&bench, invited->remote_id, NULL, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  test_sandbox_assert_no_incidents (bench.sandbox);
}

/* Afterwards the provider says that it isn't valid any more. */
static void
test_withdrawing (gconstpointer data)
{
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };
  g_autoptr (AssayInvited) invited = NULL, lost = NULL;
  g_autoptr (AssayResult) result = NULL, result_of_lost = NULL;
  GError *error = NULL;

  bench_init (&bench, data);
  invited = invite (&bench, get_assessment (&bench), "ana@example.com", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (cancel_invitation (&bench, invited->remote_id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (test_sandbox_count_requests (bench.sandbox, get_vendor (provider), provider->cancel), ==, 1);
  result = read_result (&bench, invited->remote_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (assay_invitation_status_is_open (result->status));
  g_assert_null (result->score);

  g_assert_false (cancel_invitation (&bench, "no-such-invitation", &error));
  test_assert_error (error, ASSAY_ERROR_NOT_FOUND);
  error = NULL;
  lost = invite (&bench, get_assessment (&bench), "eva@example.com", NULL, &error);
  g_assert_no_error (error);
  fault (&bench, provider->cancel, "status:502", 1);
  /* Withdrawing twice does no more than once, so that a connector may. */
  if (!cancel_invitation (&bench, lost->remote_id, &error))
    test_assert_error (error, ASSAY_ERROR_UNSURE);
  error = NULL;
  result_of_lost = read_result (&bench, lost->remote_id, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (assay_invitation_status_is_open (result_of_lost->status));
  test_sandbox_assert_no_incidents (bench.sandbox);
}

/* Who is invited is found, in whatever case; nobody else is. */
static void
test_look_up (gconstpointer data)
{
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };
  g_autoptr (AssayInvited) invited = NULL, found = NULL;
  g_autoptr (GError) error = NULL;

  bench_init (&bench, data);
  g_assert_null (look_up (&bench, "ana@example.com", NULL, &error));
  if (!provider->looks_up)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
      return;
    }
  g_assert_no_error (error);
  invited = invite (&bench, get_assessment (&bench), "ana@example.com", NULL, &error);
  g_assert_no_error (error);
  found = look_up (&bench, "ANA@example.com", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (found);
  g_assert_null (look_up (&bench, "anna@example.com", NULL, &error));
  g_assert_no_error (error);
}

/* An answer that doesn't come, or that says nothing, is unsure whether or not the invitation took effect, and is not
 * followed by a second request. */
static void
test_lost_answers (gconstpointer data)
{
  static const struct
  {
    const char *kind;
    guint effects;
  } cases[] = {
    { "drop-before", 0 }, { "drop-after", 1 }, { "truncate", 1 }, { "truncate-chunked", 1 },
    { "html", 0 },        { "empty", 0 },      { "deep", 0 },     { "status:500", 0 },
    { "status:502", 0 },  { "redirect:http://127.0.0.1:1/", 0 },
  };
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };

  bench_init (&bench, data);
  if (provider->invite == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *email = g_strdup_printf ("lost%u@example.com", i);
      GError *error = NULL;

      g_test_message ("%s", cases[i].kind);
      fault (&bench, provider->invite, cases[i].kind, 1);
      g_assert_null (invite (&bench, get_assessment (&bench), email, NULL, &error));
      test_assert_error (error, ASSAY_ERROR_UNSURE);
      g_assert_cmpuint (test_sandbox_count_effects (bench.sandbox, email), ==, cases[i].effects);
      g_assert_cmpuint (test_sandbox_count_requests (bench.sandbox, get_vendor (provider), provider->invite), ==, i + 1);
      if (provider->looks_up)
        {
          g_autoptr (AssayInvited) found = look_up (&bench, email, NULL, &error);

          g_assert_no_error (error);
          g_assert_true ((found != NULL) == (cases[i].effects == 1));
        }
    }
}

/* What can't have taken effect is not unsure. */
static void
test_refusals (gconstpointer data)
{
  static const struct
  {
    const char *kind;
    AssayError code;
  } cases[] = {
    { "status:401", ASSAY_ERROR_UNAUTHORIZED }, { "status:403", ASSAY_ERROR_FORBIDDEN },
    { "status:409", ASSAY_ERROR_DUPLICATE },    { "status:422", ASSAY_ERROR_INVALID },
    { "retry-after:3600", ASSAY_ERROR_RATE_LIMITED },
  };
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };
  const char *const missing[] = { "no-such-assessment", provider->unpublished };
  GError *error = NULL;

  bench_init (&bench, data);
  if (provider->invite != NULL)
    {
      g_assert_null (invite (&bench, get_assessment (&bench), "ana@refused.example", NULL, &error));
      g_assert_nonnull (assay_error_get_vendor_detail (error));
      g_assert_nonnull (strstr (error->message, assay_error_get_vendor_detail (error)));
      test_assert_error (error, ASSAY_ERROR_INVALID);
      error = NULL;
    }

  /* Neither one that the provider doesn't have, nor one that it has no more. */
  for (guint i = 0; i < G_N_ELEMENTS (missing) && !provider->any_assessment; i++)
    if (missing[i] != NULL)
      {
        g_test_message ("%s", missing[i]);
        g_assert_null (invite (&bench, missing[i], "ana@example.com", NULL, &error));
        g_assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID) ||
                       g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
        g_clear_error (&error);
        g_assert_cmpuint (test_sandbox_count_effects (bench.sandbox, NULL), ==, 0);
      }
  if (provider->invite == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *email = g_strdup_printf ("refused%u@example.com", i);

      g_test_message ("%s", cases[i].kind);
      fault (&bench, provider->invite, cases[i].kind, 1);
      g_assert_null (invite (&bench, get_assessment (&bench), email, NULL, &error));
      test_assert_error (error, (int) cases[i].code);
      g_assert_cmpuint (test_sandbox_count_effects (bench.sandbox, email), ==, 0);
    }
}

static void
test_duplicate (gconstpointer data)
{
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };
  g_autoptr (AssayInvited) first = NULL, again = NULL;
  GError *error = NULL;

  bench_init (&bench, data);
  first = invite (&bench, get_assessment (&bench), "ana@example.com", NULL, &error);
  g_assert_no_error (error);
  if (provider->refuses_duplicates)
    {
      g_assert_null (invite (&bench, get_assessment (&bench), "ana@example.com", NULL, &error));
      test_assert_error (error, ASSAY_ERROR_DUPLICATE);
    }
  else if (provider->looks_up)
    {
      /* It wouldn't refuse, so that it is asked. */
      again = look_up (&bench, "ana@example.com", NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (again);
    }
  g_assert_cmpuint (test_sandbox_count_effects (bench.sandbox, "ana@example.com"), ==, provider->invite != NULL ? 1 : 0);
}

static void
test_hostile_answers (gconstpointer data)
{
  static const char *const kinds[] = { "html", "empty", "deep", "wrong-type", "truncate" };
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };
  g_autoptr (AssayInvited) invited = NULL;
  GError *error = NULL;

  bench_init (&bench, data);
  if (provider->list == NULL)
    return;
  invited = invite (&bench, get_assessment (&bench), "ana@example.com", NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GPtrArray) list = NULL;
      g_autoptr (AssayResult) result = NULL;

      g_test_message ("%s", kinds[i]);
      fault (&bench, provider->list, kinds[i], 0);
      list = list_assessments (bench.connector, NULL, &error);
      /* A number where a text is due may be read; nothing else of these can be. */
      if (!g_str_equal (kinds[i], "wrong-type"))
        g_assert_null (list);
      g_assert_true ((list == NULL) == (error != NULL));
      if (error != NULL)
        {
          g_assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE) ||
                         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE));
          test_assert_sentence (error->message);
          g_clear_error (&error);
        }
      forget_faults (&bench);

      if (provider->read == NULL)
        continue;
      fault (&bench, provider->read, kinds[i], 0);
      result = read_result (&bench, invited->remote_id, NULL, &error);
      if (!g_str_equal (kinds[i], "wrong-type"))
        g_assert_null (result);
      g_assert_true ((result == NULL) == (error != NULL));
      g_clear_error (&error);
      forget_faults (&bench);
    }
}

static void
test_cancelling (gconstpointer data)
{
  const Provider *provider = data;
  g_auto (Bench) bench = { NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AssayInvited) invited = NULL;
  g_autoptr (GError) error = NULL;

  bench_init (&bench, data);
  invited = invite (&bench, get_assessment (&bench), "ana@example.com", NULL, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_null (list_assessments (bench.connector, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  if (provider->read != NULL)
    {
      g_assert_null (read_result (&bench, invited->remote_id, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  if (provider->looks_up)
    {
      g_assert_null (look_up (&bench, "ana@example.com", cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  if (provider->resend != NULL)
    {
      g_assert_false (resend (&bench, invited->remote_id, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  /* Nothing has left yet, so that nothing does. */
  g_assert_null (invite (&bench, get_assessment (&bench), "eva@example.com", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_sandbox_count_effects (bench.sandbox, "eva@example.com"), ==, 0);
}

/* What the forms, the command line and the sentences are drawn from is there. */
static void
test_description (gconstpointer data)
{
  const Provider *provider = data;
  const AssayConnectorDescription *description = assay_connector_find (provider->kind);

  g_assert_cmpint (description->role, ==, ASSAY_ROLE_PROVIDER);
  g_assert_nonnull (description->summary);
  g_assert_nonnull (description->secrets[0].where_to_find[0]);
  g_assert_nonnull (description->prerequisites[0].requirement);
  g_assert_nonnull (description->disconnect_steps[0]);
  for (guint i = 0; description->permissions[i].name != NULL; i++)
    {
      test_assert_sentence (description->permissions[i].purpose);
      test_assert_sentence (description->permissions[i].remedy);
    }
  for (guint i = 0; description->settings[i].name != NULL; i++)
    if (description->settings[i].description != NULL)
      test_assert_sentence (description->settings[i].description);
  if (provider->looks_up)
    g_assert_true ((description->capabilities & ASSAY_CAN_LOOK_UP) != 0);
}

/* Every kind that sends assessments is in the table, by each of the ways that one can choose for it. */
static void
test_all_there (void)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      const AssaySettingDescription *setting = kinds[i]->settings;
      const char *const one[] = { NULL, NULL };
      const char *const *choices = one;
      guint n = 1;

      if (kinds[i]->role != ASSAY_ROLE_PROVIDER || (kinds[i]->capabilities & ASSAY_CAN_IMPORT) != 0)
        continue;
      while (setting->name != NULL && !g_str_equal (setting->name, "profile") && !g_str_equal (setting->name, "mode"))
        setting++;
      if (setting->name != NULL)
        {
          choices = setting->choices;
          n = g_strv_length ((char **) choices);
        }
      for (guint j = 0; j < n; j++)
        {
          gboolean found = FALSE;

          for (guint k = 0; k < G_N_ELEMENTS (providers) && !found; k++)
            {
              /* The first choice is what is meant where none is named. */
              const char *chosen = choices[0];

              for (guint l = 0; setting->name != NULL && providers[k].settings[l] != NULL; l += 2)
                if (g_str_equal (providers[k].settings[l], setting->name))
                  chosen = providers[k].settings[l + 1];
              found = g_str_equal (providers[k].kind, kinds[i]->id) && g_strcmp0 (chosen, choices[j]) == 0;
            }
          g_test_message ("%s %s", kinds[i]->id, choices[j] != NULL ? choices[j] : "");
          g_assert_true (found);
        }
    }
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    GTestDataFunc function;
  } tests[] = {
    { "description", test_description }, { "list", test_list },
    { "probe", test_probe },             { "life", test_life },
    { "look-up", test_look_up },         { "lost-answers", test_lost_answers },
    { "refusals", test_refusals },       { "duplicate", test_duplicate },
    { "hostile-answers", test_hostile_answers }, { "cancelling", test_cancelling },
    { "capabilities", test_capabilities }, { "resending", test_resending },
    { "withdrawing", test_withdrawing },
  };

  test_support_init (&argc, &argv);

  g_test_add_func ("/all-there", test_all_there);
  for (guint i = 0; i < G_N_ELEMENTS (providers); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/%s/%s", providers[i].name, tests[j].name);

        if ((tests[j].function == test_resending && providers[i].resend == NULL) ||
            (tests[j].function == test_withdrawing && providers[i].cancel == NULL))
          continue;
        g_test_add_data_func (path, &providers[i], tests[j].function);
      }

  return g_test_run ();
}
