/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms with files in them. */

#include "config.h"

#include "sandbox-multipart.h"

#include <string.h>

static void
part_free (gpointer data)
{
  SandboxPart *part = data;

  g_free (part->name);
  g_free (part->filename);
  g_free (part->content_type);
  g_clear_pointer (&part->bytes, g_bytes_unref);
  g_free (part);
}

/* The quoted value after @start in the line; %NULL where it isn't there. (transfer full) (nullable) */
static char *
dup_quoted (const char *line,
            const char *start)
{
  const char *value = strstr (line, start);
  const char *end = value != NULL ? strchr (value + strlen (start), '"') : NULL;

  if (end == NULL || (end[1] != '\0' && end[1] != ';'))
    return NULL;
  return g_strndup (value + strlen (start), (gsize) (end - value) - strlen (start));
}

static gboolean
read_header (SandboxPart *part,
             const char  *line)
{
  static const char disposition[] = "Content-Disposition: form-data; ";
  static const char type[] = "Content-Type: ";

  if (g_str_has_prefix (line, disposition) && part->name == NULL)
    {
      part->name = dup_quoted (line, "; name=\"");
      part->filename = dup_quoted (line, "; filename=\"");
      return part->name != NULL && g_utf8_validate (line, -1, NULL);
    }
  if (g_str_has_prefix (line, type) && part->content_type == NULL)
    {
      part->content_type = g_strdup (line + strlen (type));
      return TRUE;
    }
  return FALSE;
}

/* From @start, behind a separator's line, to @end, before the next one's line break. */
static SandboxPart *
read_part (const char *start,
           const char *end)
{
  SandboxPart *part = g_new0 (SandboxPart, 1);

  for (;;)
    {
      const char *line_end = memmem (start, (gsize) (end - start), "\r\n", 2);
      g_autofree char *line = line_end != NULL ? g_strndup (start, (gsize) (line_end - start)) : NULL;

      if (line == NULL || (*line != '\0' && !read_header (part, line)))
        break;
      start = line_end + 2;
      if (*line == '\0')
        {
          if (part->name == NULL)
            break;
          part->bytes = g_bytes_new (start, (gsize) (end - start));
          return part;
        }
    }
  part_free (part);
  return NULL;
}

GPtrArray *
sandbox_multipart_parse (SandboxRequest *request)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (part_free);
  g_autoptr (GHashTable) parameters = NULL;
  g_autofree char *separator = NULL;
  const char *boundary, *at, *end;
  gsize size;

  if (g_strcmp0 (soup_message_headers_get_content_type (request->headers, &parameters), "multipart/form-data") != 0)
    return NULL;
  boundary = parameters != NULL ? g_hash_table_lookup (parameters, "boundary") : NULL;
  if (boundary == NULL || *boundary == '\0' || strlen (boundary) > 70)
    return NULL;
  separator = g_strdup_printf ("\r\n--%s", boundary);
  at = g_bytes_get_data (request->body, &size);
  end = at + size;
  /* The first one has no line break before it. */
  if (size < strlen (separator) - 2 || memcmp (at, separator + 2, strlen (separator) - 2) != 0)
    return NULL;
  at += strlen (separator) - 2;
  for (;;)
    {
      const char *next;
      SandboxPart *part;

      if (end - at >= 2 && memcmp (at, "--", 2) == 0)
        return end - at == 4 && memcmp (at, "--\r\n", 4) == 0 ? g_steal_pointer (&parts) : NULL;
      if (end - at < 2 || memcmp (at, "\r\n", 2) != 0)
        return NULL;
      at += 2;
      next = memmem (at, (gsize) (end - at), separator, strlen (separator));
      part = next != NULL ? read_part (at, next) : NULL;
      if (part == NULL)
        return NULL;
      g_ptr_array_add (parts, part);
      at = next + strlen (separator);
    }
}

char *
sandbox_part_dup_text (const SandboxPart *part)
{
  gsize size;
  const char *data = g_bytes_get_data (part->bytes, &size);

  if (part->filename != NULL || !g_utf8_validate_len (data, size, NULL) || memchr (data, '\0', size) != NULL)
    return NULL;
  return g_strndup (data, size);
}
