/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HackerRank for Work, by its API, version 3.
 *
 * Facts, unless another source is named: https://www.hackerrank.com/work/apidocs, as it was on 19 March 2026, kept by
 * github.com/noahdd/hackerrank-for-work-cli in api-spec.txt (commit c3201d5): HTTP Basic with the key as the user
 * name; lists under `data` by `limit` (100 at most) and `offset`, with the next page's address in `next`; 422 for
 * somebody who is invited already, 429 beyond the rate; inviting, showing, searching and cancelling; `send_email`,
 * which is off unless asked for; `force`, which mails again although the candidate was invited; `force_reattempt`,
 * which invites although the candidate has attempted the test; `invite_valid_to`. The same addresses and members are
 * in github.com/donhui/jentic-public-apis, apis/openapi/hackerrank.com/main/v3/openapi.json (commit fadd142), and in
 * github.com/adamtheturtle/hackerrank, src/hackerrank/client.py (commit 61ffb28).
 *
 * The status is a number of which four values are stable (support.hackerrank.com/articles/3094540490, 23 February
 * 2026): -1 invited, 0 in progress, 1 completed without a report yet, 7 with a report. All others are passing states.
 *
 * Not documented: what cancelling answers and what a cancelled invitation looks like afterwards, except that
 * `invite_valid` says whether an invitation is still valid; the scale of `score`, of the split scores and of those of
 * questions, so that only `percentage_score` is a percentage; a choice of the language; the form of a webhook's
 * delivery, so that progress is asked for. */
#include "config.h"

#include "assay-hackerrank.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-provider-wire.h"

#define PAGE_SIZE "100"

/* The stable values of a candidate's status */
#define STATUS_INVITED (-1)
#define STATUS_IN_PROGRESS 0
#define STATUS_COMPLETED 1
#define STATUS_REPORTED 7

struct _AssayHackerrank
{
  AssayProviderBase parent_instance;

  gboolean send_email;
};

static void assay_hackerrank_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayHackerrank, assay_hackerrank, ASSAY_TYPE_PROVIDER_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_hackerrank_provider_init))

static void
assay_hackerrank_class_init (AssayHackerrankClass *klass)
{
  AssayProviderBaseClass *base_class = ASSAY_PROVIDER_BASE_CLASS (klass);

  base_class->refused =
    N_ ("HackerRank refuses the key, or the account that it belongs to is locked or may not see tests. Copy the key "
        "again, or let an administrator of HackerRank look at that account.");
  base_class->nothing_there =
    N_ ("There is no list “tests” under the base address. Check the base address in the settings; HackerRank's own is "
        "“https://www.hackerrank.com/x/api/v3”.");
}

static void
assay_hackerrank_init (AssayHackerrank *self)
{
}

/* Ids and addresses */

char *
assay_hackerrank_make_remote_id (const char *test,
                                 const char *candidate)
{
  g_autofree char *escaped_test = g_uri_escape_string (test, NULL, FALSE);
  g_autofree char *escaped_candidate = g_uri_escape_string (candidate, NULL, FALSE);

  return g_strconcat (escaped_test, "/", escaped_candidate, NULL);
}

/* (transfer full): where what belongs to a test is */
static char *
make_test_path (const char *test,
                const char *rest)
{
  g_autofree char *escaped = g_uri_escape_string (test, NULL, FALSE);

  return g_strconcat ("tests/", escaped, "/", rest, NULL);
}

/* (transfer full) (nullable): where an invitation is; NULL, with an error, for an id that can't be one of
 * HackerRank's */
static char *
make_candidate_path (const char *remote_id,
                     const char *rest,
                     GError    **error)
{
  g_auto (GStrv) parts = g_strsplit (remote_id, "/", 3);

  /* Both were escaped when the id was made. */
  if (g_strv_length (parts) == 2 && *parts[0] != '\0' && *parts[1] != '\0')
    return g_strconcat ("tests/", parts[0], "/candidates/", parts[1], rest, NULL);
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _ ("HackerRank can't have such an invitation."));
  return NULL;
}

