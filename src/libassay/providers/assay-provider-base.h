/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider's connector stands on: the channel to its vendor, and calls that ask once or more often and end with what
 * the last answer said. A vendor's own file is left with its addresses, its members and its description. */
#pragma once

#include "assay-http.h"
#include "assay-json.h"
#include "assay-provider.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PROVIDER_BASE (assay_provider_base_get_type ())
G_DECLARE_DERIVABLE_TYPE (AssayProviderBase, assay_provider_base, ASSAY, PROVIDER_BASE, GObject)

/**
 * AssayProviderBaseClass:
 * @refused: untranslated, the sentence for a key that is refused
 * @nothing_there: untranslated, the sentence for a base address under which there is no list of assessments
 * @complete_probe: (nullable): adds to the test's outcome what else the list told
 *
 * Implements #AssayProvider's test of a connection by listing the assessments, for a vendor whose key is all or nothing. A
 * subclass implements the interface again for all else, and for the test where there is more to find out. No finish
 * function is needed for a call whose result is its #GTask's.
 */
struct _AssayProviderBaseClass
{
  GObjectClass parent_class;

  const char *refused;
  const char *nothing_there;
  void (*complete_probe) (AssayProviderBase *self, AssayProbe *probe);
};

/**
 * assay_provider_base_new:
 * @type: a subclass
 * @description: its kind; must live as long as the object
 * @error: return location for %ASSAY_ERROR_INVALID, if there is no base address
 *
 * Returns: (transfer full) (nullable): a connector of @type, with a channel that has no credential yet
 */
gpointer assay_provider_base_new (GType                             type,
                                  const AssayConnectorDescription  *description,
                                  const AssayConnectorContext      *context,
                                  GError                          **error);

/* As assay_provider_base_new(), for a provider that sentences call @vendor instead of by its kind's name. */
gpointer assay_provider_base_new_named (GType                             type,
                                        const AssayConnectorDescription  *description,
                                        const AssayConnectorContext      *context,
                                        const char                       *vendor,
                                        GError                          **error);

const AssayConnectorDescription *assay_provider_base_get_description (AssayProviderBase *self);
/* Whom sentences speak of. */
const char                      *assay_provider_base_get_vendor (AssayProviderBase *self);
/* (transfer none) */
AssayHttpChannel                *assay_provider_base_get_channel (AssayProviderBase *self);

/**
 * AssayProviderCall:
 * @read: reads an answer and returns what the call ends with (transfer full), NULL with @error, or NULL without one for
 *   "there is none". If it asks further on @task, its NULL ends nothing
 * @free_value: frees what @read returns; NULL for a call that returns whether something is done: then what @read returns is
 *   TRUE or FALSE
 * @judge: (nullable): what it means that there is no good answer: returns the error to hand on (transfer full), which it is
 *   given (transfer full); NULL for "there is none", or if it asks further on @task
 * @reads_missing: whether @read takes what isn't there (404) for an answer, with a NULL root
 * @invites: whether this is an invitation: a refusal is told apart from a duplicate, and a good answer that @read finds to be
 *   %ASSAY_ERROR_BAD_RESPONSE is unsure, since it may well have been sent
 *
 * What is to be made of an answer. Constant data.
 */
typedef struct
{
  gpointer (*read) (GTask *task, JsonNode *root, GError **error);
  GDestroyNotify free_value;
  GError *(*judge) (GTask *task, GError *error);
  gboolean reads_missing;
  gboolean invites;
} AssayProviderCall;

/* (transfer full): of an interface's function, with @self as its source; @tag is that function. */
#define assay_provider_base_begin(self, tag, cancellable, callback, user_data) \
  assay_provider_base_begin_tagged ((self), (gpointer) (tag), (cancellable), (callback), (user_data))
GTask *assay_provider_base_begin_tagged (gpointer             self,
                                         gpointer             tag,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);

/**
 * assay_provider_base_ask:
 * @task: of an #AssayProviderBase; it ends when the answer is there and nothing further was asked
 * @call: what is made of the answer
 * @request: (transfer full)
 *
 * Sends @request and has its answer read. An invitation is seen to its end even when the caller has given up by then: what
 * came of a request on the wire must be learned.
 */
void assay_provider_base_ask (GTask                   *task,
                              const AssayProviderCall *call,
                              AssayHttpRequest        *request);

/* An #AssayProviderCall's judge: what isn't there is none, and no failure. */
GError *assay_provider_base_missing_is_none (GTask *task, GError *error);

/* (transfer full): a request whose answer is JSON */
AssayHttpRequest *assay_provider_base_new_request (AssayHttpKind  kind,
                                                   const char    *method,
                                                   const char    *path);

/**
 * AssayProviderPages:
 * @what: untranslated, what is listed: "TestGorilla's list of assessments"
 * @records: (nullable): the member of a page that holds its records; "results" unless told otherwise
 * @new_request: (transfer full): asks for a page: the first if @next_query is NULL and @offset is 0
 *   (@next_query is that of the address that the page before named as the next, @offset counts the records so far)
 * @take: reads a record; what it returns (transfer full) ends the call, NULL goes on
 * @end: what the call ends with after the last record, as of #AssayProviderCall
 * @max_pages: how many are read at most, or 0 for as many as any list can have
 * @end_early: (nullable): what the call ends with when there are more pages than that
 * @free_value: frees what @take and @end return
 * @tells_absence: whether the end of the list means that something isn't there: then a list that has more than it shows, or an
 *   entry that can't be read, is %ASSAY_ERROR_BAD_RESPONSE
 *
 * A list that comes in pages as Django's REST framework sends them: `{"count": …, "next": …, "results": […]}`, of which
 * "next" and "count" may be left out; a "next" that is empty is none. Only that there is a next page is believed, and what it
 * is called there, but never where: the key goes to our own address.
 */
typedef struct
{
  const char *what;
  const char *records;
  AssayHttpRequest *(*new_request) (GTask *task, const char *next_query, guint offset);
  gpointer (*take) (GTask *task, JsonObject *record, GError **error);
  gpointer (*end) (GTask *task, GError **error);
  guint max_pages;
  gpointer (*end_early) (GTask *task, GError **error);
  GDestroyNotify free_value;
  gboolean tells_absence;
} AssayProviderPages;

/* Reads pages until a record ends @task, or the last one was there. */
void assay_provider_base_read_pages (GTask                    *task,
                                     const AssayProviderPages *pages);
/* Adds to @request what the query @query holds, such as that of a next page. */
void assay_provider_base_add_query (AssayHttpRequest *request,
                                    const char       *query);

G_END_DECLS
