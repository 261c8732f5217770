/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a browser brings back from a vendor's consent page. */
#include "config.h"

#include "assay-oauth-callback.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-signature.h"

/* Codes of servers that are known have up to a few hundred characters. */
#define MAX_CODE 4096
#define MAX_WORDS 600

void
assay_oauth_callback_free (AssayOauthCallback *callback)
{
  if (callback == NULL)
    return;
  if (callback->code != NULL)
    explicit_bzero (callback->code, strlen (callback->code));
  g_free (callback->code);
  g_free (callback->error);
  g_free (callback->description);
  g_free (callback);
}

/* The line that begins at *@position, without its end, and moves on; NULL where there is none. A bare line feed is no
 * end of a line. (transfer full) (nullable) */
static char *
next_line (const char  *head,
           gsize        length,
           gsize       *position)
{
  const char *start = head + *position;
  const char *end = memmem (start, length - *position, "\r\n", 2);
  gsize size;

  if (end == NULL)
    return NULL;
  size = (gsize) (end - start);
  for (gsize i = 0; i < size; i++)
    if ((guchar) start[i] < 0x20 && start[i] != '\t')
      return NULL;
  *position += size + 2;
  return g_strndup (start, size);
}

/* Whether the headers from @position on name this machine as their one Host, and end as headers do. */
static gboolean
check_headers (const char *head,
               gsize       length,
               gsize       position,
               guint       port)
{
  static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
  guint hosts = 0;

  for (;;)
    {
      g_autofree char *line = next_line (head, length, &position);
      const char *value;
      gboolean ours = FALSE;

      if (line == NULL)
        return FALSE;
      if (*line == '\0')
        return hosts == 1 && position == length;
      if (g_ascii_strncasecmp (line, "Host:", strlen ("Host:")) != 0)
        continue;
      value = g_strstrip (line + strlen ("Host:"));
      for (guint i = 0; i < G_N_ELEMENTS (names) && !ours; i++)
        {
          g_autofree char *authority = g_strdup_printf ("%s:%u", names[i], port);

          ours = g_ascii_strcasecmp (value, authority) == 0 ||
                 (port == 80 && g_ascii_strcasecmp (value, names[i]) == 0);
        }
      if (!ours)
        return FALSE;
      hosts++;
    }
}

/* A value of a query as a web form has it; NULL where it isn't text. (transfer full) (nullable) */
static char *
decode (const char *text)
{
  g_autofree char *spaced = g_strdelimit (g_strdup (text), "+", ' ');
  g_autofree char *plain = g_uri_unescape_string (spaced, NULL);

  return plain != NULL && g_utf8_validate (plain, -1, NULL) ? g_steal_pointer (&plain) : NULL;
}

/* One line, nothing in it that moves the text around; cut. (transfer full) */
static char *
clean_words (const char *text)
{
  GString *clean = g_string_new (NULL);

  for (const char *p = text; *p != '\0' && clean->len < MAX_WORDS; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_type (c) == G_UNICODE_FORMAT)
        continue;
      g_string_append_unichar (clean, g_unichar_iscntrl (c) || g_unichar_isspace (c) ? ' ' : c);
    }
  return g_strstrip (g_string_free (clean, FALSE));
}

static gboolean
is_code (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > MAX_CODE)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_error (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= 100 &&
         text[strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")] == '\0';
}

/* Takes the one value of @name out of @pairs; FALSE where there are two, or one that isn't text. */
static gboolean
take_value (char       **pairs,
            const char  *name,
            char       **value)
{
  gsize length = strlen (name);

  *value = NULL;
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      if (strncmp (pairs[i], name, length) != 0 || pairs[i][length] != '=')
        continue;
      if (*value != NULL)
        {
          g_clear_pointer (value, g_free);
          return FALSE;
        }
      *value = decode (pairs[i] + length + 1);
      if (*value == NULL)
        return FALSE;
    }
  return TRUE;
}

