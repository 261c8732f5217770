/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loopback port on which one vendor is played.
 *
 * SoupServer is not made for hostile clients. This one listens on 127.0.0.1 only, answers no request
 * that another web site could make a browser send, takes no body over 32 MiB, and neither ranges nor
 * two ways of giving a body's length reach SoupServer's own code.
 *
 * Faults that break HTTP itself (half a body, a byte at a time, no answer at all) can't be told to
 * SoupServer. For these the connection is taken from it and a #Wire writes the bytes. */

#include "config.h"

#include "sandbox-server.h"

#include <libsoup/soup.h>
#include <string.h>

#define LARGEST_BODY (32 * 1024 * 1024)
#define SLOW_INTERVAL 200           /* milliseconds for each byte */
#define DEEP_LENGTH (160 * 1024)

struct _SandboxServer
{
  GObject        parent_instance;

  SandboxVendor *vendor;
  SandboxLedger *ledger;            /* not owned, nullable */
  SandboxFaults *faults;            /* not owned, nullable */
  SandboxWorld  *world;             /* not owned, nullable */
  SoupServer    *server;
  char          *origin;
  double         rate;
  double         burst;
  double         tokens;
  gint64         filled;            /* monotonic: when @tokens was right */
  GPtrArray     *wires;             /* (element-type Wire), not owned: they end themselves */
  GPtrArray     *late;              /* (element-type Late) answers that wait for their time */
};

G_DEFINE_FINAL_TYPE (SandboxServer, sandbox_server, G_TYPE_OBJECT)

/* ---- Bytes on a connection that SoupServer no longer has ---- */

typedef struct
{
  SandboxServer *server;
  GIOStream     *stream;
  GCancellable  *cancellable;
  GBytes        *bytes;
  gsize          offset;
  gsize          repeat_from;       /* where an endless body begins again; 0: it ends */
  gsize          slow_from;         /* from here a byte at a time; 0: all at once */
  gboolean       hold;              /* stays open until the client leaves */
  guint          timer;
  char           nothing[512];      /* what the client may still send while it is held */
} Wire;

static void wire_write (Wire *wire);

static void
wire_end (Wire *wire)
{
  g_ptr_array_remove_fast (wire->server->wires, wire);
  g_io_stream_close (wire->stream, NULL, NULL);
  g_object_unref (wire->stream);
  g_object_unref (wire->cancellable);
  g_bytes_unref (wire->bytes);
  g_clear_handle_id (&wire->timer, g_source_remove);
  g_free (wire);
}

static void
wire_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  Wire *wire = data;

  if (g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL) <= 0)
    wire_end (wire);
  else
    g_input_stream_read_async (G_INPUT_STREAM (source), wire->nothing, sizeof wire->nothing,
                               G_PRIORITY_DEFAULT, wire->cancellable, wire_read_cb, wire);
}

static gboolean
wire_timer_cb (gpointer data)
{
  Wire *wire = data;

  wire->timer = 0;
  wire_write (wire);
  return G_SOURCE_REMOVE;
}

static void
wire_written_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  Wire *wire = data;
  gssize written = g_output_stream_write_finish (G_OUTPUT_STREAM (source), result, NULL);

  if (written < 0)
    {
      wire_end (wire);
      return;
    }
  wire->offset += (gsize) written;
  if (wire->slow_from != 0 && wire->offset >= wire->slow_from
      && wire->offset < g_bytes_get_size (wire->bytes))
    wire->timer = g_timeout_add (SLOW_INTERVAL, wire_timer_cb, wire);
  else
    wire_write (wire);
}

static void
wire_write (Wire *wire)
{
  gsize size;
  const char *data = g_bytes_get_data (wire->bytes, &size);
  gsize length;

  if (g_cancellable_is_cancelled (wire->cancellable))
    {
      wire_end (wire);
      return;
    }
  if (wire->offset == size && wire->repeat_from != 0)
    wire->offset = wire->repeat_from;
  if (wire->offset == size)
    {
      if (wire->hold)
        g_input_stream_read_async (g_io_stream_get_input_stream (wire->stream), wire->nothing,
                                   sizeof wire->nothing, G_PRIORITY_DEFAULT, wire->cancellable, wire_read_cb,
                                   wire);
      else
        wire_end (wire);
      return;
    }
  length = size - wire->offset;
  if (wire->slow_from != 0)
    length = wire->offset < wire->slow_from ? wire->slow_from - wire->offset : 1;
  g_output_stream_write_async (g_io_stream_get_output_stream (wire->stream), data + wire->offset, length,
                               G_PRIORITY_DEFAULT, wire->cancellable, wire_written_cb, wire);
}

