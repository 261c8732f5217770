/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of kinds, and what can be done with a description alone. */
#include "config.h"

#include "assay-connector.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-assessfirst.h"
#include "assay-coderbyte.h"
#include "assay-codility.h"
#include "assay-hackajob.h"
#include "assay-hackerrank.h"
#include "assay-json.h"
#include "assay-kombo.h"
#include "assay-lever.h"
#include "assay-links.h"
#include "assay-partner.h"
#include "assay-pinpoint.h"
#include "assay-secrets.h"
#include "assay-testgorilla.h"
#include "assay-testtrick.h"

const AssayConnectorDescription *const *
assay_connector_get_kinds (void)
{
  static const AssayConnectorDescription *const kinds[] = {
    &assay_pinpoint_description,
    &assay_lever_description,
    &assay_kombo_description,
    &assay_testtrick_description,
    &assay_coderbyte_description,
    &assay_assessfirst_description,
    &assay_hackajob_description,
    &assay_testgorilla_description,
    &assay_codility_description,
    &assay_hackerrank_description,
    &assay_partner_description,
    NULL,
  };

  return kinds;
}

const AssayConnectorDescription *
assay_connector_find (const char *kind)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();

  for (guint i = 0; kinds[i] != NULL; i++)
    if (g_strcmp0 (kinds[i]->id, kind) == 0)
      return kinds[i];
  return NULL;
}

char **
assay_capabilities_to_strings (AssayCapabilities capabilities)
{
  static const struct
  {
    AssayCapabilities capability;
    const char *name;
  } names[] = {
    { ASSAY_CAN_EDIT_INVITEE, "edits-invitee" },       { ASSAY_CAN_REPORT_PERCENT, "reports-percent" },
    { ASSAY_CAN_NAMED_SCORES, "named-scores" },        { ASSAY_CAN_PARTIAL_RESULTS, "partial-results" },
    { ASSAY_CAN_RESEND, "can-resend" },                { ASSAY_CAN_CANCEL, "can-cancel" },
    { ASSAY_CAN_LOOK_UP, "can-look-up" },              { ASSAY_CAN_RETAKE, "can-retake" },
    { ASSAY_NEEDS_HAND_ENTRY, "needs-hand-entry" },    { ASSAY_CAN_FLAGS, "flags" },
    { ASSAY_CAN_DEADLINE, "deadline" },               { ASSAY_CAN_IMPORT, "imports-candidates" },
    { ASSAY_MAILS_NOBODY, "mails-nobody" },
  };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if ((capabilities & names[i].capability) != 0)
      g_strv_builder_add (builder, names[i].name);
  return g_strv_builder_end (builder);
}

GPtrArray *
assay_connector_list_direct (const AssayConnectorDescription *description,
                             GPtrArray                       *connections)
{
  GPtrArray *systems = g_ptr_array_new ();

  g_return_val_if_fail (description != NULL, systems);
  g_return_val_if_fail (connections != NULL, systems);

  for (guint i = 0; description->role == ASSAY_ROLE_PROVIDER && i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);
      const AssayConnectorDescription *other = assay_connector_find (connection->kind);

      if (other != NULL && other->direct_steps != NULL && !g_ptr_array_find (systems, other, NULL))
        g_ptr_array_add (systems, (gpointer) other);
    }
  return systems;
}

AssayCapabilities
assay_connector_get_capabilities (const AssayConnection *connection)
{
  const AssayConnectorDescription *description;

  g_return_val_if_fail (connection != NULL, 0);

  description = assay_connector_find (connection->kind);
  if (description == NULL)
    return 0;
  return description->get_capabilities != NULL ? description->get_capabilities (connection->settings)
                                               : description->capabilities;
}

/* Settings */

static gboolean
is_host_label (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > 63 || text[0] == '-' || text[length - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && text[i] != '-')
      return FALSE;
  return TRUE;
}

