/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The company that every played vendor shows: its jobs with their stages, people and applications.
 *
 * All of it follows from the seed, so a world of 100,000 applications costs one small record each and
 * no file; only what was changed later is kept in full (#SandboxChanges). */

#include "config.h"

#include "sandbox-world.h"

#include <string.h>

#include "sandbox-names.h"

#define DAY (24 * 60 * 60)
#define HISTORY (90 * DAY)

/* Ids of the kinds of record are far apart, so that a mix-up shows. */
#define FIRST_DEPARTMENT 101
#define FIRST_LOCATION 201
#define FIRST_USER 301
#define FIRST_WORKFLOW 401
#define FIRST_JOB 41001
#define FIRST_STAGE 520001
#define FIRST_WORKFLOW_STAGE 510001
#define FIRST_APPLICATION 8860001
#define FIRST_WRITTEN 700001

const char *const sandbox_field_names[SANDBOX_N_FIELDS] = {
  "first_name", "last_name", "email", "phone", "phone_iso2", "date_of_birth", "linkedin_url", "address1",
  "address2", "town", "country", "postcode", "preferred_pronouns", "national_identifier", "summary",
  "start_on", "locale",
};

static const SandboxTag ready_tags[] = {
  { NULL, NULL },
  { (char *) "custom_green", (char *) "Strong portfolio" },
  { (char *) "custom_green", (char *) "Would relocate" },
  { (char *) "custom_green", (char *) "Referral" },
  { (char *) "assessment", (char *) "Assessment: Passed" },
  { (char *) "rejection", (char *) "Under-qualified for this role" },
  { (char *) "rejection", (char *) "Salary expectations" },
  { (char *) "rejection", (char *) "Position filled" },
};
#define N_GOOD_TAGS 4

typedef struct
{
  SandboxWorldListener listener;
  gpointer             data;
} Listener;

void
sandbox_world_listen (SandboxWorld        *self,
                      SandboxWorldListener listener,
                      gpointer             data)
{
  Listener entry = { listener, data };

  g_array_append_val (self->listeners, entry);
}

static void
tell (SandboxWorld       *self,
      SandboxHappening    happening,
      SandboxApplication *application,
      SandboxStage       *from)
{
  for (guint i = 0; i < self->listeners->len; i++)
    {
      const Listener *entry = &g_array_index (self->listeners, Listener, i);

      entry->listener (entry->data, happening, application, from);
    }
}

static SandboxTag *
tag_new (const char *context,
         const char *name)
{
  SandboxTag *tag = g_new0 (SandboxTag, 1);

  tag->context = g_strdup (context);
  tag->name = g_strdup (name);
  return tag;
}

static void
tag_free (gpointer data)
{
  SandboxTag *tag = data;

  g_free (tag->context);
  g_free (tag->name);
  g_free (tag);
}

static void
workflow_free (gpointer data)
{
  SandboxWorkflow *workflow = data;

  g_free (workflow->name);
  g_ptr_array_unref (workflow->stages);
  g_free (workflow);
}

static void
department_free (gpointer data)
{
  SandboxDepartment *department = data;

  g_free (department->name);
  g_free (department);
}

static void
user_free (gpointer data)
{
  SandboxUser *user = data;

  g_free (user->email);
  g_free (user->first_name);
  g_free (user->last_name);
  g_free (user);
}

static void
job_free (gpointer data)
{
  SandboxJob *job = data;

  g_free (job->title);
  g_free (job->requisition_id);
  g_ptr_array_unref (job->stages);
  g_free (job);
}

static void
application_free (gpointer data)
{
  SandboxApplication *application = data;

  if (application->changes != NULL)
    {
      for (guint i = 0; i < SANDBOX_N_FIELDS; i++)
        g_free (application->changes->fields[i]);
      g_clear_pointer (&application->changes->tags, g_ptr_array_unref);
      g_clear_pointer (&application->changes->cv, g_bytes_unref);
      g_free (application->changes->cv_filename);
      g_free (application->changes);
    }
  g_free (application);
}

static void
comment_free (gpointer data)
{
  SandboxComment *comment = data;

  g_free (comment->body_text);
  g_free (comment);
}

static void
custom_field_free (gpointer data)
{
  SandboxCustomField *field = data;

  g_free (field->name);
  g_free (field->description);
  g_free (field->field_type);
  g_free (field->resource_type);
  g_strfreev (field->options);
  g_free (field->sample_value);
  g_free (field);
}

static void
custom_attribute_free (gpointer data)
{
  SandboxCustomAttribute *attribute = data;

  g_free (attribute->owner_type);
  g_free (attribute->value);
  g_free (attribute);
}

static void
set_record (SandboxRecord *record,
            guint          id,
            gint64         time)
{
  record->id = id;
  record->created = time;
  record->updated = time;
}

/* Small, good enough and the same on every machine; a number that follows from others by itself
 * does not depend on how many were drawn before. */
static guint
mix (guint first,
     guint second)
{
  guint64 value = ((guint64) first << 32 | second) + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  value = (value ^ (value >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (guint) (value ^ (value >> 31));
}

static GPtrArray *
make_stages (SandboxWorld                  *self,
             const SandboxWorkflowTemplate *template,
             SandboxRecord                 *owner,
             guint                         *next_id)
{
  GPtrArray *stages = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < template->n_stages; i++)
    {
      SandboxStage *stage = g_new0 (SandboxStage, 1);

      set_record (&stage->record, (*next_id)++, owner->created);
      stage->name = template->stages[i].name;
      stage->basic_type = template->stages[i].basic_type;
      stage->weight = template->stages[i].weight;
      stage->position = i + 1;
      stage->owner = owner;
      g_ptr_array_add (stages, stage);
      g_hash_table_insert (self->stages, GUINT_TO_POINTER (stage->record.id), stage);
    }
  return stages;
}

static void
make_company (SandboxWorld *self)
{
  static const char *const managers[][2] = {
    { "Ruth", "Adler" }, { "Kwame", "Mensah" }, { "Ingrid", "Solberg" }, { "Dev", "Malhotra" },
    { "Catalina", "Ferrer" }, { "Piotr", "Zieliński" }, { "Hye-jin", "Seo" }, { "Martin", "Le Sueur" },
  };
  gint64 founded = self->options.epoch - 900 * DAY;
  guint stage_id = FIRST_WORKFLOW_STAGE;

  for (guint i = 0; i < sandbox_n_job_titles; i++)
    {
      gboolean known = FALSE;
      SandboxDepartment *department;

      for (guint j = 0; j < self->departments->len && !known; j++)
        {
          department = g_ptr_array_index (self->departments, j);
          known = g_str_equal (department->name, sandbox_job_titles[i].department);
        }
      if (known)
        continue;
      department = g_new0 (SandboxDepartment, 1);
      set_record (&department->record, FIRST_DEPARTMENT + self->departments->len, founded);
      department->name = g_strdup (sandbox_job_titles[i].department);
      g_ptr_array_add (self->departments, department);
    }
  for (guint i = 0; i < sandbox_n_places; i++)
    {
      SandboxLocation *location = g_new0 (SandboxLocation, 1);

      set_record (&location->record, FIRST_LOCATION + i, founded);
      location->place = i;
      g_ptr_array_add (self->locations, location);
    }
  for (guint i = 0; i < G_N_ELEMENTS (managers); i++)
    {
      SandboxUser *user = g_new0 (SandboxUser, 1);

      set_record (&user->record, FIRST_USER + i, founded + (gint64) i * 20 * DAY);
      user->first_name = g_strdup (managers[i][0]);
      user->last_name = g_strdup (managers[i][1]);
      user->email = g_strdup_printf ("person%u@sandbox.example", i + 1);
      g_ptr_array_add (self->users, user);
    }
  for (guint i = 0; i < sandbox_n_workflows; i++)
    {
      SandboxWorkflow *workflow = g_new0 (SandboxWorkflow, 1);

      set_record (&workflow->record, FIRST_WORKFLOW + i, founded);
      workflow->name = g_strdup (sandbox_workflows[i].name);
      workflow->stages = make_stages (self, &sandbox_workflows[i], &workflow->record, &stage_id);
      g_ptr_array_add (self->workflows, workflow);
    }
}

/* Of each 30 jobs 22 are open, 4 closed, 2 drafts and 2 archived; 3 are confidential. */
static const char *
job_status (guint index)
{
  switch (index % 30)
    {
    case 7: case 14: case 21: case 28:
      return "closed";
    case 11: case 25:
      return "draft";
    case 17: case 29:
      return "archived";
    default:
      return "open";
    }
}

static const char *
job_visibility (guint index)
{
  switch (index % 30)
    {
    case 5: case 13: case 21:
      return "confidential";
    case 9: case 22:
      return "internal";
    default:
      return "external";
    }
}

static void
make_jobs (SandboxWorld *self)
{
  static const char *const employment[] = { "full_time", "full_time", "full_time", "part_time", "contract" };
  static const char *const workplace[] = { "hybrid", "onsite", "remote" };
  guint stage_id = FIRST_STAGE;

  for (guint i = 0; i < self->options.jobs; i++)
    {
      const SandboxJobTitle *title = &sandbox_job_titles[i % sandbox_n_job_titles];
      guint round = i / sandbox_n_job_titles;
      guint number = mix (self->options.seed, 1000 + i);
      SandboxJob *job = g_new0 (SandboxJob, 1);

      job->opened = self->options.epoch - HISTORY - (5 + number % 90) * DAY;
      set_record (&job->record, FIRST_JOB + i, job->opened - 4 * DAY);
      job->record.updated = job->opened + (number >> 8) % (20 * DAY);
      job->location = g_ptr_array_index (self->locations, (i + number % 3 + round) % self->locations->len);
      if (round == 0)
        job->title = g_strdup (title->title);
      else
        job->title = g_strdup_printf ("%s (%s)", title->title, sandbox_places[job->location->place].name);
      job->duties = title->duties;
      job->status = job_status (i);
      job->visibility = job_visibility (i);
      job->employment_type = employment[(number >> 4) % G_N_ELEMENTS (employment)];
      job->workplace_type
        = title->workflow == 3 ? "onsite" : workplace[(number >> 6) % G_N_ELEMENTS (workplace)];
      job->requisition_id = g_strdup_printf ("REQ-%u", 2000 + i);
      job->pay = title->pay;
      for (guint j = 0; j < self->departments->len; j++)
        {
          SandboxDepartment *department = g_ptr_array_index (self->departments, j);

          if (g_str_equal (department->name, title->department))
            job->department = department;
        }
      job->hiring_manager = g_ptr_array_index (self->users, number % self->users->len);
      job->recruiter = g_ptr_array_index (self->users, (number >> 12) % self->users->len);
      job->stages = make_stages (self, &sandbox_workflows[title->workflow], &job->record, &stage_id);
      g_ptr_array_add (self->jobs, job);
    }
}

static guint
weighted_source (guint number)
{
  guint total = 0;

  for (guint i = 0; i < sandbox_n_sources; i++)
    total += sandbox_sources[i].weight;
  number %= total;
  for (guint i = 0; i < sandbox_n_sources; i++)
    {
      if (number < sandbox_sources[i].weight)
        return i;
      number -= sandbox_sources[i].weight;
    }
  return 0;
}

static SandboxStage *
weighted_stage (SandboxJob *job,
                guint       number)
{
  guint total = 0;
  gboolean over = !g_str_equal (job->status, "open");

  for (guint i = 0; i < job->stages->len; i++)
    {
      SandboxStage *stage = g_ptr_array_index (job->stages, i);

      /* A job that is over has decided about everybody. */
      if (!over || g_str_equal (stage->basic_type, "hired") || g_str_equal (stage->basic_type, "rejected"))
        total += stage->weight;
    }
  number %= total;
  for (guint i = 0; i < job->stages->len; i++)
    {
      SandboxStage *stage = g_ptr_array_index (job->stages, i);

      if (over && !g_str_equal (stage->basic_type, "hired") && !g_str_equal (stage->basic_type, "rejected"))
        continue;
      if (number < stage->weight)
        return stage;
      number -= stage->weight;
    }
  return g_ptr_array_index (job->stages, 0);
}

static void
make_person (SandboxWorld       *self,
             SandboxApplication *application,
             guint               number)
{
  guint key;
  guint count;

  application->culture = (guint8) (number % sandbox_n_cultures);
  application->first = (guint8) ((number >> 8) % G_N_ELEMENTS (sandbox_cultures[0].first));
  application->last = (guint8) ((number >> 16) % G_N_ELEMENTS (sandbox_cultures[0].last));
  key = (guint) application->culture << 16 | (guint) application->first << 8 | application->last;
  count = GPOINTER_TO_UINT (g_hash_table_lookup (self->suffixes, GUINT_TO_POINTER (key + 1)));
  g_hash_table_insert (self->suffixes, GUINT_TO_POINTER (key + 1), GUINT_TO_POINTER (count + 1));
  application->suffix = (guint16) count;
}

/* Jobs that take applications: all but drafts, popular ones several times. */
static GPtrArray *
make_lottery (SandboxWorld *self)
{
  GPtrArray *lottery = g_ptr_array_new ();

  for (guint i = 0; i < self->jobs->len; i++)
    {
      SandboxJob *job = g_ptr_array_index (self->jobs, i);
      guint shares = 2 + mix (self->options.seed, 2000 + i) % 7;

      if (g_str_equal (job->status, "draft"))
        continue;
      for (guint j = 0; j < shares; j++)
        g_ptr_array_add (lottery, job);
    }
  return lottery;
}

static void
make_applications (SandboxWorld *self)
{
  g_autoptr (GPtrArray) lottery = make_lottery (self);
  guint n = self->options.applications;

  if (lottery->len == 0)
    return;
  for (guint i = 0; i < n; i++)
    {
      SandboxApplication *application = g_new0 (SandboxApplication, 1);
      guint number = mix (self->options.seed, 0x10000000u + i);
      guint other = mix (number, i);
      gint64 spacing = HISTORY / n;
      gint64 created = self->options.epoch - HISTORY + (gint64) i * HISTORY / n
                       + (spacing > 1 ? (gint64) (other % (guint) spacing) : 0);

      set_record (&application->record, self->next_application++, created);
      application->serial = i;
      /* One in 25 has applied before, for another job. */
      if (i > 50 && other % 25 == 0)
        {
          SandboxApplication *earlier = g_ptr_array_index (self->applications, (other >> 5) % i);

          application->culture = earlier->culture;
          application->first = earlier->first;
          application->last = earlier->last;
          application->suffix = earlier->suffix;
          application->serial = earlier->serial;
        }
      else
        make_person (self, application, number);
      application->job = g_ptr_array_index (lottery, (other >> 3) % lottery->len);
      application->stage = weighted_stage (application->job, (number >> 4) ^ other);
      application->source = (guint8) weighted_source (other >> 7);
      if (!g_str_equal (application->stage->basic_type, "applied"))
        application->record.updated
          = created + (gint64) (number % (guint) MAX (self->options.epoch - created, 1));
      if (g_str_equal (application->stage->basic_type, "rejected") && number % 3 != 0)
        application->tag = (guint8) (N_GOOD_TAGS + 1
                                     + number % (G_N_ELEMENTS (ready_tags) - N_GOOD_TAGS - 1));
      else if (number % 9 == 0)
        application->tag = (guint8) (1 + other % N_GOOD_TAGS);
      g_ptr_array_add (self->applications, application);
    }
}

static void
world_fill (SandboxWorld              *self,
            const SandboxWorldOptions *options)
{
  static const char *const codes[] = { "A1", "B2", "C3", NULL };

  self->options = *options;
  self->departments = g_ptr_array_new_with_free_func (department_free);
  self->locations = g_ptr_array_new_with_free_func (g_free);
  self->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  self->users = g_ptr_array_new_with_free_func (user_free);
  self->workflows = g_ptr_array_new_with_free_func (workflow_free);
  self->jobs = g_ptr_array_new_with_free_func (job_free);
  self->applications = g_ptr_array_new_full (options->applications, application_free);
  self->comments = g_ptr_array_new_with_free_func (comment_free);
  self->custom_fields = g_ptr_array_new_with_free_func (custom_field_free);
  self->custom_attributes = g_ptr_array_new_with_free_func (custom_attribute_free);
  self->erased = g_array_new (FALSE, FALSE, sizeof (guint));
  self->erasures = g_ptr_array_new_with_free_func (g_free);
  self->stages = g_hash_table_new (NULL, NULL);
  self->suffixes = g_hash_table_new (NULL, NULL);
  self->chance = g_rand_new_with_seed (options->seed);
  self->next_application = FIRST_APPLICATION;
  self->next_record = FIRST_WRITTEN;
  make_company (self);
  make_jobs (self);
  make_applications (self);
  sandbox_world_add_field (self, "Notice period", "How long the candidate is bound", "varchar", "application",
                           NULL, "One month", FALSE);
  sandbox_world_add_field (self, "Internal job code", NULL, "single_select", "job", (GStrv) codes, "A1",
                           FALSE);
}

static void
world_clear (SandboxWorld *self)
{
  g_ptr_array_unref (self->custom_attributes);
  g_ptr_array_unref (self->custom_fields);
  g_ptr_array_unref (self->comments);
  g_ptr_array_unref (self->applications);
  g_ptr_array_unref (self->jobs);
  g_ptr_array_unref (self->workflows);
  g_array_unref (self->listeners);
  g_ptr_array_unref (self->users);
  g_ptr_array_unref (self->locations);
  g_ptr_array_unref (self->departments);
  g_array_unref (self->erased);
  g_ptr_array_unref (self->erasures);
  g_hash_table_unref (self->stages);
  g_hash_table_unref (self->suffixes);
  g_rand_free (self->chance);
  g_clear_pointer (&self->unrest, g_rand_free);
}

SandboxWorld *
sandbox_world_new (const SandboxWorldOptions *options)
{
  SandboxWorld *self = g_new0 (SandboxWorld, 1);

  world_fill (self, options);
  return self;
}

void
sandbox_world_free (SandboxWorld *self)
{
  world_clear (self);
  g_free (self);
}

void
sandbox_world_reset (SandboxWorld              *self,
                     const SandboxWorldOptions *options)
{
  void (*changed) (gpointer data) = self->changed;

  self->changed = NULL;
  world_clear (self);
  self->advanced = 0;
  self->still = options->epoch;
  self->unrest_times = 0;
  world_fill (self, options);
  self->changed = changed;
}

gint64
sandbox_world_now (SandboxWorld *self)
{
  if (self->still != 0)
    return self->still + self->advanced;
  return g_get_real_time () / G_USEC_PER_SEC + self->advanced;
}

static void
changed (SandboxWorld *self)
{
  if (self->changed != NULL)
    self->changed (self->changed_data);
}

/* Times of one record only grow, so that a client that reads what is newer than it knows finds it. */
static void
touch (SandboxWorld  *self,
       SandboxRecord *record)
{
  record->updated = MAX (record->updated, sandbox_world_now (self));
}

static void
touch_application (SandboxWorld       *self,
                   SandboxApplication *application)
{
  touch (self, &application->record);
  application->touched = TRUE;
  changed (self);
}

gpointer
sandbox_world_find (GPtrArray *records,
                    guint      id)
{
  guint low = 0, high = records->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      SandboxRecord *record = g_ptr_array_index (records, middle);

      if (record->id == id)
        return record;
      if (record->id < id)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

guint
sandbox_id_from_string (const char *text)
{
  guint64 id = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &id, NULL))
    return 0;
  return (guint) id;
}

SandboxApplication *
sandbox_world_find_application (SandboxWorld *self,
                                const char   *id)
{
  return sandbox_world_find (self->applications, sandbox_id_from_string (id));
}

char *
sandbox_application_dup_email (SandboxApplication *self)
{
  return sandbox_application_dup_field (self, SANDBOX_FIELD_EMAIL);
}

static char *
make_email (SandboxApplication *self)
{
  static const char *const domains[] = { "example.com", "example.org", "example.net" };
  const SandboxCulture *culture = &sandbox_cultures[self->culture];
  g_autofree char *first = sandbox_name_dup_latin (culture->first[self->first]);
  g_autofree char *last = sandbox_name_dup_latin (culture->last[self->last]);
  /* Two groups hold Indian names; the domain keeps addresses of equal names apart by group. */
  const char *domain = domains[self->culture % G_N_ELEMENTS (domains)];

  if (self->suffix == 0)
    return g_strdup_printf ("%s.%s.%c%c@%s", first, last, g_ascii_tolower (culture->iso2[0]),
                            g_ascii_tolower (culture->iso2[1]), domain);
  return g_strdup_printf ("%s.%s.%c%c%u@%s", first, last, g_ascii_tolower (culture->iso2[0]),
                          g_ascii_tolower (culture->iso2[1]), self->suffix + 1, domain);
}

/* Only numbers that the countries set aside for films and books. */
static char *
make_phone (SandboxApplication *self)
{
  guint number = mix (self->serial, 77);

  switch (number % 4)
    {
    case 0:
      return g_strdup_printf ("+447700900%03u", (number >> 4) % 1000);
    case 1:
      return g_strdup_printf ("+493023125%03u", (number >> 4) % 1000);
    case 2:
      return g_strdup_printf ("+33199001%03u", (number >> 4) % 1000);
    default:
      return g_strdup_printf ("+1202555010%u", (number >> 4) % 10);
    }
}

char *
sandbox_application_dup_field (SandboxApplication *self,
                               SandboxField        field)
{
  static const char *const phone_countries[] = { "GB", "DE", "FR", "US" };
  const SandboxCulture *culture = &sandbox_cultures[self->culture];
  guint number = mix (self->serial, 99);

  if (self->changes != NULL && self->changes->field_set[field])
    return g_strdup (self->changes->fields[field]);
  switch (field)
    {
    case SANDBOX_FIELD_FIRST_NAME:
      return sandbox_name_dup_shown (culture->first[self->first]);
    case SANDBOX_FIELD_LAST_NAME:
      return sandbox_name_dup_shown (culture->last[self->last]);
    case SANDBOX_FIELD_EMAIL:
      return make_email (self);
    case SANDBOX_FIELD_PHONE:
      return make_phone (self);
    case SANDBOX_FIELD_PHONE_ISO2:
      return g_strdup (phone_countries[mix (self->serial, 77) % 4]);
    case SANDBOX_FIELD_LINKEDIN_URL:
      return number % 3 != 0 ? NULL
                             : g_strdup_printf ("https://www.linkedin.com/in/sandbox-%u", self->serial + 1);
    case SANDBOX_FIELD_TOWN:
      return g_strdup (culture->towns[number % G_N_ELEMENTS (culture->towns)]);
    case SANDBOX_FIELD_COUNTRY:
      return g_strdup (culture->country);
    case SANDBOX_FIELD_SUMMARY:
      return number % 4 != 0 ? NULL
                             : g_strdup_printf (
                               "I have %u years of experience in this field and would like to work with you.",
                               2 + number % 17);
    case SANDBOX_FIELD_LOCALE:
      return g_strdup ("en");
    case SANDBOX_FIELD_DATE_OF_BIRTH:
    case SANDBOX_FIELD_ADDRESS1:
    case SANDBOX_FIELD_ADDRESS2:
    case SANDBOX_FIELD_POSTCODE:
    case SANDBOX_FIELD_PREFERRED_PRONOUNS:
    case SANDBOX_FIELD_NATIONAL_IDENTIFIER:
    case SANDBOX_FIELD_START_ON:
    case SANDBOX_N_FIELDS:
    default:
      return NULL;
    }
}

char *
sandbox_application_dup_latin (SandboxApplication *self)
{
  const SandboxCulture *culture = &sandbox_cultures[self->culture];
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  if (self->changes != NULL && self->changes->field_set[SANDBOX_FIELD_FIRST_NAME])
    {
      g_autofree char *first_shown = sandbox_application_dup_field (self, SANDBOX_FIELD_FIRST_NAME);
      g_autofree char *last_shown = sandbox_application_dup_field (self, SANDBOX_FIELD_LAST_NAME);
      g_autofree char *both = g_strdup_printf ("%s %s", first_shown != NULL ? first_shown : "",
                                               last_shown != NULL ? last_shown : "");

      return g_str_to_ascii (both, "C");
    }
  first = sandbox_name_dup_latin (culture->first[self->first]);
  last = sandbox_name_dup_latin (culture->last[self->last]);
  first[0] = g_ascii_toupper (first[0]);
  last[0] = g_ascii_toupper (last[0]);
  return g_strdup_printf ("%s %s", first, last);
}

char *
sandbox_application_dup_cv_name (SandboxApplication *self)
{
  g_autofree char *latin = NULL;

  if (self->changes != NULL && self->changes->cv_filename != NULL)
    return g_strdup (self->changes->cv_filename);
  latin = sandbox_application_dup_latin (self);
  g_strcanon (latin, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-", '_');
  return g_strdup_printf ("CV_%s.pdf", latin);
}

GPtrArray *
sandbox_application_get_tags (SandboxApplication *self)
{
  GPtrArray *tags = g_ptr_array_new ();

  if (self->changes != NULL && self->changes->tags_set)
    g_ptr_array_extend (tags, self->changes->tags, NULL, NULL);
  else if (self->tag != 0)
    g_ptr_array_add (tags, (gpointer) &ready_tags[self->tag]);
  return tags;
}

gint64
sandbox_application_get_hired (SandboxApplication *self)
{
  return g_str_equal (self->stage->basic_type, "hired") ? self->record.updated : 0;
}

gint64
sandbox_application_get_rejected (SandboxApplication *self)
{
  return g_str_equal (self->stage->basic_type, "rejected") ? self->record.updated : 0;
}

static SandboxChanges *
ensure_changes (SandboxApplication *application)
{
  if (application->changes == NULL)
    application->changes = g_new0 (SandboxChanges, 1);
  return application->changes;
}

static GPtrArray *
ensure_tags (SandboxApplication *application)
{
  SandboxChanges *changes = ensure_changes (application);

  if (!changes->tags_set)
    {
      changes->tags = g_ptr_array_new_with_free_func (tag_free);
      if (application->tag != 0)
        g_ptr_array_add (changes->tags,
                         tag_new (ready_tags[application->tag].context, ready_tags[application->tag].name));
      changes->tags_set = TRUE;
    }
  return changes->tags;
}

static void
put_field (SandboxApplication *application,
           SandboxField        field,
           const char         *value)
{
  SandboxChanges *changes = ensure_changes (application);

  g_free (changes->fields[field]);
  changes->fields[field] = g_strdup (value);
  changes->field_set[field] = TRUE;
}

void
sandbox_world_set_field (SandboxWorld       *self,
                         SandboxApplication *application,
                         SandboxField        field,
                         const char         *value)
{
  put_field (application, field, value);
  touch_application (self, application);
}

void
sandbox_world_move (SandboxWorld       *self,
                    SandboxApplication *application,
                    SandboxStage       *stage)
{
  SandboxStage *from = application->stage;

  application->stage = stage;
  touch_application (self, application);
  if (from != stage)
    tell (self, SANDBOX_HAPPENING_MOVED, application, from);
}

static gboolean
find_tag (GPtrArray  *tags,
          const char *name,
          const char *context,
          guint      *position)
{
  for (guint i = 0; i < tags->len; i++)
    {
      SandboxTag *tag = g_ptr_array_index (tags, i);

      if (g_strcmp0 (tag->name, name) == 0 && g_strcmp0 (tag->context, context) == 0)
        {
          *position = i;
          return TRUE;
        }
    }
  return FALSE;
}

void
sandbox_world_add_tag (SandboxWorld       *self,
                       SandboxApplication *application,
                       const char         *name,
                       const char         *context)
{
  GPtrArray *tags = ensure_tags (application);
  guint position;

  if (!find_tag (tags, name, context, &position))
    g_ptr_array_add (tags, tag_new (context, name));
  touch_application (self, application);
}

void
sandbox_world_remove_tag (SandboxWorld       *self,
                          SandboxApplication *application,
                          const char         *name,
                          const char         *context)
{
  GPtrArray *tags = ensure_tags (application);
  guint position;

  if (find_tag (tags, name, context, &position))
    g_ptr_array_remove_index (tags, position);
  touch_application (self, application);
}

void
sandbox_world_set_cv (SandboxWorld       *self,
                      SandboxApplication *application,
                      const char         *filename,
                      GBytes             *cv)
{
  SandboxChanges *changes = ensure_changes (application);

  g_free (changes->cv_filename);
  changes->cv_filename = g_strdup (filename);
  g_clear_pointer (&changes->cv, g_bytes_unref);
  changes->cv = g_bytes_ref (cv);
  touch_application (self, application);
}

SandboxApplication *
sandbox_world_arrive (SandboxWorld *self,
                      SandboxJob   *job,
                      SandboxStage *stage)
{
  SandboxApplication *application;
  guint number = g_rand_int (self->chance);

  for (guint i = 0; job == NULL && i < self->jobs->len; i++)
    {
      SandboxJob *candidate = g_ptr_array_index (self->jobs, (number + i) % self->jobs->len);

      if (g_str_equal (candidate->status, "open"))
        job = candidate;
    }
  if (job == NULL)
    return NULL;
  application = g_new0 (SandboxApplication, 1);
  set_record (&application->record, self->next_application++, sandbox_world_now (self));
  application->serial = application->record.id - FIRST_APPLICATION;
  make_person (self, application, g_rand_int (self->chance));
  application->job = job;
  application->stage = stage != NULL ? stage : g_ptr_array_index (job->stages, 0);
  application->source = (guint8) weighted_source (number >> 3);
  application->arrived = TRUE;
  g_ptr_array_add (self->applications, application);
  changed (self);
  tell (self, SANDBOX_HAPPENING_ARRIVED, application, NULL);
  return application;
}

void
sandbox_world_erase (SandboxWorld       *self,
                     SandboxApplication *application)
{
  guint id = application->record.id;
  SandboxRecord *erasure = g_new0 (SandboxRecord, 1);

  tell (self, SANDBOX_HAPPENING_ERASED, application, NULL);
  set_record (erasure, id, sandbox_world_now (self));
  g_ptr_array_add (self->erasures, erasure);
  if (!application->arrived)
    g_array_append_val (self->erased, id);
  for (guint i = self->comments->len; i > 0; i--)
    if (((SandboxComment *) g_ptr_array_index (self->comments, i - 1))->application == id)
      g_ptr_array_remove_index (self->comments, i - 1);
  for (guint i = self->custom_attributes->len; i > 0; i--)
    {
      SandboxCustomAttribute *attribute = g_ptr_array_index (self->custom_attributes, i - 1);

      if (attribute->owner == id && g_str_equal (attribute->owner_type, "applications"))
        g_ptr_array_remove_index (self->custom_attributes, i - 1);
    }
  g_ptr_array_remove (self->applications, application);
  changed (self);
}

void
sandbox_world_bustle (SandboxWorld *self)
{
  if (self->applications->len == 0 || g_rand_int_range (self->chance, 0, 3) == 0)
    {
      sandbox_world_arrive (self, NULL, NULL);
      return;
    }
  /* Somebody of the last few hundred whose job is open and who isn't at the end yet. */
  for (guint attempt = 0; attempt < 50; attempt++)
    {
      guint back = (guint) g_rand_int_range (self->chance, 0, (gint32) MIN (self->applications->len, 400));
      SandboxApplication *application
        = g_ptr_array_index (self->applications, self->applications->len - 1 - back);
      GPtrArray *stages = application->job->stages;

      if (!g_str_equal (application->job->status, "open") || application->stage->position + 2 > stages->len)
        continue;
      if (g_rand_int_range (self->chance, 0, 4) == 0)
        sandbox_world_move (self, application, g_ptr_array_index (stages, stages->len - 1));
      else
        sandbox_world_move (self, application, g_ptr_array_index (stages, application->stage->position));
      return;
    }
}

void
sandbox_world_set_unrest (SandboxWorld *self,
                          guint         seed,
                          guint         times)
{
  g_clear_pointer (&self->unrest, g_rand_free);
  self->unrest = g_rand_new_with_seed (seed);
  self->unrest_times = times;
}

static SandboxApplication *
draw_application (SandboxWorld *self)
{
  return g_ptr_array_index (self->applications,
                            (guint) g_rand_int_range (self->unrest, 0, (gint32) self->applications->len));
}

/* Somebody new comes, under the number of somebody who is gone. */
static void
reuse_id (SandboxWorld *self)
{
  SandboxApplication *gone = draw_application (self);
  SandboxApplication *application;
  guint id = gone->record.id;
  guint position = 0;

  g_ptr_array_find (self->applications, gone, &position);
  sandbox_world_erase (self, gone);
  application = sandbox_world_arrive (self, NULL, NULL);
  if (application == NULL)
    return;
  g_ptr_array_steal_index (self->applications, self->applications->len - 1);
  application->record.id = id;
  g_ptr_array_insert (self->applications, (gint) position, application);
}

static void
merge (SandboxWorld *self)
{
  SandboxApplication *kept = draw_application (self);
  SandboxApplication *merged = draw_application (self);
  g_autofree char *phone = NULL;

  if (kept == merged)
    return;
  phone = sandbox_application_dup_field (merged, SANDBOX_FIELD_PHONE);
  sandbox_world_set_field (self, kept, SANDBOX_FIELD_PHONE, phone);
  sandbox_world_add_tag (self, kept, "Merged", "custom_green");
  sandbox_world_erase (self, merged);
}

/* Often several things at one second, now and then a while later. */
static void
pass_time (SandboxWorld *self)
{
  static const guint seconds[] = { 0, 0, 0, 0, 0, 1, 1, 2, 5, 30, 200 };

  self->advanced += seconds[g_rand_int_range (self->unrest, 0, G_N_ELEMENTS (seconds))];
}

void
sandbox_world_stir (SandboxWorld *self)
{
  guint times;

  if (self->unrest_times == 0)
    return;
  times = (guint) g_rand_int_range (self->unrest, 0, (gint32) self->unrest_times + 1);
  for (guint i = 0; i < times; i++)
    {
      guint number = (guint) g_rand_int_range (self->unrest, 0, 100);

      pass_time (self);
      if (number < 25 || self->applications->len < 10)
        sandbox_world_arrive (self, NULL, NULL);
      else if (number < 50)
        {
          SandboxApplication *application = draw_application (self);
          GPtrArray *stages = application->job->stages;

          sandbox_world_move (self, application,
                              g_ptr_array_index (stages, (guint) g_rand_int_range (self->unrest, 0, (gint32) stages->len)));
        }
      else if (number < 68)
        {
          g_autofree char *name = g_strdup_printf ("Renamed %u", (guint) g_rand_int (self->unrest));

          sandbox_world_set_field (self, draw_application (self), SANDBOX_FIELD_LAST_NAME, name);
        }
      else if (number < 78)
        sandbox_world_add_tag (self, draw_application (self), "Seen", "custom_green");
      else if (number < 91)
        sandbox_world_erase (self, draw_application (self));
      else if (number < 96)
        merge (self);
      else
        reuse_id (self);
    }
}

SandboxComment *
sandbox_world_add_comment (SandboxWorld *self,
                           guint         application,
                           const char   *text,
                           gboolean      private_comment)
{
  SandboxComment *comment = g_new0 (SandboxComment, 1);

  set_record (&comment->record, self->next_record++, sandbox_world_now (self));
  comment->application = application;
  comment->body_text = g_strdup (text);
  comment->private_comment = private_comment;
  comment->user = g_ptr_array_index (self->users, 0);
  g_ptr_array_add (self->comments, comment);
  changed (self);
  return comment;
}

SandboxCustomField *
sandbox_world_add_field (SandboxWorld *self,
                         const char   *name,
                         const char   *description,
                         const char   *field_type,
                         const char   *resource_type,
                         GStrv         options,
                         const char   *sample_value,
                         gboolean      required)
{
  SandboxCustomField *field = g_new0 (SandboxCustomField, 1);
  const char *const none[] = { NULL };

  set_record (&field->record, self->next_record++, sandbox_world_now (self));
  field->name = g_strdup (name);
  field->description = g_strdup (description);
  field->field_type = g_strdup (field_type);
  field->resource_type = g_strdup (resource_type);
  field->options = g_strdupv (options != NULL ? options : (GStrv) none);
  field->sample_value = g_strdup (sample_value);
  field->required = required;
  g_ptr_array_add (self->custom_fields, field);
  changed (self);
  return field;
}

SandboxCustomAttribute *
sandbox_world_add_attribute (SandboxWorld       *self,
                             SandboxCustomField *field,
                             const char         *owner_type,
                             guint               owner,
                             const char         *value)
{
  SandboxCustomAttribute *attribute = g_new0 (SandboxCustomAttribute, 1);

  set_record (&attribute->record, self->next_record++, sandbox_world_now (self));
  attribute->field = field;
  attribute->owner_type = g_strdup (owner_type);
  attribute->owner = owner;
  attribute->value = g_strdup (value);
  g_ptr_array_add (self->custom_attributes, attribute);
  changed (self);
  return attribute;
}

void
sandbox_world_set_attribute (SandboxWorld           *self,
                             SandboxCustomAttribute *attribute,
                             const char             *value)
{
  g_free (attribute->value);
  attribute->value = g_strdup (value);
  touch (self, &attribute->record);
  changed (self);
}

static void
save_record (SandboxJson         *json,
             const SandboxRecord *record)
{
  sandbox_json_member_integer (json, "id", record->id);
  sandbox_json_member_integer (json, "created", record->created);
  sandbox_json_member_integer (json, "updated", record->updated);
}

static void
save_application (SandboxJson        *json,
                  SandboxApplication *application)
{
  SandboxChanges *changes = application->changes;

  sandbox_json_begin_object (json);
  save_record (json, &application->record);
  sandbox_json_member_integer (json, "stage", application->stage->record.id);
  if (application->arrived)
    {
      sandbox_json_member_integer (json, "job", application->job->record.id);
      sandbox_json_member_integer (json, "culture", application->culture);
      sandbox_json_member_integer (json, "first", application->first);
      sandbox_json_member_integer (json, "last", application->last);
      sandbox_json_member_integer (json, "suffix", application->suffix);
      sandbox_json_member_integer (json, "source", application->source);
    }
  if (changes != NULL)
    {
      sandbox_json_key (json, "fields");
      sandbox_json_begin_object (json);
      for (guint i = 0; i < SANDBOX_N_FIELDS; i++)
        if (changes->field_set[i])
          sandbox_json_member_string (json, sandbox_field_names[i], changes->fields[i]);
      sandbox_json_end_object (json);
      if (changes->tags_set)
        {
          sandbox_json_key (json, "tags");
          sandbox_json_begin_array (json);
          for (guint i = 0; i < changes->tags->len; i++)
            {
              SandboxTag *tag = g_ptr_array_index (changes->tags, i);

              sandbox_json_begin_object (json);
              sandbox_json_member_string (json, "context", tag->context);
              sandbox_json_member_string (json, "name", tag->name);
              sandbox_json_end_object (json);
            }
          sandbox_json_end_array (json);
        }
      if (changes->cv != NULL)
        {
          gsize size;
          const guchar *data = g_bytes_get_data (changes->cv, &size);
          g_autofree char *encoded = g_base64_encode (data, size);

          sandbox_json_member_string (json, "cv_filename", changes->cv_filename);
          sandbox_json_member_string (json, "cv", encoded);
        }
    }
  sandbox_json_end_object (json);
}

void
sandbox_world_save (SandboxWorld *self,
                    SandboxJson  *json)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "jobs", self->options.jobs);
  sandbox_json_member_integer (json, "applications", self->options.applications);
  sandbox_json_member_integer (json, "seed", self->options.seed);
  sandbox_json_member_integer (json, "epoch", self->options.epoch);
  sandbox_json_member_integer (json, "advanced", self->advanced);
  sandbox_json_member_integer (json, "next_application", self->next_application);
  sandbox_json_member_integer (json, "next_record", self->next_record);

  sandbox_json_key (json, "erased");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->erased->len; i++)
    sandbox_json_integer (json, g_array_index (self->erased, guint, i));
  sandbox_json_end_array (json);

  sandbox_json_key (json, "changed");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->applications->len; i++)
    {
      SandboxApplication *application = g_ptr_array_index (self->applications, i);

      if (application->touched || application->arrived)
        save_application (json, application);
    }
  sandbox_json_end_array (json);

  sandbox_json_key (json, "comments");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->comments->len; i++)
    {
      SandboxComment *comment = g_ptr_array_index (self->comments, i);

      sandbox_json_begin_object (json);
      save_record (json, &comment->record);
      sandbox_json_member_integer (json, "application", comment->application);
      sandbox_json_member_string (json, "body_text", comment->body_text);
      sandbox_json_member_boolean (json, "private", comment->private_comment);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);

  sandbox_json_key (json, "custom_fields");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->custom_fields->len; i++)
    {
      SandboxCustomField *field = g_ptr_array_index (self->custom_fields, i);

      sandbox_json_begin_object (json);
      save_record (json, &field->record);
      sandbox_json_member_string (json, "name", field->name);
      sandbox_json_member_string (json, "description", field->description);
      sandbox_json_member_string (json, "field_type", field->field_type);
      sandbox_json_member_string (json, "resource_type", field->resource_type);
      sandbox_json_member_string (json, "sample_value", field->sample_value);
      sandbox_json_member_boolean (json, "required", field->required);
      sandbox_json_key (json, "options");
      sandbox_json_begin_array (json);
      for (guint j = 0; field->options[j] != NULL; j++)
        sandbox_json_string (json, field->options[j]);
      sandbox_json_end_array (json);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);

  sandbox_json_key (json, "custom_attributes");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->custom_attributes->len; i++)
    {
      SandboxCustomAttribute *attribute = g_ptr_array_index (self->custom_attributes, i);

      sandbox_json_begin_object (json);
      save_record (json, &attribute->record);
      sandbox_json_member_integer (json, "field", attribute->field->record.id);
      sandbox_json_member_string (json, "owner_type", attribute->owner_type);
      sandbox_json_member_integer (json, "owner", attribute->owner);
      sandbox_json_member_string (json, "value", attribute->value);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
}

