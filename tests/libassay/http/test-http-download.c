/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: they may be fetched from a stranger, and the key doesn't go along. */
#include "config.h"

#include <string.h>

#include "assay-http-private.h"
#include "hostile-server.h"

#define SECRET "sekrit-KEY/123=="
#define FILE_BODY "%PDF-1.4 not JSON"

typedef struct
{
  AssayHttp *http;
  HostileServer *vendor;
  HostileServer *storage;
  AssayHttpChannel *channel;
  AssayHttpResponse *response;
  GError *error;
  gboolean done;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  static const AssayHttpPace fast = { .per_second = 10000, .burst = 1000, .concurrency = 4 };

  fixture->http = assay_http_new ();
  assay_http_set_backoff_base (fixture->http, 1);
  fixture->vendor = hostile_server_new (NULL);
  fixture->storage = hostile_server_new (NULL);
  fixture->channel = assay_http_channel_new (fixture->http, "Vendor", hostile_server_get_url (fixture->vendor), &fast);
  assay_http_channel_set_credential (fixture->channel, ASSAY_HTTP_AUTH_HEADER, "X-API-KEY", SECRET);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_pointer (&fixture->response, assay_http_response_free);
  g_clear_error (&fixture->error);
  while (G_OBJECT (fixture->channel)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (fixture->channel);
  g_assert_finalize_object (fixture->http);
  hostile_server_free (fixture->vendor);
  hostile_server_free (fixture->storage);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Fixture *fixture = user_data;

  fixture->done = TRUE;
  fixture->response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &fixture->error);
}

