/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codility's API, strictly.
 *
 *   GET  /api/tests/?is_archived=False  the tests, in pages
 *   GET  /api/tests/ID/                 one of them
 *   POST /api/tests/ID/invite/          makes a session for each of `candidates`
 *   GET  /api/tests/ID/sessions/        a test's sessions, in pages
 *   GET  /api/sessions/ID/              how far one is
 *
 * The token comes as `Authorization: Bearer TOKEN`. Failures are `{"detail": …}`. Pages are short, so that a client has to
 * turn them. Somebody may be invited twice. */

#include "config.h"

#include <string.h>

#include "sandbox-provider.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_CODILITY (sandbox_codility_get_type ())
G_DECLARE_FINAL_TYPE (SandboxCodility, sandbox_codility, SANDBOX, CODILITY, GObject)

#define KIND "codility"
#define KEY "sandbox-codility-token"
#define TESTS "/api/tests/"
#define SESSIONS "/api/sessions/"
#define SESSION_ENDING "-7EC"
#define PAGE_SIZE 2

struct _SandboxCodility
{
  GObject        parent_instance;

  char          *origin;
  SandboxLife   *life;
  SandboxLedger *ledger;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxCodility, sandbox_codility, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

static const struct
{
  const char *id;
  const char *name;
  gboolean archived;
} tests[] = {
  { "87436", "Python engineer", FALSE },
  { "87437", "Database reading", FALSE },
  { "87438", "Flash animator", TRUE },
  { "87439", "C programmer", FALSE },
};

/* What every test consists of. */
static const char *const tasks[] = { "MissingInteger", "BinaryGap", "TreeHeight" };

static const char *
sandbox_codility_get_kind (SandboxVendor *vendor)
{
  return KIND;
}

static char *
sandbox_codility_dup_operation (SandboxVendor  *vendor,
                                SandboxRequest *request)
{
  static const char *const operations[][3] = {
    { TESTS, "/invite/", "invite" },
    { TESTS, "/sessions/", "sessions" },
    { TESTS, "/", "test" },
    { SESSIONS, "/", "session" },
  };

  if (g_str_equal (request->path, TESTS))
    return g_strdup ("list");
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_autofree char *id = sandbox_provider_dup_between (request->path, operations[i][0], operations[i][1]);

      if (id != NULL)
        return g_strdup (operations[i][2]);
    }
  return g_strdup ("unknown");
}

static void
sandbox_codility_answer_failure (SandboxVendor  *vendor,
                                 SandboxRequest *request,
                                 guint           status)
{
  sandbox_provider_answer_failure_detail (request, status);
}

/* A refusal that a careful client never gets, so it is an incident as well. */
static void
refuse (SandboxCodility *self,
        SandboxRequest  *request,
        guint            status,
        const char      *detail)
{
  g_autofree char *text = g_strdup_printf ("%s %s: %s", request->method, request->path, detail);

  sandbox_ledger_add_incident (self->ledger, KIND, "malformed-request", text);
  sandbox_provider_answer_detail (request, status, detail);
}

/* Which page, from 1. */
static guint
get_page (SandboxRequest *request)
{
  const char *text = sandbox_request_get_parameter (request, "page");
  guint64 page = 1;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &page, NULL))
    return 1;
  return (guint) page;
}

static gboolean
is_on_page (SandboxRequest *request,
            guint           index)
{
  return index / PAGE_SIZE + 1 == get_page (request);
}

static void
begin_page (SandboxCodility *self,
            SandboxJson     *json,
            SandboxRequest  *request,
            guint            n_records,
            const char      *query)
{
  guint page = get_page (request);

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "next");
  if (page * PAGE_SIZE < n_records)
    {
      g_autofree char *next = g_strdup_printf ("%s%s?%spage=%u", self->origin, request->path, query, page + 1);

      sandbox_json_string (json, next);
    }
  else
    sandbox_json_null (json);
  sandbox_json_key (json, "previous");
  sandbox_json_null (json);
  sandbox_json_key (json, "results");
  sandbox_json_begin_array (json);
}

