/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection's way to its vendor: the credential and the queue.
 *
 * A channel belongs to the thread and main context it was made in. An exchange (one request on its way) waits
 * in one of two queues until the pacer lets it start; it then holds a turn until its attempt has ended, and
 * comes back to the head of its queue when it is to be repeated. Those that never had a turn don't keep the
 * channel alive: dropping it cancels them. */
#include "config.h"

#define G_LOG_DOMAIN "assay-http"

#include "assay-http-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-http-pacer.h"

struct _AssayHttpChannel
{
  GObject parent_instance;

  AssayHttp *http;
  char *base_url;
  char *place;

  AssayHttpAuth auth;
  char *header;        /* for ASSAY_HTTP_AUTH_HEADER */
  SecretValue *secret; /* (nullable) */
  gboolean secret_is_sendable;
  AssayHttpTokens *tokens; /* (nullable): instead of a secret of its own */
  gboolean obtaining;      /* a token is on its way; nothing starts before */

  AssayHttpPace pace;
  AssayHttpPacer *pacer;
  gboolean hurried;   /* neither paced nor with much of a backoff */
  GQueue interactive; /* of AssayHttpExchange, which own themselves */
  GQueue background;
  guint n_exchanges;
  guint64 n_sent;
  gint64 skew;         /* milliseconds that our clock is ahead */
  gboolean skew_known;
};

G_DEFINE_FINAL_TYPE (AssayHttpChannel, assay_http_channel, G_TYPE_OBJECT)

/* ---- Tokens ----------------------------------------------------------------------------------- */

G_DEFINE_INTERFACE (AssayHttpTokens, assay_http_tokens, G_TYPE_OBJECT)

static void
assay_http_tokens_default_init (AssayHttpTokensInterface *iface)
{
}

const char *
assay_http_tokens_peek (AssayHttpTokens *self)
{
  return ASSAY_HTTP_TOKENS_GET_IFACE (self)->peek (self);
}

void
assay_http_tokens_obtain_async (AssayHttpTokens     *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  ASSAY_HTTP_TOKENS_GET_IFACE (self)->obtain_async (self, cancellable, callback, user_data);
}

gboolean
assay_http_tokens_obtain_finish (AssayHttpTokens  *self,
                                 GAsyncResult     *result,
                                 GError          **error)
{
  return ASSAY_HTTP_TOKENS_GET_IFACE (self)->obtain_finish (self, result, error);
}

void
assay_http_tokens_reject (AssayHttpTokens *self,
                          const char      *token)
{
  ASSAY_HTTP_TOKENS_GET_IFACE (self)->reject (self, token);
}

const char *
assay_http_tokens_get_scope (AssayHttpTokens *self)
{
  return ASSAY_HTTP_TOKENS_GET_IFACE (self)->get_scope (self);
}

/* ---- The channel ------------------------------------------------------------------------------ */

static void
assay_http_channel_dispose (GObject *object)
{
  AssayHttpChannel *self = ASSAY_HTTP_CHANNEL (object);
  AssayHttpExchange *exchange;

  assay_http_pacer_remove (self->pacer, self);
  while ((exchange = g_queue_pop_head (&self->interactive)) != NULL)
    assay_http_exchange_abandon (exchange);
  while ((exchange = g_queue_pop_head (&self->background)) != NULL)
    assay_http_exchange_abandon (exchange);

  G_OBJECT_CLASS (assay_http_channel_parent_class)->dispose (object);
}

static void
assay_http_channel_finalize (GObject *object)
{
  AssayHttpChannel *self = ASSAY_HTTP_CHANNEL (object);

  g_clear_object (&self->pacer);
  g_clear_object (&self->http);
  g_clear_object (&self->tokens);
  g_free (self->base_url);
  g_free (self->place);
  g_free (self->header);
  g_clear_pointer (&self->secret, secret_value_unref);

  G_OBJECT_CLASS (assay_http_channel_parent_class)->finalize (object);
}

static void
assay_http_channel_class_init (AssayHttpChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_http_channel_dispose;
  object_class->finalize = assay_http_channel_finalize;
}

static void
assay_http_channel_init (AssayHttpChannel *self)
{
  g_queue_init (&self->interactive);
  g_queue_init (&self->background);
}

