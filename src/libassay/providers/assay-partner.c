/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Greenhouse Assessment Partner protocol, Assay playing the ATS's part.
 *
 * Facts: Greenhouse's own documentation (grnhse/greenhouse-api-docs, source/includes/assessment), unless a comment says
 * otherwise. There is no paging, no look-up, no cancelling and no documented rate limit; the provider sends the
 * invitation mail; a duplicate is not defined. */
#include "config.h"

#include "assay-partner.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <libsecret/secret.h>
#include <string.h>

#include "assay-json.h"
#include "assay-plugin.h"
#include "assay-provider-wire.h"
#include "assay-secrets.h"

/* The protocol wants two addresses of the ATS's. Assay has none that could be reached, and a provider may call the
 * second one with the account's key in a header: a name that RFC 2606 keeps from ever resolving is the safe answer. */
#define UNREACHABLE_ADDRESS "https://assay.invalid/"

struct _AssayPartner
{
  AssayProviderBase parent_instance;

  AssayHttp *http;
  char *base_url;
  char *form;        /* how the key is sent: the setting "auth" */
  char *secret;      /* (nullable): in non-pageable memory */
  char *list_path;
  char *send_path;
  char *status_path;
};

static void assay_partner_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPartner, assay_partner, ASSAY_TYPE_PROVIDER_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_partner_provider_init))

static void
assay_partner_finalize (GObject *object)
{
  AssayPartner *self = ASSAY_PARTNER (object);

  g_clear_object (&self->http);
  g_free (self->base_url);
  g_free (self->form);
  g_clear_pointer (&self->secret, secret_password_free);
  g_free (self->list_path);
  g_free (self->send_path);
  g_free (self->status_path);

  G_OBJECT_CLASS (assay_partner_parent_class)->finalize (object);
}

static void
assay_partner_class_init (AssayPartnerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_partner_finalize;
}

static void
assay_partner_init (AssayPartner *self)
{
}

static AssayHttpRequest *
new_read (const char *path)
{
  return assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path);
}

static const AssayConnectorDescription *
get_description (gpointer self)
{
  return assay_connector_base_get_description (self);
}

static const char *
get_vendor (gpointer self)
{
  return assay_connector_base_get_vendor (self);
}

/* The list of assessments */

GPtrArray *
assay_partner_decode_tests (JsonNode   *root,
                            const char *vendor,
                            GError    **error)
{
  g_autofree char *what = g_strdup_printf (_ ("%s's list of assessments"), vendor);
  g_autoptr (GPtrArray) assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  JsonArray *array = assay_json_expect_array (root, what, error);

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *test = assay_json_expect_object (json_array_get_element (array, i), what, error);
      g_autoptr (AssayAssessment) assessment = assay_assessment_new ();

      if (test == NULL)
        return NULL;
      assessment->remote_id = assay_json_expect_member_id (test, "partner_test_id", what, error);
      if (assessment->remote_id == NULL)
        return NULL;
      assessment->name = assay_json_dup_string (test, "partner_test_name");
      if (assessment->name == NULL || *assessment->name == '\0')
        {
          g_free (assessment->name);
          assessment->name = g_strdup_printf (_ ("Assessment %s"), assessment->remote_id);
        }
      assessment->active = TRUE;
      g_ptr_array_add (assessments, g_steal_pointer (&assessment));
    }
  return g_steal_pointer (&assessments);
}

static gpointer
read_tests (GTask     *task,
            JsonNode  *root,
            GError   **error)
{
  return assay_partner_decode_tests (root, get_vendor (g_task_get_source_object (task)), error);
}

static const AssayConnectorCall list_call = {
  .read = read_tests,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
};

static void
assay_partner_list_assessments_async (AssayProvider       *provider,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_partner_list_assessments_async, cancellable, callback, user_data);

  assay_connector_base_ask (task, &list_call, new_read (ASSAY_PARTNER (provider)->list_path));
}

/* The invitation */

static void
add_string (JsonBuilder *builder,
            const char  *member,
            const char  *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    /* A property without a value is null, not absent. */
    json_builder_add_null_value (builder);
}

