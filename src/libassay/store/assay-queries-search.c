/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding applications: by words, by conditions, and both, always from an index and never more than asked for.
 *
 * What a person types is never FTS5 syntax: it is split into words as the index does, and each is quoted. Ranking is
 * bounded: among the newest thousand matches those found by name come first; the rest follow newest first. */
#include "config.h"

#include "assay-database-private.h"
#include "assay-queries-private.h"

#include <string.h>

#define MAX_RANKED 1000
#define MAX_WORDS 8
#define MAX_WORD_BYTES 64

/* So many rows are looked at for the first thousand, where not all that the index gives match. */
#define MAX_COMPARED 5000

/* ---- The filter ---- */

AssayApplicationFilter *
assay_application_filter_new (void)
{
  AssayApplicationFilter *filter = g_new0 (AssayApplicationFilter, 1);

  filter->invitation_status = ASSAY_FILTER_ANY_STATUS;
  return filter;
}

AssayApplicationFilter *
assay_application_filter_copy (const AssayApplicationFilter *filter)
{
  AssayApplicationFilter *copy = g_new0 (AssayApplicationFilter, 1);

  *copy = *filter;
  copy->search = g_strdup (filter->search);
  copy->stage_name = g_strdup (filter->stage_name);
  return copy;
}

gboolean
assay_application_filter_equal (const AssayApplicationFilter *a,
                                const AssayApplicationFilter *b)
{
  return g_strcmp0 (a->search, b->search) == 0 && a->connection_id == b->connection_id && a->job_id == b->job_id &&
         g_strcmp0 (a->stage_name, b->stage_name) == 0 && a->invitation_status == b->invitation_status &&
         !a->include_archived == !b->include_archived;
}

void
assay_application_filter_free (AssayApplicationFilter *filter)
{
  if (filter == NULL)
    return;
  g_free (filter->search);
  g_free (filter->stage_name);
  g_free (filter);
}

/* ---- Words ---- */

typedef struct
{
  char *words[MAX_WORDS];
  guint n_words;
  gboolean compare; /* a word is longer than what the index knows of it */
} Words;

