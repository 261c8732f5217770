/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one error domain of libassay. */
#include "config.h"

#include "assay-error.h"

#include <gio/gio.h>

typedef struct
{
  guint vendor_status;
  char *vendor_detail;
  char *vendor_code;
  gint64 record;
  int retry_after;
} AssayErrorPrivate;

static void
assay_error_private_init (AssayErrorPrivate *priv)
{
}

static void
assay_error_private_copy (const AssayErrorPrivate *source,
                          AssayErrorPrivate       *target)
{
  target->vendor_status = source->vendor_status;
  target->vendor_detail = g_strdup (source->vendor_detail);
  target->vendor_code = g_strdup (source->vendor_code);
  target->record = source->record;
  target->retry_after = source->retry_after;
}

static void
assay_error_private_clear (AssayErrorPrivate *priv)
{
  g_free (priv->vendor_detail);
  g_free (priv->vendor_code);
}

/* Defines assay_error_quark () and the private accessor. */
G_DEFINE_EXTENDED_ERROR (AssayError, assay_error)

GError *
assay_error_new_from_vendor (AssayError  code,
                             guint       vendor_status,
                             const char *vendor_detail,
                             const char *format,
                             ...)
{
  AssayErrorPrivate *priv;
  GError *error;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (ASSAY_ERROR, code, format, args);
  va_end (args);

  priv = assay_error_get_private (error);
  priv->vendor_status = vendor_status;
  priv->vendor_detail = g_strdup (vendor_detail);
  return error;
}

guint
assay_error_get_vendor_status (const GError *error)
{
  if (error == NULL || error->domain != ASSAY_ERROR)
    return 0;
  return assay_error_get_private (error)->vendor_status;
}

const char *
assay_error_get_vendor_detail (const GError *error)
{
  if (error == NULL || error->domain != ASSAY_ERROR)
    return NULL;
  return assay_error_get_private (error)->vendor_detail;
}

void
assay_error_set_vendor_code (GError     *error,
                             const char *vendor_code)
{
  AssayErrorPrivate *priv;
  char *copy;

  if (error == NULL || error->domain != ASSAY_ERROR)
    return;
  priv = assay_error_get_private (error);
  copy = g_strdup (vendor_code);
  g_free (priv->vendor_code);
  priv->vendor_code = copy;
}

const char *
assay_error_get_vendor_code (const GError *error)
{
  if (error == NULL || error->domain != ASSAY_ERROR)
    return NULL;
  return assay_error_get_private (error)->vendor_code;
}

void
assay_error_set_record (GError *error,
                        gint64  record)
{
  if (error != NULL && error->domain == ASSAY_ERROR)
    assay_error_get_private (error)->record = record;
}

gint64
assay_error_get_record (const GError *error)
{
  if (error == NULL || error->domain != ASSAY_ERROR)
    return 0;
  return assay_error_get_private (error)->record;
}

static const struct
{
  const char *name;
  int exit_status;
} code_table[] = {
  [ASSAY_ERROR_FAILED] = { "failed", 1 },
  [ASSAY_ERROR_USAGE] = { "usage", 2 },
  [ASSAY_ERROR_UNAUTHORIZED] = { "unauthorized", 3 },
  [ASSAY_ERROR_FORBIDDEN] = { "forbidden", 3 },
  [ASSAY_ERROR_DUPLICATE] = { "duplicate", 4 },
  [ASSAY_ERROR_UNAVAILABLE] = { "unavailable", 5 },
  [ASSAY_ERROR_RATE_LIMITED] = { "rate-limited", 5 },
  [ASSAY_ERROR_NOT_FOUND] = { "not-found", 6 },
  [ASSAY_ERROR_UNSURE] = { "unsure", 7 },
  [ASSAY_ERROR_INVALID] = { "invalid", 8 },
  [ASSAY_ERROR_BAD_RESPONSE] = { "failed", 1 },
  [ASSAY_ERROR_STORAGE] = { "failed", 1 },
  [ASSAY_ERROR_KEYRING_LOCKED] = { "keyring", 9 },
  [ASSAY_ERROR_KEYRING_MISSING] = { "keyring", 9 },
  [ASSAY_ERROR_KEYRING_REFUSED] = { "keyring", 9 },
  [ASSAY_ERROR_BUSY] = { "failed", 1 },
  [ASSAY_ERROR_REMOVALS] = { "removals", 7 },
};

static guint
get_code (const GError *error)
{
  if (error->domain == ASSAY_ERROR && error->code >= 0 && (guint) error->code < G_N_ELEMENTS (code_table))
    return (guint) error->code;
  return ASSAY_ERROR_FAILED;
}

void
assay_error_set_retry_after (GError *error,
                             int     seconds)
{
  if (error != NULL && error->domain == ASSAY_ERROR)
    assay_error_get_private (error)->retry_after = MAX (seconds, 0);
}

int
assay_error_get_retry_after (const GError *error)
{
  if (error == NULL || error->domain != ASSAY_ERROR)
    return 0;
  return assay_error_get_private (error)->retry_after;
}

const char *
assay_error_get_name (const GError *error)
{
  return code_table[get_code (error)].name;
}

int
assay_error_get_exit_status (const GError *error)
{
  return code_table[get_code (error)].exit_status;
}

gboolean
assay_error_is_keyring (const GError *error)
{
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_LOCKED) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_MISSING) ||
         g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_REFUSED);
}
