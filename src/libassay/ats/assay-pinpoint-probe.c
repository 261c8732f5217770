/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a key at Pinpoint may do: each category that can be asked for without changing anything is asked once,
 * with a page of one row. Whether it may write can't be known before it does. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>

#include "assay-json.h"

static const char *const one_row[] = { "page[size]", "1", NULL };

static const AssayAtsTrial trials[ASSAY_PINPOINT_N_PERMISSIONS] = {
  [ASSAY_PINPOINT_READS_JOBS] = { .path = "jobs", .query = one_row },
  [ASSAY_PINPOINT_READS_APPLICATIONS] = { .path = "applications", .query = one_row },
  [ASSAY_PINPOINT_READS_CUSTOM_FIELDS] = { .path = "custom_fields", .query = one_row },
  [ASSAY_PINPOINT_READS_CUSTOM_ATTRIBUTES] = { .path = "custom_attributes", .query = one_row },
  [ASSAY_PINPOINT_READS_USERS] = { .path = "users", .query = one_row },
  /* Known by name only. */
  [ASSAY_PINPOINT_READS_ASSESSMENTS] = { .path = "candidate_assessments", .query = one_row,
                                         .hidden_unless_granted = TRUE },
};

static AssayHttpRequest *
new_read (AssayAtsBase *base,
          const char   *path)
{
  return assay_pinpoint_new_read (path);
}

/* No endpoint names the account; its address does. */
static char *
dup_account (AssayAtsBase *base)
{
  return g_strdup (ASSAY_PINPOINT (base)->subdomain);
}

/* Whether Assay does something with it here: the score's field is a setting. */
static gboolean
is_needed (AssayAtsBase *base,
           guint         permission)
{
  if (permission == ASSAY_PINPOINT_READS_CUSTOM_FIELDS || permission == ASSAY_PINPOINT_READS_CUSTOM_ATTRIBUTES)
    return ASSAY_PINPOINT (base)->writes_scores;
  return assay_pinpoint_description.permissions[permission].needed;
}

static gboolean
read_answer (AssayAtsTesting *testing,
             JsonNode        *root,
             GError         **error)
{
  JsonObject *document = assay_json_expect_object (root, "Pinpoint's answer", error);

  return document != NULL && assay_json_expect_member_array (document, "data", "Pinpoint's answer", error) != NULL;
}

static gboolean
is_about_the_account (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED);
}

static AssayAtsVerdict
judge (AssayAtsTesting *testing,
       GError         **error)
{
  const AssayPermissionDescription *permission = &assay_pinpoint_description.permissions[testing->permission];
  g_autoptr (GError) refusal = NULL;

  if (!g_error_matches (*error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return is_needed (testing->connector, testing->permission) || is_about_the_account (*error)
             ? ASSAY_ATS_VERDICT_BROKEN
             : ASSAY_ATS_VERDICT_UNSEEN;
  refusal = g_steal_pointer (error);
  *error = assay_error_new_from_vendor (
    ASSAY_ERROR_FORBIDDEN, assay_error_get_vendor_status (refusal), assay_error_get_vendor_detail (refusal),
    /* Translators: %1$s is a permission's name such as "Job", %2$s an access such as "Read" */
    _ ("Pinpoint refuses the key the permission “%1$s: %2$s”. In Pinpoint open Settings, API & Webhooks, "
       "make sure that the API is switched on, edit the key and grant it, then check again."),
    permission->name, permission->access);
  return ASSAY_ATS_VERDICT_REFUSED;
}

const AssayAtsTest assay_pinpoint_test = {
  .trials = trials,
  .nothing_there = N_ ("Pinpoint's API isn't at this address. Check the subdomain; and if you entered a base "
                       "address, it ends in “/api/v1”, and is best left empty."),
  .new_read = new_read,
  .read = read_answer,
  .judge = judge,
  .dup_account = dup_account,
  .is_needed = is_needed,
};
