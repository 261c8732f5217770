/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message dialog that every key closes which closes a window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * assay_question_new:
 * @parent: the window it is about
 * @heading: the question; plain text
 * @body: (nullable): what the answers mean; plain text
 *
 * Ctrl+W closes it as Escape does, with its close response.
 *
 * Returns: (transfer floating): the dialog, without responses
 */
AdwMessageDialog *assay_question_new (GtkWindow  *parent,
                                      const char *heading,
                                      const char *body);

G_END_DECLS
