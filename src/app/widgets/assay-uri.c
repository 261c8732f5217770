/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening an address in the user's browser, and a draft in the mail program. */
#include "config.h"

#include "assay-uri.h"

#include <glib/gi18n.h>

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static GUri *
parse_safe (const char *uri)
{
  g_autoptr (GUri) parsed = uri != NULL ? g_uri_parse (uri, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host;

  if (parsed == NULL)
    return NULL;

  host = g_uri_get_host (parsed);
  if (host == NULL || *host == '\0' || g_uri_get_userinfo (parsed) != NULL)
    return NULL;
  if (g_str_equal (g_uri_get_scheme (parsed), "https") ||
      (g_str_equal (g_uri_get_scheme (parsed), "http") && is_loopback (host)))
    return g_steal_pointer (&parsed);

  return NULL;
}

gboolean
assay_uri_is_safe (const char *uri)
{
  g_autoptr (GUri) parsed = parse_safe (uri);

  return parsed != NULL;
}

char *
assay_uri_describe (const char *uri)
{
  g_autoptr (GUri) parsed = parse_safe (uri);

  /* Translators: %s is a host, as in "app.testtrick.com" */
  return parsed != NULL ? g_strdup_printf (_("Opens %s in the browser"), g_uri_get_host (parsed)) : NULL;
}

static void
show_uri_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (object), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_debug ("The address can't be opened: %s", error->message);
  gtk_widget_activate_action (widget, "win.message", "s",
                              _("The browser can’t be opened. Choose one in your system’s settings."));
}

void
assay_uri_open (GtkWidget *widget, const char *uri)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  if (!assay_uri_is_safe (uri))
    {
      gtk_widget_activate_action (widget, "win.message", "s",
                                  _("Assay opens only secure addresses, and this isn’t one."));
      return;
    }

  gtk_show_uri_full (GTK_WINDOW (root), uri, GDK_CURRENT_TIME, NULL, show_uri_cb, g_object_ref (widget));
}

static void
show_mail_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) widget = user_data;
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (object), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_debug ("The mail program can't be opened: %s", error->message);
  gtk_widget_activate_action (widget, "win.message", "s",
                              _("The mail program can’t be opened. Choose one in your system’s settings."));
}

void
assay_uri_mail (GtkWidget *widget, const char *address, const char *subject, const char *body)
{
  g_autofree char *escaped_address = g_uri_escape_string (address, "@", FALSE);
  g_autofree char *escaped_subject = g_uri_escape_string (subject, NULL, FALSE);
  g_autofree char *escaped_body = g_uri_escape_string (body, NULL, FALSE);
  g_autofree char *uri = g_strdup_printf ("mailto:%s?subject=%s&body=%s", escaped_address, escaped_subject,
                                          escaped_body);

  gtk_show_uri_full (GTK_WINDOW (gtk_widget_get_root (widget)), uri, GDK_CURRENT_TIME, NULL, show_mail_cb,
                     g_object_ref (widget));
}
