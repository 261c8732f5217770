/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printing. */
#include "config.h"

#include "ctl-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "assay-error.h"

/* What stopped standard output; 0 while it works. */
static int output_errno;

gboolean
ctl_output_text (const char *text)
{
  if (output_errno != 0)
    return FALSE;
  errno = 0;
  if (fputs (text, stdout) == EOF || fflush (stdout) == EOF)
    output_errno = errno != 0 ? errno : EIO;
  return output_errno == 0;
}

gboolean
ctl_output_check (GError **error)
{
  if (output_errno == 0 || output_errno == EPIPE)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED,
               /* Translators: %s is the system's reason */
               _("The result can't be written to standard output: %s."), g_strerror (output_errno));
  return FALSE;
}

void
ctl_output_note (const char *text)
{
  g_autofree char *harmless = ctl_output_sanitize (text);

  fprintf (stderr, "%s\n", harmless);
}

/* Characters that a terminal obeys or that change the order in which the rest is shown. */
static gboolean
is_harmful (gunichar character)
{
  return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x061c ||
         character == 0x200e || character == 0x200f || character == 0x2028 || character == 0x2029 ||
         (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069) ||
         character == 0xfeff;
}

char *
ctl_output_sanitize (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *harmless = g_string_sized_new (strlen (valid));

  for (const char *position = valid; *position != '\0'; position = g_utf8_next_char (position))
    {
      gunichar character = g_utf8_get_char (position);

      if (character == '\n' || character == '\r' || character == '\t')
        g_string_append_c (harmless, ' ');
      else if (is_harmful (character))
        g_string_append_unichar (harmless, 0xfffd);
      else
        g_string_append_unichar (harmless, character);
    }
  return g_string_free (harmless, FALSE);
}

/* (transfer full): the document as text in which nothing can act on a terminal. Such characters occur in strings
 * only, and there \uXXXX means the same. */
static char *
document_to_text (JsonBuilder *builder,
                  gboolean     indented)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;
  GString *harmless;

  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, indented);
  text = json_generator_to_data (generator, NULL);

  harmless = g_string_sized_new (strlen (text) + 2);
  for (const char *position = text; *position != '\0';)
    {
      const char *next = g_utf8_next_char (position);
      gunichar character = g_utf8_get_char (position);

      if (character != '\n' && is_harmful (character))
        g_string_append_printf (harmless, "\\u%04x", character);
      else
        g_string_append_len (harmless, position, next - position);
      position = next;
    }
  g_string_append_c (harmless, '\n');
  return g_string_free (harmless, FALSE);
}

gboolean
ctl_output_json (JsonBuilder *builder)
{
  g_autofree char *text = document_to_text (builder, isatty (STDOUT_FILENO));

  return ctl_output_text (text);
}

gboolean
ctl_output_json_line (JsonBuilder *builder)
{
  g_autofree char *text = document_to_text (builder, FALSE);

  return ctl_output_text (text);
}

char *
ctl_output_dup_message (const GError *error)
{
  const char *detail = assay_error_get_vendor_detail (error);

  if (detail == NULL || *detail == '\0' || strstr (error->message, detail) != NULL)
    return g_strdup (error->message);
  /* Translators: %1$s is a whole sentence, %2$s what the vendor answered, in its own words */
  return g_strdup_printf (_("%1$s The answer was: “%2$s”"), error->message, detail);
}

void
ctl_output_error (const GError *error,
                  gboolean      json,
                  gint64        invitation)
{
  g_autofree char *message = NULL;
  g_autofree char *harmless = NULL;

  if (json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      g_autofree char *text = NULL;

      json_builder_begin_object (builder);
      ctl_json_error (builder, "error", error, invitation);
      json_builder_end_object (builder);
      text = document_to_text (builder, FALSE);
      fputs (text, stderr);
      return;
    }

  message = ctl_output_dup_message (error);
  harmless = ctl_output_sanitize (message);
  fprintf (stderr, "assayctl: %s\n", harmless);
}

/* ---- Tables ---- */

struct _CtlTable
{
  guint n_columns;
  GPtrArray *cells;   /* (element-type utf8), row by row, headings first */
};

CtlTable *
ctl_table_new (const char *heading,
               ...)
{
  CtlTable *self = g_new0 (CtlTable, 1);
  va_list args;

  self->cells = g_ptr_array_new_with_free_func (g_free);
  va_start (args, heading);
  for (; heading != NULL; heading = va_arg (args, const char *))
    g_ptr_array_add (self->cells, g_strdup (heading));
  va_end (args);
  self->n_columns = self->cells->len;
  return self;
}

