/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever: JSON over HTTPS with a key by HTTP Basic.
 *
 * Facts: Lever's developer documentation (hire.lever.co/developer/documentation), and where a comment says "recorded",
 * answers of the production API of July 2026 that the Nango project published. What Lever calls an opportunity is one
 * person's candidacy for at most one posting: the model's application. A person (Lever: contact) may have several. */
#include "config.h"

#include "assay-lever-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

/* The most that `limit` takes. */
#define PER_PAGE "100"

static void assay_lever_ats_init (AssayAtsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayLever, assay_lever, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_ATS, assay_lever_ats_init))

static void
assay_lever_finalize (GObject *object)
{
  AssayLever *self = ASSAY_LEVER (object);

  g_clear_object (&self->channel);
  g_clear_object (&self->tokens);
  g_free (self->base_url);
  g_free (self->perform_as);
  g_clear_pointer (&self->stages, g_ptr_array_unref);

  G_OBJECT_CLASS (assay_lever_parent_class)->finalize (object);
}

static void
assay_lever_class_init (AssayLeverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_lever_finalize;
}

static void
assay_lever_init (AssayLever *self)
{
}

/* Decoding */

GPtrArray *
assay_lever_collect_records (JsonNode   *root,
                             const char *what,
                             GError    **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new ();
  JsonNode *data = root;
  JsonArray *array;

  for (guint depth = 0; depth < 2 && JSON_NODE_HOLDS_OBJECT (data); depth++)
    {
      JsonObject *envelope = json_node_get_object (data);
      JsonNode *inner = json_object_get_member (envelope, "data");

      if (inner == NULL || json_object_has_member (envelope, "id"))
        break;
      data = inner;
    }

  if (JSON_NODE_HOLDS_OBJECT (data))
    {
      g_ptr_array_add (records, json_node_get_object (data));
      return g_steal_pointer (&records);
    }
  array = assay_json_expect_array (data, what, error);
  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *record = assay_json_expect_object (json_array_get_element (array, i), what, error);

      if (record == NULL)
        return NULL;
      g_ptr_array_add (records, record);
    }
  return g_steal_pointer (&records);
}

typedef gpointer (*DecodeRecord) (JsonObject *record, gpointer data, GError **error);

static AssayPage *
decode_page (JsonNode       *root,
             const char     *what,
             DecodeRecord    decode,
             gpointer        data,
             GDestroyNotify  free_item,
             GError        **error)
{
  g_autoptr (AssayPage) page = assay_page_new (free_item);
  g_autoptr (GPtrArray) records = assay_lever_collect_records (root, what, error);

  if (records == NULL)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    {
      gpointer item = decode (g_ptr_array_index (records, i), data, error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (page->items, item);
    }

  /* Some lists have no `hasNext` at all (recorded): they are whole. */
  if (JSON_NODE_HOLDS_OBJECT (root) && assay_json_get_boolean (json_node_get_object (root), "hasNext", FALSE))
    {
      const char *next = assay_json_get_string (json_node_get_object (root), "next");

      if (next == NULL || *next == '\0')
        {
          g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                               _ ("Lever says that there are more records, but not how to ask for them. Try again "
                                  "later."));
          return NULL;
        }
      page->next = g_strdup (next);
    }
  return g_steal_pointer (&page);
}

static gboolean
is_filled (const char *text)
{
  return text != NULL && *text != '\0';
}

/* (nullable) (transfer full): empty strings are how Lever says that there is nothing. */
static char *
dup_filled (JsonObject *record,
            const char *member)
{
  const char *text = assay_json_get_string (record, member);

  return is_filled (text) ? g_strdup (text) : NULL;
}

/* The text of a member that is a string, or by `expand` an object with a `text`. (nullable) (transfer none) */
static const char *
get_node_text (JsonNode *node)
{
  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return assay_json_get_string (json_node_get_object (node), "text");
  return NULL;
}

/* The id of a member that is an id, or by `expand` an object with one. (nullable) (transfer full) */
static char *
dup_reference (JsonObject *record,
               const char *member)
{
  JsonObject *expanded = assay_json_get_object (record, member);
  g_autofree char *id = expanded != NULL ? assay_json_dup_string (expanded, "id")
                                         : assay_json_dup_string (record, member);

  return is_filled (id) ? g_steal_pointer (&id) : NULL;
}

/* (nullable) (transfer full): the first filled string of an array */
static char *
dup_first_text (JsonObject *record,
                const char *member)
{
  JsonArray *array = assay_json_get_array (record, member);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *text = get_node_text (json_array_get_element (array, i));

      if (is_filled (text))
        return g_strdup (text);
    }
  return NULL;
}

static gpointer
decode_stage (JsonObject *record,
              gpointer    data,
              GError    **error)
{
  g_autoptr (AssayStage) stage = assay_stage_new ();

  stage->remote_id = assay_json_expect_member_id (record, "id", "Lever's list of stages", error);
  if (stage->remote_id == NULL)
    return NULL;
  stage->name = assay_json_dup_string (record, "text");
  if (!is_filled (stage->name))
    {
      g_free (stage->name);
      stage->name = g_strdup (stage->remote_id);
    }
  return g_steal_pointer (&stage);
}

AssayPage *
assay_lever_decode_stages (JsonNode *root,
                           GError  **error)
{
  AssayPage *page = decode_page (root, "Lever's list of stages", decode_stage, NULL,
                                 (GDestroyNotify) assay_stage_free, error);

  for (guint i = 0; page != NULL && i < page->items->len; i++)
    ((AssayStage *) g_ptr_array_index (page->items, i))->position = (int) i;
  return page;
}

static gpointer
decode_posting (JsonObject *record,
                gpointer    data,
                GError    **error)
{
  GPtrArray *stages = data;
  g_autoptr (AssayJob) job = assay_job_new ();
  JsonObject *categories = assay_json_get_object (record, "categories");

  job->remote_id = assay_json_expect_member_id (record, "id", "Lever's list of postings", error);
  if (job->remote_id == NULL)
    return NULL;
  job->title = assay_json_dup_string (record, "text");
  if (!is_filled (job->title))
    {
      g_free (job->title);
      job->title = g_strdup_printf (_ ("Job %s"), job->remote_id);
    }
  job->status = assay_json_dup_string (record, "state");
  /* "internal" is what Lever's window calls unlisted; the other states are draft, pending, rejected and closed. */
  job->open = g_strcmp0 (job->status, "published") == 0 || g_strcmp0 (job->status, "internal") == 0;
  job->confidential = g_strcmp0 (assay_json_get_string (record, "confidentiality"), "confidential") == 0;
  job->updated_at = assay_json_get_time (record, "updatedAt");
  if (categories != NULL)
    {
      job->department = assay_json_dup_string (categories, "department");
      if (job->department == NULL)
        job->department = assay_json_dup_string (categories, "team");
      job->location = assay_json_dup_string (categories, "location");
    }

  for (guint i = 0; stages != NULL && i < stages->len; i++)
    {
      const AssayStage *stage = g_ptr_array_index (stages, i);
      AssayStage *copy = assay_stage_new ();

      copy->remote_id = g_strdup (stage->remote_id);
      copy->name = g_strdup (stage->name);
      copy->position = stage->position;
      g_ptr_array_add (job->stages, copy);
    }
  return g_steal_pointer (&job);
}

