/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssessFirst's API, in both versions, strictly. The token goes in AF-Token, and every call has a locale.
 *
 *   GET  /betty/v2/predictive-models             the predictive models, wrapped in "data"
 *   POST /betty/v2/candidate/send-invitation     invites: JSON, or a multipart form
 *   GET  /betty/v2/candidate/UUID/results        how somebody stands
 *   GET  /betty/targets                          version 1: the models, a bare array
 *   GET  /betty/users?email=                     whom it knows
 *   POST /betty/user/send-invitation             invites: a multipart form with one field, email
 *   GET  /betty/user/UUID?synthesis=1            a person; reports are missing until there are some
 *   GET  /betty/adequacies/TOKEN?targets=        the match, by the person's own token
 *
 * What version 2 wants of an invitation and how it tells results isn't known to the world. Here the keys
 * are email, firstname, lastname, predictive_model and locale, and the result is of our own making: both
 * are settings of a client, and this is something to set them to. A questionnaire belongs to the person.
 * One who has begun has finished the first; a second invitation takes effect again, and the ledger counts
 * it. */

#include "config.h"

#include <string.h>

#include "sandbox-provider.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_ASSESSFIRST (sandbox_assessfirst_get_type ())
G_DECLARE_FINAL_TYPE (SandboxAssessfirst, sandbox_assessfirst, SANDBOX, ASSESSFIRST, GObject)

#define KIND "assessfirst"
#define TOKEN "sandbox-assessfirst-token"
#define NO_MODEL "none"

struct _SandboxAssessfirst
{
  GObject        parent_instance;

  char          *origin;
  SandboxLife   *life;
  SandboxLedger *ledger;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxAssessfirst, sandbox_assessfirst, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

static const struct
{
  const char *uuid;
  const char *name;
  const char *created;
  gboolean    public;
} models[] = {
  { "1d9c00000e264fe49a4ce330e51e6ac7", "Web designer", "2025-03-27 13:49:40", TRUE },
  { "465b00000970542138ac208a087bf18b", "Développeur web", "2025-04-28 09:22:55", TRUE },
  { "77ab000001c24d0f8e5d3a1b2c4e5f60", "Key account manager", "2025-06-02 16:05:11", FALSE },
};

/* The questionnaires with version 1's labels in fr_FR and in any other language. */
static const struct
{
  const char *key, *french, *english;
} questionnaires[] = {
  { "swipe", "Personnalité", "Personality" },
  { "drive", "Motivation", "Motivation" },
  { "brain", "Aptitudes", "Aptitude" },
};

static const char *
find_model (const char *uuid)
{
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (g_str_equal (models[i].uuid, uuid))
      return models[i].name;
  return NULL;
}

/* (transfer full): what stands for a person; 32 digits where @what is "uuid" */
static char *
make_id (const char *what,
         const char *email)
{
  g_autofree char *folded = g_utf8_casefold (email, -1);
  g_autofree char *text = g_strconcat (KIND "\n", what, "\n", folded, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);
}

/* (nullable): the invitation that tells how a person is: the first one of those whose @what is @id */
static SandboxInvitation *
find_person (SandboxAssessfirst *self,
             const char         *what,
             const char         *id)
{
  GPtrArray *all = sandbox_life_list (self->life);

  for (guint i = 0; i < all->len; i++)
    {
      SandboxInvitation *invitation = g_ptr_array_index (all, i);
      g_autofree char *own = make_id (what, invitation->email);

      if (g_str_equal (invitation->vendor, KIND) && g_str_equal (own, id))
        return invitation;
    }
  return NULL;
}

/* How many questionnaires somebody has finished. */
static guint
count_finished (const SandboxInvitation *invitation)
{
  if (invitation->status == SANDBOX_LIFE_COMPLETE)
    return G_N_ELEMENTS (questionnaires);
  return invitation->opened != 0 ? 1 : 0;
}

static const char *
sandbox_assessfirst_get_kind (SandboxVendor *vendor)
{
  return KIND;
}

static char *
sandbox_assessfirst_dup_operation (SandboxVendor  *vendor,
                                   SandboxRequest *request)
{
  static const struct
  {
    const char *path, *operation;
  } whole[] = {
    { "/betty/v2/predictive-models", "predictive-models" },
    { "/betty/v2/candidate/send-invitation", "send-invitation" },
    { "/betty/targets", "targets" },
    { "/betty/users", "users" },
    { "/betty/user/send-invitation", "send-invitation-v1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    if (g_str_equal (request->path, whole[i].path))
      return g_strdup (whole[i].operation);
  if (g_str_has_prefix (request->path, "/betty/v2/candidate/") && g_str_has_suffix (request->path, "/results"))
    return g_strdup ("results");
  if (g_str_has_prefix (request->path, "/betty/user/"))
    return g_strdup ("user");
  if (g_str_has_prefix (request->path, "/betty/adequacies/"))
    return g_strdup ("adequacies");
  return g_strdup ("unknown");
}

static void
sandbox_assessfirst_answer_failure (SandboxVendor  *vendor,
                                    SandboxRequest *request,
                                    guint           status)
{
  const char *message;

  switch (status)
    {
    case 401:
      message = "The token is missing or is not valid.";
      break;
    case 403:
      message = "This account has no API licence.";
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
      message = status >= 500 ? "An error occurred." : "The request was refused.";
      break;
    }
  sandbox_request_answer_message (request, status, message);
}

/* A refusal that a careful client never gets, so it is an incident as well. */
static void
refuse (SandboxAssessfirst *self,
        SandboxRequest     *request,
        guint               status,
        const char         *message)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->operation, message);

  sandbox_ledger_add_incident (self->ledger, KIND, "malformed-request", detail);
  sandbox_request_answer_message (request, status, message);
}

static void
list_models (SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "data");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "uuid", models[i].uuid);
      sandbox_json_member_string (json, "name", models[i].name);
      sandbox_json_key (json, "assessments");
      sandbox_json_begin_object (json);
      for (guint j = 0; j < G_N_ELEMENTS (questionnaires); j++)
        sandbox_json_member_boolean (json, questionnaires[j].key, TRUE);
      sandbox_json_member_boolean (json, "voice", FALSE);
      sandbox_json_end_object (json);
      sandbox_json_member_integer (json, "is_public", models[i].public);
      sandbox_json_member_string (json, "created_at", models[i].created);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
