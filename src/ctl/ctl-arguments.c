/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the command line by the table of commands. */
#include "config.h"

#include "ctl-arguments.h"

#include <glib/gi18n.h>
#include <string.h>

#include "assay-error.h"

struct _CtlArguments
{
  GPtrArray *words;     /* (element-type utf8) */
  GHashTable *options;  /* name → GPtrArray of values */
};

const CtlOption ctl_global_options[] = {
  { "data-dir", "DIR", FALSE, N_("keep the data in DIR, not where the app keeps it") },
  { "json", NULL, FALSE, N_("print one JSON document") },
  { "quiet", NULL, FALSE, N_("print no progress and no confirmations") },
  { "help", NULL, FALSE, N_("say how a command is used") },
  { "version", NULL, FALSE, N_("print the version") },
  { NULL },
};

void
ctl_arguments_free (CtlArguments *self)
{
  g_ptr_array_unref (self->words);
  g_hash_table_unref (self->options);
  g_free (self);
}

static const CtlOption *
find_option (const CtlOption *options,
             const char      *name)
{
  for (; options != NULL && options->name != NULL; options++)
    if (g_str_equal (options->name, name))
      return options;
  return NULL;
}

/* The command whose name @words begin with. */
static const CtlCommand *
find_command (const CtlCommand *commands,
              GPtrArray        *words)
{
  const char *group = words->len > 0 ? g_ptr_array_index (words, 0) : NULL;
  const char *verb = words->len > 1 ? g_ptr_array_index (words, 1) : NULL;

  for (const CtlCommand *command = commands; group != NULL && command->group != NULL; command++)
    {
      if (g_str_equal (command->group, group) &&
          (command->verb == NULL || (verb != NULL && g_str_equal (command->verb, verb))))
        return command;
    }
  return NULL;
}

/* Whether any command has the option; if so, whether it takes a value is told by @takes_value. Options may
 * stand before the command that they belong to, and two commands never disagree on that. */
static gboolean
is_known_option (const CtlCommand *commands,
                 const char       *name,
                 gboolean         *takes_value)
{
  const CtlOption *option = find_option (ctl_global_options, name);

  for (const CtlCommand *command = commands; option == NULL && command->group != NULL; command++)
    option = find_option (command->options, name);
  if (option == NULL)
    return FALSE;
  *takes_value = option->placeholder != NULL;
  return TRUE;
}

static void
set_unknown_command (const CtlCommand  *commands,
                     GPtrArray         *words,
                     GError           **error)
{
  const char *group = words->len > 0 ? g_ptr_array_index (words, 0) : NULL;
  const char *verb = words->len > 1 ? g_ptr_array_index (words, 1) : NULL;
  g_autoptr (GString) verbs = g_string_new (NULL);

  if (group == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say what to do; “assayctl --help” lists the commands."));
      return;
    }

  for (const CtlCommand *command = commands; command->group != NULL; command++)
    if (g_str_equal (command->group, group) && command->verb != NULL)
      g_string_append_printf (verbs, "%s%s", verbs->len > 0 ? ", " : "", command->verb);

  if (verbs->len == 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 /* Translators: %s is what the user typed */
                 _("There is no command “%s”; “assayctl --help” lists the commands."), group);
  else if (verb == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 /* Translators: %1$s is a group of commands, %2$s the list of its commands */
                 _("Say what to do after “%1$s”: %2$s."), group, verbs->str);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 /* Translators: %1$s is a group of commands, %2$s what the user typed, %3$s the list of
                  * its commands */
                 _("There is no command “%1$s %2$s”; after “%1$s” comes one of: %3$s."), group, verb,
                 verbs->str);
}

/* The command as one types it; (transfer full) */
static char *
dup_command_name (const CtlCommand *command)
{
  return command->verb != NULL ? g_strdup_printf ("%s %s", command->group, command->verb)
                               : g_strdup (command->group);
}

