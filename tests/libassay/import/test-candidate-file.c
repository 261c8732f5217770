/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with accepted candidates: what is understood, what isn't and why, which documents are taken; the list they go to,
 * and the copies beside it. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "assay-candidate-file.h"
#include "assay-document-folder.h"
#include "assay-error.h"
#include "assay-hackajob.h"
#include "assay-queries-imported.h"
#include "assay-queries.h"

static const char *const stages[] = { "Accepted", "Interview", "Hired", NULL };

typedef struct
{
  char *folder;   /* of the file and its documents */
  char *outside;  /* a document beside that folder */
} Fixture;

static void
write_file (const char *folder,
            const char *name,
            const char *text,
            gsize       length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sub = NULL;
  g_autofree char *link = NULL;
  g_autofree char *huge = NULL;
  g_autofree char *top = g_dir_make_tmp ("assay-import-XXXXXX", &error);

  g_assert_no_error (error);
  fixture->folder = g_build_filename (top, "in", NULL);
  fixture->outside = g_build_filename (top, "secret.pdf", NULL);
  sub = g_build_filename (fixture->folder, "docs", NULL);
  g_assert_cmpint (g_mkdir_with_parents (sub, 0700), ==, 0);
  write_file (top, "secret.pdf", "secret", 6);
  write_file (fixture->folder, "docs/ada.pdf", "cv", 2);
  write_file (fixture->folder, "docs/Ada.PDF", "profile", 7);
  write_file (fixture->folder, "docs/empty.pdf", "", 0);
  write_file (fixture->folder, "docs/run.sh", "x", 1);
  huge = g_build_filename (fixture->folder, "docs", "huge.pdf", NULL);
  write_file (fixture->folder, "docs/huge.pdf", "x", 1);
  g_assert_cmpint (truncate (huge, ASSAY_DOCUMENT_MAX_SIZE + 1), ==, 0);
  link = g_build_filename (fixture->folder, "docs", "link.pdf", NULL);
  g_assert_cmpint (symlink (fixture->outside, link), ==, 0);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) directory = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *top = g_path_get_dirname (fixture->folder);

  remove_all (top);
  g_free (fixture->folder);
  g_free (fixture->outside);
}

static GPtrArray *
parse (Fixture    *fixture,
       const char *text)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries = assay_candidate_file_parse (text, strlen (text), fixture->folder, stages, &error);

  g_assert_no_error (error);
  return entries;
}

static const AssayCandidateEntry *
get (GPtrArray *entries,
     guint      index)
{
  g_assert_cmpuint (index, <, entries->len);
  return g_ptr_array_index (entries, index);
}

static void
test_csv (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr (GPtrArray) entries =
    parse (fixture, "Name;E-Mail Address;Job title;Stage;Accepted on;CV;hackajob profile;Phone;Whatever\n"
                    "Ada King Lovelace;ada@example.test;Engineer;INTERVIEW;2026-11-18;docs/ada.pdf;docs/Ada.PDF;+44 1;x\n"
                    "\n"
                    "Grace Hopper;grace@example.test\n");
  const AssayCandidateEntry *entry = get (entries, 0);

  g_assert_cmpint (entry->kind, ==, ASSAY_CANDIDATE_GOOD);
  g_assert_cmpuint (entry->line, ==, 2);
  g_assert_cmpstr (entry->candidate->first_name, ==, "Ada King");
  g_assert_cmpstr (entry->candidate->last_name, ==, "Lovelace");
  g_assert_cmpstr (entry->candidate->email, ==, "ada@example.test");
  g_assert_cmpstr (entry->candidate->role, ==, "Engineer");
  g_assert_cmpstr (entry->candidate->stage, ==, "Interview");
  g_assert_cmpstr (entry->candidate->phone, ==, "+44 1");
  g_assert_cmpint (entry->candidate->accepted_at, ==, G_GINT64_CONSTANT (1795003200000));
  g_assert_cmpstr (entry->candidate->documents[ASSAY_IMPORTED_CV].name, ==, "ada.pdf");
  g_assert_cmpstr (entry->candidate->documents[ASSAY_IMPORTED_PROFILE].name, ==, "Ada.PDF");
  g_assert_true (g_str_has_suffix (entry->paths[ASSAY_IMPORTED_CV], "/docs/ada.pdf"));
  entry = get (entries, 1);
  g_assert_cmpuint (entry->line, ==, 4);
  g_assert_cmpint (entry->kind, ==, ASSAY_CANDIDATE_GOOD);
  g_assert_cmpstr (entry->candidate->stage, ==, "Accepted");
  g_assert_null (entry->candidate->role);
  g_assert_null (entry->paths[ASSAY_IMPORTED_CV]);
}

