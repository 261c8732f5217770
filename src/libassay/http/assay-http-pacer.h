/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pace that all channels of one account share, and whose turn it is. Internal to http/.
 *
 * A vendor counts the requests of an account, not those of an object here: a connection that is tested, or changed, gets
 * new channels while those before still have something to do, and what was learned of the vendor's limit stays true. */
#pragma once

#include "assay-http-private.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_HTTP_PACER (assay_http_pacer_get_type ())
G_DECLARE_FINAL_TYPE (AssayHttpPacer, assay_http_pacer, ASSAY, HTTP_PACER, GObject)

/* (transfer full): belongs to the main context of this thread */
AssayHttpPacer  *assay_http_pacer_new (const AssayHttpPace *pace);
/* (transfer none) */
GMainContext    *assay_http_pacer_get_context (AssayHttpPacer *self);
/* (transfer none): it may be read, and told of requests that end and of pauses */
AssayHttpBucket *assay_http_pacer_get_bucket (AssayHttpPacer *self);
/* Neither holds the other's reference: a channel that goes away removes itself, and keeps its pacer until then. */
void             assay_http_pacer_add (AssayHttpPacer *self, AssayHttpChannel *channel);
void             assay_http_pacer_remove (AssayHttpPacer *self, AssayHttpChannel *channel);
/* (transfer full) (element-type AssayHttpChannel) */
GPtrArray       *assay_http_pacer_list (AssayHttpPacer *self);
/* Starts what may start now, of all channels. */
void             assay_http_pacer_dispatch (AssayHttpPacer *self);

/* The pacer of @account, the same for all who ask with the same name in the same main context; (transfer none) */
AssayHttpPacer  *assay_http_get_pacer (AssayHttp *self, const char *account, const AssayHttpPace *pace);

G_END_DECLS
