/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two questions that a token address answers, and the lock around the second. */
#include "config.h"

#include "assay-oauth-exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>
#include <unistd.h>

#include "assay-secrets.h"

#define DEADLINE 30000u
#define LOCK_INTERVAL 50u
#define LOCK_PATIENCE (60 * G_USEC_PER_SEC)
/* "Lock" where there is nothing to lock; not a descriptor, and not -1. */
#define NO_LOCK -2

typedef struct
{
  char *vendor;
  char *client_secret;        /* (nullable) */
  AssayOauthTokens *before;   /* (nullable): its refresh token and scope only */
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_free (exchange->vendor);
  secret_password_free (exchange->client_secret);
  assay_oauth_tokens_free (exchange->before);
  g_free (exchange);
}

/* Takes @error, one of the HTTP client's. */
static GError *
explain (const Exchange *exchange,
         GError         *error)
{
  guint status = assay_error_get_vendor_status (error);
  const char *detail = assay_error_get_vendor_detail (error);
  GError *explained;

  if (error->domain != ASSAY_ERROR)
    return error;
  if (detail != NULL && exchange->client_secret != NULL && strstr (detail, exchange->client_secret) != NULL)
    detail = NULL;

  if (status == 401)
    /* Lever: the wrong secret; RFC 6749: "invalid_client". */
    explained = assay_error_new_from_vendor (
      ASSAY_ERROR_UNAUTHORIZED, status, detail,
      _ ("%s refuses the client id or the client secret of your registered app. Correct them in the connection's "
         "settings, then sign in again."),
      exchange->vendor);
  else if (status == 400 || status == 403)
    explained = assay_error_new_from_vendor (
      ASSAY_ERROR_UNAUTHORIZED, status, detail,
      exchange->before != NULL
        ? _ ("%s no longer accepts the sign-in: it was revoked there, or not used for too long. Sign in again in the "
             "connection's settings. Your data and what waits to be sent are kept.")
        : _ ("%s didn't accept the answer of its own consent page. Sign in again."),
      exchange->vendor);
  else if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE))
    explained = assay_error_new_from_vendor (
      ASSAY_ERROR_UNAVAILABLE, status, detail,
      _ ("%s didn't finish the sign-in: its answer was lost on the way. Try again later."), exchange->vendor);
  else
    return error;
  g_error_free (error);
  return explained;
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (AssayHttpResponse) response =
    assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  AssayOauthTokens *tokens = NULL;

  if (response == NULL)
    {
      g_task_return_error (task, explain (exchange, error));
      return;
    }
  tokens = assay_oauth_tokens_decode (assay_http_response_get_root (response), exchange->vendor, exchange->before,
                                      assay_time_now (), &error);
  if (tokens == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, tokens, (GDestroyNotify) assay_oauth_tokens_free);
}