static guint
load_id (JsonObject *object,
         const char *name)
{
  return (guint) CLAMP (sandbox_json_get_integer (object, name, 0), 0, G_MAXUINT32);
}

static gboolean
load_record (JsonObject    *object,
             SandboxRecord *record)
{
  record->id = load_id (object, "id");
  record->created = sandbox_json_get_integer (object, "created", 0);
  record->updated = sandbox_json_get_integer (object, "updated", 0);
  return record->id != 0;
}

static SandboxApplication *
load_arrival (SandboxWorld *self,
              JsonObject   *object)
{
  SandboxJob *job = sandbox_world_find (self->jobs, load_id (object, "job"));
  SandboxApplication *last = NULL;
  SandboxApplication *application;

  if (self->applications->len > 0)
    last = g_ptr_array_index (self->applications, self->applications->len - 1);
  if (job == NULL || (last != NULL && load_id (object, "id") <= last->record.id))
    return NULL;
  application = g_new0 (SandboxApplication, 1);
  application->job = job;
  application->stage = g_ptr_array_index (job->stages, 0);
  application->arrived = TRUE;
  application->culture = (guint8) (load_id (object, "culture") % sandbox_n_cultures);
  application->first = (guint8) (load_id (object, "first") % G_N_ELEMENTS (sandbox_cultures[0].first));
  application->last = (guint8) (load_id (object, "last") % G_N_ELEMENTS (sandbox_cultures[0].last));
  application->suffix = (guint16) load_id (object, "suffix");
  application->source = (guint8) (load_id (object, "source") % sandbox_n_sources);
  application->record.id = load_id (object, "id");
  application->serial = application->record.id - FIRST_APPLICATION;
  g_ptr_array_add (self->applications, application);
  return application;
}

