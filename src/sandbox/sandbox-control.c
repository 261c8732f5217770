/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The port through which tests and trainers steer the sandbox. Bodies are JSON objects; answers are
 * JSON, `{"message": …}` with 400 or 404 where something is wrong.
 *
 *   GET    /ledger               what took effect, what was asked, what should not have happened:
 *                                invitations [vendor, key, test, email, interview_id, at, count,
 *                                attempts], writes, incidents, traffic per vendor [requests per
 *                                operation, answers per status, total, max_in_window]
 *   DELETE /ledger               forgets it
 *   GET    /connections          the connections again, as printed at the start
 *   POST   /faults               {"vendor", "operation", "kind", "times", "seconds", "after", "effect"}: the next
 *                                `times` (1) fitting requests, or all for `seconds`, go wrong as `kind`
 *                                says, once `after` (0) of them went well; the kinds are in
 *                                sandbox-faults.h. Without vendor or operation any fits. `effect` says
 *                                whether the request takes effect first, where the kind's own way isn't
 *                                wanted
 *   GET    /faults               those that wait
 *   DELETE /faults               forgets them
 *   POST   /advance              {"seconds"} moves the candidates' clock
 *   GET    /invitations          all invitations and how they stand
 *   POST   /invitations/ID       {"status", "score"} sets one by hand
 *   POST   /applications         {"job", "stage", "first_name", …}, all of it optional: one arrives
 *   POST   /applications/ID      {"stage", "first_name", …}: moves it to the stage of that name, and
 *                                changes the person
 *   DELETE /applications/ID      takes it away
 *   POST   /bustle               {"times"}: something happens, so many times
 *   POST   /settings             {"vendor", "rate", "burst"}, {"pace"}, {"vendor", "accept_duplicates"},
 *                                and of Lever {"vendor", "consent", "token_seconds", "expire_tokens",
 *                                "revoke_grants"}, see sandbox-oauth.h, and {"vendor", "event_group",
 *                                "on"}, see sandbox-lever-hooks.h
 *                                {"vendor": "lever", "page"}: so many rows in a page at most
 *                                of Kombo {"vendor", "page"}, {"vendor", "code", "status", "operation"}, see
 *                                sandbox-kombo.c
 *                                of Pinpoint {"vendor", "webhook", "test_event"}, see
 *                                sandbox-pinpoint-hooks.h
 *   POST   /world                {"seed", "jobs", "applications"}: another company, whose clock stands still but for
 *                                what /advance and /unrest do; for tests that follow from a seed
 *   GET    /world                {"applications"}: how many there are now
 *   POST   /unrest               {"seed", "times"}: at each request to an ATS up to so many things happen: somebody
 *                                applies, moves on, is renamed, tagged, merged, deleted, or comes under the number of
 *                                somebody deleted; and time passes
 *   POST   /quit                 ends the sandbox */

#include "config.h"

#include "sandbox-control.h"

#include <string.h>

struct _SandboxControl
{
  GObject        parent_instance;

  SandboxWorld  *world;
  SandboxLife   *life;
  SandboxLedger *ledger;
  SandboxFaults *faults;
  GPtrArray     *servers;
  GSourceFunc    quit;
  gpointer       quit_data;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxControl, sandbox_control, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

static void
answer_done (SandboxRequest *request)
{
  sandbox_request_answer_text (request, 200, "application/json", g_strdup ("{\"done\":true}\n"));
}

static void
write_invitation (SandboxJson       *json,
                  SandboxInvitation *invitation)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", invitation->id);
  sandbox_json_member_string (json, "vendor", invitation->vendor);
  sandbox_json_member_string (json, "test", invitation->test);
  sandbox_json_member_string (json, "test_name", invitation->test_name);
  sandbox_json_member_string (json, "email", invitation->email);
  sandbox_json_member_string (json, "status", sandbox_life_status_name (invitation->status));
  sandbox_json_key (json, "score");
  if (invitation->status == SANDBOX_LIFE_COMPLETE)
    sandbox_json_integer (json, invitation->score);
  else
    sandbox_json_null (json);
  sandbox_json_member_time (json, "created_at", invitation->created);
  sandbox_json_member_time (json, "opened_at", invitation->opened);
  sandbox_json_member_time (json, "ended_at", invitation->ended);
  sandbox_json_end_object (json);
}

