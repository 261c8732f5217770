/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request on its way: its attempts, redirects, waits, and its one end.
 *
 *      run ──▶ QUEUED ──▶ RUNNING ──▶ (answer) ──▶ ENDED
 *                ▲           │
 *                └─ WAITING ◀┘   a repeat that the kind allows; without WAITING when the whole channel pauses
 *
 * It ends exactly once: by an answer, by its deadline, by its cancellable, or with its channel. An attempt
 * may outlive it by a moment, until libsoup has let go; the turn is given back then. The important line is
 * the one between a connection that was never made and a request whose first byte may have left: libsoup
 * emits "starting" when it hands a message to a connection that is ready, TLS included, so before that signal
 * nothing can have taken effect. */
#include "config.h"

#define G_LOG_DOMAIN "assay-http"

#include "assay-http-private.h"

#include "assay-http-body.h"
#include "assay-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_REDIRECTS 3
#define MAX_ATTEMPTS_CONNECT 3 /* who is offline shouldn't wait long to hear it */
#define MAX_ATTEMPTS_BODY 3
#define MAX_ATTEMPTS_LOST 5 /* a lost answer, a 5xx */
#define MAX_ATTEMPTS_LIMITED 8
#define ERROR_BODY_LIMIT (64u * 1024u)
#define PARSE_INLINE_LIMIT (64u * 1024u)

typedef enum
{
  STATE_QUEUED,
  STATE_RUNNING,
  STATE_WAITING,
} State;

struct _AssayHttpExchange
{
  int ref_count;

  AssayHttpChannel *channel; /* borrowed until the first turn, then owned */
  gboolean owns_channel;
  AssayHttpRequest *request;
  GUri *original_uri;
  GUri *base_uri; /* the channel's: where the credential may go */
  GMainContext *context;

  GCancellable *cancellable; /* the caller's; NULL if it gave none */
  GAsyncReadyCallback callback;
  gpointer user_data;
  GTask *task; /* from the first turn, or from the end if there was none: it keeps the channel alive */

  State state;
  gboolean ended;
  gint64 deadline;
  GSource *deadline_source;
  GSource *cancel_source;
  GSource *retry_source;
  GSource *silence_source;
  guint n_attempts;
  guint n_redirects;
  gboolean token_renewed; /* a token was refused, and it was sent again with a new one */
  GError *last_error; /* why it is being repeated */

  /* The attempt under way, if any. */
  gboolean has_turn;
  gboolean was_silent;
  GUri *uri;
  SoupMessage *message;
  SecretValue *token; /* (nullable): the one it was sent with, if that can be renewed */
  GCancellable *attempt_cancellable;
  AssayHttpPhase phase;
  gint64 started_at;
};

/* ---- Life ------------------------------------------------------------------------------------- */

static AssayHttpExchange *
exchange_ref (AssayHttpExchange *self)
{
  self->ref_count++;
  return self;
}

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
clear_message (AssayHttpExchange *self)
{
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
}

static void
exchange_unref (AssayHttpExchange *self)
{
  if (--self->ref_count > 0)
    return;

  clear_source (&self->deadline_source);
  clear_source (&self->cancel_source);
  clear_source (&self->retry_source);
  clear_source (&self->silence_source);
  g_clear_error (&self->last_error);
  g_clear_pointer (&self->request, assay_http_request_free);
  g_clear_pointer (&self->original_uri, g_uri_unref);
  g_clear_pointer (&self->base_uri, g_uri_unref);
  g_clear_pointer (&self->uri, g_uri_unref);
  clear_message (self);
  g_clear_pointer (&self->token, secret_value_unref);
  g_clear_object (&self->attempt_cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->task);
  g_main_context_unref (self->context);
  if (self->owns_channel)
    g_object_unref (self->channel);
  g_free (self);
}

