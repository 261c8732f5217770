/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coderbyte, by its organisation API.
 *
 * Facts: Coderbyte documents its webhooks and integrations; the calls are those that several independent
 * programs make. Every answer is wrapped as {"status": "success", "data": {…}}. An invitation names the
 * assessment by its public address, everything else by its test id; it has no id of its own, and is known
 * by e-mail and test id. It takes no name: the candidate's name and address are the ATS's. Errors, limits,
 * paging and the list of statuses are not documented. */
#include "config.h"

#include "assay-coderbyte.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "assay-json.h"
#include "assay-provider-wire.h"

/* A bulk of invitations doesn't list the assessments anew for each person. */
#define LIST_LIFETIME (60 * G_TIME_SPAN_SECOND)

struct _AssayCoderbyte
{
  AssayProviderBase parent_instance;

  gboolean skip_send;
  GHashTable *public_urls;  /* test id → address, as last listed */
  gint64 listed_at;         /* monotonic; valid where @public_urls isn't empty */
  gboolean list_goes_on;    /* as last listed: there seems to be more than was told */
};

static void assay_coderbyte_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayCoderbyte, assay_coderbyte, ASSAY_TYPE_PROVIDER_BASE,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_coderbyte_provider_init))

static void
assay_coderbyte_finalize (GObject *object)
{
  g_hash_table_unref (ASSAY_CODERBYTE (object)->public_urls);

  G_OBJECT_CLASS (assay_coderbyte_parent_class)->finalize (object);
}

static void
complete_probe (AssayProviderBase *base,
                AssayProbe        *probe)
{
  AssayPermission *listing;

  if (!probe->ok || !ASSAY_CODERBYTE (base)->list_goes_on)
    return;
  listing = g_ptr_array_index (probe->permissions, 0);
  listing->granted = ASSAY_GRANTED_UNKNOWN;
  g_free (listing->remedy);
  listing->remedy = g_strdup (_ ("The list of assessments names a further page, which Assay can't read, so that some "
                                 "may be missing. Look in Coderbyte whether the one you want is there."));
}

static void
assay_coderbyte_class_init (AssayCoderbyteClass *klass)
{
  AssayProviderBaseClass *base_class = ASSAY_PROVIDER_BASE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = assay_coderbyte_finalize;

  base_class->complete_probe = complete_probe;
  base_class->refused = N_ ("Coderbyte refuses the key, or your plan there has no API add-on. Copy the key again, "
                            "and make sure that the API add-on is enabled.");
  base_class->nothing_there = N_ ("There is no list of assessments under the base address. Check the base address in "
                                  "the settings; Coderbyte's own is “https://coderbyte.com/api”.");
}

static GHashTable *
new_public_urls (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
assay_coderbyte_init (AssayCoderbyte *self)
{
  self->public_urls = new_public_urls ();
}

/* The envelope */

/* What Coderbyte wrapped: @data is NULL for an empty list where an object is due, as its server sends
 * empty maps. */
static gboolean
open_envelope (JsonNode    *root,
               const char  *what,
               JsonObject **data,
               GError     **error)
{
  JsonObject *envelope = assay_json_expect_object (root, what, error);
  const char *status;
  JsonArray *empty;

  if (envelope == NULL)
    return FALSE;
  status = assay_json_get_string (envelope, "status");
  if (status != NULL && g_ascii_strcasecmp (status, "success") != 0)
    {
      const char *words = assay_json_get_string (envelope, "message");

      if (words == NULL)
        words = assay_json_get_string (envelope, "error");
      g_propagate_error (error, assay_error_new_from_vendor (ASSAY_ERROR_INVALID, 200, words != NULL ? words : status,
                                                             /* Translators: %s is the provider's own words */
                                                             _ ("Coderbyte refuses the request: “%s”."),
                                                             words != NULL ? words : status));
      return FALSE;
    }
  if (status == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                   /* Translators: %s is what was asked for, such as "the list of assessments" */
                   _ ("The answer to the request for %s is not one of Coderbyte's. Check the base address in the "
                      "connection's settings."),
                   what);
      return FALSE;
    }
  empty = assay_json_get_array (envelope, "data");
  if (empty != NULL && json_array_get_length (empty) == 0)
    {
      *data = NULL;
      return TRUE;
    }
  *data = assay_json_expect_member_object (envelope, "data", what, error);
  return *data != NULL;
}

