/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process that holds keys does first. */
#include "config.h"

#include "assay-harden.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void
assay_harden_process (void)
{
  const struct rlimit none = { 0, 0 };

  (void) setrlimit (RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)
  if (!g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    (void) prctl (PR_SET_DUMPABLE, 0);
#endif
}
