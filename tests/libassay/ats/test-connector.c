/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with a kind's description alone: checking what a person typed or pasted. */
#include "config.h"

#include "assay-connector.h"

#include <libsecret/secret.h>
#include <string.h>

#include "test-support.h"

/* A table of "name=value" pairs, NULL-terminated. */
static GHashTable *
make_table (const char *const *pairs)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char *sign = strchr (pairs[i], '=');

      g_hash_table_insert (table, g_strndup (pairs[i], (gsize) (sign - pairs[i])), g_strdup (sign + 1));
    }
  return table;
}

static GHashTable *
check (const char        *kind,
       const char *const *pairs,
       GError           **error)
{
  g_autoptr (GHashTable) table = make_table (pairs);

  return assay_connector_check_settings (assay_connector_find (kind), table, error);
}

static void
assert_refused (const char        *kind,
                const char *const *pairs,
                const char        *says)
{
  GError *error = NULL;

  g_test_message ("%s: %s", kind, pairs[0] != NULL ? pairs[0] : "");
  g_assert_null (check (kind, pairs, &error));
  g_assert_nonnull (strstr (error->message, says));
  test_assert_error (error, ASSAY_ERROR_INVALID);
}

/* Every description is whole: a form, a command line and sentences are made from it. */
static void
test_descriptions (void)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      const AssayConnectorDescription *kind = kinds[i];

      g_assert_true (g_hash_table_add (ids, (gpointer) kind->id));
      g_assert_true (assay_connector_find (kind->id) == kind);
      g_assert_nonnull (kind->create);
      g_assert_cmpfloat (kind->pace.per_second, >, 0);
      g_assert_cmpuint (kind->pace.burst, >=, 1);
      g_assert_cmpuint (kind->pace.concurrency, >=, 1);
      for (guint j = 0; kind->settings[j].name != NULL; j++)
        {
          const AssaySettingDescription *setting = &kind->settings[j];

          g_assert_nonnull (setting->title);
          g_assert_cmpint (setting->type == ASSAY_SETTING_CHOICE, ==, setting->choices != NULL);
          g_assert_cmpint (setting->type == ASSAY_SETTING_SUBDOMAIN, ==, setting->domain != NULL);
          /* A default passes the check that what is typed has to pass. */
          if (setting->default_value != NULL)
            {
              g_autoptr (GError) error = NULL;
              g_autofree char *checked =
                assay_connector_check_setting (kind, setting, setting->default_value, &error);

              g_assert_no_error (error);
              g_assert_cmpstr (checked, ==, setting->default_value);
            }
        }
      /* hackajob has nobody to ask, and so no key. */
      g_assert_true (kind->secrets[0].name != NULL || g_str_equal (kind->id, "hackajob"));
      for (guint j = 0; kind->secrets[j].name != NULL; j++)
        {
          g_assert_nonnull (kind->secrets[j].where_to_find[0]);
          for (guint k = 0; kind->secrets[j].where_to_find[k] != NULL; k++)
            test_assert_sentence (kind->secrets[j].where_to_find[k]);
        }
      g_assert_nonnull (kind->permissions[0].name);
      for (guint j = 0; kind->permissions[j].name != NULL; j++)
        {
          test_assert_sentence (kind->permissions[j].purpose);
          test_assert_sentence (kind->permissions[j].remedy);
        }
      for (guint j = 0; kind->prerequisites[j].requirement != NULL; j++)
        {
          test_assert_sentence (kind->prerequisites[j].requirement);
          test_assert_sentence (kind->prerequisites[j].how_to_tell);
          test_assert_sentence (kind->prerequisites[j].if_not);
        }
      g_assert_nonnull (kind->disconnect_steps[0]);
      for (guint j = 0; kind->disconnect_steps[j] != NULL; j++)
        test_assert_sentence (kind->disconnect_steps[j]);
    }
  g_assert_true (g_hash_table_contains (ids, "pinpoint"));
  g_assert_true (g_hash_table_contains (ids, "testtrick"));
  g_assert_true (g_hash_table_contains (ids, "partner"));
  g_assert_null (assay_connector_find ("workday"));
  g_assert_null (assay_connector_find (NULL));
}

