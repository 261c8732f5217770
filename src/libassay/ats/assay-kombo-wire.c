/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kombo's documents: reading what it answers and writing what it takes.
 *
 * What is read may lie outside of what may be written: its own examples have an e-mail of the type PRIVATE, which the
 * create call doesn't take. So kinds are never checked on the way in, and none is sent. */
#include "config.h"

#include "assay-kombo.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

/* ---- Failures ---- */

/* The sentences' %s is a permission's name, where a sentence has one. */
static const struct
{
  const char *code;
  gboolean lost;             /* nobody knows whether a write took effect */
  AssayError error;
  gboolean names_permission;
  const char *sentence;
} failures[] = {
  { "PLATFORM.AUTHENTICATION_INVALID", FALSE, ASSAY_ERROR_UNAUTHORIZED, FALSE,
    N_ ("Kombo refuses the key. Copy it again in Kombo, and see whether the base address is that of your region: a key "
        "of api.us.kombo.dev doesn't work at api.kombo.dev.") },
  { "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", FALSE, ASSAY_ERROR_RATE_LIMITED, FALSE,
    N_ ("Kombo asks for fewer requests at a time. Try again in a few minutes.") },
  { "PLATFORM.RATE_LIMIT_EXCEEDED", FALSE, ASSAY_ERROR_RATE_LIMITED, FALSE,
    N_ ("Kombo asks for fewer requests. Try again in a few minutes.") },
  { "PLATFORM.INPUT_INVALID", FALSE, ASSAY_ERROR_INVALID, FALSE,
    N_ ("Kombo refuses this request. Correct what it names and try again.") },
  { "PLATFORM.INTEGRATION_NOT_FOUND", FALSE, ASSAY_ERROR_INVALID, FALSE,
    N_ ("Kombo accepts the key and doesn't know the integration. Copy the integration's id again in Kombo, from the "
        "environment that the key belongs to.") },
  { "PLATFORM.IP_NOT_WHITELISTED", FALSE, ASSAY_ERROR_FORBIDDEN, FALSE,
    N_ ("Kombo doesn't let this computer's network in. In Kombo add its address to those that may use the key.") },
  { "PLATFORM.TASK_TIMED_OUT", TRUE, ASSAY_ERROR_UNAVAILABLE, FALSE,
    N_ ("Kombo didn't finish this in time. Try again later.") },
  { "PLATFORM.UNKNOWN_ERROR", TRUE, ASSAY_ERROR_UNAVAILABLE, FALSE,
    N_ ("Kombo is out of order. Try again later.") },
  { "INTEGRATION.ACTION_DISABLED", FALSE, ASSAY_ERROR_FORBIDDEN, TRUE,
    N_ ("Kombo doesn't allow “%s” for this integration. In Kombo open the integration's scope, switch the action on, "
        "then try again.") },
  { "INTEGRATION.MODEL_DISABLED", FALSE, ASSAY_ERROR_FORBIDDEN, TRUE,
    N_ ("Kombo doesn't allow “%s” for this integration. In Kombo open the integration's scope, switch it on, then try "
        "again.") },
  { "INTEGRATION.PERMISSION_MISSING", FALSE, ASSAY_ERROR_FORBIDDEN, TRUE,
    N_ ("The ATS behind Kombo doesn't let Kombo do “%s”. Give Kombo's access to that ATS the permission there, then "
        "try again.") },
  { "INTEGRATION.ACTION_NOT_AVAILABLE", FALSE, ASSAY_ERROR_INVALID, TRUE,
    N_ ("Kombo can't do “%s” in this ATS. Do it there by hand.") },
  { "INTEGRATION.MODEL_NOT_AVAILABLE", FALSE, ASSAY_ERROR_INVALID, TRUE,
    N_ ("Kombo can't do “%s” in this ATS. Ask Kombo's support, or use another way to connect it.") },
  { "INTEGRATION.AUTHENTICATION_INVALID", FALSE, ASSAY_ERROR_FORBIDDEN, FALSE,
    N_ ("The ATS behind Kombo doesn't let Kombo in any longer. Reconnect the integration in Kombo, then check "
        "again.") },
  { "INTEGRATION.INACTIVE", FALSE, ASSAY_ERROR_FORBIDDEN, FALSE,
    N_ ("The integration is switched off in Kombo. Switch it on there, then check again.") },
  { "INTEGRATION.QA_FAILED", FALSE, ASSAY_ERROR_FORBIDDEN, FALSE,
    N_ ("Kombo's own check of the integration failed, so Kombo gives out nothing. See there what it found, then check "
        "again.") },
  { "INTEGRATION.SETUP_INCOMPLETE", FALSE, ASSAY_ERROR_FORBIDDEN, FALSE,
    N_ ("The integration isn't set up to its end in Kombo. Finish its connection flow there, then check again.") },
  { "INTEGRATION.SETUP_SYNC_PENDING", FALSE, ASSAY_ERROR_UNAVAILABLE, FALSE,
    N_ ("Kombo is still reading the ATS for the first time. Nothing is wrong with the settings; try again later.") },
  { "REMOTE.INPUT_INVALID", FALSE, ASSAY_ERROR_INVALID, FALSE,
    N_ ("The ATS behind Kombo refuses this. Correct what it names and try again.") },
  { "REMOTE.RATE_LIMIT_EXCEEDED", FALSE, ASSAY_ERROR_RATE_LIMITED, FALSE,
    N_ ("The ATS behind Kombo asks for fewer requests. Try again in a few minutes.") },
  { "REMOTE.SERVICE_UNAVAILABLE", TRUE, ASSAY_ERROR_UNAVAILABLE, FALSE,
    N_ ("The ATS behind Kombo can't be reached. Try again later.") },
  { "REMOTE.UNKNOWN_HTTP_ERROR", TRUE, ASSAY_ERROR_UNAVAILABLE, FALSE,
    N_ ("The ATS behind Kombo gave Kombo an answer that it doesn't understand. Try again later.") },
  { "ATS.APPLICATION_ALREADY_EXISTS", FALSE, ASSAY_ERROR_DUPLICATE, FALSE,
    N_ ("There is an application of this person for this job already, so none was made. Use the one that is there.") },
  { "ATS.JOB_CLOSED", FALSE, ASSAY_ERROR_INVALID, FALSE,
    N_ ("The job is closed in the ATS, so it takes nobody. Open it there, or choose another job.") },
};

