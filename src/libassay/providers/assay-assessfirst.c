/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AssessFirst, by either version of its API.
 *
 * Facts: of version 2 its conventions, the list of predictive models and the address of the invitation are
 * documented; the keys of the invitation and the reading of results aren't, so that both are settings.
 * Version 1 is deprecated and still answered; its calls are those of a program that uses it. In both the
 * token goes in AF-Token, every call has a locale, some answers are wrapped in "data" and some aren't, and
 * 100 requests a minute are allowed. The questionnaires (SWIPE, DRIVE, BRAIN, later VOICE) belong to the
 * person; a predictive model only gives the match with a job, and the match is updated after each of them. */
#include "config.h"

#include "assay-assessfirst.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-json.h"
#include "assay-provider-wire.h"

/* Labels are told apart in the one language in which they are known. */
#define READING_LOCALE "fr_FR"

struct _AssayAssessfirst
{
  AssayProviderBase parent_instance;

  gboolean version_1;
  gboolean as_form;
  char *locale;          /* as the version spells it */
  GHashTable *field_map;
  char *result_path;     /* (nullable) */
};

static void assay_assessfirst_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayAssessfirst, assay_assessfirst, ASSAY_TYPE_PROVIDER_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_assessfirst_provider_init))

static void
assay_assessfirst_finalize (GObject *object)
{
  AssayAssessfirst *self = ASSAY_ASSESSFIRST (object);

  g_clear_pointer (&self->field_map, g_hash_table_unref);
  g_free (self->locale);
  g_free (self->result_path);

  G_OBJECT_CLASS (assay_assessfirst_parent_class)->finalize (object);
}

static void
assay_assessfirst_class_init (AssayAssessfirstClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_assessfirst_finalize;
}

static void
assay_assessfirst_init (AssayAssessfirst *self)
{
}

static AssayHttpRequest *
new_request (AssayHttpKind  kind,
             const char    *method,
             const char    *path,
             const char    *locale)
{
  AssayHttpRequest *request = assay_connector_base_new_request (kind, method, path);

  assay_http_request_add_query (request, "locale", locale);
  return request;
}

/* Reading what may be wrapped */

/* (transfer none) (nullable): the object itself, or the one in its "data" */
static JsonObject *
unwrap_object (JsonNode *root)
{
  JsonObject *object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonObject *data = object != NULL ? assay_json_get_object (object, "data") : NULL;

  return data != NULL ? data : object;
}

/* (transfer none) (nullable): the array itself, or the one in "data" */
static JsonArray *
unwrap_array (JsonNode *root)
{
  if (root == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (root))
    return json_node_get_array (root);
  return JSON_NODE_HOLDS_OBJECT (root) ? assay_json_get_array (json_node_get_object (root), "data") : NULL;
}

/* The settings that are JSON or a template */

static const struct
{
  const char *name;
  const char *by_default;  /* "" where there is none */
} known_fields[] = {
  { "email", "email" },
  { "first-name", "firstname" },
  { "last-name", "lastname" },
  { "predictive-model", "predictive_model" },
  { "locale", "locale" },
  { "result-status", "" },
  { "result-score", "" },
  { "result-scores", "" },
  { "result-url", "" },
};

GHashTable *
assay_assessfirst_parse_field_map (const char *json,
                                   GError    **error)
{
  g_autoptr (GHashTable) field_map = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GList) members = NULL;
  JsonObject *object;

  for (guint i = 0; i < G_N_ELEMENTS (known_fields); i++)
    g_hash_table_insert (field_map, (gpointer) known_fields[i].name, g_strdup (known_fields[i].by_default));
  if (json == NULL || *json == '\0')
    return g_steal_pointer (&field_map);

  root = assay_json_parse (json, strlen (json), NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("“Field map” is not a JSON object. Enter one such as {\"first-name\": \"firstname\"}."));
      return NULL;
    }
  object = json_node_get_object (root);
  members = json_object_get_members (object);
  for (GList *member = members; member != NULL; member = member->next)
    {
      const char *value = assay_json_get_string (object, member->data);
      gpointer known;

      if (!g_hash_table_lookup_extended (field_map, member->data, &known, NULL))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       /* Translators: %s is what was typed; the words in quotation marks stay as they are */
                       _ ("“Field map” has no field “%s”. Its fields are “email”, “first-name”, “last-name”, "
                          "“predictive-model”, “locale”, “result-status”, “result-score”, “result-scores” and "
                          "“result-url”."),
                       (const char *) member->data);
          return NULL;
        }
      if (value == NULL || strpbrk (value, "\"\r\n") != NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       _ ("In “Field map” the value of “%s” is not a name. Enter AssessFirst's name of the field in "
                          "quotation marks, or \"\" to leave it out."),
                       (const char *) member->data);
          return NULL;
        }
      g_hash_table_insert (field_map, known, g_strdup (value));
    }
  return g_steal_pointer (&field_map);
}

static const char *
get_field (GHashTable *field_map,
           const char *name)
{
  const char *field = g_hash_table_lookup (field_map, name);

  return field != NULL && *field != '\0' ? field : NULL;
}

