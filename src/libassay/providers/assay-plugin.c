/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's Integration Plugins Framework, Assay playing Pinpoint's part.
 *
 * Facts: Pinpoint's developer documentation (assessments, overview, plugin-configuration-fields) and two public example
 * plugins. All calls are POST. The registered address answers with the plugin's meta: its actions, and the fields of
 * its configuration, of which one names the header that the key goes in. An action's own meta is the form, with the
 * list of the assessments in it; a form with a "callout" of the intent "danger" is how a bad key is told. Submitting
 * the form is the invitation. Progress is pushed to an address in the submission, and Assay has none that could be
 * reached. */
#include "config.h"

#include "assay-plugin.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "assay-partner.h"
#include "assay-provider-wire.h"
#include "assay-secrets.h"

/* A bulk of invitations doesn't read the form anew for each person. */
#define FORM_LIFETIME (60 * G_TIME_SPAN_SECOND)
/* The framework wants addresses of the ATS's. RFC 2606 keeps this one from ever resolving. */
#define UNREACHABLE_ADDRESS "https://assay.invalid/"

typedef enum
{
  FIELD_FIXED,
  FIELD_FIRST_NAME,
  FIELD_LAST_NAME,
  FIELD_EMAIL,
  FIELD_ASSESSMENT,
} FieldKind;

typedef struct
{
  char *key;
  FieldKind kind;
  char *value;   /* (nullable): of a fixed one, what the form came with */
} Field;

struct _AssayPlugin
{
  AssayProviderBase parent_instance;

  char *base_url;
  char *secret;            /* (nullable): in non-pageable memory */
  AssayPluginForm *form;   /* (nullable): as last read */
  gint64 form_read_at;     /* monotonic */
};

static void assay_plugin_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPlugin, assay_plugin, ASSAY_TYPE_PROVIDER_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_plugin_provider_init))

static void
field_free (gpointer data)
{
  Field *field = data;

  g_free (field->key);
  g_free (field->value);
  g_free (field);
}

void
assay_plugin_meta_free (AssayPluginMeta *meta)
{
  if (meta == NULL)
    return;
  g_free (meta->form_path);
  g_free (meta->header);
  g_hash_table_unref (meta->mappings);
  g_free (meta);
}

void
assay_plugin_form_free (AssayPluginForm *form)
{
  if (form == NULL)
    return;
  g_free (form->submit_path);
  g_ptr_array_unref (form->fields);
  g_ptr_array_unref (form->assessments);
  g_free (form);
}

static void
assay_plugin_finalize (GObject *object)
{
  AssayPlugin *self = ASSAY_PLUGIN (object);

  g_free (self->base_url);
  g_clear_pointer (&self->secret, secret_password_free);
  g_clear_pointer (&self->form, assay_plugin_form_free);

  G_OBJECT_CLASS (assay_plugin_parent_class)->finalize (object);
}

static void
assay_plugin_class_init (AssayPluginClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_plugin_finalize;
}

static void
assay_plugin_init (AssayPlugin *self)
{
}

/* The meta */

static GError *
new_stranger (const char *vendor)
{
  return g_error_new (ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                      /* Translators: %s is a provider's name */
                      _ ("What the base address answers is not what a plugin of %s says of itself. Check the base "
                         "address and the profile in the settings."),
                      vendor);
}

