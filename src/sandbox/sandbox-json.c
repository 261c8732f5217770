/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON for the sandbox: a fast writer onto one string, and a reader that survives hostile bodies. */

#include "config.h"

#include "sandbox-json.h"

#include <gio/gio.h>
#include <math.h>
#include <time.h>

#define MAX_DEPTH 64

struct _SandboxJson
{
  GString *text;
  gboolean comma;        /* the next value in this container needs a comma before it */
};

SandboxJson *
sandbox_json_new (void)
{
  SandboxJson *self = g_new0 (SandboxJson, 1);

  self->text = g_string_sized_new (1024);
  return self;
}

void
sandbox_json_free (SandboxJson *self)
{
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self);
}

GString *
sandbox_json_free_to_string (SandboxJson *self)
{
  GString *text = g_steal_pointer (&self->text);

  sandbox_json_free (self);
  return text;
}

static void
before_value (SandboxJson *self)
{
  if (self->comma)
    g_string_append_c (self->text, ',');
  self->comma = TRUE;
}

static void
append_quoted (GString    *text,
               const char *value)
{
  const char *start = value;

  g_string_append_c (text, '"');
  for (const char *at = value; ; at++)
    {
      guchar byte = (guchar) *at;

      if (byte >= 0x20 && byte != '"' && byte != '\\')
        continue;
      g_string_append_len (text, start, at - start);
      start = at + 1;
      if (byte == '\0')
        break;
      if (byte == '"' || byte == '\\')
        {
          g_string_append_c (text, '\\');
          g_string_append_c (text, (char) byte);
        }
      else if (byte == '\n')
        g_string_append (text, "\\n");
      else if (byte == '\t')
        g_string_append (text, "\\t");
      else
        g_string_append_printf (text, "\\u%04x", byte);
    }
  g_string_append_c (text, '"');
}

void
sandbox_json_begin_object (SandboxJson *self)
{
  before_value (self);
  g_string_append_c (self->text, '{');
  self->comma = FALSE;
}

void
sandbox_json_end_object (SandboxJson *self)
{
  g_string_append_c (self->text, '}');
  self->comma = TRUE;
}

void
sandbox_json_begin_array (SandboxJson *self)
{
  before_value (self);
  g_string_append_c (self->text, '[');
  self->comma = FALSE;
}

void
sandbox_json_end_array (SandboxJson *self)
{
  g_string_append_c (self->text, ']');
  self->comma = TRUE;
}

void
sandbox_json_key (SandboxJson *self,
                  const char  *name)
{
  before_value (self);
  append_quoted (self->text, name);
  g_string_append_c (self->text, ':');
  self->comma = FALSE;
}

void
sandbox_json_string (SandboxJson *self,
                     const char  *value)
{
  if (value == NULL)
    {
      sandbox_json_null (self);
      return;
    }
  before_value (self);
  append_quoted (self->text, value);
}

