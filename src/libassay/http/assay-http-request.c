/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests before they are sent, and good answers. */
#include "config.h"

#include "assay-http-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

#define READ_DEADLINE_MS 60000u
#define WRITE_DEADLINE_MS 90000u

static void
header_free (gpointer data)
{
  AssayHttpHeader *header = data;

  g_free (header->name);
  g_free (header->value);
  g_free (header);
}

AssayHttpRequest *
assay_http_request_new (AssayHttpKind kind,
                        const char   *method,
                        const char   *path)
{
  AssayHttpRequest *request;

  g_return_val_if_fail (method != NULL && *method != '\0', NULL);
  g_return_val_if_fail (path != NULL, NULL);

  request = g_new0 (AssayHttpRequest, 1);
  request->kind = kind;
  request->method = g_strdup (method);
  request->path = g_strdup (path);
  request->query = g_string_new (NULL);
  request->headers = g_ptr_array_new_with_free_func (header_free);
  request->max_body = ASSAY_HTTP_MAX_BODY;
  request->deadline_ms = kind == ASSAY_HTTP_READ ? READ_DEADLINE_MS : WRITE_DEADLINE_MS;
  return request;
}

void
assay_http_request_free (AssayHttpRequest *request)
{
  if (request == NULL)
    return;
  g_free (request->method);
  g_free (request->path);
  g_string_free (request->query, TRUE);
  g_ptr_array_unref (request->headers);
  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request->content_type);
  g_free (request->address);
  g_free (request);
}

void
assay_http_request_add_query (AssayHttpRequest *request,
                              const char       *name,
                              const char       *value)
{
  g_return_if_fail (request != NULL);
  g_return_if_fail (name != NULL && value != NULL);

  if (request->query->len > 0)
    g_string_append_c (request->query, '&');
  g_string_append_uri_escaped (request->query, name, "[]", FALSE);
  g_string_append_c (request->query, '=');
  g_string_append_uri_escaped (request->query, value, NULL, FALSE);
}

gboolean
assay_http_is_header_value (const char *value)
{
  for (const guchar *p = (const guchar *) value; *p != '\0'; p++)
    if ((*p < 0x20 && *p != '\t') || *p >= 0x7f)
      return FALSE;
  return TRUE;
}

static gboolean
is_header_name (const char *name)
{
  if (*name == '\0')
    return FALSE;
  for (; *name != '\0'; name++)
    if (!g_ascii_isalnum (*name) && strchr ("!#$%&'*+-.^_`|~", *name) == NULL)
      return FALSE;
  return TRUE;
}

void
assay_http_request_add_header (AssayHttpRequest *request,
                               const char       *name,
                               const char       *value)
{
  AssayHttpHeader *header;

  g_return_if_fail (request != NULL);
  g_return_if_fail (name != NULL && value != NULL);

  /* libsoup would drop it with a critical, and send the request without. */
  if (!is_header_name (name) || !assay_http_is_header_value (value))
    {
      request->malformed = TRUE;
      return;
    }
  header = g_new0 (AssayHttpHeader, 1);
  header->name = g_strdup (name);
  header->value = g_strdup (value);
  g_ptr_array_add (request->headers, header);
}

void
assay_http_request_set_json (AssayHttpRequest *request,
                             JsonNode         *root,
                             const char       *content_type)
{
  char *text;

  g_return_if_fail (request != NULL);
  g_return_if_fail (root != NULL && content_type != NULL);

  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request->content_type);
  text = assay_json_write (root);
  request->body = g_bytes_new_take (text, strlen (text));
  request->content_type = g_strdup (content_type);
}

