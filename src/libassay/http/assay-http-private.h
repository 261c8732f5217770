/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of http/ share. Not for connectors; tests may use it. */
#pragma once

#include <libsecret/secret.h>
#include <libsoup/soup.h>

#include "assay-http-pace.h"
#include "assay-http.h"

G_BEGIN_DECLS

/* libsoup has no name for it. */
#define ASSAY_HTTP_STATUS_TOO_MANY_REQUESTS 429u

/* ---- Session ---------------------------------------------------------------------------------- */

/* Returns: (transfer none): the session for @uri: one that knows no proxy for this very machine, the common
 * one else */
SoupSession *assay_http_get_session (AssayHttp *self,
                                     GUri      *uri);
/* The first step of the backoff in milliseconds; 500 unless a test wants to be quick. */
guint        assay_http_get_backoff_base (AssayHttp *self);
void         assay_http_set_backoff_base (AssayHttp *self,
                                          guint      milliseconds);
/* Whether a vendor that is played on this machine is asked without pacing and with hardly any backoff: for tests, by
 * ASSAY_LOOPBACK_HURRY in the environment. No other host ever is. */
gboolean     assay_http_is_hurried (const char *host);
/* Whether @host is this machine by its literal name or address. */
gboolean     assay_http_is_loopback (const char *host);

/* ---- Request ---------------------------------------------------------------------------------- */

typedef struct
{
  char *name;
  char *value;
} AssayHttpHeader;

struct _AssayHttpRequest
{
  AssayHttpKind kind;
  char *method;
  char *path;
  GString *query;
  GPtrArray *headers; /* of AssayHttpHeader */
  GBytes *body;       /* (nullable) */
  char *content_type; /* (nullable) */
  gsize max_body;
  guint deadline_ms;
  gboolean background;
  gboolean private_path;
  gboolean download;  /* the answer is any bytes */
  char *address;      /* (nullable): in place of the base address and the path; of downloads only */
  gboolean malformed; /* a header that can't be sent */
};

/* Returns: (transfer full) (nullable): the address of @request below @base_url */
GUri *assay_http_request_build_uri (AssayHttpRequest *request,
                                    const char       *base_url,
                                    GError          **error);

/* Takes @root, a document or NULL, and copies @headers. */
AssayHttpResponse *assay_http_response_new (guint               status,
                                            SoupMessageHeaders *headers,
                                            JsonNode           *root);
/* Adds what a download brought. */
void               assay_http_response_set_bytes (AssayHttpResponse *response,
                                                  GBytes            *bytes);

gboolean assay_http_is_same_origin (GUri *one,
                                    GUri *other);
/* Whether a download of a channel at @base may come from @uri. */
gboolean assay_http_is_download_origin (GUri *uri,
                                        GUri *base);

/* Whether @value may stand in a header as it is. */
gboolean assay_http_is_header_value (const char *value);

/* ---- Channel ---------------------------------------------------------------------------------- */

typedef struct _AssayHttpExchange AssayHttpExchange;

AssayHttp  *assay_http_channel_get_http (AssayHttpChannel *self);
/* The first step of the backoff in milliseconds. */
guint       assay_http_channel_get_backoff_base (AssayHttpChannel *self);
const char *assay_http_channel_get_base_url (AssayHttpChannel *self);
/* (transfer none): the vendor and its host, for sentences: "Pinpoint (acme.pinpointhq.com)" */
const char *assay_http_channel_get_place (AssayHttpChannel *self);
/* (transfer none) (nullable) */
SecretValue *assay_http_channel_get_secret (AssayHttpChannel *self);
/* Whether the credential is a token that can be renewed. */
gboolean    assay_http_channel_has_tokens (AssayHttpChannel *self);
/* (transfer full) (nullable): the token that a message gets now, for assay_http_channel_reject(); SecretValue so that it
 * is wiped */
SecretValue *assay_http_channel_dup_token (AssayHttpChannel *self);
void         assay_http_channel_reject (AssayHttpChannel *self, SecretValue *token);
/* Puts the credential on @message. Returns: FALSE if there is one that can't stand in a header */
gboolean assay_http_channel_authorize (AssayHttpChannel *self,
                                       SoupMessage      *message);

/* Puts @exchange into the queue; at its head if it has had a turn already. */
void   assay_http_channel_enqueue (AssayHttpChannel  *self,
                                   AssayHttpExchange *exchange,
                                   gboolean           at_head);
void   assay_http_channel_dequeue (AssayHttpChannel  *self,
                                   AssayHttpExchange *exchange);
/* Called by the pacer. Whether something waits in the one queue or the other that could be sent; a token that is missing
 * for it is asked for, and what comes of that dispatches again. */
gboolean assay_http_channel_can_start (AssayHttpChannel *self,
                                       gboolean          background);
/* Called by the pacer, which has taken a turn for it. */
void   assay_http_channel_start_next (AssayHttpChannel *self,
                                      gboolean          background);