/* (nullable) (transfer full): an endpoint below the base address; the key mustn't go anywhere else */
static char *
dup_path (JsonObject *object,
          const char *member,
          const char *base_url)
{
  const char *endpoint = assay_json_get_string (object, member);

  if (endpoint == NULL)
    return NULL;
  if (g_str_has_prefix (endpoint, base_url) && endpoint[strlen (base_url)] == '/')
    endpoint += strlen (base_url);
  while (*endpoint == '/')
    endpoint++;
  if (*endpoint == '\0' || strstr (endpoint, "..") != NULL || strstr (endpoint, "//") != NULL ||
      endpoint[strspn (endpoint, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/%")] != '\0')
    return NULL;
  return g_strdup (endpoint);
}

/* A name that may carry a key, and that doesn't steer the request itself. */
static gboolean
is_header_name (const char *name)
{
  static const char *const taken[] = { "host",       "content-length", "content-type",      "transfer-encoding",
                                       "connection", "cookie",         "accept",            "expect",
                                       "upgrade",    "te",             "accept-encoding",   "user-agent",
                                       NULL };
  g_autofree char *folded = g_ascii_strdown (name, -1);

  return *name != '\0' && strlen (name) <= 100 && !g_strv_contains (taken, folded) &&
         name[strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

/* The field of the configuration that takes the key: a sensitive one rather than another. Sets @error to what else the
 * plugin wants to know. */
static gboolean
find_header (JsonObject       *document,
             const char       *vendor,
             AssayPluginMeta  *meta,
             GError          **error)
{
  JsonArray *fields = assay_json_get_array (document, "configurationFormFields");
  const char *wanted = NULL;
  guint n_required = 0;
  gboolean is_sensitive = FALSE;

  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonObject *field = assay_json_array_get_object (fields, i);
      const char *header = field != NULL ? assay_json_get_string (field, "useAsHttpHeader") : NULL;

      if (field == NULL)
        continue;
      if (assay_json_get_boolean (field, "required", FALSE))
        {
          n_required++;
          wanted = assay_json_get_string (field, "label");
        }
      if (header == NULL || !is_header_name (header) ||
          (meta->header != NULL && (is_sensitive || !assay_json_get_boolean (field, "sensitive", FALSE))))
        continue;
      is_sensitive = assay_json_get_boolean (field, "sensitive", FALSE);
      g_free (meta->header);
      meta->header = g_strdup (header);
    }
  if (n_required <= (meta->header != NULL ? 1u : 0u))
    return TRUE;

  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %1$s is a provider's name, %2$s its word for something that it wants to know */
               _ ("%1$s's plugin wants to know more than a key, such as “%2$s”, and Assay can't tell it. Use another "
                  "profile."),
               vendor, wanted != NULL ? wanted : "?");
  return FALSE;
}

AssayPluginMeta *
assay_plugin_decode_meta (JsonNode   *root,
                          const char *vendor,
                          const char *base_url,
                          GError    **error)
{
  g_autoptr (AssayPluginMeta) meta = g_new0 (AssayPluginMeta, 1);
  JsonObject *document = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonArray *actions = document != NULL ? assay_json_get_array (document, "actions") : NULL;
  JsonObject *action = NULL;
  JsonArray *mappings;

  meta->mappings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; actions != NULL && i < json_array_get_length (actions) && action == NULL; i++)
    {
      JsonObject *candidate = assay_json_array_get_object (actions, i);

      if (candidate != NULL && g_strcmp0 (assay_json_get_string (candidate, "key"), "createAssessment") == 0)
        action = candidate;
    }
  if (action != NULL)
    meta->form_path = dup_path (action, "metaEndpoint", base_url);
  if (meta->form_path == NULL)
    {
      g_propagate_error (error, new_stranger (vendor));
      return NULL;
    }
  if (!find_header (document, vendor, meta, error))
    return NULL;

  mappings = assay_json_get_array (action, "mappings");
  for (guint i = 0; mappings != NULL && i < json_array_get_length (mappings); i++)
    {
      JsonObject *mapping = assay_json_array_get_object (mappings, i);
      const char *key = mapping != NULL ? assay_json_get_string (mapping, "key") : NULL;
      const char *value = mapping != NULL ? assay_json_get_string (mapping, "value") : NULL;

      if (key != NULL && value != NULL)
        g_hash_table_replace (meta->mappings, g_strdup (key), g_strdup (value));
    }
  return g_steal_pointer (&meta);
}

/* The form */

static FieldKind
judge_field (const char            *key,
             const AssayPluginMeta *meta)
{
  static const struct
  {
    const char *placeholder;
    const char *key;
    FieldKind kind;
  } known[] = {
    { "{{candidate_first_name}}", "firstName", FIELD_FIRST_NAME },
    { "{{candidate_last_name}}", "lastName", FIELD_LAST_NAME },
    { "{{candidate_email}}", "email", FIELD_EMAIL },
  };
  const char *mapped = g_hash_table_lookup (meta->mappings, key);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (mapped != NULL ? strcmp (mapped, known[i].placeholder) == 0 : strcmp (key, known[i].key) == 0)
      return known[i].kind;
  return FIELD_FIXED;
}

static void
add_assessments (AssayPluginForm *form,
                 JsonArray       *options)
{
  for (guint i = 0; i < json_array_get_length (options); i++)
    {
      JsonObject *option = assay_json_array_get_object (options, i);
      g_autoptr (AssayAssessment) assessment = assay_assessment_new ();

      assessment->remote_id = option != NULL ? assay_json_dup_string (option, "value") : NULL;
      if (assessment->remote_id == NULL || *assessment->remote_id == '\0')
        continue;
      assessment->name = assay_json_dup_string (option, "label");
      if (assessment->name == NULL || *assessment->name == '\0')
        {
          g_free (assessment->name);
          assessment->name = g_strdup_printf (_ ("Assessment %s"), assessment->remote_id);
        }
      assessment->active = TRUE;
      g_ptr_array_add (form->assessments, g_steal_pointer (&assessment));
    }
}

/* Returns: (transfer full): what a dangerous callout says */
static GError *
new_refused (const char *vendor,
             JsonObject *callout)
{
  const char *words = assay_json_get_string (callout, "description");

  if (words == NULL || *words == '\0')
    words = assay_json_get_string (callout, "label");
  if (words == NULL)
    words = "";
  return assay_error_new_from_vendor (ASSAY_ERROR_UNAUTHORIZED, 200, words,
                                      /* Translators: %1$s is a provider's name, %2$s its own words */
                                      _ ("%1$s's plugin doesn't accept the key: “%2$s”. Copy the key again."), vendor,
                                      words);
}

AssayPluginForm *
assay_plugin_decode_form (JsonNode               *root,
                          const char             *vendor,
                          const char             *base_url,
                          const AssayPluginMeta  *meta,
                          GError                **error)
{
  g_autoptr (AssayPluginForm) form = g_new0 (AssayPluginForm, 1);
  JsonObject *document = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonArray *fields = document != NULL ? assay_json_get_array (document, "formFields") : NULL;
  gboolean has_email = FALSE, has_choice = FALSE;

  form->fields = g_ptr_array_new_with_free_func (field_free);
  form->assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  for (guint i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonObject *record = assay_json_array_get_object (fields, i);
      const char *key = record != NULL ? assay_json_get_string (record, "key") : NULL;
      const char *type = record != NULL ? assay_json_get_string (record, "type") : NULL;
      JsonArray *options;
      Field *field;

      if (g_strcmp0 (type, "callout") == 0)
        {
          if (g_strcmp0 (assay_json_get_string (record, "intent"), "danger") == 0)
            {
              g_propagate_error (error, new_refused (vendor, record));
              return NULL;
            }
          continue;
        }
      if (key == NULL || *key == '\0')
        continue;
      field = g_new0 (Field, 1);
      field->key = g_strdup (key);
      field->kind = judge_field (key, meta);
      g_ptr_array_add (form->fields, field);

      options = assay_json_get_array (record, "singleSelectOptions");
      if (field->kind == FIELD_FIXED && options != NULL && !has_choice)
        {
          field->kind = FIELD_ASSESSMENT;
          has_choice = TRUE;
          add_assessments (form, options);
        }
      has_email = has_email || field->kind == FIELD_EMAIL;
      if (field->kind != FIELD_FIXED)
        continue;
      field->value = assay_json_dup_string (record, "value");
      if ((field->value == NULL || *field->value == '\0') && assay_json_get_boolean (record, "required", FALSE))
        {
          const char *label = assay_json_get_string (record, "label");

          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       /* Translators: %1$s is a provider's name, %2$s its word for something that it wants to know */
                       _ ("%1$s's form wants “%2$s”, and Assay can't fill that in. Invite there, or use another "
                          "profile."),
                       vendor, label != NULL ? label : key);
          return NULL;
        }
    }

  form->submit_path = document != NULL ? dup_path (document, "submitEndpoint", base_url) : NULL;
  if (!has_email || !has_choice || form->submit_path == NULL)
    {
      g_propagate_error (error, new_stranger (vendor));
      return NULL;
    }
  return g_steal_pointer (&form);
}

/* The submission */

static void
add_string (JsonBuilder *builder,
            const char  *member,
            const char  *value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_string_value (builder, value != NULL ? value : "");
}

JsonNode *
assay_plugin_encode_submission (const AssayPluginForm *form,
                                const AssayInvitee    *invitee,
                                const char            *uuid)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autofree char *address = g_strconcat (UNREACHABLE_ADDRESS, uuid, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "formFields");
  json_builder_begin_array (builder);
  for (guint i = 0; i < form->fields->len; i++)
    {
      const Field *field = g_ptr_array_index (form->fields, i);
      const char *const values[] = {
        [FIELD_FIXED] = field->value,
        [FIELD_FIRST_NAME] = invitee->first_name,
        [FIELD_LAST_NAME] = invitee->last_name,
        [FIELD_EMAIL] = invitee->email,
        [FIELD_ASSESSMENT] = invitee->assessment_remote_id,
      };

      json_builder_begin_object (builder);
      add_string (builder, "key", field->key);
      add_string (builder, "value", values[field->kind]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_string (builder, "generatedUuid", uuid);
  add_string (builder, "generatedUuidRedirectUrl", address);
  add_string (builder, "webhookUrl", address);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

AssayInvited *
assay_plugin_decode_submitted (JsonNode   *root,
                               const char *vendor,
                               GError    **error)
{
  g_autoptr (AssayInvited) invited = assay_invited_new ();
  JsonObject *document = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonObject *toast = document != NULL ? assay_json_get_object (document, "toast") : NULL;
  const char *words = toast != NULL ? assay_json_get_string (toast, "error") : NULL;

  /* A refusal is told by "success" alone; without it nothing is certain. */
  if (document != NULL && json_object_has_member (document, "success") &&
      !assay_json_get_boolean (document, "success", TRUE))
    {
      if (words == NULL)
        words = assay_json_get_string (document, "message");
      g_propagate_error (error, assay_provider_judge_refusal (
                                  assay_error_new_from_vendor (ASSAY_ERROR_INVALID, 200, words,
                                                               _ ("%s refuses the invitation and doesn't say why. "
                                                                  "Nothing was sent."),
                                                               vendor),
                                  vendor));
      return NULL;
    }
  if (document != NULL && assay_json_get_boolean (document, "success", FALSE))
    invited->remote_id = assay_json_dup_string (document, "externalIdentifier");
  if (invited->remote_id == NULL || *invited->remote_id == '\0')
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                   _ ("%s accepted the invitation but its answer is not what it should be, so whether it arrived isn't "
                      "certain. Look in %s whether the candidate is listed there."),
                   vendor, vendor);
      return NULL;
    }
  invited->status_text = assay_json_dup_string (document, "status");
  if (invited->status_text != NULL && *invited->status_text != '\0')
    invited->status = assay_invitation_status_from_provider (invited->status_text);
  invited->report_url = assay_provider_dup_web_address (document, "externalRecordUrl");
  return g_steal_pointer (&invited);
}

/* Speaking: the meta, the form, and for an invitation the submission. */

typedef struct
{
  AssayPluginMeta *meta;   /* (nullable) */
  gboolean is_invitation;
  char *assessment;        /* of an invitation */
  char *first_name;
  char *last_name;
  char *email;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  assay_plugin_meta_free (work->meta);
  g_free (work->assessment);
  g_free (work->first_name);
  g_free (work->last_name);
  g_free (work->email);
  g_free (work);
}

static AssayHttpRequest *
new_request (AssayHttpKind  kind,
             const char    *path,
             JsonNode      *body)
{
  AssayHttpRequest *request = assay_connector_base_new_request (kind, "POST", path);

  assay_http_request_set_json (request, body, "application/json");
  return request;
}

static const char *
get_vendor (gpointer self)
{
  return assay_connector_base_get_vendor (self);
}

static AssayHttpChannel *
get_channel (gpointer self)
{
  return assay_connector_base_get_channel (self);
}

static void
ask (GTask                   *task,
     const char              *path,
     const AssayConnectorCall *call)
{
  g_autoptr (JsonObject) nothing = json_object_new ();
  g_autoptr (JsonNode) body = json_node_init_object (json_node_alloc (), nothing);

  assay_connector_base_ask (task, call, new_request (ASSAY_HTTP_READ, path, body));
}

/* (transfer full): what @error, which is given away, means before anything was submitted */
static GError *
judge_preparation (GTask  *task,
                   GError *error)
{
  const Work *work = g_task_get_task_data (task);

  return work->is_invitation && error != NULL ? assay_provider_judge_preparation (error) : error;
}

static gpointer
read_submitted (GTask     *task,
                JsonNode  *root,
                GError   **error)
{
  return assay_plugin_decode_submitted (root, get_vendor (g_task_get_source_object (task)), error);
}

static const AssayConnectorCall submit_call = {
  .read = read_submitted,
  .free_value = (GDestroyNotify) assay_invited_free,
  .invites = TRUE,
};

/* Returns: FALSE with @error if there is nothing to be submitted */
static gboolean
submit (GTask   *task,
        GError **error)
{
  AssayPlugin *self = g_task_get_source_object (task);
  const Work *work = g_task_get_task_data (task);
  const AssayInvitee invitee = {
    .assessment_remote_id = work->assessment,
    .first_name = work->first_name,
    .last_name = work->last_name,
    .email = work->email,
  };
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (JsonNode) body = NULL;
  gboolean listed = FALSE;

  for (guint i = 0; i < self->form->assessments->len && !listed; i++)
    listed = strcmp (((const AssayAssessment *) g_ptr_array_index (self->form->assessments, i))->remote_id,
                     work->assessment) == 0;
  if (!listed)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("%s doesn't offer this assessment any more. Nothing was sent. Choose another one."),
                   get_vendor (self));
      return FALSE;
    }
  body = assay_plugin_encode_submission (self->form, &invitee, uuid);
  assay_connector_base_ask (task, &submit_call, new_request (ASSAY_HTTP_ONCE, self->form->submit_path, body));
  return TRUE;
}

