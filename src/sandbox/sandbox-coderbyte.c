/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coderbyte's organisation API, strictly.
 *
 *   GET  /api/organization/assessments                   the assessments, a closed one among them
 *   POST /api/organization/candidates/invite             invites by the assessment's public address
 *   GET  /api/organization/candidates/EMAIL              to what somebody was invited
 *   GET  /api/organization/candidates/EMAIL/TEST         the reports
 *   GET  /report/userID:TEST                             a page for people, without a key
 *
 * A bearer key; a second one belongs to an account without the API add-on. Everything is wrapped as
 * {"status": "success", "data": …}. The bodies of failures aren't known; here each is
 * {"status": "error", "message": …}. What a second invitation does isn't known either; here it takes
 * effect and the ledger counts it, so that a client that doesn't look first is found out. Somebody
 * who has opened the assessment is "Joined"; before that there is no report. */

#include "config.h"

#include <string.h>

#include "sandbox-provider.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_CODERBYTE (sandbox_coderbyte_get_type ())
G_DECLARE_FINAL_TYPE (SandboxCoderbyte, sandbox_coderbyte, SANDBOX, CODERBYTE, GObject)

#define KIND "coderbyte"
#define KEY "sandbox-coderbyte-key"
#define KEY_WITHOUT_ADD_ON "sandbox-coderbyte-no-add-on"
#define PREFIX "/api/organization/"
#define ORGANISATION "sandboxorg"
#define QUALIFYING_SCORE 60

struct _SandboxCoderbyte
{
  GObject        parent_instance;

  char          *origin;
  SandboxLife   *life;
  SandboxLedger *ledger;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxCoderbyte, sandbox_coderbyte, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

static const struct
{
  const char *id;
  const char *name;
  const char *created;
  gboolean    closed;
  const char *sections[3];
} tests[] = {
  { "backend-assessment-1abc23de45678", "Backend Engineer", "2024-11-05", FALSE,
    { "Two Sum", "Rate Limiter", "HTTP and SQL" } },
  { "frontend-assessment-2bcd34ef56789", "Front-end Engineer", "2025-01-17", FALSE,
    { "Tree Walk", "Debounce", "DOM and CSS" } },
  { "data-assessment-3cde45fg67890", "Data Engineer", "2025-02-20", FALSE,
    { "Window Sums", "Event Log", "SQL and Statistics" } },
  { "graphql-assessment-4def56gh78901", "Front-end (archived)", "2023-02-01", TRUE,
    { "Schema", "Resolver", "GraphQL" } },
};

static gboolean
find_test (const char *id,
           guint      *index)
{
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    if (g_str_equal (tests[i].id, id))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static char *
make_public_url (guint index)
{
  return g_strdup_printf ("https://coderbyte.com/sl-org?promo=" ORGANISATION "-%c%c1cd:%s", 'a' + (int) index,
                          'k' + (int) index, tests[index].id);
}

static const char *
sandbox_coderbyte_get_kind (SandboxVendor *vendor)
{
  return KIND;
}

static char *
sandbox_coderbyte_dup_operation (SandboxVendor  *vendor,
                                 SandboxRequest *request)
{
  const char *rest;

  if (g_str_has_prefix (request->path, "/report/"))
    return g_strdup ("report-page");
  if (!g_str_has_prefix (request->path, PREFIX))
    return g_strdup ("unknown");
  rest = request->path + strlen (PREFIX);
  if (g_str_equal (rest, "assessments"))
    return g_strdup ("list");
  if (g_str_equal (rest, "candidates/invite"))
    return g_strdup ("invite");
  if (!g_str_has_prefix (rest, "candidates/") || rest[strlen ("candidates/")] == '\0')
    return g_strdup ("unknown");
  return g_strdup (strchr (rest + strlen ("candidates/"), '/') == NULL ? "candidate" : "reports");
}

static void
answer_error (SandboxRequest *request,
              guint           status,
              const char     *message)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "status", "error");
  sandbox_json_member_string (json, "message", message);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, "application/json", json);
}

static void
sandbox_coderbyte_answer_failure (SandboxVendor  *vendor,
                                  SandboxRequest *request,
                                  guint           status)
{
  const char *message;

  switch (status)
    {
    case 401:
      message = "Invalid API key.";
      break;
    case 403:
      message = "The API add-on is not enabled for this organization.";
      break;
    case 404:
      message = "Not found.";
      break;
    case 405:
      message = "Method not allowed.";
      break;
    case 429:
      message = "Too many requests.";
      break;
    default:
      message = status >= 500 ? "Something went wrong." : "The request was refused.";
      break;
    }
  answer_error (request, status, message);
}

