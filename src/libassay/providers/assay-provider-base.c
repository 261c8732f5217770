/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider's connector stands on. */
#include "config.h"

#include "assay-provider-base.h"

#include <glib/gi18n-lib.h>

#include "assay-provider-wire.h"

#define MAX_PAGES 100u

static void assay_provider_base_provider_init (AssayProviderInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (AssayProviderBase, assay_provider_base, ASSAY_TYPE_CONNECTOR_BASE,
                                  G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_provider_base_provider_init))

/* (transfer full): what @error, which is given away, means for an invitation */
static GError *
judge_invitation (GTask  *task,
                  GError *error)
{
  const char *vendor = assay_connector_base_get_vendor (g_task_get_source_object (task));

  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
    return assay_provider_judge_refusal (error, vendor);
  /* It said yes, but not to what: it may well have sent the mail. */
  g_error_free (error);
  return g_error_new (ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                      _ ("%s accepted the invitation but its answer is not what it should be, so whether it "
                         "arrived isn't certain. Look in %s whether the candidate is listed there."),
                      vendor, vendor);
}

static void
assay_provider_base_class_init (AssayProviderBaseClass *klass)
{
  ASSAY_CONNECTOR_BASE_CLASS (klass)->judge_invitation = judge_invitation;
}

static void
assay_provider_base_init (AssayProviderBase *self)
{
}

/* Lists in pages */

/* Kept by the task, since its data is the vendor's. */
typedef struct
{
  const AssayProviderPages *pages;
  AssayConnectorCall call;
  guint n_pages;
  guint n_records;
} Turning;

static G_DEFINE_QUARK (assay-provider-base-turning, turning)

static void
ask_page (GTask      *task,
          Turning    *turning,
          const char *next_query)
{
  assay_connector_base_ask (task, &turning->call, turning->pages->new_request (task, next_query, turning->n_records));
}

/* (transfer full) (nullable): the query of the next page as @page names it, "" if it is known by counting only, NULL if
 * there is none. A page without a record is the last, whatever it says. */
static char *
dup_next_query (JsonObject *page,
                guint       n_on_page,
                guint       n_records)
{
  const char *next = assay_json_get_string (page, "next");
  g_autoptr (GUri) uri = NULL;
  double count;

  if (n_on_page == 0)
    return NULL;
  if (next != NULL && *next != '\0')
    {
      uri = g_uri_parse (next, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
      return g_strdup (uri != NULL && g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "");
    }
  if (!json_object_has_member (page, "next") && assay_json_get_number (page, "count", &count, NULL) &&
      n_records < count)
    return g_strdup ("");
  return NULL;
}

/* Whether a page that is the last is so by all that it says of itself. */
static gboolean
is_last (JsonObject *page,
         guint       n_on_page,
         guint       n_records)
{
  const char *next = assay_json_get_string (page, "next");
  double count;

  if (n_on_page == 0 && next != NULL && *next != '\0')
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (assay_json_get_number (page, i == 0 ? "count" : "total", &count, NULL) && count > n_records)
      return FALSE;
  return TRUE;
}

static gpointer
read_page (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  Turning *turning = g_object_get_qdata (G_OBJECT (task), turning_quark ());
  const AssayProviderPages *pages = turning->pages;
  const char *what = _ (pages->what);
  const char *member = pages->records != NULL ? pages->records : "results";
  JsonObject *page = assay_json_expect_object (root, what, error);
  JsonArray *records = page != NULL ? assay_json_expect_member_array (page, member, what, error) : NULL;
  g_autofree char *next = NULL;
  GError *failure = NULL;

  if (records == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      JsonObject *record = assay_json_array_get_object (records, i);
      gpointer found = record != NULL ? pages->take (task, record, &failure) : NULL;

      if (record == NULL && pages->tells_absence)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                       /* Translators: %s is a list, such as "TestGorilla's list of candidates" */
                       _ ("%s has an entry that can't be read. Try again later."), what);
          return NULL;
        }
      if (failure != NULL)
        g_propagate_error (error, failure);
      if (found != NULL || failure != NULL || assay_connector_base_is_asking (task))
        return found;
    }

  turning->n_pages++;
  turning->n_records += json_array_get_length (records);
  next = dup_next_query (page, json_array_get_length (records), turning->n_records);
  if (next == NULL && pages->tells_absence &&
      !is_last (page, json_array_get_length (records), turning->n_records))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                   /* Translators: %s is a list, such as "TestGorilla's list of candidates" */
                   _ ("%s came in part only. Try again later."), what);
      return NULL;
    }
  if (next == NULL)
    return pages->end (task, error);
  if (turning->n_pages == (pages->max_pages > 0 ? pages->max_pages : MAX_PAGES))
    {
      if (pages->end_early != NULL)
        return pages->end_early (task, error);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                   /* Translators: %s is what was asked for, such as "TestGorilla's list of assessments" */
                   _ ("%s has no end. Try again later."), what);
      return NULL;
    }
  ask_page (task, turning, next);
  return NULL;
}

void
assay_provider_base_read_pages (GTask                    *task,
                                const AssayProviderPages *pages)
{
  Turning *turning = g_new0 (Turning, 1);

  turning->pages = pages;
  turning->call.read = read_page;
  turning->call.free_value = pages->free_value;
  g_object_set_qdata_full (G_OBJECT (task), turning_quark (), turning, g_free);
  ask_page (task, turning, NULL);
}

void
assay_provider_base_add_query (AssayHttpRequest *request,
                               const char       *query)
{
  g_autoptr (GHashTable) parameters =
    g_uri_parse_params (query, -1, "&", G_URI_PARAMS_WWW_FORM | G_URI_PARAMS_PARSE_RELAXED, NULL);
  GHashTableIter iter;
  gpointer name, value;

  if (parameters == NULL)
    return;
  g_hash_table_iter_init (&iter, parameters);
  while (g_hash_table_iter_next (&iter, &name, &value))
    assay_http_request_add_query (request, name, value);
}

/* The test of a connection: a key is all or nothing, so that listing is the test of it. */

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const AssayProviderBaseClass *klass = ASSAY_PROVIDER_BASE_GET_CLASS (source);
  const AssayConnectorDescription *description = assay_connector_base_get_description (source);
  g_autoptr (GPtrArray) assessments = NULL;
  AssayProbe *probe;
  GError *error = NULL;

  assessments = assay_provider_list_assessments_finish (ASSAY_PROVIDER (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  probe = assay_provider_make_probe (description->permissions, error, _ (klass->refused),
                                     _ (klass->nothing_there));
  if (klass->complete_probe != NULL)
    klass->complete_probe (ASSAY_PROVIDER_BASE (source), probe);
  g_task_return_pointer (task, probe, (GDestroyNotify) assay_probe_free);
}

static void
assay_provider_base_probe_async (AssayProvider       *provider,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task =
    assay_connector_base_begin (provider, assay_provider_base_probe_async, cancellable, callback, user_data);

  assay_provider_list_assessments_async (provider, cancellable, probed_cb, task);
}

static void
assay_provider_base_provider_init (AssayProviderInterface *iface)
{
  iface->probe_async = assay_provider_base_probe_async;
}
