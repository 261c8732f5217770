/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns that hold small JSON documents of our own making. Anything unexpected in them is passed over. */
#include "config.h"

#include "assay-json.h"
#include "assay-queries-private.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

void
assay_queries_set_not_found (GError **error)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _("There is no such record."));
}

static char *
to_text (JsonNode *node)
{
  char *text = json_to_string (node, FALSE);

  json_node_unref (node);
  return text;
}

static JsonNode *
parse (const char   *json,
       JsonNodeType  type)
{
  JsonNode *node = json != NULL ? assay_json_parse (json, strlen (json), NULL) : NULL;

  if (node != NULL && json_node_get_node_type (node) == type)
    return node;
  g_clear_pointer (&node, json_node_unref);
  return NULL;
}

static JsonArray *
parse_array (const char  *json,
             JsonNode   **node)
{
  *node = json == NULL || strcmp (json, "[]") == 0 ? NULL : parse (json, JSON_NODE_ARRAY);
  return *node != NULL ? json_node_get_array (*node) : NULL;
}

static const char *
get_string (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static const char *
get_string_member (JsonObject *object,
                   const char *name)
{
  return get_string (json_object_get_member (object, name));
}

static double
get_double_member (JsonObject *object,
                   const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      (json_node_get_value_type (node) != G_TYPE_INT64 && json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return NAN;
  return json_node_get_double (node);
}

static void
set_string_member (JsonObject *object,
                   const char *name,
                   const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

char *
assay_column_from_strv (char **strv)
{
  JsonArray *array;
  JsonNode *node;

  if (strv == NULL || strv[0] == NULL)
    return g_strdup ("[]");
  array = json_array_new ();
  for (guint i = 0; strv[i] != NULL; i++)
    json_array_add_string_element (array, strv[i]);
  node = json_node_alloc ();
  json_node_init_array (node, array);
  json_array_unref (array);
  return to_text (node);
}

char **
assay_column_to_strv (const char *json)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GStrvBuilder) builder = NULL;
  JsonArray *array = parse_array (json, &node);

  if (array == NULL)
    return g_new0 (char *, 1);
  builder = g_strv_builder_new ();
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *text = get_string (json_array_get_element (array, i));

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}

char *
assay_column_from_settings (GHashTable *settings)
{
  g_autoptr (GList) keys = settings != NULL ? g_hash_table_get_keys (settings) : NULL;
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_alloc ();

  keys = g_list_sort (keys, (GCompareFunc) strcmp);
  for (GList *l = keys; l != NULL; l = l->next)
    set_string_member (object, l->data, g_hash_table_lookup (settings, l->data));
  json_node_init_object (node, object);
  json_object_unref (object);
  return to_text (node);
}

GHashTable *
assay_column_to_settings (const char *json)
{
  GHashTable *settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (JsonNode) node = parse (json, JSON_NODE_OBJECT);
  JsonObjectIter iter;
  const char *name;
  JsonNode *member;

  if (node != NULL)
    {
      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &name, &member))
        if (get_string (member) != NULL)
          g_hash_table_insert (settings, g_strdup (name), g_strdup (get_string (member)));
    }
  return settings;
}

char *
assay_column_from_documents (GPtrArray *documents)
{
  JsonArray *array;
  JsonNode *node;

  if (documents == NULL || documents->len == 0)
    return g_strdup ("[]");
  array = json_array_new ();
  for (guint i = 0; i < documents->len; i++)
    {
      AssayDocument *document = g_ptr_array_index (documents, i);
      JsonObject *object = json_object_new ();

      set_string_member (object, "context", document->context);
      set_string_member (object, "filename", document->filename);
      set_string_member (object, "url", document->url);
      json_array_add_object_element (array, object);
    }
  node = json_node_alloc ();
  json_node_init_array (node, array);
  json_array_unref (array);
  return to_text (node);
}

GPtrArray *
assay_column_to_documents (const char *json)
{
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_document_free);
  g_autoptr (JsonNode) node = NULL;
  JsonArray *array = parse_array (json, &node);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *object;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        continue;
      object = json_node_get_object (element);
      g_ptr_array_add (documents,
                       assay_document_new (get_string_member (object, "context"),
                                           get_string_member (object, "filename"),
                                           get_string_member (object, "url")));
    }
  return documents;
}

char *
assay_column_from_scores (GPtrArray *scores)
{
  JsonArray *array;
  JsonNode *node;

  if (scores == NULL || scores->len == 0)
    return g_strdup ("[]");
  array = json_array_new ();
  for (guint i = 0; i < scores->len; i++)
    {
      AssayScore *score = g_ptr_array_index (scores, i);
      JsonObject *object = json_object_new ();

      set_string_member (object, "name", score->name);
      /* JSON has no word for what isn't a number. */
      if (isfinite (score->value))
        json_object_set_double_member (object, "value", score->value);
      if (isfinite (score->max))
        json_object_set_double_member (object, "max", score->max);
      if (score->unit == ASSAY_UNIT_PERCENT)
        json_object_set_string_member (object, "unit", "percent");
      json_array_add_object_element (array, object);
    }
  node = json_node_alloc ();
  json_node_init_array (node, array);
  json_array_unref (array);
  return to_text (node);
}

GPtrArray *
assay_column_to_scores (const char *json)
{
  GPtrArray *scores = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_score_free);
  g_autoptr (JsonNode) node = NULL;
  JsonArray *array = parse_array (json, &node);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      JsonObject *object;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        continue;
      object = json_node_get_object (element);
      g_ptr_array_add (scores,
                       assay_score_new (get_string_member (object, "name"), get_double_member (object, "value"),
                                        get_double_member (object, "max"),
                                        g_strcmp0 (get_string_member (object, "unit"), "percent") == 0
                                          ? ASSAY_UNIT_PERCENT
                                          : ASSAY_UNIT_NONE));
    }
  return scores;
}