void
assay_http_request_set_form (AssayHttpRequest  *request,
                             const char *const *fields)
{
  g_autofree char *boundary = g_uuid_string_random ();
  GString *body = g_string_new (NULL);

  g_return_if_fail (request != NULL);
  g_return_if_fail (fields != NULL);

  for (guint i = 0; fields[i] != NULL; i += 2)
    g_string_append_printf (body, "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", boundary,
                            fields[i], fields[i + 1]);
  g_string_append_printf (body, "--%s--\r\n", boundary);

  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request->content_type);
  request->body = g_string_free_to_bytes (body);
  request->content_type = g_strdup_printf ("multipart/form-data; boundary=%s", boundary);
}

/* As browsers do it (HTML, 4.10.21.8): what would end the name early is escaped. */
static void
append_filename (GByteArray *body,
                 const char *filename)
{
  for (const char *c = filename; *c != '\0'; c++)
    {
      const char *escaped = *c == '"' ? "%22" : *c == '\r' ? "%0D" : *c == '\n' ? "%0A" : NULL;

      if (escaped != NULL)
        g_byte_array_append (body, (const guint8 *) escaped, 3);
      else
        g_byte_array_append (body, (const guint8 *) c, 1);
    }
}

static void
append_text (GByteArray *body,
             const char *text)
{
  g_byte_array_append (body, (const guint8 *) text, (guint) strlen (text));
}

/* A boundary that none of the parts has in it; by chance none ever has. (transfer full) */
static char *
make_boundary (const AssayHttpPart *parts,
               guint                n_parts)
{
  for (;;)
    {
      g_autofree char *boundary = g_uuid_string_random ();
      gboolean found = FALSE;

      for (guint i = 0; i < n_parts && !found; i++)
        {
          gsize length = 0;
          const char *bytes = parts[i].bytes != NULL ? g_bytes_get_data (parts[i].bytes, &length) : NULL;

          found = (parts[i].value != NULL && strstr (parts[i].value, boundary) != NULL) ||
                  (length > 0 && memmem (bytes, length, boundary, strlen (boundary)) != NULL);
        }
      if (!found)
        return g_steal_pointer (&boundary);
    }
}

void
assay_http_request_set_parts (AssayHttpRequest    *request,
                              const AssayHttpPart *parts,
                              guint                n_parts)
{
  g_autofree char *boundary = NULL;
  GByteArray *body;

  g_return_if_fail (request != NULL);
  g_return_if_fail (parts != NULL || n_parts == 0);

  boundary = make_boundary (parts, n_parts);
  body = g_byte_array_new ();
  for (guint i = 0; i < n_parts; i++)
    {
      const AssayHttpPart *part = &parts[i];

      append_text (body, "--");
      append_text (body, boundary);
      append_text (body, "\r\nContent-Disposition: form-data; name=\"");
      append_text (body, part->name);
      if (part->bytes != NULL)
        {
          append_text (body, "\"; filename=\"");
          append_filename (body, part->filename != NULL ? part->filename : "");
          append_text (body, "\"\r\nContent-Type: ");
          append_text (body, part->media_type != NULL && assay_http_is_header_value (part->media_type)
                               ? part->media_type
                               : "application/octet-stream");
          append_text (body, "\r\n\r\n");
          g_byte_array_append (body, g_bytes_get_data (part->bytes, NULL), (guint) g_bytes_get_size (part->bytes));
        }
      else
        {
          append_text (body, "\"\r\n\r\n");
          append_text (body, part->value != NULL ? part->value : "");
        }
      append_text (body, "\r\n");
    }
  append_text (body, "--");
  append_text (body, boundary);
  append_text (body, "--\r\n");

  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request->content_type);
  request->body = g_byte_array_free_to_bytes (body);
  request->content_type = g_strdup_printf ("multipart/form-data; boundary=%s", boundary);
}

static void
wipe_and_free (gpointer data)
{
  explicit_bzero (data, strlen (data));
  g_free (data);
}

