/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody from a file or entered by hand. */
#include "config.h"

#include "assay-imported-row.h"

#include <glib/gi18n.h>

#include "assay-format.h"

#define AVATAR_SIZE 36

/* ---- What it shows ---- */

struct _AssayImportedItem
{
  GObject parent_instance;

  AssayImportedCandidate *candidate;   /* (nullable) */
  char *name;
  char *sentence;                      /* (nullable) of an entry: why it is set aside */
  guint line;                          /* of an entry, from 1; 0 for one of the list */
  gboolean counted;                    /* as an entry's */
};

G_DEFINE_FINAL_TYPE (AssayImportedItem, assay_imported_item, G_TYPE_OBJECT)

static void
assay_imported_item_finalize (GObject *object)
{
  AssayImportedItem *self = ASSAY_IMPORTED_ITEM (object);

  assay_imported_candidate_free (self->candidate);
  g_free (self->name);
  g_free (self->sentence);

  G_OBJECT_CLASS (assay_imported_item_parent_class)->finalize (object);
}

static void
assay_imported_item_class_init (AssayImportedItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_imported_item_finalize;
}

static void
assay_imported_item_init (AssayImportedItem *self)
{
}

AssayImportedItem *
assay_imported_item_new (const AssayImportedCandidate *candidate)
{
  AssayImportedItem *self = g_object_new (ASSAY_TYPE_IMPORTED_ITEM, NULL);

  self->candidate = assay_imported_candidate_copy (candidate);
  self->name = assay_imported_candidate_dup_name (candidate);
  return self;
}

AssayImportedItem *
assay_imported_item_new_for_entry (const AssayCandidateEntry *entry)
{
  AssayImportedItem *self = g_object_new (ASSAY_TYPE_IMPORTED_ITEM, NULL);

  self->line = entry->line;
  self->counted = entry->counted;
  self->sentence = g_strdup (entry->sentence);
  if (entry->candidate != NULL)
    {
      self->candidate = assay_imported_candidate_copy (entry->candidate);
      self->name = assay_imported_candidate_dup_name (entry->candidate);
    }
  else
    self->name = g_strdup (*entry->text != '\0' ? entry->text : _("Without a name"));
  return self;
}

const AssayImportedCandidate *
assay_imported_item_get_candidate (AssayImportedItem *self)
{
  g_return_val_if_fail (ASSAY_IS_IMPORTED_ITEM (self), NULL);

  return self->candidate;
}

/* ---- The row ---- */

struct _AssayImportedRow
{
  AdwBin parent_instance;

  AdwAvatar *avatar;
  GtkLabel *name;
  GtkLabel *line;
  GtkMenuButton *stage_button;
  GtkLabel *stage;
  GtkButton *document_buttons[ASSAY_N_IMPORTED_DOCUMENTS];
  GtkButton *remove_button;

  AssayImportedItem *item;   /* (nullable) */
};

enum
{
  OPEN,
  REMOVE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayImportedRow, assay_imported_row, ADW_TYPE_BIN)

static void
append_part (GString *line, const char *part)
{
  if (part == NULL || *part == '\0')
    return;
  if (line->len > 0)
    g_string_append (line, " · ");
  g_string_append (line, part);
}

/* Role, when, and where from; the stage has a button. */
static void
describe_candidate (GString *line, const AssayImportedCandidate *candidate)
{
  g_autofree char *when =
    assay_format_relative_time (candidate->accepted_at != 0 ? candidate->accepted_at : candidate->created_at);

  append_part (line, candidate->role);
  append_part (line, when);
  append_part (line, candidate->origin != NULL ? candidate->origin : _("Entered by hand"));
}

static void
describe_entry (GString *line, AssayImportedItem *item)
{
  /* Translators: %u is the number of a line, or of a candidate, in a file */
  g_autofree char *number = item->counted ? g_strdup_printf (_("Candidate %u"), item->line)
                                          : g_strdup_printf (_("Line %u"), item->line);

  append_part (line, number);
  if (item->sentence != NULL)
    {
      append_part (line, item->sentence);
      return;
    }
  append_part (line, item->candidate->email);
  append_part (line, item->candidate->role);
  append_part (line, item->candidate->stage);
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    append_part (line, item->candidate->documents[i].name);
}

static void
set_button (gpointer button, gboolean visible, const char *words, const char *name)
{
  gtk_widget_set_visible (GTK_WIDGET (button), visible);
  if (visible)
    {
      /* Translators: %s are what a button does and to whom, as in "Edit: Amara Okafor" */
      g_autofree char *spoken = g_strdup_printf (_("%s: %s"), words, name);

      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
    }
}

