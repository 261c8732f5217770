/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sentence in place, with its remedy. */
#include "config.h"

#include "assay-notice.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "assay-expander.h"
#include "assay-format.h"

struct _AssayNotice
{
  GtkWidget parent_instance;

  GtkWidget *frame;
  GtkImage *icon;
  GtkLabel *label;
  GtkExpander *expander;
  GtkLabel *detail;
  GtkButton *button;
};

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayNotice, assay_notice, GTK_TYPE_WIDGET)

static const char *const kind_classes[] = { "dim-label", "warning", "error" };
static const char *const kind_icons[] = { "dialog-information-symbolic", "dialog-warning-symbolic",
                                          "dialog-error-symbolic" };

static void
button_clicked_cb (AssayNotice *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
say (AssayNotice     *self,
     AssayNoticeKind  kind,
     const char      *sentence,
     const char      *detail,
     const char      *button)
{
  g_autofree char *directed = assay_format_sentence (sentence);

  for (guint i = 0; i < G_N_ELEMENTS (kind_classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), kind_classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), kind_classes[kind]);
  gtk_image_set_from_icon_name (self->icon, kind_icons[kind]);
  gtk_label_set_label (self->label, directed);

  gtk_widget_set_visible (GTK_WIDGET (self->expander), detail != NULL && *detail != '\0');
  gtk_expander_set_expanded (self->expander, FALSE);
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");

  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  if (button != NULL)
    gtk_button_set_label (self->button, button);
  gtk_widget_show (GTK_WIDGET (self));
}

void
assay_notice_say (AssayNotice     *self,
                  AssayNoticeKind  kind,
                  const char      *sentence,
                  const char      *button)
{
  g_return_if_fail (ASSAY_IS_NOTICE (self));
  g_return_if_fail (sentence != NULL);

  say (self, kind, sentence, NULL, button);
}

void
assay_notice_say_error (AssayNotice  *self,
                        const GError *error,
                        const char   *button)
{
  g_autofree char *detail = NULL;
  const char *words;
  guint status;

  g_return_if_fail (ASSAY_IS_NOTICE (self));
  g_return_if_fail (error != NULL);

  words = assay_error_get_vendor_detail (error);
  status = assay_error_get_vendor_status (error);
  if (words != NULL && status != 0)
    /* Translators: %u is an HTTP status such as 403, %s the vendor's own words */
    detail = g_strdup_printf (_("Status %u: %s"), status, words);
  else if (words != NULL)
    detail = g_strdup (words);
  else if (status != 0)
    detail = g_strdup_printf (_("The answer has the status %u."), status);
  say (self, ASSAY_NOTICE_ERROR, error->message, detail, button);
}

void
assay_notice_clear (AssayNotice *self)
{
  g_return_if_fail (ASSAY_IS_NOTICE (self));

  gtk_widget_hide (GTK_WIDGET (self));
  gtk_label_set_label (self->label, "");
}

/* To the button that mends it. */
static gboolean
assay_notice_grab_focus (GtkWidget *widget)
{
  AssayNotice *self = ASSAY_NOTICE (widget);

  return gtk_widget_get_visible (GTK_WIDGET (self->button)) &&
         gtk_widget_grab_focus (GTK_WIDGET (self->button));
}

static void
assay_notice_dispose (GObject *object)
{
  AssayNotice *self = ASSAY_NOTICE (object);

  g_clear_pointer (&self->frame, gtk_widget_unparent);
  G_OBJECT_CLASS (assay_notice_parent_class)->dispose (object);
}

static void
assay_notice_class_init (AssayNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = assay_notice_dispose;
  widget_class->grab_focus = assay_notice_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
}

static void
assay_notice_init (AssayNotice *self)
{
  GtkWidget *column;
  GtkWidget *row;

  self->icon = GTK_IMAGE (gtk_image_new ());
  gtk_widget_set_valign (GTK_WIDGET (self->icon), GTK_ALIGN_START);
  gtk_widget_set_margin_top (GTK_WIDGET (self->icon), 2);

  /* A screen reader reads an alert aloud when its text changes. */
  self->label = g_object_new (GTK_TYPE_LABEL,
                              "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT,
                              "wrap", TRUE,
                              "wrap-mode", PANGO_WRAP_WORD_CHAR,
                              "xalign", 0.0f,
                              NULL);

  self->detail = g_object_new (GTK_TYPE_LABEL,
                               "wrap", TRUE,
                               "wrap-mode", PANGO_WRAP_WORD_CHAR,
                               "xalign", 0.0f,
                               "selectable", TRUE,
                               "margin-top", 6,
                               NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->detail), "caption");
  self->expander = GTK_EXPANDER (assay_expander_new (_("Details"), NULL, GTK_WIDGET (self->detail)));

  self->button = GTK_BUTTON (gtk_button_new ());
  gtk_widget_set_halign (GTK_WIDGET (self->button), GTK_ALIGN_START);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (button_clicked_cb), self);

  column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_set_hexpand (column, TRUE);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->button));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->expander));

  row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_object_set (row, "margin-top", 12, "margin-bottom", 12, "margin-start", 12, "margin-end", 12, NULL);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->icon));
  gtk_box_append (GTK_BOX (row), column);

  self->frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->frame, "card");
  gtk_box_append (GTK_BOX (self->frame), row);
  gtk_widget_set_parent (self->frame, GTK_WIDGET (self));
  gtk_widget_hide (GTK_WIDGET (self));
}

GtkWidget *
assay_notice_new (void)
{
  return g_object_new (ASSAY_TYPE_NOTICE, NULL);
}
