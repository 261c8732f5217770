/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model's tables: statuses, scores, ids, times, addresses; and that copies own what they hold. */
#include "config.h"

#include "assay-deadline.h"
#include "assay-error.h"
#include "assay-model.h"

#include <math.h>

static void
test_statuses (void)
{
  for (int i = 0; i < ASSAY_N_INVITATION_STATUSES; i++)
    {
      AssayInvitationStatus status;

      g_assert_true (assay_invitation_status_from_string (assay_invitation_status_to_string (i), &status));
      g_assert_cmpint (status, ==, i);
      g_assert_cmpstr (assay_invitation_status_get_label (i), !=, "");
      g_assert_cmpint (assay_invitation_status_is_open (i), ==,
                       i == ASSAY_INVITATION_PENDING || i == ASSAY_INVITATION_IN_PROGRESS ||
                         i == ASSAY_INVITATION_UNKNOWN);
    }
  g_assert_cmpstr (assay_invitation_status_to_string (ASSAY_INVITATION_IN_PROGRESS), ==, "in-progress");
  g_assert_false (assay_invitation_status_from_string ("Completed", &(AssayInvitationStatus) { 0 }));
  g_assert_false (assay_invitation_status_from_string (NULL, &(AssayInvitationStatus) { 0 }));
}

