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

/* The person is there, whatever became of the tags: to report a failure would be to invite a second try. */
static GError *
judge_tagged (GTask  *task,
              GError *error)
{
  g_debug ("The tags of a new application weren't written: %s", assay_error_get_name (error));
  g_error_free (error);
  return NULL;
}

static gpointer
read_tagged (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  Creation *creation = g_task_get_task_data (task);

  return g_steal_pointer (&creation->remote_id);
}

static const AssayConnectorCall tag_call = {
  .read = read_tagged,
  .free_value = g_free,
  .judge = judge_tagged,
  .reads_missing = TRUE,
  .unstoppable = TRUE,
};

static GError *
judge_created (GTask  *task,
               GError *error)
{
  return assay_pinpoint_name_permission (error, "Application", "Write");
}

static gpointer
read_created (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  Creation *creation = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;

  creation->remote_id = assay_pinpoint_dup_written_id (root);
  if (creation->remote_id == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                           _ ("Pinpoint took the application and doesn't say which it is. Look in Pinpoint "
                              "whether the candidate is there."));
      return NULL;
    }
  if (creation->tags == NULL || creation->tags[0] == NULL)
    return g_steal_pointer (&creation->remote_id);
  body = assay_pinpoint_encode_tags (creation->remote_id, (const char *const *) creation->tags);
  path = assay_pinpoint_build_path ("applications", creation->remote_id);
  assay_connector_base_ask (task, &tag_call, assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "PUT", path, body));
  return NULL;
}

static const AssayConnectorCall create_call = {
  .read = read_created,
  .free_value = g_free,
  .judge = judge_created,
};

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
  g_autoptr (GTask) task =
    assay_connector_base_begin_write (ats, assay_pinpoint_create_application_async, cancellable, callback, user_data);
  Creation *creation = g_new0 (Creation, 1);
  const char *fault = find_fault (person);
  g_autoptr (JsonNode) body = NULL;

  creation->tags = g_strdupv ((GStrv) person->tags);
  g_task_set_task_data (task, creation, creation_free);
  if (fault != NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s", fault);
      return;
    }
  body = assay_pinpoint_encode_application (person);
  assay_connector_base_ask (task, &create_call,
                            assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "POST", "applications", body));
}
