/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTTP client against a server that lies. What each row of faults must come to is stated here: for a
 * request that may be repeated, and for one that must not happen twice. */
#include "config.h"

#include "assay-http-private.h"
#include "hostile-server.h"

#include <string.h>

#define SECRET "sekrit-KEY/123=="
#define GOOD_BODY "{\"data\":[{\"id\":\"1\"}]}"
#define MEBIBYTE (1024u * 1024u)
/* What the two sockets of a line may hold at most, by the kernel's usual limits and some. */
#define SOCKET_BUFFERS (64u * MEBIBYTE)

typedef struct
{
  AssayHttp *http;
  HostileServer *server;
  AssayHttpChannel *channel;
} Fixture;

static const AssayHttpPace fast = { .per_second = 10000, .burst = 1000, .concurrency = 4 };
static const AssayHttpPace one_by_one = { .per_second = 10000, .burst = 1000, .concurrency = 1 };

static void
set_up_with (Fixture             *fixture,
             GTlsCertificate     *certificate,
             const AssayHttpPace *pace)
{
  fixture->http = assay_http_new ();
  assay_http_set_backoff_base (fixture->http, 1);
  fixture->server = hostile_server_new (certificate);
  fixture->channel =
    assay_http_channel_new (fixture->http, "Vendor", hostile_server_get_url (fixture->server), pace);
  assay_http_channel_set_credential (fixture->channel, ASSAY_HTTP_AUTH_HEADER, "X-API-KEY", SECRET);
}

static void
set_up (Fixture *fixture)
{
  set_up_with (fixture, NULL, &fast);
}

/* Lets everything that is on its way arrive. */
static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
wait_for_channel (AssayHttpChannel *channel)
{
  while (G_OBJECT (channel)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
}

/* Until we have closed all lines to @server; libsoup does so from the main loop. */
static void
wait_for_hang_up (HostileServer *server)
{
  while (!hostile_server_is_idle (server))
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
}

/* Nothing may have kept a reference: a callback that never came would. */
static void
tear_down (Fixture *fixture)
{
  wait_for_channel (fixture->channel);
  g_assert_cmpuint (assay_http_channel_get_queued (fixture->channel), ==, 0);
  g_assert_finalize_object (fixture->channel);
  g_assert_finalize_object (fixture->http);
  hostile_server_free (fixture->server);
  drain ();
}

typedef struct
{
  gboolean done;
  AssayHttpResponse *response;
  GError *error;
  GMainContext *context;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->response, assay_http_response_free);
  g_clear_error (&outcome->error);
  outcome->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;

  /* Exactly once. */
  g_assert_false (outcome->done);
  outcome->done = TRUE;
  outcome->response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &outcome->error);
  g_assert_true ((outcome->response == NULL) != (outcome->error == NULL));
}

static void
await (Outcome *outcome)
{
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
send_and_wait (Fixture          *fixture,
               AssayHttpRequest *request,
               Outcome          *outcome)
{
  outcome_clear (outcome);
  assay_http_channel_send_async (fixture->channel, request, NULL, sent_cb, outcome);
  await (outcome);
}

static AssayHttpRequest *
make_request (AssayHttpKind kind)
{
  AssayHttpRequest *request;

  if (kind == ASSAY_HTTP_READ)
    request = assay_http_request_new (kind, "GET", "things");
  else
    {
      g_autoptr (JsonNode) root = json_from_string ("{\"name\":\"x\"}", NULL);

      request = assay_http_request_new (kind, kind == ASSAY_HTTP_ONCE ? "POST" : "PUT", "things/1");
      assay_http_request_set_json (request, root, "application/vnd.api+json");
    }
  assay_http_request_set_deadline (request, 60000);
  return request;
}

#define assert_outcome(outcome, wanted)                        \
  G_STMT_START                                                 \
    {                                                          \
      if ((int) (wanted) == 0)                                        \
        g_assert_no_error ((outcome)->error);                  \
      else                                                     \
        g_assert_error ((outcome)->error, ASSAY_ERROR, (int) (wanted)); \
    }                                                          \
  G_STMT_END

/* Sentences are for people: one that ends, and no secret in it. */
static void
assert_sentence (const GError *error)
{
  const char *detail = assay_error_get_vendor_detail (error);

  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strstr (error->message, SECRET));
  g_assert_null (strchr (error->message, '!'));
  if (detail != NULL)
    {
      g_assert_true (g_utf8_validate (detail, -1, NULL));
      g_assert_cmpuint (strlen (detail), <=, ASSAY_HTTP_MAX_DETAIL);
      g_assert_null (strstr (detail, SECRET));
    }
}

/* ---- Good answers ----------------------------------------------------------------------------- */

static void
test_good (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  AssayHttpRequest *request;
  g_autofree char *sent = NULL;
  g_autofree char *sent_write = NULL;
  g_autofree char *sent_base = NULL;
  JsonNode *root;

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "200 OK",
                            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Total: 7\r\nSet-Cookie: track=me\r\n",
                            GOOD_BODY);
  hostile_server_add_reply (fixture.server, "201 Created", NULL, "{}");
  hostile_server_add (fixture.server, HOSTILE_REPLY, "HTTP/1.1 204 No Content\r\n\r\n", -1);

  request = make_request (ASSAY_HTTP_READ);
  assay_http_request_add_query (request, "filter[email]", "ana+x@example.com & co");
  assay_http_request_add_query (request, "page[size]", "10");
  assay_http_request_add_header (request, "X-Extra", "yes");
  send_and_wait (&fixture, request, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (assay_http_response_get_status (outcome.response), ==, 200);
  root = assay_http_response_get_root (outcome.response);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
  g_assert_true (json_node_is_immutable (root));
  g_assert_cmpstr (assay_http_response_get_header (outcome.response, "x-total"), ==, "7");
  g_assert_null (assay_http_response_get_header (outcome.response, "X-Absent"));
  g_assert_cmpint (assay_http_response_get_date (outcome.response), ==, G_GINT64_CONSTANT (784111777000));

  sent = hostile_server_dup_request (fixture.server, 0);
  g_assert_true (g_str_has_prefix (sent,
                                   "GET /things?filter[email]=ana%2Bx%40example.com%20%26%20co&page[size]=10 "
                                   "HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (sent, "\r\nX-API-KEY: " SECRET "\r\n"));
  g_assert_nonnull (strstr (sent, "\r\nUser-Agent: Assay/" ASSAY_VERSION "\r\n"));
  g_assert_nonnull (strstr (sent, "\r\nAccept: application/json\r\n"));
  g_assert_nonnull (strstr (sent, "\r\nX-Extra: yes\r\n"));
  g_assert_null (strstr (sent, "Authorization"));

  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (assay_http_response_get_status (outcome.response), ==, 201);
  g_assert_cmpint (assay_http_response_get_date (outcome.response), ==, 0);
  sent_write = hostile_server_dup_request (fixture.server, 1);
  g_assert_true (g_str_has_prefix (sent_write, "POST /things/1 HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (sent_write, "\r\nContent-Type: application/vnd.api+json\r\n"));
  g_assert_true (g_str_has_suffix (sent_write, "\r\n\r\n{\"name\":\"x\"}"));
  g_assert_null (strstr (sent_write, "track"));

  send_and_wait (&fixture, make_request (ASSAY_HTTP_REPEATABLE_WRITE), &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (assay_http_response_get_status (outcome.response), ==, 204);
  g_assert_null (assay_http_response_get_root (outcome.response));

  /* The base address itself. */
  send_and_wait (&fixture, assay_http_request_new (ASSAY_HTTP_READ, "GET", ""), &outcome);
  g_assert_no_error (outcome.error);
  sent_base = hostile_server_dup_request (fixture.server, 3);
  g_assert_true (g_str_has_prefix (sent_base, "GET / HTTP/1.1\r\n"));

  g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, 4);
  tear_down (&fixture);
}

static void
test_keep_alive (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  for (guint i = 0; i < 3; i++)
    {
      send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
      g_assert_no_error (outcome.error);
    }
  g_assert_cmpuint (hostile_server_get_n_connections (fixture.server), ==, 1);
  tear_down (&fixture);
}

static void
test_chunked (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add (fixture.server, HOSTILE_REPLY,
                      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "8\r\n{\"data\":\r\n5;x=y\r\n[1,2]\r\n1\r\n}\r\n0\r\n\r\n", -1);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  g_assert_no_error (outcome.error);
  tear_down (&fixture);
}

/* A page of more than 64 KiB is parsed in a thread. */
static void
test_large (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GString) body = g_string_new ("[0");
  g_autofree char *cut = NULL;

  for (guint i = 1; i < 100000; i++)
    g_string_append_printf (body, ",%u", i);
  g_string_append_c (body, ']');
  cut = g_strndup (body->str, body->len - 1);

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, cut);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, body->str);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, cut);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (
    json_array_get_length (json_node_get_array (assay_http_response_get_root (outcome.response))), ==,
    100000);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_UNSURE);
  tear_down (&fixture);
}

/* ---- Credentials ------------------------------------------------------------------------------ */

static void
test_credentials (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  static const struct
  {
    AssayHttpAuth auth;
    const char *header;
    const char *secret;
    const char *line;
  } cases[] = {
    { ASSAY_HTTP_AUTH_BASIC, NULL, "abc123", "\r\nAuthorization: Basic YWJjMTIzOg==\r\n" },
    { ASSAY_HTTP_AUTH_BASIC, NULL, "\xc3\xa9", "\r\nAuthorization: Basic w6k6\r\n" },
    { ASSAY_HTTP_AUTH_BEARER, NULL, "abc123", "\r\nAuthorization: Bearer abc123\r\n" },
    { ASSAY_HTTP_AUTH_HEADER, "X-Key", "abc123", "\r\nX-Key: abc123\r\n" },
    { ASSAY_HTTP_AUTH_NONE, NULL, NULL, NULL },
    { ASSAY_HTTP_AUTH_NONE, NULL, "abc123", NULL },
    { ASSAY_HTTP_AUTH_BEARER, NULL, NULL, NULL },
  };

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, "{}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sent = NULL;

      assay_http_channel_set_credential (fixture.channel, cases[i].auth, cases[i].header, cases[i].secret);
      send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
      g_assert_no_error (outcome.error);
      sent = hostile_server_dup_request (fixture.server, i);
      if (cases[i].line != NULL)
        g_assert_nonnull (strstr (sent, cases[i].line));
      else
        {
          g_assert_null (strstr (sent, "Authorization"));
          g_assert_null (strstr (sent, "abc123"));
        }
    }
  tear_down (&fixture);
}