static void
test_provider_words (void)
{
  static const struct
  {
    const char *text;
    AssayInvitationStatus status;
  } words[] = {
    { "pending", ASSAY_INVITATION_PENDING },       { "NEW", ASSAY_INVITATION_PENDING },
    { "OPEN", ASSAY_INVITATION_PENDING },          { "not_started", ASSAY_INVITATION_PENDING },
    { "Not Started", ASSAY_INVITATION_PENDING },   { "joined", ASSAY_INVITATION_PENDING },
    { "incomplete", ASSAY_INVITATION_PENDING },    { "IN_PROGRESS", ASSAY_INVITATION_IN_PROGRESS },
    { "In Progress", ASSAY_INVITATION_IN_PROGRESS }, { "in-progress", ASSAY_INVITATION_IN_PROGRESS },
    { "Started", ASSAY_INVITATION_IN_PROGRESS },   { "complete", ASSAY_INVITATION_COMPLETED },
    { "COMPLETED", ASSAY_INVITATION_COMPLETED },   { "Submitted", ASSAY_INVITATION_COMPLETED },
    { "expired", ASSAY_INVITATION_EXPIRED },       { "DidNotTake", ASSAY_INVITATION_EXPIRED },
    { "canceled", ASSAY_INVITATION_CANCELLED },    { "CANCELLED", ASSAY_INVITATION_CANCELLED },
    { "archived", ASSAY_INVITATION_CANCELLED },    { "abandoned", ASSAY_INVITATION_FAILED },
    { "REJECTED", ASSAY_INVITATION_FAILED },       { "failed", ASSAY_INVITATION_FAILED },
    { "", ASSAY_INVITATION_UNKNOWN },              { "completedly", ASSAY_INVITATION_UNKNOWN },
    { "on hold", ASSAY_INVITATION_UNKNOWN },       { "________________________", ASSAY_INVITATION_UNKNOWN },
    { "a word longer than any that is known", ASSAY_INVITATION_UNKNOWN },
    { NULL, ASSAY_INVITATION_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_cmpint (assay_invitation_status_from_provider (words[i].text), ==, words[i].status);
}

static void
test_states (void)
{
  AssayConnectionState connection_state;
  AssayOutboxState outbox_state;

  for (int i = ASSAY_CONNECTION_SAVED; i <= ASSAY_CONNECTION_FAILING; i++)
    {
      g_assert_true (assay_connection_state_from_string (assay_connection_state_to_string (i), &connection_state));
      g_assert_cmpint (connection_state, ==, i);
    }
  for (int i = ASSAY_OUTBOX_QUEUED; i <= ASSAY_OUTBOX_DISCARDED; i++)
    {
      g_assert_true (assay_outbox_state_from_string (assay_outbox_state_to_string (i), &outbox_state));
      g_assert_cmpint (outbox_state, ==, i);
    }
  g_assert_false (assay_connection_state_from_string ("on", &connection_state));
  g_assert_false (assay_outbox_state_from_string (NULL, &outbox_state));
  g_assert_cmpstr (assay_role_to_string (ASSAY_ROLE_ATS), ==, "ats");
  g_assert_cmpstr (assay_role_to_string (ASSAY_ROLE_PROVIDER), ==, "provider");
}

static void
test_scores (void)
{
  static const struct
  {
    double value;
    double max;
    AssayUnit unit;
    const char *text;
    double fraction;
  } scores[] = {
    { 84, 100, ASSAY_UNIT_PERCENT, "84\302\240%", 0.84 },
    { 84.5, NAN, ASSAY_UNIT_PERCENT, "84.5\302\240%", 0.845 },
    { 100, 20, ASSAY_UNIT_PERCENT, "100\302\240%", 1 },
    { 17, 20, ASSAY_UNIT_NONE, "17 / 20", 0.85 },
    { 12.5, NAN, ASSAY_UNIT_NONE, "12.5", -1 },
    { 12.504, NAN, ASSAY_UNIT_NONE, "12.5", -1 },
    { 1200, NAN, ASSAY_UNIT_NONE, "1200", -1 },
    { 0, 0, ASSAY_UNIT_NONE, "0 / 0", -1 },
    { -0.001, NAN, ASSAY_UNIT_NONE, "0", -1 },
    { 30, 20, ASSAY_UNIT_NONE, "30 / 20", 1 },
    { -3, 20, ASSAY_UNIT_NONE, "-3 / 20", 0 },
    { NAN, 20, ASSAY_UNIT_NONE, "–", -1 },
    { INFINITY, NAN, ASSAY_UNIT_PERCENT, "–", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (scores); i++)
    {
      g_autoptr (AssayScore) score = assay_score_new (NULL, scores[i].value, scores[i].max, scores[i].unit);
      g_autofree char *text = assay_score_format (score);

      g_assert_cmpstr (text, ==, scores[i].text);
      g_assert_cmpfloat_with_epsilon (assay_score_get_fraction (score), scores[i].fraction, 1e-9);
    }
}

static void
test_ids (void)
{
  static const char *const bad[] = {
    "",   "a",   "1024", "i1024", "a0",   "a-1",  "a+1", "a01",
    "a1 ", " a1", "a1x",  "A1",    "a1.0", "a0x1", "a9223372036854775808", "a99999999999999999999999",
  };
  g_autofree char *text = assay_id_format (ASSAY_ID_APPLICATION, 1024);
  gint64 id = 0;

  g_assert_cmpstr (text, ==, "a1024");
  g_assert_true (assay_id_parse (text, ASSAY_ID_APPLICATION, &id));
  g_assert_cmpint (id, ==, 1024);
  g_assert_false (assay_id_parse (text, ASSAY_ID_JOB, &id));
  g_assert_true (assay_id_parse ("o9223372036854775807", ASSAY_ID_OUTBOX, &id));
  g_assert_cmpint (id, ==, G_MAXINT64);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (assay_id_parse (bad[i], ASSAY_ID_APPLICATION, &id));
  g_assert_false (assay_id_parse (NULL, ASSAY_ID_APPLICATION, &id));
}

static void
test_times (void)
{
  static const struct
  {
    gint64 time;
    const char *text;
  } times[] = {
    { 0, NULL },
    { 1763675400000, "2025-11-20T21:50:00Z" },
    { 1763675400042, "2025-11-20T21:50:00.042Z" },
    { -1, "1969-12-31T23:59:59.999Z" },
    { G_MAXINT64, NULL },
    { G_MININT64, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *text = assay_time_format (times[i].time);

      g_assert_cmpstr (text, ==, times[i].text);
    }
  g_assert_cmpint (assay_time_now (), >, 1700000000000);
}

static void
test_emails (void)
{
  static const char *const good[] = { "a@b", "amara.okafor+jobs@mail.example.com", "李明@example.cn", "x@例え.jp" };
  static const char *const bad[] = {
    "",         "@",     "a@",      "@b.com",  "a b@c.com", "a@b@c",     "a@.com",   "a@b..com",
    "a@b.com.", "plain", "a@b\n.c", "a\t@b.c", "a@b.c ",    "a@\xff.com", "a\302\240@b.c",
  };
  g_autofree char *folded = assay_email_fold ("  Amara.OKAFOR@Example.COM\n");
  g_autofree char *wide = assay_email_fold ("ÅSA@Example.se");
  g_autofree char *none = assay_email_fold (NULL);

  g_assert_cmpstr (folded, ==, "amara.okafor@example.com");
  g_assert_cmpstr (wide, ==, "åsa@example.se");
  g_assert_cmpstr (none, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (assay_email_is_plausible (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (assay_email_is_plausible (bad[i]));
  g_assert_false (assay_email_is_plausible (NULL));
}

static void
test_copies (void)
{
  AssayConnection *connection = assay_connection_new ();
  AssayApplication *application = assay_application_new ();
  AssayInvitation *invitation = assay_invitation_new ();
  g_autoptr (AssayConnection) connection_copy = NULL;
  g_autoptr (AssayApplication) application_copy = NULL;
  g_autoptr (AssayInvitation) invitation_copy = NULL;
  AssayInvitationEvent *event = assay_invitation_event_new ();

  connection->name = g_strdup ("ACME");
  connection->secret_id = g_strdup ("s1");
  g_hash_table_insert (connection->settings, g_strdup ("subdomain"), g_strdup ("acme"));
  connection_copy = assay_connection_copy (connection);
  assay_connection_free (connection);
  g_assert_cmpstr (connection_copy->name, ==, "ACME");
  g_assert_cmpstr (connection_copy->secret_id, ==, "s1");
  g_assert_cmpstr (assay_connection_get_setting (connection_copy, "subdomain"), ==, "acme");
  g_assert_null (assay_connection_get_setting (connection_copy, "region"));

  application->full_name = g_strdup ("Amara Okafor");
  g_strfreev (application->tags);
  application->tags = g_strsplit ("one,two", ",", -1);
  g_ptr_array_add (application->documents, assay_document_new ("cv", "cv.pdf", "https://example.com/cv.pdf"));
  application->invitation_score = assay_score_new (NULL, 84, 100, ASSAY_UNIT_PERCENT);
  application_copy = assay_application_copy (application);
  assay_application_free (application);
  g_assert_cmpstr (application_copy->full_name, ==, "Amara Okafor");
  g_assert_cmpstr (application_copy->tags[1], ==, "two");
  g_assert_cmpuint (application_copy->documents->len, ==, 1);
  g_assert_cmpstr (((AssayDocument *) application_copy->documents->pdata[0])->filename, ==, "cv.pdf");
  g_assert_cmpfloat (application_copy->invitation_score->value, ==, 84);

  event->source = g_strdup ("poll");
  g_ptr_array_add (invitation->history, event);
  g_ptr_array_add (invitation->scores, assay_score_new ("Logic", 3, 5, ASSAY_UNIT_NONE));
  invitation_copy = assay_invitation_copy (invitation);
  assay_invitation_free (invitation);
  g_assert_cmpstr (((AssayInvitationEvent *) invitation_copy->history->pdata[0])->source, ==, "poll");
  g_assert_cmpstr (((AssayScore *) invitation_copy->scores->pdata[0])->name, ==, "Logic");
  g_assert_nonnull (invitation_copy->flags);
}

/* A day counts to its end, where one is. */
static void
test_deadlines (void)
{
  static const char *const wrong[] = { "", "tomorrow", "2026-1-1", "2026-13-01", "2026-02-30", "1.12.2026", "2026-12-01T",
                                       "2026-12-01T25:00:00Z", "20261201", "1969-01-01", "2026-12-01 18:00" };
  g_autofree char *day = NULL, *moment = NULL;
  gint64 deadline;
  GError *error = NULL;

  /* By the rule of POSIX: summer time ends at midnight in UTC on 25 October, which then has 25 hours. */
  g_setenv ("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
  g_assert_true (assay_deadline_parse ("2026-12-01", &deadline, &error));
  g_assert_no_error (error);
  g_assert_cmpint (deadline, ==, G_GINT64_CONSTANT (1796165999000));
  day = assay_deadline_format (deadline);
  g_assert_cmpstr (day, ==, "1 December 2026");
  g_assert_true (assay_deadline_parse ("2026-10-25", &deadline, &error));
  g_assert_cmpint (deadline, ==, G_GINT64_CONSTANT (1792969199000));
  g_assert_true (assay_deadline_parse ("2026-12-01T18:00:00Z", &deadline, &error));
  g_assert_cmpint (deadline, ==, G_GINT64_CONSTANT (1796148000000));
  moment = assay_deadline_format (deadline);
  g_assert_cmpstr (moment, ==, "1 December 2026 at 19:00");
  g_assert_true (assay_deadline_parse ("2026-12-01T19:00:00", &deadline, &error));
  g_assert_cmpint (deadline, ==, G_GINT64_CONSTANT (1796148000000));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s", wrong[i]);
      g_assert_false (assay_deadline_parse (wrong[i], &deadline, &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID);
      g_assert_cmpint (deadline, ==, 0);
      g_clear_error (&error);
    }
  g_unsetenv ("TZ");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/statuses", test_statuses);
  g_test_add_func ("/model/provider-words", test_provider_words);
  g_test_add_func ("/model/states", test_states);
  g_test_add_func ("/model/scores", test_scores);
  g_test_add_func ("/model/ids", test_ids);
  g_test_add_func ("/model/times", test_times);
  g_test_add_func ("/model/emails", test_emails);
  g_test_add_func ("/model/deadlines", test_deadlines);
  g_test_add_func ("/model/copies", test_copies);
  return g_test_run ();
}