/* A page of a list. The records before it are counted, since the next page's address leaves out what is searched
 * for. */
static AssayHttpRequest *
new_page_request (const char *path,
                  guint       offset)
{
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path);
  g_autofree char *text = g_strdup_printf ("%u", offset);

  assay_http_request_add_query (request, "limit", PAGE_SIZE);
  assay_http_request_add_query (request, "offset", text);
  return request;
}

/* The list of tests */

AssayAssessment *
assay_hackerrank_read_test (JsonObject *record,
                            gint64      now)
{
  g_autoptr (AssayAssessment) assessment = assay_assessment_new ();
  const char *state = assay_json_get_string (record, "state");
  gint64 end = assay_json_get_time (record, "endtime");

  assessment->remote_id = assay_json_dup_string (record, "id");
  if (assessment->remote_id == NULL || *assessment->remote_id == '\0')
    return NULL;
  /* Who is invited to a draft gets no mail. */
  if (assay_json_get_boolean (record, "draft", FALSE) || (end != 0 && end <= now) ||
      (state != NULL && *state != '\0' && g_ascii_strcasecmp (state, "active") != 0))
    return NULL;
  assessment->name = assay_json_dup_string (record, "name");
  if (assessment->name == NULL || *assessment->name == '\0')
    {
      g_free (assessment->name);
      assessment->name = g_strdup_printf (_ ("Assessment %s"), assessment->remote_id);
    }
  assessment->active = TRUE;
  return g_steal_pointer (&assessment);
}

static AssayHttpRequest *
ask_for_tests (GTask      *task,
               const char *next_query,
               guint       offset)
{
  return new_page_request ("tests", offset);
}

static gpointer
take_test (GTask       *task,
           JsonObject  *record,
           GError     **error)
{
  AssayAssessment *assessment = assay_hackerrank_read_test (record, assay_time_now ());

  if (assessment != NULL)
    g_ptr_array_add (g_task_get_task_data (task), assessment);
  return NULL;
}

static gpointer
end_tests (GTask   *task,
           GError **error)
{
  return g_ptr_array_ref (g_task_get_task_data (task));
}

static const AssayProviderPages tests_pages = {
  .what = N_ ("HackerRank's list of tests"),
  .records = "data",
  .new_request = ask_for_tests,
  .take = take_test,
  .end = end_tests,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
};

static void
assay_hackerrank_list_assessments_async (AssayProvider       *provider,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_hackerrank_list_assessments_async, cancellable, callback, user_data);

  g_task_set_task_data (task, g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free),
                        (GDestroyNotify) g_ptr_array_unref);
  assay_provider_base_read_pages (task, &tests_pages);
}

/* The invitation */

static void
add_string (JsonBuilder *builder,
            const char  *member,
            const char  *value)
{
  if (value == NULL || *value == '\0')
    return;
  json_builder_set_member_name (builder, member);
  json_builder_add_string_value (builder, value);
}

static void
add_true (JsonBuilder *builder,
          const char  *member,
          gboolean     value)
{
  if (!value)
    return;
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, TRUE);
}

/* @deadline: 0 for none */
static JsonNode *
encode (const char *full_name,
        const char *email,
        gint64      deadline,
        gboolean    send_email,
        gboolean    force,
        gboolean    force_reattempt)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (GDateTime) until = deadline != 0 ? g_date_time_new_from_unix_utc (deadline / 1000) : NULL;
  g_autofree char *valid_to = until != NULL ? g_date_time_format (until, "%Y-%m-%dT%H:%M:%S+00:00") : NULL;

  json_builder_begin_object (builder);
  add_string (builder, "full_name", full_name);
  add_string (builder, "email", email);
  add_string (builder, "invite_valid_to", valid_to);
  json_builder_set_member_name (builder, "send_email");
  json_builder_add_boolean_value (builder, send_email);
  add_true (builder, "force", force);
  add_true (builder, "force_reattempt", force_reattempt);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