/* A refusal that a careful client never gets, so it is an incident as well. */
static void
refuse (SandboxCoderbyte *self,
        SandboxRequest   *request,
        guint             status,
        const char       *message)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->operation, message);

  sandbox_ledger_add_incident (self->ledger, KIND, "malformed-request", detail);
  answer_error (request, status, message);
}

static SandboxJson *
begin_answer (void)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "status", "success");
  sandbox_json_key (json, "data");
  sandbox_json_begin_object (json);
  return json;
}

static void
end_answer (SandboxRequest *request,
            SandboxJson    *json)
{
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
write_statistics (SandboxJson *json,
                  guint        index)
{
  sandbox_json_key (json, "overview_stats");
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "total", 42 + index);
  sandbox_json_member_integer (json, "assessed", 30);
  sandbox_json_member_integer (json, "qualified", 12);
  sandbox_json_member_integer (json, "challenge_count", 2);
  sandbox_json_member_integer (json, "open_ended_count", 1);
  sandbox_json_member_integer (json, "multiple_choice_count", 10);
  sandbox_json_member_integer (json, "project_count", 0);
  sandbox_json_member_integer (json, "candidates_cheated_count", 2);
  sandbox_json_member_string (json, "created_by_email", "hr@example.com");
  sandbox_json_key (json, "ratings");
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "up", 5);
  sandbox_json_member_integer (json, "down", 1);
  sandbox_json_end_object (json);
  sandbox_json_member_integer (json, "qualifying_score", QUALIFYING_SCORE);
  sandbox_json_member_string (json, "email_template_id", "");
  sandbox_json_member_string (json, "welcome_template_id", NULL);
  sandbox_json_end_object (json);
}

static void
list_assessments (SandboxRequest *request)
{
  SandboxJson *json = begin_answer ();

  sandbox_json_key (json, "assessments");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *public_url = make_public_url (i);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "display_name", tests[i].name);
      sandbox_json_member_string (json, "test_id", tests[i].id);
      sandbox_json_member_boolean (json, "closed", tests[i].closed);
      sandbox_json_member_string (json, "created_date", tests[i].created);
      sandbox_json_member_string (json, "public_url", public_url);
      write_statistics (json, i);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  end_answer (request, json);
}

/* (nullable): what is wrong with the body of an invitation */
static const char *
check_invitation (JsonObject *object,
                  guint      *index)
{
  static const char *const known[] = { "candidates", "assessment_url", "skip_send", NULL };
  g_autoptr (GList) members = json_object_get_members (object);
  JsonArray *candidates = sandbox_json_get_array (object, "candidates");
  const char *address = sandbox_json_get_string (object, "assessment_url");
  JsonNode *skip_send = json_object_get_member (object, "skip_send");
  gboolean found = FALSE;

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      return "The body has a member that is not known.";
  if (candidates == NULL || json_array_get_length (candidates) == 0)
    return "candidates must be an array of e-mail addresses.";
  for (guint i = 0; i < json_array_get_length (candidates); i++)
    if (!sandbox_json_node_is (json_array_get_element (candidates, i), G_TYPE_STRING))
      return "candidates must be an array of e-mail addresses.";
  if (skip_send != NULL && !sandbox_json_node_is (skip_send, G_TYPE_BOOLEAN))
    return "skip_send must be true or false.";
  for (guint i = 0; address != NULL && i < G_N_ELEMENTS (tests) && !found; i++)
    {
      g_autofree char *public_url = make_public_url (i);

      found = g_str_equal (public_url, address);
      *index = i;
    }
  return found ? NULL : "assessment_url must be the public_url of an assessment.";
}