static void
test_unsendable_credentials (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  static const struct
  {
    AssayHttpAuth auth;
    const char *secret;
  } cases[] = {
    { ASSAY_HTTP_AUTH_BASIC, "a\nb" },      { ASSAY_HTTP_AUTH_BEARER, "a\r\nX-Evil: 1" },
    { ASSAY_HTTP_AUTH_HEADER, "a\x7f" },    { ASSAY_HTTP_AUTH_HEADER, "\xc3\xa9" },
    { ASSAY_HTTP_AUTH_BEARER, "" },         { ASSAY_HTTP_AUTH_BASIC, "" },
    { ASSAY_HTTP_AUTH_BEARER, "tab\tbed" },
  };

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, "{}");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assay_http_channel_set_credential (fixture.channel, cases[i].auth,
                                         cases[i].auth == ASSAY_HTTP_AUTH_HEADER ? "X-Key" : NULL,
                                         cases[i].secret);
      send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
      assert_outcome (&outcome, ASSAY_ERROR_UNAUTHORIZED);
      assert_sentence (outcome.error);
    }
  g_assert_cmpuint (hostile_server_get_n_connections (fixture.server), ==, 0);
  g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, 0);
  tear_down (&fixture);
}

/* Debian 12's libsoup would answer a Digest challenge; nothing of the kind may happen. */
static void
test_no_automatic_authentication (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "401 Unauthorized",
                            "WWW-Authenticate: Digest realm=\"x\", nonce=\"1\", qop=\"auth\"\r\n"
                            "WWW-Authenticate: NTLM\r\nWWW-Authenticate: Basic realm=\"x\"\r\n",
                            "{\"errors\":[{\"detail\":\"Invalid key " SECRET "\"}]}");
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (assay_error_get_vendor_status (outcome.error), ==, 401);
  g_assert_cmpstr (assay_error_get_vendor_detail (outcome.error), ==, "Invalid key •••");
  assert_sentence (outcome.error);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
  tear_down (&fixture);
}

/* ---- Faults ----------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  HostileAct act;
  const char *bytes;
  AssayError read;      /* what a read comes to */
  guint n_reads;        /* how often it is sent when the fault stays */
  gboolean recovers;    /* whether the read succeeds when the fault goes */
  AssayError once;      /* what a request that must not happen twice comes to: sent exactly once */
} Fault;

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

static const Fault faults[] = {
  { "slam", HOSTILE_SLAM, "", ASSAY_ERROR_UNAVAILABLE, 5, TRUE, ASSAY_ERROR_UNSURE },
  { "not-http", HOSTILE_REPLY_AND_CLOSE, "220 mail.example ESMTP\r\n", ASSAY_ERROR_UNAVAILABLE, 5, TRUE,
    ASSAY_ERROR_UNSURE },
  { "half-head", HOSTILE_REPLY_AND_CLOSE, "HTTP/1.1 200 OK\r\nContent-Le", ASSAY_ERROR_UNAVAILABLE, 5, TRUE,
    ASSAY_ERROR_UNSURE },
  { "chunked-cut", HOSTILE_REPLY_AND_CLOSE, HEAD "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"data\":\r\n",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "chunked-cut-in-chunk", HOSTILE_REPLY_AND_CLOSE,
    HEAD "Transfer-Encoding: chunked\r\n\r\n80\r\n{\"data\":", ASSAY_ERROR_BAD_RESPONSE, 3, TRUE,
    ASSAY_ERROR_UNSURE },
  { "chunked-cut-number", HOSTILE_REPLY_AND_CLOSE, HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\n",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "chunked-garbage", HOSTILE_REPLY_AND_CLOSE,
    HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", ASSAY_ERROR_BAD_RESPONSE, 3, TRUE,
    ASSAY_ERROR_UNSURE },
  { "length-too-long", HOSTILE_REPLY_AND_CLOSE, HEAD "Content-Length: 100\r\n\r\n{\"data\":[]",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "length-too-short", HOSTILE_REPLY, HEAD "Content-Length: 5\r\n\r\n{\"data\":[]}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "two-lengths", HOSTILE_REPLY, HEAD "Content-Length: 2\r\nContent-Length: 11\r\n\r\n{\"data\":[]}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "two-lengths-one-line", HOSTILE_REPLY, HEAD "Content-Length: 11, 2\r\n\r\n{\"data\":[]}",
    ASSAY_ERROR_UNAVAILABLE, 5, TRUE, ASSAY_ERROR_UNSURE },
  { "unknown-encoding", HOSTILE_REPLY, HEAD "Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "deflate", HOSTILE_REPLY, HEAD "Content-Encoding: deflate\r\nContent-Length: 2\r\n\r\n{}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "gzip-twice", HOSTILE_REPLY, HEAD "Content-Encoding: gzip, gzip\r\nContent-Length: 2\r\n\r\n{}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "gzip-that-isnt", HOSTILE_REPLY, HEAD "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "empty", HOSTILE_REPLY, HEAD "Content-Length: 0\r\n\r\n", ASSAY_ERROR_BAD_RESPONSE, 3, TRUE,
    ASSAY_ERROR_UNSURE },
  { "web-page", HOSTILE_REPLY,
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<!doctype html>",
    ASSAY_ERROR_BAD_RESPONSE, 1, FALSE, ASSAY_ERROR_UNSURE },
  { "web-page-that-says-json", HOSTILE_REPLY, HEAD "Content-Length: 16\r\n\r\n \n<html></html>\n ",
    ASSAY_ERROR_BAD_RESPONSE, 1, FALSE, ASSAY_ERROR_UNSURE },
  { "partial", HOSTILE_REPLY, "HTTP/1.1 206 Partial Content\r\nContent-Length: 2\r\n\r\n{}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "big-integer", HOSTILE_REPLY, HEAD "Content-Length: 28\r\n\r\n{\"id\":\"1\",\"n\":9999999999999999999}",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "nul-escape", HOSTILE_REPLY, HEAD "Content-Length: 19\r\n\r\n{\"id\":\"x\\u0000y\"}  ",
    ASSAY_ERROR_BAD_RESPONSE, 3, TRUE, ASSAY_ERROR_UNSURE },
  { "not-modified", HOSTILE_REPLY, "HTTP/1.1 304 Not Modified\r\n\r\n", ASSAY_ERROR_BAD_RESPONSE, 1, FALSE,
    ASSAY_ERROR_UNSURE },
  { "multiple-choices", HOSTILE_REPLY, "HTTP/1.1 300 Multiple Choices\r\nContent-Length: 2\r\n\r\n{}",
    ASSAY_ERROR_BAD_RESPONSE, 1, FALSE, ASSAY_ERROR_UNSURE },
};

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  /* It stays. */
  set_up (&fixture);
  hostile_server_add (fixture.server, fault->act, fault->bytes, -1);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, fault->read);
  assert_sentence (outcome.error);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, fault->n_reads);
  g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, fault->n_reads);
  tear_down (&fixture);

  /* It goes away. */
  set_up (&fixture);
  hostile_server_add (fixture.server, fault->act, fault->bytes, -1);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, (fault->recovers ? 0 : fault->read));
  g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, fault->recovers ? 2 : 1);
  tear_down (&fixture);

  set_up (&fixture);
  hostile_server_add (fixture.server, fault->act, fault->bytes, -1);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_REPEATABLE_WRITE), &outcome);
  assert_outcome (&outcome, (fault->recovers ? 0 : fault->read));
  tear_down (&fixture);

  /* It must not happen twice. */
  set_up (&fixture);
  hostile_server_add (fixture.server, fault->act, fault->bytes, -1);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  assert_outcome (&outcome, fault->once);
  assert_sentence (outcome.error);
  g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, 1);
  g_assert_cmpuint (hostile_server_get_n_connections (fixture.server), ==, 1);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
  tear_down (&fixture);
}

/* A reset right after the line was made may be seen while connecting, and then nothing has left, or later,
 * and then nobody knows. Either way the server must not get it twice. */
static void
test_reset (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add (fixture.server, HOSTILE_SLAM_UNREAD, "", -1);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
  assert_sentence (outcome.error);
  tear_down (&fixture);

  set_up (&fixture);
  hostile_server_add (fixture.server, HOSTILE_SLAM_UNREAD, "", -1);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  g_assert_no_error (outcome.error);
  tear_down (&fixture);

  for (guint i = 0; i < 20; i++)
    {
      set_up (&fixture);
      hostile_server_add (fixture.server, HOSTILE_SLAM_UNREAD, "", -1);
      hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
      send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
      if (outcome.error != NULL)
        {
          assert_outcome (&outcome, ASSAY_ERROR_UNSURE);
          g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 0);
        }
      else
        g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
      tear_down (&fixture);
    }
}

