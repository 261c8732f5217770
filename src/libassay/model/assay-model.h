/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small model that every vendor is turned into: plain values, no I/O, no vendor names.
 *
 * Each value is a plain struct whose members are its own (freed with it); strings are UTF-8 and may be NULL where a
 * comment says so; times are Unix milliseconds in UTC, 0 for "none"; ids are the store's row ids, 0 for a value that
 * isn't stored (yet). Values are made by a connector or read from the store, and then only read. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What a system is for. */
typedef enum
{
  ASSAY_ROLE_ATS,
  ASSAY_ROLE_PROVIDER,
} AssayRole;

const char *assay_role_to_string (AssayRole role); /* "ats", "provider" */

/**
 * AssayConnectionState:
 * @ASSAY_CONNECTION_SAVED: filled in, never enabled
 * @ASSAY_CONNECTION_ENABLED: in use
 * @ASSAY_CONNECTION_DISABLED: switched off by a person; data stays
 * @ASSAY_CONNECTION_FAILING: enabled, but can't work until a person does something (a refused key …)
 */
typedef enum
{
  ASSAY_CONNECTION_SAVED,
  ASSAY_CONNECTION_ENABLED,
  ASSAY_CONNECTION_DISABLED,
  ASSAY_CONNECTION_FAILING,
} AssayConnectionState;

const char *assay_connection_state_to_string (AssayConnectionState state);
gboolean    assay_connection_state_from_string (const char *text, AssayConnectionState *state);

/* An ATS or a provider with an account there. */
typedef struct
{
  gint64 id;
  char *kind;                  /* "pinpoint", "testtrick" … */
  AssayRole role;
  char *name;                  /* as the user calls it */
  char *secret_id;             /* under which the keyring has its secrets: opaque */
  AssayConnectionState state;
  GHashTable *settings;        /* char* → char*; never a secret */
  char *account;               /* (nullable) whose account the vendor says it is */
  char *reason_code;           /* (nullable) why it is failing, as assay_error_get_name() spells it */
  char *reason;                /* (nullable) the sentence */
  char *remedy;                /* (nullable) what to do */
  gint64 last_contact_at;      /* last good answer */
  gint64 complete_up_to;       /* every change at the vendor before this time is in the store */
  char *cursor;                /* (nullable) the sync's own */
  gint64 removals;             /* applications that a sync would have marked as gone and keeps until a person says so */
  gint64 removals_of;          /* of how many */
  gboolean removals_full;      /* a sync of everything found it */
  gint64 created_at;
  gint64 updated_at;
} AssayConnection;

AssayConnection *assay_connection_new (void);
AssayConnection *assay_connection_copy (const AssayConnection *connection);
void             assay_connection_free (AssayConnection *connection);
/* (nullable) (transfer none) */
const char      *assay_connection_get_setting (const AssayConnection *connection, const char *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayConnection, assay_connection_free)

/* A step of a job's hiring workflow. */
typedef struct
{
  gint64 id;
  gint64 job_id;
  char *remote_id;
  char *name;
  char *kind;       /* (nullable) the vendor's word for what sort of step it is ("applied", "interview" …) */
  int position;
} AssayStage;

AssayStage *assay_stage_new (void);
void        assay_stage_free (AssayStage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayStage, assay_stage_free)

/* A job (Pinpoint) or posting (Lever). */
typedef struct
{
  gint64 id;
  gint64 connection_id;
  char *remote_id;
  char *title;
  char *status;             /* (nullable) the vendor's word */
  gboolean open;            /* whether candidates are being hired for it */
  gboolean confidential;
  char *department;         /* (nullable) */
  char *location;           /* (nullable) */
  char *url;                /* (nullable) its page in the ATS */
  gint64 updated_at;
  GPtrArray *stages;        /* (element-type AssayStage), by position */
  guint applications;       /* how many applications the store has for it; filled by the store */
} AssayJob;

AssayJob *assay_job_new (void);
void      assay_job_free (AssayJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayJob, assay_job_free)

