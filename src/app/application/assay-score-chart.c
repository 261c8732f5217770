/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named scores as thin bars. */
#include "config.h"

#include "assay-score-chart.h"

#include <glib/gi18n.h>

struct _AssayScoreChart
{
  AdwBin parent_instance;

  GtkListBox *list;
  GtkSizeGroup *values;
};

/* The widgets of a row; they belong to it. */
typedef struct
{
  GtkLabel *name;
  GtkProgressBar *bar;
  GtkLabel *value;
} Cells;

G_DEFINE_FINAL_TYPE (AssayScoreChart, assay_score_chart, ADW_TYPE_BIN)

static GtkWidget *
make_row (AssayScoreChart *self)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *halves = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *numbers = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  Cells *cells = g_new0 (Cells, 1);

  cells->name = g_object_new (GTK_TYPE_LABEL,
                              "xalign", 0.0f,
                              "wrap", TRUE,
                              "wrap-mode", PANGO_WRAP_WORD_CHAR,
                              NULL);
  cells->bar = g_object_new (GTK_TYPE_PROGRESS_BAR,
                             "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             "hexpand", TRUE,
                             "valign", GTK_ALIGN_CENTER,
                             NULL);
  cells->value = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0f, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (cells->bar), "score");
  gtk_widget_add_css_class (GTK_WIDGET (cells->value), "numeric");
  gtk_size_group_add_widget (self->values, GTK_WIDGET (cells->value));

  /* So the bars begin below each other, however long the names are. */
  gtk_box_set_homogeneous (GTK_BOX (halves), TRUE);
  gtk_box_append (GTK_BOX (halves), GTK_WIDGET (cells->name));
  gtk_box_append (GTK_BOX (halves), numbers);
  gtk_box_append (GTK_BOX (numbers), GTK_WIDGET (cells->bar));
  gtk_box_append (GTK_BOX (numbers), GTK_WIDGET (cells->value));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), halves);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  g_object_set_data_full (G_OBJECT (row), "assay-cells", cells, g_free);

  return row;
}

static void
update_row (GtkListBoxRow *row, const AssayScore *score)
{
  Cells *cells = g_object_get_data (G_OBJECT (row), "assay-cells");
  const char *name = score->name != NULL ? score->name : _("Overall");
  g_autofree char *value = assay_score_format (score);
  double fraction = assay_score_get_fraction (score);
  /* Translators: the name of a score and the score, as a screen reader reads them: "Logic, 3 / 5" */
  g_autofree char *spoken = g_strdup_printf (_("%s, %s"), name, value);

  gtk_label_set_label (cells->name, name);
  gtk_label_set_label (cells->value, value);
  /* It keeps its place, so that the numbers stand below each other. */
  gtk_widget_set_opacity (GTK_WIDGET (cells->bar), fraction >= 0 ? 1 : 0);
  gtk_progress_bar_set_fraction (cells->bar, CLAMP (fraction, 0, 1));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

void
assay_score_chart_set_scores (AssayScoreChart *self, GPtrArray *scores)
{
  GtkListBoxRow *row;

  g_return_if_fail (ASSAY_IS_SCORE_CHART (self));
  g_return_if_fail (scores != NULL);

  for (guint i = 0; i < scores->len; i++)
    {
      row = gtk_list_box_get_row_at_index (self->list, (int) i);
      if (row == NULL)
        {
          row = GTK_LIST_BOX_ROW (make_row (self));
          gtk_list_box_append (self->list, GTK_WIDGET (row));
        }
      update_row (row, g_ptr_array_index (scores, i));
    }
  while ((row = gtk_list_box_get_row_at_index (self->list, (int) scores->len)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

static void
assay_score_chart_dispose (GObject *object)
{
  AssayScoreChart *self = ASSAY_SCORE_CHART (object);

  g_clear_object (&self->values);

  G_OBJECT_CLASS (assay_score_chart_parent_class)->dispose (object);
}

static void
assay_score_chart_class_init (AssayScoreChartClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_score_chart_dispose;
}

static void
assay_score_chart_init (AssayScoreChart *self)
{
  self->values = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "scores");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Scores"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}
