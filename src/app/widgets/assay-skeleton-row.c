/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grey outline of a row whose content isn't here yet. */
#include "config.h"

#include "assay-skeleton-row.h"

struct _AssaySkeletonRow
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (AssaySkeletonRow, assay_skeleton_row, ADW_TYPE_BIN)

static GtkWidget *
make_bar (const char *style, int width, int height)
{
  GtkWidget *bar = adw_bin_new ();

  gtk_widget_add_css_class (bar, "skeleton");
  gtk_widget_add_css_class (bar, style);
  gtk_widget_set_size_request (bar, width, height);
  gtk_widget_set_halign (bar, GTK_ALIGN_START);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);

  return bar;
}

static void
assay_skeleton_row_class_init (AssaySkeletonRowClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
assay_skeleton_row_init (AssaySkeletonRow *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (lines), make_bar ("line", 140, 10));
  gtk_box_append (GTK_BOX (lines), make_bar ("line", 200, 8));
  gtk_box_append (GTK_BOX (row), make_bar ("round", 36, 36));
  gtk_box_append (GTK_BOX (row), lines);
  gtk_widget_add_css_class (row, "person");
  gtk_widget_add_css_class (GTK_WIDGET (self), "skeleton-row");
  adw_bin_set_child (ADW_BIN (self), row);
}

GtkWidget *
assay_skeleton_row_new (void)
{
  return g_object_new (ASSAY_TYPE_SKELETON_ROW, NULL);
}