/* A file at the vendor's. The address opens without the key, and may expire. */
typedef struct
{
  char *context;    /* (nullable) the vendor's word: "cv", "pdf_cv", "document" */
  char *filename;
  char *url;
} AssayDocument;

AssayDocument *assay_document_new (const char *context, const char *filename, const char *url);
void           assay_document_free (AssayDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDocument, assay_document_free)

/**
 * AssayInvitationStatus:
 * @ASSAY_INVITATION_QUEUED: still here, in the outbox
 * @ASSAY_INVITATION_PENDING: invited, not yet begun
 * @ASSAY_INVITATION_IN_PROGRESS: begun
 * @ASSAY_INVITATION_COMPLETED: done; a score is usual, not certain
 * @ASSAY_INVITATION_EXPIRED: the time ran out
 * @ASSAY_INVITATION_CANCELLED: called off
 * @ASSAY_INVITATION_FAILED: not sent for good, or ended without a result
 * @ASSAY_INVITATION_UNSURE: sent, the answer was lost, a person decides
 * @ASSAY_INVITATION_UNKNOWN: the provider uses a word of its own; it is shown
 */
typedef enum
{
  ASSAY_INVITATION_QUEUED,
  ASSAY_INVITATION_PENDING,
  ASSAY_INVITATION_IN_PROGRESS,
  ASSAY_INVITATION_COMPLETED,
  ASSAY_INVITATION_EXPIRED,
  ASSAY_INVITATION_CANCELLED,
  ASSAY_INVITATION_FAILED,
  ASSAY_INVITATION_UNSURE,
  ASSAY_INVITATION_UNKNOWN,
} AssayInvitationStatus;

#define ASSAY_N_INVITATION_STATUSES (ASSAY_INVITATION_UNKNOWN + 1)

/* As CLI.md spells them: "queued", "pending", "in-progress" … */
const char *assay_invitation_status_to_string (AssayInvitationStatus status);
gboolean    assay_invitation_status_from_string (const char *text, AssayInvitationStatus *status);
/* For people, translated: "Queued", "Pending", "In progress" …; (transfer none) */
const char *assay_invitation_status_get_label (AssayInvitationStatus status);
/* Whether the provider may still change it, so that it is worth asking. */
gboolean    assay_invitation_status_is_open (AssayInvitationStatus status);
/* A provider's word by the table of what the partner protocols are known to use (case, '_', '-' and ' ' don't count);
 * any other word is UNKNOWN. */
AssayInvitationStatus assay_invitation_status_from_provider (const char *text);

typedef enum
{
  ASSAY_UNIT_NONE,
  ASSAY_UNIT_PERCENT,
} AssayUnit;

/* A score as the provider gave it. Never scaled. */
typedef struct
{
  char *name;       /* (nullable) NULL for the overall score */
  double value;
  double max;       /* NAN where the provider names none */
  AssayUnit unit;
} AssayScore;

AssayScore *assay_score_new (const char *name, double value, double max, AssayUnit unit);
AssayScore *assay_score_copy (const AssayScore *score);
void        assay_score_free (AssayScore *score);
/* (transfer full): "84 %", "17 / 20", "12.5"; for people, in their locale */
char       *assay_score_format (const AssayScore *score);
/* 0 to 1 where percent or maximum allow it; -1 where the scale isn't known */
double      assay_score_get_fraction (const AssayScore *score);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayScore, assay_score_free)