AssayPage *
assay_lever_decode_postings (JsonNode  *root,
                             GPtrArray *stages,
                             GError   **error)
{
  return decode_page (root, "Lever's list of postings", decode_posting, stages, (GDestroyNotify) assay_job_free, error);
}

/* Lever has one field for a name, providers want two. The last word is the last name, so that both together read as
 * Lever's did. */
static void
decode_name (AssayApplication *application,
             JsonObject       *record)
{
  g_autofree char *name = g_strstrip (g_strdup (assay_json_get_string (record, "name") != NULL
                                                  ? assay_json_get_string (record, "name")
                                                  : ""));
  char *space = strrchr (name, ' ');

  g_free (application->full_name);
  if (*name == '\0')
    {
      if (application->email != NULL)
        application->full_name = g_strdup (application->email);
      else
        application->full_name = g_strdup_printf (_ ("Candidate %s"), application->remote_id);
      return;
    }
  application->full_name = g_strdup (name);
  if (space != NULL)
    {
      application->last_name = g_strdup (space + 1);
      application->first_name = g_strchomp (g_strndup (name, (gsize) (space - name)));
    }
  else
    application->first_name = g_strdup (name);
}

static char *
dup_phone (JsonObject *record)
{
  JsonArray *array = assay_json_get_array (record, "phones");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *phone = assay_json_array_get_object (array, i);
      g_autofree char *value = phone != NULL ? assay_json_dup_string (phone, "value") : NULL;

      /* The list of types has "skype" in it, whose value is no number. */
      if (is_filled (value) && g_strcmp0 (assay_json_get_string (phone, "type"), "skype") != 0)
        return g_steal_pointer (&value);
    }
  return NULL;
}

static gboolean
host_is (const char *url,
         const char *domain)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *suffix = g_strconcat (".", domain, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && strcmp (g_uri_get_scheme (uri), "https") == 0 &&
         (g_ascii_strcasecmp (host, domain) == 0 ||
          (strlen (host) > strlen (suffix) &&
           g_ascii_strcasecmp (host + strlen (host) - strlen (suffix), suffix) == 0));
}

/* Links come with and without a scheme. */
static char *
dup_linkedin_url (JsonObject *record)
{
  JsonArray *array = assay_json_get_array (record, "links");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *link = get_node_text (json_array_get_element (array, i));
      const char *scheme_end = link != NULL ? strstr (link, "://") : NULL;
      g_autofree char *url = NULL;

      if (!is_filled (link))
        continue;
      url = g_strconcat ("https://", scheme_end != NULL ? scheme_end + 3 : link, NULL);
      if (host_is (url, "linkedin.com"))
        return g_steal_pointer (&url);
    }
  return NULL;
}

/* The posting of the one application that an opportunity may have; needs `expand=applications`. */
static char *
dup_posting (JsonObject *record)
{
  JsonArray *array = assay_json_get_array (record, "applications");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *application = assay_json_array_get_object (array, i);
      char *posting = application != NULL ? dup_reference (application, "posting") : NULL;

      if (posting != NULL)
        return posting;
    }
  return NULL;
}

static char **
decode_tags (JsonObject *record)
{
  g_autoptr (GStrvBuilder) tags = g_strv_builder_new ();
  JsonArray *array = assay_json_get_array (record, "tags");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *tag = get_node_text (json_array_get_element (array, i));

      if (is_filled (tag))
        g_strv_builder_add (tags, tag);
    }
  return g_strv_builder_end (tags);
}

/* "sourced" → "Sourced" */
static char *
dup_origin (JsonObject *record)
{
  g_autofree char *origin = assay_json_dup_string (record, "origin");

  if (!is_filled (origin))
    return NULL;
  origin[0] = g_ascii_toupper (origin[0]);
  return g_steal_pointer (&origin);
}

static gpointer
decode_opportunity (JsonObject *record,
                    gpointer    data,
                    GError    **error)
{
  g_autoptr (AssayApplication) application = assay_application_new ();
  JsonObject *stage = assay_json_get_object (record, "stage");
  JsonObject *urls = assay_json_get_object (record, "urls");
  const char *page = urls != NULL ? assay_json_get_string (urls, "show") : NULL;

  application->remote_id = assay_json_expect_member_id (record, "id", "Lever's list of opportunities", error);
  if (application->remote_id == NULL)
    return NULL;

  application->email = dup_first_text (record, "emails");
  decode_name (application, record);
  application->phone = dup_phone (record);
  application->location = dup_filled (record, "location");
  application->linkedin_url = dup_linkedin_url (record);
  application->summary = dup_filled (record, "headline");
  application->source = dup_first_text (record, "sources");
  if (application->source == NULL)
    application->source = dup_origin (record);

  application->job_remote_id = dup_posting (record);
  application->stage_remote_id = dup_reference (record, "stage");
  application->stage_name = stage != NULL ? assay_json_dup_string (stage, "text") : NULL;

  /* `archived` is null or an object; the printed samples have the older `archivedAt` instead. */
  application->archived = assay_json_get_object (record, "archived") != NULL ||
                          assay_json_get_time (record, "archivedAt") != 0;

  application->created_at = assay_json_get_time (record, "createdAt");
  application->updated_at = assay_json_get_time (record, "updatedAt");
  if (application->updated_at == 0)
    {
      /* Null for all that didn't change since Lever has the property: most records of an old account (recorded). */
      application->updated_at = MAX (assay_json_get_time (record, "lastInteractionAt"),
                                     assay_json_get_time (record, "lastAdvancedAt"));
      application->updated_at = MAX (application->updated_at, application->created_at);
    }

  if (page != NULL && host_is (page, "lever.co"))
    application->url = g_strdup (page);
  g_strfreev (application->tags);
  application->tags = decode_tags (record);
  /* They are lists of their own, see assay-lever-documents.c. */
  g_clear_pointer (&application->documents, g_ptr_array_unref);
  return g_steal_pointer (&application);
}

AssayPage *
assay_lever_decode_opportunities (JsonNode *root,
                                  GError  **error)
{
  return decode_page (root, "Lever's list of opportunities", decode_opportunity, NULL,
                      (GDestroyNotify) assay_application_free, error);
}

static gpointer
decode_deleted (JsonObject *record,
                gpointer    data,
                GError    **error)
{
  return assay_json_expect_member_id (record, "id", "Lever's list of deleted opportunities", error);
}

AssayPage *
assay_lever_decode_deleted (JsonNode *root,
                            GError  **error)
{
  return decode_page (root, "Lever's list of deleted opportunities", decode_deleted, NULL, g_free, error);
}

/* Requests */

AssayHttpRequest *
assay_lever_new_read (const char *path)
{
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", path);

  assay_http_request_add_header (request, "Accept", "application/json");
  return request;
}

