/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every connector to a vendor's API stands on, of an ATS or of a provider: the channel to its vendor, and calls
 * that ask once or more often and end with what the last answer said. */
#pragma once

#include "assay-connector.h"
#include "assay-http.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_CONNECTOR_BASE (assay_connector_base_get_type ())
G_DECLARE_DERIVABLE_TYPE (AssayConnectorBase, assay_connector_base, ASSAY, CONNECTOR_BASE, GObject)

/**
 * AssayConnectorBaseClass:
 * @judge_invitation: (nullable): what the error means that an invitation ends with; returns the one to hand on
 *   (transfer full), which it is given (transfer full)
 */
struct _AssayConnectorBaseClass
{
  GObjectClass parent_class;

  GError *(*judge_invitation) (GTask *task, GError *error);
};

/**
 * assay_connector_base_new:
 * @type: a subclass
 * @description: its kind
 * @error: return location for %ASSAY_ERROR_INVALID, if there is no base address
 *
 * Returns: (transfer full) (nullable): a connector of @type, with a channel that has no credential yet
 */
gpointer assay_connector_base_new (GType                             type,
                                   const AssayConnectorDescription  *description,
                                   const AssayConnectorContext      *context,
                                   GError                          **error);

/* As assay_connector_base_new(), for a system that sentences call @vendor instead of by its kind's name. */
gpointer assay_connector_base_new_named (GType                             type,
                                         const AssayConnectorDescription  *description,
                                         const AssayConnectorContext      *context,
                                         const char                       *vendor,
                                         GError                          **error);

/* @self: an #AssayConnectorBase, here and below */
const AssayConnectorDescription *assay_connector_base_get_description (gpointer self);
/* Whom sentences speak of. */
const char                      *assay_connector_base_get_vendor (gpointer self);
/* What the paths of requests are below. */
const char                      *assay_connector_base_get_base_url (gpointer self);
/* (transfer none) */
AssayHttpChannel                *assay_connector_base_get_channel (gpointer self);

/**
 * AssayConnectorCall:
 * @read: reads an answer and returns what the call ends with (transfer full), NULL with @error, or NULL without one for
 *   "there is none". If it asks further on @task, its NULL ends nothing
 * @free_value: frees what @read returns; NULL for a call that returns whether something is done: then what @read
 *   returns is TRUE or FALSE
 * @judge: (nullable): what it means that there is no good answer: returns the error to hand on (transfer full), which
 *   it is given (transfer full); NULL for "there is none", or if it asks further on @task
 * @reads_missing: whether @read takes what isn't there (404), or what @judge says is none, for an answer, with a NULL
 *   root
 * @unstoppable: whether it is asked even when the caller has given up by then
 * @is_download: whether the answer is a file: then the call ends with its #GBytes, and there is nothing to @read
 * @invites: of a provider: whether this is an invitation: a refusal is told apart from a duplicate, and a good answer
 *   that @read finds to be %ASSAY_ERROR_BAD_RESPONSE is unsure, since it may well have been sent
 *
 * What is to be made of an answer. Constant data.
 */
typedef struct
{
  gpointer (*read) (GTask *task, JsonNode *root, GError **error);
  GDestroyNotify free_value;
  GError *(*judge) (GTask *task, GError *error);
  gboolean reads_missing;
  gboolean unstoppable;
  gboolean is_download;
  gboolean invites;
} AssayConnectorCall;

/* (transfer full): of an interface's function, with @self as its source; @tag is that function. */
#define assay_connector_base_begin(self, tag, cancellable, callback, user_data) \
  assay_connector_base_begin_tagged ((self), (gpointer) (tag), (cancellable), (callback), (user_data))
GTask *assay_connector_base_begin_tagged (gpointer             self,
                                          gpointer             tag,
                                          GCancellable        *cancellable,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);

/* As assay_connector_base_begin(), for a call that changes something: what came of a request on the wire is told even
 * when the caller has given up. */
#define assay_connector_base_begin_write(self, tag, cancellable, callback, user_data) \
  assay_connector_base_begin_write_tagged ((self), (gpointer) (tag), (cancellable), (callback), (user_data))
GTask *assay_connector_base_begin_write_tagged (gpointer             self,
                                                gpointer             tag,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);

/**
 * assay_connector_base_ask:
 * @task: of an #AssayConnectorBase; it ends when the answer is there and nothing further was asked
 * @call: what is made of the answer
 * @request: (transfer full)
 *
 * Sends @request and has its answer read. An invitation is seen to its end even when the caller has given up by then:
 * what came of a request on the wire must be learned.
 */
void assay_connector_base_ask (GTask                    *task,
                               const AssayConnectorCall *call,
                               AssayHttpRequest         *request);

/* Whether something was asked on @task whose answer isn't there yet. */
gboolean assay_connector_base_is_asking (GTask *task);
/* For what asks by other means than assay_connector_base_ask(). */
void     assay_connector_base_set_asking (GTask *task, gboolean asking);

/* An #AssayConnectorCall's read, without a @free_value: any good answer says that it is done. */
gpointer assay_connector_base_read_done (GTask *task, JsonNode *root, GError **error);

/* An #AssayConnectorCall's judge: what isn't there is none, and no failure. */
GError *assay_connector_base_missing_is_none (GTask *task, GError *error);

/* (transfer full): a request whose answer is JSON */
AssayHttpRequest *assay_connector_base_new_request (AssayHttpKind  kind,
                                                    const char    *method,
                                                    const char    *path);

G_END_DECLS