JsonNode *
assay_hackerrank_encode_invitation (const AssayInvitee *invitee,
                                    gboolean            send_email)
{
  g_autofree char *full_name = g_strjoin (" ", invitee->first_name != NULL ? invitee->first_name : "",
                                          invitee->last_name != NULL ? invitee->last_name : "", NULL);

  /* Who is invited and hasn't begun, or was invited before and let the time pass, is mailed too: that is what a
   * retake is asked for on purpose. */
  return encode (g_strstrip (full_name), invitee->email, invitee->deadline, send_email, invitee->again && send_email,
                 invitee->again);
}

AssayInvited *
assay_hackerrank_decode_invited (JsonNode   *root,
                                 const char *test,
                                 gboolean    send_email,
                                 GError    **error)
{
  JsonObject *answer = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  g_autofree char *candidate = answer != NULL ? assay_json_dup_string (answer, "id") : NULL;
  AssayInvited *invited;

  if (candidate == NULL || *candidate == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                           _ ("HackerRank accepted the invitation and doesn't say what it calls it, so whether it "
                              "arrived isn't certain. Look in HackerRank whether the candidate is listed in the "
                              "test."));
      return NULL;
    }
  invited = assay_invited_new ();
  invited->remote_id = assay_hackerrank_make_remote_id (test, candidate);
  if (!send_email)
    invited->link = assay_provider_dup_web_address (answer, "test_link");
  return invited;
}

static gpointer
read_invited (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  AssayHackerrank *self = g_task_get_source_object (task);

  return assay_hackerrank_decode_invited (root, g_task_get_task_data (task), self->send_email, error);
}

static const AssayConnectorCall invite_call = {
  .read = read_invited,
  .free_value = (GDestroyNotify) assay_invited_free,
  .invites = TRUE,
};

static void
assay_hackerrank_invite_async (AssayProvider       *provider,
                               const AssayInvitee  *invitee,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_hackerrank_invite_async, cancellable, callback, user_data);
  g_autofree char *path = make_test_path (invitee->assessment_remote_id, "candidates");
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_ONCE, "POST", path);
  g_autoptr (JsonNode) body =
    assay_hackerrank_encode_invitation (invitee, ASSAY_HACKERRANK (provider)->send_email);

  g_task_set_task_data (task, g_strdup (invitee->assessment_remote_id), g_free);
  assay_http_request_set_json (request, body, "application/json");
  assay_connector_base_ask (task, &invite_call, request);
}

/* A candidate's record */

/* Whether the candidate has begun, or is beyond that. */
static gboolean
has_begun (JsonObject *record)
{
  double status = STATUS_INVITED;

  return assay_json_get_time (record, "attempt_starttime") != 0 ||
         (assay_json_get_number (record, "status", &status, NULL) && status >= STATUS_IN_PROGRESS);
}

/* Whether the candidate can begin. */
static gboolean
is_valid (JsonObject *record,
          gint64      now)
{
  gint64 until = assay_json_get_time (record, "invite_valid_to");

  return assay_json_get_boolean (record, "invite_valid", TRUE) && (until == 0 || until > now);
}

/* The words of HackerRank's page on the status, in short. */
static void
read_status (AssayResult *result,
             JsonObject  *record,
             gint64       now)
{
  gint64 until = assay_json_get_time (record, "invite_valid_to");
  const char *word = NULL;
  double status;

  if (!assay_json_get_number (record, "status", &status, NULL))
    {
      result->status = ASSAY_INVITATION_UNKNOWN;
      result->status_text = assay_json_dup_string (record, "status");
      return;
    }
  if (status == STATUS_INVITED && !is_valid (record, now))
    {
      gboolean is_over = until != 0 && until <= now;

      result->status = is_over ? ASSAY_INVITATION_EXPIRED : ASSAY_INVITATION_CANCELLED;
      word = is_over ? "Invite expired" : "Invite not valid";
    }
  else if (status == STATUS_INVITED)
    {
      result->status = ASSAY_INVITATION_PENDING;
      word = "Invited";
    }
  else if (status == STATUS_IN_PROGRESS)
    {
      result->status = ASSAY_INVITATION_IN_PROGRESS;
      word = "In progress";
    }
  else if (status == STATUS_COMPLETED)
    {
      /* Handed in, and still being graded. */
      result->status = ASSAY_INVITATION_IN_PROGRESS;
      word = "Completed, report not ready";
    }
  else if (status == STATUS_REPORTED)
    {
      result->status = ASSAY_INVITATION_COMPLETED;
      word = "Report ready";
    }
  else
    /* A passing state: nothing may be built on the number. */
    result->status = has_begun (record) ? ASSAY_INVITATION_IN_PROGRESS : ASSAY_INVITATION_UNKNOWN;
  result->status_text = word != NULL ? g_strdup (word) : assay_json_dup_string (record, "status");
}