/* ---- Taking the connection ---- */

typedef struct
{
  SandboxServer     *server;
  SoupServerMessage *message;
  GBytes            *bytes;
  gsize              repeat_from;
  gsize              slow_from;
  gboolean           hold;
  gboolean           plain;         /* no wire: SoupServer goes on with the answer it has */
  gboolean           gone;          /* the client left meanwhile */
  guint              source;
} Late;

static void
late_free (gpointer data)
{
  Late *late = data;

  g_clear_handle_id (&late->source, g_source_remove);
  g_signal_handlers_disconnect_by_data (late->message, late);
  g_object_unref (late->message);
  g_bytes_unref (late->bytes);
  g_free (late);
}

static void
late_gone_cb (SoupServerMessage *message,
              gpointer           data)
{
  Late *late = data;

  late->gone = TRUE;
}

static gboolean
late_cb (gpointer data)
{
  Late *late = data;
  SandboxServer *self = late->server;
  GIOStream *stream = NULL;

  late->source = 0;
  if (!late->gone && late->plain)
    soup_server_message_unpause (late->message);
  else if (!late->gone)
    {
      g_signal_handlers_disconnect_by_data (late->message, late);
      stream = soup_server_message_steal_connection (late->message);
    }
  if (stream != NULL)
    {
      Wire *wire = g_new0 (Wire, 1);

      wire->server = self;
      wire->stream = stream;
      wire->cancellable = g_cancellable_new ();
      wire->bytes = g_bytes_ref (late->bytes);
      wire->repeat_from = late->repeat_from;
      wire->slow_from = late->slow_from;
      wire->hold = late->hold;
      g_ptr_array_add (self->wires, wire);
      wire_write (wire);
    }
  g_ptr_array_remove_fast (self->late, late);
  return G_SOURCE_REMOVE;
}

static Late *
postpone (SandboxServer     *self,
          SoupServerMessage *message,
          guint              milliseconds)
{
  Late *late = g_new0 (Late, 1);

  late->server = self;
  late->message = g_object_ref (message);
  late->bytes = g_bytes_new_static ("", 0);
  g_signal_connect (message, "finished", G_CALLBACK (late_gone_cb), late);
  g_signal_connect (message, "disconnected", G_CALLBACK (late_gone_cb), late);
  g_ptr_array_add (self->late, late);
  soup_server_message_pause (message);
  late->source = g_timeout_add (milliseconds, late_cb, late);
  return late;
}

static void
put_bytes (Late    *late,
           GString *text)
{
  g_bytes_unref (late->bytes);
  late->bytes = g_string_free_to_bytes (text);
}

/* ---- What goes wrong ---- */

static GString *
raw_head (SandboxRequest *request,
          const char     *length_header)
{
  GString *head = g_string_new (NULL);

  g_string_append_printf (head, "HTTP/1.1 %u %s\r\nContent-Type: %s\r\n%s\r\nConnection: close\r\n\r\n",
                          request->status, soup_status_get_phrase (request->status),
                          request->content_type != NULL ? request->content_type : "application/json",
                          length_header);
  return head;
}

/* Each string of the document becomes a number. */
static JsonNode *
with_wrong_types (JsonNode *node)
{
  JsonNode *changed = json_node_alloc ();

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr (JsonObject) object = json_object_new ();
      JsonObjectIter iter;
      const char *name;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, &name, &member))
        json_object_set_member (object, name, with_wrong_types (member));
      return json_node_init_object (changed, object);
    }
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      g_autoptr (JsonArray) copy = json_array_new ();

      for (guint i = 0; i < json_array_get_length (array); i++)
        json_array_add_element (copy, with_wrong_types (json_array_get_element (array, i)));
      return json_node_init_array (changed, copy);
    }
  if (sandbox_json_node_is (node, G_TYPE_STRING))
    return json_node_init_int (changed, g_ascii_strtoll (json_node_get_string (node), NULL, 10));
  json_node_free (changed);
  return json_node_copy (node);
}