static void
test_json (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GPtrArray) entries =
    parse (fixture, "\xef\xbb\xbf {\"candidates\": [{\"first_name\": \"Kurt\", \"last_name\": \"Gödel\","
                    " \"email\": \"kurt@example.test\", \"location\": \"Wien\", \"accepted_at\": \"2026-11-18T09:30:00+01:00\","
                    " \"linkedin_url\": \"https://www.linkedin.com/in/kurt\", \"cv\": \"docs/ada.pdf\", \"profile\": null,"
                    " \"something\": 7}]}");
  const AssayCandidateEntry *entry = get (entries, 0);
  g_autoptr (GPtrArray) bare = NULL;

  g_assert_cmpstr (entry->sentence, ==, NULL);
  g_assert_cmpint (entry->kind, ==, ASSAY_CANDIDATE_GOOD);
  g_assert_cmpstr (entry->candidate->last_name, ==, "Gödel");
  g_assert_cmpstr (entry->candidate->location, ==, "Wien");
  g_assert_cmpint (entry->candidate->accepted_at % 86400000, ==, (8 * 60 + 30) * 60000);
  g_assert_nonnull (entry->paths[ASSAY_IMPORTED_CV]);
  g_assert_null (entry->paths[ASSAY_IMPORTED_PROFILE]);

  bare = parse (fixture, "[{\"name\": \"Kurt Gödel\", \"email\": \"kurt@example.test\"}]");
  g_assert_cmpint (get (bare, 0)->kind, ==, ASSAY_CANDIDATE_GOOD);
}

/* Each is one row that isn't understood, and the sentence says which part. */
static void
test_problems (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct
  {
    const char *members;
    const char *says;
  } rows[] = {
    { "\"name\": \"Cher\", \"email\": \"c@example.test\"", "both needed" },
    { "\"first_name\": \"Ada\", \"email\": \"c@example.test\"", "both needed" },
    { "\"name\": \"A B\"", "no e-mail" },
    { "\"name\": \"A B\", \"email\": \"nobody\"", "can't be an e-mail" },
    { "\"name\": \"A B\", \"email\": 7", "isn't a string" },
    { "\"name\": \"A B\", \"email\": [\"a@example.test\"]", "isn't a string" },
    { "\"name\": \"A\\nB C\", \"email\": \"a@example.test\"", "line break" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"stage\": \"Elsewhere\"", "no stage" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"accepted_at\": \"18.11.2026\"", "no date" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"accepted_at\": \"1626-11-18\"", "no date" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"linkedin_url\": \"javascript:x\"", "https" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"cv\": \"docs/none.pdf\"", "no file" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"cv\": \"docs\"", "not a file" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"cv\": \"docs/empty.pdf\"", "empty" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"cv\": \"docs/huge.pdf\"", "larger than" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"cv\": \"docs/run.sh\"", "no document" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"cv\": \"../secret.pdf\"", "isn't in the folder" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"profile\": \"docs/../../secret.pdf\"", "isn't in the folder" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"profile\": \"docs/link.pdf\"", "isn't in the folder" },
    { "\"name\": \"A B\", \"email\": \"a@example.test\", \"cv\": \"/etc/passwd\"", "relative to the file" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"candidates\": [{%s}]}", rows[i].members);
      g_autoptr (GPtrArray) entries = parse (fixture, text);
      const AssayCandidateEntry *entry = get (entries, 0);

      g_test_message ("%s", rows[i].members);
      g_assert_cmpint (entry->kind, ==, ASSAY_CANDIDATE_PROBLEM);
      g_assert_null (entry->candidate);
      g_assert_nonnull (strstr (entry->sentence, rows[i].says));
    }
}

/* These are no lists at all. */
static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const files[] = {
    "",
    "name,email\n",
    "name,phone\nA B,1\n",
    "email\na@example.test\n",
    "first name,email\nA,a@example.test\n",
    "{}",
    "[]",
    "{\"candidates\": {}}",
    "{\"candidates\": [",
    "{\"candidates\": [], \"candidates\": [{}]}",
    "[{\"name\": \"A B\", \"name\": \"C D\"}]",
    "[{\"name\": \"A\\u0000B\"}]",
    "PK\003\004",
  };
  g_autoptr (GString) many = g_string_new ("[7");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", files[i]);
      g_assert_null (assay_candidate_file_parse (files[i], strlen (files[i]), fixture->folder, stages, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
    }

  for (guint i = 0; i < ASSAY_CANDIDATE_FILE_MAX_ENTRIES; i++)
    g_string_append (many, ",7");
  g_string_append_c (many, ']');
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (assay_candidate_file_parse (many->str, many->len, fixture->folder, stages, &error));
    g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  }
}

/* ---- The list ---- */

static gpointer
insert_connection (AssayDatabase  *database,
                   gpointer        data,
                   GError        **error)
{
  g_autoptr (AssayConnection) connection = assay_connection_new ();

  connection->kind = g_strdup ("hackajob");
  connection->role = ASSAY_ROLE_PROVIDER;
  connection->name = g_strdup ("hackajob");
  connection->secret_id = g_strdup ("none");
  if (assay_connections_insert (database, connection, error))
    *(gint64 *) data = connection->id;
  return NULL;
}

typedef struct
{
  GPtrArray *entries;
  gint64 connection_id;
} Judgement;

static gpointer
judge (AssayDatabase  *database,
       gpointer        data,
       GError        **error)
{
  const Judgement *judgement = data;

  assay_candidate_entries_judge (judgement->entries, database, judgement->connection_id, error);
  return NULL;
}

