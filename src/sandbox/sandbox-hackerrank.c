/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HackerRank for Work's API, version 3, strictly.
 *
 *   GET    /x/api/v3/tests                                   the tests: a draft, an archived and a past one among them
 *   POST   /x/api/v3/tests/TEST/candidates                   invites one candidate
 *   GET    /x/api/v3/tests/TEST/candidates                   who is invited, or has attempted the test
 *   GET    /x/api/v3/tests/TEST/candidates/search            the same, by `search`: a name or an e-mail address
 *   GET    /x/api/v3/tests/TEST/candidates/CANDIDATE         how far somebody is
 *   DELETE /x/api/v3/tests/TEST/candidates/CANDIDATE/invite  cancels the invitation
 *   GET    /x/tests/TEST/candidates/CANDIDATE/report         a page for people, without a key
 *
 * The key is the user name of HTTP Basic, or a bearer token. Lists are under `data`, by `limit` (10 unless given, 100
 * at most) and `offset`. Somebody who is invited is refused with 422 unless `force` is set, which mails the invitation again; somebody
 * who has attempted the test, unless `force_reattempt` is set. A key of its own belongs to an account that may see no
 * tests: 403.
 *
 * Not documented, and chosen here: failures are {"errors": [text, …]}; to cancel what isn't there is 404 and what was begun
 * 422; a cancelled invitation stays listed with `invite_valid` false, and stands in nobody's way; who attempts a test again
 * is a new candidate; nobody is invited to what isn't published (422). Whoever doesn't finish is graded by what was done.
 * The control sets {"vendor": "hackerrank", "grading": SECONDS}: how long after the end there is no report yet, for
 * the first half of that as 1, then as 4, one of the passing states. */

#include "config.h"

#include <string.h>

#include "sandbox-provider.h"
#include "sandbox-vendor.h"

#define SANDBOX_TYPE_HACKERRANK (sandbox_hackerrank_get_type ())
G_DECLARE_FINAL_TYPE (SandboxHackerrank, sandbox_hackerrank, SANDBOX, HACKERRANK, GObject)

#define KIND "hackerrank"
#define KEY "sandbox-hackerrank-key"
#define KEY_WITHOUT_TESTS "sandbox-hackerrank-no-tests"
#define PREFIX "/x/api/v3/"
#define REPORT_PREFIX "/x/tests/"
#define DEFAULT_LIMIT 10
#define MAX_LIMIT 100
/* What a test's sections are worth together; a percentage follows from it. */
#define MAX_SCORE 75

struct _SandboxHackerrank
{
  GObject        parent_instance;

