/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pinpoint's webhooks as developers.pinpointhq.com describes them: the body is signed in PINPOINT-HMAC-SHA256,
 * only 2xx within five seconds counts, a failed delivery is repeated up to ten times, longer and longer apart,
 * and then the endpoint is switched off. Here ten times take some minutes and not a day. Of the names of events
 * only `application_hired` is known; the others are made like it. */

#include "config.h"

#include "sandbox-pinpoint-hooks.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_RETRIES 10
#define FIRST_WAIT 200 /* milliseconds */

static const struct
{
  const char *name;    /* as the account's screen has it */
  const char *event;   /* as a body has it */
} events[] = {
  { "New application", "application_created" },
  { "Application stage changed", "application_stage_changed" },
  { "Applicant hired", "application_hired" },
};

typedef enum
{
  EVENT_NEW,
  EVENT_STAGE,
  EVENT_HIRED
} Event;

typedef struct
{
  char    *url;
  char    *secret;
  gboolean wants[G_N_ELEMENTS (events)];
  gboolean off;        /* it failed for too long */
} Hook;

typedef struct
{
  int                   ref_count;
  SandboxPinpointHooks *owner;   /* NULL once that is gone */
  Hook                 *hook;    /* of the owner's */
  GBytes               *body;
  guint                 retries;
  guint                 timer;
  SoupMessage          *message; /* (nullable): on its way */
} Delivery;

struct _SandboxPinpointHooks
{
  SandboxWorld  *world;
  SandboxLedger *ledger;
  SoupSession   *session;
  GPtrArray     *hooks;        /* (element-type Hook) those that were ever made */
  GPtrArray     *deliveries;   /* (element-type Delivery) */
};

static void send_delivery (Delivery *delivery);

static void
hook_free (gpointer data)
{
  Hook *hook = data;

  g_free (hook->url);
  g_free (hook->secret);
  g_free (hook);
}

static void
delivery_unref (gpointer data)
{
  Delivery *delivery = data;

  if (--delivery->ref_count > 0)
    return;
  g_bytes_unref (delivery->body);
  g_clear_object (&delivery->message);
  g_free (delivery);
}

static gboolean
retry_cb (gpointer data)
{
  Delivery *delivery = data;

  delivery->timer = 0;
  send_delivery (delivery);
  return G_SOURCE_REMOVE;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  Delivery *delivery = data;
  g_autoptr (GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);
  guint status = stream != NULL ? soup_message_get_status (delivery->message) : 0;

  g_clear_object (&delivery->message);
  if (delivery->owner != NULL)
    {
      if (status < 200 || status > 299)
        {
          if (delivery->retries >= MAX_RETRIES)
            delivery->hook->off = TRUE;
          else
            delivery->timer = g_timeout_add ((guint) FIRST_WAIT << delivery->retries++, retry_cb, delivery);
        }
      if (delivery->timer == 0)
        g_ptr_array_remove_fast (delivery->owner->deliveries, delivery);
    }
  delivery_unref (delivery);
}

static void
send_delivery (Delivery *delivery)
{
  SandboxPinpointHooks *self = delivery->owner;
  g_autoptr (GHmac) hmac = NULL;
  g_autofree char *signature = NULL;
  guint8 digest[32];
  gsize length, digest_length = sizeof digest;
  const guchar *data = g_bytes_get_data (delivery->body, &length);

  if (delivery->hook->off)
    {
      g_ptr_array_remove_fast (self->deliveries, delivery);
      return;
    }
  hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) delivery->hook->secret, strlen (delivery->hook->secret));
  g_hmac_update (hmac, data, (gssize) length);
  g_hmac_get_digest (hmac, digest, &digest_length);
  signature = g_base64_encode (digest, digest_length);

  delivery->message = soup_message_new ("POST", delivery->hook->url);
  soup_message_add_flags (delivery->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (soup_message_get_request_headers (delivery->message), "PINPOINT-HMAC-SHA256", signature);
  soup_message_set_request_body_from_bytes (delivery->message, "application/json", delivery->body);
  delivery->ref_count++;
  soup_session_send_async (self->session, delivery->message, G_PRIORITY_DEFAULT, NULL, sent_cb, delivery);
}

/* Takes @text, and sends it once what is going on is over. */
static void
deliver (SandboxPinpointHooks *self,
         Hook                 *hook,
         char                 *text)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->ref_count = 1;
  delivery->owner = self;
  delivery->hook = hook;
  delivery->body = g_bytes_new_take (text, strlen (text));
  g_ptr_array_add (self->deliveries, delivery);
  delivery->timer = g_timeout_add (0, retry_cb, delivery);
}