static void
load_application (SandboxWorld *self,
                  JsonObject   *object)
{
  SandboxApplication *application = sandbox_world_find (self->applications, load_id (object, "id"));
  JsonObject *fields = sandbox_json_get_object (object, "fields");
  JsonArray *tags = sandbox_json_get_array (object, "tags");
  const char *cv = sandbox_json_get_string (object, "cv");
  SandboxStage *stage;

  if (application == NULL && json_object_has_member (object, "job"))
    application = load_arrival (self, object);
  if (application == NULL)
    return;
  load_record (object, &application->record);
  application->touched = TRUE;
  stage = g_hash_table_lookup (self->stages, GUINT_TO_POINTER (load_id (object, "stage")));
  if (stage != NULL && stage->owner == &application->job->record)
    application->stage = stage;
  for (guint i = 0; fields != NULL && i < SANDBOX_N_FIELDS; i++)
    if (json_object_has_member (fields, sandbox_field_names[i]))
      put_field (application, i, sandbox_json_get_string (fields, sandbox_field_names[i]));
  if (tags != NULL)
    {
      GPtrArray *kept = ensure_tags (application);

      g_ptr_array_set_size (kept, 0);
      for (guint i = 0; i < json_array_get_length (tags); i++)
        {
          JsonNode *node = json_array_get_element (tags, i);

          if (JSON_NODE_HOLDS_OBJECT (node))
            g_ptr_array_add (kept, tag_new (sandbox_json_get_string (json_node_get_object (node), "context"),
                                            sandbox_json_get_string (json_node_get_object (node), "name")));
        }
    }
  if (cv != NULL)
    {
      SandboxChanges *changes = ensure_changes (application);
      gsize size;
      guchar *data = g_base64_decode (cv, &size);

      g_clear_pointer (&changes->cv, g_bytes_unref);
      g_free (changes->cv_filename);
      changes->cv = g_bytes_new_take (data, size);
      changes->cv_filename = g_strdup (sandbox_json_get_string (object, "cv_filename"));
    }
}

