/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestGorilla's public API, strictly.
 *
 *   GET  /api/assessments/                                   the assessments, in pages
 *   POST /api/assessments/ID/invite_candidate/               invites
 *   GET  /api/assessments/candidature/?assessment=ID         who was invited, in pages, narrowed by `search`
 *   POST /api/assessments/candidature/ID/send-invitation/    sends the invitation again
 *   GET  /api/assessments/results/?candidature__assessment=ID&candidature__test_taker=ID
 *                                                            each test's score, in pages
 *
 * The key comes as `Authorization: Token KEY`. Failures are `{"detail": …}`, and of an e-mail address
 * `{"errors": [{"field": …, "error_key": …}]}`. A person takes an assessment once. Pages are short, so that a
 * client has to turn them. */

#include "config.h"

#include <string.h>

#include "sandbox-provider.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_TESTGORILLA (sandbox_testgorilla_get_type ())
G_DECLARE_FINAL_TYPE (SandboxTestgorilla, sandbox_testgorilla, SANDBOX, TESTGORILLA, GObject)

#define KIND "testgorilla"
#define KEY "sandbox-testgorilla-key"
#define BASE "/api/assessments/"
#define PAGE_SIZE 2

struct _SandboxTestgorilla
{
  GObject        parent_instance;

  char          *origin;
  SandboxLife   *life;
  SandboxLedger *ledger;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxTestgorilla, sandbox_testgorilla, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

static const struct
{
  const char *id;
  const char *name;
  const char *status;
} tests[] = {
  { "1374051", "Customer support", "active" },       { "1374052", "Python developer", "active" },
  { "1374053", "Retired Spreadsheets", "archived" }, { "1547206", "Team lead", "new" },
  { "1547207", "Bookkeeper", "active" },
};

/* What every assessment consists of. */
static const char *const parts[] = { "Communication", "Problem solving", "Custom questions" };

static const char *
sandbox_testgorilla_get_kind (SandboxVendor *vendor)
{
  return KIND;
}

static char *
dup_test (const char *path)
{
  return sandbox_provider_dup_between (path, BASE, "/invite_candidate/");
}

static char *
dup_candidature (const char *path)
{
  return sandbox_provider_dup_between (path, BASE "candidature/", "/send-invitation/");
}

/* Who somebody is in every assessment. */
static gint64
get_test_taker (const SandboxInvitation *invitation)
{
  g_autofree char *email = g_utf8_casefold (invitation->email, -1);

  return 6000000 + g_str_hash (email) % 1000000;
}

static char *
sandbox_testgorilla_dup_operation (SandboxVendor  *vendor,
                                   SandboxRequest *request)
{
  g_autofree char *test = dup_test (request->path), *candidature = dup_candidature (request->path);

  if (g_str_equal (request->path, BASE))
    return g_strdup ("list");
  if (g_str_equal (request->path, BASE "candidature/"))
    return g_strdup ("candidature");
  if (g_str_equal (request->path, BASE "results/"))
    return g_strdup ("results");
  if (candidature != NULL)
    return g_strdup ("resend");
  return g_strdup (test != NULL ? "invite" : "unknown");
}

/* A refusal of the e-mail address by a key. */
static void
answer_bad_email (SandboxRequest *request,
                  const char     *key)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "errors");
  sandbox_json_begin_array (json);
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "field", "email");
  sandbox_json_member_string (json, "error_key", key);
  sandbox_json_end_object (json);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 400, "application/json", json);
}

static void
sandbox_testgorilla_answer_failure (SandboxVendor  *vendor,
                                    SandboxRequest *request,
                                    guint           status)
{
  sandbox_provider_answer_failure_detail (request, status);
}