static AssayOauthCallbackKind
read_query (AssayOauthCallback *callback,
            const char         *query,
            const char         *state)
{
  g_auto (GStrv) pairs = g_strsplit (query, "&", -1);
  g_autofree char *given = NULL;
  g_autofree char *code = NULL;
  g_autofree char *error = NULL;
  g_autofree char *description = NULL;

  if (!take_value (pairs, "state", &given) || given == NULL || strlen (given) != strlen (state) ||
      !assay_signature_equal (given, state, strlen (state)))
    return ASSAY_OAUTH_CALLBACK_WRONG_STATE;
  if (!take_value (pairs, "code", &code) || !take_value (pairs, "error", &error) ||
      !take_value (pairs, "error_description", &description))
    return ASSAY_OAUTH_CALLBACK_MALFORMED;

  if (error != NULL)
    {
      if (is_error (error))
        callback->error = g_steal_pointer (&error);
      if (description != NULL)
        callback->description = clean_words (description);
      if (callback->description != NULL && *callback->description == '\0')
        g_clear_pointer (&callback->description, g_free);
      return ASSAY_OAUTH_CALLBACK_REFUSED;
    }
  if (code == NULL || !is_code (code))
    return ASSAY_OAUTH_CALLBACK_MALFORMED;
  callback->code = g_steal_pointer (&code);
  return ASSAY_OAUTH_CALLBACK_CODE;
}

AssayOauthCallback *
assay_oauth_callback_parse (const char *head,
                            gsize       length,
                            guint       port,
                            const char *path,
                            const char *state)
{
  AssayOauthCallback *callback = g_new0 (AssayOauthCallback, 1);
  g_autofree char *line = NULL;
  g_auto (GStrv) words = NULL;
  gsize position = 0;
  char *query;

  callback->kind = ASSAY_OAUTH_CALLBACK_MALFORMED;
  if (length > ASSAY_OAUTH_MAX_HEAD)
    return callback;
  line = next_line (head, length, &position);
  if (line == NULL)
    return callback;
  words = g_strsplit (line, " ", -1);
  if (g_strv_length (words) != 3 || (strcmp (words[2], "HTTP/1.1") != 0 && strcmp (words[2], "HTTP/1.0") != 0) ||
      words[1][0] != '/' || !check_headers (head, length, position, port))
    return callback;

  query = strchr (words[1], '?');
  if (query != NULL)
    *query++ = '\0';
  if (strcmp (words[0], "GET") != 0 || strcmp (words[1], path) != 0)
    callback->kind = ASSAY_OAUTH_CALLBACK_ELSEWHERE;
  else
    callback->kind = read_query (callback, query != NULL ? query : "", state);
  return callback;
}

/* Pages */

GBytes *
assay_oauth_page_to_bytes (AssayOauthPage page)
{
  const char *status = "200 OK";
  const char *title;
  const char *words;
  g_autofree char *title_text = NULL;
  g_autofree char *words_text = NULL;
  g_autofree char *body = NULL;
  char *answer;

  switch (page)
    {
    case ASSAY_OAUTH_PAGE_DONE:
      title = _ ("You can go back to Assay");
      words = _ ("Assay has the answer and carries on by itself. You can close this tab.");
      break;
    case ASSAY_OAUTH_PAGE_REFUSED:
      title = _ ("Nothing was granted");
      words = _ ("Assay was told so and does nothing. You can close this tab, and sign in again from Assay whenever "
                 "you like.");
      break;
    case ASSAY_OAUTH_PAGE_ALREADY:
      title = _ ("Assay has this answer already");
      words = _ ("There is nothing left to do here. You can close this tab and go back to Assay.");
      break;
    case ASSAY_OAUTH_PAGE_WRONG_STATE:
      status = "400 Bad Request";
      title = _ ("This answer belongs to another sign-in");
      words = _ ("Assay didn't take it. Go back to Assay, and use the page that it opened last.");
      break;
    case ASSAY_OAUTH_PAGE_NOT_FOUND:
      status = "404 Not Found";
      title = _ ("There is nothing here");
      words = _ ("Assay waits at this address for the end of a sign-in only.");
      break;
    case ASSAY_OAUTH_PAGE_MALFORMED:
    default:
      status = "400 Bad Request";
      title = _ ("Assay can't read this answer");
      words = _ ("Go back to Assay, and begin the sign-in again.");
      break;
    }

  title_text = g_markup_escape_text (title, -1);
  words_text = g_markup_escape_text (words, -1);
  body = g_strdup_printf (
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
    "<title>%s</title><style>:root{color-scheme:light dark}body{font:1.1em/1.5 system-ui,sans-serif;max-width:32em;"
    "margin:20vh auto;padding:0 1em;text-align:center}h1{font-size:1.5em}</style></head>"
    "<body><h1>%s</h1><p>%s</p></body></html>\n",
    title_text, title_text, words_text);
  /* The address has a code in it: no page after this one is to learn it. */
  answer = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %zu\r\n"
                            "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
                            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
                            "frame-ancestors 'none'\r\n"
                            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n%s",
                            status, strlen (body), body);
  return g_bytes_new_take (answer, strlen (answer));
}
