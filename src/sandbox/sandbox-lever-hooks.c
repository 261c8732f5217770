/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lever's webhooks. */

#include "config.h"

#include "sandbox-lever-hooks.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_ATTEMPTS 5
/* Longer and longer; how long isn't documented. */
#define FIRST_WAIT 500 /* milliseconds */

static const char *const events[] = {
  "applicationCreated", "candidateHired", "candidateStageChange", "candidateArchiveChange", "candidateDeleted",
  "interviewCreated", "interviewUpdated", "interviewDeleted", "contactCreated", "contactUpdated", NULL,
};

static const char *const origins[] = { "applied", "sourced", "referred", "university", "internal", "agency", NULL };

typedef struct
{
  char   *id;
  char   *event;
  char   *url;
  char   *secret;
  GStrv   origins;
  gint64  created;
} Hook;

typedef struct
{
  SandboxLeverHooks *hooks;
  char              *url;
  GBytes            *body;
  guint              attempts;
  guint              timer;
} Delivery;

struct _SandboxLeverHooks
{
  SandboxLedger *ledger;
  SoupSession   *session;
  GCancellable  *cancellable;
  GPtrArray     *hooks;         /* (element-type Hook) */
  GHashTable    *groups;        /* names of events whose group is on */
  GPtrArray     *deliveries;    /* (element-type Delivery) on their way */
};

static void
hook_free (gpointer data)
{
  Hook *hook = data;

  g_free (hook->id);
  g_free (hook->event);
  g_free (hook->url);
  g_free (hook->secret);
  g_strfreev (hook->origins);
  g_free (hook);
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_clear_handle_id (&delivery->timer, g_source_remove);
  g_free (delivery->url);
  g_bytes_unref (delivery->body);
  g_free (delivery);
}

SandboxLeverHooks *
sandbox_lever_hooks_new (SandboxLedger *ledger)
{
  SandboxLeverHooks *self = g_new0 (SandboxLeverHooks, 1);

  self->ledger = ledger;
  self->session = soup_session_new_with_options ("timeout", 10, "user-agent", "Lever-Webhooks", "proxy-resolver", NULL,
                                                 NULL);
  self->cancellable = g_cancellable_new ();
  self->hooks = g_ptr_array_new_with_free_func (hook_free);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->deliveries = g_ptr_array_new_with_free_func (delivery_free);
  return self;
}

void
sandbox_lever_hooks_free (SandboxLeverHooks *self)
{
  g_cancellable_cancel (self->cancellable);
  soup_session_abort (self->session);
  /* Those that are answered late find nothing to do. */
  for (guint i = 0; i < self->deliveries->len; i++)
    {
      Delivery *delivery = g_ptr_array_index (self->deliveries, i);

      delivery->hooks = NULL;
    }
  for (guint i = self->deliveries->len; i > 0; i--)
    if (((Delivery *) g_ptr_array_index (self->deliveries, i - 1))->timer == 0)
      g_ptr_array_steal_index (self->deliveries, i - 1);
  g_ptr_array_unref (self->deliveries);
  g_ptr_array_unref (self->hooks);
  g_hash_table_unref (self->groups);
  g_object_unref (self->session);
  g_object_unref (self->cancellable);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (self);
}

void
sandbox_lever_hooks_configure (SandboxLeverHooks *self,
                               JsonObject        *settings)
{
  const char *group = sandbox_json_get_string (settings, "event_group");

  if (group == NULL)
    return;
  if (sandbox_json_get_boolean (settings, "on", TRUE))
    g_hash_table_add (self->groups, g_strdup (group));
  else
    g_hash_table_remove (self->groups, group);
}

static void
render (SandboxJson *json,
        const Hook  *hook,
        gboolean     with_secret)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", hook->id);
  sandbox_json_member_string (json, "event", hook->event);
  sandbox_json_member_string (json, "url", hook->url);
  sandbox_json_key (json, "configuration");
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "conditions");
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "origins");
  sandbox_json_begin_array (json);
  for (guint i = 0; hook->origins[i] != NULL; i++)
    sandbox_json_string (json, hook->origins[i]);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  if (with_secret)
    sandbox_json_member_string (json, "signatureToken", hook->secret);
  sandbox_json_end_object (json);
  sandbox_json_member_integer (json, "createdAt", hook->created);
  sandbox_json_member_integer (json, "updatedAt", hook->created);
  sandbox_json_end_object (json);
}

void
sandbox_lever_hooks_render (SandboxLeverHooks *self,
                            SandboxJson       *json)
{
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->hooks->len; i++)
    render (json, g_ptr_array_index (self->hooks, i), FALSE);
  sandbox_json_end_array (json);
}

static gboolean
takes (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0')
    return FALSE;
  /* On loopback the certificate that Lever wants can't be had. */
  return g_str_equal (g_uri_get_scheme (uri), "https")
         || (g_str_equal (g_uri_get_scheme (uri), "http") && g_str_equal (host, "127.0.0.1"));
}

