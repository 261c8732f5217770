/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search's tokenizer: SQLite's unicode61 without diacritics, then ideographs and other wide letters each as a word
 * of their own, because names in those scripts are written without a space between family and given name. Into the
 * index go only the first letters of a word. */
#include "config.h"

#include "assay-database-private.h"

#include <string.h>

struct _AssayTokenizer
{
  fts5_tokenizer words; /* unicode61 */
  Fts5Tokenizer *instance;
};

typedef int (*TokenFunc) (void *context, int flags, const char *token, int length, int start, int end);

typedef struct
{
  TokenFunc function;
  void *context;
} Sink;

static int
tokenizer_create (void           *data,
                  const char    **arguments,
                  int             n_arguments,
                  Fts5Tokenizer **out)
{
  static const char *options[] = { "remove_diacritics", "2" };
  fts5_api *api = data;
  AssayTokenizer *tokenizer = g_new0 (AssayTokenizer, 1);
  void *words_data = NULL;
  int result = api->xFindTokenizer (api, "unicode61", &words_data, &tokenizer->words);

  if (result == SQLITE_OK)
    result = tokenizer->words.xCreate (words_data, options, G_N_ELEMENTS (options), &tokenizer->instance);
  if (result != SQLITE_OK)
    {
      g_free (tokenizer);
      return result;
    }
  *out = (Fts5Tokenizer *) tokenizer;
  return SQLITE_OK;
}

static void
tokenizer_delete (Fts5Tokenizer *instance)
{
  AssayTokenizer *tokenizer = (AssayTokenizer *) instance;

  tokenizer->words.xDelete (tokenizer->instance);
  g_free (tokenizer);
}

static int
split_word (void       *data,
            int         flags,
            const char *token,
            int         length,
            int         start,
            int         end)
{
  Sink *sink = data;
  const char *token_end = token + length;
  const char *run = token; /* of letters that make a word together */
  gboolean wide_seen = FALSE;
  int result = SQLITE_OK;

  for (const char *p = token; p < token_end;)
    {
      gunichar c = g_utf8_get_char_validated (p, token_end - p);
      const char *next;

      if (c >= (gunichar) -2) /* not UTF-8: the rest is one word */
        break;
      next = p + g_unichar_to_utf8 (c, NULL);
      if (g_unichar_iswide (c))
        {
          wide_seen = TRUE;
          if (run < p)
            result = sink->function (sink->context, flags, run, (int) (p - run), start, end);
          if (result == SQLITE_OK)
            result = sink->function (sink->context, flags, p, (int) (next - p), start, end);
          if (result != SQLITE_OK)
            return result;
          run = next;
        }
      p = next;
    }

  if (run < token_end || !wide_seen)
    result = sink->function (sink->context, flags, run, (int) (token_end - run), start, end);
  return result;
}

static int
split_text (AssayTokenizer *tokenizer,
            void           *context,
            int             flags,
            const char     *text,
            int             length,
            TokenFunc       function)
{
  Sink sink = { function, context };

  return tokenizer->words.xTokenize (tokenizer->instance, &sink, flags, text, length, split_word);
}

static int
cut_word (void       *data,
          int         flags,
          const char *token,
          int         length,
          int         start,
          int         end)
{
  Sink *sink = data;
  int letters = 0;

  if (length > ASSAY_INDEXED_LETTERS && strncmp (token, ASSAY_FACET_MARK, strlen (ASSAY_FACET_MARK)) != 0)
    for (int i = 0; i < length; i++)
      if ((token[i] & 0xc0) != 0x80 && letters++ == ASSAY_INDEXED_LETTERS)
        length = i;
  return sink->function (sink->context, flags, token, length, start, end);
}

static int
tokenizer_tokenize (Fts5Tokenizer *instance,
                    void          *context,
                    int            flags,
                    const char    *text,
                    int            length,
                    TokenFunc      function)
{
  Sink sink = { function, context };

  return split_text ((AssayTokenizer *) instance, &sink, flags, text, length, cut_word);
}

/* ---- Outside of the index ---- */

typedef struct
{
  AssayWordFunc function;
  gpointer data;
} Splitter;

static int
pass_word (void       *context,
           int         flags,
           const char *token,
           int         length,
           int         start,
           int         end)
{
  Splitter *splitter = context;

  return splitter->function (token, (gsize) length, splitter->data) ? SQLITE_OK : SQLITE_DONE;
}

void
assay_tokenizer_split (AssayTokenizer *tokenizer,
                       const char     *text,
                       AssayWordFunc   function,
                       gpointer        data)
{
  Splitter splitter = { function, data };

  split_text (tokenizer, &splitter, FTS5_TOKENIZE_QUERY, text, (int) strlen (text), pass_word);
}

void
assay_tokenizer_free (AssayTokenizer *tokenizer)
{
  tokenizer_delete ((Fts5Tokenizer *) tokenizer);
}

int
assay_tokenizer_register (sqlite3         *handle,
                          AssayTokenizer **tokenizer)
{
  static fts5_tokenizer functions = { tokenizer_create, tokenizer_delete, tokenizer_tokenize };
  sqlite3_stmt *statement = NULL;
  fts5_api *api = NULL;
  int result = sqlite3_prepare_v2 (handle, "SELECT fts5(?1)", -1, &statement, NULL);

  if (result != SQLITE_OK)
    return result;
  sqlite3_bind_pointer (statement, 1, &api, "fts5_api_ptr", NULL);
  sqlite3_step (statement);
  result = sqlite3_finalize (statement);
  if (result != SQLITE_OK)
    return result;
  if (api == NULL)
    return SQLITE_ERROR;
  result = api->xCreateTokenizer (api, "assay", api, &functions, NULL);
  if (result == SQLITE_OK)
    result = tokenizer_create (api, NULL, 0, (Fts5Tokenizer **) tokenizer);
  return result;
}
