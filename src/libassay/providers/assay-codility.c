/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codility, by its API.
 *
 * Facts:
 * - codility.com/api-documentation, of its owner: the base address, the token and where it is made, and 500 requests
 *   an hour;
 * - the published Workato connector (see the README of the fixtures): the members of tests, of an invitation and its
 *   answer, and of sessions, that lists are `{"results", "next"}`, and `is_archived`;
 * - four other public programs: the invitation by `candidates` and its answer's `test_link` and `session_url`, which
 *   is where to ask how it stands;
 * - a public note on reading results: `close_date`, which is there when the candidate has finished.
 *
 * An invitation answers with the candidate's link, which all these programs hand on themselves; that Codility mails
 * it, too, is written nowhere. How it takes somebody who was invited already isn't documented either, so that it is
 * asked first. A session names an address to cancel it, but not how it is to be used, so that no invitation is
 * withdrawn. The shape of the addresses of tests and reports is, as its owner says, no promise; of the API's own, the
 * last part of a session's is its id. */
#include "config.h"

#include "assay-codility.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-provider-wire.h"

/* A look-up of many sessions would take the hour's requests. */
#define MAX_LOOK_UP_PAGES 20u

struct _AssayCodility
{
  AssayProviderBase parent_instance;

  char *base_url;
};

static void assay_codility_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayCodility, assay_codility, ASSAY_TYPE_PROVIDER_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_codility_provider_init))

static void
assay_codility_finalize (GObject *object)
{
  g_free (ASSAY_CODILITY (object)->base_url);

  G_OBJECT_CLASS (assay_codility_parent_class)->finalize (object);
}

static void
assay_codility_class_init (AssayCodilityClass *klass)
{
  AssayProviderBaseClass *base_class = ASSAY_PROVIDER_BASE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = assay_codility_finalize;

  base_class->refused = N_ ("Codility refuses the access token. Copy it again from the application in Codility's "
                            "integrations, or make a new application there.");
  base_class->nothing_there = N_ ("There is no list of tests under the base address. Check the base address in the "
                                  "settings; Codility's own is “https://codility.com/api”.");
}

static void
assay_codility_init (AssayCodility *self)
{
}

/* (transfer full): the path of a thing of the API's */
static char *
make_path (const char *collection,
           const char *id,
           const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);

  return g_strconcat (collection, "/", escaped, "/", rest, NULL);
}

char *
assay_codility_dup_path (const char *address,
                         const char *base_url)
{
  gsize length = strlen (base_url);

  while (length > 0 && base_url[length - 1] == '/')
    length--;
  if (address == NULL || strncmp (address, base_url, length) != 0 || address[length] != '/')
    return NULL;
  address += length + 1;
  if (strstr (address, "..") != NULL || strpbrk (address, "\\#") != NULL || *address == '/')
    return NULL;
  return g_strdup (address);
}

/* The list of tests */

AssayAssessment *
assay_codility_read_test (JsonObject *record)
{
  g_autoptr (AssayAssessment) assessment = assay_assessment_new ();

  assessment->remote_id = assay_json_dup_string (record, "id");
  if (assessment->remote_id == NULL || *assessment->remote_id == '\0' ||
      assay_json_get_boolean (record, "is_archived", FALSE))
    return NULL;
  assessment->name = assay_json_dup_string (record, "name");
  if (assessment->name == NULL || *assessment->name == '\0')
    {
      g_free (assessment->name);
      assessment->name = g_strdup_printf (_ ("Assessment %s"), assessment->remote_id);
    }
  assessment->active = TRUE;
  return g_steal_pointer (&assessment);
}

static AssayHttpRequest *
ask_for_tests (GTask      *task,
               const char *next_query,
               guint       offset)
{
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", "tests/");

  if (next_query != NULL)
    assay_provider_base_add_query (request, next_query);
  else
    assay_http_request_add_query (request, "is_archived", "False");
  return request;
}

static gpointer
take_test (GTask       *task,
           JsonObject  *record,
           GError     **error)
{
  AssayAssessment *assessment = assay_codility_read_test (record);

  if (assessment != NULL)
    g_ptr_array_add (g_task_get_task_data (task), assessment);
  return NULL;
}

static gpointer
end_tests (GTask   *task,
           GError **error)
{
  return g_ptr_array_ref (g_task_get_task_data (task));
}

static const AssayProviderPages tests_pages = {
  .what = N_ ("Codility's list of tests"),
  .new_request = ask_for_tests,
  .take = take_test,
  .end = end_tests,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
};

