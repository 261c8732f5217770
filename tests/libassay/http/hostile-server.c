/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that lies; see the header. One thread accepts, one thread a connection talks; blocking throughout,
 * and ended by a GCancellable. */
#include "config.h"

#include "hostile-server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define DRIBBLE_PAUSE_US 20000

typedef struct
{
  HostileAct act;
  GBytes *bytes;
} Step;

struct _HostileServer
{
  GSocketListener *listener;
  GTlsCertificate *certificate;
  GCancellable *cancellable;
  GThread *accept_thread;
  guint16 port;
  char *url;

  GMutex mutex; /* for what follows */
  GPtrArray *script; /* of Step */
  guint next_step;
  GPtrArray *requests; /* of char* */
  GPtrArray *threads;  /* of GThread */
  guint n_connections;
  guint n_open;
  guint64 n_written;
};

typedef struct
{
  HostileServer *server;
  GSocketConnection *connection;
} Call;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_clear_pointer (&step->bytes, g_bytes_unref);
  g_free (step);
}

/* Returns: the next step of the script; the last stays. @only: (nullable): only if it is this one */
static gboolean
take_step (HostileServer    *server,
           const HostileAct *only,
           HostileAct       *act,
           GBytes          **bytes)
{
  gboolean taken = FALSE;
  Step *step;

  g_mutex_lock (&server->mutex);
  g_assert_cmpuint (server->script->len, >, 0);
  step = g_ptr_array_index (server->script, server->next_step);
  if (only == NULL || step->act == *only)
    {
      *act = step->act;
      *bytes = g_bytes_ref (step->bytes);
      if (server->next_step + 1 < server->script->len)
        server->next_step++;
      taken = TRUE;
    }
  g_mutex_unlock (&server->mutex);
  return taken;
}

static gboolean
write_all (HostileServer *server,
           GIOStream     *stream,
           const char    *data,
           gsize          length)
{
  gsize n_written = 0;
  gboolean done = g_output_stream_write_all (g_io_stream_get_output_stream (stream), data, length, &n_written,
                                             server->cancellable, NULL);

  g_mutex_lock (&server->mutex);
  server->n_written += n_written;
  g_mutex_unlock (&server->mutex);
  return done;
}

/* Returns: (transfer full) (nullable): one whole request; NULL at the end of the connection */
static GString *
read_request (HostileServer *server,
              GIOStream     *stream)
{
  g_autoptr (GString) request = g_string_new (NULL);
  gsize wanted = 0;

  for (;;)
    {
      char buffer[4096];
      const char *end_of_head = strstr (request->str, "\r\n\r\n");
      gssize n_read;

      if (end_of_head != NULL && wanted == 0)
        {
          g_autofree char *head = g_ascii_strdown (request->str, end_of_head - request->str);
          const char *length = strstr (head, "\r\ncontent-length:");

          wanted = (gsize) (end_of_head - request->str) + 4;
          if (length != NULL)
            wanted += strtoul (length + strlen ("\r\ncontent-length:"), NULL, 10);
        }
      if (wanted > 0 && request->len >= wanted)
        return g_steal_pointer (&request);

      n_read = g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer,
                                    server->cancellable, NULL);
      if (n_read <= 0)
        return NULL;
      g_string_append_len (request, buffer, n_read);
    }
}

/* Blocks until the other side hangs up. */
static void
read_until_closed (HostileServer *server,
                   GIOStream     *stream)
{
  char buffer[4096];

  while (g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer,
                              server->cancellable, NULL) > 0)
    ;
}

/* Returns: whether to stay on the line */
static gboolean
perform (HostileServer *server,
         GIOStream     *stream,
         HostileAct     act,
         GBytes        *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  switch (act)
    {
    case HOSTILE_REPLY:
      return write_all (server, stream, data, length);
    case HOSTILE_REPLY_AND_CLOSE:
      write_all (server, stream, data, length);
      return FALSE;
    case HOSTILE_SILENCE:
      read_until_closed (server, stream);
      return FALSE;
    case HOSTILE_DRIBBLE:
      for (gsize i = 0; i < length; i++)
        {
          if (!write_all (server, stream, data + i, 1) || g_cancellable_is_cancelled (server->cancellable))
            return FALSE;
          /* The pace of the lie, not a wait for something. */
          g_usleep (DRIBBLE_PAUSE_US);
        }
      return TRUE;
    case HOSTILE_ENDLESS:
      {
        gsize head = strlen (data);

        if (write_all (server, stream, data, head))
          while (write_all (server, stream, data + head + 1, length - head - 1))
            ;
      }
      return FALSE;
    case HOSTILE_SLAM:
    case HOSTILE_SLAM_UNREAD:
    default:
      return FALSE;
    }
}

