/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key and the permissions of a connection, ticked one by one as they are known. */
#pragma once

#include <adwaita.h>

#include "assay-connector.h"
#include "assay-doctor.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CHECK_LIST (assay_check_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayCheckList, assay_check_list, ASSAY, CHECK_LIST, AdwBin)

/* A check begins: all lines wait, the first is being looked at. */
void assay_check_list_begin (AssayCheckList                  *self,
                             const AssayConnectorDescription *description);

/* Ticks what @probe, which goes on, has been answered so far; see #AssayProbeProgress. */
void assay_check_list_tick (AssayCheckList   *self,
                            const AssayProbe *probe);

/* Ticks all that @probe found, and adds what else of @findings (nullable) (element-type AssayFinding) isn't in order. */
void assay_check_list_show (AssayCheckList   *self,
                            const AssayProbe *probe,
                            GPtrArray        *findings);

/* Nothing could be found out, or nobody waits for it any more. */
void assay_check_list_stop (AssayCheckList *self);

G_END_DECLS