char *
assay_lever_dup_path (const char *collection,
                      const char *remote_id,
                      const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (remote_id, NULL, FALSE);

  return g_strconcat (collection, "/", escaped, rest, NULL);
}

static AssayHttpRequest *
new_single_read (const char *collection,
                 const char *remote_id)
{
  g_autofree char *path = assay_lever_dup_path (collection, remote_id, NULL);

  return assay_lever_new_read (path);
}

/* Without these, the posting of each opportunity would take a request of its own. The parameter is repeated: nobody has
 * recorded that Lever splits at commas. */
static void
add_expansions (AssayHttpRequest *request)
{
  assay_http_request_add_query (request, "expand", "applications");
  assay_http_request_add_query (request, "expand", "stage");
}

/* @next is a token that Lever has percent-encoded already ("%5B3%2C149…"). It is encoded once more like any value:
 * that is how clients which are known to page through Lever send it. */
static void
add_page (AssayHttpRequest *request,
          const char       *next)
{
  assay_http_request_set_background (request, TRUE);
  assay_http_request_add_query (request, "limit", PER_PAGE);
  if (next != NULL)
    assay_http_request_add_query (request, "offset", next);
}

const char *
assay_lever_get_scope (AssayLeverPermission permission)
{
  static const char *const scopes[ASSAY_LEVER_N_PERMISSIONS] = {
    [ASSAY_LEVER_FINDS_OPPORTUNITIES] = "opportunities:write:admin",
    [ASSAY_LEVER_FINDS_OPPORTUNITY] = "opportunities:write:admin",
    [ASSAY_LEVER_FINDS_POSTINGS] = "postings:read:admin",
    [ASSAY_LEVER_FINDS_STAGES] = "stages:read:admin",
    [ASSAY_LEVER_SEES_CONFIDENTIAL] = "confidential:access:admin",
    [ASSAY_LEVER_FINDS_USER] = "users:read:admin",
    [ASSAY_LEVER_MOVES] = "opportunities:write:admin",
    [ASSAY_LEVER_ADDS_TAGS] = "opportunities:write:admin",
    [ASSAY_LEVER_REMOVES_TAGS] = "opportunities:write:admin",
    [ASSAY_LEVER_ADDS_LINKS] = "opportunities:write:admin",
    [ASSAY_LEVER_ARCHIVES] = "opportunities:write:admin",
    [ASSAY_LEVER_CREATES_NOTES] = "notes:write:admin",
    [ASSAY_LEVER_UPLOADS_FILES] = "files:write:admin",
    [ASSAY_LEVER_CREATES_OPPORTUNITIES] = "opportunities:write:admin",
    [ASSAY_LEVER_FINDS_FILES] = "files:write:admin",
    [ASSAY_LEVER_FINDS_RESUMES] = "resumes:read:admin",
    [ASSAY_LEVER_FINDS_WEBHOOKS] = "webhooks:write:admin",
    [ASSAY_LEVER_ADDS_WEBHOOKS] = "webhooks:write:admin",
    [ASSAY_LEVER_DELETES_WEBHOOKS] = "webhooks:write:admin",
  };

  return scopes[permission];
}

GError *
assay_lever_explain (AssayLever          *self,
                     GError              *error,
                     AssayLeverPermission permission)
{
  /* The two that also need access to confidential data, if that is asked for. */
  gboolean confidential = self->confidential && (permission == ASSAY_LEVER_FINDS_OPPORTUNITIES ||
                                                 permission == ASSAY_LEVER_FINDS_POSTINGS);
  guint status = assay_error_get_vendor_status (error);
  const char *detail = assay_error_get_vendor_detail (error);
  GError *named;

  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return error;
  if (self->tokens != NULL)
    named = assay_error_new_from_vendor (
      ASSAY_ERROR_FORBIDDEN, status, detail,
      /* Translators: %s is a permission's name in Lever's words, such as "opportunities:write:admin" */
      _ ("Lever refuses this: the permission “%s” wasn't granted at the sign-in. Have a Super Admin sign in again and accept "
         "all that is asked for."),
      confidential ? "confidential:access:admin" : assay_lever_get_scope (permission));
  else
    named = assay_error_new_from_vendor (
      ASSAY_ERROR_FORBIDDEN, status, detail,
      confidential
        /* Translators: %s is a permission's name in Lever's words, such as "Find all postings" */
        ? _ ("Lever refuses the key the permission “%s”, or access to confidential data. Ask a Super Admin to make a key "
             "with both in Lever, under Settings, Integrations and API, API Credentials, then enter that key here.")
        /* Translators: %s is a permission's name in Lever's words, such as "Find all postings" */
        : _ ("Lever refuses the key the permission “%s”. Ask a Super Admin to make a key with it in Lever, under "
             "Settings, Integrations and API, API Credentials, then enter that key here."),
      assay_lever_description.permissions[permission].name);
  g_error_free (error);
  return named;
}

/* A list that is being read. */
typedef struct
{
  guint permission;
  char *asked;                  /* (nullable) the token that was sent */
  GPtrArray *stages;            /* (nullable) (element-type AssayStage) */
  guint requests;
  AssayPage *(*decode) (JsonNode *root, GPtrArray *stages, GError **error);
  AssayHttpResponse *response;
} ListRead;

static void
list_read_free (gpointer data)
{
  ListRead *read = data;

  g_free (read->asked);
  g_clear_pointer (&read->stages, g_ptr_array_unref);
  g_clear_pointer (&read->response, assay_http_response_free);
  g_free (read);
}

/* A token that leads to itself would never end. */
static gboolean
check_next (const AssayPage *page,
            const char      *asked,
            GError         **error)
{
  if (page->next == NULL || g_strcmp0 (page->next, asked) != 0)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                       _ ("Lever sends the same page of a list again and again. Try again later."));
  return FALSE;
}

/* On a worker thread: a page of records takes longer to decode than a frame lasts. */
static void
decode_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  ListRead *read = task_data;
  /* Let go of here, once the page is on its way: the tree of a page takes half as long to free as to make. */
  g_autoptr (AssayHttpResponse) response = g_steal_pointer (&read->response);
  GError *error = NULL;
  g_autoptr (AssayPage) page = read->decode (assay_http_response_get_root (response), read->stages, &error);

  if (page == NULL || !check_next (page, read->asked, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  page->server_time = assay_http_response_get_date (response);
  page->requests = read->requests;
  g_task_return_pointer (task, g_steal_pointer (&page), (GDestroyNotify) assay_page_free);
}

static void
page_received_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ListRead *read = g_task_get_task_data (task);
  GError *error = NULL;

  read->response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (read->response == NULL)
    g_task_return_error (task, assay_lever_explain (g_task_get_source_object (task), error, read->permission));
  else
    g_task_run_in_thread (task, decode_thread);
}

/* Takes @task and @request. */
static void
send_read (GTask            *task,
           AssayHttpRequest *request)
{
  AssayLever *self = g_task_get_source_object (task);

  ((ListRead *) g_task_get_task_data (task))->requests++;
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), page_received_cb, task);
}

