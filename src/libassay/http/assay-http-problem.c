/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong, as a sentence that says where and what to do, with the vendor's own words beside it.
 * Everything a vendor sent is hostile here: it is cleaned, cut, and searched for the secret before anyone
 * sees it. */
#include "config.h"

#include "assay-http-private.h"
#include "assay-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_DETAILS 3
#define MAX_CODE 64u
#define MASK "•••"
/* A shorter "secret" is in every text by chance. */
#define MIN_SECRET_LENGTH 4

/* ---- The vendor's words ----------------------------------------------------------------------- */

/* Takes out what could play tricks where it is shown: control characters become blanks, marks that turn the
 * direction of writing go. */
static char *
clean_text (const char *text,
            gssize      length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f ||
          c == 0xfeff)
        continue;
      if (g_unichar_iscntrl (c) || g_unichar_isspace (c))
        {
          if (clean->len > 0 && clean->str[clean->len - 1] != ' ')
            g_string_append_c (clean, ' ');
        }
      else
        g_string_append_unichar (clean, c);
    }
  if (clean->len > 0 && clean->str[clean->len - 1] == ' ')
    g_string_truncate (clean, clean->len - 1);
  return g_string_free (clean, FALSE);
}

static void
mask_all (GString    *text,
          const char *needle)
{
  if (strlen (needle) >= MIN_SECRET_LENGTH)
    g_string_replace (text, needle, MASK, 0);
}

static void
wipe_and_free (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

/* Masks the secret, and the forms it has in a header: what a vendor echoes ("invalid key …") must not reach a
 * log or a bug report. */
static void
mask_secret (GString     *text,
             SecretValue *secret)
{
  const char *plain;
  char *with_colon;
  char *encoded;
  char *escaped;

  if (secret == NULL)
    return;
  plain = secret_value_get (secret, NULL);
  mask_all (text, plain);

  with_colon = g_strconcat (plain, ":", NULL);
  encoded = g_base64_encode ((const guchar *) with_colon, strlen (with_colon));
  mask_all (text, encoded);
  /* Without the padding, which is often dropped. */
  encoded[strcspn (encoded, "=")] = '\0';
  mask_all (text, encoded);
  wipe_and_free (encoded);
  wipe_and_free (with_colon);

  encoded = g_base64_encode ((const guchar *) plain, strlen (plain));
  mask_all (text, encoded);
  encoded[strcspn (encoded, "=")] = '\0';
  mask_all (text, encoded);
  wipe_and_free (encoded);

  escaped = g_uri_escape_string (plain, NULL, FALSE);
  mask_all (text, escaped);
  wipe_and_free (escaped);
}

static void
cut (GString *text,
     gsize    max_length)
{
  const char *end;

  if (text->len <= max_length)
    return;
  end = text->str + max_length - strlen ("…");
  end = g_utf8_find_prev_char (text->str, end + 1);
  g_string_truncate (text, end != NULL ? (gsize) (end - text->str) : 0);
  g_string_append (text, "…");
}

/* Returns: (transfer full) (nullable): @text fit to be shown */
static char *
finish_text (const char  *text,
             gssize       length,
             SecretValue *secret,
             gsize        max_length)
{
  g_autofree char *clean = clean_text (text, length);
  GString *result;

  if (*clean == '\0')
    return NULL;
  result = g_string_new (clean);
  /* Before cutting: half a secret at the edge is one, too. */
  mask_secret (result, secret);
  cut (result, max_length);
  return g_string_free (result, FALSE);
}

static void
append_detail (GString    *details,
               guint      *count,
               const char *detail)
{
  if (detail == NULL || *detail == '\0' || *count == MAX_DETAILS)
    return;
  if (details->len > 0)
    g_string_append (details, "; ");
  g_string_append (details, detail);
  (*count)++;
}

/* The text in @node: itself, or the member of it that vendors put one in. */
static const char *
get_words (JsonNode *node)
{
  static const char *const members[] = { "detail", "message", "error", "title", "error_description",
                                         "error_key" };
  JsonObject *object;

  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  object = json_node_get_object (node);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *words = assay_json_get_string (object, members[i]);

      if (words != NULL)
        return words;
    }
  return NULL;
}

