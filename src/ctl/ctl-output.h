/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to standard output and standard error: tables for people, one JSON document for programs. */
#pragma once

#include <json-glib/json-glib.h>

#include "assay-model.h"

G_BEGIN_DECLS

/* ---- Writing ---- */

/* Writes and flushes. FALSE when standard output can't be written any more, so that going on makes no sense. */
gboolean ctl_output_text (const char *text);
/* Writes the document that @builder holds, and a line break: indented for a terminal, else in one line. */
gboolean ctl_output_json (JsonBuilder *builder);
/* The same, always in one line. */
gboolean ctl_output_json_line (JsonBuilder *builder);
/* Whether all that was printed arrived. A reader that went away (`head`) is no error. */
gboolean ctl_output_check (GError **error);
/* Writes a line to standard error. */
void     ctl_output_note (const char *text);
/* (transfer full): the error's sentence, and the vendor's own words where it has some that the sentence hasn't */
char    *ctl_output_dup_message (const GError *error);
/* Writes @error to standard error: a sentence, or its JSON. @invitation: what it is about, 0 for none. */
void     ctl_output_error (const GError *error, gboolean json, gint64 invitation);

/* (transfer full): foreign text for a terminal: control characters and those that turn the direction of writing are
 * shown as what they are, so that no text can move the cursor or hide */
char    *ctl_output_sanitize (const char *text);

/* ---- Tables ---- */

/**
 * CtlTable:
 *
 * Cells in aligned columns. Widths are those of a terminal: two for a wide character, none for a combining one.
 */
typedef struct _CtlTable CtlTable;

/* The headings, up to a NULL. */
CtlTable *ctl_table_new (const char *heading, ...) G_GNUC_NULL_TERMINATED;
void      ctl_table_free (CtlTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlTable, ctl_table_free)
/* As many strings as there are headings; NULL is an empty cell. They are copied and made harmless. */
void      ctl_table_add_row (CtlTable *self, ...);
guint     ctl_table_get_n_rows (CtlTable *self);
/* Prints it, or @empty when there are no rows. */
gboolean  ctl_table_print (CtlTable *self, const char *empty);

/* Appends @cell, filled up with spaces to @width columns of a terminal. */
void      ctl_output_append_padded (GString *text, const char *cell, guint width);
/* A line "Title:   value" of a description; left out when @value is NULL or empty. */
void      ctl_describe (GString *text, const char *title, const char *value);

/* ---- Members of JSON objects. NULL, 0 and NAN become null where the value can be missing. ---- */

void ctl_json_string (JsonBuilder *builder, const char *name, const char *value);
void ctl_json_strings (JsonBuilder *builder, const char *name, const char *const *values);
void ctl_json_id (JsonBuilder *builder, const char *name, AssayIdKind kind, gint64 id);
void ctl_json_time (JsonBuilder *builder, const char *name, gint64 unix_milliseconds);
void ctl_json_integer (JsonBuilder *builder, const char *name, gint64 value);
void ctl_json_number (JsonBuilder *builder, const char *name, double value);
void ctl_json_boolean (JsonBuilder *builder, const char *name, gboolean value);
/* The object {"code", "message", …}, or null without an error. */
void ctl_json_error (JsonBuilder *builder, const char *name, const GError *error, gint64 invitation);

G_END_DECLS
