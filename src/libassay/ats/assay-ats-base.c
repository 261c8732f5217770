/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ATS's connector stands on; the test of a connection is in assay-ats-probe.c. */
#include "config.h"

#include "assay-ats-base.h"

static void assay_ats_base_ats_init (AssayAtsInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (AssayAtsBase, assay_ats_base, ASSAY_TYPE_CONNECTOR_BASE,
                                  G_IMPLEMENT_INTERFACE (ASSAY_TYPE_ATS, assay_ats_base_ats_init))

static void
assay_ats_base_class_init (AssayAtsBaseClass *klass)
{
}

static void
assay_ats_base_init (AssayAtsBase *self)
{
}

static AssayProbe *
assay_ats_base_probe_finish (AssayAts      *ats,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
assay_ats_base_ats_init (AssayAtsInterface *iface)
{
  iface->probe_async = assay_ats_base_probe_async;
  iface->probe_finish = assay_ats_base_probe_finish;
}