/* The score of each tag or skill. */
static void
add_split (AssayResult *result,
           JsonObject  *record,
           const char  *member)
{
  JsonObject *split = assay_json_get_object (record, member);
  g_autoptr (GList) names = split != NULL ? json_object_get_members (split) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    {
      double value;

      if (*(const char *) name->data != '\0' && assay_json_get_number (split, name->data, &value, NULL) &&
          isfinite (value))
        g_ptr_array_add (result->scores, assay_score_new (name->data, value, NAN, ASSAY_UNIT_NONE));
    }
}

static void
read_scores (AssayResult *result,
             JsonObject  *record)
{
  double percent, points;
  gboolean has_percent, has_points;

  has_percent = assay_json_get_number (record, "percentage_score", &percent, NULL) && isfinite (percent);
  has_points = assay_json_get_number (record, "score", &points, NULL) && isfinite (points);
  if (has_percent)
    result->score = assay_score_new (NULL, percent, 100, ASSAY_UNIT_PERCENT);
  else if (has_points)
    result->score = assay_score_new (NULL, points, NAN, ASSAY_UNIT_NONE);
  if (has_percent && has_points)
    g_ptr_array_add (result->scores, assay_score_new (_ ("Points"), points, NAN, ASSAY_UNIT_NONE));
  add_split (result, record, "scores_tags_split");
  add_split (result, record, "scores_skills_split");
}

/* How often something was seen; 0 where HackerRank doesn't say. */
static int
get_count (JsonObject *record,
           const char *member)
{
  double number;

  return assay_json_get_number (record, member, &number, NULL) && number >= 1 && number < G_MAXINT ? (int) number : 0;
}

/* What people should know before they trust the score. Never an input of a rule. "No Issues Detected" and null say
 * that there is nothing: https://www.hackerrank.com/work/apidocs, "integrity_status". */
static void
read_flags (AssayResult *result,
            JsonObject  *record)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *integrity = assay_provider_get_finding (record, "integrity_status");
  int left = get_count (record, "out_of_window_events");
  int pasted = get_count (record, "editor_paste_count");

  if (integrity != NULL)
    {
      /* Translators: %s is a finding in the provider's own words, such as "High" or "Medium" */
      g_autofree char *flag = g_strdup_printf (_ ("Integrity risk: %s"), integrity);

      g_strv_builder_add (builder, flag);
    }
  if (assay_json_get_boolean (record, "plagiarism_status", FALSE))
    g_strv_builder_add (builder, _ ("Suspected plagiarism"));
  if (left > 0)
    {
      g_autofree char *flag = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Left the window %d time", "Left the window %d times", (gulong) left), left);

      g_strv_builder_add (builder, flag);
    }
  if (pasted > 0)
    {
      g_autofree char *flag = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "Pasted into the editor %d time", "Pasted into the editor %d times",
                     (gulong) pasted),
        pasted);

      g_strv_builder_add (builder, flag);
    }
  g_strfreev (result->flags);
  result->flags = g_strv_builder_end (builder);
}

/* The record as it came, without what lets anybody in and without what nobody needs: the link of the candidate, a
 * report's address with a key in it, and pictures of the candidate. */
