/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl connection … */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-service-doctor.h"
#include "ctl-record.h"
#include "ctl-secret.h"

gboolean
ctl_print_connection (CtlContext  *context,
                      gint64       id,
                      GError     **error)
{
  g_autoptr (AssayConnection) connection = ctl_load_connection (context, id, error);

  if (connection == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_record_add_connection (json, connection);
      ctl_output_json (json);
    }
  else
    {
      g_autofree char *text = ctl_record_describe_connection (connection);

      ctl_output_text (text);
    }
  return TRUE;
}

/* ---- kinds ---- */

static void
describe_kind (const AssayConnectorDescription *description,
               GString                         *text)
{
  g_auto (GStrv) capabilities = assay_capabilities_to_strings (description->capabilities);
  g_autofree char *capability_list = g_strjoinv (", ", capabilities);

  ctl_describe (text, _("Kind"), description->id);
  ctl_describe (text, _("Name"), _(description->name));
  ctl_describe (text, _("Role"), description->role == ASSAY_ROLE_ATS ? _("Applicant tracking system")
                                                                     : _("Assessment provider"));
  ctl_describe (text, _("Does"), _(description->summary));
  ctl_describe (text, _("Can"), capability_list);

  for (const AssaySettingDescription *setting = description->settings; setting->name != NULL; setting++)
    {
      g_autoptr (GString) line = g_string_new (setting->name);

      if (setting->required)
        g_string_append_printf (line, " (%s)", _("required"));
      if (setting->default_value != NULL)
        /* Translators: %s is a setting's value where none is given */
        g_string_append_printf (line, _(" (“%s” by default)"), setting->default_value);
      g_string_append_printf (line, ": %s", _(setting->title));
      ctl_describe (text, _("Setting"), line->str);
    }
  for (const AssaySecretDescription *secret = description->secrets; secret->name != NULL; secret++)
    {
      g_autofree char *line =
        secret->required ? g_strdup_printf ("%s (%s): %s", secret->name, _("required"), _(secret->title))
                         : g_strdup_printf ("%s: %s", secret->name, _(secret->title));

      ctl_describe (text, _("Secret"), line);
    }
  for (const AssayScopeDescription *scope = description->sign_in != NULL ? description->sign_in->scopes : NULL;
       scope != NULL && scope->name != NULL; scope++)
    {
      g_autofree char *line = g_strdup_printf ("%s: %s", scope->name, _(scope->purpose));

      ctl_describe (text, _("Sign-in asks for"), line);
    }
  for (const AssayRoleDescription *role = description->roles; role != NULL && role->name != NULL; role++)
    {
      g_autofree char *line = g_strdup_printf ("%s: %s", role->name,
                                               role->note != NULL ? _(role->note) : "");

      ctl_describe (text, _("Role"), line);
    }
  for (const AssayPermissionDescription *permission = description->permissions; permission->name != NULL;
       permission++)
    {
      g_autofree char *line = g_strdup_printf ("%s: %s (%s)", permission->name, permission->access,
                                               permission->needed ? _("needed") : _("optional"));

      ctl_describe (text, _("Permission"), line);
    }
}

gboolean
ctl_connection_kinds (CtlContext    *context,
                      CtlArguments  *arguments,
                      GError       **error)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; kinds[i] != NULL; i++)
        ctl_record_add_kind (json, kinds[i]);
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = 0; kinds[i] != NULL; i++)
        {
          if (i > 0)
            g_string_append_c (text, '\n');
          describe_kind (kinds[i], text);
        }
      ctl_output_text (text->str);
    }
  return TRUE;
}

/* ---- add, set ---- */

static gboolean
has_setting (const AssayConnectorDescription *description,
             const char                      *name,
             gsize                            length)
{
  for (const AssaySettingDescription *setting = description->settings; setting->name != NULL; setting++)
    if (strlen (setting->name) == length && strncmp (setting->name, name, length) == 0)
      return TRUE;
  return FALSE;
}

