/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists that a provider gives page by page, by `limit` and `offset`. Not for anybody but the connectors. */
#pragma once

#include "assay-http.h"

G_BEGIN_DECLS

/* What is to be read. Borrowed for the call, except @what. */
typedef struct
{
  const char *path;             /* below the channel's base address, escaped */
  const char *records;          /* the member of an answer that holds the records: "data", "results" */
  const char *what;             /* what it is, for sentences: "HackerRank's list of tests"; outlives the call */
  const char *const *query;     /* (nullable) further parameters: name, value, name, value …, NULL-terminated */
  gboolean background;          /* lets every other request go first */
} AssayProviderPages;

/* Takes one record, in the order of the list. @record is borrowed for the call.
 * Returns: whether to go on */
typedef gboolean (*AssayProviderRecordFunc) (JsonObject *record, gpointer data);

/**
 * assay_provider_read_pages_async:
 * @channel: the provider's
 * @pages: what is to be read
 * @take: called for each record that is an object
 * @data: for @take; must live until @callback
 * @cancellable: (nullable): a #GCancellable
 * @callback: called at the end
 * @user_data: for @callback
 *
 * Reads until the provider names no further page in `next`, a page is empty, or @take has enough. Only that there is a
 * further page, and its offset, is believed of `next`, and not its address: the key goes to our own.
 */
void     assay_provider_read_pages_async (AssayHttpChannel *channel, const AssayProviderPages *pages,
                                          AssayProviderRecordFunc take, gpointer data, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
/* Errors are those of the channel; %ASSAY_ERROR_BAD_RESPONSE for another shape and for a list without an end. */
gboolean assay_provider_read_pages_finish (GAsyncResult *result, GError **error);

G_END_DECLS