static gpointer
call_thread (gpointer data)
{
  Call *call = data;
  HostileServer *server = call->server;
  const HostileAct slam = HOSTILE_SLAM_UNREAD;
  HostileAct act;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GBytes) slam_bytes = NULL;

  if (take_step (server, &slam, &act, &slam_bytes))
    {
      struct linger linger = { .l_onoff = 1, .l_linger = 0 };

      setsockopt (g_socket_get_fd (g_socket_connection_get_socket (call->connection)), SOL_SOCKET, SO_LINGER,
                  &linger, sizeof linger);
    }
  else
    {
      if (server->certificate != NULL)
        stream = g_tls_server_connection_new (G_IO_STREAM (call->connection), server->certificate, NULL);
      else
        stream = g_object_ref (G_IO_STREAM (call->connection));

      while (stream != NULL)
        {
          g_autoptr (GString) request = read_request (server, stream);
          g_autoptr (GBytes) bytes = NULL;

          if (request == NULL)
            break;
          g_mutex_lock (&server->mutex);
          g_ptr_array_add (server->requests, g_strdup (request->str));
          g_mutex_unlock (&server->mutex);
          take_step (server, NULL, &act, &bytes);
          if (!perform (server, stream, act, bytes))
            break;
        }
      if (stream != NULL)
        g_io_stream_close (stream, NULL, NULL);
    }

  g_io_stream_close (G_IO_STREAM (call->connection), NULL, NULL);
  g_object_unref (call->connection);
  g_free (call);
  g_mutex_lock (&server->mutex);
  server->n_open--;
  g_mutex_unlock (&server->mutex);
  return NULL;
}

static gpointer
accept_thread (gpointer data)
{
  HostileServer *server = data;

  for (;;)
    {
      GSocketConnection *connection =
        g_socket_listener_accept (server->listener, NULL, server->cancellable, NULL);
      Call *call;

      if (connection == NULL)
        {
          if (g_cancellable_is_cancelled (server->cancellable))
            return NULL;
          continue;
        }
      g_socket_set_timeout (g_socket_connection_get_socket (connection), 0);
      call = g_new0 (Call, 1);
      call->server = server;
      call->connection = connection;
      g_mutex_lock (&server->mutex);
      server->n_connections++;
      server->n_open++;
      g_ptr_array_add (server->threads, g_thread_new ("hostile-call", call_thread, call));
      g_mutex_unlock (&server->mutex);
    }
}

HostileServer *
hostile_server_new (GTlsCertificate *certificate)
{
  HostileServer *server = g_new0 (HostileServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) actual = NULL;
  g_autoptr (GError) error = NULL;

  server->listener = g_socket_listener_new ();
  server->cancellable = g_cancellable_new ();
  g_set_object (&server->certificate, certificate);
  g_mutex_init (&server->mutex);
  server->script = g_ptr_array_new_with_free_func (step_free);
  server->requests = g_ptr_array_new_with_free_func (g_free);
  server->threads = g_ptr_array_new ();

  g_socket_listener_add_address (server->listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &actual, &error);
  g_assert_no_error (error);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (actual));
  server->url = g_strdup_printf ("%s://127.0.0.1:%u", certificate != NULL ? "https" : "http", server->port);
  server->accept_thread = g_thread_new ("hostile-accept", accept_thread, server);
  return server;
}

void
hostile_server_free (HostileServer *server)
{
  if (server == NULL)
    return;
  g_cancellable_cancel (server->cancellable);
  g_thread_join (server->accept_thread);
  /* Nobody is accepted any more, so the list stays as it is. */
  for (guint i = 0; i < server->threads->len; i++)
    g_thread_join (g_ptr_array_index (server->threads, i));

  g_socket_listener_close (server->listener);
  g_object_unref (server->listener);
  g_object_unref (server->cancellable);
  g_clear_object (&server->certificate);
  g_ptr_array_unref (server->script);
  g_ptr_array_unref (server->requests);
  g_ptr_array_unref (server->threads);
  g_mutex_clear (&server->mutex);
  g_free (server->url);
  g_free (server);
}

guint16
hostile_server_get_port (HostileServer *server)
{
  return server->port;
}

const char *
hostile_server_get_url (HostileServer *server)
{
  return server->url;
}

void
hostile_server_add (HostileServer *server,
                    HostileAct     act,
                    const char    *bytes,
                    gssize         length)
{
  Step *step = g_new0 (Step, 1);

  step->act = act;
  if (bytes == NULL)
    bytes = "";
  step->bytes = g_bytes_new (bytes, length < 0 ? strlen (bytes) : (gsize) length);
  g_mutex_lock (&server->mutex);
  g_ptr_array_add (server->script, step);
  g_mutex_unlock (&server->mutex);
}

void
hostile_server_add_reply (HostileServer *server,
                          const char    *status,
                          const char    *headers,
                          const char    *body)
{
  g_autofree char *bytes = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: application/json\r\n%s"
                                            "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                            status, headers != NULL ? headers : "", strlen (body), body);

  hostile_server_add (server, HOSTILE_REPLY, bytes, -1);
}

guint
hostile_server_get_n_requests (HostileServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  return server->requests->len;
}

guint
hostile_server_get_n_connections (HostileServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  return server->n_connections;
}

char *
hostile_server_dup_request (HostileServer *server,
                            guint          index)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  return index < server->requests->len ? g_strdup (g_ptr_array_index (server->requests, index)) : NULL;
}

char *
hostile_server_dup_everything (HostileServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < server->requests->len; i++)
    g_string_append (all, g_ptr_array_index (server->requests, i));
  return g_string_free (all, FALSE);
}

guint64
hostile_server_get_n_written (HostileServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  return server->n_written;
}

gboolean
hostile_server_is_idle (HostileServer *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&server->mutex);

  return server->n_open == 0;
}
