/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Believable people, jobs and places for the sandbox. Nobody here is a real person. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each name is `shown` or `shown|latin`, where latin is how the person writes it in an e-mail address. */
typedef struct
{
  const char *country;
  const char *iso2;          /* of the telephone number */
  const char *first[12];
  const char *last[12];
  const char *towns[3];
} SandboxCulture;

typedef struct
{
  const char *title;
  const char *department;
  guint       workflow;      /* index into sandbox_workflows */
  guint       pay;           /* yearly, the lower end, in the location's money */
  const char *duties;        /* one sentence for the description */
} SandboxJobTitle;

typedef struct
{
  const char *name;
  const char *city;
  const char *country_code;
  const char *currency;
  const char *postal_code;
  const char *street_address;
} SandboxPlace;

typedef struct
{
  const char *name;
  const char *basic_type;    /* Pinpoint's: applied, review, interview, offer, hired, rejected */
  guint       weight;        /* how many applications stand here, relative to the others */
} SandboxStageTemplate;

typedef struct
{
  const char                 *name;
  const SandboxStageTemplate *stages;
  guint                       n_stages;
} SandboxWorkflowTemplate;

typedef struct
{
  const char *channel;       /* Pinpoint's enumeration */
  const char *source;
  guint       weight;
} SandboxSource;

extern const SandboxCulture          sandbox_cultures[];
extern const guint                   sandbox_n_cultures;
extern const SandboxJobTitle         sandbox_job_titles[];
extern const guint                   sandbox_n_job_titles;
extern const SandboxPlace            sandbox_places[];
extern const guint                   sandbox_n_places;
extern const SandboxWorkflowTemplate sandbox_workflows[];
extern const guint                   sandbox_n_workflows;
extern const SandboxSource           sandbox_sources[];
extern const guint                   sandbox_n_sources;

/* The part of a name before and after the bar (see #SandboxCulture). Both newly allocated. */
char *sandbox_name_dup_shown (const char *name);
char *sandbox_name_dup_latin (const char *name);

G_END_DECLS
