/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ATS interface: what a vendor leaves out ends as "not supported". */
#include "config.h"

#include "assay-ats.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_INTERFACE (AssayAts, assay_ats, G_TYPE_OBJECT)

static void
assay_ats_default_init (AssayAtsInterface *iface)
{
}

AssayPage *
assay_page_new (GDestroyNotify free_item)
{
  AssayPage *page = g_new0 (AssayPage, 1);

  page->items = g_ptr_array_new_with_free_func (free_item);
  page->total = -1;
  page->requests = 1;
  return page;
}

void
assay_page_free (AssayPage *page)
{
  if (page == NULL)
    return;
  g_ptr_array_unref (page->items);
  g_free (page->next);
  g_free (page);
}

AssayUser *
assay_user_new (void)
{
  return g_new0 (AssayUser, 1);
}

void
assay_user_free (AssayUser *user)
{
  if (user == NULL)
    return;
  g_free (user->remote_id);
  g_free (user->name);
  g_free (user->email);
  g_free (user->role);
  g_free (user);
}

AssayWebhook *
assay_webhook_new (void)
{
  return g_new0 (AssayWebhook, 1);
}

void
assay_webhook_free (AssayWebhook *webhook)
{
  if (webhook == NULL)
    return;
  g_free (webhook->remote_id);
  g_free (webhook->address);
  g_free (webhook->event);
  if (webhook->secret != NULL)
    explicit_bzero (webhook->secret, strlen (webhook->secret));
  g_free (webhook->secret);
  g_free (webhook);
}

AssayAtsRecord *
assay_ats_record_new (void)
{
  AssayAtsRecord *record = g_new0 (AssayAtsRecord, 1);

  record->names = g_ptr_array_new_with_free_func (g_free);
  record->values = g_ptr_array_new_with_free_func (g_free);
  return record;
}

void
assay_ats_record_free (AssayAtsRecord *record)
{
  if (record == NULL)
    return;
  g_free (record->remote_id);
  g_free (record->application_remote_id);
  g_ptr_array_unref (record->names);
  g_ptr_array_unref (record->values);
  g_free (record);
}

void
assay_ats_probe_async (AssayAts            *self,
                       AssayProbeProgress   progress,
                       gpointer             progress_data,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->probe_async != NULL)
    iface->probe_async (self, progress, progress_data, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system can't be tested."));
}

