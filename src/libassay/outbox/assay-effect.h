/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be changed at a vendor besides inviting: an application's tags, notes, stage, documents and score in its ATS, a
 * new application there, and an invitation that is resent or cancelled at its provider. A plain value, as the outbox keeps it,
 * and what carries it out. */
#pragma once

#include "assay-model.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_EFFECT_TAG,
  ASSAY_EFFECT_UNTAG,
  ASSAY_EFFECT_NOTE,
  ASSAY_EFFECT_MOVE,
  ASSAY_EFFECT_DOCUMENT,
  ASSAY_EFFECT_SCORE,
  ASSAY_EFFECT_CREATE,
  ASSAY_EFFECT_RESEND,
  ASSAY_EFFECT_CANCEL,
} AssayEffectKind;

/* As the outbox spells them: "tag", "untag", "note", "move", "document", "score", "create", "resend", "cancel" */
const char *assay_effect_kind_to_string (AssayEffectKind kind);
gboolean    assay_effect_kind_from_string (const char *text, AssayEffectKind *kind);
/* Whether doing it twice leaves the same as doing it once, so that it may be done again after an answer was lost, once the
 * vendor was asked how things are. Whatever isn't is UNSURE then, and a person decides. */
gboolean    assay_effect_kind_is_repeatable (AssayEffectKind kind);

/* No document that an outbox takes is larger. */
#define ASSAY_EFFECT_MAX_DOCUMENT (8u * 1024u * 1024u)

typedef struct
{
  AssayEffectKind kind;
  gint64 application_id;   /* whose; for RESEND, CANCEL and CREATE 0 */
  gint64 invitation_id;    /* RESEND, CANCEL: which */
  gint64 job_id;           /* CREATE: for which job */
  gint64 stage_id;         /* MOVE: where to. CREATE: where to, 0 for the first stage */
  char *text;              /* TAG, UNTAG: the tag. NOTE: the text. SCORE: a decimal number with a point */
  char *field;             /* SCORE: the custom field; (nullable) for the connection's setting "score-field" */
  char *file_name;         /* (nullable) DOCUMENT; CREATE: the CV's */
  char *media_type;        /* (nullable) the same */
  GBytes *bytes;           /* (nullable) the same */
  char *first_name;        /* CREATE */
  char *last_name;
  char *email;
  char *phone;             /* (nullable) */
  char *source;            /* (nullable) where the person comes from, in words */
  char *cause;             /* (nullable) who wants it: "user" if NULL, or "rule:NAME …". The same for one cause happens once;
                              a user may do the same again once the last one is done */
  gint64 due_at;           /* when it may leave; 0: at once */
  /* filled by the outbox */
  char *stage_remote_id;
  char *stage_name;
  char *job_remote_id;
} AssayEffect;

AssayEffect *assay_effect_new (AssayEffectKind kind);
AssayEffect *assay_effect_copy (const AssayEffect *effect);
void         assay_effect_free (AssayEffect *effect);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayEffect, assay_effect_free)

/* (transfer full): as the outbox keeps what isn't in columns of its own */
char        *assay_effect_to_payload (const AssayEffect *effect);
/* (transfer full) (nullable): NULL where @payload isn't one of ours */
AssayEffect *assay_effect_from_payload (AssayEffectKind kind, const char *payload);
/* (transfer full): what it does, for people: "Tag “Shortlist”" */
char        *assay_effect_describe (const AssayEffect *effect);

G_END_DECLS