/* @address NULL: "file" below the base address */
static void
download (Fixture    *fixture,
          const char *address)
{
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", address == NULL ? "file" : "");

  g_clear_pointer (&fixture->response, assay_http_response_free);
  g_clear_error (&fixture->error);
  fixture->done = FALSE;
  assay_http_request_set_download (request, address);
  assay_http_channel_send_async (fixture->channel, request, NULL, downloaded_cb, fixture);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_file (Fixture *fixture)
{
  gsize length;
  const char *data;

  g_assert_no_error (fixture->error);
  g_assert_null (assay_http_response_get_root (fixture->response));
  data = g_bytes_get_data (assay_http_response_get_bytes (fixture->response), &length);
  g_assert_cmpmem (data, length, FILE_BODY, strlen (FILE_BODY));
}

static void
test_own_origin (Fixture      *fixture,
                 gconstpointer data)
{
  g_autofree char *request = NULL;

  hostile_server_add_reply (fixture->vendor, "200 OK", "Content-Type: application/pdf\r\n", FILE_BODY);
  download (fixture, NULL);
  assert_file (fixture);
  request = hostile_server_dup_request (fixture->vendor, 0);
  g_assert_true (g_str_has_prefix (request, "GET /file HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, SECRET));
}

/* The key goes to the vendor, and on the way to the storage it is dropped. */
static void
test_redirect (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *location =
    g_strdup_printf ("Location: %s/blob?signature=a%%2Fb\r\n", hostile_server_get_url (fixture->storage));
  g_autofree char *seen = NULL;
  g_autofree char *request = NULL;

  hostile_server_add_reply (fixture->vendor, "302 Found", location, "");
  hostile_server_add_reply (fixture->storage, "200 OK", NULL, FILE_BODY);
  download (fixture, NULL);
  assert_file (fixture);
  seen = hostile_server_dup_everything (fixture->vendor);
  g_assert_nonnull (strstr (seen, SECRET));
  request = hostile_server_dup_request (fixture->storage, 0);
  g_assert_true (g_str_has_prefix (request, "GET /blob?signature=a%2Fb HTTP/1.1\r\n"));
  g_assert_null (strstr (request, SECRET));
  g_assert_null (strstr (request, "X-API-KEY"));
}

static void
test_address (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *address = g_strconcat (hostile_server_get_url (fixture->storage), "/blob", NULL);
  g_autofree char *seen = NULL;

  hostile_server_add_reply (fixture->storage, "200 OK", NULL, FILE_BODY);
  download (fixture, address);
  assert_file (fixture);
  seen = hostile_server_dup_everything (fixture->storage);
  g_assert_null (strstr (seen, SECRET));
  g_assert_cmpuint (hostile_server_get_n_connections (fixture->vendor), ==, 0);
}

/* A stranger's refusal says nothing about the key, so it mustn't stop the connection. */
static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  static const char *const statuses[] = { "401 Unauthorized", "403 Forbidden", "404 Not Found", "410 Gone" };
  g_autofree char *address = g_strconcat (hostile_server_get_url (fixture->storage), "/blob", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    hostile_server_add_reply (fixture->storage, statuses[i], NULL, "<Error/>");
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      download (fixture, address);
      g_assert_error (fixture->error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
      g_assert_true (g_str_has_suffix (fixture->error->message, "."));
    }
  g_assert_cmpuint (hostile_server_get_n_requests (fixture->storage), ==, G_N_ELEMENTS (statuses));
}

/* The vendor's own does. */
static void
test_refused_by_vendor (Fixture      *fixture,
                        gconstpointer data)
{
  hostile_server_add_reply (fixture->vendor, "401 Unauthorized", NULL, "{}");
  download (fixture, NULL);
  g_assert_error (fixture->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED);
}

static void
test_too_long (Fixture      *fixture,
               gconstpointer data)
{
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", "file");

  hostile_server_add_reply (fixture->vendor, "200 OK", NULL, FILE_BODY);
  assay_http_request_set_download (request, NULL);
  assay_http_request_set_max_body (request, 8);
  assay_http_channel_send_async (fixture->channel, request, NULL, downloaded_cb, fixture);
  while (!fixture->done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (fixture->error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
}

/* What isn't an address for a file is not asked at all. */
static void
test_bad_addresses (Fixture      *fixture,
                    gconstpointer data)
{
  static const char *const addresses[] = {
    "", "file:///etc/passwd", "ftp://storage.example/x", "http://storage.example/x", "//storage.example/x",
    "https://user:password@storage.example/x", "https://192.168.1.1/x", "https://[fe80::1]/x", "https:///x",
    "javascript:alert(1)", "https://storage.example/\r\nX: y", "relative",
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_test_message ("%s", addresses[i]);
      download (fixture, addresses[i]);
      g_assert_error (fixture->error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
    }
  g_assert_cmpuint (hostile_server_get_n_connections (fixture->vendor), ==, 0);
}

/* The rule itself, for channels that aren't on loopback. */
static void
test_origins (void)
{
  static const struct
  {
    const char *address;
    gboolean allowed;
  } cases[] = {
    { "https://acme.pinpointhq.com/x", TRUE },   { "https://pinpointhq.com/rails/blob", TRUE },
    { "https://bucket.s3.amazonaws.com/x", TRUE }, { "http://pinpointhq.com/x", FALSE },
    { "http://127.0.0.1/x", FALSE },             { "https://127.0.0.1/x", FALSE },
    { "https://localhost/x", FALSE },            { "http://[::1]:80/x", FALSE },
    { "https://10.0.0.1/x", FALSE },             { "https://169.254.169.254/latest", FALSE },
    { "https://a:b@acme.pinpointhq.com/x", FALSE },
  };
  g_autoptr (GUri) base = g_uri_parse ("https://acme.pinpointhq.com/api/v1", SOUP_HTTP_URI_FLAGS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GUri) uri = g_uri_parse (cases[i].address, SOUP_HTTP_URI_FLAGS, NULL);

      g_test_message ("%s", cases[i].address);
      g_assert_cmpint (assay_http_is_download_origin (uri, base), ==, cases[i].allowed);
    }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/download/own-origin", test_own_origin);
  ADD ("/download/redirect", test_redirect);
  ADD ("/download/address", test_address);
  ADD ("/download/refused", test_refused);
  ADD ("/download/refused-by-vendor", test_refused_by_vendor);
  ADD ("/download/too-long", test_too_long);
  ADD ("/download/bad-addresses", test_bad_addresses);
  g_test_add_func ("/download/origins", test_origins);
  return g_test_run ();
}