static ListRead *
new_list_read (GTask      *task,
               guint       permission,
               const char *next,
               AssayPage *(*decode) (JsonNode *root, GPtrArray *stages, GError **error))
{
  ListRead *read = g_new0 (ListRead, 1);

  read->permission = permission;
  read->asked = g_strdup (next);
  read->decode = decode;
  g_task_set_task_data (task, read, list_read_free);
  return read;
}

/* Jobs: the account's stages first, which are the same for every posting, then the pages of postings. */

static void
read_postings (GTask *task)
{
  AssayLever *self = g_task_get_source_object (task);
  ListRead *read = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_lever_new_read ("postings");

  add_page (request, read->asked);
  /* Without a filter by state all states come. */
  if (self->confidential)
    assay_http_request_add_query (request, "confidentiality", "all");
  send_read (task, request);
}

static void read_stages (GTask *task, const char *next);

static void
stages_received_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayLever *self = g_task_get_source_object (task);
  ListRead *read = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPage) page = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, assay_lever_explain (self, error, ASSAY_LEVER_FINDS_STAGES));
      return;
    }
  page = assay_lever_decode_stages (assay_http_response_get_root (response), &error);
  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < page->items->len; i++)
    ((AssayStage *) g_ptr_array_index (page->items, i))->position = (int) read->stages->len + (int) i;
  /* An empty page that promises more would never end. */
  if (page->items->len == 0)
    g_clear_pointer (&page->next, g_free);
  g_ptr_array_extend_and_steal (read->stages, g_steal_pointer (&page->items));
  page->items = g_ptr_array_new ();

  if (page->next != NULL)
    {
      read_stages (g_object_ref (task), page->next);
      return;
    }
  g_clear_pointer (&self->stages, g_ptr_array_unref);
  self->stages = g_ptr_array_ref (read->stages);
  read_postings (g_object_ref (task));
}

static void
read_stages (GTask      *task,
             const char *next)
{
  AssayLever *self = g_task_get_source_object (task);
  ListRead *read = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_lever_new_read ("stages");

  add_page (request, next);
  read->requests++;
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), stages_received_cb, task);
}

static void
assay_lever_list_jobs_async (AssayAts            *ats,
                             const char          *next,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  AssayLever *self = ASSAY_LEVER (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  ListRead *read = new_list_read (task, ASSAY_LEVER_FINDS_POSTINGS, next, assay_lever_decode_postings);

  g_task_set_source_tag (task, assay_lever_list_jobs_async);
  if (next != NULL && self->stages != NULL)
    {
      read->stages = g_ptr_array_ref (self->stages);
      read_postings (task);
      return;
    }
  read->stages = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_stage_free);
  read_stages (task, NULL);
}

/* Applications */

static AssayPage *
decode_opportunities (JsonNode  *root,
                      GPtrArray *stages,
                      GError   **error)
{
  return assay_lever_decode_opportunities (root, error);
}

static void
assay_lever_list_applications_async (AssayAts            *ats,
                                     gint64               changed_since,
                                     const char          *next,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  AssayLever *self = ASSAY_LEVER (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_lever_new_read ("opportunities");

  g_task_set_source_tag (task, assay_lever_list_applications_async);
  new_list_read (task, ASSAY_LEVER_FINDS_OPPORTUNITIES, next, decode_opportunities);
  add_page (request, next);
  add_expansions (request);
  if (self->confidential)
    assay_http_request_add_query (request, "confidentiality", "all");
  /* Both archived and active ones come unless `archived` is given. Not with 0: records whose updatedAt is null might
   * not match any time. */
  if (changed_since > 0)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, changed_since);

      assay_http_request_add_query (request, "updated_at_start", text);
    }
  send_read (task, request);
}

static AssayPage *
assay_lever_list_finish (AssayAts      *ats,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static AssayPage *
decode_deleted_page (JsonNode  *root,
                     GPtrArray *stages,
                     GError   **error)
{
  return assay_lever_decode_deleted (root, error);
}

static void
assay_lever_list_deleted_async (AssayAts            *ats,
                                gint64               deleted_since,
                                const char          *next,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  AssayHttpRequest *request = assay_lever_new_read ("opportunities/deleted");
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, deleted_since);

  g_task_set_source_tag (task, assay_lever_list_deleted_async);
  new_list_read (task, ASSAY_LEVER_FINDS_OPPORTUNITIES, next, decode_deleted_page);
  add_page (request, next);
  assay_http_request_add_query (request, "deleted_at_start", text);
  send_read (task, request);
}

static AssayPage *
assay_lever_list_deleted_finish (AssayAts      *ats,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  GError *local_error = NULL;
  AssayPage *page = g_task_propagate_pointer (G_TASK (result), &local_error);

  /* Which permission of a key this takes isn't documented. Without it, a deletion is seen when the opportunity itself
   * is asked for. */
  if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, local_error->message);
      g_error_free (local_error);
    }
  else if (local_error != NULL)
    g_propagate_error (error, local_error);
  return page;
}

void
assay_lever_read_opportunity_async (AssayLever          *self,
                                    const char          *remote_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  AssayHttpRequest *request = new_single_read ("opportunities", remote_id);

  g_task_set_source_tag (task, assay_lever_read_opportunity_async);
  new_list_read (task, ASSAY_LEVER_FINDS_OPPORTUNITY, NULL, decode_opportunities);
  add_expansions (request);
  send_read (task, request);
}

AssayApplication *
assay_lever_read_opportunity_finish (AssayLever    *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  g_autoptr (AssayPage) page = g_task_propagate_pointer (G_TASK (result), error);

  if (page == NULL)
    return NULL;
  if (page->items->len != 1)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("Lever answered with something other than the opportunity. Try again later."));
      return NULL;
    }
  g_ptr_array_set_free_func (page->items, NULL);
  return g_ptr_array_index (page->items, 0);
}

/* Probing: each permission by a request that needs it and nothing else. */

typedef struct
{
  AssayProbe *probe;
  AssayProbeProgress progress;   /* (nullable) */
  gpointer progress_data;
  guint next;             /* index of a permission */
  char *opportunity;      /* (nullable) the id of one to ask for */
  gboolean cannot_list;   /* whether listing opportunities was refused */
} ProbeRun;

static void
probe_run_free (gpointer data)
{
  ProbeRun *run = data;

  assay_probe_free (run->probe);
  g_free (run->opportunity);
  g_free (run);
}

static void probe_next (GTask *task);

static AssayPermission *
add_probed (AssayLever  *self,
            ProbeRun    *run,
            AssayGranted granted)
{
  AssayPermission *permission =
    assay_probe_add (run->probe, &assay_lever_description.permissions[run->next], granted);

  if (run->next == ASSAY_LEVER_SEES_CONFIDENTIAL)
    permission->needed = self->confidential;
  if (self->tokens != NULL && granted != ASSAY_GRANTED_YES)
    {
      g_free (permission->remedy);
      permission->remedy =
        /* Translators: %s is a permission's name in Lever's words, such as "opportunities:write:admin" */
        g_strdup_printf (_ ("Have a Super Admin sign in again and accept “%s”. If it isn't asked for, ask Lever's partner team "
                            "to add it to your app."),
                         assay_lever_get_scope (run->next));
    }
  run->next++;
  return permission;
}