/* The list of assessments */

GPtrArray *
assay_coderbyte_decode_assessments (JsonNode   *root,
                                    GHashTable *public_urls,
                                    GError    **error)
{
  const char *what = _ ("the list of assessments");
  g_autoptr (GPtrArray) assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  JsonObject *data;
  JsonArray *array;

  if (!open_envelope (root, what, &data, error))
    return NULL;
  if (data == NULL)
    return g_steal_pointer (&assessments);
  array = assay_json_expect_member_array (data, "assessments", what, error);
  if (array == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *record = assay_json_expect_object (json_array_get_element (array, i), what, error);
      g_autoptr (AssayAssessment) assessment = assay_assessment_new ();
      g_autofree char *closed = NULL;
      const char *public_url;

      if (record == NULL)
        return NULL;
      assessment->remote_id = assay_json_expect_member_id (record, "test_id", what, error);
      if (assessment->remote_id == NULL)
        return NULL;
      /* One that is closed, or that has no address to invite by, can't be sent. */
      closed = assay_json_dup_string (record, "closed");
      public_url = assay_json_get_string (record, "public_url");
      if (g_strcmp0 (closed, "true") == 0 || g_strcmp0 (closed, "1") == 0 || public_url == NULL || *public_url == '\0')
        continue;

      assessment->name = assay_json_dup_string (record, "display_name");
      if (assessment->name == NULL || *assessment->name == '\0')
        {
          g_free (assessment->name);
          assessment->name = g_strdup_printf (_ ("Assessment %s"), assessment->remote_id);
        }
      assessment->active = TRUE;
      if (public_urls != NULL)
        g_hash_table_replace (public_urls, g_strdup (assessment->remote_id), g_strdup (public_url));
      g_ptr_array_add (assessments, g_steal_pointer (&assessment));
    }

  return g_steal_pointer (&assessments);
}

/* No paging is known. Should there be one some day, it mustn't go unnoticed. */
static gboolean
names_further_page (JsonNode *root)
{
  JsonObject *data = assay_json_get_object (json_node_get_object (root), "data");
  g_autofree char *next = data != NULL ? assay_json_dup_string (data, "next") : NULL;
  g_autofree char *next_page = data != NULL ? assay_json_dup_string (data, "next_page") : NULL;

  return (next != NULL && *next != '\0') || (next_page != NULL && *next_page != '\0');
}

static gpointer
read_assessments (GTask     *task,
                  JsonNode  *root,
                  GError   **error)
{
  AssayCoderbyte *self = g_task_get_source_object (task);
  g_autoptr (GHashTable) public_urls = new_public_urls ();
  GPtrArray *assessments = assay_coderbyte_decode_assessments (root, public_urls, error);

  if (assessments == NULL)
    return NULL;
  g_hash_table_unref (self->public_urls);
  self->public_urls = g_steal_pointer (&public_urls);
  self->listed_at = g_get_monotonic_time ();
  self->list_goes_on = names_further_page (root);
  return assessments;
}

static const AssayConnectorCall list_call = {
  .read = read_assessments,
  .free_value = (GDestroyNotify) g_ptr_array_unref,
};

static void
assay_coderbyte_list_assessments_async (AssayProvider       *provider,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_coderbyte_list_assessments_async, cancellable, callback, user_data);

  assay_connector_base_ask (task, &list_call,
                            assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", "organization/assessments"));
}

/* The invitation: first the assessment's address, since Coderbyte doesn't take its id */

char *
assay_coderbyte_make_remote_id (const char *email,
                                const char *test_id)
{
  g_autofree char *escaped_email = g_uri_escape_string (email, NULL, FALSE);
  g_autofree char *escaped_test = g_uri_escape_string (test_id, NULL, FALSE);

  return g_strconcat (escaped_email, "/", escaped_test, NULL);
}

JsonNode *
assay_coderbyte_encode_invitation (const char *email,
                                   const char *public_url,
                                   gboolean    skip_send)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "candidates");
  json_builder_begin_array (builder);
  json_builder_add_string_value (builder, email);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "assessment_url");
  json_builder_add_string_value (builder, public_url);
  if (skip_send)
    {
      json_builder_set_member_name (builder, "skip_send");
      json_builder_add_boolean_value (builder, TRUE);
    }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