/* Appends from `errors` (JSON:API objects, or plain texts), `error`, `message`, `detail` and Pinpoint's
 * plugin form `toast.error`, whatever is there first. */
static void
collect_details (JsonNode *root,
                 GString  *details)
{
  static const char *const members[] = { "error", "message", "detail", "error_description", "title" };
  JsonObject *object;
  JsonObject *toast;
  JsonArray *errors;
  guint count = 0;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      append_detail (details, &count, get_words (root));
      return;
    }
  object = json_node_get_object (root);

  errors = assay_json_get_array (object, "errors");
  for (guint i = 0; errors != NULL && i < json_array_get_length (errors) && count < MAX_DETAILS; i++)
    append_detail (details, &count, get_words (json_array_get_element (errors, i)));
  if (count > 0)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (members) && count == 0; i++)
    append_detail (details, &count, get_words (json_object_get_member (object, members[i])));
  if (count > 0)
    return;

  toast = assay_json_get_object (object, "toast");
  if (toast != NULL)
    append_detail (details, &count, get_words (json_object_get_member (toast, "error")));
}

static gboolean
begins_with_tag (GBytes *body)
{
  gsize length = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  while (length > 0 && (g_ascii_isspace (*data) || *data == '\xef' || *data == '\xbb' || *data == '\xbf'))
    {
      data++;
      length--;
    }
  return length > 0 && *data == '<';
}

gboolean
assay_http_answer_is_html (const AssayHttpAnswer *answer)
{
  return begins_with_tag (answer->body) ||
         (answer->content_type != NULL && g_ascii_strncasecmp (answer->content_type, "text/html", 9) == 0);
}

char *
assay_http_answer_dup_detail (const AssayHttpAnswer *answer)
{
  g_autoptr (JsonNode) root = NULL;
  const char *data;
  const char *line_end;
  gsize length;

  if (answer->body == NULL || assay_http_answer_is_html (answer))
    return NULL;
  data = g_bytes_get_data (answer->body, &length);
  if (length == 0)
    return NULL;

  root = assay_json_parse (data, length, NULL);
  if (root != NULL)
    {
      g_autoptr (GString) details = g_string_new (NULL);

      collect_details (root, details);
      return finish_text (details->str, -1, answer->secret, ASSAY_HTTP_MAX_DETAIL);
    }

  /* Plain text says it in its first line; what looks like JSON but isn't says nothing to a person. */
  while (length > 0 && g_ascii_isspace (*data))
    {
      data++;
      length--;
    }
  if (length == 0 || *data == '{' || *data == '[')
    return NULL;
  line_end = memchr (data, '\n', length);
  if (line_end != NULL)
    length = (gsize) (line_end - data);
  return finish_text (data, (gssize) length, answer->secret, ASSAY_HTTP_MAX_DETAIL);
}

/* (transfer full) (nullable): what the vendor calls the failure, `error.code` or `code`: a plain word or nothing */
static char *
dup_code (const AssayHttpAnswer *answer)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  const char *code;
  const char *data;
  gsize length;

  if (answer->body == NULL || assay_http_answer_is_html (answer))
    return NULL;
  data = g_bytes_get_data (answer->body, &length);
  root = length > 0 ? assay_json_parse (data, length, NULL) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = assay_json_get_object (json_node_get_object (root), "error");
  code = assay_json_get_string (object != NULL ? object : json_node_get_object (root), "code");
  if (code == NULL || *code == '\0' || strlen (code) > MAX_CODE)
    return NULL;
  for (const char *p = code; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("._-", *p) == NULL)
      return NULL;
  return g_strdup (code);
}

static gboolean
has_at_sign (const char *text,
             gsize       length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '@')
        return TRUE;
      if (length - i >= 3 && text[i] == '%' && text[i + 1] == '4' && text[i + 2] == '0')
        return TRUE;
      /* Escaped twice, by mistake. */
      if (length - i >= 5 && strncmp (text + i, "%2540", 5) == 0)
        return TRUE;
    }
  return FALSE;
}

