/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ATS's connector stands on, besides what every connector does: the test of what its key may do, and long
 * lists that are read without holding the window up. A vendor's own files are left with its addresses, its members
 * and its description. */
#pragma once

#include "assay-ats.h"
#include "assay-connector-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_ATS_BASE (assay_ats_base_get_type ())
G_DECLARE_DERIVABLE_TYPE (AssayAtsBase, assay_ats_base, ASSAY, ATS_BASE, AssayConnectorBase)

/* The test of a connection */

/* What stands for a record's id in the path of an #AssayAtsTrial. */
#define ASSAY_ATS_TRIAL_RECORD "{record}"

/**
 * AssayAtsTrial:
 * @path: (nullable): what is read: a harmless request that takes this permission and no other. With
 *   %ASSAY_ATS_TRIAL_RECORD in it, it is asked for only once a record's id is known
 * @query: (nullable): name, value, name, value, …, NULL
 * @new_request: (nullable): (transfer full): the request itself, in place of the two above, where they don't say it
 * @repeats_first: whether it asks what the first permission's trial asks, and for more: if that is refused, this
 *   would be too
 * @hidden_unless_granted: whether there is nothing to show of it, and nothing to grant, where it isn't there
 *
 * How one permission is tried. One with neither a path nor a request isn't: only writing would show it.
 */
typedef struct
{
  const char *path;
  const char *const *query;
  AssayHttpRequest *(*new_request) (AssayAtsBase *self);
  gboolean repeats_first;
  gboolean hidden_unless_granted;
} AssayAtsTrial;

/* What an answer that isn't good says of the permission that was tried. */
typedef enum
{
  ASSAY_ATS_VERDICT_GRANTED,   /* it is there */
  ASSAY_ATS_VERDICT_REFUSED,   /* it isn't; the others may be */
  ASSAY_ATS_VERDICT_UNSEEN,    /* nothing; the others can be seen */
  ASSAY_ATS_VERDICT_BROKEN,    /* this isn't about one permission: it is said once, and what is left can't be known */
} AssayAtsVerdict;

/**
 * AssayAtsTesting:
 * @connector: what is tested
 * @probe: what was found so far
 * @permission: the index, in the description, of the permission that is being tried
 * @tries_key: whether that is none yet: it is the key itself
 * @is_first: whether it is the first request
 * @record: (nullable): the id of a record that may be asked for; whoever reads an answer sets it
 *
 * A test that is going on.
 */
typedef struct
{
  AssayAtsBase *connector;
  AssayProbe *probe;
  guint permission;
  gboolean tries_key;
  gboolean is_first;
  char *record;
} AssayAtsTesting;

/**
 * AssayAtsTest:
 * @trials: as many as the description has permissions, in its order
 * @key_trial: (nullable): what is asked before them and takes no permission
 * @nothing_there: untranslated, the sentence for a base address that leads elsewhere, as the first answer shows
 * @new_read: (transfer full): a request that reads a path
 * @read: whether an answer is the vendor's; notes what else it tells
 * @judge: what it means that there is no good answer; may put the error into the vendor's words
 * @dup_account: (nullable): (transfer full) (nullable): the account's name, where it is known without asking
 * @is_needed: (nullable): whether a permission is needed, where the settings decide; as the description says unless
 *   told otherwise
 * @presume: (nullable): whether a permission that isn't tried is there; %ASSAY_GRANTED_UNKNOWN unless told otherwise
 * @dup_remedy: (nullable): (transfer full) (nullable): how to grant a permission; NULL for what the description says
 *
 * How the permissions of a vendor's key are found out. Constant data.
 */
typedef struct
{
  const AssayAtsTrial *trials;
  const AssayAtsTrial *key_trial;
  const char *nothing_there;
  AssayHttpRequest *(*new_read) (AssayAtsBase *self, const char *path);
  gboolean (*read) (AssayAtsTesting *testing, JsonNode *root, GError **error);
  AssayAtsVerdict (*judge) (AssayAtsTesting *testing, GError **error);
  char *(*dup_account) (AssayAtsBase *self);
  gboolean (*is_needed) (AssayAtsBase *self, guint permission);
  AssayGranted (*presume) (AssayAtsBase *self, guint permission);
  char *(*dup_remedy) (AssayAtsBase *self, guint permission);
} AssayAtsTest;

/**
 * AssayAtsBaseClass:
 * @test: how a connection is tested
 *
 * Implements #AssayAts's test of a connection: a walk over the permissions, one request at a time, each told of as it
 * is known. A subclass implements the interface again for all else.
 */
struct _AssayAtsBaseClass
{
  AssayConnectorBaseClass parent_class;

  const AssayAtsTest *test;
};

/* AssayAts's function of that name. */
void assay_ats_base_probe_async (AssayAts            *ats,
                                 AssayProbeProgress   progress,
                                 gpointer             progress_data,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);

/* Lists */

/**
 * AssayAtsList:
 * @decode: reads a page, of which @asked (nullable) is the token that it was asked for by. On a worker thread, since
 *   a long page takes longer than a frame lasts: of the connector it may read what is set once, when that is made
 * @judge: (nullable): as an #AssayConnectorCall's, also of what @decode finds wrong
 * @end: (nullable): what the call ends with (transfer full) in place of the page, which it is given (transfer full);
 *   NULL with @error. If it asks further on @task, its NULL ends nothing
 * @free_value: frees what @end returns
 *
 * What is to be made of a page of a list. Constant data.
 */
typedef struct
{
  AssayPage *(*decode) (GTask *task, JsonNode *root, const char *asked, GError **error);
  GError *(*judge) (GTask *task, GError *error);
  gpointer (*end) (GTask *task, AssayPage *page, GError **error);
  GDestroyNotify free_value;
} AssayAtsList;

/* Sends @request (transfer full) and ends @task with the page that comes. @asked: (nullable) */
void  assay_ats_base_read_page (GTask *task, const AssayAtsList *list, AssayHttpRequest *request, const char *asked);

/* For an #AssayAtsList's end: the one record that @page (transfer full) is to have; else @error says @sentence. */
gpointer assay_ats_base_take_only (AssayPage *page, const char *sentence, GError **error);

/* (transfer full) (nullable): the id of the application in @page of the person with that e-mail address, as
 * assay_email_fold() has it. @since: Unix milliseconds; older ones don't count, where their age is known */
char *assay_ats_base_find_person (const AssayPage *page, const char *email, gint64 since);

/* Asks for what @document holds; @call is to be one of a download. */
void assay_ats_base_download (GTask *task, const AssayConnectorCall *call, const AssayDocument *document);

G_END_DECLS