AssayInvited *
assay_coderbyte_decode_invited (JsonNode   *root,
                                const char *email,
                                const char *test_id,
                                gboolean    skip_send,
                                GError    **error)
{
  g_autoptr (AssayInvited) invited = assay_invited_new ();
  g_autofree char *folded = assay_email_fold (email);
  g_autofree char *answered_test = NULL;
  g_autoptr (GError) local_error = NULL;
  JsonObject *data = NULL, *candidate = NULL;
  JsonArray *candidates;

  if (!open_envelope (root, _ ("the invitation"), &data, &local_error) &&
      g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_INVALID))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  candidates = data != NULL ? assay_json_get_array (data, "candidates") : NULL;
  for (guint i = 0; candidates != NULL && candidate == NULL && i < json_array_get_length (candidates); i++)
    {
      JsonObject *record = assay_json_array_get_object (candidates, i);
      const char *address = record != NULL ? assay_json_get_string (record, "email") : NULL;
      g_autofree char *folded_address = address != NULL ? assay_email_fold (address) : NULL;

      if (g_strcmp0 (folded_address, folded) == 0)
        candidate = record;
    }
  if (candidate == NULL)
    {
      /* It took the request, and yet doesn't say that this person is invited. */
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSURE,
                   /* Translators: %s is an e-mail address */
                   _ ("Coderbyte accepted the request but doesn't name %s among the invited. Look in Coderbyte "
                      "whether the candidate is listed there."),
                   email);
      return NULL;
    }

  answered_test = assay_json_dup_string (data, "test_id");
  invited->remote_id = assay_coderbyte_make_remote_id (
    email, answered_test != NULL && *answered_test != '\0' ? answered_test : test_id);
  if (skip_send)
    {
      invited->link = assay_provider_dup_web_address (candidate, "url");
      if (invited->link == NULL)
        invited->status_text = g_strdup (_ ("Not mailed, and no link came back. Copy the link in Coderbyte."));
    }
  return g_steal_pointer (&invited);
}

typedef struct
{
  char *email;
  char *test_id;
} Invite;

static void
invite_free (gpointer data)
{
  Invite *invite = data;

  g_free (invite->email);
  g_free (invite->test_id);
  g_free (invite);
}

static Invite *
invite_new (const AssayInvitee *invitee)
{
  Invite *invite = g_new0 (Invite, 1);

  invite->email = g_strdup (invitee->email);
  invite->test_id = g_strdup (invitee->assessment_remote_id);
  return invite;
}

static gpointer
read_invited (GTask     *task,
              JsonNode  *root,
              GError   **error)
{
  const Invite *invite = g_task_get_task_data (task);
  AssayCoderbyte *self = g_task_get_source_object (task);

  return assay_coderbyte_decode_invited (root, invite->email, invite->test_id, self->skip_send, error);
}

static const AssayConnectorCall invite_call = {
  .read = read_invited,
  .free_value = (GDestroyNotify) assay_invited_free,
  .invites = TRUE,
};

static void
send_invitation (GTask      *task,
                 const char *public_url)
{
  AssayCoderbyte *self = g_task_get_source_object (task);
  const Invite *invite = g_task_get_task_data (task);
  AssayHttpRequest *request =
    assay_connector_base_new_request (ASSAY_HTTP_ONCE, "POST", "organization/candidates/invite");
  g_autoptr (JsonNode) body = assay_coderbyte_encode_invitation (invite->email, public_url, self->skip_send);

  assay_http_request_set_json (request, body, "application/json");
  assay_connector_base_ask (task, &invite_call, request);
}

static void
listed_for_invitation_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  AssayCoderbyte *self = ASSAY_CODERBYTE (source);
  const Invite *invite = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) assessments =
    assay_provider_list_assessments_finish (ASSAY_PROVIDER (source), result, &error);
  const char *public_url;

  if (assessments == NULL)
    {
      g_task_return_error (task, assay_provider_judge_preparation (error));
      return;
    }
  public_url = g_hash_table_lookup (self->public_urls, invite->test_id);
  if (public_url != NULL)
    send_invitation (task, public_url);
  else
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                             _ ("Coderbyte doesn't offer this assessment any more: it is closed there, or gone. "
                                "Nothing was sent. Choose another one."));
}