/* Checks options and number of arguments against the command. */
static gboolean
check_command (CtlArguments      *self,
               const CtlCommand  *command,
               GError           **error)
{
  g_autofree char *name = dup_command_name (command);
  GHashTableIter iter;
  gpointer option_name;
  gpointer values;

  g_hash_table_iter_init (&iter, self->options);
  while (g_hash_table_iter_next (&iter, &option_name, &values))
    {
      const CtlOption *option = find_option (ctl_global_options, option_name);

      if (option == NULL)
        option = find_option (command->options, option_name);
      if (option == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       /* Translators: %1$s is a command, %2$s an option */
                       _("“%1$s” takes no option “--%2$s”; “assayctl %1$s --help” lists those it takes."),
                       name, (const char *) option_name);
          return FALSE;
        }
      if (!option->repeatable && option->placeholder != NULL && ((GPtrArray *) values)->len > 1)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("“--%s” can be given only once."),
                       (const char *) option_name);
          return FALSE;
        }
    }

  if (self->words->len < command->min_arguments)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   /* Translators: %1$s is a command, %2$s its arguments */
                   _("Something is missing after “%1$s”: it is used as “assayctl %1$s %2$s”."), name,
                   command->arguments);
      return FALSE;
    }
  if (self->words->len > command->max_arguments)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   /* Translators: %1$s is what the user typed, %2$s a command */
                   _("“%1$s” is too much; “assayctl %2$s --help” says how the command is used."),
                   (const char *) g_ptr_array_index (self->words, command->max_arguments), name);
      return FALSE;
    }
  return TRUE;
}

CtlArguments *
ctl_arguments_new (const char *const  *words,
                   guint               n_words,
                   const CtlCommand   *commands,
                   const CtlCommand  **command,
                   GError            **error)
{
  g_autoptr (CtlArguments) self = g_new0 (CtlArguments, 1);
  gboolean options_end = FALSE;

  self->words = g_ptr_array_new_with_free_func (g_free);
  self->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  *command = NULL;

  for (guint i = 0; i < n_words; i++)
    {
      const char *word = words[i];
      g_autofree char *name = NULL;
      const char *value = NULL;
      gboolean takes_value = FALSE;
      GPtrArray *values;

      if (!options_end && g_str_equal (word, "--"))
        {
          options_end = TRUE;
          continue;
        }
      if (!options_end && g_str_equal (word, "-h"))
        word = "--help";
      if (options_end || !g_str_has_prefix (word, "-") || g_str_equal (word, "-"))
        {
          if (!g_utf8_validate (word, -1, NULL))
            {
              g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                                   _("The command line isn't valid UTF-8."));
              return NULL;
            }
          g_ptr_array_add (self->words, g_strdup (word));
          continue;
        }

      if (g_str_has_prefix (word, "--"))
        {
          const char *equals = strchr (word, '=');

          value = equals != NULL ? equals + 1 : NULL;
          name = equals != NULL ? g_strndup (word + 2, (gsize) (equals - word) - 2) : g_strdup (word + 2);
        }
      if (name == NULL || !is_known_option (commands, name, &takes_value))
        {
          g_autofree char *shown = g_utf8_make_valid (word, -1);

          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       /* Translators: %s is an option with its dashes */
                       _("There is no option “%s”; “assayctl --help” says which there are."), shown);
          return NULL;
        }
      if (!takes_value && value != NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("“--%s” takes no value."), name);
          return NULL;
        }
      if (takes_value && value == NULL && i + 1 < n_words && !g_str_has_prefix (words[i + 1], "--"))
        value = words[++i];
      if (takes_value && value == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("“--%s” needs a value after it."), name);
          return NULL;
        }
      /* A folder's name needn't be UTF-8; everything else ends up in JSON. */
      if (value != NULL && !g_str_equal (name, "data-dir") &&
          !g_utf8_validate (value, -1, NULL))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("The value of “--%s” isn't valid UTF-8."),
                       name);
          return NULL;
        }

      values = g_hash_table_lookup (self->options, name);
      if (values == NULL)
        {
          values = g_ptr_array_new_with_free_func (g_free);
          g_hash_table_insert (self->options, g_strdup (name), values);
        }
      g_ptr_array_add (values, g_strdup (value != NULL ? value : ""));
    }

  if (ctl_arguments_has (self, "help") || ctl_arguments_has (self, "version"))
    return g_steal_pointer (&self);

  *command = find_command (commands, self->words);
  if (*command == NULL)
    {
      set_unknown_command (commands, self->words, error);
      return NULL;
    }
  g_ptr_array_remove_range (self->words, 0, (*command)->verb != NULL ? 2 : 1);
  if (!check_command (self, *command, error))
    return NULL;
  return g_steal_pointer (&self);
}

