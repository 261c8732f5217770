/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An authorization server for a played vendor. */

#include "config.h"

#include "sandbox-oauth.h"

#include <string.h>

#define CLIENT_ID "sandbox-client"
#define CLIENT_SECRET "sandbox-client-secret"
/* Lever gives an app no more. */
#define MAX_SCOPES 20
#define CODE_LIFE (60 * G_USEC_PER_SEC)

/* What somebody consented to. */
typedef struct
{
  guint    number;
  GStrv    scopes;
  gboolean revoked;
} Grant;

/* A question at the consent page, and the code that came of it. */
typedef struct
{
  char   *client;
  char   *redirect;
  char   *state;
  char   *challenge;          /* (nullable) */
  GStrv   scopes;
  Grant  *grant;              /* (nullable): once accepted */
  gint64  made;
  gboolean used;
} Ticket;

typedef struct
{
  Grant  *grant;
  gint64  expires;            /* monotonic; of an access token */
  gboolean used;              /* of a refresh token */
} Token;

typedef enum { CONSENT_PAGE, CONSENT_AUTO, CONSENT_DENY } Consent;

struct _SandboxOauth
{
  const char        *vendor;
  SandboxLedger     *ledger;
  const char *const *scopes;
  char              *origin;
  char              *audience;
  Consent            consent;
  double             token_seconds;
  GPtrArray         *grants;    /* (element-type Grant) */
  GHashTable        *tickets;   /* text → Ticket: at the consent page */
  GHashTable        *codes;     /* text → Ticket */
  GHashTable        *access;    /* text → Token */
  GHashTable        *refresh;   /* text → Token */
};

static void
grant_free (gpointer data)
{
  Grant *grant = data;

  g_strfreev (grant->scopes);
  g_free (grant);
}

static void
ticket_free (gpointer data)
{
  Ticket *ticket = data;

  g_free (ticket->client);
  g_free (ticket->redirect);
  g_free (ticket->state);
  g_free (ticket->challenge);
  g_strfreev (ticket->scopes);
  g_free (ticket);
}

SandboxOauth *
sandbox_oauth_new (const char        *vendor,
                   SandboxLedger     *ledger,
                   const char *const *scopes)
{
  SandboxOauth *self = g_new0 (SandboxOauth, 1);

  self->vendor = vendor;
  self->ledger = ledger;
  self->scopes = scopes;
  self->token_seconds = 3600;
  self->grants = g_ptr_array_new_with_free_func (grant_free);
  self->tickets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ticket_free);
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ticket_free);
  self->access = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->refresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
sandbox_oauth_free (SandboxOauth *self)
{
  g_free (self->origin);
  g_free (self->audience);
  g_hash_table_unref (self->tickets);
  g_hash_table_unref (self->codes);
  g_hash_table_unref (self->access);
  g_hash_table_unref (self->refresh);
  g_ptr_array_unref (self->grants);
  g_free (self);
}

void
sandbox_oauth_mount (SandboxOauth *self,
                     const char   *origin,
                     const char   *audience)
{
  g_free (self->origin);
  g_free (self->audience);
  self->origin = g_strdup (origin);
  self->audience = g_strdup (audience);
}

void
sandbox_oauth_configure (SandboxOauth *self,
                         JsonObject   *settings)
{
  const char *consent = sandbox_json_get_string (settings, "consent");

  if (consent != NULL)
    self->consent = g_str_equal (consent, "auto") ? CONSENT_AUTO
                    : g_str_equal (consent, "deny") ? CONSENT_DENY : CONSENT_PAGE;
  self->token_seconds = sandbox_json_get_real (settings, "token_seconds", self->token_seconds);
  if (sandbox_json_get_boolean (settings, "expire_tokens", FALSE))
    g_hash_table_remove_all (self->access);
  if (sandbox_json_get_boolean (settings, "revoke_grants", FALSE))
    for (guint i = 0; i < self->grants->len; i++)
      ((Grant *) g_ptr_array_index (self->grants, i))->revoked = TRUE;
}