static void
ensure_task (AssayHttpExchange *self)
{
  if (self->task != NULL)
    return;
  self->task = g_task_new (self->channel, self->cancellable, self->callback, self->user_data);
  g_task_set_source_tag (self->task, assay_http_channel_send_async);
  g_task_set_name (self->task, "[assay] request");
  /* Whether a cancelled request ends as cancelled or as unsure is decided here. */
  g_task_set_check_cancellable (self->task, FALSE);
}

/* The one end. Takes @response or @error. Does nothing but free them when it has ended before. May call back
 * into the caller's code; @self may be gone afterwards. */
static void
exchange_end (AssayHttpExchange *self,
              AssayHttpResponse *response,
              GError            *error)
{
  g_autoptr (GTask) task = NULL;

  if (self->ended)
    {
      assay_http_response_free (response);
      g_clear_error (&error);
      return;
    }
  self->ended = TRUE;
  if (self->state == STATE_QUEUED)
    assay_http_channel_dequeue (self->channel, self);
  assay_http_channel_count (self->channel, -1);
  clear_source (&self->cancel_source);
  clear_source (&self->retry_source);
  clear_source (&self->silence_source);
  if (!self->has_turn)
    clear_source (&self->deadline_source);

  ensure_task (self);
  task = g_steal_pointer (&self->task);
  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify) assay_http_response_free);
  else
    g_task_return_error (task, error);
  exchange_unref (self);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  AssayHttpExchange *self = user_data;
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  if (self->state == STATE_RUNNING && self->request->kind == ASSAY_HTTP_ONCE &&
      self->phase == ASSAY_HTTP_PHASE_STARTED)
    {
      GError *cancelled = error;

      /* The attempt goes on: half a request would be worse than a whole one. */
      error = assay_http_problem_from_network (assay_http_channel_get_place (self->channel),
                                               g_uri_get_host (self->original_uri), ASSAY_HTTP_ONCE,
                                               ASSAY_HTTP_PHASE_STARTED, 0, cancelled);
      g_error_free (cancelled);
    }
  else if (self->attempt_cancellable != NULL)
    g_cancellable_cancel (self->attempt_cancellable);
  exchange_end (self, NULL, error);
  return G_SOURCE_REMOVE;
}

static gboolean
deadline_cb (gpointer user_data)
{
  AssayHttpExchange *self = user_data;
  const char *place = assay_http_channel_get_place (self->channel);
  GError *error;

  clear_source (&self->deadline_source);
  if (self->state == STATE_RUNNING)
    {
      g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Deadline");

      error = assay_http_problem_from_network (place, g_uri_get_host (self->original_uri),
                                               self->request->kind, self->phase, 0, reason);
    }
  else if (self->last_error != NULL)
    error = g_steal_pointer (&self->last_error);
  else
    error = g_error_new (ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                         _("Too many requests to %s are waiting. Try again later."), place);

  exchange_ref (self);
  if (self->attempt_cancellable != NULL)
    g_cancellable_cancel (self->attempt_cancellable);
  exchange_end (self, NULL, error);
  exchange_unref (self);
  return G_SOURCE_REMOVE;
}

static GSource *
add_timeout (AssayHttpExchange *self,
             gint64             milliseconds,
             GSourceFunc        function,
             const char        *name)
{
  GSource *source = g_timeout_source_new ((guint) CLAMP (milliseconds, 0, G_MAXINT));

  g_source_set_static_name (source, name);
  g_source_set_callback (source, function, self, NULL);
  g_source_attach (source, self->context);
  return source;
}