JsonNode *
assay_partner_encode_invitee (const AssayInvitee *invitee)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autofree char *address = g_strconcat (UNREACHABLE_ADDRESS, invitee->reference, NULL);

  json_builder_begin_object (builder);
  add_string (builder, "partner_test_id", invitee->assessment_remote_id);
  json_builder_set_member_name (builder, "candidate");
  json_builder_begin_object (builder);
  add_string (builder, "first_name", invitee->first_name);
  add_string (builder, "last_name", invitee->last_name);
  add_string (builder, "preferred_name", NULL);
  /* Optional, and nobody's business until a user sends them: the CV and the telephone number stay here. */
  add_string (builder, "resume_url", NULL);
  add_string (builder, "phone_number", NULL);
  add_string (builder, "email", invitee->email);
  add_string (builder, "greenhouse_profile_url", invitee->profile_url != NULL ? invitee->profile_url : address);
  json_builder_end_object (builder);
  add_string (builder, "sent_by", NULL);
  add_string (builder, "url", address);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gpointer
read_invited (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  const char *vendor = get_vendor (g_task_get_source_object (task));
  JsonObject *object = assay_json_expect_object (root, vendor, error);
  char *remote_id = object != NULL ? assay_json_expect_member_id (object, "partner_interview_id", vendor, error) : NULL;
  AssayInvited *invited;

  if (remote_id == NULL)
    return NULL;
  invited = assay_invited_new ();
  invited->remote_id = remote_id;
  return invited;
}

static const AssayConnectorCall invite_call = {
  .read = read_invited,
  .free_value = (GDestroyNotify) assay_invited_free,
  .invites = TRUE,
};

static void
assay_partner_invite_async (AssayProvider       *provider,
                            const AssayInvitee  *invitee,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_partner_invite_async, cancellable, callback, user_data);
  AssayHttpRequest *request =
    assay_connector_base_new_request (ASSAY_HTTP_ONCE, "POST", ASSAY_PARTNER (provider)->send_path);
  g_autoptr (JsonNode) body = assay_partner_encode_invitee (invitee);

  assay_http_request_set_json (request, body, "application/json");
  assay_connector_base_ask (task, &invite_call, request);
}

/* The result */

AssayResult *
assay_partner_decode_status (JsonNode           *root,
                             const char         *vendor,
                             AssayCapabilities   capabilities,
                             GError            **error)
{
  g_autofree char *what = g_strdup_printf (_ ("%s's answer about the invitation"), vendor);
  g_autoptr (AssayResult) result = assay_result_new ();
  JsonObject *object = assay_json_expect_object (root, what, error);

  if (object == NULL)
    return NULL;
  result->status_text = assay_json_dup_string (object, "partner_status");
  if (result->status_text == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE, _ ("%s doesn't say how far it is. Try again later."),
                   what);
      return NULL;
    }
  result->status = assay_invitation_status_from_provider (result->status_text);

  /* The protocol names no scale; a provider's description may. */
  result->score =
    assay_provider_read_score (object, "partner_score", NULL, (capabilities & ASSAY_CAN_REPORT_PERCENT) != 0);
  result->report_url = assay_provider_dup_web_address (object, "partner_profile_url");
  result->raw = assay_json_to_text (root, ASSAY_PROVIDER_MAX_RAW);
  return g_steal_pointer (&result);
}

static gpointer
read_status (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  gpointer self = g_task_get_source_object (task);

  return assay_partner_decode_status (root, get_vendor (self), get_description (self)->capabilities, error);
}

static const AssayConnectorCall status_call = {
  .read = read_status,
  .free_value = (GDestroyNotify) assay_result_free,
};

static void
assay_partner_read_result_async (AssayProvider       *provider,
                                 const char          *remote_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_partner_read_result_async, cancellable, callback, user_data);
  AssayHttpRequest *request = new_read (ASSAY_PARTNER (provider)->status_path);

  assay_http_request_add_query (request, "partner_interview_id", remote_id);
  assay_http_request_set_background (request, TRUE);
  assay_connector_base_ask (task, &status_call, request);
}