/* Starts what may start now. */
void   assay_http_channel_dispatch (AssayHttpChannel *self);
/* A turn given by the channel has ended. */
void   assay_http_channel_release (AssayHttpChannel *self,
                                   gboolean          was_welcome);
/* The vendor asks for a rest of this many milliseconds; what can't wait as long fails now. */
void   assay_http_channel_pause (AssayHttpChannel *self,
                                 guint             milliseconds);
/* When the pause ends, by g_get_monotonic_time (); in the past if there is none. */
gint64 assay_http_channel_get_paused_until (AssayHttpChannel *self);
/* Counts one attempt, for assay_http_channel_get_request_count (). */
void   assay_http_channel_count_sent (AssayHttpChannel *self);
/* Notes the vendor's time, by the Date header (nullable) of an answer of any status. */
void   assay_http_channel_note_date (AssayHttpChannel *self,
                                     const char       *date);
/* Counts one exchange in or out, for assay_http_channel_get_queued (). */
void   assay_http_channel_count (AssayHttpChannel *self,
                                 int               change);

/* ---- Exchange: one request on its way --------------------------------------------------------- */

/* (transfer full) @request. The exchange enqueues itself and frees itself after its callback. */
void     assay_http_exchange_run (AssayHttpChannel    *channel,
                                  AssayHttpRequest    *request,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data);
/* Called by the channel: its turn has come, and @exchange is out of the queue. */
void     assay_http_exchange_start (AssayHttpExchange *exchange);
/* Called by the channel, which got no token: @exchange is out of the queue. Takes @error. */
void     assay_http_exchange_fail (AssayHttpExchange *exchange,
                                   GError            *error);
/* Called by the channel, which is going away; @exchange is out of the queue. */
void     assay_http_exchange_abandon (AssayHttpExchange *exchange);
/* Called by the channel during a pause. Returns: FALSE, and @exchange is out of the queue and ended, if its
 * deadline comes before the pause's end */
gboolean assay_http_exchange_check_pause (AssayHttpExchange *exchange,
                                          gint64             paused_until);
gboolean assay_http_exchange_is_background (AssayHttpExchange *exchange);

/* ---- Problems: what went wrong, as a sentence ------------------------------------------------- */

/* Where a connection was when it failed. */
typedef enum
{
  ASSAY_HTTP_PHASE_NONE,
  ASSAY_HTTP_PHASE_RESOLVING,
  ASSAY_HTTP_PHASE_CONNECTING,
  ASSAY_HTTP_PHASE_PROXY,
  ASSAY_HTTP_PHASE_TLS,
  ASSAY_HTTP_PHASE_STARTED, /* bytes of the request may have left */
} AssayHttpPhase;

/* What was answered, for a sentence about it. */
typedef struct
{
  const char *place;
  SecretValue *secret; /* (nullable): never to be shown */
  gboolean signed_in;  /* the secret is a token that somebody's sign-in gave, no key */
  guint status;
  const char *content_type; /* (nullable) */
  GBytes *body;             /* (nullable): its beginning */
  int retry_after;          /* seconds, or -1 */
} AssayHttpAnswer;

/* Returns: (transfer full): the error for a status that isn't 2xx, other than a redirect */
GError *assay_http_problem_from_status (const AssayHttpAnswer *answer,
                                        AssayHttpKind          kind);
/* Returns: (transfer full): the error for a 2xx whose body is of no use; @reason (nullable) says why */
GError *assay_http_problem_from_body (const AssayHttpAnswer *answer,
                                      AssayHttpKind          kind,
                                      const GError          *reason);
/* Returns: (transfer full): the error for a connection that failed in @phase */
GError *assay_http_problem_from_network (const char           *place,
                                         const char           *host,
                                         AssayHttpKind         kind,
                                         AssayHttpPhase        phase,
                                         GTlsCertificateFlags  flags,
                                         const GError         *reason);
/* Returns: (transfer full): the error for a redirect that isn't followed. @host: (nullable): where it leads
 */
GError *assay_http_problem_from_redirect (const AssayHttpAnswer *answer,
                                          AssayHttpKind          kind,
                                          const char            *host);
/* Returns: (transfer full): the error for a file that its host, a stranger to the key, doesn't give */
GError *assay_http_problem_from_download (const AssayHttpAnswer *answer,
                                          const char            *host);
/* Whether @answer is a web page. */
gboolean assay_http_answer_is_html (const AssayHttpAnswer *answer);
/* Returns: (transfer full) (nullable): the vendor's own words in @answer: at most ASSAY_HTTP_MAX_DETAIL bytes
 * of valid UTF-8 in one line, without the secret */
char *assay_http_answer_dup_detail (const AssayHttpAnswer *answer);
/* Returns: (transfer full): @path (with its query) with everything that looks like an e-mail address masked
 */
char *assay_http_mask_path (const char *path,
                            const char *query);

G_END_DECLS