/* How a permission is tried: a read, or what comes after an opportunity's own path; those that are neither only writing
 * would show. */
static const struct
{
  const char *path;
  const char *of_opportunity;
} probes[ASSAY_LEVER_N_PERMISSIONS] = {
  [ASSAY_LEVER_FINDS_OPPORTUNITIES] = { .path = "opportunities" },
  [ASSAY_LEVER_FINDS_OPPORTUNITY] = { .of_opportunity = "" },
  [ASSAY_LEVER_FINDS_POSTINGS] = { .path = "postings" },
  [ASSAY_LEVER_FINDS_STAGES] = { .path = "stages" },
  [ASSAY_LEVER_SEES_CONFIDENTIAL] = { .path = "opportunities" },
  [ASSAY_LEVER_FINDS_USER] = { .path = "users" },
  [ASSAY_LEVER_FINDS_FILES] = { .of_opportunity = "/files" },
  [ASSAY_LEVER_FINDS_RESUMES] = { .of_opportunity = "/resumes" },
  [ASSAY_LEVER_FINDS_WEBHOOKS] = { .path = "webhooks" },
};

/* No endpoint names the account, but each posting's public address is below it: jobs.lever.co/ACCOUNT. */
static char *
dup_account (JsonObject *posting)
{
  JsonObject *urls = assay_json_get_object (posting, "urls");
  const char *list = urls != NULL ? assay_json_get_string (urls, "list") : NULL;
  g_autoptr (GUri) uri = list != NULL ? g_uri_parse (list, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *path = uri != NULL ? g_uri_get_path (uri) : "";

  return path[0] == '/' && path[1] != '\0' && strchr (path + 1, '/') == NULL ? g_strdup (path + 1) : NULL;
}

/* Whether it is the address or the region that is wrong. Takes @error. */
static GError *
judge_first (AssayLever *self,
             GError     *error)
{
  GError *judged;

  if (self->tokens != NULL || !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED))
    return assay_connector_judge_address (
      error, _ ("Lever's API isn't at this base address. Leave the base address empty, and choose the region, unless Lever's "
                "support gave you another one; it ends in “/v1”."));
  judged = assay_error_new_from_vendor (
    ASSAY_ERROR_UNAUTHORIZED, assay_error_get_vendor_status (error), assay_error_get_vendor_detail (error), "%s",
    _ ("Lever refuses the key. See whether the region is that of your account, then copy the key again."));
  g_error_free (error);
  return judged;
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayLever *self = g_task_get_source_object (task);
  ProbeRun *run = g_task_get_task_data (task);
  AssayProbe *probe = run->probe;
  GError *error = NULL;
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (GPtrArray) records = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    records = assay_lever_collect_records (assay_http_response_get_root (response), "Lever's answer", &error);
  /* Any object passes as a record; the first list has to be one. */
  if (records != NULL && run->next == ASSAY_LEVER_FINDS_OPPORTUNITIES &&
      assay_json_expect_member_array (assay_json_expect_object (assay_http_response_get_root (response), "Lever's answer",
                                                                NULL),
                                      "data", "Lever's answer", &error) == NULL)
    g_clear_pointer (&records, g_ptr_array_unref);

  if (records != NULL)
    {
      JsonObject *first = records->len > 0 ? g_ptr_array_index (records, 0) : NULL;

      if (run->next == ASSAY_LEVER_FINDS_OPPORTUNITIES && first != NULL)
        run->opportunity = dup_reference (first, "id");
      if (run->next == ASSAY_LEVER_FINDS_POSTINGS && first != NULL)
        probe->account = dup_account (first);
      if (run->next == ASSAY_LEVER_FINDS_USER && self->perform_as != NULL && first != NULL &&
          assay_json_get_time (first, "deactivatedAt") != 0 && probe->error == NULL)
        probe->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                    _ ("The Lever user “%s” is deactivated. Enter the id of another one under “Perform "
                                       "as”, or leave it empty."),
                                    self->perform_as);
      add_probed (self, run, ASSAY_GRANTED_YES);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  else if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    {
      error = assay_lever_explain (self, error, run->next);
      if (run->next == ASSAY_LEVER_FINDS_OPPORTUNITIES)
        run->cannot_list = TRUE;
      if (add_probed (self, run, ASSAY_GRANTED_NO)->needed && probe->error == NULL)
        probe->error = g_steal_pointer (&error);
    }
  else if (probes[run->next].of_opportunity != NULL && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    /* Deleted since it was listed. */
    add_probed (self, run, ASSAY_GRANTED_UNKNOWN);
  else if (run->next == ASSAY_LEVER_FINDS_USER && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      add_probed (self, run, ASSAY_GRANTED_YES);
      if (probe->error == NULL)
        probe->error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                    _ ("Lever has no user with the id “%s”. Correct it under “Perform as”, or leave it "
                                       "empty."),
                                    self->perform_as);
    }
  else
    {
      if (run->next == ASSAY_LEVER_FINDS_OPPORTUNITIES)
        error = judge_first (self, error);
      /* Anything else isn't about one permission: it is said once, and what is left can't be known. */
      while (run->next < ASSAY_LEVER_N_PERMISSIONS)
        add_probed (self, run, ASSAY_GRANTED_UNKNOWN);
      g_clear_error (&probe->error);
      probe->error = g_steal_pointer (&error);
    }

  g_clear_error (&error);
  probe_next (g_steal_pointer (&task));
}

/* Whether a sign-in has it in it; a key has nothing that tells. */
static AssayGranted
get_granted (AssayLever          *self,
             AssayLeverPermission permission)
{
  const char *scope = self->tokens != NULL ? assay_http_tokens_get_scope (self->tokens) : NULL;
  g_auto (GStrv) granted = NULL;

  if (scope == NULL)
    return ASSAY_GRANTED_UNKNOWN;
  granted = g_strsplit (scope, " ", -1);
  return g_strv_contains ((const char *const *) granted, assay_lever_get_scope (permission)) ? ASSAY_GRANTED_YES
                                                                                             : ASSAY_GRANTED_NO;
}

