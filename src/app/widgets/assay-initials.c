/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The circle with somebody's initials, in a list. */
#include "config.h"

#include "assay-initials.h"

/* As many as libadwaita's style has, from "color1" on. */
#define N_COLORS 14

struct _AssayInitials
{
  AdwBin parent_instance;

  GtkLabel *label;
  GtkImage *figure;   /* (nullable) made for the first name without letters */
  guint color;        /* 0: none yet */
};

G_DEFINE_FINAL_TYPE (AssayInitials, assay_initials, ADW_TYPE_BIN)

/* The first letters of the first and the last word. */
static char *
dup_initials (const char *name)
{
  g_autofree char *upper = g_utf8_strup (name, -1);
  g_autofree char *text = g_utf8_normalize (g_strstrip (upper), -1, G_NORMALIZE_DEFAULT_COMPOSE);
  GString *initials = g_string_new (NULL);
  const char *last;

  if (text != NULL && *text != '\0')
    {
      g_string_append_unichar (initials, g_utf8_get_char (text));
      last = g_utf8_strrchr (text, -1, ' ');
      if (last != NULL)
        g_string_append_unichar (initials, g_utf8_get_char (g_utf8_next_char (last)));
    }

  return g_string_free (initials, FALSE);
}

static void
set_color (AssayInitials *self, guint color)
{
  char name[16];

  if (self->color == color)
    return;
  if (self->color != 0)
    {
      g_snprintf (name, sizeof name, "color%u", self->color);
      gtk_widget_remove_css_class (GTK_WIDGET (self), name);
    }
  g_snprintf (name, sizeof name, "color%u", color);
  gtk_widget_add_css_class (GTK_WIDGET (self), name);
  self->color = color;
}

static GtkWidget *
get_figure (AssayInitials *self)
{
  if (self->figure == NULL)
    self->figure = g_object_ref_sink (g_object_new (GTK_TYPE_IMAGE,
                                                    "icon-name", "avatar-default-symbolic",
                                                    "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                                    NULL));
  return GTK_WIDGET (self->figure);
}

void
assay_initials_set_name (AssayInitials *self, const char *name)
{
  g_autofree char *initials = NULL;

  g_return_if_fail (ASSAY_IS_INITIALS (self));
  g_return_if_fail (name != NULL);

  initials = dup_initials (name);
  gtk_label_set_label (self->label, initials);
  adw_bin_set_child (ADW_BIN (self), *initials != '\0' ? GTK_WIDGET (self->label) : get_figure (self));
  set_color (self, g_str_hash (name) % N_COLORS + 1);
}

static void
assay_initials_dispose (GObject *object)
{
  AssayInitials *self = ASSAY_INITIALS (object);

  G_OBJECT_CLASS (assay_initials_parent_class)->dispose (object);

  g_clear_object (&self->label);
  g_clear_object (&self->figure);
}

static void
assay_initials_class_init (AssayInitialsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_initials_dispose;

  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "avatar");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
assay_initials_init (AssayInitials *self)
{
  self->label = g_object_ref_sink (g_object_new (GTK_TYPE_LABEL,
                                                 "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                                 NULL));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
}

GtkWidget *
assay_initials_new (int size)
{
  return g_object_new (ASSAY_TYPE_INITIALS, "width-request", size, "height-request", size,
                       "halign", GTK_ALIGN_CENTER, "valign", GTK_ALIGN_CENTER, NULL);
}
