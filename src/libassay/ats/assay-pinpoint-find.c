/* SPDX-License-Identifier: GPL-3.0-or-later */
/* After a lost answer at Pinpoint: whether what was sent is there. Nothing on the wire makes a POST idempotent,
 * so a comment is looked for among the application's, and an application among the job's, by its e-mail address. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <string.h>

typedef struct
{
  gboolean note;
  char *owner;      /* the application's id, or the job's */
  char *wanted;     /* the comment's text, or the folded e-mail */
  gint64 since;
  guint page;
} Search;

static void search_page (GTask *task);

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->owner);
  g_free (search->wanted);
  g_free (search);
}

/* (nullable) (transfer full) */
static char *
find_application (JsonNode   *root,
                  const char *email,
                  guint      *rows,
                  GError    **error)
{
  g_autoptr (AssayPage) page = assay_pinpoint_decode_applications (root, error);

  *rows = page != NULL ? page->items->len : 0;
  for (guint i = 0; i < *rows; i++)
    {
      const AssayApplication *application = g_ptr_array_index (page->items, i);
      g_autofree char *folded = application->email != NULL ? assay_email_fold (application->email) : NULL;

      if (g_strcmp0 (folded, email) == 0)
        return g_strdup (application->remote_id);
    }
  return NULL;
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Search *search = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autofree char *found = NULL;
  GError *error = NULL;
  guint rows = 0;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    {
      JsonNode *root = assay_http_response_get_root (response);

      found = search->note ? assay_pinpoint_find_comment (root, search->wanted, &rows, &error)
                           : find_application (root, search->wanted, &rows, &error);
    }
  if (error != NULL)
    g_task_return_error (task, assay_pinpoint_name_permission (error, search->note ? "Comment" : "Application", "Read"));
  else if (found == NULL && rows >= ASSAY_PINPOINT_MAX_PAGE)
    {
      search->page++;
      search_page (g_steal_pointer (&task));
    }
  else
    g_task_return_pointer (task, g_steal_pointer (&found), g_free);
}

/* Takes @task. */
static void
search_page (GTask *task)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  Search *search = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_pinpoint_new_read (search->note ? "comments" : "applications");

  if (search->note)
    {
      assay_http_request_add_query (request, "filter[commentable_id]", search->owner);
      assay_http_request_add_query (request, "filter[commentable_type]", "Application");
    }
  else
    {
      assay_http_request_add_query (request, "filter[job_id]", search->owner);
      if (self->confidential)
        assay_http_request_add_query (request, "filter[job_visibility]", ASSAY_PINPOINT_ALL_VISIBILITIES);
    }
  if (search->since > 0)
    {
      /* "Later than", and by whole seconds. */
      g_autofree char *text = assay_pinpoint_format_time (MAX (search->since - 1000, 0));

      assay_http_request_add_query (request, "filter[created_at][gt]", text);
    }
  assay_http_request_add_query (request, "sort", "id");
  assay_pinpoint_add_page (request, search->page, ASSAY_PINPOINT_MAX_PAGE);
  assay_http_channel_send_async (assay_connector_base_get_channel (self), request, g_task_get_cancellable (task), searched_cb, task);
}

static void
begin_search (AssayAts            *ats,
              gpointer             tag,
              gboolean             note,
              const char          *owner,
              char                *wanted,
              gint64               since,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  GTask *task = g_task_new (ats, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  g_task_set_source_tag (task, tag);
  search->note = note;
  search->owner = g_strdup (owner);
  search->wanted = wanted;
  search->since = since;
  search->page = 1;
  g_task_set_task_data (task, search, search_free);
  search_page (task);
}

void
assay_pinpoint_find_note_async (AssayAts            *ats,
                                const char          *remote_id,
                                const char          *text,
                                gint64               since,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  begin_search (ats, assay_pinpoint_find_note_async, TRUE, remote_id, g_strdup (text), since, cancellable, callback,
                user_data);
}

void
assay_pinpoint_find_application_async (AssayAts            *ats,
                                       const char          *job_remote_id,
                                       const char          *email,
                                       gint64               since,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  begin_search (ats, assay_pinpoint_find_application_async, FALSE, job_remote_id, assay_email_fold (email), since,
                cancellable, callback, user_data);
}

char *
assay_pinpoint_find_finish (AssayAts      *ats,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