/* The probe: a key is all or nothing, so that listing is the test of it. What goes wrong is told apart: another
 * address, another path, another profile, another form of the key, or another key. */

typedef struct
{
  AssayHttpChannel *channel;   /* (nullable): of the form that is being tried */
  guint next_form;
  GError *error;               /* (nullable): what listing came to */
} Probing;

static void
probing_free (gpointer data)
{
  Probing *probing = data;

  g_clear_object (&probing->channel);
  g_clear_error (&probing->error);
  g_free (probing);
}

/* How a key may be sent, in the words of the setting. The header is the name that most vendors who have one use. */
static const char *const forms[] = { "basic", "bearer", "header:X-API-Key" };

static void
set_credential (AssayHttpChannel *channel,
                const char       *form,
                const char       *secret)
{
  if (g_str_has_prefix (form, "header:"))
    assay_http_channel_set_credential (channel, ASSAY_HTTP_AUTH_HEADER, form + strlen ("header:"), secret);
  else
    assay_http_channel_set_credential (
      channel, strcmp (form, "bearer") == 0 ? ASSAY_HTTP_AUTH_BEARER : ASSAY_HTTP_AUTH_BASIC, NULL, secret);
}

/* @error: (transfer full) (nullable): what is to be mended first */
static void
finish_probe (GTask  *task,
              GError *error)
{
  AssayPartner *self = g_task_get_source_object (task);
  const AssayPermissionDescription *permissions = get_description (self)->permissions;
  g_autoptr (AssayProbe) probe = assay_probe_new ();
  guint status = assay_error_get_vendor_status (error);

  probe->error = error;
  probe->ok = error == NULL;
  assay_probe_add (probe, &permissions[0],
                   error == NULL                        ? ASSAY_GRANTED_YES
                   : status == 401 || status == 403 ? ASSAY_GRANTED_NO
                                                        : ASSAY_GRANTED_UNKNOWN);
  assay_probe_add (probe, &permissions[1], ASSAY_GRANTED_UNKNOWN);
  g_task_return_pointer (task, g_steal_pointer (&probe), (GDestroyNotify) assay_probe_free);
}

/* Ends with @sentence, and what the vendor said. */
static void
finish_with (GTask      *task,
             AssayError  code,
             const char *sentence)
{
  const Probing *probing = g_task_get_task_data (task);

  finish_probe (task, assay_error_new_from_vendor (code, assay_error_get_vendor_status (probing->error),
                                                   assay_error_get_vendor_detail (probing->error), "%s", sentence));
}

static void try_next_form (GTask *task);

static void
form_tried_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPartner *self = g_task_get_source_object (task);
  const Probing *probing = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autofree char *sentence = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, NULL);
  if (response == NULL || !JSON_NODE_HOLDS_ARRAY (assay_http_response_get_root (response)))
    {
      try_next_form (task);
      return;
    }
  sentence = g_strdup_printf (
    /* Translators: %1$s is a provider's name, %2$s and %3$s words of a setting such as “basic” */
    _ ("%1$s refuses the key sent as “%2$s”, and takes it as “%3$s”. Choose that for “How the key is sent” in the "
       "settings."),
    get_vendor (self), self->form, forms[probing->next_form - 1]);
  finish_with (task, ASSAY_ERROR_UNAUTHORIZED, sentence);
}

/* A key that is refused may be another one, or sent as the vendor doesn't expect it. Asking for the list in each
 * form, at the same address, tells which. */
static void
try_next_form (GTask *task)
{
  AssayPartner *self = g_task_get_source_object (task);
  Probing *probing = g_task_get_task_data (task);
  g_autofree char *sentence = NULL;

  if (probing->next_form < G_N_ELEMENTS (forms) && g_ascii_strcasecmp (forms[probing->next_form], self->form) == 0)
    probing->next_form++;
  if (probing->next_form < G_N_ELEMENTS (forms))
    {
      g_clear_object (&probing->channel);
      probing->channel =
        assay_http_channel_new (self->http, get_vendor (self), self->base_url, &get_description (self)->pace);
      set_credential (probing->channel, forms[probing->next_form++], self->secret);
      assay_http_channel_send_async (probing->channel, new_read (self->list_path), g_task_get_cancellable (task),
                                     form_tried_cb, g_object_ref (task));
      return;
    }
  sentence = g_strdup_printf (
    /* Translators: %1$s is a provider's name, %2$s a word of a setting such as “basic” */
    _ ("%1$s refuses the key, sent as “%2$s”. Copy the key again. If it is right, ask %1$s's support in which header "
       "it belongs, and set “How the key is sent” to that."),
    get_vendor (self), self->form);
  finish_with (task, ASSAY_ERROR_UNAUTHORIZED, sentence);
}

