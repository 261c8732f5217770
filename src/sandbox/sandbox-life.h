/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What invited candidates do: they open the assessment, work, finish, or let it lie. */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "sandbox-world.h"

G_BEGIN_DECLS

typedef enum
{
  SANDBOX_LIFE_PENDING,
  SANDBOX_LIFE_IN_PROGRESS,
  SANDBOX_LIFE_COMPLETE,
  SANDBOX_LIFE_EXPIRED,
  SANDBOX_LIFE_ABANDONED
} SandboxLifeStatus;

typedef struct
{
  char              *id;
  char              *vendor;
  char              *test;          /* the vendor's id of the assessment */
  char              *test_name;
  char              *email;
  char              *first_name;
  char              *last_name;
  gint64             created;       /* seconds since 1970 */
  gint64             opened;        /* 0: not yet */
  gint64             ended;         /* 0: not yet */
  double             due_open;      /* on the life clock; negative: never */
  double             due_end;
  SandboxLifeStatus  status;
  SandboxLifeStatus  outcome;       /* how it will end */
  guint              score;         /* percent, if complete */
  guint              sections[3];   /* percent */
  gint64             valid_until;   /* seconds since 1970; 0: for ever */
  guint              mails;         /* how often it was mailed, where the vendor says */
  gboolean           withdrawn;     /* cancelled by whoever sent it */
} SandboxInvitation;

typedef struct _SandboxLife SandboxLife;

/* @pace: mean seconds from invitation to completion; with 0 only the control moves the clock. */
SandboxLife       *sandbox_life_new         (SandboxWorld      *world,
                                             double             pace);
void               sandbox_life_free        (SandboxLife       *self);
void               sandbox_life_set_pace    (SandboxLife       *self,
                                             double             pace);

/* The same seed, test and e-mail always give the same life. Names may be empty. (transfer none) */
SandboxInvitation *sandbox_life_invite      (SandboxLife       *self,
                                             const char        *vendor,
                                             const char        *test,
                                             const char        *test_name,
                                             const char        *email,
                                             const char        *first_name,
                                             const char        *last_name);
/* (nullable), brought up to the present moment */
SandboxInvitation *sandbox_life_find        (SandboxLife       *self,
                                             const char        *id);
/* (nullable): an invitation of this e-mail, in whatever case, to this test */
SandboxInvitation *sandbox_life_find_person (SandboxLife       *self,
                                             const char        *vendor,
                                             const char        *test,
                                             const char        *email);
/* (transfer none) (element-type SandboxInvitation): all, brought up to the present moment */
GPtrArray         *sandbox_life_list        (SandboxLife       *self);

void               sandbox_life_advance     (SandboxLife       *self,
                                             double             seconds);
/* By hand; @score counts for a complete one and is kept within 0 to 100. */
void               sandbox_life_set         (SandboxLife       *self,
                                             SandboxInvitation *invitation,
                                             SandboxLifeStatus  status,
                                             guint              score);

/* Cancels it: nobody opens it any more. */
void               sandbox_life_withdraw    (SandboxLife       *self,
                                             SandboxInvitation *invitation);
/* What a vendor wrote into an invitation is to be kept. */
void               sandbox_life_touch       (SandboxLife       *self);

const char        *sandbox_life_status_name (SandboxLifeStatus  status);
gboolean           sandbox_life_status_from (const char        *name,
                                             SandboxLifeStatus *status);

void               sandbox_life_save        (SandboxLife       *self,
                                             SandboxJson       *json);
void               sandbox_life_load        (SandboxLife       *self,
                                             JsonObject        *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxLife, sandbox_life_free)

G_END_DECLS
