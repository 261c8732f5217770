/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assay-fill-store DIRECTORY N: makes a store with N applications there, to look at in the window. */
#include "config.h"

#include "fill-store.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr (AssayStore) store = NULL;
  g_autoptr (GError) error = NULL;
  guint64 n = 0;

  if (argc != 3 || !g_ascii_string_to_unsigned (argv[2], 10, 1, 100 * 1000 * 1000, &n, NULL))
    {
      g_printerr ("Usage: assay-fill-store DIRECTORY NUMBER\n");
      return 2;
    }
  store = assay_store_open (argv[1], &error);
  if (store == NULL || !fill_store (store, (guint) n, 60, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return 0;
}