static GPtrArray *
copy_assessments (AssayPluginForm *form)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);

  for (guint i = 0; i < form->assessments->len; i++)
    {
      const AssayAssessment *known = g_ptr_array_index (form->assessments, i);
      AssayAssessment *assessment = assay_assessment_new ();

      assessment->remote_id = g_strdup (known->remote_id);
      assessment->name = g_strdup (known->name);
      assessment->active = TRUE;
      g_ptr_array_add (copy, assessment);
    }
  return copy;
}

static gpointer
read_form (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  AssayPlugin *self = g_task_get_source_object (task);
  const Work *work = g_task_get_task_data (task);
  AssayPluginForm *form = assay_plugin_decode_form (root, get_vendor (self), self->base_url, work->meta, error);

  if (form == NULL)
    {
      *error = judge_preparation (task, *error);
      return NULL;
    }
  g_clear_pointer (&self->form, assay_plugin_form_free);
  self->form = form;
  self->form_read_at = g_get_monotonic_time ();
  if (!work->is_invitation)
    return copy_assessments (form);
  submit (task, error);
  return NULL;
}

static const AssayConnectorCall form_call = {
  .read = read_form,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
  .judge = judge_preparation,
};

static gpointer
read_meta (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  AssayPlugin *self = g_task_get_source_object (task);
  Work *work = g_task_get_task_data (task);

  work->meta = assay_plugin_decode_meta (root, get_vendor (self), self->base_url, error);
  if (work->meta == NULL)
    {
      *error = judge_preparation (task, *error);
      return NULL;
    }
  if (work->meta->header != NULL)
    assay_http_channel_set_credential (get_channel (self), ASSAY_HTTP_AUTH_HEADER, work->meta->header, self->secret);
  ask (task, work->meta->form_path, &form_call);
  return NULL;
}

