/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts any number of believable people into an empty store. Rows are written as they end up, not through the sync's
 * comparisons, and the search index is made at the end: a million takes a minute, not an hour. */
#include "config.h"

#include "fill-store.h"

#include "assay-queries.h"

#define BATCH 20000
#define NOW G_GINT64_CONSTANT (1763640000000)

static const char *const first_names[] = {
  "Amara",  "Jonas",   "李",      "Siobhán", "Ngozi",  "Mateo",   "Yuki",   "Aarav",  "Zoë",     "Łukasz",
  "Fatima", "Björn",   "Никита",  "Chidi",   "Mei",    "Ana",     "Tomás",  "Priya",  "Kwame",   "Ingrid",
  "Omar",   "Hanna",   "Đặng",    "Sofia",   "Elif",   "Noah",    "Olivia", "Liam",   "Emma",    "Lucía",
  "Ethan",  "Mia",     "Rafael",  "Aisha",   "Viktor", "Chloé",   "Samuel", "Grace",  "Daniel",  "Kateryna",
  "Ibrahim", "Leila",  "Hugo",    "Nadia",   "Pavel",  "Isabella", "Tariq", "Johanna", "Miguel", "Thandiwe",
};

static const char *const last_names[] = {
  "Okafor",   "Šimek",    "明",        "O'Brien",  "Adeyemi",   "García",   "Tanaka",     "Sharma",    "Müller",
  "Żak",      "Al-Sayed", "Lindström", "Иванов",   "Nwosu",     "Wang",     "Silva",      "Novák",     "Patel",
  "Mensah",   "Hansen",   "Haddad",    "Virtanen", "Nguyễn",    "Rossi",    "Yılmaz",     "Smith",     "Johnson",
  "Williams", "Brown",    "Jones",     "Miller",   "Davis",     "Martinez", "Hernández",  "Lopez",     "González",
  "Wilson",   "Anderson", "Thomas",    "Taylor",   "Moore",     "Jackson",  "Martin",     "Lee",       "Perez",
  "Thompson", "White",    "Harris",    "Sánchez",  "Clark",     "Ramírez",  "Lewis",      "Robinson",  "Walker",
  "Young",    "Allen",    "King",      "Wright",   "Scott",     "Torres",   "Shevchenko", "Kowalczyk", "Dlamini",
};

static const char *const titles[] = {
  "Backend Engineer", "Data Analyst",     "Product Designer",  "Account Executive", "Nurse",
  "Site Reliability Engineer", "Recruiter", "Warehouse Lead",  "Customer Success Manager", "Accountant",
};
static const char *const places[] = { "Lagos", "Praha", "Dublin", "São Paulo", "Tokyo", "Remote", "Berlin", "Austin" };
static const char *const sources[] = { "LinkedIn", "Indeed", "Referral", "Careers page", "Agency" };
static const char *const stages[] = { "Applied", "Phone Screen", "Assessment", "Interview", "Offer", "Hired" };
static const char *const tags[] = { "[]", "[]", "[]", "[\"relocates\"]", "[\"needs visa\",\"senior\"]", "[\"referred\"]" };

typedef struct
{
  guint n_applications;
  guint n_jobs;
  guint done;
  gint64 ats;
  gint64 provider;
  gint64 assessment;
  gint64 *job_ids;
  GRand *random;
} Fill;

static const char *
pick (GRand             *random,
      const char *const *texts,
      guint              n_texts)
{
  return texts[g_rand_int_range (random, 0, (gint32) n_texts)];
}

#define PICK(texts) pick (fill->random, texts, G_N_ELEMENTS (texts))

static gint64
add_connection (AssayDatabase  *database,
                const char     *kind,
                AssayRole       role,
                const char     *name,
                GError        **error)
{
  g_autoptr (AssayConnection) connection = assay_connection_new ();

  connection->kind = g_strdup (kind);
  connection->role = role;
  connection->name = g_strdup (name);
  connection->state = ASSAY_CONNECTION_DISABLED; /* nobody is at its address */
  connection->complete_up_to = NOW;
  return assay_connections_insert (database, connection, error) ? connection->id : 0;
}

