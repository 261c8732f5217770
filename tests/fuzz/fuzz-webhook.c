/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what a stranger posts to a webhook's address. Nothing is believed without its signature, whatever
 * the body says; with it, whatever is read holds ids that can stand in an address, and the same bytes are the
 * same event.
 *
 * The first line of the input is the signature that comes along, and the rest is the body; then the whole input
 * is a body that is signed rightly. */
#include "config.h"

#include "assay-connector.h"
#include "assay-kombo.h"
#include "assay-pinpoint.h"
#include "assay-signature.h"

#include "fuzz.h"

#include <string.h>

#define SECRET "whsec_fuzz"

static gboolean
is_plain_id (const char *id)
{
  return id == NULL || (*id != '\0' && strspn (id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") ==
                                         strlen (id));
}

/* Whether @claimed is @right, which is in base64, by the bytes that it stands for in one of the encodings that vendors use. */
static gboolean
is_signature (const char *claimed,
              const char *right)
{
  g_autoptr (GBytes) bytes = assay_base64_decode_strict (right, -1);
  g_autoptr (GBytes) base64 = assay_base64_decode_strict (claimed, -1);
  g_autoptr (GBytes) base64url = assay_base64url_decode_strict (claimed, -1);
  g_autoptr (GBytes) hex = assay_hex_decode_strict (claimed, -1);

  return (base64 != NULL && g_bytes_equal (base64, bytes)) || (base64url != NULL && g_bytes_equal (base64url, bytes)) ||
         (hex != NULL && g_bytes_equal (hex, bytes));
}

/* Whether it is accepted; checks what comes of it. */
static gboolean
deliver (const AssayConnectorDescription *kind,
         GHashTable                      *headers,
         GBytes                          *body,
         char                           **dedupe_key)
{
  g_autoptr (AssayWebhookEvent) event = NULL;
  g_autoptr (GError) error = NULL;
  gboolean accepted = kind->parse_webhook (headers, body, SECRET, 0, &event, &error);

  fuzz_check (accepted == (event != NULL));
  fuzz_check (accepted == (error == NULL));
  if (!accepted)
    return FALSE;
  fuzz_check (event->name != NULL && g_utf8_validate (event->name, -1, NULL));
  fuzz_check (event->dedupe_key != NULL && *event->dedupe_key != '\0');
  fuzz_check (is_plain_id (event->application_remote_id));
  fuzz_check (is_plain_id (event->job_remote_id));
  fuzz_check (is_plain_id (event->stage_remote_id));
  fuzz_check (event->at >= 0);
  if (dedupe_key != NULL)
    *dedupe_key = g_strdup (event->dedupe_key);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();
  const guint8 *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  gsize line = line_end != NULL ? (gsize) (line_end - data) : 0;
  gsize skipped = line_end != NULL ? line + 1 : 0;
  g_autofree char *claimed = g_strndup ((const char *) data, line);
  g_autoptr (GBytes) body = g_bytes_new (data + skipped, size - skipped);
  g_autofree char *right = assay_signature_compute_base64 (SECRET, data + skipped, size - skipped);
  g_autoptr (GBytes) decoded = assay_base64_decode_strict (claimed, -1);
  g_autoptr (GBytes) decoded_url = assay_base64url_decode_strict (claimed, -1);
  g_autoptr (GBytes) decoded_hex = assay_hex_decode_strict (claimed, -1);
  g_autoptr (GHashTable) headers = assay_webhook_headers_new ();
  g_autoptr (GBytes) whole = g_bytes_new (data, size);
  g_autofree char *whole_signature = assay_signature_compute_base64 (SECRET, data, size);
  g_autofree char *first = NULL, *second = NULL;

  /* Strict: it encodes back to what it was. */
  if (decoded != NULL)
    {
      g_autofree char *again = g_base64_encode (g_bytes_get_data (decoded, NULL), g_bytes_get_size (decoded));

      fuzz_check (strcmp (again, claimed) == 0);
    }
  if (decoded_hex != NULL)
    fuzz_check (g_bytes_get_size (decoded_hex) * 2 == strlen (claimed));

  for (guint i = 0; kinds[i] != NULL; i++)
    if (kinds[i]->parse_webhook != NULL)
      {
        /* Nobody's signature, and a header that isn't one. */
        fuzz_check (!deliver (kinds[i], headers, body, NULL));
        assay_webhook_headers_set (headers, "PINPOINT-HMAC-SHA256", claimed);
        assay_webhook_headers_set (headers, "X-Signature", claimed);
        assay_webhook_headers_set (headers, "X-Kombo-Signature", claimed);
        fuzz_check (!deliver (kinds[i], headers, body, NULL) || is_signature (claimed, right));
        g_hash_table_remove_all (headers);
      }

  assay_webhook_headers_set (headers, "PINPOINT-HMAC-SHA256", whole_signature);
  if (deliver (&assay_pinpoint_description, headers, whole, &first))
    {
      fuzz_check (deliver (&assay_pinpoint_description, headers, whole, &second));
      fuzz_check (strcmp (first, second) == 0);
    }

  /* Kombo's is of another alphabet, without what fills it up. */
  g_strdelimit (whole_signature, "+", '-');
  g_strdelimit (whole_signature, "/", '_');
  whole_signature[strcspn (whole_signature, "=")] = '\0';
  g_clear_pointer (&first, g_free);
  g_clear_pointer (&second, g_free);
  assay_webhook_headers_set (headers, "X-Kombo-Signature", whole_signature);
  if (deliver (&assay_kombo_description, headers, whole, &first))
    {
      fuzz_check (deliver (&assay_kombo_description, headers, whole, &second));
      fuzz_check (strcmp (first, second) == 0);
    }
  return 0;
}