static gboolean
check_result_path (const char *path,
                   GError    **error)
{
  gsize length = strcspn (path, "?");
  gboolean good = *path != '/' && strstr (path, "..") == NULL && strstr (path, "//") == NULL &&
                  (strstr (path, "{uuid}") != NULL || strstr (path, "{email}") != NULL) && length > 0 &&
                  path[strspn (path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/{}?=&")] == '\0';

  if (!good)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 /* Translators: %s is what was typed; the words in braces stay as they are */
                 _ ("“%s” can't be used for “Path of the result”. Enter a path under the base address that holds "
                    "{uuid} or {email}, such as “candidate/{uuid}/results”."),
                 path);
  return good;
}

/* An invitation's id: AssessFirst has none. Whom, for what, and as whom AssessFirst knows them ("" if it
 * didn't say). */
typedef struct
{
  char *email;
  char *model;
  char *uuid;
} Key;

static void
key_free (gpointer data)
{
  Key *key = data;

  g_free (key->email);
  g_free (key->model);
  g_free (key->uuid);
  g_free (key);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Key, key_free)

static char *
make_remote_id (const char *email,
                const char *model,
                const char *uuid)
{
  g_autofree char *escaped_email = g_uri_escape_string (email, NULL, FALSE);
  g_autofree char *escaped_model = g_uri_escape_string (model, NULL, FALSE);
  g_autofree char *escaped_uuid = g_uri_escape_string (uuid != NULL ? uuid : "", NULL, FALSE);

  return g_strjoin ("/", escaped_email, escaped_model, escaped_uuid, NULL);
}

/* (nullable) */
static Key *
parse_remote_id (const char *remote_id)
{
  g_auto (GStrv) parts = g_strsplit (remote_id, "/", -1);
  g_autoptr (Key) key = NULL;

  if (g_strv_length (parts) != 3)
    return NULL;
  key = g_new0 (Key, 1);
  key->email = g_uri_unescape_string (parts[0], NULL);
  key->model = g_uri_unescape_string (parts[1], NULL);
  key->uuid = g_uri_unescape_string (parts[2], NULL);
  if (key->email == NULL || *key->email == '\0' || key->model == NULL || *key->model == '\0' || key->uuid == NULL)
    return NULL;
  return g_steal_pointer (&key);
}

/* The list: predictive models, and the choice to use none */

GPtrArray *
assay_assessfirst_decode_models (JsonNode *root,
                                 GError  **error)
{
  const char *what = _ ("the list of predictive models");
  g_autoptr (GPtrArray) models = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  JsonArray *array = unwrap_array (root);
  AssayAssessment *none;

  if (array == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                   _ ("The answer to the request for %s is not one of AssessFirst's. Check the base address and the "
                      "profile in the connection's settings."),
                   what);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *record = assay_json_expect_object (json_array_get_element (array, i), what, error);
      g_autoptr (AssayAssessment) model = assay_assessment_new ();

      if (record == NULL)
        return NULL;
      model->remote_id = assay_json_expect_member_id (record, "uuid", what, error);
      if (model->remote_id == NULL)
        return NULL;
      model->name = assay_json_dup_string (record, "name");
      if (model->name == NULL || *model->name == '\0')
        {
          g_free (model->name);
          model->name = g_strdup_printf (_ ("Predictive model %s"), model->remote_id);
        }
      model->active = TRUE;
      g_ptr_array_add (models, g_steal_pointer (&model));
    }

  none = assay_assessment_new ();
  none->remote_id = g_strdup (ASSAY_ASSESSFIRST_NO_MODEL);
  none->name = g_strdup (_ ("Don't use a predictive model"));
  none->active = TRUE;
  g_ptr_array_add (models, none);
  return g_steal_pointer (&models);
}

static gpointer
read_models (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  return assay_assessfirst_decode_models (root, error);
}

static const AssayConnectorCall models_call = {
  .read = read_models,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
};

static AssayHttpRequest *
new_list_request (AssayAssessfirst *self,
                  gboolean          version_1)
{
  g_autofree char *locale = g_strdelimit (g_strdup (self->locale), "-_", version_1 ? '_' : '-');

  return new_request (ASSAY_HTTP_READ, "GET", version_1 ? "targets" : "predictive-models", locale);
}

static void
assay_assessfirst_list_assessments_async (AssayProvider       *provider,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  AssayAssessfirst *self = ASSAY_ASSESSFIRST (provider);
  g_autoptr (GTask) task =
    assay_connector_base_begin (self, assay_assessfirst_list_assessments_async, cancellable, callback, user_data);

  assay_connector_base_ask (task, &models_call, new_list_request (self, self->version_1));
}

/* The invitation */

char **
assay_assessfirst_make_fields (GHashTable         *field_map,
                               const AssayInvitee *invitee,
                               const char         *locale)
{
  const struct
  {
    const char *name;
    const char *value;
  } values[] = {
    { "email", invitee->email },
    { "first-name", invitee->first_name },
    { "last-name", invitee->last_name },
    { "predictive-model", g_strcmp0 (invitee->assessment_remote_id, ASSAY_ASSESSFIRST_NO_MODEL) != 0
                            ? invitee->assessment_remote_id
                            : NULL },
    { "locale", locale },
  };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i].value != NULL && get_field (field_map, values[i].name) != NULL)
      {
        g_strv_builder_add (builder, get_field (field_map, values[i].name));
        g_strv_builder_add (builder, values[i].value);
      }
  return g_strv_builder_end (builder);
}