void
sandbox_oauth_describe (SandboxOauth *self,
                        SandboxJson  *json)
{
  g_autofree char *authorize = g_strconcat (self->origin, "/authorize", NULL);
  g_autofree char *token = g_strconcat (self->origin, "/oauth/token", NULL);

  sandbox_json_key (json, "settings");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "auth", "oauth");
  sandbox_json_member_string (json, "client-id", CLIENT_ID);
  sandbox_json_member_string (json, "authorize-url", authorize);
  sandbox_json_member_string (json, "token-url", token);
  sandbox_json_member_string (json, "audience", self->audience);
  sandbox_json_end_object (json);
  sandbox_json_key (json, "secrets");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "client-secret", CLIENT_SECRET);
  sandbox_json_end_object (json);
}

/* Not fit for anything but play; different each time. (transfer full) */
static char *
make_secret (const char *kind)
{
  return g_strdup_printf ("sandbox-%s-%08x%08x%08x", kind, g_random_int (), g_random_int (), g_random_int ());
}

static void
note_incident (SandboxOauth   *self,
               SandboxRequest *request,
               const char     *kind,
               const char     *what)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->path, what);

  sandbox_ledger_add_incident (self->ledger, self->vendor, kind, detail);
}

static void
answer_page (SandboxRequest *request,
             guint           status,
             const char     *title,
             const char     *body)
{
  sandbox_request_answer_text (
    request, status, "text/html; charset=utf-8",
    g_strdup_printf ("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>%s</title></head>"
                     "<body><h1>%s</h1>%s</body></html>\n", title, title, body));
}

/* What Lever's page does where it can't send anybody back. */
static void
answer_undefined (SandboxOauth   *self,
                  SandboxRequest *request,
                  const char     *what)
{
  g_autofree char *words = g_markup_printf_escaped ("<p>%s</p>", what);

  note_incident (self, request, "bad-authorization", what);
  answer_page (request, 400, "Oops, something went wrong", words);
}

static void
append (GString    *address,
        const char *name,
        const char *value)
{
  g_string_append_c (address, strchr (address->str, '?') != NULL ? '&' : '?');
  g_string_append_printf (address, "%s=", name);
  g_string_append_uri_escaped (address, value, NULL, FALSE);
}

static void
send_back (SandboxRequest *request,
           const Ticket   *ticket,
           const char     *name,
           const char     *value,
           const char     *description)
{
  GString *address = g_string_new (ticket->redirect);
  g_autofree char *text = NULL;

  append (address, "state", ticket->state);
  append (address, name, value);
  if (description != NULL)
    append (address, "error_description", description);
  text = g_string_free (address, FALSE);
  sandbox_request_answer_text (request, 302, "text/plain", g_strdup ("See there.\n"));
  soup_message_headers_replace (request->answer_headers, "Location", text);
}

/* Takes @ticket. */
static void
accept_ticket (SandboxOauth   *self,
               SandboxRequest *request,
               Ticket         *ticket)
{
  char *code = make_secret ("code");

  ticket->grant = g_new0 (Grant, 1);
  ticket->grant->number = self->grants->len + 1;
  ticket->grant->scopes = g_strdupv (ticket->scopes);
  g_ptr_array_add (self->grants, ticket->grant);
  ticket->made = g_get_monotonic_time ();
  send_back (request, ticket, "code", code, NULL);
  g_hash_table_insert (self->codes, code, ticket);
}

static void
deny_ticket (SandboxRequest *request,
             const Ticket   *ticket)
{
  send_back (request, ticket, "error", "access_denied", "User did not authorize the request");
}

static void
show_consent (SandboxOauth   *self,
              SandboxRequest *request,
              Ticket         *ticket)
{
  g_autofree char *number = make_secret ("ticket");
  GString *body = g_string_new ("<p>The app <b>" CLIENT_ID "</b> asks for these permissions:</p><ul>");

  for (guint i = 0; ticket->scopes[i] != NULL; i++)
    g_string_append_printf (body, "<li>%s</li>", ticket->scopes[i]);
  g_string_append_printf (body,
                          "</ul><p><a href=\"/authorize/consent?ticket=%s&amp;answer=accept\">Accept</a> "
                          "<a href=\"/authorize/consent?ticket=%s&amp;answer=deny\">Deny</a></p>",
                          number, number);
  answer_page (request, 200, "Sandbox Lever", body->str);
  g_string_free (body, TRUE);
  g_hash_table_insert (self->tickets, g_steal_pointer (&number), ticket);
}