static void
probe_next (GTask *task)
{
  AssayLever *self = g_task_get_source_object (task);
  ProbeRun *run = g_task_get_task_data (task);
  AssayHttpRequest *request;

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  while (run->next < ASSAY_LEVER_N_PERMISSIONS)
    if (probes[run->next].path == NULL && probes[run->next].of_opportunity == NULL)
      add_probed (self, run, get_granted (self, run->next));
    else if (probes[run->next].of_opportunity != NULL && run->opportunity == NULL)
      /* An account without any, or a key that can't list them: there is nothing to ask for. */
      add_probed (self, run, ASSAY_GRANTED_UNKNOWN);
    else if (run->next == ASSAY_LEVER_SEES_CONFIDENTIAL && run->cannot_list)
      /* A refusal would only repeat the other. */
      add_probed (self, run, ASSAY_GRANTED_UNKNOWN);
    else
      break;
  if (run->next >= ASSAY_LEVER_N_PERMISSIONS)
    {
      run->probe->ok = run->probe->error == NULL;
      g_task_return_pointer (task, g_steal_pointer (&run->probe), (GDestroyNotify) assay_probe_free);
      g_object_unref (task);
      return;
    }

  if (run->progress != NULL && run->probe->permissions->len > 0)
    run->progress (run->probe, run->progress_data);
  if (probes[run->next].of_opportunity != NULL)
    {
      g_autofree char *path = assay_lever_dup_path ("opportunities", run->opportunity, probes[run->next].of_opportunity);

      request = assay_lever_new_read (path);
    }
  else if (run->next == ASSAY_LEVER_FINDS_USER && self->perform_as != NULL)
    request = new_single_read ("users", self->perform_as);
  else
    {
      request = assay_lever_new_read (probes[run->next].path);
      if (run->next != ASSAY_LEVER_FINDS_WEBHOOKS)
        assay_http_request_add_query (request, "limit", "1");
    }
  if (run->next == ASSAY_LEVER_SEES_CONFIDENTIAL)
    assay_http_request_add_query (request, "confidentiality", "all");
  assay_http_request_set_deadline (request, 20000);
  assay_http_channel_send_async (self->channel, request, g_task_get_cancellable (task), probed_cb, task);
}

static void
assay_lever_probe_async (AssayAts            *ats,
                         AssayProbeProgress   progress,
                         gpointer             progress_data,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  ProbeRun *run = g_new0 (ProbeRun, 1);

  g_task_set_source_tag (task, assay_lever_probe_async);
  run->probe = assay_probe_new ();
  run->progress = progress;
  run->progress_data = progress_data;
  g_task_set_task_data (task, run, probe_run_free);
  probe_next (task);
}

