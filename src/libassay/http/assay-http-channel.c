/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection's way to its vendor: the credential, the queue, and the pace.
 *
 * A channel belongs to the thread and main context it was made in. An exchange (one request on its way) waits
 * in one of two queues until the bucket lets it start; it then holds a turn until its attempt has ended, and
 * comes back to the head of its queue when it is to be repeated. Those that never had a turn don't keep the
 * channel alive: dropping it cancels them. */
#include "config.h"

#define G_LOG_DOMAIN "assay-http"

#include "assay-http-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* After so many that went before it, one background request has its turn. */
#define FAIR_SHARE 40u
/* How long after others it leaves them what the bucket holds: as long as these many take, in microseconds. */
#define QUIET_TOKENS 4.0
#define QUIET_LEAST G_USEC_PER_SEC
#define QUIET_MOST (10 * G_USEC_PER_SEC)

struct _AssayHttpChannel
{
  GObject parent_instance;

  AssayHttp *http;
  char *base_url;
  char *place;
  GMainContext *context;

  AssayHttpAuth auth;
  char *header;        /* for ASSAY_HTTP_AUTH_HEADER */
  SecretValue *secret; /* (nullable) */
  gboolean secret_is_sendable;
  AssayHttpTokens *tokens; /* (nullable): instead of a secret of its own */
  gboolean obtaining;      /* a token is on its way; nothing starts before */

  AssayHttpBucket bucket;
  gboolean hurried; /* the backoff is, too */
  GQueue interactive; /* of AssayHttpExchange, which own themselves */
  GQueue background;
  gint64 interactive_at; /* when one of them was started last, 0: never */
  guint favoured;        /* how many of them were started while a background one waited */
  GSource *timer; /* until the bucket lets the next one go */
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
clear_timer (AssayHttpChannel *self)
{
  if (self->timer == NULL)
    return;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
assay_http_channel_dispose (GObject *object)
{
  AssayHttpChannel *self = ASSAY_HTTP_CHANNEL (object);
  AssayHttpExchange *exchange;

  clear_timer (self);
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

  g_clear_object (&self->http);
  g_clear_object (&self->tokens);
  g_free (self->base_url);
  g_free (self->place);
  g_free (self->header);
  g_clear_pointer (&self->secret, secret_value_unref);
  g_main_context_unref (self->context);

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
  self->context = g_main_context_ref_thread_default ();
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
  AssayHttpPace own_pace;
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (ASSAY_IS_HTTP (http), NULL);
  g_return_val_if_fail (vendor_name != NULL, NULL);
  g_return_val_if_fail (base_url != NULL, NULL);
  g_return_val_if_fail (pace != NULL, NULL);
  uri = g_uri_parse (base_url, SOUP_HTTP_URI_FLAGS, NULL);
  g_return_val_if_fail (uri != NULL && g_uri_get_host (uri) != NULL, NULL);
  own_pace = *pace;

  self = g_object_new (ASSAY_TYPE_HTTP_CHANNEL, NULL);
  self->http = g_object_ref (http);
  self->base_url = g_strdup (base_url);
  /* Translators: a vendor and its host: "Pinpoint (acme.pinpointhq.com)" */
  self->place = g_strdup_printf (_("%s (%s)"), vendor_name, g_uri_get_host (uri));
  self->hurried = assay_http_is_hurried (g_uri_get_host (uri));
  if (self->hurried)
    own_pace = (AssayHttpPace) { .per_second = 10000, .burst = 10000, .concurrency = pace->concurrency };
  assay_http_bucket_init (&self->bucket, &own_pace, g_get_monotonic_time ());
  return self;
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

  return &self->bucket.pace;
}

guint
assay_http_channel_get_headroom (AssayHttpChannel *self)
{
  g_return_val_if_fail (ASSAY_IS_HTTP_CHANNEL (self), 0);

  return assay_http_bucket_get_headroom (&self->bucket, g_get_monotonic_time ());
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
  return self->bucket.paused_until;
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

static gboolean
timer_cb (gpointer user_data)
{
  AssayHttpChannel *self = user_data;

  clear_timer (self);
  assay_http_channel_dispatch (self);
  return G_SOURCE_REMOVE;
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

/* Whether a background request goes before all others now. */
static gboolean
is_turn_of_background (AssayHttpChannel *self)
{
  return self->favoured >= FAIR_SHARE && !g_queue_is_empty (&self->background);
}

/* Microseconds until the next one may start; ASSAY_HTTP_BUCKET_FULL when the end of another one has to be waited for. While
 * others come one after the other, as those of a bulk do, what is in the background leaves them the pace: the next one
 * isn't in the queue yet, and would have to wait for the token that it takes. */
static gint64
get_wait (AssayHttpChannel *self,
          gint64            now)
{
  gint64 wait = assay_http_bucket_get_wait (&self->bucket, now);
  gint64 quiet_at;

  if (wait != 0 || !g_queue_is_empty (&self->interactive) || is_turn_of_background (self) ||
      self->interactive_at == 0 ||
      /* A full bucket loses what comes in; less than that is what a bulk catches up with. */
      assay_http_bucket_get_headroom (&self->bucket, now) >= MAX (self->bucket.pace.burst, 2))
    return wait;
  quiet_at = self->interactive_at +
             CLAMP ((gint64) (QUIET_TOKENS / self->bucket.pace.per_second * G_USEC_PER_SEC), QUIET_LEAST, QUIET_MOST);
  return MAX (quiet_at - now, 0);
}

static AssayHttpExchange *
pop_next (AssayHttpChannel *self,
          gint64            now)
{
  AssayHttpExchange *exchange = is_turn_of_background (self) ? NULL : g_queue_pop_head (&self->interactive);

  if (exchange == NULL)
    {
      self->favoured = 0;
      return g_queue_pop_head (&self->background);
    }
  self->interactive_at = now;
  if (!g_queue_is_empty (&self->background))
    self->favoured++;
  return exchange;
}

void
assay_http_channel_dispatch (AssayHttpChannel *self)
{
  clear_timer (self);
  /* Starting one may end in a callback of the caller's, and that may drop the channel. */
  g_object_ref (self);
  while (!g_queue_is_empty (&self->interactive) || !g_queue_is_empty (&self->background))
    {
      gint64 now = g_get_monotonic_time ();
      gint64 wait = get_wait (self, now);
      AssayHttpExchange *exchange;

      if (wait == ASSAY_HTTP_BUCKET_FULL || !has_token (self))
        break;
      if (wait > 0)
        {
          clear_timer (self);
          self->timer = g_timeout_source_new ((guint) MIN ((wait + 999) / 1000, G_MAXINT));
          g_source_set_static_name (self->timer, "[assay] pace");
          g_source_set_callback (self->timer, timer_cb, self, NULL);
          g_source_attach (self->timer, self->context);
          break;
        }

      exchange = pop_next (self, now);
      assay_http_bucket_take (&self->bucket, now);
      assay_http_exchange_start (exchange);
    }
  g_object_unref (self);
}

void
assay_http_channel_release (AssayHttpChannel *self,
                            gboolean          was_welcome)
{
  assay_http_bucket_release (&self->bucket, was_welcome);
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
  gint64 now = g_get_monotonic_time ();

  assay_http_bucket_pause (&self->bucket, now, now + (gint64) milliseconds * 1000);
  check_queue (&self->interactive, self->bucket.paused_until);
  check_queue (&self->background, self->bucket.paused_until);
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