static void
report (SandboxPinpointHooks *self,
        SandboxApplication   *application,
        Event                 event)
{
  gint64 now = sandbox_world_now (self->world);

  for (guint i = 0; i < self->hooks->len; i++)
    {
      Hook *hook = g_ptr_array_index (self->hooks, i);

      /* Identifiers are integers here, unlike in the API. */
      if (!hook->off && hook->wants[event])
        deliver (self, hook,
                 g_strdup_printf ("{\"event\":\"%s\",\"triggeredAt\":%" G_GINT64_FORMAT
                                  ",\"data\":{\"application\":{\"id\":%u},\"job\":{\"id\":%u}}}",
                                  events[event].event, now, application->record.id, application->job->record.id));
    }
}

static void
happened (gpointer            data,
          SandboxHappening    happening,
          SandboxApplication *application,
          SandboxStage       *from)
{
  SandboxPinpointHooks *self = data;

  switch (happening)
    {
    case SANDBOX_HAPPENING_ARRIVED:
      report (self, application, EVENT_NEW);
      break;
    case SANDBOX_HAPPENING_MOVED:
      report (self, application, EVENT_STAGE);
      if (g_strcmp0 (application->stage->basic_type, "hired") == 0)
        report (self, application, EVENT_HIRED);
      break;
    case SANDBOX_HAPPENING_ERASED:
    default:
      break;
    }
}

SandboxPinpointHooks *
sandbox_pinpoint_hooks_new (SandboxWorld  *world,
                            SandboxLedger *ledger)
{
  SandboxPinpointHooks *self = g_new0 (SandboxPinpointHooks, 1);

  self->world = world;
  self->ledger = ledger;
  self->session = soup_session_new_with_options ("timeout", 5, "user-agent", "Pinpoint", "proxy-resolver", NULL, NULL);
  self->hooks = g_ptr_array_new_with_free_func (hook_free);
  self->deliveries = g_ptr_array_new_with_free_func (delivery_unref);
  sandbox_world_listen (world, happened, self);
  return self;
}

void
sandbox_pinpoint_hooks_free (SandboxPinpointHooks *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->deliveries->len; i++)
    {
      Delivery *delivery = g_ptr_array_index (self->deliveries, i);

      /* One that is on its way frees itself when libsoup lets go of it. */
      delivery->owner = NULL;
      g_clear_handle_id (&delivery->timer, g_source_remove);
    }
  soup_session_abort (self->session);
  g_ptr_array_unref (self->deliveries);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->session);
  g_ptr_array_unref (self->hooks);
  g_free (self);
}

static gboolean
is_loopback (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GInetAddress) address = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || g_strcmp0 (g_uri_get_scheme (uri), "http") != 0)
    return FALSE;
  address = g_inet_address_new_from_string (g_uri_get_host (uri));
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static void
add_hook (SandboxPinpointHooks *self,
          JsonObject           *webhook)
{
  const char *url = sandbox_json_get_string (webhook, "url");
  const char *secret = sandbox_json_get_string (webhook, "secret");
  JsonArray *wanted = sandbox_json_get_array (webhook, "events");
  Hook *hook;

  if (url == NULL || secret == NULL || !is_loopback (url))
    {
      sandbox_ledger_add_incident (self->ledger, "pinpoint", "webhook", "A webhook needs a secret and an address "
                                                                        "on loopback.");
      return;
    }
  hook = g_new0 (Hook, 1);
  hook->url = g_strdup (url);
  hook->secret = g_strdup (secret);
  for (guint i = 0; wanted != NULL && i < json_array_get_length (wanted); i++)
    for (guint j = 0; j < G_N_ELEMENTS (events); j++)
      if (sandbox_json_node_is (json_array_get_element (wanted, i), G_TYPE_STRING)
          && g_str_equal (json_array_get_string_element (wanted, i), events[j].name))
        hook->wants[j] = TRUE;
  g_ptr_array_add (self->hooks, hook);
}

void
sandbox_pinpoint_hooks_configure (SandboxPinpointHooks *self,
                                  JsonObject           *settings)
{
  if (json_object_has_member (settings, "webhook"))
    {
      JsonObject *webhook = sandbox_json_get_object (settings, "webhook");

      if (webhook != NULL)
        add_hook (self, webhook);
      else
        for (guint i = 0; i < self->hooks->len; i++)
          ((Hook *) g_ptr_array_index (self->hooks, i))->off = TRUE;
    }
  if (sandbox_json_get_boolean (settings, "test_event", FALSE))
    for (guint i = 0; i < self->hooks->len; i++)
      {
        Hook *hook = g_ptr_array_index (self->hooks, i);

        if (!hook->off)
          deliver (self, hook, g_strdup ("{\"event\":\"test\",\"triggeredAt\":1614687278,\"data\":{}}"));
      }
}
