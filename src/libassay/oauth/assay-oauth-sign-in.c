/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in at a vendor in the user's own browser. */
#include "config.h"

#include "assay-oauth-sign-in.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/random.h>

#include "assay-oauth-exchange.h"
#include "assay-oauth-listener.h"

/* As RFC 7636 recommends for the verifier; plenty for the state. */
#define RANDOM_BYTES 32

typedef struct
{
  AssayHttp *http;
  AssayOauthProfile *profile;
  AssayOauthListener *listener;   /* (nullable) */
  char *state;
  char *verifier;
  GSource *timer;                 /* (nullable): of the browser's time */
  GSource *cancel;                /* (nullable) */
  gboolean answered;
  guint patience;
} SignIn;

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
sign_in_free (gpointer data)
{
  SignIn *sign_in = data;

  clear_source (&sign_in->timer);
  clear_source (&sign_in->cancel);
  g_clear_object (&sign_in->http);
  g_clear_object (&sign_in->listener);
  assay_oauth_profile_free (sign_in->profile);
  g_free (sign_in->state);
  if (sign_in->verifier != NULL)
    explicit_bzero (sign_in->verifier, strlen (sign_in->verifier));
  g_free (sign_in->verifier);
  g_free (sign_in);
}

/* (transfer full): base64url without padding (RFC 4648, 5) */
static char *
encode (const guchar *data,
        gsize         length)
{
  char *text = g_base64_encode (data, length);

  text[strcspn (text, "=")] = '\0';
  for (char *c = text; *c != '\0'; c++)
    *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
  return text;
}

static char *
make_random (void)
{
  guchar bytes[RANDOM_BYTES];
  gsize done = 0;

  while (done < sizeof bytes)
    {
      ssize_t n = getrandom (bytes + done, sizeof bytes - done, 0);

      if (n > 0)
        done += (gsize) n;
      else if (errno != EINTR)
        g_error ("The system gives no random numbers: %s", g_strerror (errno));
    }
  return encode (bytes, sizeof bytes);
}

static char *
make_challenge (const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guchar digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return encode (digest, length);
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

/* A server that doesn't know PKCE ignores its two parameters, as RFC 6749, 3.1 wants it. */
static char *
make_address (SignIn *sign_in)
{
  const AssayOauthProfile *profile = sign_in->profile;
  GString *address = g_string_new (profile->authorize_url);
  g_autofree char *scope = g_strjoinv (" ", profile->scopes);
  g_autofree char *challenge = make_challenge (sign_in->verifier);

  append (address, "client_id", profile->client_id);
  append (address, "redirect_uri", assay_oauth_listener_get_redirect_url (sign_in->listener));
  append (address, "response_type", "code");
  append (address, "state", sign_in->state);
  if (profile->audience != NULL)
    append (address, "audience", profile->audience);
  append (address, "scope", scope);
  append (address, "code_challenge", challenge);
  append (address, "code_challenge_method", "S256");
  return g_string_free (address, FALSE);
}

/* The wait for the browser is over. */
static void
stop_waiting (SignIn *sign_in)
{
  sign_in->answered = TRUE;
  clear_source (&sign_in->timer);
  clear_source (&sign_in->cancel);
}

/* The one end; @task is the reference that the wait had. */
static void
end (GTask            *task,
     AssayOauthTokens *tokens,
     GError           *error)
{
  SignIn *sign_in = g_task_get_task_data (task);

  stop_waiting (sign_in);
  if (sign_in->listener != NULL)
    assay_oauth_listener_close (sign_in->listener);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, tokens, (GDestroyNotify) assay_oauth_tokens_free);
  g_object_unref (task);
}

static void
exchanged_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GError *error = NULL;
  AssayOauthTokens *tokens = assay_oauth_exchange_finish (result, &error);

  end (user_data, tokens, error);
}

