/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A system that is set up wrongly: the test of its connection says which setting it is, for each system and each slip. */
#include "config.h"

#include <string.h>

#include "assay-ats.h"
#include "assay-provider.h"
#include "assay-secrets.h"
#include "test-support.h"

typedef struct
{
  const char *kind;
  const char *played;         /* by whom in the sandbox */
  const char *secret;
  const char *settings[3];    /* (nullable) name, value: beyond the base address */
  const char *list;           /* the sandbox's name of what is asked first */
  const char *wrong_address;  /* what is said of an address that leads elsewhere */
  const char *wrong_key;      /* and of a wrong key */
} System;

static const System systems[] = {
  { "pinpoint", "pinpoint", "api-key", { "subdomain", "sandbox", NULL }, "jobs.list", "Check the subdomain",
    "refuses the key" },
  { "lever", "lever", "api-key", { NULL }, "opportunities.list", "Leave the base address empty",
    "See whether the region is that of your account" },
  { "kombo", "kombo", "api-key", { "integration", "greenhouse:SandboxSandboxSandbox001", NULL }, "check",
    "https://api.kombo.dev/v1", "see whether the base address is that of your region" },
  { "testtrick", "testtrick", "api-key", { NULL }, "list_tests", "path of the list in the settings", "in which header it belongs" },
  { "coderbyte", "coderbyte", "api-key", { NULL }, "list", "“https://coderbyte.com/api”", "API add-on" },
  { "assessfirst", "assessfirst", "token", { NULL }, "predictive-models", "Check the base address",
    "Making a new token ends the earlier one" },
  { "testgorilla", "testgorilla", "api-key", { NULL }, "list", "“https://app.testgorilla.com/api”",
    "integration's window in TestGorilla" },
  { "codility", "codility", "api-key", { NULL }, "list", "“https://codility.com/api”", "Codility refuses the access token" },
  { "hackerrank", "hackerrank", "api-key", { NULL }, "list", "base address", "refuses the" },
  { "partner", "testtrick", "api-key", { NULL }, "list_tests", "path of the list in the settings", "in which header it belongs" },
};

typedef struct
{
  const System *system;
  TestSandbox *sandbox;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->system = data;
  fixture->sandbox = test_sandbox_start ("--jobs=2", "--applications=3", NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  test_sandbox_stop (fixture->sandbox);
}

static const char *
get_key (Fixture *fixture)
{
  return strcmp (fixture->system->secret, "token") == 0
           ? "sandbox-assessfirst-token"
           : test_sandbox_get_key (fixture->sandbox, fixture->system->played);
}

/* (transfer full): what its test finds; @setting, @value: (nullable): one more */
static AssayProbe *
probe (Fixture    *fixture,
       const char *base_url,
       const char *key,
       const char *setting,
       const char *value)
{
  const System *system = fixture->system;
  const AssayConnectorDescription *description = assay_connector_find (system->kind);
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GObject) connector = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayProbe *found;

  connection->kind = g_strdup (system->kind);
  connection->name = g_strdup ("Mine");
  g_hash_table_insert (connection->settings, g_strdup ("base-url"), g_strdup (base_url));
  if (system->settings[0] != NULL)
    g_hash_table_insert (connection->settings, g_strdup (system->settings[0]), g_strdup (system->settings[1]));
  if (setting != NULL)
    g_hash_table_insert (connection->settings, g_strdup (setting), g_strdup (value));
  assay_secrets_table_set (secrets, system->secret, key);
  connector = description->create (description, &context, &error);
  g_assert_no_error (error);
  if (ASSAY_IS_ATS (connector))
    {
      TEST_CALL (result, assay_ats_probe_async, ASSAY_ATS (connector), NULL, NULL, NULL);
      found = assay_ats_probe_finish (ASSAY_ATS (connector), result, &error);
    }
  else
    {
      TEST_CALL (result, assay_provider_probe_async, ASSAY_PROVIDER (connector), NULL);
      found = assay_provider_probe_finish (ASSAY_PROVIDER (connector), result, &error);
    }
  g_assert_no_error (error);
  return found;
}

static void
assert_told (AssayProbe *found,
             int         code,
             const char *words)
{
  g_autoptr (AssayProbe) taken = found;

  g_assert_false (taken->ok);
  g_assert_error (taken->error, ASSAY_ERROR, code);
  g_test_message ("%s", taken->error->message);
  test_assert_sentence (taken->error->message);
  g_assert_nonnull (strstr (taken->error->message, words));
  /* The protocol isn't somebody. */
  g_assert_null (strstr (taken->error->message, "Partner protocol"));
}

static void
test_right (Fixture      *fixture,
            gconstpointer data)
{
  const char *played = fixture->system->played;
  g_autoptr (AssayProbe) found = probe (fixture, test_sandbox_get_base_url (fixture->sandbox, played),
                                        get_key (fixture), NULL, NULL);

  g_assert_no_error (found->error);
  g_assert_true (found->ok);
}

/* Only the host, one step too far, and somebody else's; and what else answers there: nothing, a page for people, another
 * program. */