/* A person's application for a job (Pinpoint) or opportunity (Lever). */
typedef struct
{
  gint64 id;
  gint64 connection_id;
  char *connection_name;       /* (nullable) filled by the store */
  char *remote_id;
  gint64 job_id;               /* 0 when the job isn't known (yet) */
  char *job_remote_id;         /* (nullable) */
  char *job_title;             /* (nullable) */
  gboolean job_open;           /* filled by the store */
  char *stage_remote_id;       /* (nullable) */
  char *stage_name;            /* (nullable) */
  char *stage_kind;            /* (nullable) */
  char *first_name;            /* (nullable) */
  char *last_name;             /* (nullable) */
  char *full_name;             /* never NULL: falls back to the e-mail or the id */
  char *email;                 /* (nullable) */
  char *phone;                 /* (nullable) */
  char *location;              /* (nullable) */
  char *linkedin_url;          /* (nullable) */
  char *source;                /* (nullable) */
  char *summary;               /* (nullable) */
  char **tags;                 /* never NULL */
  gboolean archived;           /* rejected, hired or archived: nobody is invited by default */
  gboolean gone;               /* no longer at the vendor */
  gint64 created_at;
  gint64 updated_at;
  char *url;                   /* (nullable) its page in the ATS */
  /* (nullable) (element-type AssayDocument); NULL: the vendor's list doesn't tell, and the store keeps what it has */
  GPtrArray *documents;
  /* Of its latest invitation; filled by the store */
  gint64 invitation_id;        /* 0 for none */
  AssayInvitationStatus invitation_status;
  char *invitation_status_text; /* (nullable) the provider's own word for its status */
  AssayScore *invitation_score; /* (nullable) */
  gboolean unseen;             /* something came that nobody has looked at */
} AssayApplication;

AssayApplication *assay_application_new (void);
AssayApplication *assay_application_copy (const AssayApplication *application);
void              assay_application_free (AssayApplication *application);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayApplication, assay_application_free)

/* A test that a provider offers. */
typedef struct
{
  gint64 id;
  gint64 connection_id;
  char *connection_name;  /* (nullable) filled by the store */
  char *remote_id;
  char *name;
  gboolean active;        /* whether the provider lists it now */
  gint64 refreshed_at;
} AssayAssessment;

AssayAssessment *assay_assessment_new (void);
AssayAssessment *assay_assessment_copy (const AssayAssessment *assessment);
void             assay_assessment_free (AssayAssessment *assessment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAssessment, assay_assessment_free)

/* One entry of an invitation's history. */
typedef struct
{
  gint64 at;
  AssayInvitationStatus status;
  char *status_text;   /* (nullable) the provider's own word, or what happened here */
  char *source;        /* "user", "rule", "outbox", "poll", "push" */
} AssayInvitationEvent;

AssayInvitationEvent *assay_invitation_event_new (void);
void                  assay_invitation_event_free (AssayInvitationEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayInvitationEvent, assay_invitation_event_free)

/* One candidate, one assessment. */
typedef struct
{
  gint64 id;
  gint64 application_id;       /* 0 when its application was erased */
  char *candidate_name;        /* as invited */
  char *first_name;
  char *last_name;
  char *email;                 /* as invited */
  char *job_title;             /* (nullable) filled by the store */
  gint64 assessment_id;
  char *assessment_remote_id;
  char *assessment_name;
  gint64 connection_id;        /* the provider's */
  char *connection_name;       /* (nullable) filled by the store */
  char *connection_kind;       /* (nullable) filled by the store */
  char *remote_id;             /* (nullable) the provider's id of it */
  AssayInvitationStatus status;
  char *status_text;           /* (nullable) the provider's own word */
  char *error;                 /* (nullable) why it failed, waits or is unsure: a sentence */
  AssayScore *score;           /* (nullable) overall */
  GPtrArray *scores;           /* (element-type AssayScore) named ones */
  char **flags;                /* never NULL; what the provider warns people of */
  char *report_url;            /* (nullable) https only */
  char *link;                  /* (nullable) where the candidate begins: the provider leaves it to us to hand it on */
  char *raw;                   /* (nullable) the provider's last answer, JSON text */
  char *cause;                 /* who sent it: "user" or "rule:NAME" */
  gint64 deadline;             /* until when it is valid, as far as that is known */
  gint64 created_at;           /* queued */
  gint64 due_at;               /* while queued: when it leaves at the earliest */
  gint64 sent_at;
  gint64 updated_at;
  gint64 completed_at;
  gint64 checked_at;           /* last asked at the provider */
  gint64 next_check_at;        /* when it is asked next */
  GPtrArray *history;          /* (element-type AssayInvitationEvent) oldest first; empty in lists */
} AssayInvitation;

