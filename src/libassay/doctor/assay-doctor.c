/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be wrong with a connection. */
#include "config.h"

#include "assay-doctor.h"

#include <glib/gi18n-lib.h>

#define MINUTE (60 * G_GINT64_CONSTANT (1000))
#define DAY (24 * 60 * MINUTE)

#define CLOCK_TOLERANCE (2 * MINUTE)
#define EXPIRY_NOTICE (14 * DAY)
#define DISK_WARNING (G_GUINT64_CONSTANT (200) * 1024 * 1024)
#define DISK_FULL (G_GUINT64_CONSTANT (20) * 1024 * 1024)

static const char *const severities[] = { "good", "unknown", "warning", "bad" };

const char *
assay_severity_to_string (AssaySeverity severity)
{
  g_return_val_if_fail ((guint) severity < G_N_ELEMENTS (severities), severities[ASSAY_SEVERITY_UNKNOWN]);

  return severities[severity];
}

static AssaySeverity
severity_from_string (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (severities); i++)
    if (g_strcmp0 (severities[i], text) == 0)
      return (AssaySeverity) i;
  return ASSAY_SEVERITY_UNKNOWN;
}

AssayFinding *
assay_finding_new (const char    *code,
                   AssaySeverity  severity,
                   const char    *title,
                   const char    *sentence,
                   const char    *remedy)
{
  AssayFinding *finding = g_new0 (AssayFinding, 1);

  finding->code = g_strdup (code);
  finding->severity = severity;
  finding->title = g_strdup (title);
  finding->sentence = g_strdup (sentence);
  finding->remedy = g_strdup (remedy);
  finding->at = assay_time_now ();
  return finding;
}

void
assay_finding_free (AssayFinding *finding)
{
  if (finding == NULL)
    return;
  g_free (finding->code);
  g_free (finding->title);
  g_free (finding->sentence);
  g_free (finding->remedy);
  g_free (finding);
}

GPtrArray *
assay_findings_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) assay_finding_free);
}

AssaySeverity
assay_findings_get_severity (GPtrArray *findings)
{
  AssaySeverity gravest = ASSAY_SEVERITY_GOOD;

  for (guint i = 0; i < findings->len; i++)
    gravest = MAX (gravest, ((const AssayFinding *) g_ptr_array_index (findings, i))->severity);
  return gravest;
}

static void
add (GPtrArray     *findings,
     const char    *code,
     AssaySeverity  severity,
     const char    *title,
     const char    *sentence,
     const char    *remedy)
{
  g_ptr_array_add (findings, assay_finding_new (code, severity, title, sentence, remedy));
}

/* ---- Judging ---- */

void
assay_doctor_judge_keyring (GPtrArray    *findings,
                            const GError *error)
{
  if (assay_error_is_keyring (error))
    add (findings, "keyring", ASSAY_SEVERITY_BAD, _("Keyring"), error->message, NULL);
  else
    add (findings, "keyring", ASSAY_SEVERITY_GOOD, _("Keyring"), _("The keyring is open, and has the key."), NULL);
}

static void
judge_permission (GPtrArray             *findings,
                  const AssayPermission *permission)
{
  /* Translators: %1$s is a permission as the vendor calls it ("Job"), %2$s its degree ("Read") */
  g_autofree char *title = g_strdup_printf (_("%1$s: %2$s"), permission->name, permission->access);
  g_autofree char *spared = NULL;
  AssaySeverity severity = ASSAY_SEVERITY_UNKNOWN;

  if (permission->granted == ASSAY_GRANTED_NO && !permission->needed)
    /* Translators: %1$s is a permission as the vendor calls it ("Find all webhooks"), %2$s its degree ("Read") */
    spared = g_strdup_printf (_("%1$s: %2$s, which the key hasn't"), permission->name, permission->access);
  if (permission->granted == ASSAY_GRANTED_YES)
    severity = ASSAY_SEVERITY_GOOD;
  else if (permission->granted == ASSAY_GRANTED_NO && permission->needed)
    severity = ASSAY_SEVERITY_BAD;
  add (findings, "permission", severity, spared != NULL ? spared : title, NULL, permission->remedy);
}