static void
test_address (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const faults[] = { "html", "empty", "status:404", "deep" };
  const System *system = fixture->system;
  const char *base = test_sandbox_get_base_url (fixture->sandbox, system->played);
  const char *key = get_key (fixture);
  g_autofree char *origin = g_strndup (base, (gsize) (strchr (base + strlen ("http://"), '/') - base));
  g_autofree char *further = g_strconcat (base, "/api", NULL);
  const char *elsewhere =
    test_sandbox_get_base_url (fixture->sandbox, g_str_equal (system->kind, "coderbyte") ? "lever" : "coderbyte");

  assert_told (probe (fixture, origin, key, NULL, NULL), ASSAY_ERROR_INVALID, system->wrong_address);
  assert_told (probe (fixture, further, key, NULL, NULL), ASSAY_ERROR_INVALID, system->wrong_address);
  assert_told (probe (fixture, elsewhere, key, NULL, NULL), ASSAY_ERROR_INVALID, system->wrong_address);
  assert_told (probe (fixture, test_sandbox_get_control (fixture->sandbox), key, NULL, NULL), ASSAY_ERROR_INVALID,
               system->wrong_address);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_test_message ("%s", faults[i]);
      test_sandbox_fault (fixture->sandbox, system->played, system->list, faults[i], 20);
      assert_told (probe (fixture, base, key, NULL, NULL), ASSAY_ERROR_INVALID, system->wrong_address);
      json_node_unref (test_sandbox_ask (fixture->sandbox, "DELETE", "/faults", NULL));
    }
}

static void
test_key (Fixture      *fixture,
          gconstpointer data)
{
  const System *system = fixture->system;
  const char *base = test_sandbox_get_base_url (fixture->sandbox, system->played);

  assert_told (probe (fixture, base, "wrong-key", NULL, NULL), ASSAY_ERROR_UNAUTHORIZED, system->wrong_key);
  assert_told (probe (fixture, base, "sandbox-of-another", NULL, NULL), ASSAY_ERROR_UNAUTHORIZED, system->wrong_key);
}

/* The settings that decide how a provider is spoken to. */
static void
test_form (void)
{
  static const struct
  {
    const char *kind, *setting, *value, *mount;
    int code;
    const char *words;
  } cases[] = {
    { "partner", "auth", "bearer", "", ASSAY_ERROR_UNAUTHORIZED, "Mine refuses the key sent as “bearer”" },
    { "partner", "auth", "header:X-API-Key", "", ASSAY_ERROR_UNAUTHORIZED, "takes it as “basic”" },
    { "partner", "list-path", "tests", "", ASSAY_ERROR_INVALID, "“tests” under the base address" },
    { "testtrick", "auth", "bearer", "", ASSAY_ERROR_UNAUTHORIZED, "takes it as “basic”" },
    { "testtrick", "profile", "plugin", "", ASSAY_ERROR_INVALID, "Choose the profile “partner”" },
    { "assessfirst", "profile", "v1", "", ASSAY_ERROR_INVALID, "Choose the profile “v2”" },
    { "assessfirst", "profile", "v2", "/..", ASSAY_ERROR_INVALID, "Choose the profile “v1”" },
    { "kombo", "integration", "greenhouse:SandboxSandboxSandbox999", "", ASSAY_ERROR_INVALID, "doesn't know the integration" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture = { 0 };
      g_autofree char *base = NULL;
      guint system = 0;

      while (!g_str_equal (systems[system].kind, cases[i].kind))
        system++;
      set_up (&fixture, &systems[system]);
      base = g_strdup (test_sandbox_get_base_url (fixture.sandbox, systems[system].played));
      if (*cases[i].mount != '\0')
        *strrchr (base, '/') = '\0';
      g_test_message ("%s: %s=%s", cases[i].kind, cases[i].setting, cases[i].value);
      assert_told (probe (&fixture, base, get_key (&fixture), cases[i].setting,
                          cases[i].value),
                   cases[i].code, cases[i].words);
      tear_down (&fixture, NULL);
    }
}

/* A new kind joins the table above; hackajob has nobody to ask. */
static void
test_all_kinds (void)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      gboolean found = g_str_equal (kinds[i]->id, "hackajob");

      for (guint j = 0; j < G_N_ELEMENTS (systems); j++)
        found = found || g_str_equal (systems[j].kind, kinds[i]->id);
      g_test_message ("%s", kinds[i]->id);
      g_assert_true (found);
    }
}

/* What is polite where a vendor names no number, and below the number where it does: AssessFirst's is 100 requests a minute.
 * A vendor without a number gets one request at a time. */
static void
test_pace (void)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      const AssayHttpPace *pace = &kinds[i]->pace;

      g_test_message ("%s", kinds[i]->id);
      if (g_str_equal (kinds[i]->id, "assessfirst"))
        g_assert_cmpfloat (pace->burst + 60 * pace->per_second, <=, 100);
      if (!g_str_equal (kinds[i]->id, "lever"))
        g_assert_cmpuint (pace->concurrency, ==, 1);
    }
}

static void
add (const System *system,
     const char   *name,
     void        (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/wrong-set-up/%s/%s", system->kind, name);

  g_test_add (path, Fixture, system, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/wrong-set-up/all-kinds", test_all_kinds);
  g_test_add_func ("/wrong-set-up/pace", test_pace);
  g_test_add_func ("/wrong-set-up/form", test_form);
  for (guint i = 0; i < G_N_ELEMENTS (systems); i++)
    {
      add (&systems[i], "right", test_right);
      add (&systems[i], "address", test_address);
      add (&systems[i], "key", test_key);
    }
  return g_test_run ();
}
