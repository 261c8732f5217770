/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with accepted candidates. */
#include "config.h"

#include "assay-candidate-file.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "assay-csv.h"
#include "assay-document-folder.h"
#include "assay-hackajob.h"
#include "assay-json.h"
#include "assay-local-file.h"
#include "assay-queries-imported.h"

/* In characters; a longer value isn't what its column says. */
#define MAX_VALUE 1000

typedef enum
{
  FIELD_FIRST_NAME,
  FIELD_LAST_NAME,
  FIELD_NAME,
  FIELD_EMAIL,
  FIELD_PHONE,
  FIELD_LOCATION,
  FIELD_LINKEDIN,
  FIELD_ROLE,
  FIELD_STAGE,
  FIELD_ACCEPTED,
  FIELD_CV,
  FIELD_PROFILE,
  N_FIELDS,
} Field;

static const struct
{
  const char *member;              /* in JSON, and the first heading that is looked for */
  const char *const *headings;     /* in CSV, as assay_csv_find_column() wants them */
} fields[N_FIELDS] = {
  [FIELD_FIRST_NAME] = { "first_name", (const char *const[]){ "firstname", "givenname", "forename", NULL } },
  [FIELD_LAST_NAME] = { "last_name", (const char *const[]){ "lastname", "surname", "familyname", NULL } },
  [FIELD_NAME] = { "name", (const char *const[]){ "name", "fullname", "candidate", "candidatename", NULL } },
  [FIELD_EMAIL] = { "email", (const char *const[]){ "email", "emailaddress", "mail", NULL } },
  [FIELD_PHONE] = { "phone", (const char *const[]){ "phone", "phonenumber", "telephone", "mobile", NULL } },
  [FIELD_LOCATION] = { "location", (const char *const[]){ "location", "city", NULL } },
  [FIELD_LINKEDIN] = { "linkedin_url", (const char *const[]){ "linkedinurl", "linkedin", NULL } },
  [FIELD_ROLE] = { "role", (const char *const[]){ "role", "job", "jobtitle", "position", NULL } },
  [FIELD_STAGE] = { "stage", (const char *const[]){ "stage", NULL } },
  [FIELD_ACCEPTED] = { "accepted_at", (const char *const[]){ "acceptedat", "acceptedon", "accepted", NULL } },
  [FIELD_CV] = { "cv", (const char *const[]){ "cv", "resume", "cvpath", "cvfile", NULL } },
  [FIELD_PROFILE] = { "profile", (const char *const[]){ "profile", "profilepath", "profilefile", "hackajobprofile", NULL } },
};

/* A row's values, before anybody looked at them; NULL where there is none. */
typedef struct
{
  const char *values[N_FIELDS];
} Raw;

void
assay_candidate_entry_free (AssayCandidateEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->text);
  assay_imported_candidate_free (entry->candidate);
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    g_free (entry->paths[i]);
  g_free (entry->sentence);
  g_free (entry);
}

guint
assay_candidate_entries_count (GPtrArray          *entries,
                               AssayCandidateKind  kind)
{
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    n += ((const AssayCandidateEntry *) g_ptr_array_index (entries, i))->kind == kind;
  return n;
}

/* ---- One row ---- */

/* What is wrong with a value whatever it is for; (transfer full) (nullable) */
static char *
check_text (Field       field,
            const char *value)
{
  if (!g_utf8_validate (value, -1, NULL) || g_utf8_strlen (value, -1) > MAX_VALUE)
    return g_strdup_printf (_ ("“%s” is too long, or isn't text. Correct it."), fields[field].member);
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return g_strdup_printf (_ ("“%s” contains a line break or another character that can't be there. Correct it."),
                              fields[field].member);
  return NULL;
}

/* "Ada King Lovelace": all but the last word are the first name. Who reads the table sees how it was taken apart. */
static void
take_name (AssayImportedCandidate *candidate,
           const Raw              *raw)
{
  const char *name = raw->values[FIELD_NAME];
  const char *space = name != NULL ? strrchr (name, ' ') : NULL;

  candidate->first_name = g_strdup (raw->values[FIELD_FIRST_NAME]);
  candidate->last_name = g_strdup (raw->values[FIELD_LAST_NAME]);
  if (candidate->first_name != NULL || candidate->last_name != NULL || space == NULL)
    return;
  candidate->first_name = g_strstrip (g_strndup (name, (gsize) (space - name)));
  candidate->last_name = g_strdup (space + 1);
}

