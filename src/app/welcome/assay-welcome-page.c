/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window shows while nothing is connected. */
#include "config.h"

#include "assay-welcome-page.h"

#include <glib/gi18n.h>

struct _AssayWelcomePage
{
  AdwBin parent_instance;

  /* template */
  GtkWidget *connect_button;
  GtkWidget *sandbox_button;
  GtkSpinner *spinner;
  GtkLabel *sandbox_label;
};

G_DEFINE_FINAL_TYPE (AssayWelcomePage, assay_welcome_page, ADW_TYPE_BIN)

void
assay_welcome_page_set_starting (AssayWelcomePage *self,
                                 gboolean          starting)
{
  g_return_if_fail (ASSAY_IS_WELCOME_PAGE (self));

  gtk_widget_set_sensitive (self->sandbox_button, !starting);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), starting);
  gtk_spinner_set_spinning (self->spinner, starting);
  gtk_label_set_label (self->sandbox_label,
                       starting
                         ? _("The sandbox is starting.")
                         : _("The sandbox plays an ATS and a provider on this computer, with 3,000 invented "
                             "candidates. Nobody is e-mailed."));
}

static gboolean
assay_welcome_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (ASSAY_WELCOME_PAGE (widget)->connect_button);
}

/* The first step is under the fingers when the page comes up. */
static void
assay_welcome_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (assay_welcome_page_parent_class)->map (widget);
  gtk_widget_grab_focus (widget);
}

static void
assay_welcome_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_WELCOME_PAGE);
  G_OBJECT_CLASS (assay_welcome_page_parent_class)->dispose (object);
}

static void
assay_welcome_page_class_init (AssayWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_welcome_page_dispose;
  widget_class->grab_focus = assay_welcome_page_grab_focus;
  widget_class->map = assay_welcome_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayWelcomePage, connect_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWelcomePage, sandbox_button);
  gtk_widget_class_bind_template_child (widget_class, AssayWelcomePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayWelcomePage, sandbox_label);
}

static void
assay_welcome_page_init (AssayWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
assay_welcome_page_new (void)
{
  return g_object_new (ASSAY_TYPE_WELCOME_PAGE, NULL);
}
