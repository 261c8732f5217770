/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A played provider as a plugin of Pinpoint's framework, strictly.
 *
 *   POST /plugin                          what the plugin says of itself; no key
 *   POST /plugin/createAssessment/meta    the form, with the list of the assessments
 *   POST /plugin/createAssessment/submit  invites
 *
 * The key comes in X_TESTTRICK_API_KEY, as the meta says. A wrong one is told in the form, by a callout,
 * and not by a status, as both public example plugins do it. */

#include "config.h"

#include "sandbox-partner-plugin.h"

#include <string.h>

#include "sandbox-provider.h"

#define MOUNT "/plugin"
#define KEY_HEADER "X_TESTTRICK_API_KEY"

static const struct
{
  const char *path;
  const char *operation;
} addresses[] = {
  { MOUNT, "plugin-meta" },
  { MOUNT "/createAssessment/meta", "plugin-form" },
  { MOUNT "/createAssessment/submit", "plugin-submit" },
};

static const char *const fields[][3] = {
  { "firstName", "First Name", "{{candidate_first_name}}" },
  { "lastName", "Last Name", "{{candidate_last_name}}" },
  { "email", "Email", "{{candidate_email}}" },
};

gboolean
sandbox_partner_plugin_has (const char *path)
{
  return g_str_equal (path, MOUNT) || g_str_has_prefix (path, MOUNT "/");
}

const char *
sandbox_partner_plugin_get_operation (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    if (g_str_equal (path, addresses[i].path))
      return addresses[i].operation;
  return "unknown";
}

/* A refusal that a careful client never gets, so it is an incident as well. */
static void
refuse (const SandboxPlugin *self,
        SandboxRequest      *request,
        guint                status,
        const char          *message)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->path, message);

  sandbox_ledger_add_incident (self->ledger, self->kind, "malformed-request", detail);
  sandbox_request_answer_message (request, status, message);
}

static void
answer_meta (SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "version", "1.0.0");
  sandbox_json_member_string (json, "name", "TestTrick");
  sandbox_json_key (json, "actions");
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "key", "createAssessment");
  sandbox_json_member_string (json, "label", "Send TestTrick Assessment");
  sandbox_json_member_string (json, "metaEndpoint", "/createAssessment/meta");
  sandbox_json_key (json, "mappings");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "key", fields[i][0]);
      sandbox_json_member_string (json, "label", fields[i][1]);
      sandbox_json_member_string (json, "value", fields[i][2]);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
  sandbox_json_member_string (json, "webhookProcessEndpoint", "/webhook/process");
  sandbox_json_member_string (json, "webhookAuthenticationHeader", "X-Verify");
  sandbox_json_key (json, "configurationFormFields");
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "key", "apiKey");
  sandbox_json_member_string (json, "label", "TestTrick API Key");
  sandbox_json_member_string (json, "type", "string");
  sandbox_json_member_boolean (json, "required", TRUE);
  sandbox_json_member_boolean (json, "sensitive", TRUE);
  sandbox_json_member_string (json, "useAsHttpHeader", KEY_HEADER);
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
write_field (SandboxJson *json,
             const char  *key,
             const char  *label)
{
  sandbox_json_member_string (json, "key", key);
  sandbox_json_member_string (json, "label", label);
  sandbox_json_member_string (json, "type", "string");
  sandbox_json_member_boolean (json, "required", TRUE);
  sandbox_json_member_boolean (json, "readonly", FALSE);
}

static void
answer_form (const SandboxPlugin *self,
             SandboxRequest      *request,
             gboolean             authorised)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "actionVersion", "1.0.0");
  sandbox_json_member_string (json, "key", "createAssessment");
  sandbox_json_member_string (json, "label", "Send TestTrick Assessment");
  sandbox_json_key (json, "formFields");
  sandbox_json_begin_array (json);
  if (!authorised)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "key", "apiKeyCallout");
      sandbox_json_member_string (json, "type", "callout");
      sandbox_json_member_string (json, "label", "Invalid API key");
      sandbox_json_member_string (json, "intent", "danger");
      sandbox_json_member_string (json, "description", "The configured API key was not accepted.");
      sandbox_json_end_object (json);
    }
  for (guint i = 0; authorised && i < G_N_ELEMENTS (fields); i++)
    {
      sandbox_json_begin_object (json);
      write_field (json, fields[i][0], fields[i][1]);
      sandbox_json_end_object (json);
    }
  if (authorised)
    {
      sandbox_json_begin_object (json);
      write_field (json, "selectedTest", "Select Assessment");
      sandbox_json_member_string (json, "value", "");
      sandbox_json_key (json, "singleSelectOptions");
      sandbox_json_begin_array (json);
      for (guint i = 0; i < self->n_tests; i++)
        {
          sandbox_json_begin_object (json);
          sandbox_json_member_string (json, "label", self->tests[i].name);
          sandbox_json_member_string (json, "value", self->tests[i].id);
          sandbox_json_end_object (json);
        }
      sandbox_json_end_array (json);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_member_string (json, "submitEndpoint", "/createAssessment/submit");
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

/* As Pinpoint shows it, with the form left open. */
static void
answer_toast (SandboxRequest *request,
              const char     *words)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "resultVersion", "1.0.0");
  sandbox_json_member_string (json, "key", "createAssessment");
  sandbox_json_member_boolean (json, "success", FALSE);
  sandbox_json_key (json, "toast");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "error", words);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

