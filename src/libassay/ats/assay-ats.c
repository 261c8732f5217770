/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ATS interface: what a vendor leaves out ends as "not supported". */
#include "config.h"

#include "assay-ats.h"

#include <glib/gi18n-lib.h>

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

void
assay_ats_probe_async (AssayAts            *self,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  AssayAtsInterface *iface;

  g_return_if_fail (ASSAY_IS_ATS (self));

  iface = ASSAY_ATS_GET_IFACE (self);
  if (iface->probe_async != NULL)
    iface->probe_async (self, cancellable, callback, user_data);
  else
    g_task_report_new_error (self, callback, user_data, assay_ats_probe_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system can't be tested."));
}

AssayProbe *
assay_ats_probe_finish (AssayAts      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_probe_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->probe_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_list_jobs_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system has no jobs to list."));
}

AssayPage *
assay_ats_list_jobs_finish (AssayAts      *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_list_jobs_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->list_jobs_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_list_applications_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system has no applications to list."));
}

AssayPage *
assay_ats_list_applications_finish (AssayAts      *self,
                                    GAsyncResult  *result,
                                    GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_list_applications_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->list_applications_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_list_deleted_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system doesn't tell what was deleted."));
}

AssayPage *
assay_ats_list_deleted_finish (AssayAts      *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_list_deleted_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->list_deleted_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_get_application_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system can't show a single application."));
}

AssayApplication *
assay_ats_get_application_finish (AssayAts      *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_get_application_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->get_application_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_move_stage_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system can't move anybody to another stage."));
}

gboolean
assay_ats_move_stage_finish (AssayAts      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_move_stage_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->move_stage_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_add_tags_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system has no tags."));
}

gboolean
assay_ats_add_tags_finish (AssayAts      *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_add_tags_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->add_tags_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_remove_tag_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system has no tags."));
}

gboolean
assay_ats_remove_tag_finish (AssayAts      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_remove_tag_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->remove_tag_finish (self, result, error);
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
    g_task_report_new_error (self, callback, user_data, assay_ats_add_note_async, G_IO_ERROR,
                             G_IO_ERROR_NOT_SUPPORTED, "%s", _ ("This system takes no notes."));
}

gboolean
assay_ats_add_note_finish (AssayAts      *self,
                           GAsyncResult  *result,
                           char         **note_id,
                           GError       **error)
{
  if (g_async_result_is_tagged (result, assay_ats_add_note_async))
    return g_task_propagate_boolean (G_TASK (result), error);
  return ASSAY_ATS_GET_IFACE (self)->add_note_finish (self, result, note_id, error);
}