static void
test_subdomain (void)
{
  static const struct
  {
    const char *typed, *cleaned;
  } good[] = {
    { "acme", "acme" },
    { "  acme\n", "acme" },
    { "ACME", "acme" },
    { "acme.pinpointhq.com", "acme" },
    { "https://acme.pinpointhq.com", "acme" },
    { "https://acme.pinpointhq.com/", "acme" },
    { "https://acme.pinpointhq.com/admin", "acme" },
    { "https://acme.pinpointhq.com/admin/jobs/1234?tab=candidates#top", "acme" },
    { "HTTPS://Acme.PinpointHQ.com/admin", "acme" },
    { "http://acme.pinpointhq.com:443/admin", "acme" },
    { "acme.pinpointhq.com/admin", "acme" },
    { "acme-2", "acme-2" },
    { "2acme", "2acme" },
  };
  static const char *const bad[] = {
    "acme.example.com", "https://acme.example.com/admin", "https://pinpointhq.com/", "pinpointhq.com",
    "https://", "a b", "acme.", ".acme", "-acme", "acme-", "ac_me", "acmé", "a.b.pinpointhq.com",
    "acme.pinpointhq.com.example.com", "https://evil.example/acme.pinpointhq.com", "https://acme@evil.example/",
    "@",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *pair = g_strconcat ("subdomain=", good[i].typed, NULL);
      const char *const pairs[] = { pair, NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (GHashTable) checked = check ("pinpoint", pairs, &error);
      g_autofree char *url = NULL;
      g_autofree char *expected = g_strdup_printf ("https://%s.pinpointhq.com/api/v1", good[i].cleaned);

      g_assert_no_error (error);
      g_assert_cmpstr (g_hash_table_lookup (checked, "subdomain"), ==, good[i].cleaned);
      g_assert_cmpstr (g_hash_table_lookup (checked, "confidential"), ==, "yes");
      url = assay_connector_dup_base_url (assay_connector_find ("pinpoint"), checked, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (url, ==, expected);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *pair = g_strconcat ("subdomain=", bad[i], NULL);
      const char *const pairs[] = { pair, NULL };

      assert_refused ("pinpoint", pairs, "is not a subdomain");
    }
}

static void
test_base_url (void)
{
  static const struct
  {
    const char *typed, *cleaned;
  } good[] = {
    { "https://api.example.com/partner", "https://api.example.com/partner" },
    { "  https://api.example.com/partner/  ", "https://api.example.com/partner" },
    { "https://api.example.com", "https://api.example.com" },
    { "https://API.example.com/Partner", "https://api.example.com/Partner" },
    { "http://127.0.0.1:8080/partner", "http://127.0.0.1:8080/partner" },
    { "http://localhost:8080/partner", "http://localhost:8080/partner" },
    { "http://[::1]:8080/partner", "http://[::1]:8080/partner" },
    { "https://10.0.0.7/partner", "https://10.0.0.7/partner" },
  };
  static const char *const bad[] = {
    "api.example.com", "http://api.example.com", "http://127.0.0.1.example.com/", "http://10.0.0.7/partner",
    "http://localhost.example.com/", "ftp://api.example.com", "https://user:pw@api.example.com", "https://",
    "https://api.example.com/?key=1", "https://api.example.com/#x", "https://api.exa mple.com", "javascript:alert(1)",
    "file:///etc/passwd", "//api.example.com",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *pair = g_strconcat ("base-url=", good[i].typed, NULL);
      const char *const pairs[] = { pair, NULL };
      g_autoptr (GError) error = NULL;
      g_autoptr (GHashTable) checked = check ("partner", pairs, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (g_hash_table_lookup (checked, "base-url"), ==, good[i].cleaned);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *pair = g_strconcat ("base-url=", bad[i], NULL);
      const char *const pairs[] = { pair, NULL };

      assert_refused ("partner", pairs, "");
    }
}

static void
test_choices_and_paths (void)
{
  static const char *const good[] = {
    "auth=basic", "auth=bearer", "auth=header:X-API-KEY", "auth=header:x_key.2", "list-path=list_tests",
    "list-path=v2/tests/list", "status-path=a-b/c~d.json", "profile=partner", NULL,
  };
  static const char *const bad[] = {
    "auth=", "auth=digest", "auth=Basic ", "auth=header:", "auth=header:X API", "auth=header:X:Y", "auth=header:Ä",
    "auth=header:X\r\nEvil", "profile=other", "list-path=a?b", "list-path=../x", "list-path=a//b", "list-path=/",
    "list-path=https://evil.example/", "send-path=a#b", "send-path=a b", "status-path=ü", NULL,
  };

  for (guint i = 0; good[i] != NULL; i++)
    {
      const char *const pairs[] = { "base-url=https://a.example", good[i], NULL };
      g_autofree char *name = g_strndup (good[i], strcspn (good[i], "="));
      g_autoptr (GError) error = NULL;
      g_autoptr (GHashTable) checked = check ("testtrick", pairs, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (g_hash_table_lookup (checked, name), ==, strchr (good[i], '=') + 1);
    }
  for (guint i = 0; bad[i] != NULL; i++)
    {
      const char *const pairs[] = { "base-url=https://a.example", bad[i], NULL };
      g_autofree char *name = g_strndup (bad[i], strcspn (bad[i], "="));

      /* Empty means the default. */
      if (g_str_equal (bad[i], "auth="))
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (GHashTable) checked = check ("testtrick", pairs, &error);

          g_assert_no_error (error);
          g_assert_cmpstr (g_hash_table_lookup (checked, "auth"), ==, "basic");
        }
      else if (g_str_equal (bad[i], "auth=Basic "))
        assert_refused ("testtrick", pairs, "basic, bearer, header:");
      else
        assert_refused ("testtrick", pairs, "“");
    }
  {
    const char *const pairs[] = { "base-url=https://a.example", "send-path=/send", NULL };
    g_autoptr (GError) error = NULL;
    g_autoptr (GHashTable) checked = check ("testtrick", pairs, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (g_hash_table_lookup (checked, "send-path"), ==, "send");
    g_assert_cmpstr (g_hash_table_lookup (checked, "list-path"), ==, "list_tests");
    g_assert_cmpstr (g_hash_table_lookup (checked, "status-path"), ==, "test_status");
    g_assert_cmpuint (g_hash_table_size (checked), ==, 6);
  }
}

static void
test_missing_and_unknown (void)
{
  static const char *const nothing[] = { NULL };
  static const char *const blank[] = { "base-url=   ", NULL };
  static const char *const unknown[] = { "base-url=https://a.example", "colour=red", NULL };
  static const char *const secret[] = { "base-url=https://a.example", "api-key=x", NULL };
  static const char *const not_text[] = { "base-url=https://a.example/\xff", NULL };
  static const char *const choice[] = { "subdomain=acme", "confidential=maybe", NULL };
  static const char *const instead[] = { "base-url=https://a.example/api", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) checked = NULL;

  assert_refused ("pinpoint", nothing, "Pinpoint needs “Subdomain”");
  assert_refused ("testtrick", nothing, "TestTrick needs “Base address”");
  assert_refused ("testtrick", blank, "TestTrick needs “Base address”");
  assert_refused ("testtrick", unknown, "no setting “colour”");
  assert_refused ("testtrick", secret, "no setting “api-key”");
  assert_refused ("testtrick", not_text, "not text");
  assert_refused ("pinpoint", choice, "yes, no");

  /* A base address makes the subdomain superfluous. */
  checked = check ("pinpoint", instead, &error);
  g_assert_no_error (error);
  g_assert_false (g_hash_table_contains (checked, "subdomain"));
}

static void
test_secrets_are_cleaned (void)
{
  static const struct
  {
    const char *pasted, *clean;
    gboolean cleaned;
  } cases[] = {
    { "sk-1234", "sk-1234", FALSE },      { "sk-1234\n", "sk-1234", TRUE },      { "  sk-1234", "sk-1234", TRUE },
    { "\tsk-1234\r\n", "sk-1234", TRUE }, { "sk-\n12\n34", "sk-1234", TRUE },    { "", "", FALSE },
    { " \r\n", "", TRUE },                { "sk-é=/+", "sk-é=/+", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean cleaned = !cases[i].cleaned;
      char *secret = assay_connector_clean_secret (cases[i].pasted, &cleaned);

      g_assert_cmpstr (secret, ==, cases[i].clean);
      g_assert_cmpint (cleaned, ==, cases[i].cleaned);
      secret_password_free (secret);
    }
  secret_password_free (assay_connector_clean_secret ("x", NULL));
}

static void
test_capabilities (void)
{
  g_auto (GStrv) none = assay_capabilities_to_strings (0);
  g_auto (GStrv) some = assay_capabilities_to_strings (ASSAY_CAN_EDIT_INVITEE | ASSAY_CAN_REPORT_PERCENT);
  g_auto (GStrv) all = assay_capabilities_to_strings (~0u);

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (some), ==, 2);
  g_assert_true (g_strv_contains ((const char *const *) some, "edits-invitee"));
  g_assert_true (g_strv_contains ((const char *const *) some, "reports-percent"));
  g_assert_cmpuint (g_strv_length (all), ==, 13);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/connector/descriptions", test_descriptions);
  g_test_add_func ("/connector/subdomain", test_subdomain);
  g_test_add_func ("/connector/base-url", test_base_url);
  g_test_add_func ("/connector/choices-and-paths", test_choices_and_paths);
  g_test_add_func ("/connector/missing-and-unknown", test_missing_and_unknown);
  g_test_add_func ("/connector/secrets-are-cleaned", test_secrets_are_cleaned);
  g_test_add_func ("/connector/capabilities", test_capabilities);

  return g_test_run ();
}
