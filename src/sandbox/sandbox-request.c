/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request to a played vendor and the answer to it, apart from how they travel. */

#include "config.h"

#include "sandbox-request.h"

#include <string.h>

static void
parameter_free (gpointer data)
{
  SandboxParameter *parameter = data;

  g_free (parameter->name);
  g_free (parameter->value);
  g_free (parameter);
}

/* As a web form's fields: a plus is a space. */
static char *
decode (const char *text)
{
  g_autofree char *spaced = g_strdelimit (g_strdup (text), "+", ' ');
  g_autofree char *decoded = g_uri_unescape_string (spaced, NULL);

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return NULL;
  return g_steal_pointer (&decoded);
}

static void
parse_query (SandboxRequest *self,
             const char     *query)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", -1);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (pairs[i], '=');
      SandboxParameter *parameter;

      if (pairs[i][0] == '\0')
        continue;
      if (equals != NULL)
        *equals = '\0';
      parameter = g_new0 (SandboxParameter, 1);
      parameter->name = decode (pairs[i]);
      parameter->value = decode (equals != NULL ? equals + 1 : "");
      if (parameter->name == NULL || parameter->value == NULL)
        {
          self->query_broken = TRUE;
          parameter_free (parameter);
        }
      else
        g_ptr_array_add (self->parameters, parameter);
    }
}

SandboxRequest *
sandbox_request_new (SoupServerMessage *message,
                     const char        *path)
{
  SandboxRequest *self = g_new0 (SandboxRequest, 1);
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));

  self->method = soup_server_message_get_method (message);
  self->path = path;
  self->headers = soup_server_message_get_request_headers (message);
  self->parameters = g_ptr_array_new_with_free_func (parameter_free);
  self->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  self->answer_headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  if (query != NULL)
    parse_query (self, query);
  return self;
}

void
sandbox_request_free (SandboxRequest *self)
{
  g_ptr_array_unref (self->parameters);
  g_bytes_unref (self->body);
  soup_message_headers_unref (self->answer_headers);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_free (self->content_type);
  g_free (self->operation);
  g_free (self);
}

const char *
sandbox_request_get_parameter (SandboxRequest *self,
                               const char     *name)
{
  for (guint i = 0; i < self->parameters->len; i++)
    {
      SandboxParameter *parameter = g_ptr_array_index (self->parameters, i);

      if (g_str_equal (parameter->name, name))
        return parameter->value;
    }
  return NULL;
}

const char *
sandbox_request_get_header (SandboxRequest *self,
                            const char     *name)
{
  return soup_message_headers_get_list (self->headers, name);
}

char *
sandbox_request_dup_type (SandboxRequest *self)
{
  const char *type = soup_message_headers_get_content_type (self->headers, NULL);

  return type != NULL ? g_ascii_strdown (type, -1) : NULL;
}

char *
sandbox_request_dup_basic (SandboxRequest *self)
{
  const char *header = sandbox_request_get_header (self, "Authorization");
  g_autofree guchar *decoded = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (header == NULL || g_ascii_strncasecmp (header, "Basic ", strlen ("Basic ")) != 0)
    return NULL;
  decoded = g_base64_decode (header + strlen ("Basic "), &length);
  text = g_strndup ((const char *) decoded, length);
  if (!g_str_has_suffix (text, ":") || strchr (text, ':') != strrchr (text, ':'))
    return NULL;
  text[strlen (text) - 1] = '\0';
  return g_steal_pointer (&text);
}

char *
sandbox_request_dup_bearer (SandboxRequest *self)
{
  const char *header = sandbox_request_get_header (self, "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", strlen ("Bearer ")) != 0)
    return NULL;
  return g_strdup (header + strlen ("Bearer "));
}

void
sandbox_request_answer (SandboxRequest *self,
                        guint           status,
                        const char     *content_type,
                        GBytes         *body)
{
  self->status = status;
  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = g_bytes_ref (body);
}

void
sandbox_request_answer_text (SandboxRequest *self,
                             guint           status,
                             const char     *content_type,
                             char           *text)
{
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  sandbox_request_answer (self, status, content_type, body);
}

void
sandbox_request_answer_json (SandboxRequest *self,
                             guint           status,
                             const char     *content_type,
                             SandboxJson    *json)
{
  g_autoptr (GBytes) body = g_string_free_to_bytes (sandbox_json_free_to_string (json));

  sandbox_request_answer (self, status, content_type, body);
}

void
sandbox_request_answer_message (SandboxRequest *self,
                                guint           status,
                                const char     *message)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "message", message);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (self, status, "application/json", json);
}
