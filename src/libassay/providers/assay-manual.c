/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider without an API. Its assessments are links that a person named in the settings; an invitation is the link,
 * to be handed on; how far it is, a person enters. Nothing leaves this machine. */
#include "config.h"

#include "assay-manual.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-links.h"

struct _AssayManual
{
  GObject parent_instance;

  GPtrArray *links;   /* (element-type AssayAssessment) */
};

static void assay_manual_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayManual, assay_manual, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_manual_provider_init))

static void
assay_manual_finalize (GObject *object)
{
  g_clear_pointer (&ASSAY_MANUAL (object)->links, g_ptr_array_unref);

  G_OBJECT_CLASS (assay_manual_parent_class)->finalize (object);
}

static void
assay_manual_class_init (AssayManualClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_manual_finalize;
}

static void
assay_manual_init (AssayManual *self)
{
}

static void
assay_manual_list_assessments_async (AssayProvider       *provider,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  AssayManual *self = ASSAY_MANUAL (provider);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);

  g_task_set_source_tag (task, assay_manual_list_assessments_async);
  for (guint i = 0; i < self->links->len; i++)
    {
      const AssayAssessment *link = g_ptr_array_index (self->links, i);
      AssayAssessment *assessment = assay_assessment_new ();

      assessment->name = g_strdup (link->name);
      assessment->remote_id = g_strdup (link->remote_id);
      assessment->active = TRUE;
      g_ptr_array_add (list, assessment);
    }
  g_task_return_pointer (task, g_steal_pointer (&list), (GDestroyNotify) g_ptr_array_unref);
}

static void
assay_manual_invite_async (AssayProvider       *provider,
                           const AssayInvitee  *invitee,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  AssayManual *self = ASSAY_MANUAL (provider);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_manual_invite_async);
  for (guint i = 0; i < self->links->len; i++)
    {
      const AssayAssessment *link = g_ptr_array_index (self->links, i);

      if (strcmp (link->remote_id, invitee->assessment_remote_id) == 0)
        {
          AssayInvited *invited = assay_invited_new ();

          invited->remote_id = g_strdup (invitee->reference);
          invited->link = g_strdup (link->remote_id);
          g_task_return_pointer (task, invited, (GDestroyNotify) assay_invited_free);
          return;
        }
    }
  g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("This assessment isn't among those that the connection's settings name any more. Choose "
                              "another one, or name it there."));
}

static void
assay_manual_read_result_async (AssayProvider       *provider,
                                const char          *remote_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_manual_read_result_async);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           _ ("Nobody can be asked how far this invitation is. Look at the provider's, and enter what "
                              "you see there."));
}

/* There is nobody to ask: that the settings could be read is the test. */
static void
assay_manual_probe_async (AssayProvider       *provider,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, user_data);
  g_autoptr (AssayProbe) probe = assay_probe_new ();

  g_task_set_source_tag (task, assay_manual_probe_async);
  probe->ok = TRUE;
  g_task_return_pointer (task, g_steal_pointer (&probe), (GDestroyNotify) assay_probe_free);
}

static void
assay_manual_provider_init (AssayProviderInterface *iface)
{
  iface->probe_async = assay_manual_probe_async;
  iface->list_assessments_async = assay_manual_list_assessments_async;
  iface->invite_async = assay_manual_invite_async;
  iface->read_result_async = assay_manual_read_result_async;
}

GObject *
assay_manual_create (const AssayConnectorDescription *description,
                     const AssayConnectorContext     *context,
                     GError                         **error)
{
  const char *text = assay_connection_get_setting (context->connection, "assessments");
  GPtrArray *links = assay_links_parse (text != NULL ? text : "", error);
  AssayManual *self;

  if (links == NULL)
    return NULL;
  self = g_object_new (ASSAY_TYPE_MANUAL, NULL);
  self->links = links;
  return G_OBJECT (self);
}