void
assay_http_request_set_urlencoded (AssayHttpRequest  *request,
                                   const char *const *fields)
{
  gsize size = 1;
  char *text;
  char *end;

  g_return_if_fail (request != NULL);
  g_return_if_fail (fields != NULL);

  /* One allocation: a string that grows would leave copies of a secret behind. */
  for (guint i = 0; fields[i] != NULL; i++)
    size += 3 * strlen (fields[i]) + 1;
  text = g_malloc (size);
  end = text;
  for (guint i = 0; fields[i] != NULL; i++)
    {
      if (i > 0)
        *end++ = i % 2 == 0 ? '&' : '=';
      for (const guchar *c = (const guchar *) fields[i]; *c != '\0'; c++)
        {
          static const char digits[] = "0123456789ABCDEF";

          if (g_ascii_isalnum (*c) || strchr ("-._~", *c) != NULL)
            {
              *end++ = (char) *c;
              continue;
            }
          *end++ = '%';
          *end++ = digits[*c >> 4];
          *end++ = digits[*c & 15];
        }
    }
  *end = '\0';

  g_clear_pointer (&request->body, g_bytes_unref);
  g_free (request->content_type);
  request->body = g_bytes_new_with_free_func (text, (gsize) (end - text), wipe_and_free, text);
  request->content_type = g_strdup ("application/x-www-form-urlencoded");
}

void
assay_http_request_set_download (AssayHttpRequest *request,
                                 const char       *address)
{
  g_return_if_fail (request != NULL);
  g_return_if_fail (request->kind == ASSAY_HTTP_READ);

  request->download = TRUE;
  request->private_path = TRUE;
  g_free (request->address);
  request->address = g_strdup (address);
}

void
assay_http_request_set_private_path (AssayHttpRequest *request,
                                     gboolean          private_path)
{
  g_return_if_fail (request != NULL);

  request->private_path = private_path;
}

void
assay_http_request_set_deadline (AssayHttpRequest *request,
                                 guint             milliseconds)
{
  g_return_if_fail (request != NULL);

  request->deadline_ms = milliseconds;
}

void
assay_http_request_set_background (AssayHttpRequest *request,
                                   gboolean          background)
{
  g_return_if_fail (request != NULL);

  request->background = background;
}

void
assay_http_request_set_max_body (AssayHttpRequest *request,
                                 gsize             bytes)
{
  g_return_if_fail (request != NULL);

  request->max_body = CLAMP (bytes, 1, ASSAY_HTTP_MAX_BODY);
}

/* Whether @path holds only what may stand in a path, and no segment that leads upwards: an id of a vendor's
 * that is
 * "../.." must not reach another resource. */
static gboolean
is_safe_path (const char *path)
{
  g_auto (GStrv) segments = NULL;

  for (const char *p = path; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("-._~!$&'()*+,;=:@%/", *p) == NULL)
      return FALSE;

  segments = g_strsplit (path, "/", -1);
  for (guint i = 0; segments[i] != NULL; i++)
    {
      g_autofree char *plain = g_uri_unescape_string (segments[i], NULL);

      if (plain == NULL || strcmp (plain, ".") == 0 || strcmp (plain, "..") == 0)
        return FALSE;
    }
  return TRUE;
}

