/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a played vendor has to do. A new vendor NAME is one new file, sandbox-NAME.c, which implements this interface and defines
 * `const SandboxVendorType sandbox_NAME_type`, and its name in the list of meson.build. The port, the options --port, --rate and
 * --burst, faults, the ledger and the company are common to all. */

#pragma once

#include <gio/gio.h>

#include "sandbox-json.h"
#include "sandbox-ledger.h"
#include "sandbox-life.h"
#include "sandbox-request.h"
#include "sandbox-world.h"

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
  /* What the control or an option sets; it leaves out what it doesn't know. %NULL where there is nothing to
   * set. */
  void        (*configure)      (SandboxVendor  *self,
                                 JsonObject     *settings);
  /* The company is another one. %NULL where nothing is kept about it. */
  void        (*forget)         (SandboxVendor  *self);
};

typedef struct _SandboxFiles SandboxFiles;

/* Where vendors are played. All of it outlives them. */
typedef struct
{
  SandboxWorld  *world;   /* the company, and the clock */
  SandboxLife   *life;    /* where invited candidates live */
  SandboxLedger *ledger;  /* where requests and invitations are judged */
  SandboxFiles  *files;   /* where attachments lie */
} SandboxScene;

/* A vendor that can be played. */
typedef struct
{
  const char    *kind;           /* as get_kind() gives it */
  /* (transfer full) */
  SandboxVendor *(*make)         (const SandboxScene *scene);
  double         rate;           /* how many requests a second it takes unless told otherwise; 0: no limit */
  double         burst;          /* how many at once; without effect while there is no limit */
  gboolean       shows_company;  /* an ATS: its answers are dated by the world's clock, and something may happen in it at each
                                    request */
} SandboxVendorType;

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
void        sandbox_vendor_forget         (SandboxVendor  *self);

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