AssayProbe *
assay_ats_probe_finish (AssayAts      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_list_jobs_async (AssayAts            *self,
                           const char          *next,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->list_jobs_async != NULL)
    iface->list_jobs_async (self, next, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system has no jobs to list."));
}

AssayPage *
assay_ats_list_jobs_finish (AssayAts      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_list_applications_async (AssayAts            *self,
                                   gint64               changed_since,
                                   const char          *next,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->list_applications_async != NULL)
    iface->list_applications_async (self, changed_since, next, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system has no applications to list."));
}

AssayPage *
assay_ats_list_applications_finish (AssayAts      *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_list_deleted_async (AssayAts            *self,
                              gint64               deleted_since,
                              const char          *next,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->list_deleted_async != NULL)
    iface->list_deleted_async (self, deleted_since, next, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system doesn't tell what was deleted."));
}

AssayPage *
assay_ats_list_deleted_finish (AssayAts      *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_get_application_async (AssayAts            *self,
                                 const char          *remote_id,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->get_application_async != NULL)
    iface->get_application_async (self, remote_id, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system can't show a single application."));
}

AssayApplication *
assay_ats_get_application_finish (AssayAts      *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_move_stage_async (AssayAts            *self,
                            const char          *remote_id,
                            const char          *stage_remote_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->move_stage_async != NULL)
    iface->move_stage_async (self, remote_id, stage_remote_id, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system can't move anybody to another stage."));
}

gboolean
assay_ats_move_stage_finish (AssayAts      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_ats_add_tags_async (AssayAts            *self,
                          const char          *remote_id,
                          const char *const   *tags,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->add_tags_async != NULL)
    iface->add_tags_async (self, remote_id, tags, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system has no tags."));
}

gboolean
assay_ats_add_tags_finish (AssayAts      *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_ats_remove_tag_async (AssayAts            *self,
                            const char          *remote_id,
                            const char          *tag,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->remove_tag_async != NULL)
    iface->remove_tag_async (self, remote_id, tag, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system has no tags."));
}

gboolean
assay_ats_remove_tag_finish (AssayAts      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_ats_add_note_async (AssayAts            *self,
                          const char          *remote_id,
                          const char          *text,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->add_note_async != NULL)
    iface->add_note_async (self, remote_id, text, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system takes no notes."));
}

gboolean
assay_ats_add_note_finish (AssayAts      *self,
                           GAsyncResult  *result,
                           char         **note_id,
                           GError       **error)
{
  GError *local_error = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  id = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (note_id != NULL)
    *note_id = g_steal_pointer (&id);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

void
assay_ats_set_score_async (AssayAts            *self,
                           const char          *remote_id,
                           const char          *field_name,
                           const char          *value,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->set_score_async != NULL)
    iface->set_score_async (self, remote_id, field_name, value, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system has no custom fields for scores."));
}

gboolean
assay_ats_set_score_finish (AssayAts      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_ats_archive_async (AssayAts            *self,
                         const char          *remote_id,
                         const char          *reason_remote_id,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->archive_async != NULL)
    iface->archive_async (self, remote_id, reason_remote_id, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system archives nobody."));
}

gboolean
assay_ats_archive_finish (AssayAts      *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_ats_add_links_async (AssayAts            *self,
                           const char          *remote_id,
                           const char *const   *urls,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->add_links_async != NULL)
    iface->add_links_async (self, remote_id, urls, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system takes no links."));
}

gboolean
assay_ats_add_links_finish (AssayAts      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_ats_attach_document_async (AssayAts            *self,
                                 const char          *remote_id,
                                 const AssayUpload   *upload,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->attach_document_async != NULL)
    iface->attach_document_async (self, remote_id, upload, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system takes no documents."));
}

gboolean
assay_ats_attach_document_finish (AssayAts      *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
assay_ats_create_application_async (AssayAts                  *self,
                                    const AssayNewApplication *person,
                                    GCancellable              *cancellable,
                                    GAsyncReadyCallback        callback,
                                    gpointer                   user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->create_application_async != NULL)
    iface->create_application_async (self, person, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data, _ ("This system takes no new candidates."));
}

char *
assay_ats_create_application_finish (AssayAts      *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_download_document_async (AssayAts            *self,
                                   const AssayDocument *document,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->download_document_async != NULL)
    iface->download_document_async (self, document, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system's documents can't be downloaded."));
}

GBytes *
assay_ats_download_document_finish (AssayAts      *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_list_users_async (AssayAts            *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->list_users_async != NULL)
    iface->list_users_async (self, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system doesn't tell who its users are."));
}

GPtrArray *
assay_ats_list_users_finish (AssayAts      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_list_webhooks_async (AssayAts            *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->list_webhooks_async != NULL)
    iface->list_webhooks_async (self, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system doesn't tell which webhooks there are. Look in its settings."));
}

GPtrArray *
assay_ats_list_webhooks_finish (AssayAts      *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_ensure_webhook_async (AssayAts            *self,
                                const char          *address,
                                const char          *event,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->ensure_webhook_async != NULL)
    iface->ensure_webhook_async (self, address, event, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("In this system a webhook is made by hand. Follow the steps."));
}

AssayWebhook *
assay_ats_ensure_webhook_finish (AssayAts      *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_list_own_assessments_async (AssayAts            *self,
                                      const char          *remote_id,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->list_own_assessments_async != NULL)
    iface->list_own_assessments_async (self, remote_id, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system keeps no assessments of its own."));
}

GPtrArray *
assay_ats_list_own_assessments_finish (AssayAts      *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_find_note_async (AssayAts            *self,
                           const char          *remote_id,
                           const char          *text,
                           gint64               since,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->find_note_async != NULL)
    iface->find_note_async (self, remote_id, text, since, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system can't tell whether a note arrived. Look there."));
}

char *
assay_ats_find_note_finish (AssayAts      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_ats_find_application_async (AssayAts            *self,
                                  const char          *job_remote_id,
                                  const char          *email,
                                  gint64               since,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->find_application_async != NULL)
    iface->find_application_async (self, job_remote_id, email, since, cancellable, callback, user_data);
  else
    assay_connector_report_unsupported (self, callback, user_data,
                                        _ ("This system can't tell whether a candidate arrived. Look there."));
}

char *
assay_ats_find_application_finish (AssayAts      *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