/* Where the next KEY=VALUE of @text begins, after its comma; NULL for none. A comma belongs to the value
 * unless the name of a setting and '=' follow it, because values (a list of stages, a JSON map) have
 * commas of their own. */
static const char *
find_next_pair (const AssayConnectorDescription *description,
                const char                      *text)
{
  for (const char *comma = strchr (text, ','); comma != NULL; comma = strchr (comma + 1, ','))
    {
      const char *name = comma + 1;
      gsize length = strcspn (name, "=,");

      if (name[length] == '=' && has_setting (description, name, length))
        return name;
    }
  return NULL;
}

/* (transfer full) (nullable): the values of --set */
static GHashTable *
read_settings (CtlArguments                     *arguments,
               const AssayConnectorDescription  *description,
               GError                          **error)
{
  g_autoptr (GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) values = ctl_arguments_dup_raw_values (arguments, "set");

  for (guint i = 0; values[i] != NULL; i++)
    {
      const char *pair = values[i];

      while (pair != NULL)
        {
          const char *next = find_next_pair (description, pair);
          const char *equals = strchr (pair, '=');
          gsize length = next != NULL ? (gsize) (next - pair) - 1 : strlen (pair);

          if (equals == NULL || equals == pair || (gsize) (equals - pair) >= length + 1)
            {
              g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           /* Translators: %s is what the user typed */
                           _("“--set” takes a setting and its value as KEY=VALUE, and “%s” isn't one."),
                           pair);
              return NULL;
            }
          g_hash_table_replace (settings, g_strndup (pair, (gsize) (equals - pair)),
                                g_strndup (equals + 1, length - (gsize) (equals - pair) - 1));
          pair = next;
        }
    }
  return g_steal_pointer (&settings);
}

static GHashTable *
read_secrets (CtlArguments                     *arguments,
              const AssayConnectorDescription  *description,
              GError                          **error)
{
  g_auto (GStrv) names = ctl_arguments_dup_values (arguments, "secret");

  return ctl_secret_read_all (description, (const char *const *) names, error);
}

gboolean
ctl_connection_add (CtlContext    *context,
                    CtlArguments  *arguments,
                    GError       **error)
{
  const char *kind = ctl_arguments_get_word (arguments, 0);
  const AssayConnectorDescription *description = assay_connector_find (kind);
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GHashTable) cleaned = NULL;
  g_autoptr (GHashTable) secrets = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  AssayService *service;
  gint64 id;

  if (description == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   /* Translators: %s is what the user typed */
                   _("Assay knows no system “%s”; “assayctl connection kinds” lists those it knows."), kind);
      return FALSE;
    }
  settings = read_settings (arguments, description, error);
  if (settings == NULL)
    return FALSE;
  /* Before a key is asked for. */
  cleaned = assay_connector_check_settings (description, settings, error);
  if (cleaned == NULL)
    return FALSE;
  service = ctl_context_get_service (context, error);
  if (service == NULL)
    return FALSE;
  secrets = read_secrets (arguments, description, error);
  if (secrets == NULL)
    return FALSE;

  assay_service_add_connection_async (service, kind, ctl_arguments_get (arguments, "name"), settings, secrets,
                                      context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  id = assay_service_add_connection_finish (service, result, error);
  return id != 0 && ctl_print_connection (context, id, error);
}

gboolean
ctl_connection_set (CtlContext    *context,
                    CtlArguments  *arguments,
                    GError       **error)
{
  const AssayConnectorDescription *description;
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GHashTable) secrets = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  AssayService *service;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &id, error))
    return FALSE;
  if (!ctl_arguments_has (arguments, "set") && !ctl_arguments_has (arguments, "secret") &&
      !ctl_arguments_has (arguments, "name"))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say what to change, by “--set KEY=VALUE”, “--secret NAME” or “--name NAME”."));
      return FALSE;
    }
  connection = ctl_load_connection (context, id, error);
  if (connection == NULL)
    return FALSE;
  description = assay_connector_find (connection->kind);
  if (description == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _("This version of Assay doesn't know the system “%s”; a newer one saved this "
                     "connection."),
                   connection->kind);
      return FALSE;
    }
  settings = read_settings (arguments, description, error);
  if (settings == NULL)
    return FALSE;
  service = ctl_context_get_service (context, error);
  secrets = read_secrets (arguments, description, error);
  if (secrets == NULL)
    return FALSE;

  assay_service_set_connection_async (service, id, ctl_arguments_get (arguments, "name"), settings, secrets,
                                      context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  return assay_service_set_connection_finish (service, result, error) &&
         ctl_print_connection (context, id, error);
}

