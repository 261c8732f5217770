/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score into a custom field of Pinpoint: the field is found or made, then the application's attribute of it is
 * written.
 *
 *     fields ──▶ (make the field) ──▶ attributes ──▶ change the one there is, or make one
 *
 * Making isn't repeated after a lost answer: it is looked whether it took effect, and only if it didn't does the call
 * end as unsure. Changing is a PUT of a value, which may be repeated. */
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
  /* (nullable) the answer to a making was lost, and this is what to say if it wasn't made */
  GError *lost;
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

/* Takes @error. @access: to a category in Pinpoint's words, "Read" or "Write" */
static GError *
judge_refusal (GTask      *task,
               GError     *error,
               const char *category,
               const char *access)
{
  AssayPinpoint *self = g_task_get_source_object (task);

  /* The field may have been deleted, or be of another type now: the next time it is looked for. */
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) ||
      g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID))
    g_hash_table_remove_all (self->score_fields);
  return assay_pinpoint_name_permission (error, category, access);
}

/* Whether a making whose answer is lost is to be looked for. Takes @error if so. */
static gboolean
look_for_it (GTask  *task,
             GError *error)
{
  Score *score = g_task_get_task_data (task);

  /* Once: what isn't there after looking isn't looked for again. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)) || score->lost != NULL ||
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE))
    return FALSE;
  score->lost = error;
  score->page = 1;
  return TRUE;
}

/* The attribute */

static GError *
judge_attribute_written (GTask  *task,
                         GError *error)
{
  if (!look_for_it (task, error))
    return judge_refusal (task, error, "Custom Attributes", "Write");
  list_attributes (task);
  return NULL;
}

static const AssayConnectorCall attribute_call = {
  .read = assay_connector_base_read_done,
  .judge = judge_attribute_written,
};

/* @attribute: (nullable): what is there. Returns: whether it is what is wanted; FALSE with @error, or if it is being
 * written */
static gboolean
write_attribute (GTask                         *task,
                 const AssayPinpointAttribute  *attribute,
                 GError                       **error)
{
  Score *score = g_task_get_task_data (task);
  g_autoptr (JsonNode) body = NULL;
  g_autofree char *path = NULL;
  GError *fault = NULL;

  if (attribute != NULL && assay_pinpoint_value_equals (attribute, score->value))
    return TRUE;
  if (attribute == NULL && score->lost != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&score->lost));
      return FALSE;
    }
  body = assay_pinpoint_encode_attribute (score->field, score->name, attribute == NULL ? score->remote_id : NULL,
                                          score->value, &fault);
  if (body == NULL)
    g_propagate_error (error, judge_refusal (task, fault, "Custom Attributes", "Write"));
  else if (attribute == NULL)
    assay_connector_base_ask (task, &attribute_call,
                              assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "POST", "custom_attributes", body));
  else
    {
      path = assay_pinpoint_build_path ("custom_attributes", attribute->remote_id);
      assay_connector_base_ask (task, &attribute_call,
                                assay_pinpoint_new_write (ASSAY_HTTP_REPEATABLE_WRITE, "PUT", path, body));
    }
  return FALSE;
}

static gpointer
read_attributes (GTask     *task,
                 JsonNode  *root,
                 GError   **error)
{
  Score *score = g_task_get_task_data (task);
  g_autoptr (AssayPinpointAttribute) attribute = NULL;
  GError *fault = NULL;
  guint rows = 0;

  attribute = assay_pinpoint_find_attribute (root, score->field, score->name, &rows, &fault);
  if (fault != NULL)
    g_propagate_error (error, fault);
  else if (attribute == NULL && rows >= ASSAY_PINPOINT_MAX_PAGE)
    {
      score->page++;
      list_attributes (task);
    }
  else
    return GINT_TO_POINTER (write_attribute (task, attribute, error));
  return NULL;
}

