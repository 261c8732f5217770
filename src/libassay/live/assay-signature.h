/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures by shared secret: what a vendor's webhook and a signed token are checked with.
 *
 * A signature is compared in constant time: how long a refusal takes must not tell how much of a guess was
 * right. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The length of an HMAC-SHA-256, in bytes. */
#define ASSAY_SIGNATURE_LENGTH 32u

/**
 * assay_signature_compute:
 * @secret: the key, as text
 * @data: (array length=length) (nullable): the message's bytes
 * @length: how many
 * @signature: (out) (array fixed-size=32): return location
 *
 * Computes HMAC-SHA-256 (RFC 2104, FIPS 180-4).
 */
void     assay_signature_compute (const char   *secret,
                                  gconstpointer data,
                                  gsize         length,
                                  guint8        signature[ASSAY_SIGNATURE_LENGTH]);

/* (transfer full): the same in lower-case hexadecimal digits, and in padded base64 (RFC 4648, section 4). */
char    *assay_signature_compute_hex (const char *secret, gconstpointer data, gsize length);
char    *assay_signature_compute_base64 (const char *secret, gconstpointer data, gsize length);

/* Whether two pieces of @length bytes are equal, in a time that depends on @length alone. */
gboolean assay_signature_equal (gconstpointer one, gconstpointer other, gsize length);

/* Whether @candidate, foreign text, is the signature of the message. Anything but its one spelling is refused:
 * 64 hexadecimal digits of either case; 44 characters of padded base64; 43 of base64url without padding (RFC
 * 7515, for a JSON Web Token). @candidate: (nullable) */
gboolean assay_signature_verify_hex (const char *secret, gconstpointer data, gsize length, const char *candidate);
gboolean assay_signature_verify_base64 (const char *secret, gconstpointer data, gsize length, const char *candidate);
gboolean assay_signature_verify_base64url (const char *secret, gconstpointer data, gsize length,
                                           const char *candidate);

/* Strict decoding of foreign text: NULL for anything but the one spelling that encodes the bytes. An empty text
 * is no bytes. @length: of @text, or -1 up to its NUL. (transfer full) (nullable) */
GBytes  *assay_base64_decode_strict (const char *text, gssize length);
GBytes  *assay_base64url_decode_strict (const char *text, gssize length);
GBytes  *assay_hex_decode_strict (const char *text, gssize length);

G_END_DECLS