  char          *origin;
  SandboxWorld  *world;
  SandboxLife   *life;
  SandboxLedger *ledger;
  gint64         grading;     /* seconds */
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxHackerrank, sandbox_hackerrank, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

static const struct
{
  const char *id;
  const char *name;
  const char *state;
  gboolean    draft;
  const char *end;            /* NULL: it has none */
  const char *sections[3];
} tests[] = {
  { "1801001", "Java Challenge", "active", FALSE, NULL, { "Java", "Collections", "Concurrency" } },
  { "1801002", "Site Reliability", "active", FALSE, NULL, { "Linux", "Networking", "Incident Review" } },
  { "1801003", "SQL (Advanced)", "active", FALSE, NULL, { "Joins", "Window Functions", "Query Plans" } },
  { "1801004", "Rust Challenge", "active", TRUE, NULL, { "Ownership", "Traits", "Async" } },
  { "1801005", "Java Challenge 2021", "archived", FALSE, NULL, { "Java", "Spring", "SQL" } },
  { "1801006", "Campus Drive 2022", "active", FALSE, "2022-06-30T18:00:00+0000", { "Algorithms", "Java", "C" } },
};

static gboolean
find_test (const char *id,
           guint      *index)
{
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    if (g_str_equal (tests[i].id, id))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_published (guint index)
{
  return !tests[index].draft && tests[index].end == NULL && g_str_equal (tests[index].state, "active");
}

static const char *
sandbox_hackerrank_get_kind (SandboxVendor *vendor)
{
  return KIND;
}

/* What follows `tests/`: the test, `candidates`, a candidate and so on; %NULL for another address. */
static char **
split_path (const char *path)
{
  if (g_str_equal (path, PREFIX "tests"))
    return g_new0 (char *, 1);
  if (!g_str_has_prefix (path, PREFIX "tests/"))
    return NULL;
  return g_strsplit (path + strlen (PREFIX "tests/"), "/", -1);
}

static char *
sandbox_hackerrank_dup_operation (SandboxVendor  *vendor,
                                  SandboxRequest *request)
{
  g_auto (GStrv) parts = split_path (request->path);
  guint length = parts != NULL ? g_strv_length (parts) : 0;

  if (g_str_has_prefix (request->path, REPORT_PREFIX))
    return g_strdup ("report-page");
  if (parts == NULL)
    return g_strdup ("unknown");
  for (guint i = 0; i < length; i++)
    if (*parts[i] == '\0')
      return g_strdup ("unknown");
  if (length == 0)
    return g_strdup ("list");
  if (length < 2 || !g_str_equal (parts[1], "candidates"))
    return g_strdup ("unknown");
  if (length == 2)
    return g_strdup (g_str_equal (request->method, "POST") ? "invite" : "candidates");
  if (length == 3)
    return g_strdup (g_str_equal (parts[2], "search") ? "search" : "candidate");
  return g_strdup (length == 4 && g_str_equal (parts[3], "invite") ? "cancel" : "unknown");
}

static void
answer_error (SandboxRequest *request,
              guint           status,
              const char     *message)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "errors");
  sandbox_json_begin_array (json);
  sandbox_json_string (json, message);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, "application/json", json);
}

static void
sandbox_hackerrank_answer_failure (SandboxVendor  *vendor,
                                   SandboxRequest *request,
                                   guint           status)
{
  const char *message;

  switch (status)
    {
    case 401:
      message = "We are not able to authenticate your request.";
      break;
    case 403:
      message = "You do not have permission to perform this action.";
      break;
    case 404:
      message = "The resource does not exist.";
      break;
    case 405:
      message = "Method not allowed.";
      break;
    case 429:
      message = "Rate limit exceeded.";
      break;
    default:
      message = status >= 500 ? "Something went wrong." : "The request was refused.";
      break;
    }
  answer_error (request, status, message);
}

/* A refusal that a careful client never gets, so it is an incident as well. */
static void
refuse (SandboxHackerrank *self,
        SandboxRequest    *request,
        guint              status,
        const char        *message)
{
  g_autofree char *detail = g_strdup_printf ("%s %s: %s", request->method, request->operation, message);

  sandbox_ledger_add_incident (self->ledger, KIND, "malformed-request", detail);
  answer_error (request, status, message);
}

/* Times as the vendor answers them: `2026-03-19T19:26:29+0000` */
static void
write_time (SandboxJson *json,
            const char  *name,
            gint64       seconds)
{
  g_autoptr (GDateTime) time = seconds != 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S+0000") : NULL;

  sandbox_json_member_string (json, name, text);
}

/* Pages */

typedef struct
{
  guint limit;
  guint offset;
} Page;

