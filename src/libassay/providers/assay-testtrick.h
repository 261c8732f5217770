/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestTrick (testtrick.com), an assessment provider. */
#pragma once

#include "assay-provider.h"

G_BEGIN_DECLS

extern const AssayConnectorDescription assay_testtrick_description;

G_END_DECLS
