/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider answered, for people. Its depth is bounded by the guard in front of the parser. */
#include "config.h"

#include "assay-raw.h"

#include "assay-json.h"

#include <string.h>

void
assay_raw_member_free (AssayRawMember *member)
{
  g_free (member->name);
  g_free (member->value);
  g_free (member);
}

/* ---- Without secrets ---- */

/* "apiKey", "API_KEY" and "api-key" are one name. */
static gboolean
is_secret (const char *name)
{
  static const char *const endings[] = { "token", "secret", "password", "passwd", "apikey", "authorization",
                                         "privatekey", "credential", "credentials" };
  g_autoptr (GString) letters = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (letters, g_ascii_tolower (*p));
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (letters->str, endings[i]))
      return TRUE;
  return FALSE;
}

/* (transfer full) */
static JsonNode *
clean (JsonNode *node)
{
  JsonNode *copy;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (JsonObject) object = json_object_new ();
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        if (!is_secret (name))
          json_object_set_member (object, name, clean (member));
      copy = json_node_init_object (json_node_alloc (), object);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *elements = json_node_get_array (node);
      g_autoptr (JsonArray) array = json_array_new ();

      for (guint i = 0; i < json_array_get_length (elements); i++)
        json_array_add_element (array, clean (json_array_get_element (elements, i)));
      copy = json_node_init_array (json_node_alloc (), array);
    }
  else
    copy = json_node_copy (node);
  return copy;
}

char *
assay_raw_clean (const char *raw)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) cleaned = NULL;

  if (raw == NULL)
    return NULL;
  node = assay_json_parse (raw, strlen (raw), NULL);
  if (node == NULL)
    return NULL;
  cleaned = clean (node);
  return assay_json_to_text (cleaned, ASSAY_RAW_MAX_LENGTH);
}

/* ---- Lines ---- */

typedef struct
{
  GPtrArray *members;
  guint limit;
  guint n_members;
} Listing;

static void
list_value (Listing    *listing,
            const char *name,
            const char *value)
{
  AssayRawMember *member;

  if (listing->n_members++ >= listing->limit)
    return;
  member = g_new0 (AssayRawMember, 1);
  member->name = g_strdup (name);
  member->value = g_strdup (value);
  g_ptr_array_add (listing->members, member);
}

/* @path is as it was when this returns. */
static void
list_node (Listing  *listing,
           GString  *path,
           JsonNode *node)
{
  gsize length = path->len;

  if (JSON_NODE_HOLDS_OBJECT (node) && json_object_get_size (json_node_get_object (node)) > 0)
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;

      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &member))
        {
          if (length > 0)
            g_string_append_c (path, '.');
          g_string_append (path, name);
          list_node (listing, path, member);
          g_string_truncate (path, length);
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) > 0)
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          g_string_append_printf (path, "[%u]", i);
          list_node (listing, path, json_array_get_element (array, i));
          g_string_truncate (path, length);
        }
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    list_value (listing, path->str, json_node_get_string (node));
  else
    {
      g_autofree char *text = assay_json_write (node);

      list_value (listing, path->str, text);
    }
}

GPtrArray *
assay_raw_list_members (const char *raw,
                        guint       limit,
                        guint      *n_members)
{
  Listing listing = { g_ptr_array_new_with_free_func ((GDestroyNotify) assay_raw_member_free), limit, 0 };
  g_autoptr (JsonNode) node = raw != NULL ? assay_json_parse (raw, strlen (raw), NULL) : NULL;

  if (node != NULL)
    {
      g_autoptr (GString) path = g_string_new (NULL);

      list_node (&listing, path, node);
    }
  if (n_members != NULL)
    *n_members = listing.n_members;
  return listing.members;
}