void
assay_imported_row_set (AssayImportedRow *self, AssayImportedItem *item)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *spoken = NULL;
  const char *const opens[] = { _("Open CV"), _("Open Profile") };
  gboolean listed;

  g_return_if_fail (ASSAY_IS_IMPORTED_ROW (self));

  g_set_object (&self->item, item);
  if (item == NULL)
    return;

  listed = item->line == 0;
  if (listed)
    describe_candidate (line, item->candidate);
  else
    describe_entry (line, item);
  adw_avatar_set_text (self->avatar, item->name);
  gtk_label_set_label (self->name, item->name);
  gtk_label_set_label (self->line, line->str);
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    {
      gboolean there = listed && item->candidate->documents[i].file != NULL;

      set_button (self->document_buttons[i], there, opens[i], item->name);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->document_buttons[i]),
                                   there ? item->candidate->documents[i].name : NULL);
    }
  set_button (self->remove_button, listed, _("Remove"), item->name);
  set_button (self->stage_button, listed && item->candidate->stage != NULL, _("Stage"), item->name);
  if (listed && item->candidate->stage != NULL)
    gtk_label_set_label (self->stage, item->candidate->stage);

  if (listed && item->candidate->stage != NULL)
    spoken = g_strdup_printf ("%s, %s, %s", item->name, item->candidate->stage, line->str);
  else
    spoken = g_strdup_printf ("%s, %s", item->name, line->str);
  if (parent != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (parent), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

void
assay_imported_row_set_stages (AssayImportedRow *self, GMenuModel *menu)
{
  g_return_if_fail (ASSAY_IS_IMPORTED_ROW (self));

  gtk_menu_button_set_menu_model (self->stage_button, menu);
}

AssayImportedItem *
assay_imported_row_get (AssayImportedRow *self)
{
  g_return_val_if_fail (ASSAY_IS_IMPORTED_ROW (self), NULL);

  return self->item;
}

static void
document_clicked_cb (AssayImportedRow *self, GtkButton *button)
{
  for (int i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    if (self->document_buttons[i] == button)
      g_signal_emit (self, signals[OPEN], 0, i);
}

static void
remove_clicked_cb (AssayImportedRow *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

static void
assay_imported_row_dispose (GObject *object)
{
  AssayImportedRow *self = ASSAY_IMPORTED_ROW (object);

  g_clear_object (&self->item);

  G_OBJECT_CLASS (assay_imported_row_parent_class)->dispose (object);
}

static void
assay_imported_row_class_init (AssayImportedRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_imported_row_dispose;

  signals[OPEN] = g_signal_new ("open", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_INT);
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
assay_imported_row_init (AssayImportedRow *self)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  const char *const labels[] = { _("CV"), _("Profile") };

  self->avatar = g_object_new (ADW_TYPE_AVATAR, "size", AVATAR_SIZE, "show-initials", TRUE, "valign",
                               GTK_ALIGN_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  self->name = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  self->line = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, "wrap-mode", PANGO_WRAP_WORD_CHAR,
                             "lines", 3, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self->line), "dim-label");
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->name));
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->line));
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->avatar));
  gtk_box_append (GTK_BOX (content), lines);

  /* Below the words, since a narrow row has no room beside them. */
  self->stage_button = g_object_new (GTK_TYPE_MENU_BUTTON, "halign", GTK_ALIGN_START, "tooltip-text", _("Stage"),
                                     "always-show-arrow", TRUE, "margin-top", 4, NULL);
  self->stage = g_object_new (GTK_TYPE_LABEL, "ellipsize", PANGO_ELLIPSIZE_END, "max-width-chars", 24, NULL);
  gtk_menu_button_set_child (self->stage_button, GTK_WIDGET (self->stage));
  /* The class is a button's, and a menu button is what holds one. */
  gtk_widget_add_css_class (gtk_widget_get_first_child (GTK_WIDGET (self->stage_button)), "small");
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->stage_button));
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    {
      self->document_buttons[i] = GTK_BUTTON (gtk_button_new_with_label (labels[i]));
      gtk_widget_add_css_class (GTK_WIDGET (self->document_buttons[i]), "small");
      gtk_widget_set_valign (GTK_WIDGET (self->document_buttons[i]), GTK_ALIGN_CENTER);
      g_signal_connect_swapped (self->document_buttons[i], "clicked", G_CALLBACK (document_clicked_cb), self);
      gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->document_buttons[i]));
    }
  self->remove_button = GTK_BUTTON (gtk_button_new_from_icon_name ("user-trash-symbolic"));
  gtk_widget_add_css_class (GTK_WIDGET (self->remove_button), "flat");
  gtk_widget_set_valign (GTK_WIDGET (self->remove_button), GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->remove_button), _("Remove"));
  g_signal_connect_swapped (self->remove_button, "clicked", G_CALLBACK (remove_clicked_cb), self);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->remove_button));

  gtk_widget_add_css_class (content, "verdict");
  adw_bin_set_child (ADW_BIN (self), content);
}

GtkWidget *
assay_imported_row_new (void)
{
  return g_object_new (ASSAY_TYPE_IMPORTED_ROW, NULL);
}
