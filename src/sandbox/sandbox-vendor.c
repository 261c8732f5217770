/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a played vendor has to do. */

#include "config.h"

#include "sandbox-vendor.h"

G_DEFINE_INTERFACE (SandboxVendor, sandbox_vendor, G_TYPE_OBJECT)

static void
sandbox_vendor_default_init (SandboxVendorInterface *iface)
{
}

const char *
sandbox_vendor_get_kind (SandboxVendor *self)
{
  return SANDBOX_VENDOR_GET_IFACE (self)->get_kind (self);
}

char *
sandbox_vendor_dup_operation (SandboxVendor  *self,
                              SandboxRequest *request)
{
  return SANDBOX_VENDOR_GET_IFACE (self)->dup_operation (self, request);
}

void
sandbox_vendor_handle (SandboxVendor  *self,
                       SandboxRequest *request)
{
  SANDBOX_VENDOR_GET_IFACE (self)->handle (self, request);
}

void
sandbox_vendor_answer_failure (SandboxVendor  *self,
                               SandboxRequest *request,
                               guint           status)
{
  SANDBOX_VENDOR_GET_IFACE (self)->answer_failure (self, request, status);
}

void
sandbox_vendor_mount (SandboxVendor *self,
                      const char    *origin)
{
  if (SANDBOX_VENDOR_GET_IFACE (self)->mount != NULL)
    SANDBOX_VENDOR_GET_IFACE (self)->mount (self, origin);
}

gboolean
sandbox_vendor_describe (SandboxVendor *self,
                         SandboxJson   *json)
{
  if (SANDBOX_VENDOR_GET_IFACE (self)->describe == NULL)
    return FALSE;
  SANDBOX_VENDOR_GET_IFACE (self)->describe (self, json);
  return TRUE;
}

void
sandbox_vendor_configure (SandboxVendor *self,
                          JsonObject    *settings)
{
  if (SANDBOX_VENDOR_GET_IFACE (self)->configure != NULL)
    SANDBOX_VENDOR_GET_IFACE (self)->configure (self, settings);
}

void
sandbox_vendor_forget (SandboxVendor *self)
{
  if (SANDBOX_VENDOR_GET_IFACE (self)->forget != NULL)
    SANDBOX_VENDOR_GET_IFACE (self)->forget (self);
}

void
sandbox_vendor_write_connection (SandboxJson       *json,
                                 const char        *kind,
                                 const char        *name,
                                 const char        *origin,
                                 const char        *path,
                                 const char *const *settings,
                                 const char        *secret,
                                 const char        *key)
{
  g_autofree char *base = g_strconcat (origin, path, NULL);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "kind", kind);
  sandbox_json_member_string (json, "name", name);
  sandbox_json_key (json, "settings");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "base-url", base);
  for (; settings != NULL && settings[0] != NULL; settings += 2)
    sandbox_json_member_string (json, settings[0], settings[1]);
  sandbox_json_end_object (json);
  sandbox_json_key (json, "secrets");
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, secret, key);
  sandbox_json_end_object (json);
  sandbox_json_end_object (json);
}
