/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections and set-ups as files, without their secrets. */
#include "config.h"

#include "assay-portable.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

#define CONNECTIONS_FORMAT "assay-connections"
#define REQUEST_FORMAT "assay-setup-request"
#define VERSION 1

/* ---- Writing ---- */

static void
add_settings (JsonBuilder *builder,
              GHashTable  *settings)
{
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (settings), (GCompareFunc) strcmp);

  json_builder_set_member_name (builder, "settings");
  json_builder_begin_object (builder);
  for (GList *l = names; l != NULL; l = l->next)
    {
      json_builder_set_member_name (builder, l->data);
      json_builder_add_string_value (builder, g_hash_table_lookup (settings, l->data));
    }
  json_builder_end_object (builder);
}

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
begin (JsonBuilder *builder,
       const char  *format)
{
  json_builder_begin_object (builder);
  add_string (builder, "format", format);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, VERSION);
}

static char *
end (JsonBuilder *builder)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  return g_strconcat (text, "\n", NULL);
}

char *
assay_portable_export (GPtrArray *connections)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  begin (builder, CONNECTIONS_FORMAT);
  json_builder_set_member_name (builder, "connections");
  json_builder_begin_array (builder);
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      json_builder_begin_object (builder);
      add_string (builder, "kind", connection->kind);
      add_string (builder, "name", connection->name);
      add_settings (builder, connection->settings);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  return end (builder);
}

/* ---- Reading ---- */

/* (transfer full) (nullable): the document, if it is of @format and of a version that we know */
static JsonNode *
parse (const char  *text,
       gsize        length,
       const char  *format,
       GError     **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  double version;

  if (length <= ASSAY_PORTABLE_MAX_SIZE)
    root = assay_json_parse (text, length, &local_error);
  object = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  if (object == NULL || g_strcmp0 (assay_json_get_string (object, "format"), format) != 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           g_str_equal (format, REQUEST_FORMAT)
                             ? _("This file isn’t a set-up request of Assay. Ask your colleague to send it again.")
                             : _("This file has no connections of Assay in it. Export them again, and import that "
                                 "file."));
      return NULL;
    }
  if (!assay_json_get_number (object, "version", &version, NULL) || version != VERSION)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _("This file was made by a newer version of Assay. Install that version to open it."));
      return NULL;
    }
  return g_steal_pointer (&root);
}


/* (transfer full): those that the kind has; whatever else a file says isn't a setting */
static GHashTable *
read_settings (const AssayConnectorDescription *description,
               JsonObject                      *object)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObject *members = assay_json_get_object (object, "settings");

  for (guint i = 0; members != NULL && description->settings[i].name != NULL; i++)
    {
      const char *value = assay_json_get_string (members, description->settings[i].name);

      if (value != NULL)
        g_hash_table_insert (settings, g_strdup (description->settings[i].name), g_strdup (value));
    }
  return settings;
}

static void
difference_free (gpointer data)
{
  AssayImportDifference *difference = data;

  g_free (difference->name);
  g_free (difference->before);
  g_free (difference->after);
  g_free (difference);
}

static void
import_free (gpointer data)
{
  AssayImport *import = data;

  g_free (import->name);
  g_clear_pointer (&import->settings, g_hash_table_unref);
  g_clear_pointer (&import->differences, g_ptr_array_unref);
  g_free (import);
}

static void
compare_settings (AssayImport *import,
                  GHashTable  *before)
{
  const AssayConnectorDescription *description = import->description;

  for (guint i = 0; description->settings[i].name != NULL; i++)
    {
      const char *name = description->settings[i].name;
      const char *fallback = description->settings[i].default_value;
      const char *was = before != NULL ? g_hash_table_lookup (before, name) : NULL;
      const char *will_be = g_hash_table_lookup (import->settings, name);
      AssayImportDifference *difference;

      /* Left out or said: the default is the default. */
      if (before != NULL && g_strcmp0 (was != NULL ? was : fallback, will_be != NULL ? will_be : fallback) == 0)
        continue;
      if (before == NULL && will_be == NULL)
        continue;
      difference = g_new0 (AssayImportDifference, 1);
      difference->name = g_strdup (name);
      difference->before = g_strdup (was);
      difference->after = g_strdup (will_be);
      g_ptr_array_add (import->differences, difference);
    }
}

static const AssayConnection *
find_connection (GPtrArray  *connections,
                 const char *kind,
                 const char *name)
{
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (connections, i);

      if (g_strcmp0 (connection->kind, kind) == 0 && g_strcmp0 (connection->name, name) == 0)
        return connection;
    }
  return NULL;
}

