/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the service asks an ATS for on somebody's behalf and keeps nowhere: a file, and the ATS's own assessments. */
#include "config.h"

#include "assay-service-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-ats.h"
#include "assay-queries.h"

typedef struct
{
  gint64 application_id;
  guint document;
  gboolean downloads;
  AssayApplication *application;   /* as the store has it */
  GObject *connector;
} Inquiry;

static void
inquiry_free (gpointer data)
{
  Inquiry *inquiry = data;

  assay_application_free (inquiry->application);
  g_clear_object (&inquiry->connector);
  g_free (inquiry);
}

/* Takes @error. Notes what it says about the connection. */
static void
fail (GTask  *task,
      GError *error)
{
  AssayService *self = g_task_get_source_object (task);
  Inquiry *inquiry = g_task_get_task_data (task);

  if (assay_error_is_keyring (error))
    assay_service_set_keyring_error (self, error);
  else if (inquiry->connector != NULL)
    assay_connector_pool_note_contact (self->pool, inquiry->application->connection_id, error);
  g_task_return_error (task, error);
}

static void
assessments_listed_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *records = assay_ats_list_own_assessments_finish (ASSAY_ATS (source), result, &error);

  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    g_task_return_error (task, error);
  else
    fail (task, error);
}

static void
downloaded_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GBytes *bytes = assay_ats_download_document_finish (ASSAY_ATS (source), result, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
is_same_document (const AssayDocument *one,
                  const AssayDocument *other)
{
  return g_strcmp0 (one->filename, other->filename) == 0 && g_strcmp0 (one->context, other->context) == 0;
}

/* The addresses of files expire, so they are read anew; the order of files may have changed meanwhile. */
static void
application_read_again_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Inquiry *inquiry = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (AssayApplication) fresh = assay_ats_get_application_finish (ASSAY_ATS (source), result, &error);
  const AssayDocument *wanted = g_ptr_array_index (inquiry->application->documents, inquiry->document);
  const AssayDocument *found = NULL;

  if (fresh == NULL)
    {
      fail (task, error);
      return;
    }
  for (guint i = 0; i < fresh->documents->len && found == NULL; i++)
    if (is_same_document (g_ptr_array_index (fresh->documents, i), wanted))
      found = g_ptr_array_index (fresh->documents, i);
  if (found == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                               _ ("“%s” is no longer in the applicant tracking system. Refresh the application."),
                               wanted->filename);
      return;
    }
  assay_ats_download_document_async (ASSAY_ATS (source), found, cancellable, downloaded_cb, g_steal_pointer (&task));
}

static void
connector_got_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Inquiry *inquiry = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  const char *remote_id = inquiry->application->remote_id;
  GError *error = NULL;

  inquiry->connector = assay_connector_pool_get_finish (ASSAY_CONNECTOR_POOL (source), result, &error);
  if (inquiry->connector == NULL)
    fail (task, error);
  else if (inquiry->downloads)
    assay_ats_get_application_async (ASSAY_ATS (inquiry->connector), remote_id, cancellable, application_read_again_cb,
                                     g_steal_pointer (&task));
  else
    assay_ats_list_own_assessments_async (ASSAY_ATS (inquiry->connector), remote_id, cancellable, assessments_listed_cb,
                                          g_steal_pointer (&task));
}

static gpointer
read_application (AssayDatabase *database,
                  gpointer       data,
                  GError       **error)
{
  return assay_applications_get (database, ((Inquiry *) data)->application_id, error);
}

static void
application_read_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayService *self = g_task_get_source_object (task);
  Inquiry *inquiry = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  inquiry->application = assay_store_finish (ASSAY_STORE (source), result, &error);
  if (inquiry->application == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (inquiry->downloads && inquiry->document >= inquiry->application->documents->len)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "%s",
                               _ ("The application has no such document. Refresh it, then look again."));
      return;
    }
  assay_connector_pool_get_async (self->pool, inquiry->application->connection_id, cancellable, connector_got_cb,
                                  g_steal_pointer (&task));
}

static void
begin (AssayService        *self,
       gpointer             tag,
       gint64               application_id,
       gboolean             downloads,
       guint                document,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Inquiry *inquiry = g_new0 (Inquiry, 1);

  g_task_set_source_tag (task, tag);
  inquiry->application_id = application_id;
  inquiry->downloads = downloads;
  inquiry->document = document;
  g_task_set_task_data (task, inquiry, inquiry_free);
  assay_store_read_async (self->store, read_application, inquiry, NULL, (GDestroyNotify) assay_application_free,
                          cancellable, application_read_cb, task);
}

void
assay_service_list_own_assessments_async (AssayService        *self,
                                          gint64               application_id,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data)
{
  begin (self, assay_service_list_own_assessments_async, application_id, FALSE, 0, cancellable, callback, user_data);
}

GPtrArray *
assay_service_list_own_assessments_finish (AssayService  *self,
                                           GAsyncResult  *result,
                                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_service_download_document_async (AssayService        *self,
                                       gint64               application_id,
                                       guint                index,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  begin (self, assay_service_download_document_async, application_id, TRUE, index, cancellable, callback, user_data);
}

GBytes *
assay_service_download_document_finish (AssayService  *self,
                                        GAsyncResult  *result,
                                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