static gpointer
insert_first (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  const Judgement *judgement = data;
  AssayCandidateEntry *entry = g_ptr_array_index (judgement->entries, 0);

  entry->candidate->connection_id = judgement->connection_id;
  assay_imported_insert (database, entry->candidate, error);
  return NULL;
}

static gpointer
list (AssayDatabase  *database,
      gpointer        data,
      GError        **error)
{
  return assay_imported_list (database, *(const gint64 *) data, error);
}

static gpointer
erase (AssayDatabase  *database,
       gpointer        data,
       GError        **error)
{
  assay_connections_remove (database, *(const gint64 *) data, TRUE, error);
  return NULL;
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_build_filename (fixture->folder, "store", NULL);
  g_autoptr (AssayStore) store = assay_store_open (directory, &error);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) there = NULL;
  g_autoptr (GPtrArray) left = NULL;
  Judgement judgement = { NULL };
  const AssayImportedCandidate *candidate;

  g_assert_no_error (error);
  assay_store_write (store, insert_connection, &judgement.connection_id, &error);
  g_assert_no_error (error);
  entries = judgement.entries = parse (fixture, "name,email,role\n"
                                                "Ada Lovelace,ada@example.test,Engineer\n"
                                                "Ada Lovelace,ADA@example.test, engineer\n"
                                                "Ada Lovelace,ada@example.test,Analyst\n");
  assay_store_read (store, judge, &judgement, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get (entries, 0)->kind, ==, ASSAY_CANDIDATE_GOOD);
  g_assert_cmpint (get (entries, 1)->kind, ==, ASSAY_CANDIDATE_TWICE);
  g_assert_cmpint (get (entries, 2)->kind, ==, ASSAY_CANDIDATE_GOOD);

  assay_store_write (store, insert_first, &judgement, &error);
  g_assert_no_error (error);
  assay_store_write (store, insert_first, &judgement, &error);
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE);
  g_clear_error (&error);
  assay_store_read (store, judge, &judgement, &error);
  g_assert_no_error (error);
  g_assert_cmpint (get (entries, 0)->kind, ==, ASSAY_CANDIDATE_KNOWN);
  g_assert_cmpint (get (entries, 1)->kind, ==, ASSAY_CANDIDATE_KNOWN);
  g_assert_cmpint (get (entries, 2)->kind, ==, ASSAY_CANDIDATE_GOOD);

  there = assay_store_read (store, list, &judgement.connection_id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (there->len, ==, 1);
  candidate = g_ptr_array_index (there, 0);
  g_assert_cmpstr (candidate->email, ==, "ada@example.test");
  g_assert_cmpstr (candidate->role, ==, "Engineer");
  g_assert_cmpstr (candidate->connection_name, ==, "hackajob");
  g_assert_cmpint (candidate->created_at, >, 0);

  assay_store_write (store, erase, &judgement.connection_id, &error);
  g_assert_no_error (error);
  left = assay_store_read (store, list, &(gint64){ 0 }, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left->len, ==, 0);
  assay_store_close (store);
}

static void
test_documents (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDocumentFolder) folder = assay_document_folder_open (fixture->folder, &error);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *path = g_build_filename (fixture->folder, "docs", "ada.pdf", NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "docs", "link.pdf", NULL);
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *text = NULL;
  struct stat state;

  g_assert_no_error (error);
  one = assay_document_folder_add (folder, path, &error);
  g_assert_no_error (error);
  other = assay_document_folder_add (folder, path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (one, !=, other);
  /* What became a link since it was looked at. */
  g_assert_null (assay_document_folder_add (folder, link, &error));
  g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
  g_clear_error (&error);

  copy = assay_document_folder_dup_path (fixture->folder, one);
  g_assert_cmpint (g_stat (copy, &state), ==, 0);
  g_assert_cmpint (state.st_mode & 07777, ==, 0600);
  g_file_get_contents (copy, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "cv");

  g_hash_table_add (known, one);
  g_assert_true (assay_document_folder_sweep (folder, known, &error));
  g_assert_no_error (error);
  gone = assay_document_folder_dup_path (fixture->folder, other);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (gone, G_FILE_TEST_EXISTS));
}

static void
test_stages (void)
{
  static const char *const bad[] = { ",", " , ,", "Interview, interview" };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) neutral = assay_hackajob_parse_stages (NULL, &error);
  g_auto (GStrv) own = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (neutral[0], ==, "Accepted");
  g_assert_cmpuint (g_strv_length (neutral), ==, 4);
  own = assay_hackajob_parse_stages (" Neu ,, Gespräch , Ende", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (own), ==, 3);
  g_assert_cmpstr (own[1], ==, "Gespräch");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_null (assay_hackajob_parse_stages (bad[i], &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
      g_clear_error (&error);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/candidate-file/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("csv", test_csv);
  ADD ("json", test_json);
  ADD ("problems", test_problems);
  ADD ("refused", test_refused);
  ADD ("list", test_list);
  ADD ("documents", test_documents);
  g_test_add_func ("/candidate-file/stages", test_stages);
  return g_test_run ();
}
