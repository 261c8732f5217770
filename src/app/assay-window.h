/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The main window: sidebar, list and page, in as many panes as there is room for. */
#pragma once

#include <adwaita.h>

#include "assay-service.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_WINDOW (assay_window_get_type ())
G_DECLARE_FINAL_TYPE (AssayWindow, assay_window, ASSAY, WINDOW, AdwApplicationWindow)

AssayWindow *assay_window_new (GtkApplication *application, AssayService *service);

/* Starts the built-in sandbox and connects to it, as the action win.try-sandbox does. */
void assay_window_try_sandbox (AssayWindow *self);

/* Opens a set-up request that a colleague sent, and goes on where they were. */
void assay_window_open_file (AssayWindow *self, GFile *file);

G_END_DECLS
