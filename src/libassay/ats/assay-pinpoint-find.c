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

  if (page == NULL)
    return NULL;
  *rows = page->items->len;
  /* Pinpoint has been told from when on. */
  return assay_ats_base_find_person (page, email, 0);
}

static GError *
judge_search (GTask  *task,
              GError *error)
{
  const Search *search = g_task_get_task_data (task);

  return assay_pinpoint_name_permission (error, search->note ? "Comment" : "Application", "Read");
}

static gpointer
read_searched (GTask     *task,
               JsonNode  *root,
               GError   **error)
{
  Search *search = g_task_get_task_data (task);
  GError *fault = NULL;
  guint rows = 0;
  char *found = search->note ? assay_pinpoint_find_comment (root, search->wanted, &rows, &fault)
                             : find_application (root, search->wanted, &rows, &fault);

  if (fault != NULL)
    g_propagate_error (error, fault);
  else if (found == NULL && rows >= ASSAY_PINPOINT_MAX_PAGE)
    {
      search->page++;
      search_page (task);
    }
  return found;
}

static const AssayConnectorCall search_call = {
  .read = read_searched,
  .free_value = g_free,
  .judge = judge_search,
};

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
  assay_connector_base_ask (task, &search_call, request);
}

/* @wanted: (transfer full) */
static void
begin_search (GTask      *task,
              gboolean    note,
              const char *owner,
              char       *wanted,
              gint64      since)
{
  Search *search = g_new0 (Search, 1);

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
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_find_note_async, cancellable, callback, user_data);

  begin_search (task, TRUE, remote_id, g_strdup (text), since);
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
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_pinpoint_find_application_async, cancellable, callback, user_data);

  begin_search (task, FALSE, job_remote_id, assay_email_fold (email), since);
}