static char *
make_sentence (guint       index,
               const char *permission)
{
  GString *sentence = g_string_new (_ (failures[index].sentence));

  if (failures[index].names_permission)
    g_string_replace (sentence, "%s", permission != NULL ? permission : _ ("this"), 1);
  return g_string_free (sentence, FALSE);
}

GError *
assay_kombo_translate (GError     *error,
                       const char *permission,
                       gboolean    write)
{
  const char *code = assay_error_get_vendor_code (error);

  for (guint i = 0; code != NULL && i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *sentence = NULL;
      gboolean lost = write && failures[i].lost;
      GError *translated;

      /* A code of its own for a record that isn't there isn't documented: the status says it. */
      if (!g_str_equal (failures[i].code, code) ||
          (failures[i].error == ASSAY_ERROR_INVALID && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) &&
           g_str_has_suffix (code, ".INPUT_INVALID")))
        continue;
      sentence = lost ? g_strdup (_ ("Kombo took the request and gave up waiting for the ATS, so it may or may not "
                                     "have taken effect. Look in the ATS before you send it again."))
                      : make_sentence (i, permission);
      translated =
        assay_error_new_from_vendor (lost ? ASSAY_ERROR_UNSURE : failures[i].error,
                                     assay_error_get_vendor_status (error), assay_error_get_vendor_detail (error), "%s",
                                     sentence);
      assay_error_set_vendor_code (translated, code);
      g_error_free (error);
      return translated;
    }
  return error;
}

JsonObject *
assay_kombo_open_envelope (JsonNode *root,
                           GError  **error)
{
  JsonObject *document = assay_json_expect_object (root, "Kombo's answer", error);
  JsonObject *failure;
  GError *found;

  if (document == NULL)
    return NULL;
  failure = assay_json_get_object (document, "error");
  if (g_strcmp0 (assay_json_get_string (document, "status"), "error") == 0 && failure != NULL)
    {
      g_autofree char *detail = assay_json_dup_string (failure, "message");

      found = assay_error_new_from_vendor (ASSAY_ERROR_INVALID, 0, detail, "%s",
                                           _ ("Kombo answers that this failed. See what it says, then try again."));
      assay_error_set_vendor_code (found, assay_json_get_string (failure, "code"));
      g_propagate_error (error, found);
      return NULL;
    }
  if (g_strcmp0 (assay_json_get_string (document, "status"), "success") != 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("What answers at Kombo's address doesn't speak as Kombo does. Check the base address."));
      return NULL;
    }
  return assay_json_expect_member_object (document, "data", "Kombo's answer", error);
}

/* ---- Reading ---- */