void
assay_http_exchange_run (AssayHttpChannel    *channel,
                         AssayHttpRequest    *request,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  AssayHttpExchange *self = g_new0 (AssayHttpExchange, 1);
  GError *error = NULL;

  self->ref_count = 1;
  self->channel = channel;
  self->request = request;
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->callback = callback;
  self->user_data = user_data;
  self->deadline = g_get_monotonic_time () + (gint64) request->deadline_ms * 1000;
  self->state = STATE_WAITING; /* not in the queue yet */
  assay_http_channel_count (channel, 1);

  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    {
      exchange_end (self, NULL, error);
      return;
    }
  self->original_uri =
    assay_http_request_build_uri (request, assay_http_channel_get_base_url (channel), &error);
  if (error == NULL && request->malformed)
    g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                         _("This request has a header that can't be sent, so nothing was sent."));
  if (error != NULL)
    {
      exchange_end (self, NULL, error);
      return;
    }

  self->base_uri = g_uri_parse (assay_http_channel_get_base_url (channel), SOUP_HTTP_URI_FLAGS, NULL);
  self->deadline_source = add_timeout (self, request->deadline_ms, deadline_cb, "[assay] deadline");
  if (cancellable != NULL)
    {
      self->cancel_source = g_cancellable_source_new (cancellable);
      g_source_set_static_name (self->cancel_source, "[assay] cancel");
      g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancelled_cb), self, NULL);
      g_source_attach (self->cancel_source, self->context);
    }

  self->state = STATE_QUEUED;
  assay_http_channel_enqueue (channel, self, FALSE);
  if (assay_http_exchange_check_pause (self, assay_http_channel_get_paused_until (channel)))
    assay_http_channel_dispatch (channel);
}

gboolean
assay_http_exchange_is_background (AssayHttpExchange *self)
{
  return self->request->background;
}

