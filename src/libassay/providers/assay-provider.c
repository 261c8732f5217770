/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The provider interface: what a vendor leaves out ends as "not supported". */
#include "config.h"

#include "assay-provider.h"

#include <glib/gi18n-lib.h>

G_DEFINE_INTERFACE (AssayProvider, assay_provider, G_TYPE_OBJECT)

static void
assay_provider_default_init (AssayProviderInterface *iface)
{
}

AssayInvited *
assay_invited_new (void)
{
  AssayInvited *invited = g_new0 (AssayInvited, 1);

  invited->status = ASSAY_INVITATION_PENDING;
  return invited;
}

void
assay_invited_free (AssayInvited *invited)
{
  if (invited == NULL)
    return;
  g_free (invited->remote_id);
  g_free (invited->status_text);
  g_free (invited->link);
  g_free (invited->report_url);
  g_free (invited);
}

void
assay_provider_probe_async (AssayProvider       *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayProviderInterface *iface;

  g_return_if_fail (ASSAY_IS_PROVIDER (self));

  iface = ASSAY_PROVIDER_GET_IFACE (self);
  if (iface->probe_async != NULL)
    iface->probe_async (self, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This provider can't be tested."));
}

AssayProbe *
assay_provider_probe_finish (AssayProvider  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_provider_list_assessments_async (AssayProvider       *self,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  AssayProviderInterface *iface;

  g_return_if_fail (ASSAY_IS_PROVIDER (self));

  iface = ASSAY_PROVIDER_GET_IFACE (self);
  if (iface->list_assessments_async != NULL)
    iface->list_assessments_async (self, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This provider doesn't list its assessments."));
}

GPtrArray *
assay_provider_list_assessments_finish (AssayProvider  *self,
                                        GAsyncResult   *result,
                                        GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_provider_invite_async (AssayProvider       *self,
                             const AssayInvitee  *invitee,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  AssayProviderInterface *iface;

  g_return_if_fail (ASSAY_IS_PROVIDER (self));

  iface = ASSAY_PROVIDER_GET_IFACE (self);
  if (iface->invite_async != NULL)
    iface->invite_async (self, invitee, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This provider doesn't take invitations from Assay."));
}

AssayInvited *
assay_provider_invite_finish (AssayProvider  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_provider_look_up_async (AssayProvider       *self,
                              const AssayInvitee  *invitee,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  AssayProviderInterface *iface;

  g_return_if_fail (ASSAY_IS_PROVIDER (self));

  iface = ASSAY_PROVIDER_GET_IFACE (self);
  if (iface->look_up_async != NULL)
    iface->look_up_async (self, invitee, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This provider can't be asked whom it has invited."));
}

AssayInvited *
assay_provider_look_up_finish (AssayProvider  *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_provider_read_result_async (AssayProvider       *self,
                                  const char          *remote_id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  AssayProviderInterface *iface;

  g_return_if_fail (ASSAY_IS_PROVIDER (self));

  iface = ASSAY_PROVIDER_GET_IFACE (self);
  if (iface->read_result_async != NULL)
    iface->read_result_async (self, remote_id, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This provider doesn't report results."));
}

AssayResult *
assay_provider_read_result_finish (AssayProvider  *self,
                                   GAsyncResult   *result,
                                   GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_provider_resend_async (AssayProvider       *self,
                             const char          *remote_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  AssayProviderInterface *iface;

  g_return_if_fail (ASSAY_IS_PROVIDER (self));

  iface = ASSAY_PROVIDER_GET_IFACE (self);
  if (iface->resend_async != NULL)
    iface->resend_async (self, remote_id, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This provider can't send an invitation again."));
}

gboolean
assay_provider_resend_finish (AssayProvider  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_provider_cancel_async (AssayProvider       *self,
                             const char          *remote_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  AssayProviderInterface *iface;

  g_return_if_fail (ASSAY_IS_PROVIDER (self));

  iface = ASSAY_PROVIDER_GET_IFACE (self);
  if (iface->cancel_async != NULL)
    iface->cancel_async (self, remote_id, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This provider can't cancel an invitation."));
}

gboolean
assay_provider_cancel_finish (AssayProvider  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