/* Takes the place of an empty text. (transfer full) (nullable) */
static char *
dup_text (JsonObject *object,
          const char *member)
{
  g_autofree char *text = object != NULL ? assay_json_dup_string (object, member) : NULL;

  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* (transfer full) (nullable): only what a browser may be sent to */
static char *
dup_link (JsonObject *object,
          const char *member)
{
  g_autofree char *text = dup_text (object, member);
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse (text, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (scheme == NULL || g_uri_get_host (uri) == NULL ||
      (g_ascii_strcasecmp (scheme, "https") != 0 && g_ascii_strcasecmp (scheme, "http") != 0))
    return NULL;
  return g_steal_pointer (&text);
}

/* (transfer full) (nullable): the first record's @member of an array of records */
static char *
dup_first (JsonObject *object,
           const char *array,
           const char *member)
{
  JsonArray *records = object != NULL ? assay_json_get_array (object, array) : NULL;

  for (guint i = 0; records != NULL && i < json_array_get_length (records); i++)
    {
      JsonObject *record = assay_json_array_get_object (records, i);
      char *text = dup_text (record, member);

      if (text != NULL)
        return text;
    }
  return NULL;
}

static char *
dup_place (JsonObject *object)
{
  JsonObject *location = object != NULL ? assay_json_get_object (object, "location") : NULL;
  g_autofree char *raw = dup_text (location, "raw");
  g_autofree char *city = dup_text (location, "city");
  g_autofree char *country = dup_text (location, "country");

  if (raw != NULL)
    return g_steal_pointer (&raw);
  if (city != NULL && country != NULL)
    return g_strdup_printf ("%s, %s", city, country);
  return city != NULL ? g_steal_pointer (&city) : g_steal_pointer (&country);
}

static gboolean
is_deleted (JsonObject *record)
{
  g_autofree char *deleted = dup_text (record, "remote_deleted_at");

  return deleted != NULL;
}

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  const AssayStage *const *one = a;
  const AssayStage *const *other = b;

  return ((*one)->position > (*other)->position) - ((*one)->position < (*other)->position);
}

static gboolean
decode_stages (AssayJob   *job,
               JsonObject *record,
               GError    **error)
{
  JsonArray *stages = assay_json_get_array (record, "stages");

  for (guint i = 0; stages != NULL && i < json_array_get_length (stages); i++)
    {
      JsonObject *found = assay_json_array_get_object (stages, i);
      g_autoptr (AssayStage) stage = assay_stage_new ();
      double index = i;

      if (found == NULL)
        continue;
      stage->remote_id = assay_json_expect_member_id (found, "id", "Kombo's list of jobs", error);
      if (stage->remote_id == NULL)
        return FALSE;
      stage->name = dup_text (found, "name");
      if (stage->name == NULL)
        stage->name = g_strdup_printf (_ ("Stage %u"), i + 1);
      if (!assay_json_get_number (found, "index", &index, NULL) || index < 0 || index > G_MAXINT16)
        index = i;
      stage->position = (int) index;
      g_ptr_array_add (job->stages, g_steal_pointer (&stage));
    }
  g_ptr_array_sort (job->stages, compare_positions);
  return TRUE;
}

static gpointer
decode_job (JsonObject *record,
            GError    **error)
{
  g_autoptr (AssayJob) job = assay_job_new ();

  job->remote_id = assay_json_expect_member_id (record, "id", "Kombo's list of jobs", error);
  if (job->remote_id == NULL || !decode_stages (job, record, error))
    return NULL;
  job->title = dup_text (record, "name");
  if (job->title == NULL)
    job->title = g_strdup_printf (_ ("Job %s"), job->remote_id);
  job->status = dup_text (record, "status");
  /* Not every ATS has a status; one without it is open until it says when it was closed. */
  job->open = job->status != NULL ? g_str_equal (job->status, "OPEN") : assay_json_get_time (record, "closed_at") == 0;
  job->confidential = assay_json_get_boolean (record, "confidential", FALSE) ||
                      g_strcmp0 (assay_json_get_string (record, "visibility"), "CONFIDENTIAL") == 0;
  job->department = dup_text (record, "department");
  job->location = dup_place (record);
  job->url = dup_link (record, "remote_url");
  job->updated_at = assay_json_get_time (record, "changed_at");
  return g_steal_pointer (&job);
}

static char **
decode_tags (JsonObject *candidate)
{
  JsonArray *tags = candidate != NULL ? assay_json_get_array (candidate, "tags") : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      g_autofree char *name = dup_text (assay_json_array_get_object (tags, i), "name");

      if (name != NULL)
        g_strv_builder_add (builder, name);
    }
  return g_strv_builder_end (builder);
}

