/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loopback address to which a browser is sent back after consent. */
#include "config.h"

#include "assay-oauth-listener.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-error.h"

#define DEFAULT_PATH "/callback"
/* Browsers open a few connections ahead of need. */
#define MAX_CONNECTIONS 8
#define TIME_PER_CONNECTION 10000 /* milliseconds */

struct _AssayOauthListener
{
  GObject parent_instance;

  GSocketService *service;
  char *redirect_url;
  char *path;
  char *state;
  guint port;
  guint n_connections;
  AssayOauthListenerFunc function;
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (AssayOauthListener, assay_oauth_listener, G_TYPE_OBJECT)

static void
assay_oauth_listener_finalize (GObject *object)
{
  AssayOauthListener *self = ASSAY_OAUTH_LISTENER (object);

  assay_oauth_listener_close (self);
  g_clear_object (&self->service);
  g_free (self->redirect_url);
  g_free (self->path);
  g_free (self->state);

  G_OBJECT_CLASS (assay_oauth_listener_parent_class)->finalize (object);
}

static void
assay_oauth_listener_class_init (AssayOauthListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_oauth_listener_finalize;
}

static void
assay_oauth_listener_init (AssayOauthListener *self)
{
}

/* (transfer full) (nullable) */
static GUri *
parse_redirect_url (const char  *redirect_url,
                    GError     **error)
{
  g_autoptr (GUri) uri = g_uri_parse (redirect_url, G_URI_FLAGS_ENCODED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host != NULL && strcmp (g_uri_get_scheme (uri), "http") == 0 && g_uri_get_port (uri) > 0 &&
      (g_ascii_strcasecmp (host, "localhost") == 0 || strcmp (host, "127.0.0.1") == 0 || strcmp (host, "::1") == 0) &&
      g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL)
    return g_steal_pointer (&uri);

  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %s is what was typed */
               _ ("“%s” can't be a redirect address. Enter one of this computer with a port, as it is registered, such "
                  "as http://127.0.0.1:47113/callback."),
               redirect_url);
  return NULL;
}

char *
assay_oauth_check_redirect_url (const char *redirect_url,
                                GError    **error)
{
  g_autoptr (GUri) uri = parse_redirect_url (redirect_url, error);

  return uri != NULL ? g_strdup (redirect_url) : NULL;
}

/* A connection: its head is read, its page written, and it is closed. */
typedef struct
{
  AssayOauthListener *listener;
  GSocketConnection *connection;
  GCancellable *cancellable;
  guint timer_id;
  gsize length;
  GBytes *answer;
  char head[ASSAY_OAUTH_MAX_HEAD];
} Visit;

static void
visit_free (Visit *visit)
{
  g_clear_handle_id (&visit->timer_id, g_source_remove);
  g_io_stream_close_async (G_IO_STREAM (visit->connection), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (visit->connection);
  g_object_unref (visit->cancellable);
  g_clear_pointer (&visit->answer, g_bytes_unref);
  visit->listener->n_connections--;
  g_object_unref (visit->listener);
  explicit_bzero (visit->head, sizeof visit->head);
  g_free (visit);
}

static void
timer_cb (gpointer user_data)
{
  Visit *visit = user_data;

  visit->timer_id = 0;
  g_cancellable_cancel (visit->cancellable);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  /* A browser that went away misses a page, nothing else. */
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  visit_free (user_data);
}

static void
answer (Visit *visit)
{
  AssayOauthListener *self = visit->listener;
  g_autoptr (AssayOauthCallback) callback =
    assay_oauth_callback_parse (visit->head, visit->length, self->port, self->path, self->state);
  AssayOauthPage page = ASSAY_OAUTH_PAGE_ALREADY;

  if (callback->kind == ASSAY_OAUTH_CALLBACK_ELSEWHERE)
    page = ASSAY_OAUTH_PAGE_NOT_FOUND;
  else if (callback->kind == ASSAY_OAUTH_CALLBACK_MALFORMED)
    page = ASSAY_OAUTH_PAGE_MALFORMED;
  else if (callback->kind == ASSAY_OAUTH_CALLBACK_WRONG_STATE)
    page = ASSAY_OAUTH_PAGE_WRONG_STATE;
  else if (self->function != NULL)
    page = self->function (callback, self->user_data);

  visit->answer = assay_oauth_page_to_bytes (page);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (visit->connection)),
                                   g_bytes_get_data (visit->answer, NULL), g_bytes_get_size (visit->answer),
                                   G_PRIORITY_DEFAULT, visit->cancellable, written_cb, visit);
}

