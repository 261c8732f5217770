/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a command runs in: the service, the global options, and a way to wait for asynchronous calls. */
#pragma once

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * CtlContext:
 *
 * The members are read by the commands; the service is made when a command first asks for it.
 */
typedef struct
{
  gboolean json;
  gboolean quiet;
  char *data_directory;       /* (nullable) NULL: where the app keeps its data */
  GCancellable *cancellable;  /* cancelled by SIGINT and SIGTERM */
  gint64 invitation;          /* the invitation that the error to be printed is about, 0 for none */

  AssayService *service;      /* (nullable) */
  GMainLoop *loop;
  GAsyncResult *result;       /* (nullable) */
  guint interrupt_source;
  guint terminate_source;
} CtlContext;

void ctl_context_init (CtlContext *self);
/* Stops the service and frees the members. */
void ctl_context_clear (CtlContext *self);

/* (transfer none) (nullable): opens the store at the first call */
AssayService *ctl_context_get_service (CtlContext *self, GError **error);
/* (transfer none) (nullable) */
AssayStore   *ctl_context_get_store (CtlContext *self, GError **error);

/**
 * ctl_context_done:
 * @source: (nullable): who finished
 * @result: the result
 * @context: a #CtlContext
 *
 * The callback to give to the one call that ctl_context_wait() is to wait for.
 */
void          ctl_context_done (GObject      *source,
                                GAsyncResult *result,
                                gpointer      context);
/* (transfer full): the result of the call that was begun with ctl_context_done() */
GAsyncResult *ctl_context_wait (CtlContext *self);

/* Reads within the store; (transfer full) (nullable). See assay_store_read(). */
gpointer ctl_context_read (CtlContext      *self,
                           AssayStoreFunc   function,
                           gpointer         data,
                           GError         **error);

G_END_DECLS