static int
get_effective_port (GUri *uri)
{
  int port = g_uri_get_port (uri);

  if (port > 0)
    return port;
  return strcmp (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;
}

gboolean
assay_http_is_same_origin (GUri *one,
                           GUri *other)
{
  return g_ascii_strcasecmp (g_uri_get_scheme (one), g_uri_get_scheme (other)) == 0 &&
         g_uri_get_host (one) != NULL && g_uri_get_host (other) != NULL &&
         g_ascii_strcasecmp (g_uri_get_host (one), g_uri_get_host (other)) == 0 &&
         get_effective_port (one) == get_effective_port (other);
}

gboolean
assay_http_is_download_origin (GUri *uri,
                               GUri *base)
{
  const char *host = g_uri_get_host (uri);

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  if (assay_http_is_same_origin (uri, base))
    return TRUE;
  /* What the vendor names must not reach into this machine or its network, where it couldn't reach itself. */
  if (assay_http_is_loopback (host))
    return assay_http_is_loopback (g_uri_get_host (base)) &&
           (strcmp (g_uri_get_scheme (uri), "http") == 0 || strcmp (g_uri_get_scheme (uri), "https") == 0);
  return strcmp (g_uri_get_scheme (uri), "https") == 0 && !g_hostname_is_ip_address (host);
}

static GUri *
build_download_uri (AssayHttpRequest *request,
                    const char       *base_url,
                    GError          **error)
{
  g_autoptr (GUri) base = g_uri_parse (base_url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GUri) uri = NULL;

  if (assay_http_is_header_value (request->address))
    uri = g_uri_parse (request->address, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri != NULL && base != NULL && assay_http_is_download_origin (uri, base))
    return g_steal_pointer (&uri);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       _("This document's address isn't one that a file may be fetched from, so nothing was fetched. "
                         "Open the application in the applicant tracking system instead."));
  return NULL;
}

GUri *
assay_http_request_build_uri (AssayHttpRequest *request,
                              const char       *base_url,
                              GError          **error)
{
  g_autofree char *text = NULL;
  GUri *uri = NULL;

  if (request->address != NULL)
    return build_download_uri (request, base_url, error);
  if (is_safe_path (request->path))
    {
      text = g_strconcat (base_url, *request->path != '\0' ? "/" : "", request->path,
                          request->query->len > 0 ? "?" : NULL, request->query->str, NULL);
      uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
    }
  if (uri == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                         _("This record's identifier can't stand in an address, so nothing was sent."));
  return uri;
}

/* ---- Response --------------------------------------------------------------------------------- */

struct _AssayHttpResponse
{
  guint status;
  JsonNode *root; /* NULL for 204 and for a download */
  GBytes *bytes;  /* (nullable): of a download */
  SoupMessageHeaders *headers;
};

static void
copy_header (const char *name,
             const char *value,
             gpointer    user_data)
{
  soup_message_headers_append (user_data, name, value);
}

AssayHttpResponse *
assay_http_response_new (guint               status,
                         SoupMessageHeaders *headers,
                         JsonNode           *root)
{
  AssayHttpResponse *response = g_new0 (AssayHttpResponse, 1);

  response->status = status;
  response->root = root;
  response->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  soup_message_headers_foreach (headers, copy_header, response->headers);
  return response;
}

void
assay_http_response_free (AssayHttpResponse *response)
{
  if (response == NULL)
    return;
  g_clear_pointer (&response->root, json_node_unref);
  g_clear_pointer (&response->bytes, g_bytes_unref);
  soup_message_headers_unref (response->headers);
  g_free (response);
}

guint
assay_http_response_get_status (AssayHttpResponse *response)
{
  g_return_val_if_fail (response != NULL, 0);

  return response->status;
}

JsonNode *
assay_http_response_get_root (AssayHttpResponse *response)
{
  g_return_val_if_fail (response != NULL, NULL);

  return response->root;
}

void
assay_http_response_set_bytes (AssayHttpResponse *response,
                               GBytes            *bytes)
{
  g_clear_pointer (&response->bytes, g_bytes_unref);
  response->bytes = g_bytes_ref (bytes);
}

GBytes *
assay_http_response_get_bytes (AssayHttpResponse *response)
{
  g_return_val_if_fail (response != NULL, NULL);

  return response->bytes;
}

const char *
assay_http_response_get_header (AssayHttpResponse *response,
                                const char        *name)
{
  g_return_val_if_fail (response != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return soup_message_headers_get_one (response->headers, name);
}

gint64
assay_http_response_get_date (AssayHttpResponse *response)
{
  g_return_val_if_fail (response != NULL, 0);

  return assay_http_parse_date (soup_message_headers_get_one (response->headers, "Date")) * 1000;
}
