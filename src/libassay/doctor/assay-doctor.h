/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be wrong with a connection, found before it does harm, each with its fix. The judging is here, as functions
 * of what was seen; the looking is assay_service_diagnose_async(). */
#pragma once

#include "assay-connector.h"
#include "assay-store.h"

G_BEGIN_DECLS

/**
 * AssaySeverity:
 * @ASSAY_SEVERITY_GOOD: looked at, and in order
 * @ASSAY_SEVERITY_UNKNOWN: can't be told from here
 * @ASSAY_SEVERITY_WARNING: works now, but will do harm
 * @ASSAY_SEVERITY_BAD: doesn't work until somebody does something
 */
typedef enum
{
  ASSAY_SEVERITY_GOOD,
  ASSAY_SEVERITY_UNKNOWN,
  ASSAY_SEVERITY_WARNING,
  ASSAY_SEVERITY_BAD,
} AssaySeverity;

/* "good", "unknown", "warning", "bad" */
const char *assay_severity_to_string (AssaySeverity severity);

/* One thing that was looked at. */
typedef struct
{
  char *code;              /* "keyring", "key", "permission", "clock", "expiry", "disk", "twice", "role" */
  AssaySeverity severity;
  char *title;             /* what it is about: "Job: Read" */
  char *sentence;          /* (nullable) what was found */
  char *remedy;            /* (nullable) what to do */
  gint64 at;               /* when, in Unix milliseconds */
} AssayFinding;

/* (transfer full): @sentence and @remedy are copied */
AssayFinding *assay_finding_new (const char *code, AssaySeverity severity, const char *title, const char *sentence,
                                 const char *remedy);
void          assay_finding_free (AssayFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFinding, assay_finding_free)

/* (element-type AssayFinding) */
GPtrArray *assay_findings_new (void);
/* The gravest of them; GOOD for none. */
AssaySeverity assay_findings_get_severity (GPtrArray *findings);

/* ---- Judging ---- */

/* The key and each permission, as a probe or (with @error) its failure shows them; appended to @findings. */
void assay_doctor_judge_probe (GPtrArray *findings, const AssayConnectorDescription *description,
                               const AssayProbe *probe, const GError *error);

/* The keyring, by the error with which a connection couldn't be tried (nullable). */
void assay_doctor_judge_keyring (GPtrArray *findings, const GError *error);

/* By how many milliseconds this computer's clock is ahead of the vendor's, where that is @known. Signatures of webhooks and
 * the ends of sign-ins are held against the clock: from two minutes on that is a warning. */
void assay_doctor_judge_clock (GPtrArray *findings, gboolean known, gint64 skew);

/* @free_bytes of @directory's disk; below 200 MiB is a warning, below 20 MiB bad. */
void assay_doctor_judge_disk (GPtrArray *findings, guint64 free_bytes, const char *directory);

/* When @secret ends, in Unix milliseconds; nothing is said for 0. Two weeks before is a warning. */
void assay_doctor_judge_expiry (GPtrArray *findings, const AssaySecretDescription *secret, gint64 expiry, gint64 now);

/* Whether @connection and another enabled one of @connections (element-type AssayConnection) would invite twice: see
 * twice_setting in the description. */
void assay_doctor_judge_twice (GPtrArray *findings, const AssayConnectorDescription *description,
                               const AssayConnection *connection, GPtrArray *connections);

/* Whether the key that worked before is refused now, in a system where a role decides what a key may do. */
void assay_doctor_judge_role (GPtrArray *findings, const AssayConnectorDescription *description,
                              const AssayConnection *connection, const AssayProbe *probe);

/* ---- Remembering ---- */

/* Replaces what is remembered of a connection. */
gboolean   assay_findings_replace (AssayDatabase *database, gint64 connection_id, GPtrArray *findings, GError **error);
/* (element-type AssayFinding) in the order of looking; @connection_id's */
GPtrArray *assay_findings_list (AssayDatabase *database, gint64 connection_id, GError **error);

G_END_DECLS