/* Whether the parameters are known ones and in order. @search: whether one may be searched for. */
static gboolean
read_page (SandboxHackerrank *self,
           SandboxRequest    *request,
           gboolean           search,
           Page              *page)
{
  *page = (Page){ .limit = DEFAULT_LIMIT };
  if (request->query_broken)
    {
      refuse (self, request, 400, "The query is not well-formed.");
      return FALSE;
    }
  for (guint i = 0; i < request->parameters->len; i++)
    {
      const SandboxParameter *parameter = g_ptr_array_index (request->parameters, i);
      guint64 number = 0;
      gboolean is_limit = g_str_equal (parameter->name, "limit");

      if (search && g_str_equal (parameter->name, "search"))
        continue;
      if ((!is_limit && !g_str_equal (parameter->name, "offset"))
          || !g_ascii_string_to_unsigned (parameter->value, 10, is_limit ? 1 : 0, is_limit ? MAX_LIMIT : G_MAXINT, &number,
                                          NULL))
        {
          refuse (self, request, 400, "limit is between 1 and 100, offset a number; nothing else is taken here.");
          return FALSE;
        }
      if (is_limit)
        page->limit = (guint) number;
      else
        page->offset = (guint) number;
    }
  return TRUE;
}

static void
write_link (SandboxHackerrank *self,
            SandboxRequest    *request,
            SandboxJson       *json,
            const char        *name,
            guint              limit,
            gint64             offset)
{
  g_autofree char *link = offset >= 0
                            ? g_strdup_printf ("%s%s?limit=%u&offset=%" G_GINT64_FORMAT, self->origin, request->path, limit,
                                               offset)
                            : g_strdup ("");

  sandbox_json_member_string (json, name, link);
}

/* What follows the records of a page. */
static void
end_page (SandboxHackerrank *self,
          SandboxRequest    *request,
          SandboxJson       *json,
          const Page        *page,
          guint              written,
          guint              total)
{
  guint last = total == 0 ? 0 : (total - 1) / page->limit * page->limit;

  sandbox_json_end_array (json);
  sandbox_json_member_integer (json, "page_total", written);
  sandbox_json_member_integer (json, "offset", page->offset);
  write_link (self, request, json, "previous", page->limit,
              page->offset == 0 ? -1 : (gint64) page->offset - MIN (page->limit, page->offset));
  write_link (self, request, json, "next", page->limit,
              page->offset + written < total ? (gint64) page->offset + written : -1);
  write_link (self, request, json, "first", page->limit, 0);
  write_link (self, request, json, "last", page->limit, last);
  sandbox_json_member_integer (json, "total", total);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 200, "application/json", json);
}

static SandboxJson *
begin_page (void)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_key (json, "data");
  sandbox_json_begin_array (json);
  return json;
}

static void
list_tests (SandboxHackerrank *self,
            SandboxRequest    *request)
{
  SandboxJson *json;
  guint written = 0;
  Page page;

  if (!read_page (self, request, FALSE, &page))
    return;
  json = begin_page ();
  for (guint i = page.offset; i < G_N_ELEMENTS (tests) && written < page.limit; i++, written++)
    {
      g_autofree char *unique = g_strdup_printf ("px%uk%u", i, 121 + i);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "id", tests[i].id);
      sandbox_json_member_string (json, "unique_id", unique);
      sandbox_json_member_string (json, "name", tests[i].name);
      sandbox_json_member_string (json, "starttime", NULL);
      sandbox_json_member_string (json, "endtime", tests[i].end);
      sandbox_json_member_integer (json, "duration", 60);
      sandbox_json_member_string (json, "owner", "p12xLmj23");
      sandbox_json_member_boolean (json, "starred", i == 0);
      sandbox_json_member_string (json, "created_at", "2022-03-19T19:26:29+0000");
      sandbox_json_member_string (json, "state", tests[i].state);
      sandbox_json_member_boolean (json, "locked", FALSE);
      sandbox_json_member_boolean (json, "draft", tests[i].draft);
      sandbox_json_member_string (json, "questions", NULL);
      sandbox_json_end_object (json);
    }
  end_page (self, request, json, &page, written, G_N_ELEMENTS (tests));
}

/* A candidate */

static gboolean
has_begun (const SandboxInvitation *invitation)
{
  return invitation->status != SANDBOX_LIFE_PENDING && invitation->status != SANDBOX_LIFE_EXPIRED;
}