gboolean
assay_http_exchange_check_pause (AssayHttpExchange *self,
                                 gint64             paused_until)
{
  gint64 now = g_get_monotonic_time ();
  AssayHttpAnswer answer = { .retry_after = -1 };

  if (paused_until <= now || paused_until < self->deadline)
    return TRUE;

  if (self->last_error != NULL)
    {
      exchange_end (self, NULL, g_steal_pointer (&self->last_error));
      return FALSE;
    }
  answer.place = assay_http_channel_get_place (self->channel);
  answer.status = ASSAY_HTTP_STATUS_TOO_MANY_REQUESTS;
  answer.retry_after = (int) ((paused_until - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  exchange_end (self, NULL, assay_http_problem_from_status (&answer, self->request->kind));
  return FALSE;
}

void
assay_http_exchange_abandon (AssayHttpExchange *self)
{
  self->state = STATE_WAITING; /* out of the queue */
  exchange_end (self, NULL,
                g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                     _("The connection was closed before the request had its turn.")));
}

void
assay_http_exchange_fail (AssayHttpExchange *self,
                          GError            *error)
{
  self->state = STATE_WAITING; /* out of the queue */
  exchange_end (self, NULL, error);
}

/* ---- An attempt ------------------------------------------------------------------------------- */

static void
starting_cb (SoupMessage       *message,
             AssayHttpExchange *self)
{
  self->phase = ASSAY_HTTP_PHASE_STARTED;
}

static void
network_event_cb (SoupMessage        *message,
                  GSocketClientEvent  event,
                  GIOStream          *connection,
                  AssayHttpExchange  *self)
{
  if (self->phase == ASSAY_HTTP_PHASE_STARTED)
    return;
  switch (event)
    {
    case G_SOCKET_CLIENT_RESOLVING:
      self->phase = ASSAY_HTTP_PHASE_RESOLVING;
      break;
    case G_SOCKET_CLIENT_PROXY_NEGOTIATING:
      self->phase = ASSAY_HTTP_PHASE_PROXY;
      break;
    case G_SOCKET_CLIENT_TLS_HANDSHAKING:
      self->phase = ASSAY_HTTP_PHASE_TLS;
      break;
    case G_SOCKET_CLIENT_RESOLVED:
    case G_SOCKET_CLIENT_CONNECTING:
    case G_SOCKET_CLIENT_CONNECTED:
    case G_SOCKET_CLIENT_PROXY_NEGOTIATED:
    case G_SOCKET_CLIENT_TLS_HANDSHAKED:
    case G_SOCKET_CLIENT_COMPLETE:
    default:
      self->phase = ASSAY_HTTP_PHASE_CONNECTING;
      break;
    }
}

static gboolean
silence_cb (gpointer user_data)
{
  AssayHttpExchange *self = user_data;

  /* Half of the time went by without an answer; the other half is better spent on asking again. */
  clear_source (&self->silence_source);
  self->was_silent = TRUE;
  g_cancellable_cancel (self->attempt_cancellable);
  return G_SOURCE_REMOVE;
}

static void
log_attempt (AssayHttpExchange *self,
             const GError      *error)
{
  g_autofree char *path = NULL;
  guint milliseconds = (guint) ((g_get_monotonic_time () - self->started_at) / 1000);

  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;
  path = self->request->private_path ? g_strdup ("/***")
                                     : assay_http_mask_path (g_uri_get_path (self->uri), g_uri_get_query (self->uri));
  if (error != NULL)
    g_debug ("%s %s %s: %s %d in phase %u, %u ms, attempt %u", self->request->method,
             g_uri_get_host (self->uri), path, g_quark_to_string (error->domain), error->code, self->phase,
             milliseconds, self->n_attempts);
  else
    g_debug ("%s %s %s: %u, %u ms, attempt %u", self->request->method, g_uri_get_host (self->uri), path,
             soup_message_get_status (self->message), milliseconds, self->n_attempts);
}

/* The wire is done with: the turn goes back to the channel. */
static void
give_turn_back (AssayHttpExchange *self,
                gboolean           was_welcome)
{
  g_return_if_fail (self->has_turn);

  self->has_turn = FALSE;
  clear_source (&self->silence_source);
  if (self->ended)
    clear_source (&self->deadline_source);
  assay_http_channel_release (self->channel, was_welcome);
}

static void
enqueue_again (AssayHttpExchange *self)
{
  self->state = STATE_QUEUED;
  assay_http_channel_enqueue (self->channel, self, TRUE);
}

static gboolean
retry_cb (gpointer user_data)
{
  AssayHttpExchange *self = user_data;

  clear_source (&self->retry_source);
  enqueue_again (self);
  assay_http_channel_dispatch (self->channel);
  return G_SOURCE_REMOVE;
}

/* Repeats the request after @wait milliseconds (-1: as the backoff says) if it may have @max_attempts and its
 * deadline allows, else ends it with @error, which it takes. @pause: the whole channel waits with it. */
static void
retry_or_end (AssayHttpExchange *self,
              GError            *error,
              guint              max_attempts,
              gint64             wait,
              gboolean           pause)
{
  if (wait < 0)
    wait = assay_http_get_backoff (assay_http_channel_get_backoff_base (self->channel), self->n_attempts,
                                   g_random_double ());

  if (self->ended)
    {
      g_error_free (error);
      if (pause)
        assay_http_channel_pause (self->channel, (guint) wait);
      return;
    }

  g_clear_error (&self->last_error);
  self->last_error = g_error_copy (error);
  self->state = STATE_WAITING;
  if (pause)
    assay_http_channel_pause (self->channel, (guint) wait);
  if (self->n_attempts >= max_attempts || g_get_monotonic_time () + wait * 1000 >= self->deadline)
    {
      exchange_end (self, NULL, error);
      return;
    }
  g_error_free (error);

  g_clear_pointer (&self->uri, g_uri_unref);
  self->n_redirects = 0;
  if (pause)
    {
      enqueue_again (self);
      assay_http_exchange_check_pause (self, assay_http_channel_get_paused_until (self->channel));
    }
  else
    self->retry_source = add_timeout (self, wait, retry_cb, "[assay] retry");
}

static gboolean
may_repeat (AssayHttpExchange *self)
{
  return self->request->kind != ASSAY_HTTP_ONCE;
}

/* What the answer of the attempt is, for a sentence. */
static AssayHttpAnswer
describe_answer (AssayHttpExchange *self,
                 GBytes            *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);

  return (AssayHttpAnswer) {
    .place = assay_http_channel_get_place (self->channel),
    .secret = assay_http_channel_get_secret (self->channel),
    .signed_in = assay_http_channel_has_tokens (self->channel),
    .status = soup_message_get_status (self->message),
    .content_type = soup_message_headers_get_one (headers, "Content-Type"),
    .body = body,
    .retry_after = assay_http_parse_retry_after (soup_message_headers_get_one (headers, "Retry-After"),
                                                 soup_message_headers_get_one (headers, "Date"),
                                                 g_get_real_time () / G_USEC_PER_SEC),
  };
}