static char *
make_raw (JsonObject *record)
{
  static const char *const left_out[] = {
    "invite_link", "test_link", "authenticated_report_url", "webhook_authentication", "ip_address", "proctor_images",
    "attempt_events", "questions", NULL,
  };
  g_autoptr (JsonObject) kept = json_object_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GList) members = json_object_get_members (record);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (left_out, member->data))
      json_object_set_member (kept, member->data, json_node_copy (json_object_get_member (record, member->data)));
  node = json_node_init_object (json_node_alloc (), kept);
  return assay_json_to_text (node, ASSAY_PROVIDER_MAX_RAW);
}

AssayResult *
assay_hackerrank_read_candidate (JsonObject *record,
                                 gint64      now)
{
  AssayResult *result = assay_result_new ();

  read_status (result, record, now);
  result->deadline = assay_json_get_time (record, "invite_valid_to");
  if (result->status == ASSAY_INVITATION_COMPLETED)
    {
      read_scores (result, record);
      read_flags (result, record);
      result->report_url = assay_provider_dup_web_address (record, "report_url");
      result->completed_at = assay_json_get_time (record, "attempt_endtime");
    }
  result->raw = make_raw (record);
  return result;
}

/* The look-up: by the search for a name or an e-mail address, of which only the very address counts. */

typedef struct
{
  char *test;
  char *email;
  char *folded_email;
  char *candidate;      /* (nullable): whom it found */
  AssayInvitationStatus status;
  gint64 invited_on;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->test);
  g_free (search->email);
  g_free (search->folded_email);
  g_free (search->candidate);
  g_free (search);
}

static AssayHttpRequest *
ask_for_candidates (GTask      *task,
                    const char *next_query,
                    guint       offset)
{
  const Search *search = g_task_get_task_data (task);
  g_autofree char *path = make_test_path (search->test, "candidates/search");
  AssayHttpRequest *request = new_page_request (path, offset);

  assay_http_request_add_query (request, "search", search->email);
  return request;
}

static gpointer
take_candidate (GTask       *task,
                JsonObject  *record,
                GError     **error)
{
  const char *what = _ ("HackerRank's list of candidates");
  Search *search = g_task_get_task_data (task);
  gint64 invited_on = assay_json_get_time (record, "invited_on");
  gint64 now = assay_time_now ();
  g_autofree char *id = NULL;

  /* One that can't be begun any more stands in nobody's way. */
  if (!assay_provider_is_of (record, search->folded_email, what, error) ||
      (!has_begun (record) && !is_valid (record, now)))
    return NULL;
  id = assay_json_expect_member_id (record, "id", what, error);
  if (id == NULL)
    return NULL;
  /* The newest: of two within a second the one that waits. */
  if (search->candidate == NULL || invited_on > search->invited_on ||
      (invited_on == search->invited_on && !has_begun (record)))
    {
      g_autoptr (AssayResult) result = assay_hackerrank_read_candidate (record, now);

      g_free (search->candidate);
      search->candidate = g_steal_pointer (&id);
      search->status = result->status;
      search->invited_on = invited_on;
    }
  return NULL;
}

static gpointer
end_search (GTask   *task,
            GError **error)
{
  const Search *search = g_task_get_task_data (task);
  AssayInvited *invited;

  if (search->candidate == NULL)
    return NULL;
  invited = assay_invited_new ();
  invited->remote_id = assay_hackerrank_make_remote_id (search->test, search->candidate);
  invited->status = search->status;
  return invited;
}

static const AssayProviderPages search_pages = {
  .what = N_ ("HackerRank's list of candidates"),
  .records = "data",
  .new_request = ask_for_candidates,
  .take = take_candidate,
  .end = end_search,
  .free_value = (GDestroyNotify) assay_invited_free,
  .tells_absence = TRUE,
};

static void
assay_hackerrank_look_up_async (AssayProvider       *provider,
                                const AssayInvitee  *invitee,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_hackerrank_look_up_async, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->test = g_strdup (invitee->assessment_remote_id);
  search->email = g_strdup (invitee->email);
  search->folded_email = assay_email_fold (invitee->email);
  g_task_set_task_data (task, search, search_free);
  assay_provider_base_read_pages (task, &search_pages);
}