static char *
check_subdomain (const AssaySettingDescription *setting,
                 const char                    *value,
                 GError                       **error)
{
  g_autofree char *host = NULL;
  g_autofree char *suffix = g_strconcat (".", setting->domain, NULL);
  const char *start = value;
  const char *scheme_end = strstr (value, "://");

  if (scheme_end != NULL)
    start = scheme_end + 3;
  host = g_ascii_strdown (start, strcspn (start, "/?#:"));
  if (g_str_has_suffix (host, suffix))
    host[strlen (host) - strlen (suffix)] = '\0';
  if (is_host_label (host))
    return g_steal_pointer (&host);

  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %1$s is what was typed, %2$s a domain such as pinpointhq.com */
               _ ("“%1$s” is not a subdomain. Enter the part of your address that stands before “.%2$s”, or paste "
                  "the whole address."),
               value, setting->domain);
  return NULL;
}

static char *
check_choice (const AssaySettingDescription *setting,
              const char                    *value,
              GError                       **error)
{
  g_autofree char *list = NULL;

  for (guint i = 0; setting->choices[i] != NULL; i++)
    {
      const char *choice = setting->choices[i];

      if (strcmp (choice, value) == 0 && !g_str_has_suffix (choice, ":"))
        return g_strdup (value);
      if (g_str_has_suffix (choice, ":") && g_str_has_prefix (value, choice) && value[strlen (choice)] != '\0')
        {
          const char *name = value + strlen (choice);

          /* The only such choice is a header's name: RFC 9110's token. */
          if (name[strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!#$%&'*+^`|~")] == '\0')
            return g_strdup (value);
        }
    }

  list = g_strjoinv (", ", (char **) setting->choices);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %1$s is what was typed, %2$s the setting's name, %3$s a list of words */
               _ ("“%1$s” is not a value for “%2$s”. Choose one of: %3$s."), value, _ (setting->title), list);
  return NULL;
}

static char *
check_path (const AssaySettingDescription *setting,
            const char                    *value,
            GError                       **error)
{
  const char *start = value;

  while (*start == '/')
    start++;
  if (*start != '\0' && strstr (start, "..") == NULL && strstr (start, "//") == NULL &&
      start[strspn (start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/%")] == '\0')
    return g_strdup (start);

  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %1$s is what was typed, %2$s the setting's name */
               _ ("“%1$s” can't be used for “%2$s”. Enter a path without a query, such as “list_tests”."), value,
               _ (setting->title));
  return NULL;
}

static char *
check_links (const AssaySettingDescription *setting,
             const char                    *value,
             GError                       **error)
{
  g_autoptr (GPtrArray) links = assay_links_parse (value, error);

  if (links == NULL)
    return NULL;
  if (links->len > 0)
    return assay_links_to_text (links);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %s is a setting's name */
               _ ("“%s” names none. Write “Name=https://…”."), _ (setting->title));
  return NULL;
}

char *
assay_connector_check_setting (const AssayConnectorDescription *description,
                               const AssaySettingDescription   *setting,
                               const char                      *value,
                               GError                         **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (value != NULL ? value : ""));

  if (!g_utf8_validate (trimmed, -1, NULL))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("“%s” contains bytes that are not text."),
                   _ (setting->title));
      return NULL;
    }
  for (const char *p = trimmed; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      {
        /* Nor would a sentence that repeats it stay one. */
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                     _ ("“%s” contains a line break or another character that can't be there. Enter it again."),
                     _ (setting->title));
        return NULL;
      }
  if (*trimmed == '\0')
    {
      if (setting->required)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       /* Translators: %1$s is a system's name, %2$s a setting's */
                       _ ("%1$s needs “%2$s”. Fill it in."), description->name, _ (setting->title));
          return NULL;
        }
      return g_strdup (setting->default_value != NULL ? setting->default_value : "");
    }

  switch (setting->type)
    {
    case ASSAY_SETTING_URL:
      return assay_http_check_base_url (trimmed, error);
    case ASSAY_SETTING_SUBDOMAIN:
      return check_subdomain (setting, trimmed, error);
    case ASSAY_SETTING_CHOICE:
      return check_choice (setting, trimmed, error);
    case ASSAY_SETTING_PATH:
      return check_path (setting, trimmed, error);
    case ASSAY_SETTING_LINKS:
      return check_links (setting, trimmed, error);
    case ASSAY_SETTING_TEXT:
    default:
      return g_steal_pointer (&trimmed);
    }
}

