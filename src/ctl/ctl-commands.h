/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each command does; main.c has the table that names them and says what they take. */
#pragma once

#include "ctl-arguments.h"
#include "ctl-results.h"

G_BEGIN_DECLS

/* ctl-connection.c */
gboolean ctl_connection_kinds (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_add (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_test (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_enable (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_disable (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_show (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_set (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_remove (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-sign-in.c */
gboolean ctl_connection_sign_in (CtlContext *context, CtlArguments *arguments, GError **error);
/* Prints a connection with its settings and state. */
gboolean ctl_print_connection (CtlContext *context, gint64 id, GError **error);

/* ctl-portable.c */
gboolean ctl_connection_export (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_connection_import (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-sync.c */
gboolean ctl_sync (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-read.c */
gboolean ctl_job_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_application_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_application_show (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_assessment_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_invitation_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_invitation_show (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_invitation_set_status (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_invitation_refresh (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-application.c */
gboolean ctl_application_assessments (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_application_download (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-candidate.c */
gboolean ctl_candidate_import (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_candidate_add (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_candidate_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_candidate_show (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_candidate_move (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_candidate_remove (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-invite.c */
gboolean ctl_invite (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-effect.c */
gboolean ctl_application_tag (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_application_untag (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_application_note (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_application_move (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_application_attach (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_invitation_resend (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_invitation_cancel (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-batch.c */
gboolean ctl_batch_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_batch_show (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_batch_pause (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_batch_resume (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_batch_cancel (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_batch_retry (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-watch.c */
gboolean ctl_watch (CtlContext *context, CtlArguments *arguments, GError **error);

/* ctl-outbox.c */
gboolean ctl_outbox_list (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_outbox_run (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_outbox_resolve (CtlContext *context, CtlArguments *arguments, GError **error);
gboolean ctl_outbox_discard (CtlContext *context, CtlArguments *arguments, GError **error);

/* ---- Shared by them ---- */

/* (transfer full) (nullable): one record of the store; %ASSAY_ERROR_NOT_FOUND, with a sentence, when there
 * is none */
AssayConnection  *ctl_load_connection (CtlContext *context, gint64 id, GError **error);
AssayApplication *ctl_load_application (CtlContext *context, gint64 id, GError **error);
AssayAssessment  *ctl_load_assessment (CtlContext *context, gint64 id, GError **error);
AssayInvitation  *ctl_load_invitation (CtlContext *context, gint64 id, GError **error);
/* (transfer full) (nullable) (element-type AssayOutboxRow) */
GPtrArray        *ctl_load_outbox (CtlContext *context, GError **error);

/* Prints one invitation with its details. */
gboolean ctl_print_invitation (CtlContext *context, gint64 id, GError **error);

/* (transfer full) (nullable): one row of the outbox as it is now, settled or not */
AssayOutboxRow *ctl_load_outbox_row (CtlContext *context, gint64 outbox_id, GError **error);
AssayOutboxRow *ctl_load_outbox_row_of_invitation (CtlContext *context, gint64 invitation_id, GError **error);

/* Prints one row of the outbox as it is now. */
gboolean ctl_print_outbox_row (CtlContext *context, gint64 outbox_id, GError **error);
/* Sends one row of the outbox and waits for its end. After an interrupt it waits for what is on its way to the vendor all the
 * same, because what came of it must be known; %ASSAY_ERROR_FAILED then means that it didn't leave. */
gboolean ctl_send_row (CtlContext *context, const AssayOutboxRow *row, GError **error);
/* The same for an invitation, unless its batch was paused or it was given up. */
gboolean ctl_send_invitation (CtlContext *context, gint64 id, GError **error);
/* Adds to an error of sending what follows from the state that the row is in now: that it stays queued, or that a person is to
 * look. */
void     ctl_explain_failed_row (CtlContext *context, const AssayOutboxRow *row, GError *error);
void     ctl_explain_failed_sending (CtlContext *context, gint64 invitation_id, GError *error);
/* Says on a terminal how many of several are done. */
void     ctl_show_sending (CtlContext *context, guint done, guint total);

/* Prints one batch with its counts. @results (nullable): of the file that it was made from, whose problems are printed too. */
gboolean ctl_print_batch (CtlContext *context, gint64 id, CtlResults *results, GError **error);
/* (transfer full) (nullable) (element-type AssayBatch), newest first */
GPtrArray *ctl_load_batches (CtlContext *context, gboolean active_only, GError **error);
/* (transfer full) (nullable) (element-type AssayVerdict): who of a batch wasn't put into the outbox, and why */
GPtrArray *ctl_load_set_aside (CtlContext *context, gint64 batch_id, GError **error);
/* The value of an option as a status; leaves @status alone when it isn't given. */
gboolean ctl_arguments_get_status (CtlArguments *arguments, const char *option, int *status, GError **error);

G_END_DECLS