/* The same for what is only ended by the deadline. */
static void
test_deadline (void)
{
  static const struct
  {
    HostileAct act;
    const char *bytes;
  } cases[] = {
    { HOSTILE_SILENCE, "" },
    { HOSTILE_DRIBBLE, HEAD "Content-Length: 1000\r\n\r\n" },
    { HOSTILE_DRIBBLE,
      "HTTP/1.1 200 OK\r\nX-Slow: 0123456789012345678901234567890123456789012345678901234567890123" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
      {
        Fixture fixture;
        g_auto (Outcome) outcome = { 0 };
        AssayHttpRequest *request = make_request (kind);

        set_up (&fixture);
        hostile_server_add (fixture.server, cases[i].act, cases[i].bytes, -1);
        assay_http_request_set_deadline (request, 700);
        send_and_wait (&fixture, request, &outcome);
        assert_outcome (&outcome, (kind == ASSAY_HTTP_ONCE ? ASSAY_ERROR_UNSURE : ASSAY_ERROR_UNAVAILABLE));
        assert_sentence (outcome.error);
        /* The line is cut, too. */
        wait_for_channel (fixture.channel);
        wait_for_hang_up (fixture.server);
        if (kind == ASSAY_HTTP_ONCE)
          g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
        tear_down (&fixture);
      }
}

/* A read that gets no answer in half of its time asks again. */
static void
test_silence_then_answer (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  AssayHttpRequest *request = make_request (ASSAY_HTTP_READ);

  set_up (&fixture);
  hostile_server_add (fixture.server, HOSTILE_SILENCE, "", -1);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  assay_http_request_set_deadline (request, 2000);
  send_and_wait (&fixture, request, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 2);
  tear_down (&fixture);
}

static void
test_endless (void)
{
  static const char *const heads[] = {
    HEAD "\r\n",                                  /* until the line is cut */
    HEAD "Transfer-Encoding: chunked\r\n\r\n",    /* with chunks below */
    HEAD "Content-Length: 99999999999\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",                        /* headers below */
    "HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n",
  };
  g_autofree char *block = g_strnfill (0x4000, ' ');

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
      {
        Fixture fixture;
        g_auto (Outcome) outcome = { 0 };
        AssayHttpRequest *request = make_request (kind);
        g_autoptr (GByteArray) script = g_byte_array_new ();
        AssayError wanted = i < 3 ? ASSAY_ERROR_BAD_RESPONSE : ASSAY_ERROR_UNAVAILABLE;

        g_byte_array_append (script, (const guint8 *) heads[i], strlen (heads[i]) + 1);
        if (i == 1)
          g_byte_array_append (script, (const guint8 *) "4000\r\n", 6);
        if (i == 3)
          g_byte_array_append (script, (const guint8 *) "X-More: ", 8);
        g_byte_array_append (script, (const guint8 *) block, 0x4000);
        if (i == 1 || i == 3)
          g_byte_array_append (script, (const guint8 *) "\r\n", 2);

        set_up (&fixture);
        hostile_server_add (fixture.server, HOSTILE_ENDLESS, (const char *) script->data,
                            (gssize) script->len);
        assay_http_request_set_max_body (request, 256 * 1024);
        send_and_wait (&fixture, request, &outcome);
        g_test_message ("head %u, kind %d: %s", i, kind, outcome.error->message);
        assert_outcome (&outcome, (kind == ASSAY_HTTP_ONCE ? ASSAY_ERROR_UNSURE : wanted));
        wait_for_channel (fixture.channel);
        wait_for_hang_up (fixture.server);
        /* What the sockets held, and not much more: nobody read on. */
        g_assert_cmpuint (hostile_server_get_n_written (fixture.server), <,
                          SOCKET_BUFFERS * hostile_server_get_n_requests (fixture.server));
        if (wanted == ASSAY_ERROR_BAD_RESPONSE)
          g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
        tear_down (&fixture);
      }
}

/* The real limit, once. */
static void
test_endless_full (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (GByteArray) script = g_byte_array_new ();

  g_byte_array_append (script, (const guint8 *) HEAD "\r\n", sizeof HEAD "\r\n");
  g_byte_array_set_size (script, MEBIBYTE);
  memset (script->data + sizeof HEAD "\r\n", '[', MEBIBYTE - sizeof HEAD "\r\n");
  set_up (&fixture);
  hostile_server_add (fixture.server, HOSTILE_ENDLESS, (const char *) script->data, (gssize) script->len);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_BAD_RESPONSE);
  g_assert_nonnull (strstr (outcome.error->message, "more data"));
  wait_for_channel (fixture.channel);
  wait_for_hang_up (fixture.server);
  g_assert_cmpuint (hostile_server_get_n_written (fixture.server), <, ASSAY_HTTP_MAX_BODY + SOCKET_BUFFERS);
  tear_down (&fixture);
}

static GBytes *
compress (const char *data,
          gsize       length)
{
  g_autoptr (GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, compressor);

  g_assert_true (g_output_stream_write_all (stream, data, length, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
add_gzip_reply (Fixture    *fixture,
                HostileAct  act,
                const char *data,
                gsize       length,
                gsize       cut,
                const char *tail)
{
  g_autoptr (GBytes) packed = compress (data, length);
  gsize size = g_bytes_get_size (packed) - cut + strlen (tail);
  g_autoptr (GString) reply = g_string_new (NULL);

  g_string_append_printf (reply, HEAD "Content-Encoding: gzip\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          size);
  g_string_append_len (reply, g_bytes_get_data (packed, NULL), (gssize) (g_bytes_get_size (packed) - cut));
  g_string_append (reply, tail);
  hostile_server_add (fixture->server, act, reply->str, (gssize) reply->len);
}

/* More than is taken. */
#define BOMB ((gsize) ASSAY_HTTP_MAX_BODY + 8 * MEBIBYTE)

static void
test_gzip (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  g_autofree char *zeros = g_malloc0 (BOMB);
  g_autoptr (GString) large = g_string_new ("[0");

  set_up (&fixture);
  add_gzip_reply (&fixture, HOSTILE_REPLY, GOOD_BODY, strlen (GOOD_BODY), 0, "");
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  g_assert_no_error (outcome.error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (assay_http_response_get_root (outcome.response)));
  tear_down (&fixture);

  /* More than one piece, both packed and not. */
  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (large, ",%u", g_random_int ());
  g_string_append_c (large, ']');
  set_up (&fixture);
  add_gzip_reply (&fixture, HOSTILE_REPLY, large->str, large->len, 0, "");
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (
    json_array_get_length (json_node_get_array (assay_http_response_get_root (outcome.response))), ==,
    100001);
  tear_down (&fixture);

  /* A bomb: a thousandth of what becomes of it. */
  set_up (&fixture);
  add_gzip_reply (&fixture, HOSTILE_REPLY, zeros, BOMB, 0, "");
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_BAD_RESPONSE);
  g_assert_nonnull (strstr (outcome.error->message, "more data"));
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_UNSURE);
  tear_down (&fixture);

  /* The same as the body of an error: its beginning does. */
  set_up (&fixture);
  {
    g_autoptr (GBytes) packed = compress (zeros, BOMB);
    g_autoptr (GString) reply = g_string_new (NULL);

    g_string_append_printf (
      reply, "HTTP/1.1 422 No\r\nContent-Encoding: gzip\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      g_bytes_get_size (packed));
    g_string_append_len (reply, g_bytes_get_data (packed, NULL), (gssize) g_bytes_get_size (packed));
    hostile_server_add (fixture.server, HOSTILE_REPLY, reply->str, (gssize) reply->len);
  }
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_INVALID);
  tear_down (&fixture);

  /* Cut within the check sum, cut within the data, and with something behind it. */
  set_up (&fixture);
  add_gzip_reply (&fixture, HOSTILE_REPLY, GOOD_BODY, strlen (GOOD_BODY), 1, "");
  add_gzip_reply (&fixture, HOSTILE_REPLY, GOOD_BODY, strlen (GOOD_BODY), 12, "");
  add_gzip_reply (&fixture, HOSTILE_REPLY, GOOD_BODY, strlen (GOOD_BODY), 0, "more");
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_BAD_RESPONSE);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 3);
  tear_down (&fixture);
}

/* What a vendor sends beyond its stated length must not become the answer to the next request. */
static void
test_smuggled_answer (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add (fixture.server, HOSTILE_REPLY,
                      HEAD "Content-Length: 2\r\n\r\n{}" HEAD "Content-Length: 12\r\n\r\n{\"evil\":666}", -1);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  g_assert_no_error (outcome.error);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  g_assert_no_error (outcome.error);
  g_assert_false (
    json_object_has_member (json_node_get_object (assay_http_response_get_root (outcome.response)), "evil"));
  tear_down (&fixture);
}

/* libsoup sends a PUT again by itself when a reused line turns out dead; not one that must not happen twice.
 */
static void
test_once_on_dead_line (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  AssayHttpRequest *request;

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  hostile_server_add (fixture.server, HOSTILE_SLAM, "", -1);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  g_assert_no_error (outcome.error);
  request = assay_http_request_new (ASSAY_HTTP_ONCE, "PUT", "things/1");
  send_and_wait (&fixture, request, &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_UNSURE);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 2);
  tear_down (&fixture);
}

/* ---- Statuses --------------------------------------------------------------------------------- */

