/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestGorilla, by its public API.
 *
 * Facts, of its owner unless another source is named:
 * - docs.testgorilla.com/apis/assessments: the list, its states "new" (nobody invited yet), "active" and "archived"
 *   (nobody can take it any more), `limit` and `offset`, and `{"count", "results"}`;
 * - docs.testgorilla.com/apis/invitations: an invitation by `email`, `first_name` and `last_name`, and that a person
 *   takes an assessment once;
 * - docs.testgorilla.com/apis/candidates: the candidatures of an assessment, their members and states;
 * - docs.testgorilla.com/apis/results and /result-types: each test's score, of which personality tests have none;
 * - docs.testgorilla.com/apis/rate-limits: the calls' limits, and that candidature/ID/send-invitation sends again;
 * - support.testgorilla.com, article 9025312232731: the plan that includes the API;
 * - apps.make.com/test-gorilla, of the maker of another connector: where the key is shown;
 * - of third parties, see the README of the fixtures: `search` of the candidatures, the empty object that
 *   send-invitation takes, and "REPEATING_INVITATION" as the refusal of somebody who has it already.
 *
 * What an invitation answers isn't documented, so that it is known by the assessment and the e-mail address. The
 * scale of the scores isn't named. Deleting a candidature would take what the candidate has done with it, so that it
 * isn't offered for withdrawing an invitation; the marks against cheating aren't read, since their members aren't
 * documented. */
#include "config.h"

#include "assay-testgorilla.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-provider-wire.h"

#define PAGE_SIZE "100"

struct _AssayTestgorilla
{
  AssayProviderBase parent_instance;
};

static void assay_testgorilla_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayTestgorilla, assay_testgorilla, ASSAY_TYPE_PROVIDER_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_testgorilla_provider_init))

static void
assay_testgorilla_class_init (AssayTestgorillaClass *klass)
{
  AssayProviderBaseClass *base_class = ASSAY_PROVIDER_BASE_CLASS (klass);

  base_class->refused = N_ ("TestGorilla refuses the key. Copy it again from the integration's window in TestGorilla.");
  base_class->nothing_there =
    N_ ("There is no list of assessments under the base address. Check the base address in the settings; "
        "TestGorilla's own is “https://app.testgorilla.com/api”.");
}

static void
assay_testgorilla_init (AssayTestgorilla *self)
{
}

static AssayHttpRequest *
new_page_request (const char *path,
                  guint       offset)
{
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path);
  g_autofree char *text = g_strdup_printf ("%u", offset);

  assay_http_request_add_query (request, "limit", PAGE_SIZE);
  assay_http_request_add_query (request, "offset", text);
  return request;
}

/* The list of assessments */

AssayAssessment *
assay_testgorilla_read_assessment (JsonObject *record)
{
  g_autoptr (AssayAssessment) assessment = assay_assessment_new ();
  const char *status = assay_json_get_string (record, "status");

  assessment->remote_id = assay_json_dup_string (record, "id");
  if (assessment->remote_id == NULL || *assessment->remote_id == '\0' ||
      (status != NULL && g_ascii_strcasecmp (status, "archived") == 0))
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
ask_for_assessments (GTask      *task,
                     const char *next_query,
                     guint       offset)
{
  return new_page_request ("assessments/", offset);
}

static gpointer
take_assessment (GTask       *task,
                 JsonObject  *record,
                 GError     **error)
{
  AssayAssessment *assessment = assay_testgorilla_read_assessment (record);

  if (assessment != NULL)
    g_ptr_array_add (g_task_get_task_data (task), assessment);
  return NULL;
}

static gpointer
end_assessments (GTask   *task,
                 GError **error)
{
  return g_ptr_array_ref (g_task_get_task_data (task));
}

static const AssayProviderPages assessments_pages = {
  .what = N_ ("TestGorilla's list of assessments"),
  .new_request = ask_for_assessments,
  .take = take_assessment,
  .end = end_assessments,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
};

static void
assay_testgorilla_list_assessments_async (AssayProvider       *provider,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  g_autoptr (GTask) task = assay_connector_base_begin (provider, assay_testgorilla_list_assessments_async, cancellable,
                                                       callback, user_data);

  g_task_set_task_data (task, g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free),
                        (GDestroyNotify) g_ptr_array_unref);
  assay_provider_base_read_pages (task, &assessments_pages);
}

