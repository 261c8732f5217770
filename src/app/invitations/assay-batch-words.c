/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the window speaks of a batch. */
#include "config.h"

#include "assay-batch-words.h"

#include <glib/gi18n.h>

#include "assay-format.h"

/* Whom it invites, or tried to. */
static guint
get_invited (const AssayBatch *batch)
{
  return batch->preparing + batch->waiting + batch->sending + batch->sent + batch->failed + batch->unsure;
}

double
assay_batch_words_get_fraction (const AssayBatch *batch)
{
  guint invited = get_invited (batch);

  return invited > 0 ? (double) (batch->sent + batch->failed + batch->unsure) / invited : 1;
}

char *
assay_batch_words_dup_progress (const AssayBatch *batch)
{
  g_autofree char *sent = assay_format_count (batch->sent);
  g_autofree char *invited = assay_format_count (get_invited (batch));

  /* Translators: %s are two numbers, as in "120 of 188 sent" */
  return g_strdup_printf (_("%s of %s sent"), sent, invited);
}

char *
assay_batch_words_dup_pace (const AssayBatch *batch, gboolean offline)
{
  gint64 wait = batch->due_at - assay_time_now ();
  g_autofree char *pace = NULL;
  g_autofree char *left = NULL;

  if (!assay_batch_is_active (batch))
    return g_strdup (batch->unsure > 0 ? _("Done, but for what only you can tell") : _("Done"));
  if (batch->paused)
    return g_strdup (_("Paused"));
  if (wait > 0)
    return g_strdup_printf (_("Goes out in %d s"), (int) ((wait + 999) / 1000));
  if (offline)
    return g_strdup (_("Goes on when you are back online"));
  if (batch->obstacle != NULL)
    return g_strdup (_("Waiting"));
  if (batch->pace <= 0 || batch->time_left < 0)
    return g_strdup (_("Sending"));

  pace = assay_format_count ((guint64) MAX (1, batch->pace + 0.5));
  left = assay_format_duration (batch->time_left);
  /* Translators: %s are a number of invitations a minute and a duration, as in "40 a minute, about 2 min left" */
  return g_strdup_printf (_("%s a minute, about %s left"), pace, left);
}

static void
append (GString *text, const char *format, guint count)
{
  g_autofree char *number = NULL;
  g_auto (GStrv) parts = NULL;

  if (count == 0)
    return;
  number = assay_format_count (count);
  parts = g_strsplit (format, "%s", 2);
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, parts[0]);
  g_string_append (text, number);
  if (parts[0] != NULL && parts[1] != NULL)
    g_string_append (text, parts[1]);
}

char *
assay_batch_words_dup_rest (const AssayBatch *batch)
{
  GString *text = g_string_new (NULL);

  append (text, ngettext ("%s failed", "%s failed", batch->failed), batch->failed);
  append (text, ngettext ("%s unsure", "%s unsure", batch->unsure), batch->unsure);
  append (text, ngettext ("%s cancelled", "%s cancelled", batch->cancelled), batch->cancelled);
  append (text, ngettext ("%s set aside", "%s set aside", batch->set_aside), batch->set_aside);

  if (text->len > 0)
    return g_string_free (text, FALSE);
  g_string_free (text, TRUE);
  return NULL;
}

char *
assay_batch_words_dup_summary (const AssayBatch *batch)
{
  g_autofree char *progress = assay_batch_words_dup_progress (batch);
  g_autofree char *rest = assay_batch_words_dup_rest (batch);

  if (rest == NULL)
    return g_steal_pointer (&progress);
  return g_strdup_printf ("%s · %s", progress, rest);
}
