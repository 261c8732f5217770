/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: what a vendor says about an error, and its dates. The words must come out as one short line of
 * valid UTF-8 without the secret. */
#include "config.h"

#include "assay-http-private.h"

#include "fuzz.h"

#include <string.h>

#define SECRET "data"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (SecretValue) secret = secret_value_new (SECRET, -1, "text/plain");
  g_autofree char *text = g_strndup ((const char *) data, size);
  const AssayHttpAnswer answer = { .place = "Vendor (host)", .secret = secret, .status = 400, .body = body,
                                   .retry_after = -1 };
  g_autofree char *detail = assay_http_answer_dup_detail (&answer);
  g_autoptr (GError) status_error = assay_http_problem_from_status (&answer, ASSAY_HTTP_ONCE);
  g_autofree char *masked = assay_http_mask_path (text, NULL);
  int wait = assay_http_parse_retry_after (text, text, 1000000000);

  fuzz_check (wait >= -1 && wait <= 3600);
  fuzz_check (assay_http_parse_date (text) >= 0);
  fuzz_check (strchr (masked, '@') == NULL);
  fuzz_check (g_error_matches (status_error, ASSAY_ERROR, ASSAY_ERROR_INVALID));
  if (detail != NULL)
    {
      fuzz_check (*detail != '\0');
      fuzz_check (strlen (detail) <= ASSAY_HTTP_MAX_DETAIL);
      fuzz_check (g_utf8_validate (detail, -1, NULL));
      fuzz_check (strpbrk (detail, "\r\n\t\b\f\v\x1b\x7f") == NULL);
      fuzz_check (strstr (detail, SECRET) == NULL);
    }
  return 0;
}
