/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one error domain of libassay. A code says what the caller can do about it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AssayError:
 * @ASSAY_ERROR_FAILED: anything without a code of its own
 * @ASSAY_ERROR_USAGE: the caller (a command line) asked for something that makes no sense
 * @ASSAY_ERROR_UNAUTHORIZED: the vendor refuses the key: a new one is needed
 * @ASSAY_ERROR_FORBIDDEN: the key is good but lacks a permission
 * @ASSAY_ERROR_DUPLICATE: this e-mail was already invited to this assessment; nothing was sent
 * @ASSAY_ERROR_UNAVAILABLE: the vendor can't be reached or is out of order; nothing took effect, the same may be
 *   tried again
 * @ASSAY_ERROR_RATE_LIMITED: the vendor says wait, and the wait was longer than the deadline
 * @ASSAY_ERROR_NOT_FOUND: no such record, here or at the vendor
 * @ASSAY_ERROR_UNSURE: a write left this machine and its answer was lost: it may or may not have taken effect
 * @ASSAY_ERROR_INVALID: the vendor or Assay refuses the data
 * @ASSAY_ERROR_BAD_RESPONSE: the answer to a read isn't what the vendor documents (HTML, half an answer, wrong types)
 * @ASSAY_ERROR_STORAGE: the database can't be opened, read or written (disk full, read-only home, damaged file)
 * @ASSAY_ERROR_KEYRING_LOCKED: the keyring is locked
 * @ASSAY_ERROR_KEYRING_MISSING: no keyring service runs
 * @ASSAY_ERROR_KEYRING_REFUSED: the keyring, or the user at its prompt, refuses
 * @ASSAY_ERROR_REMOVALS: a sync found so many applications gone that a person has to say whether they are; all are kept
 * @ASSAY_ERROR_BUSY: another copy of Assay is doing this now
 *
 * Codes of %ASSAY_ERROR. Cancellation stays %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  ASSAY_ERROR_FAILED,
  ASSAY_ERROR_USAGE,
  ASSAY_ERROR_UNAUTHORIZED,
  ASSAY_ERROR_FORBIDDEN,
  ASSAY_ERROR_DUPLICATE,
  ASSAY_ERROR_UNAVAILABLE,
  ASSAY_ERROR_RATE_LIMITED,
  ASSAY_ERROR_NOT_FOUND,
  ASSAY_ERROR_UNSURE,
  ASSAY_ERROR_INVALID,
  ASSAY_ERROR_BAD_RESPONSE,
  ASSAY_ERROR_STORAGE,
  ASSAY_ERROR_KEYRING_LOCKED,
  ASSAY_ERROR_KEYRING_MISSING,
  ASSAY_ERROR_KEYRING_REFUSED,
  ASSAY_ERROR_BUSY,
  ASSAY_ERROR_REMOVALS,
} AssayError;

/**
 * ASSAY_ERROR:
 *
 * An extended error domain: besides the sentence (what happened and what to do, never a code, never a secret) an
 * error may carry what the vendor said.
 */
#define ASSAY_ERROR (assay_error_quark ())
GQuark assay_error_quark (void);

/**
 * assay_error_new_from_vendor:
 * @code: an #AssayError
 * @vendor_status: the HTTP status, or 0 for none
 * @vendor_detail: (nullable): the vendor's own words, cut to a few lines
 * @format: printf-style sentence
 *
 * Returns: (transfer full): the error
 */
GError *assay_error_new_from_vendor (AssayError  code,
                                     guint       vendor_status,
                                     const char *vendor_detail,
                                     const char *format,
                                     ...) G_GNUC_PRINTF (4, 5);

/**
 * assay_error_get_vendor_status:
 * @error: any error
 *
 * Returns: the HTTP status that caused it; 0 if none did
 */
guint assay_error_get_vendor_status (const GError *error);

/**
 * assay_error_get_vendor_detail:
 * @error: any error
 *
 * Returns: (nullable) (transfer none): the vendor's own words
 */
const char *assay_error_get_vendor_detail (const GError *error);

/* The vendor's own code for what happened, where it has one besides the HTTP status ("ATS.JOB_CLOSED"): for connectors
 * that decide by it, not for people. (nullable): NULL on an error of another domain, where setting it does nothing. */
void        assay_error_set_vendor_code (GError *error, const char *vendor_code);
const char *assay_error_get_vendor_code (const GError *error);

/* The row id of the record that an error is about (the earlier invitation of a duplicate); 0 for none. Setting it on
 * an error of another domain does nothing. */
void   assay_error_set_record (GError *error, gint64 record);
gint64 assay_error_get_record (const GError *error);

/* For how many seconds the vendor asked to be left alone; 0 when it didn't say. Setting it on an error of another domain does
 * nothing. */
void assay_error_set_retry_after (GError *error, int seconds);
int  assay_error_get_retry_after (const GError *error);

/**
 * assay_error_get_name:
 * @error: any error
 *
 * Returns: (transfer none): the error's code as `assayctl --json` spells it: "failed", "usage", "unauthorized",
 *   "forbidden", "duplicate", "unavailable", "rate-limited", "not-found", "unsure", "invalid" or "keyring"
 */
const char *assay_error_get_name (const GError *error);

/**
 * assay_error_get_exit_status:
 * @error: any error
 *
 * Returns: the exit status `assayctl` has for it, 1 to 9
 */
int assay_error_get_exit_status (const GError *error);

/**
 * assay_error_is_keyring:
 * @error: (nullable): any error
 *
 * Returns: whether it is one of the three keyring errors
 */
gboolean assay_error_is_keyring (const GError *error);

G_END_DECLS