static void
test_statuses (void)
{
  static const struct
  {
    const char *status;
    AssayError read;
    guint n_reads;
    AssayError once;
  } cases[] = {
    { "400 Bad Request", ASSAY_ERROR_INVALID, 1, ASSAY_ERROR_INVALID },
    { "401 Unauthorized", ASSAY_ERROR_UNAUTHORIZED, 1, ASSAY_ERROR_UNAUTHORIZED },
    { "402 Payment Required", ASSAY_ERROR_INVALID, 1, ASSAY_ERROR_INVALID },
    { "403 Forbidden", ASSAY_ERROR_FORBIDDEN, 1, ASSAY_ERROR_FORBIDDEN },
    { "404 Not Found", ASSAY_ERROR_NOT_FOUND, 1, ASSAY_ERROR_NOT_FOUND },
    { "405 Method Not Allowed", ASSAY_ERROR_INVALID, 1, ASSAY_ERROR_INVALID },
    { "407 Proxy Authentication Required", ASSAY_ERROR_UNAVAILABLE, 1, ASSAY_ERROR_UNAVAILABLE },
    { "408 Request Timeout", ASSAY_ERROR_UNAVAILABLE, 5, ASSAY_ERROR_UNAVAILABLE },
    { "409 Conflict", ASSAY_ERROR_DUPLICATE, 1, ASSAY_ERROR_DUPLICATE },
    { "410 Gone", ASSAY_ERROR_NOT_FOUND, 1, ASSAY_ERROR_NOT_FOUND },
    { "413 Too Large", ASSAY_ERROR_INVALID, 1, ASSAY_ERROR_INVALID },
    { "415 Unsupported", ASSAY_ERROR_INVALID, 1, ASSAY_ERROR_INVALID },
    { "422 Unprocessable", ASSAY_ERROR_INVALID, 1, ASSAY_ERROR_INVALID },
    { "429 Slow Down", ASSAY_ERROR_RATE_LIMITED, 8, ASSAY_ERROR_RATE_LIMITED },
    { "451 Legal", ASSAY_ERROR_INVALID, 1, ASSAY_ERROR_INVALID },
    { "500 Oops", ASSAY_ERROR_UNAVAILABLE, 5, ASSAY_ERROR_UNSURE },
    { "501 Not Implemented", ASSAY_ERROR_UNAVAILABLE, 1, ASSAY_ERROR_UNSURE },
    { "502 Bad Gateway", ASSAY_ERROR_UNAVAILABLE, 5, ASSAY_ERROR_UNSURE },
    { "503 Unavailable", ASSAY_ERROR_UNAVAILABLE, 5, ASSAY_ERROR_UNSURE },
    { "504 Gateway Timeout", ASSAY_ERROR_UNAVAILABLE, 5, ASSAY_ERROR_UNSURE },
    { "599 Odd", ASSAY_ERROR_UNAVAILABLE, 5, ASSAY_ERROR_UNSURE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };
      gboolean is_429 = strncmp (cases[i].status, "429", 3) == 0;

      g_test_message ("%s", cases[i].status);
      set_up (&fixture);
      hostile_server_add_reply (fixture.server, cases[i].status, NULL, "{\"message\":\"No way\"}");
      send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
      assert_outcome (&outcome, cases[i].read);
      assert_sentence (outcome.error);
      g_assert_nonnull (strstr (outcome.error->message, "Vendor (127.0.0.1)"));
      g_assert_cmpuint (assay_error_get_vendor_status (outcome.error), ==,
                        (guint) g_ascii_strtoull (cases[i].status, NULL, 10));
      g_assert_cmpstr (assay_error_get_vendor_detail (outcome.error), ==, "No way");
      g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, cases[i].n_reads);
      tear_down (&fixture);

      set_up (&fixture);
      hostile_server_add_reply (fixture.server, cases[i].status, NULL, "{\"message\":\"No way\"}");
      send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
      assert_outcome (&outcome, cases[i].once);
      assert_sentence (outcome.error);
      g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, is_429 ? 8 : 1);
      tear_down (&fixture);
    }
}

/* A refusal is one even if its words are lost. */
static void
test_status_without_body (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add (fixture.server, HOSTILE_REPLY_AND_CLOSE,
                      "HTTP/1.1 422 No\r\nContent-Length: 1000\r\n\r\n{\"mess", -1);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_INVALID);
  g_assert_null (assay_error_get_vendor_detail (outcome.error));
  tear_down (&fixture);
}

static void
test_web_page_errors (void)
{
  static const struct
  {
    const char *status;
    AssayError code;
    gboolean blames_address;
  } cases[] = {
    { "404 Not Found", ASSAY_ERROR_NOT_FOUND, TRUE },
    { "403 Forbidden", ASSAY_ERROR_FORBIDDEN, TRUE },
    { "400 Bad Request", ASSAY_ERROR_INVALID, TRUE },
    { "401 Unauthorized", ASSAY_ERROR_UNAUTHORIZED, FALSE },
    { "502 Bad Gateway", ASSAY_ERROR_UNAVAILABLE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };

      set_up (&fixture);
      hostile_server_add_reply (fixture.server, cases[i].status, NULL, "<html><body>Hello</body></html>");
      send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
      assert_outcome (&outcome, cases[i].code);
      assert_sentence (outcome.error);
      g_assert_null (assay_error_get_vendor_detail (outcome.error));
      g_assert_cmpint (strstr (outcome.error->message, "web page") != NULL, ==, cases[i].blames_address);
      tear_down (&fixture);
    }
}

/* ---- Rate limits ------------------------------------------------------------------------------ */

static void
test_retry_after (void)
{
  static const char *const headers[] = {
    "Retry-After: 0\r\n",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
    /* As if there were none. */
    "",
    "Retry-After: -1\r\n",
    "Retry-After: soon\r\n",
    "Retry-After: 315360000\r\n",
    "Retry-After: 99999999999999999999\r\n",
    "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
    "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
    "Retry-After: 315360000\r\nRetry-After: 0\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
      {
        Fixture fixture;
        g_auto (Outcome) outcome = { 0 };

        g_test_message ("%s", headers[i]);
        set_up (&fixture);
        hostile_server_add_reply (fixture.server, "429 Too Many Requests", headers[i], "{}");
        hostile_server_add_reply (fixture.server, "429 Too Many Requests", headers[i], "{}");
        hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
        send_and_wait (&fixture, make_request (kind), &outcome);
        g_assert_no_error (outcome.error);
        g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 3);
        tear_down (&fixture);
      }
}

/* 503 with Retry-After wasn't tried either; a wait is never shorter than asked. */
static void
test_busy_vendor (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  gint64 before;

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "503 Busy", "Retry-After: 1\r\n", "{}");
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  before = g_get_monotonic_time ();
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, G_USEC_PER_SEC);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 2);
  tear_down (&fixture);
}

/* A 429 speaks to the whole channel: what waits in the queue, or comes later, isn't sent either. */
static void
test_pause_is_for_all (void)
{
  Fixture fixture;
  Outcome outcomes[5] = { 0 };
  g_auto (Outcome) late = { 0 };

  set_up_with (&fixture, NULL, &one_by_one);
  hostile_server_add_reply (fixture.server, "429 Too Many Requests", "Retry-After: 600\r\n", "{}");
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    assay_http_channel_send_async (fixture.channel, make_request (i == 1 ? ASSAY_HTTP_ONCE : ASSAY_HTTP_READ),
                                   NULL, sent_cb, &outcomes[i]);
  g_assert_cmpuint (assay_http_channel_get_queued (fixture.channel), ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      await (&outcomes[i]);
      assert_outcome (&outcomes[i], ASSAY_ERROR_RATE_LIMITED);
      assert_sentence (outcomes[i].error);
      g_assert_nonnull (strstr (outcomes[i].error->message, "10 minutes"));
      outcome_clear (&outcomes[i]);
    }
  send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &late);
  assert_outcome (&late, ASSAY_ERROR_RATE_LIMITED);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
  tear_down (&fixture);
}

