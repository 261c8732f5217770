/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a vendor reports by itself: an event, and how its webhook is set up, as data.
 *
 * An event is a hint. It says that something may have changed and where to look; what is so is read from the
 * vendor. */
#pragma once

#include "assay-json.h"

G_BEGIN_DECLS

/* A delivery whose signature was right. */
typedef struct
{
  char *dedupe_key;              /* the same for each delivery of one event, and for no other event */
  char *name;                    /* the vendor's word for it; "" where it has none */
  char *application_remote_id;   /* (nullable) what to fetch */
  char *job_remote_id;           /* (nullable) */
  char *stage_remote_id;         /* (nullable) */
  char *invitation_remote_id;    /* (nullable) of a provider: the invitation whose result to read */
  gint64 at;                     /* when it happened, by the vendor: Unix milliseconds, 0 if it doesn't say */
} AssayWebhookEvent;

AssayWebhookEvent *assay_webhook_event_new (void);
void               assay_webhook_event_free (AssayWebhookEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayWebhookEvent, assay_webhook_event_free)

/* The headers of a delivery, as a table to hand to a connector's parse_webhook: names in lower case, each once. */
GHashTable *assay_webhook_headers_new (void);
/* Of a header that comes several times the last value stands, as no vendor sends one twice. */
void        assay_webhook_headers_set (GHashTable *headers, const char *name, const char *value);
/* (nullable) (transfer none) */
const char *assay_webhook_headers_get (GHashTable *headers, const char *name);

/* (transfer full) (nullable): the object that a delivery's body is, of which no member comes twice, as that is read
 * differently by different readers; %ASSAY_ERROR_BAD_RESPONSE. @what names it in a sentence: "Pinpoint's report" */
JsonNode *assay_webhook_parse_body (GBytes *body, const char *what, GError **error);
/* (transfer full) (nullable): @text (nullable), if it is a plain word such as an id of at most @max_length letters,
 * digits, '-' and '_' */
char     *assay_webhook_dup_word (const char *text, gsize max_length);

/* An event that one can have reported. Texts are marked for translation; names are the vendor's and aren't. */
typedef struct
{
  const char *name;      /* as the vendor's screen, or its API, spells it: "New application" */
  const char *purpose;   /* when to choose it: a sentence */
} AssayWebhookEventDescription;

/* How the vendor's webhook is set up. */
typedef struct
{
  const AssayWebhookEventDescription *events;   /* ends with a NULL name */
  gboolean one_event;                           /* one of them is to be chosen; else any number */
  const char *const *steps;                     /* NULL-terminated: what to click in the vendor's screens, in order */
  const char *const *edit_steps;                /* (nullable) where to change its address later */
  gboolean address_changes;                     /* whether the address has to be put in again once it is validated */
  gboolean made_by_api;                         /* whether assay_ats_ensure_webhook() can make it */
  const char *secret;                           /* (nullable) the secret that it signs with: "webhook-secret" */
  /* (nullable) who has to switch it on, in the vendor's words: a sentence */
  const char *who;
  const char *first_event;                      /* what makes the vendor send a first report: a sentence */
} AssayWebhookDescription;

G_END_DECLS
