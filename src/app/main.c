/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the window's program begins. */
#include "config.h"

#include <locale.h>
#include <stdlib.h>

#include <glib/gi18n.h>

#include "assay-app.h"

int
main (int argc, char *argv[])
{
  g_autoptr (AssayApp) app = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ASSAY_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  app = assay_app_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