static JsonNode *
fields_to_json (char **fields)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  for (guint i = 0; fields[i] != NULL; i += 2)
    {
      json_builder_set_member_name (builder, fields[i]);
      json_builder_add_string_value (builder, fields[i + 1]);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

char *
assay_assessfirst_dup_uuid (JsonNode *root)
{
  JsonObject *object = unwrap_object (root);
  JsonObject *candidate = object != NULL ? assay_json_get_object (object, "candidate") : NULL;
  char *uuid = object != NULL ? assay_json_dup_string (object, "uuid") : NULL;

  if (uuid == NULL && candidate != NULL)
    uuid = assay_json_dup_string (candidate, "uuid");
  if (uuid != NULL && *uuid == '\0')
    g_clear_pointer (&uuid, g_free);
  return uuid;
}

static gpointer
read_invited (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  AssayAssessfirst *self = g_task_get_source_object (task);
  const Key *key = g_task_get_task_data (task);
  g_autofree char *uuid = assay_assessfirst_dup_uuid (root);
  AssayInvited *invited;

  if (uuid == NULL && self->version_1)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("AssessFirst's answer about the candidate is not what it should be. Try again later."));
      return NULL;
    }
  invited = assay_invited_new ();
  /* What version 2 answers isn't documented: without an id it is asked by the address. */
  invited->remote_id = make_remote_id (key->email, key->model, uuid);
  return invited;
}

static const AssayConnectorCall invite_call = {
  .read = read_invited,
  .free_value = (GDestroyNotify) assay_invited_free,
  .invites = TRUE,
};

static Key *
key_new (const AssayInvitee *invitee)
{
  Key *key = g_new0 (Key, 1);

  key->email = g_strdup (invitee->email);
  key->model = g_strdup (invitee->assessment_remote_id);
  return key;
}

static void
assay_assessfirst_invite_async (AssayProvider       *provider,
                                const AssayInvitee  *invitee,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  AssayAssessfirst *self = ASSAY_ASSESSFIRST (provider);
  g_autoptr (GTask) task =
    assay_connector_base_begin (self, assay_assessfirst_invite_async, cancellable, callback, user_data);
  AssayHttpRequest *request;

  g_task_set_task_data (task, key_new (invitee), key_free);

  if (self->version_1)
    {
      const char *const fields[] = { "email", invitee->email, NULL };

      request = new_request (ASSAY_HTTP_ONCE, "POST", "user/send-invitation", self->locale);
      assay_http_request_set_form (request, fields);
    }
  else
    {
      g_auto (GStrv) fields = assay_assessfirst_make_fields (self->field_map, invitee, self->locale);

      request = new_request (ASSAY_HTTP_ONCE, "POST", "candidate/send-invitation", self->locale);
      if (self->as_form)
        assay_http_request_set_form (request, (const char *const *) fields);
      else
        {
          g_autoptr (JsonNode) body = fields_to_json (fields);

          assay_http_request_set_json (request, body, "application/json");
        }
    }
  assay_connector_base_ask (task, &invite_call, request);
}

/* The look-up, in version 1 only: who is known there has been invited, to whatever model */

static gpointer
read_users (GTask     *task,
            JsonNode  *root,
            GError   **error)
{
  const Key *key = g_task_get_task_data (task);
  JsonArray *users = unwrap_array (root);
  guint n_users = users != NULL ? json_array_get_length (users) : 0;
  g_autofree char *folded = assay_email_fold (key->email);
  g_autofree char *uuid = NULL;
  AssayInvited *invited;

  for (guint i = 0; i < n_users && uuid == NULL; i++)
    {
      JsonObject *user = assay_json_array_get_object (users, i);
      const char *email = user != NULL ? assay_json_get_string (user, "email") : NULL;
      g_autofree char *folded_email = email != NULL ? assay_email_fold (email) : NULL;

      /* The address was asked for, so that one without it is of this person. */
      if (user != NULL && (email == NULL || strcmp (folded_email, folded) == 0))
        uuid = assay_json_dup_string (user, "uuid");
    }
  /* Other people in the answer don't mean that this one isn't known. */
  if (users == NULL || (n_users > 0 && (uuid == NULL || *uuid == '\0')))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("AssessFirst's answer about the candidate is not what it should be. Try again later."));
      return NULL;
    }
  if (n_users == 0)
    return NULL;
  invited = assay_invited_new ();
  invited->remote_id = make_remote_id (key->email, key->model, uuid);
  invited->status_text =
    g_strdup (_ ("AssessFirst knows this person already. The questionnaires belong to the person, so that no new "
                 "invitation is needed and nothing was sent; the results and the match appear here."));
  return invited;
}

static const AssayConnectorCall look_up_call = {
  .read = read_users,
  .free_value = (GDestroyNotify) assay_invited_free,
  .judge = assay_connector_base_missing_is_none,
};

static void
assay_assessfirst_look_up_async (AssayProvider       *provider,
                                 const AssayInvitee  *invitee,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  AssayAssessfirst *self = ASSAY_ASSESSFIRST (provider);
  g_autoptr (GTask) task =
    assay_connector_base_begin (self, assay_assessfirst_look_up_async, cancellable, callback, user_data);
  AssayHttpRequest *request;

  if (!self->version_1)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               _ ("With version 2 of its API, AssessFirst can't be asked whom it has invited."));
      return;
    }
  g_task_set_task_data (task, key_new (invitee), key_free);
  request = new_request (ASSAY_HTTP_READ, "GET", "users", self->locale);
  assay_http_request_add_query (request, "email", invitee->email);
  assay_connector_base_ask (task, &look_up_call, request);
}

