/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entering a person at Pinpoint: an application with its CV, and then its tags, which go into a request of their
 * own. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  GStrv tags;      /* (nullable) */
  char *remote_id; /* once it is known */
} Creation;

static void
creation_free (gpointer data)
{
  Creation *creation = data;

  g_strfreev (creation->tags);
  g_free (creation->remote_id);
  g_free (creation);
}

static void
tagged_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Creation *creation = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  /* The person is there, whatever became of the tags: to report a failure would be to invite a second try. */
  if (response == NULL)
    g_debug ("The tags of a new application weren't written: %s", assay_error_get_name (error));
  g_task_return_pointer (task, g_steal_pointer (&creation->remote_id), g_free);
}

static void
created_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayPinpoint *self = g_task_get_source_object (task);
  Creation *creation = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, assay_pinpoint_name_permission (error, "Application", "Write"));
      return;
    }
  creation->remote_id = assay_pinpoint_dup_written_id (response);
  if (creation->remote_id == NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_UNSURE, "%s",
                               _ ("Pinpoint took the application and doesn't say which it is. Look in Pinpoint "
                                  "whether the candidate is there."));
      return;
    }
  if (creation->tags == NULL || creation->tags[0] == NULL)
    {
      g_task_return_pointer (task, g_steal_pointer (&creation->remote_id), g_free);
      return;
    }
  body = assay_pinpoint_encode_tags (creation->remote_id, (const char *const *) creation->tags);
  path = assay_pinpoint_build_path ("applications", creation->remote_id);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "PUT", path, body), NULL,
                                 tagged_cb, g_steal_pointer (&task));
}

/* What Pinpoint would refuse anyway, and what it documents as silently wrong. (nullable) */
static const char *
find_fault (const AssayNewApplication *person)
{
  if (person->first_name == NULL || *person->first_name == '\0' || person->last_name == NULL ||
      *person->last_name == '\0')
    return _ ("Pinpoint takes no candidate without a first and a last name. Fill in both.");
  if (person->email == NULL || !assay_email_is_plausible (person->email))
    return _ ("Pinpoint takes no candidate without an e-mail address. Fill in a correct one.");
  if (person->job_remote_id == NULL || *person->job_remote_id == '\0')
    return _ ("Pinpoint takes no candidate without a job. Choose one.");
  if (person->cv != NULL && (person->cv->name == NULL || *person->cv->name == '\0' || person->cv->media_type == NULL ||
                             person->cv->bytes == NULL || g_bytes_get_size (person->cv->bytes) == 0))
    return _ ("The CV is empty. Choose another file.");
  return NULL;
}

void
assay_pinpoint_create_application_async (AssayAts                  *ats,
                                         const AssayNewApplication *person,
                                         GCancellable              *cancellable,
                                         GAsyncReadyCallback        callback,
                                         gpointer                   user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Creation *creation = g_new0 (Creation, 1);
  const char *fault = find_fault (person);
  g_autoptr (JsonNode) body = NULL;

  g_task_set_source_tag (task, assay_pinpoint_create_application_async);
  g_task_set_check_cancellable (task, FALSE);
  creation->tags = g_strdupv ((GStrv) person->tags);
  g_task_set_task_data (task, creation, creation_free);
  if (fault != NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", fault);
      g_object_unref (task);
      return;
    }
  body = assay_pinpoint_encode_application (person);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "POST", "applications", body),
                                 cancellable, created_cb, task);
}

char *
assay_pinpoint_create_application_finish (AssayAts      *ats,
                                          GAsyncResult  *result,
                                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