static void
invite (SandboxCoderbyte *self,
        SandboxRequest   *request)
{
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (JsonNode) node = NULL;
  JsonArray *candidates;
  SandboxJson *json;
  const char *wrong;
  guint index = 0;

  if (g_strcmp0 (type, "application/json") != 0)
    {
      refuse (self, request, 415, "The body must be application/json.");
      return;
    }
  node = sandbox_json_parse (request->body, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      refuse (self, request, 400, "The body is not a JSON object.");
      return;
    }
  wrong = check_invitation (json_node_get_object (node), &index);
  if (wrong != NULL)
    {
      refuse (self, request, 400, wrong);
      return;
    }
  candidates = sandbox_json_get_array (json_node_get_object (node), "candidates");
  for (guint i = 0; i < json_array_get_length (candidates); i++)
    {
      const char *email = json_array_get_string_element (candidates, i);

      if (!sandbox_provider_is_email (email))
        {
          answer_error (request, 400, "An e-mail address is not valid.");
          return;
        }
      sandbox_ledger_add_attempt (self->ledger, KIND, tests[index].id, email);
      if (g_str_has_suffix (email, "@refused.example"))
        {
          answer_error (request, 400, "Mail to this address is refused.");
          return;
        }
    }
  if (tests[index].closed)
    {
      answer_error (request, 400, "This assessment is closed.");
      return;
    }

  json = begin_answer ();
  sandbox_json_key (json, "candidates");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < json_array_get_length (candidates); i++)
    {
      const char *email = json_array_get_string_element (candidates, i);
      SandboxInvitation *invitation
        = sandbox_life_invite (self->life, KIND, tests[index].id, tests[index].name, email, "", "");
      g_autofree char *link = g_strdup_printf ("https://coderbyte.com/sl-candidate?promo=" ORGANISATION "-ab1cd:%s",
                                               invitation->id);

      sandbox_ledger_add_invitation (self->ledger, KIND, KEY, tests[index].id, email, invitation->id);
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "email", email);
      sandbox_json_member_string (json, "url", link);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_member_string (json, "test_id", tests[index].id);
  end_answer (request, json);
}

/* (transfer container) (element-type SandboxInvitation): of that person, and to that test if it isn't
 * %NULL */
static GPtrArray *
list_of_person (SandboxCoderbyte *self,
                const char       *email,
                const char       *test)
{
  GPtrArray *all = sandbox_life_list (self->life);
  GPtrArray *found = g_ptr_array_new ();
  g_autofree char *folded = g_utf8_casefold (email, -1);

  for (guint i = 0; i < all->len; i++)
    {
      SandboxInvitation *invitation = g_ptr_array_index (all, i);
      g_autofree char *own = g_utf8_casefold (invitation->email, -1);

      if (g_str_equal (invitation->vendor, KIND) && g_str_equal (own, folded)
          && (test == NULL || g_str_equal (invitation->test, test)))
        g_ptr_array_add (found, invitation);
    }
  return found;
}

static void
show_candidate (SandboxCoderbyte *self,
                SandboxRequest   *request,
                const char       *email)
{
  g_autoptr (GPtrArray) invitations = list_of_person (self, email, NULL);
  SandboxJson *json = begin_answer ();

  sandbox_json_key (json, "assessments");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < invitations->len; i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "test_id",
                                  ((SandboxInvitation *) g_ptr_array_index (invitations, i))->test);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  end_answer (request, json);
}

static void
write_empty (SandboxJson *json,
             const char  *name)
{
  sandbox_json_key (json, name);
  sandbox_json_begin_array (json);
  sandbox_json_end_array (json);
}

static void
write_challenge (SandboxJson *json,
                 const char  *title,
                 const char  *date,
                 guint        percent)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "title", title);
  sandbox_json_member_string (json, "date", date);
  sandbox_json_member_string (json, "language", "Python3");
  sandbox_json_member_integer (json, "score", (percent + 5) / 10);
  sandbox_json_member_integer (json, "time_taken", 12);
  sandbox_json_key (json, "meta");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "difficulty", "easy");
  sandbox_json_key (json, "tags");
  sandbox_json_begin_array (json);
  sandbox_json_string (json, "arrays");
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
}

static void
write_details (SandboxJson       *json,
               SandboxInvitation *invitation,
               guint              index)
{
  g_autoptr (GDateTime) opened = g_date_time_new_from_unix_utc (invitation->opened);
  g_autofree char *date = g_date_time_format (opened, "%m-%d-%y");

  sandbox_json_key (json, "challenge_details");
  sandbox_json_begin_array (json);
  write_challenge (json, tests[index].sections[0], date, invitation->sections[0]);
  write_challenge (json, tests[index].sections[1], date, invitation->sections[1]);
  sandbox_json_end_array (json);
  sandbox_json_key (json, "mc_details");
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", "1234");
  sandbox_json_member_string (json, "question", "Which HTTP method is idempotent?");
  sandbox_json_member_boolean (json, "correct", invitation->sections[2] >= 50);
  sandbox_json_member_string (json, "answer", invitation->sections[2] >= 50 ? "PUT" : "POST");
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
  sandbox_json_key (json, "oe_details");
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", "4567");
  sandbox_json_member_string (json, "question", "Describe a system you built.");
  sandbox_json_member_string (json, "answer", "A queue with a dead-letter box.");
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
}

