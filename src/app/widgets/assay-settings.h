/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window remembers between two starts. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): the settings; %NULL where their schema isn't installed, as for a program that
 * is run from its build folder: then nothing is remembered. */
GSettings *assay_settings_new (void);

G_END_DECLS