/* The result */

/* (nullable): the record in the answer to a request for one candidate */
static JsonObject *
expect_candidate (JsonNode  *root,
                  GError   **error)
{
  const char *what = _ ("the candidate in HackerRank");
  JsonObject *record = assay_json_expect_object (root, what, error);
  g_autofree char *id = record != NULL ? assay_json_expect_member_id (record, "id", what, error) : NULL;

  return id != NULL ? record : NULL;
}

static gpointer
read_result (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  JsonObject *record = expect_candidate (root, error);

  return record != NULL ? assay_hackerrank_read_candidate (record, assay_time_now ()) : NULL;
}

static const AssayConnectorCall result_call = {
  .read = read_result,
  .free_value = (GDestroyNotify) assay_result_free,
};

static void
assay_hackerrank_read_result_async (AssayProvider       *provider,
                                    const char          *remote_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_hackerrank_read_result_async, cancellable, callback, user_data);
  GError *error = NULL;
  g_autofree char *path = make_candidate_path (remote_id, "", &error);
  AssayHttpRequest *request;

  if (path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path);
  assay_http_request_set_background (request, TRUE);
  assay_connector_base_ask (task, &result_call, request);
}

/* Mailing again, and cancelling. The candidate is read first: whom to mail, and that there is something left to be
 * done. */

typedef struct
{
  char *remote_id;
  gboolean cancels;
  gboolean sent;      /* the request that changes something has left */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->remote_id);
  g_free (change);
}

static const AssayConnectorCall resend_call = { .read = assay_connector_base_read_done };

static void
resend (GTask      *task,
        JsonObject *record)
{
  const Change *change = g_task_get_task_data (task);
  g_auto (GStrv) parts = g_strsplit (change->remote_id, "/", 2);
  g_autofree char *path = g_strconcat ("tests/", parts[0], "/candidates", NULL);
  AssayHttpRequest *request = assay_connector_base_new_request (ASSAY_HTTP_ONCE, "POST", path);
  /* The day until when it is valid stays as it is. */
  g_autoptr (JsonNode) body =
    encode (assay_json_get_string (record, "full_name"), assay_json_get_string (record, "email"),
            assay_json_get_time (record, "invite_valid_to"), TRUE, TRUE, FALSE);

  assay_http_request_set_json (request, body, "application/json");
  assay_connector_base_ask (task, &resend_call, request);
}

static void read_candidate_for_change (GTask *task);

/* What it answers isn't documented, and a second request after a lost answer finds nothing: the record tells. */
static GError *
judge_cancelled (GTask  *task,
                 GError *error)
{
  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND) &&
      !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
    return error;
  g_error_free (error);
  read_candidate_for_change (task);
  return NULL;
}

static const AssayConnectorCall cancel_call = { .read = assay_connector_base_read_done, .judge = judge_cancelled };

static void
cancel (GTask *task)
{
  const Change *change = g_task_get_task_data (task);
  g_autofree char *path = make_candidate_path (change->remote_id, "/invite", NULL);

  assay_connector_base_ask (task, &cancel_call,
                            assay_connector_base_new_request (ASSAY_HTTP_REPEATABLE_WRITE, "DELETE", path));
}

/* Why nothing is to be done for the candidate, as far as the record tells. */
static gboolean
check_change (const Change *change,
              JsonObject   *record,
              gboolean      valid,
              GError      **error)
{
  const char *problem = NULL;

  if (has_begun (record))
    problem = change->cancels ? _ ("The candidate has begun the test in HackerRank, so that the invitation can't be "
                                   "cancelled any more.")
                              : _ ("The candidate has begun the test in HackerRank, so that nothing is left to be sent "
                                   "again.");
  else if (change->cancels && valid && change->sent)
    problem = _ ("HackerRank doesn't cancel the invitation: it is still valid there. Cancel it in HackerRank itself.");
  else if (!change->cancels && !valid)
    problem = _ ("The invitation isn't valid any more in HackerRank: it was cancelled there, or its time is over. "
                 "Nothing was sent.");
  else if (!change->cancels && assay_json_get_string (record, "email") == NULL)
    problem = _ ("HackerRank doesn't say whom it invited. Send it again in HackerRank itself.");
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, problem);
  return FALSE;
}