/* (transfer full) (nullable) */
static AssayImport *
read_import (JsonObject  *object,
             GPtrArray   *connections,
             GError     **error)
{
  const char *kind = object != NULL ? assay_json_get_string (object, "kind") : NULL;
  const char *name = object != NULL ? assay_json_get_string (object, "name") : NULL;
  const AssayConnectorDescription *description = kind != NULL ? assay_connector_find (kind) : NULL;
  const AssayConnection *here;
  g_autoptr (GHashTable) typed = NULL;
  g_autoptr (GHashTable) settings = NULL;
  AssayImport *import;

  if (description == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _("This version of Assay doesn’t know the system “%s” that is in this file."),
                   kind != NULL ? kind : "");
      return NULL;
    }
  typed = read_settings (description, object);
  settings = assay_connector_check_settings (description, typed, error);
  if (settings == NULL)
    return NULL;
  if (name == NULL || *name == '\0')
    name = _(description->name);
  here = find_connection (connections, kind, name);

  import = g_new0 (AssayImport, 1);
  import->description = description;
  import->name = g_strdup (name);
  import->connection_id = here != NULL ? here->id : 0;
  import->settings = g_steal_pointer (&settings);
  import->differences = g_ptr_array_new_with_free_func (difference_free);
  compare_settings (import, here != NULL ? here->settings : NULL);
  if (here == NULL)
    import->action = ASSAY_IMPORT_ADD;
  else
    import->action = import->differences->len > 0 ? ASSAY_IMPORT_CHANGE : ASSAY_IMPORT_SAME;
  return import;
}

GPtrArray *
assay_portable_compare (const char  *text,
                        gsize        length,
                        GPtrArray   *connections,
                        GError     **error)
{
  g_autoptr (JsonNode) root = parse (text, length, CONNECTIONS_FORMAT, error);
  g_autoptr (GPtrArray) imports = g_ptr_array_new_with_free_func (import_free);
  JsonArray *array;

  if (root == NULL)
    return NULL;
  array = assay_json_get_array (json_node_get_object (root), "connections");
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      AssayImport *import = read_import (assay_json_array_get_object (array, i), connections, error);

      if (import == NULL)
        return NULL;
      g_ptr_array_add (imports, import);
    }
  return g_steal_pointer (&imports);
}

/* ---- Handing a set-up over ---- */

char *
assay_setup_request_write (const AssayDraft *draft)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  begin (builder, REQUEST_FORMAT);
  add_string (builder, "kind", draft->kind);
  add_string (builder, "name", draft->name != NULL ? draft->name : "");
  add_string (builder, "step", draft->step);
  add_settings (builder, draft->settings);
  return end (builder);
}

AssayDraft *
assay_setup_request_parse (const char  *text,
                           gsize        length,
                           GError     **error)
{
  g_autoptr (JsonNode) root = parse (text, length, REQUEST_FORMAT, error);
  g_autoptr (AssayDraft) draft = NULL;
  const AssayConnectorDescription *description;
  JsonObject *object;
  const char *kind;

  if (root == NULL)
    return NULL;
  object = json_node_get_object (root);
  kind = assay_json_get_string (object, "kind");
  description = kind != NULL ? assay_connector_find (kind) : NULL;
  if (description == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _("This version of Assay doesn’t know the system “%s” that is in this file."),
                   kind != NULL ? kind : "");
      return NULL;
    }
  draft = assay_draft_new ();
  draft->kind = g_strdup (kind);
  draft->name = g_strdup (assay_json_get_string (object, "name"));
  /* Without a key there is nothing behind the credentials yet. */
  draft->step = g_strdup (g_strcmp0 (assay_json_get_string (object, "step"), "prepare") == 0 ? "prepare"
                                                                                              : "credentials");
  g_hash_table_unref (draft->settings);
  draft->settings = read_settings (description, object);
  return g_steal_pointer (&draft);
}

char *
assay_setup_request_dup_file_name (const AssayDraft *draft)
{
  const AssayConnectorDescription *description = assay_connector_find (draft->kind);
  g_autofree char *name = g_strdup (draft->name != NULL && *draft->name != '\0' ? draft->name
                                    : description != NULL                       ? _(description->name)
                                                                                : draft->kind);

  g_strdelimit (name, "/\\:*?\"<>|", '-');
  return g_strconcat (name, ASSAY_SETUP_SUFFIX, NULL);
}