static AssayProbe *
assay_lever_probe_finish (AssayAts      *ats,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
assay_lever_ats_init (AssayAtsInterface *iface)
{
  iface->probe_async = assay_lever_probe_async;
  iface->probe_finish = assay_lever_probe_finish;
  iface->list_jobs_async = assay_lever_list_jobs_async;
  iface->list_jobs_finish = assay_lever_list_finish;
  iface->list_applications_async = assay_lever_list_applications_async;
  iface->list_applications_finish = assay_lever_list_finish;
  iface->list_deleted_async = assay_lever_list_deleted_async;
  iface->list_deleted_finish = assay_lever_list_deleted_finish;
  assay_lever_ats_init_documents (iface);
  assay_lever_ats_init_writes (iface);
  assay_lever_ats_init_webhooks (iface);
}

/* Description */

static GObject *
create_lever (const AssayConnectorDescription *description,
              const AssayConnectorContext     *context,
              GError                         **error)
{
  AssayLever *self;
  g_autofree char *base_url = assay_connector_dup_base_url (description, context->connection->settings, error);

  if (base_url == NULL)
    return NULL;
  self = g_object_new (ASSAY_TYPE_LEVER, NULL);
  self->channel = assay_http_channel_new (context->http, description->name, base_url, &description->pace);
  self->base_url = g_steal_pointer (&base_url);
  assay_connector_set_channel (G_OBJECT (self), self->channel);
  if (context->tokens != NULL)
    {
      assay_http_channel_set_tokens (self->channel, context->tokens);
      self->tokens = g_object_ref (context->tokens);
    }
  else
    assay_http_channel_set_credential (self->channel, ASSAY_HTTP_AUTH_BASIC, NULL,
                                       g_hash_table_lookup (context->secrets, "api-key"));
  self->perform_as = g_strdup (assay_connection_get_setting (context->connection, "perform-as"));
  self->confidential = g_strcmp0 (assay_connection_get_setting (context->connection, "confidential"), "yes") == 0;
  return G_OBJECT (self);
}

static char *
get_default_base_url (GHashTable *settings)
{
  const char *region = g_hash_table_lookup (settings, "region");

  if (g_strcmp0 (region, "sandbox") == 0)
    return g_strdup ("https://api.sandbox.lever.co/v1");
  /* Lever's documents have this host for its other API only; three independent clients use it for this one. */
  if (g_strcmp0 (region, "eu") == 0)
    return g_strdup ("https://api.eu.lever.co/v1");
  return g_strdup ("https://api.lever.co/v1");
}

/* The page needs a user who is signed in to Lever. */
static char *
build_application_url (GHashTable *settings,
                       const char *job_remote_id,
                       const char *remote_id)
{
  const char *region = g_hash_table_lookup (settings, "region");
  const char *host = g_strcmp0 (region, "sandbox") == 0 ? "hire.sandbox.lever.co"
                     : g_strcmp0 (region, "eu") == 0    ? "hire.eu.lever.co"
                                                        : "hire.lever.co";
  g_autofree char *id = g_uri_escape_string (remote_id, NULL, FALSE);

  return g_strdup_printf ("https://%s/candidates/%s", host, id);
}

/* Lever's own; those of the sandbox are known from clients that use it. The audience's last slash matters. */
static char *
dup_sign_in_default (const char *setting,
                     GHashTable *settings)
{
  gboolean sandbox = g_strcmp0 (g_hash_table_lookup (settings, "region"), "sandbox") == 0;

  if (strcmp (setting, "authorize-url") == 0)
    return g_strdup (sandbox ? "https://sandbox-lever.auth0.com/authorize" : "https://auth.lever.co/authorize");
  if (strcmp (setting, "token-url") == 0)
    return g_strdup (sandbox ? "https://sandbox-lever.auth0.com/oauth/token" : "https://auth.lever.co/oauth/token");
  if (strcmp (setting, "audience") == 0)
    return g_strdup (sandbox ? "https://api.sandbox.lever.co/v1/" : "https://api.lever.co/v1/");
  return NULL;
}

/* Documented: at most 20 for an app, and a scope to write includes the one to read. */
static const AssaySignInDescription lever_sign_in = {
  .only_with = "auth=oauth",
  .dup_default = dup_sign_in_default,
  .scopes =
    (const AssayScopeDescription[]){
      { .name = "offline_access", .purpose = N_ ("Stays signed in when you close Assay.") },
      { .name = "opportunities:write:admin",
        .purpose = N_ ("Shows candidates and their stage; moves, tags, links and archives them, and adds new ones, where "
                       "you or your rules say so.") },
      { .name = "contact:read:admin", .purpose = N_ ("Reads the name and e-mail address that an assessment is sent to.") },
      { .name = "postings:read:admin", .purpose = N_ ("Shows postings.") },
      { .name = "stages:read:admin", .purpose = N_ ("Shows the stages of your pipeline.") },
      { .name = "archive_reasons:read:admin", .purpose = N_ ("Offers your reasons when a candidate is archived.") },
      { .name = "tags:read:admin", .purpose = N_ ("Shows the tags that candidates have.") },
      { .name = "notes:write:admin", .purpose = N_ ("Writes results as notes to the candidate's profile.") },
      { .name = "files:write:admin", .purpose = N_ ("Attaches reports to the candidate's profile.") },
      { .name = "resumes:read:admin", .purpose = N_ ("Shows the candidate's résumé.") },
      { .name = "users:read:admin", .purpose = N_ ("Lets you choose the user on whose behalf Assay writes.") },
      { .name = "webhooks:write:admin", .purpose = N_ ("Has Lever report changes at once, where you use a relay.") },
      { .name = "confidential:access:admin",
        .purpose = N_ ("Shows confidential postings and their candidates, because the setting asks for them."),
        .only_with = "confidential=yes" },
      { .name = NULL },
    },
};

const AssayConnectorDescription assay_lever_description = {
  .id = "lever",
  .name = "Lever",
  .role = ASSAY_ROLE_ATS,
  .summary = N_ ("Applicant tracking: postings, stages and candidates"),
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "region",
        .title = N_ ("Region"),
        .description = N_ ("Where your Lever account is: “eu” if you sign in at hire.eu.lever.co, “sandbox” for a test "
                           "account at hire.sandbox.lever.co, else “global”."),
        .type = ASSAY_SETTING_CHOICE,
        .default_value = "global",
        .choices = (const char *const[]){ "global", "eu", "sandbox", NULL },
      },
      {
        .name = "auth",
        .title = N_ ("Sign-in"),
        .description = N_ ("How Assay signs in to Lever: “key” with an API key, “oauth” through the browser, which needs an "
                           "app that is registered with Lever's partner team."),
        .type = ASSAY_SETTING_CHOICE,
        .advanced = TRUE,
        .default_value = "key",
        .choices = (const char *const[]){ "key", "oauth", NULL },
      },
      {
        .name = "client-id",
        .title = N_ ("Client id"),
        .description = N_ ("Of the app that Lever's partner team registered for you. Sandbox and production are two apps."),
        .type = ASSAY_SETTING_TEXT,
        .required = TRUE,
        .advanced = TRUE,
        .only_with = "auth=oauth",
      },
      {
        .name = "redirect-url",
        .title = N_ ("Redirect address"),
        .description = N_ ("The address of this computer that is registered for your app, character by character. Without "
                           "one, Assay takes a free port."),
        .type = ASSAY_SETTING_TEXT,
        .advanced = TRUE,
        .placeholder = "http://127.0.0.1:47113/callback",
        .only_with = "auth=oauth",
      },
      {
        .name = "authorize-url",
        .title = N_ ("Consent address"),
        .description = N_ ("Where the browser is sent to sign in. Lever's own if empty."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://auth.lever.co/authorize",
        .only_with = "auth=oauth",
      },
      {
        .name = "token-url",
        .title = N_ ("Token address"),
        .description = N_ ("Where Assay completes and renews the sign-in. Lever's own if empty."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://auth.lever.co/oauth/token",
        .only_with = "auth=oauth",
      },
      {
        .name = "audience",
        .title = N_ ("Audience"),
        .description = N_ ("What the sign-in is for; its last slash matters. Lever's own if empty."),
        .type = ASSAY_SETTING_TEXT,
        .advanced = TRUE,
        .placeholder = "https://api.lever.co/v1/",
        .only_with = "auth=oauth",
      },
      ASSAY_ATS_SETTING_MARK_INVITATIONS,
      {
        .name = "confidential",
        .title = N_ ("Confidential postings"),
        .description = N_ ("Whether confidential postings and their candidates are shown in Assay. The key needs "
                           "access to confidential data for that, which can only be given when the key is made."),
        .type = ASSAY_SETTING_CHOICE,
        .advanced = TRUE,
        .default_value = "no",
        .choices = (const char *const[]){ "no", "yes", NULL },
      },
      {
        .name = "perform-as",
        .title = N_ ("Perform as"),
        .description = N_ ("The id of the Lever user who is shown as the author of what Assay writes. Without one, "
                           "it has no author."),
        .type = ASSAY_SETTING_TEXT,
        .advanced = TRUE,
      },
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("Only if Lever's support gave you another address for the API."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://api.lever.co/v1",
      },
      { .name = NULL },
    },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "api-key",
        .title = N_ ("API key"),
        .required = TRUE,
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to Lever as a Super Admin."),
            N_ ("Open Settings, then Integrations and API, then API Credentials."),
            N_ ("Under Lever API credentials generate a new key named Assay. A Postings API key doesn't work."),
            N_ ("Give it the permissions Find all opportunities, Find an opportunity, Find all postings and Find all "
                "stages. To see confidential postings in Assay, also allow access to confidential data."),
            N_ ("To let Assay write, also give it Update an opportunity's stage, Add and Remove opportunity tags, Create an "
                "opportunity note, Upload an opportunity file, Create an opportunity, and Find, Add and Delete a webhook."),
            N_ ("Copy the key. Lever shows it once, and its permissions may not be changeable later."),
            NULL,
          },
        .only_with = "auth=key",
      },
      {
        .name = "client-secret",
        .title = N_ ("Client secret"),
        .required = TRUE,
        .where_to_find =
          (const char *const[]){
            N_ ("Lever's partner team gives it to you together with the client id when it registers your app."),
            N_ ("The sandbox has an app, and a secret, of its own."),
            NULL,
          },
        .only_with = "auth=oauth",
      },
      {
        .name = "webhook-secret",
        .title = N_ ("Webhook signature token"),
        .where_to_find =
          (const char *const[]){
            N_ ("A webhook that Assay makes brings it along. This is for one that was made by hand."),
            N_ ("In Lever open Settings, then Integrations and API, then Webhooks, as a Super Admin."),
            N_ ("Copy the signature token of the webhook with Assay's address."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      [ASSAY_LEVER_FINDS_OPPORTUNITIES] = {
        .name = "Find all opportunities",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows candidates and their stage."),
        .remedy = N_ ("Ask a Super Admin to open Settings, Integrations and API, API Credentials in Lever, and to make "
                      "a key with “Find all opportunities”. Enter that key here."),
      },
      [ASSAY_LEVER_FINDS_OPPORTUNITY] = {
        .name = "Find an opportunity",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows a candidate as they are now."),
        .remedy = N_ ("Ask a Super Admin to open Settings, Integrations and API, API Credentials in Lever, and to make "
                      "a key with “Find an opportunity”. Enter that key here."),
      },
      [ASSAY_LEVER_FINDS_POSTINGS] = {
        .name = "Find all postings",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows postings."),
        .remedy = N_ ("Ask a Super Admin to open Settings, Integrations and API, API Credentials in Lever, and to make "
                      "a key with “Find all postings”. Enter that key here."),
      },
      [ASSAY_LEVER_FINDS_STAGES] = {
        .name = "Find all stages",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Shows the stages of your pipeline."),
        .remedy = N_ ("Ask a Super Admin to open Settings, Integrations and API, API Credentials in Lever, and to make "
                      "a key with “Find all stages”. Enter that key here."),
      },
      [ASSAY_LEVER_SEES_CONFIDENTIAL] = {
        .name = "Access to confidential data",
        .access = "Read",
        .needed = FALSE,
        .purpose = N_ ("Shows confidential postings and their candidates, where the setting asks for them."),
        .remedy = N_ ("Lever gives this only when a key is made. Ask a Super Admin to make a key that may access "
                      "confidential data, and enter it here, or leave confidential postings out."),
      },
      [ASSAY_LEVER_FINDS_USER] = {
        .name = "Find a user",
        .access = "Read",
        .needed = FALSE,
        .purpose = N_ ("Lists the users to choose from under “Perform as”, and checks the one that was chosen."),
        .remedy = N_ ("Only “Perform as” needs this. To have it, ask a Super Admin to make a key with "
                      "“Find a user” in Lever, under Settings, Integrations and API, API Credentials."),
      },
      [ASSAY_LEVER_MOVES] = {
        .name = "Update an opportunity's stage",
        .access = "Write",
        .purpose = N_ ("Moves candidates to another stage."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Update an opportunity's stage”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_ADDS_TAGS] = {
        .name = "Add opportunity tags",
        .access = "Write",
        .purpose = N_ ("Tags candidates with how far their assessment is."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Add opportunity tags”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_REMOVES_TAGS] = {
        .name = "Remove opportunity tags",
        .access = "Write",
        .purpose = N_ ("Takes those tags away again."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Remove opportunity tags”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_ADDS_LINKS] = {
        .name = "Add opportunity links",
        .access = "Write",
        .purpose = N_ ("Links candidates to their report."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Add opportunity links”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_ARCHIVES] = {
        .name = "Update an opportunity's archived state",
        .access = "Write",
        .purpose = N_ ("Archives candidates where you say so."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Update an opportunity's archived state”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_CREATES_NOTES] = {
        .name = "Create an opportunity note",
        .access = "Write",
        .purpose = N_ ("Writes results as a note on the candidate."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Create an opportunity note”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_UPLOADS_FILES] = {
        .name = "Upload an opportunity file",
        .access = "Write",
        .purpose = N_ ("Attaches reports to the candidate."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Upload an opportunity file”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_CREATES_OPPORTUNITIES] = {
        .name = "Create an opportunity",
        .access = "Write",
        .purpose = N_ ("Enters candidates that come from elsewhere, with their résumé."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Create an opportunity”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_FINDS_FILES] = {
        .name = "Find all opportunity files",
        .access = "Read",
        .purpose = N_ ("Shows the candidate's files."),
        .remedy = N_ ("Ask a Super Admin to open Settings, Integrations and API, API Credentials in Lever, and to make "
                      "a key with “Find all opportunity files”. Enter that key here."),
      },
      [ASSAY_LEVER_FINDS_RESUMES] = {
        .name = "Find all opportunity resumes",
        .access = "Read",
        .purpose = N_ ("Shows the candidate's résumé."),
        .remedy = N_ ("Ask a Super Admin to open Settings, Integrations and API, API Credentials in Lever, and to make "
                      "a key with “Find all opportunity resumes”. Enter that key here."),
      },
      [ASSAY_LEVER_FINDS_WEBHOOKS] = {
        .name = "Find all webhooks",
        .access = "Read",
        .purpose = N_ ("Sees whether a webhook is there already."),
        .remedy = N_ ("Ask a Super Admin to open Settings, Integrations and API, API Credentials in Lever, and to make "
                      "a key with “Find all webhooks”. Enter that key here."),
      },
      [ASSAY_LEVER_ADDS_WEBHOOKS] = {
        .name = "Add a webhook",
        .access = "Write",
        .purpose = N_ ("Has Lever report changes at once, where you use a relay."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Add a webhook”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_DELETES_WEBHOOKS] = {
        .name = "Delete a webhook",
        .access = "Write",
        .purpose = N_ ("Takes a webhook away whose signature token was lost."),
        .remedy = N_ ("It can't be checked without changing something. In Lever open Settings, Integrations and API, API "
                      "Credentials, and look whether the key has “Delete a webhook”. If it hasn't, ask a Super Admin to make one "
                      "that has."),
      },
      [ASSAY_LEVER_N_PERMISSIONS] = { .name = NULL },
    },
  /* As Lever's help has them for integrations: only Super Admins enable one; using it takes "Manage profiles and view
   * associated postings". */
  .roles =
    (const AssayRoleDescription[]){
      {
        .name = "Super Admin",
        .can_enable = TRUE,
        .can_use = TRUE,
        .note = N_ ("Makes API keys, consents to the sign-in, switches webhooks on, and may do all that Assay does."),
      },
      {
        .name = "Admin",
        .can_use = TRUE,
        .note = N_ ("Works with candidates and assessments. To enable Assay, ask a Super Admin for a key, or to consent "
                           "to the sign-in."),
      },
      {
        .name = "Team Member",
        .can_use = TRUE,
        .note = N_ ("Works with the candidates it may see in Lever. To enable Assay, ask a Super Admin for a key, or "
                           "to consent to the sign-in."),
      },
      {
        .name = "Limited Team Member",
        .can_use = TRUE,
        .note = N_ ("Works with candidates of the postings it is associated with in Lever. To enable Assay, ask a Super "
                           "Admin for a key, or to consent to the sign-in."),
      },
      {
        .name = "Interviewer",
        .note = N_ ("Can neither manage profiles nor enable Assay. Ask a Super Admin for another role."),
      },
      { .name = NULL },
    },
  .sign_in = &lever_sign_in,
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("You are a Super Admin of your Lever account: only that role can make a key, or consent to a "
                           "sign-in."),
        .how_to_tell = N_ ("Settings in Lever has the page Integrations and API. Admins, Team Members, Limited Team "
                           "Members and Interviewers don't see it."),
        .if_not = N_ ("Ask a Super Admin to promote you, or to do this for you."),
      },
      {
        .requirement = N_ ("Your Lever package includes the Lever API: LeverTRM or LeverTRM for Enterprise."),
        .how_to_tell = N_ ("API Credentials in Lever offers a Lever API key. The smallest package has the Postings API "
                           "only."),
        .if_not = N_ ("Ask Lever for the API."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In Lever open Settings, then Integrations and API, then API Credentials."),
      N_ ("Find the key that was made for Assay, and revoke it."),
      N_ ("If you signed in through the browser, open the Authorized Apps tab there instead, find the app, and click Revoke "
          "access."),
      NULL,
    },
  /* Lever's help on a provider's integration, "Disabling". */
  .direct_steps =
    (const char *const[]){
      N_ ("In Lever open Settings, then Integrations and API."),
      N_ ("Under the Authorized Apps tab, find the provider's app. Leave the one that you made for Assay."),
      N_ ("Click Revoke access."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://hire.lever.co/developer/documentation", NULL },
  /* Documented: 10 a second, 20 at once, for all that use the key. Half of the 20 is left for the copy of Assay that
   * ran a moment ago and for others, and a little of the 10 for clocks that differ. */
  .pace = { .per_second = 9.5, .burst = 10, .concurrency = 2 },
  .create = create_lever,
  .get_default_base_url = get_default_base_url,
  .build_application_url = build_application_url,
  .webhook = &assay_lever_webhook_description,
  .parse_webhook = assay_lever_parse_webhook,
};
