/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading an answer's body. libsoup would collect whatever comes, and expand what is compressed, without a
 * limit; so its content decoder is off and both are counted here. */
#include "config.h"

#include "assay-http-body.h"

#include <string.h>

/* Small enough that the worst gzip (about 1 : 1000) makes no more than some 16 MiB of one piece, in a few
 * frames' hundredths of a second. */
#define PIECE_SIZE (16u * 1024u)
#define FIRST_SIZE (16u * 1024u)

typedef struct
{
  AssayHttpBodyFlags flags;
  gsize limit;

  guint8 *data;
  gsize length;
  gsize size;
  gsize n_raw;

  GConverter *decoder; /* NULL when the body isn't compressed */
  gboolean decoder_done;
  guint8 piece[PIECE_SIZE]; /* what was read but not decoded */
} Body;

static void
body_free (Body *body)
{
  g_clear_object (&body->decoder);
  g_free (body->data);
  g_free (body);
}

/* Makes room for at least one more byte; one byte beyond the limit may be had, to see that there is more. */
static gboolean
body_grow (Body    *body,
           GError **error)
{
  gsize size = body->size == 0 ? FIRST_SIZE : body->size * 2;
  guint8 *data;

  if (body->length < body->size)
    return TRUE;
  size = MIN (size, body->limit + 1);
  data = g_try_realloc (body->data, size);
  if (data == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "Out of memory");
      return FALSE;
    }
  body->data = data;
  body->size = size;
  return TRUE;
}

static gboolean
body_check_limit (Body    *body,
                  GError **error)
{
  if (body->length <= body->limit && body->n_raw <= body->limit)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The body is longer than it may be");
  return FALSE;
}

/* Decodes @length bytes of the piece, or, with 0, what the decoder still holds at the end of the stream. */
static gboolean
body_decode (Body    *body,
             gsize    length,
             GError **error)
{
  const guint8 *input = body->piece;
  gboolean at_end = length == 0;

  while (length > 0 || (at_end && !body->decoder_done))
    {
      g_autoptr (GError) local_error = NULL;
      GConverterResult result;
      gsize n_read = 0;
      gsize n_written = 0;

      if (body->decoder_done)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               "Data after the end of the compressed body");
          return FALSE;
        }
      if (!body_grow (body, error))
        return FALSE;
      result = g_converter_convert (
        body->decoder, input, length, body->data + body->length, body->size - body->length,
        at_end ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &n_read, &n_written, &local_error);
      if (result == G_CONVERTER_ERROR)
        {
          /* It wants more input than there is so far. */
          if (!at_end && g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
            return TRUE;
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      input += n_read;
      length -= n_read;
      body->length += n_written;
      if (!body_check_limit (body, error))
        return FALSE;
      if (result == G_CONVERTER_FINISHED)
        body->decoder_done = TRUE;
    }
  return TRUE;
}

static void body_read_more (GTask *task);

/* Takes the ownership of @task and @error. */
static void
body_finish (GTask  *task,
             GError *error)
{
  Body *body = g_task_get_task_data (task);

  if (error != NULL && (body->flags & ASSAY_HTTP_BODY_PREFIX) != 0 &&
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      body->length = MIN (body->length, body->limit);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&body->data), body->length),
                           (GDestroyNotify) g_bytes_unref);
  g_object_unref (task);
}

static void
body_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  Body *body = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n_read;

  n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  if (n_read < 0)
    {
      body_finish (task, error);
      return;
    }

  body->n_raw += (gsize) n_read;
  if (body->decoder != NULL)
    body_decode (body, (gsize) n_read, &error);
  else
    body->length += (gsize) n_read;
  if (error == NULL)
    body_check_limit (body, &error);

  if (error != NULL || n_read == 0)
    body_finish (task, error);
  else
    body_read_more (task);
}

static void
body_read_more (GTask *task)
{
  GInputStream *stream = g_task_get_source_object (task);
  Body *body = g_task_get_task_data (task);
  GError *error = NULL;

  if (body->decoder != NULL)
    {
      g_input_stream_read_async (stream, body->piece, sizeof body->piece, g_task_get_priority (task),
                                 g_task_get_cancellable (task), body_read_cb, task);
      return;
    }
  if (!body_grow (body, &error))
    {
      body_finish (task, error);
      return;
    }
  g_input_stream_read_async (stream, body->data + body->length, body->size - body->length,
                             g_task_get_priority (task), g_task_get_cancellable (task), body_read_cb, task);
}

void
assay_http_body_read_async (GInputStream        *stream,
                            AssayHttpBodyFlags   flags,
                            gsize                limit,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task = g_task_new (stream, cancellable, callback, user_data);
  Body *body = g_new0 (Body, 1);

  g_task_set_source_tag (task, assay_http_body_read_async);
  body->flags = flags;
  body->limit = limit;
  if ((flags & ASSAY_HTTP_BODY_GZIP) != 0)
    body->decoder = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_task_set_task_data (task, body, (GDestroyNotify) body_free);
  body_read_more (task);
}

GBytes *
assay_http_body_read_finish (GInputStream  *stream,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
