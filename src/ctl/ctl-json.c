/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON. */
#include "config.h"

#include "ctl-json.h"

#include <math.h>

#include "assay-error.h"

struct _CtlJson
{
  GString *text;
  gboolean needs_comma;   /* whether a value stands before the next one */
};

CtlJson *
ctl_json_new (void)
{
  CtlJson *self = g_new0 (CtlJson, 1);

  self->text = g_string_new (NULL);
  return self;
}

void
ctl_json_free (CtlJson *self)
{
  g_string_free (self->text, TRUE);
  g_free (self);
}

const char *
ctl_json_get_text (CtlJson *self)
{
  return self->text->str;
}

gboolean
ctl_is_harmful_character (gunichar character)
{
  return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x061c ||
         character == 0x200e || character == 0x200f || character == 0x2028 || character == 0x2029 ||
         (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069) ||
         character == 0xfeff;
}

static void
begin_value (CtlJson *self)
{
  if (self->needs_comma)
    g_string_append_c (self->text, ',');
  self->needs_comma = TRUE;
}

static void
append_quoted (CtlJson    *self,
               const char *value)
{
  g_autofree char *valid = g_utf8_validate (value, -1, NULL) ? NULL : g_utf8_make_valid (value, -1);
  const char *position = valid != NULL ? valid : value;

  g_string_append_c (self->text, '"');
  for (const char *next; *position != '\0'; position = next)
    {
      gunichar character = g_utf8_get_char (position);

      next = g_utf8_next_char (position);
      if (character == '"' || character == '\\')
        g_string_append_printf (self->text, "\\%c", (char) character);
      else if (ctl_is_harmful_character (character))
        g_string_append_printf (self->text, "\\u%04x", character);
      else
        g_string_append_len (self->text, position, next - position);
    }
  g_string_append_c (self->text, '"');
}

void
ctl_json_begin_object (CtlJson *self)
{
  begin_value (self);
  g_string_append_c (self->text, '{');
  self->needs_comma = FALSE;
}

void
ctl_json_end_object (CtlJson *self)
{
  g_string_append_c (self->text, '}');
  self->needs_comma = TRUE;
}

void
ctl_json_begin_array (CtlJson *self)
{
  begin_value (self);
  g_string_append_c (self->text, '[');
  self->needs_comma = FALSE;
}

void
ctl_json_end_array (CtlJson *self)
{
  g_string_append_c (self->text, ']');
  self->needs_comma = TRUE;
}

void
ctl_json_member (CtlJson    *self,
                 const char *name)
{
  begin_value (self);
  append_quoted (self, name);
  g_string_append_c (self->text, ':');
  self->needs_comma = FALSE;
}

void
ctl_json_add_null (CtlJson *self)
{
  begin_value (self);
  g_string_append (self->text, "null");
}

void
ctl_json_add_string (CtlJson    *self,
                     const char *value)
{
  begin_value (self);
  append_quoted (self, value);
}

void
ctl_json_add_boolean (CtlJson  *self,
                      gboolean  value)
{
  begin_value (self);
  g_string_append (self->text, value ? "true" : "false");
}

void
ctl_json_add_integer (CtlJson *self,
                      gint64   value)
{
  begin_value (self);
  g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

void
ctl_json_string (CtlJson    *self,
                 const char *name,
                 const char *value)
{
  ctl_json_member (self, name);
  if (value != NULL)
    ctl_json_add_string (self, value);
  else
    ctl_json_add_null (self);
}

void
ctl_json_strings (CtlJson           *self,
                  const char        *name,
                  const char *const *values)
{
  ctl_json_member (self, name);
  ctl_json_begin_array (self);
  for (; values != NULL && *values != NULL; values++)
    ctl_json_add_string (self, *values);
  ctl_json_end_array (self);
}

void
ctl_json_id (CtlJson     *self,
             const char  *name,
             AssayIdKind  kind,
             gint64       id)
{
  g_autofree char *text = id != 0 ? assay_id_format (kind, id) : NULL;

  ctl_json_string (self, name, text);
}

void
ctl_json_time (CtlJson    *self,
               const char *name,
               gint64      unix_milliseconds)
{
  g_autofree char *text = assay_time_format (unix_milliseconds);

  ctl_json_string (self, name, text);
}

void
ctl_json_integer (CtlJson    *self,
                  const char *name,
                  gint64      value)
{
  ctl_json_member (self, name);
  ctl_json_add_integer (self, value);
}

void
ctl_json_number (CtlJson    *self,
                 const char *name,
                 double      value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  ctl_json_member (self, name);
  if (!isfinite (value))
    {
      ctl_json_add_null (self);
      return;
    }
  begin_value (self);
  g_ascii_formatd (buffer, sizeof buffer, "%.15g", value);
  if (g_ascii_strtod (buffer, NULL) != value)
    g_ascii_formatd (buffer, sizeof buffer, "%.17g", value);
  g_string_append (self->text, buffer);
}

void
ctl_json_boolean (CtlJson    *self,
                  const char *name,
                  gboolean    value)
{
  ctl_json_member (self, name);
  ctl_json_add_boolean (self, value);
}

void
ctl_json_error (CtlJson      *self,
                const char   *name,
                const GError *error,
                gint64        invitation)
{
  ctl_json_member (self, name);
  if (error == NULL)
    {
      ctl_json_add_null (self);
      return;
    }

  ctl_json_begin_object (self);
  ctl_json_string (self, "code", assay_error_get_name (error));
  ctl_json_string (self, "message", error->message);
  if (assay_error_get_vendor_status (error) != 0)
    ctl_json_integer (self, "vendor_status", assay_error_get_vendor_status (error));
  if (assay_error_get_vendor_detail (error) != NULL)
    ctl_json_string (self, "vendor_detail", assay_error_get_vendor_detail (error));
  if (invitation != 0)
    ctl_json_id (self, "invitation", ASSAY_ID_INVITATION, invitation);
  ctl_json_end_object (self);
}
