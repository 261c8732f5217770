/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that lies. It speaks raw bytes over loopback from threads of its own, does what its script says
 * for each request in turn, and remembers what it was sent. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * HostileAct:
 * @HOSTILE_REPLY: read the request, write the bytes, stay on the line
 * @HOSTILE_REPLY_AND_CLOSE: the same, and hang up
 * @HOSTILE_SLAM: read the request, and hang up
 * @HOSTILE_SLAM_UNREAD: hang up with a reset as soon as someone connects
 * @HOSTILE_SILENCE: read the request, and say nothing until the other side gives up
 * @HOSTILE_DRIBBLE: write the bytes one by one with a pause after each, for as long as someone listens
 * @HOSTILE_ENDLESS: write the bytes as far as the first NUL once, and what follows it for ever
 */
typedef enum
{
  HOSTILE_REPLY,
  HOSTILE_REPLY_AND_CLOSE,
  HOSTILE_SLAM,
  HOSTILE_SLAM_UNREAD,
  HOSTILE_SILENCE,
  HOSTILE_DRIBBLE,
  HOSTILE_ENDLESS,
} HostileAct;

typedef struct _HostileServer HostileServer;

/* @certificate: (nullable): speak TLS with it */
HostileServer *hostile_server_new (GTlsCertificate *certificate);
/* Ends all its threads. */
void           hostile_server_free (HostileServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HostileServer, hostile_server_free)

guint16        hostile_server_get_port (HostileServer *server);
/* (transfer none): "http://127.0.0.1:PORT", or https */
const char    *hostile_server_get_url (HostileServer *server);

/* Adds to the script; the last act is repeated. @length may be -1. */
void           hostile_server_add (HostileServer *server,
                                   HostileAct     act,
                                   const char    *bytes,
                                   gssize         length);
/* Adds a well-formed reply. @headers: (nullable): lines with CRLF */
void           hostile_server_add_reply (HostileServer *server,
                                         const char    *status,
                                         const char    *headers,
                                         const char    *body);

/* How many whole requests were read. */
guint          hostile_server_get_n_requests (HostileServer *server);
/* How many connections were accepted. */
guint          hostile_server_get_n_connections (HostileServer *server);
/* (transfer full) (nullable): head and body of a request */
char          *hostile_server_dup_request (HostileServer *server,
                                           guint          index);
/* (transfer full): everything that was ever read, one request after the other */
char          *hostile_server_dup_everything (HostileServer *server);
/* Bytes written. */
guint64        hostile_server_get_n_written (HostileServer *server);
/* Whether no connection is open. */
gboolean       hostile_server_is_idle (HostileServer *server);

G_END_DECLS