static gboolean
is_valid (SandboxHackerrank       *self,
          const SandboxInvitation *invitation)
{
  return !invitation->withdrawn && invitation->status != SANDBOX_LIFE_EXPIRED
         && (invitation->valid_until == 0 || invitation->valid_until > sandbox_world_now (self->world));
}

static int
get_status (SandboxHackerrank       *self,
            const SandboxInvitation *invitation)
{
  gint64 since;

  if (!has_begun (invitation))
    return -1;
  if (invitation->status == SANDBOX_LIFE_IN_PROGRESS)
    return 0;
  since = sandbox_world_now (self->world) - invitation->ended;
  if (since >= self->grading)
    return 7;
  return since * 2 < self->grading ? 1 : 4;
}

static void
write_nulls (SandboxJson       *json,
             const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    sandbox_json_member_string (json, names[i], NULL);
}

static void
write_grades (SandboxJson       *json,
              SandboxInvitation *invitation,
              guint              index)
{
  gboolean complete = invitation->status == SANDBOX_LIFE_COMPLETE;
  guint lot = g_str_hash (invitation->email) % 12;

  sandbox_json_member_real (json, "score", complete ? invitation->score * (double) MAX_SCORE / 100 : 0);
  sandbox_json_member_real (json, "percentage_score", complete ? invitation->score : 0);
  sandbox_json_key (json, "scores_tags_split");
  sandbox_json_begin_object (json);
  for (guint i = 0; i < G_N_ELEMENTS (tests[index].sections); i++)
    sandbox_json_member_integer (json, tests[index].sections[i],
                                 complete ? (invitation->sections[i] * (MAX_SCORE / 3) + 50) / 100 : 0);
  sandbox_json_end_object (json);
  sandbox_json_key (json, "scores_skills_split");
  sandbox_json_begin_object (json);
  sandbox_json_member_integer (json, "Problem Solving (Basic)", complete ? invitation->sections[0] : 0);
  sandbox_json_end_object (json);
  sandbox_json_member_string (json, "integrity_status", lot < 2 ? "High" : lot < 4 ? "Medium" : "No Issues Detected");
  sandbox_json_member_boolean (json, "plagiarism_status", lot < 2);
  sandbox_json_member_integer (json, "out_of_window_events", lot < 4 ? lot + 1 : 0);
  sandbox_json_member_integer (json, "editor_paste_count", lot == 0 ? 2 : 0);
}

static void
write_candidate (SandboxHackerrank *self,
                 SandboxJson       *json,
                 SandboxInvitation *invitation,
                 guint              index)
{
  static const char *const ungraded[] = { "score", "percentage_score", "scores_tags_split", "scores_skills_split",
                                          "integrity_status", "plagiarism_status", NULL };
  static const char *const nothing[] = { "attempt_events", "integrity_summary", "evaluator_email", "test_finish_url",
                                         "test_result_url", "comments", "performance_summary", "ip_address", "plagiarism",
                                         "max_code_similarity", "feedback", NULL };
  g_autofree char *report = g_strdup_printf ("%s" REPORT_PREFIX "%s/candidates/%s/report", self->origin, invitation->test,
                                             invitation->id);
  g_autofree char *with_key = g_strconcat (report, "?authkey=123abc", NULL);
  g_autofree char *link = g_strdup_printf ("%s/tests/%s/login?b=%s", self->origin, invitation->test, invitation->id);
  g_autofree char *full_name = g_strstrip (g_strconcat (invitation->first_name, " ", invitation->last_name, NULL));
  int status = get_status (self, invitation);

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "id", invitation->id);
  sandbox_json_member_string (json, "full_name", *full_name != '\0' ? full_name : NULL);
  sandbox_json_member_string (json, "email", invitation->email);
  sandbox_json_member_string (json, "test", invitation->test);
  sandbox_json_member_string (json, "user", "1ok2njXJi");
  write_time (json, "attempt_starttime", has_begun (invitation) ? invitation->opened : 0);
  write_time (json, "attempt_endtime", status >= 1 ? invitation->ended : 0);
  sandbox_json_member_integer (json, "status", status);
  sandbox_json_member_integer (json, "ats_state", 0);
  sandbox_json_member_boolean (json, "invite_email_done", invitation->mails > 0);
  sandbox_json_member_boolean (json, "invite_valid", is_valid (self, invitation));
  write_time (json, "invited_on", invitation->created);
  write_time (json, "invite_valid_from", invitation->created);
  write_time (json, "invite_valid_to",
              invitation->status == SANDBOX_LIFE_EXPIRED ? invitation->ended : invitation->valid_until);
  sandbox_json_member_string (json, "invite_link", link);
  sandbox_json_member_boolean (json, "accept_result_updates", FALSE);
  sandbox_json_member_string (json, "report_url", status == 7 ? report : NULL);
  sandbox_json_member_string (json, "authenticated_report_url", status == 7 ? with_key : NULL);
  sandbox_json_member_string (json, "pdf_url", NULL);
  if (status == 7)
    write_grades (json, invitation, index);
  else
    write_nulls (json, ungraded);
  write_nulls (json, nothing);
  sandbox_json_key (json, "proctor_images");
  sandbox_json_begin_array (json);
  sandbox_json_end_array (json);
  sandbox_json_end_object (json);
}

