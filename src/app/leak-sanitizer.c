/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of the program only when it is built with the sanitizers.
 *
 * GLib makes its table of quarks before main(), and leaves it behind when it takes a larger one, since others may be reading
 * it. That is told from a leak of ours by the calls that led to it, and to look for those at each allocation makes the window
 * several times slower. So the leak sanitizer is told beforehand which one it is. */
#include "config.h"

#include <glib.h>
#include <link.h>
#include <string.h>

/* GCC 12 comes without the header of the first two. */
extern int    __sanitizer_get_ownership (const volatile void *memory);
extern size_t __sanitizer_get_allocated_size (const volatile void *memory);
extern void   __lsan_ignore_object (const void *memory);

/* The first member isn't used; the second is the string of the first quark. */
static gboolean __attribute__ ((no_sanitize ("address")))
is_table (gconstpointer candidate)
{
  return candidate != NULL && __sanitizer_get_ownership (candidate) &&
         __sanitizer_get_allocated_size (candidate) > 2 * sizeof (char *) &&
         ((const char *const *) candidate)[1] == g_quark_to_string (1);
}

/* Somewhere among the variables of GLib is the one that refers to it. */
static int __attribute__ ((no_sanitize ("address")))
look_through (struct dl_phdr_info *info,
              size_t               size,
              void                *data)
{
  if (strstr (info->dlpi_name, "libglib-2.0") == NULL)
    return 0;

  for (guint i = 0; i < info->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *segment = &info->dlpi_phdr[i];
      void *const *variables = (void *const *) (info->dlpi_addr + segment->p_vaddr);

      if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W) == 0)
        continue;
      for (gsize j = 0; j < segment->p_memsz / sizeof *variables; j++)
        if (is_table (variables[j]))
          {
            __lsan_ignore_object (variables[j]);
            return 1;
          }
    }
  return 0;
}

static void __attribute__ ((constructor))
name_table (void)
{
  dl_iterate_phdr (look_through, NULL);
}