char *
assay_http_mask_path (const char *path,
                      const char *query)
{
  g_autofree char *whole = query != NULL ? g_strconcat (path, "?", query, NULL) : g_strdup (path);
  GString *masked = g_string_sized_new (strlen (whole));
  const char *p = whole;

  while (*p != '\0')
    {
      gsize length = strcspn (p, "/?&=;,");

      if (has_at_sign (p, length))
        g_string_append (masked, MASK);
      else
        g_string_append_len (masked, p, (gssize) length);
      p += length;
      if (*p != '\0')
        g_string_append_c (masked, *p++);
    }
  return g_string_free (masked, FALSE);
}

/* ---- Errors from answers ---------------------------------------------------------------------- */

static GError *
new_error (AssayError             code,
           const AssayHttpAnswer *answer,
           char                  *sentence)
{
  g_autofree char *owned = sentence;
  g_autofree char *detail = assay_http_answer_dup_detail (answer);
  g_autofree char *vendor_code = dup_code (answer);
  GError *error = assay_error_new_from_vendor (code, answer->status, detail, "%s", owned);

  assay_error_set_vendor_code (error, vendor_code);
  assay_error_set_retry_after (error, answer->retry_after);
  return error;
}

static char *
make_wait_sentence (const AssayHttpAnswer *answer)
{
  guint minutes = ((guint) MAX (answer->retry_after, 0) + 59) / 60;

  if (answer->retry_after < 0)
    return g_strdup_printf (_("%s asks for fewer requests. Try again in a few minutes."), answer->place);
  if (minutes <= 1)
    return g_strdup_printf (_("%s asks for fewer requests. Try again in a minute."), answer->place);
  return g_strdup_printf (ngettext ("%s asks for fewer requests. Try again in %u minute.",
                                    "%s asks for fewer requests. Try again in %u minutes.", minutes),
                          answer->place, minutes);
}

static char *
make_unsure_sentence (const char *place)
{
  return g_strdup_printf (
    _("%s got the request but gave no clear answer, so it may or may not have taken effect. "
      "Look there before you send it again."),
    place);
}

GError *
assay_http_problem_from_status (const AssayHttpAnswer *answer,
                                AssayHttpKind          kind)
{
  const char *place = answer->place;
  guint status = answer->status;
  AssayError code = ASSAY_ERROR_INVALID;
  char *sentence;

  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
      if (answer->signed_in)
        return new_error (
          ASSAY_ERROR_UNAUTHORIZED, answer,
          g_strdup_printf (_("%s doesn't let Assay in any longer. Sign in again in the connection's settings."), place));
      return new_error (
        ASSAY_ERROR_UNAUTHORIZED, answer,
        g_strdup_printf (_("%s refuses the key. Enter a new one in the connection's settings."), place));
    case SOUP_STATUS_FORBIDDEN:
      code = ASSAY_ERROR_FORBIDDEN;
      if (answer->signed_in)
        {
          sentence = g_strdup_printf (
            _("%s lets Assay in, but not to this: a permission is missing from what was granted. Sign in again, and "
              "grant all that is asked for."),
            place);
          break;
        }
      sentence = g_strdup_printf (
        _("%s accepts the key, but it lacks a permission for this. Have the permission added "
          "to the key there."),
        place);
      break;
    case SOUP_STATUS_NOT_FOUND:
    case SOUP_STATUS_GONE:
      code = ASSAY_ERROR_NOT_FOUND;
      sentence = g_strdup_printf (_("%s doesn't know this record. It may have been deleted there."), place);
      break;
    case SOUP_STATUS_CONFLICT:
      code = ASSAY_ERROR_DUPLICATE;
      sentence = g_strdup_printf (_("%s already has this, so nothing was done."), place);
      break;
    case SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED:
      return new_error (
        ASSAY_ERROR_UNAVAILABLE, answer,
        g_strdup_printf (_("The proxy on the way to %s asks for a sign-in. Check the network settings."),
                         place));
    case SOUP_STATUS_REQUEST_TIMEOUT:
    case 425: /* Too Early */
      return new_error (ASSAY_ERROR_UNAVAILABLE, answer,
                        g_strdup_printf (_("%s didn't take the request in time. Try again later."), place));
    case ASSAY_HTTP_STATUS_TOO_MANY_REQUESTS:
      return new_error (ASSAY_ERROR_RATE_LIMITED, answer, make_wait_sentence (answer));
    default:
      if (status >= 500)
        {
          /* 503 with Retry-After says that it wasn't even tried. */
          gboolean untouched = status == SOUP_STATUS_SERVICE_UNAVAILABLE && answer->retry_after >= 0;

          if (kind == ASSAY_HTTP_ONCE && !untouched)
            return new_error (ASSAY_ERROR_UNSURE, answer, make_unsure_sentence (place));
          return new_error (
            ASSAY_ERROR_UNAVAILABLE, answer,
            g_strdup_printf (_("%s is out of order. Try again later."), place));
        }
      if (status < 400)
        {
          if (kind == ASSAY_HTTP_ONCE)
            return new_error (ASSAY_ERROR_UNSURE, answer, make_unsure_sentence (place));
          return new_error (
            ASSAY_ERROR_BAD_RESPONSE, answer,
            g_strdup_printf (_("%s gave an answer that makes no sense here (status %u). Check the "
                               "connection's address."),
                             place, status));
        }
      sentence = g_strdup_printf (
        _("%s refuses this request (error %u). Correct what it names and try again."), place, status);
      break;
    }

  if (assay_http_answer_is_html (answer))
    {
      g_free (sentence);
      sentence = g_strdup_printf (_("%s answered with a web page where data was due (error %u). Check the "
                                    "connection's address."), place, status);
    }
  return new_error (code, answer, sentence);
}

