/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl: Assay without a window. The table of its commands, its help, and its start and end. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-harden.h"
#include "ctl-arguments.h"
#include "ctl-commands.h"
#include "ctl-context.h"
#include "ctl-output.h"

static const CtlOption add_options[] = {
  { "name", "NAME", FALSE, N_("what to call the connection; the system's name if not given") },
  { "set", "KEY=VALUE", TRUE, N_("a setting; “connection kinds” lists them") },
  { "secret", "NAME", TRUE, N_("ask for this secret, or read it as a line from standard input") },
  { NULL },
};

static const CtlOption set_options[] = {
  { "name", "NAME", FALSE, N_("a new name for the connection") },
  { "set", "KEY=VALUE", TRUE, N_("a setting to change") },
  { "secret", "NAME", TRUE, N_("ask for a new secret, or read it as a line from standard input") },
  { NULL },
};

static const CtlOption remove_options[] = {
  { "erase", NULL, FALSE, N_("remove the data that was read from it, too") },
  { NULL },
};

static const CtlOption export_options[] = {
  { "output", "FILE", FALSE, N_("write it there; to standard output if not given") },
  { NULL },
};

static const CtlOption import_options[] = {
  { "apply", NULL, FALSE, N_("do it; without this the differences are only shown") },
  { NULL },
};

static const CtlOption sign_in_options[] = {
  { "no-browser", NULL, FALSE, N_("only print the address, and leave opening it to you") },
  { "timeout", "SECONDS", FALSE, N_("how long to wait for the browser; ten minutes if not given") },
  { NULL },
};

static const CtlOption sync_options[] = {
  { "full", NULL, FALSE, N_("read everything again, not only what changed") },
  { "accept-removals", NULL, FALSE, N_("what the last sync asked about is gone") },
  { NULL },
};

static const CtlOption job_options[] = {
  { "connection", "ID", FALSE, N_("only the jobs of this connection") },
  { "all", NULL, FALSE, N_("closed jobs, too") },
  { NULL },
};

static const CtlOption application_options[] = {
  { "job", "ID", FALSE, N_("only applications for this job") },
  { "connection", "ID", FALSE, N_("only applications of this connection") },
  { "stage", "NAME", FALSE, N_("only applications in this stage") },
  { "search", "TEXT", FALSE, N_("only applications with these words, or beginnings of words") },
  { "active", NULL, FALSE, N_("leave out those that are closed in the applicant tracking system") },
  { "limit", "N", FALSE, N_("print at most N") },
  { "offset", "N", FALSE, N_("skip the first N") },
  { NULL },
};

static const CtlOption candidate_import_options[] = {
  { "connection", "ID", FALSE, N_("the connection whose candidates they are") },
  { "skip-problems", NULL, FALSE, N_("leave out the rows that aren't understood") },
  { "dry-run", NULL, FALSE, N_("look at the whole file, and import nothing") },
  { NULL },
};

static const CtlOption candidate_add_options[] = {
  { "connection", "ID", FALSE, N_("the connection whose candidate it is") },
  { "first-name", "NAME", FALSE, N_("the first name") },
  { "last-name", "NAME", FALSE, N_("the last name") },
  { "email", "ADDRESS", FALSE, N_("the e-mail address") },
  { "phone", "NUMBER", FALSE, N_("the phone number") },
  { "location", "PLACE", FALSE, N_("where they live") },
  { "linkedin-url", "ADDRESS", FALSE, N_("the address of their page on LinkedIn") },
  { "role", "TEXT", FALSE, N_("the role they accepted a request for") },
  { "stage", "NAME", FALSE, N_("one of the connection's stages; the first if not given") },
  { "accepted-at", "DATE", FALSE, N_("when they accepted") },
  { "cv", "FILE", FALSE, N_("their CV, of which a copy is kept") },
  { "profile", "FILE", FALSE, N_("their profile, of which a copy is kept") },
  { NULL },
};

static const CtlOption candidate_list_options[] = {
  { "connection", "ID", FALSE, N_("only the candidates of this connection") },
  { NULL },
};