gboolean
assay_connector_applies (const AssayConnectorDescription *description,
                         const char                      *only_with,
                         GHashTable                      *settings)
{
  const char *equals = only_with != NULL ? strchr (only_with, '=') : NULL;
  g_autofree char *name = NULL;
  g_auto (GStrv) wanted = NULL;
  const char *value;

  if (equals == NULL)
    return TRUE;
  wanted = g_strsplit (equals + 1, "|", -1);
  name = g_strndup (only_with, (gsize) (equals - only_with));
  value = g_hash_table_lookup (settings, name);
  for (guint i = 0; (value == NULL || *value == '\0') && description->settings[i].name != NULL; i++)
    if (strcmp (description->settings[i].name, name) == 0)
      {
        value = description->settings[i].default_value;
        break;
      }
  return value != NULL && g_strv_contains ((const char *const *) wanted, value);
}

gboolean
assay_connector_uses_sign_in (const AssayConnectorDescription *description,
                              GHashTable                      *settings)
{
  return description->sign_in != NULL &&
         assay_connector_applies (description, description->sign_in->only_with, settings);
}

GPtrArray *
assay_connector_list_scopes (const AssayConnectorDescription *description,
                             GHashTable                      *settings)
{
  GPtrArray *scopes = g_ptr_array_new ();

  if (!assay_connector_uses_sign_in (description, settings))
    return scopes;
  for (const AssayScopeDescription *scope = description->sign_in->scopes; scope->name != NULL; scope++)
    if (assay_connector_applies (description, scope->only_with, settings))
      g_ptr_array_add (scopes, (gpointer) scope);
  return scopes;
}

GHashTable *
assay_connector_check_settings (const AssayConnectorDescription *description,
                                GHashTable                      *settings,
                                GError                         **error)
{
  g_autoptr (GHashTable) checked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; description->settings[i].name != NULL; i++)
    {
      const AssaySettingDescription *setting = &description->settings[i];
      const char *base_url = g_hash_table_lookup (settings, "base-url");
      const char *typed = g_hash_table_lookup (settings, setting->name);
      g_autofree char *clean = NULL;

      /* A subdomain only serves to make the base address. */
      if (setting->type == ASSAY_SETTING_SUBDOMAIN && base_url != NULL && *base_url != '\0' &&
          (typed == NULL || *typed == '\0'))
        continue;
      if (setting->required && (typed == NULL || *typed == '\0') &&
          !assay_connector_applies (description, setting->only_with, settings))
        continue;
      clean = assay_connector_check_setting (description, setting, typed, error);
      if (clean == NULL)
        return NULL;
      if (*clean != '\0')
        g_hash_table_insert (checked, g_strdup (setting->name), g_steal_pointer (&clean));
    }

  g_hash_table_iter_init (&iter, settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gboolean known = FALSE;

      for (guint i = 0; description->settings[i].name != NULL && !known; i++)
        known = strcmp (description->settings[i].name, key) == 0;
      if (!known)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       /* Translators: %1$s is a system's name, %2$s what was typed */
                       _ ("%1$s has no setting “%2$s”. `assayctl connection kinds` lists them."), description->name,
                       (const char *) key);
          return NULL;
        }
    }

  return g_steal_pointer (&checked);
}

