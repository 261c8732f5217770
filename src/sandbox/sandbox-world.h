/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The company that every played vendor shows: its jobs with their stages, people and applications. */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "sandbox-json.h"

G_BEGIN_DECLS

/* Every record begins with this, so that lists can be sorted and filtered alike. Times are seconds
 * since 1970. */
typedef struct
{
  guint  id;
  gint64 created;
  gint64 updated;
} SandboxRecord;

typedef struct
{
  SandboxRecord record;
  const char   *name;              /* static */
  const char   *basic_type;        /* static; see #SandboxStageTemplate */
  guint         position;          /* from 1 */
  guint         weight;
  SandboxRecord *owner;            /* the job, or the workflow */
} SandboxStage;

typedef struct
{
  SandboxRecord record;
  char         *name;
  GPtrArray    *stages;            /* (element-type SandboxStage) */
} SandboxWorkflow;

typedef struct
{
  SandboxRecord record;
  char         *name;
} SandboxDepartment;

typedef struct
{
  SandboxRecord record;
  guint         place;             /* index into sandbox_places */
} SandboxLocation;

typedef struct
{
  SandboxRecord record;
  char         *email;
  char         *first_name;
  char         *last_name;
} SandboxUser;

typedef struct
{
  SandboxRecord      record;
  char              *title;
  const char        *duties;
  const char        *status;       /* draft, open, closed, archived */
  const char        *visibility;   /* external, internal, confidential */
  const char        *employment_type;
  const char        *workplace_type;
  char              *requisition_id;
  guint              pay;
  gint64             opened;
  SandboxDepartment *department;
  SandboxLocation   *location;
  SandboxUser       *hiring_manager;
  SandboxUser       *recruiter;
  GPtrArray         *stages;       /* (element-type SandboxStage), by position */
} SandboxJob;

/* What of a person an ATS lets others write. The order is that of sandbox_field_names. */
typedef enum
{
  SANDBOX_FIELD_FIRST_NAME,
  SANDBOX_FIELD_LAST_NAME,
  SANDBOX_FIELD_EMAIL,
  SANDBOX_FIELD_PHONE,
  SANDBOX_FIELD_PHONE_ISO2,
  SANDBOX_FIELD_DATE_OF_BIRTH,
  SANDBOX_FIELD_LINKEDIN_URL,
  SANDBOX_FIELD_ADDRESS1,
  SANDBOX_FIELD_ADDRESS2,
  SANDBOX_FIELD_TOWN,
  SANDBOX_FIELD_COUNTRY,
  SANDBOX_FIELD_POSTCODE,
  SANDBOX_FIELD_PREFERRED_PRONOUNS,
  SANDBOX_FIELD_NATIONAL_IDENTIFIER,
  SANDBOX_FIELD_SUMMARY,
  SANDBOX_FIELD_START_ON,
  SANDBOX_FIELD_LOCALE,
  SANDBOX_N_FIELDS
} SandboxField;

extern const char *const sandbox_field_names[SANDBOX_N_FIELDS];

typedef struct
{
  char *context;
  char *name;
} SandboxTag;

/* What was written to an application after it was made up. Most applications have none. */
typedef struct
{
  char      *fields[SANDBOX_N_FIELDS];
  gboolean   field_set[SANDBOX_N_FIELDS];
  gboolean   tags_set;
  GPtrArray *tags;                 /* (element-type SandboxTag), valid if @tags_set */
  char      *cv_filename;          /* (nullable) */
  GBytes    *cv;                   /* (nullable) */
} SandboxChanges;

typedef struct
{
  SandboxRecord   record;
  SandboxJob     *job;
  SandboxStage   *stage;
  SandboxChanges *changes;         /* (nullable) */
  guint           serial;          /* what the person's telephone number and details follow from */
  guint16         suffix;          /* tells people of one name apart in their e-mail addresses */
  guint8          culture;
  guint8          first;
  guint8          last;
  guint8          source;          /* index into sandbox_sources */
  guint8          tag;             /* 0: none; else a ready-made tag */
  guint8          arrived : 1;     /* came after the start, so the state file must hold it */
  guint8          touched : 1;     /* stage, time or details differ from what the seed gives */
} SandboxApplication;

typedef struct
{
  SandboxRecord record;
  guint         application;       /* its id */
  char         *body_text;
  gboolean      private_comment;
  SandboxUser  *user;
} SandboxComment;

typedef struct
{
  SandboxRecord record;
  char         *name;
  char         *description;       /* (nullable) */
  char         *field_type;
  char         *resource_type;
  GStrv         options;
  char         *sample_value;      /* (nullable) */
  gboolean      required;
} SandboxCustomField;

typedef struct
{
  SandboxRecord       record;
  SandboxCustomField *field;
  char               *owner_type;  /* `applications` or `jobs` */
  guint               owner;
  char               *value;
} SandboxCustomAttribute;

/* What happens to people, for vendors that report it. */
typedef enum
{
  SANDBOX_HAPPENING_ARRIVED,
  SANDBOX_HAPPENING_MOVED,         /* to another stage; `from` is the one before */
  SANDBOX_HAPPENING_ERASED,        /* a moment before */
} SandboxHappening;

typedef void (*SandboxWorldListener) (gpointer            data,
                                      SandboxHappening    happening,
                                      SandboxApplication *application,
                                      SandboxStage       *from);

typedef struct
{
  guint  jobs;
  guint  applications;
  guint  seed;
  gint64 epoch;                    /* when the made-up history ends */
} SandboxWorldOptions;