static const CtlOption assessment_options[] = {
  { "refresh", NULL, FALSE, N_("ask the provider before") },
  { NULL },
};

static const CtlOption invite_options[] = {
  { "assessment", "ID", FALSE, N_("the assessment to send") },
  { "from-csv", "FILE", FALSE,
    N_("invite those whom a column “email” or “application” of a CSV file names") },
  { "first-name", "NAME", FALSE, N_("a first name other than the applicant tracking system's") },
  { "last-name", "NAME", FALSE, N_("a last name other than the applicant tracking system's") },
  { "email", "ADDRESS", FALSE, N_("an e-mail address other than the applicant tracking system's") },
  { "deadline", "DAY", FALSE, N_("until when the invitation is valid, where the provider takes that") },
  { "skip-problems", NULL, FALSE, N_("with “--from-csv”: leave out the rows that can't be used") },
  { "again", NULL, FALSE, N_("send to who was invited before, where the provider allows a retake") },
  { "dry-run", NULL, FALSE, N_("check everything, and send nothing") },
  { "no-wait", NULL, FALSE, N_("only put it into the outbox") },
  { NULL },
};

static const CtlOption invitation_options[] = {
  { "application", "ID", FALSE, N_("only the invitations of this application") },
  { "status", "STATUS", FALSE, N_("only invitations of this status") },
  { "limit", "N", FALSE, N_("print at most N") },
  { "offset", "N", FALSE, N_("skip the first N") },
  { NULL },
};

static const CtlOption download_options[] = {
  { "document", "N", FALSE, N_("which of its documents; the first unless told otherwise") },
  { "output", "FILE", FALSE, N_("where it goes") },
  { NULL },
};

static const CtlOption watch_options[] = {
  { "invitation", "ID", FALSE, N_("only this invitation") },
  { "until", "STATUS", FALSE, N_("end when an invitation gets this status") },
  { "timeout", "SECONDS", FALSE, N_("end after this time") },
  { NULL },
};

static const CtlOption effect_options[] = {
  { "no-wait", NULL, FALSE, N_("only put it into the outbox") },
  { NULL },
};

static const CtlOption batch_list_options[] = {
  { "active", NULL, FALSE, N_("only batches of which something may still leave") },
  { NULL },
};

static const CtlOption set_status_options[] = {
  { "status", "STATUS", FALSE, N_("pending, in-progress, completed, expired or cancelled") },
  { "score", "N", FALSE, N_("the overall score") },
  { "max", "N", FALSE, N_("the score one can have at most") },
  { "percent", NULL, FALSE, N_("the score is in percent") },
  { "report-url", "ADDRESS", FALSE, N_("where the report is, https:") },
  { NULL },
};

static const CtlOption resolve_options[] = {
  { "as", "sent|not-sent", FALSE, N_("what you found at the vendor's") },
  { "no-wait", NULL, FALSE, N_("with “not-sent”: only put it into the outbox again") },
  { NULL },
};