void
sandbox_json_integer (SandboxJson *self,
                      gint64       value)
{
  before_value (self);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

void
sandbox_json_real (SandboxJson *self,
                   double       value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  before_value (self);
  if (isfinite (value))
    g_string_append (self->text, g_ascii_formatd (buffer, sizeof buffer, "%.10g", value));
  else
    g_string_append (self->text, "null");
}

void
sandbox_json_boolean (SandboxJson *self,
                      gboolean     value)
{
  before_value (self);
  g_string_append (self->text, value ? "true" : "false");
}

void
sandbox_json_null (SandboxJson *self)
{
  before_value (self);
  g_string_append (self->text, "null");
}

void
sandbox_json_node (SandboxJson *self,
                   JsonNode    *node)
{
  g_autofree char *text = json_to_string (node, FALSE);

  before_value (self);
  g_string_append (self->text, text);
}

void
sandbox_json_member_string (SandboxJson *self,
                            const char  *name,
                            const char  *value)
{
  sandbox_json_key (self, name);
  sandbox_json_string (self, value);
}

void
sandbox_json_member_integer (SandboxJson *self,
                             const char  *name,
                             gint64       value)
{
  sandbox_json_key (self, name);
  sandbox_json_integer (self, value);
}

void
sandbox_json_member_real (SandboxJson *self,
                          const char  *name,
                          double       value)
{
  sandbox_json_key (self, name);
  sandbox_json_real (self, value);
}

void
sandbox_json_member_boolean (SandboxJson *self,
                             const char  *name,
                             gboolean     value)
{
  sandbox_json_key (self, name);
  sandbox_json_boolean (self, value);
}

void
sandbox_json_member_id (SandboxJson *self,
                        const char  *name,
                        guint        id)
{
  char digits[16];

  g_snprintf (digits, sizeof digits, "%u", id);
  sandbox_json_member_string (self, name, digits);
}

void
sandbox_json_member_time (SandboxJson *self,
                          const char  *name,
                          gint64       seconds)
{
  g_autofree char *text = seconds != 0 ? sandbox_time_to_string (seconds) : NULL;

  sandbox_json_member_string (self, name, text);
}

JsonNode *
sandbox_json_parse (GBytes  *body,
                    GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  const char *text;
  gsize length;
  guint depth = 0;
  gboolean in_string = FALSE;
  gboolean ended = FALSE;        /* the root object or array is closed */
  JsonNode *root;

  text = g_bytes_get_data (body, &length);
  if (length == 0 || !g_utf8_validate (text, (gssize) length, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           length == 0 ? "The body is empty" : "The body is not UTF-8");
      return NULL;
    }
  for (gsize i = 0; i < length; i++)
    {
      char byte = text[i];

      if (in_string)
        {
          if (byte == '\\')
            {
              if (length - i > 5 && memcmp (text + i, "\\u0000", 6) == 0)
                {
                  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The body has a NUL");
                  return NULL;
                }
              i++;
            }
          else if (byte == '"')
            in_string = FALSE;
        }
      else if (ended && !g_ascii_isspace (byte))
        depth = MAX_DEPTH + 1;
      else if (byte == '"')
        in_string = TRUE;
      else if (byte == '[' || byte == '{')
        depth++;
      else if ((byte == ']' || byte == '}') && depth > 0)
        ended = --depth == 0;
      else if (byte == '\'' || byte == '/' || byte == '=')   /* json-glib would take these for JSON */
        depth = MAX_DEPTH + 1;
      if (depth > MAX_DEPTH)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               "The body is not JSON, or nests too deep");
          return NULL;
        }
    }
  if (!json_parser_load_from_data (parser, text, (gssize) length, error))
    return NULL;
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The body is empty");
  return root;
}

gboolean
sandbox_json_node_is (JsonNode *node,
                      GType     type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

const char *
sandbox_json_get_string (JsonObject *object,
                         const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return sandbox_json_node_is (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
}

JsonObject *
sandbox_json_get_object (JsonObject *object,
                         const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
sandbox_json_get_array (JsonObject *object,
                        const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

gint64
sandbox_json_get_integer (JsonObject *object,
                          const char *name,
                          gint64      fallback)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return sandbox_json_node_is (node, G_TYPE_INT64) ? json_node_get_int (node) : fallback;
}

double
sandbox_json_get_real (JsonObject *object,
                       const char *name,
                       double      fallback)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (sandbox_json_node_is (node, G_TYPE_INT64) || sandbox_json_node_is (node, G_TYPE_DOUBLE))
    return json_node_get_double (node);
  return fallback;
}

gboolean
sandbox_json_get_boolean (JsonObject *object,
                          const char *name,
                          gboolean    fallback)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return sandbox_json_node_is (node, G_TYPE_BOOLEAN) ? json_node_get_boolean (node) : fallback;
}

char *
sandbox_time_to_string (gint64 seconds)
{
  time_t moment = (time_t) seconds;
  struct tm parts = { 0 };
  char buffer[40];

  gmtime_r (&moment, &parts);
  strftime (buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S+00:00", &parts);
  return g_strdup (buffer);
}

gboolean
sandbox_time_from_string (const char *text,
                          gint64     *seconds)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *whole = NULL;
  g_autoptr (GDateTime) time = NULL;

  whole = strlen (text) == strlen ("2019-01-01") ? g_strconcat (text, "T00:00:00Z", NULL) : g_strdup (text);
  time = g_date_time_new_from_iso8601 (whole, utc);
  if (time == NULL)
    return FALSE;
  *seconds = g_date_time_to_unix (time);
  return TRUE;
}