static void
answer_wrong_types (SandboxRequest *request)
{
  g_autoptr (JsonNode) node = request->answer != NULL ? sandbox_json_parse (request->answer, NULL) : NULL;
  g_autoptr (JsonNode) wrong = NULL;
  g_autofree char *type = g_strdup (request->content_type);

  if (node == NULL)
    return;
  wrong = with_wrong_types (node);
  sandbox_request_answer_text (request, request->status, type, json_to_string (wrong, FALSE));
}

void
sandbox_server_set_world (SandboxServer *self,
                          SandboxWorld  *world)
{
  self->world = world;
}

/* (transfer full): in the form that HTTP has for it */
static char *
dup_date (SandboxServer *self,
          double         ahead)
{
  gint64 now = self->world != NULL ? sandbox_world_now (self->world) : g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) then = g_date_time_add_seconds (time, ahead);

  return soup_date_time_to_string (then != NULL ? then : time, SOUP_DATE_HTTP);
}

/* Faults that are a complete HTTP answer. */
static void
answer_fault (SandboxServer      *self,
              SandboxRequest     *request,
              const SandboxFault *fault)
{
  g_autofree char *text = NULL;

  switch (fault->kind)
    {
    case SANDBOX_FAULT_STATUS:
      sandbox_vendor_answer_failure (self->vendor, request, fault->status);
      break;
    case SANDBOX_FAULT_RETRY_AFTER:
      sandbox_vendor_answer_failure (self->vendor, request, 429);
      text = g_strdup_printf ("%.0f", fault->amount);
      soup_message_headers_replace (request->answer_headers, "Retry-After", text);
      break;
    case SANDBOX_FAULT_RETRY_AFTER_DATE:
      sandbox_vendor_answer_failure (self->vendor, request, 429);
      text = dup_date (self, fault->amount);
      soup_message_headers_replace (request->answer_headers, "Retry-After", text);
      break;
    case SANDBOX_FAULT_HTML:
      sandbox_request_answer_text (request, 200, "text/html; charset=utf-8",
                                   g_strdup ("<!DOCTYPE html><html><head><title>Welcome</title></head>"
                                             "<body><h1>Sign in to the guest network</h1></body></html>\n"));
      break;
    case SANDBOX_FAULT_EMPTY:
      sandbox_request_answer_text (request, 200, "application/json", g_strdup (""));
      break;
    case SANDBOX_FAULT_REDIRECT:
      sandbox_request_answer_text (request, fault->status, "text/plain", g_strdup ("See there.\n"));
      soup_message_headers_replace (request->answer_headers, "Location", fault->url);
      break;
    case SANDBOX_FAULT_DEEP:
      text = g_strnfill (DEEP_LENGTH, '[');
      sandbox_request_answer_text (request, 200, "application/json", g_steal_pointer (&text));
      break;
    case SANDBOX_FAULT_WRONG_TYPE:
      answer_wrong_types (request);
      break;
    case SANDBOX_FAULT_DROP_BEFORE:
    case SANDBOX_FAULT_DROP_AFTER:
    case SANDBOX_FAULT_TRUNCATE:
    case SANDBOX_FAULT_TRUNCATE_CHUNKED:
    case SANDBOX_FAULT_STALL:
    case SANDBOX_FAULT_SLOW:
    case SANDBOX_FAULT_DELAY:
    case SANDBOX_FAULT_ENDLESS:
    default:
      break;
    }
}

