/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the Pinpoint connector share. Not for others; tests may use the decoders and encoders. */
#pragma once

#include "assay-pinpoint.h"

G_BEGIN_DECLS

struct _AssayPinpoint
{
  AssayAtsBase parent_instance;

  char *subdomain;            /* (nullable) */
  gboolean writes_scores;     /* a custom field for scores is chosen */
  char *pages;                /* (nullable) what stands before the path of a page for people */
  gboolean confidential;      /* ask for confidential jobs and their applications too */
  GHashTable *stage_jobs;     /* stage → job, of all jobs that were read: which stage is whose */
  GHashTable *score_fields;   /* folded name → AssayPinpointField, of those that were used */
};

#define ASSAY_PINPOINT_MEDIA_TYPE "application/vnd.api+json"
/* page[size] may be 0 to 1000. */
#define ASSAY_PINPOINT_MAX_PAGE 1000u
/* For tests: reads applications in pages of so many, so that a few people make several of them; 0: the most there may
 * be. Of all connectors, and not while one reads. */
void              assay_pinpoint_set_rows_in_page (guint rows);

AssayHttpRequest *assay_pinpoint_new_read (const char *path);
AssayHttpRequest *assay_pinpoint_new_write (AssayHttpKind kind, const char *method, const char *path, JsonNode *body);
/* (transfer full): "type/ID", with the id escaped */
char             *assay_pinpoint_build_path (const char *type, const char *id);
/* Confidential jobs and what belongs to them are left out unless asked for. */
#define ASSAY_PINPOINT_ALL_VISIBILITIES "confidential,external,internal"
/* (transfer full): as filters take a time */
char             *assay_pinpoint_format_time (gint64 unix_milliseconds);
void              assay_pinpoint_add_page (AssayHttpRequest *request, guint number, guint size);
/* Keeps which stages are the job's. */
void              assay_pinpoint_remember_stages (AssayPinpoint *self, const AssayJob *job);
/* Says which permission a refused request needed; takes @error. The names are Pinpoint's: "Comment", "Write". */
GError           *assay_pinpoint_name_permission (GError *error, const char *permission, const char *access);
/* (nullable) (transfer full): the id of the record that a write answered with */
char             *assay_pinpoint_dup_written_id (JsonNode *root);

/* The vfuncs of files of their own. */
void assay_pinpoint_move_stage_async (AssayAts *ats, const char *remote_id, const char *stage_remote_id,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void assay_pinpoint_set_score_async (AssayAts *ats, const char *remote_id, const char *field_name, const char *value,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void assay_pinpoint_create_application_async (AssayAts *ats, const AssayNewApplication *person,
                                              GCancellable *cancellable, GAsyncReadyCallback callback,
                                              gpointer user_data);
void assay_pinpoint_find_note_async (AssayAts *ats, const char *remote_id, const char *text, gint64 since,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void assay_pinpoint_find_application_async (AssayAts *ats, const char *job_remote_id, const char *email, gint64 since,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);

/* The description's permissions, in its order. */
typedef enum
{
  ASSAY_PINPOINT_READS_JOBS,
  ASSAY_PINPOINT_READS_APPLICATIONS,
  ASSAY_PINPOINT_WRITES_APPLICATIONS,
  ASSAY_PINPOINT_WRITES_COMMENTS,
  ASSAY_PINPOINT_READS_CUSTOM_FIELDS,
  ASSAY_PINPOINT_WRITES_CUSTOM_FIELDS,
  ASSAY_PINPOINT_READS_CUSTOM_ATTRIBUTES,
  ASSAY_PINPOINT_WRITES_CUSTOM_ATTRIBUTES,
  ASSAY_PINPOINT_READS_USERS,
  ASSAY_PINPOINT_READS_ASSESSMENTS,
  ASSAY_PINPOINT_N_PERMISSIONS
} AssayPinpointPermission;

extern const AssayAtsTest assay_pinpoint_test;

extern const AssayWebhookDescription assay_pinpoint_webhook_description;
gboolean assay_pinpoint_parse_webhook (GHashTable *headers, GBytes *body, const char *secret, gint64 now,
                                       AssayWebhookEvent **event, GError **error);

/* ---- The wire ---- */

/* A custom field that a score can go into. */
typedef struct
{
  char *remote_id;
  char *field_type;   /* "decimal", "integer", "text", "varchar"; or one that takes no score */
} AssayPinpointField;

AssayPinpointField *assay_pinpoint_field_new (const char *remote_id, const char *field_type);
void                assay_pinpoint_field_free (AssayPinpointField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPinpointField, assay_pinpoint_field_free)

/* What a score's value is called there already. */
typedef struct
{
  char *remote_id;
  char *value;        /* (nullable) */
} AssayPinpointAttribute;

void assay_pinpoint_attribute_free (AssayPinpointAttribute *attribute);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPinpointAttribute, assay_pinpoint_attribute_free)

/* Of an answer of `GET /custom_fields`: the field of applications by that name, in whatever case.
 * @rows: (out): how many fields there were, so that the last page can be told.
 * (transfer full) (nullable): NULL without an error for none; %ASSAY_ERROR_BAD_RESPONSE */
AssayPinpointField *assay_pinpoint_find_field (JsonNode *root, const char *name, guint *rows, GError **error);
/* Of an answer of `GET /custom_attributes?include=custom_field`: the attribute of that field. Where the
 * relationship isn't shown, its name decides. */
AssayPinpointAttribute *assay_pinpoint_find_attribute (JsonNode *root, const AssayPinpointField *field, const char *name,
                                                       guint *rows, GError **error);
/* Whether @value, as read, is what a field of that type shows of a score. */
gboolean  assay_pinpoint_value_equals (const AssayPinpointAttribute *attribute, const char *value);

JsonNode *assay_pinpoint_encode_field (const char *name);
/* With @remote_id NULL the body of an update, which has neither. (nullable): %ASSAY_ERROR_INVALID where a field
 * of that type can't take the value; @name is for the sentence */
JsonNode *assay_pinpoint_encode_attribute (const AssayPinpointField *field, const char *name, const char *remote_id,
                                           const char *value, GError **error);
JsonNode *assay_pinpoint_encode_application (const AssayNewApplication *person);

/* Of an answer of `GET /comments`: the id of the one that says @text. (transfer full) (nullable) */
char     *assay_pinpoint_find_comment (JsonNode *root, const char *text, guint *rows, GError **error);

/* (element-type AssayUser); pages whose `next` isn't set */
AssayPage *assay_pinpoint_decode_users (JsonNode *root, GError **error);
/* (element-type AssayAtsRecord); pages whose `next` isn't set */
AssayPage *assay_pinpoint_decode_assessments (JsonNode *root, GError **error);

G_END_DECLS