typedef void (*LoadFunc) (SandboxWorld *self,
                          JsonObject   *object);

static void
load_each (SandboxWorld *self,
           JsonObject   *state,
           const char   *name,
           LoadFunc      load)
{
  JsonArray *array = sandbox_json_get_array (state, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        load (self, json_node_get_object (node));
    }
}

static void
load_comment (SandboxWorld *self,
              JsonObject   *object)
{
  SandboxComment *comment = sandbox_world_add_comment (self, load_id (object, "application"),
                                                       sandbox_json_get_string (object, "body_text"),
                                                       sandbox_json_get_boolean (object, "private", FALSE));

  load_record (object, &comment->record);
}

static void
load_field (SandboxWorld *self,
            JsonObject   *object)
{
  g_autoptr (GStrvBuilder) options = g_strv_builder_new ();
  JsonArray *array = sandbox_json_get_array (object, "options");
  g_auto (GStrv) list = NULL;
  SandboxCustomField *field;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (sandbox_json_node_is (json_array_get_element (array, i), G_TYPE_STRING))
      g_strv_builder_add (options, json_array_get_string_element (array, i));
  list = g_strv_builder_end (options);
  if (sandbox_json_get_string (object, "name") == NULL
      || sandbox_json_get_string (object, "field_type") == NULL
      || sandbox_json_get_string (object, "resource_type") == NULL)
    return;
  field = sandbox_world_add_field (self, sandbox_json_get_string (object, "name"),
                                   sandbox_json_get_string (object, "description"),
                                   sandbox_json_get_string (object, "field_type"),
                                   sandbox_json_get_string (object, "resource_type"), list,
                                   sandbox_json_get_string (object, "sample_value"),
                                   sandbox_json_get_boolean (object, "required", FALSE));
  load_record (object, &field->record);
}

