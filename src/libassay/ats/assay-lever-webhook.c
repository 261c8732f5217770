/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever's webhooks: making them, and reading what they deliver.
 *
 * Facts (Lever's developer documentation, Webhooks): a delivery has `event`, `triggeredAt` (milliseconds), `token`
 * (new for each) and `signature`, the lower-case hexadecimal HMAC-SHA-256 of the token followed by the decimal digits
 * of triggeredAt, keyed with the webhook's signature token as text. The rest of the body isn't signed: somebody who
 * saw one delivery could send the same three again with another `data`. So `data` is a hint about what to read, and
 * nothing of it is believed. The signature token of a webhook that is made by API is told once, in the answer to
 * making it. The same address and event can be registered twice, and both then report (recorded). */
#include "config.h"

#include "assay-lever-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"
#include "assay-signature.h"

/* Retries come over hours, by a schedule that isn't documented ("five times, waiting longer and longer"); whether one
 * has a new time isn't either. Clocks are wrong by minutes. */
#define MAX_AGE (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
#define MAX_AHEAD (G_GINT64_CONSTANT (15) * 60 * 1000)
/* 48 characters are documented. */
#define MAX_TOKEN 256u
#define MAX_NAME 128u
#define MAX_ID 128u

const AssayWebhookDescription assay_lever_webhook_description = {
  .events =
    (const AssayWebhookEventDescription[]){
      {
        .name = "candidateStageChange",
        .purpose = N_ ("Choose this one if candidates are to be invited when they reach a stage. In Lever's settings "
                       "its group is called “Candidate Stage Change”."),
      },
      {
        .name = "applicationCreated",
        .purpose = N_ ("Choose this one if candidates are to be invited as soon as they apply."),
      },
      {
        .name = "candidateArchiveChange",
        .purpose = N_ ("Choose this one to learn at once who was archived."),
      },
      {
        .name = "candidateDeleted",
        .purpose = N_ ("Choose this one to learn at once who was deleted."),
      },
      { .name = NULL },
    },
  .steps =
    (const char *const[]){
      N_ ("Let Assay make the webhook. Without the permission “Add a webhook”, make it by hand: in Lever open "
          "Settings, then Integrations and API, then Webhooks, paste the address shown here below the event, and "
          "copy its signature token into the connection's settings."),
      N_ ("In Lever open Settings, then Integrations and API, then Webhooks, as a Super Admin."),
      N_ ("Scroll to “Candidate Stage Change”, or to the group of the event that you chose."),
      N_ ("Switch the group on if it is off. Lever reports nothing of a group that is off, and doesn't tell Assay so."),
      NULL,
    },
  .edit_steps =
    (const char *const[]){
      N_ ("A webhook that Assay made can only be changed by Assay: let it make one for the new address."),
      N_ ("One that was made by hand is changed in Lever, under Settings, Integrations and API, Webhooks."),
      NULL,
    },
  .address_changes = FALSE,
  .made_by_api = TRUE,
  .secret = "webhook-secret",
  .who = N_ ("Only a Super Admin sees Lever's webhook settings and can switch the event's group on. Admins, Team "
             "Members and Limited Team Members have to ask one."),
  .first_event = N_ ("Lever sends one when the event that you chose happens: move a candidate into another stage, for "
                     "instance."),
};

/* Reading a delivery */

/* (nullable) (transfer full): an id that could be one of Lever's */
static char *
dup_id (JsonObject *data,
        const char *member)
{
  return assay_webhook_dup_word (data != NULL ? assay_json_get_string (data, member) : NULL, MAX_ID);
}

static gboolean
is_plain (const char *text,
          gsize       max_length)
{
  gsize length = text != NULL ? strlen (text) : 0;

  if (length == 0 || length > max_length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return TRUE;
}

/* The number as it stands in the document: digits only, as they are signed. */
static gboolean
get_triggered_at (JsonObject *document,
                  gint64     *milliseconds)
{
  JsonNode *node = json_object_get_member (document, "triggeredAt");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *milliseconds = json_node_get_int (node);
  return *milliseconds > 0;
}

/* TRUE only if the signature is right. */
static gboolean
is_signed (const char *secret,
           const char *token,
           gint64      triggered_at,
           const char *signature)
{
  g_autofree char *message = NULL;

  if (signature == NULL || !is_plain (token, MAX_TOKEN))
    return FALSE;
  message = g_strdup_printf ("%s%" G_GINT64_FORMAT, token, triggered_at);
  return assay_signature_verify_hex (secret, message, strlen (message), signature);
}

gboolean
assay_lever_parse_webhook (GHashTable         *headers,
                           GBytes             *body,
                           const char         *secret,
                           gint64              now,
                           AssayWebhookEvent **event,
                           GError            **error)
{
  g_autoptr (AssayWebhookEvent) found = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *document, *data;
  const char *token, *name;
  gint64 triggered_at;

  if (secret == NULL || *secret == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           _ ("Lever reported something, and it can't be checked because the webhook's signature "
                              "token isn't known. Let Assay make the webhook again, or copy the token from Lever "
                              "into the connection's settings."));
      return FALSE;
    }
  /* What is signed stands in the body itself. */
  root = assay_webhook_parse_body (body, "Lever's report", error);
  if (root == NULL)
    return FALSE;
  document = json_node_get_object (root);

  token = assay_json_get_string (document, "token");
  if (!get_triggered_at (document, &triggered_at) ||
      !is_signed (secret, token, triggered_at, assay_json_get_string (document, "signature")))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           _ ("A report without Lever's right signature was refused. If Lever sent it, let Assay "
                              "make the webhook again, or copy its signature token from Lever."));
      return FALSE;
    }
  if (triggered_at < now - MAX_AGE || triggered_at > now + MAX_AHEAD)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                           _ ("A report with Lever's signature was refused because it is too old, or from the "
                              "future. If Lever sent it just now, check this computer's clock."));
      return FALSE;
    }
  name = assay_json_get_string (document, "event");
  if (!is_plain (name, MAX_NAME))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("A report of Lever's doesn't say what it is about, so nothing came of it."));
      return FALSE;
    }

  found = assay_webhook_event_new ();
  /* The three that are signed, or the like: a body that was changed is the same event, and comes to nothing. */
  found->dedupe_key = g_strdup_printf ("lever:%s:%" G_GINT64_FORMAT, token, triggered_at);
  found->name = g_strdup (name);
  found->at = triggered_at;
  /* Empty in the test of Lever's settings page. */
  data = assay_json_get_object (document, "data");
  found->application_remote_id = dup_id (data, "opportunityId");
  if (found->application_remote_id == NULL)
    found->application_remote_id = dup_id (data, "candidateId");
  found->stage_remote_id = dup_id (data, "toStageId");
  *event = g_steal_pointer (&found);
  return TRUE;
}