static GError *
new_refusal (SignIn                   *sign_in,
             const AssayOauthCallback *callback)
{
  const char *vendor = sign_in->profile->vendor;
  g_autofree char *detail = NULL;

  if (callback->error != NULL && callback->description != NULL)
    detail = g_strdup_printf ("%s: %s", callback->error, callback->description);
  else
    detail = g_strdup (callback->error != NULL ? callback->error : callback->description);

  if (callback->error == NULL || strcmp (callback->error, "access_denied") == 0)
    return assay_error_new_from_vendor (
      ASSAY_ERROR_FORBIDDEN, 0, detail,
      /* Translators: %s is a system such as Lever */
      _ ("The permissions weren't granted in %s, so Assay isn't signed in. Sign in again and accept, or have it done by "
         "somebody whose role allows it."),
      vendor);
  return assay_error_new_from_vendor (
    ASSAY_ERROR_FORBIDDEN, 0, detail,
    /* Translators: %1$s is a system such as Lever, %2$s its code for what is wrong */
    _ ("%1$s doesn't let Assay sign in (%2$s). Compare the client id, the redirect address and the permissions with those "
       "of your registered app."),
    vendor, callback->error);
}

static AssayOauthPage
called_back (const AssayOauthCallback *callback,
             gpointer                  user_data)
{
  GTask *task = user_data;
  SignIn *sign_in = g_task_get_task_data (task);

  /* Reloading the page sends the same again. */
  if (sign_in->answered)
    return ASSAY_OAUTH_PAGE_ALREADY;
  if (callback->kind == ASSAY_OAUTH_CALLBACK_REFUSED)
    {
      end (task, NULL, new_refusal (sign_in, callback));
      return ASSAY_OAUTH_PAGE_REFUSED;
    }
  stop_waiting (sign_in);
  assay_oauth_exchange_async (sign_in->http, sign_in->profile, callback->code,
                              assay_oauth_listener_get_redirect_url (sign_in->listener), sign_in->verifier, NULL,
                              g_task_get_cancellable (task), exchanged_cb, task);
  return ASSAY_OAUTH_PAGE_DONE;
}

static gboolean
timed_out_cb (gpointer user_data)
{
  GTask *task = user_data;
  SignIn *sign_in = g_task_get_task_data (task);
  guint minutes = MAX (sign_in->patience / 60000, 1);

  end (task, NULL,
       g_error_new (ASSAY_ERROR, ASSAY_ERROR_FAILED,
                    /* Translators: %1$s is a system such as Lever, %2$u a number of minutes */
                    ngettext ("The sign-in to %1$s wasn't finished in the browser within %2$u minute. Begin it again.",
                              "The sign-in to %1$s wasn't finished in the browser within %2$u minutes. Begin it again.",
                              minutes),
                    sign_in->profile->vendor, minutes));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  end (user_data, NULL, error);
  return G_SOURCE_REMOVE;
}

void
assay_oauth_sign_in_async (AssayHttp           *http,
                           AssayOauthProfile   *profile,
                           guint                patience,
                           AssayOauthOpener     opener,
                           gpointer             opener_data,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  SignIn *sign_in = g_new0 (SignIn, 1);
  g_autofree char *address = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, assay_oauth_sign_in_async);
  g_task_set_check_cancellable (task, FALSE);
  sign_in->http = g_object_ref (http);
  sign_in->profile = profile;
  sign_in->patience = patience != 0 ? patience : ASSAY_OAUTH_PATIENCE;
  sign_in->state = make_random ();
  sign_in->verifier = make_random ();
  g_task_set_task_data (task, sign_in, sign_in_free);

  if (!g_cancellable_set_error_if_cancelled (cancellable, &error))
    sign_in->listener = assay_oauth_listener_new (profile->redirect_url, sign_in->state, &error);
  if (sign_in->listener == NULL)
    {
      end (task, NULL, error);
      return;
    }
  assay_oauth_listener_set_function (sign_in->listener, called_back, task);
  sign_in->timer = g_timeout_source_new (sign_in->patience);
  g_source_set_callback (sign_in->timer, timed_out_cb, task, NULL);
  g_source_attach (sign_in->timer, g_task_get_context (task));
  if (cancellable != NULL)
    {
      sign_in->cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (sign_in->cancel, G_SOURCE_FUNC (cancelled_cb), task, NULL);
      g_source_attach (sign_in->cancel, g_task_get_context (task));
    }

  address = make_address (sign_in);
  /* The last thing here: an opener may take its time, or run the main context. */
  opener (address, opener_data);
}

AssayOauthTokens *
assay_oauth_sign_in_finish (GAsyncResult *result,
                            GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
