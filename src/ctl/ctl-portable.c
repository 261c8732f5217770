/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl connection export, connection import */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-error.h"
#include "assay-portable.h"
#include "assay-service-portable.h"
#include "ctl-output.h"
#include "ctl-record.h"

static gpointer
read_connections (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  return assay_connections_list (database, error);
}

gboolean
ctl_connection_export (CtlContext    *context,
                       CtlArguments  *arguments,
                       GError       **error)
{
  const char *path = ctl_arguments_get (arguments, "output");
  g_autoptr (GPtrArray) connections = ctl_context_read (context, read_connections, NULL, error);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;

  if (connections == NULL)
    return FALSE;
  text = assay_portable_export (connections);
  if (path == NULL)
    return ctl_output_text (text);
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &local_error))
    {
      /* Translators: %1$s is a file, %2$s why it can't be written */
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("“%1$s” can't be written: %2$s"), path,
                   local_error->message);
      return FALSE;
    }
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_string (json, "output", path);
      ctl_json_integer (json, "connections", connections->len);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  return TRUE;
}

static const char *
get_action_name (AssayImportAction action)
{
  static const char *const names[] = { "add", "change", "same" };

  return names[action];
}

static void
print_json (GPtrArray *imports,
            gboolean   applied)
{
  g_autoptr (CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json);
  ctl_json_boolean (json, "applied", applied);
  ctl_json_member (json, "connections");
  ctl_json_begin_array (json);
  for (guint i = 0; i < imports->len; i++)
    {
      const AssayImport *import = g_ptr_array_index (imports, i);
      g_autofree char *id =
        import->connection_id != 0 ? assay_id_format (ASSAY_ID_CONNECTION, import->connection_id) : NULL;

      ctl_json_begin_object (json);
      ctl_json_string (json, "action", get_action_name (import->action));
      ctl_json_string (json, "id", id);
      ctl_json_string (json, "kind", import->description->id);
      ctl_json_string (json, "name", import->name);
      ctl_json_member (json, "differences");
      ctl_json_begin_array (json);
      for (guint j = 0; j < import->differences->len; j++)
        {
          const AssayImportDifference *difference = g_ptr_array_index (import->differences, j);

          ctl_json_begin_object (json);
          ctl_json_string (json, "setting", difference->name);
          ctl_json_string (json, "before", difference->before);
          ctl_json_string (json, "after", difference->after);
          ctl_json_end_object (json);
        }
      ctl_json_end_array (json);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  ctl_output_json (json);
}

static void
print_table (GPtrArray *imports)
{
  static const char *const words[] = { N_("add"), N_("change"), N_("as it is") };
  g_autoptr (CtlTable) table =
    ctl_table_new (_("What"), _("Kind"), _("Name"), _("Setting"), _("Before"), _("After"), NULL);

  for (guint i = 0; i < imports->len; i++)
    {
      const AssayImport *import = g_ptr_array_index (imports, i);

      if (import->differences->len == 0)
        ctl_table_add_row (table, _(words[import->action]), import->description->id, import->name, NULL, NULL, NULL);
      for (guint j = 0; j < import->differences->len; j++)
        {
          const AssayImportDifference *difference = g_ptr_array_index (import->differences, j);

          ctl_table_add_row (table, _(words[import->action]), import->description->id, import->name,
                             difference->name, difference->before, difference->after);
        }
    }
  ctl_table_print (table, _("There is no connection in this file."));
}

/* (transfer full) (nullable): the file, which nobody trusts, up to the size that is taken */
static char *
read_file (const char  *path,
           gsize       *length,
           GError     **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &local_error);
  g_autofree char *text = g_malloc (ASSAY_PORTABLE_MAX_SIZE + 2);

  if (stream != NULL &&
      g_input_stream_read_all (G_INPUT_STREAM (stream), text, ASSAY_PORTABLE_MAX_SIZE + 1, length, NULL, &local_error))
    {
      text[*length] = '\0';
      return g_steal_pointer (&text);
    }
  /* Translators: %1$s is a file, %2$s why it can't be read */
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("“%1$s” can't be read: %2$s"), path, local_error->message);
  return NULL;
}

gboolean
ctl_connection_import (CtlContext    *context,
                       CtlArguments  *arguments,
                       GError       **error)
{
  const gboolean apply = ctl_arguments_has (arguments, "apply");
  g_autoptr (GPtrArray) connections = NULL;
  g_autoptr (GPtrArray) imports = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  text = read_file (ctl_arguments_get_word (arguments, 0), &length, error);
  if (text == NULL)
    return FALSE;
  connections = ctl_context_read (context, read_connections, NULL, error);
  if (connections == NULL)
    return FALSE;
  imports = assay_portable_compare (text, length, connections, error);
  if (imports == NULL)
    return FALSE;
  if (apply)
    {
      assay_service_import_async (context->service, imports, context->cancellable, ctl_context_done, context);
      result = ctl_context_wait (context);
      if (assay_service_import_finish (context->service, result, error) < 0)
        return FALSE;
    }
  if (context->json)
    print_json (imports, apply);
  else
    print_table (imports);
  return TRUE;
}