static void
member_address (SandboxCodility *self,
                SandboxJson     *json,
                const char      *member,
                const char      *path,
                const char      *id,
                const char      *rest)
{
  g_autofree char *address = g_strconcat (self->origin, path, id, rest, NULL);

  sandbox_json_member_string (json, member, address);
}

static void
add_test (SandboxCodility *self,
          SandboxJson     *json,
          guint            index)
{
  const char *id = tests[index].id;

  sandbox_json_begin_object (json);
  member_address (self, json, "url", TESTS, id, "/");
  sandbox_json_member_integer (json, "id", (gint64) g_ascii_strtoull (id, NULL, 10));
  sandbox_json_member_string (json, "name", tests[index].name);
  sandbox_json_member_boolean (json, "is_archived", tests[index].archived);
  member_address (self, json, "invite_url", TESTS, id, "/invite/");
  member_address (self, json, "sessions_url", TESTS, id, "/sessions/");
  sandbox_json_end_object (json);
}

static void
list (SandboxCodility *self,
      SandboxRequest  *request)
{
  const char *archived = sandbox_request_get_parameter (request, "is_archived");
  gboolean without = g_strcmp0 (archived, "False") == 0;
  g_autoptr (GArray) wanted = g_array_new (FALSE, FALSE, sizeof (guint));
  SandboxJson *json = sandbox_json_new ();

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    if (!without || !tests[i].archived)
      g_array_append_val (wanted, i);
  begin_page (self, json, request, wanted->len, without ? "is_archived=False&" : "");
  for (guint i = 0; i < wanted->len; i++)
    if (is_on_page (request, i))
      add_test (self, json, g_array_index (wanted, guint, i));
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

/* The number of the test that an address names, or -1. */
static int
find_test (const char *path,
           const char *after)
{
  g_autofree char *id = sandbox_provider_dup_between (path, TESTS, after);

  for (guint i = 0; id != NULL && i < G_N_ELEMENTS (tests); i++)
    if (g_str_equal (tests[i].id, id))
      return (int) i;
  return -1;
}

static void
test (SandboxCodility *self,
      SandboxRequest  *request)
{
  int index = find_test (request->path, "/");
  SandboxJson *json;

  if (index < 0)
    {
      sandbox_provider_answer_detail (request, 404, "Not found.");
      return;
    }
  json = sandbox_json_new ();
  add_test (self, json, (guint) index);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static char *
make_session_id (const SandboxInvitation *invitation)
{
  return g_strconcat ("M", invitation->id, SESSION_ENDING, NULL);
}

static void
member_test_link (SandboxJson *json,
                  const char  *id)
{
  g_autofree char *link = g_strconcat ("https://app.codility.example/test/", id, "/", NULL);

  sandbox_json_member_string (json, "test_link", link);
}

static void
add_evaluation (SandboxJson             *json,
                const SandboxInvitation *invitation)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "result", invitation->score);
  sandbox_json_member_integer (json, "max_result", 100);
  sandbox_json_key (json, "tasks");
  sandbox_json_begin_array (json);
  for (guint i = 0; i < G_N_ELEMENTS (tasks); i++)
    {
      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "task_name", tasks[i]);
      sandbox_json_member_integer (json, "result", invitation->sections[i]);
      sandbox_json_member_integer (json, "max_result", 100);
      sandbox_json_member_string (json, "prg_lang", "c");
      sandbox_json_member_string (json, "name", tasks[i]);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
}

static void
member_time_or_null (SandboxJson *json,
                     const char  *member,
                     gboolean     has,
                     gint64       time)
{
  if (has)
    {
      sandbox_json_member_time (json, member, time);
      return;
    }
  sandbox_json_key (json, member);
  sandbox_json_null (json);
}