/* (nullable): the value of that field, which has to be there once */
static const char *
find_value (JsonArray  *array,
            const char *key)
{
  const char *value = NULL;
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *field = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (field != NULL && json_object_get_size (field) == 2
          && g_strcmp0 (sandbox_json_get_string (field, "key"), key) == 0)
        {
          value = sandbox_json_get_string (field, "value");
          n++;
        }
    }
  return n == 1 ? value : NULL;
}

static void
invite (const SandboxPlugin *self,
        SandboxRequest      *request,
        const char          *first_name,
        const char          *last_name,
        const char          *email,
        const char          *test)
{
  const char *name = NULL;
  g_autofree char *message = NULL;
  g_autofree char *record = NULL;
  SandboxInvitation *invitation;
  SandboxJson *json;

  for (guint i = 0; i < self->n_tests && name == NULL; i++)
    if (g_str_equal (self->tests[i].id, test))
      name = self->tests[i].name;
  if (name == NULL)
    {
      answer_toast (request, "There is no such assessment.");
      return;
    }
  if (*first_name == '\0' || !sandbox_provider_is_email (email))
    {
      answer_toast (request, "First name and a valid e-mail address are needed.");
      return;
    }
  sandbox_ledger_add_attempt (self->ledger, self->kind, test, email);
  if (g_str_has_suffix (email, "@refused.example"))
    {
      answer_toast (request, "Mail to this address is refused. Use another address.");
      return;
    }
  if (!self->accept_duplicates && sandbox_life_find_person (self->life, self->kind, test, email) != NULL)
    {
      answer_toast (request, "This candidate has already been invited to this assessment.");
      return;
    }
  invitation = sandbox_life_invite (self->life, self->kind, test, name, email, first_name, last_name);
  sandbox_ledger_add_invitation (self->ledger, self->kind, self->key, test, email, invitation->id);

  message = g_strdup_printf ("%s was invited to %s.", first_name, name);
  record = g_strdup_printf ("%s/reports/%s", self->origin, invitation->id);
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "resultVersion", "1.0.0");
  sandbox_json_member_string (json, "key", "createAssessment");
  sandbox_json_member_boolean (json, "success", TRUE);
  sandbox_json_member_string (json, "assessmentName", name);
  sandbox_json_member_string (json, "message", message);
  sandbox_json_member_string (json, "status", "pending");
  sandbox_json_member_string (json, "externalIdentifier", invitation->id);
  sandbox_json_member_string (json, "externalRecordUrl", record);
  sandbox_json_key (json, "externalLinks");
  sandbox_json_begin_array (json);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
submit (const SandboxPlugin *self,
        SandboxRequest      *request,
        JsonObject          *document)
{
  static const char *const members[] = { "generatedUuid", "generatedUuidRedirectUrl", "webhookUrl" };
  JsonArray *array = sandbox_json_get_array (document, "formFields");
  const char *first_name, *last_name, *email, *test, *uuid;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (sandbox_json_get_string (document, members[i]) == NULL)
      {
        refuse (self, request, 400, "generatedUuid, generatedUuidRedirectUrl and webhookUrl must be strings.");
        return;
      }
  uuid = sandbox_json_get_string (document, "generatedUuid");
  if (!g_uuid_string_is_valid (uuid) || json_object_get_size (document) != 4 || array == NULL
      || json_array_get_length (array) != G_N_ELEMENTS (fields) + 1)
    {
      refuse (self, request, 400, "The submission is not that of the form.");
      return;
    }
  first_name = find_value (array, "firstName");
  last_name = find_value (array, "lastName");
  email = find_value (array, "email");
  test = find_value (array, "selectedTest");
  if (first_name == NULL || last_name == NULL || email == NULL || test == NULL)
    {
      refuse (self, request, 400, "A field of the form is missing.");
      return;
    }
  invite (self, request, first_name, last_name, email, test);
}

void
sandbox_partner_plugin_handle (const SandboxPlugin *self,
                               SandboxRequest      *request)
{
  const char *key = sandbox_request_get_header (request, KEY_HEADER);
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (JsonNode) node = NULL;
  gboolean authorised = g_strcmp0 (key, self->key) == 0;

  if (g_str_equal (request->operation, "unknown"))
    {
      sandbox_request_answer_message (request, 404, "There is nothing at this address.");
      return;
    }
  if (!g_str_equal (request->method, "POST"))
    {
      refuse (self, request, 405, "This address takes POST.");
      soup_message_headers_replace (request->answer_headers, "Allow", "POST");
      return;
    }
  if (sandbox_request_get_header (request, "Authorization") != NULL)
    {
      refuse (self, request, 400, "The key came in another header than the plugin's.");
      return;
    }
  node = sandbox_json_parse (request->body, NULL);
  if (g_strcmp0 (type, "application/json") != 0 || node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
      || request->parameters->len > 0)
    {
      refuse (self, request, 400, "The body must be a JSON object, and there are no parameters.");
      return;
    }
  if (g_str_equal (request->operation, "plugin-meta"))
    answer_meta (request);
  else if (g_str_equal (request->operation, "plugin-form"))
    answer_form (self, request, authorised);
  else if (!authorised)
    answer_toast (request, "The configured API key was not accepted.");
  else
    submit (self, request, json_node_get_object (node));
}