/* The user's own request goes before all of a sync's that have not started. */
static void
test_order (void)
{
  static const char *const names[] = { "first", "back-1", "back-2", "front-1", "back-3", "front-2" };
  static const char *const order[] = { "first", "front-1", "front-2", "back-1", "back-2", "back-3" };
  Fixture fixture;
  Outcome outcomes[G_N_ELEMENTS (names)] = { 0 };

  set_up_with (&fixture, NULL, &one_by_one);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", names[i]);

      assay_http_request_set_background (request, g_str_has_prefix (names[i], "back"));
      assay_http_channel_send_async (fixture.channel, request, NULL, sent_cb, &outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      await (&outcomes[i]);
      g_assert_no_error (outcomes[i].error);
      outcome_clear (&outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autofree char *sent = hostile_server_dup_request (fixture.server, i);
      g_autofree char *line = g_strdup_printf ("GET /%s HTTP/1.1\r\n", order[i]);

      g_assert_true (g_str_has_prefix (sent, line));
    }
  tear_down (&fixture);
}

/* What many others go before has its turn all the same. */
static void
test_fair_share (void)
{
  Fixture fixture;
  Outcome outcomes[60] = { 0 };
  guint turn = 0;

  set_up_with (&fixture, NULL, &one_by_one);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", i == 1 ? "back" : "front");

      assay_http_request_set_background (request, i == 1);
      assay_http_channel_send_async (fixture.channel, request, NULL, sent_cb, &outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      await (&outcomes[i]);
      g_assert_no_error (outcomes[i].error);
      outcome_clear (&outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autofree char *sent = hostile_server_dup_request (fixture.server, i);

      if (g_str_has_prefix (sent, "GET /back "))
        turn = i;
    }
  /* The first one was under way before it came. */
  g_assert_cmpuint (turn, ==, 41);
  tear_down (&fixture);
}

/* A retry keeps its place before those that came later. */
static void
test_retry_keeps_place (void)
{
  Fixture fixture;
  Outcome outcomes[2] = { 0 };
  g_autofree char *second = NULL;

  set_up_with (&fixture, NULL, &one_by_one);
  hostile_server_add_reply (fixture.server, "429 Too Many Requests", "Retry-After: 0\r\n", "{}");
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  assay_http_channel_send_async (fixture.channel, assay_http_request_new (ASSAY_HTTP_READ, "GET", "one"),
                                 NULL, sent_cb, &outcomes[0]);
  assay_http_channel_send_async (fixture.channel, assay_http_request_new (ASSAY_HTTP_READ, "GET", "two"),
                                 NULL, sent_cb, &outcomes[1]);
  for (guint i = 0; i < 2; i++)
    {
      await (&outcomes[i]);
      g_assert_no_error (outcomes[i].error);
      outcome_clear (&outcomes[i]);
    }
  second = hostile_server_dup_request (fixture.server, 1);
  g_assert_true (g_str_has_prefix (second, "GET /one "));
  tear_down (&fixture);
}

/* A second channel to the vendor, of that account. */
static AssayHttpChannel *
make_channel (Fixture             *fixture,
              const AssayHttpPace *pace,
              gint64               account)
{
  AssayHttpChannel *channel =
    assay_http_channel_new (fixture->http, "Vendor", hostile_server_get_url (fixture->server), pace);

  assay_http_channel_set_account (channel, account);
  return channel;
}

/* The vendor counts what an account asks, whichever object asks it: a connection that is tested gets new channels while
 * those before are at work. */
static void
test_account_shares_pace (void)
{
  static const AssayHttpPace two_at_once = { .per_second = 0.001, .burst = 2, .concurrency = 4 };
  Fixture fixture;
  Outcome outcome = { 0 };
  g_autoptr (AssayHttpChannel) before = NULL, after = NULL, stranger = NULL, without = NULL;

  set_up_with (&fixture, NULL, &fast);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  before = make_channel (&fixture, &two_at_once, 7);
  after = make_channel (&fixture, &two_at_once, 7);
  stranger = make_channel (&fixture, &two_at_once, 8);
  without = make_channel (&fixture, &two_at_once, 0);
  g_assert_cmpuint (assay_http_channel_get_headroom (after), ==, 2);

  assay_http_channel_send_async (before, make_request (ASSAY_HTTP_READ), NULL, sent_cb, &outcome);
  await (&outcome);
  assert_outcome (&outcome, 0);
  outcome_clear (&outcome);
  g_assert_cmpuint (assay_http_channel_get_headroom (after), ==, 1);
  g_assert_cmpuint (assay_http_channel_get_headroom (stranger), ==, 2);
  g_assert_cmpuint (assay_http_channel_get_headroom (without), ==, 2);
  assay_http_channel_send_async (after, make_request (ASSAY_HTTP_READ), NULL, sent_cb, &outcome);
  await (&outcome);
  assert_outcome (&outcome, 0);
  outcome_clear (&outcome);
  g_assert_cmpuint (assay_http_channel_get_headroom (before), ==, 0);

  /* What comes after both are gone doesn't begin anew, either. */
  wait_for_channel (before);
  wait_for_channel (after);
  g_assert_finalize_object (g_steal_pointer (&before));
  g_assert_finalize_object (g_steal_pointer (&after));
  after = make_channel (&fixture, &two_at_once, 7);
  g_assert_cmpuint (assay_http_channel_get_headroom (after), ==, 0);
  g_clear_object (&after);
  g_clear_object (&stranger);
  g_clear_object (&without);
  tear_down (&fixture);
}

/* Turns go round, the user's own requests go first wherever they wait, and a rest is a rest for all. */
static void
test_account_shares_turns (void)
{
  static const char *const names[] = { "first", "back-1", "back-2", "front-1", "front-2" };
  static const char *const order[] = { "first", "front-1", "front-2", "back-1", "back-2" };
  Fixture fixture;
  Outcome outcomes[G_N_ELEMENTS (names)] = { 0 };
  AssayHttpChannel *channels[2];
  g_auto (Outcome) refused = { 0 }, waiting = { 0 };

  set_up_with (&fixture, NULL, &one_by_one);
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    channels[i] = make_channel (&fixture, &one_by_one, 7);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  hostile_server_add_reply (fixture.server, "429 Too Many Requests", "Retry-After: 600\r\n", "{}");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", names[i]);

      assay_http_request_set_background (request, g_str_has_prefix (names[i], "back"));
      assay_http_channel_send_async (channels[i % 2], request, NULL, sent_cb, &outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      await (&outcomes[i]);
      assert_outcome (&outcomes[i], 0);
      outcome_clear (&outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autofree char *text = hostile_server_dup_request (fixture.server, i);
      g_autofree char *line = g_strdup_printf ("GET /%s ", order[i]);

      g_assert_true (g_str_has_prefix (text, line));
    }

  assay_http_channel_send_async (channels[0], make_request (ASSAY_HTTP_READ), NULL, sent_cb, &refused);
  assay_http_channel_send_async (channels[1], make_request (ASSAY_HTTP_READ), NULL, sent_cb, &waiting);
  await (&refused);
  await (&waiting);
  assert_outcome (&refused, ASSAY_ERROR_RATE_LIMITED);
  assert_outcome (&waiting, ASSAY_ERROR_RATE_LIMITED);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, G_N_ELEMENTS (names) + 1);
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      wait_for_channel (channels[i]);
      g_assert_finalize_object (channels[i]);
    }
  tear_down (&fixture);
}

static void
test_deadline_in_queue (void)
{
  Fixture fixture;
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };
  AssayHttpRequest *request = make_request (ASSAY_HTTP_ONCE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  set_up_with (&fixture, NULL, &one_by_one);
  hostile_server_add (fixture.server, HOSTILE_SILENCE, "", -1);
  assay_http_request_set_deadline (request, 100);
  assay_http_channel_send_async (fixture.channel, make_request (ASSAY_HTTP_READ), cancellable, sent_cb,
                                 &first);
  assay_http_channel_send_async (fixture.channel, request, NULL, sent_cb, &second);
  await (&second);
  /* It never left, so nothing is unsure about it. */
  assert_outcome (&second, ASSAY_ERROR_UNAVAILABLE);
  assert_sentence (second.error);
  g_cancellable_cancel (cancellable);
  await (&first);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), <=, 1);
  tear_down (&fixture);
}

/* ---- Redirects -------------------------------------------------------------------------------- */

static void
test_redirect_same_origin (void)
{
  static const char *const statuses[] = { "301 Moved", "302 Found", "303 See Other", "307 Temporary",
                                          "308 Permanent" };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };
      g_autofree char *absolute = NULL;
      g_autofree char *second = NULL;
      g_autofree char *third = NULL;

      set_up (&fixture);
      absolute = g_strdup_printf ("Location: %s/absolute?x=1\r\n", hostile_server_get_url (fixture.server));
      hostile_server_add_reply (fixture.server, statuses[i], "Location: /elsewhere#part\r\n", "{}");
      hostile_server_add_reply (fixture.server, statuses[i], absolute, "{}");
      hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
      send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
      g_assert_no_error (outcome.error);
      second = hostile_server_dup_request (fixture.server, 1);
      g_assert_true (g_str_has_prefix (second, "GET /elsewhere HTTP/1.1\r\n"));
      g_assert_nonnull (strstr (second, SECRET));
      third = hostile_server_dup_request (fixture.server, 2);
      g_assert_true (g_str_has_prefix (third, "GET /absolute?x=1 HTTP/1.1\r\n"));
      tear_down (&fixture);

      /* A write follows none. */
      set_up (&fixture);
      hostile_server_add_reply (fixture.server, statuses[i], "Location: /elsewhere\r\n", "{}");
      hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
      send_and_wait (&fixture, make_request (ASSAY_HTTP_ONCE), &outcome);
      assert_outcome (&outcome, ASSAY_ERROR_UNSURE);
      g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
      tear_down (&fixture);

      set_up (&fixture);
      hostile_server_add_reply (fixture.server, statuses[i], "Location: /elsewhere\r\n", "{}");
      hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
      send_and_wait (&fixture, make_request (ASSAY_HTTP_REPEATABLE_WRITE), &outcome);
      assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
      assert_sentence (outcome.error);
      g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
      tear_down (&fixture);
    }
}

static void
test_redirect_loop (void)
{
  static const char *const headers[] = {
    "Location: /things\r\n",
    "Location: \r\n",
    "",
    "Location: http://[::\r\n",
    "Location: javascript:alert(1)\r\n",
    "Location: /x\r\nLocation: /y\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };

      set_up (&fixture);
      hostile_server_add_reply (fixture.server, "302 Found", headers[i], "{}");
      send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
      g_test_message ("%s: %s", headers[i], outcome.error->message);
      assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
      assert_sentence (outcome.error);
      g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), <=, 4);
      tear_down (&fixture);
    }
}

static char *
fill_ports (const char *template,
            guint       own,
            guint       other)
{
  g_autoptr (GString) text = g_string_new (template);
  g_autofree char *own_port = g_strdup_printf ("%u", own);
  g_autofree char *other_port = g_strdup_printf ("%u", other);

  g_string_replace (text, "OWN", own_port, 0);
  g_string_replace (text, "OTHER", other_port, 0);
  return g_strdup (text->str);
}