const char *
sandbox_lever_hooks_create (SandboxLeverHooks *self,
                            JsonObject        *body,
                            gint64             now,
                            SandboxJson       *json)
{
  static const char *const members[] = { "url", "event", "configuration", NULL };
  const char *url = sandbox_json_get_string (body, "url");
  const char *event = sandbox_json_get_string (body, "event");
  g_autoptr (GList) names = json_object_get_members (body);
  JsonObject *configuration = sandbox_json_get_object (body, "configuration");
  JsonObject *conditions = configuration != NULL ? sandbox_json_get_object (configuration, "conditions") : NULL;
  JsonArray *wanted = conditions != NULL ? sandbox_json_get_array (conditions, "origins") : NULL;
  g_autoptr (GStrvBuilder) chosen = g_strv_builder_new ();
  Hook *hook;

  for (GList *name = names; name != NULL; name = name->next)
    if (!g_strv_contains (members, name->data))
      return "an unknown member";
  if (url == NULL || !takes (url))
    return "url is not an https address";
  if (event == NULL || !g_strv_contains (events, event))
    return "event is not known";
  for (guint i = 0; wanted != NULL && i < json_array_get_length (wanted); i++)
    {
      const char *origin = sandbox_json_node_is (json_array_get_element (wanted, i), G_TYPE_STRING)
                             ? json_array_get_string_element (wanted, i) : "";

      if (!g_strv_contains (origins, origin))
        return "an unknown origin";
      g_strv_builder_add (chosen, origin);
    }

  hook = g_new0 (Hook, 1);
  hook->id = g_uuid_string_random ();
  hook->event = g_strdup (event);
  hook->url = g_strdup (url);
  hook->secret = g_strdup_printf ("%08x%08x%08x%08x%08x%08x", g_random_int (), g_random_int (), g_random_int (),
                                  g_random_int (), g_random_int (), g_random_int ());
  /* Left out, all six are filled in (recorded). */
  hook->origins = wanted != NULL ? g_strv_builder_end (chosen) : g_strdupv ((char **) origins);
  hook->created = now;
  g_ptr_array_add (self->hooks, hook);
  render (json, hook, TRUE);
  return NULL;
}

gboolean
sandbox_lever_hooks_remove (SandboxLeverHooks *self,
                            const char        *id)
{
  for (guint i = 0; i < self->hooks->len; i++)
    if (g_str_equal (((Hook *) g_ptr_array_index (self->hooks, i))->id, id))
      {
        g_ptr_array_remove_index (self->hooks, i);
        return TRUE;
      }
  return FALSE;
}

static void attempt (Delivery *delivery);

static gboolean
again_cb (gpointer data)
{
  Delivery *delivery = data;

  delivery->timer = 0;
  attempt (delivery);
  return G_SOURCE_REMOVE;
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Delivery *delivery = data;
  g_autoptr (GBytes) answer = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  gboolean received = answer != NULL && SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message));

  if (delivery->hooks == NULL)
    delivery_free (delivery);
  else if (received || delivery->attempts == MAX_ATTEMPTS)
    g_ptr_array_remove_fast (delivery->hooks->deliveries, delivery);
  else
    delivery->timer = g_timeout_add (FIRST_WAIT << delivery->attempts, again_cb, delivery);
}

static void
attempt (Delivery *delivery)
{
  g_autoptr (SoupMessage) message = soup_message_new ("POST", delivery->url);

  delivery->attempts++;
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json", delivery->body);
  soup_session_send_and_read_async (delivery->hooks->session, message, G_PRIORITY_DEFAULT,
                                    delivery->hooks->cancellable, answered_cb, delivery);
}

static GBytes *
make_body (const Hook *hook,
           gint64      now,
           const char *data)
{
  g_autofree char *token = g_strdup_printf ("%08x%08x%08x%08x%08x%08x", g_random_int (), g_random_int (),
                                            g_random_int (), g_random_int (), g_random_int (), g_random_int ());
  g_autofree char *message = g_strdup_printf ("%s%" G_GINT64_FORMAT, token, now);
  g_autofree char *signature = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) hook->secret,
                                                          strlen (hook->secret), message, -1);
  char *text = g_strdup_printf ("{\"event\":\"%s\",\"triggeredAt\":%" G_GINT64_FORMAT ",\"token\":\"%s\","
                                "\"signature\":\"%s\",\"data\":%s}",
                                hook->event, now, token, signature, data);

  return g_bytes_new_take (text, strlen (text));
}

void
sandbox_lever_hooks_deliver (SandboxLeverHooks *self,
                             const char        *event,
                             gint64             now,
                             const char        *data)
{
  if (!g_hash_table_contains (self->groups, event))
    return;
  for (guint i = 0; i < self->hooks->len; i++)
    {
      const Hook *hook = g_ptr_array_index (self->hooks, i);
      Delivery *delivery;

      if (!g_str_equal (hook->event, event))
        continue;
      delivery = g_new0 (Delivery, 1);
      delivery->hooks = self;
      delivery->url = g_strdup (hook->url);
      delivery->body = make_body (hook, now, data);
      g_ptr_array_add (self->deliveries, delivery);
      attempt (delivery);
    }
}
