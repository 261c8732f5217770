/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Those who can be invited, or those who can't, as a list model over the service's verdicts. */
#pragma once

#include <gio/gio.h>

#include "assay-batch.h"

G_BEGIN_DECLS

/* One of them; made only while somebody looks at it. */
#define ASSAY_TYPE_VERDICT_ITEM (assay_verdict_item_get_type ())
G_DECLARE_FINAL_TYPE (AssayVerdictItem, assay_verdict_item, ASSAY, VERDICT_ITEM, GObject)

/* (transfer none): lives as long as the item */
const AssayVerdict *assay_verdict_item_get (AssayVerdictItem *self);
/* Which of all verdicts it is, ready or not. */
guint               assay_verdict_item_get_index (AssayVerdictItem *self);

/**
 * AssayVerdictList:
 *
 * Holds the number of each of its verdicts, and no object for any.
 *
 * Signals: "items-leaving" (uint position, uint removed) as of #AssayRowList.
 */
#define ASSAY_TYPE_VERDICT_LIST (assay_verdict_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayVerdictList, assay_verdict_list, ASSAY, VERDICT_LIST, GObject)

AssayVerdictList *assay_verdict_list_new (void);

/**
 * assay_verdict_list_set:
 * @self: a list
 * @verdicts: (element-type AssayVerdict) (nullable): all of them; not to be changed any more
 * @ready: whether those who are ready are shown; else the others
 */
void assay_verdict_list_set (AssayVerdictList *self, GPtrArray *verdicts, gboolean ready);

G_END_DECLS
