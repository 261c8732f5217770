/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window in place of the main one when the store can't be opened. */
#include "config.h"

#include "assay-storage-window.h"

#include "assay-format.h"

struct _AssayStorageWindow
{
  AdwApplicationWindow parent_instance;

  AdwStatusPage *page;
  GtkButton *retry;
};

G_DEFINE_FINAL_TYPE (AssayStorageWindow, assay_storage_window, ADW_TYPE_APPLICATION_WINDOW)

static guint retry_signal;

static void
retry_clicked_cb (AssayStorageWindow *self)
{
  g_signal_emit (self, retry_signal, 0);
}

static void
assay_storage_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ASSAY_TYPE_STORAGE_WINDOW);

  G_OBJECT_CLASS (assay_storage_window_parent_class)->dispose (object);
}

static void
assay_storage_window_class_init (AssayStorageWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_storage_window_dispose;

  retry_signal = g_signal_new ("retry", ASSAY_TYPE_STORAGE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-storage-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayStorageWindow, page);
  gtk_widget_class_bind_template_child (widget_class, AssayStorageWindow, retry);
  gtk_widget_class_bind_template_callback (widget_class, retry_clicked_cb);
}

static void
assay_storage_window_init (AssayStorageWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
assay_storage_window_new (GtkApplication *application, const GError *error)
{
  AssayStorageWindow *self = g_object_new (ASSAY_TYPE_STORAGE_WINDOW, "application", application, NULL);
  g_autofree char *description = assay_format_markup (error->message);

  adw_status_page_set_description (self->page, description);

  return GTK_WINDOW (self);
}