/* Faults that break the connection. Returns: %FALSE where @fault isn't one of them. */
static gboolean
break_connection (SandboxServer      *self,
                  SoupServerMessage  *message,
                  SandboxRequest     *request,
                  const SandboxFault *fault)
{
  gsize size = 0;
  const char *body = request->answer != NULL ? g_bytes_get_data (request->answer, &size) : "";
  g_autofree char *length = NULL;
  GString *text;
  Late *late;

  switch (fault->kind)
    {
    case SANDBOX_FAULT_DROP_BEFORE:
    case SANDBOX_FAULT_DROP_AFTER:
      postpone (self, message, 0);
      return TRUE;
    case SANDBOX_FAULT_STALL:
      late = postpone (self, message, 0);
      late->hold = TRUE;
      return TRUE;
    case SANDBOX_FAULT_TRUNCATE:
      length = g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT, size);
      text = raw_head (request, length);
      g_string_append_len (text, body, (gssize) (size / 2));
      put_bytes (postpone (self, message, 0), text);
      return TRUE;
    case SANDBOX_FAULT_TRUNCATE_CHUNKED:
      text = raw_head (request, "Transfer-Encoding: chunked");
      if (size > 1)
        {
          g_string_append_printf (text, "%zx\r\n", size / 2);
          g_string_append_len (text, body, (gssize) (size / 2));
          g_string_append (text, "\r\n");
        }
      put_bytes (postpone (self, message, 0), text);
      return TRUE;
    case SANDBOX_FAULT_SLOW:
      length = g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT, size);
      text = raw_head (request, length);
      late = postpone (self, message, 0);
      late->slow_from = text->len;
      g_string_append_len (text, body, (gssize) size);
      put_bytes (late, text);
      return TRUE;
    case SANDBOX_FAULT_ENDLESS:
      request->status = 200;
      text = raw_head (request, "Cache-Control: no-store");
      g_string_append (text, "{\"data\":[");
      late = postpone (self, message, 0);
      late->repeat_from = text->len;
      for (guint i = 0; i < 4096; i++)
        g_string_append (text, "{\"id\":\"1\",\"partner_test_id\":\"1\"},");
      put_bytes (late, text);
      return TRUE;
    case SANDBOX_FAULT_STATUS:
    case SANDBOX_FAULT_RETRY_AFTER:
    case SANDBOX_FAULT_RETRY_AFTER_DATE:
    case SANDBOX_FAULT_HTML:
    case SANDBOX_FAULT_EMPTY:
    case SANDBOX_FAULT_REDIRECT:
    case SANDBOX_FAULT_DELAY:
    case SANDBOX_FAULT_DEEP:
    case SANDBOX_FAULT_WRONG_TYPE:
    default:
      return FALSE;
    }
}

/* ---- Requests ---- */

static gboolean
take_token (SandboxServer *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->rate <= 0)
    return TRUE;
  self->tokens += self->rate * (double) (now - self->filled) / G_USEC_PER_SEC;
  self->tokens = MIN (self->tokens, self->burst);
  self->filled = now;
  if (self->tokens < 1)
    return FALSE;
  self->tokens -= 1;
  return TRUE;
}

/* A page in a browser can reach a loopback port, under a name of its own or as a form. No client of
 * ours looks like that. */
static gboolean
comes_from_a_browser_page (SandboxServer  *self,
                           SandboxRequest *request)
{
  const char *host = sandbox_request_get_header (request, "Host");
  const char *port = strrchr (self->origin, ':');
  g_autofree char *by_number = g_strconcat ("127.0.0.1", port, NULL);
  g_autofree char *by_name = g_strconcat ("localhost", port, NULL);

  return (host != NULL && !g_str_equal (host, by_number) && !g_str_equal (host, by_name))
         || sandbox_request_get_header (request, "Origin") != NULL;
}

static void
send_answer (SoupServerMessage *message,
             SandboxRequest    *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_server_message_set_status (message, request->status, NULL);
  if (request->content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", request->content_type);
  soup_message_headers_iter_init (&iter, request->answer_headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    soup_message_headers_replace (headers, name, value);
  if (request->answer != NULL && g_bytes_get_size (request->answer) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), request->answer);
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           data)
{
  SandboxServer *self = data;
  g_autoptr (SandboxRequest) request = sandbox_request_new (message, path);
  g_autoptr (SandboxFault) fault = NULL;
  const char *kind = sandbox_vendor_get_kind (self->vendor);

  if (comes_from_a_browser_page (self, request))
    {
      sandbox_request_answer_message (request, 403, "The sandbox answers programs on this machine only.");
      send_answer (message, request);
      return;
    }
  if (self->world != NULL)
    {
      g_autofree char *date = dup_date (self, 0);

      soup_message_headers_replace (request->answer_headers, "Date", date);
    }
  request->operation = sandbox_vendor_dup_operation (self->vendor, request);
  if (self->ledger != NULL)
    sandbox_ledger_add_request (self->ledger, kind, request->operation);
  if (self->faults != NULL)
    fault = sandbox_faults_take (self->faults, kind, request->operation);

  if (fault == NULL || fault->effect)
    {
      if (take_token (self))
        sandbox_vendor_handle (self->vendor, request);
      else
        sandbox_vendor_answer_failure (self->vendor, request, 429);
    }
  if (fault != NULL)
    {
      answer_fault (self, request, fault);
      if (break_connection (self, message, request, fault))
        return;
    }
  if (request->status == 0)
    sandbox_vendor_answer_failure (self->vendor, request, 500);
  if (self->ledger != NULL)
    sandbox_ledger_add_answer (self->ledger, kind, request->status);
  send_answer (message, request);
  if (self->world != NULL)
    sandbox_world_stir (self->world);
  if (fault != NULL && fault->kind == SANDBOX_FAULT_DELAY)
    postpone (self, message, (guint) (CLAMP (fault->amount, 0, 86400) * 1000))->plain = TRUE;
}

static void
refuse (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static void
got_headers_cb (SoupServerMessage *message,
                gpointer           data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  soup_message_headers_remove (headers, "Range");
  if ((soup_message_headers_get_list (headers, "Content-Length") != NULL
       && soup_message_headers_get_list (headers, "Transfer-Encoding") != NULL)
      || soup_message_headers_get_content_length (headers) > LARGEST_BODY)
    refuse (message);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           data)
{
  if (soup_server_message_get_request_body (message)->length > LARGEST_BODY)
    refuse (message);
}

static void
request_started_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    gpointer           data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers_cb), NULL);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), NULL);
}

