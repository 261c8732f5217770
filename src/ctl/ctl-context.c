/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The context of a command. */
#include "config.h"

#include "ctl-context.h"

#include <glib-unix.h>
#include <signal.h>

/* The first signal asks the command to end by itself; a second one ends the process at once. */
static gboolean
on_interrupt (gpointer user_data)
{
  CtlContext *self = user_data;

  self->interrupt_source = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
on_terminate (gpointer user_data)
{
  CtlContext *self = user_data;

  self->terminate_source = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

void
ctl_context_init (CtlContext *self)
{
  self->cancellable = g_cancellable_new ();
  self->loop = g_main_loop_new (NULL, FALSE);
  self->interrupt_source = g_unix_signal_add (SIGINT, on_interrupt, self);
  self->terminate_source = g_unix_signal_add (SIGTERM, on_terminate, self);
}

void
ctl_context_clear (CtlContext *self)
{
  if (self->service != NULL)
    assay_service_stop (self->service);
  g_clear_object (&self->service);
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_handle_id (&self->terminate_source, g_source_remove);
  g_clear_object (&self->result);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->data_directory, g_free);
}

AssayService *
ctl_context_get_service (CtlContext  *self,
                         GError     **error)
{
  if (self->service == NULL)
    {
      g_autofree char *directory = NULL;

      if (self->data_directory != NULL)
        directory = g_canonicalize_filename (self->data_directory, NULL);
      else
        directory = assay_service_dup_default_directory ();
      self->service = assay_service_new (directory, error);
    }
  return self->service;
}

AssayStore *
ctl_context_get_store (CtlContext  *self,
                       GError     **error)
{
  AssayService *service = ctl_context_get_service (self, error);

  return service != NULL ? assay_service_get_store (service) : NULL;
}

void
ctl_context_done (GObject      *source,
                  GAsyncResult *result,
                  gpointer      context)
{
  CtlContext *self = context;

  g_assert (self->result == NULL);
  self->result = g_object_ref (result);
  g_main_loop_quit (self->loop);
}

GAsyncResult *
ctl_context_wait (CtlContext *self)
{
  while (self->result == NULL)
    g_main_loop_run (self->loop);
  return g_steal_pointer (&self->result);
}

gpointer
ctl_context_read (CtlContext      *self,
                  AssayStoreFunc   function,
                  gpointer         data,
                  GError         **error)
{
  AssayStore *store = ctl_context_get_store (self, error);

  return store != NULL ? assay_store_read (store, function, data, error) : NULL;
}
