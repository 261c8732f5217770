/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection doctor: looks at everything that a connection needs, says what is wrong, and remembers it. */
#pragma once

#include "assay-doctor.h"
#include "assay-service.h"

G_BEGIN_DECLS

/* What was found. */
typedef struct
{
  AssayProbe *probe;     /* (nullable) when the vendor couldn't be asked at all */
  GError *error;         /* (nullable) why it couldn't */
  GPtrArray *findings;   /* (element-type AssayFinding) in the order of looking */
} AssayDiagnosis;

void assay_diagnosis_free (AssayDiagnosis *diagnosis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDiagnosis, assay_diagnosis_free)

/**
 * assay_service_diagnose_async:
 * @self: the service
 * @connection_id: a connection
 * @progress: (nullable): told of the probe's answers as they come, until @cancellable is cancelled
 * @progress_data: for @progress
 * @cancellable: (nullable): a #GCancellable
 * @callback: called when all is looked at
 * @user_data: for @callback
 *
 * Tests the connection, as assay_service_test_connection_async() does, and looks at what else may fail: the keyring, the
 * clock, the disk, the end of a key, another connection that invites the same people, the role of the key's owner. What
 * is found is remembered, for assay_findings_list().
 */
void            assay_service_diagnose_async (AssayService *self, gint64 connection_id, AssayProbeProgress progress,
                                              gpointer progress_data, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
/* (nullable): fails only with %ASSAY_ERROR_NOT_FOUND, %ASSAY_ERROR_STORAGE or %G_IO_ERROR_CANCELLED */
AssayDiagnosis *assay_service_diagnose_finish (AssayService *self, GAsyncResult *result, GError **error);

/* How much a connection may ask of its vendor now. */
typedef struct
{
  guint waiting;     /* requests that wait for their turn or are on their way */
  guint headroom;    /* how many more may leave at once */
  guint burst;       /* how many may at most */
  double per_second; /* and how many a second in the long run */
  guint64 sent;      /* since the program, or the connection, began */
} AssayLoad;

/* FALSE while the connection hasn't been used since the program began. */
gboolean assay_service_get_load (AssayService *self, gint64 connection_id, AssayLoad *load);

/* ---- The log ---- */

/* A change of a connection's state, with its cause. */
typedef struct
{
  gint64 at;                  /* Unix milliseconds */
  AssayConnectionState state;
  char *reason_code;          /* (nullable) */
  char *reason;               /* (nullable) */
  char *remedy;               /* (nullable) */
} AssayConnectionEvent;

void assay_connection_event_free (AssayConnectionEvent *event);

/* (element-type AssayConnectionEvent), the latest first; at most @limit */
GPtrArray *assay_connection_events_list (AssayDatabase *database, gint64 connection_id, guint limit, GError **error);

G_END_DECLS