static void
assay_coderbyte_invite_async (AssayProvider       *provider,
                              const AssayInvitee  *invitee,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  AssayCoderbyte *self = ASSAY_CODERBYTE (provider);
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_coderbyte_invite_async, cancellable, callback, user_data);
  const char *public_url = NULL;

  g_task_set_task_data (task, invite_new (invitee), invite_free);

  if (g_get_monotonic_time () - self->listed_at < LIST_LIFETIME)
    public_url = g_hash_table_lookup (self->public_urls, invitee->assessment_remote_id);
  if (public_url != NULL)
    send_invitation (task, public_url);
  else
    assay_coderbyte_list_assessments_async (provider, cancellable, listed_for_invitation_cb, g_object_ref (task));
}

/* The look-up */

/* Whether @node, which may be NULL, is there and holds nothing. */
static gboolean
is_nothing (JsonNode *node)
{
  return node != NULL && (JSON_NODE_HOLDS_NULL (node) ||
                          (JSON_NODE_HOLDS_OBJECT (node) && json_object_get_size (json_node_get_object (node)) == 0));
}

gboolean
assay_coderbyte_decode_listed (JsonNode   *root,
                               const char *test_id,
                               gboolean   *listed,
                               GError    **error)
{
  const char *what = _ ("the candidate's assessments");
  gboolean is_unclear = FALSE;
  JsonObject *data;
  JsonArray *assessments;

  *listed = FALSE;
  if (!open_envelope (root, what, &data, error))
    return FALSE;
  /* Nothing at all, which is "[]", "{}" or null, is what somebody unknown has; anything else has to say it. */
  if (data == NULL || json_object_get_size (data) == 0 || is_nothing (json_object_get_member (data, "assessments")))
    return TRUE;
  assessments = assay_json_expect_member_array (data, "assessments", what, error);
  if (assessments == NULL)
    return FALSE;
  for (guint i = 0; !*listed && i < json_array_get_length (assessments); i++)
    {
      JsonObject *record = assay_json_array_get_object (assessments, i);
      g_autofree char *id = record != NULL ? assay_json_dup_string (record, "test_id") : NULL;

      is_unclear = is_unclear || id == NULL || *id == '\0';
      *listed = g_strcmp0 (id, test_id) == 0;
    }
  if (*listed || (!is_unclear && !names_further_page (root)))
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                       _ ("Coderbyte doesn't say all assessments that the candidate was invited to. Try again later."));
  return FALSE;
}

static gpointer
read_candidate (GTask     *task,
                JsonNode  *root,
                GError   **error)
{
  const Invite *invite = g_task_get_task_data (task);
  AssayInvited *invited;
  gboolean listed;

  if (!assay_coderbyte_decode_listed (root, invite->test_id, &listed, error) || !listed)
    return NULL;
  invited = assay_invited_new ();
  invited->remote_id = assay_coderbyte_make_remote_id (invite->email, invite->test_id);
  return invited;
}

static const AssayConnectorCall look_up_call = {
  .read = read_candidate,
  .free_value = (GDestroyNotify) assay_invited_free,
  /* How an unknown address is answered isn't documented: 404 and an empty list mean the same. */
  .judge = assay_connector_base_missing_is_none,
};

static void
assay_coderbyte_look_up_async (AssayProvider       *provider,
                               const AssayInvitee  *invitee,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_coderbyte_look_up_async, cancellable, callback, user_data);
  g_autofree char *escaped = g_uri_escape_string (invitee->email, NULL, FALSE);
  g_autofree char *path = g_strconcat ("organization/candidates/", escaped, NULL);

  g_task_set_task_data (task, invite_new (invitee), invite_free);
  assay_connector_base_ask (task, &look_up_call, assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path));
}

/* The report */

/* When a candidate joined, in milliseconds; 0 where it can't be read: the form isn't fixed. */
static gint64
get_joined (JsonObject *report)
{
  const char *text = assay_json_get_string (report, "date_joined");
  gint64 time = assay_json_get_time (report, "date_joined");

  if (time == 0 && text != NULL)
    {
      /* A day alone */
      g_autofree char *midnight = g_strconcat (text, "T00:00:00Z", NULL);
      g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (midnight, NULL);

      time = date != NULL ? g_date_time_to_unix (date) * 1000 : 0;
    }
  return time;
}

