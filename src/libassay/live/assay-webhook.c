/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events and headers of webhooks. */
#include "config.h"

#include "assay-webhook.h"

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