static void
add_session (SandboxCodility         *self,
             SandboxJson             *json,
             const SandboxInvitation *invitation)
{
  g_autofree char *id = make_session_id (invitation);
  gboolean complete = invitation->status == SANDBOX_LIFE_COMPLETE;

  sandbox_json_begin_object (json);
  member_address (self, json, "url", SESSIONS, id, "/");
  sandbox_json_member_string (json, "id", id);
  sandbox_json_member_string (json, "first_name", invitation->first_name);
  sandbox_json_member_string (json, "last_name", invitation->last_name);
  sandbox_json_member_string (json, "email", invitation->email);
  sandbox_json_member_time (json, "create_date", invitation->created);
  member_time_or_null (json, "start_date", invitation->status != SANDBOX_LIFE_PENDING,
                       invitation->opened != 0 ? invitation->opened : invitation->created);
  member_time_or_null (json, "close_date", complete, invitation->ended != 0 ? invitation->ended : invitation->created);
  sandbox_json_key (json, "evaluation");
  if (complete)
    add_evaluation (json, invitation);
  else
    sandbox_json_null (json);
  sandbox_json_key (json, "similarity");
  sandbox_json_null (json);
  sandbox_json_key (json, "report_link");
  sandbox_json_null (json);
  member_test_link (json, id);
  sandbox_json_end_object (json);
}