/* A refusal that a careful client never gets, so it is an incident as well. */
static void
refuse (SandboxTestgorilla *self,
        SandboxRequest     *request,
        guint               status,
        const char         *detail)
{
  g_autofree char *text = g_strdup_printf ("%s %s: %s", request->method, request->path, detail);

  sandbox_ledger_add_incident (self->ledger, KIND, "malformed-request", text);
  sandbox_provider_answer_detail (request, status, detail);
}

static guint
get_offset (SandboxRequest *request)
{
  const char *text = sandbox_request_get_parameter (request, "offset");
  guint64 offset = 0;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &offset, NULL))
    return 0;
  return (guint) offset;
}

/* As it is documented, with a count and no address of a next page. */
static void
begin_page (SandboxJson *json,
            guint        n_records)
{
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "count", n_records);
  sandbox_json_key (json, "results");
  sandbox_json_begin_array (json);
}

static gboolean
is_on_page (SandboxRequest *request,
            guint           index)
{
  guint offset = get_offset (request);

  return index >= offset && index < offset + PAGE_SIZE;
}

static void
list (SandboxRequest *request)
{
  SandboxJson *json = sandbox_json_new ();

  begin_page (json, G_N_ELEMENTS (tests));
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    if (is_on_page (request, i))
      {
        sandbox_json_begin_object (json);
        sandbox_json_member_integer (json, "id", (gint64) g_ascii_strtoull (tests[i].id, NULL, 10));
        sandbox_json_member_string (json, "name", tests[i].name);
        sandbox_json_member_string (json, "status", tests[i].status);
        sandbox_json_end_object (json);
      }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
candidature (SandboxTestgorilla *self,
             SandboxRequest     *request)
{
  const char *test = sandbox_request_get_parameter (request, "assessment");
  const char *search = sandbox_request_get_parameter (request, "search");
  g_autofree char *wanted = search != NULL ? g_utf8_casefold (search, -1) : NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GPtrArray *all = sandbox_life_list (self->life);
  SandboxJson *json;

  if (test == NULL)
    {
      refuse (self, request, 400, "assessment is missing.");
      return;
    }
  for (guint i = 0; i < all->len; i++)
    {
      SandboxInvitation *invitation = g_ptr_array_index (all, i);
      g_autofree char *email = g_utf8_casefold (invitation->email, -1);

      if (g_str_equal (invitation->vendor, KIND) && g_str_equal (invitation->test, test)
          && (wanted == NULL || strstr (email, wanted) != NULL))
        g_ptr_array_add (found, invitation);
    }
  json = sandbox_json_new ();
  begin_page (json, found->len);
  for (guint i = 0; i < found->len; i++)
    if (is_on_page (request, i))
      {
        const SandboxInvitation *invitation = g_ptr_array_index (found, i);
        gboolean complete = invitation->status == SANDBOX_LIFE_COMPLETE;
        g_autofree char *name = g_strdup_printf ("%s %s", invitation->first_name, invitation->last_name);

        sandbox_json_begin_object (json);
        sandbox_json_key (json, "avg_score");
        if (complete)
          sandbox_json_integer (json, invitation->score);
        else
          sandbox_json_null (json);
        sandbox_json_member_time (json, "created", invitation->created);
        sandbox_json_member_string (json, "email", invitation->email);
        sandbox_json_member_string (json, "full_name", name);
        sandbox_json_member_integer (json, "id", (gint64) g_ascii_strtoull (invitation->id, NULL, 10));
        sandbox_json_member_string (json, "invitation_uuid", "edb70e44-271d-4e6a-8533-901fdc95f230");
        sandbox_json_member_integer (json, "testtaker_id", get_test_taker (invitation));
        sandbox_json_member_string (json, "status",
                                    invitation->status == SANDBOX_LIFE_PENDING       ? "invited"
                                    : invitation->status == SANDBOX_LIFE_IN_PROGRESS ? "started"
                                    : complete                                       ? "completed"
                                                                                     : "expired");
        sandbox_json_member_string (json, "stage", "NYE");
        sandbox_json_end_object (json);
      }
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
add_part (SandboxJson             *json,
          const SandboxInvitation *invitation,
          guint                    part)
{
  gboolean personality = part == G_N_ELEMENTS (parts);
  gboolean done = invitation->status == SANDBOX_LIFE_COMPLETE ||
                  (invitation->status == SANDBOX_LIFE_IN_PROGRESS && part == 0);

  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "id", 123456 + part);
  sandbox_json_member_string (json, "name", personality ? "Big 5 (OCEAN)" : parts[part]);
  sandbox_json_key (json, "score");
  if (done && !personality)
    sandbox_json_integer (json, invitation->sections[part]);
  else
    sandbox_json_null (json);
  sandbox_json_member_string (json, "status", "published");
  sandbox_json_member_boolean (json, "completed", done);
  sandbox_json_member_string (json, "algorithm", personality ? "big_5" : "basic");
  sandbox_json_member_string (json, "score_display", personality && done ? "2-1-1-2-1_32.0-34.0-33.0-35.0-32.0" : "");
  sandbox_json_end_object (json);
}

static void
results (SandboxTestgorilla *self,
         SandboxRequest     *request)
{
  const char *test = sandbox_request_get_parameter (request, "candidature__assessment");
  const char *test_taker = sandbox_request_get_parameter (request, "candidature__test_taker");
  GPtrArray *all = sandbox_life_list (self->life);
  const SandboxInvitation *found = NULL;
  SandboxJson *json;

  if (test == NULL || test_taker == NULL)
    {
      refuse (self, request, 400, "candidature__assessment and candidature__test_taker are required.");
      return;
    }
  for (guint i = 0; i < all->len && found == NULL; i++)
    {
      const SandboxInvitation *invitation = g_ptr_array_index (all, i);

      if (g_str_equal (invitation->vendor, KIND) && g_str_equal (invitation->test, test)
          && (gint64) g_ascii_strtoull (test_taker, NULL, 10) == get_test_taker (invitation))
        found = invitation;
    }
  json = sandbox_json_new ();
  begin_page (json, found != NULL ? G_N_ELEMENTS (parts) + 1 : 0);
  for (guint i = 0; found != NULL && i <= G_N_ELEMENTS (parts); i++)
    if (is_on_page (request, i))
      add_part (json, found, i);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
resend (SandboxTestgorilla *self,
        SandboxRequest     *request)
{
  g_autofree char *id = dup_candidature (request->path);
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (JsonNode) node = sandbox_json_parse (request->body, NULL);
  const SandboxInvitation *invitation = sandbox_life_find (self->life, id);
  SandboxJson *json;

  if (g_strcmp0 (type, "application/json") != 0 || node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
      || json_object_get_size (json_node_get_object (node)) != 0)
    {
      refuse (self, request, 400, "The body must be an empty object.");
      return;
    }
  if (invitation == NULL || !g_str_equal (invitation->vendor, KIND))
    {
      sandbox_provider_answer_detail (request, 404, "Not found.");
      return;
    }
  if (invitation->status != SANDBOX_LIFE_PENDING)
    {
      sandbox_provider_answer_detail (request, 400, "The candidate has begun.");
      return;
    }
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static void
invite (SandboxTestgorilla *self,
        SandboxRequest     *request)
{
  g_autofree char *test = dup_test (request->path);
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autoptr (JsonNode) node = sandbox_json_parse (request->body, NULL);
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *email, *first_name, *last_name, *name = NULL;
  SandboxInvitation *invitation;
  SandboxJson *json;

  if (g_strcmp0 (type, "application/json") != 0 || object == NULL || json_object_get_size (object) != 3)
    {
      refuse (self, request, 400, "The body must be an object of email, first_name and last_name.");
      return;
    }
  email = sandbox_json_get_string (object, "email");
  first_name = sandbox_json_get_string (object, "first_name");
  last_name = sandbox_json_get_string (object, "last_name");
  if (email == NULL || first_name == NULL || last_name == NULL)
    {
      refuse (self, request, 400, "email, first_name and last_name must be strings.");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    if (g_str_equal (tests[i].id, test) && !g_str_equal (tests[i].status, "archived"))
      name = tests[i].name;
  if (name == NULL)
    {
      sandbox_provider_answer_detail (request, 404, "Not found.");
      return;
    }
  if (!sandbox_provider_is_email (email))
    {
      answer_bad_email (request, "INVALID_EMAIL");
      return;
    }
  sandbox_ledger_add_attempt (self->ledger, KIND, test, email);
  if (g_str_has_suffix (email, "@refused.example"))
    {
      answer_bad_email (request, "BAD_EMAIL");
      return;
    }
  if (sandbox_life_find_person (self->life, KIND, test, email) != NULL)
    {
      answer_bad_email (request, "REPEATING_INVITATION");
      return;
    }
  invitation = sandbox_life_invite (self->life, KIND, test, name, email, first_name, last_name);
  sandbox_ledger_add_invitation (self->ledger, KIND, KEY, test, email, invitation->id);
  json = sandbox_json_new ();
  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "invitation_uuid", invitation->id);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 201, "application/json", json);
}

static void
sandbox_testgorilla_handle (SandboxVendor  *vendor,
                            SandboxRequest *request)
{
  SandboxTestgorilla *self = SANDBOX_TESTGORILLA (vendor);
  gboolean invites = g_str_equal (request->operation, "invite");
  gboolean posts = invites || g_str_equal (request->operation, "resend");

  if (g_str_equal (request->operation, "unknown"))
    {
      refuse (self, request, 404, "Not found.");
      return;
    }
  if (g_strcmp0 (sandbox_request_get_header (request, "Authorization"), "Token " KEY) != 0)
    {
      sandbox_testgorilla_answer_failure (vendor, request, 401);
      return;
    }
  if (!g_str_equal (request->method, posts ? "POST" : "GET") || request->query_broken
      || (posts && request->parameters->len > 0))
    {
      refuse (self, request, 405, "Method not allowed.");
      return;
    }
  if (invites)
    invite (self, request);
  else if (g_str_equal (request->operation, "list"))
    list (request);
  else if (g_str_equal (request->operation, "results"))
    results (self, request);
  else if (g_str_equal (request->operation, "resend"))
    resend (self, request);
  else
    candidature (self, request);
}

static void
sandbox_testgorilla_mount (SandboxVendor *vendor,
                           const char    *origin)
{
  SandboxTestgorilla *self = SANDBOX_TESTGORILLA (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_testgorilla_describe (SandboxVendor *vendor,
                              SandboxJson   *json)
{
  sandbox_vendor_write_connection (json, KIND, "Sandbox TestGorilla", SANDBOX_TESTGORILLA (vendor)->origin, "/api",
                                   NULL, "api-key", KEY);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_testgorilla_get_kind;
  iface->dup_operation = sandbox_testgorilla_dup_operation;
  iface->handle = sandbox_testgorilla_handle;
  iface->answer_failure = sandbox_testgorilla_answer_failure;
  iface->mount = sandbox_testgorilla_mount;
  iface->describe = sandbox_testgorilla_describe;
}

static void
sandbox_testgorilla_finalize (GObject *object)
{
  g_free (SANDBOX_TESTGORILLA (object)->origin);
  G_OBJECT_CLASS (sandbox_testgorilla_parent_class)->finalize (object);
}

static void
sandbox_testgorilla_class_init (SandboxTestgorillaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_testgorilla_finalize;
}

static void
sandbox_testgorilla_init (SandboxTestgorilla *self)
{
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxTestgorilla *self = g_object_new (SANDBOX_TYPE_TESTGORILLA, NULL);

  self->life = scene->life;
  self->ledger = scene->ledger;
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_testgorilla_type = {
  .kind = KIND,
  .make = make,
};