/* The newest by the day of joining; where days are equal or unreadable the one that is ready, else the
 * last. */
static JsonNode *
choose_report (JsonArray *reports)
{
  JsonNode *best = NULL;

  for (guint i = 0; i < json_array_get_length (reports); i++)
    {
      JsonNode *node = json_array_get_element (reports, i);
      gint64 joined, best_joined;
      gboolean better;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      if (best == NULL)
        {
          best = node;
          continue;
        }
      joined = get_joined (json_node_get_object (node));
      best_joined = get_joined (json_node_get_object (best));
      if (joined != 0 && best_joined != 0 && joined != best_joined)
        better = joined > best_joined;
      else
        better = assay_json_get_boolean (json_node_get_object (node), "report_ready", FALSE) ||
                 !assay_json_get_boolean (json_node_get_object (best), "report_ready", FALSE);
      if (better)
        best = node;
    }
  return best;
}

/* A score as Coderbyte gives it; its scale isn't documented, so that "percent" is only said where
 * Coderbyte says it. -1 stands for "none". */
static AssayScore *
read_score (JsonObject *object,
            const char *member,
            const char *name)
{
  gboolean is_percent = FALSE;
  double value;

  if (!assay_json_get_number (object, member, &value, &is_percent) || !isfinite (value) || value < 0)
    return NULL;
  return is_percent ? assay_score_new (name, value, 100, ASSAY_UNIT_PERCENT)
                    : assay_score_new (name, value, NAN, ASSAY_UNIT_NONE);
}

static void
add_score (GPtrArray  *scores,
           JsonObject *object,
           const char *member,
           const char *name)
{
  AssayScore *score = object != NULL && name != NULL && *name != '\0' ? read_score (object, member, name) : NULL;

  if (score != NULL)
    g_ptr_array_add (scores, score);
}

/* The parts by the names that Coderbyte's dashboard gives them, each challenge, and what people gave on
 * the scorecard. */
static void
add_scores (AssayResult *result,
            JsonObject  *report)
{
  JsonArray *challenges = assay_json_get_array (report, "challenge_details");
  JsonObject *scorecard = assay_json_get_object (report, "scorecard");

  add_score (result->scores, report, "code_score", "Challenge Score");
  add_score (result->scores, report, "mc_score", "Multiple Choice Score");
  add_score (result->scores, report, "oe_score", "Open-Ended Score");
  for (guint i = 0; challenges != NULL && i < json_array_get_length (challenges); i++)
    {
      JsonObject *challenge = assay_json_array_get_object (challenges, i);

      if (challenge != NULL)
        add_score (result->scores, challenge, "score", assay_json_get_string (challenge, "title"));
    }
  if (scorecard != NULL)
    {
      g_autoptr (GList) members = json_object_get_members (scorecard);

      for (GList *member = members; member != NULL; member = member->next)
        {
          g_autofree char *name = g_strconcat ("Scorecard: ", member->data, NULL);

          add_score (result->scores, scorecard, member->data, name);
        }
    }
}

