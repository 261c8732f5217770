/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score into a custom field of Pinpoint: the field is found or made, then the application's attribute of it is written.
 *
 *     fields ──▶ (make the field) ──▶ attributes ──▶ change the one there is, or make one
 *
 * Making isn't repeated after a lost answer: it is looked whether it took effect, and only if it didn't does the call end as
 * unsure. Changing is a PUT of a value, which may be repeated. */
#include "config.h"

#include "assay-pinpoint-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char *remote_id;
  char *name;
  char *value;
  AssayPinpointField *field;   /* (nullable) once it is known */
  guint page;
  GError *lost;                /* (nullable) the answer to a making was lost, and this is what to say if it wasn't made */
} Score;

static void list_fields (GTask *task);
static void list_attributes (GTask *task);

static void
score_free (gpointer data)
{
  Score *score = data;

  g_free (score->remote_id);
  g_free (score->name);
  g_free (score->value);
  g_clear_pointer (&score->field, assay_pinpoint_field_free);
  g_clear_error (&score->lost);
  g_free (score);
}

static char *
fold_name (const char *name)
{
  return g_strstrip (g_utf8_casefold (name, -1));
}

static void
send_request (GTask               *task,
              AssayHttpRequest    *request,
              GAsyncReadyCallback  callback)
{
  AssayPinpoint *self = g_task_get_source_object (task);

  assay_http_channel_send_async (assay_connector_base_get_channel (self), request, g_task_get_cancellable (task), callback, task);
}

/* Whether a making whose answer is lost is to be looked for. Takes @error if so. */
static gboolean
look_for_it (Score  *score,
             GError *error)
{
  /* Once: what isn't there after looking isn't looked for again. */
  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE) || score->lost != NULL)
    return FALSE;
  score->lost = error;
  score->page = 1;
  return TRUE;
}

/* The attribute */

static void
attribute_written_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Score *score = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    g_task_return_boolean (task, TRUE);
  else if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)) && look_for_it (score, error))
    list_attributes (g_steal_pointer (&task));
  else
    g_task_return_error (task, assay_pinpoint_name_permission (error, "Custom Attributes", "Write"));
}

/* Takes @task. @attribute: (nullable): what is there */
static void
write_attribute (GTask                        *task,
                 const AssayPinpointAttribute *attribute)
{
  Score *score = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;
  GError *error = NULL;

  if (attribute != NULL && assay_pinpoint_value_equals (attribute, score->value))
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  if (attribute == NULL && score->lost != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&score->lost));
      g_object_unref (task);
      return;
    }
  body = assay_pinpoint_encode_attribute (score->field, score->name, attribute == NULL ? score->remote_id : NULL,
                                          score->value, &error);
  if (body == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  if (attribute == NULL)
    {
      send_request (task, assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "POST", "custom_attributes", body),
                    attribute_written_cb);
      return;
    }
  path = assay_pinpoint_build_path ("custom_attributes", attribute->remote_id);
  send_request (task, assay_pinpoint_new_write (ASSAY_HTTP_REPEATABLE_WRITE, "PUT", path, body), attribute_written_cb);
}

static void
attributes_read_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Score *score = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPinpointAttribute) attribute = NULL;
  GError *error = NULL;
  guint rows = 0;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, assay_pinpoint_name_permission (error, "Custom Attributes", "Read"));
      return;
    }
  attribute = assay_pinpoint_find_attribute (assay_http_response_get_root (response), score->field, score->name, &rows,
                                             &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (attribute == NULL && rows >= ASSAY_PINPOINT_MAX_PAGE)
    {
      score->page++;
      list_attributes (g_steal_pointer (&task));
    }
  else
    write_attribute (g_steal_pointer (&task), attribute);
}

/* Takes @task. */
static void
list_attributes (GTask *task)
{
  Score *score = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_pinpoint_new_read ("custom_attributes");

  assay_http_request_add_query (request, "include", "custom_field");
  assay_http_request_add_query (request, "filter[custom_attributable_id]", score->remote_id);
  assay_http_request_add_query (request, "filter[custom_attributable_type]", "Application");
  assay_http_request_add_query (request, "sort", "id");
  assay_pinpoint_add_page (request, score->page, ASSAY_PINPOINT_MAX_PAGE);
  send_request (task, request, attributes_read_cb);
}

