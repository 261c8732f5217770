/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing to Lever, and its users.
 *
 * A write's answer is an opportunity whose contact fields are empty although the person has them (recorded), so that of
 * each answer only the new record's id is taken. `perform_as` names the user who is shown as the author; it is required
 * where something is uploaded or created (documented), and optional elsewhere. */
#include "config.h"

#include "assay-lever-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-json.h"

/* Documented: 30 MB. */
#define MAX_FILE (30u * 1024u * 1024u)

/* Bodies */

static void
add_array (JsonBuilder       *builder,
           const char        *member,
           const char *const *values)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

static JsonNode *
encode_array (const char        *member,
              const char *const *values)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_array (builder, member, values);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

JsonNode *
assay_lever_encode_stage (const char *stage_remote_id)
{
  return assay_json_new_with_string ("stage", stage_remote_id);
}

JsonNode *
assay_lever_encode_tags (const char *const *tags)
{
  return encode_array ("tags", tags);
}

JsonNode *
assay_lever_encode_links (const char *const *links)
{
  return encode_array ("links", links);
}

JsonNode *
assay_lever_encode_note (const char *text)
{
  return assay_json_new_with_string ("value", text);
}

JsonNode *
assay_lever_encode_archive (const char *reason_remote_id)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "reason");
  if (reason_remote_id != NULL)
    json_builder_add_string_value (builder, reason_remote_id);
  else
    json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "cleanInterviews");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* Lever has one field for a name. */
static char *
dup_name (const AssayNewApplication *person)
{
  return g_strstrip (g_strconcat (person->first_name != NULL ? person->first_name : "", " ",
                                  person->last_name != NULL ? person->last_name : "", NULL));
}

static void
add_phone (JsonBuilder *builder,
           const char  *phone)
{
  json_builder_begin_object (builder);
  assay_json_add_string (builder, "value", phone);
  json_builder_end_object (builder);
}

JsonNode *
assay_lever_encode_opportunity (const AssayNewApplication *person)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *name = dup_name (person);
  const char *const emails[] = { person->email, NULL };
  const char *const sources[] = { person->source, NULL };
  const char *const postings[] = { person->job_remote_id, NULL };

  json_builder_begin_object (builder);
  assay_json_add_string (builder, "name", name);
  if (is_filled (person->email))
    add_array (builder, "emails", emails);
  if (is_filled (person->phone))
    {
      json_builder_set_member_name (builder, "phones");
      json_builder_begin_array (builder);
      add_phone (builder, person->phone);
      json_builder_end_array (builder);
    }
  if (person->tags != NULL && person->tags[0] != NULL)
    add_array (builder, "tags", person->tags);
  if (person->links != NULL && person->links[0] != NULL)
    add_array (builder, "links", person->links);
  if (is_filled (person->source))
    add_array (builder, "sources", sources);
  if (is_filled (person->stage_remote_id))
    {
      assay_json_add_string (builder, "stage", person->stage_remote_id);
    }
  /* Exactly one, in an array (documented). */
  if (is_filled (person->job_remote_id))
    add_array (builder, "postings", postings);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static void
add_text_part (GArray     *parts,
               const char *name,
               const char *value)
{
  AssayHttpPart part = { .name = name, .value = value };

  if (is_filled (value))
    g_array_append_val (parts, part);
}

static void
add_file_part (GArray            *parts,
               const char        *name,
               const AssayUpload *upload)
{
  AssayHttpPart part = { .name = name, .filename = upload->name, .media_type = upload->media_type,
                         .bytes = upload->bytes };

  g_array_append_val (parts, part);
}

/* With a file there is no JSON: arrays become "emails[]", and a phone stays an object in it (documented; the second by
 * a client that does it). */
