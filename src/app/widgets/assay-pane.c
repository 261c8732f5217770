/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pane of the window, whose width doesn't depend on what is in it. */
#include "config.h"

#include "assay-pane.h"

struct _AssayPane
{
  GtkWidget parent_instance;

  GtkWidget *child;
  int preferred_width;
};

typedef enum
{
  PROP_CHILD = 1,
  PROP_PREFERRED_WIDTH,
} AssayPaneProperty;

static GParamSpec *properties[PROP_PREFERRED_WIDTH + 1];
static GtkBuildableIface *parent_buildable;

static void assay_pane_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPane, assay_pane, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, assay_pane_buildable_init))

static void
set_child (AssayPane *self, GtkWidget *child)
{
  if (self->child == child)
    return;

  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

static void
assay_pane_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    set_child (ASSAY_PANE (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
assay_pane_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = assay_pane_add_child;
}

static GtkSizeRequestMode
assay_pane_get_request_mode (GtkWidget *widget)
{
  AssayPane *self = ASSAY_PANE (widget);

  return self->child != NULL ? gtk_widget_get_request_mode (self->child) : GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
assay_pane_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  AssayPane *self = ASSAY_PANE (widget);

  if (self->child != NULL)
    gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, self->preferred_width);
}

static void
assay_pane_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AssayPane *self = ASSAY_PANE (widget);

  if (self->child != NULL)
    gtk_widget_allocate (self->child, width, height, baseline, NULL);
}

static void
assay_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AssayPane *self = ASSAY_PANE (object);

  switch ((AssayPaneProperty) id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_PREFERRED_WIDTH:
      g_value_set_int (value, self->preferred_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_pane_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AssayPane *self = ASSAY_PANE (object);

  switch ((AssayPaneProperty) id)
    {
    case PROP_CHILD:
      set_child (self, g_value_get_object (value));
      break;
    case PROP_PREFERRED_WIDTH:
      self->preferred_width = g_value_get_int (value);
      g_object_notify_by_pspec (object, pspec);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_pane_dispose (GObject *object)
{
  AssayPane *self = ASSAY_PANE (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (assay_pane_parent_class)->dispose (object);
}

static void
assay_pane_class_init (AssayPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = assay_pane_dispose;
  object_class->get_property = assay_pane_get_property;
  object_class->set_property = assay_pane_set_property;
  widget_class->get_request_mode = assay_pane_get_request_mode;
  widget_class->measure = assay_pane_measure;
  widget_class->size_allocate = assay_pane_size_allocate;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_PREFERRED_WIDTH] = g_param_spec_int ("preferred-width", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
assay_pane_init (AssayPane *self)
{
}