/* RFC 8252: any port of this computer. Lever compares character by character, which can't be played without knowing
 * the port before. */
static gboolean
is_loopback (const char *redirect)
{
  g_autoptr (GUri) uri = g_uri_parse (redirect, G_URI_FLAGS_ENCODED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && g_str_equal (g_uri_get_scheme (uri), "http") && g_uri_get_port (uri) > 0 &&
         g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL &&
         (g_str_equal (host, "127.0.0.1") || g_str_equal (host, "localhost") || g_str_equal (host, "::1"));
}

/* (transfer full) (nullable): answered with an error where one isn't known */
static GStrv
read_scopes (SandboxOauth   *self,
             SandboxRequest *request,
             const char     *text)
{
  g_auto (GStrv) scopes = g_strsplit (text, " ", -1);

  if (g_strv_length (scopes) > MAX_SCOPES)
    {
      answer_undefined (self, request, "more than 20 scopes");
      return NULL;
    }
  for (guint i = 0; scopes[i] != NULL; i++)
    if (!g_strv_contains (self->scopes, scopes[i]))
      {
        answer_undefined (self, request, scopes[i]);
        return NULL;
      }
  return g_steal_pointer (&scopes);
}

static void
authorize (SandboxOauth   *self,
           SandboxRequest *request)
{
  static const char *const required[] = { "client_id", "redirect_uri", "response_type", "state", "audience", "scope" };
  const char *method = sandbox_request_get_parameter (request, "code_challenge_method");
  const char *challenge = sandbox_request_get_parameter (request, "code_challenge");
  g_auto (GStrv) scopes = NULL;
  Ticket *ticket;

  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    {
      const char *value = sandbox_request_get_parameter (request, required[i]);

      if (value == NULL || *value == '\0')
        {
          answer_undefined (self, request, required[i]);
          return;
        }
    }
  if (g_strcmp0 (sandbox_request_get_parameter (request, "client_id"), CLIENT_ID) != 0)
    {
      answer_undefined (self, request, "unknown client");
      return;
    }
  if (!is_loopback (sandbox_request_get_parameter (request, "redirect_uri")))
    {
      answer_undefined (self, request, "redirect_uri is not registered");
      return;
    }
  if (g_strcmp0 (sandbox_request_get_parameter (request, "response_type"), "code") != 0)
    {
      answer_undefined (self, request, "response_type");
      return;
    }
  if (strlen (sandbox_request_get_parameter (request, "state")) < 16)
    note_incident (self, request, "weak-state", "a state that can be guessed");
  if ((challenge != NULL && (g_strcmp0 (method, "S256") != 0 || strlen (challenge) != 43)) ||
      (challenge == NULL && method != NULL))
    {
      answer_undefined (self, request, "code_challenge");
      return;
    }
  scopes = read_scopes (self, request, sandbox_request_get_parameter (request, "scope"));
  if (scopes == NULL)
    return;
  if (g_strcmp0 (sandbox_request_get_parameter (request, "audience"), self->audience) != 0)
    {
      /* As with Lever: the page then shows offline_access alone. */
      const char *const only[] = { "offline_access", NULL };

      note_incident (self, request, "bad-audience", sandbox_request_get_parameter (request, "audience"));
      g_strfreev (scopes);
      scopes = g_strdupv ((char **) only);
    }

  ticket = g_new0 (Ticket, 1);
  ticket->client = g_strdup (sandbox_request_get_parameter (request, "client_id"));
  ticket->redirect = g_strdup (sandbox_request_get_parameter (request, "redirect_uri"));
  ticket->state = g_strdup (sandbox_request_get_parameter (request, "state"));
  ticket->challenge = g_strdup (challenge);
  ticket->scopes = g_steal_pointer (&scopes);
  switch (self->consent)
    {
    case CONSENT_AUTO:
      accept_ticket (self, request, ticket);
      break;
    case CONSENT_DENY:
      deny_ticket (request, ticket);
      ticket_free (ticket);
      break;
    case CONSENT_PAGE:
    default:
      show_consent (self, request, ticket);
    }
}

static void
consent (SandboxOauth   *self,
         SandboxRequest *request)
{
  const char *number = sandbox_request_get_parameter (request, "ticket");
  g_autofree char *key = NULL;
  Ticket *ticket;

  if (number == NULL || !g_hash_table_steal_extended (self->tickets, number, (gpointer *) &key, (gpointer *) &ticket))
    {
      answer_page (request, 404, "There is nothing to consent to", "");
      return;
    }
  if (g_strcmp0 (sandbox_request_get_parameter (request, "answer"), "accept") == 0)
    accept_ticket (self, request, ticket);
  else
    {
      deny_ticket (request, ticket);
      ticket_free (ticket);
    }
}

static void
answer_error (SandboxRequest *request,
              guint           status,
              const char     *error,
              const char     *description)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "error", error);
  sandbox_json_member_string (json, "error_description", description);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, "application/json", json);
}