GError *
assay_http_problem_from_body (const AssayHttpAnswer *answer,
                              AssayHttpKind          kind,
                              const GError          *reason)
{
  const char *place = answer->place;
  char *sentence;

  if (kind == ASSAY_HTTP_ONCE)
    return new_error (ASSAY_ERROR_UNSURE, answer, make_unsure_sentence (place));

  if (assay_http_answer_is_html (answer))
    sentence = g_strdup_printf (
      _("%s answered with a web page where data was due. Check the connection's address."), place);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    sentence = g_strdup_printf (_("%s sends more data than Assay takes in one answer."), place);
  else if (reason != NULL && reason->domain == ASSAY_ERROR)
    sentence =
      g_strdup_printf (/* Translators: the first %s is a vendor and its host, the second a sentence */
                       _("%s gave an answer that Assay can't read. %s"), place, reason->message);
  else
    sentence =
      g_strdup_printf (_("%s gave an answer that arrived damaged or incomplete. Try again later."), place);
  /* The body isn't an error text of the vendor's: no detail. */
  {
    GError *error =
      assay_error_new_from_vendor (ASSAY_ERROR_BAD_RESPONSE, answer->status, NULL, "%s", sentence);

    g_free (sentence);
    return error;
  }
}

GError *
assay_http_problem_from_redirect (const AssayHttpAnswer *answer,
                                  AssayHttpKind          kind,
                                  const char            *host)
{
  g_autofree char *shown = host != NULL ? finish_text (host, -1, answer->secret, 100) : NULL;
  char *sentence;

  if (kind == ASSAY_HTTP_ONCE)
    sentence = make_unsure_sentence (answer->place);
  else if (shown != NULL)
    sentence =
      g_strdup_printf (/* Translators: the first %s is a vendor and its host, the second another host */
                       _("%s sends this request on to %s, and Assay doesn't follow there with your key. "
                         "Check the connection's address."),
                       answer->place, shown);
  else
    sentence = g_strdup_printf (
      _("%s sends this request in circles or nowhere. Check the connection's address."), answer->place);
  {
    GError *error = assay_error_new_from_vendor (kind == ASSAY_HTTP_ONCE ? ASSAY_ERROR_UNSURE
                                                                         : ASSAY_ERROR_UNAVAILABLE,
                                                 answer->status, NULL, "%s", sentence);

    g_free (sentence);
    return error;
  }
}