static gboolean
has_plugin_profile (const AssayConnectorDescription *description)
{
  for (const AssaySettingDescription *setting = description->settings; setting->name != NULL; setting++)
    if (strcmp (setting->name, "profile") == 0)
      return g_strv_contains (setting->choices, "plugin");
  return FALSE;
}

static void
finish_nothing_there (GTask    *task,
                      gboolean  is_plugin)
{
  AssayPartner *self = g_task_get_source_object (task);
  g_autofree char *sentence = NULL;

  if (is_plugin)
    sentence = g_strdup_printf (
      /* Translators: %s is a provider's name */
      _ ("Under the base address there is a plugin of %s and not the partner protocol. Choose the profile “plugin” in "
         "the settings."),
      get_vendor (self));
  else
    sentence = g_strdup_printf (
      /* Translators: %1$s is a provider's name, %2$s a path */
      _ ("%1$s has nothing at “%2$s” under the base address. Check the base address and the path of the list in "
         "the settings."),
      get_vendor (self), self->list_path);
  finish_with (task, ASSAY_ERROR_INVALID, sentence);
}

static void
plugin_asked_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPartner *self = g_task_get_source_object (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPluginMeta) meta = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, NULL);
  if (response != NULL)
    meta = assay_plugin_decode_meta (assay_http_response_get_root (response), get_vendor (self), self->base_url,
                                     NULL);
  finish_nothing_there (task, meta != NULL);
}

/* Asks what is there as one asks a plugin, without a key. */
static void
ask_plugin (GTask *task)
{
  AssayPartner *self = g_task_get_source_object (task);
  Probing *probing = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_READ, "POST", "");
  g_autoptr (JsonObject) nothing = json_object_new ();
  g_autoptr (JsonNode) body = json_node_init_object (json_node_alloc (), nothing);

  probing->channel =
    assay_http_channel_new (self->http, get_vendor (self), self->base_url, &get_description (self)->pace);
  assay_http_request_set_json (request, body, "application/json");
  assay_http_channel_send_async (probing->channel, request, g_task_get_cancellable (task), plugin_asked_cb,
                                 g_object_ref (task));
}

static void
probe_listed_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPartner *self = g_task_get_source_object (task);
  Probing *probing = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (GPtrArray) assessments = NULL;
  g_autofree char *sentence = NULL;
  guint status;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &probing->error);
  if (g_error_matches (probing->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&probing->error));
      return;
    }
  status = assay_error_get_vendor_status (probing->error);
  if (status == 401)
    try_next_form (task);
  else if ((status == 404 || status == 405) && has_plugin_profile (get_description (self)))
    ask_plugin (task);
  else if (status == 404 || status == 405)
    finish_nothing_there (task, FALSE);
  else if (probing->error != NULL && !g_error_matches (probing->error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
    finish_probe (task, g_steal_pointer (&probing->error));
  else
    {
      if (response != NULL)
        assessments =
          assay_partner_decode_tests (assay_http_response_get_root (response), get_vendor (self), &probing->error);
      if (assessments != NULL)
        {
          finish_probe (task, NULL);
          return;
        }
      sentence = g_strdup_printf (
        /* Translators: %1$s is a provider's name, %2$s a path, %3$s a sentence */
        _ ("What %1$s answers at “%2$s” is not the partner protocol's list. Check the base address, the profile and "
           "the path of the list in the settings. %3$s"),
        get_vendor (self), self->list_path, probing->error->message);
      finish_with (task, ASSAY_ERROR_INVALID, sentence);
    }
}

static void
assay_partner_probe_async (AssayProvider       *provider,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  AssayPartner *self = ASSAY_PARTNER (provider);
  GTask *task = assay_connector_base_begin (self, assay_partner_probe_async, cancellable, callback, user_data);

  g_task_set_task_data (task, g_new0 (Probing, 1), probing_free);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), new_read (self->list_path),
                                 cancellable, probe_listed_cb, task);
}

