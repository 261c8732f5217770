/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the window writes times, numbers and foreign text. */
#include "config.h"

#include "assay-format.h"

#include <glib/gi18n.h>

#define TICK_SECONDS 30
#define MINUTE (60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* One timer for all labels, that runs only while somebody listens. */
#define ASSAY_TYPE_TICKER (assay_ticker_get_type ())
G_DECLARE_FINAL_TYPE (AssayTicker, assay_ticker, ASSAY, TICKER, GObject)

struct _AssayTicker
{
  GObject parent_instance;

  guint source_id;
};

G_DEFINE_FINAL_TYPE (AssayTicker, assay_ticker, G_TYPE_OBJECT)

static guint tick_signal;

static void
assay_ticker_class_init (AssayTickerClass *klass)
{
  tick_signal = g_signal_new ("tick", ASSAY_TYPE_TICKER, G_SIGNAL_RUN_FIRST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              0);
}

static void
assay_ticker_init (AssayTicker *self)
{
}

static AssayTicker *
get_ticker (void)
{
  static AssayTicker *ticker;

  if (ticker == NULL)
    ticker = g_object_new (ASSAY_TYPE_TICKER, NULL);

  return ticker;
}

static gboolean
tick_cb (gpointer user_data)
{
  AssayTicker *self = user_data;

  if (!g_signal_has_handler_pending (self, tick_signal, 0, TRUE))
    {
      self->source_id = 0;
      return G_SOURCE_REMOVE;
    }

  g_signal_emit (self, tick_signal, 0);
  return G_SOURCE_CONTINUE;
}

void
assay_format_on_tick (GObject *object, GCallback callback)
{
  AssayTicker *ticker = get_ticker ();

  g_signal_connect_object (ticker, "tick", callback, object, G_CONNECT_SWAPPED);
  if (ticker->source_id == 0)
    ticker->source_id = g_timeout_add_seconds (TICK_SECONDS, tick_cb, ticker);
}

void
assay_format_stop_tick (GObject *object, GCallback callback)
{
  g_signal_handlers_disconnect_by_func (get_ticker (), callback, object);
}

static GDateTime *
to_local (gint64 unix_milliseconds)
{
  return g_date_time_new_from_unix_local (unix_milliseconds / 1000);
}

static gboolean
is_same_year (GDateTime *one, GDateTime *other)
{
  return g_date_time_get_year (one) == g_date_time_get_year (other);
}

static char *
format_date (GDateTime *time, GDateTime *now)
{
  if (is_same_year (time, now))
    /* Translators: a day of this year, as in "12 Nov"; see g_date_time_format() */
    return g_date_time_format (time, C_("date", "%-e %b"));

  /* Translators: a day of another year, as in "12 Nov 2025"; see g_date_time_format() */
  return g_date_time_format (time, C_("date", "%-e %b %Y"));
}

char *
assay_format_relative_time (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GDateTime) now = NULL;
  gint64 seconds;

  if (unix_milliseconds == 0)
    return g_strdup ("");

  seconds = (assay_time_now () - unix_milliseconds) / 1000;
  if (seconds < MINUTE)
    return g_strdup (_("just now"));
  if (seconds < HOUR)
    return g_strdup_printf (_("%d min ago"), (int) (seconds / MINUTE));
  if (seconds < DAY)
    return g_strdup_printf (_("%d h ago"), (int) (seconds / HOUR));
  if (seconds < 7 * DAY)
    return g_strdup_printf (_("%d d ago"), (int) (seconds / DAY));

  time = to_local (unix_milliseconds);
  now = g_date_time_new_now_local ();
  return time != NULL ? format_date (time, now) : g_strdup ("");
}

char *
assay_format_full_time (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) time = NULL;

  if (unix_milliseconds == 0)
    return NULL;

  time = to_local (unix_milliseconds);
  /* Translators: a day with its time, as in "Friday, 20 November 2026, 14:02:10"; see g_date_time_format() */
  return time != NULL ? g_date_time_format (time, C_("date", "%A, %-e %B %Y, %X")) : NULL;
}

char *
assay_format_day (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) time = unix_milliseconds != 0 ? to_local (unix_milliseconds) : NULL;

  /* Translators: a day, as in "20 November 2026"; see g_date_time_format() */
  return time != NULL ? g_date_time_format (time, C_("date", "%-e %B %Y")) : g_strdup ("");
}

char *
assay_format_clock_time (gint64 unix_milliseconds)
{
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *date = NULL;
  g_autofree char *clock = NULL;

  if (unix_milliseconds == 0)
    return g_strdup ("");

  time = to_local (unix_milliseconds);
  if (time == NULL)
    return g_strdup ("");

  now = g_date_time_new_now_local ();
  clock = g_date_time_format (time, "%H:%M");
  if (is_same_year (time, now) && g_date_time_get_day_of_year (time) == g_date_time_get_day_of_year (now))
    return g_steal_pointer (&clock);

  date = format_date (time, now);
  /* Translators: a date and a time, as in "19 Nov, 14:02" */
  return g_strdup_printf (C_("date", "%s, %s"), date, clock);
}

char *
assay_format_duration (gint64 milliseconds)
{
  gint64 seconds = MAX (0, (milliseconds + 999) / 1000);
  gint64 minutes = (seconds + 30) / 60;

  if (seconds < 60)
    /* Translators: a number of seconds */
    return g_strdup_printf (_("%d s"), (int) seconds);
  if (minutes < 60)
    /* Translators: a number of minutes */
    return g_strdup_printf (_("%d min"), (int) minutes);
  /* Translators: a number of hours and one of minutes */
  return g_strdup_printf (_("%d h %d min"), (int) (minutes / 60), (int) (minutes % 60));
}

char *
assay_format_count (guint64 count)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, count);
}

char *
assay_format_markup (const char *text)
{
  return g_markup_escape_text (text != NULL ? text : "", -1);
}

#define LEFT_TO_RIGHT_MARK "\342\200\216"
#define RIGHT_TO_LEFT_MARK "\342\200\217"

static gboolean
is_written_from_right_to_left (gunichar letter)
{
  switch ((int) g_unichar_get_script (letter))
    {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
    case G_UNICODE_SCRIPT_NKO:
    case G_UNICODE_SCRIPT_ADLAM:
      return TRUE;
    default:
      return FALSE;
    }
}

char *
assay_format_sentence (const char *text)
{
  gboolean right_to_left = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;

  for (const char *place = text; place != NULL && *place != '\0'; place = g_utf8_next_char (place))
    {
      gunichar letter = g_utf8_get_char (place);

      if (!g_unichar_isalpha (letter))
        continue;
      if (is_written_from_right_to_left (letter) == right_to_left)
        break;
      return g_strconcat (right_to_left ? RIGHT_TO_LEFT_MARK : LEFT_TO_RIGHT_MARK, text, NULL);
    }
  return g_strdup (text != NULL ? text : "");
}

char *
assay_format_invitation_status (AssayInvitationStatus status, const char *status_text)
{
  if (status == ASSAY_INVITATION_UNKNOWN && status_text != NULL && *status_text != '\0')
    return g_strdup (status_text);

  return g_strdup (assay_invitation_status_get_label (status));
}
