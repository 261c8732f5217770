/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading an answer's body in pieces, counting, decoding gzip under the same limit. Internal to http/. */
#pragma once

#include <gio/gio.h>

#include "assay-error.h"

G_BEGIN_DECLS

/**
 * AssayHttpBodyFlags:
 * @ASSAY_HTTP_BODY_NONE: the body as it comes
 * @ASSAY_HTTP_BODY_GZIP: it is compressed, and to be decompressed
 * @ASSAY_HTTP_BODY_PREFIX: the first bytes do: stop at the limit, and at a fault, without an error
 */
typedef enum
{
  ASSAY_HTTP_BODY_NONE = 0,
  ASSAY_HTTP_BODY_GZIP = 1 << 0,
  ASSAY_HTTP_BODY_PREFIX = 1 << 1,
} AssayHttpBodyFlags;

/* Reads @stream until its end, at most @limit bytes both before and after decoding. Errors are those of the
 * stream, %G_IO_ERROR_NO_SPACE past the limit, and %G_IO_ERROR_INVALID_DATA or %G_IO_ERROR_PARTIAL_INPUT for
 * compressed data that is damaged or cut. */
void    assay_http_body_read_async (GInputStream        *stream,
                                    AssayHttpBodyFlags   flags,
                                    gsize                limit,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data);
/* Returns: (transfer full): the body */
GBytes *assay_http_body_read_finish (GInputStream  *stream,
                                     GAsyncResult  *result,
                                     GError       **error);

G_END_DECLS
