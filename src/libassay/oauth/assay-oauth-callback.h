/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a browser brings back from a vendor's consent page: one request to the loopback listener, read as the foreign
 * bytes it is. Pure functions, so that they can be fuzzed. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest head of a request that is read, line ends included. Codes and descriptions are far shorter. */
#define ASSAY_OAUTH_MAX_HEAD 16384u

/**
 * AssayOauthCallbackKind:
 * @ASSAY_OAUTH_CALLBACK_CODE: consent was given
 * @ASSAY_OAUTH_CALLBACK_REFUSED: it wasn't, or the vendor refuses
 * @ASSAY_OAUTH_CALLBACK_WRONG_STATE: the answer belongs to another sign-in, or nobody asked for it
 * @ASSAY_OAUTH_CALLBACK_ELSEWHERE: another address, such as a browser's /favicon.ico
 * @ASSAY_OAUTH_CALLBACK_MALFORMED: no request that a browser would send
 */
typedef enum
{
  ASSAY_OAUTH_CALLBACK_CODE,
  ASSAY_OAUTH_CALLBACK_REFUSED,
  ASSAY_OAUTH_CALLBACK_WRONG_STATE,
  ASSAY_OAUTH_CALLBACK_ELSEWHERE,
  ASSAY_OAUTH_CALLBACK_MALFORMED,
} AssayOauthCallbackKind;

typedef struct
{
  AssayOauthCallbackKind kind;
  char *code;          /* (nullable): printable ASCII; a secret for the minute that it lives */
  char *error;         /* (nullable): the vendor's code, such as "access_denied"; letters, digits, '_', '-' and '.' */
  char *description;   /* (nullable): the vendor's words, one line of valid UTF-8 */
} AssayOauthCallback;

/**
 * assay_oauth_callback_parse:
 * @head: (array length=length): the head of a request, up to and with the empty line
 * @length: how many bytes
 * @port: the listener's port
 * @path: the path of the redirect address ("/callback")
 * @state: what the vendor was given to bring back
 *
 * Reads a request (RFC 9112) strictly, and in it the answer of RFC 6749, 4.1.2. The Host must be this machine, so that a
 * name that somebody lets point here doesn't count. @state is compared in constant time, and before anything else of the
 * query is looked at.
 *
 * Returns: (transfer full): what it is; free with assay_oauth_callback_free()
 */
AssayOauthCallback *assay_oauth_callback_parse (const char *head, gsize length, guint port, const char *path,
                                                const char *state);
void                assay_oauth_callback_free (AssayOauthCallback *callback);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOauthCallback, assay_oauth_callback_free)

/**
 * AssayOauthPage:
 *
 * The pages that the listener shows.
 */
typedef enum
{
  ASSAY_OAUTH_PAGE_DONE,         /* go back to Assay */
  ASSAY_OAUTH_PAGE_REFUSED,      /* nothing was granted */
  ASSAY_OAUTH_PAGE_ALREADY,      /* a second answer */
  ASSAY_OAUTH_PAGE_WRONG_STATE,
  ASSAY_OAUTH_PAGE_NOT_FOUND,
  ASSAY_OAUTH_PAGE_MALFORMED,
} AssayOauthPage;

/* (transfer full): a whole HTTP answer with the page, in the user's language, that loads nothing and stores nothing */
GBytes *assay_oauth_page_to_bytes (AssayOauthPage page);

G_END_DECLS
