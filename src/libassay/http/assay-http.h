/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one HTTP client. A connector describes a request; everything that is the same for all vendors happens here:
 * where a request may go, pacing, retries, redirects, size limits, deadlines, decoding, redaction, and turning what
 * went wrong into an AssayError with a sentence a person can act on. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "assay-error.h"

G_BEGIN_DECLS

/* Sizes beyond these are refused, raw and decoded alike. */
#define ASSAY_HTTP_MAX_BODY (64u * 1024u * 1024u)
/* What stays of a vendor's error text. */
#define ASSAY_HTTP_MAX_DETAIL 600u

/**
 * AssayHttpAuth:
 * @ASSAY_HTTP_AUTH_NONE: no credential
 * @ASSAY_HTTP_AUTH_BASIC: `Authorization: Basic base64(secret:)`, the secret as the user name, an empty password
 * @ASSAY_HTTP_AUTH_BEARER: `Authorization: Bearer secret`
 * @ASSAY_HTTP_AUTH_TOKEN: `Authorization: Token secret`
 * @ASSAY_HTTP_AUTH_HEADER: a header of its own, named by #AssayHttpChannel:auth-header
 *
 * How a channel presents its credential. Always a header, never the address.
 */
typedef enum
{
  ASSAY_HTTP_AUTH_NONE,
  ASSAY_HTTP_AUTH_BASIC,
  ASSAY_HTTP_AUTH_BEARER,
  ASSAY_HTTP_AUTH_TOKEN,
  ASSAY_HTTP_AUTH_HEADER,
} AssayHttpAuth;

/**
 * AssayHttpPace:
 * @per_second: requests a second that a connection is allowed in the long run; must be > 0
 * @burst: requests that may be sent at once after a pause; at least 1
 * @concurrency: requests in flight at most; at least 1
 *
 * What a vendor permits, or what is polite where the vendor names no number.
 */
typedef struct
{
  double per_second;
  guint burst;
  guint concurrency;
} AssayHttpPace;

/**
 * AssayHttp:
 *
 * The session all channels share. HTTP/1.1 only, no cookies, no cache, no automatic authentication, no automatic
 * redirects, certificates always checked.
 */
#define ASSAY_TYPE_HTTP (assay_http_get_type ())
G_DECLARE_FINAL_TYPE (AssayHttp, assay_http, ASSAY, HTTP, GObject)

AssayHttp *assay_http_new (void);

/**
 * assay_http_check_base_url:
 * @base_url: an address as a person typed it
 * @error: return location for %ASSAY_ERROR_INVALID
 *
 * Checks what may stand before a resource's path: `https:` with a host, or `http:` for a loopback literal
 * (127.0.0.0/8, [::1], localhost); no user info, query or fragment.
 *
 * Returns: (transfer full) (nullable): the address, trimmed and without trailing slashes
 */
char *assay_http_check_base_url (const char  *base_url,
                                 GError     **error);

/**
 * AssayHttpChannel:
 *
 * One connection's way to its vendor: address, credential, and the pace that all its requests share.
 *
 * A channel belongs to the thread and main context it was made in. A request keeps it alive from its first turn on;
 * those that still wait for one when the channel is dropped end as %G_IO_ERROR_CANCELLED.
 */
#define ASSAY_TYPE_HTTP_CHANNEL (assay_http_channel_get_type ())
G_DECLARE_FINAL_TYPE (AssayHttpChannel, assay_http_channel, ASSAY, HTTP_CHANNEL, GObject)

/**
 * assay_http_channel_new:
 * @http: the session
 * @vendor_name: the vendor's name as sentences should spell it ("Pinpoint")
 * @base_url: as assay_http_check_base_url() returns it
 * @pace: the pace; copied
 *
 * Returns: (transfer full): a channel without a credential
 */
AssayHttpChannel *assay_http_channel_new (AssayHttp           *http,
                                          const char          *vendor_name,
                                          const char          *base_url,
                                          const AssayHttpPace *pace);