/* The key stays at home: other ports, hosts, schemes, spellings, with every way of carrying it. */
static void
test_redirect_other_origin (void)
{
  static const char *const targets[] = {
    "http://127.0.0.1:OTHER/things",
    "//127.0.0.1:OTHER/things",
    "http://localhost:OTHER/",
    "http://localhost:OWN/things",
    "https://127.0.0.1:OWN/",
    "http://127.1:OTHER/",
    "http://[::1]:OTHER/",
    "HTTP://127.0.0.1:OTHER/things",
    "http://a@127.0.0.1:OTHER/",
    "http://127.0.0.1:OWN@127.0.0.1:OTHER/",
    "ftp://127.0.0.1:OTHER/",
    "http://user:pass@127.0.0.1:OWN/",
    "http://127.0.0.2:OTHER/",
    "http://xn--evil-9za.example/",
    "data:,{}",
  };
  static const char *const statuses[] = { "301 Moved", "302 Found", "303 See Other", "307 Temporary",
                                          "308 Permanent" };

  for (AssayHttpAuth auth = ASSAY_HTTP_AUTH_BASIC; auth <= ASSAY_HTTP_AUTH_HEADER; auth++)
    for (guint target = 0; target < G_N_ELEMENTS (targets); target++)
      {
        Fixture fixture;
        g_auto (Outcome) outcome = { 0 };
        g_autoptr (HostileServer) stranger = hostile_server_new (NULL);
        g_autofree char *location = NULL;
        g_autofree char *header = NULL;

        set_up (&fixture);
        assay_http_channel_set_credential (fixture.channel, auth,
                                           auth == ASSAY_HTTP_AUTH_HEADER ? "X-API-KEY" : NULL, SECRET);
        hostile_server_add_reply (stranger, "200 OK", NULL, GOOD_BODY);
        location = fill_ports (targets[target], hostile_server_get_port (fixture.server),
                               hostile_server_get_port (stranger));
        header = g_strdup_printf ("Location: %s\r\n", location);
        hostile_server_add_reply (fixture.server, statuses[target % G_N_ELEMENTS (statuses)], header, "{}");

        for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
          {
            send_and_wait (&fixture, make_request (kind), &outcome);
            g_test_message ("%s: %s", location, outcome.error->message);
            assert_outcome (&outcome,
                            (kind == ASSAY_HTTP_ONCE ? ASSAY_ERROR_UNSURE : ASSAY_ERROR_UNAVAILABLE));
            assert_sentence (outcome.error);
          }
        g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 3);
        g_assert_cmpuint (hostile_server_get_n_connections (stranger), ==, 0);
        tear_down (&fixture);
      }
}

static void
test_redirect_names_host (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "302 Found", "Location: https://login.example/x\r\n", "{}");
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcome);
  assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (outcome.error->message, "login.example"));
  tear_down (&fixture);
}

/* ---- The network ------------------------------------------------------------------------------ */

static void
test_refused (void)
{
  for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };
      g_autofree char *url = NULL;

      set_up (&fixture);
      /* Nobody listens where somebody did. */
      url = g_strdup (hostile_server_get_url (fixture.server));
      hostile_server_free (g_steal_pointer (&fixture.server));
      send_and_wait (&fixture, make_request (kind), &outcome);
      assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
      assert_sentence (outcome.error);
      g_assert_nonnull (strstr (outcome.error->message, "refuses the connection"));
      g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, 3);
      tear_down (&fixture);
    }
}

/* A resolver that knows nobody, so that no name leaves this machine. */
typedef struct
{
  GResolver parent_instance;
} NoResolver;

typedef struct
{
  GResolverClass parent_class;
} NoResolverClass;

GType no_resolver_get_type (void);
G_DEFINE_TYPE (NoResolver, no_resolver, G_TYPE_RESOLVER)

static GResolverError resolver_code;

static void
no_lookup_async (GResolver               *resolver,
                 const char              *name,
                 GResolverNameLookupFlags flags,
                 GCancellable            *cancellable,
                 GAsyncReadyCallback      callback,
                 gpointer                 user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, (int) resolver_code, "Not for tests");
}

static void
no_lookup_plain_async (GResolver           *resolver,
                       const char          *name,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  no_lookup_async (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback, user_data);
}

static GList *
no_lookup_finish (GResolver     *resolver,
                  GAsyncResult  *result,
                  GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
no_resolver_class_init (NoResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_async = no_lookup_plain_async;
  resolver_class->lookup_by_name_finish = no_lookup_finish;
  resolver_class->lookup_by_name_with_flags_async = no_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = no_lookup_finish;
}

static void
no_resolver_init (NoResolver *self)
{
}

static void
test_unknown_host (void)
{
  static const GResolverError codes[] = { G_RESOLVER_ERROR_NOT_FOUND, G_RESOLVER_ERROR_TEMPORARY_FAILURE };
  g_autoptr (GResolver) real = g_resolver_get_default ();
  g_autoptr (GResolver) none = g_object_new (no_resolver_get_type (), NULL);

  g_resolver_set_default (none);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
      {
        g_autoptr (AssayHttp) http = assay_http_new ();
        AssayHttpChannel *channel = assay_http_channel_new (http, "Vendor", "https://nobody.invalid", &fast);
        g_autoptr (GUri) uri = g_uri_parse ("https://nobody.invalid", SOUP_HTTP_URI_FLAGS, NULL);
        g_auto (Outcome) outcome = { 0 };

        resolver_code = codes[i];
        assay_http_set_backoff_base (http, 1);
        /* No proxy: it would look the name up by itself. */
        soup_session_set_proxy_resolver (assay_http_get_session (http, uri), NULL);
        assay_http_channel_send_async (channel, make_request (kind), NULL, sent_cb, &outcome);
        await (&outcome);
        assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
        assert_sentence (outcome.error);
        g_assert_nonnull (strstr (outcome.error->message, "nobody.invalid"));
        g_assert_cmpuint (assay_http_channel_get_request_count (channel), ==, 3);
        wait_for_channel (channel);
        g_assert_finalize_object (channel);
      }
  g_resolver_set_default (real);
}

/* ---- TLS -------------------------------------------------------------------------------------- */

static GTlsCertificate *
load_certificate (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "libassay", "http", "tls", name, NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
trust_test_authority (AssayHttp *http,
                      GUri      *uri)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "libassay", "http", "tls", "authority.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);
  soup_session_set_tls_database (assay_http_get_session (http, uri), database);
}

static void
test_tls (void)
{
  static const struct
  {
    const char *name;
    gboolean trusted;
    const char *words; /* NULL: it is a good one */
  } cases[] = {
    { "good.pem", TRUE, NULL },
    { "good.pem", FALSE, "authority" },
    { "expired.pem", TRUE, "expired" },
    { "not-yet.pem", TRUE, "isn't valid yet" },
    { "other-host.pem", TRUE, "belongs to another host" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
      {
        Fixture fixture;
        g_auto (Outcome) outcome = { 0 };
        g_autoptr (GTlsCertificate) certificate = load_certificate (cases[i].name);
        g_autoptr (GUri) uri = NULL;

        set_up_with (&fixture, certificate, &fast);
        uri = g_uri_parse (hostile_server_get_url (fixture.server), SOUP_HTTP_URI_FLAGS, NULL);
        if (cases[i].trusted)
          trust_test_authority (fixture.http, uri);
        hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
        send_and_wait (&fixture, make_request (kind), &outcome);
        if (cases[i].words == NULL)
          g_assert_no_error (outcome.error);
        else
          {
            g_test_message ("%s", outcome.error->message);
            assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
            assert_sentence (outcome.error);
            g_assert_nonnull (strstr (outcome.error->message, cases[i].words));
            g_assert_nonnull (strstr (outcome.error->message, "127.0.0.1"));
            /* Not a byte of the request was read, and it wasn't tried again. */
            g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 0);
            g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, 1);
          }
        tear_down (&fixture);
      }
}

/* Plain HTTP where TLS was due. */
static void
test_tls_expected (void)
{
  for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };
      g_autofree char *url = NULL;

      set_up (&fixture);
      /* It would wait for the end of the request's head, and a TLS greeting has none. */
      hostile_server_add (fixture.server, HOSTILE_SLAM_UNREAD, "", -1);
      wait_for_channel (fixture.channel);
      g_object_unref (fixture.channel);
      url = g_strdup_printf ("https://127.0.0.1:%u", hostile_server_get_port (fixture.server));
      fixture.channel = assay_http_channel_new (fixture.http, "Vendor", url, &fast);
      send_and_wait (&fixture, make_request (kind), &outcome);
      assert_outcome (&outcome, ASSAY_ERROR_UNAVAILABLE);
      assert_sentence (outcome.error);
      g_assert_cmpuint (assay_http_channel_get_request_count (fixture.channel), ==, 3);
      tear_down (&fixture);
    }
}

/* ---- Cancelling ------------------------------------------------------------------------------- */

static void
test_cancel_before (void)
{
  for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      set_up (&fixture);
      hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
      g_cancellable_cancel (cancellable);
      assay_http_channel_send_async (fixture.channel, make_request (kind), cancellable, sent_cb, &outcome);
      g_assert_false (outcome.done);
      await (&outcome);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

      /* And in the moment after: nothing has left yet. */
      outcome_clear (&outcome);
      g_cancellable_reset (cancellable);
      assay_http_channel_send_async (fixture.channel, make_request (kind), cancellable, sent_cb, &outcome);
      g_cancellable_cancel (cancellable);
      await (&outcome);
      g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      tear_down (&fixture);
    }
}

static void
test_cancel_in_flight (void)
{
  for (AssayHttpKind kind = ASSAY_HTTP_READ; kind <= ASSAY_HTTP_ONCE; kind++)
    {
      Fixture fixture;
      g_auto (Outcome) outcome = { 0 };
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      AssayHttpRequest *request = make_request (kind);

      set_up (&fixture);
      hostile_server_add (fixture.server, HOSTILE_SILENCE, "", -1);
      assay_http_request_set_deadline (request, 1000);
      assay_http_channel_send_async (fixture.channel, request, cancellable, sent_cb, &outcome);
      while (hostile_server_get_n_requests (fixture.server) == 0)
        g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      await (&outcome);
      if (kind == ASSAY_HTTP_ONCE)
        {
          assert_outcome (&outcome, ASSAY_ERROR_UNSURE);
          assert_sentence (outcome.error);
          /* It is on the wire, and stays there until its deadline. */
          g_assert_cmpuint (G_OBJECT (fixture.channel)->ref_count, >, 1);
        }
      else
        g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      wait_for_channel (fixture.channel);
      wait_for_hang_up (fixture.server);
      tear_down (&fixture);
    }
}

