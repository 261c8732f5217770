/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An assessment provider that serves the Greenhouse Assessment Partner protocol, strictly.
 *
 *   GET  list_tests                               the assessments, a bare array
 *   POST send_test                                invites
 *   GET  test_status?partner_interview_id=ID      how it stands
 *   POST response_error                           the client's complaint about an answer
 *   GET  /reports/ID                              a page for people, without a key
 *
 * The operations are under `/partner` (HTTP Basic, the key and an empty password, as the protocol has
 * it), `/partner-bearer` (the key as a bearer token) and `/partner-header` (the key in X-API-KEY), for
 * clients whose form of authentication can be set. Under `/plugin` it is a plugin of Pinpoint's framework
 * as well, see sandbox-partner-plugin.c. The protocol names no body for failures; here each
 * is `{"message": …}`. It leaves open, too, what a second invitation of the same person to the same
 * test does; TestTrick's own description says that it isn't allowed, so it is refused with 409. */

#include "config.h"

#include "sandbox-partner.h"

#include <string.h>

#include "sandbox-partner-plugin.h"
#include "sandbox-provider.h"

#define SANDBOX_TYPE_PARTNER (sandbox_partner_get_type ())
G_DECLARE_FINAL_TYPE (SandboxPartner, sandbox_partner, SANDBOX, PARTNER, GObject)

struct _SandboxPartner
{
  GObject        parent_instance;

