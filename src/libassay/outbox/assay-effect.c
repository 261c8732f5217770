/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be changed at a vendor, as a value. */
#include "config.h"

#include "assay-effect.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "assay-json.h"

static const char *const kind_names[] = {
  [ASSAY_EFFECT_TAG] = "tag",           [ASSAY_EFFECT_UNTAG] = "untag",   [ASSAY_EFFECT_NOTE] = "note",
  [ASSAY_EFFECT_MOVE] = "move",         [ASSAY_EFFECT_DOCUMENT] = "document", [ASSAY_EFFECT_SCORE] = "score",
  [ASSAY_EFFECT_CREATE] = "create",     [ASSAY_EFFECT_RESEND] = "resend", [ASSAY_EFFECT_CANCEL] = "cancel",
};

const char *
assay_effect_kind_to_string (AssayEffectKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kind_names), NULL);
  return kind_names[kind];
}

gboolean
assay_effect_kind_from_string (const char      *text,
                               AssayEffectKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (text, kind_names[i]) == 0)
      {
        *kind = (AssayEffectKind) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
assay_effect_kind_is_repeatable (AssayEffectKind kind)
{
  switch (kind)
    {
    case ASSAY_EFFECT_TAG:
    case ASSAY_EFFECT_UNTAG:
    case ASSAY_EFFECT_MOVE:
    case ASSAY_EFFECT_SCORE:
    case ASSAY_EFFECT_CANCEL:
      return TRUE;
    case ASSAY_EFFECT_NOTE:
    case ASSAY_EFFECT_DOCUMENT:
    case ASSAY_EFFECT_CREATE:
    case ASSAY_EFFECT_RESEND:
    default:
      return FALSE;
    }
}

AssayEffect *
assay_effect_new (AssayEffectKind kind)
{
  AssayEffect *effect = g_new0 (AssayEffect, 1);

  effect->kind = kind;
  return effect;
}

/* The texts of an effect that travel in its payload, by the names they have there. */
static const struct
{
  const char *name;
  gsize offset;
} texts[] = {
  { "text", G_STRUCT_OFFSET (AssayEffect, text) },
  { "field", G_STRUCT_OFFSET (AssayEffect, field) },
  { "file_name", G_STRUCT_OFFSET (AssayEffect, file_name) },
  { "media_type", G_STRUCT_OFFSET (AssayEffect, media_type) },
  { "first_name", G_STRUCT_OFFSET (AssayEffect, first_name) },
  { "last_name", G_STRUCT_OFFSET (AssayEffect, last_name) },
  { "email", G_STRUCT_OFFSET (AssayEffect, email) },
  { "phone", G_STRUCT_OFFSET (AssayEffect, phone) },
  { "source", G_STRUCT_OFFSET (AssayEffect, source) },
  { "stage_remote_id", G_STRUCT_OFFSET (AssayEffect, stage_remote_id) },
  { "stage_name", G_STRUCT_OFFSET (AssayEffect, stage_name) },
  { "job_remote_id", G_STRUCT_OFFSET (AssayEffect, job_remote_id) },
};

static char **
get_text (const AssayEffect *effect,
          guint              index)
{
  return G_STRUCT_MEMBER_P (effect, texts[index].offset);
}

AssayEffect *
assay_effect_copy (const AssayEffect *effect)
{
  AssayEffect *copy = g_memdup2 (effect, sizeof *effect);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *get_text (copy, i) = g_strdup (*get_text (effect, i));
  copy->cause = g_strdup (effect->cause);
  copy->bytes = effect->bytes != NULL ? g_bytes_ref (effect->bytes) : NULL;
  return copy;
}

void
assay_effect_free (AssayEffect *effect)
{
  if (effect == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*get_text (effect, i));
  g_free (effect->cause);
  g_clear_pointer (&effect->bytes, g_bytes_unref);
  g_free (effect);
}

char *
assay_effect_to_payload (const AssayEffect *effect)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *text = *get_text (effect, i);

      if (text == NULL)
        continue;
      json_builder_set_member_name (builder, texts[i].name);
      json_builder_add_string_value (builder, text);
    }
  if (effect->bytes != NULL)
    {
      gsize length;
      const guchar *data = g_bytes_get_data (effect->bytes, &length);
      g_autofree char *encoded = g_base64_encode (data, length);

      json_builder_set_member_name (builder, "bytes");
      json_builder_add_string_value (builder, encoded);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

AssayEffect *
assay_effect_from_payload (AssayEffectKind  kind,
                           const char      *payload)
{
  g_autoptr (JsonNode) node = payload != NULL ? assay_json_parse (payload, strlen (payload), NULL) : NULL;
  AssayEffect *effect;
  JsonObject *object;
  const char *encoded;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  object = json_node_get_object (node);
  effect = assay_effect_new (kind);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *get_text (effect, i) = assay_json_dup_string (object, texts[i].name);
  encoded = assay_json_get_string (object, "bytes");
  if (encoded != NULL)
    {
      gsize length;
      guchar *data = g_base64_decode (encoded, &length);

      effect->bytes = g_bytes_new_take (data, length);
    }
  return effect;
}

char *
assay_effect_describe (const AssayEffect *effect)
{
  switch (effect->kind)
    {
    case ASSAY_EFFECT_TAG:
      /* Translators: an action that waits, %s is a tag */
      return g_strdup_printf (_ ("Tag “%s”"), effect->text);
    case ASSAY_EFFECT_UNTAG:
      return g_strdup_printf (_ ("Remove the tag “%s”"), effect->text);
    case ASSAY_EFFECT_NOTE:
      return g_strdup (_ ("Add a note"));
    case ASSAY_EFFECT_MOVE:
      /* Translators: an action that waits, %s is a stage */
      return g_strdup_printf (_ ("Move to “%s”"), effect->stage_name);
    case ASSAY_EFFECT_DOCUMENT:
      /* Translators: an action that waits, %s is a file's name */
      return g_strdup_printf (_ ("Attach “%s”"), effect->file_name);
    case ASSAY_EFFECT_SCORE:
      /* Translators: an action that waits, %1$s is a number, %2$s a custom field in the ATS */
      return g_strdup_printf (_ ("Write the score %1$s into “%2$s”"), effect->text, effect->field);
    case ASSAY_EFFECT_CREATE:
      /* Translators: an action that waits, %1$s and %2$s are a first and a last name */
      return g_strdup_printf (_ ("Enter %1$s %2$s into the ATS"), effect->first_name, effect->last_name);
    case ASSAY_EFFECT_RESEND:
      return g_strdup (_ ("Send the invitation again"));
    case ASSAY_EFFECT_CANCEL:
    default:
      return g_strdup (_ ("Cancel the invitation"));
    }
}