static gpointer
add_basics (AssayDatabase  *database,
            gpointer        data,
            GError        **error)
{
  Fill *fill = data;
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_job_free);
  g_autoptr (GPtrArray) assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  AssayAssessment *assessment = assay_assessment_new ();

  fill->ats = add_connection (database, "pinpoint", ASSAY_ROLE_ATS, "ACME", error);
  if (fill->ats != 0)
    fill->provider = add_connection (database, "testtrick", ASSAY_ROLE_PROVIDER, "TestTrick", error);
  assessment->remote_id = g_strdup ("1");
  assessment->name = g_strdup ("Python Developer");
  g_ptr_array_add (assessments, assessment);
  if (fill->provider == 0 || !assay_assessments_replace (database, fill->provider, assessments, error))
    return NULL;
  fill->assessment = assessment->id;

  for (guint i = 0; i < fill->n_jobs; i++)
    {
      AssayJob *job = assay_job_new ();

      job->remote_id = g_strdup_printf ("%u", i);
      job->title = g_strdup_printf ("%s, %s", titles[i % G_N_ELEMENTS (titles)],
                                    places[i / G_N_ELEMENTS (titles) % G_N_ELEMENTS (places)]);
      job->open = TRUE;
      for (guint j = 0; j < G_N_ELEMENTS (stages); j++)
        {
          AssayStage *stage = assay_stage_new ();

          stage->remote_id = g_strdup_printf ("%u-%u", i, j);
          stage->name = g_strdup (stages[j]);
          stage->position = (int) j;
          g_ptr_array_add (job->stages, stage);
        }
      g_ptr_array_add (jobs, job);
    }
  if (!assay_jobs_upsert (database, fill->ats, jobs, TRUE, NULL, error))
    return NULL;
  for (guint i = 0; i < fill->n_jobs; i++)
    fill->job_ids[i] = ((AssayJob *) g_ptr_array_index (jobs, i))->id;
  return NULL;
}

static gboolean
add_invitation (AssayDatabase  *database,
                Fill           *fill,
                gint64          application_id,
                gint64          at,
                const char     *first_name,
                const char     *last_name,
                const char     *email,
                GError        **error)
{
  static const char *const statuses[] = { "pending", "in-progress", "completed", "completed", "expired" };
  const char *status = PICK (statuses);
  gboolean completed = g_str_equal (status, "completed");
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO invitation (application_id, assessment_id, connection_id, first_name,"
                            "  last_name, email, remote_id, status, score, score_max, score_unit, cause, created_at,"
                            "  sent_at, updated_at, completed_at)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?1, ?7, ?8, 100, 'percent', 'user', ?9, ?9, ?9, ?10)",
                            error);
  gint64 id;

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, application_id);
  assay_statement_bind_int64 (statement, 2, fill->assessment);
  assay_statement_bind_int64 (statement, 3, fill->provider);
  assay_statement_bind_text (statement, 4, first_name);
  assay_statement_bind_text (statement, 5, last_name);
  assay_statement_bind_text (statement, 6, email);
  assay_statement_bind_text (statement, 7, status);
  if (completed)
    assay_statement_bind_double (statement, 8, g_rand_int_range (fill->random, 20, 101));
  assay_statement_bind_int64 (statement, 9, at);
  assay_statement_bind_int64 (statement, 10, completed ? at : 0);
  if (!assay_statement_run (statement, error))
    return FALSE;
  id = assay_database_get_last_insert_id (database);

  statement = assay_database_prepare (
    database, "UPDATE application SET invitation_id = ?2, invitation_status = ?3 WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, application_id);
  assay_statement_bind_int64 (statement, 2, id);
  assay_statement_bind_text (statement, 3, status);
  return assay_statement_run (statement, error);
}