/**
 * assay_http_channel_set_account:
 * @self: a channel that was asked nothing yet
 * @account: the connection's id; 0 for one that has none yet
 *
 * Makes @self share its pace with all channels of the same account at the same address, those before it included: a
 * vendor counts what comes, not from which object. What was learned of the vendor's limit stays true as long as the
 * session lives.
 */
void assay_http_channel_set_account (AssayHttpChannel *self,
                                     gint64            account);

/**
 * assay_http_channel_set_credential:
 * @self: a channel
 * @auth: how it is sent
 * @header: (nullable): the header's name, for %ASSAY_HTTP_AUTH_HEADER only
 * @secret: (nullable): the secret; a wiped-on-free copy in non-pageable memory is kept. Surrounding white space is
 *   the caller's to remove. A value that can't stand in a header (control characters) makes every request fail with
 *   %ASSAY_ERROR_UNAUTHORIZED before anything is sent
 */
void assay_http_channel_set_credential (AssayHttpChannel *self,
                                        AssayHttpAuth     auth,
                                        const char       *header,
                                        const char       *secret);

/**
 * AssayHttpTokens:
 *
 * Where a channel gets bearer tokens that expire. A channel sends nothing while there is no token that is good now: it
 * asks for one once, and whatever waits waits for that. Objects belong to the main context they were made in.
 */
#define ASSAY_TYPE_HTTP_TOKENS (assay_http_tokens_get_type ())
G_DECLARE_INTERFACE (AssayHttpTokens, assay_http_tokens, ASSAY, HTTP_TOKENS, GObject)

struct _AssayHttpTokensInterface
{
  GTypeInterface parent_iface;