static void
answer_tokens (SandboxOauth   *self,
               SandboxRequest *request,
               Grant          *grant)
{
  SandboxJson *json = sandbox_json_new ();
  g_autofree char *scope = g_strjoinv (" ", grant->scopes);
  char *access = make_secret ("access");
  Token *token = g_new0 (Token, 1);

  token->grant = grant;
  token->expires = g_get_monotonic_time () + (gint64) (self->token_seconds * G_USEC_PER_SEC);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "access_token", access);
  g_hash_table_insert (self->access, access, token);
  if (g_strv_contains ((const char *const *) grant->scopes, "offline_access"))
    {
      char *refresh = make_secret ("refresh");

      token = g_new0 (Token, 1);
      token->grant = grant;
      sandbox_json_member_string (json, "refresh_token", refresh);
      g_hash_table_insert (self->refresh, refresh, token);
    }
  sandbox_json_member_string (json, "scope", scope);
  sandbox_json_member_integer (json, "expires_in", (gint64) self->token_seconds);
  sandbox_json_member_string (json, "token_type", "Bearer");
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static gboolean
verifies (const Ticket *ticket,
          const char   *verifier)
{
  g_autoptr (GChecksum) checksum = NULL;
  g_autofree char *text = NULL;
  guchar digest[32];
  gsize length = sizeof digest;

  if (ticket->challenge == NULL)
    return verifier == NULL;
  if (verifier == NULL || strlen (verifier) < 43 || strlen (verifier) > 128)
    return FALSE;
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);
  text = g_base64_encode (digest, length);
  text[strcspn (text, "=")] = '\0';
  return g_str_equal (g_strdelimit (g_strdelimit (text, "+", '-'), "/", '_'), ticket->challenge);
}

static void
redeem_code (SandboxOauth   *self,
             SandboxRequest *request,
             GHashTable     *form)
{
  const char *code = g_hash_table_lookup (form, "code");
  Ticket *ticket = code != NULL ? g_hash_table_lookup (self->codes, code) : NULL;

  if (ticket != NULL && ticket->used)
    {
      note_incident (self, request, "code-reused", "a code is good once");
      ticket->grant->revoked = TRUE;
    }
  else if (ticket != NULL && g_get_monotonic_time () <= ticket->made + CODE_LIFE &&
           g_strcmp0 (g_hash_table_lookup (form, "redirect_uri"), ticket->redirect) == 0 &&
           verifies (ticket, g_hash_table_lookup (form, "code_verifier")))
    {
      ticket->used = TRUE;
      answer_tokens (self, request, ticket->grant);
      return;
    }
  answer_error (request, 403, "invalid_grant", "Invalid authorization code");
}