void
assay_doctor_judge_probe (GPtrArray                       *findings,
                          const AssayConnectorDescription *description,
                          const AssayProbe                *probe,
                          const GError                    *error)
{
  const GError *problem = probe != NULL ? probe->error : error;
  const gboolean key_is_good = problem == NULL || g_error_matches (problem, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN);
  const gboolean nobody_knows = g_error_matches (problem, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) ||
                                g_error_matches (problem, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED) ||
                                assay_error_is_keyring (problem);
  g_autofree char *account = NULL;

  if (probe != NULL && probe->account != NULL)
    /* Translators: %s is whose account it is at the vendor's, such as a company's name */
    account = g_strdup_printf (_("The account of %s."), probe->account);
  add (findings, "key",
       key_is_good    ? ASSAY_SEVERITY_GOOD
       : nobody_knows ? ASSAY_SEVERITY_UNKNOWN
                      : ASSAY_SEVERITY_BAD,
       _("Address and key"), key_is_good ? account : problem->message, NULL);
  /* What a refused key may do can't be told. */
  for (guint i = 0; key_is_good && probe != NULL && i < probe->permissions->len; i++)
    judge_permission (findings, g_ptr_array_index (probe->permissions, i));
}

void
assay_doctor_judge_clock (GPtrArray *findings,
                          gboolean   known,
                          gint64     skew)
{
  const gint64 minutes = ABS (skew) / MINUTE;
  g_autofree char *sentence = NULL;

  if (!known)
    {
      add (findings, "clock", ASSAY_SEVERITY_UNKNOWN, _("Clock"), _("The vendor hasn’t told its time."), NULL);
      return;
    }
  if (ABS (skew) < CLOCK_TOLERANCE)
    {
      add (findings, "clock", ASSAY_SEVERITY_GOOD, _("Clock"), _("This computer’s clock agrees with the vendor’s."),
           NULL);
      return;
    }
  if (skew > 0)
    sentence = g_strdup_printf (ngettext ("This computer’s clock is %d minute ahead of the vendor’s.",
                                          "This computer’s clock is %d minutes ahead of the vendor’s.",
                                          (gulong) minutes),
                                (int) MIN (minutes, G_MAXINT));
  else
    sentence = g_strdup_printf (ngettext ("This computer’s clock is %d minute behind the vendor’s.",
                                          "This computer’s clock is %d minutes behind the vendor’s.",
                                          (gulong) minutes),
                                (int) MIN (minutes, G_MAXINT));
  add (findings, "clock", ASSAY_SEVERITY_WARNING, _("Clock"), sentence,
       _("Switch on “Automatic Date and Time” in the system’s settings: what is signed or ends at a time is refused "
         "otherwise."));
}

void
assay_doctor_judge_disk (GPtrArray  *findings,
                         guint64     free_bytes,
                         const char *directory)
{
  g_autofree char *size = g_format_size (free_bytes);
  /* Translators: %1$s is a size such as "120 MB", %2$s a folder */
  g_autofree char *sentence = g_strdup_printf (_("%1$s are free where Assay keeps its data, in “%2$s”."), size,
                                               directory);

  add (findings, "disk",
       free_bytes < DISK_FULL      ? ASSAY_SEVERITY_BAD
       : free_bytes < DISK_WARNING ? ASSAY_SEVERITY_WARNING
                                   : ASSAY_SEVERITY_GOOD,
       _("Disk"), sentence,
       free_bytes < DISK_WARNING ? _("Free some space: Assay can’t note what it sends on a full disk, and so sends "
                                     "nothing.")
                                 : NULL);
}

void
assay_doctor_judge_expiry (GPtrArray                    *findings,
                           const AssaySecretDescription *secret,
                           gint64                        expiry,
                           gint64                        now)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *date = NULL;
  g_autofree char *sentence = NULL;

  if (expiry == 0)
    return;
  time = g_date_time_new_from_unix_local (expiry / 1000);
  date = g_date_time_format (time, "%x");
  sentence = expiry <= now
               /* Translators: %1$s is "API key" or the like, %2$s a date */
               ? g_strdup_printf (_("The %1$s ended on %2$s."), _(secret->title), date)
               /* Translators: %1$s is "API key" or the like, %2$s a date */
               : g_strdup_printf (_("The %1$s ends on %2$s."), _(secret->title), date);
  add (findings, "expiry",
       expiry <= now                   ? ASSAY_SEVERITY_BAD
       : expiry - now < EXPIRY_NOTICE ? ASSAY_SEVERITY_WARNING
                                       : ASSAY_SEVERITY_GOOD,
       _("End of the key"), sentence,
       expiry - now < EXPIRY_NOTICE ? _("Make a new one, and relink the connection with it.") : NULL);
}