static void
handle_network_error (AssayHttpExchange *self,
                      const GError      *reason)
{
  g_autoptr (GError) timed_out = NULL;
  AssayHttpPhase phase = self->phase;
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (self->message);
  GError *error;

  if (self->was_silent)
    {
      timed_out = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Silence");
      reason = timed_out;
    }
  error =
    assay_http_problem_from_network (assay_http_channel_get_place (self->channel), g_uri_get_host (self->uri),
                                     self->request->kind, phase, flags, reason);
  if (phase != ASSAY_HTTP_PHASE_STARTED)
    /* A certificate that is refused will be refused again. */
    retry_or_end (self, error, reason->domain == G_TLS_ERROR && flags != 0 ? 0 : MAX_ATTEMPTS_CONNECT, -1,
                  FALSE);
  else
    retry_or_end (self, error, may_repeat (self) ? MAX_ATTEMPTS_LOST : 0, -1, FALSE);
}

/* A 2xx whose body is of no use. */
static void
handle_bad_body (AssayHttpExchange *self,
                 GBytes            *body,
                 const GError      *reason)
{
  AssayHttpAnswer answer = describe_answer (self, body);
  guint max_attempts = MAX_ATTEMPTS_BODY;

  /* A web page stays one, and what is too long as well. */
  if (!may_repeat (self) || assay_http_answer_is_html (&answer) ||
      g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    max_attempts = 0;
  retry_or_end (self, assay_http_problem_from_body (&answer, self->request->kind, reason), max_attempts, -1,
                FALSE);
}

static void
handle_document (AssayHttpExchange *self,
                 GBytes            *body,
                 JsonNode          *root,
                 const GError      *reason)
{
  /* A number that was cut short is still a number: it proves nothing about the rest. */
  if (root != NULL && JSON_NODE_HOLDS_VALUE (root) && json_node_get_value_type (root) != G_TYPE_STRING &&
      json_node_get_value_type (root) != G_TYPE_BOOLEAN)
    {
      json_node_unref (root);
      root = NULL;
    }
  if (root == NULL)
    {
      handle_bad_body (self, body, reason);
      return;
    }
  exchange_end (self,
                assay_http_response_new (soup_message_get_status (self->message),
                                         soup_message_get_response_headers (self->message), root),
                NULL);
}

static void
parse_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (task_data, &length);
  JsonNode *root = assay_json_parse (data, length, &error);

  if (root != NULL)
    g_task_return_pointer (task, root, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
parsed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  AssayHttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  JsonNode *root = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->ended)
    g_clear_pointer (&root, json_node_unref);
  else
    handle_document (self, g_task_get_task_data (G_TASK (result)), root, error);
  exchange_unref (self);
}