/* ---- test ---- */

static void
print_findings_json (CtlJson   *json,
                     GPtrArray *findings)
{
  ctl_json_member (json, "findings");
  ctl_json_begin_array (json);
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);

      ctl_json_begin_object (json);
      ctl_json_string (json, "code", finding->code);
      ctl_json_string (json, "severity", assay_severity_to_string (finding->severity));
      ctl_json_string (json, "title", finding->title);
      ctl_json_string (json, "sentence", finding->sentence);
      ctl_json_string (json, "remedy", finding->remedy);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
}

/* What isn't in the table of permissions. */
static void
print_findings (GPtrArray *findings)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char *line = NULL;

      if (g_str_equal (finding->code, "permission") || g_str_equal (finding->code, "key"))
        continue;
      line = g_strjoin (" ", finding->sentence != NULL ? finding->sentence : "",
                        finding->remedy != NULL && finding->severity != ASSAY_SEVERITY_GOOD ? finding->remedy : NULL,
                        NULL);
      ctl_describe (text, finding->title, line);
    }
  ctl_output_text (text->str);
}

static void
print_probe (CtlContext       *context,
             const AssayProbe *probe,
             GPtrArray        *findings)
{
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_boolean (json, "ok", probe->ok);
      ctl_json_string (json, "account", probe->account);
      ctl_json_member (json, "permissions");
      ctl_json_begin_array (json);
      for (guint i = 0; i < probe->permissions->len; i++)
        {
          const AssayPermission *permission = g_ptr_array_index (probe->permissions, i);

          ctl_json_begin_object (json);
          ctl_json_string (json, "name", permission->name);
          ctl_json_string (json, "access", permission->access);
          ctl_json_boolean (json, "needed", permission->needed);
          ctl_json_member (json, "granted");
          if (permission->granted == ASSAY_GRANTED_UNKNOWN)
            ctl_json_add_null (json);
          else
            ctl_json_add_boolean (json, permission->granted == ASSAY_GRANTED_YES);
          ctl_json_string (json, "remedy", permission->remedy);
          ctl_json_end_object (json);
        }
      ctl_json_end_array (json);
      print_findings_json (json, findings);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (CtlTable) table = ctl_table_new (_("Permission"), _("Access"), _("Needed"), _("Granted"),
                                                  _("What to do"), NULL);

      ctl_describe (text, _("Works"), probe->ok ? _("yes") : _("no"));
      ctl_describe (text, _("Account"), probe->account);
      ctl_output_text (text->str);
      for (guint i = 0; i < probe->permissions->len; i++)
        {
          const AssayPermission *permission = g_ptr_array_index (probe->permissions, i);
          const char *granted = permission->granted == ASSAY_GRANTED_YES  ? _("yes")
                                : permission->granted == ASSAY_GRANTED_NO ? _("no")
                                                                          : _("can't be told");

          ctl_table_add_row (table, permission->name, permission->access,
                             permission->needed ? _("yes") : _("no"), granted,
                             permission->granted == ASSAY_GRANTED_YES ? NULL : permission->remedy);
        }
      if (probe->permissions->len > 0)
        ctl_table_print (table, "");
      print_findings (findings);
    }
}