/* In the queue, in a pause, and between two attempts. */
static void
test_cancel_waiting (void)
{
  Fixture fixture;
  g_auto (Outcome) first = { 0 };
  g_auto (Outcome) second = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  set_up_with (&fixture, NULL, &one_by_one);
  hostile_server_add (fixture.server, HOSTILE_SILENCE, "", -1);
  assay_http_channel_send_async (fixture.channel, make_request (ASSAY_HTTP_READ), cancellable, sent_cb,
                                 &first);
  assay_http_channel_send_async (fixture.channel, make_request (ASSAY_HTTP_ONCE), cancellable, sent_cb,
                                 &second);
  g_cancellable_cancel (cancellable);
  await (&first);
  await (&second);
  g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tear_down (&fixture);

  for (guint i = 0; i < 2; i++)
    {
      outcome_clear (&first);
      g_cancellable_reset (cancellable);
      set_up (&fixture);
      assay_http_set_backoff_base (fixture.http, 10000000);
      hostile_server_add_reply (fixture.server, i == 0 ? "500 Oops" : "429 Slow",
                                i == 0 ? "" : "Retry-After: 10\r\n", "{}");
      assay_http_channel_send_async (fixture.channel, make_request (ASSAY_HTTP_READ), cancellable, sent_cb,
                                     &first);
      while (hostile_server_get_n_requests (fixture.server) == 0)
        g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      await (&first);
      g_assert_error (first.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      tear_down (&fixture);
    }
}

/* Dropping the channel cancels what had no turn yet; what had one keeps it alive until it ends. */
static void
test_channel_dropped (void)
{
  Fixture fixture;
  Outcome outcomes[4] = { 0 };
  AssayHttpChannel *channel;
  gpointer weak;

  set_up_with (&fixture, NULL, &one_by_one);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    assay_http_channel_send_async (fixture.channel, make_request (ASSAY_HTTP_ONCE), NULL, sent_cb,
                                   &outcomes[i]);
  channel = fixture.channel;
  weak = channel;
  g_object_add_weak_pointer (G_OBJECT (channel), &weak);
  g_object_unref (channel);
  g_assert_nonnull (weak);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    await (&outcomes[i]);
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
  /* The first one was under way; while it was, the channel lived, and the others had their turn. */
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_assert_no_error (outcomes[i].error);
      outcome_clear (&outcomes[i]);
    }
  g_assert_finalize_object (fixture.http);
  hostile_server_free (fixture.server);
  drain ();
}

static void
test_channel_dropped_queued (void)
{
  const AssayHttpPace slow = { .per_second = 0.001, .burst = 1, .concurrency = 1 };
  Fixture fixture;
  Outcome outcomes[4] = { 0 };

  set_up_with (&fixture, NULL, &slow);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  send_and_wait (&fixture, make_request (ASSAY_HTTP_READ), &outcomes[0]);
  g_assert_no_error (outcomes[0].error);
  wait_for_channel (fixture.channel);
  outcome_clear (&outcomes[0]);

  /* There is no token for these. */
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      AssayHttpRequest *request = make_request (i == 0 ? ASSAY_HTTP_ONCE : ASSAY_HTTP_READ);

      assay_http_request_set_background (request, i > 1);
      assay_http_channel_send_async (fixture.channel, request, NULL, sent_cb, &outcomes[i]);
    }
  g_object_unref (fixture.channel);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      await (&outcomes[i]);
      g_assert_error (outcomes[i].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      outcome_clear (&outcomes[i]);
    }
  drain ();
  g_assert_cmpuint (hostile_server_get_n_requests (fixture.server), ==, 1);
  g_assert_finalize_object (fixture.http);
  hostile_server_free (fixture.server);
}

/* ---- Requests that can't be sent -------------------------------------------------------------- */

static void
test_malformed (void)
{
  static const char *const paths[] = {
    "../admin", "things/../../x", "things/%2e%2e/x", "things/.", "a?b=c", "a#b",
    "a b",      "a\r\nX: y",      "\xc3\xa9",        "a%zz",     "a%",    "a\\b",
    "%00",
  };
  static const struct
  {
    const char *name;
    const char *value;
  } headers[] = {
    { "X-A", "a\r\nX-B: c" }, { "X-A", "a\nb" }, { "X A", "b" },
    { "X-A:", "b" },          { "", "b" },       { "X-A", "\xc3\xa9" },
  };
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };

  set_up (&fixture);
  hostile_server_add_reply (fixture.server, "200 OK", NULL, GOOD_BODY);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_test_message ("%u", i);
      send_and_wait (&fixture, assay_http_request_new (ASSAY_HTTP_READ, "GET", paths[i]), &outcome);
      assert_outcome (&outcome, ASSAY_ERROR_INVALID);
      assert_sentence (outcome.error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      AssayHttpRequest *request = make_request (ASSAY_HTTP_READ);

      assay_http_request_add_header (request, headers[i].name, headers[i].value);
      send_and_wait (&fixture, request, &outcome);
      assert_outcome (&outcome, ASSAY_ERROR_INVALID);
    }
  g_assert_cmpuint (hostile_server_get_n_connections (fixture.server), ==, 0);
  tear_down (&fixture);
}

