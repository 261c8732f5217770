/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Misfortune on request: which requests go wrong next, and how. */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "sandbox-json.h"

G_BEGIN_DECLS

typedef enum
{
  SANDBOX_FAULT_STATUS,             /* `status:NNN`: the vendor's own body for that status */
  SANDBOX_FAULT_RETRY_AFTER,        /* `retry-after:SECONDS`: 429 with that header */
  SANDBOX_FAULT_RETRY_AFTER_DATE,   /* `retry-after-date:SECONDS`: the same as an HTTP date */
  SANDBOX_FAULT_DROP_BEFORE,        /* `drop-before`: the socket closes, nothing happens */
  SANDBOX_FAULT_DROP_AFTER,         /* `drop-after`: it happens, then the socket closes */
  SANDBOX_FAULT_TRUNCATE,           /* `truncate`: it happens; half the body comes, then the end */
  SANDBOX_FAULT_TRUNCATE_CHUNKED,   /* `truncate-chunked`: the same without the last chunk */
  SANDBOX_FAULT_HTML,               /* `html`: 200 with a page, as from a portal */
  SANDBOX_FAULT_EMPTY,              /* `empty`: 200 without a body */
  SANDBOX_FAULT_REDIRECT,           /* `redirect:URL`: 302, or the member `status` */
  SANDBOX_FAULT_STALL,              /* `stall`: no answer until the client leaves */
  SANDBOX_FAULT_SLOW,               /* `slow`: it happens; one byte each 200 ms */
  SANDBOX_FAULT_DELAY,              /* `delay:SECONDS`: it happens; the answer comes late */
  SANDBOX_FAULT_DEEP,               /* `deep`: 160 KB of opening brackets */
  SANDBOX_FAULT_ENDLESS,            /* `huge`: a body without end */
  SANDBOX_FAULT_WRONG_TYPE          /* `wrong-type`: it happens; numbers where strings are due */
} SandboxFaultKind;

typedef struct
{
  char            *vendor;          /* (nullable): any */
  char            *operation;       /* (nullable): any */
  SandboxFaultKind kind;
  char            *text;            /* as it was asked for */
  guint            status;
  double           amount;          /* seconds */
  char            *url;             /* (nullable) */
  guint            after;           /* requests that go well before */
  guint            times;           /* requests left; 0: no limit */
  gint64           until;           /* monotonic, 0: no limit */
  gboolean         effect;          /* the request takes effect before it goes wrong */
} SandboxFault;

typedef struct _SandboxFaults SandboxFaults;

SandboxFaults *sandbox_faults_new   (void);
void           sandbox_faults_free  (SandboxFaults  *self);

/* Reads one fault as the control takes it. Returns: %FALSE with @error where it is wrong. */
gboolean       sandbox_faults_add   (SandboxFaults  *self,
                                     JsonObject     *object,
                                     GError        **error);
void           sandbox_faults_clear (SandboxFaults  *self);
void           sandbox_faults_write (SandboxFaults  *self,
                                     SandboxJson    *json);
/* (nullable) (transfer full): the oldest fault that fits, counted down */
SandboxFault  *sandbox_faults_take  (SandboxFaults  *self,
                                     const char     *vendor,
                                     const char     *operation);
void           sandbox_fault_free   (SandboxFault   *fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxFaults, sandbox_faults_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxFault, sandbox_fault_free)

G_END_DECLS
