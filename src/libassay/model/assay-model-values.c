/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the model's values are called: in the database and on the command line, for people, and by the providers;
 * and ids, times, scores and e-mail addresses as text. */
#include "config.h"

#include "assay-model.h"

#include <langinfo.h>
#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* ---- Enumerations as words ---- */

static const char *const role_names[] = { "ats", "provider" };
static const char *const connection_state_names[] = { "saved", "enabled", "disabled", "failing" };
static const char *const outbox_state_names[] = { "queued", "sending", "done", "failed", "unsure", "discarded" };

static const struct
{
  const char *name;
  const char *label;
} invitation_statuses[] = {
  [ASSAY_INVITATION_QUEUED] = { "queued", N_("Queued") },
  [ASSAY_INVITATION_PENDING] = { "pending", N_("Pending") },
  [ASSAY_INVITATION_IN_PROGRESS] = { "in-progress", N_("In progress") },
  [ASSAY_INVITATION_COMPLETED] = { "completed", N_("Completed") },
  [ASSAY_INVITATION_EXPIRED] = { "expired", N_("Expired") },
  [ASSAY_INVITATION_CANCELLED] = { "cancelled", N_("Cancelled") },
  [ASSAY_INVITATION_FAILED] = { "failed", N_("Failed") },
  [ASSAY_INVITATION_UNSURE] = { "unsure", N_("Unsure") },
  [ASSAY_INVITATION_UNKNOWN] = { "unknown", N_("Unknown") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (invitation_statuses) == ASSAY_N_INVITATION_STATUSES);

static int
find_name (const char        *text,
           const char *const *names,
           guint              n_names)
{
  for (guint i = 0; text != NULL && i < n_names; i++)
    if (strcmp (text, names[i]) == 0)
      return (int) i;
  return -1;
}

const char *
assay_role_to_string (AssayRole role)
{
  g_return_val_if_fail ((guint) role < G_N_ELEMENTS (role_names), NULL);
  return role_names[role];
}

const char *
assay_connection_state_to_string (AssayConnectionState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (connection_state_names), NULL);
  return connection_state_names[state];
}

gboolean
assay_connection_state_from_string (const char           *text,
                                    AssayConnectionState *state)
{
  int found = find_name (text, connection_state_names, G_N_ELEMENTS (connection_state_names));

  if (found < 0)
    return FALSE;
  *state = (AssayConnectionState) found;
  return TRUE;
}

const char *
assay_outbox_state_to_string (AssayOutboxState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (outbox_state_names), NULL);
  return outbox_state_names[state];
}

gboolean
assay_outbox_state_from_string (const char       *text,
                                AssayOutboxState *state)
{
  int found = find_name (text, outbox_state_names, G_N_ELEMENTS (outbox_state_names));

  if (found < 0)
    return FALSE;
  *state = (AssayOutboxState) found;
  return TRUE;
}

/* ---- Statuses of invitations ---- */

const char *
assay_invitation_status_to_string (AssayInvitationStatus status)
{
  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (invitation_statuses), NULL);
  return invitation_statuses[status].name;
}

gboolean
assay_invitation_status_from_string (const char            *text,
                                     AssayInvitationStatus *status)
{
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (invitation_statuses); i++)
    if (strcmp (text, invitation_statuses[i].name) == 0)
      {
        *status = (AssayInvitationStatus) i;
        return TRUE;
      }
  return FALSE;
}

const char *
assay_invitation_status_get_label (AssayInvitationStatus status)
{
  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (invitation_statuses), NULL);
  return _(invitation_statuses[status].label);
}

gboolean
assay_invitation_status_is_open (AssayInvitationStatus status)
{
  return status == ASSAY_INVITATION_PENDING || status == ASSAY_INVITATION_IN_PROGRESS ||
         status == ASSAY_INVITATION_UNKNOWN;
}

/* The words that TestTrick, Coderbyte, TestGorilla, TestDome and their peers are known to use, folded. "incomplete"
 * is the Greenhouse protocol's word for "not yet". */
static const struct
{
  const char *word;
  AssayInvitationStatus status;
} provider_words[] = {
  { "pending", ASSAY_INVITATION_PENDING },
  { "invited", ASSAY_INVITATION_PENDING },
  { "sent", ASSAY_INVITATION_PENDING },
  { "new", ASSAY_INVITATION_PENDING },
  { "open", ASSAY_INVITATION_PENDING },
  { "notstarted", ASSAY_INVITATION_PENDING },
  { "joined", ASSAY_INVITATION_PENDING },
  { "incomplete", ASSAY_INVITATION_PENDING },
  { "inprogress", ASSAY_INVITATION_IN_PROGRESS },
  { "started", ASSAY_INVITATION_IN_PROGRESS },
  { "complete", ASSAY_INVITATION_COMPLETED },
  { "completed", ASSAY_INVITATION_COMPLETED },
  { "submitted", ASSAY_INVITATION_COMPLETED },
  { "expired", ASSAY_INVITATION_EXPIRED },
  { "didnottake", ASSAY_INVITATION_EXPIRED },
  { "cancelled", ASSAY_INVITATION_CANCELLED },
  { "canceled", ASSAY_INVITATION_CANCELLED },
  { "archived", ASSAY_INVITATION_CANCELLED },
  { "abandoned", ASSAY_INVITATION_FAILED },
  { "failed", ASSAY_INVITATION_FAILED },
  { "rejected", ASSAY_INVITATION_FAILED },
};