static void
words_clear (Words *words)
{
  for (guint i = 0; i < words->n_words; i++)
    g_free (words->words[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean
add_word (const char *word,
          gsize       length,
          gpointer    data)
{
  Words *words = data;

  if (length > MAX_WORD_BYTES)
    {
      /* Its beginning is still a prefix. */
      length = MAX_WORD_BYTES;
      while ((word[length] & 0xc0) == 0x80)
        length--;
    }
  /* The mark of facets can't be asked for by name. */
  if (g_strstr_len (word, (gssize) length, ASSAY_FACET_MARK) == NULL)
    {
      char *copy = g_strndup (word, length);

      words->words[words->n_words++] = copy;
      words->compare = words->compare || g_utf8_strlen (copy, -1) > ASSAY_INDEXED_LETTERS;
    }
  return words->n_words < MAX_WORDS;
}

static void
split_words (AssayDatabase *database,
             const char    *text,
             Words         *words)
{
  if (text != NULL)
    assay_tokenizer_split (assay_database_get_tokenizer (database), text, add_word, words);
}

static void
append_quoted (GString    *query,
               const char *word,
               const char *suffix)
{
  if (query->len > 0)
    g_string_append_c (query, ' ');
  g_string_append_c (query, '"');
  /* Words hold letters and digits only; doubled all the same, because quoting shouldn't depend on that. */
  for (const char *p = word; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (query, '"');
      g_string_append_c (query, *p);
    }
  g_string_append_c (query, '"');
  g_string_append (query, suffix);
}

/* Asks for an entry of the index: that of the beginnings of words, or that of whole ones. */
static void
append_word (GString    *query,
             const char *word,
             gboolean    whole)
{
  g_autofree char *start = g_utf8_substring (word, 0, MIN (g_utf8_strlen (word, -1), ASSAY_INDEXED_LETTERS));

  append_quoted (query, start, whole || g_utf8_strlen (start, -1) == ASSAY_INDEXED_LETTERS ? "" : "*");
}

static void
append_facet (GString    *query,
              const char *name,
              const char *value)
{
  g_autofree char *word = g_strconcat (ASSAY_FACET_MARK, name, value, NULL);

  append_quoted (query, word, "");
}

/* @complete: with the conditions that most rows fulfil, too. Their entries are long, and to cross them with those of
 * rare words takes longer than to look at the rows. */
static char *
build_query (AssayDatabase                *database,
             const AssayApplicationFilter *filter,
             const Words                  *words,
             gboolean                      complete)
{
  g_auto (Words) stage = { 0 };
  g_autoptr (GString) query = g_string_new (NULL);
  char number[24];

  for (guint i = 0; i < words->n_words; i++)
    append_word (query, words->words[i], FALSE);

  if (filter->job_id != 0)
    {
      g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, filter->job_id);
      append_facet (query, "j", number);
    }
  if (complete && filter->connection_id != 0)
    {
      g_snprintf (number, sizeof number, "%" G_GINT64_FORMAT, filter->connection_id);
      append_facet (query, "c", number);
    }
  if (complete && filter->invitation_status == ASSAY_FILTER_NOT_INVITED)
    append_facet (query, "s", "none");
  else if (filter->invitation_status >= 0)
    {
      g_auto (GStrv) parts =
        g_strsplit (assay_invitation_status_to_string ((AssayInvitationStatus) filter->invitation_status), "-", -1);
      g_autofree char *joined = g_strjoinv ("", parts);

      append_facet (query, "s", joined);
    }
  if (complete && !filter->include_archived)
    append_facet (query, "live", "");

  /* Narrows; the exact name is compared on the row. */
  split_words (database, filter->stage_name, &stage);
  for (guint i = 0; i < stage.n_words; i++)
    append_word (query, stage.words[i], TRUE);
  return g_string_free (g_steal_pointer (&query), FALSE);
}

/* ---- The index ---- */

/* Columns of an application that are searched. */
#define N_SEARCHED 6

/* Runs @sql, which takes an application's id and what is searched of it. Not in one statement with the SELECT: SQLite can
 * undo an INSERT … SELECT by itself, and for that the index would write down all it has gathered, for each application. */
static gboolean
run_for_application (AssayDatabase  *database,
                     const char     *sql,
                     gint64          application_id,
                     GError        **error)
{
  AssayStatement *row =
    assay_database_prepare (database, "SELECT id, full_name, email, job_title, stage_name, tags, facets"
                                      " FROM application WHERE id = ?1", error);
  AssayStatement *statement = assay_database_prepare (database, sql, error);
  g_autoptr (GError) local_error = NULL;
  gboolean found;

  if (row == NULL || statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (row, 1, application_id);
  found = assay_statement_step (row, &local_error);
  if (found)
    {
      assay_statement_bind_int64 (statement, 1, assay_statement_get_int64 (row, 0));
      for (int column = 1; column <= N_SEARCHED; column++)
        assay_statement_bind_text (statement, column + 1, assay_statement_get_text (row, column));
      found = assay_statement_run (row, &local_error);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return !found || assay_statement_run (statement, error);
}

gboolean
assay_search_remove (AssayDatabase  *database,
                     gint64          application_id,
                     GError        **error)
{
  return run_for_application (database,
                              "INSERT INTO application_search (application_search, rowid, full_name, email, job_title,"
                              "  stage_name, tags, facets) VALUES ('delete', ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                              application_id, error);
}

gboolean
assay_search_add (AssayDatabase  *database,
                  gint64          application_id,
                  GError        **error)
{
  return run_for_application (database,
                              "INSERT INTO application_search (rowid, full_name, email, job_title, stage_name, tags,"
                              "  facets) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                              application_id, error);
}

gboolean
assay_search_rebuild (AssayDatabase  *database,
                      GError        **error)
{
  return assay_database_exec (database, "INSERT INTO application_search (application_search) VALUES ('rebuild')",
                              error);
}

/* ---- Searching ---- */

/* Columns of the second statement below. */
enum
{
  COLUMN_ID,
  COLUMN_UPDATED_AT,
  COLUMN_FULL_NAME,
  COLUMN_EMAIL,
  COLUMN_JOB_TITLE,
  COLUMN_STAGE_NAME,
  COLUMN_TAGS,
  COLUMN_ARCHIVED,
  COLUMN_GONE,
  COLUMN_CONNECTION_ID,
  COLUMN_INVITATION_ID,
};

/* The rows of @query older than @before, newest first; only their ids unless @with_words. */
static AssayStatement *
prepare_search (AssayDatabase                *database,
                const AssayApplicationFilter *filter,
                const char                   *query,
                gint64                        before,
                gboolean                      with_words,
                GError                      **error)
{
  AssayStatement *statement;

  if (!with_words && filter->stage_name == NULL)
    statement = assay_database_prepare (database,
                                        "SELECT rowid FROM application_search"
                                        " WHERE application_search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC",
                                        error);
  else
    statement = assay_database_prepare (database,
                                        "SELECT application.id, application.updated_at, application.full_name,"
                                        "  application.email, application.job_title, application.stage_name,"
                                        "  application.tags, application.archived, application.gone,"
                                        "  application.connection_id, application.invitation_id"
                                        " FROM application_search CROSS JOIN application"
                                        "  ON application.id = application_search.rowid"
                                        " WHERE application_search MATCH ?1 AND application_search.rowid < ?2"
                                        "  AND (?3 IS NULL OR application.stage_name = ?3)"
                                        " ORDER BY application_search.rowid DESC",
                                        error);
  if (statement == NULL)
    return NULL;
  assay_statement_bind_text (statement, 1, query);
  assay_statement_bind_int64 (statement, 2, before);
  if (with_words || filter->stage_name != NULL)
    assay_statement_bind_text (statement, 3, filter->stage_name);
  return statement;
}

typedef struct
{
  const Words *words;
  guint found; /* a bit for each word */
} WordMatch;

static gboolean
match_word (const char *word,
            gsize       length,
            gpointer    data)
{
  WordMatch *match = data;

  for (guint i = 0; i < match->words->n_words; i++)
    {
      gsize wanted = strlen (match->words->words[i]);

      if (wanted <= length && memcmp (word, match->words->words[i], wanted) == 0)
        match->found |= 1u << i;
    }
  return TRUE;
}

/* Which of @words begin a word of that column of a row with words. */
static guint
match_column (AssayDatabase  *database,
              AssayStatement *statement,
              int             column,
              const Words    *words)
{
  WordMatch match = { words, 0 };
  const char *text = assay_statement_get_text (statement, column);

  if (text != NULL)
    assay_tokenizer_split (assay_database_get_tokenizer (database), text, match_word, &match);
  return match.found;
}

/* The conditions that an incomplete query leaves out. */
static gboolean
row_passes (AssayStatement               *statement,
            const AssayApplicationFilter *filter)
{
  if (!filter->include_archived && (assay_statement_get_int64 (statement, COLUMN_ARCHIVED) != 0 ||
                                    assay_statement_get_int64 (statement, COLUMN_GONE) != 0))
    return FALSE;
  if (filter->connection_id != 0 &&
      assay_statement_get_int64 (statement, COLUMN_CONNECTION_ID) != filter->connection_id)
    return FALSE;
  return filter->invitation_status != ASSAY_FILTER_NOT_INVITED ||
         assay_statement_get_int64 (statement, COLUMN_INVITATION_ID) == 0;
}

/* Whether the words are there, where the index can't tell. */
static gboolean
row_matches (AssayDatabase  *database,
             AssayStatement *statement,
             const Words    *words)
{
  guint all = (1u << words->n_words) - 1;
  guint found = 0;

  if (!words->compare)
    return TRUE;
  for (int column = COLUMN_FULL_NAME; column <= COLUMN_TAGS && found != all; column++)
    found |= match_column (database, statement, column, words);
  return found == all;
}

typedef struct
{
  gint64 id;
  gint64 updated_at;
  guint rank; /* how many of the words begin a word of the name */
} Match;

static int
compare_matches (gconstpointer a,
                 gconstpointer b)
{
  const Match *first = a;
  const Match *second = b;

  if (first->rank != second->rank)
    return first->rank > second->rank ? -1 : 1;
  if (first->updated_at != second->updated_at)
    return first->updated_at > second->updated_at ? -1 : 1;
  return first->id > second->id ? -1 : first->id < second->id;
}

/* The newest matches, the best first. @oldest is where to go on, or 0 when these are all. */
static gboolean
list_ranked (AssayDatabase                *database,
             const AssayApplicationFilter *filter,
             const Words                  *words,
             GArray                       *ids,
             gint64                       *oldest,
             GError                      **error)
{
  g_autofree char *query = build_query (database, filter, words, FALSE);
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (Match));
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement = prepare_search (database, filter, query, G_MAXINT64, TRUE, error);
  guint compared = 0;

  if (statement == NULL)
    return FALSE;
  *oldest = 0;
  while (assay_statement_step (statement, &local_error))
    {
      Match match = { assay_statement_get_int64 (statement, COLUMN_ID),
                      assay_statement_get_int64 (statement, COLUMN_UPDATED_AT), 0 };

      if (row_passes (statement, filter) && row_matches (database, statement, words))
        {
          match.rank =
            (guint) __builtin_popcount (match_column (database, statement, COLUMN_FULL_NAME, words));
          g_array_append_val (matches, match);
        }
      if (matches->len == MAX_RANKED || ++compared == MAX_COMPARED)
        {
          *oldest = match.id;
          break;
        }
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_array_sort (matches, compare_matches);
  for (guint i = 0; i < matches->len; i++)
    g_array_append_val (ids, g_array_index (matches, Match, i).id);
  return TRUE;
}

/* Goes through the matches older than @before until there are @limit (0: all); (nullable) @ids collects them. */
static gboolean
visit_matches (AssayDatabase                *database,
               const AssayApplicationFilter *filter,
               const Words                  *words,
               gint64                        before,
               guint                         limit,
               GArray                       *ids,
               gint64                       *n_visited,
               GError                      **error)
{
  g_autofree char *query = build_query (database, filter, words, TRUE);
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement = prepare_search (database, filter, query, before, words->compare, error);

  if (statement == NULL)
    return FALSE;
  while ((limit == 0 || *n_visited < limit) && assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, COLUMN_ID);

      if (!row_matches (database, statement, words))
        continue;
      *n_visited += 1;
      if (ids != NULL)
        g_array_append_val (ids, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

/* ---- Conditions without words ---- */

/* Puts literal pieces together: values are bound as ?1 to ?4. */
static void
append_conditions (GString                      *sql,
                   const AssayApplicationFilter *filter)
{
  if (filter->job_id != 0)
    g_string_append (sql, " FROM application INDEXED BY application_by_job WHERE job_id = ?2");
  else if (filter->invitation_status >= 0)
    g_string_append (sql, " FROM application INDEXED BY application_by_status WHERE invitation_id > 0");
  else
    g_string_append (sql, " FROM application INDEXED BY application_by_update WHERE 1");

  if (filter->connection_id != 0)
    g_string_append (sql, " AND connection_id = ?1");
  if (filter->stage_name != NULL)
    g_string_append (sql, " AND stage_name = ?3");
  if (filter->invitation_status >= 0)
    g_string_append (sql, " AND invitation_id > 0 AND invitation_status = ?4");
  else if (filter->invitation_status == ASSAY_FILTER_NOT_INVITED)
    g_string_append (sql, " AND invitation_id = 0");
  if (!filter->include_archived)
    g_string_append (sql, " AND archived = 0 AND gone = 0");
}

static void
bind_conditions (AssayStatement               *statement,
                 const AssayApplicationFilter *filter)
{
  assay_statement_bind_int64 (statement, 1, filter->connection_id);
  assay_statement_bind_int64 (statement, 2, filter->job_id);
  assay_statement_bind_text (statement, 3, filter->stage_name);
  if (filter->invitation_status >= 0)
    assay_statement_bind_text (
      statement, 4, assay_invitation_status_to_string ((AssayInvitationStatus) filter->invitation_status));
}

/* The ids of @statement's first column. */
static gboolean
collect_ids (AssayStatement  *statement,
             GArray          *ids,
             GError         **error)
{
  g_autoptr (GError) local_error = NULL;

  while (assay_statement_step (statement, &local_error))
    {
      gint64 id = assay_statement_get_int64 (statement, 0);

      g_array_append_val (ids, id);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

GArray *
assay_applications_list_ids (AssayDatabase                 *database,
                             const AssayApplicationFilter  *filter,
                             guint                          limit,
                             GError                       **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GString) sql = NULL;
  g_auto (Words) words = { 0 };
  AssayStatement *statement;

  split_words (database, filter->search, &words);
  if (words.n_words > 0)
    {
      gint64 oldest, unused = 0;

      if (!list_ranked (database, filter, &words, ids, &oldest, error))
        return NULL;
      if (oldest != 0 && (limit == 0 || limit > ids->len) &&
          !visit_matches (database, filter, &words, oldest, limit == 0 ? 0 : limit - ids->len, ids, &unused, error))
        return NULL;
      if (limit != 0 && ids->len > limit)
        g_array_set_size (ids, limit);
      return g_steal_pointer (&ids);
    }

  sql = g_string_new ("SELECT id");
  append_conditions (sql, filter);
  g_string_append (sql, " ORDER BY updated_at DESC, id DESC LIMIT ?5");
  statement = assay_database_prepare (database, sql->str, error);
  if (statement == NULL)
    return NULL;
  bind_conditions (statement, filter);
  assay_statement_bind_int64 (statement, 5, limit == 0 ? -1 : (gint64) limit);
  if (!collect_ids (statement, ids, error))
    return NULL;
  return g_steal_pointer (&ids);
}

GPtrArray *
assay_applications_list (AssayDatabase                 *database,
                         const AssayApplicationFilter  *filter,
                         guint                          limit,
                         guint                          offset,
                         GError                       **error)
{
  g_autoptr (AssayApplicationFilter) everything = NULL;
  g_autoptr (GPtrArray) applications = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_application_free);
  g_autoptr (GArray) ids = NULL;
  guint wanted;

  if (filter == NULL)
    filter = everything = assay_application_filter_new ();
  if (limit == 0 || __builtin_add_overflow (limit, offset, &wanted))
    wanted = 0;
  ids = assay_applications_list_ids (database, filter, wanted, error);
  if (ids == NULL)
    return NULL;

  for (guint i = offset; i < ids->len; i++)
    {
      g_autoptr (GError) local_error = NULL;
      AssayApplication *application =
        assay_applications_find (database, g_array_index (ids, gint64, i), &local_error);

      if (application != NULL)
        g_ptr_array_add (applications, application);
      else if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  return g_steal_pointer (&applications);
}

gint64
assay_applications_count (AssayDatabase                 *database,
                          const AssayApplicationFilter  *filter,
                          guint                          at_most,
                          GError                       **error)
{
  g_autoptr (AssayApplicationFilter) everything = NULL;
  g_autoptr (GString) sql = NULL;
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement;
  g_auto (Words) words = { 0 };
  gint64 count = 0;

  if (filter == NULL)
    filter = everything = assay_application_filter_new ();

  split_words (database, filter->search, &words);
  if (words.n_words > 0)
    return visit_matches (database, filter, &words, G_MAXINT64, at_most, NULL, &count, error) ? count : -1;

  sql = g_string_new ("SELECT count(*) FROM (SELECT 1");
  append_conditions (sql, filter);
  g_string_append (sql, " LIMIT ?5)");
  statement = assay_database_prepare (database, sql->str, error);
  if (statement == NULL)
    return -1;
  bind_conditions (statement, filter);
  assay_statement_bind_int64 (statement, 5, at_most == 0 ? -1 : (gint64) at_most);
  if (assay_statement_step (statement, &local_error))
    count = assay_statement_get_int64 (statement, 0);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return -1;
    }
  return count;
}
