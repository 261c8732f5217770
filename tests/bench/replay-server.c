/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that answers with what another one answered before. */
#include "config.h"

#include "replay-server.h"

#include <libsoup/soup.h>
#include <string.h>

typedef struct
{
  char *type;
  GBytes *body;
} Answer;

struct _ReplayServer
{
  GSocketService *service;
  char *origin;
  char *source;

  GMutex mutex;             /* of the two below */
  GHashTable *answers;      /* address → Answer */
  GPtrArray *addresses;     /* (element-type utf8) (borrowed) in order */
  gint requests;            /* atomic */
  gint distance;            /* atomic; milliseconds */
};

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->type);
  g_bytes_unref (answer->body);
  g_free (answer);
}

/* The times that a list of changes begins at differ each time, and its answer doesn't. (transfer full) */
static char *
make_key (const char *address)
{
  static const char *const times[] = { "updated_at%5D%5Bgt%5D=", "updated_at_start=", "deleted_at_start=" };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      const char *found = strstr (address, times[i]);

      if (found != NULL)
        {
          const char *value = found + strlen (times[i]);

          return g_strdup_printf ("%.*s%s", (int) (value - address), address, value + strcspn (value, "&"));
        }
    }
  return g_strdup (address);
}

/* Asks the one that knows. */
static Answer *
fetch (ReplayServer *self,
       const char   *address,
       const char   *authorization)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *uri = g_strconcat (self->source, address, NULL);
  g_autoptr (GError) error = NULL;
  Answer *answer = g_new0 (Answer, 1);
  g_auto (GStrv) header = g_strsplit (authorization, ": ", 2);

  g_main_context_push_thread_default (context);
  session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  message = soup_message_new ("GET", uri);
  soup_message_headers_replace (soup_message_get_request_headers (message), header[0], header[1]);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "application/vnd.api+json");
  soup_message_headers_replace (soup_message_get_request_headers (message), "x-vendor-name", "Assay");
  answer->body = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  if (soup_message_get_status (message) != 200)
    g_error ("%s: %u %s", address, soup_message_get_status (message),
             (const char *) g_bytes_get_data (answer->body, NULL));
  answer->type =
    g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Type"));
  g_clear_object (&message);
  g_clear_object (&session);
  g_main_context_pop_thread_default (context);
  return answer;
}

static const Answer *
find (ReplayServer *self,
      const char   *address,
      const char   *authorization)
{
  g_autofree char *key = make_key (address);
  Answer *answer;

  g_mutex_lock (&self->mutex);
  answer = g_hash_table_lookup (self->answers, key);
  if (answer == NULL)
    {
      answer = fetch (self, address, authorization);
      g_ptr_array_add (self->addresses, key);
      g_hash_table_insert (self->answers, g_steal_pointer (&key), answer);
    }
  g_mutex_unlock (&self->mutex);
  return answer;
}

/* A connection, on a thread of its own: GET requests one after the other. */
static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                data)
{
  ReplayServer *self = data;
  g_autoptr (GDataInputStream) input =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  g_socket_set_option (g_socket_connection_get_socket (connection), 6 /* TCP */, 1 /* no delay */, 1, NULL);
  for (;;)
    {
      g_autofree char *request = g_data_input_stream_read_line (input, NULL, NULL, NULL);
      g_autofree char *authorization = NULL;
      g_auto (GStrv) words = NULL;
      g_autofree char *head = NULL;
      g_autofree char *date = NULL;
      g_autoptr (GDateTime) now = NULL;
      const Answer *answer;

      if (request == NULL)
        return TRUE;
      for (;;)
        {
          g_autofree char *header = g_data_input_stream_read_line (input, NULL, NULL, NULL);

          if (header == NULL)
            return TRUE;
          if (*header == '\0')
            break;
          if (g_ascii_strncasecmp (header, "Authorization:", 14) == 0 ||
              g_ascii_strncasecmp (header, "X-API-KEY:", 10) == 0)
            {
              g_free (authorization);
              authorization = g_steal_pointer (&header);
            }
        }
      words = g_strsplit (request, " ", 3);
      answer = find (self, words[1], authorization != NULL ? authorization : "X-None: none");
      g_atomic_int_inc (&self->requests);
      g_usleep ((gulong) g_atomic_int_get (&self->distance) * 1000);
      now = g_date_time_new_now_utc ();
      date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
      head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nDate: %s\r\nContent-Length: %" G_GSIZE_FORMAT
                              "\r\n\r\n",
                              answer->type, date, g_bytes_get_size (answer->body));
      if (!g_output_stream_write_all (output, head, strlen (head), NULL, NULL, NULL) ||
          !g_output_stream_write_all (output, g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body),
                                      NULL, NULL, NULL))
        return TRUE;
    }
}

void
replay_server_set_distance (ReplayServer *self,
                            guint         milliseconds)
{
  g_atomic_int_set (&self->distance, (gint) milliseconds);
}

ReplayServer *
replay_server_new (const char *origin)
{
  ReplayServer *self = g_new0 (ReplayServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&self->mutex);
  self->source = g_strdup (origin);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);
  self->addresses = g_ptr_array_new ();
  self->service = g_threaded_socket_service_new (4);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &got, &error);
  g_assert_no_error (error);
  self->origin =
    g_strdup_printf ("http://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_start (self->service);
  return self;
}

void
replay_server_free (ReplayServer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_ptr_array_unref (self->addresses);
  g_hash_table_unref (self->answers);
  g_mutex_clear (&self->mutex);
  g_free (self->origin);
  g_free (self->source);
  g_free (self);
}

const char *
replay_server_get_origin (ReplayServer *self)
{
  return self->origin;
}

guint
replay_server_get_requests (ReplayServer *self)
{
  return (guint) g_atomic_int_get (&self->requests);
}

GPtrArray *
replay_server_list_bodies (ReplayServer *self,
                           const char   *part)
{
  GPtrArray *bodies = g_ptr_array_new ();

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->addresses->len; i++)
    {
      const char *address = g_ptr_array_index (self->addresses, i);

      if (strstr (address, part) != NULL)
        g_ptr_array_add (bodies, ((Answer *) g_hash_table_lookup (self->answers, address))->body);
    }
  g_mutex_unlock (&self->mutex);
  return bodies;
}

char *
replay_server_dup_address (ReplayServer *self,
                           const char   *part)
{
  char *found = NULL;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; found == NULL && i < self->addresses->len; i++)
    if (strstr (g_ptr_array_index (self->addresses, i), part) != NULL)
      found = g_strdup (g_ptr_array_index (self->addresses, i));
  g_mutex_unlock (&self->mutex);
  return found;
}