static void
set_opportunity_form (AssayHttpRequest          *request,
                      const AssayNewApplication *person)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (AssayHttpPart));
  g_autofree char *name = dup_name (person);
  g_autofree char *phone = NULL;

  add_text_part (parts, "name", name);
  add_text_part (parts, "emails[]", person->email);
  if (is_filled (person->phone))
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      g_autoptr (JsonNode) root = NULL;

      add_phone (builder, person->phone);
      root = json_builder_get_root (builder);
      phone = json_to_string (root, FALSE);
      add_text_part (parts, "phones[]", phone);
    }
  for (guint i = 0; person->tags != NULL && person->tags[i] != NULL; i++)
    add_text_part (parts, "tags[]", person->tags[i]);
  for (guint i = 0; person->links != NULL && person->links[i] != NULL; i++)
    add_text_part (parts, "links[]", person->links[i]);
  add_text_part (parts, "sources[]", person->source);
  add_text_part (parts, "stage", person->stage_remote_id);
  add_text_part (parts, "postings[]", person->job_remote_id);
  add_file_part (parts, "resumeFile", person->cv);
  assay_http_request_set_parts (request, (const AssayHttpPart *) (gpointer) parts->data, parts->len);
}

/* Sending */

typedef struct
{
  AssayLeverPermission permission;
  GError *error;   /* (nullable): Lever's refusal, while the acting user is looked up */
} Write;

static void
write_free (gpointer data)
{
  Write *write = data;

  g_clear_error (&write->error);
  g_free (write);
}

/* "admin" → "Admin", as Lever's window has it */
static char *
dup_role (JsonObject *user)
{
  g_autofree char *role = assay_json_dup_string (user, "accessRole");
  gboolean begins = TRUE;

  if (!is_filled (role))
    return NULL;
  /* A custom role comes as its id. */
  for (char *c = role; strpbrk (role, "0123456789-") == NULL && *c != '\0'; c++)
    {
      if (begins)
        *c = g_ascii_toupper (*c);
      begins = *c == ' ';
    }
  return g_steal_pointer (&role);
}

static gpointer
read_actor (GTask     *task,
            JsonNode  *root,
            GError   **error)
{
  Write *write = g_task_get_task_data (task);
  g_autoptr (GPtrArray) records = assay_lever_collect_records (root, "Lever's user", NULL);
  g_autofree char *name = NULL;
  g_autofree char *role = NULL;

  if (records != NULL && records->len == 1)
    {
      name = assay_json_dup_string (g_ptr_array_index (records, 0), "name");
      role = dup_role (g_ptr_array_index (records, 0));
    }
  if (name == NULL || role == NULL)
    g_propagate_error (error, g_steal_pointer (&write->error));
  else
    g_propagate_error (
      error, assay_error_new_from_vendor (
               ASSAY_ERROR_FORBIDDEN, assay_error_get_vendor_status (write->error),
               assay_error_get_vendor_detail (write->error),
               /* Translators: %1$s is a sentence that says what was refused, %2$s a person, %3$s a role in Lever's
                * words */
               _ ("%1$s Assay writes there as %2$s, whose role is “%3$s”: a role that may manage profiles is needed "
                  "too."),
               write->error->message, name, role));
  return NULL;
}

static GError *
judge_actor (GTask  *task,
             GError *error)
{
  Write *write = g_task_get_task_data (task);

  g_error_free (error);
  return g_steal_pointer (&write->error);
}

static const AssayConnectorCall actor_call = { .read = read_actor, .judge = judge_actor, .unstoppable = TRUE };

/* A refusal may be the acting user's: whose role it is, is worth a question. */
static GError *
judge_write (GTask  *task,
             GError *error)
{
  AssayLever *self = g_task_get_source_object (task);
  Write *write = g_task_get_task_data (task);
  g_autofree char *path = NULL;
  AssayHttpRequest *request;

  error = assay_lever_explain (self, error, write->permission);
  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) || self->perform_as == NULL)
    return error;
  write->error = error;
  path = assay_lever_dup_path ("users", self->perform_as, NULL);
  request = assay_lever_new_read (path);
  assay_http_request_set_deadline (request, 10000);
  assay_connector_base_ask (task, &actor_call, request);
  return NULL;
}

static const AssayConnectorCall write_call = { .read = assay_connector_base_read_done, .judge = judge_write };

/* The id of the record that was made. @member: (nullable): what has it, before "id"; (nullable) (transfer full) */
static char *
dup_written_id (JsonNode   *root,
                const char *member)
{
  g_autoptr (GPtrArray) records = assay_lever_collect_records (root, "Lever's answer", NULL);
  JsonObject *record = records != NULL && records->len == 1 ? g_ptr_array_index (records, 0) : NULL;
  g_autofree char *id = record != NULL && member != NULL ? assay_json_dup_string (record, member) : NULL;

  if (is_filled (id))
    return g_steal_pointer (&id);
  return record != NULL ? assay_json_dup_string (record, "id") : NULL;
}

