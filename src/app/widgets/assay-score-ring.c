/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score as a ring with the number inside. */
#include "config.h"

#include "assay-score-ring.h"

#include <math.h>

#include <glib/gi18n.h>

#define FILL_MILLISECONDS 600
#define LINE_WIDTH 5.0f
#define LONG_NUMBER 5
/* As "72 / 100", for which the ring itself is larger. */
#define LONGER_NUMBER 7

struct _AssayScoreRing
{
  GtkWidget parent_instance;

  GtkLabel *label;
  AdwAnimation *animation;

  AssayScore *score;  /* (nullable) */
  double fraction;    /* what the score says, -1 without a scale */
  double shown;       /* how much of the ring is drawn now */
};

G_DEFINE_FINAL_TYPE (AssayScoreRing, assay_score_ring, GTK_TYPE_WIDGET)

static void
set_shown (double value, gpointer user_data)
{
  AssayScoreRing *self = user_data;

  self->shown = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
is_same_score (const AssayScore *a, const AssayScore *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return a->value == b->value && a->unit == b->unit &&
         (a->max == b->max || (isnan (a->max) && isnan (b->max)));
}

void
assay_score_ring_set_score (AssayScoreRing *self, const AssayScore *score)
{
  g_autofree char *number = NULL;
  g_autofree char *label = NULL;

  g_return_if_fail (ASSAY_IS_SCORE_RING (self));

  if (is_same_score (self->score, score))
    return;

  g_clear_pointer (&self->score, assay_score_free);
  self->score = score != NULL ? assay_score_copy (score) : NULL;
  gtk_widget_set_visible (GTK_WIDGET (self), score != NULL);
  if (score == NULL)
    {
      self->fraction = -1;
      self->shown = 0;
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }

  number = assay_score_format (score);
  gtk_label_set_label (self->label, number);
  /* Translators: %s is a score as in "84 %" or "17 / 20" */
  label = g_strdup_printf (_("Score: %s"), number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  if (g_utf8_strlen (number, -1) > LONG_NUMBER)
    gtk_widget_add_css_class (GTK_WIDGET (self), "long");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "long");
  if (g_utf8_strlen (number, -1) > LONGER_NUMBER)
    gtk_widget_add_css_class (GTK_WIDGET (self), "longer");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "longer");

  self->fraction = assay_score_get_fraction (score);
  adw_timed_animation_set_value_from (ADW_TIMED_ANIMATION (self->animation), self->shown);
  adw_timed_animation_set_value_to (ADW_TIMED_ANIMATION (self->animation), CLAMP (self->fraction, 0, 1));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    adw_animation_play (self->animation);
  else
    adw_animation_skip (self->animation);
}

static void
assay_score_ring_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayScoreRing *self = ASSAY_SCORE_RING (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double radius = (MIN (width, height) - LINE_WIDTH) / 2.0;
  GdkRGBA color;
  cairo_t *cr;

  if (self->score != NULL && self->fraction >= 0 && radius > 0)
    {
      gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
      cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
      cairo_set_line_width (cr, LINE_WIDTH);
      cairo_arc (cr, width / 2.0, height / 2.0, radius, 0, 2 * G_PI);
      cairo_set_source_rgba (cr, color.red, color.green, color.blue, color.alpha * 0.18);
      cairo_stroke (cr);
      if (self->shown > 0)
        {
          cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
          cairo_arc (cr, width / 2.0, height / 2.0, radius, -G_PI_2, -G_PI_2 + 2 * G_PI * self->shown);
          gdk_cairo_set_source_rgba (cr, &color);
          cairo_stroke (cr);
        }
      cairo_destroy (cr);
    }

  gtk_widget_snapshot_child (widget, GTK_WIDGET (self->label), snapshot);
}

static void
assay_score_ring_dispose (GObject *object)
{
  AssayScoreRing *self = ASSAY_SCORE_RING (object);

  g_clear_object (&self->animation);
  if (self->label != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->label));
  self->label = NULL;

  G_OBJECT_CLASS (assay_score_ring_parent_class)->dispose (object);
}

static void
assay_score_ring_finalize (GObject *object)
{
  AssayScoreRing *self = ASSAY_SCORE_RING (object);

  g_clear_pointer (&self->score, assay_score_free);

  G_OBJECT_CLASS (assay_score_ring_parent_class)->finalize (object);
}

static void
assay_score_ring_class_init (AssayScoreRingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_score_ring_dispose;
  object_class->finalize = assay_score_ring_finalize;
  widget_class->snapshot = assay_score_ring_snapshot;

  gtk_widget_class_set_css_name (widget_class, "ring");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
assay_score_ring_init (AssayScoreRing *self)
{
  AdwAnimationTarget *target = adw_callback_animation_target_new (set_shown, self, NULL);

  self->fraction = -1;
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));
  self->animation = adw_timed_animation_new (GTK_WIDGET (self), 0, 1, FILL_MILLISECONDS, target);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
assay_score_ring_new (void)
{
  return g_object_new (ASSAY_TYPE_SCORE_RING, NULL);
}