static gpointer
read_before_change (GTask     *task,
                    JsonNode  *root,
                    GError   **error)
{
  Change *change = g_task_get_task_data (task);
  GError *unreadable = NULL;
  JsonObject *record;
  gboolean valid;

  if (root == NULL)
    {
      /* What is gone since it was cancelled is cancelled. */
      if (!change->sent)
        g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                             _ ("HackerRank doesn't know this candidate any more. Look in HackerRank."));
      return GINT_TO_POINTER (change->sent);
    }
  record = expect_candidate (root, &unreadable);
  valid = record != NULL && is_valid (record, assay_time_now ());
  if (record == NULL)
    {
      /* Nothing has left. */
      g_propagate_error (error, assay_provider_judge_preparation (unreadable));
      return NULL;
    }
  if (!check_change (change, record, valid, error))
    return NULL;
  if (change->cancels && !valid)
    return GINT_TO_POINTER (TRUE);
  if (!change->cancels)
    resend (task, record);
  else
    {
      change->sent = TRUE;
      cancel (task);
    }
  return NULL;
}

static GError *
judge_before_change (GTask  *task,
                     GError *error)
{
  return assay_provider_judge_preparation (error);
}

static const AssayConnectorCall before_change_call = {
  .read = read_before_change,
  .judge = judge_before_change,
  .reads_missing = TRUE,
};

static void
read_candidate_for_change (GTask *task)
{
  const Change *change = g_task_get_task_data (task);
  g_autofree char *path = make_candidate_path (change->remote_id, "", NULL);

  assay_connector_base_ask (task, &before_change_call, assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path));
}

static void
change_invitation (GTask      *task,
                   const char *remote_id,
                   gboolean    cancels)
{
  GError *error = NULL;
  g_autofree char *path = make_candidate_path (remote_id, "", &error);
  Change *change;

  if (path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  change = g_new0 (Change, 1);
  change->remote_id = g_strdup (remote_id);
  change->cancels = cancels;
  g_task_set_task_data (task, change, change_free);
  /* What came of a request on the wire must be learned even when the caller gave up. */
  g_task_set_check_cancellable (task, FALSE);
  read_candidate_for_change (task);
}

static void
assay_hackerrank_resend_async (AssayProvider       *provider,
                               const char          *remote_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_hackerrank_resend_async, cancellable, callback, user_data);

  change_invitation (task, remote_id, FALSE);
}

static void
assay_hackerrank_cancel_async (AssayProvider       *provider,
                               const char          *remote_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_hackerrank_cancel_async, cancellable, callback, user_data);

  change_invitation (task, remote_id, TRUE);
}

static void
assay_hackerrank_provider_init (AssayProviderInterface *iface)
{
  iface->list_assessments_async = assay_hackerrank_list_assessments_async;
  iface->invite_async = assay_hackerrank_invite_async;
  iface->look_up_async = assay_hackerrank_look_up_async;
  iface->read_result_async = assay_hackerrank_read_result_async;
  iface->resend_async = assay_hackerrank_resend_async;
  iface->cancel_async = assay_hackerrank_cancel_async;
}

/* Description */

static char *
get_default_base_url (GHashTable *settings)
{
  return g_strdup ("https://www.hackerrank.com/x/api/v3");
}