/* An RFC 3339 time, or a day: then its noon in UTC, which is that day nearly everywhere. 0 if it is neither. */
static gint64
parse_time (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *noon = strlen (text) == 10 ? g_strconcat (text, "T12:00:00Z", NULL) : NULL;
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (noon != NULL ? noon : text, utc);
  gint64 seconds = time != NULL ? g_date_time_to_unix (time) : 0;

  return seconds > 0 ? seconds * 1000 + g_date_time_get_microsecond (time) / 1000 : 0;
}

/* (transfer full) (nullable): the stage as the connection spells it */
static char *
find_stage (const char        *value,
            const char *const *stages)
{
  return g_strdup (value != NULL ? assay_hackajob_find_stage (stages, value) : stages[0]);
}

/* Where a document is, and what is wrong with it. A path in a file is relative to it and stays in its folder, so that a file
 * from somebody else can't name what is none of its business. */
static char *
take_document (AssayCandidateEntry   *entry,
               AssayImportedDocument  which,
               const char            *value,
               const char            *folder,
               gboolean               anywhere)
{
  g_autofree char *path = NULL;
  char *problem;

  if (value == NULL)
    return NULL;
  if (!anywhere && folder == NULL)
    return g_strdup (_ ("The file isn't on this computer, so its documents can't be found. Copy it here, with them."));
  if (!anywhere && g_path_is_absolute (value))
    return g_strdup_printf (_ ("“%s” isn't relative to the file. Put the document beside it, and name it by that."), value);
  path = anywhere ? g_strdup (value) : g_build_filename (folder, value, NULL);
  problem = assay_document_check (path, anywhere ? NULL : folder, &entry->paths[which]);
  if (problem == NULL)
    entry->candidate->documents[which].name = g_filename_display_basename (path);
  return problem;
}

static char *
read_values (AssayCandidateEntry *entry,
             const Raw           *raw,
             const char          *folder,
             gboolean             anywhere,
             const char *const   *stages)
{
  AssayImportedCandidate *candidate = entry->candidate;
  char *problem;

  for (guint i = 0; i < N_FIELDS; i++)
    if (raw->values[i] != NULL && (problem = check_text (i, raw->values[i])) != NULL)
      return problem;

  take_name (candidate, raw);
  if (candidate->first_name == NULL || candidate->last_name == NULL)
    return g_strdup (_ ("First name and last name are both needed. Fill in what is missing."));
  if (raw->values[FIELD_EMAIL] == NULL)
    return g_strdup (_ ("There is no e-mail address. Fill it in."));
  if (!assay_email_is_plausible (raw->values[FIELD_EMAIL]))
    return g_strdup_printf (_ ("“%s” can't be an e-mail address. Correct it."), raw->values[FIELD_EMAIL]);
  candidate->email = g_strdup (raw->values[FIELD_EMAIL]);
  candidate->phone = g_strdup (raw->values[FIELD_PHONE]);
  candidate->location = g_strdup (raw->values[FIELD_LOCATION]);
  candidate->role = g_strdup (raw->values[FIELD_ROLE]);
  candidate->linkedin_url = g_strdup (raw->values[FIELD_LINKEDIN]);
  if (candidate->linkedin_url != NULL &&
      (!g_str_has_prefix (candidate->linkedin_url, "https://") || !g_uri_is_valid (candidate->linkedin_url, 0, NULL)))
    return g_strdup_printf (_ ("“%s” is no address that begins with https://. Correct it, or leave it out."),
                            candidate->linkedin_url);
  candidate->stage = find_stage (raw->values[FIELD_STAGE], stages);
  if (candidate->stage == NULL)
    return g_strdup_printf (_ ("The connection has no stage “%s”. Correct it, or add it to the connection's stages."),
                            raw->values[FIELD_STAGE]);
  if (raw->values[FIELD_ACCEPTED] != NULL)
    {
      candidate->accepted_at = parse_time (raw->values[FIELD_ACCEPTED]);
      if (candidate->accepted_at == 0)
        return g_strdup_printf (_ ("“%s” is no date such as 2026-11-20. Correct it, or leave it out."),
                                raw->values[FIELD_ACCEPTED]);
    }
  if ((problem = take_document (entry, ASSAY_IMPORTED_CV, raw->values[FIELD_CV], folder, anywhere)) != NULL ||
      (problem = take_document (entry, ASSAY_IMPORTED_PROFILE, raw->values[FIELD_PROFILE], folder, anywhere)) != NULL)
    return problem;
  return NULL;
}