AssayInvitation *assay_invitation_new (void);
AssayInvitation *assay_invitation_copy (const AssayInvitation *invitation);
void             assay_invitation_free (AssayInvitation *invitation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayInvitation, assay_invitation_free)

/* How far a provider says an invitation is. */
typedef struct
{
  AssayInvitationStatus status;
  char *status_text;       /* (nullable) the provider's own word */
  AssayScore *score;       /* (nullable) */
  GPtrArray *scores;       /* (element-type AssayScore) */
  char **flags;            /* (nullable) */
  char *report_url;        /* (nullable) */
  gint64 deadline;         /* until when it is valid; 0 where the provider doesn't say */
  gint64 completed_at;     /* 0 where the provider doesn't say */
  char *raw;               /* (nullable) what it sent, JSON text */
} AssayResult;

AssayResult *assay_result_new (void);
void         assay_result_free (AssayResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayResult, assay_result_free)

/* States of a row in the outbox. "discarded" rows are kept for the history. */
typedef enum
{
  ASSAY_OUTBOX_QUEUED,
  ASSAY_OUTBOX_SENDING,
  ASSAY_OUTBOX_DONE,
  ASSAY_OUTBOX_FAILED,
  ASSAY_OUTBOX_UNSURE,
  ASSAY_OUTBOX_DISCARDED,
} AssayOutboxState;

const char *assay_outbox_state_to_string (AssayOutboxState state);
gboolean    assay_outbox_state_from_string (const char *text, AssayOutboxState *state);

/* One outside effect. */
typedef struct
{
  gint64 id;
  char *kind;                /* "invite", "tag", "note", "move" … */
  char *summary;             /* (nullable) what it does, for people; NULL for an invitation */
  gint64 connection_id;
  gint64 application_id;     /* 0 for none */
  gint64 invitation_id;      /* 0 for none */
  gint64 batch_id;           /* 0 for none */
  gboolean held;             /* its batch is paused */
  char *natural_key;
  AssayOutboxState state;
  char *cause;
  guint attempts;
  char *last_error;          /* (nullable) */
  char *evidence;            /* (nullable) what is known about an unsure one: a sentence */
  gint64 due_at;
  gint64 created_at;
  gint64 updated_at;
} AssayOutboxRow;

AssayOutboxRow *assay_outbox_row_new (void);
void            assay_outbox_row_free (AssayOutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayOutboxRow, assay_outbox_row_free)

/**
 * AssayIdKind:
 *
 * What an id outside the program ("a1024") names. The letter keeps ids of different records apart on a command line.
 */
typedef enum
{
  ASSAY_ID_CONNECTION = 'c',
  ASSAY_ID_JOB = 'j',
  ASSAY_ID_STAGE = 's',
  ASSAY_ID_APPLICATION = 'a',
  ASSAY_ID_ASSESSMENT = 't',
  ASSAY_ID_INVITATION = 'i',
  ASSAY_ID_OUTBOX = 'o',
  ASSAY_ID_BATCH = 'b',
  ASSAY_ID_IMPORTED = 'p',
} AssayIdKind;

/* (transfer full): "a1024" */
char    *assay_id_format (AssayIdKind kind, gint64 id);
gboolean assay_id_parse (const char *text, AssayIdKind kind, gint64 *id);

/* (transfer full) (nullable): RFC 3339 in UTC with milliseconds only where there are some; NULL for 0 */
char    *assay_time_format (gint64 unix_milliseconds);
/* now */
gint64   assay_time_now (void);
/* (transfer full): trimmed and in lower case, as e-mails are compared */
char    *assay_email_fold (const char *email);
/* Whether it can be an address at all: one '@' with something before it, a dotted or plain domain after it, no
 * spaces or control characters. The rest is the provider's to judge. */
gboolean assay_email_is_plausible (const char *email);

G_END_DECLS
