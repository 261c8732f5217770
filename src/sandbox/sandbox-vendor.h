/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a played vendor has to do. A new vendor is one new file that implements this interface, and one
 * line in main.c that makes a server for it; ports, faults, pace, the ledger and the company are
 * common to all. */

#pragma once

#include <gio/gio.h>

#include "sandbox-json.h"
#include "sandbox-request.h"

G_BEGIN_DECLS

#define SANDBOX_TYPE_VENDOR (sandbox_vendor_get_type ())
G_DECLARE_INTERFACE (SandboxVendor, sandbox_vendor, SANDBOX, VENDOR, GObject)

struct _SandboxVendorInterface
{
  GTypeInterface parent_iface;

  /* The kind of connection this is to a client, and its name in the ledger and in faults. */
  const char *(*get_kind)       (SandboxVendor  *self);
  /* What the request asks for, by method and path alone, as faults and the ledger name it. Never
   * %NULL; `unknown` for an address that the vendor doesn't have. */
  char       *(*dup_operation)  (SandboxVendor  *self,
                                 SandboxRequest *request);
  /* Answers. The status is 0 before; every path must set one through sandbox_request_answer(). */
  void        (*handle)         (SandboxVendor  *self,
                                 SandboxRequest *request);
  /* Answers with this vendor's own body for a failure: 401, 403, 404, 429, 500 … */
  void        (*answer_failure) (SandboxVendor  *self,
                                 SandboxRequest *request,
                                 guint           status);
  /* The server took a port. @origin is `http://127.0.0.1:PORT`. */
  void        (*mount)          (SandboxVendor  *self,
                                 const char     *origin);
  /* Writes the object that a client connects with (kind, name, settings, secrets). %NULL where
   * nobody connects to it. */
  void        (*describe)       (SandboxVendor  *self,
                                 SandboxJson    *json);
  /* What the control sets of this vendor alone; it leaves out what it doesn't know. %NULL where there is
   * nothing to set. */
  void        (*configure)      (SandboxVendor  *self,
                                 JsonObject     *settings);
};

const char *sandbox_vendor_get_kind       (SandboxVendor  *self);
char       *sandbox_vendor_dup_operation  (SandboxVendor  *self,
                                           SandboxRequest *request);
void        sandbox_vendor_handle         (SandboxVendor  *self,
                                           SandboxRequest *request);
void        sandbox_vendor_answer_failure (SandboxVendor  *self,
                                           SandboxRequest *request,
                                           guint           status);
void        sandbox_vendor_mount          (SandboxVendor  *self,
                                           const char     *origin);
/* Returns: %FALSE, and nothing written, where nobody connects to it. */
gboolean    sandbox_vendor_describe       (SandboxVendor  *self,
                                           SandboxJson    *json);
void        sandbox_vendor_configure      (SandboxVendor  *self,
                                           JsonObject     *settings);

/* For describe(), where one secret is all that it takes: the base address is @path below @origin, @settings (nullable) are
 * further names and values in turn, ended by %NULL. */
void        sandbox_vendor_write_connection (SandboxJson       *json,
                                             const char        *kind,
                                             const char        *name,
                                             const char        *origin,
                                             const char        *path,
                                             const char *const *settings,
                                             const char        *secret,
                                             const char        *key);

G_END_DECLS
