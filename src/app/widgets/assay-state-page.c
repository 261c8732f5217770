/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a pane shows in place of its content. */
#include "config.h"

#include "assay-state-page.h"

#include "assay-error.h"
#include "assay-format.h"

struct _AssayStatePage
{
  AdwBin parent_instance;

  /* (nullable) like the three below it, before it is shown: most of these pages never are */
  AdwStatusPage *page;
  GtkButton *button;
  GtkExpander *details;
  GtkLabel *details_label;

  char *icon_name;
  char *title;
  char *description;
  char *detail;           /* the vendor's own words */
  char *button_label;
  char *action_name;
  GVariant *action_target;
};

typedef enum
{
  PROP_ICON_NAME = 1,
  PROP_TITLE,
  PROP_DESCRIPTION,
  PROP_BUTTON_LABEL,
  PROP_ACTION_NAME,
  PROP_ACTION_TARGET,
} AssayStatePageProperty;

static GParamSpec *properties[PROP_ACTION_TARGET + 1];

G_DEFINE_FINAL_TYPE (AssayStatePage, assay_state_page, ADW_TYPE_BIN)

static void
update (AssayStatePage *self)
{
  g_autofree char *markup = NULL;

  if (self->page == NULL)
    return;

  markup = assay_format_markup (self->description);
  adw_status_page_set_icon_name (self->page, self->icon_name);
  adw_status_page_set_title (self->page, self->title != NULL ? self->title : "");
  adw_status_page_set_description (self->page, markup);
  gtk_widget_set_visible (GTK_WIDGET (self->button), self->button_label != NULL);
  gtk_button_set_label (self->button, self->button_label != NULL ? self->button_label : "");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->button), self->action_target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), self->action_name);
  gtk_widget_set_visible (GTK_WIDGET (self->details), self->detail != NULL);
  gtk_label_set_label (self->details_label, self->detail != NULL ? self->detail : "");
}

static void
make_content (AssayStatePage *self)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/io/github/assayapp/Assay/assay-state-page.ui");

  self->page = ADW_STATUS_PAGE (gtk_builder_get_object (builder, "page"));
  self->button = GTK_BUTTON (gtk_builder_get_object (builder, "button"));
  self->details = GTK_EXPANDER (gtk_builder_get_object (builder, "details"));
  self->details_label = GTK_LABEL (gtk_builder_get_object (builder, "details_label"));
  update (self);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->page));
}

static void
set_string (char **place, const char *value)
{
  g_free (*place);
  *place = g_strdup (value);
}

void
assay_state_page_set_text (AssayStatePage *self, const char *title, const char *description)
{
  g_return_if_fail (ASSAY_IS_STATE_PAGE (self));

  set_string (&self->title, title);
  set_string (&self->description, description);
  set_string (&self->detail, NULL);
  update (self);
}

void
assay_state_page_set_error (AssayStatePage *self, const GError *error)
{
  g_return_if_fail (ASSAY_IS_STATE_PAGE (self));

  set_string (&self->description, error != NULL ? error->message : NULL);
  set_string (&self->detail, error != NULL ? assay_error_get_vendor_detail (error) : NULL);
  update (self);
}

static void
assay_state_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (object);

  switch ((AssayStatePageProperty) id)
    {
    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, self->button_label);
      break;
    case PROP_ACTION_NAME:
      g_value_set_string (value, self->action_name);
      break;
    case PROP_ACTION_TARGET:
      g_value_set_variant (value, self->action_target);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_state_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (object);

  switch ((AssayStatePageProperty) id)
    {
    case PROP_ICON_NAME:
      set_string (&self->icon_name, g_value_get_string (value));
      break;
    case PROP_TITLE:
      set_string (&self->title, g_value_get_string (value));
      break;
    case PROP_DESCRIPTION:
      set_string (&self->description, g_value_get_string (value));
      break;
    case PROP_BUTTON_LABEL:
      set_string (&self->button_label, g_value_get_string (value));
      break;
    case PROP_ACTION_NAME:
      set_string (&self->action_name, g_value_get_string (value));
      break;
    case PROP_ACTION_TARGET:
      g_clear_pointer (&self->action_target, g_variant_unref);
      self->action_target = g_value_dup_variant (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  update (self);
}

static void
assay_state_page_map (GtkWidget *widget)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (widget);

  if (self->page == NULL)
    make_content (self);

  GTK_WIDGET_CLASS (assay_state_page_parent_class)->map (widget);
}

static void
assay_state_page_dispose (GObject *object)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (object);

  self->page = NULL;
  self->button = NULL;
  self->details = NULL;
  self->details_label = NULL;

  G_OBJECT_CLASS (assay_state_page_parent_class)->dispose (object);
}

static void
assay_state_page_finalize (GObject *object)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (object);

  g_free (self->icon_name);
  g_free (self->title);
  g_free (self->description);
  g_free (self->detail);
  g_free (self->button_label);
  g_free (self->action_name);
  g_clear_pointer (&self->action_target, g_variant_unref);

  G_OBJECT_CLASS (assay_state_page_parent_class)->finalize (object);
}

static void
assay_state_page_class_init (AssayStatePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = assay_state_page_dispose;
  object_class->finalize = assay_state_page_finalize;
  object_class->get_property = assay_state_page_get_property;
  object_class->set_property = assay_state_page_set_property;

  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  properties[PROP_BUTTON_LABEL] = g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  properties[PROP_ACTION_NAME] = g_param_spec_string ("action-name", NULL, NULL, NULL, flags);
  properties[PROP_ACTION_TARGET] = g_param_spec_variant ("action-target", NULL, NULL, G_VARIANT_TYPE_ANY,
                                                         NULL, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  widget_class->map = assay_state_page_map;
}

static void
assay_state_page_init (AssayStatePage *self)
{
}

GtkWidget *
assay_state_page_new (void)
{
  return g_object_new (ASSAY_TYPE_STATE_PAGE, NULL);
}
