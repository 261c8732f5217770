/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events and headers of webhooks. */
#include "config.h"

#include "assay-webhook.h"

#include <string.h>

AssayWebhookEvent *
assay_webhook_event_new (void)
{
  return g_new0 (AssayWebhookEvent, 1);
}

void
assay_webhook_event_free (AssayWebhookEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->dedupe_key);
  g_free (event->name);
  g_free (event->application_remote_id);
  g_free (event->job_remote_id);
  g_free (event->stage_remote_id);
  g_free (event->invitation_remote_id);
  g_free (event);
}

GHashTable *
assay_webhook_headers_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
assay_webhook_headers_set (GHashTable *headers,
                           const char *name,
                           const char *value)
{
  g_hash_table_replace (headers, g_ascii_strdown (name, -1), g_strdup (value));
}

const char *
assay_webhook_headers_get (GHashTable *headers,
                           const char *name)
{
  g_autofree char *key = g_ascii_strdown (name, -1);

  return g_hash_table_lookup (headers, key);
}

JsonNode *
assay_webhook_parse_body (GBytes      *body,
                          const char  *what,
                          GError     **error)
{
  g_autoptr (JsonNode) root = NULL;
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);

  if (!assay_json_guard (bytes, length, TRUE, error))
    return NULL;
  root = assay_json_parse (bytes, length, error);
  if (root == NULL || assay_json_expect_object (root, what, error) == NULL)
    return NULL;
  return g_steal_pointer (&root);
}

char *
assay_webhook_dup_word (const char *text,
                        gsize       max_length)
{
  if (text == NULL || *text == '\0' || strlen (text) > max_length)
    return NULL;
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
      return NULL;
  return g_strdup (text);
}