void
ctl_table_free (CtlTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

void
ctl_table_add_row (CtlTable *self,
                   ...)
{
  va_list args;

  va_start (args, self);
  for (guint column = 0; column < self->n_columns; column++)
    {
      const char *cell = va_arg (args, const char *);

      g_ptr_array_add (self->cells, ctl_output_sanitize (cell != NULL ? cell : ""));
    }
  va_end (args);
}

guint
ctl_table_get_n_rows (CtlTable *self)
{
  return self->cells->len / self->n_columns - 1;
}

/* How many columns of a terminal @text takes. */
static guint
get_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (g_unichar_iszerowidth (character))
        continue;
      width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

void
ctl_output_append_padded (GString    *text,
                          const char *cell,
                          guint       width)
{
  g_string_append (text, cell);
  for (guint filled = get_width (cell); filled < width; filled++)
    g_string_append_c (text, ' ');
}

gboolean
ctl_table_print (CtlTable   *self,
                 const char *empty)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree guint *widths = g_new0 (guint, self->n_columns);

  if (ctl_table_get_n_rows (self) == 0)
    {
      g_string_append_printf (text, "%s\n", empty);
      return ctl_output_text (text->str);
    }

  for (guint i = 0; i < self->cells->len; i++)
    widths[i % self->n_columns] = MAX (widths[i % self->n_columns], get_width (g_ptr_array_index (self->cells, i)));

  for (guint i = 0; i < self->cells->len; i++)
    {
      guint column = i % self->n_columns;

      if (column < self->n_columns - 1)
        ctl_output_append_padded (text, g_ptr_array_index (self->cells, i), widths[column] + 2);
      else
        g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (self->cells, i));
    }
  return ctl_output_text (text->str);
}

void
ctl_describe (GString    *text,
              const char *title,
              const char *value)
{
  g_autofree char *label = NULL;
  g_autofree char *harmless = NULL;

  if (value == NULL || *value == '\0')
    return;
  label = g_strdup_printf ("%s:", title);
  harmless = ctl_output_sanitize (value);
  ctl_output_append_padded (text, label, 18);
  g_string_append_printf (text, "%s\n", harmless);
}

/* ---- JSON ---- */

void
ctl_json_string (JsonBuilder *builder,
                 const char  *name,
                 const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
ctl_json_strings (JsonBuilder       *builder,
                  const char        *name,
                  const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (; values != NULL && *values != NULL; values++)
    json_builder_add_string_value (builder, *values);
  json_builder_end_array (builder);
}

void
ctl_json_id (JsonBuilder *builder,
             const char  *name,
             AssayIdKind  kind,
             gint64       id)
{
  g_autofree char *text = id != 0 ? assay_id_format (kind, id) : NULL;

  ctl_json_string (builder, name, text);
}

void
ctl_json_time (JsonBuilder *builder,
               const char  *name,
               gint64       unix_milliseconds)
{
  g_autofree char *text = assay_time_format (unix_milliseconds);

  ctl_json_string (builder, name, text);
}

void
ctl_json_integer (JsonBuilder *builder,
                  const char  *name,
                  gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
ctl_json_number (JsonBuilder *builder,
                 const char  *name,
                 double       value)
{
  json_builder_set_member_name (builder, name);
  if (!isfinite (value))
    json_builder_add_null_value (builder);
  else if (value == trunc (value) && fabs (value) < 9007199254740992.0)
    json_builder_add_int_value (builder, (gint64) value);
  else
    json_builder_add_double_value (builder, value);
}

void
ctl_json_boolean (JsonBuilder *builder,
                  const char  *name,
                  gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
ctl_json_error (JsonBuilder  *builder,
                const char   *name,
                const GError *error,
                gint64        invitation)
{
  json_builder_set_member_name (builder, name);
  if (error == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  ctl_json_string (builder, "code", assay_error_get_name (error));
  ctl_json_string (builder, "message", error->message);
  if (assay_error_get_vendor_status (error) != 0)
    ctl_json_integer (builder, "vendor_status", assay_error_get_vendor_status (error));
  if (assay_error_get_vendor_detail (error) != NULL)
    ctl_json_string (builder, "vendor_detail", assay_error_get_vendor_detail (error));
  if (invitation != 0)
    ctl_json_id (builder, "invitation", ASSAY_ID_INVITATION, invitation);
  json_builder_end_object (builder);
}
