/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "assay-http-private.h"
#include "hostile-server.h"
int main (void) { return 0; }