static GObject *
assay_hackerrank_create (const AssayConnectorDescription *description,
                         const AssayConnectorContext     *context,
                         GError                         **error)
{
  AssayProviderBase *self = assay_connector_base_new (ASSAY_TYPE_HACKERRANK, description, context, error);

  if (self == NULL)
    return NULL;
  assay_http_channel_set_credential (assay_connector_base_get_channel (self), ASSAY_HTTP_AUTH_BASIC, NULL,
                                     g_hash_table_lookup (context->secrets, "api-key"));
  ASSAY_HACKERRANK (self)->send_email =
    g_strcmp0 (assay_connection_get_setting (context->connection, "send-email"), "no") != 0;
  return G_OBJECT (self);
}

#define CAPABILITIES                                                                                                 \
  (ASSAY_CAN_EDIT_INVITEE | ASSAY_CAN_REPORT_PERCENT | ASSAY_CAN_NAMED_SCORES | ASSAY_CAN_CANCEL | ASSAY_CAN_LOOK_UP | \
   ASSAY_CAN_RETAKE | ASSAY_CAN_FLAGS | ASSAY_CAN_DEADLINE)

/* Where HackerRank mails nobody, there is nothing for it to mail again. */
static AssayCapabilities
get_capabilities (GHashTable *settings)
{
  return g_strcmp0 (g_hash_table_lookup (settings, "send-email"), "no") == 0 ? CAPABILITIES | ASSAY_MAILS_NOBODY
                                                                            : CAPABILITIES | ASSAY_CAN_RESEND;
}

const AssayConnectorDescription assay_hackerrank_description = {
  .id = "hackerrank",
  .name = "HackerRank",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Coding tests of HackerRank for Work: invitations with a deadline, sent again or cancelled, "
                 "progress, scores and signs of cheating"),
  .capabilities = CAPABILITIES | ASSAY_CAN_RESEND,
  .get_capabilities = get_capabilities,
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "send-email",
        .title = N_ ("Let HackerRank mail"),
        .description = N_ ("If not, HackerRank mails nobody: the invitation shows the candidate's link, and you hand it "
                           "on."),
        .type = ASSAY_SETTING_CHOICE,
        .advanced = TRUE,
        .default_value = "yes",
        .choices = (const char *const[]){ "yes", "no", NULL },
      },
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("What precedes “/tests”."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://www.hackerrank.com/x/api/v3",
      },
      { .name = NULL },
    },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "api-key",
        .title = N_ ("API key"),
        .required = TRUE,
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to HackerRank for Work as somebody who may see and invite candidates."),
            N_ ("Open the settings, and there the API keys."),
            N_ ("Make a key for Assay and copy it."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      {
        .name = "Tests",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Lists the tests that you can send."),
        .remedy = N_ ("Let an administrator of HackerRank give the account that the key belongs to read access to "
                      "tests."),
      },
      {
        .name = "Candidates",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Looks whether a candidate was invited already, and reads progress and results."),
        .remedy = N_ ("This can't be tried without a candidate. The first invitation that you send shows it."),
      },
      {
        .name = "Candidates",
        .access = "Read and write",
        .needed = TRUE,
        .purpose = N_ ("Invites a candidate, sends an invitation again and cancels it."),
        .remedy = N_ ("This can't be tried without inviting somebody. The first invitation that you send shows it."),
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("Your company uses HackerRank for Work, with access to its API."),
        .how_to_tell = N_ ("The settings of HackerRank for Work show API keys."),
        .if_not = N_ ("Ask an administrator of HackerRank in your company, or HackerRank's support."),
      },
      {
        .requirement = N_ ("The tests that you want to send are published."),
        .how_to_tell = N_ ("HackerRank doesn't show them as drafts, nor as archived."),
        .if_not = N_ ("Publish them in HackerRank. Assay doesn't offer the others."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In HackerRank for Work open the settings, then the API keys, and delete the key that you made for Assay."),
      NULL,
    },
  .help_urls =
    (const char *const[]){ "https://www.hackerrank.com/work/apidocs", "https://support.hackerrank.com/", NULL },
  /* Ten a second are recommended at most; others may use the same account. */
  .pace = { .per_second = 8, .burst = 5, .concurrency = 1 },
  .create = assay_hackerrank_create,
  .get_default_base_url = get_default_base_url,
};
