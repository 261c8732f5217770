/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of a list: there before its content is, and the same object while that changes. */
#include "config.h"

#include "assay-row-private.h"

enum
{
  PROP_ID = 1,
  PROP_LOADED,
  PROP_VALUE,
  N_PROPS,
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_TYPE (AssayRow, assay_row, G_TYPE_OBJECT)

static void
assay_row_get_property (GObject    *object,
                        guint       property_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  AssayRow *self = ASSAY_ROW (object);

  switch (property_id)
    {
    case PROP_ID:
      g_value_set_int64 (value, self->id);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, assay_row_is_loaded (self));
      break;
    case PROP_VALUE:
      g_value_set_pointer (value, self->application != NULL ? (gpointer) self->application : self->invitation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
      break;
    }
}

static void
assay_row_finalize (GObject *object)
{
  AssayRow *self = ASSAY_ROW (object);

  if (self->registry != NULL)
    {
      g_hash_table_remove (self->registry, &self->id);
      g_hash_table_unref (self->registry);
    }
  assay_application_free (self->application);
  assay_invitation_free (self->invitation);

  G_OBJECT_CLASS (assay_row_parent_class)->finalize (object);
}

static void
assay_row_class_init (AssayRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = assay_row_get_property;
  object_class->finalize = assay_row_finalize;

  properties[PROP_ID] = g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LOADED] =
    g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_VALUE] =
    g_param_spec_pointer ("value", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] =
    g_signal_new ("changed", ASSAY_TYPE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_row_init (AssayRow *self)
{
}

gint64
assay_row_get_id (AssayRow *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW (self), 0);
  return self->id;
}

gboolean
assay_row_is_loaded (AssayRow *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW (self), FALSE);
  return self->application != NULL || self->invitation != NULL;
}

const AssayApplication *
assay_row_get_application (AssayRow *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW (self), NULL);
  return self->application;
}

const AssayInvitation *
assay_row_get_invitation (AssayRow *self)
{
  g_return_val_if_fail (ASSAY_IS_ROW (self), NULL);
  return self->invitation;
}

void
assay_row_fill (AssayRow     *self,
                AssayRowKind  kind,
                gpointer      value,
                guint64       serial)
{
  gboolean was_loaded = assay_row_is_loaded (self);

  if (serial < self->serial)
    {
      if (kind == ASSAY_ROW_APPLICATION)
        assay_application_free (value);
      else
        assay_invitation_free (value);
      return;
    }

  self->serial = serial;
  self->requested = TRUE;
  if (kind == ASSAY_ROW_APPLICATION)
    {
      assay_application_free (self->application);
      self->application = value;
    }
  else
    {
      assay_invitation_free (self->invitation);
      self->invitation = value;
    }

  g_object_ref (self);
  if (!was_loaded)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
  g_signal_emit (self, signals[CHANGED], 0);
  g_object_unref (self);
}