/* Listing and making */

GPtrArray *
assay_lever_decode_webhooks (JsonNode *root,
                             GError  **error)
{
  g_autoptr (GPtrArray) records = assay_lever_collect_records (root, "Lever's list of webhooks", error);
  g_autoptr (GPtrArray) webhooks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_webhook_free);

  if (records == NULL)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    {
      JsonObject *record = g_ptr_array_index (records, i);
      JsonObject *configuration = assay_json_get_object (record, "configuration");
      const char *secret = configuration != NULL ? assay_json_get_string (configuration, "signatureToken") : NULL;
      AssayWebhook *webhook = assay_webhook_new ();

      g_ptr_array_add (webhooks, webhook);
      webhook->remote_id = assay_json_expect_member_id (record, "id", "Lever's list of webhooks", error);
      if (webhook->remote_id == NULL)
        return NULL;
      webhook->address = assay_json_dup_string (record, "url");
      if (webhook->address == NULL)
        webhook->address = g_strdup ("");
      webhook->event = assay_json_dup_string (record, "event");
      if (webhook->event == NULL)
        webhook->event = g_strdup ("");
      webhook->secret = secret != NULL && *secret != '\0' ? g_strdup (secret) : NULL;
      /* Whether its group is switched on can't be read. */
      webhook->active = TRUE;
    }
  return g_steal_pointer (&webhooks);
}

JsonNode *
assay_lever_encode_webhook (const char *address,
                            const char *event)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  assay_json_add_string (builder, "event", event);
  assay_json_add_string (builder, "url", address);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* look ─▶ there ─▶ done
 *   └──▶ make ─▶ made ─▶ done
 *          └──▶ answer lost ─▶ look ─▶ take away what is there, its signature token being lost ─▶ make, once more */
typedef struct
{
  char *address;
  char *event;
  gboolean repeated;       /* an answer was lost */
  GPtrArray *strays;       /* (nullable) (element-type AssayWebhook): to be taken away */
} Ensure;

static void
ensure_free (gpointer data)
{
  Ensure *ensure = data;

  g_free (ensure->address);
  g_free (ensure->event);
  g_clear_pointer (&ensure->strays, g_ptr_array_unref);
  g_free (ensure);
}

static void make_webhook (GTask *task);
static void look_for_webhook (GTask *task);
static void remove_stray (GTask *task);

static gpointer
read_webhooks (GTask     *task,
               JsonNode  *root,
               GError   **error)
{
  return assay_lever_decode_webhooks (root, error);
}

static GError *
judge_webhooks (GTask  *task,
                GError *error)
{
  return assay_lever_explain (g_task_get_source_object (task), error, ASSAY_LEVER_FINDS_WEBHOOKS);
}

static const AssayConnectorCall webhooks_call = {
  .read = read_webhooks,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
  .judge = judge_webhooks,
};

static void
assay_lever_list_webhooks_async (AssayAts            *ats,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_lever_list_webhooks_async, cancellable, callback, user_data);

  assay_connector_base_ask (task, &webhooks_call, assay_lever_new_read ("webhooks"));
}

