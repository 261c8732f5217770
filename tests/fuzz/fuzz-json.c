/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: foreign JSON. Whatever the bytes are, the guard says yes or no; what it lets pass json-glib
 * must read, and what json-glib writes of it the guard must let pass again. */
#include "config.h"

#include "assay-json.h"

#include "fuzz.h"

#include <string.h>

static void
read_everything (JsonNode *root)
{
  JsonObject *object;
  g_autoptr (GList) members = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    return;
  object = json_node_get_object (root);
  members = json_object_get_members (object);
  for (GList *link = members; link != NULL; link = link->next)
    {
      const char *member = link->data;
      g_autofree char *text = assay_json_dup_string (object, member);
      g_autofree char *id = assay_json_expect_member_id (object, member, "fuzz", NULL);
      double number;
      gint64 time = assay_json_get_time (object, member);

      fuzz_check (time >= 0);
      fuzz_check (id == NULL || *id != '\0');
      fuzz_check (text == NULL || g_utf8_validate (text, -1, NULL));
      assay_json_get_number (object, member, &number, NULL);
      assay_json_get_boolean (object, member, FALSE);
      assay_json_array_get_object (assay_json_get_array (object, member), 0);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GError) error = NULL;
  gboolean lax = assay_json_guard ((const char *) data, size, FALSE, NULL);
  gboolean strict = assay_json_guard ((const char *) data, size, TRUE, NULL);
  g_autoptr (JsonNode) root = assay_json_parse ((const char *) data, size, &error);

  fuzz_check (lax || !strict);
  fuzz_check (lax == (root != NULL));
  fuzz_check ((error != NULL) == (root == NULL));
  if (root != NULL)
    {
      g_autofree char *text = assay_json_to_text (root, G_MAXSIZE);

      fuzz_check (text != NULL);
      /* json-glib writes a double that is a whole number without a fraction, and that may be a big integer.
       */
      if (strpbrk (text, "0123456789") == NULL)
        fuzz_check (assay_json_guard (text, strlen (text), FALSE, NULL));
      read_everything (root);
    }
  return 0;
}