guint
ctl_arguments_get_count (CtlArguments *self)
{
  return self->words->len;
}

const char *
ctl_arguments_get_word (CtlArguments *self,
                        guint         index)
{
  return index < self->words->len ? g_ptr_array_index (self->words, index) : NULL;
}

gboolean
ctl_arguments_has (CtlArguments *self,
                   const char   *option)
{
  return g_hash_table_contains (self->options, option);
}

const char *
ctl_arguments_get (CtlArguments *self,
                   const char   *option)
{
  GPtrArray *values = g_hash_table_lookup (self->options, option);

  return values != NULL ? g_ptr_array_index (values, values->len - 1) : NULL;
}

char **
ctl_arguments_dup_values (CtlArguments *self,
                          const char   *option)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GPtrArray *values = g_hash_table_lookup (self->options, option);

  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (values, i), ",", -1);

      for (guint k = 0; parts[k] != NULL; k++)
        g_strv_builder_add (builder, g_strstrip (parts[k]));
    }
  return g_strv_builder_end (builder);
}

char **
ctl_arguments_dup_raw_values (CtlArguments *self,
                              const char   *option)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GPtrArray *values = g_hash_table_lookup (self->options, option);

  for (guint i = 0; values != NULL && i < values->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (values, i));
  return g_strv_builder_end (builder);
}

gboolean
ctl_arguments_get_number (CtlArguments  *self,
                          const char    *option,
                          guint          minimum,
                          guint         *value,
                          GError       **error)
{
  const char *text = ctl_arguments_get (self, option);
  guint64 number;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, minimum, G_MAXINT32, &number, NULL))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   /* Translators: %1$s is an option, %2$u a number, %3$s what the user typed */
                   _("“--%1$s” takes a whole number from %2$u on, and “%3$s” isn't one."), option, minimum,
                   text);
      return FALSE;
    }
  *value = (guint) number;
  return TRUE;
}

gboolean
ctl_parse_id (const char   *text,
              AssayIdKind   kind,
              gint64       *id,
              GError      **error)
{
  if (assay_id_parse (text, kind, id))
    return TRUE;

  switch (kind)
    {
    case ASSAY_ID_CONNECTION:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of a connection; “assayctl connection list” prints them."), text);
      break;
    case ASSAY_ID_JOB:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of a job; “assayctl job list” prints them."), text);
      break;
    case ASSAY_ID_STAGE:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of a stage; “assayctl job list --json” prints them."), text);
      break;
    case ASSAY_ID_APPLICATION:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of an application; “assayctl application list” prints them."), text);
      break;
    case ASSAY_ID_ASSESSMENT:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of an assessment; “assayctl assessment list” prints them."), text);
      break;
    case ASSAY_ID_INVITATION:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of an invitation; “assayctl invitation list” prints them."), text);
      break;
    case ASSAY_ID_OUTBOX:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of an entry of the outbox; “assayctl outbox list” prints them."),
                   text);
      break;
    case ASSAY_ID_BATCH:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of a batch; “assayctl batch list” prints them."), text);
      break;
    case ASSAY_ID_IMPORTED:
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("“%s” isn't the id of an imported candidate; “assayctl candidate list” prints them."), text);
      break;
    default:
      g_assert_not_reached ();
    }
  return FALSE;
}

gboolean
ctl_arguments_get_id (CtlArguments  *self,
                      const char    *option,
                      AssayIdKind    kind,
                      gint64        *id,
                      GError       **error)
{
  const char *text = ctl_arguments_get (self, option);

  return text == NULL || ctl_parse_id (text, kind, id, error);
}

GArray *
ctl_arguments_get_ids (CtlArguments  *self,
                       AssayIdKind    kind,
                       GError       **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < self->words->len; i++)
    {
      gboolean seen = FALSE;
      gint64 id;

      if (!ctl_parse_id (g_ptr_array_index (self->words, i), kind, &id, error))
        return NULL;
      for (guint k = 0; k < ids->len && !seen; k++)
        seen = g_array_index (ids, gint64, k) == id;
      if (!seen)
        g_array_append_val (ids, id);
    }
  return g_steal_pointer (&ids);
}