static gpointer
read_looked_for (GTask     *task,
                 JsonNode  *root,
                 GError   **error)
{
  Ensure *ensure = g_task_get_task_data (task);
  g_autoptr (GPtrArray) webhooks = assay_lever_decode_webhooks (root, error);
  g_autoptr (GPtrArray) same = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_webhook_free);

  if (webhooks == NULL)
    return NULL;
  for (guint i = webhooks->len; i-- > 0;)
    {
      AssayWebhook *webhook = g_ptr_array_index (webhooks, i);

      if (strcmp (webhook->address, ensure->address) == 0 && strcmp (webhook->event, ensure->event) == 0)
        g_ptr_array_insert (same, 0, g_ptr_array_steal_index (webhooks, i));
    }
  if (same->len > 0 && !ensure->repeated)
    return g_ptr_array_steal_index (same, 0);
  ensure->strays = g_steal_pointer (&same);
  remove_stray (task);
  return NULL;
}

static const AssayConnectorCall look_call = {
  .read = read_looked_for,
  .free_value = (GDestroyNotify) assay_webhook_free,
  .judge = judge_webhooks,
};

static void
look_for_webhook (GTask *task)
{
  assay_connector_base_ask (task, &look_call, assay_lever_new_read ("webhooks"));
}

static gpointer
read_stray_removed (GTask     *task,
                    JsonNode  *root,
                    GError   **error)
{
  Ensure *ensure = g_task_get_task_data (task);

  g_ptr_array_remove_index (ensure->strays, 0);
  remove_stray (task);
  return NULL;
}

static GError *
judge_stray_removed (GTask  *task,
                     GError *error)
{
  return assay_lever_explain (g_task_get_source_object (task), error, ASSAY_LEVER_DELETES_WEBHOOKS);
}

static const AssayConnectorCall stray_call = {
  .read = read_stray_removed,
  .free_value = (GDestroyNotify) assay_webhook_free,
  .judge = judge_stray_removed,
  .reads_missing = TRUE,
};

static void
remove_stray (GTask *task)
{
  const Ensure *ensure = g_task_get_task_data (task);
  const AssayWebhook *stray;
  g_autofree char *path = NULL;

  if (ensure->strays->len == 0)
    {
      make_webhook (task);
      return;
    }
  stray = g_ptr_array_index (ensure->strays, 0);
  path = assay_lever_dup_path ("webhooks", stray->remote_id, NULL);
  assay_connector_base_ask (task, &stray_call, assay_http_request_new (ASSAY_HTTP_REPEATABLE_WRITE, "DELETE", path));
}

static gpointer
read_made (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  Ensure *ensure = g_task_get_task_data (task);
  g_autoptr (GPtrArray) made = assay_lever_decode_webhooks (root, NULL);

  if (made != NULL && made->len == 1 && ((AssayWebhook *) g_ptr_array_index (made, 0))->secret != NULL)
    return g_ptr_array_steal_index (made, 0);
  /* One may be there whose signature token nobody will ever know. */
  if (!ensure->repeated)
    {
      ensure->repeated = TRUE;
      look_for_webhook (task);
    }
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                         _ ("Lever made the webhook but didn't tell its signature token. Make one in Lever's "
                            "settings by hand."));
  return NULL;
}

static GError *
judge_made (GTask  *task,
            GError *error)
{
  Ensure *ensure = g_task_get_task_data (task);

  if (ensure->repeated || !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE))
    return assay_lever_explain (g_task_get_source_object (task), error, ASSAY_LEVER_ADDS_WEBHOOKS);
  g_error_free (error);
  ensure->repeated = TRUE;
  look_for_webhook (task);
  return NULL;
}

static const AssayConnectorCall make_call = {
  .read = read_made,
  .free_value = (GDestroyNotify) assay_webhook_free,
  .judge = judge_made,
};

static void
make_webhook (GTask *task)
{
  const Ensure *ensure = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = assay_lever_encode_webhook (ensure->address, ensure->event);
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_ONCE, "POST", "webhooks");

  assay_http_request_set_json (request, body, "application/json");
  assay_connector_base_ask (task, &make_call, request);
}

static gboolean
is_known_event (const char *event)
{
  for (const AssayWebhookEventDescription *known = assay_lever_webhook_description.events; known->name != NULL; known++)
    if (g_strcmp0 (known->name, event) == 0)
      return TRUE;
  return FALSE;
}

static void
assay_lever_ensure_webhook_async (AssayAts            *ats,
                                  const char          *address,
                                  const char          *event,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin_write (ats, assay_lever_ensure_webhook_async, cancellable, callback, user_data);
  Ensure *ensure = g_new0 (Ensure, 1);

  ensure->address = g_strdup (address);
  ensure->event = g_strdup (event);
  g_task_set_task_data (task, ensure, ensure_free);
  if (!is_known_event (event))
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               /* Translators: %s is what was typed */
                               _ ("Lever has no event “%s” that Assay can use."), event);
      return;
    }
  /* Documented: with a certificate from a public authority. */
  if (!g_str_has_prefix (address, "https://"))
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               /* Translators: %s is an address */
                               _ ("Lever only reports to https: addresses, and “%s” isn't one."), address);
      return;
    }
  look_for_webhook (task);
}

void
assay_lever_ats_init_webhooks (AssayAtsInterface *iface)
{
  iface->list_webhooks_async = assay_lever_list_webhooks_async;
  iface->ensure_webhook_async = assay_lever_ensure_webhook_async;
}