/* One line on a terminal that is written over again and again: what was asked last. */
static void
on_progress (const AssayProbe *probe,
             gpointer          user_data)
{
  const AssayPermission *permission = g_ptr_array_index (probe->permissions, probe->permissions->len - 1);
  g_autofree char *text = NULL;

  /* Translators: %1$s is a permission as the vendor calls it ("Job"), %2$s its degree ("Read"), %3$u how many were checked */
  text = g_strdup_printf (_("%3$u checked, the last was %1$s: %2$s"), permission->name, permission->access,
                          probe->permissions->len);
  fprintf (stderr, "\r\033[K%s", text);
}

gboolean
ctl_connection_test (CtlContext    *context,
                     CtlArguments  *arguments,
                     GError       **error)
{
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (AssayDiagnosis) diagnosis = NULL;
  const AssayProbe *probe;
  g_autoptr (GAsyncResult) result = NULL;
  const gboolean show_progress = !context->quiet && isatty (STDERR_FILENO);
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &id, error))
    return FALSE;
  connection = ctl_load_connection (context, id, error);
  if (connection == NULL)
    return FALSE;

  assay_service_diagnose_async (context->service, id, show_progress ? on_progress : NULL, NULL, context->cancellable,
                                ctl_context_done, context);
  result = ctl_context_wait (context);
  if (show_progress)
    fputs ("\r\033[K", stderr);
  diagnosis = assay_service_diagnose_finish (context->service, result, error);
  if (diagnosis == NULL)
    return FALSE;
  probe = diagnosis->probe;
  if (probe == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&diagnosis->error));
      return FALSE;
    }

  print_probe (context, probe, diagnosis->findings);
  if (probe->ok)
    return TRUE;
  if (probe->error != NULL)
    g_propagate_error (error, g_error_copy (probe->error));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN,
                 _("The key of “%s” lacks a permission that is needed; the report says which and what to "
                   "do."),
                 connection->name);
  return FALSE;
}

/* ---- enable, disable, remove ---- */

gboolean
ctl_connection_enable (CtlContext    *context,
                       CtlArguments  *arguments,
                       GError       **error)
{
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &id, error))
    return FALSE;
  connection = ctl_load_connection (context, id, error);
  if (connection == NULL)
    return FALSE;

  assay_service_enable_connection_async (context->service, id, context->cancellable, ctl_context_done,
                                         context);
  result = ctl_context_wait (context);
  return assay_service_enable_connection_finish (context->service, result, error) &&
         ctl_print_connection (context, id, error);
}

gboolean
ctl_connection_disable (CtlContext    *context,
                        CtlArguments  *arguments,
                        GError       **error)
{
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &id, error))
    return FALSE;
  connection = ctl_load_connection (context, id, error);
  if (connection == NULL)
    return FALSE;

  assay_service_disable_connection_async (context->service, id, context->cancellable, ctl_context_done,
                                          context);
  result = ctl_context_wait (context);
  return assay_service_disable_connection_finish (context->service, result, error) &&
         ctl_print_connection (context, id, error);
}

static gpointer
read_connections (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  return assay_connections_list (database, error);
}

/* Takes steps from a description, as a numbered list below @heading. */
static void
describe_steps (GString           *text,
                const char        *heading,
                const char *const *steps)
{
  if (steps == NULL || *steps == NULL)
    return;
  g_string_append (text, heading);
  g_string_append_c (text, '\n');
  for (guint i = 0; steps[i] != NULL; i++)
    g_string_append_printf (text, "%u. %s\n", i + 1, _(steps[i]));
}