static void read_more (Visit *visit);

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Visit *visit = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (length <= 0)
    {
      visit_free (visit);
      return;
    }
  visit->length += (gsize) length;
  if (memmem (visit->head, visit->length, "\r\n\r\n", 4) != NULL || visit->length == sizeof visit->head)
    answer (visit);
  else
    read_more (visit);
}

static void
read_more (Visit *visit)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (visit->connection)),
                             visit->head + visit->length, sizeof visit->head - visit->length, G_PRIORITY_DEFAULT,
                             visit->cancellable, read_cb, visit);
}

static gboolean
incoming_cb (AssayOauthListener *self,
             GSocketConnection  *connection,
             GObject            *source_object,
             GSocketService     *service)
{
  Visit *visit;

  if (self->n_connections >= MAX_CONNECTIONS)
    return TRUE; /* dropped, and so closed */
  self->n_connections++;
  visit = g_new0 (Visit, 1);
  visit->listener = g_object_ref (self);
  visit->connection = g_object_ref (connection);
  visit->cancellable = g_cancellable_new ();
  /* Of the whole visit: a socket's own time-out begins anew with each byte. */
  visit->timer_id = g_timeout_add_once (TIME_PER_CONNECTION, timer_cb, visit);
  read_more (visit);
  return TRUE;
}

AssayOauthListener *
assay_oauth_listener_new (const char *redirect_url,
                          const char *state,
                          GError    **error)
{
  g_autoptr (AssayOauthListener) self = g_object_new (ASSAY_TYPE_OAUTH_LISTENER, NULL);
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GInetAddress) loopback = NULL;
  g_autoptr (GSocketAddress) wanted = NULL;
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) local_error = NULL;
  gboolean six = FALSE;

  if (redirect_url != NULL && *redirect_url != '\0')
    {
      uri = parse_redirect_url (redirect_url, error);
      if (uri == NULL)
        return NULL;
      self->port = (guint) g_uri_get_port (uri);
      six = strcmp (g_uri_get_host (uri), "::1") == 0;
    }

  self->state = g_strdup (state);
  self->service = g_socket_service_new ();
  loopback = g_inet_address_new_loopback (six ? G_SOCKET_FAMILY_IPV6 : G_SOCKET_FAMILY_IPV4);
  wanted = g_inet_socket_address_new (loopback, (guint16) self->port);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &bound, &local_error))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE,
                   /* Translators: %1$u is a port's number, %2$s the system's reason */
                   _ ("Assay can't wait for the browser at port %1$u of this computer (%2$s). Close the program that "
                      "uses it, and begin again."),
                   self->port, local_error->message);
      return NULL;
    }
  if (uri != NULL)
    {
      const char *path = g_uri_get_path (uri);

      self->redirect_url = g_strdup (redirect_url);
      self->path = g_strdup (*path != '\0' ? path : "/");
    }
  else
    {
      self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
      self->path = g_strdup (DEFAULT_PATH);
      self->redirect_url = g_strdup_printf ("http://127.0.0.1:%u" DEFAULT_PATH, self->port);
    }
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, G_CONNECT_SWAPPED);
  g_socket_service_start (self->service);
  return g_steal_pointer (&self);
}

const char *
assay_oauth_listener_get_redirect_url (AssayOauthListener *self)
{
  return self->redirect_url;
}

void
assay_oauth_listener_set_function (AssayOauthListener     *self,
                                   AssayOauthListenerFunc  function,
                                   gpointer                user_data)
{
  self->function = function;
  self->user_data = user_data;
}

void
assay_oauth_listener_close (AssayOauthListener *self)
{
  self->function = NULL;
  if (self->service == NULL)
    return;
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
}
