/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the sandbox beside the program, and connects to it. */
#pragma once

#include <gio/gio.h>

#include "assay-service.h"

G_BEGIN_DECLS

/**
 * AssaySandboxLauncher:
 *
 * The sandbox is a process of its own that ends with the launcher, or with the program however it ends: its
 * standard input is a pipe from here.
 *
 * Properties (read-only, notify): "running" (boolean).
 */
#define ASSAY_TYPE_SANDBOX_LAUNCHER (assay_sandbox_launcher_get_type ())
G_DECLARE_FINAL_TYPE (AssaySandboxLauncher, assay_sandbox_launcher, ASSAY, SANDBOX_LAUNCHER, GObject)

/**
 * AssaySandboxLauncher::died:
 * @self: the launcher
 * @sentence: what happened and what to do
 *
 * The sandbox ended by itself after it had been started.
 */

/* (transfer full) */
AssaySandboxLauncher *assay_sandbox_launcher_new (AssayService *service);

/**
 * assay_sandbox_launcher_start_async:
 * @self: the launcher
 * @cancellable: (nullable): a #GCancellable; cancelling stops the sandbox again
 * @callback: called when the sandbox runs and its candidates have been read
 * @user_data: for @callback
 *
 * Starts `assay-sandbox` with its state in the store's directory, on the ports of the last time where there
 * was one, so that earlier invitations stay valid; adds its connections, or gives the ones of the last time
 * their address and key; enables them, and syncs. While it runs already, it only connects again.
 */
void     assay_sandbox_launcher_start_async (AssaySandboxLauncher *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean assay_sandbox_launcher_start_finish (AssaySandboxLauncher  *self,
                                              GAsyncResult          *result,
                                              GError               **error);

/* Ends the sandbox. Its connections stay, and are offline until it is started again. */
void     assay_sandbox_launcher_stop (AssaySandboxLauncher *self);

gboolean assay_sandbox_launcher_get_running (AssaySandboxLauncher *self);

/* Whether a connection leads to a sandbox on this computer, so that the program can start one for it. */
gboolean assay_sandbox_launcher_serves (const AssayConnection *connection);

G_END_DECLS
