/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HMAC-SHA-256 by GLib, a comparison in constant time, and decoders that know one spelling only. */
#include "config.h"

#include "assay-signature.h"

#include <string.h>

void
assay_signature_compute (const char   *secret,
                         gconstpointer data,
                         gsize         length,
                         guint8        signature[ASSAY_SIGNATURE_LENGTH])
{
  g_autoptr (GHmac) hmac = NULL;
  gsize written = ASSAY_SIGNATURE_LENGTH;

  g_return_if_fail (secret != NULL);
  g_return_if_fail (data != NULL || length == 0);

  hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret));
  /* g_hmac_update() takes a length that is signed. */
  for (gsize done = 0; done < length;)
    {
      gsize piece = MIN (length - done, (gsize) G_MAXSSIZE);

      g_hmac_update (hmac, (const guchar *) data + done, (gssize) piece);
      done += piece;
    }
  g_hmac_get_digest (hmac, signature, &written);
}

char *
assay_signature_compute_hex (const char   *secret,
                             gconstpointer data,
                             gsize         length)
{
  guint8 signature[ASSAY_SIGNATURE_LENGTH];
  GString *text = g_string_sized_new (2 * ASSAY_SIGNATURE_LENGTH);

  assay_signature_compute (secret, data, length, signature);
  for (gsize i = 0; i < ASSAY_SIGNATURE_LENGTH; i++)
    g_string_append_printf (text, "%02x", signature[i]);
  return g_string_free (text, FALSE);
}

char *
assay_signature_compute_base64 (const char   *secret,
                                gconstpointer data,
                                gsize         length)
{
  guint8 signature[ASSAY_SIGNATURE_LENGTH];

  assay_signature_compute (secret, data, length, signature);
  return g_base64_encode (signature, ASSAY_SIGNATURE_LENGTH);
}

/* Volatile keeps the compiler from leaving the loop at the first difference. */
gboolean
assay_signature_equal (gconstpointer one,
                       gconstpointer other,
                       gsize         length)
{
  const volatile guint8 *a = one;
  const volatile guint8 *b = other;
  guint8 difference = 0;

  for (gsize i = 0; i < length; i++)
    difference |= a[i] ^ b[i];
  return difference == 0;
}

static gboolean
verify (const char   *secret,
        gconstpointer data,
        gsize         length,
        GBytes       *candidate)
{
  guint8 signature[ASSAY_SIGNATURE_LENGTH];
  gboolean equal;

  if (candidate == NULL || g_bytes_get_size (candidate) != ASSAY_SIGNATURE_LENGTH)
    return FALSE;
  assay_signature_compute (secret, data, length, signature);
  equal = assay_signature_equal (signature, g_bytes_get_data (candidate, NULL), ASSAY_SIGNATURE_LENGTH);
  explicit_bzero (signature, sizeof signature);
  return equal;
}

gboolean
assay_signature_verify_hex (const char   *secret,
                            gconstpointer data,
                            gsize         length,
                            const char   *candidate)
{
  g_autoptr (GBytes) bytes = candidate != NULL ? assay_hex_decode_strict (candidate, -1) : NULL;

  return verify (secret, data, length, bytes);
}

gboolean
assay_signature_verify_base64 (const char   *secret,
                               gconstpointer data,
                               gsize         length,
                               const char   *candidate)
{
  g_autoptr (GBytes) bytes = candidate != NULL ? assay_base64_decode_strict (candidate, -1) : NULL;

  return verify (secret, data, length, bytes);
}

gboolean
assay_signature_verify_base64url (const char   *secret,
                                  gconstpointer data,
                                  gsize         length,
                                  const char   *candidate)
{
  g_autoptr (GBytes) bytes = candidate != NULL ? assay_base64url_decode_strict (candidate, -1) : NULL;

  return verify (secret, data, length, bytes);
}

/* The six bits a character stands for; -1 for none. @extra: the two characters that alphabets differ in */
static int
decode_character (char        character,
                  const char *extra)
{
  if (character >= 'A' && character <= 'Z')
    return character - 'A';
  if (character >= 'a' && character <= 'z')
    return character - 'a' + 26;
  if (character >= '0' && character <= '9')
    return character - '0' + 52;
  if (character == extra[0])
    return 62;
  return character == extra[1] ? 63 : -1;
}

/* @length: of the characters, padding left out */
static GBytes *
decode_characters (const char *text,
                   gsize       length,
                   const char *extra)
{
  g_autoptr (GByteArray) bytes = NULL;
  guint32 bits = 0;
  guint n_bits = 0;

  if (length % 4 == 1)
    return NULL;
  bytes = g_byte_array_sized_new ((guint) MIN (length / 4 * 3 + 2, G_MAXUINT / 2));
  for (gsize i = 0; i < length; i++)
    {
      int value = decode_character (text[i], extra);

      if (value < 0)
        return NULL;
      bits = (bits << 6) | (guint32) value;
      n_bits += 6;
      if (n_bits >= 8)
        {
          guint8 byte = (guint8) (bits >> (n_bits - 8));

          g_byte_array_append (bytes, &byte, 1);
          n_bits -= 8;
          bits &= (1u << n_bits) - 1;
        }
    }
  /* What is left over must be zero, or several texts would mean the same bytes. */
  if (bits != 0)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

GBytes *
assay_base64_decode_strict (const char *text,
                            gssize      length)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  gsize padding = 0;

  if (size % 4 != 0)
    return NULL;
  while (padding < 2 && padding < size && text[size - padding - 1] == '=')
    padding++;
  return decode_characters (text, size - padding, "+/");
}

GBytes *
assay_base64url_decode_strict (const char *text,
                               gssize      length)
{
  return decode_characters (text, length < 0 ? strlen (text) : (gsize) length, "-_");
}

GBytes *
assay_hex_decode_strict (const char *text,
                         gssize      length)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  g_autoptr (GByteArray) bytes = NULL;

  if (size % 2 != 0)
    return NULL;
  bytes = g_byte_array_sized_new ((guint) MIN (size / 2, G_MAXUINT / 2));
  for (gsize i = 0; i < size; i += 2)
    {
      int high = g_ascii_xdigit_value (text[i]);
      int low = g_ascii_xdigit_value (text[i + 1]);
      guint8 byte;

      if (high < 0 || low < 0)
        return NULL;
      byte = (guint8) (high << 4 | low);
      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