static void
test_base_url (void)
{
  static const struct
  {
    const char *typed;
    const char *checked; /* NULL: refused */
  } cases[] = {
    { "https://acme.pinpointhq.com", "https://acme.pinpointhq.com" },
    { "  https://acme.pinpointhq.com/ \n", "https://acme.pinpointhq.com" },
    { "https://acme.example/api/v1///", "https://acme.example/api/v1" },
    { "HTTPS://Acme.Example:8443/x", "https://acme.example:8443/x" },
    { "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
    { "http://127.3.2.1/", "http://127.3.2.1" },
    { "http://[::1]:99/a/", "http://[::1]:99/a" },
    { "http://localhost:1", "http://localhost:1" },
    { "http://LOCALHOST", "http://localhost" },
    { "https://b\xc3\xbc" "cher.example", "https://xn--bcher-kva.example" },
    { "https://192.0.2.1", "https://192.0.2.1" },
    { "", NULL },
    { "   ", NULL },
    { "acme", NULL },
    { "acme.pinpointhq.com", NULL },
    { "https://", NULL },
    { "https:///path", NULL },
    { "https:acme.example", NULL },
    { "http://acme.pinpointhq.com", NULL },
    { "http://127.0.0.1.example", NULL },
    { "http://127.1", NULL },
    { "http://2130706433", NULL },
    { "http://0.0.0.0", NULL },
    { "http://localhost.example", NULL },
    { "http://[::ffff:127.0.0.1]", NULL },
    { "http://[::2]", NULL },
    { "http://127.0.0.1@evil.example", NULL },
    { "https://user@acme.example", NULL },
    { "https://user:secret@acme.example", NULL },
    { "https://@acme.example", NULL },
    { "https://acme.example?x=1", NULL },
    { "https://acme.example/?", NULL },
    { "https://acme.example#part", NULL },
    { "https://acme.example/#", NULL },
    { "https://acme .example", NULL },
    { "https://acme.example/a b", NULL },
    { "https://acme.example\\@evil.example", NULL },
    { "https://acme.example\r\nX: y", NULL },
    { "https://acme..example", NULL },
    { "https://-acme.example", NULL },
    { "https://ac%6de.example/%", NULL },
    { "https://acme.example:0", NULL },
    { "https://acme.example:99999", NULL },
    { "https://acme.example:port", NULL },
    { "https://exa$mple", NULL },
    { "ftp://acme.example", NULL },
    { "file:///etc/passwd", NULL },
    { "javascript:alert(1)", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *checked = assay_http_check_base_url (cases[i].typed, &error);

      g_test_message ("%s", cases[i].typed);
      g_assert_cmpstr (checked, ==, cases[i].checked);
      if (cases[i].checked == NULL)
        {
          g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
          assert_sentence (error);
        }
      else
        g_assert_no_error (error);
    }
}

/* ---- The vendor's words ----------------------------------------------------------------------- */

static void
test_details (void)
{
  static const struct
  {
    const char *body;
    const char *detail;
  } cases[] = {
    { "{\"errors\":[{\"title\":\"T\",\"detail\":\"A\"},{\"detail\":\"B\"},{\"title\":\"C\"},{\"detail\":\"D\"}]}",
      "A; B; C" },
    { "{\"errors\":[\"one\",\"two\"]}", "one; two" },
    { "{\"errors\":[{},3,null,{\"detail\":\"x\"}]}", "x" },
    { "{\"errors\":[],\"message\":\"m\"}", "m" },
    { "{\"errors\":{\"a\":1}}", NULL },
    { "{\"message\":\"Not allowed\"}", "Not allowed" },
    { "{\"error\":\"no\"}", "no" },
    { "{\"error\":{\"code\":3,\"message\":\"deep no\"}}", "deep no" },
    { "{\"detail\":\"because\"}", "because" },
    { "{\"toast\":{\"error\":\"Sorry\"}}", "Sorry" },
    { "{\"status\":\"error\"}", NULL },
    { "[\"x\"]", NULL },
    { "\"plain\"", "plain" },
    { "Just a line\nand another", "Just a line" },
    { "\n\n  padded\n", "padded" },
    { "{broken", NULL },
    { "", NULL },
    { "<p>page</p>", NULL },
    { "\xef\xbb\xbf<html>", NULL },
    { "{\"message\":\"a\\u0007b\\n\\tc\\u202ed\\u2066\"}", "a b cd" },
    { "bad \xff bytes", "bad \xef\xbf\xbd bytes" },
    { "{\"message\":\"key " SECRET " is bad\"}", "key ••• is bad" },
    { "{\"message\":\"header c2Vrcml0LUtFWS8xMjM9PTo= here\"}", "header ••• here" },
    { "{\"message\":\"header c2Vrcml0LUtFWS8xMjM9PTo here\"}", "header ••• here" },
    { "{\"message\":\"header c2Vrcml0LUtFWS8xMjM9PQ== here\"}", "header ••• here" },
    { "{\"message\":\"url ?k=sekrit-KEY%2F123%3D%3D here\"}", "url ?k=••• here" },
  };
  g_autoptr (SecretValue) secret = secret_value_new (SECRET, -1, "text/plain");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (cases[i].body, strlen (cases[i].body));
      const AssayHttpAnswer answer = { .place = "Vendor (host)",
                                       .secret = secret,
                                       .status = 400,
                                       .body = body,
                                       .retry_after = -1 };
      g_autofree char *detail = assay_http_answer_dup_detail (&answer);

      g_test_message ("%u", i);
      g_assert_cmpstr (detail, ==, cases[i].detail);
    }
}

static void
test_detail_length (void)
{
  g_autoptr (SecretValue) secret = secret_value_new (SECRET, -1, "text/plain");

  /* The secret lies across the cut at every offset; characters of two and three bytes, too. */
  for (guint n = 0; n < 64; n++)
    {
      g_autofree char *padding = g_strnfill (ASSAY_HTTP_MAX_DETAIL - 40 + n, 'x');
      g_autofree char *text = g_strconcat (padding, SECRET, "é€é€é€é€é€é€é€é€é€é€é€é€é€é€é€é€é€é€é€é€", NULL);
      g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
      const AssayHttpAnswer answer = { .secret = secret, .body = body };
      g_autofree char *detail = assay_http_answer_dup_detail (&answer);

      g_assert_cmpuint (strlen (detail), <=, ASSAY_HTTP_MAX_DETAIL);
      g_assert_cmpuint (strlen (detail), >, ASSAY_HTTP_MAX_DETAIL - 8);
      g_assert_true (g_utf8_validate (detail, -1, NULL));
      g_assert_true (g_str_has_suffix (detail, "…"));
      g_assert_null (strstr (detail, "sekrit"));
    }
}

static void
test_mask (void)
{
  static const struct
  {
    const char *path;
    const char *query;
    const char *masked;
  } cases[] = {
    { "/api/v1/jobs", NULL, "/api/v1/jobs" },
    { "/api/v1/jobs", "page[size]=10&include=stages", "/api/v1/jobs?page[size]=10&include=stages" },
    { "/c", "filter[email]=ana@example.com&x=1", "/c?filter[email]=•••&x=1" },
    { "/c", "filter[email]=ana%40example.com", "/c?filter[email]=•••" },
    { "/c", "a=ana%2540example.com", "/c?a=•••" },
    { "/people/ana@example.com/x", NULL, "/people/•••/x" },
    { "/c", "list=a%40b,c,d@e", "/c?list=•••,c,•••" },
    { "", NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *masked = assay_http_mask_path (cases[i].path, cases[i].query);

      g_assert_cmpstr (masked, ==, cases[i].masked);
    }
}

static GString *log_lines;

static GLogWriterOutput
capture_log (GLogLevelFlags   level,
             const GLogField *fields,
             gsize            n_fields,
             gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      if (fields[i].length < 0)
        g_string_append_printf (log_lines, "%s ", (const char *) fields[i].value);
      else
        g_string_append_len (log_lines, fields[i].value, fields[i].length);
    }
  g_string_append_c (log_lines, '\n');
  return G_LOG_WRITER_HANDLED;
}

/* In a process of its own, as the writer can be set only once. */
static void
test_log (void)
{
  Fixture fixture;
  g_auto (Outcome) outcome = { 0 };
  AssayHttpRequest *request;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  log_lines = g_string_new (NULL);
  g_log_set_writer_func (capture_log, NULL, NULL);

  set_up (&fixture);
  assay_http_channel_set_credential (fixture.channel, ASSAY_HTTP_AUTH_BASIC, NULL, SECRET);
  hostile_server_add_reply (fixture.server, "500 Oops", NULL, "{\"message\":\"bodytext\"}");
  hostile_server_add (fixture.server, HOSTILE_REPLY_AND_CLOSE,
                      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", -1);
  hostile_server_add_reply (fixture.server, "200 OK", "X-Hidden: headertext\r\n",
                            "{\"message\":\"bodytext\"}");
  request = make_request (ASSAY_HTTP_READ);
  assay_http_request_add_query (request, "filter[email]", "ana@example.com");
  send_and_wait (&fixture, request, &outcome);
  g_assert_no_error (outcome.error);
  tear_down (&fixture);

  g_assert_nonnull (strstr (log_lines->str, "assay-http"));
  g_assert_nonnull (strstr (log_lines->str, "GET 127.0.0.1 /things?filter[email]=•••: 500, "));
  g_assert_nonnull (strstr (log_lines->str, ": 200, "));
  g_assert_nonnull (strstr (log_lines->str, "attempt 3"));
  g_assert_null (strstr (log_lines->str, "sekrit"));
  g_assert_null (strstr (log_lines->str, "c2Vrcml0"));
  g_assert_null (strstr (log_lines->str, "example.com"));
  g_assert_null (strstr (log_lines->str, "bodytext"));
  g_assert_null (strstr (log_lines->str, "headertext"));
  g_string_free (log_lines, TRUE);
}

/* ---- Contexts --------------------------------------------------------------------------------- */

static gpointer
other_thread (gpointer data)
{
  HostileServer *server = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (AssayHttp) http = NULL;
  g_auto (Outcome) outcome = { 0 };
  AssayHttpChannel *channel;

  g_main_context_push_thread_default (context);
  http = assay_http_new ();
  assay_http_set_backoff_base (http, 1);
  channel = assay_http_channel_new (http, "Vendor", hostile_server_get_url (server), &fast);
  assay_http_channel_send_async (channel, make_request (ASSAY_HTTP_READ), NULL, sent_cb, &outcome);
  /* Only this context runs: whatever was attached elsewhere would hang. */
  while (!outcome.done || G_OBJECT (channel)->ref_count > 1)
    g_main_context_iteration (context, TRUE);
  g_assert_no_error (outcome.error);
  g_assert_finalize_object (channel);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_context (void)
{
  g_autoptr (HostileServer) server = hostile_server_new (NULL);
  g_autoptr (GString) body = g_string_new ("[0");

  for (guint i = 0; i < 50000; i++)
    g_string_append (body, ",0");
  g_string_append_c (body, ']');
  hostile_server_add_reply (server, "500 Oops", NULL, "{}");
  hostile_server_add_reply (server, "429 Slow", "Retry-After: 0\r\n", "{}");
  hostile_server_add_reply (server, "200 OK", NULL, body->str);
  g_thread_join (g_thread_new ("other", other_thread, server));
}

int
main (int   argc,
      char *argv[])
{
  /* Pacing is among what is tested here. */
  g_unsetenv ("ASSAY_LOOPBACK_HURRY");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/http/good", test_good);
  g_test_add_func ("/http/keep-alive", test_keep_alive);
  g_test_add_func ("/http/chunked", test_chunked);
  g_test_add_func ("/http/large", test_large);
  g_test_add_func ("/http/credentials/forms", test_credentials);
  g_test_add_func ("/http/credentials/unsendable", test_unsendable_credentials);
  g_test_add_func ("/http/credentials/no-automatic", test_no_automatic_authentication);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/http/faults/", faults[i].name, NULL);

      g_test_add_data_func (path, &faults[i], test_fault);
    }
  g_test_add_func ("/http/reset", test_reset);
  g_test_add_func ("/http/deadline/answer", test_deadline);
  g_test_add_func ("/http/deadline/silence", test_silence_then_answer);
  g_test_add_func ("/http/deadline/queue", test_deadline_in_queue);
  g_test_add_func ("/http/endless/all", test_endless);
  g_test_add_func ("/http/endless/full", test_endless_full);
  g_test_add_func ("/http/gzip", test_gzip);
  g_test_add_func ("/http/smuggled-answer", test_smuggled_answer);
  g_test_add_func ("/http/once-on-dead-line", test_once_on_dead_line);
  g_test_add_func ("/http/status/all", test_statuses);
  g_test_add_func ("/http/status/without-body", test_status_without_body);
  g_test_add_func ("/http/status/web-page", test_web_page_errors);
  g_test_add_func ("/http/limits/retry-after", test_retry_after);
  g_test_add_func ("/http/limits/busy", test_busy_vendor);
  g_test_add_func ("/http/limits/pause", test_pause_is_for_all);
  g_test_add_func ("/http/limits/order", test_order);
  g_test_add_func ("/http/limits/fair-share", test_fair_share);
  g_test_add_func ("/http/limits/account-pace", test_account_shares_pace);
  g_test_add_func ("/http/limits/account-turns", test_account_shares_turns);
  g_test_add_func ("/http/limits/place", test_retry_keeps_place);
  g_test_add_func ("/http/redirect/same-origin", test_redirect_same_origin);
  g_test_add_func ("/http/redirect/loop", test_redirect_loop);
  g_test_add_func ("/http/redirect/other-origin", test_redirect_other_origin);
  g_test_add_func ("/http/redirect/names-host", test_redirect_names_host);
  g_test_add_func ("/http/network/refused", test_refused);
  g_test_add_func ("/http/network/unknown-host", test_unknown_host);
  g_test_add_func ("/http/tls/certificates", test_tls);
  g_test_add_func ("/http/tls/expected", test_tls_expected);
  g_test_add_func ("/http/cancel/before", test_cancel_before);
  g_test_add_func ("/http/cancel/in-flight", test_cancel_in_flight);
  g_test_add_func ("/http/cancel/waiting", test_cancel_waiting);
  g_test_add_func ("/http/channel/dropped", test_channel_dropped);
  g_test_add_func ("/http/channel/dropped-queued", test_channel_dropped_queued);
  g_test_add_func ("/http/malformed", test_malformed);
  g_test_add_func ("/http/base-url", test_base_url);
  g_test_add_func ("/http/details", test_details);
  g_test_add_func ("/http/detail-length", test_detail_length);
  g_test_add_func ("/http/mask", test_mask);
  g_test_add_func ("/http/log", test_log);
  g_test_add_func ("/http/context", test_context);

  return g_test_run ();
}