static const CtlCommand commands[] = {
  { "connection", "kinds", NULL, 0, 0, NULL,
    N_("list the systems that Assay knows, with their settings, secrets and permissions"),
    ctl_connection_kinds },
  { "connection", "add", "KIND", 1, 1, add_options,
    N_("save a connection and its secrets, without enabling it"), ctl_connection_add },
  { "connection", "test", "ID", 1, 1, NULL, N_("check the key and each permission"), ctl_connection_test },
  { "connection", "enable", "ID", 1, 1, NULL, N_("test a connection, and use it from now on"),
    ctl_connection_enable },
  { "connection", "sign-in", "ID", 1, 1, sign_in_options,
    N_("sign in through the browser, for a connection that takes no key"), ctl_connection_sign_in },
  { "connection", "disable", "ID", 1, 1, NULL, N_("stop using a connection, and keep its data"),
    ctl_connection_disable },
  { "connection", "list", NULL, 0, 0, NULL, N_("list the connections and how they are"),
    ctl_connection_list },
  { "connection", "show", "ID", 1, 1, NULL, N_("show one connection"), ctl_connection_show },
  { "connection", "set", "ID", 1, 1, set_options, N_("change settings, the name or a secret"),
    ctl_connection_set },
  { "connection", "export", NULL, 0, 0, export_options,
    N_("write all connections to a file, without their secrets"), ctl_connection_export },
  { "connection", "import", "FILE", 1, 1, import_options,
    N_("show what such a file would add and change, and do it"), ctl_connection_import },
  { "connection", "remove", "ID", 1, 1, remove_options,
    N_("disconnect, remove the secrets, and say what is left to do at the vendor's"),
    ctl_connection_remove },
  { "sync", NULL, "[ID…]", 0, CTL_MANY, sync_options,
    N_("read what changed in the applicant tracking systems"), ctl_sync },
  { "job", "list", NULL, 0, 0, job_options, N_("list the jobs and their stages"), ctl_job_list },
  { "application", "list", NULL, 0, 0, application_options, N_("list and search the applications"),
    ctl_application_list },
  { "application", "show", "ID", 1, 1, NULL, N_("show one application and its invitations"),
    ctl_application_show },
  { "application", "assessments", "ID", 1, 1, NULL,
    N_("show what the applicant tracking system itself keeps about assessments"), ctl_application_assessments },
  { "application", "download", "ID", 1, 1, download_options, N_("save a document of an application"),
    ctl_application_download },
  { "application", "tag", "ID TAG", 2, 2, effect_options, N_("add a tag in the applicant tracking system"),
    ctl_application_tag },
  { "application", "untag", "ID TAG", 2, 2, effect_options,
    N_("remove a tag in the applicant tracking system"), ctl_application_untag },
  { "application", "note", "ID TEXT", 2, 2, effect_options,
    N_("add a note in the applicant tracking system"), ctl_application_note },
  { "application", "move", "ID STAGE", 2, 2, effect_options,
    N_("move to a stage of the same job, by its name or id"), ctl_application_move },
  { "application", "attach", "ID FILE", 2, 2, effect_options,
    N_("attach a file in the applicant tracking system"), ctl_application_attach },
  { "candidate", "import", "FILE", 1, 1, candidate_import_options,
    N_("bring accepted candidates here from a CSV or JSON file"), ctl_candidate_import },
  { "candidate", "add", NULL, 0, 0, candidate_add_options, N_("enter an accepted candidate by hand"),
    ctl_candidate_add },
  { "candidate", "list", NULL, 0, 0, candidate_list_options, N_("list the imported candidates"),
    ctl_candidate_list },
  { "candidate", "show", "ID", 1, 1, NULL, N_("show one imported candidate"), ctl_candidate_show },
  { "candidate", "move", "ID STAGE", 2, 2, NULL, N_("put an imported candidate at another stage of the list"),
    ctl_candidate_move },
  { "candidate", "remove", "ID", 1, 1, NULL,
    N_("remove an imported candidate with the copies of the documents"), ctl_candidate_remove },
  { "assessment", "list", "[CONNECTION]", 0, 1, assessment_options,
    N_("list the assessments that can be sent"), ctl_assessment_list },
  { "invite", NULL, "[APPLICATION…]", 0, CTL_MANY, invite_options,
    N_("send an assessment, to each person once"), ctl_invite },
  { "invitation", "list", NULL, 0, 0, invitation_options,
    N_("list the invitations, the latest change first"), ctl_invitation_list },
  { "invitation", "show", "ID", 1, 1, NULL, N_("show one invitation with its scores and history"),
    ctl_invitation_show },
  { "invitation", "refresh", "ID…", 1, CTL_MANY, NULL, N_("ask the provider now"), ctl_invitation_refresh },
  { "invitation", "set-status", "ID", 1, 1, set_status_options,
    N_("enter how far one is, where the provider can't be asked"), ctl_invitation_set_status },
  { "invitation", "resend", "ID", 1, 1, effect_options,
    N_("have the provider send the invitation again, where it can"), ctl_invitation_resend },
  { "invitation", "cancel", "ID", 1, 1, effect_options, N_("cancel an invitation, where the provider can"),
    ctl_invitation_cancel },
  { "batch", "list", NULL, 0, 0, batch_list_options, N_("list what was sent to many at once"), ctl_batch_list },
  { "batch", "show", "ID", 1, 1, NULL, N_("show how far a batch is"), ctl_batch_show },
  { "batch", "pause", "ID", 1, 1, NULL, N_("keep what hasn't left until it is resumed"), ctl_batch_pause },
  { "batch", "resume", "ID", 1, 1, NULL, N_("let a paused batch go on"), ctl_batch_resume },
  { "batch", "cancel", "ID", 1, 1, NULL, N_("give up what hasn't left"), ctl_batch_cancel },
  { "batch", "retry", "ID", 1, 1, NULL, N_("queue what failed again"), ctl_batch_retry },
  { "watch", NULL, NULL, 0, 0, watch_options, N_("print each change as it comes"), ctl_watch },
  { "outbox", "list", NULL, 0, 0, NULL, N_("list what is still to reach a vendor, or needs you"),
    ctl_outbox_list },
  { "outbox", "run", NULL, 0, 0, NULL, N_("send what waits"), ctl_outbox_run },
  { "outbox", "resolve", "ID", 1, 1, resolve_options, N_("settle an action of which the answer was lost"),
    ctl_outbox_resolve },
  { "outbox", "discard", "ID", 1, 1, NULL, N_("give an action up"), ctl_outbox_discard },
  { NULL },
};