/* What people should know before they trust the score. Never an input of a rule. */
static void
add_flags (AssayResult *result,
           JsonObject  *report)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonObject *details = assay_json_get_object (report, "cheating_details");
  const char *finding;
  double number;

  finding = assay_provider_get_finding (report, "cheating_flag");
  if (finding != NULL)
    {
      /* Translators: %s is a finding in the provider's own words, such as "Likely" */
      g_autofree char *flag = g_strdup_printf (_ ("Cheating: %s"), finding);

      g_strv_builder_add (builder, flag);
    }
  finding = details != NULL ? assay_provider_get_finding (details, "plagiarism") : NULL;
  if (finding == NULL)
    finding = assay_provider_get_finding (report, "plagiarism");
  if (finding != NULL)
    {
      g_autofree char *flag = g_strdup_printf (_ ("Plagiarism: %s"), finding);

      g_strv_builder_add (builder, flag);
    }
  if (details != NULL)
    {
      finding = assay_provider_get_finding (details, "pasted_code");
      if (finding != NULL)
        {
          g_autofree char *flag = g_strdup_printf (_ ("Pasted code: %s"), finding);

          g_strv_builder_add (builder, flag);
        }
      if (assay_json_get_number (details, "tab_leaving", &number, NULL) && number >= 1 && number < G_MAXINT)
        {
          g_autofree char *flag =
            g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Left the tab %d time", "Left the tab %d times",
                                          (gulong) number),
                             (int) number);

          g_strv_builder_add (builder, flag);
        }
      if (assay_json_get_boolean (details, "suspicious_activity", FALSE))
        g_strv_builder_add (builder, _ ("Suspicious activity"));
      if (assay_json_get_boolean (details, "ai_usage", FALSE))
        g_strv_builder_add (builder, _ ("Use of AI"));
    }
  if (!assay_json_get_boolean (report, "qualified", TRUE))
    {
      if (assay_json_get_number (report, "qualifying_score", &number, NULL) && isfinite (number))
        {
          g_autofree char *flag = g_strdup_printf (_ ("Not qualified: the qualifying score is %g"), number);

          g_strv_builder_add (builder, flag);
        }
      else
        g_strv_builder_add (builder, _ ("Not qualified"));
    }

  g_strfreev (result->flags);
  result->flags = g_strv_builder_end (builder);
}

/* Readiness and the final score decide over the status, of whose words there is no list. */
static AssayInvitationStatus
judge_status (JsonObject *report,
              const char *word,
              gboolean    has_score)
{
  AssayInvitationStatus status = word != NULL ? assay_invitation_status_from_provider (word) : ASSAY_INVITATION_PENDING;
  JsonNode *ready = json_object_get_member (report, "report_ready");

  if (ready != NULL && !JSON_NODE_HOLDS_NULL (ready))
    {
      if (assay_json_get_boolean (report, "report_ready", FALSE))
        return ASSAY_INVITATION_COMPLETED;
      /* Handed in, and still being graded. */
      return status == ASSAY_INVITATION_COMPLETED ? ASSAY_INVITATION_IN_PROGRESS : status;
    }
  return status == ASSAY_INVITATION_COMPLETED && !has_score ? ASSAY_INVITATION_IN_PROGRESS : status;
}

/* The report as it came; without its long lists where it would be too long to keep. */
static char *
make_raw (JsonNode *report)
{
  static const char *const long_members[] = { "workspaces", "video_responses", "challenge_details", "oe_details",
                                              "mc_details" };
  char *text = assay_json_to_text (report, ASSAY_PROVIDER_MAX_RAW);
  g_autoptr (JsonObject) shorter = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GList) members = NULL;

  if (text != NULL)
    return text;
  shorter = json_object_new ();
  members = json_object_get_members (json_node_get_object (report));
  for (GList *member = members; member != NULL; member = member->next)
    {
      gboolean keep = TRUE;

      for (guint i = 0; keep && i < G_N_ELEMENTS (long_members); i++)
        keep = strcmp (member->data, long_members[i]) != 0;
      if (keep)
        json_object_set_member (shorter, member->data,
                                json_node_copy (json_object_get_member (json_node_get_object (report), member->data)));
    }
  node = json_node_init_object (json_node_alloc (), shorter);
  return assay_json_to_text (node, ASSAY_PROVIDER_MAX_RAW);
}

AssayResult *
assay_coderbyte_decode_reports (JsonNode *root,
                                GError  **error)
{
  g_autoptr (AssayResult) result = assay_result_new ();
  JsonObject *data, *report;
  JsonArray *reports;
  JsonNode *node;

  if (!open_envelope (root, _ ("the report"), &data, error))
    return NULL;
  reports = data != NULL ? assay_json_get_array (data, "reports") : NULL;
  node = reports != NULL ? choose_report (reports) : NULL;
  if (node == NULL)
    {
      result->status = ASSAY_INVITATION_PENDING;
      return g_steal_pointer (&result);
    }

  report = json_node_get_object (node);
  result->status_text = assay_json_dup_string (report, "status");
  result->score = read_score (report, "final_score", NULL);
  result->status = judge_status (report, result->status_text, result->score != NULL);
  add_scores (result, report);
  add_flags (result, report);
  result->report_url = assay_provider_dup_web_address (report, "report_link");
  result->raw = make_raw (node);
  return g_steal_pointer (&result);
}