/* The field */

/* Takes @task and @field. */
static void
use_field (GTask              *task,
           AssayPinpointField *field)
{
  AssayPinpoint *self = g_task_get_source_object (task);
  Score *score = g_task_get_task_data (task);

  score->field = field;
  score->page = 1;
  /* If the making of the field was lost, it was found; what follows is lost or not by itself. */
  g_clear_error (&score->lost);
  g_hash_table_replace (self->score_fields, fold_name (score->name),
                        assay_pinpoint_field_new (field->remote_id, field->field_type));
  list_attributes (task);
}

static void
field_made_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Score *score = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autofree char *id = NULL;
  GError *error = NULL;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response != NULL)
    {
      id = assay_pinpoint_dup_written_id (response);
      if (id != NULL)
        use_field (g_steal_pointer (&task), assay_pinpoint_field_new (id, "decimal"));
      else
        g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE, "%s",
                                 _ ("Pinpoint made the custom field for the score and doesn't say which it is. "
                                    "Try again later."));
    }
  else if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)) && look_for_it (score, error))
    list_fields (g_steal_pointer (&task));
  else
    g_task_return_error (task, assay_pinpoint_name_permission (error, "Custom Field", "Write"));
}

static void
fields_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Score *score = g_task_get_task_data (task);
  g_autoptr (AssayHttpResponse) response = NULL;
  g_autoptr (AssayPinpointField) field = NULL;
  GError *error = NULL;
  guint rows = 0;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  if (response == NULL)
    {
      g_task_return_error (task, assay_pinpoint_name_permission (error, "Custom Field", "Read"));
      return;
    }
  field = assay_pinpoint_find_field (assay_http_response_get_root (response), score->name, &rows, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (field != NULL)
    use_field (g_steal_pointer (&task), g_steal_pointer (&field));
  else if (rows >= ASSAY_PINPOINT_MAX_PAGE)
    {
      score->page++;
      list_fields (g_steal_pointer (&task));
    }
  else if (score->lost != NULL)
    g_task_return_error (task, g_steal_pointer (&score->lost));
  else
    {
      g_autoptr (JsonNode) body = assay_pinpoint_encode_field (score->name);

      send_request (g_steal_pointer (&task), assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "POST", "custom_fields", body),
                    field_made_cb);
    }
}

/* Takes @task. */
static void
list_fields (GTask *task)
{
  Score *score = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_pinpoint_new_read ("custom_fields");

  assay_http_request_add_query (request, "sort", "id");
  assay_pinpoint_add_page (request, score->page, ASSAY_PINPOINT_MAX_PAGE);
  send_request (task, request, fields_read_cb);
}

void
assay_pinpoint_set_score_async (AssayAts            *ats,
                                const char          *remote_id,
                                const char          *field_name,
                                const char          *value,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  AssayPinpoint *self = ASSAY_PINPOINT (ats);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *folded = fold_name (field_name);
  const AssayPinpointField *known = g_hash_table_lookup (self->score_fields, folded);
  Score *score = g_new0 (Score, 1);

  g_task_set_source_tag (task, assay_pinpoint_set_score_async);
  g_task_set_check_cancellable (task, FALSE);
  score->remote_id = g_strdup (remote_id);
  score->name = g_strstrip (g_strdup (field_name));
  score->value = g_strdup (value);
  score->page = 1;
  g_task_set_task_data (task, score, score_free);
  if (*score->name == '\0')
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s",
                               _ ("No custom field is chosen for the score. Name one in the connection's "
                                  "settings."));
      g_object_unref (task);
    }
  else if (known != NULL)
    {
      score->field = assay_pinpoint_field_new (known->remote_id, known->field_type);
      list_attributes (task);
    }
  else
    list_fields (task);
}

gboolean
assay_pinpoint_set_score_finish (AssayAts      *ats,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  GError *local_error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &local_error);

  /* The field may have been deleted, or be of another type now: the next time it is looked for. */
  if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ||
      g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_INVALID))
    g_hash_table_remove_all (ASSAY_PINPOINT (ats)->score_fields);
  if (local_error != NULL)
    g_propagate_error (error, local_error);
  return done;
}
