/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking somebody up: what the answer doesn't say is never taken for "not invited", since then the person is invited. */
#include "config.h"

#include "../http/hostile-server.h"
#include "assay-connector.h"
#include "assay-http.h"
#include "assay-provider.h"
#include "assay-secrets.h"
#include "test-support.h"

#define EMAIL "ana@example.com"
#define BASE "http://base.invalid"   /* stands for the server's address in an answer */

typedef enum
{
  NOBODY,
  SOMEBODY,
  UNCLEAR,
} Expected;

typedef struct
{
  const char *kind;
  const char *profile;       /* (nullable) */
  Expected expected;
  const char *answers[3];
} Case;

#define SESSIONS "{\"id\":7,\"sessions_url\":\"" BASE "/tests/7/sessions/\"}"

static const Case cases[] = {
  { "hackerrank", NULL, NOBODY, { "{\"data\":[],\"next\":\"\",\"total\":0}" } },
  { "hackerrank", NULL, NOBODY, { "{\"data\":[{\"id\":\"1\",\"email\":\"anna@example.com\"}]}" } },
  { "hackerrank", NULL, NOBODY, { "{\"data\":[{\"id\":\"1\",\"email\":null}]}" } },
  { "hackerrank", NULL, SOMEBODY, { "{\"data\":[{\"id\":\"1\",\"email\":\"Ana@Example.com\"}]}" } },
  { "hackerrank", NULL, UNCLEAR, { "{}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":null}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":{}}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":[7]}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":[{\"id\":\"1\"}]}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":[{\"id\":\"1\",\"email\":[\"ana@example.com\"]}]}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":[{\"email\":\"ana@example.com\"}]}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":[{\"id\":\"1\",\"email\":\"b@example.com\"}],\"total\":2}" } },
  { "hackerrank", NULL, UNCLEAR, { "{\"data\":[],\"next\":\"" BASE "/tests/T/candidates/search?offset=100\"}" } },
  { "hackerrank", NULL, UNCLEAR,
    { "{\"data\":[{\"id\":\"1\",\"email\":\"b@example.com\"}],\"next\":\"" BASE "/x?offset=1\"}", "{\"data\":7}" } },

  { "codility", NULL, NOBODY, { SESSIONS, "{\"results\":[],\"next\":null}" } },
  { "codility", NULL, NOBODY, { SESSIONS, "{\"results\":[{\"id\":\"S\",\"email\":\"\"}],\"next\":null}" } },
  { "codility", NULL, SOMEBODY, { SESSIONS, "{\"results\":[{\"id\":\"S\",\"email\":\"ana@example.com\"}]}" } },
  { "codility", NULL, UNCLEAR, { SESSIONS, "{}" } },
  { "codility", NULL, UNCLEAR, { SESSIONS, "{\"results\":[{\"id\":\"S\"}],\"next\":null}" } },
  { "codility", NULL, UNCLEAR, { SESSIONS, "{\"results\":[null],\"next\":null}" } },
  { "codility", NULL, UNCLEAR, { SESSIONS, "{\"results\":[{\"email\":\"ana@example.com\"}],\"next\":null}" } },
  { "codility", NULL, UNCLEAR, { SESSIONS, "{\"results\":[],\"count\":3,\"next\":null}" } },

  { "testgorilla", NULL, NOBODY, { "{\"count\":0,\"results\":[]}" } },
  { "testgorilla", NULL, NOBODY, { "{\"count\":1,\"results\":[{\"id\":1,\"email\":\"anna@example.com\"}]}" } },
  { "testgorilla", NULL, SOMEBODY, { "{\"count\":1,\"results\":[{\"id\":1,\"email\":\"ANA@example.com\"}]}" } },
  { "testgorilla", NULL, UNCLEAR, { "{\"count\":0}" } },
  { "testgorilla", NULL, UNCLEAR, { "{\"count\":1,\"results\":[]}" } },
  { "testgorilla", NULL, UNCLEAR, { "{\"count\":2,\"next\":null,\"results\":[{\"id\":1,\"email\":\"b@example.com\"}]}" } },
  { "testgorilla", NULL, UNCLEAR, { "{\"count\":1,\"results\":[{\"id\":1}]}" } },
  { "testgorilla", NULL, UNCLEAR, { "{\"count\":1,\"results\":[\"ana@example.com\"]}" } },

  { "coderbyte", NULL, NOBODY, { "{\"status\":\"success\",\"data\":[]}" } },
  { "coderbyte", NULL, NOBODY, { "{\"status\":\"success\",\"data\":{\"assessments\":[]}}" } },
  { "coderbyte", NULL, NOBODY, { "{\"status\":\"success\",\"data\":{\"assessments\":[{\"test_id\":\"other\"}]}}" } },
  { "coderbyte", NULL, SOMEBODY, { "{\"status\":\"success\",\"data\":{\"assessments\":[{},{\"test_id\":\"T\"}]}}" } },
  { "coderbyte", NULL, UNCLEAR, { "{\"status\":\"success\",\"data\":{\"email\":\"ana@example.com\"}}" } },
  { "coderbyte", NULL, UNCLEAR, { "{\"status\":\"success\",\"data\":{\"assessments\":\"T\"}}" } },
  { "coderbyte", NULL, UNCLEAR, { "{\"status\":\"success\",\"data\":{\"assessments\":[{\"id\":\"T\"}]}}" } },
  { "coderbyte", NULL, UNCLEAR, { "{\"status\":\"success\",\"data\":{\"assessments\":[\"T\"]}}" } },
  { "coderbyte", NULL, UNCLEAR, { "{\"status\":\"success\",\"data\":{\"assessments\":[],\"next_page\":2}}" } },

  { "assessfirst", "v1", NOBODY, { "[]" } },
  { "assessfirst", "v1", SOMEBODY, { "[{\"uuid\":\"U\"}]" } },
  { "assessfirst", "v1", SOMEBODY,
    { "[{\"uuid\":\"A\",\"email\":\"b@example.com\"},{\"uuid\":\"U\",\"email\":\"Ana@example.com\"}]" } },
  { "assessfirst", "v1", UNCLEAR, { "{}" } },
  { "assessfirst", "v1", UNCLEAR, { "[7]" } },
  { "assessfirst", "v1", UNCLEAR, { "[{\"email\":\"ana@example.com\"}]" } },
  { "assessfirst", "v1", UNCLEAR, { "[{\"uuid\":\"A\",\"email\":\"b@example.com\"}]" } },
};

static AssayProvider *
connect_to (HostileServer *server,
            const Case    *the_case)
{
  const AssayConnectorDescription *description = assay_connector_find (the_case->kind);
  g_autoptr (AssayHttp) http = assay_http_new ();
  g_autoptr (AssayConnection) connection = assay_connection_new ();
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  AssayConnectorContext context = { .http = http, .connection = connection, .secrets = secrets };
  g_autoptr (GError) error = NULL;
  GObject *connector;

  connection->kind = g_strdup (the_case->kind);
  g_hash_table_insert (connection->settings, g_strdup ("base-url"), g_strdup (hostile_server_get_url (server)));
  if (the_case->profile != NULL)
    g_hash_table_insert (connection->settings, g_strdup ("profile"), g_strdup (the_case->profile));
  assay_secrets_table_set (secrets, description->secrets[0].name, "any-key");
  connector = description->create (description, &context, &error);
  g_assert_no_error (error);
  return ASSAY_PROVIDER (connector);
}

static void
test_answer (gconstpointer data)
{
  const Case *the_case = data;
  const AssayInvitee invitee = { .assessment_remote_id = "T", .email = EMAIL, .reference = "i1" };
  g_autoptr (HostileServer) server = hostile_server_new (NULL);
  g_autoptr (AssayProvider) provider = connect_to (server, the_case);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayInvited) found = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (the_case->answers) && the_case->answers[i] != NULL; i++)
    {
      g_autoptr (GString) answer = g_string_new (the_case->answers[i]);

      g_test_message ("%s", answer->str);
      g_string_replace (answer, BASE, hostile_server_get_url (server), 0);
      hostile_server_add_reply (server, "200 OK", "Content-Type: application/json\r\n", answer->str);
    }
  TEST_CALL (result, assay_provider_look_up_async, provider, &invitee, NULL);
  found = assay_provider_look_up_finish (provider, result, &error);
  g_assert_true ((found != NULL) == (the_case->expected == SOMEBODY));
  g_assert_true ((error != NULL) == (the_case->expected == UNCLEAR));
  if (found != NULL)
    g_assert_true (found->remote_id != NULL && *found->remote_id != '\0');
  if (error != NULL)
    /* Not what the outbox takes for "this account can't be asked", and then sends. */
    g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
}

int
main (int    argc,
      char **argv)
{
  test_support_init (&argc, &argv);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/look-up/%s/%02u", cases[i].kind, i);

      g_test_add_data_func (path, &cases[i], test_answer);
    }

  return g_test_run ();
}