static GError *
make_not_shown (void)
{
  return g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                              _ ("Coderbyte doesn't show this invitation. It may appear when the candidate opens it; "
                                 "look in Coderbyte if it doesn't."));
}

static gpointer
read_known_candidate (GTask     *task,
                      JsonNode  *root,
                      GError   **error)
{
  g_auto (GStrv) parts = g_strsplit (g_task_get_task_data (task), "/", 2);
  g_autofree char *test_id = g_uri_unescape_string (parts[1], NULL);
  AssayResult *pending;
  gboolean listed = FALSE;

  if (test_id != NULL && !assay_coderbyte_decode_listed (root, test_id, &listed, error))
    return NULL;
  if (!listed)
    {
      g_propagate_error (error, make_not_shown ());
      return NULL;
    }
  pending = assay_result_new ();
  pending->status = ASSAY_INVITATION_PENDING;
  return pending;
}

static GError *
judge_unknown_candidate (GTask  *task,
                         GError *error)
{
  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    return error;
  g_error_free (error);
  return make_not_shown ();
}

static const AssayConnectorCall known_candidate_call = {
  .read = read_known_candidate,
  .free_value = (GDestroyNotify) assay_result_free,
  .judge = judge_unknown_candidate,
};

static gpointer
read_report (GTask     *task,
             JsonNode  *root,
             GError   **error)
{
  return assay_coderbyte_decode_reports (root, error);
}

/* What Coderbyte answers before a candidate has joined isn't documented. Whether the invitation is there tells. */
static GError *
judge_missing_report (GTask  *task,
                      GError *error)
{
  g_auto (GStrv) parts = g_strsplit (g_task_get_task_data (task), "/", 2);
  g_autofree char *path = g_strconcat ("organization/candidates/", parts[0], NULL);
  AssayHttpRequest *request;

  if (!g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    return error;
  g_error_free (error);
  request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path);
  assay_http_request_set_background (request, TRUE);
  assay_connector_base_ask (task, &known_candidate_call, request);
  return NULL;
}

static const AssayConnectorCall report_call = {
  .read = read_report,
  .free_value = (GDestroyNotify) assay_result_free,
  .judge = judge_missing_report,
};

static void
assay_coderbyte_read_result_async (AssayProvider       *provider,
                                   const char          *remote_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task =
    assay_connector_base_begin (provider, assay_coderbyte_read_result_async, cancellable, callback, user_data);
  g_autofree char *path = g_strconcat ("organization/candidates/", remote_id, NULL);
  const char *slash = strchr (remote_id, '/');
  AssayHttpRequest *request;

  g_task_set_task_data (task, g_strdup (remote_id), g_free);
  if (slash == NULL || slash == remote_id || slash[1] == '\0' || strchr (slash + 1, '/') != NULL)
    {
      g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, _ ("Coderbyte can't have such an "
                                                                            "invitation."));
      return;
    }
  request = assay_connector_base_new_request (ASSAY_HTTP_READ, "GET", path);
  assay_http_request_set_background (request, TRUE);
  assay_connector_base_ask (task, &report_call, request);
}

/* No call is known that sends again or cancels. */
static void
assay_coderbyte_provider_init (AssayProviderInterface *iface)
{
  iface->list_assessments_async = assay_coderbyte_list_assessments_async;
  iface->invite_async = assay_coderbyte_invite_async;
  iface->look_up_async = assay_coderbyte_look_up_async;
  iface->read_result_async = assay_coderbyte_read_result_async;
}

/* Description */

static char *
get_default_base_url (GHashTable *settings)
{
  return g_strdup ("https://coderbyte.com/api");
}

static GObject *
assay_coderbyte_create (const AssayConnectorDescription *description,
                        const AssayConnectorContext     *context,
                        GError                         **error)
{
  AssayCoderbyte *self = assay_connector_base_new (ASSAY_TYPE_CODERBYTE, description, context, error);

  if (self == NULL)
    return NULL;
  assay_http_channel_set_credential (assay_connector_base_get_channel (self), ASSAY_HTTP_AUTH_BEARER,
                                     NULL, g_hash_table_lookup (context->secrets, "api-key"));
  self->skip_send = g_strcmp0 (assay_connection_get_setting (context->connection, "skip-send"), "yes") == 0;
  return G_OBJECT (self);
}