static const AssayConnectorCall meta_call = {
  .read = read_meta,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
  .judge = judge_preparation,
};

static void
assay_plugin_list_assessments_async (AssayProvider       *provider,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_plugin_list_assessments_async, cancellable, callback, user_data);

  g_task_set_task_data (task, g_new0 (Work, 1), work_free);
  ask (task, "", &meta_call);
}

static void
assay_plugin_invite_async (AssayProvider       *provider,
                           const AssayInvitee  *invitee,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  AssayPlugin *self = ASSAY_PLUGIN (provider);
  g_autoptr (GTask) task =
    assay_connector_base_begin (self, assay_plugin_invite_async, cancellable, callback, user_data);
  GError *error = NULL;
  Work *work = g_new0 (Work, 1);

  work->is_invitation = TRUE;
  work->assessment = g_strdup (invitee->assessment_remote_id);
  work->first_name = g_strdup (invitee->first_name);
  work->last_name = g_strdup (invitee->last_name);
  work->email = g_strdup (invitee->email);
  g_task_set_task_data (task, work, work_free);
  if (self->form == NULL || g_get_monotonic_time () - self->form_read_at >= FORM_LIFETIME)
    ask (task, "", &meta_call);
  else if (!submit (task, &error))
    g_task_return_error (task, error);
}