static void
assay_codility_list_assessments_async (AssayProvider       *provider,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_codility_list_assessments_async, cancellable, callback, user_data);

  g_task_set_task_data (task, g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free),
                        (GDestroyNotify) g_ptr_array_unref);
  assay_provider_base_read_pages (task, &tests_pages);
}

/* The invitation */

static JsonNode *
encode_invitee (const AssayInvitee *invitee)
{
  const char *const members[][2] = {
    { "id", invitee->reference },
    { "first_name", invitee->first_name },
    { "last_name", invitee->last_name },
    { "email", invitee->email },
  };
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "candidates");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      json_builder_set_member_name (builder, members[i][0]);
      json_builder_add_string_value (builder, members[i][1] != NULL ? members[i][1] : "");
    }
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* (transfer full) (nullable): the id of a session, which is the last part of its address in the API */
static char *
dup_session_id (JsonObject *candidate)
{
  g_autofree char *address = assay_provider_dup_web_address (candidate, "session_url");
  g_autoptr (GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;
  g_auto (GStrv) parts = uri != NULL ? g_strsplit (g_uri_get_path (uri), "/", -1) : NULL;
  guint n = parts != NULL ? g_strv_length (parts) : 0;

  if (n > 0 && *parts[n - 1] == '\0')
    n--;
  return n > 1 && *parts[n - 1] != '\0' && strcmp (parts[n - 2], "sessions") == 0 ? g_strdup (parts[n - 1]) : NULL;
}

AssayInvited *
assay_codility_read_invited (JsonNode  *root,
                             GError   **error)
{
  const char *what = _ ("Codility's answer to the invitation");
  JsonObject *object = assay_json_expect_object (root, what, error);
  JsonArray *candidates = object != NULL ? assay_json_expect_member_array (object, "candidates", what, error) : NULL;
  JsonObject *candidate;
  g_autofree char *id = NULL;
  AssayInvited *invited;

  if (candidates == NULL)
    return NULL;
  candidate = assay_json_array_get_object (candidates, 0);
  if (candidate != NULL)
    id = dup_session_id (candidate);
  if (id == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                   /* Translators: %s is what was asked for, such as "Codility's answer to the invitation" */
                   _ ("%s doesn't say which session it is."), what);
      return NULL;
    }
  invited = assay_invited_new ();
  invited->remote_id = g_steal_pointer (&id);
  invited->link = assay_provider_dup_web_address (candidate, "test_link");
  if (invited->link == NULL)
    invited->status_text = g_strdup (_ ("No link came back. Copy the candidate's link in Codility, and pass it on."));
  return invited;
}

static gpointer
read_invited (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  return assay_codility_read_invited (root, error);
}

static const AssayConnectorCall invite_call = {
  .read = read_invited,
  .free_value = (GDestroyNotify) assay_invited_free,
  .invites = TRUE,
};

static void
assay_codility_invite_async (AssayProvider       *provider,
                             const AssayInvitee  *invitee,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_codility_invite_async, cancellable, callback, user_data);
  g_autofree char *path = make_path ("tests", invitee->assessment_remote_id, "invite/");
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_ONCE, "POST", path);
  g_autoptr (JsonNode) body = encode_invitee (invitee);

  assay_http_request_set_json (request, body, "application/json");
  assay_connector_base_ask (task, &invite_call, request);
}

/* How far a session is */

static AssayInvitationStatus
read_status (JsonObject *session)
{
  JsonObject *evaluation = assay_json_get_object (session, "evaluation");
  double value;
  gboolean has_result = evaluation != NULL && assay_json_get_number (evaluation, "result", &value, NULL);
  gboolean closed =
    !json_object_has_member (session, "close_date") || assay_json_get_time (session, "close_date") != 0;

  /* Until it is evaluated there is something left to ask for. */
  if (closed && has_result)
    return ASSAY_INVITATION_COMPLETED;
  return assay_json_get_time (session, "start_date") != 0 ? ASSAY_INVITATION_IN_PROGRESS : ASSAY_INVITATION_PENDING;
}

/* (nullable): "result" of "max_result" */
static AssayScore *
read_score (JsonObject *object,
            const char *name)
{
  AssayScore *score = assay_provider_read_score (object, "result", name, FALSE);
  double max;

  if (score != NULL && score->unit == ASSAY_UNIT_NONE && assay_json_get_number (object, "max_result", &max, NULL) &&
      max > 0)
    score->max = max;
  return score;
}