static gboolean
add_application (AssayDatabase  *database,
                 Fill           *fill,
                 guint           number,
                 GError        **error)
{
  const char *first_name = PICK (first_names);
  const char *last_name = PICK (last_names);
  g_autofree char *name = g_strdup_printf ("%s %s", first_name, last_name);
  g_autofree char *remote_id = g_strdup_printf ("%u", 100000 + number);
  g_autofree char *ascii = g_str_to_ascii (name, NULL);
  g_autofree char *lower = g_ascii_strdown (ascii, -1);
  g_autofree char *email = NULL;
  /* The square makes the first jobs the popular ones. */
  double place = g_rand_double (fill->random);
  guint job = (guint) (place * place * fill->n_jobs);
  gint64 updated_at = NOW - (gint64) (fill->n_applications - number) * 30000 - g_rand_int_range (fill->random, 0, 20000);
  AssayStatement *statement =
    assay_database_prepare (database,
                            "INSERT INTO application (connection_id, remote_id, job_id, job_remote_id, job_title,"
                            "  stage_name, first_name, last_name, full_name, email, email_folded, location, source, tags,"
                            "  archived, created_at, updated_at)"
                            " SELECT ?1, ?2, id, remote_id, title, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11, ?12, ?13, ?14"
                            " FROM job WHERE id = ?3",
                            error);

  if (statement == NULL)
    return FALSE;
  g_strdelimit (lower, " '?", '.');
  email = g_strdup_printf ("%s%u@mail.example", lower, number);
  assay_statement_bind_int64 (statement, 1, fill->ats);
  assay_statement_bind_text (statement, 2, remote_id);
  assay_statement_bind_int64 (statement, 3, fill->job_ids[MIN (job, fill->n_jobs - 1)]);
  assay_statement_bind_text (statement, 4, PICK (stages));
  assay_statement_bind_text (statement, 5, first_name);
  assay_statement_bind_text (statement, 6, last_name);
  assay_statement_bind_text (statement, 7, name);
  assay_statement_bind_text (statement, 8, email);
  assay_statement_bind_text (statement, 9, PICK (places));
  assay_statement_bind_text (statement, 10, PICK (sources));
  assay_statement_bind_text (statement, 11, PICK (tags));
  assay_statement_bind_int64 (statement, 12, g_rand_int_range (fill->random, 0, 10) == 0);
  assay_statement_bind_int64 (statement, 13, updated_at - 86400000);
  assay_statement_bind_int64 (statement, 14, updated_at);
  if (!assay_statement_run (statement, error))
    return FALSE;

  return number % 20 != 0 || add_invitation (database, fill, assay_database_get_last_insert_id (database), updated_at,
                                             first_name, last_name, email, error);
}

static gpointer
add_applications (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  Fill *fill = data;
  guint end = MIN (fill->done + BATCH, fill->n_applications);

  while (fill->done < end)
    if (!add_application (database, fill, fill->done++, error))
      return NULL;
  return NULL;
}

static gpointer
build_search (AssayDatabase  *database,
              gpointer        data,
              GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "INSERT INTO application_search (application_search) VALUES ('rebuild')", error);

  if (statement != NULL && assay_statement_run (statement, error))
    for (guint i = 0; i < 5; i++)
      assay_database_note_change (database, (AssayChangeKind) (1u << i), 0);
  return NULL;
}

static gboolean
run (AssayStore      *store,
     AssayStoreFunc   function,
     Fill            *fill,
     GError         **error)
{
  g_autoptr (GError) local_error = NULL;

  assay_store_write (store, function, fill, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
fill_store (AssayStore  *store,
            guint        n_applications,
            guint        n_jobs,
            GError     **error)
{
  Fill fill = { .n_applications = n_applications, .n_jobs = MAX (n_jobs, 1) };
  gboolean done;

  fill.job_ids = g_new0 (gint64, fill.n_jobs);
  fill.random = g_rand_new_with_seed (20251120);
  done = run (store, add_basics, &fill, error);
  while (done && fill.done < n_applications)
    done = run (store, add_applications, &fill, error);
  done = done && run (store, build_search, &fill, error);
  g_rand_free (fill.random);
  g_free (fill.job_ids);
  return done;
}