/* A vfunc that is left out is something the protocol can't: looking up, sending again, cancelling. */
static void
assay_partner_provider_init (AssayProviderInterface *iface)
{
  iface->probe_async = assay_partner_probe_async;
  iface->list_assessments_async = assay_partner_list_assessments_async;
  iface->invite_async = assay_partner_invite_async;
  iface->read_result_async = assay_partner_read_result_async;
}

/* Description */

static char *
dup_path (const AssayConnection *connection,
          const char            *setting,
          const char            *by_default)
{
  const char *path = assay_connection_get_setting (connection, setting);

  return g_strdup (path != NULL ? path : by_default);
}

/* Whose answers they are: a protocol has no name in sentences, and the connection's is what its user calls the
 * provider. */
static char *
dup_vendor (const AssayConnectorDescription *description,
            const AssayConnection           *connection)
{
  if (strcmp (description->id, "partner") != 0)
    return g_strdup (description->name);
  if (connection->name != NULL && *connection->name != '\0' && strcmp (connection->name, description->name) != 0 &&
      strcmp (connection->name, _ (description->name)) != 0)
    return g_strdup (connection->name);
  return g_strdup (_ ("The provider"));
}

GObject *
assay_partner_create (const AssayConnectorDescription *description,
                      const AssayConnectorContext     *context,
                      GError                         **error)
{
  const char *auth = assay_connection_get_setting (context->connection, "auth");
  const char *secret = g_hash_table_lookup (context->secrets, "api-key");
  g_autofree char *vendor = dup_vendor (description, context->connection);
  g_autofree char *base_url = assay_connector_dup_base_url (description, context->connection->settings, error);
  AssayPartner *self;

  if (base_url == NULL)
    return NULL;
  self = assay_connector_base_new_named (ASSAY_TYPE_PARTNER, description, context, vendor, error);
  self->http = g_object_ref (context->http);
  self->base_url = g_steal_pointer (&base_url);
  self->form = g_strdup (auth != NULL ? auth : "basic");
  self->secret = secret != NULL ? assay_secret_dup (secret) : NULL;
  set_credential (assay_connector_base_get_channel (self), self->form, self->secret);
  self->list_path = dup_path (context->connection, "list-path", "list_tests");
  self->send_path = dup_path (context->connection, "send-path", "send_test");
  self->status_path = dup_path (context->connection, "status-path", "test_status");
  return G_OBJECT (self);
}

const AssayConnectorDescription assay_partner_description = {
  .id = "partner",
  .name = N_ ("Partner protocol"),
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Any assessment provider that serves the Greenhouse Assessment Partner protocol"),
  .capabilities = ASSAY_CAN_EDIT_INVITEE,
  .settings = (const AssaySettingDescription[]){ ASSAY_PARTNER_SETTINGS },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "api-key",
        .title = N_ ("API key"),
        .required = TRUE,
        .where_to_find =
          (const char *const[]){
            N_ ("Open the provider's integration settings, and look for Greenhouse."),
            N_ ("Copy the API key that it shows for the integration."),
            N_ ("If there is none, ask the provider's support for a key and the base address of its Greenhouse "
                "integration."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions = (const AssayPermissionDescription[]){ ASSAY_PARTNER_PERMISSIONS },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("The provider offers an integration for Greenhouse, and your plan there includes it."),
        .how_to_tell = N_ ("The provider's integration settings list Greenhouse, and show an API key for it."),
        .if_not = N_ ("Ask the provider's support for the integration, a key and the base address."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In the provider's integration settings switch the integration off, or delete its API key."),
      NULL,
    },
  .help_urls = (const char *const[]){ NULL },
  .pace = ASSAY_PARTNER_PACE,
  .create = assay_partner_create,
};