gboolean
sandbox_server_listen (SandboxServer  *self,
                       guint           port,
                       GError        **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, (guint16) port);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;

  /* A socket of our own, since libsoup 3.2 leaks an address in soup_server_get_uris(), which would
   * be the way to learn the port that soup_server_listen() took. */
  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL || !g_socket_bind (socket, wanted, TRUE, error))
    return FALSE;
  /* With the usual 10, a burst of connections waits a second for the kernel to try again. */
  g_socket_set_listen_backlog (socket, 1024);
  if (!g_socket_listen (socket, error))
    return FALSE;
  address = g_socket_get_local_address (socket, error);
  if (address == NULL || !soup_server_listen_socket (self->server, socket, 0, error))
    return FALSE;
  g_free (self->origin);
  self->origin = g_strdup_printf ("http://127.0.0.1:%u",
                                  g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  sandbox_vendor_mount (self->vendor, self->origin);
  return TRUE;
}

const char *
sandbox_server_get_origin (SandboxServer *self)
{
  return self->origin;
}

SandboxVendor *
sandbox_server_get_vendor (SandboxServer *self)
{
  return self->vendor;
}

void
sandbox_server_set_rate (SandboxServer *self,
                         double         rate,
                         double         burst)
{
  self->rate = rate;
  self->burst = MAX (burst, 1);
  self->tokens = self->burst;
  self->filled = g_get_monotonic_time ();
}

void
sandbox_server_stop (SandboxServer *self)
{
  g_ptr_array_set_size (self->late, 0);
  for (guint i = 0; i < self->wires->len; i++)
    {
      Wire *wire = g_ptr_array_index (self->wires, i);

      g_cancellable_cancel (wire->cancellable);
      if (wire->timer != 0)
        {
          /* Nothing is under way that would notice. */
          g_source_remove (wire->timer);
          wire->timer = g_idle_add (wire_timer_cb, wire);
        }
    }
  while (self->wires->len > 0)
    g_main_context_iteration (NULL, TRUE);
  soup_server_disconnect (self->server);
}

static void
sandbox_server_finalize (GObject *object)
{
  SandboxServer *self = SANDBOX_SERVER (object);

  g_ptr_array_unref (self->late);
  g_ptr_array_unref (self->wires);
  g_object_unref (self->server);
  g_clear_object (&self->vendor);
  g_free (self->origin);
  G_OBJECT_CLASS (sandbox_server_parent_class)->finalize (object);
}

static void
sandbox_server_class_init (SandboxServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_server_finalize;
}

static void
sandbox_server_init (SandboxServer *self)
{
  self->wires = g_ptr_array_new ();
  self->late = g_ptr_array_new_with_free_func (late_free);
  self->server = soup_server_new ("server-header", "assay-sandbox", NULL);
  soup_server_remove_websocket_extension (self->server, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  g_signal_connect (self->server, "request-started", G_CALLBACK (request_started_cb), NULL);
}

SandboxServer *
sandbox_server_new (SandboxVendor *vendor,
                    SandboxLedger *ledger,
                    SandboxFaults *faults)
{
  SandboxServer *self = g_object_new (SANDBOX_TYPE_SERVER, NULL);

  self->vendor = g_object_ref (vendor);
  self->ledger = ledger;
  self->faults = faults;
  return self;
}