/* (nullable): a candidate of that test; answers where there is none */
static SandboxInvitation *
find_candidate (SandboxHackerrank *self,
                SandboxRequest    *request,
                const char        *test,
                const char        *id)
{
  SandboxInvitation *invitation = sandbox_life_find (self->life, id);

  if (invitation != NULL && g_str_equal (invitation->vendor, KIND) && g_str_equal (invitation->test, test))
    return invitation;
  answer_error (request, 404, "There is no such candidate in this test.");
  return NULL;
}

static gboolean
matches (const SandboxInvitation *invitation,
         const char              *search)
{
  g_autofree char *text = g_strconcat (invitation->first_name, " ", invitation->last_name, " ", invitation->email, NULL);
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *wanted = g_utf8_casefold (search, -1);

  return strstr (folded, wanted) != NULL;
}

/* @search: %NULL for all */
static void
list_candidates (SandboxHackerrank *self,
                 SandboxRequest    *request,
                 guint              index,
                 const char        *search)
{
  GPtrArray *all = sandbox_life_list (self->life);
  SandboxJson *json;
  guint total = 0, written = 0;
  Page page;

  if (!read_page (self, request, search != NULL, &page))
    return;
  json = begin_page ();
  for (guint i = 0; i < all->len; i++)
    {
      SandboxInvitation *invitation = g_ptr_array_index (all, i);

      if (!g_str_equal (invitation->vendor, KIND) || !g_str_equal (invitation->test, tests[index].id)
          || (search != NULL && !matches (invitation, search)))
        continue;
      if (total >= page.offset && written < page.limit)
        {
          write_candidate (self, json, invitation, index);
          written++;
        }
      total++;
    }
  end_page (self, request, json, &page, written, total);
}

/* Inviting */

typedef struct
{
  const char *name;
  GType       type;
} Member;