/* Whom a call is about, and what was found of them so far */

typedef struct
{
  char *assessment;
  char *email;             /* as it was written */
  char *folded;
  gboolean background;
  AssayResult *result;     /* (nullable) */
  JsonObject *candidature; /* (nullable) */
  JsonArray *scores;       /* what was said of each test */
} Person;

static void
person_free (gpointer data)
{
  Person *person = data;

  g_free (person->assessment);
  g_free (person->email);
  g_free (person->folded);
  g_clear_pointer (&person->result, assay_result_free);
  g_clear_pointer (&person->candidature, json_object_unref);
  json_array_unref (person->scores);
  g_free (person);
}

static Person *
person_new (const char *assessment,
            const char *email)
{
  Person *person = g_new0 (Person, 1);

  person->assessment = g_strdup (assessment);
  person->email = g_strdup (email);
  person->folded = assay_email_fold (email);
  person->scores = json_array_new ();
  return person;
}

char *
assay_testgorilla_make_remote_id (const char *assessment,
                                  const char *email)
{
  g_autofree char *escaped_assessment = g_uri_escape_string (assessment, NULL, FALSE);
  g_autofree char *escaped_email = g_uri_escape_string (email, NULL, FALSE);

  return g_strconcat (escaped_assessment, "/", escaped_email, NULL);
}

/* (transfer full) (nullable): whom @remote_id is */
static Person *
person_new_from_remote_id (const char  *remote_id,
                           GError     **error)
{
  g_auto (GStrv) parts = g_strsplit (remote_id, "/", 3);
  g_autofree char *assessment = NULL, *email = NULL;

  if (g_strv_length (parts) == 2)
    {
      assessment = g_uri_unescape_string (parts[0], NULL);
      email = g_uri_unescape_string (parts[1], NULL);
    }
  if (assessment == NULL || *assessment == '\0' || email == NULL || *email == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _ ("TestGorilla can't have such an invitation."));
      return NULL;
    }
  return person_new (assessment, email);
}

static AssayHttpRequest *
ask_for_candidatures (GTask      *task,
                      const char *next_query,
                      guint       offset)
{
  const Person *person = g_task_get_task_data (task);
  AssayHttpRequest *request = new_page_request ("assessments/candidature/", offset);

  assay_http_request_add_query (request, "assessment", person->assessment);
  assay_http_request_add_query (request, "search", person->email);
  assay_http_request_set_background (request, person->background);
  return request;
}

static gboolean
is_of (const Person  *person,
       JsonObject    *record,
       GError       **error)
{
  return assay_provider_is_of (record, person->folded, _ ("TestGorilla's list of candidates"), error);
}

static gpointer
end_without_person (GTask   *task,
                    GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                       _ ("TestGorilla doesn't list this candidate in the assessment any more. Look in TestGorilla."));
  return NULL;
}

/* The look-up */

static AssayInvitationStatus
read_status (JsonObject *record)
{
  const char *status = assay_json_get_string (record, "status");

  /* Who is listed is invited; how far that is, only a word can tell. */
  return status != NULL && *status != '\0' ? assay_invitation_status_from_provider (status) : ASSAY_INVITATION_UNKNOWN;
}

static gpointer
take_invited (GTask       *task,
              JsonObject  *record,
              GError     **error)
{
  const Person *person = g_task_get_task_data (task);
  AssayInvited *invited;

  if (!is_of (person, record, error))
    return NULL;
  invited = assay_invited_new ();
  invited->remote_id = assay_testgorilla_make_remote_id (person->assessment, person->email);
  invited->status = read_status (record);
  return invited;
}

