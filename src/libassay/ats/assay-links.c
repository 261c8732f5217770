/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A setting that names links. */
#include "config.h"

#include "assay-links.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"

static gboolean
is_link (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_isspace (*c) || g_ascii_iscntrl (*c))
      return FALSE;
  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
         g_uri_get_userinfo (uri) == NULL &&
         (strcmp (g_uri_get_scheme (uri), "https") == 0 || strcmp (g_uri_get_scheme (uri), "http") == 0);
}

/* The end of the entry that begins at @text: a semicolon with a blank after it, since an address may hold one, too. */
static gsize
get_length (const char *text)
{
  const char *end = text;

  while (*end != '\0' && !(*end == ';' && (end[1] == '\0' || g_ascii_isspace (end[1]))))
    end++;
  return (gsize) (end - text);
}

static AssayAssessment *
parse_entry (const char *entry,
             GError    **error)
{
  const char *equals = strchr (entry, '=');
  g_autoptr (AssayAssessment) link = assay_assessment_new ();

  if (equals != NULL)
    {
      link->name = g_strstrip (g_strndup (entry, (gsize) (equals - entry)));
      link->remote_id = g_strstrip (g_strdup (equals + 1));
      link->active = TRUE;
      if (*link->name != '\0' && is_link (link->remote_id))
        return g_steal_pointer (&link);
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %s is what was typed; “Name=https://…” may be translated but for “=https://” */
               _ ("“%s” doesn't name an assessment and its link. Write “Name=https://…”, and a semicolon and a blank "
                  "before the next one."),
               entry);
  return NULL;
}

GPtrArray *
assay_links_parse (const char *text,
                   GError    **error)
{
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);

  while (*text != '\0')
    {
      gsize length = get_length (text);
      g_autofree char *entry = g_strstrip (g_strndup (text, length));
      AssayAssessment *link;

      text += length;
      if (*text == ';')
        text++;
      if (*entry == '\0')
        continue;
      link = parse_entry (entry, error);
      if (link == NULL)
        return NULL;
      for (guint i = 0; i < links->len; i++)
        {
          const AssayAssessment *other = g_ptr_array_index (links, i);

          if (strcmp (other->name, link->name) == 0 || strcmp (other->remote_id, link->remote_id) == 0)
            {
              g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("“%1$s” and “%2$s” have the same name or the same link. Leave one of them out."), other->name,
                           link->name);
              assay_assessment_free (link);
              return NULL;
            }
        }
      g_ptr_array_add (links, link);
    }
  return g_steal_pointer (&links);
}

char *
assay_links_to_text (GPtrArray *links)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < links->len; i++)
    {
      const AssayAssessment *link = g_ptr_array_index (links, i);

      g_string_append_printf (text, "%s%s=%s", i > 0 ? "; " : "", link->name, link->remote_id);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