static void
sessions (SandboxCodility *self,
          SandboxRequest  *request)
{
  int index = find_test (request->path, "/sessions/");
  GPtrArray *all = sandbox_life_list (self->life);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  SandboxJson *json;

  if (index < 0)
    {
      sandbox_provider_answer_detail (request, 404, "Not found.");
      return;
    }
  for (guint i = 0; i < all->len; i++)
    {
      SandboxInvitation *invitation = g_ptr_array_index (all, i);

      if (g_str_equal (invitation->vendor, KIND) && g_str_equal (invitation->test, tests[index].id))
        g_ptr_array_add (found, invitation);
    }
  json = sandbox_json_new ();
  begin_page (self, json, request, found->len, "");
  for (guint i = 0; i < found->len; i++)
    if (is_on_page (request, i))
      add_session (self, json, g_ptr_array_index (found, i));
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
session (SandboxCodility *self,
         SandboxRequest  *request)
{
  g_autofree char *id = sandbox_provider_dup_between (request->path, SESSIONS "M", SESSION_ENDING "/");
  const SandboxInvitation *invitation = id != NULL ? sandbox_life_find (self->life, id) : NULL;
  SandboxJson *json;

  if (invitation == NULL || !g_str_equal (invitation->vendor, KIND))
    {
      sandbox_provider_answer_detail (request, 404, "Not found.");
      return;
    }
  json = sandbox_json_new ();
  add_session (self, json, invitation);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

/* (nullable): the one candidate of an invitation's body */
static JsonObject *
get_candidate (SandboxRequest *request,
               JsonNode       *node)
{
  g_autofree char *type = sandbox_request_dup_type (request);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *member = object != NULL && json_object_get_size (object) == 1 ? json_object_get_member (object, "candidates")
                                                                          : NULL;
  JsonArray *candidates = member != NULL && JSON_NODE_HOLDS_ARRAY (member) ? json_node_get_array (member) : NULL;
  JsonNode *candidate = candidates != NULL && json_array_get_length (candidates) == 1
                          ? json_array_get_element (candidates, 0)
                          : NULL;

  if (g_strcmp0 (type, "application/json") != 0 || candidate == NULL || !JSON_NODE_HOLDS_OBJECT (candidate))
    return NULL;
  return json_node_get_object (candidate);
}

static void
invite (SandboxCodility *self,
        SandboxRequest  *request)
{
  int index = find_test (request->path, "/invite/");
  g_autoptr (JsonNode) node = sandbox_json_parse (request->body, NULL);
  JsonObject *candidate = get_candidate (request, node);
  const char *id, *email, *first_name, *last_name;
  SandboxInvitation *invitation;
  g_autofree char *session_id = NULL;
  SandboxJson *json;

  if (candidate == NULL || json_object_get_size (candidate) != 4)
    {
      refuse (self, request, 400, "The body must be candidates, of id, first_name, last_name and email.");
      return;
    }
  id = sandbox_json_get_string (candidate, "id");
  email = sandbox_json_get_string (candidate, "email");
  first_name = sandbox_json_get_string (candidate, "first_name");
  last_name = sandbox_json_get_string (candidate, "last_name");
  if (id == NULL || *id == '\0' || email == NULL || first_name == NULL || last_name == NULL)
    {
      refuse (self, request, 400, "id, first_name, last_name and email must be strings, and there must be an id.");
      return;
    }
  if (index < 0 || tests[index].archived)
    {
      sandbox_provider_answer_detail (request, 404, "Not found.");
      return;
    }
  if (!sandbox_provider_is_email (email))
    {
      sandbox_provider_answer_detail (request, 400, "Enter a valid email address.");
      return;
    }
  sandbox_ledger_add_attempt (self->ledger, KIND, tests[index].id, email);
  if (g_str_has_suffix (email, "@refused.example"))
    {
      sandbox_provider_answer_detail (request, 400, "Mail to this address is refused. Use another address.");
      return;
    }
  invitation =
    sandbox_life_invite (self->life, KIND, tests[index].id, tests[index].name, email, first_name, last_name);
  sandbox_ledger_add_invitation (self->ledger, KIND, KEY, tests[index].id, email, invitation->id);
  session_id = make_session_id (invitation);
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_key (json, "candidates");
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", id);
  member_test_link (json, session_id);
  member_address (self, json, "session_url", SESSIONS, session_id, "/");
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 201, "application/json", json);
}

static void
sandbox_codility_handle (SandboxVendor  *vendor,
                         SandboxRequest *request)
{
  static const struct
  {
    const char *name;
    void (*handle) (SandboxCodility *self, SandboxRequest *request);
  } operations[] = {
    { "list", list }, { "test", test }, { "sessions", sessions }, { "session", session }, { "invite", invite },
  };
  SandboxCodility *self = SANDBOX_CODILITY (vendor);
  gboolean invites = g_str_equal (request->operation, "invite");

  if (g_str_equal (request->operation, "unknown"))
    {
      refuse (self, request, 404, "Not found.");
      return;
    }
  if (g_strcmp0 (sandbox_request_get_header (request, "Authorization"), "Bearer " KEY) != 0)
    {
      sandbox_codility_answer_failure (vendor, request, 401);
      return;
    }
  if (!g_str_equal (request->method, invites ? "POST" : "GET") || request->query_broken
      || (invites && request->parameters->len > 0))
    {
      refuse (self, request, 405, "Method not allowed.");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (request->operation, operations[i].name))
      operations[i].handle (self, request);
}

static void
sandbox_codility_mount (SandboxVendor *vendor,
                        const char    *origin)
{
  SandboxCodility *self = SANDBOX_CODILITY (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_codility_describe (SandboxVendor *vendor,
                           SandboxJson   *json)
{
  sandbox_vendor_write_connection (json, KIND, "Sandbox Codility", SANDBOX_CODILITY (vendor)->origin, "/api",
                                   NULL, "api-key", KEY);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_codility_get_kind;
  iface->dup_operation = sandbox_codility_dup_operation;
  iface->handle = sandbox_codility_handle;
  iface->answer_failure = sandbox_codility_answer_failure;
  iface->mount = sandbox_codility_mount;
  iface->describe = sandbox_codility_describe;
}

static void
sandbox_codility_finalize (GObject *object)
{
  g_free (SANDBOX_CODILITY (object)->origin);
  G_OBJECT_CLASS (sandbox_codility_parent_class)->finalize (object);
}

static void
sandbox_codility_class_init (SandboxCodilityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_codility_finalize;
}

static void
sandbox_codility_init (SandboxCodility *self)
{
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxCodility *self = g_object_new (SANDBOX_TYPE_CODILITY, NULL);

  self->life = scene->life;
  self->ledger = scene->ledger;
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_codility_type = {
  .kind = KIND,
  .make = make,
};