static gpointer
end_uninvited (GTask   *task,
               GError **error)
{
  return NULL;
}

static const AssayProviderPages look_up_pages = {
  .what = N_ ("TestGorilla's list of candidates"),
  .new_request = ask_for_candidatures,
  .take = take_invited,
  .end = end_uninvited,
  .free_value = (GDestroyNotify) assay_invited_free,
  .tells_absence = TRUE,
};

static void
assay_testgorilla_look_up_async (AssayProvider       *provider,
                                 const AssayInvitee  *invitee,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_testgorilla_look_up_async, cancellable, callback, user_data);

  g_task_set_task_data (task, person_new (invitee->assessment_remote_id, invitee->email), person_free);
  assay_provider_base_read_pages (task, &look_up_pages);
}

/* The result: the candidature, then the score of each test */

AssayResult *
assay_testgorilla_read_candidature (JsonObject *record)
{
  AssayResult *result = assay_result_new ();

  result->status_text = assay_json_dup_string (record, "status");
  result->status = read_status (record);
  /* Somebody who has begun has an average of what is done; it isn't the result yet. */
  if (result->status == ASSAY_INVITATION_COMPLETED)
    result->score = assay_provider_read_score (record, "avg_score", NULL, FALSE);
  return result;
}

void
assay_testgorilla_add_score (AssayResult *result,
                             JsonObject  *record)
{
  const char *name = assay_json_get_string (record, "name");
  AssayScore *score = NULL;

  if (name != NULL && *name != '\0' && assay_json_get_boolean (record, "completed", TRUE))
    score = assay_provider_read_score (record, "score", name, FALSE);
  if (score != NULL)
    g_ptr_array_add (result->scores, score);
}

/* What TestGorilla said, without the candidate's own way into the assessment. */
static char *
make_raw (const Person *person)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  json_object_iter_init_ordered (&iter, person->candidature);
  while (json_object_iter_next_ordered (&iter, &name, &member))
    if (!g_str_equal (name, "invitation_link") && !g_str_equal (name, "invitation_uuid"))
      json_object_set_member (object, name, json_node_copy (member));
  if (json_array_get_length (person->scores) > 0)
    json_object_set_array_member (object, "results", json_array_ref (person->scores));
  node = json_node_init_object (json_node_alloc (), object);
  return assay_json_to_text (node, ASSAY_PROVIDER_MAX_RAW);
}

static gpointer
end_result (GTask   *task,
            GError **error)
{
  Person *person = g_task_get_task_data (task);

  person->result->raw = make_raw (person);
  return g_steal_pointer (&person->result);
}

static AssayHttpRequest *
ask_for_scores (GTask      *task,
                const char *next_query,
                guint       offset)
{
  const Person *person = g_task_get_task_data (task);
  AssayHttpRequest *request = new_page_request ("assessments/results/", offset);
  g_autofree char *test_taker = assay_json_dup_string (person->candidature, "testtaker_id");

  assay_http_request_add_query (request, "candidature__assessment", person->assessment);
  assay_http_request_add_query (request, "candidature__test_taker", test_taker);
  assay_http_request_set_background (request, TRUE);
  return request;
}

static gpointer
take_score (GTask       *task,
            JsonObject  *record,
            GError     **error)
{
  Person *person = g_task_get_task_data (task);

  assay_testgorilla_add_score (person->result, record);
  json_array_add_object_element (person->scores, json_object_ref (record));
  return NULL;
}

static const AssayProviderPages scores_pages = {
  .what = N_ ("TestGorilla's list of results"),
  .new_request = ask_for_scores,
  .take = take_score,
  .end = end_result,
  .free_value = (GDestroyNotify) assay_result_free,
};

