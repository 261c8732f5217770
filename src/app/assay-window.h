/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main window: sidebar, list and page, in as many panes as there is room for. */
#pragma once

#include <adwaita.h>

#include "assay-sandbox-launcher.h"
#include "assay-service.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_WINDOW (assay_window_get_type ())
G_DECLARE_FINAL_TYPE (AssayWindow, assay_window, ASSAY, WINDOW, AdwApplicationWindow)

AssayWindow *assay_window_new (GtkApplication *application, AssayService *service);

/* Starts the built-in sandbox and connects to it, as the action win.try-sandbox does. */
void assay_window_try_sandbox (AssayWindow *self);

/* Asks whom of those that a CSV file names to invite. */
void assay_window_invite_from_file (AssayWindow *self, GFile *file);

/* Shows how far a batch is. */
void assay_window_show_batch (AssayWindow *self, gint64 batch_id);

/* Whether that is what it shows now. */
gboolean assay_window_shows_batch (AssayWindow *self, gint64 batch_id);

/* (transfer full) (nullable): the sandbox that the window started, for the application to look after without one; and
 * back again. */
AssaySandboxLauncher *assay_window_steal_launcher (AssayWindow *self);
void                  assay_window_take_launcher (AssayWindow *self, AssaySandboxLauncher *launcher);

/* Opens a set-up request that a colleague sent, and goes on where they were. */
void assay_window_open_file (AssayWindow *self, GFile *file);

G_END_DECLS
