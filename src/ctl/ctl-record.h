/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records as JSON objects and as lines of a table: what every command that shows one shares. */
#pragma once

#include "assay-connector.h"
#include "assay-model.h"
#include "ctl-output.h"

G_BEGIN_DECLS

/* Whole objects, values of the json's present array or member. */
void ctl_record_add_connection (CtlJson *json, const AssayConnection *connection);
void ctl_record_add_kind (CtlJson *json, const AssayConnectorDescription *description);
void ctl_record_add_job (CtlJson *json, const AssayJob *job);
void ctl_record_add_assessment (CtlJson *json, const AssayAssessment *assessment);
/* @candidate (nullable): whom it is about */
void ctl_record_add_outbox_row (CtlJson *json, const AssayOutboxRow *row, const char *candidate);
void ctl_record_add_application (CtlJson *json, const AssayApplication *application);
void ctl_record_add_invitation (CtlJson *json, const AssayInvitation *invitation, gboolean details);

/* Members of the json's present object. */
void ctl_record_add_application_members (CtlJson *json, const AssayApplication *application,
                                         gboolean details);
void ctl_record_add_invitation_members (CtlJson *json, const AssayInvitation *invitation, gboolean details);

/* For people: (transfer full) texts */
char       *ctl_record_dup_time (gint64 unix_milliseconds);
char       *ctl_record_describe_connection (const AssayConnection *connection);
char       *ctl_record_describe_invitation (const AssayInvitation *invitation);
/* (transfer full): the status, with the provider's own word where that says more */
char       *ctl_record_dup_status (const AssayInvitation *invitation);
CtlTable   *ctl_record_new_invitation_table (void);
void        ctl_record_add_invitation_row (CtlTable *table, const AssayInvitation *invitation);
CtlTable   *ctl_record_new_outbox_table (void);
void        ctl_record_add_outbox_table_row (CtlTable *table, const AssayOutboxRow *row, const char *candidate);
const char *ctl_record_get_state_label (AssayConnectionState state);

G_END_DECLS
