/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo's webhooks: the reading of what it delivers.
 *
 * Facts: the body is {"id", "type", "data"}, and the header is X-Kombo-Signature (Kombo's documentation). That it is
 * the HMAC-SHA-256 of the body's very bytes in base64url without padding is told by one source only, a public
 * receiver; so the same signature in hexadecimal digits, as a relay may write it, is taken as well: it proves as
 * much. No event names a record, so each means "read what changed". */
#include "config.h"

#include "assay-kombo.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"
#include "assay-signature.h"

#define SIGNATURE_HEADER "X-Kombo-Signature"
#define MAX_WORD 64u

const AssayWebhookDescription assay_kombo_webhook_description = {
  .events =
    (const AssayWebhookEventDescription[]){
      {
        .name = "data-changed",
        .purpose = N_ ("Choose this one if candidates are to be seen as soon as Kombo sees them."),
      },
      {
        .name = "integration-state-changed",
        .purpose = N_ ("Choose this one to hear when Kombo can't reach the ATS any longer."),
      },
      { .name = NULL },
    },
  .steps =
    (const char *const[]){
      N_ ("Sign in to Kombo's dashboard, and open the environment that the key belongs to."),
      N_ ("Add a webhook, and paste the endpoint address exactly as it is shown here."),
      N_ ("Choose the event data-changed."),
      N_ ("Copy the environment's webhook secret, and paste it here."),
      NULL,
    },
  .secret = "webhook-secret",
  .first_event = N_ ("Kombo sends one after it has read your ATS the next time and found a change there."),
};

gboolean
assay_kombo_parse_webhook (GHashTable         *headers,
                           GBytes             *body,
                           const char         *secret,
                           gint64              now,
                           AssayWebhookEvent **event,
                           GError            **error)
{
  const char *signature = assay_webhook_headers_get (headers, SIGNATURE_HEADER);
  g_autoptr (AssayWebhookEvent) found = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *id = NULL;
  JsonObject *document;
  const char *bytes;
  gsize length;

  bytes = g_bytes_get_data (body, &length);
  if (secret == NULL || *secret == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           _ ("Kombo reported something, and it can't be checked because the webhook secret isn't "
                              "known. Copy it from Kombo into the connection's settings."));
      return FALSE;
    }
  if (!assay_signature_verify_base64url (secret, bytes, length, signature) &&
      !assay_signature_verify_hex (secret, bytes, length, signature))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           signature == NULL ? _ ("A report without Kombo's signature was refused.")
                                             : _ ("A report with a wrong signature was refused. If Kombo sent it, "
                                                  "copy the webhook secret again."));
      return FALSE;
    }

  root = assay_webhook_parse_body (body, "Kombo's report", error);
  if (root == NULL)
    return FALSE;
  document = json_node_get_object (root);

  found = assay_webhook_event_new ();
  id = assay_webhook_dup_word (assay_json_get_string (document, "id"), MAX_WORD);
  if (id == NULL)
    id = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  found->dedupe_key = g_strconcat ("kombo:", id, NULL);
  found->name = assay_webhook_dup_word (assay_json_get_string (document, "type"), MAX_WORD);
  if (found->name == NULL)
    found->name = g_strdup ("");
  *event = g_steal_pointer (&found);
  return TRUE;
}
