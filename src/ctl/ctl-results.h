/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One result each for a command on several records: failures first, the exit status of the worst. */
#pragma once

#include "ctl-context.h"
#include "ctl-json.h"

G_BEGIN_DECLS

/* What became of one record. */
typedef struct
{
  gint64 application_id;  /* 0 where the command is about invitations */
  gint64 invitation_id;   /* 0 when there is none; for a duplicate the one that was there before */
  GError *error;          /* (nullable) */
  /* of one that a file names */
  guint line;             /* where, from 1; 0 for one that no file names */
  char *text;             /* (nullable) what the file says */
  GArray *repeated;       /* (nullable) (element-type guint) further lines that name the same */
} CtlResult;

typedef struct
{
  guint length;
  gboolean from_file;     /* a list even of one */
  CtlResult *items;
} CtlResults;

CtlResults *ctl_results_new (guint length);
void        ctl_results_free (CtlResults *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlResults, ctl_results_free)

/* The worst error; (nullable) (transfer none) */
const GError *ctl_results_get_worst (CtlResults *self);
/* Sorts them, those with an error first; else they keep their order. */
void          ctl_results_sort (CtlResults *self);
/* (transfer full): the lines that name it, "2, 5"; empty for none */
char         *ctl_result_dup_lines (const CtlResult *result);
/* The same as members of the json's present object; none where no file names it. */
void          ctl_result_add_lines (CtlJson *json, const CtlResult *result);
/* Prints the invitations and errors. One alone that no file names is printed as an invitation is shown, and nothing is
 * printed when it failed. Sets the worst error, if there is one. */
gboolean      ctl_results_print (CtlContext *context, CtlResults *self, GError **error);

/* Of two errors of a command on several records the one that gives its exit status; NULL is no error. */
const GError *ctl_get_worse_error (const GError *a, const GError *b);

/* Whether after this error the next request to the same vendor would fare no better, so that trying each
 * one until its deadline would only take long. */
gboolean ctl_error_concerns_connection (const GError *error);
/* Whether nothing that is to be written down can be begun after it, whatever the vendor: the disk is full, say. */
gboolean ctl_error_concerns_storage (const GError *error);

G_END_DECLS