static void
answer_ledger (SandboxControl *self,
               SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_ledger_write (self->ledger, json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
answer_connections (SandboxControl *self,
                    SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->servers->len; i++)
    sandbox_vendor_describe (sandbox_server_get_vendor (g_ptr_array_index (self->servers, i)), json);
  sandbox_json_end_array (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
answer_faults (SandboxControl *self,
               SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_faults_write (self->faults, json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
answer_invitations (SandboxControl *self,
                    SandboxRequest *request)
{
  GPtrArray *invitations = sandbox_life_list (self->life);
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_array (json);
  for (guint i = 0; i < invitations->len; i++)
    write_invitation (json, g_ptr_array_index (invitations, i));
  sandbox_json_end_array (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
set_invitation (SandboxControl *self,
                SandboxRequest *request,
                JsonObject     *object,
                const char     *id)
{
  SandboxInvitation *invitation = sandbox_life_find (self->life, id);
  gint64 score = sandbox_json_get_integer (object, "score", -1);
  SandboxLifeStatus status;
  SandboxJson *json;

  if (invitation == NULL)
    {
      sandbox_request_answer_message (request, 404, "There is no such invitation.");
      return;
    }
  status = invitation->status;
  if (json_object_has_member (object, "status")
      && !sandbox_life_status_from (sandbox_json_get_string (object, "status"), &status))
    {
      sandbox_request_answer_message (request, 400,
                                      "The status is pending, in_progress, complete, expired or abandoned.");
      return;
    }
  sandbox_life_set (self->life, invitation, status,
                    score >= 0 ? (guint) MIN (score, 100) : invitation->score);
  json = sandbox_json_new ();
  write_invitation (json, invitation);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static SandboxStage *
find_stage (SandboxJob *job,
            const char *name)
{
  for (guint i = 0; i < job->stages->len; i++)
    {
      SandboxStage *stage = g_ptr_array_index (job->stages, i);

      if (g_str_equal (stage->name, name) || stage->record.id == sandbox_id_from_string (name))
        return stage;
    }
  return NULL;
}

/* Changes or makes an application; @application is %NULL to make one. */
static void
set_application (SandboxControl     *self,
                 SandboxRequest     *request,
                 JsonObject         *object,
                 SandboxApplication *application)
{
  const char *job_id = sandbox_json_get_string (object, "job");
  const char *stage_name = sandbox_json_get_string (object, "stage");
  SandboxJob *job = application != NULL ? application->job : NULL;
  SandboxStage *stage = NULL;
  SandboxJson *json;

  if (application == NULL && job_id != NULL)
    {
      job = sandbox_world_find (self->world->jobs, sandbox_id_from_string (job_id));
      if (job == NULL)
        {
          sandbox_request_answer_message (request, 404, "There is no such job.");
          return;
        }
    }
  if (stage_name != NULL)
    {
      stage = job != NULL ? find_stage (job, stage_name) : NULL;
      if (stage == NULL)
        {
          sandbox_request_answer_message (request, 400, "The job has no such stage.");
          return;
        }
    }
  if (application == NULL)
    application = sandbox_world_arrive (self->world, job, stage);
  else if (stage != NULL)
    sandbox_world_move (self->world, application, stage);
  if (application == NULL)
    {
      sandbox_request_answer_message (request, 400, "No job is open.");
      return;
    }
  for (guint i = 0; i < SANDBOX_N_FIELDS; i++)
    if (sandbox_json_get_string (object, sandbox_field_names[i]) != NULL)
      sandbox_world_set_field (self->world, application, i,
                               sandbox_json_get_string (object, sandbox_field_names[i]));

  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_member_id (json, "id", application->record.id);
  sandbox_json_member_id (json, "job", application->job->record.id);
  sandbox_json_member_string (json, "job_title", application->job->title);
  sandbox_json_member_id (json, "stage_id", application->stage->record.id);
  sandbox_json_member_string (json, "stage", application->stage->name);
  for (guint i = SANDBOX_FIELD_FIRST_NAME; i <= SANDBOX_FIELD_EMAIL; i++)
    {
      g_autofree char *value = sandbox_application_dup_field (application, i);

      sandbox_json_member_string (json, sandbox_field_names[i], value);
    }
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
set_settings (SandboxControl *self,
              SandboxRequest *request,
              JsonObject     *object)
{
  const char *kind = sandbox_json_get_string (object, "vendor");
  double rate = sandbox_json_get_real (object, "rate", -1);
  double pace = sandbox_json_get_real (object, "pace", -1);
  gboolean found = kind == NULL;

  for (guint i = 0; i < self->servers->len; i++)
    {
      SandboxServer *server = g_ptr_array_index (self->servers, i);
      SandboxVendor *vendor = sandbox_server_get_vendor (server);

      if (g_strcmp0 (sandbox_vendor_get_kind (vendor), kind) != 0)
        continue;
      found = TRUE;
      if (kind != NULL)
        sandbox_vendor_configure (vendor, object);
      if (rate >= 0)
        sandbox_server_set_rate (server, rate, sandbox_json_get_real (object, "burst", rate));
    }
  if (!found)
    {
      sandbox_request_answer_message (request, 404, "There is no such vendor.");
      return;
    }
  if (pace >= 0)
    sandbox_life_set_pace (self->life, pace);
  answer_done (request);
}

static void
set_world (SandboxControl *self,
           SandboxRequest *request,
           JsonObject     *object)
{
  SandboxWorldOptions options = self->world->options;

  options.seed = (guint) CLAMP (sandbox_json_get_integer (object, "seed", options.seed), 0, G_MAXINT);
  options.jobs = (guint) CLAMP (sandbox_json_get_integer (object, "jobs", options.jobs), 1, 10000);
  options.applications
    = (guint) CLAMP (sandbox_json_get_integer (object, "applications", options.applications), 0, 5000000);
  sandbox_world_reset (self->world, &options);
  for (guint i = 0; i < self->servers->len; i++)
    sandbox_vendor_forget (sandbox_server_get_vendor (g_ptr_array_index (self->servers, i)));
  answer_done (request);
}

static void
answer_world (SandboxControl *self,
              SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "applications", self->world->applications->len);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
add_fault (SandboxControl *self,
           SandboxRequest *request,
           JsonObject     *object)
{
  g_autoptr (GError) error = NULL;

  if (sandbox_faults_add (self->faults, object, &error))
    answer_done (request);
  else
    sandbox_request_answer_message (request, 400, error->message);
}

static void
handle_post (SandboxControl *self,
             SandboxRequest *request,
             const char     *collection,
             const char     *id)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (g_bytes_get_size (request->body) > 0)
    {
      node = sandbox_json_parse (request->body, NULL);
      if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
        {
          sandbox_request_answer_message (request, 400, "The body is not a JSON object.");
          return;
        }
      object = json_object_ref (json_node_get_object (node));
    }
  else
    object = json_object_new ();

  if (id == NULL && g_str_equal (collection, "faults"))
    add_fault (self, request, object);
  else if (id == NULL && g_str_equal (collection, "advance"))
    {
      sandbox_life_advance (self->life, MAX (sandbox_json_get_real (object, "seconds", 0), 0));
      answer_done (request);
    }
  else if (id == NULL && g_str_equal (collection, "world"))
    set_world (self, request, object);
  else if (id == NULL && g_str_equal (collection, "unrest"))
    {
      sandbox_world_set_unrest (self->world, (guint) CLAMP (sandbox_json_get_integer (object, "seed", 1), 0, G_MAXINT),
                                (guint) CLAMP (sandbox_json_get_integer (object, "times", 0), 0, 1000));
      answer_done (request);
    }
  else if (id == NULL && g_str_equal (collection, "settings"))
    set_settings (self, request, object);
  else if (id == NULL && g_str_equal (collection, "bustle"))
    {
      gint64 times = CLAMP (sandbox_json_get_integer (object, "times", 1), 0, 100000);

      for (gint64 i = 0; i < times; i++)
        sandbox_world_bustle (self->world);
      answer_done (request);
    }
  else if (id == NULL && g_str_equal (collection, "quit"))
    {
      answer_done (request);
      g_idle_add (self->quit, self->quit_data);
    }
  else if (id != NULL && g_str_equal (collection, "invitations"))
    set_invitation (self, request, object, id);
  else if (g_str_equal (collection, "applications"))
    {
      SandboxApplication *application = id != NULL ? sandbox_world_find_application (self->world, id) : NULL;

      if (id != NULL && application == NULL)
        sandbox_request_answer_message (request, 404, "There is no such application.");
      else
        set_application (self, request, object, application);
    }
}

static void
sandbox_control_handle (SandboxVendor  *vendor,
                        SandboxRequest *request)
{
  SandboxControl *self = SANDBOX_CONTROL (vendor);
  g_auto (GStrv) parts = g_strsplit (request->path, "/", 3);
  const char *collection = parts[0] != NULL && parts[1] != NULL ? parts[1] : "";
  const char *id = parts[0] != NULL && parts[1] != NULL && parts[2] != NULL ? parts[2] : NULL;

  if (g_str_equal (request->method, "POST"))
    handle_post (self, request, collection, id);
  else if (g_str_equal (request->method, "GET") && id == NULL)
    {
      if (g_str_equal (collection, "ledger"))
        answer_ledger (self, request);
      else if (g_str_equal (collection, "connections"))
        answer_connections (self, request);
      else if (g_str_equal (collection, "faults"))
        answer_faults (self, request);
      else if (g_str_equal (collection, "world"))
        answer_world (self, request);
      else if (g_str_equal (collection, "invitations"))
        answer_invitations (self, request);
    }
  else if (g_str_equal (request->method, "DELETE"))
    {
      SandboxApplication *application = id != NULL ? sandbox_world_find_application (self->world, id) : NULL;

      if (g_str_equal (collection, "faults") && id == NULL)
        {
          sandbox_faults_clear (self->faults);
          answer_done (request);
        }
      else if (g_str_equal (collection, "ledger") && id == NULL)
        {
          sandbox_ledger_clear (self->ledger);
          answer_done (request);
        }
      else if (g_str_equal (collection, "applications") && application != NULL)
        {
          sandbox_world_erase (self->world, application);
          answer_done (request);
        }
    }
  if (request->status == 0)
    sandbox_request_answer_message (request, 404, "The control has no such address. See assay-sandbox(1).");
}

static void
sandbox_control_answer_failure (SandboxVendor  *vendor,
                                SandboxRequest *request,
                                guint           status)
{
  sandbox_request_answer_message (request, status, "The control is having a problem.");
}

static char *
sandbox_control_dup_operation (SandboxVendor  *vendor,
                               SandboxRequest *request)
{
  return g_strdup (request->path);
}

static const char *
sandbox_control_get_kind (SandboxVendor *vendor)
{
  return "control";
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_control_get_kind;
  iface->dup_operation = sandbox_control_dup_operation;
  iface->handle = sandbox_control_handle;
  iface->answer_failure = sandbox_control_answer_failure;
}

static void
sandbox_control_class_init (SandboxControlClass *klass)
{
}

static void
sandbox_control_init (SandboxControl *self)
{
}

SandboxControl *
sandbox_control_new (SandboxWorld  *world,
                     SandboxLife   *life,
                     SandboxLedger *ledger,
                     SandboxFaults *faults,
                     GPtrArray     *servers,
                     GSourceFunc    quit,
                     gpointer       quit_data)
{
  SandboxControl *self = g_object_new (SANDBOX_TYPE_CONTROL, NULL);

  self->world = world;
  self->life = life;
  self->ledger = ledger;
  self->faults = faults;
  self->servers = servers;
  self->quit = quit;
  self->quit_data = quit_data;
  return self;
}
