/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printing. */
#include "config.h"

#include "ctl-output.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "assay-error.h"

/* What stopped standard output; 0 while it works. */
static int output_errno;

static gboolean
write_out (const char *text,
           const char *end)
{
  if (output_errno != 0)
    return FALSE;
  ctl_output_clear_progress ();
  errno = 0;
  if (fputs (text, stdout) == EOF || fputs (end, stdout) == EOF || fflush (stdout) == EOF)
    output_errno = errno != 0 ? errno : EIO;
  return output_errno == 0;
}

gboolean
ctl_output_text (const char *text)
{
  return write_out (text, "");
}

gboolean
ctl_output_json (CtlJson *json)
{
  return write_out (ctl_json_get_text (json), "\n");
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
      else if (ctl_is_harmful_character (character))
        g_string_append_unichar (harmless, 0xfffd);
      else
        g_string_append_unichar (harmless, character);
    }
  return g_string_free (harmless, FALSE);
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
                  gboolean      as_json,
                  gint64        invitation)
{
  g_autofree char *message = NULL;
  g_autofree char *harmless = NULL;

  ctl_output_clear_progress ();
  if (as_json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_error (json, "error", error, invitation);
      ctl_json_end_object (json);
      fprintf (stderr, "%s\n", ctl_json_get_text (json));
      return;
    }

  message = ctl_output_dup_message (error);
  harmless = ctl_output_sanitize (message);
  fprintf (stderr, "assayctl: %s\n", harmless);
}

/* ---- Progress ---- */

/* Whether a line of progress stands on the terminal. */
static gboolean progress_shown;

void
ctl_output_progress (const char *text)
{
  if (!isatty (STDERR_FILENO))
    return;
  progress_shown = TRUE;
  fprintf (stderr, "\r\033[K%s", text);
}

void
ctl_output_clear_progress (void)
{
  if (progress_shown)
    fputs ("\r\033[K", stderr);
  progress_shown = FALSE;
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
    widths[i % self->n_columns] =
      MAX (widths[i % self->n_columns], get_width (g_ptr_array_index (self->cells, i)));

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
