/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON for the sandbox: a fast writer onto one string, and a reader that survives hostile bodies. */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * SandboxJson:
 *
 * Writes JSON text member by member. Pages of a thousand applications are written often, so this
 * appends to one string instead of building a tree first.
 */
typedef struct _SandboxJson SandboxJson;

SandboxJson *sandbox_json_new            (void);
void         sandbox_json_free           (SandboxJson *self);
GString     *sandbox_json_free_to_string (SandboxJson *self);

void         sandbox_json_begin_object   (SandboxJson *self);
void         sandbox_json_end_object     (SandboxJson *self);
void         sandbox_json_begin_array    (SandboxJson *self);
void         sandbox_json_end_array      (SandboxJson *self);
void         sandbox_json_key            (SandboxJson *self,
                                          const char  *name);
/* A %NULL @value is written as null. */
void         sandbox_json_string         (SandboxJson *self,
                                          const char  *value);
void         sandbox_json_integer        (SandboxJson *self,
                                          gint64       value);
void         sandbox_json_real           (SandboxJson *self,
                                          double       value);
void         sandbox_json_boolean        (SandboxJson *self,
                                          gboolean     value);
void         sandbox_json_null           (SandboxJson *self);
void         sandbox_json_node           (SandboxJson *self,
                                          JsonNode    *node);

void         sandbox_json_member_string  (SandboxJson *self,
                                          const char  *name,
                                          const char  *value);
void         sandbox_json_member_integer (SandboxJson *self,
                                          const char  *name,
                                          gint64       value);
void         sandbox_json_member_real    (SandboxJson *self,
                                          const char  *name,
                                          double       value);
void         sandbox_json_member_boolean (SandboxJson *self,
                                          const char  *name,
                                          gboolean     value);
/* An identifier, which the vendors send as a string of digits. */
void         sandbox_json_member_id      (SandboxJson *self,
                                          const char  *name,
                                          guint        id);
/* @seconds since 1970 as `2019-01-01T00:00:00+00:00`; 0 is written as null. */
void         sandbox_json_member_time    (SandboxJson *self,
                                          const char  *name,
                                          gint64       seconds);

/**
 * sandbox_json_parse:
 * @body: what a client sent
 * @error: return location for a #GError
 *
 * Parses a JSON document. Text that is no UTF-8, nests deeper than 64 levels, holds `\u0000` or is
 * empty is refused before json-glib sees it, since json-glib 1.6 crashes on or silently changes it.
 *
 * Returns: (transfer full): the root, or %NULL with @error set
 */
JsonNode    *sandbox_json_parse          (GBytes      *body,
                                          GError     **error);

/* Readers of object members: the member if it has that type, else %NULL or @fallback. */
const char  *sandbox_json_get_string     (JsonObject  *object,
                                          const char  *name);
JsonObject  *sandbox_json_get_object     (JsonObject  *object,
                                          const char  *name);
JsonArray   *sandbox_json_get_array      (JsonObject  *object,
                                          const char  *name);
gint64       sandbox_json_get_integer    (JsonObject  *object,
                                          const char  *name,
                                          gint64       fallback);
double       sandbox_json_get_real       (JsonObject  *object,
                                          const char  *name,
                                          double       fallback);
gboolean     sandbox_json_get_boolean    (JsonObject  *object,
                                          const char  *name,
                                          gboolean     fallback);
gboolean     sandbox_json_node_is        (JsonNode    *node,
                                          GType        type);

/* Times as the vendors write them. */
char        *sandbox_time_to_string      (gint64       seconds);
gboolean     sandbox_time_from_string    (const char  *text,
                                          gint64      *seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxJson, sandbox_json_free)

G_END_DECLS