static GTask *
begin_write (AssayAts             *ats,
             gpointer              tag,
             AssayLeverPermission  permission,
             GCancellable         *cancellable,
             GAsyncReadyCallback   callback,
             gpointer              user_data)
{
  GTask *task = assay_connector_base_begin_write (ats, tag, cancellable, callback, user_data);
  Write *write = g_new0 (Write, 1);

  write->permission = permission;
  g_task_set_task_data (task, write, write_free);
  return task;
}

/* Takes @request. */
static void
send_write (GTask                    *task,
            const AssayConnectorCall *call,
            AssayHttpRequest         *request)
{
  const AssayLever *self = g_task_get_source_object (task);

  assay_http_request_add_header (request, "Accept", "application/json");
  if (self->perform_as != NULL)
    assay_http_request_add_query (request, "perform_as", self->perform_as);
  assay_connector_base_ask (task, call, request);
}

/* Sends @body to an opportunity's own @rest, such as "/stage". */
static void
send_json (GTask                    *task,
           const AssayConnectorCall *call,
           AssayHttpKind             kind,
           const char               *method,
           const char               *remote_id,
           const char               *rest,
           JsonNode                 *body)
{
  g_autofree char *path = assay_lever_dup_path ("opportunities", remote_id, rest);
  AssayHttpRequest *request = assay_http_request_new (kind, method, path);

  assay_http_request_set_json (request, body, "application/json");
  send_write (task, call, request);
}

static void
assay_lever_move_stage_async (AssayAts            *ats,
                              const char          *remote_id,
                              const char          *stage_remote_id,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_lever_move_stage_async, ASSAY_LEVER_MOVES, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_lever_encode_stage (stage_remote_id);

  send_json (task, &write_call, ASSAY_HTTP_REPEATABLE_WRITE, "PUT", remote_id, "/stage", body);
}

static void
assay_lever_archive_async (AssayAts            *ats,
                           const char          *remote_id,
                           const char          *reason_remote_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_lever_archive_async, ASSAY_LEVER_ARCHIVES, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_lever_encode_archive (reason_remote_id);

  send_json (task, &write_call, ASSAY_HTTP_REPEATABLE_WRITE, "PUT", remote_id, "/archived", body);
}

static void
assay_lever_add_tags_async (AssayAts            *ats,
                            const char          *remote_id,
                            const char *const   *tags,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_lever_add_tags_async, ASSAY_LEVER_ADDS_TAGS, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_lever_encode_tags (tags);

  send_json (task, &write_call, ASSAY_HTTP_REPEATABLE_WRITE, "POST", remote_id, "/addTags", body);
}

static void
assay_lever_remove_tag_async (AssayAts            *ats,
                              const char          *remote_id,
                              const char          *tag,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_lever_remove_tag_async, ASSAY_LEVER_REMOVES_TAGS, cancellable, callback, user_data);
  const char *const tags[] = { tag, NULL };
  g_autoptr (JsonNode) body = assay_lever_encode_tags (tags);

  send_json (task, &write_call, ASSAY_HTTP_REPEATABLE_WRITE, "POST", remote_id, "/removeTags", body);
}

static void
assay_lever_add_links_async (AssayAts            *ats,
                             const char          *remote_id,
                             const char *const   *links,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_lever_add_links_async, ASSAY_LEVER_ADDS_LINKS, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_lever_encode_links (links);

  send_json (task, &write_call, ASSAY_HTTP_REPEATABLE_WRITE, "POST", remote_id, "/addLinks", body);
}

static gpointer
read_note (GTask     *task,
           JsonNode  *root,
           GError   **error)
{
  /* Documented is `noteId` alone, recorded the whole note with it. */
  return dup_written_id (root, "noteId");
}

static const AssayConnectorCall note_call = { .read = read_note, .free_value = g_free, .judge = judge_write };