GError *
assay_http_problem_from_download (const AssayHttpAnswer *answer,
                                  const char            *host)
{
  g_autofree char *shown = finish_text (host, -1, answer->secret, 100);

  return assay_error_new_from_vendor (
    ASSAY_ERROR_NOT_FOUND, answer->status, NULL,
    /* Translators: the first %s is a host that keeps files, the second a vendor and its host */
    _("%s doesn't give this file any more, since the address that %s made for it has expired. Refresh the "
      "application, then open the file again."),
    shown, answer->place);
}

/* ---- Errors from the network ------------------------------------------------------------------ */

static char *
make_certificate_sentence (const char          *host,
                           GTlsCertificateFlags flags)
{
  /* The worst first: who it is comes before how old it is. */
  if ((flags & G_TLS_CERTIFICATE_REVOKED) != 0)
    return g_strdup_printf (
      _("The certificate of %s was revoked, so nothing was sent. Tell whoever runs that host."), host);
  if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return g_strdup_printf (
      _("The certificate shown by %s belongs to another host, so nothing was sent. Check the "
        "connection's address."),
      host);
  if ((flags & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return g_strdup_printf (
      _("The certificate of %s has expired, so nothing was sent. Check this computer's clock, or "
        "tell whoever runs that host."),
      host);
  if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return g_strdup_printf (
      _("The certificate of %s isn't valid yet, so nothing was sent. Check this computer's "
        "clock."),
      host);
  if ((flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return g_strdup_printf (
      _("The certificate of %s comes from an authority that this computer doesn't trust, so "
        "nothing was sent. Someone may be listening in; try another network or ask your "
        "administrator."),
      host);
  if ((flags & G_TLS_CERTIFICATE_INSECURE) != 0)
    return g_strdup_printf (
      _("The certificate of %s uses methods that are too weak, so nothing was sent. Tell whoever "
        "runs that host."),
      host);
  return g_strdup_printf (
    _("No secure connection to %s can be made, so nothing was sent. Check the connection's "
      "address and the network."),
    host);
}

static gboolean
is_proxy_error (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_FAILED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED);
}

GError *
assay_http_problem_from_network (const char          *place,
                                 const char          *host,
                                 AssayHttpKind        kind,
                                 AssayHttpPhase       phase,
                                 GTlsCertificateFlags flags,
                                 const GError        *reason)
{
  AssayError code = ASSAY_ERROR_UNAVAILABLE;
  g_autofree char *sentence = NULL;

  if (phase == ASSAY_HTTP_PHASE_STARTED)
    {
      if (kind == ASSAY_HTTP_ONCE)
        {
          code = ASSAY_ERROR_UNSURE;
          sentence = make_unsure_sentence (place);
        }
      else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        sentence = g_strdup_printf (_("%s doesn't answer. Try again later."), place);
      else
        sentence = g_strdup_printf (_("The connection to %s broke off. Try again later."), place);
    }
  else if (reason->domain == G_TLS_ERROR)
    sentence = make_certificate_sentence (host, flags);
  else if (is_proxy_error (reason) || phase == ASSAY_HTTP_PHASE_PROXY)
    sentence =
      g_strdup_printf (_("The proxy doesn't let Assay through to %s. Check the network settings."), host);
  else if (g_error_matches (reason, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    sentence =
      g_strdup_printf (_("There is no host named %s, or this computer is offline. Check the connection's "
                         "address and the network."),
                       host);
  else if (reason->domain == G_RESOLVER_ERROR)
    sentence = g_strdup_printf (
      _("The name %s can't be looked up right now. Check the network and try again."), host);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    sentence = g_strdup_printf (
      _("%s refuses the connection. Check the connection's address, or try again later."), place);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
           g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    sentence = g_strdup_printf (_("%s can't be reached from here. Check the network."), place);
  else if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    sentence =
      g_strdup_printf (_("%s can't be reached in time. Check the network, or try again later."), place);
  else
    sentence = g_strdup_printf (
      _("No connection to %s can be made. Check the network and the connection's address."), place);

  return assay_error_new_from_vendor (code, 0, NULL, "%s", sentence);
}