AssayHttpChannel *
assay_http_channel_new (AssayHttp           *http,
                        const char          *vendor_name,
                        const char          *base_url,
                        const AssayHttpPace *pace)
{
  AssayHttpChannel *self;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (ASSAY_IS_HTTP (http), NULL);
  g_return_val_if_fail (vendor_name != NULL, NULL);
  g_return_val_if_fail (base_url != NULL, NULL);
  g_return_val_if_fail (pace != NULL, NULL);
  uri = g_uri_parse (base_url, SOUP_HTTP_URI_FLAGS, NULL);
  g_return_val_if_fail (uri != NULL && g_uri_get_host (uri) != NULL, NULL);

  self = g_object_new (ASSAY_TYPE_HTTP_CHANNEL, NULL);
  self->http = g_object_ref (http);
  self->base_url = g_strdup (base_url);
  /* Translators: a vendor and its host: "Pinpoint (acme.pinpointhq.com)" */
  self->place = g_strdup_printf (_("%s (%s)"), vendor_name, g_uri_get_host (uri));
  self->hurried = assay_http_is_hurried (g_uri_get_host (uri));
  self->pace = *pace;
  if (self->hurried)
    self->pace = (AssayHttpPace) { .per_second = 10000, .burst = 10000, .concurrency = pace->concurrency };
  self->pacer = assay_http_pacer_new (&self->pace);
  assay_http_pacer_add (self->pacer, self);
  return self;
}

void
assay_http_channel_set_account (AssayHttpChannel *self,
                                gint64            account)
{
  g_autofree char *name = NULL;

  g_return_if_fail (ASSAY_IS_HTTP_CHANNEL (self));
  g_return_if_fail (self->n_exchanges == 0);

  if (account == 0)
    return;
  name = g_strdup_printf ("%" G_GINT64_FORMAT " %s", account, self->base_url);
  assay_http_pacer_remove (self->pacer, self);
  g_set_object (&self->pacer, assay_http_get_pacer (self->http, name, &self->pace));
  assay_http_pacer_add (self->pacer, self);
}

static gboolean
has_control_character (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;
  return FALSE;
}

void
assay_http_channel_set_credential (AssayHttpChannel *self,
                                   AssayHttpAuth     auth,
                                   const char       *header,
                                   const char       *secret)
{
  g_return_if_fail (ASSAY_IS_HTTP_CHANNEL (self));
  g_return_if_fail ((auth == ASSAY_HTTP_AUTH_HEADER) == (header != NULL));

  self->auth = auth;
  g_free (self->header);
  self->header = g_strdup (header);
  g_clear_pointer (&self->secret, secret_value_unref);
  if (secret == NULL)
    return;

  /* libsecret's own memory: not paged to disk, wiped when freed. */
  self->secret = secret_value_new (secret, -1, "text/plain");
  /* In Basic it is encoded, but a key with a line break in it is a slip of the clipboard there, too. */
  self->secret_is_sendable = *secret != '\0' && !has_control_character (secret) &&
                             (auth == ASSAY_HTTP_AUTH_BASIC || assay_http_is_header_value (secret));
}

void
assay_http_channel_set_tokens (AssayHttpChannel *self,
                               AssayHttpTokens  *tokens)
{
  g_return_if_fail (ASSAY_IS_HTTP_CHANNEL (self));
  g_return_if_fail (ASSAY_IS_HTTP_TOKENS (tokens));

  assay_http_channel_set_credential (self, ASSAY_HTTP_AUTH_BEARER, NULL, NULL);
  g_set_object (&self->tokens, tokens);
}

/* Whoever asks for the secret now gets that of the token of this moment. */
static void
take_token (AssayHttpChannel *self)
{
  const char *token = self->tokens != NULL ? assay_http_tokens_peek (self->tokens) : NULL;

  if (token != NULL && (self->secret == NULL || strcmp (secret_value_get (self->secret, NULL), token) != 0))
    assay_http_channel_set_credential (self, ASSAY_HTTP_AUTH_BEARER, NULL, token);
}

gboolean
assay_http_channel_has_tokens (AssayHttpChannel *self)
{
  return self->tokens != NULL;
}

SecretValue *
assay_http_channel_dup_token (AssayHttpChannel *self)
{
  return self->tokens != NULL && self->secret != NULL ? secret_value_ref (self->secret) : NULL;
}

void
assay_http_channel_reject (AssayHttpChannel *self,
                           SecretValue      *token)
{
  if (self->tokens != NULL && token != NULL)
    assay_http_tokens_reject (self->tokens, secret_value_get (token, NULL));
}

