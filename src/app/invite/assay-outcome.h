/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens once one presses Send, in a sentence. */
#pragma once

#include "assay-connector.h"

G_BEGIN_DECLS

/* (transfer full): for one person. Who mails is told by what @provider can with its settings; @offline, and it waits until
 * one is back; @undo_seconds is how long it can be taken back. */
char *assay_outcome_dup_for_one (const AssayConnection *provider, const char *email, gboolean offline, guint undo_seconds);

/* (transfer full): likewise for @n_people */
char *assay_outcome_dup_for_many (const AssayConnection *provider, guint n_people, gboolean offline, guint undo_seconds);

G_END_DECLS
