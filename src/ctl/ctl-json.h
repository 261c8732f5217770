/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing one JSON document, value by value onto one string: a list of a hundred thousand applications
 * takes no more memory than its text. What was written is printed at the end, so that a failure halfway
 * prints nothing. */
#pragma once

#include "assay-model.h"

G_BEGIN_DECLS

typedef struct _CtlJson CtlJson;

CtlJson    *ctl_json_new (void);
void        ctl_json_free (CtlJson *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlJson, ctl_json_free)

/* (transfer none): the document so far. Characters that a terminal would act on are escaped. */
const char *ctl_json_get_text (CtlJson *self);

void        ctl_json_begin_object (CtlJson *self);
void        ctl_json_end_object (CtlJson *self);
void        ctl_json_begin_array (CtlJson *self);
void        ctl_json_end_array (CtlJson *self);
/* The name of the member whose value comes next. */
void        ctl_json_member (CtlJson *self, const char *name);
void        ctl_json_add_null (CtlJson *self);
void        ctl_json_add_string (CtlJson *self, const char *value);
void        ctl_json_add_boolean (CtlJson *self, gboolean value);
void        ctl_json_add_integer (CtlJson *self, gint64 value);

/* Whole members. NULL, 0 for an id or a time, and NAN become null. */
void        ctl_json_string (CtlJson *self, const char *name, const char *value);
void        ctl_json_strings (CtlJson *self, const char *name, const char *const *values);
void        ctl_json_id (CtlJson *self, const char *name, AssayIdKind kind, gint64 id);
void        ctl_json_time (CtlJson *self, const char *name, gint64 unix_milliseconds);
void        ctl_json_integer (CtlJson *self, const char *name, gint64 value);
/* In the fewest digits that give the same number again. */
void        ctl_json_number (CtlJson *self, const char *name, double value);
void        ctl_json_boolean (CtlJson *self, const char *name, gboolean value);
/* The object {"code", "message", …}, or null without an error. @invitation: what it is about, 0 for none. */
void        ctl_json_error (CtlJson *self, const char *name, const GError *error, gint64 invitation);

/* Whether a terminal obeys the character, or shows others in another order because of it. */
gboolean    ctl_is_harmful_character (gunichar character);

G_END_DECLS