list_targets (SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "uuid", models[i].uuid);
      sandbox_json_member_string (json, "name", models[i].name);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

/* (transfer full) (nullable) (element-type utf8 utf8): the fields of a multipart form of plain fields */
static GHashTable *
parse_form (SandboxRequest *request)
{
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) parameters = NULL;
  g_autofree char *body = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
  g_autofree char *separator = NULL, *end = NULL;
  g_auto (GStrv) parts = NULL;
  const char *boundary;
  guint n_parts;

  if (g_strcmp0 (soup_message_headers_get_content_type (request->headers, &parameters), "multipart/form-data") != 0)
    return NULL;
  boundary = parameters != NULL ? g_hash_table_lookup (parameters, "boundary") : NULL;
  if (boundary == NULL || strlen (body) != g_bytes_get_size (request->body) || !g_utf8_validate (body, -1, NULL))
    return NULL;
  separator = g_strconcat ("--", boundary, "\r\n", NULL);
  end = g_strconcat ("--", boundary, "--\r\n", NULL);
  if (!g_str_has_prefix (body, separator) || !g_str_has_suffix (body, end))
    return NULL;
  body[strlen (body) - strlen (end)] = '\0';
  parts = g_strsplit (body, separator, -1);
  n_parts = g_strv_length (parts);
  for (guint i = 1; i < n_parts; i++)
    {
      static const char start[] = "Content-Disposition: form-data; name=\"";
      char *name = parts[i] + strlen (start);
      char *name_end = g_str_has_prefix (parts[i], start) ? strchr (name, '"') : NULL;
      char *value;

      if (name_end == NULL || !g_str_has_prefix (name_end + 1, "\r\n\r\n") || !g_str_has_suffix (parts[i], "\r\n"))
        return NULL;
      *name_end = '\0';
      value = name_end + 1 + strlen ("\r\n\r\n");
      parts[i][strlen (start) + strlen (name) + 1 + strlen ("\r\n\r\n") + strlen (value) - strlen ("\r\n")] = '\0';
      if (!g_hash_table_insert (fields, g_strdup (name), g_strdup (value)))
        return NULL;
    }
  return g_steal_pointer (&fields);
}

