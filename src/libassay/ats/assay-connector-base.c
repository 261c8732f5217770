/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every connector to a vendor's API stands on. */
#include "config.h"

#include "assay-connector-base.h"

typedef struct
{
  AssayConnectorDescription description;   /* a copy: what it points to is constant */
  char *vendor;
  char *base_url;
  AssayHttpChannel *channel;
} AssayConnectorBasePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (AssayConnectorBase, assay_connector_base, G_TYPE_OBJECT)

/* Of a task: there is a request whose answer decides how it goes on. */
static G_DEFINE_QUARK (assay-connector-base-asked, asked)

static AssayConnectorBasePrivate *
get_private (gpointer self)
{
  return assay_connector_base_get_instance_private (ASSAY_CONNECTOR_BASE (self));
}

static void
assay_connector_base_finalize (GObject *object)
{
  AssayConnectorBasePrivate *priv = get_private (object);

  g_clear_object (&priv->channel);
  g_free (priv->vendor);
  g_free (priv->base_url);

  G_OBJECT_CLASS (assay_connector_base_parent_class)->finalize (object);
}

static void
assay_connector_base_class_init (AssayConnectorBaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_connector_base_finalize;
}

static void
assay_connector_base_init (AssayConnectorBase *self)
{
}

gpointer
assay_connector_base_new (GType                             type,
                          const AssayConnectorDescription  *description,
                          const AssayConnectorContext      *context,
                          GError                          **error)
{
  return assay_connector_base_new_named (type, description, context, description->name, error);
}

gpointer
assay_connector_base_new_named (GType                             type,
                                const AssayConnectorDescription  *description,
                                const AssayConnectorContext      *context,
                                const char                       *vendor,
                                GError                          **error)
{
  g_autofree char *base_url = assay_connector_dup_base_url (description, context->connection->settings, error);
  AssayConnectorBasePrivate *priv;
  GObject *self;

  if (base_url == NULL)
    return NULL;
  self = g_object_new (type, NULL);
  priv = get_private (self);
  priv->description = *description;
  priv->vendor = g_strdup (vendor);
  priv->channel = assay_http_channel_new (context->http, vendor, base_url, &description->pace);
  priv->base_url = g_steal_pointer (&base_url);
  assay_connector_set_channel (self, priv->channel);
  return self;
}

const AssayConnectorDescription *
assay_connector_base_get_description (gpointer self)
{
  return &get_private (self)->description;
}

const char *
assay_connector_base_get_vendor (gpointer self)
{
  return get_private (self)->vendor;
}

const char *
assay_connector_base_get_base_url (gpointer self)
{
  return get_private (self)->base_url;
}

AssayHttpChannel *
assay_connector_base_get_channel (gpointer self)
{
  return get_private (self)->channel;
}

/* Asking */

GTask *
assay_connector_base_begin_tagged (gpointer             self,
                                   gpointer             tag,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  return task;
}

GTask *
assay_connector_base_begin_write_tagged (gpointer             self,
                                         gpointer             tag,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  GTask *task = assay_connector_base_begin_tagged (self, tag, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  return task;
}

static void
end_task (GTask          *task,
          gpointer        value,
          GDestroyNotify  free_value,
          GError         *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else if (free_value != NULL)
    g_task_return_pointer (task, value, free_value);
  else
    g_task_return_boolean (task, GPOINTER_TO_INT (value));
}

gpointer
assay_connector_base_read_done (GTask     *task,
                                JsonNode  *root,
                                GError   **error)
{
  return GINT_TO_POINTER (TRUE);
}

GError *
assay_connector_base_missing_is_none (GTask  *task,
                                      GError *error)
{
  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    g_clear_error (&error);
  return error;
}

AssayHttpRequest *
assay_connector_base_new_request (AssayHttpKind  kind,
                                  const char    *method,
                                  const char    *path)
{
  AssayHttpRequest *request = assay_http_request_new (kind, method, path);

  assay_http_request_add_header (request, "Accept", "application/json");
  return request;
}

gboolean
assay_connector_base_is_asking (GTask *task)
{
  return g_object_get_qdata (G_OBJECT (task), asked_quark ()) != NULL;
}

void
assay_connector_base_set_asking (GTask    *task,
                                 gboolean  asking)
{
  static const AssayConnectorCall other_means = { .read = NULL };

  g_return_if_fail (assay_connector_base_is_asking (task) != asking);

  g_object_set_qdata (G_OBJECT (task), asked_quark (), asking ? (gpointer) &other_means : NULL);
}

/* (transfer full) */
static GBytes *
dup_file (AssayHttpResponse *response)
{
  GBytes *bytes = assay_http_response_get_bytes (response);

  return bytes != NULL ? g_bytes_ref (bytes) : g_bytes_new (NULL, 0);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const AssayConnectorBaseClass *klass = ASSAY_CONNECTOR_BASE_GET_CLASS (g_task_get_source_object (task));
  /* A copy: a list in pages may be replaced by another one while an answer is read. */
  const AssayConnectorCall call =
    *(const AssayConnectorCall *) g_object_steal_qdata (G_OBJECT (task), asked_quark ());
  g_autoptr (AssayHttpResponse) response = NULL;
  gpointer value = NULL;
  GError *error = NULL;
  gboolean missing;

  response = assay_http_channel_send_finish (ASSAY_HTTP_CHANNEL (source), result, &error);
  missing = call.reads_missing && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND);
  if (missing)
    g_clear_error (&error);
  else if (error != NULL && call.judge != NULL)
    {
      error = call.judge (task, error);
      missing = call.reads_missing && error == NULL && !assay_connector_base_is_asking (task);
    }
  if (response != NULL && call.is_download)
    value = dup_file (response);
  else if (response != NULL || missing)
    value = call.read (task, response != NULL ? assay_http_response_get_root (response) : NULL, &error);
  if (error == NULL && assay_connector_base_is_asking (task))
    return;
  if (error != NULL && call.invites && klass->judge_invitation != NULL)
    error = klass->judge_invitation (task, error);
  end_task (task, value, call.free_value, error);
}

void
assay_connector_base_ask (GTask                    *task,
                          const AssayConnectorCall *call,
                          AssayHttpRequest         *request)
{
  g_return_if_fail (!assay_connector_base_is_asking (task));

  g_object_set_qdata (G_OBJECT (task), asked_quark (), (gpointer) call);
  if (call->invites)
    g_task_set_check_cancellable (task, FALSE);
  assay_http_channel_send_async (get_private (g_task_get_source_object (task))->channel, request,
                                 call->unstoppable ? NULL : g_task_get_cancellable (task), answered_cb,
                                 g_object_ref (task));
}
