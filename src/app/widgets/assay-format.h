/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the window writes times, numbers and foreign text, in one place. */
#pragma once

#include <gtk/gtk.h>

#include "assay-model.h"

G_BEGIN_DECLS

/**
 * assay_format_relative_time:
 * @unix_milliseconds: a time; 0 for none
 *
 * Relative for a week ("just now", "3 min ago", "5 h ago", "2 d ago"), a date from then on ("12 Nov", "12 Nov
 * 2025"). A time that lies ahead is "just now" too: clocks differ.
 *
 * Returns: (transfer full): the text; empty for none
 */
char *assay_format_relative_time (gint64 unix_milliseconds);

/**
 * assay_format_full_time:
 * @unix_milliseconds: a time; 0 for none
 *
 * Returns: (transfer full) (nullable): day, date and time in the user's zone, for a tooltip; %NULL for none
 */
char *assay_format_full_time (gint64 unix_milliseconds);

/**
 * assay_format_day:
 * @unix_milliseconds: a time; 0 for none
 *
 * Returns: (transfer full): its day in the user's zone, as in "20 November 2026"; empty for none
 */
char *assay_format_day (gint64 unix_milliseconds);

/**
 * assay_format_clock_time:
 * @unix_milliseconds: a time; 0 for none
 *
 * Returns: (transfer full): "14:02" for today, "19 Nov, 14:02" for another day; empty for none
 */
char *assay_format_clock_time (gint64 unix_milliseconds);

/**
 * assay_format_duration:
 * @milliseconds: how long; 0 or more
 *
 * Returns: (transfer full): in words as short as they can be: "40 s", "5 min", "2 h 10 min"
 */
char *assay_format_duration (gint64 milliseconds);

/**
 * assay_format_count:
 * @count: a number
 *
 * Returns: (transfer full): the number with the locale's separators
 */
char *assay_format_count (guint64 count);

/**
 * assay_format_markup:
 * @text: (nullable): text from anywhere
 *
 * The one way by which foreign text reaches a widget that reads markup and can't be told not to: the title of
 * an #AdwToast, the description of an #AdwStatusPage.
 *
 * Returns: (transfer full): markup that shows exactly @text
 */
char *assay_format_markup (const char *text);

/**
 * assay_format_sentence:
 * @text: (nullable): a sentence of ours with names in it
 *
 * Pango takes the direction of a paragraph from its first letter. Where that is of a name, an English sentence about somebody
 * with an Arabic name would be laid out from right to left.
 *
 * Returns: (transfer full): the sentence, with a mark of the direction before it where that is needed
 */
char *assay_format_sentence (const char *text);

/**
 * assay_format_invitation_status:
 * @status: a status
 * @status_text: (nullable): the provider's own word
 *
 * Returns: (transfer full): the word for people; the provider's own where Assay doesn't know it
 */
char *assay_format_invitation_status (AssayInvitationStatus status, const char *status_text);

/**
 * assay_format_on_tick:
 * @object: whose times go stale; the call ends with it
 * @callback: called with @object when relative times may read differently, every half minute while the
 *   program shows any
 */
void assay_format_on_tick (GObject *object, GCallback callback);

/* The reverse, for a widget that isn't seen now. */
void assay_format_stop_tick (GObject *object, GCallback callback);

G_END_DECLS
