/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what a browser sends to the loopback listener, what a token address answers, and what Lever reports. A
 * code is only taken with the right state, and what is shown of the rest is one harmless line. */
#include "config.h"

#include "assay-json.h"
#include "assay-lever.h"
#include "assay-oauth-callback.h"
#include "assay-oauth-tokens.h"
#include "assay-webhook.h"

#include "fuzz.h"

#include <libsecret/secret.h>
#include <string.h>

#define STATE "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"

static void
try_callback (const guint8 *data,
              gsize         size)
{
  g_autoptr (AssayOauthCallback) callback =
    assay_oauth_callback_parse ((const char *) data, size, 4711, "/callback", STATE);

  fuzz_check ((callback->code != NULL) == (callback->kind == ASSAY_OAUTH_CALLBACK_CODE));
  fuzz_check (callback->error == NULL || callback->kind == ASSAY_OAUTH_CALLBACK_REFUSED);
  if (callback->kind == ASSAY_OAUTH_CALLBACK_CODE || callback->kind == ASSAY_OAUTH_CALLBACK_REFUSED)
    fuzz_check (size <= ASSAY_OAUTH_MAX_HEAD && g_str_has_prefix ((const char *) data, "GET /callback?"));
  for (const char *c = callback->code; c != NULL && *c != '\0'; c++)
    fuzz_check (g_ascii_isgraph (*c));
  if (callback->description != NULL)
    {
      fuzz_check (*callback->description != '\0' && strlen (callback->description) < 700);
      fuzz_check (g_utf8_validate (callback->description, -1, NULL));
      fuzz_check (strpbrk (callback->description, "\r\n\t\b\f\v\x1b\x7f") == NULL);
    }
}

static void
try_tokens (const guint8 *data,
            gsize         size)
{
  g_autoptr (JsonNode) root = assay_json_parse ((const char *) data, size, NULL);
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (AssayOauthTokens) stored = assay_oauth_tokens_from_secret (text);
  g_autoptr (AssayOauthTokens) tokens = NULL;

  if (root == NULL)
    return;
  tokens = assay_oauth_tokens_decode (root, "Lever", NULL, 0, NULL);
  if (tokens != NULL)
    {
      char *secret = assay_oauth_tokens_to_secret (tokens);
      g_autoptr (AssayOauthTokens) again = assay_oauth_tokens_from_secret (secret);

      secret_password_free (secret);
      fuzz_check (again != NULL && strcmp (again->access_token, tokens->access_token) == 0);
      fuzz_check (assay_oauth_tokens_get_renewal (tokens) <= tokens->expires_at);
    }
}

static void
try_report (const guint8 *data,
            gsize         size)
{
  g_autoptr (GHashTable) headers = assay_webhook_headers_new ();
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (AssayWebhookEvent) event = NULL;

  /* Nobody knows this one's signature token. */
  fuzz_check (!assay_lever_parse_webhook (headers, body, "7f1e2d3c4b5a69788796a5b4c3d2e1f0", 1782974402000, &event, NULL));
  fuzz_check (event == NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  try_callback (data, size);
  try_tokens (data, size);
  try_report (data, size);
  return 0;
}
