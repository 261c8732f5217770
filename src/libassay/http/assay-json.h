/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading foreign JSON: a guard in front of json-glib, and readers that return an error where json-glib would warn.
 * A vendor's record is read leniently (null, absent, number or string) and written strictly. */
#pragma once

#include <json-glib/json-glib.h>

#include "assay-error.h"

G_BEGIN_DECLS

#define ASSAY_JSON_MAX_DEPTH 64u

/**
 * assay_json_guard:
 * @data: (array length=length): bytes that claim to be JSON
 * @length: how many
 * @reject_duplicate_keys: whether two members of the same name are an error (signed and security-relevant documents)
 * @error: return location for %ASSAY_ERROR_BAD_RESPONSE
 *
 * Checks in one pass, without recursion or allocation per value, what json-glib 1.6 crashes on or reads wrongly:
 * nothing but one strict JSON document (RFC 8259) in valid UTF-8, at most %ASSAY_JSON_MAX_DEPTH deep, no `\u0000`, no
 * number outside of int64 or finite double, not empty.
 *
 * Returns: whether json-glib may see it
 */
gboolean assay_json_guard (const char  *data,
                           gsize        length,
                           gboolean     reject_duplicate_keys,
                           GError     **error);

/**
 * assay_json_parse:
 * @data: bytes
 * @length: how many
 * @error: return location for %ASSAY_ERROR_BAD_RESPONSE
 *
 * Guards, then parses.
 *
 * Returns: (transfer full) (nullable): the immutable document
 */
JsonNode *assay_json_parse (const char  *data,
                            gsize        length,
                            GError     **error);

/* Strict shape: these set ASSAY_ERROR_BAD_RESPONSE, naming the member, when it is absent or of another type.
 * @what names the document for the sentence ("the list of jobs"). Results are borrowed from the node. */
JsonObject *assay_json_expect_object (JsonNode *node, const char *what, GError **error);
JsonArray  *assay_json_expect_array (JsonNode *node, const char *what, GError **error);
JsonObject *assay_json_expect_member_object (JsonObject *object, const char *member, const char *what, GError **error);
JsonArray  *assay_json_expect_member_array (JsonObject *object, const char *member, const char *what, GError **error);
/* (transfer full): an id: a non-empty string, or an integer turned into one */
char       *assay_json_expect_member_id (JsonObject *object, const char *member, const char *what, GError **error);

/* Lenient: absent, null and wrong type are "not there". */
JsonObject *assay_json_get_object (JsonObject *object, const char *member);
JsonArray  *assay_json_get_array (JsonObject *object, const char *member);
/* (transfer full) (nullable): a string as it is, a number or boolean as text */
char       *assay_json_dup_string (JsonObject *object, const char *member);
/* (transfer none) (nullable): only if it is a string */
const char *assay_json_get_string (JsonObject *object, const char *member);
/* Whether @member is a number, or a string that is one (a trailing '%' and white space allowed, told by
 * @is_percent, which may be NULL); never scales. */
gboolean    assay_json_get_number (JsonObject *object, const char *member, double *value, gboolean *is_percent);
gboolean    assay_json_get_boolean (JsonObject *object, const char *member, gboolean fallback);
/* ISO 8601 with offset, or seconds or milliseconds since 1970, as Unix milliseconds; 0 when there is none
 * after 1970. */
gint64      assay_json_get_time (JsonObject *object, const char *member);
/* Array elements: (nullable) (transfer none) the object at @index if it is one. */
JsonObject *assay_json_array_get_object (JsonArray *array, guint index);

/* Adds a member that is a text to the object that is being built. */
void        assay_json_add_string (JsonBuilder *builder, const char *member, const char *value);
/* (transfer full): an object with that one member */
JsonNode   *assay_json_new_with_string (const char *member, const char *value);

/* (transfer full): the document as text, on one line; what json_to_string() makes of a number may not be JSON */
char       *assay_json_write (JsonNode *node);
/* (transfer full): the document as text, for storing what a vendor sent (at most @max_length bytes, else NULL) */
char       *assay_json_to_text (JsonNode *node, gsize max_length);

G_END_DECLS