/* A 2xx with its whole body. */
static void
handle_good_status (AssayHttpExchange *self,
                    GBytes            *body)
{
  guint status = soup_message_get_status (self->message);
  gsize length;
  const char *data = g_bytes_get_data (body, &length);

  if (self->ended)
    return;
  if (status == SOUP_STATUS_NO_CONTENT && length == 0)
    {
      exchange_end (self,
                    assay_http_response_new (status, soup_message_get_response_headers (self->message), NULL),
                    NULL);
      return;
    }
  if (status == SOUP_STATUS_PARTIAL_CONTENT)
    {
      /* A part was never asked for. */
      handle_bad_body (self, body, NULL);
      return;
    }
  if (self->request->download)
    {
      AssayHttpResponse *response =
        assay_http_response_new (status, soup_message_get_response_headers (self->message), NULL);

      assay_http_response_set_bytes (response, body);
      exchange_end (self, response, NULL);
      return;
    }
  if (length <= PARSE_INLINE_LIMIT)
    {
      g_autoptr (GError) error = NULL;
      JsonNode *root = assay_json_parse (data, length, &error);

      handle_document (self, body, root, error);
    }
  else
    {
      /* Its source is nobody: whatever is unreferenced in the thread must not be the channel. */
      g_autoptr (GTask) task = g_task_new (NULL, NULL, parsed_cb, exchange_ref (self));

      g_task_set_source_tag (task, handle_good_status);
      g_task_set_task_data (task, g_bytes_ref (body), (GDestroyNotify) g_bytes_unref);
      g_task_run_in_thread (task, parse_thread);
    }
}

static gboolean
is_redirect (guint status)
{
  return status == SOUP_STATUS_MOVED_PERMANENTLY || status == SOUP_STATUS_FOUND ||
         status == SOUP_STATUS_SEE_OTHER || status == SOUP_STATUS_TEMPORARY_REDIRECT ||
         status == SOUP_STATUS_PERMANENT_REDIRECT;
}

/* Whether a read may go on to @target. */
static gboolean
may_follow (AssayHttpExchange *self,
            GUri              *target)
{
  if (self->request->download)
    /* From https it stays https. */
    return assay_http_is_download_origin (target, self->base_uri) &&
           (strcmp (g_uri_get_scheme (self->uri), "https") != 0 ||
            strcmp (g_uri_get_scheme (target), "https") == 0);
  return assay_http_is_same_origin (target, self->original_uri) && g_uri_get_userinfo (target) == NULL;
}

static void
handle_redirect (AssayHttpExchange *self,
                 GBytes            *body)
{
  AssayHttpAnswer answer = describe_answer (self, body);
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (self->message), "Location");
  g_autoptr (GUri) target = NULL;

  if (location != NULL && assay_http_is_header_value (location))
    target = g_uri_parse_relative (self->uri, location, SOUP_HTTP_URI_FLAGS, NULL);

  if (self->request->kind == ASSAY_HTTP_READ && strcmp (self->request->method, "GET") == 0 &&
      target != NULL && may_follow (self, target))
    {
      if (self->n_redirects++ < MAX_REDIRECTS)
        {
          g_uri_unref (self->uri);
          self->uri = g_steal_pointer (&target);
          self->n_attempts--; /* it isn't a repeat */
          enqueue_again (self);
          return;
        }
      g_clear_pointer (&target, g_uri_unref);
    }
  exchange_end (self, NULL,
                assay_http_problem_from_redirect (&answer, self->request->kind,
                                                  target != NULL ? g_uri_get_host (target) : NULL));
}