static void
load_attribute (SandboxWorld *self,
                JsonObject   *object)
{
  SandboxCustomField *field = sandbox_world_find (self->custom_fields, load_id (object, "field"));
  SandboxCustomAttribute *attribute;

  if (field == NULL || sandbox_json_get_string (object, "owner_type") == NULL)
    return;
  attribute
    = sandbox_world_add_attribute (self, field, sandbox_json_get_string (object, "owner_type"),
                                   load_id (object, "owner"), sandbox_json_get_string (object, "value"));
  load_record (object, &attribute->record);
}

void
sandbox_world_load (SandboxWorld *self,
                    JsonObject   *state)
{
  JsonArray *erased = sandbox_json_get_array (state, "erased");

  self->advanced = sandbox_json_get_integer (state, "advanced", 0);
  load_each (self, state, "changed", load_application);
  for (guint i = 0; erased != NULL && i < json_array_get_length (erased); i++)
    {
      JsonNode *node = json_array_get_element (erased, i);
      SandboxApplication *application = NULL;

      if (sandbox_json_node_is (node, G_TYPE_INT64))
        application = sandbox_world_find (self->applications, (guint) json_node_get_int (node));
      if (application != NULL)
        sandbox_world_erase (self, application);
    }
  load_each (self, state, "comments", load_comment);
  if (json_object_has_member (state, "custom_fields"))
    g_ptr_array_set_size (self->custom_fields, 0);
  load_each (self, state, "custom_fields", load_field);
  load_each (self, state, "custom_attributes", load_attribute);
  self->next_application = MAX (self->next_application, load_id (state, "next_application"));
  self->next_record = MAX (self->next_record, load_id (state, "next_record"));
}