/* (transfer full) (nullable) (element-type utf8 utf8): the members of a JSON object that holds strings
 * only */
static GHashTable *
parse_object (SandboxRequest *request)
{
  g_autoptr (GHashTable) fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (JsonNode) node = sandbox_json_parse (request->body, NULL);
  g_autoptr (GList) members = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  members = json_object_get_members (json_node_get_object (node));
  for (GList *member = members; member != NULL; member = member->next)
    {
      const char *value = sandbox_json_get_string (json_node_get_object (node), member->data);

      if (value == NULL)
        return NULL;
      g_hash_table_insert (fields, g_strdup (member->data), g_strdup (value));
    }
  return g_steal_pointer (&fields);
}

/* Whether @fields has nothing but @known, and all of the first @n_needed. */
static gboolean
check_fields (SandboxAssessfirst *self,
              SandboxRequest     *request,
              GHashTable         *fields,
              const char *const  *known,
              guint               n_needed)
{
  GHashTableIter iter;
  gpointer name;

  if (fields == NULL)
    {
      refuse (self, request, 400, "The body can't be read.");
      return FALSE;
    }
  for (guint i = 0; i < n_needed; i++)
    if (!g_hash_table_contains (fields, known[i]))
      {
        g_autofree char *message = g_strdup_printf ("The field %s is required.", known[i]);

        /* A client learns its field map from this. */
        sandbox_request_answer_message (request, 422, message);
        return FALSE;
      }
  g_hash_table_iter_init (&iter, fields);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_strv_contains (known, name))
      {
        g_autofree char *message = g_strdup_printf ("The field %s is not known.", (const char *) name);

        sandbox_request_answer_message (request, 422, message);
        return FALSE;
      }
  return TRUE;
}

static void
invite (SandboxAssessfirst *self,
        SandboxRequest     *request,
        const char         *email,
        const char         *model,
        const char         *first_name,
        const char         *last_name,
        gboolean            version_1)
{
  SandboxInvitation *invitation;
  g_autofree char *uuid = make_id ("uuid", email);
  SandboxJson *json;
  const char *name = g_str_equal (model, NO_MODEL) ? "Questionnaires" : find_model (model);

  if (!sandbox_provider_is_email (email))
    {
      sandbox_request_answer_message (request, 422, "The e-mail address is not valid.");
      return;
    }
  if (name == NULL)
    {
      sandbox_request_answer_message (request, 422, "There is no such predictive model.");
      return;
    }
  sandbox_ledger_add_attempt (self->ledger, KIND, model, email);
  if (g_str_has_suffix (email, "@refused.example"))
    {
      sandbox_request_answer_message (request, 422, "Mail to this address is refused.");
      return;
    }
  invitation = sandbox_life_invite (self->life, KIND, model, name, email, first_name, last_name);
  sandbox_ledger_add_invitation (self->ledger, KIND, TOKEN, model, email, invitation->id);

  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  if (!version_1)
    {
      sandbox_json_key (json, "data");
      sandbox_json_begin_object (json);
    }
  sandbox_json_member_string (json, "uuid", uuid);
  sandbox_json_member_string (json, "notification", "sent");
  if (!version_1)
    sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
invite_by_version_2 (SandboxAssessfirst *self,
                     SandboxRequest     *request)
{
  static const char *const known[] = { "email", "firstname", "lastname", "predictive_model", "locale", NULL };
  g_autofree char *type = sandbox_request_dup_type (request);
  gboolean is_json = g_strcmp0 (type, "application/json") == 0;
  g_autoptr (GHashTable) fields = is_json ? parse_object (request) : parse_form (request);
  const char *model;

  if (!check_fields (self, request, fields, known, 3))
    return;
  model = g_hash_table_lookup (fields, "predictive_model");
  invite (self, request, g_hash_table_lookup (fields, "email"), model != NULL ? model : NO_MODEL,
          g_hash_table_lookup (fields, "firstname"), g_hash_table_lookup (fields, "lastname"), FALSE);
}

static void
invite_by_version_1 (SandboxAssessfirst *self,
                     SandboxRequest     *request)
{
  static const char *const known[] = { "email", NULL };
  g_autoptr (GHashTable) fields = parse_form (request);

  if (check_fields (self, request, fields, known, 1))
    invite (self, request, g_hash_table_lookup (fields, "email"), NO_MODEL, "", "", TRUE);
}

static void
list_users (SandboxAssessfirst *self,
            SandboxRequest     *request)
{
  const char *email = sandbox_request_get_parameter (request, "email");
  g_autofree char *uuid = NULL;
  SandboxInvitation *person;
  SandboxJson *json;

  if (email == NULL)
    {
      refuse (self, request, 400, "The parameter email is required.");
      return;
    }
  uuid = make_id ("uuid", email);
  person = find_person (self, "uuid", uuid);
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "data");
  sandbox_json_begin_array (json);
  if (person != NULL)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "uuid", uuid);
      sandbox_json_member_string (json, "email", person->email);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