/* The result, what both versions share */

/* A score as AssessFirst gives it: whether it is of 100 or of 10 isn't documented. */
static AssayScore *
read_score (JsonObject *object,
            const char *member,
            const char *name)
{
  gboolean is_percent = FALSE;
  double value;

  if (!assay_json_get_number (object, member, &value, &is_percent) || !isfinite (value))
    return NULL;
  return is_percent ? assay_score_new (name, value, 100, ASSAY_UNIT_PERCENT)
                    : assay_score_new (name, value, NAN, ASSAY_UNIT_NONE);
}

/* The questionnaire that a label names in the language it is asked in; the label itself where it is
 * unknown. */
static const char *
name_questionnaire (const char *label)
{
  static const struct
  {
    const char *label, *name;
  } labels[] = {
    { "swipe", "SWIPE" },         { "personnalité", "SWIPE" }, { "personality", "SWIPE" },
    { "drive", "DRIVE" },         { "motivation", "DRIVE" },   { "motivations", "DRIVE" },
    { "brain", "BRAIN" },         { "aptitudes", "BRAIN" },    { "aptitude", "BRAIN" },
    { "voice", "VOICE" },
  };
  g_autofree char *folded = g_utf8_casefold (label, -1);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *known = g_utf8_casefold (labels[i].label, -1);

      if (strcmp (folded, known) == 0)
        return labels[i].name;
    }
  return label;
}

/* (nullable): one entry of a list of questionnaires: its name */
static const char *
get_questionnaire (JsonObject *record)
{
  const char *label = assay_json_get_string (record, "assessment");

  if (label == NULL)
    label = assay_json_get_string (record, "name");
  return label != NULL && *label != '\0' ? name_questionnaire (label) : NULL;
}

/* The result by version 1 */

char *
assay_assessfirst_dup_candidate_token (JsonNode *user)
{
  JsonObject *object = unwrap_object (user);
  const char *token = object != NULL ? assay_json_get_string (object, "token") : NULL;

  return token != NULL && *token != '\0' ? g_strdup (token) : NULL;
}

/* Writes @node without what opens a person's results, whatever member holds it. */
static void
add_without_token (JsonBuilder *builder,
                   JsonNode    *node,
                   const char  *token)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr (GList) members = json_object_get_members (object);

      json_builder_begin_object (builder);
      for (GList *member = members; member != NULL; member = member->next)
        {
          const char *text = assay_json_get_string (object, member->data);

          if (strcmp (member->data, "token") == 0 || (token != NULL && text != NULL && strstr (text, token) != NULL))
            continue;
          json_builder_set_member_name (builder, member->data);
          add_without_token (builder, json_object_get_member (object, member->data), token);
        }
      json_builder_end_object (builder);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      json_builder_begin_array (builder);
      for (guint i = 0; i < json_array_get_length (array); i++)
        add_without_token (builder, json_array_get_element (array, i), token);
      json_builder_end_array (builder);
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING && token != NULL &&
           strstr (json_node_get_string (node), token) != NULL)
    json_builder_add_null_value (builder);
  else
    json_builder_add_value (builder, json_node_copy (node));
}

static char *
make_raw (JsonObject *user,
          JsonArray  *adequacies,
          const char *token)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GList) members = json_object_get_members (user);
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  for (GList *member = members; member != NULL; member = member->next)
    {
      const char *text = assay_json_get_string (user, member->data);

      if (strcmp (member->data, "token") == 0 || strcmp (member->data, "adequacies") == 0 ||
          (token != NULL && text != NULL && strstr (text, token) != NULL))
        continue;
      json_builder_set_member_name (builder, member->data);
      add_without_token (builder, json_object_get_member (user, member->data), token);
    }
  if (adequacies != NULL)
    {
      json_builder_set_member_name (builder, "adequacies");
      json_builder_begin_array (builder);
      for (guint i = 0; i < json_array_get_length (adequacies); i++)
        add_without_token (builder, json_array_get_element (adequacies, i), token);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return assay_json_to_text (root, ASSAY_PROVIDER_MAX_RAW);
}

/* (nullable): the match with @model; an only entry that names no target is the one that was asked for */
static AssayScore *
find_match (JsonArray  *adequacies,
            const char *model)
{
  for (guint i = 0; adequacies != NULL && i < json_array_get_length (adequacies); i++)
    {
      JsonObject *record = assay_json_array_get_object (adequacies, i);
      const char *target = record != NULL ? assay_json_get_string (record, "target") : NULL;

      if (record != NULL && (g_strcmp0 (target, model) == 0 ||
                             (!json_object_has_member (record, "target") && json_array_get_length (adequacies) == 1)))
        return read_score (record, "score", NULL);
    }
  return NULL;
}

