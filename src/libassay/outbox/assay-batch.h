/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inviting many at once, as the store keeps it: whom an assessment can be sent to, and how far a batch is. The changes are in
 * assay-service.h.
 *
 * A batch is a record of its own. Its people are first written down, all in one transaction; then they are put into the
 * outbox some at a time, by this process or the next one, and leave when nobody's own invitation waits. */
#pragma once

#include "assay-model.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* Whether a person can be invited, and if not, why not. */
typedef enum
{
  ASSAY_VERDICT_READY,
  ASSAY_VERDICT_INVITED,     /* invited already, or on its way, or unsure, or by somebody else as a tag says: see the
                              * members below */
  ASSAY_VERDICT_TWICE,       /* the same address comes earlier among the drafts */
  ASSAY_VERDICT_NO_EMAIL,    /* no address, or none that could be one */
  ASSAY_VERDICT_NO_NAME,
  ASSAY_VERDICT_LOCKED,      /* name or address were changed, and the provider takes them from the ATS */
  ASSAY_VERDICT_ARCHIVED,
  ASSAY_VERDICT_CLOSED_JOB,
  ASSAY_VERDICT_GONE,        /* no longer in the ATS */
  ASSAY_VERDICT_CANCELLED,   /* of a batch only: it was given up before this person was in the outbox */
  ASSAY_VERDICT_OTHER,       /* the assessment or the provider's connection stands in the way: the same for everybody */
} AssayVerdictKind;

/* "ready", "invited", "twice", "no-email", "no-name", "locked", "archived", "closed-job", "gone", "cancelled", "other" */
const char *assay_verdict_kind_to_string (AssayVerdictKind kind);
gboolean    assay_verdict_kind_from_string (const char *text, AssayVerdictKind *kind);

typedef struct
{
  gint64 application_id;
  AssayVerdictKind kind;
  char *full_name;        /* (nullable) of the application */
  char *first_name;       /* (nullable) as it would be invited */
  char *last_name;        /* (nullable) */
  char *email;            /* (nullable) */
  char *job_title;        /* (nullable) */
  char *sentence;         /* (nullable) why not, and what to do; NULL when ready */
  gint64 invitation_id;   /* INVITED: the earlier invitation; 0 of somebody else's */
  gint64 invited_at;      /* INVITED: when it was sent, or queued; 0 when that isn't known */
  char *invited_by;       /* (nullable) INVITED: "you", which rule, or "somebody else"; for people */
} AssayVerdict;

AssayVerdict *assay_verdict_new (void);
void          assay_verdict_free (AssayVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayVerdict, assay_verdict_free)

/* How far a batch is. total = preparing + set_aside + waiting + sending + sent + failed + unsure + cancelled, less those
 * whose data was erased since. */
typedef struct
{
  gint64 id;
  char *title;
  gint64 assessment_id;
  char *assessment_name;
  gint64 connection_id;     /* the provider's */
  char *connection_name;
  char *cause;              /* "user" or "rule:NAME" */
  gboolean paused;
  gint64 created_at;
  gint64 due_at;            /* nothing leaves before; until then it can be undone as a whole */
  guint total;
  guint preparing;          /* written down, not in the outbox yet */
  guint set_aside;          /* were not put into the outbox, each with a reason */
  guint waiting;
  guint sending;
  guint sent;               /* invited, or found to be invited already */
  guint failed;
  guint unsure;             /* a person decides */
  guint cancelled;
  double pace;              /* invitations a minute of late, or as the provider permits before there is any; 0: unknown */
  gint64 time_left;         /* milliseconds until the last one has left, an estimate; -1: can't be told */
  char *obstacle;           /* (nullable) why nothing leaves although something waits: a sentence */
} AssayBatch;

AssayBatch *assay_batch_new (void);
void        assay_batch_free (AssayBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBatch, assay_batch_free)

/* Whether something of it may still leave. */
gboolean    assay_batch_is_active (const AssayBatch *batch);

/* These run inside an AssayStoreFunc. */

/* (nullable): %ASSAY_ERROR_NOT_FOUND when there is none */
AssayBatch *assay_batches_get (AssayDatabase *database, gint64 id, GError **error);
/* Newest first; (element-type AssayBatch). @active_only: only those of which something may still leave. */
GPtrArray  *assay_batches_list (AssayDatabase *database, gboolean active_only, GError **error);
/* Ids of its invitations: failed ones first, then unsure ones, then the others in the order they were given;
 * (element-type gint64). @limit 0: all. */
GArray     *assay_batches_list_invitation_ids (AssayDatabase *database, gint64 id, guint limit, GError **error);
/* Those who were not put into the outbox, with the reason; (element-type AssayVerdict) */
GPtrArray  *assay_batches_list_set_aside (AssayDatabase *database, gint64 id, GError **error);

G_END_DECLS
