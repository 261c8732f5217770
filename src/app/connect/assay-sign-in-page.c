/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in at a vendor through the user's own browser. */
#include "config.h"

#include "assay-sign-in-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "assay-connector.h"
#include "assay-notice.h"
#include "assay-uri.h"

struct _AssaySignInPage
{
  GtkBox parent_instance;

  AssayService *service;        /* (nullable) until it is filled */
  const AssayConnectorDescription *description;
  gint64 connection_id;
  GCancellable *cancellable;    /* (nullable) while the browser is waited for */
  char *address;                /* (nullable) of the vendor's page */

  /* borrowed */
  GtkLabel *title;
  GtkLabel *intro;
  GtkBox *lists;
  AssayNotice *notice;
  GtkBox *waiting;
  GtkLabel *address_label;
  GtkWidget *begin_button;
  GtkWidget *cancel_button;
};

enum
{
  SIGNED_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssaySignInPage, assay_sign_in_page, GTK_TYPE_BOX)

static void
update (AssaySignInPage *self)
{
  const gboolean waiting = self->cancellable != NULL;

  /* Read by then; what is waited for would be below the window's edge. */
  gtk_widget_set_visible (GTK_WIDGET (self->lists), !waiting);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting), waiting);
  gtk_widget_set_visible (self->begin_button, !waiting);
  gtk_widget_set_visible (self->cancel_button, waiting);
}

void
assay_sign_in_page_cancel (AssaySignInPage *self)
{
  g_return_if_fail (ASSAY_IS_SIGN_IN_PAGE (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  update (self);
}

static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (AssaySignInPage) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = assay_service_sign_in_connection_finish (ASSAY_SERVICE (source), result, &error);

  /* Given up, and perhaps begun again since. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  update (self);
  if (done)
    {
      g_signal_emit (self, signals[SIGNED_IN], 0);
      return;
    }
  assay_notice_say_error (self->notice, error, NULL);
  gtk_widget_grab_focus (self->begin_button);
}

static void
open_cb (const char *address,
         gpointer    user_data)
{
  AssaySignInPage *self = user_data;

  g_free (self->address);
  self->address = g_strdup (address);
  gtk_label_set_label (self->address_label, address);
  assay_uri_open (GTK_WIDGET (self), address);
}

static void
begin_cb (AssaySignInPage *self)
{
  if (self->cancellable != NULL)
    return;
  assay_notice_clear (self->notice);
  self->cancellable = g_cancellable_new ();
  update (self);
  gtk_widget_grab_focus (self->cancel_button);
  assay_service_sign_in_connection_async (self->service, self->connection_id, 0, open_cb, self, self->cancellable,
                                          signed_in_cb, g_object_ref (self));
}

static void
again_cb (AssaySignInPage *self)
{
  if (self->address != NULL)
    assay_uri_open (GTK_WIDGET (self), self->address);
}

static void
copy_cb (AssaySignInPage *self)
{
  if (self->address != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->address);
}

static void
cancel_cb (AssaySignInPage *self)
{
  assay_sign_in_page_cancel (self);
  gtk_widget_grab_focus (self->begin_button);
}

static void
add_row (AdwPreferencesGroup *group,
         const char          *title,
         const char          *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(subtitle));
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_preferences_group_add (group, row);
}

void
assay_sign_in_page_fill (AssaySignInPage                 *self,
                         AssayService                    *service,
                         const AssayConnectorDescription *description,
                         const AssayConnection           *connection)
{
  g_autoptr (GPtrArray) scopes = NULL;
  g_autofree char *title = NULL;
  g_autofree char *intro = NULL;
  g_autofree char *heading = NULL;
  GtkWidget *group;
  GtkWidget *child;

  g_return_if_fail (ASSAY_IS_SIGN_IN_PAGE (self));
  g_return_if_fail (description != NULL && description->sign_in != NULL);
  g_return_if_fail (connection != NULL);

  assay_sign_in_page_cancel (self);
  assay_notice_clear (self->notice);
  g_set_object (&self->service, service);
  self->description = description;
  self->connection_id = connection->id;

  /* Translators: %s is a system such as Lever */
  title = g_strdup_printf (_("Sign in to %s in your browser"), _(description->name));
  gtk_label_set_label (self->title, title);
  /* Translators: %s is a system such as Lever */
  intro = g_strdup_printf (_("Your browser opens %s’s own page, where you sign in and consent. Assay never sees your "
                             "password."),
                           _(description->name));
  gtk_label_set_label (self->intro, intro);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->lists))) != NULL)
    gtk_box_remove (self->lists, child);
  scopes = assay_connector_list_scopes (description, connection->settings);
  group = adw_preferences_group_new ();
  /* Translators: %s is a system such as Lever */
  heading = g_strdup_printf (_("What %s will ask you to allow"), _(description->name));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), heading);
  for (guint i = 0; i < scopes->len; i++)
    {
      const AssayScopeDescription *scope = g_ptr_array_index (scopes, i);

      add_row (ADW_PREFERENCES_GROUP (group), scope->name, scope->purpose);
    }
  gtk_box_append (self->lists, group);
}