/* One in four leaves the tab, and of those some paste code. */
static void
write_cheating (SandboxJson       *json,
                SandboxInvitation *invitation)
{
  guint lot = g_str_hash (invitation->email) % 12;
  gboolean suspicious = lot < 3;

  sandbox_json_member_string (json, "cheating_flag", suspicious ? "Likely" : "Not detected");
  sandbox_json_key (json, "cheating_details");
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "tab_leaving", suspicious ? lot + 1 : 0);
  sandbox_json_member_string (json, "plagiarism", "Not detected");
  sandbox_json_member_string (json, "pasted_code", lot == 0 ? "Likely" : "Not detected");
  sandbox_json_member_boolean (json, "suspicious_activity", suspicious);
  sandbox_json_member_boolean (json, "ai_usage", FALSE);
  sandbox_json_end_object (json);
}

static void
write_report (SandboxCoderbyte  *self,
              SandboxJson       *json,
              SandboxInvitation *invitation,
              guint              index)
{
  g_autoptr (GDateTime) opened = g_date_time_new_from_unix_utc (invitation->opened);
  g_autofree char *joined = g_date_time_format (opened, "%Y-%m-%d");
  g_autofree char *link = g_strdup_printf ("%s/report/user%s:%s", self->origin, invitation->id, invitation->test);
  gboolean complete = invitation->status == SANDBOX_LIFE_COMPLETE;

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "username");
  {
    g_autofree char *user = g_strndup (invitation->email, strcspn (invitation->email, "@"));

    sandbox_json_string (json, user);
  }
  sandbox_json_member_string (json, "email", invitation->email);
  sandbox_json_member_string (json, "date_joined", joined);
  sandbox_json_member_string (json, "test_id", invitation->test);
  sandbox_json_member_string (json, "display_name", invitation->test_name);
  sandbox_json_member_string (json, "report_link", link);
  sandbox_json_member_string (json, "status", complete ? "Submitted" : "Joined");
  sandbox_json_member_integer (json, "time_taken",
                               complete ? MAX ((invitation->ended - invitation->opened) / 60, 1) : -1);
  sandbox_json_member_integer (json, "total_challenges", 2);
  if (complete)
    write_details (json, invitation, index);
  else
    {
      write_empty (json, "challenge_details");
      write_empty (json, "mc_details");
      write_empty (json, "oe_details");
    }
  write_empty (json, "video_responses");
  write_empty (json, "scorecard");
  write_empty (json, "admin_notes");
  sandbox_json_member_string (json, "vote_decision", NULL);
  sandbox_json_member_boolean (json, "report_ready", complete);
  write_empty (json, "workspaces");
  sandbox_json_member_string (json, "invited_by_admin", "hr@example.com");
  if (complete)
    {
      write_cheating (json, invitation);
      sandbox_json_member_integer (json, "mc_score", invitation->sections[2]);
      sandbox_json_member_integer (json, "code_score", (invitation->sections[0] + invitation->sections[1] + 1) / 2);
      sandbox_json_member_integer (json, "final_score", invitation->score);
      sandbox_json_member_boolean (json, "qualified", invitation->score >= QUALIFYING_SCORE);
    }
  else
    {
      static const char *const later[] = { "cheating_details", "mc_score", "code_score", "final_score", "qualified" };

      sandbox_json_member_string (json, "cheating_flag", "Not detected");
      for (guint i = 0; i < G_N_ELEMENTS (later); i++)
        sandbox_json_member_string (json, later[i], NULL);
    }
  sandbox_json_member_integer (json, "qualifying_score", QUALIFYING_SCORE);
  sandbox_json_end_object (json);
}

static void
show_reports (SandboxCoderbyte *self,
              SandboxRequest   *request,
              const char       *email,
              const char       *test)
{
  g_autoptr (GPtrArray) invitations = NULL;
  SandboxJson *json;
  guint index;

  if (!find_test (test, &index))
    {
      answer_error (request, 404, "There is no such assessment.");
      return;
    }
  invitations = list_of_person (self, email, test);
  if (invitations->len == 0)
    {
      answer_error (request, 404, "There is no such candidate.");
      return;
    }
  json = begin_answer ();
  sandbox_json_key (json, "reports");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < invitations->len; i++)
    {
      SandboxInvitation *invitation = g_ptr_array_index (invitations, i);

      if (invitation->opened != 0)
        write_report (self, json, invitation, index);
    }
  sandbox_json_end_array (json);
  end_answer (request, json);
}