#define CAPABILITIES (ASSAY_CAN_NAMED_SCORES | ASSAY_CAN_PARTIAL_RESULTS | ASSAY_CAN_LOOK_UP | ASSAY_CAN_FLAGS)

static AssayCapabilities
get_capabilities (GHashTable *settings)
{
  return g_strcmp0 (g_hash_table_lookup (settings, "skip-send"), "yes") == 0 ? CAPABILITIES | ASSAY_MAILS_NOBODY
                                                                             : CAPABILITIES;
}

const AssayConnectorDescription assay_coderbyte_description = {
  .id = "coderbyte",
  .name = "Coderbyte",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Coding assessments: invitations, progress, scores of each part, signs of cheating and a report"),
  .capabilities = CAPABILITIES,
  .get_capabilities = get_capabilities,
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "mode",
        .title = N_ ("Integration"),
        .description = N_ ("Which of Coderbyte's two integrations the key belongs to. With “automations” Coderbyte "
                           "may invite by itself when a candidate is moved to a stage: don't let a rule of Assay and "
                           "a workflow of Coderbyte invite to the same assessment."),
        .type = ASSAY_SETTING_CHOICE,
        .default_value = "automations",
        .choices = (const char *const[]){ "automations", "plugin", NULL },
      },
      {
        .name = "skip-send",
        .title = N_ ("Keep Coderbyte from mailing"),
        .description = N_ ("Then Coderbyte mails nobody: the invitation shows the candidate's link, and you hand it "
                           "on."),
        .type = ASSAY_SETTING_CHOICE,
        .advanced = TRUE,
        .default_value = "no",
        .choices = (const char *const[]){ "no", "yes", NULL },
      },
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("What precedes “/organization/assessments”."),
        .type = ASSAY_SETTING_URL,
        .advanced = TRUE,
        .placeholder = "https://coderbyte.com/api",
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
            N_ ("In Coderbyte, make sure that you have the API add-on enabled."),
            N_ ("For automations, open the dashboard's API settings and copy the API key."),
            N_ ("For the plugin, navigate to Integrations, then ATS, select Pinpoint, and select the Pinpoint Plugin "
                "tab. Copy the Plugin API Key."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions =
    (const AssayPermissionDescription[]){
      {
        .name = "Assessments",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Lists the assessments that you can send."),
        .remedy = N_ ("Copy the key again from Coderbyte's API settings, and make sure that the API add-on is "
                      "enabled."),
      },
      {
        .name = "Candidates",
        .access = "Read",
        .needed = TRUE,
        .purpose = N_ ("Looks whether a candidate was invited already, and reads the reports."),
        .remedy = N_ ("This can't be tried without a candidate. The first invitation that you send shows it."),
      },
      {
        .name = "Candidates",
        .access = "Invite",
        .needed = TRUE,
        .purpose = N_ ("Sends an assessment to a candidate."),
        .remedy = N_ ("This can't be tried without inviting somebody. The first invitation that you send shows it."),
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("Your Coderbyte plan has the API add-on."),
        .how_to_tell = N_ ("The dashboard's API settings show an API key."),
        .if_not = N_ ("Ask Coderbyte's support to add it to your plan."),
      },
      {
        .requirement = N_ ("Candidates are invited in one way only: by Assay, or by a workflow in Coderbyte."),
        .how_to_tell = N_ ("No workflow in Coderbyte, under Integrations, invites to an assessment that you send from "
                           "Assay."),
        .if_not = N_ ("Switch that workflow off, or leave the assessment out in Assay."),
      },
      { .requirement = NULL },
    },
  .twice_setting = "mode",
  .disconnect_steps =
    (const char *const[]){
      N_ ("In Coderbyte open the dashboard's API settings and delete the API key, or make a new one."),
      N_ ("If you made a Plugin API Key for it, navigate to Integrations, then ATS, select Pinpoint, and remove the "
          "plugin's key."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://help.coderbyte.com/", NULL },
  /* Nothing is documented: one call at a time, a few a second. */
  .pace = { .per_second = 4, .burst = 4, .concurrency = 1 },
  .create = assay_coderbyte_create,
  .get_default_base_url = get_default_base_url,
  .parse_webhook = assay_coderbyte_parse_webhook,
};