static gboolean
assay_sign_in_page_grab_focus (GtkWidget *widget)
{
  AssaySignInPage *self = ASSAY_SIGN_IN_PAGE (widget);

  return gtk_widget_grab_focus (self->cancellable != NULL ? self->cancel_button : self->begin_button);
}

static void
assay_sign_in_page_dispose (GObject *object)
{
  AssaySignInPage *self = ASSAY_SIGN_IN_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (assay_sign_in_page_parent_class)->dispose (object);
}

static void
assay_sign_in_page_finalize (GObject *object)
{
  AssaySignInPage *self = ASSAY_SIGN_IN_PAGE (object);

  g_clear_object (&self->service);
  g_free (self->address);
  G_OBJECT_CLASS (assay_sign_in_page_parent_class)->finalize (object);
}

static void
assay_sign_in_page_class_init (AssaySignInPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_sign_in_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_sign_in_page_finalize;
  GTK_WIDGET_CLASS (klass)->grab_focus = assay_sign_in_page_grab_focus;

  signals[SIGNED_IN] = g_signal_new ("signed-in", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
}

static GtkLabel *
add_label (GtkBox     *box,
           const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR, "xalign", 0.0f,
                                   NULL);

  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (box, label);
  return GTK_LABEL (label);
}

static GtkWidget *
add_button (GtkBox          *box,
            AssaySignInPage *self,
            const char      *label,
            GCallback        callback)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_signal_connect_swapped (button, "clicked", callback, self);
  gtk_box_append (box, button);
  return button;
}

static void
assay_sign_in_page_init (AssaySignInPage *self)
{
  GtkBox *buttons = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  GtkBox *links = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12));
  GtkLabel *wait;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 18);
  self->title = add_label (GTK_BOX (self), "title-2");
  self->intro = add_label (GTK_BOX (self), "dim-label");
  self->lists = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->lists));
  self->notice = ASSAY_NOTICE (assay_notice_new ());
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->notice));

  self->waiting = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  wait = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, "label",
                       _("Waiting for the browser…"), "xalign", 0.0f, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (wait), "heading");
  gtk_box_append (self->waiting, GTK_WIDGET (wait));
  self->address_label = add_label (self->waiting, "caption");
  gtk_label_set_selectable (self->address_label, TRUE);
  gtk_label_set_lines (self->address_label, 3);
  gtk_label_set_ellipsize (self->address_label, PANGO_ELLIPSIZE_END);
  add_button (links, self, _("Open it again"), G_CALLBACK (again_cb));
  add_button (links, self, _("Copy the address"), G_CALLBACK (copy_cb));
  gtk_box_append (self->waiting, GTK_WIDGET (links));
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->waiting));

  gtk_widget_set_halign (GTK_WIDGET (buttons), GTK_ALIGN_CENTER);
  self->cancel_button = add_button (buttons, self, _("Cancel the sign-in"), G_CALLBACK (cancel_cb));
  self->begin_button = add_button (buttons, self, _("Open the browser"), G_CALLBACK (begin_cb));
  gtk_widget_add_css_class (self->cancel_button, "pill");
  gtk_widget_add_css_class (self->begin_button, "pill");
  gtk_widget_add_css_class (self->begin_button, "suggested-action");
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (buttons));
  update (self);
}