AssayInvitationStatus
assay_invitation_status_from_provider (const char *text)
{
  char folded[16];
  gsize length = 0;

  if (text == NULL)
    return ASSAY_INVITATION_UNKNOWN;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '_' || *p == '-' || *p == ' ')
        continue;
      if (length + 1 == sizeof folded)
        return ASSAY_INVITATION_UNKNOWN; /* longer than any known word */
      folded[length++] = g_ascii_tolower (*p);
    }
  folded[length] = '\0';

  for (guint i = 0; i < G_N_ELEMENTS (provider_words); i++)
    if (strcmp (folded, provider_words[i].word) == 0)
      return provider_words[i].status;
  return ASSAY_INVITATION_UNKNOWN;
}

/* ---- Scores ---- */

/* In the locale, at most two decimals, none that say nothing. */
static char *
format_number (double value)
{
  const char *radix = nl_langinfo (RADIXCHAR);
  char *text = g_strdup_printf ("%'.2f", value);
  char *decimals = strstr (text, radix);

  if (decimals != NULL)
    {
      gsize length = strlen (text);

      while (length > 0 && text[length - 1] == '0')
        text[--length] = '\0';
      if (text + length == decimals + strlen (radix))
        *decimals = '\0';
    }
  if (strcmp (text, "-0") == 0)
    memmove (text, text + 1, 2);
  return text;
}

char *
assay_score_format (const AssayScore *score)
{
  g_autofree char *value = NULL;
  g_autofree char *max = NULL;

  if (!isfinite (score->value))
    return g_strdup ("–");

  value = format_number (score->value);
  if (score->unit == ASSAY_UNIT_PERCENT)
    /* Translators: a score in percent; the space is a no-break space */
    return g_strdup_printf (_("%s\302\240%%"), value);
  if (!isfinite (score->max))
    return g_steal_pointer (&value);

  max = format_number (score->max);
  /* Translators: a score and the best that could be reached, "17 / 20" */
  return g_strdup_printf (_("%s / %s"), value, max);
}

double
assay_score_get_fraction (const AssayScore *score)
{
  double whole;

  if (score->unit == ASSAY_UNIT_PERCENT)
    whole = 100;
  else if (isfinite (score->max) && score->max > 0)
    whole = score->max;
  else
    return -1;

  if (!isfinite (score->value))
    return -1;
  return CLAMP (score->value / whole, 0, 1);
}

/* ---- Ids ---- */

char *
assay_id_format (AssayIdKind kind,
                 gint64      id)
{
  return g_strdup_printf ("%c%" G_GINT64_FORMAT, kind, id);
}

gboolean
assay_id_parse (const char  *text,
                AssayIdKind  kind,
                gint64      *id)
{
  gint64 value = 0;

  /* One spelling for one record: no sign, no leading zero, no space. */
  if (text == NULL || text[0] != (char) kind || text[1] < '1' || text[1] > '9')
    return FALSE;

  for (const char *p = text + 1; *p != '\0'; p++)
    {
      if (!g_ascii_isdigit (*p))
        return FALSE;
      if (__builtin_mul_overflow (value, 10, &value) || __builtin_add_overflow (value, *p - '0', &value))
        return FALSE;
    }
  *id = value;
  return TRUE;
}

/* ---- Times ---- */

char *
assay_time_format (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *text = NULL;
  gint64 seconds = unix_milliseconds / 1000;
  int milliseconds = (int) (unix_milliseconds % 1000);

  if (unix_milliseconds == 0)
    return NULL;
  if (milliseconds < 0)
    {
      milliseconds += 1000;
      seconds--;
    }

  date = g_date_time_new_from_unix_utc (seconds);
  if (date == NULL) /* outside of the years 1 to 9999 */
    return NULL;

  text = g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d", g_date_time_get_year (date), g_date_time_get_month (date),
                          g_date_time_get_day_of_month (date), g_date_time_get_hour (date),
                          g_date_time_get_minute (date), g_date_time_get_second (date));
  if (milliseconds != 0)
    return g_strdup_printf ("%s.%03dZ", text, milliseconds);
  return g_strconcat (text, "Z", NULL);
}

gint64
assay_time_now (void)
{
  return g_get_real_time () / 1000;
}

/* ---- E-mail addresses ---- */

char *
assay_email_fold (const char *email)
{
  g_autofree char *trimmed = NULL;

  if (email == NULL)
    return g_strdup ("");
  trimmed = g_strstrip (g_utf8_make_valid (email, -1));
  return g_utf8_strdown (trimmed, -1);
}

gboolean
assay_email_is_plausible (const char *email)
{
  const char *at = NULL;

  if (email == NULL || !g_utf8_validate (email, -1, NULL))
    return FALSE;

  for (const char *p = email; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        return FALSE;
      if (c == '@')
        {
          if (at != NULL)
            return FALSE;
          at = p;
        }
    }

  if (at == NULL || at == email || at[1] == '\0' || strlen (email) > 254)
    return FALSE;
  /* Empty labels of the domain: a dot at either end, or two in a row. */
  return at[1] != '.' && !g_str_has_suffix (at, ".") && strstr (at, "..") == NULL;
}
