/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl connection sign-in: through the browser of whoever sits there. */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "ctl-json.h"

static void
launched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;

  /* The address has been printed; no browser is no reason to give up. */
  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    g_debug ("No browser was opened: %s", error->message);
}

typedef struct
{
  CtlContext *context;
  gboolean open;
} Browser;

/* On standard error, where it is in the way of nobody who reads the result; with --json as a document of its own, as an
 * error that follows it is. */
static void
print_address (const char *address,
               gpointer    user_data)
{
  const Browser *browser = user_data;

  if (browser->context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_string (json, "address", address);
      ctl_json_end_object (json);
      g_printerr ("%s\n", ctl_json_get_text (json));
    }
  else if (browser->open)
    g_printerr (_("Your browser opens to sign in. If it doesn't, open this address in it:\n%s\n"), address);
  else
    g_printerr (_("Open this address in your browser to sign in:\n%s\n"), address);
  if (browser->open)
    g_app_info_launch_default_for_uri_async (address, NULL, NULL, launched_cb, NULL);
}

gboolean
ctl_connection_sign_in (CtlContext    *context,
                        CtlArguments  *arguments,
                        GError       **error)
{
  g_autoptr (AssayConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  Browser browser = { context, !ctl_arguments_has (arguments, "no-browser") };
  guint seconds = 0;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_CONNECTION, &id, error) ||
      !ctl_arguments_get_number (arguments, "timeout", 1, &seconds, error))
    return FALSE;
  connection = ctl_load_connection (context, id, error);
  if (connection == NULL)
    return FALSE;

  assay_service_sign_in_connection_async (context->service, id, MIN (seconds, 24 * 3600) * 1000, print_address, &browser,
                                          context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  return assay_service_sign_in_connection_finish (context->service, result, error) &&
         ctl_print_connection (context, id, error);
}
