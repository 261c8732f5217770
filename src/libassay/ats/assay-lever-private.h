/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the Lever connector share. */
#pragma once

#include "assay-lever.h"
#include "assay-webhook.h"

G_BEGIN_DECLS

struct _AssayLever
{
  AssayAtsBase parent_instance;

  char *perform_as;          /* (nullable) the id of the user who is shown as the author of writes */
  gboolean confidential;     /* ask for confidential postings and opportunities too */
  AssayHttpTokens *tokens;   /* (nullable) somebody signed in by OAuth; NULL: there is a key */
  /* (nullable) (element-type AssayStage): the account's, when its postings were last listed */
  GPtrArray *stages;
};

/* What Lever calls a permission of a key, and the scope of a sign-in that has it in it. Indexes of the
 * description's. */
typedef enum
{
  ASSAY_LEVER_FINDS_OPPORTUNITIES,
  ASSAY_LEVER_FINDS_OPPORTUNITY,
  ASSAY_LEVER_FINDS_POSTINGS,
  ASSAY_LEVER_FINDS_STAGES,
  ASSAY_LEVER_SEES_CONFIDENTIAL,
  ASSAY_LEVER_FINDS_USER,
  ASSAY_LEVER_MOVES,
  ASSAY_LEVER_ADDS_TAGS,
  ASSAY_LEVER_REMOVES_TAGS,
  ASSAY_LEVER_ADDS_LINKS,
  ASSAY_LEVER_ARCHIVES,
  ASSAY_LEVER_CREATES_NOTES,
  ASSAY_LEVER_UPLOADS_FILES,
  ASSAY_LEVER_CREATES_OPPORTUNITIES,
  ASSAY_LEVER_FINDS_FILES,
  ASSAY_LEVER_FINDS_RESUMES,
  ASSAY_LEVER_FINDS_WEBHOOKS,
  ASSAY_LEVER_ADDS_WEBHOOKS,
  ASSAY_LEVER_DELETES_WEBHOOKS,
  ASSAY_LEVER_N_PERMISSIONS
} AssayLeverPermission;

/* (transfer none): "opportunities:write:admin" */
const char *assay_lever_get_scope (AssayLeverPermission permission);

/* The records of an answer. Documented is `data` with an array or an object; samples and recordings also have the
 * envelope twice, or not at all. (transfer container) (nullable) (element-type JsonObject): borrowed from @root */
GPtrArray        *assay_lever_collect_records (JsonNode *root, const char *what, GError **error);
/* Empty strings are how Lever says that there is nothing. */
static inline gboolean
is_filled (const char *text)
{
  return text != NULL && *text != '\0';
}

/* (transfer full): "collection/ID", and @rest (nullable) after it */
char             *assay_lever_dup_path (const char *collection, const char *remote_id, const char *rest);
AssayHttpRequest *assay_lever_new_read (const char *path);
/* Says which permission a refused request needed, and who can grant it, in Lever's words; takes @error. */
GError           *assay_lever_explain (AssayLever *self, GError *error, AssayLeverPermission permission);

/* assay-lever-documents.c */
void     assay_lever_ats_init_documents (AssayAtsInterface *iface);
/* Reads the documents of @application (transfer full), which is what @task is to end with; @task's data is its id,
 * and is replaced. Returns: (nullable): as an #AssayConnectorCall's read does */
gpointer assay_lever_read_documents (GTask *task, AssayApplication *application);

/* assay-lever-writes.c */
void assay_lever_ats_init_writes (AssayAtsInterface *iface);

/* assay-lever-webhook.c */
extern const AssayWebhookDescription assay_lever_webhook_description;
void assay_lever_ats_init_webhooks (AssayAtsInterface *iface);

G_END_DECLS