AssayResult *
assay_assessfirst_decode_user (JsonNode   *user,
                               JsonNode   *adequacies,
                               const char *model,
                               GError    **error)
{
  g_autoptr (AssayResult) result = assay_result_new ();
  g_autofree char *token = assay_assessfirst_dup_candidate_token (user);
  g_autoptr (GString) done = g_string_new (NULL);
  JsonObject *object = unwrap_object (user);
  JsonArray *reports;
  guint n_of_three = 0;
  gboolean swipe = FALSE, drive = FALSE, brain = FALSE;

  if (object == NULL || assay_json_get_string (object, "uuid") == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("AssessFirst's answer about the candidate is not what it should be. Try again later."));
      return NULL;
    }

  /* Missing until a questionnaire is done. */
  reports = assay_json_get_array (object, "reports");
  for (guint i = 0; reports != NULL && i < json_array_get_length (reports); i++)
    {
      JsonObject *report = assay_json_array_get_object (reports, i);
      const char *name = report != NULL ? get_questionnaire (report) : NULL;
      AssayScore *score;

      if (name == NULL)
        continue;
      swipe = swipe || strcmp (name, "SWIPE") == 0;
      drive = drive || strcmp (name, "DRIVE") == 0;
      brain = brain || strcmp (name, "BRAIN") == 0;
      g_string_append_printf (done, "%s%s", done->len > 0 ? ", " : "", name);
      score = read_score (report, "score", name);
      if (score != NULL)
        g_ptr_array_add (result->scores, score);
    }
  n_of_three = swipe + drive + brain;
  if (done->len > 0)
    result->status_text = g_strdup (done->str);

  if (strcmp (model, ASSAY_ASSESSFIRST_NO_MODEL) != 0)
    result->score = find_match (unwrap_array (adequacies), model);
  /* A match may still change with each questionnaire, and may come later than the last one. */
  if (n_of_three == 3 && (result->score != NULL || strcmp (model, ASSAY_ASSESSFIRST_NO_MODEL) == 0))
    result->status = ASSAY_INVITATION_COMPLETED;
  else if (done->len > 0)
    result->status = ASSAY_INVITATION_IN_PROGRESS;
  else
    result->status = ASSAY_INVITATION_PENDING;
  result->raw = make_raw (object, unwrap_array (adequacies), token);
  return g_steal_pointer (&result);
}

typedef struct
{
  Key *key;                     /* owned */
  JsonNode *user;               /* owned, nullable */
  char *token;                  /* owned, nullable: a secret */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  if (reading->token != NULL)
    explicit_bzero (reading->token, strlen (reading->token));
  g_free (reading->token);
  g_clear_pointer (&reading->user, json_node_unref);
  key_free (reading->key);
  g_free (reading);
}

static gpointer
read_match (GTask     *task,
            JsonNode  *adequacies,
            GError   **error)
{
  const Reading *reading = g_task_get_task_data (task);

  return assay_assessfirst_decode_user (reading->user, adequacies, reading->key->model, error);
}

/* A refusal that repeats the candidate's token isn't repeated to anybody. */
static GError *
judge_match (GTask  *task,
             GError *error)
{
  const Reading *reading = g_task_get_task_data (task);
  const char *detail = assay_error_get_vendor_detail (error);
  GError *told;

  if (strstr (error->message, reading->token) == NULL && (detail == NULL || strstr (detail, reading->token) == NULL))
    return error;
  told = assay_error_new_from_vendor (error->domain == ASSAY_ERROR ? (AssayError) error->code : ASSAY_ERROR_FAILED,
                                      assay_error_get_vendor_status (error), NULL,
                                      _ ("AssessFirst refuses to tell the match. Try again later."));
  g_error_free (error);
  return told;
}

static const AssayConnectorCall match_call = {
  .read = read_match,
  .free_value = (GDestroyNotify) assay_result_free,
  .judge = judge_match,
  .reads_missing = TRUE,  /* no match yet */
};

static gpointer
read_user (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  Reading *reading = g_task_get_task_data (task);
  JsonObject *user = unwrap_object (root);
  g_autofree char *escaped = NULL, *path = NULL;
  AssayHttpRequest *request;

  reading->user = root != NULL ? json_node_ref (root) : NULL;
  reading->token = assay_assessfirst_dup_candidate_token (root);
  if (user == NULL || reading->token == NULL || strcmp (reading->key->model, ASSAY_ASSESSFIRST_NO_MODEL) == 0 ||
      assay_json_get_array (user, "reports") == NULL)
    return read_match (task, NULL, error);

  escaped = g_uri_escape_string (reading->token, NULL, FALSE);
  path = g_strconcat ("adequacies/", escaped, NULL);
  request = new_request (ASSAY_HTTP_READ, "GET", path, READING_LOCALE);
  assay_http_request_set_private_path (request, TRUE);
  assay_http_request_add_query (request, "targets", reading->key->model);
  assay_http_request_set_background (request, TRUE);
  assay_connector_base_ask (task, &match_call, request);
  return NULL;
}

static const AssayConnectorCall user_call = {
  .read = read_user,
  .free_value = (GDestroyNotify) assay_result_free,
};

/* The result by version 2 */

/* (nullable): what stands at "data.score" of @root */
static JsonNode *
find_node (JsonNode   *root,
           const char *dotted)
{
  g_auto (GStrv) names = g_strsplit (dotted, ".", -1);
  JsonNode *node = root;

  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    node = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), names[i]) : NULL;
  return node;
}

/* (transfer full) (nullable): the value that @field_map places, else that of @by_default in the document
 * or its "data", alone in an object under "value", where the readers can read it */
static JsonObject *
find_value (JsonNode   *root,
            GHashTable *field_map,
            const char *field,
            const char *by_default)
{
  const char *place = get_field (field_map, field);
  JsonObject *unwrapped = unwrap_object (root);
  JsonNode *node = NULL;
  JsonObject *holder;

  if (place != NULL)
    node = find_node (root, place);
  else if (unwrapped != NULL && by_default != NULL)
    node = json_object_get_member (unwrapped, by_default);
  if (node == NULL)
    return NULL;
  holder = json_object_new ();
  json_object_set_member (holder, "value", json_node_copy (node));
  return holder;
}

