/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row and the list that it is of know of each other, and the queries that the list runs on a reader thread. */
#pragma once

#include "assay-row-list.h"

G_BEGIN_DECLS

/* So many rows are read at once. */
#define ASSAY_ROW_PAGE 64

typedef enum
{
  ASSAY_ROW_APPLICATION,
  ASSAY_ROW_INVITATION,
} AssayRowKind;

struct _AssayRow
{
  GObject parent_instance;

  gint64 id;
  AssayApplication *application;
  AssayInvitation *invitation;
  gboolean requested;    /* a load is under way, or was */
  gboolean stale;        /* changed since it was asked for */
  guint64 serial;        /* of the request that brought the content: a slower, older one can't overwrite it */
  GHashTable *registry;  /* the list's: id → row, not owned */
  GList *link;           /* (nullable) in the list's queue of rows to keep */
};

/* Takes @value, an AssayApplication or AssayInvitation, unless what is there came by a later request. */
void assay_row_fill (AssayRow *self, AssayRowKind kind, gpointer value, guint64 serial);

/* The records of the first @limit of @ids, NULL for those that are gone. */
GPtrArray *assay_row_read_values (AssayDatabase *database, AssayRowKind kind, GArray *ids, guint limit, GError **error);

typedef struct
{
  AssayRowList *list; /* not owned: cancelled before it goes */
  AssayRowKind kind;
  AssayApplicationFilter *filter;
  int status;
  gint64 batch_id;
  guint limit;        /* 0: all */
  GArray *shown;
  gboolean hold_back;
  GArray *whole;      /* (nullable) the ATSs that were read as a whole when @shown was queried */
  guint64 serial;
} AssayRowScan;

typedef struct
{
  GArray *all;        /* what the query gives */
  GArray *shown;      /* what is to be shown of it */
  GArray *splices;
  guint held_back;
  GArray *whole;      /* (nullable) (element-type gint64) the ATSs that are read as a whole by now */
  gboolean first_reading; /* … and another one isn't yet */
  GPtrArray *values;  /* (nullable) of the first page */
  gint64 time;
} AssayRowScanResult;

/* An AssayStoreFunc over an AssayRowScan, giving an AssayRowScanResult. */
gpointer assay_row_scan_run (AssayDatabase *database, gpointer data, GError **error);
void     assay_row_scan_free (gpointer data);
void     assay_row_scan_result_free (gpointer data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRowScanResult, assay_row_scan_result_free)

G_END_DECLS
