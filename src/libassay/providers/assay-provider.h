/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An assessment provider. */
#pragma once

#include "assay-connector.h"

G_BEGIN_DECLS

/* Whom to invite to what. Borrowed for the call. */
typedef struct
{
  const char *assessment_remote_id;
  const char *first_name;
  const char *last_name;
  const char *email;
  const char *phone;          /* (nullable) */
  const char *profile_url;    /* (nullable) the candidate's page in the ATS */
  gint64 deadline;            /* until when it is to be valid, Unix milliseconds; 0: as the provider has it */
  gboolean again;             /* a retake, on purpose: that the person was invited, or has been assessed, is known */
  const char *reference;      /* an opaque id of ours that a provider may echo: never personal data */
} AssayInvitee;

/* What an invitation gave. */
typedef struct
{
  char *remote_id;               /* the provider's id of it, to ask for the result by */
  AssayInvitationStatus status;  /* usually PENDING */
  char *status_text;             /* (nullable) */
  char *link;                    /* (nullable) where the candidate begins, if it is ours to hand on */
  char *report_url;              /* (nullable) where people see how it stands, if the provider says so already */
} AssayInvited;

AssayInvited *assay_invited_new (void);
void          assay_invited_free (AssayInvited *invited);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayInvited, assay_invited_free)

#define ASSAY_TYPE_PROVIDER (assay_provider_get_type ())
G_DECLARE_INTERFACE (AssayProvider, assay_provider, ASSAY, PROVIDER, GObject)

/* A vfunc that is NULL means "this provider can't": the call ends with G_IO_ERROR_NOT_SUPPORTED. What a call ends
 * with is what its GTask was given: a pointer or, of resend and cancel, a boolean. */
struct _AssayProviderInterface
{
  GTypeInterface parent_iface;

  void (*probe_async) (AssayProvider *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data);
  void (*list_assessments_async) (AssayProvider *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
  void (*invite_async) (AssayProvider *self, const AssayInvitee *invitee, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
  void (*look_up_async) (AssayProvider *self, const AssayInvitee *invitee, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
  void (*read_result_async) (AssayProvider *self, const char *remote_id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
  void (*resend_async) (AssayProvider *self, const char *remote_id, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
  void (*cancel_async) (AssayProvider *self, const char *remote_id, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data);
};

/* As assay_ats_probe_async(). */
void          assay_provider_probe_async (AssayProvider *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
AssayProbe   *assay_provider_probe_finish (AssayProvider *self, GAsyncResult *result, GError **error);

/* The account's assessments that can be sent now; (transfer full) (element-type AssayAssessment) */
void          assay_provider_list_assessments_async (AssayProvider *self, GCancellable *cancellable,
                                                     GAsyncReadyCallback callback, gpointer user_data);
GPtrArray    *assay_provider_list_assessments_finish (AssayProvider *self, GAsyncResult *result, GError **error);

/* Invites: at most one effect. ASSAY_ERROR_UNSURE when it may have arrived, DUPLICATE when the provider says that
 * this person has it already, INVALID when it refuses the data. */
void          assay_provider_invite_async (AssayProvider *self, const AssayInvitee *invitee, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
AssayInvited *assay_provider_invite_finish (AssayProvider *self, GAsyncResult *result, GError **error);

/* Whether this person has an invitation to this assessment: NULL without an error when there is none. A status text
 * says, as a sentence, why nothing more is to be sent. G_IO_ERROR_NOT_SUPPORTED where an account's settings don't
 * allow asking. */
void          assay_provider_look_up_async (AssayProvider *self, const AssayInvitee *invitee,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
AssayInvited *assay_provider_look_up_finish (AssayProvider *self, GAsyncResult *result, GError **error);

/* How far an invitation is. */
void          assay_provider_read_result_async (AssayProvider *self, const char *remote_id, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
AssayResult  *assay_provider_read_result_finish (AssayProvider *self, GAsyncResult *result, GError **error);

void          assay_provider_resend_async (AssayProvider *self, const char *remote_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean      assay_provider_resend_finish (AssayProvider *self, GAsyncResult *result, GError **error);

void          assay_provider_cancel_async (AssayProvider *self, const char *remote_id, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
gboolean      assay_provider_cancel_finish (AssayProvider *self, GAsyncResult *result, GError **error);

G_END_DECLS