static void
assay_lever_add_note_async (AssayAts            *ats,
                            const char          *remote_id,
                            const char          *text,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task =
    begin_write (ats, assay_lever_add_note_async, ASSAY_LEVER_CREATES_NOTES, cancellable, callback, user_data);
  g_autoptr (JsonNode) body = assay_lever_encode_note (text);

  send_json (task, &note_call, ASSAY_HTTP_ONCE, "POST", remote_id, "/notes", body);
}

/* Uploading and creating: with a user's name to it. */

/* Whether the task has ended with an error. */
static gboolean
lacks_actor (GTask *task)
{
  AssayLever *self = g_task_get_source_object (task);

  if (self->perform_as != NULL)
    return FALSE;
  g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                           _ ("Lever wants to know on whose behalf this is done. Choose a user under “Perform as” in "
                              "the connection's settings, such as the posting's owner."));
  return TRUE;
}

/* The same for a person that nobody could be invited as. */
static gboolean
is_nobody (GTask                     *task,
           const AssayNewApplication *person)
{
  g_autofree char *name = dup_name (person);

  if (*name == '\0')
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                             _ ("A candidate without a name can't be entered into Lever. Fill the name in."));
  else if (is_filled (person->email) && !assay_email_is_plausible (person->email))
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                             /* Translators: %s is what was typed */
                             _ ("“%s” isn't an e-mail address. Correct it."), person->email);
  else
    return FALSE;
  return TRUE;
}

/* The same for a file that Lever wouldn't take. */
static gboolean
is_unfit (GTask             *task,
          const AssayUpload *upload)
{
  static const char *const types[] = { "docx", "doc", "js", "jpg", "png", "pdf", "txt", NULL };
  const char *dot = strrchr (upload->name, '.');
  g_autofree char *extension = dot != NULL ? g_ascii_strdown (dot + 1, -1) : NULL;

  if (extension == NULL || !g_strv_contains (types, extension))
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               /* Translators: %s is a file's name */
                               _ ("Lever doesn't take files like “%s”. It takes PDF, DOC, DOCX, TXT, JPG and PNG."),
                               upload->name);
      return TRUE;
    }
  if (g_bytes_get_size (upload->bytes) == 0)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               /* Translators: %s is a file's name */
                               _ ("“%s” is empty. Choose another file."), upload->name);
      return TRUE;
    }
  if (g_bytes_get_size (upload->bytes) > MAX_FILE)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                               /* Translators: %s is a file's name */
                               _ ("“%s” is larger than the 30 MB that Lever takes."), upload->name);
      return TRUE;
    }
  return FALSE;
}

static void
assay_lever_attach_document_async (AssayAts            *ats,
                                   const char          *remote_id,
                                   const AssayUpload   *upload,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = begin_write (ats, assay_lever_attach_document_async, ASSAY_LEVER_UPLOADS_FILES, cancellable,
                                        callback, user_data);
  g_autofree char *path = assay_lever_dup_path ("opportunities", remote_id, "/files");
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (AssayHttpPart));
  AssayHttpRequest *request;

  if (lacks_actor (task) || is_unfit (task, upload))
    return;
  request = assay_http_request_new (ASSAY_HTTP_ONCE, "POST", path);
  add_file_part (parts, "file", upload);
  assay_http_request_set_parts (request, (const AssayHttpPart *) (gpointer) parts->data, parts->len);
  send_write (task, &write_call, request);
}

static gpointer
read_created (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  char *id = dup_written_id (root, NULL);

  if (id == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                         _ ("Lever took the candidate but didn't say under which id. Look there before you add them "
                            "again."));
  return id;
}

static const AssayConnectorCall create_call = { .read = read_created, .free_value = g_free, .judge = judge_write };

static void
assay_lever_create_application_async (AssayAts                  *ats,
                                      const AssayNewApplication *person,
                                      GCancellable              *cancellable,
                                      GAsyncReadyCallback        callback,
                                      gpointer                   user_data)
{
  g_autoptr (GTask) task = begin_write (ats, assay_lever_create_application_async, ASSAY_LEVER_CREATES_OPPORTUNITIES,
                                        cancellable, callback, user_data);
  AssayHttpRequest *request;

  if (lacks_actor (task) || is_nobody (task, person) || (person->cv != NULL && is_unfit (task, person->cv)))
    return;
  request = assay_http_request_new (ASSAY_HTTP_ONCE, "POST", "opportunities");
  if (person->cv != NULL)
    set_opportunity_form (request, person);
  else
    {
      g_autoptr (JsonNode) body = assay_lever_encode_opportunity (person);

      assay_http_request_set_json (request, body, "application/json");
    }
  send_write (task, &create_call, request);
}

