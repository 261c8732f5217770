/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process that holds keys does first. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * assay_harden_process:
 *
 * Keeps keys out of core dumps, and other programs of the same user from reading them out of this process. To be called
 * at the beginning of main(). Under Flatpak the portals must be able to look at the process, so that there only the
 * dump is prevented; so it is under the leak checker of the sanitizers, which looks too.
 */
void assay_harden_process (void);

G_END_DECLS