  char          *kind;
  char          *name;
  char          *key;
  char          *origin;
  SandboxLife   *life;
  SandboxLedger *ledger;
  gboolean       accept_duplicates;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxPartner, sandbox_partner, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

static const struct
{
  const char *id;
  const char *name;
  const char *sections[3];
} tests[] = {
  { "1018", "Numerical Reasoning", { "Tables", "Ratios", "Forecasts" } },
  { "1019", "Verbal Reasoning", { "Comprehension", "Inference", "Vocabulary" } },
  { "1024", "Backend Engineering", { "Logic", "Databases", "Concurrency" } },
  { "1025", "Frontend Engineering", { "Logic", "Accessibility", "Layout" } },
  { "1031", "Customer Service Situations", { "Empathy", "Clarity", "Priorities" } },
  { "1032", "Sales Aptitude", { "Listening", "Persuasion", "Resilience" } },
  { "1040", "Data Analysis with SQL", { "Queries", "Statistics", "Interpretation" } },
  { "1047", "Attention to Detail", { "Comparison", "Checking", "Speed" } },
  { "1051", "English (CEFR B2–C1)", { "Reading", "Writing", "Listening" } },
  { "1052", "Deutsch für den Beruf", { "Lesen", "Schreiben", "Hören" } },
  { "1060", "Leadership Judgement", { "Delegation", "Feedback", "Conflict" } },
  { "1077", "Warehouse Safety", { "Lifting", "Vehicles", "Emergencies" } },
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

/* What stands after the mount, or %NULL. */
static const char *
operation_of (const char  *path,
              const char **mount)
{
  static const char *const mounts[] = { "/partner", "/partner-bearer", "/partner-header" };

  for (guint i = 0; i < G_N_ELEMENTS (mounts); i++)
    {
      gsize length = strlen (mounts[i]);

      if (strncmp (path, mounts[i], length) == 0 && path[length] == '/')
        {
          *mount = mounts[i];
          return path + length + 1;
        }
    }
  return NULL;
}

static const char *
sandbox_partner_get_kind (SandboxVendor *vendor)
{
  return SANDBOX_PARTNER (vendor)->kind;
}

static char *
sandbox_partner_dup_operation (SandboxVendor  *vendor,
                               SandboxRequest *request)
{
  static const char *const operations[]
    = { "list_tests", "send_test", "test_status", "response_error", NULL };
  const char *mount;
  const char *operation = operation_of (request->path, &mount);

  if (g_str_has_prefix (request->path, "/reports/"))
    return g_strdup ("report");
  if (sandbox_partner_plugin_has (request->path))
    return g_strdup (sandbox_partner_plugin_get_operation (request->path));
  return g_strdup (operation != NULL && g_strv_contains (operations, operation) ? operation : "unknown");
}

static void
sandbox_partner_answer_failure (SandboxVendor  *vendor,
                                SandboxRequest *request,
                                guint           status)
{
  const char *message;

  switch (status)
    {
    case 401:
      message = "The API key is missing or wrong.";
      soup_message_headers_replace (request->answer_headers, "WWW-Authenticate",
                                    "Basic realm=\"Partner API\"");
      break;
    case 403:
      message = "This API key may not do that.";
      break;
    case 404:
      message = "There is no such record.";
      break;
    case 405:
      message = "This address takes another method.";
      break;
    case 429:
      message = "Too many requests.";
      break;
    default:
      message = status >= 500 ? "The service is having a problem." : "The request was refused.";
      break;
    }
  sandbox_request_answer_message (request, status, message);
}

static void
refuse (SandboxPartner *self,
        SandboxRequest *request,
        guint           status,
        const char     *format,
        ...) G_GNUC_PRINTF (4, 5);

/* A refusal that a careful client never gets, so it is an incident as well. */
static void
refuse (SandboxPartner *self,
        SandboxRequest *request,
        guint           status,
        const char     *format,
        ...)
{
  g_autofree char *message = NULL;
  g_autofree char *detail = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  detail = g_strdup_printf ("%s %s: %s", request->method, request->path, message);
  sandbox_ledger_add_incident (self->ledger, self->kind, "malformed-request", detail);
  sandbox_request_answer_message (request, status, message);
}

static gboolean
is_authorised (SandboxPartner *self,
               SandboxRequest *request,
               const char     *mount)
{
  g_autofree char *key = NULL;

  if (g_str_equal (mount, "/partner"))
    key = sandbox_request_dup_basic (request);
  else if (g_str_equal (mount, "/partner-bearer"))
    key = sandbox_request_dup_bearer (request);
  else
    key = g_strdup (sandbox_request_get_header (request, "X-API-KEY"));
  return g_strcmp0 (key, self->key) == 0;
}

static void
list_tests (SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "partner_test_id", tests[i].id);
      sandbox_json_member_string (json, "partner_test_name", tests[i].name);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

typedef struct
{
  const char *name;
  gboolean    required;
  gboolean    nullable;
} Member;

/* Each member known, present where it must be, and a string or, where allowed, null. */
static gboolean
check_members (SandboxPartner *self,
               SandboxRequest *request,
               JsonObject     *object,
               const char     *prefix,
               const Member   *members,
               guint           n_members,
               const char     *other)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *name = names; name != NULL; name = name->next)
    {
      gboolean known = g_strcmp0 (name->data, other) == 0;

      for (guint i = 0; i < n_members && !known; i++)
        known = g_str_equal (members[i].name, name->data);
      if (!known)
        {
          refuse (self, request, 400, "%s%s is not known.", prefix, (const char *) name->data);
          return FALSE;
        }
    }
  for (guint i = 0; i < n_members; i++)
    {
      JsonNode *node = json_object_get_member (object, members[i].name);

      if (node == NULL && members[i].required)
        {
          refuse (self, request, 400, "%s%s is missing.", prefix, members[i].name);
          return FALSE;
        }
      if (node != NULL && !sandbox_json_node_is (node, G_TYPE_STRING)
          && !(members[i].nullable && JSON_NODE_HOLDS_NULL (node)))
        {
          refuse (self, request, 400, "%s%s must be a string.", prefix, members[i].name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_web_address (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL
         && (g_str_equal (g_uri_get_scheme (uri), "https") || g_str_equal (g_uri_get_scheme (uri), "http"));
}

static void
send_test (SandboxPartner *self,
           SandboxRequest *request)
{
  static const Member outer[] = {
    { "partner_test_id", TRUE, FALSE }, { "sent_by", FALSE, TRUE }, { "url", TRUE, FALSE },
  };
  static const Member inner[] = {
    { "first_name", TRUE, FALSE }, { "last_name", TRUE, FALSE }, { "preferred_name", TRUE, TRUE },
    { "resume_url", FALSE, TRUE }, { "phone_number", FALSE, TRUE }, { "email", TRUE, FALSE },
    { "greenhouse_profile_url", TRUE, FALSE },
  };
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object, *candidate;
  SandboxInvitation *invitation;
  SandboxJson *json;
  const char *email, *test;
  guint index;

  if (g_strcmp0 (type, "application/json") != 0)
    {
      refuse (self, request, 415, "The body must be application/json.");
      return;
    }
  node = sandbox_json_parse (request->body, &error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      refuse (self, request, 400, "The body is not a JSON object.");
      return;
    }
  object = json_node_get_object (node);
  if (!check_members (self, request, object, "", outer, G_N_ELEMENTS (outer), "candidate"))
    return;
  candidate = sandbox_json_get_object (object, "candidate");
  if (candidate == NULL)
    {
      refuse (self, request, 400, "candidate must be an object.");
      return;
    }
  if (!check_members (self, request, candidate, "candidate.", inner, G_N_ELEMENTS (inner), NULL))
    return;
  if (!is_web_address (sandbox_json_get_string (object, "url"))
      || !is_web_address (sandbox_json_get_string (candidate, "greenhouse_profile_url")))
    {
      refuse (self, request, 400, "url and candidate.greenhouse_profile_url must be web addresses.");
      return;
    }

  test = sandbox_json_get_string (object, "partner_test_id");
  email = sandbox_json_get_string (candidate, "email");
  if (!find_test (test, &index))
    {
      sandbox_request_answer_message (request, 404, "There is no such assessment.");
      return;
    }
  if (sandbox_json_get_string (candidate, "first_name")[0] == '\0')
    {
      sandbox_request_answer_message (request, 422, "The candidate's first name is empty.");
      return;
    }
  if (!sandbox_provider_is_email (email))
    {
      sandbox_request_answer_message (request, 422, "The candidate's e-mail address is not valid.");
      return;
    }
  sandbox_ledger_add_attempt (self->ledger, self->kind, test, email);
  if (g_str_has_suffix (email, "@refused.example"))
    {
      sandbox_request_answer_message (request, 422, "Mail to this address is refused. Use another address.");
      return;
    }
  if (!self->accept_duplicates && sandbox_life_find_person (self->life, self->kind, test, email) != NULL)
    {
      sandbox_request_answer_message (request, 409,
                                      "This candidate has already been invited to this assessment.");
      return;
    }
  invitation = sandbox_life_invite (self->life, self->kind, test, tests[index].name, email,
                                    sandbox_json_get_string (candidate, "first_name"),
                                    sandbox_json_get_string (candidate, "last_name"));
  sandbox_ledger_add_invitation (self->ledger, self->kind, self->key, test, email, invitation->id);

  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "partner_interview_id", invitation->id);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
test_status (SandboxPartner *self,
             SandboxRequest *request)
{
  const char *id = sandbox_request_get_parameter (request, "partner_interview_id");
  SandboxInvitation *invitation;
  gboolean complete;
  SandboxJson *json;
  guint index;

  if (id == NULL || request->parameters->len != 1 || request->query_broken)
    {
      refuse (self, request, 400, "partner_interview_id must be the only parameter.");
      return;
    }
  invitation = sandbox_life_find (self->life, id);
  if (invitation == NULL || !g_str_equal (invitation->vendor, self->kind))
    {
      sandbox_request_answer_message (request, 404, "There is no such interview.");
      return;
    }
  complete = invitation->status == SANDBOX_LIFE_COMPLETE;
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "partner_status", sandbox_life_status_name (invitation->status));
  sandbox_json_key (json, "partner_profile_url");
  if (complete)
    {
      g_autofree char *address = g_strdup_printf ("%s/reports/%s", self->origin, invitation->id);

      sandbox_json_string (json, address);
    }
  else
    sandbox_json_null (json);
  sandbox_json_key (json, "partner_score");
  if (complete)
    sandbox_json_integer (json, invitation->score);
  else
    sandbox_json_null (json);
  sandbox_json_key (json, "metadata");
  sandbox_json_begin_object (json);
  sandbox_json_member_time (json, "Invited At", invitation->created);
  if (invitation->opened != 0)
    sandbox_json_member_time (json, "Started At", invitation->opened);
  if (invitation->ended != 0)
    sandbox_json_member_time (json, complete ? "Completed At" : "Ended At", invitation->ended);
  if (complete && find_test (invitation->test, &index))
    for (guint i = 0; i < G_N_ELEMENTS (invitation->sections); i++)
      {
        g_autofree char *section = g_strdup_printf ("Section: %s", tests[index].sections[i]);

        sandbox_json_member_integer (json, section, invitation->sections[i]);
      }
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
response_error (SandboxPartner *self,
                SandboxRequest *request)
{
  g_autoptr (JsonNode) node = sandbox_json_parse (request->body, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
      || sandbox_json_get_string (json_node_get_object (node), "api_call") == NULL
      || sandbox_json_get_array (json_node_get_object (node), "errors") == NULL)
    {
      refuse (self, request, 400, "api_call and errors are missing.");
      return;
    }
  sandbox_ledger_add_write (self->ledger, self->kind, request->operation, self->key, NULL, request->body);
  sandbox_request_answer_text (request, 200, "application/json", g_strdup ("{\"status\":200}"));
}

static void
report (SandboxPartner *self,
        SandboxRequest *request)
{
  SandboxInvitation *invitation = sandbox_life_find (self->life, request->path + strlen ("/reports/"));
  guint index;

  if (sandbox_request_get_header (request, "Authorization") != NULL
      || sandbox_request_get_header (request, "X-API-KEY") != NULL)
    sandbox_ledger_add_incident (self->ledger, self->kind, "key-leak",
                                 "A key came with a request for a report.");
  if (!g_str_equal (request->method, "GET"))
    {
      sandbox_partner_answer_failure (SANDBOX_VENDOR (self), request, 405);
      return;
    }
  if (invitation == NULL || !g_str_equal (invitation->vendor, self->kind)
      || invitation->status != SANDBOX_LIFE_COMPLETE || !find_test (invitation->test, &index))
    {
      sandbox_provider_answer_no_report (request);
      return;
    }
  sandbox_provider_answer_report (request, invitation, tests[index].sections);
}

static void
answer_plugin (SandboxPartner *self,
               SandboxRequest *request)
{
  SandboxPluginTest list[G_N_ELEMENTS (tests)];
  SandboxPlugin plugin = {
    .kind = self->kind,
    .key = self->key,
    .origin = self->origin,
    .life = self->life,
    .ledger = self->ledger,
    .accept_duplicates = self->accept_duplicates,
    .tests = list,
    .n_tests = G_N_ELEMENTS (tests),
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    list[i] = (SandboxPluginTest){ tests[i].id, tests[i].name };
  sandbox_partner_plugin_handle (&plugin, request);
}

static void
sandbox_partner_handle (SandboxVendor  *vendor,
                        SandboxRequest *request)
{
  SandboxPartner *self = SANDBOX_PARTNER (vendor);
  const char *mount = NULL;
  const char *operation = operation_of (request->path, &mount);
  const char *method;

  if (g_str_has_prefix (request->path, "/reports/"))
    {
      report (self, request);
      return;
    }
  if (sandbox_partner_plugin_has (request->path))
    {
      answer_plugin (self, request);
      return;
    }
  if (operation == NULL || g_str_equal (request->operation, "unknown"))
    {
      refuse (self, request, 404, "There is nothing at this address.");
      return;
    }
  if (!is_authorised (self, request, mount))
    {
      sandbox_partner_answer_failure (vendor, request, 401);
      return;
    }
  method = g_str_equal (operation, "send_test") || g_str_equal (operation, "response_error") ? "POST" : "GET";
  if (!g_str_equal (request->method, method))
    {
      refuse (self, request, 405, "This address takes %s.", method);
      soup_message_headers_replace (request->answer_headers, "Allow", method);
      return;
    }
  if (!g_str_equal (operation, "test_status") && (request->parameters->len > 0 || request->query_broken))
    {
      refuse (self, request, 400, "This address takes no parameters.");
      return;
    }
  if (g_str_equal (operation, "list_tests"))
    list_tests (request);
  else if (g_str_equal (operation, "send_test"))
    send_test (self, request);
  else if (g_str_equal (operation, "test_status"))
    test_status (self, request);
  else
    response_error (self, request);
}

static void
sandbox_partner_mount (SandboxVendor *vendor,
                       const char    *origin)
{
  SandboxPartner *self = SANDBOX_PARTNER (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_partner_describe (SandboxVendor *vendor,
                          SandboxJson   *json)
{
  SandboxPartner *self = SANDBOX_PARTNER (vendor);

  sandbox_vendor_write_connection (json, self->kind, self->name, self->origin, "/partner",
                                   NULL, "api-key", self->key);
}

static void
sandbox_partner_configure (SandboxVendor *vendor,
                           JsonObject    *settings)
{
  SandboxPartner *self = SANDBOX_PARTNER (vendor);

  self->accept_duplicates = sandbox_json_get_boolean (settings, "accept_duplicates", self->accept_duplicates);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_partner_get_kind;
  iface->dup_operation = sandbox_partner_dup_operation;
  iface->handle = sandbox_partner_handle;
  iface->answer_failure = sandbox_partner_answer_failure;
  iface->mount = sandbox_partner_mount;
  iface->describe = sandbox_partner_describe;
  iface->configure = sandbox_partner_configure;
}

static void
sandbox_partner_finalize (GObject *object)
{
  SandboxPartner *self = SANDBOX_PARTNER (object);

  g_free (self->kind);
  g_free (self->name);
  g_free (self->key);
  g_free (self->origin);
  G_OBJECT_CLASS (sandbox_partner_parent_class)->finalize (object);
}

static void
sandbox_partner_class_init (SandboxPartnerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_partner_finalize;
}

static void
sandbox_partner_init (SandboxPartner *self)
{
}

SandboxVendor *
sandbox_partner_make (const char         *kind,
                      const char         *name,
                      const char         *key,
                      const SandboxScene *scene)
{
  SandboxPartner *self = g_object_new (SANDBOX_TYPE_PARTNER, NULL);

  self->kind = g_strdup (kind);
  self->name = g_strdup (name);
  self->key = g_strdup (key);
  self->life = scene->life;
  self->ledger = scene->ledger;
  return SANDBOX_VENDOR (self);
}