static AssayCandidateEntry *
read_entry (const Raw         *raw,
            guint              line,
            const char        *folder,
            gboolean           anywhere,
            const char *const *stages)
{
  AssayCandidateEntry *entry = g_new0 (AssayCandidateEntry, 1);
  const char *first_name = raw->values[FIELD_FIRST_NAME];
  const char *last_name = raw->values[FIELD_LAST_NAME];

  entry->line = line;
  if (raw->values[FIELD_NAME] != NULL)
    entry->text = g_utf8_make_valid (raw->values[FIELD_NAME], -1);
  else if (first_name != NULL || last_name != NULL)
    {
      g_autofree char *both = g_strjoin (" ", first_name != NULL ? first_name : last_name,
                                         first_name != NULL ? last_name : NULL, NULL);

      entry->text = g_utf8_make_valid (both, -1);
    }
  else
    entry->text = g_utf8_make_valid (raw->values[FIELD_EMAIL] != NULL ? raw->values[FIELD_EMAIL] : "", -1);

  entry->candidate = assay_imported_candidate_new ();
  entry->sentence = read_values (entry, raw, folder, anywhere, stages);
  if (entry->sentence != NULL)
    {
      entry->kind = ASSAY_CANDIDATE_PROBLEM;
      g_clear_pointer (&entry->candidate, assay_imported_candidate_free);
    }
  return entry;
}

AssayCandidateEntry *
assay_candidate_entry_new (GHashTable        *values,
                           const char *const *stages)
{
  Raw raw = { { NULL } };

  for (guint i = 0; i < N_FIELDS; i++)
    {
      const char *value = g_hash_table_lookup (values, fields[i].member);

      raw.values[i] = value != NULL && *value != '\0' ? value : NULL;
    }
  return read_entry (&raw, 1, NULL, TRUE, stages);
}

/* ---- Files ---- */

static gboolean
check_length (guint    n,
              GError **error)
{
  if (n == 0)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("The file names nobody."));
  else if (n > ASSAY_CANDIDATE_FILE_MAX_ENTRIES)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 _ ("The file has more than %u candidates. Take it apart."), ASSAY_CANDIDATE_FILE_MAX_ENTRIES);
  return n > 0 && n <= ASSAY_CANDIDATE_FILE_MAX_ENTRIES;
}

static GPtrArray *
parse_csv (const char         *data,
           gsize               length,
           const char         *folder,
           const char *const  *stages,
           GError            **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_candidate_entry_free);
  g_autoptr (GPtrArray) rows = assay_csv_parse (data, length, error);
  int columns[N_FIELDS];

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < N_FIELDS; i++)
    columns[i] = rows->len > 0 ? assay_csv_find_column (rows->pdata[0], fields[i].headings) : -1;
  if (columns[FIELD_EMAIL] < 0 ||
      (columns[FIELD_NAME] < 0 && (columns[FIELD_FIRST_NAME] < 0 || columns[FIELD_LAST_NAME] < 0)))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("The first line of the file must name its columns, and among them must be “email”, and "
                              "“first name” and “last name” or “name”."));
      return NULL;
    }
  if (!check_length (rows->len - 1, error))
    return NULL;

  for (guint i = 1; i < rows->len; i++)
    {
      const AssayCsvRow *row = g_ptr_array_index (rows, i);
      Raw raw;

      for (guint k = 0; k < N_FIELDS; k++)
        raw.values[k] = assay_csv_get_cell (row, columns[k]);
      g_ptr_array_add (entries, read_entry (&raw, row->line, folder, FALSE, stages));
    }
  return g_steal_pointer (&entries);
}

