/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a file that a user chose. */
#include "config.h"

#include "assay-local-file.h"

#include <glib/gi18n-lib.h>

#include "assay-error.h"

#define STEP (256u * 1024u)

/* Translates GIO's words, which name the call that failed, into what is wrong with the file. */
static void
set_error (GFile         *file,
           const GError  *cause,
           GError       **error)
{
  g_autofree char *name = g_file_get_parse_name (file);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("There is no file “%s”. Check its name."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("“%s” is a folder. Choose a file in it."), name);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("You aren't allowed to read “%s”. Check its permissions."),
                 name);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 /* Translators: %1$s is a file's name, %2$s the system's reason */
                 _ ("“%1$s” can't be read: %2$s."), name, cause->message);
}

GBytes *
assay_local_file_load (GFile         *file,
                       gsize          limit,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &local_error);
  g_autoptr (GByteArray) content = g_byte_array_new ();

  while (stream != NULL)
    {
      gsize before = content->len;
      gsize length = 0;

      /* One byte more than there may be tells whether there is more. */
      g_byte_array_set_size (content, (guint) (before + MIN (STEP, limit + 1 - before)));
      if (!g_input_stream_read_all (G_INPUT_STREAM (stream), content->data + before, content->len - before, &length,
                                    cancellable, &local_error))
        break;
      if (before + length > limit)
        return NULL;
      if (before + length < content->len)
        {
          g_byte_array_set_size (content, (guint) (before + length));
          return g_byte_array_free_to_bytes (g_steal_pointer (&content));
        }
    }
  set_error (file, local_error, error);
  return NULL;
}