void
assay_oauth_exchange_async (AssayHttp               *http,
                            const AssayOauthProfile *profile,
                            const char              *code,
                            const char              *redirect_url,
                            const char              *verifier,
                            const AssayOauthTokens  *before,
                            GCancellable            *cancellable,
                            GAsyncReadyCallback      callback,
                            gpointer                 user_data)
{
  static const AssayHttpPace pace = { .per_second = 2, .burst = 2, .concurrency = 1 };
  g_autoptr (AssayHttpChannel) channel = NULL;
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  AssayHttpRequest *request = assay_http_request_new (ASSAY_HTTP_ONCE, "POST", "");
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);
  const char *refresh_token = before != NULL ? before->refresh_token : NULL;

  g_return_if_fail ((code != NULL) != (refresh_token != NULL));

  g_task_set_source_tag (task, assay_oauth_exchange_async);
  g_task_set_check_cancellable (task, FALSE);
  exchange->vendor = g_strdup (profile->vendor);
  exchange->client_secret = profile->client_secret != NULL ? assay_secret_dup (profile->client_secret) : NULL;
  if (before != NULL)
    {
      exchange->before = g_new0 (AssayOauthTokens, 1);
      exchange->before->refresh_token = assay_secret_dup (refresh_token);
      exchange->before->scope = g_strdup (before->scope);
    }
  g_task_set_task_data (task, exchange, exchange_free);

  g_ptr_array_add (fields, (gpointer) "grant_type");
  g_ptr_array_add (fields, (gpointer) (code != NULL ? "authorization_code" : "refresh_token"));
  g_ptr_array_add (fields, (gpointer) "client_id");
  g_ptr_array_add (fields, profile->client_id);
  if (profile->client_secret != NULL)
    {
      g_ptr_array_add (fields, (gpointer) "client_secret");
      g_ptr_array_add (fields, profile->client_secret);
    }
  g_ptr_array_add (fields, (gpointer) (code != NULL ? "code" : "refresh_token"));
  g_ptr_array_add (fields, (gpointer) (code != NULL ? code : refresh_token));
  if (code != NULL)
    {
      g_ptr_array_add (fields, (gpointer) "redirect_uri");
      g_ptr_array_add (fields, (gpointer) redirect_url);
      if (verifier != NULL)
        {
          g_ptr_array_add (fields, (gpointer) "code_verifier");
          g_ptr_array_add (fields, (gpointer) verifier);
        }
    }
  g_ptr_array_add (fields, NULL);

  channel = assay_http_channel_new (http, profile->vendor, profile->token_url, &pace);
  /* It travels in the body; here it is what must not come back in an error's text. */
  assay_http_channel_set_credential (channel, ASSAY_HTTP_AUTH_NONE, NULL, code != NULL ? code : refresh_token);
  assay_http_request_set_urlencoded (request, (const char *const *) fields->pdata);
  assay_http_request_set_deadline (request, DEADLINE);
  assay_http_request_set_max_body (request, 256 * 1024);
  assay_http_channel_send_async (channel, request, code != NULL ? cancellable : NULL, answered_cb, task);
}

AssayOauthTokens *
assay_oauth_exchange_finish (GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The lock */

typedef struct
{
  char *path;
  gint64 number;
  gint64 deadline;   /* monotonic */
} Lock;

static void
lock_free (gpointer data)
{
  Lock *lock = data;

  g_free (lock->path);
  g_free (lock);
}

/* Whether the task has ended. */
static gboolean
try_lock (GTask *task)
{
  const Lock *lock = g_task_get_task_data (task);
  struct flock range = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = lock->number, .l_len = 1 };
  int fd;

  if (g_task_return_error_if_cancelled (task))
    return TRUE;
  fd = open (lock->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0 && fcntl (fd, F_OFD_SETLK, &range) == 0)
    {
      g_task_return_int (task, fd);
      return TRUE;
    }
  if (fd >= 0 && (errno == EAGAIN || errno == EACCES))
    {
      close (fd);
      if (g_get_monotonic_time () < lock->deadline)
        return FALSE;
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BUSY,
                               _ ("Another copy of Assay is signing in for this connection and doesn't come to an end. "
                                  "Try again later."));
      return TRUE;
    }
  /* A file system that knows no locks: two copies at once are rare, and the worse of both is signing in again. */
  if (fd >= 0)
    close (fd);
  g_task_return_int (task, NO_LOCK);
  return TRUE;
}

static gboolean
lock_timer_cb (gpointer user_data)
{
  return try_lock (user_data) ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

void
assay_oauth_lock_async (const char          *path,
                        gint64               number,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Lock *lock;
  g_autoptr (GSource) timer = NULL;

  g_task_set_source_tag (task, assay_oauth_lock_async);
  /* A lock that was taken must reach whoever gives it back. */
  g_task_set_check_cancellable (task, FALSE);
  if (path == NULL)
    {
      g_task_return_int (task, NO_LOCK);
      return;
    }
  lock = g_new0 (Lock, 1);
  lock->path = g_strdup (path);
  lock->number = number;
  lock->deadline = g_get_monotonic_time () + LOCK_PATIENCE;
  g_task_set_task_data (task, lock, lock_free);
  if (try_lock (task))
    return;
  timer = g_timeout_source_new (LOCK_INTERVAL);
  g_source_set_static_name (timer, "[assay] sign-in lock");
  g_source_set_callback (timer, lock_timer_cb, g_object_ref (task), g_object_unref);
  g_source_attach (timer, g_task_get_context (task));
}

int
assay_oauth_lock_finish (GAsyncResult *result,
                         GError      **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

void
assay_oauth_unlock (int lock)
{
  if (lock >= 0)
    close (lock);
}