static void
add_evaluation (AssayResult *result,
                JsonObject  *evaluation)
{
  JsonArray *tasks = assay_json_get_array (evaluation, "tasks");

  if (result->status == ASSAY_INVITATION_COMPLETED)
    result->score = read_score (evaluation, NULL);
  for (guint i = 0; tasks != NULL && i < json_array_get_length (tasks); i++)
    {
      JsonObject *task = assay_json_array_get_object (tasks, i);
      const char *name = task != NULL ? assay_json_get_string (task, "name") : NULL;
      AssayScore *score;

      if (task != NULL && (name == NULL || *name == '\0'))
        name = assay_json_get_string (task, "task_name");
      score = name != NULL && *name != '\0' ? read_score (task, name) : NULL;
      if (score != NULL)
        g_ptr_array_add (result->scores, score);
    }
}

/* What Codility said, without the candidate's own way into the test. */
static char *
make_raw (JsonObject *session)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, session);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    if (!g_str_equal (name, "test_link"))
      json_object_set_member (object, name, json_node_copy (member));
  node = json_node_init_object (json_node_alloc (), object);
  return assay_json_to_text (node, ASSAY_PROVIDER_MAX_RAW);
}

AssayResult *
assay_codility_read_session (JsonNode  *root,
                             GError   **error)
{
  const char *what = _ ("Codility's answer about the session");
  JsonObject *session = assay_json_expect_object (root, what, error);
  g_autofree char *id = session != NULL ? assay_json_expect_member_id (session, "id", what, error) : NULL;
  const char *similarity;
  JsonObject *evaluation;
  AssayResult *result;

  if (id == NULL)
    return NULL;
  result = assay_result_new ();
  result->status = read_status (session);
  if (result->status == ASSAY_INVITATION_COMPLETED)
    result->completed_at = assay_json_get_time (session, "close_date");
  evaluation = assay_json_get_object (session, "evaluation");
  if (evaluation != NULL)
    add_evaluation (result, evaluation);
  similarity = assay_provider_get_finding (session, "similarity");
  if (similarity != NULL)
    {
      g_autoptr (GStrvBuilder) flags = g_strv_builder_new ();
      /* Translators: how alike to others' work the candidate's is; %s is in the provider's own words */
      g_autofree char *flag = g_strdup_printf (_ ("Similarity: %s"), similarity);

      g_strv_builder_add (flags, flag);
      g_strfreev (result->flags);
      result->flags = g_strv_builder_end (flags);
    }
  result->report_url = assay_provider_dup_web_address (session, "report_link");
  result->raw = make_raw (session);
  return result;
}

static gpointer
read_session (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  return assay_codility_read_session (root, error);
}

static const AssayConnectorCall session_call = {
  .read = read_session,
  .free_value = (GDestroyNotify) assay_result_free,
};

static void
assay_codility_read_result_async (AssayProvider       *provider,
                                  const char          *remote_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_codility_read_result_async, cancellable, callback, user_data);
  g_autofree char *path = make_path ("sessions", remote_id, NULL);
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path);

  assay_http_request_set_background (request, TRUE);
  assay_connector_base_ask (task, &session_call, request);
}

/* The look-up: a test names the address of its sessions, of which one may be of this person */

typedef struct
{
  char *email;  /* folded */
  char *path;   /* (nullable): of the sessions, with a query */
} Person;

static void
person_free (gpointer data)
{
  Person *person = data;

  g_free (person->email);
  g_free (person->path);
  g_free (person);
}

static AssayHttpRequest *
ask_for_sessions (GTask      *task,
                  const char *next_query,
                  guint       offset)
{
  const Person *person = g_task_get_task_data (task);
  g_auto (GStrv) parts = g_strsplit (person->path, "?", 2);
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", parts[0]);

  if (next_query == NULL)
    next_query = parts[1];
  if (next_query != NULL)
    assay_provider_base_add_query (request, next_query);
  return request;
}

static gpointer
take_session (GTask       *task,
              JsonObject  *record,
              GError     **error)
{
  const char *what = _ ("Codility's list of sessions");
  const Person *person = g_task_get_task_data (task);
  AssayInvited *invited;
  char *id;

  if (!assay_provider_is_of (record, person->email, what, error))
    return NULL;
  id = assay_json_expect_member_id (record, "id", what, error);
  if (id == NULL)
    return NULL;
  invited = assay_invited_new ();
  invited->remote_id = id;
  invited->status = read_status (record);
  invited->link = assay_provider_dup_web_address (record, "test_link");
  return invited;
}

static gpointer
end_sessions (GTask   *task,
              GError **error)
{
  return NULL;
}

static gpointer
end_early (GTask   *task,
           GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       _ ("Codility lists more sessions of this test than it lets Assay read."));
  return NULL;
}