static gpointer
take_candidature (GTask       *task,
                  JsonObject  *record,
                  GError     **error)
{
  Person *person = g_task_get_task_data (task);
  g_autofree char *test_taker = NULL;

  if (!is_of (person, record, error))
    return NULL;
  person->candidature = json_object_ref (record);
  person->result = assay_testgorilla_read_candidature (record);
  test_taker = assay_json_dup_string (record, "testtaker_id");
  if (person->result->status == ASSAY_INVITATION_PENDING || test_taker == NULL || *test_taker == '\0')
    return end_result (task, error);
  assay_provider_base_read_pages (task, &scores_pages);
  return NULL;
}

static const AssayProviderPages candidature_pages = {
  .what = N_ ("TestGorilla's list of candidates"),
  .new_request = ask_for_candidatures,
  .take = take_candidature,
  .end = end_without_person,
  .free_value = (GDestroyNotify) assay_result_free,
  .tells_absence = TRUE,
};

static void
assay_testgorilla_read_result_async (AssayProvider       *provider,
                                     const char          *remote_id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_testgorilla_read_result_async, cancellable, callback, user_data);
  GError *error = NULL;
  Person *person = person_new_from_remote_id (remote_id, &error);

  if (person == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  person->background = TRUE;
  g_task_set_task_data (task, person, person_free);
  assay_provider_base_read_pages (task, &candidature_pages);
}

/* The invitation, and sending it again */

static AssayHttpRequest *
new_post (const char        *path,
          const char *const  members[][2],
          guint              n_members)
{
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_ONCE, "POST", path);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) body = NULL;

  json_builder_begin_object (builder);
  for (guint i = 0; i < n_members; i++)
    {
      json_builder_set_member_name (builder, members[i][0]);
      json_builder_add_string_value (builder, members[i][1] != NULL ? members[i][1] : "");
    }
  json_builder_end_object (builder);
  body = json_builder_get_root (builder);
  assay_http_request_set_json (request, body, "application/json");
  return request;
}

static gpointer
read_invited (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  const Person *person = g_task_get_task_data (task);
  AssayInvited *invited;

  if (assay_json_expect_object (root, "TestGorilla", error) == NULL)
    return NULL;
  invited = assay_invited_new ();
  invited->remote_id = assay_testgorilla_make_remote_id (person->assessment, person->email);
  return invited;
}

/* Its refusals name a field and a key, and no sentence is promised with them. */
static GError *
judge_refusal (GTask  *task,
               GError *error)
{
  const char *detail = assay_error_get_vendor_detail (error);

  if (detail != NULL && strstr (detail, "REPEATING_INVITATION") != NULL)
    error->code = ASSAY_ERROR_DUPLICATE;
  return error;
}

static const AssayConnectorCall invite_call = {
  .read = read_invited,
  .free_value = (GDestroyNotify) assay_invited_free,
  .judge = judge_refusal,
  .invites = TRUE,
};

static void
assay_testgorilla_invite_async (AssayProvider       *provider,
                                const AssayInvitee  *invitee,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  const char *const members[][2] = {
    { "email", invitee->email }, { "first_name", invitee->first_name }, { "last_name", invitee->last_name },
  };
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_testgorilla_invite_async, cancellable, callback, user_data);
  g_autofree char *escaped = g_uri_escape_string (invitee->assessment_remote_id, NULL, FALSE);
  g_autofree char *path = g_strconcat ("assessments/", escaped, "/invite_candidate/", NULL);

  g_task_set_task_data (task, person_new (invitee->assessment_remote_id, invitee->email), person_free);
  assay_connector_base_ask (task, &invite_call, new_post (path, members, G_N_ELEMENTS (members)));
}

static const AssayConnectorCall resend_call = { .read = assay_connector_base_read_done };

static gpointer
take_whom_to_send_again (GTask       *task,
                         JsonObject  *record,
                         GError     **error)
{
  g_autofree char *id = NULL, *escaped = NULL, *path = NULL;

  if (!is_of (g_task_get_task_data (task), record, error))
    return NULL;
  id = assay_json_expect_member_id (record, "id", _ ("TestGorilla's list of candidates"), error);
  if (id == NULL)
    return NULL;
  escaped = g_uri_escape_string (id, NULL, FALSE);
  path = g_strconcat ("assessments/candidature/", escaped, "/send-invitation/", NULL);
  /* What came of a request on the wire must be learned even when the caller gave up. */
  g_task_set_check_cancellable (task, FALSE);
  assay_connector_base_ask (task, &resend_call, new_post (path, NULL, 0));
  return NULL;
}