/* @systems: (element-type AssayConnectorDescription): see assay_connector_list_direct() */
static void
print_removed (CtlContext            *context,
               const AssayConnection *connection,
               GPtrArray             *systems,
               gboolean               erased)
{
  const AssayConnectorDescription *description = assay_connector_find (connection->kind);
  const char *const *steps = description != NULL ? description->disconnect_steps : NULL;

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_id (json, "id", ASSAY_ID_CONNECTION, connection->id);
      ctl_json_string (json, "name", connection->name);
      ctl_json_boolean (json, "removed", TRUE);
      ctl_json_boolean (json, "erased", erased);
      ctl_json_strings (json, "steps", steps);
      ctl_json_member (json, "direct_steps");
      ctl_json_begin_array (json);
      for (guint i = 0; i < systems->len; i++)
        {
          const AssayConnectorDescription *system = g_ptr_array_index (systems, i);

          ctl_json_begin_object (json);
          ctl_json_string (json, "kind", system->id);
          ctl_json_strings (json, "steps", system->direct_steps);
          ctl_json_end_object (json);
        }
      ctl_json_end_array (json);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (GString) text = g_string_new (NULL);

      if (!context->quiet)
        {
          g_autofree char *name = ctl_output_sanitize (connection->name);

          g_string_append_printf (text,
                                  erased
                                    ? _("“%s” is disconnected, and its data is erased from this computer.")
                                    : _("“%s” is disconnected; its data stays on this computer."),
                                  name);
          g_string_append_c (text, '\n');
        }
      if (description != NULL)
        {
          /* Translators: %s is a system ("Pinpoint"); a numbered list follows */
          g_autofree char *heading = g_strdup_printf (_("What is left to do in %s:"), _(description->name));

          describe_steps (text, heading, steps);
        }
      for (guint i = 0; i < systems->len; i++)
        {
          const AssayConnectorDescription *system = g_ptr_array_index (systems, i);
          /* Translators: %1$s is a provider such as TestTrick, %2$s an ATS such as Lever; a numbered list follows */
          g_autofree char *heading = g_strdup_printf (
            _("What is left to do in %2$s, if %1$s was also connected to it without Assay:"), _(description->name),
            _(system->name));

          describe_steps (text, heading, system->direct_steps);
        }
      ctl_output_text (text->str);
    }
}

gboolean
ctl_connection_remove (CtlContext    *context,
                       CtlArguments  *arguments,
                       GError       **error)
{
  gboolean erase = ctl_arguments_has (arguments, "erase");
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GPtrArray) connections = NULL;
  g_autoptr (GPtrArray) systems = NULL;
  const AssayConnectorDescription *description;
  g_autoptr (GAsyncResult) result = NULL;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &id, error))
    return FALSE;
  connection = ctl_load_connection (context, id, error);
  if (connection == NULL)
    return FALSE;

  connections = ctl_context_read (context, read_connections, NULL, error);
  if (connections == NULL)
    return FALSE;
  assay_service_remove_connection_async (context->service, id, erase, context->cancellable, ctl_context_done,
                                         context);
  result = ctl_context_wait (context);
  if (!assay_service_remove_connection_finish (context->service, result, error))
    return FALSE;
  description = assay_connector_find (connection->kind);
  systems = description != NULL ? assay_connector_list_direct (description, connections) : g_ptr_array_new ();
  print_removed (context, connection, systems, erase);
  return TRUE;
}

/* ---- list, show ---- */

gboolean
ctl_connection_list (CtlContext    *context,
                     CtlArguments  *arguments,
                     GError       **error)
{
  g_autoptr (GPtrArray) connections = ctl_context_read (context, read_connections, NULL, error);

  if (connections == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < connections->len; i++)
        ctl_record_add_connection (json, g_ptr_array_index (connections, i));
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table = ctl_table_new (_("Id"), _("Kind"), _("Name"), _("State"),
                                                  _("Complete up to"), _("Reason"), NULL);

      for (guint i = 0; i < connections->len; i++)
        {
          const AssayConnection *connection = g_ptr_array_index (connections, i);
          g_autofree char *id = assay_id_format (ASSAY_ID_CONNECTION, connection->id);
          g_autofree char *complete = ctl_record_dup_time (connection->complete_up_to);

          ctl_table_add_row (table, id, connection->kind, connection->name,
                             ctl_record_get_state_label (connection->state), complete, connection->reason);
        }
      ctl_table_print (table, _("Nothing is connected; “assayctl connection add” connects a system."));
    }
  return TRUE;
}

gboolean
ctl_connection_show (CtlContext    *context,
                     CtlArguments  *arguments,
                     GError       **error)
{
  gint64 id;

  return ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &id, error) &&
         ctl_print_connection (context, id, error);
}
