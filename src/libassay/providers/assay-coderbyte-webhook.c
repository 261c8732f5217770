/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coderbyte's webhooks: who sent a delivery, and which report it is about.
 *
 * Facts (docs.coderbyte.com, reference): a POST of JSON with its kind in "operation"; "Authorization: Bearer" carries
 * a JSON Web Token, HS256, signed with the organisation's API key, whose claim "iss" is the organisation's id. The
 * token covers nothing of the body, and may be the same each time: whoever has seen one delivery can send another. So
 * the body is a hint, which names whose report to read; nothing else of it is believed. */
#include "config.h"

#include "assay-coderbyte.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"
#include "assay-signature.h"

#define MAX_TOKEN 4096u
/* RFC 5321, section 4.5.3.1, and a generous one. */
#define MAX_EMAIL 254u
#define MAX_ID 200u
/* Two clocks may differ. */
#define LEEWAY (60 * 1000)

static void
refuse (GError     **error,
        const char  *sentence)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED, sentence);
}

/* (nullable) (transfer full): an object in a token's part; members that come twice are read differently by different
 * readers */
static JsonNode *
decode_part (const char *part)
{
  g_autoptr (GBytes) bytes = assay_base64url_decode_strict (part, -1);
  JsonNode *root;
  const char *data;
  gsize length;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &length);
  if (data == NULL || !assay_json_guard (data, length, TRUE, NULL))
    return NULL;
  root = assay_json_parse (data, length, NULL);
  if (root != NULL && !JSON_NODE_HOLDS_OBJECT (root))
    g_clear_pointer (&root, json_node_unref);
  return root;
}

/* Returns: (transfer full) (nullable): the token's issuer */
static char *
check_token (const char  *header,
             const char  *secret,
             gint64       now,
             GError     **error)
{
  const char *token = header != NULL && g_ascii_strncasecmp (header, "Bearer ", 7) == 0 ? header + 7 : NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (JsonNode) head = NULL, claims = NULL;
  const char *issuer;
  JsonObject *object;
  double expiry;

  if (token == NULL || strlen (token) > MAX_TOKEN)
    {
      refuse (error, _ ("A report without Coderbyte's token was refused."));
      return NULL;
    }
  parts = g_strsplit (token, ".", 4);
  /* The signature first, and by HS256 whatever the token says of itself: nothing of a forged one is read. */
  if (g_strv_length (parts) != 3 ||
      !assay_signature_verify_base64url (secret, token, strlen (parts[0]) + 1 + strlen (parts[1]), parts[2]))
    {
      refuse (error, _ ("A report with a wrong token was refused. If Coderbyte sent it, copy the API key again."));
      return NULL;
    }
  head = decode_part (parts[0]);
  claims = decode_part (parts[1]);
  if (head == NULL || g_strcmp0 (assay_json_get_string (json_node_get_object (head), "alg"), "HS256") != 0 ||
      json_object_has_member (json_node_get_object (head), "crit") || claims == NULL)
    {
      refuse (error, _ ("A report with a token of another kind than Coderbyte's was refused."));
      return NULL;
    }
  object = json_node_get_object (claims);
  if (json_object_has_member (object, "exp") &&
      !(assay_json_get_number (object, "exp", &expiry, NULL) && expiry * 1000 > (double) (now - LEEWAY)))
    {
      refuse (error, _ ("A report with a token that has expired was refused."));
      return NULL;
    }
  issuer = assay_json_get_string (object, "iss");
  if (issuer == NULL || *issuer == '\0')
    {
      refuse (error, _ ("A report with a token that doesn't say who sent it was refused."));
      return NULL;
    }
  return g_strdup (issuer);
}

/* (nullable) (transfer full) */
static char *
dup_invitation (JsonObject *document)
{
  const char *email = assay_json_get_string (document, "email");
  const char *assessment = assay_json_get_string (document, "assessment_id");

  /* An interview has no assessment. */
  if (email == NULL || strchr (email, '@') == NULL || strlen (email) > MAX_EMAIL || assessment == NULL ||
      *assessment == '\0' || strlen (assessment) > MAX_ID)
    return NULL;
  return assay_coderbyte_make_remote_id (email, assessment);
}

gboolean
assay_coderbyte_parse_webhook (GHashTable         *headers,
                               GBytes             *body,
                               const char         *secret,
                               gint64              now,
                               AssayWebhookEvent **event,
                               GError            **error)
{
  static const char *const operations[] = { "candidate_joined", "assessment_completed", "scorecard_updated",
                                            "interview_completed", NULL };
  g_autoptr (AssayWebhookEvent) found = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *issuer = NULL, *digest = NULL;
  const char *organization, *operation;
  JsonObject *document;

  if (secret == NULL || *secret == '\0')
    {
      refuse (error, _ ("Coderbyte reported something, and it can't be checked because the API key isn't known. Copy "
                        "it from Coderbyte into the connection's settings."));
      return FALSE;
    }
  issuer = check_token (assay_webhook_headers_get (headers, "Authorization"), secret, now, error);
  if (issuer == NULL)
    return FALSE;

  root = assay_webhook_parse_body (body, _ ("Coderbyte's report"), error);
  if (root == NULL)
    return FALSE;
  document = json_node_get_object (root);
  organization = assay_json_get_string (document, "organization_id");
  if (organization == NULL || strlen (organization) != strlen (issuer) ||
      !assay_signature_equal (organization, issuer, strlen (issuer)))
    {
      refuse (error, _ ("A report whose token belongs to another organization was refused."));
      return FALSE;
    }

  operation = assay_json_get_string (document, "operation");
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  found = assay_webhook_event_new ();
  /* No delivery has an id; a repeated one has the same bytes. */
  found->dedupe_key = g_strconcat ("coderbyte:", digest, NULL);
  found->name = g_strdup (operation != NULL && g_strv_contains (operations, operation) ? operation : "");
  found->invitation_remote_id = dup_invitation (document);
  *event = g_steal_pointer (&found);
  return TRUE;
}
