/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a pane shows in place of its content. */
#include "config.h"

#include "assay-state-page.h"

#include "assay-error.h"
#include "assay-format.h"

struct _AssayStatePage
{
  AdwBin parent_instance;

  AdwStatusPage *page;
  GtkButton *button;
  GtkExpander *details;
  GtkLabel *details_label;

  char *description;
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
set_description (AssayStatePage *self, const char *description)
{
  g_autofree char *markup = assay_format_markup (description);

  g_free (self->description);
  self->description = g_strdup (description);
  adw_status_page_set_description (self->page, markup);
}

void
assay_state_page_set_text (AssayStatePage *self, const char *title, const char *description)
{
  g_return_if_fail (ASSAY_IS_STATE_PAGE (self));

  adw_status_page_set_title (self->page, title);
  set_description (self, description);
  gtk_widget_set_visible (GTK_WIDGET (self->details), FALSE);
}

void
assay_state_page_set_error (AssayStatePage *self, const GError *error)
{
  const char *detail;

  g_return_if_fail (ASSAY_IS_STATE_PAGE (self));

  detail = error != NULL ? assay_error_get_vendor_detail (error) : NULL;
  set_description (self, error != NULL ? error->message : NULL);
  gtk_label_set_label (self->details_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details), detail != NULL);
}

static void
assay_state_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (object);

  switch ((AssayStatePageProperty) id)
    {
    case PROP_ICON_NAME:
      g_value_set_string (value, adw_status_page_get_icon_name (self->page));
      break;
    case PROP_TITLE:
      g_value_set_string (value, adw_status_page_get_title (self->page));
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, gtk_button_get_label (self->button));
      break;
    case PROP_ACTION_NAME:
      g_value_set_string (value, gtk_actionable_get_action_name (GTK_ACTIONABLE (self->button)));
      break;
    case PROP_ACTION_TARGET:
      g_value_set_variant (value, gtk_actionable_get_action_target_value (GTK_ACTIONABLE (self->button)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_state_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (object);
  const char *text;

  switch ((AssayStatePageProperty) id)
    {
    case PROP_ICON_NAME:
      adw_status_page_set_icon_name (self->page, g_value_get_string (value));
      break;
    case PROP_TITLE:
      adw_status_page_set_title (self->page, g_value_get_string (value));
      break;
    case PROP_DESCRIPTION:
      set_description (self, g_value_get_string (value));
      break;
    case PROP_BUTTON_LABEL:
      text = g_value_get_string (value);
      gtk_widget_set_visible (GTK_WIDGET (self->button), text != NULL);
      gtk_button_set_label (self->button, text != NULL ? text : "");
      break;
    case PROP_ACTION_NAME:
      gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), g_value_get_string (value));
      break;
    case PROP_ACTION_TARGET:
      gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->button), g_value_get_variant (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
assay_state_page_finalize (GObject *object)
{
  AssayStatePage *self = ASSAY_STATE_PAGE (object);

  g_free (self->description);

  G_OBJECT_CLASS (assay_state_page_parent_class)->finalize (object);
}

static void
assay_state_page_class_init (AssayStatePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

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

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/assayapp/Assay/assay-state-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayStatePage, page);
  gtk_widget_class_bind_template_child (widget_class, AssayStatePage, button);
  gtk_widget_class_bind_template_child (widget_class, AssayStatePage, details);
  gtk_widget_class_bind_template_child (widget_class, AssayStatePage, details_label);
}

static void
assay_state_page_init (AssayStatePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
assay_state_page_new (void)
{
  return g_object_new (ASSAY_TYPE_STATE_PAGE, NULL);
}