static void
assay_plugin_read_result_async (AssayProvider       *provider,
                                const char          *remote_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_plugin_read_result_async, cancellable, callback, user_data);

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("%1$s's plugin can't be asked how far this invitation is. Look in %1$s, and enter what "
                              "you see there."),
                           get_vendor (provider));
}

/* The probe: the form shows whether the key is good. */

static void
finish_probe (GTask  *task,
              GError *error,
              gboolean speaks_partner)
{
  AssayProviderBase *self = g_task_get_source_object (task);
  const char *vendor = get_vendor (self);
  g_autofree char *refused = NULL, *nothing_there = NULL;

  refused = error != NULL && assay_error_get_vendor_status (error) == 200
              ? g_strdup (error->message)
              : g_strdup_printf (_ ("%s's plugin refuses the key. Copy the key again, and make sure that the "
                                    "integration is switched on there."),
                                 vendor);
  nothing_there =
    speaks_partner
      ? g_strdup_printf (_ ("Under the base address %s speaks the partner protocol and not that of a plugin. Choose "
                            "the profile “partner” in the settings."),
                         vendor)
      : g_strdup_printf (_ ("There is no plugin of %s under the base address. Check the base address and the profile "
                            "in the settings."),
                         vendor);
  if (error != NULL && assay_error_get_vendor_status (error) == 405)
    {
      /* An address that takes no POST is no plugin's. */
      g_autoptr (GError) other = error;

      error = assay_error_new_from_vendor (ASSAY_ERROR_BAD_RESPONSE, 405, assay_error_get_vendor_detail (other), "%s",
                                           other->message);
    }
  g_task_return_pointer (
    task, assay_provider_make_probe (assay_connector_base_get_description (self)->permissions, error, refused,
                                     nothing_there),
    (GDestroyNotify) assay_probe_free);
}