/* (nullable): what is wrong with the body of an invitation */
static const char *
check_invitation (SandboxHackerrank *self,
                  JsonObject        *object,
                  gint64            *valid_until)
{
  static const Member known[] = {
    { "full_name", G_TYPE_STRING },       { "email", G_TYPE_STRING },       { "invite_valid_from", G_TYPE_STRING },
    { "invite_valid_to", G_TYPE_STRING }, { "subject", G_TYPE_STRING },     { "message", G_TYPE_STRING },
    { "template", G_TYPE_STRING },        { "ats_state", G_TYPE_INT64 },    { "send_email", G_TYPE_BOOLEAN },
    { "force", G_TYPE_BOOLEAN },          { "force_reattempt", G_TYPE_BOOLEAN },
  };
  g_autoptr (GList) members = json_object_get_members (object);
  const char *until = sandbox_json_get_string (object, "invite_valid_to");

  for (GList *member = members; member != NULL; member = member->next)
    {
      JsonNode *node = json_object_get_member (object, member->data);
      gboolean good = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (known) && !good; i++)
        good = g_str_equal (known[i].name, member->data)
               && (JSON_NODE_HOLDS_NULL (node) || sandbox_json_node_is (node, known[i].type));
      if (!good)
        return "The body has a member that is not known, or of another type.";
    }
  if (sandbox_json_get_string (object, "email") == NULL)
    return "email is missing.";
  *valid_until = 0;
  if (until != NULL
      && (strlen (until) != strlen ("2026-03-19T19:26:29+00:00") || !sandbox_time_from_string (until, valid_until)))
    return "invite_valid_to must be like 2026-03-19T19:26:29+00:00.";
  return NULL;
}

static void
answer_invited (SandboxHackerrank *self,
                SandboxRequest    *request,
                SandboxInvitation *invitation)
{
  g_autofree char *link = g_strdup_printf ("%s/tests/%s/login?b=%s", self->origin, invitation->test, invitation->id);
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "test_link", link);
  sandbox_json_member_string (json, "email", invitation->email);
  sandbox_json_member_string (json, "id", invitation->id);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, 201, "application/json", json);
}

static void
split_name (const char  *full_name,
            char       **first,
            char       **last)
{
  const char *blank = full_name != NULL ? strchr (full_name, ' ') : NULL;

  *first = blank != NULL ? g_strndup (full_name, (gsize) (blank - full_name))
                         : g_strdup (full_name != NULL ? full_name : "");
  *last = g_strdup (blank != NULL ? blank + 1 : "");
}

/* What may be done for somebody who was invited before. Returns: whether the request is answered */
static gboolean
meet_again (SandboxHackerrank *self,
            SandboxRequest    *request,
            JsonObject        *object,
            gint64             valid_until,
            SandboxInvitation *earlier)
{
  if (has_begun (earlier))
    {
      if (sandbox_json_get_boolean (object, "force_reattempt", FALSE))
        return FALSE;
      answer_error (request, 422, "The candidate has already attempted this test.");
      return TRUE;
    }
  if (!is_valid (self, earlier))
    return FALSE;
  if (!sandbox_json_get_boolean (object, "force", FALSE))
    {
      answer_error (request, 422, "The candidate is already invited to this test.");
      return TRUE;
    }
  earlier->valid_until = valid_until;
  if (sandbox_json_get_boolean (object, "send_email", FALSE))
    earlier->mails++;
  sandbox_ledger_add_write (self->ledger, KIND, "resend", KEY, earlier->id, request->body);
  sandbox_life_touch (self->life);
  answer_invited (self, request, earlier);
  return TRUE;
}