static void
add_named_scores (AssayResult *result,
                  JsonObject  *holder)
{
  JsonArray *array = assay_json_get_array (holder, "value");
  JsonObject *object = assay_json_get_object (holder, "value");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *record = assay_json_array_get_object (array, i);
      const char *name = record != NULL ? get_questionnaire (record) : NULL;
      AssayScore *score = name != NULL ? read_score (record, "score", name) : NULL;

      if (score != NULL)
        g_ptr_array_add (result->scores, score);
    }
  if (object != NULL)
    {
      g_autoptr (GList) members = json_object_get_members (object);

      for (GList *member = members; member != NULL; member = member->next)
        {
          AssayScore *score = read_score (object, member->data, name_questionnaire (member->data));

          if (score != NULL)
            g_ptr_array_add (result->scores, score);
        }
    }
}

AssayResult *
assay_assessfirst_decode_result (JsonNode   *root,
                                 GHashTable *field_map,
                                 GError    **error)
{
  g_autoptr (AssayResult) result = assay_result_new ();
  g_autoptr (JsonObject) status = NULL, score = NULL, scores = NULL, url = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) raw = NULL;
  g_autofree char *token = root != NULL ? assay_assessfirst_dup_candidate_token (root) : NULL;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("AssessFirst's answer at the path of the result is not a JSON object. Check the path in "
                              "the connection's settings."));
      return NULL;
    }
  status = find_value (root, field_map, "result-status", "status");
  score = find_value (root, field_map, "result-score", "score");
  scores = find_value (root, field_map, "result-scores", NULL);
  url = find_value (root, field_map, "result-url", NULL);

  if (status != NULL)
    result->status_text = assay_json_dup_string (status, "value");
  if (score != NULL)
    result->score = read_score (score, "value", NULL);
  if (scores != NULL)
    add_named_scores (result, scores);
  if (url != NULL)
    result->report_url = assay_provider_dup_web_address (url, "value");

  if (result->status_text != NULL)
    result->status = assay_invitation_status_from_provider (result->status_text);
  else if (result->score != NULL || result->scores->len > 0)
    /* A match is updated after each questionnaire, so that one alone doesn't say that it is the last. */
    result->status = ASSAY_INVITATION_IN_PROGRESS;
  else
    result->status = ASSAY_INVITATION_PENDING;

  add_without_token (builder, root, token);
  raw = json_builder_get_root (builder);
  result->raw = assay_json_to_text (raw, ASSAY_PROVIDER_MAX_RAW);
  return g_steal_pointer (&result);
}

static gpointer
read_result (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  AssayAssessfirst *self = g_task_get_source_object (task);

  return assay_assessfirst_decode_result (root, self->field_map, error);
}

static const AssayConnectorCall result_call = {
  .read = read_result,
  .free_value = (GDestroyNotify) assay_result_free,
};

/* (transfer full): @template with the values of @key in their places */
static char *
fill_in (const char *template,
         const Key  *key,
         gboolean    escape)
{
  g_autoptr (GString) text = g_string_new (template);
  const struct
  {
    const char *place, *value;
  } places[] = {
    { "{uuid}", key->uuid },
    { "{email}", key->email },
    { "{model}", key->model },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *escaped = g_uri_escape_string (places[i].value, NULL, FALSE);

      g_string_replace (text, places[i].place, escape ? escaped : places[i].value, 0);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static AssayHttpRequest *
new_result_request (AssayAssessfirst *self,
                    const Key        *key)
{
  g_auto (GStrv) parts = g_strsplit (self->result_path, "?", 2);
  g_autofree char *path = fill_in (parts[0], key, TRUE);
  AssayHttpRequest *request = new_request (ASSAY_HTTP_READ, "GET", path, self->locale);

  if (parts[1] != NULL)
    {
      g_auto (GStrv) pairs = g_strsplit (parts[1], "&", -1);

      for (guint i = 0; pairs[i] != NULL; i++)
        {
          g_auto (GStrv) pair = g_strsplit (pairs[i], "=", 2);
          g_autofree char *value = pair[0] != NULL && pair[1] != NULL ? fill_in (pair[1], key, FALSE) : NULL;

          if (value != NULL)
            assay_http_request_add_query (request, pair[0], value);
        }
    }
  return request;
}

static void
assay_assessfirst_read_result_async (AssayProvider       *provider,
                                     const char          *remote_id,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  AssayAssessfirst *self = ASSAY_ASSESSFIRST (provider);
  g_autoptr (GTask) task =
    assay_connector_base_begin (self, assay_assessfirst_read_result_async, cancellable, callback, user_data);
  g_autoptr (Key) key = parse_remote_id (remote_id);
  gboolean needs_uuid = self->version_1 || (self->result_path != NULL && strstr (self->result_path, "{uuid}") != NULL);
  AssayHttpRequest *request;
  Reading *reading;

  if (!self->version_1 && self->result_path == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               _ ("AssessFirst doesn't document how results are read. Enter the path of the result in "
                                  "the connection's settings, or look in AssessFirst and enter what you see there."));
      return;
    }
  if (key == NULL || (needs_uuid && *key->uuid == '\0'))
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                               _ ("AssessFirst gave no number for this candidate, so that it can't be asked for the "
                                  "result. Look in AssessFirst."));
      return;
    }

  if (!self->version_1)
    {
      request = new_result_request (self, key);
      assay_http_request_set_background (request, TRUE);
      assay_connector_base_ask (task, &result_call, request);
    }
  else
    {
      g_autofree char *escaped = g_uri_escape_string (key->uuid, NULL, FALSE);
      g_autofree char *path = g_strconcat ("user/", escaped, NULL);

      reading = g_new0 (Reading, 1);
      reading->key = g_steal_pointer (&key);
      g_task_set_task_data (task, reading, reading_free);
      request = new_request (ASSAY_HTTP_READ, "GET", path, READING_LOCALE);
      assay_http_request_add_query (request, "synthesis", "1");
      assay_http_request_set_background (request, TRUE);
      assay_connector_base_ask (task, &user_call, request);
    }
}

