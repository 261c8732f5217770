/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections and set-ups as files, without their secrets: to carry them to another computer, to keep them beside other
 * configuration, and to hand a set-up over to a colleague. */
#pragma once

#include "assay-connector.h"
#include "assay-draft.h"

G_BEGIN_DECLS

/* Of a set-up request: `application/x-assay-setup`, "*.assay-setup". */
#define ASSAY_SETUP_SUFFIX ".assay-setup"

/* A larger file is none of ours. */
#define ASSAY_PORTABLE_MAX_SIZE (1024 * 1024)

/**
 * assay_portable_export:
 * @connections: (element-type AssayConnection): what to write
 *
 * Returns: (transfer full): a JSON document with kind, name and settings of each. Secrets, account, state and what was
 *   read stay here.
 */
char *assay_portable_export (GPtrArray *connections);

/* What importing would do to one connection. */
typedef enum
{
  ASSAY_IMPORT_ADD,
  ASSAY_IMPORT_CHANGE,
  ASSAY_IMPORT_SAME,
} AssayImportAction;

/* A setting that would change. */
typedef struct
{
  char *name;
  char *before;   /* (nullable) */
  char *after;    /* (nullable) */
} AssayImportDifference;

typedef struct
{
  AssayImportAction action;
  const AssayConnectorDescription *description;
  char *name;
  gint64 connection_id;     /* 0 for one that is added */
  GHashTable *settings;     /* checked and cleaned: all that the connection will have */
  GPtrArray *differences;   /* (element-type AssayImportDifference), by name */
} AssayImport;

/**
 * assay_portable_compare:
 * @text: (array length=length): a document that claims to be one of assay_portable_export()'s
 * @length: how many bytes
 * @connections: (element-type AssayConnection): those that are here
 * @error: return location for %ASSAY_ERROR_INVALID
 *
 * Reads the document, which nobody trusts, and says what importing it would do. A connection is the same as one here when
 * kind and name are. Nothing is taken away: a connection that the document doesn't have stays as it is.
 *
 * Returns: (transfer full) (nullable) (element-type AssayImport): in the document's order
 */
GPtrArray *assay_portable_compare (const char *text, gsize length, GPtrArray *connections, GError **error);

/* ---- Handing a set-up over ---- */

/* (transfer full): the request as a JSON document: kind, name, step, and the settings that were typed */
char       *assay_setup_request_write (const AssayDraft *draft);
/* Reads one that a colleague sent, which nobody trusts: settings that the system hasn't are left out, and so is the
 * connection. (transfer full) (nullable): %ASSAY_ERROR_INVALID */
AssayDraft *assay_setup_request_parse (const char *text, gsize length, GError **error);
/* (transfer full) (nullable): a name for the file, as in "Pinpoint.assay-setup" */
char       *assay_setup_request_dup_file_name (const AssayDraft *draft);

G_END_DECLS
