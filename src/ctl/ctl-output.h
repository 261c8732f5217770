/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to standard output and standard error: tables for people, one JSON document for programs. */
#pragma once

#include "ctl-json.h"

G_BEGIN_DECLS

/* ---- Writing ---- */

/* Writes and flushes. FALSE when standard output can't be written any more, so that going on makes no
 * sense. */
gboolean ctl_output_text (const char *text);
/* Writes the document, and a line's end. */
gboolean ctl_output_json (CtlJson *json);
/* Whether all that was printed arrived. A reader that went away (`head`) is no error. */
gboolean ctl_output_check (GError **error);
/* (transfer full): the error's sentence, and the vendor's own words where it has some that the sentence
 * hasn't */
char    *ctl_output_dup_message (const GError *error);
/* Writes @error to standard error: a sentence, or its JSON. @invitation: what it is about, 0 for none. */
void     ctl_output_error (const GError *error, gboolean as_json, gint64 invitation);

/* One line that is written over again and again; nothing where standard error is no terminal. */
void     ctl_output_progress (const char *text);
/* Takes that line away, if there is one. */
void     ctl_output_clear_progress (void);
/* (transfer full): foreign text for a terminal: control characters and those that turn the direction of
 * writing are shown as what they are, so that no text can move the cursor or hide */
char    *ctl_output_sanitize (const char *text);

/* ---- Tables ---- */

/**
 * CtlTable:
 *
 * Cells in aligned columns. Widths are those of a terminal: two for a wide character, none for a combining
 * one.
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

G_END_DECLS