static const AssayProviderPages resend_pages = {
  .what = N_ ("TestGorilla's list of candidates"),
  .new_request = ask_for_candidatures,
  .take = take_whom_to_send_again,
  .end = end_without_person,
  .tells_absence = TRUE,
};

static void
assay_testgorilla_resend_async (AssayProvider       *provider,
                                const char          *remote_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_testgorilla_resend_async, cancellable, callback, user_data);
  GError *error = NULL;
  Person *person = person_new_from_remote_id (remote_id, &error);

  if (person == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, person, person_free);
  assay_provider_base_read_pages (task, &resend_pages);
}

static void
assay_testgorilla_provider_init (AssayProviderInterface *iface)
{
  iface->list_assessments_async = assay_testgorilla_list_assessments_async;
  iface->invite_async = assay_testgorilla_invite_async;
  iface->look_up_async = assay_testgorilla_look_up_async;
  iface->read_result_async = assay_testgorilla_read_result_async;
  iface->resend_async = assay_testgorilla_resend_async;
}

/* Description */

static char *
get_default_base_url (GHashTable *settings)
{
  return g_strdup ("https://app.testgorilla.com/api");
}

static GObject *
assay_testgorilla_create (const AssayConnectorDescription *description,
                          const AssayConnectorContext     *context,
                          GError                         **error)
{
  AssayProviderBase *self = assay_connector_base_new (ASSAY_TYPE_TESTGORILLA, description, context, error);

  if (self != NULL)
    assay_http_channel_set_credential (assay_connector_base_get_channel (self), ASSAY_HTTP_AUTH_TOKEN, NULL,
                                       g_hash_table_lookup (context->secrets, "api-key"));
  return (GObject *) self;
}

const AssayConnectorDescription assay_testgorilla_description = {
  .id = "testgorilla",
  .name = "TestGorilla",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Skills tests: invitations, reminders, progress, an average and each test's score. Invitations "
                 "can't be withdrawn from Assay."),
  .capabilities = ASSAY_CAN_EDIT_INVITEE | ASSAY_CAN_LOOK_UP | ASSAY_CAN_NAMED_SCORES | ASSAY_CAN_PARTIAL_RESULTS |
                  ASSAY_CAN_RESEND,
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("What precedes “/assessments/”."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://app.testgorilla.com/api",
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
            N_ ("Sign in to TestGorilla, and open your profile's menu."),
            N_ ("Choose Integrations, and open the settings of the integration."),
            N_ ("Copy the API key that the window shows."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      {
        .name = "Assessments",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Lists the assessments that you can send, and who was invited to them."),
        .remedy = N_ ("Copy the key again from the integration's window in TestGorilla."),
      },
      {
        .name = "Candidates",
        .access = "Invite",
        .needed = TRUE,
        .purpose = N_ ("Sends an assessment to a candidate."),
        .remedy = N_ ("This can't be tried without inviting somebody. The first invitation that you send shows it."),
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("Your TestGorilla plan includes its API."),
        .how_to_tell = N_ ("Integrations in your profile's menu shows an API key."),
        .if_not = N_ ("Ask TestGorilla's support to add it to your plan."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In TestGorilla open your profile's menu, then Integrations, and switch the integration off."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://docs.testgorilla.com/apis/invitations", NULL },
  /* Of the documented limits, the list's 20 a minute is reached with 2000 assessments; the others are 60 and more. */
  .pace = { .per_second = 1, .burst = 10, .concurrency = 1 },
  .create = assay_testgorilla_create,
  .get_default_base_url = get_default_base_url,
};
