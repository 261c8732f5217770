/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fuzz targets share. */
#pragma once

#include <glib.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* Says what doesn't hold, and stops where libFuzzer and a debugger see it. */
#define fuzz_check(condition)                                                              \
  G_STMT_START                                                                             \
    {                                                                                      \
      if (!(condition))                                                                    \
        {                                                                                  \
          g_printerr ("%s:%d: this doesn't hold: %s\n", __FILE__, __LINE__, #condition);   \
          abort ();                                                                        \
        }                                                                                  \
    }                                                                                      \
  G_STMT_END
