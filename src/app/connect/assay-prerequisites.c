/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to be so before one can connect a system. */
#include "config.h"

#include "assay-prerequisites.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static GtkWidget *
make_label (const char *text,
            const char *css_class)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                   "xalign", 0.0f, NULL);

  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_pair (GtkBox     *box,
          const char *what,
          const char *text)
{
  GtkWidget *pair;

  if (text == NULL)
    return;
  pair = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (pair), make_label (what, "caption-heading"));
  gtk_box_append (GTK_BOX (pair), make_label (_(text), "dim-label"));
  gtk_box_append (box, pair);
}

static GtkWidget *
make_prerequisite (const AssayPrerequisiteDescription *prerequisite)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *inner = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);

  gtk_widget_add_css_class (card, "card");
  g_object_set (inner, "margin-top", 12, "margin-bottom", 12, "margin-start", 12, "margin-end", 12, NULL);
  gtk_box_append (GTK_BOX (inner), make_label (_(prerequisite->requirement), "heading"));
  add_pair (GTK_BOX (inner), _("How you can tell"), prerequisite->how_to_tell);
  add_pair (GTK_BOX (inner), _("If it isn’t so"), prerequisite->if_not);
  gtk_box_append (GTK_BOX (card), inner);
  return card;
}

static GtkWidget *
make_roles (const AssayConnectorDescription *description)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *title = NULL;

  /* Translators: %s is a system such as Lever */
  title = g_strdup_printf (_("What each role in %s can do"), _(description->name));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  for (const AssayRoleDescription *role = description->roles; role->name != NULL; role++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *word = gtk_label_new (role->can_enable ? _("Can connect")
                                       : role->can_use  ? _("Can use it")
                                                        : _("Can’t use it"));

      gtk_widget_add_css_class (word, "caption");
      gtk_widget_add_css_class (word, role->can_enable ? "success" : "dim-label");
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), role->name);
      if (role->note != NULL)
        adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(role->note));
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), word);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  return group;
}

void
assay_prerequisites_fill (GtkBox                          *box,
                          const AssayConnectorDescription *description)
{
  GtkWidget *child;

  g_return_if_fail (GTK_IS_BOX (box));
  g_return_if_fail (description != NULL);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  for (const AssayPrerequisiteDescription *prerequisite = description->prerequisites;
       prerequisite != NULL && prerequisite->requirement != NULL; prerequisite++)
    gtk_box_append (box, make_prerequisite (prerequisite));
  if (description->roles != NULL && description->roles[0].name != NULL)
    gtk_box_append (box, make_roles (description));
  for (guint i = 0; description->help_urls != NULL && description->help_urls[i] != NULL; i++)
    {
      g_autofree char *label = NULL;
      GtkWidget *link;

      /* Translators: %s is a system such as Pinpoint */
      label = g_strdup_printf (_("%s’s own guide"), _(description->name));
      link = gtk_link_button_new_with_label (description->help_urls[i], label);
      gtk_widget_set_halign (link, GTK_ALIGN_START);
      gtk_box_append (box, link);
    }
}