static char *
dup_linkedin (JsonObject *candidate)
{
  JsonArray *media = candidate != NULL ? assay_json_get_array (candidate, "social_media") : NULL;

  for (guint i = 0; media != NULL && i < json_array_get_length (media); i++)
    {
      JsonObject *medium = assay_json_array_get_object (media, i);

      if (medium != NULL && g_strcmp0 (assay_json_get_string (medium, "type"), "LINKEDIN") == 0)
        return dup_link (medium, "link");
    }
  return NULL;
}

/* What the person does now: "Head of Marketing, Acme" */
static char *
dup_occupation (JsonObject *candidate)
{
  g_autofree char *title = dup_text (candidate, "title");
  g_autofree char *company = dup_text (candidate, "company");

  if (title != NULL && company != NULL)
    /* Translators: somebody's occupation: %1$s is a job title, %2$s an employer */
    return g_strdup_printf (_ ("%1$s, %2$s"), title, company);
  return title != NULL ? g_steal_pointer (&title) : g_steal_pointer (&company);
}

static void
decode_names (AssayApplication *application,
              JsonObject       *candidate)
{
  application->first_name = dup_text (candidate, "first_name");
  application->last_name = dup_text (candidate, "last_name");
  application->full_name = g_strstrip (g_strjoin (" ", application->first_name != NULL ? application->first_name : "",
                                                  application->last_name != NULL ? application->last_name : "", NULL));
  if (*application->full_name != '\0')
    return;
  g_free (application->full_name);
  application->full_name = application->email != NULL ? g_strdup (application->email)
                                                      : g_strdup_printf (_ ("Candidate %s"), application->remote_id);
}

static gpointer
decode_application (JsonObject *record,
                    GError    **error)
{
  g_autoptr (AssayApplication) application = assay_application_new ();
  JsonObject *candidate = assay_json_get_object (record, "candidate");
  JsonObject *stage = assay_json_get_object (record, "current_stage");
  JsonObject *job = assay_json_get_object (record, "job");
  const char *outcome = assay_json_get_string (record, "outcome");

  application->remote_id = assay_json_expect_member_id (record, "id", "Kombo's list of applications", error);
  if (application->remote_id == NULL)
    return NULL;
  application->job_remote_id = dup_text (record, "job_id");
  if (application->job_remote_id == NULL)
    application->job_remote_id = dup_text (job, "id");
  application->stage_remote_id = dup_text (record, "current_stage_id");
  if (application->stage_remote_id == NULL)
    application->stage_remote_id = dup_text (stage, "id");
  application->stage_name = dup_text (stage, "name");
  application->email = dup_first (candidate, "email_addresses", "email_address");
  application->phone = dup_first (candidate, "phone_numbers", "phone_number");
  decode_names (application, candidate);
  application->location = dup_place (candidate);
  application->linkedin_url = dup_linkedin (candidate);
  application->source = dup_text (candidate, "source");
  application->summary = dup_occupation (candidate);
  g_strfreev (application->tags);
  application->tags = decode_tags (candidate);
  application->archived = g_strcmp0 (outcome, "DECLINED") == 0 || g_strcmp0 (outcome, "HIRED") == 0 ||
                          assay_json_get_time (record, "rejected_at") != 0;
  application->url = dup_link (record, "remote_url");
  if (application->url == NULL && candidate != NULL)
    application->url = dup_link (candidate, "remote_url");
  application->updated_at = assay_json_get_time (record, "changed_at");
  application->created_at = assay_json_get_time (record, "remote_created_at");
  if (application->created_at == 0)
    application->created_at = application->updated_at;
  /* The list tells of no files. */
  g_clear_pointer (&application->documents, g_ptr_array_unref);
  return g_steal_pointer (&application);
}

static gpointer
decode_id (JsonObject *record,
           GError    **error)
{
  return assay_json_expect_member_id (record, "id", "Kombo's list of applications", error);
}

