/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider answered, kept word for word for people: without what opens doors, and as lines that one can read. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than this isn't kept of one answer, in bytes. */
#define ASSAY_RAW_MAX_LENGTH (64u * 1024u)

/**
 * assay_raw_clean:
 * @raw: (nullable): JSON text
 *
 * Leaves out, at any depth, the members whose names say that their values are secrets ("token", "apiKey",
 * "client_secret" …).
 *
 * Returns: (transfer full) (nullable): the text to store; %NULL for what isn't JSON, and for more than
 *   %ASSAY_RAW_MAX_LENGTH
 */
char *assay_raw_clean (const char *raw);

/* One value, and where it stands. */
typedef struct
{
  char *name;   /* the way to it: "details[0].title" */
  char *value;  /* as it is written; a list or record without members as "[]" or "{}" */
} AssayRawMember;

void assay_raw_member_free (AssayRawMember *member);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRawMember, assay_raw_member_free)

/**
 * assay_raw_list_members:
 * @raw: (nullable): JSON text
 * @limit: how many to list at most
 * @n_members: (out) (optional): how many there are
 *
 * Returns: (transfer full) (element-type AssayRawMember): the first @limit values in their order; empty for what isn't
 *   JSON
 */
GPtrArray *assay_raw_list_members (const char *raw,
                                   guint       limit,
                                   guint      *n_members);

G_END_DECLS
