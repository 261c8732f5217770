/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target without libFuzzer: over every file of the given folders, and over mutations of them that
 * are the same in every run. So the targets are part of the normal suite, with any compiler.
 *
 *     fuzz-NAME-once [--seed=N] [--runs=N] FOLDER… */
#include "config.h"

#include "fuzz.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define LONGEST 65536

static const char *const words[] = {
  "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud83d\\ude00", "\\ud83d", "\\u0061", "null",
  "true", "false", "-", "0", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
  "1e308", "1e309", "1e-400", ".5", "E+", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
  "\xed\xa0\x80", "\xff", "\xc0\x80", "\xe2\x80\xae", "\n", " ", "\t", "<html>", "@", "%40",
  "Sun, 06 Nov 1994 08:49:37 GMT", "errors", "detail", "message", "toast", "error", "//", "/*",
  "[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "2023-11-14T22:13:20Z", "84%", "data",
};

/* What is being tried, for the message of last resort. */
static const GByteArray *current;

static void
report_crash (int signal_number)
{
  static const char text[] = "The input was:\n";

  if (write (STDERR_FILENO, text, sizeof text - 1) < 0 ||
      write (STDERR_FILENO, current->data, current->len) < 0)
    _exit (1);
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
collect (GPtrArray  *inputs,
         const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (folder == NULL)
    {
      char *text;
      gsize length;

      if (g_file_get_contents (path, &text, &length, NULL))
        g_ptr_array_add (inputs, g_byte_array_new_take ((guint8 *) text, length));
      return;
    }
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  /* The order of a folder differs from machine to machine. */
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    collect (inputs, g_ptr_array_index (names, i));
}

static void
try_input (const GByteArray *input)
{
  /* A copy of just its length, so that a sanitizer sees what reads beyond. */
  g_autofree guint8 *copy = g_malloc (MAX (input->len, 1));

  if (input->len > 0)
    memcpy (copy, input->data, input->len);
  current = input;
  LLVMFuzzerTestOneInput (copy, input->len);
}

static guint
random_below (GRand *random,
              guint  limit)
{
  return limit == 0 ? 0 : (guint) g_rand_int_range (random, 0, (gint32) limit);
}

static void
insert (GByteArray   *input,
        guint         at,
        const guint8 *data,
        guint         length)
{
  if (length == 0 || input->len + length > LONGEST)
    return;
  g_byte_array_set_size (input, input->len + length);
  memmove (input->data + at + length, input->data + at, input->len - length - at);
  memcpy (input->data + at, data, length);
}

static void
mutate (GRand            *random,
        GByteArray       *input,
        const GByteArray *other)
{
  guint at = random_below (random, input->len);
  guint length = random_below (random, MIN (input->len - at, 32));

  switch (random_below (random, 7))
    {
    case 0:
      if (input->len > 0)
        input->data[at] ^= (guint8) (1 << random_below (random, 8));
      break;
    case 1:
      if (input->len > 0)
        input->data[at] = (guint8) random_below (random, 256);
      break;
    case 2:
      if (length > 0)
        g_byte_array_remove_range (input, at, length);
      break;
    case 3:
      g_byte_array_set_size (input, at);
      break;
    case 4:
      {
        g_autofree guint8 *piece = g_memdup2 (input->data + at, length);

        insert (input, at, piece, length);
      }
      break;
    case 5:
      if (other->len > 0)
        {
          guint from = random_below (random, other->len);

          insert (input, at, other->data + from, random_below (random, MIN (other->len - from, 64)));
        }
      break;
    default:
      {
        const char *word = words[random_below (random, G_N_ELEMENTS (words))];

        insert (input, at, (const guint8 *) word, strlen (word));
      }
      break;
    }
}

int
main (int   argc,
      char *argv[])
{
  int seed = 1;
  int runs = 4000;
  g_auto (GStrv) folders = NULL;
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Another set of mutations", "N" },
    { "runs", 0, 0, G_OPTION_ARG_INT, &runs, "How many mutations", "N" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &folders, NULL, "FOLDER…" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  g_autoptr (GRand) random = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  g_ptr_array_add (inputs, g_byte_array_new ());
  for (guint i = 0; folders != NULL && folders[i] != NULL; i++)
    collect (inputs, folders[i]);
  if (inputs->len < 2)
    {
      g_printerr ("There is nothing to begin with.\n");
      return 2;
    }

  g_print ("%u inputs, %d mutations, --seed=%d\n", inputs->len, runs, seed);
  signal (SIGABRT, report_crash);
  random = g_rand_new_with_seed ((guint32) seed);
  for (guint i = 0; i < inputs->len; i++)
    try_input (g_ptr_array_index (inputs, i));
  for (int i = 0; i < runs; i++)
    {
      const GByteArray *base = g_ptr_array_index (inputs, random_below (random, inputs->len));
      const GByteArray *other = g_ptr_array_index (inputs, random_below (random, inputs->len));
      g_autoptr (GByteArray) input = g_byte_array_new ();
      guint n_steps = 1 + random_below (random, 4);

      g_byte_array_append (input, base->data, MIN (base->len, LONGEST));
      for (guint step = 0; step < n_steps; step++)
        mutate (random, input, other);
      try_input (input);
    }
  return 0;
}