void
assay_doctor_judge_twice (GPtrArray                       *findings,
                          const AssayConnectorDescription *description,
                          const AssayConnection           *connection,
                          GPtrArray                       *connections)
{
  const char *value;

  if (description->twice_setting == NULL)
    return;
  value = assay_connection_get_setting (connection, description->twice_setting);
  for (guint i = 0; i < connections->len; i++)
    {
      const AssayConnection *other = g_ptr_array_index (connections, i);
      g_autofree char *sentence = NULL;
      g_autofree char *remedy = NULL;

      if (other->id == connection->id || g_strcmp0 (other->kind, connection->kind) != 0 ||
          (other->state != ASSAY_CONNECTION_ENABLED && other->state != ASSAY_CONNECTION_FAILING) ||
          g_strcmp0 (assay_connection_get_setting (other, description->twice_setting), value) == 0)
        continue;
      /* Translators: %1$s is a system, %2$s the name of a connection */
      sentence = g_strdup_printf (_("“%2$s” uses %1$s’s other integration. Somebody who is invited by one can be "
                                    "invited by the other again."),
                                  _(description->name), other->name);
      /* Translators: %s is the name of a connection */
      remedy = g_strdup_printf (_("Keep one of the two: disable this connection, or “%s”."), other->name);
      add (findings, "twice", ASSAY_SEVERITY_WARNING, _("Invited twice"), sentence, remedy);
      return;
    }
  add (findings, "twice", ASSAY_SEVERITY_GOOD, _("Invited twice"), _("No other connection invites the same people."),
       NULL);
}

void
assay_doctor_judge_role (GPtrArray                       *findings,
                         const AssayConnectorDescription *description,
                         const AssayConnection           *connection,
                         const AssayProbe                *probe)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *date = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *remedy = NULL;

  if (probe == NULL || probe->ok || connection->last_contact_at == 0 || description->roles == NULL ||
      description->roles[0].name == NULL)
    return;
  if (!g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) &&
      !g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED))
    return;
  time = g_date_time_new_from_unix_local (connection->last_contact_at / 1000);
  date = g_date_time_format (time, "%x");
  /* Translators: %1$s is a system, %2$s a date, %3$s a role there ("Super Admin") */
  sentence = g_strdup_printf (_("%1$s took this key until %2$s. Whoever made it may not be %3$s any more."),
                              _(description->name), date, description->roles[0].name);
  /* Translators: %s is a role in the vendor's system ("Super Admin") */
  remedy = g_strdup_printf (_("Ask them, or let somebody who is %s make a new key, and relink the connection with it."),
                            description->roles[0].name);
  add (findings, "role", ASSAY_SEVERITY_WARNING, _("Role of the key’s owner"), sentence, remedy);
}

/* ---- Remembering ---- */

gboolean
assay_findings_replace (AssayDatabase  *database,
                        gint64          connection_id,
                        GPtrArray      *findings,
                        GError        **error)
{
  AssayStatement *statement =
    assay_database_prepare (database, "DELETE FROM connection_finding WHERE connection_id = ?1", error);

  if (statement == NULL)
    return FALSE;
  assay_statement_bind_int64 (statement, 1, connection_id);
  if (!assay_statement_run (statement, error))
    return FALSE;
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);

      statement = assay_database_prepare (
        database,
        "INSERT INTO connection_finding (connection_id, code, severity, title, sentence, remedy, position, at)"
        " SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM connection WHERE id = ?1",
        error);
      if (statement == NULL)
        return FALSE;
      assay_statement_bind_int64 (statement, 1, connection_id);
      assay_statement_bind_text (statement, 2, finding->code);
      assay_statement_bind_text (statement, 3, assay_severity_to_string (finding->severity));
      assay_statement_bind_text (statement, 4, finding->title);
      assay_statement_bind_text (statement, 5, finding->sentence);
      assay_statement_bind_text (statement, 6, finding->remedy);
      assay_statement_bind_int64 (statement, 7, i);
      assay_statement_bind_int64 (statement, 8, finding->at);
      if (!assay_statement_run (statement, error))
        return FALSE;
    }
  assay_database_note_change (database, ASSAY_CHANGE_CONNECTIONS, connection_id);
  return TRUE;
}

GPtrArray *
assay_findings_list (AssayDatabase  *database,
                     gint64          connection_id,
                     GError        **error)
{
  g_autoptr (GPtrArray) findings = assay_findings_new ();
  g_autoptr (GError) local_error = NULL;
  AssayStatement *statement =
    assay_database_prepare (database,
                            "SELECT code, severity, title, sentence, remedy, at FROM connection_finding"
                            " WHERE connection_id = ?1 ORDER BY position",
                            error);

  if (statement == NULL)
    return NULL;
  assay_statement_bind_int64 (statement, 1, connection_id);
  while (assay_statement_step (statement, &local_error))
    {
      AssayFinding *finding = assay_finding_new (assay_statement_get_text (statement, 0),
                                                 severity_from_string (assay_statement_get_text (statement, 1)),
                                                 assay_statement_get_text (statement, 2),
                                                 assay_statement_get_text (statement, 3),
                                                 assay_statement_get_text (statement, 4));

      finding->at = assay_statement_get_int64 (statement, 5);
      g_ptr_array_add (findings, finding);
    }
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return g_steal_pointer (&findings);
}