static GError *
judge_attributes (GTask  *task,
                  GError *error)
{
  return judge_refusal (task, error, "Custom Attributes", "Read");
}

static const AssayConnectorCall attributes_call = { .read = read_attributes, .judge = judge_attributes };

static void
list_attributes (GTask *task)
{
  const Score *score = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_pinpoint_new_read ("custom_attributes");

  assay_http_request_add_query (request, "include", "custom_field");
  assay_http_request_add_query (request, "filter[custom_attributable_id]", score->remote_id);
  assay_http_request_add_query (request, "filter[custom_attributable_type]", "Application");
  assay_http_request_add_query (request, "sort", "id");
  assay_pinpoint_add_page (request, score->page, ASSAY_PINPOINT_MAX_PAGE);
  assay_connector_base_ask (task, &attributes_call, request);
}

/* The field */

/* Takes @field. */
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

static gpointer
read_made_field (GTask     *task,
                 JsonNode  *root,
                 GError   **error)
{
  g_autofree char *id = assay_pinpoint_dup_written_id (root);

  if (id != NULL)
    use_field (task, assay_pinpoint_field_new (id, "decimal"));
  else
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                         _ ("Pinpoint made the custom field for the score and doesn't say which it is. "
                            "Try again later."));
  return NULL;
}

static GError *
judge_made_field (GTask  *task,
                  GError *error)
{
  if (!look_for_it (task, error))
    return judge_refusal (task, error, "Custom Field", "Write");
  list_fields (task);
  return NULL;
}

static const AssayConnectorCall make_field_call = { .read = read_made_field, .judge = judge_made_field };

static gpointer
read_fields (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  Score *score = g_task_get_task_data (task);
  GError *fault = NULL;
  guint rows = 0;
  AssayPinpointField *field = assay_pinpoint_find_field (root, score->name, &rows, &fault);

  if (fault != NULL)
    g_propagate_error (error, fault);
  else if (field != NULL)
    use_field (task, field);
  else if (rows >= ASSAY_PINPOINT_MAX_PAGE)
    {
      score->page++;
      list_fields (task);
    }
  else if (score->lost != NULL)
    g_propagate_error (error, g_steal_pointer (&score->lost));
  else
    {
      g_autoptr (JsonNode) body = assay_pinpoint_encode_field (score->name);

      assay_connector_base_ask (task, &make_field_call,
                                assay_pinpoint_new_write (ASSAY_HTTP_ONCE, "POST", "custom_fields", body));
    }
  return NULL;
}

static GError *
judge_fields (GTask  *task,
              GError *error)
{
  return judge_refusal (task, error, "Custom Field", "Read");
}

static const AssayConnectorCall fields_call = { .read = read_fields, .judge = judge_fields };

static void
list_fields (GTask *task)
{
  const Score *score = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_pinpoint_new_read ("custom_fields");

  assay_http_request_add_query (request, "sort", "id");
  assay_pinpoint_add_page (request, score->page, ASSAY_PINPOINT_MAX_PAGE);
  assay_connector_base_ask (task, &fields_call, request);
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
  g_autoptr (GTask) task =
    assay_connector_base_begin_write (self, assay_pinpoint_set_score_async, cancellable, callback, user_data);
  g_autofree char *folded = fold_name (field_name);
  const AssayPinpointField *known = g_hash_table_lookup (self->score_fields, folded);
  Score *score = g_new0 (Score, 1);

  score->remote_id = g_strdup (remote_id);
  score->name = g_strstrip (g_strdup (field_name));
  score->value = g_strdup (value);
  score->page = 1;
  g_task_set_task_data (task, score, score_free);
  if (*score->name == '\0')
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID, "%s",
                             _ ("No custom field is chosen for the score. Name one in the connection's "
                                "settings."));
  else if (known != NULL)
    {
      score->field = assay_pinpoint_field_new (known->remote_id, known->field_type);
      list_attributes (task);
    }
  else
    list_fields (task);
}
