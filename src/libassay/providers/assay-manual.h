/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider without an API: its assessments are public links that a person named, and nothing is sent. */
#pragma once

#include "assay-provider.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_MANUAL (assay_manual_get_type ())
G_DECLARE_FINAL_TYPE (AssayManual, assay_manual, ASSAY, MANUAL, GObject)

/* What such a connection can. */
#define ASSAY_MANUAL_CAPABILITIES \
  (ASSAY_CAN_EDIT_INVITEE | ASSAY_NEEDS_HAND_ENTRY | ASSAY_NEEDS_HAND_DELIVERY)

/* The connector, from the setting "assessments" (see assay_links_parse()). */
GObject *assay_manual_create (const AssayConnectorDescription *description,
                              const AssayConnectorContext     *context,
                              GError                         **error);

G_END_DECLS