static void
invite (SandboxHackerrank *self,
        SandboxRequest    *request,
        guint              index)
{
  g_autofree char *type = sandbox_request_dup_type (request);
  g_autofree char *first = NULL, *last = NULL;
  g_autoptr (JsonNode) node = NULL;
  SandboxInvitation *invitation, *earlier;
  JsonObject *object;
  const char *wrong, *email;
  gint64 valid_until;

  if (g_strcmp0 (type, "application/json") != 0)
    {
      refuse (self, request, 415, "The body must be application/json.");
      return;
    }
  node = sandbox_json_parse (request->body, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      refuse (self, request, 400, "The body is not a JSON object.");
      return;
    }
  object = json_node_get_object (node);
  wrong = check_invitation (self, object, &valid_until);
  if (wrong != NULL)
    {
      refuse (self, request, 400, wrong);
      return;
    }
  email = sandbox_json_get_string (object, "email");
  if (!sandbox_provider_is_email (email))
    {
      answer_error (request, 422, "The email address is not valid.");
      return;
    }
  if (!is_published (index))
    {
      answer_error (request, 422, "This test is not published.");
      return;
    }
  if (valid_until != 0 && valid_until <= sandbox_world_now (self->world))
    {
      answer_error (request, 422, "invite_valid_to is in the past.");
      return;
    }
  earlier = sandbox_life_find_person (self->life, KIND, tests[index].id, email);
  if (earlier != NULL)
    {
      /* Brings it up to the present. */
      earlier = sandbox_life_find (self->life, earlier->id);
      if (meet_again (self, request, object, valid_until, earlier))
        return;
    }
  if (earlier == NULL)
    sandbox_ledger_add_attempt (self->ledger, KIND, tests[index].id, email);
  if (g_str_has_suffix (email, "@refused.example"))
    {
      answer_error (request, 422, "Mail to this address is refused.");
      return;
    }

  split_name (sandbox_json_get_string (object, "full_name"), &first, &last);
  invitation = sandbox_life_invite (self->life, KIND, tests[index].id, tests[index].name, email, first, last);
  invitation->valid_until = valid_until;
  invitation->mails = sandbox_json_get_boolean (object, "send_email", FALSE) ? 1 : 0;
  sandbox_life_touch (self->life);
  if (earlier != NULL)
    /* On purpose, and nobody's mistake: it isn't counted as a second one. */
    sandbox_ledger_add_write (self->ledger, KIND, "retake", KEY, invitation->id, request->body);
  else
    sandbox_ledger_add_invitation (self->ledger, KIND, KEY, tests[index].id, email, invitation->id);
  answer_invited (self, request, invitation);
}

static void
cancel (SandboxHackerrank *self,
        SandboxRequest    *request,
        SandboxInvitation *invitation)
{
  if (has_begun (invitation))
    {
      answer_error (request, 422, "The candidate has attempted this test.");
      return;
    }
  if (!is_valid (self, invitation))
    {
      answer_error (request, 404, "There is no valid invite.");
      return;
    }
  sandbox_life_withdraw (self->life, invitation);
  sandbox_ledger_add_write (self->ledger, KIND, "cancel", KEY, invitation->id, NULL);
  sandbox_request_answer_text (request, 204, NULL, g_strdup (""));
}

static void
show_page (SandboxHackerrank *self,
           SandboxRequest    *request)
{
  g_auto (GStrv) parts = g_strsplit (request->path + strlen (REPORT_PREFIX), "/", -1);
  SandboxInvitation *invitation = NULL;
  guint index;

  if (sandbox_request_get_header (request, "Authorization") != NULL)
    sandbox_ledger_add_incident (self->ledger, KIND, "key-leak", "A key came with a request for a report.");
  if (!g_str_equal (request->method, "GET"))
    {
      sandbox_hackerrank_answer_failure (SANDBOX_VENDOR (self), request, 405);
      return;
    }
  if (g_strv_length (parts) == 4)
    invitation = sandbox_life_find (self->life, parts[2]);
  if (invitation == NULL || !g_str_equal (invitation->vendor, KIND) || invitation->status != SANDBOX_LIFE_COMPLETE
      || !find_test (invitation->test, &index))
    sandbox_provider_answer_no_report (request);
  else
    sandbox_provider_answer_report (request, invitation, tests[index].sections);
}

static char *
dup_key (SandboxRequest *request)
{
  char *key = sandbox_request_dup_basic (request);

  return key != NULL ? key : sandbox_request_dup_bearer (request);
}

static const char *
get_method (const char *operation)
{
  if (g_str_equal (operation, "invite"))
    return "POST";
  return g_str_equal (operation, "cancel") ? "DELETE" : "GET";
}