/* ---- Help ---- */

static void
append_usage (GString          *text,
              const CtlCommand *command)
{
  g_string_append_printf (text, "assayctl %s%s%s%s%s%s", command->group, command->verb != NULL ? " " : "",
                          command->verb != NULL ? command->verb : "", command->arguments != NULL ? " " : "",
                          command->arguments != NULL ? command->arguments : "",
                          command->options != NULL ? " " : "");
  if (command->options != NULL)
    g_string_append_printf (text, "[%s]", _("OPTIONS"));
}

static void
append_options (GString         *text,
                const CtlOption *options)
{
  for (; options != NULL && options->name != NULL; options++)
    {
      g_autofree char *option =
        g_strdup_printf ("--%s%s%s", options->name, options->placeholder != NULL ? " " : "",
                         options->placeholder != NULL ? options->placeholder : "");

      g_string_append (text, "  ");
      ctl_output_append_padded (text, option, 23);
      g_string_append_printf (text, "%s%s\n", _(options->description),
                              options->repeatable ? _(" (can be given several times)") : "");
    }
}

static gboolean
is_named (const CtlCommand *command,
          CtlArguments     *arguments)
{
  const char *group = ctl_arguments_get_word (arguments, 0);
  const char *verb = ctl_arguments_get_word (arguments, 1);

  return group == NULL || (g_str_equal (command->group, group) &&
                           (verb == NULL || command->verb == NULL || g_str_equal (command->verb, verb)));
}

/* Help on the command, the group or everything that the words name. */
static gboolean
print_help (CtlArguments  *arguments,
            GError       **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const CtlCommand *only = NULL;
  guint n = 0;

  for (const CtlCommand *command = commands; command->group != NULL; command++)
    {
      if (!is_named (command, arguments))
        continue;
      only = command;
      n++;
    }
  if (n == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("There is no such command; “assayctl --help” lists the commands."));
      return FALSE;
    }

  if (n == 1)
    {
      g_autofree char *summary = g_strdup (_(only->summary));

      g_string_append_printf (text, "%s ", _("Usage:"));
      append_usage (text, only);
      g_string_append_printf (text, "\n\n%s\n", summary);
      if (only->options != NULL)
        {
          g_string_append_printf (text, "\n%s\n", _("Options:"));
          append_options (text, only->options);
        }
    }
  else
    {
      g_string_append_printf (text, "%s assayctl [--data-dir DIR] [--json] [--quiet] %s\n\n", _("Usage:"),
                              _("GROUP VERB [ARGUMENTS] [OPTIONS]"));
      g_string_append_printf (text, "%s\n\n%s\n",
                              _("Sends assessments to candidates and follows their results. It works on "
                                "the same data as the app."),
                              _("Commands:"));
      for (const CtlCommand *command = commands; command->group != NULL; command++)
        {
          g_autofree char *name = NULL;

          if (!is_named (command, arguments))
            continue;
          name = g_strjoin (" ", command->group, command->verb != NULL ? command->verb : command->arguments,
                            command->verb != NULL ? command->arguments : NULL, NULL);
          g_string_append (text, "  ");
          ctl_output_append_padded (text, name, 31);
          g_string_append_printf (text, "%s\n", _(command->summary));
        }
    }
  g_string_append_printf (text, "\n%s\n", _("Options of every command:"));
  append_options (text, ctl_global_options);
  if (n > 1)
    g_string_append_printf (text, "\n%s\n",
                            _("“assayctl GROUP VERB --help” lists the options of a command."));
  ctl_output_text (text->str);
  return TRUE;
}