char *
assay_connector_dup_base_url (const AssayConnectorDescription *description,
                              GHashTable                      *settings,
                              GError                         **error)
{
  const char *base_url = g_hash_table_lookup (settings, "base-url");
  g_autofree char *by_default = NULL;

  if (base_url == NULL && description->get_default_base_url != NULL)
    base_url = by_default = description->get_default_base_url (settings);
  if (base_url == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("%s needs a base address. Ask its support for it, then enter it in the settings."),
                   description->name);
      return NULL;
    }
  return assay_http_check_base_url (base_url, error);
}

char *
assay_connector_clean_secret (const char *value,
                              gboolean   *cleaned)
{
  g_autofree char *clean = g_malloc (strlen (value) + 1);
  char *secret;
  gsize end = 0;

  /* A key copied from a web page brings spaces and line breaks along; no vendor's key contains any. */
  for (const char *c = value; *c != '\0'; c++)
    if (!g_ascii_isspace (*c))
      clean[end++] = *c;
  clean[end] = '\0';
  if (cleaned != NULL)
    *cleaned = value[end] != '\0';
  secret = assay_secret_dup (clean);
  explicit_bzero (clean, end);
  return secret;
}

GError *
assay_connector_judge_address (GError     *error,
                               const char *sentence)
{
  GError *judged;

  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE) && assay_error_get_vendor_status (error) != 405)
    return error;
  judged = assay_error_new_from_vendor (ASSAY_ERROR_INVALID, assay_error_get_vendor_status (error),
                                        assay_error_get_vendor_detail (error), "%s", sentence);
  g_error_free (error);
  return judged;
}

/* Beginnings by which a key can be told: https://docs.github.com/en/authentication (ghp_, github_pat_),
 * https://docs.slack.dev/authentication/tokens (xoxb-, xoxp-), https://docs.stripe.com/keys (sk_live_, rk_live_),
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (AKIA), and the sandbox's own. */
static const struct
{
  const char *prefix;
  const char *kind;     /* (nullable) of ours */
  const char *system;   /* (nullable) of somebody else's */
} known_keys[] = {
  { "sandbox-pinpoint-", "pinpoint", NULL },       { "sandbox-lever-", "lever", NULL },
  { "sandbox-testtrick-", "testtrick", NULL },     { "sandbox-coderbyte-", "coderbyte", NULL },
  { "sandbox-assessfirst-", "assessfirst", NULL }, { "sandbox-testgorilla-", "testgorilla", NULL },
  { "sandbox-codility-", "codility", NULL },       { "sandbox-hackerrank-", "hackerrank", NULL },
  { "sandbox-kombo-", "kombo", NULL },             { "ghp_", NULL, "GitHub" },
  { "github_pat_", NULL, "GitHub" },               { "xoxb-", NULL, "Slack" },
  { "xoxp-", NULL, "Slack" },                      { "sk_live_", NULL, "Stripe" },
  { "rk_live_", NULL, "Stripe" },                  { "AKIA", NULL, "Amazon Web Services" },
};