static void
set_secret_header (SoupMessage *message,
                   const char  *name,
                   char        *value)
{
  soup_message_headers_replace (soup_message_get_request_headers (message), name, value);
  explicit_bzero (value, strlen (value));
  g_free (value);
}

gboolean
assay_http_channel_authorize (AssayHttpChannel *self,
                              SoupMessage      *message)
{
  const char *secret;

  take_token (self);
  if (self->auth == ASSAY_HTTP_AUTH_NONE || self->secret == NULL)
    return TRUE;
  if (!self->secret_is_sendable)
    return FALSE;

  secret = secret_value_get (self->secret, NULL);
  switch (self->auth)
    {
    case ASSAY_HTTP_AUTH_BASIC:
      {
        char *plain = g_strconcat (secret, ":", NULL);
        char *encoded = g_base64_encode ((const guchar *) plain, strlen (plain));

        set_secret_header (message, "Authorization", g_strconcat ("Basic ", encoded, NULL));
        explicit_bzero (encoded, strlen (encoded));
        g_free (encoded);
        explicit_bzero (plain, strlen (plain));
        g_free (plain);
      }
      break;
    case ASSAY_HTTP_AUTH_BEARER:
      set_secret_header (message, "Authorization", g_strconcat ("Bearer ", secret, NULL));
      break;
    case ASSAY_HTTP_AUTH_TOKEN:
      set_secret_header (message, "Authorization", g_strconcat ("Token ", secret, NULL));
      break;
    case ASSAY_HTTP_AUTH_HEADER:
      set_secret_header (message, self->header, g_strdup (secret));
      break;
    case ASSAY_HTTP_AUTH_NONE:
    default:
      break;
    }
  return TRUE;
}

guint
assay_http_channel_get_queued (AssayHttpChannel *self)
{
  g_return_val_if_fail (ASSAY_IS_HTTP_CHANNEL (self), 0);

  return self->n_exchanges;
}

guint64
assay_http_channel_get_request_count (AssayHttpChannel *self)
{
  g_return_val_if_fail (ASSAY_IS_HTTP_CHANNEL (self), 0);

  return self->n_sent;
}

const AssayHttpPace *
assay_http_channel_get_pace (AssayHttpChannel *self)
{
  g_return_val_if_fail (ASSAY_IS_HTTP_CHANNEL (self), NULL);

  return &assay_http_pacer_get_bucket (self->pacer)->pace;
}

guint
assay_http_channel_get_headroom (AssayHttpChannel *self)
{
  g_return_val_if_fail (ASSAY_IS_HTTP_CHANNEL (self), 0);

  return assay_http_bucket_get_headroom (assay_http_pacer_get_bucket (self->pacer), g_get_monotonic_time ());
}

gboolean
assay_http_channel_get_clock_skew (AssayHttpChannel *self,
                                   gint64           *skew)
{
  g_return_val_if_fail (ASSAY_IS_HTTP_CHANNEL (self), FALSE);
  g_return_val_if_fail (skew != NULL, FALSE);

  *skew = self->skew;
  return self->skew_known;
}

void
assay_http_channel_note_date (AssayHttpChannel *self,
                              const char       *date)
{
  gint64 seconds = assay_http_parse_date (date);

  if (seconds == 0)
    return;
  self->skew = g_get_real_time () / 1000 - seconds * 1000;
  self->skew_known = TRUE;
}

AssayHttp *
assay_http_channel_get_http (AssayHttpChannel *self)
{
  return self->http;
}

guint
assay_http_channel_get_backoff_base (AssayHttpChannel *self)
{
  return self->hurried ? 1 : assay_http_get_backoff_base (self->http);
}

const char *
assay_http_channel_get_base_url (AssayHttpChannel *self)
{
  return self->base_url;
}

const char *
assay_http_channel_get_place (AssayHttpChannel *self)
{
  return self->place;
}

SecretValue *
assay_http_channel_get_secret (AssayHttpChannel *self)
{
  return self->secret;
}

gint64
assay_http_channel_get_paused_until (AssayHttpChannel *self)
{
  return assay_http_pacer_get_bucket (self->pacer)->paused_until;
}

void
assay_http_channel_count (AssayHttpChannel *self,
                          int               change)
{
  self->n_exchanges = (guint) ((int) self->n_exchanges + change);
}

void
assay_http_channel_count_sent (AssayHttpChannel *self)
{
  self->n_sent++;
}

