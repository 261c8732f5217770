/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window remembers between two starts. */
#include "config.h"

#include "assay-settings.h"

GSettings *
assay_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, ASSAY_APP_ID, TRUE);

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