/* One of the JSON document's candidates. */
static AssayCandidateEntry *
read_object (JsonObject        *object,
             guint              line,
             const char        *folder,
             const char *const *stages)
{
  AssayCandidateEntry *entry;
  Raw raw = { { NULL } };

  for (guint i = 0; object != NULL && i < N_FIELDS; i++)
    {
      JsonNode *node = json_object_get_member (object, fields[i].member);
      const char *value = assay_json_get_string (object, fields[i].member);

      if (node != NULL && !JSON_NODE_HOLDS_NULL (node) && value == NULL)
        {
          entry = g_new0 (AssayCandidateEntry, 1);
          entry->line = line;
          entry->counted = TRUE;
          entry->kind = ASSAY_CANDIDATE_PROBLEM;
          entry->text = g_strdup ("");
          entry->sentence = g_strdup_printf (_ ("“%s” isn't a string. Correct it."), fields[i].member);
          return entry;
        }
      raw.values[i] = value != NULL && *value != '\0' ? value : NULL;
    }
  entry = read_entry (&raw, line, folder, FALSE, stages);
  entry->counted = TRUE;
  return entry;
}

static GPtrArray *
parse_json (const char         *data,
            gsize               length,
            const char         *folder,
            const char *const  *stages,
            GError            **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_candidate_entry_free);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array = NULL;

  /* Two members of one name: which of them somebody meant nobody knows. */
  if (assay_json_guard (data, length, TRUE, &local_error))
    root = assay_json_parse (data, length, &local_error);
  if (root == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %s is a whole sentence, or several */
                   _ ("The file isn't JSON that can be read. %s"), local_error->message);
      return NULL;
    }
  if (JSON_NODE_HOLDS_ARRAY (root))
    array = json_node_get_array (root);
  else if (JSON_NODE_HOLDS_OBJECT (root))
    array = assay_json_get_array (json_node_get_object (root), "candidates");
  if (array == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("The file has no list of candidates. It is to be a JSON object with a list “candidates”."));
      return NULL;
    }
  if (!check_length (json_array_get_length (array), error))
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (entries, read_object (assay_json_array_get_object (array, i), i + 1, folder, stages));
  return g_steal_pointer (&entries);
}

GPtrArray *
assay_candidate_file_parse (const char         *data,
                            gsize               length,
                            const char         *folder,
                            const char *const  *stages,
                            GError            **error)
{
  gsize start = length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  for (gsize i = start; i < length; i++)
    {
      if (g_ascii_isspace (data[i]))
        continue;
      if (data[i] == '{' || data[i] == '[')
        return parse_json (data + start, length - start, folder, stages, error);
      break;
    }
  return parse_csv (data, length, folder, stages, error);
}

GPtrArray *
assay_candidate_file_load (GFile              *file,
                           const char *const  *stages,
                           GCancellable       *cancellable,
                           GError            **error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *origin = base != NULL ? g_filename_display_name (base) : NULL;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) bytes = assay_local_file_load (file, ASSAY_CSV_MAX_FILE, cancellable, &local_error);
  g_autoptr (GPtrArray) entries = NULL;
  const char *data;
  gsize length;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (bytes == NULL)
    {
      g_autofree char *name = g_file_get_parse_name (file);

      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, _ ("“%s” is too large for a list of candidates."), name);
      return NULL;
    }

  data = g_bytes_get_data (bytes, &length);
  entries = assay_candidate_file_parse (data != NULL ? data : "", length, folder, stages, error);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      AssayCandidateEntry *entry = g_ptr_array_index (entries, i);

      if (entry->candidate != NULL)
        entry->candidate->origin = g_strdup (origin);
    }
  return g_steal_pointer (&entries);
}

/* ---- Against the list ---- */

gboolean
assay_candidate_entries_judge (GPtrArray      *entries,
                               AssayDatabase  *database,
                               gint64          connection_id,
                               GError        **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      AssayCandidateEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *email = NULL;
      g_autofree char *role = NULL;
      gint64 there;

      if (entry->candidate == NULL)
        continue;
      entry->kind = ASSAY_CANDIDATE_GOOD;
      g_clear_pointer (&entry->sentence, g_free);
      email = assay_email_fold (entry->candidate->email);
      role = assay_imported_fold_role (entry->candidate->role);
      there = assay_imported_find (database, connection_id, email, role, error);
      if (there < 0)
        return FALSE;
      if (there > 0)
        {
          entry->kind = ASSAY_CANDIDATE_KNOWN;
          entry->sentence = g_strdup (_ ("Is on the list for this role already, and stays as it is there."));
        }
      else if (!g_hash_table_add (seen, g_strconcat (email, "\n", role, NULL)))
        {
          entry->kind = ASSAY_CANDIDATE_TWICE;
          entry->sentence = g_strdup (_ ("Is in the file already, and counts once."));
        }
    }
  return TRUE;
}