void
assay_http_channel_enqueue (AssayHttpChannel  *self,
                            AssayHttpExchange *exchange,
                            gboolean           at_head)
{
  GQueue *queue = assay_http_exchange_is_background (exchange) ? &self->background : &self->interactive;

  if (at_head)
    g_queue_push_head (queue, exchange);
  else
    g_queue_push_tail (queue, exchange);
}

void
assay_http_channel_dequeue (AssayHttpChannel  *self,
                            AssayHttpExchange *exchange)
{
  g_queue_remove (assay_http_exchange_is_background (exchange) ? &self->background : &self->interactive,
                  exchange);
}

/* No token: none of those that wait can be sent. Those that come while they are told may have better luck. */
static void
fail_all (AssayHttpChannel *self,
          const GError     *error)
{
  GQueue *const queues[] = { &self->interactive, &self->background };

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    for (guint n = g_queue_get_length (queues[i]); n > 0 && !g_queue_is_empty (queues[i]); n--)
      assay_http_exchange_fail (g_queue_pop_head (queues[i]), g_error_copy (error));
}

static void
obtained_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (AssayHttpChannel) self = g_weak_ref_get (weak);
  g_autoptr (GError) error = NULL;
  gboolean obtained = assay_http_tokens_obtain_finish (ASSAY_HTTP_TOKENS (source), result, &error);

  g_weak_ref_clear (weak);
  g_free (weak);
  if (self == NULL)
    return;
  self->obtaining = FALSE;
  if (!obtained)
    fail_all (self, error);
  assay_http_channel_dispatch (self);
}

/* Whether there is a token to send. If there isn't, one is asked for, and what comes of that dispatches again. */
static gboolean
has_token (AssayHttpChannel *self)
{
  GWeakRef *weak;

  if (self->tokens == NULL)
    return TRUE;
  if (self->obtaining)
    return FALSE;
  if (assay_http_tokens_peek (self->tokens) != NULL)
    return TRUE;
  self->obtaining = TRUE;
  /* Who waits for a turn doesn't keep the channel; nor does waiting for a token. */
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  assay_http_tokens_obtain_async (self->tokens, NULL, obtained_cb, weak);
  return FALSE;
}

gboolean
assay_http_channel_can_start (AssayHttpChannel *self,
                              gboolean          background)
{
  return !g_queue_is_empty (background ? &self->background : &self->interactive) && has_token (self);
}

void
assay_http_channel_start_next (AssayHttpChannel *self,
                               gboolean          background)
{
  assay_http_exchange_start (g_queue_pop_head (background ? &self->background : &self->interactive));
}

void
assay_http_channel_dispatch (AssayHttpChannel *self)
{
  assay_http_pacer_dispatch (self->pacer);
}

void
assay_http_channel_release (AssayHttpChannel *self,
                            gboolean          was_welcome)
{
  assay_http_bucket_release (assay_http_pacer_get_bucket (self->pacer), was_welcome);
}

static void
check_queue (GQueue *queue,
             gint64  paused_until)
{
  GList *link = queue->head;

  /* One that ends may call back, and the callback change the queue: begin again then. */
  while (link != NULL)
    link = assay_http_exchange_check_pause (link->data, paused_until) ? link->next : queue->head;
}

void
assay_http_channel_pause (AssayHttpChannel *self,
                          guint             milliseconds)
{
  AssayHttpBucket *bucket = assay_http_pacer_get_bucket (self->pacer);
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GPtrArray) channels = NULL;

  assay_http_bucket_pause (bucket, now, now + (gint64) milliseconds * 1000);
  channels = assay_http_pacer_list (self->pacer);
  for (guint i = 0; i < channels->len; i++)
    {
      AssayHttpChannel *channel = g_ptr_array_index (channels, i);

      check_queue (&channel->interactive, bucket->paused_until);
      check_queue (&channel->background, bucket->paused_until);
    }
}

void
assay_http_channel_send_async (AssayHttpChannel    *self,
                               AssayHttpRequest    *request,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (ASSAY_IS_HTTP_CHANNEL (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  assay_http_exchange_run (self, request, cancellable, callback, user_data);
}

AssayHttpResponse *
assay_http_channel_send_finish (AssayHttpChannel  *self,
                                GAsyncResult      *result,
                                GError           **error)
{
  g_return_val_if_fail (ASSAY_IS_HTTP_CHANNEL (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == assay_http_channel_send_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