/* @deleted: whether those who were deleted are wanted, or the others */
static AssayPage *
decode_page (JsonNode      *root,
             const char    *cursor,
             const char    *what,
             gboolean       deleted,
             gpointer     (*decode) (JsonObject *record, GError **error),
             GDestroyNotify free_item,
             GError       **error)
{
  g_autoptr (AssayPage) page = assay_page_new (free_item);
  JsonObject *data = assay_kombo_open_envelope (root, error);
  JsonArray *results = data != NULL ? assay_json_expect_member_array (data, "results", what, error) : NULL;
  JsonNode *next;

  if (results == NULL)
    return NULL;
  page->total = -1;
  page->requests = 1;
  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonObject *record = assay_json_expect_object (json_array_get_element (results, i), what, error);
      gpointer item;

      if (record == NULL)
        return NULL;
      if (is_deleted (record) != deleted)
        continue;
      item = decode (record, error);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (page->items, item);
    }
  next = json_object_get_member (data, "next");
  page->next = dup_text (data, "next");
  /* A cursor that can't be read isn't the end. */
  if (next != NULL && (JSON_NODE_HOLDS_OBJECT (next) || JSON_NODE_HOLDS_ARRAY (next) ||
                       json_node_get_value_type (next) == G_TYPE_BOOLEAN))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("Kombo's list doesn't say how it goes on. Try again later."));
      return NULL;
    }
  if (page->next != NULL && g_strcmp0 (page->next, cursor) == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                           _ ("Kombo's list doesn't come to an end. Try again later."));
      return NULL;
    }
  return g_steal_pointer (&page);
}

AssayPage *
assay_kombo_decode_jobs (JsonNode   *root,
                         const char *cursor,
                         GError    **error)
{
  return decode_page (root, cursor, "Kombo's list of jobs", FALSE, decode_job, (GDestroyNotify) assay_job_free, error);
}

AssayPage *
assay_kombo_decode_applications (JsonNode   *root,
                                 const char *cursor,
                                 GError    **error)
{
  return decode_page (root, cursor, "Kombo's list of applications", FALSE, decode_application,
                      (GDestroyNotify) assay_application_free, error);
}

AssayPage *
assay_kombo_decode_deleted (JsonNode   *root,
                            const char *cursor,
                            GError    **error)
{
  return decode_page (root, cursor, "Kombo's list of applications", TRUE, decode_id, g_free, error);
}

/* ---- Writing ---- */

JsonNode *
assay_kombo_encode_stage (const char *stage_remote_id)
{
  return assay_json_new_with_string ("stage_id", stage_remote_id);
}

JsonNode *
assay_kombo_encode_rejection (const char *reason_remote_id)
{
  return assay_json_new_with_string ("rejection_reason_id", reason_remote_id);
}

JsonNode *
assay_kombo_encode_tag (const char *tag)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "tag");
  json_builder_begin_object (builder);
  assay_json_add_string (builder, "name", tag);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

JsonNode *
assay_kombo_encode_note (const char *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  assay_json_add_string (builder, "content", text);
  assay_json_add_string (builder, "content_type", "PLAIN_TEXT");
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
add_attachment (JsonBuilder       *builder,
                const AssayUpload *upload,
                const char        *type)
{
  gsize length;
  const guchar *bytes = g_bytes_get_data (upload->bytes, &length);
  g_autofree char *encoded = g_base64_encode (bytes, length);

  json_builder_begin_object (builder);
  assay_json_add_string (builder, "name", upload->name);
  assay_json_add_string (builder, "content_type", upload->media_type);
  assay_json_add_string (builder, "type", type);
  assay_json_add_string (builder, "data", encoded);
  json_builder_end_object (builder);
}

JsonNode *
assay_kombo_encode_attachment (const AssayUpload *upload,
                               const char        *type)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "attachment");
  add_attachment (builder, upload, type);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* The source isn't sent: the member is deprecated, and Kombo writes it by itself, from its environment's name. */
JsonNode *
assay_kombo_encode_application (const AssayNewApplication *person)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "candidate");
  json_builder_begin_object (builder);
  assay_json_add_string (builder, "first_name", person->first_name);
  assay_json_add_string (builder, "last_name", person->last_name);
  assay_json_add_string (builder, "email_address", person->email);
  if (person->phone != NULL && *person->phone != '\0')
    assay_json_add_string (builder, "phone_number", person->phone);
  if (person->links != NULL && person->links[0] != NULL)
    {
      json_builder_set_member_name (builder, "social_links");
      json_builder_begin_array (builder);
      for (guint i = 0; person->links[i] != NULL; i++)
        {
          json_builder_begin_object (builder);
          assay_json_add_string (builder, "url", person->links[i]);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  if (person->stage_remote_id != NULL)
    assay_json_add_string (builder, "stage_id", person->stage_remote_id);
  if (person->cv != NULL)
    {
      json_builder_set_member_name (builder, "attachments");
      json_builder_begin_array (builder);
      add_attachment (builder, person->cv, "CV");
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}