/* Any status but 2xx; @body: (nullable): its beginning. */
static void
handle_other_status (AssayHttpExchange *self,
                     GBytes            *body)
{
  AssayHttpAnswer answer = describe_answer (self, body);
  AssayHttpKind kind = self->request->kind;
  guint status = answer.status;
  gboolean has_retry_after = answer.retry_after >= 0;
  GError *error;

  if (is_redirect (status))
    {
      if (!self->ended)
        handle_redirect (self, body);
      return;
    }

  if (self->request->download && status >= 400 && status < 500 &&
      !assay_http_is_same_origin (self->uri, self->base_uri))
    {
      exchange_end (self, NULL, assay_http_problem_from_download (&answer, g_uri_get_host (self->uri)));
      return;
    }
  if (status == SOUP_STATUS_UNAUTHORIZED && self->token != NULL)
    {
      /* Also for what must not happen twice: who isn't let in does nothing. */
      assay_http_channel_reject (self->channel, self->token);
      if (!self->ended && !self->token_renewed)
        {
          self->token_renewed = TRUE;
          self->n_attempts--; /* it isn't a repeat */
          enqueue_again (self);
          return;
        }
    }

  error = assay_http_problem_from_status (&answer, kind);
  if (status == ASSAY_HTTP_STATUS_TOO_MANY_REQUESTS ||
      (status == SOUP_STATUS_SERVICE_UNAVAILABLE && has_retry_after))
    retry_or_end (self, error, MAX_ATTEMPTS_LIMITED,
                  has_retry_after ? (gint64) answer.retry_after * 1000 : -1, TRUE);
  else if (may_repeat (self) && (status == SOUP_STATUS_REQUEST_TIMEOUT ||
                                 (status >= 500 && status != SOUP_STATUS_NOT_IMPLEMENTED &&
                                  status != SOUP_STATUS_HTTP_VERSION_NOT_SUPPORTED)))
    retry_or_end (self, error, MAX_ATTEMPTS_LOST, -1, FALSE);
  else
    exchange_end (self, NULL, error);
}

static void
body_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  AssayHttpExchange *self = user_data;
  g_autoptr (AssayHttpChannel) channel = g_object_ref (self->channel);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  guint status = soup_message_get_status (self->message);

  body = assay_http_body_read_finish (G_INPUT_STREAM (source), result, &error);
  /* Whatever wasn't read must not be taken for the next answer: libsoup closes what is cancelled. When all
   * was read this does nothing. */
  g_cancellable_cancel (self->attempt_cancellable);
  log_attempt (self, error);
  give_turn_back (self, status != ASSAY_HTTP_STATUS_TOO_MANY_REQUESTS);

  if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    /* The status is an answer by itself; only the vendor's words are lost with the body. */
    handle_other_status (self, body);
  else if (body != NULL)
    handle_good_status (self, body);
  else if (!self->ended)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
          g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
          g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
        handle_bad_body (self, NULL, error);
      else
        handle_network_error (self, error);
    }
  assay_http_channel_dispatch (channel);
  exchange_unref (self);
}

/* Whether the answer is to what was asked, and framed in one way only. */
static gboolean
is_sound (AssayHttpExchange *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  const char *lengths = soup_message_headers_get_list (headers, "Content-Length");
  const char *encoding = soup_message_headers_get_list (headers, "Content-Encoding");

  /* libsoup 3.2 takes two different lengths and believes one of them. */
  if (lengths != NULL && strchr (lengths, ',') != NULL)
    return FALSE;
  if (encoding != NULL && g_ascii_strcasecmp (encoding, "gzip") != 0 &&
      g_ascii_strcasecmp (encoding, "identity") != 0)
    return FALSE;
  return strcmp (soup_message_get_method (self->message), self->request->method) == 0 &&
         soup_uri_equal (soup_message_get_uri (self->message), self->uri);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  AssayHttpExchange *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = NULL;
  AssayHttpBodyFlags flags = ASSAY_HTTP_BODY_NONE;
  gsize limit = self->request->max_body;
  const char *encoding;

  stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (stream != NULL && is_sound (self))
    {
      clear_source (&self->silence_source);
      assay_http_channel_note_date (self->channel,
                                    soup_message_headers_get_one (
                                      soup_message_get_response_headers (self->message), "Date"));
      if (!SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (self->message)))
        {
          flags |= ASSAY_HTTP_BODY_PREFIX;
          limit = ERROR_BODY_LIMIT;
        }
      encoding =
        soup_message_headers_get_list (soup_message_get_response_headers (self->message), "Content-Encoding");
      if (encoding != NULL && g_ascii_strcasecmp (encoding, "gzip") == 0)
        flags |= ASSAY_HTTP_BODY_GZIP;
      assay_http_body_read_async (stream, flags, limit, self->attempt_cancellable, body_read_cb, self);
      return;
    }

  {
    g_autoptr (AssayHttpChannel) channel = g_object_ref (self->channel);

    g_cancellable_cancel (self->attempt_cancellable);
    g_clear_object (&stream);
    log_attempt (self, error);
    give_turn_back (self, TRUE);
    if (!self->ended)
      {
        if (error != NULL)
          handle_network_error (self, error);
        else
          handle_bad_body (self, NULL, NULL);
      }
    assay_http_channel_dispatch (channel);
    exchange_unref (self);
  }
}