/* The probe: a token is all or nothing, so that listing is the test of it. */

/* Takes @error (nullable). @nothing_there: (nullable): what is said where there is no list */
static void
finish_probe (GTask      *task,
              GError     *error,
              const char *nothing_there)
{
  AssayProbe *probe = assay_provider_make_probe (
    assay_assessfirst_description.permissions, error,
    _ ("AssessFirst refuses the token, or your account there has no API licence. Making a new token ends the earlier "
       "one: generate a token, and enter it here."),
    nothing_there);

  g_task_return_pointer (task, probe, (GDestroyNotify) assay_probe_free);
}

static void
other_profile_tried_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayAssessfirst *self = g_task_get_source_object (task);
  g_autoptr (AssayHttpResponse) response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, NULL);
  g_autoptr (GPtrArray) models =
    response != NULL ? assay_assessfirst_decode_models (assay_http_response_get_root (response), NULL) : NULL;
  const char *sentence;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (models != NULL)
    sentence = self->version_1 ? _ ("Under the base address AssessFirst has its version 2. Choose the profile “v2” "
                                    "in the settings.")
                               : _ ("Under the base address AssessFirst has its version 1. Choose the profile “v1” "
                                    "in the settings.");
  else
    sentence = self->version_1 ? _ ("There is no list “targets” under the base address, nor “predictive-models”, as "
                                    "version 2 has it. Check the base address.")
                               : _ ("There is no list “predictive-models” under the base address, nor “targets”, as "
                                    "version 1 has it. Check the base address.");
  finish_probe (task, g_error_copy (g_task_get_task_data (task)), sentence);
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayAssessfirst *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) models = NULL;
  GError *error = NULL;

  models = assay_provider_list_assessments_finish (ASSAY_PROVIDER (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  if (assay_error_get_vendor_status (error) == 404 || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
    {
      /* The address may be right, and the profile wrong. */
      g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
      assay_http_channel_send_async (assay_connector_base_get_channel (self),
                                     new_list_request (self, !self->version_1), g_task_get_cancellable (task),
                                     other_profile_tried_cb, g_object_ref (task));
      return;
    }
  finish_probe (task, error, NULL);
}

static void
assay_assessfirst_probe_async (AssayProvider       *provider,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = assay_connector_base_begin (provider, assay_assessfirst_probe_async, cancellable, callback, user_data);

  assay_assessfirst_list_assessments_async (provider, cancellable, probed_cb, task);
}

/* No call is known that sends again or cancels. */
static void
assay_assessfirst_provider_init (AssayProviderInterface *iface)
{
  iface->probe_async = assay_assessfirst_probe_async;
  iface->list_assessments_async = assay_assessfirst_list_assessments_async;
  iface->invite_async = assay_assessfirst_invite_async;
  iface->look_up_async = assay_assessfirst_look_up_async;
  iface->read_result_async = assay_assessfirst_read_result_async;
}

/* Description */

static GObject *
assay_assessfirst_create (const AssayConnectorDescription *description,
                          const AssayConnectorContext     *context,
                          GError                         **error)
{
  const AssayConnection *connection = context->connection;
  const char *locale = assay_connection_get_setting (connection, "locale");
  const char *result_path = assay_connection_get_setting (connection, "result-path");
  g_autoptr (AssayAssessfirst) self = assay_connector_base_new (ASSAY_TYPE_ASSESSFIRST, description, context, error);
  g_autoptr (GHashTable) field_map = NULL;
  AssayProviderBase *base;

  if (self == NULL)
    return NULL;
  field_map = assay_assessfirst_parse_field_map (assay_connection_get_setting (connection, "field-map"), error);
  if (field_map == NULL || (result_path != NULL && *result_path != '\0' && !check_result_path (result_path, error)))
    return NULL;

  base = ASSAY_PROVIDER_BASE (self);
  assay_http_channel_set_credential (assay_connector_base_get_channel (base), ASSAY_HTTP_AUTH_HEADER, "AF-Token",
                                     g_hash_table_lookup (context->secrets, "token"));
  self->version_1 = g_strcmp0 (assay_connection_get_setting (connection, "profile"), "v1") == 0;
  self->as_form = g_strcmp0 (assay_connection_get_setting (connection, "body"), "form") == 0;
  self->field_map = g_steal_pointer (&field_map);
  self->result_path = result_path != NULL && *result_path != '\0' ? g_strdup (result_path) : NULL;
  self->locale = g_strdup (locale != NULL && *locale != '\0' ? locale : "en-US");
  /* "en-US" in version 2, "en_US" in version 1 */
  g_strdelimit (self->locale, "-_", self->version_1 ? '_' : '-');
  return G_OBJECT (g_steal_pointer (&self));
}

/* Version 1 can be asked; version 2 where the settings say how. Where nobody can be asked, a person enters the
 * result. */
static AssayCapabilities
get_capabilities (GHashTable *settings)
{
  const char *result_path = g_hash_table_lookup (settings, "result-path");

  if (g_strcmp0 (g_hash_table_lookup (settings, "profile"), "v1") == 0)
    return ASSAY_CAN_NAMED_SCORES | ASSAY_CAN_PARTIAL_RESULTS | ASSAY_CAN_LOOK_UP;
  if (result_path != NULL && *result_path != '\0')
    return ASSAY_CAN_NAMED_SCORES | ASSAY_CAN_PARTIAL_RESULTS;
  return ASSAY_NEEDS_HAND_ENTRY;
}

const AssayConnectorDescription assay_assessfirst_description = {
  .id = "assessfirst",
  .name = "AssessFirst",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Personality, motivation and aptitude questionnaires, and the match with a predictive model"),
  .capabilities = ASSAY_CAN_NAMED_SCORES | ASSAY_CAN_PARTIAL_RESULTS | ASSAY_CAN_LOOK_UP,
  .get_capabilities = get_capabilities,
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("What precedes “/predictive-models”, or “/targets” with the profile v1. AssessFirst's "
                           "support tells it."),
        .type = ASSAY_SETTING_URL,
        .required = TRUE,
        .placeholder = "https://api.example.com/v2",
      },
      {
        .name = "profile",
        .title = N_ ("Profile"),
        .description = N_ ("The version of AssessFirst's API. v1 is deprecated, but can be asked for results and for "
                           "whom it knows."),
        .type = ASSAY_SETTING_CHOICE,
        .default_value = "v2",
        .choices = (const char *const[]){ "v2", "v1", NULL },
      },
      {
        .name = "locale",
        .title = N_ ("Language of the invitation"),
        .description = N_ ("Language and country, such as “en-US” or “fr-FR”."),
        .type = ASSAY_SETTING_TEXT,
        .default_value = "en-US",
        .placeholder = "en-US",
      },
      {
        .name = "body",
        .title = N_ ("Form of the invitation"),
        .description = N_ ("Whether v2 takes the invitation as JSON or as a form."),
        .type = ASSAY_SETTING_CHOICE,
        .advanced = TRUE,
        .default_value = "json",
        .choices = (const char *const[]){ "json", "form", NULL },
      },
      {
        .name = "field-map",
        .title = N_ ("Field map"),
        .description = N_ ("A JSON object with v2's names of “email”, “first-name”, “last-name”, “predictive-model” "
                           "and “locale”, and the places in its result of “result-status”, “result-score”, "
                           "“result-scores” and “result-url”, such as “data.score”."),
        .type = ASSAY_SETTING_TEXT,
        .advanced = TRUE,
        .placeholder = "{\"first-name\": \"firstname\"}",
      },
      {
        .name = "result-path",
        .title = N_ ("Path of the result"),
        .description = N_ ("Where v2 tells the result, with {uuid}, {email} or {model} in it. Without it you see "
                           "results in AssessFirst, and enter them here."),
        .type = ASSAY_SETTING_TEXT,
        .advanced = TRUE,
        .placeholder = "candidate/{uuid}/results",
      },
      { .name = NULL },
    },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "token",
        .title = N_ ("Token"),
        .required = TRUE,
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to AssessFirst as an administrator with an API licence."),
            N_ ("Open the settings, then Integrations, and choose the integration."),
            N_ ("Choose “Generate a token” and copy it. A new token ends the earlier one."),
            N_ ("If there is none to choose, ask api@assessfirst.com for a token."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      {
        .name = "Predictive models",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Lists the predictive models that you can invite for."),
        .remedy = N_ ("Generate a new token in AssessFirst as an administrator, and make sure that the account has "
                      "an API licence."),
      },
      {
        .name = "Candidates",
        .access = "Invite",
        .needed = TRUE,
        .purpose = N_ ("Sends the questionnaires to a candidate."),
        .remedy = N_ ("This can't be tried without inviting somebody. The first invitation that you send shows it."),
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("You are an administrator in AssessFirst, with an API licence."),
        .how_to_tell = N_ ("The settings in AssessFirst have the page Integrations, and an integration there offers "
                           "“Generate a token”."),
        .if_not = N_ ("Ask an administrator for that role, and AssessFirst for the licence; or let an administrator do "
                      "this for you."),
      },
      {
        .requirement = N_ ("You know the base address of AssessFirst's API."),
        .how_to_tell = N_ ("AssessFirst's support has told you."),
        .if_not = N_ ("Write to api@assessfirst.com and ask for the address of the API, version 2."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In AssessFirst open the settings, then Integrations, and generate a new token: that ends the old one."),
      NULL,
    },
  .help_urls =
    (const char *const[]){
      "https://help.assessfirst.com/en/knowledge/examples-of-integrations-that-can-be-done-with-our-api-v2",
      NULL,
    },
  /* 100 in any minute: 8 at once and 90 after them. */
  .pace = { .per_second = 1.5, .burst = 8, .concurrency = 1 },
  .create = assay_assessfirst_create,
};