static void
redeem_refresh_token (SandboxOauth   *self,
                      SandboxRequest *request,
                      GHashTable     *form)
{
  const char *text = g_hash_table_lookup (form, "refresh_token");
  Token *token = text != NULL ? g_hash_table_lookup (self->refresh, text) : NULL;

  if (token != NULL && token->used)
    {
      note_incident (self, request, "refresh-token-reused", "a refresh token is good once");
      token->grant->revoked = TRUE;
    }
  if (token == NULL || token->grant->revoked)
    {
      answer_error (request, 403, "invalid_grant", "Unknown or invalid refresh token.");
      return;
    }
  token->used = TRUE;
  answer_tokens (self, request, token->grant);
}

/* (transfer full) (nullable): the fields of a form, each once */
static GHashTable *
read_form (SandboxRequest *request)
{
  g_autoptr (GHashTable) form = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autofree char *text = g_strndup (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body));
  g_auto (GStrv) pairs = g_strsplit (text, "&", -1);

  if (g_strcmp0 (type, "application/x-www-form-urlencoded") != 0)
    return NULL;
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (pairs[i], '=');
      char *value;

      if (equals == NULL)
        return NULL;
      *equals = '\0';
      value = g_uri_unescape_string (g_strdelimit (equals + 1, "+", ' '), NULL);
      if (value == NULL || !g_hash_table_insert (form, g_strdup (pairs[i]), value))
        return NULL;
    }
  return g_steal_pointer (&form);
}

static void
give_token (SandboxOauth   *self,
            SandboxRequest *request)
{
  g_autoptr (GHashTable) form = read_form (request);
  const char *type = form != NULL ? g_hash_table_lookup (form, "grant_type") : NULL;

  if (request->parameters->len > 0)
    note_incident (self, request, "secret-in-address", "what belongs into the body is in the address");
  if (sandbox_request_get_header (request, "Authorization") != NULL)
    note_incident (self, request, "needless-credential", "a key at the token address");
  if (form == NULL)
    {
      note_incident (self, request, "malformed-body", "not a form");
      answer_error (request, 400, "invalid_request", "The body is not a form");
    }
  else if (g_strcmp0 (g_hash_table_lookup (form, "client_id"), CLIENT_ID) != 0 ||
           g_strcmp0 (g_hash_table_lookup (form, "client_secret"), CLIENT_SECRET) != 0)
    answer_error (request, 401, "access_denied", "Unauthorized");
  else if (g_strcmp0 (type, "authorization_code") == 0)
    redeem_code (self, request, form);
  else if (g_strcmp0 (type, "refresh_token") == 0)
    redeem_refresh_token (self, request, form);
  else
    answer_error (request, 403, "unsupported_grant_type", "Unsupported grant type");
}

static const struct
{
  const char *operation, *method, *path;
  void (*handle) (SandboxOauth *self, SandboxRequest *request);
} endpoints[] = {
  { "oauth.authorize", "GET", "/authorize", authorize },
  { "oauth.consent", "GET", "/authorize/consent", consent },
  { "oauth.token", "POST", "/oauth/token", give_token },
};

const char *
sandbox_oauth_get_operation (SandboxRequest *request)
{
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    if (g_str_equal (endpoints[i].path, request->path) && g_str_equal (endpoints[i].method, request->method))
      return endpoints[i].operation;
  return NULL;
}

void
sandbox_oauth_handle (SandboxOauth   *self,
                      SandboxRequest *request)
{
  soup_message_headers_replace (request->answer_headers, "Cache-Control", "no-store");
  for (guint i = 0; i < G_N_ELEMENTS (endpoints); i++)
    if (g_str_equal (endpoints[i].path, request->path))
      endpoints[i].handle (self, request);
}

const char *const *
sandbox_oauth_get_scopes (SandboxOauth *self,
                          const char   *text)
{
  const Token *token = text != NULL ? g_hash_table_lookup (self->access, text) : NULL;

  /* Lever's access tokens are JWTs: one that was given lives on after a revocation. The hour isn't waited for here. */
  if (token == NULL || token->grant->revoked || g_get_monotonic_time () >= token->expires)
    return NULL;
  return (const char *const *) token->grant->scopes;
}