typedef struct
{
  SandboxWorldOptions options;
  GPtrArray *departments;          /* (element-type SandboxDepartment) */
  GPtrArray *locations;
  GPtrArray *users;
  GPtrArray *workflows;
  GPtrArray *jobs;
  GPtrArray *applications;         /* by id, which is also the order in which they came */
  GPtrArray *comments;
  GPtrArray *custom_fields;
  GPtrArray *custom_attributes;
  GArray    *erased;               /* ids of applications taken away */
  GPtrArray *erasures;             /* (element-type SandboxRecord) those and later ones, created when they went */
  GHashTable *stages;              /* id → stage of a job or a workflow */
  GHashTable *suffixes;            /* how often each name occurred */
  GRand     *chance;
  guint      next_application;
  guint      next_record;          /* ids of comments, fields and attributes */
  gint64     advanced;             /* seconds by which the control moved the clock */
  gint64     still;                /* where the clock stands but for that; 0: it runs */
  GRand     *unrest;               /* (nullable): what sandbox_world_stir() draws from */
  guint      unrest_times;
  void     (*changed) (gpointer data);
  gpointer   changed_data;
  GArray    *listeners;            /* of who is told what happens */
} SandboxWorld;

SandboxWorld        *sandbox_world_new                (const SandboxWorldOptions *options);
void                 sandbox_world_free               (SandboxWorld       *self);

/* Another company in its place, with its clock standing still, so that all that follows from a seed is the same each
 * time. */
void                 sandbox_world_reset              (SandboxWorld       *self,
                                                       const SandboxWorldOptions *options);
/* From now on up to @times things happen at each request, drawn from @seed; 0: none. */
void                 sandbox_world_set_unrest         (SandboxWorld       *self,
                                                       guint               seed,
                                                       guint               times);
/* A request was answered. */
void                 sandbox_world_stir               (SandboxWorld       *self);
/* Tells @listener what happens from now on; @data must outlive the world. */
void                 sandbox_world_listen             (SandboxWorld       *self,
                                                       SandboxWorldListener listener,
                                                       gpointer            data);

/* Seconds since 1970, the control's advances included. */
gint64               sandbox_world_now                (SandboxWorld       *self);

/* Looks in one of the arrays above; they are all sorted by id. (transfer none) (nullable) */
gpointer             sandbox_world_find               (GPtrArray          *records,
                                                       guint               id);
SandboxApplication  *sandbox_world_find_application   (SandboxWorld       *self,
                                                       const char         *id);
/* Digits only, as the vendors send them; 0 for anything else. */
guint                sandbox_id_from_string           (const char         *text);

char                *sandbox_application_dup_field    (SandboxApplication *self,
                                                       SandboxField        field);
char                *sandbox_application_dup_email    (SandboxApplication *self);
/* The full name in Latin letters, for documents. */
char                *sandbox_application_dup_latin    (SandboxApplication *self);
char                *sandbox_application_dup_cv_name  (SandboxApplication *self);
/* (transfer container) (element-type SandboxTag): never %NULL */
GPtrArray           *sandbox_application_get_tags     (SandboxApplication *self);
gint64               sandbox_application_get_hired    (SandboxApplication *self);
gint64               sandbox_application_get_rejected (SandboxApplication *self);

void                 sandbox_world_set_field          (SandboxWorld       *self,
                                                       SandboxApplication *application,
                                                       SandboxField        field,
                                                       const char         *value);
void                 sandbox_world_move               (SandboxWorld       *self,
                                                       SandboxApplication *application,
                                                       SandboxStage       *stage);
void                 sandbox_world_add_tag            (SandboxWorld       *self,
                                                       SandboxApplication *application,
                                                       const char         *name,
                                                       const char         *context);
void                 sandbox_world_remove_tag         (SandboxWorld       *self,
                                                       SandboxApplication *application,
                                                       const char         *name,
                                                       const char         *context);
void                 sandbox_world_set_cv             (SandboxWorld       *self,
                                                       SandboxApplication *application,
                                                       const char         *filename,
                                                       GBytes             *cv);
/* A new application now, by a made-up person; @job %NULL takes an open one by chance. */
SandboxApplication  *sandbox_world_arrive             (SandboxWorld       *self,
                                                       SandboxJob         *job,
                                                       SandboxStage       *stage);
void                 sandbox_world_erase              (SandboxWorld       *self,
                                                       SandboxApplication *application);
/* One small thing happens: somebody applies, or somebody is moved on. */
void                 sandbox_world_bustle             (SandboxWorld       *self);

SandboxComment         *sandbox_world_add_comment     (SandboxWorld       *self,
                                                       guint               application,
                                                       const char         *text,
                                                       gboolean            private_comment);
SandboxCustomField     *sandbox_world_add_field       (SandboxWorld       *self,
                                                       const char         *name,
                                                       const char         *description,
                                                       const char         *field_type,
                                                       const char         *resource_type,
                                                       GStrv               options,
                                                       const char         *sample_value,
                                                       gboolean            required);
SandboxCustomAttribute *sandbox_world_add_attribute   (SandboxWorld       *self,
                                                       SandboxCustomField *field,
                                                       const char         *owner_type,
                                                       guint               owner,
                                                       const char         *value);
void                    sandbox_world_set_attribute   (SandboxWorld       *self,
                                                       SandboxCustomAttribute *attribute,
                                                       const char         *value);

/* What differs from the world that the options give, and putting it back. */
void                 sandbox_world_save               (SandboxWorld       *self,
                                                       SandboxJson        *json);
void                 sandbox_world_load               (SandboxWorld       *self,
                                                       JsonObject         *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxWorld, sandbox_world_free)

G_END_DECLS