static void
partner_asked_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (GError) problem = NULL;
  GError *error = g_error_copy (g_task_get_task_data (task));

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &problem);
  finish_probe (task, error,
                assay_error_get_vendor_status (problem) == 401 ||
                  (response != NULL && JSON_NODE_HOLDS_ARRAY (assay_http_response_get_root (response))));
}

static void
probed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GPtrArray) assessments = NULL;
  GError *error = NULL;
  guint status;

  assessments = assay_provider_list_assessments_finish (ASSAY_PROVIDER (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }
  status = assay_error_get_vendor_status (error);
  if (status == 404 || status == 405)
    {
      /* Perhaps it is the other profile's address. No key goes along. */
      AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_READ, "GET", ASSAY_PARTNER_LIST_PATH);

      g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
      assay_http_channel_send_async (get_channel (source), request, g_task_get_cancellable (task), partner_asked_cb,
                                     g_object_ref (task));
      return;
    }
  finish_probe (task, error, FALSE);
}

static void
assay_plugin_probe_async (AssayProvider       *provider,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  AssayPlugin *self = ASSAY_PLUGIN (provider);
  GTask *task = assay_connector_base_begin (self, assay_plugin_probe_async, cancellable, callback, user_data);

  /* What it was is forgotten: an address is told from another by what it says now, and before the key is sent. */
  g_clear_pointer (&self->form, assay_plugin_form_free);
  assay_http_channel_set_credential (get_channel (self), ASSAY_HTTP_AUTH_NONE, NULL, NULL);
  assay_plugin_list_assessments_async (provider, cancellable, probed_cb, task);
}

static void
assay_plugin_provider_init (AssayProviderInterface *iface)
{
  iface->probe_async = assay_plugin_probe_async;
  iface->list_assessments_async = assay_plugin_list_assessments_async;
  iface->invite_async = assay_plugin_invite_async;
  iface->read_result_async = assay_plugin_read_result_async;
}

GObject *
assay_plugin_create (const AssayConnectorDescription *description,
                     const AssayConnectorContext     *context,
                     GError                         **error)
{
  g_autofree char *base_url = assay_connector_dup_base_url (description, context->connection->settings, error);
  const char *secret = g_hash_table_lookup (context->secrets, "api-key");
  AssayPlugin *self;

  if (base_url == NULL)
    return NULL;
  self = assay_connector_base_new (ASSAY_TYPE_PLUGIN, description, context, error);
  self->base_url = g_steal_pointer (&base_url);
  self->secret = secret != NULL ? assay_secret_dup (secret) : NULL;
  return G_OBJECT (self);
}
