/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line can say, as data, and what it said. */
#pragma once

#include "ctl-context.h"

G_BEGIN_DECLS

/* An option of a command. Tables end with a NULL name. */
typedef struct
{
  const char *name;         /* without the dashes */
  const char *placeholder;  /* (nullable) what its value is; NULL: it takes none */
  gboolean repeatable;      /* whether it may be given several times */
  const char *description;  /* marked for translation */
} CtlOption;

/**
 * CtlArguments:
 *
 * The arguments and options of one command, checked against its table.
 */
typedef struct _CtlArguments CtlArguments;

/* Does what the command says: prints its result, or sets an error whose code gives the exit status. */
typedef gboolean (*CtlRun) (CtlContext *context, CtlArguments *arguments, GError **error);

/* A command. Tables end with a NULL group. */
typedef struct
{
  const char *group;
  const char *verb;         /* (nullable) for a group that is a command itself */
  const char *arguments;    /* (nullable) as the usage line spells them: "ID…" */
  guint min_arguments;
  guint max_arguments;
  const CtlOption *options; /* (nullable) */
  const char *summary;      /* marked for translation */
  CtlRun run;
} CtlCommand;

#define CTL_MANY G_MAXUINT

/* The options that every command takes. */
extern const CtlOption ctl_global_options[];

/**
 * ctl_arguments_new:
 * @words: (array length=n_words): the command line without the program's name
 * @n_words: how many there are
 * @commands: every command there is
 * @command: (out) (nullable): the command that the words name
 * @error: return location for %ASSAY_ERROR_USAGE
 *
 * Reads a command line. Global options may stand anywhere. With --help or --version among the words a
 * missing or half a command is no error, and @command is %NULL.
 *
 * Returns: (transfer full) (nullable): what was said
 */
CtlArguments *ctl_arguments_new (const char *const  *words,
                                 guint               n_words,
                                 const CtlCommand   *commands,
                                 const CtlCommand  **command,
                                 GError            **error);
void          ctl_arguments_free (CtlArguments *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlArguments, ctl_arguments_free)

/* The words that are no options, those of the command left out; with --help all of them. */
guint       ctl_arguments_get_count (CtlArguments *self);
const char *ctl_arguments_get_word (CtlArguments *self, guint index);

gboolean    ctl_arguments_has (CtlArguments *self, const char *option);
/* (nullable) (transfer none): the last value given */
const char *ctl_arguments_get (CtlArguments *self, const char *option);
/* (transfer full): every value given, those with commas taken apart */
char      **ctl_arguments_dup_values (CtlArguments *self, const char *option);
/* (transfer full): every value as it was given */
char      **ctl_arguments_dup_raw_values (CtlArguments *self, const char *option);
/* Leaves @value alone when the option isn't given. */
gboolean    ctl_arguments_get_number (CtlArguments *self, const char *option, guint minimum, guint *value,
                                      GError **error);

/* Ids. The error says what was expected and which command prints such ids. */
gboolean ctl_parse_id (const char *text, AssayIdKind kind, gint64 *id, GError **error);
/* Leaves @id alone when the option isn't given. */
gboolean ctl_arguments_get_id (CtlArguments *self, const char *option, AssayIdKind kind, gint64 *id,
                               GError **error);
/* (transfer full) (nullable) (element-type gint64): all words as ids of @kind, each once, in the order
 * given */
GArray  *ctl_arguments_get_ids (CtlArguments *self, AssayIdKind kind, GError **error);

G_END_DECLS