/* Users */

typedef struct
{
  GPtrArray *users;
  char *asked;      /* (nullable) */
} UserList;

static void
user_list_free (gpointer data)
{
  UserList *list = data;

  g_ptr_array_unref (list->users);
  g_free (list->asked);
  g_free (list);
}

GPtrArray *
assay_lever_decode_users (JsonNode *root,
                          GError  **error)
{
  g_autoptr (GPtrArray) records = assay_lever_collect_records (root, "Lever's list of users", error);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_user_free);

  if (records == NULL)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    {
      JsonObject *record = g_ptr_array_index (records, i);
      AssayUser *user = assay_user_new ();

      g_ptr_array_add (users, user);
      user->remote_id = assay_json_expect_member_id (record, "id", "Lever's list of users", error);
      if (user->remote_id == NULL)
        return NULL;
      user->name = assay_json_dup_string (record, "name");
      user->email = assay_json_dup_string (record, "email");
      if (!is_filled (user->name))
        {
          g_free (user->name);
          user->name = g_strdup (user->email != NULL ? user->email : user->remote_id);
        }
      user->role = dup_role (record);
      user->active = assay_json_get_time (record, "deactivatedAt") == 0;
    }
  return g_steal_pointer (&users);
}

static void ask_for_users (GTask *task, const char *next);

static gpointer
read_users (GTask     *task,
            JsonNode  *root,
            GError   **error)
{
  UserList *list = g_task_get_task_data (task);
  g_autoptr (GPtrArray) users = assay_lever_decode_users (root, error);
  g_autofree char *next = NULL;

  if (users == NULL)
    return NULL;
  if (users->len > 0 && JSON_NODE_HOLDS_OBJECT (root) &&
      assay_json_get_boolean (json_node_get_object (root), "hasNext", FALSE))
    next = assay_json_dup_string (json_node_get_object (root), "next");
  g_ptr_array_extend_and_steal (list->users, g_steal_pointer (&users));
  /* A token that leads to itself would never end. */
  if (!is_filled (next) || g_strcmp0 (next, list->asked) == 0)
    return g_ptr_array_ref (list->users);
  ask_for_users (task, next);
  return NULL;
}

static GError *
judge_users (GTask  *task,
             GError *error)
{
  return assay_lever_explain (g_task_get_source_object (task), error, ASSAY_LEVER_FINDS_USER);
}

static const AssayConnectorCall users_call = {
  .read = read_users,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
  .judge = judge_users,
};

static void
ask_for_users (GTask      *task,
               const char *next)
{
  UserList *list = g_task_get_task_data (task);
  AssayHttpRequest *request = assay_lever_new_read ("users");

  g_free (list->asked);
  list->asked = g_strdup (next);
  assay_http_request_add_query (request, "limit", "100");
  if (next != NULL)
    assay_http_request_add_query (request, "offset", next);
  assay_http_request_add_query (request, "includeDeactivated", "true");
  assay_connector_base_ask (task, &users_call, request);
}

static void
assay_lever_list_users_async (AssayAts            *ats,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (ats, assay_lever_list_users_async, cancellable, callback, user_data);
  UserList *list = g_new0 (UserList, 1);

  list->users = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_user_free);
  g_task_set_task_data (task, list, user_list_free);
  ask_for_users (task, NULL);
}

void
assay_lever_ats_init_writes (AssayAtsInterface *iface)
{
  iface->move_stage_async = assay_lever_move_stage_async;
  iface->archive_async = assay_lever_archive_async;
  iface->add_tags_async = assay_lever_add_tags_async;
  iface->remove_tag_async = assay_lever_remove_tag_async;
  iface->add_links_async = assay_lever_add_links_async;
  iface->add_note_async = assay_lever_add_note_async;
  iface->attach_document_async = assay_lever_attach_document_async;
  iface->create_application_async = assay_lever_create_application_async;
  iface->list_users_async = assay_lever_list_users_async;
}