show_user (SandboxAssessfirst *self,
           SandboxRequest     *request,
           const char         *uuid)
{
  SandboxInvitation *person = find_person (self, "uuid", uuid);
  gboolean french = g_strcmp0 (sandbox_request_get_parameter (request, "locale"), "fr_FR") == 0;
  g_autofree char *token = NULL;
  SandboxJson *json;
  guint finished;

  if (person == NULL)
    {
      sandbox_request_answer_message (request, 404, "There is no such user.");
      return;
    }
  token = make_id ("token", person->email);
  finished = count_finished (person);
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "uuid", uuid);
  sandbox_json_member_string (json, "token", token);
  sandbox_json_member_string (json, "email", person->email);
  if (finished > 0)
    {
      sandbox_json_key (json, "reports");
      sandbox_json_begin_array (json);
      for (guint i = 0; i < finished; i++)
        {
          sandbox_json_begin_object (json);
          sandbox_json_member_string (json, "assessment",
                                      french ? questionnaires[i].french : questionnaires[i].english);
          sandbox_json_end_object (json);
        }
      sandbox_json_end_array (json);
    }
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
show_adequacies (SandboxAssessfirst *self,
                 SandboxRequest     *request,
                 const char         *token)
{
  SandboxInvitation *person = find_person (self, "token", token);
  const char *targets = sandbox_request_get_parameter (request, "targets");
  g_auto (GStrv) uuids = g_strsplit (targets != NULL ? targets : "", ",", -1);
  SandboxJson *json;

  if (person == NULL)
    {
      sandbox_request_answer_message (request, 404, "There is no such candidate.");
      return;
    }
  for (guint i = 0; uuids[0] == NULL || uuids[i] != NULL; i++)
    if (uuids[0] == NULL || find_model (uuids[i]) == NULL)
      {
        refuse (self, request, 400, "The parameter targets must name predictive models.");
        return;
      }
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "data");
  sandbox_json_begin_array (json);
  for (guint i = 0; count_finished (person) > 0 && uuids[i] != NULL; i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "target", uuids[i]);
      sandbox_json_member_integer (json, "score", person->score);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
show_results (SandboxAssessfirst *self,
              SandboxRequest     *request,
              const char         *uuid)
{
  static const char *const words[] = { "invited", "in_progress", "completed", "expired", "abandoned" };
  SandboxInvitation *person = find_person (self, "uuid", uuid);
  SandboxJson *json;
  guint finished;

  if (person == NULL)
    {
      sandbox_request_answer_message (request, 404, "There is no such candidate.");
      return;
    }
  finished = count_finished (person);
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "data");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "uuid", uuid);
  sandbox_json_member_string (json, "status", words[person->status]);
  sandbox_json_key (json, "score");
  if (finished > 0)
    sandbox_json_integer (json, person->score);
  else
    sandbox_json_null (json);
  sandbox_json_key (json, "assessments");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < finished; i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "assessment", questionnaires[i].key);
      sandbox_json_member_integer (json, "score", person->sections[i]);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