  /* (transfer none) (nullable): the token to send now; NULL: obtain one first */
  const char *(*peek) (AssayHttpTokens *self);
  /* Gets a token that peek() gives afterwards. %ASSAY_ERROR_UNAUTHORIZED: somebody has to sign in again. Calls while one
   * is under way wait for that one. */
  void        (*obtain_async) (AssayHttpTokens *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
  gboolean    (*obtain_finish) (AssayHttpTokens *self, GAsyncResult *result, GError **error);
  /* The vendor answered 401 to @token: it isn't good any longer, whatever the clock says. */
  void        (*reject) (AssayHttpTokens *self, const char *token);
  /* (transfer none) (nullable): what was granted, blank-separated, if that is known */
  const char *(*get_scope) (AssayHttpTokens *self);
};

const char *assay_http_tokens_peek (AssayHttpTokens *self);
void        assay_http_tokens_obtain_async (AssayHttpTokens *self, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
gboolean    assay_http_tokens_obtain_finish (AssayHttpTokens *self, GAsyncResult *result, GError **error);
void        assay_http_tokens_reject (AssayHttpTokens *self, const char *token);
const char *assay_http_tokens_get_scope (AssayHttpTokens *self);

/**
 * assay_http_channel_set_tokens:
 * @self: a channel
 * @tokens: where its tokens come from; they are sent as `Authorization: Bearer`
 *
 * Takes the place of assay_http_channel_set_credential(). A request that is answered 401 is sent once more with a new
 * token, whatever its kind: what wasn't let in took no effect.
 */
void assay_http_channel_set_tokens (AssayHttpChannel *self,
                                    AssayHttpTokens  *tokens);

/**
 * assay_http_channel_get_queued:
 * @self: a channel
 *
 * Returns: how many requests wait for their turn or are in flight
 */
guint assay_http_channel_get_queued (AssayHttpChannel *self);

/**
 * assay_http_channel_get_request_count:
 * @self: a channel
 *
 * Returns: how many requests have been sent since it was made, retries counted
 */
guint64 assay_http_channel_get_request_count (AssayHttpChannel *self);

/* (transfer none): the pace it keeps to */
const AssayHttpPace *assay_http_channel_get_pace (AssayHttpChannel *self);

/**
 * assay_http_channel_get_headroom:
 * @self: a channel
 *
 * Returns: how many requests may leave at once now, without waiting for the pace; 0 too while the vendor has asked for
 *   a rest
 */
guint assay_http_channel_get_headroom (AssayHttpChannel *self);

/**
 * assay_http_channel_get_clock_skew:
 * @self: a channel
 * @skew: (out): by how many milliseconds this computer's clock is ahead of the vendor's, by the last answer that had a
 *   Date header; such a header counts whole seconds, and travel isn't taken off
 *
 * Returns: whether the vendor has told its time yet
 */
gboolean assay_http_channel_get_clock_skew (AssayHttpChannel *self,
                                            gint64           *skew);

/**
 * AssayHttpKind:
 * @ASSAY_HTTP_READ: may be repeated: after a lost answer, a 5xx, a 429 or a truncated body it is, within its deadline
 * @ASSAY_HTTP_REPEATABLE_WRITE: changes something, but the same request twice has the same effect (a PUT of a stage);
 *   retried like a read, follows no redirect
 * @ASSAY_HTTP_ONCE: must not happen twice (an invitation). Sent again only where nothing can have taken effect: the
 *   connection was never made, or the vendor answered 429 (or 503 with Retry-After). A lost answer, a time-out after
 *   the first byte left, any redirect, any other 5xx, and a 2xx whose body doesn't parse end as %ASSAY_ERROR_UNSURE.
 *   It isn't cancelled once on the wire: cancelling then ends it as %ASSAY_ERROR_UNSURE
 */
typedef enum
{
  ASSAY_HTTP_READ,
  ASSAY_HTTP_REPEATABLE_WRITE,
  ASSAY_HTTP_ONCE,
} AssayHttpKind;

/**
 * AssayHttpRequest:
 *
 * A request before it is sent. Made with assay_http_request_new(), given away to assay_http_channel_send_async().
 */
typedef struct _AssayHttpRequest AssayHttpRequest;

/**
 * assay_http_request_new:
 * @kind: what a repeat would do
 * @method: "GET", "POST", "PUT", "DELETE"
 * @path: the path after the channel's base address, without a leading slash; already escaped
 *
 * Returns: (transfer full): a request with a deadline of 60 s for reads and 90 s for writes
 */
AssayHttpRequest *assay_http_request_new (AssayHttpKind  kind,
                                          const char    *method,
                                          const char    *path);
void              assay_http_request_free (AssayHttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayHttpRequest, assay_http_request_free)

/* Adds name=value to the query; both are escaped here ('[' and ']' of JSON:API names stay readable). */
void assay_http_request_add_query (AssayHttpRequest *request,
                                   const char       *name,
                                   const char       *value);
/* Adds a header that isn't a credential ("Accept", …). */
void assay_http_request_add_header (AssayHttpRequest *request,
                                    const char       *name,
                                    const char       *value);
/* Sets the body from @root (transfer none), with @content_type as its media type. */
void assay_http_request_set_json (AssayHttpRequest *request,
                                  JsonNode         *root,
                                  const char       *content_type);
/* A part of a form that has files in it: a text, or a file with its name. */
typedef struct
{
  const char *name;        /* ours, and plain */
  const char *value;       /* (nullable): of a text */
  const char *filename;    /* (nullable): of a file; any text */
  const char *media_type;  /* (nullable): of a file */
  GBytes *bytes;           /* (nullable): of a file */
} AssayHttpPart;

/* Sets the body to a multipart form (RFC 7578) of @parts, which are borrowed for the call. */
void assay_http_request_set_parts (AssayHttpRequest    *request,
                                   const AssayHttpPart *parts,
                                   guint                n_parts);
/* Sets the body to a form as browsers send it (application/x-www-form-urlencoded); @fields: name, value, name, value …,
 * NULL-terminated. It is kept in memory that is wiped when it is freed: it may hold secrets. */
void assay_http_request_set_urlencoded (AssayHttpRequest  *request,
                                        const char *const *fields);
/* Sets the body to a multipart form; @fields: name, value, name, value …, NULL-terminated. Names are ours and plain. */
void assay_http_request_set_form (AssayHttpRequest  *request,
                                  const char *const *fields);
/**
 * assay_http_request_set_download:
 * @request: a %ASSAY_HTTP_READ by "GET"
 * @address: (nullable): an address that the vendor gave, in place of the path below the channel's base address
 *
 * Makes the request one for a file: the answer is any bytes, see assay_http_response_get_bytes(). Redirects are then
 * followed to other hosts, too, but the credential goes to the channel's own origin only. Another origin must be
 * `https:` with a name (not an address), unless the channel itself is on loopback. What a foreign host refuses isn't
 * the key's fault: it ends as %ASSAY_ERROR_NOT_FOUND, since such addresses expire. Nothing of the address is logged.
 */
void assay_http_request_set_download (AssayHttpRequest *request,
                                      const char       *address);
/* The path holds a secret of somebody's: it is never logged. */
void assay_http_request_set_private_path (AssayHttpRequest *request,
                                          gboolean          private_path);
/* Total time, queueing, retries and waits included, in milliseconds. */
void assay_http_request_set_deadline (AssayHttpRequest *request,
                                      guint             milliseconds);
/* The longest body that is taken, raw and decoded; ASSAY_HTTP_MAX_BODY unless set, and at most. */
void assay_http_request_set_max_body (AssayHttpRequest *request,
                                      gsize             bytes);
/* A background request lets every other one of its channel go first, and while those come one after the other leaves them
 * the pace, but for one in forty. */
void assay_http_request_set_background (AssayHttpRequest *request,
                                        gboolean          background);

/**
 * AssayHttpResponse:
 *
 * A good answer: status 2xx, a body that is a whole JSON document within the limits of the guard; or of a download, the
 * bytes.
 */
typedef struct _AssayHttpResponse AssayHttpResponse;

void assay_http_response_free (AssayHttpResponse *response);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayHttpResponse, assay_http_response_free)

guint       assay_http_response_get_status (AssayHttpResponse *response);
/* (transfer none): the immutable document; never NULL for a status other than 204, unless of a download */
JsonNode   *assay_http_response_get_root (AssayHttpResponse *response);
/* (transfer none) (nullable): what a download brought; NULL for any other request, and for 204 */
GBytes     *assay_http_response_get_bytes (AssayHttpResponse *response);
/* (nullable) (transfer none): a header, hostile text */
const char *assay_http_response_get_header (AssayHttpResponse *response,
                                            const char        *name);
/* The vendor's clock by its Date header in Unix milliseconds, 0 if it sent none. */
gint64      assay_http_response_get_date (AssayHttpResponse *response);

/**
 * assay_http_channel_send_async:
 * @self: a channel
 * @request: (transfer full): the request
 * @cancellable: (nullable): a #GCancellable
 * @callback: called in the caller's main context, at the latest at the deadline
 * @user_data: for @callback
 *
 * Sends @request in its turn. Errors are %ASSAY_ERROR ones (or %G_IO_ERROR_CANCELLED) with the vendor's status and
 * detail where there are any: 401 → UNAUTHORIZED, 403 → FORBIDDEN, 404/410 → NOT_FOUND, 409 → DUPLICATE,
 * 400/405/413/415/422 and the rest of 4xx → INVALID, 429 → RATE_LIMITED once the deadline doesn't allow the wait,
 * 5xx and network → UNAVAILABLE (or UNSURE, see #AssayHttpKind), a read's unusable body → BAD_RESPONSE,
 * TLS → UNAVAILABLE with a sentence that says what is wrong with the certificate.
 *
 * A GET is redirected at most three times, within its origin; any other redirect is an error. A 429, or a 503 with
 * Retry-After, pauses the whole channel; what can't wait as long ends as RATE_LIMITED at once.
 */
void               assay_http_channel_send_async (AssayHttpChannel    *self,
                                                  AssayHttpRequest    *request,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
AssayHttpResponse *assay_http_channel_send_finish (AssayHttpChannel  *self,
                                                   GAsyncResult      *result,
                                                   GError           **error);

G_END_DECLS
