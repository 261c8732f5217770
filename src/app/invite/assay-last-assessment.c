/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which assessment was sent last. */
#include "config.h"

#include "assay-last-assessment.h"

#include "assay-model.h"

#define SETTING "last-assessment-for-job"
/* Beside the jobs' ids: the one that was sent last for whatever job. */
#define LAST_OF_ALL "last"

static gint64
look_up (GVariant *all, const char *key)
{
  const char *value;
  gint64 id;

  if (g_variant_lookup (all, key, "&s", &value) && assay_id_parse (value, ASSAY_ID_ASSESSMENT, &id))
    return id;
  return 0;
}

gint64
assay_last_assessment_get (GSettings *settings, gint64 job_id)
{
  g_autoptr (GVariant) all = NULL;
  g_autofree char *job = NULL;
  gint64 id;

  if (settings == NULL)
    return 0;
  all = g_settings_get_value (settings, SETTING);
  job = assay_id_format (ASSAY_ID_JOB, job_id);
  id = look_up (all, job);
  return id != 0 ? id : look_up (all, LAST_OF_ALL);
}

void
assay_last_assessment_set (GSettings *settings, gint64 job_id, gint64 assessment_id)
{
  g_autoptr (GVariant) all = NULL;
  g_autofree char *job = NULL;
  g_autofree char *value = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *key;
  const char *last;

  if (settings == NULL)
    return;
  all = g_settings_get_value (settings, SETTING);
  job = assay_id_format (ASSAY_ID_JOB, job_id);
  value = assay_id_format (ASSAY_ID_ASSESSMENT, assessment_id);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &last))
    if (!g_str_equal (key, job) && !g_str_equal (key, LAST_OF_ALL))
      g_variant_builder_add (&builder, "{ss}", key, last);
  if (job_id != 0)
    g_variant_builder_add (&builder, "{ss}", job, value);
  g_variant_builder_add (&builder, "{ss}", LAST_OF_ALL, value);
  g_settings_set_value (settings, SETTING, g_variant_builder_end (&builder));
}