static void
sandbox_hackerrank_handle (SandboxVendor  *vendor,
                           SandboxRequest *request)
{
  SandboxHackerrank *self = SANDBOX_HACKERRANK (vendor);
  const char *operation = request->operation;
  g_auto (GStrv) parts = split_path (request->path);
  g_autofree char *key = dup_key (request);
  SandboxInvitation *invitation;
  guint index;

  if (g_str_equal (operation, "report-page"))
    {
      show_page (self, request);
      return;
    }
  if (g_str_equal (operation, "unknown"))
    {
      refuse (self, request, 404, "There is nothing at this address.");
      return;
    }
  if (g_strcmp0 (key, KEY) != 0)
    {
      sandbox_hackerrank_answer_failure (vendor, request, g_strcmp0 (key, KEY_WITHOUT_TESTS) == 0 ? 403 : 401);
      return;
    }
  if (!g_str_equal (request->method, get_method (operation)))
    {
      refuse (self, request, 405, "This address takes another method.");
      return;
    }
  if (g_str_equal (operation, "list"))
    {
      list_tests (self, request);
      return;
    }
  if (!find_test (parts[0], &index))
    {
      answer_error (request, 404, "There is no such test.");
      return;
    }
  if (g_str_equal (operation, "candidates"))
    list_candidates (self, request, index, NULL);
  else if (g_str_equal (operation, "search"))
    {
      const char *search = sandbox_request_get_parameter (request, "search");

      if (search == NULL || *search == '\0')
        refuse (self, request, 400, "search is missing.");
      else
        list_candidates (self, request, index, search);
    }
  else if (request->parameters->len > 0 || request->query_broken)
    refuse (self, request, 400, "This address takes no parameters.");
  else if (g_str_equal (operation, "invite"))
    invite (self, request, index);
  else
    {
      invitation = find_candidate (self, request, parts[0], parts[2]);
      if (invitation != NULL && g_str_equal (operation, "cancel"))
        cancel (self, request, invitation);
      else if (invitation != NULL)
        {
          SandboxJson *json = sandbox_json_new ();

          write_candidate (self, json, invitation, index);
          sandbox_request_answer_json (request, 200, "application/json", json);
        }
    }
}

static void
sandbox_hackerrank_mount (SandboxVendor *vendor,
                          const char    *origin)
{
  SandboxHackerrank *self = SANDBOX_HACKERRANK (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
sandbox_hackerrank_describe (SandboxVendor *vendor,
                             SandboxJson   *json)
{
  sandbox_vendor_write_connection (json, KIND, "Sandbox HackerRank", SANDBOX_HACKERRANK (vendor)->origin, "/x/api/v3",
                                   NULL, "api-key", KEY);
}

static void
sandbox_hackerrank_configure (SandboxVendor *vendor,
                              JsonObject    *settings)
{
  SandboxHackerrank *self = SANDBOX_HACKERRANK (vendor);

  self->grading = sandbox_json_get_integer (settings, "grading", self->grading);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_hackerrank_get_kind;
  iface->dup_operation = sandbox_hackerrank_dup_operation;
  iface->handle = sandbox_hackerrank_handle;
  iface->answer_failure = sandbox_hackerrank_answer_failure;
  iface->mount = sandbox_hackerrank_mount;
  iface->describe = sandbox_hackerrank_describe;
  iface->configure = sandbox_hackerrank_configure;
}

static void
sandbox_hackerrank_finalize (GObject *object)
{
  g_free (SANDBOX_HACKERRANK (object)->origin);
  G_OBJECT_CLASS (sandbox_hackerrank_parent_class)->finalize (object);
}

static void
sandbox_hackerrank_class_init (SandboxHackerrankClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_hackerrank_finalize;
}

static void
sandbox_hackerrank_init (SandboxHackerrank *self)
{
}

static SandboxVendor *
make (const SandboxScene *scene)
{
  SandboxHackerrank *self = g_object_new (SANDBOX_TYPE_HACKERRANK, NULL);

  self->world = scene->world;
  self->life = scene->life;
  self->ledger = scene->ledger;
  return SANDBOX_VENDOR (self);
}

const SandboxVendorType sandbox_hackerrank_type = {
  .kind = KIND,
  .make = make,
  .rate = 10,
  .burst = 20,
};