static void
begin_attempt (AssayHttpExchange *self)
{
  AssayHttpRequest *request = self->request;
  SoupMessageHeaders *headers;

  if (self->uri == NULL)
    self->uri = g_uri_ref (self->original_uri);
  clear_message (self);
  g_clear_object (&self->attempt_cancellable);
  self->message = soup_message_new_from_uri (request->method, self->uri);
  self->attempt_cancellable = g_cancellable_new ();
  self->phase = ASSAY_HTTP_PHASE_NONE;
  self->was_silent = FALSE;
  self->started_at = g_get_monotonic_time ();
  self->n_attempts++;

  /* libsoup would turn a redirected POST into a GET and report that one's success, and would carry a key
   * header on to a stranger. */
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  /* On a reused connection that turns out dead, libsoup sends a PUT or DELETE again by itself, and a body that it has
   * read to its end is empty the second time; 3.2.3 ends one without a body twice, too. */
  if (request->kind != ASSAY_HTTP_READ || request->body != NULL)
    soup_message_add_flags (self->message, SOUP_MESSAGE_NEW_CONNECTION);

  headers = soup_message_get_request_headers (self->message);
  soup_message_headers_replace (headers, "Accept", request->download ? "*/*" : "application/json");
  soup_message_headers_replace (headers, "Accept-Encoding", "gzip");
  for (guint i = 0; i < request->headers->len; i++)
    {
      AssayHttpHeader *header = g_ptr_array_index (request->headers, i);

      soup_message_headers_replace (headers, header->name, header->value);
    }
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (self->message, request->content_type, request->body);

  g_clear_pointer (&self->token, secret_value_unref);
  if (assay_http_is_same_origin (self->uri, self->base_uri) &&
      !assay_http_channel_authorize (self->channel, self->message))
    {
      give_turn_back (self, TRUE);
      exchange_end (
        self, NULL,
        g_error_new (ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED,
                     _("The key for %s can't be right: it is empty or has a line break or another "
                       "character in it that no key has. Enter it again."),
                     assay_http_channel_get_place (self->channel)));
      return;
    }

  if (assay_http_is_same_origin (self->uri, self->base_uri))
    self->token = assay_http_channel_dup_token (self->channel);
  g_signal_connect (self->message, "starting", G_CALLBACK (starting_cb), self);
  g_signal_connect (self->message, "network-event", G_CALLBACK (network_event_cb), self);
  if (may_repeat (self))
    self->silence_source = add_timeout (self, request->deadline_ms / 2, silence_cb, "[assay] silence");
  assay_http_channel_count_sent (self->channel);
  soup_session_send_async (assay_http_get_session (assay_http_channel_get_http (self->channel), self->uri),
                           self->message, G_PRIORITY_DEFAULT, self->attempt_cancellable, sent_cb,
                           exchange_ref (self));
}

void
assay_http_exchange_start (AssayHttpExchange *self)
{
  GError *error = NULL;

  self->state = STATE_RUNNING;
  self->has_turn = TRUE;
  if (!self->owns_channel)
    {
      g_object_ref (self->channel);
      self->owns_channel = TRUE;
      ensure_task (self);
    }
  /* Cancelled a moment ago, and the source hasn't had its turn. */
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    {
      give_turn_back (self, TRUE);
      exchange_end (self, NULL, error);
      return;
    }
  begin_attempt (self);
}
