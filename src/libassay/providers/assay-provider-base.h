/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider's connector stands on: the channel to its vendor, and calls that ask once or more often and end
 * with what the last answer said. A vendor's own file is left with its addresses, its members and its description. */
#pragma once

#include "assay-connector-base.h"
#include "assay-json.h"
#include "assay-provider.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PROVIDER_BASE (assay_provider_base_get_type ())
G_DECLARE_DERIVABLE_TYPE (AssayProviderBase, assay_provider_base, ASSAY, PROVIDER_BASE, AssayConnectorBase)

/**
 * AssayProviderBaseClass:
 * @refused: untranslated, the sentence for a key that is refused
 * @nothing_there: untranslated, the sentence for a base address under which there is no list of assessments
 * @complete_probe: (nullable): adds to the test's outcome what else the list told
 *
 * Implements #AssayProvider's test of a connection by listing the assessments, for a vendor whose key is all or
 * nothing. A subclass implements the interface again for all else, and for the test where there is more to find out.
 */
struct _AssayProviderBaseClass
{
  AssayConnectorBaseClass parent_class;

  const char *refused;
  const char *nothing_there;
  void (*complete_probe) (AssayProviderBase *self, AssayProbe *probe);
};

/**
 * AssayProviderPages:
 * @what: untranslated, what is listed: "TestGorilla's list of assessments"
 * @records: (nullable): the member of a page that holds its records; "results" unless told otherwise
 * @new_request: (transfer full): asks for a page: the first if @next_query is NULL and @offset is 0
 *   (@next_query is that of the address that the page before named as the next, @offset counts the records so far)
 * @take: reads a record; what it returns (transfer full) ends the call, NULL goes on
 * @end: what the call ends with after the last record, as of #AssayConnectorCall
 * @max_pages: how many are read at most, or 0 for as many as any list can have
 * @end_early: (nullable): what the call ends with when there are more pages than that
 * @free_value: frees what @take and @end return
 * @tells_absence: whether the end of the list means that something isn't there: then a list that has more than it
 *   shows, or an entry that can't be read, is %ASSAY_ERROR_BAD_RESPONSE
 *
 * A list that comes in pages as Django's REST framework sends them: `{"count": …, "next": …, "results": […]}`, of which
 * "next" and "count" may be left out; a "next" that is empty is none. Only that there is a next page is believed, and
 * what it is called there, but never where: the key goes to our own address.
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