/* ---- Start and end ---- */

/* Takes the places of standard streams that the caller closed: else the next file that is opened, a lock or the database, would
 * be what is printed to. Nothing can be read from or written to what stands there, so that it is noticed. */
static void
occupy_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF &&
        open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      _exit (EXIT_FAILURE);
}

/* Standard error has the error and nothing else, since programs read it. What libassay remarks besides is for who asked for it
 * by G_MESSAGES_DEBUG; what is wrong with Assay itself is always told. */
static GLogWriterOutput
write_log (GLogLevelFlags    level,
           const GLogField  *fields,
           gsize             n_fields,
           gpointer          user_data)
{
  if ((level & G_LOG_LEVEL_MESSAGE) != 0 && g_getenv ("G_MESSAGES_DEBUG") == NULL)
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, user_data);
}

/* Whether --json is among the words, known before they are understood: what is read by a program isn't
 * translated, and an error of the command line itself is one JSON document, too. */
static gboolean
wants_json (int    argc,
            char **argv)
{
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    if (g_str_equal (argv[i], "--json"))
      return TRUE;
  return FALSE;
}

static gboolean
run (CtlContext        *context,
     CtlArguments      *arguments,
     const CtlCommand  *command,
     GError           **error)
{
  if (ctl_arguments_has (arguments, "help"))
    return print_help (arguments, error);
  if (ctl_arguments_has (arguments, "version"))
    {
      ctl_output_text ("assayctl " ASSAY_VERSION "\n");
      return TRUE;
    }
  return command->run (context, arguments, error);
}

int
main (int    argc,
      char **argv)
{
  gboolean json = wants_json (argc, argv);
  g_autoptr (CtlArguments) arguments = NULL;
  g_autoptr (GError) error = NULL;
  const CtlCommand *command = NULL;
  CtlContext context = { .json = json };

  occupy_standard_streams ();
  assay_harden_process ();
  g_log_set_writer_func (write_log, NULL, NULL);
  setlocale (LC_ALL, "");
  if (json)
    setlocale (LC_MESSAGES, "C");
  bindtextdomain (GETTEXT_PACKAGE, ASSAY_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* A reader that goes away is noticed where it is written to. */
  signal (SIGPIPE, SIG_IGN);
  g_set_prgname ("assayctl");

  arguments =
    ctl_arguments_new ((const char *const *) argv + 1, (guint) MAX (argc - 1, 0), commands, &command, &error);
  if (arguments != NULL)
    {
      context.quiet = ctl_arguments_has (arguments, "quiet");
      context.data_directory = g_strdup (ctl_arguments_get (arguments, "data-dir"));
      ctl_context_init (&context);
      if (run (&context, arguments, command, &error))
        ctl_output_check (&error);
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      g_set_error_literal (&error, ASSAY_ERROR, ASSAY_ERROR_FAILED, _("The command was interrupted."));
    }
  if (error != NULL)
    ctl_output_error (error, json, context.invitation);
  if (arguments != NULL)
    ctl_context_clear (&context);
  return error != NULL ? assay_error_get_exit_status (error) : EXIT_SUCCESS;
}
