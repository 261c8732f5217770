/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session all channels share. */
#include "config.h"

#include "assay-http-pacer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BACKOFF_BASE_MS 500u
#define MAX_CONNECTIONS 64
#define MAX_CONNECTIONS_PER_HOST 16
#define IDLE_TIMEOUT_S 30

struct _AssayHttp
{
  GObject parent_instance;

  SoupSession *session;
  SoupSession *loopback_session; /* without a proxy */
  guint backoff_base_ms;
  GHashTable *pacers; /* of AssayHttpPacer, by account */
};

G_DEFINE_FINAL_TYPE (AssayHttp, assay_http, G_TYPE_OBJECT)

static SoupSession *
create_session (void)
{
  /* timeout: none here. libsoup's is per read, so that one byte a second never meets it, and it would end
   * requests that must not be repeated too early; every request has a total deadline of its own instead.
   * Nothing is ever connected to accept-certificate: a certificate that GIO refuses stays refused. */
  SoupSession *session = soup_session_new_with_options ("max-conns", MAX_CONNECTIONS,
                                                        "max-conns-per-host", MAX_CONNECTIONS_PER_HOST,
                                                        "idle-timeout", IDLE_TIMEOUT_S,
                                                        "timeout", 0,
                                                        "user-agent", "Assay/" ASSAY_VERSION,
                                                        NULL);

  /* A plain session may bring features of its own. Authorization is set by hand (the managers' Digest and
   * NTLM have open reports at Debian 12), bodies are decoded under a limit by us, and the rest reads what
   * strangers send for things we don't need. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_SNIFFER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_COOKIE_JAR);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_HSTS_ENFORCER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CACHE);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_LOGGER);
  return session;
}

static void
assay_http_finalize (GObject *object)
{
  AssayHttp *self = ASSAY_HTTP (object);

  g_hash_table_unref (self->pacers);
  g_clear_object (&self->session);
  g_clear_object (&self->loopback_session);

  G_OBJECT_CLASS (assay_http_parent_class)->finalize (object);
}

static void
assay_http_class_init (AssayHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_http_finalize;

  /* libsoup 3.2's HTTP/2 has use-after-frees (CVE-2025-12105 among them) and no other switch. It reads this
   * when it connects; here is before the first session. */
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
}

static void
assay_http_init (AssayHttp *self)
{
  self->backoff_base_ms = BACKOFF_BASE_MS;
  self->pacers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->session = create_session ();
  self->loopback_session = create_session ();
  /* What is meant for this machine, a key over plain HTTP included, is not for a proxy's eyes. */
  soup_session_set_proxy_resolver (self->loopback_session, NULL);
}

AssayHttp *
assay_http_new (void)
{
  return g_object_new (ASSAY_TYPE_HTTP, NULL);
}

SoupSession *
assay_http_get_session (AssayHttp *self,
                        GUri      *uri)
{
  return assay_http_is_loopback (g_uri_get_host (uri)) ? self->loopback_session : self->session;
}

AssayHttpPacer *
assay_http_get_pacer (AssayHttp           *self,
                      const char          *account,
                      const AssayHttpPace *pace)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  AssayHttpPacer *pacer = g_hash_table_lookup (self->pacers, account);

  /* One of another main context belongs to somebody who is gone, or ought to be. */
  if (pacer == NULL || assay_http_pacer_get_context (pacer) != context)
    {
      pacer = assay_http_pacer_new (pace);
      g_hash_table_replace (self->pacers, g_strdup (account), pacer);
    }
  return pacer;
}

guint
assay_http_get_backoff_base (AssayHttp *self)
{
  return self->backoff_base_ms;
}

void
assay_http_set_backoff_base (AssayHttp *self,
                             guint      milliseconds)
{
  self->backoff_base_ms = milliseconds;
}

gboolean
assay_http_is_hurried (const char *host)
{
  return g_getenv ("ASSAY_LOOPBACK_HURRY") != NULL && assay_http_is_loopback (host);
}

gboolean
assay_http_is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

/* Whether @host is an address, or a name of letters, digits, dots and hyphens. */
static gboolean
is_host (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return TRUE;
  if (*host == '\0' || *host == '.' || *host == '-' || strlen (host) > 253 || strstr (host, "..") != NULL)
    return FALSE;
  for (; *host != '\0'; host++)
    if (!g_ascii_isalnum (*host) && *host != '.' && *host != '-' && *host != '_')
      return FALSE;
  return TRUE;
}

static gboolean
set_invalid (GError    **error,
             const char *sentence)
{
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, sentence);
  return FALSE;
}

static gboolean
check_parts (GUri    *uri,
             GError **error)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);

  if (strcmp (scheme, "https") != 0 && strcmp (scheme, "http") != 0)
    return set_invalid (error, _("This isn't a web address. Enter one that begins with https://."));
  if (host == NULL || !is_host (host) || g_uri_get_port (uri) == 0)
    return set_invalid (error, _("This address has no valid host name. Enter it as your browser shows it."));
  if (g_uri_get_userinfo (uri) != NULL)
    return set_invalid (error, _("This address has a user name or password in it. Enter it without."));
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return set_invalid (error, _("This address has a “?” or “#” in it. Enter only what is before."));
  if (strcmp (scheme, "http") == 0 && !assay_http_is_loopback (host))
    return set_invalid (error, _("This address isn't secure. Enter one that begins with https://."));
  return TRUE;
}

char *
assay_http_check_base_url (const char *base_url,
                           GError    **error)
{
  g_autofree char *text = NULL;
  g_autofree char *ascii_host = NULL;
  g_autofree char *result = NULL;
  g_autoptr (GUri) uri = NULL;
  gsize length;

  g_return_val_if_fail (base_url != NULL, NULL);

  text = g_strstrip (g_strdup (base_url));
  if (*text == '\0')
    {
      set_invalid (error, _("The address is empty. Enter one that begins with https://."));
      return NULL;
    }
  for (const guchar *p = (const guchar *) text; *p != '\0'; p++)
    if (*p <= ' ' || *p == 0x7f || *p == '\\')
      {
        set_invalid (error, _("This address has a blank or another character in it that can't be there."));
        return NULL;
      }

  uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL)
    {
      set_invalid (error, _("This isn't a web address. Enter one that begins with https://."));
      return NULL;
    }
  /* An international name, as it goes over the wire; what stays is plain ASCII and can't look like another.
   */
  if (g_uri_get_host (uri) != NULL)
    ascii_host = g_hostname_to_ascii (g_uri_get_host (uri));
  if (ascii_host != NULL && *ascii_host != '\0')
    {
      GUri *ascii = g_uri_build_with_user (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (uri), g_uri_get_user (uri),
                                           g_uri_get_password (uri), g_uri_get_auth_params (uri), ascii_host,
                                           g_uri_get_port (uri), g_uri_get_path (uri), g_uri_get_query (uri),
                                           g_uri_get_fragment (uri));

      g_uri_unref (uri);
      uri = ascii;
    }
  if (!check_parts (uri, error))
    return NULL;

  result = g_uri_to_string (uri);
  length = strlen (result);
  while (length > 0 && result[length - 1] == '/')
    result[--length] = '\0';
  return g_steal_pointer (&result);
}