char *
assay_connector_doubt_secret (const AssayConnectorDescription *description,
                              const AssaySecretDescription    *secret,
                              const char                      *value)
{
  static const char *const schemes[] = { "Bearer", "Basic" };
  const char *at = strchr (value, '@');

  for (guint i = 0; i < G_N_ELEMENTS (known_keys); i++)
    {
      const char *kind = known_keys[i].kind;
      const AssayConnectorDescription *other = kind != NULL ? assay_connector_find (kind) : NULL;
      const char *system = known_keys[i].system;

      if (!g_str_has_prefix (value, known_keys[i].prefix) || g_strcmp0 (kind, description->id) == 0)
        continue;
      /* TestTrick is one of those that the partner protocol reaches. */
      if (g_strcmp0 (kind, "testtrick") == 0 && g_strcmp0 (description->id, "partner") == 0)
        continue;
      if (other != NULL)
        system = _ (other->name);
      if (system != NULL)
        /* Translators: %1$s is a system, %2$s "API key" or the like, %3$s the system it is wanted of */
        return g_strdup_printf (_ ("This looks like a key of %1$s. Paste the %2$s of %3$s."), system,
                                _ (secret->title), _ (description->name));
    }
  if (g_ascii_strncasecmp (value, "https://", 8) == 0 || g_ascii_strncasecmp (value, "http://", 7) == 0)
    /* Translators: %s is "API key" or the like */
    return g_strdup_printf (_ ("This looks like an address. Paste the %s here."), _ (secret->title));
  if (at != NULL && strchr (at, '.') != NULL && strpbrk (value, "/+=:") == NULL)
    /* Translators: %s is "API key" or the like */
    return g_strdup_printf (_ ("This looks like an e-mail address. Paste the %s here."), _ (secret->title));
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_has_prefix (value, schemes[i]) && strlen (value) > strlen (schemes[i]) + 8)
      /* Translators: %s is a word such as “Bearer” */
      return g_strdup_printf (_ ("Leave out the word “%s” in front: Assay adds it where it belongs."), schemes[i]);
  return NULL;
}

gint64
assay_connector_get_secret_expiry (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ".", 4);
  g_autofree char *padded = NULL;
  g_autofree guchar *claims = NULL;
  g_autoptr (JsonNode) root = NULL;
  gsize length;

  if (g_strv_length (parts) != 3 || !g_str_has_prefix (parts[0], "eyJ"))
    return 0;
  padded = g_strconcat (parts[1], "====", NULL);
  padded[(strlen (parts[1]) + 3) / 4 * 4] = '\0';
  g_strdelimit (g_strdelimit (padded, "-", '+'), "_", '/');
  claims = g_base64_decode (padded, &length);
  root = assay_json_parse ((const char *) claims, length, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return 0;
  return assay_json_get_time (json_node_get_object (root), "exp");
}

/* Channels */

static G_DEFINE_QUARK (assay-connector-channel, channel)

void
assay_connector_set_channel (GObject          *connector,
                             AssayHttpChannel *channel)
{
  g_object_set_qdata_full (connector, channel_quark (), g_object_ref (channel), g_object_unref);
}

AssayHttpChannel *
assay_connector_get_channel (GObject *connector)
{
  return g_object_get_qdata (connector, channel_quark ());
}

void
assay_connector_report_unsupported (gpointer             self,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data,
                                    const char          *sentence)
{
  g_task_report_new_error (self, callback, user_data, assay_connector_report_unsupported, G_IO_ERROR,
                           G_IO_ERROR_NOT_SUPPORTED, "%s", sentence);
}

/* Probes */

AssayProbe *
assay_probe_new (void)
{
  AssayProbe *probe = g_new0 (AssayProbe, 1);

  probe->permissions = g_ptr_array_new ();
  return probe;
}

AssayPermission *
assay_probe_add (AssayProbe                       *probe,
                 const AssayPermissionDescription *permission,
                 AssayGranted                      granted)
{
  AssayPermission *result = g_new0 (AssayPermission, 1);

  result->name = g_strdup (permission->name);
  result->access = g_strdup (permission->access);
  result->needed = permission->needed;
  result->granted = granted;
  if (granted != ASSAY_GRANTED_YES)
    result->remedy = g_strdup (_ (permission->remedy));
  g_ptr_array_add (probe->permissions, result);
  return result;
}

static void
permission_free (gpointer data)
{
  AssayPermission *permission = data;

  g_free (permission->name);
  g_free (permission->access);
  g_free (permission->remedy);
  g_free (permission);
}

void
assay_probe_free (AssayProbe *probe)
{
  if (probe == NULL)
    return;
  g_free (probe->account);
  g_ptr_array_set_free_func (probe->permissions, permission_free);
  g_ptr_array_unref (probe->permissions);
  g_clear_error (&probe->error);
  g_free (probe);
}