static void
show_page (SandboxCoderbyte *self,
           SandboxRequest   *request)
{
  const char *start = request->path + strlen ("/report/user");
  g_autofree char *id = NULL;
  SandboxInvitation *invitation = NULL;
  guint index;

  if (sandbox_request_get_header (request, "Authorization") != NULL)
    sandbox_ledger_add_incident (self->ledger, KIND, "key-leak", "A key came with a request for a report.");
  if (!g_str_equal (request->method, "GET"))
    {
      sandbox_coderbyte_answer_failure (SANDBOX_VENDOR (self), request, 405);
      return;
    }
  if (g_str_has_prefix (request->path, "/report/user"))
    {
      id = g_strndup (start, strcspn (start, ":"));
      invitation = sandbox_life_find (self->life, id);
    }
  if (invitation == NULL || !g_str_equal (invitation->vendor, KIND) || invitation->status != SANDBOX_LIFE_COMPLETE
      || !find_test (invitation->test, &index))
    sandbox_provider_answer_no_report (request);
  else
    sandbox_provider_answer_report (request, invitation, tests[index].sections);
}

static void
sandbox_coderbyte_handle (SandboxVendor  *vendor,
                          SandboxRequest *request)
{
  SandboxCoderbyte *self = SANDBOX_CODERBYTE (vendor);
  gboolean is_invite = g_str_equal (request->operation, "invite");
  g_autofree char *key = NULL;
  g_auto (GStrv) parts = NULL;

  if (g_str_equal (request->operation, "report-page"))
    {
      show_page (self, request);
      return;
    }
  if (g_str_equal (request->operation, "unknown"))
    {
      refuse (self, request, 404, "There is nothing at this address.");
      return;
    }
  key = sandbox_request_dup_bearer (request);
  if (g_strcmp0 (key, KEY) != 0)
    {
      sandbox_coderbyte_answer_failure (vendor, request, g_strcmp0 (key, KEY_WITHOUT_ADD_ON) == 0 ? 403 : 401);
      return;
    }
  if (!g_str_equal (request->method, is_invite ? "POST" : "GET"))
    {
      refuse (self, request, 405, "This address takes another method.");
      return;
    }
  if (request->parameters->len > 0 || request->query_broken)
    {
      refuse (self, request, 400, "This address takes no parameters.");
      return;
    }

  if (g_str_equal (request->operation, "list"))
    list_assessments (request);
  else if (is_invite)
    invite (self, request);
  else
    {
      parts = g_strsplit (request->path + strlen (PREFIX "candidates/"), "/", 2);
      if (parts[1] == NULL)
        show_candidate (self, request, parts[0]);
      else
        show_reports (self, request, parts[0], parts[1]);
    }
}

static void
sandbox_coderbyte_mount (SandboxVendor *vendor,
                         const char    *origin)
{
  SandboxCoderbyte *self = SANDBOX_CODERBYTE (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_coderbyte_describe (SandboxVendor *vendor,
                            SandboxJson   *json)
{
  sandbox_vendor_write_connection (json, KIND, "Sandbox Coderbyte", SANDBOX_CODERBYTE (vendor)->origin, "/api",
                                   NULL, "api-key", KEY);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_coderbyte_get_kind;
  iface->dup_operation = sandbox_coderbyte_dup_operation;
  iface->handle = sandbox_coderbyte_handle;
  iface->answer_failure = sandbox_coderbyte_answer_failure;
  iface->mount = sandbox_coderbyte_mount;
  iface->describe = sandbox_coderbyte_describe;
}

static void
sandbox_coderbyte_finalize (GObject *object)
{
  g_free (SANDBOX_CODERBYTE (object)->origin);
  G_OBJECT_CLASS (sandbox_coderbyte_parent_class)->finalize (object);
}

static void
sandbox_coderbyte_class_init (SandboxCoderbyteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_coderbyte_finalize;
}

static void
sandbox_coderbyte_init (SandboxCoderbyte *self)
{
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxCoderbyte *self = g_object_new (SANDBOX_TYPE_CODERBYTE, NULL);

  self->life = scene->life;
  self->ledger = scene->ledger;
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_coderbyte_type = {
  .kind = KIND,
  .make = make,
};
