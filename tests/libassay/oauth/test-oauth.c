/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in through a browser, which is played here, at the sandbox's authorization server; and the tokens that come of it:
 * renewed once for all that wait, saved before they are used, and given up when the grant is. */
#include "config.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <libsoup/soup.h>
#include <string.h>

#include "assay-http-private.h"
#include "assay-lever.h"
#include "assay-oauth-callback.h"
#include "assay-oauth-session.h"
#include "assay-oauth-sign-in.h"
#include "test-support.h"

/* Callbacks */

#define STATE "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"
#define HOST "\r\nHost: 127.0.0.1:4711\r\n\r\n"

static AssayOauthCallback *
parse (const char *head)
{
  return assay_oauth_callback_parse (head, strlen (head), 4711, "/callback", STATE);
}

static void
test_callbacks (void)
{
  static const struct
  {
    const char *head;
    AssayOauthCallbackKind kind;
  } cases[] = {
    { "GET /callback?state=" STATE "&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_CODE },
    { "GET /callback?code=abc&x=y&state=" STATE " HTTP/1.0\r\nhost:  LOCALHOST:4711\r\nAccept: */*\r\n\r\n",
      ASSAY_OAUTH_CALLBACK_CODE },
    { "GET /callback?state=" STATE "&error=access_denied HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_REFUSED },
    /* An error counts more than a code that comes along. */
    { "GET /callback?state=" STATE "&error=x&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_REFUSED },
    { "GET /callback?state=wrong&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_WRONG_STATE },
    { "GET /callback?state=" STATE "x&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_WRONG_STATE },
    { "GET /callback?code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_WRONG_STATE },
    { "GET /callback?state=&error=access_denied HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_WRONG_STATE },
    { "GET /callback HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_WRONG_STATE },
    { "GET /callback?state=" STATE "&state=" STATE "&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_WRONG_STATE },
    { "GET /callback?state=" STATE "&code=abc&code=def HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code= HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code=a%0Ab HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code=a%00b HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE " HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /favicon.ico HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_ELSEWHERE },
    { "POST /callback?state=" STATE "&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_ELSEWHERE },
    { "GET /callback/?state=" STATE "&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_ELSEWHERE },
    /* A name that somebody lets point here, another port, none, two. */
    { "GET /callback?state=" STATE "&code=abc HTTP/1.1\r\nHost: evil.example:4711\r\n\r\n", ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code=abc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code=abc HTTP/1.1\r\n\r\n", ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code=abc HTTP/1.1\r\nHost: 127.0.0.1:4711" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code=abc HTTP/1.1\nHost: 127.0.0.1:4711\n\n", ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET /callback?state=" STATE "&code=abc" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET http://127.0.0.1:4711/callback?state=" STATE "&code=abc HTTP/1.1" HOST, ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "", ASSAY_OAUTH_CALLBACK_MALFORMED },
    { "GET / HTTP/1.1", ASSAY_OAUTH_CALLBACK_MALFORMED },
  };
  g_autoptr (AssayOauthCallback) worded =
    parse ("GET /callback?state=" STATE "&error=server_error&error_description=Not+your%0Afault%2C+%E2%80%AEsorry HTTP/1.1" HOST);
  g_autoptr (AssayOauthCallback) odd = parse ("GET /callback?state=" STATE "&error=%3Cb%3E HTTP/1.1" HOST);
  g_autoptr (AssayOauthCallback) escaped = parse ("GET /callback?state=" STATE "&code=a%2Fb%2Bc%3D HTTP/1.1" HOST);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AssayOauthCallback) callback = parse (cases[i].head);

      g_test_message ("%s", cases[i].head);
      g_assert_cmpint (callback->kind, ==, cases[i].kind);
      g_assert_true ((callback->code != NULL) == (callback->kind == ASSAY_OAUTH_CALLBACK_CODE));
    }
  g_assert_cmpstr (worded->error, ==, "server_error");
  g_assert_cmpstr (worded->description, ==, "Not your fault, sorry");
  g_assert_null (odd->error);
  g_assert_cmpstr (escaped->code, ==, "a/b+c=");
}

/* Tokens */

static void
test_tokens (void)
{
  static const char *const wrong[] = {
    "{}", "[]", "{\"access_token\":\"\"}", "{\"access_token\":7}", "{\"access_token\":\"a b\"}",
    "{\"access_token\":\"a\",\"token_type\":\"MAC\"}", "{\"access_token\":\"a\",\"refresh_token\":\"a\\nb\"}",
  };
  g_autoptr (JsonNode) first_root = test_load_fixture ("lever/docs-oauth-token.json");
  g_autoptr (JsonNode) second_root = test_load_fixture ("lever/docs-oauth-refresh.json");
  g_autoptr (JsonNode) short_root = test_parse ("{\"access_token\":\"abc\",\"expires_in\":\"60\"}");
  g_autoptr (AssayOauthTokens) first = NULL, second = NULL, brief = NULL, read = NULL;
  GError *error = NULL;
  char *text;

  first = assay_oauth_tokens_decode (first_root, "Lever", NULL, 1000, &error);
  g_assert_no_error (error);
  g_assert_cmpint (first->expires_at, ==, 1000 + 3600 * 1000);
  g_assert_cmpint (assay_oauth_tokens_get_renewal (first), ==, 1000 + 3300 * 1000);
  second = assay_oauth_tokens_decode (second_root, "Lever", first, 1000, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->refresh_token, !=, first->refresh_token);
  /* What isn't said stays. */
  brief = assay_oauth_tokens_decode (short_root, "Lever", second, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (brief->refresh_token, ==, second->refresh_token);
  g_assert_cmpstr (brief->scope, ==, "opportunities:read:admin");
  g_assert_cmpint (assay_oauth_tokens_get_renewal (brief), ==, 30 * 1000);

  text = assay_oauth_tokens_to_secret (second);
  read = assay_oauth_tokens_from_secret (text);
  secret_password_free (text);
  g_assert_cmpstr (read->access_token, ==, second->access_token);
  g_assert_cmpstr (read->refresh_token, ==, second->refresh_token);
  g_assert_cmpstr (read->scope, ==, second->scope);
  g_assert_cmpint (read->expires_at, ==, second->expires_at);
  g_assert_cmpint (read->lifetime, ==, second->lifetime);
  g_assert_null (assay_oauth_tokens_from_secret (NULL));
  g_assert_null (assay_oauth_tokens_from_secret (""));
  g_assert_null (assay_oauth_tokens_from_secret ("{\"access_token\":null}"));

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (JsonNode) root = test_parse (wrong[i]);

      g_assert_null (assay_oauth_tokens_decode (root, "Lever", NULL, 0, &error));
      test_assert_error (error, ASSAY_ERROR_BAD_RESPONSE);
    }
}

/* Signing in */

typedef struct
{
  TestSandbox *sandbox;
  AssayHttp *http;
  AssaySecrets *secrets;
  SoupSession *browser;
  GHashTable *settings;
  char *secret_id;
  char *lock_path;
  guint opened;
} Fixture;

static void
play (Fixture    *fixture,
      const char *settings)
{
  json_node_unref (test_sandbox_ask (fixture->sandbox, "POST", "/settings", "{\"vendor\":\"lever\",%s}", settings));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  const char *base;
  g_autofree char *origin = NULL;
  g_autofree char *directory = g_path_get_dirname (g_getenv ("SECRET_FILE_TEST_PATH"));

  fixture->sandbox = test_sandbox_start ("--jobs=2", "--applications=5", NULL);
  fixture->http = assay_http_new ();
  assay_http_set_backoff_base (fixture->http, 1);
  fixture->secrets = assay_secrets_new ();
  fixture->browser = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  fixture->secret_id = g_uuid_string_random ();
  fixture->lock_path = g_build_filename (directory, "sign-in.lock", NULL);
  fixture->settings = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  base = test_sandbox_get_base_url (fixture->sandbox, "lever");
  origin = g_strndup (base, strlen (base) - strlen ("/v1"));
  g_hash_table_insert (fixture->settings, (gpointer) "auth", g_strdup ("oauth"));
  g_hash_table_insert (fixture->settings, (gpointer) "client-id", g_strdup ("sandbox-client"));
  g_hash_table_insert (fixture->settings, (gpointer) "authorize-url", g_strconcat (origin, "/authorize", NULL));
  g_hash_table_insert (fixture->settings, (gpointer) "token-url", g_strconcat (origin, "/oauth/token", NULL));
  g_hash_table_insert (fixture->settings, (gpointer) "audience", g_strconcat (origin, "/v1/", NULL));
  play (fixture, "\"consent\":\"auto\"");
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  test_sandbox_assert_no_incidents (fixture->sandbox);
  g_object_unref (fixture->http);
  g_object_unref (fixture->secrets);
  g_object_unref (fixture->browser);
  g_hash_table_unref (fixture->settings);
  g_free (fixture->secret_id);
  g_free (fixture->lock_path);
  test_sandbox_stop (fixture->sandbox);
}

static AssayOauthProfile *
make_profile (Fixture *fixture)
{
  g_autoptr (GHashTable) secrets = assay_secrets_table_new ();
  g_autoptr (GError) error = NULL;
  AssayOauthProfile *profile;

  assay_secrets_table_set (secrets, "client-secret", "sandbox-client-secret");
  profile = assay_oauth_profile_new (&assay_lever_description, fixture->settings, secrets, &error);
  g_assert_no_error (error);
  return profile;
}

static void
shown_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GBytes) page = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
}

/* A browser that goes where it is sent. */
static void
browse (const char *address,
        gpointer    user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);

  fixture->opened++;
  soup_session_send_and_read_async (fixture->browser, message, G_PRIORITY_DEFAULT, NULL, shown_cb, NULL);
}

/* One that is closed at once. */
static void
close_browser (const char *address,
               gpointer    user_data)
{
  ((Fixture *) user_data)->opened++;
}

static AssayOauthTokens *
sign_in (Fixture          *fixture,
         guint             patience,
         AssayOauthOpener  opener,
         GCancellable     *cancellable,
         GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  assay_oauth_sign_in_async (fixture->http, make_profile (fixture), patience, opener, fixture, cancellable,
                             test_keep_result, &result);
  test_wait_result (&result);
  return assay_oauth_sign_in_finish (result, error);
}

static void
test_sign_in (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (AssayOauthTokens) tokens = NULL;
  GError *error = NULL;

  tokens = sign_in (fixture, 0, browse, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (tokens->refresh_token);
  g_assert_nonnull (strstr (tokens->scope, "opportunities:write:admin"));
  g_assert_null (strstr (tokens->scope, "confidential:access:admin"));
  g_assert_cmpuint (fixture->opened, ==, 1);
}

static void
test_refused_grant (Fixture      *fixture,
                    gconstpointer data)
{
  GError *error = NULL;

  play (fixture, "\"consent\":\"deny\"");
  g_assert_null (sign_in (fixture, 0, browse, NULL, &error));
  g_assert_nonnull (strstr (assay_error_get_vendor_detail (error), "access_denied"));
  test_assert_error (error, ASSAY_ERROR_FORBIDDEN);
  g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "lever", "oauth.token"), ==, 0);
}

static void
cancel_cb (gpointer data)
{
  g_cancellable_cancel (data);
}

static void
test_closed_browser (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  GError *error = NULL;

  g_assert_null (sign_in (fixture, 1, close_browser, NULL, &error));
  test_assert_error (error, ASSAY_ERROR_FAILED);
  g_assert_cmpuint (fixture->opened, ==, 1);
  g_idle_add_once (cancel_cb, cancellable);
  g_assert_null (sign_in (fixture, 0, close_browser, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  /* Too late for a browser even. */
  fixture->opened = 0;
  g_cancellable_cancel (cancelled);
  g_assert_null (sign_in (fixture, 0, browse, cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (fixture->opened, ==, 0);
}

static void
test_settings (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr (GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) checked = NULL;
  g_autoptr (GPtrArray) scopes = NULL;
  g_autoptr (AssayOauthProfile) profile = NULL;
  GError *error = NULL;

  g_assert_null (assay_oauth_profile_new (&assay_lever_description, settings, NULL, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_hash_table_insert (settings, (gpointer) "auth", (gpointer) "oauth");
  g_assert_null (assay_connector_check_settings (&assay_lever_description, settings, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_assert_null (assay_oauth_profile_new (&assay_lever_description, settings, NULL, &error));
  test_assert_error (error, ASSAY_ERROR_INVALID);
  g_hash_table_insert (settings, (gpointer) "client-id", (gpointer) "mine");
  g_hash_table_insert (settings, (gpointer) "confidential", (gpointer) "yes");
  checked = assay_connector_check_settings (&assay_lever_description, settings, &error);
  g_assert_no_error (error);
  profile = assay_oauth_profile_new (&assay_lever_description, checked, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (profile->authorize_url, ==, "https://auth.lever.co/authorize");
  g_assert_cmpstr (profile->token_url, ==, "https://auth.lever.co/oauth/token");
  /* Its last slash matters. */
  g_assert_cmpstr (profile->audience, ==, "https://api.lever.co/v1/");
  scopes = assay_connector_list_scopes (&assay_lever_description, checked);
  g_assert_cmpuint (scopes->len, ==, g_strv_length (profile->scopes));
  g_assert_cmpuint (scopes->len, <=, 20);
  g_assert_true (g_strv_contains ((const char *const *) profile->scopes, "offline_access"));
  g_assert_true (g_strv_contains ((const char *const *) profile->scopes, "confidential:access:admin"));
  for (guint i = 0; i < scopes->len; i++)
    test_assert_sentence (((const AssayScopeDescription *) g_ptr_array_index (scopes, i))->purpose);
}

/* Tokens at work */

/* Signs in, and puts what came of it into the keyring, as if it had been got @age milliseconds ago; (transfer full): that
 * text. */
static char *
store_tokens (Fixture *fixture,
              gint64   age)
{
  g_autoptr (AssayOauthTokens) tokens = NULL;
  g_autoptr (GHashTable) table = assay_secrets_table_new ();
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;
  char *text;

  tokens = sign_in (fixture, 0, browse, NULL, &error);
  g_assert_no_error (error);
  tokens->expires_at -= age;
  text = assay_oauth_tokens_to_secret (tokens);
  assay_secrets_table_set (table, ASSAY_OAUTH_SECRET, text);
  test_begin_library_leak ();
  TEST_CALL (result, assay_secrets_store_async, fixture->secrets, fixture->secret_id, "Test", table, NULL);
  test_end_library_leak ();
  assay_secrets_store_finish (fixture->secrets, result, &error);
  g_assert_no_error (error);
  return text;
}

/* (transfer full): what the keyring has */
static char *
look_up (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GHashTable) table = NULL;
  GError *error = NULL;

  TEST_CALL (result, assay_secrets_lookup_async, fixture->secrets, fixture->secret_id, FALSE, NULL);
  table = assay_secrets_lookup_finish (fixture->secrets, result, &error);
  g_assert_no_error (error);
  return g_strdup (g_hash_table_lookup (table, ASSAY_OAUTH_SECRET));
}

static AssayOauthSession *
make_session (Fixture    *fixture,
              const char *stored)
{
  return assay_oauth_session_new (fixture->http, fixture->secrets, fixture->secret_id, "Test", make_profile (fixture),
                                  stored, fixture->lock_path, 1);
}

static AssayHttpChannel *
make_channel (Fixture           *fixture,
              AssayOauthSession *session)
{
  static const AssayHttpPace pace = { .per_second = 10000, .burst = 1000, .concurrency = 8 };
  AssayHttpChannel *channel =
    assay_http_channel_new (fixture->http, "Lever", test_sandbox_get_base_url (fixture->sandbox, "lever"), &pace);

  assay_http_channel_set_tokens (channel, ASSAY_HTTP_TOKENS (session));
  return channel;
}

typedef struct
{
  guint pending;
  guint good;
  GError *error;   /* the last one */
} Crowd;

static void
crowd_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Crowd *crowd = user_data;
  GError *error = NULL;
  g_autoptr (AssayHttpResponse) response =
    assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);

  crowd->pending--;
  if (response != NULL)
    crowd->good++;
  else
    {
      g_clear_error (&crowd->error);
      crowd->error = error;
    }
}

static gboolean
is_over (gpointer data)
{
  return ((Crowd *) data)->pending == 0;
}

/* Many at once through one channel; gives how many were answered well. */
static guint
ask_all (AssayHttpChannel *channel,
         guint             n,
         GError          **error)
{
  Crowd crowd = { .pending = n };

  /* New tokens are written into the keyring meanwhile. */
  test_begin_library_leak ();
  for (guint i = 0; i < n; i++)
    assay_http_channel_send_async (channel, assay_http_request_new (ASSAY_HTTP_READ, "GET", "stages"), NULL, crowd_cb,
                                   &crowd);
  test_run_until (is_over, &crowd);
  test_end_library_leak ();
  if (crowd.error != NULL)
    g_propagate_error (error, crowd.error);
  return crowd.good;
}

static guint
count_tokens (Fixture *fixture)
{
  return test_sandbox_count_requests (fixture->sandbox, "lever", "oauth.token");
}

/* Ahead of its end, and once for all that wait. */
static void
test_renewed_once (Fixture      *fixture,
                   gconstpointer data)
{
  char *stored = store_tokens (fixture, 57 * 60 * 1000);
  g_autoptr (AssayOauthSession) session = make_session (fixture, stored);
  g_autoptr (AssayHttpChannel) channel = make_channel (fixture, session);
  g_autofree char *kept = NULL;
  GError *error = NULL;

  g_assert_cmpuint (count_tokens (fixture), ==, 1);
  g_assert_cmpuint (ask_all (channel, 40, &error), ==, 40);
  g_assert_no_error (error);
  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  kept = look_up (fixture);
  g_assert_cmpstr (kept, !=, stored);
  /* Nobody was turned away before. */
  {
    g_autoptr (JsonNode) ledger = test_sandbox_ask (fixture->sandbox, "GET", "/ledger", NULL);
    JsonObject *answers = json_object_get_object_member (
      json_object_get_object_member (json_object_get_object_member (json_node_get_object (ledger), "traffic"), "lever"),
      "answers");

    g_assert_false (json_object_has_member (answers, "401"));
  }
  secret_password_free (stored);
}

/* A token that the vendor no longer takes, whatever the clock says: everybody who was turned away waits for the next. */
static void
test_rejected_once (Fixture      *fixture,
                    gconstpointer data)
{
  char *stored = store_tokens (fixture, 0);
  g_autoptr (AssayOauthSession) session = make_session (fixture, stored);
  g_autoptr (AssayHttpChannel) channel = make_channel (fixture, session);
  GError *error = NULL;

  g_assert_cmpuint (ask_all (channel, 3, &error), ==, 3);
  g_assert_cmpuint (count_tokens (fixture), ==, 1);
  play (fixture, "\"expire_tokens\":true");
  g_assert_cmpuint (ask_all (channel, 40, &error), ==, 40);
  g_assert_no_error (error);
  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  secret_password_free (stored);
}

/* The program ends right after the new tokens were saved: the next one finds them, and the old ones are never used again. */
static void
test_crash_after_saving (Fixture      *fixture,
                         gconstpointer data)
{
  char *stored = store_tokens (fixture, 59 * 60 * 1000);
  g_autoptr (AssayOauthSession) first = make_session (fixture, stored);
  g_autoptr (AssayOauthSession) second = NULL;
  g_autoptr (AssayHttpChannel) channel = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *kept = NULL;
  GError *error = NULL;

  test_begin_library_leak ();
  TEST_CALL (result, assay_http_tokens_obtain_async, ASSAY_HTTP_TOKENS (first), NULL);
  test_end_library_leak ();
  g_assert_true (assay_http_tokens_obtain_finish (ASSAY_HTTP_TOKENS (first), result, &error));
  g_assert_no_error (error);
  g_clear_object (&result);
  g_clear_object (&first);

  kept = look_up (fixture);
  second = make_session (fixture, kept);
  channel = make_channel (fixture, second);
  g_assert_cmpuint (ask_all (channel, 2, &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  /* Also one that was made with what the keyring had before. */
  {
    g_autoptr (AssayOauthSession) late = make_session (fixture, stored);
    g_autoptr (AssayHttpChannel) other = make_channel (fixture, late);

    g_assert_cmpuint (ask_all (other, 2, &error), ==, 2);
    g_assert_no_error (error);
    g_assert_cmpuint (count_tokens (fixture), ==, 2);
  }
  secret_password_free (stored);
}

/* Two copies of Assay on the same keyring: one renews, the other takes what came of it. */
static void
test_two_copies (Fixture      *fixture,
                 gconstpointer data)
{
  char *stored = store_tokens (fixture, 59 * 60 * 1000);
  g_autoptr (AssayOauthSession) one = make_session (fixture, stored);
  g_autoptr (AssayOauthSession) other = make_session (fixture, stored);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  GError *error = NULL;

  test_begin_library_leak ();
  assay_http_tokens_obtain_async (ASSAY_HTTP_TOKENS (one), NULL, test_keep_result, &first);
  assay_http_tokens_obtain_async (ASSAY_HTTP_TOKENS (other), NULL, test_keep_result, &second);
  g_assert_true (assay_oauth_session_is_renewing (one));
  test_wait_result (&first);
  test_wait_result (&second);
  test_end_library_leak ();
  g_assert_true (assay_http_tokens_obtain_finish (ASSAY_HTTP_TOKENS (one), first, &error));
  g_assert_no_error (error);
  g_assert_true (assay_http_tokens_obtain_finish (ASSAY_HTTP_TOKENS (other), second, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (assay_http_tokens_peek (ASSAY_HTTP_TOKENS (one)), ==,
                   assay_http_tokens_peek (ASSAY_HTTP_TOKENS (other)));
  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  g_assert_false (assay_oauth_session_is_renewing (one));
  secret_password_free (stored);
}

/* Everybody hears of it, the vendor isn't asked again and again, and somebody who signs in mends it. */
static void
test_revoked (Fixture      *fixture,
              gconstpointer data)
{
  char *stored = store_tokens (fixture, 59 * 60 * 1000);
  g_autoptr (AssayOauthSession) session = make_session (fixture, stored);
  g_autoptr (AssayHttpChannel) channel = make_channel (fixture, session);
  GError *error = NULL;
  char *again;

  play (fixture, "\"revoke_grants\":true");
  g_assert_cmpuint (ask_all (channel, 10, &error), ==, 0);
  g_assert_nonnull (strstr (error->message, "Sign in again"));
  g_assert_cmpuint (assay_error_get_vendor_status (error), ==, 403);
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  g_assert_cmpuint (ask_all (channel, 10, &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  /* Nothing reached the API itself. */
  g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "lever", "stages.list"), ==, 0);

  again = store_tokens (fixture, 0);
  g_assert_cmpuint (ask_all (channel, 3, &error), ==, 3);
  g_assert_no_error (error);
  secret_password_free (again);
  secret_password_free (stored);
}

/* A lost answer is no revocation: what was asked stays unsent, and the next try asks again. */
static void
test_unreachable (Fixture      *fixture,
                  gconstpointer data)
{
  char *stored = store_tokens (fixture, 59 * 60 * 1000);
  g_autoptr (AssayOauthSession) session = make_session (fixture, stored);
  g_autoptr (AssayHttpChannel) channel = make_channel (fixture, session);
  GError *error = NULL;

  test_sandbox_fault (fixture->sandbox, "lever", "oauth.token", "drop-before", 1);
  g_assert_cmpuint (ask_all (channel, 5, &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_UNAVAILABLE);
  test_sandbox_fault (fixture->sandbox, "lever", "oauth.token", "html", 1);
  g_assert_cmpuint (ask_all (channel, 5, &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_UNAVAILABLE);
  g_assert_cmpuint (ask_all (channel, 5, &error), ==, 5);
  g_assert_no_error (error);
  secret_password_free (stored);
}

static void
test_nobody_signed_in (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr (AssayOauthSession) session = make_session (fixture, NULL);
  g_autoptr (AssayHttpChannel) channel = make_channel (fixture, session);
  GError *error = NULL;

  g_assert_cmpuint (ask_all (channel, 3, &error), ==, 0);
  test_assert_error (error, ASSAY_ERROR_UNAUTHORIZED);
}

/* Dropping a channel that waits for a token ends what waits, and the token is saved all the same. */
static void
test_dropped (Fixture      *fixture,
              gconstpointer data)
{
  char *stored = store_tokens (fixture, 59 * 60 * 1000);
  AssayOauthSession *session = make_session (fixture, stored);
  AssayHttpChannel *channel = make_channel (fixture, session);
  gpointer weak = session;
  Crowd crowd = { .pending = 1 };
  g_autofree char *kept = NULL;

  g_object_add_weak_pointer (G_OBJECT (session), &weak);
  assay_http_channel_send_async (channel, assay_http_request_new (ASSAY_HTTP_READ, "GET", "stages"), NULL, crowd_cb,
                                 &crowd);
  g_object_unref (channel);
  g_object_unref (session);
  test_run_until (is_over, &crowd);
  g_assert_error (crowd.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&crowd.error);
  test_begin_library_leak ();
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
  test_end_library_leak ();
  kept = look_up (fixture);
  g_assert_cmpstr (kept, !=, stored);
  secret_password_free (stored);
}

/* A keyring that doesn't take the new tokens: nothing is sent with them, the vendor isn't asked again with the old ones,
 * which are used up, and they are tried to be saved again. */
static void
test_unsaved (Fixture      *fixture,
              gconstpointer data)
{
  if (g_test_subprocess ())
    {
      const char *path = g_getenv ("SECRET_FILE_TEST_PATH");
      char *stored = store_tokens (fixture, 59 * 60 * 1000);
      g_autoptr (AssayOauthSession) session = make_session (fixture, stored);
      g_autoptr (AssayHttpChannel) channel = make_channel (fixture, session);
      g_autofree char *content = NULL;
      gsize length;
      GError *error = NULL;

      /* A keyring in a file refuses to write over what another program has changed. */
      g_file_get_contents (path, &content, &length, &error);
      g_assert_no_error (error);
      g_assert_no_errno (g_unlink (path));
      g_file_set_contents (path, content, (gssize) length, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < 3; i++)
        {
          g_assert_cmpuint (ask_all (channel, 5, &error), ==, 0);
          g_assert_true (assay_error_is_keyring (error));
          g_clear_error (&error);
        }
      g_assert_cmpuint (count_tokens (fixture), ==, 2);
      g_assert_cmpuint (test_sandbox_count_requests (fixture->sandbox, "lever", "stages.list"), ==, 0);
      secret_password_free (stored);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
add (const char *name,
     void      (*test) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/oauth/", name, NULL);

  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  test_support_init (&argc, &argv);

  g_test_add_func ("/oauth/callbacks", test_callbacks);
  g_test_add_func ("/oauth/tokens", test_tokens);
  add ("settings", test_settings);
  add ("sign-in", test_sign_in);
  add ("refused-grant", test_refused_grant);
  add ("closed-browser", test_closed_browser);
  add ("renewed-once", test_renewed_once);
  add ("rejected-once", test_rejected_once);
  add ("crash-after-saving", test_crash_after_saving);
  add ("two-copies", test_two_copies);
  add ("revoked", test_revoked);
  add ("unreachable", test_unreachable);
  add ("nobody-signed-in", test_nobody_signed_in);
  add ("dropped", test_dropped);
  add ("unsaved", test_unsaved);
  return g_test_run ();
}
