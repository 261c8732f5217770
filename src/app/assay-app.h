/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: its options, its one service, its windows. (An AssayApplication is a candidate's.) */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_APP (assay_app_get_type ())
G_DECLARE_FINAL_TYPE (AssayApp, assay_app, ASSAY, APP, AdwApplication)

AssayApp *assay_app_new (void);

G_END_DECLS