static const AssayProviderPages sessions_pages = {
  .what = N_ ("Codility's list of sessions"),
  .new_request = ask_for_sessions,
  .take = take_session,
  .end = end_sessions,
  .max_pages = MAX_LOOK_UP_PAGES,
  .end_early = end_early,
  .free_value = (GDestroyNotify) assay_invited_free,
  .tells_absence = TRUE,
};

static gpointer
read_test (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  AssayCodility *self = g_task_get_source_object (task);
  Person *person = g_task_get_task_data (task);
  const char *what = _ ("Codility's answer about the test");
  JsonObject *test = assay_json_expect_object (root, what, error);

  if (test == NULL)
    return NULL;
  person->path = assay_codility_dup_path (assay_json_get_string (test, "sessions_url"), self->base_url);
  if (person->path == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("Codility doesn't say where the sessions of this test are."));
      return NULL;
    }
  assay_provider_base_read_pages (task, &sessions_pages);
  return NULL;
}

static const AssayConnectorCall test_call = {
  .read = read_test,
  .free_value = (GDestroyNotify) assay_invited_free,
};

static void
assay_codility_look_up_async (AssayProvider       *provider,
                              const AssayInvitee  *invitee,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_codility_look_up_async, cancellable, callback, user_data);
  g_autofree char *path = make_path ("tests", invitee->assessment_remote_id, NULL);
  Person *person = g_new0 (Person, 1);

  person->email = assay_email_fold (invitee->email);
  g_task_set_task_data (task, person, person_free);
  assay_connector_base_ask (task, &test_call, assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path));
}

/* No call is known that sends again, and none of known use that withdraws. */
static void
assay_codility_provider_init (AssayProviderInterface *iface)
{
  iface->list_assessments_async = assay_codility_list_assessments_async;
  iface->invite_async = assay_codility_invite_async;
  iface->look_up_async = assay_codility_look_up_async;
  iface->read_result_async = assay_codility_read_result_async;
}

/* Description */

static char *
get_default_base_url (GHashTable *settings)
{
  return g_strdup ("https://codility.com/api");
}

static GObject *
assay_codility_create (const AssayConnectorDescription *description,
                       const AssayConnectorContext     *context,
                       GError                         **error)
{
  AssayCodility *self = assay_connector_base_new (ASSAY_TYPE_CODILITY, description, context, error);

  if (self == NULL)
    return NULL;
  self->base_url = assay_connector_dup_base_url (description, context->connection->settings, NULL);
  assay_http_channel_set_credential (assay_connector_base_get_channel (self), ASSAY_HTTP_AUTH_BEARER,
                                     NULL, g_hash_table_lookup (context->secrets, "api-key"));
  return G_OBJECT (self);
}

const AssayConnectorDescription assay_codility_description = {
  .id = "codility",
  .name = "Codility",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Coding tests: a link for each candidate, progress, a score and each task's. You pass the link on, "
                 "and invitations can't be withdrawn from Assay."),
  .capabilities = ASSAY_CAN_EDIT_INVITEE | ASSAY_CAN_LOOK_UP | ASSAY_CAN_NAMED_SCORES | ASSAY_CAN_FLAGS |
                  ASSAY_MAILS_NOBODY,
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("What precedes “/tests/”."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://codility.com/api",
      },
      { .name = NULL },
    },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "api-key",
        .title = N_ ("Access token"),
        .required = TRUE,
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to Codility, and open My Account."),
            N_ ("Choose Integrations, and create an application."),
            N_ ("Copy the access token that Codility makes for it."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      {
        .name = "Tests",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Lists the tests that you can send, and who was invited to them."),
        .remedy = N_ ("Copy the access token again from the application in Codility's integrations."),
      },
      {
        .name = "Sessions",
        .access = "Create",
        .needed = TRUE,
        .purpose = N_ ("Makes the candidate's link to a test, and asks how it went."),
        .remedy = N_ ("This can't be tried without inviting somebody. The first invitation that you send shows it."),
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("Your Codility account includes its API."),
        .how_to_tell = N_ ("My Account has a section Integrations, where you can create an application."),
        .if_not = N_ ("Ask Codility's support to add it to your account."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In Codility open My Account, then Integrations, and delete the application."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://codility.com/api-documentation/", NULL },
  /* 500 requests an hour: the burst and an hour's refill are together less. */
  .pace = { .per_second = 0.12, .burst = 50, .concurrency = 1 },
  .create = assay_codility_create,
  .get_default_base_url = get_default_base_url,
};
