/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's webhooks: how one is made, and the reading of what it delivers.
 *
 * Facts (developers.pinpointhq.com, webhooks-overview and verifying-webhooks): a webhook is made by hand; the
 * header PINPOINT-HMAC-SHA256 is the padded base64 of an HMAC-SHA-256 over the body's very bytes, keyed with the
 * webhook's signing secret as text. There is no time and no id among the headers. The body is {"event",
 * "triggeredAt", "data"}; each event has data of its own, and only `application_hired` is known by its name for
 * certain. So the body is a hint: any id of an application in it means "read that one", and nothing else of it
 * is believed. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"
#include "assay-signature.h"

#define SIGNATURE_HEADER "PINPOINT-HMAC-SHA256"
/* Ids are short numbers; an event's name is a few words. */
#define MAX_ID 64u
#define MAX_NAME 128u

const AssayWebhookDescription assay_pinpoint_webhook_description = {
  .events =
    (const AssayWebhookEventDescription[]){
      {
        .name = "New application",
        .purpose = N_ ("Tick this one if candidates are to be invited as soon as they apply."),
      },
      {
        .name = "Application stage changed",
        .purpose = N_ ("Tick this one if candidates are to be invited when they reach a stage."),
      },
      { .name = NULL },
    },
  .one_event = TRUE,
  .steps =
    (const char *const[]){
      N_ ("Sign in to Pinpoint as an administrator."),
      N_ ("Open Settings, API & Webhooks, then Webhooks (in older accounts: Company, Profile, Webhooks)."),
      N_ ("Choose New webhook."),
      N_ ("Paste the endpoint address exactly as it is shown here."),
      N_ ("Tick one event: New application, or Application stage changed."),
      N_ ("Save the webhook, copy its signing secret, and paste it here."),
      NULL,
    },
  .edit_steps =
    (const char *const[]){
      N_ ("In Pinpoint open Settings, API & Webhooks, then Webhooks (in older accounts: Company, Profile, "
          "Webhooks)."),
      N_ ("Open the webhook that you made, and choose Edit."),
      N_ ("Replace its address with the one shown here, and save."),
      NULL,
    },
  .address_changes = FALSE,
  .made_by_api = FALSE,
  .secret = "webhook-secret",
  .who = N_ ("A member of Pinpoint's “Administrator” access group has to make the webhook. Pinpoint switches it "
             "off, and writes a mail, when the address doesn't answer for about a day."),
  .first_event = N_ ("Pinpoint sends one when you send a test event there, or when the event that you ticked happens."),
};

/* (nullable) (transfer full): the id in @member of @data, or of the record that @record names in it */
static char *
dup_id (JsonObject *data,
        const char *record,
        const char *member)
{
  JsonObject *inner = assay_json_get_object (data, record);
  g_autofree char *id = inner != NULL ? assay_json_dup_string (inner, "id") : NULL;

  if (id == NULL)
    id = assay_json_dup_string (data, member);
  return assay_webhook_dup_word (id, MAX_ID);
}

static char *
dup_name (JsonObject *document)
{
  const char *name = assay_json_get_string (document, "event");
  const char *end;

  if (name == NULL)
    return g_strdup ("");
  end = name;
  while (*end != '\0' && (gsize) (g_utf8_next_char (end) - name) <= MAX_NAME)
    end = g_utf8_next_char (end);
  return g_strndup (name, (gsize) (end - name));
}

gboolean
assay_pinpoint_parse_webhook (GHashTable         *headers,
                              GBytes             *body,
                              const char         *secret,
                              gint64              now,
                              AssayWebhookEvent **event,
                              GError            **error)
{
  const char *signature = assay_webhook_headers_get (headers, SIGNATURE_HEADER);
  g_autoptr (AssayWebhookEvent) found = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *digest = NULL;
  JsonObject *document, *data;
  const char *bytes;
  gsize length;

  bytes = g_bytes_get_data (body, &length);
  if (secret == NULL || *secret == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           _ ("Pinpoint reported something, and it can't be checked because the webhook's signing "
                              "secret isn't known. Copy it from Pinpoint into the connection's settings."));
      return FALSE;
    }
  if (!assay_signature_verify_base64 (secret, bytes, length, signature))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           signature == NULL
                             ? _ ("A report without Pinpoint's signature was refused.")
                             : _ ("A report with a wrong signature was refused. If Pinpoint sent it, copy the "
                                  "webhook's signing secret again."));
      return FALSE;
    }

  root = assay_webhook_parse_body (body, "Pinpoint's report", error);
  if (root == NULL)
    return FALSE;
  document = json_node_get_object (root);

  found = assay_webhook_event_new ();
  digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  /* No delivery has an id; a repeated one has the same bytes. */
  found->dedupe_key = g_strconcat ("pinpoint:", digest, NULL);
  found->name = dup_name (document);
  found->at = assay_json_get_time (document, "triggeredAt");
  data = assay_json_get_object (document, "data");
  if (data != NULL)
    {
      found->application_remote_id = dup_id (data, "application", "application_id");
      found->job_remote_id = dup_id (data, "job", "job_id");
      found->stage_remote_id = dup_id (data, "stage", "stage_id");
    }
  *event = g_steal_pointer (&found);
  return TRUE;
}
