/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking for secrets. */
#include "config.h"

#include "ctl-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "assay-error.h"
#include "assay-secrets.h"

/* No vendor's key comes near this; a longer line is something else, pasted by mistake. */
#define MAX_SECRET 8192

static volatile sig_atomic_t interrupted;

static void
on_signal (int number)
{
  interrupted = 1;
}

static const AssaySecretDescription *
find_secret (const AssayConnectorDescription *description,
             const char                      *name)
{
  for (const AssaySecretDescription *secret = description->secrets; secret->name != NULL; secret++)
    if (g_str_equal (secret->name, name))
      return secret;
  return NULL;
}

/* Reads a line into @line without its end, byte by byte so that nothing of the next line is taken. Gives
 * the number of bytes; -1 at the end of the input, -2 when interrupted, -3 when the line is too long. */
static int
read_line (int   descriptor,
           char *line)
{
  int length = 0;

  for (;;)
    {
      char byte;
      ssize_t n = read (descriptor, &byte, 1);

      if (n < 0 && errno == EINTR)
        {
          if (interrupted)
            return -2;
          continue;
        }
      if (n <= 0)
        return length > 0 ? length : -1;
      if (byte == '\n')
        return length;
      if (length == MAX_SECRET)
        return -3;
      line[length++] = byte;
    }
}

/* As read_line(), at the terminal: asks by @prompt and doesn't show what is typed. The terminal is set
 * back whatever happens, also when the user gives up by Ctrl+C. */
static int
read_line_hidden (int         terminal,
                  const char *prompt,
                  char       *line)
{
  struct sigaction action = { .sa_handler = on_signal };
  struct sigaction old_interrupt;
  struct sigaction old_terminate;
  struct termios settings;
  struct termios hidden;
  int length;

  if (tcgetattr (terminal, &settings) != 0)
    return -1;
  hidden = settings;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  hidden.c_lflag |= ECHONL;

  interrupted = 0;
  sigemptyset (&action.sa_mask);
  sigaction (SIGINT, &action, &old_interrupt);
  sigaction (SIGTERM, &action, &old_terminate);
  tcsetattr (terminal, TCSAFLUSH, &hidden);

  dprintf (terminal, "%s", prompt);
  length = read_line (terminal, line);

  tcsetattr (terminal, TCSAFLUSH, &settings);
  sigaction (SIGINT, &old_interrupt, NULL);
  sigaction (SIGTERM, &old_terminate, NULL);
  if (length == -2)
    dprintf (terminal, "\n");
  return length;
}

/* Reads one secret into @table. @line is a buffer that the caller wipes. */
static gboolean
read_secret (const AssayConnectorDescription  *description,
             const AssaySecretDescription     *secret,
             int                               terminal,
             char                             *line,
             GHashTable                       *table,
             GError                          **error)
{
  char *cleaned;
  int length;

  if (terminal >= 0)
    {
      g_autofree char *prompt = NULL;

      /* Translators: asked at the terminal; %1$s is what is asked for ("API key"), %2$s the system
       * ("Pinpoint") */
      prompt = g_strdup_printf (_("%1$s for %2$s (it isn't shown as you type): "), _(secret->title),
                                _(description->name));
      length = read_line_hidden (terminal, prompt, line);
    }
  else
    {
      length = read_line (STDIN_FILENO, line);
    }

  if (length == -2)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
      return FALSE;
    }
  if (length == -1)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   _("The secret “%s” is missing: standard input takes one line for each --secret, in the "
                     "order given."),
                   secret->name);
      return FALSE;
    }
  if (length == -3 || memchr (line, '\0', (gsize) length) != NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _("What was entered for “%s” can't be a key; copy it again from the vendor's page."),
                   secret->name);
      return FALSE;
    }

  line[length] = '\0';
  cleaned = assay_connector_clean_secret (line, NULL);
  if (cleaned == NULL || *cleaned == '\0')
    {
      secret_password_free (cleaned);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _("The secret “%s” is empty; enter it as the vendor's page shows it."), secret->name);
      return FALSE;
    }
  assay_secrets_table_set (table, secret->name, cleaned);
  secret_password_free (cleaned);
  return TRUE;
}

GHashTable *
ctl_secret_read_all (const AssayConnectorDescription  *description,
                     const char *const                *names,
                     GError                          **error)
{
  static char line[MAX_SECRET + 1];
  g_autoptr (GHashTable) table = assay_secrets_table_new ();
  gboolean ok = TRUE;
  int terminal = -1;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (find_secret (description, names[i]) == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       /* Translators: %1$s is a system ("Pinpoint"), %2$s what the user typed */
                       _("%1$s has no secret “%2$s”; “assayctl connection kinds” lists those it has."),
                       _(description->name), names[i]);
          return NULL;
        }
    }
  if (names[0] == NULL)
    return g_steal_pointer (&table);

  if (isatty (STDIN_FILENO))
    {
      terminal = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
      if (terminal < 0)
        terminal = STDIN_FILENO;
    }
  /* Best effort: without the right to lock memory the key may be swapped while it is typed, as in any
   * program. */
  (void) mlock (line, sizeof line);
  for (guint i = 0; names[i] != NULL && ok; i++)
    ok = read_secret (description, find_secret (description, names[i]), terminal, line, table, error);
  explicit_bzero (line, sizeof line);
  (void) munlock (line, sizeof line);
  if (terminal > STDIN_FILENO)
    close (terminal);
  return ok ? g_steal_pointer (&table) : NULL;
}