/* Every call has a locale, spelled as its version spells it, and no parameter that it doesn't know. */
static gboolean
check_parameters (SandboxAssessfirst *self,
                  SandboxRequest     *request)
{
  gboolean version_2 = g_str_has_prefix (request->path, "/betty/v2/");
  const char *locale = sandbox_request_get_parameter (request, "locale");
  const char *other = NULL;

  if (g_str_equal (request->operation, "users"))
    other = "email";
  else if (g_str_equal (request->operation, "user"))
    other = "synthesis";
  else if (g_str_equal (request->operation, "adequacies"))
    other = "targets";
  for (guint i = 0; i < request->parameters->len; i++)
    {
      const SandboxParameter *parameter = g_ptr_array_index (request->parameters, i);

      if (!g_str_equal (parameter->name, "locale") && g_strcmp0 (parameter->name, other) != 0)
        {
          refuse (self, request, 400, "There is a parameter that is not known.");
          return FALSE;
        }
    }
  if (request->query_broken || locale == NULL || strlen (locale) != strlen ("en-US")
      || locale[2] != (version_2 ? '-' : '_'))
    {
      refuse (self, request, 400, "The parameter locale is missing or wrong.");
      return FALSE;
    }
  return TRUE;
}

static void
sandbox_assessfirst_handle (SandboxVendor  *vendor,
                            SandboxRequest *request)
{
  SandboxAssessfirst *self = SANDBOX_ASSESSFIRST (vendor);
  const char *operation = request->operation;
  gboolean writes = g_str_has_prefix (operation, "send-invitation");

  if (g_str_equal (operation, "unknown"))
    {
      refuse (self, request, 404, "There is nothing at this address.");
      return;
    }
  if (g_strcmp0 (sandbox_request_get_header (request, "AF-Token"), TOKEN) != 0)
    {
      sandbox_assessfirst_answer_failure (vendor, request, 401);
      return;
    }
  if (!g_str_equal (request->method, writes ? "POST" : "GET"))
    {
      refuse (self, request, 405, "This address takes another method.");
      return;
    }
  if (!check_parameters (self, request))
    return;

  if (g_str_equal (operation, "predictive-models"))
    list_models (request);
  else if (g_str_equal (operation, "targets"))
    list_targets (request);
  else if (g_str_equal (operation, "send-invitation"))
    invite_by_version_2 (self, request);
  else if (g_str_equal (operation, "send-invitation-v1"))
    invite_by_version_1 (self, request);
  else if (g_str_equal (operation, "users"))
    list_users (self, request);
  else if (g_str_equal (operation, "user"))
    show_user (self, request, request->path + strlen ("/betty/user/"));
  else if (g_str_equal (operation, "adequacies"))
    show_adequacies (self, request, request->path + strlen ("/betty/adequacies/"));
  else
    {
      const char *start = request->path + strlen ("/betty/v2/candidate/");
      g_autofree char *uuid = g_strndup (start, strcspn (start, "/"));

      show_results (self, request, uuid);
    }
}

static void
sandbox_assessfirst_mount (SandboxVendor *vendor,
                           const char    *origin)
{
  SandboxAssessfirst *self = SANDBOX_ASSESSFIRST (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_assessfirst_describe (SandboxVendor *vendor,
                              SandboxJson   *json)
{
  static const char *const settings[] = {
    "result-path", "candidate/{uuid}/results",
    "field-map", "{\"result-scores\":\"data.assessments\"}",
    NULL,
  };

  sandbox_vendor_write_connection (json, KIND, "Sandbox AssessFirst", SANDBOX_ASSESSFIRST (vendor)->origin, "/betty/v2",
                                   settings, "token", TOKEN);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_assessfirst_get_kind;
  iface->dup_operation = sandbox_assessfirst_dup_operation;
  iface->handle = sandbox_assessfirst_handle;
  iface->answer_failure = sandbox_assessfirst_answer_failure;
  iface->mount = sandbox_assessfirst_mount;
  iface->describe = sandbox_assessfirst_describe;
}

static void
sandbox_assessfirst_finalize (GObject *object)
{
  g_free (SANDBOX_ASSESSFIRST (object)->origin);
  G_OBJECT_CLASS (sandbox_assessfirst_parent_class)->finalize (object);
}

static void
sandbox_assessfirst_class_init (SandboxAssessfirstClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_assessfirst_finalize;
}

static void
sandbox_assessfirst_init (SandboxAssessfirst *self)
{
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxAssessfirst *self = g_object_new (SANDBOX_TYPE_ASSESSFIRST, NULL);

  self->life = scene->life;
  self->ledger = scene->ledger;
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_assessfirst_type = {
  .kind = KIND,
  .make = make,
};
